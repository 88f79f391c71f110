"""The fields of a task that are rarely changed: description, zone, window and policies."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from core.contracts.records import TaskRecord
from core.domain.task import Policies
from core.language import _
from gui.widgets.form import Form
from gui.widgets.policies_editor import PoliciesEditor
from gui.widgets.window_editor import WindowEditor
from gui.widgets.zone_box import ZoneBox

DESCRIPTION_LINES = 3


class MoreSection(Form):
    """Everything that has a good default."""

    def __init__(self, now: datetime, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._description = QPlainTextEdit()
        self._description.setTabChangesFocus(True)
        self._description.setFixedHeight(
            self._description.fontMetrics().lineSpacing() * DESCRIPTION_LINES + 24
        )
        self._zone = ZoneBox()
        self._window = WindowEditor(now, self._zone.zone())
        self._policies = PoliciesEditor(self)
        self.add_row(
            "description", _("Description"), self._description, self._description.textChanged
        )
        self.add_row("timezone", _("Time zone"), self._zone, self._zone.changed)
        self.add_row(("starts_at", "ends_at"), _("Window"), self._window, self._window.changed)
        for row in self._policies.rows():
            self.add_row(row.field, row.label, row.control, row.changed, row.hint)

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

    def start_and_end(self) -> tuple[datetime | None, datetime | None]:
        """Start and end as instants."""
        return self._window.starts_at(self.zone()), self._window.ends_at(self.zone())

    def policies(self) -> Policies:
        """The policies as entered."""
        return self._policies.policies()

    def set_incremental(self, *, is_incremental: bool) -> None:
        """Enable what only incremental training has."""
        self._policies.set_incremental(is_incremental=is_incremental)

    def show_record(self, record: TaskRecord) -> None:
        """Show the fields of `record`."""
        self._description.setPlainText(record.description)
        self._zone.set_zone(record.timezone)
        self._window.set_window(record.starts_at, record.ends_at, record.timezone)
        self._policies.set_policies(record.policies)

    def focus_field(self, field: str) -> None:
        """Put the keyboard into the control of `field`."""
        if field in {"starts_at", "ends_at"}:
            self._window.focus_field(field)
        else:
            super().focus_field(field)


def is_worth_showing(record: TaskRecord, zone: str) -> bool:
    """Whether `record` differs from the defaults in a field of the section."""
    return (
        bool(record.description)
        or record.timezone != zone
        or record.starts_at is not None
        or record.ends_at is not None
        or record.policies != Policies()
    )
