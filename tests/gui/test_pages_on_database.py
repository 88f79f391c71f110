"""Timeline, models and samples over the real backend on SQLite: what is written is shown."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QLabel, QPushButton, QTableView, QWidget
from pytestqt.qtbot import QtBot

from core.client.connect import open_backend
from core.client.local import LocalBackend
from core.contracts.commands import CreateTask
from core.domain.execution import ExecutionStatus
from core.domain.task import TrainingMode
from core.domain.trigger import TriggerType
from core.paths import Home
from core.settings import Settings
from gui.bridge import Bridge
from gui.models.record_model import Role
from gui.operations import Operations
from gui.views.import_panel import ImportPanel
from gui.views.models_page import ModelsPage
from gui.views.samples_page import SamplesPage
from gui.views.timeline_page import TimelinePage
from gui.widgets.empty_state import EmptyState
from gui.widgets.timeline_canvas import TimelineCanvas

IMPORT_MS = 60_000
"""Images are decoded in child processes, which take a while to start on a busy machine."""


@pytest.fixture
def fake_backend(tmp_path: Path) -> Iterator[LocalBackend]:
    """Here the backend of `operations` and `bridge` is the real one."""
    backend = open_backend(Settings(home=Home(tmp_path / "home")), create=True)
    yield backend
    backend.close()


def shown(page: QWidget) -> list[ExecutionStatus]:
    model = page.findChild(TimelineCanvas).model()
    return [model.index(row, 0).data(Role.RECORD).status for row in range(model.rowCount())]


def button(widget: QWidget, name: str) -> QPushButton:
    return next(
        b for b in widget.findChildren(QPushButton) if b.accessibleName() == name and b.isVisible()
    )


def texts(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def rows(page: SamplesPage, name: str) -> list[str]:
    view = next(t for t in page.findChildren(QTableView) if t.accessibleName().startswith(name))
    return [str(view.model().index(row, 0).data()) for row in range(view.model().rowCount())]


def draw(file: Path, seed: int) -> None:
    """A wild line on white paper."""
    file.parent.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)
    image = QImage(240, 64, QImage.Format.Format_Grayscale8)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setPen(QPen(QColor("black"), 3))
    points = [QPointF(20 + 25 * step, chance.randrange(8, 56)) for step in range(9)]
    painter.drawPolyline(points)
    painter.end()
    assert image.save(str(file))


def test_that_a_request_is_seen_queued_and_cancelled_by_its_button(
    qtbot: QtBot, operations: Operations, bridge: Bridge, fake_backend: LocalBackend
) -> None:
    page = TimelinePage(operations, bridge)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(page.findChild(EmptyState).isVisible)
    task = fake_backend.create_task(
        CreateTask("Nightly", TriggerType.CRON, TrainingMode.FULL, cron_expression="0 2 * * *")
    )
    fake_backend.run_now(task.id, "once")
    qtbot.waitUntil(lambda: shown(page) == [ExecutionStatus.QUEUED])
    qtbot.mouseClick(button(page, "Cancel run"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown(page) == [ExecutionStatus.CANCELLED])


def test_that_an_imported_folder_is_shown_and_importing_it_again_changes_nothing(
    qtbot: QtBot, operations: Operations, bridge: Bridge, tmp_path: Path
) -> None:
    folder = tmp_path / "import"
    for seed in range(4):
        student = f"S0{seed // 2 + 1}"
        draw(folder / "First School" / student / f"{seed}.png", seed)
    (folder / "First School" / "S02" / "broken.png").write_bytes(b"this is no image")
    page = SamplesPage(operations, bridge)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    panel = page.findChild(ImportPanel)

    panel.offer(folder, ())
    qtbot.mouseClick(button(page, "Start import"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "4 samples taken in · 1 refused" in texts(panel), timeout=IMPORT_MS)
    qtbot.waitUntil(lambda: rows(page, "Schools") == ["First School"])
    qtbot.waitUntil(lambda: rows(page, "Students") == ["S01", "S02"])
    qtbot.waitUntil(lambda: len(rows(page, "Samples")) == 2)

    panel.offer(folder, ())
    qtbot.mouseClick(button(page, "Start import"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "0 samples taken in" in texts(panel), timeout=IMPORT_MS)


def test_that_an_instance_without_a_model_says_so(
    qtbot: QtBot, operations: Operations, bridge: Bridge
) -> None:
    page = ModelsPage(operations, bridge)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(page.findChild(EmptyState).isVisible)
