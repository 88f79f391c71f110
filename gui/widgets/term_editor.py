"""Edits a term trigger: a day told from the ranges of a calendar, and a time of that day.

Knows no calendar: whether one gives the trigger a day, the backend says.
"""

from __future__ import annotations

from datetime import time
from enum import StrEnum
from typing import Final, assert_never

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.domain.calendar import WEEKDAYS, RangeKind, kind_code, weekday_code
from core.domain.term import (
    MAX_OPEN_DAYS,
    MAX_WEEK,
    FirstOpenDay,
    OpenDaysBefore,
    TermRule,
    TermTrigger,
    WeekdayOfWeek,
)
from core.language import N_, _
from core.messages import TERMS
from gui import theme
from gui.tones import Tone
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.field_note import FieldNote
from gui.widgets.number_box import NumberBox
from gui.widgets.policies_editor import make_narrow
from gui.widgets.time_of_day_edit import TimeOfDayEdit


class RuleForm(StrEnum):
    """What a day is counted from, without its numbers."""

    FIRST_OPEN_DAY = "first_open_day"
    WEEKDAY = "weekday"
    OPEN_DAYS_BEFORE = "open_days_before"


FIRST_OFFER: Final = time(7)
USUAL_DAYS: Final = 3
# The kind of range stands right behind these words.
FORM_WORDS: Final = {
    RuleForm.FIRST_OPEN_DAY: N_("First open day of each"),
    RuleForm.WEEKDAY: N_("Weekday of a week of each"),
    RuleForm.OPEN_DAYS_BEFORE: N_("Open days before each"),
}
HINTS: Final = {
    RuleForm.FIRST_OPEN_DAY: N_("The calendar says which days are open."),
    RuleForm.WEEKDAY: N_("Weeks begin on Monday; week 1 is the one with the first day."),
    RuleForm.OPEN_DAYS_BEFORE: N_("Counted back from the first day; closed days do not count."),
}


class TermEditor(QWidget):
    """The first open day of each term at 07:00, until another is entered."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = ChoiceBox[RuleForm]([(each, _(FORM_WORDS[each])) for each in RuleForm])
        self._form.setAccessibleName(_("Day"))
        self._kind = ChoiceBox[RangeKind]([(each, _(TERMS[kind_code(each)])) for each in RangeKind])
        self._kind.setAccessibleName(_("Kind of range"))
        self._weekday = ChoiceBox[int](
            [(day, _(TERMS[weekday_code(day)])) for day in range(len(WEEKDAYS))]
        )
        self._weekday.setAccessibleName(_("Weekday"))
        self._week = _number(1, MAX_WEEK, _("Week"))
        self._days = _number(1, MAX_OPEN_DAYS, _("Days"))
        self._days.setValue(USUAL_DAYS)
        self._at = TimeOfDayEdit(_("Time of day"))
        self._at.set_at(FIRST_OFFER)
        make_narrow(self._at)
        self._labels = {box: _muted(box.accessibleName()) for box in (self._week, self._days)}
        self._note = FieldNote()
        self._lay_out()
        self._connect()
        self._on_form_chosen()

    def trigger(self) -> TermTrigger:
        """What is entered."""
        return TermTrigger(self._rule(), self._at.at())

    def set_trigger(self, trigger: TermTrigger) -> None:
        """Show `trigger`; numbers that it does not have stay as they are."""
        self._at.set_at(trigger.at)
        self._kind.set_value(trigger.rule.kind)
        match trigger.rule:
            case FirstOpenDay():
                self._form.set_value(RuleForm.FIRST_OPEN_DAY)
            case WeekdayOfWeek(weekday, week):
                self._form.set_value(RuleForm.WEEKDAY)
                self._weekday.set_value(weekday)
                self._week.setValue(week)
            case OpenDaysBefore(days):
                self._form.set_value(RuleForm.OPEN_DAYS_BEFORE)
                self._days.setValue(days)
            case _:
                assert_never(trigger.rule)

    def _rule(self) -> TermRule:
        kind = self._kind.value()
        match self._form.value():
            case RuleForm.FIRST_OPEN_DAY:
                return FirstOpenDay(kind)
            case RuleForm.WEEKDAY:
                return WeekdayOfWeek(self._weekday.value(), self._week.value(), kind)
            case RuleForm.OPEN_DAYS_BEFORE:
                return OpenDaysBefore(self._days.value(), kind)
            case form:
                assert_never(form)

    def _lay_out(self) -> None:
        day = QHBoxLayout()
        day.setSpacing(theme.UNIT)
        day.addWidget(self._form, 3)
        day.addWidget(self._kind, 2)
        numbers = QHBoxLayout()
        numbers.setSpacing(theme.UNIT)
        numbers.addWidget(self._weekday)
        for box, label in self._labels.items():
            numbers.addWidget(label)
            numbers.addWidget(box)
        numbers.addWidget(_muted(_("At")))
        numbers.addWidget(self._at)
        numbers.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.HALF)
        column.addLayout(day)
        column.addSpacing(theme.HALF)
        column.addLayout(numbers)
        column.addWidget(self._note)

    def _connect(self) -> None:
        self._form.chosen.connect(self._on_form_chosen)
        for each in (self._kind, self._weekday):
            each.chosen.connect(self.changed)
        for number in (self._week, self._days):
            number.valueChanged.connect(lambda _value: self.changed.emit())
        self._at.changed.connect(self.changed)

    def _on_form_chosen(self) -> None:
        form = self._form.value()
        self._weekday.setVisible(form is RuleForm.WEEKDAY)
        for box, owner in ((self._week, RuleForm.WEEKDAY), (self._days, RuleForm.OPEN_DAYS_BEFORE)):
            box.setVisible(form is owner)
            self._labels[box].setVisible(form is owner)
        self._note.show_hint(_(HINTS[form]))
        self.changed.emit()


def _number(low: int, high: int, name: str) -> NumberBox:
    box = NumberBox(low, high)
    box.setAccessibleName(name)
    make_narrow(box)
    return box


def _muted(words: str) -> QLabel:
    label = QLabel(words)
    theme.set_tone(label, Tone.MUTED)
    return label
