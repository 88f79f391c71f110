"""A task's fields and triggers as values, and what of them is refused."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from core.domain.task import (
    MAX_DESCRIPTION_LENGTH,
    MAX_NAME_LENGTH,
    CatchUpPolicy,
    NoNewSamples,
    Policies,
    RunSettings,
    TrainingMode,
    check_description,
    check_name,
)
from core.domain.trigger import (
    MAX_INTERVAL_SECONDS,
    MIN_INTERVAL_SECONDS,
    TRIGGER_FIELDS,
    Cron,
    Interval,
    Once,
    TriggerType,
    check_interval,
    make_trigger,
    trigger_type,
)
from core.errors import InvalidValueError
from tests.builders import NOW

POLICIES = Policies(grace_seconds=5, catch_up=CatchUpPolicy.ALL, no_new_samples=NoNewSamples.SKIP)
SETTINGS = RunSettings(
    "Task", TrainingMode.INCREMENTAL, 3, True, "Asia/Shanghai", "noop", {"seconds": 1}, POLICIES
)


def refused_field(call: object, *args: object) -> str:
    assert callable(call)
    with pytest.raises(InvalidValueError) as refusal:
        call(*args)
    return refusal.value.field


@pytest.mark.parametrize("name", ["", "   ", "\t\n", "x" * (MAX_NAME_LENGTH + 1)])
def test_that_an_empty_or_endless_name_is_refused(name: str) -> None:
    assert refused_field(check_name, name) == "name"


def test_that_a_name_loses_only_needless_spaces() -> None:
    assert check_name("  夜间  full\ttraining ") == "夜间 full training"
    assert check_name("x" * MAX_NAME_LENGTH) == "x" * MAX_NAME_LENGTH


def test_that_a_description_has_an_end() -> None:
    assert check_description("x" * MAX_DESCRIPTION_LENGTH)
    assert refused_field(check_description, "x" * (MAX_DESCRIPTION_LENGTH + 1)) == "description"


@pytest.mark.parametrize("seconds", [MIN_INTERVAL_SECONDS - 1, -5, MAX_INTERVAL_SECONDS + 1])
def test_that_an_interval_outside_the_limits_is_refused(seconds: int) -> None:
    assert refused_field(check_interval, seconds) == "interval_seconds"


def test_that_an_interval_may_lie_on_its_limits() -> None:
    assert check_interval(MIN_INTERVAL_SECONDS) == MIN_INTERVAL_SECONDS
    assert check_interval(MAX_INTERVAL_SECONDS) == MAX_INTERVAL_SECONDS


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (TriggerType.ONCE, Once(NOW)),
        (TriggerType.INTERVAL, Interval(60, NOW - timedelta(days=1))),
        (TriggerType.CRON, Cron("0 2 * * *")),
    ],
)
def test_that_a_trigger_is_made_of_its_own_column_alone(
    kind: TriggerType, expected: Once | Interval | Cron
) -> None:
    made = make_trigger(
        kind,
        run_at=NOW,
        interval_seconds=60,
        anchor_at=NOW - timedelta(days=1),
        cron_expression="0 2 * * *",
    )
    assert made == expected
    assert trigger_type(made) is kind


@pytest.mark.parametrize("kind", TriggerType)
def test_that_a_trigger_without_its_column_is_refused_by_name(kind: TriggerType) -> None:
    with pytest.raises(InvalidValueError) as refusal:
        make_trigger(kind, run_at=None, interval_seconds=None, anchor_at=NOW, cron_expression=None)
    assert refusal.value.field == TRIGGER_FIELDS[kind]


def test_that_settings_survive_a_json_column() -> None:
    assert RunSettings.from_json(SETTINGS.to_json()) == SETTINGS


def test_that_policies_of_an_older_release_get_the_defaults() -> None:
    assert Policies.from_json({"grace_seconds": 5}) == Policies(grace_seconds=5)
    assert Policies.from_json({}) == Policies()


def test_that_fields_of_a_newer_release_are_passed_over() -> None:
    written = SETTINGS.to_json() | {"colour": "green"}
    written["policies"] = {**POLICIES.to_json(), "mood": "good"}
    assert RunSettings.from_json(written) == SETTINGS


@pytest.mark.parametrize(("catch_up", "no_new"), list(product(CatchUpPolicy, NoNewSamples)))
def test_that_a_policy_read_back_is_the_enum_itself(
    catch_up: CatchUpPolicy, no_new: NoNewSamples
) -> None:
    read = Policies.from_json(Policies(catch_up=catch_up, no_new_samples=no_new).to_json())
    assert read.catch_up is catch_up
    assert read.no_new_samples is no_new
