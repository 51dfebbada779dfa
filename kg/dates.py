"""EDTF (ISO 8601-2:2019) date strings, and the days they can mean.

The string is kept as the source gives it; the bounds are what queries compare. An approximate or uncertain
date (``1975~``) has the bounds of its plain form: the doubt stays visible in the string.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException


class Bounds(NamedTuple):
    """First and last day a date can mean; ``None`` where it is open (``2025-11/..``)."""

    earliest: date | None
    latest: date | None


#: The three forms that nearly every date has. edtf's grammar takes milliseconds for one, these take none.
_PLAIN = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)?")


@lru_cache(maxsize=100_000)
def bounds(text: str) -> Bounds:
    """The bounds of an EDTF date or interval.

    :raises ValueError: if ``text`` is no EDTF, or ends before it begins

    >>> bounds("2025-05")
    Bounds(earliest=datetime.date(2025, 5, 1), latest=datetime.date(2025, 5, 31))
    """
    try:
        found = _plain(text) or _parsed(text)
    except (EDTFParseException, ValueError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"{text!r} is not an EDTF date (like 2025-11-02, 2025-11, 2025, 1975~, 2025-11/..)") from error
    if found.earliest and found.latest and found.earliest > found.latest:
        raise ValueError(f"{text!r} ends before it begins")
    return found


def _plain(text: str) -> Bounds | None:
    """Bounds of a year, month or day, or of an interval between two of them; ``None`` for any other form.

    :raises ValueError: if there is no such day
    """
    ends = [_PLAIN.fullmatch(end) for end in text.split("/")]
    if len(ends) > 2 or not ends[0] or not ends[-1]:
        return None
    return Bounds(_span(ends[0])[0], _span(ends[-1])[1])


def _span(match: re.Match[str]) -> tuple[date, date]:
    year, month, day = (int(number) if number else None for number in match.groups())
    assert year is not None
    first = date(year, 1 if month is None else month, 1 if day is None else day)
    last_month = 12 if month is None else month
    return first, date(year, last_month, day or monthrange(year, last_month)[1])


def _parsed(text: str) -> Bounds:
    """Bounds by the library, for all of EDTF."""
    parsed = parse_edtf(text)
    return Bounds(_day(parsed.lower_strict()), _day(parsed.upper_strict()))


def _day(moment: object) -> date | None:
    """The day of one of edtf's bounds: a ``struct_time``, or an infinity when the side is open."""
    if isinstance(moment, float):
        return None
    return date(*moment[:3])  # type: ignore[index]
