"""The flags of a task beyond its trigger: under headings, each policy with its default."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any, Final

import click

from core.cli.spoken import Option
from core.cli.values import Choice, Decimal, Length, OrNone, Text, WholeNumber, length_text
from core.domain.calendar import CalendarPolicy
from core.domain.task import POLICY_RANGES, Policies
from core.language import N_
from core.services.task_fields import MAX_JITTER_SECONDS, MAX_RUNS

TIMING: Final = N_("Flags for when it runs")
MEETING: Final = N_("Flags for runs that meet or come late")
ATTEMPTS: Final = N_("Flags for time limits and retries")
ENDINGS: Final = N_("Flags for failures and missing samples")

_PolicyFlag = tuple[str, str, str]
"""A flag, the policy's field, and its help."""
_MEETING: Final[Sequence[_PolicyFlag]] = (
    (
        "--overlap",
        "overlap",
        N_("What becomes of a run that is due while the one before is still at work."),
    ),
    (
        "--overlap-limit",
        "overlap_limit",
        N_("With --overlap allow: how many may run side by side."),
    ),
    ("--grace", "grace_seconds", N_("How late a run may begin and still count as on time.")),
    ("--catch-up", "catch_up", N_("What happens to the runs that were missed.")),
    (
        "--catch-up-window",
        "catch_up_window_seconds",
        N_("How old a missed run may be and still be made up for."),
    ),
    ("--priority", "priority", N_("Which of several waiting tasks goes first: the higher one.")),
)
_ATTEMPTS: Final[Sequence[_PolicyFlag]] = (
    (
        "--time-limit",
        "attempt_timeout_seconds",
        N_("When an attempt that does not end is stopped."),
    ),
    (
        "--total-time-limit",
        "total_timeout_seconds",
        N_("The same for all attempts of a run and the waits between, 0 for no limit."),
    ),
    ("--max-attempts", "max_attempts", N_("How often a run is tried, the first time included.")),
    ("--retry-delay", "retry_base_seconds", N_("The wait before the second attempt.")),
    (
        "--retry-factor",
        "retry_factor",
        N_("By how much each further wait is longer than the one before."),
    ),
    ("--retry-cap", "retry_cap_seconds", N_("The longest wait between two attempts.")),
    (
        "--lost-allowance",
        "lost_allowance",
        N_("How many attempts may be lost with their runner without counting."),
    ),
)
_ENDINGS: Final[Sequence[_PolicyFlag]] = (
    (
        "--pause-after-failures",
        "pause_after_failures",
        N_("Pause the task after this many failures in a row, 0 for never."),
    ),
    (
        "--no-new-samples",
        "no_new_samples",
        N_("How an incremental run without a new sample ends."),
    ),
)
POLICY_FLAGS: Final[dict[str, str]] = {
    field: flag for flag, field, _text in (*_MEETING, *_ATTEMPTS, *_ENDINGS)
}
"""The flag of every policy, by its field."""


def timing_flags(*, is_new: bool) -> list[Option]:
    """Window, calendar, random delay and number of runs."""
    return [
        Option(
            ["--starts-at"],
            type=OrNone(Text("ISO")),
            section=TIMING,
            help=N_("No run before this time."),
        ),
        Option(
            ["--ends-at"],
            type=OrNone(Text("ISO")),
            section=TIMING,
            help=N_("No run after this time."),
        ),
        Option(
            ["--anchor-at"],
            type=Text("ISO"),
            section=TIMING,
            help=N_("The time that --interval counts from (else the creation)."),
        ),
        Option(
            ["--calendar"],
            type=OrNone(Text("NAME|ID")),
            section=TIMING,
            help=N_("The school calendar whose closed days count."),
        ),
        Option(
            ["--calendar-policy"],
            type=Choice(CalendarPolicy),
            section=TIMING,
            preset=CalendarPolicy.SKIP.value if is_new else None,
            help=N_("What happens to a run on a closed day."),
        ),
        Option(
            ["--jitter", "jitter_seconds"],
            type=Length(0, MAX_JITTER_SECONDS),
            section=TIMING,
            preset="0" if is_new else None,
            help=N_("Begin up to this much later, so that not all tasks begin at once."),
        ),
        Option(
            ["--max-runs"],
            type=OrNone(WholeNumber(1, MAX_RUNS)),
            section=TIMING,
            help=N_("End the task after this many planned runs."),
        ),
    ]


def policy_flags(*, is_new: bool) -> list[Option]:
    """A flag for every policy; a new task's help tells the defaults."""
    return [
        Option(
            [flag, field],
            type=_type(field),
            section=section,
            preset=_written(field) if is_new else None,
            help=text,
        )
        for section, flags in ((MEETING, _MEETING), (ATTEMPTS, _ATTEMPTS), (ENDINGS, _ENDINGS))
        for flag, field, text in flags
    ]


def _type(field: str) -> click.ParamType[Any]:
    default = getattr(Policies(), field)
    if isinstance(default, Enum):
        return Choice(type(default))
    low, high = POLICY_RANGES[field]
    if isinstance(default, float):
        return Decimal(low, high)
    kind = Length if field.endswith("_seconds") else WholeNumber
    return kind(int(low), int(high))


def _written(field: str) -> str:
    """A policy's default, as its flag takes it."""
    default = getattr(Policies(), field)
    if isinstance(default, Enum):
        return str(default.value)
    return length_text(default) if field.endswith("_seconds") else f"{default:g}"
