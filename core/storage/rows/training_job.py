"""Training jobs: one row an attempt."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.execution import ExecutionStatus, Reason
from core.storage.base import Row
from core.storage.columns import BigId, Json, UtcDateTime, enum_column


class TrainingJobRow(Row):
    """One attempt of an execution, with its progress, metrics and log."""

    __tablename__ = "training_jobs"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    execution_id: Mapped[int] = mapped_column(
        ForeignKey("scheduled_task_executions.id"), index=True
    )
    attempt: Mapped[int]
    status: Mapped[ExecutionStatus] = mapped_column(enum_column(ExecutionStatus))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    progress: Mapped[float] = mapped_column(default=0.0)
    stage: Mapped[str | None] = mapped_column(Text)
    metrics: Mapped[dict[str, Any] | None] = mapped_column(Json)
    reason: Mapped[Reason | None] = mapped_column(enum_column(Reason))
    message_code: Mapped[str | None] = mapped_column(Text)
    message_params: Mapped[dict[str, Any] | None] = mapped_column(Json)
    log: Mapped[str] = mapped_column(Text, default="", deferred=True)
