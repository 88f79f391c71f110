"""A keyed table keeps every record, its place, and whatever points at it, through any change."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pytest
import shiboken6
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import (
    QAbstractItemModel,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtTest import QAbstractItemModelTester

from gui.models.record_model import Column, RecordModel, Role

pytestmark = pytest.mark.usefixtures("qapp")


@dataclass(frozen=True, slots=True)
class Pupil:
    id: int
    name: str


COLUMNS: tuple[Column[Pupil], ...] = (
    Column("Name", lambda pupil: pupil.name, tooltip=lambda pupil: f"is {pupil.name}"),
    Column("Id", lambda pupil: f"#{pupil.id}", sort=lambda pupil: pupil.id),
)
pupils = st.builds(Pupil, st.integers(0, 30), st.sampled_from("abcdefg"))


class Bench:
    """Makes models under testers that end the test on a broken promise, and ends all in order."""

    def __init__(self) -> None:
        self._made: list[QObject] = []

    def a_model(self, *records: Pupil) -> RecordModel[Pupil]:
        """A loaded model, ordered by name."""
        model = RecordModel[Pupil](
            COLUMNS, key=lambda pupil: pupil.id, order=lambda pupil: (pupil.name,)
        )
        self.watch(model)
        model.load(records)
        return model

    def watch(self, model: QAbstractItemModel) -> None:
        tester = QAbstractItemModelTester(
            model, QAbstractItemModelTester.FailureReportingMode.Fatal
        )
        self._made += [model, tester]

    def clear(self) -> None:
        """Left to the garbage collector, Qt objects die in an order that Qt does not survive."""
        while self._made:
            shiboken6.delete(self._made.pop())


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.clear()


def names(model: RecordModel[Pupil]) -> str:
    return "".join(model.index(row, 0).data() for row in range(model.rowCount()))


def test_that_records_stand_in_the_models_order(bench: Bench) -> None:
    model = bench.a_model(Pupil(1, "c"), Pupil(2, "a"), Pupil(3, "b"))
    assert names(model) == "abc"
    assert [model.row_of(key) for key in (1, 2, 3, 4)] == [2, 0, 1, -1]


def test_that_a_cell_answers_each_role_and_no_other(bench: Bench) -> None:
    model = bench.a_model(Pupil(1, "a"))
    index = model.index(0, 1)
    assert index.data() == "#1"
    assert index.data(Role.SORT) == 1
    assert index.data(Role.RECORD) == Pupil(1, "a")
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "#1"
    assert index.data(Qt.ItemDataRole.ToolTipRole) is None
    assert index.siblingAtColumn(0).data(Qt.ItemDataRole.ToolTipRole) == "is a"


def test_that_a_changed_record_is_announced_once_and_an_equal_one_not(bench: Bench) -> None:
    model = bench.a_model(Pupil(1, "a"), Pupil(2, "b"))
    announced: list[int] = []
    model.dataChanged.connect(lambda first, _last: announced.append(first.row()))
    model.patch([Pupil(2, "b")])
    assert announced == []
    model.patch([Pupil(2, "bb")])
    assert announced == [1]
    assert names(model) == "abb"


def test_that_only_the_first_load_resets(bench: Bench) -> None:
    model = bench.a_model(Pupil(1, "a"))
    resets: list[bool] = []
    model.modelReset.connect(lambda: resets.append(True))
    model.load([Pupil(2, "b"), Pupil(1, "z")])
    assert resets == []
    assert names(model) == "bz"


def test_that_cells_are_computed_once_until_asked_to_be_computed_anew(bench: Bench) -> None:
    computed: list[str] = []

    def display(pupil: Pupil) -> str:
        computed.append(pupil.name)
        return pupil.name

    model = RecordModel[Pupil]([Column("Name", display)], key=lambda pupil: pupil.id)
    model.load([Pupil(1, "a")])
    for _turn in range(3):
        model.index(0, 0).data()
    assert computed == ["a"]
    model.recompute_column(0)
    model.index(0, 0).data()
    assert computed == ["a", "a"]


def test_that_removing_an_unknown_key_changes_nothing(bench: Bench) -> None:
    model = bench.a_model(Pupil(1, "a"))
    model.remove(7)
    assert names(model) == "a"


@settings(max_examples=40, deadline=None)
@given(st.lists(pupils, max_size=30), st.lists(pupils, max_size=30))
def test_that_loading_again_gives_exactly_the_new_records(
    before: list[Pupil], after: list[Pupil]
) -> None:
    bench = Bench()
    model = bench.a_model(*before)
    model.load(after)
    expected = {pupil.id: pupil for pupil in after}
    assert list(model.records) == sorted(
        expected.values(), key=lambda pupil: (pupil.name, pupil.id)
    )
    bench.clear()


def test_that_rows_are_sorted_by_a_column_and_stay_so(bench: Bench) -> None:
    model = bench.a_model(Pupil(1, "b"), Pupil(2, "A"), Pupil(3, "c"))
    model.sort(1, Qt.SortOrder.DescendingOrder)
    assert names(model) == "cAb"
    model.patch([Pupil(4, "d")])
    assert names(model) == "dcAb"
    model.sort(0)
    assert names(model) == "Abcd"
    model.sort(-1)
    assert names(model) == "Abcd"


def test_that_a_row_without_a_value_comes_last_when_ascending(bench: Bench) -> None:
    columns: tuple[Column[Pupil], ...] = (
        Column("Name", lambda pupil: pupil.name, sort=lambda pupil: pupil.name or None),
    )
    model = RecordModel[Pupil](columns, key=lambda pupil: pupil.id)
    bench.watch(model)
    model.load([Pupil(1, ""), Pupil(2, "b"), Pupil(3, "a")])
    model.sort(0)
    assert [pupil.id for pupil in model.records] == [3, 2, 1]


@pytest.mark.parametrize("seed", range(3))
def test_that_persistent_indexes_stay_with_their_records(bench: Bench, seed: int) -> None:
    """The tester alone misses a wrong move: pinned indexes do not."""
    dice = random.Random(seed)
    model = bench.a_model(*(Pupil(key, dice.choice("abcdefg")) for key in range(24)))
    proxy = QSortFilterProxyModel()
    proxy.setSortRole(Role.SORT)
    proxy.setSourceModel(model)
    proxy.sort(0)
    bench.watch(proxy)
    pinned = {
        key: (
            QPersistentModelIndex(model.index(model.row_of(key), 1)),
            QPersistentModelIndex(proxy.mapFromSource(model.index(model.row_of(key), 1))),
        )
        for key in range(24)
    }
    sorting = (-1, Qt.SortOrder.AscendingOrder)
    for _step in range(80):
        if dice.random() < 0.1:
            sorting = (dice.choice((-1, 0, 1)), dice.choice(tuple(Qt.SortOrder)))
            model.sort(*sorting)
        _change(model, dice)
        assert list(model.records) == _in_order(model.records, *sorting)
        for key, indexes in list(pinned.items()):
            if model.find(key) is None:
                assert not any(index.isValid() for index in indexes)
                del pinned[key]
            else:
                assert [index.data() for index in indexes] == [f"#{key}"] * 2


def _in_order(pupils_now: Iterable[Pupil], column: int, order: Qt.SortOrder) -> list[Pupil]:
    """What the rows must be, said in another way than the model does it."""
    by_name = sorted(pupils_now, key=lambda pupil: (pupil.name, pupil.id))
    if column == -1:
        return by_name
    return sorted(
        by_name,
        key=lambda pupil: pupil.id if column else pupil.name,
        reverse=order is Qt.SortOrder.DescendingOrder,
    )


def _change(model: RecordModel[Pupil], dice: random.Random) -> None:
    """One random change: patch, add several, remove, or load anew with a few differences."""
    match dice.randrange(4):
        case 0 if model.records:
            pupil = dice.choice(model.records)
            model.patch([replace(pupil, name=dice.choice("abcdefg"))])
        case 1:
            model.patch(
                Pupil(dice.randrange(1000, 2000), dice.choice("abcdefg"))
                for _ in range(dice.randrange(4))
            )
        case 2 if model.records and dice.random() < 0.3:
            model.remove(dice.choice(model.records).id)
        case _:
            kept = [pupil for pupil in model.records if dice.random() < 0.95]
            model.load(replace(pupil, name=dice.choice("abcdefg")) for pupil in kept)
