"""What crosses between a runner and the child process that trains: plain values as JSON files.

The child gets everything in its request and reaches no database. Its folder holds `request.json`,
`progress.jsonl` (one `Progress` a line, appended), `result.json` (written beside and renamed: it is
whole or absent), `log.txt` (standard output and error) and `model/`, the candidate's files.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from core.errors import Param

REQUEST_FILE = "request.json"
PROGRESS_FILE = "progress.jsonl"
RESULT_FILE = "result.json"
LOG_FILE = "log.txt"
MODEL_FOLDER = "model"


@dataclass(frozen=True, slots=True)
class TrainingSample:
    """One processed image: where its prepared form is, whose hand it is, when it was captured."""

    sample_id: int
    student: str
    file: str
    """Absolute path of the prepared image (grey PNG, 64 px high)."""
    sha256: str
    """Of the original; the key of the feature cache."""
    captured_at: datetime
    processed_at: datetime


@dataclass(frozen=True, slots=True)
class BaseModel:
    """The model in service: what an incremental run adds to, and what the gate compares with."""

    version: int
    folder: str
    sha256: str


@dataclass(frozen=True, slots=True)
class TrainingRequest:
    """One attempt. `samples` are all of the scope for a full run, only the new ones for an
    incremental; `base` is the model in service, `None` if there is none."""

    trainer: str
    mode: str
    samples: tuple[TrainingSample, ...]
    base: BaseModel | None
    features_folder: str
    """Cache shared by all attempts of this home."""
    processes: int = 1
    """How many processes may compute features at once."""
    params: dict[str, Param] = field(default_factory=dict)

    def to_json(self) -> str:
        """As the text of `request.json`."""
        return json.dumps(asdict(self), default=_iso, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read the text of `request.json`."""
        values: dict[str, Any] = json.loads(text)
        values["samples"] = tuple(_sample(item) for item in values["samples"])
        values["base"] = BaseModel(**values["base"]) if values["base"] else None
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an attempt is: a stage code (`stage.*` of `core.messages`) and a share, 0 to 1."""

    stage: str
    share: float


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """How an attempt ended: a model in `model/` beside the result, or a reason code with values.

    `metrics` of a model: `top1`, `top5` (shares 0 to 1 on the held-out samples, `None` if nothing
    could be held out), `held_out` (their number), `champion_top1`, `champion_top5` (the model in
    service on the same samples, `None` without one), `samples`, `students`, and detail lists.
    """

    reason: str | None
    """`None` if a model was made."""
    params: dict[str, Param] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)
    sha256: str | None = None
    """Of the model folder (see `core.training.artifacts`)."""
    sample_count: int = 0
    student_count: int = 0
    extractor_version: str | None = None
    data_cutoff_at: datetime | None = None
    """The newest `processed_at` among all samples the model has seen."""

    def to_json(self) -> str:
        """As the text of `result.json`."""
        return json.dumps(asdict(self), default=_iso, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read the text of `result.json`."""
        values: dict[str, Any] = json.loads(text)
        cutoff = values.get("data_cutoff_at")
        values["data_cutoff_at"] = datetime.fromisoformat(cutoff) if cutoff else None
        return cls(**values)


def _sample(values: dict[str, Any]) -> TrainingSample:
    for name in ("captured_at", "processed_at"):
        values[name] = datetime.fromisoformat(values[name])
    return TrainingSample(**values)


def _iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} does not go into a training file")


def write_whole(file: Path, text: str) -> None:
    """Write `text` so that a reader finds all of it or no file at all."""
    beside = file.with_name(file.name + ".part")
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)
