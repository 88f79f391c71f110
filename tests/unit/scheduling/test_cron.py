"""What a cron line may say, what it means, and what the refusal of any other names."""

from __future__ import annotations

import pytest

from core.errors import InvalidValueError
from core.messages import error_sentence
from core.scheduling import cron
from core.scheduling.cron_days import members


def _minutes(line: str) -> list[int]:
    return members(cron.parse(f"{line} * * * *").minutes)


def _hours(line: str) -> list[int]:
    return members(cron.parse(f"0 {line} * * *").hours)


def _months(line: str) -> list[int]:
    return members(cron.parse(f"0 0 1 {line} *").months)


def _weekdays(line: str) -> list[int]:
    return members(cron.parse(f"0 0 * * {line}").days.weekdays)


def _january(month_day: str, weekday: str = "*") -> list[int]:
    """The chosen days of January 2026, which begins on a Thursday."""
    return members(cron.parse(f"0 0 {month_day} * {weekday}").days_in(2026, 1))


def _refused(line: str) -> InvalidValueError:
    with pytest.raises(InvalidValueError) as caught:
        cron.parse(line)
    assert caught.value.field == "cron_expression"
    return caught.value


def test_that_lists_ranges_and_steps_add_up() -> None:
    assert _minutes("1,10-12,*/30") == [0, 1, 10, 11, 12, 30]
    assert _minutes("50/3") == [50, 53, 56, 59]
    assert _hours("8-18/5") == [8, 13, 18]
    assert _months("*/5") == [1, 6, 11]


def test_that_a_range_may_run_across_the_end() -> None:
    assert _hours("22-2") == [0, 1, 2, 22, 23]
    assert _months("NOV-FEB") == [1, 2, 11, 12]
    assert _weekdays("FRI-MON") == [0, 1, 5, 6]


@pytest.mark.parametrize(
    ("field", "days"),
    [
        ("0", [0]),
        ("7", [0]),
        ("SUN", [0]),
        ("5-7", [0, 5, 6]),
        ("mon-sun", [0, 1, 2, 3, 4, 5, 6]),
        ("0-7", [0, 1, 2, 3, 4, 5, 6]),
        ("7-2", [0, 1, 2]),
        ("6-0", [0, 6]),
        ("1-7/2", [0, 1, 3, 5]),
        ("7/2", [0, 2, 4, 6]),
        ("*/2", [0, 2, 4, 6]),
    ],
)
def test_that_sunday_is_both_0_and_7(field: str, days: list[int]) -> None:
    assert _weekdays(field) == days


def test_that_names_are_read_in_any_case() -> None:
    assert _months("jan,Jul") == [1, 7]
    assert _weekdays("mon-FRI") == [1, 2, 3, 4, 5]


def test_that_l_is_the_last_day_whatever_the_month() -> None:
    line = cron.parse("0 0 L * *")
    assert members(line.days_in(2026, 2)) == [28]
    assert members(line.days_in(2028, 2)) == [29]
    assert _january("1,L") == [1, 31]
    assert _january("28-L") == [28, 29, 30, 31]


@pytest.mark.parametrize(
    ("field", "year", "month", "day"),
    [
        ("15W", 2026, 1, 15),  # a Thursday
        ("W17", 2026, 1, 16),  # a Saturday leans back
        ("18W", 2026, 1, 19),  # a Sunday leans on
        ("1W", 2026, 8, 3),  # Saturday the 1st may not leave the month
        ("31W", 2026, 5, 29),  # nor may Sunday the 31st
        ("31W", 2026, 2, 27),  # Saturday the 28th is the last there is
    ],
)
def test_that_w_is_the_nearest_weekday_of_the_month(
    field: str, year: int, month: int, day: int
) -> None:
    assert members(cron.parse(f"0 0 {field} * *").days_in(year, month)) == [day]


def test_that_the_hash_counts_weekdays_and_l_takes_the_last() -> None:
    assert _january("*", "5#3") == [16]
    assert _january("*", "MON#1,FRI#3") == [5, 16]
    assert _january("*", "mon-wed#2") == [12, 13, 14]
    assert _january("*", "L5") == [30]
    assert _january("*", "L7") == [25]
    assert _january("*", "MON#5") == []


def test_that_either_of_two_restricted_day_fields_matches() -> None:
    assert _january("1", "MON") == [1, 5, 12, 19, 26]
    assert _january("*/10", "MON") == [1, 5, 11, 12, 19, 21, 26, 31]
    assert _january("L", "5#3") == [16, 31]
    assert _january("15W", "MON") == [5, 12, 15, 19, 26]


def test_that_an_asterisk_in_a_list_leaves_the_day_field_open() -> None:
    assert _january("*,5", "MON") == [5, 12, 19, 26]


@pytest.mark.parametrize(("alias", "line"), cron.ALIASES.items())
def test_that_an_alias_means_its_line(alias: str, line: str) -> None:
    read, meant = cron.parse(alias.upper()), cron.parse(line)
    assert read.text == alias
    assert (read.minutes, read.hours, read.months, read.days) == (
        meant.minutes, meant.hours, meant.months, meant.days,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("０　２　＊　＊　１－５", "0 2 * * 1-5"),
        ("  ＊／１５ 9-17\t* * ｍｏｎ ", "*/15 9-17 * * MON"),
        ("0 8、12，18 * * *", "0 8,12,18 * * *"),
        ("0 9—17 * * 5＃3", "0 9-17 * * 5#3"),
        ("＠ｄａｉｌｙ", "@daily"),
    ],
)
def test_that_a_chinese_keyboard_types_the_same_line(typed: str, text: str) -> None:
    assert cron.parse(typed).text == text


def test_that_expressions_are_values() -> None:
    assert cron.parse("0 2 * * mon") == cron.parse("0  2 * * MON")
    assert len({cron.parse("0 2 * * *"), cron.parse(" 0 2 * * * ")}) == 1


@pytest.mark.parametrize(
    ("line", "part", "value", "low", "high"),
    [
        ("60 * * * *", "minute", "60", 0, 59),
        ("0 24 * * *", "hour", "24", 0, 23),
        ("0 0 0 * *", "day_of_month", "0", 1, 31),
        ("0 0 1-32 * *", "day_of_month", "1-32", 1, 31),
        ("0 0 32W * *", "day_of_month", "32W", 1, 31),
        ("0 0 * 13 *", "month", "13", 1, 12),
        ("0 0 * * 8", "day_of_week", "8", 0, 7),
        ("0 0 * * L8", "day_of_week", "L8", 0, 7),
    ],
)
def test_that_a_number_out_of_range_is_named_with_field_value_and_range(
    line: str, part: str, value: str, low: int, high: int
) -> None:
    error = _refused(line)
    assert error.code == "cron.out_of_range"
    assert error.params["part"] == f"cron.part.{part}"
    assert (error.params["value"], error.params["low"], error.params["high"]) == (value, low, high)


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("x * * * *", "minute"),
        ("-5 * * * *", "minute"),
        ("1,,2 * * * *", "minute"),
        ("5/ * * * *", "minute"),
        ("*/+5 * * * *", "minute"),
        ("1.5 * * * *", "minute"),
        ("² * * * *", "minute"),
        ("٣ * * * *", "minute"),
        ("H * * * *", "minute"),
        ("* 1-2-3 * * *", "hour"),
        ("* L * * *", "hour"),
        ("* * ? * *", "day_of_month"),
        ("* * L-3 * *", "day_of_month"),
        ("* * LW * *", "day_of_month"),
        ("* * L/2 * *", "day_of_month"),
        ("* * * JANUARY *", "month"),
        ("* * * 周一 *", "month"),
        ("* * * * L", "day_of_week"),
        ("* * * * 5L", "day_of_week"),
        ("* * * * *#2", "day_of_week"),
        ("* * * * 1/2#2", "day_of_week"),
    ],
)
def test_that_what_cannot_be_read_is_named_with_its_field(line: str, part: str) -> None:
    error = _refused(line)
    assert error.code == "cron.unreadable"
    assert error.params["part"] == f"cron.part.{part}"


@pytest.mark.parametrize("line", ["", "   ", "0 2 * *", "0 2 * * * *", "02***"])
def test_that_there_must_be_five_fields(line: str) -> None:
    assert _refused(line).code == "cron.field_count"
    assert _refused(line).params["count"] == len(line.split())


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("59/15 * * * *", "cron.step_chooses_one"),  # minute 59 only
        ("0 0 * * 5/3", "cron.step_chooses_one"),
        ("0 10-12/5 * * *", "cron.step_chooses_one"),
        ("5-5 * * * *", "cron.range_of_one"),  # would be every minute
        ("0 0 * * sun-sun", "cron.range_of_one"),
        ("0 0 * * 7-0", "cron.range_of_one"),
        ("0 0 * * 7-7", "cron.range_of_one"),
        ("0 22-3/2 * * *", "cron.step_across_end"),
        ("0 0 15W,20 * *", "cron.nearest_in_list"),
        ("0 0 * * 1#1,5", "cron.mixed_weekdays"),
        ("0 0 * * *,L5", "cron.mixed_weekdays"),
    ],
)
def test_that_forms_which_mean_something_unexpected_are_refused(line: str, code: str) -> None:
    assert _refused(line).code == code


@pytest.mark.parametrize("step", ["0", "61", "999"])
def test_that_a_step_fits_the_field(step: str) -> None:
    error = _refused(f"*/{step} * * * *")
    assert error.code == "cron.step_out_of_range"
    assert (error.params["low"], error.params["high"]) == (1, 60)


@pytest.mark.parametrize("number", ["0", "6", "", "x", "11"])
def test_that_a_weekday_comes_one_to_five_times_a_month(number: str) -> None:
    assert _refused(f"0 0 * * 5#{number}").code == "cron.nth_out_of_range"


@pytest.mark.parametrize(
    ("line", "high"), [("0 0 30 2 *", 29), ("0 0 31 4,6,9,11 *", 30), ("0 0 30,31 FEB *", 29)]
)
def test_that_a_day_which_never_comes_is_refused(line: str, high: int) -> None:
    error = _refused(line)
    assert error.code == "cron.never_fires"
    assert error.params["high"] == high


@pytest.mark.parametrize(
    "line", ["0 0 29 2 *", "0 0 31 1,2 *", "0 0 30 2 1", "0 0 31W 2 *", "0 0 * 2 1#5"]
)
def test_that_a_day_which_comes_now_and_then_is_taken(line: str) -> None:
    assert cron.parse(line).first_from(0) is not None


def test_that_the_length_is_limited() -> None:
    longest = "0 " + ",".join(["2"] * 124) + " * * *"
    assert len(longest) <= cron.MAX_LENGTH
    assert members(cron.parse(longest).hours) == [2]
    error = _refused("1," * 5000 + "1 * * * *")
    assert (error.code, error.params["high"]) == ("cron.too_long", 256)


def test_that_an_unknown_abbreviation_names_the_known_ones() -> None:
    error = _refused("@reboot")
    assert error.code == "cron.unknown_alias"
    assert error.params["choices"] == list(cron.ALIASES)


def test_that_the_sentence_names_field_value_and_range() -> None:
    assert error_sentence(_refused("0 25 * * *")) == (
        "“25” does not fit the cron field hour: allowed are 0 to 23."
    )
