"""“Why?”: every rule in its order, and the first that stops gives the outcome."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.calendar import DayVerdict
from core.domain.dependency import Edge, Met, Mode, Unmet, Waiting
from core.domain.execution import ExecutionKind, ExecutionStatus
from core.domain.explanation import Rule, Verdict, explain, outcome
from core.domain.explanation_facts import DataGuard, Facts, Started
from core.domain.overlap import Active, Queue, Skip
from core.domain.task import Policies
from core.messages import SENTENCES, sentence

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
EDGE = Edge(4, 9, mode=Mode.WAIT)
DONE = Facts(
    kind=ExecutionKind.SCHEDULED,
    planned_at=NOON,
    now=NOON + 5 * HOUR,
    timezone="UTC",
    policies=Policies(),
    decided_at=NOON + timedelta(seconds=2),
    data=DataGuard(),
    overlap=Queue(),
    started=Started("lab", NOON + timedelta(seconds=5)),
)
AHEAD = Facts(
    kind=ExecutionKind.SCHEDULED,
    planned_at=NOON,
    now=NOON - HOUR,
    timezone="UTC",
    policies=Policies(),
    has_dependencies=True,
)
CLOSED = DayVerdict(is_open=False, code="calendar.closed", params={"name": "Spring festival"})
OPEN = replace(CLOSED, is_open=True, code="calendar.opened")
UNMET = Unmet(EDGE, "reason.dependency_no_outcome", {"upstream_id": 4, "waited_seconds": 7200})
BLOCKING = Active(6, ExecutionStatus.RUNNING, NOON - HOUR)
TOO_FEW = DataGuard("reason.too_few_samples", {"found": 2, "needed": 3})
NOT_STARTED = {"started": None, "ahead": 0}


def _with(facts: Facts, **changes: Any) -> Facts:
    return replace(facts, **changes)


def _found(facts: Facts, rule: Rule) -> tuple[Verdict, str | None]:
    return next((each.verdict, each.code) for each in explain(facts) if each.rule is rule)


def _said(facts: Facts) -> str:
    """The sentence of what stops or holds the instant."""
    held = outcome(explain(facts))
    assert held is not None
    assert held.code is not None
    return sentence(held.code, held.params)


def test_that_the_rules_are_asked_in_the_order_of_the_semantics() -> None:
    assert " ".join(Rule) == (
        "trigger calendar window jitter pause lateness dependency data_guard overlap slot claim"
    )
    assert [each.rule for each in explain(DONE)] == list(Rule)


def test_that_every_rule_lets_a_plain_run_pass() -> None:
    assert {each.verdict for each in explain(DONE)} == {Verdict.PASSED}
    assert outcome(explain(DONE)) is None


STOPS: dict[Rule, tuple[dict[str, Any], str]] = {
    Rule.TRIGGER: ({"is_of_trigger": False}, "why.trigger_no_match"),
    Rule.CALENDAR: ({"calendar": CLOSED}, "calendar.closed"),
    Rule.WINDOW: ({"starts_at": NOON + HOUR}, "why.before_window"),
    Rule.PAUSE: ({"paused_at": NOON - HOUR}, "why.paused"),
    Rule.LATENESS: ({"decided_at": NOON + HOUR}, "reason.grace"),
    Rule.DEPENDENCY: (
        {"has_dependencies": True, "dependency": UNMET},
        "reason.dependency_no_outcome",
    ),
    Rule.DATA_GUARD: ({"data": TOO_FEW}, "reason.too_few_samples"),
    Rule.OVERLAP: ({"overlap": Skip(BLOCKING)}, "reason.overlap"),
}
HOLDS: dict[Rule, tuple[dict[str, Any], str]] = {
    Rule.LATENESS: ({"decided_at": None}, "why.undecided"),
    Rule.DEPENDENCY: (
        {"has_dependencies": True, "dependency": Waiting(EDGE, NOON + HOUR)},
        "why.dependency_waiting",
    ),
    Rule.SLOT: ({**NOT_STARTED, "ahead": 2}, "why.slot_waiting"),
    Rule.CLAIM: (NOT_STARTED, "why.claim_waiting"),
}


@pytest.mark.parametrize("rule", STOPS)
def test_that_a_rule_that_stops_gives_the_outcome(rule: Rule) -> None:
    changes, code = STOPS[rule]
    held = outcome(explain(_with(DONE, **changes)))
    assert held is not None
    assert (held.rule, held.verdict, held.code) == (rule, Verdict.STOPPED, code)


@pytest.mark.parametrize("rule", HOLDS)
def test_that_a_rule_may_hold_an_instant_for_now(rule: Rule) -> None:
    changes, code = HOLDS[rule]
    held = outcome(explain(_with(DONE, **changes)))
    assert held is not None
    assert (held.rule, held.verdict, held.code) == (rule, Verdict.WAITING, code)


@given(st.sets(st.sampled_from(list(STOPS)), min_size=1))
def test_that_of_several_the_first_in_order_stops_and_nothing_is_reached_after_it(
    stopping: set[Rule],
) -> None:
    facts = DONE
    for rule in stopping:
        facts = _with(facts, **STOPS[rule][0])
    first = min(stopping, key=list(Rule).index)
    results = explain(facts)
    held = outcome(results)
    assert held is not None
    assert held.rule is first
    later = results[list(Rule).index(first) + 1 :]
    assert {each.verdict for each in later} == {Verdict.NOT_REACHED}


def test_that_an_instant_to_come_is_judged_as_far_as_it_can_be() -> None:
    results = explain(AHEAD)
    verdicts = [each.verdict for each in results]
    assert verdicts == [Verdict.PASSED] * 5 + [Verdict.INFO] * 6
    assert {each.code for each in results[6:]} == {"why.later"}
    assert outcome(results) is None


@pytest.mark.parametrize("rule", [Rule.TRIGGER, Rule.CALENDAR, Rule.WINDOW, Rule.PAUSE])
def test_that_an_instant_to_come_is_stopped_by_what_is_known_now(rule: Rule) -> None:
    held = outcome(explain(_with(AHEAD, **STOPS[rule][0])))
    assert held is not None
    assert held.rule is rule


@pytest.mark.parametrize(
    ("late", "is_caught_up", "found"),
    [
        (300, False, (Verdict.PASSED, "why.on_time")),
        (301, False, (Verdict.STOPPED, "reason.grace")),
        (301, True, (Verdict.PASSED, "why.caught_up")),
    ],
)
def test_that_the_grace_is_inclusive_and_catch_up_makes_up_for_the_rest(
    late: int, is_caught_up: bool, found: tuple[Verdict, str]
) -> None:
    decided_at = NOON + timedelta(seconds=late)
    facts = _with(DONE, decided_at=decided_at, is_caught_up=is_caught_up)
    assert _found(facts, Rule.LATENESS) == found


def test_that_an_instant_is_due_from_its_own_second_on() -> None:
    assert _found(_with(AHEAD, now=NOON), Rule.LATENESS) == (Verdict.WAITING, "why.undecided")
    assert _found(AHEAD, Rule.LATENESS) == (Verdict.INFO, "why.grace_ahead")


def test_that_jitter_is_told_and_does_not_count_as_late() -> None:
    facts = _with(DONE, jitter_seconds=600, decided_at=NOON + timedelta(seconds=900))
    assert _found(facts, Rule.JITTER) == (Verdict.INFO, "why.jitter")
    assert _found(facts, Rule.LATENESS) == (Verdict.PASSED, "why.on_time")


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "code"),
    [
        (None, None, "why.not_in_use"),
        (NOON, NOON, "why.inside_window"),
        (None, NOON - HOUR, "why.after_window"),
        (NOON + HOUR, None, "why.before_window"),
    ],
)
def test_that_the_window_includes_its_ends(
    starts_at: datetime | None, ends_at: datetime | None, code: str
) -> None:
    facts = _with(DONE, starts_at=starts_at, ends_at=ends_at)
    assert _found(facts, Rule.WINDOW)[1] == code


def test_that_an_open_day_gives_the_calendars_own_sentence_and_a_move_is_told() -> None:
    assert _found(_with(DONE, calendar=OPEN), Rule.CALENDAR) == (Verdict.PASSED, OPEN.code)
    moved = _with(DONE, calendar=OPEN, original_at=NOON - 24 * HOUR)
    assert _found(moved, Rule.CALENDAR) == (Verdict.PASSED, "why.calendar_moved")


def test_that_run_now_ignores_calendar_window_pause_and_grace_and_says_so() -> None:
    facts = _with(
        DONE,
        kind=ExecutionKind.MANUAL,
        planned_at=None,
        calendar=CLOSED,
        starts_at=NOON + 99 * HOUR,
        paused_at=NOON - HOUR,
    )
    assert outcome(explain(facts)) is None
    assert _found(facts, Rule.TRIGGER) == (Verdict.INFO, "why.asked")
    for rule in (Rule.CALENDAR, Rule.WINDOW, Rule.PAUSE, Rule.LATENESS):
        assert _found(facts, rule) == (Verdict.INFO, "why.not_for_request")


def test_that_a_backfill_keeps_to_the_calendar_but_not_to_pause_and_grace() -> None:
    facts = _with(DONE, kind=ExecutionKind.BACKFILL, paused_at=NOON, decided_at=NOON + 99 * HOUR)
    assert outcome(explain(facts)) is None
    assert outcome(explain(_with(facts, calendar=CLOSED))) is not None


def test_that_a_run_after_another_task_is_neither_planned_nor_late() -> None:
    facts = _with(DONE, kind=ExecutionKind.DEPENDENCY, planned_at=None)
    assert _found(facts, Rule.TRIGGER) == (Verdict.INFO, "why.upstream_ended")
    assert _found(facts, Rule.LATENESS) == (Verdict.PASSED, "why.not_in_use")


def test_that_met_dependencies_pass() -> None:
    facts = _with(DONE, has_dependencies=True, dependency=Met())
    assert _found(facts, Rule.DEPENDENCY) == (Verdict.PASSED, "why.dependency_met")


def test_that_quiet_hours_hold_what_waits_for_a_slot_and_not_what_runs() -> None:
    waiting = _with(DONE, **NOT_STARTED, quiet_until=NOON + HOUR)
    assert _said(waiting) == "Quiet hours: training waits until 2026-03-02 13:00 UTC."
    assert outcome(explain(_with(DONE, quiet_until=NOON + HOUR))) is None


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        (STOPS[Rule.WINDOW][0], "Before the task's start, 2026-03-02 21:00 Asia/Shanghai."),
        (
            STOPS[Rule.OVERLAP][0],
            "Skipped: execution 6 of the same task was still running.",
        ),
        (
            HOLDS[Rule.DEPENDENCY][0],
            "Waits for task 4 until 2026-03-02 21:00 Asia/Shanghai.",
        ),
        (
            HOLDS[Rule.LATENESS][0],
            "Due for 5 h 0 min and not decided yet: check that a runner is alive.",
        ),
    ],
)
def test_that_a_sentence_speaks_in_the_zone_of_the_task(changes: dict[str, Any], text: str) -> None:
    assert _said(_with(DONE, timezone="Asia/Shanghai", **changes)) == text


@given(
    kind=st.sampled_from(ExecutionKind),
    base=st.sampled_from([DONE, AHEAD]),
    changed=st.lists(st.sampled_from([*STOPS.values(), *HOLDS.values()])),
)
def test_that_every_result_that_was_reached_has_a_sentence_without_a_gap(
    kind: ExecutionKind, base: Facts, changed: list[tuple[dict[str, Any], str]]
) -> None:
    facts = _with(base, kind=kind)
    for changes, _code in changed:
        facts = _with(facts, **changes)
    for result in explain(facts):
        assert (result.code is None) == (result.verdict is Verdict.NOT_REACHED)
        if result.code is not None and not result.code.startswith("calendar."):
            assert result.code in SENTENCES
            assert "?" not in sentence(result.code, result.params)


@pytest.mark.parametrize("rule", Rule)
def test_that_every_rule_has_a_name(rule: Rule) -> None:
    assert f"why.rule.{rule.value}" in SENTENCES
