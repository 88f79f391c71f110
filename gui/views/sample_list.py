"""The samples of one student: pictures read when they are seen, more rows when scrolled to."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.contracts.records import Page, SampleRecord, StudentCounts
from core.errors import AppError
from core.language import _
from gui import theme
from gui.models.sample_model import SampleColumn, SampleModel
from gui.operations import Operations
from gui.widgets.record_table import RecordTable, sorting_proxy
from gui.widgets.sample_delegate import PICTURE, SampleDelegate
from gui.widgets.thumbnails import Thumbnails

PAGE_SIZE: Final = 200
NEAR_END: Final = 400
_Who = tuple[int, str]
"""A school's id and a student."""


class SampleList(QWidget):
    """A table that knows whose samples it shows."""

    def __init__(self, operations: Operations, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._operations = operations
        self._who: _Who | None = None
        self._total = 0
        self._is_reading = False
        self._model = SampleModel(self)
        self._proxy = sorting_proxy(self)
        self._proxy.setSourceModel(self._model)
        self._thumbnails = Thumbnails(operations, PICTURE - QSize(2, 2), self)
        self._table = RecordTable(
            self._proxy, stretched=SampleColumn.FILE, badges=[SampleColumn.STATE]
        )
        self._table.setItemDelegateForColumn(
            SampleColumn.FILE, SampleDelegate(self._thumbnails, self._table)
        )
        self._table.verticalHeader().setDefaultSectionSize(PICTURE.height() + theme.UNIT + 2)
        self._table.sortByColumn(SampleColumn.CAPTURED, Qt.SortOrder.DescendingOrder)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._table)
        self._connect()

    def show_student(self, student: StudentCounts | None) -> None:
        """Show that student's samples; the same student again reads them again."""
        who = (student.school_id, student.student) if student else None
        limit = PAGE_SIZE
        if who == self._who:
            limit = max(self._model.rowCount(), PAGE_SIZE)
        self._who = who
        if who is None:
            self._model.load(())
        else:
            self._read(who, 0, limit)

    def retranslate(self) -> None:
        """Every text in the current language."""
        self._table.setAccessibleName(_("Samples of the student, newest first"))
        self._model.recompute()
        self._table.fit_columns()

    def _connect(self) -> None:
        self._thumbnails.loaded.connect(self._table.viewport().update)
        self._table.verticalScrollBar().valueChanged.connect(self._on_bar_moved)

    def _read(self, who: _Who, skip: int, limit: int) -> None:
        self._is_reading = True
        self._operations.query(
            self,
            lambda backend: backend.list_samples(
                school_id=who[0], student=who[1], skip=skip, limit=limit
            ),
            lambda page: self._on_page_read(who, skip, page),
            failed=self._on_read_failed,
            key="samples",
        )

    def _on_read_failed(self, error: AppError) -> None:
        self._is_reading = False
        self._operations.error_occurred.emit(error)

    def _on_page_read(self, who: _Who, skip: int, page: Page[SampleRecord]) -> None:
        self._is_reading = False
        if who != self._who:
            return
        self._total = page.total
        if skip:
            self._model.patch(page.items)
        else:
            self._model.load(page.items)

    def _on_bar_moved(self, value: int) -> None:
        bar = self._table.verticalScrollBar()
        shown = self._model.rowCount()
        if self._who is None or self._is_reading or shown >= self._total:
            return
        if value >= bar.maximum() - NEAR_END:
            self._read(self._who, shown, PAGE_SIZE)
