"""`traintable demo`: makes a workspace to play with."""

from __future__ import annotations

import shlex

from core.cli.call import Call, pass_call
from core.cli.output import Advance, bar, say
from core.cli.spoken import Command, Option
from core.cli.words import execution_table, stage_words
from core.clock import SystemClock, machine_timezone
from core.contracts.backend import Backend
from core.contracts.records import ExecutionRecord
from core.language import N_, _


@pass_call
def _demo(call: Call, *, force: bool) -> None:
    # Here, because the other commands must not wait for numpy and the scheduler.
    from core.demo import story  # noqa: PLC0415 - see above

    backend = call.backend(create=True)
    if not force:
        story.require_empty(backend)
    say(_("Making a demo in {home} …").format(home=call.settings.home.root))
    with bar() as advance:
        stage = story.Stage(
            backend,
            lambda record: _follow(call, backend, record, advance),
            advance,
            SystemClock().now(),
            machine_timezone(),
        )
        ran = story.tell(stage)
    call.out.answer(ran, lambda: execution_table(ran))
    say(_("Ready: open it with “{command}”.").format(command=_opening(call)))


def _follow(
    call: Call, backend: Backend, record: ExecutionRecord, advance: Advance
) -> ExecutionRecord:
    from core.cli.runner_here import wait_for_end  # noqa: PLC0415 - as above

    return wait_for_end(
        call.settings,
        backend,
        record.id,
        on_look=lambda seen: advance(stage_words(seen), seen.progress),
        on_nobody=lambda: None,
    )


def _opening(call: Call) -> str:
    """The command line that opens the window on this workspace."""
    words = ["traintable"]
    for flag in ("home", "database"):
        if flag in call.values:
            words += [f"--{flag}", str(call.values[flag])]
    return shlex.join(words)


COMMAND = Command(
    "demo",
    callback=_demo,
    help=N_("Make a workspace to play with: drawn handwriting, tasks, and a history."),
    params=[
        Option(
            ["--force"],
            is_flag=True,
            help=N_("Also where tasks exist already; they stay."),
        )
    ],
)
