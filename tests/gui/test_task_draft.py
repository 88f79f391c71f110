"""Drafts become commands: a new task whole, an edit with nothing that stayed as it was."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.contracts.commands import UNSET, EditTask
from core.contracts.records import TaskRecord
from core.domain.task import NoNewSamples, Policies, TrainingMode
from core.domain.term import FirstOpenDay, OpenDaysBefore, TermTrigger
from core.domain.trigger import TRIGGER_FIELDS, Cron, Interval, Once, Trigger, TriggerType
from core.errors import InvalidValueError
from gui.dialogs.task_draft import (
    TaskDraft,
    create_command,
    edit_command,
    obstacle,
    scheduled,
)
from tests.builders import NOW, a_task

LATER = NOW + timedelta(days=1)
TRIGGERS: st.SearchStrategy[Trigger] = st.one_of(
    st.builds(Once, st.sampled_from([LATER, LATER + timedelta(hours=1)])),
    st.builds(Interval, st.sampled_from([60, 3600]), st.just(NOW)),
    st.builds(Cron, st.sampled_from(["0 2 * * *", "0 3 * * 1"])),
    st.builds(TermTrigger, st.sampled_from([FirstOpenDay(), OpenDaysBefore(3)]), st.just(time(7))),
)
DRAFTS = st.builds(
    TaskDraft,
    name=st.sampled_from(["Nightly", "Other"]),
    description=st.sampled_from(["", "Why"]),
    trigger=TRIGGERS,
    timezone=st.sampled_from(["Asia/Shanghai", "Europe/Berlin"]),
    starts_at=st.sampled_from([None, NOW]),
    ends_at=st.sampled_from([None, LATER]),
    training_mode=st.sampled_from(TrainingMode),
    school_id=st.sampled_from([None, 7]),
    force_retrain=st.booleans(),
    policies=st.sampled_from([Policies(), Policies(no_new_samples=NoNewSamples.SKIP)]),
)
OF_THE_TRIGGER = set(TRIGGER_FIELDS.values())


def a_draft(record: TaskRecord, **changes: Any) -> TaskDraft:
    """The draft of an untouched dialog on `record`."""
    draft = TaskDraft(
        name=record.name,
        description=record.description,
        trigger=record.schedule.trigger,
        timezone=record.timezone,
        starts_at=record.starts_at,
        ends_at=record.ends_at,
        training_mode=record.training_mode,
        school_id=record.school_id,
        force_retrain=record.force_retrain,
        policies=record.policies,
    )
    return replace(draft, **changes)


def as_record(draft: TaskDraft, command: EditTask, record: TaskRecord) -> TaskRecord:
    """`record` after the command, by the contract of `EditTask`."""
    changes = {
        item.name: value
        for item in fields(command)
        if item.name != "id" and (value := getattr(command, item.name)) is not UNSET
    }
    if "trigger_type" in changes:
        changes |= dict.fromkeys(OF_THE_TRIGGER - changes.keys())
    return replace(record, **changes)


@given(DRAFTS, DRAFTS)
def test_that_an_edit_makes_of_the_task_what_the_dialog_shows(
    before: TaskDraft, after: TaskDraft
) -> None:
    start = a_task(name="x", description="x")
    record = as_record(before, edit_command(before, start, NOW), start)
    edited = as_record(after, edit_command(after, record, LATER), record)
    assert edited.schedule == scheduled(after, record, LATER)
    assert a_draft(edited) == replace(after, trigger=edited.schedule.trigger)


@given(DRAFTS)
def test_that_an_edit_of_nothing_is_empty(draft: TaskDraft) -> None:
    record = as_record(draft, edit_command(draft, a_task(), NOW), a_task())
    assert edit_command(a_draft(record), record, LATER) == EditTask(record.id)


@given(DRAFTS)
def test_that_a_new_task_has_the_field_of_its_trigger_and_no_other(draft: TaskDraft) -> None:
    command = create_command(draft)
    given_fields = {name for name in OF_THE_TRIGGER if getattr(command, name) is not None}
    assert given_fields == {TRIGGER_FIELDS[command.trigger_type]}


def test_that_a_new_interval_counts_from_now() -> None:
    draft = a_draft(a_task(), trigger=Interval(60, NOW))
    schedule = scheduled(draft, None, LATER)
    assert schedule is not None
    assert schedule.trigger == Interval(60, LATER)


def test_that_a_longer_interval_keeps_its_start() -> None:
    record = a_task(
        trigger_type=TriggerType.INTERVAL, interval_seconds=60, cron_expression=None, anchor_at=NOW
    )
    draft = a_draft(record, trigger=Interval(120, NOW))
    assert edit_command(draft, record, LATER) == EditTask(record.id, interval_seconds=120)


def test_that_blanks_around_name_and_line_do_not_count() -> None:
    draft = a_draft(a_task(), name="  Nightly  run ", trigger=Cron(" 0 3 * * * "))
    command = create_command(draft)
    assert (command.name, command.cron_expression) == ("Nightly run", "0 3 * * *")


def test_that_a_draft_without_a_trigger_is_no_command() -> None:
    with pytest.raises(InvalidValueError):
        create_command(a_draft(a_task(), trigger=None))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"description": "x" * 4001}, "description"),
        ({"trigger": None}, "cron_expression"),
        ({"trigger": TermTrigger(FirstOpenDay(), time(7))}, "calendar_id"),
    ],
)
def test_that_an_obstacle_names_its_field(changes: dict[str, Any], field: str) -> None:
    found = obstacle(a_draft(a_task(), **changes), None, is_refused=False)
    assert found is not None
    assert found.field == field


def test_that_a_refused_schedule_is_in_the_way_only_if_it_is_new() -> None:
    record = a_task()
    same = a_draft(record, name="Other")
    assert obstacle(same, record, is_refused=True) is None
    assert obstacle(same, None, is_refused=True) is not None
    assert obstacle(replace(same, trigger=Cron("x")), record, is_refused=True) is not None
