"""Who is in the demo: schools and students with names of the reader's language; draws nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.language import N_, _


@dataclass(frozen=True, slots=True)
class Student:
    """A student with a hand of their own; `seed` makes it the same each time."""

    school: str
    name: str
    seed: int


_CLASSES: Final = (
    (
        N_("Maple Street School"),
        (N_("Anna"), N_("Ben"), N_("Clara"), N_("David"), N_("Ella"), N_("Felix")),
    ),
    (
        N_("Riverside School"),
        (N_("Greta"), N_("Hugo"), N_("Ida"), N_("Jonas"), N_("Lena"), N_("Max")),
    ),
)


def school_names() -> tuple[str, str]:
    """The two schools."""
    first, second = (_(school) for school, _students in _CLASSES)
    return first, second


def students() -> tuple[Student, ...]:
    """All twelve, by school."""
    everybody = [(school, name) for school, names in _CLASSES for name in names]
    return tuple(
        Student(_(school), _(name), seed) for seed, (school, name) in enumerate(everybody, 1)
    )
