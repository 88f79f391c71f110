"""Trains the model that names the writer of an image: the attempt from request to model folder.

It reads images and the model in service, and writes only into the attempt's folder and the cache.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, assert_never

import numpy as np

from core.domain.task import TrainingMode
from core.errors import TrainingError
from core.language import _
from core.messages import error_sentence
from core.training.artifacts import Artifact, load_artifact, save_artifact
from core.training.evaluate import held_out
from core.training.model_description import Description, SeenSample
from core.training.protocol import Report, refused
from core.training.request import (
    MODEL_FOLDER,
    BaseModel,
    Progress,
    TrainingRequest,
    TrainingResult,
    TrainingSample,
)
from core.training.trainers.handwriting.classifier import Statistics
from core.training.trainers.handwriting.feature_cache import cached_features, features_of
from core.training.trainers.handwriting.features import FEATURE_COUNT, ROW_SIZE
from core.training.trainers.handwriting.judging import Champion, Examples, judged
from core.training.trainers.handwriting.version import EXTRACTOR_VERSION

NAME: Final = "handwriting"
LEAST_SAMPLES: Final = 3
_log = logging.getLogger(__name__)


class HandwritingTrainer:
    """Full and incremental training of the shrunk LDA on stroke features."""

    def train(self, request: TrainingRequest, folder: Path, report: Report) -> TrainingResult:
        """As `Trainer.train`; every refusal comes back as a result."""
        try:
            return _attempt(request, folder, report)
        except TrainingError as error:
            return refused(error)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What an attempt learns, what its model builds on, and whom it is compared with."""

    samples: list[TrainingSample]
    parent: Champion | None
    champion: Champion | None

    @property
    def older(self) -> tuple[SeenSample, ...]:
        """The samples that come with the parent."""
        return self.parent.description.samples if self.parent else ()


def _attempt(request: TrainingRequest, folder: Path, report: Report) -> TrainingResult:
    report(Progress("stage.loading", 0.01))
    plan = _plan(request)
    examples = _examples(plan.samples, request, report)

    report(Progress("stage.evaluating", 0.93))
    metrics = _evaluation(plan, examples, Path(request.features_folder))

    report(Progress("stage.fitting", 0.96))
    start = plan.parent.statistics if plan.parent else Statistics.empty(FEATURE_COUNT)
    fitted = start.add(examples.students, examples.features, examples.contrasts)
    metrics |= {"samples": fitted.total, "students": len(fitted.classes)}

    report(Progress("stage.saving", 0.98))
    description = Description(
        trainer=NAME,
        extractor_version=EXTRACTOR_VERSION,
        classes=fitted.classes,
        samples=tuple(sorted((*plan.older, *examples.samples), key=lambda seen: seen.sample_id)),
        data_cutoff_at=_cutoff(plan),
        parent_version=plan.parent.version if plan.parent else None,
        metrics=metrics,
    )
    checksum = save_artifact(Artifact(description, fitted.to_arrays()), folder / MODEL_FOLDER)
    report(Progress("stage.saving", 1.0))
    return _result(description, checksum)


def _plan(request: TrainingRequest) -> _Plan:
    samples = list({sample.sample_id: sample for sample in request.samples}.values())
    match TrainingMode(request.mode):
        case TrainingMode.FULL:
            if len(samples) < LEAST_SAMPLES:
                raise TrainingError(
                    "reason.too_few_samples", found=len(samples), needed=LEAST_SAMPLES
                )
            return _Plan(samples, parent=None, champion=_champion_to_beat(request.base))
        case TrainingMode.INCREMENTAL:
            if request.base is None:
                raise TrainingError("reason.no_base_model")
            champion = _loaded(request.base)
            return _Plan(_unseen(samples, champion), parent=champion, champion=champion)
        case never:
            assert_never(never)


def _champion_to_beat(base: BaseModel | None) -> Champion | None:
    """The model in service if it can be compared with; a full training replaces any other too."""
    if base is None:
        return None
    try:
        return _loaded(base)
    except TrainingError as error:
        _log.warning(_("There is no comparison with the model in service, which cannot be used."))
        _log.warning(error_sentence(error))
        return None


def _loaded(base: BaseModel) -> Champion:
    artifact = load_artifact(base)
    if artifact.description.extractor_version != EXTRACTOR_VERSION:
        raise TrainingError("reason.extractor_changed")
    statistics = Statistics.from_arrays(artifact.description.classes, artifact.arrays)
    return Champion(base.version, artifact.description, statistics)


def _unseen(samples: Sequence[TrainingSample], champion: Champion) -> list[TrainingSample]:
    """Those the model has not learned: a retried attempt must not count one twice."""
    seen = {sample.sample_id for sample in champion.description.samples}
    fresh = [sample for sample in samples if sample.sample_id not in seen]
    if not fresh:
        raise TrainingError("reason.no_new_samples", version=champion.version)
    return fresh


def _examples(
    samples: Sequence[TrainingSample], request: TrainingRequest, report: Report
) -> Examples:
    students = {sample.student for sample in samples}
    _log.info(
        _("Samples: {samples}, students: {students}.").format(
            samples=len(samples), students=len(students)
        )
    )

    def on_progress(done: int, total: int) -> None:
        report(Progress("stage.features", 0.02 + 0.9 * done / max(total, 1)))

    rows = features_of(samples, Path(request.features_folder), request.processes, on_progress)
    return Examples.of(tuple(map(SeenSample.of, samples)), rows)


def _evaluation(plan: _Plan, examples: Examples, cache: Path) -> dict[str, Any]:
    """Judge by what a full training on the union would hold out, as far as features are at hand.

    The images of older samples may be gone, so only those with cached features are taken back and
    judged by: old students stay in the picture, and a regression on them shows.
    """
    ids = held_out((*plan.older, *examples.samples))
    held, lessons = examples.split(ids)
    held = held.joined(_from_cache([seen for seen in plan.older if seen.sample_id in ids], cache))
    metrics = judged(held, lessons, plan.champion, adds=plan.parent is not None)
    metrics["judged_by"]["without_features"] = len(ids) - len(held.samples)
    _log.info(
        _("Held out: {held}; right at once: {top1}; the model in service: {champion}.").format(
            held=len(held.samples),
            top1=_percent(metrics["top1"]),
            champion=_percent(metrics["champion_top1"]),
        )
    )
    return metrics


def _from_cache(samples: Sequence[SeenSample], cache: Path) -> Examples:
    rows = cached_features([seen.sha256 for seen in samples], cache)
    found = tuple(seen for seen in samples if seen.sha256 in rows)
    stacked = np.zeros((len(found), ROW_SIZE))
    for place, seen in enumerate(found):
        stacked[place] = rows[seen.sha256]
    return Examples.of(found, stacked)


def _cutoff(plan: _Plan) -> datetime:
    newest = max(sample.processed_at for sample in plan.samples)
    before = plan.parent.description.data_cutoff_at if plan.parent else None
    return max(newest, before) if before else newest


def _result(description: Description, checksum: str) -> TrainingResult:
    return TrainingResult(
        reason=None,
        metrics=description.metrics,
        sha256=checksum,
        sample_count=len(description.samples),
        student_count=len(description.classes),
        extractor_version=description.extractor_version,
        data_cutoff_at=description.data_cutoff_at,
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"
