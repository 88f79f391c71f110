"""Ctrl-C in the terminal reaches the window even while nothing else happens."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from gui.interrupts import Interrupts


@pytest.fixture
def asked(qtbot: QtBot) -> Iterator[list[bool]]:
    interrupts = Interrupts()
    heard: list[bool] = []
    interrupts.requested.connect(heard.append)
    interrupts.install()
    yield heard
    interrupts.uninstall()


def test_that_the_first_ctrl_c_asks_and_the_second_insists(qtbot: QtBot, asked: list[bool]) -> None:
    os.kill(os.getpid(), signal.SIGINT)
    qtbot.waitUntil(lambda: asked == [False])
    os.kill(os.getpid(), signal.SIGINT)
    qtbot.waitUntil(lambda: asked == [False, True])


def test_that_termination_asks_nobody(qtbot: QtBot, asked: list[bool]) -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    qtbot.waitUntil(lambda: asked == [True])


def test_that_the_signals_are_given_back(qtbot: QtBot) -> None:
    before = signal.getsignal(signal.SIGINT)
    interrupts = Interrupts()
    interrupts.install()
    interrupts.uninstall()
    assert signal.getsignal(signal.SIGINT) is before
