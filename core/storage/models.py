"""Model versions: made, judged, put in service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from core.contracts.records import ModelVersionRecord
from core.domain.model_version import Gate, Verdict
from core.domain.task import TrainingMode
from core.storage.rows import ModelVersionRow, SchoolRow
from core.storage.unit_of_work import Subject, Unit


@dataclass(frozen=True, slots=True)
class Candidate:
    """A trained model, before the gate."""

    school_id: int | None
    parent_id: int | None
    training_mode: TrainingMode
    data_cutoff_at: datetime
    sample_count: int
    student_count: int
    extractor_version: str
    metrics: dict[str, Any]
    artefact: str
    sha256: str
    execution_id: int


@dataclass(frozen=True, slots=True)
class Registered:
    """The number a new version got."""

    id: int
    version: int


def add(unit: Unit, candidate: Candidate, verdict: Verdict) -> Registered:
    """Register a candidate under the next number of its scope; in service if it passed."""
    newest = unit.session.scalar(
        select(func.max(ModelVersionRow.version)).where(_scope(candidate.school_id))
    )
    row = ModelVersionRow(
        school_id=candidate.school_id,
        version=(newest or 0) + 1,
        parent_id=candidate.parent_id,
        training_mode=candidate.training_mode,
        data_cutoff_at=candidate.data_cutoff_at,
        sample_count=candidate.sample_count,
        student_count=candidate.student_count,
        extractor_version=candidate.extractor_version,
        metrics=candidate.metrics,
        gate=verdict.gate,
        gate_code=verdict.code,
        gate_params=verdict.params,
        artefact=candidate.artefact,
        sha256=candidate.sha256,
        is_in_service=False,
        execution_id=candidate.execution_id,
        created_at=unit.now,
    )
    unit.session.add(row)
    unit.session.flush()
    unit.note("model.created", Subject(model_version_id=row.id, school_id=row.school_id))
    if verdict.gate is Gate.PASSED:
        promote(unit, row)
    return Registered(row.id, row.version)


def promote(unit: Unit, row: ModelVersionRow) -> None:
    """Put a version in service in place of the one that is."""
    serving = unit.session.scalar(
        select(ModelVersionRow).where(_scope(row.school_id), ModelVersionRow.is_in_service)
    )
    if serving is not None:
        serving.is_in_service = False
        unit.session.flush()  # before the next line: the key allows one in service
    row.is_in_service = True
    row.promoted_at = unit.now
    unit.session.flush()
    unit.note(
        "model.promoted",
        Subject(model_version_id=row.id, school_id=row.school_id),
        detail={"before": serving.version if serving else None, "after": row.version},
    )


def find_in_service(unit: Unit, school_id: int | None) -> ModelVersionRecord | None:
    """The model in service of a scope: a school, or all schools together."""
    found = _records(unit, _scope(school_id), ModelVersionRow.is_in_service.is_(True))
    return found[0] if found else None


def find_version(unit: Unit, school_id: int | None, version: int) -> ModelVersionRecord | None:
    """A version of a scope by its number."""
    found = _records(unit, _scope(school_id), ModelVersionRow.version == version)
    return found[0] if found else None


def has_artefact(unit: Unit, artefact: str) -> bool:
    """Whether a registered version lies in this folder."""
    found = select(ModelVersionRow.id).where(ModelVersionRow.artefact == artefact).limit(1)
    return unit.session.scalar(found) is not None


def list_newest(unit: Unit, school_id: int | None, *, limit: int) -> tuple[ModelVersionRecord, ...]:
    """Versions, newest first; of one school, or of every scope."""
    conditions = [] if school_id is None else [ModelVersionRow.school_id == school_id]
    return tuple(_records(unit, *conditions, limit=limit))


def _scope(school_id: int | None) -> ColumnElement[bool]:
    return ModelVersionRow.school_id.is_not_distinct_from(school_id)


def _records(
    unit: Unit, *conditions: ColumnElement[bool], limit: int | None = None
) -> list[ModelVersionRecord]:
    parent = aliased(ModelVersionRow)
    rows = unit.session.execute(
        select(ModelVersionRow, SchoolRow.name, parent.version)
        .outerjoin(SchoolRow, SchoolRow.id == ModelVersionRow.school_id)
        .outerjoin(parent, parent.id == ModelVersionRow.parent_id)
        .where(*conditions)
        .order_by(ModelVersionRow.id.desc())
        .limit(limit)
    )
    return [_record(row, school, parent_version) for row, school, parent_version in rows]


def _record(
    row: ModelVersionRow, school: str | None, parent_version: int | None
) -> ModelVersionRecord:
    return ModelVersionRecord(
        id=row.id,
        school_id=row.school_id,
        school_name=school,
        version=row.version,
        parent_version=parent_version,
        training_mode=row.training_mode,
        data_cutoff_at=row.data_cutoff_at,
        sample_count=row.sample_count,
        student_count=row.student_count,
        metrics=row.metrics,
        gate=row.gate,
        gate_code=row.gate_code,
        gate_params=row.gate_params or {},
        artefact=row.artefact,
        sha256=row.sha256,
        is_in_service=row.is_in_service,
        execution_id=row.execution_id,
        created_at=row.created_at,
        promoted_at=row.promoted_at,
    )
