"""The due query and the writing of decisions: Core statements, since every fire passes here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, insert, select, update
from sqlalchemy.engine import Row as ResultRow

from core.domain.decision import Blocking, Decision, DueTask, NewExecution
from core.domain.execution import ACTIVE, ExecutionStatus
from core.domain.task import Policies, RunSettings, TaskStatus
from core.domain.trigger import Schedule, make_trigger
from core.language import speaking
from core.messages import sentence
from core.storage.rows import ScheduledTaskExecutionRow, ScheduledTaskRow
from core.storage.unit_of_work import Subject, Unit

_tasks = cast("Table", ScheduledTaskRow.__table__)
_executions = cast("Table", ScheduledTaskExecutionRow.__table__)


def earliest_next_run(unit: Unit) -> datetime | None:
    """The earliest undecided instant of all tasks: one step into the narrow due index."""
    return unit.session.scalar(
        select(func.min(ScheduledTaskRow.next_run_at)).where(
            ScheduledTaskRow.next_run_at.is_not(None)
        )
    )


def take_due(unit: Unit, limit: int) -> list[DueTask]:
    """Tasks with an undecided instant up to now, earliest first, locked against other deciders."""
    rows = unit.session.execute(
        select(_tasks)
        .where(
            _tasks.c.next_run_at <= unit.now,
            _tasks.c.status == TaskStatus.ACTIVE,
            _tasks.c.deleted_at.is_(None),
        )
        .order_by(_tasks.c.next_run_at, _tasks.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    active = active_executions(unit, [row.id for row in rows])
    return [_due_task(row, active.get(row.id)) for row in rows]


def active_executions(unit: Unit, task_ids: Sequence[int]) -> dict[int, Blocking]:
    """The oldest execution of each task that is queued, running or retrying."""
    found = unit.session.execute(
        select(_executions.c.scheduled_task_id, _executions.c.id, _executions.c.status)
        .where(_executions.c.scheduled_task_id.in_(task_ids), _executions.c.status.in_(ACTIVE))
        .order_by(_executions.c.id.desc())
    )
    return {task_id: Blocking(id_, status) for task_id, id_, status in found}


def write_decisions(unit: Unit, decisions: Sequence[Decision]) -> None:
    """Write all executions and move the tasks on, in this one transaction."""
    new = [each for decision in decisions for each in decision.executions]
    queued = [each for each in new if each.status is ExecutionStatus.QUEUED]
    settled = [each for each in new if each.status is not ExecutionStatus.QUEUED]
    first_queued: dict[int, int] = {}
    for each, id_ in zip(queued, _insert(unit, queued, {}), strict=True):
        first_queued.setdefault(each.task_id, id_)
    _insert(unit, settled, first_queued)
    _move_on(unit, decisions)


def _insert(unit: Unit, new: Sequence[NewExecution], first_queued: dict[int, int]) -> Sequence[int]:
    if not new:
        return []
    ids = unit.session.scalars(
        insert(ScheduledTaskExecutionRow).returning(
            ScheduledTaskExecutionRow.id, sort_by_parameter_order=True
        ),
        [_values(unit, each, first_queued) for each in new],
    ).all()
    for each, id_ in zip(new, ids, strict=True):
        unit.note(f"execution.{each.status.value}", Subject(each.task_id, id_))
    return ids


def _values(unit: Unit, new: NewExecution, first_queued: dict[int, int]) -> dict[str, Any]:
    params = dict(new.message_params)
    if new.message_code == "reason.overlap":
        blocking = new.blocking or Blocking(first_queued[new.task_id], ExecutionStatus.QUEUED)
        params |= {"blocking_id": blocking.execution_id, "blocking_status": blocking.status.value}
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
        .values(next_run_at=bindparam("next"), status=bindparam("then")),
        [
            {
                "task": decision.task_id,
                "next": decision.next_run_at,
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


def _due_task(row: ResultRow[*tuple[Any, ...]], active: Blocking | None) -> DueTask:
    return DueTask(
        id=row.id,
        schedule=schedule_of(row),
        next_run_at=row.next_run_at,
        settings=run_settings_of(row),
        active=active,
    )


def schedule_of(row: ResultRow[*tuple[Any, ...]] | ScheduledTaskRow) -> Schedule:
    """When a task row runs."""
    trigger = make_trigger(
        row.trigger_type,
        run_at=row.run_at,
        interval_seconds=row.interval_seconds,
        anchor_at=row.anchor_at,
        cron_expression=row.cron_expression,
    )
    return Schedule(trigger, row.timezone, row.starts_at, row.ends_at)


def run_settings_of(row: ResultRow[*tuple[Any, ...]] | ScheduledTaskRow) -> RunSettings:
    """What an execution of a task row runs with."""
    return RunSettings(
        task_name=row.name,
        training_mode=row.training_mode,
        school_id=row.school_id,
        force_retrain=row.force_retrain,
        timezone=row.timezone,
        trainer=row.trainer,
        trainer_params=row.trainer_params,
        policies=Policies.from_json(row.policies),
    )
