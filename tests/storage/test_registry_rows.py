"""Model versions, samples, runners, people: what two writers at once may not spoil."""

from __future__ import annotations

from datetime import timedelta

from core.domain.access import Role
from core.domain.execution import ExecutionStatus
from core.domain.model_version import Gate, Verdict
from core.domain.task import TrainingMode
from core.services import executions as use_cases
from core.storage import models, runners, samples, users
from core.storage.models import Candidate, Registered
from core.storage.samples import NewSample
from core.storage.unit_of_work import Store
from tests.builders import NOW
from tests.databases import LEASE, add_runner, add_school, add_task, request
from tests.fakes import FakeClock
from tests.storage.test_units import ADMIN, side_by_side, without_errors

PASSED = Verdict(Gate.PASSED)
REFUSED = Verdict(Gate.REFUSED, "reason.gate_floor", {"metric": "top1"})


def a_candidate(store: Store, school_id: int | None, artefact: str = "all/job-1") -> Candidate:
    return Candidate(
        school_id=school_id,
        parent_id=None,
        training_mode=TrainingMode.FULL,
        data_cutoff_at=NOW,
        sample_count=10,
        student_count=2,
        extractor_version="1",
        metrics={},
        artefact=artefact,
        sha256="0" * 64,
        execution_id=1,
    )


def add(store: Store, school_id: int | None, verdict: Verdict = PASSED) -> Registered:
    candidate = a_candidate(store, school_id)
    return store.write(lambda unit: models.add(unit, candidate, verdict))


def a_sample(number: int, student: str = "S01", school_id: int = 1) -> NewSample:
    return NewSample(school_id, student, f"{number}.png", f"{number:064d}", NOW, f"{number}.png")


def test_that_each_scope_counts_its_own_versions(store: Store) -> None:
    school = add_school(store)
    assert [add(store, None).version, add(store, school).version, add(store, None).version] == [
        1,
        1,
        2,
    ]


def test_that_one_version_of_a_scope_serves(store: Store) -> None:
    school = add_school(store)
    add(store, school)
    newer = add(store, school)
    serving = store.read(lambda unit: models.find_in_service(unit, school))
    assert serving is not None
    assert serving.id == newer.id
    assert store.read(lambda unit: models.find_in_service(unit, None)) is None


def test_that_a_refused_candidate_is_kept_and_does_not_serve(store: Store) -> None:
    first = add(store, None)
    refused = add(store, None, REFUSED)
    serving = store.read(lambda unit: models.find_in_service(unit, None))
    assert serving is not None
    assert serving.id == first.id
    newest = store.read(lambda unit: models.list_newest(unit, None, limit=1))[0]
    assert (newest.id, newest.gate) == (refused.id, Gate.REFUSED)


def test_that_models_finished_at_once_get_numbers_of_their_own(store: Store) -> None:
    answers = side_by_side(4, lambda _: add(store, None).version)
    assert sorted(without_errors(answers)) == [1, 2, 3, 4]
    serving = store.read(lambda unit: models.list_newest(unit, None, limit=9))
    assert sum(model.is_in_service for model in serving) == 1


def test_that_a_version_is_found_by_number_and_by_folder(store: Store) -> None:
    add(store, None)
    found = store.read(lambda unit: models.find_version(unit, None, 1))
    assert found is not None
    assert store.read(lambda unit: models.find_version(unit, None, 2)) is None
    assert store.read(lambda unit: models.has_artefact(unit, "all/job-1"))
    assert not store.read(lambda unit: models.has_artefact(unit, "all/job-2"))


def test_that_the_same_bytes_in_a_school_are_one_sample(store: Store) -> None:
    school = add_school(store)
    new = [a_sample(number, school_id=school) for number in range(30)]
    answers = side_by_side(
        3, lambda _: store.write(lambda unit: samples.add_all(unit, school, new, actor="test"))
    )
    assert sorted(map(len, without_errors(answers))) == [0, 0, 30]
    assert len(store.read(lambda unit: samples.trainable(unit, school))) == 30


def test_that_a_refused_image_is_kept_with_its_sentence_and_not_trained_on(store: Store) -> None:
    school = add_school(store)
    bad = NewSample(school, "S01", "x.png", "0" * 64, NOW, None, "image.blank", {})
    store.write(lambda unit: samples.add_all(unit, school, [bad], actor="test"))
    assert store.read(lambda unit: samples.trainable(unit, school)) == []
    (counts,) = store.read(lambda unit: samples.students(unit, None))
    assert (counts.processed, counts.failed) == (0, 1)


def test_that_the_same_person_arriving_twice_at_once_is_one_person(store: Store) -> None:
    def arrive(_: int) -> int:
        return store.write(
            lambda unit: (
                users.find(unit, "ada")
                or users.add(unit, "ada", Role.SYSTEM_ADMIN, None, actor="ada")
            )
        ).id

    assert side_by_side(4, arrive) == [1, 1, 1, 1]


def test_that_a_runner_lives_as_long_as_it_gives_signs(store: Store, clock: FakeClock) -> None:
    runner_id = add_runner(store)
    clock.advance(seconds=61)
    (record,) = store.read(lambda unit: runners.list_recent(unit, LEASE))
    assert not record.is_alive
    store.write(lambda unit: runners.beat(unit, runner_id))
    (record,) = store.read(lambda unit: runners.list_recent(unit, LEASE))
    assert record.is_alive


def test_that_a_runner_taken_for_dead_is_alive_again_with_its_next_sign(
    store: Store, clock: FakeClock
) -> None:
    runner_id = add_runner(store)
    clock.advance(hours=1)
    assert store.read(lambda unit: runners.silent(unit, LEASE, but=0)) == [runner_id]
    assert store.read(lambda unit: runners.silent(unit, LEASE, but=runner_id)) == []
    store.write(lambda unit: runners.stop(unit, runner_id, kind="runner.lost"))
    store.write(lambda unit: runners.beat(unit, runner_id))
    (record,) = store.read(lambda unit: runners.list_recent(unit, LEASE))
    assert record.is_alive


def test_that_a_client_key_makes_one_request_however_often_it_is_sent(store: Store) -> None:
    task_id = add_task(store)
    answers = side_by_side(4, lambda _: use_cases.run_now(store, ADMIN, task_id, "click").id)
    (execution_id,) = set(without_errors(answers))
    record = use_cases.get_execution(store, ADMIN, execution_id)
    assert record.status is ExecutionStatus.QUEUED
    assert request(store, task_id, "another") != record.id
    assert record.decided_at - NOW < timedelta(seconds=1)
