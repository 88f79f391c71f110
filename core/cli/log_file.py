"""Warnings and bugs of a command go to a file: standard error is for its one sentence."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.clock import SystemClock

NAME = "cli.log"


@contextmanager
def logging_to(folder: Callable[[], Path]) -> Iterator[None]:
    """While the block works, warnings go to a file in `folder`, made with the first of them."""
    handler = _LogFile(folder)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)


def append(folder: Path, text: str) -> Path:
    """Add `text` with the time to the log in `folder`; the file. Raises `OSError`."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / NAME
    with file.open("a", encoding="utf-8", errors="backslashreplace") as log:
        log.write(f"{SystemClock().now().isoformat()} {text}\n")
    return file


class _LogFile(logging.Handler):
    def __init__(self, folder: Callable[[], Path]) -> None:
        super().__init__(logging.WARNING)
        self._folder = folder
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Write it down, if that can be done: a full disk must not fail the command."""
        with suppress(OSError):
            append(self._folder(), self.format(record))
