"""Schools, students and samples; adding a school; importing a folder, stopping it, its summary."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QObject, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import (
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QTreeWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core.contracts.records import ImportSummary, RefusedFile, SampleStatus
from core.errors import InvalidValueError
from gui.bridge import Bridge
from gui.dialogs.school_dialog import SchoolDialog
from gui.lifetime import TaskRegistry
from gui.models.record_model import Role
from gui.models.student_model import StudentModel
from gui.operations import Operations
from gui.views.import_panel import ImportPanel
from gui.views.import_summary import ImportSummaryView, summary_words
from gui.views.samples_page import SamplesPage
from gui.widgets.empty_state import EmptyState
from tests.builders import a_sample, a_school, student_counts
from tests.fakes import FakeBackend
from tests.gui.conftest import StandingLoop

Open = Callable[[], SamplesPage]


@pytest.fixture
def open_page(qtbot: QtBot, operations: Operations, bridge: Bridge) -> Open:
    """Shows the page once the backend holds what the test is about."""

    def opened() -> SamplesPage:
        page = SamplesPage(operations, bridge)
        qtbot.addWidget(page)
        page.resize(1100, 700)
        page.show()
        qtbot.waitUntil(
            lambda: (
                table(page, "Schools").isVisible()
                or any(state.isVisible() for state in page.findChildren(EmptyState))
            )
        )
        return page

    return opened


@pytest.fixture
def some_samples(fake_backend: FakeBackend, tmp_path: Path) -> FakeBackend:
    """Two schools; two students of the first, one with an unreadable sample."""
    picture = tmp_path / "page.png"
    image = QImage(200, 64, QImage.Format.Format_Grayscale8)
    image.fill(QColor("white"))
    assert image.save(str(picture))
    fake_backend.put(a_school(id=1, name="First School"), a_school(id=2, name="Second School"))
    fake_backend.put(
        a_sample(id=1, school_name="First School", stored_file=str(picture)),
        a_sample(id=2, school_name="First School", student="S02"),
        a_sample(
            id=3,
            school_name="First School",
            student="S02",
            status=SampleStatus.FAILED,
            error="Nothing is written on this image.",
        ),
    )
    return fake_backend


def table(page: SamplesPage, name: str) -> QTableView:
    return next(t for t in page.findChildren(QTableView) if t.accessibleName().startswith(name))


def shown(view: QTableView) -> list[str]:
    model = view.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def button(widget: QWidget, name: str) -> QPushButton:
    """The visible button of that name."""
    return next(
        b for b in widget.findChildren(QPushButton) if b.accessibleName() == name and b.isVisible()
    )


def texts(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def drop(page: SamplesPage, folder: Path) -> None:
    """Let a folder fall on the page, as a file manager does."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder))])
    page.dropEvent(
        QDropEvent(
            QPointF(10, 10),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )


def a_folder(place: Path, files: int) -> Path:
    folder = place / "import" / "First School" / "S01"
    folder.mkdir(parents=True)
    for number in range(files):
        (folder / f"{number}.png").write_bytes(b"")
    return folder.parent.parent


def test_that_students_of_one_name_in_two_schools_are_two_rows(qtbot: QtBot) -> None:
    model = StudentModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    first, second = student_counts(), student_counts(school_id=2, school_name="Second School")
    model.load([second, first])
    model.patch([student_counts(processed=21)])
    assert [record.processed for record in model.records] == [21, 20]


def test_that_the_first_school_and_student_are_shown_with_their_samples(
    qtbot: QtBot, open_page: Open, some_samples: FakeBackend
) -> None:
    page = open_page()
    assert shown(table(page, "Schools")) == ["First School", "Second School"]
    qtbot.waitUntil(lambda: shown(table(page, "Students")) == ["S01", "S02"])
    qtbot.waitUntil(lambda: shown(table(page, "Samples")) == ["page-1.png"])


def test_that_counts_say_what_cannot_be_trained_on(
    qtbot: QtBot, open_page: Open, some_samples: FakeBackend
) -> None:
    page = open_page()
    students = table(page, "Students")
    qtbot.waitUntil(lambda: students.model().rowCount() == 2)
    samples = students.model().index(1, 1)
    assert samples.data() == "1 processed"
    assert samples.data(Role.SECOND_LINE) == "1 unreadable"


def test_that_a_refused_sample_says_why(
    qtbot: QtBot, open_page: Open, some_samples: FakeBackend
) -> None:
    page = open_page()
    students = table(page, "Students")
    qtbot.waitUntil(lambda: students.model().rowCount() == 2)
    students.setFocus()
    qtbot.keyClick(students, Qt.Key.Key_Down)
    samples = table(page, "Samples")
    qtbot.waitUntil(lambda: samples.model().rowCount() == 2)
    seconds = {samples.model().index(row, 0).data(Role.SECOND_LINE) for row in range(2)}
    assert seconds == {"", "Nothing is written on this image."}


def test_that_a_student_is_found_by_typing(
    qtbot: QtBot, open_page: Open, some_samples: FakeBackend
) -> None:
    page = open_page()
    qtbot.waitUntil(lambda: shown(table(page, "Students")) == ["S01", "S02"])
    qtbot.keyClick(page, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(page.findChild(QLineEdit), "s02")
    assert shown(table(page, "Students")) == ["S02"]


def test_that_new_samples_appear_and_the_chosen_student_stays(
    qtbot: QtBot, open_page: Open, some_samples: FakeBackend
) -> None:
    page = open_page()
    qtbot.waitUntil(lambda: shown(table(page, "Samples")) == ["page-1.png"])
    some_samples.put(a_sample(id=9, school_name="First School", file="S01/page-2.png"))
    some_samples.put(a_sample(id=10, school_name="First School", student="S00"))
    qtbot.waitUntil(lambda: len(shown(table(page, "Students"))) == 3)
    assert table(page, "Students").currentIndex().data() == "S01"
    qtbot.waitUntil(lambda: len(shown(table(page, "Samples"))) == 2)


def test_that_a_school_without_samples_says_what_to_do(
    qtbot: QtBot, open_page: Open, some_samples: FakeBackend
) -> None:
    page = open_page()
    schools = table(page, "Schools")
    schools.setFocus()
    qtbot.keyClick(schools, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: "No sample of this school yet" in texts(page))


def test_that_a_school_is_added_by_keyboard_and_chosen(
    qtbot: QtBot, open_page: Open, some_samples: FakeBackend
) -> None:
    page = open_page()
    qtbot.mouseClick(button(page, "Add school"), Qt.MouseButton.LeftButton)
    dialog = page.findChild(SchoolDialog)
    qtbot.keyClicks(dialog.findChild(QLineEdit), "  Third   School ")
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    schools = table(page, "Schools")
    qtbot.waitUntil(lambda: "Third School" in shown(schools))
    qtbot.waitUntil(lambda: schools.currentIndex().data() == "Third School")
    assert not page.findChildren(SchoolDialog) or not dialog.isVisible()


def test_that_a_taken_name_is_refused_in_the_dialog(
    qtbot: QtBot, open_page: Open, some_samples: FakeBackend
) -> None:
    page = open_page()
    qtbot.mouseClick(button(page, "Add school"), Qt.MouseButton.LeftButton)
    dialog = page.findChild(SchoolDialog)
    qtbot.keyClicks(dialog.findChild(QLineEdit), "First School")
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "already exists" in texts(dialog))
    assert dialog.isVisible()


def test_that_a_dropped_folder_is_imported_after_asking_whose_samples_they_are(
    qtbot: QtBot, open_page: Open, some_samples: FakeBackend, tmp_path: Path
) -> None:
    page = open_page()
    drop(page, a_folder(tmp_path, files=3))
    assert "import_samples" not in some_samples.calls
    qtbot.mouseClick(button(page, "Start import"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "3 samples taken in" in texts(page.findChild(ImportPanel)))
    qtbot.mouseClick(button(page, "Close the summary"), Qt.MouseButton.LeftButton)
    assert not page.findChild(ImportPanel).isVisible()


def test_that_a_folder_is_chosen_in_a_dialog_of_an_empty_page(
    qtbot: QtBot, open_page: Open, fake_backend: FakeBackend, tmp_path: Path
) -> None:
    folder = a_folder(tmp_path, files=1)
    page = open_page()
    assert "No samples yet" in texts(page)
    state = next(each for each in page.findChildren(EmptyState) if each.isVisible())
    qtbot.mouseClick(state.findChild(QPushButton), Qt.MouseButton.LeftButton)
    dialog = page.findChild(QFileDialog)
    dialog.setDirectory(str(folder.parent))
    dialog.selectFile(str(folder))
    dialog.accept()
    qtbot.waitUntil(page.findChild(ImportPanel).isVisible)
    assert str(folder) in texts(page.findChild(ImportPanel))


def test_that_an_import_can_be_stopped_and_commands_do_not_wait_for_it(
    qtbot: QtBot, open_page: Open, some_samples: FakeBackend, operations: Operations, tmp_path: Path
) -> None:
    page = open_page()
    drop(page, a_folder(tmp_path, files=3))
    answers: list[object] = []
    with some_samples.holding("import_samples"):
        qtbot.mouseClick(button(page, "Start import"), Qt.MouseButton.LeftButton)
        operations.command(page, lambda backend: backend.add_school("Meanwhile"), answers.append)
        qtbot.waitUntil(lambda: len(answers) == 1)
        qtbot.mouseClick(button(page, "Stop import"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "stopped before the end" in texts(page.findChild(ImportPanel)))


def test_that_a_second_folder_waits_for_the_end_of_the_first(
    qtbot: QtBot, open_page: Open, some_samples: FakeBackend, tmp_path: Path
) -> None:
    folder = a_folder(tmp_path, files=2)
    page = open_page()
    drop(page, folder)
    with some_samples.holding("import_samples"):
        qtbot.mouseClick(button(page, "Start import"), Qt.MouseButton.LeftButton)
        drop(page, folder)
        assert button(page, "Stop import").isEnabled()
    qtbot.waitUntil(lambda: "2 samples taken in" in texts(page.findChild(ImportPanel)))
    assert some_samples.calls.count("import_samples") == 1


def test_that_an_import_that_cannot_be_done_says_why(
    qtbot: QtBot, open_page: Open, some_samples: FakeBackend, tmp_path: Path
) -> None:
    page = open_page()
    drop(page, a_folder(tmp_path, files=1))
    some_samples.refuse("import_samples", InvalidValueError("school.name_empty", field="school"))
    qtbot.mouseClick(button(page, "Start import"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "The school needs a name" in texts(page.findChild(ImportPanel)))


def test_that_an_import_ended_by_a_bug_does_not_look_as_if_it_ran(
    qtbot: QtBot, loop: StandingLoop, root: QObject, fake_backend: FakeBackend, tmp_path: Path
) -> None:
    errors: list[BaseException] = []
    operations = Operations(fake_backend, TaskRegistry(errors.append), root)
    panel = ImportPanel(operations)
    qtbot.addWidget(panel)
    fake_backend.refuse("import_samples", ZeroDivisionError())
    panel.offer(a_folder(tmp_path, files=1), ())
    qtbot.mouseClick(button(panel, "Start import"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "broke off" in texts(panel))
    qtbot.waitUntil(lambda: len(errors) == 1)
    operations.close()


def test_that_refused_files_are_listed_with_their_sentences_and_can_be_copied(
    qtbot: QtBot,
) -> None:
    view = ImportSummaryView()
    qtbot.addWidget(view)
    view.show()
    refused = RefusedFile("S01/blank.png", "school.name_empty", {})
    view.show_summary(Path("/import"), ImportSummary(1, 2, (refused,)))
    item = view.findChild(QTreeWidget).topLevelItem(0)
    assert item is not None
    assert item.text(0) == "S01/blank.png"
    assert item.text(1).startswith("The school needs a name")
    qtbot.mouseClick(button(view, "Copy the list of refused files"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == f"S01/blank.png\t{item.text(1)}"


@pytest.mark.parametrize(
    ("summary", "words"),
    [
        (ImportSummary(1, 0, ()), "1 sample taken in"),
        (ImportSummary(0, 5, ()), "0 samples taken in · 5 already known"),
        (
            ImportSummary(2, 0, (), is_cancelled=True),
            "2 samples taken in · stopped before the end",
        ),
    ],
)
def test_that_a_summary_is_one_line(summary: ImportSummary, words: str) -> None:
    assert summary_words(summary) == words
