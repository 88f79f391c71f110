"""The window's log file: what a person sends along when something went wrong; no secrets in it."""

from __future__ import annotations

import logging
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path

FILE = "window.log"
MAX_BYTES = 1_000_000
KEPT = 3
TALKATIVE = ("apscheduler", "alembic")
"""Libraries that tell of every look at the clock."""


class _UtcFormatter(logging.Formatter):
    converter = staticmethod(time.gmtime)


def start_log(folder: Path) -> logging.Handler:
    """Write the process's log to `folder`, or to the terminal if that cannot be written."""
    handler: logging.Handler
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            folder / FILE, maxBytes=MAX_BYTES, backupCount=KEPT, encoding="utf-8"
        )
    except OSError:
        handler = logging.StreamHandler()
    handler.setFormatter(
        _UtcFormatter("%(asctime)sZ %(levelname)s %(threadName)s %(name)s: %(message)s")
    )
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(min(root.level or logging.INFO, logging.INFO))
    return handler


def stop_log(handler: logging.Handler) -> None:
    """Write what is left and let go of the file."""
    logging.getLogger().removeHandler(handler)
    handler.close()
