"""Runners: the processes that decide and execute."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Row
from core.storage.columns import UtcDateTime


class RunnerRow(Row):
    """One life of one runner process; never reused, so that a claim always names who held it."""

    __tablename__ = "runners"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    identity: Mapped[str] = mapped_column(Text, unique=True)
    host: Mapped[str] = mapped_column(Text)
    pid: Mapped[int]
    process_started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """With the pid: tells a living runner from a stranger that got its number."""
    slots: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    heartbeat_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
