"""A task's row as the values that rules work with."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Row as ResultRow

from core.domain.calendar import SchoolCalendar
from core.domain.plan import Plan
from core.domain.task import Policies, RunSettings
from core.domain.trigger import Schedule, make_trigger
from core.storage.rows import ScheduledTaskRow

TaskRow = ResultRow[*tuple[Any, ...]] | ScheduledTaskRow
"""A mapped row, or the columns of one."""


def plan_of(row: TaskRow, calendar: SchoolCalendar | None) -> Plan:
    """When a task is due, all in all. Raises `InvalidValueError` for columns that do not fit."""
    return Plan(schedule_of(row), calendar, row.calendar_policy, row.jitter_seconds, row.max_runs)


def schedule_of(row: TaskRow) -> Schedule:
    """When a task runs, before calendar and jitter."""
    trigger = make_trigger(
        row.trigger_type,
        run_at=row.run_at,
        interval_seconds=row.interval_seconds,
        anchor_at=row.anchor_at,
        cron_expression=row.cron_expression,
        term_rule=row.term_rule,
    )
    return Schedule(trigger, row.timezone, row.starts_at, row.ends_at)


def run_settings_of(row: TaskRow) -> RunSettings:
    """What an execution of a task runs with."""
    return RunSettings(
        task_name=row.name,
        training_mode=row.training_mode,
        school_id=row.school_id,
        force_retrain=row.force_retrain,
        timezone=row.timezone,
        trainer=row.trainer,
        trainer_params=row.trainer_params,
        policies=Policies.from_json(row.policies),
    )
