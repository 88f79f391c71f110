"""The window's language: which one to start with, and changing it live, Qt's own texts included."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import (
    QCoreApplication,
    QLibraryInfo,
    QLocale,
    QObject,
    QTranslator,
    Signal,
)
from PySide6.QtGui import QGuiApplication

from core.language import _, current_language, environment_language, nearest_language, set_language

NAMES = {"en": "English", "zh_CN": "中文"}
"""Each language under its own name, as its readers look for it."""


def first_language(
    asked: str | None, remembered: str | None, environment: Mapping[str, str], system: str
) -> str:
    """The language to start in: a flag or TRAINTABLE_LANGUAGE, the last choice, the system's."""
    explicit = asked or environment.get("TRAINTABLE_LANGUAGE") or remembered
    if explicit:
        return nearest_language(explicit)
    if any(environment.get(name) for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")):
        return environment_language(environment)
    return nearest_language(system)


class LanguageSwitch(QObject):
    """Makes the process speak a language and tells the window to show its texts again."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._qt_texts = QTranslator(self)

    def use(self, language: str) -> None:
        """Speak `language` from now on."""
        set_language(language)
        QLocale.setDefault(_locale(current_language()))
        # Window managers put it behind every other title.
        QGuiApplication.setApplicationDisplayName(_("Traintable"))
        QCoreApplication.removeTranslator(self._qt_texts)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self._qt_texts.load(f"qtbase_{current_language()}", folder):
            QCoreApplication.installTranslator(self._qt_texts)
        self.changed.emit()


def _locale(language: str) -> QLocale:
    """How dates and numbers of Qt's own widgets look."""
    system = QLocale.system()
    is_known = system.language() is not QLocale.Language.C
    if is_known and nearest_language(system.name()) == language:
        return system
    return QLocale("zh_CN" if language == "zh_CN" else "en_GB")
