"""Databases of our own on the PostgreSQL server that TRAINTABLE_TEST_POSTGRES_URL names.

The address is of somebody who may make databases; nothing else on that server is touched.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import URL, Engine, create_engine, text

from core.storage.engine import database_url
from core.storage.rows import Row

# Read at once: a test has no variable of this program in its environment (see `tests.conftest`).
ADDRESS = os.environ.get("TRAINTABLE_TEST_POSTGRES_URL")

needs_postgres = [
    pytest.mark.postgres,
    pytest.mark.skipif(ADDRESS is None, reason="TRAINTABLE_TEST_POSTGRES_URL names no server"),
]
"""The marks of a test, or a parameter, that needs the server."""


@contextmanager
def new_database() -> Iterator[URL]:
    """An empty database, dropped in the end whoever is still connected."""
    assert ADDRESS is not None
    server = create_engine(database_url(ADDRESS), isolation_level="AUTOCOMMIT")
    name = f"traintable_{uuid.uuid4().hex}"
    try:
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        yield server.url.set(database=name)
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        server.dispose()


def empty_tables(engine: Engine) -> None:
    """Every table as after the migration, numbers from 1."""
    names = ", ".join(table.name for table in Row.metadata.sorted_tables)
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
