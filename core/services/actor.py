"""Who asks: every use case is given an actor and asks the policy table first."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.access import ALLOWED, Role, Verb, may, reaches
from core.errors import ForbiddenError, NotFoundError


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or the program itself), as far as use cases need to know them."""

    user_id: int | None
    name: str
    role: Role
    school_id: int | None = None


def authorise(actor: Actor, verb: Verb, school_id: int | None, absent: NotFoundError) -> None:
    """Let through, or raise.

    Raises:
        NotFoundError: `absent`, when the actor may not even know of things in that school: the
            answer is the same as for a thing that does not exist.
        ForbiddenError: the actor may see it, but their role lacks the verb.
    """
    if not reaches(actor.role, actor.school_id, school_id):
        raise absent
    require(actor, verb, school_id)


def require(actor: Actor, verb: Verb, school_id: int | None) -> None:
    """Let through, or raise `ForbiddenError`; for what has no existence to hide."""
    if not may(actor.role, actor.school_id, verb, school_id):
        needed = next(
            role for role in (Role.SCHOOL_ADMIN, Role.SYSTEM_ADMIN) if verb in ALLOWED[role]
        )
        if school_id is None:
            needed = Role.SYSTEM_ADMIN
        raise ForbiddenError(
            "access.forbidden",
            role=f"role.{actor.role}",
            verb=f"verb.{verb}",
            needed=f"role.{needed}",
        )


def visible_school(actor: Actor, asked_for: int | None) -> int | None:
    """The school a list is narrowed to: what was asked for, but never beyond the actor's own.

    Raises:
        NotFoundError: the school asked for is another's.
    """
    if actor.role is Role.SYSTEM_ADMIN:
        return asked_for
    if asked_for not in (None, actor.school_id):
        raise NotFoundError("school.not_found", school=str(asked_for))
    return actor.school_id
