"""A schedule under a calendar, date by date: what is due on each; used by `occurrences` alone.

Reasons are found once a date, not once an instant, and dates on which nothing is due are stepped
over, so that neither a minutely line in the summer nor a yearly one costs more than it yields.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Final

from core.domain.calendar import DAY, SEARCH_DAYS, CalendarPolicy, SchoolCalendar
from core.domain.trigger import Schedule, under
from core.errors import Param
from core.scheduling import fire_times, zone_rules
from core.scheduling.cron import DAY_SECONDS
from core.scheduling.landing import Landing, Sources
from core.scheduling.zone_rules import EPOCH, SECOND

_PIECE: Final = 2000
"""About as many planned instants are moved and merged at a time."""
_TICK: Final = timedelta.resolution


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One planned instant and what the calendar makes of it."""

    planned_at: datetime
    """As the trigger says: its identity."""
    fires_at: datetime | None
    due_at: datetime
    """When it is to be decided."""
    code: str | None = None
    """Why it does not fire, or not when planned; `core.messages` has the sentence."""
    params: dict[str, Param] = field(default_factory=dict)


class CalendarScan:
    """One schedule under one calendar and policy."""

    def __init__(
        self, schedule: Schedule, calendar: SchoolCalendar, policy: CalendarPolicy
    ) -> None:
        self._schedule = schedule = under(schedule, calendar)
        # The calendar comes before the window: an instant may be moved into it, or out of it.
        self._unbounded = replace(schedule, starts_at=None, ends_at=None)
        self._zone = fire_times.zone(schedule.timezone)
        self._landing = Landing(calendar, policy)

    def days(self, after: datetime, until: datetime) -> Iterator[date]:
        """The dates on which anything may be due in (after, until], rising."""
        day = self._next_day(self._first_day(after))
        while day is not None and self._start(day) <= until and not self._is_past_window(day):
            yield day
            day = self._next_day(day + DAY)

    def is_open(self, day: date) -> bool:
        """Whether anything can fire on that date."""
        return self._landing.verdict(day).is_open

    def due_on(self, day: date, after: datetime, until: datetime) -> Iterator[Occurrence]:
        """What is due on one of `days` and in (after, until], by due and planned instant."""
        after = max(after, self._start(day) - _TICK)
        until = min(until, self._start(day + DAY) - _TICK)
        sources = self._landing.sources(day)
        if sources.first == sources.last:
            yield from self._unmoved(day, after, until)
            return
        for begin, end in self._pieces(sources, after, until):
            yield from self._merged(day, sources, begin, end)

    def count_firing_on(self, day: date, after: datetime, until: datetime) -> int:
        """How many fire on one of `days` and in (after, until]."""
        sources = self._landing.sources(day)
        if sources.first != sources.last:
            return sum(each.fires_at is not None for each in self.due_on(day, after, until))
        if not self.is_open(day):
            return 0
        begin = max(after, self._start(day) - _TICK)
        return fire_times.count_between(
            self._schedule, begin, min(until, self._start(day + DAY) - _TICK)
        )

    def _unmoved(self, day: date, after: datetime, until: datetime) -> Iterator[Occurrence]:
        """A date that only its own instants are due on: they fire, or all share one reason."""
        code, params = self._reason(day)
        for planned_at in self._planned(self._schedule, after, until):
            fires_at = planned_at if code is None else None
            yield Occurrence(planned_at, fires_at, planned_at, code, params)

    def _reason(self, day: date) -> tuple[str | None, dict[str, Param]]:
        found = self._landing.verdict(day)
        if found.is_open:
            return None, {}
        if self._landing.policy is CalendarPolicy.SKIP:
            return found.code, found.params
        params: dict[str, Param] = {"calendar": self._landing.calendar.name, "days": SEARCH_DAYS}
        return "calendar.no_open_day", params | {"on": day.isoformat()}

    def _pieces(
        self, sources: Sources, after: datetime, until: datetime
    ) -> Iterator[tuple[datetime, datetime]]:
        """(after, until] in parts that few enough instants land in."""
        many = fire_times.count_between(
            self._unbounded, self._start(sources.first) - _TICK, self._start(sources.last + DAY)
        )
        count = max(1, int(many * ((until - after) / DAY)) // _PIECE)
        step = (until - after) / count
        cuts = [after + number * step for number in range(count)] + [until]
        yield from pairwise(cuts)

    def _merged(
        self, day: date, sources: Sources, after: datetime, until: datetime
    ) -> Iterator[Occurrence]:
        """What lands in a part of a date, each due instant with all that were planned for it."""
        walls = range(DAY_SECONDS)
        low = bisect_right(walls, after, key=lambda wall: self._at(day, wall))
        high = bisect_right(walls, until, key=lambda wall: self._at(day, wall))
        landed: defaultdict[datetime, list[datetime]] = defaultdict(list)
        source = sources.first
        while source <= sources.last:
            for planned_at in self._planned_at_walls(source, low, high):
                due_at = planned_at if source == day else self._moved(planned_at, source, day)
                if after < due_at <= until:
                    landed[due_at].append(planned_at)
            source += DAY
        for due_at in sorted(landed):
            yield from self._settled(day, due_at, landed[due_at])

    def _settled(
        self, day: date, due_at: datetime, planned: Sequence[datetime]
    ) -> Iterator[Occurrence]:
        """Of all that land on one instant, the one planned nearest to it fires."""
        runs = min(planned, key=lambda each: (abs(each - due_at), each))
        for planned_at in sorted(planned):
            if not self._is_in_window(due_at):
                if self._is_in_window(planned_at):
                    yield self._stopped(day, planned_at, due_at, "calendar.moved_out_of_window")
            elif planned_at == due_at:
                yield Occurrence(planned_at, due_at, due_at)
            elif planned_at == runs:
                yield replace(
                    self._stopped(day, planned_at, due_at, self._move_code), fires_at=due_at
                )
            elif self._is_in_window(planned_at):
                yield self._stopped(day, planned_at, due_at, "calendar.merged", into_at=runs)

    @property
    def _move_code(self) -> str:
        is_later = self._landing.policy is CalendarPolicy.NEXT_OPEN_DAY
        return "calendar.moved_later" if is_later else "calendar.moved_earlier"

    def _stopped(
        self,
        day: date,
        planned_at: datetime,
        due_at: datetime,
        code: str,
        **instants: datetime,
    ) -> Occurrence:
        params: dict[str, Param] = {
            "calendar": self._landing.calendar.name,
            "from_on": self._date(planned_at).isoformat(),
            "to_on": day.isoformat(),
        }
        if instants:
            params["timezone"] = self._schedule.timezone
        params |= {name: instant.isoformat() for name, instant in instants.items()}
        return Occurrence(planned_at, None, due_at, code, params)

    def _planned_at_walls(self, source: date, low: int, high: int) -> Iterator[datetime]:
        """The instants planned on a date between two of its wall times, or a few more."""
        begin, end = self._start(source), self._start(source + DAY)
        if end - begin == DAY and not self._changes_clock(source):
            end = begin + high * SECOND
            begin += low * SECOND
        yield from self._planned(self._unbounded, begin - _TICK, end - _TICK)

    def _changes_clock(self, on: date) -> bool:
        begin = (self._start(on) - EPOCH) // SECOND
        return zone_rules.rules_of(self._zone).changes_between(begin - 1, begin + DAY_SECONDS)

    def _planned(self, schedule: Schedule, after: datetime, until: datetime) -> Iterator[datetime]:
        for planned_at in fire_times.iter_after(schedule, after):
            if planned_at > until:
                return
            yield planned_at

    def _moved(self, planned_at: datetime, source: date, day: date) -> datetime:
        """The same wall time on `day`."""
        local = planned_at.astimezone(self._zone).replace(tzinfo=None)
        wall = (local - datetime.combine(source, datetime.min.time())) // SECOND
        # A clock set back across midnight returns to the date before: that hour stays here.
        return self._at(day, max(0, wall))

    def _first_day(self, after: datetime) -> date:
        """No date before it has anything due after `after` and in the window."""
        first = self._date(after)
        if self._schedule.starts_at is None:
            return first
        opening = self._date(self._schedule.starts_at)
        return max(first, min(opening, self._landing.of(opening)))

    def _is_past_window(self, day: date) -> bool:
        if self._schedule.ends_at is None:
            return False
        closing = self._date(self._schedule.ends_at)
        return day > max(closing, self._landing.of(closing))

    def _next_day(self, earliest: date) -> date | None:
        """The first date from `earliest` on that anything lands on."""
        source = self._landing.first_source(earliest)
        planned_at = fire_times.next_after(self._unbounded, self._start(source) - _TICK)
        return None if planned_at is None else self._landing.of(self._date(planned_at))

    def _is_in_window(self, instant: datetime) -> bool:
        starts_at, ends_at = self._schedule.starts_at, self._schedule.ends_at
        return (starts_at is None or instant >= starts_at) and (
            ends_at is None or instant <= ends_at
        )

    def _date(self, instant: datetime) -> date:
        """The date an instant counts for: a clock set back across midnight does not return."""
        local = instant.astimezone(self._zone).date()
        return local + DAY if instant >= self._start(local + DAY) else local

    def _start(self, day: date) -> datetime:
        return self._at(day, 0)

    def _at(self, day: date, wall: int) -> datetime:
        """The instant of a wall time, in seconds from midnight."""
        midnight = (datetime(day.year, day.month, day.day, tzinfo=UTC) - EPOCH) // SECOND
        return EPOCH + zone_rules.instant_of(self._zone, midnight + wall) * SECOND
