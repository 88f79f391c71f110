"""The window's own part: pages by keyboard and mouse, banners, language, and what it remembers."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from core.contracts.events import ConnectionChanged
from core.language import set_language
from gui.bridge import Bridge
from gui.main_window import FIRST_SIZE, MainWindow
from gui.operations import Operations
from gui.ui_state import UiState
from gui.views.navigation import PageName
from gui.views.opening_view import OpeningView
from gui.widgets.banner import Banner
from tests.fakes import FakeBackend
from tests.gui.shell_pages import BlankPage, blank_pages, entries


@pytest.fixture
def state(tmp_path: Path) -> UiState:
    return UiState(tmp_path / "window.ini")


@pytest.fixture
def pages() -> dict[PageName, BlankPage]:
    return blank_pages()


@pytest.fixture
def window(qtbot: QtBot, state: UiState, pages: dict[PageName, BlankPage]) -> MainWindow:
    made = _window(qtbot, state)
    made.show_pages(entries(pages))
    return made


def test_that_a_window_without_a_database_says_that_it_opens_one(
    qtbot: QtBot, state: UiState
) -> None:
    window = _window(qtbot, state)
    window.show_opening()
    assert window.findChild(OpeningView).isVisible()
    assert not _button(window, "Tasks").isEnabled()


def test_that_a_click_shows_a_page(
    qtbot: QtBot, window: MainWindow, pages: dict[PageName, BlankPage]
) -> None:
    assert pages[PageName.TASKS].isVisible()
    qtbot.mouseClick(_button(window, "Models"), Qt.MouseButton.LeftButton)
    assert pages[PageName.MODELS].isVisible()
    assert not pages[PageName.TASKS].isVisible()


@pytest.mark.parametrize(("key", "name"), list(zip("1234", PageName, strict=True)))
def test_that_ctrl_and_a_digit_show_a_page(
    qtbot: QtBot, window: MainWindow, pages: dict[PageName, BlankPage], key: str, name: PageName
) -> None:
    qtbot.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(pages[name].isVisible)


def test_that_f5_loads_the_page_that_is_shown_again(
    qtbot: QtBot, window: MainWindow, pages: dict[PageName, BlankPage]
) -> None:
    window.go_to(PageName.TIMELINE)
    qtbot.keyClick(window, Qt.Key.Key_F5)
    assert [page.refreshed for page in pages.values()] == [0, 1, 0, 0]


def test_that_the_last_page_and_size_are_found_again(
    qtbot: QtBot, window: MainWindow, state: UiState
) -> None:
    window.go_to(PageName.SAMPLES)
    window.resize(960, 700)
    window.allow_close()
    pages = blank_pages()
    again = _window(qtbot, state)
    again.show_pages(entries(pages))
    assert pages[PageName.SAMPLES].isVisible()
    assert again.height() == 700


def test_that_a_screen_without_room_for_the_first_size_is_filled(
    qtbot: QtBot, state: UiState
) -> None:
    window = _window(qtbot, state)
    assert window.screen().availableGeometry().width() < FIRST_SIZE[0]
    assert window.isMaximized()


def test_that_closing_is_only_a_request(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.close_requested):
        window.close()
    assert window.isVisible()
    window.allow_close()
    assert not window.isVisible()


def test_that_an_error_stays_until_it_is_closed(qtbot: QtBot, window: MainWindow) -> None:
    window.show_error("It broke.", "Traceback")
    assert [banner.text() for banner in _visible_banners(window)] == ["It broke."]
    qtbot.mouseClick(_visible_banners(window)[0].findChild(QToolButton), Qt.MouseButton.LeftButton)
    assert _visible_banners(window) == []


def test_that_a_lost_database_is_said_until_it_is_back(
    qtbot: QtBot,
    window: MainWindow,
    fake_backend: FakeBackend,
    operations: Operations,
    bridge: Bridge,
) -> None:
    window.follow(operations, bridge)
    fake_backend.announce(ConnectionChanged, sentence="The database is away.")
    qtbot.waitUntil(lambda: bool(_visible_banners(window)))
    assert _visible_banners(window)[0].text() == "The database is away."
    fake_backend.announce(ConnectionChanged, sentence=None)
    qtbot.waitUntil(lambda: not _visible_banners(window))


def test_that_every_page_is_told_of_a_new_language(
    window: MainWindow, pages: dict[PageName, BlankPage]
) -> None:
    set_language("zh_CN")
    window.retranslate()
    assert [page.translated for page in pages.values()] == [1, 1, 1, 1]


def test_that_the_other_language_is_offered_by_its_own_name(
    qtbot: QtBot, window: MainWindow
) -> None:
    button = _button(window.statusBar(), "中文")
    with qtbot.waitSignal(window.language_chosen) as chosen:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert chosen.args == ["zh_CN"]


def test_that_every_control_has_a_name_for_screen_readers(window: MainWindow) -> None:
    buttons = [one for one in window.findChildren(QToolButton) if one.isVisible()]
    assert buttons
    assert all(button.accessibleName() for button in buttons)


def _window(qtbot: QtBot, state: UiState) -> MainWindow:
    window = MainWindow(state)
    qtbot.addWidget(window, before_close_func=lambda it: it.allow_close())
    window.show()
    return window


def _button(parent: QWidget, words: str) -> QToolButton:
    return next(one for one in parent.findChildren(QToolButton) if one.text() == words)


def _visible_banners(window: MainWindow) -> list[Banner]:
    return [banner for banner in window.findChildren(Banner) if banner.isVisible()]
