"""Each gate catches its fault, and is silent on a clean record."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg import build, checks
from kg.cli import main
from kg.errors import KGError, LimitReached
from kg.record import Record
from tests.world import CARDS, GAZETTE, TEXT, authored


def built(root: Path, **kwargs: object) -> Record:
    record = authored(root, **kwargs)  # type: ignore[arg-type]
    build.write(record, build.make(record))
    return record


def errors(record: Record, check: str, **kwargs: object) -> list[str]:
    report = checks.run(record, **kwargs)  # type: ignore[arg-type]
    return [f"{f.focus} {f.message}" for f in report.errors if f.check.startswith(check)]


def test_a_clean_record_passes(tmp_path: Path) -> None:
    report = checks.run(built(tmp_path))
    assert report.errors == []
    assert report.ran == ["current", "coverage", "passages", "gates", "verbatim", "shapes"]
    assert report.figures["coverage"] == 1.0
    assert report.figures["facts"] == 10


def test_a_fact_without_a_passage_is_found(tmp_path: Path) -> None:
    record = built(tmp_path)
    made = build.make(record)
    made.triples += "<https://w3id.org/krsg/agreement/port-mou-2020> <https://w3id.org/krsg/ont#party> <https://w3id.org/krsg/country/usa> .\n"
    figures: dict[str, object] = {}
    found = list(checks.coverage(checks.World(made, record), figures))
    assert [f.message for f in found] == ["no passage states: agr:port-mou-2020 krsg:party co:usa"]
    assert figures["coverage"] == pytest.approx(10 / 11, abs=1e-3)


def test_a_fact_only_a_coarser_passage_states_is_not_covered(tmp_path: Path) -> None:
    record = built(tmp_path)
    made = build.make(record)
    made.triples += '<https://w3id.org/krsg/event/2020-05-05-port-signing> <https://w3id.org/krsg/ont#date> "2020" .\n'
    assert len(list(checks.coverage(checks.World(made, record)))) == 1


def test_a_passage_that_lost_its_graph_is_found(tmp_path: Path) -> None:
    record = built(tmp_path)
    world = checks.World(build.make(record), record)
    del world.graphs["https://w3id.org/krsg/evidence/gazette-p03-s1"]
    assert [f.message for f in checks.passages_and_graphs(world)] == ["is described, but states nothing"]


def test_stale_files_are_found(tmp_path: Path) -> None:
    record = built(tmp_path)
    Path(record.triples).write_text("")
    assert errors(record, "current") == [
        "data/ not current: data/triples.ttl; Run 'kg build' and commit what it makes."
    ]


@pytest.mark.parametrize(
    ("old", "new", "focus"),
    [
        (' , "항만 양해각서(2020)"@ko', "", "agr:port-mou-2020"),  # no Korean name
        ('"Port MOU (2020)"@en , ', "", "agr:port-mou-2020"),  # no English name
        (
            'co:sgp a krsg:Country ; skos:prefLabel "Singapore"@en , "싱가포르"@ko ; krsg:iso3 "SGP" .',
            "",
            "co:sgp",
        ),  # dangling
        ("a krsg:MediaOutlet", "a krsg:Place", "org:gazette"),  # wrong class for a publisher
    ],
)
def test_a_broken_card_is_found_by_gates_or_shapes(tmp_path: Path, old: str, new: str, focus: str) -> None:
    assert old in CARDS
    record = built(tmp_path, cards=CARDS.replace(old, new))
    assert any(focus in line for line in errors(record, ""))


def test_a_thing_without_a_card_is_named_once_with_its_place_and_nearest_name(tmp_path: Path) -> None:
    record = built(tmp_path, source=GAZETTE.replace("krsg:origin org:gazette", "krsg:origin org:gazete"))
    (finding,) = checks.run(record).errors
    assert finding.focus == "org:gazete"
    assert "has no card, used in data/sources/2023-06-01-gazette-harbour.trig:" in finding.message
    assert "did you mean org:gazette?" in finding.message


def test_a_long_gist_is_found(tmp_path: Path) -> None:
    gist = " ".join(["word"] * 30)
    record = built(
        tmp_path, source=GAZETTE.replace('krsg:date "2023" .', f'krsg:date "2023" ; krsg:gist "{gist}"@en .')
    )
    assert any("gist of more than 25 words" in line for line in errors(record, "verbatim"))


def test_words_of_a_source_are_found_even_in_a_comment(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "any-name.txt").write_text(TEXT)
    copied = "# The two ports signed a memorandum on 5 May 2020\n"
    clean = built(tmp_path / "clean")
    assert errors(clean, "verbatim", corpus=str(corpus)) == []
    assert any(
        "the two ports signed" in line
        for line in errors(built(tmp_path / "copied", source=copied + GAZETTE), "verbatim", corpus=str(corpus))
    )


@pytest.mark.parametrize(
    ("gate", "reason"),
    [
        ("SELECT ?focus { SERVICE <http://127.0.0.1:9999/> { ?focus ?p ?o } }", "reaches outside the record"),
        ("SELECT ?focus {", "is not SPARQL"),
        ("SELECT ?other { ?other ?p ?o }", r"must be a SELECT with \?focus"),
        ("ASK { ?s ?p ?o }", r"must be a SELECT with \?focus"),
    ],
)
def test_a_gate_that_is_none_is_named(tmp_path: Path, gate: str, reason: str) -> None:
    record = built(tmp_path)
    (tmp_path / "ontology" / "gates" / "zz-strange.rq").write_text(gate)
    with pytest.raises(KGError, match=f"gate zz-strange .*{reason}"):
        checks.run(record, shapes=False)


def test_a_gate_that_does_not_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = built(tmp_path)
    patterns = " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(6))
    (tmp_path / "ontology" / "gates" / "zz-endless.rq").write_text(f"SELECT (COUNT(*) AS ?focus) {{ {patterns} }}")
    monkeypatch.setattr(checks, "GATE_SECONDS", 2)
    with pytest.raises(LimitReached, match="gate zz-endless did not end within 2 s"):
        checks.run(record, shapes=False)


def test_the_command_reports_and_exits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = built(tmp_path)
    assert main(["check", "--record", record.root]) == 0
    assert "100.0% with evidence" in capsys.readouterr().out
    Path(record.triples).write_text("")
    assert main(["check", "--format", "json", "--record", record.root]) == 3
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    assert told["findings"][0]["check"] == "current"


def test_without_an_engine_check_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    record = built(tmp_path)
    monkeypatch.setattr("kg.shapes.find_spec", lambda name: None)
    assert main(["check", "--record", record.root]) == 1
    assert "[shacl]" in capsys.readouterr().err
    assert main(["check", "--without-shapes", "--record", record.root]) == 0


def test_an_empty_corpus_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = built(tmp_path / "record")
    (tmp_path / "corpus").mkdir()
    assert main(["check", "--corpus", str(tmp_path / "corpus"), "--record", record.root]) == 1
    assert "no texts found" in capsys.readouterr().err
