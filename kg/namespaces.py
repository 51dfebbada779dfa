"""Prefixes, and the border between IRIs and CURIEs.

The record's things live at ``https://w3id.org/krsg/<kind>/<slug>``, one prefix a kind, so that Turtle
needs no escapes. ``org:`` is this record's organizations; the W3C ORG vocabulary is ``w3org:``.
"""

from __future__ import annotations

BASE = "https://w3id.org/krsg/"
KRSG = BASE + "ont#"

#: Things of the record: prefix → IRI. The class a prefix stands for is said in the ontology.
THINGS = {
    "co": BASE + "country/",
    "org": BASE + "org/",
    "person": BASE + "person/",
    "office": BASE + "office/",
    "tenure": BASE + "tenure/",
    "agr": BASE + "agreement/",
    "event": BASE + "event/",
    "series": BASE + "series/",
    "plan": BASE + "plan/",
    "remark": BASE + "remark/",
    "rel": BASE + "relation/",
    "project": BASE + "project/",
    "place": BASE + "place/",
    "topic": BASE + "topic/",
    "obs": BASE + "observation/",
    "indicator": BASE + "indicator/",
    "doc": BASE + "document/",
    "ev": BASE + "evidence/",
    "code": BASE + "code/",
}

#: Vocabularies the record and its queries use.
VOCABULARIES = {
    "krsg": KRSG,
    "dcterms": "http://purl.org/dc/terms/",
    "oa": "http://www.w3.org/ns/oa#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "scheme": BASE + "scheme/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "wd": "http://www.wikidata.org/entity/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

#: Every prefix that queries and command lines may use without declaring it.
PREFIXES = {**VOCABULARIES, **THINGS}

#: The named graph of ``evidence.trig`` that describes documents and evidence nodes.
EVIDENCE_INDEX = BASE + "graph/evidence"

_LONGEST_FIRST = sorted(((iri, prefix) for prefix, iri in PREFIXES.items()), key=lambda pair: -len(pair[0]))


def expand(curie: str) -> str | None:
    """The IRI of a CURIE with a known prefix, or ``None``.

    >>> expand("org:hsa")
    'https://w3id.org/krsg/org/hsa'
    """
    prefix, colon, local = curie.partition(":")
    if not colon or prefix not in PREFIXES or local.startswith("//"):
        return None
    return PREFIXES[prefix] + local


def compress(iri: str) -> str | None:
    """The CURIE of an IRI under a known prefix, or ``None`` when Turtle could not write it plainly.

    >>> compress("https://w3id.org/krsg/org/hsa")
    'org:hsa'
    """
    for namespace, prefix in _LONGEST_FIRST:
        if iri.startswith(namespace):
            local = iri[len(namespace) :]
            return f"{prefix}:{local}" if is_plain_local(local) else None
    return None


def short(iri: str) -> str:
    """The CURIE if there is one, else the IRI in angle brackets."""
    return compress(iri) or f"<{iri}>"


def is_plain_local(local: str) -> bool:
    """Whether ``local`` can stand after a prefix without an escape: letters, digits, ``_``, inner ``-``."""
    return bool(local) and local.isascii() and local.replace("-", "").replace("_", "").isalnum() and local[0] != "-"
