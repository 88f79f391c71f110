"""The runner's alarm clock on APScheduler: one `due` job, and the housekeeping jobs.

APScheduler decides nothing here: its own triggers read cron lines differently, its timer sleeps on
a clock that stands still while the machine is suspended, and when the machine's clock is set back
it sleeps on until the old time comes again. So a sleep is never longer than a cap, which the loop's
own clock keeps, and waking up only means "look": what is due is asked of the database.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

DUE_JOB = "due"


class DueTimer:
    """Calls `turn` whenever something may be due. All calls belong to the loop's thread.

    `turn` returns how many seconds may pass until the next look, `None` if nothing is in sight.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        turn: Callable[[], Awaitable[float | None]],
        *,
        max_sleep_seconds: float,
    ) -> None:
        self._loop = loop
        self._turn = turn
        self._cap: asyncio.TimerHandle | None = None
        self._max_sleep_seconds = max_sleep_seconds
        self._is_turning = False
        self._is_wanted_again = False
        self._is_paused = False
        self._scheduler = AsyncIOScheduler(
            event_loop=loop,
            timezone=UTC,
            # Lateness is judged by our own rules, and every look counts: nothing is dropped here.
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 3},
        )

    def start(self) -> None:
        """Look now, and from now on."""
        self._scheduler.start()
        self._arm(0)

    def add_housekeeping(self, work: Callable[[], Awaitable[None]], seconds: float) -> None:
        """Run `work` again and again."""
        self._scheduler.add_job(work, "interval", seconds=seconds, max_instances=1)

    def wake(self) -> None:
        """Look now: something changed."""
        if self._is_turning:
            self._is_wanted_again = True
        else:
            self._arm(0)

    def pause(self) -> None:
        """No further looks; one that is under way comes to its end."""
        self._is_paused = True
        if self._cap is not None:
            self._cap.cancel()
        if self._scheduler.running:
            self._scheduler.pause()

    def stop(self) -> None:
        """After `pause`, and after the last look has ended: let go of the loop."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _on_due(self) -> None:
        if self._is_turning:
            self._is_wanted_again = True
            return
        self._is_turning = True
        delay: float | None = None
        try:
            self._is_wanted_again = True
            while self._is_wanted_again and not self._is_paused:
                self._is_wanted_again = False
                delay = await self._turn()
        finally:
            self._is_turning = False
            self._arm(self._max_sleep_seconds if delay is None else delay)

    def _arm(self, delay: float) -> None:
        if self._is_paused:
            return
        sleep = min(max(0.0, delay), self._max_sleep_seconds)
        if self._cap is not None:
            self._cap.cancel()
        self._cap = self._loop.call_later(self._max_sleep_seconds, self.wake)
        self._scheduler.add_job(
            self._on_due,
            "date",
            run_date=datetime.now(UTC) + timedelta(seconds=sleep),
            id=DUE_JOB,
            replace_existing=True,
        )
