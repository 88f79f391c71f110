"""School commands: list and add."""

from __future__ import annotations

from core.cli.call import Call, pass_call
from core.cli.output import table
from core.cli.spoken import Command, Option, make_group
from core.cli.values import Text
from core.cli.words import NOTHING
from core.language import N_, _


@pass_call
def _list(call: Call) -> None:
    found = call.backend().list_schools()
    headings = [_("ID"), _("Name"), _("Students"), _("Samples"), _("Model version")]
    rows = [
        [
            str(school.id),
            school.name,
            str(school.student_count),
            str(school.sample_count),
            NOTHING if school.model_version is None else str(school.model_version),
        ]
        for school in found
    ]
    call.out.answer(
        found,
        lambda: table(headings, rows, right="0 2 3 4") if found else _("There is no school yet."),
    )


@pass_call
def _add(call: Call, name: str) -> None:
    school = call.backend(create=True).add_school(name)
    call.out.answer(
        school,
        lambda: _("School {school_id} “{name}” is added.").format(
            school_id=school.id, name=school.name
        ),
    )


GROUP = make_group(
    "schools",
    N_("List and add schools."),
    [
        Command("list", callback=_list, help=N_("List the schools and what they hold.")),
        Command(
            "add",
            callback=_add,
            help=N_("Add a school."),
            params=[Option(["--name"], type=Text(), required=True, help=N_("Its unique name."))],
        ),
    ],
)
