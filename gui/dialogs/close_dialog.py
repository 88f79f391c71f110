"""The question at closing while this window trains: stop, wait, or stay; it only asks."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractButton, QMessageBox, QPushButton, QWidget

from core.language import _, _n
from gui import theme
from gui.tones import Tone

MOST_NAMES = 5


class CloseAnswer(StrEnum):
    """What to do with the running training."""

    STOP = "stop"
    WAIT = "wait"
    STAY = "stay"


class CloseDialog(QMessageBox):
    """Opened with `open()`; Escape means stay."""

    answered = Signal(object)
    """A `CloseAnswer`."""

    def __init__(self, task_names: list[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setIconPixmap(theme.pixmap("running", Tone.ACCENT, 40, parent.devicePixelRatioF()))
        self.setWindowTitle(_("Close Traintable?"))
        # No name is known when the database does not answer; something runs all the same.
        count = max(len(task_names), 1)
        heading = _n("A training is running.", "{n} trainings are running.", count)
        self.setText(heading.format(n=count))
        self.setInformativeText("\n\n".join(filter(None, (_listed(task_names), _consequence()))))
        roles = QMessageBox.ButtonRole
        wait = self._button(_("Wait, then close"), roles.AcceptRole)
        stop = self._button(_("Stop and close"), roles.DestructiveRole)
        stay = self._button(_("Stay"), roles.RejectRole)
        self._answers: dict[QAbstractButton, CloseAnswer] = {
            wait: CloseAnswer.WAIT,
            stop: CloseAnswer.STOP,
            stay: CloseAnswer.STAY,
        }
        self.setDefaultButton(wait)
        self.setEscapeButton(stay)
        self.finished.connect(self._on_finished)

    def _button(self, words: str, role: QMessageBox.ButtonRole) -> QPushButton:
        button = self.addButton(words, role)
        button.setAccessibleName(words)
        return button

    def _on_finished(self) -> None:
        self.answered.emit(self._answers.get(self.clickedButton(), CloseAnswer.STAY))
        self.deleteLater()


def _listed(task_names: list[str]) -> str:
    more = ["…"] if len(task_names) > MOST_NAMES else []
    return "\n".join(task_names[:MOST_NAMES] + more)


def _consequence() -> str:
    return _(
        "This window is the runner: nothing runs while it is closed. A stopped training is recorded"
        " as cancelled and makes no model."
    )
