"""Names the writers of new images with a trained model; it trains nothing and writes nothing."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from core.contracts.records import Candidate, Prediction
from core.errors import RefusedError, TrainingError
from core.training.artifacts import load_artifact
from core.training.preparation import Prepared, PreparedImage, Refused, prepare_many
from core.training.request import BaseModel
from core.training.trainers.handwriting.classifier import Statistics
from core.training.trainers.handwriting.features import extract
from core.training.trainers.handwriting.scorer import Scorer, best
from core.training.trainers.handwriting.version import EXTRACTOR_VERSION


def predict(
    model_folder: Path,
    sha256: str,
    version: int,
    images: Sequence[Path],
    top: int = 5,
    processes: int = 1,
) -> list[Prediction]:
    """The `top` likeliest writers of each image, by the model version in `model_folder`.

    A candidate's score is its share of the model's trust: `Scorer.shares` says how it is made.

    Raises:
        RefusedError: `model.damaged`, its files are missing or not the registered ones.
        TrainingError: another release of this program trained it.
    """
    scorer = _scorer(BaseModel(version, str(model_folder), sha256))
    return [
        _prediction(scorer, answer.file, answer.image, top)
        if isinstance(answer, Prepared)
        else _unreadable(answer)
        for answer in prepare_many(images, processes)
    ]


def _scorer(model: BaseModel) -> Scorer:
    try:
        artifact = load_artifact(model)
    except TrainingError as error:
        if error.code == "reason.base_model_damaged":
            raise RefusedError("model.damaged", version=model.version) from error
        raise
    if artifact.description.extractor_version != EXTRACTOR_VERSION:
        raise TrainingError("reason.extractor_changed")
    return Statistics.from_arrays(artifact.description.classes, artifact.arrays).solve()


def _prediction(scorer: Scorer, file: Path, image: PreparedImage, top: int) -> Prediction:
    with Image.open(io.BytesIO(image.png)) as opened:
        pixels = np.asarray(opened)
    features = extract(pixels)[None, :]
    shares = scorer.shares(features)[0]
    return Prediction(
        str(file),
        tuple(
            Candidate(scorer.classes[place], float(shares[place]))
            for place in best(scorer.scores(features), top)[0].tolist()
        ),
    )


def _unreadable(answer: Refused) -> Prediction:
    return Prediction(str(answer.file), (), answer.code, dict(answer.params))
