"""The alarm clock: no wake-up call is lost, no fault stops it, no clock makes it oversleep."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.scheduling.due_timer import DUE_JOB, DueTimer

LONG = 3600.0


class Turns:
    """Counts looks; each waits while the gate is shut."""

    def __init__(self, delay: float | None = None) -> None:
        self.count = 0
        self.under_way = 0
        self.most_at_once = 0
        self.delay = delay
        self.gate = asyncio.Event()
        self.gate.set()
        self.failure: Exception | None = None
        self._news = asyncio.Condition()

    async def __call__(self) -> float | None:
        self.count += 1
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)
        async with self._news:
            self._news.notify_all()
        try:
            await self.gate.wait()
            if self.failure:
                raise self.failure
        finally:
            self.under_way -= 1
        return self.delay

    async def reach(self, count: int) -> None:
        async with asyncio.timeout(20), self._news:
            await self._news.wait_for(lambda: self.count >= count)


def with_timer(
    test: Callable[[DueTimer, Turns], Awaitable[None]],
    *,
    max_sleep: float = LONG,
    delay: float | None = None,
) -> None:
    async def main() -> None:
        turns = Turns(delay)
        timer = DueTimer(asyncio.get_running_loop(), turns, max_sleep_seconds=max_sleep)
        timer.start()
        try:
            await turns.reach(1)
            await test(timer, turns)
        finally:
            turns.gate.set()
            timer.pause()
            await settle()
            timer.stop()
            await settle()

    asyncio.run(main())


async def settle() -> None:
    """Let everything run that is ready to."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_that_it_looks_at_once_and_then_waits() -> None:
    async def test(_timer: DueTimer, turns: Turns) -> None:
        await settle()
        assert turns.count == 1

    with_timer(test)


def test_that_a_call_wakes_it() -> None:
    async def test(timer: DueTimer, turns: Turns) -> None:
        await settle()
        timer.wake()
        await turns.reach(2)

    with_timer(test)


def test_that_a_call_during_a_look_brings_one_more_look_and_never_two_at_once() -> None:
    async def test(timer: DueTimer, turns: Turns) -> None:
        turns.gate.clear()
        timer.wake()
        await turns.reach(2)
        for _ in range(5):
            timer.wake()
            await settle()
        assert turns.count == 2
        turns.gate.set()
        await turns.reach(3)
        await settle()
        assert (turns.count, turns.most_at_once) == (3, 1)

    with_timer(test)


def test_that_many_calls_at_once_are_not_too_many() -> None:
    async def test(timer: DueTimer, turns: Turns) -> None:
        for count in range(2, 30):
            for _ in range(10):
                timer.wake()
            await turns.reach(count)
        assert turns.most_at_once == 1

    with_timer(test)


def test_that_it_looks_again_after_the_time_it_was_told() -> None:
    async def test(_timer: DueTimer, turns: Turns) -> None:
        await turns.reach(4)

    with_timer(test, delay=0.01)


def test_that_it_never_sleeps_longer_than_the_cap() -> None:
    async def test(_timer: DueTimer, turns: Turns) -> None:
        await turns.reach(4)

    with_timer(test, max_sleep=0.01, delay=LONG)


def test_that_a_clock_that_is_set_back_does_not_make_it_oversleep() -> None:
    async def test(timer: DueTimer, turns: Turns) -> None:
        await settle()
        # As APScheduler sees it: the alarm is an hour away all of a sudden.
        timer._scheduler.reschedule_job(
            DUE_JOB, trigger="date", run_date=datetime.now(UTC) + timedelta(hours=1)
        )
        await turns.reach(turns.count + 2)

    with_timer(test, max_sleep=0.2)


def test_that_a_look_that_fails_is_not_the_last(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)

    async def test(timer: DueTimer, turns: Turns) -> None:
        turns.failure = RuntimeError("a bug")
        timer.wake()
        await turns.reach(4)
        turns.failure = None
        await turns.reach(5)

    with_timer(test, max_sleep=0.01)


def test_that_a_paused_timer_ends_its_look_and_begins_no_other() -> None:
    async def test(timer: DueTimer, turns: Turns) -> None:
        turns.gate.clear()
        timer.wake()
        await turns.reach(2)
        timer.wake()
        timer.pause()
        turns.gate.set()
        timer.wake()
        await settle()
        assert (turns.count, turns.under_way) == (2, 0)

    with_timer(test, max_sleep=0.01)


def test_that_housekeeping_comes_again_and_again() -> None:
    async def main() -> None:
        done = asyncio.Event()
        times: list[int] = []

        async def keep_house() -> None:
            times.append(1)
            if len(times) == 3:
                done.set()

        turns = Turns()
        timer = DueTimer(asyncio.get_running_loop(), turns, max_sleep_seconds=LONG)
        timer.add_housekeeping(keep_house, 0.02)
        timer.start()
        async with asyncio.timeout(20):
            await done.wait()
        timer.pause()
        timer.stop()
        await settle()

    _run(main())


def _run(main: Coroutine[Any, Any, None]) -> None:
    asyncio.run(main)
