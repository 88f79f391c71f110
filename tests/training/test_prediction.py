"""Naming the writers of new images with a model on disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import RefusedError, TrainingError
from core.messages import SENTENCES
from core.training.artifacts import Artifact, load_artifact, save_artifact
from core.training.model_description import Description
from core.training.prediction import predict
from core.training.preparation import prepare
from core.training.request import BaseModel
from core.training.trainers.handwriting.classifier import Statistics
from core.training.trainers.handwriting.features import FEATURE_COUNT, extract
from core.training.trainers.handwriting.version import EXTRACTOR_VERSION
from tests.training.drawn_lines import drawn_line

pytestmark = pytest.mark.slow
STUDENTS = ("an", "bo", "chen")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> BaseModel:
    """Three students with four lines each."""
    folder = tmp_path_factory.mktemp("prediction")
    labels, rows = [], []
    for number in range(12):
        labels.append(STUDENTS[number % 3])
        rows.append(features(drawn(folder, number % 3, number)))
    statistics = Statistics.empty(FEATURE_COUNT).add(labels, rows)
    description = Description("handwriting", EXTRACTOR_VERSION, statistics.classes, (), None)
    checksum = save_artifact(Artifact(description, statistics.to_arrays()), folder / "model")
    return BaseModel(4, str(folder / "model"), checksum)


def drawn(folder: Path, student: int, number: int) -> Path:
    file = folder / f"{student}-{number}.png"
    drawn_line(student, number, file)
    return file


def features(file: Path) -> np.ndarray:
    prepared = file.with_suffix(".prepared.png")
    prepared.write_bytes(prepare(file.read_bytes()).png)
    with Image.open(prepared) as image:
        return extract(np.asarray(image))


def test_that_the_writers_of_new_lines_are_named(model: BaseModel, tmp_path: Path) -> None:
    files = [drawn(tmp_path, student, 100 + student) for student in range(3)]
    predictions = predict(Path(model.folder), model.sha256, model.version, files, top=2)
    assert [prediction.file for prediction in predictions] == [str(file) for file in files]
    assert tuple(prediction.candidates[0].student for prediction in predictions) == STUDENTS
    for prediction in predictions:
        first, second = (candidate.score for candidate in prediction.candidates)
        assert 1.0 >= first >= second >= 0.0


def test_that_the_scores_of_all_students_sum_to_one(model: BaseModel, tmp_path: Path) -> None:
    file = drawn(tmp_path, 0, 7)
    (prediction,) = predict(Path(model.folder), model.sha256, model.version, [file], top=99)
    assert len(prediction.candidates) == len(STUDENTS)
    assert sum(candidate.score for candidate in prediction.candidates) == pytest.approx(1.0)


def test_that_an_unreadable_image_has_its_reason_and_the_others_their_answers(
    model: BaseModel, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"not an image")
    answers = predict(
        Path(model.folder), model.sha256, model.version, [broken, drawn(tmp_path, 1, 8)]
    )
    assert answers[0].candidates == ()
    assert answers[0].error_code in SENTENCES
    assert answers[1].error_code is None
    assert answers[1].candidates[0].student == "bo"


def test_that_a_damaged_model_answers_nothing(model: BaseModel) -> None:
    with pytest.raises(RefusedError) as caught:
        predict(Path(model.folder), "0" * 64, model.version, [])
    assert (caught.value.code, caught.value.params) == ("model.damaged", {"version": 4})


def test_that_a_model_of_other_features_answers_nothing(model: BaseModel, tmp_path: Path) -> None:
    artifact = load_artifact(model)
    aged = Artifact(replace(artifact.description, extractor_version="old"), artifact.arrays)
    checksum = save_artifact(aged, tmp_path / "aged")
    with pytest.raises(TrainingError) as caught:
        predict(tmp_path / "aged", checksum, 1, [])
    assert caught.value.code == "reason.extractor_changed"
