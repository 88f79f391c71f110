"""National holidays and make-up workdays as marked dates; the only place that knows `holidays`.

The library is asked, never trusted with time: which years, the caller says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.domain.calendar import DAY, Override
from core.errors import InvalidValueError
from core.language import _, current_language

FIRST_YEAR, LAST_YEAR = 1990, 2100
_MOVES_WITHIN_YEARS = 3


@dataclass(frozen=True, slots=True)
class NationalDays:
    """The marked dates of some years, rising."""

    overrides: tuple[Override, ...]
    unannounced_years: tuple[int, ...]
    """Years without a make-up workday, in a country that lately had them: too far ahead."""


def national_days(country: str, years: Sequence[int]) -> NationalDays:
    """The holidays and make-up workdays of `country`, a two-letter code, in the current language.

    Raises:
        InvalidValueError: the country, or one of the years, is not known.
    """
    days_off, make_ups = _ask(country.strip().upper(), years)
    moving = {each.year for each in make_ups}
    for year in years:
        if not any(each.year == year for each in days_off):
            raise InvalidValueError(
                "calendar.year_unknown", field="year", value=str(year), country=country
            )
    named = days_off | _joined_weekends(days_off, make_ups)
    overrides = [Override(on, is_open=False, name=name) for on, name in named.items()]
    overrides += [Override(on, is_open=True, name=_("make-up workday")) for on in make_ups]
    return NationalDays(
        tuple(sorted((each for each in overrides if each.on.year in years), key=lambda it: it.on)),
        tuple(
            year
            for year in years
            if year not in moving and moving & set(range(year - _MOVES_WITHIN_YEARS, year))
        ),
    )


def _ask(country: str, years: Sequence[int]) -> tuple[dict[date, str], set[date]]:
    """Days off with their names, and make-up workdays, of the years and those just before."""
    import holidays  # noqa: PLC0415 - loads for a third of a second what few calls need

    if country not in holidays.list_supported_countries():
        raise InvalidValueError("calendar.country_unknown", field="country", value=country)
    asked = {year - back for year in years for back in range(_MOVES_WITHIN_YEARS + 1)}
    asked |= {year + 1 for year in years}  # a make-up workday may belong to next year's holiday
    found = holidays.country_holidays(country, years=asked, language=_library_language())
    return (
        {on: name for on, name in found.items() if on.year in asked},
        {on for on in found.weekend_workdays if on.year in asked},
    )


def _library_language() -> str:
    return "zh_CN" if current_language() == "zh_CN" else "en_US"


def _joined_weekends(days_off: dict[date, str], make_ups: set[date]) -> dict[date, str]:
    """The weekend days that an announcement counts to the holiday beside them.

    Where workdays are moved, an announcement closes whole stretches; the library lists only the
    days that are off besides every weekend. A school that works on Saturdays needs them all.
    """
    moving = {each.year for each in make_ups}
    joined: dict[date, str] = {}
    for day_off in (each for each in days_off if each.year in moving):
        for step in (DAY, -DAY):
            on = day_off + step
            while on.weekday() >= 5 and on not in days_off and on not in make_ups:
                joined[on] = _("weekend of a holiday")
                on += step
    return joined
