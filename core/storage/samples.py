"""Samples: rows in, records out; and what training may choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, func, insert, select

from core.contracts.records import Page, SampleRecord, SampleStatus, StudentCounts
from core.errors import Param
from core.language import speaking
from core.messages import sentence
from core.storage.rows import SampleRow, SchoolRow
from core.storage.unit_of_work import Subject, Unit


@dataclass(frozen=True, slots=True)
class NewSample:
    """An image that was looked at: prepared and stored, or refused with a sentence."""

    school_id: int
    student: str
    file: str
    sha256: str
    captured_at: datetime
    stored_name: str | None
    """`None` if the image was refused."""
    error_code: str | None = None
    error_params: dict[str, Param] | None = None


@dataclass(frozen=True, slots=True)
class Trainable:
    """A processed sample as training takes it."""

    id: int
    school_id: int
    student: str
    stored_name: str
    sha256: str
    captured_at: datetime
    processed_at: datetime


def known_students(unit: Unit, school_id: int) -> dict[str, str]:
    """SHA-256 -> student of every sample of a school."""
    rows = unit.session.execute(
        select(SampleRow.sha256, SampleRow.student).where(SampleRow.school_id == school_id)
    )
    return {row.sha256: row.student for row in rows}


def add_all(unit: Unit, school_id: int, new: Sequence[NewSample], *, actor: str) -> set[str]:
    """Write looked-at images of one school; the good can be trained on from now.

    The hashes of those that were new.

    The school's row is held: of two imports at once the second sees what the first has taken.
    """
    unit.session.execute(select(SchoolRow.id).where(SchoolRow.id == school_id).with_for_update())
    known = known_students(unit, school_id)
    fresh = [each for each in new if each.sha256 not in known]
    if fresh:
        unit.session.execute(insert(SampleRow), [_values(unit, each) for each in fresh])
        unit.note(
            "samples.imported",
            Subject(school_id=school_id),
            actor=actor,
            detail={"count": len(fresh)},
        )
    return {each.sha256 for each in fresh}


def trainable(unit: Unit, school_id: int | None) -> list[Trainable]:
    """All processed samples of a school, or of all schools, by id."""
    rows = unit.session.execute(
        select(
            SampleRow.id,
            SampleRow.school_id,
            SampleRow.student,
            SampleRow.stored_name,
            SampleRow.sha256,
            SampleRow.captured_at,
            SampleRow.processed_at,
        )
        .where(*_of_scope(school_id), SampleRow.status == SampleStatus.PROCESSED)
        .order_by(SampleRow.id)
    )
    return [
        Trainable(id_, school, student, stored_name, sha256, captured_at, processed_at)
        for id_, school, student, stored_name, sha256, captured_at, processed_at in rows
        if stored_name is not None and processed_at is not None
    ]


def students(unit: Unit, school_id: int | None) -> tuple[StudentCounts, ...]:
    """Counts by school and student."""

    def of(status: SampleStatus) -> ColumnElement[int]:
        return func.count().filter(SampleRow.status == status)

    rows = unit.session.execute(
        select(
            SampleRow.school_id,
            SchoolRow.name,
            SampleRow.student,
            of(SampleStatus.PROCESSED),
            of(SampleStatus.FAILED),
            of(SampleStatus.PENDING),
            func.max(SampleRow.captured_at, type_=SampleRow.captured_at.type),
        )
        .join(SchoolRow, SchoolRow.id == SampleRow.school_id)
        .where(*_of_scope(school_id))
        .group_by(SampleRow.school_id, SchoolRow.name, SampleRow.student)
        .order_by(SchoolRow.name, SampleRow.student)
    )
    return tuple(StudentCounts(*row) for row in rows)


def list_page(
    unit: Unit,
    folder: Path,
    *,
    school_id: int | None,
    student: str | None,
    skip: int,
    limit: int,
) -> Page[SampleRecord]:
    """Samples by capture time, newest first; `folder` is where prepared images lie."""
    conditions = _of_scope(school_id)
    if student is not None:
        conditions.append(SampleRow.student == student)
    total = unit.session.scalar(select(func.count()).select_from(SampleRow).where(*conditions))
    rows = unit.session.execute(
        select(SampleRow, SchoolRow.name)
        .join(SchoolRow, SchoolRow.id == SampleRow.school_id)
        .where(*conditions)
        .order_by(SampleRow.captured_at.desc(), SampleRow.id.desc())
        .offset(skip)
        .limit(limit)
    )
    return Page(tuple(_record(row, school, folder) for row, school in rows), total or 0)


def _of_scope(school_id: int | None) -> list[ColumnElement[bool]]:
    return [] if school_id is None else [SampleRow.school_id == school_id]


def _values(unit: Unit, new: NewSample) -> dict[str, object]:
    is_good = new.stored_name is not None
    with speaking("en"):
        error = sentence(new.error_code, new.error_params) if new.error_code else None
    return {
        "school_id": new.school_id,
        "student": new.student,
        "file": new.file,
        "stored_name": new.stored_name,
        "sha256": new.sha256,
        "captured_at": new.captured_at,
        "created_at": unit.now,
        "processed_at": unit.now if is_good else None,
        "status": SampleStatus.PROCESSED if is_good else SampleStatus.FAILED,
        "error": error,
        "error_code": new.error_code,
        "error_params": new.error_params,
    }


def _record(row: SampleRow, school: str, folder: Path) -> SampleRecord:
    return SampleRecord(
        id=row.id,
        school_id=row.school_id,
        school_name=school,
        student=row.student,
        file=row.file,
        stored_file=str(folder / row.stored_name) if row.stored_name else None,
        sha256=row.sha256,
        captured_at=row.captured_at,
        processed_at=row.processed_at,
        status=row.status,
        error=sentence(row.error_code, row.error_params) if row.error_code else row.error,
    )
