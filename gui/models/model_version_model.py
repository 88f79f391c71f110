"""Model versions as a table, newest first, and the proxy that shows one scope of them."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel

from core.contracts.records import ModelVersionRecord
from core.domain.model_version import Gate
from core.language import N_, _, _n
from core.messages import sentence
from gui import formatting
from gui.formatting import Look
from gui.models.record_model import RIGHT, Column, RecordModel, Role
from gui.tones import Tone

ALL_SCHOOLS: Final = 0
"""The scope of models that all schools share; real ids begin at 1."""


class ModelColumn(IntEnum):
    """The columns, in their order."""

    VERSION = 0
    STATE = 1
    SAMPLES = 2
    TOP1 = 3
    TOP5 = 4
    MADE = 5


class ModelVersionModel(RecordModel[ModelVersionRecord]):
    """Keyed by the id of the model version."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(
            _columns(),
            key=lambda record: record.id,
            order=lambda record: (-record.created_at.timestamp(), -record.id),
            parent=parent,
        )


class ModelVersionProxy(QSortFilterProxyModel):
    """Sorts, and shows one scope or all, perhaps only what is in service."""

    def __init__(self, source: ModelVersionModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._models = source
        self._scope: int | None = None
        self._is_in_service_only = False
        self.setSortRole(Role.SORT)
        self.setSourceModel(source)

    def show_scope(self, scope: int | None, *, in_service_only: bool) -> None:
        """`scope` is a school's id, `ALL_SCHOOLS`, or `None` for every model."""
        self.beginFilterChange()
        self._scope = scope
        self._is_in_service_only = in_service_only
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def filterAcceptsRow(
        self, source_row: int, source_parent: QModelIndex | QPersistentModelIndex
    ) -> bool:
        if source_parent.isValid():
            return False
        record = self._models.record_at(source_row)
        return (self._scope is None or scope_of(record) == self._scope) and (
            record.is_in_service or not self._is_in_service_only
        )


def scope_of(record: ModelVersionRecord) -> int:
    """The id of the model's school, `ALL_SCHOOLS` without one."""
    return record.school_id or ALL_SCHOOLS


def state_look(record: ModelVersionRecord) -> Look:
    """Whether a model is in service, was before, or was refused."""
    if record.is_in_service:
        return Look(_("In service"), Tone.SUCCESS, "success")
    if record.gate is Gate.REFUSED:
        return formatting.gate_look(record.gate)
    return Look(_("Replaced"), Tone.NEUTRAL, "history")


def version_words(record: ModelVersionRecord) -> str:
    """The model's name: its version."""
    return _("Version {version}").format(version=record.version)


def gate_sentence(record: ModelVersionRecord) -> str:
    """Why the gate refused; empty when it did not."""
    return sentence(record.gate_code, record.gate_params) if record.gate_code else ""


def _scope_and_mode(record: ModelVersionRecord) -> str:
    scope = formatting.scope_text(record.school_name)
    return f"{scope} · {formatting.mode_word(record.training_mode)}"


def _students(record: ModelVersionRecord) -> str:
    return _n("{count} student", "{count} students", record.student_count).format(
        count=formatting.count(record.student_count)
    )


def _execution(record: ModelVersionRecord) -> str:
    if record.execution_id is None:
        return ""
    return _("Execution {id}").format(id=record.execution_id)


def _share(record: ModelVersionRecord, key: str) -> float | None:
    value = record.metrics.get(key)
    return float(value) if isinstance(value, int | float) else None


def _columns() -> tuple[Column[ModelVersionRecord], ...]:
    version: Column[ModelVersionRecord] = Column(
        N_("Model"),
        display=version_words,
        sort=lambda record: record.version,
        tooltip=_scope_and_mode,
        accessible=lambda record: f"{version_words(record)}, {_scope_and_mode(record)}",
        others={Role.SECOND_LINE: _scope_and_mode},
    )
    state: Column[ModelVersionRecord] = Column(
        N_("State"),
        display=lambda record: state_look(record).word,
        tooltip=gate_sentence,
        others={Role.LOOK: state_look},
    )
    samples: Column[ModelVersionRecord] = Column(
        N_("Samples"),
        display=lambda record: formatting.count(record.sample_count),
        sort=lambda record: record.sample_count,
        alignment=RIGHT,
        others={Role.SECOND_LINE: _students},
    )
    made: Column[ModelVersionRecord] = Column(
        N_("Made at"),
        display=lambda record: formatting.instant(record.created_at),
        sort=lambda record: record.created_at.timestamp(),
        tooltip=lambda record: formatting.exact(record.created_at),
        others={Role.SECOND_LINE: _execution},
    )
    top1, top5 = _accuracy(N_("Top-1"), "top1"), _accuracy(N_("Top-5"), "top5")
    return (version, state, samples, top1, top5, made)


def _accuracy(title: str, key: str) -> Column[ModelVersionRecord]:
    return Column(
        title,
        display=lambda record: formatting.percent(_share(record, key)),
        sort=lambda record: _share(record, key),
        alignment=RIGHT,
    )
