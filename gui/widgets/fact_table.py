"""Labelled values in two columns, in groups with headings; the values can be copied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from gui import theme
from gui.tones import Tone

LEAST_FOR_LABELS: Final = 112
MOST_FOR_LABELS: Final = 160


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what it says."""

    label: str
    value: str


Group = tuple[str, Sequence[Fact]]
"""A heading and what stands below it."""


class FactTable(QWidget):
    """Shows groups of facts; a group without a fact is left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label_width = 0
        self._shown: tuple[tuple[str, tuple[Fact, ...]], ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.GAP)
        self._grid.setVerticalSpacing(theme.HALF)
        self._grid.setColumnStretch(1, 1)

    def show_groups(self, groups: Sequence[Group]) -> None:
        """Replace what is shown; the same facts again leave a selection of text alone."""
        wanted = tuple((heading, tuple(facts)) for heading, facts in groups if facts)
        if wanted == self._shown:
            return
        self._shown = wanted
        while item := self._grid.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self._label_width = self._needed_label_width()
        row = 0
        for heading, facts in wanted:
            row = self._add_group(row, heading, facts)

    def facts(self) -> tuple[Fact, ...]:
        """Everything shown."""
        return tuple(fact for _heading, facts in self._shown for fact in facts)

    def _add_group(self, row: int, heading: str, facts: Sequence[Fact]) -> int:
        if heading:
            title = QLabel(heading)
            title.setFont(theme.heading_font(self.font()))
            title.setContentsMargins(0, theme.GAP if row else 0, 0, theme.HALF)
            self._grid.addWidget(title, row, 0, 1, 2)
            row += 1
        for fact in facts:
            self._grid.addWidget(self._label(fact.label), row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(_value(fact), row, 1, Qt.AlignmentFlag.AlignTop)
            row += 1
        return row

    def _label(self, text: str) -> QLabel:
        label = QLabel(text, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        theme.set_tone(label, Tone.MUTED)
        label.setFixedWidth(self._label_width)
        return label

    def _needed_label_width(self) -> int:
        """Room for the longest label in one line, within reason; what wraps asks for no width."""
        widths = [self.fontMetrics().horizontalAdvance(fact.label) + 2 for fact in self.facts()]
        return min(max([LEAST_FOR_LABELS, *widths]), MOST_FOR_LABELS)


def _value(fact: Fact) -> QLabel:
    value = QLabel(fact.value, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
    value.setFont(theme.tabular(value.font()))
    value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    value.setAccessibleName(f"{fact.label}: {fact.value}")
    value.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return value
