"""The plan of a task that somebody asks about, and its next runs."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from core.contracts.records import SchedulePreview
from core.domain.access import Verb
from core.domain.plan import Plan
from core.errors import NotFoundError
from core.scheduling import wording
from core.scheduling.planned import iter_firing
from core.services.actor import Actor, authorise
from core.storage import task_plans
from core.storage.task_plans import TaskPlan
from core.storage.unit_of_work import Store, Unit


def next_runs(
    store: Store, actor: Actor, task_id: int, *, after: datetime | None, count: int
) -> SchedulePreview:
    """The runs of a task after `after`, else after now, by its trigger and calendar alone."""

    def work(unit: Unit) -> tuple[Plan, datetime]:
        return seen_plan(unit, actor, task_id).plan, unit.now

    plan, now = store.read(work)
    instants = tuple(islice(iter_firing(plan, after or now), count))
    return SchedulePreview(wording.words(plan.schedule), instants, plan.schedule.timezone)


def seen_plan(unit: Unit, actor: Actor, task_id: int, verb: Verb = Verb.SEE) -> TaskPlan:
    """The plan of a task the actor may see. Raises `NotFoundError`, `ForbiddenError`."""
    plan = task_plans.get(unit, task_id)
    absent = NotFoundError("task.not_found", task_id=task_id)
    authorise(actor, verb, plan.school_id, absent)
    return plan
