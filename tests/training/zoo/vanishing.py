"""Deletes its folder, says so, and fails."""

import shutil
import sys

shutil.rmtree(sys.argv[1])
sys.stdout.write("gone\n")
sys.exit(4)
