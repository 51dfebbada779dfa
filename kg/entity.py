"""One thing and what is said of it: every statement with the passages that state it.

Statements are those of the accepted graph, both from the thing and to it, without what the build adds for
machines. Evidence is at statement level: the passages whose own graph holds that very statement.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from kg import ontology, record
from kg.errors import KGError, NotFound
from kg.namespaces import EVIDENCE_INDEX, KRSG, PREFIXES, short
from kg.ontology import Ontology
from kg.store import Store

if TYPE_CHECKING:
    from kg.answers import Term

_RDF_TYPE = PREFIXES["rdf"] + "type"
_SKOS, _OA = PREFIXES["skos"], PREFIXES["oa"]
#: Predicates that say nothing about the world: names and kinds have their own places, the rest is for machines.
_MACHINERY = frozenset(
    [_RDF_TYPE, _SKOS + "prefLabel", _SKOS + "altLabel", _SKOS + "hiddenLabel"]
    + [
        KRSG + name
        for name in ("evidence labelStatus earliest latest fromEarliest fromLatest toEarliest toLatest").split()
    ]
)
_IRI = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]*')
_ACCEPTED = ("asserted", "inferred")


@dataclass(frozen=True)
class Evidence:
    """A passage of a document, by its place in it.

    :ivar start: first code point of the sentence in the whole text; ``end`` is the one after the last
    :ivar support: ``asserted``, ``inferred``, ``coarser``, ``contested`` or ``retracted``
    :ivar speaker: names of the agent in whose mouth the source puts it, by language; empty if nobody's
    :ivar note: by language, how an inference was made, or what the passage leaves open
    :ivar origin: IRI of the first source behind the document; equal origins are not independent
    """

    iri: str
    document: str
    title: str = ""
    publisher: dict[str, str] = field(default_factory=dict)
    kind: str = ""
    date: str | None = None
    paragraph: int | None = None
    sentence: int | None = None
    start: int | None = None
    end: int | None = None
    sha256: str | None = None
    support: str = "asserted"
    speaker: dict[str, str] = field(default_factory=dict)
    note: dict[str, str] = field(default_factory=dict)
    origin: str = ""
    origin_name: dict[str, str] = field(default_factory=dict)
    url: str | None = None
    whole_text: bool = False


@dataclass(frozen=True)
class Fact:
    """A statement seen from one of its ends.

    :ivar label: the predicate's labels by language, as they read from this end
    :ivar forward: whether the thing asked about is the subject
    :ivar value: IRI or literal text at the other end
    :ivar names: names of the thing at the other end by language; empty for a literal
    :ivar language: language tag of a literal
    """

    predicate: str
    label: dict[str, str]
    forward: bool
    value: str
    is_iri: bool
    names: dict[str, str]
    language: str | None
    evidence: tuple[Evidence, ...]

    @property
    def origins(self) -> int:
        """How many independent first sources state it."""
        return len({passage.origin or passage.document for passage in self.evidence})


@dataclass(frozen=True)
class Entity:
    """A thing of the record.

    :ivar kind: local name of its most specific class, ``""`` if it has none
    :ivar kind_label: that class's labels by language
    :ivar doubted: statements that are not accepted: less exact than another source, contested, or withdrawn
    """

    iri: str
    kind: str
    kind_label: dict[str, str]
    names: dict[str, str]
    aliases: tuple[str, ...]
    facts: tuple[Fact, ...]
    doubted: tuple[Fact, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The same as plain dictionaries, with CURIEs and the count of independent origins."""
        found = asdict(self)
        found["curie"] = short(self.iri)
        told = [*found["facts"], *found["doubted"]]
        for plain, fact in zip(told, (*self.facts, *self.doubted), strict=True):
            plain["origins"] = fact.origins
            plain["curie"] = short(fact.value) if fact.is_iri else None
        return found


def describe(store: Store, iri: str, terms: Ontology | None = None) -> Entity:
    """Everything that is said of a thing, what is accepted and what is in doubt kept apart.

    :param terms: where labels come from; the record's ontology if left out
    :raises NotFound: if nothing is
    """
    terms = terms or terms_of(store)
    node = NamedNode(iri)
    outgoing = [(row["p"].value, row["o"]) for row in store.query(f"SELECT ?p ?o {{ {node} ?p ?o }}")]
    if not outgoing:
        raise NotFound(f"{short(iri)}: nothing is said of it in the record")
    incoming = [(row["p"].value, row["s"]) for row in store.query(f"SELECT ?s ?p {{ ?s ?p {node} }}")]
    stated = _stated(store, node)
    said = [(True, predicate, other) for predicate, other in outgoing if predicate not in _MACHINERY]
    said += [(False, predicate, other) for predicate, other in incoming if _is_about(predicate, other)]
    said = _without_wider(said, stated, terms)
    told = set(said) | {(forward, p, other) for forward, p, other in stated if p in _MACHINERY}
    doubted = _without_wider([one for one in stated if one not in told], stated, terms)
    known = passages(store, {key for keys in stated.values() for key in keys}, terms)
    accepted = {key: passage for key, passage in known.items() if passage.support in _ACCEPTED}
    named = names(store, {term.value for _, _, term in [*said, *doubted] if isinstance(term, NamedNode)} | {iri})
    facts = [_fact(one, stated.get(one, ()), accepted, named, terms) for one in said]
    others = [_fact(one, stated[one], known, named, terms) for one in doubted]
    kind = kind_of({term.value for predicate, term in outgoing if predicate == _RDF_TYPE}, terms)
    return Entity(
        iri=iri,
        kind=kind,
        kind_label=label(terms, KRSG + kind) if kind else {},
        names=named.get(iri, {}),
        aliases=tuple(sorted(term.value for predicate, term in outgoing if predicate == _SKOS + "altLabel")),
        facts=tuple(sorted(facts, key=_order)),
        doubted=tuple(sorted((fact for fact in others if _in_doubt(fact)), key=_order)),
    )


def passages(store: Store, iris: Iterable[str], terms: Ontology | None = None) -> dict[str, Evidence]:
    """Evidence nodes by IRI, at every level of support, with what is known of their documents.

    :param terms: where labels come from; the record's ontology if left out
    """
    nodes = _properties(store, iris, EVIDENCE_INDEX)
    documents = _properties(store, {d for p in nodes.values() for d in p.get(KRSG + "inDocument", ())}, EVIDENCE_INDEX)
    agents = {v for p in documents.values() for name in ("publisher", "origin") for v in p.get(KRSG + name, ())}
    agents |= {value for p in nodes.values() for value in p.get(KRSG + "speaker", ())}
    named, terms = names(store, agents), terms or terms_of(store)
    notes = _notes(store, nodes)
    found = {iri: _evidence(iri, nodes[iri], documents, named, terms) for iri in sorted(nodes)}
    return {iri: replace(passage, note=notes.get(iri, {})) for iri, passage in found.items()}


def names(store: Store, iris: Iterable[str]) -> dict[str, dict[str, str]]:
    """Preferred names (titles for documents) of several things: IRI → language → name."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    if values := _values(iris):
        query = f"SELECT ?s ?n {{ VALUES ?s {{ {values} }} VALUES ?p {{ skos:prefLabel dcterms:title }} ?s ?p ?n }}"
        for row in store.query(query):
            found[row["s"].value][row["n"].language or ""] = row["n"].value
    return dict(found)


def kinds(store: Store, iris: Iterable[str], terms: Ontology | None = None) -> dict[str, str]:
    """Local name of the most specific class of several things, by IRI."""
    terms, types = terms or terms_of(store), defaultdict(set)
    if values := _values(iris):
        for row in store.query(f"SELECT ?s ?c {{ VALUES ?s {{ {values} }} ?s a ?c }}"):
            types[row["s"].value].add(row["c"].value)
    return {iri: kind_of(classes, terms) for iri, classes in types.items()}


def kind_of(classes: set[str], terms: Ontology) -> str:
    """Local name of the most specific of some classes; ``""`` if none is of the record's ontology."""
    own = {iri for iri in classes if iri.startswith(KRSG)}
    return min(terms.most_specific(own)).removeprefix(KRSG) if own else ""


def label(terms: Ontology, iri: str) -> dict[str, str]:
    """Labels of a term of the ontology in English and Korean; its local name where there is none."""
    known = terms.labels.get(iri, {})
    english = known.get("en") or iri.rpartition("#")[2].rpartition("/")[2]
    return {"en": english, "ko": known.get("ko") or english}


def inverse_label(terms: Ontology, iri: str) -> dict[str, str]:
    """Labels of a property as it reads from its object's side; its plain labels where the ontology has none."""
    return label(terms, iri) | terms.inverse_labels.get(iri, {})


def whole_number(text: str | None) -> int | None:
    """The number a locator's text stands for; ``None`` when it stands for none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def terms_of(store: Store) -> Ontology:
    """The ontology beside the data, else that of the default record, else an empty one."""
    try:
        return ontology.read((store.record or record.find()).ontology)
    except KGError:
        return Ontology([])


def in_language(names: dict[str, str], language: str, otherwise: str = "") -> str:
    """The name in a language, else in English, else in any."""
    return names.get(language) or names.get("en") or next(iter(names.values()), otherwise)


_Said = tuple[bool, str, Any]


def _is_about(predicate: str, subject: Term) -> bool:
    """Whether an incoming statement says something of the world, rather than of a document or passage."""
    sort = subject.value if isinstance(subject, NamedNode) else ""
    return predicate not in _MACHINERY and bool(sort) and not sort.startswith((PREFIXES["ev"], PREFIXES["doc"]))


def _stated(store: Store, node: NamedNode) -> dict[_Said, tuple[str, ...]]:
    """Statement → IRIs of the evidence graphs that hold it, sorted."""
    found: dict[_Said, set[str]] = defaultdict(set)
    for row in store.query(f"SELECT ?g ?p ?o {{ GRAPH ?g {{ {node} ?p ?o }} }}"):
        found[True, row["p"].value, row["o"]].add(row["g"].value)
    for row in store.query(f"SELECT ?g ?s ?p {{ GRAPH ?g {{ ?s ?p {node} }} }}"):
        found[False, row["p"].value, row["s"]].add(row["g"].value)
    return {said: tuple(sorted(graphs - {EVIDENCE_INDEX})) for said, graphs in found.items()}


def _without_wider(said: list[_Said], stated: dict[_Said, tuple[str, ...]], terms: Ontology) -> list[_Said]:
    """Leave out what a narrower statement says with the same passages: ``party`` where ``signatory`` is said."""
    narrower: dict[_Said, set[str]] = defaultdict(set)
    for forward, predicate, other in said:
        for wider in terms.superproperties(predicate):
            narrower[forward, wider, other].update(stated.get((forward, predicate, other), ()))
    return [one for one in said if one not in narrower or not narrower[one].issuperset(stated.get(one, ()))]


def _order(fact: Fact) -> tuple[bool, str, str, str]:
    return (not fact.forward, fact.label["en"], fact.names.get("en", ""), fact.value)


def _in_doubt(fact: Fact) -> bool:
    """Whether a passage says it, but none that is accepted: what a wider property repeats is left out so."""
    return bool(fact.evidence) and all(passage.support not in _ACCEPTED for passage in fact.evidence)


def _fact(
    said: _Said,
    graphs: Iterable[str],
    known: dict[str, Evidence],
    named: dict[str, dict[str, str]],
    terms: Ontology,
) -> Fact:
    forward, predicate, other = said
    return Fact(
        predicate=predicate,
        label=label(terms, predicate) if forward else inverse_label(terms, predicate),
        forward=forward,
        value=other.value if isinstance(other, NamedNode | Literal) else str(other),
        is_iri=isinstance(other, NamedNode),
        names=named.get(other.value, {}) if isinstance(other, NamedNode) else {},
        language=other.language if isinstance(other, Literal) else None,
        evidence=tuple(known[graph] for graph in graphs if graph in known),
    )


def _properties(store: Store, iris: Iterable[str], graph: str) -> dict[str, dict[str, list[str]]]:
    """What a graph says of several things: IRI → predicate → values as text."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    if values := _values(iris):
        query = f"SELECT ?s ?p ?o {{ VALUES ?s {{ {values} }} GRAPH {NamedNode(graph)} {{ ?s ?p ?o }} }}"
        for row in store.query(query):
            found[row["s"].value][row["p"].value].append(row["o"].value)
    return found


def _notes(store: Store, iris: Iterable[str]) -> dict[str, dict[str, str]]:
    """The gists of evidence nodes: IRI → language → text."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    if values := _values(iris):
        index = NamedNode(EVIDENCE_INDEX)
        for row in store.query(f"SELECT ?s ?n {{ VALUES ?s {{ {values} }} GRAPH {index} {{ ?s krsg:gist ?n }} }}"):
            found[row["s"].value][row["n"].language or ""] = row["n"].value
    return dict(found)


def _evidence(
    iri: str,
    node: dict[str, list[str]],
    documents: dict[str, dict[str, list[str]]],
    named: dict[str, dict[str, str]],
    terms: Ontology,
) -> Evidence:
    document_iri = _one(node, KRSG + "inDocument") or ""
    document = documents.get(document_iri, {})
    return Evidence(
        iri=iri,
        document=document_iri,
        title=_one(document, PREFIXES["dcterms"] + "title") or "",
        publisher=named.get(_one(document, KRSG + "publisher") or "", {}),
        kind=kind_of(set(document.get(_RDF_TYPE, ())), terms),
        date=_one(document, KRSG + "date"),
        paragraph=_number(node, KRSG + "paragraph"),
        sentence=_number(node, KRSG + "sentence"),
        start=_number(node, _OA + "start"),
        end=_number(node, _OA + "end"),
        sha256=_one(node, KRSG + "sha256"),
        support=(_one(node, KRSG + "support") or "asserted").removeprefix(PREFIXES["code"]),
        speaker=named.get(_one(node, KRSG + "speaker") or "", {}),
        origin=_one(document, KRSG + "origin") or "",
        origin_name=named.get(_one(document, KRSG + "origin") or "", {}),
        url=_one(document, PREFIXES["schema"] + "url"),
        whole_text=_one(document, KRSG + "wholeText") == "true",
    )


def _one(properties: dict[str, list[str]], predicate: str) -> str | None:
    return min(properties.get(predicate, ()), default=None)


def _number(properties: dict[str, list[str]], predicate: str) -> int | None:
    return whole_number(_one(properties, predicate))


def _values(iris: Iterable[str]) -> str:
    return " ".join(str(NamedNode(iri)) for iri in sorted(set(iris)) if _IRI.fullmatch(iri))
