"""Keeps a runner's leases alive on a thread of its own that no training and no window blocks.

Trust ends before the lease does: whoever cannot renew in time ends its own work first, and another
runner may take it over only afterwards.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from core.errors import UnavailableError
from core.storage import claims, runners
from core.storage.claims import Claim
from core.storage.unit_of_work import Store, Unit

log = logging.getLogger(__name__)
RENEWALS_PER_LEASE = 3
TRUSTED_SHARE = 0.75
"""Share of a lease after which work without a renewal is ended."""
LOOK_SHARE = 0.05
"""How often, in shares of a lease, trust is looked at."""
RETRY_SECONDS = 1.0


class LeaseKeeper:
    """Renews the leases of what runs here, and the runner's own heartbeat.

    `on_lost` hears of each claim that is no longer ours, on the keeper's thread.
    """

    def __init__(
        self,
        store: Store,
        runner_id: int,
        lease_seconds: float,
        on_lost: Callable[[Claim], None],
    ) -> None:
        self._store = store
        self._runner_id = runner_id
        self._lease = timedelta(seconds=lease_seconds)
        self._on_lost = on_lost
        self._lock = threading.Lock()
        self._held: dict[int, tuple[Claim, float]] = {}
        self._is_closing = threading.Event()
        # Two threads: a renewal that hangs in a dead network must not keep us from giving up.
        self._threads = (
            threading.Thread(target=self._keep, name="leases", daemon=True),
            threading.Thread(target=self._doubt, name="lease-trust", daemon=True),
        )

    @property
    def lease(self) -> timedelta:
        """How long a claim holds without renewal."""
        return self._lease

    def start(self) -> None:
        """Begin to renew."""
        for thread in self._threads:
            thread.start()

    def hold(self, claim: Claim) -> None:
        """Renew this claim from now on; it was made just now."""
        with self._lock:
            self._held[claim.execution_id] = (claim, time.monotonic())

    def drop(self, claim: Claim) -> None:
        """Stop renewing this claim."""
        with self._lock:
            self._held.pop(claim.execution_id, None)

    def close(self) -> None:
        """End the threads."""
        self._is_closing.set()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()

    def _keep(self) -> None:
        pause = self._lease.total_seconds() / RENEWALS_PER_LEASE
        while not self._is_closing.wait(pause):
            try:
                self._renew()
                pause = self._lease.total_seconds() / RENEWALS_PER_LEASE
            except UnavailableError as error:
                log.warning("leases could not be renewed: %s", error)
                pause = RETRY_SECONDS
            except Exception:  # the thread must live: without it everything here would be lost
                log.exception("renewing leases failed")
                pause = RETRY_SECONDS

    def _doubt(self) -> None:
        pause = self._lease.total_seconds() * LOOK_SHARE
        while not self._is_closing.wait(pause):
            self._give_up_stale()

    def _renew(self) -> None:
        with self._lock:
            held = [claim for claim, _ in self._held.values()]
        began = time.monotonic()

        def work(unit: Unit) -> set[int]:
            runners.beat(unit, self._runner_id)
            return claims.renew(unit, held, self._lease)

        kept = self._store.write(work)
        with self._lock:
            for claim in held:
                if claim.execution_id in kept and claim.execution_id in self._held:
                    self._held[claim.execution_id] = (claim, began)
        for claim in held:
            if claim.execution_id not in kept:
                self._lose(claim)

    def _give_up_stale(self) -> None:
        oldest = time.monotonic() - self._lease.total_seconds() * TRUSTED_SHARE
        with self._lock:
            stale = [claim for claim, renewed in self._held.values() if renewed < oldest]
        for claim in stale:
            self._lose(claim)

    def _lose(self, claim: Claim) -> None:
        with self._lock:
            was_held = self._held.pop(claim.execution_id, None) is not None
        if was_held:
            log.error("the right to run execution %s is lost", claim.execution_id)
            self._on_lost(claim)
