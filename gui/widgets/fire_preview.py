"""Shows what a schedule means: its words and next instants, or what is wrong with it.

Shows what it is given; who asked for it, and when, is not known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.contracts.records import SchedulePreview
from core.language import N_, _
from gui import theme
from gui.formatting import instant, relative
from gui.tones import Tone

ROWS = 5
WEEKDAYS: Final = (
    N_("Mon"),
    N_("Tue"),
    N_("Wed"),
    N_("Thu"),
    N_("Fri"),
    N_("Sat"),
    N_("Sun"),
)


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One coming instant as it is shown."""

    weekday: str
    local: str
    offset: str
    relative: str
    is_clock_changed: bool
    """Whether the clocks changed between the line above and this one."""

    @property
    def text(self) -> str:
        """The line in one piece, for who listens instead of looking."""
        return f"{self.weekday} {self.local} {self.offset}, {self.relative}"


def preview_lines(preview: SchedulePreview, now: datetime) -> tuple[PreviewLine, ...]:
    """The next instants on the clocks of the schedule's zone."""
    lines: list[PreviewLine] = []
    for at in preview.instants[:ROWS]:
        local = at.astimezone(ZoneInfo(preview.timezone))
        offset = f"UTC{local:%z}"
        offset = f"{offset[:6]}:{offset[6:8]}"
        lines.append(
            PreviewLine(
                weekday=_(WEEKDAYS[local.weekday()]),
                local=instant(at, preview.timezone),
                offset=offset,
                relative=relative(at, now),
                is_clock_changed=bool(lines) and lines[-1].offset != offset,
            )
        )
    return tuple(lines)


class FirePreview(QFrame):
    """A card that keeps its height while one types."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)  # noqa: FBT003 - Qt takes it by position
        self.setAccessibleName(_("Next runs"))
        self._icon = QLabel()
        # Two labels: a style sheet forgets a font that changes with the text.
        self._words = QLabel(wordWrap=True)
        self._words.setFont(theme.heading_font(self.font()))
        self._message = QLabel(wordWrap=True)
        self._zone = QLabel()
        self._table = QWidget()
        self._cells = [[QLabel(" ") for _column in range(4)] for _row in range(ROWS)]
        self._lay_out()

    def headline(self) -> str:
        """The words, the hint or the error that is shown."""
        return self._words.text() or self._message.text()

    def lines(self) -> tuple[str, ...]:
        """The shown instants, a text each."""
        texts = (" ".join(cell.text() for cell in row).strip() for row in self._cells)
        return tuple(text for text in texts if text)

    def show_preview(self, preview: SchedulePreview, now: datetime) -> None:
        """Show words and instants."""
        words = preview.words[:1].upper() + preview.words[1:]
        self._say(words, "clock", Tone.ACCENT)
        self._zone.setText(_("Times in {zone}").format(zone=preview.timezone))
        self._fill(preview_lines(preview, now))
        # From now on a sentence gets the room of the instants, so that nothing jumps.
        self.setMinimumHeight(self.sizeHint().height())

    def show_hint(self, sentence: str) -> None:
        """Show what to enter."""
        self._say(sentence, "info", Tone.MUTED)
        self._zone.setText(" ")
        self._fill(())

    def show_error(self, sentence: str) -> None:
        """Show why this schedule cannot be."""
        self._say(sentence, "error", Tone.DANGER)
        self._zone.setText(" ")
        self._fill(())

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.UNIT)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._words, 1)
        head.addWidget(self._message, 1)
        grid = QGridLayout(self._table)
        # Under the words, not under their icon.
        grid.setContentsMargins(theme.ICON_SIZE.width() + theme.UNIT, 0, 0, 0)
        grid.setHorizontalSpacing(theme.GAP)
        grid.setVerticalSpacing(theme.HALF)
        grid.setColumnStretch(2, 1)
        for place, row in enumerate(self._cells):
            for column, cell in enumerate(row):
                cell.setFont(theme.tabular(cell.font()))
                grid.addWidget(cell, place, column)
            for quiet in (row[0], row[2], row[3]):
                theme.set_tone(quiet, Tone.MUTED)
            row[3].setAlignment(Qt.AlignmentFlag.AlignRight)
        self._zone.setFont(theme.caption_font(self.font()))
        theme.set_tone(self._zone, Tone.MUTED)
        grid.addWidget(self._zone, ROWS, 0, 1, 4)
        card = QVBoxLayout(self)
        card.setContentsMargins(theme.GAP, theme.UNIT + theme.HALF, theme.GAP, theme.UNIT)
        card.setSpacing(theme.UNIT)
        card.addLayout(head)
        card.addWidget(self._table)
        card.addStretch()
        self.show_hint("")

    def _say(self, sentence: str, icon: str, tone: Tone) -> None:
        is_words = tone is Tone.ACCENT
        self._words.setText(sentence if is_words else "")
        self._words.setVisible(is_words)
        self._message.setText("" if is_words else sentence)
        self._message.setVisible(not is_words)
        self._table.setVisible(is_words)
        theme.set_tone(self._message, tone)
        self._icon.setPixmap(theme.pixmap(icon, tone, ratio=self.devicePixelRatioF()))

    def _fill(self, lines: tuple[PreviewLine, ...]) -> None:
        for row, line in zip(self._cells, (*lines, *(None,) * ROWS), strict=False):
            self._fill_row(row, line)
        self.setAccessibleDescription("\n".join([self.headline(), *(line.text for line in lines)]))

    def _fill_row(self, row: list[QLabel], line: PreviewLine | None) -> None:
        if line is None:
            for cell in row:
                cell.setText(" ")
            return
        offset = line.offset
        if line.is_clock_changed:
            offset = _("{offset} · clocks change").format(offset=offset)
        theme.set_tone(row[2], Tone.WARNING if line.is_clock_changed else Tone.MUTED)
        for cell, text in zip(row, (line.weekday, line.local, offset, line.relative), strict=True):
            cell.setText(text)
