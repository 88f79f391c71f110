"""What there is to say of one execution, as labelled lines; pure functions that touch no widget."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from core.contracts.records import AttemptRecord, ExecutionRecord
from core.language import _
from core.messages import sentence
from gui import formatting, policy_words
from gui.models.execution_model import model_words, run_time
from gui.widgets.fact_table import Fact

_SHOWN_ELSEWHERE: Final = frozenset({"task_name", "training_mode", "school_id", "timezone"})


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


def attempt_facts(attempts: Sequence[AttemptRecord], zone: str) -> list[Fact]:
    """Each attempt with its ending and its reason; empty where there was one only."""
    if len(attempts) < 2:
        return []
    return [Fact(attempt_title(each), _attempt_words(each, zone)) for each in attempts]


def attempt_title(attempt: AttemptRecord) -> str:
    """“Attempt 2”."""
    return _("Attempt {number}").format(number=attempt.attempt)


def _attempt_words(attempt: AttemptRecord, zone: str) -> str:
    parts = [
        formatting.execution_look(attempt.status).word,
        formatting.wall_time(attempt.started_at, zone),
    ]
    if attempt.completed_at is not None:
        parts.append(formatting.duration(attempt.completed_at - attempt.started_at))
    if attempt.message_code is not None:
        parts.append(sentence(attempt.message_code, attempt.message_params))
    return "\n".join(parts)


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
        Fact(policy_words.label(name), policy_words.value_words(name, value))
        for name, value in _flat(record.settings)
        if name not in _SHOWN_ELSEWHERE
    ]


def _flat(settings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value)
        else:
            yield name, value
