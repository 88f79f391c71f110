"""Edges between tasks: what each asks of its upstream, whether that has come, and no circles.

Judges outcomes that are handed in; which tasks exist, and who may see them, is not known here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, assert_never

from core.domain.execution import FAILURES, RUN_ENDINGS, ExecutionStatus
from core.errors import Param, RefusedError

FRESHNESS: Final = timedelta(hours=24)
WAIT_LIMIT: Final = timedelta(hours=2)


class Condition(StrEnum):
    """What the upstream must have come to."""

    SUCCESS = "success"
    FINISHED = "finished"
    FAILED = "failed"
    NO_FAILURE = "no_failure"


class Mode(StrEnum):
    """Whether the upstream's end starts the task, or its own trigger does and it then waits."""

    AFTER = "after"
    WAIT = "wait"


class Needed(StrEnum):
    """How many of a task's edges must be met."""

    ALL = "all"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Edge:
    """`downstream_id` depends on `upstream_id`."""

    upstream_id: int
    downstream_id: int
    condition: Condition = Condition.SUCCESS
    mode: Mode = Mode.AFTER


@dataclass(frozen=True, slots=True)
class Ended:
    """The latest outcome of an upstream task."""

    status: ExecutionStatus
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Met:
    """The task may go on."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The outcome of `edge` may still come, until then."""

    edge: Edge
    until: datetime


@dataclass(frozen=True, slots=True)
class Unmet:
    """The execution ends as `skipped/dependency`, with this sentence."""

    edge: Edge
    code: str
    params: dict[str, Param] = field(default_factory=dict)


Answer = Met | Waiting | Unmet


def met(condition: Condition, outcome: ExecutionStatus) -> bool:
    """Whether an upstream that ended like this fulfils the condition."""
    match condition:
        case Condition.SUCCESS:
            return outcome is ExecutionStatus.COMPLETED
        case Condition.FINISHED:
            return outcome in RUN_ENDINGS
        case Condition.FAILED:
            return outcome in FAILURES
        case Condition.NO_FAILURE:
            return outcome in (ExecutionStatus.COMPLETED, ExecutionStatus.SKIPPED)
        case _:
            assert_never(condition)


def evaluate(
    edges: Sequence[Edge],
    needed: Needed,
    latest: Mapping[int, Ended],
    previous_start_at: datetime | None,
    now: datetime,
    *,
    waiting_since: datetime,
    freshness: timedelta = FRESHNESS,
    wait_limit: timedelta = WAIT_LIMIT,
) -> Answer:
    """Whether a task whose own instant came at `waiting_since` may start, by its *wait* edges.

    An outcome counts if it came after the task's previous start and is fresh; the latest one that
    counts decides at once, and only where there is none is it waited for. `latest` is by upstream.
    """

    def answer(edge: Edge) -> Answer:
        found = latest.get(edge.upstream_id)
        is_new = found is not None and (
            previous_start_at is None or found.ended_at > previous_start_at
        )
        if found is not None and is_new and now - found.ended_at <= freshness:
            return Met() if met(edge.condition, found.status) else _wrong_outcome(edge, found)
        if now < waiting_since + wait_limit:
            return Waiting(edge, waiting_since + wait_limit)
        params: dict[str, Param] = {
            "upstream_id": edge.upstream_id,
            "waited_seconds": wait_limit.total_seconds(),
        }
        if not is_new:
            return Unmet(edge, "reason.dependency_no_outcome", params)
        params["freshness_seconds"] = freshness.total_seconds()
        return Unmet(edge, "reason.dependency_stale", params)

    return _together([answer(edge) for edge in edges if edge.mode is Mode.WAIT], needed)


def triggered(
    edges: Sequence[Edge],
    needed: Needed,
    upstream_id: int,
    latest: Mapping[int, Ended],
    previous_start_at: datetime | None,
) -> bool:
    """Whether the end of `upstream_id`, now in `latest`, starts the task of these *after* edges.

    With all edges needed it is the last of the upstreams that does: each must have ended after the
    task's previous start, so that none of their outcomes starts it twice.
    """

    def is_met(edge: Edge) -> bool:
        found = latest.get(edge.upstream_id)
        if found is None or not met(edge.condition, found.status):
            return False
        return previous_start_at is None or found.ended_at > previous_start_at

    after = [edge for edge in edges if edge.mode is Mode.AFTER]
    own = [edge for edge in after if edge.upstream_id == upstream_id]
    if needed is Needed.ANY:
        return any(is_met(edge) for edge in own)
    return bool(own) and all(is_met(edge) for edge in after)


def find_cycle(edges: Sequence[Edge], new: Edge) -> tuple[int, ...] | None:
    """The shortest circle that `new` would close, from its upstream back to it; `None` if none."""
    following: dict[int, list[int]] = {}
    for edge in edges:
        following.setdefault(edge.upstream_id, []).append(edge.downstream_id)
    came_from: dict[int, int] = {new.downstream_id: new.upstream_id}
    ahead = deque([new.downstream_id])
    while ahead:
        here = ahead.popleft()
        if here == new.upstream_id:
            return _path_to(here, came_from)
        for beyond in following.get(here, ()):
            if beyond not in came_from:
                came_from[beyond] = here
                ahead.append(beyond)
    return None


def check_no_cycle(edges: Sequence[Edge], new: Edge, names: Mapping[int, str]) -> Edge:
    """`new` if it closes no circle; a task that `names` leaves out is shown by its number.

    Raises:
        RefusedError: `dependency.cycle`, with the path.
    """
    if cycle := find_cycle(edges, new):
        path = " → ".join(names.get(task_id, f"#{task_id}") for task_id in cycle)
        raise RefusedError("dependency.cycle", path=path)
    return new


def _together(answers: Sequence[Answer], needed: Needed) -> Answer:
    """One answer of several; the first in the order of the edges names the edge."""
    waiting = [each for each in answers if isinstance(each, Waiting)]
    unmet = [each for each in answers if isinstance(each, Unmet)]
    match needed:
        case Needed.ALL:
            pending: Sequence[Answer] = [*unmet, *waiting]
        case Needed.ANY if len(waiting) + len(unmet) < len(answers):
            pending = []
        case Needed.ANY:
            pending = [*waiting, *unmet]
        case _:
            assert_never(needed)
    return pending[0] if pending else Met()


def _wrong_outcome(edge: Edge, found: Ended) -> Unmet:
    return Unmet(
        edge,
        "reason.dependency_condition",
        {
            "upstream_id": edge.upstream_id,
            "upstream_status": found.status.value,
            "condition": f"dependency.condition.{edge.condition.value}",
        },
    )


def _path_to(last: int, came_from: Mapping[int, int]) -> tuple[int, ...]:
    path = [last, came_from[last]]
    while path[-1] != last:
        path.append(came_from[path[-1]])
    return tuple(reversed(path))
