"""Term triggers as a person types them, “mon of week 3 of term at 07:00”; knows no calendar.

Chinese is read too, “学期第3周周一 07:00”; what is written is always English.
"""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from datetime import time
from typing import Final, assert_never

from core.domain.calendar import WEEKDAYS, RangeKind
from core.domain.term import (
    MAX_OPEN_DAYS,
    MAX_WEEK,
    FirstOpenDay,
    OpenDaysBefore,
    TermRule,
    TermTrigger,
    WeekdayOfWeek,
)
from core.errors import InvalidValueError, Param

FIELD: Final = "term_rule"
MAX_LENGTH: Final = 200
EXAMPLES: Final = (
    "first-open-day of term at 07:00",
    "mon of week 3 of term at 07:00",
    "3 open days before exam at 18:00",
)
"""One of each form."""

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CHINESE_DAYS: Final = "一二三四五六日"
_WEEKDAYS: Final[dict[str, int]] = {
    **{name: day for names in (_DAYS, WEEKDAYS) for day, name in enumerate(names)},
    **{f"{week}{name}": n for week in ("周", "星期") for n, name in enumerate(_CHINESE_DAYS)},
    "周天": 6,
    "星期天": 6,
}
_KINDS: Final[dict[str, RangeKind]] = {
    **{kind.value: kind for kind in RangeKind},
    "学期": RangeKind.TERM,
    "假期": RangeKind.HOLIDAY,
    "考试": RangeKind.EXAM,
    "考试期": RangeKind.EXAM,
    "停课": RangeKind.CLOSURE,
    "停课期": RangeKind.CLOSURE,
}
_TIME: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")
# In Chinese nothing need stand before the time.
_WITH_TIME: Final = re.compile(r"(?P<rule>.+?)(?: at | ?于 ?| |(?<=\D))(?P<at>[0-9]{1,2}:\S*)")
_FIRST: Final = (
    re.compile(r"first[ -]open[ -]day of (?:the )?(?P<kind>\S+)"),
    re.compile(r"(?P<kind>\D+?)的?(?:首个|第一个|第 ?1 ?个)开放日"),
)
_WEEK: Final = (
    re.compile(r"(?P<weekday>\S+) of week (?P<week>\S+) of (?:the )?(?P<kind>\S+)"),
    re.compile(r"(?P<kind>\D+?)的?第 ?(?P<week>[0-9]+) ?周的?(?P<weekday>(?:周|星期).)"),
)
_BEFORE: Final = (
    re.compile(r"(?P<days>\S+) open days? before (?:the )?(?P<kind>\S+)"),
    re.compile(r"(?P<kind>\D+?)之?前(?:的?第)? ?(?P<days>[0-9]+) ?个开放日"),
)


def parse(text: str) -> TermTrigger:
    """The trigger that `text` means: one of `EXAMPLES`, in English or Chinese.

    Raises:
        InvalidValueError: of the field `term_rule`, a `term.` code that names the part, or
            `text.too_long`.
    """
    if len(text) > MAX_LENGTH:
        raise InvalidValueError("text.too_long", field=FIELD, length=len(text), high=MAX_LENGTH)
    # NFKC turns full-width forms, what a Chinese keyboard types, into ASCII.
    plain = " ".join(unicodedata.normalize("NFKC", text).lower().split())
    found = _WITH_TIME.fullmatch(plain)
    if found is None:
        raise _without_time(plain)
    return TermTrigger(_rule(found["rule"]), _time(found["at"]))


def to_text(trigger: TermTrigger) -> str:
    """The trigger as `parse` reads it."""
    return f"{_rule_text(trigger.rule)} at {clock(trigger.at)}"


def clock(at: time) -> str:
    """A time of day, with seconds only where there are any."""
    return at.isoformat("seconds" if at.second else "minutes")


def _without_time(plain: str) -> InvalidValueError:
    _before, at, written = plain.rpartition(" at ")
    if at:
        return _refusal("term.time", "term.part.time", written)
    return _refusal("term.unreadable", "term.part.rule", plain)


def _rule(text: str) -> TermRule:
    if found := _match(_FIRST, text):
        return FirstOpenDay(_kind(found["kind"]))
    if found := _match(_WEEK, text):
        weekday = _weekday(found["weekday"])
        week = _number(found["week"], "term.part.week", MAX_WEEK)
        return WeekdayOfWeek(weekday, week, _kind(found["kind"]))
    if found := _match(_BEFORE, text):
        days = _number(found["days"], "term.part.days", MAX_OPEN_DAYS)
        return OpenDaysBefore(days, _kind(found["kind"]))
    raise _refusal("term.unreadable", "term.part.rule", text)


def _match(forms: tuple[re.Pattern[str], ...], text: str) -> re.Match[str] | None:
    return next(filter(None, (form.fullmatch(text) for form in forms)), None)


def _kind(text: str) -> RangeKind:
    kind = _KINDS.get(text.strip())
    if kind is None:
        raise _refusal(
            "term.choice", "term.part.kind", text, choices=[each.value for each in RangeKind]
        )
    return kind


def _weekday(text: str) -> int:
    weekday = _WEEKDAYS.get(text)
    if weekday is None:
        raise _refusal("term.choice", "term.part.weekday", text, choices=list(_DAYS))
    return weekday


def _number(text: str, part: str, high: int) -> int:
    # Only ASCII digits: `int` would also take other scripts' digits, signs and underscores.
    number = int(text) if re.fullmatch("[0-9]{1,6}", text) else 0
    if not 1 <= number <= high:
        raise _refusal("term.number", part, text, low=1, high=high)
    return number


def _time(text: str) -> time:
    if found := _TIME.fullmatch(text):
        with suppress(ValueError):
            hour, minute, second = (int(each or 0) for each in found.groups())
            return time(hour, minute, second)
    raise _refusal("term.time", "term.part.time", text)


def _rule_text(rule: TermRule) -> str:
    match rule:
        case FirstOpenDay(kind):
            return f"first-open-day of {kind.value}"
        case WeekdayOfWeek(weekday, week, kind):
            return f"{_DAYS[weekday]} of week {week} of {kind.value}"
        case OpenDaysBefore(days, kind):
            return f"{days} open {'day' if days == 1 else 'days'} before {kind.value}"
        case _:
            assert_never(rule)


def _refusal(code: str, part: str, value: str, **params: Param) -> InvalidValueError:
    return InvalidValueError(
        code, field=FIELD, part=part, value=value, examples=list(EXAMPLES), **params
    )
