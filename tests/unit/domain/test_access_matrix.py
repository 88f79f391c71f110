"""Who may do what, to which school: the policy table, cell by cell."""

from __future__ import annotations

from itertools import product

import pytest

from core.domain.access import ALLOWED, Role, Verb, may, reaches

OWN, OTHER = 1, 2
SCHOOLS = {"own": OWN, "another": OTHER, "all": None}
WRITES = [verb for verb in Verb if verb is not Verb.SEE]


def test_that_the_table_has_a_row_for_every_role() -> None:
    assert set(ALLOWED) == set(Role)


@pytest.mark.parametrize(("verb", "school"), list(product(Verb, SCHOOLS)))
def test_that_a_system_admin_may_do_everything_everywhere(verb: Verb, school: str) -> None:
    assert may(Role.SYSTEM_ADMIN, None, verb, SCHOOLS[school])


@pytest.mark.parametrize("verb", Verb)
def test_that_a_school_admin_may_do_all_but_make_schools_in_the_own_school(verb: Verb) -> None:
    assert may(Role.SCHOOL_ADMIN, OWN, verb, OWN) is (verb is not Verb.MANAGE_SCHOOLS)


@pytest.mark.parametrize("verb", Verb)
def test_that_a_teacher_only_looks(verb: Verb) -> None:
    assert may(Role.TEACHER, OWN, verb, OWN) is (verb is Verb.SEE)


@pytest.mark.parametrize(
    ("role", "verb", "school"),
    list(product([Role.SCHOOL_ADMIN, Role.TEACHER], Verb, ["another", "all"])),
)
def test_that_nobody_of_a_school_reaches_beyond_it(role: Role, verb: Verb, school: str) -> None:
    assert not may(role, OWN, verb, SCHOOLS[school])
    assert not reaches(role, OWN, SCHOOLS[school])


@pytest.mark.parametrize("role", [Role.SCHOOL_ADMIN, Role.TEACHER])
def test_that_a_person_without_a_school_reaches_nothing(role: Role) -> None:
    assert not any(reaches(role, None, school) for school in SCHOOLS.values())
