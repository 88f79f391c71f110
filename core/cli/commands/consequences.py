"""The command that shows what another trigger would do to a task's runs, before it is saved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.cli.call import Call, pass_call
from core.cli.commands.task import id_flag
from core.cli.commands.task_edit import when_flags
from core.cli.planning_words import consequences_parts
from core.cli.spoken import Command, Option
from core.cli.values import WholeNumber
from core.contracts.planning import ChangedSchedule
from core.contracts.records import TaskRecord
from core.domain.trigger import TRIGGER_FIELDS, Schedule, make_trigger
from core.errors import InvalidValueError
from core.language import N_
from core.scheduling import fire_times

MOST_CHANGES = 2000


@pass_call
def _preview(call: Call, /, task_id: int, limit: int, **flags: Any) -> None:
    if all(value is None for value in flags.values()):
        raise InvalidValueError("cli.nothing_to_change", field="--cron")
    backend = call.backend()
    schedule = _schedule(backend.get_task(task_id), flags)
    found = backend.preview_change(ChangedSchedule(task_id, schedule))
    call.out.answer(
        replace(found, changes=found.changes[:limit]), lambda: consequences_parts(found, limit)
    )


def _schedule(before: TaskRecord, flags: dict[str, Any]) -> Schedule:
    """The task's schedule with what the flags say, checked as `update` checks it."""
    timezone = flags["timezone"] or before.timezone
    kind = flags["trigger_type"] or before.trigger_type
    fields = TRIGGER_FIELDS.values()
    given = {name: flags[name] for name in fields if flags.get(name) is not None}
    if run_at := given.get("run_at"):
        given["run_at"] = fire_times.read_time(run_at, timezone, "run_at")
    own = TRIGGER_FIELDS[kind]
    for name in given:
        if name != own:
            raise InvalidValueError(
                "field.not_for_trigger", field=name, trigger_type=f"trigger.{kind}"
            )
    old = {own: getattr(before, own)} if kind is before.trigger_type else {}
    values = {**dict.fromkeys(fields), **old, **given}
    trigger = make_trigger(kind, anchor_at=before.anchor_at, **values)
    return replace(before.schedule, trigger=trigger, timezone=timezone)


COMMANDS = (
    Command(
        "preview",
        callback=_preview,
        help=N_("Show what another trigger would do to a task's runs; nothing is saved."),
        params=[
            id_flag(),
            *when_flags(is_new=False),
            Option(
                ["--limit"],
                type=WholeNumber(1, MOST_CHANGES),
                default=50,
                help=N_("Show at most this many changes one by one (else 50)."),
            ),
        ],
    ),
)
