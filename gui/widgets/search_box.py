"""A choice among many named things that is found by typing any part of its name."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QWidget

MIN_CHARACTERS = 22


class SearchBox(QComboBox):
    """The first choice stands for all of them; what is typed and names none is taken back."""

    chosen = Signal(object)
    """The id of the choice, `None` for all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(MIN_CHARACTERS)
        completer = self.completer() or QCompleter(self)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.addItem("", None)
        self.activated.connect(self._on_activated)

    def set_all_words(self, words: str) -> None:
        """Name the first choice."""
        self.setItemText(0, words)

    def show_choices(self, choices: Iterable[tuple[int, str]]) -> None:
        """Offer these (id, name) below the first choice; what is chosen stays chosen."""
        kept = self.currentData()
        while self.count() > 1:
            self.removeItem(1)
        for number, (key, name) in enumerate(choices, start=1):
            self.insertItem(number, name, key)
        self.setCurrentIndex(max(self.findData(kept), 0) if kept is not None else 0)

    def put(self, key: int, name: str) -> None:
        """Offer one more choice, or give it its new name."""
        row = self.findData(key)
        if row < 0:
            self.addItem(name, key)
        elif self.itemText(row) != name:
            self.setItemText(row, name)

    def drop(self, key: int) -> None:
        """Offer a choice no longer, unless it is the chosen one."""
        row = self.findData(key)
        if row > 0 and row != self.currentIndex():
            self.removeItem(row)

    def choose(self, key: int | None) -> None:
        """Choose silently."""
        self.setCurrentIndex(max(self.findData(key), 0) if key is not None else 0)

    def begin_search(self) -> None:
        """Take the focus; the next letters typed replace the text."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if (field := self.lineEdit()) is not None:
            field.selectAll()

    def _on_activated(self, row: int) -> None:
        self.chosen.emit(self.itemData(row))

    def _settle(self) -> None:
        """Take back a text that names no choice."""
        if self.currentText() != self.itemText(self.currentIndex()):
            self.setEditText(self.itemText(self.currentIndex()))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self._settle()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        field = self.lineEdit()
        if field is not None and event.reason() is not Qt.FocusReason.ActiveWindowFocusReason:
            field.selectAll()
