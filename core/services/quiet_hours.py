"""The quiet hours of the instance: set by a person, asked by whoever starts trainings."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from core.clock import machine_timezone
from core.contracts.planning import QuietHours
from core.domain import quiet_text
from core.domain.access import Verb
from core.domain.quiet_hours import next_allowed
from core.errors import InvalidValueError
from core.scheduling import fire_times
from core.services.actor import Actor, require
from core.storage import instance_settings
from core.storage.unit_of_work import Store, Subject, Unit

KEY: Final = "quiet_hours"


def get_quiet_hours(store: Store) -> QuietHours | None:
    """The quiet hours, if there are any; everybody may know them."""
    return store.read(_read)


def set_quiet_hours(
    store: Store, actor: Actor, text: str, timezone: str | None = None
) -> QuietHours:
    """Let no training start in these weekly times, by the wall clock of a zone.

    Raises:
        InvalidValueError: a `quiet.` code, or `time.zone_unknown`.
        ForbiddenError.
    """
    require(actor, Verb.MANAGE_TASKS, None)
    timetable = quiet_text.parse(text)
    if not timetable.times:
        raise InvalidValueError("quiet.empty", field=quiet_text.FIELD)
    value = {
        "text": quiet_text.to_text(timetable),
        "timezone": fire_times.zone(timezone or machine_timezone()).key,
    }

    def work(unit: Unit) -> QuietHours:
        before = instance_settings.find(unit, KEY)
        if before != value:
            instance_settings.put(unit, KEY, value)
            _note(unit, actor, "set", before, value)
        return _shown(unit, value)

    return store.write(work)


def clear_quiet_hours(store: Store, actor: Actor) -> None:
    """Let trainings start at any time. Raises `ForbiddenError`."""
    require(actor, Verb.MANAGE_TASKS, None)

    def work(unit: Unit) -> None:
        before = instance_settings.find(unit, KEY)
        if before is not None:
            instance_settings.remove(unit, KEY)
            _note(unit, actor, "cleared", before, None)

    store.write(work)


def is_quiet_now(unit: Unit) -> bool:
    """Whether no training may start now."""
    return quiet_until(unit) is not None


def quiet_until(unit: Unit) -> datetime | None:
    """When the present quiet time ends; `None` outside of one."""
    found = _read(unit)
    return None if found is None else found.quiet_until_at


def _read(unit: Unit) -> QuietHours | None:
    value = instance_settings.find(unit, KEY)
    return None if value is None else _shown(unit, value)


def _shown(unit: Unit, value: dict[str, Any]) -> QuietHours:
    zone = fire_times.zone(value["timezone"])
    allowed_at = next_allowed(quiet_text.parse(value["text"]), zone, unit.now)
    return QuietHours(
        value["text"], value["timezone"], allowed_at if allowed_at > unit.now else None
    )


def _note(
    unit: Unit,
    actor: Actor,
    verb: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    kind = f"instance.quiet_hours_{verb}"
    unit.note(kind, Subject(), actor=actor.name, detail={"before": before, "after": after})
