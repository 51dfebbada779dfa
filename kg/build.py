"""Authored files → ``data/triples.ttl`` and ``data/evidence.trig``: deterministic, sorted, atomic.

``triples.ttl`` holds what every tool loads by default: cards, accepted statements, superclass types, date
bounds, documents, accepted evidence with its locators, and a ``krsg:evidence`` link from each thing to each
passage that states something of it. ``evidence.trig`` holds every passage's own graph, accepted or not, and
one graph that describes all documents and evidence nodes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from kg import document, files, ontology
from kg.dates import bounds
from kg.document import Document
from kg.errors import RecordError, StaleBuild
from kg.namespaces import EVIDENCE_INDEX, KRSG, PREFIXES
from kg.ontology import Ontology
from kg.record import Record
from kg.turtle import RDF_TYPE, Statement, trig, turtle

HAS_EVIDENCE = KRSG + "evidence"
_XSD_DATE = NamedNode(PREFIXES["xsd"] + "date")
#: Which pair of bounds each EDTF property gets.
BOUNDS = {
    KRSG + "date": ("earliest", "latest"),
    KRSG + "due": ("earliest", "latest"),
    KRSG + "from": ("fromEarliest", "fromLatest"),
    KRSG + "to": ("toEarliest", "toLatest"),
}
_COMMENT = """\
Made by `kg build` from data/sources and data/entities. Do not edit: edit those and build again.
The ROK–Singapore knowledge graph, CC BY 4.0."""


@dataclass
class Made:
    """The two files as text, and what they were made of.

    :ivar counts: documents, evidence, statements (accepted, distinct), entities
    """

    triples: str
    evidence: str
    counts: dict[str, int]


def make(record: Record) -> Made:
    """Make both files in memory.

    :raises RecordError: naming file, line and term of the first thing that cannot be used
    """
    terms = ontology.read(record.ontology)
    documents = read_documents(record, terms)
    cards = read_cards(record, documents, terms)
    codes = [Statement.of(quad) for quad in ontology.read_quads(os.path.join(record.ontology, "codes.ttl"))]
    graphs = passage_graphs(documents, terms)
    accepted = _accepted(documents, graphs)
    described = _description(documents, accepted_only=True)
    triples = _with_derived([*cards, *codes, *accepted, *described, *_links(documents, graphs)], terms)
    index = _with_derived(_description(documents, accepted_only=False), terms)
    counts = {
        "documents": len(documents),
        "evidence": sum(len(doc.evidence) for doc in documents),
        "statements": len(set(accepted)),
        "entities": len({statement.subject for statement in [*cards, *accepted]}),
    }
    return Made(turtle(triples, comment=_COMMENT), trig({EVIDENCE_INDEX: index, **graphs}, comment=_COMMENT), counts)


def write(record: Record, made: Made) -> list[str]:
    """Replace the made files that differ; each is written beside its place and moved in whole.

    :returns: the paths that changed
    :raises KGError: if a file cannot be written (the old ones are left as they were)
    """
    contents = {record.evidence: made.evidence, record.triples: made.triples}
    changed = {path: text for path, text in contents.items() if not files.holds(path, text)}
    files.replace(changed)
    return list(changed)


def check_current(record: Record, made: Made) -> None:
    """Compare the files on disk with what the authored files make.

    :raises StaleBuild: naming the files that differ
    """
    contents = {record.triples: made.triples, record.evidence: made.evidence}
    stale = [record.relative(path) for path, text in contents.items() if not files.holds(path, text)]
    if stale:
        raise StaleBuild(f"not current: {', '.join(stale)}", hint="Run 'kg build' and commit what it makes.")


def read_documents(record: Record, terms: Ontology) -> list[Document]:
    """Every authored source document, in file order.

    :raises RecordError: also when two files describe one document or one evidence node
    """
    documents = [document.read(path, terms) for path in authored(record.sources, ".trig")]
    owner: dict[str, str] = {}
    for doc in documents:
        for iri in (doc.iri, *doc.evidence):
            if iri in owner:
                raise RecordError(f"is already described in {owner[iri]}", path=doc.path, term=iri)
            owner[iri] = doc.path
    return documents


def read_cards(record: Record, documents: list[Document], terms: Ontology) -> list[Statement]:
    """Every card: those of ``data/entities``, and those that documents bring in.

    :raises RecordError: as :func:`kg.document.read_cards`
    """
    shared = [card for path in authored(record.entities, ".ttl") for card in document.read_cards(path, terms)]
    return shared + [card for doc in documents for card in doc.cards]


def authored(folder: str, suffix: str) -> list[str]:
    """The files of a folder with a suffix, sorted by name; none when there is no folder.

    :raises RecordError: if the folder is a file
    """
    if not os.path.exists(folder):
        return []
    if not os.path.isdir(folder):
        raise RecordError("is a file; a folder is expected here", path=folder)
    paths = [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(suffix)]
    return [path for path in paths if os.path.isfile(path)]  # a pipe of that name would never end


def passage_graphs(documents: list[Document], terms: Ontology) -> dict[str, set[Statement]]:
    """Evidence IRI → its statements, a broader property beside each narrower one (a signatory is a party)."""
    return {
        iri: {wider for statement in evidence.statements for wider in _widened(statement, terms)}
        for doc in documents
        for iri, evidence in doc.evidence.items()
    }


def _widened(statement: Statement, terms: Ontology) -> Iterator[Statement]:
    yield statement
    for broader in terms.superproperties(statement.predicate):
        yield statement._replace(predicate=broader)


def _accepted(documents: list[Document], graphs: dict[str, set[Statement]]) -> list[Statement]:
    return [s for doc in documents for e in doc.evidence.values() if e.is_accepted for s in graphs[e.iri]]


def _links(documents: list[Document], graphs: dict[str, set[Statement]]) -> Iterator[Statement]:
    for doc in documents:
        for evidence in doc.evidence.values():
            if evidence.is_accepted:
                for subject in {statement.subject for statement in graphs[evidence.iri]}:
                    yield Statement(subject, HAS_EVIDENCE, NamedNode(evidence.iri))


def _description(documents: list[Document], *, accepted_only: bool) -> Iterator[Statement]:
    """Documents and their evidence nodes."""
    for doc in documents:
        yield from doc.description
        for evidence in doc.evidence.values():
            if evidence.is_accepted or not accepted_only:
                yield from evidence.description


def _with_derived(statements: Iterable[Statement], terms: Ontology) -> set[Statement]:
    """The statements with superclass types and date bounds, so that plain queries need no ontology and no EDTF."""
    told = set(statements)
    return told | _superclass_types(told, terms) | _date_bounds(told)


def _superclass_types(statements: set[Statement], terms: Ontology) -> set[Statement]:
    kinds = {(s.subject, s.object.value) for s in statements if s.predicate == RDF_TYPE}
    return {Statement(s, RDF_TYPE, NamedNode(above)) for s, kind in kinds for above in terms.ancestors(kind)}


def _date_bounds(statements: set[Statement]) -> set[Statement]:
    made = set()
    for subject, predicate, value in statements:
        if predicate in BOUNDS:
            for name, day in zip(BOUNDS[predicate], bounds(value.value), strict=True):
                if day:
                    made.add(Statement(subject, KRSG + name, Literal(day.isoformat(), datatype=_XSD_DATE)))
    return made
