"""Colours that can be read, and icons that follow a live change of the colour scheme."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from core.paths import resources_folder
from gui import theme
from gui.tones import Ground, Tone

LIGHT, DARK = Qt.ColorScheme.Light, Qt.ColorScheme.Dark
ICONS = sorted((resources_folder() / "icons").glob("*.svg"))


@pytest.fixture(params=[LIGHT, DARK], ids=["light", "dark"])
def scheme(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[Qt.ColorScheme]:
    """Both looks, and light again afterwards."""
    theme.apply_scheme(qapp, request.param)
    yield request.param
    theme.apply_scheme(qapp, LIGHT)


def test_that_the_palette_says_which_scheme_it_is(scheme: Qt.ColorScheme) -> None:
    assert theme.is_dark() is (scheme is DARK)


@pytest.mark.parametrize("tone", Tone)
def test_that_every_ink_can_be_read_on_every_ground(scheme: Qt.ColorScheme, tone: Tone) -> None:
    ink = theme.colour(tone)
    for ground in (
        theme.colour(Ground.CANVAS),
        theme.colour(Ground.SURFACE),
        theme.soft(tone),
    ):
        assert _contrast(ink, ground) >= 4.5, (ink.name(), ground.name())


def test_that_a_filled_button_and_a_selected_row_can_be_read(scheme: Qt.ColorScheme) -> None:
    assert _contrast(theme.colour(Ground.ON_ACCENT), theme.colour(Tone.ACCENT)) >= 4.5
    assert _contrast(theme.colour(Tone.TEXT), theme.soft(Tone.ACCENT)) >= 4.5


@pytest.mark.parametrize("file", ICONS, ids=lambda file: file.stem)
def test_that_every_icon_is_a_line_drawing_without_a_colour_of_its_own(
    qapp: QApplication, file: Path
) -> None:
    drawing = ElementTree.fromstring(file.read_text())  # noqa: S314 - our own files
    assert drawing.get("stroke") == "currentColor"
    assert drawing.get("viewBox") == "0 0 24 24"
    assert "#" not in file.read_text()
    # Large, so that thin lines cover whole pixels.
    assert theme.colour(Tone.DANGER).name() in _inks(theme.pixmap(file.stem, Tone.DANGER, 96))


def test_that_an_icon_made_before_a_change_of_scheme_is_painted_in_the_new_colour(
    qapp: QApplication, qtbot: QtBot
) -> None:
    icon = theme.icon("tasks", Tone.ACCENT)
    before = _inks(icon.pixmap(QSize(24, 24)))
    theme.apply_scheme(qapp, DARK)
    after = _inks(icon.pixmap(QSize(24, 24)))
    theme.apply_scheme(qapp, LIGHT)
    assert before == {"#2458c9"}
    assert after == {"#86acff"}


def test_that_a_disabled_icon_is_faint(qapp: QApplication) -> None:
    drawn = theme.icon("tasks").pixmap(QSize(24, 24), QIcon.Mode.Disabled)
    assert _inks(drawn) == {theme.faint().name()}


def test_that_a_primary_button_is_filled_with_the_accent(
    scheme: Qt.ColorScheme, qtbot: QtBot
) -> None:
    button = QPushButton("New task")
    qtbot.addWidget(button)
    theme.make_primary(button, "add")
    button.show()
    middle = button.grab().toImage().pixelColor(button.width() // 2, button.height() - 4)
    assert middle == theme.colour(Tone.ACCENT)


def _inks(drawn: QPixmap) -> set[str]:
    """The colours of all opaque pixels."""
    image = drawn.toImage()
    points = [(x, y) for x in range(image.width()) for y in range(image.height())]
    return {colour.name() for x, y in points if (colour := image.pixelColor(x, y)).alpha() == 255}


def _contrast(one: QColor, other: QColor) -> float:
    """WCAG 2 contrast."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: QColor) -> float:
    channels = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
