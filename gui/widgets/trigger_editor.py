"""Edits when a task runs: once, at an interval, by a cron line or by terms, an editor for each.

Values only: neither the zone nor the window is edited here, and nothing is checked.
"""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from core.domain.term import TermTrigger
from core.domain.trigger import Cron, Interval, Once, Trigger, TriggerType, trigger_type
from core.language import _
from gui import theme
from gui.formatting import trigger_word
from gui.widgets.cron_editor import CronEditor
from gui.widgets.focus import focus_first
from gui.widgets.interval_editor import IntervalEditor
from gui.widgets.once_editor import OnceEditor, next_full_hour
from gui.widgets.segmented import Segmented
from gui.widgets.term_editor import TermEditor


class TriggerEditor(QWidget):
    """The kind, and the fields of that kind only. What the other kinds hold is kept meanwhile."""

    changed = Signal()
    kind_chosen = Signal()
    """Another kind was chosen; `changed` follows."""

    def __init__(self, now: datetime, zone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._anchor_at = now
        self._kind = Segmented[TriggerType](
            [(kind, trigger_word(kind)) for kind in TriggerType],
            _("When"),
        )
        self._once = OnceEditor()
        self._once.set_instant(next_full_hour(now, zone), zone)
        self._interval = IntervalEditor()
        self._cron = CronEditor()
        self._term = TermEditor()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(self._kind)
        # No stack of pages: it would be as tall as the tallest of them.
        for editor in self._editors():
            editor.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            column.addWidget(editor)
        self._connect()
        # Most tasks repeat at a wall-clock time.
        self._kind.set_value(TriggerType.CRON)

    def kind(self) -> TriggerType:
        """The chosen kind."""
        return self._kind.value()

    def trigger(self, zone: str) -> Trigger | None:
        """What is entered, wall times read in `zone`; `None` while the cron line is empty."""
        match self._kind.value():
            case TriggerType.ONCE:
                return self._once.trigger(zone)
            case TriggerType.INTERVAL:
                return Interval(self._interval.seconds(), self._anchor_at)
            case TriggerType.CRON:
                expression = self._cron.expression()
                return Cron(expression) if expression else None
            case TriggerType.TERM:
                return self._term.trigger()
            case kind:
                assert_never(kind)

    def set_trigger(self, trigger: Trigger, zone: str) -> None:
        """Show `trigger`, wall times in `zone`."""
        self._kind.set_value(trigger_type(trigger))
        match trigger:
            case Once(run_at):
                self._once.set_instant(run_at, zone)
            case Interval(seconds, anchor_at):
                self._anchor_at = anchor_at
                self._interval.set_seconds(seconds)
            case Cron(expression):
                self._cron.set_expression(expression)
            case TermTrigger():
                self._term.set_trigger(trigger)
            case _:
                assert_never(trigger)

    def set_invalid(self, *, is_invalid: bool) -> None:
        """Frame the field in question as wrong; what is in it stays."""
        is_cron = self._kind.value() is TriggerType.CRON
        self._cron.set_invalid(is_invalid=is_invalid and is_cron)

    def focus_field(self) -> None:
        """Put the keyboard where the time is entered."""
        focus_first(self._editor())

    def _connect(self) -> None:
        self._kind.chosen.connect(self._on_kind_chosen)
        for editor in self._editors():
            editor.changed.connect(self.changed)

    def _on_kind_chosen(self) -> None:
        shown = self._editor()
        for editor in self._editors():
            editor.setVisible(editor is shown)
        self.kind_chosen.emit()
        self.changed.emit()

    def _editors(self) -> tuple[OnceEditor, IntervalEditor, CronEditor, TermEditor]:
        return self._once, self._interval, self._cron, self._term

    def _editor(self) -> QWidget:
        """That of the chosen kind."""
        match self._kind.value():
            case TriggerType.ONCE:
                return self._once
            case TriggerType.INTERVAL:
                return self._interval
            case TriggerType.CRON:
                return self._cron
            case TriggerType.TERM:
                return self._term
            case kind:
                assert_never(kind)
