"""The window: navigation, page stack, banners and status bar, and nothing else - no rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from core.language import _
from gui import theme
from gui.bridge import Bridge
from gui.operations import Operations
from gui.tones import Tone
from gui.ui_state import UiState
from gui.views.navigation import Navigation, PageName
from gui.views.opening_view import OpeningView
from gui.views.status_bar import StatusBar
from gui.widgets.banner import Banner

MINIMUM = (960, 600)
FIRST_SIZE = (1280, 800)
FRAME = QSize(16, 48)
"""What goes around a window, about: it is known only once the window is shown."""


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page as the window sees it: something to show, to load again, and to translate again."""

    widget: QWidget
    refresh: Callable[[], None]
    retranslate: Callable[[], None]


class MainWindow(QMainWindow):
    """Shows that it opens, then the pages, then that it closes."""

    close_requested = Signal()
    """The person wants to leave; the window stays until `allow_close`."""
    retry_requested = Signal()
    language_chosen = Signal(str)
    notice_action_clicked = Signal()

    def __init__(self, state: UiState) -> None:
        super().__init__()
        self._state = state
        self._pages: dict[PageName, PageEntry] = {}
        self._may_close = False
        self._navigation = Navigation()
        self._errors = Banner()
        self._connection = Banner()
        self._notice = Banner()
        self._opening = OpeningView()
        self._stack = QStackedWidget()
        self._status = StatusBar()
        self._arrange()
        self._connect()
        self.retranslate()
        self._restore()

    def show_opening(self) -> None:
        """Say that the database is being opened."""
        self._opening.show_opening()
        self._show(self._opening)
        self._navigation.set_usable(usable=False)

    def show_failure(self, sentence: str) -> None:
        """Say why it could not be opened, and offer to try again."""
        self._opening.show_failure(sentence)
        self._show(self._opening)

    def show_closing(self) -> None:
        """Say that the program is ending; nothing can be pressed any more."""
        self._notice.dismiss()
        self._opening.show_closing()
        self._show(self._opening)
        self._navigation.set_usable(usable=False)

    def show_pages(self, pages: Mapping[PageName, PageEntry]) -> None:
        """Show the pages of an opened instance, beginning with the one last seen."""
        self._pages = dict(pages)
        for entry in pages.values():
            self._stack.addWidget(entry.widget)
        self._navigation.set_usable(usable=True)
        known = self._state.page in set(PageName)
        self.go_to(PageName(self._state.page) if known else PageName.TASKS)

    def drop_pages(self) -> None:
        """Let go of the pages, with everything they wait for."""
        for entry in self._pages.values():
            entry.widget.deleteLater()
        self._pages = {}

    def follow(self, operations: Operations, bridge: Bridge) -> None:
        """Show the errors, the connection and the work of an opened instance."""
        bridge.connection_changed.connect(self._on_connection_changed)
        self._status.follow(operations, bridge)

    def go_to(self, name: PageName) -> None:
        """Show a page."""
        self._navigation.choose(name)
        self._on_page_chosen(name)

    def show_error(self, sentence: str, details: str = "") -> None:
        """Show an error across the top until it is closed."""
        self._errors.show_message(sentence, details=details)

    def show_notice(self, sentence: str, action: str) -> None:
        """Show what goes on, with a button to change it."""
        self._notice.show_message(sentence, tone=Tone.ACCENT, action=action)

    def allow_close(self) -> None:
        """Close now; the next close event is accepted."""
        self._remember()
        self._may_close = True
        self.close()

    def retranslate(self) -> None:
        """Speak the current language, on every page."""
        self.setWindowTitle(_("Traintable"))
        for part in (self._navigation, self._status, self._opening):
            part.retranslate()
        for banner in (self._errors, self._connection, self._notice):
            banner.retranslate()
        for entry in self._pages.values():
            entry.retranslate()

    def _arrange(self) -> None:
        top = QWidget()
        top.setObjectName("banners")
        banners = QVBoxLayout(top)
        banners.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, 0)
        banners.setSpacing(0)
        for banner in (self._connection, self._errors, self._notice):
            banners.addWidget(banner)
        content = QVBoxLayout()
        content.setContentsMargins(0, 0, 0, 0)
        content.setSpacing(0)
        content.addWidget(top)
        content.addWidget(self._stack, 1)
        middle = QWidget()
        row = QHBoxLayout(middle)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._navigation)
        row.addLayout(content, 1)
        self._stack.addWidget(self._opening)
        self.setCentralWidget(middle)
        self.setStatusBar(self._status)
        self.setMinimumSize(*MINIMUM)

    def _connect(self) -> None:
        self._navigation.page_chosen.connect(self._on_page_chosen)
        self._opening.retry_requested.connect(self.retry_requested)
        self._status.language_chosen.connect(self.language_chosen)
        self._notice.action_clicked.connect(self.notice_action_clicked)
        refresh = QShortcut(QKeySequence.StandardKey.Refresh, self)
        refresh.activated.connect(self._on_refresh_activated)

    def _on_page_chosen(self, name: PageName) -> None:
        if entry := self._pages.get(name):
            self._show(entry.widget)
            self._state.page = name.value

    def _show(self, page: QWidget) -> None:
        """Show it, and let the keyboard begin there."""
        if page is not self._stack.currentWidget():
            self._stack.setCurrentWidget(page)
            page.setFocus()

    def _on_refresh_activated(self) -> None:
        for entry in self._pages.values():
            if entry.widget is self._stack.currentWidget():
                entry.refresh()

    def _on_connection_changed(self, sentence: str) -> None:
        if sentence:
            self._connection.show_message(sentence, tone=Tone.WARNING)
        else:
            self._connection.dismiss()

    def _restore(self) -> None:
        geometry = self._state.geometry
        if geometry is None or not self.restoreGeometry(geometry):
            self._take_first_size()

    def _take_first_size(self) -> None:
        """As large as it likes to be, with its frame, or all of a screen that has no such room."""
        room = self.screen().availableGeometry().size()
        self.resize(*FIRST_SIZE)
        if (self.size() + FRAME).boundedTo(room) != self.size() + FRAME:
            self.setWindowState(Qt.WindowState.WindowMaximized)

    def _remember(self) -> None:
        self._state.geometry = self.saveGeometry()
        self._state.save()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            event.accept()
        else:
            event.ignore()
            self.close_requested.emit()
