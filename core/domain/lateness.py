"""Late, missed, catch-up: what becomes of the planned instants that have come due.

Judged once, by database time: up to the grace an instant simply runs; beyond it the catch-up policy
decides over everything since the last decision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import assert_never

from core.domain.task import CatchUpPolicy, Policies
from core.errors import Param

CATCH_UP_LIMIT = 10
"""Most instants that `CatchUpPolicy.ALL` makes up for: the newest."""
MISSED_ROWS_LIMIT = 100
"""More missed instants than this become one counted row."""


@dataclass(frozen=True, slots=True)
class DueInstants:
    """What is undecided up to now, oldest first, as far as it matters one by one.

    `older_count` says how many came before `instants`, from `first_at` to `older_last_at`.
    """

    instants: tuple[datetime, ...]
    """When they are due: lateness is judged by this."""
    older_count: int
    first_at: datetime
    older_last_at: datetime | None = None
    planned: Mapping[datetime, datetime] = field(default_factory=dict)
    """Due -> planned instant, where a calendar or jitter makes them differ."""
    closed: tuple[Closed, ...] = ()
    """Planned instants that the calendar lets not fire."""
    closed_range: MissedRange | None = None
    """Instead of `closed`, when there are too many."""
    until: datetime | None = None
    """Up to where, before any jitter, this is everything."""

    def planned_at(self, due_at: datetime) -> datetime:
        """The instant's identity."""
        return self.planned.get(due_at, due_at)


@dataclass(frozen=True, slots=True)
class Closed:
    """A planned instant that does not fire, and why."""

    planned_at: datetime
    code: str
    params: dict[str, Param]


@dataclass(frozen=True, slots=True)
class Judged:
    """What runs on time, what is caught up, and what is missed; each oldest first."""

    on_time: tuple[datetime, ...] = ()
    caught_up: tuple[datetime, ...] = ()
    missed: tuple[datetime, ...] = ()
    missed_range: MissedRange | None = None
    """Instead of `missed`, when there are too many."""


@dataclass(frozen=True, slots=True)
class MissedRange:
    """Many missed instants as one row."""

    count: int
    first_at: datetime
    last_at: datetime


def judge(due: DueInstants, now: datetime, policies: Policies) -> Judged:
    """Divide the due instants by the task's grace and catch-up policy."""
    grace = timedelta(seconds=policies.grace_seconds)
    on_time = tuple(instant for instant in due.instants if now - instant <= grace)
    late = due.instants[: len(due.instants) - len(on_time)]
    window_start = now - timedelta(seconds=policies.catch_up_window_seconds)
    eligible = tuple(instant for instant in late if instant >= window_start)
    caught_up = _chosen(policies.catch_up, eligible, has_newer=bool(on_time))
    missed = tuple(instant for instant in late if instant not in caught_up)
    count = len(missed) + due.older_count
    if count > MISSED_ROWS_LIMIT or due.older_count:
        last_at = due.planned_at(missed[-1]) if missed else due.older_last_at or due.first_at
        return Judged(on_time, caught_up, (), MissedRange(count, due.first_at, last_at))
    return Judged(on_time, caught_up, missed)


def _chosen(
    policy: CatchUpPolicy, eligible: Sequence[datetime], *, has_newer: bool
) -> tuple[datetime, ...]:
    match policy:
        case CatchUpPolicy.LATEST:
            # The newest of all is what runs: when that one is on time, nothing is caught up.
            return () if has_newer else tuple(eligible[-1:])
        case CatchUpPolicy.NONE:
            return ()
        case CatchUpPolicy.ALL:
            return tuple(eligible[-CATCH_UP_LIMIT:])
        case _:
            assert_never(policy)
