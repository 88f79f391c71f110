"""One attempt in a real child process: however it ends, we say so, and nothing of it lives on."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from core.clock import SystemClock
from core.errors import UnavailableError
from core.training.attempt import AttemptEnd, EndKind, Limits, StopReason, StopSignal
from core.training.launch import Launcher, run_id_of
from core.training.process_tree import find_strays
from core.training.request import LOG_FILE, REQUEST_FILE, Progress, TrainingRequest
from core.training.supervisor import Supervisor

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the zoo speaks POSIX")

ZOO = Path(__file__).parent / "zoo"
LIMITS = Limits(timeout_seconds=60, grace_seconds=0.3)
REQUEST = TrainingRequest(
    trainer="noop", mode="full", samples=(), base=None, features_folder="/nowhere"
)


@dataclass
class Attempt:
    """One attempt to be run by an animal of the zoo."""

    folder: Path
    stop: StopSignal = field(default_factory=StopSignal)
    reports: list[tuple[Progress, str]] = field(default_factory=list)
    has_reported: threading.Event = field(default_factory=threading.Event)

    def run(self, animal: str, limits: Limits = LIMITS) -> AttemptEnd:
        """Run it here, and see that nothing of it lives afterwards."""
        end = self.run_with(Launcher(command_of(animal)), limits)
        assert find_strays(run_id_of(self.folder)) == []
        return end

    def run_with(self, launcher: Launcher, limits: Limits = LIMITS) -> AttemptEnd:
        """Run whatever `launcher` starts."""
        supervisor = Supervisor(launcher, SystemClock())
        return supervisor.run_attempt(self.folder, REQUEST, limits, self.stop, self.on_progress)

    def run_and_stop(
        self, animal: str, why: StopReason, grace_seconds: float = LIMITS.grace_seconds
    ) -> AttemptEnd:
        """Run it on a thread, and ask it to stop as soon as it has reported."""
        with ThreadPoolExecutor(1) as threads:
            end = threads.submit(self.run, animal, Limits(None, grace_seconds))
            self.has_reported.wait()
            self.stop.request(why, actor="anna")
            return end.result()

    def on_progress(self, progress: Progress, tail: str) -> None:
        """Keep what is reported."""
        self.reports.append((progress, tail))
        if progress.stage != "stage.starting":
            self.has_reported.set()


def command_of(animal: str) -> Callable[[Path], list[str]]:
    """The command line that runs a script of the zoo."""
    return lambda folder: [sys.executable, str(ZOO / f"{animal}.py"), str(folder)]


def is_alive(pid: int) -> bool:
    """Whether it runs; nobody may have reaped it yet."""
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


@pytest.fixture
def attempt(tmp_path: Path) -> Attempt:
    """An attempt in a folder that does not exist yet."""
    return Attempt(tmp_path / "runs" / "7")


def test_that_a_result_is_handed_over_with_progress_and_log(attempt: Attempt) -> None:
    end = attempt.run("normal")
    assert (end.kind, end.reason) == (EndKind.FINISHED, None)
    assert end.result is not None
    assert (end.result.sha256, end.result.sample_count) == ("ab", 7)
    assert attempt.reports[-1] == (Progress("stage.fitting", 0.5), "trained\n")
    assert end.log == "trained\n"
    assert end.started_at <= end.ended_at


def test_that_the_request_is_in_the_folder_as_it_was_given(attempt: Attempt) -> None:
    attempt.run("normal")
    text = (attempt.folder / REQUEST_FILE).read_text(encoding="utf-8")
    assert TrainingRequest.from_json(text) == REQUEST


def test_that_the_result_decides_whatever_the_exit_status(attempt: Attempt) -> None:
    end = attempt.run("odd_exit")
    assert (end.kind, end.reason) == (EndKind.FINISHED, "reason.too_few_samples")
    assert end.params == {"found": 1, "needed": 3}


def test_that_a_result_counts_even_if_the_child_does_not_end_by_itself(attempt: Attempt) -> None:
    end = attempt.run_and_stop("lingering", StopReason.CANCEL)
    assert (end.kind, end.reason) == (EndKind.FINISHED, None)


def test_that_the_result_of_an_earlier_attempt_is_not_mistaken(attempt: Attempt) -> None:
    attempt.run("normal")
    assert attempt.run("silent").reason == "reason.no_result"


def test_that_a_child_without_result_is_told_from_one_that_died(attempt: Attempt) -> None:
    end = attempt.run("silent")
    assert (end.kind, end.reason, end.result) == (EndKind.DIED, "reason.no_result", None)
    end = attempt.run("dying")
    assert (end.kind, end.reason) == (EndKind.DIED, "reason.worker_died")
    assert end.params == {"how": "SIGKILL"}
    assert end.log == "about to crash\n"


def test_that_a_child_which_deletes_its_folder_leaves_its_log(attempt: Attempt) -> None:
    end = attempt.run("vanishing")
    assert (end.reason, end.params) == ("reason.worker_died", {"how": "exit status 4"})
    assert end.log == "gone\n"


def test_that_nonsense_is_no_result_and_no_progress(attempt: Attempt) -> None:
    end = attempt.run("babbling")
    assert (end.kind, end.reason) == (EndKind.DIED, "reason.no_result")
    assert "cannot be used" in end.log
    assert end.bad_progress_lines == 4
    assert attempt.reports[-1][0] == Progress("stage.fitting", 0.5)


def test_that_the_time_limit_ends_a_deaf_child(attempt: Attempt) -> None:
    end = attempt.run("deaf", Limits(timeout_seconds=0.5, grace_seconds=0.3))
    assert (end.kind, end.reason) == (EndKind.TIMED_OUT, "reason.timeout")
    assert end.params == {"limit_seconds": 0.5}


def test_that_a_cancel_ends_what_escaped_from_the_tree(attempt: Attempt) -> None:
    end = attempt.run_and_stop("escaping", StopReason.CANCEL)
    assert end.kind is EndKind.CANCELLED
    assert not is_alive(int((attempt.folder / "escaped").read_text()))


def test_that_what_a_finished_child_leaves_running_is_ended(attempt: Attempt) -> None:
    end = attempt.run("forking")
    assert end.kind is EndKind.FINISHED
    assert end.result is not None
    assert not is_alive(end.result.metrics["pid"])


def test_that_a_cancelled_child_has_the_last_word(attempt: Attempt) -> None:
    end = attempt.run_and_stop("polite", StopReason.CANCEL, grace_seconds=30)
    assert (end.kind, end.reason) == (EndKind.CANCELLED, "reason.cancelled")
    assert end.params == {"actor": "anna"}
    assert end.log == "goodbye\n"


def test_that_closing_the_runner_stops_a_deaf_child(attempt: Attempt) -> None:
    end = attempt.run_and_stop("deaf", StopReason.SHUTDOWN)
    assert (end.kind, end.reason) == (EndKind.STOPPED, "reason.runner_stopped")


def test_that_a_lost_lease_leaves_no_time_for_a_last_word(attempt: Attempt) -> None:
    end = attempt.run_and_stop("polite", StopReason.LEASE_LOST, grace_seconds=30)
    assert end.kind is EndKind.LEASE_LOST
    assert end.log == ""


def test_that_a_lost_lease_outdoes_an_earlier_cancel_and_nothing_else_does() -> None:
    stop = StopSignal()
    stop.request(StopReason.CANCEL, actor="anna")
    stop.request(StopReason.SHUTDOWN)
    assert stop.asked is not None
    assert stop.asked.why is StopReason.CANCEL
    stop.request(StopReason.LEASE_LOST)
    assert stop.asked.why is StopReason.LEASE_LOST


def test_that_an_attempt_stopped_before_it_began_starts_nothing(attempt: Attempt) -> None:
    attempt.stop.request(StopReason.CANCEL, actor="anna")
    assert attempt.run("normal").kind is EndKind.CANCELLED
    assert not attempt.folder.exists()


def test_that_a_program_which_cannot_start_is_an_ending_not_an_error(attempt: Attempt) -> None:
    end = attempt.run_with(Launcher(lambda folder: [str(folder / "no such program")]))
    assert (end.kind, end.reason) == (EndKind.DIED, "reason.worker_not_started")
    assert "no such program" in str(end.params["detail"])


def test_that_a_log_of_anything_becomes_text_that_can_be_stored(attempt: Attempt) -> None:
    end = attempt.run("noisy", Limits(60, 0.3, log_bytes=100_000))
    assert end.log.startswith("开始\nnul:� escape:�[31m half:� bell:� return:\nxxx")
    assert end.log.endswith("xxx\n结束\n")
    assert "middle of this log was left out" in end.log
    assert len(end.log.encode()) <= 100_000


def test_that_a_flood_does_not_stay_on_the_disk(attempt: Attempt) -> None:
    end = attempt.run("flooding", Limits(60, 0.3, log_bytes=1_000_000))
    assert end.log.startswith("first\nyyy")
    assert end.log.endswith("yyy\nlast\n")
    assert len(end.log.encode()) <= 1_000_000
    assert (attempt.folder / LOG_FILE).stat().st_size <= 1_000_000


def test_that_progress_is_reported_again_after_the_database_was_away(attempt: Attempt) -> None:
    report = attempt.on_progress

    def fail_once(progress: Progress, tail: str) -> None:
        report(progress, tail)
        if len(attempt.reports) == 1:
            raise UnavailableError("database.unavailable", detail="away")

    supervisor = Supervisor(Launcher(command_of("patient")), SystemClock())
    with ThreadPoolExecutor(1) as threads:
        end = threads.submit(
            supervisor.run_attempt, attempt.folder, REQUEST, LIMITS, attempt.stop, fail_once
        )
        while len(attempt.reports) < 2:
            time.sleep(0.005)
        attempt.stop.request(StopReason.CANCEL)
        assert end.result().kind is EndKind.CANCELLED
    assert attempt.reports == [attempt.reports[0]] * 2


def test_that_a_bug_in_the_report_is_raised_after_the_child_is_gone(attempt: Attempt) -> None:
    def fail(progress: Progress, tail: str) -> None:
        raise ZeroDivisionError

    supervisor = Supervisor(Launcher(command_of("patient")), SystemClock())
    with pytest.raises(ZeroDivisionError):
        supervisor.run_attempt(attempt.folder, REQUEST, LIMITS, attempt.stop, fail)
    assert find_strays(run_id_of(attempt.folder)) == []


def test_that_a_child_finds_no_secret_and_no_terminal(
    attempt: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAINTABLE_DATABASE_URL", "postgresql://secret@host/db")
    monkeypatch.setenv("PGPASSWORD", "secret")
    monkeypatch.setenv("GPU_LICENCE", "let through")
    launcher = Launcher(command_of("surroundings"), frozenset({"GPU_LICENCE"}))
    end = attempt.run_with(launcher)
    assert end.result is not None
    seen = end.result.metrics
    assert "secret" not in str(seen["environment"])
    assert seen["environment"]["GPU_LICENCE"] == "let through"
    assert seen["environment"]["TRAINTABLE_RUN_ID"] == run_id_of(attempt.folder)
    assert seen["environment"]["PATH"] == os.environ["PATH"]
    assert seen["folder"] == str(attempt.folder)
    assert seen["leads_session"] is True
    assert seen["standard_input"] == ""


def test_that_the_real_worker_runs_from_a_checkout(attempt: Attempt) -> None:
    end = attempt.run_with(Launcher())
    assert (end.kind, end.reason) == (EndKind.FINISHED, None), end.log
    assert "Nothing was trained." in end.log
