"""The plan of a task that somebody asks about, and its next runs."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from core.contracts.records import SchedulePreview
from core.domain.access import Verb
from core.domain.calendar import CalendarPolicy, SchoolCalendar
from core.domain.plan import Plan
from core.domain.trigger import Schedule
from core.errors import NotFoundError
from core.scheduling import fire_times, wording
from core.scheduling.planned import iter_firing
from core.services.actor import Actor, authorise
from core.storage import calendars, task_plans
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


def preview(
    store: Store,
    actor: Actor,
    schedule: Schedule,
    count: int,
    calendar_id: int | None,
    calendar_policy: CalendarPolicy,
) -> SchedulePreview:
    """A schedule that nobody has saved yet, in words, and its next runs under a calendar.

    Raises:
        InvalidValueError: the schedule cannot be meant.
        NotFoundError: there is no such calendar.
    """

    def work(unit: Unit) -> tuple[SchoolCalendar | None, datetime]:
        if calendar_id is None:
            return None, unit.now
        record = calendars.get(unit, calendar_id)
        if record.school_id is not None:
            authorise(actor, Verb.SEE, record.school_id, calendars.absent(calendar_id))
        return calendars.values(unit, [calendar_id])[calendar_id], unit.now

    calendar, now = store.read(work)
    fire_times.check(schedule, now, calendar)
    instants = islice(iter_firing(Plan(schedule, calendar, calendar_policy), now), count)
    return SchedulePreview(wording.words(schedule), tuple(instants), schedule.timezone)


def seen_plan(unit: Unit, actor: Actor, task_id: int, verb: Verb = Verb.SEE) -> TaskPlan:
    """The plan of a task the actor may see. Raises `NotFoundError`, `ForbiddenError`."""
    plan = task_plans.get(unit, task_id)
    absent = NotFoundError("task.not_found", task_id=task_id)
    authorise(actor, verb, plan.school_id, absent)
    return plan
