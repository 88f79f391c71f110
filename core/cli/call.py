"""One call of the command line: what its shared flags said, and what it works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from core.cli.output import Output
from core.cli.spoken import Option
from core.cli.values import Text
from core.contracts.backend import Backend
from core.errors import InvalidValueError
from core.language import LANGUAGES, N_, set_language
from core.settings import Settings, read_settings

OpenWindow = Callable[[Settings, str | None], int]
"""Takes the language that a flag asked for; else the window has its own choice."""


@dataclass(slots=True)
class Call:
    """Filled while the command line is read, wherever in it a flag stands; the last one counts."""

    open_window: OpenWindow | None = None
    """What no command at all means; `None` where there is no window to open."""
    values: dict[str, Any] = field(default_factory=dict)
    """What the shared flags said, by name."""

    @property
    def settings(self) -> Settings:
        """Flags, else environment, else defaults."""
        return read_settings(
            home=self.values.get("home"),
            database_url=self.values.get("database"),
            language=self.values.get("language"),
            slots=self.values.get("slots"),
        )

    @property
    def out(self) -> Output:
        """Where answers go."""
        return Output(as_json=bool(self.values.get("json")))

    def backend(self, *, create: bool = False) -> Backend:
        """The product, until the end of the command; `create` makes or upgrades the database."""
        # Here, because a help page must not wait for the database library.
        from core.client.connect import open_backend  # noqa: PLC0415 - see above

        backend = open_backend(self.settings, create=create)
        click.get_current_context().call_on_close(backend.close)
        return backend

    @property
    def logs(self) -> Path:
        """Where the story of a bug goes."""
        return self.settings.home.logs


pass_call = click.make_pass_decorator(Call)


def _keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    call = ctx.find_object(Call)
    if call is not None and value not in (None, False):
        call.values[param.name or ""] = value


def _speak(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    if value is None:
        return
    if value not in LANGUAGES:
        raise InvalidValueError(
            "field.choice", field="--language", value=value, choices=list(LANGUAGES)
        )
    _keep(ctx, param, value)
    set_language(value)


SHARED_FLAGS = (
    Option(
        ["--json"],
        is_flag=True,
        expose_value=False,
        callback=_keep,
        help=N_("Answer in JSON, for machines."),
    ),
    Option(
        ["--home"],
        type=Text("DIR"),
        expose_value=False,
        callback=_keep,
        help=N_("Folder of the data (else TRAINTABLE_HOME, else the platform's data folder)."),
    ),
    Option(
        ["--database"],
        type=Text("URL"),
        expose_value=False,
        callback=_keep,
        help=N_("Address of the database (else TRAINTABLE_DATABASE_URL, else a file in the home)."),
    ),
    Option(
        ["--language"],
        type=Text("|".join(LANGUAGES)),
        expose_value=False,
        is_eager=True,
        callback=_speak,
        help=N_("Language of what is said (else the environment's)."),
    ),
)
"""Every command takes these, before or after its name."""
