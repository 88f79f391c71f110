"""Whether anything was committed to a SQLite file, asked so cheaply that it may be asked often."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from core.errors import UnavailableError


class RevisionWatch:
    """Reads `PRAGMA data_version`, which moves with every commit of another connection.

    It compares the file with what this connection saw before, so the connection is kept, outside
    any transaction and any pool. For one thread.
    """

    def __init__(self, file: str) -> None:
        self._file = file
        self._connection: sqlite3.Connection | None = None

    def read(self) -> int:
        """The number now. Raises `UnavailableError`."""
        try:
            if self._connection is None:
                # Read and write, but never create: a file that is gone is an outage, not empty.
                place = f"{Path(self._file).absolute().as_uri()}?mode=rw"
                self._connection = sqlite3.connect(place, uri=True, isolation_level=None)
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])
        except sqlite3.Error as error:
            self.close()
            raise UnavailableError("database.unavailable", detail=str(error)) from error

    def close(self) -> None:
        """Let go of the connection; the next read makes another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
