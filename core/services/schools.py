"""Schools: list and add."""

from __future__ import annotations

from core.contracts.records import SchoolRecord
from core.domain.access import Verb
from core.errors import InvalidValueError, RefusedError
from core.services.actor import Actor, require, visible_school
from core.storage import schools
from core.storage.unit_of_work import Store, Unit

MAX_NAME_LENGTH = 200


def list_schools(store: Store, actor: Actor) -> tuple[SchoolRecord, ...]:
    """Schools the actor may see, by name."""
    own = visible_school(actor, None)
    found = store.read(schools.list_all)
    return tuple(school for school in found if own in (None, school.id))


def add_school(store: Store, actor: Actor, name: str) -> SchoolRecord:
    """A new school.

    Raises:
        InvalidValueError: an empty or very long name.
        RefusedError: `school.name_taken`.
    """
    require(actor, Verb.MANAGE_SCHOOLS, None)
    trimmed = " ".join(name.split())
    if not 0 < len(trimmed) <= MAX_NAME_LENGTH:
        raise InvalidValueError("school.name_empty", field="name")

    def work(unit: Unit) -> SchoolRecord:
        if schools.find_id(unit, trimmed) is not None:
            raise RefusedError("school.name_taken", name=trimmed)
        return schools.get(unit, schools.add(unit, trimmed, actor=actor.name))

    return store.write(work)
