"""Writes 64 MB into its log, then a last line."""

import os
import sys

os.write(1, b"first\n")
line = b"y" * 1023 + b"\n"
for _part in range(64):
    os.write(1, line * 1024)
os.write(1, b"last\n")
sys.exit(3)
