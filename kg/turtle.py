"""Turtle and TriG written the same way every time: sorted, one predicate a line, no blank nodes.

Engines write in their own order and drop what they do not need; a file that people review and diff needs
one order. Reading is pyoxigraph's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.namespaces import PREFIXES, compress

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_XSD = PREFIXES["xsd"]
_STRING = _XSD + "string"
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})

Term = NamedNode | Literal


class Statement(NamedTuple):
    """A triple of the record: no blank nodes, no quoted triples, so subject and predicate are plain IRIs."""

    subject: str
    predicate: str
    object: Term

    @classmethod
    def of(cls, triple: Triple | Quad) -> Statement:
        """The statement of an engine's triple or quad.

        :raises ValueError: on a blank node or a quoted triple
        """
        subject, value = triple.subject, triple.object
        if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode | Literal):
            raise ValueError("with a blank node or quoted triple; give the thing an IRI")
        if isinstance(value, Literal) and value.direction:
            raise ValueError("with a text that sets its direction; the record's texts have a language only")
        return cls(subject.value, triple.predicate.value, value)


Statements = Iterable[Statement]


def turtle(statements: Statements, *, comment: str = "") -> str:
    """A Turtle document: prefixes in use, then a block for each subject in IRI order."""
    body = _blocks(statements)
    return _header(body, comment) + body


def trig(graphs: dict[str, Statements], *, comment: str = "") -> str:
    """A TriG document: a block for each named graph in IRI order (the default graph is ``""``, written first)."""
    blocks = [
        _blocks(statements) if not name else f"{_iri(name)} {{\n{_indent(_blocks(statements))}}}\n"
        for name, statements in sorted(graphs.items())
    ]
    body = "\n".join(blocks)
    return _header(body, comment) + body


def term(node: Term) -> str:
    """One term as Turtle writes it."""
    return _iri(node.value) if isinstance(node, NamedNode) else _literal(node)


def _header(body: str, comment: str) -> str:
    lines = [f"# {line}".rstrip() for line in comment.splitlines()]
    lines += [f"@prefix {prefix}: <{iri}> ." for prefix, iri in sorted(PREFIXES.items()) if f"{prefix}:" in body]
    return "\n".join(lines) + "\n\n" if lines else ""


def _blocks(statements: Statements) -> str:
    by_subject: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for subject, predicate, value in statements:
        by_subject[_iri(subject)][_predicate(predicate)].add(term(value))
    return "\n".join(_block(subject, by_subject[subject]) for subject in sorted(by_subject))


def _block(subject: str, predicates: dict[str, set[str]]) -> str:
    ordered = sorted(predicates, key=lambda predicate: (predicate != "a", predicate))
    lines = [f"{predicate} {' , '.join(sorted(predicates[predicate]))}" for predicate in ordered]
    return f"{subject} " + " ;\n    ".join(lines) + " .\n"


def _predicate(iri: str) -> str:
    return "a" if iri == RDF_TYPE else _iri(iri)


def _iri(iri: str) -> str:
    return compress(iri) or f"<{iri}>"


def _literal(node: Literal) -> str:
    datatype = node.datatype.value
    if _is_bare(node.value, datatype):
        return node.value
    quoted = f'"{node.value.translate(_ESCAPES)}"'
    if node.language:
        return f"{quoted}@{node.language}"
    return quoted if datatype == _STRING else f"{quoted}^^{_iri(datatype)}"


def _is_bare(value: str, datatype: str) -> bool:
    """Whether an integer or boolean can stand without quotes, with its lexical form kept."""
    if datatype == _XSD + "boolean":
        return value in ("true", "false")
    return datatype == _XSD + "integer" and value.isascii() and value.isdigit()


def _indent(block: str) -> str:
    return "".join(f"    {line}\n" if line else "\n" for line in block.splitlines())
