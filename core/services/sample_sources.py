"""Which images a folder offers for import, read from its manifest or its layout; opens no image."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
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
    root = manifest.parent.resolve()
    with manifest.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        missing = [
            name
            for name in COLUMNS
            if name not in (reader.fieldnames or []) and not (name == "school" and school)
        ]
        if missing:
            raise InvalidValueError("import.columns_missing", field="manifest.csv", columns=missing)
        for row in reader:
            named = (row.get("school") or school or "").strip()
            if school is None or named == school:
                yield _of_line(root, row, named, reader.line_num)


def _of_line(
    root: Path, row: dict[str, str | None], school: str, line: int
) -> Offered | RefusedFile:
    shown = (row.get("file") or "").strip()
    student = (row.get("student") or "").strip()
    if not shown or not student or not school or max(map(len, (school, student))) > MAX_NAME_LENGTH:
        return RefusedFile(shown or MANIFEST, "import.line_incomplete", {"line": line})
    try:
        captured_at = datetime.fromisoformat((row.get("captured_at") or "").strip())
    except ValueError:
        value = row.get("captured_at") or ""
        return RefusedFile(shown, "import.time_unreadable", {"line": line, "value": value})
    if captured_at.tzinfo is None:
        captured_at = captured_at.replace(tzinfo=UTC)  # the manifest's times are in UTC
    return _checked(root, Offered(school, student, root / shown, shown, captured_at))


def _of_layout(root: Path, school: str | None) -> Iterator[Offered | RefusedFile]:
    root = root.resolve()
    images = sorted(file for file in root.rglob("*") if file.suffix.lower() in IMAGE_SUFFIXES)
    if not images:
        raise InvalidValueError("import.no_images", field="path", value=str(root))
    for file in images:
        shown = file.relative_to(root)
        match shown.parts:
            case (named, student, _) if school in (None, named):
                pass
            case (_, _, _):
                continue
            case (student, _) if school is not None:
                named = school
            case _:
                yield RefusedFile(str(shown), "import.wrong_depth", {})
                continue
        captured_at = datetime.fromtimestamp(file.lstat().st_mtime, UTC)
        yield _checked(root, Offered(named, student, file, str(shown), captured_at))


def _checked(root: Path, offered: Offered) -> Offered | RefusedFile:
    if ".." in Path(offered.shown).parts or Path(offered.shown).is_absolute():
        return RefusedFile(offered.shown, "import.outside", {})
    inside = [offered.file, *offered.file.parents]
    if any(part.is_symlink() for part in inside if part.is_relative_to(root) and part != root):
        return RefusedFile(offered.shown, "import.link", {})
    if not offered.file.is_file():
        return RefusedFile(offered.shown, "import.file_missing", {})
    return offered
