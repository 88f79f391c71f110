"""Samples: images of handwriting, each by one student."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.contracts.records import SampleStatus
from core.storage.base import Row
from core.storage.columns import Json, UtcDateTime, enum_column


class SampleRow(Row):
    """One image. The same bytes in one school are one sample, of whoever was named first."""

    __tablename__ = "samples"
    __table_args__ = (
        Index("uq_samples_school_sha256", "school_id", "sha256", unique=True),
        Index("ix_samples_school_captured", "school_id", "captured_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"))
    student: Mapped[str] = mapped_column(Text)
    file: Mapped[str] = mapped_column(Text)
    """As it was named on import; only ever shown."""
    stored_name: Mapped[str | None] = mapped_column(Text)
    """Name of the prepared image below the home's samples folder, made by us."""
    sha256: Mapped[str] = mapped_column(Text)
    captured_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    processed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    status: Mapped[SampleStatus] = mapped_column(enum_column(SampleStatus))
    error: Mapped[str | None] = mapped_column(Text)
    """The English sentence."""
    error_code: Mapped[str | None] = mapped_column(Text)
    error_params: Mapped[dict[str, Any] | None] = mapped_column(Json)
