"""Small pictures of image files: read and scaled off the event loop, kept, and bounded in number.

A painter asks `find` and repaints when `loaded` names the file; it reads nothing unasked.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QImageReader, QPixmap

from gui.operations import Operations

KEPT: Final = 600
"""Pictures in memory: at 200 by 48 pixels about 20 MB."""
WAITING: Final = 120
"""Of more requests the oldest are dropped: they have been scrolled past."""
BATCH: Final = 12
"""Files read in one go; the latest asked for come first."""


class Thumbnails(QObject):
    """Pictures that fit into `size`, by file."""

    loaded = Signal(str)
    """The file whose picture can now be painted."""

    def __init__(self, operations: Operations, size: QSize, parent: QObject) -> None:
        super().__init__(parent)
        self._operations = operations
        self._size = size
        self._pixmaps: OrderedDict[str, QPixmap] = OrderedDict()
        self._waiting: OrderedDict[str, None] = OrderedDict()
        self._is_reading = False
        # What is asked for in one painting is read in one go.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._read_on)

    def find(self, file: str) -> QPixmap | None:
        """The picture; `None` while it is read; a null pixmap when it cannot be read."""
        pixmap = self._pixmaps.get(file)
        if pixmap is not None:
            self._pixmaps.move_to_end(file)
            return pixmap
        self._waiting[file] = None
        self._waiting.move_to_end(file)
        while len(self._waiting) > WAITING:
            self._waiting.popitem(last=False)
        if not self._soon.isActive():
            self._soon.start()
        return None

    def _read_on(self) -> None:
        if self._is_reading or not self._waiting:
            return
        files = [self._waiting.popitem()[0] for _turn in range(min(BATCH, len(self._waiting)))]
        size = QSize(self._size)
        self._is_reading = True
        self._operations.query(
            self, lambda _backend: [(file, _read(file, size)) for file in files], self._on_read
        )

    def _on_read(self, images: list[tuple[str, QImage]]) -> None:
        self._is_reading = False
        for file, image in images:
            self._pixmaps[file] = QPixmap.fromImage(image)
            self._waiting.pop(file, None)
            self.loaded.emit(file)
        while len(self._pixmaps) > KEPT:
            self._pixmaps.popitem(last=False)
        self._read_on()


def _read(file: str, size: QSize) -> QImage:
    """The image, scaled into `size` while it is decoded; never enlarged."""
    reader = QImageReader(file)
    reader.setAutoTransform(True)
    full = reader.size()
    if full.isValid() and (full.width() > size.width() or full.height() > size.height()):
        reader.setScaledSize(full.scaled(size, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()
