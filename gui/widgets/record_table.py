"""A quiet table of records: whole rows are chosen, columns fit their content, sorted by a click."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QSortFilterProxyModel, Qt, QTimer, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from gui import theme
from gui.models.record_model import Role
from gui.widgets.badge_delegate import BadgeDelegate
from gui.widgets.two_line_delegate import TwoLineDelegate, row_height

MIN_WIDTH: Final = 64
MAX_WIDTH: Final = 240


class RecordTable(QTableView):
    """Shows a sorting proxy of a `RecordModel`; `badges` are columns whose cells have a look."""

    chosen_changed = Signal(object)
    """The chosen record, or `None`."""

    def __init__(
        self,
        proxy: QSortFilterProxyModel,
        *,
        stretched: int,
        badges: Iterable[int] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._proxy = proxy
        self._stretched = stretched
        self._text = TwoLineDelegate(self)
        self._badge = BadgeDelegate(self)
        self.setModel(proxy)
        self.setFont(theme.tabular(self.font()))
        self.setItemDelegate(self._text)
        for column in badges:
            self.setItemDelegateForColumn(column, self._badge)
        self._set_behaviour()
        self._set_look()
        # Rows come in bursts: columns grow when one is over, and never shrink under the eye.
        self._grow = QTimer(self, singleShot=True, interval=0)
        self._connect()

    def chosen(self) -> object:
        """The chosen record, or `None`."""
        return self.currentIndex().data(Role.RECORD)

    def choose_first(self) -> None:
        """Choose the first row where none is chosen."""
        if not self.currentIndex().isValid() and self._proxy.rowCount():
            self.setCurrentIndex(self._proxy.index(0, 0))

    def fit_columns(self) -> None:
        """Give each column what its content needs; the stretched one takes the rest."""
        for column in self._fitted():
            self.setColumnWidth(column, self._wanted_width(column))

    def _connect(self) -> None:
        self.selectionModel().currentRowChanged.connect(self._on_current_row_changed)
        self._proxy.rowsInserted.connect(self._grow.start)
        self._proxy.modelReset.connect(self._grow.start)
        self._grow.timeout.connect(self._on_grow_timeout)

    def _fitted(self) -> list[int]:
        return [each for each in range(self._proxy.columnCount()) if each != self._stretched]

    def _wanted_width(self, column: int) -> int:
        header = self.horizontalHeader().sectionSizeHint(column)
        return min(max(self.sizeHintForColumn(column), header, MIN_WIDTH), MAX_WIDTH)

    def _set_behaviour(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)  # Tab leaves the table
        self.setSortingEnabled(True)

    def _set_look(self) -> None:
        self.setShowGrid(False)  # the delegates draw hairlines
        self.setWordWrap(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(row_height(self.font()))
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        columns.setSectionResizeMode(self._stretched, QHeaderView.ResizeMode.Stretch)

    def _on_grow_timeout(self) -> None:
        for column in self._fitted():
            wanted = self._wanted_width(column)
            if wanted > self.columnWidth(column):
                self.setColumnWidth(column, wanted)

    def _on_current_row_changed(self) -> None:
        self.chosen_changed.emit(self.chosen())


def sorting_proxy(parent: QWidget) -> QSortFilterProxyModel:
    """A proxy that sorts by `Role.SORT` and finds text in the first column."""
    proxy = QSortFilterProxyModel(parent)
    proxy.setSortRole(Role.SORT)
    proxy.setSortCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    proxy.setSortLocaleAware(True)
    proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    return proxy
