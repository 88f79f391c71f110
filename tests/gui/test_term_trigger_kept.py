"""The trigger editor keeps a term trigger, which it cannot show, until another kind is chosen."""

from __future__ import annotations

from datetime import time

from pytestqt.qtbot import QtBot

from core.domain.term import FirstOpenDay, TermTrigger
from core.domain.trigger import Cron, Once
from gui.widgets.segmented import Segmented
from gui.widgets.trigger_editor import KINDS, TriggerEditor
from tests.builders import NOW, ZONE

TERMLY = TermTrigger(FirstOpenDay(), time(7))


def test_that_a_term_trigger_stays_until_another_kind_is_chosen(qtbot: QtBot) -> None:
    editor = TriggerEditor(NOW, ZONE)
    qtbot.addWidget(editor)

    editor.set_trigger(TERMLY, ZONE)
    assert editor.trigger(ZONE) == TERMLY

    kinds = editor.findChild(Segmented)
    assert kinds is not None
    kinds.set_value(KINDS[0])
    assert isinstance(editor.trigger(ZONE), Once)


def test_that_another_trigger_takes_the_place_of_a_kept_one(qtbot: QtBot) -> None:
    editor = TriggerEditor(NOW, ZONE)
    qtbot.addWidget(editor)
    editor.set_trigger(TERMLY, ZONE)

    editor.set_trigger(Cron("0 2 * * *"), ZONE)

    assert editor.trigger(ZONE) == Cron("0 2 * * *")
