"""The backend's numbered changes become Qt signals that carry fresh records.

Changes arrive on a thread of the backend; they are gathered for a moment, read once, and announced
in the GUI thread. Models patch themselves from these signals and never read on their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from core.contracts.backend import Backend
from core.contracts.events import (
    CalendarsChanged,
    ConnectionChanged,
    Event,
    ExecutionChanged,
    ModelChanged,
    RunnersChanged,
    SamplesChanged,
    SchoolsChanged,
    TaskChanged,
)
from core.contracts.records import ExecutionRecord, TaskRecord
from core.errors import NotFoundError
from gui.operations import Operations

GATHER_MS = 60
MANY = 200
"""With more changed tasks or executions than this, pages load again instead of patching."""


@dataclass(slots=True)
class _Gathered:
    """What changed since the last announcement."""

    tasks: set[int] = field(default_factory=set)
    removed: set[int] = field(default_factory=set)
    executions: set[int] = field(default_factory=set)


class Bridge(QObject):
    """Announces changes of the backend in the GUI thread."""

    task_changed = Signal(object)
    """A `TaskRecord`, new or changed."""
    task_removed = Signal(int)
    execution_changed = Signal(object)
    """An `ExecutionRecord`, new or changed; progress included."""
    many_changed = Signal()
    """So much changed that a page should load again."""
    models_changed = Signal()
    samples_changed = Signal(int)
    """The id of the school."""
    schools_changed = Signal()
    runners_changed = Signal()
    calendars_changed = Signal()
    connection_changed = Signal(str)
    """A sentence that says what is wrong with the database; empty when all is well."""

    _event_arrived = Signal(object)

    def __init__(self, backend: Backend, operations: Operations, parent: QObject) -> None:
        super().__init__(parent)
        self._operations = operations
        self._gathered = _Gathered()
        self._is_closed = False
        self._timer = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._timer.timeout.connect(self._on_gathered)
        self._event_arrived.connect(self._on_event_arrived, Qt.ConnectionType.QueuedConnection)
        self._hearing = Lock()
        self._unsubscribe: Callable[[], None] = backend.subscribe(self._hear)

    def close(self) -> None:
        """Stop listening."""
        with self._hearing:
            self._is_closed = True
        self._unsubscribe()
        self._timer.stop()

    def _hear(self, event: Event) -> None:
        """On the backend's thread. Deleted while it emits, the bridge would take the process along:
        unsubscribing does not wait for a call under way, but the lock does."""
        with self._hearing:
            if not self._is_closed:
                self._event_arrived.emit(event)

    def _on_event_arrived(self, event: Event) -> None:
        if self._is_closed:  # it was on its way when the listening ended
            return
        if isinstance(event, TaskChanged | ExecutionChanged):
            self._gather(event)
        else:
            self._announce_at_once(event)

    def _gather(self, event: TaskChanged | ExecutionChanged) -> None:
        """These come in bursts: read their records once for all."""
        match event:
            case TaskChanged(is_deleted=True):
                self._gathered.removed.add(event.task_id)
                self._gathered.tasks.discard(event.task_id)
            case TaskChanged():  # after a deletion: it may have been restored
                self._gathered.tasks.add(event.task_id)
            case ExecutionChanged():
                self._gathered.executions.add(event.execution_id)
                if event.task_id not in self._gathered.removed:
                    self._gathered.tasks.add(event.task_id)
        if not self._timer.isActive():
            self._timer.start()

    def _announce_at_once(self, event: Event) -> None:
        match event:
            case ModelChanged():
                self.models_changed.emit()
            case SamplesChanged():
                self.samples_changed.emit(event.school_id)
            case SchoolsChanged():
                self.schools_changed.emit()
            case RunnersChanged():
                self.runners_changed.emit()
            case CalendarsChanged():
                self.calendars_changed.emit()
                self.many_changed.emit()
            case ConnectionChanged():
                self.connection_changed.emit(event.sentence or "")

    def _on_gathered(self) -> None:
        gathered, self._gathered = self._gathered, _Gathered()
        for task_id in gathered.removed:
            self.task_removed.emit(task_id)
        tasks = sorted(gathered.tasks)
        executions = sorted(gathered.executions)
        if len(tasks) + len(executions) > MANY:
            self.many_changed.emit()
        elif tasks or executions:
            self._operations.query(
                self, lambda backend: _read(backend, tasks, executions), self._announce
            )

    def _announce(self, read: tuple[list[TaskRecord], list[ExecutionRecord]]) -> None:
        tasks, executions = read
        for task in tasks:
            self.task_changed.emit(task)
        for execution in executions:
            self.execution_changed.emit(execution)


def _read(
    backend: Backend, task_ids: list[int], execution_ids: list[int]
) -> tuple[list[TaskRecord], list[ExecutionRecord]]:
    """Fresh records; one that is gone meanwhile is left out."""
    tasks: list[TaskRecord] = []
    executions: list[ExecutionRecord] = []
    for task_id in task_ids:
        try:
            tasks.append(backend.get_task(task_id))
        except NotFoundError:
            continue
    for execution_id in execution_ids:
        try:
            executions.append(backend.get_execution(execution_id))
        except NotFoundError:
            continue
    return tasks, executions
