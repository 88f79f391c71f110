"""click's commands and options, speaking the reader's language; they know no command of ours.

Help is marked with `N_` where it is written and translated when it is shown. Nothing of click's own
English reaches a person: `core.cli.usage` says what is wrong with a command line.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from core.errors import InvalidValueError
from core.language import N_, _


class Option(click.Option):
    """A flag whose help is a marked text of one sentence.

    `section` is the marked heading that it stands under, none for the common flags; `preset` is
    the value that counts where the flag is left out, written as the flag takes it.
    """

    def __init__(
        self,
        param_decls: Sequence[str],
        *,
        section: str | None = None,
        preset: str | None = None,
        **attributes: Any,
    ) -> None:
        super().__init__(param_decls, **attributes)
        self.section = section
        self.preset = preset

    @property
    def form(self) -> str:
        """What its value looks like; nothing for a switch."""
        return "" if self.is_flag else (self.metavar or self.type.name)

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The flag with its form, and its help in the current language."""
        del ctx
        switches = " / ".join(filter(None, [", ".join(self.opts), ", ".join(self.secondary_opts)]))
        return f"{switches} {self.form}".rstrip(), self._explained()

    def _explained(self) -> str:
        text = _translated(self.help)
        clause = text.rstrip(".。")
        if self.required:
            return _("{help} (needed).").format(help=clause)
        if self.preset is not None:
            return _("{help} (else {value}).").format(help=clause, value=self.preset)
        return text


class Argument(click.Argument):
    """A value without a flag; its metavar is what a person sees."""

    @property
    def form(self) -> str:
        """What it looks like."""
        return self.metavar or self.type.name


def _show_help(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value:
        click.echo(ctx.get_help(), color=ctx.color)
        ctx.exit()


HELP = Option(
    ["--help", "-h"],
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_help,
    help=N_("Show this help and exit."),
)


class Command(click.Command):
    """A command that takes the flags every command takes, before or after its own."""

    shared: Sequence[Option] = ()
    """Flags that this command hands down to all below it; only the root has any."""

    def __init__(self, name: str, **attributes: Any) -> None:
        super().__init__(name, **(attributes | {"add_help_option": False}))

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Own parameters, then the shared flags."""
        return [*self.params, *_shared(ctx)]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, but a superfluous word is refused in our words."""
        ctx.allow_extra_args = True
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx  # the parser leaves it out, and our words need it
            raise
        if rest and not isinstance(self, Group):
            raise InvalidValueError(
                "cli.argument_unwanted", field=rest[0], value=rest[0], command=ctx.command_path
            )
        return rest

    def get_short_help_str(self, limit: int = 45) -> str:
        """The help: it has one sentence."""
        del limit
        return _translated(self.help)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """How it is called."""
        pieces = [param.form for param in self.params if isinstance(param, Argument)]
        if isinstance(self, Group):
            pieces.append(_("COMMAND …"))
        pieces.append(_("[FLAGS]"))
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=_("Usage: "))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What it does."""
        del ctx
        if self.help:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(_(self.help))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Its commands, its flags, and those that every command takes."""
        if isinstance(self, Group):
            rows = [(name, each.get_short_help_str()) for name, each in self.commands.items()]
            _write_section(formatter, _("Commands"), rows)
        for section, own in _by_section(self.params).items():
            _write_section(formatter, _(section or N_("Flags")), _records(ctx, own))
        _write_section(formatter, _("Flags of every command"), _records(ctx, _shared(ctx)))


class Group(Command, click.Group):
    """A command with commands, in the order they were added."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, but an unknown command is refused in our words."""
        if args[0] not in self.commands:
            raise InvalidValueError(
                "cli.command_unknown",
                field=args[0],
                value=args[0],
                command=ctx.command_path,
                choices=list(self.commands),
            )
        return super().resolve_command(ctx, args)


def make_group(name: str, text: str, commands: Sequence[click.Command]) -> Group:
    """A group that only holds `commands` and refuses to be called alone; `text` is marked."""

    @click.pass_context
    def need_command(ctx: click.Context) -> None:
        if ctx.invoked_subcommand is None:
            raise InvalidValueError(
                "cli.command_missing",
                field=name,
                command=ctx.command_path,
                choices=[each.name or "" for each in commands],
            )

    group = Group(name, help=text, callback=need_command, invoke_without_command=True)
    for each in commands:
        group.add_command(each)
    return group


def _translated(text: str | None) -> str:
    """A catalogue answers an empty text with its own header."""
    return _(text) if text else ""


def _shared(ctx: click.Context) -> list[Option]:
    root = ctx.find_root().command
    return [*(root.shared if isinstance(root, Command) else ()), HELP]


def _by_section(params: Sequence[click.Parameter]) -> dict[str | None, list[Option]]:
    """The flags under their headings, in their order; the common ones first."""
    found: dict[str | None, list[Option]] = {None: []}
    for each in params:
        if isinstance(each, Option):
            found.setdefault(each.section, []).append(each)
    return found


def _records(ctx: click.Context, options: Sequence[Option]) -> list[tuple[str, str]]:
    return [record for each in options if (record := each.get_help_record(ctx)) is not None]


def _write_section(
    formatter: click.HelpFormatter, title: str, rows: Sequence[tuple[str, str]]
) -> None:
    if rows:
        formatter.write_paragraph()
        formatter.write(_("{heading}:").format(heading=title) + "\n")
        with formatter.indentation():
            formatter.write_dl(rows)
