"""The sentences of school calendars; {kind} and {weekday} are of the terms.

Read through `core.messages` only.
"""

from __future__ import annotations

from typing import Final

from core.language import N_

SENTENCES: Final[dict[str, str]] = {
    # school calendars; {kind} and {weekday} are of TERMS
    "calendar.opened": N_("{on} is open in “{calendar}”: {name}."),
    "calendar.opened_unnamed": N_("{on} is open in “{calendar}”: it is marked as a school day."),
    "calendar.closed": N_("{on} is closed in “{calendar}”: {name}."),
    "calendar.closed_unnamed": N_("{on} is closed in “{calendar}”: it is marked as closed."),
    "calendar.closed_by_range": N_(
        "{on} is closed in “{calendar}”: it lies in the {kind} “{name}”, {first_on} to {last_on}."
    ),
    "calendar.open_weekday": N_("{on} is open in “{calendar}”: it is a {weekday}."),
    "calendar.closed_weekday": N_("{on} is closed in “{calendar}”: it is a {weekday}."),
    "calendar.moved_later": N_(
        "{from_on} is closed in “{calendar}”: moved to the next open day, {to_on}."
    ),
    "calendar.moved_earlier": N_(
        "{from_on} is closed in “{calendar}”: moved to the previous open day, {to_on}."
    ),
    "calendar.merged": N_(
        "{from_on} is closed in “{calendar}”: one run on {to_on} stands for this one and the one"
        " planned for {into_at}."
    ),
    "calendar.moved_out_of_window": N_(
        "{from_on} is closed in “{calendar}”, and the open day {to_on} lies outside the time from"
        " start to end of the task."
    ),
    "calendar.no_open_day": N_(
        "{on} is closed in “{calendar}”, and there is no open day within {days} days."
    ),
    "calendar.not_found": N_("There is no calendar “{calendar}”: see the list of calendars."),
    "calendar.name_length": N_("{field} needs a text of 1 to {high} characters."),
    "calendar.name_taken": N_(
        "A calendar named “{name}” already exists here: choose another name."
    ),
    "calendar.weekday": N_("“{value}” is no weekday: allowed are {choices}."),
    "calendar.date_unreadable": N_("{field} is “{value}”: give a date such as 2026-10-01."),
    "calendar.date_far": N_("{field} is {value}: allowed are the years {low} to {high}."),
    "calendar.range_reversed": N_("{field} is {value}, which is before the first day, {first_on}."),
    "calendar.range_long": N_("The range has {days} days: at most {high} are allowed."),
    "calendar.range_not_found": N_("The calendar “{calendar}” has no range {range_id}."),
    "calendar.override_not_found": N_("{on} is not marked in “{calendar}”."),
    "calendar.in_use": N_(
        "The calendar “{name}” is used by {count} tasks ({tasks}): give them another first."
    ),
    "calendar.leaves_no_run": N_(
        "With this change of “{name}” these tasks would never run again: {tasks}. Nothing was"
        " saved; change them first, or confirm."
    ),
    "calendar.full": N_("A calendar holds at most {high} ranges and as many marked dates."),
    "calendar.country_unknown": N_(
        "No holidays are known for “{value}”: give a country's two-letter code, such as CN."
    ),
    "calendar.year_unknown": N_("No holidays of {value} are known for {country}."),
    "calendar.file_unreadable": N_("{value} cannot be read ({detail})."),
    "calendar.file_too_big": N_("{value} has {size} KB: at most {limit} KB are allowed."),
    "calendar.not_icalendar": N_(
        "{value} is no iCalendar file: export the calendar as .ics and import that."
    ),
    "calendar.no_events": N_("{value} holds no event with a date: nothing was imported."),
}

TERMS: Final[dict[str, str]] = {
    "calendar.kind.term": N_("term"),
    "calendar.kind.holiday": N_("holiday"),
    "calendar.kind.exam": N_("exam time"),
    "calendar.kind.closure": N_("closure"),
    "calendar.weekday.monday": N_("Monday"),
    "calendar.weekday.tuesday": N_("Tuesday"),
    "calendar.weekday.wednesday": N_("Wednesday"),
    "calendar.weekday.thursday": N_("Thursday"),
    "calendar.weekday.friday": N_("Friday"),
    "calendar.weekday.saturday": N_("Saturday"),
    "calendar.weekday.sunday": N_("Sunday"),
}
