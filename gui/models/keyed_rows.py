"""Records in order, each found by its key in O(log n): plain Python beneath a Qt model."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

R = TypeVar("R")
Order = tuple[float | str, ...]
"""What records are ordered by while nothing else sorts them; the key comes last by itself."""
Place = tuple[object, ...]


class KeyedRows(Generic[R]):
    """Each record's place is kept, so that it is found even when what sorts it has changed."""

    def __init__(self, key: Callable[[R], int], order: Callable[[R], Order]) -> None:
        self._key = key
        self._order = order
        self._sort_value: Callable[[R], object] | None = None
        self._is_descending = False
        self._records: list[R] = []
        self._places: list[Place] = []
        self._by_key: dict[int, tuple[R, Place]] = {}

    def __len__(self) -> int:
        return len(self._records)

    def __getitem__(self, row: int) -> R:
        return self._records[row]

    def __iter__(self) -> Iterator[R]:
        return iter(self._records)

    def key_at(self, row: int) -> int:
        """The key of a row."""
        return self._key(self._records[row])

    def find(self, key: int) -> R | None:
        """The record with that key."""
        found = self._by_key.get(key)
        return None if found is None else found[0]

    def row_of(self, key: int) -> int:
        """The row of a key, -1 if it is not here."""
        found = self._by_key.get(key)
        return -1 if found is None else bisect_left(self._places, found[1])

    def row_for(self, record: R) -> int:
        """The row before which `record` belongs."""
        return bisect_left(self._places, self._place(record))

    def in_order(self, records: Iterable[R]) -> list[R]:
        """Records sorted as the rows are."""
        return sorted(records, key=self._place)

    def sort_by(self, value: Callable[[R], object] | None, *, is_descending: bool) -> None:
        """Order by a value before everything else; `None` means by nothing else."""
        self._sort_value, self._is_descending = value, is_descending
        self.replace_all(self._records)

    def replace_all(self, records: Iterable[R]) -> None:
        """Hold exactly these."""
        placed = sorted(
            ((self._place(record), record) for record in records), key=lambda pair: pair[0]
        )
        self._records = [record for _place, record in placed]
        self._places = [place for place, _record in placed]
        self._by_key = {self._key(record): (record, place) for place, record in placed}

    def put(self, row: int, records: Sequence[R]) -> None:
        """Take in records that belong before `row`, in order."""
        places = [self._place(record) for record in records]
        self._records[row:row] = records
        self._places[row:row] = places
        for record, place in zip(records, places, strict=True):
            self._by_key[self._key(record)] = record, place

    def cut(self, first: int, end: int) -> None:
        """Drop the rows [first, end)."""
        for record in self._records[first:end]:
            del self._by_key[self._key(record)]
        del self._records[first:end], self._places[first:end]

    def _place(self, record: R) -> Place:
        place = (*self._order(record), self._key(record))
        if self._sort_value is None:
            return place
        value = _comparable(self._sort_value(record))
        return (_Descending(value) if self._is_descending else value, *place)


@dataclass(frozen=True, slots=True)
class _Descending:
    """Sorts the other way round."""

    value: tuple[int, float | str]

    def __lt__(self, other: _Descending) -> bool:
        return other.value < self.value


def _comparable(value: object) -> tuple[int, float | str]:
    """Comparable with every other value of its column; nothing comes last when ascending."""
    match value:
        case str():
            return 0, value.casefold()
        case int() | float():
            return 0, value
        case _:
            return 1, 0
