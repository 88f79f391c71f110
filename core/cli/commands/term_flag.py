"""The flag of a term trigger, the same for every command that takes a trigger."""

from __future__ import annotations

from core.cli.spoken import Option
from core.cli.values import Text
from core.language import N_


def term_flag() -> Option:
    """`--term-rule RULE`."""
    return Option(
        ["--term-rule"],
        type=Text("RULE"),
        help=N_("Day of a calendar's terms or exams, such as “mon of week 3 of term at 07:00”."),
    )
