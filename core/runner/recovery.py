"""What dead runners left: their executions become `lost`, their processes are ended first."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from functools import partial

import psutil

from core.paths import Home
from core.services.recording import record_lost, run_folder
from core.storage import claims, runners
from core.storage.claims import Claim
from core.storage.runners import Process
from core.storage.unit_of_work import Store, Unit
from core.training.launch import run_id_of
from core.training.process_tree import end_tree

log = logging.getLogger(__name__)
SAME_START = timedelta(seconds=2)
"""Two readings of one process's start time differ by less than this."""


def this_process(host: str) -> Process:
    """This process, as runners are told apart."""
    own = psutil.Process(os.getpid())
    return Process(host, own.pid, datetime.fromtimestamp(own.create_time(), UTC))


def is_alive(process: Process) -> bool:
    """Whether that very process lives on this host."""
    try:
        found = psutil.Process(process.pid)
        started_at = datetime.fromtimestamp(found.create_time(), UTC)
    except psutil.Error:
        return False
    return abs(started_at - process.started_at) < SAME_START and found.is_running()


def close_dead_runners(store: Store, home: Home, host: str, grace_seconds: float) -> None:
    """Runners of this host that died without a word: nobody has to wait for their leases."""
    known = store.read(lambda unit: runners.not_stopped_on(unit, host))
    for runner_id, process in known:
        if is_alive(process):
            continue
        log.warning("runner %s (process %s) is gone", runner_id, process.pid)
        for claim in store.read(partial(claims.of_runner, runner_id=runner_id)):
            # Before anything can run in its place: a worker may have outlived its runner.
            end_tree(run_id_of(run_folder(home, claim)), grace_seconds)
            shutil.rmtree(run_folder(home, claim), ignore_errors=True)
        store.write(partial(_close, runner_id=runner_id))


def expire_leases(
    store: Store, lease: timedelta, *, but_runner: int, but_executions: Collection[int]
) -> None:
    """Executions whose runner gave no sign for a lease, wherever it was.

    Not the asker's own: a machine that was suspended wakes with every lease over, and must not
    declare itself and what it runs dead.
    """

    def is_needed(unit: Unit) -> bool:
        left = claims.expired(unit, but=but_executions)
        return bool(left or runners.silent(unit, lease, but=but_runner))

    def work(unit: Unit) -> None:
        _record_all(unit, claims.expired(unit, but=but_executions), is_dead=False)
        for runner_id in runners.silent(unit, lease, but=but_runner):
            runners.stop(unit, runner_id, kind="runner.lost")

    if store.read(is_needed):
        store.write(work)


def _close(unit: Unit, runner_id: int) -> None:
    _record_all(unit, claims.of_runner(unit, runner_id), is_dead=True)
    runners.stop(unit, runner_id, kind="runner.lost")


def _record_all(unit: Unit, left: list[Claim], *, is_dead: bool) -> None:
    for claim in left:
        if claims.take_over(unit, claim, is_dead=is_dead):
            record_lost(unit, claim)
