"""A child's command line and environment carry what it needs, and no secret of the runner."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from core.language import speaking
from core.training.launch import child_environment, run_id_of, worker_command
from core.training.process_tree import MARK

OWN = {
    "PATH": "/bin",
    "LC_ALL": "C",
    "LD_LIBRARY_PATH": "/bundle",
    "LD_LIBRARY_PATH_ORIG": "/usr/local/lib",
    "TRAINTABLE_DATABASE_URL": "postgresql://u:p@h/n",
    "SMTP_PASSWORD": "p",
}


def test_that_only_named_variables_reach_a_child() -> None:
    environment = child_environment(OWN, "7", frozenset({"SMTP_PASSWORD"}))
    assert (environment["PATH"], environment["LC_ALL"]) == ("/bin", "C")
    assert "SMTP_PASSWORD" in environment
    assert "SMTP_PASSWORD" not in child_environment(OWN, "7")
    assert "TRAINTABLE_DATABASE_URL" not in environment
    assert environment[MARK] == "7"


def test_that_a_child_speaks_the_language_of_the_program() -> None:
    with speaking("zh_CN"):
        assert child_environment(OWN, "7")["TRAINTABLE_LANGUAGE"] == "zh_CN"


def test_that_core_is_found_from_a_checkout() -> None:
    paths = child_environment({"PYTHONPATH": "/mine"}, "7")["PYTHONPATH"]
    assert paths.endswith(":/mine" if sys.platform != "win32" else ";/mine")
    assert (Path(paths.removesuffix("/mine")[:-1]) / "core" / "training").is_dir()


def test_that_a_frozen_program_starts_itself_with_the_libraries_of_the_system(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    environment = child_environment(OWN, "7")
    assert environment["LD_LIBRARY_PATH"] == "/usr/local/lib"
    assert "PYTHONPATH" not in environment
    assert worker_command(Path("/runs/7")) == [sys.executable, "--worker", str(Path("/runs/7"))]
    without_original = {name: OWN[name] for name in ("PATH", "LD_LIBRARY_PATH")}
    assert "LD_LIBRARY_PATH" not in child_environment(without_original, "7")


def test_that_a_run_id_is_the_place_however_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    assert run_id_of(tmp_path / "runs" / ".." / "runs" / "7") == str(tmp_path / "runs" / "7")
    assert run_id_of(tmp_path / "runs" / "7").startswith(run_id_of(tmp_path / "runs"))
