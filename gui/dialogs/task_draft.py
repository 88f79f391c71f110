"""What a person has entered about a task, and the command it amounts to.

Plain values and pure functions: knows no widget, and never asks the backend.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, assert_never

from core.contracts.commands import UNSET, CreateTask, EditTask
from core.contracts.planning import ChangedSchedule
from core.contracts.records import TaskRecord
from core.domain.calendar import CalendarPolicy
from core.domain.task import Policies, TrainingMode, check_description, check_name
from core.domain.term import TermTrigger
from core.domain.term_text import to_text
from core.domain.trigger import Cron, Interval, Once, Schedule, Trigger, TriggerType, trigger_type
from core.errors import InvalidValueError
from core.language import _
from core.messages import error_sentence


@dataclass(frozen=True, slots=True)
class TaskDraft:
    """The fields of the dialog as they stand; half-typed ones are kept as typed.

    The anchor of an interval is not a field of the dialog: `scheduled` gives it.
    """

    name: str
    description: str
    trigger: Trigger | None
    """`None` while the cron line is empty."""
    timezone: str
    starts_at: datetime | None
    ends_at: datetime | None
    training_mode: TrainingMode
    school_id: int | None
    force_retrain: bool
    policies: Policies = field(default_factory=Policies)
    calendar_id: int | None = None
    calendar_policy: CalendarPolicy = CalendarPolicy.SKIP
    jitter_seconds: int = 0
    max_runs: int | None = None


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a draft cannot be saved, and the field to look at."""

    field: str
    sentence: str


def scheduled(draft: TaskDraft, record: TaskRecord | None, now: datetime) -> Schedule | None:
    """When the task would run if it were saved at `now`; `None` while that is not entered."""
    if draft.trigger is None:
        return None
    trigger = draft.trigger
    if isinstance(trigger, Interval):
        trigger = replace(trigger, anchor_at=_anchor(record, now))
    return Schedule(trigger, draft.timezone, draft.starts_at, draft.ends_at)


def changed_schedule(draft: TaskDraft, record: TaskRecord, now: datetime) -> ChangedSchedule | None:
    """What saving the draft would change of when `record` runs; `None` for nothing."""
    schedule = scheduled(draft, record, now)
    if schedule is None:
        return None
    change = ChangedSchedule(
        record.id,
        UNSET if _is_same_schedule(draft, record) else schedule,
        UNSET if draft.calendar_id == record.calendar_id else draft.calendar_id,
        UNSET if draft.calendar_policy is record.calendar_policy else draft.calendar_policy,
    )
    return None if change == ChangedSchedule(record.id) else change


def is_calendar_missing(draft: TaskDraft) -> bool:
    """Whether the trigger is told from a calendar, and none is chosen."""
    return isinstance(draft.trigger, TermTrigger) and draft.calendar_id is None


def obstacle(draft: TaskDraft, record: TaskRecord | None, *, is_refused: bool) -> Obstacle | None:
    """What keeps the draft from being saved; `is_refused` tells the schedule engine's verdict.

    A schedule that the draft leaves as it is may be refused: a task whose time has passed can
    still be renamed.
    """
    if not draft.name.strip():
        return Obstacle("name", _("Give the task a name."))
    try:
        check_name(draft.name)
        check_description(draft.description)
    except InvalidValueError as error:
        return Obstacle(error.field, error_sentence(error))
    if record is not None and _is_same_plan(draft, record):
        return None
    return _obstacle_of_plan(draft, is_refused=is_refused)


def create_command(draft: TaskDraft) -> CreateTask:
    """The draft as a new task. Needs a trigger."""
    trigger = _entered(draft)
    return CreateTask(
        name=check_name(draft.name),
        description=draft.description.strip(),
        trigger_type=trigger_type(trigger),
        training_mode=draft.training_mode,
        timezone=draft.timezone,
        starts_at=draft.starts_at,
        ends_at=draft.ends_at,
        calendar_id=draft.calendar_id,
        calendar_policy=draft.calendar_policy,
        jitter_seconds=draft.jitter_seconds,
        max_runs=draft.max_runs,
        school_id=draft.school_id,
        force_retrain=draft.force_retrain,
        policies=draft.policies,
        **_trigger_fields(trigger),
    )


def edit_command(draft: TaskDraft, record: TaskRecord, now: datetime) -> EditTask:
    """Only what the draft changes of `record`. Needs a trigger."""
    entered: dict[str, Any] = {
        "name": check_name(draft.name),
        "description": draft.description.strip(),
        "timezone": draft.timezone,
        "starts_at": draft.starts_at,
        "ends_at": draft.ends_at,
        "calendar_id": draft.calendar_id,
        "calendar_policy": draft.calendar_policy,
        "jitter_seconds": draft.jitter_seconds,
        "max_runs": draft.max_runs,
        "training_mode": draft.training_mode,
        "school_id": draft.school_id,
        "force_retrain": draft.force_retrain,
        "policies": draft.policies,
        "trigger_type": trigger_type(_entered(draft)),
        **_trigger_fields(_entered(draft)),
    }
    changed = {name: value for name, value in entered.items() if value != getattr(record, name)}
    if changed.get("trigger_type") is TriggerType.INTERVAL:
        changed["anchor_at"] = _anchor(record, now)
    return EditTask(record.id, **changed)


def _obstacle_of_plan(draft: TaskDraft, *, is_refused: bool) -> Obstacle | None:
    if draft.trigger is None:
        return Obstacle("cron_expression", _("Say when the task runs."))
    if is_calendar_missing(draft):
        return Obstacle("calendar_id", _("Choose a calendar: its dates say when."))
    if is_refused:
        return Obstacle("trigger_type", _("The time cannot be used as it stands."))
    return None


def _is_same_schedule(draft: TaskDraft, record: TaskRecord) -> bool:
    return scheduled(draft, record, record.anchor_at) == record.schedule


def _is_same_plan(draft: TaskDraft, record: TaskRecord) -> bool:
    return (
        _is_same_schedule(draft, record)
        and draft.calendar_id == record.calendar_id
        and draft.calendar_policy is record.calendar_policy
    )


def _anchor(record: TaskRecord | None, now: datetime) -> datetime:
    """Where an interval counts from: a task that becomes one starts its count now."""
    if record is not None and record.trigger_type is TriggerType.INTERVAL:
        return record.anchor_at
    return now.replace(microsecond=0)


def _entered(draft: TaskDraft) -> Trigger:
    if draft.trigger is None:
        raise InvalidValueError("field.required", field="cron_expression")
    return draft.trigger


def _trigger_fields(trigger: Trigger) -> dict[str, Any]:
    match trigger:
        case Once(run_at):
            return {"run_at": run_at}
        case Interval(seconds):
            return {"interval_seconds": seconds}
        case Cron(expression):
            return {"cron_expression": expression.strip()}
        case TermTrigger():
            return {"term_rule": to_text(trigger)}
        case _:
            assert_never(trigger)
