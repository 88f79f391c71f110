"""The executable as a person's shell starts it: real processes on one database, with a runner."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import sysconfig
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pytest

from core.training.drawing import Writer, draw_line
from core.training.request import TrainingRequest

pytestmark = pytest.mark.slow

CHECKOUT = Path(__file__).parents[2]
INSTALLED = Path(sysconfig.get_path("scripts")) / "traintable"
"""The command that installing the package makes."""
POSTGRES = os.environ.get("TRAINTABLE_TEST_POSTGRES_URL")
SECONDS = 60
LOOKS = 60
"""Most calls of the command line in which something must have happened."""


@dataclass
class Machine:
    """A home and a database, and processes that share them."""

    home: Path
    database: str | None
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        values = {"TRAINTABLE_HOME": str(self.home), "TRAINTABLE_LANGUAGE": "en"}
        if self.database:
            values["TRAINTABLE_DATABASE_URL"] = self.database
        return os.environ | values

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [str(INSTALLED), *arguments],
            cwd=self.home.parent,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.started.append(process)
        return process

    def call(self, *arguments: str, status: int = 0) -> str:
        """Standard output of a command that must end with `status`."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=SECONDS)
        assert process.returncode == status, (arguments, process.returncode, out, err)
        return out

    def ask(self, *arguments: str, status: int = 0) -> Any:
        """The same, in JSON."""
        return json.loads(self.call(*arguments, "--json", status=status))

    def start_runner(self) -> subprocess.Popen[str]:
        """A headless runner that has said that it is at work."""
        runner = self.start("--runner")
        assert runner.stderr is not None
        assert "is at work" in runner.stderr.readline()
        return runner

    def end(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.communicate(timeout=SECONDS)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machine]:
    if request.param == "sqlite":
        made = Machine(tmp_path / "home", None)
        yield made
        made.end()
        return
    if not POSTGRES:
        pytest.skip("TRAINTABLE_TEST_POSTGRES_URL is not set")
    name = f"traintable_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        made = Machine(tmp_path / "home", f"{POSTGRES.rpartition('/')[0]}/{name}")
        yield made
        made.end()
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def handwriting(tmp_path: Path) -> Path:
    """A folder with a manifest: two students, three lines each."""
    folder = tmp_path / "handwriting"
    folder.mkdir()
    lines = ["school,student,file,captured_at"]
    for seed, student in enumerate(("王小明", "Ben"), 1):
        for number in range(3):
            file = f"{seed}-{number}.png"
            drawn = draw_line(Writer.from_seed(seed), np.random.default_rng([seed, number]))
            (folder / file).write_bytes(drawn)
            lines.append(f"第一小学,{student},{file},2026-01-0{number + 1}T08:00:00Z")
    (folder / "manifest.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def nightly(machine: Machine) -> str:
    """The number of a full training of school 1 that is not due before the night."""
    task = machine.ask(
        *("create", "--name", "每天凌晨全量训练", "--trigger-type", "cron", "--cron", "0 2 * * *"),
        *("--training-mode", "full", "--school-id", "1"),
    )
    return str(task["id"])


def test_that_what_is_queued_runs_until_a_headless_runner_is_idle(
    machine: Machine, handwriting: Path
) -> None:
    assert machine.ask("samples", "import", str(handwriting))["taken"] == 6
    task = nightly(machine)
    machine.call("run", "--id", task)

    machine.call("--runner", "--until-idle")

    (execution,) = machine.ask("history", "--id", task)
    assert (execution["status"], execution["model_version"]) == ("completed", 1)
    image = str(handwriting / "1-0.png")
    (answer,) = machine.ask("models", "predict", image, "--school", "第一小学", "--top", "1")
    assert [each["student"] for each in answer["predictions"]] == ["王小明"]
    assert machine.ask("samples", "import", str(handwriting))["known"] == 6


def test_that_a_living_runner_follows_every_command(machine: Machine, handwriting: Path) -> None:
    machine.call("samples", "import", str(handwriting))
    runner = machine.start_runner()
    task = nightly(machine)

    machine.call("run", "--id", task, "--wait")
    interval = ("--trigger-type", "interval", "--interval", "1", "--force-retrain")
    machine.call("update", "--id", task, *interval)
    scheduled = _first_scheduled(machine, task)
    machine.call("pause", "--id", task)

    assert scheduled["runner_host"] == machine.ask("history", "--id", task)[-1]["runner_host"]
    checks = {each["check"]: each for each in machine.ask("doctor")}
    assert f"({runner.pid})" in checks["runner"]["detail"]
    runner.send_signal(signal.SIGTERM)
    assert runner.wait(SECONDS) == 0
    assert machine.ask("show", "--id", task)["next_run_at"] is None


def _first_scheduled(machine: Machine, task: str) -> dict[str, Any]:
    """The first execution that the runner decided by itself and that has completed."""
    for _look in range(LOOKS):
        for execution in machine.ask("history", "--id", task, "--limit", "1000"):
            if (execution["kind"], execution["status"]) == ("scheduled", "completed"):
                found: dict[str, Any] = execution
                return found
    raise AssertionError("the runner did not follow")


def test_that_an_interrupted_wait_ends_its_run_and_says_nothing_more(
    machine: Machine, handwriting: Path
) -> None:
    machine.call("samples", "import", str(handwriting))
    task = nightly(machine)
    waiting = machine.start("run", "--id", task, "--wait")
    assert waiting.stderr is not None
    assert waiting.stderr.readline() == "No runner is alive: execution 1 runs here.\n"

    waiting.send_signal(signal.SIGINT)
    out, err = waiting.communicate(timeout=SECONDS)

    assert (waiting.returncode, out, err) == (130, "", "")
    (execution,) = machine.ask("history", "--id", task)
    assert execution["status"] != "running"


def test_that_a_reader_that_leaves_early_is_no_failure(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "home", None)
    machine.call("init")
    listing = machine.start("list")
    assert listing.stdout is not None
    listing.stdout.close()
    assert listing.stderr is not None

    assert listing.stderr.read() == ""
    assert listing.wait(SECONDS) == 0
    machine.end()


WITHOUT_QT = """
import runpy, sys
sys.modules["PySide6"] = None
sys.argv = ["traintable", *sys.argv[1:]]
runpy.run_module("gui", run_name="__main__", alter_sys=False)
"""


def test_that_everything_but_the_window_works_without_qt(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "home", None)

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", WITHOUT_QT, *arguments],
            cwd=CHECKOUT,
            env=machine.environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=SECONDS,
            check=False,
        )

    assert call("--runner", "--until-idle").returncode == 0
    assert call("list", "--json").stdout == "[]\n"
    window = call()
    assert window.returncode == 1
    assert window.stderr.startswith("The window cannot be opened (")
    assert window.stderr.count("\n") == 1


def test_that_a_frozen_build_starts_its_workers_through_the_executable(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "home", None)
    folder = tmp_path / "run"
    folder.mkdir()
    request = TrainingRequest("noop", "full", (), None, str(tmp_path / "features"))
    (folder / "request.json").write_text(request.to_json(), encoding="utf-8")

    machine.call("--worker", str(folder))

    assert json.loads((folder / "result.json").read_text(encoding="utf-8"))["reason"] is None
