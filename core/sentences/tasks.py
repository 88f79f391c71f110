"""The sentences of tasks and their fields.

Read through `core.messages` only.
"""

from __future__ import annotations

from typing import Final

from core.language import N_

SENTENCES: Final[dict[str, str]] = {
    # tasks and their fields
    "task.not_found": N_("There is no task {task_id}."),
    "task.name_empty": N_("The task needs a name: give name a text of 1 to 200 characters."),
    "task.name_taken": N_("A task named “{name}” already exists here: choose another name."),
    "task.already_ended": N_(
        "Task {task_id} has ended ({status}): edit its trigger to use it again."
    ),
    "task.never_again": N_("Task {task_id} would never run again: change its trigger first."),
    "text.too_long": N_("{field} has {length} characters: at most {high} are allowed."),
    "field.required": N_("{field} is missing: a task with this trigger needs it."),
    "field.not_for_trigger": N_(
        "{field} does not belong to a trigger of the kind “{trigger_type}”: leave it out."
    ),
    "field.out_of_range": N_("{field} is {value}: allowed are {low} to {high}."),
    "field.choice": N_("{field} is “{value}”: allowed are {choices}."),
    "time.unreadable": N_(
        "{field} is “{value}”: give an ISO 8601 time such as 2026-03-01T14:30 or"
        " 2026-03-01T14:30+08:00."
    ),
    "time.zone_unknown": N_(
        "timezone is “{value}”: give a name of the IANA database such as Asia/Shanghai."
    ),
    "once.in_the_past": N_("run_at is {value}, which has passed: choose a time after {now}."),
    "schedule.never_open": N_(
        "The calendar “{calendar}” leaves no day on which the task could run: choose another one."
    ),
    "window.empty": N_("ends_at is before starts_at: the task could never run."),
    "interval.out_of_range": N_(
        "interval_seconds is {value}: allowed are {low} to {high} whole seconds."
    ),
    "schedule.over": N_(
        "No time of this trigger is still to come: change {field}, or the end of its window."
    ),
    "window.never": N_(
        "No time of this trigger lies between starts_at and ends_at: the task could never run."
    ),
}
