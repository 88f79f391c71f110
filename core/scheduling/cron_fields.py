"""Reads one field of a cron line into a set; the only place that knows how a field is written.

The dialect is croniter's, less the forms that croniter accepts and reads in a way that its writer
does not expect: `59/15` (minute 59 only), `5-5` (every value), a step across the end of a field.
Texts come in as upper-case ASCII. Sets are bits, as in `core.scheduling.cron_days`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NoReturn

from core.errors import InvalidValueError, Param
from core.scheduling.cron_days import LAST, WHOLE_WEEK, members

_NEAREST: Final = re.compile(r"([0-9]+)W|W([0-9]+)")
_LAST_WEEKDAY: Final = re.compile(r"L([0-9]+)")


@dataclass(frozen=True, slots=True)
class Part:
    """One of the five fields: its code for messages, its values, and how they may be written."""

    code: str
    low: int
    high: int
    span: int
    """How many different values there are: not `high - low + 1` where Sunday is both 0 and 7."""
    forms: str
    """What may stand in the field, as shown beside an item that cannot be read."""
    names: Mapping[str, int] = field(default_factory=dict)

    @property
    def everything(self) -> int:
        """The set of all values."""
        return ((1 << self.span) - 1) << self.low


def _numbered(names: str, start: int) -> dict[str, int]:
    return {name: number for number, name in enumerate(names.split(), start)}


_MONTHS: Final = _numbered("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC", 1)
_WEEKDAYS: Final = _numbered("SUN MON TUE WED THU FRI SAT", 0)

MINUTE: Final = Part("cron.part.minute", 0, 59, 60, "* 0-59 , - /")
HOUR: Final = Part("cron.part.hour", 0, 23, 24, "* 0-23 , - /")
MONTH_DAY: Final = Part("cron.part.day_of_month", 1, 31, 31, "* 1-31 L 15W , - /")
MONTH: Final = Part("cron.part.month", 1, 12, 12, "* 1-12 JAN-DEC , - /", _MONTHS)
WEEKDAY: Final = Part("cron.part.day_of_week", 0, 7, 7, "* 0-7 SUN-SAT 5#3 L5 , - /", _WEEKDAYS)


def plain_field(part: Part, text: str) -> int:
    """The values that a minute, hour or month field chooses."""
    values = 0
    for item in text.split(","):
        values |= _values(part, item)
    return values


def month_day_field(text: str) -> tuple[int, bool, int]:
    """The day-of-month field: its days, whether `L` is among them, and the day of a `W` or 0."""
    items = text.split(",")
    values, last, nearest = 0, False, 0
    for item in items:
        if item == "L":
            last = True
        elif match := _NEAREST.fullmatch(item):
            if len(items) > 1:
                _refuse("cron.nearest_in_list", MONTH_DAY, item)
            nearest = _number(MONTH_DAY, match[1] or match[2], item)
        else:
            values |= _values(MONTH_DAY, item.replace("-L", "-31", 1))
    return values, last, nearest


def weekday_field(text: str) -> tuple[int, tuple[tuple[int, int], ...]]:
    """The day-of-week field: its weekdays, or the (number, weekday) pairs of `#` and `L`."""
    values = 0
    occurrences: set[tuple[int, int]] = set()
    for item in text.split(","):
        if match := _LAST_WEEKDAY.fullmatch(item):
            occurrences.add((LAST, _number(WEEKDAY, match[1], item) % 7))
        elif "#" in item:
            occurrences |= _nth_weekdays(item)
        else:
            values |= _values(WEEKDAY, item)
    if values and occurrences:
        _refuse("cron.mixed_weekdays", WEEKDAY, text)
    return values, tuple(sorted(occurrences))


def _nth_weekdays(item: str) -> set[tuple[int, int]]:
    days, _hash, number = item.partition("#")
    if "/" in days or "*" in days:
        _unreadable(WEEKDAY, item)
    if number not in {"1", "2", "3", "4", "5"}:
        _refuse("cron.nth_out_of_range", WEEKDAY, item, low=1, high=5)
    return {(int(number), weekday) for weekday in members(_values(WEEKDAY, days))}


def _values(part: Part, item: str) -> int:
    """One item of a list: `*`, a value or a range, each with or without a step."""
    body, slash, step_text = item.partition("/")
    step = _step(part, step_text, item) if slash else 1
    if body == "*":
        return part.everything if step == 1 else _progression(part, part.low, None, step)
    if "-" in body:
        bits = _range(part, body, step, item)
    elif slash:
        bits = _progression(part, _start(part, body, item), None, step)
    else:
        return 1 << _start(part, body, item)
    if slash and bits & (bits - 1) == 0:
        _refuse("cron.step_chooses_one", part, item, only=members(bits)[0])
    return bits


def _range(part: Part, body: str, step: int, item: str) -> int:
    low_text, _dash, high_text = body.partition("-")
    low, high = _start(part, low_text, item), _number(part, high_text, item)
    if low == high or low_text == high_text:
        _refuse("cron.range_of_one", part, item, low=part.low, high=part.high)
    if part is WEEKDAY and high == 0:
        high = 7
    if low < high:
        return _progression(part, low, high, step)
    if step > 1:
        _refuse("cron.step_across_end", part, item)
    return _progression(part, low, None, 1) | _progression(part, part.low, high, 1)


def _progression(part: Part, low: int, high: int | None, step: int) -> int:
    """The set low, low + step ... up to `high` or the end of the field."""
    end = part.low + part.span - 1 if high is None else high
    bits = 0
    for value in range(low, end + 1, step):
        bits |= 1 << value
    return bits if part is not WEEKDAY else (bits | bits >> 7) & WHOLE_WEEK


def _step(part: Part, text: str, item: str) -> int:
    if not _is_number(text):
        _unreadable(part, item)
    step = int(text)
    if not 1 <= step <= part.span:
        _refuse("cron.step_out_of_range", part, item, low=1, high=part.span)
    return step


def _start(part: Part, text: str, item: str) -> int:
    """A value that stands alone or begins a range: there, 7 is the Sunday that begins the week."""
    number = _number(part, text, item)
    return 0 if part is WEEKDAY and number == 7 else number


def _number(part: Part, text: str, item: str) -> int:
    if not _is_number(text):
        named = part.names.get(text)
        return _unreadable(part, item) if named is None else named
    number = int(text)
    if not part.low <= number <= part.high:
        _refuse("cron.out_of_range", part, item, low=part.low, high=part.high)
    return number


def _is_number(text: str) -> bool:
    # isdigit alone would let other scripts' digits through, and powers such as ².
    return text.isascii() and text.isdigit()


def _unreadable(part: Part, item: str) -> NoReturn:
    _refuse("cron.unreadable", part, item, forms=part.forms)


def _refuse(code: str, part: Part, value: str, **params: Param) -> NoReturn:
    raise InvalidValueError(code, field="cron_expression", part=part.code, value=value, **params)
