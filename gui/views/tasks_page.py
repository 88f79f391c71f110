"""The page of tasks: composes cards, filters, table and buttons, and keeps them up to date."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from core.clock import Clock, SystemClock
from core.contracts.records import TaskRecord
from core.errors import AppError
from core.language import _, _n
from core.messages import error_sentence
from gui import theme
from gui.bridge import Bridge
from gui.formatting import count
from gui.models.filters import TaskFilterProxy, Wanted
from gui.models.task_model import TaskModel
from gui.operations import Operations
from gui.tones import Tone
from gui.views.more_button import MoreButton
from gui.views.task_actions import TaskAction
from gui.views.task_cards import TaskCards
from gui.views.task_errands import TaskErrands
from gui.views.task_filter_bar import TaskFilterBar
from gui.views.task_notice import TaskNotice
from gui.views.task_reading import TasksRead, moves_counts, read_tasks
from gui.views.task_requests import TaskRequests
from gui.views.task_table import TaskTable
from gui.views.task_toolbar import TaskToolbar
from gui.widgets.empty_state import EmptyState

TICK_MS: Final = 30_000
"""How often relative times are said anew."""
COUNT_MS: Final = 250
"""Changes within this time are counted once."""


class TasksPage(QWidget):
    """All tasks, and everything that can be done to the chosen one."""

    history_requested = Signal(int)
    """The id of the task whose history is to be shown."""

    def __init__(
        self,
        operations: Operations,
        bridge: Bridge,
        parent: QWidget | None = None,
        *,
        clock: Clock | None = None,
    ) -> None:
        super().__init__(parent)
        self._operations = operations
        self._bridge = bridge
        clock = clock or SystemClock()
        self._requests = TaskRequests(operations, self)
        self._errands = TaskErrands(operations, self, clock)
        self._tasks = TaskModel(clock, self)
        self._shown = TaskFilterProxy(self._tasks, self)
        self._changed_while_loading: dict[int, TaskRecord | None] | None = None
        self._load_error: AppError | None = None
        self._last_chosen: int | None = None
        self._build()
        self._arrange()
        self._connect()
        self.retranslate()
        self._tick.start()
        self.refresh()

    def refresh(self) -> None:
        """Load everything again; what did not change is not touched."""
        self._changed_while_loading = {}
        self._operations.query(
            self, read_tasks, self._on_tasks_read, failed=self._on_reading_failed, key="tasks"
        )

    def focus_search(self) -> None:
        """Let the reader type what to look for."""
        self._filters.focus_search()

    def retranslate(self) -> None:
        """Speak the current language."""
        self._title.setText(_("Tasks"))
        keys = self._create.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        self._new.setText(_("New task"))
        self._new.setToolTip(f"{_('New task')} ({keys})")
        self._none.set_texts(
            _("No task yet"),
            _("A task says what is trained and when. Create the first one."),
            _("Create the first task"),
            keys,
        )
        self._no_match.set_texts(
            _("No task matches"),
            _("Change the search or the filters to see more."),
            _("Show all tasks"),
        )
        self._tasks.recompute()
        spoken = (self._cards, self._filters, self._toolbar, self._table, self._notice, self._more)
        for part in spoken:
            part.retranslate()
        self._show_state()

    def _build(self) -> None:
        self._title = QLabel()
        self._title.setFont(theme.title_font(self.font()))
        self._summary = QLabel()
        theme.set_tone(self._summary, Tone.MUTED)
        self._new = QPushButton()
        self._new.setObjectName("new_task")
        theme.make_primary(self._new, "add")
        # An action, because the button is hidden while the empty page offers the same.
        self._create = QAction(self)
        self._create.setShortcut(QKeySequence.StandardKey.New)
        self.addAction(self._create)
        self._cards = TaskCards()
        self._toolbar = TaskToolbar()
        self._notice = TaskNotice()
        self._more = MoreButton(self._toolbar.rare_actions())
        self._filters = TaskFilterBar()
        self._table = TaskTable(self._tasks, self._shown)
        self._toolbar.give_shortcuts_to(self._table)
        self.setFocusProxy(self._table)  # its keys work as soon as the page is shown
        self._none = EmptyState("tasks")
        self._no_match = EmptyState("search")
        self._no_match.set_action_icon("close")
        self._unread = EmptyState("warning")
        self._unread.set_action_icon("refresh")
        self._stack = QStackedWidget()
        for state in (self._table, self._none, self._no_match, self._unread):
            self._stack.addWidget(state)
        self._tick = QTimer(self, interval=TICK_MS)
        self._recount = QTimer(self, interval=COUNT_MS, singleShot=True)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.UNIT + theme.HALF)
        head.addWidget(self._title)
        head.addWidget(self._summary)
        head.addStretch()
        head.addWidget(self._more)
        head.addWidget(self._new)
        listed = QVBoxLayout()
        listed.setSpacing(theme.HALF)
        listed.addWidget(self._toolbar)
        listed.addWidget(self._stack, stretch=1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.GAP)
        layout.setSpacing(theme.UNIT + theme.HALF)
        layout.addLayout(head)
        layout.addWidget(self._notice)
        layout.addWidget(self._cards)
        layout.addWidget(self._filters)
        layout.addLayout(listed, stretch=1)

    def _connect(self) -> None:
        self._new.clicked.connect(self._requests.create)
        self._create.triggered.connect(self._requests.create)
        self._none.action_clicked.connect(self._requests.create)
        self._no_match.action_clicked.connect(self._filters.clear)
        self._unread.action_clicked.connect(self.refresh)
        self._filters.wanted_changed.connect(self._on_wanted_changed)
        self._toolbar.requested.connect(self._on_action_requested)
        self._table.chosen_changed.connect(self._on_chosen_changed)
        self._table.opened.connect(self._on_task_opened)
        self._table.menu_requested.connect(self._on_menu_requested)
        self._requests.busy_changed.connect(self._show_actions)
        self._requests.task_saved.connect(self._on_task_saved)
        self._requests.task_deleted.connect(self._on_task_deleted)
        self._requests.refused.connect(self.refresh)
        self._requests.history_requested.connect(self.history_requested)
        self._requests.errand_requested.connect(self._errands.carry_out)
        self._errands.task_restored.connect(self._on_task_saved)
        self._errands.not_restored.connect(self._notice.say_not_restored)
        self._errands.backfilled.connect(self._notice.say_queued)
        self._notice.undo_asked.connect(self._errands.undo_deletion)
        self._more.bin_asked.connect(self._errands.open_bin)
        self._more.quiet_hours_asked.connect(self._errands.open_quiet_hours)
        self._bridge.task_changed.connect(self._on_task_changed)
        self._bridge.task_removed.connect(self._on_task_removed)
        self._bridge.many_changed.connect(self.refresh)
        self._bridge.schools_changed.connect(self.refresh)
        self._tasks.dataChanged.connect(self._show_actions)
        for change in (self._shown.rowsInserted, self._shown.rowsRemoved, self._shown.modelReset):
            change.connect(self._show_state)
        # The proxy tells of a removal while the tasks still hold the row.
        self._tasks.rowsRemoved.connect(self._show_state)
        self._tick.timeout.connect(self._tasks.tick)
        self._recount.timeout.connect(self._on_recount_due)

    def _on_tasks_read(self, read: TasksRead) -> None:
        late, self._changed_while_loading = self._changed_while_loading or {}, None
        self._load_error = None
        is_first = not self._tasks.is_loaded
        self._tasks.load(read.tasks)
        self._filters.show_schools(read.schools)
        self._cards.show_counts(read.counts)
        # What the bridge announced meanwhile is newer than what was read.
        self._tasks.patch(task for task in late.values() if task is not None)
        for task_id in (task_id for task_id, task in late.items() if task is None):
            self._tasks.remove(task_id)
        if is_first:
            self._table.fit_columns()
            self._table.choose_first()
        self._show_state()

    def _on_reading_failed(self, error: AppError) -> None:
        self._changed_while_loading = None
        self._load_error = error
        self._show_state()
        if self._tasks.is_loaded:
            self._operations.error_occurred.emit(error)

    def _on_task_changed(self, task: TaskRecord) -> None:
        if self._changed_while_loading is not None:
            self._changed_while_loading[task.id] = task
        if self._tasks.is_loaded:
            if moves_counts(self._tasks.find(task.id), task):
                self._recount.start()
            self._tasks.patch([task])

    def _on_task_removed(self, task_id: int) -> None:
        if self._changed_while_loading is not None:
            self._changed_while_loading[task_id] = None
        self._tasks.remove(task_id)
        self._recount.start()

    def _on_task_deleted(self, task: TaskRecord) -> None:
        self._on_task_removed(task.id)
        self._notice.say_deleted(task)

    def _on_task_saved(self, task: TaskRecord) -> None:
        self._notice.forget(task.id)
        is_new = self._tasks.find(task.id) is None
        self._on_task_changed(task)
        if is_new:
            self._table.choose(task.id)
            self._table.setFocus()

    def _on_recount_due(self) -> None:
        self._operations.query(
            self, lambda backend: backend.count_tasks(), self._cards.show_counts, key="counts"
        )

    def _on_wanted_changed(self, wanted: Wanted) -> None:
        self._shown.show_only(wanted)
        if self._table.chosen() is None and self._last_chosen is not None:
            self._table.choose(self._last_chosen)
        self._show_state()

    def _on_chosen_changed(self) -> None:
        task = self._table.chosen()
        if task is not None:
            self._last_chosen = task.id
        self._show_actions()

    def _on_action_requested(self, action: TaskAction) -> None:
        task = self._table.chosen()
        if task is not None:
            self._requests.carry_out(action, task)

    def _on_task_opened(self) -> None:
        self._on_action_requested(TaskAction.EDIT)

    def _on_menu_requested(self, place: QPoint) -> None:
        self._toolbar.menu(self).popup(place)

    def _show_actions(self) -> None:
        task = self._table.chosen()
        self._toolbar.show_task(task, is_busy=self._requests.is_busy(task))

    def _show_state(self) -> None:
        """The table, or why there is none."""
        total, shown = self._tasks.rowCount(), self._shown.rowCount()
        has_tasks = total > 0
        self._filters.setVisible(has_tasks)
        self._toolbar.setVisible(has_tasks)
        self._new.setVisible(has_tasks)
        self._summary.setText(_summary(shown, total) if has_tasks else "")
        if not self._tasks.is_loaded and self._load_error is not None:
            self._unread.set_texts(
                _("The tasks could not be read"), error_sentence(self._load_error), _("Try again")
            )
            self._stack.setCurrentWidget(self._unread)
        elif self._tasks.is_loaded and not has_tasks:
            self._stack.setCurrentWidget(self._none)
        elif has_tasks and not shown:
            self._stack.setCurrentWidget(self._no_match)
        else:
            self._stack.setCurrentWidget(self._table)
        self._show_actions()


def _summary(shown: int, total: int) -> str:
    if shown == total:
        return _n("{n} task", "{n} tasks", total).format(n=count(total))
    return _("{shown} of {total} shown").format(shown=count(shown), total=count(total))
