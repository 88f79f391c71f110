"""Asks the backend what a schedule means while it is being typed; only the latest answer counts."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from core.contracts.records import SchedulePreview
from core.domain.calendar import CalendarPolicy
from core.domain.trigger import Schedule
from core.errors import AppError
from gui.operations import Operations

DEBOUNCE_MS = 150
COUNT = 5


@dataclass(frozen=True, slots=True)
class _Wanted:
    schedule: Schedule
    calendar_id: int | None
    calendar_policy: CalendarPolicy


class ScheduleCheck(QObject):
    """Debounced preview of one schedule.

    `passed` and `refused` always answer for the schedule asked last: what came before is dropped.
    """

    passed = Signal(object)
    """A `SchedulePreview`."""
    refused = Signal(object)
    """An `AppError`."""

    def __init__(self, operations: Operations, parent: QObject) -> None:
        super().__init__(parent)
        self._operations = operations
        self._wanted: _Wanted | None = None
        self._is_answered = True
        self._timer = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    @property
    def is_pending(self) -> bool:
        """Whether the answer for the schedule asked last is still to come."""
        return not self._is_answered

    def ask(
        self,
        schedule: Schedule,
        calendar_id: int | None = None,
        calendar_policy: CalendarPolicy = CalendarPolicy.SKIP,
    ) -> None:
        """Check `schedule` under a calendar once typing has paused."""
        self._wanted = _Wanted(schedule, calendar_id, calendar_policy)
        self._is_answered = False
        self._timer.start()

    def drop(self) -> None:
        """Nothing is to be checked now."""
        self._wanted = None
        self._is_answered = True
        self._timer.stop()

    def hurry(self) -> None:
        """Do not wait for the typing to pause."""
        if self._timer.isActive():
            self._timer.stop()
            self._on_timer_timeout()

    def _on_timer_timeout(self) -> None:
        wanted = self._wanted
        if wanted is None:
            return

        def on_passed(preview: SchedulePreview) -> None:
            if self._settle(wanted):
                self.passed.emit(preview)

        def on_refused(error: AppError) -> None:
            if self._settle(wanted):
                self.refused.emit(error)

        self._operations.query(
            self,
            lambda backend: backend.preview(
                wanted.schedule,
                count=COUNT,
                calendar_id=wanted.calendar_id,
                calendar_policy=wanted.calendar_policy,
            ),
            on_passed,
            failed=on_refused,
            key="preview",
        )

    def _settle(self, wanted: _Wanted) -> bool:
        """Whether `wanted` still is; typing may have gone on meanwhile."""
        if wanted != self._wanted:
            return False
        self._is_answered = True
        return True
