"""What an import did: how many samples came in, and every file it refused with the reason."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.contracts.records import ImportSummary, RefusedFile
from core.language import _, _n
from core.messages import sentence
from gui import theme
from gui.tones import Tone

LIST_HEIGHT = 160


class ImportSummaryView(QWidget):
    """Counts in a sentence, refused files in a list that can be copied."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder = Path()
        self._summary: ImportSummary | None = None
        self._failure = ""
        self._icon = QLabel()
        self._counts = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._refused = QTreeWidget()
        self._refused.setRootIsDecorated(False)
        self._refused.setUniformRowHeights(True)
        self._refused.setAlternatingRowColors(True)
        self._refused.setMaximumHeight(LIST_HEIGHT)
        self._copy = QPushButton()
        self._close = QPushButton()
        self._lay_out()
        self._copy.clicked.connect(self._on_copy_clicked)
        self._close.clicked.connect(self.closed)

    def show_summary(self, folder: Path, summary: ImportSummary) -> None:
        """Show how an import of `folder` ended."""
        self._folder, self._summary, self._failure = folder, summary, ""
        self.retranslate()

    def show_failure(self, folder: Path, failure: str) -> None:
        """Show why an import of `folder` could not be done at all."""
        self._folder, self._summary, self._failure = folder, None, failure
        self.retranslate()

    def retranslate(self) -> None:
        """Every text in the current language."""
        refused = self._summary.refused if self._summary else ()
        is_good = self._summary is not None and not refused
        self._icon.setPixmap(
            theme.pixmap("success", Tone.SUCCESS)
            if is_good
            else theme.pixmap("warning", Tone.WARNING)
        )
        self._counts.setText(summary_words(self._summary) if self._summary else self._failure)
        self._counts.setToolTip(str(self._folder))
        self._refused.setHeaderLabels([_("Refused file"), _("Reason")])
        self._refused.setAccessibleName(_("Refused files"))
        self._refused.clear()
        self._refused.addTopLevelItems([_item(file) for file in refused])
        self._refused.setVisible(bool(refused))
        self._copy.setVisible(bool(refused))
        self._copy.setText(_("Copy list"))
        self._copy.setAccessibleName(_("Copy the list of refused files"))
        self._close.setText(_("Close"))
        self._close.setAccessibleName(_("Close the summary"))

    def _lay_out(self) -> None:
        header = self._refused.header()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        line = QHBoxLayout()
        line.addWidget(self._icon)
        line.addWidget(self._counts, 1)
        line.addWidget(self._copy)
        line.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(line)
        layout.addWidget(self._refused)
        self.setFocusProxy(self._close)

    def _on_copy_clicked(self) -> None:
        refused = self._summary.refused if self._summary else ()
        lines = [f"{file.file}\t{sentence(file.code, file.params)}" for file in refused]
        QGuiApplication.clipboard().setText("\n".join(lines))


def summary_words(summary: ImportSummary) -> str:
    """One line: taken, known, refused, and whether it was stopped."""
    parts = [
        _n("{count} sample taken in", "{count} samples taken in", summary.taken).format(
            count=summary.taken
        )
    ]
    if summary.known:
        parts.append(_("{count} already known").format(count=summary.known))
    if summary.refused:
        parts.append(_("{count} refused").format(count=len(summary.refused)))
    if summary.is_cancelled:
        parts.append(_("stopped before the end"))
    return " · ".join(parts)


def _item(refused: RefusedFile) -> QTreeWidgetItem:
    reason = sentence(refused.code, refused.params)
    item = QTreeWidgetItem([refused.file, reason])
    item.setToolTip(0, refused.file)
    item.setToolTip(1, reason)
    return item
