"""The sentences of dependencies, “Why?”, quiet hours and the bin: a part of `core.messages`.

Read through `core.messages.sentence` only.
"""

from __future__ import annotations

from typing import Final

from core.language import N_

SENTENCES: Final[dict[str, str]] = {
    # dependencies
    "dependency.not_found": N_("Task {task_id} does not depend on task {upstream_id}."),
    "dependency.is_upstream": N_(
        "Task {task_id} cannot be deleted while others depend on it: {tasks}. Remove these"
        " dependencies first."
    ),
    # the recycle bin
    "bin.name_taken": N_(
        "Task {task_id} cannot be restored: there is another task “{name}” by now. Rename that one"
        " first."
    ),
    "bin.upstream_deleted": N_(
        "Task {task_id} cannot be restored: it depends on deleted tasks ({tasks}). Restore them"
        " first."
    ),
    # quiet hours
    "quiet.empty": N_(
        "{field} is empty: write days and times, such as mon-fri 08:00-17:00, or clear them."
    ),
    # why an instant that nothing is recorded of did not run
    "why.calendar_changed": N_("The calendar let it run; it has been changed since."),
    "why.ended": N_("The task has ended ({status}): edit its trigger to use it again."),
    "why.before_creation": N_("The task was made later, at {created_at}."),
    "why.in_the_bin": N_("The task lay in the recycle bin from {deleted_at} on."),
    "why.rescheduled": N_(
        "The trigger was changed later, at {changed_at}; before, it did not give this time."
    ),
    "why.not_recorded": N_("Nothing is recorded of this time: history is not kept for ever."),
    # the command line
    "cli.one_of": N_("Give one of {choices}, and only one."),
    "cli.not_together": N_("{field} and {other} exclude each other: leave one out."),
    "cli.only_with": N_("{field} has a meaning only together with {other}."),
}
"""Codes of planning, with their English templates."""
