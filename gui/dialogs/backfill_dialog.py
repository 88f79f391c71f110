"""Asks for a past range to run again: shows the dry run first, and hands out what was agreed to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.contracts.planning import BackfillPlan, BackfillRange
from core.contracts.records import TaskRecord
from core.domain.backfill import Choice, Entry, chosen
from core.errors import AppError
from core.language import N_, _
from core.messages import error_sentence, sentence
from gui import theme
from gui.dialogs.form_dialog import FormDialog
from gui.formatting import count, instant
from gui.operations import Operations
from gui.tones import Tone
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.form import Form
from gui.widgets.plain_table import Line, PlainTable
from gui.widgets.wall_time_edit import WallTimeEdit

TYPING_MS: Final = 250
FIRST_SPAN: Final = timedelta(days=7)
LIST_HEIGHT: Final = 240
CHOICES: Final[dict[Choice, str]] = {
    Choice.MISSING: N_("Those that never ran"),
    Choice.MISSING_AND_FAILED: N_("Those that never ran or failed"),
    Choice.ALL: N_("All of them again"),
}


class BackfillDialog(FormDialog):
    """Range and choice, and below them each planned time with what becomes of it."""

    submitted = Signal(object)
    """A `BackfillRange` whose dry run was seen."""

    def __init__(
        self, operations: Operations, task: TaskRecord, now: datetime, parent: QWidget | None = None
    ) -> None:
        body = QWidget()
        super().__init__(body, _("Run them"), parent)
        self.setWindowTitle(_("Backfill: {name}").format(name=task.name))
        self._operations = operations
        self._task = task
        self._plan: BackfillPlan | None = None
        self._from, self._until = WallTimeEdit(_("From")), WallTimeEdit(_("Until"))
        minute = now.replace(second=0, microsecond=0)
        self._from.set_instant(minute - FIRST_SPAN, task.timezone)
        self._until.set_instant(minute, task.timezone)
        self._choice = ChoiceBox[Choice]([(each, _(word)) for each, word in CHOICES.items()])
        self._form = Form()
        self._summary = QLabel(wordWrap=True)
        self.table = PlainTable(_("What a backfill does"), (_("Planned"), _("What becomes of it")))
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._fill(body)
        self._form.changed.connect(self._on_form_changed)
        self._typing.timeout.connect(self._on_typing_timeout)
        self.save_asked.connect(self._on_self_save_asked)
        self._on_form_changed()

    def wanted(self) -> BackfillRange:
        """What is entered."""
        zone = self._task.timezone
        return BackfillRange(
            self._task.id, self._from.instant(zone), self._until.instant(zone), self._choice.value()
        )

    def summary(self) -> str:
        """How many of the planned times would run."""
        return self._summary.text()

    def show_error(self, error: AppError) -> None:
        """Say why nothing was queued."""
        self.set_busy(is_busy=False)
        self.show_problem(error_sentence(error))

    def _fill(self, body: QWidget) -> None:
        zone = QLabel(_("Times in {zone}").format(zone=self._task.timezone))
        theme.set_tone(zone, Tone.MUTED)
        span = QWidget()
        row = QHBoxLayout(span)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.UNIT)
        for part in (self._from, QLabel("–"), self._until, zone):
            row.addWidget(part)
        row.addStretch()
        self._form.add_row("from_at", _("From, until"), span, self._from.changed)
        self._until.changed.connect(self._form.changed)
        self._form.add_row("choice", _("Run"), self._choice, self._choice.chosen)
        self._summary.setFont(theme.heading_font(self.font()))
        self.table.setMinimumHeight(LIST_HEIGHT)
        column = QVBoxLayout(body)
        column.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.GAP)
        column.setSpacing(theme.UNIT + theme.HALF)
        for each in (self._form, self._summary, self.table):
            column.addWidget(each)

    def _on_form_changed(self) -> None:
        self._plan = None
        self.show_problem("")
        self.show_obstacle(_("Looking at what is planned…"))
        self._typing.start()

    def _on_typing_timeout(self) -> None:
        wanted = self.wanted()
        self._operations.query(
            self,
            lambda backend: backend.plan_backfill(wanted),
            self._on_plan_read,
            failed=self._on_plan_refused,
            key="plan",
        )

    def _on_plan_read(self, plan: BackfillPlan) -> None:
        if self._typing.isActive():
            return  # it was edited meanwhile: another answer follows
        self._plan = plan
        many = len(chosen(plan.entries))
        self._summary.setText(_summary_words(many, len(plan.entries)))
        self.table.show_lines([_line(each, plan.timezone) for each in plan.entries])
        self.show_obstacle("" if many else _("There is nothing to run."))

    def _on_plan_refused(self, error: AppError) -> None:
        self._summary.setText("")
        self.table.show_lines(())
        self.show_obstacle(error_sentence(error))

    def _on_self_save_asked(self) -> None:
        if self._plan is not None and chosen(self._plan.entries):
            self.submitted.emit(self.wanted())


def _summary_words(many: int, total: int) -> str:
    if not total:
        return _("The task was not planned to run in this time.")
    return _("{count} of {total} planned times will run").format(
        count=count(many), total=count(total)
    )


def _line(entry: Entry, zone: str) -> Line:
    at = instant(entry.planned_at, zone)
    if entry.code is None:
        return Line((at, _("Will run")), "check", Tone.SUCCESS)
    return Line((at, sentence(entry.code, entry.params)), "remove", is_quiet=True)
