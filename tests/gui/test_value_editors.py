"""The small editors: they keep what was put in, and take what a person types."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from core.domain.task import CatchUpPolicy, Policies, TrainingMode
from core.domain.trigger import MAX_INTERVAL_SECONDS, MIN_INTERVAL_SECONDS, check_interval
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.duration_box import DAY, HOUR, MINUTE, DurationBox, Limits
from gui.widgets.policies_editor import PoliciesEditor
from gui.widgets.segmented import Segmented
from gui.widgets.wall_time_edit import WallTimeEdit
from gui.widgets.zone_box import ZoneBox, zone_names
from tests.builders import NOW
from tests.gui.dialog_driver import commit_text

ONE_WIDGET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
INTERVALS = Limits(MIN_INTERVAL_SECONDS, MAX_INTERVAL_SECONDS)


def scroll_over(widget: QWidget) -> None:
    """One notch of the wheel with the pointer over `widget`."""
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle,
        widget.mapToGlobal(middle),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


@ONE_WIDGET
@given(seconds=st.integers(MIN_INTERVAL_SECONDS, MAX_INTERVAL_SECONDS))
def test_that_a_length_comes_out_as_it_was_put_in(qtbot: QtBot, seconds: int) -> None:
    box = DurationBox(INTERVALS, "Every")
    qtbot.addWidget(box)
    box.set_seconds(seconds)
    assert box.seconds() == check_interval(seconds)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(90, "90 seconds"), (300, "5 minutes"), (5400, "90 minutes"), (7200, "2 hours")],
)
def test_that_a_length_is_shown_in_the_largest_unit_that_fits(
    qtbot: QtBot, seconds: int, shown: str
) -> None:
    box = DurationBox(INTERVALS, "Every")
    qtbot.addWidget(box)
    box.set_seconds(seconds)
    unit = box.findChildren(QComboBox)[0].currentText()
    assert f"{box.findChildren(QSpinBox)[0].value()} {unit}" == shown


@pytest.mark.parametrize("unit", [1, MINUTE, HOUR, DAY])
def test_that_no_unit_lets_a_length_out_of_its_limits(qtbot: QtBot, unit: int) -> None:
    box = DurationBox(INTERVALS, "Every")
    qtbot.addWidget(box)
    box.findChildren(ChoiceBox)[0].set_value(unit)
    number = box.findChildren(QSpinBox)[0]
    for edge in (number.minimum(), number.maximum()):
        number.setValue(edge)
        check_interval(box.seconds())


def test_that_full_width_digits_are_a_number(qtbot: QtBot) -> None:
    box = DurationBox(INTERVALS, "Every")
    qtbot.addWidget(box)
    number = box.findChildren(QSpinBox)[0]
    number.selectAll()
    commit_text(number, "４５")
    assert number.value() == 45


def test_that_scrolling_past_a_field_changes_nothing(qtbot: QtBot) -> None:
    box = DurationBox(INTERVALS, "Every")
    qtbot.addWidget(box)
    box.set_seconds(HOUR)
    for child in (*box.findChildren(QSpinBox), *box.findChildren(QComboBox)):
        scroll_over(child)
    assert box.seconds() == HOUR


@ONE_WIDGET
@given(
    at=st.datetimes(datetime(2001, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - made aware below
    zone=st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "Australia/Lord_Howe", "UTC"]),
)
def test_that_an_instant_comes_out_as_it_was_put_in(qtbot: QtBot, at: datetime, zone: str) -> None:
    edit = WallTimeEdit("At")
    qtbot.addWidget(edit)
    edit.set_instant(at.replace(tzinfo=UTC), zone)
    assert edit.instant(zone) == at.replace(tzinfo=UTC)


def test_that_another_zone_keeps_what_the_clock_shows(qtbot: QtBot) -> None:
    edit = WallTimeEdit("At")
    qtbot.addWidget(edit)
    edit.set_instant(NOW, "Asia/Shanghai")
    assert edit.text() == "2026-03-02 14:00"
    assert edit.instant("Europe/Berlin") == NOW + timedelta(hours=7)


def test_that_a_time_this_machine_skips_can_be_entered(qtbot: QtBot) -> None:
    edit = WallTimeEdit("At")
    qtbot.addWidget(edit)
    edit.set_instant(datetime(2026, 3, 28, 18, 30, tzinfo=UTC), "Asia/Shanghai")
    assert edit.text() == "2026-03-29 02:30"


@pytest.mark.parametrize(
    ("typed", "zone"),
    [("asia/shanghai", "Asia/Shanghai"), (" UTC ", "UTC"), ("ａsia/Ｔokyo", "Asia/Tokyo")],
)
def test_that_a_zone_is_known_in_any_spelling(qtbot: QtBot, typed: str, zone: str) -> None:
    box = ZoneBox()
    qtbot.addWidget(box)
    box.setEditText(typed)
    assert (box.is_known(), box.entered(), box.zone()) == (True, zone, zone)


def test_that_an_unknown_zone_keeps_its_text_and_the_last_good_zone(qtbot: QtBot) -> None:
    box = ZoneBox()
    qtbot.addWidget(box)
    box.set_zone("Europe/Berlin")
    box.setEditText("Europe/Berlino")
    assert (box.is_known(), box.entered(), box.zone()) == (
        False,
        "Europe/Berlino",
        "Europe/Berlin",
    )


def test_that_a_zone_is_found_by_a_part_of_its_name(qtbot: QtBot) -> None:
    box = ZoneBox()
    qtbot.addWidget(box)
    completer = box.completer()
    assert completer is not None
    completer.setCompletionPrefix("new_york")
    assert completer.currentCompletion() == "America/New_York"


def test_that_names_that_differ_by_machine_are_not_offered() -> None:
    assert not {"localtime", "Factory"} & set(zone_names())
    assert zone_names()[0].startswith("Africa/")


def test_that_arrow_keys_move_the_choice_of_segments(qtbot: QtBot) -> None:
    choice = Segmented[TrainingMode]([(mode, mode.value) for mode in TrainingMode], "Training")
    qtbot.addWidget(choice)
    choice.show()
    first = choice.findChildren(QAbstractButton)[0]
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    with qtbot.waitSignal(choice.chosen):
        QTest.keyClick(first, Qt.Key.Key_Right)
    assert choice.value() is TrainingMode.INCREMENTAL


def test_that_policies_nobody_edits_here_stay(qtbot: QtBot, qapp: QApplication) -> None:
    editor = PoliciesEditor(qapp)
    shown = Policies(
        grace_seconds=0,
        catch_up=CatchUpPolicy.NONE,
        catch_up_window_seconds=99,
        attempt_timeout_seconds=90,
    )
    editor.set_policies(shown)
    for row in editor.rows():
        qtbot.addWidget(row.control)
    assert editor.policies() == shown
