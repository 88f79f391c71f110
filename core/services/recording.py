"""From an attempt's end to rows: outcome, counters, model version and gate in one transaction."""

from __future__ import annotations

import random
import shutil
from functools import partial
from pathlib import Path

from core.domain.execution import ExecutionStatus, Reason
from core.domain.model_version import Gate, GateRule, Verdict, judge
from core.domain.retry import SPREAD
from core.errors import Param, TrainingError, UnavailableError
from core.paths import Home
from core.scheduling import decider
from core.services.assembly import refused
from core.storage import claims, models, runners
from core.storage.claims import Claim
from core.storage.models import Candidate, Registered
from core.storage.outcomes import Outcome, conclude, would_pause
from core.storage.unit_of_work import Store, Unit
from core.training.attempt import AttemptEnd, EndKind
from core.training.attempt_log import shortened_log
from core.training.request import MODEL_FOLDER, TrainingRequest, TrainingResult

STORED_LOG_BYTES = 256_000
GATE_RULE = GateRule()


def record_end(
    store: Store, home: Home, claim: Claim, request: TrainingRequest, end: AttemptEnd
) -> None:
    """Write how an attempt ended; the model's files are in their place before their row is.

    Raises:
        UnavailableError: not written, or not known to be: call again. The model's files stay.
        RefusedError: `execution.stale_fence`: the execution was given to another runner, and
            nothing of this attempt may be kept - or an earlier call has written it after all.
    """
    artefact = None
    if end.result is not None and end.result.sha256 is not None:
        artefact = _keep_model(home, claim)
    try:
        store.write(lambda unit: _write(unit, claim, request, end, artefact))
    except UnavailableError:
        raise
    except Exception:
        if artefact is not None and not store.read(partial(models.has_artefact, artefact=artefact)):
            shutil.rmtree(home.models / artefact, ignore_errors=True)
        raise


def record_failure(store: Store, claim: Claim, detail: str) -> None:
    """Write that an attempt ended by a fault of this program or this machine.

    Raises:
        RefusedError: as `record_end`.
    """
    outcome = Outcome(
        ExecutionStatus.FAILED, Reason.TRAINER_FAILED, "reason.trainer_failed", {"detail": detail}
    )

    def work(unit: Unit) -> None:
        claims.release(unit, claim)
        _conclude(unit, claim, outcome)

    store.write(work)


def record_lost(unit: Unit, claim: Claim) -> None:
    """The runner of an execution is gone: free its slot and say so."""
    host = runners.host_of(unit, claim.execution_id)
    _conclude(
        unit,
        claim,
        Outcome(ExecutionStatus.LOST, Reason.RUNNER_LOST, "reason.runner_lost", {"host": host}),
    )


def _conclude(unit: Unit, claim: Claim, outcome: Outcome) -> None:
    if would_pause(unit, claim.task_id, outcome):
        decider.decide_one(unit, claim.task_id)  # first what has come due, or it is forgotten
    conclude(unit, claim.execution_id, outcome, u=_spread())


def _spread() -> float:
    """Keeps attempts that failed together from coming back together."""
    return random.uniform(*SPREAD)  # noqa: S311 - no secret


def run_folder(home: Home, claim: Claim) -> Path:
    """Where an attempt works; unique, since a job is one attempt."""
    return home.runs / f"job-{claim.job_id}"


def _keep_model(home: Home, claim: Claim) -> str:
    scope = claim.settings.school_id
    artefact = f"{'all' if scope is None else f'school-{scope}'}/job-{claim.job_id}"
    place = home.models / artefact
    made = run_folder(home, claim) / MODEL_FOLDER
    if made.exists() or not place.exists():  # else an earlier call has moved it
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.exists():  # of a job with the same number, before a copy of the database was used
            shutil.rmtree(place)
        made.replace(place)
    return artefact


def _write(
    unit: Unit, claim: Claim, request: TrainingRequest, end: AttemptEnd, artefact: str | None
) -> None:
    claims.release(unit, claim)
    outcome = _outcome(unit, claim, request, end, artefact)
    _conclude(unit, claim, outcome)


def _outcome(
    unit: Unit, claim: Claim, request: TrainingRequest, end: AttemptEnd, artefact: str | None
) -> Outcome:
    text = shortened_log(end.log, STORED_LOG_BYTES)
    if end.result is None or end.reason is not None:
        return _without_model(unit, claim, end, text)
    result = end.result
    metrics = {
        **result.metrics,
        "samples": result.sample_count,
        "new_samples": len(request.samples),
        "students": result.student_count,
    }
    if artefact is None:
        return Outcome(ExecutionStatus.COMPLETED, metrics=result.metrics, log=text)
    verdict = judge(result.metrics.get("top1"), result.metrics.get("champion_top1"), GATE_RULE)
    model = _add_model(unit, claim, request, result, artefact, verdict)
    is_refused = verdict.gate is Gate.REFUSED
    return Outcome(
        ExecutionStatus.COMPLETED,
        Reason.GATE_REFUSED if is_refused else None,
        verdict.code,
        verdict.params or {},
        output=_output(model, len(request.samples), result),
        model_version_id=model.id,
        metrics=metrics,
        log=text,
    )


def _add_model(
    unit: Unit,
    claim: Claim,
    request: TrainingRequest,
    result: TrainingResult,
    artefact: str,
    verdict: Verdict,
) -> Registered:
    # What it was trained on, not what is in service by now.
    base = request.base and models.find_version(
        unit, claim.settings.school_id, request.base.version
    )
    candidate = Candidate(
        school_id=claim.settings.school_id,
        parent_id=base.id if base else None,
        training_mode=claim.settings.training_mode,
        data_cutoff_at=result.data_cutoff_at or unit.now,
        sample_count=result.sample_count,
        student_count=result.student_count,
        extractor_version=result.extractor_version or "",
        metrics=result.metrics,
        artefact=artefact,
        sha256=result.sha256 or "",
        execution_id=claim.execution_id,
    )
    return models.add(unit, candidate, verdict)


def _without_model(unit: Unit, claim: Claim, end: AttemptEnd, text: str) -> Outcome:
    params: dict[str, Param] = dict(end.params)
    match end.kind:
        case EndKind.CANCELLED:
            actor = claims.cancelled_by(unit, claim.execution_id) or "?"
            return Outcome(
                ExecutionStatus.CANCELLED,
                Reason.CANCELLED,
                "reason.cancelled",
                {"actor": actor},
                log=text,
            )
        case EndKind.STOPPED:
            return Outcome(
                ExecutionStatus.CANCELLED, Reason.RUNNER_STOPPED, end.reason, params, log=text
            )
        case EndKind.TIMED_OUT:
            return Outcome(ExecutionStatus.TIMED_OUT, Reason.TIMEOUT, end.reason, params, log=text)
        case _:
            refusal = TrainingError(end.reason or "reason.no_result", **params)
            outcome = refused(refusal, claim.settings)
            return Outcome(outcome.status, outcome.reason, refusal.code, params, log=text)


def _output(model: Registered, new: int, result: TrainingResult) -> str:
    """The specification's `output`: one English line; windows show the columns themselves."""
    return (
        f"Model version {model.version}: {new} samples used,"
        f" {result.sample_count} samples of {result.student_count} students in all."
    )
