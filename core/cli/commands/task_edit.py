"""Task commands that write: create and update, with the same flags; only what is given changes."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from core.cli.call import Call, pass_call
from core.cli.commands.task import id_flag, next_run_words
from core.cli.spoken import Command, Option
from core.cli.values import ALL_SCHOOLS, Choice, SchoolScope, Text, WholeNumber
from core.clock import machine_timezone
from core.contracts.commands import UNSET, CreateTask, EditTask
from core.contracts.records import TaskRecord
from core.domain.task import CatchUpPolicy, NoNewSamples, Policies, TaskStatus, TrainingMode
from core.domain.trigger import MAX_INTERVAL_SECONDS, MIN_INTERVAL_SECONDS, TriggerType
from core.errors import InvalidValueError
from core.language import N_
from core.scheduling import fire_times

DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Given:
    """What the flags said; `None` where a flag was left out."""

    name: str | None
    description: str | None
    trigger_type: TriggerType | None
    run_at: str | None
    interval_seconds: int | None
    cron_expression: str | None
    timezone: str | None
    training_mode: TrainingMode | None
    school_id: object
    force_retrain: bool | None
    grace_seconds: int | None
    catch_up: CatchUpPolicy | None
    catch_up_window_seconds: int | None
    attempt_timeout_seconds: int | None
    no_new_samples: NoNewSamples | None

    def policies(self, before: Policies) -> Policies:
        """`before`, with what was given."""
        names = {each.name for each in fields(Policies)} & {each.name for each in fields(self)}
        given = {name: getattr(self, name) for name in names}
        return replace(before, **{name: each for name, each in given.items() if each is not None})

    def plain(self) -> dict[str, Any]:
        """The fields that commands take as they are, as far as they were given."""
        names = (
            "name description trigger_type interval_seconds cron_expression timezone"
            " training_mode force_retrain"
        )
        given = {name: getattr(self, name) for name in names.split()}
        return {name: value for name, value in given.items() if value is not None}


@pass_call
def _create(call: Call, /, **flags: Any) -> None:
    given = Given(**flags)
    values = given.plain()
    if given.run_at is not None:
        timezone = given.timezone or machine_timezone()
        values["run_at"] = fire_times.read_time(given.run_at, timezone, "run_at")
    if given.school_id not in (None, ALL_SCHOOLS):
        values["school_id"] = given.school_id
    command = CreateTask(**values, policies=given.policies(Policies()))
    task = call.backend(create=True).create_task(command)
    call.out.answer(task, lambda: next_run_words(task))


@pass_call
def _update(call: Call, /, task_id: int, status: TaskStatus | None, **flags: Any) -> None:
    given = Given(**flags)
    if status is None and all(getattr(given, each.name) is None for each in fields(given)):
        raise InvalidValueError("cli.nothing_to_change", field="--name")
    backend = call.backend()
    command = _edit(backend.get_task(task_id), given)
    if status is not None:
        command = replace(command, status=status)
    task = backend.edit_task(command)
    call.out.answer(task, lambda: next_run_words(task))


def _edit(before: TaskRecord, given: Given) -> EditTask:
    values = given.plain()
    if given.run_at is not None:
        timezone = given.timezone or before.timezone
        values["run_at"] = fire_times.read_time(given.run_at, timezone, "run_at")
    if given.school_id is not None:
        values["school_id"] = None if given.school_id is ALL_SCHOOLS else given.school_id
    policies = given.policies(before.policies)
    return EditTask(
        before.id, **values, policies=UNSET if policies == before.policies else policies
    )


def _flags(*, is_new: bool) -> list[Option]:
    """The flags of both commands; a new task needs three of them."""
    return [
        Option(["--name"], type=Text(), required=is_new, help=N_("Name, unique in its school.")),
        Option(["--description"], type=Text(), help=N_("What the task is for.")),
        *when_flags(is_new=is_new),
        Option(
            ["--training-mode"],
            type=Choice(TrainingMode),
            required=is_new,
            help=N_("Train on all samples, or only on those the model has not seen."),
        ),
        Option(
            ["--school-id"],
            type=SchoolScope(),
            help=N_("The school whose samples are trained on, or all."),
        ),
        Option(
            ["--force-retrain/--no-force-retrain"],
            default=None,
            help=N_("Train in full even if no sample changed."),
        ),
        *_policies(),
    ]


def when_flags(*, is_new: bool) -> list[Option]:
    """The flags of a trigger; a new task needs its kind."""
    return [
        Option(
            ["--trigger-type"],
            type=Choice(TriggerType),
            required=is_new,
            help=N_("Kind of trigger; it needs --run-at, --interval or --cron."),
        ),
        Option(
            ["--run-at"],
            type=Text("ISO"),
            help=N_("Time of a single run, such as 2026-03-01T14:30, in the task's time zone."),
        ),
        Option(
            ["--interval", "interval_seconds"],
            type=WholeNumber(MIN_INTERVAL_SECONDS, MAX_INTERVAL_SECONDS, "SECONDS"),
            help=N_("Seconds from one run to the next."),
        ),
        Option(
            ["--cron", "cron_expression"],
            type=Text("EXPR"),
            help=N_("Minute, hour, day, month and weekday, such as “0 2 * * *”."),
        ),
        Option(
            ["--timezone"],
            type=Text("TZ"),
            help=N_("IANA time zone of the task's times (else the machine's)."),
        ),
    ]


def _policies() -> list[Option]:
    return [
        Option(
            ["--grace", "grace_seconds"],
            type=WholeNumber(0, 7 * DAY, "SECONDS"),
            help=N_("How late a run may begin and still count as on time."),
        ),
        Option(
            ["--catch-up"],
            type=Choice(CatchUpPolicy),
            help=N_("What happens to the runs that were missed."),
        ),
        Option(
            ["--catch-up-window", "catch_up_window_seconds"],
            type=WholeNumber(0, 366 * DAY, "SECONDS"),
            help=N_("How old a missed run may be and still be made up for."),
        ),
        Option(
            ["--time-limit", "attempt_timeout_seconds"],
            type=WholeNumber(1, 7 * DAY, "SECONDS"),
            help=N_("When a run that does not end is stopped."),
        ),
        Option(
            ["--no-new-samples"],
            type=Choice(NoNewSamples),
            help=N_("How an incremental run without a new sample ends."),
        ),
    ]


COMMANDS = (
    Command("create", callback=_create, help=N_("Create a task."), params=[*_flags(is_new=True)]),
    Command(
        "update",
        callback=_update,
        help=N_("Change a task; what is not given stays as it is."),
        params=[
            id_flag(),
            Option(
                ["--status"],
                type=Choice((TaskStatus.ACTIVE, TaskStatus.PAUSED)),
                help=N_("Let the task run, or pause it."),
            ),
            *_flags(is_new=False),
        ],
    ),
)
