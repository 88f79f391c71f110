"""Commands about the instance itself: init, and the db group."""

from __future__ import annotations

from core.cli.call import Call, pass_call
from core.cli.spoken import Command, make_group
from core.language import N_, _


@pass_call
def _init(call: Call) -> None:
    backend = call.backend(create=True)
    label = backend.describe_connection().database_label
    home = call.settings.home.root
    call.out.answer(
        {"home": home, "database": label},
        lambda: _("Ready: data in {home}, database {database}.").format(home=home, database=label),
    )


@pass_call
def _upgrade(call: Call) -> None:
    label = call.backend(create=True).describe_connection().database_label
    call.out.answer(
        {"database": label, "schema": "current"},
        lambda: _("The database {database} is up to date.").format(database=label),
    )


COMMANDS = (
    Command("init", callback=_init, help=N_("Make the data folder and the database.")),
    make_group(
        "db",
        N_("Look after the database."),
        [
            Command(
                "upgrade",
                callback=_upgrade,
                help=N_("Bring the database to this program's schema, with a copy before."),
            )
        ],
    ),
)
