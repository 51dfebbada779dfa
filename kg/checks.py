"""The gates of the record. Each is a function from what was made to findings; a finding says where and why.

Shapes look at one node at a time, gates (``ontology/gates/*.rq``) at the whole graph, coverage at every fact,
and the verbatim guard keeps the words of the sources out of the record.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, astuple, dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store, parse

from kg import build, files, limits, ontology
from kg.document import ACCEPTED, CARD_PREDICATES, SUPPORT
from kg.errors import KGError, LimitReached
from kg.namespaces import EVIDENCE_INDEX, KRSG, PREFIXES, THINGS, short
from kg.record import Record
from kg.turtle import RDF_TYPE, Statement

ERROR, WARNING = "error", "warning"
#: A run of more words than this in common with a source is a quotation.
LONGEST_SHARED_RUN = 7
#: Wall time for a gate; on 80 thousand triples the slowest takes a fifth of a second.
GATE_SECONDS = 60
#: A gist is the project's own few words.
LONGEST_GIST = 25
_MADE = frozenset(
    KRSG + name for name in ("evidence", "earliest", "latest", "fromEarliest", "fromLatest", "toEarliest", "toLatest")
)
_TITLE = PREFIXES["dcterms"] + "title"
_CURIE = re.compile(r"\b[a-z]+:[a-z0-9][a-z0-9-]*")
_WORD = re.compile(r"\w+(?:[’'-]\w+)*")


@dataclass(frozen=True, order=True)
class Finding:
    """Something a gate found.

    :ivar severity: ``"error"`` fails the check, ``"warning"`` is reported
    :ivar focus: CURIE or IRI of the thing, or the file at fault
    """

    check: str
    severity: str
    focus: str
    message: str


@dataclass
class Report:
    """What all gates found.

    :ivar findings: sorted by gate, severity and focus
    :ivar figures: what was measured, such as ``{"coverage": 1.0}``
    :ivar ran: names of the gates that ran, in order
    """

    findings: list[Finding]
    figures: dict[str, Any]
    ran: list[str]

    @property
    def errors(self) -> list[Finding]:
        """The findings that fail the check."""
        return [finding for finding in self.findings if finding.severity == ERROR]

    def to_json(self) -> dict[str, Any]:
        """A plain object for ``json.dumps``."""
        return {
            "ok": not self.errors,
            "ran": self.ran,
            "figures": self.figures,
            "findings": [asdict(finding) for finding in self.findings],
        }


def run(record: Record, *, corpus: str | None = None, shapes: bool = True) -> Report:
    """Run every gate on a record.

    :param corpus: folder with the source texts; the verbatim guard then compares word runs too
    :param shapes: ``False`` leaves SHACL out, for an install without an engine
    :raises RecordError: if an authored file cannot be used at all
    :raises MissingExtra: if ``shapes`` is wanted and no engine is installed
    """
    made = build.make(record)
    world = World(made, record)
    report = Report([], dict(made.counts), [])
    report.figures["compared"] = bool(corpus)
    gates: dict[str, Callable[[], Iterator[Finding]]] = {
        "current": lambda: _current(record, made),
        "coverage": lambda: coverage(world, report.figures),
        "passages": lambda: passages_and_graphs(world),
        "gates": lambda: graph_gates(record, world),
        "verbatim": lambda: verbatim(record, world, corpus),
    }
    if shapes:
        gates["shapes"] = lambda: _shapes(record, made)
    for name, gate in gates.items():
        report.findings.extend(gate())
        report.ran.append(name)
    report.findings = sorted(_root_causes(report.findings, record))
    return report


def _root_causes(findings: list[Finding], record: Record) -> list[Finding]:
    """The findings without what only follows from a thing that has no card: it has no class and no names either."""
    missing = {finding.message.rpartition(": ")[2] for finding in findings if finding.check == "gate dangling"}
    if not missing:
        return findings
    kept = [finding for finding in findings if not finding.check.startswith(("gate ", "shapes"))]
    return kept + [_without_card(thing, record) for thing in sorted(missing)]


def _without_card(thing: str, record: Record) -> Finding:
    """A thing that is spoken of and has no card: where, and whether its name may be a slip."""
    used, known = [], set()
    for path in (*build.authored(record.sources, ".trig"), *build.authored(record.entities, ".ttl")):
        for number, line in enumerate(files.text(path).splitlines(), 1):
            names = set(_CURIE.findall(line))
            known.update(names)
            if thing in names:
                used.append(f"{record.relative(path)}:{number}")
    near = get_close_matches(thing, sorted(known - {thing}), n=2, cutoff=0.8)
    slip = f"; or did you mean {' or '.join(near)}?" if near else ""
    where = f", used in {used[0]}" if used else ""
    is_code = thing.startswith("code:")
    home = "codes stand in ontology/codes.ttl" if is_code else "add its kind and names to data/entities"
    message = f"has no card{where}: {home}{slip} (other gates wait until it has one)"
    return Finding("gate dangling", ERROR, thing, message)


class World:
    """What was made, as sets of triples: the default graph, and each passage's graph."""

    def __init__(self, made: build.Made, record: Record) -> None:
        self.triples = {Statement.of(quad) for quad in parse(made.triples, format=RdfFormat.TURTLE)}
        self.graphs: dict[str, set[Statement]] = {}
        for quad in parse(made.evidence, format=RdfFormat.TRIG):
            assert not isinstance(quad.graph_name, DefaultGraph)
            self.graphs.setdefault(quad.graph_name.value, set()).add(Statement.of(quad))
        self.index = self.graphs.pop(EVIDENCE_INDEX, set())
        codes = os.path.join(record.ontology, "codes.ttl")
        self.codes = {Statement.of(quad) for quad in ontology.read_quads(codes)}
        #: Evidence IRI → IRI of its level of support.
        self.support = {s.subject: s.object.value for s in self.index if s.predicate == SUPPORT}
        #: Documents and evidence nodes: they need no evidence themselves.
        self.described = {s.subject for s in self.index}


def coverage(world: World, figures: dict[str, Any] | None = None) -> Iterator[Finding]:
    """Every fact of the default graph must be stated by an accepted passage: 100 %, or a finding for each.

    A set difference: the same rule as a SPARQL query took a minute on 100 thousand triples.
    """
    support = world.support
    accepted = {t for iri, graph in world.graphs.items() if support.get(iri) in ACCEPTED for t in graph}
    facts = {t for t in world.triples if _needs_evidence(t, world)}
    bare = facts - accepted
    if figures is not None:
        figures["facts"] = len(facts)
        figures["coverage"] = round(1 - len(bare) / len(facts), 4) if facts else 1.0
    for statement in bare:
        yield Finding("coverage", ERROR, short(statement.subject), f"no passage states: {_sentence(statement)}")


def _needs_evidence(statement: Statement, world: World) -> bool:
    if statement.predicate in CARD_PREDICATES or statement.predicate in _MADE or statement in world.codes:
        return False
    return statement.subject not in world.described


def passages_and_graphs(world: World) -> Iterator[Finding]:
    """Every evidence node has a graph that is not empty, and every graph an evidence node with a known support."""
    support = world.support
    for iri in support.keys() - world.graphs.keys():
        yield Finding("passages", ERROR, short(iri), "is described, but states nothing")
    for iri in world.graphs.keys() - support.keys():
        yield Finding("passages", ERROR, short(iri), "states facts, but is not described")
    known = {t.subject for t in world.codes if t.subject.startswith(THINGS["code"])}
    for iri, level in support.items():
        if level not in known:
            yield Finding("passages", ERROR, short(iri), f"unknown level of support {short(level)}")


def graph_gates(record: Record, world: World) -> Iterator[Finding]:
    """Run each SPARQL file of ``ontology/gates``: a row is a finding.

    Each runs in a child process that may open nothing and has a minute: a gate may come from somebody else.

    :raises KGError: naming a gate that is not a SELECT with ``?focus``
    :raises LimitReached: naming a gate that does not end
    """
    store = Store()
    store.extend(_quads(world.triples))
    for name in ("krsg.ttl", "codes.ttl"):
        store.extend(ontology.read_quads(os.path.join(record.ontology, name)))
    for path in build.authored(os.path.join(record.ontology, "gates"), ".rq"):
        yield from _confined_gate(store, os.path.basename(path).removesuffix(".rq"), files.text(path))


def _confined_gate(store: Store, name: str, text: str) -> Iterator[Finding]:
    def work(sink: Callable[[bytes], object]) -> str:
        sink(json.dumps([astuple(finding) for finding in _gate(store, name, text)]).encode())
        return ""

    told: list[bytes] = []
    try:
        if limits.can_fork():
            limits.run(work, told.append, seconds=GATE_SECONDS)
        else:
            work(told.append)
    except LimitReached as error:
        raise LimitReached(f"gate {name} did not end within {GATE_SECONDS} s") from error
    return (Finding(*finding) for finding in json.loads(b"".join(told)))


def _gate(store: Store, name: str, text: str) -> Iterator[Finding]:
    header = dict(re.findall(r"(?m)^# ([\w-]+): (.+)$", text))
    try:
        yield from _rows(store, name, text, header)
    except SyntaxError as error:
        raise KGError(f"gate {name} is not SPARQL: {error.msg}") from error
    except OSError as error:
        raise KGError(f"gate {name} reaches outside the record: {error}") from error


def _rows(store: Store, name: str, text: str, header: dict[str, str]) -> Iterator[Finding]:
    solutions = store.query(text, prefixes=PREFIXES)
    if not isinstance(solutions, QuerySolutions) or "focus" not in {v.value for v in solutions.variables}:
        raise KGError(f"gate {name} must be a SELECT with ?focus")
    has_detail = "detail" in {v.value for v in solutions.variables}
    for row in solutions:
        detail = row["detail"] if has_detail else None
        shown = f"{header.get('title-en', name)}" + (f": {_short(detail)}" if detail else "")
        yield Finding(f"gate {name}", header.get("severity", ERROR), _short(row["focus"]), shown)


def verbatim(record: Record, world: World, corpus: str | None) -> Iterator[Finding]:
    """Keep the words of the sources out: gists are short, and no long run of words is shared with a source."""
    for subject, predicate, value in world.triples.union(*world.graphs.values()):
        if predicate == KRSG + "gist" and len(_words(value.value)) > LONGEST_GIST:
            yield Finding("verbatim", ERROR, short(subject), f"a gist of more than {LONGEST_GIST} words")
    if corpus:
        runs = {run for text in corpus_texts(corpus).values() for run in _runs(text)}
        for path in (*build.authored(record.sources, ".trig"), *build.authored(record.entities, ".ttl")):
            yield from _shared_runs(record.relative(path), path, runs)


def corpus_texts(folder: str) -> dict[str, str]:
    """Path → text of every UTF-8 file in a folder of source texts.

    :raises KGError: if the folder is not there or holds no text
    """
    texts = {}
    for where, _, names in os.walk(folder):
        for name in sorted(names):
            path = os.path.join(where, name)
            if not os.path.isfile(path):  # a pipe would never end
                continue
            try:
                with open(path, encoding="utf-8", newline="") as file:
                    texts[path] = file.read()
            except (UnicodeDecodeError, OSError):  # pictures and the like are no texts
                continue
    if not texts:
        raise KGError(f"{folder}: no texts found", hint="Name a folder that holds the source texts as UTF-8 files.")
    return texts


def _shared_runs(shown: str, path: str, runs: set[tuple[str, ...]]) -> Iterator[Finding]:
    text = files.text(path)
    for title in _titles(path):
        text = text.replace(title, " ")
    for run in sorted(_runs(text) & runs):
        yield Finding(
            "verbatim", ERROR, shown, f"shares more than {LONGEST_SHARED_RUN} words with a source: {' '.join(run)}"
        )


def _titles(path: str) -> list[str]:
    """Titles of documents are proper names, and may be quoted whole."""
    return [s.object.value for s in map(Statement.of, ontology.read_quads(path)) if s.predicate == _TITLE]


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _words(text)
    size = LONGEST_SHARED_RUN + 1
    return {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _shapes(record: Record, made: build.Made) -> Iterator[Finding]:
    shapes = import_module("kg.shapes")  # rdflib and an engine: paid for only here
    for result in shapes.validate(made.triples, files.text(os.path.join(record.ontology, "shapes.ttl"))):
        severity = ERROR if result.severity == "Violation" else WARNING
        about = f"{short(result.path)}: " if result.path else ""
        yield Finding("shapes", severity, short(result.focus), about + result.message)


def _current(record: Record, made: build.Made) -> Iterator[Finding]:
    try:
        build.check_current(record, made)
    except KGError as stale:
        yield Finding("current", ERROR, "data/", str(stale).replace("\n", "; "))


def _quads(statements: Iterable[Statement]) -> Iterator[Quad]:
    return (Quad(NamedNode(s), NamedNode(p), o, DefaultGraph()) for s, p, o in statements)


def _sentence(statement: Statement) -> str:
    predicate = "a" if statement.predicate == RDF_TYPE else short(statement.predicate)
    return f"{short(statement.subject)} {predicate} {_short(statement.object)}"


def _short(term: object) -> str:
    if isinstance(term, NamedNode):
        return short(term.value)
    return f'"{term.value}"' if isinstance(term, Literal) else str(term)
