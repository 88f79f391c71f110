"""Create, edit, pause, resume and delete tasks; each keeps `next_run_at` true."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from core.clock import machine_timezone
from core.contracts.commands import UNSET, CreateTask, EditTask
from core.contracts.records import Page, TaskCounts, TaskFilter, TaskRecord
from core.domain.access import Verb
from core.domain.execution import ExecutionStatus, Reason
from core.domain.task import TaskStatus, check_description, check_name
from core.domain.trigger import TRIGGER_FIELDS, Schedule, TriggerType, check_interval, make_trigger
from core.errors import InvalidValueError, NotFoundError, RefusedError
from core.scheduling import cron, fire_times
from core.services.actor import Actor, authorise, require, visible_school
from core.storage import executions, schools, tasks
from core.storage.outcomes import Outcome, settle
from core.storage.unit_of_work import Store, Subject, Unit

DEFAULT_TRAINER = "handwriting"
SETTABLE = frozenset({TaskStatus.ACTIVE, TaskStatus.PAUSED})


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
    require(actor, Verb.SEE, actor.school_id)
    return store.read(tasks.counts)


def create_task(store: Store, actor: Actor, command: CreateTask) -> TaskRecord:
    """A new, active task with its first instant.

    Raises:
        InvalidValueError: a field cannot be taken.
        RefusedError: `task.name_taken`.
    """
    require(actor, Verb.MANAGE_TASKS, command.school_id)

    def work(unit: Unit) -> TaskRecord:
        values = _values_of(command, unit)
        _check_school(unit, command.school_id)
        _check_name_is_free(unit, values["name"], command.school_id)
        schedule = _schedule(values)
        fire_times.check(schedule, unit.now)
        task_id = tasks.insert(
            unit,
            **values,
            status=TaskStatus.ACTIVE,
            trainer=DEFAULT_TRAINER,
            trainer_params={},
            next_run_at=fire_times.next_after(schedule, unit.now),
            created_by=actor.user_id,
        )
        unit.note(
            "task.created",
            Subject(task_id, school_id=command.school_id),
            actor=actor.name,
            detail={"after": _plain(values)},
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
        changes = _changes_of(command, before)
        school_id = changes.get("school_id", before.school_id)
        if school_id != before.school_id:
            require(actor, Verb.MANAGE_TASKS, school_id)
            _check_school(unit, school_id)
        if "name" in changes or school_id != before.school_id:
            name = changes.get("name", before.name)
            _check_name_is_free(unit, name, school_id, but=before.id)
        changes |= _rescheduled(before, changes, unit.now)
        return _save(unit, actor, before, changes, "task.edited")

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
        for execution_id, status in executions.list_active(unit, task_id):
            if status is ExecutionStatus.QUEUED:
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


def _values_of(command: CreateTask, unit: Unit) -> dict[str, Any]:
    """Column values of a creation, checked as far as one field goes."""
    values: dict[str, Any] = {each.name: getattr(command, each.name) for each in fields(command)}
    values["timezone"] = command.timezone or machine_timezone()
    values["anchor_at"] = command.anchor_at or unit.now.replace(microsecond=0)
    _check_trigger_fields(command.trigger_type, values)
    return _checked(values)


def _changes_of(command: EditTask, before: TaskRecord) -> dict[str, Any]:
    """Column values that really change, checked as far as one field goes."""
    given = {
        each.name: getattr(command, each.name)
        for each in fields(command)
        if each.name != "id" and getattr(command, each.name) is not UNSET
    }
    kind = given.get("trigger_type", before.trigger_type)
    _check_trigger_fields(kind, given, is_required=kind != before.trigger_type)
    if kind != before.trigger_type:
        given |= {name: None for name in TRIGGER_FIELDS.values() if name != TRIGGER_FIELDS[kind]}
    status = given.get("status")
    if status is not None and status not in SETTABLE and status != before.status:
        raise InvalidValueError(
            "field.choice", field="status", value=status, choices=sorted(SETTABLE)
        )
    checked = _checked(given)
    if "policies" in checked and checked["policies"] == before.policies.to_json():
        del checked["policies"]
    return {
        name: value
        for name, value in checked.items()
        if name == "policies" or value != getattr(before, name)
    }


def _check_trigger_fields(
    kind: TriggerType, values: dict[str, Any], *, is_required: bool = True
) -> None:
    """The kind's own field must be there, the others must not."""
    own = TRIGGER_FIELDS[kind]
    if values.get(own) is None and (is_required or own in values):
        raise InvalidValueError("field.required", field=own)
    for name in TRIGGER_FIELDS.values():
        if name != own and values.get(name) is not None:
            raise InvalidValueError("field.not_for_trigger", field=name, trigger_type=kind.value)


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    checked = dict(values)
    if "name" in checked:
        checked["name"] = check_name(checked["name"])
    if "description" in checked:
        checked["description"] = check_description(checked["description"])
    if checked.get("interval_seconds") is not None:
        check_interval(checked["interval_seconds"])
    if checked.get("cron_expression") is not None:
        checked["cron_expression"] = cron.parse(checked["cron_expression"]).text
    if "policies" in checked:
        checked["policies"] = checked["policies"].to_json()
    return checked


def _rescheduled(before: TaskRecord, changes: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The status and next instant that follow from the changes."""
    when = {"trigger_type", "timezone", "anchor_at", "starts_at", "ends_at"}
    when |= set(TRIGGER_FIELDS.values())
    is_moved = bool(when & set(changes))
    status = changes.get("status", before.status)
    if is_moved and status not in SETTABLE:
        status = TaskStatus.ACTIVE  # an ended task with a new time is used again
    if not is_moved and status == before.status:
        return {}
    current = {name: getattr(before, name) for name in when} | changes
    schedule = _schedule(current)
    next_run_at = None
    if status is TaskStatus.ACTIVE:
        fire_times.check(schedule, now)
        next_run_at = fire_times.next_after(schedule, now)
        if next_run_at is None:
            raise RefusedError("task.never_again", task_id=before.id)
    return {"status": status, "next_run_at": next_run_at}


def _schedule(values: dict[str, Any]) -> Schedule:
    trigger = make_trigger(
        values["trigger_type"],
        run_at=values["run_at"],
        interval_seconds=values["interval_seconds"],
        anchor_at=values["anchor_at"],
        cron_expression=values["cron_expression"],
    )
    return Schedule(trigger, values["timezone"], values["starts_at"], values["ends_at"])


def _save(
    unit: Unit, actor: Actor, before: TaskRecord, changes: dict[str, Any], kind: str
) -> TaskRecord:
    if not changes:
        return before
    tasks.update(unit, before.id, **changes)
    shown = {name for name in changes if name not in ("policies", "next_run_at")}
    detail = {
        "before": _plain({name: getattr(before, name) for name in shown}),
        "after": _plain({name: changes[name] for name in shown}),
    }
    if "policies" in changes:
        detail["before"]["policies"] = before.policies.to_json()
        detail["after"]["policies"] = changes["policies"]
    unit.note(kind, Subject(before.id, school_id=before.school_id), actor=actor.name, detail=detail)
    return tasks.get(unit, before.id)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def _check_school(unit: Unit, school_id: int | None) -> None:
    if school_id is not None:
        schools.name_of(unit, school_id)


def _check_name_is_free(
    unit: Unit, name: str, school_id: int | None, *, but: int | None = None
) -> None:
    if tasks.has_name(unit, name, school_id, but=but):
        raise RefusedError("task.name_taken", name=name)
