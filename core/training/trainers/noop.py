"""A trainer that only takes time or fails, for demonstrations, tests and benchmarks; no model."""

from __future__ import annotations

import logging
import math
import time
from pathlib import Path

from core.errors import TrainingError
from core.language import _
from core.training.protocol import Report, refused
from core.training.request import Progress, TrainingRequest, TrainingResult

_STEP_SECONDS = 0.1
_log = logging.getLogger(__name__)


class NoopTrainer:
    """Waits `seconds` (default 0) with progress, then fails if `fail` is true or a text."""

    def train(self, request: TrainingRequest, folder: Path, report: Report) -> TrainingResult:
        """As `Trainer.train`; `folder` stays empty."""
        del folder
        try:
            _wait(_seconds(request), report)
            _fail_if_asked(request)
        except TrainingError as error:
            return refused(error)
        _log.info(_("Nothing was trained."))
        return TrainingResult(
            reason=None,
            sample_count=len(request.samples),
            student_count=len({sample.student for sample in request.samples}),
        )


def _wait(seconds: float, report: Report) -> None:
    _log.info(_("Waiting {seconds:g} seconds in place of a training.").format(seconds=seconds))
    steps = math.ceil(seconds / _STEP_SECONDS)
    report(Progress("stage.waiting", 0.0))
    for step in range(steps):
        time.sleep(seconds / steps)
        report(Progress("stage.waiting", (step + 1) / steps))


def _seconds(request: TrainingRequest) -> float:
    value = request.params.get("seconds", 0.0)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < math.inf:
        return float(value)
    detail = _("seconds is {value}, give a number from 0.").format(value=value)
    raise TrainingError("reason.invalid_settings", detail=detail)


def _fail_if_asked(request: TrainingRequest) -> None:
    match request.params.get("fail", False):
        case None | False | "":
            return
        case str() as detail:
            raise TrainingError("reason.trainer_failed", detail=detail)
        case _other:
            raise TrainingError("reason.trainer_failed", detail=_("it was asked to fail."))
