"""One authored TriG file: a source document, its evidence nodes, what each passage states, and new cards.

The default graph describes the document and its evidence nodes, and may hold the cards of things that this document
brings into the record, so that adding an article is adding one file. Each named graph's IRI is an evidence node,
and the graph holds the statements of that passage. Authors may leave out ``a krsg:Evidence``,
``krsg:inDocument`` (the file has one document) and ``krsg:support code:asserted``: they are understood.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NoReturn

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg import files
from kg.dates import bounds
from kg.errors import RecordError
from kg.namespaces import KRSG, PREFIXES, THINGS, compress, short
from kg.ontology import Ontology, read_quads
from kg.turtle import RDF_TYPE, Statement
from kg.unseen import first_unseen

EV, DOC, CODE = THINGS["ev"], THINGS["doc"], THINGS["code"]
IN_DOCUMENT, SUPPORT, EVIDENCE = KRSG + "inDocument", KRSG + "support", KRSG + "Evidence"
#: Levels of support whose statements reach ``triples.ttl``.
ACCEPTED = frozenset({CODE + "asserted", CODE + "inferred"})
#: Properties of a passage that place it by number.
COUNTING = frozenset([KRSG + name for name in ("paragraph", "contextParagraph", "sentence", "charCount")]) | {
    PREFIXES["oa"] + "start",
    PREFIXES["oa"] + "end",
}
_COUNT = re.compile(r"[0-9]{1,9}")
#: Properties that an evidence node has once.
_ONCE = (COUNTING - {KRSG + "contextParagraph"}) | {SUPPORT, IN_DOCUMENT, KRSG + "sha256", KRSG + "speaker"}
#: Properties whose value is an EDTF string.
EDTF_PROPERTIES = frozenset(KRSG + name for name in ("date", "from", "to", "due"))
#: What a card may say of a thing without evidence: its kind, its names, its identifiers, its place in a scheme.
CARD_PREDICATES = frozenset(
    [RDF_TYPE, KRSG + "iso3", KRSG + "labelStatus", PREFIXES["dcterms"] + "identifier"]
    + [PREFIXES["skos"] + name for name in ("prefLabel", "altLabel", "hiddenLabel", "definition", "notation")]
    + [PREFIXES["skos"] + name for name in ("broader", "inScheme", "topConceptOf", "exactMatch", "closeMatch")]
)
#: Of these, what a passage may state too: a kind, or the number of a treaty.
STATED_TOO = frozenset([RDF_TYPE, PREFIXES["dcterms"] + "identifier"])
_NO_THINGS = (EV, DOC, CODE)


@dataclass
class Evidence:
    """A passage: where it stands, how far it supports, and what it states.

    :ivar description: statements about the evidence node itself
    :ivar statements: what the passage states
    """

    iri: str
    description: list[Statement] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)

    @property
    def support(self) -> str:
        """IRI of the level of support."""
        return self.text(SUPPORT) or CODE + "asserted"

    @property
    def is_accepted(self) -> bool:
        """Whether its statements are part of the record, not only kept beside it."""
        return self.support in ACCEPTED

    def number(self, predicate: str) -> int | None:
        """An integer of the description, such as ``krsg:paragraph``; ``None`` when it is not given."""
        return next(iter(self.numbers(predicate)), None)

    def numbers(self, predicate: str) -> list[int]:
        """Every integer of the description for a predicate, such as ``krsg:contextParagraph``."""
        return sorted(int(s.object.value) for s in self.description if s.predicate == predicate)

    def text(self, predicate: str) -> str | None:
        """A string or IRI of the description; ``None`` when it is not given."""
        return _value(self.description, predicate)


@dataclass
class Document:
    """A source document as authored.

    :ivar path: the file, for messages
    :ivar description: statements about the document itself
    :ivar evidence: evidence IRI → :class:`Evidence`, in IRI order
    :ivar cards: kinds, names and identifiers of things that the document brings into the record
    """

    path: str
    iri: str
    description: list[Statement]
    evidence: dict[str, Evidence]
    cards: list[Statement] = field(default_factory=list)

    def text(self, predicate: str) -> str | None:
        """A value of the description; ``None`` when it is not given."""
        return _value(self.description, predicate)


def read(path: str, ontology: Ontology) -> Document:
    """Read and examine one authored source file.

    :raises RecordError: naming file, line and term: broken TriG, a fact outside a passage, a passage that
        states nothing, an unknown term, a date that is no EDTF, a blank node
    """
    source = _Lines(path)
    described, stated = _divide(_usable(read_quads(path), ontology, source))
    iri = _document_iri(described, source)
    description, cards = described.pop(iri), _cards(described, source)
    return Document(path, iri, description, _evidence(iri, described, stated, source), cards)


def read_cards(path: str, ontology: Ontology) -> list[Statement]:
    """Read and examine one file of entity cards: kinds, names and identifiers, no facts.

    :raises RecordError: as :func:`read`, and for a fact, which needs a passage
    """
    source = _Lines(path)
    cards = [statement for _, statement in _usable(read_quads(path), ontology, source)]
    for subject, predicate, _ in cards:
        _refuse_fact("a card states a fact", subject, predicate, source)
        if subject.startswith(_NO_THINGS):
            source.fail("has no card: documents and passages are described in their source file", subject)
    return cards


def _value(description: list[Statement], predicate: str) -> str | None:
    return next((s.object.value for s in description if s.predicate == predicate), None)


class _Lines:
    """The lines of a file, to say where a term stands when a check fails on it."""

    def __init__(self, path: str) -> None:
        self.path = path

    def fail(self, problem: str, term: str, near: str = "", hint: str = "") -> NoReturn:
        """Raise for a term, at its first line at or after the first line of ``near``.

        :param hint: what to do next; without one, of what the term is said
        """
        shown = short(term) if "://" in term else term
        hint = hint or (f"It is said of {short(near)}." if near else "")
        raise RecordError(problem, path=self.path, line=self._line(term, near), term=shown, hint=hint)

    def _line(self, term: str, near: str) -> int | None:
        text = files.text(self.path)
        start = _position(text, near, 0) if near else 0
        position = _position(text, term, max(start, 0))
        return text.count("\n", 0, position) + 1 if position >= 0 else None


def _nearest(term: str, known: set[str]) -> str:
    near = get_close_matches(short(term), sorted(map(short, known)), n=3)
    return f"Did you mean {' or '.join(near)}?" if near else "ontology/krsg.ttl has the terms."


def _position(text: str, term: str, start: int) -> int:
    """Where a term is first written at or after ``start``: as CURIE, in angle brackets, or as it stands."""
    written = "|".join(re.escape(form) for form in (compress(term), f"<{term}>", term) if form)
    found = re.compile(rf"(?:{written})(?![\w-])").search(text, start)
    return found.start() if found else -1


def _usable(quads: list[Quad], ontology: Ontology, source: _Lines) -> list[tuple[str, Statement]]:
    """Each quad as its graph's IRI (``""`` for the default graph) and statement, after a look at every term."""
    usable = []
    for quad in quads:
        try:
            statement = Statement.of(quad)
        except ValueError as error:
            source.fail(str(error), quad.predicate.value)
        _refuse_unknown(statement, ontology, source)
        graph = quad.graph_name
        usable.append(("" if isinstance(graph, DefaultGraph) else str(graph.value), statement))
    return usable


def _refuse_unknown(statement: Statement, ontology: Ontology, source: _Lines) -> None:
    subject, predicate, value = statement
    if unseen := first_unseen(value.value):
        problem = f"holds the invisible character U+{ord(unseen):04X}, which can make text read otherwise"
        source.fail(problem, predicate, subject)
    if not ontology.knows(predicate):
        source.fail("is not a term of the ontology", predicate, subject, _nearest(predicate, ontology.properties))
    if predicate == RDF_TYPE and value.value not in ontology.classes:
        source.fail("is not a class of the ontology", value.value, subject, _nearest(value.value, ontology.classes))
    if predicate in ontology.object_properties and isinstance(value, Literal):
        source.fail("takes a thing, not a text", predicate, subject)
    if predicate in ontology.literal_properties and not isinstance(value, Literal):
        source.fail("takes a text or number, not a thing", predicate, subject)
    if predicate in COUNTING and not _COUNT.fullmatch(value.value):
        source.fail("takes a number counted from 1 (characters from 0)", predicate, subject)
    if predicate in EDTF_PROPERTIES:
        try:
            bounds(value.value)
        except ValueError as error:
            source.fail(str(error), value.value, subject)


def _divide(quads: list[tuple[str, Statement]]) -> tuple[dict[str, list[Statement]], dict[str, list[Statement]]]:
    """Statements of the default graph by subject, and of the named graphs by graph."""
    described: dict[str, list[Statement]] = defaultdict(list)
    stated: dict[str, list[Statement]] = defaultdict(list)
    for graph, statement in quads:
        if graph:
            stated[graph].append(statement)
        else:
            described[statement.subject].append(statement)
    return described, stated


def _document_iri(described: dict[str, list[Statement]], source: _Lines) -> str:
    documents = [iri for iri in described if iri.startswith(DOC)]
    if len(documents) != 1:
        raise RecordError(
            f"describes {len(documents)} documents (doc:…); a source file describes one", path=source.path
        )
    return documents[0]


def _refuse_fact(problem: str, subject: str, predicate: str, source: _Lines) -> None:
    if predicate not in CARD_PREDICATES:
        hint = "Put it into a passage's named graph in data/sources; a card has kinds, names and identifiers only."
        source.fail(f"{problem}; facts need evidence", predicate, subject, hint)


def _cards(described: dict[str, list[Statement]], source: _Lines) -> list[Statement]:
    """Take the cards out of what the default graph describes: what it says of things of the world."""
    things = [iri for iri in described if not iri.startswith(_NO_THINGS)]
    cards = [statement for iri in things for statement in described.pop(iri)]
    for subject, predicate, _ in cards:
        _refuse_fact("a fact outside a passage", subject, predicate, source)
    return cards


def _evidence(
    document: str, described: dict[str, list[Statement]], stated: dict[str, list[Statement]], source: _Lines
) -> dict[str, Evidence]:
    for iri in described:
        if not iri.startswith(EV):
            source.fail("a fact outside a passage; put it into the named graph of its evidence", iri)
        if iri not in stated:
            source.fail("is described, but states nothing: no named graph of that name", iri)
    for iri in stated:
        if iri not in described:
            source.fail("states facts, but is not described: say its paragraph and support", iri)
    for statements in stated.values():
        _refuse_machinery(statements, source)
    return {iri: Evidence(iri, _described(document, described[iri], source), stated[iri]) for iri in sorted(described)}


def _refuse_machinery(statements: list[Statement], source: _Lines) -> None:
    """A passage speaks of the world: what it says of documents, passages and names would pass for the record's own."""
    for subject, predicate, _ in statements:
        if subject.startswith(_NO_THINGS):
            source.fail("a passage cannot state anything of a document, a passage or a code", subject)
        if predicate in CARD_PREDICATES - STATED_TOO:
            source.fail("names and identifiers stand on cards, not in passages", predicate, subject)


def _described(document: str, statements: list[Statement], source: _Lines) -> list[Statement]:
    """The description of an evidence node with what authors may leave out."""
    node = statements[0].subject
    for predicate, times in Counter(statement.predicate for statement in statements).items():
        if times > 1 and predicate in _ONCE:
            source.fail(f"is given {times} times; one of them must go", predicate, node)
    said = {statement.predicate: statement.object.value for statement in statements}
    if said.get(IN_DOCUMENT, document) != document:
        source.fail("belongs to another document than this file's", said[IN_DOCUMENT], node)
    understood = {RDF_TYPE: EVIDENCE, IN_DOCUMENT: document, SUPPORT: CODE + "asserted"}
    return statements + [Statement(node, p, NamedNode(o)) for p, o in understood.items() if p not in said]
