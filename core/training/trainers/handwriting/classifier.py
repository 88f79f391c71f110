"""Streaming shrunk LDA: additive statistics and the scorer they give; knows no files, no samples.

Everything the classifier needs is a sum over the samples, so samples can be added and taken away
exactly, and a model grown step by step is the model fitted on the union.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt
from scipy import linalg

from core.training.trainers.handwriting.scorer import Scorer, temperature_of

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

_SHRINKAGE: Final = 0.7
_EVENING: Final = 0.8
"""Power of the spread by which features are divided: at 1 all would weigh alike, but of features of
one kind, those that vary more tell more."""
_CONTRAST_WEIGHT: Final = 0.25
"""Of a contrast, beside how far a line is from its class: few lines, often of the same words, show
too little of what the words do to the features."""
_ROUNDING: Final = 1e-12
"""What is left of a sum, relative to all that went in, below which only rounding is left."""
_NO_SCATTER: Final = 1e-9
"""A scatter inside the classes, relative to that over all, that is only rounding."""
_FLAT: Final = 1e-7
"""A spread, relative to the feature's own size, that single precision cannot tell from none."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Sums over samples, per class and in all; each operation returns new ones.

    A sample may bring contrasts: differences, one a feature, that come of what was written and not
    of who wrote it. They widen the spread inside the classes, and nothing else.

    All sums are of x - `origin`: features far from zero would otherwise lose their digits when the
    mean is taken off again. The origin is the first sample's features and changes no result.
    """

    classes: tuple[str, ...]
    """In alphabetical order."""
    counts: Integers
    """Samples of each class."""
    sums: Floats
    """Sum of x for each class: one row a class."""
    products: Floats
    """Sum of x x^T over all samples, and of what their contrasts add."""
    origin: Floats
    traffic: Floats
    """Sum of squares of each feature over all ever added or removed: how much rounding can be."""

    @classmethod
    def empty(cls, features: int) -> Self:
        """No sample, no class."""
        return cls(
            classes=(),
            counts=np.zeros(0, dtype=np.int64),
            sums=np.zeros((0, features)),
            products=np.zeros((features, features)),
            origin=np.zeros(features),
            traffic=np.zeros(features),
        )

    @property
    def total(self) -> int:
        """How many samples are in."""
        return int(self.counts.sum())

    def add(
        self,
        labels: Sequence[str],
        features: npt.ArrayLike,
        contrasts: npt.ArrayLike | None = None,
    ) -> Statistics:
        """With the samples added whose classes, features and contrasts (one row each) these are."""
        rows = self._rows(labels, features)
        beside = self._contrasts(labels, contrasts)
        if not labels:
            return self
        origin = self.origin if self.total else rows[0]
        return self._changed(labels, rows - origin, beside, origin, sign=1)

    def remove(
        self,
        labels: Sequence[str],
        features: npt.ArrayLike,
        contrasts: npt.ArrayLike | None = None,
    ) -> Statistics:
        """As if these samples had never been added; a class without samples is gone.

        Raises:
            ValueError: a class has fewer samples than are to be removed.
        """
        rows = self._rows(labels, features)
        beside = self._contrasts(labels, contrasts)
        if not labels:
            return self
        held = dict(zip(self.classes, self.counts.tolist(), strict=True))
        for name, count in Counter(labels).items():
            if held.get(name, 0) < count:
                raise ValueError(f"class {name} has {held.get(name, 0)} samples, not {count}")
        if len(labels) == self.total:
            return Statistics.empty(rows.shape[1])
        return self._changed(labels, rows - self.origin, beside, self.origin, sign=-1)

    def solve(self) -> Scorer:
        """The discriminants, every class equally likely beforehand.

        Classes differ along A^-1, where A is the spread inside the classes, shrunk towards its mean
        variance. Without any (one sample each) A is the identity: the nearest prototype wins.
        """
        mean = self.sums.sum(axis=0) / max(self.total, 1)
        means = self.sums / self.counts[:, None] - mean
        scatter = self.products - self.total * np.outer(mean, mean)
        scale = self._scale(scatter.diagonal(), mean) ** _EVENING
        used = np.flatnonzero(scale)
        prototypes = means[:, used] / scale[used]
        inside = scatter[np.ix_(used, used)] / np.outer(scale[used], scale[used])
        inside -= (prototypes * self.counts[:, None]).T @ prototypes
        weights = np.zeros((len(mean), len(self.classes)))
        everything = float((scatter.diagonal()[used] / scale[used] ** 2).sum())
        freedom = self.total - len(self.classes)
        weights[used] = _directions(inside, freedom, everything, prototypes)
        bias = -0.5 * np.einsum("ij,ji->i", prototypes, weights[used])
        inverse_scale = np.zeros_like(scale)
        inverse_scale[used] = 1.0 / scale[used]
        return Scorer(
            self.classes,
            center=self.origin + mean,
            inverse_scale=inverse_scale,
            weights=weights,
            bias=bias,
            temperature=temperature_of(prototypes @ weights[used]),
        )

    def to_arrays(self) -> dict[str, np.ndarray]:
        """As named arrays for a file; of the symmetric products one half is kept."""
        upper = np.triu_indices(len(self.origin))
        return {
            "counts": self.counts,
            "sums": self.sums,
            "products": self.products[upper],
            "origin": self.origin,
            "traffic": self.traffic,
        }

    @classmethod
    def from_arrays(cls, classes: Sequence[str], arrays: Mapping[str, np.ndarray]) -> Self:
        """What `to_arrays` gave, with its classes."""
        size = len(arrays["origin"])
        upper = np.triu_indices(size)
        products = np.zeros((size, size))
        products[upper] = arrays["products"]
        products.T[upper] = arrays["products"]
        return cls(
            classes=tuple(classes),
            counts=arrays["counts"],
            sums=arrays["sums"],
            products=products,
            origin=arrays["origin"],
            traffic=arrays["traffic"],
        )

    def _rows(self, labels: Sequence[str], features: npt.ArrayLike) -> Floats:
        rows = np.asarray(features, dtype=np.float64)
        if rows.shape != (len(labels), len(self.origin)):
            raise ValueError(f"{len(labels)} labels, but features of shape {rows.shape}")
        if not np.isfinite(rows).all():
            raise ValueError("features must be finite numbers")
        return rows

    def _contrasts(self, labels: Sequence[str], contrasts: npt.ArrayLike | None) -> Floats:
        """At their weight."""
        if contrasts is None:
            return np.zeros((0, len(self.origin)))
        return self._rows(labels, contrasts) * math.sqrt(_CONTRAST_WEIGHT)

    def _changed(
        self, labels: Sequence[str], rows: Floats, beside: Floats, origin: Floats, sign: int
    ) -> Statistics:
        classes = tuple(sorted({*self.classes, *labels}))
        place = {name: index for index, name in enumerate(classes)}
        before = [place[name] for name in self.classes]
        now = [place[name] for name in labels]
        counts = np.zeros(len(classes), dtype=np.int64)
        sums = np.zeros((len(classes), len(origin)))
        counts[before], sums[before] = self.counts, self.sums
        np.add.at(counts, now, sign)
        np.add.at(sums, now, sign * rows)
        left = counts > 0
        spread = np.concatenate([rows, beside])
        return Statistics(
            classes=tuple(name for name in classes if left[place[name]]),
            counts=counts[left],
            sums=sums[left],
            products=self.products + sign * (spread.T @ spread),
            origin=origin,
            traffic=self.traffic + np.square(spread).sum(axis=0),
        )

    def _scale(self, spread: Floats, mean: Floats) -> Floats:
        """Standard deviation of each feature over all samples, 0 for one that does not vary."""
        deviation = np.sqrt(np.maximum(spread, 0.0) / max(self.total, 1))
        varies = spread > _ROUNDING * self.traffic
        varies &= deviation > _FLAT * np.abs(self.origin + mean)
        return np.where(varies, deviation, 0.0)


def _directions(scatter: Floats, freedom: int, everything: float, prototypes: Floats) -> Floats:
    """A^-1 M^T, from the summed scatter inside the classes and its degrees of freedom.

    `everything` is the trace of the scatter over all classes.
    """
    size = len(scatter)
    trace = float(np.trace(scatter))
    if freedom <= 0 or trace <= _NO_SCATTER * everything:
        return prototypes.T
    within = scatter / freedom
    shrunk = (1.0 - _SHRINKAGE) * within
    shrunk[np.diag_indices(size)] += _SHRINKAGE * trace / freedom / size
    directions: Floats = linalg.solve(shrunk, prototypes.T, assume_a="pos", overwrite_a=True)
    return directions
