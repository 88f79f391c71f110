"""The whole program as a process: it opens, ends in order, and says so when it cannot open."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from core.client.local import LocalBackend
from core.contracts.commands import CreateTask
from core.domain.task import TrainingMode
from core.domain.trigger import TriggerType
from gui.app import build_pages
from gui.bridge import Bridge
from gui.main_window import MainWindow
from gui.operations import Operations
from gui.ui_state import UiState
from gui.views.navigation import PageName

CHECKOUT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60
PROGRAM = """
import sys
from core.settings import read_settings
from gui.app import run
sys.exit(run(read_settings(home=sys.argv[1])))
"""


@pytest.fixture
def window(
    qtbot: QtBot, tmp_path: Path, real_operations: Operations, real_bridge: Bridge
) -> MainWindow:
    made = MainWindow(UiState(tmp_path / "window.ini"))
    qtbot.addWidget(made, before_close_func=lambda it: it.allow_close())
    made.show()
    made.follow(real_operations, real_bridge)
    made.show_pages(build_pages(made, real_operations, real_bridge))
    return made


def test_that_a_task_created_elsewhere_appears_in_the_list(
    qtbot: QtBot, window: MainWindow, real_backend: LocalBackend
) -> None:
    real_backend.create_task(
        CreateTask(
            name="Nightly",
            trigger_type=TriggerType.CRON,
            cron_expression="0 2 * * *",
            training_mode=TrainingMode.FULL,
        )
    )
    qtbot.waitUntil(lambda: any(_first_cell(one) == "Nightly" for one in _tables(window)))


@pytest.mark.parametrize("name", PageName)
def test_that_every_page_works_on_an_empty_database(
    qtbot: QtBot, window: MainWindow, name: PageName
) -> None:
    window.go_to(name)
    window.retranslate()
    assert not window.grab().isNull()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows cannot send Ctrl-C to one process")
def test_that_the_program_opens_a_new_database_and_ends_on_ctrl_c(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with _start(home, QT_QPA_PLATFORM="offscreen") as program:
        _wait_for(lambda: "started" in _log(home), program)
        program.send_signal(signal.SIGINT)
        _, errors = program.communicate(timeout=PATIENCE_SECONDS)
    assert (program.returncode, errors) == (0, "")
    assert (home / "traintable.db").exists()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there always is a display")
def test_that_without_a_display_it_names_the_way_without_one(tmp_path: Path) -> None:
    with _start(tmp_path, QT_QPA_PLATFORM="", DISPLAY="", WAYLAND_DISPLAY="") as program:
        _, errors = program.communicate(timeout=PATIENCE_SECONDS)
    assert program.returncode == 1
    assert "traintable --runner" in errors
    assert len(errors.splitlines()) == 1


def _tables(window: MainWindow) -> list[QTableView]:
    return window.findChildren(QTableView)


def _first_cell(table: QTableView) -> str:
    return str(table.model().index(0, 0).data())


def _start(home: Path, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(home)],
        cwd=CHECKOUT,
        env=os.environ | environment,
        stderr=subprocess.PIPE,
        text=True,
    )


def _log(home: Path) -> str:
    file = home / "logs" / "window.log"
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _wait_for(is_so: Callable[[], bool], program: subprocess.Popen[str]) -> None:
    """Look again until it is so; an early end of the program is a failure."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        with pytest.raises(subprocess.TimeoutExpired):
            program.wait(timeout=0.05)
