"""The `traintable` executable: window, headless runner, worker or command line, by its arguments.

It imports nothing of Qt unless a window is wanted: a runner's machine may have no PySide6.
"""

from __future__ import annotations

import multiprocessing
import sys
from pathlib import Path

from core.cli.app import run_command_line
from core.errors import UnavailableError
from core.settings import Settings

WORKER = "--worker"


def main() -> int:
    """Run what the arguments ask for; the exit status."""
    # First of all: the child of a frozen build starts here too, and must not open a window.
    multiprocessing.freeze_support()
    arguments = sys.argv[1:]
    if arguments[:1] == [WORKER] and len(arguments) == 2:
        from core.training import worker  # noqa: PLC0415 - only a worker needs it

        worker.main(Path(arguments[1]))
    return run_command_line(arguments, _open_window)


def _open_window(settings: Settings, language: str | None) -> int:
    try:
        from gui import app  # noqa: PLC0415 - the other modes must not need Qt
    except ImportError as error:
        raise UnavailableError("cli.no_window", detail=str(error)) from error
    return app.run(settings, language=language)


if __name__ == "__main__":
    sys.exit(main())
