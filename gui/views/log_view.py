"""The log of one execution: read piece by piece while it is on screen, followed while it runs.

Asks only for text it has not got, at most once a second, and not at all while hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontDatabase, QGuiApplication, QHideEvent, QShowEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from core.contracts.records import AttemptRecord, ExecutionRecord, LogSlice
from core.errors import AppError
from core.language import _
from core.messages import error_sentence
from gui import theme
from gui.formatting import execution_look
from gui.operations import Operations
from gui.tones import Tone
from gui.views.execution_facts import attempt_title
from gui.widgets.choice_box import ChoiceBox

POLL_MS: Final = 1000
MAX_LINES: Final = 5000
"""Older lines leave the view (not the log)."""
MAX_SLICE: Final = 500_000
"""Of a longer piece only the end is shown: laying out more would hold up the window."""
_Place = tuple[int, int, int | None]
"""An execution, its latest attempt, and an earlier one that was chosen."""


class LogView(QWidget):
    """Shows and follows the log of an execution's latest attempt; earlier ones can be chosen."""

    def __init__(self, operations: Operations, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._operations = operations
        self._execution_id: int | None = None
        self._attempt = 0
        self._chosen: int | None = None
        self._is_active = False
        self._is_done = True
        self._is_reading = False
        self._offset = 0
        self._timer = QTimer(self, singleShot=True, interval=POLL_MS)
        self._text = QPlainTextEdit(readOnly=True, maximumBlockCount=MAX_LINES)
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._attempts = ChoiceBox[int | None]([(None, "")])
        self._attempts.hide()
        self._state = QLabel(textFormat=Qt.TextFormat.PlainText)
        theme.set_tone(self._state, Tone.MUTED)
        self._copy = QPushButton()
        self._lay_out()
        self._connect()
        self.retranslate()

    def show_execution(self, record: ExecutionRecord | None) -> None:
        """Show the log of `record`; the same attempt again only goes on where it was."""
        place = (record.id, record.attempt) if record else (None, 0)
        if place[0] != self._execution_id:
            self.show_attempts(())
        if place != (self._execution_id, self._attempt):
            self._execution_id, self._attempt = place
            if self._chosen is None:
                self._forget()
        was_active, self._is_active = self._is_active, bool(record and not record.status.is_final)
        if was_active and not self._is_active:
            self._is_done = False  # the last lines came with the ending
        self._say_state()
        self._read()

    def show_attempts(self, attempts: Sequence[AttemptRecord]) -> None:
        """Let the reader choose between these; fewer than two are no choice."""
        options = [_attempt_choice(each) for each in attempts] or [(None, "")]
        options[-1] = (None, options[-1][1])  # the latest, whichever that will be
        self._attempts.set_options(options)
        self._attempts.setVisible(len(options) > 1)
        self._on_attempt_chosen()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self._copy.setText(_("Copy log"))
        self._copy.setToolTip(_("Copy the shown log to the clipboard"))
        self._copy.setAccessibleName(_("Copy log"))
        self._text.setAccessibleName(_("Log"))
        self._attempts.setAccessibleName(_("Attempt whose log is shown"))
        self._say_state()

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self._state, 1)
        foot.addWidget(self._copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, theme.UNIT, 0, 0)
        layout.addWidget(self._attempts)
        layout.addWidget(self._text, 1)
        layout.addLayout(foot)

    def _connect(self) -> None:
        self._timer.timeout.connect(self._on_timer_timeout)
        self._attempts.chosen.connect(self._on_attempt_chosen)
        self._copy.clicked.connect(self._on_copy_clicked)

    def _forget(self) -> None:
        self._timer.stop()
        self._text.clear()
        self._offset = 0
        self._is_done = self._execution_id is None
        self._is_reading = False

    def _read(self) -> None:
        if self._execution_id is None or self._is_done or self._is_reading or not self.isVisible():
            return
        execution_id, offset, attempt = self._execution_id, self._offset, self._chosen
        place = (execution_id, self._attempt, attempt)
        self._is_reading = True
        self._operations.query(
            self,
            lambda backend: backend.read_log(execution_id, offset=offset, attempt=attempt),
            lambda piece: self._on_slice_read(place, piece),
            failed=lambda error: self._on_read_failed(place, error),
            key="log",
        )

    def _on_slice_read(self, place: _Place, piece: LogSlice) -> None:
        if place != (self._execution_id, self._attempt, self._chosen):
            return  # another execution or attempt was chosen meanwhile
        self._is_reading = False
        self._append(piece.text)
        self._offset = piece.next_offset
        self._is_done = not self._is_following() and (piece.is_complete or not piece.text)
        self._say_state()
        if not self._is_done:
            self._timer.start()

    def _on_read_failed(self, place: _Place, error: AppError) -> None:
        if place != (self._execution_id, self._attempt, self._chosen):
            return
        self._is_reading = False
        self._is_done = True
        self._state.setText(error_sentence(error))

    def _is_following(self) -> bool:
        """An earlier attempt has ended, whatever the execution does."""
        return self._is_active and self._chosen is None

    def _on_attempt_chosen(self) -> None:
        if self._attempts.value() != self._chosen:
            self._chosen = self._attempts.value()
            self._forget()
            self._say_state()
            self._read()

    def _on_timer_timeout(self) -> None:
        self._read()

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._text.toPlainText())

    def _append(self, text: str) -> None:
        if not text:
            return
        bar = self._text.verticalScrollBar()
        is_following = bar.value() >= bar.maximum()
        end = QTextCursor(self._text.document())
        end.movePosition(QTextCursor.MoveOperation.End)
        end.insertText(text[-MAX_SLICE:])
        if is_following:
            bar.setValue(bar.maximum())

    def _say_state(self) -> None:
        is_empty = self._text.document().isEmpty()
        self._copy.setEnabled(not is_empty)
        if self._is_following():
            self._state.setText(_("Following the log while it runs"))
        elif is_empty and self._is_done:
            self._state.setText(_("This execution wrote no log."))
        else:
            self._state.setText("")

    def showEvent(self, event: QShowEvent) -> None:
        """Go on reading where hiding stopped it."""
        super().showEvent(event)
        self._read()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is read for nobody."""
        self._timer.stop()
        super().hideEvent(event)


def _attempt_choice(attempt: AttemptRecord) -> tuple[int | None, str]:
    """An attempt to choose, with its ending: “Attempt 1 · Failed”."""
    return attempt.attempt, f"{attempt_title(attempt)} · {execution_look(attempt.status).word}"
