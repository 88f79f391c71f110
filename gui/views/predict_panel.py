"""“Who wrote this?”: images in, the likeliest students out, by the school's model in service."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from core.contracts.records import Prediction, SchoolRecord
from core.errors import AppError
from core.language import _
from core.messages import error_sentence, sentence
from gui import formatting, theme
from gui.operations import Operations
from gui.tones import Tone
from gui.widgets.score_bars import Score, ScoreBars
from gui.widgets.thumbnails import Thumbnails

TOP: Final = 5
MOST_IMAGES: Final = 50
PICTURE: Final = QSize(200, 64)
IMAGE_PATTERNS: Final = "*.png *.jpg *.jpeg *.bmp *.tif *.tiff *.webp *.gif"


class PredictPanel(QWidget):
    """A school, a button (or a drop of files), and one card an image."""

    def __init__(self, operations: Operations, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._operations = operations
        self._thumbnails = Thumbnails(operations, PICTURE, self)
        self._school_label = QLabel()
        self._school = QComboBox()
        self._school_label.setBuddy(self._school)
        self._choose = QPushButton()
        theme.make_primary(self._choose, "image")
        self._state = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._cards = QVBoxLayout()
        self._shown: list[_Card] = []
        self._lay_out()
        self._connect()
        self.setAcceptDrops(True)
        self.retranslate()

    def show_schools(self, schools: Sequence[SchoolRecord]) -> None:
        """Offer these schools; the chosen one stays."""
        kept = self._school.currentText()
        self._school.clear()
        self._school.addItems([school.name for school in schools])
        self._school.setCurrentIndex(max(self._school.findText(kept), 0))
        self._choose.setEnabled(bool(schools))

    def choose_school(self, name: str | None) -> None:
        """Choose a school by name, if it is on offer."""
        if name is not None and (row := self._school.findText(name)) >= 0:
            self._school.setCurrentIndex(row)

    def predict(self, images: Sequence[Path]) -> None:
        """Ask who wrote these; an earlier answer still on its way is dropped."""
        school, wanted = self._school.currentText(), tuple(images[:MOST_IMAGES])
        if not wanted or not school:
            return
        self._say(_("Looking at the images…"), Tone.MUTED)
        self._operations.query(
            self,
            lambda backend: backend.predict(wanted, school=school, top=TOP),
            self._on_predicted,
            failed=self._on_predict_failed,
            key="predict",
        )

    def retranslate(self) -> None:
        """Every text in the current language."""
        self._school_label.setText(_("School"))
        self._school.setAccessibleName(_("School whose model answers"))
        self._choose.setText(_("Choose images…"))
        self._choose.setAccessibleName(_("Choose images"))
        if not self._shown:
            self._say(
                _("Choose or drop images of handwriting: the model in service names the writers."),
                Tone.MUTED,
            )

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(theme.UNIT)
        line.addWidget(self._school_label)
        line.addWidget(self._school, 1)
        line.addWidget(self._choose)
        inside = QWidget()
        self._cards.setContentsMargins(0, 0, theme.UNIT, theme.UNIT)
        self._cards.setSpacing(theme.UNIT)
        self._cards.addStretch(1)
        inside.setLayout(self._cards)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, theme.GAP, 0, 0)
        layout.setSpacing(theme.UNIT)
        layout.addLayout(line)
        layout.addWidget(self._state)
        layout.addWidget(scroll, 1)

    def _connect(self) -> None:
        self._choose.clicked.connect(self._on_choose_clicked)
        self._thumbnails.loaded.connect(self._on_thumbnail_loaded)

    def _on_choose_clicked(self) -> None:
        dialog = QFileDialog(self, _("Choose images of handwriting"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilter(_("Images ({patterns})").format(patterns=IMAGE_PATTERNS))
        dialog.filesSelected.connect(self._on_files_selected)
        dialog.open()

    def _on_files_selected(self, files: list[str]) -> None:
        self.predict([Path(file) for file in files])

    def _on_predicted(self, predictions: tuple[Prediction, ...]) -> None:
        self._say("", Tone.MUTED)
        for card in self._shown:
            card.hide()
            card.deleteLater()
        self._shown = [_Card(prediction) for prediction in predictions]
        for row, card in enumerate(self._shown):
            self._cards.insertWidget(row, card)
            card.show_picture(self._thumbnails.find(card.file))

    def _on_predict_failed(self, error: AppError) -> None:
        self._say(error_sentence(error), Tone.DANGER)

    def _on_thumbnail_loaded(self, file: str) -> None:
        for card in self._shown:
            if card.file == file:
                card.show_picture(self._thumbnails.find(file))

    def _say(self, words: str, tone: Tone) -> None:
        theme.set_tone(self._state, tone)
        self._state.setText(words)
        self._state.setVisible(bool(words))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        self.predict([file for file in files if file.is_file()])
        event.acceptProposedAction()


class _Card(QFrame):
    """One image with its candidates."""

    def __init__(self, prediction: Prediction) -> None:
        super().__init__()
        self.file = prediction.file
        self.setProperty("card", True)  # noqa: FBT003 - Qt's property call
        self._picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._picture.setFixedHeight(PICTURE.height())
        name = QLabel(Path(prediction.file).name, textFormat=Qt.TextFormat.PlainText)
        name.setToolTip(prediction.file)
        theme.set_tone(name, Tone.MUTED)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.GAP, theme.UNIT, theme.GAP, theme.UNIT)
        layout.addWidget(name)
        layout.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignLeft)
        if prediction.error_code is None:
            layout.addWidget(_bars(prediction))
        else:
            refusal = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
            refusal.setText(sentence(prediction.error_code, prediction.error_params))
            theme.set_tone(refusal, Tone.DANGER)
            layout.addWidget(refusal)

    def show_picture(self, picture: QPixmap | None) -> None:
        """Show the image; an unreadable one takes no room."""
        if picture is not None:
            self._picture.setVisible(not picture.isNull())
            self._picture.setPixmap(picture)


def _bars(prediction: Prediction) -> ScoreBars:
    bars = ScoreBars()
    bars.setAccessibleName(
        _("Likeliest students for {file}").format(file=Path(prediction.file).name)
    )
    bars.show_scores(
        [
            Score(
                candidate.student,
                candidate.score,
                formatting.percent(candidate.score),
                Tone.ACCENT if rank == 0 else Tone.NEUTRAL,
            )
            for rank, candidate in enumerate(prediction.candidates)
        ]
    )
    return bars
