"""Edges between tasks: rows in, domain values out, and what their upstreams came to."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, delete, func, select, text, update

from core.domain.dependency import Edge, Ended, Needed
from core.domain.execution import ACTIVE
from core.storage.rows import ScheduledTaskExecutionRow, ScheduledTaskRow, TaskDependencyRow
from core.storage.unit_of_work import Unit


def upstream_of(unit: Unit, task_id: int) -> list[Edge]:
    """What a task depends on, in the order in which it was said."""
    return _edges(unit, TaskDependencyRow.downstream_id == task_id)


def downstream_of(unit: Unit, task_id: int) -> list[Edge]:
    """What depends on a task; those in the recycle bin are left out."""
    return _edges(
        unit,
        TaskDependencyRow.upstream_id == task_id,
        TaskDependencyRow.downstream_id.in_(
            select(ScheduledTaskRow.id).where(ScheduledTaskRow.deleted_at.is_(None))
        ),
    )


def all_edges(unit: Unit) -> list[Edge]:
    """Every edge, those of tasks in the recycle bin included, since they may come back."""
    return _edges(unit)


def upstream_outcomes(unit: Unit, task_id: int) -> dict[int, Ended]:
    """The latest final execution of each task that `task_id` depends on, by upstream id."""
    execution = ScheduledTaskExecutionRow
    upstreams = select(TaskDependencyRow.upstream_id).where(
        TaskDependencyRow.downstream_id == task_id
    )
    latest = (
        select(
            execution.scheduled_task_id.label("upstream_id"),
            execution.status,
            execution.completed_at,
            func.row_number()
            .over(
                partition_by=execution.scheduled_task_id,
                order_by=(execution.completed_at.desc(), execution.id.desc()),
            )
            .label("place"),
        )
        .where(
            execution.scheduled_task_id.in_(upstreams),
            execution.status.not_in(ACTIVE),
            execution.completed_at.is_not(None),
        )
        .subquery()
    )
    rows = unit.session.execute(select(latest).where(latest.c.place == 1))
    return {row.upstream_id: Ended(row.status, row.completed_at) for row in rows}


def needed_of(unit: Unit, task_id: int) -> Needed:
    """How many of a task's edges must be met."""
    return Needed(
        unit.session.scalar(
            select(ScheduledTaskRow.dependency_how).where(ScheduledTaskRow.id == task_id)
        )
        or Needed.ALL
    )


def set_needed(unit: Unit, task_id: int, needed: Needed) -> None:
    """Change how many of a task's edges must be met."""
    unit.session.execute(
        update(ScheduledTaskRow)
        .where(ScheduledTaskRow.id == task_id)
        .values(dependency_how=needed, updated_at=unit.now)
    )


def hold_all(unit: Unit) -> None:
    """Keep out others who add edges until this unit ends: two of them could close a circle.

    On SQLite every writing unit is alone already.
    """
    if unit.session.get_bind().dialect.name == "postgresql":
        unit.session.execute(text("LOCK TABLE task_dependencies IN SHARE ROW EXCLUSIVE MODE"))


def put(unit: Unit, edge: Edge) -> None:
    """Add an edge, or change the one that is there between the same two tasks."""
    row = unit.session.scalar(
        select(TaskDependencyRow).where(
            TaskDependencyRow.downstream_id == edge.downstream_id,
            TaskDependencyRow.upstream_id == edge.upstream_id,
        )
    )
    if row is None:
        row = TaskDependencyRow(upstream_id=edge.upstream_id, downstream_id=edge.downstream_id)
        unit.session.add(row)
    row.condition = edge.condition
    row.mode = edge.mode
    unit.session.flush()


def remove(unit: Unit, task_id: int, upstream_id: int) -> None:
    """Delete the edge from `upstream_id` to `task_id`."""
    unit.session.execute(
        delete(TaskDependencyRow).where(
            TaskDependencyRow.downstream_id == task_id,
            TaskDependencyRow.upstream_id == upstream_id,
        )
    )


def tasks_named(unit: Unit, task_ids: Iterable[int]) -> dict[int, tuple[str, int | None]]:
    """Name and school of tasks by id, those in the recycle bin included."""
    rows = unit.session.execute(
        select(ScheduledTaskRow.id, ScheduledTaskRow.name, ScheduledTaskRow.school_id).where(
            ScheduledTaskRow.id.in_(set(task_ids))
        )
    )
    return {id_: (name, school_id) for id_, name, school_id in rows}


def _edges(unit: Unit, *conditions: ColumnElement[bool]) -> list[Edge]:
    unit.session.flush()
    rows = unit.session.scalars(
        select(TaskDependencyRow).where(*conditions).order_by(TaskDependencyRow.id)
    )
    return [Edge(row.upstream_id, row.downstream_id, row.condition, row.mode) for row in rows]
