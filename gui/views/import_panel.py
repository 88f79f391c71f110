"""Taking in a folder of samples: which school, how far it is, and what became of every file.

One import at a time, on a reading lane: it is long, and commands must not wait behind it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.contracts.backend import Backend
from core.contracts.records import ImportSummary, SchoolRecord
from core.errors import AppError
from core.language import _
from core.messages import error_sentence
from gui import theme
from gui.operations import Operations
from gui.views.import_summary import ImportSummaryView


class ImportPanel(QFrame):
    """Hidden until a folder is offered; closed by the person once the summary is read."""

    finished = Signal()
    """An import has ended, whatever it took in."""

    _progressed = Signal(int, int)
    """Emitted on the import's thread; arrives queued."""
    _broke_off = Signal()
    """As well: a bug ended the import; it is reported elsewhere, but must not look as if it ran."""

    def __init__(self, operations: Operations, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._operations = operations
        self._folder = Path()
        self._stop: threading.Event | None = None
        self._offer = _Offer()
        self._running = _Running()
        self._summary = ImportSummaryView()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        for part in (self._offer, self._running, self._summary):
            layout.addWidget(part)
        self.setProperty("card", True)  # noqa: FBT003 - Qt's property call
        self._connect()
        self.retranslate()
        self._show(None)

    def offer(self, folder: Path, schools: Sequence[SchoolRecord]) -> None:
        """Ask how to import `folder`; ignored while another import runs."""
        if self._stop is not None:
            return
        self._folder = folder
        self._offer.show_folder(folder, [school.name for school in schools])
        self._show(self._offer)

    def stop(self) -> None:
        """Ask a running import to end after the file it is at."""
        if self._stop is not None:
            self._stop.set()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self.setAccessibleName(_("Import"))
        for part in (self._offer, self._running, self._summary):
            part.retranslate()

    def _connect(self) -> None:
        self._offer.accepted.connect(self._on_offer_accepted)
        self._offer.declined.connect(self._on_panel_closed)
        self._running.cancelled.connect(self._on_running_cancelled)
        self._summary.closed.connect(self._on_panel_closed)
        self._progressed.connect(self._running.show_progress, Qt.ConnectionType.QueuedConnection)
        self._broke_off.connect(self._on_broke_off, Qt.ConnectionType.QueuedConnection)

    def _show(self, shown: QWidget | None) -> None:
        for part in (self._offer, self._running, self._summary):
            part.setVisible(part is shown)
        self.setVisible(shown is not None)
        if shown is not None:
            shown.setFocus()

    def _on_offer_accepted(self, school: object) -> None:
        folder, stop, emitting = self._folder, threading.Event(), threading.Lock()
        self._stop = stop

        # The page may go away while the thread is at a file: then it must neither emit nor go on.
        def leave() -> None:
            with emitting:  # deleted while it emits, it would take the process along
                stop.set()

        def tell(emit: Callable[[], None]) -> None:
            with emitting:
                if not stop.is_set():
                    emit()

        self.destroyed.connect(leave)
        self._running.begin(folder)
        self._show(self._running)

        def report(done: int, total: int) -> None:
            tell(lambda: self._progressed.emit(done, total))

        def take_in(backend: Backend) -> ImportSummary:
            named = school if isinstance(school, str) else None
            try:
                return backend.import_samples(
                    folder, school=named, on_progress=report, should_stop=stop.is_set
                )
            except AppError:
                raise
            except Exception:
                tell(self._broke_off.emit)
                raise

        self._operations.query(self, take_in, self._on_imported, failed=self._on_import_failed)

    def _on_broke_off(self) -> None:
        self._end_with(_("The import broke off; what it had taken in is kept."))

    def _on_imported(self, summary: ImportSummary) -> None:
        self._stop = None
        self._summary.show_summary(self._folder, summary)
        self._show(self._summary)
        self.finished.emit()

    def _on_import_failed(self, error: AppError) -> None:
        self._end_with(error_sentence(error))

    def _end_with(self, failure: str) -> None:
        self._stop = None
        self._summary.show_failure(self._folder, failure)
        self._show(self._summary)
        self.finished.emit()

    def _on_running_cancelled(self) -> None:
        self.stop()
        self._running.show_stopping()

    def _on_panel_closed(self) -> None:
        self._show(None)


class _Offer(QWidget):
    """Which folder, and whose samples they are."""

    accepted = Signal(object)
    """The school's name, or `None` where the folder itself names the schools."""
    declined = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._folder: Path | None = None
        self._title = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._school_label = QLabel()
        self._school = QComboBox()
        self._school_label.setBuddy(self._school)
        self._import = QPushButton()
        theme.make_primary(self._import, "import")
        self._cancel = QPushButton()
        line = QHBoxLayout()
        line.addWidget(self._school_label)
        line.addWidget(self._school, 1)
        line.addStretch(1)
        line.addWidget(self._cancel)
        line.addWidget(self._import)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._title)
        layout.addLayout(line)
        self.setFocusProxy(self._import)
        self._import.clicked.connect(self._on_import_clicked)
        self._cancel.clicked.connect(self.declined)

    def show_folder(self, folder: Path, schools: Sequence[str]) -> None:
        self._folder = folder
        self._school.clear()
        self._school.addItem("", None)
        for name in schools:
            self._school.addItem(name, name)
        self._school.setCurrentIndex(0)
        self.retranslate()

    def retranslate(self) -> None:
        self._title.setText(_("Import the folder {folder}").format(folder=self._folder or ""))
        self._school_label.setText(_("School of these samples"))
        self._school.setAccessibleName(_("School of these samples"))
        self._school.setItemText(0, _("As the folder names them"))
        self._import.setText(_("Start import"))
        self._import.setAccessibleName(_("Start import"))
        self._cancel.setText(_("Cancel"))
        self._cancel.setAccessibleName(_("Cancel"))

    def _on_import_clicked(self) -> None:
        self.accepted.emit(self._school.currentData())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The key of the default button: Qt knows one in dialogs only."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            (self._cancel if self._cancel.hasFocus() else self._import).click()
        else:
            super().keyPressEvent(event)


class _Running(QWidget):
    """How far an import is."""

    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._folder: Path | None = None
        self._title = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._bar = QProgressBar(textVisible=False)
        self._count = QLabel()
        self._count.setFont(theme.tabular(self._count.font()))
        self._stop = QPushButton()
        line = QHBoxLayout()
        line.addWidget(self._bar, 1)
        line.addWidget(self._count)
        line.addWidget(self._stop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._title)
        layout.addLayout(line)
        self.setFocusProxy(self._stop)
        self._stop.clicked.connect(self.cancelled)

    def begin(self, folder: Path) -> None:
        self._folder = folder
        self._bar.setRange(0, 0)
        self._count.setText("")
        self._stop.setEnabled(True)
        self.retranslate()

    def show_progress(self, done: int, total: int) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._count.setText(_("{done} of {total}").format(done=done, total=total))

    def show_stopping(self) -> None:
        self._stop.setEnabled(False)
        self._title.setText(_("Stopping the import…"))

    def retranslate(self) -> None:
        self._title.setText(_("Importing {folder}").format(folder=self._folder or ""))
        self._bar.setAccessibleName(_("Progress of the import"))
        self._stop.setText(_("Stop import"))
        self._stop.setAccessibleName(_("Stop import"))
