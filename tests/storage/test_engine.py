"""Addresses of databases, and how the embedded one is set up."""

from __future__ import annotations

from collections import namedtuple
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text

from core.errors import InvalidValueError, RefusedError, UnavailableError
from core.messages import error_sentence
from core.storage import unit_of_work
from core.storage.engine import database_url, make_engine, sqlite_url
from core.storage.migrate import schema_state
from core.storage.revision_watch import RevisionWatch
from core.storage.unit_of_work import Store, ping
from tests.databases import add_school, new_store

Mount = namedtuple("Mount", "mountpoint fstype")


@pytest.mark.parametrize(
    "address",
    [
        "nonsense",
        "mysql://ada:secret@host/db",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql+psycopg2://ada:secret@host/db",
        "",
    ],
)
def test_that_an_address_nobody_can_use_is_refused_without_its_password(address: str) -> None:
    with pytest.raises(InvalidValueError) as refusal:
        database_url(address)
    assert refusal.value.code == "database.url_invalid"
    assert "secret" not in error_sentence(refusal.value)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_that_postgresql_means_the_driver_that_is_there(scheme: str) -> None:
    assert database_url(f"{scheme}://ada@host/db").drivername == "postgresql+psycopg"


def test_that_sqlite_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    engine = make_engine(sqlite_url(tmp_path / "sub" / "traintable.db"))
    with engine.connect() as connection:
        found = [
            connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    engine.dispose()
    assert found == ["wal", 2, 1, 10_000]


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs"])
def test_that_a_file_on_a_network_share_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    mounts = [Mount("/", "ext4"), Mount(str(tmp_path), kind)]
    monkeypatch.setattr(psutil, "disk_partitions", lambda **_: mounts)
    with pytest.raises(RefusedError) as refusal:
        make_engine(sqlite_url(tmp_path / "traintable.db"))
    assert refusal.value.code == "database.remote_volume"


def test_that_a_server_that_is_not_there_is_unavailable_not_a_bug(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(unit_of_work, "FIRST_DELAY_SECONDS", 0.001)
    store = Store(make_engine(database_url("postgresql://nobody@127.0.0.1:1/none")))
    with pytest.raises(UnavailableError) as failure:
        ping(store)
    store.close()
    assert failure.value.code == "database.unavailable"


def test_that_a_file_that_is_no_database_is_unavailable_not_a_bug(tmp_path: Path) -> None:
    file = tmp_path / "traintable.db"
    file.write_bytes(b"this is no database" * 100)
    engine = make_engine(sqlite_url(file))
    with pytest.raises(UnavailableError):
        schema_state(engine)
    engine.dispose()


def test_that_the_watch_sees_each_commit_of_others_and_makes_no_file(tmp_path: Path) -> None:
    store = new_store(tmp_path / "traintable.db")
    watch = RevisionWatch(str(tmp_path / "traintable.db"))
    seen = {watch.read()}
    for number in range(3):
        add_school(store, f"School {number}")
        seen.add(watch.read())
    watch.close()
    store.close()
    assert len(seen) == 4

    gone = RevisionWatch(str(tmp_path / "gone.db"))
    with pytest.raises(UnavailableError):
        gone.read()
    assert not (tmp_path / "gone.db").exists()
