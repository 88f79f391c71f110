"""Term triggers as typed text: both languages, errors that name the part, and what is written."""

from __future__ import annotations

from contextlib import suppress
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.calendar import RangeKind
from core.domain.term import FirstOpenDay, OpenDaysBefore, TermRule, TermTrigger, WeekdayOfWeek
from core.domain.term_text import EXAMPLES, FIELD, MAX_LENGTH, parse, to_text
from core.errors import InvalidValueError
from core.messages import error_sentence

SEVEN, SIX_PM = time(7), time(18)
MONDAY_OF_WEEK_3 = TermTrigger(WeekdayOfWeek(0, 3), SEVEN)


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("first-open-day of term at 07:00", TermTrigger(FirstOpenDay(), SEVEN)),
        ("First open day of the term 7:00", TermTrigger(FirstOpenDay(), SEVEN)),
        (" mon  of week 3 of term at 07:00 ", MONDAY_OF_WEEK_3),
        ("Monday of week 3 of term at 07:00", MONDAY_OF_WEEK_3),
        ("3 open days before exam at 18:00", TermTrigger(OpenDaysBefore(3), SIX_PM)),
        ("1 open day before exam at 18:00", TermTrigger(OpenDaysBefore(1), SIX_PM)),
        (
            "2 open days before holiday at 18:00:30",
            TermTrigger(OpenDaysBefore(2, RangeKind.HOLIDAY), time(18, 0, 30)),
        ),
    ],
)
def test_that_a_rule_is_read_as_it_is_said(text: str, trigger: TermTrigger) -> None:
    assert parse(text) == trigger


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("学期首个开放日 07:00", TermTrigger(FirstOpenDay(), SEVEN)),
        ("学期的第一个开放日０７：００", TermTrigger(FirstOpenDay(), SEVEN)),
        ("学期第3周周一 07:00", MONDAY_OF_WEEK_3),
        ("学期第 ３ 周的星期一　７：００", MONDAY_OF_WEEK_3),
        ("考试前3个开放日 18:00", TermTrigger(OpenDaysBefore(3), SIX_PM)),
        (
            "假期之前 1 个开放日于 18:00",
            TermTrigger(OpenDaysBefore(1, RangeKind.HOLIDAY), SIX_PM),
        ),
    ],
)
def test_that_chinese_is_read_too(text: str, trigger: TermTrigger) -> None:
    assert parse(text) == trigger


@pytest.mark.parametrize("text", EXAMPLES)
def test_that_every_example_is_written_as_it_was_read(text: str) -> None:
    assert to_text(parse(text)) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("first-open-day of term at 25:00", "The time in term_rule is “25:00”"),
        ("first-open-day of term at noon", "The time in term_rule is “noon”"),
        ("first-open-day of autumn at 07:00", "The kind of range in term_rule is “autumn”"),
        ("moonday of week 3 of term at 07:00", "The weekday in term_rule is “moonday”"),
        ("mon of week 61 of term at 07:00", "The week in term_rule is “61”: allowed are 1 to 60."),
        ("mon of week ３ of term at 7", "The time in term_rule is “7”"),
        ("0 open days before exam at 07:00", "The number of open days in term_rule is “0”"),
        ("some open days before exam at 07:00", "The number of open days in term_rule is “some”"),
        ("whenever at 07:00", "“whenever” in term_rule cannot be read"),
        ("学期第3周", "“学期第3周” in term_rule cannot be read"),
        ("", "“” in term_rule cannot be read"),
    ],
)
def test_that_a_refusal_names_the_part(text: str, said: str) -> None:
    with pytest.raises(InvalidValueError) as refusal:
        parse(text)

    assert refusal.value.field == FIELD
    assert error_sentence(refusal.value).startswith(said)
    assert "?" not in error_sentence(refusal.value)


def test_that_a_long_text_is_refused_before_it_is_read() -> None:
    with pytest.raises(InvalidValueError) as refusal:
        parse("1" * (MAX_LENGTH + 1))
    assert refusal.value.code == "text.too_long"


rules: st.SearchStrategy[TermRule] = st.one_of(
    st.builds(FirstOpenDay, st.sampled_from(RangeKind)),
    st.builds(WeekdayOfWeek, st.integers(0, 6), st.integers(1, 60), st.sampled_from(RangeKind)),
    st.builds(OpenDaysBefore, st.integers(1, 100), st.sampled_from(RangeKind)),
)


@given(st.builds(TermTrigger, rules, st.times().map(lambda at: at.replace(microsecond=0))))
def test_that_what_is_written_is_read_back(trigger: TermTrigger) -> None:
    assert parse(to_text(trigger)) == trigger


@given(st.text() | st.text("0123456789:第周一考试前个开放日学期 ofterma-", max_size=40))
def test_that_any_text_is_read_or_refused_in_one_sentence(text: str) -> None:
    with suppress(InvalidValueError):
        assert parse(to_text(parse(text))) == parse(text)
