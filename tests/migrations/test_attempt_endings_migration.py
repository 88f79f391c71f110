"""Revision 0005 gives the latest attempt what its execution says of its end, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from alembic import command
from core.domain.execution import ExecutionStatus, Reason
from core.storage import attempts, migrate
from core.storage.engine import make_engine, sqlite_url
from core.storage.outcomes import Outcome, conclude
from core.storage.unit_of_work import Store
from tests.databases import add_runner, add_task, request, start
from tests.fakes import FakeClock
from tests.postgres import needs_postgres, new_database

FAILED = Outcome(
    ExecutionStatus.FAILED, Reason.TRAINER_FAILED, "reason.trainer_failed", {"detail": "no luck"}
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=needs_postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of today."""
    if request.param == "sqlite":
        engine = make_engine(sqlite_url(tmp_path / "traintable.db"))
        migrate.upgrade(engine)
        yield engine
        engine.dispose()
        return
    with new_database() as url:
        engine = make_engine(url)
        migrate.upgrade(engine)
        yield engine
        engine.dispose()


def migrate_to(engine: Engine, revision: str) -> None:
    """As an older release left it, and back."""
    with engine.begin() as connection:
        config = migrate._config()
        config.attributes["connection"] = connection
        move = command.downgrade if revision == "0004" else command.upgrade
        move(config, revision)


def test_that_the_latest_attempt_takes_over_the_end_of_its_execution(engine: Engine) -> None:
    clock = FakeClock()
    store = Store(engine, clock)
    task_id = add_task(store, policies={"max_attempts": 3})
    execution_id = request(store, task_id)
    runner_id = add_runner(store)
    for _ in range(2):
        start(store, execution_id, runner_id)
        store.write(lambda unit: conclude(unit, execution_id, FAILED, u=1.0))
        clock.advance(hours=1)
    start(store, execution_id, runner_id)

    migrate_to(engine, "0004")
    migrate_to(engine, "head")

    told = [
        (each.reason, each.message_code, each.message_params)
        for each in store.read(lambda unit: attempts.list_of(unit, execution_id))
    ]
    assert told == [(None, None, {})] * 3
    store.write(lambda unit: conclude(unit, execution_id, FAILED, u=1.0))
    migrate_to(engine, "0004")
    migrate_to(engine, "head")
    first, second, third = store.read(lambda unit: attempts.list_of(unit, execution_id))
    assert (first.reason, second.reason) == (None, None)
    assert (third.reason, third.message_code, third.message_params) == (
        Reason.TRAINER_FAILED,
        "reason.trainer_failed",
        {"detail": "no luck"},
    )
