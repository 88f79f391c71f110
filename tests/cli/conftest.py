"""A command line to call, on a real SQLite database of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.cli.app import run_command_line
from core.training.drawing import Writer, draw_line
from tests.cli.calling import Answer, Cli


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """`cli("list", "--json")` is `traintable list --json` in a home of this test."""
    monkeypatch.setenv("TRAINTABLE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str) -> Answer:
        capsys.readouterr()
        status = run_command_line(arguments)
        said = capsys.readouterr()
        return Answer(status, said.out, said.err)

    return call


@pytest.fixture
def nightly(cli: Cli) -> dict[str, Any]:
    """A task of all schools, every night in Shanghai."""
    answer = cli(
        *("create", "--name", "Nightly", "--trigger-type", "cron", "--cron", "0 2 * * *"),
        *("--training-mode", "full", "--timezone", "Asia/Shanghai", "--json"),
    )
    assert answer.status == 0, answer.err
    task: dict[str, Any] = answer.json
    return task


@pytest.fixture
def handwriting(tmp_path: Path) -> Path:
    """A folder school/student/image: two students with four lines each, and a file that is none."""
    folder = tmp_path / "handwriting"
    for seed, student in enumerate(("Anna", "Ben"), 1):
        place = folder / "Riverside" / student
        place.mkdir(parents=True)
        for number in range(4):
            line = draw_line(Writer.from_seed(seed), np.random.default_rng([seed, number]))
            (place / f"{number}.png").write_bytes(line)
    (folder / "Riverside" / "Ben" / "broken.png").write_bytes(b"this is no image")
    return folder
