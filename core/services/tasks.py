"""Create, edit, pause, resume and delete tasks; each keeps `next_run_at` true."""

from __future__ import annotations

from core.contracts.commands import CreateTask, EditTask
from core.contracts.records import Page, TaskCounts, TaskFilter, TaskRecord
from core.domain.access import Verb
from core.domain.execution import WAITING, ExecutionStatus, Reason
from core.domain.task import TaskStatus
from core.errors import NotFoundError, RefusedError
from core.scheduling import decider
from core.services.actor import Actor, authorise, require, visible_school
from core.services.dependencies import check_not_upstream
from core.services.task_fields import changes_of, for_audit, plain, values_of
from core.services.task_timing import rescheduled, set_first
from core.storage import calendars, executions, schools, tasks
from core.storage.outcomes import Outcome, settle
from core.storage.unit_of_work import Store, Subject, Unit

DEFAULT_TRAINER = "handwriting"


def list_tasks(
    store: Store, actor: Actor, which: TaskFilter, *, skip: int, limit: int
) -> Page[TaskRecord]:
    """Tasks the actor may see."""
    school_id = visible_school(actor, which.school_id)
    seen = TaskFilter(which.status, which.training_mode, school_id, which.text)
    return store.read(lambda unit: tasks.list_page(unit, seen, skip=skip, limit=limit))


def get_task(store: Store, actor: Actor, task_id: int) -> TaskRecord:
    """One task. Raises `NotFoundError`."""
    record = store.read(lambda unit: tasks.get(unit, task_id))
    authorise(actor, Verb.SEE, record.school_id, _absent(task_id))
    return record


def count_tasks(store: Store, actor: Actor) -> TaskCounts:
    """The four statistic cards."""
    seen = visible_school(actor, None)
    return store.read(lambda unit: tasks.counts(unit, seen))


def create_task(store: Store, actor: Actor, command: CreateTask) -> TaskRecord:
    """A new, active task with its first instant.

    Raises:
        InvalidValueError: a field cannot be taken.
        NotFoundError: there is no such school or calendar.
        RefusedError: `task.name_taken`.
    """
    require(actor, Verb.MANAGE_TASKS, command.school_id)

    def work(unit: Unit) -> TaskRecord:
        values = values_of(command, unit.now)
        _check_school(unit, command.school_id)
        _check_calendar(unit, actor, command.calendar_id)
        _check_name_is_free(unit, values["name"], command.school_id)
        task_id = tasks.insert(
            unit,
            **values,
            status=TaskStatus.ACTIVE,
            trainer=DEFAULT_TRAINER,
            trainer_params={},
            created_by=actor.user_id,
        )
        set_first(unit, task_id, values)
        unit.note(
            "task.created",
            Subject(task_id, school_id=command.school_id),
            actor=actor.name,
            detail={"after": for_audit(values)},
        )
        return tasks.get(unit, task_id)

    return store.write(work)


def edit_task(store: Store, actor: Actor, command: EditTask) -> TaskRecord:
    """Change a task. A changed schedule or status gives a new next instant, strictly after now.

    Raises:
        InvalidValueError, RefusedError, NotFoundError, ForbiddenError.
    """

    def work(unit: Unit) -> TaskRecord:
        before = _managed(unit, actor, command.id)
        changes = changes_of(command, before)
        school_id = changes.get("school_id", before.school_id)
        if school_id != before.school_id:
            require(actor, Verb.MANAGE_TASKS, school_id)
            _check_school(unit, school_id)
        _check_calendar(unit, actor, changes.get("calendar_id"))
        if "name" in changes or school_id != before.school_id:
            name = changes.get("name", before.name)
            _check_name_is_free(unit, name, school_id, but=before.id)
        if not changes:
            return before
        follows = {"consecutive_failures": 0, **rescheduled(unit, before, changes)}
        tasks.update(unit, before.id, **changes | follows)
        known = plain(before)
        unit.note(
            "task.edited",
            Subject(before.id, school_id=before.school_id),
            actor=actor.name,
            detail={
                "before": for_audit({name: known[name] for name in changes}),
                "after": for_audit(changes),
            },
        )
        return tasks.get(unit, before.id)

    return store.write(work)


def pause_task(store: Store, actor: Actor, task_id: int) -> TaskRecord:
    """Stop future instants; a running execution goes on. Pausing twice changes nothing."""
    return edit_task(store, actor, EditTask(task_id, status=TaskStatus.PAUSED))


def resume_task(store: Store, actor: Actor, task_id: int) -> TaskRecord:
    """Fire again, from the first instant strictly after now; nothing is made up for."""
    return edit_task(store, actor, EditTask(task_id, status=TaskStatus.ACTIVE))


def delete_task(store: Store, actor: Actor, task_id: int) -> None:
    """Put a task in the recycle bin: queued executions end now, a running one is asked to."""

    def work(unit: Unit) -> None:
        before = _managed(unit, actor, task_id)
        check_not_upstream(unit, actor, task_id)
        decider.decide_one(unit, task_id)  # what was due has its outcome, in the bin as well
        for execution_id, status in executions.list_active(unit, task_id):
            if status in WAITING:
                settle(unit, execution_id, _DELETED, actor=actor.name)
            else:
                executions.request_cancel(unit, execution_id, actor=actor.name)
        tasks.update(unit, task_id, deleted_at=unit.now, next_run_at=None)
        unit.note(
            "task.deleted",
            Subject(task_id, school_id=before.school_id),
            actor=actor.name,
            detail={"before": {"name": before.name}},
        )

    store.write(work)


_DELETED = Outcome(ExecutionStatus.CANCELLED, Reason.TASK_DELETED, "reason.task_deleted")


def _managed(unit: Unit, actor: Actor, task_id: int) -> TaskRecord:
    record = tasks.lock(unit, task_id)
    authorise(actor, Verb.MANAGE_TASKS, record.school_id, _absent(task_id))
    return record


def _absent(task_id: int) -> NotFoundError:
    return NotFoundError("task.not_found", task_id=task_id)


def _check_school(unit: Unit, school_id: int | None) -> None:
    if school_id is not None:
        schools.name_of(unit, school_id)


def _check_calendar(unit: Unit, actor: Actor, calendar_id: int | None) -> None:
    """A calendar is shared, or of a school that the actor may know of."""
    if calendar_id is None:
        return
    school_id = calendars.get(unit, calendar_id).school_id
    if school_id is not None:
        authorise(actor, Verb.SEE, school_id, calendars.absent(calendar_id))


def _check_name_is_free(
    unit: Unit, name: str, school_id: int | None, *, but: int | None = None
) -> None:
    if tasks.has_name(unit, name, school_id, but=but):
        raise RefusedError("task.name_taken", name=name)
