"""Samples in, a run, a model, an answer: on real files, real trainings, real SQLite."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.calling import Cli

SPECIFIED = {
    "id",
    "scheduled_task_id",
    "training_job_id",
    "started_at",
    "completed_at",
    "status",
    "output",
    "error_message",
}


def test_that_run_queues_and_says_when_nobody_will_run_it(
    cli: Cli, nightly: dict[str, Any]
) -> None:
    answer = cli("run", "--id", str(nightly["id"]))

    assert (answer.status, answer.out) == (0, "Execution 1 is queued.\n")
    assert answer.err.startswith("No runner is alive")


def test_that_an_execution_has_the_fields_of_the_specification(
    cli: Cli, nightly: dict[str, Any]
) -> None:
    execution = cli("run", "--id", str(nightly["id"]), "--json").json

    assert set(execution) >= SPECIFIED
    assert (execution["status"], execution["kind"]) == ("queued", "manual")
    assert execution["scheduled_task_id"] == nightly["id"]


def test_that_a_second_run_beside_a_queued_one_is_skipped_with_status_1(
    cli: Cli, nightly: dict[str, Any]
) -> None:
    number = str(nightly["id"])
    cli("run", "--id", number)

    answer = cli("run", "--id", number)

    assert (answer.status, answer.out) == (1, "")
    assert answer.err == "Skipped: execution 1 of the same task was still queued.\n"
    statuses = [each["status"] for each in cli("history", "--id", number, "--json").json]
    assert statuses == ["skipped", "queued"]
    assert len(cli("history", "--id", number, "--limit", "1", "--json").json) == 1


def test_that_a_queued_execution_is_cancelled_once(cli: Cli, nightly: dict[str, Any]) -> None:
    execution = cli("run", "--id", str(nightly["id"]), "--json").json
    number = str(execution["id"])

    first, second = cli("cancel", "--execution", number), cli("cancel", "--execution", number)

    assert (first.status, first.out) == (0, f"Execution {number} is cancelled.\n")
    assert (second.status, second.out) == (1, "")
    assert "already ended (cancelled)" in second.err
    assert cli("cancel", "--execution", "99").status == 1


def test_that_importing_twice_changes_nothing(cli: Cli, handwriting: Path) -> None:
    first = cli("samples", "import", str(handwriting), "--json").json
    before = cli("samples", "list", "--json").json
    second = cli("samples", "import", str(handwriting), "--json").json

    assert (first["taken"], first["known"]) == (8, 0)
    assert [each["file"] for each in first["refused"]] == ["Riverside/Ben/broken.png"]
    assert "no image" in first["refused"][0]["reason"]
    assert second["taken"] == 0
    assert cli("samples", "list", "--json").json == before


def test_that_an_import_is_summed_up_for_a_person(cli: Cli, handwriting: Path) -> None:
    answer = cli("samples", "import", str(handwriting))

    assert (answer.status, answer.out) == (0, "8 taken, 0 already known, 1 refused.\n")
    assert answer.err.startswith("Riverside/Ben/broken.png: ")


def test_that_samples_and_schools_are_listed(cli: Cli, handwriting: Path) -> None:
    cli("samples", "import", str(handwriting / "Riverside"), "--school", "River")

    found = cli("samples", "list", "--school", "River", "--student", "Anna", "--json").json
    schools = cli("schools", "list", "--json").json

    assert len(found) == 4
    assert {"school_name", "student", "file", "sha256", "captured_at", "status"} <= set(found[0])
    assert len(cli("samples", "list", "--limit", "3", "--json").json) == 3
    assert [(each["name"], each["student_count"]) for each in schools] == [("River", 2)]
    assert "Anna" in cli("samples", "list").out
    assert "River" in cli("schools", "list").out
    assert cli("samples", "list", "--school", "Elsewhere").status == 1


def test_that_a_school_is_added_once(cli: Cli) -> None:
    first = cli("schools", "add", "--name", "一中")
    second = cli("schools", "add", "--name", "一中")

    assert (first.status, first.out) == (0, "School 1 “一中” is added.\n")
    assert (second.status, second.err) == (1, "A school named “一中” already exists.\n")


def test_that_nothing_is_recognised_before_a_training(cli: Cli, handwriting: Path) -> None:
    cli("samples", "import", str(handwriting))
    image = str(handwriting / "Riverside" / "Anna" / "0.png")

    answer = cli("models", "predict", image, "--school", "Riverside")

    assert answer.status == 1
    assert "run a full training first" in answer.err
    assert cli("models", "list", "--json").json == []
    assert cli("models", "predict", image, "--school", "Elsewhere").status == 1


@pytest.mark.slow
def test_that_run_wait_trains_here_when_no_runner_is_alive(cli: Cli, handwriting: Path) -> None:
    cli("samples", "import", str(handwriting))
    cli(
        *("create", "--name", "Full", "--trigger-type", "interval", "--interval", "86400"),
        *("--training-mode", "full", "--school-id", "1"),
    )

    answer = cli("run", "--id", "1", "--wait")

    assert answer.status == 0
    assert answer.err == "No runner is alive: execution 1 runs here.\n"
    assert answer.out.startswith("Execution 1: completed. model version 1")
    task = cli("show", "--id", "1", "--json").json
    assert (task["total_runs"], task["success_runs"], task["last_outcome"]) == (1, 1, "completed")
    _recognise(cli, handwriting)


def _recognise(cli: Cli, handwriting: Path) -> None:
    """The model just made answers, and says what it cannot read."""
    image = str(handwriting / "Riverside" / "Ben" / "1.png")
    broken = str(handwriting / "Riverside" / "Ben" / "broken.png")

    good = cli("models", "predict", image, "--school", "Riverside", "--top", "1", "--json")
    mixed = cli("models", "predict", image, broken, "--school", "Riverside", "--json")

    assert good.status == 0
    assert [set(each) for each in good.json] == [{"file", "predictions"}]
    assert good.json[0]["file"] == image
    assert [each["student"] for each in good.json[0]["predictions"]] == ["Ben"]
    assert set(good.json[0]["predictions"][0]) == {"student", "score"}
    assert mixed.status == 1
    assert [len(each["predictions"]) for each in mixed.json] == [2, 0]
    assert mixed.err.startswith("1 of 2 images cannot be read")
    models = cli("models", "list", "--json").json
    assert [(each["version"], each["is_in_service"]) for each in models] == [(1, True)]


@pytest.mark.slow
def test_that_run_wait_of_a_failure_has_status_1_and_its_sentence(
    cli: Cli, nightly: dict[str, Any]
) -> None:
    answer = cli("run", "--id", str(nightly["id"]), "--wait", "--json")

    assert answer.status == 1
    assert answer.err.endswith(
        "Too few samples: 0 processed, at least 3 are needed; import more samples.\n"
    )
    assert answer.json["status"] == "failed"


@pytest.mark.slow
def test_that_run_wait_takes_up_an_execution_that_nobody_ran(
    cli: Cli, nightly: dict[str, Any]
) -> None:
    number = str(nightly["id"])
    queued = cli("run", "--id", number, "--json").json

    answer = cli("run", "--id", number, "--wait", "--json")

    assert answer.json["id"] == queued["id"]
    assert len(cli("history", "--id", number, "--json").json) == 1
