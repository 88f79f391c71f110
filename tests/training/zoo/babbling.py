"""Writes progress and a result that are none."""

import sys
from pathlib import Path

folder = Path(sys.argv[1])
(folder / "progress.jsonl").write_bytes(
    b'nonsense\n[1]\n{"stage": "stage.fitting", "share": 7}\n\xff\xfe\n'
    b'{"stage": "stage.fitting", "share": 0.5}\n{"stage": "stage.sav'
)
(folder / "result.json").write_text('{"reason": null, "verdict": "splendid"}')
