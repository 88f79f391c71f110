"""The day and month fields of a cron line in words; knows nothing about the time of day."""

from __future__ import annotations

from core.language import N_, _
from core.scheduling.cron import CronExpression
from core.scheduling.cron_days import (
    LAST,
    WHOLE_MONTH,
    WHOLE_WEEK,
    DayRule,
    days_up_to,
    longest_month,
    members,
)
from core.scheduling.word_lists import circular_ranges, listed, ranges

_WEEKDAYS = (
    N_("Sunday"),
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
)
_MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)
_OCCURRENCES = {
    1: N_("the first {weekday}"),
    2: N_("the second {weekday}"),
    3: N_("the third {weekday}"),
    4: N_("the fourth {weekday}"),
    5: N_("the fifth {weekday}"),
    LAST: N_("the last {weekday}"),
}


def is_every_day(expression: CronExpression) -> bool:
    """Whether there is no day without a run."""
    return expression.months.bit_count() == 12 and _every_day_of_month(expression.days)


def day_words(expression: CronExpression) -> str:
    """On which days: “on Monday to Friday”, “on day 1 of every month or on Monday”."""
    rule, months = expression.days, _month_words(expression.months)
    if _every_day_of_month(rule):
        return _("every day in {months}").format(months=months) if months else _("every day")
    month_day, weekday = _month_day_items(rule, expression.months), _weekday_words(rule, months)
    if not month_day:
        return weekday
    if not weekday:
        return _of_month(month_day, months)
    return _("{days} or {other_days}").format(days=_of_month(month_day, months), other_days=weekday)


def _every_day_of_month(rule: DayRule) -> bool:
    return (
        not (rule.restricts_month_day or rule.restricts_weekday)
        or (rule.restricts_month_day and rule.month_days == WHOLE_MONTH)
        or (rule.restricts_weekday and rule.weekdays == WHOLE_WEEK)
    )


def _month_day_items(rule: DayRule, months: int) -> list[str]:
    """The chosen month days that the months can have; none where the field is not restricted."""
    if not rule.restricts_month_day:
        return []
    items = []
    days = members(rule.month_days & days_up_to(longest_month(months)))
    if len(days) == 1:
        items.append(_("day {day}").format(day=days[0]))
    elif days:
        items.append(_("days {days}").format(days=ranges(days)))
    if rule.last_day:
        items.append(_("the last day"))
    if rule.nearest_to:
        items.append(
            _("the weekday (Monday to Friday) nearest to day {day}").format(day=rule.nearest_to)
        )
    return items


def _weekday_words(rule: DayRule, months: str) -> str:
    if not rule.restricts_weekday:
        return ""
    if rule.occurrences:
        items = [
            _(_OCCURRENCES[number]).format(weekday=_(_WEEKDAYS[weekday]))
            for number, weekday in rule.occurrences
        ]
        return _of_month(items, months)
    # The week begins on Monday here, as it does in Chinese.
    days = sorted((weekday - 1) % 7 for weekday in members(rule.weekdays))
    weekdays = circular_ranges(days, 7, lambda day: _(_WEEKDAYS[(day + 1) % 7]))
    if months:
        return _("on {weekdays} in {months}").format(weekdays=weekdays, months=months)
    return _("on {weekdays}").format(weekdays=weekdays)


def _of_month(items: list[str], months: str) -> str:
    if months:
        return _("on {days} of {months}").format(days=listed(items), months=months)
    return _("on {days} of every month").format(days=listed(items))


def _month_words(months: int) -> str:
    """The names of the months, or nothing where all are meant."""
    numbers = [month - 1 for month in members(months)]
    if len(numbers) == 12:
        return ""
    return circular_ranges(numbers, 12, lambda month: _(_MONTHS[month]))
