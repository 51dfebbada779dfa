"""Finding things by name: English and Korean, preferred names and aliases, however they are written.

Names are compared folded: compatibility forms, case, accents and punctuation make no difference, and neither do
spaces inside a Korean name. Korean runs words together, so a part of a word counts too: ``국방`` finds ``국방부``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from kg.entity import terms_of
from kg.errors import NotFound, UsageError
from kg.namespaces import BASE, PREFIXES, THINGS, expand, short
from kg.store import Store

EXACT, AGENT_WORD, PREFIX, WORD_PREFIX, SUBSTRING, INITIALS = range(6)

_NAMES = """\
SELECT ?thing ?property ?name {
  VALUES ?property { skos:prefLabel skos:altLabel skos:hiddenLabel dcterms:title }
  ?thing ?property ?name
}"""
_PREFERRED = {PREFIXES["skos"] + "prefLabel", PREFIXES["dcterms"] + "title"}
#: Kinds of IRI that are not things to be found: codes and their schemes are vocabulary, evidence has no name.
_NOT_SOUGHT = (PREFIXES["code"], PREFIXES["ev"], BASE + "scheme/")
_AGENTS = (PREFIXES["co"], PREFIXES["org"], PREFIXES["person"])
_CURIE = re.compile(r"(?<![\w:<?$])[a-z]+:[A-Za-z0-9_-]+")
#: Texts, addresses and comments of a query: no names to be looked up.
_QUIET = re.compile(r'"(?:[^"\\]|\\.)*"|<[^<>\s]*>|#[^\n]*')
_DROPPED = "'’‘`.\u00ad"
#: Particles that Korean writes on to a name, longest first.
_PARTICLES = ("으로", "에서", "은", "는", "이", "가", "을", "를", "과", "와", "의", "에", "로", "도")
#: Below this many letters, Latin text inside a word is chance (the MOU in autonomous), Hangul is not.
_LATIN_INSIDE = 4
_SMALL_WORDS = frozenset(["of", "and", "the", "for", "in", "on", "to", "a", "an"])


class Name(NamedTuple):
    """One name of a thing, with what comparison needs.

    :ivar words: the folded name
    :ivar solid: the same without spaces
    """

    iri: str
    text: str
    language: str
    preferred: bool
    words: str
    solid: str


class Match(NamedTuple):
    """A thing found, by its best name.

    :ivar rank: one of ``EXACT``, ``AGENT_WORD``, ``PREFIX``, ``WORD_PREFIX``, ``SUBSTRING``, ``INITIALS``; smaller is
        better
    """

    iri: str
    name: str
    language: str
    preferred: bool
    rank: int


def fold(text: str) -> str:
    """A name as it is compared: NFKC, no case, no accents, words set apart by single spaces.

    >>> fold("한·싱가포르"), fold("Société – Générale"), fold("U.S. Army")
    ('한 싱가포르', 'societe generale', 'us army')
    """
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    bare = unicodedata.normalize("NFC", "".join(c for c in decomposed if unicodedata.category(c) != "Mn"))
    return " ".join("".join(c if c.isalnum() else "" if c in _DROPPED else " " for c in bare).split())


def search(store: Store, text: str, *, limit: int | None = 20) -> list[Match]:
    """Things whose names fit a text, best first: exact, then prefix, word prefix, substring, initials.

    A whole word of a person's, body's or country's name comes before prefixes: ``Wong`` finds the man before his
    remarks. Among equals a preferred name comes before an alias, and then the names decide. Where nothing fits, the
    text is tried without a Korean particle at its end.

    :param limit: how many at the most; ``None`` for all
    :raises UsageError: if there is nothing to search for
    """
    names = list(_names(store))
    return (_search(names, text) or _search_without_particle(names, text))[:limit]


def resolve(store: Store, text: str) -> str:
    """The IRI of the one thing that a CURIE, an IRI, a slug, a name or an alias stands for.

    :raises UsageError: if it stands for several, naming them
    :raises NotFound: if it stands for none, with the nearest names
    """
    text = text.strip()
    if not text:
        raise UsageError("no name given")
    written = text[1:-1] if text[0] == "<" and text[-1] == ">" else text
    iri = expand(written) or (written if "://" in written else None)
    if iri is not None and _is_described(store, iri):
        return iri
    names = list(_names(store))
    if iri is not None:
        raise NotFound(f"{text}: nothing in the record by that {_sort_of(written)}", suggestions=_near(names, written))
    found = _exact(names, text)
    if len(found) > 1:
        raise UsageError(f"{text} is the name of several things", hint=f"Say which: {', '.join(map(short, found))}")
    if not found:
        raise NotFound(f"{text}: nothing in the record by that name", suggestions=_near(names, text))
    return found[0]


def near(store: Store, text: str) -> tuple[str, ...]:
    """CURIEs of up to five things whose names or slugs are spelt much like a text."""
    return _near(list(_names(store)), text)


def unknown_terms(store: Store, text: str) -> list[tuple[str, tuple[str, ...]]]:
    """CURIEs in a query that stand for nothing in the record or its ontology, each with the nearest that do."""
    terms, found = terms_of(store), []
    for curie in dict.fromkeys(_CURIE.findall(_QUIET.sub(" ", text))):
        iri = expand(curie)
        if iri is None:
            continue
        if iri.startswith(PREFIXES["krsg"]):
            if not terms.knows(iri):
                known = [short(term) for term in terms.classes | terms.properties]
                found.append((curie, tuple(get_close_matches(curie, sorted(known), n=3))))
        elif iri.startswith(BASE) and not store.query(f"ASK {{ {{ <{iri}> ?p ?o }} UNION {{ ?s ?p <{iri}> }} }}"):
            found.append((curie, near(store, curie)))
    return found


def _names(store: Store) -> Iterator[Name]:
    for row in store.query(_NAMES):
        iri, term = row["thing"].value, row["name"]
        if isinstance(row["thing"], NamedNode) and isinstance(term, Literal) and not iri.startswith(_NOT_SOUGHT):
            words = fold(term.value)
            preferred = row["property"].value in _PREFERRED
            yield Name(iri, term.value, term.language or "", preferred, words, words.replace(" ", ""))


def _search_without_particle(names: list[Name], text: str) -> list[Match]:
    bare = text.strip()
    for particle in _PARTICLES:
        stem = bare.removesuffix(particle)
        if stem != bare and len(stem) > 1 and (found := _search(names, stem)):
            return found
    return []


def _search(names: Iterable[Name], text: str) -> list[Match]:
    wanted = fold(text)
    if not wanted:
        raise UsageError("nothing to search for", hint="Give a name, or a part of one.")
    slug = text.strip().lower()
    best: dict[str, tuple[tuple[int, bool, str], Match]] = {}
    for name in names:
        rank = EXACT if slug in (_slug(name.iri), short(name.iri)) else _rank(name, wanted)
        if rank is None:
            continue
        key = (rank, not name.preferred, name.words)
        if name.iri not in best or key < best[name.iri][0]:
            best[name.iri] = key, Match(name.iri, name.text, name.language, name.preferred, rank)
    return [match for _, match in sorted(best.values(), key=lambda found: (found[0], found[1].iri))]


def _rank(name: Name, wanted: str) -> int | None:
    """How well a name fits folded text, or ``None`` if it does not."""
    solid = wanted.replace(" ", "")
    words = name.words.split()
    if name.solid == solid:
        return EXACT
    if name.iri.startswith(_AGENTS) and all(part in words for part in wanted.split()):
        return AGENT_WORD
    if name.words.startswith(wanted) or name.solid.startswith(solid):
        return PREFIX
    if all(any(word.startswith(part) for word in words) for part in wanted.split()):
        return WORD_PREFIX
    if solid in name.solid and (len(solid) >= _LATIN_INSIDE or not solid.isascii()):
        return SUBSTRING
    return INITIALS if len(solid) > 1 and solid == _initials(words) else None


def _initials(words: list[str]) -> str:
    return "".join(word[0] for word in words if word not in _SMALL_WORDS)


def _exact(names: Iterable[Name], text: str) -> list[str]:
    """IRIs of the things with this very slug or name, sorted; documents only if there is nothing else."""
    wanted, slug = fold(text).replace(" ", ""), text.lower()
    found = {n.iri for n in names if slug == _slug(n.iri) or (wanted and n.solid == wanted)}
    things = {iri for iri in found if not iri.startswith(PREFIXES["doc"])}
    return sorted(things or found)  # a newspaper's slug may begin that of its only article


def _near(names: list[Name], text: str) -> tuple[str, ...]:
    """CURIEs of up to five things that may be meant: those a search finds, then those spelt much alike."""
    wanted = fold(text.rpartition("/")[2].rpartition(":")[2])
    if not wanted:
        return ()
    found = [match.iri for match in _search(names, wanted) or _search_without_particle(names, wanted)]
    found = sorted(found, key=lambda iri: not iri.startswith(_AGENTS))[:4]  # wong: the man before his remarks
    spelt: dict[str, list[str]] = {}
    for name in names:
        for key in (name.words, _slug(name.iri).replace("-", " ")):
            spelt.setdefault(_letters(key), []).append(name.iri)
    for key in get_close_matches(_letters(wanted), spelt, n=5, cutoff=0.6):
        found += spelt[key]
    return tuple(dict.fromkeys(map(short, found)))[:5]


def _letters(text: str) -> str:
    """Hangul syllables taken apart, so that 싱가폴 and 싱가포르 are spelt much alike."""
    return unicodedata.normalize("NFD", text)


def _slug(iri: str) -> str:
    """The last part of an IRI of the record; ``""`` for other IRIs."""
    return iri.rpartition("/")[2] if iri.startswith(tuple(THINGS.values())) else ""


def _is_described(store: Store, iri: str) -> bool:
    try:
        node = NamedNode(iri)
    except ValueError:
        raise UsageError(f"{iri} is not an IRI") from None
    return bool(store.query(f"ASK {{ {node} ?p ?o }}"))


def _sort_of(text: str) -> str:
    return "IRI" if "://" in text else "CURIE"
