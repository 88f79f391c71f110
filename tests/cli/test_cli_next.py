"""`next`: when an expression or a task runs, in words and instants; most need no database."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.cli.calling import Answer, Cli

BERLIN = ("--timezone", "Europe/Berlin")
SPRING = ("--from", "2026-03-28T12:00")


def locals_of(answer: Answer) -> list[str]:
    return [each["local"] for each in answer.json["next"]]


def test_that_an_expression_is_said_in_words_with_its_next_times(cli: Cli, tmp_path: Path) -> None:
    answer = cli("next", "--cron", "30 2 * * *", *BERLIN, *SPRING, "--count", "2", "--json")

    assert answer.status == 0
    assert answer.json == {
        "words": "every day at 02:30",
        "next": [
            {"utc": "2026-03-29T01:00:00+00:00", "local": "2026-03-29T03:00:00+02:00"},
            {"utc": "2026-03-30T00:30:00+00:00", "local": "2026-03-30T02:30:00+02:00"},
        ],
    }
    assert not (tmp_path / "home").exists(), "no database is opened, no folder made"


def test_that_a_person_reads_the_same(cli: Cli) -> None:
    answer = cli("next", "--cron", "30 2 * * *", *BERLIN, *SPRING, "--count", "1")

    words, heading, first = answer.out.splitlines()
    assert words == "every day at 02:30"
    assert heading.split() == ["UTC", "Europe/Berlin"]
    assert first.split() == ["2026-03-29T01:00:00+00:00", "2026-03-29T03:00:00+02:00"]


def test_that_the_words_are_in_the_language_asked_for(cli: Cli) -> None:
    answer = cli("--language", "zh_CN", "next", "--cron", "0 2 * * *", *BERLIN, "--json")

    assert answer.json["words"] == "每天 02:00"


def test_that_five_times_after_now_are_shown_unless_more_are_asked_for(cli: Cli) -> None:
    assert len(cli("next", "--cron", "@daily", "--json").json["next"]) == 5
    thousand = cli("next", "--cron", "*/7 * * * *", "--count", "1000", "--json").json["next"]
    instants = [datetime.fromisoformat(each["utc"]) for each in thousand]
    assert len(instants) == 1000
    assert instants == sorted(set(instants))


def test_that_an_interval_counts_from_the_time_it_is_asked_for(cli: Cli) -> None:
    answer = cli("next", "--interval", "90", *BERLIN, *SPRING, "--count", "2", "--json")

    assert answer.json["words"] == "every 90 seconds"
    assert locals_of(answer) == ["2026-03-28T12:01:30+01:00", "2026-03-28T12:03:00+01:00"]


def test_that_a_task_is_asked_by_its_number_and_shown_in_its_zone(
    cli: Cli, nightly: dict[str, Any]
) -> None:
    number = str(nightly["id"])

    own = cli("next", "--task", number, "--from", "2026-03-01", "--count", "1", "--json")
    other = cli("next", "--task", number, *BERLIN, "--from", "2026-03-01", "--count", "1", "--json")

    assert locals_of(own) == ["2026-03-01T02:00:00+08:00"]
    assert locals_of(other) == ["2026-03-01T19:00:00+01:00"]
    assert cli("next", "--task", "99").err == "There is no task 99.\n"


def test_that_a_calendar_leaves_out_closed_days_or_moves_them(cli: Cli) -> None:
    cli("calendars", "create", "--name", "Riverside")
    saturday = ("next", "--cron", "0 9 * * *", *BERLIN, "--from", "2026-03-07", "--count", "1")

    skipped = cli(*saturday, "--calendar", "Riverside", "--json")
    moved = cli(
        *(*saturday, "--calendar", "1", "--calendar-policy", "previous_open_day", "--json"),
    )

    assert locals_of(skipped) == ["2026-03-09T09:00:00+01:00"]
    assert locals_of(moved) == ["2026-03-09T09:00:00+01:00"]
    assert cli(*saturday, "--calendar", "None").status == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Give one of --cron, --interval, "),
        (("--cron", "0 2 * * *", "--interval", "60"), "Give one of"),
        (("--cron", "61 * * * *"), "“61” does not fit the cron field minute: allowed are 0 to 59."),
        (("--cron", "0 0 30 2 *"), "never comes in month"),
        (("--cron", "@daily", "--timezone", "Mars/Olympus"), "Mars/Olympus"),
        (("--cron", "@daily", "--from", "soon"), "--from is “soon”"),
        (("--cron", "@daily", "--count", "0"), "--count is “0”"),
        (("--interval", "0"), "--interval is “0”"),
        (("--task", "1", "--calendar", "x"), "--calendar and --task exclude each other"),
        (("--cron", "@daily", "--calendar-policy", "skip"), "only together with --calendar"),
    ],
)
def test_that_a_bad_question_is_refused_in_one_sentence(
    cli: Cli, arguments: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    answer = cli("next", *arguments)

    assert (answer.status, answer.out) == (2, "")
    assert said in answer.err
    assert answer.err.count("\n") == 1
    assert not (tmp_path / "home").exists()
