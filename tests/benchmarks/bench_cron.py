"""How long cron fire times take beside croniter's own, in the same run: medians and ratios.

Run as `python -m tests.benchmarks.bench_cron`; it takes about ten seconds. Budgets: a next instant
at most 1.2 times croniter's, reading an expression with its first ten instants at most 0.5 times.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice
from statistics import median
from zoneinfo import ZoneInfo

from croniter import croniter

from core.domain.trigger import Cron, Schedule
from core.scheduling import cron, fire_times

ZONE = "Europe/Berlin"
START = datetime(2026, 1, 1, tzinfo=ZoneInfo(ZONE))
EXPRESSIONS = (
    "0 2 * * *",
    "*/15 * * * *",
    "0 9-18 * * 1-5",
    "30 2 1,15 * *",
    "0 0 1 * 1",
    "0 4 L * *",
    "0 0 * * 5#3",
    "0 0 1 1 *",
)
NEXT_BUDGET, TEN_BUDGET = 1.2, 0.5
SECONDS_EACH = 0.25


def main() -> int:
    """Print one line per expression; the status is 1 if a budget is exceeded."""
    _line("expression", "next us", "croniter", "ratio", "parse+10 us", "croniter", "ratio")
    rows = [_measure(expression) for expression in EXPRESSIONS]
    next_ratio = median(row[0] for row in rows)
    ten_ratio = median(row[1] for row in rows)
    _line("median", "", "", f"{next_ratio:.2f}", "", "", f"{ten_ratio:.2f}")
    return int(next_ratio > NEXT_BUDGET or ten_ratio > TEN_BUDGET)


def _measure(expression: str) -> tuple[float, float]:
    ours, theirs = _next_of_ours(expression), _next_of_croniter(expression)
    ten_ours = _median_microseconds(lambda: _first_ten_of_ours(expression))
    ten_theirs = _median_microseconds(lambda: _first_ten_of_croniter(expression))
    next_ratio, ten_ratio = ours / theirs, ten_ours / ten_theirs
    _line(
        expression,
        f"{ours:.1f}", f"{theirs:.1f}", f"{next_ratio:.2f}",
        f"{ten_ours:.1f}", f"{ten_theirs:.1f}", f"{ten_ratio:.2f}",
    )  # fmt: skip
    return next_ratio, ten_ratio


def _next_of_ours(expression: str) -> float:
    schedule = Schedule(Cron(expression), ZONE)
    moment = START

    def step() -> None:
        nonlocal moment
        moment = fire_times.next_after(schedule, moment) or START
        if moment - START > timedelta(days=3650):
            moment = START

    return _median_microseconds(step)


def _next_of_croniter(expression: str) -> float:
    iterator = croniter(expression, START)

    def step() -> None:
        if iterator.get_next(datetime) - START > timedelta(days=3650):
            iterator.set_current(START)

    return _median_microseconds(step)


def _first_ten_of_ours(expression: str) -> None:
    cron.parse.cache_clear()
    list(islice(fire_times.iter_after(Schedule(Cron(expression), ZONE), START), 10))


def _first_ten_of_croniter(expression: str) -> None:
    iterator = croniter(expression, START)
    for _ in range(10):
        iterator.get_next(datetime)


def _median_microseconds(action: Callable[[], None]) -> float:
    action()
    taken: list[int] = []
    end = time.perf_counter_ns() + int(SECONDS_EACH * 1e9)
    while time.perf_counter_ns() < end:
        begin = time.perf_counter_ns()
        action()
        taken.append(time.perf_counter_ns() - begin)
    return median(taken) / 1000


def _line(*cells: str) -> None:
    sys.stdout.write(f"{cells[0]:16}" + "".join(f"{cell:>12}" for cell in cells[1:]) + "\n")


if __name__ == "__main__":
    sys.exit(main())
