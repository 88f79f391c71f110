"""The task dialog: three fields make a task, and nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QSpinBox,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from core.contracts.commands import CreateTask, EditTask
from core.contracts.records import TaskRecord
from core.domain.task import NoNewSamples, Policies, TrainingMode
from core.domain.trigger import TriggerType
from core.errors import UnavailableError
from gui.operations import Operations
from gui.widgets.zone_box import machine_zone
from tests.builders import NOW, a_school, a_task
from tests.gui.dialog_driver import DialogDriver, named
from tests.gui.engine import EngineBackend

Open = Callable[..., DialogDriver]
# The list that completes a zone is a window that offscreen Qt cannot raise or give the keyboard.
completes = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def fake_backend() -> EngineBackend:
    return EngineBackend()


@pytest.fixture
def opened(qtbot: QtBot, operations: Operations, fake_backend: EngineBackend) -> Open:
    def open_dialog(record: TaskRecord | None = None) -> DialogDriver:
        return DialogDriver(qtbot, operations, fake_backend.clock, record)

    return open_dialog


# creating


def test_that_a_name_is_all_a_nightly_full_training_needs(opened: Open) -> None:
    driver = opened()
    driver.type_into(driver.name, "Nightly")
    assert driver.save.isEnabled()
    driver.press("Ctrl+Return")
    assert driver.submitted == [
        CreateTask(
            "Nightly",
            TriggerType.CRON,
            TrainingMode.FULL,
            cron_expression="0 2 * * *",
            timezone=machine_zone(),
        )
    ]


def test_that_a_disabled_save_button_says_why(opened: Open) -> None:
    driver = opened()
    assert not driver.save.isEnabled()
    assert driver.save.toolTip() == "Give the task a name."


def test_that_saving_without_a_name_leads_to_the_name(opened: Open) -> None:
    driver = opened()
    driver.cron.setFocus()
    driver.press("Ctrl+Return")
    assert driver.dialog.focusWidget() is driver.name
    assert driver.submitted == []


def test_that_a_cron_line_is_said_in_words_with_its_next_five_runs(opened: Open) -> None:
    driver = opened()
    driver.type_into(driver.cron, "30 6 * * 1-5")
    driver.settle()
    assert "06:30" in driver.preview.headline()
    assert len([line for line in driver.preview.lines() if "06:30" in line]) == 5


def test_that_a_wrong_cron_line_keeps_its_text_and_cannot_be_saved(opened: Open) -> None:
    driver = opened()
    driver.type_into(driver.name, "Nightly")
    driver.type_into(driver.cron, "0 25 * * *")
    driver.settle()
    assert "25" in driver.preview.headline()
    assert driver.cron.text() == "0 25 * * *"
    assert not driver.save.isEnabled()
    driver.type_into(driver.cron, "0 23 * * *")
    driver.settle()
    assert driver.save.isEnabled()


def test_that_an_empty_cron_line_asks_for_one_instead_of_scolding(opened: Open) -> None:
    driver = opened()
    driver.type_into(driver.name, "Nightly")
    driver.type_into(driver.cron, "")
    assert driver.preview.headline().startswith("Type a cron line")
    assert not driver.save.isEnabled()


def test_that_full_width_digits_are_understood(opened: Open) -> None:
    driver = opened()
    driver.type_into(driver.cron, "３０ ６ * * *")
    driver.settle()
    assert "06:30" in driver.preview.headline()


def test_that_saving_before_the_answer_waits_for_it(
    opened: Open, fake_backend: EngineBackend, qtbot: QtBot
) -> None:
    driver = opened()
    driver.type_into(driver.name, "Nightly")
    with fake_backend.holding("preview"):
        driver.type_into(driver.cron, "0 4 * * *")
        driver.press("Ctrl+Return")
        assert driver.submitted == []
    qtbot.waitUntil(lambda: len(driver.submitted) == 1)
    assert driver.submitted[0].cron_expression == "0 4 * * *"


def test_that_saving_a_line_that_is_then_refused_submits_nothing(
    opened: Open, fake_backend: EngineBackend
) -> None:
    driver = opened()
    driver.type_into(driver.name, "Nightly")
    with fake_backend.holding("preview"):
        driver.type_into(driver.cron, "0 99 * * *")
        driver.press("Ctrl+Return")
    driver.settle()
    assert driver.submitted == []


def test_that_an_interval_is_a_number_and_a_unit(opened: Open) -> None:
    driver = opened()
    driver.type_into(driver.name, "Often")
    driver.click(QAbstractButton, "When: Interval")
    driver.type_into(named(driver.dialog, QSpinBox, "Every"), "９０")
    unit = named(driver.dialog, QComboBox, "Unit of Every")
    unit.setFocus()
    QTest.keyClicks(unit, "minutes")
    driver.settle()
    driver.press("Ctrl+Return")
    command = driver.submitted[0]
    assert (command.trigger_type, command.interval_seconds) == (TriggerType.INTERVAL, 5400)
    assert command.cron_expression is None
    assert command.anchor_at is None


def test_that_a_time_that_has_passed_is_refused_in_place(opened: Open) -> None:
    driver = opened()
    driver.type_into(driver.name, "Once")
    driver.click(QAbstractButton, "When: Once")
    driver.settle()
    assert driver.save.isEnabled()
    driver.once.setDate(driver.once.date().addYears(-1))
    driver.settle()
    assert "has passed" in driver.preview.headline()
    assert not driver.save.isEnabled()


@completes
def test_that_a_once_time_is_read_in_the_chosen_zone(opened: Open) -> None:
    driver = opened()
    driver.type_into(driver.name, "Once")
    driver.click(QToolButton, "More")
    zone = named(driver.dialog, QComboBox, "Time zone")
    driver.type_into(zone, "asia/shanghai")
    driver.click(QAbstractButton, "When: Once")
    driver.once.setDateTime(driver.once.dateTime().addDays(1))
    shown = driver.once.dateTime().toString("yyyy-MM-dd HH:mm")
    driver.settle()
    driver.press("Ctrl+Return")
    command = driver.submitted[0]
    assert command.timezone == "Asia/Shanghai"
    assert f"{command.run_at + timedelta(hours=8):%Y-%m-%d %H:%M}" == shown


@completes
def test_that_an_unknown_zone_is_named_and_cannot_be_saved(opened: Open) -> None:
    driver = opened()
    driver.type_into(driver.name, "Nightly")
    driver.click(QToolButton, "More")
    driver.type_into(named(driver.dialog, QComboBox, "Time zone"), "Mars/Base")
    assert "Mars/Base" in driver.preview.headline()
    assert not driver.save.isEnabled()


def test_that_a_window_in_which_nothing_runs_cannot_be_saved(opened: Open) -> None:
    driver = opened()
    driver.type_into(driver.name, "Nightly")
    driver.click(QToolButton, "More")
    driver.click(QToolButton, "Calendar and dates")
    driver.click(QCheckBox, "Not before")
    driver.click(QCheckBox, "Not after")
    end = driver.dialog.findChildren(type(driver.once))[-1]
    end.setDate(end.date().addMonths(-3))
    driver.settle()
    assert not driver.save.isEnabled()
    assert driver.preview.lines() == ()


def test_that_schools_are_offered_with_all_schools_first(
    opened: Open, fake_backend: EngineBackend, qtbot: QtBot
) -> None:
    fake_backend.put(a_school(id=7, name="红星小学"))
    driver = opened()
    school = named(driver.dialog, QComboBox, "School")
    qtbot.waitUntil(lambda: school.count() == 2)
    assert [school.itemText(k) for k in range(2)] == ["All schools", "红星小学"]
    school.setCurrentIndex(1)
    driver.type_into(driver.name, "Nightly")
    driver.press("Ctrl+Return")
    assert driver.submitted[0].school_id == 7


def test_that_forcing_belongs_to_full_training_and_missing_samples_to_incremental(
    opened: Open,
) -> None:
    driver = opened()
    force = named(driver.dialog, QCheckBox, "Train even if nothing has changed")
    without_samples = named(driver.dialog, QComboBox, "Without new samples")
    assert (force.isEnabled(), without_samples.isEnabled()) == (True, False)
    driver.click(QAbstractButton, "Training: Incremental")
    assert (force.isEnabled(), without_samples.isEnabled()) == (False, True)


def test_that_an_unreachable_database_is_said_where_the_runs_would_be(
    opened: Open, fake_backend: EngineBackend
) -> None:
    driver = opened()
    fake_backend.refuse("preview", UnavailableError("database.unavailable", detail="gone"))
    driver.type_into(driver.cron, "0 5 * * *")
    driver.settle()
    assert "gone" in driver.preview.headline()


def test_that_the_next_runs_move_on_while_the_dialog_stays_open(
    opened: Open, fake_backend: EngineBackend
) -> None:
    driver = opened()
    first = driver.preview.lines()[0]
    fake_backend.clock.advance(days=1)
    driver.dialog._recheck.timeout.emit()
    driver.settle()
    assert driver.preview.lines()[0] != first


def test_that_tab_goes_through_the_fields_from_top_to_bottom(opened: Open) -> None:
    driver = opened()
    driver.type_into(driver.name, "Nightly")
    seen: list[str] = []
    for _step in range(9):
        driver.press("Tab")
        focused = driver.dialog.focusWidget()
        assert focused is not None
        text = focused.text() if isinstance(focused, QAbstractButton) else ""
        seen.append(focused.accessibleName() or text)
    assert seen == [
        "When: Cron",
        "Cron line",
        "Ready-made cron lines",
        "Training: Full",
        "Train even if nothing has changed",
        "School",
        "More",
        "Cancel",
        "Create task",
    ]


# editing


def test_that_only_what_was_changed_is_sent(opened: Open) -> None:
    driver = opened(a_task(id=4))
    driver.type_into(driver.name, "Renamed")
    driver.press("Ctrl+Return")
    assert driver.submitted == [EditTask(4, name="Renamed")]


def test_that_an_unchanged_task_cannot_be_saved(opened: Open) -> None:
    driver = opened(a_task())
    assert not driver.save.isEnabled()
    assert driver.save.toolTip() == "Nothing has been changed."


def test_that_changing_the_kind_of_trigger_sends_kind_field_and_start(opened: Open) -> None:
    driver = opened(a_task(id=4))
    driver.click(QAbstractButton, "When: Interval")
    driver.settle()
    driver.press("Ctrl+Return")
    assert driver.submitted == [
        EditTask(4, trigger_type=TriggerType.INTERVAL, interval_seconds=3600, anchor_at=NOW)
    ]


def test_that_a_task_whose_time_has_passed_can_still_be_renamed(opened: Open) -> None:
    past = a_task(
        id=4,
        trigger_type=TriggerType.ONCE,
        cron_expression=None,
        run_at=NOW - timedelta(days=1),
    )
    driver = opened(past)
    assert "has passed" in driver.preview.headline()
    driver.type_into(driver.name, "Renamed")
    driver.press("Ctrl+Return")
    assert driver.submitted == [EditTask(4, name="Renamed")]


def test_that_a_second_and_the_repeated_hour_survive_an_edit_of_the_name(opened: Open) -> None:
    second_of_two = datetime(2026, 10, 25, 1, 30, 15, tzinfo=UTC)
    driver = opened(
        a_task(
            id=4,
            trigger_type=TriggerType.ONCE,
            cron_expression=None,
            run_at=second_of_two,
            timezone="Europe/Berlin",
        )
    )
    assert driver.once.text() == "2026-10-25 02:30:15"
    driver.type_into(driver.name, "Renamed")
    driver.press("Ctrl+Return")
    assert driver.submitted == [EditTask(4, name="Renamed")]


def test_that_more_is_open_only_where_it_holds_something_of_the_task(opened: Open) -> None:
    plain = opened(a_task(timezone=machine_zone()))
    special = opened(a_task(policies=Policies(no_new_samples=NoNewSamples.SKIP)))
    assert not named(plain.dialog, QToolButton, "More").isChecked()
    assert named(special.dialog, QToolButton, "More").isChecked()


def test_that_folding_more_away_gives_its_height_back(opened: Open, qtbot: QtBot) -> None:
    driver = opened()
    before = driver.dialog.height()
    driver.click(QToolButton, "More")
    qtbot.waitUntil(lambda: driver.dialog.height() > before)
    driver.click(QToolButton, "More")
    qtbot.waitUntil(lambda: driver.dialog.height() == before)
