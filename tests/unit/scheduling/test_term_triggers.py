"""Term triggers in the schedule engine: instants from a calendar, and what becomes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from core.contracts.planning import ChangeKind
from core.domain.calendar import CalendarPolicy, CalendarRange, RangeKind, SchoolCalendar
from core.domain.plan import Plan
from core.domain.term_text import parse
from core.domain.trigger import Schedule, under
from core.errors import InvalidValueError
from core.messages import error_sentence
from core.scheduling import fire_times, occurrences
from core.scheduling.comparison import compare
from core.scheduling.due_instants import next_due
from core.scheduling.planned import find_planned, iter_firing, planned_between
from core.scheduling.wording import words

NOW = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2028, 1, 1, tzinfo=UTC)
SPRING = CalendarRange(RangeKind.TERM, "Spring", date(2026, 3, 1), date(2026, 7, 3))
AUTUMN = CalendarRange(RangeKind.TERM, "Autumn", date(2026, 9, 1), date(2027, 1, 20))
EXAMS = CalendarRange(RangeKind.EXAM, "Finals", date(2026, 6, 22), date(2026, 6, 26))
DRAGON_BOAT = CalendarRange(RangeKind.HOLIDAY, "端午节", date(2026, 6, 19), date(2026, 6, 21))
YEAR = SchoolCalendar("Riverside", ranges=(AUTUMN, EXAMS, SPRING, DRAGON_BOAT))
ON_A_HOLIDAY = "fri of week 17 of term at 07:00"


def schedule(rule: str, zone: str = "Asia/Shanghai") -> Schedule:
    return Schedule(parse(rule), zone)


def plan(rule: str, policy: CalendarPolicy = CalendarPolicy.SKIP) -> Plan:
    return Plan(schedule(rule), YEAR, policy)


def runs(given: Plan) -> list[str]:
    """The runs of a plan as wall times of its zone."""
    local = ZoneInfo(given.schedule.timezone)
    return [f"{each.astimezone(local):%Y-%m-%d %H:%M}" for each in iter_firing(given, NOW)]


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("first-open-day of term at 07:00", ["2026-03-02 07:00", "2026-09-01 07:00"]),
        ("mon of week 3 of term at 07:00", ["2026-03-09 07:00", "2026-09-14 07:00"]),
        ("3 open days before exam at 18:00", ["2026-06-16 18:00"]),
    ],
)
def test_that_a_plan_runs_on_the_days_of_its_calendar(rule: str, found: list[str]) -> None:
    assert runs(plan(rule)) == found


def test_that_a_closed_day_is_left_to_the_policy() -> None:
    autumn = "2026-12-25 07:00"

    assert runs(plan(ON_A_HOLIDAY)) == [autumn]
    assert runs(plan(ON_A_HOLIDAY, CalendarPolicy.NEXT_OPEN_DAY)) == ["2026-06-22 07:00", autumn]
    assert runs(plan(ON_A_HOLIDAY, CalendarPolicy.PREVIOUS_OPEN_DAY)) == [
        "2026-06-18 07:00",
        autumn,
    ]


def test_that_a_skipped_day_says_why() -> None:
    first = occurrences.next_occurrence(schedule(ON_A_HOLIDAY), YEAR, CalendarPolicy.SKIP, NOW)

    assert first is not None
    assert (first.fires_at, first.code) == (None, "calendar.closed_by_range")
    assert find_planned(plan(ON_A_HOLIDAY), first.planned_at) == first


def test_that_all_questions_about_the_instants_agree() -> None:
    told = under(schedule("mon of week 3 of term at 07:00"), YEAR)
    found = list(fire_times.iter_after(told, NOW))

    assert fire_times.next_after(told, NOW) == found[0]
    assert fire_times.next_after(told, found[-1]) is None
    assert fire_times.count_between(told, NOW, END) == len(found) == 2
    assert fire_times.count_between(told, found[0], found[1]) == 1
    assert fire_times.latest_between(told, NOW, END, 1) == found[-1:]
    given = plan("mon of week 3 of term at 07:00")
    assert [each.planned_at for each in planned_between(given, NOW, END)] == found


def test_that_a_window_holds_as_for_every_trigger() -> None:
    given = plan("first-open-day of term at 07:00")
    opens = datetime(2026, 5, 1, tzinfo=UTC)

    late = replace(given, schedule=replace(given.schedule, starts_at=opens))
    early = replace(given, schedule=replace(given.schedule, ends_at=opens))

    assert runs(late) == ["2026-09-01 07:00"]
    assert runs(early) == ["2026-03-02 07:00"]


def test_that_a_wall_time_that_clocks_skip_is_the_end_of_the_gap() -> None:
    # On 29 March 2026 clocks in Berlin go from 02:00 to 03:00.
    sunday = SchoolCalendar("Berlin", frozenset(range(7)), (SPRING,))
    given = Plan(schedule("sun of week 5 of term at 02:30", "Europe/Berlin"), sunday)

    assert runs(given) == ["2026-03-29 03:00"]


def test_that_a_delay_is_added_as_for_every_trigger() -> None:
    given = replace(plan("first-open-day of term at 07:00"), jitter_seconds=600)
    planned = datetime(2026, 3, 1, 23, tzinfo=UTC)

    due = next_due(7, given, NOW)

    assert due is not None
    assert planned <= due <= planned + timedelta(seconds=600)


def test_that_without_a_calendar_there_is_no_instant_and_that_is_said() -> None:
    alone = schedule("first-open-day of term at 07:00")

    assert list(islice(iter_firing(Plan(alone), NOW), 1)) == []
    with pytest.raises(InvalidValueError) as refusal:
        fire_times.check(alone, NOW)
    assert (refusal.value.code, refusal.value.field) == ("term.calendar_needed", "calendar_id")


def test_that_a_calendar_without_such_a_range_is_refused_by_name() -> None:
    with pytest.raises(InvalidValueError) as refusal:
        fire_times.check(schedule("first-open-day of closure at 07:00"), NOW, YEAR)

    assert refusal.value.field == "calendar_id"
    said = error_sentence(refusal.value)
    assert "“Riverside”" in said
    assert "“closure”" in said


def test_that_a_window_without_a_day_of_the_rule_is_refused() -> None:
    given = replace(schedule("first-open-day of term at 07:00"), starts_at=END)

    with pytest.raises(InvalidValueError) as refusal:
        fire_times.check(given, NOW, YEAR)
    assert refusal.value.code == "window.never"


def test_that_a_range_that_is_put_off_moves_the_run() -> None:
    before = plan("first-open-day of term at 07:00")
    later = replace(SPRING, first_on=date(2026, 3, 4))
    changed = replace(before, calendar=SchoolCalendar("Riverside", ranges=(later,)))

    (gone, new) = compare(before, changed, NOW, NOW + timedelta(days=90)).changes

    assert (gone.kind, new.kind) == (ChangeKind.REMOVED, ChangeKind.ADDED)
    assert (gone.before_at, new.after_at) == (
        datetime(2026, 3, 1, 23, tzinfo=UTC),
        datetime(2026, 3, 3, 23, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("first-open-day of term at 07:00", "at 07:00 on the first open day of each term"),
        ("mon of week 3 of term at 07:00", "at 07:00 on Monday of week 3 of each term"),
        ("1 open day before exam at 18:00", "at 18:00, 1 open day before each exam time"),
        ("3 open days before exam at 18:00", "at 18:00, 3 open days before each exam time"),
    ],
)
def test_that_a_rule_is_said_in_words(rule: str, said: str) -> None:
    assert words(schedule(rule)) == said
