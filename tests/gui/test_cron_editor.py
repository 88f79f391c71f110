"""The cron editor: what is typed stays, presets fill, and the caption follows the cursor."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from core.domain.trigger import Cron, Schedule
from core.scheduling import fire_times
from gui.widgets.cron_editor import FIELDS, PRESETS, CronEditor, field_at
from tests.builders import NOW, ZONE


def underlined(editor: CronEditor) -> list[str]:
    return re.findall("<u>(.*?)</u>", editor.findChildren(QLabel)[0].text())


@pytest.mark.parametrize(("expression", "_words"), PRESETS)
def test_that_every_preset_is_a_line_the_engine_takes(expression: str, _words: str) -> None:
    fire_times.check(Schedule(Cron(expression), ZONE), NOW)


def test_that_a_preset_fills_the_line(qtbot: QtBot) -> None:
    editor = CronEditor()
    qtbot.addWidget(editor)
    menu = editor.findChildren(QPushButton)[0].menu()
    assert menu is not None
    with qtbot.waitSignal(editor.changed):
        menu.actions()[3].trigger()
    assert editor.expression() == "0 3 * * 1"


def test_that_typing_announces_every_change_and_keeps_the_text(qtbot: QtBot) -> None:
    editor = CronEditor()
    qtbot.addWidget(editor)
    line = editor.findChildren(QLineEdit)[0]
    line.clear()
    heard: list[str] = []
    editor.changed.connect(lambda: heard.append(editor.expression()))
    QTest.keyClicks(line, "x 9")
    editor.set_invalid(is_invalid=True)
    assert heard == ["x", "x", "x 9"]
    assert line.text() == "x 9"


def test_that_the_caption_follows_the_cursor(qtbot: QtBot) -> None:
    editor = CronEditor()
    qtbot.addWidget(editor)
    line = editor.findChildren(QLineEdit)[0]
    QTest.keyClick(line, Qt.Key.Key_Home)
    assert underlined(editor) == ["minute"]
    QTest.keyClick(line, Qt.Key.Key_Right)
    QTest.keyClick(line, Qt.Key.Key_Right)
    assert underlined(editor) == ["hour"]


@pytest.mark.parametrize(
    ("text", "cursor", "field"),
    [
        ("", 0, 0),
        ("0", 1, 0),
        ("0 ", 2, 1),
        ("0 2 * * *", 9, 4),
        ("  0  2", 6, 1),
        ("@daily", 3, None),
        ("0 2 * * * *", 11, None),
    ],
)
def test_that_the_field_is_found_from_the_cursor(text: str, cursor: int, field: int | None) -> None:
    assert field_at(text, cursor) == field


@given(st.text(alphabet=" 0*,-/@\t", max_size=20), st.integers(0, 20))
def test_that_any_text_has_a_field_or_none(text: str, cursor: int) -> None:
    found = field_at(text, min(cursor, len(text)))
    assert found is None or 0 <= found < len(FIELDS)
