"""“Why did it (not) run?”: asks for the explanation of an execution or of a time, and shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from core.contracts.backend import Backend
from core.contracts.planning import Explanation
from core.contracts.records import ExecutionFilter, ExecutionRecord, TaskRecord
from core.domain.explanation import Verdict, outcome
from core.errors import AppError
from core.language import _
from core.messages import error_sentence, sentence
from gui import theme
from gui.formatting import execution_look, instant_with_zone
from gui.operations import Operations
from gui.tones import Tone
from gui.widgets.body_scroll import BodyScroll
from gui.widgets.field_note import FieldNote
from gui.widgets.status_badge import StatusBadge
from gui.widgets.verdict_list import VerdictList
from gui.widgets.wall_time_edit import WallTimeEdit

WIDTH: Final = 620
HEIGHT: Final = 560
TYPING_MS: Final = 250


class WhyDialog(QDialog):
    """The ordered list of rules, above it in a sentence what came of them."""

    def __init__(
        self, operations: Operations, task_name: str, zone: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Why?"))
        self.resize(WIDTH, HEIGHT)
        self._operations = operations
        self._zone = zone
        self._task_id = 0
        self._name = QLabel(task_name, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._when = WallTimeEdit(_("Time to explain"))
        self._when_row = QWidget()
        self._planned = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._badge = StatusBadge()
        self._headline = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._rules = VerdictList()
        self._note = FieldNote()
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._lay_out()
        self._when.changed.connect(self._typing.start)
        self._typing.timeout.connect(self._on_typing_timeout)

    @classmethod
    def of_execution(
        cls, operations: Operations, record: ExecutionRecord, parent: QWidget | None = None
    ) -> WhyDialog:
        """Why `record` ran, or did not."""
        dialog = cls(operations, record.task_name, record.timezone, parent)
        dialog._when_row.hide()
        dialog._operations.query(
            dialog,
            lambda backend: backend.explain_execution(record.id),
            dialog._show,
            failed=dialog._show_error,
            key="why",
        )
        return dialog

    @classmethod
    def of_task(
        cls, operations: Operations, task: TaskRecord, now: datetime, parent: QWidget | None = None
    ) -> WhyDialog:
        """Why `task` ran, or did not, at a time that can be chosen; at first its last one."""
        dialog = cls(operations, task.name, task.timezone, parent)
        dialog._task_id = task.id
        dialog._operations.query(
            dialog,
            lambda backend: _last_planned(backend, task, now),
            dialog._on_first_time_read,
            failed=dialog._show_error,
        )
        return dialog

    def headline(self) -> str:
        """What came of the rules."""
        return self._headline.text()

    def rules(self) -> tuple[str, ...]:
        """Each rule in a line."""
        return self._rules.lines()

    def _lay_out(self) -> None:
        self._name.setFont(theme.heading_font(self.font()))
        theme.set_tone(self._planned, Tone.MUTED)
        when = QHBoxLayout(self._when_row)
        when.setContentsMargins(0, 0, 0, 0)
        when.setSpacing(theme.UNIT)
        label = QLabel(_("Why did it (not) run at"))
        label.setBuddy(self._when)
        zone = QLabel(self._zone)
        theme.set_tone(zone, Tone.MUTED)
        for part in (label, self._when, zone):
            when.addWidget(part)
        when.addStretch()
        outcome_row = QHBoxLayout()
        outcome_row.setSpacing(theme.UNIT)
        outcome_row.addWidget(self._badge, 0, Qt.AlignmentFlag.AlignTop)
        outcome_row.addWidget(self._headline, 1)
        buttons = QDialogButtonBox()
        close = buttons.addButton(_("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setDefault(True)
        buttons.rejected.connect(self.reject)
        body = QWidget()
        inside = QVBoxLayout(body)
        inside.setContentsMargins(0, theme.UNIT, theme.UNIT, theme.UNIT)
        inside.addWidget(self._rules)
        inside.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.GAP)
        column.setSpacing(theme.UNIT + theme.HALF)
        for head in (self._name, self._when_row, self._planned):
            column.addWidget(head)
        column.addLayout(outcome_row)
        column.addWidget(self._note)
        column.addWidget(BodyScroll(body, WIDTH), 1)
        column.addWidget(buttons)

    def _on_first_time_read(self, at: datetime) -> None:
        self._when.set_instant(at, self._zone)
        self._typing.stop()
        self._on_typing_timeout()

    def _on_typing_timeout(self) -> None:
        task_id, at = self._task_id, self._when.instant(self._zone)
        self._operations.query(
            self,
            lambda backend: backend.explain_instant(task_id, at),
            self._show,
            failed=self._show_error,
            key="why",
        )

    def _show(self, found: Explanation) -> None:
        self._note.clear()
        self._rules.show_results(found.results)
        self._headline.setText(_headline(found))
        self._badge.set_look(execution_look(found.execution.status) if found.execution else None)
        planned = ""
        if found.planned_at is not None:
            planned = _("Planned for {time}").format(
                time=instant_with_zone(found.planned_at, found.timezone)
            )
        self._planned.setText(planned)
        self._planned.setVisible(bool(planned) and self._when_row.isHidden())

    def _show_error(self, error: AppError) -> None:
        self._note.show_error(error_sentence(error))


def _headline(found: Explanation) -> str:
    """What came of it if it is decided, else the rule that stops or holds it."""
    record = found.execution
    if record is not None and record.message_code is not None:
        return sentence(record.message_code, record.message_params)
    if record is not None:
        return record.error_message or _("Execution {number}").format(number=record.id)
    held = outcome(found.results)
    if held is None:
        return _("No rule is in its way.")
    rule = sentence(f"why.rule.{held.rule.value}")
    if held.verdict is Verdict.WAITING:
        return _("It waits. The rule that holds it: {rule}.").format(rule=rule)
    return _("It does not run. The rule that stops it: {rule}.").format(rule=rule)


def _last_planned(backend: Backend, task: TaskRecord, now: datetime) -> datetime:
    """The latest time that was planned for the task, else its next one, else now."""
    latest = backend.list_executions(ExecutionFilter(task_id=task.id), limit=20)
    planned = [each.planned_at for each in latest if each.planned_at is not None]
    return max(planned, default=task.next_run_at or now.replace(second=0, microsecond=0))
