"""Asks the backend what saving a changed schedule would do; only the latest answer counts."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from core.contracts.planning import ChangedSchedule, TaskConsequences
from core.errors import AppError
from gui.dialogs.schedule_check import DEBOUNCE_MS
from gui.operations import Operations


class ConsequenceCheck(QObject):
    """Debounced; a schedule that is refused has no consequences, and the preview says why."""

    found = Signal(object)
    """The `TaskConsequences` of what was asked last, or `None`."""

    def __init__(self, operations: Operations, parent: QObject) -> None:
        super().__init__(parent)
        self._operations = operations
        self._wanted: ChangedSchedule | None = None
        self._timer = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    def ask(self, change: ChangedSchedule) -> None:
        """Look at `change` once typing has paused."""
        self._wanted = change
        self._timer.start()

    def drop(self) -> None:
        """Nothing would change now."""
        self._wanted = None
        self._timer.stop()
        self.found.emit(None)

    def _on_timer_timeout(self) -> None:
        change = self._wanted
        if change is None:
            return

        def settle(found: TaskConsequences | None) -> None:
            if change == self._wanted:
                self.found.emit(found)

        def on_refused(_error: AppError) -> None:
            settle(None)

        self._operations.query(
            self,
            lambda backend: backend.preview_change(change),
            settle,
            failed=on_refused,
            key="consequences",
        )
