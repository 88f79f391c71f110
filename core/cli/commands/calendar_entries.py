"""Calendar commands that fill a calendar: single days, ranges, and imports."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from core.cli.calendar_words import for_machines, import_words
from core.cli.call import Call, pass_call
from core.cli.output import say
from core.cli.spoken import Argument, Command, Option
from core.cli.values import ID, Choice, ExistingPath, Text, WholeNumber
from core.cli.values_of_dates import DateValue
from core.contracts.calendars import (
    AddRange,
    CalendarBackend,
    CalendarImport,
    CalendarRecord,
    MarkDate,
)
from core.domain.calendar import RangeKind
from core.language import N_, _

YEARS = WholeNumber(1990, 2100)


def calendars_behind(call: Call, *, create: bool = False) -> CalendarBackend:
    """The calendars of the database that the flags name."""
    return call.backend(create=create)


def saved(call: Call, record: CalendarRecord) -> None:
    """Answer with a calendar that was changed."""
    call.out.answer(
        for_machines(record),
        lambda: _("Calendar {calendar_id} “{name}” is saved.").format(
            calendar_id=record.id, name=record.name
        ),
    )


def id_flag() -> Option:
    """`--id N` of a calendar."""
    return Option(
        ["--id", "calendar_id"], type=ID, required=True, help=N_("Number of the calendar.")
    )


def confirmed_flag() -> Option:
    """`--even-without-runs`."""
    return Option(
        ["--even-without-runs", "confirmed"],
        is_flag=True,
        help=N_("Save it even if a task would never run again."),
    )


def on_flag(*, is_needed: bool, text: str) -> Option:
    """`--on DATE`; `text` is marked."""
    return Option(["--on"], type=DateValue(), required=is_needed, help=text)


def _imported(call: Call, done: CalendarImport) -> None:
    words = import_words(done)
    call.out.answer(
        {
            "calendar": for_machines(done.calendar),
            "added": done.added,
            "kept": done.kept,
            "left_out": done.left_out,
            "unannounced_years": done.unannounced_years,
        },
        lambda: words[0],
    )
    if not call.out.as_json:
        for each in words[1:]:
            say(each)


@pass_call
def _open_day(call: Call, calendar_id: int, on: date, name: str, *, confirmed: bool) -> None:
    command = MarkDate(calendar_id, on, is_open=True, name=name)
    saved(call, calendars_behind(call).mark_date(command, even_without_runs=confirmed))


@pass_call
def _close_day(call: Call, calendar_id: int, on: date, name: str, *, confirmed: bool) -> None:
    command = MarkDate(calendar_id, on, is_open=False, name=name)
    saved(call, calendars_behind(call).mark_date(command, even_without_runs=confirmed))


@pass_call
def _clear_day(call: Call, calendar_id: int, on: date, *, confirmed: bool) -> None:
    backend = calendars_behind(call)
    saved(call, backend.unmark_date(calendar_id, on, even_without_runs=confirmed))


@pass_call
def _range(
    call: Call,
    calendar_id: int,
    kind: RangeKind,
    name: str,
    first_on: date,
    last_on: date,
    *,
    confirmed: bool,
) -> None:
    command = AddRange(calendar_id, kind, name, first_on, last_on)
    saved(call, calendars_behind(call).add_range(command, even_without_runs=confirmed))


@pass_call
def _remove_range(call: Call, calendar_id: int, range_id: int, *, confirmed: bool) -> None:
    backend = calendars_behind(call)
    saved(call, backend.remove_range(calendar_id, range_id, even_without_runs=confirmed))


@pass_call
def _import_holidays(
    call: Call, calendar_id: int, country: str, years: tuple[int, ...], *, confirmed: bool
) -> None:
    backend = calendars_behind(call)
    _imported(
        call,
        backend.import_holidays(calendar_id, country, years, even_without_runs=confirmed),
    )


@pass_call
def _import_ics(
    call: Call, calendar_id: int, file: Path, kind: RangeKind | None, *, confirmed: bool
) -> None:
    chosen = kind or RangeKind.HOLIDAY
    backend = calendars_behind(call)
    _imported(call, backend.import_ics(calendar_id, file, chosen, even_without_runs=confirmed))


def _reason() -> Option:
    return Option(["--name"], type=Text(), default="", help=N_("What the day is."))


_DAYS = (
    Command(
        "open-day",
        callback=_open_day,
        help=N_("Mark a date as open, such as a make-up workday."),
        params=[
            id_flag(),
            confirmed_flag(),
            on_flag(is_needed=True, text=N_("The date.")),
            _reason(),
        ],
    ),
    Command(
        "close-day",
        callback=_close_day,
        help=N_("Mark a date as closed."),
        params=[
            id_flag(),
            confirmed_flag(),
            on_flag(is_needed=True, text=N_("The date.")),
            _reason(),
        ],
    ),
    Command(
        "clear-day",
        callback=_clear_day,
        help=N_("Take the mark off a date: ranges and weekdays decide again."),
        params=[id_flag(), confirmed_flag(), on_flag(is_needed=True, text=N_("The date."))],
    ),
    Command(
        "range",
        callback=_range,
        help=N_("Add a term, holiday, exam time or closure."),
        params=[
            id_flag(),
            confirmed_flag(),
            Option(
                ["--kind"],
                type=Choice(RangeKind),
                required=True,
                help=N_("Holidays and closures are closed; terms and exam times are not."),
            ),
            Option(["--name"], type=Text(), required=True, help=N_("Its name.")),
            Option(["--first-on"], type=DateValue(), required=True, help=N_("Its first date.")),
            Option(["--last-on"], type=DateValue(), required=True, help=N_("Its last date.")),
        ],
    ),
    Command(
        "remove-range",
        callback=_remove_range,
        help=N_("Remove a range."),
        params=[
            id_flag(),
            confirmed_flag(),
            Option(["--range-id"], type=ID, required=True, help=N_("Number of the range.")),
        ],
    ),
)

_IMPORTS = (
    Command(
        "import-holidays",
        callback=_import_holidays,
        help=N_("Take in national holidays and make-up workdays; again changes nothing."),
        params=[
            id_flag(),
            confirmed_flag(),
            Option(
                ["--country"],
                type=Text("CODE"),
                required=True,
                help=N_("Two letters, such as CN."),
            ),
            Option(
                ["--year", "years"],
                type=YEARS,
                required=True,
                multiple=True,
                help=N_("The year; give it again for more years."),
            ),
        ],
    ),
    Command(
        "import-ics",
        callback=_import_ics,
        help=N_("Take in the events of an iCalendar file; again changes nothing."),
        params=[
            Argument(["file"], type=ExistingPath(), metavar="FILE"),
            id_flag(),
            confirmed_flag(),
            Option(
                ["--kind"],
                type=Choice(RangeKind),
                help=N_("What the events are (else holidays)."),
            ),
        ],
    ),
)

COMMANDS = (*_DAYS, *_IMPORTS)
