"""Which planned instants of a past range a backfill runs again, and why it leaves others out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, assert_never

from core.domain.execution import ACTIVE, FAILURES, ExecutionStatus
from core.errors import InvalidValueError, Param, RefusedError

LIMIT: Final = 1000
"""Most planned instants that one backfill may look at."""


class Choice(StrEnum):
    """Which instants are wanted: those that never ran, also those that failed, or every one."""

    MISSING = "missing"
    MISSING_AND_FAILED = "missing_and_failed"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Existing:
    """An execution that there is for a planned instant."""

    planned_at: datetime
    execution_id: int
    status: ExecutionStatus


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the dry run: an instant that will run, or the sentence why it will not."""

    planned_at: datetime
    existing: Existing | None = None
    code: str | None = None
    params: dict[str, Param] = field(default_factory=dict)

    @property
    def is_chosen(self) -> bool:
        """Whether it will run."""
        return self.code is None


def check_range(from_at: datetime, until_at: datetime) -> None:
    """Refuse a range that ends before it begins; one of a single instant is good.

    Raises:
        InvalidValueError: `backfill.reversed`.
    """
    if until_at < from_at:
        raise InvalidValueError("backfill.reversed", field="until_at")


def check_count(count: int) -> None:
    """Refuse more planned instants than a person can look over; call before listing them.

    Raises:
        RefusedError: `backfill.too_many`, naming the count.
    """
    if count > LIMIT:
        raise RefusedError("backfill.too_many", count=count, high=LIMIT)


def plan(
    planned: Sequence[datetime],
    existing: Iterable[Existing],
    choice: Choice,
    *,
    from_at: datetime,
    until_at: datetime,
    now: datetime,
) -> tuple[Entry, ...]:
    """The dry run: every instant of `planned` in the closed range [`from_at`, `until_at`].

    Raises:
        InvalidValueError: `backfill.reversed`.
        RefusedError: `backfill.too_many`.
    """
    check_range(from_at, until_at)
    inside = sorted({instant for instant in planned if from_at <= instant <= until_at})
    check_count(len(inside))
    telling: dict[datetime, Existing] = {}
    for each in existing:
        known = telling.get(each.planned_at)
        if known is None or _weight(each) > _weight(known):
            telling[each.planned_at] = each
    return tuple(_entry(instant, telling.get(instant), choice, now) for instant in inside)


def chosen(entries: Iterable[Entry]) -> tuple[datetime, ...]:
    """The instants that will run, oldest first."""
    return tuple(entry.planned_at for entry in entries if entry.is_chosen)


def _entry(instant: datetime, existing: Existing | None, choice: Choice, now: datetime) -> Entry:
    if instant > now:
        return Entry(instant, existing, "backfill.future")
    if existing is None:
        return Entry(instant)
    params: dict[str, Param] = {
        "execution_id": existing.execution_id,
        "status": existing.status.value,
    }
    if existing.status in ACTIVE:
        return Entry(instant, existing, "backfill.active", params)
    if _is_wanted(existing.status, choice):
        return Entry(instant, existing)
    return Entry(instant, existing, "backfill.has_run", params)


def _is_wanted(status: ExecutionStatus, choice: Choice) -> bool:
    """A skipped or cancelled one was left out on purpose: only `Choice.ALL` runs it."""
    match choice:
        case Choice.MISSING:
            return status is ExecutionStatus.MISSED
        case Choice.MISSING_AND_FAILED:
            return status is ExecutionStatus.MISSED or status in FAILURES
        case Choice.ALL:
            return True
        case _:
            assert_never(choice)


def _weight(existing: Existing) -> tuple[bool, bool, int]:
    """Of several for one instant an active one tells most, then a success, then the latest."""
    return (
        existing.status in ACTIVE,
        existing.status is ExecutionStatus.COMPLETED,
        existing.execution_id,
    )
