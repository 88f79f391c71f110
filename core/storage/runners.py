"""Runners: who decides and executes, and whether they still do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from core.contracts.records import RunnerRecord
from core.domain.execution import ExecutionStatus
from core.storage.rows import RunnerRow, ScheduledTaskExecutionRow
from core.storage.unit_of_work import Subject, Unit

SHOWN_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Process:
    """A process on a host; the start time tells it from a later one with the same number."""

    host: str
    pid: int
    started_at: datetime


def register(unit: Unit, identity: str, process: Process, slots: int) -> int:
    """A runner begins; its id."""
    row = RunnerRow(
        identity=identity,
        host=process.host,
        pid=process.pid,
        process_started_at=process.started_at,
        slots=slots,
        started_at=unit.now,
        heartbeat_at=unit.now,
    )
    unit.session.add(row)
    unit.session.flush()
    unit.note("runner.started", Subject(), detail={"host": process.host, "pid": process.pid})
    return row.id


def beat(unit: Unit, runner_id: int) -> None:
    """The runner is alive, also if somebody took it for dead (a machine that was suspended)."""
    unit.session.execute(
        update(RunnerRow)
        .where(RunnerRow.id == runner_id)
        .values(heartbeat_at=unit.now, stopped_at=None)
    )


def stop(unit: Unit, runner_id: int, *, kind: str = "runner.stopped") -> None:
    """The runner ended, by its own word or because it is seen to be gone."""
    unit.session.execute(
        update(RunnerRow)
        .where(RunnerRow.id == runner_id, RunnerRow.stopped_at.is_(None))
        .values(stopped_at=unit.now)
    )
    unit.note(kind, Subject())


def list_recent(unit: Unit, lease: timedelta) -> tuple[RunnerRecord, ...]:
    """Runners of the last day, the living first."""
    running = (
        select(ScheduledTaskExecutionRow.runner_id, func.count().label("count"))
        .where(ScheduledTaskExecutionRow.status == ExecutionStatus.RUNNING)
        .group_by(ScheduledTaskExecutionRow.runner_id)
        .subquery()
    )
    rows = unit.session.execute(
        select(RunnerRow, func.coalesce(running.c.count, 0))
        .outerjoin(running, running.c.runner_id == RunnerRow.id)
        .where(RunnerRow.heartbeat_at > unit.now - SHOWN_FOR)
        .order_by(RunnerRow.id.desc())
    )
    records = [_record(row, count, unit.now - lease) for row, count in rows]
    return tuple(sorted(records, key=lambda record: not record.is_alive))


def not_stopped_on(unit: Unit, host: str) -> list[tuple[int, Process]]:
    """Runners of a host that never said goodbye."""
    rows = unit.session.scalars(
        select(RunnerRow).where(RunnerRow.host == host, RunnerRow.stopped_at.is_(None))
    )
    return [(row.id, Process(row.host, row.pid, row.process_started_at)) for row in rows]


def silent(unit: Unit, lease: timedelta, *, but: int) -> list[int]:
    """Runners, `but` the asker, that neither stopped nor gave a sign within a lease."""
    return list(
        unit.session.scalars(
            select(RunnerRow.id).where(
                RunnerRow.id != but,
                RunnerRow.stopped_at.is_(None),
                RunnerRow.heartbeat_at < unit.now - lease,
            )
        )
    )


def host_of(unit: Unit, execution_id: int) -> str:
    """The host that ran, or runs, an execution."""
    host = unit.session.scalar(
        select(RunnerRow.host)
        .join(ScheduledTaskExecutionRow, ScheduledTaskExecutionRow.runner_id == RunnerRow.id)
        .where(ScheduledTaskExecutionRow.id == execution_id)
    )
    return host or "?"


def _record(row: RunnerRow, running_count: int, alive_since: datetime) -> RunnerRecord:
    return RunnerRecord(
        id=row.id,
        identity=row.identity,
        host=row.host,
        pid=row.pid,
        slots=row.slots,
        started_at=row.started_at,
        heartbeat_at=row.heartbeat_at,
        is_alive=row.stopped_at is None and row.heartbeat_at >= alive_since,
        running_count=running_count,
    )
