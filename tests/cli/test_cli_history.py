"""The history of a task, and one execution in full: its attempts and the log of each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.domain.execution import ExecutionKind, ExecutionStatus, Reason
from core.storage.engine import make_engine, sqlite_url
from core.storage.outcomes import Outcome, conclude, settle
from core.storage.rows import ScheduledTaskExecutionRow
from core.storage.unit_of_work import Store, Unit
from tests.cli.calling import Cli
from tests.databases import add_runner, request, start

FAILED = Outcome(
    ExecutionStatus.FAILED,
    Reason.TRAINER_FAILED,
    "reason.trainer_failed",
    {"detail": "no luck"},
    log="first line\nlast \x1b[31mline\n",
)


@pytest.fixture
def task(cli: Cli) -> dict[str, Any]:
    """A task whose runs are tried twice, with two minutes between."""
    answer = cli(
        *("create", "--name", "Retried", "--trigger-type", "interval", "--interval", "1h"),
        *("--training-mode", "full", "--timezone", "Asia/Shanghai"),
        *("--max-attempts", "2", "--retry-delay", "2m", "--pause-after-failures", "1", "--json"),
    )
    assert answer.status == 0, answer.err
    found: dict[str, Any] = answer.json
    return found


@pytest.fixture
def store(task: dict[str, Any], tmp_path: Path) -> Iterator[Store]:
    """The database of that task."""
    store = Store(make_engine(sqlite_url(tmp_path / "home" / "traintable.db")))
    yield store
    store.close()


@pytest.fixture
def retrying(store: Store, task: dict[str, Any]) -> str:
    """An execution of which one attempt failed: its number."""
    execution_id = request(store, task["id"])
    start(store, execution_id, add_runner(store))
    store.write(lambda unit: conclude(unit, execution_id, FAILED, u=1.0))
    return str(execution_id)


def test_that_the_history_tells_attempts_and_the_time_of_the_next(
    cli: Cli, task: dict[str, Any], retrying: str
) -> None:
    number = str(task["id"])

    (execution,) = cli("history", "--id", number, "--json").json
    heading, row = cli("history", "--id", number).out.splitlines()

    assert (execution["status"], execution["attempt"]) == ("retrying", 1)
    assert "Attempts" in heading
    assert "retrying" in row
    assert "The trainer failed: no luck Attempt 2 begins at 2" in row
    assert row.endswith("Asia/Shanghai.")
    assert execution["retry_at"] is not None


def test_that_an_execution_is_shown_with_its_attempts(
    cli: Cli, task: dict[str, Any], retrying: str
) -> None:
    out = cli("history", "--execution", retrying).out
    value = cli("history", "--execution", retrying, "--json").json

    for part in ("1 Retried", "manual", "retrying", "The trainer failed: no luck", "test-host"):
        assert part in out
    assert "first line" not in out
    (attempt,) = value["attempts"]
    assert (attempt["attempt"], attempt["status"], attempt["reason"]) == (
        *(1, "failed"),
        "trainer_failed",
    )
    assert (value["id"], value["scheduled_task_id"]) == (int(retrying), task["id"])
    assert "log" not in value


def test_that_a_log_is_told_line_by_line_without_control_codes(cli: Cli, retrying: str) -> None:
    out = cli("history", "--execution", retrying, "--log").out
    value = cli("history", "--execution", retrying, "--attempt", "1", "--json").json

    assert out.splitlines()[-2:] == ["first line", "last  [31mline"]
    assert value["log"] == FAILED.log


def test_that_an_execution_that_did_not_start_says_so(
    cli: Cli, store: Store, task: dict[str, Any]
) -> None:
    number = str(request(store, task["id"]))

    lines = cli("history", "--execution", number, "--log").out.splitlines()

    assert "There was no attempt." in lines
    assert lines[-1] == "The log is empty."


def test_that_an_execution_or_attempt_that_there_is_not_is_refused(cli: Cli, retrying: str) -> None:
    absent = cli("history", "--execution", "99")
    attempt = cli("history", "--execution", retrying, "--attempt", "2")

    assert (absent.status, absent.err) == (1, "There is no execution 99.\n")
    assert (attempt.status, attempt.err) == (1, f"Execution {retrying} has no attempt 2.\n")


@pytest.mark.parametrize(
    ("flags", "named"),
    [
        ((), "--id, --execution"),
        (("--id", "1", "--execution", "1"), "--id and --execution"),
        (("--execution", "1", "--limit", "3"), "--limit and --execution"),
        (("--id", "1", "--log"), "--log has a meaning only together with --execution"),
        (("--id", "1", "--attempt", "1"), "--attempt has a meaning only together"),
    ],
)
def test_that_flags_that_do_not_belong_together_are_refused(
    cli: Cli, flags: tuple[str, ...], named: str
) -> None:
    answer = cli("history", *flags)

    assert (answer.status, answer.out) == (2, "")
    assert named in answer.err


def test_that_a_task_that_the_program_paused_says_why(
    cli: Cli, store: Store, task: dict[str, Any]
) -> None:
    _fail_as_scheduled(store, task["id"])

    out = cli("show", "--id", str(task["id"])).out
    value = cli("show", "--id", str(task["id"]), "--json").json

    sentence = "Paused by the system after 1 failures in a row: find the cause, then resume."
    assert sentence in out
    assert (value["status"], value["pause_reason"]) == ("paused", sentence)
    assert value["consecutive_failures"] == 1


def test_that_the_parts_of_an_execution_are_translated(cli: Cli, retrying: str) -> None:
    english = cli("history", "--execution", retrying, "--log").out
    chinese = cli("history", "--execution", retrying, "--log", "--language", "zh_CN").out

    assert len(english.splitlines()) == len(chinese.splitlines())
    assert "状态" in chinese
    assert "Status" not in chinese
    assert chinese.splitlines()[-2] == "first line"


def _fail_as_scheduled(store: Store, task_id: int) -> None:
    """The end of a run that the trigger gave, with no attempt left."""
    execution_id = request(store, task_id)

    def as_planned(unit: Unit) -> None:
        row = unit.session.get_one(ScheduledTaskExecutionRow, execution_id)
        row.kind = ExecutionKind.SCHEDULED
        row.planned_at = unit.now

    store.write(as_planned)
    start(store, execution_id, add_runner(store))
    store.write(lambda unit: settle(unit, execution_id, FAILED))
