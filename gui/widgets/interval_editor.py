"""Edits an interval trigger: every so many minutes, hours, days or seconds; checks nothing."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.domain.trigger import MAX_INTERVAL_SECONDS, MIN_INTERVAL_SECONDS
from core.language import _
from gui import theme
from gui.tones import Tone
from gui.widgets.duration_box import DAY, HOUR, DurationBox, Limits
from gui.widgets.field_note import FieldNote


class IntervalEditor(QWidget):
    """A length of time, one hour at first."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._length = DurationBox(Limits(MIN_INTERVAL_SECONDS, MAX_INTERVAL_SECONDS), _("Every"))
        self._length.set_seconds(HOUR)
        self._note = FieldNote()
        every = QLabel(_("Every"))
        theme.set_tone(every, Tone.MUTED)
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT)
        row.addWidget(every)
        row.addWidget(self._length, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.HALF)
        column.addLayout(row)
        column.addWidget(self._note)
        self._length.changed.connect(self._on_length_changed)
        self._on_length_changed()

    def seconds(self) -> int:
        """The entered length."""
        return self._length.seconds()

    def set_seconds(self, seconds: int) -> None:
        """Show `seconds` in the largest unit that fits."""
        self._length.set_seconds(seconds)

    def _on_length_changed(self) -> None:
        if self.seconds() % DAY:
            self._note.show_hint(_("Counted from the start of the task, however long a run takes."))
        else:
            self._note.show_hint(
                _("Elapsed time: the hour shifts when clocks change. Cron keeps the hour.")
            )
        self.changed.emit()
