"""The ontology as the code needs it: classes with their ancestors, properties, labels in two languages."""

from __future__ import annotations

import os
from collections import defaultdict

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg import files
from kg.errors import RecordError
from kg.namespaces import KRSG, PREFIXES
from kg.turtle import RDF_TYPE

_RDFS, _OWL = PREFIXES["rdfs"], PREFIXES["owl"]
_CLASS_TYPES = {_OWL + "Class"}
_PROPERTY_TYPES = {_OWL + kind for kind in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")}
#: Annotation properties whose values are texts.
_TEXTS = frozenset(PREFIXES["skos"] + name for name in ("prefLabel", "altLabel", "hiddenLabel", "definition")) | {
    PREFIXES["dcterms"] + "title",
    PREFIXES["schema"] + "url",
}


class Ontology:
    """Classes and properties under ``krsg:`` with what the code reads of them.

    :ivar labels: IRI → language → label
    :ivar inverse_labels: the same for a property read from its object's side ("party to")
    :ivar classes: IRIs of the classes
    :ivar properties: IRIs of the properties, outside ones that the ontology declares included
    :ivar object_properties: those that link things to things
    :ivar literal_properties: those whose values are texts, numbers or dates
    """

    def __init__(self, quads: list[Quad]) -> None:
        self.classes: set[str] = set()
        self.properties: set[str] = set()
        self.object_properties: set[str] = set()
        self.literal_properties: set[str] = set()
        self.labels: dict[str, dict[str, str]] = defaultdict(dict)
        self.inverse_labels: dict[str, dict[str, str]] = defaultdict(dict)
        self._parents: dict[str, set[str]] = defaultdict(set)
        self._broader: dict[str, set[str]] = defaultdict(set)
        for quad in quads:
            if isinstance(quad.subject, NamedNode):
                self._take(quad.subject.value, quad.predicate.value, quad.object)

    def _take(self, subject: str, predicate: str, value: object) -> None:
        if isinstance(value, Literal) and predicate in (_RDFS + "label", KRSG + "inverseLabel"):
            table = self.labels if predicate == _RDFS + "label" else self.inverse_labels
            table[subject][value.language or ""] = value.value
        if not isinstance(value, NamedNode):
            return
        if predicate == RDF_TYPE:
            self._take_type(subject, value.value)
        elif predicate == _RDFS + "subClassOf":
            self._parents[subject].add(value.value)
        elif predicate == _RDFS + "subPropertyOf":
            self._broader[subject].add(value.value)

    def _take_type(self, subject: str, kind: str) -> None:
        if kind in _CLASS_TYPES:
            self.classes.add(subject)
        elif kind in _PROPERTY_TYPES:
            self.properties.add(subject)
            if kind == _OWL + "ObjectProperty":
                self.object_properties.add(subject)
            elif kind == _OWL + "DatatypeProperty" or subject in _TEXTS:
                self.literal_properties.add(subject)

    def ancestors(self, class_iri: str) -> set[str]:
        """Every superclass of a class under ``krsg:``, itself left out."""
        return _closure(class_iri, self._parents)

    def superproperties(self, property_iri: str) -> set[str]:
        """Every property under ``krsg:`` that a property is a kind of, itself left out."""
        return _closure(property_iri, self._broader)

    def most_specific(self, class_iris: set[str]) -> set[str]:
        """The classes that are no ancestor of another one in the set; all of them where that leaves none."""
        return class_iris - set().union(*(self.ancestors(iri) for iri in class_iris)) or class_iris

    def knows(self, iri: str) -> bool:
        """Whether a term may be used: the ontology declares it, or it is ``rdf:type``.

        Outside terms are declared too, so that a slip such as ``skos:prefLable`` is found.
        """
        return iri in self.classes or iri in self.properties or iri == RDF_TYPE


def read(folder: str) -> Ontology:
    """Read ``krsg.ttl`` from an ontology folder.

    :raises RecordError: if the file is not Turtle
    """
    return Ontology(read_quads(os.path.join(folder, "krsg.ttl")))


def read_quads(path: str) -> list[Quad]:
    """All quads of a Turtle or TriG file, lexical forms as written.

    :raises RecordError: naming file and line, if it does not parse or cannot be read
    """
    format_ = RdfFormat.TRIG if path.endswith(".trig") else RdfFormat.TURTLE
    try:
        return list(parse(files.text(path), format=format_))
    except SyntaxError as error:
        raise RecordError(f"not valid {format_.name}: {_reason(error)}", path=path, line=error.lineno) from error
    except MemoryError as error:  # the parser's buffer: a single term of more than 16 MiB
        raise RecordError("holds a single text of many megabytes", path=path) from error


def _reason(error: SyntaxError) -> str:
    """What the parser said, without the position it repeats."""
    position, colon, reason = str(error.msg).partition(": ")
    return reason if colon and " line " in position else str(error.msg)


def _closure(iri: str, up: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [iri]
    while waiting:
        for parent in up.get(waiting.pop(), ()):
            if parent.startswith(KRSG) and parent not in seen:
                seen.add(parent)
                waiting.append(parent)
    return seen
