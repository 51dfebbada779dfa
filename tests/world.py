"""A small authored record for tests of the build: the real ontology, two documents, a handful of things."""

from __future__ import annotations

import shutil
from pathlib import Path

from kg import build
from kg.passages import digest, find
from kg.record import Record

ROOT = Path(__file__).resolve().parent.parent

#: The text behind ``doc:gazette``: invented for the tests, so it may stand here.
TEXT = "Harbour news.\n\nThe two ports signed a memorandum on 5 May 2020. Mr. Tan spoke first.\n\nIt was renewed in 2023.\n"

GAZETTE = f"""\
@prefix krsg: <https://w3id.org/krsg/ont#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix doc: <https://w3id.org/krsg/document/> .
@prefix ev: <https://w3id.org/krsg/evidence/> .
@prefix agr: <https://w3id.org/krsg/agreement/> .
@prefix event: <https://w3id.org/krsg/event/> .
@prefix co: <https://w3id.org/krsg/country/> .
@prefix org: <https://w3id.org/krsg/org/> .
@prefix code: <https://w3id.org/krsg/code/> .

doc:gazette a krsg:NewsArticle ;
    dcterms:title "Harbour news"@en ;
    dcterms:language "en" ;
    krsg:publisher org:gazette ;
    krsg:origin org:gazette ;
    krsg:date "2023-06-01" ;
    krsg:wholeText true ;
    krsg:charCount {len(TEXT)} ;
    krsg:sha256 "{digest(TEXT)}" .

# ¶2 the signing
ev:gazette-p02-s1
    krsg:paragraph 2 ; krsg:sentence 1 .
ev:gazette-p02-s1 {{
    agr:port-mou-2020 krsg:signatory co:kor , co:sgp .
    event:2020-05-05-port-signing krsg:concerns agr:port-mou-2020 ; krsg:date "2020-05-05" ; krsg:participant co:kor , co:sgp .
}}

# ¶3 the renewal, and what it only suggests
ev:gazette-p03-s1
    krsg:paragraph 3 ; krsg:sentence 1 .
ev:gazette-p03-s1 {{
    event:2023-port-renewal krsg:concerns agr:port-mou-2020 ; krsg:date "2023" .
}}
ev:gazette-p03-s1-coarser
    krsg:paragraph 3 ; krsg:sentence 1 ; krsg:support code:coarser .
ev:gazette-p03-s1-coarser {{
    event:2020-05-05-port-signing krsg:date "2020" .
}}
"""

CARDS = """\
@prefix krsg: <https://w3id.org/krsg/ont#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix agr: <https://w3id.org/krsg/agreement/> .
@prefix event: <https://w3id.org/krsg/event/> .
@prefix co: <https://w3id.org/krsg/country/> .
@prefix org: <https://w3id.org/krsg/org/> .

co:kor a krsg:Country ; skos:prefLabel "Republic of Korea"@en , "대한민국"@ko ; krsg:iso3 "KOR" .
co:sgp a krsg:Country ; skos:prefLabel "Singapore"@en , "싱가포르"@ko ; krsg:iso3 "SGP" .
org:gazette a krsg:MediaOutlet ; skos:prefLabel "Port Gazette"@en , "항만신문"@ko .
agr:port-mou-2020 a krsg:MemorandumOfUnderstanding ; skos:prefLabel "Port MOU (2020)"@en , "항만 양해각서(2020)"@ko .
event:2020-05-05-port-signing a krsg:Signing ; skos:prefLabel "Signing of the Port MOU"@en , "항만 양해각서 서명"@ko .
event:2023-port-renewal a krsg:Renewal ; skos:prefLabel "Renewal of the Port MOU"@en , "항만 양해각서 갱신"@ko .
"""


#: The two articles that were read whole: a part of the real record that stays small.
READ_WHOLE = ("2025-11-02-cna-strategic-partnership.trig", "2025-forum-defense-cooperation.trig")


def read_whole(root: Path, *more: Path) -> Record:
    """Build a record of the articles that were read whole, with more source files if any, and the real cards."""
    for folder in ("ontology", "data/entities"):
        shutil.copytree(ROOT / folder, root / folder)
    (root / "data" / "sources").mkdir()
    for path in [*(ROOT / "data" / "sources" / name for name in READ_WHOLE), *more]:
        shutil.copy(path, root / "data" / ("sources" if path.suffix == ".trig" else "entities"))
    record = Record(str(root))
    build.write(record, build.make(record))
    return record


def authored(root: Path, *, source: str = GAZETTE, cards: str = CARDS, locate: bool = True) -> Record:
    """Write a small record under ``root`` with this project's ontology; locators filled in unless told not to."""
    shutil.copytree(ROOT / "ontology", root / "ontology")
    for folder in ("sources", "entities"):
        (root / "data" / folder).mkdir(parents=True)
    (root / "data" / "sources" / "2023-06-01-gazette-harbour.trig").write_text(located(source) if locate else source)
    (root / "data" / "entities" / "cards.ttl").write_text(cards)
    return Record(str(root))


def located(source: str) -> str:
    """The source with span and digest after each ``krsg:sentence``."""
    lines = []
    for line in source.splitlines(keepends=True):
        if "krsg:paragraph" in line:
            numbers = [int(word) for word in line.replace(";", " ").replace(".", " ").split() if word.isdigit()]
            passage = find(TEXT, numbers[0], numbers[1])
            assert passage
            locator = f' ; oa:start {passage.start} ; oa:end {passage.end} ; krsg:sha256 "{digest(passage.text)}"'
            line = line.replace(f"krsg:sentence {numbers[1]}", f"krsg:sentence {numbers[1]}{locator}")
        lines.append(line)
    return "".join(lines)
