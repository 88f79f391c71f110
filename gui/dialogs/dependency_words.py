"""Dependencies in words, and what a person may want of them; touches no widget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.contracts.planning import AddDependency, TaskDependencies
from core.domain.dependency import Condition, Mode, Needed
from core.language import N_, _

CONDITIONS: Final[dict[Condition, str]] = {
    Condition.SUCCESS: N_("has succeeded"),
    Condition.FINISHED: N_("has run, well or not"),
    Condition.FAILED: N_("has failed"),
    Condition.NO_FAILURE: N_("succeeded or was skipped"),
}
MODES: Final[dict[Mode, str]] = {
    Mode.AFTER: N_("its end starts this task"),
    Mode.WAIT: N_("this task waits for it"),
}
NEEDED: Final[dict[Needed, str]] = {
    Needed.ALL: N_("All of them are needed"),
    Needed.ANY: N_("One of them is enough"),
}


@dataclass(frozen=True, slots=True)
class RemoveDependency:
    """Task `task_id` shall no longer depend on `upstream_id`."""

    task_id: int
    upstream_id: int


@dataclass(frozen=True, slots=True)
class SetNeeded:
    """How many of the edges of task `task_id` must be met."""

    task_id: int
    needed: Needed


DependencyRequest = AddDependency | RemoveDependency | SetNeeded


def intro(found: TaskDependencies | None) -> str:
    if found is None:
        return _("Create the task first: dependencies are added when it is edited.")
    if not found.upstream:
        return _("This task depends on no other. What is changed here is saved at once.")
    if found.needed is Needed.ANY and len(found.upstream) > 1:
        return _(
            "It runs when one task below has come to what is asked of it. What is changed here"
            " is saved at once."
        )
    return _(
        "It runs when each task below has come to what is asked of it. What is changed here"
        " is saved at once."
    )


def summary(found: TaskDependencies | None) -> str:
    if found is None:
        return _("After the task has been created")
    return _(", ").join(
        task_name(each.upstream_id, each.upstream_name) for each in found.upstream
    ) or _("None")


def task_name(task_id: int, name: str | None) -> str:
    """A task that the person may not see has a number only."""
    return f"#{task_id}" if name is None else name
