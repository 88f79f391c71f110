"""The history: what ran, what did not, and why; newest first, live, with the chosen one in full."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.clock import Clock, SystemClock
from core.contracts.backend import Backend
from core.contracts.records import ExecutionFilter, ExecutionRecord, TaskRecord
from core.errors import AppError
from core.language import _
from gui import theme
from gui.bridge import Bridge
from gui.dialogs.why_dialog import WhyDialog
from gui.models.execution_model import ExecutionModel, is_shown, local_day
from gui.operations import Operations
from gui.views.execution_detail import ExecutionDetail
from gui.views.timeline_filters import TimelineFilters
from gui.widgets.empty_state import EmptyState
from gui.widgets.timeline_canvas import TimelineCanvas

PAGE_SIZE: Final = 50
MOST_AGAIN: Final = 500
"""A refresh reads at most this many; older ones come back by scrolling."""
TASKS_AT_ONCE: Final = 200
MINUTE_MS: Final = 60_000


class TimelinePage(QWidget):
    """Filters above, the timeline at the left, one execution in full at the right."""

    def __init__(
        self,
        operations: Operations,
        bridge: Bridge,
        parent: QWidget | None = None,
        *,
        clock: Clock | None = None,
    ) -> None:
        super().__init__(parent)
        self._operations = operations
        self._bridge = bridge
        self._clock = clock or SystemClock()
        self._which = ExecutionFilter()
        self._has_older = False
        self._is_loading_older = False
        self._arrived: list[ExecutionRecord] | None = None
        """What changed while a page is read; `None` while none is."""
        self._model = ExecutionModel(self)
        self._filters = TimelineFilters()
        self._canvas = TimelineCanvas(self._today)
        self._canvas.setModel(self._model)
        self._detail = ExecutionDetail(operations)
        self._empty = EmptyState("timeline")
        self._minute = QTimer(self, interval=MINUTE_MS)
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self.retranslate()
        self.refresh()

    def refresh(self) -> None:
        """Load tasks and executions again, as many as are shown."""
        self._operations.query(self, _all_tasks, self._on_tasks_read, key="tasks")
        self._load(min(max(self._model.rowCount(), PAGE_SIZE), MOST_AGAIN))

    def show_task(self, task_id: int) -> None:
        """Show only that task's history."""
        if not self._filters.has_task(task_id):
            self._operations.query(
                self, lambda backend: backend.get_task(task_id), self._on_shown_task_read
            )
        self._filters.choose_task(task_id)
        self._on_filters_changed(ExecutionFilter(task_id=task_id))

    def retranslate(self) -> None:
        """Every text in the current language."""
        self._canvas.setAccessibleName(_("History, newest first"))
        self._filters.retranslate()
        self._say_why_empty()
        self._detail.retranslate()
        self._model.recompute()

    def _lay_out(self) -> None:
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self._canvas)
        split.addWidget(self._detail)
        split.setSizes([560, 480])
        self._stack.addWidget(QWidget())
        self._stack.addWidget(self._empty)
        self._stack.addWidget(split)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.GAP)
        layout.setSpacing(theme.GAP)
        layout.addWidget(self._filters)
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self._bridge.execution_changed.connect(self._on_bridge_execution_changed)
        self._bridge.task_changed.connect(self._on_bridge_task_changed)
        self._bridge.task_removed.connect(self._on_bridge_task_removed)
        self._bridge.many_changed.connect(self.refresh)
        self._filters.changed.connect(self._on_filters_changed)
        self._canvas.end_approached.connect(self._on_canvas_end_approached)
        self._canvas.selectionModel().currentChanged.connect(self._on_canvas_current_changed)
        self._detail.cancel_requested.connect(self._on_detail_cancel_requested)
        self._detail.why_requested.connect(self._on_detail_why_requested)
        self._empty.action_clicked.connect(self._on_empty_action_clicked)
        self._minute.timeout.connect(self._canvas.viewport().update)
        self._minute.start()
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self._filters.begin_search)

    # reading

    def _load(self, limit: int) -> None:
        which = self._which
        self._arrived = []
        self._operations.query(
            self,
            lambda backend: backend.list_executions(which, limit=limit),
            lambda records: self._on_page_read(records, limit),
            failed=self._on_page_failed,
            key="page",
        )

    def _on_page_read(self, records: tuple[ExecutionRecord, ...], limit: int) -> None:
        arrived, self._arrived = self._arrived or [], None
        self._has_older = len(records) >= limit
        self._model.load(records)
        for record in arrived:
            self._take_in(record)
        self._show_state()

    def _on_page_failed(self, error: AppError) -> None:
        self._arrived = None
        self._operations.error_occurred.emit(error)

    def _on_canvas_end_approached(self) -> None:
        if not self._has_older or self._is_loading_older or self._arrived is not None:
            return
        which, last = self._which, self._model.records[-1].id
        self._is_loading_older = True
        self._filters.show_loading(is_loading=True)
        self._operations.query(
            self,
            lambda backend: backend.list_executions(which, before_id=last, limit=PAGE_SIZE),
            lambda records: self._on_older_read(which, records),
            failed=self._on_older_failed,
        )

    def _on_older_read(self, which: ExecutionFilter, records: tuple[ExecutionRecord, ...]) -> None:
        self._is_loading_older = False
        self._filters.show_loading(is_loading=False)
        if which == self._which:
            self._has_older = len(records) >= PAGE_SIZE
            self._model.patch(records)

    def _on_older_failed(self, error: AppError) -> None:
        self._is_loading_older = False
        self._has_older = False  # not again at every pixel; a refresh asks anew
        self._filters.show_loading(is_loading=False)
        self._operations.error_occurred.emit(error)

    def _on_tasks_read(self, tasks: Sequence[TaskRecord]) -> None:
        self._filters.show_tasks(tasks)

    def _on_shown_task_read(self, task: TaskRecord) -> None:
        self._filters.put_task(task)
        if self._which == ExecutionFilter(task_id=task.id):
            self._filters.choose_task(task.id)

    # what changes

    def _on_bridge_execution_changed(self, record: ExecutionRecord) -> None:
        if self._arrived is not None:
            self._arrived.append(record)
        if self._model.is_loaded:
            self._take_in(record)
            self._show_state()

    def _take_in(self, record: ExecutionRecord) -> None:
        if not is_shown(record, self._which):
            self._model.remove(record.id)
        elif self._model.find(record.id) or not self._is_older_than_shown(record):
            self._model.patch([record])
        if record.id == self._detail.execution_id:
            self._detail.show_execution(record)

    def _is_older_than_shown(self, record: ExecutionRecord) -> bool:
        records = self._model.records
        return self._has_older and bool(records) and record.id < records[-1].id

    def _on_bridge_task_changed(self, task: TaskRecord) -> None:
        self._filters.put_task(task)

    def _on_bridge_task_removed(self, task_id: int) -> None:
        self._filters.drop_task(task_id)

    # what the reader does

    def _on_filters_changed(self, which: ExecutionFilter) -> None:
        if which != self._which:
            self._which = which
            self._load(PAGE_SIZE)

    def _on_empty_action_clicked(self) -> None:
        self._filters.choose_task(None)
        self._on_filters_changed(ExecutionFilter())

    def _on_canvas_current_changed(self, current: QModelIndex) -> None:
        if current.isValid():
            self._detail.show_execution(self._model.record_at(current.row()))

    def _on_detail_cancel_requested(self, execution_id: int) -> None:
        self._operations.command(
            self,
            lambda backend: backend.cancel_execution(execution_id),
            self._take_in,
            failed=lambda error: self._on_cancel_failed(execution_id, error),
        )

    def _on_detail_why_requested(self, record: ExecutionRecord) -> None:
        WhyDialog.of_execution(self._operations, record, self).open()

    def _on_cancel_failed(self, execution_id: int, error: AppError) -> None:
        if (record := self._model.find(execution_id)) is not None:
            self._take_in(record)
        self._operations.error_occurred.emit(error)

    # what is shown

    def _show_state(self) -> None:
        if self._model.rowCount() == 0:
            self._say_why_empty()
            self._stack.setCurrentIndex(1)
            return
        self._stack.setCurrentIndex(2)
        if not self._canvas.currentIndex().isValid():
            self._canvas.setCurrentIndex(self._model.index(0, 0))

    def _say_why_empty(self) -> None:
        if self._which == ExecutionFilter():
            self._empty.set_texts(
                _("Nothing has run yet"),
                _("Each planned time leaves a line here: what ran, what did not, and why."),
            )
        else:
            self._empty.set_texts(
                _("No execution matches these filters"), action=_("Show all executions")
            )

    def _today(self) -> date:
        return local_day(self._clock.now())


def _all_tasks(backend: Backend) -> list[TaskRecord]:
    tasks: list[TaskRecord] = []
    while True:
        page = backend.list_tasks(skip=len(tasks), limit=TASKS_AT_ONCE)
        tasks.extend(page.items)
        if not page.items or len(tasks) >= page.total:
            return tasks
