"""Answers as Python has them."""

from __future__ import annotations

from datetime import date

import pytest
from pyoxigraph import Literal, NamedNode

from kg.answers import Solutions, plain
from kg.namespaces import PREFIXES
from kg.store import Store

XSD = PREFIXES["xsd"]


def test_plain_rows_have_every_variable_and_readable_things(tiny: Store) -> None:
    rows = tiny.query(
        "SELECT ?e ?day ?none { ?e krsg:date '2020-05-05' ; krsg:earliest ?day OPTIONAL { ?e krsg:nothing ?none } }"
    )
    assert rows.plain() == [{"e": "event:2020-05-05-port-signing", "day": date(2020, 5, 5), "none": None}]
    assert list(rows.plain()[0]) == rows.variables


@pytest.mark.parametrize(
    ("value", "datatype", "python"),
    [
        ("12", "integer", 12),
        ("true", "boolean", True),
        ("2020-05-05", "date", date(2020, 5, 5)),
        ("a lot", "integer", "a lot"),
    ],
)
def test_plain_terms(value: str, datatype: str, python: object) -> None:
    assert plain(Literal(value, datatype=NamedNode(XSD + datatype))) == python


def test_an_answer_can_be_walked_twice() -> None:
    rows = Solutions.of(["a"], [[Literal("x")], [None]])
    assert [list(rows), list(rows)] == [rows.rows, rows.rows]
    assert "a" not in rows[1]
