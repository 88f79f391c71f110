"""The list behind “Why?”: what each rule, in its order, says about one past or future instant.

Built from facts that others looked up; it explains decisions and takes none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, assert_never

from core.domain.dependency import Met, Unmet, Waiting
from core.domain.execution import ExecutionKind
from core.domain.explanation_facts import Facts
from core.domain.overlap import Queue, Skip
from core.errors import Param


class Rule(StrEnum):
    """The rules in the order in which they are asked."""

    TRIGGER = "trigger"
    CALENDAR = "calendar"
    WINDOW = "window"
    JITTER = "jitter"
    PAUSE = "pause"
    LATENESS = "lateness"
    DEPENDENCY = "dependency"
    DATA_GUARD = "data_guard"
    OVERLAP = "overlap"
    SLOT = "slot"
    CLAIM = "claim"


class Verdict(StrEnum):
    """What a rule says; a `waiting` one holds the instant back for now, an `info` one does not."""

    PASSED = "passed"
    STOPPED = "stopped"
    WAITING = "waiting"
    INFO = "info"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One line of the list; only one that was not reached has no sentence."""

    rule: Rule
    verdict: Verdict
    code: str | None = None
    params: dict[str, Param] = field(default_factory=dict)


def explain(facts: Facts) -> tuple[RuleResult, ...]:
    """All rules in order; after the first that stops or holds the instant, none is reached."""
    results: list[RuleResult] = []
    is_held = False
    for rule in Rule:
        if is_held:
            results.append(RuleResult(rule, Verdict.NOT_REACHED))
            continue
        verdict, code, params = _RULES[rule](facts)
        results.append(RuleResult(rule, verdict, code, {**params, "timezone": facts.timezone}))
        is_held = verdict in (Verdict.STOPPED, Verdict.WAITING)
    return tuple(results)


def outcome(results: Sequence[RuleResult]) -> RuleResult | None:
    """The result that stops or holds the instant; `None` if all let it pass."""
    held = (Verdict.STOPPED, Verdict.WAITING)
    return next((each for each in results if each.verdict in held), None)


Finding = tuple[Verdict, str, dict[str, Param]]


def _finding(verdict: Verdict, code: str, **params: Param) -> Finding:
    return verdict, code, params


_LATER: Final = _finding(Verdict.INFO, "why.later")
_NOT_IN_USE: Final = _finding(Verdict.PASSED, "why.not_in_use")
_NOT_FOR_REQUEST: Final = _finding(Verdict.INFO, "why.not_for_request")


def _trigger(facts: Facts) -> Finding:
    match facts.kind:
        case ExecutionKind.MANUAL:
            return _finding(Verdict.INFO, "why.asked")
        case ExecutionKind.DEPENDENCY:
            return _finding(Verdict.INFO, "why.upstream_ended")
        case ExecutionKind.SCHEDULED | ExecutionKind.CATCH_UP | ExecutionKind.BACKFILL:
            planned_at = _instant(facts).isoformat()
            if facts.is_of_trigger:
                return _finding(Verdict.PASSED, "why.trigger_matches", planned_at=planned_at)
            return _finding(Verdict.STOPPED, "why.trigger_no_match", planned_at=planned_at)
        case _:
            assert_never(facts.kind)


def _calendar(facts: Facts) -> Finding:
    day = facts.calendar
    if day is None:
        return _NOT_IN_USE
    if facts.kind is ExecutionKind.MANUAL:
        return _NOT_FOR_REQUEST
    if day.is_open and facts.original_at is not None:
        return _finding(
            Verdict.PASSED, "why.calendar_moved", original_at=facts.original_at.isoformat()
        )
    return Verdict.PASSED if day.is_open else Verdict.STOPPED, day.code, day.params


def _window(facts: Facts) -> Finding:
    if facts.starts_at is None and facts.ends_at is None:
        return _NOT_IN_USE
    if facts.kind is ExecutionKind.MANUAL:
        return _NOT_FOR_REQUEST
    at = _instant(facts)
    if facts.starts_at is not None and at < facts.starts_at:
        return _finding(Verdict.STOPPED, "why.before_window", starts_at=facts.starts_at.isoformat())
    if facts.ends_at is not None and at > facts.ends_at:
        return _finding(Verdict.STOPPED, "why.after_window", ends_at=facts.ends_at.isoformat())
    return _finding(Verdict.PASSED, "why.inside_window")


def _jitter(facts: Facts) -> Finding:
    if not facts.jitter_seconds:
        return _NOT_IN_USE
    return _finding(Verdict.INFO, "why.jitter", jitter_seconds=facts.jitter_seconds)


def _pause(facts: Facts) -> Finding:
    if facts.paused_at is None:
        return _finding(Verdict.PASSED, "why.not_paused")
    if _is_request(facts):
        return _NOT_FOR_REQUEST
    return _finding(Verdict.STOPPED, "why.paused", paused_at=facts.paused_at.isoformat())


def _lateness(facts: Facts) -> Finding:
    if _is_request(facts):
        return _NOT_FOR_REQUEST
    if facts.kind is ExecutionKind.DEPENDENCY:
        return _NOT_IN_USE
    due_at = _instant(facts) + timedelta(seconds=facts.jitter_seconds)
    late = int(((facts.decided_at or facts.now) - due_at).total_seconds())
    if facts.decided_at is not None:
        return _judged(facts, max(late, 0))
    if late >= 0:
        return _finding(Verdict.WAITING, "why.undecided", late_seconds=late)
    grace = facts.policies.grace_seconds
    return _finding(Verdict.INFO, "why.grace_ahead", grace_seconds=grace)


def _judged(facts: Facts, late: int) -> Finding:
    grace = facts.policies.grace_seconds
    if late <= grace:
        return _finding(Verdict.PASSED, "why.on_time", late_seconds=late, grace_seconds=grace)
    if facts.is_caught_up:
        return _finding(Verdict.PASSED, "why.caught_up", late_seconds=late)
    return _finding(Verdict.STOPPED, "reason.grace", late_seconds=late, grace_seconds=grace)


def _dependency(facts: Facts) -> Finding:
    match facts.dependency:
        case _ if not facts.has_dependencies:
            return _NOT_IN_USE
        case None:
            return _LATER
        case Met():
            return _finding(Verdict.PASSED, "why.dependency_met")
        case Waiting(edge, until):
            return _finding(
                Verdict.WAITING,
                "why.dependency_waiting",
                upstream_id=edge.upstream_id,
                until_at=until.isoformat(),
            )
        case Unmet(_, code, params):
            return Verdict.STOPPED, code, params
        case _:
            assert_never(facts.dependency)


def _data_guard(facts: Facts) -> Finding:
    if facts.data is None:
        return _LATER
    if facts.data.code is None:
        return _finding(Verdict.PASSED, "why.data_enough")
    return Verdict.STOPPED, facts.data.code, facts.data.params


def _overlap(facts: Facts) -> Finding:
    match facts.overlap:
        case None:
            return _LATER
        case Queue():
            return _finding(Verdict.PASSED, "why.no_overlap")
        case Skip(blocking):
            return _finding(
                Verdict.STOPPED,
                "reason.overlap",
                blocking_id=blocking.execution_id,
                blocking_status=blocking.status.value,
            )
        case _:
            assert_never(facts.overlap)


def _slot(facts: Facts) -> Finding:
    if facts.started is not None:
        return _finding(Verdict.PASSED, "why.slot_free")
    if facts.ahead is None:
        return _LATER
    if facts.quiet_until is not None:
        return _finding(
            Verdict.WAITING, "why.quiet_hours", quiet_until_at=facts.quiet_until.isoformat()
        )
    if facts.ahead:
        return _finding(Verdict.WAITING, "why.slot_waiting", ahead=facts.ahead)
    return _finding(Verdict.PASSED, "why.slot_next")


def _claim(facts: Facts) -> Finding:
    if facts.started is not None:
        return _finding(
            Verdict.PASSED,
            "why.claimed",
            host=facts.started.host,
            started_at=facts.started.started_at.isoformat(),
        )
    if facts.ahead is None:
        return _LATER
    return _finding(Verdict.WAITING, "why.claim_waiting")


def _instant(facts: Facts) -> datetime:
    return facts.now if facts.planned_at is None else facts.planned_at


def _is_request(facts: Facts) -> bool:
    return facts.kind in (ExecutionKind.MANUAL, ExecutionKind.BACKFILL)


_RULES: Final[dict[Rule, Callable[[Facts], Finding]]] = {
    Rule.TRIGGER: _trigger,
    Rule.CALENDAR: _calendar,
    Rule.WINDOW: _window,
    Rule.JITTER: _jitter,
    Rule.PAUSE: _pause,
    Rule.LATENESS: _lateness,
    Rule.DEPENDENCY: _dependency,
    Rule.DATA_GUARD: _data_guard,
    Rule.OVERLAP: _overlap,
    Rule.SLOT: _slot,
    Rule.CLAIM: _claim,
}
