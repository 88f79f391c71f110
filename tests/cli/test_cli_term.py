"""Term triggers on the command line: created, shown, changed, and asked for their next runs."""

from __future__ import annotations

import pytest

from tests.cli.calling import Cli

TERM = ("--kind", "term", "--name", "Spring", "--first-on", "2127-03-01", "--last-on", "2127-07-01")
EXAM = ("--kind", "exam", "--name", "Finals", "--first-on", "2127-06-23", "--last-on", "2127-06-27")
RULE = "mon of week 3 of term at 07:00"
WORDS = "at 07:00 on Monday of week 3 of each term"


@pytest.fixture
def school_year(cli: Cli) -> None:
    """The calendar “全市校历” with a term from Saturday 1 March 2127 on, and exams."""
    assert cli("calendars", "create", "--name", "全市校历").status == 0
    for flags in (TERM, EXAM):
        assert cli("calendars", "range", "--id", "1", *flags).status == 0


def created(cli: Cli, *flags: str) -> tuple[int, str]:
    answer = cli(
        *("create", "--name", "Termly", "--trigger-type", "term", "--training-mode", "full"),
        *("--timezone", "Asia/Shanghai", *flags),
    )
    return answer.status, answer.out or answer.err


@pytest.mark.usefixtures("school_year")
@pytest.mark.parametrize("calendar", ["全市校历", "1"])
def test_that_a_task_is_created_and_shown_in_words(cli: Cli, calendar: str) -> None:
    status, said = created(cli, "--term-rule", RULE, "--calendar", calendar)

    assert status == 0
    assert "2127-03-10 07:00 Asia/Shanghai" in said
    assert WORDS in cli("list").out
    task = cli("show", "--id", "1", "--json").json
    assert (task["trigger_type"], task["term_rule"]) == ("term", RULE)


@pytest.mark.usefixtures("school_year")
def test_that_a_task_can_get_another_rule(cli: Cli) -> None:
    created(cli, "--term-rule", RULE, "--calendar", "1")

    answer = cli("update", "--id", "1", "--term-rule", "考试前3个开放日 18:00")

    assert answer.status == 0
    assert "2127-06-18 18:00" in answer.out


@pytest.mark.usefixtures("school_year")
@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--term-rule", RULE), "--calendar is missing: "),
        (("--calendar", "1"), "--term-rule is missing: "),
        (("--term-rule", "mon at 07:00", "--calendar", "1"), "“mon” in --term-rule cannot be read"),
        (
            ("--term-rule", "mon of week 0 of term at 07:00", "--calendar", "1"),
            "The week in --term-rule is “0”: allowed are 1 to 60.",
        ),
        (
            ("--term-rule", "first-open-day of closure at 07:00", "--calendar", "1"),
            "The calendar “全市校历” gives this trigger no day",
        ),
    ],
)
def test_that_a_refusal_names_the_flag(cli: Cli, flags: tuple[str, ...], said: str) -> None:
    status, answer = created(cli, *flags)

    assert status == 2
    assert answer.startswith(said)


@pytest.mark.usefixtures("school_year")
def test_that_the_next_runs_of_a_rule_need_no_task(cli: Cli) -> None:
    answer = cli(
        *("next", "--term-rule", RULE, "--calendar", "全市校历"),
        *("--timezone", "Asia/Shanghai", "--json"),
    )

    assert answer.json["words"] == WORDS
    assert [each["local"] for each in answer.json["next"]] == ["2127-03-10T07:00:00+08:00"]


@pytest.mark.usefixtures("school_year")
def test_that_a_rule_without_a_calendar_has_no_next_runs(cli: Cli) -> None:
    answer = cli("next", "--term-rule", RULE)

    assert answer.status == 2
    assert answer.err.startswith("--calendar is missing: ")


@pytest.mark.usefixtures("school_year")
def test_that_another_rule_can_be_tried_before_it_is_saved(cli: Cli) -> None:
    created(cli, "--term-rule", RULE, "--calendar", "1")

    assert cli("preview", "--id", "1", "--term-rule", "tue of week 3 of term at 07:00").status == 0
    refused = cli("preview", "--id", "1", "--cron", "0 2 * * *")
    assert refused.err.startswith("--cron does not belong to a trigger of the kind “term”")
