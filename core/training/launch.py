"""Starts the child process of an attempt: its command line and environment, nothing of its life.

The child gets no pipe (a grandchild would hold it open), no terminal, and only the environment
variables named here: no database address and no token reaches a trainer by accident.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import core
from core.language import current_language
from core.training.process_tree import mark_environment

_SYSTEM: Final = (
    "PATH HOME USER LOGNAME SHELL TZ LANG LANGUAGE TMPDIR LD_LIBRARY_PATH PYTHONPATH VIRTUAL_ENV"
    " SSL_CERT_FILE SSL_CERT_DIR"
)
_COMPUTING: Final = "CUDA_VISIBLE_DEVICES OMP_NUM_THREADS OPENBLAS_NUM_THREADS MKL_NUM_THREADS"
_WINDOWS: Final = (
    "TEMP TMP SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC PATHEXT USERNAME USERPROFILE HOMEDRIVE HOMEPATH"
    " APPDATA LOCALAPPDATA PROGRAMDATA NUMBER_OF_PROCESSORS PROCESSOR_ARCHITECTURE"
)
_PASSED: Final = frozenset(f"{_SYSTEM} {_COMPUTING} {_WINDOWS}".split())
_PASSED_PREFIXES: Final = ("LC_", "XDG_")


def worker_command(folder: Path) -> list[str]:
    """The command line that trains in `folder`, from source or in a frozen build."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--worker", str(folder)]
    # -P: nothing that lies in the working folder can stand in for a module.
    return [sys.executable, "-P", "-m", "core.training.worker", str(folder)]


@dataclass(frozen=True, slots=True)
class Launcher:
    """How a runner starts its workers."""

    command: Callable[[Path], list[str]] = worker_command
    passed_names: frozenset[str] = frozenset()
    """Further environment variables that the host's configuration lets through to trainers."""

    def start(self, folder: Path, log: int) -> subprocess.Popen[bytes]:
        """Start the child in `folder`, in a session of its own, writing to the descriptor `log`."""
        return subprocess.Popen(  # noqa: S603 - the command is this program's own, never a task's
            self.command(folder),
            cwd=folder,
            env=child_environment(os.environ, run_id_of(folder), self.passed_names),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            creationflags=_creation_flags(),
        )


def run_id_of(folder: Path) -> str:
    """The mark of the attempt that works in `folder`.

    The path itself: unique on this machine whatever other installations run there, and those of one
    installation share the prefix `run_id_of(home.runs)`.
    """
    return str(folder.resolve())


def child_environment(
    own: Mapping[str, str], run_id: str, passed_names: frozenset[str] = frozenset()
) -> dict[str, str]:
    """What a child finds in its environment, given our `own`."""
    names = _PASSED | passed_names
    environment = {
        name: value
        for name, value in own.items()
        if name in names or name.startswith(_PASSED_PREFIXES)
    }
    if getattr(sys, "frozen", False):
        _restore_library_path(environment, own)
    elif (checkout := Path(core.__file__).resolve().parent.parent / "pyproject.toml").exists():
        paths = [str(checkout.parent), environment.get("PYTHONPATH", "")]
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    environment |= {
        "PYTHONUTF8": "1",
        "PYTHONUNBUFFERED": "1",  # the log shows what happens while it happens
        "PYTHONFAULTHANDLER": "1",  # a crash in native code leaves a trace in the log
        "TRAINTABLE_LANGUAGE": current_language(),
    }
    mark_environment(environment, run_id)
    return environment


def _restore_library_path(environment: dict[str, str], own: Mapping[str, str]) -> None:
    # A frozen program finds its own libraries by this variable; a foreign one would find them too.
    original = own.get("LD_LIBRARY_PATH_ORIG")
    environment.pop("LD_LIBRARY_PATH", None)
    if original:
        environment["LD_LIBRARY_PATH"] = original


def _creation_flags() -> int:
    if sys.platform == "win32":
        # A windowed program has no console, and its child must not open one.
        hidden = 0 if sys.__stderr__ else subprocess.CREATE_NO_WINDOW
        return subprocess.CREATE_NEW_PROCESS_GROUP | hidden
    else:  # noqa: RET505 - mypy follows the system's branches only as if and else
        return 0
