"""The command that says of an instant or an execution which rule let it pass and which did not."""

from __future__ import annotations

from core.cli.call import Call, pass_call
from core.cli.planning_words import explanation_parts, explanation_value
from core.cli.spoken import Command, Option
from core.cli.values import ID, Text
from core.contracts.planning import Explanation
from core.errors import InvalidValueError
from core.language import N_
from core.scheduling import fire_times


@pass_call
def _why(call: Call, task_id: int | None, at: str | None, execution_id: int | None) -> None:
    found = _explained(call, task_id, at, execution_id)
    call.out.answer(explanation_value(found), lambda: explanation_parts(found))


def _explained(
    call: Call, task_id: int | None, at: str | None, execution_id: int | None
) -> Explanation:
    if execution_id is not None:
        for flag, value in (("--id", task_id), ("--at", at)):
            if value is not None:
                raise InvalidValueError("cli.not_together", field=flag, other="--execution")
        return call.backend().explain_execution(execution_id)
    if task_id is None:
        raise InvalidValueError("cli.one_of", field="--id", choices=["--id", "--execution"])
    if at is None:
        raise InvalidValueError("cli.flag_missing", field="--at", form="ISO", command="why --id")
    backend = call.backend()
    timezone = backend.get_task(task_id).timezone
    return backend.explain_instant(task_id, fire_times.read_time(at, timezone, "--at"))


COMMANDS = (
    Command(
        "why",
        callback=_why,
        help=N_("Say why a task runs, or does not run, at a time; or why an execution ended so."),
        params=[
            Option(["--id", "task_id"], type=ID, help=N_("Number of the task.")),
            Option(
                ["--at"],
                type=Text("ISO"),
                help=N_("A past or future time, in the task's time zone."),
            ),
            Option(
                ["--execution", "execution_id"],
                type=ID,
                help=N_("Number of an execution, in place of task and time."),
            ),
        ],
    ),
)
