"""Whether and when an execution gets another attempt, and how long an attempt may take.

Reads neither clock nor random numbers: both are handed in.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, assert_never

from core.domain.execution import FAILURES, ExecutionStatus, Reason
from core.domain.task import Policies

SPREAD: Final = (0.8, 1.2)
"""The range of the random factor that keeps many retries from starting together."""


def next_attempt(
    policies: Policies,
    attempt: int,
    ended: ExecutionStatus,
    reason: Reason | None,
    lost_count: int,
    first_started_at: datetime,
    now: datetime,
    u: float,
) -> datetime | None:
    """When the attempt after number `attempt` begins; `None` if that was the last.

    `lost_count` says how many attempts of this execution, this one included, were lost with their
    runner; they have an allowance of their own and use up none of `max_attempts`. `u` is a random
    number within `SPREAD`.
    """
    if ended not in FAILURES or (reason is not None and _is_lasting(reason)):
        return None
    if ended is ExecutionStatus.LOST:
        if lost_count > policies.lost_allowance:
            return None
    elif attempt - lost_count >= policies.max_attempts:
        return None
    begins_at = now + delay_before(policies, attempt + 1, u)
    ends_at = _chain_ends_at(policies, first_started_at)
    return None if ends_at is not None and begins_at >= ends_at else begins_at


def delay_before(policies: Policies, attempt: int, u: float) -> timedelta:
    """The wait before attempt number `attempt`, which is 2 or more."""
    grown = policies.retry_base_seconds * policies.retry_factor ** (attempt - 2)
    return timedelta(seconds=min(policies.retry_cap_seconds, grown) * u)


def time_limit(policies: Policies, first_started_at: datetime, now: datetime) -> timedelta:
    """How long an attempt that starts `now` may take: its own limit, or what the chain has left."""
    own = timedelta(seconds=policies.attempt_timeout_seconds)
    ends_at = _chain_ends_at(policies, first_started_at)
    return own if ends_at is None else max(timedelta(0), min(own, ends_at - now))


def _chain_ends_at(policies: Policies, first_started_at: datetime) -> datetime | None:
    if not policies.total_timeout_seconds:
        return None
    return first_started_at + timedelta(seconds=policies.total_timeout_seconds)


def _is_lasting(reason: Reason) -> bool:
    """Whether the same attempt would end the same way, or somebody wanted this end."""
    match reason:
        case (
            Reason.TRAINER_FAILED
            | Reason.WORKER_DIED
            | Reason.WORKER_NOT_STARTED
            | Reason.NO_RESULT
            | Reason.SAMPLE_UNREADABLE
            | Reason.TIMEOUT
            | Reason.RUNNER_LOST
        ):
            return False
        case (
            Reason.INVALID_SETTINGS
            | Reason.TOO_FEW_SAMPLES
            | Reason.NO_BASE_MODEL
            | Reason.NO_NEW_SAMPLES
            | Reason.UNCHANGED
            | Reason.SAMPLES_REMOVED
            | Reason.EXTRACTOR_CHANGED
            | Reason.BASE_MODEL_DAMAGED
            | Reason.MODEL_FORMAT
            | Reason.GATE_REFUSED
            | Reason.CANCELLED
            | Reason.RUNNER_STOPPED
            | Reason.TASK_DELETED
            | Reason.OVERLAP
            | Reason.GRACE
            | Reason.CALENDAR
            | Reason.DEPENDENCY
        ):
            return True
        case _:
            assert_never(reason)
