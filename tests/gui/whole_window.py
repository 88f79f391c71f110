"""The window as `gui.app` composes it, on a home of its own, driven by mouse and keyboard.

Real database, embedded runner and child processes; only the process around it is the test's.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from PySide6.QtCore import QAbstractItemModel, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTabBar,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core.paths import Home
from core.runner.embedded import open_desktop
from core.settings import RunnerSettings, Settings
from gui.app import UI_STATE_FILE, build_pages
from gui.dialogs.task_dialog import TaskDialog
from gui.i18n import LanguageSwitch
from gui.lifetime import TaskRegistry
from gui.main_window import MainWindow
from gui.models.record_model import Role
from gui.models.task_model import TaskColumn
from gui.session import Session
from gui.ui_state import UiState
from gui.views.navigation import Navigation
from gui.views.samples_page import SamplesPage
from gui.views.task_table import TaskTable
from gui.widgets.stat_card import StatCard

LEFT_BUTTON = Qt.MouseButton.LeftButton
PATIENCE_MS: Final = 90_000
"""For what child processes do, on a machine that has other work as well."""
BEAT_SECONDS: Final = 0.01
W = TypeVar("W", bound=QWidget)


def settings_for(home: Path) -> Settings:
    """One home, with changes of other processes seen soon."""
    return Settings(home=Home(home), runner=RunnerSettings(processors=2, poll_seconds=0.1))


class WholeWindow:
    """An opened window, what it shows, and the hands of whoever sits before it."""

    def __init__(self, qtbot: QtBot, application: QApplication, home: Path) -> None:
        self.qtbot = qtbot
        self.errors: list[BaseException] = []
        self._switch = LanguageSwitch(application)
        # Not given to qtbot, which would delete it before the session has ended.
        self.window = MainWindow(UiState(home / UI_STATE_FILE))
        self.session = Session(
            self.window,
            TaskRegistry(self.errors.append),
            partial(open_desktop, settings_for(home)),
            partial(build_pages, self.window),
        )
        self.window.language_chosen.connect(self._switch.use)
        self._switch.changed.connect(self.window.retranslate)
        # The screen of the offscreen platform is too small for a person.
        self.window.setWindowState(Qt.WindowState.WindowNoState)
        self.window.show()
        self.session.open()
        self.wait(lambda: self.window.findChild(TaskTable))

    def end(self) -> None:
        """Close without a question, and let go of everything."""
        self.session.request_close(must_stop=True)
        self.wait(self.session.ended.is_set)
        self.window.deleteLater()
        self._switch.deleteLater()

    def wait(self, condition: Callable[[], object]) -> None:
        """Until it is so, or far too long."""
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE_MS)

    # what is shown

    def says(self, words: str) -> bool:
        """Whether a label in sight holds these words."""
        return any(words in text for text in self.texts())

    def texts(self) -> list[str]:
        """Every label in sight."""
        return [label.text() for label in _in_sight(self.window, QLabel)]

    def all_words(self) -> list[str]:
        """Everything written in sight: labels, buttons, fields, tabs, headers, lines, tooltips."""
        words = self.texts()
        for widget in _in_sight(self.window, QWidget):
            words += [widget.toolTip(), *_written_on(widget)]
        return [word for word in words if word.strip()]

    def cards(self) -> list[str]:
        """The figures above the tasks, each with its name."""
        return [card.accessibleName() for card in self.window.findChildren(StatCard)]

    def task_cell(self, name: str, column: TaskColumn) -> str:
        """A cell of the list of tasks."""
        model = self.tasks.model()
        return str(model.index(self._task_row(name), column).data())

    def task_names(self) -> list[str]:
        """The tasks listed now."""
        return [str(row[0]) for row in cells(self.tasks.model())]

    @property
    def tasks(self) -> TaskTable:
        """The list of tasks, in sight or not."""
        return self.window.findChild(TaskTable)

    def rows(self, kind: type[QAbstractItemView], name: str = "") -> list[tuple[str, ...]]:
        """What that list shows; nothing while it is not there."""
        found = [v for v in _in_sight(self.window, kind) if v.accessibleName().startswith(name)]
        return cells(found[0].model()) if found else []

    # what a person does

    def go_to(self, page: str) -> None:
        """Click a page's name at the left."""
        self.click(page, self.window.findChild(Navigation))

    def click(self, words: str, root: QWidget | None = None) -> None:
        """Click the button in sight of this name, once it is on."""
        place = root or self.window
        self.wait(lambda: any(one.isEnabled() for one in _buttons(place, words)))
        QTest.mouseClick(_buttons(place, words)[0], LEFT_BUTTON)

    def choose_task(self, name: str) -> None:
        """Click the task's line."""
        index = self.tasks.model().index(self._task_row(name), 0)
        place = self.tasks.visualRect(index).center()
        QTest.mouseClick(self.tasks.viewport(), LEFT_BUTTON, pos=place)

    def press(self, keys: str) -> None:
        """Press keys in whatever is open at the top."""
        window = QApplication.activeModalWidget() or self.window
        window.activateWindow()
        self.wait(window.isActiveWindow)
        handle = window.windowHandle()
        assert handle is not None
        QTest.keySequence(handle, keys)

    def drop(self, folder: Path) -> None:
        """Drag a folder onto the page of samples and let go."""
        page = self.window.findChild(SamplesPage)
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(folder))])
        copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
        entering = QDragEnterEvent(QPoint(10, 10), copy, data, LEFT_BUTTON, none)
        QApplication.sendEvent(page, entering)
        assert entering.isAccepted()
        QApplication.sendEvent(page, QDropEvent(QPointF(10, 10), copy, data, LEFT_BUTTON, none))

    def import_folder(self, folder: Path) -> None:
        """Take in a folder as it names schools and students, and read the summary."""
        self.go_to("Samples")
        self.drop(folder)
        self.press("Return")
        self.wait(lambda: self.says("taken in"))

    def open_task_dialog(self) -> TaskDialog:
        """Ask for a new task by its keys."""
        self.go_to("Tasks")
        self.press("Ctrl+N")
        self.wait(lambda: isinstance(QApplication.activeModalWidget(), TaskDialog))
        return self.window.findChild(TaskDialog)

    def create_task(self, name: str, *, school: str, training: str = "Full") -> None:
        """Fill the dialog in and save; the cron line is every day at two."""
        dialog = self.open_task_dialog()
        type_into(field(dialog, QLineEdit, "Name"), name)
        type_into(field(dialog, QLineEdit, "Cron line"), "0 2 * * *")
        self.click(f"Training: {training}", dialog)
        self.pick(field(dialog, QComboBox, "School"), school)
        self.click("Create task", dialog)
        self.wait(lambda: QApplication.activeModalWidget() is None)
        self.wait(lambda: name in self.task_names())

    def pick(self, box: QComboBox, words: str) -> None:
        """Walk through a drop-down list by the arrow keys to these words."""
        self.wait(lambda: box.findText(words) >= 0)
        box.setFocus()
        QTest.keyClick(box, Qt.Key.Key_Home)
        while box.currentText() != words:
            before = box.currentIndex()
            QTest.keyClick(box, Qt.Key.Key_Down)
            assert box.currentIndex() > before

    def run(self, name: str) -> list[str]:
        """Run a task now and watch its line until the run has ended: what it said meanwhile."""
        self.choose_task(name)
        said: list[str] = []

        def listen(*_changed: object) -> None:
            said.append(self.task_cell(name, TaskColumn.LAST_RUN))

        runs = int(self.task_cell(name, TaskColumn.RUNS))
        model = self.tasks.model()
        model.dataChanged.connect(listen)
        self.click("Run now")
        self.wait(lambda: self.task_cell(name, TaskColumn.RUNS) == str(runs + 1))
        model.dataChanged.disconnect(listen)
        return said

    def _task_row(self, name: str) -> int:
        return self.task_names().index(name)


class Pulse:
    """Beats on the event loop, and knows the longest time that it could not."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._last = time.perf_counter()
        self.longest_ms = 0.0
        self._next = loop.call_later(BEAT_SECONDS, self._beat)

    def stop(self) -> None:
        """Beat no more."""
        self._next.cancel()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest_ms = max(self.longest_ms, (now - self._last - BEAT_SECONDS) * 1000)
        self._last = now
        self._next = self._loop.call_later(BEAT_SECONDS, self._beat)


def cells(model: QAbstractItemModel) -> list[tuple[str, ...]]:
    """Every line of a list: the text of each column, and the small text below it."""
    return [
        tuple(
            str(text)
            for column in range(model.columnCount())
            for role in (Qt.ItemDataRole.DisplayRole, Role.SECOND_LINE)
            if (text := model.index(row, column).data(role))
        )
        for row in range(model.rowCount())
    ]


def field(root: QWidget, kind: type[W], name: str) -> W:
    """The control in sight of this name."""
    return next(one for one in _in_sight(root, kind) if one.accessibleName() == name)


def type_into(line: QLineEdit, text: str) -> None:
    """Replace what the line holds by typing."""
    line.setFocus()
    QTest.keySequence(line, "Ctrl+A")
    QTest.keyClick(line, Qt.Key.Key_Delete)
    QTest.keyClicks(line, text)


def _written_on(widget: QWidget) -> Iterator[str]:
    match widget:
        case QAbstractButton():
            yield widget.text()
        case QLineEdit():
            yield from (widget.text(), widget.placeholderText())
        case QComboBox():
            yield from (widget.itemText(place) for place in range(widget.count()))
        case QTabBar():
            yield from (widget.tabText(place) for place in range(widget.count()))
        case QHeaderView():
            model, across = widget.model(), widget.orientation()
            yield from (str(model.headerData(place, across)) for place in range(widget.count()))
        case QTableView():
            yield from (text for row in cells(widget.model()) for text in row)


def _buttons(root: QWidget, words: str) -> list[QAbstractButton]:
    found = _in_sight(root, QAbstractButton)
    return [one for one in found if words in {one.text(), one.accessibleName()}]


def _in_sight(root: QWidget, kind: type[W]) -> list[W]:
    found: Iterable[W] = root.findChildren(kind)
    return [one for one in found if one.isVisible()]
