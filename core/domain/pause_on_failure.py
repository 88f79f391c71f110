"""Counts a task's failures in a row and says when they are enough to pause it; pauses nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.domain.execution import FAILURES, ExecutionKind, ExecutionStatus

PAUSED_CODE: Final = "task.paused_after_failures"
"""The sentence of the pause; it names the `count`."""

_BY_ITSELF: Final = frozenset(
    {ExecutionKind.SCHEDULED, ExecutionKind.CATCH_UP, ExecutionKind.DEPENDENCY}
)
"""Kinds that run without anybody watching; who asks for a run sees it fail."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The failures in a row, and whether they pause the task (if it is not paused already)."""

    count: int
    pauses: bool = False


def after_outcome(count: int, kind: ExecutionKind, status: ExecutionStatus, limit: int) -> Tally:
    """The tally after an execution of `kind` reached its final `status`; `limit` 0 never pauses.

    Resuming and editing a task reset the count to 0: that is for the caller.
    """
    if kind not in _BY_ITSELF:
        return Tally(count)
    if status is ExecutionStatus.COMPLETED:
        return Tally(0)
    if status not in FAILURES:
        return Tally(count)
    return Tally(count + 1, pauses=count + 1 >= limit > 0)
