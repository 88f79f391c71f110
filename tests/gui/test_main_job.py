"""The main job through the real window: samples in, tasks scheduled, trained, seen and ended."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox, QTableView
from pytestqt.qtbot import QtBot

from core.client.connect import open_store
from core.storage import tasks
from core.training.drawing import Writer, draw_line
from gui.dialogs.close_dialog import CloseDialog
from gui.models.execution_model import ENTRY, Entry
from gui.models.task_model import TaskColumn
from gui.views.execution_detail import ExecutionDetail
from gui.widgets.fact_table import FactTable
from gui.widgets.fire_preview import FirePreview
from gui.widgets.timeline_canvas import TimelineCanvas
from tests.gui.conftest import StandingLoop
from tests.gui.whole_window import (
    PATIENCE_MS,
    Pulse,
    WholeWindow,
    field,
    settings_for,
    type_into,
)

MAPLE, RIVER = "Maple School", "River School"
STUDENTS = {MAPLE: ("Anna", "Ben", "Clara", "David"), RIVER: ("Emil", "Frida", "Gustav", "Hanna")}
NO_ENGLISH = re.compile(
    "|".join(
        (
            *(re.escape(name) for names in STUDENTS.values() for name in names),
            rf"{MAPLE}|{RIVER}|Nightly|\S*/\S*|\S+\.png|{re.escape(socket.gethostname())}",
            r"Ctrl\+.|\bDel\b|\bCron\b|\bTop-\d|\bUTC\b|\bEnglish\b",
        )
    )
)
"""What stands in Latin letters in a Chinese window as well."""
CHINESE_PAGES = {
    "任务": "成功次数",
    "时间线": "Top-1 准确率",
    "模型": "各学生的 Top-1 准确率",
    "样本": "48 个样本",
}
"""Each page, and what it says when it shows a training and its samples."""
FIRST_DAY = datetime(2026, 1, 5, 9, tzinfo=UTC)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(4 * PATIENCE_MS / 1000)]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def open_window(
    qtbot: QtBot, qapp: QApplication, loop: StandingLoop, home: Path
) -> Iterator[Callable[[], WholeWindow]]:
    opened: list[WholeWindow] = []

    def open_one() -> WholeWindow:
        opened.append(WholeWindow(qtbot, qapp, home))
        return opened[-1]

    yield open_one
    for one in reversed(opened):
        one.end()
    assert not [error for one in opened for error in one.errors]


@pytest.fixture
def window(open_window: Callable[[], WholeWindow]) -> WholeWindow:
    return open_window()


@pytest.fixture
def handwriting(tmp_path: Path) -> Path:
    """Six lines of each student, a day each."""
    return draw(tmp_path / "first", STUDENTS, range(6))


@pytest.fixture
def school(window: WholeWindow, handwriting: Path) -> WholeWindow:
    """The window with all samples in and an empty list of tasks."""
    window.import_folder(handwriting)
    return window


def draw(folder: Path, students: dict[str, tuple[str, ...]], numbers: range) -> Path:
    """Lines by drawn hands, and the manifest that says whose and of which day they are."""
    folder.mkdir()
    lines = ["school,student,file,captured_at"]
    for school, names in students.items():
        for name in names:
            seed = int.from_bytes(name.encode()[:3])
            for number in numbers:
                file = f"{name}-{number}.png"
                png = draw_line(Writer.from_seed(seed), np.random.default_rng([seed, number]))
                (folder / file).write_bytes(png)
                day = FIRST_DAY + timedelta(days=number)
                lines.append(f"{school},{name},{file},{day.isoformat()}")
    (folder / "manifest.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def give_it_time(home: Path, task_id: int) -> None:
    """Let a task take two minutes: its trainer only waits."""
    store = open_store(settings_for(home), create=False)
    store.write(
        lambda unit: tasks.update(unit, task_id, trainer="noop", trainer_params={"seconds": 120.0})
    )
    store.close()


def history(window: WholeWindow) -> list[Entry]:
    """The lines of the timeline, newest first."""
    model = window.window.findChild(TimelineCanvas).model()
    return [model.index(row, 0).data(ENTRY) for row in range(model.rowCount())]


def facts(window: WholeWindow) -> dict[str, str]:
    """What is said of the execution that is chosen on the timeline."""
    table = window.window.findChild(ExecutionDetail).findChild(FactTable)
    return {fact.label: fact.value for fact in table.facts()}


def outcomes(window: WholeWindow) -> list[str]:
    return [entry.look.word for entry in history(window)]


def in_english(words: str) -> bool:
    """Whether there are Latin letters that are no name, key, file or unit."""
    return bool(re.search("[A-Za-z]{2}", NO_ENGLISH.sub("", words)))


def test_that_an_empty_home_says_on_every_page_what_to_do(window: WholeWindow) -> None:
    window.wait(lambda: window.says("Create the first one."))
    window.go_to("Timeline")
    window.wait(lambda: window.says("Each planned time leaves a line here"))
    window.go_to("Models")
    window.wait(lambda: window.says("Every training that completes leaves a model here"))
    window.go_to("Samples")
    window.wait(lambda: window.says("Import a folder with one folder a school"))
    assert window.says("Local runner")
    assert window.says("Nothing is running")


def test_that_a_dropped_folder_is_taken_in_and_listed(school: WholeWindow) -> None:
    assert school.says("48 samples taken in")
    school.wait(lambda: [row[0] for row in school.rows(QTableView, "Schools")] == [MAPLE, RIVER])
    school.wait(
        lambda: [row[0] for row in school.rows(QTableView, "Students")] == list(STUDENTS[MAPLE])
    )
    school.click("Close the summary")
    assert not school.says("taken in")


def test_that_a_cron_line_is_explained_while_it_is_typed(school: WholeWindow) -> None:
    dialog = school.open_task_dialog()
    preview = dialog.findChild(FirePreview)
    type_into(field(dialog, QLineEdit, "Name"), "Nightly")
    line = field(dialog, QLineEdit, "Cron line")

    type_into(line, "0 25 * * *")
    school.wait(lambda: "25" in preview.headline() and "hour" in preview.headline())
    school.press("Ctrl+Return")
    assert dialog.isVisible()

    type_into(line, "30 2 * * 1-5")
    school.wait(lambda: preview.headline() == "At 02:30 on Monday to Friday")
    assert len(preview.lines()) == 5
    school.press("Ctrl+Return")
    school.wait(lambda: school.task_names() == ["Nightly"])
    assert school.task_cell("Nightly", TaskColumn.TRIGGER) == "At 02:30 on Monday to Friday"
    trigger = TaskColumn.TRIGGER  # the columns were as narrow as their titles until now
    school.wait(
        lambda: school.tasks.columnWidth(trigger) >= school.tasks.sizeHintForColumn(trigger)
    )
    school.wait(lambda: school.cards()[0] == "Active tasks: 1")


def test_that_a_first_training_and_one_on_what_came_later_put_models_in_service(
    school: WholeWindow,
    loop: StandingLoop,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    pulse = Pulse(loop)
    school.create_task("Nightly", school=MAPLE)
    said = school.run("Nightly")
    assert any("%" in words for words in said)
    assert school.task_cell("Nightly", TaskColumn.LAST_RUN) == "Completed"
    school.wait(lambda: school.cards()[2:] == ["Total runs: 1", "Successful runs: 1"])

    school.click("History")
    school.wait(lambda: outcomes(school) == ["Completed"])
    assert "Version 1 · top-1" in history(school)[0].result
    school.wait(lambda: "Top-1 accuracy" in facts(school))
    assert facts(school)["Samples learnt in all"] == "24"

    school.go_to("Models")
    school.wait(lambda: len(school.rows(QTableView, "Model versions")) == 1)
    first = school.rows(QTableView, "Model versions")[0]
    assert first[:5] == ("Version 1", f"{MAPLE} · Full", "In service", "24", "4 students")

    later = {MAPLE: (*STUDENTS[MAPLE], "Ida")}
    school.import_folder(draw(tmp_path / "later", later, range(6, 8)))
    school.wait(lambda: school.says("10 samples taken in"))
    school.create_task("Hourly", school=MAPLE, training="Incremental")
    school.run("Hourly")
    school.click("History")
    school.wait(lambda: facts(school).get("Samples learnt in all") == "34")

    school.go_to("Models")
    school.wait(lambda: len(school.rows(QTableView, "Model versions")) == 2)
    second, first = school.rows(QTableView, "Model versions")
    assert second[:5] == ("Version 2", f"{MAPLE} · Incremental", "In service", "34", "5 students")
    assert first[2] == "Replaced"
    pulse.stop()
    # For whoever reads the report: no assertion, since the machine may have other work.
    request.node.user_properties.append(("longest_pause_of_the_loop_ms", round(pulse.longest_ms)))


def test_that_a_task_is_paused_resumed_and_deleted_only_after_a_question(
    school: WholeWindow,
) -> None:
    school.create_task("Nightly", school=MAPLE)
    school.go_to("Samples")
    school.go_to("Tasks")
    school.press("Ctrl+P")
    school.wait(lambda: school.task_cell("Nightly", TaskColumn.STATUS) == "Paused")
    school.wait(lambda: school.cards()[:2] == ["Active tasks: 0", "Paused tasks: 1"])
    school.click("Resume")
    school.wait(lambda: school.task_cell("Nightly", TaskColumn.STATUS) == "Active")

    school.press("Del")
    school.wait(lambda: isinstance(QApplication.activeModalWidget(), QMessageBox))
    school.press("Escape")
    assert school.task_names() == ["Nightly"]
    school.click("Delete")
    school.wait(lambda: isinstance(QApplication.activeModalWidget(), QMessageBox))
    school.click("Delete", QApplication.activeModalWidget())
    school.wait(lambda: school.says("No task yet"))


def test_that_a_running_training_ends_when_it_is_cancelled(
    window: WholeWindow, handwriting: Path, home: Path
) -> None:
    window.import_folder(handwriting)
    window.create_task("Endless", school=MAPLE)
    give_it_time(home, 1)
    window.click("Run now")
    window.wait(lambda: "Waiting" in window.task_cell("Endless", TaskColumn.LAST_RUN))
    window.wait(lambda: window.says("Endless: Waiting"))
    window.click("Cancel run")
    window.wait(lambda: window.task_cell("Endless", TaskColumn.LAST_RUN) == "Cancelled")
    window.wait(lambda: window.says("Nothing is running"))
    window.click("History")
    window.wait(lambda: outcomes(window) == ["Cancelled"])


def test_that_closing_while_a_training_runs_asks_and_then_stops_it(
    school: WholeWindow, home: Path, open_window: Callable[[], WholeWindow]
) -> None:
    school.create_task("Endless", school=MAPLE)
    give_it_time(home, 1)
    school.click("Run now")
    school.wait(lambda: "Waiting" in school.task_cell("Endless", TaskColumn.LAST_RUN))

    school.window.close()
    school.wait(lambda: isinstance(QApplication.activeModalWidget(), CloseDialog))
    question = school.window.findChild(CloseDialog)
    assert "Endless" in question.informativeText()
    school.click("Stay", question)
    school.wait(lambda: QApplication.activeModalWidget() is None)
    school.window.close()
    school.wait(lambda: isinstance(QApplication.activeModalWidget(), CloseDialog))
    school.click("Stop and close", QApplication.activeModalWidget())
    school.wait(school.session.ended.is_set)

    again = open_window()
    again.wait(lambda: again.task_names() == ["Endless"])
    assert again.task_cell("Endless", TaskColumn.LAST_RUN) == "Cancelled"


def test_that_every_page_speaks_chinese_at_a_click(school: WholeWindow) -> None:
    school.create_task("Nightly", school=MAPLE)
    school.run("Nightly")
    school.click("Change the language to 中文")
    for page, shown in CHINESE_PAGES.items():
        school.go_to(page)
        school.wait(lambda shown=shown: school.says(shown))
        assert not [words for words in school.all_words() if in_english(words)]
    school.click("将语言切换为 English")
    assert school.says("Local runner")


def test_that_a_second_window_is_a_viewer_that_follows_the_first(
    school: WholeWindow, open_window: Callable[[], WholeWindow], home: Path
) -> None:
    viewer = open_window()
    viewer.wait(lambda: viewer.says("Viewer of the runner on"))
    school.create_task("Nightly", school=MAPLE)
    viewer.go_to("Tasks")
    viewer.wait(lambda: viewer.task_names() == ["Nightly"])
    viewer.choose_task("Nightly")

    said = viewer.run("Nightly")
    assert any("%" in words for words in said)
    assert viewer.task_cell("Nightly", TaskColumn.LAST_RUN) == "Completed"
    school.wait(lambda: school.task_cell("Nightly", TaskColumn.LAST_RUN) == "Completed")
    viewer.go_to("Models")
    viewer.wait(lambda: len(viewer.rows(QTableView, "Model versions")) == 1)

    give_it_time(home, 1)
    school.click("Run now")
    for one in (school, viewer):
        one.wait(lambda one=one: "Waiting" in one.task_cell("Nightly", TaskColumn.LAST_RUN))
    viewer.window.close()
    viewer.wait(viewer.session.ended.is_set)
    assert "Waiting" in school.task_cell("Nightly", TaskColumn.LAST_RUN)
