"""Schools as a table: each with what it holds and the model that serves it."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import QObject

from core.contracts.records import SchoolRecord
from core.language import N_, _, _n
from gui import formatting
from gui.models.record_model import Column, RecordModel, Role


class SchoolColumn(IntEnum):
    """The columns, in their order."""

    SCHOOL = 0
    MODEL = 1


class SchoolModel(RecordModel[SchoolRecord]):
    """By name."""

    def __init__(self, parent: QObject | None = None) -> None:
        name: Column[SchoolRecord] = Column(
            N_("School"),
            display=lambda school: school.name,
            tooltip=lambda school: f"{school.name}\n{_holdings(school)}",
            accessible=lambda school: f"{school.name}, {_holdings(school)}",
            others={Role.SECOND_LINE: _holdings},
        )
        model: Column[SchoolRecord] = Column(
            N_("Model"),
            display=_model,
            sort=lambda school: school.model_version,
            tooltip=lambda _school: _("The model version in service for this school"),
        )
        super().__init__(
            (name, model),
            key=lambda school: school.id,
            order=lambda school: (school.name.casefold(),),
            parent=parent,
        )


def _holdings(school: SchoolRecord) -> str:
    students = _n("{count} student", "{count} students", school.student_count)
    samples = _n("{count} sample", "{count} samples", school.sample_count)
    parts = (
        students.format(count=formatting.count(school.student_count)),
        samples.format(count=formatting.count(school.sample_count)),
    )
    return " · ".join(parts)


def _model(school: SchoolRecord) -> str:
    if school.model_version is None:
        return formatting.DASH
    return _("Version {version}").format(version=school.model_version)
