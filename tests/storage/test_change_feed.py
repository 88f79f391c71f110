"""The change feed: every change, in order, to every listener, whoever wrote it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import insert

from core.contracts.events import Event, ExecutionChanged, SchoolsChanged, TaskChanged
from core.storage import claims
from core.storage.changes import ChangeFollower, newest_number, since
from core.storage.engine import make_engine
from core.storage.rows import EventRow
from core.storage.unit_of_work import Store
from tests.builders import NOW
from tests.databases import add_runner, add_school, add_task, execute, request, start
from tests.storage.test_units import side_by_side

POLL = 0.02


class Heard:
    """A listener that keeps what it hears, and can be waited on."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._news = threading.Condition()

    def __call__(self, event: Event) -> None:
        with self._news:
            self.events.append(event)
            self._news.notify_all()

    def until(self, condition: Callable[[list[Event]], bool]) -> list[Event]:
        with self._news:
            assert self._news.wait_for(lambda: condition(self.events), 20), self.events
            return list(self.events)

    def until_count(self, count: int) -> list[Event]:
        return self.until(lambda events: len(events) == count)

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]


@contextmanager
def following(store: Store, *listeners: Callable[[Event], None]) -> Iterator[ChangeFollower]:
    follower = ChangeFollower(store, POLL)
    for listener in listeners:
        follower.subscribe(listener)
    follower.start()
    try:
        yield follower
    finally:
        follower.close()


@pytest.fixture
def elsewhere(store: Store) -> Iterator[Store]:
    """The same database through another process's eyes: no wake-up call, another engine."""
    other = Store(make_engine(store.engine.url), store._clock)
    yield other
    other.close()


def test_that_a_change_of_this_process_is_heard(store: Store) -> None:
    heard = Heard()
    with following(store, heard):
        school_id = add_school(store)
        events = heard.until_count(1)
    assert events == [SchoolsChanged(1, school_id)]


def test_that_a_change_of_another_process_is_heard(store: Store, elsewhere: Store) -> None:
    heard = Heard()
    with following(store, heard):
        for number in range(3):
            add_school(elsewhere, f"School {number}")
            heard.until_count(number + 1)


def test_that_what_was_before_the_start_is_not_told(store: Store) -> None:
    add_school(store, "Before")
    heard = Heard()
    with following(store, heard):
        add_school(store, "After")
        events = heard.until_count(1)
    assert [event.number for event in events] == [2]


@pytest.mark.parametrize("count", [1, 999, 1000, 1001, 1500, 2000, 2001])
def test_that_not_one_of_many_changes_is_passed_over(store: Store, count: int) -> None:
    rows = [
        {"at": NOW, "kind": "task.edited", "actor": "test", "task_id": number}
        for number in range(count)
    ]
    heard = Heard()
    with following(store, heard):
        execute(store, insert(EventRow), rows)
        add_school(store)  # its commit wakes the follower
        events = heard.until_count(count + 1)
    assert isinstance(events.pop(), SchoolsChanged)
    assert [event.task_id for event in events if isinstance(event, TaskChanged)] == list(
        range(count)
    )


def test_that_kinds_nobody_listens_to_do_not_hold_up_the_rest(store: Store) -> None:
    rows = [{"at": NOW, "kind": "user.added", "actor": "test"} for _ in range(2500)]
    execute(store, insert(EventRow), rows)
    heard = Heard()
    with following(store, heard) as follower:
        follower._number = 0
        school_id = add_school(store)
        events = heard.until_count(1)
    assert events == [SchoolsChanged(2501, school_id)]


def test_that_a_listener_s_bug_keeps_nothing_from_the_others(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(event: Event) -> None:
        raise RuntimeError(event)

    heard = Heard()
    with following(store, broken, heard):
        add_school(store, "One")
        add_school(store, "Two")
        heard.until_count(2)
    assert "a listener failed" in caplog.text


def test_that_one_who_has_left_hears_no_more(store: Store) -> None:
    gone, heard = Heard(), Heard()
    with following(store, heard) as follower:
        follower.subscribe(gone)()
        add_school(store)
        heard.until_count(1)
    assert gone.events == []


def test_that_progress_is_heard_without_an_event(store: Store) -> None:
    claim = start(store, request(store, add_task(store)), add_runner(store))
    heard = Heard()
    with following(store, heard):
        store.write(lambda unit: claims.note_progress(unit, claim, progress=0.5, stage="x", log=""))
        add_school(store)
        heard.until(lambda _: bool(heard.of(ExecutionChanged)))
    assert store.read(newest_number) == heard.events[-1].number


def test_that_numbers_appear_in_their_order_however_many_write(store: Store) -> None:
    heard = Heard()
    with following(store, heard):
        side_by_side(6, lambda n: [add_school(store, f"{n}-{turn}") for turn in range(8)])
        events = heard.until_count(48)
    numbers = [event.number for event in events]
    assert numbers == sorted(numbers)


def test_that_starting_twice_is_starting_once(store: Store) -> None:
    heard = Heard()
    with following(store, heard) as follower:
        follower.start()
        add_school(store)
        heard.until_count(1)
        follower.close()
        follower.start()


def test_that_a_page_says_where_to_read_on(store: Store) -> None:
    for number in range(3):
        add_school(store, f"School {number}")
    events, next_number = store.read(lambda unit: since(unit, 0, limit=2))
    assert ([event.number for event in events], next_number) == ([1, 2], 2)
    assert store.read(lambda unit: since(unit, 3)) == ([], 3)
