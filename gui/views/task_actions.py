"""What may be done to a task now, and why not: a function of the record, without any widget."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, assert_never

from core.contracts.records import TaskRecord
from core.domain.task import TaskStatus
from core.language import N_, _


class TaskAction(StrEnum):
    """Everything the page offers for the chosen task, in the order of toolbar and menu."""

    EDIT = "edit"
    RUN_NOW = "run_now"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL_RUN = "cancel_run"
    HISTORY = "history"
    WHY = "why"
    BACKFILL = "backfill"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether an action is on; if not, the sentence that says why."""

    why_not: str | None = None

    @property
    def is_on(self) -> bool:
        """Whether the action may be triggered."""
        return self.why_not is None


ON: Final = Availability()
_ONLY_LOOKS: Final = frozenset({TaskAction.HISTORY, TaskAction.WHY})
_NOTHING_CHOSEN: Final = N_("Choose a task first.")
_UNDER_WAY: Final = N_("The last request for this task is still under way.")
_ENDED: Final = N_("This task has ended: edit its trigger to use it again.")
_ALREADY_PAUSED: Final = N_("This task is already paused.")
_NOT_PAUSED: Final = N_("This task is not paused.")
_ALREADY_RUNNING: Final = N_("This task has a run already: wait for its end, or cancel it.")
_NOTHING_RUNS: Final = N_("Nothing of this task is waiting or running.")
_CANCELLING: Final = N_("Cancelling was asked for: the run is about to end.")


def availability(
    action: TaskAction, task: TaskRecord | None, *, is_busy: bool = False
) -> Availability:
    """Whether `action` may be done to `task`; `is_busy` while a command for it is under way."""
    if task is None:
        return Availability(_(_NOTHING_CHOSEN))
    if is_busy and action not in _ONLY_LOOKS:
        return Availability(_(_UNDER_WAY))
    why_not = _why_not(action, task)
    return ON if why_not is None else Availability(_(why_not))


def status_action(task: TaskRecord | None) -> TaskAction:
    """Which of pause and resume the one button for both stands for."""
    is_paused = task is not None and task.status is TaskStatus.PAUSED
    return TaskAction.RESUME if is_paused else TaskAction.PAUSE


def _why_not(action: TaskAction, task: TaskRecord) -> str | None:
    match action:
        case (
            TaskAction.EDIT
            | TaskAction.HISTORY
            | TaskAction.WHY
            | TaskAction.BACKFILL
            | TaskAction.DELETE
        ):
            return None
        case TaskAction.RUN_NOW:
            return None if task.active_run is None else _ALREADY_RUNNING
        case TaskAction.PAUSE:
            return _why_not_pause(task.status)
        case TaskAction.RESUME:
            return None if task.status is TaskStatus.PAUSED else _NOT_PAUSED
        case TaskAction.CANCEL_RUN:
            if task.active_run is None:
                return _NOTHING_RUNS
            return _CANCELLING if task.active_run.is_cancel_requested else None
        case _:
            assert_never(action)


def _why_not_pause(status: TaskStatus) -> str | None:
    match status:
        case TaskStatus.ACTIVE:
            return None
        case TaskStatus.PAUSED:
            return _ALREADY_PAUSED
        case TaskStatus.COMPLETED | TaskStatus.FAILED:
            return _ENDED
        case _:
            assert_never(status)
