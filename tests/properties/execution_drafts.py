"""Tasks, edges and ends of trainings to draw from, for the walks of `test_execution_life`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from core.domain.calendar import CalendarPolicy
from core.domain.dependency import Condition, Mode, Needed
from core.domain.task import CatchUpPolicy, OverlapPolicy, Policies
from core.domain.trigger import TriggerType
from core.training.attempt import EndKind

policies = st.builds(
    Policies,
    overlap=st.sampled_from(OverlapPolicy),
    overlap_limit=st.integers(1, 3),
    grace_seconds=st.sampled_from([0, 300, 7200]),
    catch_up=st.sampled_from(CatchUpPolicy),
    catch_up_window_seconds=st.sampled_from([600, 7 * 86400]),
    total_timeout_seconds=st.sampled_from([0, 0, 3600]),
    max_attempts=st.integers(1, 3),
    retry_base_seconds=st.sampled_from([1, 60]),
    lost_allowance=st.integers(0, 1),
    pause_after_failures=st.integers(0, 2),
    priority=st.integers(-1, 1),
)
triggers: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.sampled_from([300, 1800, 5400, 86400]).map(
        lambda seconds: {"trigger_type": TriggerType.INTERVAL, "interval_seconds": seconds}
    ),
    st.sampled_from(["*/20 * * * *", "30 2 * * *", "0 6-20/2 * * 1-6"]).map(
        lambda line: {"trigger_type": TriggerType.CRON, "cron_expression": line}
    ),
    st.integers(1, 3000).map(
        lambda minutes: {"trigger_type": TriggerType.ONCE, "run_at": timedelta(minutes=minutes)}
    ),
)
timings = st.fixed_dictionaries(
    {
        "timezone": st.sampled_from(["UTC", "Europe/Berlin"]),
        "jitter_seconds": st.sampled_from([0, 0, 0, 90, 3600]),
        "calendar_policy": st.sampled_from(CalendarPolicy),
        "max_runs": st.sampled_from([None, None, None, 1, 3]),
        "ends_at": st.sampled_from([None, None, None, timedelta(hours=30)]),
    }
)
ends = st.sampled_from(
    [
        (EndKind.FINISHED, None),
        (EndKind.FINISHED, None),
        (EndKind.FINISHED, "reason.too_few_samples"),
        (EndKind.FINISHED, "reason.trainer_failed"),
        (EndKind.DIED, "reason.worker_died"),
        (EndKind.TIMED_OUT, "reason.timeout"),
        (EndKind.CANCELLED, "reason.cancelled"),
        (EndKind.STOPPED, "reason.runner_stopped"),
    ]
)
edges = st.tuples(st.sampled_from(Condition), st.sampled_from(Mode), st.sampled_from(Needed))
numbers = st.integers(0, 1_000_000)
runners = st.integers(0, 1)
seconds = st.one_of(st.integers(1, 900), st.integers(900, 36_000))
Edge = tuple[Condition, Mode, Needed]
End = tuple[EndKind, str | None]


@dataclass(frozen=True, slots=True)
class Draft:
    """A task that a person has in mind; spans of time count from its creation."""

    trigger: dict[str, Any]
    timing: dict[str, Any]
    policies: Policies
    has_calendar: bool


drafts = st.builds(Draft, triggers, timings, policies, st.booleans())
