"""Is killed by a signal."""

import os
import signal
import sys

sys.stderr.write("about to crash\n")
sys.stderr.flush()
os.kill(os.getpid(), signal.SIGKILL)
