"""Edits the time a task may run in: from a first moment on, up to a last one, or without limit."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from core.language import _
from gui import theme
from gui.widgets.wall_time_edit import WallTimeEdit

SPAN = timedelta(days=30)
"""How far the first offer of an end is away."""


class WindowEditor(QWidget):
    """Start and end, each only if its box is ticked."""

    changed = Signal()

    def __init__(self, now: datetime, zone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        today = now.replace(minute=0, second=0, microsecond=0)
        self._start = _Side(_("Not before"), today, zone)
        self._end = _Side(_("Not after"), today + SPAN, zone)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.UNIT)
        grid.setColumnStretch(2, 1)
        for row, side in enumerate((self._start, self._end)):
            grid.addWidget(side.box, row, 0)
            grid.addWidget(side.edit, row, 1)
        self._connect()

    def starts_at(self, zone: str) -> datetime | None:
        """The first moment, read in `zone`; `None` for no limit."""
        return self._start.instant(zone)

    def ends_at(self, zone: str) -> datetime | None:
        """The last moment, read in `zone`; `None` for no limit."""
        return self._end.instant(zone)

    def set_window(self, starts_at: datetime | None, ends_at: datetime | None, zone: str) -> None:
        """Show both sides on the clocks of `zone`."""
        self._start.show(starts_at, zone)
        self._end.show(ends_at, zone)

    def focus_field(self, field: str) -> None:
        """Put the keyboard into `starts_at` or `ends_at`."""
        (self._end if field == "ends_at" else self._start).box.setFocus()

    def _connect(self) -> None:
        for side in (self._start, self._end):
            side.box.toggled.connect(lambda _checked: self.changed.emit())
            side.edit.changed.connect(self.changed)


class _Side:
    """The tick and the time of one side."""

    def __init__(self, name: str, offer: datetime, zone: str) -> None:
        self.box = QCheckBox(name)
        self.edit = WallTimeEdit(name)
        self.edit.set_instant(offer, zone)
        self.edit.setEnabled(False)
        self.box.toggled.connect(self.edit.setEnabled)

    def instant(self, zone: str) -> datetime | None:
        return self.edit.instant(zone) if self.box.isChecked() else None

    def show(self, instant: datetime | None, zone: str) -> None:
        self.box.setChecked(instant is not None)
        if instant is not None:
            self.edit.set_instant(instant, zone)
