"""Whether a date is open: override, else the shortest range, else the weekly pattern."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.calendar import (
    SEARCH_DAYS,
    CalendarRange,
    Override,
    RangeKind,
    SchoolCalendar,
    check_date,
    check_name,
    check_range,
    check_weekdays,
    is_open,
    next_open,
    previous_open,
    verdict,
)
from core.errors import InvalidValueError
from core.messages import error_sentence, sentence

MONDAY = date(2026, 10, 5)
SATURDAY = date(2026, 10, 10)
DAY = timedelta(days=1)


def a_range(kind: RangeKind, first: date, last: date, name: str = "range") -> CalendarRange:
    return CalendarRange(kind, name, first, last)


def words(calendar: SchoolCalendar, on: date) -> str:
    found = verdict(calendar, on)
    return sentence(found.code, found.params)


def test_that_without_anything_else_the_weekday_decides() -> None:
    calendar = SchoolCalendar("Riverside")

    assert is_open(calendar, MONDAY)
    assert not is_open(calendar, SATURDAY)
    assert words(calendar, MONDAY) == "2026-10-05 is open in “Riverside”: it is a Monday."
    assert words(calendar, SATURDAY) == "2026-10-10 is closed in “Riverside”: it is a Saturday."


@pytest.mark.parametrize("kind", [RangeKind.HOLIDAY, RangeKind.CLOSURE])
def test_that_a_holiday_and_a_closure_close_weekdays(kind: RangeKind) -> None:
    calendar = SchoolCalendar("Riverside", ranges=(a_range(kind, MONDAY, MONDAY + DAY),))

    assert not is_open(calendar, MONDAY)
    assert not is_open(calendar, MONDAY + DAY)
    assert is_open(calendar, MONDAY + 2 * DAY)


@pytest.mark.parametrize("kind", [RangeKind.TERM, RangeKind.EXAM])
def test_that_a_term_and_an_exam_week_leave_the_weekly_pattern(kind: RangeKind) -> None:
    calendar = SchoolCalendar("Riverside", ranges=(a_range(kind, MONDAY, SATURDAY),))

    assert is_open(calendar, MONDAY)
    assert not is_open(calendar, SATURDAY)


def test_that_a_closed_range_says_its_kind_and_its_dates() -> None:
    holiday = a_range(RangeKind.HOLIDAY, MONDAY, SATURDAY, "National Day")

    assert words(SchoolCalendar("Riverside", ranges=(holiday,)), MONDAY) == (
        "2026-10-05 is closed in “Riverside”: it lies in the holiday “National Day”, 2026-10-05 to"
        " 2026-10-10."
    )


@pytest.mark.parametrize("shorter_first", [True, False])
def test_that_of_overlapping_ranges_the_shortest_wins(shorter_first: bool) -> None:
    long = a_range(RangeKind.HOLIDAY, MONDAY - 30 * DAY, MONDAY + 30 * DAY)
    short = a_range(RangeKind.EXAM, MONDAY, MONDAY + DAY)
    ranges = (short, long) if shorter_first else (long, short)
    calendar = SchoolCalendar("Riverside", ranges=ranges)

    assert is_open(calendar, MONDAY)
    assert not is_open(calendar, MONDAY + 2 * DAY)


def test_that_of_ranges_of_one_length_a_closing_one_wins() -> None:
    ranges = [a_range(kind, MONDAY, MONDAY + DAY) for kind in RangeKind]

    assert not is_open(SchoolCalendar("Riverside", ranges=tuple(ranges)), MONDAY)
    assert not is_open(SchoolCalendar("Riverside", ranges=tuple(ranges[::-1])), MONDAY)


def test_that_a_make_up_saturday_is_open_in_the_middle_of_a_holiday() -> None:
    calendar = SchoolCalendar(
        "Riverside",
        ranges=(a_range(RangeKind.HOLIDAY, MONDAY, SATURDAY),),
        overrides=(Override(SATURDAY, is_open=True, name="make-up workday"),),
    )

    assert is_open(calendar, SATURDAY)
    assert words(calendar, SATURDAY) == ("2026-10-10 is open in “Riverside”: make-up workday.")


def test_that_an_override_closes_a_weekday_and_may_have_no_name() -> None:
    calendar = SchoolCalendar("Riverside", overrides=(Override(MONDAY, is_open=False),))

    assert not is_open(calendar, MONDAY)
    assert words(calendar, MONDAY) == (
        "2026-10-05 is closed in “Riverside”: it is marked as closed."
    )


def test_that_of_two_overrides_of_a_date_the_last_counts() -> None:
    overrides = (Override(MONDAY, is_open=False), Override(MONDAY, is_open=True))

    assert is_open(SchoolCalendar("Riverside", overrides=overrides), MONDAY)


def test_that_equal_calendars_are_equal_values() -> None:
    def made() -> SchoolCalendar:
        return SchoolCalendar("Riverside", overrides=(Override(MONDAY, is_open=False),))

    assert made() == made()
    assert hash(made()) == hash(made())


def test_that_the_search_steps_over_closed_days() -> None:
    holiday = a_range(RangeKind.HOLIDAY, date(2026, 10, 1), date(2026, 10, 7))
    calendar = SchoolCalendar("Riverside", ranges=(holiday,))

    assert next_open(calendar, date(2026, 9, 30)) == date(2026, 10, 8)
    assert previous_open(calendar, date(2026, 10, 8)) == date(2026, 9, 30)
    assert next_open(calendar, date(2026, 10, 9)) == date(2026, 10, 12)


def test_that_the_search_ends() -> None:
    never = SchoolCalendar("Closed for ever", frozenset())

    assert next_open(never, MONDAY) is None
    assert previous_open(never, MONDAY) is None
    assert next_open(never, date.max) is None
    assert previous_open(never, date.min) is None
    assert next_open(SchoolCalendar("Riverside"), SATURDAY, limit_days=1) is None
    assert next_open(SchoolCalendar("Riverside"), SATURDAY, limit_days=2) == SATURDAY + 2 * DAY


days = st.dates(date(2025, 1, 1), date(2027, 12, 31))
calendars = st.builds(
    SchoolCalendar,
    st.just("Riverside"),
    st.frozensets(st.integers(0, 6)),
    st.lists(
        st.builds(
            lambda kind, first, length: a_range(kind, first, first + length * DAY),
            st.sampled_from(RangeKind),
            days,
            st.integers(0, 90),
        ),
        max_size=6,
    ).map(tuple),
    st.lists(st.builds(Override, days, st.booleans()), max_size=20).map(tuple),
)


@given(calendars, days)
def test_that_the_found_day_is_the_nearest_open_one(calendar: SchoolCalendar, on: date) -> None:
    for found, step in ((next_open(calendar, on), DAY), (previous_open(calendar, on), -DAY)):
        distance = SEARCH_DAYS + 1 if found is None else abs((found - on).days)
        assert distance > 0
        assert not any(is_open(calendar, on + number * step) for number in range(1, distance))
        assert found is None or is_open(calendar, found)


@given(calendars, days)
def test_that_every_verdict_has_its_words(calendar: SchoolCalendar, on: date) -> None:
    said = words(calendar, on)

    assert said.startswith(on.isoformat())
    assert "?" not in said
    assert "calendar." not in said


@given(calendars, days, st.booleans())
def test_that_nothing_beats_an_override(calendar: SchoolCalendar, on: date, opens: bool) -> None:
    marked = SchoolCalendar(
        calendar.name,
        calendar.open_weekdays,
        calendar.ranges,
        (*calendar.overrides, Override(on, opens)),
    )

    assert is_open(marked, on) is opens


def test_that_a_name_is_trimmed_and_has_limits() -> None:
    assert check_name("  秋季  学期 ") == "秋季 学期"
    for name in ("", "   ", "x" * 201):
        with pytest.raises(InvalidValueError, match=r"calendar\.name_length") as caught:
            check_name(name)
        assert "1 to 200" in error_sentence(caught.value)


def test_that_weekdays_are_those_of_a_week() -> None:
    assert check_weekdays([5, 0, 5]) == {0, 5}
    assert check_weekdays([]) == frozenset()
    with pytest.raises(InvalidValueError, match=r"calendar\.weekday") as caught:
        check_weekdays([7])
    assert error_sentence(caught.value).startswith("“7” is no weekday: allowed are monday, ")


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (MONDAY, MONDAY - DAY, "calendar.range_reversed"),
        (MONDAY, MONDAY + 800 * DAY, "calendar.range_long"),
        (date(1, 1, 1), MONDAY, "calendar.date_far"),
        (MONDAY, date.max, "calendar.date_far"),
    ],
)
def test_that_a_range_that_cannot_be_meant_is_refused(first: date, last: date, code: str) -> None:
    with pytest.raises(InvalidValueError, match=code) as caught:
        check_range(a_range(RangeKind.TERM, first, last))
    assert "?" not in error_sentence(caught.value)


def test_that_a_range_of_one_day_is_one() -> None:
    given = a_range(RangeKind.EXAM, MONDAY, MONDAY, " Exams ")

    assert check_range(given) == a_range(RangeKind.EXAM, MONDAY, MONDAY, "Exams")
    assert given.days == 1
    assert check_date(MONDAY, "date") == MONDAY
