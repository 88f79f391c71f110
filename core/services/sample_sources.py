"""Which images a folder offers for import, read from its manifest or its layout; opens no image."""

from __future__ import annotations

import csv
import hashlib
import os
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.contracts.records import RefusedFile
from core.errors import InvalidValueError

MANIFEST = "manifest.csv"
COLUMNS = ("school", "student", "file", "captured_at")
IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp", ".gif"})
MAX_NAME_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Offered:
    """One image on disk, whose it is and when it was captured."""

    school: str
    student: str
    file: Path
    shown: str
    """Its path as a person knows it, relative to the import."""
    captured_at: datetime


def offered_images(path: Path, school: str | None) -> Iterator[Offered | RefusedFile]:
    """What `path` offers, of `school` only if one is named.

    A folder with a `manifest.csv` (or the manifest itself), else school/student/image, else - with
    `school` - student/image. Links and paths out of the folder are refused one by one.

    Raises:
        InvalidValueError: `path` is none of these.
    """
    manifest = path if path.is_file() else path / MANIFEST
    if path.is_file() and path.suffix.lower() != ".csv":
        raise InvalidValueError("import.not_a_folder", field="path", value=str(path))
    if not path.exists():
        raise InvalidValueError("import.not_found", field="path", value=str(path))
    if manifest.is_file():
        return _of_manifest(manifest, school)
    return _of_layout(path, school)


def sha256_of(file: Path) -> str:
    """The hash of a file's bytes. Raises `OSError`."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _of_manifest(manifest: Path, school: str | None) -> Iterator[Offered | RefusedFile]:
    try:
        with manifest.open(encoding="utf-8-sig", newline="") as lines:
            yield from _of_lines(manifest.parent.resolve(), csv.DictReader(lines), school)
    except UnicodeDecodeError as error:
        raise InvalidValueError("import.not_utf8", field=MANIFEST) from error
    except (OSError, csv.Error) as error:
        raise InvalidValueError(
            "import.manifest_unreadable", field=MANIFEST, detail=str(error)
        ) from error


def _of_lines(
    root: Path, reader: csv.DictReader[str], school: str | None
) -> Iterator[Offered | RefusedFile]:
    missing = [
        name
        for name in COLUMNS
        if name not in (reader.fieldnames or []) and not (name == "school" and school)
    ]
    if missing:
        raise InvalidValueError("import.columns_missing", field=MANIFEST, columns=missing)
    for row in reader:
        named = _tidy(row.get("school") or school or "")
        if school is None or named == _tidy(school):
            yield _of_line(root, row, named, reader.line_num)


def _of_line(
    root: Path, row: Mapping[str, str | None], school: str, line: int
) -> Offered | RefusedFile:
    shown = (row.get("file") or "").strip()
    student = _tidy(row.get("student") or "")
    if not shown or not student or not school or max(map(len, (school, student))) > MAX_NAME_LENGTH:
        return RefusedFile(shown or MANIFEST, "import.line_incomplete", {"line": line})
    value = (row.get("captured_at") or "").strip()
    try:
        captured_at = _in_utc(datetime.fromisoformat(value))
    except (ValueError, OverflowError):
        return RefusedFile(shown, "import.time_unreadable", {"line": line, "value": value})
    return _checked(root, Offered(school, student, root / shown, shown, captured_at))


def _of_layout(root: Path, school: str | None) -> Iterator[Offered | RefusedFile]:
    root = root.resolve()
    images = sorted(file for file in root.rglob("*") if file.suffix.lower() in IMAGE_SUFFIXES)
    if not images:
        raise InvalidValueError("import.no_images", field="path", value=str(root))
    wanted = None if school is None else _tidy(school)
    for file in images:
        place = file.relative_to(root)
        shown = os.fsencode(place).decode("utf-8", "replace")
        match place.parts:
            case (named, student, _) if wanted in (None, _tidy(named)):
                pass
            case (_, _, _):
                continue
            case (student, _) if school is not None:
                named = school
            case _:
                yield RefusedFile(shown, "import.wrong_depth", {})
                continue
        try:
            captured_at = datetime.fromtimestamp(file.lstat().st_mtime, UTC)
        except (OSError, ValueError, OverflowError) as error:
            yield RefusedFile(shown, "import.unreadable", {"detail": str(error)})
            continue
        yield _checked(root, Offered(_tidy(named), _tidy(student), file, shown, captured_at))


def _checked(root: Path, offered: Offered) -> Offered | RefusedFile:
    if not all(map(_is_storable, (offered.school, offered.student, offered.shown))):
        return RefusedFile(_storable(offered.shown), "import.name_unstorable", {})
    if ".." in Path(offered.shown).parts or Path(offered.shown).is_absolute():
        return RefusedFile(offered.shown, "import.outside", {})
    inside = [offered.file, *offered.file.parents]
    if any(part.is_symlink() for part in inside if part.is_relative_to(root) and part != root):
        return RefusedFile(offered.shown, "import.link", {})
    if not offered.file.is_file():
        return RefusedFile(offered.shown, "import.file_missing", {})
    return offered


def _tidy(name: str) -> str:
    """As schools and students are named here: one space between words, none around."""
    return " ".join(name.split())


def _in_utc(instant: datetime) -> datetime:
    """A manifest's time without an offset is in UTC already."""
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def _is_storable(text: str) -> bool:
    """Whether a database takes it: no control characters, no rests of undecodable bytes."""
    return not any(unicodedata.category(each) in {"Cc", "Cs"} for each in text)


def _storable(text: str) -> str:
    return "".join(each if _is_storable(each) else "\N{REPLACEMENT CHARACTER}" for each in text)
