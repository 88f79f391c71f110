"""Ending a tree reaches every process of the attempt, and no other."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from core.training.process_tree import MARK, end_tree, find_strays, mark_environment

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the zoo speaks POSIX")

ZOO = Path(__file__).parent / "zoo"
GRACE = 0.3


def wait_for(condition: Callable[[], bool]) -> None:
    """Return once it holds; the time limit of the test is the limit."""
    while not condition():
        time.sleep(0.005)


class Cage:
    """Starts animals of the zoo, each with the mark of this test's attempt."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.run_id = str(folder)
        self.animals: list[subprocess.Popen[bytes]] = []

    def start(self, *command: str, run_id: str | None = None) -> psutil.Process:
        """Run `command` and return its handle."""
        environment = dict(os.environ)
        if run_id is not None:
            mark_environment(environment, run_id)
        animal = subprocess.Popen(command, env=environment, start_new_session=True)
        self.animals.append(animal)
        process = psutil.Process(animal.pid)
        wait_for(lambda: process.environ().get(MARK) == run_id)  # empty while it is being replaced
        return process

    def start_animal(self, name: str) -> psutil.Process:
        """Run one of the zoo and wait until it is in full swing."""
        command = (sys.executable, "-I", str(ZOO / f"{name}.py"), str(self.folder))
        process = self.start(*command, run_id=self.run_id)
        wait_for((self.folder / "progress.jsonl").exists)
        return process


@pytest.fixture
def cage(tmp_path: Path) -> Iterator[Cage]:
    """An empty cage; whatever is left in it afterwards is killed."""
    cage = Cage(tmp_path)
    yield cage
    end_tree(cage.run_id, 0)
    for animal in cage.animals:
        animal.kill()
        animal.wait()


def test_that_a_process_which_listens_is_not_killed(cage: Cage) -> None:
    root = cage.start_animal("patient")
    ended = end_tree(cage.run_id, 30, root)
    assert (ended.asked, ended.killed, ended.living) == (1, 0, ())
    assert cage.animals[0].wait() == -15


def test_that_a_deaf_process_is_killed_after_the_grace(cage: Cage) -> None:
    root = cage.start_animal("deaf")
    ended = end_tree(cage.run_id, GRACE, root)
    assert (ended.asked, ended.killed, ended.living) == (1, 1, ())
    assert cage.animals[0].wait() == -9


def test_that_without_grace_nobody_is_asked(cage: Cage) -> None:
    root = cage.start_animal("polite")
    ended = end_tree(cage.run_id, 0, root)
    assert (ended.asked, ended.killed) == (0, 1)


def test_that_a_process_which_left_the_tree_is_found_by_its_mark(cage: Cage) -> None:
    root = cage.start_animal("escaping")
    escaped = psutil.Process(int((cage.folder / "escaped").read_text()))
    assert escaped not in root.children(recursive=True)
    ended = end_tree(cage.run_id, GRACE, root)
    assert (ended.asked, ended.killed, ended.living) == (2, 1, ())
    assert not is_alive(escaped)


def test_that_a_process_which_dropped_the_mark_is_found_below_the_child(cage: Cage) -> None:
    script = "env -i sleep 600 & wait"
    root = cage.start("sh", "-c", script, run_id=cage.run_id)
    wait_for(lambda: any(child.name() == "sleep" for child in root.children()))
    sleeper = root.children()[0]
    assert MARK not in sleeper.environ()
    assert end_tree(cage.run_id, GRACE, root).asked == 2
    assert not is_alive(sleeper)


def test_that_heads_which_grow_back_are_ended_too(cage: Cage) -> None:
    root = cage.start_animal("hydra")
    ended = end_tree(cage.run_id, 30, root)
    assert ended.living == ()
    assert find_strays(cage.run_id) == []


def test_that_strays_are_ended_when_the_child_is_long_gone(cage: Cage) -> None:
    root = cage.start_animal("escaping")
    root.kill()
    cage.animals[0].wait()
    assert end_tree(cage.run_id, 0, root).killed == 1
    assert find_strays(cage.run_id) == []


def test_that_a_stranger_is_let_be(cage: Cage) -> None:
    unmarked = cage.start("sleep", "600")
    of_another_attempt = cage.start("sleep", "600", run_id=cage.run_id + "0")
    ended = end_tree(cage.run_id, GRACE)
    assert (ended.asked, ended.killed) == (0, 0)
    assert is_alive(unmarked)
    assert is_alive(of_another_attempt)


def test_that_we_never_end_ourselves_whatever_our_own_mark(cage: Cage) -> None:
    script = (
        "from core.training.process_tree import end_tree\n"
        f"print(end_tree({cage.run_id!r}, 0.1).asked)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    mark_environment(environment, cage.run_id)
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, check=True
    )
    assert done.stdout == b"0\n"


def test_that_strays_are_told_by_prefix(cage: Cage) -> None:
    one = cage.start("sleep", "600", run_id=f"{cage.run_id}/1")
    cage.start("sleep", "600", run_id=f"{cage.run_id}/2")
    assert {stray.run_id for stray in find_strays(cage.run_id)} == {
        f"{cage.run_id}/1",
        f"{cage.run_id}/2",
    }
    assert [stray.pid for stray in find_strays(f"{cage.run_id}/1")] == [one.pid]


def test_that_something_else_can_be_done_meanwhile(cage: Cage) -> None:
    root = cage.start_animal("deaf")
    calls: list[None] = []
    end_tree(cage.run_id, GRACE, root, meanwhile=lambda: calls.append(None))
    assert calls


def is_alive(process: psutil.Process) -> bool:
    """Whether it runs; nobody may have reaped it yet."""
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
