"""Runs one attempt in a child process and says how it ended; never touches the database.

An attempt is over only when no process of it lives any more: `Supervisor.run_attempt` returns no
earlier, whatever the child, its children or the caller do.
"""

from __future__ import annotations

from pathlib import Path
from subprocess import Popen

from core.clock import Clock
from core.training.attempt import AttemptEnd, Limits, OnProgress, StopSignal
from core.training.attempt_log import AttemptLog
from core.training.launch import Launcher
from core.training.request import (
    LOG_FILE,
    PROGRESS_FILE,
    REQUEST_FILE,
    RESULT_FILE,
    TrainingRequest,
    write_whole,
)
from core.training.watch import Outcome, Watch, not_started, stopped


class Supervisor:
    """Runs attempts, one a call; one instance serves any number of threads."""

    def __init__(self, launcher: Launcher, clock: Clock) -> None:
        self._launcher = launcher
        self._clock = clock

    def run_attempt(
        self,
        folder: Path,
        request: TrainingRequest,
        limits: Limits,
        stop: StopSignal,
        on_progress: OnProgress,
    ) -> AttemptEnd:
        """Train as `request` says, in `folder`, and return when every process of it is gone.

        A whole `result.json` decides, whatever the exit status, if it was there before the child
        was asked to stop. The model of a finished attempt is in `folder`; the caller takes it from
        there and removes the folder. Paths in `request` must be absolute.
        """
        started_at = self._clock.now()
        outcome = self._run(folder.resolve(), request, limits, stop, on_progress)
        return AttemptEnd(
            kind=outcome.kind,
            reason=outcome.reason,
            params=outcome.params,
            result=outcome.result,
            log=outcome.log,
            bad_progress_lines=outcome.bad_progress_lines,
            started_at=started_at,
            ended_at=self._clock.now(),
        )

    def _run(
        self,
        folder: Path,
        request: TrainingRequest,
        limits: Limits,
        stop: StopSignal,
        on_progress: OnProgress,
    ) -> Outcome:
        if asked := stop.asked:
            return stopped(asked)
        try:
            _lay_out(folder, request)
            log = AttemptLog(folder / LOG_FILE, limits.log_bytes)
        except OSError as error:
            return not_started(error)
        with log:
            try:
                process = self._start(folder, log)
            except OSError as error:
                return not_started(error)
            return Watch(process, folder, limits, stop, log, on_progress).run()

    def _start(self, folder: Path, log: AttemptLog) -> Popen[bytes]:
        with log.open_for_child() as descriptor:
            return self._launcher.start(folder, descriptor)


def _lay_out(folder: Path, request: TrainingRequest) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in (RESULT_FILE, PROGRESS_FILE):  # of an attempt before: not this one's to report
        (folder / name).unlink(missing_ok=True)
    write_whole(folder / REQUEST_FILE, request.to_json())
