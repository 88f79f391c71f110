"""Students of a school as a table: how many samples each has, and in which state."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import QObject

from core.contracts.records import StudentCounts
from core.language import N_, _
from gui import formatting
from gui.models.record_model import RIGHT, Column, RecordModel, Role


class StudentColumn(IntEnum):
    """The columns, in their order."""

    STUDENT = 0
    SAMPLES = 1


class StudentModel(RecordModel[StudentCounts]):
    """By school and name."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(
            _columns(),
            key=_Numbers(),
            order=lambda student: (student.school_name.casefold(), student.student.casefold()),
            parent=parent,
        )


class _Numbers:
    """Students have no number of their own: each gets one when it is first seen."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], int] = {}

    def __call__(self, student: StudentCounts) -> int:
        return self._known.setdefault((student.school_id, student.student), len(self._known))


def _columns() -> tuple[Column[StudentCounts], ...]:
    student: Column[StudentCounts] = Column(
        N_("Student"),
        display=lambda counts: counts.student,
        tooltip=lambda counts: _("Newest capture: {time}").format(
            time=formatting.exact(counts.newest_captured_at)
        ),
        others={Role.SECOND_LINE: _newest},
    )
    samples: Column[StudentCounts] = Column(
        N_("Samples"),
        display=_processed,
        sort=lambda counts: counts.processed + counts.failed + counts.pending,
        accessible=lambda counts: ", ".join(
            part for part in (_processed(counts), _unusable(counts)) if part
        ),
        alignment=RIGHT,
        others={Role.SECOND_LINE: _unusable},
    )
    return (student, samples)


def _newest(counts: StudentCounts) -> str:
    return _("newest {time}").format(time=formatting.instant(counts.newest_captured_at))


def _processed(counts: StudentCounts) -> str:
    return _("{count} processed").format(count=formatting.count(counts.processed))


def _unusable(counts: StudentCounts) -> str:
    """What cannot be trained on, if anything."""
    parts = []
    if counts.failed:
        parts.append(_("{count} unreadable").format(count=formatting.count(counts.failed)))
    if counts.pending:
        parts.append(_("{count} waiting").format(count=formatting.count(counts.pending)))
    return " · ".join(parts)
