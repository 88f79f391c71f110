"""The headless runner: a plain asyncio loop around one runner, until it is told to end."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from typing import Any

from core.client.connect import Connected, connect
from core.language import _
from core.logs import Program, logging_to
from core.runner.runner import Runner
from core.settings import Settings


def run_headless(settings: Settings, *, until_idle: bool = False) -> int:
    """Run until SIGTERM or Ctrl-C, or - `until_idle` - until nothing is left to do; exit status.

    What runs when the signal comes is ended and recorded as such; a second signal changes nothing.

    Raises:
        AppError: the database cannot be opened.
    """
    with logging_to(lambda: settings.home.logs, Program.RUNNER):
        connected = connect(settings, create=True)
        try:
            asyncio.run(_serve(connected, settings, until_idle=until_idle))
        finally:
            connected.backend.close()
    return 0


async def _serve(connected: Connected, settings: Settings, *, until_idle: bool) -> None:
    asked_to_end = asyncio.Event()
    _listen_for_signals(asked_to_end)
    connected.changes.start()
    runner = Runner(connected.store, connected.home, settings.runner, connected.changes)
    await runner.start()
    _say(
        _("Runner {number} is at work on {database}; stop it with Ctrl-C.").format(
            number=runner.id,
            database=connected.store.label,
        )
    )
    ends: list[asyncio.Task[Any]] = [asyncio.create_task(asked_to_end.wait())]
    if until_idle:
        ends.append(asyncio.create_task(runner.wait_until_idle()))
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    for end in ends:
        end.cancel()
    await runner.stop(is_stopping_work=True)
    _say(_("The runner has stopped."))


def _listen_for_signals(asked_to_end: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, asked_to_end.set)
        except NotImplementedError:  # Windows: the loop cannot, the interpreter can
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(asked_to_end.set))


def _say(sentence: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - a headless program's only face
