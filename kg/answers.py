"""What a query answers: rows, triples or a truth value, whichever engine gave it.

Terms stay the engine's (pyoxigraph ``NamedNode``, ``BlankNode``, ``Literal``, ``Triple``); :func:`plain` gives
Python values, :func:`show` what a person reads.
"""

from __future__ import annotations

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
    serialize,
)

from kg.errors import KGError
from kg.media import graph_format, result_format
from kg.namespaces import PREFIXES, short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, TypeAlias

    from pyoxigraph import QuerySolutions

    Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
    #: A solution: variable → term, without the variables that are unbound in it.
    Row: TypeAlias = dict[str, Any]

_XSD = PREFIXES["xsd"]


class Solutions:
    """The rows of a ``SELECT``: a list that can be walked again and written in any result format.

    :ivar variables: names in the order of the query

    >>> rows = Solutions(b'{"head": {"vars": ["n"]}, "results": {"bindings": [{"n": '
    ...                  b'{"type": "literal", "value": "a"}}]}}')
    >>> rows.variables, [row["n"].value for row in rows]
    (['n'], ['a'])
    """

    __slots__ = ("_json", "_rows", "variables")

    def __init__(self, json: bytes) -> None:
        self._json = json
        self._rows: list[Row] | None = None
        self.variables = [variable.value for variable in self._parsed().variables]

    @classmethod
    def of(cls, variables: list[str], rows: Iterable[Iterable[Term | None]]) -> Solutions:
        """Solutions from terms, one for each variable; ``None`` where it is unbound."""
        from json import dumps

        bindings = [
            {name: _json(term) for name, term in zip(variables, row, strict=True) if term is not None} for row in rows
        ]
        return cls(dumps({"head": {"vars": variables}, "results": {"bindings": bindings}}, ensure_ascii=False).encode())

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __bool__(self) -> bool:
        return bool(self.rows)

    def __getitem__(self, index: int) -> Row:
        return self.rows[index]

    def __repr__(self) -> str:
        return f"Solutions({', '.join(self.variables)}: {len(self)} rows)"

    @property
    def rows(self) -> list[Row]:
        """All rows, variable → term; a variable without a value in a row is not a key of it."""
        if self._rows is None:
            names = self.variables
            self._rows = [
                {name: term for name, term in zip(names, solution, strict=True) if term is not None}
                for solution in self._parsed()
            ]
        return self._rows

    def plain(self) -> list[dict[str, Any]]:
        """The rows as Python has them: things by CURIE, literals as in :func:`plain`, ``None`` where unbound.

        ``pandas.DataFrame(rows.plain())`` is a table to work with.
        """
        return [{name: _readable(row.get(name)) for name in self.variables} for row in self.rows]

    def to(self, format: str) -> bytes:
        """The rows as ``json``, ``csv``, ``tsv`` or ``xml`` (W3C SPARQL 1.1 result formats).

        :raises UsageError: if the format is another
        """
        engine = getattr(QueryResultsFormat, result_format(format).engine)
        return self._json if format == "json" else self._parsed().serialize(format=engine) or b""

    def _parsed(self) -> QuerySolutions:
        return parse_query_results(self._json, QueryResultsFormat.JSON)  # type: ignore[return-value]


class Triples:
    """The triples of a ``CONSTRUCT`` or ``DESCRIBE``: each once, sorted, to be walked or written.

    >>> list(Triples(b'<http://a> <http://b> "c" .'))
    [<Triple subject=<NamedNode value=http://a> predicate=<NamedNode value=http://b> object=<Literal value=c \
datatype=<NamedNode value=http://www.w3.org/2001/XMLSchema#string>>>]
    """

    __slots__ = ("_lines",)

    def __init__(self, n_triples: bytes) -> None:
        self._lines = sorted(set(n_triples.splitlines()) - {b""})

    def __iter__(self) -> Iterator[Triple]:
        for quad in parse(b"\n".join(self._lines), format=RdfFormat.N_TRIPLES):
            yield quad.triple

    def __len__(self) -> int:
        return len(self._lines)

    def __bool__(self) -> bool:
        return bool(self._lines)

    def __repr__(self) -> str:
        return f"Triples({len(self)})"

    def to(self, format: str) -> bytes:
        """The triples as ``ttl``, ``nt``, ``nq``, ``trig``, ``jsonld`` or ``rdfxml``.

        :raises UsageError: if the format is another
        :raises KGError: if they cannot be said in it, as a triple within a triple in JSON-LD
        """
        if format == "nt":
            return b"".join(line + b"\n" for line in self._lines)
        engine = getattr(RdfFormat, graph_format(format).engine)
        return written(lambda: serialize(self, format=engine, prefixes=used_prefixes(b"\n".join(self._lines))), format)


def written(write: Callable[[], bytes | None], format: str) -> bytes:
    """What the engine writes in a format.

    :raises KGError: if the format has no way to say it
    """
    try:
        return write() or b""
    except (OSError, ValueError, RuntimeError) as error:
        raise KGError(
            f"this cannot be written as {format}: {error}", hint="Try another --format, such as nt."
        ) from None


def used_prefixes(lines: bytes) -> dict[str, str]:
    """The prefixes whose namespaces occur in N-Triples or N-Quads lines."""
    return {prefix: iri for prefix, iri in PREFIXES.items() if b"<" + iri.encode() in lines}


def plain(term: Term) -> Any:
    """A term as a Python value.

    IRIs and strings become ``str``, numbers ``int``, ``Decimal`` or ``float``, booleans ``bool``, ``xsd:date`` and
    ``xsd:dateTime`` :mod:`datetime` objects, quoted triples tuples. A literal that is not what its type says stays
    its text.

    >>> plain(Literal("12", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer")))
    12
    """
    if isinstance(term, Literal):
        return _python(term.value, term.datatype.value.removeprefix(_XSD))
    if isinstance(term, Triple):
        return plain(term.subject), plain(term.predicate), plain(term.object)
    return str(term) if isinstance(term, BlankNode) else term.value


def show(term: Term) -> str:
    """A term as people read it: CURIE or IRI, the bare text of a literal, ``<<( … )>>`` for a quoted triple."""
    if isinstance(term, NamedNode):
        return short(term.value)
    if isinstance(term, Triple):
        return f"<<( {show(term.subject)} {show(term.predicate)} {show(term.object)} )>>"
    return str(term) if isinstance(term, BlankNode) else term.value


def _readable(term: Term | None) -> Any:
    if isinstance(term, NamedNode):
        return short(term.value)
    return None if term is None else plain(term)


def _json(term: Term) -> dict[str, Any]:
    """A term as the SPARQL 1.1 (and 1.2) JSON results have it."""
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return {"type": "triple", "value": {name: _json(part) for name, part in parts.items()}}
    found = {"type": "literal", "value": term.value}
    if term.language:
        return found | {"xml:lang": term.language} | ({"its:dir": term.direction.value} if term.direction else {})
    return found if term.datatype.value == _XSD + "string" else found | {"datatype": term.datatype.value}


def _python(text: str, datatype: str) -> Any:
    from datetime import date, datetime
    from decimal import Decimal, InvalidOperation

    readers: dict[str, Callable[[str], Any]] = {
        "boolean": {"true": True, "1": True, "false": False, "0": False}.__getitem__,
        "decimal": Decimal,
        "double": float,
        "float": float,
        "date": date.fromisoformat,
        "dateTime": datetime.fromisoformat,
    }
    if datatype == "integer" or datatype.removeprefix("unsigned").lower() in _INTEGERS:
        readers[datatype] = int
    try:
        return readers[datatype](text) if datatype in readers else text
    except (ValueError, KeyError, InvalidOperation):  # "2025-13-01"^^xsd:date, "many"^^xsd:integer
        return text


_INTEGERS = {"long", "int", "short", "byte"} | {
    sign.lower() + "integer" for sign in ("negative", "positive", "nonNegative", "nonPositive")
}
