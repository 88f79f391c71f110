"""Use cases run on a SQLite file at a time that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.domain.access import Role
from core.paths import Home
from core.services.actor import Actor
from core.storage.unit_of_work import Store
from tests.databases import new_store
from tests.fakes import FakeClock


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


@pytest.fixture
def admin() -> Actor:
    return Actor(None, "admin", Role.SYSTEM_ADMIN)


def school_admin(school_id: int) -> Actor:
    """A school admin of that school."""
    return Actor(None, "head", Role.SCHOOL_ADMIN, school_id)


def teacher(school_id: int) -> Actor:
    """A teacher of that school."""
    return Actor(None, "teacher", Role.TEACHER, school_id)
