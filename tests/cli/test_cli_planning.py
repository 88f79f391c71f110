"""why, preview, backfill, depends, deleted, restore, quiet-hours: on a real SQLite database."""

from __future__ import annotations

from typing import Any

import pytest

from core.language import speaking
from core.messages import sentence
from tests.cli.calling import Answer, Cli


@pytest.fixture
def hourly(cli: Cli) -> str:
    """The number of a task that runs every hour."""
    answer = cli(
        *("create", "--name", "Hourly", "--trigger-type", "interval", "--interval", "3600"),
        *("--training-mode", "full", "--timezone", "Asia/Shanghai", "--json"),
    )
    return str(answer.json["id"])


@pytest.fixture
def number(nightly: dict[str, Any]) -> str:
    """The number of the task that runs every night in Shanghai."""
    return str(nightly["id"])


def refused(answer: Answer, status: int, said: str) -> None:
    assert (answer.status, answer.out) == (status, "")
    assert answer.err.count("\n") == 1
    assert said in answer.err


def test_that_why_prints_every_rule(cli: Cli, number: str) -> None:
    answer = cli("why", "--id", number, "--at", "2099-01-01T02:00")

    assert answer.status == 0
    lines = answer.out.splitlines()
    assert lines[0] == "Task 1 “Nightly” at 2099-01-01 02:00 Asia/Shanghai:"
    assert len(lines) == 2 + 11
    assert lines[2].split()[:2] == ["Trigger", "passed"]


def test_that_why_speaks_the_language_asked_for_and_gives_codes_to_machines(
    cli: Cli, number: str
) -> None:
    answer = cli("--language", "zh_CN", "why", "--id", number, "--at", "2099-01-01", "--json")

    first = answer.json["rules"][0]
    assert (first["rule"], first["verdict"]) == ("trigger", "stopped")
    with speaking("zh_CN"):
        assert first["sentence"] == sentence(first["code"], first["params"])
    assert answer.json["rules"][1]["sentence"] is None
    assert answer.json["execution"] is None


def test_that_why_explains_an_execution(cli: Cli, number: str) -> None:
    cli("run", "--id", number)

    answer = cli("why", "--execution", "1")

    assert answer.status == 0
    assert "Not taken by a runner yet." in answer.out
    assert answer.out.splitlines()[-1] == "Execution 1: queued."
    cli("cancel", "--execution", "1")
    assert "Execution 1: cancelled. Cancelled by" in cli("why", "--execution", "1").out


def test_that_why_wants_a_task_and_a_time_or_an_execution(cli: Cli, number: str) -> None:
    refused(cli("why"), 2, "Give one of --id, --execution, and only one.")
    refused(cli("why", "--id", number), 2, "--at is missing")
    refused(cli("why", "--id", number, "--execution", "1"), 2, "--id and --execution exclude")
    refused(cli("why", "--id", number, "--at", "soon"), 2, "--at is “soon”")
    refused(cli("why", "--execution", "99"), 1, "There is no execution 99.")


def test_that_a_preview_shows_what_a_trigger_would_move(cli: Cli, number: str) -> None:
    answer = cli("preview", "--id", number, "--cron", "0 3 * * *", "--limit", "2", "--json")

    found = answer.json
    assert (found["added"], found["removed"], found["moved"]) == (0, 0, 60)
    assert [each["kind"] for each in found["changes"]] == ["moved", "moved"]
    said = cli("preview", "--id", number, "--cron", "0 3 * * *", "--limit", "1").out.splitlines()
    assert said[1] == "Added 0, removed 0, moved 60."
    assert len(said) == 4
    assert cli("show", "--id", number, "--json").json["cron_expression"] == "0 2 * * *"


def test_that_a_preview_takes_the_flags_of_update(cli: Cli, hourly: str) -> None:
    longer = cli("preview", "--id", hourly, "--interval", "7200", "--json").json
    other = cli(
        *("preview", "--id", hourly, "--trigger-type", "cron", "--cron", "0 2 * * *", "--json")
    ).json

    assert (longer["before_count"], longer["after_count"]) == (1440, 720)
    assert other["after_count"] == 60
    refused(cli("preview", "--id", hourly), 2, "Nothing to change")
    refused(cli("preview", "--id", hourly, "--cron", "0 2 * * *"), 2, "--cron does not belong")
    refused(cli("preview", "--id", hourly, "--trigger-type", "cron"), 2, "--cron is missing")
    past = ("--trigger-type", "once", "--run-at", "2020-01-01")
    refused(cli("preview", "--id", hourly, *past), 2, "has passed")


def test_that_a_backfill_is_shown_and_then_queued(cli: Cli, number: str) -> None:
    days = ("backfill", "--id", number, "--from", "2025-11-01", "--until", "2025-11-03")

    dry = cli(*days, "--dry-run", "--json").json
    real = cli(*days, "--json").json
    again = cli(*days)

    assert (dry["dry_run"], dry["execution_ids"]) == (True, [])
    assert [each["planned_at"] for each in dry["entries"]] == [
        "2025-10-31T18:00:00+00:00",
        "2025-11-01T18:00:00+00:00",
        "2025-11-02T18:00:00+00:00",
    ]
    assert real["execution_ids"] == [1, 2, 3]
    assert again.out.splitlines()[-1] == "Queued: 0 of 3 planned times."
    assert "Left out: execution 1 is queued." in again.out
    kinds = {each["kind"] for each in cli("history", "--id", number, "--json").json}
    assert kinds == {"backfill"}


def test_that_a_time_and_not_only_a_date_ends_a_range(cli: Cli, number: str) -> None:
    answer = cli(
        *("backfill", "--id", number, "--from", "2025-11-01T02:00"),
        *("--until", "2025-11-02T01:59", "--dry-run"),
    )

    assert answer.out.splitlines()[-1] == "A backfill would run 1 of 1 planned times."


def test_that_a_backfill_refuses_what_it_cannot_take(cli: Cli, number: str, hourly: str) -> None:
    late = ("--from", "2025-11-03", "--until", "2025-11-01")
    refused(cli("backfill", "--id", number, *late), 2, "--until is before the start")
    years = ("--from", "2010-01-01", "--until", "2020-01-01")
    refused(cli("backfill", "--id", number, *years), 1, "3653 planned times")
    days = ("--from", "2025-11-01", "--until", "2025-11-02")
    refused(cli("backfill", "--id", number, *days, "--choose", "some"), 2, "missing, failed, all")
    assert "not planned" in cli("backfill", "--id", hourly, *days).out


def test_that_dependencies_are_listed_changed_and_removed(
    cli: Cli, number: str, hourly: str
) -> None:
    none = cli("depends", "--id", hourly)
    added = cli(
        *("depends", "--id", hourly, "--on", number),
        *("--condition", "finished", "--mode", "wait", "--json"),
    )
    shown = cli("depends", "--id", hourly)

    assert none.out == f"Task {hourly} has no dependencies.\n"
    assert added.json["upstream"] == [
        {
            "upstream_id": int(number),
            "upstream_name": "Nightly",
            "downstream_id": int(hourly),
            "downstream_name": "Hourly",
            "condition": "finished",
            "mode": "wait",
        }
    ]
    assert shown.out.splitlines()[0] == f"Task {hourly} depends on these; all of them are needed:"
    assert "run to an end" in shown.out
    assert cli("depends", "--id", hourly, "--how", "any", "--json").json["needed"] == "any"
    assert f"These depend on task {number}:" in cli("depends", "--id", number).out
    assert cli("depends", "--id", hourly, "--remove", number, "--json").json["upstream"] == []


def test_that_a_circle_is_refused_with_its_path(cli: Cli, number: str, hourly: str) -> None:
    cli("depends", "--id", hourly, "--on", number)

    refused(cli("depends", "--id", number, "--on", hourly), 1, "Hourly → Nightly → Hourly")
    refused(cli("delete", "--id", number), 1, f"#{hourly} Hourly")
    refused(cli("depends", "--id", number, "--remove", hourly), 1, "does not depend on")
    refused(cli("depends", "--id", number, "--on", "99"), 1, "There is no task 99.")


def test_that_one_thing_is_asked_of_dependencies_at_a_time(cli: Cli, number: str) -> None:
    refused(cli("depends", "--id", number, "--on", "2", "--how", "any"), 2, "exclude each other")
    refused(cli("depends", "--id", number, "--mode", "wait"), 2, "only together with --on")


def test_that_a_deleted_task_is_in_the_bin_and_comes_back(cli: Cli, number: str) -> None:
    assert cli("deleted").status == 0
    cli("delete", "--id", number)

    listed = cli("deleted", "--json").json
    back = cli("restore", "--id", number)

    assert [(each["id"], each["name"], each["status"]) for each in listed] == [
        (int(number), "Nightly", "active")
    ]
    assert {"deleted_at", "gone_at"} <= set(listed[0])
    assert back.out.startswith("Task 1 “Nightly” is back; it runs next at ")
    assert cli("deleted").out == "The recycle bin is empty.\n"
    refused(cli("restore", "--id", "99"), 1, "There is no task 99.")


def test_that_the_bin_is_a_table_and_a_taken_name_is_refused(cli: Cli, number: str) -> None:
    cli("delete", "--id", number)
    cli(
        *("create", "--name", "Nightly", "--trigger-type", "interval", "--interval", "60"),
        *("--training-mode", "full"),
    )

    assert cli("deleted").out.splitlines()[1].split()[:2] == [number, "Nightly"]
    refused(cli("restore", "--id", number), 1, "there is another task “Nightly” by now")


def test_that_quiet_hours_are_set_shown_and_cleared(cli: Cli) -> None:
    made = cli(
        "quiet-hours", "set", "周一至周五 08:00-17:00", "--timezone", "Asia/Shanghai", "--json"
    )
    shown = cli("quiet-hours", "show")

    assert (made.json["text"], made.json["timezone"]) == ("mon-fri 08:00-17:00", "Asia/Shanghai")
    assert shown.out.splitlines()[:2] == [
        "No training starts in these times (Asia/Shanghai):",
        "Monday to Friday, 08:00 to 17:00",
    ]
    assert cli("quiet-hours", "clear").out == "There are no quiet hours any more.\n"
    assert cli("quiet-hours", "show").out == "There are no quiet hours.\n"
    assert cli("quiet-hours", "show", "--json").json is None


def test_that_quiet_hours_that_cannot_be_are_one_sentence(cli: Cli) -> None:
    cli("init")

    refused(cli("quiet-hours", "set", "whenever"), 2, "“whenever” in TEXT cannot be read")
    refused(cli("quiet-hours", "set", " "), 2, "TEXT is empty")
    refused(cli("quiet-hours", "set", "daily 00:00-24:00"), 2, "TEXT covers the whole week")
    refused(cli("quiet-hours"), 2, "needs a command")


@pytest.mark.parametrize(
    "command",
    [
        ("next", "--task", "1"),
        ("why", "--id", "1", "--at", "2026-01-01"),
        ("preview", "--id", "1", "--cron", "0 2 * * *"),
        ("backfill", "--id", "1", "--from", "2026-01-01", "--until", "2026-01-02"),
        ("depends", "--id", "1"),
        ("deleted",),
        ("restore", "--id", "1"),
        ("quiet-hours", "show"),
    ],
)
def test_that_without_a_database_each_says_how_to_make_one(
    cli: Cli, command: tuple[str, ...]
) -> None:
    refused(cli(*command), 1, "run “traintable init”")
