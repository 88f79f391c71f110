"""One model version in full: what it learnt from, how good it is, and whom it mistakes for whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from core.contracts.records import ModelVersionRecord
from core.language import _, _n
from gui import formatting, theme
from gui.models.model_version_model import gate_sentence, state_look, version_words
from gui.tones import Tone
from gui.views.execution_facts import accuracy_facts
from gui.widgets.fact_table import Fact, FactTable
from gui.widgets.score_bars import Score, ScoreBars
from gui.widgets.status_badge import StatusBadge

WEAK = 0.5
"""A student named right less often than this stands out."""


class ModelDetail(QWidget):
    """Shows the record it is given."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._record: ModelVersionRecord | None = None
        self._title = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._title.setFont(theme.heading_font(self.font()))
        self._badge = StatusBadge()
        self._sentence = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        theme.set_tone(self._sentence, Tone.WARNING)
        self._facts = FactTable()
        self._students_title = self._heading()
        self._students = ScoreBars()
        self._pairs_title = self._heading()
        self._pairs = FactTable()
        self._lay_out()

    def show_model(self, record: ModelVersionRecord | None) -> None:
        """Show `record`; `None` shows nothing."""
        self._record = record
        self.setVisible(record is not None)
        if record is None:
            return
        scope = formatting.scope_text(record.school_name)
        self._title.setText(f"{version_words(record)} · {scope}")
        self._badge.set_look(state_look(record))
        reason = gate_sentence(record)
        self._sentence.setText(reason)
        self._sentence.setVisible(bool(reason))
        self._facts.show_groups(
            [
                (_("Learnt from"), _origin_facts(record)),
                (_("Judged by"), judged_facts(record.metrics)),
            ]
        )
        students = student_scores(record.metrics)
        self._students_title.setText(_("Top-1 accuracy of each student, worst first"))
        self._students_title.setVisible(bool(students))
        self._students.setAccessibleName(_("Top-1 accuracy of each student"))
        self._students.setVisible(bool(students))
        self._students.show_scores(students)
        self._pairs.show_groups([(_("Most often mistaken"), pair_facts(record.metrics))])

    def retranslate(self) -> None:
        """Every text in the current language."""
        self.show_model(self._record)

    def _heading(self) -> QLabel:
        title = QLabel()
        title.setFont(theme.heading_font(self.font()))
        title.setContentsMargins(0, theme.UNIT, 0, 0)
        return title

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._badge)
        inside = QWidget()
        content = QVBoxLayout(inside)
        content.setContentsMargins(0, 0, theme.UNIT, theme.UNIT)
        content.setSpacing(theme.UNIT)
        for part in (self._facts, self._students_title, self._students, self._pairs):
            content.addWidget(part)
        content.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, theme.UNIT, 0, 0)
        layout.setSpacing(theme.UNIT)
        layout.addLayout(head)
        layout.addWidget(self._sentence)
        layout.addWidget(scroll, 1)


def judged_facts(metrics: Mapping[str, Any]) -> list[Fact]:
    """The numbers, and the samples they were measured on."""
    facts = accuracy_facts(metrics)
    judged = metrics.get("judged_by") or {}
    first, last = judged.get("first_day"), judged.get("last_day")
    if first and last:
        days = first if first == last else _("{first} to {last}").format(first=first, last=last)
        facts.append(Fact(_("Captured on"), days))
    if version := judged.get("champion_version"):
        facts.append(Fact(_("Compared with"), _("Version {version}").format(version=version)))
    if not facts or metrics.get("top1") is None:
        facts.append(
            Fact(_("Accuracy"), _("Not measured: no student has samples of two days yet."))
        )
    return facts


def student_scores(metrics: Mapping[str, Any]) -> list[Score]:
    """Accuracy by student, worst first, with how many samples each was judged by."""
    return [
        Score(
            row["student"],
            row["top1"],
            _("{share} of {count}").format(
                share=formatting.percent(row["top1"], digits=0), count=row["held_out"]
            ),
            Tone.WARNING if row["top1"] < WEAK else Tone.ACCENT,
        )
        for row in sorted(metrics.get("per_student", ()), key=lambda row: row["top1"])
    ]


def pair_facts(metrics: Mapping[str, Any]) -> list[Fact]:
    """Whose samples were most often taken for whose."""
    return [
        Fact(
            pair["student"],
            _n("taken for {other} once", "taken for {other} {count} times", pair["count"]).format(
                other=pair["taken_for"], count=pair["count"]
            ),
        )
        for pair in metrics.get("worst_pairs", ())
    ]


def _origin_facts(record: ModelVersionRecord) -> list[Fact]:
    facts = [
        Fact(_("Training mode"), formatting.mode_word(record.training_mode)),
        Fact(_("Samples"), formatting.count(record.sample_count)),
        Fact(_("Students"), formatting.count(record.student_count)),
        Fact(_("Data cut-off"), formatting.instant_with_zone(record.data_cutoff_at)),
        Fact(_("Made at"), formatting.instant_with_zone(record.created_at)),
    ]
    if record.parent_version is not None:
        facts.insert(
            1, Fact(_("Builds on"), _("Version {version}").format(version=record.parent_version))
        )
    if record.promoted_at is not None:
        facts.append(Fact(_("In service since"), formatting.instant_with_zone(record.promoted_at)))
    if record.execution_id is not None:
        facts.append(Fact(_("From execution"), str(record.execution_id)))
    return facts
