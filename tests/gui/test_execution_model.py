"""What the timeline says of an execution, and which executions a filter lets through."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from PySide6.QtCore import QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from core.contracts.records import ExecutionRecord
from core.domain.execution import ExecutionStatus
from core.domain.model_version import Gate
from gui import formatting
from gui.models.execution_model import ExecutionModel, Outcomes, entry, execution_filter, is_shown
from gui.models.record_model import Role
from gui.tones import Tone
from gui.views.execution_facts import setting_facts
from tests.builders import an_execution

WITHOUT_MODEL = {"model_version": None, "model_version_id": None, "gate": None, "metrics": {}}


def a_run(**changes: object) -> ExecutionRecord:
    """A training at 40 %."""
    values: dict[str, object] = {
        **WITHOUT_MODEL,
        "status": ExecutionStatus.RUNNING,
        "completed_at": None,
        "progress": 0.4,
        "stage": "stage.fitting",
    }
    return an_execution(**(values | changes))


def test_that_rows_stay_with_their_executions_over_any_changes(qtbot: QtBot) -> None:
    chance = random.Random(7)
    model = ExecutionModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.load([an_execution(id=number) for number in range(1, 40)])
    pinned = {number: QPersistentModelIndex(model.index(model.row_of(number), 0)) for number in
              range(1, 40)}  # fmt: skip
    for _turn in range(300):
        number = chance.randrange(1, 60)
        if chance.random() < 0.3:
            model.remove(number)
        else:
            model.patch([an_execution(id=number, progress=chance.random())])
    ids = [record.id for record in model.records]
    assert ids == sorted(ids, reverse=True)
    for number, index in pinned.items():
        if index.isValid():
            assert index.data(Role.RECORD).id == number


@pytest.mark.parametrize("outcomes", list(Outcomes))
def test_that_a_filter_lets_through_exactly_its_outcomes(outcomes: Outcomes) -> None:
    which = execution_filter(None, outcomes)
    for status in ExecutionStatus:
        expected = not which.statuses or status in which.statuses
        assert is_shown(an_execution(status=status), which) is expected


def test_that_every_outcome_is_found_by_one_filter_besides_all() -> None:
    some = [each for each in Outcomes if each is not Outcomes.ALL]
    for status in ExecutionStatus:
        found = [each for each in some if status in execution_filter(None, each).statuses]
        assert len(found) == 1, status


def test_that_an_entry_says_kind_times_and_duration_in_the_zone_of_the_task() -> None:
    line = entry(an_execution())
    assert line.when.startswith("Scheduled · planned ")
    assert "02:00" in line.when
    assert "02:00:02 to 02:01:37" in line.when
    assert "1 min 35 s" in line.when


def test_that_an_entry_says_model_accuracy_and_gate() -> None:
    assert entry(an_execution()).result == "Version 3 · top-1 93.4% · Gate passed"
    refused = entry(an_execution(gate=Gate.REFUSED))
    assert refused.result_tone is Tone.WARNING


def test_that_a_missed_row_says_how_many_planned_times_it_stands_for() -> None:
    missed = an_execution(
        **WITHOUT_MODEL,
        status=ExecutionStatus.MISSED,
        missed_count=312,
        message_code="reason.runner_stopped",
    )
    assert entry(missed).result.startswith("312 planned times")


def test_that_a_failure_says_its_sentence_in_the_tone_of_danger() -> None:
    line = entry(
        an_execution(
            **WITHOUT_MODEL,
            status=ExecutionStatus.FAILED,
            message_code="reason.no_base_model",
        )
    )
    assert line.result == "No model in service to build on: run a full training first."
    assert line.result_tone is Tone.DANGER


def test_that_only_a_running_execution_shows_progress() -> None:
    assert entry(a_run()).progress == 0.4
    assert entry(a_run()).result == "Fitting the model · 40%"
    assert entry(an_execution()).progress is None
    assert entry(a_run(status=ExecutionStatus.QUEUED)).progress is None


def test_that_settings_are_shown_in_words() -> None:
    settings = {
        "force_retrain": True,
        "trainer": "handwriting",
        "policies": {"grace_seconds": 300, "catch_up": "latest", "no_new_samples": "skip"},
    }
    shown = {fact.label: fact.value for fact in setting_facts(an_execution(settings=settings))}
    assert shown["Train even if nothing has changed"] == "Yes"
    assert shown["Grace"] == "5 min 00 s"
    assert shown["Without new samples"] == "Skip the run"


def test_that_a_date_is_said_once_and_only_where_it_is_not_the_day_of_the_entry() -> None:
    line = entry(an_execution(decided_at=an_execution().decided_at + timedelta(days=2)))
    assert line.when.count("2026-03-02") == 1


def test_that_a_zone_with_other_clocks_than_here_says_its_offset(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(formatting, "local_zone_name", lambda: "Europe/Berlin")
    assert entry(an_execution()).when.endswith("UTC+08:00")
    monkeypatch.setattr(formatting, "local_zone_name", lambda: "Asia/Singapore")
    assert "UTC" not in entry(an_execution()).when
