"""Printing: tables that fit wide Hangul, and nothing from the data that a terminal would obey."""

from __future__ import annotations

import os
import sys

from kg.unseen import UNSEEN, first_unseen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

#: The widest a column of a table on a terminal may be, in terminal columns.
WIDEST = 60


def safe(text: str) -> str:
    r"""The text with control and direction-changing characters escaped, so that a terminal only shows it.

    >>> safe("a\x1b[2Jb")
    'a\\u001b[2Jb'
    """
    if text.isprintable() and first_unseen(text) is None:
        return text
    return "".join(_escaped(character) if _is_unsafe(character) else character for character in text)


def safe_lines(text: str) -> str:
    """As :func:`safe`, with line ends and tabs left as they are."""
    return "".join(character if character in "\n\t" else safe(character) for character in text.replace("\r\n", "\n"))


def shown(text: str) -> str:
    """The text as standard output may have it: made safe for a terminal, left as it is for a file or a program."""
    return safe_lines(text) if sys.stdout.isatty() else text


def width(text: str) -> int:
    """Terminal columns a text takes: Hangul and ideographs two, combining marks none."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def cut(text: str, columns: int) -> str:
    """The text in at most so many terminal columns, with an ellipsis if it was longer."""
    if width(text) <= columns:
        return text
    kept, room = [], columns - 1
    for character in text:
        room -= width(character)
        if room < 0:
            break
        kept.append(character)
    return "".join(kept) + "…"


def pad(text: str, columns: int) -> str:
    """The text with spaces after it up to so many terminal columns."""
    return text + " " * (columns - width(text))


def table(header: Sequence[str], rows: Iterable[Sequence[str]], *, widest: int = WIDEST) -> str:
    """Columns under a header and a rule; cells are made safe, and cut at ``widest`` terminal columns."""
    cells = [[cut(safe(cell), widest) for cell in row] for row in [header, *rows]]
    widths = [max(width(row[column]) for row in cells) for column in range(len(header))]
    lines = ["  ".join(pad(cell, w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in cells]
    rule = "  ".join("─" * w for w in widths)
    return "\n".join([bold(lines[0]), rule, *lines[1:]]) + "\n"


def bold(text: str) -> str:
    """The text in bold on a terminal that may be coloured, else as it is."""
    return f"\x1b[1m{text}\x1b[0m" if may_colour() else text


def may_colour() -> bool:
    """Whether standard output is a terminal that takes colour; ``NO_COLOR`` says no (https://no-color.org)."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and sys.stdout.isatty()


def safely(write: Callable[[bytes], object]) -> Callable[[bytes], object]:
    """A way to write UTF-8 to a terminal, passing on only what it may obey."""
    from codecs import getincrementaldecoder

    decoder = getincrementaldecoder("utf-8")("replace")
    return lambda chunk: write(safe_lines(decoder.decode(chunk)).encode())


def write_json(value: object) -> None:
    """One JSON document on standard output, readable as it is."""
    import json

    print(shown(json.dumps(value, ensure_ascii=False, indent=2)))


def _is_unsafe(character: str) -> bool:
    return character in UNSEEN or not character.isprintable()


def _escaped(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
