"""Which of the planned times count: calendar, first and last day, number of runs, random delay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from PySide6.QtWidgets import QWidget

from core.contracts.calendars import CalendarRecord
from core.contracts.records import TaskRecord
from core.domain.calendar import CalendarPolicy
from core.language import _
from gui.formatting import count, instant
from gui.policy_words import labelled, span_words, value_words
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.duration_box import DAY, DurationBox, Limits
from gui.widgets.form import Form
from gui.widgets.number_box import NumberBox
from gui.widgets.policies_editor import make_narrow
from gui.widgets.window_editor import WindowEditor

MOST_RUNS: Final = 1_000_000


class TimingSection(Form):
    """What narrows the trigger down; nothing does at first."""

    def __init__(self, now: datetime, zone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._calendar = ChoiceBox[int | None]([(None, _no_calendar())])
        self._policy = ChoiceBox[CalendarPolicy](
            [(each, value_words("calendar_policy", each)) for each in CalendarPolicy]
        )
        self._window = WindowEditor(now, zone)
        self._max_runs = NumberBox(0, MOST_RUNS)
        self._max_runs.setSpecialValueText(_("No limit"))
        make_narrow(self._max_runs)
        self._jitter = DurationBox(Limits(0, DAY), _("Random delay"))
        self._lay_out()
        self._calendar.chosen.connect(self._on_calendar_chosen)
        self._on_calendar_chosen()

    def calendar_id(self) -> int | None:
        """The calendar that opens and closes days; `None` for none."""
        return self._calendar.value()

    def calendar_policy(self) -> CalendarPolicy:
        """What happens to a run on a closed day."""
        return self._policy.value()

    def start_and_end(self, zone: str) -> tuple[datetime | None, datetime | None]:
        """First and last moment, read in `zone`."""
        return self._window.starts_at(zone), self._window.ends_at(zone)

    def max_runs(self) -> int | None:
        """After how many runs the task is over; `None` for never."""
        return self._max_runs.value() or None

    def jitter_seconds(self) -> int:
        """The longest delay."""
        return self._jitter.seconds()

    def show_record(self, record: TaskRecord) -> None:
        """Show the fields of `record`."""
        if record.calendar_id is not None:
            # Its name is known before the calendars have been read.
            own = (record.calendar_id, record.calendar_name or f"#{record.calendar_id}")
            self._calendar.set_options([(None, _no_calendar()), own])
        self._calendar.set_value(record.calendar_id)
        self._policy.set_value(record.calendar_policy)
        self._window.set_window(record.starts_at, record.ends_at, record.timezone)
        self._max_runs.setValue(record.max_runs or 0)
        self._jitter.set_seconds(record.jitter_seconds)

    def set_calendars(self, calendars: Sequence[CalendarRecord]) -> None:
        """Offer these; the chosen one stays, also if it is not among them."""
        chosen, word = self._calendar.value(), self._calendar.currentText()
        options: list[tuple[int | None, str]] = [(None, _no_calendar())]
        options += [(each.id, _calendar_name(each)) for each in calendars]
        if chosen not in [value for value, _word in options]:
            options.append((chosen, word))
        self._calendar.set_options(options)

    def summary(self, zone: str) -> str:
        """What is set, in a line."""
        starts_at, ends_at = self.start_and_end(zone)
        parts: list[str] = []
        if self.calendar_id() is not None:
            parts.append(labelled(_("Calendar"), self._calendar.currentText()))
        if starts_at is not None:
            parts.append(labelled(_("Not before"), instant(starts_at, zone)))
        if ends_at is not None:
            parts.append(labelled(_("Not after"), instant(ends_at, zone)))
        if (most := self.max_runs()) is not None:
            parts.append(labelled(_("Runs at most"), count(most)))
        if seconds := self.jitter_seconds():
            parts.append(labelled(_("Random delay"), span_words(seconds)))
        return " · ".join(parts)

    def focus_field(self, field: str) -> None:
        """Put the keyboard into the control of `field`."""
        if field in {"starts_at", "ends_at"}:
            self._window.focus_field(field)
        else:
            super().focus_field(field)

    def _lay_out(self) -> None:
        self.add_row(
            "calendar_id",
            _("Calendar"),
            self._calendar,
            self._calendar.chosen,
            _("Holidays and closures of the school: no run on a closed day."),
        )
        self.add_row("calendar_policy", _("On a closed day"), self._policy, self._policy.chosen)
        self.add_row(("starts_at", "ends_at"), _("Window"), self._window, self._window.changed)
        self.add_row(
            "max_runs",
            _("Runs at most"),
            self._max_runs,
            self._max_runs.valueChanged,
            _("The task is over after so many runs; 0 means no limit."),
        )
        self.add_row(
            "jitter_seconds",
            _("Random delay"),
            self._jitter,
            self._jitter.changed,
            _("Each run starts up to this much later, so that not all tasks begin at once."),
        )

    def _on_calendar_chosen(self) -> None:
        self.set_row_visible("calendar_policy", is_visible=self.calendar_id() is not None)


def _no_calendar() -> str:
    return _("None: every day counts")


def _calendar_name(record: CalendarRecord) -> str:
    return record.name if record.school_name is None else f"{record.name} · {record.school_name}"
