"""Model versions: what training made, and which one serves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.model_version import Gate
from core.domain.task import TrainingMode
from core.storage.base import Row
from core.storage.columns import Json, UtcDateTime, enum_column

_SCOPE = func.coalesce(text("school_id"), text("0"))
_SERVING = text("is_in_service")


class ModelVersionRow(Row):
    """One model of a scope: a school, or all schools (no school_id). One a scope is in service."""

    __tablename__ = "model_versions"
    __table_args__ = (
        Index("uq_model_versions_scope_version", _SCOPE, "version", unique=True),
        Index(
            "uq_model_versions_in_service",
            _SCOPE,
            unique=True,
            sqlite_where=_SERVING,
            postgresql_where=_SERVING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int | None] = mapped_column(ForeignKey("schools.id"))
    version: Mapped[int]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("model_versions.id"))
    training_mode: Mapped[TrainingMode] = mapped_column(enum_column(TrainingMode))
    data_cutoff_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sample_count: Mapped[int]
    student_count: Mapped[int]
    extractor_version: Mapped[str] = mapped_column(Text)
    metrics: Mapped[dict[str, Any]] = mapped_column(Json)
    gate: Mapped[Gate] = mapped_column(enum_column(Gate))
    gate_code: Mapped[str | None] = mapped_column(Text)
    gate_params: Mapped[dict[str, Any] | None] = mapped_column(Json)
    artefact: Mapped[str] = mapped_column(Text)
    """Folder below the home's models folder."""
    sha256: Mapped[str] = mapped_column(Text)
    is_in_service: Mapped[bool] = mapped_column(default=False)
    execution_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    promoted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
