"""The root of the command line: flags that belong to no command, and how a call ends.

`run` is the boundary: whatever happens becomes an exit status and, if it is bad, one sentence.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

import click

import core
from core.cli.call import SHARED_FLAGS, Call, OpenWindow
from core.cli.commands import (
    backfill,
    calendars,
    consequences,
    demo,
    dependencies,
    doctor,
    history,
    instance,
    models,
    quiet_hours,
    recycle_bin,
    run,
    runner,
    samples,
    schools,
    task_edit,
    upcoming,
    why,
)
from core.cli.commands import task as task_commands
from core.cli.output import say
from core.cli.spoken import Group, Option
from core.cli.usage import as_usage_error, with_flag_names
from core.cli.values import WholeNumber
from core.errors import AppError, InvalidValueError
from core.language import N_, _, environment_language, set_language
from core.logs import Program, logging_to, write_fault
from core.messages import error_sentence, sentence

PROGRAM = "traintable"
INTERRUPTED = 130
MOST_SLOTS = 64


def _show_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value:
        click.echo(f"{PROGRAM} {core.__version__}")
        ctx.exit()


def _keep_slots(ctx: click.Context, _param: click.Parameter, value: int | None) -> int | None:
    call = ctx.find_object(Call)
    if call is not None and value is not None:
        call.values["slots"] = value
    return value


@click.pass_context
def _root(ctx: click.Context, *, is_runner: bool, until_idle: bool, slots: int | None) -> None:
    call = ctx.ensure_object(Call)
    if not is_runner and (until_idle or slots is not None):
        flag = "--until-idle" if until_idle else "--slots"
        raise InvalidValueError("cli.only_with_runner", field=flag)
    if is_runner and ctx.invoked_subcommand:
        raise InvalidValueError(
            "cli.runner_alone", field="--runner", command=ctx.invoked_subcommand
        )
    if is_runner:
        ctx.exit(runner.run_headless(call, until_idle=until_idle))
    if ctx.invoked_subcommand:
        ctx.with_resource(logging_to(lambda: call.logs, Program.CLI))
    else:
        ctx.exit(_open_window(ctx, call))


def _open_window(ctx: click.Context, call: Call) -> int:
    if call.open_window is None:
        click.echo(ctx.get_help())
        return 0
    return call.open_window(call.settings, call.values.get("language"))


def make_root() -> Group:
    """All commands under one name."""
    root = Group(
        PROGRAM,
        callback=_root,
        invoke_without_command=True,
        help=N_(
            "Schedule full and incremental training, and see what ran. Without a command the"
            " window opens."
        ),
        params=[
            Option(
                ["--runner", "is_runner"],
                is_flag=True,
                help=N_("Run headless: decide what is due and train, until told to stop."),
            ),
            Option(
                ["--until-idle"],
                is_flag=True,
                help=N_("With --runner: end when nothing is queued, running or due."),
            ),
            Option(
                ["--slots"],
                type=WholeNumber(1, MOST_SLOTS),
                callback=_keep_slots,
                help=N_("With --runner: how many trainings may run at once."),
            ),
            Option(
                ["--version"],
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=_show_version,
                help=N_("Show the version and exit."),
            ),
        ],
    )
    root.shared = SHARED_FLAGS
    for each in (
        *task_commands.COMMANDS,
        *task_edit.COMMANDS,
        *history.COMMANDS,
        *run.COMMANDS,
        *upcoming.COMMANDS,
        *why.COMMANDS,
        *consequences.COMMANDS,
        *backfill.COMMANDS,
        *dependencies.COMMANDS,
        *recycle_bin.COMMANDS,
        quiet_hours.GROUP,
        samples.GROUP,
        schools.GROUP,
        calendars.GROUP,
        models.GROUP,
        *instance.COMMANDS,
        demo.COMMAND,
        doctor.COMMAND,
    ):
        root.add_command(each)
    return root


def run_command_line(arguments: Sequence[str], open_window: OpenWindow | None = None) -> int:
    """Carry out one command line; its exit status."""
    set_language(_language_asked_for(arguments))
    call = Call(open_window)
    try:
        status = _carry_out(arguments, call)
        sys.stdout.flush()
    except AppError as error:
        say(error_sentence(with_flag_names(error)))
        return error.exit_status
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        _let_go_of_stdout()
        return 0
    except OSError as error:
        return _report_refusal(error)
    except Exception as error:  # noqa: BLE001 - the boundary: a bug is a sentence and a log file
        return _report_bug(error, call)
    return status


def _carry_out(arguments: Sequence[str], call: Call) -> int:
    # Not click's own `main`: it prints pages where we say a sentence, and ends the process.
    root = make_root()
    try:
        with root.make_context(PROGRAM, list(arguments), obj=call) as ctx:
            root.invoke(ctx)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        raise as_usage_error(error) from error
    return 0


def _language_asked_for(arguments: Sequence[str]) -> str:
    """Known before anything is parsed, so that a refusal to parse speaks it too."""
    for number, argument in enumerate(arguments):
        if argument.startswith("--language="):
            return argument.partition("=")[2]
        if argument == "--language" and number + 1 < len(arguments):
            return arguments[number + 1]
    return environment_language()


def _let_go_of_stdout() -> None:
    """Whoever read us has seen enough; the interpreter must not flush into the closed pipe."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _report_refusal(error: OSError) -> int:
    """A folder that cannot be made, a full disk: nothing that our code could do better."""
    params = {"detail": error.strerror or str(error), "file": str(error.filename or "–")}
    say(sentence("cli.system_refused", params))
    return 1


def _report_bug(error: Exception, call: Call) -> int:
    story = "".join(traceback.format_exception(error))
    if os.environ.get("TRAINTABLE_DEBUG") == "1":
        sys.stderr.write(story)
    kind = type(error).__name__
    try:
        file = write_fault(call.logs, Program.CLI, f"{core.__version__}\n{story}")
    except OSError:
        say(_("Internal error ({kind}); the log file cannot be written.").format(kind=kind))
    else:
        say(_("Internal error ({kind}): see {file}.").format(kind=kind, file=file))
    return 1
