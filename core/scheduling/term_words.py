"""A term trigger said in words, in the current language; a part of `core.scheduling.wording`."""

from __future__ import annotations

from typing import assert_never

from core.domain.calendar import kind_code, weekday_code
from core.domain.term import FirstOpenDay, OpenDaysBefore, TermTrigger, WeekdayOfWeek
from core.domain.term_text import clock
from core.language import _, _n
from core.messages import TERMS


def term_words(trigger: TermTrigger) -> str:
    """`trigger` in words."""
    time, kind = clock(trigger.at), _(TERMS[kind_code(trigger.rule.kind)])
    match trigger.rule:
        case FirstOpenDay():
            return _("at {time} on the first open day of each {kind}").format(time=time, kind=kind)
        case WeekdayOfWeek(weekday, week):
            return _("at {time} on {weekday} of week {week} of each {kind}").format(
                time=time, weekday=_(TERMS[weekday_code(weekday)]), week=week, kind=kind
            )
        case OpenDaysBefore(days):
            return _n(
                "at {time}, {count} open day before each {kind}",
                "at {time}, {count} open days before each {kind}",
                days,
            ).format(time=time, count=days, kind=kind)
        case _:
            assert_never(trigger.rule)
