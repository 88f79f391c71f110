"""Model versions: order, filters, one in full, and the question who wrote an image."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QLabel,
    QPushButton,
    QTableView,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core.contracts.records import ModelVersionRecord
from core.domain.model_version import Gate
from core.errors import RefusedError
from gui.bridge import Bridge
from gui.models.model_version_model import (
    ALL_SCHOOLS,
    ModelVersionModel,
    ModelVersionProxy,
    state_look,
)
from gui.models.record_model import Role
from gui.operations import Operations
from gui.views.model_detail import ModelDetail, judged_facts, pair_facts, student_scores
from gui.views.models_page import ModelsPage
from gui.views.predict_panel import PredictPanel
from gui.widgets.empty_state import EmptyState
from gui.widgets.fact_table import Fact
from gui.widgets.score_bars import ScoreBars
from gui.widgets.search_box import SearchBox
from gui.widgets.thumbnails import BATCH, KEPT, WAITING, Thumbnails
from tests.builders import NOW, a_model_version, a_school
from tests.fakes import FakeBackend

METRICS = {
    "top1": 0.6,
    "top5": 0.9,
    "champion_top1": 0.55,
    "held_out": 20,
    "per_student": [
        {"student": "S02", "held_out": 4, "top1": 1.0, "champion_top1": None},
        {"student": "S01", "held_out": 4, "top1": 0.25, "champion_top1": 0.5},
    ],
    "worst_pairs": [
        {"student": "S01", "taken_for": "S02", "count": 3},
        {"student": "S02", "taken_for": "S01", "count": 1},
    ],
    "judged_by": {"first_day": "2026-02-01", "last_day": "2026-02-20", "champion_version": 2},
}
Open = Callable[[], ModelsPage]


@pytest.fixture
def open_page(qtbot: QtBot, operations: Operations, bridge: Bridge) -> Open:
    """Shows the page once the backend holds what the test is about."""

    def opened() -> ModelsPage:
        page = ModelsPage(operations, bridge)
        qtbot.addWidget(page)
        page.resize(1100, 700)
        page.show()
        qtbot.waitUntil(
            lambda: table_of(page).isVisible() or page.findChild(EmptyState).isVisible()
        )
        return page

    return opened


@pytest.fixture
def some_models(fake_backend: FakeBackend) -> FakeBackend:
    """Three versions of two scopes, made one hour after another."""
    fake_backend.put(a_school(id=1), a_school(id=2, name="Second School"))
    fake_backend.put(
        a_model_version(id=1, version=1, is_in_service=False, created_at=NOW),
        a_model_version(id=2, version=2, created_at=NOW + timedelta(hours=1), metrics=METRICS),
        a_model_version(
            id=3, version=1, school_id=2, school_name="Second School",
            created_at=NOW + timedelta(hours=2),
        ),
    )  # fmt: skip
    return fake_backend


def table_of(page: ModelsPage) -> QTableView:
    return page.findChild(QTableView)


def shown(page: ModelsPage) -> list[int]:
    model = table_of(page).model()
    return [model.index(row, 0).data(Role.RECORD).id for row in range(model.rowCount())]


def texts(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def button(widget: QWidget, name: str) -> QPushButton:
    return next(b for b in widget.findChildren(QPushButton) if b.accessibleName() == name)


def a_picture(file: Path) -> Path:
    image = QImage(300, 64, QImage.Format.Format_Grayscale8)
    image.fill(QColor("white"))
    assert image.save(str(file))
    return file


def test_that_model_and_proxy_keep_every_rule_of_item_models(qtbot: QtBot) -> None:
    model = ModelVersionModel()
    proxy = ModelVersionProxy(model)
    for checked in (model, proxy):
        QAbstractItemModelTester(checked, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.load([a_model_version(id=number, is_in_service=number == 9) for number in range(1, 10)])
    proxy.show_scope(ALL_SCHOOLS, in_service_only=True)
    assert proxy.rowCount() == 1
    model.patch([a_model_version(id=3), a_model_version(id=12, school_id=1)])
    assert proxy.rowCount() == 2
    model.remove(9)
    proxy.show_scope(None, in_service_only=False)
    assert proxy.rowCount() == 9


@pytest.mark.parametrize(
    ("record", "word"),
    [
        (a_model_version(), "In service"),
        (a_model_version(is_in_service=False), "Replaced"),
        (a_model_version(is_in_service=False, gate=Gate.REFUSED), "Gate refused"),
    ],
)
def test_that_a_version_says_its_state_in_a_word(record: ModelVersionRecord, word: str) -> None:
    assert state_look(record).word == word


def test_that_students_are_listed_worst_first_with_how_many_samples_they_were_judged_by() -> None:
    scores = student_scores(METRICS)
    assert [(score.label, score.value) for score in scores] == [
        ("S01", "25% of 4"),
        ("S02", "100% of 4"),
    ]


def test_that_mistakes_say_who_was_taken_for_whom() -> None:
    assert pair_facts(METRICS) == [
        Fact("S01", "taken for S02 3 times"),
        Fact("S02", "taken for S01 once"),
    ]


def test_that_what_a_model_was_judged_by_names_days_and_the_model_compared_with() -> None:
    shown_facts = {fact.label: fact.value for fact in judged_facts(METRICS)}
    assert shown_facts["Top-1 accuracy"] == "60.0% (model then in service: 55.0%)"
    assert shown_facts["Captured on"] == "2026-02-01 to 2026-02-20"
    assert shown_facts["Compared with"] == "Version 2"


def test_that_a_model_that_was_not_measured_says_so() -> None:
    assert "Not measured" in judged_facts({"top1": None, "held_out": 0})[-1].value


def test_that_versions_stand_newest_first_and_the_newest_is_shown(
    open_page: Open, some_models: FakeBackend
) -> None:
    page = open_page()
    assert shown(page) == [3, 2, 1]
    assert "Version 1 · Second School" in texts(page.findChild(ModelDetail))


def test_that_the_filters_show_one_scope_and_only_what_is_in_service(
    qtbot: QtBot, open_page: Open, some_models: FakeBackend
) -> None:
    page = open_page()
    scope = page.findChild(SearchBox)
    qtbot.keyClick(scope, Qt.Key.Key_Down)
    assert scope.currentText() == "All schools together"
    assert shown(page) == [2, 1]
    page.findChild(QCheckBox).click()
    assert shown(page) == [2]
    assert "Version 2 · All schools" in texts(page.findChild(ModelDetail))


def test_that_a_new_version_appears_and_the_chosen_one_stays(
    qtbot: QtBot, open_page: Open, some_models: FakeBackend
) -> None:
    page = open_page()
    some_models.put(a_model_version(id=4, version=3, created_at=NOW + timedelta(hours=3)))
    qtbot.waitUntil(lambda: shown(page) == [4, 3, 2, 1])
    assert table_of(page).currentIndex().data(Role.RECORD).id == 3


def test_that_a_refused_version_says_why(open_page: Open, fake_backend: FakeBackend) -> None:
    fake_backend.put(
        a_model_version(
            is_in_service=False,
            gate=Gate.REFUSED,
            gate_code="reason.gate_floor",
            gate_params={"metric": "top1", "candidate": "41.0%", "floor": "45.0%"},
        )
    )
    page = open_page()
    assert "at least 45.0% is required" in texts(page.findChild(ModelDetail))


def test_that_without_a_model_the_page_says_where_models_come_from(open_page: Open) -> None:
    assert "No model yet" in texts(open_page().findChild(EmptyState))


def test_that_chosen_images_are_answered_with_the_likeliest_students(
    qtbot: QtBot, open_page: Open, some_models: FakeBackend, tmp_path: Path
) -> None:
    picture = a_picture(tmp_path / "who.png")
    page = open_page()
    page.findChild(QTabWidget).setCurrentIndex(1)
    panel = page.findChild(PredictPanel)
    qtbot.mouseClick(button(panel, "Choose images"), Qt.MouseButton.LeftButton)
    dialog = panel.findChild(QFileDialog)
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile(str(picture))
    dialog.accept()
    qtbot.waitUntil(lambda: bool(panel.findChildren(ScoreBars)))
    assert "S01 81.0%" in panel.findChild(ScoreBars).accessibleDescription()
    assert "who.png" in texts(panel)


def test_that_a_school_without_a_model_gets_a_sentence(
    qtbot: QtBot, open_page: Open, some_models: FakeBackend, tmp_path: Path
) -> None:
    page = open_page()
    page.findChild(QTabWidget).setCurrentIndex(1)
    panel = page.findChild(PredictPanel)
    some_models.refuse("predict", RefusedError("model.none_in_service", school="Second School"))
    panel.predict([tmp_path / "who.png"])
    qtbot.waitUntil(lambda: "run a full training first" in texts(panel))


# small pictures


def test_that_pictures_are_read_scaled_and_kept(
    qtbot: QtBot, operations: Operations, tmp_path: Path
) -> None:
    picture = str(a_picture(tmp_path / "wide.png"))
    owner = QWidget()
    qtbot.addWidget(owner)
    thumbnails = Thumbnails(operations, QSize(100, 40), owner)
    with qtbot.waitSignal(thumbnails.loaded, check_params_cb=lambda file: file == picture):
        assert thumbnails.find(picture) is None
    kept = thumbnails.find(picture)
    assert kept is not None
    assert kept.width() == 100


def test_that_a_file_that_is_no_image_is_answered_with_a_null_picture(
    qtbot: QtBot, operations: Operations, tmp_path: Path
) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    thumbnails = Thumbnails(operations, QSize(100, 40), owner)
    missing = str(tmp_path / "missing.png")
    with qtbot.waitSignal(thumbnails.loaded):
        thumbnails.find(missing)
    found = thumbnails.find(missing)
    assert found is not None
    assert found.isNull()


def test_that_what_was_scrolled_past_is_not_read(
    qtbot: QtBot, operations: Operations, tmp_path: Path
) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    thumbnails = Thumbnails(operations, QSize(100, 40), owner)
    read: list[str] = []
    thumbnails.loaded.connect(read.append)
    files = [str(tmp_path / f"{number}.png") for number in range(WAITING + 30)]
    for file in files:
        thumbnails.find(file)
    qtbot.waitUntil(lambda: len(read) == WAITING)
    assert set(read[:BATCH]) == set(files[-BATCH:]), "the latest asked for come first"
    assert not set(read) & set(files[:30])
    assert len(files) < KEPT
