"""Who starts next: quiet hours, dependencies, overlap limits, priority and fair share, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.domain.dependency import Met, Unmet, evaluate
from core.domain.dependency import Waiting as Awaiting
from core.domain.execution import ExecutionKind, ExecutionStatus, Reason
from core.domain.fair_share import Contender, next_for_slot
from core.domain.overlap import most_at_once
from core.services import quiet_hours
from core.storage import dependencies, queue
from core.storage.outcomes import Outcome
from core.storage.queue import Waiting
from core.storage.unit_of_work import Unit


@dataclass(frozen=True, slots=True)
class Choice:
    """What a look at the queue found."""

    next: Waiting | None
    """The one to start on a free slot."""
    ended: dict[int, Outcome] = field(default_factory=dict)
    """Executions that will never start, by id, and how they end."""


def choose(unit: Unit) -> Choice:
    """Look at everything that waits."""
    all_waiting = queue.waiting(unit)
    if not all_waiting:
        return Choice(None)
    able = _within_limits(unit, all_waiting)
    if quiet_hours.is_quiet_now(unit):
        # A person who asks for a run now has seen the clock.
        able = [each for each in able if each.kind is ExecutionKind.MANUAL]
    able, ended = _by_dependencies(unit, able)
    chosen = next_for_slot([_contender(each) for each in able], queue.shares(unit))
    if chosen is None:
        return Choice(None, ended)
    by_id = {each.execution_id: each for each in able}
    return Choice(by_id[chosen.execution_id], ended)


def _within_limits(unit: Unit, waiting: Sequence[Waiting]) -> list[Waiting]:
    """Those whose task has not as many at work as it may; a retry keeps the place it has."""
    running, retrying = queue.at_work(unit)

    def has_room(each: Waiting) -> bool:
        policies = each.settings.policies
        busy = running[each.task_id]
        if each.status is ExecutionStatus.QUEUED:
            busy += retrying[each.task_id]
        return busy < most_at_once(policies.overlap, policies.overlap_limit)

    return [each for each in waiting if has_room(each)]


def _by_dependencies(
    unit: Unit, waiting: Sequence[Waiting]
) -> tuple[list[Waiting], dict[int, Outcome]]:
    """Those that wait for no other task, and the ends of those that waited in vain."""
    bound = queue.with_wait_edges(unit, [each.task_id for each in waiting])
    able: list[Waiting] = []
    ended: dict[int, Outcome] = {}
    for each in waiting:
        is_free = (
            each.task_id not in bound
            or each.kind is ExecutionKind.MANUAL
            or each.status is ExecutionStatus.RETRYING
        )
        answer = None if is_free else _answer(unit, each)
        if isinstance(answer, Unmet):
            ended[each.execution_id] = Outcome(
                ExecutionStatus.SKIPPED, Reason.DEPENDENCY, answer.code, answer.params
            )
        elif answer is None:
            able.append(each)
    return able, ended


def _answer(unit: Unit, each: Waiting) -> Awaiting | Unmet | None:
    """`None` if all it waits for has come."""
    answer = evaluate(
        dependencies.upstream_of(unit, each.task_id),
        dependencies.needed_of(unit, each.task_id),
        dependencies.upstream_outcomes(unit, each.task_id),
        each.previous_start_at,
        unit.now,
        waiting_since=each.queued_at,
    )
    return None if isinstance(answer, Met) else answer


def _contender(each: Waiting) -> Contender:
    return Contender(
        each.execution_id,
        each.settings.school_id,
        each.settings.policies.priority,
        each.queued_at,
    )
