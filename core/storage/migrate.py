"""Bring a database to this program's schema: one at a time, with a copy of a SQLite file before.

Run by a runner or the command line, never by a viewer.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from enum import StrEnum
from functools import cache
from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from alembic import command
from core.errors import RefusedError, UnavailableError
from core.paths import migrations_folder
from core.storage.engine import WRITE_OPTION

_MIGRATION_LOCK = 7_318_002


class SchemaState(StrEnum):
    """How a database's schema compares with the program's."""

    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


def schema_state(engine: Engine) -> SchemaState:
    """Compare without changing anything. Raises `UnavailableError`."""
    try:
        with engine.connect() as connection:
            return _state(_revision(connection))
    except DBAPIError as error:
        raise UnavailableError(
            "database.unavailable", detail=" ".join(str(error.orig).split())[:200]
        ) from error


def require_current(engine: Engine) -> None:
    """Refuse a database that this program cannot read as it is.

    Raises:
        RefusedError: `database.not_found`, `database.older` or `database.newer`.
    """
    match schema_state(engine):
        case SchemaState.CURRENT:
            return
        case SchemaState.EMPTY:
            raise RefusedError("database.not_found")
        case SchemaState.OLDER:
            raise RefusedError("database.older")
        case SchemaState.NEWER:
            raise _newer(engine)


def require_file(url: URL) -> None:
    """Refuse to make a SQLite file by looking. Raises `RefusedError`: `database.not_found`."""
    if not Path(url.database or "").is_file():
        raise RefusedError("database.not_found")


def upgrade(engine: Engine) -> SchemaState:
    """Bring the schema up to date; several processes may try at once. What it was before.

    Raises:
        RefusedError: `database.newer`.
        UnavailableError: the database does not answer.
    """
    before = schema_state(engine)
    if before is SchemaState.CURRENT:
        return before
    if before is SchemaState.NEWER:
        raise _newer(engine)
    if engine.dialect.name == "sqlite":
        _upgrade_sqlite(engine, Path(engine.url.database or ""))
    else:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            _run_scripts(connection)
    return before


def _upgrade_sqlite(engine: Engine, file: Path) -> None:
    with _file_lock(file.with_name(file.name + ".migrate.lock")):
        state = schema_state(engine)
        if state is SchemaState.CURRENT:
            return
        if state is SchemaState.OLDER:
            _copy(file)
        with engine.connect() as plain:
            # A batch migration rebuilds tables; with foreign keys on, dropping the old one would
            # delete its children. The switch works only outside a transaction.
            _set_foreign_keys(plain, is_on=False)
            try:
                connection = plain.execution_options(**{WRITE_OPTION: True})
                with connection.begin():
                    _run_scripts(connection)
                    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                    if broken:
                        raise RefusedError("database.keys_broken", table=str(broken[0][0]))
            finally:
                _set_foreign_keys(plain, is_on=True)


def _set_foreign_keys(connection: Connection, *, is_on: bool) -> None:
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection):
        driver.execute(f"PRAGMA foreign_keys={'ON' if is_on else 'OFF'}").close()


def _run_scripts(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _copy(file: Path) -> None:
    """A whole copy beside the file, through SQLite itself so that the WAL is in it."""
    copy = file.with_name(file.name + ".before-upgrade")
    part = copy.with_name(copy.name + ".part")
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(part)) as target:
        source.backup(target)
    shutil.move(part, copy)


@contextmanager
def _file_lock(lock_file: Path) -> Iterator[None]:
    """Hold a SQLite file of its own locked: the same on every system, ends with the process."""
    with closing(sqlite3.connect(lock_file, timeout=60, isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        yield


def _newer(engine: Engine) -> RefusedError:
    with engine.connect() as connection:
        return RefusedError("database.newer", revision=_revision(connection))


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _state(revision: str | None) -> SchemaState:
    if revision is None:
        return SchemaState.EMPTY
    scripts = _scripts()
    if revision == scripts.get_current_head():
        return SchemaState.CURRENT
    known = {script.revision for script in scripts.walk_revisions()}
    return SchemaState.OLDER if revision in known else SchemaState.NEWER


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    return config


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())
