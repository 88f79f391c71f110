"""Features are computed once, by whoever comes first, and no file in the cache can do harm."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from core.errors import TrainingError
from core.training.request import TrainingSample
from core.training.trainers.handwriting import feature_cache
from core.training.trainers.handwriting.feature_cache import cached_features, features_of
from core.training.trainers.handwriting.feature_store import keep_rows, read_rows
from core.training.trainers.handwriting.features import ROW_SIZE, extract_row
from core.training.trainers.handwriting.version import EXTRACTOR_VERSION

LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
WIDTH = 5


def a_sample(folder: Path, number: int, sha256: str | None = None) -> TrainingSample:
    """A zigzag that no other number has."""
    file = folder / f"{number}.png"
    image = Image.new("L", (60, 64), 255)
    points = [(8 + 11 * k, 10 + (number * (k + 3) * 7) % 44) for k in range(5)]
    ImageDraw.Draw(image).line(points, fill=0, width=2 + number % 4)
    image.save(file)
    return TrainingSample(number, "an", str(file), sha256 or f"{number:064}", LONG_AGO, LONG_AGO)


def some_samples(folder: Path, count: int) -> list[TrainingSample]:
    return [a_sample(folder, number) for number in range(count)]


def expected(samples: list[TrainingSample]) -> np.ndarray:
    return np.array([extract_row(np.array(Image.open(sample.file))) for sample in samples])


def unreadable(sample: TrainingSample) -> TrainingSample:
    Path(sample.file).write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    return sample


def test_that_every_sample_gets_its_row_in_order(tmp_path: Path) -> None:
    samples = some_samples(tmp_path, 5)
    features = features_of(samples, tmp_path / "cache")
    assert features.dtype == np.float32
    assert np.array_equal(features, expected(samples))


def test_that_no_sample_gives_no_row(tmp_path: Path) -> None:
    assert features_of([], tmp_path / "cache").shape == (0, ROW_SIZE)


def test_that_a_second_call_needs_no_image(tmp_path: Path) -> None:
    samples = some_samples(tmp_path, 4)
    first = features_of(samples, tmp_path / "cache")
    for sample in samples:
        Path(sample.file).unlink()
    assert np.array_equal(features_of(samples[::-1], tmp_path / "cache"), first[::-1])
    assert cached_features([samples[2].sha256, "unknown"], tmp_path / "cache").keys() == {
        samples[2].sha256
    }


def test_that_progress_counts_images_and_reaches_the_total(tmp_path: Path) -> None:
    samples = some_samples(tmp_path, 4)
    features_of(samples[:2], tmp_path / "cache")
    calls: list[tuple[int, int]] = []
    features_of(samples, tmp_path / "cache", on_progress=lambda *call: calls.append(call))
    assert calls == [(2, 4), (3, 4), (4, 4)]


def test_that_the_same_image_twice_is_computed_once_and_counts_twice(tmp_path: Path) -> None:
    samples = [a_sample(tmp_path, 1, "a" * 64), a_sample(tmp_path, 1, "a" * 64)]
    calls: list[tuple[int, int]] = []
    features = features_of(
        samples, tmp_path / "cache", on_progress=lambda *call: calls.append(call)
    )
    assert calls == [(2, 2)]
    assert np.array_equal(features[0], features[1])


def test_that_an_unreadable_image_is_named_and_what_was_computed_is_kept(tmp_path: Path) -> None:
    samples = some_samples(tmp_path, 3)
    unreadable(samples[1])
    with pytest.raises(TrainingError) as caught:
        features_of(samples, tmp_path / "cache")
    assert caught.value.code == "reason.sample_unreadable"
    assert caught.value.params == {"sample_id": 1, "file": samples[1].file}
    assert cached_features([samples[0].sha256], tmp_path / "cache")


def test_that_an_image_of_another_height_is_unreadable(tmp_path: Path) -> None:
    sample = a_sample(tmp_path, 0)
    Image.new("L", (60, 65), 255).save(sample.file)
    with pytest.raises(TrainingError):
        features_of([sample], tmp_path / "cache")


def test_that_a_cancelled_run_keeps_what_it_has(tmp_path: Path) -> None:
    class Cancelled(Exception):  # noqa: N818 - not an error
        pass

    def cancel_after_two(done: int, _total: int) -> None:
        if done == 2:
            raise Cancelled

    samples = some_samples(tmp_path, 5)
    with pytest.raises(Cancelled):
        features_of(samples, tmp_path / "cache", on_progress=cancel_after_two)
    keys = [sample.sha256 for sample in samples]
    assert cached_features(keys, tmp_path / "cache").keys() == set(keys[:2])


def test_that_another_extractor_version_finds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (sample,) = some_samples(tmp_path, 1)
    features_of([sample], tmp_path / "cache")
    monkeypatch.setattr(feature_cache, "EXTRACTOR_VERSION", "another")
    assert cached_features([sample.sha256], tmp_path / "cache") == {}


def test_that_a_cache_that_cannot_be_written_costs_time_only(tmp_path: Path) -> None:
    samples = some_samples(tmp_path, 2)
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert np.array_equal(features_of(samples, tmp_path / "cache"), expected(samples))


@pytest.mark.slow
def test_that_children_compute_what_this_process_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feature_cache, "_FEWEST_FOR_CHILDREN", 2)
    monkeypatch.setattr(feature_cache, "_KEPT_AT_ONCE", 4)
    samples = some_samples(tmp_path, 10)
    calls: list[tuple[int, int]] = []
    features = features_of(samples, tmp_path / "cache", 2, lambda *call: calls.append(call))
    assert np.array_equal(features, expected(samples))
    assert calls == [(done, 10) for done in range(1, 11)]
    unreadable(broken := a_sample(tmp_path, 99))
    with pytest.raises(TrainingError) as caught:
        features_of([*some_samples(tmp_path, 3), broken, a_sample(tmp_path, 50)], tmp_path, 2)
    assert caught.value.params["sample_id"] == 99


def a_row(number: int) -> np.ndarray:
    return np.arange(WIDTH, dtype=np.float32) + number


def the_only_file(folder: Path) -> Path:
    (file,) = folder.glob("*.features")
    return file


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _content: b"",
    "truncated": lambda content: content[:-7],
    "only a head": lambda content: content[:16],
    "longer": lambda content: content + b"x",
    "zeroed": lambda content: bytes(len(content)),
    "foreign": lambda _content: b"PK\x03\x04" * 100,
    "claims too much": lambda content: content[:8] + b"\xff" * 4 + content[12:],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_that_a_damaged_file_is_as_good_as_absent(damage: str, tmp_path: Path) -> None:
    keep_rows(tmp_path, {"a": a_row(1), "b": a_row(2)}, WIDTH)
    file = the_only_file(tmp_path)
    file.write_bytes(DAMAGES[damage](file.read_bytes()))
    assert read_rows(tmp_path, ["a", "b"], WIDTH) == {}
    keep_rows(tmp_path, {"a": a_row(1)}, WIDTH)
    assert read_rows(tmp_path, ["a"], WIDTH).keys() == {"a"}


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_that_a_flipped_byte_loses_at_most_what_it_touches_and_never_lies(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("store")
    kept = {name: a_row(number) for number, name in enumerate("abc")}
    keep_rows(folder, kept, WIDTH)
    content = bytearray(the_only_file(folder).read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    the_only_file(folder).write_bytes(content)
    for name, row in read_rows(folder, list(kept), WIDTH).items():
        assert np.array_equal(row, kept[name])


def test_that_many_small_files_become_one_and_nothing_is_lost(tmp_path: Path) -> None:
    (tmp_path / "left-by-a-crash.part").write_bytes(b"half")
    for number in range(40):
        keep_rows(tmp_path, {str(number): a_row(number)}, WIDTH)
    assert len(list(tmp_path.glob("*"))) < 20
    rows = read_rows(tmp_path, [str(number) for number in range(40)], WIDTH)
    assert all(np.array_equal(rows[str(number)], a_row(number)) for number in range(40))


@pytest.mark.slow
def test_that_several_processes_may_write_and_join_at_once(tmp_path: Path) -> None:
    program = """
import sys, numpy as np
from pathlib import Path
from core.training.trainers.handwriting.feature_store import keep_rows, read_rows
folder, who = Path(sys.argv[1]), sys.argv[2]
for number in range(80):
    key = f"{who}-{number}"
    keep_rows(folder, {key: np.full(5, number, dtype=np.float32)}, 5)
    read_rows(folder, [f"{who}-0", key, "absent"], 5)
"""
    writers = [
        subprocess.Popen([sys.executable, "-W", "error", "-c", program, str(tmp_path), who])
        for who in "ab"
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    keys = [f"{who}-{number}" for who in "ab" for number in range(80)]
    rows = read_rows(tmp_path, keys, WIDTH)
    # An unfinished file may be swept away by the other's joining: a cache may forget a little.
    assert len(rows) >= len(keys) - 8
    assert all((row == int(key.split("-")[1])).all() for key, row in rows.items())


def test_that_the_cache_of_this_version_is_a_folder_of_its_own(tmp_path: Path) -> None:
    features_of(some_samples(tmp_path, 1), tmp_path / "cache")
    assert [folder.name for folder in (tmp_path / "cache").iterdir()] == [EXTRACTOR_VERSION]
