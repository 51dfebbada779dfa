from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.entity import Entity, Fact, describe, in_language, kinds
from kg.errors import NotFound
from kg.namespaces import KRSG, PREFIXES
from kg.ontology import Ontology
from kg.store import Store

AGR, ORG, EV = PREFIXES["agr"], PREFIXES["org"], PREFIXES["ev"]
MOU = AGR + "port-mou-2020"


def fact(entity: Entity, predicate: str, value: str) -> Fact:
    return next(f for f in entity.facts if f.label["en"] == predicate and f.value.endswith(value))


def test_names_kind_and_aliases(tiny: Store) -> None:
    kor = describe(tiny, PREFIXES["co"] + "kor")
    assert kor.names == {"en": "Republic of Korea", "ko": "대한민국"}
    assert (kor.kind, kor.kind_label["ko"]) == ("Country", "국가")
    assert kor.aliases == ("ROK", "South Korea", "한국")


def test_the_kind_is_the_narrowest_class(tiny: Store) -> None:
    assert kinds(tiny, [MOU, ORG + "port-authority"]) == {
        MOU: "MemorandumOfUnderstanding",
        ORG + "port-authority": "Agency",
    }


def test_a_fact_carries_the_passages_that_state_it(tiny: Store) -> None:
    signed = fact(describe(tiny, MOU), "signatory", "port-authority")
    first, second = signed.evidence
    assert first.iri == EV + "gazette-p02-s1"
    assert (first.title, first.kind, first.date) == ("Harbour news", "NewsArticle", "2023-06-01")
    assert first.publisher == {"en": "Port Gazette", "ko": "항만신문"}
    assert (first.paragraph, first.sentence, first.start, first.end) == (2, 1, 15, 103)
    assert first.support == "asserted"
    assert first.url == "https://gazette.example/harbour"
    assert first.whole_text
    assert len(first.sha256 or "") == 64
    assert second.iri == EV + "herald-p02-s1"
    assert signed.origins == 2


def test_evidence_is_of_the_statement_not_of_the_thing(tiny: Store) -> None:
    topic = fact(describe(tiny, MOU), "topic", "shipping")
    assert [passage.iri for passage in topic.evidence] == [EV + "herald-p02-s2"]
    assert topic.origins == 1


def test_a_speaker_is_named(tiny: Store) -> None:
    remark = describe(tiny, PREFIXES["remark"] + "tan-trust")
    assert all(passage.speaker["en"] == "Tan Wei Ming" for f in remark.facts for passage in f.evidence)


def test_statements_from_both_ends(tiny: Store) -> None:
    mou = describe(tiny, MOU)
    assert fact(mou, "concerns", "port-signing").forward is False
    assert fact(mou, "under the framework of", "sea-framework-2019").forward is True


def test_what_is_not_accepted_is_kept_apart(tiny: Store) -> None:
    mou = describe(tiny, MOU)
    assert not [f for f in mou.facts if f.value == ORG + "sea-command"]
    (doubted,) = [f for f in mou.doubted if f.value == ORG + "sea-command"]
    assert [passage.support for passage in doubted.evidence] == ["contested"]
    assert not {(f.predicate, f.value) for f in mou.facts} & {(f.predicate, f.value) for f in mou.doubted}
    signing = describe(tiny, PREFIXES["event"] + "2020-05-05-port-signing")
    assert [f.value for f in signing.facts if f.label["en"] == "date"] == ["2020-05-05"]
    assert [(f.value, f.evidence[0].support) for f in signing.doubted] == [("2020-05", "coarser")]


def test_an_incoming_statement_reads_from_this_end(tiny: Store) -> None:
    terms = Ontology([])
    terms.labels[KRSG + "concerns"] = {"en": "concerns", "ko": "관련 대상"}
    terms.inverse_labels[KRSG + "concerns"] = {"en": "events about it", "ko": "관련 사건"}
    assert fact(describe(tiny, MOU, terms), "events about it", "port-signing").label["ko"] == "관련 사건"


def test_a_broader_statement_of_the_same_passages_is_left_out(tiny: Store) -> None:
    labels = {f.label["en"] for f in describe(tiny, MOU).facts}
    assert "signatory" in labels
    assert "party" not in labels
    assert "party" in {f.label["en"] for f in describe(tiny, AGR + "sea-framework-2019").facts}


def test_no_machinery(tiny: Store) -> None:
    for iri in (MOU, AGR + "sea-framework-2019", ORG + "gazette", PREFIXES["person"] + "tan"):
        for one in describe(tiny, iri).facts:
            assert "evidence/" not in one.value
            assert not one.predicate.endswith(("Earliest", "Latest", "earliest", "latest", "labelStatus", "prefLabel"))
            assert not one.value.startswith(PREFIXES["doc"])


def test_what_only_the_card_says_has_no_evidence(tiny: Store) -> None:
    code = next(f for f in describe(tiny, PREFIXES["co"] + "sgp").facts if f.value == "SGP")
    assert code.evidence == ()
    assert code.origins == 0


def test_texts_keep_their_language(tiny: Store) -> None:
    remark = describe(tiny, PREFIXES["remark"] + "tan-trust")
    assert {(f.language, f.value) for f in remark.facts if f.language} == {
        ("en", "Trust comes first."),
        ("ko", "신뢰가 먼저다."),
    }


def test_json_is_json(tiny: Store) -> None:
    found = json.loads(json.dumps(describe(tiny, MOU).to_json()))
    assert found["curie"] == "agr:port-mou-2020"
    assert {f["origins"] for f in found["facts"]} == {1, 2}
    assert all(isinstance(f["evidence"], list) for f in found["facts"])


def test_a_passage_and_a_document_can_be_described_too(tiny: Store) -> None:
    passage = describe(tiny, EV + "gazette-p02-s1")
    assert PREFIXES["doc"] + "gazette" in {f.value for f in passage.facts}
    document = describe(tiny, PREFIXES["doc"] + "gazette")
    assert document.names == {"en": "Harbour news"}
    assert document.kind == "NewsArticle"


def test_nothing_said_of_it(tiny: Store) -> None:
    with pytest.raises(NotFound):
        describe(tiny, ORG + "none")


def test_data_without_evidence_still_shows(tiny: Store, tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_bytes(tiny.dump("ttl"))
    mou = describe(Store.open(tmp_path / "data.ttl"), MOU)
    assert fact(mou, "signatory", "port-authority").evidence == ()


def test_language_falls_back() -> None:
    assert in_language({"en": "a", "ko": "가"}, "ko") == "가"
    assert in_language({"en": "a"}, "ko") == "a"
    assert in_language({"ja": "あ"}, "ko") == "あ"
    assert in_language({}, "ko", "-") == "-"
