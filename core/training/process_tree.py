"""Ends all processes of an attempt on Linux, macOS and Windows; never signals any other process.

A process belongs to an attempt if it descends from the child we started, or if its environment
carries the attempt's mark: that is how one is found that left the tree (`setsid`, double fork). A
process that left the tree *and* cleared its environment cannot be told from a stranger's, and is
let be. psutil compares creation times before each signal, so a reused number is never mistaken.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, MutableMapping
from dataclasses import dataclass
from typing import Final

import psutil

MARK: Final = "TRAINTABLE_RUN_ID"
"""The environment variable that says which attempt a process belongs to."""

_KILL_ROUNDS: Final = 50
_KILL_SECONDS: Final = 2.0
_POLL_SECONDS: Final = 0.01


@dataclass(frozen=True, slots=True)
class Ended:
    """What it took to end a tree, and what is left of it."""

    asked: int
    """How many processes were asked to stop."""
    killed: int
    """How many had to be killed."""
    living: tuple[int, ...]
    """Process numbers that outlived being killed for now; call again."""
    out_of_reach: tuple[int, ...]
    """Process numbers that the system does not let us signal (another user's, by `sudo`)."""


@dataclass(frozen=True, slots=True)
class Stray:
    """A living process that carries the mark of an attempt."""

    run_id: str
    pid: int


def mark_environment(environment: MutableMapping[str, str], run_id: str) -> None:
    """Mark everything that will be started with `environment` as part of the attempt `run_id`."""
    environment[MARK] = run_id


def find_strays(prefix: str) -> list[Stray]:
    """Living processes of any attempt whose run id starts with `prefix`.

    Attempts of another runner that is alive and well are among them: end only what is yours.
    """
    return [
        Stray(mark, process.pid)
        for process, mark in _marked_processes()
        if mark.startswith(prefix) and process.pid != os.getpid() and _lives(process)
    ]


def end_tree(
    run_id: str,
    grace_seconds: float,
    root: psutil.Process | None = None,
    meanwhile: Callable[[], object] = lambda: None,
) -> Ended:
    """Ask every process of the attempt to stop, kill what is left after the grace, wait for all.

    `root` is the child that was started (its handle, made while it was known to live); without it
    only the mark is looked for. `meanwhile` is called again and again while waiting. Returns when
    a search finds no process of the attempt, or after `_KILL_ROUNDS` rounds against processes that
    do not die (a hung disk) or multiply.
    """
    tree = _Tree(run_id, root)
    asked = _ask_all(tree, grace_seconds, meanwhile)
    killed: set[psutil.Process] = set()
    for _round in range(_KILL_ROUNDS):
        found = tree.search() or tree.search_again()
        if not found:
            break
        killed |= {process for process in found if tree.signal(process, process.kill)}
        _wait_until_gone(found, _KILL_SECONDS, meanwhile)
    return Ended(
        asked=asked,
        killed=len(killed),
        living=tuple(sorted(process.pid for process in tree.search())),
        out_of_reach=tuple(sorted(process.pid for process in tree.out_of_reach if _lives(process))),
    )


class _Tree:
    """The processes of one attempt, as far as they have been seen."""

    def __init__(self, run_id: str, root: psutil.Process | None) -> None:
        self.root = root
        self.out_of_reach: set[psutil.Process] = set()
        self._run_id = run_id
        # Once seen, always ours: a grandchild whose parent dies next is no longer below the root.
        self._seen: set[psutil.Process] = {root} if root else set()

    def search(self) -> set[psutil.Process]:
        """All that live now and can be signalled."""
        self._seen |= {p for p, mark in _marked_processes() if mark == self._run_id}
        below: set[psutil.Process] = set()
        for process in self._seen:
            if process not in below:
                below |= _descendants(process)
        # If we run inside an attempt ourselves (a trainer that starts a runner), we end all but us.
        others = {p for p in self._seen | below if p.pid != os.getpid()}
        self._seen = {process for process in others if _lives(process)}
        return self._seen - self.out_of_reach

    def search_again(self) -> set[psutil.Process]:
        """After a moment: a process that is just being replaced (`exec`) shows no environment."""
        time.sleep(_POLL_SECONDS)
        return self.search()

    def signal(self, process: psutil.Process, send: Callable[[], None]) -> bool:
        """Whether `send` reached the process; one that refuses us is not tried again."""
        try:
            send()
        except psutil.NoSuchProcess:
            return False
        except psutil.AccessDenied:
            self.out_of_reach.add(process)
            return False
        return True


def _ask_all(tree: _Tree, grace_seconds: float, meanwhile: Callable[[], object]) -> int:
    """Ask each process once, also those that appear meanwhile; return how many were asked."""
    if grace_seconds <= 0:
        return 0
    deadline = time.monotonic() + grace_seconds
    asked: set[psutil.Process] = set()
    while found := tree.search():
        news = {process for process in found - asked if _ask(tree, process)}
        asked |= news
        waits_for = found & asked
        left = deadline - time.monotonic()
        if left <= 0 or not waits_for:
            break
        _wait_until_gone(waits_for, left, meanwhile)
    return len(asked)


def _ask(tree: _Tree, process: psutil.Process) -> bool:
    if sys.platform == "win32":
        # Windows can only ask the head of a process group on our own console; the event reaches
        # the whole group. Without a console nobody can be asked, and killing comes next.
        if process != tree.root:
            return False
        try:
            process.send_signal(signal.CTRL_BREAK_EVENT)
        except (OSError, psutil.Error):
            return False
        return True
    else:  # noqa: RET505 - mypy follows the system's branches only as if and else
        return tree.signal(process, lambda: process.send_signal(signal.SIGTERM))


def _wait_until_gone(
    processes: Iterable[psutil.Process], seconds: float, meanwhile: Callable[[], object]
) -> None:
    # Not `psutil.wait_procs`: it would reap our child and take its exit status from `Popen`.
    deadline = time.monotonic() + seconds
    while any(_lives(process) for process in processes) and time.monotonic() < deadline:
        meanwhile()
        time.sleep(_POLL_SECONDS)


def _lives(process: psutil.Process) -> bool:
    """Whether it runs; a zombie does not, whether or not somebody reaps it."""
    try:
        return process.is_running() and process.status() not in (
            psutil.STATUS_ZOMBIE,
            psutil.STATUS_DEAD,
        )
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True


def _descendants(process: psutil.Process) -> set[psutil.Process]:
    try:
        return set(process.children(recursive=True))
    except psutil.Error:
        return set()


def _marked_processes() -> list[tuple[psutil.Process, str]]:
    # Fresh handles, not `process_iter`: its cache may hold one of a number's previous owner.
    found = []
    for pid in psutil.pids():
        try:
            process = psutil.Process(pid)
            mark = process.environ().get(MARK)
        except (psutil.Error, OSError):
            continue  # gone by now, or another user's
        if mark is not None:
            found.append((process, mark))
    return found
