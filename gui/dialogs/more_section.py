"""The fields of a task that are rarely changed, in sections that fold; each says what is in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from core.contracts.calendars import CalendarRecord
from core.contracts.records import TaskRecord
from core.domain.calendar import CalendarPolicy
from core.domain.task import CatchUpPolicy, OverlapPolicy, Policies
from core.language import _
from gui import theme
from gui.dialogs.dependency_section import DependencySection
from gui.dialogs.timing_section import TimingSection
from gui.policy_words import differences, overlap_meaning
from gui.widgets.collapsible import Collapsible
from gui.widgets.form import Form
from gui.widgets.policies_editor import PoliciesEditor
from gui.widgets.zone_box import ZoneBox

DESCRIPTION_LINES = 3
OVERLAP_FIELDS: Final = (
    "overlap",
    "overlap_limit",
    "grace_seconds",
    "catch_up",
    "catch_up_window_seconds",
)
RETRY_FIELDS: Final = (
    "max_attempts",
    "retry_base_seconds",
    "retry_factor",
    "retry_cap_seconds",
    "lost_allowance",
    "pause_after_failures",
)
LIMIT_FIELDS: Final = (
    "attempt_timeout_seconds",
    "total_timeout_seconds",
    "priority",
    "no_new_samples",
)


@dataclass(frozen=True, slots=True)
class _Section:
    """A form that folds, and what it says in a line while it is folded."""

    form: Form
    fold: Collapsible
    summary: Callable[[], str]


class MoreSection(QWidget):
    """Everything that has a good default."""

    changed = Signal()
    """Any field was edited."""
    folded = Signal()
    """The height changed because a section was opened or closed."""

    def __init__(self, now: datetime, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._description = QPlainTextEdit()
        self._description.setTabChangesFocus(True)
        self._description.setFixedHeight(
            self._description.fontMetrics().lineSpacing() * DESCRIPTION_LINES + 24
        )
        self._zone = ZoneBox()
        self._general = Form()
        self._timing = TimingSection(now, self._zone.zone())
        self._policies = PoliciesEditor(self)
        self._overlap, self._retry, self._limits = (
            self._policy_form(fields) for fields in (OVERLAP_FIELDS, RETRY_FIELDS, LIMIT_FIELDS)
        )
        self.dependencies = DependencySection()
        self._sections = self._folding_sections()
        self._dependency_fold = Collapsible(_("Dependencies"), self.dependencies)
        self._lay_out()
        self._connect()
        self.dependencies.show_dependencies(None)
        self._on_any_changed()

    def description(self) -> str:
        """The description as typed."""
        return self._description.toPlainText()

    def zone(self) -> str:
        """The zone to read wall times in: the last good one while another is being typed."""
        return self._zone.zone()

    def entered_zone(self) -> str:
        """The zone as entered, known or not."""
        return self._zone.entered()

    def is_zone_known(self) -> bool:
        """Whether the entered zone exists."""
        return self._zone.is_known()

    def timing(self) -> TimingSection:
        """Calendar, window, number of runs, delay."""
        return self._timing

    def policies(self) -> Policies:
        """The policies as entered."""
        return self._policies.policies()

    def set_incremental(self, *, is_incremental: bool) -> None:
        """Enable what only incremental training has."""
        self._policies.set_incremental(is_incremental=is_incremental)

    def set_calendars(self, calendars: Sequence[CalendarRecord]) -> None:
        """Offer these calendars."""
        self._timing.set_calendars(calendars)

    def show_record(self, record: TaskRecord) -> None:
        """Show the fields of `record`."""
        self._description.setPlainText(record.description)
        self._zone.set_zone(record.timezone)
        self._timing.show_record(record)
        self._policies.set_policies(record.policies)

    def has_field(self, field: str) -> bool:
        """Whether a row edits `field`."""
        return any(form.has_field(field) for form in self._forms())

    def show_error(self, field: str, sentence: str) -> None:
        """Unfold the section of `field` and say what is wrong beside it."""
        self.unfold(field)
        self._form_of(field).show_error(field, sentence)

    def unfold(self, field: str) -> None:
        """Bring the control of `field` into sight."""
        for section in self._sections:
            if section.form.has_field(field):
                section.fold.set_open(is_open=True)

    def focus_field(self, field: str) -> None:
        """Put the keyboard into the control of `field`."""
        self._form_of(field).focus_field(field)

    def note_text(self, field: str) -> str:
        """What stands under the control of `field` now."""
        return self._form_of(field).note_text(field)

    def clear_errors(self) -> None:
        """Back to the hints."""
        for form in self._forms():
            form.clear_errors()

    def label_width(self) -> int:
        """Width of the widest label."""
        return max(form.label_width() for form in self._forms())

    def set_label_width(self, width: int) -> None:
        """Give the column of labels this width."""
        for form in self._forms():
            form.set_label_width(width)

    def _policy_form(self, fields: tuple[str, ...]) -> Form:
        form = Form()
        for field in fields:
            row = self._policies.row(field)
            form.add_row(field, row.label, row.control, row.changed, row.hint)
        return form

    def _folding_sections(self) -> tuple[_Section, ...]:
        def of_policies(title: str, form: Form, fields: tuple[str, ...]) -> _Section:
            return _Section(
                form, Collapsible(title, form), lambda: _joined(self.policies(), fields)
            )

        timing = Collapsible(_("Calendar and dates"), self._timing)
        return (
            _Section(self._timing, timing, lambda: self._timing.summary(self.zone())),
            of_policies(_("Overlap and missed runs"), self._overlap, OVERLAP_FIELDS),
            of_policies(_("Failures and retries"), self._retry, RETRY_FIELDS),
            of_policies(_("Limits and priority"), self._limits, LIMIT_FIELDS),
        )

    def _lay_out(self) -> None:
        self._general.add_row(
            "description", _("Description"), self._description, self._description.textChanged
        )
        self._general.add_row("timezone", _("Time zone"), self._zone, self._zone.changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(self._general)
        for section in self._sections:
            column.addWidget(section.fold)
        column.addWidget(self._dependency_fold)

    def _connect(self) -> None:
        for form in self._forms():
            form.changed.connect(self._on_any_changed)
        for fold in (*(section.fold for section in self._sections), self._dependency_fold):
            fold.toggled.connect(lambda _is_open: self.folded.emit())
        self.dependencies.summary_changed.connect(self._dependency_fold.set_summary)

    def _on_any_changed(self) -> None:
        self._show_what_matters()
        for section in self._sections:
            section.fold.set_summary(section.summary() or _("As usual"))
        self.changed.emit()

    def _show_what_matters(self) -> None:
        """Leave out the rows that have no meaning beside the choices above them."""
        policies = self.policies()
        self._overlap.set_hint("overlap", overlap_meaning(policies.overlap))
        is_beside = policies.overlap is OverlapPolicy.ALLOW
        self._overlap.set_row_visible("overlap_limit", is_visible=is_beside)
        is_made_up = policies.catch_up is not CatchUpPolicy.NONE
        self._overlap.set_row_visible("catch_up_window_seconds", is_visible=is_made_up)
        for field in ("retry_base_seconds", "retry_factor", "retry_cap_seconds"):
            self._retry.set_row_visible(field, is_visible=policies.max_attempts > 1)

    def _forms(self) -> tuple[Form, ...]:
        return (self._general, *(section.form for section in self._sections))

    def _form_of(self, field: str) -> Form:
        return next(form for form in self._forms() if form.has_field(field))


def is_worth_showing(record: TaskRecord, zone: str) -> bool:
    """Whether `record` differs from the defaults in a field of the section."""
    return (
        bool(record.description or record.jitter_seconds or record.max_runs)
        or record.timezone != zone
        or record.starts_at is not None
        or record.ends_at is not None
        or record.calendar_id is not None
        or record.calendar_policy is not CalendarPolicy.SKIP
        or record.policies != Policies()
    )


def _joined(policies: Policies, fields: tuple[str, ...]) -> str:
    return " · ".join(differences(policies, fields))
