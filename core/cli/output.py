"""How answers look: tables and sentences for people, JSON for machines, bars while one waits.

Standard output carries answers only; sentences about them go to standard error. Colours and bars
are for terminals: in a pipe a table is as wide as its data.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any, TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
from rich.table import Table
from rich.text import Text

_PIPE_WIDTH = 100_000
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
"""All control characters but the line break."""
_SHORT = 12
_ROOMY = 100


Shown = Table | str
"""A table, or a sentence of one line."""


@dataclass(frozen=True, slots=True)
class Output:
    """Where a command's answer goes."""

    as_json: bool

    def answer(self, value: object, shown: Callable[[], Shown | list[Shown]]) -> None:
        """Give `value` to a machine, or what `shown` makes of it, in one or more parts, to a
        person."""
        if self.as_json:
            _write(sys.stdout, json_text(value, sys.stdout.encoding))
            return
        made = shown()
        for part in made if isinstance(made, list) else [made]:
            if isinstance(part, str):
                _write(sys.stdout, _one_line(part))
            else:
                _print_table(part)


def say(sentence: str) -> None:
    """One line on standard error."""
    _write(sys.stderr, _one_line(sentence))


def _print_table(made: Table) -> None:
    out = console(sys.stdout)
    with out.capture() as captured:
        out.print(made, crop=False)
    lines = (line.rstrip() for line in captured.get().splitlines())
    _write(sys.stdout, "\n".join(lines).strip("\n"))


def console(stream: TextIO) -> Console:
    """A console on `stream`: plain and unbounded unless a person looks at it."""
    is_terminal = stream.isatty()
    return Console(
        file=stream,
        force_terminal=is_terminal,
        width=None if is_terminal else _PIPE_WIDTH,
        highlight=False,
        markup=False,
        emoji=False,
    )


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, right: str = "") -> Table:
    """A table of plain texts; `right` names the columns set to the right, by their numbers."""
    cells = [[_one_line(cell) for cell in row] for row in rows]
    gap = 2 if console(sys.stdout).width >= _ROOMY else 1
    made = Table(box=None, header_style="bold", pad_edge=False, padding=(0, gap, 0, 0))
    for number, heading in enumerate(columns):
        made.add_column(
            Text(heading),
            justify="right" if str(number) in right.split() else "left",
            overflow="fold",
            min_width=_longest_word(row[number] for row in cells),
        )
    for row in cells:
        made.add_row(*map(Text, row))
    return made


def _longest_word(cells: Iterable[str]) -> int:
    """How far a column can shrink in a narrow terminal: times and states stay whole."""
    words = (word for cell in cells for word in cell.split())
    return min(_SHORT, max(map(cell_len, words), default=1))


def facts(pairs: Sequence[tuple[str, str]]) -> Table:
    """Names and values, one a line."""
    made = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    made.add_column(style="bold", no_wrap=True)
    made.add_column(overflow="fold")
    for name, value in pairs:
        made.add_row(Text(name), Text(_CONTROLS.sub(" ", value)))
    return made


def plain(value: object) -> Any:
    """A record as JSON values: times with their offset, enums by value, tuples as arrays."""
    match value:
        case datetime() | Path():
            return value.isoformat() if isinstance(value, datetime) else str(value)
        case Enum():
            return value.value
        case dict():
            return {str(key): plain(each) for key, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(each) for each in value]
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
        case _:
            return value


def json_text(value: object, encoding: str | None) -> str:
    """`value` as indented JSON that `encoding` can carry."""
    is_unicode = (encoding or "utf-8").lower().startswith("utf")
    return json.dumps(plain(value), indent=2, ensure_ascii=not is_unicode)


Advance = Callable[[str, float], None]
"""Called with what happens now and the share from 0 to 1 that is done."""


@contextmanager
def bar() -> Iterator[Advance]:
    """A bar on standard error while the block works; nothing where nobody looks."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    shown = Progress(
        *columns,
        console=console(sys.stderr),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    with shown:
        task = shown.add_task("", total=1.0)

        def advance(what: str, share: float) -> None:
            shown.update(task, description=what, completed=share)

        yield advance


def _one_line(text: str) -> str:
    """A name may hold anything; a row has one line, and no control code reaches a terminal."""
    return _CONTROLS.sub(" ", text.replace("\n", " "))


def _write(stream: TextIO, text: str) -> None:
    stream.write(text + "\n")
    stream.flush()
