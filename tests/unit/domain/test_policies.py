"""The numbers of a task's policies: their defaults, their ranges, and what an old row means."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from core.domain.task import POLICY_RANGES, OverlapPolicy, Policies, check_policies
from core.errors import InvalidValueError


def test_that_the_defaults_are_those_of_the_semantics() -> None:
    policies = check_policies(Policies())
    assert policies.overlap is OverlapPolicy.SKIP
    assert (policies.max_attempts, policies.lost_allowance) == (1, 1)
    assert (policies.retry_base_seconds, policies.retry_factor) == (60, 2.0)
    assert policies.retry_cap_seconds == 30 * 60
    assert policies.pause_after_failures == 5


def test_that_every_number_has_a_range() -> None:
    numbers = {
        each.name
        for each in fields(Policies)
        if isinstance(getattr(Policies(), each.name), int | float)
    }
    assert set(POLICY_RANGES) == numbers


@pytest.mark.parametrize(("name", "ends"), POLICY_RANGES.items())
def test_that_a_range_includes_its_ends_and_names_field_value_and_range_beyond(
    name: str, ends: tuple[float, float]
) -> None:
    low, high = ends
    for value in ends:
        assert getattr(check_policies(_with(name, value)), name) == value
    for value in (low - 1, high + 1):
        with pytest.raises(InvalidValueError) as caught:
            check_policies(_with(name, value))
        assert caught.value.code == "field.out_of_range"
        assert caught.value.params == {"field": name, "value": value, "low": low, "high": high}


def test_that_a_factor_that_is_not_a_number_is_refused() -> None:
    with pytest.raises(InvalidValueError):
        check_policies(_with("retry_factor", float("nan")))


def test_that_policies_survive_json_and_an_older_row_has_the_defaults() -> None:
    policies = Policies(overlap=OverlapPolicy.ALLOW, overlap_limit=3, retry_factor=1.5)
    assert Policies.from_json(policies.to_json()) == policies
    assert Policies.from_json({"grace_seconds": 10}) == Policies(grace_seconds=10)


def _with(name: str, value: float) -> Policies:
    changes: dict[str, Any] = {name: value}
    return replace(Policies(), **changes)
