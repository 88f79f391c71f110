"""A calm list of texts in columns, to read and to choose a line of; knows no record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from gui import theme
from gui.tones import Tone

ROW_HEIGHT = 34


@dataclass(frozen=True, slots=True)
class Line:
    """The texts of a row, perhaps with an icon before the first."""

    texts: tuple[str, ...]
    icon: str = ""
    tone: Tone = Tone.MUTED
    is_quiet: bool = False
    """Whether it is shown less than the others."""


class PlainTable(QTableWidget):
    """Rows that are replaced as a whole; the last column takes the rest."""

    def __init__(self, name: str, titles: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(0, len(titles), parent)
        self.setAccessibleName(name)
        self.setHorizontalHeaderLabels(list(titles))
        self.setFont(theme.tabular(self.font()))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)  # Tab leaves the table
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these instead of what was there."""
        self.setRowCount(len(lines))
        for row, line in enumerate(lines):
            for column, text in enumerate(line.texts):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if line.is_quiet:
                    item.setForeground(theme.colour(Tone.MUTED))
                if column == 0 and line.icon:
                    item.setIcon(theme.icon(line.icon, line.tone))
                self.setItem(row, column, item)
        for column in range(self.columnCount() - 1):
            self.resizeColumnToContents(column)
        self.horizontalHeader().setSectionResizeMode(
            self.columnCount() - 1, QHeaderView.ResizeMode.Stretch
        )

    def chosen_row(self) -> int | None:
        """The number of the chosen line."""
        rows = self.selectionModel().selectedRows()
        return rows[0].row() if rows else None
