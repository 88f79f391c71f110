"""Grows two heads for one that is asked to stop, twice over."""

import os
import signal
import sys
from pathlib import Path

heads_left = [2, 2]


def grow(number, frame):
    """Die as asked, but leave new heads behind in sessions of their own."""
    for _head in range(heads_left.pop() if heads_left else 0):
        if os.fork() == 0:
            os.setsid()
            return
    os._exit(0)


signal.signal(signal.SIGTERM, grow)
(Path(sys.argv[1]) / "progress.jsonl").write_text('{"stage": "stage.waiting", "share": 0.1}\n')
while True:
    signal.pause()
