"""The log of one execution: read piece by piece while it is on screen, followed while it runs.

Asks only for text it has not got, at most once a second, and not at all while hidden.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontDatabase, QGuiApplication, QHideEvent, QShowEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from core.contracts.records import ExecutionRecord, LogSlice
from core.errors import AppError
from core.language import _
from core.messages import error_sentence
from gui import theme
from gui.operations import Operations
from gui.tones import Tone

POLL_MS: Final = 1000
MAX_LINES: Final = 5000
"""Older lines leave the view (not the log)."""
MAX_SLICE: Final = 500_000
"""Of a longer piece only the end is shown: laying out more would hold up the window."""
_Place = tuple[int, int]
"""An execution and its attempt."""


class LogView(QWidget):
    """Shows and follows the log of an execution's latest attempt."""

    def __init__(self, operations: Operations, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._operations = operations
        self._execution_id: int | None = None
        self._attempt = 0
        self._is_active = False
        self._is_done = True
        self._is_reading = False
        self._offset = 0
        self._timer = QTimer(self, singleShot=True, interval=POLL_MS)
        self._text = QPlainTextEdit(readOnly=True, maximumBlockCount=MAX_LINES)
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._state = QLabel(textFormat=Qt.TextFormat.PlainText)
        theme.set_tone(self._state, Tone.MUTED)
        self._copy = QPushButton()
        self._lay_out()
        self._connect()
        self.retranslate()

    def show_execution(self, record: ExecutionRecord | None) -> None:
        """Show the log of `record`; the same attempt again only goes on where it was."""
        place = (record.id, record.attempt) if record else (None, 0)
        if place != (self._execution_id, self._attempt):
            self._execution_id, self._attempt = place
            self._forget()
        was_active, self._is_active = self._is_active, bool(record and not record.status.is_final)
        if was_active and not self._is_active:
            self._is_done = False  # the last lines came with the ending
        self._say_state()
        self._read()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self._copy.setText(_("Copy log"))
        self._copy.setToolTip(_("Copy the shown log to the clipboard"))
        self._copy.setAccessibleName(_("Copy log"))
        self._text.setAccessibleName(_("Log"))
        self._say_state()

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self._state, 1)
        foot.addWidget(self._copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, theme.UNIT, 0, 0)
        layout.addWidget(self._text, 1)
        layout.addLayout(foot)

    def _connect(self) -> None:
        self._timer.timeout.connect(self._on_timer_timeout)
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
        execution_id, offset = self._execution_id, self._offset
        place = (execution_id, self._attempt)
        self._is_reading = True
        self._operations.query(
            self,
            lambda backend: backend.read_log(execution_id, offset=offset),
            lambda piece: self._on_slice_read(place, piece),
            failed=lambda error: self._on_read_failed(place, error),
            key="log",
        )

    def _on_slice_read(self, place: _Place, piece: LogSlice) -> None:
        if place != (self._execution_id, self._attempt):
            return  # another execution was chosen meanwhile
        self._is_reading = False
        self._append(piece.text)
        self._offset = piece.next_offset
        self._is_done = not self._is_active and (piece.is_complete or not piece.text)
        self._say_state()
        if not self._is_done:
            self._timer.start()

    def _on_read_failed(self, place: _Place, error: AppError) -> None:
        if place != (self._execution_id, self._attempt):
            return
        self._is_reading = False
        self._is_done = True
        self._state.setText(error_sentence(error))

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
        if self._is_active:
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
