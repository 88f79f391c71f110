"""`traintable --runner`: hands over to the headless host."""

from __future__ import annotations

from core.cli.call import Call


def run_headless(call: Call, *, until_idle: bool) -> int:
    """Run until told to stop, or until nothing is left to do; the exit status."""
    # Here, because a help page must not wait for database and scheduler libraries.
    from core.runner import host  # noqa: PLC0415 - see above

    return host.run_headless(call.settings, until_idle=until_idle)
