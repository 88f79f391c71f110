"""Work in child processes, in order, that outlives a dying child; knows nothing of the work."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")

_IN_FLIGHT_PER_CHILD: Final = 3
_MOST_CHILDREN: Final = 60  # Windows waits on at most 63 handles at once
_THREAD_LIMITS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class ChildDied:
    """Stands for an answer: the child that worked on the item ended without giving one."""


def map_in_children(
    function: Callable[[Item], Answer],
    items: Iterable[Item],
    processes: int,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[Item, Answer | ChildDied]]:
    """Yield each item with its answer, in order, until all are done or `should_stop` says so.

    `function` must be importable (a child names it); what it raises is raised here and ends the
    work. Items are taken as they are needed, so `items` may be endless. Closing the iterator ends
    the children.
    """
    children = max(1, min(processes, _MOST_CHILDREN))
    source = iter(items)
    while True:
        suspects = yield from _until_a_child_dies(function, source, children, should_stop)
        if not suspects:
            return
        yield from _one_at_a_time(function, suspects, should_stop)


def _until_a_child_dies(
    function: Callable[[Item], Answer],
    source: Iterator[Item],
    children: int,
    should_stop: Callable[[], bool],
) -> Generator[tuple[Item, Answer | ChildDied], None, list[Item]]:
    """Return the items left without an answer by a dead child; none if all went well."""
    in_flight: deque[tuple[Item, Future[Answer]]] = deque()
    pool = _new_pool(children)
    try:
        while not should_stop():
            for item in islice(source, children * _IN_FLIGHT_PER_CHILD - len(in_flight)):
                try:
                    in_flight.append((item, pool.submit(function, item)))
                except BrokenProcessPool:
                    return [*(waiting for waiting, _ in in_flight), item]
            if not in_flight:
                return []
            try:
                answer = in_flight[0][1].result()
            except BrokenProcessPool:
                return [waiting for waiting, _ in in_flight]
            yield in_flight.popleft()[0], answer
        return []
    finally:
        pool.shutdown(cancel_futures=True)


def _one_at_a_time(
    function: Callable[[Item], Answer], suspects: list[Item], should_stop: Callable[[], bool]
) -> Iterator[tuple[Item, Answer | ChildDied]]:
    """A broken pool does not tell which item broke it; alone with its child, an item shows."""
    pool = _new_pool(1)
    try:
        for item in suspects:
            if should_stop():
                return
            try:
                yield item, pool.submit(function, item).result()
            except BrokenProcessPool:
                yield item, ChildDied()
                pool.shutdown()
                pool = _new_pool(1)
    finally:
        pool.shutdown(cancel_futures=True)


def _new_pool(children: int) -> ProcessPoolExecutor:
    # Never a plain fork: the parent may have threads and a window, whose locks a fork would copy.
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(children, mp_context=spawn, initializer=_begin_child)


def _begin_child() -> None:
    """Runs before the child imports the work: one thread each, and no life without the parent."""
    for name in _THREAD_LIMITS:
        os.environ.setdefault(name, "1")
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)
