"""The bottom line of the window: which database, who executes, what runs now, which language."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSizePolicy,
    QStatusBar,
    QToolButton,
    QWidget,
)

from core.contracts.records import (
    ConnectionInfo,
    ConnectionMode,
    ExecutionFilter,
    ExecutionRecord,
)
from core.domain.execution import ACTIVE, ExecutionStatus
from core.language import LANGUAGES, _, _n, current_language
from gui import formatting, theme
from gui.bridge import Bridge
from gui.i18n import NAMES
from gui.operations import Operations
from gui.tones import Tone
from gui.widgets.elided_label import ElidedLabel

ICON = 16
BAR_WIDTH = 120


class StatusBar(QStatusBar):
    """Shows facts of the instance as they change; its one control is the language."""

    language_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._connection: ConnectionInfo | None = None
        self._active: dict[int, ExecutionRecord] = {}
        self._database = _Fact("database")
        self._runner = _Fact("runner")
        self._work = _Work()
        self._language = QToolButton()
        self._language.setIcon(theme.icon("language", Tone.MUTED))
        self._language.setIconSize(QSize(ICON, ICON))
        self._language.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._language.clicked.connect(self._on_language_clicked)
        self.setSizeGripEnabled(False)
        self.addWidget(self._database)
        self.addWidget(self._runner)
        self.addWidget(self._work, 1)
        self.addPermanentWidget(self._language)
        self._work.hide()
        self.retranslate()

    def follow(self, operations: Operations, bridge: Bridge) -> None:
        """Show an opened instance from now on."""
        self._operations = operations
        self._work.show()
        bridge.execution_changed.connect(self._on_execution_changed)
        bridge.task_removed.connect(self.refresh)
        bridge.many_changed.connect(self.refresh)
        bridge.runners_changed.connect(self.refresh)
        bridge.connection_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Read everything again."""
        self._operations.query(
            self, lambda backend: backend.describe_connection(), self._take_connection, key="who"
        )
        self._operations.query(
            self,
            lambda backend: backend.list_executions(ExecutionFilter(statuses=ACTIVE)),
            self._take_active,
            key="work",
        )

    def retranslate(self) -> None:
        """Speak the current language."""
        other = _other_language()
        self._language.setText(NAMES[other])
        words = _("Change the language to {language}").format(language=NAMES[other])
        self._language.setToolTip(words)
        self._language.setAccessibleName(words)
        self._show_connection()
        self._work.show_work(list(self._active.values()))

    def _on_execution_changed(self, execution: ExecutionRecord) -> None:
        if execution.status in ACTIVE:
            self._active[execution.id] = execution
        else:
            self._active.pop(execution.id, None)
        self._work.show_work(list(self._active.values()))

    def _on_language_clicked(self) -> None:
        self.language_chosen.emit(_other_language())

    def _take_connection(self, connection: ConnectionInfo) -> None:
        self._connection = connection
        self._show_connection()

    def _take_active(self, active: tuple[ExecutionRecord, ...]) -> None:
        self._active = {execution.id: execution for execution in reversed(active)}
        self._work.show_work(list(self._active.values()))

    def _show_connection(self) -> None:
        is_known = self._connection is not None
        self._database.setVisible(is_known)
        self._runner.setVisible(is_known)
        if self._connection is None:
            return
        self._database.show_fact(
            self._connection.database_label, _("The database that this window shows")
        )
        self._runner.show_fact(*runner_words(self._connection), tone=_runner_tone(self._connection))


def runner_words(connection: ConnectionInfo) -> tuple[str, str]:
    """Who executes, and what that means for whoever closes this window."""
    if connection.mode is ConnectionMode.LOCAL_RUNNER:
        return _("Local runner"), _(
            "This window decides and trains. Nothing runs while it is closed; what was missed is"
            " handled by each task's catch-up setting when it is opened again."
        )
    if connection.runner_host is None:
        return _("Viewer – no runner"), _(
            "This window only shows and changes tasks. No runner answers at the moment, so nothing"
            " will run: start one with “traintable --runner” on the machine that is to train."
        )
    return _("Viewer of the runner on {host}").format(host=connection.runner_host), _(
        "This window only shows and changes tasks. {host} decides and trains, also while this"
        " window is closed."
    ).format(host=connection.runner_host)


def work_words(active: list[ExecutionRecord]) -> str:
    """What runs now, or that nothing does; of several the one that runs longest."""
    running = [one for one in active if one.status is not ExecutionStatus.QUEUED]
    if not active:
        return _("Nothing is running")
    if not running:
        return _n("{n} run waiting", "{n} runs waiting", len(active)).format(n=len(active))
    first, more = running[0], len(active) - 1
    if first.is_cancel_requested:
        now = _("{name}: stopping").format(name=first.task_name)
    else:
        progress = formatting.progress_text(first.stage, first.progress)
        now = _("{name}: {progress}").format(name=first.task_name, progress=progress)
    if not more:
        return now
    return now + " " + _n("(and {n} more)", "(and {n} more)", more).format(n=more)


def _runner_tone(connection: ConnectionInfo) -> Tone:
    is_alone = connection.mode is ConnectionMode.VIEWER and connection.runner_host is None
    return Tone.WARNING if is_alone else Tone.MUTED


def _other_language() -> str:
    return next(language for language in LANGUAGES if language != current_language())


class _Fact(QWidget):
    """An icon and a few words, explained by a tooltip."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = icon
        self._tone = Tone.MUTED
        self._icon = QLabel()
        self._words = ElidedLabel()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.UNIT, theme.HALF, theme.UNIT, theme.HALF)
        layout.setSpacing(theme.HALF)
        layout.addWidget(self._icon)
        layout.addWidget(self._words, 1)

    def show_fact(self, words: str, explanation: str, *, tone: Tone = Tone.MUTED) -> None:
        self._tone = tone
        self._words.setText(words)
        theme.set_tone(self._words, tone)
        self.setToolTip(explanation)
        self.setAccessibleName(words)
        self.setAccessibleDescription(explanation)
        self._show_icon()

    def _show_icon(self) -> None:
        name = "warning" if self._tone is Tone.WARNING else self._name
        self._icon.setPixmap(theme.pixmap(name, self._tone, ICON, self.devicePixelRatioF()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._show_icon()


class _Work(QWidget):
    """What runs now, with how far it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ElidedLabel()
        self._words.setFont(theme.tabular(self.font()))
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(BAR_WIDTH)
        self._bar.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.UNIT, theme.HALF, theme.UNIT, theme.HALF)
        layout.setSpacing(theme.UNIT)
        layout.addStretch()
        layout.addWidget(self._words)
        layout.addWidget(self._bar)

    def show_work(self, active: list[ExecutionRecord]) -> None:
        words = work_words(active)
        self._words.setText(words)
        self._words.setToolTip("\n".join(work_words([one]) for one in active))
        self.setAccessibleName(words)
        running = [one for one in active if one.status is not ExecutionStatus.QUEUED]
        self._bar.setVisible(bool(running))
        if running:
            self._bar.setValue(round(running[0].progress * 1000))
            self._bar.setAccessibleName(words)
