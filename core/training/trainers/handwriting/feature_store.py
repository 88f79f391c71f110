"""Feature vectors in files that several processes may write at once; computes none.

A file is written once, beside, and renamed into place, so writers never share one. It holds a head,
then all keys, all checksums and all rows; each row is checked alone. What is truncated, foreign or
damaged is as good as absent. All failures of the disk are: a cache may forget.
"""

from __future__ import annotations

import hashlib
import logging
import struct
import uuid
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

_SUFFIX: Final = ".features"
_UNFINISHED: Final = ".part"
_HEAD: Final = struct.Struct("<8sII")  # magic, rows, numbers in a row
_MAGIC: Final = b"TTfeat1\n"
_KEY_SIZE: Final = 32
_CHECK_SIZE: Final = 4
_NUMBER_SIZE: Final = 4
_MOST_SMALL_FILES: Final = 32
_SMALL: Final = 4_000_000

Row = NDArray[np.float32]
_log = logging.getLogger(__name__)


def read_rows(folder: Path, keys: Collection[str], width: int) -> dict[str, Row]:
    """The rows of `keys` that are kept whole; the others are left out."""
    wanted = {_digest(key): key for key in keys}
    rows: dict[str, Row] = {}
    for file in _kept_files(folder) if wanted else []:
        for digest, row in _rows_in(file, wanted.keys(), width):
            rows[wanted.pop(digest)] = row
        if not wanted:
            break
    return rows


def keep_rows(folder: Path, rows: Mapping[str, Row], width: int) -> None:
    """Keep `rows` for later readers, and join the small files once there are many."""
    if not rows:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder, {_digest(key): row for key, row in rows.items()}, width)
        _join_small_files(folder, width)
    except OSError as error:
        _log.warning("Features were not kept in %s: %s", folder, error)


def _digest(key: str) -> bytes:
    """Keys of one length, whatever the caller names an image by."""
    return hashlib.sha256(key.encode()).digest()


def _kept_files(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*{_SUFFIX}"))


def _write(folder: Path, rows: Mapping[bytes, Row], width: int) -> Path:
    file = folder / f"{uuid.uuid4().hex}{_SUFFIX}"
    beside = file.with_suffix(_UNFINISHED)
    packed = [row.astype("<f4").tobytes() for row in rows.values()]
    checks = [_check(digest, row) for digest, row in zip(rows, packed, strict=True)]
    head = _HEAD.pack(_MAGIC, len(rows), width)
    try:
        beside.write_bytes(b"".join([head, *rows, *checks, *packed]))
        beside.replace(file)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        raise
    return file


def _rows_in(file: Path, wanted: Collection[bytes], width: int) -> Iterator[tuple[bytes, Row]]:
    """The sound rows of `file` among `wanted`, each once; reads little if few are wanted."""
    try:
        with file.open("rb") as opened:
            yield from _sound_rows(opened, file.stat().st_size, set(wanted), width)
    except OSError as error:
        # Also the ordinary case that another process joined this file into a larger one.
        _log.debug("Features in %s cannot be read: %s", file, error)


def _sound_rows(
    opened: BinaryIO, size: int, wanted: set[bytes], width: int
) -> Iterator[tuple[bytes, Row]]:
    head = opened.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return
    magic, count, file_width = _HEAD.unpack(head)
    row_size = width * _NUMBER_SIZE
    rows_at = _HEAD.size + count * (_KEY_SIZE + _CHECK_SIZE)
    if (magic, file_width) != (_MAGIC, width) or size != rows_at + count * row_size:
        return
    keys, checks = opened.read(count * _KEY_SIZE), opened.read(count * _CHECK_SIZE)
    for place in range(count):
        digest = keys[place * _KEY_SIZE : (place + 1) * _KEY_SIZE]
        if digest not in wanted:
            continue
        opened.seek(rows_at + place * row_size)
        packed = opened.read(row_size)
        if checks[place * _CHECK_SIZE : (place + 1) * _CHECK_SIZE] == _check(digest, packed):
            wanted.discard(digest)
            yield digest, np.frombuffer(packed, dtype="<f4").astype(np.float32)


def _check(digest: bytes, packed: bytes) -> bytes:
    return zlib.crc32(packed, zlib.crc32(digest)).to_bytes(_CHECK_SIZE, "little")


def _join_small_files(folder: Path, width: int) -> None:
    """Many short runs leave many small files: write their rows once more, then remove them.

    Two processes that do so at once keep some rows twice; none is lost, because a file goes only
    after its rows stand in a newer one.
    """
    small = [file for file in _kept_files(folder) if _size(file) < _SMALL]
    if len(small) <= _MOST_SMALL_FILES:
        return
    rows = {digest: row for file in small for digest, row in _all_rows(file, width)}
    if rows:
        _write(folder, rows, width)
    for file in (*small, *folder.glob(f"*{_UNFINISHED}")):
        # An unfinished file is a dead writer's, or one that a living writer can do without.
        with suppress(OSError):
            file.unlink()


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return _SMALL


def _all_rows(file: Path, width: int) -> Iterator[tuple[bytes, Row]]:
    try:
        content = file.read_bytes()
    except OSError:
        return iter(())
    count = int.from_bytes(content[8:12], "little")
    keys = content[_HEAD.size : _HEAD.size + count * _KEY_SIZE]
    wanted = {keys[at : at + _KEY_SIZE] for at in range(0, len(keys), _KEY_SIZE)}
    return _rows_in(file, wanted, width)
