"""The door to SHACL: validate Turtle against the ontology's shapes with a fast engine.

Default is the ``shacl`` package (Rust, 40 ms for 10 k triples); pyshacl stands in where it has no wheel and is
the reference that the tests compare it with.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import NamedTuple

from kg.errors import KGError, MissingExtra


class Result(NamedTuple):
    """One validation result.

    :ivar focus: IRI of the focus node
    :ivar path: IRI of the property, or ``""`` when the node itself is at fault
    :ivar severity: ``"Violation"``, ``"Warning"`` or ``"Info"``
    :ivar message: in English where the shape has one
    """

    focus: str
    path: str
    severity: str
    message: str


def validate(data: str, shapes: str, *, engine: str | None = None) -> list[Result]:
    """Validate Turtle data against Turtle shapes, both as text.

    :param engine: ``"shacl"`` or ``"pyshacl"``; the first one installed if left out
    :returns: results sorted by focus node, path and message; empty when the data conforms
    :raises MissingExtra: if no engine is installed
    :raises KGError: if the shapes or data cannot be read
    """
    name = engine or next((name for name in ENGINES if find_spec(name)), None)
    if name is None:
        raise MissingExtra("Validation by SHACL", "shacl")
    return sorted(set(ENGINES[name](data, shapes)))


def _by_shacl(data: str, shapes: str) -> list[Result]:
    import shacl

    try:
        report = shacl.Shapes.from_turtle(shapes).validate_turtle(data)
    except (ValueError, OSError) as error:
        raise KGError(f"SHACL validation could not run: {error}") from error
    return [
        Result(_bare(result.focus_node), _bare(result.path or ""), result.severity, _english(result))
        for result in report.results
    ]


def _bare(written: str) -> str:
    """The IRI of a term written in angle brackets."""
    return written[1:-1] if written.startswith("<") else written


def _english(result: object) -> str:
    """The first message in Latin script: the engine gives texts without their languages."""
    messages = list(getattr(result, "messages", ()))
    return next((text for text in messages if not any("가" <= c <= "힣" for c in text)), "".join(messages[:1]))


def _by_pyshacl(data: str, shapes: str) -> list[Result]:
    from pyshacl import validate as pyshacl_validate
    from rdflib import SH, Graph

    graph = Graph().parse(data=data, format="turtle")
    _, report, _ = pyshacl_validate(graph, shacl_graph=Graph().parse(data=shapes, format="turtle"), inference="none")
    return [
        Result(
            str(report.value(node, SH.focusNode)),
            str(report.value(node, SH.resultPath) or ""),
            str(report.value(node, SH.resultSeverity)).rpartition("#")[2],
            str(next(iter(sorted(report.objects(node, SH.resultMessage), key=lambda m: m.language != "en")), "")),
        )
        for node in report.objects(None, SH.result)  # not the details nested inside results
    ]


ENGINES = {"shacl": _by_shacl, "pyshacl": _by_pyshacl}
