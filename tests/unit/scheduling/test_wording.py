"""Schedules said in words; most of them in `golden_cron.tsv`, which a person vouches for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.domain.trigger import Cron, Interval, Once, Schedule, Trigger
from core.language import _, speaking
from core.scheduling import wording
from tests.unit.scheduling.make_golden import Row, golden_rows, row_now

NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)  # in Shanghai


def _words(trigger: Trigger, zone: str = "Asia/Shanghai") -> str:
    return wording.words(Schedule(trigger, zone))


ROWS = golden_rows()


def test_that_a_single_run_is_said_with_date_and_time_of_the_zone() -> None:
    assert _words(Once(NOON)) == "once on 2026-03-01 at 12:00"
    assert _words(Once(NOON), "UTC") == "once on 2026-03-01 at 04:00"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1, "every second"),
        (90, "every 90 seconds"),
        (60, "every minute"),
        (5400, "every 90 minutes"),
        (3600, "every hour"),
        (21_600, "every 6 hours"),
        (86_400, "every day at 12:00"),
        (259_200, "every 3 days at 12:00"),
    ],
)
def test_that_an_interval_is_said_in_its_largest_unit(seconds: int, text: str) -> None:
    assert _words(Interval(seconds, NOON)) == text


def test_that_days_of_elapsed_time_say_so_where_clocks_change() -> None:
    words = _words(Interval(86_400, NOON), "Europe/Berlin")
    assert words == "every day at 05:00 (moves when the clocks change)"


def test_that_two_restricted_day_fields_are_said_with_or() -> None:
    assert _words(Cron("0 2 1 * 1")) == "at 02:00 on day 1 of every month or on Monday"


def test_that_hours_across_midnight_are_a_range_only_where_every_day_has_both_parts() -> None:
    assert _words(Cron("0 22-2 * * *")) == "every hour from 22:00 to 02:00, every day"
    assert _words(Cron("0 22-2 * * 1")) == (
        "at 00:00, 01:00, 02:00, 22:00 and 23:00 on Monday"
    )  # fmt: skip


def test_that_the_golden_table_is_long_and_holds_nothing_twice() -> None:
    assert len({row["expression"] for row in ROWS}) == len(ROWS) >= 300


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["expression"])
def test_that_an_expression_is_judged_said_and_fired_as_in_the_golden_table(row: Row) -> None:
    chinese = {"words_zh": row["words_zh"]}
    assert row_now(row["expression"]) | chinese == row


def test_that_the_golden_table_holds_the_chinese_of_the_catalogue() -> None:
    with speaking("zh_CN"):
        if _("every day") == "every day":
            pytest.skip("the Chinese catalogue is not compiled in this checkout")
    for row in ROWS:
        assert row_now(row["expression"])["words_zh"] == row["words_zh"], row["expression"]
