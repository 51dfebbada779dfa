"""The shapes and gates of ``ontology/``: a valid record passes, and each rule catches its own planted fault.

Both SHACL engines must say the same. The valid record and the faults are small and mostly made up; superclass
types are added as ``kg build`` adds them.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store, Triple, parse, serialize
from rdflib import SH, Graph

from kg import dates, ontology, shapes
from kg.namespaces import KRSG, PREFIXES, expand

ROOT = Path(__file__).parents[1]
ONTOLOGY = ROOT / "ontology"
GATES = sorted(path.stem for path in (ONTOLOGY / "gates").glob("*.rq"))
PREFIX_LINES = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
TYPE = NamedNode(PREFIXES["rdf"] + "type")
ENGINES = tuple(shapes.ENGINES)

#: What a right thing of a kind says beside its names: property → value, in Turtle.
EVIDENCED = {"krsg:evidence": "ev:release-title"}
DATED = {"krsg:date": '"2025"', **EVIDENCED}
STATED = {"krsg:date": '"2025"', "krsg:concerns": "agr:fta", **EVIDENCED}
TWO_SIDES = {"krsg:party": "co:kor , co:sgp", **EVIDENCED}
DOCUMENT = {
    "dcterms:title": '"A title"',
    "krsg:publisher": "org:paper",
    "krsg:origin": "org:paper",
    "krsg:date": '"2025"',
    "dcterms:language": '"en"',
    "krsg:wholeText": "false",
}
LOCATED = {
    "krsg:inDocument": "doc:news",
    "krsg:support": "code:asserted",
    "krsg:paragraph": "1",
    "krsg:sentence": "1",
    "oa:start": "0",
    "oa:end": "9",
    "krsg:sha256": f'"{"a" * 64}"',
}
RIGHT: dict[str, dict[str, str]] = {
    "Country": {"krsg:iso3": '"ABC"'},
    "Organization": {},
    "PublicBody": {"krsg:country": "co:sgp"},
    "Firm": {"krsg:country": "co:sgp"},
    "Association": {"krsg:country": "co:sgp"},
    "InternationalOrganization": {},
    "JointBody": TWO_SIDES,
    "Person": {},
    "Office": {"krsg:officeIn": "org:moh"},
    "Tenure": {
        "krsg:holder": "person:minister",
        "krsg:office": "office:minister",
        "krsg:from": '"2025"',
        **EVIDENCED,
    },
    "Agreement": TWO_SIDES,
    "Treaty": TWO_SIDES,
    "MemorandumOfUnderstanding": TWO_SIDES,
    "PartnershipFramework": TWO_SIDES,
    "MarketAccessArrangement": {**TWO_SIDES, "krsg:topic": "topic:beef"},
    "CommercialAgreement": {**TWO_SIDES, "krsg:party": "org:seafirm , org:hsa"},
    "Contract": {**TWO_SIDES, "krsg:party": "org:seafirm , org:hsa", "krsg:contractor": "org:seafirm"},
    "InvestmentDeal": {**TWO_SIDES, "krsg:party": "org:seafirm , org:hsa", "krsg:asset": "place:jeju"},
    "JointStatement": TWO_SIDES,
    "Event": DATED,
    "Upgrade": STATED,
    "Signing": STATED,
    "Visit": {**DATED, "krsg:participant": "co:kor"},
    "Summit": {**DATED, "krsg:participant": "co:kor , co:sgp"},
    "StateVisit": {**DATED, "krsg:participant": "co:kor"},
    "Opening": STATED,
    "Completion": STATED,
    "PublicEvent": {**DATED, "krsg:host": "org:hsa"},
    "Ceremony": {**DATED, "krsg:partOf": "event:visit"},
    "MilitaryExercise": {**DATED, "krsg:editionOf": "series:rimpac"},
    "Series": EVIDENCED,
    "ExerciseSeries": {**EVIDENCED, "krsg:participant": "co:kor"},
    "TransportService": {**EVIDENCED, "krsg:aboutPlace": "place:jeju"},
    "Intention": {"krsg:actor": "co:sgp", "krsg:status": "code:announced", "krsg:gist": '"a plan"@en', **EVIDENCED},
    "Remark": {"krsg:speaker": "co:sgp", "krsg:gist": '"a view"@en', **EVIDENCED},
    "DiplomaticRelation": TWO_SIDES,
    "Project": EVIDENCED,
    "Place": {},
    "Topic": {},
    "Code": {"skos:inScheme": "<https://w3id.org/krsg/scheme/status>", "skos:definition": '"A code."@en , "코드."@ko'},
    "Indicator": {},
    "Observation": {
        "krsg:indicator": "indicator:guests",
        "krsg:value": "1.5",
        "krsg:unit": '"{person}"',
        **DATED,
    },
    "Document": DOCUMENT,
    "NewsArticle": DOCUMENT,
    "LegalText": DOCUMENT,
    "Evidence": LOCATED,
}
V, W = "Violation", "Warning"


class Fault(NamedTuple):
    """A thing that is right but for what is changed, and where both engines must put the result."""

    focus: str
    kind: str
    path: str
    changed: dict[str, str | None]
    severity: str = V


TWO_DAYS = '"2025-01-01"^^xsd:date , "2025-01-02"^^xsd:date'
KO, EN = '"이름"@ko', '"A name"@en'
FAULTS = [
    # names
    Fault("place:no-korean-name", "Place", "skos:prefLabel", {"skos:prefLabel": EN}),
    Fault("place:no-english-name", "Place", "skos:prefLabel", {"skos:prefLabel": KO}),
    Fault("place:two-english-names", "Place", "skos:prefLabel", {"skos:prefLabel": f'{EN} , "Another"@en , {KO}'}),
    Fault("place:french-name", "Place", "skos:prefLabel", {"skos:prefLabel": f'{KO} , "Un nom"@fr'}),
    Fault("place:name-without-language", "Place", "skos:prefLabel", {"skos:prefLabel": f'{KO} , "A name"'}),
    Fault("place:other-name-without-language", "Place", "skos:altLabel", {"skos:altLabel": '"Other"'}),
    Fault("place:match-by-text", "Place", "skos:exactMatch", {"skos:exactMatch": '"Q1"'}),
    Fault("place:unknown-label-status", "Place", "krsg:labelStatus", {"krsg:labelStatus": "code:asserted"}),
    # things of any class
    Fault("project:topic-is-place", "Project", "krsg:topic", {"krsg:topic": "place:seoul"}),
    Fault("project:evidence-is-document", "Project", "krsg:evidence", {"krsg:evidence": "doc:news"}),
    Fault("project:no-evidence", "Project", "krsg:evidence", {"krsg:evidence": None}, W),
    Fault("project:long-gist", "Project", "krsg:gist", {"krsg:gist": f'"{"word " * 41}"@en'}),
    Fault("project:two-gists", "Project", "krsg:gist", {"krsg:gist": '"one"@en , "two"@en'}),
    Fault("project:gist-without-language", "Project", "krsg:gist", {"krsg:gist": '"one"'}),
    Fault("project:not-edtf", "Project", "krsg:from", {"krsg:from": '"May 2025"'}),
    Fault("project:date-typed", "Project", "krsg:from", {"krsg:from": '"2025-05-01"^^xsd:date'}),
    Fault("project:two-ends", "Project", "krsg:to", {"krsg:to": '"2025" , "2026"'}),
    Fault("project:attested-in-a-year", "Project", "krsg:attestedOn", {"krsg:attestedOn": '"2025"'}),
    Fault(
        "project:began-after-it-began",
        "Project",
        "krsg:fromEarliest",
        {"krsg:fromEarliest": '"2025-02-01"^^xsd:date', "krsg:fromLatest": '"2025-01-01"^^xsd:date'},
    ),
    Fault(
        "project:ended-before-it-ended",
        "Project",
        "krsg:toEarliest",
        {"krsg:toEarliest": '"2025-02-01"^^xsd:date', "krsg:toLatest": '"2025-01-01"^^xsd:date'},
    ),
    Fault(
        "event:bounds-reversed",
        "Event",
        "krsg:earliest",
        {"krsg:earliest": '"2025-02-01"^^xsd:date', "krsg:latest": '"2025-01-01"^^xsd:date'},
    ),
    Fault("project:two-last-beginnings", "Project", "krsg:fromLatest", {"krsg:fromLatest": TWO_DAYS}),
    Fault("project:two-last-ends", "Project", "krsg:toLatest", {"krsg:toLatest": TWO_DAYS}),
    Fault("event:two-last-days", "Event", "krsg:latest", {"krsg:latest": TWO_DAYS}),
    # agents
    Fault("co:Xyz", "Country", "", {}),
    Fault("co:no-code", "Country", "krsg:iso3", {"krsg:iso3": None}),
    Fault("co:code-in-lower-case", "Country", "krsg:iso3", {"krsg:iso3": '"abc"'}),
    Fault("org:Xyz", "Organization", "", {}),
    Fault("org:country-is-place", "Organization", "krsg:country", {"krsg:country": "place:korea"}),
    Fault("org:parent-is-person", "Organization", "krsg:parentBody", {"krsg:parentBody": "person:minister"}),
    Fault("org:held-by-place", "Organization", "krsg:shareholder", {"krsg:shareholder": "place:seoul"}),
    Fault("org:located-in-a-country", "Organization", "krsg:location", {"krsg:location": "co:kor"}),
    Fault("person:member-of-a-country", "Person", "krsg:memberOf", {"krsg:memberOf": "co:kor"}),
    Fault("org:two-parents", "Organization", "krsg:parentBody", {"krsg:parentBody": "org:moh , org:mofa"}),
    Fault("org:firm-of-no-country", "Firm", "krsg:country", {"krsg:country": None}, W),
    Fault("org:body-of-no-country", "PublicBody", "krsg:country", {"krsg:country": None}, W),
    Fault("org:body-of-two-countries", "PublicBody", "krsg:country", {"krsg:country": "co:kor , co:sgp"}),
    Fault("org:association-of-two", "Association", "krsg:country", {"krsg:country": "co:kor , co:sgp"}),
    Fault("org:un-of-korea", "InternationalOrganization", "krsg:country", {"krsg:country": "co:kor"}),
    Fault("org:one-sided-committee", "JointBody", "krsg:party", {"krsg:party": "co:kor"}, W),
    Fault("org:committee-of-topics", "JointBody", "krsg:party", {"krsg:party": "co:kor , topic:beef"}),
    Fault("org:committee-under-event", "JointBody", "krsg:framework", {"krsg:framework": "event:visit"}),
    Fault("person:a_b", "Person", "", {}),
    Fault("person:of-a-place", "Person", "krsg:country", {"krsg:country": "place:korea"}),
    # offices and tenures
    Fault("office:a--b", "Office", "", {}),
    Fault("office:nowhere", "Office", "krsg:officeIn", {"krsg:officeIn": None}, W),
    Fault("office:in-a-person", "Office", "krsg:officeIn", {"krsg:officeIn": "person:minister"}),
    Fault("tenure:a-", "Tenure", "", {}),
    Fault("tenure:no-holder", "Tenure", "krsg:holder", {"krsg:holder": None}),
    Fault("tenure:held-by-country", "Tenure", "krsg:holder", {"krsg:holder": "co:kor"}),
    Fault("tenure:no-office", "Tenure", "krsg:office", {"krsg:office": None}),
    Fault("tenure:undated", "Tenure", "", {"krsg:from": None}, W),
    # agreements
    Fault("agr:Xyz", "Agreement", "", {}),
    Fault("agr:party-is-topic", "Agreement", "krsg:party", {"krsg:party": "co:kor , topic:beef"}),
    Fault("agr:one-side", "Agreement", "krsg:party", {"krsg:party": "co:kor"}, W),
    Fault("agr:signed-by-place", "Agreement", "krsg:signatory", {"krsg:signatory": "place:seoul"}),
    Fault("agr:under-an-event", "Agreement", "krsg:framework", {"krsg:framework": "event:visit"}),
    Fault("agr:replaces-event", "Agreement", "krsg:replaces", {"krsg:replaces": "event:visit"}),
    Fault("agr:amends-event", "Agreement", "krsg:amends", {"krsg:amends": "event:visit"}),
    Fault("agr:form-is-status", "Agreement", "krsg:form", {"krsg:form": "code:signed"}),
    Fault("agr:two-forms", "Agreement", "krsg:form", {"krsg:form": "code:form-protocol , code:form-minutes"}),
    Fault("agr:status-is-form", "Agreement", "krsg:status", {"krsg:status": "code:form-mou"}),
    Fault("agr:two-statuses", "Agreement", "krsg:status", {"krsg:status": "code:signed , code:in-force"}),
    Fault("agr:about-a-country", "Agreement", "krsg:aboutPlace", {"krsg:aboutPlace": "co:kor"}),
    Fault("agr:treaty-as-mou", "Treaty", "krsg:form", {"krsg:form": "code:form-mou"}),
    Fault("agr:mou-as-treaty", "MemorandumOfUnderstanding", "krsg:form", {"krsg:form": "code:form-agreement"}),
    Fault("agr:goods-unknown", "MarketAccessArrangement", "krsg:topic", {"krsg:topic": None}, W),
    Fault("agr:exported-by-place", "MarketAccessArrangement", "krsg:exporter", {"krsg:exporter": "place:jeju"}),
    Fault("agr:imported-by-firm", "MarketAccessArrangement", "krsg:importer", {"krsg:importer": "org:seafirm"}),
    Fault("agr:deal-of-states", "CommercialAgreement", "krsg:party", {"krsg:party": "co:kor , co:sgp"}, W),
    Fault("agr:for-a-place", "Contract", "krsg:client", {"krsg:client": "place:seoul"}),
    Fault("agr:built-by-a-place", "Contract", "krsg:contractor", {"krsg:contractor": "place:seoul"}),
    Fault("agr:built-by-nobody", "Contract", "krsg:contractor", {"krsg:contractor": None}, W),
    Fault("agr:bought-by-a-place", "InvestmentDeal", "krsg:investor", {"krsg:investor": "place:seoul"}),
    Fault("agr:sold-by-a-place", "InvestmentDeal", "krsg:seller", {"krsg:seller": "place:seoul"}),
    Fault("agr:buying-a-topic", "InvestmentDeal", "krsg:asset", {"krsg:asset": "topic:beef"}),
    Fault("agr:buying-nothing", "InvestmentDeal", "krsg:asset", {"krsg:asset": None}, W),
    Fault("agr:statement-as-treaty", "JointStatement", "krsg:form", {"krsg:form": "code:form-agreement"}),
    # events and series
    Fault("event:Xyz", "Event", "", {}),
    Fault("event:two-dates", "Event", "krsg:date", {"krsg:date": '"2025" , "2025-11"'}),
    Fault("event:undated", "Event", "krsg:date", {"krsg:date": None}, W),
    Fault("event:month-thirteen", "Event", "krsg:date", {"krsg:date": '"2025-13"'}),
    Fault("event:concerns-a-topic", "Event", "krsg:concerns", {"krsg:concerns": "topic:beef"}),
    Fault("event:participant-is-place", "Event", "krsg:participant", {"krsg:participant": "place:seoul"}),
    Fault("event:hosted-by-place", "Event", "krsg:host", {"krsg:host": "place:seoul"}),
    Fault("event:in-a-country", "Event", "krsg:place", {"krsg:place": "co:kor"}),
    Fault("event:part-of-series", "Event", "krsg:partOf", {"krsg:partOf": "series:rimpac"}),
    Fault("event:edition-of-event", "Event", "krsg:editionOf", {"krsg:editionOf": "event:visit"}),
    Fault("event:act-is-status", "Event", "krsg:act", {"krsg:act": "code:signed"}),
    Fault("event:minus-two-guests", "Event", "krsg:attendance", {"krsg:attendance": "-2"}),
    Fault("event:upgrade-of-nothing", "Upgrade", "krsg:concerns", {"krsg:concerns": None}),
    Fault("event:signing-of-relation", "Signing", "krsg:concerns", {"krsg:concerns": "rel:kor-sgp"}),
    Fault("event:visit-of-nobody", "Visit", "krsg:participant", {"krsg:participant": None}, W),
    Fault("event:state-visit-of-nobody", "StateVisit", "krsg:participant", {"krsg:participant": None}, W),
    Fault("event:opening-of-nothing", "Opening", "krsg:concerns", {"krsg:concerns": None}, W),
    Fault("event:completion-of-relation", "Completion", "krsg:concerns", {"krsg:concerns": "rel:kor-sgp"}),
    Fault("event:show-of-nobody", "PublicEvent", "", {"krsg:host": None}, W),
    Fault("event:summit-of-one", "Summit", "krsg:participant", {"krsg:participant": "co:kor"}, W),
    Fault("event:dinner-of-nobody", "Ceremony", "", {"krsg:partOf": None}, W),
    Fault("event:exercise-of-dialogue", "MilitaryExercise", "krsg:editionOf", {"krsg:editionOf": "series:dialogue"}),
    Fault("series:Xyz", "Series", "", {}),
    Fault("series:led-by-topic", "Series", "krsg:host", {"krsg:host": "topic:beef"}),
    Fault("series:of-topics", "Series", "krsg:participant", {"krsg:participant": "topic:beef"}),
    Fault("series:in-a-country", "Series", "krsg:place", {"krsg:place": "co:kor"}),
    Fault("series:under-an-event", "Series", "krsg:framework", {"krsg:framework": "event:visit"}),
    Fault("series:exercise-of-nobody", "ExerciseSeries", "krsg:participant", {"krsg:participant": None}, W),
    # plans, words, relations, projects
    Fault("plan:Xyz", "Intention", "", {}),
    Fault("plan:fulfilled-by-nothing", "Intention", "", {"krsg:status": "code:fulfilled"}),
    Fault("plan:of-nothing", "Intention", "", {"krsg:actor": None}),
    Fault("plan:no-status", "Intention", "krsg:status", {"krsg:status": None}, W),
    Fault("plan:two-statuses", "Intention", "krsg:status", {"krsg:status": "code:announced , code:lapsed"}),
    Fault("plan:no-gist", "Intention", "krsg:gist", {"krsg:gist": None}, W),
    Fault("plan:due-soon", "Intention", "krsg:due", {"krsg:due": '"soon"'}),
    Fault("plan:of-a-place", "Intention", "krsg:actor", {"krsg:actor": "place:seoul"}),
    Fault("plan:toward-a-place", "Intention", "krsg:toward", {"krsg:toward": "place:seoul"}),
    Fault("plan:target-is-topic", "Intention", "krsg:target", {"krsg:target": "topic:beef"}),
    Fault("plan:fulfilled-by-plan", "Intention", "krsg:fulfilledBy", {"krsg:fulfilledBy": "plan:talks"}),
    Fault("plan:under-an-event", "Intention", "krsg:framework", {"krsg:framework": "event:visit"}),
    Fault("plan:act-is-form", "Intention", "krsg:act", {"krsg:act": "code:form-mou"}),
    Fault("remark:Xyz", "Remark", "", {}),
    Fault("remark:by-nobody", "Remark", "krsg:speaker", {"krsg:speaker": None}),
    Fault("remark:without-words", "Remark", "krsg:gist", {"krsg:gist": None}),
    Fault("remark:said-at-place", "Remark", "krsg:saidAt", {"krsg:saidAt": "place:seoul"}),
    Fault("remark:undatable", "Remark", "krsg:date", {"krsg:date": '"yesterday"'}),
    Fault("remark:about-a-country", "Remark", "krsg:aboutPlace", {"krsg:aboutPlace": "co:kor"}),
    Fault("rel:Xyz", "DiplomaticRelation", "", {}),
    Fault("rel:of-three", "DiplomaticRelation", "krsg:party", {"krsg:party": "co:kor , co:sgp , co:no-code"}),
    Fault("rel:with-a-firm", "DiplomaticRelation", "krsg:party", {"krsg:party": "co:kor , org:seafirm"}),
    Fault("project:Xyz", "Project", "", {}),
    Fault("project:of-topics", "Project", "krsg:participant", {"krsg:participant": "topic:beef"}),
    Fault("project:led-by-topic", "Project", "krsg:host", {"krsg:host": "topic:beef"}),
    Fault("project:carried-by-firm", "Project", "krsg:carriedBy", {"krsg:carriedBy": "org:seafirm"}),
    Fault("project:under-an-event", "Project", "krsg:framework", {"krsg:framework": "event:visit"}),
    Fault("project:status-is-form", "Project", "krsg:status", {"krsg:status": "code:form-mou"}),
    Fault("project:two-statuses", "Project", "krsg:status", {"krsg:status": "code:planned , code:ongoing"}),
    Fault("project:line-to-nowhere", "TransportService", "krsg:aboutPlace", {"krsg:aboutPlace": None}, W),
    Fault("project:located-in-a-country", "Project", "krsg:location", {"krsg:location": "co:kor"}),
    Fault("project:about-a-country", "Project", "krsg:aboutPlace", {"krsg:aboutPlace": "co:kor"}),
    # places and concepts
    Fault("place:Xyz", "Place", "", {}),
    Fault("place:within-a-country", "Place", "krsg:within", {"krsg:within": "co:kor"}),
    Fault("place:of-a-place", "Place", "krsg:country", {"krsg:country": "place:korea"}),
    Fault("topic:Xyz", "Topic", "", {}),
    Fault("topic:below-a-place", "Topic", "skos:broader", {"skos:broader": "place:seoul"}),
    Fault("topic:two-definitions", "Topic", "skos:definition", {"skos:definition": '"One."@en , "Two."@en'}),
    Fault("code:Xyz", "Code", "", {}),
    Fault("code:in-no-scheme", "Code", "skos:inScheme", {"skos:inScheme": None}),
    Fault("code:half-defined", "Code", "skos:definition", {"skos:definition": '"A code."@en'}),
    Fault("indicator:Xyz", "Indicator", "", {}),
    # figures
    Fault("obs:Xyz", "Observation", "", {}),
    Fault("obs:of-nothing", "Observation", "krsg:indicator", {"krsg:indicator": None}),
    Fault("obs:of-a-topic", "Observation", "krsg:indicator", {"krsg:indicator": "topic:beef"}),
    Fault("obs:two-dates", "Observation", "krsg:date", {"krsg:date": '"2024" , "2025"'}),
    Fault("obs:undated", "Observation", "krsg:date", {"krsg:date": None}, W),
    Fault("obs:reported-by-place", "Observation", "krsg:reporter", {"krsg:reporter": "place:seoul"}),
    Fault("obs:two-counterparts", "Observation", "krsg:counterpart", {"krsg:counterpart": "co:kor , co:sgp"}),
    Fault("obs:value-in-words", "Observation", "krsg:value", {"krsg:value": '"many"'}),
    Fault("obs:exactly-rank-zero", "Observation", "krsg:rank", {"krsg:rank": "0"}),
    Fault("obs:rank-zero", "Observation", "krsg:rankAtMost", {"krsg:rankAtMost": "0"}),
    Fault("obs:coded-as-place", "Observation", "krsg:codedValue", {"krsg:codedValue": "place:seoul"}),
    Fault("obs:two-units", "Observation", "krsg:unit", {"krsg:unit": '"USD" , "KRW"'}),
    Fault("obs:no-value", "Observation", "", {"krsg:value": None}),
    Fault("obs:no-unit", "Observation", "", {"krsg:unit": None}, W),
    Fault("obs:about-a-country", "Observation", "krsg:aboutPlace", {"krsg:aboutPlace": "co:kor"}),
    # sources and evidence
    Fault("doc:Xyz", "Document", "", {}),
    Fault("doc:untitled", "Document", "dcterms:title", {"dcterms:title": None}),
    Fault("doc:unpublished", "Document", "krsg:publisher", {"krsg:publisher": None}),
    Fault("doc:published-by-person", "Document", "krsg:publisher", {"krsg:publisher": "person:minister"}),
    Fault("doc:no-origin", "Document", "krsg:origin", {"krsg:origin": None}),
    Fault("doc:two-origins", "Document", "krsg:origin", {"krsg:origin": "org:paper , org:mofa"}),
    Fault("doc:origin-is-topic", "Document", "krsg:origin", {"krsg:origin": "topic:beef"}),
    Fault("doc:two-dates", "Document", "krsg:date", {"krsg:date": '"2024" , "2025"'}),
    Fault("doc:language-in-words", "Document", "dcterms:language", {"dcterms:language": '"English"'}),
    Fault("doc:no-language", "Document", "dcterms:language", {"dcterms:language": None}),
    Fault("doc:address-by-script", "Document", "schema:url", {"schema:url": '"javascript:alert(1)"'}),
    Fault("doc:read-perhaps", "Document", "krsg:wholeText", {"krsg:wholeText": None}),
    Fault("doc:retrieved-in-a-year", "Document", "krsg:retrieved", {"krsg:retrieved": '"2025"'}),
    Fault("doc:short-digest", "Document", "krsg:sha256", {"krsg:sha256": '"abc"'}),
    Fault("doc:no-characters", "Document", "krsg:charCount", {"krsg:charCount": "0"}),
    Fault("doc:whole-without-digest", "Document", "", {"krsg:wholeText": "true"}),
    Fault("doc:undated-article", "NewsArticle", "krsg:date", {"krsg:date": None}, W),
    Fault("doc:undated-text", "LegalText", "", {"krsg:date": None}, W),
    Fault("ev:Xyz", "Evidence", "", {}),
    Fault("ev:nowhere", "Evidence", "krsg:inDocument", {"krsg:inDocument": None}),
    Fault("ev:in-an-event", "Evidence", "krsg:inDocument", {"krsg:inDocument": "event:visit"}),
    Fault("ev:unsupported", "Evidence", "krsg:support", {"krsg:support": None}),
    Fault("ev:supported-by-status", "Evidence", "krsg:support", {"krsg:support": "code:signed"}),
    Fault("ev:spoken-by-place", "Evidence", "krsg:speaker", {"krsg:speaker": "place:seoul"}),
    Fault("ev:paragraph-zero", "Evidence", "krsg:paragraph", {"krsg:paragraph": "0"}),
    Fault("ev:two-sentences", "Evidence", "krsg:sentence", {"krsg:sentence": "1 , 2"}),
    Fault("ev:context-zero", "Evidence", "krsg:contextParagraph", {"krsg:contextParagraph": "0"}),
    Fault("ev:start-before-text", "Evidence", "oa:start", {"oa:start": "-1"}),
    Fault("ev:ends-before-it-starts", "Evidence", "oa:start", {"oa:start": "10"}),
    Fault("ev:end-in-words", "Evidence", "oa:end", {"oa:start": None, "oa:end": '"ten"'}),
    Fault("ev:capital-digest", "Evidence", "krsg:sha256", {"krsg:sha256": f'"{"A" * 64}"'}),
    Fault("ev:half-located", "Evidence", "", {"krsg:sentence": None}),
    Fault("ev:no-digest", "Evidence", "", {"krsg:sha256": None}),
]
#: What other shapes rightly say of the same faults.
ALSO = {
    ("doc:read-perhaps", "", V),  # nor can it show that it needs no digest
    ("ev:end-in-words", "", V),  # its locator is not whole either
}


def turtle_of(fault: Fault) -> str:
    """The whole faulty thing."""
    said: dict[str, str | None] = dict(RIGHT[fault.kind])
    if fault.kind not in {"Document", "NewsArticle", "LegalText", "Evidence"}:
        slug = fault.focus.partition(":")[2]
        said["skos:prefLabel"] = f'"{fault.kind} {slug}"@en , "가 {fault.kind} {slug}"@ko'
    said.update(fault.changed)
    facts = " ; ".join(f"{predicate} {value}" for predicate, value in said.items() if value is not None)
    return f"{fault.focus} a krsg:{fault.kind}" + (f" ; {facts}" if facts else "") + " .\n"


def triples_of(more: str = "") -> set[Triple]:
    """The valid record and more, with the codes and with superclass types, as ``kg build`` makes it."""
    terms = ontology.read(str(ONTOLOGY))
    codes = (ONTOLOGY / "codes.ttl").read_bytes()
    found = {
        quad.triple
        for text in (valid().encode(), (PREFIX_LINES + more).encode(), codes)
        for quad in parse(text, format=RdfFormat.TURTLE)
    }
    return found | {
        Triple(triple.subject, TYPE, NamedNode(above))
        for triple in found
        if triple.predicate == TYPE and isinstance(triple.object, NamedNode)
        for above in terms.ancestors(triple.object.value)
    }


@cache
def valid() -> str:
    return (ROOT / "tests/data/ontology/valid.ttl").read_text(encoding="utf-8")


def validated(engine: str, more: str = "") -> set[tuple[str, str, str]]:
    """Focus, path and severity of all results."""
    data = serialize(triples_of(more), format=RdfFormat.TURTLE)
    assert data is not None
    results = shapes.validate(data.decode(), (ONTOLOGY / "shapes.ttl").read_text(encoding="utf-8"), engine=engine)
    return {(result.focus, result.path, result.severity) for result in results}


@cache
def results_of_faults(engine: str) -> set[tuple[str, str, str]]:
    """All faults at once: they are different things, and a run for each would take minutes."""
    return validated(engine, "".join(map(turtle_of, FAULTS)))


def result(focus: str, path: str, severity: str) -> tuple[str, str, str]:
    return expand(focus) or "", (expand(path) or "") if path else "", severity


@pytest.mark.parametrize("engine", ENGINES)
def test_a_valid_record_conforms(engine: str) -> None:
    assert validated(engine) == set()


@pytest.mark.parametrize("engine", ENGINES)
def test_every_kind_of_right_thing_conforms(engine: str) -> None:
    prefixes = {fault.kind: fault.focus.partition(":")[0] for fault in FAULTS} | {"PartnershipFramework": "agr"}
    right = [Fault(f"{prefixes[kind]}:right-{kind.lower()}", kind, "", {}) for kind in RIGHT]
    assert validated(engine, "".join(map(turtle_of, right))) == set()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.focus)
def test_each_fault_is_caught(fault: Fault, engine: str) -> None:
    assert result(fault.focus, fault.path, fault.severity) in results_of_faults(engine)


def test_nothing_else_is_reported() -> None:
    expected = {result(fault.focus, fault.path, fault.severity) for fault in FAULTS}
    expected |= {result(*other) for other in ALSO}
    assert results_of_faults("shacl") == expected


def test_both_engines_say_the_same_of_the_faults() -> None:
    assert results_of_faults("shacl") == results_of_faults("pyshacl")


def test_both_engines_say_the_same_of_the_record() -> None:
    record = ROOT / "data/triples.ttl"
    if not record.exists():
        pytest.skip("data/triples.ttl is not built")
    rules = (ONTOLOGY / "shapes.ttl").read_text(encoding="utf-8")
    fast, reference = (shapes.validate(record.read_text(encoding="utf-8"), rules, engine=name) for name in ENGINES)
    assert fast == reference


EDTF = (
    "2025 2025-11 2025-11-02 1975~ 2005? 199X 2025-11-XX 2025-21 2026-33 2025-11/.. ../2025 2025-01/2026-04 1975~/1980"
)
NOT_EDTF = ["2025-13", "2025-11-32", "20251102", "2025/11/02", "2025-11-02T10:00", "May 2025", "2025-1-2", "2025 ", ""]


@pytest.mark.parametrize("text", EDTF.split())
def test_shapes_take_the_dates_that_the_build_takes(text: str) -> None:
    dates.bounds(text)
    assert validated("shacl", turtle_of(Fault("event:dated", "Event", "", {"krsg:date": f'"{text}"'}))) == set()


@pytest.mark.parametrize("text", NOT_EDTF)
def test_shapes_refuse_what_is_no_date(text: str) -> None:
    fault = turtle_of(Fault("event:dated", "Event", "", {"krsg:date": f'"{text}"'}))
    assert validated("shacl", fault) == {result("event:dated", "krsg:date", V)}


def test_every_property_shape_has_a_fault() -> None:
    """No property is checked without a fault that shows it is."""
    graph = Graph().parse(ONTOLOGY / "shapes.ttl")
    inside = {str(path) for node in graph.objects(None, SH.property) for path in graph.objects(node, SH.path)}
    caught = {path for _, path, _ in results_of_faults("shacl")}
    assert inside - caught == set()


# ── Gates ──

DIGEST = "f" * 64
GATE_FAULTS = [
    ("dangling", "event:visit krsg:participant person:nobody .", "event:visit"),
    ("dangling", "agr:mou krsg:topic topic:no-such-topic .", "agr:mou"),
    ("untyped", 'person:untyped skos:altLabel "X"@en .', "person:untyped"),
    ("undeclared-property", "agr:mou krsg:partner co:kor .", "krsg:partner"),
    ("undeclared-class", "agr:mou a krsg:Pact .", "krsg:Pact"),
    ("outside-property", 'agr:mou prov:value "x" .', "prov:value"),
    ("blank-nodes", "agr:mou krsg:party [ a krsg:Country ] .", "agr:mou"),
    ("blank-nodes", "agr:mou krsg:topic ( topic:beef ) .", "agr:mou"),
    ("missing-name-en", 'place:busan a krsg:Place ; skos:prefLabel "부산"@ko .', "place:busan"),
    ("missing-name-ko", 'place:busan a krsg:Place ; skos:prefLabel "Busan"@en .', "place:busan"),
    ("duplicate-name-en", 'place:seoul-2 a krsg:Place ; skos:prefLabel "SEOUL"@en , "서울 2"@ko .', "place:seoul"),
    ("duplicate-name-ko", 'place:seoul-2 a krsg:Place ; skos:prefLabel "Seoul 2"@en , "서울"@ko .', "place:seoul"),
    ("name-in-wrong-script", 'place:busan a krsg:Place ; skos:prefLabel "Busan"@en , "Busan"@ko .', "place:busan"),
    ("name-in-wrong-script", 'place:busan a krsg:Place ; skos:prefLabel "부산"@en , "부산"@ko .', "place:busan"),
    ("slug", 'place:Busan a krsg:Place ; skos:prefLabel "Busan"@en , "부산"@ko .', "place:Busan"),
    ("class-and-prefix", 'place:busan a krsg:Event ; skos:prefLabel "Busan"@en , "부산"@ko .', "place:busan"),
    ("class-and-prefix", "event:visit a krsg:Place .", "event:visit"),
    ("class-and-prefix", 'place:busan a skos:Concept ; skos:prefLabel "Busan"@en , "부산"@ko .', "place:busan"),
    ("domain", "person:minister krsg:party co:kor .", "person:minister"),
    ("domain", "place:seoul krsg:iso3 'KOR' .", "place:seoul"),
    ("domain", "office:minister krsg:country co:sgp .", "office:minister"),
    ("domain", "agr:mou krsg:importer co:sgp .", "agr:mou"),
    ("range", "agr:mou krsg:party topic:beef .", "agr:mou"),
    ("range", "plan:talks krsg:target topic:beef .", "plan:talks"),
    ("range", 'event:dinner krsg:attendance "200" .', "event:dinner"),
    ("range", "event:flood krsg:date <https://example.org/2011> .", "event:flood"),
    ("two-values", 'event:visit krsg:date "2025" .', "event:visit"),
    ("two-values", "tenure:minister krsg:holder person:other .", "tenure:minister"),
    ("cycles", "event:visit krsg:partOf event:summit .", "event:visit"),
    ("cycles", "place:korea krsg:within place:jeju .", "place:jeju"),
    ("cycles", "topic:trade skos:broader topic:beef .", "topic:beef"),
    (
        "date-bounds",
        'event:flood krsg:earliest "2012-01-01"^^xsd:date ; krsg:latest "2011-01-01"^^xsd:date .',
        "event:flood",
    ),
    ("date-bounds", 'agr:partnership krsg:toLatest "2024-01-01"^^xsd:date .', "agr:partnership"),
    (
        "document-twice",
        'doc:again a krsg:NewsArticle ; schema:url "http://www.example.org/report/?utm_source=x"^^xsd:anyURI .',
        "doc:again",
    ),
    ("evidence-document", "ev:lost a krsg:Evidence ; krsg:support code:asserted .", "ev:lost"),
    ("evidence-locator", "ev:half a krsg:Evidence ; krsg:inDocument doc:news ; krsg:paragraph 3 .", "ev:half"),
    (
        "told-too-early",
        'doc:soon krsg:latest "2025-12-01"^^xsd:date . ev:soon krsg:inDocument doc:soon . event:soon a krsg:Event ; '
        'krsg:date "2026-01" ; krsg:earliest "2026-01-01"^^xsd:date ; krsg:evidence ev:soon .',
        "event:soon",
    ),
    ("evidence-unread", "ev:release-title krsg:paragraph 3 .", "ev:release-title"),
    (
        "inference-unexplained",
        "ev:guess a krsg:Evidence ; krsg:inDocument doc:news ; krsg:support code:inferred .",
        "ev:guess",
    ),
    (
        "evidence-beyond-text",
        "ev:far a krsg:Evidence ; krsg:inDocument doc:news ; krsg:support code:asserted ; krsg:paragraph 9 ; "
        f'krsg:sentence 1 ; oa:start 1990 ; oa:end 2001 ; krsg:sha256 "{DIGEST}" .',
        "ev:far",
    ),
]


def store_of(more: str = "") -> Store:
    """The graph that gates ask: the record, the ontology and the codes."""
    store = Store()
    text = serialize(triples_of(more), format=RdfFormat.N_TRIPLES)
    assert text is not None
    store.load(text, format=RdfFormat.N_TRIPLES)
    store.load(path=str(ONTOLOGY / "krsg.ttl"), format=RdfFormat.TURTLE)
    return store


def rows_of(gate: str, store: Store) -> list[str]:
    text = (ONTOLOGY / "gates" / f"{gate}.rq").read_text(encoding="utf-8")
    solutions = store.query(text, prefixes=PREFIXES)
    assert isinstance(solutions, QuerySolutions)
    assert {variable.value for variable in solutions.variables} <= {"focus", "detail"}
    return [getattr(row["focus"], "value", "") for row in solutions]


@pytest.mark.parametrize("gate", GATES)
def test_a_gate_passes_a_valid_record(gate: str) -> None:
    assert rows_of(gate, store_of()) == []


@pytest.mark.parametrize(("gate", "turtle", "focus"), GATE_FAULTS)
def test_a_gate_catches_its_fault(gate: str, turtle: str, focus: str) -> None:
    assert expand(focus) in rows_of(gate, store_of(turtle))


def test_every_gate_has_a_fault() -> None:
    assert {gate for gate, _, _ in GATE_FAULTS} == set(GATES)


@pytest.mark.parametrize("gate", GATES)
def test_a_gate_says_what_it_finds(gate: str) -> None:
    lines = (ONTOLOGY / "gates" / f"{gate}.rq").read_text(encoding="utf-8").splitlines()
    said = [re.fullmatch(r"# ([\w-]+): (.+)", line) for line in lines[:3]]
    assert [match and match[1] for match in said] == ["title-en", "title-ko", "severity"]
    assert said[2] is not None
    assert said[2][2] in {"error", "warning"}
    assert said[1] is not None
    assert re.search("[가-힣]", said[1][2])


def test_superclass_types_are_enough() -> None:
    """A shape for a class holds for a thing of a subclass without the ontology in the data."""
    more = 'event:bare-signing a krsg:Signing ; skos:prefLabel "Bare"@en , "맨 서명"@ko .'
    focus = expand("event:bare-signing") or ""
    found = {path for subject, path, _ in validated("shacl", more) if subject == focus}
    assert found == {KRSG + "concerns", KRSG + "date", KRSG + "evidence"}
