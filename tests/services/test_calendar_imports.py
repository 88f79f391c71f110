"""Calendars filled from elsewhere: what an import brings, leaves, and refuses."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.contracts.calendars import CalendarRecord, CreateCalendar, MarkDate
from core.domain.calendar import RangeKind, is_open
from core.errors import InvalidValueError
from core.language import speaking
from core.messages import error_sentence
from core.services import calendar_imports, calendars
from core.services.actor import Actor
from core.services.icalendar_file import read_ics
from core.services.national_holidays import national_days
from core.storage.unit_of_work import Store

DAY = timedelta(days=1)
SATURDAY = date(2026, 3, 7)
# The State Council's announcement for 2026: the whole stretches off, and the make-up workdays.
OFF_2026 = [
    (date(2026, 1, 1), date(2026, 1, 3)),
    (date(2026, 2, 15), date(2026, 2, 23)),
    (date(2026, 4, 4), date(2026, 4, 6)),
    (date(2026, 5, 1), date(2026, 5, 5)),
    (date(2026, 6, 19), date(2026, 6, 21)),
    (date(2026, 9, 25), date(2026, 9, 27)),
    (date(2026, 10, 1), date(2026, 10, 7)),
]
MAKE_UP = {
    2024: ["02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"],
    2025: ["01-26", "02-08", "04-27", "09-28", "10-11"],
    2026: ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
}


@pytest.fixture
def shared(store: Store, admin: Actor) -> CalendarRecord:
    return calendars.create_calendar(store, admin, CreateCalendar("Riverside"))


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_that_chinese_make_up_workdays_are_known(year: int) -> None:
    found = national_days("CN", [year])

    opened = [each.on.isoformat() for each in found.overrides if each.is_open]
    assert opened == [f"{year}-{day}" for day in MAKE_UP[year]]
    assert found.unannounced_years == ()


def test_that_the_days_off_are_the_whole_stretches_that_were_announced() -> None:
    announced = {
        first + number * DAY
        for first, last in OFF_2026
        for number in range((last - first).days + 1)
    }

    found = national_days("cn ", [2026])

    assert {each.on for each in found.overrides if not each.is_open} == announced


def test_that_a_year_before_its_announcement_says_so() -> None:
    found = national_days("CN", [2026, 2028])

    assert found.unannounced_years == (2028,)
    assert date(2028, 10, 1) in {each.on for each in found.overrides}


def test_that_a_country_without_make_up_workdays_is_plain() -> None:
    found = national_days("DE", [2026])

    assert not any(each.is_open for each in found.overrides)
    assert found.unannounced_years == ()
    assert date(2026, 10, 3) in {each.on for each in found.overrides}


def test_that_holidays_have_their_names_in_the_language_of_who_imports() -> None:
    def name(language: str) -> str:
        with speaking(language):
            found = national_days("CN", [2026])
        return next(each.name for each in found.overrides if each.on == date(2026, 10, 1))

    assert (name("en"), name("zh_CN")) == ("National Day", "国庆节")


@pytest.mark.parametrize(
    ("country", "year", "code"),
    [
        ("XX", 2026, "calendar.country_unknown"),
        ("", 2026, "calendar.country_unknown"),
        ("CN", 1800, "field.out_of_range"),
    ],
)
def test_that_an_unknown_country_or_year_is_refused(
    store: Store, admin: Actor, shared: CalendarRecord, country: str, year: int, code: str
) -> None:
    with pytest.raises(InvalidValueError) as caught:
        calendar_imports.import_holidays(store, admin, shared.id, country, [year])
    assert caught.value.code == code
    assert "?" not in error_sentence(caught.value)


def test_that_importing_again_changes_nothing_and_leaves_what_a_person_marked(
    store: Store, admin: Actor, shared: CalendarRecord
) -> None:
    first = calendar_imports.import_holidays(store, admin, shared.id, "CN", [2026])
    calendars.mark_date(store, admin, MarkDate(shared.id, date(2026, 10, 7), is_open=True))
    calendars.mark_date(store, admin, MarkDate(shared.id, SATURDAY, is_open=True))
    before = calendars.get_calendar(store, admin, shared.id)

    again = calendar_imports.import_holidays(store, admin, shared.id, "CN", [2026])

    assert again.calendar.overrides == before.overrides
    assert (again.added, again.kept) == (first.added - 1, 1)
    assert is_open(again.calendar.calendar, date(2026, 10, 7))
    assert is_open(again.calendar.calendar, SATURDAY)


def test_that_an_import_of_one_year_leaves_the_other_years(
    store: Store, admin: Actor, shared: CalendarRecord
) -> None:
    calendar_imports.import_holidays(store, admin, shared.id, "CN", [2025])

    both = calendar_imports.import_holidays(store, admin, shared.id, "CN", [2026]).calendar

    assert {each.on.year for each in both.overrides} == {2025, 2026}
    assert {each.source for each in both.overrides} == {"holidays:CN"}


def ics(*lines: str, name: str = "School year") -> str:
    return "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//test//",
            f"X-WR-CALNAME:{name}",
            *lines,
            "END:VCALENDAR",
            "",
        ]
    )


def event(summary: str, start: str, *lines: str) -> list[str]:
    head = ["BEGIN:VEVENT", f"UID:{summary}", "DTSTAMP:20260101T000000Z"]
    return [*head, f"SUMMARY:{summary}", f"DTSTART{start}", *lines, "END:VEVENT"]


def dates_of(text: str) -> list[tuple[str, str, str]]:
    found = read_ics(text.encode(), date(2026, 3, 2))
    return [(each.name, str(each.first_on), str(each.last_on)) for each in found.stretches]


DATE = ";VALUE=DATE:"


@pytest.mark.parametrize(
    ("start", "lines", "first", "last"),
    [
        (f"{DATE}20261001", [f"DTEND{DATE}20261008"], "2026-10-01", "2026-10-07"),
        (f"{DATE}20261001", [], "2026-10-01", "2026-10-01"),
        (f"{DATE}20261001", [f"DTEND{DATE}20261001"], "2026-10-01", "2026-10-01"),
        (f"{DATE}20261001", ["DURATION:P2D"], "2026-10-01", "2026-10-02"),
        (":20261001T080000", ["DTEND:20261001T170000"], "2026-10-01", "2026-10-01"),
        (":20261001T080000", ["DTEND:20261003T000000"], "2026-10-01", "2026-10-02"),
        (
            ";TZID=Asia/Shanghai:20261001T003000",
            ["DTEND;TZID=Asia/Shanghai:20261001T020000"],
            "2026-10-01",
            "2026-10-01",
        ),
        (":20261001T080000Z", [], "2026-10-01", "2026-10-01"),
    ],
)
def test_that_an_event_is_its_dates(start: str, lines: list[str], first: str, last: str) -> None:
    assert dates_of(ics(*event("Off", start, *lines))) == [("Off", first, last)]


def test_that_a_repeating_event_is_written_out_around_now() -> None:
    yearly = event("Founders", f"{DATE}20100501", "RRULE:FREQ=YEARLY")
    counted = event(
        "Club",
        f"{DATE}20260303",
        "RRULE:FREQ=WEEKLY;UNTIL=20260324T000000Z",
        f"EXDATE{DATE}20260310",
    )

    found = dates_of(ics(*yearly, *counted))

    assert [first for name, first, _ in found if name == "Founders"] == [
        f"{year}-05-01" for year in range(2025, 2029)
    ]
    assert [first for name, first, _ in found if name == "Club"] == [
        "2026-03-03",
        "2026-03-17",
        "2026-03-24",
    ]


@pytest.mark.parametrize(
    "bad",
    [
        event("Fast", ":20260303T080000", "RRULE:FREQ=MINUTELY"),
        event("Stuck", f"{DATE}20260303", "RRULE:FREQ=DAILY;INTERVAL=0"),
        event("Age", f"{DATE}20260303", f"DTEND{DATE}20360303"),
        event("Old", f"{DATE}19000303"),
        ["BEGIN:VEVENT", "UID:none", "SUMMARY:No date", "END:VEVENT"],
    ],
)
def test_that_one_odd_event_is_left_out_and_counted(bad: list[str]) -> None:
    found = read_ics(ics(*bad, *event("Off", f"{DATE}20261001")).encode(), date(2026, 3, 2))

    assert [each.name for each in found.stretches] == ["Off"]
    assert found.left_out == 1


def test_that_a_cancelled_event_is_not_there() -> None:
    found = read_ics(
        ics(*event("Off", f"{DATE}20261001", "STATUS:CANCELLED")).encode(), date(2026, 3, 2)
    )

    assert (found.stretches, found.left_out) == ((), 0)


@given(st.one_of(st.binary(max_size=400), st.text(max_size=400).map(str.encode)))
@settings(max_examples=150, deadline=None)
def test_that_any_bytes_are_a_calendar_or_refused(content: bytes) -> None:
    try:
        read_ics(content, date(2026, 3, 2))
    except ValueError:
        return


def test_that_a_file_becomes_ranges_and_workdays_become_open_dates(
    store: Store, admin: Actor, shared: CalendarRecord, tmp_path: Path
) -> None:
    file = tmp_path / "year.ics"
    file.write_text(
        ics(
            *event("Autumn break", f"{DATE}20261001", f"DTEND{DATE}20261008"),
            *event("国庆节（班）", f"{DATE}20261010"),
            *event("Moved", f"{DATE}20260920", "X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY"),
        ),
        encoding="utf-8",
    )

    done = calendar_imports.import_ics(store, admin, shared.id, file, RangeKind.HOLIDAY)
    again = calendar_imports.import_ics(store, admin, shared.id, file, RangeKind.HOLIDAY)

    assert (done.added, done.kept, done.left_out) == (3, 0, 0)
    (made,) = done.calendar.ranges
    assert (made.name, made.kind, made.source) == (
        "Autumn break",
        RangeKind.HOLIDAY,
        "ics:School year",
    )
    opened = [each.on for each in done.calendar.overrides if each.is_open]
    assert opened == [date(2026, 9, 20), date(2026, 10, 10)]
    assert again.calendar.calendar == done.calendar.calendar


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"this is no calendar", "calendar.not_icalendar"),
        (b"", "calendar.not_icalendar"),
        (b"\xff\xfe\x00", "calendar.not_icalendar"),
        (ics().encode(), "calendar.no_events"),
        (b"x" * 1_000_001, "calendar.file_too_big"),
        (None, "calendar.file_unreadable"),
    ],
)
def test_that_a_file_that_gives_nothing_is_refused_and_changes_nothing(
    store: Store,
    admin: Actor,
    shared: CalendarRecord,
    tmp_path: Path,
    content: bytes | None,
    code: str,
) -> None:
    file = tmp_path / "year.ics"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(InvalidValueError) as caught:
        calendar_imports.import_ics(store, admin, shared.id, file, RangeKind.TERM)

    assert caught.value.code == code
    assert "year.ics" in error_sentence(caught.value)
    assert calendars.get_calendar(store, admin, shared.id) == shared
