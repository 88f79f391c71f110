"""Lists and ranges of words and numbers, joined as the current language joins them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from core.language import _

_SHORTEST_RANGE = 3


def listed(items: Sequence[str]) -> str:
    """“a, b and c”."""
    if len(items) == 1:
        return items[0]
    return _("{items} and {last}").format(items=_(", ").join(items[:-1]), last=items[-1])


def ranges(values: Sequence[int], name: Callable[[int], str] = str) -> str:
    """Ascending numbers by name, three or more in a row as a range: “1, 2 and 5 to 9”."""
    items: list[str] = []
    for first, last in _runs(values):
        if last - first + 1 >= _SHORTEST_RANGE:
            items.append(_("{first} to {last}").format(first=name(first), last=name(last)))
        else:
            items += [name(value) for value in range(first, last + 1)]
    return listed(items)


def circular_ranges(values: Sequence[int], size: int, name: Callable[[int], str]) -> str:
    """As `ranges`, but a row that runs across the end of the circle is one range."""
    row = single_row(values, size)
    if row and row[0] > row[1] and len(values) >= _SHORTEST_RANGE:
        return _("{first} to {last}").format(first=name(row[0]), last=name(row[1]))
    return ranges(values, name)


def single_row(values: Sequence[int], size: int) -> tuple[int, int] | None:
    """The first and last of ascending `values` that form one row on a circle of `size`."""
    runs = _runs(values)
    if len(runs) == 1:
        return runs[0]
    if len(runs) == 2 and runs[0][0] == 0 and runs[1][1] == size - 1:
        return runs[1][0], runs[0][1]
    return None


def _runs(values: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for value in values:
        if runs and runs[-1][1] == value - 1:
            runs[-1] = (runs[-1][0], value)
        else:
            runs.append((value, value))
    return runs
