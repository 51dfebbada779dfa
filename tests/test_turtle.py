"""The writer gives one order, and what it writes says what it was given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kg.namespaces import PREFIXES, THINGS, expand
from kg.turtle import RDF_TYPE, Statement, trig, turtle

XSD = PREFIXES["xsd"]
iris = st.sampled_from(
    [THINGS["org"] + "hsa", THINGS["co"] + "kor", "https://example.org/a?b=(c)", THINGS["ev"] + "x-p1"]
)
literals = st.builds(Literal, st.text(max_size=30)) | st.builds(
    lambda value, language: Literal(value, language=language), st.text(max_size=30), st.sampled_from(["en", "ko"])
)
typed = st.builds(
    lambda value, kind: Literal(value, datatype=NamedNode(XSD + kind)),
    st.sampled_from(["01.50", "007", "5", "true", "2025-11-02", "-1", "1e3"]),
    st.sampled_from(["integer", "decimal", "date", "boolean", "string"]),
)
statements = st.builds(Statement, iris, iris, st.builds(NamedNode, iris) | literals | typed)


def read(text: str, format_: RdfFormat) -> set[Statement]:
    return {Statement.of(quad) for quad in parse(text, format=format_)}


@given(st.sets(statements, max_size=12))
def test_turtle_round_trip(facts: set[Statement]) -> None:
    assert read(turtle(facts), RdfFormat.TURTLE) == facts


@given(st.sets(statements, min_size=1, max_size=12), st.randoms())
def test_order_of_input_does_not_matter(facts: set[Statement], random: object) -> None:
    assert turtle(sorted(facts, key=str)) == turtle(sorted(facts, key=str, reverse=True))


def test_turtle_reads_like_turtle() -> None:
    hsa = THINGS["org"] + "hsa"
    facts = [
        Statement(hsa, PREFIXES["skos"] + "prefLabel", Literal("Health Sciences Authority", language="en")),
        Statement(hsa, RDF_TYPE, NamedNode(PREFIXES["krsg"] + "Agency")),
    ]
    assert turtle(facts, comment="A comment.") == (
        "# A comment.\n"
        "@prefix krsg: <https://w3id.org/krsg/ont#> .\n"
        "@prefix org: <https://w3id.org/krsg/org/> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n\n"
        "org:hsa a krsg:Agency ;\n"
        '    skos:prefLabel "Health Sciences Authority"@en .\n'
    )


def test_trig_keeps_graphs_apart() -> None:
    a = Statement(THINGS["org"] + "a", RDF_TYPE, NamedNode(PREFIXES["krsg"] + "Agency"))
    text = trig({THINGS["ev"] + "two": [a], THINGS["ev"] + "one": [a]})
    graphs = [quad.graph_name.value for quad in parse(text, format=RdfFormat.TRIG)]
    assert sorted(graphs) == [expand("ev:one"), expand("ev:two")]
    assert text.index("ev:one") < text.index("ev:two")


def test_blank_nodes_are_refused() -> None:
    quad = next(iter(parse("[] a <http://example.org/A> .", format=RdfFormat.TURTLE)))
    with pytest.raises(ValueError, match="blank node"):
        Statement.of(quad)
