"""What a dialog with a form does: fit, say why it cannot save, wait, ask before it discards.

Knows neither the fields nor what saving means: the dialogs built on it do.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QMessageBox, QPushButton, QVBoxLayout, QWidget

from core.language import _
from gui import theme
from gui.tones import Tone
from gui.widgets.body_scroll import BodyScroll
from gui.widgets.field_note import FieldNote

WIDTH = 680
QUESTION_ICON = 32
SAVE_KEYS = ("Ctrl+Return", "Ctrl+Enter")


class FormDialog(QDialog):
    """A form between a line for what went wrong and the buttons Cancel and Save."""

    save_asked = Signal()
    """Save was clicked, or its keys pressed, also where the button is disabled."""

    def __init__(self, body: QWidget, save_words: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._body = body
        self._save_words = save_words
        self._obstacle_sentence = ""
        self._is_busy = False
        self._focus_before_busy: QWidget | None = None
        self._top = FieldNote()
        self._scroll = BodyScroll(body, WIDTH)
        self._reason = FieldNote()
        self._cancel = QPushButton(_("Cancel"))
        self._save = QPushButton(save_words)
        self._lay_out()
        self._scroll.body_grown.connect(self._grow)
        self._cancel.clicked.connect(self.reject)
        self._save.clicked.connect(self._on_save_clicked)
        for keys in SAVE_KEYS:
            QShortcut(QKeySequence(keys), self).activated.connect(self._on_save_clicked)

    def is_busy(self) -> bool:
        """Whether a command is under way."""
        return self._is_busy

    def set_busy(self, is_busy: bool) -> None:
        """While the command is under way nothing can be edited, saved or closed."""
        if is_busy and not self._is_busy:
            self._focus_before_busy = self.focusWidget()
        self._is_busy = is_busy
        self._body.setEnabled(not is_busy)
        self._cancel.setEnabled(not is_busy)
        self._update_save()
        if not is_busy and self._focus_before_busy is not None:
            self._focus_before_busy.setFocus()
            self._focus_before_busy = None

    def show_problem(self, sentence: str) -> None:
        """Say above the form what went wrong; an empty sentence takes it back."""
        self._top.show_error(sentence)
        self._grow()

    def show_obstacle(self, sentence: str) -> None:
        """Say why saving is not possible; an empty sentence makes it possible."""
        self._obstacle_sentence = sentence
        self._update_save()

    def is_changed(self) -> bool:
        """Whether closing would lose something; a dialog with fields says so itself."""
        return False

    def fit(self) -> None:
        """Take the height that the form needs, as far as the screen allows."""
        self._scroll.keep_height()  # at once: nothing is to be painted squeezed before
        QTimer.singleShot(0, self, self._fit)

    def reject(self) -> None:
        """Close, after asking once if something would be lost."""
        if self._is_busy:
            return
        if self.is_changed():
            self._ask_to_discard()
        else:
            super().reject()

    def _lay_out(self) -> None:
        self._top.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, 0)
        keep_room = self._reason.sizePolicy()
        keep_room.setRetainSizeWhenHidden(True)
        self._reason.setSizePolicy(keep_room)
        self._cancel.setAutoDefault(False)
        self._save.setDefault(True)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(theme.MARGIN, theme.UNIT, theme.MARGIN, theme.GAP)
        buttons.setSpacing(theme.UNIT)
        buttons.addWidget(self._reason, 1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._top)
        column.addWidget(self._scroll, 1)
        column.addLayout(buttons)
        self._fit()

    def _on_save_clicked(self) -> None:
        if not self._is_busy:
            self.save_asked.emit()

    def _on_discard_clicked(self) -> None:
        super().reject()

    def _update_save(self) -> None:
        sentence = self._obstacle_sentence
        keys = QKeySequence(SAVE_KEYS[0]).toString(QKeySequence.SequenceFormat.NativeText)
        self._save.setEnabled(not sentence and not self._is_busy)
        self._save.setText(_("Saving…") if self._is_busy else self._save_words)
        self._save.setToolTip(sentence or f"{self._save_words} ({keys})")
        self._reason.show_hint("" if self._is_busy else sentence)

    def _ask_to_discard(self) -> None:
        question = QMessageBox(
            QMessageBox.Icon.NoIcon,
            self.windowTitle(),
            _("Discard what you have entered?"),
            QMessageBox.StandardButton.NoButton,
            self,
        )
        ratio = self.devicePixelRatioF()
        question.setIconPixmap(theme.pixmap("warning", Tone.WARNING, QUESTION_ICON, ratio=ratio))
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        discard = question.addButton(_("Discard"), QMessageBox.ButtonRole.DestructiveRole)
        keep = question.addButton(_("Keep editing"), QMessageBox.ButtonRole.RejectRole)
        question.setDefaultButton(keep)
        question.setEscapeButton(keep)
        discard.clicked.connect(self._on_discard_clicked)
        question.open()

    def _fit(self) -> None:
        wanted = self._wanted_size()
        self.resize(max(self.width(), wanted.width()), wanted.height())

    def _grow(self) -> None:
        """Make room for a longer sentence; never take back what a person gave."""
        self.resize(self.size().expandedTo(self._wanted_size()))

    def _wanted_size(self) -> QSize:
        self._scroll.updateGeometry()
        room = self.screen().availableGeometry().size() - QSize(theme.MARGIN, 2 * theme.MARGIN)
        return self.sizeHint().boundedTo(room)
