"""Calendars as the words of tables and sentences, and as plain values for machines."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from core.cli.output import facts, table
from core.cli.words import NOTHING, local_time
from core.contracts.calendars import CalendarImport, CalendarRecord, OverrideRecord, RangeRecord
from core.domain.calendar import DayVerdict, kind_code, weekday_code
from core.language import _, _n
from core.messages import TERMS, sentence


def calendar_table(calendars: Sequence[CalendarRecord]) -> Table:
    """The list of calendars."""
    headings = [
        _("ID"),
        _("Name"),
        _("School"),
        _("Open on"),
        _("Ranges"),
        _("Marked dates"),
        _("Tasks"),
    ]
    rows = [
        [
            str(each.id),
            each.name,
            _scope(each),
            _weekdays(each),
            str(len(each.ranges)),
            str(len(each.overrides)),
            str(each.task_count),
        ]
        for each in calendars
    ]
    return table(headings, rows, right="0 4 5 6")


def calendar_facts(record: CalendarRecord) -> Table:
    """Everything about one calendar."""
    return facts(
        [
            (_("ID"), str(record.id)),
            (_("Name"), record.name),
            (_("School"), _scope(record)),
            (_("Open on"), _weekdays(record)),
            (_("Ranges"), "\n".join(map(_range_words, record.ranges)) or NOTHING),
            (_("Marked dates"), "\n".join(map(_override_words, record.overrides)) or NOTHING),
            (_("Tasks"), str(record.task_count)),
            (_("Created"), local_time(record.created_at)),
            (_("Changed"), local_time(record.updated_at)),
        ]
    )


def date_words(verdict: DayVerdict) -> str:
    """Why a date is open or closed."""
    return sentence(verdict.code, verdict.params)


def import_words(done: CalendarImport) -> list[str]:
    """What an import did, then what a person must know besides."""
    words = [
        _n(
            "{added} entry taken; dates that stay as they were marked before: {kept}.",
            "{added} entries taken; dates that stay as they were marked before: {kept}.",
            done.added,
        ).format(added=done.added, kept=done.kept)
    ]
    if done.left_out:
        words.append(
            _(
                "Events left out, for want of a date or since they repeat too often: {count}."
            ).format(count=done.left_out)
        )
    words += [
        _(
            "Make-up workdays of {year} are not known yet: import the year again once they are"
            " announced."
        ).format(year=year)
        for year in done.unannounced_years
    ]
    return words


def for_machines(record: CalendarRecord) -> dict[str, object]:
    """A calendar with its dates as ISO text."""
    return {
        "id": record.id,
        "name": record.name,
        "school_id": record.school_id,
        "school_name": record.school_name,
        "open_weekdays": list(record.open_weekdays),
        "ranges": [
            {
                "id": each.id,
                "kind": each.kind,
                "name": each.name,
                "first_on": each.first_on.isoformat(),
                "last_on": each.last_on.isoformat(),
                "source": each.source,
            }
            for each in record.ranges
        ],
        "overrides": [
            {
                "on": each.on.isoformat(),
                "is_open": each.is_open,
                "name": each.name,
                "source": each.source,
            }
            for each in record.overrides
        ],
        "task_count": record.task_count,
        "created_at": record.created_at,
        "updated_at": record.updated_at,
    }


def _scope(record: CalendarRecord) -> str:
    return _("shared") if record.school_name is None else record.school_name


def _weekdays(record: CalendarRecord) -> str:
    names = [_(TERMS[weekday_code(each)]) for each in record.open_weekdays]
    return _(", ").join(names) or NOTHING


def _range_words(given: RangeRecord) -> str:
    return _("{range_id}: {kind} “{name}”, {first_on} to {last_on}").format(
        range_id=given.id,
        kind=_(TERMS[kind_code(given.kind)]),
        name=given.name,
        first_on=given.first_on,
        last_on=given.last_on,
    )


def _override_words(given: OverrideRecord) -> str:
    state = _("open day") if given.is_open else _("closed day")
    return f"{given.on} {state} {given.name}".rstrip()
