"""Calendar commands: a calendar made, filled, asked and deleted from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Cli

ICS = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//test//\r
BEGIN:VEVENT\r
UID:1\r
DTSTAMP:20260101T000000Z\r
SUMMARY:Finals\r
DTSTART;VALUE=DATE:20260622\r
DTEND;VALUE=DATE:20260627\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:2\r
DTSTAMP:20260101T000000Z\r
SUMMARY:No date\r
END:VEVENT\r
END:VCALENDAR\r
"""


@pytest.fixture
def calendar(cli: Cli) -> dict[str, Any]:
    """A shared calendar."""
    answer = cli("calendars", "create", "--name", "全市校历", "--json")
    assert answer.status == 0, answer.err
    made: dict[str, Any] = answer.json
    return made


def test_that_the_first_calendar_makes_the_database(cli: Cli) -> None:
    assert cli("calendars", "list").status == 1

    answer = cli("calendars", "create", "--name", "全市校历")

    assert (answer.status, answer.out) == (0, "Calendar 1 “全市校历” is saved.\n")
    assert "全市校历" in cli("calendars", "list").out


def test_that_a_new_calendar_is_shared_and_open_on_workdays(calendar: dict[str, Any]) -> None:
    assert (calendar["school_id"], calendar["open_weekdays"]) == (None, [0, 1, 2, 3, 4])


@pytest.mark.parametrize(
    ("given", "days"),
    [
        ("mon-fri,sat", [0, 1, 2, 3, 4, 5]),
        ("sun-tue", [0, 1, 6]),
        ("Monday, WED", [0, 2]),
        ("none", []),
    ],
)
def test_that_weekdays_are_read_as_people_write_them(
    cli: Cli, calendar: dict[str, Any], given: str, days: list[int]
) -> None:
    answer = cli("calendars", "edit", "--id", "1", "--open", given, "--json")

    assert answer.json["open_weekdays"] == days


def test_that_a_school_can_have_a_calendar_of_its_own(cli: Cli) -> None:
    cli("schools", "add", "--name", "Riverside")

    made = cli("calendars", "create", "--name", "Own", "--school-id", "1", "--json").json

    assert (made["school_id"], made["school_name"]) == (1, "Riverside")


def test_that_days_and_ranges_show_up_with_their_reasons(
    cli: Cli, calendar: dict[str, Any]
) -> None:
    cli(
        *("calendars", "range", "--id", "1", "--kind", "holiday", "--name", "国庆节"),
        *("--first-on", "2026-10-01", "--last-on", "2026-10-07"),
    )
    cli("calendars", "open-day", "--id", "1", "--on", "2026-10-10", "--name", "调休上班")
    cli("calendars", "close-day", "--id", "1", "--on", "2026-10-12")

    def why(on: str) -> str:
        return cli("calendars", "show", "--id", "1", "--on", on).out

    assert why("2026-10-05") == (
        "2026-10-05 is closed in “全市校历”: it lies in the holiday “国庆节”, 2026-10-01 to"
        " 2026-10-07.\n"
    )
    assert why("2026-10-10") == "2026-10-10 is open in “全市校历”: 调休上班.\n"
    assert why("2026-10-12") == ("2026-10-12 is closed in “全市校历”: it is marked as closed.\n")
    shown = cli("calendars", "show", "--id", "1").out
    assert "1: holiday “国庆节”, 2026-10-01 to 2026-10-07" in shown
    assert "2026-10-10 open day 调休上班" in shown


def test_that_a_reason_has_a_form_for_machines(cli: Cli, calendar: dict[str, Any]) -> None:
    answer = cli("calendars", "show", "--id", "1", "--on", "2026-10-10", "--json").json

    assert (answer["on"], answer["is_open"], answer["code"]) == (
        "2026-10-10",
        False,
        "calendar.closed_weekday",
    )


def test_that_marks_and_ranges_can_be_taken_back(cli: Cli, calendar: dict[str, Any]) -> None:
    cli("calendars", "open-day", "--id", "1", "--on", "2026-10-10")
    cli(
        *("calendars", "range", "--id", "1", "--kind", "term", "--name", "Autumn"),
        *("--first-on", "2026-09-01", "--last-on", "2027-01-20"),
    )

    cli("calendars", "clear-day", "--id", "1", "--on", "2026-10-10")
    left = cli("calendars", "remove-range", "--id", "1", "--range-id", "1", "--json").json

    assert (left["ranges"], left["overrides"]) == ([], [])
    assert cli("calendars", "clear-day", "--id", "1", "--on", "2026-10-10").status == 1


def test_that_national_holidays_bring_make_up_workdays(cli: Cli, calendar: dict[str, Any]) -> None:
    flags = ("--id", "1", "--country", "CN", "--year", "2026", "--json")

    done = cli("calendars", "import-holidays", *flags).json
    again = cli("calendars", "import-holidays", *flags).json

    days = {each["on"]: each["is_open"] for each in done["calendar"]["overrides"]}
    assert (days["2026-10-01"], days["2026-10-10"]) == (False, True)
    assert (done["kept"], done["unannounced_years"]) == (0, [])
    assert again["calendar"]["overrides"] == done["calendar"]["overrides"]


def test_that_years_that_are_not_announced_are_said_beside_the_answer(
    cli: Cli, calendar: dict[str, Any]
) -> None:
    answer = cli(
        *("calendars", "import-holidays", "--id", "1", "--country", "CN"),
        *("--year", "2026", "--year", "2028"),
    )

    assert answer.status == 0
    assert "entries taken" in answer.out
    assert answer.err == (
        "Make-up workdays of 2028 are not known yet: import the year again once they are"
        " announced.\n"
    )


def test_that_a_file_becomes_ranges_of_the_kind_that_was_named(
    cli: Cli, calendar: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "exams.ics"
    file.write_text(ICS, encoding="utf-8", newline="")

    answer = cli("calendars", "import-ics", str(file), "--id", "1", "--kind", "exam")

    assert answer.out == "1 entry taken; dates that stay as they were marked before: 0.\n"
    assert answer.err.startswith("Events left out")
    (made,) = cli("calendars", "show", "--id", "1", "--json").json["ranges"]
    assert (made["kind"], made["name"]) == ("exam", "Finals")
    assert (made["first_on"], made["last_on"]) == ("2026-06-22", "2026-06-26")


def test_that_a_deleted_calendar_is_gone(cli: Cli, calendar: dict[str, Any]) -> None:
    assert cli("calendars", "delete", "--id", "1", "--json").json == {"id": 1, "deleted": True}
    assert cli("calendars", "list").out == "There is no calendar yet.\n"
    answer = cli("calendars", "show", "--id", "1")
    assert (answer.status, answer.err) == (
        1,
        "There is no calendar “1”: see the list of calendars.\n",
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("close-day", "--id", "1", "--on", "1.10.2026"),
            "--on is “1.10.2026”: give a date such as 2026-10-01.",
        ),
        (
            ("create", "--name", "x", "--open", "mon-xyz"),
            "“xyz” is no weekday: allowed are mon, tue, wed, thu, fri, sat, sun, none.",
        ),
        (
            (
                *("range", "--id", "1", "--kind", "term", "--name", "x"),
                *("--first-on", "2026-10-02", "--last-on", "2026-10-01"),
            ),
            "last_on is 2026-10-01, which is before the first day, 2026-10-02.",
        ),
        (
            ("import-holidays", "--id", "1", "--country", "XX", "--year", "2026"),
            "No holidays are known for “XX”: give a country's two-letter code, such as CN.",
        ),
        (
            ("import-holidays", "--id", "1", "--country", "CN", "--year", "26"),
            "--year is “26”: give a whole number from 1990 to 2100.",
        ),
        (("create", "--name", "  "), "--name needs a text of 1 to 200 characters."),
        (
            ("edit", "--id", "1"),
            "Nothing to change: give at least one flag, such as --name.",
        ),
    ],
)
def test_that_what_cannot_be_meant_is_refused_in_one_sentence(
    cli: Cli, calendar: dict[str, Any], arguments: tuple[str, ...], said: str
) -> None:
    answer = cli("calendars", *arguments)

    assert (answer.status, answer.out, answer.err) == (2, "", f"{said}\n")
