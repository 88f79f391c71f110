"""What a person arranged in the window and finds again next time; never a secret, never data."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings


class UiState:
    """Window geometry, last page and language, kept in an ini file."""

    def __init__(self, file: Path) -> None:
        self._settings = QSettings(str(file), QSettings.Format.IniFormat)

    @property
    def geometry(self) -> QByteArray | None:
        """Where the window was, as `QWidget.saveGeometry` wrote it."""
        value = self._settings.value("window/geometry")
        return value if isinstance(value, QByteArray) else None

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._settings.setValue("window/geometry", geometry)

    @property
    def page(self) -> str:
        """The page last shown, empty at first."""
        return self._text("window/page")

    @page.setter
    def page(self, name: str) -> None:
        self._settings.setValue("window/page", name)

    @property
    def language(self) -> str | None:
        """The language chosen in the window, if one ever was."""
        return self._text("language") or None

    @language.setter
    def language(self, language: str) -> None:
        self._settings.setValue("language", language)

    def save(self) -> None:
        """Write it to the disk now."""
        self._settings.sync()

    def _text(self, key: str) -> str:
        # A damaged file gives other types: then nothing is remembered.
        value = self._settings.value(key, "")
        return value if isinstance(value, str) else ""
