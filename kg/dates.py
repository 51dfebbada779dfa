"""EDTF (ISO 8601-2:2019) date strings, and the days they can mean.

The string is kept as the source gives it; the bounds are what queries compare. An approximate or uncertain
date (``1975~``) has the bounds of its plain form: the doubt stays visible in the string.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException


class Bounds(NamedTuple):
    """First and last day a date can mean; ``None`` where it is open (``2025-11/..``)."""

    earliest: date | None
    latest: date | None


def bounds(text: str) -> Bounds:
    """The bounds of an EDTF date or interval.

    :raises ValueError: if ``text`` is no EDTF, or ends before it begins

    >>> bounds("2025-05")
    Bounds(earliest=datetime.date(2025, 5, 1), latest=datetime.date(2025, 5, 31))
    """
    try:
        parsed = parse_edtf(text)
        found = Bounds(_day(parsed.lower_strict()), _day(parsed.upper_strict()))
    except (EDTFParseException, ValueError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"{text!r} is not an EDTF date (like 2025-11-02, 2025-11, 2025, 1975~, 2025-11/..)") from error
    if found.earliest and found.latest and found.earliest > found.latest:
        raise ValueError(f"{text!r} ends before it begins")
    return found


def _day(moment: object) -> date | None:
    """The day of one of edtf's bounds: a ``struct_time``, or an infinity when the side is open."""
    if isinstance(moment, float):
        return None
    return date(*moment[:3])  # type: ignore[index]
