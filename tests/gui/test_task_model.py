"""What the table of tasks says of a task, and which tasks a filter lets through."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import Qt

from core.contracts.records import TaskRecord
from core.domain.execution import ExecutionStatus
from core.domain.task import TaskStatus, TrainingMode
from core.domain.trigger import TriggerType
from gui.formatting import Look
from gui.models.filters import TaskFilterProxy, Wanted, matches
from gui.models.record_model import Role
from gui.models.task_model import TaskColumn, TaskModel
from gui.views.task_actions import TaskAction, availability, status_action
from tests.builders import NOW, a_task, an_active_run
from tests.fakes import FakeClock

SECOND_LINE, DISPLAY = Role.SECOND_LINE, Qt.ItemDataRole.DisplayRole


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def model(qapp: object, clock: FakeClock) -> Iterator[TaskModel]:
    made = TaskModel(clock)
    yield made
    shiboken6.delete(made)


def said(model: TaskModel, column: TaskColumn, role: int = DISPLAY, **task: Any) -> Any:
    """What a column says of a task."""
    model.load([a_task(**task)])
    return model.index(0, column).data(role)


def test_that_a_name_stands_above_its_description_on_one_line(model: TaskModel) -> None:
    task = {"name": "Nightly", "description": "All samples,\nbefore school"}
    assert said(model, TaskColumn.NAME, **task) == "Nightly"
    assert said(model, TaskColumn.NAME, SECOND_LINE, **task) == "All samples, before school"


def test_that_a_status_is_word_and_icon_and_colour(model: TaskModel) -> None:
    look = said(model, TaskColumn.STATUS, Role.LOOK, status=TaskStatus.PAUSED)
    assert isinstance(look, Look)
    assert (look.word, look.icon) == ("Paused", "paused")
    assert said(model, TaskColumn.STATUS, status=TaskStatus.PAUSED) == "Paused"


def test_that_a_trigger_is_said_in_words_with_its_line_in_the_tooltip(model: TaskModel) -> None:
    assert said(model, TaskColumn.TRIGGER) == "Every day at 02:00"
    tooltip = said(model, TaskColumn.TRIGGER, Qt.ItemDataRole.ToolTipRole)
    assert "0 2 * * *" in tooltip
    assert "Asia/Shanghai" in tooltip


def test_that_a_cron_line_nobody_can_read_stands_as_it_is(model: TaskModel) -> None:
    assert said(model, TaskColumn.TRIGGER, cron_expression="every blue moon") == "every blue moon"


def test_that_training_names_mode_and_school(model: TaskModel) -> None:
    assert said(model, TaskColumn.TRAINING, training_mode=TrainingMode.INCREMENTAL) == "Incremental"
    assert said(model, TaskColumn.TRAINING, SECOND_LINE) == "All schools"
    assert said(model, TaskColumn.TRAINING, SECOND_LINE, school_id=1, school_name="A") == "A"


def test_that_the_next_run_is_told_in_the_tasks_zone_and_from_now(model: TaskModel) -> None:
    assert said(model, TaskColumn.NEXT_RUN) == "2026-03-03 02:00"
    assert said(model, TaskColumn.NEXT_RUN, SECOND_LINE).startswith("in 12 h")
    exact = said(model, TaskColumn.NEXT_RUN, Qt.ItemDataRole.ToolTipRole)
    assert exact == "Tuesday, 2026-03-03 02:00:00, Asia/Shanghai (UTC+08:00)"


def test_that_a_planned_time_that_has_come_is_due(model: TaskModel) -> None:
    assert said(model, TaskColumn.NEXT_RUN, SECOND_LINE, next_run_at=NOW).startswith("due now")


def test_that_time_passes_without_a_reset_or_a_new_record(
    model: TaskModel, clock: FakeClock
) -> None:
    assert said(model, TaskColumn.NEXT_RUN, SECOND_LINE).startswith("in 12 h")
    resets: list[bool] = []
    columns: list[int] = []
    model.modelReset.connect(lambda: resets.append(True))
    model.dataChanged.connect(lambda first, _last: columns.append(first.column()))
    clock.advance(hours=2)
    model.tick()
    assert model.index(0, TaskColumn.NEXT_RUN).data(SECOND_LINE).startswith("in 10 h")
    assert resets == []
    assert columns == [TaskColumn.NEXT_RUN, TaskColumn.LAST_RUN]


def test_that_a_task_without_a_next_run_shows_a_dash_and_sorts_last(model: TaskModel) -> None:
    model.load(
        [
            a_task(id=1, next_run_at=None),
            a_task(id=2, next_run_at=NOW + timedelta(hours=2)),
            a_task(id=3, next_run_at=NOW + timedelta(hours=1)),
        ]
    )
    proxy = TaskFilterProxy(model)
    proxy.sort(TaskColumn.NEXT_RUN)
    assert model.index(2, TaskColumn.NEXT_RUN).data() == "–"
    assert [task.id for task in shown(proxy)] == [3, 2, 1]
    shiboken6.delete(proxy)


def test_that_a_running_task_shows_its_stage_and_how_far_it_is(model: TaskModel) -> None:
    task = {"active_run": an_active_run(progress=0.42, stage="stage.fitting")}
    assert said(model, TaskColumn.LAST_RUN, **task) == "Fitting the model · 42%"
    assert said(model, TaskColumn.LAST_RUN, Role.PROGRESS, **task) == 0.42


def test_that_a_waiting_run_has_no_bar(model: TaskModel) -> None:
    task = {"active_run": an_active_run(status=ExecutionStatus.QUEUED, progress=0.0)}
    assert said(model, TaskColumn.LAST_RUN, **task) == "Queued"
    assert said(model, TaskColumn.LAST_RUN, Role.PROGRESS, **task) is None


def test_that_a_failed_run_tells_its_error_in_the_tooltip_as_plain_text(model: TaskModel) -> None:
    tooltip = said(
        model,
        TaskColumn.LAST_RUN,
        Qt.ItemDataRole.ToolTipRole,
        last_outcome=ExecutionStatus.FAILED,
        last_error="<b>no</b>",
    )
    assert "&lt;b&gt;no&lt;/b&gt;" in tooltip


def test_that_a_task_that_never_ran_says_so(model: TaskModel) -> None:
    never = {"last_outcome": None, "last_run_at": None, "total_runs": 0}
    assert said(model, TaskColumn.LAST_RUN, **never) == "Never run"
    assert said(model, TaskColumn.RUNS, SECOND_LINE, **never) == ""


def shown(proxy: TaskFilterProxy) -> list[TaskRecord]:
    return [proxy.index(row, 0).data(Role.RECORD) for row in range(proxy.rowCount())]


@pytest.mark.parametrize(
    ("wanted", "is_shown"),
    [
        (Wanted(), True),
        (Wanted(status=TaskStatus.ACTIVE), True),
        (Wanted(status=TaskStatus.PAUSED), False),
        (Wanted(training_mode=TrainingMode.INCREMENTAL), False),
        (Wanted(school_id=4), True),
        (Wanted(school_id=5), False),
        (Wanted(school_id=None), False),
        (Wanted(text="NIGHT river"), True),
        (Wanted(text="night lake"), False),
        (Wanted(text="before school"), True),
    ],
)
def test_that_a_filter_lets_through_what_is_asked_for(wanted: Wanted, is_shown: bool) -> None:
    task = a_task(name="Nightly", description="Before school", school_id=4, school_name="Riverside")
    assert matches(task, wanted) is is_shown


def test_that_tasks_for_all_schools_can_be_asked_for() -> None:
    assert matches(a_task(school_id=None), Wanted(school_id=None))


@pytest.mark.parametrize(
    ("action", "changes", "why_not"),
    [
        (TaskAction.RUN_NOW, {}, None),
        (TaskAction.RUN_NOW, {"status": TaskStatus.PAUSED}, None),
        (TaskAction.RUN_NOW, {"active_run": an_active_run()}, "has a run already"),
        (TaskAction.PAUSE, {}, None),
        (TaskAction.PAUSE, {"status": TaskStatus.COMPLETED}, "has ended"),
        (TaskAction.PAUSE, {"status": TaskStatus.PAUSED}, "already paused"),
        (TaskAction.RESUME, {"status": TaskStatus.PAUSED}, None),
        (TaskAction.RESUME, {}, "not paused"),
        (TaskAction.CANCEL_RUN, {}, "Nothing of this task"),
        (TaskAction.CANCEL_RUN, {"active_run": an_active_run()}, None),
        (
            TaskAction.CANCEL_RUN,
            {"active_run": an_active_run(is_cancel_requested=True)},
            "about to end",
        ),
        (TaskAction.EDIT, {"status": TaskStatus.FAILED}, None),
        (TaskAction.DELETE, {"active_run": an_active_run()}, None),
        (TaskAction.HISTORY, {}, None),
    ],
)
def test_that_an_action_is_on_or_says_why_not(
    action: TaskAction, changes: dict[str, Any], why_not: str | None
) -> None:
    offered = availability(action, a_task(**changes))
    assert offered.is_on is (why_not is None)
    assert (why_not or "") in (offered.why_not or "")


@pytest.mark.parametrize("action", TaskAction)
def test_that_nothing_can_be_done_without_a_task(action: TaskAction) -> None:
    assert not availability(action, None).is_on


@pytest.mark.parametrize("action", TaskAction)
def test_that_only_what_looks_is_open_while_a_request_is_under_way(action: TaskAction) -> None:
    is_on = availability(action, a_task(active_run=None), is_busy=True).is_on
    assert is_on is (action in {TaskAction.HISTORY, TaskAction.WHY})


def test_that_the_button_for_pausing_resumes_a_paused_task() -> None:
    assert status_action(a_task()) is TaskAction.PAUSE
    assert status_action(a_task(status=TaskStatus.PAUSED)) is TaskAction.RESUME
    assert status_action(None) is TaskAction.PAUSE


def test_that_a_once_task_is_said_with_its_date(model: TaskModel) -> None:
    once = {"trigger_type": TriggerType.ONCE, "cron_expression": None, "run_at": NOW}
    assert "2026-03-02" in said(model, TaskColumn.TRIGGER, **once)
