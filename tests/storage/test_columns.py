"""Instants: in UTC, compared as instants, and never naive."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.exc import StatementError

from core.storage import tasks
from core.storage.rows import SchoolRow
from core.storage.unit_of_work import Store, Unit
from tests.builders import NOW
from tests.databases import add_once, add_task

INSTANTS = st.datetimes(
    NOW.replace(tzinfo=None) - timedelta(days=9999),
    NOW.replace(tzinfo=None) + timedelta(days=9999),
    timezones=st.just(UTC),
)


def test_that_a_naive_time_is_refused(store: Store) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises((StatementError, ValueError), match="no time zone"):
        add_once(store, naive)


def test_that_another_zone_is_stored_as_the_same_instant(store: Store) -> None:
    there = NOW.astimezone(timezone(timedelta(hours=8)))
    task_id = add_task(store, starts_at=there)

    def read(unit: Unit) -> datetime | None:
        return tasks.get(unit, task_id).starts_at

    found = store.read(read)
    assert found == NOW
    assert found is not None
    assert found.utcoffset() == timedelta(0)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(INSTANTS, INSTANTS)
def test_that_comparisons_in_the_database_are_those_of_instants(
    store: Store, stored: datetime, asked: datetime
) -> None:
    def work(unit: Unit) -> bool:
        unit.session.execute(delete(SchoolRow))
        unit.session.add(SchoolRow(name="x", created_at=stored))
        unit.session.flush()
        found = select(SchoolRow.id).where(SchoolRow.created_at <= asked)
        return unit.session.scalar(found) is not None

    assert store.write(work) is (stored <= asked)
