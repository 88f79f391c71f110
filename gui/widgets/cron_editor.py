"""Edits a cron line: the text as it is typed, ready-made lines, and which field the cursor is in.

Reads nothing into the line: what it means, and whether it is valid, the backend says.
"""

from __future__ import annotations

import re
from html import escape
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.language import N_, _
from gui import theme
from gui.tones import Tone

PRESETS: Final = (
    ("0 2 * * *", N_("Every night at 02:00")),
    ("0 18 * * 1-5", N_("Weekdays at 18:00")),
    ("0 * * * *", N_("Every hour")),
    ("0 3 * * 1", N_("Every Monday at 03:00")),
    ("0 3 1 * *", N_("First of the month at 03:00")),
)
"""Ready-made lines with their words."""
FIELDS: Final = (
    N_("minute"),
    N_("hour"),
    N_("day of month"),
    N_("month"),
    N_("day of week"),
)

SEPARATOR: Final = "&nbsp;&nbsp; &nbsp;"


def field_at(text: str, cursor: int) -> int | None:
    """Which of the five fields the cursor stands in or behind; none in an @alias or beyond."""
    if text.lstrip().startswith(("@", "＠")):
        return None
    place = len(re.findall(r"\s+(?=\S|$)", text[:cursor].lstrip()))
    return place if place < len(FIELDS) else None


class CronEditor(QWidget):
    """A line of five fields; `0 2 * * *` at first."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = QLineEdit(PRESETS[0][0])
        self._line.setFont(_fixed_font(self.font()))
        self._line.setAccessibleName(_("Cron line"))
        self._line.setPlaceholderText(PRESETS[0][0])
        self._presets = QPushButton(_("Presets"))
        self._presets.setAutoDefault(False)
        self._presets.setMenu(self._menu())
        self._presets.setAccessibleName(_("Ready-made cron lines"))
        self._caption = QLabel(wordWrap=True, textFormat=Qt.TextFormat.RichText)
        self._caption.setFont(theme.caption_font(self.font()))
        theme.set_tone(self._caption, Tone.MUTED)
        self._lay_out()
        self._connect()
        self._on_line_cursor_moved()

    def expression(self) -> str:
        """The line as typed, without outer blanks."""
        return self._line.text().strip()

    def set_expression(self, expression: str) -> None:
        """Show `expression`."""
        self._line.setText(expression)

    def set_invalid(self, *, is_invalid: bool) -> None:
        """Frame the line as wrong; its text stays."""
        if bool(self._line.property("invalid")) != is_invalid:
            self._line.setProperty("invalid", is_invalid)
            theme.repolish(self._line)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT)
        row.addWidget(self._line, 1)
        row.addWidget(self._presets)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.HALF)
        column.addLayout(row)
        column.addWidget(self._caption)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        for expression, words in PRESETS:
            # Behind the tab is the column that Qt gives to shortcuts.
            action = menu.addAction(f"{_(words)}\t{expression}")
            action.setData(expression)
        return menu

    def _connect(self) -> None:
        self._line.textChanged.connect(lambda _text: self.changed.emit())
        self._line.cursorPositionChanged.connect(self._on_line_cursor_moved)
        self._presets.menu().triggered.connect(lambda action: self.set_expression(action.data()))

    def _on_line_cursor_moved(self) -> None:
        current = field_at(self._line.text(), self._line.cursorPosition())
        words = [escape(_(name)) for name in FIELDS]
        if current is not None:
            words[current] = f"<u>{words[current]}</u>"
        self._caption.setText(SEPARATOR.join(words))


def _fixed_font(base: QFont) -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(base.pointSizeF() * 1.1)
    return font
