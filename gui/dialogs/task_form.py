"""The body of the task dialog: fields in, draft out; neither asks the backend nor saves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from core.contracts.planning import TaskConsequences
from core.contracts.records import SchoolRecord, TaskRecord
from core.domain.task import TrainingMode
from core.domain.trigger import TRIGGER_FIELDS, TriggerType
from core.language import _
from gui import theme
from gui.dialogs.consequences_dialog import ConsequencesDialog
from gui.dialogs.dependency_section import DependencySection
from gui.dialogs.more_section import MoreSection, is_worth_showing
from gui.dialogs.task_choices import Choices, DependencyChoices
from gui.dialogs.task_draft import TaskDraft
from gui.formatting import scope_text
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.collapsible import Collapsible
from gui.widgets.consequence_line import ConsequenceLine
from gui.widgets.fire_preview import FirePreview
from gui.widgets.form import Form
from gui.widgets.trigger_editor import TriggerEditor
from gui.widgets.what_editor import WhatEditor
from gui.widgets.zone_box import machine_zone

WHEN_FIELDS = ("trigger_type", *TRIGGER_FIELDS.values(), "anchor_at")


class TaskForm(QWidget):
    """Name, when and what; the rest is folded away under “More”."""

    changed = Signal()
    """Any field was edited."""
    folded = Signal()
    """The height changed: “More” was opened or closed, or another kind of trigger chosen."""

    def __init__(self, now: datetime, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = QLineEdit()
        self._trigger = TriggerEditor(now, machine_zone())
        self._preview = FirePreview()
        self._consequences = ConsequenceLine()
        self._found: TaskConsequences | None = None
        self._what = WhatEditor()
        self._school = ChoiceBox[int | None]([(None, scope_text(None))])
        self._main = Form()
        self._more = MoreSection(now)
        self._fold = Collapsible(_("More"), self._more)
        self._lay_out()
        self._connect()

    def draft(self) -> TaskDraft:
        """All fields as they stand."""
        zone = self._more.zone()
        timing = self._more.timing()
        starts_at, ends_at = timing.start_and_end(zone)
        return TaskDraft(
            name=self._name.text(),
            description=self._more.description(),
            trigger=self._trigger.trigger(zone),
            timezone=self._more.entered_zone(),
            starts_at=starts_at,
            ends_at=ends_at,
            training_mode=self._what.mode(),
            school_id=self._school.value(),
            force_retrain=self._what.is_forced(),
            policies=self._more.policies(),
            calendar_id=timing.calendar_id(),
            calendar_policy=timing.calendar_policy(),
            jitter_seconds=timing.jitter_seconds(),
            max_runs=timing.max_runs(),
        )

    def is_zone_known(self) -> bool:
        """Whether the entered zone exists."""
        return self._more.is_zone_known()

    def preview(self) -> FirePreview:
        """The card under the trigger."""
        return self._preview

    def dependencies(self) -> DependencySection:
        """What the task depends on."""
        return self._more.dependencies

    def show_consequences(self, found: TaskConsequences | None) -> None:
        """Say under the preview what saving would change."""
        self._found = found
        self._consequences.show_consequences(found)

    def show_record(self, record: TaskRecord) -> None:
        """Show the fields of `record`."""
        if record.school_id is not None:
            # Its name is known before the list of schools has been read.
            self._school.set_options(
                [(None, scope_text(None)), (record.school_id, scope_text(record.school_name))]
            )
        self._name.setText(record.name)
        self._more.show_record(record)
        self._trigger.set_trigger(record.schedule.trigger, record.timezone)
        self._more.dependencies.show_task(record.id)
        self._what.set_what(record.training_mode, is_forced=record.force_retrain)
        self._school.set_value(record.school_id)
        self._fold.set_open(is_open=is_worth_showing(record, machine_zone()))

    def set_choices(self, choices: Choices) -> None:
        """Offer what there is to choose from."""
        self.set_schools(choices.schools)
        self._more.set_calendars(choices.calendars)

    def set_dependency_choices(self, choices: DependencyChoices) -> None:
        """Show what the task depends on, and offer the other tasks."""
        self._more.dependencies.set_tasks(choices.tasks)
        self._more.dependencies.show_dependencies(choices.dependencies)

    def set_schools(self, schools: Sequence[SchoolRecord]) -> None:
        """Offer these schools; the chosen one stays, also if it is not among them."""
        chosen, word = self._school.value(), self._school.currentText()
        options: list[tuple[int | None, str]] = [(None, scope_text(None))]
        options += [(school.id, school.name) for school in schools]
        if chosen not in [value for value, _word in options]:
            options.append((chosen, word))
        self._school.set_options(options)

    def set_trigger_invalid(self, *, is_invalid: bool) -> None:
        """Frame the trigger's field as wrong; what is in it stays."""
        self._trigger.set_invalid(is_invalid=is_invalid)

    def show_error(self, field: str, sentence: str) -> bool:
        """Say what is wrong beside `field` and go there; `False` if there is no such field."""
        form = self._form_of(field)
        if not form.has_field(field):
            return False
        self._fold.set_open(is_open=self._fold.is_open() or form is self._more)
        form.show_error(field, sentence)
        if field in WHEN_FIELDS:
            self._trigger.focus_field()
        else:
            form.focus_field(field)
        return True

    def clear_errors(self) -> None:
        """Take back what `show_error` said."""
        self._main.clear_errors()
        self._more.clear_errors()

    def note_text(self, field: str) -> str:
        """What stands beside `field` now."""
        return self._form_of(field).note_text(field)

    def _form_of(self, field: str) -> Form | MoreSection:
        return self._main if self._main.has_field(field) else self._more

    def _lay_out(self) -> None:
        when = QWidget()
        column = QVBoxLayout(when)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(self._trigger)
        column.addWidget(self._preview)
        column.addWidget(self._consequences)
        self._name.setPlaceholderText(_("For example: Nightly full training"))
        self._main.add_row("name", _("Name"), self._name, self._name.textChanged)
        self._main.add_row(WHEN_FIELDS, _("When"), when, self._trigger.changed)
        self._main.add_row(
            ("training_mode", "force_retrain"), _("Training"), self._what, self._what.changed
        )
        self._main.add_row("school_id", _("School"), self._school, self._school.chosen)
        width = max(self._main.label_width(), self._more.label_width())
        self._main.set_label_width(width)
        self._more.set_label_width(width)
        body = QVBoxLayout(self)
        body.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.GAP)
        body.setSpacing(theme.UNIT + theme.HALF)
        body.addWidget(self._main)
        body.addWidget(self._fold)
        body.addStretch()

    def _connect(self) -> None:
        self._trigger.kind_chosen.connect(self._on_kind_chosen)
        self._what.changed.connect(self._on_what_changed)
        self._main.changed.connect(self.changed)
        self._more.changed.connect(self.changed)
        self._more.folded.connect(self.folded)
        self._fold.toggled.connect(lambda _is_open: self.folded.emit())
        self._consequences.list_asked.connect(self._on_consequences_list_asked)
        self._on_what_changed()

    def _on_kind_chosen(self) -> None:
        is_told = self._trigger.kind() is TriggerType.TERM
        if is_told and self._more.timing().calendar_id() is None:
            self._fold.set_open(is_open=True)
            self._more.unfold("calendar_id")
        self.folded.emit()

    def _on_consequences_list_asked(self) -> None:
        if self._found is not None:
            ConsequencesDialog(self._found, self).open()

    def _on_what_changed(self) -> None:
        is_incremental = self._what.mode() is TrainingMode.INCREMENTAL
        self._more.set_incremental(is_incremental=is_incremental)
