"""How well a model names writers: which samples are held out, and what the answers are worth.

Pure functions of values; fitting and unlearning are the trainer's.
"""

from __future__ import annotations

import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol, TypedDict

import numpy as np

HELD_OUT_SHARE: Final = 0.2
MOST_HELD_OUT: Final = 20
"""Of one student: more would tell little, and a large school would be slow to judge."""
WORST_PAIRS: Final = 10
_TOP: Final = 5
_UNKNOWN: Final = sys.maxsize


class Dated(Protocol):
    """A sample, as far as a split needs it."""

    @property
    def sample_id(self) -> int: ...
    @property
    def student(self) -> str: ...
    @property
    def captured_on(self) -> date: ...


class StudentScore(TypedDict):
    """Accuracy on one student's held-out samples; `champion_top1` is `None` without a champion."""

    student: str
    held_out: int
    top1: float
    champion_top1: float | None


class Pair(TypedDict):
    """How often samples of one student were taken for another's."""

    student: str
    taken_for: str
    count: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """Where the true student stood in each answer: 0 is first."""

    ranks: tuple[int, ...]
    answers: tuple[str | None, ...]
    """The student named first; `None` from a model without students."""

    def share_within(self, top: int, places: Sequence[int] | None = None) -> float | None:
        """Share of the samples (at `places`) with their student among the first `top`."""
        ranks = self.ranks if places is None else [self.ranks[place] for place in places]
        return sum(rank < top for rank in ranks) / len(ranks) if ranks else None


def held_out(samples: Iterable[Dated]) -> frozenset[int]:
    """The ids to judge by: each student's newest capture dates.

    Whole dates, newest first, until they hold a fifth of the student's samples or `MOST_HELD_OUT`;
    the oldest date always stays for training, so a student with one date holds nothing out. A
    random split would flatter: samples of one day look alike.
    """
    by_student: defaultdict[str, defaultdict[date, list[int]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for sample in samples:
        by_student[sample.student][sample.captured_on].append(sample.sample_id)
    return frozenset(sample_id for dates in by_student.values() for sample_id in _newest(dates))


def judge(classes: Sequence[str], scores: np.ndarray, students: Sequence[str]) -> Judgement:
    """Compare scores (one row a sample, one column a class) with who wrote each sample.

    A student the model does not know is never right. An equal score counts
    against the model: a model that cannot tell students apart must not look as if it could.
    """
    column = {name: index for index, name in enumerate(classes)}
    ranks = []
    answers: list[str | None] = []
    for row, student in zip(scores, students, strict=True):
        own = column.get(student)
        ranks.append(_UNKNOWN if own is None else int((row >= row[own]).sum()) - 1)
        answers.append(classes[int(row.argmax())] if classes else None)
    return Judgement(tuple(ranks), tuple(answers))


def metrics_of(
    students: Sequence[str],
    candidate: Judgement,
    champion: Judgement | None,
    known: Iterable[str],
) -> dict[str, object]:
    """The numbers of a model judged by samples of `students` (one entry a sample).

    The pairs `known_*` are over the students the champion has seen, so that new students, whom it
    cannot name, do not hide a regression.
    """
    seen_before = set(known)
    old = [place for place, student in enumerate(students) if student in seen_before]

    def share(judgement: Judgement | None, top: int) -> float | None:
        return judgement.share_within(top) if judgement else None

    def share_of_old(judgement: Judgement | None) -> float | None:
        return judgement.share_within(1, old) if judgement else None

    return {
        "held_out": len(students),
        "top1": share(candidate, 1),
        "top5": share(candidate, _TOP),
        "champion_top1": share(champion, 1),
        "champion_top5": share(champion, _TOP),
        "known_held_out": len(old),
        "known_top1": share_of_old(candidate if champion else None),
        "known_champion_top1": share_of_old(champion),
        "per_student": per_student(students, candidate, champion),
        "worst_pairs": worst_pairs(students, candidate),
    }


def per_student(
    students: Sequence[str], candidate: Judgement, champion: Judgement | None
) -> list[StudentScore]:
    """Accuracy by student, the worst first."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, student in enumerate(students):
        places[student].append(place)
    rows = [
        StudentScore(
            student=student,
            held_out=len(own),
            top1=candidate.share_within(1, own) or 0.0,
            champion_top1=champion.share_within(1, own) if champion else None,
        )
        for student, own in sorted(places.items())
    ]
    return sorted(rows, key=lambda row: row["top1"])


def worst_pairs(students: Sequence[str], judgement: Judgement) -> list[Pair]:
    """Who was most often taken for whom."""
    confused = Counter(
        (student, answer)
        for student, answer in zip(students, judgement.answers, strict=True)
        if answer is not None and answer != student
    )
    ordered = sorted(confused.items(), key=lambda item: (-item[1], item[0]))
    return [
        Pair(student=student, taken_for=answer, count=count)
        for (student, answer), count in ordered[:WORST_PAIRS]
    ]


def _newest(dates: dict[date, list[int]]) -> list[int]:
    total = sum(map(len, dates.values()))
    wanted = min(math.ceil(total * HELD_OUT_SHARE), MOST_HELD_OUT)
    chosen: list[int] = []
    for day in sorted(dates, reverse=True)[:-1]:
        if len(chosen) >= wanted:
            break
        chosen.extend(dates[day])
    return chosen
