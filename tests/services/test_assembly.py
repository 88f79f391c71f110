"""Which runs the data allow, asked of the model in service: its samples and its features."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, timedelta
from pathlib import Path

import numpy as np
import pytest

from core.domain.execution import ExecutionStatus, Reason
from core.domain.model_version import Gate, Verdict
from core.domain.task import RunSettings, TrainingMode
from core.paths import Home
from core.services.assembly import assemble
from core.storage import models, samples
from core.storage.outcomes import Outcome
from core.storage.samples import NewSample
from core.storage.unit_of_work import Store
from core.training.artifacts import Artifact, save_artifact
from core.training.model_description import DESCRIPTION_FILE, Description, SeenSample
from core.training.request import TrainingRequest
from core.training.trainers.handwriting.version import EXTRACTOR_VERSION
from tests.builders import NOW
from tests.databases import add_school, add_task, request

S = ExecutionStatus
Serve = Callable[[str], Path]


@pytest.fixture
def school(store: Store) -> int:
    """A school with three processed samples."""
    school_id = add_school(store)
    add_samples(store, school_id, range(3))
    return school_id


@pytest.fixture
def serve(store: Store, home: Home, school: int) -> Serve:
    """Puts a model in service that has seen all samples with features of a given version."""

    def work(extractor_version: str) -> Path:
        found = store.read(lambda unit: samples.trainable(unit, school))
        cutoff = max(sample.processed_at for sample in found)
        description = Description(
            trainer="handwriting",
            extractor_version=extractor_version,
            classes=("an",),
            samples=tuple(
                SeenSample(each.id, each.student, each.sha256, NOW.astimezone(UTC).date())
                for each in found
            ),
            data_cutoff_at=cutoff,
        )
        folder = home.models / extractor_version
        checksum = save_artifact(Artifact(description, {"counts": np.ones(1)}), folder)
        candidate = models.Candidate(
            school_id=school,
            parent_id=None,
            training_mode=TrainingMode.FULL,
            data_cutoff_at=cutoff,
            sample_count=len(found),
            student_count=1,
            extractor_version=extractor_version,
            metrics={},
            artefact=folder.name,
            sha256=checksum,
            execution_id=request(store, add_task(store)),
        )
        store.write(lambda unit: models.add(unit, candidate, Verdict(Gate.PASSED)))
        return folder

    return work


def add_samples(store: Store, school_id: int, numbers: range) -> None:
    new = [
        NewSample(
            school_id=school_id,
            student="an",
            file=f"{number}.png",
            sha256=f"{number:064x}",
            captured_at=NOW - timedelta(days=1),
            stored_name=f"{number}.png",
        )
        for number in numbers
    ]
    store.write(lambda unit: samples.add_all(unit, school_id, new, actor="test"))


def assembled(
    store: Store, home: Home, school_id: int, mode: TrainingMode
) -> TrainingRequest | Outcome:
    settings = RunSettings(
        task_name="Task",
        training_mode=mode,
        school_id=school_id,
        force_retrain=False,
        timezone="UTC",
        trainer="handwriting",
    )
    return assemble(store, home, settings, processes=1)


def test_that_a_full_run_on_unchanged_data_is_skipped(
    store: Store, home: Home, school: int, serve: Serve
) -> None:
    serve(EXTRACTOR_VERSION)
    outcome = assembled(store, home, school, TrainingMode.FULL)
    assert isinstance(outcome, Outcome)
    assert (outcome.status, outcome.reason) == (S.SKIPPED, Reason.UNCHANGED)


def test_that_a_full_run_replaces_a_model_of_other_features_though_the_data_are_unchanged(
    store: Store, home: Home, school: int, serve: Serve
) -> None:
    serve("strokes-0")
    training = assembled(store, home, school, TrainingMode.FULL)
    assert isinstance(training, TrainingRequest)
    assert len(training.samples) == 3


def test_that_a_full_run_replaces_a_model_whose_files_are_gone(
    store: Store, home: Home, school: int, serve: Serve
) -> None:
    (serve(EXTRACTOR_VERSION) / DESCRIPTION_FILE).unlink()
    assert isinstance(assembled(store, home, school, TrainingMode.FULL), TrainingRequest)


@pytest.mark.parametrize("fresh", [0, 2])
def test_that_an_incremental_run_does_not_build_on_other_features(
    store: Store, home: Home, school: int, serve: Serve, fresh: int
) -> None:
    serve("strokes-0")
    add_samples(store, school, range(3, 3 + fresh))
    outcome = assembled(store, home, school, TrainingMode.INCREMENTAL)
    assert isinstance(outcome, Outcome)
    assert (outcome.status, outcome.reason) == (S.FAILED, Reason.EXTRACTOR_CHANGED)


def test_that_an_incremental_run_takes_what_its_model_has_not_seen(
    store: Store, home: Home, school: int, serve: Serve
) -> None:
    serve(EXTRACTOR_VERSION)
    add_samples(store, school, range(3, 5))
    training = assembled(store, home, school, TrainingMode.INCREMENTAL)
    assert isinstance(training, TrainingRequest)
    assert [Path(sample.file).name for sample in training.samples] == ["3.png", "4.png"]
