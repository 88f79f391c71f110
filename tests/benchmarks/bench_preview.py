"""How long the dialog's answer takes: words and next five runs of what is being typed.

Run as `python -m tests.benchmarks.bench_preview`. Budget: one frame, 16 ms, for a line never seen
before; beside it croniter alone, which says no words and reads clock changes differently.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from itertools import islice
from statistics import median
from zoneinfo import ZoneInfo

from croniter import croniter

from core.domain.trigger import Cron, Schedule
from core.scheduling import cron, fire_times, wording

ZONE = "Europe/Berlin"
NOW = datetime(2026, 3, 1, 7, 30, tzinfo=UTC)
LINES = tuple(f"{minute} {minute % 24} * * {minute % 7}" for minute in range(0, 60, 2))
RARE = ("0 0 29 2 1", "0 4 L 2,4 *", "15 10 * 2 1#5")
FRAME_MS = 16.0


def main() -> int:
    """Print medians and the worst; the status is 1 when the worst is over a frame."""
    ours = [_milliseconds(_answer, line) for line in LINES + RARE]
    peers = [_milliseconds(_croniter, line) for line in LINES + RARE]
    print(f"words and five runs: median {median(ours):.2f} ms, worst {max(ours):.2f} ms")
    print(f"croniter, five runs: median {median(peers):.2f} ms, worst {max(peers):.2f} ms")
    print(f"ratio of the medians {median(ours) / median(peers):.2f}, budget {FRAME_MS} ms a line")
    return int(max(ours) > FRAME_MS)


def _answer(line: str) -> None:
    cron.parse.cache_clear()
    schedule = Schedule(Cron(line), ZONE)
    fire_times.check(schedule, NOW)
    wording.words(schedule)
    list(islice(fire_times.iter_after(schedule, NOW), 5))


def _croniter(line: str) -> None:
    runs = croniter(line, NOW.astimezone(ZoneInfo(ZONE)))
    for _ in range(5):
        runs.get_next(datetime)


def _milliseconds(work: object, line: str) -> float:
    assert callable(work)
    work(line)  # what is loaded once is not what a keystroke costs
    began = time.perf_counter()
    work(line)
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    sys.exit(main())
