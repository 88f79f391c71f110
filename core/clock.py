"""Time, read in one place so that everything else can be given it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

import tzlocal


class Clock(Protocol):
    """Whoever can say what time it is."""

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        return datetime.now(UTC)


def machine_timezone() -> str:
    """The IANA name of this machine's zone; UTC where the system does not tell."""
    try:
        return tzlocal.get_localzone_name()
    except (LookupError, ValueError):
        return "UTC"
