"""Executions: at once the queue and the history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.execution import ExecutionKind, ExecutionStatus, Reason
from core.storage.base import Row
from core.storage.columns import BigId, Json, UtcDateTime, enum_column

_ACTIVE = text("status IN ('queued', 'running', 'retrying')")
_PLANNED = text("kind IN ('scheduled', 'catch_up')")


class ScheduledTaskExecutionRow(Row):
    """One decided instant, or one request, of a task, from the decision to its final outcome."""

    __tablename__ = "scheduled_task_executions"
    __table_args__ = (
        Index(
            "uq_scheduled_task_executions_planned",
            "scheduled_task_id",
            "planned_at",
            unique=True,
            sqlite_where=_PLANNED,
            postgresql_where=_PLANNED,
        ),
        Index(
            "ix_scheduled_task_executions_active",
            "scheduled_task_id",
            "status",
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
        Index("ix_scheduled_task_executions_history", "scheduled_task_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    scheduled_task_id: Mapped[int] = mapped_column(ForeignKey("scheduled_tasks.id"))
    training_job_id: Mapped[int | None] = mapped_column(BigId)
    """The latest attempt. No foreign key: the job points here, and a circle would not load."""
    kind: Mapped[ExecutionKind] = mapped_column(enum_column(ExecutionKind))
    client_key: Mapped[str | None] = mapped_column(Text, unique=True)
    planned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    status: Mapped[ExecutionStatus] = mapped_column(enum_column(ExecutionStatus))
    reason: Mapped[Reason | None] = mapped_column(enum_column(Reason))
    message_code: Mapped[str | None] = mapped_column(Text)
    message_params: Mapped[dict[str, Any] | None] = mapped_column(Json)
    output: Mapped[str | None] = mapped_column(Text)
    error_message: Mapped[str | None] = mapped_column(Text)
    """The English sentence, for whoever reads the table; windows say `message_code` in theirs."""
    settings: Mapped[dict[str, Any]] = mapped_column(Json)
    """The task's settings at the decision: an edit never changes what is queued or past."""
    requested_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    cancel_requested_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_by: Mapped[str | None] = mapped_column(Text)
    missed_count: Mapped[int | None]
    missed_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    runner_id: Mapped[int | None] = mapped_column(ForeignKey("runners.id"))
    fence: Mapped[int] = mapped_column(default=0)
    """Counts the claims; a result that brings an older number is refused."""
    not_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """No attempt starts earlier: a retry's delay, or a wait for an upstream task."""
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    lost_count: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many of the attempts were lost with their runner."""
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    model_version_id: Mapped[int | None] = mapped_column(ForeignKey("model_versions.id"))
