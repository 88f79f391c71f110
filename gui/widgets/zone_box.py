"""A time zone by its name in the IANA database, typed with completion; offers no other clock."""

from __future__ import annotations

import zoneinfo
from functools import cache

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QWidget

from core.clock import machine_timezone
from core.language import _
from gui.widgets.number_box import plain_digits

UNFIT = frozenset({"Factory", "localtime"})
"""Names that mean another thing on every machine."""


@cache
def zone_names() -> tuple[str, ...]:
    """All zones, those of a place (`Area/City`) first."""
    return tuple(
        sorted(
            zoneinfo.available_timezones() - UNFIT,
            key=lambda name: ("/" not in name or name.startswith("Etc/"), name),
        )
    )


def machine_zone() -> str:
    """The zone of this machine, UTC if it has no name."""
    name = machine_timezone()
    return name if name in zone_names() else "UTC"


class ZoneBox(QComboBox):
    """An editable list of zones. The text stays as it was typed, known or not."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._last_known = machine_zone()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Time zone"))
        self.setMaxVisibleItems(12)
        self.addItems(list(zone_names()))
        self._complete_anywhere()
        self.set_zone(self._last_known)
        self.editTextChanged.connect(self._on_self_edit_text_changed)

    def entered(self) -> str:
        """The zone in its right spelling, or else the text as it was typed."""
        text = plain_digits(self.currentText()).strip()
        return self._known(text) or text

    def zone(self) -> str:
        """The zone; the last good one while an unknown name is being typed."""
        return self._last_known

    def is_known(self) -> bool:
        """Whether the text names a zone."""
        return self.entered() in zone_names()

    def set_zone(self, zone: str) -> None:
        """Show `zone`."""
        self.setEditText(zone)
        if self.is_known():
            self._last_known = zone

    def _complete_anywhere(self) -> None:
        """“shang” finds Asia/Shanghai, “york” finds America/New_York."""
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setMaxVisibleItems(8)
        self.setCompleter(completer)

    def _known(self, text: str) -> str | None:
        place = self.findText(text, Qt.MatchFlag.MatchFixedString)
        return self.itemText(place) if place >= 0 else None

    def _on_self_edit_text_changed(self) -> None:
        if self.is_known():
            self._last_known = self.entered()
        self.changed.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A form that is scrolled must not change under the pointer."""
        event.ignore()
