"""A page that is made: written, or only compared with what is committed."""

from __future__ import annotations

import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"


def write_or_check(name: str, text: str, command: str) -> int:
    """Write ``docs/<name>``, or with ``--check`` on the command line say whether it is current.

    :returns: the exit code: 1 when it is not current
    """
    path = DOCS / name
    if "--check" not in sys.argv[1:]:
        path.write_text(text, encoding="utf-8")
        return 0
    is_current = path.exists() and path.read_text(encoding="utf-8") == text
    if not is_current:
        print(f"docs/{name} is not current: run {command}", file=sys.stderr)
    return int(not is_current)
