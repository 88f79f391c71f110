"""Triggers told from the terms and exam times of a calendar, as dates."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.calendar import (
    CalendarRange,
    Override,
    RangeKind,
    SchoolCalendar,
    is_open,
)
from core.domain.term import (
    FirstOpenDay,
    OpenDaysBefore,
    TermRule,
    TermTrigger,
    WeekdayOfWeek,
    check_rule,
    date_in,
    dates,
    wall_times,
)
from core.errors import InvalidValueError
from core.messages import error_sentence

DAY = timedelta(days=1)
SPRING = CalendarRange(RangeKind.TERM, "Spring", date(2026, 3, 1), date(2026, 7, 3))
AUTUMN = CalendarRange(RangeKind.TERM, "Autumn", date(2026, 9, 1), date(2027, 1, 20))
EXAMS = CalendarRange(RangeKind.EXAM, "Finals", date(2026, 6, 22), date(2026, 6, 26))
DRAGON_BOAT = CalendarRange(RangeKind.HOLIDAY, "端午节", date(2026, 6, 19), date(2026, 6, 21))
YEAR = SchoolCalendar("Riverside", ranges=(AUTUMN, EXAMS, SPRING, DRAGON_BOAT))


def test_that_the_first_open_day_steps_over_a_weekend() -> None:
    # 1 March 2026 is a Sunday.
    assert dates(YEAR, FirstOpenDay()) == (date(2026, 3, 2), date(2026, 9, 1))


def test_that_a_make_up_day_can_be_the_first_open_day() -> None:
    calendar = SchoolCalendar(
        "Riverside", ranges=(SPRING,), overrides=(Override(date(2026, 3, 1), is_open=True),)
    )

    assert dates(calendar, FirstOpenDay()) == (date(2026, 3, 1),)


def test_that_a_range_without_an_open_day_has_no_first_one() -> None:
    assert dates(YEAR, FirstOpenDay(RangeKind.HOLIDAY)) == ()


def test_that_week_one_holds_the_first_date() -> None:
    # The spring term begins on the Sunday of its week 1, the autumn term on a Tuesday.
    assert dates(YEAR, WeekdayOfWeek(0, 3)) == (date(2026, 3, 9), date(2026, 9, 14))
    assert dates(YEAR, WeekdayOfWeek(6, 1)) == (date(2026, 3, 1), date(2026, 9, 6))


def test_that_a_weekday_before_the_first_date_is_not_in_the_term() -> None:
    assert dates(YEAR, WeekdayOfWeek(0, 1)) == ()
    assert dates(YEAR, WeekdayOfWeek(1, 1)) == (date(2026, 9, 1),)


def test_that_a_week_after_the_end_has_no_date() -> None:
    assert date_in(YEAR, WeekdayOfWeek(0, 19), SPRING) == date(2026, 6, 29)
    assert date_in(YEAR, WeekdayOfWeek(5, 19), SPRING) is None
    assert date_in(YEAR, WeekdayOfWeek(0, 20), SPRING) is None


def test_that_a_closed_weekday_is_left_to_the_calendar_policy() -> None:
    assert date_in(YEAR, WeekdayOfWeek(4, 17), SPRING) == date(2026, 6, 19)
    assert not is_open(YEAR, date(2026, 6, 19))


@pytest.mark.parametrize(
    ("days", "on"),
    [(1, date(2026, 6, 18)), (2, date(2026, 6, 17)), (5, date(2026, 6, 12))],
)
def test_that_open_days_before_the_exams_leave_out_closed_ones(days: int, on: date) -> None:
    # Friday 19 June is a holiday, so the last open day before Monday is Thursday.
    assert dates(YEAR, OpenDaysBefore(days)) == (on,)


def test_that_no_open_day_before_a_range_is_none() -> None:
    closed = SchoolCalendar("Closed", frozenset(), ranges=(EXAMS,))

    assert dates(closed, OpenDaysBefore(3)) == ()


def test_that_two_terms_with_one_date_give_it_once() -> None:
    twin = CalendarRange(RangeKind.TERM, "Twin", SPRING.first_on, SPRING.last_on)

    assert len(dates(SchoolCalendar("Two", ranges=(SPRING, twin)), FirstOpenDay())) == 1


def test_that_a_trigger_is_a_wall_time_on_each_of_its_dates() -> None:
    trigger = TermTrigger(FirstOpenDay(), time(6, 30))

    assert wall_times(YEAR, trigger) == (
        datetime.fromisoformat("2026-03-02T06:30"),
        datetime.fromisoformat("2026-09-01T06:30"),
    )


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        (WeekdayOfWeek(7, 1), "weekday is 7"),
        (WeekdayOfWeek(0, 0), "week is 0"),
        (WeekdayOfWeek(0, 61), "week is 61"),
        (OpenDaysBefore(0), "days is 0"),
        (OpenDaysBefore(101), "days is 101"),
    ],
)
def test_that_a_number_outside_its_limits_is_refused_by_name(rule: TermRule, named: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        check_rule(rule)
    assert error_sentence(caught.value).startswith(named)


ranges = st.builds(
    lambda kind, first, length: CalendarRange(kind, "range", first, first + length * DAY),
    st.sampled_from(RangeKind),
    st.dates(date(2024, 1, 1), date(2028, 1, 1)),
    st.integers(0, 150),
)
rules: st.SearchStrategy[TermRule] = st.one_of(
    st.builds(FirstOpenDay, st.sampled_from(RangeKind)),
    st.builds(WeekdayOfWeek, st.integers(0, 6), st.integers(1, 25), st.sampled_from(RangeKind)),
    st.builds(OpenDaysBefore, st.integers(1, 30), st.sampled_from(RangeKind)),
)


@given(st.frozensets(st.integers(0, 6)), st.lists(ranges, max_size=6).map(tuple), rules)
def test_that_every_date_is_what_its_rule_says(
    weekdays: frozenset[int], given_ranges: tuple[CalendarRange, ...], rule: TermRule
) -> None:
    calendar = SchoolCalendar("Riverside", weekdays, given_ranges)
    found = dates(calendar, check_rule(rule))

    assert list(found) == sorted(set(found))
    for each in given_ranges:
        on = date_in(calendar, rule, each)
        if each.kind is rule.kind and on is not None:
            assert on in found
        match rule:
            case FirstOpenDay() if on is not None:
                assert is_open(calendar, on)
                assert not any(
                    is_open(calendar, each.first_on + number * DAY)
                    for number in range((on - each.first_on).days)
                )
            case WeekdayOfWeek(weekday, week) if on is not None:
                assert on.weekday() == weekday
                assert each.first_on <= on <= each.last_on
                first_week = each.first_on.isocalendar()
                monday = date.fromisocalendar(first_week.year, first_week.week, 1)
                assert (on - monday).days // 7 == week - 1
            case OpenDaysBefore(days) if on is not None:
                between = [on + number * DAY for number in range((each.first_on - on).days)]
                assert sum(is_open(calendar, each) for each in between) == days
                assert is_open(calendar, on)
