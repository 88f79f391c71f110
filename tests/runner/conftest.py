"""Runners work on a SQLite file; the clock of the database stands still where a test moves it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.paths import Home
from core.storage import migrate
from core.storage.engine import make_engine
from core.storage.unit_of_work import Store
from tests.databases import new_store
from tests.fakes import FakeClock
from tests.postgres import needs_postgres, new_database


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def store(home: Home, clock: FakeClock) -> Iterator[Store]:
    store = new_store(home.database, clock)
    yield store
    store.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=needs_postgres)])
def any_store(request: pytest.FixtureRequest, home: Home, clock: FakeClock) -> Iterator[Store]:
    """An empty database of either kind."""
    if request.param == "sqlite":
        yield request.getfixturevalue("store")
        return
    with new_database() as url:
        engine = make_engine(url)
        migrate.upgrade(engine)
        store = Store(engine, clock)
        yield store
        store.close()
