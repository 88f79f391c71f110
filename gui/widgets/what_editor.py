"""Edits what a task trains: the mode, and whether unchanged data is trained on all the same."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from core.domain.task import TrainingMode
from core.language import _
from gui import theme
from gui.formatting import mode_word
from gui.widgets.field_note import FieldNote
from gui.widgets.segmented import Segmented


class WhatEditor(QWidget):
    """Mode and force. Forcing means something for full training only."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mode = Segmented[TrainingMode](
            [(mode, mode_word(mode)) for mode in TrainingMode], _("Training")
        )
        self._meaning = FieldNote()
        self._force = QCheckBox(_("Train even if nothing has changed"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(self._mode)
        column.addWidget(self._meaning)
        column.addWidget(self._force)
        self._mode.chosen.connect(self._on_mode_chosen)
        self._force.toggled.connect(lambda _checked: self.changed.emit())
        self._on_mode_chosen()

    def mode(self) -> TrainingMode:
        """The chosen training mode."""
        return self._mode.value()

    def is_forced(self) -> bool:
        """Whether unchanged data is trained on all the same."""
        return self._force.isChecked()

    def set_what(self, mode: TrainingMode, *, is_forced: bool) -> None:
        """Show both."""
        self._force.setChecked(is_forced)
        self._mode.set_value(mode)

    def _on_mode_chosen(self) -> None:
        match self.mode():
            case TrainingMode.FULL:
                self._meaning.show_hint(_("On all processed samples."))
            case TrainingMode.INCREMENTAL:
                self._meaning.show_hint(
                    _("On samples that the model in service has not seen; it needs such a model.")
                )
        self._force.setEnabled(self.mode() is TrainingMode.FULL)
        self.changed.emit()
