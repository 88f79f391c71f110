"""A runner in this process, for a command that waits while nobody else would do the work."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

from core.contracts.backend import Backend
from core.contracts.records import ExecutionRecord
from core.runner.embedded import Desktop, EmbeddedRunner, open_desktop
from core.settings import Settings

LOOK_SECONDS = 0.5
RUNNER_CHECK_SECONDS = 5.0

OnNobody = Callable[[], None]
OnLook = Callable[[ExecutionRecord], None]


class RunnerHere:
    """Runs on a thread with a loop of its own, unless another runner is alive."""

    def __init__(self, desktop: Desktop, runner: EmbeddedRunner) -> None:
        self._desktop = desktop
        self._runner = runner
        self._started = threading.Event()
        self._asked_to_end = asyncio.Event()
        self._cancels = False
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="runner-here")

    @classmethod
    def begin(cls, settings: Settings) -> RunnerHere | None:
        """A runner at work; `None` if another one is alive. Raises any `AppError`."""
        desktop = open_desktop(settings)
        if desktop.runner is None:
            desktop.backend.close()
            return None
        here = cls(desktop, desktop.runner)
        here._thread.start()
        here._started.wait()
        if here._failure is not None:
            here._thread.join()
            raise here._failure
        return here

    def end(self, *, cancel_running: bool) -> None:
        """Wait for what runs here, or end it, and leave."""
        self._cancels = cancel_running
        with suppress(RuntimeError):  # the loop has failed and is closed already
            self._loop.call_soon_threadsafe(self._asked_to_end.set)
        self._thread.join()
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001 - raised again on the thread that waits
            self._failure = error
        finally:
            self._desktop.backend.close()
            self._started.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        # Whoever subscribes first starts the follower, by which the runner hears of changes.
        self._desktop.backend.subscribe(lambda _event: None)
        await self._runner.start()
        self._started.set()
        await self._asked_to_end.wait()
        await self._runner.stop(cancel_running=self._cancels)


@contextmanager
def runner_here(settings: Settings) -> Iterator[bool]:
    """While the block works somebody runs: another, or (then true) a runner here.

    What an interrupted block left running here is ended; else it is waited for.
    """
    here = RunnerHere.begin(settings)
    if here is None:
        yield False
        return
    try:
        yield True
    except BaseException:
        here.end(cancel_running=True)
        raise
    here.end(cancel_running=False)


def wait_for_end(
    settings: Settings,
    backend: Backend,
    execution_id: int,
    *,
    on_look: OnLook,
    on_nobody: OnNobody,
) -> ExecutionRecord:
    """Follow an execution until it has ended; when nobody is alive to run it, it runs here."""
    woken = threading.Event()
    looks_between_checks = round(RUNNER_CHECK_SECONDS / LOOK_SECONDS)
    with ExitStack() as stack:
        stack.callback(backend.subscribe(lambda _event: woken.set()))
        is_here, looks = False, 0
        while not (record := backend.get_execution(execution_id)).status.is_final:
            on_look(record)
            if not is_here and looks % looks_between_checks == 0:
                is_here = stack.enter_context(runner_here(settings))
                if is_here:
                    on_nobody()
            looks += 1
            woken.wait(LOOK_SECONDS)
            woken.clear()
    return record
