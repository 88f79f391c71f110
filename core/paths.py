"""Where things are: the data folder, and the files that ship with the program.

Bundled files live at the top of the repository in a checkout, inside `core/_bundle` in an installed
wheel, and beside the executable's archive in a frozen build.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs

APP_NAME = "traintable"


@dataclass(frozen=True, slots=True)
class Home:
    """The folder that holds one installation's data; everything inside is named here."""

    root: Path

    @property
    def database(self) -> Path:
        """The embedded SQLite database."""
        return self.root / "traintable.db"

    @property
    def samples(self) -> Path:
        """Originals and prepared images of the samples."""
        return self.root / "samples"

    @property
    def features(self) -> Path:
        """Cached features, by image hash and extractor version."""
        return self.root / "features"

    @property
    def models(self) -> Path:
        """One folder per model version."""
        return self.root / "models"

    @property
    def runs(self) -> Path:
        """One working folder per attempt, removed when the attempt is recorded."""
        return self.root / "runs"

    @property
    def logs(self) -> Path:
        """Log files of the program itself."""
        return self.root / "logs"


def default_home() -> Path:
    """The platform's folder for this user's application data."""
    return Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))


def resources_folder() -> Path:
    """Icons, themes and translations."""
    return _bundled("resources", "resources")


def migrations_folder() -> Path:
    """Alembic's scripts."""
    return _bundled("alembic", "migrations")


def _bundled(in_checkout: str, in_bundle: str) -> Path:
    frozen = getattr(sys, "_MEIPASS", None)
    package = Path(__file__).parent
    installed = (Path(frozen) if frozen else package) / "_bundle" / in_bundle
    return installed if installed.exists() else package.parent / in_checkout
