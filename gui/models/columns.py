"""What a table says of a record: columns as small values, and the roles that delegates read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon

R = TypeVar("R")
LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_User = int(Qt.ItemDataRole.UserRole)


class Role(IntEnum):
    """Roles beyond Qt's own; delegates know these and no record."""

    RECORD = _User + 1
    SORT = _User + 2
    """A number or text that sorts; rows with `None` come last when ascending."""
    SECOND_LINE = _User + 3
    """Quieter text beside or below the first."""
    LOOK = _User + 4
    """A `gui.formatting.Look`: the cell is a badge; `None` where there is no state to show."""
    PROGRESS = _User + 5
    """A share from 0 to 1, or `None` where nothing is under way."""


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """One column: what it says of a record in each role.

    Annotate the variable (`tuple[Column[R], ...]`): Python 3.11 cannot call `Column[R](...)`.
    """

    title: str
    """Marked with `N_`; translated when shown."""
    display: Callable[[R], str]
    sort: Callable[[R], float | str | None] | None = None
    """`None` sorts by the displayed text."""
    tooltip: Callable[[R], str] | None = None
    decoration: Callable[[R], QIcon | None] | None = None
    accessible: Callable[[R], str] | None = None
    """What a screen reader says; `None` means the displayed text."""
    alignment: Qt.AlignmentFlag = LEFT
    others: Mapping[int, Callable[[R], object]] = field(default_factory=dict)
    """More roles, for delegates."""

    def reader(self, role: int) -> Callable[[R], object] | None:
        """What computes `role`, if this column has it."""
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.display
            case Role.SORT:
                return self.sort or self.display
            case Qt.ItemDataRole.ToolTipRole:
                return self.tooltip
            case Qt.ItemDataRole.DecorationRole:
                return self.decoration
            case Qt.ItemDataRole.AccessibleTextRole:
                return self.accessible or self.display
            case _:
                return self.others.get(role)
