"""Text from a Chinese keyboard as plain ASCII, for the fields that are typed as a notation.

For notations only (cron lines, times): names and other prose keep their own characters.
"""

from __future__ import annotations

from typing import Final

_FULL_WIDTH_FORMS: Final = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_LOOK_ALIKES: Final = {
    "\u3000": " ",  # ideographic space
    "、": ",",
    "‐": "-",
    "–": "-",
    "—": "-",
    "−": "-",
}
_ASCII: Final = str.maketrans({**{chr(c): a for c, a in _FULL_WIDTH_FORMS.items()}, **_LOOK_ALIKES})


def half_width(text: str) -> str:
    """`text` with full-width forms and look-alikes in ASCII, trimmed, with single spaces."""
    return " ".join(text.translate(_ASCII).split())
