"""Every code the program raises or stores, with its English sentence, a family a file.

A sentence is a `str.format` template that says what, where and what to do, and ends with a full
stop. Read through `core.messages` only.
"""

from __future__ import annotations

from typing import Final

from core.sentences import (
    calendars,
    cron,
    executions,
    instance,
    planning,
    policies,
    samples,
    tasks,
    terms,
)

SENTENCES: Final[dict[str, str]] = {
    **tasks.SENTENCES,
    **cron.SENTENCES,
    **terms.SENTENCES,
    **calendars.SENTENCES,
    **executions.SENTENCES,
    **policies.SENTENCES,
    **planning.SENTENCES,
    **samples.SENTENCES,
    **instance.SENTENCES,
}

TERMS: Final[dict[str, str]] = {
    **cron.TERMS,
    **terms.TERMS,
    **calendars.TERMS,
    **policies.TERMS,
    **instance.TERMS,
}
"""Codes that stand as a parameter inside a sentence, with the English words that replace them."""
