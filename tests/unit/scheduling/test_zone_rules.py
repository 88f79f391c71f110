"""What clock changes do to cron lines: the vectors of the semantics, and the seams behind them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from core.domain.trigger import Cron, Schedule
from core.scheduling import fire_times, zone_rules
from core.scheduling.zone_rules import EPOCH, SECOND

LATE = "02:00+01:00 02:30+01:00 03:00+01:00 03:30+01:00"


def _fires(line: str, zone: str, start: str, end: str) -> list[str]:
    """The instants in (start, end], all in local time with offset, to the minute."""
    local = ZoneInfo(zone)
    after = datetime.fromisoformat(start).replace(tzinfo=local)
    until = datetime.fromisoformat(end).replace(tzinfo=local, fold=1)
    found: list[str] = []
    for instant in fire_times.iter_after(Schedule(Cron(line), zone), after):
        if instant > until:
            return found
        found.append(instant.astimezone(local).isoformat(timespec="minutes"))
    return found


@pytest.mark.parametrize(
    ("line", "fires"),
    [
        ("30 2 * * *", "03:00+02:00"),
        ("0 2,3 * * *", "03:00+02:00"),
        ("*/20 2 * * *", "03:00+02:00"),
        ("30 1,2,3 * * *", "01:30+01:00 03:00+02:00 03:30+02:00"),
        ("15 * * * *", "00:15+01:00 01:15+01:00 03:15+02:00"),
        ("30 2 28 3 *", ""),
    ],
)
def test_that_berlin_in_spring_makes_up_for_fixed_times_and_not_for_frequent_ones(
    line: str, fires: str
) -> None:
    found = _fires(line, "Europe/Berlin", "2026-03-29T00:00", "2026-03-29T03:59")
    assert found == [f"2026-03-29T{time}" for time in fires.split()]


@pytest.mark.parametrize(
    ("line", "fires"),
    [
        ("30 2 * * *", "02:30+02:00"),
        ("30 1-3 * * *", "01:30+02:00 02:30+02:00 03:30+01:00"),
        ("*/30 2 * * *", "02:00+02:00 02:30+02:00"),
        ("0 * * * *", "01:00+02:00 02:00+02:00 02:00+01:00 03:00+01:00"),
        ("*/30 * * * *", "00:30+02:00 01:00+02:00 01:30+02:00 02:00+02:00 02:30+02:00 " + LATE),
    ],
)
def test_that_berlin_in_autumn_repeats_only_frequent_times(line: str, fires: str) -> None:
    found = _fires(line, "Europe/Berlin", "2026-10-25T00:00", "2026-10-25T03:59")
    assert found == [f"2026-10-25T{time}" for time in fires.split()]


def test_that_half_an_hour_is_a_gap_as_well() -> None:
    fires = _fires("15 2 * * *", "Australia/Lord_Howe", "2026-10-04T00:00", "2026-10-04T12:00")
    assert fires == ["2026-10-04T02:30+11:00"]


def test_that_a_missing_midnight_fires_at_the_first_instant_of_the_day() -> None:
    fires = _fires("0 0 * * 0", "America/Santiago", "2022-09-10T12:00", "2022-09-11T12:00")
    assert fires == ["2022-09-11T01:00-03:00"]


@pytest.mark.parametrize("line", ["0 12 30 12 *", "0 * 30 12 *"])
def test_that_a_day_which_never_was_has_no_fires(line: str) -> None:
    assert _fires(line, "Pacific/Apia", "2011-12-29T00:00", "2012-01-02T00:00") == []


def test_that_the_lost_day_shifts_nothing_else() -> None:
    fires = _fires("0 12 * * *", "Pacific/Apia", "2011-12-29T00:00", "2011-12-31T20:00")
    assert fires == ["2011-12-29T12:00-10:00", "2011-12-31T12:00+14:00"]


def test_that_a_gap_of_two_hours_is_made_up_for() -> None:
    fires = _fires("30 1 * * *", "Antarctica/Troll", "2026-03-29T00:00", "2026-03-29T12:00")
    assert fires == ["2026-03-29T03:00+02:00"]


def test_that_a_gap_across_midnight_fires_at_the_beginning_of_the_next_day() -> None:
    fires = _fires("30 23 * * *", "America/Nuuk", "2025-03-29T12:00", "2025-03-30T23:59")
    assert fires == ["2025-03-30T00:00-01:00", "2025-03-30T23:30-01:00"]


def test_that_counting_sees_gap_and_fold_as_visiting_does() -> None:
    schedule = Schedule(Cron("0 2,3 * * *"), "Europe/Berlin")
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    assert fire_times.count_between(schedule, start, end) == 365 * 2 - 1
    at_three = Schedule(Cron("0 3 * * *"), "Europe/Berlin")
    assert fire_times.count_between(at_three, start, end) == 365
    hourly = Schedule(Cron("0 * * * *"), "Europe/Berlin")
    assert fire_times.count_between(hourly, start, end) == 365 * 24


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "Asia/Shanghai", "Pacific/Apia", "America/Sao_Paulo", "Asia/Gaza"]
)
def test_that_segments_join_without_a_hole_and_tell_the_zone_s_own_time(zone: str) -> None:
    local = ZoneInfo(zone)
    begin = (datetime(2010, 1, 1, tzinfo=UTC) - EPOCH) // SECOND
    segments = []
    for segment in zone_rules.rules_of(local).segments_from(begin):
        segments.append(segment)
        if len(segments) == 40:
            break
    for one, other in pairwise(segments):
        assert one.end == other.start
        for instant in (one.start, one.end - 1):
            wall = (EPOCH + timedelta(seconds=instant)).astimezone(local)
            assert wall.utcoffset() == timedelta(seconds=one.offset)


def test_that_a_repeated_day_fires_once() -> None:
    """Kwajalein crossed the date line eastwards in 1969 and lived through a day twice."""
    fires = _fires("0 12 * * *", "Pacific/Kwajalein", "1969-09-29T00:00", "1969-10-03T00:00")
    assert [fire[:10] for fire in fires] == [
        "1969-09-29", "1969-09-30", "1969-10-01", "1969-10-02",
    ]  # fmt: skip


def test_that_a_gap_where_one_explored_stretch_ends_is_a_gap_all_the_same() -> None:
    """Jerusalem's gap of 2023 begins exactly where the rules begin to explore another stretch."""
    fires = _fires("30 2 * * *", "Asia/Jerusalem", "2023-03-24T00:00", "2023-03-24T12:00")
    assert fires == ["2023-03-24T03:00+03:00"]


@pytest.mark.parametrize(
    ("wall", "instant"),
    [
        ("2026-03-01T14:30", "2026-03-01T13:30+00:00"),
        ("2026-03-29T02:30", "2026-03-29T01:00+00:00"),  # skipped: the end of the gap
        ("2026-10-25T02:30", "2026-10-25T00:30+00:00"),  # twice: the first
    ],
)
def test_that_a_typed_wall_time_means_one_instant(wall: str, instant: str) -> None:
    assert fire_times.read_time(wall, "Europe/Berlin", "run_at") == datetime.fromisoformat(instant)
