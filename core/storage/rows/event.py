"""Events: what happened, numbered and never changed; the audit trail and the change feed in one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Row
from core.storage.columns import BigId, Json, UtcDateTime


class EventRow(Row):
    """One event. Ids name what it is about and stay when that is gone: no foreign keys."""

    __tablename__ = "events"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    task_id: Mapped[int | None]
    execution_id: Mapped[int | None] = mapped_column(BigId)
    model_version_id: Mapped[int | None]
    school_id: Mapped[int | None]
    detail: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """Old and new values of what a person changed."""
