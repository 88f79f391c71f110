"""Which tasks a list shows, and in which order: a proxy that never touches the records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt

from core.contracts.records import TaskRecord
from core.domain.task import TaskStatus, TrainingMode
from gui.models.record_model import RecordModel

ANY_SCHOOL: Final = -1
"""Tasks of every scope; `None` asks for those that train all schools together."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asked to see; the defaults ask for everything."""

    status: TaskStatus | None = None
    training_mode: TrainingMode | None = None
    school_id: int | None = ANY_SCHOOL
    text: str = ""

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out."""
        return self == Wanted()


def matches(task: TaskRecord, wanted: Wanted) -> bool:
    """Whether `task` is asked for; each word of the text must occur somewhere in its texts."""
    if wanted.status not in (None, task.status):
        return False
    if wanted.training_mode not in (None, task.training_mode):
        return False
    if wanted.school_id not in (ANY_SCHOOL, task.school_id):
        return False
    heap = f"{task.name}\n{task.description}\n{task.school_name or ''}".casefold()
    return all(word in heap for word in wanted.text.casefold().split())


class TaskFilterProxy(QSortFilterProxyModel):
    """Lets through what is `Wanted`, in the order of the source, which does the sorting."""

    def __init__(self, source: RecordModel[TaskRecord], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = source
        self._wanted = Wanted()
        self.setSourceModel(source)

    @property
    def wanted(self) -> Wanted:
        """The filter in force."""
        return self._wanted

    def show_only(self, wanted: Wanted) -> None:
        """Filter anew."""
        if wanted != self._wanted:
            self.beginFilterChange()
            self._wanted = wanted
            self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def filterAcceptsRow(self, row: int, _parent: QModelIndex | QPersistentModelIndex) -> bool:
        return matches(self._tasks.record_at(row), self._wanted)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._tasks.sort(column, order)
