"""What every trainer can do, whatever it trains; it must not know any one of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from core.errors import TrainingError
from core.training.request import Progress, TrainingRequest, TrainingResult

Report = Callable[[Progress], None]
"""Takes each step of an attempt; cheap enough to call for every image."""


class Trainer(Protocol):
    """One named training routine. It runs in the worker and is ended by ending its process."""

    def train(self, request: TrainingRequest, folder: Path, report: Report) -> TrainingResult:
        """Make one attempt, full or incremental, inside the attempt's `folder`.

        A model, if one is made, is in `folder / MODEL_FOLDER` when this returns. What the attempt
        foresees (too few samples, no base model) is a result with a reason, or a `TrainingError`.
        """
        ...


def refused(error: TrainingError) -> TrainingResult:
    """The result of an attempt that ended with a foreseen error."""
    return TrainingResult(reason=error.code, params=dict(error.params))
