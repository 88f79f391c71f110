"""The recycle bin: deleted tasks, and the wish to have one back; restores nothing itself."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.contracts.planning import DeletedTask
from core.contracts.records import Page
from core.errors import AppError
from core.language import _
from core.messages import error_sentence
from gui import theme
from gui.formatting import instant, scope_text
from gui.operations import Operations
from gui.tones import Tone
from gui.widgets.field_note import FieldNote
from gui.widgets.plain_table import Line, PlainTable

SIZE: Final = (680, 420)
MOST_SHOWN: Final = 500


class BinDialog(QDialog):
    """The last deleted first."""

    restore_asked = Signal(int)
    """The id of a task; `show_restored` or `show_error` answers."""

    def __init__(self, operations: Operations, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Recycle bin"))
        self.resize(*SIZE)
        self._operations = operations
        self._tasks: tuple[DeletedTask, ...] = ()
        self.table = PlainTable(
            _("Deleted tasks"), (_("Task"), _("School"), _("Deleted at"), _("Kept until"))
        )
        self._none = QLabel(_("The recycle bin is empty."))
        self._note = FieldNote()
        self._stack = QStackedWidget()
        self._restore = QPushButton(_("Restore"))
        self._lay_out()
        self.table.itemSelectionChanged.connect(self._update_restore)
        self.table.itemDoubleClicked.connect(lambda _item: self._on_restore_clicked())
        self._restore.clicked.connect(self._on_restore_clicked)
        self._update_restore()
        self._read()

    def show_restored(self, name: str) -> None:
        """Say that a task is back, and read the bin again."""
        self._note.show_hint(_("“{name}” is back among the tasks.").format(name=name))
        self._read()

    def show_error(self, error: AppError) -> None:
        """Say why a task could not be restored, or the bin not be read."""
        self._note.show_error(error_sentence(error))
        self._update_restore()

    def note_text(self) -> str:
        """What is said below the list."""
        return self._note.text()

    def _lay_out(self) -> None:
        intro = QLabel(
            _("Deleted tasks are kept for a while, with their history and models."), wordWrap=True
        )
        for label in (intro, self._none):
            theme.set_tone(label, Tone.MUTED)
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._none)
        theme.make_primary(self._restore)
        self._restore.setAutoDefault(False)
        buttons = QDialogButtonBox()
        buttons.addButton(self._restore, QDialogButtonBox.ButtonRole.ActionRole)
        close = buttons.addButton(_("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.GAP)
        column.setSpacing(theme.UNIT)
        column.addWidget(intro)
        column.addWidget(self._stack, 1)
        column.addWidget(self._note)
        column.addWidget(buttons)

    def _read(self) -> None:
        self._operations.query(
            self,
            lambda backend: backend.list_deleted(limit=MOST_SHOWN),
            self._show,
            failed=self.show_error,
            key="bin",
        )

    def _show(self, page: Page[DeletedTask]) -> None:
        self._tasks = page.items
        self.table.show_lines([_line(each) for each in page.items])
        self._stack.setCurrentWidget(self.table if page.items else self._none)
        if page.items:
            self.table.selectRow(0)
        self._update_restore()

    def _chosen(self) -> DeletedTask | None:
        row = self.table.chosen_row()
        return self._tasks[row] if row is not None and row < len(self._tasks) else None

    def _update_restore(self) -> None:
        self._restore.setEnabled(self._chosen() is not None)

    def _on_restore_clicked(self) -> None:
        if (task := self._chosen()) is not None and self._restore.isEnabled():
            self._note.clear()
            self._restore.setEnabled(False)
            self.restore_asked.emit(task.id)


def _line(task: DeletedTask) -> Line:
    school = scope_text(task.school_name)
    return Line((task.name, school, instant(task.deleted_at), instant(task.gone_at)), "delete")
