"""Write docs/record.md: what the record holds, how well it is supported, and what it lacks.

python -m tools.record_doc            write it
python -m tools.record_doc --check    exit 1 when the committed page is not current

Everything counted is counted from the authored files. Three tables are authored in ``data/review``: what was left
out and why, the gaps that are known, and the random sample that was checked against its sources.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal

from kg import build, ontology
from kg.dates import bounds
from kg.document import Document, Evidence
from kg.namespaces import KRSG, PREFIXES, THINGS, short
from kg.ontology import Ontology
from kg.record import Record
from kg.turtle import RDF_TYPE, Statement
from tools.pages import write_or_check

ROOT = Path(__file__).resolve().parent.parent
REVIEW = ROOT / "data" / "review"
PREF_LABEL, BROADER = PREFIXES["skos"] + "prefLabel", PREFIXES["skos"] + "broader"
TOPIC, CONTESTED = KRSG + "topic", "code:contested"
#: Where a thing's own time is looked for, first hit wins.
TIMES = [KRSG + name for name in ("date", "from", "due", "attestedOn")]
OFFICIAL = {KRSG + kind for kind in ("OfficialRelease", "LegalText", "StatisticalRelease")}
PUBLIC = {KRSG + kind for kind in ("PublicBody", "InternationalOrganization")}
VERDICTS = ("right", "imprecise", "wrong", "not found")
LANGUAGES = {
    "de": "German",
    "en": "English",
    "fr": "French",
    "id": "Indonesian",
    "ja": "Japanese",
    "ko": "Korean",
    "zh": "Chinese",
}


@dataclass(frozen=True)
class Said:
    """A statement as one passage makes it."""

    statement: Statement
    evidence: Evidence
    document: Document

    @property
    def origin(self) -> str:
        """Who said it first: documents of one origin are not independent."""
        return self.document.text(KRSG + "origin") or self.document.iri


class Holdings:
    """The record with what the page asks of it.

    :ivar said: every statement of every passage, accepted or not
    :ivar passages_about: thing and property → the passages that are accepted or contested
    :ivar facts: accepted statement, kinds left out → the passages that make it
    """

    def __init__(self, record: Record) -> None:
        self.terms: Ontology = ontology.read(record.ontology)
        self.documents = build.read_documents(record, self.terms)
        self.cards = build.read_cards(record, self.documents, self.terms)
        graphs = build.passage_graphs(self.documents, self.terms)
        self.said = [Said(s, e, doc) for doc in self.documents for e in doc.evidence.values() for s in graphs[e.iri]]
        self.facts: dict[Statement, list[Said]] = defaultdict(list)
        for said in self.said:
            if said.evidence.is_accepted and said.statement.predicate != RDF_TYPE:
                self.facts[said.statement].append(said)
        self.passages_about: dict[tuple[str, str], list[Said]] = defaultdict(list)
        for said in self.said:
            if said.evidence.is_accepted or short(said.evidence.support) == CONTESTED:
                self.passages_about[said.statement.subject, said.statement.predicate].append(said)
        self.names = _names(self.cards)
        self.kinds = _kinds([*self.cards, *(said.statement for said in self.said)], self.terms)
        self.about = _about(self.facts)
        self.above = {s.subject: s.object.value for s in self.cards if s.predicate == BROADER}

    def name(self, iri: str) -> str:
        """Both names of a thing, English first; its CURIE where it has none."""
        names = self.names.get(iri, {})
        return " · ".join(names[lang] for lang in ("en", "ko") if lang in names) or short(iri)

    def value(self, statement: Statement) -> str:
        """The object as a reader wants it: a name, or the text itself."""
        iri = statement.object.value
        return self.name(iri) if iri in self.names else short(iri) if iri.startswith("http") else iri

    def year(self, thing: str) -> int | None:
        """The first year that the thing's own time can mean, in the order of ``TIMES``."""
        for predicate in TIMES:
            for statement in self.about[thing]:
                if statement.predicate == predicate:
                    first = bounds(statement.object.value)[0]
                    return first.year if first else None
        return None

    def root(self, topic: str) -> str:
        """The topmost topic above this one."""
        return self.root(self.above[topic]) if topic in self.above else topic

    def is_public_body(self, iri: str | None) -> bool:
        """Whether a thing is an organ of a state or an organization of states: what it is the origin of is official."""
        kind = self.kinds.get(iri or "", "")
        return bool(PUBLIC & {kind, *self.terms.ancestors(kind)})

    def origins(self, statement: Statement) -> set[str]:
        """The independent origins of an accepted statement."""
        return {said.origin for said in self.facts[statement]}


def _names(cards: list[Statement]) -> dict[str, dict[str, str]]:
    names: dict[str, dict[str, str]] = defaultdict(dict)
    for subject, predicate, value in cards:
        if predicate == PREF_LABEL and isinstance(value, Literal):
            names[subject][value.language or ""] = value.value
    return names


def _kinds(statements: Iterable[Statement], terms: Ontology) -> dict[str, str]:
    """Thing → its narrowest class."""
    kinds: dict[str, str] = {}
    for subject, predicate, value in statements:
        if predicate == RDF_TYPE:
            kind = value.value
            if subject not in kinds or kinds[subject] in terms.ancestors(kind):
                kinds[subject] = kind
    return kinds


def _about(facts: Iterable[Statement]) -> dict[str, list[Statement]]:
    about: dict[str, list[Statement]] = defaultdict(list)
    for statement in facts:
        about[statement.subject].append(statement)
    return about


def page(record: Record, review: Path = REVIEW) -> str:
    """The whole page as Markdown."""
    held = Holdings(record)
    parts = [HEAD, _summary(held), _classes(held), _decades(held), _topics(held), _sources(held), _publishers(held)]
    parts += [_contested(held), _oldest(held), _gaps(review), _sample(review), _left_out(review)]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


HEAD = """\
# The record

What the graph holds, how well it is supported, and what it lacks. Made by `python -m tools.record_doc` from the files
in `data/`. A *fact* is an accepted statement other than of a thing's kind, counted once however many passages make it;
an *origin* is who said it first, so that ten papers with one wire report count once ([evidence.md](evidence.md)).
"""


def _table(head: list[str], rows: Iterable[Iterable[object]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]) + "\n"


def _cell(cell: object) -> str:
    return f"{cell:,}" if isinstance(cell, int) else str(cell).replace("|", "\\|").replace("\n", " ")


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def _summary(held: Holdings) -> str:
    facts = len(held.facts)
    shared = sum(len(held.origins(fact)) > 1 for fact in held.facts)
    official = sum(any(_is_official(said.document) for said in passages) for passages in held.facts.values())
    dated = [fact for fact in held.facts if fact.predicate in TIMES]
    dates_shared = sum(len(held.origins(fact)) > 1 for fact in dated)
    things = {s.subject for s in held.cards} | {f.subject for f in held.facts}
    complete = sum(set(held.names.get(thing, {})) == {"en", "ko"} for thing in things)
    rows: list[tuple[str, object]] = [
        ("facts", facts),
        ("facts with evidence", _share(sum(bool(passages) for passages in held.facts.values()), facts)),
        ("facts with two or more independent origins", f"{shared:,} ({_share(shared, facts)})"),
        ("dates with two or more independent origins", f"{dates_shared:,} ({_share(dates_shared, len(dated))})"),
        ("facts that an official document states", f"{official:,} ({_share(official, facts)})"),
        ("things", len(things)),
        ("things named in English and Korean", _share(complete, len(things))),
        ("passages", sum(len(doc.evidence) for doc in held.documents)),
        ("documents", len(held.documents)),
        ("documents read whole, with every passage located", sum(_is_whole(doc) for doc in held.documents)),
        ("origins", len({doc.text(KRSG + "origin") for doc in held.documents})),
    ]
    return "## In short\n\n" + _table(["", "number"], rows)


def _is_official(doc: Document) -> bool:
    return doc.text(RDF_TYPE) in OFFICIAL


def _is_whole(doc: Document) -> bool:
    return doc.text(KRSG + "wholeText") == "true"


def _classes(held: Holdings) -> str:
    things = Counter(held.kinds[thing] for thing in held.kinds if _is_of_the_world(thing))
    facts = Counter(held.kinds.get(fact.subject, "") for fact in held.facts)
    rows = [
        (held.terms.labels[kind]["en"], held.terms.labels[kind]["ko"], things[kind], facts[kind]) for kind in things
    ]
    rows.sort(key=lambda row: (-row[3], row[0]))
    return "## By class\n\n" + _table(["class", "", "things", "facts"], rows)


def _is_of_the_world(iri: str) -> bool:
    return not iri.startswith((THINGS["doc"], THINGS["ev"], THINGS["code"]))


def _decades(held: Holdings) -> str:
    things: Counter[str] = Counter()
    facts: Counter[str] = Counter()
    for thing, statements in held.about.items():
        year = held.year(thing)
        decade = f"{year // 10 * 10}s" if year else "no time of its own"
        things[decade] += 1
        facts[decade] += len(statements)
    rows = [(decade, things[decade], facts[decade]) for decade in sorted(things)]
    return "## By decade\n\nBy the thing's own time: a date, a beginning, or the day something is due.\n\n" + _table(
        ["decade", "things", "facts"], rows
    )


def _topics(held: Holdings) -> str:
    things: dict[str, set[str]] = defaultdict(set)
    for fact in held.facts:
        if fact.predicate == TOPIC:
            things[held.root(fact.object.value)].add(fact.subject)
    facts = {root: sum(len(held.about[thing]) for thing in members) for root, members in things.items()}
    rows = [(held.name(root), len(things[root]), facts[root]) for root in things]
    text = "## By topic\n\nTop topics with all below them; a thing on two topics counts under both.\n\n"
    rows.sort(key=lambda row: (-row[1], row[0]))
    return text + _table(["topic", "things", "facts about them"], rows)


def _sources(held: Holdings) -> str:
    documents: Counter[tuple[str, str]] = Counter()
    facts: dict[tuple[str, str], set[Statement]] = defaultdict(set)
    for doc in held.documents:
        documents[_sort(doc)] += 1
    for fact, passages in held.facts.items():
        for said in passages:
            facts[_sort(said.document)].add(fact)
    rows = [
        (
            held.terms.labels[kind]["en"],
            held.terms.labels[kind]["ko"],
            LANGUAGES.get(lang, lang),
            n,
            len(facts[kind, lang]),
        )
        for (kind, lang), n in documents.items()
    ]
    head = ["kind", "", "language", "documents", "facts they state"]
    rows.sort(key=lambda row: (-row[3], row[0], row[2]))
    return "## By kind of source and language\n\n" + _table(head, rows)


def _sort(doc: Document) -> tuple[str, str]:
    return doc.text(RDF_TYPE) or "", doc.text(PREFIXES["dcterms"] + "language") or ""


def _publishers(held: Holdings, limit: int = 25) -> str:
    documents = Counter(doc.text(KRSG + "publisher") or "" for doc in held.documents)
    rows = [(held.name(publisher), n) for publisher, n in documents.items()]
    rest = len(rows) - limit
    rows.sort(key=lambda row: (-row[1], row[0]))
    text = _table(["publisher", "documents"], rows[:limit])
    return "## By publisher\n\n" + text + (f"\nAnd {rest:,} more.\n" if rest > 0 else "")


def _contested(held: Holdings) -> str:
    keys = sorted(
        (said.statement.subject, said.statement.predicate)
        for said in held.said
        if short(said.evidence.support) == CONTESTED and said.statement.predicate != RDF_TYPE
    )
    keys = list(dict.fromkeys(keys))
    rows = [row for key in keys for row in _dispute(held, *key)]
    text = "Each side with its document; *accepted* is the one that the rule in [evidence.md](evidence.md) prefers.\n\n"
    return "## Contested\n\n" + text + _table(["thing", "of what", "value", "accepted", "documents"], rows)


def _dispute(held: Holdings, subject: str, predicate: str) -> Iterator[tuple[str, ...]]:
    sides: dict[tuple[str, str], set[str]] = defaultdict(set)
    for said in held.passages_about[subject, predicate]:
        mark = "yes" if said.evidence.is_accepted else ""
        sides[held.value(said.statement), mark].add(f"`{short(said.document.iri)}`")
    for value, mark in sorted(sides, key=lambda side: (not side[1], side)):
        documents = ", ".join(sorted(sides[value, mark]))
        yield held.name(subject), short(predicate).partition(":")[2], value, mark, documents


def _oldest(held: Holdings, limit: int = 20) -> str:
    """Dated things that nobody but one unofficial origin tells of."""
    alone = []
    for thing, statements in held.about.items():
        documents = {said.document.iri: said.document for s in statements for said in held.facts[s]}
        origins = {doc.text(KRSG + "origin") for doc in documents.values()}
        official = any(map(_is_official, documents.values())) or any(map(held.is_public_body, origins))
        if (year := held.year(thing)) and len(origins) == 1 and not official:
            alone.append((year, held.name(thing), f"`{short(min(documents))}`"))
    text = f"{len(alone):,} dated things rest on one origin that is not official. The oldest of them:\n\n"
    rows = ((str(year), name, doc) for year, name, doc in sorted(alone)[:limit])
    return "## Oldest unconfirmed\n\n" + text + _table(["year", "thing", "document"], rows)


def _read(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _gaps(review: Path) -> str:
    rows = [(row["gap"], row["why"]) for row in _read(review / "gaps.tsv")]
    return "## Known gaps\n\n" + _table(["what is missing", "what is known of it"], rows)


def _sample(review: Path) -> str:
    drawn = _read(review / "sample.tsv")
    verdicts = Counter(row["verdict"] for row in drawn)
    counted = ", ".join(f"{verdicts[verdict]} {verdict}" for verdict in VERDICTS if verdicts[verdict])
    text = f"""\
## A sample, checked

{len(drawn)} facts were drawn with `python -m tools.record_sample` (its seed is fixed), and each was held against its
source again: {counted}.
What was not right was mended, and so was its cause wherever else it acted. The table has those of which there is
something to tell; `data/review/sample.tsv` has all.

"""
    found = [(row["statement"], row["document"], row["verdict"], row["note"]) for row in drawn if row["note"]]
    return text + _table(["fact", "document", "verdict", "what was found and done"], found)


def _left_out(review: Path) -> str:
    rows = [(row["claim"], row["why"]) for row in _read(review / "left-out.tsv")]
    text = f"{len(rows)} claims that were looked into and did not enter the record, or not as they stood.\n\n"
    return "## Left out, and why\n\n" + text + _table(["claim", "why"], rows)


def main() -> int:
    return write_or_check("record.md", page(Record(str(ROOT))), "python -m tools.record_doc")


if __name__ == "__main__":
    sys.exit(main())
