"""Ask for a run, ask for its end, and read what became of it."""

from __future__ import annotations

from core.contracts.records import AttemptRecord, ExecutionFilter, ExecutionRecord, LogSlice
from core.domain.access import Verb
from core.domain.execution import WAITING, ExecutionStatus, Reason
from core.domain.overlap import Active, Skip, arrange
from core.errors import NotFoundError, RefusedError
from core.language import speaking
from core.messages import sentence
from core.services.actor import Actor, authorise, visible_school
from core.storage import attempts, due, executions, tasks
from core.storage.outcomes import Outcome, replaced_by, settle
from core.storage.unit_of_work import Store, Subject, Unit


def run_now(store: Store, actor: Actor, task_id: int, client_key: str) -> ExecutionRecord:
    """Queue one run of a task, paused or not. The same key again gives the same execution.

    While the task is still at work the request is answered by a `skipped` row that names what it
    gave way to: one instance at a time, and nothing silent.
    """

    def work(unit: Unit) -> ExecutionRecord:
        task = tasks.lock(unit, task_id)
        absent = NotFoundError("task.not_found", task_id=task_id)
        authorise(actor, Verb.RUN_TASKS, task.school_id, absent)
        known = executions.find_by_key(unit, client_key)
        if known is not None:
            return executions.get(unit, known)
        settings, _ = tasks.run_settings(unit, task_id)
        active = due.active_executions(unit, [task_id]).get(task_id, ())
        policies = settings.policies
        arrangement = arrange(policies.overlap, policies.overlap_limit, active, None)
        blocking = arrangement.arriving.blocking if isinstance(arrangement.arriving, Skip) else None
        execution_id = executions.add_request(
            unit,
            task_id,
            settings,
            client_key=client_key,
            requested_by=actor.user_id,
            refusal=_overlap(unit, blocking) if blocking else None,
        )
        for each in arrangement.replaced:
            settle(unit, each, replaced_by(execution_id), actor=actor.name)
        for each in arrangement.cancelled:
            executions.request_cancel(unit, each, actor=actor.name)
        kind = "execution.skipped" if blocking else "execution.queued"
        unit.note(kind, Subject(task_id, execution_id), actor=actor.name)
        return executions.get(unit, execution_id)

    return store.write(work)


def cancel(store: Store, actor: Actor, execution_id: int) -> ExecutionRecord:
    """End a waiting execution now; ask a running one to end.

    Raises:
        RefusedError: `execution.already_final`.
    """

    def work(unit: Unit) -> ExecutionRecord:
        # Held before it is read: a run that starts meanwhile is asked to end, not declared ended.
        tasks.hold(unit, executions.task_of(unit, execution_id))
        record = _seen(unit, actor, Verb.RUN_TASKS, execution_id)
        if record.status.is_final:
            raise RefusedError(
                "execution.already_final", execution_id=execution_id, status=record.status.value
            )
        if record.status in WAITING:
            outcome = Outcome(
                ExecutionStatus.CANCELLED,
                Reason.CANCELLED,
                "reason.cancelled",
                {"actor": actor.name},
            )
            settle(unit, execution_id, outcome, actor=actor.name)
        else:
            executions.request_cancel(unit, execution_id, actor=actor.name)
        return executions.get(unit, execution_id)

    return store.write(work)


def list_executions(
    store: Store, actor: Actor, which: ExecutionFilter, *, before_id: int | None, limit: int
) -> tuple[ExecutionRecord, ...]:
    """History, newest first, as far as the actor may see it."""
    school_id = visible_school(actor, which.school_id)
    seen = ExecutionFilter(which.task_id, school_id, which.statuses)
    return store.read(
        lambda unit: executions.list_before(unit, seen, before_id=before_id, limit=limit)
    )


def get_execution(store: Store, actor: Actor, execution_id: int) -> ExecutionRecord:
    """One execution. Raises `NotFoundError`."""
    return store.read(lambda unit: _seen(unit, actor, Verb.SEE, execution_id))


def list_attempts(store: Store, actor: Actor, execution_id: int) -> tuple[AttemptRecord, ...]:
    """The attempts of an execution, the first one first. Raises `NotFoundError`."""

    def work(unit: Unit) -> tuple[AttemptRecord, ...]:
        _seen(unit, actor, Verb.SEE, execution_id)
        return attempts.list_of(unit, execution_id)

    return store.read(work)


def read_log(
    store: Store, actor: Actor, execution_id: int, offset: int, attempt: int | None = None
) -> LogSlice:
    """The log of an attempt, else of the latest. Raises `NotFoundError`."""

    def work(unit: Unit) -> LogSlice:
        _seen(unit, actor, Verb.SEE, execution_id)
        return attempts.read_log(unit, execution_id, offset, attempt)

    return store.read(work)


def _seen(unit: Unit, actor: Actor, verb: Verb, execution_id: int) -> ExecutionRecord:
    record = executions.get(unit, execution_id)
    absent = NotFoundError("execution.not_found", execution_id=execution_id)
    authorise(actor, verb, record.school_id, absent)
    return record


def _overlap(unit: Unit, blocking: Active) -> dict[str, object]:
    params = {"blocking_id": blocking.execution_id, "blocking_status": blocking.status.value}
    with speaking("en"):
        english = sentence("reason.overlap", params)
    return {
        "status": ExecutionStatus.SKIPPED,
        "reason": Reason.OVERLAP,
        "message_code": "reason.overlap",
        "message_params": params,
        "error_message": english,
        "completed_at": unit.now,
    }
