"""The attempts of an execution are listed with their endings, and each has its own log."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QTabWidget
from pytestqt.qtbot import QtBot

from core.domain.execution import ExecutionStatus
from gui.operations import Operations
from gui.views.execution_detail import ExecutionDetail
from gui.widgets.fact_table import FactTable
from tests.builders import an_attempt, an_execution
from tests.fakes import FakeBackend
from tests.gui.dialog_driver import named


def shown(qtbot: QtBot, operations: Operations) -> ExecutionDetail:
    detail = ExecutionDetail(operations)
    qtbot.addWidget(detail)
    detail.show()
    return detail


def labels(detail: ExecutionDetail) -> list[str]:
    return [fact.label for fact in detail.findChildren(FactTable)[0].facts()]


def with_two_attempts(backend: FakeBackend) -> None:
    backend.put(an_execution(attempt=2))
    backend.put(an_attempt(attempt=1))
    backend.put(an_attempt(attempt=2, job_id=2, status=ExecutionStatus.COMPLETED))
    backend.logs[1] = "the second went well"
    backend.attempt_logs[1, 1] = "the first did not"


def test_that_attempts_are_listed_and_the_log_is_the_latest_one_s(
    qtbot: QtBot, operations: Operations, fake_backend: FakeBackend
) -> None:
    with_two_attempts(fake_backend)
    detail = shown(qtbot, operations)
    detail.show_execution(fake_backend.executions[1])
    qtbot.waitUntil(lambda: "Attempt 2" in labels(detail))
    detail.findChildren(QTabWidget)[0].setCurrentIndex(1)
    text = detail.findChildren(QPlainTextEdit)[0]
    qtbot.waitUntil(lambda: text.toPlainText() == "the second went well")
    chooser = named(detail, QComboBox, "Attempt whose log is shown")
    assert chooser.currentText() == "Attempt 2 · Completed"


def test_that_the_log_of_an_earlier_attempt_can_be_read(
    qtbot: QtBot, operations: Operations, fake_backend: FakeBackend
) -> None:
    with_two_attempts(fake_backend)
    detail = shown(qtbot, operations)
    detail.show_execution(fake_backend.executions[1])
    detail.findChildren(QTabWidget)[0].setCurrentIndex(1)
    chooser = named(detail, QComboBox, "Attempt whose log is shown")
    qtbot.waitUntil(chooser.isVisible)
    chooser.setCurrentIndex(0)
    text = detail.findChildren(QPlainTextEdit)[0]
    qtbot.waitUntil(lambda: text.toPlainText() == "the first did not")


def test_that_a_single_attempt_is_not_asked_for(
    qtbot: QtBot, operations: Operations, fake_backend: FakeBackend
) -> None:
    fake_backend.put(an_execution())
    detail = shown(qtbot, operations)
    detail.show_execution(fake_backend.executions[1])
    assert "list_attempts" not in fake_backend.calls
    assert not named(detail, QComboBox, "Attempt whose log is shown").isVisible()


def test_that_another_execution_forgets_the_attempts(
    qtbot: QtBot, operations: Operations, fake_backend: FakeBackend
) -> None:
    with_two_attempts(fake_backend)
    fake_backend.put(an_execution(id=2))
    detail = shown(qtbot, operations)
    detail.show_execution(fake_backend.executions[1])
    qtbot.waitUntil(lambda: "Attempt 2" in labels(detail))
    detail.show_execution(fake_backend.executions[2])
    assert "Attempt 2" not in labels(detail)
