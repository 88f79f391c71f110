"""Takes the pictures of every page, light and dark, English and Chinese, from a demo workspace.

Writes `resources/screenshots/PAGE-LANGUAGE-SCHEME.png`. Needs no display.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import qasync
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QTableView, QWidget

from core.language import LANGUAGES, set_language
from core.runner.embedded import open_desktop
from core.settings import Settings, read_settings
from gui import theme
from gui.app import build_pages
from gui.dialogs.task_dialog import TaskDialog
from gui.i18n import LanguageSwitch
from gui.lifetime import TaskRegistry
from gui.main_window import MainWindow
from gui.session import Session
from gui.ui_state import UiState
from gui.views.navigation import PageName

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "screenshots"
SCHEMES = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
SIZE = (1280, 800)
SETTLE_SECONDS = 1.5


def main() -> int:
    """Make a demo workspace for each language and photograph it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    application = QApplication(sys.argv[:1])
    with qasync.QEventLoop(application) as loop, tempfile.TemporaryDirectory() as folder:
        for language in LANGUAGES:
            home = Path(folder) / language
            _make_demo(home, language)
            settings = read_settings(home=str(home), language=language, environment={})
            loop.run_until_complete(_photograph(application, settings))
    return 0


def _make_demo(home: Path, language: str) -> None:
    command = [sys.executable, "-m", "core", "demo", "--home", str(home), "--language", language]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


async def _photograph(application: QApplication, settings: Settings) -> None:
    set_language(settings.language)
    switch = LanguageSwitch(application)
    switch.use(settings.language)
    window = MainWindow(UiState(settings.home.root / "window.ini"))
    window.setWindowState(Qt.WindowState.WindowNoState)  # this screen has little room
    window.resize(*SIZE)
    registry = TaskRegistry(lambda error: sys.stderr.write(f"{error}\n"))
    session = Session(
        window, registry, partial(open_desktop, settings), partial(build_pages, window)
    )
    window.show()
    session.open()
    await asyncio.sleep(2 * SETTLE_SECONDS)
    for scheme, value in SCHEMES.items():
        theme.apply_scheme(application, value)
        for page in PageName:
            window.go_to(page)
            await asyncio.sleep(SETTLE_SECONDS)
            _select_first(window)
            await asyncio.sleep(SETTLE_SECONDS)
            _save(window, page.value, settings.language, scheme)
        await _photograph_dialog(window, settings.language, scheme)
    session.request_close(must_stop=True)
    await session.ended.wait()


async def _photograph_dialog(window: MainWindow, language: str, scheme: str) -> None:
    window.go_to(PageName.TASKS)
    button = window.findChild(QPushButton, "new_task")
    if not isinstance(button, QPushButton):
        raise LookupError("the tasks page has no button new_task")
    button.click()
    await asyncio.sleep(SETTLE_SECONDS)
    for dialog in window.findChildren(TaskDialog):
        _save(dialog, "task-dialog", language, scheme)
        dialog.done(0)


def _select_first(window: MainWindow) -> None:
    for table in window.findChildren(QTableView):
        if table.isVisible() and table.model().rowCount() and not table.currentIndex().isValid():
            table.selectRow(0)


def _save(widget: QWidget, name: str, language: str, scheme: str) -> None:
    widget.grab().save(str(FOLDER / f"{name}-{language}-{scheme}.png"))


if __name__ == "__main__":
    sys.exit(main())
