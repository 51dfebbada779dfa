"""The ontology itself: complete in both languages, within OWL 2 DL, aligned only to terms that exist, consistent.

Consistency is HermiT's word, run by its command line from the jar that owlready2 ships. HermiT knows no
``xsd:date``, so it reads a copy in which days are moments (``xsd:dateTime``); nothing else is changed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from rdflib import DCTERMS, OWL, RDF, RDFS, SH, SKOS, BNode, Graph, Literal, URIRef
from rdflib import namespace as closed
from rdflib.collection import Collection
from rdflib.term import Node

from kg.namespaces import KRSG, PREFIXES, THINGS
from tests.world import read_whole

ROOT = Path(__file__).parents[1]
ONTOLOGY = ROOT / "ontology"
FILES = ("krsg.ttl", "codes.ttl", "alignments.ttl", "shapes.ttl")
VALID = ROOT / "tests/data/ontology/valid.ttl"
PREFIX_LINES = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
BUILT_IN = (str(RDF), str(RDFS), str(OWL))
#: Namespaces that rdflib knows whole: a term it does not list does not exist.
CLOSED: dict[str, type[closed.DefinedNamespace]] = {
    str(space): space
    for space in (
        closed.DCAT,
        closed.DCTERMS,
        closed.FOAF,
        closed.GEO,
        closed.ORG,
        closed.PROV,
        closed.QB,
        closed.SDO,
        closed.SKOS,
    )
}
AIDA = (
    "https://raw.githubusercontent.com/NextCenturyCorporation/AIDA-Interchange-Format/master/"
    "java/src/main/resources/com/ncc/aif/ontologies/InterchangeOntology#"
)
#: Terms of other vocabularies, each seen in a source that README.md names.
SEEN = {
    AIDA: {"TextJustification"},
    "http://data.europa.eu/eli/ontology#": {"LegalExpression", "LegalResource", "amends", "repeals"},
    "http://purl.org/linked-data/sdmx/2009/attribute#": {"unitMeasure", "visArea"},
    "http://purl.org/linked-data/sdmx/2009/dimension#": {"refArea"},
    "http://purl.org/linked-data/sdmx/2009/measure#": {"obsValue"},
    "http://semanticweb.cs.vu.nl/2009/11/sem/": {"Event", "hasActor"},
    "http://www.nanopub.org/nschema#": {"Assertion"},
    "http://www.w3.org/ns/oa#": {"SpecificResource", "hasSource"},
    "http://www.w3.org/ns/opengov#": {"post"},
    "http://www.wikidata.org/entity/": {"P1891", "Q131569", "Q6256"},
}


@cache
def graph(*names: str) -> Graph:
    """Files of ``ontology/`` as one graph."""
    found = Graph()
    for name in names:
        found.parse(ONTOLOGY / name)
    return found


def terms(*kinds: Node) -> set[URIRef]:
    """Terms under ``krsg:`` of some kinds."""
    core = graph("krsg.ttl")
    return {s for kind in kinds for s in core.subjects(RDF.type, kind) if isinstance(s, URIRef) and s.startswith(KRSG)}


CLASSES, PROPERTIES = terms(OWL.Class), terms(*KINDS)


def texts(subject: Node, predicate: URIRef, source: Graph) -> dict[str, list[str]]:
    """Language → texts."""
    found: dict[str, list[str]] = {}
    for value in source.objects(subject, predicate):
        assert isinstance(value, Literal)
        found.setdefault(value.language or "", []).append(str(value))
    return found


def short(iri: Node) -> str:
    return str(iri).rpartition("#")[2]


# ── Files and header ──


@pytest.mark.parametrize("name", FILES)
def test_both_parsers_read_the_same(name: str) -> None:
    quads = list(parse(path=str(ONTOLOGY / name), format=RdfFormat.TURTLE))
    assert len(quads) == len(graph(name)) > 0


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_imported(name: str) -> None:
    assert list(graph(name).subject_objects(OWL.imports)) == []


def test_the_header_says_what_a_reader_needs() -> None:
    core, ontology = graph("krsg.ttl"), URIRef(KRSG.rstrip("#"))
    assert (ontology, RDF.type, OWL.Ontology) in core
    version = core.value(ontology, OWL.versionInfo)
    assert core.value(ontology, OWL.versionIRI) == URIRef(f"{ontology}/{version}")
    assert core.value(ontology, DCTERMS.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")
    for predicate in (DCTERMS.title, DCTERMS.description):
        assert {language: len(found) for language, found in texts(ontology, predicate, core).items()} == {
            "en": 1,
            "ko": 1,
        }


# ── Terms ──


@pytest.mark.parametrize("term", sorted(CLASSES | PROPERTIES), ids=short)
def test_a_term_is_named_and_defined_in_both_languages(term: URIRef) -> None:
    for predicate in (RDFS.label, SKOS.definition):
        found = texts(term, predicate, graph("krsg.ttl"))
        assert {language: len(said) for language, said in found.items()} == {"en": 1, "ko": 1}
        assert not re.search("[가-힣]", found["en"][0])
        assert re.search("[가-힣]", found["ko"][0])
    for said in texts(term, SKOS.definition, graph("krsg.ttl")).values():
        assert said[0].endswith(".")


@pytest.mark.parametrize("kind", [CLASSES, PROPERTIES], ids=["classes", "properties"])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_no_two_terms_have_one_name(kind: set[URIRef], language: str) -> None:
    names = Counter(texts(term, RDFS.label, graph("krsg.ttl"))[language][0].casefold() for term in kind)
    assert [name for name, count in names.items() if count > 1] == []


def test_outside_properties_are_named_in_both_languages() -> None:
    core = graph("krsg.ttl")
    outside = {s for kind in (*KINDS, OWL.Class) for s in core.subjects(RDF.type, kind)} - CLASSES - PROPERTIES
    named = {s for s in outside if isinstance(s, URIRef) and not s.startswith(str(closed.VANN))}
    assert [s for s in named if set(texts(s, RDFS.label, core)) != {"en", "ko"}] == []


@pytest.mark.parametrize("term", sorted(terms(*KINDS[:2])), ids=short)
def test_a_property_says_where_it_belongs(term: URIRef) -> None:
    core = graph("krsg.ttl")
    assert len(list(core.objects(term, RDFS.range))) == 1
    domains = len(list(core.objects(term, RDFS.domain)))
    reason = core.value(term, SKOS.editorialNote)
    assert domains == 1 or (domains == 0 and str(reason).startswith("No domain: "))


def test_a_relation_has_a_name_from_its_other_side() -> None:
    core, inverse = graph("krsg.ttl"), URIRef(KRSG + "inverseLabel")
    relations = terms(OWL.ObjectProperty) | {SKOS.broader, SKOS.related}
    said = {term: texts(term, inverse, core) for term in relations}
    assert [short(term) for term, found in said.items() if sorted(map(str, found)) != ["en", "ko"]] == []
    for language, hangul in (("en", False), ("ko", True)):
        names = [name for found in said.values() for name in found[language]]
        assert len(set(names)) == len(relations), "one for each, no two alike"
        assert [name for name in names if bool(re.search("[가-힣]", name)) != hangul] == []
    assert set(core.subjects(inverse, None)) == relations


def test_top_classes_are_pairwise_disjoint() -> None:
    core = graph("krsg.ttl")
    tops = {c for c in CLASSES if not list(core.objects(c, RDFS.subClassOf))}
    lists = [
        set(core.items(members))
        for axiom in core.subjects(RDF.type, OWL.AllDisjointClasses)
        for members in core.objects(axiom, OWL.members)
    ]
    assert tops in lists


def test_kinds_and_prefixes_are_those_of_the_code() -> None:
    core = graph("krsg.ttl")
    prefix, namespace = URIRef(KRSG + "slugPrefix"), URIRef(KRSG + "slugNamespace")
    said = {str(core.value(c, prefix)): str(core.value(c, namespace)) for c in core.subjects(prefix, None)}
    assert said == THINGS


def test_the_readme_counts_right() -> None:
    properties = len(terms(*KINDS[:2]))
    assert f"{len(CLASSES)} classes and {properties} properties" in (ONTOLOGY / "README.md").read_text(encoding="utf-8")


# ── OWL 2 DL ──


@pytest.mark.parametrize(
    "names", [("krsg.ttl",), ("krsg.ttl", "codes.ttl"), ("krsg.ttl", "alignments.ttl")], ids="+".join
)
def test_every_term_is_declared_as_one_thing(names: tuple[str, ...]) -> None:
    found = graph(*names)
    kinds = {kind: set(found.subjects(RDF.type, kind)) for kind in (*KINDS, OWL.Class)}
    for one, other in combinations(kinds, 2):
        assert kinds[one] & kinds[other] == set()
    used = {p for p in found.predicates() if not str(p).startswith(BUILT_IN)}
    assert used - set().union(*(kinds[kind] for kind in KINDS)) == set()
    in_axioms = set(_classes_in_axioms(found))
    assert in_axioms - kinds[OWL.Class] == set()
    supers = set(found.objects(None, RDFS.subPropertyOf))
    assert supers - kinds[OWL.ObjectProperty] - kinds[OWL.DatatypeProperty] == set()


def _classes_in_axioms(found: Graph) -> Iterator[URIRef]:
    """Classes that axioms name, inside unions and lists too."""
    heads = [*found.objects(None, OWL.unionOf), *found.objects(None, OWL.members)]
    named = [*found.objects(None, RDFS.subClassOf), *found.objects(None, RDFS.domain)]
    named += [value for p, value in found.subject_objects(RDFS.range) if (p, RDF.type, OWL.ObjectProperty) in found]
    for node in [*named, *(item for head in heads for item in found.items(head))]:
        if isinstance(node, URIRef):
            yield node


def test_subproperties_are_of_the_kind_of_what_they_are_below() -> None:
    found = graph("krsg.ttl", "alignments.ttl")
    for below, above in found.subject_objects(RDFS.subPropertyOf):
        assert set(found.objects(below, RDF.type)) & set(found.objects(above, RDF.type)) & set(KINDS)


# ── Codes ──


def test_codes_are_complete() -> None:
    found = graph("codes.ttl")
    codes = set(found.subjects(RDF.type, URIRef(KRSG + "Code")))
    schemes = set(found.subjects(RDF.type, SKOS.ConceptScheme))
    for thing in codes | schemes:
        for predicate in (SKOS.prefLabel, SKOS.definition):
            said = texts(thing, predicate, found)
            assert {language: len(text) for language, text in said.items()} == {"en": 1, "ko": 1}
            assert re.search("[가-힣]", said["ko"][0])
    assert {scheme for code in codes for scheme in found.objects(code, SKOS.inScheme)} == schemes
    assert all(len(list(found.objects(code, SKOS.inScheme))) == 1 for code in codes)


@pytest.mark.parametrize(
    ("scheme", "notations"),
    [
        ("form", "A E P Q S V W X Y"),
        (
            "plover",
            "ACCUSE AGREE AID ASSAULT COERCE CONCEDE CONSULT COOPERATE MOBILIZE PROTEST REJECT REQUEST RETREAT "
            "SANCTION SUPPORT THREATEN",
        ),
        ("support", ""),
        ("status", ""),
        ("label-status", ""),
    ],
)
def test_codes_carry_the_outside_notations(scheme: str, notations: str) -> None:
    found = graph("codes.ttl")
    members = found.subjects(SKOS.inScheme, URIRef(f"https://w3id.org/krsg/scheme/{scheme}"))
    assert sorted(str(n) for code in members for n in found.objects(code, SKOS.notation)) == notations.split()


def test_the_codes_that_the_code_relies_on_are_there() -> None:
    wanted = "asserted inferred coarser contested retracted official translated announced fulfilled exchanged in-force form-mou"
    found = {str(s) for s in graph("codes.ttl").subjects()}
    assert {THINGS["code"] + name for name in wanted.split()} <= found


# ── Shapes ──


@pytest.mark.parametrize("term", sorted(CLASSES), ids=short)
def test_every_class_has_a_shape(term: URIRef) -> None:
    assert list(graph("shapes.ttl").subjects(SH.targetClass, term))


def test_shapes_use_declared_terms_only() -> None:
    found = graph("shapes.ttl")
    named = {o for o in found.objects() if isinstance(o, URIRef) and str(o).startswith(KRSG)}
    assert named - CLASSES - PROPERTIES == set()
    codes = {str(s) for s in graph("codes.ttl").subjects()}
    used = {str(o) for o in found.objects() if str(o).startswith((THINGS["code"], "https://w3id.org/krsg/scheme/"))}
    assert used - codes == set()


def test_shapes_are_core_only_and_speak_both_languages() -> None:
    found = graph("shapes.ttl")
    assert {SH.sparql, SH.js, SH.rule} & set(found.predicates()) == set()
    assert set(found.objects(None, SH.severity)) <= {SH.Violation, SH.Warning}
    for subject in set(found.subjects(SH.message, None)):
        assert {language: len(said) for language, said in texts(subject, SH.message, found).items()} == {
            "en": 1,
            "ko": 1,
        }
    checks = set(found.objects(None, SH.property))
    assert [node for node in checks if not list(found.objects(node, SH.message))] == []


# ── Alignments ──


def outside_terms() -> set[URIRef]:
    """Every IRI of another vocabulary that the alignments name."""
    ours = (str(KRSG), KRSG.rstrip("#"), "https://creativecommons.org/", *BUILT_IN)
    return {
        node
        for triple in graph("alignments.ttl")
        for node in triple
        if isinstance(node, URIRef) and not str(node).startswith(ours)
    }


@pytest.mark.parametrize("term", sorted(outside_terms()))
def test_an_outside_term_exists(term: URIRef) -> None:
    space = next((space for space in [*CLOSED, *SEEN] if str(term).startswith(space)), "")
    local = str(term)[len(space) :]
    known = {**SEEN, **{iri: set(_members(members)) for iri, members in CLOSED.items()}}
    assert local in known.get(space, set())


def _members(space: type[closed.DefinedNamespace]) -> Iterator[str]:
    yield from space.__annotations__
    yield from getattr(space, "_extras", ())


def test_outside_terms_seen_by_hand_are_listed() -> None:
    readme = (ONTOLOGY / "README.md").read_text(encoding="utf-8")
    used = {str(term) for term in outside_terms()}
    for space, locals_ in SEEN.items():
        for local in locals_:
            assert space + local in used
            assert re.search(rf"[:`]{local}`", readme), f"{local} is not in ontology/README.md"


def test_alignments_are_about_declared_terms() -> None:
    aligned = {s for s in graph("alignments.ttl").subjects() if str(s).startswith(KRSG)}
    assert aligned <= CLASSES | PROPERTIES


def test_known_traps_are_left_alone() -> None:
    found = graph("alignments.ttl")
    for term, outside in {
        "evidence": closed.PROV.wasDerivedFrom,
        "officeIn": closed.ORG.postIn,
        "Country": closed.SDO.Country,
        "Project": closed.SDO.Project,
    }.items():
        implied = [
            *found.objects(URIRef(KRSG + term), RDFS.subPropertyOf),
            *found.objects(URIRef(KRSG + term), RDFS.subClassOf),
        ]
        assert outside not in implied
        assert (URIRef(KRSG + term), SKOS.closeMatch, outside) in found


# ── Consistency ──


def hermit() -> list[str]:
    """The command that runs HermiT, or a skip that says what is missing."""
    java, package = shutil.which("java"), find_spec("owlready2")
    if java is None:
        pytest.skip("HermiT needs Java, which this machine does not have")
    if package is None or package.origin is None:
        pytest.skip("HermiT's jar comes with owlready2, which is not installed")
    folder = Path(package.origin).parent / "hermit"
    # A short run: these spare half of what the virtual machine costs to warm up.
    return [
        java,
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xss16m",
        "-cp",
        f"{folder}{os.pathsep}{folder / 'HermiT.jar'}",
        "org.semanticweb.HermiT.cli.CommandLine",
    ]


def reasoned(source: Graph, folder: Path, action: str = "-k") -> tuple[int, str]:
    """HermiT's exit code and words on a copy with OWL 2 datatypes, in which things of two names are two things."""
    copy, swapped = Graph(), {closed.XSD.date: closed.XSD.dateTime, RDF.langString: RDF.PlainLiteral}
    for s, p, o in source:
        if isinstance(o, Literal) and o.datatype == closed.XSD.date:
            copy.add((s, p, Literal(f"{o}T00:00:00", datatype=closed.XSD.dateTime)))
        else:
            copy.add((s, p, swapped.get(o, o) if isinstance(o, URIRef) else o))
    _tell_apart(copy)
    path = folder / "copy.rdf"
    copy.serialize(path, format="xml")
    run = subprocess.run([*hermit(), action, path.as_uri()], capture_output=True, text=True, timeout=60, check=False)
    return run.returncode, run.stdout + run.stderr


def _tell_apart(copy: Graph) -> None:
    """OWL lets two names be one thing; the record does not. Said of the values of functional properties."""
    functional = set(copy.subjects(RDF.type, OWL.FunctionalProperty))
    values = {o for p in functional for o in copy.objects(None, p) if isinstance(o, URIRef)}
    values |= {s for s in copy.subjects(RDF.type, URIRef(KRSG + "Country")) if isinstance(s, URIRef)}
    axiom, members = BNode(), BNode()
    copy.add((axiom, RDF.type, OWL.AllDifferent))
    copy.add((axiom, OWL.distinctMembers, members))
    Collection(copy, members, list[Node](sorted(values)))


def with_valid(more: str = "") -> Graph:
    return graph("krsg.ttl") + Graph().parse(VALID) + Graph().parse(data=PREFIX_LINES + more)


@pytest.mark.parametrize(
    "names", [("krsg.ttl", "codes.ttl"), ("krsg.ttl", "codes.ttl", "alignments.ttl")], ids="+".join
)
def test_the_ontology_is_consistent(names: tuple[str, ...], tmp_path: Path) -> None:
    code, said = reasoned(graph(*names), tmp_path)
    assert code == 0, said
    assert "is satisfiable" in said


@pytest.mark.parametrize("names", [("krsg.ttl",), ("krsg.ttl", "alignments.ttl")], ids="+".join)
def test_no_class_is_empty_by_definition(names: tuple[str, ...], tmp_path: Path) -> None:
    assert empty_classes(graph(*names), tmp_path) == ["owl:Nothing"]


def test_a_class_that_is_empty_by_definition_is_caught(tmp_path: Path) -> None:
    both = "krsg:Festival a owl:Class ; rdfs:subClassOf krsg:Event , krsg:Place ."
    found = empty_classes(graph("krsg.ttl") + Graph().parse(data=PREFIX_LINES + both), tmp_path)
    assert [name.rpartition(":")[2] for name in found] == ["Nothing", "Festival"]


def empty_classes(source: Graph, folder: Path) -> list[str]:
    """Classes that can have no member, as HermiT shortens them; ``owl:Nothing`` is always one."""
    code, said = reasoned(source, folder, "-U")
    assert code == 0, said
    return re.findall(r"(?m)^\t(\S+)$", said)


def test_a_valid_record_is_consistent(tmp_path: Path) -> None:
    code, said = reasoned(with_valid() + graph("codes.ttl", "alignments.ttl"), tmp_path)
    assert code == 0, said


def test_the_record_is_consistent(tmp_path: Path) -> None:
    """Of the two articles that were read whole: the reasoner needs minutes for all; the gates hold the rest."""
    record = read_whole(tmp_path / "record")
    code, said = reasoned(graph("krsg.ttl") + Graph().parse(record.triples), tmp_path)
    assert code == 0, said


CONTRADICTIONS = {
    "a person that is an agreement": "person:minister a krsg:Agreement .",
    "a ministry that is a firm": "org:mofa a krsg:Firm .",
    "a country that is an organization": "co:kor a krsg:Organization .",
    "a plan that is an event": "plan:talks a krsg:Event .",
    "an event as a place": "event:press krsg:place event:visit .",
    "a party that is a topic": "agr:mou krsg:party topic:beef .",
    "a signatory that is a place": "agr:mou krsg:signatory place:seoul .",
    "goods exported by a place": "agr:beef krsg:exporter place:jeju .",
    "a plan with an importer": "plan:talks krsg:importer co:sgp .",
    "a plan fulfilled by a plan": "plan:talks krsg:fulfilledBy plan:visit .",
    "a remark as the target of a plan": "plan:talks krsg:target remark:trade .",
    "two codes of one country": 'co:kor krsg:iso3 "PRK" .',
    "one code of two countries": 'co:xyz a krsg:Country ; krsg:iso3 "KOR" .',
    "two holders of one tenure": "tenure:minister krsg:holder person:other . tenure:x krsg:holder person:other .",
    "evidence in two documents": "ev:news-p01-s1 krsg:inDocument doc:study .",
    "two dates of one event": 'event:signing krsg:date "2005-08-05" .',
    "a body above itself": "org:moh krsg:parentBody org:moh .",
    "two places within each other": "place:korea krsg:within place:seoul .",
    "a value in words": 'obs:guests krsg:value "two hundred" .',
    "a day as a text": 'tenure:minister krsg:attestedOn "2025" .',
}


@pytest.mark.parametrize("turtle", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_contradiction_is_caught(turtle: str, tmp_path: Path) -> None:
    code, said = reasoned(with_valid(turtle), tmp_path)
    assert code == 1
    assert "InconsistentOntologyException" in said
