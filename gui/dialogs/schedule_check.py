"""Asks the backend what a schedule means while it is being typed; only the latest answer counts."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from core.contracts.records import SchedulePreview
from core.domain.trigger import Schedule
from core.errors import AppError
from gui.operations import Operations

DEBOUNCE_MS = 150
COUNT = 5


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
        self._wanted: Schedule | None = None
        self._is_answered = True
        self._timer = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    @property
    def is_pending(self) -> bool:
        """Whether the answer for the schedule asked last is still to come."""
        return not self._is_answered

    def ask(self, schedule: Schedule) -> None:
        """Check `schedule` once typing has paused."""
        self._wanted = schedule
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
        schedule = self._wanted
        if schedule is None:
            return

        def on_passed(preview: SchedulePreview) -> None:
            if self._settle(schedule):
                self.passed.emit(preview)

        def on_refused(error: AppError) -> None:
            if self._settle(schedule):
                self.refused.emit(error)

        self._operations.query(
            self,
            lambda backend: backend.preview(schedule, count=COUNT),
            on_passed,
            failed=on_refused,
            key="preview",
        )

    def _settle(self, schedule: Schedule) -> bool:
        """Whether `schedule` is still what is wanted; typing may have gone on meanwhile."""
        if schedule != self._wanted:
            return False
        self._is_answered = True
        return True
