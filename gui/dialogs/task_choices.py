"""Reads what a task dialog offers to choose from, on a worker thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.contracts.backend import Backend
from core.contracts.calendars import CalendarRecord
from core.contracts.planning import TaskDependencies
from core.contracts.records import SchoolRecord, TaskRecord

TASKS_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Choices:
    """What any task can be for and follow."""

    schools: tuple[SchoolRecord, ...]
    calendars: tuple[CalendarRecord, ...]


@dataclass(frozen=True, slots=True)
class DependencyChoices:
    """What a saved task depends on, and all tasks there are."""

    dependencies: TaskDependencies
    tasks: tuple[TaskRecord, ...]


def read_choices(backend: Backend) -> Choices:
    """Schools and calendars; blocks."""
    return Choices(backend.list_schools(), backend.list_calendars())


def read_dependency_choices(backend: Backend, task_id: int) -> DependencyChoices:
    """Edges and tasks; blocks."""
    return DependencyChoices(backend.list_dependencies(task_id), _all_tasks(backend))


def _all_tasks(backend: Backend) -> tuple[TaskRecord, ...]:
    tasks: list[TaskRecord] = []
    while True:
        page = backend.list_tasks(skip=len(tasks), limit=TASKS_AT_ONCE)
        tasks += page.items
        if not page.items or len(tasks) >= page.total:
            return tuple(tasks)
