"""“Why did it (not) run?” is answered rule by rule, from the timeline and from the tasks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from core.client.local import LocalBackend
from core.clock import SystemClock
from core.contracts.commands import CreateTask
from core.contracts.records import TaskRecord
from core.domain.explanation import Rule, Verdict
from core.domain.task import TrainingMode
from core.domain.trigger import TriggerType
from core.errors import UnavailableError
from gui.bridge import Bridge
from gui.dialogs.why_dialog import WhyDialog
from gui.operations import Operations
from gui.views.timeline_page import TimelinePage
from gui.widgets.field_note import FieldNote
from gui.widgets.verdict_list import verdict_look
from gui.widgets.wall_time_edit import WallTimeEdit
from tests.builders import NOW, a_task, an_execution
from tests.fakes import FakeBackend
from tests.gui.dialog_driver import named


def a_nightly(backend: LocalBackend) -> TaskRecord:
    return backend.create_task(
        CreateTask(
            "Nightly",
            TriggerType.CRON,
            TrainingMode.FULL,
            cron_expression="0 2 * * *",
            timezone="Asia/Shanghai",
        )
    )


def ask(qtbot: QtBot, operations: Operations, task: TaskRecord, now: datetime) -> WhyDialog:
    dialog = WhyDialog.of_task(operations, task, now)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(lambda: len(dialog.rules()) == len(Rule))
    return dialog


def test_that_every_verdict_has_its_own_word_and_icon() -> None:
    looks = [verdict_look(verdict) for verdict in Verdict]
    assert len({look.word for look in looks}) == len({look.icon for look in looks}) == len(Verdict)


def test_that_the_last_planned_time_is_asked_about_first(
    qtbot: QtBot, operations: Operations, fake_backend: FakeBackend
) -> None:
    task = a_task()
    fake_backend.put(task, an_execution(planned_at=NOW - timedelta(hours=12)))
    dialog = ask(qtbot, operations, task, NOW)
    assert "2026-03-02 02:00" in dialog.rules()[0]


def test_that_a_task_that_never_ran_is_asked_about_its_next_run(
    qtbot: QtBot, real_backend: LocalBackend, real_operations: Operations
) -> None:
    task = a_nightly(real_backend)
    dialog = ask(qtbot, real_operations, task, datetime.now(UTC))
    assert dialog.headline() == "No rule is in its way."
    assert dialog.rules()[0].startswith("Trigger · passed · ")


def test_that_a_time_the_trigger_does_not_give_is_stopped_by_the_trigger(
    qtbot: QtBot, real_backend: LocalBackend, real_operations: Operations
) -> None:
    dialog = ask(qtbot, real_operations, a_nightly(real_backend), SystemClock().now())
    when = named(dialog, WallTimeEdit, "Time to explain")
    when.setDateTime(when.dateTime().addSecs(60))
    qtbot.waitUntil(lambda: "stops it: Trigger" in dialog.headline())
    assert dialog.rules()[0].startswith("Trigger · stopped")
    assert dialog.rules()[-1] == "Runner · not reached"


def test_that_an_execution_is_explained_from_the_timeline(
    qtbot: QtBot, real_backend: LocalBackend, real_operations: Operations, real_bridge: Bridge
) -> None:
    real_backend.run_now(a_nightly(real_backend).id, "once")
    page = TimelinePage(real_operations, real_bridge)
    qtbot.addWidget(page)
    page.show()
    button = named(page, QPushButton, "Why?")
    qtbot.waitUntil(button.isVisible)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    dialog = page.findChildren(WhyDialog)[0]
    qtbot.waitUntil(lambda: len(dialog.rules()) == len(Rule))
    assert dialog.rules()[0].startswith("Trigger · note · A person asked")
    assert dialog.rules()[-1].startswith("Runner · waits")


def test_that_a_failed_question_says_so(
    qtbot: QtBot, operations: Operations, fake_backend: FakeBackend
) -> None:
    fake_backend.put(a_task())
    fake_backend.refuse("explain_instant", UnavailableError("database.unavailable", detail="gone"))
    dialog = WhyDialog.of_task(operations, a_task(), NOW)
    qtbot.addWidget(dialog)
    dialog.open()
    note = dialog.findChildren(FieldNote)[0]
    qtbot.waitUntil(lambda: "gone" in note.text())


@pytest.mark.parametrize("hours", [1, 48])
def test_that_a_time_to_come_is_explained_too(
    qtbot: QtBot, operations: Operations, fake_backend: FakeBackend, hours: int
) -> None:
    task = a_task(next_run_at=NOW + timedelta(hours=hours))
    fake_backend.put(task)
    dialog = ask(qtbot, operations, task, NOW)
    assert any(line.startswith("Grace and catch-up · note") for line in dialog.rules())
