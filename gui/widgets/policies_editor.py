"""Edits a task's policies: one control a field, for a form to place; knows no task."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from PySide6.QtCore import QObject, SignalInstance
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.domain.task import POLICY_RANGES, CatchUpPolicy, NoNewSamples, OverlapPolicy, Policies
from core.language import N_, _
from gui.policy_words import short_label, value_words
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.duration_box import NUMBER_WIDTH, DurationBox, Limits
from gui.widgets.number_box import FactorBox, NumberBox

_HINTS: Final[dict[str, str]] = {
    "grace_seconds": N_("A run found late by no more than this still starts."),
    "catch_up": N_("What passed while nothing was running, for example overnight."),
    "catch_up_window_seconds": N_("What passed longer ago is never made up for."),
    "max_attempts": N_("The first one counts: 1 means that a failed run is not tried again."),
    "retry_factor": N_("2 doubles the wait from attempt to attempt."),
    "lost_allowance": N_("So many attempts more, for runs whose machine or program went down."),
    "pause_after_failures": N_("So many failures in a row pause the task; 0 means never."),
    "attempt_timeout_seconds": N_("A training that takes longer is stopped."),
    "total_timeout_seconds": N_("For all attempts and the waits between them; 0 means no limit."),
    "priority": N_("From -10 to 10: of the runs that wait, the highest starts first."),
    "no_new_samples": N_("For incremental training only."),
}


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One field for a form to place: its name in the data, its words, its control."""

    field: str
    label: str
    control: QWidget
    changed: SignalInstance
    hint: str
    value: Callable[[], object]
    show: Callable[[Any], None]


class PoliciesEditor(QObject):
    """A control for every policy, without a place of its own: a form lays out the `rows`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        rows = (
            _choice("overlap", tuple(OverlapPolicy)),
            _number("overlap_limit"),
            _length("grace_seconds"),
            _choice("catch_up", tuple(CatchUpPolicy)),
            _length("catch_up_window_seconds"),
            _number("max_attempts"),
            _length("retry_base_seconds"),
            _factor("retry_factor"),
            _length("retry_cap_seconds"),
            _number("lost_allowance"),
            _number("pause_after_failures"),
            _length("attempt_timeout_seconds"),
            _length("total_timeout_seconds"),
            _number("priority"),
            _choice("no_new_samples", tuple(NoNewSamples)),
        )
        self._rows = {row.field: row for row in rows}
        self.set_policies(Policies())

    def rows(self) -> tuple[PolicyRow, ...]:
        """All fields in their order."""
        return tuple(self._rows.values())

    def row(self, field: str) -> PolicyRow:
        """The one that edits `field`."""
        return self._rows[field]

    def policies(self) -> Policies:
        """What is entered."""
        entered: dict[str, Any] = {row.field: row.value() for row in self.rows()}
        return replace(Policies(), **entered)

    def set_policies(self, policies: Policies) -> None:
        """Show `policies`."""
        for row in self.rows():
            row.show(getattr(policies, row.field))

    def set_incremental(self, *, is_incremental: bool) -> None:
        """Whether the task trains on new samples only, and may find none."""
        self._rows["no_new_samples"].control.setEnabled(is_incremental)


def _choice(field: str, values: Sequence[Any]) -> PolicyRow:
    box = ChoiceBox[Any]([(value, value_words(field, value)) for value in values])
    return _row(field, box, box.chosen, box.value, box.set_value)


def _length(field: str) -> PolicyRow:
    low, high = POLICY_RANGES[field]
    box = DurationBox(Limits(int(low), int(high)), short_label(field))
    return _row(field, box, box.changed, box.seconds, box.set_seconds)


def _number(field: str) -> PolicyRow:
    low, high = POLICY_RANGES[field]
    box = NumberBox(int(low), int(high))
    make_narrow(box)
    return _row(field, box, box.valueChanged, box.value, box.setValue)


def _factor(field: str) -> PolicyRow:
    box = FactorBox(*POLICY_RANGES[field])
    make_narrow(box)
    return _row(field, box, box.valueChanged, box.factor, box.set_factor)


def make_narrow(box: QWidget) -> None:
    """As wide as the number of a length of time."""
    box.setFixedWidth(NUMBER_WIDTH)
    box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)


def _row(
    field: str,
    control: QWidget,
    changed: SignalInstance,
    value: Callable[[], object],
    show: Callable[[Any], None],
) -> PolicyRow:
    hint = _(_HINTS[field]) if field in _HINTS else ""
    control.setAccessibleName(short_label(field))
    return PolicyRow(field, short_label(field), control, changed, hint, value, show)
