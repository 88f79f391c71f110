"""The table of tasks: how it looks, what is chosen, where its menu opens; it changes nothing."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from core.contracts.records import TaskRecord
from core.language import _
from gui import theme
from gui.models.filters import TaskFilterProxy
from gui.models.record_model import Role
from gui.models.task_model import TaskColumn, TaskModel
from gui.widgets.badge_delegate import BadgeDelegate
from gui.widgets.progress_delegate import ProgressDelegate
from gui.widgets.two_line_delegate import TwoLineDelegate, row_height

WIDEST: Final = {
    TaskColumn.STATUS: 15,
    TaskColumn.TRIGGER: 25,
    TaskColumn.TRAINING: 17,
    TaskColumn.NEXT_RUN: 16,
    TaskColumn.LAST_RUN: 23,
    TaskColumn.RUNS: 10,
}
"""In figures: a column gets what its content likes, up to this; a person can widen it."""
ROWS_MEASURED: Final = 100
"""Of the rows in sight and after: to measure thousands would be felt."""
NAME_WIDTH: Final = 21
"""In figures: the least for name and description; below it the table scrolls sideways."""


class TaskTable(QTableView):
    """One task can be chosen; it stays chosen while it changes or moves."""

    chosen_changed = Signal()
    """Another task is chosen, or none."""
    opened = Signal()
    """A task was double-clicked."""
    menu_requested = Signal(QPoint)
    """In global coordinates; the task below is chosen."""

    def __init__(
        self, tasks: TaskModel, proxy: TaskFilterProxy, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._proxy = proxy
        self._text = TwoLineDelegate(self)
        self._badge = BadgeDelegate(self)
        self._progress = ProgressDelegate(self)
        # Rows come in bursts: columns grow when one is over, and never shrink under the eye.
        self._grow = QTimer(self, singleShot=True, interval=0)
        self.setModel(proxy)
        self.setFont(theme.tabular(self.font()))
        self._set_behaviour()
        self._set_look()
        self._connect()
        self.retranslate()

    def chosen(self) -> TaskRecord | None:
        """The chosen task."""
        rows = self.selectionModel().selectedRows()
        record = rows[0].data(Role.RECORD) if rows else None
        return record if isinstance(record, TaskRecord) else None

    def choose(self, task_id: int) -> None:
        """Choose a task and scroll to it, if it is among those shown."""
        row = self._tasks.row_of(task_id)
        index = self._proxy.mapFromSource(self._tasks.index(row, 0)) if row >= 0 else QModelIndex()
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def choose_first(self) -> None:
        """Choose the first row, so that the buttons have something to act on."""
        if self._proxy.rowCount():
            self.setCurrentIndex(self._proxy.index(0, 0))

    def fit_columns(self) -> None:
        """Give each column the room its content likes, within reason; the name takes the rest."""
        for column in WIDEST:
            self.setColumnWidth(column, self._wanted_width(column))

    def retranslate(self) -> None:
        """Speak the current language."""
        self.setAccessibleName(_("Tasks"))
        self.fit_columns()

    def _set_behaviour(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setTabKeyNavigation(False)  # Tab leaves the table
        self.setSortingEnabled(True)
        self.sortByColumn(TaskColumn.NAME, Qt.SortOrder.AscendingOrder)

    def _set_look(self) -> None:
        self.setShowGrid(False)  # the delegates draw hairlines
        self.setWordWrap(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(row_height(self.font()))
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        columns.setResizeContentsPrecision(ROWS_MEASURED)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        columns.setSectionResizeMode(TaskColumn.NAME, QHeaderView.ResizeMode.Fixed)
        self.setItemDelegate(self._text)
        self.setItemDelegateForColumn(TaskColumn.STATUS, self._badge)
        self.setItemDelegateForColumn(TaskColumn.LAST_RUN, self._progress)

    def _connect(self) -> None:
        self.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self._proxy.rowsInserted.connect(self._grow.start)
        self._grow.timeout.connect(self._on_grow_timeout)
        self.doubleClicked.connect(self._on_row_double_clicked)
        self.horizontalHeader().sectionResized.connect(self._on_column_resized)
        self.customContextMenuRequested.connect(self._on_menu_requested)

    def _on_grow_timeout(self) -> None:
        for column in WIDEST:
            if (wanted := self._wanted_width(column)) > self.columnWidth(column):
                self.setColumnWidth(column, wanted)

    def _on_column_resized(self, column: int) -> None:
        if column != TaskColumn.NAME:
            self._give_rest_to_name()

    def _give_rest_to_name(self) -> None:
        rest = self.viewport().width() - sum(self.columnWidth(column) for column in WIDEST)
        self.setColumnWidth(TaskColumn.NAME, max(rest, self._width_of(NAME_WIDTH)))

    def _wanted_width(self, column: TaskColumn) -> int:
        widest = self._width_of(WIDEST[column])
        if column is TaskColumn.LAST_RUN:
            return widest  # it soon says more: how far a run is, and how long ago it was
        header = self.horizontalHeader().sectionSizeHint(column)
        return min(max(self.sizeHintForColumn(column), header), widest)

    def _width_of(self, figures: int) -> int:
        return figures * self.fontMetrics().horizontalAdvance("0")

    def _on_selection_changed(self) -> None:
        self.chosen_changed.emit()

    def _on_row_double_clicked(self) -> None:
        self.opened.emit()

    def _on_menu_requested(self, place: QPoint) -> None:
        if self.indexAt(place).isValid():
            self.menu_requested.emit(self.viewport().mapToGlobal(place))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_rest_to_name()
