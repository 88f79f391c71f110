"""Forks twice into a new session, so that a deaf grandchild belongs to nobody; then waits."""

import os
import signal
import sys
from pathlib import Path

folder = Path(sys.argv[1])
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        (folder / "escaped").write_text(str(os.getpid()))
        (folder / "progress.jsonl").write_text('{"stage": "stage.waiting", "share": 0.1}\n')
        while True:
            signal.pause()
    os._exit(0)
os.wait()
while True:
    signal.pause()
