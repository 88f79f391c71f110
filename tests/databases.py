"""Stores on real databases for tests, and rows in them: a test names only what it is about."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from sqlalchemy import Executable

from core.clock import Clock
from core.contracts.records import ExecutionFilter, ExecutionRecord
from core.domain.execution import ExecutionStatus
from core.domain.task import Policies, TaskStatus, TrainingMode
from core.domain.trigger import TriggerType
from core.storage import claims, executions, migrate, queue, runners, schools, tasks
from core.storage.claims import Claim
from core.storage.engine import make_engine, sqlite_url
from core.storage.runners import Process
from core.storage.unit_of_work import Store, Unit
from tests.builders import NOW

LEASE = timedelta(seconds=60)
LOST_IS_LOST: Final[dict[str, Any]] = {"lost_allowance": 0}
"""Policies of a task whose execution is not tried again when its runner dies."""


def new_store(file: Path, clock: Clock | None = None) -> Store:
    """A SQLite database with every table and no row; the migration itself runs once a session."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(_migrated())
    return Store(make_engine(sqlite_url(file)), clock)


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "empty.db"
        engine = make_engine(sqlite_url(file))
        migrate.upgrade(engine)
        engine.dispose()
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return file.read_bytes()


def execute(store: Store, statement: Executable, rows: Sequence[dict[str, Any]] = ()) -> None:
    """A statement past all repositories, as another release or a person might write."""

    def work(unit: Unit) -> None:
        unit.session.execute(statement, list(rows) or None)

    store.write(work)


def add_task(store: Store, **changes: Any) -> int:
    """An active task that does nothing every hour, first an hour after the fixed now."""
    values: dict[str, Any] = {
        "name": "Hourly",
        "status": TaskStatus.ACTIVE,
        "trigger_type": TriggerType.INTERVAL,
        "interval_seconds": 3600,
        "timezone": "UTC",
        "anchor_at": NOW,
        "next_run_at": NOW + timedelta(hours=1),
        "training_mode": TrainingMode.FULL,
        "trainer": "noop",
        "trainer_params": {},
        "policies": Policies().to_json(),
    }
    values |= changes
    if "name" not in changes:
        values["name"] = _free_name(store, values)
    return store.write(lambda unit: tasks.insert(unit, **values))


def _free_name(store: Store, values: dict[str, Any]) -> str:
    """Names are unique in a school: the second task that a test does not name is “Hourly 2”."""

    def is_free(name: str) -> bool:
        return not store.read(lambda unit: tasks.has_name(unit, name, values.get("school_id")))

    names = itertools.chain([values["name"]], (f"{values['name']} {n}" for n in itertools.count(2)))
    return next(filter(is_free, names))


def change_task(store: Store, task_id: int, **changes: Any) -> None:
    """Columns of a task, past all rules."""
    store.write(lambda unit: tasks.update(unit, task_id, **changes))


def add_once(store: Store, run_at: datetime, **changes: Any) -> int:
    """A task that runs a single time."""
    values = {
        "name": "Once",
        "trigger_type": TriggerType.ONCE,
        "interval_seconds": None,
        "run_at": run_at,
        "next_run_at": run_at,
    }
    return add_task(store, **(values | changes))


def add_school(store: Store, name: str = "First School") -> int:
    """A school without samples."""
    return store.write(lambda unit: schools.add(unit, name, actor="test"))


def add_runner(store: Store, identity: str = "runner-1", pid: int = 4242) -> int:
    """A runner that has just started on a host of its own."""
    process = Process("test-host", pid, NOW)
    return store.write(lambda unit: runners.register(unit, identity, process, 1))


def request(store: Store, task_id: int, key: str = "key") -> int:
    """A queued manual execution; its id."""

    def work(unit: Unit) -> int:
        settings, _ = tasks.run_settings(unit, task_id)
        return executions.add_request(unit, task_id, settings, client_key=key, requested_by=None)

    return store.write(work)


def start(store: Store, execution_id: int, runner_id: int, lease: timedelta = LEASE) -> Claim:
    """Claim a queued execution."""
    waiting = next(each for each in store.read(queue.waiting) if each.execution_id == execution_id)
    claim = store.write(lambda unit: claims.start(unit, waiting, runner_id=runner_id, lease=lease))
    assert claim is not None
    return claim


def outcomes_of(store: Store, task_id: int) -> list[tuple[datetime | None, ExecutionStatus]]:
    """What became of each planned instant of a task, oldest first."""
    return sorted(
        (record.planned_at, record.status)
        for record in store.read(lambda unit: history(unit, task_id))
        if record.planned_at is not None
    )


def history(unit: Unit, task_id: int) -> tuple[ExecutionRecord, ...]:
    """All executions of a task, newest first."""
    which = ExecutionFilter(task_id=task_id)
    return executions.list_before(unit, which, before_id=None, limit=1000)
