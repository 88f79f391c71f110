"""The language a person reads: one gettext catalogue, chosen per process or per context.

English stands in the source. `_` translates at the moment it is called, so a text must be looked up
where it is shown, never at import time; `N_` only marks a text that is looked up later.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from core.paths import resources_folder

DOMAIN = "traintable"
LANGUAGES = ("en", "zh_CN")

# A request (or a test) may speak another language than the process: the context wins.
_chosen_here: ContextVar[str | None] = ContextVar("language", default=None)
_process_language = ["en"]


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "mark, translate later"
    """Mark `text` for the catalogue without translating it."""
    return text


def _(text: str) -> str:
    """`text` in the current language."""
    return _catalogue(current_language()).gettext(text)


def _n(one: str, many: str, count: int) -> str:
    """`one` or `many`, by `count`, in the current language."""
    return _catalogue(current_language()).ngettext(one, many, count)


def current_language() -> str:
    """The language code texts are shown in now: one of `LANGUAGES`."""
    return _chosen_here.get() or _process_language[0]


def set_language(language: str) -> None:
    """Choose the language of the whole process; an unknown one means English."""
    _process_language[0] = nearest_language(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak `language` inside the block, whatever the process speaks."""
    token = _chosen_here.set(nearest_language(language))
    try:
        yield
    finally:
        _chosen_here.reset(token)


def nearest_language(tag: str) -> str:
    """The supported language for a locale tag such as `zh-CN`, `zh_TW.UTF-8` or `de_DE`."""
    return "zh_CN" if tag.strip().lower().startswith("zh") else "en"


def environment_language(environment: Mapping[str, str] | None = None) -> str:
    """The language the user's environment asks for, read as gettext reads it."""
    values = os.environ if environment is None else environment
    for name in ("TRAINTABLE_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := values.get(name):
            return nearest_language(value.split(":")[0])
    return "en"


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(
        DOMAIN, resources_folder() / "locale", languages=[language], fallback=True
    )
