"""The settings of a task in words: labels, choices, and what a number means; touches no widget."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from core.domain.calendar import CalendarPolicy
from core.domain.task import CatchUpPolicy, NoNewSamples, OverlapPolicy, Policies
from core.language import N_, _, _n
from gui import formatting

LABELS: Final[dict[str, str]] = {
    "force_retrain": N_("Train even if nothing has changed"),
    "trainer": N_("Trainer"),
    "overlap": N_("While the last run is still going"),
    "overlap_limit": N_("Side by side at most"),
    "grace_seconds": N_("Grace"),
    "catch_up": N_("Missed runs"),
    "catch_up_window_seconds": N_("Missed runs made up for within"),
    "attempt_timeout_seconds": N_("Time limit"),
    "total_timeout_seconds": N_("Time limit of all attempts"),
    "max_attempts": N_("Attempts at most"),
    "retry_base_seconds": N_("Wait before a second attempt"),
    "retry_factor": N_("Each further wait"),
    "retry_cap_seconds": N_("Longest wait before an attempt"),
    "lost_allowance": N_("Further attempts if a runner is lost"),
    "pause_after_failures": N_("Paused after failures in a row"),
    "priority": N_("Priority"),
    "no_new_samples": N_("Without new samples"),
}
"""Labels of settings, by the name of the field."""
SHORT_LABELS: Final[dict[str, str]] = {
    "overlap": N_("Overlap"),
    "overlap_limit": N_("Side by side"),
    "catch_up_window_seconds": N_("Made up for within"),
    "total_timeout_seconds": N_("Total time limit"),
    "max_attempts": N_("Attempts"),
    "retry_base_seconds": N_("First wait"),
    "retry_cap_seconds": N_("Longest wait"),
    "lost_allowance": N_("If a runner is lost"),
    "pause_after_failures": N_("Pause after failures"),
}
"""Labels for where the heading above says what they are about."""
CHOICES: Final[dict[str, dict[str, str]]] = {
    "trainer": {"handwriting": N_("Handwriting")},
    "overlap": {
        OverlapPolicy.SKIP: N_("Skip the run"),
        OverlapPolicy.QUEUE_ONE: N_("Let the newest one wait"),
        OverlapPolicy.QUEUE_ALL: N_("Let all wait, at most 10"),
        OverlapPolicy.CANCEL_PREVIOUS: N_("Cancel the last run"),
        OverlapPolicy.ALLOW: N_("Run side by side"),
    },
    "catch_up": {
        CatchUpPolicy.LATEST: N_("Run the latest one"),
        CatchUpPolicy.NONE: N_("Run none of them"),
        CatchUpPolicy.ALL: N_("Run all, at most 10"),
    },
    "no_new_samples": {
        NoNewSamples.FAIL: N_("Count the run as failed"),
        NoNewSamples.SKIP: N_("Skip the run"),
    },
    "calendar_policy": {
        CalendarPolicy.SKIP: N_("Skip the run"),
        CalendarPolicy.NEXT_OPEN_DAY: N_("Move it to the next open day"),
        CalendarPolicy.PREVIOUS_OPEN_DAY: N_("Move it to the open day before"),
    },
}
"""Words of what can be chosen."""
ZEROS: Final[dict[str, str]] = {
    "grace_seconds": N_("None"),
    "catch_up_window_seconds": N_("None"),
    "total_timeout_seconds": N_("No limit"),
    "lost_allowance": N_("None"),
    "pause_after_failures": N_("Never"),
}
"""What a 0 means where it is more than a number."""
_OVERLAPS: Final[dict[OverlapPolicy, str]] = {
    OverlapPolicy.SKIP: N_("The new run is left out and recorded as skipped."),
    OverlapPolicy.QUEUE_ONE: N_("One run waits; a newer one takes its place."),
    OverlapPolicy.QUEUE_ALL: N_("Every run waits for its turn, in their order."),
    OverlapPolicy.CANCEL_PREVIOUS: N_("The run under way is stopped, then the new one starts."),
    OverlapPolicy.ALLOW: N_("The new run starts beside it, up to the number below."),
}
_DEFAULTS: Final = Policies()


def label(name: str) -> str:
    """The label of a setting; one that is not known here keeps its own name."""
    return _(LABELS[name]) if name in LABELS else name


def short_label(name: str) -> str:
    """The label of a setting below the heading of its section."""
    return _(SHORT_LABELS[name]) if name in SHORT_LABELS else label(name)


def value_words(name: str, value: object) -> str:
    """What a setting is set to."""
    if value is None:
        return formatting.DASH
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if value == 0 and name in ZEROS:
        return _(ZEROS[name])
    if name == "retry_factor":
        return _("{factor} times the one before").format(factor=f"{value:g}")
    if name.endswith("_seconds") and isinstance(value, int):
        return formatting.duration(timedelta(seconds=value))
    chosen = CHOICES.get(name, {}).get(str(value))
    return str(value) if chosen is None else _(chosen)


def overlap_meaning(policy: OverlapPolicy) -> str:
    """What an overlap policy does, in one line."""
    return _(_OVERLAPS[policy])


def differences(policies: Policies, names: tuple[str, ...]) -> list[str]:
    """What of `names` is set to something else than its default: “Grace: 10 min 00 s”."""
    return [
        labelled(short_label(name), _short_words(name, getattr(policies, name)))
        for name in names
        if getattr(policies, name) != getattr(_DEFAULTS, name)
    ]


def span_words(seconds: int) -> str:
    """A length of time that is mostly a whole number of a unit: “10 min”, “7 days”."""
    if seconds % 86_400 == 0:
        days = seconds // 86_400
        return _n("{n} day", "{n} days", days).format(n=days)
    if seconds % 3600 == 0:
        return _("{n} h").format(n=seconds // 3600)
    if seconds % 60 == 0:
        return _("{n} min").format(n=seconds // 60)
    return formatting.duration(timedelta(seconds=seconds))


def _short_words(name: str, value: object) -> str:
    if name.endswith("_seconds") and isinstance(value, int) and value:
        return span_words(value)
    return value_words(name, value)


def labelled(words: str, value: str) -> str:
    """A label and what it says, in one line."""
    return _("{label}: {value}").format(label=words, value=value)
