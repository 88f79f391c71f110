"""What there is to say of one execution, as labelled lines; pure functions that touch no widget."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from core.contracts.records import ExecutionRecord
from core.domain.task import CatchUpPolicy, NoNewSamples, OverlapPolicy
from core.language import N_, _
from gui import formatting
from gui.models.execution_model import model_words, run_time
from gui.widgets.fact_table import Fact

_SETTINGS: Final[dict[str, str]] = {
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
"""Labels of the settings an execution keeps; one that is not here shows under its own name."""
_SHOWN_ELSEWHERE: Final = frozenset({"task_name", "training_mode", "school_id", "timezone"})
_CHOICES: Final[dict[str, dict[str, str]]] = {
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
}
_ZEROS: Final[dict[str, str]] = {
    "grace_seconds": N_("None"),
    "catch_up_window_seconds": N_("None"),
    "total_timeout_seconds": N_("No limit"),
    "lost_allowance": N_("None"),
    "pause_after_failures": N_("Never"),
}
"""What a 0 means where it is more than a number."""


def time_facts(record: ExecutionRecord) -> list[Fact]:
    """Every time of the execution in the task's zone, with its offset."""
    times: list[tuple[str, datetime | None]] = [
        (_("Planned"), record.planned_at),
        (_("Decided"), record.decided_at),
        (_("Started"), record.started_at),
        (_("Ended"), record.completed_at),
    ]
    facts = [Fact(label, formatting.wall_time(at, record.timezone)) for label, at in times if at]
    facts.append(Fact(_("Time zone"), record.timezone))
    if (span := run_time(record)) is not None:
        facts.append(Fact(_("Duration"), formatting.duration(span)))
    return facts


def run_facts(record: ExecutionRecord) -> list[Fact]:
    """What ran, why, where, and which attempt."""
    facts = [
        Fact(_("Kind"), formatting.kind_word(record.kind)),
        Fact(_("Training mode"), formatting.mode_word(record.training_mode)),
        Fact(_("School"), formatting.scope_text(record.school_name)),
    ]
    if record.missed_count is not None:
        facts.append(Fact(_("Planned times missed"), formatting.count(record.missed_count)))
    if record.attempt:  # what failed before any began has none
        facts.append(Fact(_("Attempt"), str(record.attempt)))
    if record.runner_host:
        facts.append(Fact(_("Runner"), record.runner_host))
    facts.append(Fact(_("Execution number"), str(record.id)))
    return facts


def result_facts(record: ExecutionRecord) -> list[Fact]:
    """The model it made and how that was judged; empty when it made none."""
    facts = [Fact(_("Model"), words)] if (words := model_words(record)) else []
    facts += accuracy_facts(record.metrics)
    for label, key in (
        (_("Samples used"), "new_samples"),
        (_("Samples learnt in all"), "samples"),
        (_("Students"), "students"),
    ):
        if isinstance(number := record.metrics.get(key), int):
            facts.append(Fact(label, formatting.count(number)))
    return facts


def accuracy_facts(metrics: Mapping[str, Any]) -> list[Fact]:
    """A model's numbers beside those of the model that was in service, on the same samples."""
    facts: list[Fact] = []
    for label, key in ((_("Top-1 accuracy"), "top1"), (_("Top-5 accuracy"), "top5")):
        own, champion = metrics.get(key), metrics.get(f"champion_{key}")
        if own is None:
            continue
        value = formatting.percent(own)
        if champion is not None:
            value = _("{share} (model then in service: {champion})").format(
                share=value, champion=formatting.percent(champion)
            )
        facts.append(Fact(label, value))
    if isinstance(number := metrics.get("held_out"), int):
        facts.append(Fact(_("Held-out samples"), formatting.count(number)))
    return facts


def setting_facts(record: ExecutionRecord) -> list[Fact]:
    """The settings it ran with, as they were when it was decided."""
    return [
        Fact(_(_SETTINGS[name]) if name in _SETTINGS else name, _setting(name, value))
        for name, value in _flat(record.settings)
        if name not in _SHOWN_ELSEWHERE
    ]


def _flat(settings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value)
        else:
            yield name, value


def _setting(name: str, value: object) -> str:
    if value is None:
        return formatting.DASH
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if value == 0 and name in _ZEROS:
        return _(_ZEROS[name])
    if name == "retry_factor":
        return _("{factor} times the one before").format(factor=f"{value:g}")
    if name.endswith("_seconds") and isinstance(value, int):
        return formatting.duration(timedelta(seconds=value))
    chosen = _CHOICES.get(name, {}).get(str(value))
    return str(value) if chosen is None else _(chosen)
