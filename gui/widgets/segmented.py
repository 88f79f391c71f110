"""A choice between a few values that are all in sight; knows nothing of their meaning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from gui import theme
from gui.tones import Ground, Tone

T = TypeVar("T")
HEIGHT = 32
PADDING = 18


class Segmented(QWidget, Generic[T]):
    """Segments in one frame, of which exactly one is chosen; arrow keys move the choice."""

    chosen = Signal()
    """Another value was chosen, by a person or by `set_value`."""

    def __init__(
        self, options: Sequence[tuple[T, str]], name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._values = [value for value, _word in options]
        # An exclusive group gives the arrow keys.
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        for place, (_value, word) in enumerate(options):
            segment = _Segment(word, self)
            segment.setAccessibleName(f"{name}: {word}")
            self._group.addButton(segment, place)
            row.addWidget(segment)
        self._group.idToggled.connect(self._on_segment_toggled)
        self._group.button(0).setChecked(True)

    def value(self) -> T:
        """The chosen value."""
        return self._values[self._group.checkedId()]

    def set_value(self, value: T) -> None:
        """Choose `value`, which must be among the options."""
        self._group.button(self._values.index(value)).setChecked(True)

    def _on_segment_toggled(self, place: int, checked: bool) -> None:
        # Tab stops at the chosen segment only; arrow keys reach the others.
        policy = Qt.FocusPolicy.StrongFocus if checked else Qt.FocusPolicy.ClickFocus
        self._group.button(place).setFocusPolicy(policy)
        if checked:
            self.chosen.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The frame around all segments."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(Ground.BORDER)))
        painter.setBrush(theme.colour(Ground.SURFACE))
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(frame, theme.RADIUS, theme.RADIUS)


class _Segment(QAbstractButton):
    """One value. The chosen one differs by ground, weight and colour."""

    def __init__(self, word: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(word)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        """Room for the word in its heavier weight, so that choosing moves nothing."""
        width = QFontMetrics(self._font(is_chosen=True)).horizontalAdvance(self.text())
        return QSize(width + 2 * PADDING, HEIGHT - 4)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Ground, word, and a ring where the keyboard is."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_chosen = self.isChecked()
        ground = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if is_chosen or (self.underMouse() and self.isEnabled()):
            painter.setBrush(theme.soft(Tone.ACCENT) if is_chosen else theme.colour(Ground.HOVER))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(ground, theme.HALF, theme.HALF)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour(Tone.ACCENT), 1))
            painter.drawRoundedRect(ground.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setFont(self._font(is_chosen=is_chosen))
        if self.isEnabled():
            painter.setPen(theme.colour(Tone.ACCENT if is_chosen else Tone.TEXT))
        else:
            painter.setPen(theme.faint())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())

    def _font(self, *, is_chosen: bool) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold if is_chosen else QFont.Weight.Normal)
        return font
