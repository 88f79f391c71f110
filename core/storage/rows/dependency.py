"""Dependencies between tasks: one row an edge."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.dependency import Condition, Mode
from core.storage.base import Row
from core.storage.columns import enum_column


class TaskDependencyRow(Row):
    """The downstream task depends on the upstream one; two tasks have at most one edge a way."""

    __tablename__ = "task_dependencies"
    __table_args__ = (
        Index("uq_task_dependencies_pair", "downstream_id", "upstream_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    upstream_id: Mapped[int] = mapped_column(ForeignKey("scheduled_tasks.id"), index=True)
    downstream_id: Mapped[int] = mapped_column(ForeignKey("scheduled_tasks.id"))
    condition: Mapped[Condition] = mapped_column(enum_column(Condition))
    mode: Mapped[Mode] = mapped_column(enum_column(Mode))
