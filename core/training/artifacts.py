"""The files of a model version: written whole or not at all, read only if the checksum agrees.

A model is a folder with `arrays.npz` and `model.json`. Nothing in it is ever executed: arrays are
read with `allow_pickle=False`. What the arrays mean is the trainer's business.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from core.errors import TrainingError
from core.training.model_description import DESCRIPTION_FILE, Description, parse_description
from core.training.request import BaseModel

ARRAYS_FILE: Final = "arrays.npz"


@dataclass(frozen=True, slots=True)
class Artifact:
    """A model in memory."""

    description: Description
    arrays: Mapping[str, np.ndarray]


def save_artifact(artifact: Artifact, folder: Path) -> str:
    """Write the model so that `folder` holds all of it or does not exist; return its checksum.

    Raises:
        FileExistsError: `folder` exists; a model is never overwritten.
    """
    if folder.exists():
        raise FileExistsError(folder)
    contents = _contents(artifact)
    beside = folder.with_name(folder.name + ".part")
    shutil.rmtree(beside, ignore_errors=True)  # of an attempt that ended in the middle
    beside.mkdir(parents=True)
    for name, content in contents.items():
        _write_durably(beside / name, content)
    _make_durable(beside)
    beside.rename(folder)
    _make_durable(folder.parent)
    return _checksum(contents)


def load_artifact(base: BaseModel) -> Artifact:
    """Read a model whose files are those that were registered.

    Raises:
        TrainingError: `reason.base_model_damaged`, files are missing, changed or too many;
            `reason.model_format`, another release wrote them.
    """
    try:
        contents = _read(Path(base.folder))
    except OSError as error:
        raise TrainingError("reason.base_model_damaged", version=base.version) from error
    # The very bytes that were checked are parsed: nothing can change in between.
    if _checksum(contents) != base.sha256:
        raise TrainingError("reason.base_model_damaged", version=base.version)
    description = parse_description(json.loads(contents[DESCRIPTION_FILE]), base.version)
    with np.load(io.BytesIO(contents[ARRAYS_FILE]), allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    return Artifact(description, arrays)


def folder_checksum(folder: Path) -> str:
    """SHA-256 over the files of `folder`, in order of their names, each as: length of the name,
    name (UTF-8), length of the content, content; lengths are 8 bytes, big-endian.

    Raises:
        OSError: something in it is not a plain file, or it cannot be read.
    """
    return _checksum(_read(folder))


def _checksum(contents: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(contents):
        for part in (name.encode(), contents[name]):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
    return digest.hexdigest()


def _contents(artifact: Artifact) -> dict[str, bytes]:
    arrays = io.BytesIO()
    np.savez(arrays, allow_pickle=False, **artifact.arrays)
    return {
        ARRAYS_FILE: arrays.getvalue(),
        DESCRIPTION_FILE: artifact.description.to_json().encode(),
    }


def _read(folder: Path) -> dict[str, bytes]:
    contents = {}
    for file in folder.iterdir():
        if file.is_symlink() or not file.is_file():
            raise OSError(f"not a plain file: {file}")
        contents[file.name] = file.read_bytes()
    return contents


def _write_durably(file: Path, content: bytes) -> None:
    with file.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _make_durable(folder: Path) -> None:
    """A rename survives a power cut only once its folder is on disk; Windows has no such call."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
