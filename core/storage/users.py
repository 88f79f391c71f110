"""People: rows in, records out."""

from __future__ import annotations

from sqlalchemy import select

from core.contracts.records import UserRecord
from core.domain.access import Role
from core.storage.rows import UserRow
from core.storage.unit_of_work import Subject, Unit


def find(unit: Unit, name: str) -> UserRecord | None:
    """The person of that name."""
    row = unit.session.scalar(select(UserRow).where(UserRow.name == name))
    return None if row is None else UserRecord(row.id, row.name, row.role, row.school_id)


def add(unit: Unit, name: str, role: Role, school_id: int | None, *, actor: str) -> UserRecord:
    """A new person."""
    row = UserRow(name=name, role=role, school_id=school_id, created_at=unit.now)
    unit.session.add(row)
    unit.session.flush()
    unit.note(
        "user.added",
        Subject(school_id=school_id),
        actor=actor,
        detail={"name": name, "role": role.value},
    )
    return UserRecord(row.id, name, role, school_id)
