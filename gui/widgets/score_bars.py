"""Named shares as horizontal bars, one a line: students of a prediction, accuracy of each student.

Knows values, not where they come from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui import theme
from gui.tones import Ground, Tone

BAR_HEIGHT: Final = 6
MAX_LABEL_SHARE: Final = 0.45
"""A label takes at most this much of the width; the rest of a longer one is in the tooltip."""


@dataclass(frozen=True, slots=True)
class Score:
    """One line: a share from 0 to 1, its name, and its value in words."""

    label: str
    share: float
    value: str
    tone: Tone = Tone.ACCENT


class ScoreBars(QWidget):
    """A column of labelled bars."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scores: tuple[Score, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_scores(self, scores: Sequence[Score]) -> None:
        """Replace what is shown."""
        self._scores = tuple(scores)
        self.setAccessibleDescription(
            "\n".join(f"{score.label} {score.value}" for score in self._scores)
        )
        self.updateGeometry()
        self.update()

    def _line_height(self) -> int:
        return self.fontMetrics().height() + theme.UNIT

    def _score_at(self, y: int) -> Score | None:
        row = y // self._line_height()
        return self._scores[row] if 0 <= row < len(self._scores) else None

    def _widths(self, metrics: QFontMetrics) -> tuple[int, int]:
        labels = max((metrics.horizontalAdvance(score.label) for score in self._scores), default=0)
        values = max((metrics.horizontalAdvance(score.value) for score in self._scores), default=0)
        return min(labels + 1, round(self.width() * MAX_LABEL_SHARE)), values + 1

    def _paint_score(self, painter: QPainter, top: int, score: Score) -> None:
        metrics = painter.fontMetrics()
        label_width, value_width = self._widths(metrics)
        height = self._line_height()
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(theme.colour(Tone.TEXT))
        label = metrics.elidedText(score.label, Qt.TextElideMode.ElideMiddle, label_width)
        painter.drawText(0, top, label_width, height, Qt.AlignmentFlag.AlignLeft | middle, label)
        painter.setPen(theme.colour(Tone.MUTED))
        left_of_value = self.width() - value_width
        painter.drawText(
            left_of_value,
            top,
            value_width,
            height,
            Qt.AlignmentFlag.AlignRight | middle,
            score.value,
        )
        left = label_width + theme.GAP
        track = QRectF(
            left, top + (height - BAR_HEIGHT) / 2, left_of_value - theme.GAP - left, BAR_HEIGHT
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(Ground.HOVER))
        painter.drawRoundedRect(track, BAR_HEIGHT / 2, BAR_HEIGHT / 2)
        length = track.width() * min(max(score.share, 0.0), 1.0)
        if length >= 1:
            track.setWidth(max(length, BAR_HEIGHT))
            painter.setBrush(theme.colour(score.tone))
            painter.drawRoundedRect(track, BAR_HEIGHT / 2, BAR_HEIGHT / 2)

    def sizeHint(self) -> QSize:
        return QSize(320, max(len(self._scores), 1) * self._line_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.tabular(self.font()))
        height = self._line_height()
        first = event.rect().top() // height
        last = event.rect().bottom() // height
        for row in range(max(first, 0), min(last + 1, len(self._scores))):
            self._paint_score(painter, row * height, self._scores[row])

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            score = self._score_at(event.pos().y())
            text = f"{score.label}  {score.value}" if score else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)
