"""Calendar commands: list, show, create, edit, delete; `calendar_entries` has the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.cli.calendar_words import calendar_facts, calendar_table, date_words, for_machines
from core.cli.call import Call, pass_call
from core.cli.commands import calendar_entries
from core.cli.commands.calendar_entries import (
    calendars_behind,
    confirmed_flag,
    id_flag,
    on_flag,
    saved,
)
from core.cli.spoken import Command, Option, make_group
from core.cli.values import ID, Text
from core.cli.values_of_dates import Weekdays
from core.contracts.calendars import CreateCalendar, EditCalendar
from core.contracts.commands import UNSET
from core.domain.calendar import WORK_WEEK
from core.errors import InvalidValueError
from core.language import N_, _


@pass_call
def _list(call: Call) -> None:
    found = calendars_behind(call).list_calendars()
    call.out.answer(
        [for_machines(each) for each in found],
        lambda: calendar_table(found) if found else _("There is no calendar yet."),
    )


@pass_call
def _show(call: Call, calendar_id: int, on: date | None) -> None:
    backend = calendars_behind(call)
    if on is None:
        record = backend.get_calendar(calendar_id)
        call.out.answer(for_machines(record), lambda: calendar_facts(record))
        return
    verdict = backend.explain_date(calendar_id, on)
    words = date_words(verdict)
    call.out.answer(
        {"on": on.isoformat(), "is_open": verdict.is_open, "code": verdict.code, "reason": words},
        lambda: words,
    )


@pass_call
def _create(
    call: Call, name: str, school_id: int | None, open_weekdays: Sequence[int] | None
) -> None:
    weekdays = tuple(WORK_WEEK) if open_weekdays is None else open_weekdays
    command = CreateCalendar(name, school_id, weekdays)
    saved(call, calendars_behind(call, create=True).create_calendar(command))


@pass_call
def _edit(
    call: Call,
    calendar_id: int,
    name: str | None,
    open_weekdays: Sequence[int] | None,
    *,
    confirmed: bool,
) -> None:
    if name is None and open_weekdays is None:
        raise InvalidValueError("cli.nothing_to_change", field="--name")
    command = EditCalendar(
        calendar_id,
        UNSET if name is None else name,
        UNSET if open_weekdays is None else open_weekdays,
    )
    saved(call, calendars_behind(call).edit_calendar(command, even_without_runs=confirmed))


@pass_call
def _delete(call: Call, calendar_id: int) -> None:
    calendars_behind(call).delete_calendar(calendar_id)
    call.out.answer(
        {"id": calendar_id, "deleted": True},
        lambda: _("Calendar {calendar_id} is deleted.").format(calendar_id=calendar_id),
    )


def _open_weekdays() -> Option:
    return Option(
        ["--open", "open_weekdays"],
        type=Weekdays(),
        help=N_("Weekdays that are open, such as mon-fri (the default) or mon-fri,sat."),
    )


_CALENDARS = (
    Command("list", callback=_list, help=N_("List the calendars.")),
    Command(
        "show",
        callback=_show,
        help=N_("Show a calendar, or why it is open or closed on a date."),
        params=[id_flag(), on_flag(is_needed=False, text=N_("Only this date, with its reason."))],
    ),
    Command(
        "create",
        callback=_create,
        help=N_("Create a calendar; without a school it is shared by all."),
        params=[
            Option(["--name"], type=Text(), required=True, help=N_("The calendar's unique name.")),
            Option(["--school-id"], type=ID, help=N_("Only for this school.")),
            _open_weekdays(),
        ],
    ),
    Command(
        "edit",
        callback=_edit,
        help=N_("Change a calendar's name or open weekdays."),
        params=[
            confirmed_flag(),
            id_flag(),
            Option(["--name"], type=Text(), help=N_("Its new unique name.")),
            _open_weekdays(),
        ],
    ),
    Command(
        "delete",
        callback=_delete,
        help=N_("Delete a calendar that no task uses."),
        params=[id_flag()],
    ),
)

GROUP = make_group(
    "calendars",
    N_("School calendars: open and closed days, terms, holidays."),
    [*_CALENDARS, *calendar_entries.COMMANDS],
)
