"""What a calendar makes of planned instants: closed, moved, merged; and the plain oracle agrees."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.calendar import (
    CalendarPolicy,
    CalendarRange,
    Override,
    RangeKind,
    SchoolCalendar,
)
from core.domain.trigger import Cron, Interval, Once, Schedule, Trigger
from core.messages import sentence
from core.scheduling import fire_times
from core.scheduling.occurrences import (
    Occurrence,
    count_firing,
    jittered,
    latest_occurrences,
    next_firing,
    next_occurrence,
    occurrences,
)
from tests.unit.scheduling import occurrence_oracle

SHANGHAI = "Asia/Shanghai"
SKIP, NEXT, PREVIOUS = CalendarPolicy
DAY = timedelta(days=1)
WORK_WEEK = SchoolCalendar("Riverside")
NATIONAL_DAY = CalendarRange(
    RangeKind.HOLIDAY, "National Day", date(2026, 10, 1), date(2026, 10, 7)
)
AUTUMN = SchoolCalendar(
    "Riverside",
    ranges=(NATIONAL_DAY,),
    overrides=(Override(date(2026, 10, 10), is_open=True, name="make-up workday"),),
)
NEVER_OPEN = SchoolCalendar("Closed for ever", frozenset())
DAILY = Schedule(Cron("0 2 * * *"), SHANGHAI)


def at(text: str, zone_offset: str = "+08:00") -> datetime:
    return datetime.fromisoformat(text + zone_offset).astimezone(UTC)


def due(
    schedule: Schedule, calendar: SchoolCalendar | None, policy: CalendarPolicy, *span: str
) -> list[Occurrence]:
    return occurrences(schedule, calendar, policy, at(span[0]), at(span[1]), 1000)


def firing(found: list[Occurrence]) -> list[tuple[datetime, datetime | None]]:
    return [(each.planned_at, each.fires_at) for each in found if each.fires_at is not None]


def test_that_without_a_calendar_everything_fires_as_planned() -> None:
    found = due(DAILY, None, SKIP, "2026-10-03T00:00", "2026-10-05T00:00")

    assert found == [
        Occurrence(instant, instant, instant)
        for instant in (at("2026-10-03T02:00"), at("2026-10-04T02:00"))
    ]


def test_that_a_closed_date_is_skipped_with_its_reason_in_words() -> None:
    (found,) = due(DAILY, AUTUMN, SKIP, "2026-10-05T00:00", "2026-10-05T23:00")

    assert (found.planned_at, found.fires_at) == (at("2026-10-05T02:00"), None)
    assert found.due_at == found.planned_at
    assert sentence(found.code or "", found.params) == (
        "2026-10-05 is closed in “Riverside”: it lies in the holiday “National Day”, 2026-10-01 to"
        " 2026-10-07."
    )


def test_that_a_make_up_saturday_fires() -> None:
    found = due(DAILY, AUTUMN, SKIP, "2026-10-10T00:00", "2026-10-11T23:00")

    assert firing(found) == [(at("2026-10-10T02:00"), at("2026-10-10T02:00"))]


def test_that_a_weekend_run_moves_to_the_same_wall_time_of_monday() -> None:
    saturday = Schedule(Cron("30 2 * * 6"), SHANGHAI)

    (found,) = due(saturday, WORK_WEEK, NEXT, "2026-03-03T00:00", "2026-03-14T00:00")

    assert found.planned_at == at("2026-03-07T02:30")
    assert found.fires_at == found.due_at == at("2026-03-09T02:30")
    assert sentence(found.code or "", found.params) == (
        "2026-03-07 is closed in “Riverside”: moved to the next open day, 2026-03-09."
    )


def test_that_a_weekend_run_moves_back_to_friday_and_is_due_there() -> None:
    sunday = Schedule(Cron("30 2 * * 0"), SHANGHAI)

    (found,) = due(sunday, WORK_WEEK, PREVIOUS, "2026-03-05T00:00", "2026-03-07T00:00")

    assert (found.planned_at, found.fires_at) == (at("2026-03-08T02:30"), at("2026-03-06T02:30"))
    assert "previous open day, 2026-03-06" in sentence(found.code or "", found.params)


def test_that_what_lands_on_a_planned_run_merges_with_it() -> None:
    found = due(DAILY, WORK_WEEK, NEXT, "2026-03-08T12:00", "2026-03-09T12:00")

    assert [each.planned_at for each in found] == [
        at("2026-03-07T02:00"),
        at("2026-03-08T02:00"),
        at("2026-03-09T02:00"),
    ]
    assert [each.fires_at for each in found] == [None, None, at("2026-03-09T02:00")]
    assert {each.due_at for each in found} == {at("2026-03-09T02:00")}
    assert sentence(found[0].code or "", found[0].params) == (
        "2026-03-07 is closed in “Riverside”: one run on 2026-03-09 stands for this one and the one"
        " planned for 2026-03-09 02:00 Asia/Shanghai."
    )


def test_that_of_two_moved_runs_the_nearer_one_fires() -> None:
    weekend = Schedule(Cron("0 2 * * 0,6"), SHANGHAI)

    found = due(weekend, WORK_WEEK, NEXT, "2026-03-08T12:00", "2026-03-09T12:00")

    assert firing(found) == [(at("2026-03-08T02:00"), at("2026-03-09T02:00"))]
    assert len(found) == 2


def test_that_runs_at_other_times_of_the_day_do_not_merge() -> None:
    twice = Schedule(Cron("0 2,14 * * 0"), SHANGHAI)

    found = due(twice, WORK_WEEK, NEXT, "2026-03-08T00:00", "2026-03-10T00:00")

    assert [each.fires_at for each in found] == [at("2026-03-09T02:00"), at("2026-03-09T14:00")]


def test_that_a_moved_wall_time_which_clocks_skip_fires_after_the_gap() -> None:
    saturday = Schedule(Cron("30 2 * * 6"), "Europe/Berlin")
    sundays = SchoolCalendar("Sundays", frozenset({6}))

    found = next_firing(saturday, sundays, NEXT, at("2026-03-27T00:00", "+01:00"))

    assert found is not None
    assert found.fires_at == at("2026-03-29T03:00", "+02:00")


def test_that_a_single_run_on_a_closed_date_is_moved_or_skipped() -> None:
    once = Schedule(Once(at("2026-10-01T08:00")), SHANGHAI)

    skipped = next_occurrence(once, AUTUMN, SKIP, at("2026-09-01T00:00"))
    moved = next_occurrence(once, AUTUMN, NEXT, at("2026-09-01T00:00"))

    assert skipped is not None
    assert skipped.fires_at is None
    assert moved is not None
    assert moved.fires_at == at("2026-10-08T08:00")
    assert next_occurrence(once, AUTUMN, NEXT, at("2026-10-08T08:00")) is None


def test_that_the_window_is_asked_after_the_calendar() -> None:
    def windowed(starts_at: str | None, ends_at: str | None, line: str) -> Schedule:
        return Schedule(
            Cron(line), SHANGHAI, at(starts_at) if starts_at else None, at(ends_at or "2027-01-01")
        )

    span = ("2026-03-01T00:00", "2026-03-20T00:00")
    into = windowed("2026-03-09T00:00", "2026-03-10T00:00", "0 2 * * 0")
    out_of = windowed(None, "2026-03-08T12:00", "0 2 * * 0")
    never_in = windowed("2026-03-10T00:00", "2026-03-11T00:00", "0 2 * * 0")

    assert firing(due(into, WORK_WEEK, NEXT, *span)) == [
        (at("2026-03-08T02:00"), at("2026-03-09T02:00"))
    ]
    left = due(out_of, WORK_WEEK, NEXT, *span)[-1]
    assert (left.planned_at, left.fires_at) == (at("2026-03-08T02:00"), None)
    assert sentence(left.code or "", left.params) == (
        "2026-03-08 is closed in “Riverside”, and the open day 2026-03-09 lies outside the time"
        " from start to end of the task."
    )
    assert due(never_in, WORK_WEEK, NEXT, *span) == []


@pytest.mark.parametrize("policy", [NEXT, PREVIOUS])
def test_that_a_calendar_that_never_opens_says_so(policy: CalendarPolicy) -> None:
    found = next_occurrence(DAILY, NEVER_OPEN, policy, at("2026-03-01T00:00"))

    assert found is not None
    assert found.fires_at is None
    assert sentence(found.code or "", found.params) == (
        "2026-03-01 is closed in “Closed for ever”, and there is no open day within 400 days."
    )


@pytest.mark.parametrize("policy", list(CalendarPolicy))
def test_that_the_search_for_a_firing_one_ends(policy: CalendarPolicy) -> None:
    minutely = Schedule(Cron("* * * * *"), SHANGHAI)

    assert next_firing(minutely, NEVER_OPEN, policy, at("2026-03-01T00:00")) is None


def test_that_a_minutely_line_is_not_visited_minute_by_minute_through_a_summer() -> None:
    summer = CalendarRange(RangeKind.HOLIDAY, "Summer", date(2026, 7, 1), date(2026, 8, 31))
    calendar = SchoolCalendar("Riverside", ranges=(summer,))
    minutely = Schedule(Cron("* * * * *"), SHANGHAI)

    found = next_firing(minutely, calendar, SKIP, at("2026-06-30T23:59"))
    merged = occurrences(
        minutely, calendar, NEXT, at("2026-09-01T08:00"), at("2026-09-01T08:01"), 100
    )

    assert found is not None
    assert found.fires_at == at("2026-09-01T00:00")
    assert len(merged) == 63
    assert firing(merged) == [(at("2026-09-01T08:01"), at("2026-09-01T08:01"))]


def test_that_the_limit_keeps_the_first_and_latest_the_newest() -> None:
    span = (at("2026-10-01T00:00"), at("2026-11-01T00:00"))
    everything = occurrences(DAILY, AUTUMN, SKIP, *span, 1000)

    assert occurrences(DAILY, AUTUMN, SKIP, *span, 3) == everything[:3]
    assert latest_occurrences(DAILY, AUTUMN, SKIP, *span, 3) == everything[-3:]
    assert latest_occurrences(DAILY, AUTUMN, SKIP, *span, 0) == []
    assert latest_occurrences(DAILY, AUTUMN, SKIP, *span, 99) == everything


@given(
    st.integers(1, 10**6),
    st.integers(0, 2 * 10**9).map(lambda second: datetime.fromtimestamp(second, UTC)),
    st.integers(0, 86_400),
)
def test_that_jitter_is_added_never_earlier_and_always_the_same(
    task_id: int, planned_at: datetime, jitter_seconds: int
) -> None:
    moved = jittered(task_id, planned_at, jitter_seconds)

    assert planned_at <= moved <= planned_at + timedelta(seconds=jitter_seconds)
    assert moved == jittered(task_id, planned_at, jitter_seconds)


def test_that_jitter_spreads_the_tasks_of_one_instant() -> None:
    spread = {jittered(task_id, at("2026-03-02T02:00"), 600) for task_id in range(300)}

    assert len(spread) > 200
    assert jittered(1, at("2026-03-02T02:00"), 0) == at("2026-03-02T02:00")


zones = st.sampled_from(
    ["Asia/Shanghai", "Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "Pacific/Apia"]
)
CHANGES = [date(2026, 3, 26), date(2026, 10, 22), date(2022, 9, 8), date(2011, 12, 27)]
"""Shortly before clocks change, and before a date that was left out."""
begins = st.one_of(st.dates(date(2010, 1, 1), date(2030, 1, 1)), st.sampled_from(CHANGES)).flatmap(
    lambda day: st.times().map(lambda time: datetime.combine(day, time, UTC))
)
triggers: st.SearchStrategy[Trigger] = st.one_of(
    st.sampled_from(
        ["30 2 * * *", "0 */6 * * *", "15 0,23 * * 1,6", "0 12 1 * *", "45 * * * 0", "0 0 * * 0"]
    ).map(Cron),
    st.integers(5, 200).map(lambda hours: Interval(hours * 3600, datetime(2009, 1, 1, tzinfo=UTC))),
)


@st.composite
def calendars(draw: st.DrawFn, near: date) -> SchoolCalendar:
    days = st.integers(-40, 60).map(lambda number: near + number * DAY)
    ranges = st.builds(
        lambda kind, first, length: CalendarRange(kind, "range", first, first + length * DAY),
        st.sampled_from(RangeKind),
        days,
        st.integers(0, 30),
    )
    return SchoolCalendar(
        "Riverside",
        draw(st.frozensets(st.integers(0, 6), max_size=7)),
        tuple(draw(st.lists(ranges, max_size=4))),
        tuple(draw(st.lists(st.builds(Override, days, st.booleans()), max_size=8))),
    )


@st.composite
def questions(
    draw: st.DrawFn,
) -> tuple[Schedule, SchoolCalendar, CalendarPolicy, datetime, datetime]:
    after = draw(begins)
    hours = st.integers(-300, 900).map(lambda number: after + number * timedelta(hours=1))
    starts_at, ends_at = draw(st.one_of(st.none(), hours)), draw(st.one_of(st.none(), hours))
    schedule = Schedule(draw(triggers), draw(zones), starts_at, ends_at)
    until = after + draw(st.integers(0, 720)) * timedelta(hours=1)
    calendar = draw(calendars(after.date()))
    return schedule, calendar, draw(st.sampled_from(CalendarPolicy)), after, until


@given(questions())
@settings(max_examples=100, deadline=None)
def test_that_the_plain_oracle_agrees(
    question: tuple[Schedule, SchoolCalendar, CalendarPolicy, datetime, datetime],
) -> None:
    schedule, calendar, policy, after, until = question

    found = occurrences(*question, 100_000)

    assert [
        (each.due_at, each.planned_at, each.fires_at is not None) for each in found
    ] == occurrence_oracle.told(*question)
    assert all(each.fires_at in (None, each.due_at) for each in found)
    fires = [each.fires_at for each in found if each.fires_at is not None]
    assert all(earlier < later for earlier, later in pairwise(fires))
    assert count_firing(*question) == len(fires)
    assert latest_occurrences(*question, 5) == found[-5:]
    first = next_occurrence(schedule, calendar, policy, after)
    assert found[:1] == [each for each in (first,) if each is not None and each.due_at <= until]
    firing_first = next_firing(schedule, calendar, policy, after)
    assert fires[:1] == [
        each.fires_at for each in (firing_first,) if each is not None and each.due_at <= until
    ]


@given(questions(), st.lists(st.floats(0, 1), max_size=4))
@settings(max_examples=40, deadline=None)
def test_that_successive_ranges_neither_miss_nor_repeat(
    question: tuple[Schedule, SchoolCalendar, CalendarPolicy, datetime, datetime],
    shares: list[float],
) -> None:
    schedule, calendar, policy, after, until = question
    cuts = [after, *sorted(after + (until - after) * share for share in shares), until]

    pieces = [
        each
        for begin, end in pairwise(cuts)
        for each in occurrences(schedule, calendar, policy, begin, end, 100_000)
    ]

    assert pieces == occurrences(*question, 100_000)


@given(questions())
@settings(max_examples=40, deadline=None)
def test_that_a_reason_has_its_words(
    question: tuple[Schedule, SchoolCalendar, CalendarPolicy, datetime, datetime],
) -> None:
    for each in occurrences(*question, 50):
        as_planned = each.fires_at == each.planned_at
        assert (each.code is None) == as_planned
        if each.code is not None:
            words = sentence(each.code, each.params)
            assert words.endswith(".")
            assert "?" not in words
            assert "calendar." not in words


def test_that_an_open_calendar_changes_nothing() -> None:
    always = SchoolCalendar("Always", frozenset(range(7)))
    span = (at("2026-03-01T00:00"), at("2026-04-01T00:00"))

    found = occurrences(DAILY, always, NEXT, *span, 1000)

    assert [each.fires_at for each in found] == fire_times.latest_between(DAILY, *span, 1000)
