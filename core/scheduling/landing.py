"""Which date an instant ends up on that is planned for a closed one; dates only, no instants.

Under every policy a later planned date never lands before an earlier one: what lands on one date
comes from a row of neighbouring dates, and a search never has to look back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import assert_never

from core.domain.calendar import (
    DAY,
    CalendarPolicy,
    DayVerdict,
    SchoolCalendar,
    nearest_open,
    verdict,
)


@dataclass(frozen=True, slots=True)
class Sources:
    """The planned dates from `first` to `last` that land on one date."""

    first: date
    last: date


class Landing:
    """The landings of one calendar under one policy, remembered."""

    def __init__(self, calendar: SchoolCalendar, policy: CalendarPolicy) -> None:
        self.calendar = calendar
        self.policy = policy
        self._verdicts: dict[date, DayVerdict] = {}
        self._landings: dict[date, date] = {}

    def verdict(self, on: date) -> DayVerdict:
        """Whether `on` is open, and why."""
        if on not in self._verdicts:
            self._verdicts[on] = verdict(self.calendar, on)
        return self._verdicts[on]

    def of(self, planned_on: date) -> date:
        """Where that date lands; a closed one that lands on itself does not run."""
        if self.verdict(planned_on).is_open:
            return planned_on
        if planned_on not in self._landings:
            self._landings[planned_on] = self._open_day_for(planned_on) or planned_on
        return self._landings[planned_on]

    def sources(self, on: date) -> Sources:
        """All dates that land on `on`, which is one that any date lands on."""
        first, last = self.first_source(on), on
        while self.of(last + DAY) == on:
            last += DAY
        return Sources(first, last)

    def first_source(self, on: date) -> date:
        """The earliest date that lands on `on` or later."""
        source = on
        while self.of(source) < on:
            source += DAY
        while self.of(source - DAY) >= on:
            source -= DAY
        return source

    def _open_day_for(self, closed_on: date) -> date | None:
        match self.policy:
            case CalendarPolicy.SKIP:
                return None
            case CalendarPolicy.NEXT_OPEN_DAY:
                return nearest_open(self._is_open, closed_on, DAY)
            case CalendarPolicy.PREVIOUS_OPEN_DAY:
                return nearest_open(self._is_open, closed_on, -DAY)
            case _:
                assert_never(self.policy)

    def _is_open(self, on: date) -> bool:
        return self.verdict(on).is_open
