"""Flags that take a date or weekdays; a refusal names flag, value and what is allowed."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import click

from core.cli.values import flag_of
from core.domain.calendar import WEEKDAYS
from core.errors import InvalidValueError

_SHORT = [name[:3] for name in WEEKDAYS]


class DateValue(click.ParamType[date]):
    """A date without a time."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date of `YYYY-MM-DD`."""
        del ctx
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            raise InvalidValueError(
                "calendar.date_unreadable", field=flag_of(param), value=str(value)
            ) from None


class Weekdays(click.ParamType[tuple[int, ...]]):
    """Weekdays and ranges of them, by English names or their first three letters."""

    name = "DAYS"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        """Their numbers, 0 for Monday, rising; `none` for a calendar of single dates."""
        del ctx
        if isinstance(value, tuple):
            return cast("tuple[int, ...]", value)
        if value.strip().lower() == "none":
            return ()
        days: set[int] = set()
        for part in value.lower().split(","):
            first, _dash, last = part.partition("-")
            begin = self._day(first, param)
            end = self._day(last, param) if last else begin
            days |= {(begin + number) % 7 for number in range((end - begin) % 7 + 1)}
        return tuple(sorted(days))

    def _day(self, text: str, param: click.Parameter | None) -> int:
        name = text.strip()
        if name in WEEKDAYS:
            return WEEKDAYS.index(name)
        if name in _SHORT:
            return _SHORT.index(name)
        raise InvalidValueError(
            "calendar.weekday", field=flag_of(param), value=name, choices=[*_SHORT, "none"]
        )
