"""Schools: rows in, records out."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select

from core.contracts.records import SampleStatus, SchoolRecord
from core.errors import NotFoundError
from core.storage.rows import ModelVersionRow, SampleRow, SchoolRow
from core.storage.unit_of_work import Subject, Unit


def add(unit: Unit, name: str, *, actor: str) -> int:
    """A new school; its id."""
    row = SchoolRow(name=name, created_at=unit.now)
    unit.session.add(row)
    unit.session.flush()
    unit.note("school.added", Subject(school_id=row.id), actor=actor, detail={"name": name})
    return row.id


def find_id(unit: Unit, name: str) -> int | None:
    """The id of the school of that name."""
    return unit.session.scalar(select(SchoolRow.id).where(SchoolRow.name == name))


def name_of(unit: Unit, school_id: int) -> str:
    """The name of a school. Raises `NotFoundError`."""
    name = unit.session.scalar(select(SchoolRow.name).where(SchoolRow.id == school_id))
    if name is None:
        raise NotFoundError("school.not_found", school=str(school_id))
    return name


def names(unit: Unit) -> dict[int, str]:
    """All names by id."""
    rows = unit.session.execute(select(SchoolRow.id, SchoolRow.name))
    return {row.id: row.name for row in rows}


def get(unit: Unit, school_id: int) -> SchoolRecord:
    """One school with its counts. Raises `NotFoundError`."""
    found = _records(unit, SchoolRow.id == school_id)
    if not found:
        raise NotFoundError("school.not_found", school=str(school_id))
    return found[0]


def list_all(unit: Unit) -> tuple[SchoolRecord, ...]:
    """All schools with their counts, by name."""
    return tuple(_records(unit))


def _records(unit: Unit, *conditions: ColumnElement[bool]) -> list[SchoolRecord]:
    counts = (
        select(
            SampleRow.school_id,
            func.count(SampleRow.student.distinct()).label("students"),
            func.count().label("samples"),
        )
        .where(SampleRow.status == SampleStatus.PROCESSED)
        .group_by(SampleRow.school_id)
        .subquery()
    )
    rows = unit.session.execute(
        select(
            SchoolRow.id,
            SchoolRow.name,
            func.coalesce(counts.c.students, 0),
            func.coalesce(counts.c.samples, 0),
            ModelVersionRow.version,
        )
        .outerjoin(counts, counts.c.school_id == SchoolRow.id)
        .outerjoin(
            ModelVersionRow,
            (ModelVersionRow.school_id == SchoolRow.id) & ModelVersionRow.is_in_service,
        )
        .where(*conditions)
        .order_by(SchoolRow.name)
    )
    return [SchoolRecord(*row) for row in rows]
