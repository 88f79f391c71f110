"""The policies of a task in words, under the headings that their flags stand under."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.domain.calendar import CalendarPolicy
from core.domain.task import CatchUpPolicy, NoNewSamples, OverlapPolicy, Policies
from core.language import N_, _
from core.messages import span_words

_LABELS: Final[dict[str, dict[str, str]]] = {
    N_("Runs that meet or come late"): {
        "overlap": N_("Overlap"),
        "overlap_limit": N_("Side by side"),
        "grace_seconds": N_("Grace"),
        "catch_up": N_("Missed runs"),
        "catch_up_window_seconds": N_("Made up for within"),
        "priority": N_("Priority"),
    },
    N_("Time limits and retries"): {
        "attempt_timeout_seconds": N_("Time limit"),
        "total_timeout_seconds": N_("Total time limit"),
        "max_attempts": N_("Attempts at most"),
        "retry_base_seconds": N_("First wait"),
        "retry_factor": N_("Each further wait"),
        "retry_cap_seconds": N_("Longest wait"),
        "lost_allowance": N_("Lost with a runner"),
    },
    N_("Failures and missing samples"): {
        "pause_after_failures": N_("Pause after failures"),
        "no_new_samples": N_("Without new samples"),
    },
}
"""Labels by heading and field."""
_OVERLAP: Final[dict[OverlapPolicy, str]] = {
    OverlapPolicy.SKIP: N_("skip the new run"),
    OverlapPolicy.QUEUE_ONE: N_("let the newest one wait"),
    OverlapPolicy.QUEUE_ALL: N_("let all wait in their order, at most 10"),
    OverlapPolicy.CANCEL_PREVIOUS: N_("cancel the last run"),
    OverlapPolicy.ALLOW: N_("run side by side"),
}
_CATCH_UP: Final[dict[CatchUpPolicy, str]] = {
    CatchUpPolicy.LATEST: N_("run the latest one"),
    CatchUpPolicy.NONE: N_("run none of them"),
    CatchUpPolicy.ALL: N_("run all, at most 10"),
}
_NO_NEW_SAMPLES: Final[dict[NoNewSamples, str]] = {
    NoNewSamples.FAIL: N_("count the run as failed"),
    NoNewSamples.SKIP: N_("skip the run"),
}
_CALENDAR: Final[dict[CalendarPolicy, str]] = {
    CalendarPolicy.SKIP: N_("{calendar}: no run on closed days"),
    CalendarPolicy.NEXT_OPEN_DAY: N_("{calendar}: on closed days, moved to the next open day"),
    CalendarPolicy.PREVIOUS_OPEN_DAY: N_(
        "{calendar}: on closed days, moved to the open day before"
    ),
}
_ZEROS: Final[dict[str, str]] = {
    "grace_seconds": N_("none"),
    "catch_up_window_seconds": N_("none"),
    "total_timeout_seconds": N_("none"),
    "lost_allowance": N_("not tried again"),
    "pause_after_failures": N_("never"),
}
"""What a 0 means where it is more than a number."""


def policy_groups(policies: Policies) -> list[tuple[str, list[tuple[str, str]]]]:
    """Headings, each with labels and values; what has no effect on this task is left out."""
    return [
        (
            _(heading),
            [
                (_(label), _words(field, policies))
                for field, label in labels.items()
                if field not in _idle(policies)
            ],
        )
        for heading, labels in _LABELS.items()
    ]


def calendar_words(name: str, policy: CalendarPolicy) -> str:
    """A calendar, and what it does to a run on a closed day."""
    return _(_CALENDAR[policy]).format(calendar=name)


def _idle(policies: Policies) -> Sequence[str]:
    idle = [] if policies.overlap is OverlapPolicy.ALLOW else ["overlap_limit"]
    if policies.catch_up is CatchUpPolicy.NONE:
        idle.append("catch_up_window_seconds")
    if policies.max_attempts == 1 and policies.lost_allowance == 0:
        idle += ["retry_base_seconds", "retry_factor", "retry_cap_seconds"]
    return idle


def _words(field: str, policies: Policies) -> str:
    value = getattr(policies, field)
    match value:
        case OverlapPolicy():
            return _(_OVERLAP[value])
        case CatchUpPolicy():
            return _(_CATCH_UP[value])
        case NoNewSamples():
            return _(_NO_NEW_SAMPLES[value])
        case _:
            return _number_words(field, value)


def _number_words(field: str, value: float) -> str:
    if value == 0 and field in _ZEROS:
        return _(_ZEROS[field])
    match field:
        case "retry_factor":
            return _("{factor} times the one before").format(factor=f"{value:g}")
        case "lost_allowance":
            return _("tried again, beside the attempts: {count}").format(count=value)
        case "pause_after_failures":
            return _("{count} in a row").format(count=value)
        case _:
            return span_words(value) if field.endswith("_seconds") else str(value)
