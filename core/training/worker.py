"""The child process of one attempt: request in, progress and result out; it reaches no database.

Run as `python -m core.training.worker FOLDER`, or as `main(folder)` in a frozen build.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import time
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn, TextIO

from core.errors import AppError, TrainingError
from core.language import _, environment_language, set_language
from core.messages import error_sentence, sentence
from core.training.protocol import refused
from core.training.registry import create_trainer
from core.training.request import (
    PROGRESS_FILE,
    REQUEST_FILE,
    RESULT_FILE,
    Progress,
    TrainingRequest,
    TrainingResult,
    write_whole,
)

_THREAD_LIMITS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_LONGEST_DETAIL = 300
_log = logging.getLogger(__name__)


def main(folder: Path) -> NoReturn:
    """Carry out the attempt in `folder`, then leave the process at once with status 0."""
    _prepare_process()
    result = run_attempt(folder)
    write_whole(folder / RESULT_FILE, result.to_json())
    _log.info(_("Done.") if result.reason is None else sentence(result.reason, result.params))
    sys.stdout.flush()
    sys.stderr.flush()
    # The result is whole on disk: tearing the interpreter down would only add 0.2 s and a chance
    # to hang on a library's threads.
    os._exit(0)


def run_attempt(folder: Path) -> TrainingResult:
    """Read the request in `folder`, train, and say how it ended, whatever happens."""
    try:
        with (folder / PROGRESS_FILE).open("a", encoding="utf-8") as lines:
            progress = _ProgressLines(lines)
            progress(Progress("stage.starting", 0.0))
            request = TrainingRequest.from_json((folder / REQUEST_FILE).read_text(encoding="utf-8"))
            return create_trainer(request.trainer).train(request, folder, progress)
    except TrainingError as error:
        return refused(error)
    except Exception as error:  # noqa: BLE001 - the boundary: a trainer's bug is a reported outcome
        traceback.print_exc()
        return TrainingResult(reason="reason.trainer_failed", params={"detail": _one_line(error)})


class _ProgressLines:
    """Appends one JSON line for each visible step, each readable at once."""

    def __init__(self, lines: TextIO) -> None:
        self._lines = lines
        self._last: Progress | None = None

    def __call__(self, progress: Progress) -> None:
        """Write `progress`, unless it looks like the line before (a tenth of a percent)."""
        shown = Progress(progress.stage, round(min(max(progress.share, 0.0), 1.0), 3))
        if shown == self._last:
            return
        self._last = shown
        self._lines.write(json.dumps(asdict(shown)) + "\n")
        self._lines.flush()


def _prepare_process() -> None:
    # A supervisor that asks to stop means at once: the attempt's files are whole or absent anyway.
    # The handlers are set here because a parent's "ignore" would be inherited.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # Before numpy is imported, or its BLAS has already started one thread a core: attempts beside
    # each other would fight, and sums would depend on the machine.
    for name in _THREAD_LIMITS:
        os.environ.setdefault(name, "1")
    set_language(environment_language())
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # the log is UTF-8 whatever the system's code page
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
    logging.Formatter.converter = time.gmtime
    logging.basicConfig(
        stream=sys.stdout,
        level=logging.INFO,
        format="%(asctime)sZ %(message)s",
        datefmt="%Y-%m-%dT%H:%M:%S",
    )


def _one_line(error: Exception) -> str:
    if isinstance(error, AppError):
        return error_sentence(error)
    first = next(iter(str(error).splitlines()), "")
    text = f"{type(error).__name__}: {first}" if first else type(error).__name__
    return text if len(text) <= _LONGEST_DETAIL else text[: _LONGEST_DETAIL - 1] + "…"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m core.training.worker FOLDER")
    main(Path(sys.argv[1]))
