"""What runs here: takes queued executions while there are slots, one attempt a thread."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from core.clock import SystemClock
from core.domain.execution import ExecutionStatus, Reason
from core.domain.retry import time_limit
from core.errors import Param, RefusedError, UnavailableError
from core.paths import Home
from core.scheduling import decider
from core.scheduling.leases import LeaseKeeper
from core.services import queue
from core.services.assembly import assemble
from core.services.recording import record_end, record_failure, run_folder
from core.settings import RunnerSettings
from core.storage import claims, executions, tasks
from core.storage.claims import Claim
from core.storage.outcomes import Outcome, settle, would_pause
from core.storage.queue import Waiting
from core.storage.unit_of_work import Store, Unit
from core.training.attempt import EndKind, Limits, StopReason, StopSignal
from core.training.attempt_log import readable
from core.training.launch import Launcher
from core.training.request import LOG_FILE, Progress, TrainingRequest
from core.training.supervisor import Supervisor

log = logging.getLogger(__name__)
PROGRESS_SECONDS = 1.0
LIVE_LOG_BYTES = 64_000
RECORD_RETRY_SECONDS = 2.0


@dataclass(slots=True)
class _Attempt:
    """One thing that runs here."""

    claim: Claim
    request: TrainingRequest
    stop: StopSignal = field(default_factory=StopSignal)
    told_at: float = 0.0
    told_stage: str = ""


class Attempts:
    """The slots of a runner; `on_freed` is called on an attempt's thread when one is free."""

    def __init__(
        self,
        store: Store,
        home: Home,
        runner_id: int,
        settings: RunnerSettings,
        launcher: Launcher,
        on_freed: Callable[[], None],
    ) -> None:
        self._store = store
        self._home = home
        self._runner_id = runner_id
        self._settings = settings
        self._on_freed = on_freed
        self._supervisor = Supervisor(launcher, SystemClock())
        self._lock = threading.Lock()
        self._running: dict[int, _Attempt] = {}
        self._is_closing = False
        # Long-lived threads: a child that dies with its parent dies with the parent's thread.
        self._threads = ThreadPoolExecutor(settings.slots, thread_name_prefix="attempt")
        self.leases = LeaseKeeper(store, runner_id, settings.lease_seconds, self._on_lost)

    @property
    def running_count(self) -> int:
        """How many attempts run here now."""
        return len(self._running)

    @property
    def running_ids(self) -> frozenset[int]:
        """The executions that run here now."""
        with self._lock:
            return frozenset(self._running)

    def fill(self) -> None:
        """Start queued executions while there are free slots."""
        while not self._is_closing and self.running_count < self._settings.slots:
            choice = self._store.read(queue.choose)
            for execution_id, outcome in choice.ended.items():
                self._store.write(partial(_settle_waiting, execution_id, outcome))
            if choice.next is None:
                return
            self._take(choice.next)

    def stop_cancelled(self) -> None:
        """Ask those attempts to stop that somebody cancelled."""
        with self._lock:
            running = dict(self._running)
        if not running:
            return
        asked = self._store.read(lambda unit: claims.cancel_requested(unit, list(running)))
        for execution_id in asked:
            running[execution_id].stop.request(StopReason.CANCEL)

    def refuse_more(self) -> None:
        """Start nothing more."""
        self._is_closing = True

    def close(self, *, is_stopping: bool) -> None:
        """Wait for what runs, after `refuse_more`; with `is_stopping` ask it to end."""
        if is_stopping:
            with self._lock:
                running = list(self._running.values())
            for attempt in running:
                attempt.stop.request(StopReason.SHUTDOWN)
        self._threads.shutdown(wait=True)
        self.leases.close()

    def _take(self, waiting: Waiting) -> None:
        """Settle or start one execution."""
        answer = self._assemble(waiting)
        if isinstance(answer, Outcome):
            self._store.write(partial(_settle_waiting, waiting.execution_id, answer))
            return
        claim = self._store.write(
            lambda unit: claims.start(
                unit, waiting, runner_id=self._runner_id, lease=self.leases.lease
            )
        )
        if claim is None:
            return  # another runner was faster
        attempt = _Attempt(claim, answer)
        with self._lock:
            self._running[claim.execution_id] = attempt
        self.leases.hold(claim)
        self._threads.submit(self._run, attempt)

    def _assemble(self, waiting: Waiting) -> TrainingRequest | Outcome:
        processes = max(1, self._settings.processors // self._settings.slots)
        try:
            return assemble(self._store, self._home, waiting.settings, processes=processes)
        except UnavailableError:
            raise
        except Exception as error:  # a bug in one task must not hold up the queue behind it
            log.exception("execution %s cannot be prepared", waiting.execution_id)
            params: dict[str, Param] = {"detail": f"{type(error).__name__}: {error}"}
            return Outcome(
                ExecutionStatus.FAILED, Reason.TRAINER_FAILED, "reason.trainer_failed", params
            )

    def _run(self, attempt: _Attempt) -> None:
        claim = attempt.claim
        folder = run_folder(self._home, claim)
        try:
            end = self._supervisor.run_attempt(
                folder,
                attempt.request,
                Limits(
                    timeout_seconds=self._time_limit(claim),
                    grace_seconds=self._settings.stop_grace_seconds,
                ),
                attempt.stop,
                lambda progress, _tail: self._tell(attempt, progress),
            )
            self._until_written(
                attempt,
                end.kind,
                lambda: record_end(self._store, self._home, claim, attempt.request, end),
            )
            shutil.rmtree(folder, ignore_errors=True)
        except Exception as error:
            log.exception("execution %s could not be recorded", claim.execution_id)
            self._record_fault(attempt, f"{type(error).__name__}: {error}")
        finally:
            self.leases.drop(claim)
            with self._lock:
                self._running.pop(claim.execution_id, None)
            self._on_freed()

    def _time_limit(self, claim: Claim) -> float:
        policies = claim.settings.policies
        return time_limit(policies, claim.started_at, self._store.now()).total_seconds()

    def _record_fault(self, attempt: _Attempt, detail: str) -> None:
        """Nobody has to wait for the lease to hear that something here went wrong."""
        try:
            self._until_written(
                attempt, None, lambda: record_failure(self._store, attempt.claim, detail)
            )
        except Exception:
            log.exception("execution %s is left to its lease", attempt.claim.execution_id)

    def _until_written(
        self, attempt: _Attempt, kind: EndKind | None, write: Callable[[], None]
    ) -> None:
        """Write an end, however long the database is away, as long as it is ours to write.

        The fence decides that, not the lease: while the database is away for all, nobody takes over
        what has ended here. Only a closing runner does not wait longer than it may be trusted.
        """
        while kind is not EndKind.LEASE_LOST:
            try:
                write()
            except UnavailableError as error:
                log.warning("execution %s waits: %s", attempt.claim.execution_id, error)
                attempt.stop.wait(RECORD_RETRY_SECONDS)
                asked = attempt.stop.asked
                is_distrusted = asked is not None and asked.why is StopReason.LEASE_LOST
                if is_distrusted and self._is_closing:
                    return
            except RefusedError as error:
                log.warning("a late result is refused: %s", error)
                return
            else:
                return

    def _tell(self, attempt: _Attempt, progress: Progress) -> None:
        """Store progress and log for whoever looks: once a second, and at each new stage."""
        now = time.monotonic()
        if progress.stage == attempt.told_stage and now - attempt.told_at < PROGRESS_SECONDS:
            return
        attempt.told_at, attempt.told_stage = now, progress.stage
        text = self._live_log(attempt.claim)
        self._store.write(
            lambda unit: claims.note_progress(
                unit, attempt.claim, progress=progress.share, stage=progress.stage, log=text
            )
        )

    def _live_log(self, claim: Claim) -> str:
        """The beginning of the log: it only grows, so that a viewer can read on from an offset."""
        try:
            with (run_folder(self._home, claim) / LOG_FILE).open("rb") as file:
                return readable(file.read(LIVE_LOG_BYTES))
        except OSError:
            return ""

    def _on_lost(self, claim: Claim) -> None:
        with self._lock:
            attempt = self._running.get(claim.execution_id)
        if attempt is not None:
            attempt.stop.request(StopReason.LEASE_LOST, host="")


def _settle_waiting(execution_id: int, outcome: Outcome, unit: Unit) -> None:
    task_id = executions.task_of(unit, execution_id)
    tasks.hold(unit, task_id)
    if would_pause(unit, task_id, outcome):
        decider.decide_one(unit, task_id)  # first what has come due, or it is forgotten
    status = claims.status_of(unit, execution_id)
    if status in (ExecutionStatus.QUEUED, ExecutionStatus.RETRYING):
        settle(unit, execution_id, outcome)
