"""Reads what a child writes beside its log; trusts neither its shape nor its size."""

from __future__ import annotations

import json
import math
import stat
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Final

from core.training.request import Progress, TrainingResult

_CHUNK_BYTES: Final = 1_000_000
_LONGEST_LINE: Final = 10_000
_LONGEST_STAGE: Final = 100
_LARGEST_RESULT: Final = 32_000_000
_OPTIONAL_TEXTS: Final = ("reason", "sha256", "extractor_version")


class ProgressFollower:
    """Follows `progress.jsonl` while it grows; only complete lines count."""

    def __init__(self, file: Path) -> None:
        self.latest: Progress | None = None
        self.bad_lines = 0
        self._file = file
        self._offset = 0
        self._unfinished = b""

    def read(self) -> None:
        """Take in what was added, at most a megabyte at once."""
        added = _read_file(self._file, self._offset, _CHUNK_BYTES)
        if not added:
            return
        self._offset += len(added)
        *lines, rest = (self._unfinished + added).split(b"\n")
        # An endless line is kept only as far as it takes to see that it is a bad one.
        self._unfinished = rest[: _LONGEST_LINE + 1]
        for line in lines:
            if progress := parse_progress(line):
                self.latest = progress
            else:
                self.bad_lines += 1


def parse_progress(line: bytes) -> Progress | None:
    """One line of `progress.jsonl`; `None` if it is not one."""
    if len(line) > _LONGEST_LINE:
        return None
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        return None
    match values:
        case {"stage": str(stage), "share": int(share) | float(share)} if 0 <= share <= 1:
            is_plain = stage.isprintable() and len(stage) <= _LONGEST_STAGE
            return Progress(stage, float(share)) if is_plain else None
        case _:
            return None


def read_result(file: Path) -> TrainingResult | None:
    """The child's result; `None` if it left none.

    Raises:
        ValueError: there is a file, but not one that can be taken and stored.
    """
    text = _read_file(file, 0, _LARGEST_RESULT + 1)
    if text is None:
        return None
    if len(text) > _LARGEST_RESULT:
        raise ValueError(f"larger than {_LARGEST_RESULT} bytes")
    try:
        result = TrainingResult.from_json(text.decode("utf-8"))
        _check_values({each.name: getattr(result, each.name) for each in fields(result)})
    except (TypeError, AttributeError, KeyError, RecursionError) as error:
        raise ValueError("not a result") from error
    return result


def _check_values(values: dict[str, object]) -> None:
    """What `TrainingResult` declares is checked here: a child's file may hold anything."""
    cutoff = values["data_cutoff_at"]
    fits = (
        all(isinstance(values[name], str | None) for name in _OPTIONAL_TEXTS)
        and all(isinstance(values[name], int) for name in ("sample_count", "student_count"))
        and all(isinstance(values[name], dict) for name in ("params", "metrics"))
        and (cutoff is None or (isinstance(cutoff, datetime) and cutoff.tzinfo is not None))
    )
    if not fits:
        raise ValueError("a value of the wrong kind")
    if not _is_storable(values):
        raise ValueError("a text or a number that no database stores")


def _is_storable(value: object) -> bool:
    """Whether a database takes it: no NUL, no half of a surrogate pair, no infinite number."""
    match value:
        case str():
            return "\0" not in value and not any("\ud800" <= char <= "\udfff" for char in value)
        case float():
            return math.isfinite(value)
        case list():
            return all(_is_storable(item) for item in value)
        case dict():
            return all(_is_storable(key) and _is_storable(item) for key, item in value.items())
        case _:
            return True


def is_regular(file: Path) -> bool:
    """Whether there is a file, and not a pipe or a device on which a reader would hang."""
    try:
        return stat.S_ISREG(file.stat().st_mode)
    except OSError:
        return False


def _read_file(file: Path, offset: int, size: int) -> bytes | None:
    """A part of the file; `None` if there is none that can be read."""
    if not is_regular(file):
        return None
    try:
        with file.open("rb") as opened:
            opened.seek(offset)
            return opened.read(size)
    except OSError:
        return None
