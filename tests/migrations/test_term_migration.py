"""Revision 0004 finds tasks in place, tells namesakes apart, and leaves the rest as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from alembic import command
from core.storage import migrate
from core.storage.engine import make_engine, sqlite_url
from core.storage.unit_of_work import Store
from tests.databases import add_task
from tests.postgres import needs_postgres, new_database

AT = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = ("Nightly", "Nightly (4)", "Weekly", "Nightly", "Nightly", "Gone")
TASK = """
INSERT INTO scheduled_tasks (name, description, status, trigger_type, interval_seconds, timezone,
    anchor_at, training_mode, trainer, trainer_params, force_retrain, policies, next_run_at,
    total_runs, success_runs, failed_runs, created_at, updated_at)
VALUES (:name, '', 'active', 'interval', 60, 'UTC', :at, 'full', 'noop', '{}', false, '{}', :at,
    0, 0, 0, :at, :at)
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=needs_postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database as revision 0003 left it, with namesakes and a number that is used up."""
    if request.param == "sqlite":
        engine = make_engine(sqlite_url(tmp_path / "traintable.db"))
        _fill(engine)
        yield engine
        engine.dispose()
        return
    with new_database() as url:
        engine = make_engine(url)
        _fill(engine)
        yield engine
        engine.dispose()


def _fill(engine: Engine) -> None:
    _move(engine, "0003", command.upgrade)
    at = AT.replace(tzinfo=None) if engine.dialect.name == "sqlite" else AT
    with engine.begin() as connection:
        for name in NAMES:
            connection.execute(text(TASK), {"name": name, "at": at})
        connection.execute(text("DELETE FROM scheduled_tasks WHERE name = 'Gone'"))
        connection.execute(
            text("UPDATE scheduled_tasks SET deleted_at = :at WHERE id = 5"), {"at": at}
        )


def _move(engine: Engine, revision: str, step: Callable[..., None]) -> None:
    config = migrate._config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        step(config, revision)


def _names(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        found = connection.execute(text("SELECT name FROM scheduled_tasks ORDER BY id"))
        return list(found.scalars())


def test_that_the_later_of_two_namesakes_shows_its_number(engine: Engine) -> None:
    migrate.upgrade(engine)

    # "Nightly (4)" was taken already; the fifth lies in the recycle bin, where names may repeat.
    assert _names(engine) == ["Nightly", "Nightly (4)", "Weekly", "Nightly (4) (4)", "Nightly"]


def test_that_no_number_is_used_again(engine: Engine) -> None:
    migrate.upgrade(engine)

    assert add_task(Store(engine)) == 7


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression")
def test_that_it_can_be_taken_back_and_done_again(engine: Engine) -> None:
    migrate.upgrade(engine)
    _move(engine, "0003", command.downgrade)
    with engine.connect() as connection:
        columns = connection.execute(text("SELECT * FROM scheduled_tasks WHERE id = 0")).keys()
    assert "term_rule" not in columns

    migrate.upgrade(engine)

    assert len(_names(engine)) == 5
