"""Tasks live through anything, in any order, and every planned instant has one outcome.

`TRAINTABLE_FAULTS=1` walks many more and longer ways; otherwise a slice of them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from core.contracts.calendars import CreateCalendar
from core.contracts.commands import UNSET, CreateTask, EditTask
from core.contracts.planning import AddDependency
from core.domain.access import Role
from core.domain.calendar import CalendarPolicy
from core.domain.task import Policies, TaskStatus, TrainingMode
from core.errors import InvalidValueError, RefusedError
from core.paths import Home
from core.runner import attempts, recovery
from core.scheduling import fire_times
from core.scheduling.decider import decide_due
from core.services import calendars, dependencies, executions, queue, recycle_bin, tasks
from core.services.actor import Actor
from core.services.recording import record_end
from core.services.task_timing import schedule_of
from core.storage import claims
from core.storage.claims import Claim
from core.storage.unit_of_work import Store
from core.training.attempt import AttemptEnd, EndKind
from core.training.request import TrainingRequest, TrainingResult
from tests.databases import LEASE, add_runner, new_store
from tests.fakes import FakeClock
from tests.properties import execution_model as model
from tests.properties.execution_drafts import (
    Draft,
    Edge,
    End,
    drafts,
    edges,
    ends,
    numbers,
    policies,
    runners,
    seconds,
    triggers,
)

FULL = os.environ.get("TRAINTABLE_FAULTS") == "1"
ADMIN = Actor(None, "admin", Role.SYSTEM_ADMIN)
REQUEST = TrainingRequest("noop", "full", (), None, "features")


@dataclass(slots=True)
class Held:
    """What a runner believes to have."""

    claim: Claim
    runner_id: int
    lease_until: datetime
    is_over: bool = False


class ExecutionLife(RuleBasedStateMachine):
    """Two runners, a person and a clock do whatever they can do."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.home = Home(Path(self.folder.name))
        self.clock = FakeClock()
        self.store: Store = new_store(self.home.database, self.clock)
        self.runners = [add_runner(self.store, f"runner-{pid}", pid) for pid in (1, 2)]
        self.calendar_id = calendars.create_calendar(
            self.store, ADMIN, CreateCalendar("Open on weekdays")
        ).id
        self.history = model.History()
        self.held: list[Held] = []
        self.deleted: dict[int, TaskStatus] = {}
        self.keys = 0

    def teardown(self) -> None:
        announced = self.store.read(model.final_events)
        final = {id_ for id_, row in self.history.known.items() if row.status in model.FINAL}
        assert announced.keys() == final
        assert set(announced.values()) <= {1}
        self.store.close()
        self.folder.cleanup()

    # what a person does

    @initialize(drafts=st.lists(drafts, min_size=1, max_size=3), edge=edges)
    def begin(self, drafts: list[Draft], edge: Edge) -> None:
        for draft in drafts:
            self.create(draft)
        self.depend(len(drafts) - 1, 0, edge)

    @precondition(lambda self: len(self.history.spans) < 4)
    @rule(draft=drafts)
    def create(self, draft: Draft) -> None:
        command = CreateTask(
            f"Task {len(self.history.spans)}",
            training_mode=TrainingMode.FULL,
            policies=draft.policies,
            calendar_id=self.calendar_id if draft.has_calendar else None,
            **self._from_now(draft.trigger),
            **self._from_now(draft.timing),
        )
        try:
            task = tasks.create_task(self.store, ADMIN, command)
        except InvalidValueError as error:
            assert error.code in {"schedule.over", "schedule.never_open", "window.never"}
        else:
            self._fires_anew(task.id)

    @precondition(lambda self: self._living())
    @rule(task=numbers, upstream=numbers, edge=edges)
    def depend(self, task: int, upstream: int, edge: Edge) -> None:
        if not self._living():
            return
        task_id, upstream_id = self._task(task), self._task(upstream)
        condition, mode, needed = edge
        command = AddDependency(task_id, upstream_id, condition, mode)
        try:
            dependencies.add_dependency(self.store, ADMIN, command)
        except RefusedError as error:
            assert error.code == "dependency.cycle"
        dependencies.set_needed(self.store, ADMIN, task_id, needed)

    @precondition(lambda self: self._living())
    @rule(task=numbers, is_new=st.booleans())
    def run_now(self, task: int, is_new: bool) -> None:
        task_id = self._task(task)
        self.keys += is_new
        key = f"{task_id}/{self.keys}"
        first = executions.run_now(self.store, ADMIN, task_id, key)
        assert executions.run_now(self.store, ADMIN, task_id, key).id == first.id

    @precondition(lambda self: self._active())
    @rule(which=numbers)
    def cancel(self, which: int) -> None:
        active = self._active()
        executions.cancel(self.store, ADMIN, active[which % len(active)])

    @precondition(lambda self: self._living())
    @rule(task=numbers, is_paused=st.booleans())
    def pause_or_resume(self, task: int, is_paused: bool) -> None:
        status = TaskStatus.PAUSED if is_paused else TaskStatus.ACTIVE
        self._edit(EditTask(self._task(task), status=status))

    @precondition(lambda self: self._living())
    @rule(task=numbers, trigger=triggers)
    def reschedule(self, task: int, trigger: dict[str, Any]) -> None:
        self._edit(EditTask(self._task(task), **self._from_now(trigger)))

    @precondition(lambda self: self._living())
    @rule(task=numbers, policies=policies)
    def change_policies(self, task: int, policies: Policies) -> None:
        self._edit(EditTask(self._task(task), policies=policies))

    @precondition(lambda self: self._living())
    @rule(task=numbers)
    def delete(self, task: int) -> None:
        task_id = self._task(task)
        status = TaskStatus(self._rows()[task_id].status)
        try:
            tasks.delete_task(self.store, ADMIN, task_id)
        except RefusedError as error:
            assert error.code == "dependency.is_upstream"
        else:
            self.deleted[task_id] = status

    @precondition(lambda self: self.deleted)
    @rule(which=numbers)
    def restore(self, which: int) -> None:
        task_id = sorted(self.deleted)[which % len(self.deleted)]
        try:
            task = recycle_bin.restore_task(self.store, ADMIN, task_id)
        except RefusedError as error:
            assert error.code == "bin.upstream_deleted"
            return
        was = self.deleted.pop(task_id)
        may_be_over = self._next_planned(task_id) is None or task.max_runs is not None
        assert task.status is was or (was is TaskStatus.ACTIVE and may_be_over)
        if task.next_run_at is not None:
            self._fires_anew(task_id)

    # what time does

    @rule(seconds=seconds)
    def wait(self, seconds: int) -> None:
        self.clock.advance(seconds=seconds)

    @rule(seconds=seconds, runner=runners, ends=st.lists(st.none() | ends, max_size=4))
    def work(self, seconds: int, runner: int, ends: list[End | None]) -> None:
        """What runners do all day: look every now and then, and some trainings end."""
        for end in ends:
            self.clock.advance(seconds=seconds)
            self.look(runner, end)

    @rule(hours=st.integers(24, 100))
    def be_away(self, hours: int) -> None:
        self.clock.advance(hours=hours)

    # what runners do

    @rule()
    def decide(self) -> None:
        outlook = decide_due(self.store)
        now = self.clock.now()
        assert outlook.earliest_at is None or outlook.earliest_at > now
        self.see()
        for task in self._rows().values():
            assert task.next_run_at is None or task.next_run_at > now, "held back for ever"
        self.history.check_instants(self._rows(), now)

    def look(self, runner: int, end: End | None) -> None:
        """One look of a runner, and perhaps the end of what it started last."""
        self.decide()
        self.start(runner)
        self.see()
        if end is not None and self._living_claims():
            self.finish(-1, end)

    @rule(runner=runners)
    def start(self, runner: int) -> None:
        choice = self.store.read(queue.choose)
        for execution_id, outcome in choice.ended.items():
            self.store.write(partial(attempts._settle_waiting, execution_id, outcome))
        if choice.next is None:
            return
        places = (self.runners[runner], self.runners[1 - runner])
        first, second = (
            self.store.write(
                partial(claims.start, waiting=choice.next, runner_id=runner_id, lease=LEASE)
            )
            for runner_id in places
        )
        assert first is not None, "chosen, but not to be started"
        assert second is None, "started twice"
        self.held.append(Held(first, places[0], self.clock.now() + LEASE))

    @precondition(lambda self: self.held)
    @rule(which=numbers, share=st.floats(0, 1))
    def tell_progress(self, which: int, share: float) -> None:
        claim = self.held[which % len(self.held)].claim
        told = partial(claims.note_progress, progress=share, stage="fitting", log="")
        self.store.write(lambda unit: told(unit, claim))

    @precondition(lambda self: self.held)
    @rule(runner=runners)
    def renew(self, runner: int) -> None:
        own = [each for each in self.held if each.runner_id == self.runners[runner]]
        mine = [each.claim for each in own]
        kept = self.store.write(lambda unit: claims.renew(unit, mine, LEASE))
        assert kept == {each.claim.execution_id for each in own if not each.is_over}
        for each in own:
            each.lease_until = self.clock.now() + LEASE

    @precondition(lambda self: self._living_claims())
    @rule(which=numbers, end=ends)
    def finish(self, which: int, end: End) -> None:
        living = self._living_claims()
        held = living[which % len(living)]
        self._record(held, end)
        held.is_over = True
        self.see()
        self.end_too_late(self.held.index(held), end)

    @precondition(lambda self: any(each.is_over for each in self.held))
    @rule(which=numbers, end=ends)
    def end_too_late(self, which: int, end: End) -> None:
        held = self.held[which % len(self.held)]
        if held.is_over:
            with pytest.raises(RefusedError) as caught:
                self._record(held, end)
            assert caught.value.code == "execution.stale_fence"

    @rule(runner=runners)
    def expire(self, runner: int) -> None:
        now, own = self.clock.now(), self.runners[runner]
        spared = {
            each.claim.execution_id for each in self._living_claims() if each.runner_id == own
        }
        recovery.expire_leases(self.store, LEASE, but_runner=own, but_executions=spared)
        for each in self.held:
            if each.lease_until < now and each.runner_id != own:
                each.is_over = True

    # what has to hold after each of them

    @invariant()
    def see(self) -> None:
        rows = self.store.read(model.executions_in)
        self.history.see(rows, self._rows(), self.clock.now())

    # helpers

    def _rows(self) -> model.Rows:
        return self.store.read(model.tasks_in)

    def _living(self) -> list[int]:
        return sorted(self.history.spans.keys() - self.deleted.keys())

    def _task(self, number: int) -> int:
        living = self._living()
        return living[number % len(living)]

    def _active(self) -> list[int]:
        return [id_ for id_, row in self.history.known.items() if row.status in model.ACTIVE]

    def _living_claims(self) -> list[Held]:
        return [each for each in self.held if not each.is_over]

    def _from_now(self, values: dict[str, Any]) -> dict[str, Any]:
        now = self.clock.now()
        return {
            name: now + value if isinstance(value, timedelta) else value
            for name, value in values.items()
        }

    def _record(self, held: Held, end: End) -> None:
        kind, reason = end
        result = TrainingResult(reason) if kind is EndKind.FINISHED else None
        now = self.clock.now()
        ended = AttemptEnd(kind, reason, {}, result, "log", now, now, 0)
        record_end(self.store, self.home, held.claim, REQUEST, ended)

    def _edit(self, command: EditTask) -> None:
        before = tasks.get_task(self.store, ADMIN, command.id)
        try:
            after = tasks.edit_task(self.store, ADMIN, command)
        except (RefusedError, InvalidValueError) as error:
            assert error.code in {"task.never_again", "window.never", "once.in_the_past"}
            return
        if after == before:
            return
        self.history.reset_failures(after.id)
        if after.next_run_at is not None and (
            before.next_run_at is None or command.trigger_type is not UNSET
        ):
            self._fires_anew(after.id)

    def _next_planned(self, task_id: int) -> datetime | None:
        schedule = schedule_of(self._rows()[task_id]._mapping)
        return fire_times.next_after(schedule, self.clock.now())

    def _fires_anew(self, task_id: int) -> None:
        task = self._rows()[task_id]
        has_calendar = task.calendar_id is not None
        slack = timedelta(seconds=2 * task.jitter_seconds)
        if has_calendar and task.calendar_policy is not CalendarPolicy.SKIP:
            slack += model.LONGEST_MOVE
        schedule = schedule_of(task._mapping)
        self.history.begin(task_id, model.Span(schedule, self.clock.now(), slack, has_calendar))


pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600 if FULL else 120)]
TestExecutionLife = ExecutionLife.TestCase
TestExecutionLife.settings = settings(
    max_examples=400 if FULL else 25,
    stateful_step_count=60 if FULL else 40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
