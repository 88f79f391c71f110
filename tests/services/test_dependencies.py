"""Dependencies as people make them: who may, what is refused, and what the audit keeps."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.contracts.planning import AddDependency, TaskDependencies
from core.domain.dependency import Condition, Mode, Needed
from core.errors import AppError, ForbiddenError, NotFoundError, RefusedError
from core.messages import error_sentence
from core.services import tasks
from core.services.actor import Actor
from core.services.dependencies import (
    add_dependency,
    list_dependencies,
    remove_dependency,
    set_needed,
)
from core.storage.rows import EventRow
from core.storage.unit_of_work import Store
from tests.databases import add_school, add_task
from tests.services.conftest import school_admin, teacher


def ends(found: TaskDependencies) -> tuple[list[int], list[int]]:
    """Upstream and downstream ids."""
    return (
        [each.upstream_id for each in found.upstream],
        [each.downstream_id for each in found.downstream],
    )


def test_that_an_edge_is_shown_from_both_sides_with_names(store: Store, admin: Actor) -> None:
    above, below = add_task(store, name="Full"), add_task(store, name="Incremental")

    made = add_dependency(store, admin, AddDependency(below, above, Condition.FINISHED, Mode.WAIT))

    (edge,) = made.upstream
    assert (edge.upstream_name, edge.downstream_name) == ("Full", "Incremental")
    assert (edge.condition, edge.mode, made.needed) == (
        Condition.FINISHED,
        Mode.WAIT,
        Needed.ALL,
    )
    assert list_dependencies(store, admin, above).downstream == (edge,)


def test_that_said_again_an_edge_is_changed(store: Store, admin: Actor) -> None:
    above, below = add_task(store, name="a"), add_task(store, name="b")
    add_dependency(store, admin, AddDependency(below, above))

    found = add_dependency(store, admin, AddDependency(below, above, Condition.FAILED))

    assert [each.condition for each in found.upstream] == [Condition.FAILED]


def test_that_a_circle_is_refused_with_its_path(store: Store, admin: Actor) -> None:
    first, second, third = (add_task(store, name=name) for name in ("Ada", "Ben", "Cem"))
    add_dependency(store, admin, AddDependency(second, first))
    add_dependency(store, admin, AddDependency(third, second))

    with pytest.raises(RefusedError) as refusal:
        add_dependency(store, admin, AddDependency(first, third))

    assert "Cem → Ada → Ben → Cem" in error_sentence(refusal.value)
    assert ends(list_dependencies(store, admin, first)) == ([], [second])


def test_that_a_task_cannot_depend_on_itself(store: Store, admin: Actor) -> None:
    task_id = add_task(store, name="Ada")

    with pytest.raises(RefusedError) as refusal:
        add_dependency(store, admin, AddDependency(task_id, task_id))

    assert "Ada → Ada" in error_sentence(refusal.value)


def test_that_another_schools_task_is_answered_like_none_at_all(store: Store, admin: Actor) -> None:
    own, other = add_school(store, "Own"), add_school(store, "Other")
    mine = add_task(store, name="mine", school_id=own)
    theirs = add_task(store, name="theirs", school_id=other)
    head = school_admin(own)

    def refusal(task_id: int, upstream_id: int) -> AppError:
        with pytest.raises(NotFoundError) as raised:
            add_dependency(store, head, AddDependency(task_id, upstream_id))
        return raised.value

    assert error_sentence(refusal(mine, theirs)) == f"There is no task {theirs}."
    assert error_sentence(refusal(mine, 99)) == "There is no task 99."
    assert refusal(theirs, mine).code == "task.not_found"
    assert ends(list_dependencies(store, admin, mine)) == ([], [])


def test_that_an_edge_to_another_school_has_no_name_and_may_be_removed(
    store: Store, admin: Actor
) -> None:
    own = add_school(store, "Own")
    mine = add_task(store, name="mine", school_id=own)
    shared = add_task(store, name="secret")
    add_dependency(store, admin, AddDependency(mine, shared))
    head = school_admin(own)

    (edge,) = list_dependencies(store, head, mine).upstream
    assert (edge.upstream_id, edge.upstream_name) == (shared, None)
    assert ends(remove_dependency(store, head, mine, shared)) == ([], [])


def test_that_a_teacher_looks_and_changes_nothing(store: Store, admin: Actor) -> None:
    school_id = add_school(store)
    above = add_task(store, name="a", school_id=school_id)
    below = add_task(store, name="b", school_id=school_id)
    add_dependency(store, admin, AddDependency(below, above))
    person = teacher(school_id)

    assert ends(list_dependencies(store, person, below)) == ([above], [])
    for change in (
        lambda: add_dependency(store, person, AddDependency(above, below)),
        lambda: remove_dependency(store, person, below, above),
        lambda: set_needed(store, person, below, Needed.ANY),
    ):
        with pytest.raises(ForbiddenError):
            change()


def test_that_only_an_edge_that_there_is_can_be_removed(store: Store, admin: Actor) -> None:
    above, below = add_task(store, name="a"), add_task(store, name="b")

    with pytest.raises(NotFoundError) as refusal:
        remove_dependency(store, admin, below, above)

    assert error_sentence(refusal.value) == f"Task {below} does not depend on task {above}."


def test_that_an_upstream_is_not_deleted_before_its_edge(store: Store, admin: Actor) -> None:
    above, below = add_task(store, name="Full"), add_task(store, name="Incremental")
    add_dependency(store, admin, AddDependency(below, above))

    with pytest.raises(RefusedError) as refusal:
        tasks.delete_task(store, admin, above)
    assert f"#{below} Incremental" in error_sentence(refusal.value)

    remove_dependency(store, admin, below, above)
    tasks.delete_task(store, admin, above)


def test_that_a_deleted_downstream_keeps_nobody_from_deletion(store: Store, admin: Actor) -> None:
    above, below = add_task(store, name="a"), add_task(store, name="b")
    add_dependency(store, admin, AddDependency(below, above))

    tasks.delete_task(store, admin, below)
    tasks.delete_task(store, admin, above)

    with pytest.raises(NotFoundError):
        list_dependencies(store, admin, above)


def test_that_every_change_is_in_the_audit(store: Store, admin: Actor) -> None:
    above, below = add_task(store, name="a"), add_task(store, name="b")
    add_dependency(store, admin, AddDependency(below, above))
    for _again in range(2):
        set_needed(store, admin, below, Needed.ANY)
    remove_dependency(store, admin, below, above)

    rows = store.read(
        lambda unit: unit.session.scalars(
            select(EventRow).where(EventRow.kind.like("task.dep%")).order_by(EventRow.id)
        ).all()
    )

    assert [(row.kind, row.actor, row.task_id) for row in rows] == [
        ("task.dependency_added", "admin", below),
        ("task.dependency_how", "admin", below),
        ("task.dependency_removed", "admin", below),
    ]
    assert rows[1].detail == {"before": {"needed": "all"}, "after": {"needed": "any"}}
