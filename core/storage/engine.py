"""Engines for the two databases, set up so that each keeps what it acknowledged."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, Final

import psutil
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from core.errors import InvalidValueError, RefusedError

BUSY_TIMEOUT_MS = 10_000
WRITE_OPTION = "traintable_write"
_SERVER_ARGUMENTS: Final[dict[str, int]] = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""A server that vanished without a word is noticed in half a minute; libpq would wait a quarter of
an hour, and with it whoever renews leases."""
_NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "fuse.sshfs", "9p", "afpfs", "webdav"}
)


def database_url(text: str) -> URL:
    """Read a database address.

    `postgresql://` means psycopg 3, whatever else is installed.

    Raises:
        InvalidValueError: `database.url_invalid`, without any password.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise _invalid(text) from error
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    is_file = url.database not in (None, "", ":memory:")
    if url.drivername in ("sqlite", "sqlite+pysqlite") and is_file:
        return url
    raise _invalid(url.render_as_string(hide_password=True))


def sqlite_url(file: Path) -> URL:
    """The address of a SQLite file."""
    return URL.create("sqlite", database=str(file))


def make_engine(url: URL) -> Engine:
    """An engine for `url`.

    Raises:
        RefusedError: `database.remote_volume`, a SQLite file on a network share.
        InvalidValueError: the driver is not there.
    """
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    try:
        return create_engine(
            url,
            pool_pre_ping=True,
            pool_size=5,
            max_overflow=10,
            connect_args={
                name: value for name, value in _SERVER_ARGUMENTS.items() if name not in url.query
            },
        )
    except NoSuchModuleError as error:
        raise _invalid(url.render_as_string(hide_password=True)) from error


def _sqlite_engine(url: URL) -> Engine:
    file = Path(url.database or "")
    _refuse_network_share(file)
    file.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver's own implicit BEGIN is deferred: a transaction that writes later would fail at
    # once with "database is locked". Transactions begin in `_begin_sqlite` instead.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    is_write = connection.get_execution_options().get(WRITE_OPTION, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")


def _refuse_network_share(file: Path) -> None:
    place = file.absolute()
    mounts = [
        (Path(part.mountpoint), part.fstype.lower()) for part in psutil.disk_partitions(all=True)
    ]
    holding = [(len(mount.parts), kind) for mount, kind in mounts if place.is_relative_to(mount)]
    if holding and max(holding)[1] in _NETWORK_FILE_SYSTEMS:
        raise RefusedError("database.remote_volume", file=str(place))


def _invalid(shown: str) -> InvalidValueError:
    return InvalidValueError("database.url_invalid", field="database", value=shown)
