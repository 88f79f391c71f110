"""Edits what a task does when it is late, slow or without new samples; the other policies stay."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, SignalInstance
from PySide6.QtWidgets import QWidget

from core.domain.task import CatchUpPolicy, NoNewSamples, Policies
from core.language import _
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.duration_box import DAY, MINUTE, DurationBox, Limits

GRACE = Limits(0, DAY)
TIME_LIMIT = Limits(MINUTE, 7 * DAY)


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One field for a form to place: its name in the data, its words, its control."""

    field: str
    label: str
    control: QWidget
    changed: SignalInstance
    hint: str = ""


class PoliciesEditor(QObject):
    """Four controls without a place of their own: a form lays out the `rows`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._shown = Policies()
        self._grace = DurationBox(GRACE, _("Grace"))
        self._catch_up = ChoiceBox[CatchUpPolicy](
            [
                (CatchUpPolicy.LATEST, _("Run the latest one")),
                (CatchUpPolicy.NONE, _("Run none of them")),
                (CatchUpPolicy.ALL, _("Run all, at most 10")),
            ]
        )
        self._time_limit = DurationBox(TIME_LIMIT, _("Time limit"))
        self._no_new_samples = ChoiceBox[NoNewSamples](
            [
                (NoNewSamples.FAIL, _("Count the run as failed")),
                (NoNewSamples.SKIP, _("Skip the run")),
            ]
        )
        self.set_policies(self._shown)

    def rows(self) -> tuple[PolicyRow, ...]:
        """The fields in their order."""
        return (
            PolicyRow(
                "grace_seconds",
                _("Grace"),
                self._grace,
                self._grace.changed,
                _("A run found late by no more than this still starts."),
            ),
            PolicyRow(
                "catch_up",
                _("Missed runs"),
                self._catch_up,
                self._catch_up.chosen,
                _("What passed while nothing was running, for example overnight."),
            ),
            PolicyRow(
                "attempt_timeout_seconds",
                _("Time limit"),
                self._time_limit,
                self._time_limit.changed,
                _("A training that takes longer is stopped."),
            ),
            PolicyRow(
                "no_new_samples",
                _("Without new samples"),
                self._no_new_samples,
                self._no_new_samples.chosen,
                _("For incremental training only."),
            ),
        )

    def policies(self) -> Policies:
        """What is entered."""
        return replace(
            self._shown,
            grace_seconds=self._grace.seconds(),
            catch_up=self._catch_up.value(),
            attempt_timeout_seconds=self._time_limit.seconds(),
            no_new_samples=self._no_new_samples.value(),
        )

    def set_policies(self, policies: Policies) -> None:
        """Show `policies`."""
        self._shown = policies
        self._grace.set_seconds(policies.grace_seconds)
        self._catch_up.set_value(policies.catch_up)
        self._time_limit.set_seconds(policies.attempt_timeout_seconds)
        self._no_new_samples.set_value(policies.no_new_samples)

    def set_incremental(self, *, is_incremental: bool) -> None:
        """Whether the task trains on new samples only, and may find none."""
        self._no_new_samples.setEnabled(is_incremental)
