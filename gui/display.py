"""Whether this machine can show a window: asked before Qt, which would end the process instead."""

from __future__ import annotations

from collections.abc import Mapping


def can_show_windows(platform: str, environment: Mapping[str, str]) -> bool:
    """Whether a display is named; elsewhere than on Linux there always is one."""
    if not platform.startswith("linux"):
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
