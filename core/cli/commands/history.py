"""The command that shows what ran: the executions of a task, or one of them with its attempts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.cli.call import Call, pass_call
from core.cli.execution_words import execution_parts, execution_value
from core.cli.paging import newest_executions
from core.cli.spoken import Command, Option
from core.cli.values import ID, WholeNumber
from core.cli.words import execution_table
from core.contracts.records import ExecutionFilter
from core.errors import InvalidValueError
from core.language import N_, _

MOST_EXECUTIONS = 100_000
MOST_ATTEMPTS = 1000
DEFAULT_LIMIT = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What the flags said."""

    task_id: int | None
    limit: int | None
    execution_id: int | None
    has_log: bool
    attempt: int | None


@pass_call
def _history(call: Call, /, **flags: Any) -> None:
    asked = Asked(**flags)
    _check(asked)
    if asked.execution_id is not None:
        _show_execution(call, asked.execution_id, asked)
    elif asked.task_id is not None:
        _show_task(call, asked.task_id, asked.limit or DEFAULT_LIMIT)


def _check(asked: Asked) -> None:
    if asked.execution_id is None:
        if asked.task_id is None:
            raise InvalidValueError("cli.one_of", field="--id", choices=["--id", "--execution"])
        for flag, value in (("--log", asked.has_log or None), ("--attempt", asked.attempt)):
            if value is not None:
                raise InvalidValueError("cli.only_with", field=flag, other="--execution")
        return
    for flag, value in (("--id", asked.task_id), ("--limit", asked.limit)):
        if value is not None:
            raise InvalidValueError("cli.not_together", field=flag, other="--execution")


def _show_task(call: Call, task_id: int, limit: int) -> None:
    backend = call.backend()
    backend.get_task(task_id)
    found = newest_executions(backend, ExecutionFilter(task_id), limit)
    call.out.answer(
        found, lambda: execution_table(found) if found else _("This task has not run yet.")
    )


def _show_execution(call: Call, execution_id: int, asked: Asked) -> None:
    backend = call.backend()
    record = backend.get_execution(execution_id)
    attempts = backend.list_attempts(execution_id)
    log = None
    if asked.has_log or asked.attempt is not None:
        log = backend.read_log(execution_id, attempt=asked.attempt)
    call.out.answer(
        execution_value(record, attempts, log), lambda: execution_parts(record, attempts, log)
    )


COMMANDS = (
    Command(
        "history",
        callback=_history,
        help=N_("List a task's executions, newest first; or show one with its attempts."),
        params=[
            Option(["--id", "task_id"], type=ID, help=N_("Number of the task.")),
            Option(
                ["--limit"],
                type=WholeNumber(1, MOST_EXECUTIONS),
                help=N_("At most this many (else 50)."),
            ),
            Option(
                ["--execution", "execution_id"],
                type=ID,
                help=N_("Show this execution in full, in place of a task's list."),
            ),
            Option(
                ["--log", "has_log"],
                is_flag=True,
                help=N_("With --execution: the log of its latest attempt too."),
            ),
            Option(
                ["--attempt"],
                type=WholeNumber(1, MOST_ATTEMPTS),
                help=N_("With --execution: the log of this attempt."),
            ),
        ],
    ),
)
