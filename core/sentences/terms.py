"""The sentences of term triggers: a part of `core.messages`.

Read through `core.messages.sentence` only.
"""

from __future__ import annotations

from typing import Final

from core.language import N_

SENTENCES: Final[dict[str, str]] = {
    # the text form (core.domain.term_text); {part} is one of TERMS
    "term.unreadable": N_(
        "“{value}” in {field} cannot be read: write it like one of these: {examples}."
    ),
    "term.time": N_("The {part} in {field} is “{value}”: give one such as 07:00."),
    "term.choice": N_("The {part} in {field} is “{value}”: allowed are {choices}."),
    "term.number": N_("The {part} in {field} is “{value}”: allowed are {low} to {high}."),
    # under a calendar (core.scheduling.fire_times)
    "term.calendar_needed": N_(
        "{field} is missing: this trigger is told from the dates of a calendar, so choose one."
    ),
    "term.no_range": N_(
        "The calendar “{calendar}” gives this trigger no day: it needs a range of the kind “{kind}”"
        " in which there is one. Add it, or choose another calendar."
    ),
    "term.over": N_(
        "The calendar “{calendar}” gives this trigger no day that is still to come: add the next"
        " range of the kind “{kind}” to it."
    ),
}
"""Codes of term triggers, with their English templates."""

TERMS: Final[dict[str, str]] = {
    "term.part.rule": N_("rule"),
    "term.part.time": N_("time"),
    "term.part.kind": N_("kind of range"),
    "term.part.weekday": N_("weekday"),
    "term.part.week": N_("week"),
    "term.part.days": N_("number of open days"),
    "trigger.term": N_("term"),
}
"""Codes of term triggers that stand as a parameter inside a sentence."""
