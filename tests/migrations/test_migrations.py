"""Databases come to this program's schema: whole, one at a time, with a copy before."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, Engine, inspect, text

import core
from core.errors import RefusedError
from core.messages import error_sentence
from core.storage import migrate
from core.storage.engine import make_engine, sqlite_url
from core.storage.migrate import SchemaState, schema_state, upgrade
from core.storage.rows import Row
from tests.postgres import needs_postgres, new_database

# SQLite does not tell what an index on an expression is made of; PostgreSQL does, and is compared.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression"),
    pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression"),
]
CHECKOUT = Path(core.__file__).parent.parent
STARTERS = 5
UPGRADE = """
import sys
from core.storage.engine import database_url, make_engine
from core.storage.migrate import upgrade
upgrade(make_engine(database_url(sys.argv[1])))
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=needs_postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[URL]:
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "traintable.db")
    else:
        with new_database() as fresh:
            yield fresh


@pytest.fixture
def engine(url: URL) -> Iterator[Engine]:
    engine = make_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "traintable.db"


@pytest.fixture
def sqlite_engine(file: Path) -> Iterator[Engine]:
    engine = make_engine(sqlite_url(file))
    yield engine
    engine.dispose()


def write(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement))


def become_older(engine: Engine, revision: str = "0001") -> None:
    """Take an empty, current database back to an earlier revision."""
    from alembic import command

    config = migrate._config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def test_that_an_upgrade_from_nothing_gives_the_models_tables(engine: Engine) -> None:
    assert upgrade(engine) is SchemaState.EMPTY
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Row.metadata)
    assert differences == []


def test_that_upgrading_again_changes_nothing(engine: Engine) -> None:
    upgrade(engine)
    assert upgrade(engine) is SchemaState.CURRENT
    assert schema_state(engine) is SchemaState.CURRENT


def test_that_five_who_start_at_once_all_succeed(url: URL, tmp_path: Path) -> None:
    address = url.render_as_string(hide_password=False)
    starters = [
        subprocess.Popen(
            [sys.executable, "-c", UPGRADE, address], cwd=CHECKOUT, stderr=subprocess.PIPE
        )
        for _ in range(STARTERS)
    ]
    errors = [starter.communicate(timeout=100)[1].decode() for starter in starters]
    assert [starter.returncode for starter in starters] == [0] * STARTERS, errors
    engine = make_engine(url)
    assert schema_state(engine) is SchemaState.CURRENT
    engine.dispose()


def test_that_a_newer_database_is_refused_in_one_sentence(engine: Engine) -> None:
    upgrade(engine)
    write(engine, "UPDATE alembic_version SET version_num = '9999'")
    for attempt in (upgrade, migrate.require_current):
        with pytest.raises(RefusedError) as refusal:
            attempt(engine)
        assert refusal.value.code == "database.newer"
        assert "9999" in error_sentence(refusal.value)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"


def test_that_an_older_database_is_not_opened_as_it_is(engine: Engine) -> None:
    with pytest.raises(RefusedError) as refusal:
        migrate.require_current(engine)
    assert refusal.value.code == "database.not_found"
    assert inspect(engine).get_table_names() == [], "looking makes nothing"


def test_that_every_revision_can_be_taken_back_and_done_again(engine: Engine) -> None:
    upgrade(engine)
    become_older(engine, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    upgrade(engine)
    assert schema_state(engine) is SchemaState.CURRENT


def test_that_an_older_file_is_copied_whole_before_it_is_touched(
    sqlite_engine: Engine, file: Path
) -> None:
    upgrade(sqlite_engine)
    write(sqlite_engine, "INSERT INTO schools (name, created_at) VALUES ('Kept', '2026-01-01')")
    become_older_in_name(sqlite_engine)
    with pytest.raises(Exception, match=r"already exists|duplicate column"):
        upgrade(sqlite_engine)  # the tables of the newest revision are there: it must fail
    copy = file.with_name(file.name + ".before-upgrade")
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT name FROM schools").fetchall() == [("Kept",)]
    with sqlite_engine.connect() as connection:
        assert connection.scalar(text("SELECT name FROM schools")) == "Kept", "taken back"


def become_older_in_name(engine: Engine) -> None:
    """What is there stays, but counts as made by the revision before."""
    before = migrate._scripts().get_revision("head").down_revision
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": before})


def test_that_a_new_file_needs_no_copy(sqlite_engine: Engine, file: Path) -> None:
    upgrade(sqlite_engine)
    assert not list(file.parent.glob("*.before-upgrade*"))


def test_that_rows_that_point_to_nothing_take_the_upgrade_back(
    sqlite_engine: Engine, file: Path
) -> None:
    upgrade(sqlite_engine)
    become_older(sqlite_engine, "-1")
    with closing(sqlite3.connect(file)) as connection:  # foreign keys are off here
        connection.execute(
            "INSERT INTO users (name, role, school_id, created_at)"
            " VALUES ('ada', 'teacher', 999, '2026-01-01')"
        )
        connection.commit()
    with pytest.raises(RefusedError) as refusal:
        upgrade(sqlite_engine)
    assert refusal.value.code == "database.keys_broken"
    assert "users" in error_sentence(refusal.value)
    assert schema_state(sqlite_engine) is SchemaState.OLDER


def test_that_foreign_keys_are_on_again_after_an_upgrade(sqlite_engine: Engine) -> None:
    upgrade(sqlite_engine)
    with sqlite_engine.connect() as connection:
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1


def test_that_looking_for_a_file_does_not_make_one(file: Path) -> None:
    with pytest.raises(RefusedError) as refusal:
        migrate.require_file(sqlite_url(file))
    assert refusal.value.code == "database.not_found"
    assert not file.exists()
