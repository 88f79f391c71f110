"""One decided instant (or one request) of a task: its states, and the only ways between them."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from core.errors import RefusedError


class ExecutionStatus(StrEnum):
    """Where an execution stands."""

    QUEUED = "queued"
    RUNNING = "running"
    RETRYING = "retrying"
    COMPLETED = "completed"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
    LOST = "lost"
    SKIPPED = "skipped"
    MISSED = "missed"

    @property
    def is_final(self) -> bool:
        """Whether nothing can follow."""
        return not TRANSITIONS[self]


class ExecutionKind(StrEnum):
    """Why an execution exists."""

    SCHEDULED = "scheduled"
    CATCH_UP = "catch_up"
    MANUAL = "manual"
    BACKFILL = "backfill"
    DEPENDENCY = "dependency"


class Reason(StrEnum):
    """Why an execution ended as it did, for machines; `core.messages` has the sentence."""

    OVERLAP = "overlap"
    GRACE = "grace"
    CALENDAR = "calendar"
    DEPENDENCY = "dependency"
    UNCHANGED = "unchanged"
    NO_NEW_SAMPLES = "no_new_samples"
    TOO_FEW_SAMPLES = "too_few_samples"
    NO_BASE_MODEL = "no_base_model"
    INVALID_SETTINGS = "invalid_settings"
    TRAINER_FAILED = "trainer_failed"
    WORKER_DIED = "worker_died"
    WORKER_NOT_STARTED = "worker_not_started"
    SAMPLES_REMOVED = "samples_removed"
    EXTRACTOR_CHANGED = "extractor_changed"
    SAMPLE_UNREADABLE = "sample_unreadable"
    BASE_MODEL_DAMAGED = "base_model_damaged"
    MODEL_FORMAT = "model_format"
    NO_RESULT = "no_result"
    TIMEOUT = "timeout"
    CANCELLED = "cancelled"
    RUNNER_LOST = "runner_lost"
    RUNNER_STOPPED = "runner_stopped"
    TASK_DELETED = "task_deleted"
    GATE_REFUSED = "gate_refused"


_S = ExecutionStatus
ACTIVE: Final = frozenset({_S.QUEUED, _S.RUNNING, _S.RETRYING})
TRANSITIONS: Final[dict[ExecutionStatus, frozenset[ExecutionStatus]]] = {
    _S.QUEUED: frozenset({_S.RUNNING, _S.SKIPPED, _S.FAILED, _S.CANCELLED, _S.MISSED}),
    _S.RUNNING: frozenset(
        {_S.RETRYING, _S.COMPLETED, _S.FAILED, _S.TIMED_OUT, _S.CANCELLED, _S.LOST, _S.SKIPPED}
    ),
    _S.RETRYING: frozenset({_S.RUNNING, _S.CANCELLED, _S.FAILED, _S.TIMED_OUT, _S.SKIPPED}),
    **{
        final: frozenset[ExecutionStatus]()
        for final in (
            _S.COMPLETED,
            _S.FAILED,
            _S.TIMED_OUT,
            _S.CANCELLED,
            _S.LOST,
            _S.SKIPPED,
            _S.MISSED,
        )
    },
}

SCHEDULED_KINDS: Final = frozenset({ExecutionKind.SCHEDULED, ExecutionKind.CATCH_UP})
"""Kinds that stand for a planned instant of the task's own trigger; one row an instant."""

WAITING: Final = frozenset({_S.QUEUED, _S.RETRYING})
"""No process works on it: it can be ended at once."""

RUN_ENDINGS: Final = frozenset({_S.COMPLETED, _S.FAILED, _S.TIMED_OUT, _S.CANCELLED, _S.LOST})
"""Endings of an execution that started: each counts in `total_runs`."""
FAILURES: Final = frozenset({_S.FAILED, _S.TIMED_OUT, _S.LOST})
"""Endings that count in `failed_runs`."""


def check_transition(before: ExecutionStatus, after: ExecutionStatus) -> None:
    """Refuse a change of state that the table does not have.

    Raises:
        RefusedError: `execution.illegal_transition`.
    """
    if after not in TRANSITIONS[before]:
        raise RefusedError(
            "execution.illegal_transition", before_status=before.value, after_status=after.value
        )
