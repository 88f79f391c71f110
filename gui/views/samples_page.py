"""What the models learn from: schools, their students, and every image of handwriting."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.contracts.records import SchoolRecord, StudentCounts
from core.errors import AppError
from core.language import _
from gui import theme
from gui.bridge import Bridge
from gui.dialogs.school_dialog import SchoolDialog
from gui.models.record_model import Role
from gui.models.school_model import SchoolColumn, SchoolModel
from gui.models.student_model import StudentColumn, StudentModel
from gui.operations import Operations
from gui.views.import_panel import ImportPanel
from gui.views.sample_list import SampleList
from gui.widgets.empty_state import EmptyState
from gui.widgets.record_table import RecordTable, sorting_proxy

SEARCH_WIDTH: Final = 260
GATHER_MS: Final = 300
"""An import announces every batch: what it changed is read again at most this often."""


class SamplesPage(QWidget):
    """Schools at the left, the students of one beside them, the samples of one student last."""

    def __init__(
        self, operations: Operations, bridge: Bridge, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._operations = operations
        self._bridge = bridge
        self._wanted_school: int | None = None
        """A school to choose as soon as it is listed."""
        self._school_model = SchoolModel(self)
        self._student_model = StudentModel(self)
        self._student_proxy = sorting_proxy(self)
        self._student_proxy.setSourceModel(self._student_model)
        self._school_proxy = sorting_proxy(self)
        self._school_proxy.setSourceModel(self._school_model)
        self._schools = RecordTable(self._school_proxy, stretched=SchoolColumn.SCHOOL)
        self._students = RecordTable(self._student_proxy, stretched=StudentColumn.STUDENT)
        self._samples = SampleList(operations)
        self._search = QLineEdit()
        self._search.setClearButtonEnabled(True)
        self._add = QPushButton()
        self._import = QPushButton()
        self._panel = ImportPanel(operations)
        self._empty = EmptyState("samples")
        self._empty_school = EmptyState("student")
        self._stack = QStackedWidget()
        self._school_stack = QStackedWidget()
        self._gather = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._lay_out()
        self._connect()
        self.setAcceptDrops(True)
        self.retranslate()
        self.refresh()

    def refresh(self) -> None:
        """Load schools, students and samples again."""
        self._operations.query(
            self, lambda backend: backend.list_schools(), self._on_schools_read, key="schools"
        )

    def stop_import(self) -> None:
        """Ask a running import to end, so that the program can."""
        self._panel.stop()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self._search.setPlaceholderText(_("Find a student"))
        self._search.setAccessibleName(_("Find a student"))
        self._add.setText(_("Add school…"))
        self._add.setAccessibleName(_("Add school"))
        self._import.setText(_("Import folder…"))
        self._import.setAccessibleName(_("Import folder"))
        self._import.setToolTip(_("Take in a folder school/student/image, or drop it here"))
        self._schools.setAccessibleName(_("Schools"))
        self._students.setAccessibleName(_("Students"))
        self._empty.set_texts(
            _("No samples yet"),
            _("Import a folder with one folder a school and, in it, one a student."),
            _("Import folder…"),
        )
        self._empty_school.set_texts(
            _("No sample of this school yet"),
            _("Import a folder, or drop it on this page."),
        )
        for model in (self._school_model, self._student_model):
            model.recompute()
        for table in (self._schools, self._students):
            table.fit_columns()
        self._samples.retranslate()
        self._panel.retranslate()

    def _lay_out(self) -> None:
        self._students.sortByColumn(StudentColumn.STUDENT, Qt.SortOrder.AscendingOrder)
        self._schools.sortByColumn(SchoolColumn.SCHOOL, Qt.SortOrder.AscendingOrder)
        theme.make_primary(self._import, "import")
        self._add.setIcon(theme.icon("add"))
        self._empty.set_action_icon("import")
        self._search.setFixedWidth(SEARCH_WIDTH)
        bar = QHBoxLayout()
        bar.setSpacing(theme.UNIT)
        bar.addWidget(self._search)
        bar.addStretch(1)
        bar.addWidget(self._add)
        bar.addWidget(self._import)
        inner = _splitter(self._students, self._samples, sizes=[330, 555])
        self._school_stack.addWidget(inner)
        self._school_stack.addWidget(self._empty_school)
        outer = _splitter(self._schools, self._school_stack, sizes=[265, 885])
        for page in (QWidget(), self._empty, outer):
            self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.GAP)
        layout.setSpacing(theme.GAP)
        layout.addLayout(bar)
        layout.addWidget(self._panel)
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        for signal in (self._bridge.samples_changed, self._bridge.schools_changed):
            signal.connect(self._on_bridge_changed)
        self._bridge.models_changed.connect(self._on_bridge_changed)
        self._bridge.many_changed.connect(self.refresh)
        self._gather.timeout.connect(self.refresh)
        self._schools.chosen_changed.connect(self._on_school_chosen)
        self._students.chosen_changed.connect(self._on_student_chosen)
        self._search.textChanged.connect(self._student_proxy.setFilterFixedString)
        self._add.clicked.connect(self._on_add_clicked)
        self._import.clicked.connect(self._on_import_clicked)
        self._empty.action_clicked.connect(self._on_import_clicked)
        self._panel.finished.connect(self.refresh)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self._on_find_activated)

    def _on_bridge_changed(self) -> None:
        if not self._gather.isActive():
            self._gather.start()

    # reading

    def _on_schools_read(self, schools: tuple[SchoolRecord, ...]) -> None:
        self._school_model.load(schools)
        self._stack.setCurrentIndex(2 if schools else 1)
        for part in (self._search, self._import):
            part.setVisible(bool(schools))
        if self._wanted_school is not None:
            self._choose_school(self._wanted_school)
            self._wanted_school = None
        self._schools.choose_first()
        self._read_students()

    def _read_students(self) -> None:
        school = self._school()
        if school is None:
            return
        self._operations.query(
            self,
            lambda backend: backend.list_students(school.id),
            self._on_students_read,
            key="students",
        )

    def _on_students_read(self, students: tuple[StudentCounts, ...]) -> None:
        self._student_model.load(students)
        self._school_stack.setCurrentIndex(0 if students else 1)
        self._students.choose_first()
        self._samples.show_student(self._student())

    # what the reader does

    def _on_school_chosen(self) -> None:
        self._read_students()

    def _on_student_chosen(self) -> None:
        self._samples.show_student(self._student())

    def _on_find_activated(self) -> None:
        self._search.setFocus()
        self._search.selectAll()

    def _on_add_clicked(self) -> None:
        dialog = SchoolDialog(self)
        dialog.submitted.connect(lambda name: self._on_school_submitted(dialog, name))
        dialog.open()

    def _on_school_submitted(self, dialog: SchoolDialog, name: str) -> None:
        def taken(school: SchoolRecord) -> None:
            self._wanted_school = school.id
            dialog.accept()
            self.refresh()

        def refused(error: AppError) -> None:
            dialog.set_busy(False)
            dialog.show_error(error)

        dialog.set_busy(True)
        self._operations.command(
            dialog, lambda backend: backend.add_school(name), taken, failed=refused
        )

    def _on_import_clicked(self) -> None:
        dialog = QFileDialog(self, _("Import a folder of samples"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._on_folder_selected)
        dialog.open()

    def _on_folder_selected(self, folder: str) -> None:
        self._panel.offer(Path(folder), self._school_model.records)

    # what is chosen

    def _school(self) -> SchoolRecord | None:
        chosen = self._schools.chosen()
        return chosen if isinstance(chosen, SchoolRecord) else None

    def _student(self) -> StudentCounts | None:
        chosen = self._students.chosen()
        return chosen if isinstance(chosen, StudentCounts) else None

    def _choose_school(self, school_id: int) -> None:
        for row in range(self._school_proxy.rowCount()):
            index = self._school_proxy.index(row, 0)
            if index.data(Role.RECORD).id == school_id:
                self._schools.setCurrentIndex(index)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped_folder(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        folder = _dropped_folder(event)
        if folder is not None:
            event.acceptProposedAction()
            self._panel.offer(folder, self._school_model.records)


def _dropped_folder(event: QDropEvent) -> Path | None:
    for url in event.mimeData().urls():
        if url.isLocalFile() and (folder := Path(url.toLocalFile())).is_dir():
            return folder
    return None


def _splitter(*parts: QWidget, sizes: list[int]) -> QSplitter:
    splitter = QSplitter(Qt.Orientation.Horizontal)
    splitter.setChildrenCollapsible(False)
    splitter.setHandleWidth(theme.GAP)
    for part in parts:
        splitter.addWidget(part)
    splitter.setSizes(sizes)
    return splitter
