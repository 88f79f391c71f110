"""Quiet hours as typed text: both languages, errors that name the part, and words."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.quiet_hours import QuietTime, Timetable
from core.domain.quiet_text import MAX_LENGTH, parse, spoken, to_text
from core.errors import InvalidValueError
from core.messages import error_sentence, sentence

WORK_DAYS = (0, 1, 2, 3, 4)
SCHOOL = Timetable((QuietTime(WORK_DAYS, 480, 1020), QuietTime((5,), 540, 720)))


@pytest.mark.parametrize(
    "text",
    [
        "mon-fri 08:00-17:00; sat 09:00-12:00",
        "  Mon - Fri 8:00 – 17:00 ;; SATURDAY 09:00-12:00;",
        "mon,tue,wed,thu,fri 08:00-17:00\nsat 09:00-12:00",
        "周一至周五 08:00-17:00；周六 09:00-12:00",
        "周一到五08：00－17：00；星期六０９：００～１２：００。",
    ],
)
def test_that_these_texts_mean_the_same(text: str) -> None:
    assert parse(text) == SCHOOL


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("daily 01:00-02:00", (0, 1, 2, 3, 4, 5, 6)),
        ("每天 01:00-02:00", (0, 1, 2, 3, 4, 5, 6)),
        ("fri-mon 01:00-02:00", (0, 4, 5, 6)),
        ("周日、周三 01:00-02:00", (2, 6)),
        ("星期天 01:00-02:00", (6,)),
        ("tue-tue 01:00-02:00", (1,)),
    ],
)
def test_that_days_are_read(text: str, days: tuple[int, ...]) -> None:
    assert parse(text) == Timetable((QuietTime(days, 60, 120),))


@pytest.mark.parametrize(
    ("times", "minutes"),
    [
        ("00:00-24:00", [(0, 1440)]),
        ("22:00-06:00", [(1320, 1800)]),
        ("22:00-00:00", [(1320, 1440)]),
        ("08:00-12:00, 13:00-17:00", [(480, 720), (780, 1020)]),
    ],
)
def test_that_times_are_read(times: str, minutes: list[tuple[int, int]]) -> None:
    assert parse(f"mon {times}") == Timetable(tuple(QuietTime((0,), *each) for each in minutes))


def test_that_an_empty_text_is_no_shield() -> None:
    assert parse(" ; ") == Timetable()


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("mon-fri", "quiet.part_unreadable", "mon-fri"),
        ("08:00-17:00", "quiet.part_unreadable", "08:00-17:00"),
        ("mon 8:00-9:00; often", "quiet.part_unreadable", "often"),
        ("mon-fry 08:00-17:00", "quiet.day_unknown", "fry"),
        ("mon,,tue 08:00-17:00", "quiet.day_unknown", ""),
        ("mon- 08:00-17:00", "quiet.day_unknown", "mon-"),
        ("周八 08:00-17:00", "quiet.day_unknown", "周八"),
        ("mon 08:00", "quiet.time_unreadable", "08:00"),
        ("mon 08:00-25:00", "quiet.time_unreadable", "08:00-25:00"),
        ("mon 08:60-09:00", "quiet.time_unreadable", "08:60-09:00"),
        ("mon 24:00-08:00", "quiet.time_unreadable", "24:00-08:00"),
        ("mon 08:00-09:00, 10-11", "quiet.time_unreadable", "10-11"),
        ("mon 08:00-08:00", "quiet.time_empty", "08:00-08:00"),
    ],
)
def test_that_an_error_names_the_part(text: str, code: str, part: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        parse(text)
    assert (caught.value.code, caught.value.params["part"]) == (code, part)
    assert f"“{part}” in quiet_hours" in error_sentence(caught.value)


@pytest.mark.parametrize(
    ("text", "code"),
    [("daily 00:00-24:00", "quiet.never_open"), ("x" * (MAX_LENGTH + 1), "text.too_long")],
)
def test_that_a_text_is_refused_as_a_whole(text: str, code: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        parse(text)
    assert caught.value.code == code
    assert "?" not in error_sentence(caught.value)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("mon-fri 8:00-17:00", ["Monday to Friday, 08:00 to 17:00"]),
        ("sat 22:00-6:00", ["Saturday, 22:00 to 06:00 the next day"]),
        ("daily 18:00-24:00", ["every day, 18:00 to 24:00"]),
        ("daily 18:00-6:00", ["every day, 18:00 to 06:00 the next day"]),
        (
            "mon-wed,sat 22:00-6:00",
            [
                "Monday to Wednesday, 22:00 to 06:00 the next day",
                "Saturday, 22:00 to 06:00 the next day",
            ],
        ),
    ],
)
def test_that_it_can_be_said_in_words(text: str, lines: list[str]) -> None:
    assert [sentence(each.code, each.params) for each in spoken(parse(text))] == lines


def test_that_the_canonical_text_is_short() -> None:
    typed = "monday-friday 8:00-17:00; 周六 9:00-12:00; daily 23:00-0:00; sun,mon 22:00-6:00"
    assert to_text(parse(typed)) == (
        "mon-fri 08:00-17:00; sat 09:00-12:00; daily 23:00-24:00; mon,sun 22:00-06:00"
    )


times = st.builds(
    lambda days, begin, length: QuietTime(tuple(sorted(days)), begin, begin + length),
    st.sets(st.integers(0, 5), min_size=1),
    st.integers(0, 1439),
    st.integers(1, 720),
)


@given(st.lists(times, max_size=5).map(tuple))
def test_that_a_timetable_survives_its_text(quiet: tuple[QuietTime, ...]) -> None:
    timetable = Timetable(quiet)
    assert parse(to_text(timetable)) == timetable


@given(st.text("mon-fri周一至,;: 0189", max_size=40) | st.text(max_size=40))
def test_that_any_text_is_understood_or_refused_with_a_code(text: str) -> None:
    with suppress(InvalidValueError):
        timetable = parse(text)
        assert parse(to_text(timetable)) == timetable
