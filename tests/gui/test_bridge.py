"""Changes reach the window from a thread of the backend, until the bridge has closed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import shiboken6
from PySide6.QtCore import QObject

from core.contracts.events import Event, RunnersChanged
from gui.bridge import Bridge
from gui.operations import Operations
from tests.fakes import FakeBackend


class CallingBackend(FakeBackend):
    """Was about to call its listener when that left, as the thread of the real one may be."""

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        self.listener = listener
        return lambda: None


@pytest.fixture
def fake_backend() -> CallingBackend:
    return CallingBackend()


def test_that_a_change_on_its_way_to_a_bridge_that_is_gone_is_dropped(
    fake_backend: CallingBackend, operations: Operations, root: QObject
) -> None:
    bridge = Bridge(fake_backend, operations, root)
    bridge.close()
    shiboken6.delete(bridge)
    fake_backend.listener(RunnersChanged(1))
