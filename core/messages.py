"""Codes with parameters become sentences, in the reader's language.

Core raises and stores codes; window, CLI, API and mail all speak through `sentence`. The English
texts stand in `core.sentences`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from core.errors import AppError, Param
from core.language import _
from core.sentences import SENTENCES, TERMS

__all__ = ["SENTENCES", "TERMS", "error_sentence", "sentence", "span_words"]


def sentence(code: str, params: Mapping[str, Param] | None = None) -> str:
    """The sentence of `code` in the current language; an unknown code is shown as it is.

    A stored code may name parameters that an older release did not write: they show as “?”.
    """
    template = SENTENCES.get(code)
    if template is None:
        return code
    return _(template).format_map(_Shown(params or {}))


def error_sentence(error: AppError) -> str:
    """The sentence of a raised error in the current language."""
    return sentence(error.code, error.params)


def span_words(seconds: float) -> str:
    """A length of time in its two largest units: “2 h 5 min”, “40 s”."""
    whole = max(0, round(seconds))
    days, rest = divmod(whole, 86_400)
    hours, rest = divmod(rest, 3600)
    minutes, left = divmod(rest, 60)
    if days:
        return _("{days} d {hours} h").format(days=days, hours=hours)
    if hours:
        return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    if minutes:
        return _("{minutes} min {seconds} s").format(minutes=minutes, seconds=left)
    return _("{seconds} s").format(seconds=left)


class _Shown(dict[str, object]):
    """Parameters as text, by the ending of their names; absent ones are a question mark."""

    def __init__(self, params: Mapping[str, Param]) -> None:
        zone = params.get("timezone")
        super().__init__(
            (name, _shown(name, value, zone if isinstance(zone, str) else "UTC"))
            for name, value in params.items()
        )

    def __missing__(self, name: str) -> str:
        return "?"


def _shown(name: str, value: Param, zone: str) -> object:
    if isinstance(value, list):
        return _(", ").join(value)
    if isinstance(value, str) and value in TERMS:
        return _(TERMS[value])
    if name.endswith("_seconds") and isinstance(value, int | float):
        return span_words(value)
    if name.endswith("_at") and isinstance(value, str):
        return f"{datetime.fromisoformat(value).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"
    if name.endswith("status") and isinstance(value, str):
        return sentence(f"status.{value}")
    return value
