"""The recycle bin: a deleted task comes back as it was, or goes for good after thirty days."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.contracts.events import TaskChanged
from core.contracts.planning import AddDependency
from core.domain.execution import ExecutionStatus
from core.domain.model_version import Gate, Verdict
from core.domain.task import TaskStatus, TrainingMode
from core.errors import ForbiddenError, NotFoundError, RefusedError
from core.messages import error_sentence
from core.scheduling.decider import decide_due
from core.services import recycle_bin, tasks
from core.services.actor import Actor
from core.services.dependencies import add_dependency
from core.services.recycle_bin import KEPT_FOR, list_deleted, purge, restore_task
from core.storage import changes, models
from core.storage.models import Candidate
from core.storage.outcomes import Outcome, settle
from core.storage.rows import (
    ModelVersionRow,
    ScheduledTaskExecutionRow,
    ScheduledTaskRow,
    TaskDependencyRow,
    TrainingJobRow,
)
from core.storage.unit_of_work import Store
from tests.builders import NOW
from tests.databases import (
    add_once,
    add_runner,
    add_school,
    add_task,
    history,
    outcomes_of,
    request,
    start,
)
from tests.fakes import FakeClock
from tests.services.conftest import school_admin, teacher

HOUR = timedelta(hours=1)


def deleted_ids(store: Store, actor: Actor) -> list[int]:
    return [each.id for each in list_deleted(store, actor, skip=0, limit=100).items]


def count(store: Store, row: type) -> int:
    return store.read(lambda unit: unit.session.scalar(select(func.count()).select_from(row)) or 0)


def test_that_the_bin_shows_who_lies_in_it_and_until_when(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    first, second = add_task(store, name="a"), add_task(store, name="b")
    add_task(store, name="kept")
    for task_id in (first, second):
        clock.advance(minutes=1)
        tasks.delete_task(store, admin, task_id)

    page = list_deleted(store, admin, skip=0, limit=1)

    assert page.total == 2
    (newest,) = page.items
    assert (newest.id, newest.name, newest.status) == (second, "b", TaskStatus.ACTIVE)
    assert (newest.deleted_at, newest.gone_at) == (clock.now(), clock.now() + KEPT_FOR)


def test_that_a_restored_task_runs_from_the_next_instant_and_makes_up_for_nothing(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    task_id = add_task(store)
    tasks.delete_task(store, admin, task_id)
    clock.advance(hours=5, minutes=30)

    task = restore_task(store, admin, task_id)

    assert (task.status, task.next_run_at) == (TaskStatus.ACTIVE, NOW + 6 * HOUR)
    assert deleted_ids(store, admin) == []
    clock.advance(hours=1)
    decide_due(store)
    assert outcomes_of(store, task_id) == [(NOW + 6 * HOUR, ExecutionStatus.QUEUED)]


def test_that_an_instant_at_the_moment_of_restoring_is_not_run(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    task_id = add_task(store)
    tasks.delete_task(store, admin, task_id)
    clock.advance(hours=1)

    assert restore_task(store, admin, task_id).next_run_at == NOW + 2 * HOUR


def test_that_a_paused_task_comes_back_paused(store: Store, admin: Actor) -> None:
    task_id = add_task(store)
    tasks.pause_task(store, admin, task_id)
    tasks.delete_task(store, admin, task_id)

    task = restore_task(store, admin, task_id)

    assert (task.status, task.next_run_at) == (TaskStatus.PAUSED, None)


def test_that_a_single_run_that_passed_in_the_bin_has_failed(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    task_id = add_once(store, NOW + HOUR)
    tasks.delete_task(store, admin, task_id)
    clock.advance(hours=2)

    task = restore_task(store, admin, task_id)

    assert (task.status, task.next_run_at) == (TaskStatus.FAILED, None)


def test_that_a_task_whose_time_is_over_comes_back_as_completed(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    task_id = add_task(store, ends_at=NOW + 2 * HOUR)
    tasks.delete_task(store, admin, task_id)
    clock.advance(hours=3)

    assert restore_task(store, admin, task_id).status is TaskStatus.COMPLETED


def test_that_restoring_twice_changes_nothing(store: Store, admin: Actor, clock: FakeClock) -> None:
    task_id = add_task(store)
    tasks.delete_task(store, admin, task_id)
    first = restore_task(store, admin, task_id)
    clock.advance(hours=3)

    assert restore_task(store, admin, task_id) == first


def test_that_a_task_whose_name_was_taken_meanwhile_waits_in_the_bin(
    store: Store, admin: Actor
) -> None:
    task_id = add_task(store, name="Nightly")
    tasks.delete_task(store, admin, task_id)
    other = add_task(store, name="Nightly")

    with pytest.raises(RefusedError) as refusal:
        restore_task(store, admin, task_id)

    assert refusal.value.code == "bin.name_taken"
    assert "“Nightly”" in error_sentence(refusal.value)
    assert deleted_ids(store, admin) == [task_id]
    tasks.delete_task(store, admin, other)
    restore_task(store, admin, task_id)


def test_that_a_task_comes_back_with_its_edges_but_not_before_its_upstream(
    store: Store, admin: Actor
) -> None:
    above, below = add_task(store, name="a"), add_task(store, name="b")
    add_dependency(store, admin, AddDependency(below, above))
    tasks.delete_task(store, admin, below)
    tasks.delete_task(store, admin, above)

    with pytest.raises(RefusedError) as refusal:
        restore_task(store, admin, below)
    assert f"#{above}" in error_sentence(refusal.value)

    restore_task(store, admin, above)
    restore_task(store, admin, below)
    assert count(store, TaskDependencyRow) == 1


def test_that_a_restored_task_is_told_to_whoever_follows(store: Store, admin: Actor) -> None:
    task_id = add_task(store)
    tasks.delete_task(store, admin, task_id)
    number = store.read(changes.newest_number)

    restore_task(store, admin, task_id)

    events, _newest = store.read(lambda unit: changes.since(unit, number))
    assert events == [TaskChanged(number + 1, task_id)]


def test_that_the_bin_of_another_school_does_not_exist(store: Store, admin: Actor) -> None:
    own, other = add_school(store, "Own"), add_school(store, "Other")
    mine, theirs = (add_task(store, school_id=school) for school in (own, other))
    for task_id in (mine, theirs):
        tasks.delete_task(store, admin, task_id)

    assert deleted_ids(store, school_admin(own)) == [mine]
    for task_id in (theirs, 99):
        with pytest.raises(NotFoundError) as refusal:
            restore_task(store, school_admin(own), task_id)
        assert error_sentence(refusal.value) == f"There is no task {task_id}."
    assert deleted_ids(store, teacher(own)) == [mine]
    with pytest.raises(ForbiddenError):
        restore_task(store, teacher(own), mine)


def test_that_after_thirty_days_a_task_is_gone_with_its_history_and_its_models_stay(
    store: Store, admin: Actor, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recycle_bin, "BATCH", 2)
    above, below = add_task(store, name="a"), add_task(store, name="b")
    add_dependency(store, admin, AddDependency(below, above))
    runner_id = add_runner(store)
    for number in range(5):
        _train(store, below, runner_id, f"run-{number}")
    tasks.delete_task(store, admin, below)

    clock.advance(days=29)
    assert purge(store) == 0
    clock.advance(days=1, seconds=1)
    assert purge(store) == 1

    assert (deleted_ids(store, admin), purge(store)) == ([], 0)
    assert count(store, ScheduledTaskRow) == 1
    assert count(store, ScheduledTaskExecutionRow) == count(store, TrainingJobRow) == 0
    assert count(store, TaskDependencyRow) == 0
    assert count(store, ModelVersionRow) == 5
    with pytest.raises(NotFoundError):
        restore_task(store, admin, below)
    tasks.delete_task(store, admin, above)


def test_that_a_task_that_is_still_at_work_is_not_purged(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    task_id = add_task(store)
    execution_id = request(store, task_id)
    start(store, execution_id, add_runner(store))
    tasks.delete_task(store, admin, task_id)
    clock.advance(days=31)
    assert purge(store) == 0

    store.write(lambda unit: settle(unit, execution_id, Outcome(ExecutionStatus.LOST)))

    assert purge(store) == 1


def test_that_the_history_is_there_again_after_an_undo(store: Store, admin: Actor) -> None:
    task_id = add_task(store)
    _train(store, task_id, add_runner(store), "run")
    tasks.delete_task(store, admin, task_id)

    restore_task(store, admin, task_id)

    assert len(store.read(lambda unit: history(unit, task_id))) == 1


def _train(store: Store, task_id: int, runner_id: int, key: str) -> None:
    """A run that completes with a model."""
    execution_id = request(store, task_id, key)
    start(store, execution_id, runner_id)
    candidate = Candidate(
        school_id=None,
        parent_id=None,
        training_mode=TrainingMode.FULL,
        data_cutoff_at=NOW,
        sample_count=3,
        student_count=2,
        extractor_version="1",
        metrics={},
        artefact=key,
        sha256="0",
        execution_id=execution_id,
    )
    made = store.write(lambda unit: models.add(unit, candidate, Verdict(Gate.PASSED, "gate.first")))
    store.write(
        lambda unit: settle(
            unit, execution_id, Outcome(ExecutionStatus.COMPLETED, model_version_id=made.id)
        )
    )
