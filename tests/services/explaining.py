"""How tests read the list behind “Why?”."""

from __future__ import annotations

from core.contracts.planning import Explanation
from core.domain.explanation import Rule, RuleResult, Verdict, outcome
from core.messages import SENTENCES, sentence


def held(found: Explanation) -> RuleResult:
    """The line that stops or holds the instant."""
    result = outcome(found.results)
    assert result is not None, found.results
    return result


def said(found: Explanation) -> str:
    return sentence(held(found).code or "", held(found).params)


def line(found: Explanation, rule: Rule) -> tuple[Verdict, str | None]:
    return next((each.verdict, each.code) for each in found.results if each.rule is rule)


def check_is_whole(found: Explanation) -> None:
    """All rules in order, each that was reached with a sentence that names all it needs."""
    assert [each.rule for each in found.results] == list(Rule)
    for each in found.results:
        if each.verdict is Verdict.NOT_REACHED:
            assert each.code is None
        else:
            assert each.code in SENTENCES
            assert "?" not in sentence(each.code or "", each.params)
