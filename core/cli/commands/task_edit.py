"""Task commands that write: create and update, with the same flags; only what is given changes."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from core.cli.call import Call, pass_call
from core.cli.commands.task import id_flag, next_run_words
from core.cli.commands.task_flags import POLICY_FLAGS, policy_flags, timing_flags
from core.cli.commands.term_flag import term_flag
from core.cli.spoken import Command, Option
from core.cli.values import ALL_SCHOOLS, NONE, Choice, Length, Nothing, SchoolScope, Text
from core.clock import machine_timezone
from core.contracts.backend import Backend
from core.contracts.commands import UNSET, CreateTask, EditTask
from core.contracts.records import TaskRecord
from core.domain.calendar import CalendarPolicy
from core.domain.task import (
    CatchUpPolicy,
    NoNewSamples,
    OverlapPolicy,
    Policies,
    TaskStatus,
    TrainingMode,
)
from core.domain.trigger import MAX_INTERVAL_SECONDS, MIN_INTERVAL_SECONDS, TriggerType
from core.errors import InvalidValueError, NotFoundError
from core.language import N_
from core.scheduling import fire_times

TIMES = ("run_at", "starts_at", "ends_at", "anchor_at")
"""Fields whose text is a time of the task's zone."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the flags said; `None` where a flag was left out."""

    name: str | None
    description: str | None
    trigger_type: TriggerType | None
    run_at: str | None
    interval_seconds: int | None
    cron_expression: str | None
    term_rule: str | None
    timezone: str | None
    training_mode: TrainingMode | None
    school_id: object
    starts_at: str | Nothing | None
    ends_at: str | Nothing | None
    anchor_at: str | None
    calendar: str | Nothing | None
    calendar_policy: CalendarPolicy | None
    jitter_seconds: int | None
    max_runs: int | Nothing | None
    force_retrain: bool | None
    overlap: OverlapPolicy | None
    overlap_limit: int | None
    grace_seconds: int | None
    catch_up: CatchUpPolicy | None
    catch_up_window_seconds: int | None
    attempt_timeout_seconds: int | None
    total_timeout_seconds: int | None
    max_attempts: int | None
    retry_base_seconds: int | None
    retry_factor: float | None
    retry_cap_seconds: int | None
    lost_allowance: int | None
    pause_after_failures: int | None
    priority: int | None
    no_new_samples: NoNewSamples | None

    def policies(self, before: Policies) -> Policies:
        """`before`, with what was given."""
        given = {name: getattr(self, name) for name in POLICY_FLAGS}
        return replace(before, **{name: each for name, each in given.items() if each is not None})

    def values(self, timezone: str) -> dict[str, Any]:
        """Fields of a command as far as they were given, but policies and calendar; a time
        without an offset is one of `timezone`."""
        names = (
            "name description trigger_type interval_seconds cron_expression term_rule timezone"
            " training_mode school_id force_retrain calendar_policy jitter_seconds max_runs"
        )
        given = {name: getattr(self, name) for name in (*names.split(), *TIMES)}
        return {
            name: _value(name, value, timezone)
            for name, value in given.items()
            if value is not None
        }


def _value(name: str, given: Any, timezone: str) -> Any:
    if given is NONE or given is ALL_SCHOOLS:
        return None
    return fire_times.read_time(given, timezone, name) if name in TIMES else given


@pass_call
def _create(call: Call, /, **flags: Any) -> None:
    given = Given(**flags)
    values = given.values(given.timezone or machine_timezone())
    backend = call.backend(create=True)
    values |= _calendar(backend, given, None)
    task = backend.create_task(CreateTask(**values, policies=given.policies(Policies())))
    call.out.answer(task, lambda: next_run_words(task))


@pass_call
def _update(call: Call, /, task_id: int, status: TaskStatus | None, **flags: Any) -> None:
    given = Given(**flags)
    if status is None and all(getattr(given, each.name) is None for each in fields(given)):
        raise InvalidValueError("cli.nothing_to_change", field="--name")
    backend = call.backend()
    command = _edit(backend, backend.get_task(task_id), given)
    if status is not None:
        command = replace(command, status=status)
    task = backend.edit_task(command)
    call.out.answer(task, lambda: next_run_words(task))


def _edit(backend: Backend, before: TaskRecord, given: Given) -> EditTask:
    values = given.values(given.timezone or before.timezone)
    values |= _calendar(backend, given, before.calendar_id)
    policies = given.policies(before.policies)
    return EditTask(
        before.id, **values, policies=UNSET if policies == before.policies else policies
    )


def _calendar(backend: Backend, given: Given, before: int | None) -> dict[str, Any]:
    """The calendar that was asked for by its number; a policy needs one, given or there before."""
    calendar_id = before
    if given.calendar is not None:
        calendar_id = None if given.calendar is NONE else find_calendar(backend, given.calendar)
    if given.calendar_policy is not None and calendar_id is None:
        raise InvalidValueError("cli.only_with", field="--calendar-policy", other="--calendar")
    return {} if given.calendar is None else {"calendar_id": calendar_id}


def find_calendar(backend: Backend, text: str) -> int:
    """The number of a calendar by its name, else by its number.

    Raises:
        NotFoundError: there is none.
        InvalidValueError: several schools have one of that name.
    """
    known = backend.list_calendars()
    named = [each.id for each in known if each.name == text]
    found = named or [each.id for each in known if str(each.id) == text]
    if not found:
        raise NotFoundError("calendar.not_found", calendar=text)
    if len(found) > 1:
        raise InvalidValueError(
            "cli.calendar_ambiguous", field="--calendar", value=text, choices=[*map(str, found)]
        )
    return found[0]


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
        *timing_flags(is_new=is_new),
        *policy_flags(is_new=is_new),
    ]


def when_flags(*, is_new: bool) -> list[Option]:
    """The flags of a trigger; a new task needs its kind."""
    return [
        Option(
            ["--trigger-type"],
            type=Choice(TriggerType),
            required=is_new,
            help=N_("Kind of trigger; it needs --run-at, --interval, --cron or --term-rule."),
        ),
        Option(
            ["--run-at"],
            type=Text("ISO"),
            help=N_("Time of a single run, such as 2026-03-01T14:30, in the task's time zone."),
        ),
        Option(
            ["--interval", "interval_seconds"],
            type=Length(MIN_INTERVAL_SECONDS, MAX_INTERVAL_SECONDS),
            help=N_(
                "Time from one run to the next: seconds, or a length such as 90s, 15m, 2h, 1d."
            ),
        ),
        Option(
            ["--cron", "cron_expression"],
            type=Text("EXPR"),
            help=N_("Minute, hour, day, month and weekday, such as “0 2 * * *”."),
        ),
        term_flag(),
        Option(
            ["--timezone"],
            type=Text("TZ"),
            help=N_("IANA time zone of the task's times (else the machine's)."),
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
