"""The runs that a change adds, removes or moves, one by one; only shows them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from core.contracts.planning import ChangeKind, RunChange, TaskConsequences
from core.language import N_, _
from gui import theme
from gui.formatting import DASH, instant
from gui.tones import Tone
from gui.widgets.consequence_line import consequence_words
from gui.widgets.plain_table import Line, PlainTable

SIZE: Final = (560, 480)
MOST_SHOWN: Final = 500
_LOOKS: Final[dict[ChangeKind, tuple[str, str, Tone]]] = {
    ChangeKind.ADDED: (N_("Added"), "add", Tone.SUCCESS),
    ChangeKind.REMOVED: (N_("Removed"), "remove", Tone.DANGER),
    ChangeKind.MOVED: (N_("Moved"), "retrying", Tone.ACCENT),
}


class ConsequencesDialog(QDialog):
    """Closed by Escape or its one button."""

    def __init__(self, found: TaskConsequences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("What changes"))
        self.resize(*SIZE)
        words = QLabel(consequence_words(found), wordWrap=True)
        words.setFont(theme.heading_font(self.font()))
        zone = QLabel(_("Times in {zone}").format(zone=found.timezone))
        theme.set_tone(zone, Tone.MUTED)
        self.table = PlainTable(_("What changes"), (_("Run"), _("As it is"), _("With the change")))
        shown = found.changes[:MOST_SHOWN]
        self.table.show_lines([_line(each, found.timezone) for each in shown])
        rest = QLabel(_rest(found, len(shown)), wordWrap=True)
        theme.set_tone(rest, Tone.MUTED)
        rest.setVisible(bool(rest.text()))
        buttons = QDialogButtonBox()
        close = buttons.addButton(_("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setDefault(True)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.GAP)
        column.setSpacing(theme.UNIT)
        for part in (words, zone, self.table, rest, buttons):
            column.addWidget(part)


def _line(change: RunChange, zone: str) -> Line:
    word, icon, tone = _LOOKS[change.kind]
    before = instant(change.before_at, zone) if change.before_at else DASH
    after = instant(change.after_at, zone) if change.after_at else DASH
    return Line((_(word), before, after), icon, tone)


def _rest(found: TaskConsequences, shown: int) -> str:
    if found.compared_until < found.until_at:
        return _("There are very many: runs are compared one by one until {time} only.").format(
            time=instant(found.compared_until, found.timezone)
        )
    if shown < found.added + found.removed + found.moved:
        return _("Only the first {n} are listed.").format(n=shown)
    return ""
