"""The preview: words, the next instants on the task's clocks, and a clock change in plain sight."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from core.contracts.records import SchedulePreview
from core.domain.trigger import Cron, Schedule
from core.scheduling import fire_times
from gui.widgets.fire_preview import ROWS, FirePreview, preview_lines
from tests.builders import NOW, ZONE


def a_preview(*instants: datetime, zone: str = ZONE) -> SchedulePreview:
    return SchedulePreview("every day at 02:00", instants, zone)


def test_that_an_instant_is_shown_on_the_clocks_of_the_zone() -> None:
    (line,) = preview_lines(a_preview(NOW + timedelta(hours=12)), NOW)
    assert line.text == "Tue 2026-03-03 02:00 UTC+08:00, in 12 h"


def test_that_a_clock_change_is_marked_on_the_first_run_after_it() -> None:
    start = datetime(2026, 3, 27, 12, tzinfo=UTC)
    instants = islice(
        fire_times.iter_after(Schedule(Cron("30 2 * * *"), "Europe/Berlin"), start), ROWS
    )
    lines = preview_lines(a_preview(*instants, zone="Europe/Berlin"), start)
    assert [line.offset for line in lines] == ["UTC+01:00", *["UTC+02:00"] * 4]
    assert [line.is_clock_changed for line in lines] == [False, True, False, False, False]
    assert lines[1].local == "2026-03-29 03:00"


def test_that_half_hours_and_lands_west_of_greenwich_have_their_offset() -> None:
    (nepal,) = preview_lines(a_preview(NOW, zone="Asia/Kathmandu"), NOW)
    (newfoundland,) = preview_lines(a_preview(NOW, zone="America/St_Johns"), NOW)
    assert (nepal.offset, newfoundland.offset) == ("UTC+05:45", "UTC-03:30")


def test_that_the_card_shows_words_zone_and_instants(qtbot: QtBot) -> None:
    card = FirePreview()
    qtbot.addWidget(card)
    card.show_preview(a_preview(NOW + timedelta(hours=12)), NOW)
    assert card.headline() == "Every day at 02:00"
    assert card.lines() == ("Tue 2026-03-03 02:00 UTC+08:00 in 12 h",)
    assert "in 12 h" in card.accessibleDescription()


def test_that_an_error_takes_the_place_of_the_instants(qtbot: QtBot) -> None:
    card = FirePreview()
    qtbot.addWidget(card)
    card.show_preview(a_preview(NOW), NOW)
    card.show_error("That cannot be.")
    assert (card.headline(), card.lines()) == ("That cannot be.", ())


def test_that_the_card_is_as_tall_with_an_error_as_with_five_runs(qtbot: QtBot) -> None:
    card = FirePreview()
    qtbot.addWidget(card)
    card.setFixedWidth(440)
    card.show()
    card.show_preview(a_preview(*(NOW + timedelta(days=k) for k in range(ROWS))), NOW)
    card.adjustSize()
    with_runs = card.height()
    card.show_error("Too long for one line, and so it has to wrap around. " * 3)
    card.adjustSize()
    assert card.height() == with_runs


@given(
    st.lists(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)), max_size=8),  # noqa: DTZ001 - made aware below
    st.sampled_from([ZONE, "Europe/Berlin", "Australia/Lord_Howe", "UTC"]),
)
def test_that_any_instants_make_at_most_five_lines(found: list[datetime], zone: str) -> None:
    instants = sorted(at.replace(tzinfo=UTC) for at in found)
    lines = preview_lines(a_preview(*instants, zone=zone), NOW)
    assert len(lines) == min(len(instants), ROWS)
