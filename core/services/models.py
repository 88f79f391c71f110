"""Model versions: list them, and ask the one in service who wrote an image."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from core.contracts.records import ModelVersionRecord, Prediction
from core.domain.access import Verb
from core.errors import NotFoundError, RefusedError
from core.paths import Home
from core.services.actor import Actor, authorise, visible_school
from core.storage import models, schools
from core.storage.unit_of_work import Store, Unit
from core.training.prediction import predict as predict_by


def list_model_versions(
    store: Store, actor: Actor, school_id: int | None, limit: int
) -> tuple[ModelVersionRecord, ...]:
    """Versions the actor may see, newest first."""
    seen = visible_school(actor, school_id)
    return store.read(lambda unit: models.list_newest(unit, seen, limit=limit))


def predict(
    store: Store, home: Home, actor: Actor, images: Sequence[Path], school: str, top: int
) -> tuple[Prediction, ...]:
    """Who wrote these: by the school's own model in service, else the one for all schools.

    Raises:
        NotFoundError: there is no such school.
        RefusedError: `model.none_in_service`, or the model's files are damaged.
    """

    def serving(unit: Unit) -> ModelVersionRecord:
        absent = NotFoundError("school.not_found", school=school)
        school_id = schools.find_id(unit, school)
        if school_id is None:
            raise absent
        authorise(actor, Verb.SEE, school_id, absent)
        own = models.find_in_service(unit, school_id) or models.find_in_service(unit, None)
        if own is None:
            raise RefusedError("model.none_in_service", school=school)
        return own

    model = store.read(serving)
    return tuple(
        predict_by(
            home.models / model.artefact,
            model.sha256,
            model.version,
            images,
            top,
            processes=min(len(images), os.cpu_count() or 1) or 1,
        )
    )
