"""Fails when the migrations and the models do not describe the same tables."""

from __future__ import annotations

import sys
import tempfile
import warnings
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from core.storage import migrate
from core.storage.engine import make_engine, sqlite_url
from core.storage.rows import Row


def main() -> int:
    """Upgrade an empty database and compare; exit status."""
    # SQLite cannot show indexes on expressions, and Alembic says so; tests compare those by name.
    warnings.filterwarnings("ignore", message="(autogenerate skipping|Skipped unsupported)")
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(sqlite_url(Path(folder) / "check.db"))
        migrate.upgrade(engine)
        with engine.connect() as connection:
            differences = compare_metadata(MigrationContext.configure(connection), Row.metadata)
        engine.dispose()
    for difference in differences:
        print(f"models and migrations differ: {difference}", file=sys.stderr)
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
