"""Task commands that look and switch: list, show, pause, resume, delete."""

from __future__ import annotations

from core.cli.call import Call, pass_call
from core.cli.paging import whole_list
from core.cli.spoken import Command, Option
from core.cli.task_words import task_parts, task_value
from core.cli.values import ID, Choice
from core.cli.words import local_time, task_table
from core.contracts.records import TaskFilter, TaskRecord
from core.domain.task import TaskStatus, TrainingMode
from core.language import N_, _

SHOWN_RUNS = 5


def id_flag() -> Option:
    """`--id N` of a task."""
    return Option(["--id", "task_id"], type=ID, required=True, help=N_("Number of the task."))


def next_run_words(task: TaskRecord) -> str:
    """What was saved, and when it runs next."""
    if task.next_run_at is None:
        return _("Task {task_id} “{name}” is saved; it is not planned to run.").format(
            task_id=task.id, name=task.name
        )
    return _("Task {task_id} “{name}” is saved; it runs next at {time}.").format(
        task_id=task.id, name=task.name, time=local_time(task.next_run_at, task.timezone)
    )


@pass_call
def _list(
    call: Call, status: TaskStatus | None, training_mode: TrainingMode | None, school_id: int | None
) -> None:
    backend = call.backend()
    which = TaskFilter(status, training_mode, school_id)
    found = whole_list(lambda skip, limit: backend.list_tasks(which, skip=skip, limit=limit))
    call.out.answer(found, lambda: task_table(found) if found else _("There is no such task."))


@pass_call
def _show(call: Call, task_id: int) -> None:
    backend = call.backend()
    task = backend.get_task(task_id)
    known = backend.list_dependencies(task_id), backend.next_runs(task_id, count=SHOWN_RUNS)
    call.out.answer(task_value(task, *known), lambda: task_parts(task, *known))


@pass_call
def _delete(call: Call, task_id: int) -> None:
    call.backend().delete_task(task_id)
    call.out.answer(
        {"id": task_id, "deleted": True},
        lambda: _("Task {task_id} is deleted.").format(task_id=task_id),
    )


@pass_call
def _pause(call: Call, task_id: int) -> None:
    task = call.backend().pause_task(task_id)
    call.out.answer(task, lambda: _("Task {task_id} is paused.").format(task_id=task.id))


@pass_call
def _resume(call: Call, task_id: int) -> None:
    task = call.backend().resume_task(task_id)
    call.out.answer(task, lambda: next_run_words(task))


COMMANDS = (
    Command(
        "list",
        callback=_list,
        help=N_("List the tasks."),
        params=[
            Option(["--status"], type=Choice(TaskStatus), help=N_("Only tasks in this state.")),
            Option(
                ["--training-mode"], type=Choice(TrainingMode), help=N_("Only tasks of this mode.")
            ),
            Option(["--school-id"], type=ID, help=N_("Only tasks of this school.")),
        ],
    ),
    Command("show", callback=_show, help=N_("Show all about a task."), params=[id_flag()]),
    Command(
        "pause",
        callback=_pause,
        help=N_("Pause a task; what runs goes on."),
        params=[id_flag()],
    ),
    Command(
        "resume",
        callback=_resume,
        help=N_("Resume a task from its next time on; nothing is made up for."),
        params=[id_flag()],
    ),
    Command(
        "delete",
        callback=_delete,
        help=N_("Delete a task and cancel what it has queued or running."),
        params=[id_flag()],
    ),
)
