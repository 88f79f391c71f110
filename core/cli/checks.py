"""What can be wrong with an installation, each looked at without changing anything."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final, assert_never

from core.client.connect import open_store
from core.clock import SystemClock, machine_timezone
from core.contracts.records import TaskFilter
from core.domain.task import TaskStatus
from core.errors import AppError
from core.language import _
from core.messages import error_sentence, sentence, span_words
from core.paths import Home
from core.settings import Settings
from core.storage import runners, tasks
from core.storage.engine import database_url, make_engine, sqlite_url
from core.storage.migrate import SchemaState, require_file, schema_state
from core.storage.unit_of_work import Store
from core.training.attempt import EndKind, Limits, StopSignal
from core.training.launch import Launcher
from core.training.request import TrainingRequest
from core.training.supervisor import Supervisor

LEAST_FREE_BYTES: Final = 500_000_000
LEAST_PYTHON: Final = (3, 11)
WORKER_SECONDS: Final = 60.0
MOST_SKEW: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `remedy` says what to do when it is not `ok`."""

    check: str
    ok: bool
    detail: str
    remedy: str | None = None


def all_checks(settings: Settings) -> Iterator[Check]:
    """Look at everything, one after the other."""
    yield _python()
    yield _home(settings.home)
    yield _free_space(settings.home)
    yield _time_zone()
    database = _database(settings)
    yield database
    if database.ok:
        yield from _inside(settings)
    yield _worker()
    yield _window()
    yield _chinese_font()


def _python() -> Check:
    detail = f"Python {platform.python_version()}, {platform.platform()}"
    return Check(
        "python",
        sys.version_info >= LEAST_PYTHON,
        detail,
        _("Install Python {version} or newer.").format(version=".".join(map(str, LEAST_PYTHON))),
    )


def _home(home: Home) -> Check:
    is_writable = os.access(_nearest(home.root), os.W_OK | os.X_OK)
    return Check(
        "home",
        is_writable,
        str(home.root),
        _("Make the folder writable, or choose another with --home."),
    )


def _free_space(home: Home) -> Check:
    free = shutil.disk_usage(_nearest(home.root)).free
    return Check(
        "disk",
        free >= LEAST_FREE_BYTES,
        _("{size} GB free").format(size=f"{free / 1e9:.1f}"),
        _("Make room on the disk of the data folder."),
    )


def _time_zone() -> Check:
    now = SystemClock().now().astimezone()
    return Check("clock", ok=True, detail=f"{now:%Y-%m-%d %H:%M:%S %z} {machine_timezone()}")


def _database(settings: Settings) -> Check:
    try:
        url = (
            database_url(settings.database_url)
            if settings.database_url
            else sqlite_url(settings.home.database)
        )
        label = url.render_as_string(hide_password=True)
        if url.get_backend_name() == "sqlite":
            require_file(url)
        engine = make_engine(url)
        try:
            state = schema_state(engine)
        finally:
            engine.dispose()
    except AppError as error:
        return Check("database", ok=False, detail=error_sentence(error), remedy=_see_database())
    return _schema(label, state)


def _schema(label: str, state: SchemaState) -> Check:
    match state:
        case SchemaState.CURRENT:
            detail = _("{database}, schema is current").format(database=label)
            return Check("database", ok=True, detail=detail)
        case SchemaState.EMPTY:
            code = "database.not_found"
        case SchemaState.OLDER:
            code = "database.older"
        case SchemaState.NEWER:
            code = "database.newer"
        case _:
            assert_never(state)
    return Check("database", ok=False, detail=label, remedy=sentence(code))


def _see_database() -> str:
    return _("Run “traintable init”, or check --database and that the database is running.")


def _inside(settings: Settings) -> Iterator[Check]:
    """What only an open database tells."""
    try:
        store = open_store(settings, create=False)
    except AppError as error:
        yield Check("runner", ok=False, detail=error_sentence(error), remedy=_see_database())
        return
    try:
        yield _runners(store, settings)
        yield _skew(store)
    finally:
        store.close()


def _runners(store: Store, settings: Settings) -> Check:
    lease = timedelta(seconds=settings.runner.lease_seconds)
    found = store.read(lambda unit: runners.list_recent(unit, lease))
    alive = [f"{each.host} ({each.pid})" for each in found if each.is_alive]
    active = TaskFilter(status=TaskStatus.ACTIVE)
    waiting = store.read(lambda unit: tasks.list_page(unit, active, skip=0, limit=1)).total
    detail = ", ".join(alive) or _("no runner is alive, active tasks: {count}").format(
        count=waiting
    )
    return Check(
        "runner",
        bool(alive) or not waiting,
        detail,
        _("Start “traintable --runner”, or open the window: no task runs until then."),
    )


def _skew(store: Store) -> Check:
    difference = abs(store.now() - SystemClock().now())
    return Check(
        "database clock",
        difference <= MOST_SKEW,
        _("{length} from this machine's clock").format(
            length=span_words(difference.total_seconds())
        ),
        _("Set both clocks: the database's decides when a task is due."),
    )


def _worker() -> Check:
    """A real child process, with the trainer that trains nothing."""
    with tempfile.TemporaryDirectory(prefix="traintable-doctor-") as temporary:
        folder = Path(temporary)
        request = TrainingRequest("noop", "full", (), None, str(folder / "features"))
        end = Supervisor(Launcher(), SystemClock()).run_attempt(
            folder / "run",
            request,
            Limits(timeout_seconds=WORKER_SECONDS, grace_seconds=5.0),
            StopSignal(),
            lambda _progress, _log: None,
        )
    ok = end.kind is EndKind.FINISHED and end.reason is None
    took = span_words((end.ended_at - end.started_at).total_seconds())
    detail = (
        _("a training process starts and answers, in {length}").format(length=took)
        if ok
        else sentence(end.reason or "reason.no_result", end.params)
    )
    return Check("worker", ok, detail, _("Check memory and disk, then the installation."))


def _window() -> Check:
    ok = importlib.util.find_spec("PySide6") is not None
    return Check(
        "window",
        ok,
        _("PySide6 is installed") if ok else _("PySide6 is not installed"),
        _("Install PySide6-Essentials to use the window; the runner works without."),
    )


def _chinese_font() -> Check:
    command = shutil.which("fc-list")
    if command is None:
        return Check("font", ok=True, detail=_("not checked: this system has no fc-list"))
    fonts = subprocess.run(  # noqa: S603 - the program is found on the path, nothing is a user's
        [command, ":lang=zh", "family"], capture_output=True, text=True, timeout=30, check=False
    ).stdout.split("\n")
    families = sorted({line.split(",")[0] for line in fonts if line})
    return Check(
        "font",
        bool(families),
        families[0] if families else _("no font with Chinese characters"),
        _("Install a Chinese font such as fonts-wqy-microhei, or Chinese names show as boxes."),
    )


def _nearest(folder: Path) -> Path:
    """The folder itself, or the next one above it that exists."""
    return next(each for each in (folder, *folder.parents) if each.exists())
