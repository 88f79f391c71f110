"""School calendars: the weekly pattern, named ranges, and single dates that differ."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.calendar import RangeKind
from core.storage.base import Row
from core.storage.columns import Json, UtcDateTime, enum_column


class CalendarRow(Row):
    """One calendar: of a school, or shared by all (no school_id). Names are unique in each."""

    __tablename__ = "calendars"
    __table_args__ = (
        Index(
            "uq_calendars_scope_name",
            func.coalesce(text("school_id"), text("0")),
            "name",
            unique=True,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int | None] = mapped_column(ForeignKey("schools.id"))
    name: Mapped[str] = mapped_column(Text)
    open_weekdays: Mapped[list[int]] = mapped_column(Json)
    """0 is Monday."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CalendarRangeRow(Row):
    """A term, holiday, exam week or closure; both dates are included."""

    __tablename__ = "calendar_ranges"

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendars.id"), index=True)
    kind: Mapped[RangeKind] = mapped_column(enum_column(RangeKind))
    name: Mapped[str] = mapped_column(Text)
    first_on: Mapped[date]
    last_on: Mapped[date]
    source: Mapped[str | None] = mapped_column(Text)
    """The import that brought it; empty when a person entered it."""


class CalendarOverrideRow(Row):
    """One date that is open or closed whatever the rest says."""

    __tablename__ = "calendar_overrides"
    __table_args__ = (
        Index("uq_calendar_overrides_calendar_date", "calendar_id", "date_on", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendars.id"))
    date_on: Mapped[date]
    is_open: Mapped[bool]
    name: Mapped[str] = mapped_column(Text)
    source: Mapped[str | None] = mapped_column(Text)
    """The import that brought it; empty when a person entered it."""
