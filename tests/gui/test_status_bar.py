"""The bottom line: which database, who executes, and what runs now."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.contracts.records import ConnectionInfo, ConnectionMode
from core.domain.execution import ExecutionStatus
from gui.bridge import Bridge
from gui.operations import Operations
from gui.views.status_bar import StatusBar, runner_words, work_words
from tests.builders import a_runner, a_task, an_execution
from tests.fakes import FakeBackend


@pytest.fixture
def bar(
    qtbot: QtBot, fake_backend: FakeBackend, operations: Operations, bridge: Bridge
) -> StatusBar:
    made = StatusBar()
    qtbot.addWidget(made)
    made.resize(1200, 32)
    made.show()
    fake_backend.put(a_task(id=1, name="Nightly"))
    made.follow(operations, bridge)
    return made


def test_that_it_names_the_database_and_the_runner(qtbot: QtBot, bar: StatusBar) -> None:
    qtbot.waitUntil(lambda: {"traintable.db", "Local runner"} <= _texts(bar))


def test_that_it_follows_a_run_from_start_to_end(
    qtbot: QtBot, fake_backend: FakeBackend, bar: StatusBar
) -> None:
    qtbot.waitUntil(lambda: "Nothing is running" in _texts(bar))
    run = fake_backend.run_now(1, "key")
    qtbot.waitUntil(lambda: "1 run waiting" in _texts(bar))
    fake_backend.start_run(run.id)
    fake_backend.change_run(run.id, stage="fitting", progress=0.4)
    qtbot.waitUntil(lambda: "Nightly: Fitting the model · 40%" in _texts(bar))
    fake_backend.cancel_execution(run.id)
    qtbot.waitUntil(lambda: "Nightly: stopping" in _texts(bar))
    fake_backend.finish_run(run.id, ExecutionStatus.CANCELLED)
    qtbot.waitUntil(lambda: "Nothing is running" in _texts(bar))


def test_that_a_viewer_learns_when_its_runner_is_gone(
    qtbot: QtBot, fake_backend: FakeBackend, bar: StatusBar
) -> None:
    fake_backend.connection = ConnectionInfo(ConnectionMode.VIEWER, "school on db-1", "runner-1")
    fake_backend.put(a_runner())
    qtbot.waitUntil(lambda: "Viewer of the runner on runner-1" in _texts(bar))
    fake_backend.connection = ConnectionInfo(ConnectionMode.VIEWER, "school on db-1", None)
    fake_backend.put(a_runner(is_alive=False))
    qtbot.waitUntil(lambda: "Viewer – no runner" in _texts(bar))


@pytest.mark.parametrize(
    ("connection", "consequence"),
    [
        (
            ConnectionInfo(ConnectionMode.LOCAL_RUNNER, "db", "here"),
            "Nothing runs while it is closed",
        ),
        (ConnectionInfo(ConnectionMode.VIEWER, "db", "r1"), "also while this window is closed"),
        (ConnectionInfo(ConnectionMode.VIEWER, "db", None), "traintable --runner"),
    ],
)
def test_that_the_tooltip_says_what_closing_this_window_means(
    connection: ConnectionInfo, consequence: str
) -> None:
    assert consequence in runner_words(connection)[1]


def test_that_of_several_runs_one_is_named_and_the_others_are_counted() -> None:
    running = an_execution(status=ExecutionStatus.RUNNING, stage="saving", progress=0.9)
    waiting = an_execution(id=2, status=ExecutionStatus.QUEUED)
    assert (
        work_words([waiting, running, waiting])
        == "Nightly full training: Saving the model · 90% (and 2 more)"
    )


def _texts(bar: StatusBar) -> set[str]:
    return {label.text() for label in bar.findChildren(QLabel) if label.isVisible()}
