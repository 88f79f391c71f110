"""Rows of label, control and note, found again by the name of the field; knows no field itself."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui import theme
from gui.widgets.field_note import FieldNote
from gui.widgets.focus import focus_first

LABEL_HEIGHT = 32
"""A label stands beside the first line of its control, however tall that is."""


@dataclass(slots=True)
class _Row:
    title: QLabel
    cell: QWidget
    control: QWidget
    note: FieldNote
    hint: str


class Form(QWidget):
    """Rows from top to bottom. A row that is edited loses its error."""

    changed = Signal()
    """Something in any row was edited."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, _Row] = {}
        self._labels: list[QLabel] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.GAP)
        self._grid.setVerticalSpacing(theme.UNIT + theme.HALF)
        self._grid.setColumnStretch(1, 1)

    def add_row(
        self,
        fields: str | tuple[str, ...],
        label: str,
        control: QWidget,
        changed: SignalInstance,
        hint: str = "",
    ) -> None:
        """Append a row for one field, or for several that share a control."""
        if not control.accessibleName():
            control.setAccessibleName(label)
        title = QLabel(label)
        title.setBuddy(control)
        title.setMinimumHeight(LABEL_HEIGHT)
        self._labels.append(title)
        note = FieldNote()
        note.show_hint(hint)
        cell = QWidget()
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.HALF)
        is_narrow = control.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Fixed
        column.addWidget(
            control, 0, Qt.AlignmentFlag.AlignLeft if is_narrow else Qt.AlignmentFlag(0)
        )
        column.addWidget(note)
        row = _Row(title, cell, control, note, hint)
        names = (fields,) if isinstance(fields, str) else fields
        self._rows.update(dict.fromkeys(names, row))
        place = self._grid.rowCount()
        self._grid.addWidget(title, place, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(cell, place, 1)
        changed.connect(lambda *_values: self._on_row_changed(row))

    def label_width(self) -> int:
        """Width of the widest label."""
        return max(label.sizeHint().width() for label in self._labels)

    def set_label_width(self, width: int) -> None:
        """Give the column of labels this width, so that several forms stand in line."""
        self._grid.setColumnMinimumWidth(0, width)

    def set_row_visible(self, field: str, *, is_visible: bool) -> None:
        """Show the row of `field`, or leave it out while it has no meaning."""
        row = self._rows[field]
        row.title.setVisible(is_visible)
        row.cell.setVisible(is_visible)

    def set_hint(self, field: str, sentence: str) -> None:
        """Say something else under the control of `field` while nothing is wrong with it."""
        row = self._rows[field]
        row.hint = sentence
        row.note.show_hint(sentence)

    def has_field(self, field: str) -> bool:
        """Whether a row edits `field`."""
        return field in self._rows

    def show_error(self, field: str, sentence: str) -> None:
        """Say what is wrong with `field`, beside it."""
        self._rows[field].note.show_error(sentence)

    def focus_field(self, field: str) -> None:
        """Put the keyboard into the control of `field`."""
        focus_first(self._rows[field].control)

    def note_text(self, field: str) -> str:
        """What stands under the control of `field` now."""
        return self._rows[field].note.text()

    def clear_errors(self) -> None:
        """Back to the hints."""
        for row in self._rows.values():
            row.note.show_hint(row.hint)

    def _on_row_changed(self, row: _Row) -> None:
        row.note.show_hint(row.hint)
        self.changed.emit()
