"""Due tasks become executions, batch by batch, each batch in one transaction.

Any number of runners may decide at once: the due rows are locked, and the unique key on (task,
planned instant) makes a second decision impossible.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from core.domain.decision import Decision, DueTask, decide
from core.domain.lateness import DueInstants
from core.scheduling import fire_times
from core.storage import due
from core.storage.unit_of_work import Store, Unit

FIRST_BATCH = 50
BATCH = 500
SINGLE_INSTANTS = 250
"""Most instants of one task that are looked at one by one; older ones are only counted."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is left after deciding: the earliest instant still to come, and when that was read."""

    earliest_at: datetime | None
    now: datetime


def decide_due(store: Store) -> Outlook:
    """Decide everything that is due now, by database time."""
    size = FIRST_BATCH
    while True:
        outlook = store.read(_look)
        if outlook.earliest_at is None or outlook.earliest_at > outlook.now:
            return outlook
        if store.write(partial(_decide_batch, size=size)) == 0:
            return outlook  # another runner holds what is due
        size = BATCH


def _look(unit: Unit) -> Outlook:
    return Outlook(due.earliest_next_run(unit), unit.now)


def _decide_batch(unit: Unit, size: int) -> int:
    tasks = due.take_due(unit, size)
    due.write_decisions(unit, [_decision(task, unit.now) for task in tasks])
    return len(tasks)


def _decision(task: DueTask, now: datetime) -> Decision:
    before = task.next_run_at - timedelta(seconds=1)
    instants = fire_times.latest_between(task.schedule, before, now, SINGLE_INSTANTS)
    older = 0
    if len(instants) == SINGLE_INSTANTS:
        older = fire_times.count_between(task.schedule, before, now) - len(instants)
    undecided = DueInstants(tuple(instants), older, task.next_run_at)
    return decide(task, undecided, fire_times.next_after(task.schedule, now), now)
