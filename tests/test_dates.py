"""EDTF strings become the days they can mean."""

from collections.abc import Callable
from datetime import date

import pytest
from edtf.parser.edtf_exceptions import EDTFParseException
from hypothesis import given
from hypothesis import strategies as st

from kg.dates import Bounds, _parsed, bounds


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2025-11-02", "2025-11-02", "2025-11-02"),
        ("2025-05", "2025-05-01", "2025-05-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2022", "2022-01-01", "2022-12-31"),
        ("1975~", "1975-01-01", "1975-12-31"),
        ("2025-11-02?", "2025-11-02", "2025-11-02"),
        ("197X", "1970-01-01", "1979-12-31"),
        ("2026-33", "2026-01-01", "2026-03-31"),
        ("2026-01/2026-04", "2026-01-01", "2026-04-30"),
        ("2025-11/..", "2025-11-01", None),
        ("../2020", None, "2020-12-31"),
    ],
)
def test_bounds(text: str, earliest: str | None, latest: str | None) -> None:
    found = bounds(text)
    assert (found.earliest and found.earliest.isoformat(), found.latest and found.latest.isoformat()) == (
        earliest,
        latest,
    )


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2025-02-30", "2026-13", "2024/2023", "2 November 2025", "2025-11/open"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="EDTF|before it begins"):
        bounds(text)


@given(st.dates(min_value=date(1800, 1, 1), max_value=date(2200, 12, 31)))
def test_a_day_is_its_own_bounds(day: date) -> None:
    assert bounds(day.isoformat()) == (day, day)


@given(st.dates(min_value=date(1800, 1, 1), max_value=date(2200, 12, 31)))
def test_a_month_holds_its_days_and_a_year_its_months(day: date) -> None:
    month, year = bounds(f"{day:%Y-%m}"), bounds(f"{day:%Y}")
    assert month.earliest and month.latest and year.earliest and year.latest
    assert year.earliest <= month.earliest <= day <= month.latest <= year.latest


PLAIN = st.one_of(
    st.dates(min_value=date(1800, 1, 1), max_value=date(2200, 12, 31)).map(str),
    st.from_regex(r"[12][0-9]{3}(-[0-9]{2}(-[0-9]{2})?)?", fullmatch=True),
)


@given(PLAIN, PLAIN)
def test_the_short_way_says_what_the_library_says(one: str, other: str) -> None:
    for text in (one, f"{one}/{other}"):
        assert outcome(bounds, text) == outcome(_parsed, text)


def outcome(read: Callable[[str], Bounds], text: str) -> Bounds | None:
    """The bounds, or ``None`` where the text is refused or ends before it begins."""
    try:
        found = read(text)
    except (ValueError, EDTFParseException):
        return None
    return found if not (found.earliest and found.latest and found.earliest > found.latest) else None
