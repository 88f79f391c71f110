"""Task commands: the specification's own examples, and what they leave in the database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.cli.calling import Cli

SPECIFIED = {
    "id",
    "name",
    "description",
    "status",
    "trigger_type",
    "interval_seconds",
    "cron_expression",
    "run_at",
    "training_mode",
    "school_id",
    "force_retrain",
    "last_run_at",
    "next_run_at",
    "total_runs",
    "success_runs",
    "failed_runs",
    "last_error",
    "created_by",
    "created_at",
    "updated_at",
}


def create(cli: Cli, name: str, *flags: str) -> dict[str, Any]:
    answer = cli("create", "--name", name, "--training-mode", "full", *flags, "--json")
    assert answer.status == 0, answer.err
    task: dict[str, Any] = answer.json
    return task


def hourly(cli: Cli, name: str, *flags: str) -> dict[str, Any]:
    return create(cli, name, "--trigger-type", "interval", "--interval", "3600", *flags)


def test_that_a_list_without_a_database_says_how_to_make_one(cli: Cli) -> None:
    answer = cli("list")

    assert answer.status == 1
    assert answer.err == "There is no database yet: run “traintable init”.\n"


def test_that_the_first_task_makes_the_database(cli: Cli) -> None:
    answer = cli(
        *("create", "--name", "每小时增量训练", "--trigger-type", "interval"),
        *("--interval", "3600", "--training-mode", "incremental"),
    )

    assert answer.status == 0
    assert "每小时增量训练" in answer.out
    assert "每小时增量训练" in cli("list").out


def test_that_a_task_has_the_fields_of_the_specification(nightly: dict[str, Any]) -> None:
    assert set(nightly) >= SPECIFIED
    assert (nightly["status"], nightly["trigger_type"]) == ("active", "cron")
    assert (nightly["total_runs"], nightly["school_id"]) == (0, None)
    for field in ("next_run_at", "created_at", "updated_at"):
        assert datetime.fromisoformat(nightly[field]).tzinfo is not None
    assert datetime.fromisoformat(nightly["next_run_at"]).astimezone(UTC).hour == 18


def test_that_a_task_for_a_school_that_is_not_there_is_refused(cli: Cli) -> None:
    answer = cli(
        *("create", "--name", "每天凌晨全量训练", "--trigger-type", "cron", "--cron", "0 2 * * *"),
        *("--training-mode", "full", "--school-id", "1"),
    )

    assert (answer.status, answer.out) == (1, "")
    assert answer.err == "There is no school “1”: see the list of schools.\n"


def test_that_a_single_run_in_the_past_is_refused_in_one_sentence(cli: Cli) -> None:
    answer = cli(
        *("create", "--name", "测试任务", "--trigger-type", "once"),
        *("--run-at", "2024-02-01T14:30:00", "--training-mode", "full"),
    )

    assert answer.status == 2
    assert answer.err.startswith("run_at is 2024-02-01T14:30:00")
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize(
    ("given", "instant"),
    [
        ("2099-02-01T14:30:00", "2099-02-01T06:30:00+00:00"),
        ("2099-02-01T14:30:00+01:00", "2099-02-01T13:30:00+00:00"),
        ("2099-02-01", "2099-01-31T16:00:00+00:00"),
    ],
)
def test_that_a_naive_time_is_one_of_the_tasks_zone(cli: Cli, given: str, instant: str) -> None:
    task = create(
        cli, "Once", "--trigger-type", "once", "--run-at", given, "--timezone", "Asia/Shanghai"
    )

    assert task["run_at"] == task["next_run_at"] == instant


def test_that_a_changed_naive_time_is_one_of_the_tasks_zone_too(cli: Cli) -> None:
    flags = ("--trigger-type", "once", "--run-at", "2099-02-01T14:30", "--timezone", "Asia/Tokyo")
    task = create(cli, "Once", *flags)

    answer = cli("update", "--id", str(task["id"]), "--run-at", "2099-03-01T09:00", "--json")

    assert answer.json["run_at"] == "2099-03-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("flags", "named"),
    [
        (("--trigger-type", "cron"), "--cron"),
        (("--trigger-type", "once"), "--run-at"),
        (("--trigger-type", "interval"), "--interval"),
        (("--trigger-type", "interval", "--interval", "0"), "--interval"),
        (("--trigger-type", "cron", "--cron", "0 2 * *"), "0 2 * *"),
        (("--trigger-type", "cron", "--cron", "0 25 * * *"), "hour"),
        (("--trigger-type", "once", "--run-at", "tomorrow"), "--run-at"),
        (("--trigger-type", "interval", "--interval", "60", "--cron", "0 2 * * *"), "--cron"),
        (("--trigger-type", "cron", "--cron", "0 2 * * *", "--timezone", "Mars/A"), "Mars/A"),
    ],
)
def test_that_a_trigger_that_cannot_be_meant_is_refused(
    cli: Cli, flags: tuple[str, ...], named: str
) -> None:
    answer = cli("create", "--name", "x", "--training-mode", "full", *flags)

    assert (answer.status, answer.out) == (2, "")
    assert named in answer.err
    assert answer.err.count("\n") == 1


def test_that_update_changes_what_is_given_and_nothing_else(
    cli: Cli, nightly: dict[str, Any]
) -> None:
    answer = cli(
        *("update", "--id", str(nightly["id"]), "--name", "新任务名称", "--status", "paused"),
        "--json",
    )

    changed = {name for name in nightly if nightly[name] != answer.json[name]}
    assert changed == {"name", "status", "next_run_at", "updated_at"}
    assert (answer.json["name"], answer.json["status"]) == ("新任务名称", "paused")


def test_that_every_policy_has_a_flag(cli: Cli) -> None:
    flags = (
        *("--grace", "60", "--catch-up", "all", "--catch-up-window", "7200"),
        *("--time-limit", "600", "--no-new-samples", "skip"),
    )
    expected = {
        "grace_seconds": 60,
        "catch_up": "all",
        "catch_up_window_seconds": 7200,
        "attempt_timeout_seconds": 600,
        "no_new_samples": "skip",
    }
    plain, told = hourly(cli, "Plain"), hourly(cli, "Told", *flags)

    changed = cli("update", "--id", str(plain["id"]), *flags, "--json").json

    assert expected.items() <= told["policies"].items()
    assert expected.items() <= changed["policies"].items()


def test_that_one_changed_policy_leaves_the_others(cli: Cli) -> None:
    task = hourly(cli, "Hourly", "--grace", "60", "--catch-up", "none")

    changed = cli("update", "--id", str(task["id"]), "--grace", "90", "--json").json

    assert changed["policies"] == task["policies"] | {"grace_seconds": 90}


def test_that_a_task_moves_between_a_school_and_all_schools(cli: Cli) -> None:
    school = cli("schools", "add", "--name", "一中", "--json").json
    task = hourly(cli, "Hourly", "--school-id", str(school["id"]), "--force-retrain")
    number = str(task["id"])

    moved = cli("update", "--id", number, "--school-id", "all", "--no-force-retrain", "--json").json
    back = cli("update", "--id", number, "--school-id", str(school["id"]), "--json").json

    assert (task["school_id"], task["force_retrain"]) == (school["id"], True)
    assert (moved["school_id"], moved["force_retrain"]) == (None, False)
    assert (back["school_id"], back["school_name"]) == (school["id"], "一中")


def test_that_a_description_can_be_emptied(cli: Cli) -> None:
    task = hourly(cli, "Hourly", "--description", "for a while")

    changed = cli("update", "--id", str(task["id"]), "--description", "", "--json").json

    assert (task["description"], changed["description"]) == ("for a while", "")


def test_that_the_list_narrows_by_status_mode_and_school(cli: Cli) -> None:
    school = cli("schools", "add", "--name", "一中", "--json").json
    own = hourly(cli, "Own", "--school-id", str(school["id"]))
    paused = hourly(cli, "Paused")
    cli("pause", "--id", str(paused["id"]))

    def names(*flags: str) -> list[str]:
        return [task["name"] for task in cli("list", *flags, "--json").json]

    assert names() == ["Own", "Paused"]
    assert names("--status", "paused") == ["Paused"]
    assert names("--training-mode", "incremental") == []
    assert names("--school-id", str(own["school_id"])) == ["Own"]


def test_that_the_list_says_when_in_words_and_next_in_the_tasks_zone(
    cli: Cli, nightly: dict[str, Any]
) -> None:
    out = cli("list").out

    assert "every day at 02:00" in out
    assert "02:00 Asia/Shanghai" in out


def test_that_pause_and_resume_stop_and_plan_the_next_run(
    cli: Cli, nightly: dict[str, Any]
) -> None:
    number = str(nightly["id"])

    paused = cli("pause", "--id", number, "--json").json
    resumed = cli("resume", "--id", number, "--json").json

    assert (paused["status"], paused["next_run_at"]) == ("paused", None)
    assert (resumed["status"], resumed["next_run_at"]) == ("active", nightly["next_run_at"])


def test_that_a_deleted_task_is_gone(cli: Cli, nightly: dict[str, Any]) -> None:
    number = str(nightly["id"])

    assert cli("delete", "--id", number, "--json").json == {"id": nightly["id"], "deleted": True}
    assert cli("list", "--json").json == []
    assert cli("show", "--id", number).status == 1


def test_that_a_name_that_is_taken_is_refused_with_status_1(
    cli: Cli, nightly: dict[str, Any]
) -> None:
    answer = cli(
        *("create", "--name", "Nightly", "--trigger-type", "interval", "--interval", "60"),
        *("--training-mode", "full"),
    )

    assert answer.status == 1
    assert "“Nightly”" in answer.err


def test_that_show_tells_all_to_a_person(cli: Cli, nightly: dict[str, Any]) -> None:
    out = cli("show", "--id", str(nightly["id"])).out

    for part in ("Nightly", "Asia/Shanghai", "all schools", "5 min", "latest"):
        assert part in out


def test_that_a_history_without_runs_says_so(cli: Cli, nightly: dict[str, Any]) -> None:
    number = str(nightly["id"])

    assert cli("history", "--id", number).out == "This task has not run yet.\n"
    assert cli("history", "--id", number, "--limit", "50", "--json").json == []
    assert cli("history", "--id", "99").status == 1
