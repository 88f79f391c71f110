"""Which tasks depend on which: shown, added, removed, and kept free of circles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core.contracts.planning import AddDependency, DependencyRecord, TaskDependencies
from core.domain.access import Verb, reaches
from core.domain.dependency import Edge, Needed, check_no_cycle
from core.errors import NotFoundError, RefusedError
from core.services.actor import Actor, authorise
from core.storage import dependencies, tasks
from core.storage.unit_of_work import Store, Subject, Unit

SHOWN_TASKS = 5
Names = Mapping[int, str]
"""The names of the tasks that the actor may see."""


def list_dependencies(store: Store, actor: Actor, task_id: int) -> TaskDependencies:
    """All edges of a task. Raises `NotFoundError`."""

    def work(unit: Unit) -> TaskDependencies:
        school_id = tasks.get(unit, task_id).school_id
        authorise(actor, Verb.SEE, school_id, _absent(task_id))
        return _shown(unit, actor, task_id)

    return store.read(work)


def add_dependency(store: Store, actor: Actor, command: AddDependency) -> TaskDependencies:
    """Let a task depend on another, or change how it does.

    Raises:
        RefusedError: `dependency.cycle`, with the path; a task that depends on itself is one, too.
        NotFoundError: one of the tasks is not there, or not to be known of.
        ForbiddenError.
    """
    new = Edge(command.upstream_id, command.task_id, command.condition, command.mode)

    def work(unit: Unit) -> TaskDependencies:
        dependencies.hold_all(unit)
        _hold(unit, actor, new)
        others = [each for each in dependencies.all_edges(unit) if not _same_ends(each, new)]
        check_no_cycle(others, new, _names(unit, actor, _ends([*others, new])))
        dependencies.put(unit, new)
        _note(
            unit,
            actor,
            new.downstream_id,
            "added",
            {
                "upstream_id": new.upstream_id,
                "condition": new.condition.value,
                "mode": new.mode.value,
            },
        )
        return _shown(unit, actor, new.downstream_id)

    return store.write(work)


def remove_dependency(
    store: Store, actor: Actor, task_id: int, upstream_id: int
) -> TaskDependencies:
    """Let a task no longer depend on another. Raises `NotFoundError`, `ForbiddenError`."""

    def work(unit: Unit) -> TaskDependencies:
        _managed(unit, actor, task_id)
        if all(each.upstream_id != upstream_id for each in dependencies.upstream_of(unit, task_id)):
            raise NotFoundError("dependency.not_found", task_id=task_id, upstream_id=upstream_id)
        dependencies.remove(unit, task_id, upstream_id)
        _note(unit, actor, task_id, "removed", {"upstream_id": upstream_id})
        return _shown(unit, actor, task_id)

    return store.write(work)


def set_needed(store: Store, actor: Actor, task_id: int, needed: Needed) -> TaskDependencies:
    """Say how many of a task's edges must be met. Raises `NotFoundError`, `ForbiddenError`."""

    def work(unit: Unit) -> TaskDependencies:
        _managed(unit, actor, task_id)
        before = dependencies.needed_of(unit, task_id)
        if before is not needed:
            dependencies.set_needed(unit, task_id, needed)
            change = {"before": {"needed": before.value}, "after": {"needed": needed.value}}
            _note(unit, actor, task_id, "how", change)
        return _shown(unit, actor, task_id)

    return store.write(work)


def check_not_upstream(unit: Unit, actor: Actor, task_id: int) -> None:
    """Refuse to go on with a task that others depend on; call before it is deleted.

    Raises:
        RefusedError: `dependency.is_upstream`, naming them as far as the actor may see them.
    """
    below = [each.downstream_id for each in dependencies.downstream_of(unit, task_id)]
    if not below:
        return
    names = _names(unit, actor, below)
    shown = [f"#{each} {names[each]}" if each in names else f"#{each}" for each in below]
    rest = ["…"] if len(shown) > SHOWN_TASKS else []
    raise RefusedError("dependency.is_upstream", task_id=task_id, tasks=shown[:SHOWN_TASKS] + rest)


def _hold(unit: Unit, actor: Actor, new: Edge) -> None:
    """Keep both tasks as they are, in the order of their numbers: two orders would block."""
    for task_id in sorted({new.upstream_id, new.downstream_id}):
        record = tasks.lock(unit, task_id)
        verb = Verb.MANAGE_TASKS if task_id == new.downstream_id else Verb.SEE
        authorise(actor, verb, record.school_id, _absent(task_id))


def _managed(unit: Unit, actor: Actor, task_id: int) -> None:
    record = tasks.lock(unit, task_id)
    authorise(actor, Verb.MANAGE_TASKS, record.school_id, _absent(task_id))


def _absent(task_id: int) -> NotFoundError:
    return NotFoundError("task.not_found", task_id=task_id)


def _ends(edges: Iterable[Edge]) -> set[int]:
    return {end for edge in edges for end in (edge.upstream_id, edge.downstream_id)}


def _same_ends(one: Edge, other: Edge) -> bool:
    return one.upstream_id == other.upstream_id and one.downstream_id == other.downstream_id


def _shown(unit: Unit, actor: Actor, task_id: int) -> TaskDependencies:
    upstream = dependencies.upstream_of(unit, task_id)
    downstream = dependencies.downstream_of(unit, task_id)
    names = _names(unit, actor, _ends((*upstream, *downstream)))
    return TaskDependencies(
        task_id,
        dependencies.needed_of(unit, task_id),
        tuple(_record(each, names) for each in upstream),
        tuple(_record(each, names) for each in downstream),
    )


def _record(edge: Edge, names: Names) -> DependencyRecord:
    return DependencyRecord(
        edge.upstream_id,
        names.get(edge.upstream_id),
        edge.downstream_id,
        names.get(edge.downstream_id),
        edge.condition,
        edge.mode,
    )


def _names(unit: Unit, actor: Actor, task_ids: Iterable[int]) -> Names:
    return {
        task_id: name
        for task_id, (name, school_id) in dependencies.tasks_named(unit, task_ids).items()
        if reaches(actor.role, actor.school_id, school_id)
    }


def _note(unit: Unit, actor: Actor, task_id: int, verb: str, detail: dict[str, Any]) -> None:
    kind = f"task.dependency_{verb}"
    unit.note(kind, Subject(task_id), actor=actor.name, detail=detail)
