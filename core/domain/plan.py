"""When a task is due, all in all: its schedule under a calendar, spread by a jitter, counted."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.calendar import CalendarPolicy, SchoolCalendar
from core.domain.trigger import Schedule


@dataclass(frozen=True, slots=True)
class Plan:
    """A schedule with what stands between its planned instants and a run."""

    schedule: Schedule
    calendar: SchoolCalendar | None = None
    calendar_policy: CalendarPolicy = CalendarPolicy.SKIP
    jitter_seconds: int = 0
    """Each instant is put off by up to this, never brought forward."""
    max_runs: int | None = None
    """After so many runs by its own schedule the task is completed."""
