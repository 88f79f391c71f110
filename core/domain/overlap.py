"""What an arriving instant and the task's executions still at work do to each other: a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from core.domain.execution import ExecutionStatus
from core.domain.task import OverlapPolicy

QUEUE_LIMIT = 10
"""Most executions that wait under `OverlapPolicy.QUEUE_ALL`."""


@dataclass(frozen=True, slots=True)
class Active:
    """An execution that is queued, running or retrying.

    Without `planned_at` a person asked for it: it has no place in the order of instants.
    """

    execution_id: int
    status: ExecutionStatus
    planned_at: datetime | None

    @property
    def is_waiting(self) -> bool:
        """Whether it has not started."""
        return self.status is ExecutionStatus.QUEUED


@dataclass(frozen=True, slots=True)
class Queue:
    """The arriving one becomes a queued execution."""


@dataclass(frozen=True, slots=True)
class Skip:
    """The arriving one ends as `skipped/overlap`, naming what it gave way to."""

    blocking: Active


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What becomes of the arriving one, and of those before it."""

    arriving: Queue | Skip
    replaced: tuple[int, ...] = ()
    """Queued executions that end as `skipped/overlap`."""
    cancelled: tuple[int, ...] = ()
    """Started executions that are asked to stop; the arriving one starts when they have ended."""


def arrange(
    policy: OverlapPolicy, limit: int, active: Sequence[Active], arriving: datetime | None
) -> Arrangement:
    """Settle the meeting of one arriving instant with what is `active` of the same task.

    `limit` is the policies' `overlap_limit`; `arriving` is `None` for a request by a person.
    """
    waiting = [each for each in active if each.is_waiting]
    match policy:
        case OverlapPolicy.SKIP:
            return _queue_unless(active, is_full=bool(active))
        case OverlapPolicy.QUEUE_ALL:
            return _queue_unless(active, is_full=len(waiting) >= QUEUE_LIMIT)
        case OverlapPolicy.ALLOW:
            return _queue_unless(active, is_full=len(active) >= limit)
        case OverlapPolicy.QUEUE_ONE:
            return _displace(waiting, arriving)
        case OverlapPolicy.CANCEL_PREVIOUS:
            return _displace(active, arriving)
        case _:
            assert_never(policy)


def most_at_once(policy: OverlapPolicy, limit: int) -> int:
    """How many executions of one task may have started and not ended."""
    return limit if policy is OverlapPolicy.ALLOW else 1


def _queue_unless(active: Sequence[Active], *, is_full: bool) -> Arrangement:
    if not is_full:
        return Arrangement(Queue())
    # A started one explains the delay better than one that waits itself.
    return Arrangement(Skip(min(active, key=lambda each: (each.is_waiting, each.execution_id))))


def _displace(those: Sequence[Active], arriving: datetime | None) -> Arrangement:
    for each in those:
        # An instant that is found late gives way to one that came after it.
        if arriving is not None and each.planned_at is not None and each.planned_at > arriving:
            return Arrangement(Skip(each))
    return Arrangement(
        Queue(),
        replaced=tuple(each.execution_id for each in those if each.is_waiting),
        cancelled=tuple(each.execution_id for each in those if not each.is_waiting),
    )
