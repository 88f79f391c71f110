"""Commands about the quiet hours: show, set, clear."""

from __future__ import annotations

from core.cli.call import Call, pass_call
from core.cli.planning_words import quiet_parts
from core.cli.spoken import Argument, Command, Option, make_group
from core.cli.values import Text
from core.language import N_, _


@pass_call
def _show(call: Call) -> None:
    found = call.backend().get_quiet_hours()
    call.out.answer(found, lambda: quiet_parts(found) if found else _("There are no quiet hours."))


@pass_call
def _set(call: Call, text: str, timezone: str | None) -> None:
    found = call.backend(create=True).set_quiet_hours(text, timezone)
    call.out.answer(found, lambda: quiet_parts(found))


@pass_call
def _clear(call: Call) -> None:
    call.backend().clear_quiet_hours()
    call.out.answer(None, lambda: _("There are no quiet hours any more."))


GROUP = make_group(
    "quiet-hours",
    N_("The weekly times in which no training starts."),
    [
        Command("show", callback=_show, help=N_("Show them, and whether it is quiet now.")),
        Command(
            "set",
            callback=_set,
            help=N_("Set them, in place of what was set: such as “mon-fri 08:00-17:00”."),
            params=[
                Argument(["text"], type=Text("TEXT"), metavar="TEXT"),
                Option(
                    ["--timezone"],
                    type=Text("TZ"),
                    help=N_("IANA time zone of the times (else the machine's)."),
                ),
            ],
        ),
        Command("clear", callback=_clear, help=N_("Let trainings start at any time.")),
    ],
)
