"""Edits a once-trigger: one date and time on the clocks of the task's zone; checks nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.domain.trigger import Once
from core.language import _
from gui import theme
from gui.widgets.field_note import FieldNote
from gui.widgets.wall_time_edit import WallTimeEdit


def next_full_hour(now: datetime, zone: str) -> datetime:
    """A first offer: the full hour that is at least half an hour away on the clocks of `zone`."""
    local = (now + timedelta(minutes=90)).astimezone(ZoneInfo(zone))
    return local.replace(minute=0, second=0, microsecond=0)


class OnceEditor(QWidget):
    """A date and time; a change of zone keeps what the clock shows."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._at = WallTimeEdit(_("Date and time"))
        self._at.setMinimumWidth(208)
        self._note = FieldNote()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.HALF)
        column.addWidget(self._at)
        column.addWidget(self._note)
        self._at.changed.connect(self.changed)

    def trigger(self, zone: str) -> Once:
        """What is entered, read in `zone`."""
        self._note.show_hint(_("In the time zone {zone}.").format(zone=zone))
        return Once(self._at.instant(zone))

    def set_instant(self, instant: datetime, zone: str) -> None:
        """Show `instant` on the clocks of `zone`."""
        self._at.set_instant(instant, zone)
