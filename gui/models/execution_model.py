"""Executions as entries of the history timeline, newest first: what each line says, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject

from core.contracts.records import ExecutionFilter, ExecutionRecord
from core.domain.execution import ACTIVE, FAILURES, ExecutionStatus
from core.domain.model_version import Gate
from core.language import N_, _, _n
from core.messages import sentence
from gui import formatting
from gui.formatting import Look
from gui.models.record_model import Column, RecordModel, Role
from gui.tones import Tone

ENTRY: Final = Role.PROGRESS + 1
"""The role that answers with a row's `Entry`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the timeline paints for one execution: three lines beside a node."""

    title: str
    look: Look
    day: date
    """Of the decision, on this machine's calendar: decisions are in the order of the list."""
    when: str
    result: str
    result_tone: Tone
    progress: float | None
    """`None` unless the execution is running."""


class Outcomes(StrEnum):
    """The choices of the outcome filter."""

    ALL = "all"
    ACTIVE = "active"
    COMPLETED = "completed"
    FAILED = "failed"
    SKIPPED = "skipped"
    MISSED = "missed"
    CANCELLED = "cancelled"


OUTCOME_WORDS: Final[dict[Outcomes, str]] = {
    Outcomes.ALL: N_("All outcomes"),
    Outcomes.ACTIVE: N_("Queued or running"),
    Outcomes.COMPLETED: N_("Completed"),
    Outcomes.FAILED: N_("Failed, timed out or lost"),
    Outcomes.SKIPPED: N_("Skipped"),
    Outcomes.MISSED: N_("Missed"),
    Outcomes.CANCELLED: N_("Cancelled"),
}
_STATUSES: Final[dict[Outcomes, frozenset[ExecutionStatus]]] = {
    Outcomes.ALL: frozenset(),
    Outcomes.ACTIVE: ACTIVE,
    Outcomes.COMPLETED: frozenset({ExecutionStatus.COMPLETED}),
    Outcomes.FAILED: FAILURES,
    Outcomes.SKIPPED: frozenset({ExecutionStatus.SKIPPED}),
    Outcomes.MISSED: frozenset({ExecutionStatus.MISSED}),
    Outcomes.CANCELLED: frozenset({ExecutionStatus.CANCELLED}),
}


class ExecutionModel(RecordModel[ExecutionRecord]):
    """One column, newest execution first."""

    def __init__(self, parent: QObject | None = None) -> None:
        column: Column[ExecutionRecord] = Column(
            N_("Execution"),
            display=lambda record: record.task_name,
            sort=lambda record: -record.id,
            tooltip=outcome_sentence,
            accessible=_spoken,
            others={ENTRY: entry},
        )
        super().__init__(
            [column],
            key=lambda record: record.id,
            order=lambda record: (-record.id,),
            parent=parent,
        )


def execution_filter(task_id: int | None, outcomes: Outcomes) -> ExecutionFilter:
    """The backend's filter for what the page has chosen."""
    return ExecutionFilter(task_id=task_id, statuses=_STATUSES[outcomes])


def is_shown(record: ExecutionRecord, which: ExecutionFilter) -> bool:
    """Whether `record` belongs to a list filtered by `which`."""
    return (which.task_id is None or record.scheduled_task_id == which.task_id) and (
        not which.statuses or record.status in which.statuses
    )


def outcome_sentence(record: ExecutionRecord) -> str:
    """Why the execution ended as it did; empty for a plain success."""
    if record.message_code is not None:
        return sentence(record.message_code, record.message_params)
    return record.error_message or ""


def run_time(record: ExecutionRecord) -> timedelta | None:
    """How long it ran, once it has ended."""
    if record.started_at is None or record.completed_at is None:
        return None
    return record.completed_at - record.started_at


def model_words(record: ExecutionRecord) -> str:
    """The model it made, how good it is and the gate's verdict; empty without a model."""
    if record.model_version is None:
        return ""
    parts = [_("Version {version}").format(version=record.model_version)]
    if (top1 := record.metrics.get("top1")) is not None:
        parts.append(_("top-1 {share}").format(share=formatting.percent(top1)))
    if record.gate is not None:
        parts.append(formatting.gate_look(record.gate).word)
    return " · ".join(parts)


def missed_words(record: ExecutionRecord) -> str:
    """How many planned times a `missed` row stands for; empty on every other row."""
    if record.missed_count is None:
        return ""
    return _n("{count} planned time", "{count} planned times", record.missed_count).format(
        count=formatting.count(record.missed_count)
    )


def local_day(at: datetime) -> date:
    """The date of an instant on this machine's calendar."""
    return _local(at, None).date()


def entry(record: ExecutionRecord) -> Entry:
    """The line of one execution."""
    is_running = record.status in ACTIVE and record.status is not ExecutionStatus.QUEUED
    result, tone = _result(record)
    return Entry(
        title=record.task_name,
        look=formatting.execution_look(record.status),
        day=local_day(record.decided_at),
        when=_when(record),
        result=result,
        result_tone=tone,
        progress=record.progress if is_running else None,
    )


def _result(record: ExecutionRecord) -> tuple[str, Tone]:
    if record.status in ACTIVE:
        if record.is_cancel_requested:
            return _("Stopping…"), Tone.MUTED
        if record.status is ExecutionStatus.QUEUED:
            return _("Waiting for a free slot"), Tone.MUTED
        return formatting.progress_text(record.stage, record.progress), Tone.MUTED
    if words := model_words(record):
        return words, Tone.WARNING if record.gate is Gate.REFUSED else Tone.MUTED
    parts = (missed_words(record), outcome_sentence(record))
    tone = Tone.DANGER if record.status in FAILURES else Tone.MUTED
    return " · ".join(part for part in parts if part), tone


def _when(record: ExecutionRecord) -> str:
    clock = _ClockTexts(record.timezone, local_day(record.decided_at))
    parts = [formatting.kind_word(record.kind)]
    if record.planned_at is not None:
        parts.append(_("planned {time}").format(time=clock.minute(record.planned_at)))
    if record.started_at is not None and record.completed_at is not None:
        parts.append(
            _("ran {start} to {end}").format(
                start=clock.second(record.started_at), end=clock.second(record.completed_at)
            )
        )
        parts.append(formatting.duration(run_time(record)))
    elif record.started_at is not None:
        parts.append(_("started {time}").format(time=clock.second(record.started_at)))
    elif record.planned_at is None:
        parts.append(_("asked for {time}").format(time=clock.second(record.decided_at)))
    if offset := _foreign_offset(record.decided_at, record.timezone):
        parts.append(offset)
    return " · ".join(parts)


class _ClockTexts:
    """Wall-clock texts in a task's zone; a date stands only where it is not the last one said."""

    def __init__(self, zone: str, day: date) -> None:
        self._zone = zone
        self._said = day

    def minute(self, at: datetime) -> str:
        """The time without seconds, where it has none."""
        local = _local(at, self._zone)
        return self._text(local, "%H:%M:%S" if local.second else "%H:%M")

    def second(self, at: datetime) -> str:
        """The time with seconds."""
        return self._text(_local(at, self._zone), "%H:%M:%S")

    def _text(self, local: datetime, pattern: str) -> str:
        is_said, self._said = local.date() == self._said, local.date()
        return local.strftime(pattern if is_said else f"%Y-%m-%d {pattern}")


def _foreign_offset(at: datetime, zone: str) -> str:
    """The offset of a zone whose clocks show another time than this machine's; else empty."""
    local = _local(at, zone)
    if local.utcoffset() == _local(at, None).utcoffset():
        return ""
    offset = local.strftime("%z")
    return f"UTC{offset[:3]}:{offset[3:5]}"


def _spoken(record: ExecutionRecord) -> str:
    line = entry(record)
    return ", ".join(part for part in (line.title, line.look.word, line.when, line.result) if part)


def _local(at: datetime, zone: str | None) -> datetime:
    return at.astimezone(ZoneInfo(zone or formatting.local_zone_name()))
