"""Reads everything that the page of tasks shows, in one go on a worker thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.contracts.backend import Backend
from core.contracts.records import SchoolRecord, TaskCounts, TaskRecord

PAGE: Final = 500
"""Tasks asked for at once."""


@dataclass(frozen=True, slots=True)
class TasksRead:
    """Tasks by id, the figures of the cards, and the schools to filter by."""

    tasks: tuple[TaskRecord, ...]
    counts: TaskCounts
    schools: tuple[SchoolRecord, ...]


def read_tasks(backend: Backend) -> TasksRead:
    """All of it; blocks."""
    return TasksRead(_all_tasks(backend), backend.count_tasks(), backend.list_schools())


def moves_counts(before: TaskRecord | None, after: TaskRecord) -> bool:
    """Whether a change of a task changes the figures of the cards; progress does not."""
    return before is None or _counted(before) != _counted(after)


def _counted(task: TaskRecord) -> tuple[object, ...]:
    return task.status, task.total_runs, task.success_runs


def _all_tasks(backend: Backend) -> tuple[TaskRecord, ...]:
    tasks: list[TaskRecord] = []
    while True:
        page = backend.list_tasks(skip=len(tasks), limit=PAGE)
        tasks += page.items
        if not page.items or len(tasks) >= page.total:
            return tuple(tasks)
