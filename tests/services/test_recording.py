"""How an attempt's end is written: files before rows, and once, however often it is tried."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from core.contracts.records import ExecutionRecord
from core.domain.execution import ExecutionStatus, Reason
from core.domain.model_version import Gate
from core.domain.task import NoNewSamples, Policies
from core.errors import RefusedError, UnavailableError
from core.paths import Home
from core.services.recording import record_end, record_failure, record_lost, run_folder
from core.storage import attempts, executions, models
from core.storage.claims import Claim
from core.storage.unit_of_work import Store, Unit
from core.training.attempt import AttemptEnd, EndKind
from core.training.request import MODEL_FOLDER, BaseModel, TrainingRequest, TrainingResult
from tests.builders import NOW
from tests.databases import LOST_IS_LOST, add_runner, add_task, request, start

S = ExecutionStatus
T = TypeVar("T")


class FlakyStore(Store):
    """Goes away as the connection to a server does: before or after the commit reached it."""

    failures: list[str]

    def write(self, work: Callable[[Unit], T]) -> T:
        kind = self.failures.pop(0) if self.failures else ""
        if kind == "before":
            raise UnavailableError("database.unavailable", detail="gone")
        answer = super().write(work)
        if kind == "after":
            raise UnavailableError("database.outcome_unknown")
        return answer


@pytest.fixture
def flaky(store: Store) -> FlakyStore:
    flaky = FlakyStore(store.engine, store._clock)
    flaky.failures = []
    return flaky


def a_request(base: BaseModel | None = None) -> TrainingRequest:
    return TrainingRequest(
        trainer="noop",
        mode="full",
        samples=(),
        base=base,
        features_folder="/nowhere",
        processes=1,
        params={},
    )


def an_end(
    result: TrainingResult | None = None,
    kind: EndKind = EndKind.FINISHED,
    reason: str | None = None,
    **params: str,
) -> AttemptEnd:
    return AttemptEnd(kind, reason, params, result, "the log", NOW, NOW, 0)


def a_model(home: Home, claim: Claim, **metrics: float) -> TrainingResult:
    """A trained model in the attempt's folder."""
    folder = run_folder(home, claim) / MODEL_FOLDER
    folder.mkdir(parents=True)
    (folder / "model.npz").write_bytes(b"model")
    return TrainingResult(None, metrics=metrics, sha256="0" * 64, sample_count=9, student_count=3)


@pytest.fixture
def claim(store: Store) -> Claim:
    return a_claim(store, "first")


def a_claim(store: Store, key: str, **changes: object) -> Claim:
    task_id = add_task(store, name=key, **changes)
    return start(store, request(store, task_id, key), add_runner(store, key))


def status(store: Store, claim: Claim) -> ExecutionRecord:
    return store.read(lambda unit: executions.get(unit, claim.execution_id))


def files(home: Home) -> list[Path]:
    return [file.relative_to(home.models) for file in home.models.rglob("*") if file.is_file()]


def test_that_a_model_is_registered_with_its_files_in_place(
    store: Store, home: Home, claim: Claim
) -> None:
    record_end(store, home, claim, a_request(), an_end(a_model(home, claim, top1=0.8)))
    record = status(store, claim)
    assert (record.status, record.model_version, record.gate) == (S.COMPLETED, 1, Gate.PASSED)
    (model,) = store.read(lambda unit: models.list_newest(unit, None, limit=9))
    assert (home.models / model.artefact / "model.npz").read_bytes() == b"model"


@pytest.mark.parametrize("failures", [["before"], ["after"], ["before", "before", "after"]])
def test_that_a_model_survives_a_database_that_goes_away(
    flaky: FlakyStore, home: Home, claim: Claim, failures: list[str]
) -> None:
    """Also when the commit arrived and its answer did not: nothing is lost, nothing comes twice."""
    end = an_end(a_model(home, claim))
    flaky.failures = list(failures)
    for _ in failures:
        with pytest.raises(UnavailableError):
            record_end(flaky, home, claim, a_request(), end)
    if failures[-1] == "after":
        with pytest.raises(RefusedError):
            record_end(flaky, home, claim, a_request(), end)
    else:
        record_end(flaky, home, claim, a_request(), end)
    assert status(flaky, claim).model_version == 1
    assert len(files(home)) == 1
    assert len(flaky.read(lambda unit: models.list_newest(unit, None, limit=9))) == 1


def test_that_nothing_of_a_superseded_attempt_is_kept(store: Store, home: Home) -> None:
    claim = a_claim(store, "x", policies=Policies(**LOST_IS_LOST).to_json())
    store.write(lambda unit: record_lost(unit, claim))
    with pytest.raises(RefusedError):
        record_end(store, home, claim, a_request(), an_end(a_model(home, claim)))
    assert files(home) == []
    assert status(store, claim).status is S.LOST
    assert store.read(lambda unit: models.list_newest(unit, None, limit=9)) == ()


def test_that_a_folder_of_a_former_life_is_replaced(store: Store, home: Home, claim: Claim) -> None:
    """A copy of the database was put back: its numbers are given out a second time."""
    former = home.models / "all" / f"job-{claim.job_id}"
    former.mkdir(parents=True)
    (former / "old.npz").write_bytes(b"old")
    record_end(store, home, claim, a_request(), an_end(a_model(home, claim)))
    assert [file.name for file in files(home)] == ["model.npz"]


def test_that_a_refused_candidate_completes_its_execution_and_says_why(
    store: Store, home: Home, claim: Claim
) -> None:
    result = a_model(home, claim, top1=0.5, champion_top1=0.9)
    record_end(store, home, claim, a_request(), an_end(result))
    record = status(store, claim)
    assert (record.status, record.reason, record.gate) == (
        S.COMPLETED,
        Reason.GATE_REFUSED,
        Gate.REFUSED,
    )
    assert record.message_code == "reason.gate_refused"
    assert store.read(lambda unit: models.find_in_service(unit, None)) is None


def test_that_a_model_names_what_it_was_built_on_not_what_serves_by_now(
    store: Store, home: Home
) -> None:
    first, second, third = (a_claim(store, key) for key in ("1", "2", "3"))
    record_end(store, home, first, a_request(), an_end(a_model(home, first)))
    record_end(store, home, second, a_request(), an_end(a_model(home, second)))
    built_on_first = a_request(BaseModel(1, "/nowhere", "0" * 64))
    record_end(store, home, third, built_on_first, an_end(a_model(home, third)))
    newest = store.read(lambda unit: models.list_newest(unit, None, limit=1))[0]
    assert (newest.version, newest.parent_version) == (3, 1)


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (an_end(kind=EndKind.CANCELLED, reason="reason.cancelled"), (S.CANCELLED, "cancelled")),
        (
            an_end(kind=EndKind.STOPPED, reason="reason.runner_stopped"),
            (S.CANCELLED, "runner_stopped"),
        ),
        (an_end(kind=EndKind.TIMED_OUT, reason="reason.timeout"), (S.TIMED_OUT, "timeout")),
        (
            an_end(kind=EndKind.DIED, reason="reason.worker_died", how="SIGSEGV"),
            (S.FAILED, "worker_died"),
        ),
        (an_end(kind=EndKind.DIED, reason=None), (S.FAILED, "no_result")),
        (
            an_end(TrainingResult("reason.too_few_samples"), reason="reason.too_few_samples"),
            (S.FAILED, "too_few_samples"),
        ),
        (
            an_end(TrainingResult("reason.unchanged"), reason="reason.unchanged"),
            (S.SKIPPED, "unchanged"),
        ),
        (
            an_end(TrainingResult("reason.of_my_own"), reason="reason.of_my_own"),
            (S.FAILED, "trainer_failed"),
        ),
        (an_end(TrainingResult(None)), (S.COMPLETED, None)),
    ],
)
def test_how_an_end_without_a_model_is_written(
    store: Store,
    home: Home,
    claim: Claim,
    end: AttemptEnd,
    expected: tuple[ExecutionStatus, str | None],
) -> None:
    record_end(store, home, claim, a_request(), end)
    record = status(store, claim)
    assert (record.status, record.reason and record.reason.value) == expected


@pytest.mark.parametrize(
    ("policy", "expected"),
    [(NoNewSamples.FAIL, S.FAILED), (NoNewSamples.SKIP, S.SKIPPED)],
)
def test_that_nothing_new_ends_as_the_task_wants(
    store: Store, home: Home, policy: NoNewSamples, expected: ExecutionStatus
) -> None:
    claim = a_claim(store, "x", policies=Policies(no_new_samples=policy).to_json())
    end = an_end(TrainingResult("reason.no_new_samples"), reason="reason.no_new_samples")
    record_end(store, home, claim, a_request(), end)
    assert status(store, claim).status is expected


def test_that_a_fault_of_this_machine_is_a_failure_with_its_words(
    store: Store, claim: Claim
) -> None:
    record_failure(store, claim, "OSError: no space left")
    record = status(store, claim)
    assert (record.status, record.reason) == (S.FAILED, Reason.TRAINER_FAILED)
    assert "no space left" in (record.error_message or "")
    with pytest.raises(RefusedError):
        record_failure(store, claim, "again")


def test_that_a_folder_that_cannot_be_written_loses_no_model(
    store: Store, home: Home, claim: Claim
) -> None:
    end = an_end(a_model(home, claim))
    home.models.write_text("a file where the folder should be")
    with pytest.raises(OSError, match="models"):
        record_end(store, home, claim, a_request(), end)
    assert (run_folder(home, claim) / MODEL_FOLDER).exists()


def test_that_the_log_is_kept(store: Store, home: Home, claim: Claim) -> None:
    record_end(store, home, claim, a_request(), an_end(TrainingResult(None)))
    log = store.read(lambda unit: attempts.read_log(unit, claim.execution_id, 0))
    assert (log.text.strip(), log.is_complete) == ("the log", True)
    assert status(store, claim).completed_at == NOW + timedelta(0)
