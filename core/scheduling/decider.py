"""Due tasks become executions, batch by batch, each batch in one transaction.

Any number of runners may decide at once: the due rows are locked, and the unique key on (task,
planned instant) makes a second decision impossible.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from core.domain.decision import Decision, DueTask, decide
from core.errors import UnavailableError
from core.scheduling import due_instants
from core.storage import due
from core.storage.due import Undecidable
from core.storage.unit_of_work import Store, Unit

log = logging.getLogger(__name__)
FIRST_BATCH = 50
BATCH = 500


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
        if _decide_some(store, size) == 0:
            return outlook  # another runner holds what is due
        size = BATCH


def decide_one(unit: Unit, task_id: int) -> None:
    """Decide what of one task is due, before this unit changes when it runs."""
    _decide_all(unit, due.take_due(unit, 1, task_id=task_id))


def _look(unit: Unit) -> Outlook:
    return Outlook(due.earliest_next_run(unit), unit.now)


def _decide_some(store: Store, size: int) -> int:
    """Decide a batch in one transaction, or its tasks one by one if it cannot be written."""
    try:
        return store.write(partial(_decide_batch, size=size))
    except UnavailableError:
        raise
    except Exception:  # one task must not hold up those behind it
        log.exception("a batch cannot be written")
    ids = store.read(partial(due.due_ids, limit=size))
    for task_id in ids:
        _decide_alone(store, task_id)
    return len(ids)


def _decide_alone(store: Store, task_id: int) -> None:
    try:
        store.write(partial(decide_one, task_id=task_id))
    except UnavailableError:
        raise
    except Exception as error:
        log.exception("task %s", task_id)
        bad = Undecidable(task_id, f"{type(error).__name__}: {error}")
        store.write(partial(due.give_up, bad=bad))


def _decide_batch(unit: Unit, size: int) -> int:
    taken = due.take_due(unit, size)
    _decide_all(unit, taken)
    return len(taken)


def _decide_all(unit: Unit, taken: Sequence[DueTask | Undecidable]) -> None:
    answers = [_answer(task, unit.now) for task in taken]
    due.write_decisions(unit, [each for each in answers if isinstance(each, Decision)])
    for each in answers:
        if isinstance(each, Undecidable):
            log.error("task %s cannot be decided: %s", each.task_id, each.detail)
            due.give_up(unit, each)


def _answer(task: DueTask | Undecidable, now: datetime) -> Decision | Undecidable:
    if isinstance(task, Undecidable):
        return task
    try:
        return _decision(task, now)
    except Exception as error:  # one task must not hold up those behind it
        log.exception("task %s", task.id)
        return Undecidable(task.id, f"{type(error).__name__}: {error}")


def _decision(task: DueTask, now: datetime) -> Decision:
    due = due_instants.undecided(task, now)
    # Not after `now`: a jitter may hold back what was planned before.
    following = due_instants.next_due(task.id, task.plan, due.until or now)
    return decide(task, due, following, now)
