"""The settings an execution ran with are shown in words, whatever they are."""

from __future__ import annotations

import pytest

from core.domain.task import (
    CatchUpPolicy,
    NoNewSamples,
    OverlapPolicy,
    Policies,
    RunSettings,
    TrainingMode,
)
from gui.views.execution_facts import result_facts, setting_facts
from tests.builders import an_execution

CHOICES = [
    *(("overlap", choice) for choice in OverlapPolicy),
    *(("catch_up", choice) for choice in CatchUpPolicy),
    *(("no_new_samples", choice) for choice in NoNewSamples),
]


def shown(settings: dict[str, object]) -> dict[str, str]:
    facts = setting_facts(an_execution(settings=settings))
    return {fact.label: fact.value for fact in facts}


def test_that_every_setting_has_a_label() -> None:
    settings = RunSettings(
        "Nightly", TrainingMode.FULL, 1, force_retrain=False, timezone="UTC", trainer="handwriting"
    )
    labels = shown(settings.to_json())
    assert not [label for label in labels if "_" in label or label[0].islower()]


@pytest.mark.parametrize(("name", "choice"), CHOICES)
def test_that_every_choice_is_said_in_words(name: str, choice: str) -> None:
    assert choice not in shown({name: choice}).values()


def test_that_a_zero_says_what_it_means() -> None:
    policies = Policies(pause_after_failures=0, grace_seconds=0, catch_up_window_seconds=0)
    labels = shown({"policies": policies.to_json()})
    assert labels["Time limit of all attempts"] == "No limit"
    assert labels["Paused after failures in a row"] == "Never"
    assert labels["Grace"] == labels["Missed runs made up for within"] == "None"
    assert labels["Priority"] == "0"


def test_that_a_factor_is_no_bare_number() -> None:
    assert shown({"retry_factor": 1.5}) == {"Each further wait": "1.5 times the one before"}
    assert shown({"retry_factor": 2.0}) == {"Each further wait": "2 times the one before"}


def test_that_a_run_tells_what_it_used_from_what_its_model_has_learnt_in_all() -> None:
    metrics = {"new_samples": 10, "samples": 1_234, "students": 5}
    said = {fact.label: fact.value for fact in result_facts(an_execution(metrics=metrics))}
    assert said["Samples used"] == "10"
    assert said["Samples learnt in all"] == "1,234"
