"""The change feed: events by number, and a thread that follows them for whoever listens.

Other processes write too, so the database is looked at twice a second: on SQLite one read of a
number in the file's header, on a server one step into an index. A commit of this process wakes the
follower at once.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from sqlalchemy import func, select

from core.contracts.events import (
    CalendarsChanged,
    ConnectionChanged,
    Event,
    ExecutionChanged,
    ModelChanged,
    RunnersChanged,
    SamplesChanged,
    SchoolsChanged,
    TaskChanged,
)
from core.domain.execution import ExecutionStatus
from core.errors import UnavailableError
from core.messages import error_sentence
from core.storage.revision_watch import RevisionWatch
from core.storage.rows import EventRow, ScheduledTaskExecutionRow, TrainingJobRow
from core.storage.unit_of_work import Store, Unit

log = logging.getLogger(__name__)
PAGE = 1000
Progress = dict[int, tuple[int, float, str | None]]
"""Execution id -> (task id, share, stage) of what runs."""


def newest_number(unit: Unit) -> int:
    """The number of the last event, 0 before the first."""
    return unit.session.scalar(select(func.max(EventRow.id))) or 0


def since(unit: Unit, number: int, limit: int = PAGE) -> tuple[list[Event], int]:
    """Changes after `number`, in order, and the number to read on from; the same at the end."""
    rows = unit.session.scalars(
        select(EventRow).where(EventRow.id > number).order_by(EventRow.id).limit(limit)
    ).all()
    found = [event for row in rows if (event := _event(row)) is not None]
    return found, rows[-1].id if rows else number


class ChangeFollower:
    """Follows the feed on its own thread and hands every change to the listeners, in order."""

    def __init__(self, store: Store, poll_seconds: float) -> None:
        self._store = store
        self._poll_seconds = poll_seconds
        self._listeners: list[Callable[[Event], None]] = []
        self._starting = threading.Lock()
        self._wake = threading.Event()
        self._is_closing = False
        self._number = 0
        self._progress: Progress = {}
        self._revisions = (
            RevisionWatch(store.engine.url.database or "") if store.is_sqlite else None
        )
        self._revision: int | None = None
        self._is_connected = True
        self._thread = threading.Thread(target=self._follow, name="changes", daemon=True)

    def start(self) -> None:
        """Begin after the newest event there is; once is enough, whoever calls."""
        with self._starting:
            if self._thread.ident is None and not self._is_closing:
                self._number = self._store.read(newest_number)
                self._store.on_commit(self._wake.set)
                self._thread.start()

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Hear changes on the follower's thread; the returned call ends it."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def close(self) -> None:
        """End the thread."""
        with self._starting:
            self._is_closing = True
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _follow(self) -> None:
        while True:
            was_woken = self._wake.wait(self._poll_seconds)
            self._wake.clear()
            if self._is_closing:
                break
            try:
                if self._has_changed() or was_woken:
                    self._announce_changes()
                self._set_connected(None)
            except UnavailableError as error:
                self._revision = None  # what could not be read now is read when it can be
                self._set_connected(error)
            except Exception:  # the thread must live: without it nothing is heard any more
                self._revision = None
                log.exception("the change feed stumbled")
        if self._revisions:
            self._revisions.close()

    def _has_changed(self) -> bool:
        """Whether anything was committed since the last look."""
        revision = self._revisions.read() if self._revisions else self._store.read(_revision)
        is_new = revision != self._revision
        self._revision = revision
        return is_new

    def _announce_changes(self) -> None:
        while True:
            events, newest = self._store.read(lambda unit: since(unit, self._number))
            if newest == self._number:
                break
            self._number = newest
            for event in events:
                self._announce(event)
        self._announce_progress()

    def _announce_progress(self) -> None:
        now = self._store.read(_progress)
        for execution_id, seen in now.items():
            if self._progress.get(execution_id) != seen:
                self._announce(ExecutionChanged(self._number, execution_id, seen[0]))
        self._progress = now

    def _set_connected(self, error: UnavailableError | None) -> None:
        is_connected = error is None
        if is_connected == self._is_connected:
            return
        self._is_connected = is_connected
        self._announce(ConnectionChanged(self._number, error_sentence(error) if error else None))

    def _announce(self, event: Event) -> None:
        for listener in tuple(self._listeners):
            try:
                listener(event)
            except Exception:  # one listener's bug must not keep the event from the others
                log.exception("a listener failed at %s", event)


def _revision(unit: Unit) -> int:
    """On a server: the newest event, and progress, which makes no event, while anything runs."""
    is_running = unit.session.scalar(
        select(ScheduledTaskExecutionRow.id)
        .where(ScheduledTaskExecutionRow.status == ExecutionStatus.RUNNING)
        .limit(1)
    )
    return -int(unit.now.timestamp()) if is_running else newest_number(unit)


def _progress(unit: Unit) -> Progress:
    rows = unit.session.execute(
        select(
            ScheduledTaskExecutionRow.id,
            ScheduledTaskExecutionRow.scheduled_task_id,
            TrainingJobRow.progress,
            TrainingJobRow.stage,
        )
        .join(TrainingJobRow, TrainingJobRow.id == ScheduledTaskExecutionRow.training_job_id)
        .where(ScheduledTaskExecutionRow.status == ExecutionStatus.RUNNING)
    )
    return {id_: (task_id, progress, stage) for id_, task_id, progress, stage in rows}


def _event(row: EventRow) -> Event | None:  # noqa: PLR0911 - one answer a family
    match row.kind.partition(".")[0]:
        case "task" if row.task_id is not None:
            return TaskChanged(row.id, row.task_id, is_deleted=row.kind == "task.deleted")
        case "execution" if row.execution_id is not None and row.task_id is not None:
            return ExecutionChanged(row.id, row.execution_id, row.task_id)
        case "model" if row.model_version_id is not None:
            return ModelChanged(row.id, row.model_version_id)
        case "samples" if row.school_id is not None:
            return SamplesChanged(row.id, row.school_id)
        case "school" if row.school_id is not None:
            return SchoolsChanged(row.id, row.school_id)
        case "calendar":
            return CalendarsChanged(row.id)
        case "runner":
            return RunnersChanged(row.id)
        case _:
            return None
