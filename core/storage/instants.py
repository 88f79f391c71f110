"""What is recorded of planned instants, and of the life of a task around them; writes backfills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import insert, select

from core.domain.backfill import Existing
from core.domain.execution import SCHEDULED_KINDS, ExecutionKind, ExecutionStatus
from core.domain.task import RunSettings, TaskStatus
from core.storage.rows import EventRow, ScheduledTaskExecutionRow
from core.storage.unit_of_work import Unit

_execution = ScheduledTaskExecutionRow
_WHEN: Final = frozenset(
    {
        "trigger_type",
        "run_at",
        "interval_seconds",
        "cron_expression",
        "term_rule",
        "timezone",
        "anchor_at",
        "starts_at",
        "ends_at",
        "calendar_id",
        "calendar_policy",
        "max_runs",
    }
)
_LIFE: Final = ("task.created", "task.edited", "task.paused", "task.deleted", "task.restored")


@dataclass(frozen=True, slots=True)
class Turn:
    """A moment at which a task's status or its schedule was changed."""

    at: datetime
    status: TaskStatus | None = None
    """The new one, if it was changed."""
    is_deletion: bool = False
    is_rescheduling: bool = False


def find_execution(unit: Unit, task_id: int, planned_at: datetime) -> int | None:
    """The execution that stands for an instant of the task's own trigger."""
    return unit.session.scalar(
        select(_execution.id).where(
            _execution.scheduled_task_id == task_id,
            _execution.kind.in_(SCHEDULED_KINDS),
            _execution.planned_at == planned_at,
        )
    )


def find_range(
    unit: Unit, task_id: int, planned_at: datetime, status: ExecutionStatus
) -> int | None:
    """The execution with this status that stands for many instants, this one among them."""
    return unit.session.scalar(
        select(_execution.id)
        .where(
            _execution.scheduled_task_id == task_id,
            _execution.status == status,
            _execution.missed_from <= planned_at,
            _execution.planned_at >= planned_at,
        )
        .order_by(_execution.id.desc())
        .limit(1)
    )


def existing_between(
    unit: Unit, task_id: int, from_at: datetime, until_at: datetime
) -> list[Existing]:
    """All executions for planned instants of a closed range."""
    rows = unit.session.execute(
        select(_execution.planned_at, _execution.id, _execution.status).where(
            _execution.scheduled_task_id == task_id,
            _execution.planned_at.between(from_at, until_at),
        )
    )
    return [Existing(planned_at, id_, status) for planned_at, id_, status in rows if planned_at]


def queue_backfill(
    unit: Unit,
    task_id: int,
    settings: RunSettings,
    keyed: Sequence[tuple[datetime, str]],
    requested_by: int | None,
) -> Sequence[int]:
    """Queue a run for each instant and client key, in this order; their ids."""
    if not keyed:
        return []
    values = settings.to_json()
    return unit.session.scalars(
        insert(_execution).returning(_execution.id, sort_by_parameter_order=True),
        [
            {
                "scheduled_task_id": task_id,
                "kind": ExecutionKind.BACKFILL,
                "client_key": client_key,
                "planned_at": planned_at,
                "decided_at": unit.now,
                "status": ExecutionStatus.QUEUED,
                "settings": values,
                "requested_by": requested_by,
            }
            for planned_at, client_key in keyed
        ],
    ).all()


def backfilled_with(unit: Unit, client_key: str) -> Sequence[int]:
    """The executions that a backfill with this key queued, oldest first."""
    return unit.session.scalars(
        select(_execution.id)
        .where(_execution.client_key.startswith(f"{client_key}/", autoescape=True))
        .order_by(_execution.id)
    ).all()


def turns(unit: Unit, task_id: int) -> list[Turn]:
    """The changes of a task's status and schedule, oldest first, as the events tell them."""
    rows = unit.session.execute(
        select(EventRow.at, EventRow.kind, EventRow.detail)
        .where(EventRow.task_id == task_id, EventRow.kind.in_(_LIFE))
        .order_by(EventRow.id)
    )
    return [_turn(at, kind, _after(detail)) for at, kind, detail in rows]


def _after(detail: dict[str, Any] | None) -> dict[str, Any]:
    return dict((detail or {}).get("after") or {})


def _turn(at: datetime, kind: str, after: dict[str, Any]) -> Turn:
    status = TaskStatus.PAUSED if kind == "task.paused" else after.get("status")
    return Turn(
        at,
        None if status is None else TaskStatus(status),
        is_deletion=kind == "task.deleted",
        is_rescheduling=kind == "task.edited" and bool(_WHEN & after.keys()),
    )
