"""A date and time on the clocks of a named zone, picked from a calendar or typed.

Holds the wall time only; which zone it belongs to is said by whoever asks for the instant.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QDate, QDateTime, QLocale, Qt, QTime, QTimeZone, Signal
from PySide6.QtGui import QIcon, QTextCharFormat, QValidator, QWheelEvent
from PySide6.QtWidgets import QCalendarWidget, QDateTimeEdit, QToolButton, QWidget

from core.language import current_language
from gui import theme
from gui.widgets.number_box import plain_digits

FORMAT = "yyyy-MM-dd HH:mm"


class WallTimeEdit(QDateTimeEdit):
    """A wall time.

    An instant that was put in comes out unchanged as long as nobody edits it, even where the
    clocks show it twice and to a fraction of a second.
    """

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loaded: tuple[datetime, str, datetime] | None = None
        # Qt would otherwise move times that this machine's zone skips in spring.
        self.setTimeZone(QTimeZone(QTimeZone.Initialization.UTC))
        self.setLocale(QLocale(current_language()))
        self.setCalendarPopup(True)
        self._calm_calendar()
        self.setDisplayFormat(FORMAT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.lineEdit().setTextMargins(theme.HALF, 0, 0, 0)
        self.setMinimumDate(QDate(2000, 1, 1))
        self.setMaximumDate(QDate(2199, 12, 31))
        self.dateTimeChanged.connect(lambda _value: self.changed.emit())

    def wall(self) -> datetime:
        """What the clock shows, without a zone."""
        date, time = self.date(), self.time()
        return datetime(  # noqa: DTZ001 - a wall time has no zone by design
            date.year(), date.month(), date.day(), time.hour(), time.minute(), time.second()
        )

    def instant(self, zone: str) -> datetime:
        """The instant at which the clocks of `zone` show this; the first of two."""
        if self._loaded is not None and self._loaded[:2] == (self.wall(), zone):
            return self._loaded[2]
        return self.wall().replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)

    def set_instant(self, instant: datetime, zone: str) -> None:
        """Show `instant` on the clocks of `zone`."""
        local = instant.astimezone(ZoneInfo(zone))
        if local.second:
            self.setDisplayFormat(f"{FORMAT}:ss")
        self.setDateTime(
            QDateTime(
                QDate(local.year, local.month, local.day),
                QTime(local.hour, local.minute, local.second),
                QTimeZone(QTimeZone.Initialization.UTC),
            )
        )
        self._loaded = (self.wall(), zone, instant)

    def _calm_calendar(self) -> None:
        """Monday first, as the cron words have it; no red weekends, since red means an error."""
        calendar = self.calendarWidget()
        calendar.setLocale(self.locale())
        # The padding of the product's lists would leave two digits no room.
        calendar.setStyleSheet("QTableView::item { padding: 0; } QTableView { border: 0; }")
        calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            calendar.setWeekdayTextFormat(day, QTextCharFormat())
        # The style's own arrows are black, also on a dark ground.
        for name, arrow in (("qt_calendar_prevmonth", "‹"), ("qt_calendar_nextmonth", "›")):
            button = calendar.findChild(QToolButton, name)
            if isinstance(button, QToolButton):
                button.setIcon(QIcon())
                button.setText(arrow)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Qt takes the returned text for what was typed."""
        return super().validate(plain_digits(text), position)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A form that is scrolled must not change under the pointer."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
