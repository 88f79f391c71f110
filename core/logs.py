"""The program's own log: one set-up for window, runner and command line, without secrets.

A composition root opens it around all that it runs; nobody else touches the logging system.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

import core

log = logging.getLogger(__name__)
MAX_BYTES = 1_000_000
KEPT = 3
RUN_ID: Final = secrets.token_hex(3)
"""Tells the lives of a program apart that write into one file."""
_TALKATIVE = ("apscheduler", "alembic")
"""Libraries that tell of every look at the clock."""
_HIDDEN = "***"
_IN_ADDRESS = re.compile(r"(?<=://)([^\s:/@]*):\S*@")
_NAMED = re.compile(
    r"""(passw(?:or)?d["']?\s*[=:]\s*)("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s&,;)}\]]+)""",
    re.IGNORECASE,
)


class Program(StrEnum):
    """What this process is; its log file is named after it."""

    WINDOW = "window"
    RUNNER = "runner"
    CLI = "cli"

    @property
    def file(self) -> str:
        """The name of its log file."""
        return f"{self.value}.log"


@contextmanager
def logging_to(folder: Callable[[], Path], program: Program) -> Iterator[None]:
    """While the block works, its log goes to a file in `folder`, made with the first line.

    A runner's warnings go to standard error as well. So do a window's while the file cannot be
    written; a command has no word to say besides its answer.
    """
    handlers: list[logging.Handler] = [_LogFile(folder, program)]
    if program is Program.RUNNER:
        handlers.append(_terminal())
    root = logging.getLogger()
    before = root.level
    if program is not Program.CLI:
        root.setLevel(min(root.level or logging.INFO, logging.INFO))
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    for each in handlers:
        root.addHandler(each)
    log.info("Traintable %s: %s, process %s", core.__version__, program.value, os.getpid())
    try:
        yield
    finally:
        root.setLevel(before)
        for each in handlers:
            root.removeHandler(each)
            each.close()


def write_fault(folder: Path, program: Program, story: str) -> Path:
    """Add the story of a bug to a program's log; the file. Raises `OSError`."""
    file = _open_file(folder, program)
    try:
        file.emit(logging.LogRecord("core", logging.CRITICAL, "", 0, "%s", (story.rstrip(),), None))
    finally:
        file.close()
    return folder / program.file


def redacted(text: str) -> str:
    """`text` without the passwords of database addresses."""
    return _NAMED.sub(rf"\1{_HIDDEN}", _IN_ADDRESS.sub(rf"\1:{_HIDDEN}@", text))


class _Redacting(logging.Formatter):
    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        """The whole line with its traceback, redacted: secrets come in exceptions above all."""
        return redacted(super().format(record))


class _RotatingFile(RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Leave it to `_LogFile` what a file that cannot be written means."""
        del record
        error = sys.exc_info()[1]
        if error is not None:
            raise error


class _LogFile(logging.Handler):
    """Opens its file with the first line: a command that only looks makes no folder."""

    def __init__(self, folder: Callable[[], Path], program: Program) -> None:
        super().__init__(logging.WARNING if program is Program.CLI else logging.INFO)
        self._folder = folder
        self._program = program
        self._file: _RotatingFile | None = None
        self._else = _terminal() if program is Program.WINDOW else None

    def emit(self, record: logging.LogRecord) -> None:
        """Write it down, if that can be done: a full disk must not fail the program."""
        try:
            if self._file is None:
                self._file = _open_file(self._folder(), self._program)
            self._file.emit(record)
        except OSError:
            if self._else is not None and record.levelno >= self._else.level:
                self._else.handle(record)
        except Exception:  # noqa: BLE001 - a line that cannot be formatted is logging's to report
            self.handleError(record)

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
        super().close()


def _open_file(folder: Path, program: Program) -> _RotatingFile:
    folder.mkdir(parents=True, exist_ok=True)
    file = _RotatingFile(
        folder / program.file,
        maxBytes=MAX_BYTES,
        backupCount=KEPT,
        encoding="utf-8",
        errors="backslashreplace",
    )
    file.setFormatter(
        _Redacting(f"%(asctime)sZ {RUN_ID} %(levelname)s %(threadName)s %(name)s: %(message)s")
    )
    return file


def _terminal() -> logging.Handler:
    if sys.stderr is None:  # a windowed build has none
        return logging.NullHandler()
    handler = logging.StreamHandler()
    handler.setLevel(logging.WARNING)
    handler.setFormatter(_Redacting("%(levelname)s %(name)s: %(message)s"))
    return handler
