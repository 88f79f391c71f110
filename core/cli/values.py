"""What a flag's text may be; a refusal names flag, value and what is allowed."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from enum import Enum
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import click

from core.errors import InvalidValueError

E = TypeVar("E", bound=Enum)
T = TypeVar("T")
HIGHEST_ID = 2**31 - 1
"""What an integer column holds."""


class Everything(Enum):
    """“All schools”, where leaving a flag out means “as it is”."""

    SCHOOLS = "all"


ALL_SCHOOLS: Final = Everything.SCHOOLS


class Nothing(Enum):
    """“Nothing”, where leaving a flag out means “as it is”."""

    NONE = "none"


NONE: Final = Nothing.NONE
_UNITS: Final = {"d": 86_400, "h": 3600, "m": 60, "s": 1}
_MOST_DIGITS: Final = 9
_LENGTH: Final = re.compile(
    "".join(rf"(?:([0-9]{{1,{_MOST_DIGITS}}}){letter})?" for letter in _UNITS)
)


class Choice(click.ParamType[E]):
    """One of an enum's values."""

    def __init__(self, choices: Iterable[E]) -> None:
        self._by_value = {str(each.value): each for each in choices}
        self.name = "|".join(self._by_value)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> E:
        """The member of that value."""
        del ctx
        if isinstance(value, Enum):
            return cast("E", value)
        if value not in self._by_value:
            raise InvalidValueError(
                "field.choice", field=flag_of(param), value=value, choices=list(self._by_value)
            )
        return self._by_value[value]


class WholeNumber(click.ParamType[int]):
    """A whole number in a range."""

    def __init__(self, low: int, high: int, name: str = "N") -> None:
        self._low, self._high, self.name = low, high, name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number."""
        del ctx
        try:
            number = int(value)
        except ValueError:
            number = self._low - 1
        if not self._low <= number <= self._high:
            raise InvalidValueError(
                "cli.not_a_number",
                field=flag_of(param),
                value=str(value),
                low=self._low,
                high=self._high,
            )
        return number


class Decimal(click.ParamType[float]):
    """A number in a range, with or without a fraction."""

    name = "X"

    def __init__(self, low: float, high: float) -> None:
        self._low, self._high = low, high

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number."""
        del ctx
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not self._low <= number <= self._high:  # written so that it refuses "not a number"
            raise InvalidValueError(
                "cli.not_a_decimal",
                field=flag_of(param),
                value=str(value),
                low=f"{self._low:g}",
                high=f"{self._high:g}",
            )
        return number


class Length(click.ParamType[int]):
    """A length of time in a range: whole seconds, or a form such as `90s`, `15m`, `2h`, `1d12h`."""

    name = "LENGTH"

    def __init__(self, low: int, high: int) -> None:
        self._low, self._high = low, high

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Its seconds."""
        del ctx
        seconds = value if isinstance(value, int) else _seconds(value.strip().lower())
        if seconds is None or not self._low <= seconds <= self._high:
            raise InvalidValueError(
                "cli.not_a_length",
                field=flag_of(param),
                value=str(value),
                low_seconds=self._low,
                high_seconds=self._high,
            )
        return seconds


def length_text(seconds: int) -> str:
    """A length of time in the largest unit that holds it whole, as `Length` reads it: `15m`."""
    for letter, size in _UNITS.items():
        if seconds and seconds % size == 0:
            return f"{seconds // size}{letter}"
    return str(seconds)


def _seconds(text: str) -> int | None:
    if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS:
        return int(text)
    found = _LENGTH.fullmatch(text)
    if found is None or not text:
        return None
    sizes = zip(found.groups(), _UNITS.values(), strict=True)
    return sum(int(number) * size for number, size in sizes if number)


class OrNone(click.ParamType[T | Nothing]):
    """A value, or `none` to take the one there is away."""

    def __init__(self, inner: click.ParamType[T]) -> None:
        self._inner = inner
        self.name = f"{inner.name}|{NONE.value}"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> T | Nothing:
        """The value, or `NONE`."""
        if value in (NONE, NONE.value):
            return NONE
        return self._inner.convert(value, param, ctx)


class SchoolScope(click.ParamType[int | Everything]):
    """The number of a school, or `all`."""

    name = f"N|{ALL_SCHOOLS.value}"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | Everything:
        """The number, or `ALL_SCHOOLS`."""
        if value in (ALL_SCHOOLS, ALL_SCHOOLS.value):
            return ALL_SCHOOLS
        return ID.convert(value, param, ctx)


class Text(click.ParamType[str]):
    """Text that can be stored: the terminal may hand over bytes that are none."""

    def __init__(self, name: str = "TEXT") -> None:
        self.name = name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text as it is."""
        del ctx
        text = str(value)
        try:
            text.encode()
        except UnicodeEncodeError:
            shown = text.encode("ascii", "backslashreplace").decode()
            raise InvalidValueError(
                "cli.text_unreadable", field=flag_of(param), value=shown
            ) from None
        return text


class ExistingPath(click.ParamType[Path]):
    """A file or folder that is there."""

    def __init__(self, name: str = "PATH") -> None:
        self.name = name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Its path."""
        del ctx
        path = Path(value).expanduser()
        if not path.exists():
            shown = str(value).encode("utf-8", "backslashreplace").decode()
            raise InvalidValueError("cli.path_missing", field=flag_of(param), value=shown)
        return path


ID: Final = WholeNumber(1, HIGHEST_ID)


def flag_of(param: click.Parameter | None) -> str:
    """What a person calls a parameter: `--id`, `IMAGE…`."""
    match param:
        case None:
            return "?"
        case click.Option():
            return param.opts[0]
        case _:
            return param.metavar or param.type.name
