"""An attempt as a runner sees it: what it may use, how it is asked to stop, how it ended."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.errors import Param
from core.training.request import Progress, TrainingResult


class EndKind(StrEnum):
    """How an attempt ended."""

    FINISHED = "finished"
    """With a result: a model, or the trainer's own reason for making none."""
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
    STOPPED = "stopped"
    """The runner is closing."""
    LEASE_LOST = "lease_lost"
    """Another runner may own the execution by now: nothing of this attempt may be recorded."""
    DIED = "died"
    """Without a result that can be read, or never started."""


class StopReason(StrEnum):
    """Why an attempt is asked to stop."""

    CANCEL = "cancel"
    SHUTDOWN = "shutdown"
    LEASE_LOST = "lease_lost"
    """Kills without grace: the right to run has ended already."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an attempt may use."""

    timeout_seconds: float | None
    grace_seconds: float = 30.0
    """Between asking a process to stop and killing it."""
    log_bytes: int = 20_000_000


@dataclass(frozen=True, slots=True)
class AttemptEnd:
    """How one attempt ended, and what it left."""

    kind: EndKind
    reason: str | None
    """A code of `core.messages`; `None` if a model was made."""
    params: Mapping[str, Param]
    result: TrainingResult | None
    """Only with `EndKind.FINISHED`."""
    log: str
    """At most `Limits.log_bytes` in UTF-8, without control characters; see `shortened_log`."""
    started_at: datetime
    ended_at: datetime
    bad_progress_lines: int


OnProgress = Callable[[Progress, str], None]
"""Takes the progress and the last 4 KB of the log, on the supervising thread, at most four times a
second and only after a change. It must return soon: time limit and cancel wait for it. An
`AppError` from it is logged and the report repeated; anything else ends the attempt and is
raised."""


@dataclass(frozen=True, slots=True)
class StopRequest:
    """What was asked for."""

    why: StopReason
    params: Mapping[str, Param] = field(default_factory=dict)
    """Values for the sentence of the attempt's end, such as `actor` of a cancel."""


class StopSignal:
    """Asks one attempt to stop, from any thread, at any time (also before it starts)."""

    def __init__(self) -> None:
        self._look = threading.Event()
        self._lock = threading.Lock()
        self._asked: StopRequest | None = None

    @property
    def asked(self) -> StopRequest | None:
        """The request that stands, if there is one."""
        return self._asked

    def request(self, why: StopReason, **params: Param) -> None:
        """Ask to stop; the first request stands, except that a lost lease outdoes the others."""
        with self._lock:
            if self._asked is None or why is StopReason.LEASE_LOST:
                self._asked = StopRequest(why, params)
        self.wake()

    def wake(self) -> None:
        """Have the supervisor look again now."""
        self._look.set()

    def wait(self, seconds: float) -> None:
        """Sleep until woken, at most `seconds`."""
        self._look.wait(seconds)
        self._look.clear()
