"""Dependencies: what fulfils a condition, what is waited for, what triggers, and no circles."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.dependency import (
    Answer,
    Condition,
    Edge,
    Ended,
    Met,
    Mode,
    Needed,
    Unmet,
    Waiting,
    check_no_cycle,
    evaluate,
    find_cycle,
    met,
    triggered,
)
from core.domain.execution import ExecutionStatus
from core.errors import Param, RefusedError
from core.messages import error_sentence, sentence

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
YESTERDAY = NOON - timedelta(hours=20)
LAST_MOMENT = NOON + timedelta(hours=2)
COMPLETED, FAILED = ExecutionStatus.COMPLETED, ExecutionStatus.FAILED
FIRST = Edge(1, 9, mode=Mode.WAIT)
SECOND = Edge(2, 9, mode=Mode.WAIT)


def _ended(hours_ago: float, status: ExecutionStatus = COMPLETED) -> Ended:
    return Ended(status, NOON - timedelta(hours=hours_ago))


def _answer(
    latest: dict[int, Ended],
    *edges: Edge,
    needed: Needed = Needed.ALL,
    previous_start_at: datetime | None = YESTERDAY,
    now: datetime = NOON,
) -> Answer:
    return evaluate(edges or (FIRST,), needed, latest, previous_start_at, now, waiting_since=NOON)


FULFILLED = {
    Condition.SUCCESS: "completed",
    Condition.FINISHED: "completed failed timed_out cancelled lost",
    Condition.FAILED: "failed timed_out lost",
    Condition.NO_FAILURE: "completed skipped",
}


@pytest.mark.parametrize("condition", Condition)
@pytest.mark.parametrize("status", [each for each in ExecutionStatus if each.is_final])
def test_that_a_condition_is_met_by_these_outcomes_and_no_others(
    condition: Condition, status: ExecutionStatus
) -> None:
    assert met(condition, status) == (status.value in FULFILLED[condition].split())


def test_that_a_task_without_waiting_edges_may_go_on() -> None:
    assert _answer({}, Edge(1, 9, mode=Mode.AFTER)) == Met()


def test_that_a_fresh_success_since_the_previous_start_is_enough() -> None:
    assert _answer({1: _ended(1)}) == Met()


@pytest.mark.parametrize("latest", [{}, {1: _ended(21)}, {2: _ended(1)}])
def test_that_an_outcome_that_has_not_come_is_waited_for_two_hours(
    latest: dict[int, Ended],
) -> None:
    assert _answer(latest) == Waiting(FIRST, LAST_MOMENT)
    assert _answer(latest, now=LAST_MOMENT - timedelta(seconds=1)) == Waiting(FIRST, LAST_MOMENT)
    params: dict[str, Param] = {"upstream_id": 1, "waited_seconds": 7200.0}
    unmet = Unmet(FIRST, "reason.dependency_no_outcome", params)
    assert _answer(latest, now=LAST_MOMENT) == unmet


def test_that_an_outcome_at_the_previous_start_itself_was_used_already() -> None:
    assert isinstance(_answer({1: Ended(COMPLETED, YESTERDAY)}), Waiting)


def test_that_an_outcome_is_fresh_for_a_day_to_the_second() -> None:
    assert _answer({1: _ended(24)}, previous_start_at=None) == Met()
    stale = {1: Ended(COMPLETED, NOON - timedelta(hours=24, seconds=1))}
    assert isinstance(_answer(stale, previous_start_at=None), Waiting)
    unmet = _answer(stale, previous_start_at=None, now=LAST_MOMENT)
    assert isinstance(unmet, Unmet)
    assert unmet.code == "reason.dependency_stale"


def test_that_a_wrong_outcome_decides_at_once_and_names_the_edge() -> None:
    unmet = _answer({1: _ended(1, FAILED)})
    assert isinstance(unmet, Unmet)
    assert unmet.edge is FIRST
    assert sentence(unmet.code, unmet.params) == (
        "Skipped: task 1 ended as failed, but this task needs it to succeed."
    )


GOOD, BAD = _ended(1), _ended(1, FAILED)


@pytest.mark.parametrize(
    ("first", "second", "needed", "kind", "edge"),
    [
        (GOOD, GOOD, Needed.ALL, Met, None),
        (GOOD, None, Needed.ALL, Waiting, SECOND),
        (GOOD, BAD, Needed.ALL, Unmet, SECOND),
        (None, BAD, Needed.ALL, Unmet, SECOND),
        (GOOD, None, Needed.ANY, Met, None),
        (BAD, GOOD, Needed.ANY, Met, None),
        (BAD, None, Needed.ANY, Waiting, SECOND),
        (BAD, BAD, Needed.ANY, Unmet, FIRST),
    ],
)
def test_that_all_fails_with_its_first_failure_and_any_hopes_for_its_last_hope(
    first: Ended | None, second: Ended | None, needed: Needed, kind: type, edge: Edge | None
) -> None:
    latest = {number: ended for number, ended in ((1, first), (2, second)) if ended}
    answer = _answer(latest, FIRST, SECOND, needed=needed)
    assert isinstance(answer, kind)
    assert getattr(answer, "edge", None) is edge


AFTER_1, AFTER_2 = Edge(1, 9), Edge(2, 9)


@pytest.mark.parametrize(
    ("needed", "latest", "starts"),
    [
        (Needed.ANY, {1: GOOD}, True),
        (Needed.ANY, {1: BAD, 2: GOOD}, False),
        (Needed.ALL, {1: GOOD}, False),
        (Needed.ALL, {1: GOOD, 2: BAD}, False),
        (Needed.ALL, {1: GOOD, 2: _ended(21)}, False),
        (Needed.ALL, {1: GOOD, 2: _ended(5)}, True),
    ],
)
def test_that_the_end_of_task_1_triggers(
    needed: Needed, latest: dict[int, Ended], starts: bool
) -> None:
    assert triggered([AFTER_1, AFTER_2], needed, 1, latest, YESTERDAY) == starts


def test_that_an_edge_that_waits_does_not_trigger() -> None:
    assert not triggered([FIRST], Needed.ALL, 1, {1: GOOD}, None)
    assert triggered([AFTER_1, SECOND], Needed.ALL, 1, {1: GOOD}, None)


def test_that_the_end_of_a_stranger_triggers_nothing() -> None:
    assert not triggered([AFTER_1], Needed.ALL, 5, {1: GOOD, 5: GOOD}, None)


def test_that_one_end_triggers_once() -> None:
    assert triggered([AFTER_1], Needed.ANY, 1, {1: GOOD}, GOOD.ended_at - timedelta(seconds=1))
    assert not triggered([AFTER_1], Needed.ANY, 1, {1: GOOD}, GOOD.ended_at)


@pytest.mark.parametrize(
    ("edges", "new", "cycle"),
    [
        ([], (1, 1), (1, 1)),
        ([(1, 2)], (2, 1), (2, 1, 2)),
        ([(1, 2), (2, 3)], (3, 1), (3, 1, 2, 3)),
        ([(1, 2), (2, 3), (1, 3)], (3, 1), (3, 1, 3)),
        ([(1, 2), (2, 4), (1, 3), (3, 5), (5, 4)], (4, 1), (4, 1, 2, 4)),
        ([(1, 2), (2, 3)], (1, 3), None),
        ([(1, 2), (3, 2)], (1, 3), None),
        ([(5, 6), (6, 5)], (1, 5), None),
    ],
)
def test_that_the_shortest_circle_is_found(
    edges: list[tuple[int, int]], new: tuple[int, int], cycle: tuple[int, ...] | None
) -> None:
    assert find_cycle([Edge(*each) for each in edges], Edge(*new)) == cycle


def test_that_a_refused_circle_prints_its_path_with_names_where_they_may_be_seen() -> None:
    edges = [Edge(1, 2), Edge(2, 3)]
    assert check_no_cycle(edges, Edge(1, 3), {}) == Edge(1, 3)
    with pytest.raises(RefusedError) as caught:
        check_no_cycle(edges, Edge(3, 1), {1: "Maths", 3: "Night"})
    assert "in a circle: Night → Maths → #2 → Night." in error_sentence(caught.value)


pairs = st.lists(st.tuples(st.integers(1, 7), st.integers(1, 7)), max_size=25)


@given(pairs)
def test_that_a_graph_grown_under_the_check_can_always_be_put_in_order(
    wanted: list[tuple[int, int]],
) -> None:
    kept: list[Edge] = []
    for pair in wanted:
        new = Edge(*pair)
        cycle = find_cycle(kept, new)
        if cycle is None:
            kept.append(new)
            continue
        steps = {(each.upstream_id, each.downstream_id) for each in (*kept, new)}
        assert set(pairwise(cycle)) <= steps
        assert cycle[0] == cycle[-1] == new.upstream_id
    left = kept
    while left:
        downstream = {each.downstream_id for each in left}
        rest = [each for each in left if each.upstream_id in downstream]
        assert len(rest) < len(left)
        left = rest
