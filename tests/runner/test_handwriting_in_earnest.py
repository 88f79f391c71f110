"""From images to a model in service and a prediction, with the real trainer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.contracts.commands import CreateTask
from core.contracts.records import ExecutionRecord, ModelVersionRecord, TaskFilter
from core.domain.execution import ExecutionStatus, Reason
from core.domain.task import NoNewSamples, Policies, TrainingMode
from core.domain.trigger import TriggerType
from core.errors import NotFoundError, RefusedError
from core.paths import Home
from core.services import executions, models, tasks
from core.services.samples import Importing
from core.storage import schools
from core.storage.unit_of_work import Store
from core.training.drawing import Writer, draw_line
from tests.runner.stage import ADMIN, running, until_status
from tests.services.conftest import teacher
from tests.services.test_imports import ignore

S = ExecutionStatus
SCHOOL = "Drawn School"
pytestmark = pytest.mark.slow


def draw(folder: Path, student: int, number: int) -> Path:
    file = folder / SCHOOL / f"S{student}" / f"{number}.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng([student, number])
    file.write_bytes(draw_line(Writer.from_seed(student), rng))
    return file


def take_in(store: Store, home: Home, folder: Path) -> None:
    Importing(store, home, ADMIN, ignore, lambda: False).run(folder, None)


def train(store: Store, mode: TrainingMode, **changes: Any) -> ExecutionRecord:
    """One execution of a new task, from request to end."""
    school_id = store.read(lambda unit: schools.find_id(unit, SCHOOL))
    count = tasks.list_tasks(store, ADMIN, TaskFilter(), skip=0, limit=1).total
    task = tasks.create_task(
        store,
        ADMIN,
        CreateTask(
            f"Task {count}",
            TriggerType.CRON,
            mode,
            cron_expression="0 2 * * *",
            school_id=school_id,
            **changes,
        ),
    )
    execution = executions.run_now(store, ADMIN, task.id, f"key {count}")
    return until_status(store, execution.id, *(status for status in S if status.is_final))


def serving(store: Store) -> ModelVersionRecord:
    found = models.list_model_versions(store, ADMIN, None, 99)
    (model,) = (each for each in found if each.is_in_service)
    return model


def test_that_a_school_is_trained_and_its_writers_are_named(
    store: Store, home: Home, tmp_path: Path
) -> None:
    folder = tmp_path / "import"
    for student in range(3):
        for number in range(3):
            draw(folder, student, number)
    unseen = draw(tmp_path / "unseen", 1, 77)
    with running(store, home):
        schools_first = store.write(lambda unit: schools.add(unit, SCHOOL, actor="test"))
        too_few = train(store, TrainingMode.FULL)
        assert (too_few.status, too_few.reason) == (S.FAILED, Reason.TOO_FEW_SAMPLES)
        baseless = train(store, TrainingMode.INCREMENTAL)
        assert (baseless.status, baseless.reason) == (S.FAILED, Reason.NO_BASE_MODEL)
        with pytest.raises(RefusedError):
            models.predict(store, home, ADMIN, [unseen], SCHOOL, 3)

        take_in(store, home, folder)
        full = train(store, TrainingMode.FULL)
        assert (full.status, full.model_version) == (S.COMPLETED, 1), full.error_message
        assert (serving(store).sample_count, serving(store).student_count) == (9, 3)
        assert train(store, TrainingMode.FULL).reason is Reason.UNCHANGED

        nothing_new = train(store, TrainingMode.INCREMENTAL)
        assert (nothing_new.status, nothing_new.reason) == (S.FAILED, Reason.NO_NEW_SAMPLES)
        may_skip = Policies(no_new_samples=NoNewSamples.SKIP)
        assert train(store, TrainingMode.INCREMENTAL, policies=may_skip).status is S.SKIPPED

        draw(folder, 0, 50)
        take_in(store, home, folder)
        more = train(store, TrainingMode.INCREMENTAL)
        assert (more.status, more.reason) in {
            (S.COMPLETED, None),
            (S.COMPLETED, Reason.GATE_REFUSED),
        }
        newest = models.list_model_versions(store, ADMIN, schools_first, 1)[0]
        assert (newest.version, newest.parent_version, newest.sample_count) == (2, 1, 10)

    (prediction,) = models.predict(store, home, teacher(schools_first), [unseen], SCHOOL, 3)
    assert {candidate.student for candidate in prediction.candidates} == {"S0", "S1", "S2"}
    assert sum(candidate.score for candidate in prediction.candidates) == pytest.approx(1.0)
    for actor, school in ((teacher(schools_first + 1), SCHOOL), (ADMIN, "No School")):
        with pytest.raises(NotFoundError):
            models.predict(store, home, actor, [unseen], school, 3)

    model = home.models / serving(store).artefact
    next(model.glob("*.npz")).write_bytes(b"damaged")
    with pytest.raises(RefusedError) as refusal:
        models.predict(store, home, ADMIN, [unseen], SCHOOL, 3)
    assert refusal.value.code == "model.damaged"
