"""The buttons and menu entries for the chosen task; they report a click and do nothing."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolBar, QWidget

from core.contracts.records import TaskRecord
from core.language import N_, _
from gui import theme
from gui.tones import Tone
from gui.views.task_actions import TaskAction, availability, status_action

_LOOKS: Final[dict[TaskAction, tuple[str, str]]] = {
    TaskAction.RUN_NOW: (N_("Run now"), "run"),
    TaskAction.PAUSE: (N_("Pause"), "pause"),
    TaskAction.RESUME: (N_("Resume"), "resume"),
    TaskAction.CANCEL_RUN: (N_("Cancel run"), "stop"),
    TaskAction.EDIT: (N_("Edit"), "edit"),
    TaskAction.HISTORY: (N_("History"), "history"),
    TaskAction.WHY: (N_("Why did it (not) run at…"), "info"),
    TaskAction.BACKFILL: (N_("Backfill…"), "retrying"),
    TaskAction.DELETE: (N_("Delete"), "delete"),
}
_KEYS: Final[dict[TaskAction, tuple[str, ...]]] = {
    TaskAction.RUN_NOW: ("Ctrl+R",),
    TaskAction.PAUSE: ("Ctrl+P",),
    TaskAction.CANCEL_RUN: ("Ctrl+.",),
    TaskAction.EDIT: ("Return", "Enter", "F2"),
    TaskAction.HISTORY: ("Ctrl+H",),
    TaskAction.DELETE: ("Del",),
}
_GROUPS: Final = (
    (TaskAction.RUN_NOW, TaskAction.PAUSE, TaskAction.CANCEL_RUN),
    (TaskAction.EDIT, TaskAction.HISTORY),
    (TaskAction.DELETE,),
)
"""Pause stands for resume too: one button that turns with the task's status."""
_RARE: Final = (TaskAction.WHY, TaskAction.BACKFILL)
"""In menus only."""


class TaskToolbar(QToolBar):
    """Follows one task: what may not be done now is off and says why."""

    requested = Signal(object)
    """The `TaskAction` that was asked for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._task: TaskRecord | None = None
        self._is_busy = False
        self._actions = {action: QAction(self) for group in (*_GROUPS, _RARE) for action in group}
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIconSize(theme.ICON_SIZE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._arrange()
        self._connect()
        self.retranslate()

    def show_task(self, task: TaskRecord | None, *, is_busy: bool) -> None:
        """Offer what may be done to `task` now."""
        self._task, self._is_busy = task, is_busy
        for place, action in self._actions.items():
            self._show(action, self._meaning(place))

    def give_shortcuts_to(self, table: QWidget) -> None:
        """Let the keys work where the tasks are listed, so that typing elsewhere stays typing."""
        table.addActions(list(self._actions.values()))

    def menu(self, parent: QWidget) -> QMenu:
        """The same actions as a context menu."""
        menu = QMenu(parent)
        self._fill(menu)
        menu.insertActions(self._actions[TaskAction.DELETE], self.rare_actions())
        menu.insertSeparator(self._actions[TaskAction.DELETE])
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def rare_actions(self) -> list[QAction]:
        """What has no button of its own."""
        return [self._actions[place] for place in _RARE]

    def retranslate(self) -> None:
        """Speak the current language."""
        self.setAccessibleName(_("What can be done to the chosen task"))
        self.show_task(self._task, is_busy=self._is_busy)

    def _arrange(self) -> None:
        for place, action in self._actions.items():
            action.setShortcuts([QKeySequence(keys) for keys in _KEYS.get(place, ())])
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._fill(self)

    def _fill(self, bar: QToolBar | QMenu) -> None:
        for number, group in enumerate(_GROUPS):
            if number:
                bar.addSeparator()
            bar.addActions([self._actions[place] for place in group])

    def _connect(self) -> None:
        for place, action in self._actions.items():
            action.triggered.connect(lambda _checked, place=place: self._on_action_triggered(place))

    def _on_action_triggered(self, place: TaskAction) -> None:
        self.requested.emit(self._meaning(place))

    def _meaning(self, place: TaskAction) -> TaskAction:
        return status_action(self._task) if place is TaskAction.PAUSE else place

    def _show(self, action: QAction, meaning: TaskAction) -> None:
        word, icon = _LOOKS[meaning]
        offered = availability(meaning, self._task, is_busy=self._is_busy)
        action.setText(_(word))
        action.setIcon(theme.icon(icon, Tone.DANGER if meaning is TaskAction.DELETE else None))
        action.setEnabled(offered.is_on)
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        hint = offered.why_not or (f"{_(word)} ({keys})" if keys else _(word))
        action.setToolTip(hint)
        button = self.widgetForAction(action)
        if button is not None:
            button.setAccessibleName(_(word))
            button.setAccessibleDescription(offered.why_not or "")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
