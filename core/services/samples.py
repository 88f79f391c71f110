"""Take samples in, and list them."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core.contracts.backend import OnProgress
from core.contracts.records import (
    ImportSummary,
    Page,
    RefusedFile,
    SampleRecord,
    StudentCounts,
)
from core.domain.access import Verb
from core.errors import Param, UnavailableError
from core.paths import Home
from core.services import schools as school_service
from core.services.actor import Actor, require, visible_school
from core.services.sample_sources import Offered, offered_images, sha256_of
from core.storage import samples, schools
from core.storage.samples import NewSample
from core.storage.unit_of_work import Store
from core.training.preparation import Prepared, Refused, prepare_many

BATCH = 40
"""How many images are committed at once: what a killed import may have to do again."""


@dataclass(slots=True)
class _Count:
    """What an import has done so far."""

    total: int = 0
    taken: int = 0
    known: int = 0
    refused: list[RefusedFile] = field(default_factory=list)
    waiting: list[NewSample] = field(default_factory=list)
    """Looked at, and not committed yet."""

    @property
    def done(self) -> int:
        """How many of the offered images need nothing more."""
        waiting = sum(each.stored_name is not None for each in self.waiting)
        return self.taken + self.known + len(self.refused) + waiting


@dataclass(frozen=True, slots=True)
class _Fresh:
    """An image that its school does not have yet."""

    school_id: int
    offered: Offered
    sha256: str


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
        fresh = self._fresh(path, school, count)
        self.on_progress(count.done, count.total)
        files = [each.offered.file for each in fresh]
        processes = max(1, min(self.processes, len(files)))
        answers = prepare_many(files, processes, self.should_stop)
        looked_at = 0
        # As many answers as files, unless the import is stopped.
        for each, answer in zip(fresh, answers, strict=False):
            looked_at += 1
            self._take(each, answer, count)
            self.on_progress(count.done, count.total)
        self._commit(count)
        is_cancelled = looked_at < len(fresh)
        return ImportSummary(count.taken, count.known, tuple(count.refused), is_cancelled)

    def _fresh(self, path: Path, school: str | None, count: _Count) -> list[_Fresh]:
        """What `path` offers and its schools do not have; counts the rest."""
        by_school: dict[str, list[Offered]] = defaultdict(list)
        for offered in offered_images(path, school):
            count.total += 1
            if isinstance(offered, RefusedFile):
                count.refused.append(offered)
            else:
                by_school[offered.school].append(offered)
        return [
            each
            for name, images in by_school.items()
            for each in self._fresh_of(self._school_id(name), images, count)
        ]

    def _school_id(self, name: str) -> int:
        found = self.store.read(lambda unit: schools.find_id(unit, name))
        if found is None:
            return school_service.add_school(self.store, self.actor, name).id
        require(self.actor, Verb.IMPORT_SAMPLES, found)
        return found

    def _fresh_of(
        self, school_id: int, images: Sequence[Offered], count: _Count
    ) -> Iterator[_Fresh]:
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
                yield _Fresh(school_id, offered, sha256)
            elif known_as == offered.student:
                count.known += 1
            else:
                count.refused.append(_refused(offered, "import.other_student", student=known_as))

    def _take(self, fresh: _Fresh, answer: Prepared | Refused, count: _Count) -> None:
        """Store one image, and commit when there are enough or another school begins."""
        waiting = count.waiting
        if waiting and (len(waiting) >= BATCH or waiting[0].school_id != fresh.school_id):
            self._commit(count)
        if isinstance(answer, Refused):
            count.refused.append(_refused(fresh.offered, answer.code, **answer.params))
            refusal = (answer.code, answer.params)
            count.waiting.append(_row(fresh, None, *refusal))
        elif answer.image.sha256 != fresh.sha256:
            count.refused.append(_refused(fresh.offered, "import.changed"))
        else:
            count.waiting.append(_row(fresh, self._stored(fresh, answer)))

    def _commit(self, count: _Count) -> None:
        if not count.waiting:
            return
        waiting, school_id = count.waiting, count.waiting[0].school_id
        added = self.store.write(
            lambda unit: samples.add_all(unit, school_id, waiting, actor=self.actor.name)
        )
        good = {each.sha256 for each in waiting if each.stored_name is not None}
        taken = len(good & added)
        count.waiting = []
        count.taken += taken
        count.known += len(good) - taken

    def _stored(self, fresh: _Fresh, answer: Prepared) -> str:
        """Keep original and prepared image under names of our own; files first, then the row."""
        name = f"{fresh.school_id}/{fresh.sha256[:2]}/{fresh.sha256}.png"
        place = self.home.samples / name
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            _write(place.with_suffix(".original"), fresh.offered.file.read_bytes())
            _write(place, answer.image.png)
        except OSError as error:
            detail = error.strerror or type(error).__name__
            raise UnavailableError(
                "import.not_stored", file=fresh.offered.shown, detail=detail
            ) from error
        return name


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


def _row(
    fresh: _Fresh,
    stored_name: str | None,
    code: str | None = None,
    params: dict[str, Param] | None = None,
) -> NewSample:
    offered = fresh.offered
    return NewSample(
        school_id=fresh.school_id,
        student=offered.student,
        file=offered.shown,
        sha256=fresh.sha256,
        captured_at=offered.captured_at,
        stored_name=stored_name,
        error_code=code,
        error_params=params,
    )


def _write(file: Path, content: bytes) -> None:
    beside = file.with_name(file.name + f".{os.getpid()}.part")
    beside.write_bytes(content)
    beside.replace(file)
