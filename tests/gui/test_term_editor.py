"""The term editor: every term trigger can be entered, and comes out as it was put in."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QComboBox, QSpinBox, QTimeEdit, QWidget
from pytestqt.qtbot import QtBot

from core.domain.calendar import RangeKind
from core.domain.term import (
    MAX_OPEN_DAYS,
    MAX_WEEK,
    FirstOpenDay,
    OpenDaysBefore,
    TermRule,
    TermTrigger,
    WeekdayOfWeek,
)
from core.domain.term_text import to_text
from core.domain.trigger import Cron, TriggerType
from gui.widgets.segmented import Segmented
from gui.widgets.term_editor import TermEditor
from gui.widgets.trigger_editor import TriggerEditor
from tests.builders import NOW, ZONE
from tests.gui.dialog_driver import commit_text, named

KINDS = st.sampled_from(RangeKind)
RULES: st.SearchStrategy[TermRule] = st.one_of(
    st.builds(FirstOpenDay, KINDS),
    st.builds(WeekdayOfWeek, st.integers(0, 6), st.integers(1, MAX_WEEK), KINDS),
    st.builds(OpenDaysBefore, st.integers(1, MAX_OPEN_DAYS), KINDS),
)
TRIGGERS = st.builds(TermTrigger, RULES, st.times().map(lambda at: at.replace(microsecond=0)))


def an_editor(qtbot: QtBot) -> TermEditor:
    editor = TermEditor()
    qtbot.addWidget(editor)
    return editor


def choose(editor: QWidget, name: str, words: str) -> None:
    named(editor, QComboBox, name).setCurrentText(words)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(first=TRIGGERS, second=TRIGGERS)
def test_that_a_term_trigger_comes_out_as_it_was_put_in(
    qtbot: QtBot, first: TermTrigger, second: TermTrigger
) -> None:
    editor = an_editor(qtbot)
    for trigger in (first, second):
        editor.set_trigger(trigger)
        assert editor.trigger() == trigger


def test_that_the_first_open_day_of_each_term_is_offered_first(qtbot: QtBot) -> None:
    assert to_text(an_editor(qtbot).trigger()) == "first-open-day of term at 07:00"


def test_that_a_weekday_of_a_week_is_entered_with_its_number_and_time(qtbot: QtBot) -> None:
    editor = an_editor(qtbot)
    choose(editor, "Day", "Weekday of a week of each")
    choose(editor, "Kind of range", "exam time")
    choose(editor, "Weekday", "Thursday")
    week = named(editor, QSpinBox, "Week")
    week.selectAll()
    commit_text(week, "１２")
    at = named(editor, QTimeEdit, "Time of day")
    at.setTime(at.time().addSecs(90 * 60))
    assert to_text(editor.trigger()) == "thu of week 12 of exam at 08:30"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("First open day of each", set()),
        ("Weekday of a week of each", {"Weekday", "Week"}),
        ("Open days before each", {"Days"}),
    ],
)
def test_that_only_what_the_rule_needs_is_in_sight(
    qtbot: QtBot, words: str, shown: set[str]
) -> None:
    editor = an_editor(qtbot)
    choose(editor, "Day", words)
    boxes: list[QWidget] = [named(editor, QComboBox, "Weekday")]
    boxes += [named(editor, QSpinBox, name) for name in ("Week", "Days")]
    assert {box.accessibleName() for box in boxes if box.isVisibleTo(editor)} == shown


def test_that_every_edit_is_told(qtbot: QtBot) -> None:
    editor = an_editor(qtbot)
    for box in editor.findChildren(QComboBox):
        with qtbot.waitSignal(editor.changed):
            box.setCurrentIndex(box.currentIndex() + 1)
    for number in (*editor.findChildren(QSpinBox), named(editor, QTimeEdit, "Time of day")):
        with qtbot.waitSignal(editor.changed):
            number.stepUp()


# as one of the kinds of trigger


def test_that_a_term_trigger_is_shown_under_its_kind(qtbot: QtBot) -> None:
    editor = TriggerEditor(NOW, ZONE)
    qtbot.addWidget(editor)
    trigger = TermTrigger(OpenDaysBefore(2), time(18))
    editor.set_trigger(trigger, ZONE)
    assert editor.kind() is TriggerType.TERM
    assert editor.trigger(ZONE) == trigger


def test_that_what_was_entered_is_kept_while_another_kind_is_chosen(qtbot: QtBot) -> None:
    editor = TriggerEditor(NOW, ZONE)
    qtbot.addWidget(editor)
    editor.set_trigger(TermTrigger(WeekdayOfWeek(2, 3), time(6, 30)), ZONE)
    editor.set_trigger(Cron("0 2 * * *"), ZONE)
    assert editor.trigger(ZONE) == Cron("0 2 * * *")
    kinds = editor.findChild(Segmented)
    assert kinds is not None
    kinds.set_value(TriggerType.TERM)
    assert editor.trigger(ZONE) == TermTrigger(WeekdayOfWeek(2, 3), time(6, 30))
