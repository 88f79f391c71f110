"""What holds for every schedule: one error type, rising instants, ranges that agree."""

from __future__ import annotations

import string
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

import pytest
from croniter import croniter
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.trigger import Cron, Interval, Schedule
from core.errors import InvalidValueError
from core.messages import error_sentence
from core.scheduling import cron, fire_times, wording
from core.scheduling.half_width import half_width

ZONES = sorted(available_timezones() - {"localtime"})
CRON_CHARACTERS = string.digits + "*,-/#LWlw@ \t?" + "０９＊，－　、–" + "JANFEBMONSUNsat"

instants = st.integers(-10_000_000, 50_000_000).map(
    lambda minutes: datetime(2010, 1, 1, 0, 0, 30, tzinfo=UTC) + timedelta(minutes=minutes / 2)
)
zones = st.sampled_from(ZONES)


def _item(low: int, high: int) -> st.SearchStrategy[str]:
    values = st.integers(low, high)
    return st.one_of(
        st.just("*"),
        values.map(str),
        st.tuples(values, values).map(lambda pair: f"{pair[0]}-{pair[1]}"),
        st.integers(1, high).map(lambda step: f"*/{step}"),
        st.tuples(values, values, st.integers(1, high)).map(lambda t: f"{t[0]}-{t[1]}/{t[2]}"),
        st.tuples(values, st.integers(1, high)).map(lambda t: f"{t[0]}/{t[1]}"),
    )


def _field(low: int, high: int, *special: str) -> st.SearchStrategy[str]:
    items = st.one_of(_item(low, high), st.sampled_from(special)) if special else _item(low, high)
    return st.lists(items, min_size=1, max_size=3).map(",".join)


structures = st.tuples(
    _field(0, 59),
    _field(0, 23),
    _field(1, 31, "L", "15W", "W31", "20-L"),
    _field(1, 12, "JAN", "mar-jun"),
    _field(0, 7, "MON", "fri-mon", "5#3", "L0", "tue-thu#2"),
).map(" ".join)


def _refusal(action: Callable[[], object]) -> InvalidValueError | None:
    try:
        action()
    except InvalidValueError as error:
        return error
    return None


expressions = structures.filter(lambda line: _refusal(lambda: cron.parse(line)) is None)


@given(st.one_of(st.text(max_size=300), st.text(CRON_CHARACTERS, max_size=40), structures))
@settings(max_examples=600, deadline=None)
def test_that_any_text_gives_an_expression_or_our_error_with_a_sentence(text: str) -> None:
    refusal = _refusal(lambda: cron.parse(text))
    if refusal:
        assert refusal.field == "cron_expression"
        assert refusal.code.startswith("cron.")
        assert "?" not in error_sentence(refusal) or "?" in half_width(text)
    else:
        parsed = cron.parse(text)
        assert parsed.text.isascii()
        assert cron.parse(parsed.text) == parsed
        assert wording.words(Schedule(Cron(text), "Asia/Shanghai"))


@given(st.text(max_size=40), st.sampled_from(["Asia/Shanghai", "America/Santiago"]))
@settings(max_examples=300, deadline=None)
def test_that_any_text_gives_a_time_or_our_error(text: str, zone: str) -> None:
    refusal = _refusal(lambda: fire_times.read_time(text, zone, "run_at"))
    assert refusal is None or refusal.code == "time.unreadable"


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_that_any_text_gives_a_zone_or_our_error(text: str) -> None:
    with pytest.raises(InvalidValueError, match=r"time\.zone_unknown"):
        fire_times.zone("X" + text)


@given(expressions, zones, instants)
@settings(max_examples=150, deadline=None)
def test_that_instants_rise_on_whole_minutes_of_the_wall(
    expression: str, zone: str, after: datetime
) -> None:
    previous = after
    for instant in islice(fire_times.iter_after(Schedule(Cron(expression), zone), after), 20):
        assert instant > previous
        assert instant.microsecond == 0
        previous = instant


@given(expressions, zones, instants, st.integers(0, 60 * 24 * 90), st.integers(0, 12))
@settings(max_examples=150, deadline=None)
def test_that_counting_and_the_newest_agree_with_visiting_each(
    expression: str, zone: str, after: datetime, minutes: int, limit: int
) -> None:
    schedule = Schedule(Cron(expression), zone)
    start = next(fire_times.iter_after(schedule, after), after) - timedelta(seconds=1)
    until = start + timedelta(minutes=minutes)
    each = []
    for instant in islice(fire_times.iter_after(schedule, start), 3000):
        if instant > until:
            break
        each.append(instant)
    until = min(until, each[-1]) if len(each) == 3000 else until
    assert fire_times.count_between(schedule, start, until) == len(each)
    newest = each[-limit:] if limit else []
    assert fire_times.latest_between(schedule, start, until, limit) == newest


@given(
    st.integers(1, 10_000_000), instants, instants, st.integers(0, 10_000_000), st.integers(0, 9)
)
@settings(max_examples=200, deadline=None)
def test_that_intervals_keep_their_anchor(
    seconds: int, anchor: datetime, after: datetime, length: int, limit: int
) -> None:
    schedule = Schedule(Interval(seconds, anchor), "Europe/Berlin")
    until = after + timedelta(seconds=length)
    count = fire_times.count_between(schedule, after, until)
    newest = fire_times.latest_between(schedule, after, until, limit)
    assert len(newest) == min(limit, count)
    base = anchor.replace(microsecond=0)
    for instant in newest:
        assert after < instant <= until
        assert instant > base
        assert (instant - base) % timedelta(seconds=seconds) == timedelta(0)


@given(zones, st.integers(1975, 2035), st.integers(0, 1439))
@settings(max_examples=120, deadline=None)
def test_that_a_fixed_daily_time_fires_once_on_every_date_that_exists(
    zone: str, year: int, minute_of_day: int
) -> None:
    local = ZoneInfo(zone)
    schedule = Schedule(Cron(f"{minute_of_day % 60} {minute_of_day // 60} * * *"), zone)
    start = datetime(year, 1, 1, tzinfo=UTC)
    fired: list[date] = []
    for instant in fire_times.iter_after(schedule, start):
        if instant > start + timedelta(days=366):
            break
        fired.append(_meant_date(instant, local, minute_of_day))
    assert fired == _existing_dates(fired[0], fired[-1], local)


def _meant_date(instant: datetime, local: ZoneInfo, minute_of_day: int) -> date:
    """The date of the wall time that `instant` stands for: in a gap it may be the date before."""
    here = instant.astimezone(local)
    if here.hour * 60 + here.minute >= minute_of_day:
        return here.date()
    return here.date() - timedelta(days=1)


def _existing_dates(first: date, last: date, local: ZoneInfo) -> list[date]:
    """Every date on which the zone has any instant."""
    begin = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=2)
    dates = {
        (begin + timedelta(hours=hours)).astimezone(local).date()
        for hours in range(((last - first).days + 4) * 24)
    }
    return sorted(each for each in dates if first <= each <= last)


@given(expressions, instants)
@settings(max_examples=200, deadline=None)
def test_that_croniter_agrees_where_no_clock_changes_and_no_day_fields_are_joined(
    expression: str, after: datetime
) -> None:
    if _joins_days_in_its_own_way(cron.parse(expression)):
        return
    ours = fire_times.iter_after(Schedule(Cron(expression), "UTC"), after)
    theirs = croniter(expression, after)
    for _ in range(5):
        assert next(ours) == theirs.get_next(datetime)


def _joins_days_in_its_own_way(parsed: cron.CronExpression) -> bool:
    """Whether croniter departs from "either matches": with `#` and `W`, and beside a step."""
    days = parsed.days
    if not (days.restricts_month_day and days.restricts_weekday):
        return False
    return bool(days.nearest_to or days.occurrences) or "*" in "".join(parsed.text.split()[2::2])
