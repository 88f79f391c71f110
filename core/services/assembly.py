"""From a queued execution to a training request - or to its outcome, when the data forbid a run."""

from __future__ import annotations

from collections.abc import Sequence

from core.contracts.records import ModelVersionRecord
from core.domain.execution import ExecutionStatus, Reason
from core.domain.task import NoNewSamples, RunSettings, TrainingMode
from core.errors import Param, TrainingError
from core.paths import Home
from core.storage import models, samples, schools
from core.storage.outcomes import Outcome
from core.storage.samples import Trainable
from core.storage.unit_of_work import Store, Unit
from core.training.model_description import read_description
from core.training.request import BaseModel, TrainingRequest, TrainingSample
from core.training.trainers.handwriting.version import EXTRACTOR_VERSION

MIN_SAMPLES = 3
SAMPLE_TRAINERS = frozenset({"handwriting"})
"""Trainers that work on samples: the rules on data are asked for these alone."""


def assemble(
    store: Store, home: Home, settings: RunSettings, *, processes: int
) -> TrainingRequest | Outcome:
    """The request of an attempt, from the data as they are now, or how the execution ends.

    Only what this machine's files and the database say is asked; the worker checks the base model's
    bytes itself.
    """
    if settings.trainer not in SAMPLE_TRAINERS:
        return _request(home, settings, (), None, processes)
    found, base, names = store.read(lambda unit: _read(unit, settings.school_id))
    serving = _base_model(home, base) if base else None
    try:
        chosen = _choose(settings, found, base, serving)
    except TrainingError as refusal:
        return refused(refusal, settings)
    prepared = tuple(_training_sample(home, each, names, settings.school_id) for each in chosen)
    return _request(home, settings, prepared, serving, processes)


def refused(refusal: TrainingError, settings: RunSettings) -> Outcome:
    """The outcome of an execution that the data forbid."""
    code = refusal.code.removeprefix("reason.")
    # Codes come from a child process: one that is not ours still is a failure of the trainer.
    reason = Reason(code) if code in set(Reason) else Reason.TRAINER_FAILED
    may_skip = settings.policies.no_new_samples is NoNewSamples.SKIP
    is_skipped = reason is Reason.UNCHANGED or (reason is Reason.NO_NEW_SAMPLES and may_skip)
    status = ExecutionStatus.SKIPPED if is_skipped else ExecutionStatus.FAILED
    return Outcome(status, reason, refusal.code, refusal.params)


def _read(
    unit: Unit, school_id: int | None
) -> tuple[list[Trainable], ModelVersionRecord | None, dict[int, str]]:
    return (
        samples.trainable(unit, school_id),
        models.find_in_service(unit, school_id),
        schools.names(unit),
    )


def _choose(
    settings: RunSettings,
    found: Sequence[Trainable],
    base: ModelVersionRecord | None,
    serving: BaseModel | None,
) -> Sequence[Trainable]:
    """The samples to train on.

    Raises:
        TrainingError: the data forbid this run; the code is the execution's reason.
    """
    if settings.training_mode is TrainingMode.FULL:
        _check_full(settings, found, base, serving)
        return found
    if base is None or serving is None:
        raise TrainingError("reason.no_base_model")
    description = read_description(serving)
    if description.extractor_version != EXTRACTOR_VERSION:
        raise TrainingError("reason.extractor_changed")
    # What the model has seen is asked of the model itself, sample by sample: a comparison of times
    # could lose one that was committed late.
    seen = {sample.sample_id for sample in description.samples}
    if seen - {each.id for each in found}:
        raise TrainingError("reason.samples_removed")
    new = [each for each in found if each.id not in seen]
    if not new:
        raise TrainingError("reason.no_new_samples", version=base.version)
    return new


def _check_full(
    settings: RunSettings,
    found: Sequence[Trainable],
    base: ModelVersionRecord | None,
    serving: BaseModel | None,
) -> None:
    if len(found) < MIN_SAMPLES:
        raise TrainingError("reason.too_few_samples", found=len(found), needed=MIN_SAMPLES)
    if base is None or serving is None or settings.force_retrain:
        return
    newest = max(each.processed_at for each in found)
    has_same_data = len(found) == base.sample_count and newest == base.data_cutoff_at
    if has_same_data and _is_of_this_extractor(serving):
        raise TrainingError("reason.unchanged", version=base.version)


def _is_of_this_extractor(serving: BaseModel) -> bool:
    """A model that cannot be read, or whose features are of another release, is worth replacing."""
    try:
        return read_description(serving).extractor_version == EXTRACTOR_VERSION
    except TrainingError:
        return False


def _base_model(home: Home, base: ModelVersionRecord) -> BaseModel:
    return BaseModel(base.version, str(home.models / base.artefact), base.sha256)


def _training_sample(
    home: Home, sample: Trainable, names: dict[int, str], school_id: int | None
) -> TrainingSample:
    """Students of different schools may share a name: over all schools the school is part of it."""
    student = sample.student
    if school_id is None:
        student = f"{names[sample.school_id]}/{student}"
    return TrainingSample(
        sample_id=sample.id,
        student=student,
        file=str(home.samples / sample.stored_name),
        sha256=sample.sha256,
        captured_at=sample.captured_at,
        processed_at=sample.processed_at,
    )


def _request(
    home: Home,
    settings: RunSettings,
    chosen: tuple[TrainingSample, ...],
    base: BaseModel | None,
    processes: int,
) -> TrainingRequest:
    params: dict[str, Param] = dict(settings.trainer_params)
    return TrainingRequest(
        trainer=settings.trainer,
        mode=settings.training_mode.value,
        samples=chosen,
        base=base,
        features_folder=str(home.features),
        processes=processes,
        params=params,
    )
