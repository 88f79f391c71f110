"""The command that shows when something would run: a bare expression needs no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from core.cli.call import Call, pass_call
from core.cli.commands.calendar_entries import calendars_behind
from core.cli.commands.term_flag import term_flag
from core.cli.output import table
from core.cli.spoken import Command, Option
from core.cli.values import ID, Choice, Text, WholeNumber
from core.clock import SystemClock, machine_timezone
from core.contracts.records import SchedulePreview
from core.domain import term_text
from core.domain.calendar import CalendarPolicy, SchoolCalendar
from core.domain.plan import Plan
from core.domain.trigger import (
    MAX_INTERVAL_SECONDS,
    MIN_INTERVAL_SECONDS,
    Cron,
    Interval,
    Schedule,
    Trigger,
)
from core.errors import InvalidValueError, NotFoundError
from core.language import N_, _
from core.scheduling import fire_times, wording
from core.scheduling.planned import iter_firing

MOST_INSTANTS = 10_000
WAYS = ("--cron", "--interval", "--term-rule", "--task")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the flags said."""

    cron_expression: str | None
    interval_seconds: int | None
    term_rule: str | None
    task_id: int | None
    timezone: str | None
    from_time: str | None
    count: int
    calendar: str | None
    calendar_policy: CalendarPolicy | None


@pass_call
def _next(call: Call, /, **flags: Any) -> None:
    asked = Asked(**flags)
    _check(asked)
    found = _of_task(call, asked) if asked.task_id is not None else _of_expression(call, asked)
    local = ZoneInfo(asked.timezone or found.timezone)
    instants = [
        {"utc": each.isoformat(), "local": each.astimezone(local).isoformat()}
        for each in found.instants
    ]
    call.out.answer(
        {"words": found.words, "next": instants},
        lambda: [
            found.words,
            table(["UTC", local.key], [[each["utc"], each["local"]] for each in instants])
            if instants
            else _("There is no such time any more."),
        ],
    )


def _check(asked: Asked) -> None:
    given = (asked.cron_expression, asked.interval_seconds, asked.term_rule, asked.task_id)
    if sum(each is not None for each in given) != 1:
        raise InvalidValueError("cli.one_of", field=WAYS[0], choices=list(WAYS))
    if asked.task_id is not None and asked.calendar is not None:
        raise InvalidValueError("cli.not_together", field="--calendar", other="--task")
    if asked.calendar_policy is not None and asked.calendar is None:
        raise InvalidValueError("cli.only_with", field="--calendar-policy", other="--calendar")
    if asked.timezone is not None:
        fire_times.zone(asked.timezone)


def _of_task(call: Call, asked: Asked) -> SchedulePreview:
    backend = call.backend()
    task_id = asked.task_id or 0
    timezone = asked.timezone or backend.get_task(task_id).timezone
    after = None if asked.from_time is None else _start(asked, timezone)
    return backend.next_runs(task_id, after=after, count=asked.count)


def _of_expression(call: Call, asked: Asked) -> SchedulePreview:
    timezone = asked.timezone or machine_timezone()
    after = _start(asked, timezone)
    schedule = Schedule(_trigger(asked, after), timezone)
    calendar = None if asked.calendar is None else _calendar(call, asked.calendar)
    fire_times.check(schedule, after, calendar)
    plan = Plan(schedule, calendar, asked.calendar_policy or CalendarPolicy.SKIP)
    instants = tuple(islice(iter_firing(plan, after), asked.count))
    return SchedulePreview(wording.words(schedule), instants, timezone)


def _trigger(asked: Asked, anchor_at: datetime) -> Trigger:
    if asked.cron_expression is not None:
        return Cron(asked.cron_expression)
    if asked.term_rule is not None:
        return term_text.parse(asked.term_rule)
    return Interval(asked.interval_seconds or 0, anchor_at)


def _start(asked: Asked, timezone: str) -> datetime:
    if asked.from_time is None:
        return SystemClock().now().replace(microsecond=0)
    return fire_times.read_time(asked.from_time, timezone, "from_at")


def _calendar(call: Call, name: str) -> SchoolCalendar:
    for each in calendars_behind(call).list_calendars():
        if name in (each.name, str(each.id)):
            return each.calendar
    raise NotFoundError("calendar.not_found", calendar=name)


COMMANDS = (
    Command(
        "next",
        callback=_next,
        help=N_("Show in words and times when an expression, or a task, runs next."),
        params=[
            Option(
                ["--cron", "cron_expression"],
                type=Text("EXPR"),
                help=N_("Minute, hour, day, month and weekday, such as “0 2 * * *”."),
            ),
            Option(
                ["--interval", "interval_seconds"],
                type=WholeNumber(MIN_INTERVAL_SECONDS, MAX_INTERVAL_SECONDS, "SECONDS"),
                help=N_("Seconds from one run to the next."),
            ),
            term_flag(),
            Option(["--task", "task_id"], type=ID, help=N_("Number of a task that there is.")),
            Option(
                ["--timezone"],
                type=Text("TZ"),
                help=N_("IANA time zone of the times (else the task's, else the machine's)."),
            ),
            Option(
                ["--from", "from_time"],
                type=Text("ISO"),
                help=N_("Show the times after this one (else after now)."),
            ),
            Option(
                ["--count"],
                type=WholeNumber(1, MOST_INSTANTS),
                default=5,
                help=N_("How many times (else 5)."),
            ),
            Option(
                ["--calendar"],
                type=Text("NAME"),
                help=N_("Leave out the closed days of this school calendar."),
            ),
            Option(
                ["--calendar-policy"],
                type=Choice(CalendarPolicy),
                help=N_("What happens to a run on a closed day (else it is left out)."),
            ),
        ],
    ),
)
