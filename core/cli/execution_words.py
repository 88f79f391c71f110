"""One execution in full: what was planned, every attempt, and the log of one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.table import Table

from core.cli.output import Shown, facts, plain, table
from core.cli.words import (
    NOTHING,
    kind_word,
    local_time,
    mode_word,
    outcome_words,
    percent,
    school_words,
    stage_word,
    status_word,
    took_words,
)
from core.contracts.records import AttemptRecord, ExecutionRecord, LogSlice
from core.language import _
from core.messages import sentence


def execution_parts(
    record: ExecutionRecord, attempts: Sequence[AttemptRecord], log: LogSlice | None
) -> list[Shown]:
    """Everything about one execution, for a person; the log last, if there is one."""
    parts: list[Shown] = [_execution_facts(record), ""]
    if attempts:
        parts.append(_attempt_table(attempts, record.timezone))
    else:
        parts.append(_("There was no attempt."))
    if log is not None:
        parts += ["", *(log.text.splitlines() or [_("The log is empty.")])]
    return parts


def execution_value(
    record: ExecutionRecord, attempts: Sequence[AttemptRecord], log: LogSlice | None
) -> dict[str, Any]:
    """The same for machines."""
    values: dict[str, Any] = plain(record)
    values["attempts"] = attempts
    return values if log is None else values | {"log": log.text}


def _execution_facts(record: ExecutionRecord) -> Table:
    zone = record.timezone
    return facts(
        [
            (_("ID"), str(record.id)),
            (_("Task"), f"{record.scheduled_task_id} {record.task_name}"),
            (_("School"), school_words(record.school_name)),
            (_("Kind"), kind_word(record.kind)),
            (_("Mode"), mode_word(record.training_mode)),
            (_("Planned"), local_time(record.planned_at, zone)),
            (_("Decided"), local_time(record.decided_at, zone)),
            (_("Started"), local_time(record.started_at, zone)),
            (_("Ended"), local_time(record.completed_at, zone)),
            (_("Took"), took_words(record.started_at, record.completed_at)),
            (_("Status"), status_word(record.status)),
            (_("Result"), outcome_words(record)),
            (_("Output"), record.output or NOTHING),
            (_("Runner"), record.runner_host or NOTHING),
        ]
    )


def _attempt_table(attempts: Sequence[AttemptRecord], timezone: str) -> Table:
    headings = [
        _("Attempt"),
        _("Job"),
        _("Started"),
        _("Took"),
        _("Status"),
        _("Progress"),
        _("Result"),
    ]
    rows = [
        [
            str(each.attempt),
            str(each.job_id),
            local_time(each.started_at, timezone),
            took_words(each.started_at, each.completed_at),
            status_word(each.status),
            percent(each.progress),
            _attempt_words(each),
        ]
        for each in attempts
    ]
    return table(headings, rows, right="0 1 5")


def _attempt_words(record: AttemptRecord) -> str:
    if record.message_code:
        return sentence(record.message_code, record.message_params)
    if (top1 := record.metrics.get("top1")) is not None:
        return _("top-1 {top1}").format(top1=percent(top1))
    return stage_word(record.stage) if record.stage else NOTHING
