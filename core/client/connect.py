"""From settings to a backend: the only place that knows which one it is."""

from __future__ import annotations

import getpass
from dataclasses import dataclass

from core.client.local import LocalBackend
from core.contracts.records import UserRecord
from core.domain.access import Role
from core.paths import Home
from core.services.actor import Actor
from core.settings import Settings
from core.storage import migrate, users
from core.storage.changes import ChangeFollower
from core.storage.engine import database_url, make_engine, sqlite_url
from core.storage.unit_of_work import Store, Unit


@dataclass(frozen=True, slots=True)
class Connected:
    """An open database with everything that works on it."""

    store: Store
    home: Home
    changes: ChangeFollower
    backend: LocalBackend


def open_backend(settings: Settings, *, create: bool = False) -> LocalBackend:
    """A backend over the settings' database; see `connect`."""
    return connect(settings, create=create).backend


def connect(settings: Settings, *, create: bool = False) -> Connected:
    """Open the settings' database; with `create` make or upgrade it first, as runners may.

    Raises:
        RefusedError: the schema is missing, older or newer than this program.
        UnavailableError: the database does not answer.
        InvalidValueError: its address cannot be used.
    """
    store = open_store(settings, create=create)
    changes = ChangeFollower(store, settings.runner.poll_seconds)
    backend = LocalBackend(
        store,
        settings.home,
        _this_person(store),
        changes,
        lease_seconds=settings.runner.lease_seconds,
    )
    return Connected(store, settings.home, changes, backend)


def open_store(settings: Settings, *, create: bool) -> Store:
    """Open the settings' database without asking who is there; errors as `connect`."""
    if settings.database_url:
        url = database_url(settings.database_url)
    else:
        url = sqlite_url(settings.home.database)
    if url.get_backend_name() == "sqlite" and not create:
        migrate.require_file(url)
    engine = make_engine(url)
    try:
        if create:
            migrate.upgrade(engine)
        else:
            migrate.require_current(engine)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine)


def _this_person(store: Store) -> Actor:
    """The operating-system account as a user; the first one here becomes a system admin.

    Whoever opens the database itself can do anything with it, so this guards only against mistakes.
    """
    name = _account_name()
    found = store.read(lambda unit: users.find(unit, name))
    person = found or store.write(lambda unit: _add_person(unit, name))
    return Actor(person.id, person.name, person.role, person.school_id)


def _add_person(unit: Unit, name: str) -> UserRecord:
    return users.find(unit, name) or users.add(unit, name, Role.SYSTEM_ADMIN, None, actor=name)


def _account_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "admin"
