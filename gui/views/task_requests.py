"""Carries out what a person asks of a task: dialogs, the question before a deletion, commands."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import assert_never
from uuid import uuid4

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from core.contracts.backend import Backend
from core.contracts.commands import CreateTask, EditTask
from core.contracts.planning import AddDependency, TaskDependencies
from core.contracts.records import TaskRecord
from core.errors import AppError
from gui.dialogs.dependency_words import DependencyRequest, RemoveDependency, SetNeeded
from gui.dialogs.task_dialog import TaskDialog
from gui.operations import Operations
from gui.views.delete_confirmation import delete_confirmation
from gui.views.task_actions import TaskAction, availability


class TaskRequests(QObject):
    """One request for a task at a time; the answer is announced as a fresh record."""

    task_saved = Signal(object)
    """The `TaskRecord` after a request was carried out."""
    task_deleted = Signal(object)
    """The `TaskRecord` as it was."""
    history_requested = Signal(int)
    errand_requested = Signal(object, object)
    """A `TaskAction` that is not carried out here, and the `TaskRecord`."""
    busy_changed = Signal()
    refused = Signal()
    """A request failed: the task may not be what the page shows."""

    def __init__(self, operations: Operations, page: QWidget) -> None:
        super().__init__(page)
        self._operations = operations
        self._page = page
        self._busy: set[int] = set()

    def is_busy(self, task: TaskRecord | None) -> bool:
        """Whether a request for `task` is under way."""
        return task is not None and task.id in self._busy

    def create(self) -> None:
        """Ask for a new task."""
        self._open_dialog(None)

    def carry_out(self, action: TaskAction, task: TaskRecord) -> None:
        """Do `action`, if it may still be done."""
        if not availability(action, task, is_busy=self.is_busy(task)).is_on:
            return
        match action:
            case TaskAction.EDIT:
                self._open_dialog(task)
            case TaskAction.DELETE:
                self._ask_to_delete(task)
            case TaskAction.HISTORY:
                self.history_requested.emit(task.id)
            case TaskAction.WHY | TaskAction.BACKFILL:
                self.errand_requested.emit(action, task)
            case TaskAction.PAUSE:
                self._command(task, lambda backend: backend.pause_task(task.id))
            case TaskAction.RESUME:
                self._command(task, lambda backend: backend.resume_task(task.id))
            case TaskAction.RUN_NOW:
                self._command(task, partial(_run_now, task_id=task.id, key=uuid4().hex))
            case TaskAction.CANCEL_RUN:
                self._command(task, partial(_cancel_run, task=task))
            case _:
                assert_never(action)

    def _open_dialog(self, task: TaskRecord | None) -> None:
        dialog = TaskDialog(self._operations, task, self._page)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.submitted.connect(partial(self._on_dialog_submitted, dialog))
        dialog.dependency_asked.connect(partial(self._on_dependency_asked, dialog))
        dialog.open()

    def _on_dialog_submitted(self, dialog: TaskDialog, command: CreateTask | EditTask) -> None:
        dialog.set_busy(is_busy=True)
        self._operations.command(
            dialog,
            partial(_save, command=command),
            partial(self._on_task_saved, dialog),
            failed=dialog.show_error,
        )

    def _on_dependency_asked(self, dialog: TaskDialog, request: DependencyRequest) -> None:
        self._operations.command(
            dialog,
            partial(_change_dependencies, request=request),
            dialog.show_dependencies,
            failed=dialog.show_dependency_error,
        )

    def _on_task_saved(self, dialog: TaskDialog, task: TaskRecord) -> None:
        dialog.set_busy(is_busy=False)
        dialog.accept()
        self.task_saved.emit(task)

    def _ask_to_delete(self, task: TaskRecord) -> None:
        question = delete_confirmation(task, self._page)
        question.accepted.connect(partial(self._on_deletion_confirmed, task))
        question.open()

    def _on_deletion_confirmed(self, task: TaskRecord) -> None:
        self._command(task, partial(_delete, task_id=task.id))

    def _command(self, task: TaskRecord, call: Callable[[Backend], TaskRecord | None]) -> None:
        self._busy.add(task.id)
        self.busy_changed.emit()
        self._operations.command(
            self,
            call,
            partial(self._on_command_done, task),
            failed=partial(self._on_command_failed, task.id),
        )

    def _on_command_done(self, before: TaskRecord, after: TaskRecord | None) -> None:
        self._busy.discard(before.id)
        if after is None:
            self.task_deleted.emit(before)
        else:
            self.task_saved.emit(after)
        self.busy_changed.emit()

    def _on_command_failed(self, task_id: int, error: AppError) -> None:
        self._busy.discard(task_id)
        self.busy_changed.emit()
        self._operations.error_occurred.emit(error)
        self.refused.emit()


def _save(backend: Backend, command: CreateTask | EditTask) -> TaskRecord:
    match command:
        case CreateTask():
            return backend.create_task(command)
        case EditTask():
            return backend.edit_task(command)
        case _:
            assert_never(command)


def _change_dependencies(backend: Backend, request: DependencyRequest) -> TaskDependencies:
    match request:
        case AddDependency():
            return backend.add_dependency(request)
        case RemoveDependency(task_id, upstream_id):
            return backend.remove_dependency(task_id, upstream_id)
        case SetNeeded(task_id, needed):
            return backend.set_needed(task_id, needed)
        case _:
            assert_never(request)


def _run_now(backend: Backend, task_id: int, key: str) -> TaskRecord:
    backend.run_now(task_id, key)
    return backend.get_task(task_id)


def _cancel_run(backend: Backend, task: TaskRecord) -> TaskRecord:
    if task.active_run is not None:
        backend.cancel_execution(task.active_run.execution_id)
    return backend.get_task(task.id)


def _delete(backend: Backend, task_id: int) -> None:
    backend.delete_task(task_id)
