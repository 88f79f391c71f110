"""Whatever a person types or a file holds is understood or refused in our own words, and at once.

`TRAINTABLE_FAULTS=1` tries 100,000 inputs of each kind and looks at the time that each one takes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.cli.values import Length
from core.contracts.commands import CreateTask
from core.domain import quiet_text, term_text
from core.domain.calendar import check_name, check_weekdays
from core.domain.task import Policies, TrainingMode, check_policies
from core.domain.trigger import MAX_INTERVAL_SECONDS, Cron, Interval, Schedule, TriggerType
from core.errors import InvalidValueError
from core.messages import error_sentence
from core.scheduling import cron, fire_times, wording
from core.services.icalendar_file import read_ics
from core.services.sample_sources import MANIFEST, Offered, offered_images
from core.services.task_fields import values_of

FULL = os.environ.get("TRAINTABLE_FAULTS") == "1"
LIMIT_SECONDS = 0.05
NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
T = TypeVar("T")
pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600 if FULL else 120)]


def thorough(share: float = 1.0) -> settings:
    """The settings of one kind of input; files are fewer."""
    return settings(
        max_examples=int((100_000 if FULL else 300) * share),
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


def understood(read: Callable[[], T], *refusals: type[Exception]) -> T | None:
    """What `read` makes of an input; `None` if it refuses it as it may."""
    before = time.perf_counter()
    try:
        return read()
    except InvalidValueError as error:
        assert error_sentence(error)
    except refusals:
        pass
    finally:
        if FULL and time.perf_counter() - before > LIMIT_SECONDS:
            _assert_quick(read)
    return None


def _assert_quick(read: Callable[[], object]) -> None:
    """Once more and again: this machine may have been busy with something else."""
    spans = []
    for _ in range(5):
        cron.parse.cache_clear()
        before = time.perf_counter()
        with suppress(Exception):
            read()
        spans.append(time.perf_counter() - before)
    assert min(spans) <= LIMIT_SECONDS, min(spans)


def pieces(*words: str) -> st.SearchStrategy[str]:
    """Texts that nearly mean something, made of what is meant and of anything."""
    parts = st.one_of(st.sampled_from(words), st.text(max_size=4), st.integers().map(str))
    return st.one_of(st.lists(parts, max_size=30).map("".join), st.text(max_size=600))


numbers = ("*", "0", "7", "59", "60", "-", "/", ",", " ", "L", "#", "W", "?", "＊", "、", "\t")
cron_lines = pieces("*/5 ", "1-5", "MON", "fri-mon", "31 2", "@daily", "@", "JAN", *numbers)
times = pieces("2026-", "03-", "29", "T", " ", "02:30", ":00", "+08:00", "Z", "9999", "0001", "W53")
zones = pieces("Europe/", "Berlin", "UTC", "../", "posix/", "localtime", "Etc/GMT-14", "\0")
quiet_hours = pieces(
    "mon", "-", "fri", ",", ";", " ", "08:00-17:00", "22:00", "24:00", "daily", "周一", "至", "每天"
)
term_rules = pieces(
    "first-open-day", " of ", "term", "exam", " at ", "07:00", "mon", "week ", "3", "学期", "第3周"
)
lengths = pieces("1", "d", "h", "m", "s", "90", "٣", "-", " ", "1e9", "9999999999")


@given(cron_lines)
@thorough()
def test_any_cron_line(text: str) -> None:
    parsed = understood(lambda: cron.parse(text))
    if parsed is not None:
        assert cron.parse(parsed.text) == parsed
        assert understood(lambda: wording.words(Schedule(Cron(text), "Asia/Shanghai")))
        assert understood(lambda: fire_times.next_after(Schedule(Cron(text), "UTC"), NOW))


@given(times, st.one_of(st.sampled_from(["Asia/Shanghai", "Pacific/Apia"]), zones))
@thorough()
def test_any_time_in_any_zone(text: str, zone: str) -> None:
    read = understood(lambda: fire_times.read_time(text, zone, "run_at"))
    assert read is None or read.utcoffset() == UTC.utcoffset(None)


@given(zones)
@thorough()
def test_any_zone(name: str) -> None:
    zone = understood(lambda: fire_times.zone(name))
    assert zone is None or zone.key == name


@given(quiet_hours)
@thorough()
def test_any_quiet_hours(text: str) -> None:
    timetable = understood(lambda: quiet_text.parse(text))
    if timetable is not None and len(said := quiet_text.to_text(timetable)) <= 500:
        assert quiet_text.parse(said) == timetable
        assert understood(lambda: quiet_text.spoken(timetable)) is not None


@given(term_rules)
@thorough()
def test_any_term_rule(text: str) -> None:
    trigger = understood(lambda: term_text.parse(text))
    assert trigger is None or term_text.parse(term_text.to_text(trigger)) == trigger


@given(lengths)
@thorough()
def test_any_length_of_time(text: str) -> None:
    seconds = understood(lambda: Length(1, 86_400).convert(text, None, None))
    assert seconds is None or 1 <= seconds <= 86_400


@given(st.text(max_size=300), st.lists(st.integers(), max_size=9))
@thorough()
def test_any_calendar(name: str, weekdays: list[int]) -> None:
    understood(lambda: check_name(name))
    understood(lambda: check_weekdays(weekdays))


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
names = st.sampled_from(sorted(Policies().to_json())) | st.text(max_size=8)
numbers_of_all_kinds = st.integers() | st.floats() | st.sampled_from(["1", "nan", "allow"])


@given(st.dictionaries(names, json_values | numbers_of_all_kinds, max_size=16))
@thorough()
def test_any_policies_in_a_row(values: dict[str, Any]) -> None:
    """What another release wrote is read, or is one of the faults that a decision survives."""
    read = understood(lambda: Policies.from_json(values), ValueError, TypeError, OverflowError)
    if read is not None and understood(partial(check_policies, read)) is not None:
        assert Policies.from_json(read.to_json()) == read


@given(
    st.builds(
        CreateTask,
        name=st.text(max_size=250),
        description=st.text(max_size=5000),
        trigger_type=st.sampled_from(TriggerType),
        training_mode=st.sampled_from(TrainingMode),
        run_at=st.none() | st.datetimes(timezones=st.just(UTC)),
        interval_seconds=st.none() | st.integers(),
        cron_expression=st.none() | cron_lines,
        timezone=st.none() | zones,
        jitter_seconds=st.integers(),
        max_runs=st.none() | st.integers(),
        policies=st.builds(Policies, max_attempts=st.integers(), retry_factor=st.floats()),
    )
)
@thorough()
def test_any_new_task(command: CreateTask) -> None:
    values = understood(lambda: values_of(command, NOW))
    assert values is None or values["name"] == " ".join(command.name.split())


@given(st.integers(), st.datetimes(timezones=st.just(UTC)))
@thorough()
def test_any_interval(seconds: int, anchor_at: datetime) -> None:
    schedule = Schedule(Interval(seconds, anchor_at), "Europe/Berlin")

    def look() -> str:
        fire_times.check(schedule, NOW)
        fire_times.next_after(schedule, NOW)
        return wording.words(schedule)

    assert understood(look) or not 1 <= seconds <= MAX_INTERVAL_SECONDS


cells = pieces("school", ",", "student", "\n", '"', "../", "a.png", "2026-03-02", "/", "\r")


@given(st.one_of(cells.map(lambda rows: "school,student,file,captured_at\n" + rows), cells))
@thorough(0.1)
def test_any_manifest(tmp_path: Path, text: str) -> None:
    file = tmp_path / MANIFEST
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    offered = understood(lambda: list(offered_images(tmp_path, None)))
    for each in offered or []:
        assert not isinstance(each, Offered) or each.file == file


@given(st.binary(max_size=400))
@thorough(0.1)
def test_any_bytes_as_a_manifest(tmp_path: Path, content: bytes) -> None:
    (tmp_path / MANIFEST).write_bytes(b"school,student,file,captured_at\n" + content)
    assert understood(lambda: list(offered_images(tmp_path, None))) is not None or content


lines = st.lists(
    st.one_of(
        st.sampled_from(["BEGIN:VEVENT", "END:VEVENT", "SUMMARY:x", "STATUS:CANCELLED"]),
        st.sampled_from(
            ["DTSTART;VALUE=DATE:", "DTEND:", "RRULE:FREQ=", "EXDATE:", "DURATION:"]
        ).flatmap(
            lambda name: pieces("2026", "0302", "T000000", "Z", "P1D", "DAILY", ";COUNT=9").map(
                lambda value: name + value
            )
        ),
        st.text(max_size=20),
    ),
    max_size=12,
)


@given(lines)
@thorough(0.05)
def test_any_icalendar_file(these: list[str]) -> None:
    whole = ["BEGIN:VCALENDAR", *these, "END:VCALENDAR"]
    content = "\r\n".join(whole).encode("utf-8", "replace")
    understood(lambda: read_ics(content, date(2026, 3, 2)), ValueError)
