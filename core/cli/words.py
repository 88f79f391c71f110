"""Records as the words of tables; what a column says is decided here, how it looks in `output`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from rich.table import Table

from core.cli.output import table
from core.clock import machine_timezone
from core.contracts.records import ExecutionRecord, TaskRecord
from core.domain.execution import WAITING, ExecutionKind, ExecutionStatus
from core.domain.task import TaskStatus, TrainingMode
from core.language import N_, _
from core.messages import sentence, span_words
from core.scheduling import wording

NOTHING: Final = "–"
"""Stands where there is no value."""

_MODES: Final = {TrainingMode.FULL: N_("full"), TrainingMode.INCREMENTAL: N_("incremental")}
_KINDS: Final = {
    ExecutionKind.SCHEDULED: N_("scheduled"),
    ExecutionKind.CATCH_UP: N_("catch-up"),
    ExecutionKind.MANUAL: N_("manual"),
    ExecutionKind.BACKFILL: N_("backfill"),
    ExecutionKind.DEPENDENCY: N_("dependency"),
}


def status_word(status: TaskStatus | ExecutionStatus | None) -> str:
    """A state in a word."""
    return sentence(f"status.{status.value}") if status else NOTHING


def mode_word(mode: TrainingMode) -> str:
    """A training mode in a word."""
    return _(_MODES[mode])


def school_words(name: str | None) -> str:
    """The scope of a task or a model."""
    return _("all schools") if name is None else name


def local_time(instant: datetime | None, timezone: str | None = None) -> str:
    """A wall time of `timezone` (else the machine's), which is named when it is another's."""
    if instant is None:
        return NOTHING
    here = machine_timezone()
    zone = timezone or here
    shown = f"{instant.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}".removesuffix(":00")
    return shown if zone == here else f"{shown} {zone}"


def percent(share: object) -> str:
    """A share from 0 to 1 as “93.4%”."""
    return f"{share:.1%}" if isinstance(share, int | float) else NOTHING


def outcome_words(record: ExecutionRecord) -> str:
    """Why an execution ended as it did, or where it stands."""
    if record.message_code:
        why = sentence(record.message_code, record.message_params)
        return why if record.retry_at is None else f"{why} {_retry_words(record, record.retry_at)}"
    if record.error_message:
        return record.error_message
    if not record.status.is_final:
        return stage_words(record)
    if record.model_version is not None:
        top1 = record.metrics.get("top1")
        if top1 is None:
            return _("model version {version}").format(version=record.model_version)
        return _("model version {version}, top-1 {top1}").format(
            version=record.model_version, top1=percent(top1)
        )
    return record.output or ""


def _retry_words(record: ExecutionRecord, retry_at: datetime) -> str:
    return _("Attempt {attempt} begins at {time}.").format(
        attempt=record.attempt + 1, time=local_time(retry_at, record.timezone)
    )


def stage_words(record: ExecutionRecord) -> str:
    """What an execution that has not ended does now."""
    if record.stage is None or record.status in WAITING:
        return status_word(record.status)
    return stage_word(record.stage)


def stage_word(stage: str) -> str:
    """A stage of a training."""
    return sentence(f"stage.{stage.removeprefix('stage.')}")


def took_words(started_at: datetime | None, ended_at: datetime | None) -> str:
    """How long something that has ended took."""
    if started_at is None or ended_at is None:
        return NOTHING
    return span_words((ended_at - started_at).total_seconds())


def kind_word(kind: ExecutionKind) -> str:
    """Why an execution exists, in a word."""
    return _(_KINDS[kind])


def task_table(tasks: Sequence[TaskRecord]) -> Table:
    """The list of tasks."""
    headings = [
        _("ID"),
        _("Name"),
        _("Status"),
        _("When"),
        _("Mode"),
        _("School"),
        _("Next run"),
        _("Succeeded"),
    ]
    return table(headings, [_task_row(task) for task in tasks], right="0")


def _task_row(task: TaskRecord) -> list[str]:
    active = task.active_run
    return [
        str(task.id),
        task.name,
        status_word(active.status if active else task.status),
        wording.words(task.schedule),
        mode_word(task.training_mode),
        school_words(task.school_name),
        local_time(task.next_run_at, task.timezone),
        _runs_words(task),
    ]


def _runs_words(task: TaskRecord) -> str:
    if task.last_outcome is None:
        return NOTHING
    return _("{success} of {total}, last: {outcome}").format(
        success=task.success_runs, total=task.total_runs, outcome=status_word(task.last_outcome)
    )


def execution_table(executions: Sequence[ExecutionRecord]) -> Table:
    """A history."""
    headings = [
        _("ID"),
        _("Planned"),
        _("Started"),
        _("Took"),
        _("Kind"),
        _("Mode"),
        _("Attempts"),
        _("Status"),
        _("Result"),
    ]
    return table(headings, [_execution_row(each) for each in executions], right="0 6")


def _execution_row(record: ExecutionRecord) -> list[str]:
    return [
        str(record.id),
        local_time(record.planned_at, record.timezone),
        local_time(record.started_at, record.timezone),
        took_words(record.started_at, record.completed_at),
        kind_word(record.kind),
        mode_word(record.training_mode),
        str(record.attempt or NOTHING),
        status_word(record.status),
        outcome_words(record),
    ]
