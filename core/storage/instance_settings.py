"""Settings of the whole instance, by key; what a value means is known to whoever asks."""

from __future__ import annotations

from typing import Any

from core.storage.rows import InstanceSettingRow
from core.storage.unit_of_work import Unit


def find(unit: Unit, key: str) -> dict[str, Any] | None:
    """The value of a key; `None` where nobody has set it."""
    row = unit.session.get(InstanceSettingRow, key)
    return None if row is None else dict(row.value)


def put(unit: Unit, key: str, value: dict[str, Any]) -> None:
    """Set a key, whatever it was."""
    row = unit.session.get(InstanceSettingRow, key, with_for_update=True)
    if row is None:
        unit.session.add(InstanceSettingRow(key=key, value=value, updated_at=unit.now))
    else:
        row.value = value
        row.updated_at = unit.now
    unit.session.flush()


def remove(unit: Unit, key: str) -> None:
    """Let a key stand at its default again."""
    row = unit.session.get(InstanceSettingRow, key, with_for_update=True)
    if row is not None:
        unit.session.delete(row)
        unit.session.flush()
