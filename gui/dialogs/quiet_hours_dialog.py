"""The weekly times in which no training starts: typed, said in words, set or cleared by others."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from core.contracts.planning import QuietHours
from core.domain import quiet_text
from core.errors import AppError, InvalidValueError
from core.language import _
from core.messages import error_sentence, sentence
from gui import theme
from gui.dialogs.form_dialog import FormDialog
from gui.operations import Operations
from gui.tones import Tone
from gui.widgets.form import Form
from gui.widgets.zone_box import ZoneBox


@dataclass(frozen=True, slots=True)
class QuietDraft:
    """What is to be set; an empty text clears."""

    text: str
    timezone: str


class QuietHoursDialog(FormDialog):
    """One line of text, its zone, and what it means."""

    submitted = Signal(object)
    """A `QuietDraft`."""

    def __init__(self, operations: Operations, parent: QWidget | None = None) -> None:
        body = QWidget()
        super().__init__(body, _("Save"), parent)
        self.setWindowTitle(_("Quiet hours"))
        self._text = QLineEdit()
        self._text.setPlaceholderText(_("mon-fri 08:00-17:00; sat 09:00-12:00"))
        self._zone = ZoneBox()
        self._form = Form()
        self._meaning = QLabel(wordWrap=True)
        self._clear = QPushButton(_("Clear: let trainings start at any time"))
        self._untouched = self._draft()
        self._fill(body)
        self._form.changed.connect(self._on_form_changed)
        self._clear.clicked.connect(self._on_clear_clicked)
        self.save_asked.connect(self._on_self_save_asked)
        self._on_form_changed()
        operations.query(
            self,
            lambda backend: backend.get_quiet_hours(),
            self._on_quiet_hours_read,
            failed=self.show_error,
        )

    def meaning(self) -> str:
        """What the text means, a line each."""
        return self._meaning.text()

    def show_error(self, error: AppError) -> None:
        """Say why they could not be set."""
        self.set_busy(is_busy=False)
        self.show_problem(error_sentence(error))

    def is_changed(self) -> bool:
        """Whether closing would lose something."""
        return self._draft() != self._untouched

    def _fill(self, body: QWidget) -> None:
        intro = QLabel(
            _("No training starts in these times; one that runs goes on. Runs wait until the end."),
            wordWrap=True,
        )
        for label in (intro, self._meaning):
            theme.set_tone(label, Tone.MUTED)
        self._form.add_row("quiet_hours", _("Quiet hours"), self._text, self._text.textChanged)
        self._form.add_row("timezone", _("Time zone"), self._zone, self._zone.changed)
        self._clear.setAutoDefault(False)
        self._clear.setVisible(False)
        column = QVBoxLayout(body)
        column.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.GAP)
        column.setSpacing(theme.UNIT + theme.HALF)
        for part in (intro, self._form, self._meaning, self._clear):
            column.addWidget(part)
        column.addStretch()

    def _draft(self) -> QuietDraft:
        return QuietDraft(self._text.text().strip(), self._zone.entered())

    def _on_quiet_hours_read(self, found: QuietHours | None) -> None:
        self._clear.setVisible(found is not None)
        if found is None or self.is_changed():
            return
        self._text.setText(found.text)
        self._zone.set_zone(found.timezone)
        self._untouched = self._draft()
        self._on_form_changed()

    def _on_form_changed(self) -> None:
        self.show_problem("")
        lines, obstacle = _read(self._draft())
        self._meaning.setText("\n".join(lines))
        if not obstacle and not self._zone.is_known():
            unknown = InvalidValueError(
                "time.zone_unknown", field="timezone", value=self._zone.entered()
            )
            obstacle = error_sentence(unknown)
        if not obstacle and not self.is_changed():
            obstacle = _("Nothing has been changed.")
        self.show_obstacle(obstacle)

    def _on_clear_clicked(self) -> None:
        self.submitted.emit(QuietDraft("", self._zone.entered()))

    def _on_self_save_asked(self) -> None:
        draft = self._draft()
        if not _read(draft)[1] and self._zone.is_known() and self.is_changed():
            self.submitted.emit(draft)


def _read(draft: QuietDraft) -> tuple[tuple[str, ...], str]:
    """What the text means, a line each, or why it cannot be taken."""
    if not draft.text:
        return (), _("Write days and times, such as mon-fri 08:00-17:00.")
    try:
        spoken = quiet_text.spoken(quiet_text.parse(draft.text))
    except InvalidValueError as error:
        return (), error_sentence(error)
    lines = (sentence(each.code, each.params) for each in spoken)
    return tuple(line[:1].upper() + line[1:] for line in lines), ""
