"""A unit of work happens whole, once, at one instant - or not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from core.domain.access import Role
from core.domain.execution import ExecutionStatus
from core.errors import RefusedError, UnavailableError
from core.services import schools as school_service
from core.services.actor import Actor
from core.storage import schools
from core.storage.rows import ScheduledTaskExecutionRow, SchoolRow
from core.storage.unit_of_work import Store, Subject, Unit, ping
from tests.databases import add_school, execute
from tests.fakes import FakeClock

T = TypeVar("T")
ADMIN = Actor(None, "admin", Role.SYSTEM_ADMIN)


def side_by_side(count: int, work: Callable[[int], T]) -> list[T | Exception]:
    """Answers (or errors) of `work(0)` ... begun at the same moment on threads of their own."""
    ready = threading.Barrier(count)
    answers: dict[int, T | Exception] = {}

    def run(number: int) -> None:
        ready.wait()
        try:
            answers[number] = work(number)
        except Exception as error:
            answers[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answers[number] for number in range(count)]


def without_errors(answers: list[T | Exception]) -> list[T]:
    """The answers, if there is no error among them."""
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer
    return [answer for answer in answers if not isinstance(answer, Exception)]


def test_that_a_unit_that_raises_leaves_nothing(store: Store) -> None:
    def work(unit: Unit) -> None:
        schools.add(unit, "Gone", actor="test")
        raise RefusedError("task.never_again")

    with pytest.raises(RefusedError):
        store.write(work)
    assert store.read(schools.list_all) == ()


def test_that_everything_in_a_unit_happens_at_one_instant(store: Store, clock: FakeClock) -> None:
    def work(unit: Unit) -> tuple[object, object]:
        before = unit.now
        clock.advance(seconds=5)
        return before, unit.now

    before, after = store.write(work)
    assert before == after


def test_that_listeners_hear_of_commits_with_events_only(store: Store) -> None:
    heard: list[str] = []
    store.on_commit(lambda: heard.append("commit"))
    store.write(lambda unit: unit.session.scalar(select(SchoolRow.id)))
    assert heard == []
    add_school(store)
    assert heard == ["commit"]


def test_that_a_unit_broken_by_another_is_run_again_whole(store: Store) -> None:
    tries: list[int] = []

    def work(unit: Unit) -> int:
        tries.append(1)
        school_id = schools.add(unit, "Once", actor="test")
        if len(tries) == 1:
            broken = Exception("database is locked")
            raise DBAPIError("SELECT 1", {}, broken, connection_invalidated=True)
        return school_id

    store.write(work)
    assert len(tries) == 2
    assert [school.name for school in store.read(schools.list_all)] == ["Once"]


def test_that_a_bug_is_not_run_again(store: Store) -> None:
    tries: list[int] = []

    def work(unit: Unit) -> None:
        tries.append(1)
        unit.session.execute(text("SELECT nonsense FROM schools"))

    with pytest.raises((DBAPIError, UnavailableError)):
        store.read(work)
    assert len(tries) == (1 if not store.is_sqlite else 5)


def test_that_a_foreign_key_is_kept(store: Store, clock: FakeClock) -> None:
    row = {
        "scheduled_task_id": 999,
        "kind": "manual",
        "decided_at": clock.now(),
        "status": ExecutionStatus.QUEUED,
        "settings": {},
        "fence": 0,
    }
    with pytest.raises(IntegrityError):
        execute(store, insert(ScheduledTaskExecutionRow), [row])


def test_that_of_two_people_who_take_a_name_at_once_one_is_told_so(store: Store) -> None:
    answers = side_by_side(4, lambda _: school_service.add_school(store, ADMIN, "The same"))
    refusals = [each for each in answers if isinstance(each, RefusedError)]
    assert [refusal.code for refusal in refusals] == ["school.name_taken"] * 3
    assert len(store.read(schools.list_all)) == 1


def test_that_writers_do_not_trip_over_each_other(store: Store) -> None:
    def work(number: int) -> None:
        for turn in range(5):
            add_school(store, f"{number}-{turn}")

    assert side_by_side(4, work) == [None] * 4
    assert len(store.read(schools.list_all)) == 20


def test_that_an_event_is_kept_with_its_change_or_not_at_all(store: Store) -> None:
    def work(unit: Unit) -> None:
        unit.note("task.created", Subject(task_id=1))
        raise RefusedError("task.never_again")

    heard: list[int] = []
    store.on_commit(lambda: heard.append(1))
    with pytest.raises(RefusedError):
        store.write(work)
    assert heard == []


def test_that_a_database_that_answers_answers(store: Store) -> None:
    ping(store)
