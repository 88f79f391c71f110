"""Ctrl-C and termination become a Qt signal; Python alone would notice them only by chance."""

from __future__ import annotations

import signal
import socket
from types import FrameType
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier, Signal

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupts(QObject):
    """Listens from `install` to `uninstall`, in the main thread."""

    requested = Signal(bool)
    """Somebody asks the program to end; true if they did so before, or cannot be asked back."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reading, self._writing = socket.socketpair()
        for end in (self._reading, self._writing):
            end.setblocking(False)  # noqa: FBT003 - the socket module's only form
        self._notifier = QSocketNotifier(self._reading.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_woken)
        self._before: dict[signal.Signals, Any] = {}
        self._count = 0

    def install(self) -> None:
        """Take the signals over; each wakes Qt's loop by one byte."""
        self._wakeup_before = signal.set_wakeup_fd(
            self._writing.fileno(), warn_on_full_buffer=False
        )
        self._before = {number: signal.signal(number, _ignore) for number in SIGNALS}

    def uninstall(self) -> None:
        """Give the signals back."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._wakeup_before)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._reading.close()
        self._writing.close()

    def _on_woken(self) -> None:
        numbers = self._reading.recv(64)
        self._count += len(numbers)
        self.requested.emit(self._count > 1 or signal.SIGTERM in numbers)


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """The byte in the wake-up socket says it all."""
