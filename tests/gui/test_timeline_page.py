"""The page of the history: live changes, older pages, filters, one in full, and its log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QLabel, QPlainTextEdit, QPushButton, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from core.contracts.records import ExecutionFilter, ExecutionRecord
from core.domain.execution import ExecutionKind, ExecutionStatus, Reason
from core.errors import RefusedError
from gui.bridge import Bridge
from gui.models.execution_model import (
    entry,
    is_shown,
)
from gui.models.record_model import Role
from gui.operations import Operations
from gui.views.execution_detail import ExecutionDetail
from gui.views.log_view import LogView
from gui.views.timeline_page import PAGE_SIZE, TimelinePage
from gui.widgets.empty_state import EmptyState
from gui.widgets.fact_table import FactTable
from gui.widgets.search_box import SearchBox
from gui.widgets.timeline_canvas import TimelineCanvas
from tests.builders import NOW, a_task, an_execution
from tests.fakes import FakeBackend

WITHOUT_MODEL = {"model_version": None, "model_version_id": None, "gate": None, "metrics": {}}
Open = Callable[[], TimelinePage]


def a_run(**changes: object) -> ExecutionRecord:
    """A training at 40 %."""
    values: dict[str, object] = {
        **WITHOUT_MODEL,
        "status": ExecutionStatus.RUNNING,
        "completed_at": None,
        "progress": 0.4,
        "stage": "stage.fitting",
    }
    return an_execution(**(values | changes))


@pytest.fixture
def open_page(
    qtbot: QtBot, operations: Operations, bridge: Bridge, fake_backend: FakeBackend
) -> Open:
    """Shows the page once the backend holds what the test is about."""

    def opened() -> TimelinePage:
        page = TimelinePage(operations, bridge, clock=fake_backend.clock)
        qtbot.addWidget(page)
        page.resize(1100, 700)
        page.show()
        qtbot.waitUntil(lambda: canvas_of(page).isVisible() or empty_of(page).isVisible())
        return page

    return opened


def canvas_of(page: TimelinePage) -> TimelineCanvas:
    return page.findChild(TimelineCanvas)


def empty_of(page: TimelinePage) -> EmptyState:
    return page.findChild(EmptyState)


def shown_ids(page: TimelinePage) -> list[int]:
    model = canvas_of(page).model()
    return [model.index(row, 0).data(Role.RECORD).id for row in range(model.rowCount())]


def texts(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def facts(page: TimelinePage) -> dict[str, str]:
    table = page.findChild(ExecutionDetail).findChild(FactTable)
    return {fact.label: fact.value for fact in table.facts()}


def log_text(page: TimelinePage) -> str:
    return page.findChild(LogView).findChild(QPlainTextEdit).toPlainText()


def show_log(page: TimelinePage) -> None:
    page.findChild(QTabWidget).setCurrentIndex(1)


def button(widget: QWidget, name: str) -> QPushButton:
    return next(b for b in widget.findChildren(QPushButton) if b.accessibleName() == name)


# the page


def test_that_executions_stand_newest_first_and_the_newest_is_shown_in_full(
    open_page: Open, fake_backend: FakeBackend
) -> None:
    fake_backend.put(*(an_execution(id=number) for number in range(1, 6)))
    page = open_page()
    assert shown_ids(page) == [5, 4, 3, 2, 1]
    assert facts(page)["Execution number"] == "5"
    assert "UTC+08:00" in facts(page)["Planned"]
    assert facts(page)["Top-1 accuracy"] == "93.4%"


def test_that_older_executions_are_loaded_by_scrolling(
    qtbot: QtBot, open_page: Open, fake_backend: FakeBackend
) -> None:
    fake_backend.put(*(an_execution(id=number) for number in range(1, PAGE_SIZE + 31)))
    page = open_page()
    assert len(shown_ids(page)) == PAGE_SIZE
    qtbot.keyClick(canvas_of(page), Qt.Key.Key_End)
    qtbot.waitUntil(lambda: len(shown_ids(page)) == PAGE_SIZE + 30)
    assert shown_ids(page)[-1] == 1


def test_that_a_new_execution_appears_on_top_and_the_selection_stays(
    qtbot: QtBot, open_page: Open, fake_backend: FakeBackend
) -> None:
    fake_backend.put(*(an_execution(id=number) for number in range(1, 6)))
    page = open_page()
    fake_backend.put(a_run(id=6))
    qtbot.waitUntil(lambda: shown_ids(page)[0] == 6)
    assert canvas_of(page).currentIndex().data(Role.RECORD).id == 5


def test_that_progress_and_outcome_are_followed_in_list_and_detail(
    qtbot: QtBot, open_page: Open, fake_backend: FakeBackend
) -> None:
    fake_backend.put(a_run(id=1))
    page = open_page()
    fake_backend.change_run(1, progress=0.8)
    qtbot.waitUntil(lambda: "Fitting the model · 80%" in texts(page.findChild(ExecutionDetail)))
    fake_backend.finish_run(1, ExecutionStatus.FAILED, message_code="reason.no_result")
    qtbot.waitUntil(lambda: "ended without a result" in texts(page.findChild(ExecutionDetail)))
    assert not button(page, "Cancel run").isVisible()


def test_that_an_execution_leaves_a_filtered_list_when_it_matches_no_longer(
    qtbot: QtBot, open_page: Open, fake_backend: FakeBackend
) -> None:
    fake_backend.put(an_execution(id=1), a_run(id=2))
    page = open_page()
    outcome = next(box for box in page.findChildren(QComboBox) if box.accessibleName() == "Outcome")
    outcome.setFocus()
    qtbot.keyClick(outcome, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: shown_ids(page) == [2])
    fake_backend.finish_run(2)
    qtbot.waitUntil(lambda: empty_of(page).isVisible())
    qtbot.mouseClick(button(page, "Show all executions"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown_ids(page) == [2, 1])


@pytest.mark.qt_log_ignore("This plugin does not support")  # offscreen Qt cannot raise a popup
def test_that_a_task_is_found_by_typing_a_part_of_its_name(
    qtbot: QtBot, open_page: Open, fake_backend: FakeBackend
) -> None:
    fake_backend.put(a_task(id=1), a_task(id=2, name="Hourly incremental"))
    fake_backend.put(an_execution(id=1), an_execution(id=2, scheduled_task_id=2))
    page = open_page()
    box = page.findChild(SearchBox)
    qtbot.waitUntil(lambda: box.count() == 3)
    qtbot.keyClick(page, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(box.lineEdit(), "incre")
    popup = box.completer().popup()
    qtbot.waitUntil(popup.isVisible)
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown_ids(page) == [2])


def test_that_the_history_of_a_task_can_be_asked_for_before_tasks_are_listed(
    qtbot: QtBot, open_page: Open, fake_backend: FakeBackend
) -> None:
    fake_backend.put(a_task(id=1), a_task(id=2, name="Hourly incremental"))
    fake_backend.put(an_execution(id=1), an_execution(id=2, scheduled_task_id=2))
    with fake_backend.holding("list_tasks"):
        page = open_page()
        page.show_task(2)
        qtbot.waitUntil(lambda: shown_ids(page) == [2])
    qtbot.waitUntil(lambda: page.findChild(SearchBox).currentText() == "Hourly incremental")


def test_that_an_empty_history_says_so_and_ends_with_the_first_execution(
    qtbot: QtBot, open_page: Open, fake_backend: FakeBackend
) -> None:
    page = open_page()
    assert "Nothing has run yet" in texts(empty_of(page))
    fake_backend.put(a_run())
    qtbot.waitUntil(lambda: canvas_of(page).isVisible())


def test_that_cancel_asks_once_and_says_that_it_stops(
    qtbot: QtBot, open_page: Open, fake_backend: FakeBackend
) -> None:
    fake_backend.put(a_run())
    page = open_page()
    qtbot.mouseClick(button(page, "Cancel run"), Qt.MouseButton.LeftButton)
    assert not button(page, "Cancel run").isEnabled()
    qtbot.waitUntil(lambda: "Stopping" in texts(page.findChild(ExecutionDetail)))
    assert fake_backend.calls.count("cancel_execution") == 1


def test_that_a_refused_cancel_is_reported_and_can_be_asked_again(
    qtbot: QtBot, open_page: Open, fake_backend: FakeBackend, operations: Operations
) -> None:
    fake_backend.put(a_run())
    page = open_page()
    fake_backend.refuse("cancel_execution", RefusedError("execution.not_found", execution_id=1))
    with qtbot.waitSignal(operations.error_occurred):
        qtbot.mouseClick(button(page, "Cancel run"), Qt.MouseButton.LeftButton)
    assert button(page, "Cancel run").isEnabled()


def test_that_a_change_during_loading_is_not_lost(
    qtbot: QtBot, open_page: Open, fake_backend: FakeBackend, bridge: Bridge
) -> None:
    fake_backend.put(an_execution(id=1))
    page = open_page()
    with fake_backend.holding("list_executions"):
        page.refresh()
        bridge.execution_changed.emit(a_run(id=2))
    qtbot.waitUntil(lambda: fake_backend.calls.count("list_executions") == 2)
    qtbot.waitUntil(lambda: shown_ids(page) == [2, 1])


def test_that_filtering_by_a_task_leaves_out_what_others_do(
    qtbot: QtBot, open_page: Open, fake_backend: FakeBackend
) -> None:
    fake_backend.put(a_task(id=1), an_execution(id=1))
    page = open_page()
    page.show_task(1)
    fake_backend.put(a_run(id=2, scheduled_task_id=2), a_run(id=3, scheduled_task_id=1))
    qtbot.waitUntil(lambda: 3 in shown_ids(page))
    assert shown_ids(page) == [3, 1]
    assert not is_shown(a_run(scheduled_task_id=2), ExecutionFilter(task_id=1))


# the log


def test_that_the_log_is_read_when_it_is_looked_at_and_not_before(
    qtbot: QtBot, open_page: Open, fake_backend: FakeBackend
) -> None:
    fake_backend.put(an_execution())
    fake_backend.logs[1] = "first line\nsecond line\n"
    page = open_page()
    assert "read_log" not in fake_backend.calls
    show_log(page)
    qtbot.waitUntil(lambda: log_text(page) == "first line\nsecond line\n")
    qtbot.mouseClick(button(page, "Copy log"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "first line\nsecond line\n"


def test_that_the_log_of_a_running_execution_is_followed_piece_by_piece(
    qtbot: QtBot, open_page: Open, fake_backend: FakeBackend
) -> None:
    fake_backend.put(a_run())
    fake_backend.logs[1] = "one\n"
    page = open_page()
    show_log(page)
    qtbot.waitUntil(lambda: log_text(page) == "one\n")
    fake_backend.logs[1] += "two\n"
    qtbot.waitUntil(lambda: log_text(page) == "one\ntwo\n")
    fake_backend.logs[1] += "last\n"
    fake_backend.finish_run(1)
    qtbot.waitUntil(lambda: log_text(page) == "one\ntwo\nlast\n")


def test_that_a_new_attempt_begins_a_new_log(
    qtbot: QtBot, open_page: Open, fake_backend: FakeBackend
) -> None:
    fake_backend.put(a_run())
    fake_backend.logs[1] = "first attempt\n"
    page = open_page()
    show_log(page)
    qtbot.waitUntil(lambda: "first attempt" in log_text(page))
    fake_backend.logs[1] = "second attempt\n"
    fake_backend.change_run(1, attempt=2)
    qtbot.waitUntil(lambda: log_text(page) == "second attempt\n")


def test_that_an_execution_without_a_log_says_so(
    qtbot: QtBot, open_page: Open, fake_backend: FakeBackend
) -> None:
    fake_backend.put(
        an_execution(
            **WITHOUT_MODEL,
            status=ExecutionStatus.SKIPPED,
            kind=ExecutionKind.SCHEDULED,
            reason=Reason.OVERLAP,
            started_at=None,
            completed_at=None,
        )
    )
    page = open_page()
    show_log(page)
    qtbot.waitUntil(lambda: "wrote no log" in texts(page.findChild(LogView)))


def test_that_days_are_set_apart(open_page: Open, fake_backend: FakeBackend) -> None:
    today = an_execution(id=2, decided_at=NOW)
    fake_backend.put(replace(today, id=1, decided_at=NOW - timedelta(days=3)), today)
    page = open_page()
    canvas = canvas_of(page)
    heights = [canvas.sizeHintForRow(row) for row in range(2)]
    assert heights[0] == heights[1], "each begins a day of its own"
    model = canvas.model()
    assert (
        entry(model.index(0, 0).data(Role.RECORD)).day
        != entry(model.index(1, 0).data(Role.RECORD)).day
    )
