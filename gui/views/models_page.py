"""The models of every school: which is in service, how good each is, and who wrote an image."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from core.contracts.backend import Backend
from core.contracts.records import ModelVersionRecord, SchoolRecord
from core.language import _
from gui import theme
from gui.bridge import Bridge
from gui.models.model_version_model import (
    ALL_SCHOOLS,
    ModelColumn,
    ModelVersionModel,
    ModelVersionProxy,
)
from gui.operations import Operations
from gui.tones import Tone
from gui.views.model_detail import ModelDetail
from gui.views.predict_panel import PredictPanel
from gui.widgets.empty_state import EmptyState
from gui.widgets.record_table import RecordTable
from gui.widgets.search_box import SearchBox

MOST_SHOWN: Final = 1000
_Read = tuple[tuple[SchoolRecord, ...], tuple[ModelVersionRecord, ...]]


class ModelsPage(QWidget):
    """Versions at the left, the chosen one and the question “who wrote this?” at the right."""

    def __init__(
        self, operations: Operations, bridge: Bridge, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._operations = operations
        self._bridge = bridge
        self._schools: tuple[SchoolRecord, ...] = ()
        self._model = ModelVersionModel(self)
        self._proxy = ModelVersionProxy(self._model, self)
        self._scope = SearchBox()
        self._in_service = QCheckBox()
        self._table = RecordTable(
            self._proxy, stretched=ModelColumn.VERSION, badges=[ModelColumn.STATE]
        )
        self._table.sortByColumn(ModelColumn.MADE, Qt.SortOrder.DescendingOrder)
        self._detail = ModelDetail()
        self._predict = PredictPanel(operations)
        self._tabs = QTabWidget()
        self._tabs.setDocumentMode(True)
        self._empty = EmptyState("models")
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self._detail.show_model(None)
        self.retranslate()
        self.refresh()

    def refresh(self) -> None:
        """Load schools and model versions again."""
        self._operations.query(self, _read, self._on_read, key="models")

    def retranslate(self) -> None:
        """Every text in the current language."""
        self._scope.set_all_words(_("All models"))
        self._offer_scopes()
        self._scope.setAccessibleName(_("School"))
        self._in_service.setText(_("Only in service"))
        self._in_service.setAccessibleName(_("Only models in service"))
        self._table.setAccessibleName(_("Model versions, newest first"))
        self._tabs.setTabText(0, _("Evaluation"))
        self._tabs.setTabText(1, _("Who wrote this?"))
        self._tabs.setAccessibleName(_("Evaluation and prediction"))
        self._empty.set_texts(
            _("No model yet"),
            _("Every training that completes leaves a model here, with its accuracy."),
        )
        self._model.recompute()
        self._table.fit_columns()
        self._detail.retranslate()
        self._predict.retranslate()

    def _lay_out(self) -> None:
        filters = QHBoxLayout()
        filters.setSpacing(theme.UNIT)
        filters.addWidget(self._scope)
        filters.addWidget(self._in_service)
        filters.addStretch(1)
        self._tabs.addTab(self._detail, theme.icon("models", Tone.MUTED), "")
        self._tabs.addTab(self._predict, theme.icon("student", Tone.MUTED), "")
        right = QWidget()
        right_layout = QVBoxLayout(right)
        right_layout.setContentsMargins(theme.GAP, 0, 0, 0)
        right_layout.addWidget(self._tabs)
        right.setMinimumWidth(360)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self._table)
        split.addWidget(right)
        split.setSizes([690, 390])
        shown = QWidget()
        shown_layout = QVBoxLayout(shown)
        shown_layout.setContentsMargins(0, 0, 0, 0)
        shown_layout.setSpacing(theme.GAP)
        shown_layout.addLayout(filters)
        shown_layout.addWidget(split, 1)
        for page in (QWidget(), self._empty, shown):
            self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.GAP)
        layout.addWidget(self._stack)

    def _connect(self) -> None:
        self._bridge.models_changed.connect(self.refresh)
        self._bridge.schools_changed.connect(self.refresh)
        self._bridge.many_changed.connect(self.refresh)
        self._scope.chosen.connect(self._on_filter_chosen)
        self._in_service.toggled.connect(self._on_filter_chosen)
        self._table.chosen_changed.connect(self._on_table_chosen_changed)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self._scope.begin_search)

    def _on_read(self, read: _Read) -> None:
        self._schools, versions = read
        self._offer_scopes()
        self._predict.show_schools(self._schools)
        self._model.load(versions)
        self._stack.setCurrentIndex(2 if versions else 1)
        self._table.choose_first()
        # The chosen row may have changed where it stands.
        self._on_table_chosen_changed(self._table.chosen())

    def _on_filter_chosen(self) -> None:
        self._proxy.show_scope(
            self._scope.currentData(), in_service_only=self._in_service.isChecked()
        )
        self._table.choose_first()

    def _on_table_chosen_changed(self, record: object) -> None:
        chosen = record if isinstance(record, ModelVersionRecord) else None
        self._detail.show_model(chosen)
        if chosen is not None:
            self._predict.choose_school(chosen.school_name)

    def _offer_scopes(self) -> None:
        self._scope.show_choices(
            [
                (ALL_SCHOOLS, _("All schools together")),
                *((school.id, school.name) for school in self._schools),
            ]
        )


def _read(backend: Backend) -> _Read:
    return backend.list_schools(), backend.list_model_versions(limit=MOST_SHOWN)
