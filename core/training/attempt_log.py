"""The log of an attempt: bounded on disk while the child writes it, harmless text afterwards.

The child appends through a descriptor of its own. When the file outgrows its bound, its newest part
is remembered, everything after the head is cut off, and the child goes on behind the head: what is
lost is always the middle.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from core.language import _

if sys.platform == "win32":
    import _winapi
    import msvcrt

# Byte values that do nothing good in a database, a terminal or a window; all are ASCII, so they are
# never a part of a longer UTF-8 character.
_CONTROLS: Final = bytes(set(range(32)) - set(b"\t\n\r")) + b"\x7f"
_TO_INVALID: Final = bytes.maketrans(_CONTROLS, b"\xff" * len(_CONTROLS))
_C1_CONTROLS: Final = re.compile("[\x80-\x9f]+")
_CONTINUATION: Final = bytes(range(0x80, 0xC0))


class AttemptLog:
    """`log.txt` of one running attempt, at most about `limit` bytes of it kept."""

    def __init__(self, file: Path, limit: int) -> None:
        self._file = file.open("w+b", buffering=0)
        self._path = file
        self._limit = limit
        self._head_room = limit // 2
        self._cut_off = b""
        self._cut_bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    @property
    def written(self) -> int:
        """How much the child has written, whether or not it is still here."""
        return self._size() + self._cut_bytes

    @contextmanager
    def open_for_child(self) -> Iterator[int]:
        """A descriptor whose every write goes to the end of the file, wherever that is by then."""
        descriptor = _open_append_only(self._path)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def trim(self) -> None:
        """Cut off the middle if the file is larger than its bound."""
        size = self._size()
        if size <= self._limit:
            return
        self._cut_off = self._read(size - (self._limit - self._head_room), size)
        self._file.truncate(self._head_room)
        self._cut_bytes += size - self._head_room

    def tail(self, size: int) -> str:
        """The last `size` bytes, as text."""
        return _end_of(self._cut_off + self._newest(size + 1), size)

    def text(self) -> str:
        """What is kept: all, or head and tail with a note between them."""
        self.trim()
        if not self._cut_bytes:
            return shortened_log(readable(self._read(0, self._size())), self._limit)
        head = readable(self._read(0, self._head_room))
        tail = _end_of(self._cut_off + self._newest(self._limit), self._limit - self._head_room)
        return shortened_log(head + _left_out() + tail, self._limit)

    def _newest(self, size: int) -> bytes:
        """At most `size` bytes of the file's end, behind the head if the middle was cut."""
        end = self._size()
        start = self._head_room if self._cut_bytes else 0
        return self._read(max(start, end - size), end)

    def _size(self) -> int:
        return os.fstat(self._file.fileno()).st_size

    def _read(self, start: int, end: int) -> bytes:
        self._file.seek(start)
        return self._file.read(max(0, end - start)) or b""


def readable(data: bytes) -> str:
    """Bytes of any program as text that can be stored and shown; what is no text becomes U+FFFD."""
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    text = lines.translate(_TO_INVALID).decode("utf-8", errors="replace")
    return _C1_CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)


def shortened_log(text: str, limit: int) -> str:
    """`text`, or its head and its tail with a note between them: at most `limit` bytes in UTF-8."""
    data = text.encode("utf-8")
    if len(data) <= limit:
        return text
    room = limit - len(_left_out().encode("utf-8"))
    if room <= 0:
        return data[: max(limit, 0)].decode("utf-8", errors="ignore")
    head = data[: room // 2].decode("utf-8", errors="ignore")
    tail = data[-(room - room // 2) :].decode("utf-8", errors="ignore")
    return head + _left_out() + tail


def _left_out() -> str:
    return "\n" + _("[The middle of this log was left out: it was too long.]") + "\n"


def _end_of(data: bytes, size: int) -> str:
    if len(data) > size:
        data = data[len(data) - size :].lstrip(_CONTINUATION)  # no half character in front
    return readable(data)


def _open_append_only(file: Path) -> int:
    if sys.platform == "win32":
        # Windows knows "append" only as a right of the handle: the C library's flag is not
        # inherited, and after a cut the child would leave a hole instead of going on at the end.
        append_read_attributes_synchronize = 0x0004 | 0x0080 | 0x00100000
        share_everything, open_existing = 0x7, 3
        handle = _winapi.CreateFile(
            str(file), append_read_attributes_synchronize, share_everything, 0, open_existing, 0, 0
        )
        return msvcrt.open_osfhandle(handle, os.O_APPEND)
    else:  # noqa: RET505 - mypy follows the system's branches only as if and else
        return os.open(file, os.O_WRONLY | os.O_APPEND)
