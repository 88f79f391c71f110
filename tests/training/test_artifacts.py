"""Model folders: whole or absent, and never read unless they are what was registered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from core.errors import TrainingError
from core.training.artifacts import (
    ARRAYS_FILE,
    Artifact,
    folder_checksum,
    load_artifact,
    save_artifact,
)
from core.training.model_description import DESCRIPTION_FILE, Description, SeenSample
from core.training.request import BaseModel


def an_artifact() -> Artifact:
    description = Description(
        trainer="handwriting",
        extractor_version="strokes-1",
        classes=("an", "李雷"),
        samples=(
            SeenSample(4, "an", "a" * 64, date(2025, 3, 1)),
            SeenSample(7, "李雷", "b" * 64, date(2025, 3, 2)),
        ),
        data_cutoff_at=datetime(2025, 3, 3, 8, 30, tzinfo=UTC),
        parent_version=2,
        metrics={"top1": 0.5, "top5": None},
    )
    return Artifact(description, {"counts": np.array([1, 1]), "sums": np.array([[0.1], [1e300]])})


def saved(folder: Path) -> BaseModel:
    return BaseModel(version=3, folder=str(folder), sha256=save_artifact(an_artifact(), folder))


def refusal_of(base: BaseModel) -> TrainingError:
    with pytest.raises(TrainingError) as caught:
        load_artifact(base)
    return caught.value


def test_that_a_model_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    loaded = load_artifact(saved(tmp_path / "model"))
    assert loaded.description == an_artifact().description
    assert loaded.arrays.keys() == an_artifact().arrays.keys()
    for name, array in an_artifact().arrays.items():
        np.testing.assert_array_equal(loaded.arrays[name], array)


def test_that_the_same_model_has_the_same_checksum_anywhere(tmp_path: Path) -> None:
    one, other = saved(tmp_path / "one"), saved(tmp_path / "deep" / "other")
    assert one.sha256 == other.sha256 == folder_checksum(tmp_path / "one")


def test_that_one_changed_byte_is_noticed_in_either_file(tmp_path: Path) -> None:
    for name in (ARRAYS_FILE, DESCRIPTION_FILE):
        base = saved(tmp_path / name)
        file = tmp_path / name / name
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
        error = refusal_of(base)
        assert (error.code, error.params) == ("reason.base_model_damaged", {"version": 3})


def test_that_missing_renamed_and_added_files_are_noticed(tmp_path: Path) -> None:
    bases = [saved(tmp_path / str(number)) for number in range(4)]
    (tmp_path / "0" / ARRAYS_FILE).unlink()
    (tmp_path / "1" / ARRAYS_FILE).rename(tmp_path / "1" / "other.npz")
    (tmp_path / "2" / "extra.txt").write_text("")
    bases[3] = BaseModel(3, str(tmp_path / "nowhere"), bases[3].sha256)
    assert {refusal_of(base).code for base in bases} == {"reason.base_model_damaged"}


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_that_a_link_is_not_followed(tmp_path: Path) -> None:
    base = saved(tmp_path / "model")
    file = tmp_path / "model" / ARRAYS_FILE
    file.rename(tmp_path / "elsewhere.npz")
    file.symlink_to(tmp_path / "elsewhere.npz")
    assert refusal_of(base).code == "reason.base_model_damaged"


def test_that_a_model_of_another_format_says_so(tmp_path: Path) -> None:
    saved(tmp_path / "model")
    file = tmp_path / "model" / DESCRIPTION_FILE
    values = json.loads(file.read_text(encoding="utf-8")) | {"format_version": 99}
    file.write_text(json.dumps(values), encoding="utf-8")
    base = BaseModel(3, str(tmp_path / "model"), folder_checksum(tmp_path / "model"))
    assert refusal_of(base).code == "reason.model_format"


def test_that_arrays_that_would_run_code_are_not_loaded(tmp_path: Path) -> None:
    saved(tmp_path / "model")
    np.savez(tmp_path / "model" / ARRAYS_FILE, counts=np.array([print], dtype=object))
    base = BaseModel(3, str(tmp_path / "model"), folder_checksum(tmp_path / "model"))
    with pytest.raises(ValueError, match="allow_pickle"):
        load_artifact(base)


def test_that_objects_are_not_saved(tmp_path: Path) -> None:
    artifact = Artifact(an_artifact().description, {"odd": np.array([object()])})
    with pytest.raises(ValueError, match="allow_pickle"):
        save_artifact(artifact, tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_that_a_model_is_never_overwritten(tmp_path: Path) -> None:
    base = saved(tmp_path / "model")
    with pytest.raises(FileExistsError):
        save_artifact(an_artifact(), tmp_path / "model")
    assert load_artifact(base).description.classes == ("an", "李雷")


def test_that_what_a_crash_left_is_replaced_by_the_whole_model(tmp_path: Path) -> None:
    left = tmp_path / "model.part"
    left.mkdir()
    (left / ARRAYS_FILE).write_bytes(b"half")
    (left / "stray").write_bytes(b"")
    load_artifact(saved(tmp_path / "model"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model"]


_CHILD = """
import os, sys
from pathlib import Path
from tests.training.test_artifacts import an_artifact
from core.training.artifacts import save_artifact

steps = int(sys.argv[1])
real = os.fsync

def dying(handle):
    global steps
    steps -= 1
    if steps == 0:
        os._exit(9)
    real(handle)

os.fsync = dying
save_artifact(an_artifact(), Path(sys.argv[2]))
"""


@pytest.mark.slow
def test_that_a_process_that_dies_while_saving_leaves_all_or_nothing(tmp_path: Path) -> None:
    """The child ends at its n-th durable write; whatever n is, the model is whole or absent."""
    reference = saved(tmp_path / "reference")
    outcomes = []
    for step in range(1, 6):
        folder = tmp_path / str(step) / "model"
        subprocess.run(
            [sys.executable, "-c", _CHILD, str(step), str(folder)],
            check=False,
            cwd=Path(__file__).parents[2],
        )
        outcomes.append(folder.exists())
        if folder.exists():
            load_artifact(replace(reference, folder=str(folder)))
    assert not outcomes[0]
    assert outcomes[-1]
    assert outcomes == sorted(outcomes)
