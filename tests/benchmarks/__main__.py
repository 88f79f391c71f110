"""Runs every benchmark of this folder, or those named: `python -m tests.benchmarks cron`."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path


def main(names: list[str]) -> int:
    """Run them one after the other; exit status 0 when all figures hold."""
    found = sorted(file.stem for file in Path(__file__).parent.glob("bench_*.py"))
    chosen = [f"bench_{name}" for name in names] or found
    failures = 0
    for name in chosen:
        print(f"== {name.removeprefix('bench_')}", flush=True)
        failures += bool(import_module(f"tests.benchmarks.{name}").main())
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
