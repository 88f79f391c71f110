"""What happens in the demo, in order, by the same calls that a person makes; no row is made up."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from core.contracts.backend import Backend
from core.contracts.commands import CreateTask
from core.contracts.records import ExecutionRecord, TaskFilter, TaskRecord
from core.demo.pages import Line, draw_into, lines_before, lines_later
from core.demo.people import school_names, students
from core.domain.task import NoNewSamples, Policies, TrainingMode
from core.domain.trigger import TriggerType
from core.errors import RefusedError
from core.language import _

HOUR: Final = 3600
DAY: Final = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Stage:
    """What the story needs from whoever tells it."""

    backend: Backend
    follow: Callable[[ExecutionRecord], ExecutionRecord]
    """Waits until an execution that somebody runs has ended."""
    advance: Callable[[str, float], None]
    """Shows what happens now, and the share that is done."""
    now: datetime
    timezone: str


@dataclass(frozen=True, slots=True)
class DemoTasks:
    """The demo's tasks that have a history, by what they do."""

    nightly: TaskRecord
    hourly: TaskRecord
    weekly: TaskRecord
    paused: TaskRecord


def require_empty(backend: Backend) -> None:
    """Refuse a database in which somebody works.

    Raises:
        RefusedError: `demo.not_empty`.
    """
    if found := backend.list_tasks(TaskFilter(), limit=1).total:
        label = backend.describe_connection().database_label
        raise RefusedError("demo.not_empty", count=found, database=label)


def tell(stage: Stage) -> tuple[ExecutionRecord, ...]:
    """Draw, import, schedule and train; what ran, in order."""
    everybody = students()
    _take_in(stage, lines_before(everybody))
    tasks = _make_tasks(stage)
    ran = [_run(stage, tasks.nightly), _run(stage, tasks.weekly)]
    _take_in(stage, lines_later(everybody))
    ran += [_run(stage, tasks.hourly), _run(stage, tasks.paused)]
    # Nothing new came in since: one ends as skipped, the other as failed, as their policies say.
    return (*ran, _run(stage, tasks.hourly), _run(stage, tasks.paused))


def _take_in(stage: Stage, lines: list[Line]) -> None:
    """Draw lines and import them as a person's folder."""

    def drawn(done: int, total: int) -> None:
        stage.advance(_("Drawing handwriting"), done / total)

    def imported(done: int, total: int) -> None:
        stage.advance(_("Importing samples"), done / total if total else 1.0)

    with tempfile.TemporaryDirectory(prefix="traintable-demo-") as temporary:
        folder = Path(temporary)
        draw_into(folder, lines, stage.now, drawn)
        stage.backend.import_samples(folder, on_progress=imported)


def _run(stage: Stage, task: TaskRecord) -> ExecutionRecord:
    return stage.follow(stage.backend.run_now(task.id, uuid.uuid4().hex))


def _make_tasks(stage: Stage) -> DemoTasks:
    ids = {school.name: school.id for school in stage.backend.list_schools()}
    first, second = (ids[name] for name in school_names())
    nightly = CreateTask(
        _("Nightly full training"),
        TriggerType.CRON,
        TrainingMode.FULL,
        _("All samples of the school, every night."),
        cron_expression="0 2 * * *",
        school_id=first,
    )
    hourly = CreateTask(
        _("Hourly incremental training"),
        TriggerType.INTERVAL,
        TrainingMode.INCREMENTAL,
        _("What came in since the last training; nothing new is no failure."),
        interval_seconds=HOUR,
        school_id=first,
        policies=Policies(no_new_samples=NoNewSamples.SKIP),
    )
    weekly = CreateTask(
        _("Weekly full training"),
        TriggerType.CRON,
        TrainingMode.FULL,
        cron_expression="30 3 * * 0",
        school_id=second,
    )
    paused = CreateTask(
        _("Incremental training in the holidays"),
        TriggerType.INTERVAL,
        TrainingMode.INCREMENTAL,
        _("Paused until the holidays begin."),
        interval_seconds=DAY,
        school_id=second,
    )
    made = DemoTasks(*(_task(stage, each) for each in (nightly, hourly, weekly, paused)))
    _task(stage, _once(stage))
    stage.backend.pause_task(made.paused.id)
    return made


def _once(stage: Stage) -> CreateTask:
    tomorrow = stage.now.astimezone(ZoneInfo(stage.timezone)) + timedelta(days=1)
    return CreateTask(
        _("One model for all schools"),
        TriggerType.ONCE,
        TrainingMode.FULL,
        _("A single training on the samples of both schools."),
        run_at=tomorrow.replace(hour=9, minute=0, second=0, microsecond=0),
        timezone=stage.timezone,
    )


def _task(stage: Stage, command: CreateTask) -> TaskRecord:
    """Make a task, or find it where an earlier demo left it."""
    known = stage.backend.list_tasks(TaskFilter(text=command.name)).items
    for task in known:
        if (task.name, task.school_id) == (command.name, command.school_id):
            return task
    return stage.backend.create_task(command)
