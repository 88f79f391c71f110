"""Whether a candidate model goes in service."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.model_version import Gate, GateRule, judge
from core.messages import sentence

RULE = GateRule(floor=0.4, tolerance=0.05)
SHARES = st.floats(0.0, 1.0)


@pytest.mark.parametrize(
    ("candidate", "champion", "gate"),
    [
        (0.40, None, Gate.PASSED),
        (0.39, None, Gate.REFUSED),
        (0.90, 0.80, Gate.PASSED),
        (0.80, 0.84, Gate.PASSED),
        (0.80, 0.86, Gate.REFUSED),
        (0.39, 0.10, Gate.REFUSED),
        (None, 0.99, Gate.PASSED),
    ],
)
def test_the_gate(candidate: float | None, champion: float | None, gate: Gate) -> None:
    assert judge(candidate, champion, RULE).gate is gate


@given(SHARES, st.none() | SHARES)
def test_that_every_refusal_has_a_sentence_with_both_numbers(
    candidate: float, champion: float | None
) -> None:
    verdict = judge(candidate, champion, RULE)
    if verdict.gate is Gate.PASSED:
        assert (verdict.code, verdict.params) == (None, None)
    else:
        assert verdict.code is not None
        assert "?" not in sentence(verdict.code, verdict.params)


@given(SHARES, SHARES, SHARES)
def test_that_a_better_candidate_never_fares_worse(
    one: float, other: float, champion: float
) -> None:
    worse, better = sorted((one, other))
    if judge(worse, champion, RULE).gate is Gate.PASSED:
        assert judge(better, champion, RULE).gate is Gate.PASSED
