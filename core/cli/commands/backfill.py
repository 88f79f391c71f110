"""The command that runs the planned times of a past range again, or shows which it would run."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from core.cli.call import Call, pass_call
from core.cli.commands.task import id_flag
from core.cli.planning_words import backfill_parts, backfill_value
from core.cli.spoken import Command, Option
from core.cli.values import Choice as ChoiceValue
from core.cli.values import Text
from core.contracts.planning import BackfillRange
from core.domain.backfill import Choice
from core.domain.calendar import DAY
from core.language import N_
from core.scheduling import fire_times
from core.scheduling.half_width import half_width
from core.scheduling.planned import SECOND, start_of


class Chosen(StrEnum):
    """The choice as a flag says it."""

    MISSING = "missing"
    FAILED = "failed"
    ALL = "all"


CHOICES: Final = {
    Chosen.MISSING: Choice.MISSING,
    Chosen.FAILED: Choice.MISSING_AND_FAILED,
    Chosen.ALL: Choice.ALL,
}


@pass_call
def _backfill(
    call: Call, task_id: int, from_time: str, until_time: str, choose: Chosen, *, is_dry: bool
) -> None:
    backend = call.backend()
    timezone = backend.get_task(task_id).timezone
    wanted = BackfillRange(
        task_id,
        fire_times.read_time(from_time, timezone, "--from"),
        _end(until_time, timezone),
        CHOICES[choose],
    )
    key = uuid.uuid4().hex
    plan = backend.plan_backfill(wanted) if is_dry else backend.backfill(wanted, key)
    call.out.answer(
        backfill_value(plan, is_dry=is_dry), lambda: backfill_parts(plan, is_dry=is_dry)
    )


def _end(text: str, timezone: str) -> datetime:
    """A date alone means its whole day: the range includes its end."""
    try:
        day = date.fromisoformat(half_width(text))
    except ValueError:
        return fire_times.read_time(text, timezone, "--until")
    fire_times.read_time(text, timezone, "--until")
    return start_of(day + DAY, timezone) - SECOND


COMMANDS = (
    Command(
        "backfill",
        callback=_backfill,
        help=N_("Run the planned times of a past range again, one after the other."),
        params=[
            id_flag(),
            Option(
                ["--from", "from_time"],
                type=Text("ISO"),
                required=True,
                help=N_("First time of the range, in the task's time zone."),
            ),
            Option(
                ["--until", "until_time"],
                type=Text("ISO"),
                required=True,
                help=N_("Last time of the range; a date alone means its whole day."),
            ),
            Option(
                ["--choose"],
                type=ChoiceValue(Chosen),
                default=Chosen.MISSING,
                help=N_("Those that never ran (the default), also those that failed, or all."),
            ),
            Option(
                ["--dry-run", "is_dry"],
                is_flag=True,
                help=N_("Only show what would run, and why the rest would not."),
            ),
        ],
    ),
)
