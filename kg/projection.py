"""Store → networkx: things as nodes, statements as edges that carry the keys of their evidence.

An edge stands for one accepted statement between two things. Its key is the property's local name, and its
``ev`` lists the passages that state it, so that every picture, path and measure can answer "who says so?".
Evidence, documents and codes are no nodes: documents and passages are described in ``graph.graph``.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

import networkx as nx
from pyoxigraph import Literal, NamedNode

from kg import entity, ontology, record
from kg.errors import NotFound
from kg.namespaces import EVIDENCE_INDEX, KRSG, PREFIXES, short
from kg.ontology import Ontology
from kg.store import Store
from kg.turtle import RDF_TYPE, Statement

TITLE = {"en": "ROK–Singapore relations", "ko": "한국–싱가포르 관계"}
_SKOS, _DCTERMS = PREFIXES["skos"], PREFIXES["dcterms"]
#: Classes whose things are drawn, by the group they are drawn in; a narrower class comes before its parent.
GROUPS = tuple(
    "Country Organization Person Office Tenure Agreement Event Series Intention Remark "
    "DiplomaticRelation Project Place Topic Observation Indicator".split()
)
_MACHINERY = frozenset(
    KRSG + name
    for name in (
        "evidence",
        "labelStatus",
        "fromEarliest",
        "fromLatest",
        "toEarliest",
        "toLatest",
        "earliest",
        "latest",
    )
)


class Step(NamedTuple):
    """One edge of a path, walked from ``u`` to ``v``; ``forward`` when the statement runs that way."""

    u: str
    v: str
    key: str
    forward: bool


def project(store: Store, terms: Ontology | None = None) -> nx.MultiDiGraph[str]:
    """The record as a graph, for analysis and pictures.

    :param terms: the ontology the labels and classes come from; the default record's if left out
    :returns: nodes are the IRIs of the things that some passage speaks of, with ``curie, kind, group, names,
        aliases, translated, date, earliest, latest, facts, doubted``; edges run subject → object with the
        property's local name as key and ``ev, origins``; ``graph.graph`` has ``title, digest, documents, evidence,
        classes, predicates``
    """
    terms = terms or ontology.read(record.find().ontology)
    world = _World(store, terms)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for iri in sorted(world.groups):
        graph.add_node(iri, **world.node(iri))
    for statement in sorted(world.links(), key=lambda s: (s.subject, s.predicate, s.object.value)):
        passages = world.stated[statement]
        local = _local(statement.predicate)
        graph.add_edge(
            statement.subject, statement.object.value, key=local, ev=passages, origins=world.origins(passages)
        )
    graph.graph.update(world.description(graph))
    return graph


def shortest_paths(
    graph: nx.MultiDiGraph[str], a: str, b: str, *, through_countries: bool = False, most: int = 5
) -> list[list[Step]]:
    """The shortest ways from one thing to another, direction left aside.

    :param through_countries: whether a path may pass a country; nearly everything meets there
    :param most: how many paths of that length at the most
    :raises NotFound: if there is no path
    """
    plain: nx.Graph[str] = nx.Graph(
        graph.subgraph(n for n in graph if n in (a, b) or through_countries or not _is_country(graph, n))
    )
    try:
        found = sorted(islice(nx.all_shortest_paths(plain, a, b), 50))[:most]
    except nx.NetworkXNoPath as error:
        hint = (
            "" if through_countries else "Countries are left out; ask for a path through them with --through-countries."
        )
        raise NotFound(f"no path between {short(a)} and {short(b)}", hint=hint) from error
    return [[_step(graph, u, v) for u, v in nx.utils.pairwise(path)] for path in found]


def _is_country(graph: nx.MultiDiGraph[str], node: str) -> bool:
    return bool(graph.nodes[node].get("group") == "Country")


def _step(graph: nx.MultiDiGraph[str], u: str, v: str) -> Step:
    """The first statement between two neighbours, the way it is walked if there is one."""
    if graph.has_edge(u, v):
        return Step(u, v, min(graph[u][v]), forward=True)
    return Step(u, v, min(graph[v][u]), forward=False)


class _World:
    """Everything the projection reads, in two scans: the default graph, and the passages' own graphs."""

    def __init__(self, store: Store, terms: Ontology) -> None:
        self.terms = terms
        self.about: dict[str, list[Statement]] = defaultdict(list)
        for row in store.query("SELECT ?s ?p ?o { ?s ?p ?o }"):
            self.about[row["s"].value].append(Statement(row["s"].value, row["p"].value, row["o"]))
        self.stated: dict[Statement, list[str]] = defaultdict(list)
        self.stated_beside: dict[Statement, list[str]] = defaultdict(list)
        self.index: dict[str, list[Statement]] = defaultdict(list)
        self._read_passages(store)
        self.beside: dict[str, list[Statement]] = defaultdict(list)
        for statement in self.stated_beside:
            if statement not in self.stated and statement.predicate != RDF_TYPE:
                self.beside[statement.subject].append(statement)
        self.kinds = {iri: kind for iri in self.about if (kind := self._kind(iri))}
        told = {iri for s in self.stated for iri in (s.subject, s.object.value)}
        self.groups = {iri: group for iri, kind in self.kinds.items() if iri in told and (group := self._group(kind))}

    def _read_passages(self, store: Store) -> None:
        """What passages state: the accepted ones, those kept beside them, and the index that describes all."""
        accepted = {iri for iri in self.about if self.value(iri, KRSG + "inDocument")}
        for row in store.query("SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"):
            passage, statement = row["g"].value, Statement(row["s"].value, row["p"].value, row["o"])
            if passage == EVIDENCE_INDEX:
                self.index[statement.subject].append(statement)
            else:
                (self.stated if passage in accepted else self.stated_beside)[statement].append(passage)

    def _kind(self, iri: str) -> str | None:
        kind = entity.kind_of({s.object.value for s in self.about[iri] if s.predicate == RDF_TYPE}, self.terms)
        return KRSG + kind if kind else None

    def _group(self, kind: str) -> str | None:
        line = {kind, *self.terms.ancestors(kind)}
        return next((group for group in GROUPS if KRSG + group in line), None)

    def values(self, iri: str, predicate: str) -> list[Any]:
        told = self.about.get(iri) or self.index.get(iri) or ()  # passages not accepted stand in the index alone
        return [s.object for s in told if s.predicate == predicate]

    def value(self, iri: str, predicate: str) -> str | None:
        return min((o.value for o in self.values(iri, predicate)), default=None)

    def names(self, iri: str, predicate: str = _SKOS + "prefLabel") -> dict[str, str]:
        names = {o.language or "en": o.value for o in self.values(iri, predicate) if isinstance(o, Literal)}
        english = names.get("en") or names.get("ko") or short(iri)
        return {"en": english, "ko": names.get("ko") or english}

    def node(self, iri: str) -> dict[str, Any]:
        return {
            "curie": short(iri),
            "kind": _local(self.kinds[iri]),
            "group": self.groups[iri],
            "names": self.names(iri),
            "aliases": sorted(o.value for o in self.values(iri, _SKOS + "altLabel")),
            "translated": ["ko"]
            if PREFIXES["code"] + "translated" in {o.value for o in self.values(iri, KRSG + "labelStatus")}
            else [],
            "date": self.value(iri, KRSG + "date") or self.value(iri, KRSG + "due") or self.value(iri, KRSG + "from"),
            "earliest": self.value(iri, KRSG + "earliest") or self.value(iri, KRSG + "fromEarliest"),
            "latest": self.value(iri, KRSG + "latest") or self.value(iri, KRSG + "toLatest"),
            "facts": list(self.facts(iri)),
            "doubted": list(self.doubted(iri)),
        }

    def facts(self, iri: str) -> Iterator[dict[str, Any]]:
        """Facts that are no edges: literals, and codes by their names in both languages."""
        for statement in sorted(self.about[iri], key=lambda s: (s.predicate, str(s.object))):
            predicate, value = statement.predicate, statement.object
            if not predicate.startswith(KRSG) or predicate in _MACHINERY:
                continue
            passages = self.stated.get(statement, [])
            if isinstance(value, Literal):
                yield {"p": _local(predicate), "v": value.value, "lang": value.language, "ev": passages}
            elif value.value.startswith(PREFIXES["code"]):
                for language, name in self.names(value.value).items():
                    yield {"p": _local(predicate), "v": name, "lang": language, "ev": passages}

    def doubted(self, iri: str) -> Iterator[dict[str, Any]]:
        """What is said of a thing but not accepted: less exact than another source, contested, or withdrawn."""
        for statement in sorted(self.beside.get(iri, ()), key=str):
            predicate, value = statement.predicate, statement.object
            told = {"p": _local(predicate), "ev": self.stated_beside[statement]}
            if isinstance(value, Literal):
                yield told | {"v": value.value, "lang": value.language}
            else:
                for language, name in self.names(value.value).items():
                    yield told | {"v": name, "lang": language}

    def links(self) -> list[Statement]:
        """Statements between two things, a broader one (party) left out where a narrower one (signatory) says it."""
        found = {
            s
            for iri in self.groups
            for s in self.about[iri]
            if isinstance(s.object, NamedNode)
            and s.predicate.startswith(KRSG)
            and s.object.value in self.groups
            and s in self.stated
        }
        narrower: dict[Statement, set[str]] = defaultdict(set)  # broader statement → passages of the narrower ones
        for s in found:
            for predicate in self.terms.superproperties(s.predicate):
                narrower[s._replace(predicate=predicate)].update(self.stated[s])
        return [s for s in found if s not in narrower or not set(self.stated[s]) <= narrower[s]]

    def origins(self, passages: list[str]) -> int:
        """How many independent origins stand behind passages."""
        documents = {self.value(iri, KRSG + "inDocument") for iri in passages}
        return len({self.value(doc, KRSG + "origin") or doc for doc in documents if doc})

    def description(self, graph: nx.MultiDiGraph[str]) -> dict[str, Any]:
        used = {data["kind"] for _, data in graph.nodes(data=True)}
        predicates = {key for *_, key in graph.edges(keys=True)}
        predicates |= {fact["p"] for _, data in graph.nodes(data=True) for fact in (*data["facts"], *data["doubted"])}
        stated = (*self.stated.values(), *self.stated_beside.values())
        cited = {iri for passages in stated for iri in passages}
        return {
            "title": TITLE,
            "digest": self.digest(),
            "documents": {iri: self.document(iri) for iri in sorted(self._documents(cited))},
            "evidence": {iri: self.evidence(iri) for iri in sorted(cited)},
            "classes": {
                local: self.label(local) | {"parent": self._parent(local)} for local in sorted(self._with_groups(used))
            },
            "predicates": {local: self.label(local) | {"inverse": self.inverse(local)} for local in sorted(predicates)},
        }

    def digest(self) -> str:
        """SHA-256 over the sorted statements of the default graph, whatever file they came from."""
        lines = sorted(
            f"{s.subject} {s.predicate} {s.object}" for statements in self.about.values() for s in statements
        )
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def _documents(self, cited: set[str]) -> set[str]:
        return {doc for iri in cited if (doc := self.value(iri, KRSG + "inDocument"))}

    def document(self, iri: str) -> dict[str, Any]:
        publisher, origin = self.value(iri, KRSG + "publisher"), self.value(iri, KRSG + "origin")
        return {
            "title": self.value(iri, _DCTERMS + "title") or short(iri),
            "publisher": self.names(publisher) if publisher else {"en": "", "ko": ""},
            "kind": _local(self.kinds.get(iri, KRSG + "Document")),
            "date": self.value(iri, KRSG + "date"),
            "language": self.value(iri, _DCTERMS + "language"),
            "url": self.value(iri, PREFIXES["schema"] + "url"),
            "origin": origin,
            "originName": self.names(origin) if origin else {"en": "", "ko": ""},
            "wholeText": self.value(iri, KRSG + "wholeText") == "true",
        }

    def evidence(self, iri: str) -> dict[str, Any]:
        def number(predicate: str) -> int | None:
            return entity.whole_number(self.value(iri, predicate))

        return {
            "document": self.value(iri, KRSG + "inDocument"),
            "paragraph": number(KRSG + "paragraph"),
            "sentence": number(KRSG + "sentence"),
            "start": number(PREFIXES["oa"] + "start"),
            "end": number(PREFIXES["oa"] + "end"),
            "sha256": self.value(iri, KRSG + "sha256"),
            "support": (self.value(iri, KRSG + "support") or "asserted").removeprefix(PREFIXES["code"]),
            "speaker": self.value(iri, KRSG + "speaker"),
            "note": {o.language or "en": o.value for o in self.values(iri, KRSG + "gist")} or None,
        }

    def label(self, local: str) -> dict[str, str]:
        return entity.label(self.terms, KRSG + local)

    def inverse(self, local: str) -> dict[str, str] | None:
        """The labels of a property read from its object's side, where the ontology gives both."""
        labels = self.terms.inverse_labels.get(KRSG + local, {})
        return {"en": labels["en"], "ko": labels["ko"]} if {"en", "ko"} <= labels.keys() else None

    def _parent(self, local: str) -> str | None:
        """The group a class is drawn in, or ``None`` for a group itself."""
        group = self._group(KRSG + local)
        return None if group == local else group

    def _with_groups(self, locals_: set[str]) -> set[str]:
        return locals_ | {group for local in locals_ if (group := self._group(KRSG + local))} | self._document_kinds()

    def _document_kinds(self) -> set[str]:
        return {_local(kind) for iri, kind in self.kinds.items() if iri.startswith(PREFIXES["doc"])}


def _local(iri: str) -> str:
    return iri.removeprefix(KRSG) if iri.startswith(KRSG) else iri.rpartition("#")[2].rpartition("/")[2]
