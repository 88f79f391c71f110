"""The due query and the writing of decisions: Core statements, since every fire passes here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, insert, or_, select, update
from sqlalchemy.engine import Row as ResultRow

from core.domain.calendar import SchoolCalendar
from core.domain.decision import Decision, DueTask, NewExecution
from core.domain.execution import ACTIVE, ExecutionStatus
from core.domain.overlap import Active
from core.domain.task import TaskStatus
from core.errors import AppError
from core.language import speaking
from core.messages import sentence
from core.storage import calendars, executions
from core.storage.followers import start_followers, with_followers
from core.storage.outcomes import give_way
from core.storage.rows import ScheduledTaskExecutionRow, ScheduledTaskRow
from core.storage.run_counts import runs_so_far
from core.storage.task_values import plan_of, run_settings_of
from core.storage.unit_of_work import SYSTEM_ACTOR, Subject, Unit

_tasks = cast("Table", ScheduledTaskRow.__table__)
_executions = cast("Table", ScheduledTaskExecutionRow.__table__)
_ALIVE = (_tasks.c.status == TaskStatus.ACTIVE, _tasks.c.deleted_at.is_(None))


def earliest_next_run(unit: Unit) -> datetime | None:
    """The earliest undecided instant of all tasks: one step into the narrow due index.

    Of exactly those tasks that `take_due` takes: any other would keep the runner looking for ever.
    """
    return unit.session.scalar(
        select(func.min(ScheduledTaskRow.next_run_at)).where(
            ScheduledTaskRow.next_run_at.is_not(None), *_ALIVE
        )
    )


@dataclass(frozen=True, slots=True)
class Undecidable:
    """A task whose row cannot be understood, and why."""

    task_id: int
    detail: str


def due_ids(unit: Unit, limit: int) -> list[int]:
    """Tasks with an undecided instant up to now, earliest first, whoever decides them."""
    statement = select(_tasks.c.id).where(_tasks.c.next_run_at <= unit.now, *_ALIVE)
    return list(unit.session.scalars(statement.order_by(_tasks.c.next_run_at).limit(limit)))


def take_due(unit: Unit, limit: int, *, task_id: int | None = None) -> list[DueTask | Undecidable]:
    """Tasks with an undecided instant up to now, earliest first, locked against other deciders.

    Of a single one also instants that its calendar closed, before the next that fires is due.
    """
    which = [_tasks.c.next_run_at <= unit.now]
    if task_id is not None:
        is_coming = _tasks.c.next_run_at.is_not(None) & _tasks.c.calendar_id.is_not(None)
        which = [_tasks.c.id == task_id, or_(*which, is_coming)]
    rows = unit.session.execute(
        select(_tasks)
        .where(*which, *_ALIVE)
        .order_by(_tasks.c.next_run_at, _tasks.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if not rows:
        return []
    found = _Facts(
        active_executions(unit, [row.id for row in rows]),
        calendars.values(unit, {row.calendar_id for row in rows if row.calendar_id is not None}),
        runs_so_far(unit, [row.id for row in rows if row.max_runs is not None]),
    )
    return [_taken(row, found) for row in rows]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is read for all due tasks of a batch at once."""

    active: Mapping[int, tuple[Active, ...]]
    calendars: Mapping[int, SchoolCalendar]
    runs_so_far: Mapping[int, int]


def give_up(unit: Unit, bad: Undecidable) -> None:
    """End a task that cannot be decided: it must not hold up the others, nor vanish in silence."""
    unit.session.connection().execute(
        update(_tasks)
        .where(_tasks.c.id == bad.task_id)
        .values(status=TaskStatus.FAILED, next_run_at=None, last_error=bad.detail)
    )
    unit.session.expire_all()
    unit.note("task.undecidable", Subject(bad.task_id), detail={"error": bad.detail})


def active_executions(unit: Unit, task_ids: Sequence[int]) -> dict[int, tuple[Active, ...]]:
    """What of each task is queued, running or retrying, oldest first."""
    found = unit.session.execute(
        select(
            _executions.c.scheduled_task_id,
            _executions.c.id,
            _executions.c.status,
            _executions.c.planned_at,
        )
        .where(_executions.c.scheduled_task_id.in_(task_ids), _executions.c.status.in_(ACTIVE))
        .order_by(_executions.c.id)
    )
    active: defaultdict[int, list[Active]] = defaultdict(list)
    for task_id, id_, status, planned_at in found:
        active[task_id].append(Active(id_, status, planned_at))
    return {task_id: tuple(those) for task_id, those in active.items()}


def write_decisions(unit: Unit, decisions: Sequence[Decision]) -> None:
    """Write all executions and move the tasks on, in this one transaction."""
    if not decisions:
        return
    numbers = _insert_all(unit, decisions)
    _move_on(unit, decisions)
    unit.session.expire_all()  # tables were written past the session's objects
    for decision in decisions:
        for each in decision.replaced:
            give_way(unit, each.execution_id, numbers[decision.task_id, each.by])
        for execution_id in decision.cancelled:
            executions.request_cancel(unit, execution_id, actor=SYSTEM_ACTOR)
    ended = {
        each.task_id
        for decision in decisions
        for each in decision.executions
        if each.status.is_final
    }
    for task_id in with_followers(unit, ended) if ended else ():
        start_followers(unit, task_id, give_way)


Numbers = Mapping[tuple[int, int], int]
"""(task, number within its decision) -> id of what was queued."""


def _insert_all(unit: Unit, decisions: Sequence[Decision]) -> Numbers:
    """The queued ones first: the others may name them."""
    new = [each for decision in decisions for each in decision.executions]
    queued = [each for each in new if each.status is ExecutionStatus.QUEUED]
    settled = [each for each in new if each.status is not ExecutionStatus.QUEUED]
    ids = _insert(unit, queued, {})
    numbers = {(each.task_id, each.number): id_ for each, id_ in zip(queued, ids, strict=True)}
    _insert(unit, settled, numbers)
    return numbers


def _insert(unit: Unit, new: Sequence[NewExecution], numbers: Numbers) -> Sequence[int]:
    if not new:
        return []
    ids = unit.session.scalars(
        insert(ScheduledTaskExecutionRow).returning(
            ScheduledTaskExecutionRow.id, sort_by_parameter_order=True
        ),
        [_values(unit, each, numbers) for each in new],
    ).all()
    for each, id_ in zip(new, ids, strict=True):
        unit.note(f"execution.{each.status.value}", Subject(each.task_id, id_))
    return ids


def _values(unit: Unit, new: NewExecution, numbers: Numbers) -> dict[str, Any]:
    params = dict(new.message_params)
    if new.blocking is not None:
        blocking_id = new.blocking.execution_id
        params["blocking_id"] = numbers.get((new.task_id, blocking_id), blocking_id)
        params["blocking_status"] = new.blocking.status.value
    is_final = new.status.is_final
    with speaking("en"):
        english = sentence(new.message_code, params) if new.message_code else None
    return {
        "scheduled_task_id": new.task_id,
        "kind": new.kind,
        "planned_at": new.planned_at,
        "decided_at": unit.now,
        "completed_at": unit.now if is_final else None,
        "status": new.status,
        "reason": new.reason,
        "message_code": new.message_code,
        "message_params": params or None,
        "error_message": english,
        "settings": new.settings.to_json(),
        "fence": 0,
        "missed_count": new.missed_count,
        "missed_from": new.missed_from,
    }


def _move_on(unit: Unit, decisions: Sequence[Decision]) -> None:
    unit.session.connection().execute(
        update(_tasks)
        .where(_tasks.c.id == bindparam("task"))
        .values(
            next_run_at=bindparam("next"),
            status=bindparam("then"),
            decided_until=bindparam("until"),
        ),
        [
            {
                "task": decision.task_id,
                "next": decision.next_run_at,
                "until": decision.decided_until,
                "then": decision.ends_as or TaskStatus.ACTIVE,
            }
            for decision in decisions
        ],
    )
    settled = [
        {"task": decision.task_id, "outcome": decision.executions[-1].status}
        for decision in decisions
        if decision.executions and decision.executions[-1].status.is_final
    ]
    if settled:
        unit.session.connection().execute(
            update(_tasks)
            .where(_tasks.c.id == bindparam("task"))
            .values(last_outcome=bindparam("outcome")),
            settled,
        )


def _taken(row: ResultRow[*tuple[Any, ...]], found: _Facts) -> DueTask | Undecidable:
    try:
        plan = plan_of(row, found.calendars.get(row.calendar_id))
        settings = run_settings_of(row)
    except (AppError, ValueError, TypeError, OverflowError) as error:  # of another release
        return Undecidable(row.id, str(error))
    return DueTask(
        row.id,
        plan,
        row.next_run_at,
        settings,
        found.active.get(row.id, ()),
        row.decided_until,
        found.runs_so_far.get(row.id, 0),
    )
