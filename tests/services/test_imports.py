"""Imports: what a folder offers, what is taken, and that nothing is taken twice or by force."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from core.contracts.records import ImportSummary, SampleStatus
from core.domain.access import Role
from core.errors import ForbiddenError, InvalidValueError, UnavailableError
from core.messages import SENTENCES, sentence
from core.paths import Home
from core.services import samples
from core.services.actor import Actor
from core.services.sample_sources import Offered, offered_images
from core.services.samples import BATCH, Importing
from core.storage import samples as rows
from core.storage import schools
from core.storage.unit_of_work import Store
from core.training.drawing import Writer, draw_line
from tests.databases import add_school
from tests.services.conftest import school_admin, teacher

HEADER = "school,student,file,captured_at\n"


@cache
def drawn(number: int) -> bytes:
    """A line that no other number has."""
    return draw_line(Writer.from_seed(number % 3), np.random.default_rng(number))


def put(file: Path, content: bytes | int) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(drawn(content) if isinstance(content, int) else content)
    return file


def ignore(done: int, total: int) -> None:
    """Nobody watches."""


def take_in(
    store: Store,
    home: Home,
    actor: Actor,
    path: Path,
    *,
    school: str | None = None,
    should_stop: Callable[[], bool] = lambda: False,
    on_progress: Callable[[int, int], None] = ignore,
) -> ImportSummary:
    return Importing(store, home, actor, on_progress, should_stop, processes=1).run(path, school)


def refusals(summary: ImportSummary) -> dict[str, str]:
    for refused in summary.refused:
        assert refused.code in SENTENCES
        assert "{" not in sentence(refused.code, refused.params)
    return {refused.file: refused.code for refused in summary.refused}


def offers(path: Path, school: str | None = None) -> tuple[list[Offered], dict[str, str]]:
    """What a folder offers, and what of it is refused before an image is opened."""
    good: list[Offered] = []
    bad: dict[str, str] = {}
    for each in offered_images(path, school):
        if isinstance(each, Offered):
            good.append(each)
        else:
            bad[each.file] = each.code
    return good, bad


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "import"


# what a folder offers


def test_that_a_layout_names_school_and_student(folder: Path) -> None:
    put(folder / "First  School" / " S01" / "a.png", b"x")
    put(folder / "First  School" / "S02" / "b.JPG", b"x")
    put(folder / "First  School" / "S02" / "notes.txt", b"x")
    good, bad = offers(folder)
    assert [(each.school, each.student, each.file.name) for each in good] == [
        ("First School", "S01", "a.png"),
        ("First School", "S02", "b.JPG"),
    ]
    assert bad == {}


def test_that_a_named_school_takes_its_folder_or_students_without_one(folder: Path) -> None:
    put(folder / "First" / "S01" / "a.png", b"x")
    put(folder / "Other" / "S01" / "b.png", b"x")
    put(folder / "S03" / "c.png", b"x")
    good, _ = offers(folder, "First")
    assert [(each.school, each.student) for each in good] == [("First", "S01"), ("First", "S03")]


def test_that_an_image_at_the_wrong_depth_is_refused_by_name(folder: Path) -> None:
    put(folder / "lonely.png", b"x")
    put(folder / "a" / "b" / "c" / "deep.png", b"x")
    _, bad = offers(folder)
    assert bad == {"lonely.png": "import.wrong_depth", "a/b/c/deep.png": "import.wrong_depth"}


def test_that_links_and_what_lies_behind_them_are_not_taken(folder: Path, tmp_path: Path) -> None:
    outside = put(tmp_path / "secret" / "S01" / "a.png", b"x")
    put(folder / "School" / "S01" / "good.png", b"x")
    (folder / "School" / "S01" / "link.png").symlink_to(outside)
    (folder / "School" / "S02").symlink_to(outside.parent)
    (folder / "manifest.csv").write_text(
        HEADER
        + "School,S01,School/S01/good.png,2025-01-01T00:00:00Z\n"
        + "School,S01,School/S01/link.png,2025-01-01T00:00:00Z\n"
        + "School,S02,School/S02/a.png,2025-01-01T00:00:00Z\n"
        + f"School,S03,{outside},2025-01-01T00:00:00Z\n"
        + "School,S04,../secret/S01/a.png,2025-01-01T00:00:00Z\n"
        + "School,S05,School/../../secret/S01/a.png,2025-01-01T00:00:00Z\n"
    )
    good, bad = offers(folder)
    assert [each.file.name for each in good] == ["good.png"]
    assert list(bad.values()) == [
        "import.link",
        "import.link",
        "import.outside",
        "import.outside",
        "import.outside",
    ]
    (folder / "manifest.csv").unlink()
    good, bad = offers(folder)
    assert [each.file.name for each in good] == ["good.png"]
    assert bad == {"School/S01/link.png": "import.link"}


def test_that_a_bad_line_is_refused_alone_and_by_number(folder: Path) -> None:
    put(folder / "a.png", b"x")
    (folder / "manifest.csv").write_text(
        "\ufeff"
        + HEADER
        + "School,S01,a.png,2025-01-01T08:00:00+08:00\n"
        + "School,,a.png,2025-01-01T00:00:00Z\n"
        + "School,S01,,2025-01-01T00:00:00Z\n"
        + "School,S01,gone.png,2025-01-01T00:00:00Z\n"
        + "School,S01,late.png,yesterday\n"
        + "School,S01,early.png,0001-01-01T00:00:00+14:00\n"
        + "School,S\x0701,bell.png,2025-01-01T00:00:00Z\n"
        + f"School,{'x' * 201},long.png,2025-01-01T00:00:00Z\n"
        + "School\n",
        encoding="utf-8",
    )
    refused = [each for each in offered_images(folder, None) if not isinstance(each, Offered)]
    assert [(each.code, each.params.get("line")) for each in refused] == [
        ("import.line_incomplete", 3),
        ("import.line_incomplete", 4),
        ("import.file_missing", None),
        ("import.time_unreadable", 6),
        ("import.time_unreadable", 7),
        ("import.name_unstorable", None),
        ("import.line_incomplete", 9),
        ("import.line_incomplete", 10),
    ]
    (good,) = offers(folder)[0]
    assert good.captured_at == datetime(2025, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"student,file\nS01,a.png\n", "import.columns_missing"),
        (b"", "import.columns_missing"),
        (HEADER.encode() + "School,张三,a.png,x\n".encode("gb18030"), "import.not_utf8"),
        (HEADER.encode() + b'School,"' + b"x" * 200_000, "import.manifest_unreadable"),
    ],
)
def test_that_a_manifest_nobody_can_read_is_refused_whole(
    folder: Path, content: bytes, code: str
) -> None:
    put(folder / "manifest.csv", content)
    with pytest.raises(InvalidValueError) as refusal:
        offers(folder)
    assert refusal.value.code == code
    assert code in SENTENCES


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (Path.exists, "import.not_found"),
        (lambda path: put(path, b"x"), "import.not_a_folder"),
        (lambda path: path.mkdir(), "import.no_images"),
    ],
)
def test_that_a_path_that_offers_nothing_is_refused(
    folder: Path, make: Callable[[Path], object], code: str
) -> None:
    make(folder)
    with pytest.raises(InvalidValueError) as refusal:
        offers(folder)
    assert refusal.value.code == code


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_that_names_of_another_encoding_are_refused_not_fatal(folder: Path) -> None:
    put(folder / "School" / os.fsdecode("张三".encode("gb18030")) / "a.png", b"x")
    _, bad = offers(folder)
    assert list(bad.values()) == ["import.name_unstorable"]
    (shown,) = bad
    shown.encode()


# what is taken


def test_that_images_become_samples_once(
    store: Store, home: Home, admin: Actor, folder: Path
) -> None:
    for number in range(3):
        put(folder / "School" / f"S0{number % 2}" / f"{number}.png", number)
    put(folder / "School" / "S00" / "broken.png", b"no image at all")
    put(folder / "School" / "S00" / "twin of 0.png", 0)
    put(folder / "School" / "S01" / "stolen.png", 0)
    seen: list[tuple[int, int]] = []
    summary = take_in(
        store, home, admin, folder, on_progress=lambda done, total: seen.append((done, total))
    )
    assert (summary.taken, summary.known, summary.is_cancelled) == (3, 1, False)
    assert refusals(summary) == {
        "School/S00/broken.png": "image.unknown_format",
        "School/S01/stolen.png": "import.other_student",
    }
    assert seen == sorted(seen)
    assert seen[-1] == (6, 6)

    page = samples.list_samples(store, home, admin, school_id=None, student=None, skip=0, limit=9)
    stored = [Path(each.stored_file) for each in page.items if each.stored_file]
    assert all(file.is_file() and file.with_suffix(".original").is_file() for file in stored)
    assert sum(each.status is SampleStatus.FAILED for each in page.items) == 1

    again = take_in(store, home, admin, folder)
    assert (again.taken, again.known) == (0, 5)
    assert list(refusals(again).values()) == ["import.other_student"]


def test_that_a_school_whose_name_has_odd_spaces_is_one_school(
    store: Store, home: Home, admin: Actor, folder: Path
) -> None:
    put(folder / "First  School" / "S01" / "a.png", b"no image")
    for _ in range(2):
        take_in(store, home, admin, folder)
    assert [school.name for school in store.read(schools.list_all)] == ["First School"]


@pytest.mark.slow
def test_that_a_stopped_import_keeps_what_it_has_taken_and_goes_on_later(
    store: Store, home: Home, admin: Actor, folder: Path
) -> None:
    count = BATCH + 15
    for number in range(count):
        put(
            folder / ("First" if number < BATCH + 5 else "Second") / "S01" / f"{number}.png", number
        )
    done_so_far = [0]

    def watch(done: int, total: int) -> None:
        done_so_far[0] = done

    stopped = take_in(
        store,
        home,
        admin,
        folder,
        should_stop=lambda: done_so_far[0] >= BATCH + 2,
        on_progress=watch,
    )
    assert stopped.is_cancelled
    assert stopped.taken == len(store.read(lambda unit: rows.trainable(unit, None)))
    assert BATCH < stopped.taken < BATCH + 5, "and nothing of the second school"
    rest = take_in(store, home, admin, folder)
    assert (rest.taken, rest.known) == (count - stopped.taken, stopped.taken)
    assert not rest.is_cancelled


def test_that_a_stop_after_the_last_image_stops_nothing(
    store: Store, home: Home, admin: Actor, folder: Path
) -> None:
    put(folder / "School" / "S01" / "a.png", 1)
    done_so_far = [0]

    def watch(done: int, total: int) -> None:
        done_so_far[0] = done

    summary = take_in(
        store, home, admin, folder, should_stop=lambda: done_so_far[0] == 1, on_progress=watch
    )
    assert (summary.taken, summary.is_cancelled) == (1, False)


def test_that_a_data_folder_that_cannot_be_written_is_a_sentence(
    store: Store, home: Home, admin: Actor, folder: Path
) -> None:
    put(folder / "School" / "S01" / "a.png", 1)
    home.samples.parent.mkdir(parents=True, exist_ok=True)
    home.samples.write_text("a file where the folder should be")
    with pytest.raises(UnavailableError) as refusal:
        take_in(store, home, admin, folder)
    assert refusal.value.code == "import.not_stored"
    home.samples.unlink()
    assert take_in(store, home, admin, folder).taken == 1


def test_that_an_import_goes_only_where_the_actor_may(
    store: Store, home: Home, folder: Path
) -> None:
    own, other = add_school(store, "Own"), add_school(store, "Other")
    put(folder / "Own" / "S01" / "a.png", b"no image")
    nobody = Actor(None, "nobody", Role.TEACHER)
    for actor in (teacher(own), school_admin(other), nobody):
        with pytest.raises(ForbiddenError):
            take_in(store, home, actor, folder)
    take_in(store, home, school_admin(own), folder)
    shutil.move(folder / "Own", folder / "New")
    with pytest.raises(ForbiddenError):
        take_in(store, home, school_admin(own), folder)
