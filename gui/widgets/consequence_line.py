"""A line that says what a change does to the coming runs, and opens their list; asks nothing."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from core.contracts.planning import TaskConsequences
from core.language import _, _n
from gui import theme
from gui.formatting import count
from gui.tones import Tone

ICON = 16


class ConsequenceLine(QWidget):
    """Hidden while there is nothing to say."""

    list_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = QLabel()
        self._words = QLabel(wordWrap=True)
        self._more = QPushButton(_("Show them"))
        self._more.setAutoDefault(False)
        self._more.setAccessibleName(_("Show what changes"))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GAP, 0, 0, 0)
        row.setSpacing(theme.UNIT)
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        row.addWidget(self._more)
        self._more.clicked.connect(self.list_asked)
        self.show_consequences(None)

    def text(self) -> str:
        """The sentence, empty while there is none."""
        return self._words.text() if not self.isHidden() else ""

    def show_consequences(self, found: TaskConsequences | None) -> None:
        """Say what changes, or nothing."""
        self.setVisible(found is not None)
        if found is None:
            return
        tone = Tone.DANGER if found.has_no_run else Tone.MUTED
        icon = "warning" if found.has_no_run else "info"
        self._icon.setPixmap(theme.pixmap(icon, tone, ICON, self.devicePixelRatioF()))
        self._words.setText(consequence_words(found))
        theme.set_tone(self._words, tone)
        self._more.setVisible(bool(found.changes))


def consequence_words(found: TaskConsequences) -> str:
    """“60 days: +12 runs, -3, 4 moved”; that no run is left is said before all else."""
    if found.has_no_run:
        return _("If this is saved, the task never runs again.")
    days = (found.until_at - found.from_at).days
    span = _n("{n} day", "{n} days", days).format(n=days)
    if not (found.added or found.removed or found.moved):
        return _("{span}: no run changes").format(span=span)
    parts: list[str] = []
    if found.added:
        words = _n("+{n} run", "+{n} runs", found.added)
        parts.append(words.format(n=count(found.added)))
    if found.removed:
        words = _n("-{n} run", "-{n} runs", found.removed)
        parts.append(words.format(n=count(found.removed)))
    if found.moved:
        parts.append(_("{n} moved").format(n=count(found.moved)))
    return _("{span}: {changes}").format(span=span, changes=_(", ").join(parts))
