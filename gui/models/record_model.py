"""A table of frozen records keyed by id: loaded once, then patched row by row, never fetching.

A page loads, a signal of the bridge patches; selection and scroll position stay with their records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from typing import Final, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from core.language import _
from gui.models.columns import LEFT, RIGHT, Column, Role
from gui.models.keyed_rows import KeyedRows, Order

__all__ = ["LEFT", "RIGHT", "Column", "Order", "RecordModel", "Role"]

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex

TOOLTIP_LINE: Final = 80
_ROOT: Final = QModelIndex()


class RecordModel(QAbstractTableModel, Generic[R]):
    """Announces what happens to its rows; each cell is computed once until it changes."""

    def __init__(
        self,
        columns: Sequence[Column[R]],
        *,
        key: Callable[[R], int],
        order: Callable[[R], Order] = lambda _record: (),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._key = key
        self._rows = KeyedRows(key, order)
        self._sorted_by: tuple[int, Qt.SortOrder] | None = None
        self._cells: dict[int, dict[tuple[int, int], object]] = {}
        self._is_loaded = False

    @property
    def is_loaded(self) -> bool:
        """Whether `load` has been called."""
        return self._is_loaded

    @property
    def records(self) -> tuple[R, ...]:
        """All records, in the order of the rows."""
        return tuple(self._rows)

    def find(self, key: int) -> R | None:
        """The record with that key."""
        return self._rows.find(key)

    def record_at(self, row: int) -> R:
        """The record of a row."""
        return self._rows[row]

    def row_of(self, key: int) -> int:
        """The row of a key, -1 if it is not here."""
        return self._rows.row_of(key)

    def load(self, records: Iterable[R]) -> None:
        """Show exactly these: a reset the first time, afterwards only what differs is touched."""
        wanted = {self._key(record): record for record in records}
        if self._is_loaded:
            rows = range(len(self._rows))
            self._remove([row for row in rows if self._rows.key_at(row) not in wanted])
            self.patch(wanted.values())
            return
        self.beginResetModel()
        self._rows.replace_all(wanted.values())
        self._cells.clear()
        self._is_loaded = True
        self.endResetModel()

    def patch(self, records: Iterable[R]) -> None:
        """Take in new and changed records; each goes to its place in the order."""
        new: dict[int, R] = {}
        for record in records:
            key = self._key(record)
            before = self._rows.find(key)
            if before is None:
                new[key] = record
            elif before != record:
                self._replace(key, record)
        self._insert(self._rows.in_order(new.values()))

    def remove(self, key: int) -> None:
        """Drop a record; one that is not here is no error."""
        row = self.row_of(key)
        if row >= 0:
            self._remove([row])

    def recompute(self) -> None:
        """Compute every cell and header anew: the language has changed."""
        self._cells.clear()
        if self._sorted_by is not None:
            self.sort(*self._sorted_by)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._columns) - 1)
        if self._rows:
            last = self.index(len(self._rows) - 1, len(self._columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def recompute_column(self, column: int, roles: Sequence[int] = ()) -> None:
        """Compute a column anew, such as a relative time; naming roles spares proxies a sort."""
        for cells in self._cells.values():
            for place in [place for place in cells if place[0] == column]:
                del cells[place]
        if self._rows:
            last = self.index(len(self._rows) - 1, column)
            self.dataChanged.emit(self.index(0, column), last, [int(role) for role in roles])

    def _replace(self, key: int, record: R) -> None:
        row, target = self._rows.row_of(key), self._rows.row_for(record)
        is_moved = target not in (row, row + 1)
        if is_moved:
            self.beginMoveRows(_ROOT, row, row, _ROOT, target)
        self._rows.cut(row, row + 1)
        row = target - 1 if target > row else target
        self._rows.put(row, [record])
        self._cells.pop(key, None)
        if is_moved:
            self.endMoveRows()
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(self._columns) - 1))

    def _insert(self, records: Sequence[R]) -> None:
        """Insert records in order, run by run: the last run first keeps rows valid."""
        rows = [self._rows.row_for(record) for record in records]
        for start, end in reversed(list(_runs(rows, step=0))):
            row = rows[start]
            self.beginInsertRows(_ROOT, row, row + end - start - 1)
            self._rows.put(row, records[start:end])
            self.endInsertRows()

    def _remove(self, rows: Sequence[int]) -> None:
        for start, end in reversed(list(_runs(rows, step=1))):
            first, last = rows[start], rows[end - 1]
            self.beginRemoveRows(_ROOT, first, last)
            for row in range(first, last + 1):
                self._cells.pop(self._rows.key_at(row), None)
            self._rows.cut(first, last + 1)
            self.endRemoveRows()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        record, column = self._rows[index.row()], index.column()
        if role == Role.RECORD:
            return record
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._columns[column].alignment
        reader = self._columns[column].reader(role)
        if reader is None:
            return None
        cells = self._cells.setdefault(self._key(record), {})
        place = (column, role)
        if place not in cells:
            value = reader(record)
            is_tooltip = role == Qt.ItemDataRole.ToolTipRole and isinstance(value, str)
            cells[place] = _plain_tooltip(str(value)) if is_tooltip else value
        return cells[place]

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort rows by a column, and keep them so; -1 is the model's own order again.

        A sorting proxy asks for two values a comparison, through Qt: 50 times slower than this.
        """
        is_column = 0 <= column < len(self._columns)
        self._sorted_by = (column, order) if is_column else None
        self.layoutAboutToBeChanged.emit()
        pinned = self.persistentIndexList()
        keys = [self._rows.key_at(index.row()) for index in pinned]
        self._rows.sort_by(
            self._columns[column].reader(Role.SORT) if is_column else None,
            is_descending=order is Qt.SortOrder.DescendingOrder,
        )
        moved = [
            self.index(self.row_of(key), index.column())
            for key, index in zip(keys, pinned, strict=True)
        ]
        self.changePersistentIndexList(pinned, moved)
        self.layoutChanged.emit()

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _(self._columns[section].title)
            case Qt.ItemDataRole.TextAlignmentRole:
                return self._columns[section].alignment
            case _:
                return None


def _plain_tooltip(text: str) -> str:
    """`text` so that Qt wraps it when it is long and never takes it for markup."""
    if len(text) <= TOOLTIP_LINE and "<" not in text:
        return text
    return f"<p>{escape(text).replace(chr(10), '<br>')}</p>"


def _runs(rows: Sequence[int], *, step: int) -> Iterator[tuple[int, int]]:
    """Positions [start, end) of stretches in which each row follows the last by `step`."""
    start = 0
    for at in range(1, len(rows) + 1):
        if at == len(rows) or rows[at] - rows[at - 1] != step:
            yield start, at
            start = at
