"""Everything about one execution: how it ended and why, its times, its numbers and its log.

Shows the record it is given; the page keeps it fresh. Only attempts and log are read from here.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from core.contracts.records import AttemptRecord, ExecutionRecord
from core.domain.execution import ACTIVE, FAILURES, ExecutionStatus
from core.domain.model_version import Gate
from core.language import _
from gui import formatting, theme
from gui.models.execution_model import missed_words, outcome_sentence
from gui.operations import Operations
from gui.tones import Tone
from gui.views.execution_facts import (
    attempt_facts,
    result_facts,
    run_facts,
    setting_facts,
    time_facts,
)
from gui.views.log_view import LogView
from gui.widgets.fact_table import FactTable
from gui.widgets.status_badge import StatusBadge


class ExecutionDetail(QWidget):
    """Head with outcome and sentence; below it the facts and the log, one tab each."""

    cancel_requested = Signal(int)
    """The id of the execution that shall end."""
    why_requested = Signal(object)
    """The `ExecutionRecord` that is to be explained."""

    def __init__(self, operations: Operations, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._operations = operations
        self._record: ExecutionRecord | None = None
        self._attempts: tuple[AttemptRecord, ...] = ()
        self._badge = StatusBadge()
        self._title = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._title.setFont(theme.heading_font(self.font()))
        self._cancel = QPushButton()
        self._cancel.setIcon(theme.icon("cancel"))
        self._why = QPushButton()
        self._why.setIcon(theme.icon("info"))
        self._sentence = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._facts = FactTable()
        self._log = LogView(operations)
        self._tabs = QTabWidget()
        self._tabs.setDocumentMode(True)
        self._lay_out()
        self._connect()
        self.retranslate()

    @property
    def execution_id(self) -> int | None:
        """Which execution is shown."""
        return self._record.id if self._record else None

    def show_execution(self, record: ExecutionRecord) -> None:
        """Show `record`; the same execution again keeps tab, scroll position and log."""
        before, self._record = self._record, record
        if before is None or before.id != record.id:
            self._attempts = ()
        self._show_head(record)
        self._show_facts(record)
        self._log.show_execution(record)
        self._read_attempts(before, record)

    def retranslate(self) -> None:
        """Every text in the current language."""
        self._cancel.setText(_("Cancel run"))
        self._cancel.setAccessibleName(_("Cancel run"))
        self._cancel.setToolTip(_("Ask this execution to end"))
        self._why.setText(_("Why?"))
        self._why.setToolTip(_("What each rule said about this execution"))
        self._tabs.setTabText(0, _("Details"))
        self._tabs.setTabText(1, _("Log"))
        self._tabs.setAccessibleName(_("Details and log"))
        self._log.retranslate()
        if self._record is not None:
            self._show_head(self._record)
            self._show_facts(self._record)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self._title, 1)
        head.addWidget(self._badge)
        head.addWidget(self._why)
        head.addWidget(self._cancel)
        inside = QWidget()
        inside_layout = QVBoxLayout(inside)
        inside_layout.setContentsMargins(0, theme.UNIT, theme.UNIT, theme.UNIT)
        inside_layout.addWidget(self._facts)
        inside_layout.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        self._tabs.addTab(scroll, theme.icon("info", Tone.MUTED), "")
        self._tabs.addTab(self._log, theme.icon("log", Tone.MUTED), "")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.GAP, 0, 0, 0)
        layout.setSpacing(theme.UNIT)
        layout.addLayout(head)
        layout.addWidget(self._sentence)
        layout.addWidget(self._progress)
        layout.addWidget(self._tabs, 1)

    def _connect(self) -> None:
        self._cancel.clicked.connect(self._on_cancel_clicked)
        self._why.clicked.connect(self._on_why_clicked)

    def _on_cancel_clicked(self) -> None:
        if self._record is not None:
            self._cancel.setEnabled(False)
            self.cancel_requested.emit(self._record.id)

    def _read_attempts(self, before: ExecutionRecord | None, record: ExecutionRecord) -> None:
        """Where there are several, and only when something of them may have changed."""
        seen = before and (before.id, before.attempt, before.status)
        if record.attempt < 2 or seen == (record.id, record.attempt, record.status):
            return
        self._operations.query(
            self,
            lambda backend: backend.list_attempts(record.id),
            self._on_attempts_read,
            key="attempts",
        )

    def _on_attempts_read(self, attempts: tuple[AttemptRecord, ...]) -> None:
        if self._record is None or any(each.execution_id != self._record.id for each in attempts):
            return  # another execution was chosen meanwhile
        self._attempts = attempts
        self._show_facts(self._record)
        self._log.show_attempts(attempts)

    def _on_why_clicked(self) -> None:
        if self._record is not None:
            self.why_requested.emit(self._record)

    def _show_head(self, record: ExecutionRecord) -> None:
        is_active = record.status in ACTIVE
        self._title.setText(record.task_name)
        self._badge.set_look(formatting.execution_look(record.status))
        self._cancel.setVisible(is_active)
        self._cancel.setEnabled(not record.is_cancel_requested)
        words = _head_words(record)
        self._sentence.setText(words)
        self._sentence.setVisible(bool(words))
        theme.set_tone(self._sentence, _head_tone(record))
        self._progress.setVisible(is_active and record.status is not ExecutionStatus.QUEUED)
        self._progress.setRange(0, 1000)
        self._progress.setValue(round(record.progress * 1000))
        self._progress.setAccessibleName(_("Progress of the execution"))

    def _show_facts(self, record: ExecutionRecord) -> None:
        self._facts.show_groups(
            [
                (_("Times"), time_facts(record)),
                (_("Run"), run_facts(record)),
                (_("Attempts"), attempt_facts(self._attempts, record.timezone)),
                (_("Result"), result_facts(record)),
                (_("Settings it ran with"), setting_facts(record)),
            ]
        )


def _head_words(record: ExecutionRecord) -> str:
    """The sentence below the title."""
    if record.status in ACTIVE and record.is_cancel_requested:
        return _("Stopping: the training is asked to end, then ended.")
    if record.status is ExecutionStatus.QUEUED:
        return _("Waiting for a free slot")
    if record.status in ACTIVE:
        return formatting.progress_text(record.stage, record.progress)
    # Not `output`, which is English for programs: the facts below say the same in this language.
    parts = [missed_words(record), outcome_sentence(record)]
    return "\n".join(part for part in parts if part)


def _head_tone(record: ExecutionRecord) -> Tone:
    if record.status in FAILURES:
        return Tone.DANGER
    if record.gate is Gate.REFUSED or record.status is ExecutionStatus.MISSED:
        return Tone.WARNING
    return Tone.MUTED
