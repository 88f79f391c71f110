"""Which language the window starts in, what it remembers, and whether it can be shown at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QCoreApplication, QLocale, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.language import current_language
from gui.display import can_show_windows
from gui.i18n import LanguageSwitch, first_language
from gui.ui_state import UiState


@pytest.mark.parametrize(
    ("asked", "remembered", "environment", "system", "language"),
    [
        ("en", "zh_CN", {"LANG": "zh_CN.UTF-8"}, "zh_CN", "en"),
        (None, "en", {"TRAINTABLE_LANGUAGE": "zh_CN"}, "en_US", "zh_CN"),
        (None, "zh_CN", {"LANG": "en_US.UTF-8"}, "en_US", "zh_CN"),
        (None, None, {"LANG": "zh_CN.UTF-8"}, "en_US", "zh_CN"),
        (None, None, {}, "zh_CN", "zh_CN"),
        (None, None, {}, "de_DE", "en"),
    ],
)
def test_that_a_flag_beats_the_environment_the_last_choice_and_the_system(
    asked: str | None,
    remembered: str | None,
    environment: dict[str, str],
    system: str,
    language: str,
) -> None:
    assert first_language(asked, remembered, environment, system) == language


def test_that_changing_the_language_changes_qt_s_own_words_and_dates(
    qtbot: QtBot, qapp: QApplication, root: QObject
) -> None:
    switch = LanguageSwitch(root)
    with qtbot.waitSignal(switch.changed):
        switch.use("zh_CN")
    assert current_language() == "zh_CN"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "取消"
    assert QLocale().language() is QLocale.Language.Chinese
    switch.use("en")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"
    assert QLocale().language() is QLocale.Language.English


def test_that_the_arrangement_of_the_window_is_found_again(tmp_path: Path) -> None:
    first = UiState(tmp_path / "window.ini")
    first.geometry = QByteArray(b"somewhere")
    first.page = "models"
    first.language = "zh_CN"
    first.save()
    again = UiState(tmp_path / "window.ini")
    assert again.geometry == QByteArray(b"somewhere")
    assert (again.page, again.language) == ("models", "zh_CN")


@pytest.mark.parametrize("content", ["", "\x00\x01", "[window]\npage=@Size(3 4)\ngeometry=7\n"])
def test_that_a_damaged_memory_is_no_memory(tmp_path: Path, content: str) -> None:
    file = tmp_path / "window.ini"
    file.write_text(content)
    state = UiState(file)
    assert (state.geometry, state.page, state.language) == (None, "", None)


@pytest.mark.parametrize(
    ("platform", "environment", "can_show"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"QT_QPA_PLATFORM": "offscreen"}, True),
        ("win32", {}, True),
        ("darwin", {}, True),
    ],
)
def test_that_windows_need_a_display(
    platform: str, environment: dict[str, str], can_show: bool
) -> None:
    assert can_show_windows(platform, environment) is can_show
