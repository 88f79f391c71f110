"""What a person gave for a task, as checked column values; each field is looked at by itself."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from core.clock import machine_timezone
from core.contracts.commands import UNSET, CreateTask, EditTask
from core.contracts.records import TaskRecord
from core.domain import term_text
from core.domain.task import (
    Policies,
    TaskStatus,
    check_description,
    check_name,
    check_policies,
)
from core.domain.trigger import TRIGGER_FIELDS, TriggerType, check_interval
from core.errors import InvalidValueError
from core.scheduling import cron

SETTABLE: Final = frozenset({TaskStatus.ACTIVE, TaskStatus.PAUSED})
MAX_JITTER_SECONDS: Final = 24 * 3600
MAX_RUNS: Final = 1_000_000
Values = dict[str, Any]


def values_of(command: CreateTask, now: datetime) -> Values:
    """Column values of a creation.

    Raises:
        InvalidValueError: a field cannot be taken.
    """
    values: Values = {each.name: getattr(command, each.name) for each in fields(command)}
    values["timezone"] = command.timezone or machine_timezone()
    values["anchor_at"] = command.anchor_at or now.replace(microsecond=0)
    _check_trigger_fields(command.trigger_type, values)
    return _checked(values)


def changes_of(command: EditTask, before: TaskRecord) -> Values:
    """Column values that really change.

    Raises:
        InvalidValueError: a field cannot be taken.
    """
    given = {
        each.name: getattr(command, each.name)
        for each in fields(command)
        if each.name != "id" and getattr(command, each.name) is not UNSET
    }
    kind = given.get("trigger_type", before.trigger_type)
    _check_trigger_fields(kind, given, is_required=kind != before.trigger_type)
    if kind != before.trigger_type:
        given |= {name: None for name in TRIGGER_FIELDS.values() if name != TRIGGER_FIELDS[kind]}
    status = given.get("status")
    if status is not None and status not in SETTABLE and status != before.status:
        raise InvalidValueError(
            "field.choice", field="status", value=status, choices=sorted(SETTABLE)
        )
    known = plain(before)
    return {name: value for name, value in _checked(given).items() if value != known[name]}


def plain(record: TaskRecord) -> Values:
    """A record's column values."""
    return {
        each.name: getattr(record, each.name)
        for each in fields(record)
        if each.name not in ("policies", "active_run")
    } | {"policies": record.policies.to_json()}


def for_audit(values: Values) -> Values:
    """Values as an event keeps them."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def _check_trigger_fields(kind: TriggerType, values: Values, *, is_required: bool = True) -> None:
    """The kind's own field must be there, the others must not."""
    own = TRIGGER_FIELDS[kind]
    if values.get(own) is None and (is_required or own in values):
        raise InvalidValueError("field.required", field=own)
    for name in TRIGGER_FIELDS.values():
        if name != own and values.get(name) is not None:
            raise InvalidValueError(
                "field.not_for_trigger", field=name, trigger_type=f"trigger.{kind}"
            )


def _checked(values: Values) -> Values:
    checked = dict(values)
    if "name" in checked:
        checked["name"] = check_name(checked["name"])
    if "description" in checked:
        checked["description"] = check_description(checked["description"])
    if checked.get("interval_seconds") is not None:
        check_interval(checked["interval_seconds"])
    if checked.get("cron_expression") is not None:
        checked["cron_expression"] = cron.parse(checked["cron_expression"]).text
    if checked.get("term_rule") is not None:
        checked["term_rule"] = term_text.to_text(term_text.parse(checked["term_rule"]))
    if isinstance(policies := checked.get("policies"), Policies):
        checked["policies"] = check_policies(policies).to_json()
    _check_number(checked, "jitter_seconds", 0, MAX_JITTER_SECONDS)
    _check_number(checked, "max_runs", 1, MAX_RUNS)
    return checked


def _check_number(values: Values, name: str, low: int, high: int) -> None:
    value = values.get(name)
    if value is not None and not low <= value <= high:
        raise InvalidValueError("field.out_of_range", field=name, value=value, low=low, high=high)
