"""Leaves a result, then exits with a status that says it failed."""

import sys
from pathlib import Path

from core.training.request import RESULT_FILE, TrainingResult, write_whole

result = TrainingResult(reason="reason.too_few_samples", params={"found": 1, "needed": 3})
write_whole(Path(sys.argv[1]) / RESULT_FILE, result.to_json())
sys.exit(9)
