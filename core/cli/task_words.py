"""One task in full: all its settings in words, what it depends on, and when it runs next."""

from __future__ import annotations

from typing import Any

from rich.table import Table

from core.cli.output import Shown, facts, plain, table
from core.cli.planning_words import dependencies_parts
from core.cli.policy_words import calendar_words, policy_groups
from core.cli.words import NOTHING, local_time, mode_word, school_words, status_word
from core.contracts.planning import TaskDependencies
from core.contracts.records import SchedulePreview, TaskRecord
from core.domain.task import TaskStatus
from core.language import _
from core.messages import sentence, span_words
from core.scheduling import wording

Pairs = list[tuple[str, str]]


def task_parts(
    task: TaskRecord, dependencies: TaskDependencies, upcoming: SchedulePreview
) -> list[Shown]:
    """Everything about one task, for a person."""
    return [_task_facts(task), "", *dependencies_parts(dependencies), *_runs_parts(task, upcoming)]


def task_value(
    task: TaskRecord, dependencies: TaskDependencies, upcoming: SchedulePreview
) -> dict[str, Any]:
    """The same for machines: the task's fields, and what is known besides."""
    values: dict[str, Any] = plain(task)
    return values | {
        "schedule_words": upcoming.words,
        "next_runs": list(upcoming.instants),
        "pause_reason": _pause_reason(task),
        "dependencies": dependencies,
    }


def _task_facts(task: TaskRecord) -> Table:
    groups = [
        (_("When it runs"), _timing(task)),
        *policy_groups(task.policies),
        (_("What became of it"), _results(task)),
    ]
    rows = _head(task)
    for heading, pairs in groups:
        rows += [("", ""), (heading, ""), *((f"  {label}", value) for label, value in pairs)]
    return facts(rows)


def _head(task: TaskRecord) -> Pairs:
    zone = task.timezone
    reason = _pause_reason(task)
    return [
        (_("ID"), str(task.id)),
        (_("Name"), task.name),
        (_("Description"), task.description or NOTHING),
        (_("Status"), status_word(task.status)),
        *([(_("Reason"), reason)] if reason else []),
        (_("Mode"), mode_word(task.training_mode)),
        (_("School"), school_words(task.school_name)),
        (_("Force retrain"), _("yes") if task.force_retrain else _("no")),
        (_("Created by"), task.created_by_name or NOTHING),
        (_("Created"), local_time(task.created_at, zone)),
        (_("Changed"), local_time(task.updated_at, zone)),
    ]


def _timing(task: TaskRecord) -> Pairs:
    zone = task.timezone
    calendar = task.calendar_name
    return [
        (_("When"), wording.words(task.schedule)),
        (_("Time zone"), zone),
        (_("Not before"), local_time(task.starts_at, zone)),
        (_("Not after"), local_time(task.ends_at, zone)),
        (_("Calendar"), calendar_words(calendar, task.calendar_policy) if calendar else NOTHING),
        (_("Random delay"), _up_to(task.jitter_seconds)),
        (_("Runs at most"), NOTHING if task.max_runs is None else str(task.max_runs)),
        (_("Next run"), local_time(task.next_run_at, zone)),
    ]


def _results(task: TaskRecord) -> Pairs:
    return [
        (_("Last run"), local_time(task.last_run_at, task.timezone)),
        (_("Last result"), status_word(task.last_outcome)),
        (_("Last error"), task.last_error or NOTHING),
        (_("Runs"), str(task.total_runs)),
        (_("Succeeded"), str(task.success_runs)),
        (_("Failed"), str(task.failed_runs)),
        (_("Failed in a row"), str(task.consecutive_failures)),
    ]


def _runs_parts(task: TaskRecord, upcoming: SchedulePreview) -> list[Shown]:
    if not upcoming.instants:
        return []
    title = (
        _("Once it is resumed, it runs at:")
        if task.status is TaskStatus.PAUSED
        else _("It runs next at:")
    )
    times = [[local_time(each, upcoming.timezone)] for each in upcoming.instants]
    parts: list[Shown] = ["", table([title], times)]
    if task.jitter_seconds:
        length = span_words(task.jitter_seconds)
        parts.append(_("Each begins up to {length} later.").format(length=length))
    return parts


def _pause_reason(task: TaskRecord) -> str | None:
    return sentence(task.pause_code, task.pause_params) if task.pause_code else None


def _up_to(seconds: int) -> str:
    if seconds == 0:
        return NOTHING
    return _("up to {length}").format(length=span_words(seconds))
