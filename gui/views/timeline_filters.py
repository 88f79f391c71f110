"""Which executions the history shows: one task or all, one outcome or all."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from core.contracts.records import ExecutionFilter, TaskRecord
from core.language import _
from gui import theme
from gui.models.execution_model import OUTCOME_WORDS, Outcomes, execution_filter
from gui.tones import Tone
from gui.widgets.search_box import SearchBox


class TimelineFilters(QWidget):
    """A line of choices; says what is chosen, reads nothing."""

    changed = Signal(object)
    """The `ExecutionFilter` that the reader has chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._task = SearchBox()
        self._outcome = QComboBox()
        self._outcome.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for outcomes in Outcomes:
            self._outcome.addItem("", outcomes)
        self._older = QLabel()
        theme.set_tone(self._older, Tone.MUTED)
        self._older.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.UNIT)
        layout.addWidget(self._task)
        layout.addWidget(self._outcome)
        layout.addStretch(1)
        layout.addWidget(self._older)
        self._task.chosen.connect(self._on_chosen)
        self._outcome.activated.connect(self._on_chosen)

    def begin_search(self) -> None:
        """Let a task be found by typing."""
        self._task.begin_search()

    def show_tasks(self, tasks: Iterable[TaskRecord]) -> None:
        """Offer exactly these tasks; the chosen one stays."""
        self._task.show_choices((task.id, task.name) for task in tasks)

    def put_task(self, task: TaskRecord) -> None:
        """Offer a new task, or an old one under its new name."""
        self._task.put(task.id, task.name)

    def drop_task(self, task_id: int) -> None:
        """Offer a deleted task no longer."""
        self._task.drop(task_id)

    def has_task(self, task_id: int) -> bool:
        """Whether that task is on offer."""
        return self._task.findData(task_id) >= 0

    def choose_task(self, task_id: int | None) -> None:
        """Choose a task with every outcome, silently."""
        self._task.choose(task_id)
        self._outcome.setCurrentIndex(0)

    def show_loading(self, *, is_loading: bool) -> None:
        """Say that older executions are on their way."""
        self._older.setVisible(is_loading)

    def retranslate(self) -> None:
        """Every text in the current language."""
        keys = QKeySequence(QKeySequence.StandardKey.Find)
        self._task.set_all_words(_("All tasks"))
        self._task.setAccessibleName(_("Task"))
        self._task.setToolTip(
            _("Show one task: type a part of its name ({keys})").format(
                keys=keys.toString(QKeySequence.SequenceFormat.NativeText)
            )
        )
        self._outcome.setAccessibleName(_("Outcome"))
        for row in range(self._outcome.count()):
            self._outcome.setItemText(row, _(OUTCOME_WORDS[self._outcome.itemData(row)]))
        self._older.setText(_("Loading older executions…"))

    def _on_chosen(self) -> None:
        chosen: ExecutionFilter = execution_filter(
            self._task.currentData(), self._outcome.currentData()
        )
        self.changed.emit(chosen)
