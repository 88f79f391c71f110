"""What a task depends on: shows the edges and reports what a person wants of them; changes none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.contracts.planning import AddDependency, DependencyRecord, TaskDependencies
from core.contracts.records import TaskRecord
from core.domain.dependency import Condition, Mode, Needed
from core.language import _
from gui import theme
from gui.dialogs.dependency_words import (
    CONDITIONS,
    MODES,
    NEEDED,
    DependencyRequest,
    RemoveDependency,
    SetNeeded,
    intro,
    summary,
    task_name,
)
from gui.tones import Tone
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.field_note import FieldNote

SHORTEST_NAME: Final = 10
"""In letters: longer names of tasks are elided where there is no room."""


class DependencySection(QWidget):
    """A line an edge, below them a line to add one; what went wrong stands under it."""

    asked = Signal(object)
    """A `DependencyRequest`; the answer comes back through `show_dependencies`."""
    summary_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._task_id: int | None = None
        self._shown: TaskDependencies | None = None
        self._tasks: tuple[tuple[int, str], ...] = ()
        self._intro = QLabel(wordWrap=True)
        self._edges = QWidget()
        self._grid = QGridLayout(self._edges)
        self._needed = ChoiceBox[Needed]([(each, _(word)) for each, word in NEEDED.items()])
        self._upstream = ChoiceBox[int | None]([(None, _("Choose a task"))])
        self._condition = _conditions()
        self._mode = _modes()
        self._add = QPushButton(_("Add"))
        self._adding = QWidget()
        self._note = FieldNote()
        self._followers = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._lay_out()
        self._connect()

    def show_task(self, task_id: int) -> None:
        """Whose dependencies these are."""
        self._task_id = task_id

    def set_tasks(self, tasks: Sequence[TaskRecord]) -> None:
        """The tasks that can be depended on: all but this one."""
        self._tasks = tuple((each.id, each.name) for each in tasks if each.id != self._task_id)
        self._offer_tasks()

    def show_dependencies(self, found: TaskDependencies | None) -> None:
        """Show the edges as they are now; `None` for a task that is not saved yet."""
        self._shown = found
        self._note.clear()
        self.setEnabled(True)
        self._fill_edges(found.upstream if found else ())
        self._needed.setVisible(found is not None and len(found.upstream) > 1)
        if found is not None:
            self._needed.blockSignals(True)  # noqa: FBT003 - Qt takes it by position
            self._needed.set_value(found.needed)
            self._needed.blockSignals(False)  # noqa: FBT003 - Qt takes it by position
        self._adding.setVisible(found is not None)
        self._intro.setText(intro(found) if found or self._task_id is None else "")
        self._intro.setVisible(bool(self._intro.text()))
        followers = _(", ").join(
            task_name(each.downstream_id, each.downstream_name)
            for each in (found.downstream if found else ())
        )
        self._followers.setText(_("Depend on this task: {tasks}").format(tasks=followers))
        self._followers.setVisible(bool(followers))
        self._offer_tasks()
        self.summary_changed.emit(summary(found) if found or self._task_id is None else "")

    def show_error(self, sentence: str) -> None:
        """Say below the list what could not be done; the list stays as it was."""
        self.show_dependencies(self._shown)
        self._note.show_error(sentence)

    def note_text(self) -> str:
        """What is said below the list."""
        return self._note.text()

    def _lay_out(self) -> None:
        theme.set_tone(self._intro, Tone.MUTED)
        theme.set_tone(self._followers, Tone.MUTED)
        for box, name in (
            (self._needed, _("How many are needed")),
            (self._upstream, _("Task to depend on")),
            (self._condition, _("Condition")),
            (self._mode, _("What its end does")),
        ):
            box.setAccessibleName(name)
        self._upstream.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._upstream.setMinimumContentsLength(SHORTEST_NAME)
        self._add.setAutoDefault(False)
        self._grid.setContentsMargins(0, 0, 0, 0)
        adding = QGridLayout(self._adding)
        adding.setContentsMargins(0, 0, 0, 0)
        parts: tuple[QWidget, ...] = (self._upstream, self._condition, self._mode, self._add)
        for column, part in enumerate(parts):
            adding.addWidget(part, 0, column)
        for grid in (self._grid, adding):
            grid.setHorizontalSpacing(theme.UNIT)
            grid.setColumnStretch(0, 1)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(0, 0, 0, 0)
        column_.setSpacing(theme.UNIT)
        for each in (
            self._intro,
            self._edges,
            self._needed,
            self._adding,
            self._note,
            self._followers,
        ):
            column_.addWidget(each)

    def _connect(self) -> None:
        self._add.clicked.connect(self._on_add_clicked)
        self._upstream.chosen.connect(self._update_add)
        self._needed.chosen.connect(self._on_needed_chosen)

    def _on_add_clicked(self) -> None:
        upstream_id = self._upstream.value()
        if upstream_id is not None:
            self._ask_to_set(upstream_id, self._condition.value(), self._mode.value())

    def _on_needed_chosen(self) -> None:
        if self._task_id is not None:
            self._ask(SetNeeded(self._task_id, self._needed.value()))

    def _ask_to_set(self, upstream_id: int, condition: Condition, mode: Mode) -> None:
        if self._task_id is not None:
            self._ask(AddDependency(self._task_id, upstream_id, condition, mode))

    def _ask(self, request: DependencyRequest) -> None:
        self.setEnabled(False)
        self.asked.emit(request)

    def _update_add(self) -> None:
        self._add.setEnabled(self._upstream.value() is not None)

    def _offer_tasks(self) -> None:
        taken = {each.upstream_id for each in self._shown.upstream} if self._shown else set()
        options: list[tuple[int | None, str]] = [(None, _("Choose a task"))]
        options += [(key, name) for key, name in self._tasks if key not in taken]
        self._upstream.set_options(options)
        self._update_add()

    def _fill_edges(self, edges: Sequence[DependencyRecord]) -> None:
        while item := self._grid.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for row, edge in enumerate(edges):
            self._add_edge(row, edge)
        self._edges.setVisible(bool(edges))

    def _add_edge(self, row: int, edge: DependencyRecord) -> None:
        name = task_name(edge.upstream_id, edge.upstream_name)
        label = ElidedLabel(name)
        label.setToolTip(name)
        condition, mode = _conditions(), _modes()
        condition.set_value(edge.condition)
        mode.set_value(edge.mode)
        condition.setAccessibleName(_("Condition of {name}").format(name=name))
        mode.setAccessibleName(_("What the end of {name} does").format(name=name))
        remove = QToolButton()
        remove.setIcon(theme.icon("close"))
        remove.setAccessibleName(_("Remove {name}").format(name=name))
        remove.setToolTip(_("No longer depend on {name}").format(name=name))
        remove.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        parts: tuple[QWidget, ...] = (label, condition, mode, remove)
        for column, part in enumerate(parts):
            self._grid.addWidget(part, row, column)
        self._connect_edge(edge.upstream_id, condition, mode, remove.clicked.connect)

    def _connect_edge(
        self,
        upstream_id: int,
        condition: ChoiceBox[Condition],
        mode: ChoiceBox[Mode],
        on_remove: Callable[[Callable[[], None]], object],
    ) -> None:
        def on_chosen() -> None:
            self._ask_to_set(upstream_id, condition.value(), mode.value())

        def on_removed() -> None:
            if self._task_id is not None:
                self._ask(RemoveDependency(self._task_id, upstream_id))

        condition.chosen.connect(on_chosen)
        mode.chosen.connect(on_chosen)
        on_remove(on_removed)


def _conditions() -> ChoiceBox[Condition]:
    return ChoiceBox[Condition]([(each, _(word)) for each, word in CONDITIONS.items()])


def _modes() -> ChoiceBox[Mode]:
    return ChoiceBox[Mode]([(each, _(word)) for each, word in MODES.items()])
