"""“Why?”: the rules in their order, for any instant of a task or for an execution."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from core.contracts.planning import Explanation
from core.contracts.records import ExecutionRecord
from core.domain import explanation
from core.domain.access import Verb
from core.domain.execution import Reason
from core.domain.explanation import Rule, RuleResult, Verdict
from core.domain.explanation_facts import Facts
from core.domain.task import TaskStatus
from core.errors import NotFoundError, Param
from core.services import evidence
from core.services.actor import Actor, authorise
from core.services.plans import seen_plan
from core.storage import executions, instants, task_plans
from core.storage.task_plans import TaskPlan
from core.storage.unit_of_work import Store, Unit

RULE_OF: Final[dict[Reason, Rule]] = {
    Reason.CALENDAR: Rule.CALENDAR,
    Reason.GRACE: Rule.LATENESS,
    Reason.DEPENDENCY: Rule.DEPENDENCY,
    Reason.TOO_FEW_SAMPLES: Rule.DATA_GUARD,
    Reason.NO_BASE_MODEL: Rule.DATA_GUARD,
    Reason.NO_NEW_SAMPLES: Rule.DATA_GUARD,
    Reason.UNCHANGED: Rule.DATA_GUARD,
    Reason.SAMPLES_REMOVED: Rule.DATA_GUARD,
    Reason.EXTRACTOR_CHANGED: Rule.DATA_GUARD,
    Reason.BASE_MODEL_DAMAGED: Rule.DATA_GUARD,
    Reason.MODEL_FORMAT: Rule.DATA_GUARD,
    Reason.OVERLAP: Rule.OVERLAP,
}
"""The rule that stopped an execution that ended for this reason; the others passed all."""


def explain_instant(store: Store, actor: Actor, task_id: int, at: datetime) -> Explanation:
    """What each rule says of an instant of a task. Raises `NotFoundError`."""
    instant = at.replace(microsecond=0)

    def work(unit: Unit) -> Explanation:
        task = seen_plan(unit, actor, task_id)
        facts, record = evidence.of_instant(unit, task, instant)
        results = explanation.explain(facts)
        if record is not None:
            results = _as_recorded(results, record)
        else:
            results = _as_it_was(unit, task, facts, results)
        return _answer(task, instant, results, record)

    return store.read(work)


def explain_execution(store: Store, actor: Actor, execution_id: int) -> Explanation:
    """What each rule said of an execution. Raises `NotFoundError`."""

    def work(unit: Unit) -> Explanation:
        record = executions.get(unit, execution_id)
        absent = NotFoundError("execution.not_found", execution_id=execution_id)
        authorise(actor, Verb.SEE, record.school_id, absent)
        task = task_plans.find_any(unit, record.scheduled_task_id)
        if task is None:
            raise absent
        facts = evidence.of_execution(unit, task, record)
        results = _as_recorded(explanation.explain(facts), record)
        return _answer(task, record.planned_at, results, record)

    return store.read(work)


def _answer(
    task: TaskPlan,
    planned_at: datetime | None,
    results: tuple[RuleResult, ...],
    record: ExecutionRecord | None,
) -> Explanation:
    timezone = task.plan.schedule.timezone
    return Explanation(task.id, task.name, timezone, planned_at, results, record)


def _as_recorded(results: Sequence[RuleResult], record: ExecutionRecord) -> tuple[RuleResult, ...]:
    """A rule that stopped the execution says what its history says."""
    rule = RULE_OF.get(record.reason) if record.reason is not None else None
    if rule is None or record.message_code is None:
        return tuple(results)
    params = {"timezone": record.timezone} | record.message_params
    return _stopped_at(results, rule, record.message_code, params)


def _as_it_was(
    unit: Unit, task: TaskPlan, facts: Facts, results: tuple[RuleResult, ...]
) -> tuple[RuleResult, ...]:
    """What the rules cannot know of an instant without a record: that nobody will decide it."""
    at = facts.planned_at or facts.now
    held = explanation.outcome(results)
    if at > facts.now:
        is_over = task.status in (TaskStatus.COMPLETED, TaskStatus.FAILED)
        if not is_over or (held is not None and _is_before(held.rule, Rule.PAUSE)):
            return results
        return _stopped_at(results, Rule.PAUSE, "why.ended", {"status": task.status.value})
    if held is None or held.rule is not Rule.LATENESS or _is_awaited(task, at):
        return results
    code, params = _why_never_decided(unit, task, at)
    return _stopped_at(results, Rule.LATENESS, code, params | {"timezone": facts.timezone})


def _is_awaited(task: TaskPlan, at: datetime) -> bool:
    """Whether the next decision of the task includes the instant."""
    is_waiting = task.status is TaskStatus.ACTIVE and task.next_run_at is not None
    return is_waiting and task.next_run_at is not None and task.next_run_at <= at


def _why_never_decided(unit: Unit, task: TaskPlan, at: datetime) -> tuple[str, dict[str, Param]]:
    if at < task.created_at:
        return "why.before_creation", {"created_at": task.created_at.isoformat()}
    turns = instants.turns(unit, task.id)
    gone = [each for each in turns if each.at <= at and (each.is_deletion or each.status)]
    if gone and gone[-1].is_deletion:
        return "why.in_the_bin", {"deleted_at": gone[-1].at.isoformat()}
    for each in turns:
        if each.at > at and each.is_rescheduling:
            return "why.rescheduled", {"changed_at": each.at.isoformat()}
    return "why.not_recorded", {}


def _stopped_at(
    results: Sequence[RuleResult], rule: Rule, code: str, params: dict[str, Param]
) -> tuple[RuleResult, ...]:
    """The list with `rule` as the one that stops: nothing after it is reached."""
    return tuple(
        RuleResult(each.rule, Verdict.STOPPED, code, params)
        if each.rule is rule
        else each
        if _is_before(each.rule, rule)
        else RuleResult(each.rule, Verdict.NOT_REACHED)
        for each in results
    )


def _is_before(one: Rule, other: Rule) -> bool:
    order = list(Rule)
    return order.index(one) < order.index(other)
