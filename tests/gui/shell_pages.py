"""Pages for tests of the window itself: they say what the window asked of them, and no more."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gui.main_window import PageEntry
from gui.views.navigation import PageName


class BlankPage(QWidget):
    """Counts how often it was told to load and to translate."""

    def __init__(self, name: PageName) -> None:
        super().__init__()
        self.refreshed = 0
        self.translated = 0
        QVBoxLayout(self).addWidget(QLabel(name.value))

    def refresh(self) -> None:
        self.refreshed += 1

    def retranslate(self) -> None:
        self.translated += 1


def blank_pages() -> dict[PageName, BlankPage]:
    """One blank page for every name."""
    return {name: BlankPage(name) for name in PageName}


def entries(pages: dict[PageName, BlankPage]) -> dict[PageName, PageEntry]:
    """As the window takes them."""
    return {name: PageEntry(page, page.refresh, page.retranslate) for name, page in pages.items()}
