"""Banner, badge, card, empty state, elided label: what they show, and that nothing is cut off."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from core.domain.execution import ExecutionStatus
from gui.formatting import execution_look
from gui.tones import Tone
from gui.widgets.banner import Banner
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.empty_state import EmptyState
from gui.widgets.stat_card import StatCard
from gui.widgets.status_badge import StatusBadge

W = TypeVar("W", bound=QWidget)


def test_that_a_banner_unfolds_its_details_and_copies_all(qtbot: QtBot) -> None:
    banner = _shown(qtbot, Banner())
    banner.show_message("It broke.", details="Traceback")
    details = banner.findChild(QPlainTextEdit)
    assert not details.isVisible()
    qtbot.mouseClick(_button(banner, "Details"), Qt.MouseButton.LeftButton)
    assert details.isVisible()
    qtbot.mouseClick(_button(banner, "Copy"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "It broke.\n\nTraceback"


def test_that_a_banner_without_details_offers_none(qtbot: QtBot) -> None:
    banner = _shown(qtbot, Banner())
    banner.show_message("It broke.", details="Traceback")
    banner.show_message("A foreseen failure.")
    assert not _button(banner, "Details").isVisible()
    assert not banner.findChild(QPlainTextEdit).isVisible()


def test_that_a_banner_is_closed_by_its_button_and_says_so(qtbot: QtBot) -> None:
    banner = _shown(qtbot, Banner())
    banner.show_message("It broke.")
    with qtbot.waitSignal(banner.closed):
        qtbot.mouseClick(banner.findChild(QToolButton), Qt.MouseButton.LeftButton)
    assert banner.isHidden()
    assert banner.text() == ""


def test_that_a_banner_shows_markup_as_text(qtbot: QtBot) -> None:
    banner = _shown(qtbot, Banner())
    banner.show_message("<b>name</b>")
    formats = {label.textFormat() for label in banner.findChildren(QLabel) if label.text()}
    assert formats == {Qt.TextFormat.PlainText}


def test_that_a_banner_offers_its_action(qtbot: QtBot) -> None:
    banner = _shown(qtbot, Banner())
    banner.show_message("Waiting.", tone=Tone.ACCENT, action="Stop it now")
    with qtbot.waitSignal(banner.action_clicked):
        qtbot.mouseClick(_button(banner, "Stop it now"), Qt.MouseButton.LeftButton)


def test_that_an_empty_state_leads_to_the_next_step(qtbot: QtBot) -> None:
    empty = _shown(qtbot, EmptyState("tasks"))
    empty.set_texts("No task yet", "Create the first one.", "New task")
    with qtbot.waitSignal(empty.action_clicked):
        qtbot.mouseClick(_button(empty, "New task"), Qt.MouseButton.LeftButton)


def test_that_an_empty_state_without_a_next_step_has_no_button(qtbot: QtBot) -> None:
    empty = _shown(qtbot, EmptyState("search"))
    empty.set_texts("Nothing matches")
    assert not empty.findChild(QPushButton).isVisible()


def test_that_an_empty_state_gives_a_long_hint_its_lines(qtbot: QtBot) -> None:
    state = _shown(qtbot, EmptyState("tasks"))
    hint = "What stands here may be a long sentence, or two. " * 3
    state.set_texts("Nothing yet", hint)
    label = next(label for label in state.findChildren(QLabel) if label.text() == hint)
    qtbot.waitUntil(lambda: label.height() >= label.heightForWidth(label.width()))


def test_that_a_badge_is_wide_enough_for_its_word(qtbot: QtBot) -> None:
    badge = _shown(qtbot, StatusBadge(execution_look(ExecutionStatus.TIMED_OUT)))
    assert badge.width() > badge.fontMetrics().horizontalAdvance("Timed out")
    assert badge.accessibleName() == "Timed out"


def test_that_a_badge_without_a_look_takes_no_room(qtbot: QtBot) -> None:
    badge = StatusBadge()
    qtbot.addWidget(badge)
    assert badge.sizeHint().isEmpty()


def test_that_a_card_is_read_out_with_its_name(qtbot: QtBot) -> None:
    card = _shown(qtbot, StatCard("clock", Tone.SUCCESS))
    card.set_caption("Active tasks")
    card.set_value("12")
    assert card.accessibleName() == "Active tasks: 12"


def test_that_a_long_text_does_not_widen_its_window(qtbot: QtBot) -> None:
    label = _shown(qtbot, ElidedLabel("夜间训练 " * 100))
    assert label.minimumSizeHint().width() < 200
    label.resize(120, label.height())
    assert not label.grab().isNull()


def _shown(qtbot: QtBot, widget: W) -> W:
    qtbot.addWidget(widget)
    widget.show()
    return widget


def _button(parent: QWidget, words: str) -> QPushButton:
    return next(one for one in parent.findChildren(QPushButton) if one.text() == words)
