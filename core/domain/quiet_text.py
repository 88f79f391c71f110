"""Quiet hours as a person types them, “mon-fri 08:00-17:00; sat 09:00-12:00”, and said in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from core.domain.calendar import WEEKDAYS, weekday_code
from core.domain.quiet_hours import DAY_MINUTES, QuietTime, Timetable
from core.errors import InvalidValueError, Param

MAX_LENGTH: Final = 500
FIELD: Final = "quiet_hours"

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CHINESE: Final = "一二三四五六日"
_NUMBERS: Final[dict[str, int]] = {
    **{name: day for names in (_DAYS, WEEKDAYS, _CHINESE) for day, name in enumerate(names)},
    "天": 6,
}
_EVERY_DAY: Final = frozenset({"daily", "每天", "每日"})
_CHINESE_PREFIX: Final = re.compile("^(?:周|星期)")
_PART: Final = re.compile(r"(?P<days>[^\d]+)(?P<times>\d.*)")
_RANGE: Final = re.compile(r"(\d{1,2}):(\d{2}) ?- ?(\d{1,2}):(\d{2})")
# What NFKC leaves of a Chinese keyboard and of word processors.
_LOOK_ALIKES: Final = str.maketrans(dict.fromkeys("‐–—−~至到", "-") | {"、": ",", "。": ";"})


@dataclass(frozen=True, slots=True)
class Spoken:
    """A code of `core.messages` with its parameters: one line of the timetable in words."""

    code: str
    params: dict[str, Param]


def parse(text: str) -> Timetable:
    """The timetable that `text` means; an empty text is an empty one.

    Parts are set apart by semicolons. In each stand days (`mon`, `mon-fri`, `mon,wed`, `daily`, or
    周一至周五, 每天) and times (`08:00-12:00,13:00-17:00`; `22:00-06:00` ends on the next day).

    Raises:
        InvalidValueError: a `quiet.` code that names the part, or `text.too_long`.
    """
    if len(text) > MAX_LENGTH:
        raise InvalidValueError("text.too_long", field=FIELD, length=len(text), high=MAX_LENGTH)
    plain = unicodedata.normalize("NFKC", text).translate(_LOOK_ALIKES).lower()
    parts = (" ".join(part.split()) for part in re.split(r"[;\n]", plain))
    return Timetable(tuple(time for part in parts if part for time in _part(part)))


def to_text(timetable: Timetable) -> str:
    """The timetable as `parse` reads it, one part for each quiet time."""
    return "; ".join(
        f"{_days_text(each.weekdays)} {_clock(each.begin)}-{_clock(each.end)}"
        for each in timetable.times
    )


def spoken(timetable: Timetable) -> tuple[Spoken, ...]:
    """The timetable in words: a line for each row of days, in any language."""
    return tuple(
        _spoken(first, last, each)
        for each in timetable.times
        for first, last in _rows(each.weekdays)
    )


def _part(part: str) -> Iterator[QuietTime]:
    found = _PART.fullmatch(part)
    if found is None:
        raise InvalidValueError("quiet.part_unreadable", field=FIELD, part=part)
    weekdays = _weekdays(found["days"])
    for times in found["times"].split(","):
        begin, end = _times(times.strip())
        yield QuietTime(weekdays, begin, end)


def _weekdays(text: str) -> tuple[int, ...]:
    days: set[int] = set()
    for item in text.split(","):
        name = item.strip()
        if name in _EVERY_DAY:
            days.update(range(7))
            continue
        first, dash, last = name.partition("-")
        begin = _weekday(first, name)
        length = (_weekday(last, name) - begin) % 7 if dash else 0
        days.update((begin + step) % 7 for step in range(length + 1))
    return tuple(sorted(days))


def _weekday(text: str, part: str) -> int:
    number = _NUMBERS.get(_CHINESE_PREFIX.sub("", text.strip(), count=1))
    if number is None:
        raise InvalidValueError("quiet.day_unknown", field=FIELD, part=text.strip() or part)
    return number


def _times(text: str) -> tuple[int, int]:
    found = _RANGE.fullmatch(text)
    if found is None:
        raise InvalidValueError("quiet.time_unreadable", field=FIELD, part=text)
    begin_hour, begin_minute, end_hour, end_minute = map(int, found.groups())
    begin, end = begin_hour * 60 + begin_minute, end_hour * 60 + end_minute
    if max(begin_minute, end_minute) > 59 or begin >= DAY_MINUTES or end > DAY_MINUTES:
        raise InvalidValueError("quiet.time_unreadable", field=FIELD, part=text)
    if begin == end:
        raise InvalidValueError("quiet.time_empty", field=FIELD, part=text)
    return begin, end if end > begin else end + DAY_MINUTES


def _days_text(weekdays: tuple[int, ...]) -> str:
    if len(weekdays) == 7:
        return "daily"
    return ",".join(
        _DAYS[first] if first == last else f"{_DAYS[first]}-{_DAYS[last]}"
        for first, last in _rows(weekdays)
    )


def _rows(weekdays: tuple[int, ...]) -> list[tuple[int, int]]:
    """The rows of consecutive days in a week that begins on Monday."""
    rows: list[tuple[int, int]] = []
    for day in weekdays:
        if rows and rows[-1][1] == day - 1:
            rows[-1] = (rows[-1][0], day)
        else:
            rows.append((day, day))
    return rows


def _spoken(first: int, last: int, time: QuietTime) -> Spoken:
    code, params = "quiet.on_days", dict[str, Param]()
    if (first, last) == (0, 6):
        code = "quiet.daily"
    else:
        params["first_day"] = weekday_code(first)
        if first == last:
            code = "quiet.on_day"
        else:
            params["last_day"] = weekday_code(last)
    if time.is_overnight:
        code += "_overnight"
    return Spoken(code, {**params, "begin": _clock(time.begin), "end": _clock(time.end)})


def _clock(minute: int) -> str:
    """The end of a day is 24:00; anything beyond is the next day's."""
    if minute > DAY_MINUTES:
        minute -= DAY_MINUTES
    return f"{minute // 60:02}:{minute % 60:02}"
