"""The next instants of every trigger, its ranges and counts, and which schedules are refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from core.domain.trigger import Cron, Interval, Once, Schedule, Trigger
from core.errors import InvalidValueError
from core.scheduling import fire_times

SHANGHAI = "Asia/Shanghai"
NOW = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)  # 14:30 in Shanghai
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def _kind(trigger: Trigger) -> str:
    return type(trigger).__name__


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _next(trigger: Trigger, after: datetime, count: int = 3) -> list[datetime]:
    return list(islice(fire_times.iter_after(Schedule(trigger, SHANGHAI), after), count))


def _refused(schedule: Schedule) -> tuple[str, str]:
    with pytest.raises(InvalidValueError) as caught:
        fire_times.check(schedule, NOW)
    return caught.value.code, caught.value.field


def test_that_a_cron_line_means_the_wall_time_of_its_zone() -> None:
    assert _next(Cron("0 2 * * *"), NOW, 2) == [_at("2026-03-01T18:00"), _at("2026-03-02T18:00")]


def test_that_the_next_instant_is_strictly_later() -> None:
    instant = _at("2026-03-01T18:00")
    schedule = Schedule(Cron("0 2 * * *"), SHANGHAI)
    just_before = instant - timedelta(microseconds=1)
    assert fire_times.next_after(schedule, just_before) == instant
    assert fire_times.next_after(schedule, instant) == instant + DAY


def test_that_a_single_run_comes_once() -> None:
    assert _next(Once(NOW), NOW - HOUR) == [NOW]
    assert _next(Once(NOW), NOW) == []


def test_that_the_first_interval_ends_one_interval_after_the_anchor() -> None:
    assert _next(Interval(3600, NOW), NOW - 10 * DAY, 2) == [NOW + HOUR, NOW + 2 * HOUR]


def test_that_nothing_shifts_the_anchor() -> None:
    late = NOW + 100 * HOUR + timedelta(minutes=17)
    assert _next(Interval(3600, NOW), late, 1) == [NOW + 101 * HOUR]


def test_that_an_interval_is_elapsed_time_across_a_clock_change() -> None:
    anchor = _at("2026-03-28T01:00")
    schedule = Schedule(Interval(86_400, anchor), "Europe/Berlin")
    assert list(islice(fire_times.iter_after(schedule, anchor), 2)) == [
        anchor + DAY,
        anchor + 2 * DAY,
    ]


def test_that_instants_are_whole_seconds() -> None:
    uneven = NOW + timedelta(microseconds=250_000)
    assert _next(Interval(10, uneven), uneven, 1) == [NOW + timedelta(seconds=10)]
    assert _next(Once(uneven), NOW - HOUR) == [NOW]


@pytest.mark.parametrize(
    "trigger", [Cron("30 * * * *"), Interval(3600, NOW), Once(NOW + HOUR)], ids=_kind
)
def test_that_the_window_includes_both_ends(trigger: Trigger) -> None:
    edge = NOW + HOUR
    schedule = Schedule(trigger, SHANGHAI, starts_at=edge, ends_at=edge)
    assert list(fire_times.iter_after(schedule, NOW - DAY)) == [edge]
    assert fire_times.count_between(schedule, NOW - DAY, NOW + DAY) == 1
    second = timedelta(seconds=1)
    for window in ((edge + second, edge + 2 * second), (edge - 2 * second, edge - second)):
        outside = Schedule(trigger, SHANGHAI, *window)
        assert fire_times.next_after(outside, NOW - DAY) is None
        assert fire_times.latest_between(outside, NOW - DAY, NOW + DAY, 5) == []


def test_that_a_window_between_seconds_includes_no_second_outside() -> None:
    half = timedelta(microseconds=500_000)
    schedule = Schedule(Interval(1, NOW - HOUR), SHANGHAI, starts_at=NOW - half, ends_at=NOW + half)
    assert list(fire_times.iter_after(schedule, NOW - HOUR)) == [NOW]


def test_that_ranges_exclude_their_start_and_include_their_end() -> None:
    hourly = Schedule(Cron("30 * * * *"), SHANGHAI)
    assert fire_times.count_between(hourly, NOW, NOW + HOUR) == 1
    assert fire_times.count_between(hourly, NOW, NOW) == 0
    assert fire_times.count_between(hourly, NOW + HOUR, NOW) == 0
    assert fire_times.latest_between(hourly, NOW, NOW + HOUR, 5) == [NOW + HOUR]


def test_that_counting_years_of_minutes_is_exact() -> None:
    every_minute = Schedule(Cron("* * * * *"), "Europe/Berlin")
    start, end = _at("2000-01-01"), _at("2026-01-01")
    assert fire_times.count_between(every_minute, start, end) == (end - start) // timedelta(
        minutes=1
    )


def test_that_the_newest_of_years_of_seconds_are_found_without_the_others() -> None:
    every_second = Schedule(Interval(1, _at("2000-01-01")), SHANGHAI)
    newest = fire_times.latest_between(every_second, _at("2001-01-01"), NOW, 3)
    assert newest == [NOW - timedelta(seconds=2), NOW - timedelta(seconds=1), NOW]


def test_that_the_newest_are_all_there_are_when_fewer() -> None:
    schedule = Schedule(Once(NOW), SHANGHAI)
    assert fire_times.latest_between(schedule, NOW - DAY, NOW, 10) == [NOW]
    assert fire_times.latest_between(schedule, NOW - DAY, NOW, 0) == []


@pytest.mark.parametrize(
    ("line", "after", "fires"),
    [
        ("0 0 29 2 *", "2096-03-01", "2104-02-29"),  # 2100 is no leap year
        ("0 0 * 2 1#5", "2044-03-01", "2072-02-29"),  # 29 February on a Monday
        ("0 0 * 2 1#5", "2072-03-01", "2112-02-29"),
    ],
)
def test_that_the_rarest_days_are_found(line: str, after: str, fires: str) -> None:
    schedule = Schedule(Cron(line), "UTC")
    assert fire_times.next_after(schedule, _at(after)) == _at(fires)


@pytest.mark.parametrize("trigger", [Cron("* * * * *"), Interval(60, NOW)], ids=_kind)
def test_that_the_ends_of_the_calendar_are_ends_and_not_errors(trigger: Trigger) -> None:
    schedule = Schedule(trigger, "Pacific/Auckland")
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    assert fire_times.next_after(schedule, last) is None
    assert fire_times.next_after(schedule, first) is not None
    assert len(fire_times.latest_between(schedule, NOW, last, 2)) == 2


@pytest.mark.parametrize(
    "trigger", [Once(NOW + HOUR), Interval(1, NOW), Cron("0 2 * * *")], ids=_kind
)
def test_that_a_sound_schedule_passes(trigger: Trigger) -> None:
    fire_times.check(Schedule(trigger, SHANGHAI, starts_at=NOW, ends_at=NOW + DAY), NOW)


@pytest.mark.parametrize("run_at", [NOW, NOW - HOUR])
def test_that_a_single_run_in_the_past_is_refused(run_at: datetime) -> None:
    assert _refused(Schedule(Once(run_at), SHANGHAI)) == ("once.in_the_past", "run_at")


def test_that_the_refusal_of_a_past_run_shows_the_zone_s_time() -> None:
    with pytest.raises(InvalidValueError) as caught:
        fire_times.check(Schedule(Once(NOW - HOUR), SHANGHAI), NOW)
    assert caught.value.params["value"] == "2026-03-01T13:30:00+08:00"
    assert caught.value.params["now"] == "2026-03-01T14:30:00+08:00"


def test_that_every_field_is_checked() -> None:
    cron = Cron("0 2 * * *")
    assert _refused(Schedule(cron, "Asia/Beijing")) == ("time.zone_unknown", "timezone")
    assert _refused(Schedule(Cron("0 25 * * *"), SHANGHAI)) == (
        "cron.out_of_range",
        "cron_expression",
    )
    assert _refused(Schedule(Interval(0, NOW), SHANGHAI)) == (
        "interval.out_of_range",
        "interval_seconds",
    )
    backwards = Schedule(cron, SHANGHAI, starts_at=NOW, ends_at=NOW - HOUR)
    assert _refused(backwards) == ("window.empty", "ends_at")


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule(Cron("0 2 5 * *"), SHANGHAI, starts_at=NOW, ends_at=NOW + DAY),
        Schedule(Interval(7200, NOW), SHANGHAI, ends_at=NOW + HOUR),
        Schedule(Once(NOW + DAY), SHANGHAI, ends_at=NOW + HOUR),
        Schedule(Once(NOW + HOUR), SHANGHAI, starts_at=NOW + DAY),
    ],
    ids=["cron", "interval", "once_after", "once_before"],
)
def test_that_a_window_in_which_nothing_runs_is_refused(schedule: Schedule) -> None:
    assert _refused(schedule) == ("window.never", "ends_at")


@pytest.mark.parametrize(
    "name",
    ["", "Asia", "asia/shanghai", "localtime", "right/Asia/Tokyo", "/etc/passwd", "../UTC", "北京"],
)
def test_that_only_names_of_the_iana_database_are_zones(name: str) -> None:
    with pytest.raises(InvalidValueError, match=r"time\.zone_unknown"):
        fire_times.zone(name)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-01T14:30", "2026-03-01T06:30"),
        ("2026-03-01 14:30:15", "2026-03-01T06:30:15"),
        ("2026-03-01T14:30:15.9", "2026-03-01T06:30:15"),
        ("2026-03-01T14:30Z", "2026-03-01T14:30"),
        ("2026-03-01T14:30+02:00", "2026-03-01T12:30"),
        (" ２０２６－０３－０１　１４：３０ ", "2026-03-01T06:30"),
        ("2026-03-01", "2026-02-28T16:00"),
    ],
)
def test_that_times_are_read_in_the_zone_of_the_task(text: str, instant: str) -> None:
    assert fire_times.read_time(text, SHANGHAI, "run_at") == _at(instant)


@pytest.mark.parametrize(
    "text",
    ["", "tomorrow", "2026-02-30T10:00", "14:30", "0001-01-01T00:00", "9999-12-31T23:59-12:00"],
)
def test_that_an_unreadable_time_names_its_field(text: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        fire_times.read_time(text, SHANGHAI, "starts_at")
    assert (caught.value.code, caught.value.field) == ("time.unreadable", "starts_at")
    assert caught.value.params["value"] == text
