"""The folded part of the task dialog: says what is unusual, and hands out all that is entered."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QComboBox, QSpinBox, QToolButton
from pytestqt.qtbot import QtBot

from core.contracts.calendars import CalendarRecord
from core.contracts.commands import EditTask
from core.contracts.records import TaskRecord
from core.domain.calendar import CalendarPolicy
from core.domain.task import POLICY_RANGES, CatchUpPolicy, NoNewSamples, OverlapPolicy, Policies
from core.errors import InvalidValueError
from gui.operations import Operations
from gui.policy_words import overlap_meaning
from gui.widgets.collapsible import Collapsible
from tests.builders import NOW, a_task
from tests.gui.dialog_driver import DialogDriver, named
from tests.gui.engine import EngineBackend

Open = Callable[..., DialogDriver]
HOLIDAYS = CalendarRecord(7, "Holidays", None, None, (0, 1, 2, 3, 4), (), (), 0, NOW, NOW)
EXTREMES = [
    Policies(**{name: type(getattr(Policies(), name))(limits[end]) for name, limits in items})
    for end in (0, 1)
    for items in [POLICY_RANGES.items()]
]


@pytest.fixture
def fake_backend() -> EngineBackend:
    backend = EngineBackend()
    backend.calendars[HOLIDAYS.id] = HOLIDAYS
    return backend


@pytest.fixture
def opened(qtbot: QtBot, operations: Operations, fake_backend: EngineBackend) -> Open:
    def open_dialog(record: TaskRecord | None = None) -> DialogDriver:
        return DialogDriver(qtbot, operations, fake_backend.clock, record)

    return open_dialog


def summaries(driver: DialogDriver) -> dict[str, str]:
    """What each section says while it is folded, by its heading."""
    folds = driver.dialog.findChildren(Collapsible)
    return {fold.findChildren(QToolButton)[0].text(): fold.summary() for fold in folds}


def test_that_a_plain_task_has_nothing_unusual_in_any_section(opened: Open) -> None:
    said = summaries(opened(a_task()))
    for section in ("Calendar and dates", "Overlap and missed runs", "Failures and retries"):
        assert said[section] == "As usual"


def test_that_a_folded_section_says_what_differs_from_the_default(opened: Open) -> None:
    policies = Policies(overlap=OverlapPolicy.ALLOW, grace_seconds=600, max_attempts=3)
    said = summaries(
        opened(
            a_task(
                policies=policies,
                calendar_id=7,
                calendar_name="Holidays",
                jitter_seconds=300,
                max_runs=12,
            )
        )
    )
    assert said["Overlap and missed runs"] == "Overlap: Run side by side · Grace: 10 min"
    assert said["Failures and retries"] == "Attempts: 3"
    assert said["Calendar and dates"] == (
        "Calendar: Holidays · Runs at most: 12 · Random delay: 5 min"
    )


@pytest.mark.parametrize("policy", OverlapPolicy)
def test_that_each_overlap_policy_says_what_it_does(opened: Open, policy: OverlapPolicy) -> None:
    driver = opened(a_task(policies=Policies(overlap=policy)))
    assert driver.dialog._form.note_text("overlap") == overlap_meaning(policy)


def test_that_a_number_without_a_meaning_is_left_out(opened: Open) -> None:
    driver = opened(a_task(policies=Policies(catch_up=CatchUpPolicy.LATEST)))
    driver.click(QToolButton, "Overlap and missed runs")
    beside = named(driver.dialog, QSpinBox, "Side by side")
    assert not beside.isVisible()
    named(driver.dialog, QComboBox, "Overlap").setCurrentIndex(4)
    assert beside.isVisible()
    within = named(driver.dialog, QSpinBox, "Made up for within")
    assert within.isVisible()
    named(driver.dialog, QComboBox, "Missed runs").setCurrentIndex(1)
    assert not within.isVisible()


def test_that_a_chosen_calendar_and_its_policy_are_sent(opened: Open, qtbot: QtBot) -> None:
    driver = opened(a_task(id=4))
    calendar = named(driver.dialog, QComboBox, "Calendar")
    qtbot.waitUntil(lambda: calendar.count() == 2)
    policy = named(driver.dialog, QComboBox, "On a closed day")
    assert policy.isHidden() or not policy.isVisible()
    calendar.setCurrentIndex(1)
    policy.setCurrentIndex(1)
    driver.settle()
    driver.press("Ctrl+Return")
    assert driver.submitted == [
        EditTask(4, calendar_id=7, calendar_policy=CalendarPolicy.NEXT_OPEN_DAY)
    ]


def test_that_a_calendar_out_of_sight_stays_chosen(opened: Open, qtbot: QtBot) -> None:
    driver = opened(a_task(calendar_id=3, calendar_name="Of another school"))
    calendar = named(driver.dialog, QComboBox, "Calendar")
    qtbot.waitUntil(lambda: calendar.count() == 3)
    assert calendar.currentText() == "Of another school"
    assert not driver.save.isEnabled()


def test_that_number_of_runs_and_delay_are_sent(opened: Open) -> None:
    driver = opened(a_task(id=4))
    named(driver.dialog, QSpinBox, "Runs at most").setValue(10)
    named(driver.dialog, QSpinBox, "Random delay").setValue(3)
    driver.settle()
    driver.press("Ctrl+Return")
    assert driver.submitted == [EditTask(4, max_runs=10, jitter_seconds=180)]


@pytest.mark.parametrize("policies", EXTREMES)
def test_that_policies_at_their_limits_are_shown_unchanged(
    opened: Open, policies: Policies
) -> None:
    driver = opened(a_task(policies=policies))
    assert driver.save.toolTip() == "Nothing has been changed."


def test_that_a_policy_with_more_decimals_than_are_shown_stays(opened: Open) -> None:
    driver = opened(a_task(id=4, policies=Policies(retry_factor=1.125, max_attempts=2)))
    assert driver.save.toolTip() == "Nothing has been changed."


def test_that_a_refused_policy_unfolds_its_section(opened: Open) -> None:
    driver = opened(a_task(policies=Policies(no_new_samples=NoNewSamples.SKIP)))
    grace = named(driver.dialog, QSpinBox, "Grace")
    assert not grace.isVisible()
    refusal = InvalidValueError("field.out_of_range", field="grace_seconds", value=1, low=2, high=3)
    driver.dialog.show_error(refusal)
    assert grace.isVisible()
    assert driver.dialog._form.note_text("grace_seconds")


def test_that_a_new_task_says_when_its_dependencies_can_be_set(opened: Open) -> None:
    assert summaries(opened())["Dependencies"] == "After the task has been created"
