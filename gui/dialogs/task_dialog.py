"""Create or edit a task: checks the schedule while it is typed and hands out a command.

Never saves by itself: whoever opened it runs the command, and accepts it or shows the error here.
"""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from core.clock import Clock, SystemClock
from core.contracts.planning import TaskDependencies
from core.contracts.records import SchedulePreview, TaskRecord
from core.errors import AppError, InvalidValueError
from core.language import _
from core.messages import error_sentence
from gui.dialogs.consequence_check import ConsequenceCheck
from gui.dialogs.form_dialog import FormDialog
from gui.dialogs.schedule_check import ScheduleCheck
from gui.dialogs.task_choices import read_choices, read_dependency_choices
from gui.dialogs.task_draft import (
    Obstacle,
    TaskDraft,
    changed_schedule,
    create_command,
    edit_command,
    is_calendar_missing,
    obstacle,
    scheduled,
)
from gui.dialogs.task_form import TaskForm
from gui.operations import Operations

FIELDS_OF_CODES = {
    "task.name_taken": "name",
    "school.not_found": "school_id",
    "calendar.not_found": "calendar_id",
}
"""Refusals that are about one field without naming it."""
RECHECK_MS = 30_000
"""The next runs move on while the dialog stays open."""


class TaskDialog(FormDialog):
    """A new task, or a change to `record`; `open()` it and hear `submitted`."""

    submitted = Signal(object)
    """A `CreateTask`, or an `EditTask` with only what was changed."""
    dependency_asked = Signal(object)
    """A `DependencyRequest`, to be carried out at once."""

    def __init__(
        self,
        operations: Operations,
        record: TaskRecord | None,
        parent: QWidget | None = None,
        *,
        clock: Clock | None = None,
    ) -> None:
        clock = clock or SystemClock()
        form = TaskForm(clock.now())
        super().__init__(form, _("Create task") if record is None else _("Save changes"), parent)
        self.setWindowTitle(_("New task") if record is None else _("Edit task"))
        self._clock = clock
        self._form = form
        self._record = record
        self._refusal = ""
        self._asked: Hashable = None
        self._is_save_wanted = False
        if record is not None:
            self._form.show_record(record)
        self._untouched = self._form.draft()
        self._check = ScheduleCheck(operations, self)
        self._consequences = ConsequenceCheck(operations, self)
        self._recheck = QTimer(self, interval=RECHECK_MS)
        self._connect()
        self._on_form_changed()
        self._check.hurry()
        self._recheck.start()
        operations.query(self, read_choices, self._form.set_choices)
        if record is not None:
            operations.query(
                self,
                lambda backend: read_dependency_choices(backend, record.id),
                self._form.set_dependency_choices,
                failed=self.show_dependency_error,
            )

    def show_error(self, error: AppError) -> None:
        """Say why the command was refused: beside the field it names, else at the top."""
        self.set_busy(is_busy=False)
        self._form.clear_errors()
        field = str(error.params.get("field", FIELDS_OF_CODES.get(error.code, "")))
        is_beside_field = self._form.show_error(field, error_sentence(error))
        self.show_problem("" if is_beside_field else error_sentence(error))

    def show_dependencies(self, found: TaskDependencies) -> None:
        """What the task depends on by now."""
        self._form.dependencies().show_dependencies(found)

    def show_dependency_error(self, error: AppError) -> None:
        """Why a dependency could not be added or removed."""
        self._form.dependencies().show_error(error_sentence(error))

    def is_changed(self) -> bool:
        """Whether closing would lose something."""
        return self._form.draft() != self._untouched

    def _connect(self) -> None:
        self._form.changed.connect(self._on_form_changed)
        self._form.folded.connect(self.fit)
        self._check.passed.connect(self._on_check_passed)
        self._check.refused.connect(self._on_check_refused)
        self._consequences.found.connect(self._form.show_consequences)
        self._form.dependencies().asked.connect(self.dependency_asked)
        self._recheck.timeout.connect(self._on_recheck_timeout)
        self.save_asked.connect(self._on_self_save_asked)

    def _on_form_changed(self) -> None:
        draft = self._form.draft()
        self._is_save_wanted = False
        self.show_problem("")
        # A name being typed is no reason to ask again.
        when = (
            draft.trigger,
            draft.timezone,
            draft.starts_at,
            draft.ends_at,
            draft.calendar_id,
            draft.calendar_policy,
        )
        if when != self._asked:
            self._asked = when
            self._ask(draft)
            self._ask_for_consequences(draft)
        self._update_obstacle()

    def _on_check_passed(self, preview: SchedulePreview) -> None:
        if preview.instants:
            self._refuse("")
            self._form.preview().show_preview(preview, self._clock.now())
        else:
            self._refuse(_never_words(self._form.draft()))
        self._settle()

    def _on_check_refused(self, error: AppError) -> None:
        self._refuse(error_sentence(error))
        self._settle()

    def _on_recheck_timeout(self) -> None:
        if self.isVisible() and not self.is_busy() and not self._check.is_pending:
            self._ask(self._form.draft())

    def _on_self_save_asked(self) -> None:
        if self._check.is_pending:
            # Typed and saved in one go: the answer is on its way.
            self._is_save_wanted = True
            self._check.hurry()
        elif in_the_way := self._obstacle():
            self._form.show_error(in_the_way.field, in_the_way.sentence)
        else:
            self._submit()

    def _ask(self, draft: TaskDraft) -> None:
        schedule = scheduled(draft, self._record, self._clock.now())
        if schedule is None:
            self._check.drop()
            self._refuse("")
            self._form.preview().show_hint(_("Type a cron line, or choose one of the presets."))
        elif is_calendar_missing(draft):
            self._check.drop()
            self._refuse("")
            self._form.preview().show_hint(_("Choose a calendar under More: its dates say when."))
        elif not self._form.is_zone_known():
            self._check.drop()
            unknown = InvalidValueError("time.zone_unknown", field="timezone", value=draft.timezone)
            self._refuse(error_sentence(unknown), is_trigger=False)
        else:
            self._check.ask(schedule, draft.calendar_id, draft.calendar_policy)

    def _ask_for_consequences(self, draft: TaskDraft) -> None:
        change = None
        is_whole = self._form.is_zone_known() and not is_calendar_missing(draft)
        if self._record is not None and is_whole:
            change = changed_schedule(draft, self._record, self._clock.now())
        if change is None:
            self._consequences.drop()
        else:
            self._consequences.ask(change)

    def _settle(self) -> None:
        self._update_obstacle()
        if self._is_save_wanted:
            self._is_save_wanted = False
            self._on_self_save_asked()

    def _submit(self) -> None:
        draft = self._form.draft()
        self._form.clear_errors()
        if self._record is None:
            self.submitted.emit(create_command(draft))
        else:
            self.submitted.emit(edit_command(draft, self._record, self._clock.now()))

    def _refuse(self, sentence: str, *, is_trigger: bool = True) -> None:
        """Keep and show why the schedule cannot be; an empty sentence takes it back."""
        self._refusal = sentence
        self._form.set_trigger_invalid(is_invalid=bool(sentence) and is_trigger)
        if sentence:
            self._form.preview().show_error(sentence)

    def _obstacle(self) -> Obstacle | None:
        draft = self._form.draft()
        if self._record is not None and draft == self._untouched:
            return Obstacle("name", _("Nothing has been changed."))
        return obstacle(draft, self._record, is_refused=bool(self._refusal))

    def _update_obstacle(self) -> None:
        in_the_way = self._obstacle()
        self.show_obstacle(in_the_way.sentence if in_the_way else "")


def _never_words(draft: TaskDraft) -> str:
    if draft.calendar_id is not None:
        return _("With this calendar and within these dates the task would never run.")
    return _("Within these dates the task would never run.")
