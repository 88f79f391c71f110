"""The main job on real handwriting, where that is at hand: it is no part of the repository."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.client.connect import Connected, connect
from core.contracts.commands import CreateTask
from core.contracts.records import ExecutionFilter, ExecutionRecord, ModelVersionRecord, Prediction
from core.domain.execution import ExecutionStatus
from core.domain.task import TrainingMode
from core.domain.trigger import TriggerType
from core.runner.host import run_headless
from core.settings import Settings, read_settings
from core.storage import tasks

FOLDER = Path(
    os.environ.get("TRAINTABLE_HANDWRITING")
    or Path(__file__).parents[3] / "shared" / "data" / "handwriting"
)
FIRST_BLOCK = datetime(2025, 4, 1, tzinfo=UTC)
SECOND_BLOCK = datetime(2025, 6, 1, tzinfo=UTC)
SCHOOLS = ("balinese", "digits-a", "digits-b", "korean", "latin")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        not (FOLDER / "manifest.csv").exists(), reason=f"no handwriting samples in {FOLDER}"
    ),
]


class Desk:
    """An administrator with a fresh installation and a folder of real samples."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings = settings
        self.folder = folder
        self.connected: Connected = connect(settings, create=True)
        self.backend = self.connected.backend
        with (FOLDER / "manifest.csv").open() as lines:
            self.rows = list(csv.DictReader(lines))

    def captured(self, begin: datetime | None, end: datetime | None) -> list[dict[str, str]]:
        """The samples captured from `begin` to before `end`."""
        return [
            row
            for row in self.rows
            if (begin is None or datetime.fromisoformat(row["captured_at"]) >= begin)
            and (end is None or datetime.fromisoformat(row["captured_at"]) < end)
        ]

    def take_in(self, rows: list[dict[str, str]]) -> None:
        """Import these samples from a folder with a manifest of their own."""
        part = self.folder / f"part-{len(list(self.folder.iterdir()))}"
        for row in rows:
            (part / row["file"]).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(FOLDER / row["file"], part / row["file"])
        with (part / "manifest.csv").open("w", newline="") as lines:
            writer = csv.DictWriter(lines, list(self.rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        summary = self.backend.import_samples(part)
        assert (summary.taken, summary.known, summary.refused) == (len(rows), 0, ())

    def schedule(self, mode: TrainingMode, *, force: bool = False) -> list[int]:
        """A due task for each school; their ids."""
        soon = datetime.now(UTC) + timedelta(hours=1)
        ids = [
            self.backend.create_task(
                CreateTask(
                    f"{mode} {school.name} {force}",
                    TriggerType.ONCE,
                    mode,
                    run_at=soon,
                    school_id=school.id,
                    force_retrain=force,
                )
            ).id
            for school in self.backend.list_schools()
        ]
        due = datetime.now(UTC) - timedelta(seconds=5)
        made = {"run_at": due, "next_run_at": due, "decided_until": due - timedelta(hours=1)}
        for task_id in ids:  # the hour has passed
            self.connected.store.write(lambda unit, id_=task_id: tasks.update(unit, id_, **made))
        return ids

    def run_what_is_due(self, task_ids: list[int]) -> list[ExecutionRecord]:
        """A headless runner until nothing is left; the newest execution of each task."""
        assert run_headless(self.settings, until_idle=True) == 0
        return [
            self.backend.list_executions(ExecutionFilter(task_id=id_), limit=1)[0]
            for id_ in task_ids
        ]

    def in_service(self) -> dict[str, ModelVersionRecord]:
        """The serving model of each school."""
        return {
            model.school_name or "": model
            for model in self.backend.list_model_versions()
            if model.is_in_service
        }

    def named(self, rows: list[dict[str, str]]) -> dict[str, list[tuple[str, Prediction]]]:
        """By school: who wrote each sample, and what the model in service says."""
        return {
            school: [
                (row["student"], prediction)
                for row, prediction in zip(
                    own,
                    self.backend.predict(
                        [FOLDER / row["file"] for row in own], school=school, top=20
                    ),
                    strict=True,
                )
            ]
            for school in SCHOOLS
            if (own := [row for row in rows if row["school"] == school])
        }


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "folder").mkdir()
    made = Desk(read_settings(home=str(tmp_path / "home"), environment={}), tmp_path / "folder")
    yield made
    made.backend.close()


def top1(answers: list[tuple[str, Prediction]]) -> float:
    return sum(
        student == prediction.candidates[0].student for student, prediction in answers
    ) / len(answers)


def mean(shares: list[float]) -> float:
    return sum(shares) / len(shares)


def test_that_schools_train_on_schedule_and_grow_by_exactly_the_new_samples(desk: Desk) -> None:
    desk.take_in(desk.captured(None, FIRST_BLOCK))
    first = desk.run_what_is_due(desk.schedule(TrainingMode.FULL))
    assert {run.status for run in first} == {ExecutionStatus.COMPLETED}
    assert set(desk.in_service()) == set(SCHOOLS)

    later = desk.captured(SECOND_BLOCK, None)
    known = {row["student"] for row in desk.captured(None, FIRST_BLOCK)}
    answers = desk.named([row for row in later if row["student"] in known])
    assert mean([top1(own) for own in answers.values()]) >= 0.55

    between = desk.captured(FIRST_BLOCK, SECOND_BLOCK)
    desk.take_in(between)
    grown = desk.run_what_is_due(desk.schedule(TrainingMode.INCREMENTAL))
    assert {run.status for run in grown} == {ExecutionStatus.COMPLETED}
    for run in grown:
        new = [row for row in between if row["school"] == run.school_name]
        assert f"{len(new)} samples used" in (run.output or "")
    after_growth = desk.named(later)
    assert mean([top1(own) for own in after_growth.values()]) >= 0.55
    late = [
        (student, prediction)
        for own in after_growth.values()
        for student, prediction in own
        if student not in known
    ]
    assert top1(late) >= 0.5  # chance is 5 %

    desk.run_what_is_due(desk.schedule(TrainingMode.FULL, force=True))
    assert {model.training_mode for model in desk.in_service().values()} == {TrainingMode.FULL}
    for school, own in desk.named(later).items():
        for (_, grown_answer), (_, full_answer) in zip(after_growth[school], own, strict=True):
            grown_scores = {each.student: each.score for each in grown_answer.candidates}
            full_scores = {each.student: each.score for each in full_answer.candidates}
            assert grown_scores == pytest.approx(full_scores, abs=1e-6)
