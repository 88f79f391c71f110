"""Says goodbye and leaves when it is asked to stop."""

import signal
import sys
from pathlib import Path


def leave(number, frame):
    """Have the last word."""
    sys.stdout.write("goodbye\n")
    sys.exit(0)


signal.signal(signal.SIGTERM, leave)
(Path(sys.argv[1]) / "progress.jsonl").write_text('{"stage": "stage.waiting", "share": 0.1}\n')
while True:
    signal.pause()
