"""Trainer names and the trainers behind them; it loads no trainer before it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from core.errors import TrainingError
from core.language import _
from core.training.protocol import Trainer


def create_trainer(name: str) -> Trainer:
    """The trainer called `name`.

    Raises:
        TrainingError: `reason.invalid_settings`, there is none of that name.
    """
    factory = _FACTORIES.get(name)
    if factory is None:
        detail = _("there is no trainer “{name}”, choose one of: {names}.").format(
            name=name, names=", ".join(trainer_names())
        )
        raise TrainingError("reason.invalid_settings", detail=detail)
    return factory()


def trainer_names() -> tuple[str, ...]:
    """The names a task may give, the usual one first."""
    return tuple(_FACTORIES)


# The imports stand inside the factories: the window and the runner ask for names only, and must not
# pay for numpy and scikit-image.
def _handwriting() -> Trainer:
    from core.training.trainers.handwriting.trainer import (  # noqa: PLC0415 - see above
        HandwritingTrainer,
    )

    return HandwritingTrainer()


def _noop() -> Trainer:
    from core.training.trainers.noop import NoopTrainer  # noqa: PLC0415 - see above

    return NoopTrainer()


_FACTORIES: Mapping[str, Callable[[], Trainer]] = MappingProxyType(
    {"handwriting": _handwriting, "noop": _noop}
)
