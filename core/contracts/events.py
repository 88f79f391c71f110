"""What changed, numbered: the feed that windows and runners follow instead of reading again.

Numbers only increase; after a gap a listener asks for everything since its last.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TaskChanged:
    """A task was created, edited, counted or deleted."""

    number: int
    task_id: int
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class ExecutionChanged:
    """An execution was decided, started, progressed or ended. Progress repeats the last number."""

    number: int
    execution_id: int
    task_id: int


@dataclass(frozen=True, slots=True)
class ModelChanged:
    """A model version was made, put in service or taken out."""

    number: int
    model_version_id: int


@dataclass(frozen=True, slots=True)
class SamplesChanged:
    """Samples of a school came or went."""

    number: int
    school_id: int


@dataclass(frozen=True, slots=True)
class SchoolsChanged:
    """A school was added or renamed."""

    number: int
    school_id: int


@dataclass(frozen=True, slots=True)
class CalendarsChanged:
    """A calendar was made, changed or deleted; the tasks that follow it changed with it."""

    number: int


@dataclass(frozen=True, slots=True)
class RunnersChanged:
    """A runner came, went, or stopped answering."""

    number: int


@dataclass(frozen=True, slots=True)
class ConnectionChanged:
    """The database went away (`error_code` with its parameters' text) or came back (`None`)."""

    number: int
    sentence: str | None


Event = (
    TaskChanged
    | ExecutionChanged
    | ModelChanged
    | SamplesChanged
    | SchoolsChanged
    | CalendarsChanged
    | RunnersChanged
    | ConnectionChanged
)
