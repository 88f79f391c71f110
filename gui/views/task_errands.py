"""What is asked for beside editing and running: why, backfill, recycle bin, quiet hours, undo."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from core.clock import Clock
from core.contracts.backend import Backend
from core.contracts.planning import BackfillPlan, BackfillRange
from core.contracts.records import TaskRecord
from gui.dialogs.backfill_dialog import BackfillDialog
from gui.dialogs.bin_dialog import BinDialog
from gui.dialogs.quiet_hours_dialog import QuietDraft, QuietHoursDialog
from gui.dialogs.why_dialog import WhyDialog
from gui.operations import Operations
from gui.views.task_actions import TaskAction


class TaskErrands(QObject):
    """Opens the dialogs and carries out what they hand out."""

    task_restored = Signal(object)
    """The `TaskRecord` that came out of the recycle bin."""
    not_restored = Signal(object)
    """The `AppError` that an undo came to."""
    backfilled = Signal(object, int)
    """A `TaskRecord` and how many of its runs were queued."""

    def __init__(self, operations: Operations, page: QWidget, clock: Clock) -> None:
        super().__init__(page)
        self._operations = operations
        self._page = page
        self._clock = clock

    def carry_out(self, action: TaskAction, task: TaskRecord) -> None:
        """Open the dialog for `action`."""
        if action is TaskAction.WHY:
            self.explain(task)
        else:
            self.backfill(task)

    def explain(self, task: TaskRecord) -> None:
        """Ask why `task` ran, or did not, at a time."""
        WhyDialog.of_task(self._operations, task, self._clock.now(), self._page).open()

    def backfill(self, task: TaskRecord) -> None:
        """Ask for a past range of `task` to run."""
        dialog = BackfillDialog(self._operations, task, self._clock.now(), self._page)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.submitted.connect(partial(self._on_backfill_submitted, dialog, task))
        dialog.open()

    def open_bin(self) -> None:
        """Show the deleted tasks."""
        dialog = BinDialog(self._operations, self._page)
        dialog.restore_asked.connect(partial(self._on_restore_asked, dialog))
        dialog.open()

    def open_quiet_hours(self) -> None:
        """Show the quiet hours."""
        dialog = QuietHoursDialog(self._operations, self._page)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.submitted.connect(partial(self._on_quiet_hours_submitted, dialog))
        dialog.open()

    def undo_deletion(self, task_id: int) -> None:
        """Take a task out of the recycle bin again."""
        self._operations.command(
            self,
            lambda backend: backend.restore_task(task_id),
            self.task_restored.emit,
            failed=self.not_restored.emit,
        )

    def _on_backfill_submitted(
        self, dialog: BackfillDialog, task: TaskRecord, wanted: BackfillRange
    ) -> None:
        def on_done(plan: BackfillPlan) -> None:
            dialog.set_busy(is_busy=False)
            dialog.accept()
            self.backfilled.emit(task, len(plan.execution_ids))

        key = uuid4().hex
        dialog.set_busy(is_busy=True)
        self._operations.command(
            dialog,
            lambda backend: backend.backfill(wanted, key),
            on_done,
            failed=dialog.show_error,
        )

    def _on_restore_asked(self, dialog: BinDialog, task_id: int) -> None:
        def on_done(task: TaskRecord) -> None:
            self.task_restored.emit(task)
            dialog.show_restored(task.name)

        self._operations.command(
            dialog,
            lambda backend: backend.restore_task(task_id),
            on_done,
            failed=dialog.show_error,
        )

    def _on_quiet_hours_submitted(self, dialog: QuietHoursDialog, draft: QuietDraft) -> None:
        def on_done(_answer: None) -> None:
            dialog.set_busy(is_busy=False)
            dialog.accept()

        dialog.set_busy(is_busy=True)
        self._operations.command(
            dialog, partial(_set_quiet_hours, draft=draft), on_done, failed=dialog.show_error
        )


def _set_quiet_hours(backend: Backend, draft: QuietDraft) -> None:
    if draft.text:
        backend.set_quiet_hours(draft.text, draft.timezone)
    else:
        backend.clear_quiet_hours()
