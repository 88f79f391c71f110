"""The command about dependencies between tasks: list, add, remove, and how many are needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.cli.call import Call, pass_call
from core.cli.commands.task import id_flag
from core.cli.planning_words import dependencies_parts
from core.cli.spoken import Command, Option
from core.cli.values import ID, Choice
from core.contracts.backend import Backend
from core.contracts.planning import AddDependency, TaskDependencies
from core.domain.dependency import Condition, Mode, Needed
from core.errors import InvalidValueError
from core.language import N_


@dataclass(frozen=True, slots=True)
class Asked:
    """What the flags said."""

    task_id: int
    upstream_id: int | None
    condition: Condition | None
    mode: Mode | None
    removed_id: int | None
    needed: Needed | None


@pass_call
def _depends(call: Call, /, **flags: Any) -> None:
    asked = Asked(**flags)
    _check(asked)
    found = _carry_out(call.backend(), asked)
    call.out.answer(found, lambda: dependencies_parts(found))


def _check(asked: Asked) -> None:
    actions = {"--on": asked.upstream_id, "--remove": asked.removed_id, "--how": asked.needed}
    given = [flag for flag, value in actions.items() if value is not None]
    if len(given) > 1:
        raise InvalidValueError("cli.not_together", field=given[1], other=given[0])
    for flag, value in (("--condition", asked.condition), ("--mode", asked.mode)):
        if value is not None and asked.upstream_id is None:
            raise InvalidValueError("cli.only_with", field=flag, other="--on")


def _carry_out(backend: Backend, asked: Asked) -> TaskDependencies:
    if asked.upstream_id is not None:
        command = AddDependency(
            asked.task_id,
            asked.upstream_id,
            asked.condition or Condition.SUCCESS,
            asked.mode or Mode.AFTER,
        )
        return backend.add_dependency(command)
    if asked.removed_id is not None:
        return backend.remove_dependency(asked.task_id, asked.removed_id)
    if asked.needed is not None:
        return backend.set_needed(asked.task_id, asked.needed)
    return backend.list_dependencies(asked.task_id)


COMMANDS = (
    Command(
        "depends",
        callback=_depends,
        help=N_("List what a task depends on, or change one thing about it."),
        params=[
            id_flag(),
            Option(
                ["--on", "upstream_id"],
                type=ID,
                help=N_("Let it depend on this task; again to change condition and mode."),
            ),
            Option(
                ["--condition"],
                type=Choice(Condition),
                help=N_("How that task must have ended (else success)."),
            ),
            Option(
                ["--mode"],
                type=Choice(Mode),
                help=N_("Start when that task has ended (the default), or wait for it when due."),
            ),
            Option(
                ["--remove", "removed_id"],
                type=ID,
                help=N_("Let it no longer depend on this task."),
            ),
            Option(
                ["--how", "needed"],
                type=Choice(Needed),
                help=N_("Whether all of its dependencies must be met, or any."),
            ),
        ],
    ),
)
