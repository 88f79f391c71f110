"""Tasks as a table: what each column says of a `TaskRecord`, at the time that the clock tells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import IntEnum

from PySide6.QtCore import QObject, Qt

from core.clock import Clock
from core.contracts.records import TaskRecord
from core.domain.execution import ExecutionStatus
from core.domain.task import TaskStatus
from core.errors import InvalidValueError
from core.language import N_, _
from core.messages import sentence
from core.scheduling.wording import words
from gui.formatting import (
    Look,
    count,
    exact,
    execution_look,
    instant,
    local_zone_name,
    mode_word,
    progress_text,
    relative,
    scope_text,
    task_look,
    trigger_word,
)
from gui.models.record_model import RIGHT, Column, RecordModel, Role


class TaskColumn(IntEnum):
    """The columns, from left to right."""

    NAME = 0
    STATUS = 1
    TRIGGER = 2
    TRAINING = 3
    NEXT_RUN = 4
    LAST_RUN = 5
    RUNS = 6


_TIMED_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Role.SECOND_LINE,
)


class TaskModel(RecordModel[TaskRecord]):
    """All tasks by id, the newest last."""

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(_columns(clock), key=lambda task: task.id, parent=parent)

    def tick(self) -> None:
        """Say relative times anew: some time has passed."""
        for column in (TaskColumn.NEXT_RUN, TaskColumn.LAST_RUN):
            self.recompute_column(column, _TIMED_ROLES)


def _columns(clock: Clock) -> tuple[Column[TaskRecord], ...]:
    return (
        Column(
            N_("Task"),
            lambda task: task.name,
            tooltip=_name_tooltip,
            others={Role.SECOND_LINE: _about},
        ),
        Column(
            N_("Status"),
            lambda task: task_look(task.status).word,
            sort=lambda task: list(TaskStatus).index(task.status),
            tooltip=_status_tooltip,
            accessible=_status_tooltip,
            others={Role.LOOK: lambda task: task_look(task.status)},
        ),
        Column(
            N_("Trigger"),
            _trigger_words,
            tooltip=_trigger_tooltip,
            others={Role.SECOND_LINE: lambda task: trigger_word(task.trigger_type)},
        ),
        Column(
            N_("Training"),
            lambda task: mode_word(task.training_mode),
            sort=lambda task: f"{mode_word(task.training_mode)}\n{scope_text(task.school_name)}",
            tooltip=_training_tooltip,
            accessible=_training_text,
            others={Role.SECOND_LINE: lambda task: scope_text(task.school_name)},
        ),
        _next_run_column(clock.now),
        _last_run_column(clock.now),
        Column(
            N_("Runs"),
            lambda task: count(task.total_runs),
            sort=lambda task: task.total_runs,
            tooltip=_counts_tooltip,
            alignment=RIGHT,
            others={Role.SECOND_LINE: _failures},
        ),
    )


def _next_run_column(now: Callable[[], datetime]) -> Column[TaskRecord]:
    return Column(
        N_("Next run"),
        lambda task: instant(task.next_run_at, task.timezone),
        sort=lambda task: _seconds(task.next_run_at),
        tooltip=lambda task: exact(task.next_run_at, task.timezone) if task.next_run_at else "",
        accessible=lambda task: _joined(
            instant(task.next_run_at, task.timezone), _until(task, now())
        ),
        others={Role.SECOND_LINE: lambda task: _until(task, now())},
    )


def _last_run_column(now: Callable[[], datetime]) -> Column[TaskRecord]:
    return Column(
        N_("Last run"),
        _run_text,
        sort=_run_order,
        tooltip=_run_tooltip,
        accessible=lambda task: _joined(_run_text(task), _since(task, now())),
        others={
            Role.LOOK: _run_look,
            Role.SECOND_LINE: lambda task: _since(task, now()),
            Role.PROGRESS: _progress,
        },
    )


def _name_tooltip(task: TaskRecord) -> str:
    return "\n".join(filter(None, (task.name, task.description, pause_words(task))))


def _about(task: TaskRecord) -> str:
    """Why the program paused it, since somebody must act; else its description."""
    return pause_words(task) or " ".join(task.description.split())


def pause_words(task: TaskRecord) -> str:
    """Why the program paused the task; empty if it did not."""
    if task.status is not TaskStatus.PAUSED or task.pause_code is None:
        return ""
    return sentence(task.pause_code, {"timezone": task.timezone, **task.pause_params})


def _status_tooltip(task: TaskRecord) -> str:
    return "\n".join(filter(None, (task_look(task.status).word, pause_words(task))))


def _trigger_words(task: TaskRecord) -> str:
    """In words; a line that an older release accepted and this one cannot read stands as it is."""
    try:
        said = words(task.schedule)
    except InvalidValueError:
        return task.cron_expression or trigger_word(task.trigger_type)
    return said[:1].upper() + said[1:]


def _trigger_tooltip(task: TaskRecord) -> str:
    lines = [_trigger_words(task), task.timezone]
    if task.cron_expression:
        lines.insert(1, task.cron_expression)
    return "\n".join(lines)


def _training_text(task: TaskRecord) -> str:
    return _joined(mode_word(task.training_mode), scope_text(task.school_name))


def _training_tooltip(task: TaskRecord) -> str:
    lines = [_training_text(task)]
    if task.force_retrain:
        lines.append(_("Trains even if nothing has changed."))
    return "\n".join(lines)


def _until(task: TaskRecord, now: datetime) -> str:
    """“in 3 h”, with the zone's name if the wall clock shown is not this machine's."""
    if task.next_run_at is None:
        return ""
    is_due = task.next_run_at <= now
    span = _("due now") if is_due else relative(task.next_run_at, now)
    return span if task.timezone == local_zone_name() else f"{span} · {task.timezone}"


def _since(task: TaskRecord, now: datetime) -> str:
    if task.active_run is not None or task.last_run_at is None:
        return ""
    return relative(task.last_run_at, now)


def _run_text(task: TaskRecord) -> str:
    """The stage of the run under way, else how the last one ended."""
    run = task.active_run
    if run is not None and run.is_cancel_requested:
        return _("Cancelling")
    if run is not None and run.status is ExecutionStatus.RUNNING:
        return progress_text(run.stage, run.progress)
    look = _run_look(task)
    return look.word if look else _("Never run")


def _run_look(task: TaskRecord) -> Look | None:
    status = task.active_run.status if task.active_run is not None else task.last_outcome
    return execution_look(status) if status is not None else None


def _progress(task: TaskRecord) -> float | None:
    run = task.active_run
    is_running = run is not None and run.status is ExecutionStatus.RUNNING
    return run.progress if run is not None and is_running else None


def _run_order(task: TaskRecord) -> float | None:
    """By time; what runs now is the latest of all."""
    return float("inf") if task.active_run is not None else _seconds(task.last_run_at)


def _run_tooltip(task: TaskRecord) -> str:
    if task.active_run is not None:
        lines = [_run_text(task)]
        if started := task.active_run.started_at:
            lines.append(_("Started {time}").format(time=exact(started, task.timezone)))
        return "\n".join(lines)
    lines = [exact(task.last_run_at, task.timezone)] if task.last_run_at else []
    if task.last_error:
        lines.append(task.last_error)
    return "\n".join(lines)


def _failures(task: TaskRecord) -> str:
    if not task.total_runs:
        return ""
    if task.failed_runs:
        return _("{n} failed").format(n=count(task.failed_runs))
    return _("none failed")


def _counts_tooltip(task: TaskRecord) -> str:
    return _("Runs: {total}, succeeded: {success}, failed: {failed}").format(
        total=count(task.total_runs),
        success=count(task.success_runs),
        failed=count(task.failed_runs),
    )


def _joined(first: str, second: str) -> str:
    return f"{first}, {second}" if second else first


def _seconds(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()
