"""All of a list that comes in pages: a command line has no next page to click."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from core.contracts.backend import Backend
from core.contracts.records import ExecutionFilter, ExecutionRecord, Page

T = TypeVar("T")
PAGE = 200


def whole_list(read: Callable[[int, int], Page[T]], limit: int | None = None) -> tuple[T, ...]:
    """Everything that `read(skip, limit)` gives, or the first `limit` of it."""
    found: list[T] = []
    while limit is None or len(found) < limit:
        size = PAGE if limit is None else min(PAGE, limit - len(found))
        page = read(len(found), size)
        found.extend(page.items)
        if len(page.items) < size:
            break
    return tuple(found)


def newest_executions(
    backend: Backend, which: ExecutionFilter, limit: int
) -> tuple[ExecutionRecord, ...]:
    """The newest `limit` executions."""
    found: list[ExecutionRecord] = []
    while len(found) < limit:
        size = min(PAGE, limit - len(found))
        before = found[-1].id if found else None
        page = backend.list_executions(which, before_id=before, limit=size)
        found.extend(page)
        if len(page) < size:
            break
    return tuple(found)
