"""What every test stands on: no display, no home of the user, no network beyond this machine."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from typing import Any

# Before any Qt import, and only if nobody asked to see the windows (--show-gui).
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from hypothesis import settings

from core.language import set_language

# The suite answers the same question every time; `make faults` looks further, at random.
settings.register_profile("suite", derandomize=True)
settings.register_profile("faults", print_blob=True)
settings.load_profile("faults" if os.environ.get("TRAINTABLE_FAULTS") else "suite")

LOOPBACK = ("127.", "::1", "localhost")
OFFSCREEN_NOISE = "This plugin does not support propagateSizeHints"
QT_FIXTURES = {"qtbot", "qapp"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--show-gui", action="store_true", help="show the windows of GUI tests")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--show-gui"):
        os.environ.pop("QT_QPA_PLATFORM", None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if QT_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.gui)
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
            item.add_marker(pytest.mark.qt_log_ignore(OFFSCREEN_NOISE))


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's files and settings are out of reach."""
    home = tmp_path_factory.mktemp("home")
    settings = [name for name in os.environ if name.startswith("TRAINTABLE_")]
    for name in settings:
        monkeypatch.delenv(name)
    for name in ("HOME", "USERPROFILE", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home))


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that would reach another machine fails."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not str(address[0]).startswith(
            LOOPBACK
        ):
            raise AssertionError(f"a test connects to {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_here)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Texts are English unless a test says otherwise, and no test leaves its language behind."""
    set_language("en")
    yield
    set_language("en")
