"""The line above the tasks that says what was just done, and offers to undo a deletion."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.contracts.records import TaskRecord
from core.errors import AppError
from core.language import _, _n
from core.messages import error_sentence
from gui.formatting import count
from gui.tones import Tone
from gui.widgets.banner import Banner


class TaskNotice(Banner):
    """Hidden until there is something to say; what is said next takes its place."""

    undo_asked = Signal(int)
    """The id of the task that shall come back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._deleted: TaskRecord | None = None
        self.action_clicked.connect(self._on_action_clicked)

    def say_deleted(self, task: TaskRecord) -> None:
        """Offer to undo the deletion of `task`."""
        self._deleted = task
        words = _("Deleted “{name}”").format(name=task.name)
        self.show_message(words, tone=Tone.ACCENT, action=_("Undo"))

    def say_queued(self, task: TaskRecord, number: int) -> None:
        """A backfill was carried out."""
        self._deleted = None
        words = _n("“{name}”: {n} run is queued", "“{name}”: {n} runs are queued", number)
        self.show_message(words.format(name=task.name, n=count(number)), tone=Tone.SUCCESS)

    def say_not_restored(self, error: AppError) -> None:
        """Why the deletion could not be undone; it can be tried again."""
        self.show_message(error_sentence(error), action=_("Undo"))

    def forget(self, task_id: int) -> None:
        """Task `task_id` is back: there is nothing left to undo."""
        if self._deleted is not None and self._deleted.id == task_id:
            self._deleted = None
            self.dismiss()

    def _on_action_clicked(self) -> None:
        if self._deleted is not None:
            self.undo_asked.emit(self._deleted.id)
