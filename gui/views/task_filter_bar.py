"""Search box and choices above the list of tasks: they say what is wanted, and filter nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from core.contracts.records import SchoolRecord
from core.domain.task import TaskStatus, TrainingMode
from core.language import _
from gui import theme
from gui.formatting import mode_word, scope_text, task_look
from gui.models.filters import ANY_SCHOOL, Wanted
from gui.tones import Tone
from gui.widgets.choice_box import ChoiceBox

SCHOOL_LETTERS: Final = 14
"""Room for a school's name before it is elided."""


class TaskFilterBar(QWidget):
    """Holds a `Wanted`."""

    wanted_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._schools: tuple[SchoolRecord, ...] = ()
        self._search = QLineEdit(clearButtonEnabled=True)
        self._search_icon = QAction(self)
        self._search_icon.setIcon(theme.icon("search", Tone.MUTED))
        self._search.addAction(self._search_icon, QLineEdit.ActionPosition.LeadingPosition)
        self._status = ChoiceBox[TaskStatus | None](_statuses())
        self._mode = ChoiceBox[TrainingMode | None](_modes())
        self._school = ChoiceBox[int | None](_scopes(()))
        self._school.set_value(ANY_SCHOOL)
        for box in (self._status, self._mode):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._school.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._school.setMinimumContentsLength(SCHOOL_LETTERS)
        self._find = QAction(self)
        self._find.setShortcut(QKeySequence.StandardKey.Find)
        self.addAction(self._find)
        self._arrange()
        self.retranslate()
        self._connect()

    def wanted(self) -> Wanted:
        """What is asked for now."""
        return Wanted(
            status=self._status.value(),
            training_mode=self._mode.value(),
            school_id=self._school.value(),
            text=" ".join(self._search.text().split()),
        )

    def clear(self) -> None:
        """Ask for everything again."""
        for box in (self._status, self._mode, self._school):
            box.setCurrentIndex(0)
        self._search.clear()

    def focus_search(self) -> None:
        """Let the reader type what to look for."""
        self._search.setFocus()
        self._search.selectAll()

    def show_schools(self, schools: Sequence[SchoolRecord]) -> None:
        """Offer these schools; a chosen one stays chosen as long as it is there."""
        self._schools = tuple(schools)
        before = self.wanted()
        self._school.set_options(_scopes(self._schools))
        if self.wanted() != before:
            self.wanted_changed.emit(self.wanted())

    def retranslate(self) -> None:
        """Speak the current language; what is chosen stays chosen."""
        keys = self._find.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        self._search.setPlaceholderText(_("Search tasks"))
        # Not within the f-string, where it would not be found for the catalogue.
        hint = _("Search by name, description or school")
        self._search.setToolTip(f"{hint} ({keys})")
        for widget, name in (
            (self._search, _("Search tasks")),
            (self._status, _("Status")),
            (self._mode, _("Training mode")),
            (self._school, _("School")),
        ):
            widget.setAccessibleName(name)
        self._status.set_options(_statuses())
        self._mode.set_options(_modes())
        self.show_schools(self._schools)

    def _arrange(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.UNIT)
        layout.addWidget(self._search, stretch=1)
        for box in (self._status, self._mode, self._school):
            layout.addWidget(box)

    def _connect(self) -> None:
        self._find.triggered.connect(self.focus_search)
        self._search.textChanged.connect(self._on_choice_changed)
        for box in (self._status, self._mode, self._school):
            box.chosen.connect(self._on_choice_changed)

    def _on_choice_changed(self) -> None:
        self.wanted_changed.emit(self.wanted())


def _statuses() -> list[tuple[TaskStatus | None, str]]:
    return [(None, _("Any status")), *((status, task_look(status).word) for status in TaskStatus)]


def _modes() -> list[tuple[TrainingMode | None, str]]:
    return [(None, _("Any mode")), *((mode, mode_word(mode)) for mode in TrainingMode)]


def _scopes(schools: Sequence[SchoolRecord]) -> list[tuple[int | None, str]]:
    named = ((school.id, school.name) for school in schools)
    return [(ANY_SCHOOL, _("Any school")), (None, scope_text(None)), *named]
