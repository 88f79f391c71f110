"""Puts the keyboard into a control of several parts, where Qt's focus proxies would trap Tab."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def focus_first(control: QWidget) -> None:
    """Focus `control` itself, or the first part of it that Tab would reach."""
    for part in (control, *control.findChildren(QWidget)):
        if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isVisibleTo(control):
            part.setFocus(Qt.FocusReason.OtherFocusReason)
            return
