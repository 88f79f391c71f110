"""Watches one child from its start until its last process is gone, and concludes how it ended."""

from __future__ import annotations

import logging
import math
import signal
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from pathlib import Path
from subprocess import Popen
from typing import Final, assert_never

import psutil

from core.errors import AppError, Param
from core.language import _
from core.training.attempt import EndKind, Limits, OnProgress, StopReason, StopRequest, StopSignal
from core.training.attempt_files import ProgressFollower, is_regular, read_result
from core.training.attempt_log import AttemptLog, shortened_log
from core.training.launch import run_id_of
from core.training.process_tree import end_tree
from core.training.request import PROGRESS_FILE, RESULT_FILE, Progress, TrainingResult

_log = logging.getLogger(__name__)

TICK_SECONDS: Final = 0.05
"""How often the log's size is looked at: a child can write 100 MB between two looks. Its end and a
stop request are noticed at once."""
REPORT_SECONDS: Final = 0.25
"""The shortest time between two progress reports."""
LINGER_SECONDS: Final = 10.0
"""How long a child may live on after its result is there."""
TAIL_BYTES: Final = 4096
"""How much of the log's end goes with each progress report."""
STARTING: Final = Progress(stage="stage.starting", share=0.0)
"""The progress until the child writes its first."""


class Halt(Enum):
    """Why watching is over."""

    EXITED = auto()
    RESULT_IS_IN = auto()
    """The child left its result, but lives on."""
    OVERDUE = auto()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended; the fields are those of `AttemptEnd`."""

    kind: EndKind
    reason: str | None = None
    params: Mapping[str, Param] = field(default_factory=dict)
    result: TrainingResult | None = None
    log: str = ""
    bad_progress_lines: int = 0


def next_halt(
    *, has_exited: bool, result_age: float | None, asked: StopRequest | None, is_overdue: bool
) -> Halt | StopRequest | None:
    """Why to stop watching now, if so. A result that is in beats whatever came too late for it."""
    if has_exited:
        return Halt.EXITED
    if result_age is not None and (asked or is_overdue or result_age >= LINGER_SECONDS):
        return Halt.RESULT_IS_IN
    return asked or (Halt.OVERDUE if is_overdue else None)


class Watch:
    """One child process, its files, and everything it started."""

    def __init__(
        self,
        process: Popen[bytes],
        folder: Path,
        limits: Limits,
        stop: StopSignal,
        log: AttemptLog,
        on_progress: OnProgress,
    ) -> None:
        self._process = process
        # Taken before anybody waits for the child: until then its number cannot be another's.
        self._root = psutil.Process(process.pid)
        self._run_id = run_id_of(folder)
        self._result_file = folder / RESULT_FILE
        self._limits = limits
        self._stop = stop
        self._log = log
        self._progress = ProgressFollower(folder / PROGRESS_FILE)
        self._on_progress = on_progress
        self._reported: tuple[Progress | None, int] = (None, 0)
        self._report_again_at = 0.0
        self._result_since: float | None = None
        self._notes: list[str] = []

    def run(self) -> Outcome:
        """Watch to the end; whatever is raised here, the child's processes are gone first."""
        # `Popen.wait` with a timeout polls; a thread that blocks in it wakes us without delay.
        waiter = threading.Thread(target=self._wait_for_exit, name=f"child-{self._process.pid}")
        waiter.start()
        try:
            halt = self._watch()
        finally:
            self._end_tree()
            waiter.join()
        self._report(is_last=True)
        outcome = self._conclude(halt)
        text = "\n".join([self._log.text(), *self._notes])
        return replace(
            outcome,
            log=shortened_log(text, self._limits.log_bytes),
            bad_progress_lines=self._progress.bad_lines,
        )

    def _wait_for_exit(self) -> None:
        self._process.wait()
        self._stop.wake()

    def _watch(self) -> Halt | StopRequest:
        timeout = self._limits.timeout_seconds
        deadline = math.inf if timeout is None else time.monotonic() + timeout
        while True:
            self._log.trim()
            self._report()
            now = time.monotonic()
            halt = next_halt(
                has_exited=self._process.returncode is not None,
                result_age=self._result_age(now),
                asked=self._stop.asked,
                is_overdue=now >= deadline,
            )
            if halt is not None:
                return halt
            self._stop.wait(min(TICK_SECONDS, deadline - now))

    def _result_age(self, now: float) -> float | None:
        if self._result_since is None and is_regular(self._result_file):
            self._result_since = now
        return None if self._result_since is None else now - self._result_since

    def _report(self, *, is_last: bool = False) -> None:
        now = time.monotonic()
        if now < self._report_again_at and not is_last:
            return
        self._report_again_at = now + REPORT_SECONDS
        self._progress.read()
        seen = (self._progress.latest, self._log.written)
        if seen == self._reported:
            return
        try:
            self._on_progress(self._progress.latest or STARTING, self._log.tail(TAIL_BYTES))
        except AppError as error:
            # No progress bar is worth a training: the next report may get through.
            _log.warning("The progress of %s could not be reported: %s", self._run_id, error)
        else:
            self._reported = seen

    def _end_tree(self) -> None:
        """End every process of the attempt, for as long as that takes.

        A process that even a kill does not end (a hung disk) still holds the machine's memory:
        saying that the attempt is over would be a lie.
        """
        asked = self._stop.asked
        has_right = asked is None or asked.why is not StopReason.LEASE_LOST
        grace = self._limits.grace_seconds if has_right else 0.0
        while True:
            ended = end_tree(self._run_id, grace, self._root, meanwhile=self._log.trim)
            if not ended.living:
                break
            _log.error("Processes of %s outlive being killed: %s", self._run_id, ended.living)
            grace = 0.0
        for pid in ended.out_of_reach:
            self._notes.append(
                _("[Process {pid} belongs to another user and is still running.]").format(pid=pid)
            )

    def _conclude(self, halt: Halt | StopRequest) -> Outcome:
        match halt:
            case Halt.EXITED | Halt.RESULT_IS_IN:
                return self._by_result()
            case StopRequest():
                # Not `halt` itself: the lease may have been lost while we waited.
                return stopped(self._stop.asked or halt)
            case Halt.OVERDUE:
                limit = self._limits.timeout_seconds
                return Outcome(EndKind.TIMED_OUT, "reason.timeout", {"limit_seconds": limit})
            case _:
                assert_never(halt)

    def _by_result(self) -> Outcome:
        is_readable = True
        try:
            if result := read_result(self._result_file):
                return Outcome(EndKind.FINISHED, result.reason, result.params, result)
        except ValueError as error:
            is_readable = False
            note = _("[The result of the training process cannot be used: {detail}]")
            self._notes.append(note.format(detail=error))
        if self._stop.asked:
            return stopped(self._stop.asked)
        status = self._process.returncode
        if status == 0 or not is_readable:
            return Outcome(EndKind.DIED, "reason.no_result")
        return Outcome(EndKind.DIED, "reason.worker_died", {"how": exit_description(status)})


def stopped(asked: StopRequest) -> Outcome:
    """The outcome of an attempt that was asked to stop."""
    match asked.why:
        case StopReason.CANCEL:
            return Outcome(EndKind.CANCELLED, "reason.cancelled", asked.params)
        case StopReason.SHUTDOWN:
            return Outcome(EndKind.STOPPED, "reason.runner_stopped", asked.params)
        case StopReason.LEASE_LOST:
            return Outcome(EndKind.LEASE_LOST, "reason.runner_lost", asked.params)
        case _:
            assert_never(asked.why)


def not_started(error: OSError) -> Outcome:
    """The outcome of an attempt whose child could not be started."""
    return Outcome(EndKind.DIED, "reason.worker_not_started", {"detail": str(error)})


def exit_description(status: int) -> str:
    """How a process ended: the name of a signal, or its exit status."""
    if status < 0:
        try:
            return signal.Signals(-status).name
        except ValueError:
            return _("signal {number}").format(number=-status)
    # Windows reports crashes as large numbers that are documented in hexadecimal.
    return _("exit status {status}").format(status=hex(status) if status > 0xFFFF else status)
