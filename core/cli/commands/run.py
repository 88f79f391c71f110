"""Commands about executions: run a task now, cancel an execution."""

from __future__ import annotations

import uuid

from core.cli.call import Call, pass_call
from core.cli.commands.task import id_flag
from core.cli.output import bar, say
from core.cli.spoken import Command, Option
from core.cli.values import ID
from core.cli.words import outcome_words, stage_words, status_word
from core.contracts.backend import Backend
from core.contracts.records import ExecutionRecord
from core.domain.execution import ExecutionStatus
from core.errors import AppError, RefusedError
from core.language import N_, _


@pass_call
def _run(call: Call, task_id: int, *, wait: bool) -> None:
    backend = call.backend()
    record = _asked_for(backend, task_id, wait=wait)
    if wait and not record.status.is_final:
        record = _wait(call, backend, record.id)
    has_failed = record.status.is_final and record.status is not ExecutionStatus.COMPLETED
    if call.out.as_json or not has_failed:
        call.out.answer(record, lambda: _words(record))
    if has_failed:
        raise _failure(record)
    if not record.status.is_final and backend.describe_connection().runner_host is None:
        say(
            _(
                "No runner is alive: start one with “traintable --runner”, or use --wait to run it"
                " here."
            )
        )


def _failure(record: ExecutionRecord) -> AppError:
    """The sentence that the execution ended with, as an error of this command."""
    if record.message_code is None:
        return RefusedError("cli.run_failed", execution_id=record.id, status=record.status.value)
    error = RefusedError(record.message_code)
    error.params |= record.message_params
    return error


def _asked_for(backend: Backend, task_id: int, *, wait: bool) -> ExecutionRecord:
    """A new execution; but who waits is served by one that is still queued, and would only be
    skipped beside it."""
    active = backend.get_task(task_id).active_run
    if wait and active is not None and active.status is ExecutionStatus.QUEUED:
        say(
            _("Execution {execution_id} of this task is queued already: waiting for it.").format(
                execution_id=active.execution_id
            )
        )
        return backend.get_execution(active.execution_id)
    return backend.run_now(task_id, uuid.uuid4().hex)


def _wait(call: Call, backend: Backend, execution_id: int) -> ExecutionRecord:
    # Here, because the other commands must not wait for the scheduler's libraries.
    from core.cli.runner_here import wait_for_end  # noqa: PLC0415 - see above

    with bar() as advance:
        return wait_for_end(
            call.settings,
            backend,
            execution_id,
            on_look=lambda record: advance(stage_words(record), record.progress),
            on_nobody=lambda: say(
                _("No runner is alive: execution {execution_id} runs here.").format(
                    execution_id=execution_id
                )
            ),
        )


def _words(record: ExecutionRecord) -> str:
    if record.status is ExecutionStatus.QUEUED:
        return _("Execution {execution_id} is queued.").format(execution_id=record.id)
    return _("Execution {execution_id}: {status}. {detail}").format(
        execution_id=record.id, status=status_word(record.status), detail=outcome_words(record)
    )


@pass_call
def _cancel(call: Call, execution_id: int) -> None:
    record = call.backend().cancel_execution(execution_id)
    text = (
        _("Execution {execution_id} is cancelled.")
        if record.status.is_final
        else _("Execution {execution_id} is asked to stop.")
    )
    call.out.answer(record, lambda: text.format(execution_id=record.id))


COMMANDS = (
    Command(
        "run",
        callback=_run,
        help=N_("Run a task now, paused or not."),
        params=[
            id_flag(),
            Option(
                ["--wait"],
                is_flag=True,
                help=N_(
                    "Wait for the end; the exit status is 0 only if it completed. With no runner"
                    " alive it runs here."
                ),
            ),
        ],
    ),
    Command(
        "cancel",
        callback=_cancel,
        help=N_("Cancel a queued execution, or ask a running one to stop."),
        params=[
            Option(
                ["--execution", "execution_id"],
                type=ID,
                required=True,
                help=N_("Number of the execution, see the history."),
            )
        ],
    ),
)
