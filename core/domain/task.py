"""What a task is: its states, its training mode, its policies and the limits of its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, Final, Self

from core.errors import InvalidValueError, Param

MAX_NAME_LENGTH = 200
MAX_DESCRIPTION_LENGTH = 4000


class TaskStatus(StrEnum):
    """Whether a task fires; `completed` and `failed` are the ends of a once-task."""

    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    FAILED = "failed"


class TrainingMode(StrEnum):
    """All processed samples, or only those the model in service has not seen."""

    FULL = "full"
    INCREMENTAL = "incremental"


class OverlapPolicy(StrEnum):
    """What happens to an instant that arrives while the task is still at work."""

    SKIP = "skip"
    QUEUE_ONE = "queue_one"
    QUEUE_ALL = "queue_all"
    CANCEL_PREVIOUS = "cancel_previous"
    ALLOW = "allow"


class CatchUpPolicy(StrEnum):
    """What happens to the instants that passed beyond the grace."""

    LATEST = "latest"
    NONE = "none"
    ALL = "all"


class NoNewSamples(StrEnum):
    """How an incremental execution without a new sample ends."""

    FAIL = "fail"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Policies:
    """A task's settings beyond what and when; every field has the default of the semantics."""

    overlap: OverlapPolicy = OverlapPolicy.SKIP
    overlap_limit: int = 2
    """How many may be at work at once under `OverlapPolicy.ALLOW`."""
    grace_seconds: int = 300
    catch_up: CatchUpPolicy = CatchUpPolicy.LATEST
    catch_up_window_seconds: int = 7 * 24 * 3600
    attempt_timeout_seconds: int = 6 * 3600
    total_timeout_seconds: int = 0
    """For all attempts and the waits between them; 0 = no limit."""
    max_attempts: int = 1
    """Counts the first."""
    retry_base_seconds: int = 60
    retry_factor: float = 2.0
    retry_cap_seconds: int = 1800
    lost_allowance: int = 1
    """Attempts that may be lost with their runner, beside `max_attempts`."""
    pause_after_failures: int = 5
    """0 = never."""
    priority: int = 0
    no_new_samples: NoNewSamples = NoNewSamples.FAIL

    def to_json(self) -> dict[str, Any]:
        """As plain values for a JSON column."""
        return _plain(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Read plain values; a field that an older release did not write has its default."""
        known = {each.name: type(getattr(_DEFAULTS, each.name)) for each in fields(cls)}
        return cls(**{name: known[name](values[name]) for name in known if name in values})


_DEFAULTS = Policies()
_DAY = 24 * 3600
POLICY_RANGES: Final[dict[str, tuple[float, float]]] = {
    "overlap_limit": (1, 10),
    "grace_seconds": (0, 7 * _DAY),
    "catch_up_window_seconds": (0, 366 * _DAY),
    "attempt_timeout_seconds": (1, 7 * _DAY),
    "total_timeout_seconds": (0, 30 * _DAY),
    "max_attempts": (1, 10),
    "retry_base_seconds": (1, _DAY),
    "retry_factor": (1.0, 10.0),
    "retry_cap_seconds": (1, 7 * _DAY),
    "lost_allowance": (0, 10),
    "pause_after_failures": (0, 100),
    "priority": (-10, 10),
}
"""The smallest and the largest value of every policy that is a number."""


@dataclass(frozen=True, slots=True)
class RunSettings:
    """What an execution runs with: a snapshot of its task at the decision."""

    task_name: str
    training_mode: TrainingMode
    school_id: int | None
    force_retrain: bool
    timezone: str
    trainer: str
    trainer_params: dict[str, Param] = field(default_factory=dict)
    policies: Policies = _DEFAULTS

    def to_json(self) -> dict[str, Any]:
        """As plain values for a JSON column."""
        nested = {"trainer_params": dict(self.trainer_params), "policies": self.policies.to_json()}
        return _plain(self) | nested

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Read plain values; fields that another release wrote besides are passed over."""
        known = {each.name: values[each.name] for each in fields(cls) if each.name in values}
        return cls(
            **{
                **known,
                "training_mode": TrainingMode(values["training_mode"]),
                "policies": Policies.from_json(values["policies"]),
            }
        )


def _plain(values: Policies | RunSettings) -> dict[str, Any]:
    """Field by field: `asdict` copies deeply, and every fire passes here."""
    return {each.name: getattr(values, each.name) for each in fields(values)}


def check_name(name: str) -> str:
    """The trimmed name of a task.

    Raises:
        InvalidValueError: empty, or longer than `MAX_NAME_LENGTH` characters.
    """
    trimmed = " ".join(name.split())
    if not trimmed:
        raise InvalidValueError("task.name_empty", field="name")
    if len(trimmed) > MAX_NAME_LENGTH:
        raise InvalidValueError(
            "text.too_long", field="name", length=len(trimmed), high=MAX_NAME_LENGTH
        )
    return trimmed


def check_description(description: str) -> str:
    """The description of a task.

    Raises:
        InvalidValueError: longer than `MAX_DESCRIPTION_LENGTH` characters.
    """
    if len(description) > MAX_DESCRIPTION_LENGTH:
        raise InvalidValueError(
            "text.too_long",
            field="description",
            length=len(description),
            high=MAX_DESCRIPTION_LENGTH,
        )
    return description


def check_policies(policies: Policies) -> Policies:
    """`policies` if every number is within its range.

    Raises:
        InvalidValueError: `field.out_of_range`, naming the first field that is not.
    """
    for name, (low, high) in POLICY_RANGES.items():
        value = getattr(policies, name)
        if not low <= value <= high:  # written so that it refuses "not a number" as well
            raise InvalidValueError(
                "field.out_of_range", field=name, value=value, low=low, high=high
            )
    return policies
