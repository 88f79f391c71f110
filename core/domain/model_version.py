"""The gate: whether a candidate model goes in service."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.errors import Param


class Gate(StrEnum):
    """The verdict on a candidate."""

    PASSED = "passed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class GateRule:
    """What a candidate must reach: shares from 0 to 1 of the primary metric, top-1 accuracy."""

    floor: float = 0.0
    tolerance: float = 0.05
    """How far below the model in service a candidate may stay: hold-outs of a school are small."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A gate's answer, with the sentence's code and parameters when refused."""

    gate: Gate
    code: str | None = None
    params: dict[str, Param] | None = None


def judge(candidate: float | None, champion: float | None, rule: GateRule) -> Verdict:
    """Decide on a candidate from its own and the serving model's top-1 on the same samples.

    Without a measurement (nothing could be held out) there is nothing to refuse by: it passes.
    """
    if candidate is None:
        return Verdict(Gate.PASSED)
    if candidate < rule.floor:
        return Verdict(
            Gate.REFUSED,
            "reason.gate_floor",
            {
                "metric": "metric.top1",
                "candidate": _percent(candidate),
                "floor": _percent(rule.floor),
            },
        )
    if champion is not None and candidate < champion - rule.tolerance:
        return Verdict(
            Gate.REFUSED,
            "reason.gate_refused",
            {
                "metric": "metric.top1",
                "candidate": _percent(candidate),
                "champion": _percent(champion),
            },
        )
    return Verdict(Gate.PASSED)


def _percent(share: float) -> str:
    return f"{share:.1%}"
