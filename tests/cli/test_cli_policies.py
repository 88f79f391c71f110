"""Every setting of a task has a flag, on create and on update, and is told by show."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cli.commands.task_edit import Given
from core.cli.commands.task_flags import POLICY_FLAGS, policy_flags
from core.cli.values import Length, length_text
from core.contracts.commands import CreateTask
from core.domain.task import POLICY_RANGES, Policies
from core.errors import InvalidValueError
from core.language import _, speaking
from tests.cli.calling import Cli

DAY = 86_400
POLICIES: dict[str, tuple[str, Any]] = {
    "overlap": ("allow", "allow"),
    "overlap_limit": ("3", 3),
    "grace_seconds": ("90s", 90),
    "catch_up": ("all", "all"),
    "catch_up_window_seconds": ("2h", 7200),
    "attempt_timeout_seconds": ("15m", 900),
    "total_timeout_seconds": ("1d12h", 129_600),
    "max_attempts": ("4", 4),
    "retry_base_seconds": ("30", 30),
    "retry_factor": ("1.5", 1.5),
    "retry_cap_seconds": ("1h", 3600),
    "lost_allowance": ("0", 0),
    "pause_after_failures": ("0", 0),
    "priority": ("-3", -3),
    "no_new_samples": ("skip", "skip"),
}
"""What a flag may say, and what is kept then."""
FLAGS = [word for name, (text, _) in POLICIES.items() for word in (POLICY_FLAGS[name], text)]
KEPT = {name: value for name, (_, value) in POLICIES.items()}


def hourly(cli: Cli, *flags: str, name: str = "Hourly") -> dict[str, Any]:
    answer = cli(
        *("create", "--name", name, "--trigger-type", "interval", "--interval", "1h"),
        *("--training-mode", "full", "--timezone", "Asia/Shanghai", *flags, "--json"),
    )
    assert answer.status == 0, answer.err
    task: dict[str, Any] = answer.json
    return task


def update(cli: Cli, *flags: str) -> dict[str, Any]:
    answer = cli("update", "--id", "1", *flags, "--json")
    assert answer.status == 0, answer.err
    task: dict[str, Any] = answer.json
    return task


def test_that_no_field_of_a_task_or_its_policies_is_without_a_flag() -> None:
    of_task = {each.name for each in fields(CreateTask)} - {"policies", "calendar_id"}
    of_policies = {each.name for each in fields(Policies)}

    assert of_task | of_policies | {"calendar"} == {each.name for each in fields(Given)}
    assert of_policies == set(POLICIES) == set(POLICY_FLAGS)


def test_that_every_policy_is_set_at_the_creation_and_later(cli: Cli) -> None:
    created = hourly(cli, *FLAGS, name="Created")
    hourly(cli, name="Changed")

    changed = cli("update", "--id", "2", *FLAGS, "--json").json

    assert created["policies"] == changed["policies"] == KEPT


def test_that_the_help_of_a_new_task_tells_every_default_and_that_of_a_change_none() -> None:
    presets = {each.name or "": each.preset for each in policy_flags(is_new=True)}

    assert presets["grace_seconds"] == "5m"
    assert presets["overlap"] == "skip"
    assert None not in presets.values()
    assert {each.preset for each in policy_flags(is_new=False)} == {None}


@pytest.mark.parametrize("name", POLICY_RANGES)
def test_that_a_number_out_of_range_is_refused_by_its_flag(cli: Cli, name: str) -> None:
    low, high = POLICY_RANGES[name]
    for value in (low - 1, high + 1, "x"):
        answer = cli("update", "--id", "1", POLICY_FLAGS[name], str(value))

        assert (answer.status, answer.out) == (2, "")
        assert answer.err.startswith(f"{POLICY_FLAGS[name]} is “{value}”")


@pytest.mark.parametrize("text", ["", "1.5h", "5x", "h", "1m1h", "-1s", "９０", "1 h", "9" * 40])
def test_that_text_that_is_no_length_is_refused_in_one_sentence(cli: Cli, text: str) -> None:
    answer = cli("update", "--id", "1", "--grace", text)

    assert answer.status == 2
    assert "such as 90s, 15m, 2h or 1d, from 0 s to 7 d 0 h" in answer.err


@given(st.integers(0, 400 * DAY))
def test_that_a_length_is_read_as_it_is_written(seconds: int) -> None:
    assert Length(0, 400 * DAY).convert(length_text(seconds), None, None) == seconds


@given(st.text(max_size=20))
def test_that_any_text_is_a_length_in_range_or_refused(text: str) -> None:
    try:
        assert 0 <= Length(0, 60).convert(text, None, None) <= 60
    except InvalidValueError as refusal:
        assert refusal.code == "cli.not_a_length"


def test_that_window_delay_and_number_of_runs_are_set_and_taken_away(cli: Cli) -> None:
    set_ = hourly(
        cli,
        *("--starts-at", "2099-03-01T08:00", "--ends-at", "2099-07-01", "--jitter", "10m"),
        *("--max-runs", "12", "--anchor-at", "2099-01-01T00:30"),
    )
    taken = update(
        cli, "--starts-at", "none", "--ends-at", "none", "--jitter", "0", "--max-runs", "none"
    )

    names = ("starts_at", "ends_at", "jitter_seconds", "max_runs")
    assert [set_[name] for name in names] == [
        *("2099-03-01T00:00:00+00:00", "2099-06-30T16:00:00+00:00"),
        *(600, 12),
    ]
    assert set_["anchor_at"] == "2098-12-31T16:30:00+00:00"
    assert [taken[name] for name in names] == [None, None, 0, None]


@pytest.mark.parametrize(
    ("flags", "named"),
    [
        (("--starts-at", "soon"), "--starts-at"),
        (("--max-runs", "0"), "--max-runs"),
        (("--jitter", "2d"), "--jitter"),
        (("--calendar-policy", "next_open_day"), "--calendar"),
        (("--overlap", "both"), "skip, queue_one, queue_all, cancel_previous, allow"),
        (("--retry-factor", "nan"), "--retry-factor"),
        (("--starts-at", "2099-03-01", "--ends-at", "2099-02-01"), "could never run"),
    ],
)
def test_that_a_setting_that_cannot_be_meant_is_refused(
    cli: Cli, flags: tuple[str, ...], named: str
) -> None:
    hourly(cli)

    answer = cli("update", "--id", "1", *flags)

    assert (answer.status, answer.out) == (2, "")
    assert named in answer.err
    assert answer.err.count("\n") == 1


def test_that_a_calendar_is_given_by_name_or_number_and_taken_away(cli: Cli) -> None:
    number = str(cli("calendars", "create", "--name", "校历", "--json").json["id"])

    created = hourly(cli, "--calendar", "校历", "--calendar-policy", "next_open_day")
    taken = update(cli, "--calendar", "none")
    back = update(cli, "--calendar", number)

    assert (created["calendar_name"], created["calendar_policy"]) == ("校历", "next_open_day")
    assert (taken["calendar_id"], taken["calendar_name"]) == (None, None)
    assert (back["calendar_name"], back["calendar_policy"]) == ("校历", "next_open_day")


def test_that_a_calendar_that_is_not_there_or_not_alone_is_refused(cli: Cli) -> None:
    for number in (1, 2):
        cli("schools", "add", "--name", f"School {number}")
        cli("calendars", "create", "--name", "Terms", "--school-id", str(number))
    hourly(cli)

    absent = cli("update", "--id", "1", "--calendar", "99")
    doubled = cli("update", "--id", "1", "--calendar", "Terms")

    assert (absent.status, absent.err) == (
        1,
        "There is no calendar “99”: see the list of calendars.\n",
    )
    assert doubled.status == 2
    assert "several calendars “Terms”" in doubled.err
    assert "1, 2" in doubled.err


def test_that_the_list_shows_a_run_where_the_calendar_moved_it(cli: Cli) -> None:
    cli("calendars", "create", "--name", "Weekends", "--open", "sat")
    answer = cli(
        *("create", "--name", "Moved", "--trigger-type", "cron", "--cron", "0 2 * * mon"),
        *("--training-mode", "full", "--timezone", "Asia/Shanghai", "--starts-at", "2099-01-01"),
        *("--calendar", "Weekends", "--calendar-policy", "next_open_day"),
    )
    assert answer.status == 0, answer.err

    assert "2099-01-03 02:00 Asia/Shanghai" in cli("list").out


ENGLISH = (
    "up to 10 min 0 s",
    "校历: on closed days, moved to the next open day",
    "run side by side",
    "1.5 times the one before",
    "run all, at most 10",
    "skip the run",
    "never",
    "not tried again",
    "It runs next at:",
    "Task 1 has no dependencies.",
)


def test_that_show_tells_every_setting_in_words(cli: Cli) -> None:
    cli("calendars", "create", "--name", "校历")
    hourly(
        cli,
        *FLAGS,
        *("--calendar", "校历", "--calendar-policy", "next_open_day", "--jitter", "10m"),
    )

    english = cli("show", "--id", "1").out
    chinese = cli("show", "--id", "1", "--language", "zh_CN").out

    for part in ENGLISH:
        assert part in english
    assert "queue_one" not in english
    assert len(english.splitlines()) == len(chinese.splitlines())


def test_that_what_has_no_effect_is_left_out_of_show(cli: Cli) -> None:
    hourly(cli, "--catch-up", "none", "--lost-allowance", "0")

    out = cli("show", "--id", "1").out

    for absent in ("Side by side", "Made up for within", "First wait", "Longest wait"):
        assert absent not in out


def test_that_show_tells_dependencies_both_ways_and_the_next_five_runs(cli: Cli) -> None:
    for name in ("First", "Second", "Third"):
        hourly(cli, name=name)
    cli("depends", "--id", "2", "--on", "1")
    cli("depends", "--id", "3", "--on", "2")

    out = cli("show", "--id", "2").out
    value = cli("show", "--id", "2", "--json").json

    assert "Task 2 depends on these" in out
    assert "These depend on task 2" in out
    assert len(value["next_runs"]) == 5
    assert value["next_runs"][0] == value["next_run_at"]
    assert [each["upstream_id"] for each in value["dependencies"]["upstream"]] == [1]
    assert [each["downstream_id"] for each in value["dependencies"]["downstream"]] == [3]
    assert value["schedule_words"] == "every hour"


def test_that_a_paused_task_shows_the_runs_that_it_would_have(cli: Cli) -> None:
    hourly(cli)
    cli("pause", "--id", "1")

    assert "Once it is resumed, it runs at:" in cli("show", "--id", "1").out


def test_that_help_is_grouped_with_the_common_flags_first(cli: Cli) -> None:
    lines = cli("create", "--help").out.splitlines()

    assert [line for line in lines if line.endswith(":") and not line.startswith(" ")] == [
        "Flags:",
        "Flags for when it runs:",
        "Flags for runs that meet or come late:",
        "Flags for time limits and retries:",
        "Flags for failures and missing samples:",
        "Flags of every command:",
    ]
    assert "(needed)." in "\n".join(lines)
    assert ". (needed)" not in "\n".join(lines)


def test_that_a_chinese_help_takes_headings_and_notes_from_the_catalogue(cli: Cli) -> None:
    out = cli("create", "--help", "--language", "zh_CN").out

    with speaking("zh_CN"):
        heading = _("{heading}:").format(heading=_("Flags"))
        note = _("{help} (needed).").format(help=_("Name, unique in its school.").rstrip("。"))
    assert f"\n{heading}\n" in out
    assert note in out
