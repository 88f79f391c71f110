"""Reports its environment, its folder and its session in the metrics of its result."""

import os
import sys
from pathlib import Path

from core.training.request import RESULT_FILE, TrainingResult, write_whole

seen = {
    "environment": dict(os.environ),
    "folder": str(Path.cwd()),
    "leads_session": os.getsid(0) == os.getpid(),
    "standard_input": sys.stdin.read(),
}
write_whole(Path(sys.argv[1]) / RESULT_FILE, TrainingResult(reason=None, metrics=seen).to_json())
