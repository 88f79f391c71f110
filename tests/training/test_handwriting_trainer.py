"""The handwriting trainer on drawn images: full, incremental, and all it refuses."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from core.training.artifacts import (
    Artifact,
    folder_checksum,
    load_artifact,
    save_artifact,
)
from core.training.request import (
    MODEL_FOLDER,
    REQUEST_FILE,
    RESULT_FILE,
    BaseModel,
    Progress,
    TrainingRequest,
    TrainingResult,
    TrainingSample,
)
from core.training.trainers.handwriting.classifier import Statistics
from core.training.trainers.handwriting.feature_cache import features_of
from core.training.trainers.handwriting.features import FEATURE_COUNT
from core.training.trainers.handwriting.trainer import HandwritingTrainer
from tests.training.drawn_lines import drawn_line

pytestmark = pytest.mark.slow
FIRST_CAPTURE = datetime(2025, 1, 1, 9, tzinfo=UTC)
STUDENTS = 5
SAMPLES_EACH = 6
LATE_JOINER = f"student-{STUDENTS - 1}"


@dataclass(frozen=True, slots=True)
class Drawings:
    """Samples of five students on six days each, with the folder that caches their features."""

    samples: tuple[TrainingSample, ...]
    features: Path

    def until(self, day: int) -> list[TrainingSample]:
        """What a first model sees: the last student joins later."""
        return [
            sample
            for sample in self.samples
            if _day(sample) < day and sample.student != LATE_JOINER
        ]

    def beyond(self, day: int) -> list[TrainingSample]:
        """All others."""
        earlier = {sample.sample_id for sample in self.until(day)}
        return [sample for sample in self.samples if sample.sample_id not in earlier]


def _day(sample: TrainingSample) -> int:
    return (sample.captured_at - FIRST_CAPTURE).days


@pytest.fixture(scope="module")
def drawings(tmp_path_factory: pytest.TempPathFactory) -> Drawings:
    folder = tmp_path_factory.mktemp("drawings")
    samples = []
    for number in range(STUDENTS * SAMPLES_EACH):
        student, day = divmod(number, SAMPLES_EACH)
        file = folder / f"{number}.png"
        drawn_line(student, day, file)
        captured = FIRST_CAPTURE + timedelta(days=day)
        samples.append(
            TrainingSample(
                sample_id=number + 1,
                student=f"student-{student}",
                file=str(file),
                sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
                captured_at=captured,
                processed_at=captured + timedelta(hours=student),
            )
        )
    return Drawings(tuple(samples), folder / "features")


@dataclass(slots=True)
class Runs:
    """Trains in one folder an attempt; the n-th attempt's model becomes version n."""

    drawings: Drawings
    root: Path
    made: int = 0

    def request(
        self, mode: str, samples: Iterable[TrainingSample], base: BaseModel | None = None
    ) -> TrainingRequest:
        """With the features of these drawings."""
        return TrainingRequest(
            "handwriting", mode, tuple(samples), base, str(self.drawings.features)
        )

    def train(
        self, request: TrainingRequest, report: Callable[[Progress], None] = lambda _: None
    ) -> TrainingResult:
        """One attempt in a folder of its own."""
        self.made += 1
        return HandwritingTrainer().train(request, self.root / str(self.made), report)

    def model(self, result: TrainingResult) -> BaseModel:
        """The model of the latest attempt."""
        assert result.reason is None
        assert result.sha256 is not None
        folder = self.root / str(self.made) / MODEL_FOLDER
        return BaseModel(self.made, str(folder), result.sha256)


@pytest.fixture
def runs(drawings: Drawings, tmp_path: Path) -> Runs:
    return Runs(drawings, tmp_path)


def scores_of(model: BaseModel, drawings: Drawings) -> np.ndarray:
    artifact = load_artifact(model)
    scorer = Statistics.from_arrays(artifact.description.classes, artifact.arrays).solve()
    rows = features_of(drawings.samples, drawings.features)
    return scorer.scores(rows[:, :FEATURE_COUNT])


def test_that_a_full_training_makes_a_model_that_describes_itself(
    runs: Runs, drawings: Drawings
) -> None:
    result = runs.train(runs.request("full", drawings.samples))
    model = runs.model(result)
    description = load_artifact(model).description
    assert folder_checksum(Path(model.folder)) == result.sha256
    assert (result.sample_count, result.student_count) == (len(drawings.samples), STUDENTS)
    assert result.data_cutoff_at == max(sample.processed_at for sample in drawings.samples)
    assert [seen.sample_id for seen in description.samples] == [
        sample.sample_id for sample in drawings.samples
    ]
    assert description.metrics == result.metrics
    assert description.parent_version is None


def test_that_the_newest_days_judge_and_the_model_in_service_learns_them_too(
    runs: Runs, drawings: Drawings
) -> None:
    metrics = runs.train(runs.request("full", drawings.samples)).metrics
    assert metrics["held_out"] == 2 * STUDENTS  # a fifth of six, rounded up
    assert metrics["judged_by"] == {
        "fitted_on": len(drawings.samples) - 2 * STUDENTS,
        "held_out": 2 * STUDENTS,
        "first_day": "2025-01-05",
        "last_day": "2025-01-06",
        "champion_version": None,
        "without_features": 0,
    }
    assert metrics["samples"] == len(drawings.samples)
    assert metrics["top1"] > 0.5
    assert metrics["top5"] == 1.0
    assert metrics["champion_top1"] is None


def test_that_progress_rises_to_the_end(runs: Runs, drawings: Drawings) -> None:
    steps: list[Progress] = []
    runs.train(runs.request("full", drawings.samples), steps.append)
    shares = [step.share for step in steps]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    stages = list(dict.fromkeys(step.stage for step in steps))
    assert stages == [
        f"stage.{name}" for name in ("loading", "features", "evaluating", "fitting", "saving")
    ]


def test_that_an_incremental_training_equals_a_full_one_on_the_union(
    runs: Runs, drawings: Drawings
) -> None:
    base = runs.model(runs.train(runs.request("full", drawings.until(4))))
    grown_result = runs.train(runs.request("incremental", drawings.beyond(4), base))
    grown = runs.model(grown_result)
    whole = runs.model(runs.train(runs.request("full", drawings.samples, base)))
    left, right = load_artifact(grown).description, load_artifact(whole).description
    assert (left.classes, left.samples) == (right.classes, right.samples)
    assert left.data_cutoff_at == right.data_cutoff_at
    assert left.parent_version == base.version
    assert (left.metrics["held_out"], left.metrics["top1"]) == (
        right.metrics["held_out"],
        right.metrics["top1"],
    )
    np.testing.assert_allclose(
        scores_of(grown, drawings), scores_of(whole, drawings), rtol=0, atol=1e-9
    )


def test_that_a_late_joiner_is_counted_against_the_champion_but_not_among_those_it_knows(
    runs: Runs, drawings: Drawings
) -> None:
    base = runs.model(runs.train(runs.request("full", drawings.until(4))))
    metrics = runs.train(runs.request("incremental", drawings.beyond(4), base)).metrics
    assert metrics["known_held_out"] == metrics["held_out"] - 2
    assert metrics["champion_top1"] < metrics["known_champion_top1"]
    by_student = {row["student"]: row for row in metrics["per_student"]}
    assert by_student[LATE_JOINER]["champion_top1"] == 0.0


def test_that_a_champion_unlearns_what_it_is_judged_by(runs: Runs, drawings: Drawings) -> None:
    """Two names for one hand: only who has learned the very samples could tell them apart."""
    twins = [
        replace(sample, student=f"twin-{sample.sample_id % 2}")
        for sample in drawings.samples
        if sample.student == "student-0"
    ]
    request = runs.request("full", twins)
    base = runs.model(runs.train(request))
    metrics = runs.train(replace(request, base=base)).metrics
    assert metrics["champion_top1"] == metrics["top1"] < 1.0


def test_that_old_students_are_judged_after_their_images_are_gone(
    runs: Runs, drawings: Drawings
) -> None:
    base = runs.model(runs.train(runs.request("full", drawings.until(6))))
    late = [sample for sample in drawings.samples if sample.student == LATE_JOINER]
    metrics = runs.train(runs.request("incremental", late, base)).metrics
    judged_students = {row["student"] for row in metrics["per_student"]}
    assert judged_students == {sample.student for sample in drawings.samples}
    assert metrics["known_top1"] is not None


def test_that_without_cached_features_the_new_samples_alone_judge(
    runs: Runs, drawings: Drawings, tmp_path: Path
) -> None:
    base = runs.model(runs.train(runs.request("full", drawings.until(6))))
    late = [sample for sample in drawings.samples if sample.student == LATE_JOINER]
    request = runs.request("incremental", late, base)
    metrics = runs.train(replace(request, features_folder=str(tmp_path / "fresh"))).metrics
    assert [row["student"] for row in metrics["per_student"]] == [LATE_JOINER]
    assert metrics["judged_by"]["without_features"] == 2 * (STUDENTS - 1)
    assert metrics["known_top1"] is None


def test_that_each_sample_counts_once_even_if_an_attempt_is_retried(
    runs: Runs, drawings: Drawings
) -> None:
    base = runs.model(runs.train(runs.request("full", drawings.until(4))))
    everything = [*drawings.samples, *drawings.samples]
    result = runs.train(runs.request("incremental", everything, base))
    model = runs.model(result)
    assert load_artifact(model).arrays["counts"].tolist() == [SAMPLES_EACH] * STUDENTS
    again = runs.train(runs.request("incremental", drawings.samples, model))
    assert (again.reason, again.params) == ("reason.no_new_samples", {"version": model.version})


def test_that_samples_of_one_student_alone_can_be_learned(runs: Runs, drawings: Drawings) -> None:
    result = runs.train(runs.request("full", drawings.samples[:3]))
    assert (result.reason, result.student_count) == (None, 1)


def test_that_two_samples_are_too_few(runs: Runs, drawings: Drawings) -> None:
    result = runs.train(runs.request("full", [*drawings.samples[:2], drawings.samples[0]]))
    assert result.reason == "reason.too_few_samples"
    assert result.params == {"found": 2, "needed": 3}


def test_that_an_incremental_training_needs_a_model(runs: Runs, drawings: Drawings) -> None:
    result = runs.train(runs.request("incremental", drawings.samples))
    assert result.reason == "reason.no_base_model"


def test_that_a_damaged_model_is_not_built_on_but_replaced_by_a_full_training(
    runs: Runs, drawings: Drawings
) -> None:
    base = runs.model(runs.train(runs.request("full", drawings.until(4))))
    damaged = replace(base, sha256="0" * 64)
    result = runs.train(runs.request("incremental", drawings.samples, damaged))
    assert (result.reason, result.params) == ("reason.base_model_damaged", {"version": 1})
    replaced = runs.train(runs.request("full", drawings.samples, damaged))
    assert (replaced.reason, replaced.metrics["champion_top1"]) == (None, None)


def test_that_a_model_of_other_features_is_not_built_on(
    runs: Runs, drawings: Drawings, tmp_path: Path
) -> None:
    base = runs.model(runs.train(runs.request("full", drawings.until(4))))
    artifact = load_artifact(base)
    aged = Artifact(replace(artifact.description, extractor_version="old"), artifact.arrays)
    folder = tmp_path / "aged"
    old = BaseModel(9, str(folder), save_artifact(aged, folder))
    result = runs.train(runs.request("incremental", drawings.beyond(4), old))
    assert result.reason == "reason.extractor_changed"
    assert runs.train(runs.request("full", drawings.samples, old)).reason is None


def test_that_a_missing_image_is_named(runs: Runs, drawings: Drawings, tmp_path: Path) -> None:
    gone = replace(drawings.samples[0], file=str(tmp_path / "gone.png"), sha256="f" * 64)
    result = runs.train(runs.request("full", [gone, *drawings.samples[1:]]))
    assert result.reason == "reason.sample_unreadable"
    assert result.params["sample_id"] == gone.sample_id


def test_that_the_worker_trains_in_a_process_of_its_own(runs: Runs, drawings: Drawings) -> None:
    folder = runs.root / "attempt"
    folder.mkdir()
    request = runs.request("full", drawings.samples)
    (folder / REQUEST_FILE).write_text(request.to_json(), encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "core.training.worker", str(folder)],
        check=True,
        capture_output=True,
        cwd=Path(__file__).parents[2],
    )
    result = TrainingResult.from_json((folder / RESULT_FILE).read_text(encoding="utf-8"))
    assert result.sha256 == folder_checksum(folder / MODEL_FOLDER)
    assert result == replace(runs.train(request), sha256=result.sha256)
