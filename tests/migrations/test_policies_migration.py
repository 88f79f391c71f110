"""Revision 0003 finds tasks and executions in place, and leaves them as they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from alembic import command
from core.domain.dependency import Needed
from core.storage import migrate
from core.storage.engine import make_engine, sqlite_url
from core.storage.rows import ScheduledTaskExecutionRow, ScheduledTaskRow
from core.storage.unit_of_work import Store
from tests.databases import add_task, request
from tests.postgres import needs_postgres, new_database

BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
TASK = """
INSERT INTO scheduled_tasks (name, description, status, trigger_type, interval_seconds, timezone,
    anchor_at, training_mode, trainer, trainer_params, force_retrain, policies, next_run_at,
    total_runs, success_runs, failed_runs, created_at, updated_at)
VALUES (:name, '', 'active', 'interval', 60, 'UTC', :at, 'full', 'noop', '{}', false, '{}', :at,
    0, 0, 0, :at, :at)
"""
EXECUTION = """
INSERT INTO scheduled_task_executions (scheduled_task_id, kind, decided_at, status, settings, fence)
VALUES (1, 'manual', :at, 'completed', '{}', 0)
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=needs_postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database as revision 0002 left it, with two tasks of which the second is gone."""
    if request.param == "sqlite":
        engine = make_engine(sqlite_url(tmp_path / "traintable.db"))
        _fill(engine)
        yield engine
        engine.dispose()
        return
    with new_database() as url:
        engine = make_engine(url)
        _fill(engine)
        yield engine
        engine.dispose()


def _fill(engine: Engine) -> None:
    with engine.begin() as connection:
        config = migrate._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
    at = BEFORE.replace(tzinfo=None) if engine.dialect.name == "sqlite" else BEFORE
    with engine.begin() as connection:
        for name in ("kept", "gone"):
            connection.execute(text(TASK), {"name": name, "at": at})
        connection.execute(text("DELETE FROM scheduled_tasks WHERE name = 'gone'"))
        connection.execute(text(EXECUTION), {"at": at})


def test_that_what_was_there_has_the_defaults_and_no_number_is_used_again(engine: Engine) -> None:
    migrate.upgrade(engine)
    store = Store(engine)

    task, run = store.read(
        lambda unit: (
            unit.session.get_one(ScheduledTaskRow, 1),
            unit.session.get_one(ScheduledTaskExecutionRow, 1),
        )
    )

    assert (task.name, task.next_run_at) == ("kept", BEFORE)
    assert (task.consecutive_failures, task.pause_code) == (0, None)
    assert task.dependency_how is Needed.ALL
    assert (run.not_before, run.attempts, run.lost_count) == (None, 0, 0)
    assert add_task(store) == 3
    assert request(store, 1) == 2
