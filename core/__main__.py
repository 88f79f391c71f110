"""`python -m core`: the command line without a window."""

from __future__ import annotations

import sys

from core.cli.app import run_command_line

if __name__ == "__main__":
    sys.exit(run_command_line(sys.argv[1:]))
