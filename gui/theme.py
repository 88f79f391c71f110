"""Colours, spacing and icons, light and dark: the only place with colour values, and no widgets.

Everything is looked up when it is painted, by the palette in force: a live change of the system's
colour scheme needs nothing but the repaint that Qt does anyway.
"""

from __future__ import annotations

from string import Template
from typing import Final

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPalette,
    QPixmap,
    QPixmapCache,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QLabel,
    QPushButton,
    QStyleFactory,
    QWidget,
)

from core.paths import resources_folder
from gui.tones import FAINT, GROUNDS, INKS, PALE, Ground, Tone

HALF: Final = 4
UNIT: Final = 8
GAP: Final = 16
MARGIN: Final = 24
"""The 8 px grid: inside a control, between neighbours, between groups, around a page."""
RADIUS: Final = 6
ICON_SIZE: Final = QSize(20, 20)


def is_dark() -> bool:
    """Whether the palette in force is the dark one."""
    return QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128


def colour(name: Tone | Ground) -> QColor:
    """The colour of a text, an icon or a ground, now."""
    pair = INKS[name] if isinstance(name, Tone) else GROUNDS[name]
    return QColor(pair[is_dark()])


def soft(tone: Tone) -> QColor:
    """The pale ground on which `tone` stands: badges, banners, selected rows."""
    return QColor(PALE[tone][is_dark()])


def faint() -> QColor:
    """Placeholders, disabled text and icons."""
    return QColor(FAINT[is_dark()])


def icon(name: str, tone: Tone | Ground | None = None) -> QIcon:
    """The line icon `resources/icons/NAME.svg`; without a tone in the colour of text.

    On a filled button it takes `Ground.ON_ACCENT`.
    """
    return QIcon(_LineIcon(name, tone))


def pixmap(name: str, tone: Tone | None = None, size: int = 20, ratio: float = 1.0) -> QPixmap:
    """The line icon as a picture of `size` logical pixels, for labels."""
    drawn = _drawn(name, colour(tone or Tone.TEXT), QSize(size, size) * ratio)
    drawn.setDevicePixelRatio(ratio)
    return drawn


def tabular(font: QFont) -> QFont:
    """`font` with figures of one width, so that columns of numbers stand still."""
    changed = QFont(font)
    changed.setFeature(QFont.Tag("tnum"), 1)
    return changed


def title_font(base: QFont) -> QFont:
    """The font of a page's title."""
    return _scaled(base, 1.5, QFont.Weight.DemiBold)


def heading_font(base: QFont) -> QFont:
    """The font of a group's heading."""
    return _scaled(base, 1.1, QFont.Weight.DemiBold)


def caption_font(base: QFont) -> QFont:
    """The font of captions and second lines."""
    return _scaled(base, 0.9, QFont.Weight.Normal)


def set_tone(label: QLabel, tone: Tone) -> None:
    """Colour a label's text by the style sheet, so that it follows a live change."""
    label.setProperty("tone", tone.value)
    repolish(label)


def make_primary(button: QPushButton, icon_name: str | None = None) -> None:
    """Fill a button with the accent: at most one on a page or dialog."""
    button.setProperty("primary", True)  # noqa: FBT003 - Qt's property call
    if icon_name:
        button.setIcon(icon(icon_name, Ground.ON_ACCENT))
    repolish(button)


def pad_spin_box(box: QAbstractSpinBox) -> None:
    """Let a spin box or date field begin its text where line edits do: Qt forgets the padding."""
    box.lineEdit().setTextMargins(HALF + 2, 0, 0, 0)


def repolish(widget: QWidget) -> None:
    """Apply the style sheet again after a property that it selects by has changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def follow_system(application: QApplication) -> None:
    """Style the application, light or dark as the system is, now and whenever that changes."""
    application.setStyle(QStyleFactory.create("Fusion"))
    hints = application.styleHints()
    apply_scheme(application, hints.colorScheme())
    hints.colorSchemeChanged.connect(lambda scheme: apply_scheme(application, scheme))


def apply_scheme(application: QApplication, scheme: Qt.ColorScheme) -> None:
    """Set palette and style sheet for light or dark."""
    application.setPalette(_palette(dark=scheme is Qt.ColorScheme.Dark))
    application.setStyleSheet(_style_sheet())


def _palette(*, dark: bool) -> QPalette:
    roles = QPalette.ColorRole
    grounds = {name: QColor(pair[dark]) for name, pair in GROUNDS.items()}
    tones = {name: QColor(pair[dark]) for name, pair in INKS.items()}
    faint_colour = QColor(FAINT[dark])
    palette = QPalette(grounds[Ground.SURFACE], grounds[Ground.CANVAS])
    for role, value in {
        roles.Window: grounds[Ground.CANVAS],
        roles.Base: grounds[Ground.SURFACE],
        roles.AlternateBase: grounds[Ground.CANVAS],
        roles.Button: grounds[Ground.SURFACE],
        roles.ToolTipBase: grounds[Ground.SURFACE],
        roles.Mid: grounds[Ground.BORDER],
        roles.WindowText: tones[Tone.TEXT],
        roles.Text: tones[Tone.TEXT],
        roles.ButtonText: tones[Tone.TEXT],
        roles.ToolTipText: tones[Tone.TEXT],
        roles.PlaceholderText: faint_colour,
        roles.Highlight: QColor(PALE[Tone.ACCENT][dark]),
        roles.HighlightedText: tones[Tone.TEXT],
        roles.Accent: tones[Tone.ACCENT],
        roles.Link: tones[Tone.ACCENT],
    }.items():
        palette.setColor(role, value)
    for role in (roles.WindowText, roles.Text, roles.ButtonText, roles.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, faint_colour)
    return palette


def _style_sheet() -> str:
    source = (resources_folder() / "themes" / "base.qss").read_text(encoding="utf-8")
    names = {name.value: colour(name).name() for name in (*Tone, *Ground)}
    pale = {f"{tone.value}_soft": soft(tone).name() for tone in Tone}
    return Template(source).substitute(
        names,
        faint=faint().name(),
        themes=(resources_folder() / "themes").as_posix(),
        scheme="dark" if is_dark() else "light",
        **pale,
    )


def _scaled(base: QFont, factor: float, weight: QFont.Weight) -> QFont:
    changed = QFont(base)
    if base.pointSizeF() > 0:
        changed.setPointSizeF(base.pointSizeF() * factor)
    else:
        changed.setPixelSize(round(base.pixelSize() * factor))
    changed.setWeight(weight)
    return changed


class _LineIcon(QIconEngine):
    """Draws an SVG in one colour, chosen at every painting."""

    def __init__(self, name: str, tone: Tone | Ground | None) -> None:
        super().__init__()
        self._name = name
        self._tone = tone

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        ratio = painter.device().devicePixelRatioF()
        drawn = self.pixmap(rect.size() * ratio, mode, state)
        drawn.setDevicePixelRatio(ratio)
        painter.drawPixmap(rect.topLeft(), drawn)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:  # noqa: ARG002 - Qt's signature
        is_off = mode is QIcon.Mode.Disabled
        return _drawn(self._name, faint() if is_off else colour(self._tone or Tone.TEXT), size)

    def clone(self) -> QIconEngine:
        return _LineIcon(self._name, self._tone)


def _drawn(name: str, ink: QColor, size: QSize) -> QPixmap:
    key = f"traintable/{name}/{ink.name()}/{size.width()}x{size.height()}"
    drawn = QPixmap()
    if QPixmapCache.find(key, drawn):
        return drawn
    drawn = QPixmap(size)
    drawn.fill(Qt.GlobalColor.transparent)
    source = (resources_folder() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    renderer = QSvgRenderer(QByteArray(source.replace("currentColor", ink.name()).encode()))
    renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
    painter = QPainter(drawn)
    renderer.render(painter, QRectF(QPoint(0, 0), size))
    painter.end()
    QPixmapCache.insert(key, drawn)
    return drawn
