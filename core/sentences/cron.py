"""The sentences of cron lines; {part} is one of the terms.

Read through `core.messages` only.
"""

from __future__ import annotations

from typing import Final

from core.language import N_

SENTENCES: Final[dict[str, str]] = {
    # cron (core.scheduling.cron); {part} is one of TERMS
    "cron.too_long": N_("The cron expression has {length} characters: at most {high} are allowed."),
    "cron.not_standard": N_("The cron line “{value}” cannot be read: see the examples."),
    "cron.field_count": N_(
        "The cron expression “{value}” has {count} fields: it needs 5, for minute, hour, day of"
        " month, month and day of week, such as 0 2 * * *."
    ),
    "cron.unknown_alias": N_("“{value}” is not a known abbreviation: allowed are {choices}."),
    "cron.out_of_range": N_(
        "“{value}” does not fit the cron field {part}: allowed are {low} to {high}."
    ),
    "cron.unreadable": N_(
        "“{value}” cannot be read in the cron field {part}, which takes “{forms}”."
    ),
    "cron.step_out_of_range": N_(
        "The step of “{value}” does not fit the cron field {part}: allowed are {low} to {high}."
    ),
    "cron.step_chooses_one": N_(
        "“{value}” in the cron field {part} means {only} alone: write {only}, or a smaller step."
    ),
    "cron.step_across_end": N_(
        "“{value}” in the cron field {part} runs past the end and has a step: write a list instead."
    ),
    "cron.range_of_one": N_(
        "“{value}” in the cron field {part} begins and ends at the same value: write that value"
        " once, or * for all from {low} to {high}."
    ),
    "cron.nearest_in_list": N_(
        "“{value}” in the cron field {part} must stand alone: W takes one day, 1 to 31."
    ),
    "cron.nth_out_of_range": N_(
        "The number after # in “{value}” does not fit the cron field {part}: allowed are {low} to"
        " {high}."
    ),
    "cron.mixed_weekdays": N_(
        "“{value}” in the cron field {part} mixes plain weekdays with # or L: use one kind."
    ),
    "cron.never_fires": N_(
        "“{value}” in the cron field {part} never comes in month {months}: allowed are {low} to"
        " {high}."
    ),
}

TERMS: Final[dict[str, str]] = {
    "cron.part.minute": N_("minute"),
    "cron.part.hour": N_("hour"),
    "cron.part.day_of_month": N_("day of month"),
    "cron.part.month": N_("month"),
    "cron.part.day_of_week": N_("day of week"),
}
