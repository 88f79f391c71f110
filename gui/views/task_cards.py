"""The four statistic cards above the list of tasks; figures are given, never read here."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.contracts.records import TaskCounts
from core.language import _
from gui import theme
from gui.formatting import DASH, count, percent
from gui.tones import Tone
from gui.widgets.stat_card import StatCard


class TaskCards(QWidget):
    """Active, paused, total runs, successes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: TaskCounts | None = None
        self._active = StatCard("clock", Tone.ACCENT)
        self._paused = StatCard("paused", Tone.WARNING)
        self._total = StatCard("total", Tone.NEUTRAL)
        self._success = StatCard("success", Tone.SUCCESS)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GAP)
        for card in (self._active, self._paused, self._total, self._success):
            layout.addWidget(card)
        self.retranslate()

    def show_counts(self, counts: TaskCounts) -> None:
        """Show fresh figures."""
        self._counts = counts
        self._active.set_value(count(counts.active), _("Tasks that run by their trigger"))
        self._paused.set_value(count(counts.paused), _("Tasks that wait until they are resumed"))
        self._total.set_value(count(counts.total_runs), _("Runs that started and ended"))
        self._success.set_value(
            count(counts.success_runs),
            _("{share} of all runs").format(share=_success_share(counts)),
        )

    def retranslate(self) -> None:
        """Speak the current language."""
        self._active.set_caption(_("Active tasks"))
        self._paused.set_caption(_("Paused tasks"))
        self._total.set_caption(_("Total runs"))
        self._success.set_caption(_("Successful runs"))
        if self._counts is not None:
            self.show_counts(self._counts)


def _success_share(counts: TaskCounts) -> str:
    return percent(counts.success_runs / counts.total_runs) if counts.total_runs else DASH
