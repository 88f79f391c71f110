"""The schedule engine says what a brute-force reading of the rule says, in zones with odd clocks.

`TRAINTABLE_FULL_ORACLE=1` runs three years of all expressions; otherwise a slice of them.
"""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from core.domain.trigger import Cron, Schedule
from core.scheduling import fire_times
from tests.properties.cron_oracle import WallClock, fire_minutes, wall_clock

FULL = os.environ.get("TRAINTABLE_FULL_ORACLE") == "1"
MINUTE = timedelta(minutes=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# The stretch of each zone holds what is odd about it.
STRETCHES = {
    "Europe/Berlin": 2025,
    "America/New_York": 2025,
    "Australia/Lord_Howe": 2025,  # half an hour
    "America/Santiago": 2022,  # at midnight
    "Pacific/Apia": 2011,  # a day that never was
    "Asia/Shanghai": 2025,
    "Asia/Tehran": 2020,  # at midnight, and abolished
    "Africa/Casablanca": 2024,  # back for Ramadan
    "Asia/Kathmandu": 2025,
    "America/Nuuk": 2023,  # into the next day; moved twice
    "Antarctica/Troll": 2025,  # two hours
    "America/Caracas": 2015,  # half an hour for good
}
HANDPICKED = [
    "* * * * *", "0 * * * *", "*/7 * * * *", "30 2 * * *", "0 2,3 * * *", "*/20 1-3 * * *",
    "0 0 * * *", "30 0 * * 0", "59 23 * * *", "30 23 * * SAT", "0 22-2 * * *", "15 2 * * SUN",
    "0 0 30 12 *", "45 1 L * *", "0 3 15W * *", "0 1 W1 * *", "30 2 31W * *", "0 2 * * 7#5",
    "0 2 * * L0", "0 0 1 * MON", "5 4 1-L/3 * FRI-MON", "0 0 29 2 *",
    "0 0 * 2 MON#4,TUE#1", "0 1 15 NOV-MAR 3#1",
]  # fmt: skip


def test_that_fire_times_are_those_of_the_brute_force_reading(zone: str) -> None:
    clock = _clock(zone)
    start, end = _bounds(clock)
    for expression in _expressions():
        expected = fire_minutes(expression, clock)
        expected = expected[expected > (start - EPOCH) // MINUTE]
        schedule = Schedule(Cron(expression), zone)
        assert fire_times.count_between(schedule, start, end) == len(expected), expression
        for window_start, window_end in _windows(zone, start, end, len(expected)):
            low, high = (window_start - EPOCH) // MINUTE, (window_end - EPOCH) // MINUTE
            wanted = expected[(expected > low) & (expected <= high)].tolist()
            found = islice(fire_times.iter_after(schedule, window_start), len(wanted) + 1)
            within = [(instant - EPOCH) // MINUTE for instant in found if instant <= window_end]
            assert within == wanted, (expression, window_start)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "zone" in metafunc.fixturenames:
        metafunc.parametrize("zone", STRETCHES)


@lru_cache(maxsize=1)
def _clock(zone: str) -> WallClock:
    first_year = STRETCHES[zone]
    return wall_clock(zone, datetime(first_year, 1, 1, tzinfo=UTC), 1096 if FULL else 366)


def _bounds(clock: WallClock) -> tuple[datetime, datetime]:
    # The oracle needs a day of its own to know which wall times had been reached.
    first, last = int(clock.instants[0]), int(clock.instants[-1])
    return EPOCH + first * MINUTE + timedelta(days=2), EPOCH + last * MINUTE


def _windows(
    zone: str, start: datetime, end: datetime, fires: int
) -> list[tuple[datetime, datetime]]:
    """Everything where the fires are few; where they are many, the days around clock changes."""
    if fires <= (20_000 if FULL else 800):
        return [(start, end)]
    day, changes = timedelta(days=1), []
    local = ZoneInfo(zone)
    for number in range((end - start).days):
        morning = start + number * day
        if morning.astimezone(local).utcoffset() != (morning + day).astimezone(local).utcoffset():
            changes.append((morning - day / 4, morning + day * 1.25))
    return changes or [(start, start + day)]


@lru_cache(maxsize=1)
def _expressions() -> list[str]:
    chance = random.Random(20260301)
    made = [_expression(chance) for _ in range(200 - len(HANDPICKED))]
    return HANDPICKED + (made if FULL else made[:20])


def _expression(chance: random.Random) -> str:
    """A valid line; the hours between 0 and 4, where clocks are changed, are likely."""
    minute = chance.choice(["0", "30", "15,45", "*/10", "5-20/5", "59", "0,1,2", "10/25", "*"])
    hour = chance.choice(
        ["2", "3", "0", "1-3", "2,3", "*/2", "23", "22-3", "0-4/2", "*", "*/6", "1/3", "2-20"]
    )
    month_day = chance.choice(
        ["*"] * 6 + ["1", "25-31", "*/2", "L", "15W", "10-L/4", "1,L", "29,30,31", "W31"]
    )
    month = chance.choice(["*"] * 5 + ["3,4,10,11", "SEP-DEC", "NOV-APR", "*/3", "1/2"])
    weekday = chance.choice(
        ["*"] * 5 + ["0", "7", "SAT,SUN", "1-5", "FRI-MON", "0#1", "SUN#5,L0", "SAT-SUN#2", "*/2"]
    )
    return f"{minute} {hour} {month_day} {month} {weekday}"
