"""What nobody caught: logged, and handed to the window, wherever in the process it happened."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import traceback
from types import TracebackType
from typing import Any

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    QtMsgType,
    Signal,
    qInstallMessageHandler,
)

from core.errors import AppError
from core.language import _
from core.messages import error_sentence

log = logging.getLogger(__name__)

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def describe(error: BaseException) -> tuple[str, str]:
    """The sentence for a person, and the details for whoever mends it (empty if foreseen)."""
    if isinstance(error, AppError):
        return error_sentence(error), ""
    sentence = _(
        "An unexpected error occurred ({kind}); what you see may be out of date. Press F5 to load"
        " it again, and send the details to the developers if it comes back."
    ).format(kind=type(error).__name__)
    return sentence, "".join(traceback.format_exception(error))


class FaultReporter(QObject):
    """Hears of every unhandled error of threads, slots, coroutines and Qt itself."""

    reported = Signal(str, str)
    """Sentence and details; may be emitted on any thread, and arrives in the receiver's."""

    def report(self, error: BaseException) -> None:
        """Show an error that has already been logged."""
        self.reported.emit(*describe(error))

    def install(self, loop: asyncio.AbstractEventLoop) -> None:
        """Listen at all four places."""
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        loop.set_exception_handler(self._on_loop_exception)
        qInstallMessageHandler(self._on_qt_message)

    def uninstall(self) -> None:
        """Give the process its own handlers back."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        qInstallMessageHandler(None)

    def _on_exception(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        log.error("unhandled error", exc_info=(kind, error, trace))
        self.report(error)

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._on_exception(args.exc_type, args.exc_value, args.exc_traceback)

    def _on_loop_exception(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        log.error("event loop: %s", context.get("message"), exc_info=error)
        if error is not None:
            self.report(error)

    def _on_qt_message(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        level = _LEVELS[kind]
        log.log(level, "Qt: %s (%s)", text, context.category)
        # A warning of Qt is for the log: only what it calls critical is worth a person's time.
        if level >= logging.ERROR:
            self.reported.emit(_("The window system reports a problem."), text)
