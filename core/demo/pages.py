"""Draws the demo's handwriting into a folder that the ordinary import understands."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from core.demo.people import Student
from core.training.drawing import Writer, draw_line

LINES_BEFORE: Final = 6
"""Lines of each student for the first import."""
LINES_LATER: Final = 3
"""Lines of each student that come after the first training."""
SPAN: Final = timedelta(days=42)
"""How far back the oldest line was written."""

OnDrawn = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of one student: the number tells it from the others, and when it was written."""

    student: Student
    number: int

    def captured_at(self, now: datetime) -> datetime:
        """Spread over the last weeks, the highest number yesterday."""
        share = 1 - self.number / (LINES_BEFORE + LINES_LATER)
        hour = timedelta(minutes=37 * self.student.seed)
        return (now - timedelta(days=1) - SPAN * share - hour).replace(microsecond=0)

    def png(self) -> bytes:
        """The scan, the same each time."""
        rng = np.random.default_rng([self.student.seed, self.number])
        return draw_line(Writer.from_seed(self.student.seed), rng)


def lines_before(students: Sequence[Student]) -> list[Line]:
    """What the schools have before the first training."""
    return list(_lines(students, range(1, LINES_BEFORE + 1)))


def lines_later(students: Sequence[Student]) -> list[Line]:
    """What comes in after it."""
    return list(_lines(students, range(LINES_BEFORE + 1, LINES_BEFORE + LINES_LATER + 1)))


def _lines(students: Sequence[Student], numbers: range) -> Iterator[Line]:
    return (Line(student, number) for student in students for number in numbers)


def draw_into(folder: Path, lines: Sequence[Line], now: datetime, on_drawn: OnDrawn) -> None:
    """Write the images and a manifest.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "manifest.csv").open("w", encoding="utf-8", newline="") as manifest:
        rows = csv.writer(manifest)
        rows.writerow(["school", "student", "file", "captured_at"])
        for done, line in enumerate(lines, 1):
            file = f"{line.student.seed:02d}-{line.number:02d}.png"
            (folder / file).write_bytes(line.png())
            captured_at = line.captured_at(now).isoformat()
            rows.writerow([line.student.school, line.student.name, file, captured_at])
            on_drawn(done, len(lines))
