"""Quiet hours: when training waits, until when, and what clock changes do to that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.quiet_hours import (
    DAY_MINUTES,
    QuietTime,
    Timetable,
    is_quiet,
    next_allowed,
)
from core.domain.quiet_text import parse
from core.errors import InvalidValueError

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
SCHOOL = parse("mon-fri 08:00-17:00; sat 09:00-12:00")
NIGHT = parse("fri 22:00-06:00")
STEP = timedelta(microseconds=1)


def _local(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def _allowed(timetable: Timetable, text: str, zone: ZoneInfo) -> str:
    """The first allowed time after a time with offset, as local time with offset."""
    found = next_allowed(timetable, zone, datetime.fromisoformat(text))
    return found.astimezone(zone).isoformat(timespec="minutes")


@pytest.mark.parametrize(
    ("timetable", "at", "until"),
    [
        (SCHOOL, "2026-03-02T07:59:59", None),  # a Monday
        (SCHOOL, "2026-03-02T08:00", "2026-03-02T17:00"),
        (SCHOOL, "2026-03-02T16:59:59", "2026-03-02T17:00"),
        (SCHOOL, "2026-03-02T17:00", None),
        (SCHOOL, "2026-03-07T10:00", "2026-03-07T12:00"),
        (SCHOOL, "2026-03-08T10:00", None),
        (NIGHT, "2026-03-06T21:59", None),
        (NIGHT, "2026-03-06T22:00", "2026-03-07T06:00"),
        (NIGHT, "2026-03-07T05:59", "2026-03-07T06:00"),
        (NIGHT, "2026-03-07T06:00", None),
        (parse("sun 22:00-06:00"), "2026-03-09T01:00", "2026-03-09T06:00"),
        (parse("daily 20:00-24:00; daily 00:00-06:00"), "2026-03-06T21:00", "2026-03-07T06:00"),
        (parse("mon 08:00-12:00,11:00-13:00"), "2026-03-02T09:00", "2026-03-02T13:00"),
        (Timetable(), "2026-03-02T08:00", None),
    ],
)
def test_that_training_waits_inside_until_the_end(
    timetable: Timetable, at: str, until: str | None
) -> None:
    now = _local(at)
    assert is_quiet(timetable, SHANGHAI, now) == (until is not None)
    assert next_allowed(timetable, SHANGHAI, now) == (now if until is None else _local(until))


@pytest.mark.parametrize(
    ("text", "at", "allowed"),
    [
        # In spring 02:00 becomes 03:00: what ends in the gap ends with it.
        ("sun 01:00-02:30", "2026-03-29T01:30+01:00", "2026-03-29T03:00+02:00"),
        ("sun 01:00-05:00", "2026-03-29T01:30+01:00", "2026-03-29T05:00+02:00"),
        ("sun 02:10-02:50", "2026-03-29T01:59+01:00", "2026-03-29T01:59+01:00"),
        ("sat 22:00-06:00", "2026-03-28T23:00+01:00", "2026-03-29T06:00+02:00"),
        # In autumn 03:00 becomes 02:00: a repeated hour is quiet both times.
        ("sun 01:00-02:30", "2026-10-25T01:30+02:00", "2026-10-25T02:30+02:00"),
        ("sun 01:00-02:30", "2026-10-25T02:10+01:00", "2026-10-25T02:30+01:00"),
        ("sun 01:00-03:00", "2026-10-25T01:30+02:00", "2026-10-25T03:00+01:00"),
        ("sun 01:00-05:00", "2026-10-25T01:30+02:00", "2026-10-25T05:00+01:00"),
    ],
)
def test_that_the_wall_clock_decides_when_the_clocks_change(
    text: str, at: str, allowed: str
) -> None:
    assert _allowed(parse(text), at, BERLIN) == allowed


def test_that_a_moment_of_freedom_lost_in_a_gap_comes_a_week_later() -> None:
    only_half_past_two = parse("mon-sat 00:00-24:00; sun 00:00-02:00,03:00-24:00")
    found = _allowed(only_half_past_two, "2026-03-28T12:00+01:00", BERLIN)
    assert found == "2026-04-05T02:00+02:00"


@pytest.mark.parametrize(
    "times",
    [
        (QuietTime(tuple(range(7)), 0, DAY_MINUTES),),
        (QuietTime(tuple(range(7)), 720, 720 + DAY_MINUTES),),
        (QuietTime(tuple(range(7)), 0, 720), QuietTime(tuple(range(7)), 700, DAY_MINUTES)),
    ],
)
def test_that_a_week_without_a_free_minute_is_refused(times: tuple[QuietTime, ...]) -> None:
    with pytest.raises(InvalidValueError) as caught:
        Timetable(times)
    assert caught.value.code == "quiet.never_open"


@st.composite
def timetables(draw: st.DrawFn) -> Timetable:
    """Timetables that leave Wednesday 12:00 to 13:00 and more free."""
    times = []
    for _number in range(draw(st.integers(0, 4))):
        begin = draw(st.integers(0, DAY_MINUTES - 1))
        length = draw(st.integers(1, DAY_MINUTES))
        days = draw(st.sets(st.sampled_from([3, 4, 5, 6, 0]), min_size=1))
        times.append(QuietTime(tuple(sorted(days)), begin, begin + length))
    return Timetable(tuple(times))


@given(
    timetables(),
    st.sampled_from(
        [SHANGHAI, BERLIN, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("America/Santiago")]
    ),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - Hypothesis adds the zone
)
def test_that_the_next_allowed_instant_is_free_and_none_before_it_is(
    timetable: Timetable, zone: ZoneInfo, now: datetime
) -> None:
    found = next_allowed(timetable, zone, now)
    assert not is_quiet(timetable, zone, found)
    assert found >= now
    if found > now:
        assert is_quiet(timetable, zone, found - STEP)
        for part in range(64):
            assert is_quiet(timetable, zone, now + (found - now) * part / 64)
