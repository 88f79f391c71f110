"""Features of prepared images, computed once and kept on disk; knows nothing of classes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.errors import TrainingError
from core.training.child_pool import ChildDied, map_in_children
from core.training.normalisation import LINE_HEIGHT, MAX_LINE_WIDTH
from core.training.request import TrainingSample
from core.training.trainers.handwriting.feature_store import Row, keep_rows, read_rows
from core.training.trainers.handwriting.features import ROW_SIZE, extract_row
from core.training.trainers.handwriting.version import EXTRACTOR_VERSION

_FEWEST_FOR_CHILDREN: Final = 40
"""Starting children takes about a second: as long as some forty images take in this process."""
_KEPT_AT_ONCE: Final = 200
"""A run that is ended loses at most so many images' work."""

Report = Callable[[int, int], None]


def _report_nothing(_done: int, _total: int) -> None:
    """For callers that show no progress."""


def features_of(
    samples: Sequence[TrainingSample],
    folder: Path,
    processes: int = 1,
    on_progress: Report = _report_nothing,
) -> NDArray[np.float32]:
    """The rows of `samples` (see `extract_row`), from the cache in `folder` or computed and kept.

    `on_progress(done, total)` is called after every image; what it raises ends the work, keeps what
    is computed so far, and passes through.

    Raises:
        TrainingError: `reason.sample_unreadable`, for an image that is neither cached nor readable.
    """
    copies = Counter(sample.sha256 for sample in samples)
    rows = cached_features(copies.keys(), folder)
    done = sum(copies[key] for key in rows)
    if done:
        on_progress(done, len(samples))
    missing = {sample.sha256: sample for sample in samples if sample.sha256 not in rows}
    with closing(_computed_and_kept(list(missing.values()), folder, processes)) as computed:
        for key, row in computed:
            rows[key] = row
            done += copies[key]
            on_progress(done, len(samples))
    features = np.zeros((len(samples), ROW_SIZE), dtype=np.float32)
    for place, sample in enumerate(samples):
        features[place] = rows[sample.sha256]
    return features


def cached_features(keys: Collection[str], folder: Path) -> dict[str, Row]:
    """The rows of those images (by SHA-256) whose features are at hand; computes nothing."""
    return read_rows(folder / EXTRACTOR_VERSION, keys, ROW_SIZE)


def _computed_and_kept(
    samples: Sequence[TrainingSample], folder: Path, processes: int
) -> Generator[tuple[str, Row], None, None]:
    kept_in = folder / EXTRACTOR_VERSION
    fresh: dict[str, Row] = {}
    try:
        for sample, row in _computed(samples, processes):
            if row is None or isinstance(row, ChildDied):
                raise TrainingError(
                    "reason.sample_unreadable", sample_id=sample.sample_id, file=sample.file
                )
            fresh[sample.sha256] = row
            yield sample.sha256, row
            if len(fresh) >= _KEPT_AT_ONCE:
                keep_rows(kept_in, fresh, ROW_SIZE)
                fresh.clear()
    finally:
        keep_rows(kept_in, fresh, ROW_SIZE)


def _computed(
    samples: Sequence[TrainingSample], processes: int
) -> Iterator[tuple[TrainingSample, Row | ChildDied | None]]:
    if processes > 1 and len(samples) >= _FEWEST_FOR_CHILDREN:
        yield from map_in_children(_row_of, samples, processes)
    else:
        for sample in samples:
            yield sample, _row_of(sample)


def _row_of(sample: TrainingSample) -> Row | None:
    """`None` if the file is not the prepared image it should be."""
    pixels = _pixels(sample.file)
    return None if pixels is None else extract_row(pixels)


def _pixels(file: str) -> NDArray[np.uint8] | None:
    try:
        with Image.open(file, formats=["PNG"]) as image:
            if image.mode != "L" or image.height != LINE_HEIGHT or image.width > MAX_LINE_WIDTH:
                return None
            return np.array(image, dtype=np.uint8)
    except Exception:  # noqa: BLE001 - a damaged file makes the decoder raise anything
        return None
