"""init, db upgrade, doctor and demo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.calling import Cli


def checks(answer: Any) -> dict[str, dict[str, Any]]:
    return {each["check"]: each for each in answer.json}


def test_that_init_can_be_repeated(cli: Cli, tmp_path: Path) -> None:
    first, second = cli("init", "--json"), cli("init", "--json")

    assert first.status == second.status == 0
    assert first.json == second.json
    assert first.json["home"] == str(tmp_path / "home")
    assert (tmp_path / "home" / "traintable.db").is_file()


def test_that_a_home_that_cannot_be_is_one_sentence(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")

    answer = cli("init", "--home", str(tmp_path / "file" / "home"))

    assert (answer.status, answer.out) == (1, "")
    assert answer.err.startswith("The system refused this (")
    assert answer.err.count("\n") == 1


def test_that_a_database_that_does_not_answer_is_one_sentence(cli: Cli) -> None:
    answer = cli("list", "--database", "postgresql://me:secret@127.0.0.1:1/none")

    assert (answer.status, answer.out) == (1, "")
    assert answer.err.startswith("The database cannot be reached (")
    assert answer.err.count("\n") == 1
    assert "secret" not in answer.err


def test_that_upgrade_brings_the_schema_up_to_date(cli: Cli) -> None:
    answer = cli("db", "upgrade")

    assert answer.status == 0
    assert answer.out.endswith("is up to date.\n")
    assert cli("db", "upgrade", "--json").json["schema"] == "current"


@pytest.mark.slow
def test_that_a_doctor_finds_no_database_and_makes_none(cli: Cli, tmp_path: Path) -> None:
    answer = cli("doctor", "--json")

    assert answer.status == 1
    assert "checks need attention" in answer.err
    assert not (tmp_path / "home").exists()
    found = checks(answer)
    assert all(set(each) == {"check", "ok", "detail", "remedy"} for each in found.values())
    assert not found["database"]["ok"]
    assert "traintable init" in found["database"]["remedy"]
    assert found["worker"]["ok"], found["worker"]


@pytest.mark.slow
def test_that_a_doctor_wants_a_runner_only_where_tasks_wait(cli: Cli) -> None:
    cli("init")
    before = checks(cli("doctor", "--json"))
    cli(
        *("create", "--name", "x", "--trigger-type", "interval", "--interval", "60"),
        *("--training-mode", "full"),
    )
    after = checks(cli("doctor", "--json"))

    assert before["database"]["ok"]
    assert before["runner"]["ok"]
    assert not after["runner"]["ok"]
    assert "traintable --runner" in after["runner"]["remedy"]


@pytest.mark.slow
def test_that_a_demo_has_schools_students_tasks_and_a_history(cli: Cli) -> None:
    answer = cli("demo", "--json")

    assert answer.status == 0, answer.err
    assert [each["status"] for each in answer.json] == [
        *("completed", "completed", "completed", "completed"),
        *("skipped", "failed"),
    ]
    tasks = cli("list", "--json").json
    assert {each["trigger_type"] for each in tasks} == {"once", "interval", "cron"}
    assert [each["status"] for each in tasks].count("paused") == 1
    schools = cli("schools", "list", "--json").json
    assert [(each["student_count"], each["model_version"]) for each in schools] == [(6, 2), (6, 2)]
    assert "traintable" in answer.err.splitlines()[-1]
    _is_refused_twice(cli, len(tasks))


def _is_refused_twice(cli: Cli, tasks: int) -> None:
    again = cli("demo")
    assert (again.status, again.out) == (1, "")
    assert "--force" in again.err
    assert len(cli("list", "--json").json) == tasks


def test_that_a_headless_runner_keeps_a_log_of_its_life(cli: Cli, tmp_path: Path) -> None:
    answer = cli("--runner", "--until-idle")

    assert answer.status == 0, answer.err
    text = (tmp_path / "home" / "logs" / "runner.log").read_text(encoding="utf-8")
    assert "runner 1 started" in text
    assert "runner 1 stopped" in text
    assert not (tmp_path / "home" / "logs" / "cli.log").exists()
