"""Two plans of one task compared: which runs come, go or move; reads no clock and no storage.

A run is told by the instant its trigger planned. Where that differs too, a date that had one run
and keeps one, at another time, counts as a move.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from core.contracts.planning import ChangeKind, RunChange
from core.domain.calendar import DAY, CalendarPolicy
from core.domain.plan import Plan
from core.domain.term import TermTrigger
from core.domain.trigger import under
from core.scheduling import fire_times
from core.scheduling.landing import Landing
from core.scheduling.occurrences import count_firing, next_firing, occurrences
from core.scheduling.planned import SECOND, local_date, start_of

MOST_COMPARED: Final = 20_000
"""Occurrences of each plan that are compared one by one."""
MOST_MERGED: Final = 100_000
"""With more planned instants than this, those that a calendar moves are not counted apart."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs in (after, until], oldest first, and how many runs there are in all."""

    before_count: int
    after_count: int
    changes: tuple[RunChange, ...]
    compared_until: datetime
    has_no_run: bool


def compare(before: Plan, changed: Plan, after: datetime, until: datetime) -> Comparison:
    """What becomes of the runs in (after, until] when `changed` takes the place of `before`."""
    had: dict[datetime, datetime] = {}
    gets: dict[datetime, datetime] = {}
    end = until
    for first, last in _stretches(before, changed, after, until):
        end = min(
            _collect(before, first, last, MOST_COMPARED - len(had), had),
            _collect(changed, first, last, MOST_COMPARED - len(gets), gets),
        )
        if end < last:
            break
        end = until
    return Comparison(
        _count(before, after, until),
        _count(changed, after, until),
        tuple(sorted(_changes(before, changed, _until(had, end), _until(gets, end)), key=_at)),
        end,
        next_firing(changed.schedule, changed.calendar, changed.calendar_policy, after) is None,
    )


def _stretches(
    before: Plan, changed: Plan, after: datetime, until: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """The parts of (after, until] in which runs may differ."""
    if before.calendar is None or replace(changed, calendar=before.calendar) != before:
        yield after, until
        return
    if isinstance(before.schedule.trigger, TermTrigger):  # a range moves runs on days left as open
        yield after, until
        return
    if changed.calendar is None:
        yield after, until
        return
    timezone = before.schedule.timezone
    landings = (
        Landing(before.calendar, before.calendar_policy),
        Landing(changed.calendar, changed.calendar_policy),
    )
    begin: datetime | None = None
    for day in _dates(local_date(after, timezone), local_date(until, timezone)):
        if _is_same_day(*landings, day):
            if begin is not None:
                yield begin, start_of(day, timezone) - SECOND
            begin = None
        elif begin is None:
            begin = max(after, start_of(day, timezone) - SECOND)
    if begin is not None:
        yield begin, until


def _is_same_day(one: Landing, other: Landing, day: date) -> bool:
    """Whether a date is as open as before, and the same dates land on it."""
    if one.verdict(day).is_open != other.verdict(day).is_open:
        return False
    return one.of(day) == other.of(day) and (
        one.of(day) != day or one.sources(day) == other.sources(day)
    )


def _dates(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += DAY


def _collect(
    plan: Plan, after: datetime, until: datetime, limit: int, found: dict[datetime, datetime]
) -> datetime:
    """Add what fires in (after, until], planned -> fires; up to where this is everything."""
    due = occurrences(
        plan.schedule, plan.calendar, plan.calendar_policy, after, until, max(0, limit) + 1
    )
    found.update((each.planned_at, each.fires_at) for each in due if each.fires_at is not None)
    return until if len(due) <= limit else due[-1].due_at - SECOND


def _until(found: dict[datetime, datetime], end: datetime) -> dict[datetime, datetime]:
    return {planned_at: fires_at for planned_at, fires_at in found.items() if fires_at <= end}


def _changes(
    before: Plan, changed: Plan, had: dict[datetime, datetime], gets: dict[datetime, datetime]
) -> Iterator[RunChange]:
    for planned_at in had.keys() & gets.keys():
        if had[planned_at] != gets[planned_at]:
            yield RunChange(ChangeKind.MOVED, had[planned_at], gets[planned_at])
    gone = _by_date((had[each] for each in had.keys() - gets.keys()), before.schedule.timezone)
    new = _by_date((gets[each] for each in gets.keys() - had.keys()), changed.schedule.timezone)
    for day in gone.keys() | new.keys():
        yield from _changes_of_day(gone[day], new[day])


def _changes_of_day(gone: list[datetime], new: list[datetime]) -> Iterator[RunChange]:
    if len(gone) == len(new) == 1:
        if gone != new:
            yield RunChange(ChangeKind.MOVED, gone[0], new[0])
        return
    both = set(gone) & set(new)
    yield from (RunChange(ChangeKind.REMOVED, each, None) for each in gone if each not in both)
    yield from (RunChange(ChangeKind.ADDED, None, each) for each in new if each not in both)


def _by_date(instants: Iterable[datetime], timezone: str) -> defaultdict[date, list[datetime]]:
    found: defaultdict[date, list[datetime]] = defaultdict(list)
    for each in instants:
        found[local_date(each, timezone)].append(each)
    return found


def _at(change: RunChange) -> tuple[datetime, ChangeKind]:
    """The earlier of the two instants it is about."""
    return min(filter(None, (change.before_at, change.after_at))), change.kind


def _count(plan: Plan, after: datetime, until: datetime) -> int:
    policy = plan.calendar_policy
    schedule = under(plan.schedule, plan.calendar)
    if fire_times.count_between(schedule, after, until) > MOST_MERGED:
        # So many a day that moved ones meet those of the open day: as if they were left out.
        policy = CalendarPolicy.SKIP
    return count_firing(plan.schedule, plan.calendar, policy, after, until)
