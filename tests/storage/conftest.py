"""Every storage test runs on a SQLite file and, where there is a server, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from core.storage import migrate
from core.storage.engine import make_engine
from core.storage.unit_of_work import Store
from tests.databases import new_store
from tests.fakes import FakeClock
from tests.postgres import empty_tables, needs_postgres, new_database


@pytest.fixture(scope="session")
def postgres_engine() -> Iterator[Engine]:
    """One migrated database for the whole session: making one takes longer than emptying it."""
    with new_database() as url:
        engine = make_engine(url)
        migrate.upgrade(engine)
        yield engine
        engine.dispose()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=needs_postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: FakeClock) -> Iterator[Store]:
    """An empty database at the fixed now."""
    if request.param == "postgresql":
        engine: Engine = request.getfixturevalue("postgres_engine")
        empty_tables(engine)
        yield Store(engine, clock)
    else:
        store = new_store(tmp_path / "traintable.db", clock)
        yield store
        store.close()
