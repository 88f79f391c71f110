"""Starts a sleeper, leaves a result and ends; the sleeper stays (with the log open)."""

import subprocess
import sys
from pathlib import Path

from core.training.request import RESULT_FILE, TrainingResult, write_whole

sleeper = subprocess.Popen(["sleep", "600"])
result = TrainingResult(reason=None, sha256="ab", metrics={"pid": sleeper.pid})
write_whole(Path(sys.argv[1]) / RESULT_FILE, result.to_json())
