"""Cyclic garbage is freed in the GUI thread, whoever allocates."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from gui.collector import Collector


class Knot(QObject):
    """Refers to itself, and tells in which thread it ended."""

    def __init__(self, ended_in: list[int]) -> None:
        super().__init__()
        self._self = self
        self._ended_in = ended_in

    def __del__(self) -> None:
        self._ended_in.append(threading.get_ident())


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[Collector]:
    made = Collector(interval_ms=5)
    made.start()
    yield made
    made.stop()
    gc.disable()  # as the fixtures of GUI tests have it


def test_that_a_cycle_left_by_the_window_is_freed_by_the_window(
    qtbot: QtBot, collector: Collector
) -> None:
    ended_in: list[int] = []
    for _ in range(10):
        Knot(ended_in)
    kept: list[list[int]] = []
    thread = threading.Thread(target=lambda: kept.extend([n] for n in range(50_000)))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(ended_in) == 10)
    assert set(ended_in) == {threading.get_ident()}


def test_that_collection_is_given_back_at_the_end(qtbot: QtBot) -> None:
    made = Collector()
    made.start()
    assert not gc.isenabled()
    made.stop()
    assert gc.isenabled()
    gc.disable()
