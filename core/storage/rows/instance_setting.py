"""Settings of the whole instance that people change while it runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Row
from core.storage.columns import Json, UtcDateTime


class InstanceSettingRow(Row):
    """One setting; a key that has no row stands at its default."""

    __tablename__ = "instance_settings"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[dict[str, Any]] = mapped_column(Json)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
