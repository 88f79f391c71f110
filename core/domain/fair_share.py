"""Which queued execution gets the next slot when there are fewer slots than work.

Priority first, then the school that has had least, then the oldest; pure and deterministic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Contender:
    """A queued execution; a task of all schools counts as a school of its own (`None`)."""

    execution_id: int
    school_id: int | None
    priority: int
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class Share:
    """What a school has had: how many run now, and how many started of late (some of them run)."""

    running: int = 0
    recent_starts: int = 0

    @property
    def had(self) -> int:
        """One that started long ago and runs still counts as much as a recent one."""
        return max(self.running, self.recent_starts)

    def with_one_more(self) -> Share:
        """The share after another start."""
        return replace(self, running=self.running + 1, recent_starts=self.recent_starts + 1)


_NOTHING = Share()


def next_for_slot(
    waiting: Sequence[Contender], shares: Mapping[int | None, Share]
) -> Contender | None:
    """Who starts next; a school that `shares` does not name has had nothing."""
    return min(waiting, key=lambda each: _rank(each, shares), default=None)


def for_slots(
    waiting: Sequence[Contender], shares: Mapping[int | None, Share], slots: int
) -> tuple[Contender, ...]:
    """Who starts on that many free slots, in order: each start counts before the next choice."""
    left, had = list(waiting), dict(shares)
    chosen: list[Contender] = []
    while len(chosen) < slots and (following := next_for_slot(left, had)) is not None:
        left.remove(following)
        had[following.school_id] = had.get(following.school_id, _NOTHING).with_one_more()
        chosen.append(following)
    return tuple(chosen)


def _rank(
    contender: Contender, shares: Mapping[int | None, Share]
) -> tuple[int, int, int, datetime, int]:
    share = shares.get(contender.school_id, _NOTHING)
    # The number last, so that the order never depends on how the rows came.
    return (
        -contender.priority,
        share.had,
        share.running,
        contender.queued_at,
        contender.execution_id,
    )
