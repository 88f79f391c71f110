"""Commands of the recycle bin: what lies in it, and out again."""

from __future__ import annotations

from core.cli.call import Call, pass_call
from core.cli.commands.task import id_flag
from core.cli.paging import whole_list
from core.cli.planning_words import deleted_table
from core.cli.spoken import Command
from core.cli.words import local_time
from core.contracts.records import TaskRecord
from core.language import N_, _


@pass_call
def _deleted(call: Call) -> None:
    backend = call.backend()
    found = whole_list(lambda skip, limit: backend.list_deleted(skip=skip, limit=limit))
    call.out.answer(
        found, lambda: deleted_table(found) if found else _("The recycle bin is empty.")
    )


@pass_call
def _restore(call: Call, task_id: int) -> None:
    task = call.backend().restore_task(task_id)
    call.out.answer(task, lambda: _restored_words(task))


def _restored_words(task: TaskRecord) -> str:
    if task.next_run_at is None:
        text = _("Task {task_id} “{name}” is back; it is not planned to run.")
        return text.format(task_id=task.id, name=task.name)
    text = _("Task {task_id} “{name}” is back; it runs next at {time}.")
    time = local_time(task.next_run_at, task.timezone)
    return text.format(task_id=task.id, name=task.name, time=time)


COMMANDS = (
    Command("deleted", callback=_deleted, help=N_("List the tasks in the recycle bin.")),
    Command(
        "restore",
        callback=_restore,
        help=N_("Take a task out of the recycle bin; nothing is made up for."),
        params=[id_flag()],
    ),
)
