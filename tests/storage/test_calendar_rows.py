"""Calendars in the database, and the migration that brings them to one that holds tasks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

from alembic import command
from core.domain.calendar import (
    CalendarPolicy,
    CalendarRange,
    Override,
    RangeKind,
    SchoolCalendar,
)
from core.errors import NotFoundError
from core.storage import calendars, migrate
from core.storage.engine import WRITE_OPTION, make_engine, sqlite_url
from core.storage.rows import ScheduledTaskRow
from core.storage.unit_of_work import Store, Unit
from tests.databases import add_school, add_task
from tests.fakes import FakeClock
from tests.postgres import needs_postgres, new_database

TERM = CalendarRange(RangeKind.TERM, "Spring", date(2026, 3, 2), date(2026, 7, 3))
EXAMS = CalendarRange(RangeKind.EXAM, "Finals", date(2026, 6, 22), date(2026, 6, 26))
MAKE_UP = Override(date(2026, 2, 28), is_open=True, name="make-up workday")


def add_calendar(store: Store, name: str = "Riverside", school_id: int | None = None) -> int:
    return store.write(
        lambda unit: calendars.insert(
            unit, name=name, school_id=school_id, open_weekdays={4, 0, 1, 2, 3}
        )
    )


def test_that_what_is_written_is_read_as_the_value_that_rules_take(store: Store) -> None:
    calendar_id = add_calendar(store)

    def fill(unit: Unit) -> None:
        calendars.add_ranges(unit, calendar_id, [EXAMS, TERM], source="ics:Year")
        calendars.mark(unit, calendar_id, [MAKE_UP], source=None)

    store.write(fill)

    record = store.read(lambda unit: calendars.get(unit, calendar_id))
    value = SchoolCalendar("Riverside", frozenset(range(5)), (TERM, EXAMS), (MAKE_UP,))
    assert record.calendar == value
    assert [each.source for each in record.ranges] == ["ics:Year", "ics:Year"]
    assert store.read(lambda unit: calendars.values(unit, [calendar_id, 99])) == {
        calendar_id: value
    }


def test_that_a_date_is_marked_once(store: Store) -> None:
    calendar_id = add_calendar(store)
    closed = Override(MAKE_UP.on, is_open=False, name="flood")

    store.write(lambda unit: calendars.mark(unit, calendar_id, [MAKE_UP], "holidays:CN"))
    store.write(lambda unit: calendars.mark(unit, calendar_id, [closed], None))

    (found,) = store.read(lambda unit: calendars.get(unit, calendar_id)).overrides
    assert (found.is_open, found.name, found.source) == (False, "flood", None)


def test_that_names_are_unique_in_a_school_and_among_the_shared(store: Store) -> None:
    school_id = add_school(store)
    shared = add_calendar(store)
    add_calendar(store, school_id=school_id)

    def taken(school: int | None, but: int | None = None) -> bool:
        return store.read(lambda unit: calendars.has_name(unit, "Riverside", school, but=but))

    assert taken(None)
    assert taken(school_id)
    assert not taken(None, but=shared)
    with pytest.raises(IntegrityError):
        add_calendar(store)


def test_that_a_change_inside_moves_the_time_of_change(store: Store, clock: FakeClock) -> None:
    calendar_id = add_calendar(store)
    clock.advance(minutes=5)

    store.write(lambda unit: calendars.update(unit, calendar_id))

    record = store.read(lambda unit: calendars.get(unit, calendar_id))
    assert record.updated_at - record.created_at == timedelta(minutes=5)


def test_that_a_removed_calendar_takes_all_it_holds(store: Store) -> None:
    calendar_id, other_id = add_calendar(store), add_calendar(store, "Other")

    def fill(unit: Unit) -> None:
        for each in (calendar_id, other_id):
            calendars.add_ranges(unit, each, [TERM], source=None)
            calendars.mark(unit, each, [MAKE_UP], source=None)

    store.write(fill)
    store.write(lambda unit: calendars.remove(unit, calendar_id))

    assert [each.id for each in store.read(calendars.list_all)] == [other_id]
    (left,) = store.read(calendars.list_all)
    assert (len(left.ranges), len(left.overrides)) == (1, 1)
    with pytest.raises(NotFoundError, match=r"calendar\.not_found"):
        store.read(lambda unit: calendars.get(unit, calendar_id))


def test_that_a_task_keeps_its_calendar_and_has_plain_defaults(store: Store) -> None:
    calendar_id = add_calendar(store)
    plain = add_task(store)
    bound = add_task(
        store,
        name="Bound",
        calendar_id=calendar_id,
        calendar_policy=CalendarPolicy.NEXT_OPEN_DAY,
        jitter_seconds=30,
        max_runs=5,
    )

    def read(unit: Unit) -> list[tuple[object, ...]]:
        rows = (unit.session.get_one(ScheduledTaskRow, each) for each in (plain, bound))
        return [
            (row.calendar_id, row.calendar_policy, row.jitter_seconds, row.max_runs) for row in rows
        ]

    assert store.read(read) == [
        (None, CalendarPolicy.SKIP, 0, None),
        (calendar_id, CalendarPolicy.NEXT_OPEN_DAY, 30, 5),
    ]
    assert store.read(lambda unit: calendars.get(unit, calendar_id)).task_count == 1
    assert store.read(lambda unit: calendars.users(unit, calendar_id)) == [("Bound", None)]


def test_that_the_database_refuses_to_lose_a_calendar_in_use(store: Store) -> None:
    calendar_id = add_calendar(store)
    add_task(store, calendar_id=calendar_id)

    with pytest.raises(IntegrityError):
        store.write(lambda unit: calendars.remove(unit, calendar_id))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=needs_postgres)])
def old_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of the first release, with two tasks, one of them with a history."""
    if request.param == "postgresql":
        with new_database() as url:
            engine = make_engine(url)
            _fill_first_release(engine)
            yield engine
            engine.dispose()
    else:
        engine = make_engine(sqlite_url(tmp_path / "old.db"))
        _fill_first_release(engine)
        yield engine
        engine.dispose()


def test_that_an_older_database_keeps_its_tasks_and_their_history(old_engine: Engine) -> None:
    migrate.upgrade(old_engine)

    with old_engine.connect() as connection:
        tasks = connection.execute(
            text(
                "SELECT name, cron_expression, calendar_id, calendar_policy, jitter_seconds,"
                " max_runs, decided_until FROM scheduled_tasks ORDER BY id"
            )
        ).all()
        history = connection.execute(
            text("SELECT count(*) FROM scheduled_task_executions")
        ).scalar()
    assert [tuple(each) for each in tasks] == [
        (name, "0 2 * * *", None, "skip", 0, None, None) for name in ("First", "Second")
    ]
    assert history == 1


def test_that_the_number_of_a_task_that_is_gone_is_not_given_again(old_engine: Engine) -> None:
    migrate.upgrade(old_engine)
    store = Store(old_engine)

    # The first release gave 3 to a task that was deleted since.
    assert add_task(store) == 4


def test_that_the_due_query_keeps_its_narrow_index(old_engine: Engine) -> None:
    migrate.upgrade(old_engine)

    with old_engine.connect() as connection:
        found = connection.execute(text(_INDEX_AS_MADE[old_engine.dialect.name])).scalar_one()
    assert "next_run_at IS NOT NULL" in found


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression")
def test_that_the_migration_can_be_taken_back(old_engine: Engine) -> None:
    migrate.upgrade(old_engine)

    with old_engine.connect() as plain:
        migrate._set_foreign_keys(plain, is_on=False)
        connection = plain.execution_options(**{WRITE_OPTION: True})
        with connection.begin():
            _run(connection, "0001", command.downgrade)
            names = connection.execute(text("SELECT name FROM scheduled_tasks ORDER BY id"))
            assert names.scalars().all() == ["First", "Second"]


def _fill_first_release(engine: Engine) -> None:
    with engine.connect().execution_options(**{WRITE_OPTION: True}) as connection:
        with connection.begin():
            _run(connection, "0001", command.upgrade)
        with connection.begin():
            for name in ("First", "Second", "Gone"):
                connection.execute(text(_OLD_TASK), {"name": name})
            connection.execute(text(_OLD_EXECUTION))
            connection.execute(text("DELETE FROM scheduled_tasks WHERE name = 'Gone'"))


def _run(connection: Connection, revision: str, how: object) -> None:
    config = migrate._config()
    config.attributes["connection"] = connection
    assert callable(how)
    how(config, revision)


_INDEX_AS_MADE = {
    "sqlite": "SELECT sql FROM sqlite_master WHERE name = 'ix_scheduled_tasks_due'",
    "postgresql": "SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_scheduled_tasks_due'",
}
_OLD_TASK = """
    INSERT INTO scheduled_tasks (name, description, status, trigger_type, cron_expression,
        timezone, anchor_at, training_mode, trainer, trainer_params, force_retrain, policies,
        next_run_at, total_runs, success_runs, failed_runs, created_at, updated_at)
    VALUES (:name, '', 'active', 'cron', '0 2 * * *', 'UTC', '2026-01-01 00:00:00', 'full', 'noop',
        '{}', false, '{}', '2026-01-02 02:00:00', 0, 0, 0, '2026-01-01 00:00:00',
        '2026-01-01 00:00:00')
"""
_OLD_EXECUTION = """
    INSERT INTO scheduled_task_executions (scheduled_task_id, kind, decided_at, status, settings,
        fence)
    SELECT id, 'scheduled', '2026-01-01 02:00:00', 'completed', '{}', 0 FROM scheduled_tasks
    WHERE name = 'First'
"""
