"""Quiet hours of the instance: set in words, asked by whoever starts trainings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from core.contracts.planning import QuietHours
from core.errors import ForbiddenError, InvalidValueError
from core.messages import error_sentence
from core.services.actor import Actor
from core.services.quiet_hours import (
    clear_quiet_hours,
    get_quiet_hours,
    is_quiet_now,
    quiet_until,
    set_quiet_hours,
)
from core.storage.rows import EventRow
from core.storage.unit_of_work import Store
from tests.builders import NOW, ZONE
from tests.databases import add_school
from tests.fakes import FakeClock
from tests.services.conftest import school_admin, teacher

SCHOOL_HOURS = "mon-fri 08:00-17:00"
FIVE_IN_SHANGHAI = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_that_nothing_is_quiet_until_somebody_says_so(store: Store) -> None:
    assert get_quiet_hours(store) is None
    assert store.read(is_quiet_now) is False
    assert store.read(quiet_until) is None


def test_that_school_hours_are_quiet_until_they_end(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    """It is Monday, 14:00 in Shanghai."""
    found = set_quiet_hours(store, admin, "周一至周五 08:00-17:00", ZONE)

    assert found == QuietHours(SCHOOL_HOURS, ZONE, FIVE_IN_SHANGHAI)
    assert store.read(is_quiet_now) is True
    assert store.read(quiet_until) == FIVE_IN_SHANGHAI
    clock.advance(hours=3)
    assert store.read(is_quiet_now) is False
    assert get_quiet_hours(store) == QuietHours(SCHOOL_HOURS, ZONE, None)


def test_that_a_refused_text_leaves_what_was_set(store: Store, admin: Actor) -> None:
    set_quiet_hours(store, admin, SCHOOL_HOURS, ZONE)

    for text, zone, code in (
        ("mon-xyz 08:00-17:00", ZONE, "quiet.day_unknown"),
        ("", ZONE, "quiet.empty"),
        ("daily 00:00-24:00", ZONE, "quiet.never_open"),
        (SCHOOL_HOURS, "Mars/Olympus", "time.zone_unknown"),
    ):
        with pytest.raises(InvalidValueError) as refusal:
            set_quiet_hours(store, admin, text, zone)
        assert refusal.value.code == code
        assert error_sentence(refusal.value).endswith((".", "?"))

    found = get_quiet_hours(store)
    assert found is not None
    assert found.text == SCHOOL_HOURS


def test_that_cleared_hours_are_gone_and_clearing_twice_is_harmless(
    store: Store, admin: Actor
) -> None:
    set_quiet_hours(store, admin, SCHOOL_HOURS, ZONE)

    for _again in range(2):
        clear_quiet_hours(store, admin)
        assert get_quiet_hours(store) is None


def test_that_the_hours_of_all_schools_are_set_by_system_admins_alone(store: Store) -> None:
    school_id = add_school(store)

    for actor in (school_admin(school_id), teacher(school_id)):
        with pytest.raises(ForbiddenError):
            set_quiet_hours(store, actor, SCHOOL_HOURS, ZONE)
        with pytest.raises(ForbiddenError):
            clear_quiet_hours(store, actor)


def test_that_every_change_is_in_the_audit_once(
    store: Store, admin: Actor, clock: FakeClock
) -> None:
    for _again in range(2):
        set_quiet_hours(store, admin, SCHOOL_HOURS, ZONE)
        clock.advance(minutes=1)
    clear_quiet_hours(store, admin)

    rows = store.read(lambda unit: unit.session.scalars(select(EventRow)).all())

    value = {"text": SCHOOL_HOURS, "timezone": ZONE}
    assert [(row.kind, row.actor, row.detail) for row in rows] == [
        ("instance.quiet_hours_set", "admin", {"before": None, "after": value}),
        ("instance.quiet_hours_cleared", "admin", {"before": value, "after": None}),
    ]
    assert rows[1].at == NOW + timedelta(minutes=2)
