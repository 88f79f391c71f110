"""Prints what breaks databases and terminals: NUL, half characters, escapes, an endless line."""

import sys

out = sys.stdout.buffer
out.write("开始\n".encode())
out.write(b"nul:\x00 escape:\x1b[31m half:\xe5\xbc bell:\x07 return:\r\n")
out.write(b"x" * 10_000_000 + b"\n")
out.write("结束\n".encode())
