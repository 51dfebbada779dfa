"""Characters that nobody sees and that can make a text read otherwise: controls, bidirectional marks, zero widths.

The record refuses them, pages drop them, a terminal gets them escaped. Joiners (U+200C, U+200D) are no deceit: some
scripts need them.
"""

from __future__ import annotations

_CONTROLS = [*range(0x00, 0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0)]
_MARKS = [0x061C, 0x200B, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2060, 0x206A), 0xFEFF]

#: The characters; tab and line feed are none of them.
UNSEEN = frozenset(map(chr, _CONTROLS + _MARKS))


def first_unseen(text: str) -> str | None:
    """The first such character of a text, or ``None``."""
    return None if text.isascii() and text.isprintable() else next((c for c in text if c in UNSEEN), None)
