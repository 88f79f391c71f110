"""What the program was told at its start: parsed once at a root, then only handed on."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.language import environment_language
from core.paths import Home, default_home


@dataclass(frozen=True, slots=True)
class RunnerSettings:
    """How a runner works; times in seconds."""

    slots: int = 1
    """How many executions may run at once."""
    processors: int = 1
    """How many processes all attempts together may keep busy."""
    lease_seconds: float = 60.0
    """How long a claim holds without renewal; it is renewed at a third of this."""
    stop_grace_seconds: float = 30.0
    """How long a worker may take to end when asked, before its process tree is ended."""
    max_sleep_seconds: float = 15.0
    """Longest sleep between two looks at the clock: suspended machines wake late otherwise."""
    poll_seconds: float = 0.5
    """How often changes made by other processes are looked for."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a composition root needs to know."""

    home: Home
    database_url: str | None = None
    """`None` means the embedded SQLite database in the home."""
    language: str = "en"
    runner: RunnerSettings = RunnerSettings()


def read_settings(
    *,
    home: str | None = None,
    database_url: str | None = None,
    language: str | None = None,
    slots: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> Settings:
    """Settings from flags (the arguments), else the environment, else the defaults."""
    values = os.environ if environment is None else environment
    root = home or values.get("TRAINTABLE_HOME")
    return Settings(
        home=Home(Path(root).expanduser().absolute() if root else default_home()),
        database_url=database_url or values.get("TRAINTABLE_DATABASE_URL") or None,
        language=language or environment_language(values),
        runner=RunnerSettings(slots=slots or default_slots(), processors=os.cpu_count() or 1),
    )


def default_slots() -> int:
    """One slot for two processors, since a training computes features on several."""
    return max(1, (os.cpu_count() or 1) // 2)
