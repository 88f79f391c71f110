"""Who may do what, to which school: the one policy table that every door asks."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """The three roles of the specification."""

    SYSTEM_ADMIN = "system_admin"
    SCHOOL_ADMIN = "school_admin"
    TEACHER = "teacher"


class Verb(StrEnum):
    """What a person can ask for."""

    SEE = "see"
    MANAGE_TASKS = "manage_tasks"
    RUN_TASKS = "run_tasks"
    IMPORT_SAMPLES = "import_samples"
    MANAGE_MODELS = "manage_models"
    MANAGE_SCHOOLS = "manage_schools"


ALLOWED: Final[dict[Role, frozenset[Verb]]] = {
    Role.SYSTEM_ADMIN: frozenset(Verb),
    Role.SCHOOL_ADMIN: frozenset(Verb) - {Verb.MANAGE_SCHOOLS},
    Role.TEACHER: frozenset({Verb.SEE}),
}
"""What each role may do in the schools it reaches."""


def reaches(role: Role, own_school_id: int | None, school_id: int | None) -> bool:
    """Whether that person may know of things in `school_id` (`None` = all schools)."""
    return role is Role.SYSTEM_ADMIN or (school_id is not None and school_id == own_school_id)


def may(role: Role, own_school_id: int | None, verb: Verb, school_id: int | None) -> bool:
    """Whether that person may do `verb` to something of `school_id`."""
    return reaches(role, own_school_id, school_id) and verb in ALLOWED[role]
