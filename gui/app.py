"""The composition root of the window: makes the application, its loop and its parts, and runs.

No other module of `gui` creates these, and none looks the application up.
"""

from __future__ import annotations

import asyncio
import os
import sys
from functools import partial

import qasync
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from core.language import _, environment_language, set_language
from core.logs import Program, logging_to
from core.runner.embedded import open_desktop
from core.settings import Settings
from gui import theme
from gui.bridge import Bridge
from gui.collector import Collector
from gui.display import can_show_windows
from gui.faults import FaultReporter
from gui.i18n import LanguageSwitch, first_language
from gui.interrupts import Interrupts
from gui.lifetime import TaskRegistry
from gui.main_window import MainWindow, PageEntry
from gui.operations import Operations
from gui.session import Session
from gui.tones import Tone
from gui.ui_state import UiState
from gui.views.models_page import ModelsPage
from gui.views.navigation import PageName
from gui.views.samples_page import SamplesPage
from gui.views.tasks_page import TasksPage
from gui.views.timeline_page import TimelinePage

UI_STATE_FILE = "window.ini"


def run(settings: Settings, *, language: str | None = None) -> int:
    """Show the window until it is closed; the exit status.

    `language` is what a flag asked for: it beats what the person chose in the window last time.
    """
    if not can_show_windows(sys.platform, os.environ):
        set_language(settings.language)
        sys.stderr.write(_no_display() + "\n")
        return 1
    with logging_to(lambda: settings.home.logs, Program.WINDOW):
        application = _application()
        with qasync.QEventLoop(application) as loop:
            loop.run_until_complete(_show(settings, application, language))
    return 0


def build_pages(
    window: MainWindow, operations: Operations, bridge: Bridge
) -> dict[PageName, PageEntry]:
    """The pages, wired to each other."""
    tasks = TasksPage(operations, bridge)
    timeline = TimelinePage(operations, bridge)
    models = ModelsPage(operations, bridge)
    samples = SamplesPage(operations, bridge)

    def show_history(task_id: int) -> None:
        window.go_to(PageName.TIMELINE)
        timeline.show_task(task_id)

    tasks.history_requested.connect(show_history)
    return {
        PageName.TASKS: PageEntry(tasks, tasks.refresh, tasks.retranslate),
        PageName.TIMELINE: PageEntry(timeline, timeline.refresh, timeline.retranslate),
        PageName.MODELS: PageEntry(models, models.refresh, models.retranslate),
        PageName.SAMPLES: PageEntry(samples, samples.refresh, samples.retranslate),
    }


def _application() -> QApplication:
    application = QApplication(sys.argv[:1])
    application.setApplicationName("traintable")
    application.setApplicationDisplayName("Traintable")
    application.setOrganizationName("traintable")
    application.setDesktopFileName("traintable")
    application.setWindowIcon(theme.icon("traintable", Tone.ACCENT))
    # The program ends by `Session.ended`: the last window closes before the last thread ends.
    application.setQuitOnLastWindowClosed(False)
    theme.follow_system(application)
    return application


async def _show(settings: Settings, application: QApplication, language: str | None) -> None:
    state = UiState(settings.home.root / UI_STATE_FILE)
    switch = LanguageSwitch(application)
    switch.use(_first_language(settings, state, language))
    faults = FaultReporter(application)
    faults.install(asyncio.get_running_loop())
    interrupts = Interrupts(application)
    interrupts.install()
    collector = Collector(application)
    collector.start()
    try:
        window = MainWindow(state)
        opener = partial(open_desktop, settings)
        registry = TaskRegistry(faults.report)
        session = Session(window, registry, opener, partial(build_pages, window))
        faults.reported.connect(window.show_error)
        interrupts.requested.connect(lambda must_stop: session.request_close(must_stop=must_stop))
        window.language_chosen.connect(partial(_change_language, switch, state))
        switch.changed.connect(window.retranslate)
        window.show()
        session.open()
        await session.ended.wait()
    finally:
        collector.stop()
        interrupts.uninstall()
        faults.uninstall()


def _first_language(settings: Settings, state: UiState, language: str | None) -> str:
    # Settings that differ from the environment come from a flag as well.
    is_asked = settings.language != environment_language()
    asked = language or (settings.language if is_asked else None)
    return first_language(asked, state.language, os.environ, QLocale.system().name())


def _change_language(switch: LanguageSwitch, state: UiState, language: str) -> None:
    state.language = language
    switch.use(language)


def _no_display() -> str:
    return _(
        "There is no display to show a window on: use “traintable --runner” to run without one, or"
        " the commands of “traintable --help”."
    )
