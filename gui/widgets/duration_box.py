"""A length of time as a number and a unit; knows seconds only, and no task."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.language import _
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.number_box import NumberBox

NUMBER_WIDTH = 104
MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Limits:
    """The shortest and the longest length that may be entered, in seconds."""

    low: int
    high: int


def nearest_unit(seconds: int) -> int:
    """The largest unit that `seconds` is a whole number of, minutes for none at all."""
    if seconds == 0:
        return MINUTE
    return next(unit for unit in (DAY, HOUR, MINUTE, 1) if seconds % unit == 0)


class DurationBox(QWidget):
    """Number and unit. A change of unit keeps the number: “6 minutes” becomes “6 hours”."""

    changed = Signal()

    def __init__(self, limits: Limits, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._limits = limits
        self._number = NumberBox(0, 0)
        self._number.setAccessibleName(name)
        self._number.setFixedWidth(NUMBER_WIDTH)
        self._unit = ChoiceBox[int](
            [(MINUTE, _("minutes")), (HOUR, _("hours")), (DAY, _("days")), (1, _("seconds"))]
        )
        self._unit.setAccessibleName(_("Unit of {name}").format(name=name))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._number)
        row.addWidget(self._unit)
        row.addStretch()
        self._on_unit_chosen()
        self._connect()

    def seconds(self) -> int:
        """The entered length."""
        return self._number.value() * self._unit.value()

    def set_seconds(self, seconds: int) -> None:
        """Show `seconds` in the largest unit that fits."""
        self._unit.set_value(nearest_unit(seconds))
        self._number.setValue(seconds // self._unit.value())

    def _connect(self) -> None:
        self._number.valueChanged.connect(lambda _value: self.changed.emit())
        self._unit.chosen.connect(self._on_unit_chosen)

    def _on_unit_chosen(self) -> None:
        unit = self._unit.value()
        low = -(-self._limits.low // unit)
        self._number.setRange(low, max(low, self._limits.high // unit))
        self.changed.emit()
