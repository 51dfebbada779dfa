"""docs/record.md counts what is there: checked on a record small enough to count by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import build, checks
from kg.namespaces import short
from kg.record import Record
from tests.world import CARDS, GAZETTE, authored
from tools import record_doc, record_sample
from tools.record_doc import Holdings

#: A ministry's word on what the paper tells: the same sides, and another day.
RELEASE = """\
@prefix krsg: <https://w3id.org/krsg/ont#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix doc: <https://w3id.org/krsg/document/> .
@prefix ev: <https://w3id.org/krsg/evidence/> .
@prefix agr: <https://w3id.org/krsg/agreement/> .
@prefix event: <https://w3id.org/krsg/event/> .
@prefix co: <https://w3id.org/krsg/country/> .
@prefix org: <https://w3id.org/krsg/org/> .
@prefix code: <https://w3id.org/krsg/code/> .
@prefix topic: <https://w3id.org/krsg/topic/> .

org:port-ministry a krsg:Ministry ; skos:prefLabel "Ministry | of Ports"@en , "항만부"@ko .
topic:ports a krsg:Topic ; skos:prefLabel "ports"@en , "항만"@ko ; skos:broader topic:transport .
topic:transport a krsg:Topic ; skos:prefLabel "transport"@en , "교통"@ko .
doc:release a krsg:OfficialRelease ; dcterms:title "항만 양해각서"@ko ; dcterms:language "ko" ;
    krsg:publisher org:port-ministry ; krsg:origin org:port-ministry ; krsg:date "2020-05-06" ; krsg:wholeText false .
ev:release-sides krsg:support code:asserted .
ev:release-sides { agr:port-mou-2020 krsg:signatory co:kor , co:sgp ; krsg:topic topic:ports . }
ev:release-day krsg:support code:contested .
ev:release-day { event:2020-05-05-port-signing krsg:date "2020-05-06" . }
"""


@pytest.fixture
def record(tmp_path: Path) -> Record:
    made = authored(tmp_path)
    Path(made.sources, "2020-05-06-port-ministry-mou.trig").write_text(RELEASE)
    return made


def section(page: str, title: str) -> str:
    return page.partition(f"## {title}\n")[2].partition("\n## ")[0]


def test_facts_and_their_origins_are_counted(record: Record, tmp_path: Path) -> None:
    short_of_it = section(record_doc.page(record, tmp_path), "In short")
    for row in (
        "| facts | 11 |",  # two signatories, so two parties, a topic; concerns, date, two participants; concerns, date
        "| facts with two or more independent origins | 4 (36.4 %) |",
        "| facts that an official document states | 5 (45.5 %) |",
        "| things named in English and Korean | 100.0 % |",
        "| documents | 2 |",
        "| documents read whole, with every passage located | 1 |",
    ):
        assert row in short_of_it


def test_facts_are_counted_as_kg_check_counts_them(record: Record) -> None:
    build.write(record, build.make(record))
    assert len(Holdings(record).facts) == checks.run(record, shapes=False).figures["facts"]


def test_by_class_decade_topic_and_source(record: Record, tmp_path: Path) -> None:
    page = record_doc.page(record, tmp_path)
    assert "| signing | 서명 | 1 | 4 |" in section(page, "By class")
    assert "| 2020s | 2 | 6 |" in section(page, "By decade")
    assert "| no time of its own | 1 | 5 |" in section(page, "By decade")
    assert "| transport · 교통 | 1 | 5 |" in section(page, "By topic")  # what stands under ports counts for transport
    assert "| official release | 공식 발표문 | Korean | 1 | 5 |" in section(page, "By kind of source and language")
    assert "| Ministry \\| of Ports · 항만부 | 1 |" in section(page, "By publisher")


def test_both_sides_of_a_dispute_are_shown(record: Record, tmp_path: Path) -> None:
    rows = section(record_doc.page(record, tmp_path), "Contested").splitlines()[-2:]
    assert "| 2020-05-05 | yes | `doc:gazette` |" in rows[0]
    assert "| 2020-05-06 |  | `doc:release` |" in rows[1]


def test_what_one_paper_alone_tells_is_unconfirmed(record: Record, tmp_path: Path) -> None:
    assert "| 2020 | Signing of the Port MOU · 항만 양해각서 서명 | `doc:gazette` |" in section(
        record_doc.page(record, tmp_path), "Oldest unconfirmed"
    )


def test_the_authored_tables_are_printed(record: Record, tmp_path: Path) -> None:
    review = tmp_path / "review"
    review.mkdir()
    (review / "left-out.tsv").write_text('claim\twhy\nA "port" of 1950\tonly a mirror tells it\n')
    (review / "gaps.tsv").write_text("gap\twhy\nships\tno list was found\n")
    (review / "sample.tsv").write_text(
        "statement\tdocument\taddress\tverdict\tnote\na\tdoc:a\t\tright\t\nb\tdoc:b\t\twrong\tthe day; mended\n"
    )
    page = record_doc.page(record, review)
    assert '| A "port" of 1950 | only a mirror tells it |' in section(page, "Left out, and why")
    assert "| ships | no list was found |" in section(page, "Known gaps")
    assert "1 right, 1 wrong" in section(page, "A sample, checked")
    assert "| b | doc:b | wrong | the day; mended |" in section(page, "A sample, checked")


def test_the_same_seed_draws_the_same_facts(record: Record) -> None:
    held = Holdings(record)
    first, again = (record_sample.draw(held, seed=3, size=5) for _ in range(2))
    assert first == again
    assert len({row[0] for row in first}) == 5
    assert len(record_sample.draw(held, seed=3, size=500)) == len(held.facts)
    assert all(
        short(fact.subject) in {row[0].split()[0] for row in record_sample.draw(held, 3, 500)} for fact in held.facts
    )


def test_a_card_is_found_wherever_it_stands(record: Record) -> None:
    assert "Port Gazette" in CARDS and "krsg:publisher org:gazette" in GAZETTE
    assert Holdings(record).name("https://w3id.org/krsg/org/port-ministry") == "Ministry | of Ports · 항만부"
