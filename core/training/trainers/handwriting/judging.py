"""Champion and candidate on the same held-out samples, unseen by both; no files, no images."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from core.training.evaluate import Judgement, judge, metrics_of
from core.training.model_description import Description, SeenSample
from core.training.trainers.handwriting.classifier import Floats, Statistics
from core.training.trainers.handwriting.features import FEATURE_COUNT


@dataclass(frozen=True, slots=True)
class Examples:
    """Samples with their features and contrasts, one row each."""

    samples: tuple[SeenSample, ...]
    features: Floats
    contrasts: Floats

    @classmethod
    def of(cls, samples: tuple[SeenSample, ...], rows: np.ndarray) -> Self:
        """From what `extract_row` gives of each."""
        exact = rows.astype(np.float64)
        return cls(samples, exact[:, :FEATURE_COUNT], exact[:, FEATURE_COUNT:])

    @property
    def students(self) -> list[str]:
        """Who wrote each."""
        return [seen.student for seen in self.samples]

    def split(self, ids: Collection[int]) -> tuple[Examples, Examples]:
        """Those of `ids`, and the others."""
        inside = [place for place, seen in enumerate(self.samples) if seen.sample_id in ids]
        outside = [place for place, seen in enumerate(self.samples) if seen.sample_id not in ids]
        return self._at(inside), self._at(outside)

    def joined(self, others: Examples) -> Examples:
        """These, then the others."""
        return Examples(
            self.samples + others.samples,
            np.concatenate([self.features, others.features]),
            np.concatenate([self.contrasts, others.contrasts]),
        )

    def _at(self, places: Sequence[int]) -> Examples:
        samples = tuple(self.samples[place] for place in places)
        return Examples(samples, self.features[places], self.contrasts[places])


@dataclass(frozen=True, slots=True)
class Champion:
    """The model in service, in memory."""

    version: int
    description: Description
    statistics: Statistics

    def without(self, held: Examples) -> Champion:
        """As if it had never seen those of `held` that it has seen; exact, for sums are additive.

        A sample whose image was replaced since counts as another one: what the champion learned
        of it cannot be known any more.
        """
        seen_by_id = {seen.sample_id: seen for seen in self.description.samples}
        learned = [
            # Under the student it was learned for, who may have been corrected since.
            (place, known.student)
            for place, seen in enumerate(held.samples)
            if (known := seen_by_id.get(seen.sample_id)) and known.sha256 == seen.sha256
        ]
        places = [place for place, _student in learned]
        labels = [student for _place, student in learned]
        left = self.statistics.remove(labels, held.features[places], held.contrasts[places])
        return replace(self, statistics=left)


def judged(
    held: Examples, lessons: Examples, champion: Champion | None, *, adds: bool
) -> dict[str, Any]:
    """Metrics of a candidate fitted on `lessons`, and on the champion's own samples if it `adds`.

    `held` are judged by and taught to nobody; the champion unlearns those it has seen. The model
    that goes in service is another: fitted on `held` as well, with these numbers.
    """
    rival = champion.without(held) if champion else None
    start = rival.statistics if rival and adds else Statistics.empty(lessons.features.shape[1])
    candidate = start.add(lessons.students, lessons.features, lessons.contrasts)
    metrics = metrics_of(
        held.students,
        _judgement(candidate, held),
        _judgement(rival.statistics, held) if rival else None,
        known=champion.description.classes if champion else (),
    )
    days = [seen.captured_on for seen in held.samples]
    metrics["judged_by"] = {
        "fitted_on": candidate.total,
        "held_out": len(days),
        "first_day": min(days).isoformat() if days else None,
        "last_day": max(days).isoformat() if days else None,
        "champion_version": champion.version if champion else None,
    }
    return metrics


def _judgement(statistics: Statistics, held: Examples) -> Judgement:
    scorer = statistics.solve()
    return judge(scorer.classes, scorer.scores(held.features), held.students)
