"""Take samples in, and list them."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TypeVar

from core.contracts.backend import OnProgress
from core.contracts.records import (
    ImportSummary,
    Page,
    RefusedFile,
    SampleRecord,
    StudentCounts,
)
from core.domain.access import Verb
from core.errors import Param
from core.paths import Home
from core.services import schools as school_service
from core.services.actor import Actor, require, visible_school
from core.services.sample_sources import Offered, offered_images, sha256_of
from core.storage import samples, schools
from core.storage.samples import NewSample
from core.storage.unit_of_work import Store
from core.training.preparation import Prepared, Refused, prepare_many

BATCH = 40


@dataclass(slots=True)
class _Count:
    """What an import has done so far."""

    taken: int = 0
    known: int = 0
    refused: list[RefusedFile] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Importing:
    """One import: where to, by whom, how it is watched and stopped."""

    store: Store
    home: Home
    actor: Actor
    on_progress: OnProgress
    should_stop: Callable[[], bool]
    processes: int = os.cpu_count() or 1

    def run(self, path: Path, school: str | None) -> ImportSummary:
        """Take in what `path` offers; what is known stays as it is, so twice changes nothing.

        Each batch is committed on its own: a cancelled or killed import keeps what it has taken.

        Raises:
            InvalidValueError: `path` offers nothing that could be imported.
            ForbiddenError: a school that the actor may not import to.
        """
        count = _Count()
        by_school: dict[str, list[Offered]] = defaultdict(list)
        for offered in offered_images(path, school):
            if isinstance(offered, RefusedFile):
                count.refused.append(offered)
            else:
                by_school[offered.school].append(offered)
        total = sum(map(len, by_school.values())) + len(count.refused)
        self.on_progress(len(count.refused), total)
        for name, images in by_school.items():
            school_id = self._school_id(name)
            for batch in _batches(self._fresh(school_id, images, count), BATCH):
                self._take(school_id, batch, count)
                self.on_progress(count.taken + count.known + len(count.refused), total)
                if self.should_stop():
                    break
        return ImportSummary(
            count.taken, count.known, tuple(count.refused), is_cancelled=self.should_stop()
        )

    def _school_id(self, name: str) -> int:
        found = self.store.read(lambda unit: schools.find_id(unit, name))
        if found is None:
            return school_service.add_school(self.store, self.actor, name).id
        require(self.actor, Verb.IMPORT_SAMPLES, found)
        return found

    def _fresh(
        self, school_id: int, images: Sequence[Offered], count: _Count
    ) -> Iterator[tuple[Offered, str]]:
        """Images that this school does not have yet, with their hashes."""
        students = self.store.read(lambda unit: samples.known_students(unit, school_id))
        for offered in images:
            try:
                sha256 = sha256_of(offered.file)
            except OSError as error:
                count.refused.append(_refused(offered, "import.unreadable", detail=str(error)))
                continue
            known_as = students.get(sha256)
            if known_as is None:
                students[sha256] = offered.student
                yield offered, sha256
            elif known_as == offered.student:
                count.known += 1
            else:
                count.refused.append(_refused(offered, "import.other_student", student=known_as))

    def _take(self, school_id: int, batch: Sequence[tuple[Offered, str]], count: _Count) -> None:
        new: list[NewSample] = []
        answers = prepare_many([offered.file for offered, _ in batch], self.processes)
        for (offered, sha256), answer in zip(batch, answers, strict=True):
            if isinstance(answer, Refused):
                count.refused.append(_refused(offered, answer.code, **answer.params))
            new.append(self._stored(school_id, offered, sha256, answer))
        added = self.store.write(
            lambda unit: samples.add_all(unit, school_id, new, actor=self.actor.name)
        )
        good = sum(each.stored_name is not None for each in new)
        count.taken += min(good, added)
        count.known += max(0, good - added)

    def _stored(
        self, school_id: int, offered: Offered, sha256: str, answer: Prepared | Refused
    ) -> NewSample:
        """Keep original and prepared image under names of our own; files first, then the row."""
        if isinstance(answer, Refused):
            return NewSample(
                school_id,
                offered.student,
                offered.shown,
                sha256,
                offered.captured_at,
                None,
                answer.code,
                answer.params,
            )
        name = f"{school_id}/{sha256[:2]}/{sha256}.png"
        place = self.home.samples / name
        place.parent.mkdir(parents=True, exist_ok=True)
        _write(place.with_suffix(".original"), offered.file.read_bytes())
        _write(place, answer.image.png)
        return NewSample(
            school_id, offered.student, offered.shown, sha256, offered.captured_at, name
        )


def list_samples(
    store: Store,
    home: Home,
    actor: Actor,
    *,
    school_id: int | None,
    student: str | None,
    skip: int,
    limit: int,
) -> Page[SampleRecord]:
    """Samples the actor may see, newest capture first."""
    seen = visible_school(actor, school_id)
    return store.read(
        lambda unit: samples.list_page(
            unit, home.samples, school_id=seen, student=student, skip=skip, limit=limit
        )
    )


def list_students(store: Store, actor: Actor, school_id: int | None) -> tuple[StudentCounts, ...]:
    """Counts by student, of the schools the actor may see."""
    seen = visible_school(actor, school_id)
    return store.read(lambda unit: samples.students(unit, seen))


def _refused(offered: Offered, code: str, **params: Param) -> RefusedFile:
    return RefusedFile(offered.shown, code, params)


T = TypeVar("T")


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _write(file: Path, content: bytes) -> None:
    beside = file.with_name(file.name + f".{os.getpid()}.part")
    beside.write_bytes(content)
    beside.replace(file)
