"""The list behind “Why?”: each rule with its verdict and its sentence; asks and decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from core.domain.explanation import RuleResult, Verdict
from core.language import N_, _
from core.messages import sentence
from gui import theme
from gui.formatting import Look
from gui.tones import Tone
from gui.widgets.status_badge import StatusBadge

_LOOKS: Final[dict[Verdict, tuple[str, Tone, str]]] = {
    Verdict.PASSED: (N_("passed"), Tone.SUCCESS, "check"),
    Verdict.STOPPED: (N_("stopped"), Tone.DANGER, "stop"),
    Verdict.WAITING: (N_("waits"), Tone.WARNING, "clock"),
    Verdict.INFO: (N_("note"), Tone.ACCENT, "info"),
    Verdict.NOT_REACHED: (N_("not reached"), Tone.NEUTRAL, "remove"),
}


def verdict_look(verdict: Verdict) -> Look:
    """How a verdict is shown."""
    word, tone, icon = _LOOKS[verdict]
    return Look(_(word), tone, icon)


class VerdictList(QWidget):
    """A row a rule, in the order in which they are asked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[str, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.GAP)
        self._grid.setVerticalSpacing(theme.UNIT)
        self._grid.setColumnStretch(2, 1)
        self.setAccessibleName(_("What each rule says"))

    def lines(self) -> tuple[str, ...]:
        """Every row in one piece: rule, verdict, sentence."""
        return self._lines

    def show_results(self, results: Sequence[RuleResult]) -> None:
        """Replace what is shown."""
        while item := self._grid.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self._lines = tuple(self._add(row, result) for row, result in enumerate(results))
        self.setAccessibleDescription("\n".join(self._lines))

    def _add(self, row: int, result: RuleResult) -> str:
        name = sentence(f"why.rule.{result.rule.value}")
        said = sentence(result.code, result.params) if result.code else ""
        look = verdict_look(result.verdict)
        is_quiet = result.verdict is Verdict.NOT_REACHED
        title = QLabel(name, textFormat=Qt.TextFormat.PlainText)
        words = QLabel(said, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        badge = StatusBadge(look)
        for label in (title, words):
            theme.set_tone(label, Tone.MUTED if is_quiet else Tone.TEXT)
            label.setMinimumHeight(badge.sizeHint().height())
        for column, part in enumerate((title, badge, words)):
            self._grid.addWidget(part, row, column, Qt.AlignmentFlag.AlignTop)
        return " · ".join(filter(None, (name, look.word, said)))
