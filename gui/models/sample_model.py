"""Samples of one student as a table, newest capture first, refused ones with their sentence."""

from __future__ import annotations

from enum import IntEnum
from pathlib import PurePosixPath

from PySide6.QtCore import QObject

from core.contracts.records import SampleRecord
from core.language import N_
from gui import formatting
from gui.models.record_model import Column, RecordModel, Role


class SampleColumn(IntEnum):
    """The columns, in their order."""

    FILE = 0
    CAPTURED = 1
    STATE = 2


class SampleModel(RecordModel[SampleRecord]):
    """Keyed by the id of the sample."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(
            _columns(),
            key=lambda sample: sample.id,
            order=lambda sample: (-sample.captured_at.timestamp(), -sample.id),
            parent=parent,
        )


def _file_name(sample: SampleRecord) -> str:
    """The folders before it say the school and the student, which the page says already."""
    return PurePosixPath(sample.file.replace("\\", "/")).name


def _columns() -> tuple[Column[SampleRecord], ...]:
    file: Column[SampleRecord] = Column(
        N_("Sample"),
        display=_file_name,
        sort=lambda sample: sample.file,
        tooltip=lambda sample: "\n".join(part for part in (sample.file, sample.error) if part),
        accessible=lambda sample: ", ".join(part for part in (sample.file, sample.error) if part),
        others={Role.SECOND_LINE: lambda sample: sample.error or ""},
    )
    captured: Column[SampleRecord] = Column(
        N_("Captured at"),
        display=lambda sample: formatting.instant(sample.captured_at),
        sort=lambda sample: sample.captured_at.timestamp(),
        tooltip=lambda sample: formatting.exact(sample.captured_at),
    )
    state: Column[SampleRecord] = Column(
        N_("State"),
        display=lambda sample: formatting.sample_look(sample.status).word,
        others={Role.LOOK: lambda sample: formatting.sample_look(sample.status)},
    )
    return (file, captured, state)
