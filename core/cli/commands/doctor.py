"""`traintable doctor`: looks whether everything is in order, and says what to do if not."""

from __future__ import annotations

from dataclasses import replace

from core.cli.call import Call, pass_call
from core.cli.output import bar, table
from core.cli.spoken import Command
from core.errors import UnavailableError
from core.language import N_, _

NAMES = {
    "python": N_("Python"),
    "home": N_("Data folder"),
    "disk": N_("Disk"),
    "clock": N_("Clock and time zone"),
    "database": N_("Database"),
    "runner": N_("Runner"),
    "database clock": N_("Database clock"),
    "worker": N_("Training process"),
    "window": N_("Desktop window"),
    "font": N_("Chinese font"),
}


@pass_call
def _doctor(call: Call) -> None:
    # Here, because the other commands must not wait for what the checks look at.
    from core.cli.checks import all_checks  # noqa: PLC0415 - see above

    found = []
    with bar() as advance:
        for check in all_checks(call.settings):
            # A remedy for what is in order would only confuse.
            found.append(replace(check, remedy=None if check.ok else check.remedy))
            advance(_(NAMES[check.check]), len(found) / len(NAMES))
    headings = [_("Check"), _("Good"), _("Detail"), _("What to do")]
    rows = [
        [_(NAMES[each.check]), _("yes") if each.ok else _("no"), each.detail, each.remedy or ""]
        for each in found
    ]
    call.out.answer(found, lambda: table(headings, rows))
    if wrong := sum(not each.ok for each in found):
        raise UnavailableError("cli.doctor_found", count=wrong, total=len(found))


COMMAND = Command(
    "doctor",
    callback=_doctor,
    help=N_("Check the installation and say what to do about what is wrong."),
)
