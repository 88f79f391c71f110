"""One transaction at a time: a unit of work is a function that is run whole, or not at all.

A unit may be run again after a broken connection or a lock, so it must have no effect but on the
database. Sessions never leave `core.storage`.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Engine, func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from core.clock import Clock, SystemClock
from core.errors import UnavailableError
from core.storage.engine import WRITE_OPTION
from core.storage.rows import EventRow

T = TypeVar("T")
TRIES = 5
FIRST_DELAY_SECONDS = 0.05
SYSTEM_ACTOR = "system"
_FEED_LOCK = 7_318_001
_RETRYABLE_STATES = frozenset({"40001", "40P01", "55P03", "23505"})
"""PostgreSQL: serialization failure, deadlock, lock not available; and a key that another unit took
at the same moment: run again, this unit's own check finds it and says so."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What an event is about."""

    task_id: int | None = None
    execution_id: int | None = None
    model_version_id: int | None = None
    school_id: int | None = None


class Unit:
    """What a unit of work is given: the session, the time, and where to note events."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session = session
        self.now = now
        """Database time, read once: everything in a unit happens at one instant."""
        self._events: list[dict[str, Any]] = []

    def note(
        self,
        kind: str,
        subject: Subject,
        *,
        actor: str = SYSTEM_ACTOR,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        """Record an event with this transaction."""
        self._events.append(
            {
                "at": self.now,
                "kind": kind,
                "actor": actor,
                "task_id": subject.task_id,
                "execution_id": subject.execution_id,
                "model_version_id": subject.model_version_id,
                "school_id": subject.school_id,
                "detail": dict(detail) if detail else None,
            }
        )

    def write_events(self) -> bool:
        """Append the noted events; whether there were any."""
        if not self._events:
            return False
        self.session.flush()
        if self.session.get_bind().dialect.name == "postgresql":
            # Numbers must become visible in their order, or a follower would step over the lower
            # one of two that commit at the same time. Held only until this commit.
            self.session.execute(select(func.pg_advisory_xact_lock(_FEED_LOCK)))
        self.session.execute(insert(EventRow), self._events)
        return True


class Store:
    """A database, as units of work."""

    def __init__(self, engine: Engine, clock: Clock | None = None) -> None:
        """With a `clock` its time is used instead of the database's (tests move it)."""
        self.engine = engine
        self._write_engine = engine.execution_options(**{WRITE_OPTION: True})
        self._clock = clock
        self._listeners: list[Callable[[], None]] = []

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.engine.dialect.name == "sqlite"

    @property
    def label(self) -> str:
        """The database as a person knows it: a file's path, or an address without its password."""
        if self.is_sqlite:
            return self.engine.url.database or ""
        return self.engine.url.set(drivername="postgresql").render_as_string(hide_password=True)

    def read(self, work: Callable[[Unit], T]) -> T:
        """Run a unit that only reads.

        Raises:
            UnavailableError: the database did not answer, also not when asked again.
        """
        return self._retrying(lambda: self._once(self.engine, work)[0])

    def write(self, work: Callable[[Unit], T]) -> T:
        """Run a unit that may write, commit it, and tell the listeners.

        Raises:
            UnavailableError: the database did not answer, also not when asked again, or it went
                away during the commit, so that the outcome is unknown.
        """
        answer, has_events = self._retrying(lambda: self._once(self._write_engine, work))
        if has_events:
            for listener in self._listeners:
                listener()
        return answer

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Call `listener` on the writing thread after each commit that noted events."""
        self._listeners.append(listener)

    def now(self) -> datetime:
        """Database time."""
        return self.read(lambda unit: unit.now)

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    def _once(self, engine: Engine, work: Callable[[Unit], T]) -> tuple[T, bool]:
        with Session(engine, expire_on_commit=False) as session:
            unit = Unit(session, self._read_time(session))
            answer = work(unit)
            has_events = unit.write_events()
            session.flush()
            try:
                session.commit()
            except DBAPIError as error:
                if error.connection_invalidated and not self.is_sqlite:
                    raise UnavailableError("database.outcome_unknown") from error
                raise
            return answer, has_events

    def _read_time(self, session: Session) -> datetime:
        if self._clock is not None:
            return self._clock.now()
        if self.is_sqlite:
            return SystemClock().now()
        now = session.scalar(select(func.clock_timestamp()))
        if not isinstance(now, datetime):
            raise UnavailableError("database.unavailable", detail="no clock")
        return now

    def _retrying(self, once: Callable[[], T]) -> T:
        for turn in range(TRIES):
            try:
                return once()
            except (DBAPIError, PoolTimeoutError) as error:
                if not _is_passing(error):
                    raise
                if turn == TRIES - 1 and isinstance(error, IntegrityError):
                    raise  # nobody was faster: this is a bug
                if turn == TRIES - 1:
                    raise UnavailableError("database.unavailable", detail=_short(error)) from error
            time.sleep(FIRST_DELAY_SECONDS * 2**turn * random.uniform(0.8, 1.2))  # noqa: S311 - jitter
        raise AssertionError("unreachable")


def _is_passing(error: DBAPIError | PoolTimeoutError) -> bool:
    """Whether the same unit may succeed when run again."""
    if isinstance(error, PoolTimeoutError) or error.connection_invalidated:
        return True
    if getattr(error.orig, "sqlstate", None) in _RETRYABLE_STATES:
        return True
    if not isinstance(error, OperationalError):
        return False
    return getattr(error.orig, "sqlstate", None) is None


def _short(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return " ".join(str(cause).split())[:200]


def ping(store: Store) -> None:
    """Ask the database for nothing. Raises `UnavailableError` when it does not answer."""
    store.read(lambda unit: unit.session.execute(text("SELECT 1")).scalar())
