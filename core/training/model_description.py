"""What a model says about itself: `model.json`, read and written without the arrays beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, Self

from core.errors import TrainingError
from core.training.request import BaseModel, TrainingSample

FORMAT_VERSION: Final = 1
DESCRIPTION_FILE: Final = "model.json"


@dataclass(frozen=True, slots=True)
class SeenSample:
    """What a model remembers of a sample: enough to know it again and to unlearn it."""

    sample_id: int
    student: str
    sha256: str
    captured_on: date
    """In UTC."""

    @classmethod
    def of(cls, sample: TrainingSample) -> Self:
        """Of a sample of a request."""
        captured_on = sample.captured_at.astimezone(UTC).date()
        return cls(sample.sample_id, sample.student, sample.sha256, captured_on)


@dataclass(frozen=True, slots=True)
class Description:
    """What `model.json` says about the arrays beside it."""

    trainer: str
    extractor_version: str
    classes: tuple[str, ...]
    """The students, in the order of the arrays' rows."""
    samples: tuple[SeenSample, ...]
    """Every sample the model has seen, by id."""
    data_cutoff_at: datetime | None
    """The newest `processed_at` among them."""
    parent_version: int | None = None
    """The version that an incremental run added to."""
    metrics: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """As the text of `model.json`."""
        cutoff = self.data_cutoff_at
        values = {
            "format_version": FORMAT_VERSION,
            "trainer": self.trainer,
            "extractor_version": self.extractor_version,
            "parent_version": self.parent_version,
            "data_cutoff_at": cutoff.isoformat() if cutoff else None,
            "metrics": self.metrics,
            "classes": self.classes,
            "samples": [
                [seen.sample_id, seen.student, seen.sha256, seen.captured_on.isoformat()]
                for seen in self.samples
            ],
        }
        return json.dumps(values, ensure_ascii=False, allow_nan=False)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """From the parsed text of a `model.json` of this format."""
        cutoff = values["data_cutoff_at"]
        return cls(
            trainer=values["trainer"],
            extractor_version=values["extractor_version"],
            classes=tuple(values["classes"]),
            samples=tuple(
                SeenSample(sample_id, student, sha256, date.fromisoformat(captured_on))
                for sample_id, student, sha256, captured_on in values["samples"]
            ),
            data_cutoff_at=datetime.fromisoformat(cutoff) if cutoff else None,
            parent_version=values["parent_version"],
            metrics=values["metrics"],
        )


def read_description(base: BaseModel) -> Description:
    """What a model says about itself; its checksum is not verified.

    Raises:
        TrainingError: `reason.base_model_damaged`, or `reason.model_format`.
    """
    try:
        values = json.loads((Path(base.folder) / DESCRIPTION_FILE).read_bytes())
    except (OSError, ValueError) as error:
        raise TrainingError("reason.base_model_damaged", version=base.version) from error
    return parse_description(values, base.version)


def parse_description(values: dict[str, Any], version: int) -> Description:
    """Read the parsed text of a `model.json`. Raises `TrainingError`: `reason.model_format`."""
    if values.get("format_version") != FORMAT_VERSION:
        raise TrainingError("reason.model_format", version=version)
    return Description.from_json(values)
