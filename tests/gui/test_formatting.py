"""Values become words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.contracts.records import SampleStatus
from core.domain.execution import ExecutionKind, ExecutionStatus
from core.domain.model_version import Gate
from core.domain.task import TaskStatus, TrainingMode
from core.domain.trigger import TriggerType
from core.paths import resources_folder
from gui import formatting
from gui.formatting import Look
from tests.builders import NOW

ALL_LOOKS = [
    *map(formatting.task_look, TaskStatus),
    *map(formatting.execution_look, ExecutionStatus),
    *map(formatting.sample_look, SampleStatus),
    *map(formatting.gate_look, Gate),
]


@pytest.mark.parametrize("look", ALL_LOOKS, ids=lambda look: look.word)
def test_that_every_state_has_a_word_and_an_icon_that_exists(look: Look) -> None:
    assert look.word
    assert (resources_folder() / "icons" / f"{look.icon}.svg").is_file()


def test_that_no_two_states_of_an_execution_look_the_same() -> None:
    looks = [formatting.execution_look(status) for status in ExecutionStatus]
    assert len({look.word for look in looks}) == len(looks)
    assert len({look.icon for look in looks}) == len(looks)


@pytest.mark.parametrize("value", [*ExecutionKind, *TrainingMode, *TriggerType])
def test_that_every_choice_has_a_word(value: StrEnum) -> None:
    match value:
        case ExecutionKind():
            assert formatting.kind_word(value)
        case TrainingMode():
            assert formatting.mode_word(value)
        case TriggerType():
            assert formatting.trigger_word(value)


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(0), "now"),
        (timedelta(seconds=4), "now"),
        (timedelta(seconds=30), "in 30 s"),
        (timedelta(minutes=59, seconds=59), "in 59 min"),
        (timedelta(hours=3), "in 3 h"),
        (timedelta(hours=47), "in 47 h"),
        (timedelta(days=2), "in 2 days"),
        (timedelta(minutes=-2), "2 min ago"),
        (timedelta(days=-3), "3 days ago"),
    ],
)
def test_that_a_distance_is_said_in_its_largest_unit(ahead: timedelta, words: str) -> None:
    assert formatting.relative(NOW + ahead, NOW) == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=0), "0.0 s"),
        (timedelta(seconds=4.26), "4.3 s"),
        (timedelta(seconds=42), "42 s"),
        (timedelta(seconds=95), "1 min 35 s"),
        (timedelta(hours=1, minutes=5), "1 h 05 min"),
        (timedelta(days=2, hours=3), "2 d 3 h"),
        (timedelta(seconds=-1), "0.0 s"),
        (None, "–"),
    ],
)
def test_that_a_duration_has_two_units(span: timedelta | None, words: str) -> None:
    assert formatting.duration(span) == words


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=59)))
def test_that_no_duration_shows_sixty_of_a_unit(span: timedelta) -> None:
    assert " 60 " not in f" {formatting.duration(span)} "


def test_that_an_instant_is_shown_on_the_wall_clock_of_its_zone() -> None:
    at = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert formatting.instant(at, "Europe/Berlin") == "2026-10-25 02:30"
    assert formatting.instant_with_zone(at, "Asia/Shanghai") == "2026-10-25 08:30 Asia/Shanghai"


def test_that_the_two_half_past_two_of_an_autumn_night_differ_in_a_tooltip() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    words = [formatting.exact(first + k * timedelta(hours=1), "Europe/Berlin") for k in (0, 1)]
    assert words == [
        "Sunday, 2026-10-25 02:30:00, Europe/Berlin (UTC+02:00)",
        "Sunday, 2026-10-25 02:30:00, Europe/Berlin (UTC+01:00)",
    ]


def test_that_what_is_not_there_is_a_dash() -> None:
    assert {
        formatting.instant(None),
        formatting.instant_with_zone(None),
        formatting.exact(None),
        formatting.relative(None, NOW),
        formatting.percent(None),
    } == {formatting.DASH}


def test_that_progress_names_the_stage() -> None:
    assert formatting.progress_text("fitting", 0.424) == "Fitting the model · 42%"
    assert formatting.progress_text("stage.fitting", 0.424) == "Fitting the model · 42%"
    assert formatting.progress_text(None, 1.0) == "100%"
