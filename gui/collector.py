"""Frees cyclic garbage in the GUI thread only: a widget freed by another thread ends the process.

Python collects wherever enough was allocated, which is often a lane of `gui.operations`; a QObject
in a cycle would then be destroyed there, with its timers.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 1000


class Collector(QObject):
    """Takes collection over from `start` to `stop`; both in the GUI thread."""

    def __init__(self, parent: QObject | None = None, *, interval_ms: int = INTERVAL_MS) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self._on_timeout)

    def start(self) -> None:
        """Collect by the timer alone; what is loaded by now is never looked at again."""
        gc.disable()
        gc.freeze()
        self._timer.start()

    def stop(self) -> None:
        """Collect what is left, and give collection back."""
        self._timer.stop()
        gc.collect()
        gc.unfreeze()
        gc.enable()

    def _on_timeout(self) -> None:
        counts, thresholds = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > thresholds[generation]:
                gc.collect(generation)
                return
