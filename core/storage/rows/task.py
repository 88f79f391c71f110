"""Scheduled tasks: what to train, when, and under which policies."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.calendar import CalendarPolicy
from core.domain.dependency import Needed
from core.domain.execution import ExecutionStatus
from core.domain.task import TaskStatus, TrainingMode
from core.domain.trigger import TriggerType
from core.storage.base import Row
from core.storage.columns import Json, UtcDateTime, enum_column


class ScheduledTaskRow(Row):
    """One task; the due query reads only its narrow index on `next_run_at`."""

    __tablename__ = "scheduled_tasks"
    __table_args__ = (
        Index(
            "ix_scheduled_tasks_due",
            "next_run_at",
            sqlite_where=text("next_run_at IS NOT NULL"),
            postgresql_where=text("next_run_at IS NOT NULL"),
        ),
        # NULLs are never equal in an index, but one task of all schools is enough.
        Index(
            "uq_scheduled_tasks_scope_name",
            func.coalesce(text("school_id"), text("0")),
            "name",
            unique=True,
            sqlite_where=text("deleted_at IS NULL"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[TaskStatus] = mapped_column(enum_column(TaskStatus))
    trigger_type: Mapped[TriggerType] = mapped_column(enum_column(TriggerType))
    interval_seconds: Mapped[int | None]
    cron_expression: Mapped[str | None] = mapped_column(Text)
    run_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    term_rule: Mapped[str | None] = mapped_column(Text)
    """As `core.domain.term_text` reads it."""
    timezone: Mapped[str] = mapped_column(Text)
    anchor_at: Mapped[datetime] = mapped_column(UtcDateTime)
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("calendars.id"), index=True)
    calendar_policy: Mapped[CalendarPolicy] = mapped_column(
        enum_column(CalendarPolicy), default=CalendarPolicy.SKIP, server_default="skip"
    )
    jitter_seconds: Mapped[int] = mapped_column(default=0, server_default="0")
    max_runs: Mapped[int | None]
    training_mode: Mapped[TrainingMode] = mapped_column(enum_column(TrainingMode))
    trainer: Mapped[str] = mapped_column(Text)
    trainer_params: Mapped[dict[str, Any]] = mapped_column(Json)
    school_id: Mapped[int | None] = mapped_column(ForeignKey("schools.id"), index=True)
    force_retrain: Mapped[bool] = mapped_column(default=False)
    policies: Mapped[dict[str, Any]] = mapped_column(Json)
    last_run_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_run_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The first planned instant that is not decided yet; empty when there is none."""
    decided_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Everything due up to here is decided; empty before the first decision."""
    total_runs: Mapped[int] = mapped_column(default=0)
    success_runs: Mapped[int] = mapped_column(default=0)
    failed_runs: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    last_outcome: Mapped[ExecutionStatus | None] = mapped_column(enum_column(ExecutionStatus))
    consecutive_failures: Mapped[int] = mapped_column(default=0, server_default="0")
    pause_code: Mapped[str | None] = mapped_column(Text)
    """Why the program paused the task; empty when a person did."""
    pause_params: Mapped[dict[str, Any] | None] = mapped_column(Json)
    dependency_how: Mapped[Needed] = mapped_column(
        enum_column(Needed), default=Needed.ALL, server_default="all"
    )
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Set while the task lies in the recycle bin."""
