"""Asks before a task is deleted, and says what becomes of its run and its history."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from core.contracts.records import TaskRecord
from core.language import _
from gui import theme
from gui.tones import Tone

ICON: Final = 32


def delete_confirmation(task: TaskRecord, parent: QWidget) -> QMessageBox:
    """A box for `open()`; `accepted` is emitted when the person confirms."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIconPixmap(theme.pixmap("warning", Tone.WARNING, ICON, parent.devicePixelRatioF()))
    box.setWindowTitle(_("Delete task"))
    # A name is text: it must never be taken for markup.
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(_("Delete the task “{name}”?").format(name=task.name))
    box.setInformativeText("\n".join(_consequences(task)))
    delete = box.addButton(_("Delete"), QMessageBox.ButtonRole.AcceptRole)
    keep = box.addButton(_("Keep"), QMessageBox.ButtonRole.RejectRole)
    delete.setObjectName("delete")
    keep.setObjectName("keep")
    box.setDefaultButton(keep)
    box.setEscapeButton(keep)
    return box


def _consequences(task: TaskRecord) -> list[str]:
    sentences = [
        _("It will not run again."),
        _("Its history and its models are kept."),
        _("It can be restored from the recycle bin."),
    ]
    if task.active_run is not None:
        sentences.insert(0, _("The run that is waiting or under way is cancelled."))
    return sentences
