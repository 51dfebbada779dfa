"""Locators are recomputed from the text; a wrong digit is found, and nothing is invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import ontology, verify
from kg.cli import main
from kg.record import Record
from tests.world import GAZETTE, TEXT, authored, located

SOURCE = "2023-06-01-gazette-harbour.trig"


@pytest.fixture
def corpus(tmp_path: Path) -> str:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "whatever.txt").write_text(TEXT)
    (folder / "picture.png").write_bytes(b"\x89PNG\xff\xfe")
    return str(folder)


def checked(record: Record, corpus: str) -> verify.Verification:
    return verify.verify(record, ontology.read(record.ontology), corpus)


def test_right_locators_pass(tmp_path: Path, corpus: str) -> None:
    done = checked(authored(tmp_path / "r"), corpus)
    assert (done.passages, done.problems, done.verified) == (3, [], [f"data/sources/{SOURCE}"])


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("oa:start 15", "oa:start 16", "oa:start is 16, the text gives 15"),
        ("oa:end 63", "oa:end 60", "oa:end is 60, the text gives 63"),
        ("krsg:paragraph 3", "krsg:paragraph 9", "no paragraph 9"),
        ("krsg:paragraph 3", "krsg:paragraph 1", "its characters are paragraph 3, sentence 1"),
        ("krsg:sentence 1 ;", "krsg:sentence 4 ;", "sentence 4 in the text"),
        (f"krsg:charCount {len(TEXT)}", "krsg:charCount 7", "krsg:charCount is 7"),
    ],
)
def test_a_wrong_locator_is_found(tmp_path: Path, corpus: str, old: str, new: str, problem: str) -> None:
    source = located(GAZETTE)
    assert old in source
    done = checked(authored(tmp_path / "r", source=source.replace(old, new, 1), locate=False), corpus)
    assert any(problem in line for line in done.problems)


def test_a_wrong_digest_is_found(tmp_path: Path, corpus: str, capsys: pytest.CaptureFixture[str]) -> None:
    source = located(GAZETTE)
    at = source.index("krsg:sha256", source.index("ev:gazette-p03-s1"))
    wrong = source[:at] + source[at:].replace(source[at + 13 : at + 17], "0000", 1)
    record = authored(tmp_path / "r", source=wrong, locate=False)
    assert main(["verify", "--corpus", corpus, "--record", record.root]) == 3
    assert "krsg:sha256 is 0000" in capsys.readouterr().out


def test_a_passage_without_a_locator_is_told_what_to_run(tmp_path: Path, corpus: str) -> None:
    done = checked(authored(tmp_path / "r", locate=False), corpus)
    assert len(done.problems) == 3
    assert done.problems[0].endswith("has no locator yet: run kg locate")


def test_a_text_that_belongs_to_nothing_is_named(
    tmp_path: Path, corpus: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (Path(corpus) / "whatever.txt").write_text(TEXT + "One more line.\n")
    record = authored(tmp_path / "r")
    assert main(["verify", "--corpus", corpus, "--record", record.root]) == 3
    assert "whatever.txt belongs to no document" in capsys.readouterr().err


def test_a_text_that_is_not_at_hand_is_named(tmp_path: Path, corpus: str, capsys: pytest.CaptureFixture[str]) -> None:
    (Path(corpus) / "whatever.txt").write_text(TEXT + "One more line.\n")
    record = authored(tmp_path / "r")
    assert main(["verify", "--corpus", corpus, "--record", record.root]) == 3  # nothing could be verified
    assert "not at hand" in capsys.readouterr().err


def test_a_document_nobody_read_whole_may_not_have_paragraphs(tmp_path: Path, corpus: str) -> None:
    source = located(GAZETTE).replace("krsg:wholeText true", "krsg:wholeText false")
    done = checked(authored(tmp_path / "r", source=source, locate=False), corpus)
    assert len(done.problems) == 3
    assert "nobody has read the whole text" in done.problems[0]


def test_locate_fills_in_what_verify_accepts(tmp_path: Path, corpus: str) -> None:
    record = authored(tmp_path / "r", locate=False)
    path = f"{record.sources}/{SOURCE}"
    assert main(["locate", path, "--corpus", corpus, "--record", record.root]) == 0
    filled = Path(path).read_text()
    assert filled.count("oa:start") == 3
    assert [line for line in GAZETTE.splitlines() if line.startswith("#")] == [
        line for line in filled.splitlines() if line.startswith("#")
    ]
    assert checked(record, corpus).problems == []
    assert main(["locate", path, "--corpus", corpus, "--record", record.root]) == 0
    assert Path(path).read_text() == filled


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "    krsg:paragraph 2 ; krsg:sentence 1 .",
            "    # see krsg:paragraph 9\n    krsg:paragraph 2 ; krsg:sentence 1 .",
        ),
        (
            "    krsg:paragraph 2 ; krsg:sentence 1 .",
            '    krsg:gist "not krsg:paragraph 9"@en ; krsg:paragraph 2 ; krsg:sentence 1 .',
        ),
    ],
)
def test_locate_is_not_misled_by_comments_and_texts(tmp_path: Path, corpus: str, old: str, new: str) -> None:
    record = authored(tmp_path / "r", source=GAZETTE.replace(old, new), locate=False)
    path = f"{record.sources}/{SOURCE}"
    assert main(["locate", path, "--corpus", corpus, "--record", record.root]) == 0
    assert checked(record, corpus).problems == []


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("krsg:sentence 1 .", f'krsg:sentence 1 ; krsg:sha256 "{"0" * 64}" .', "half a locator"),
        (
            "ev:gazette-p02-s1\n    krsg:paragraph 2 ; krsg:sentence 1 .",
            "<https://w3id.org/krsg/evidence/gazette-p02-s1> krsg:paragraph 2 ; krsg:sentence 1 .",
            "own block",
        ),
    ],
)
def test_locate_refuses_what_it_cannot_do_safely(
    tmp_path: Path, corpus: str, capsys: pytest.CaptureFixture[str], old: str, new: str, reason: str
) -> None:
    assert old in GAZETTE
    record = authored(tmp_path / "r", source=GAZETTE.replace(old, new, 1), locate=False)
    path = Path(record.sources) / SOURCE
    before = path.read_text()
    assert main(["locate", str(path), "--corpus", corpus, "--record", record.root]) == 3
    assert reason in capsys.readouterr().err
    assert path.read_text() == before


def test_every_context_paragraph_is_looked_up(tmp_path: Path, corpus: str) -> None:
    source = located(GAZETTE).replace("krsg:paragraph 3 ;", "krsg:paragraph 3 ; krsg:contextParagraph 1 , 8 ;", 1)
    assert (
        checked(authored(tmp_path / "r", source=source, locate=False), corpus)
        .problems[0]
        .endswith("no context paragraph 8 in the text")
    )


def test_locate_without_the_text_says_so(tmp_path: Path, corpus: str, capsys: pytest.CaptureFixture[str]) -> None:
    record = authored(
        tmp_path / "r",
        source=GAZETTE.replace("krsg:sha256", "# krsg:sha256").replace(
            f"krsg:charCount {len(TEXT)} ;", f"krsg:charCount {len(TEXT)} ."
        ),
        locate=False,
    )
    assert main(["locate", f"{record.sources}/{SOURCE}", "--corpus", corpus, "--record", record.root]) == 3
    assert "not in the corpus" in capsys.readouterr().err
    assert main(["locate", "--record", record.root]) == 2


def test_passages_of_a_text_are_numbered_for_the_author(corpus: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["locate", "--passages", f"{corpus}/whatever.txt"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].endswith(f"krsg:charCount {len(TEXT)}")
    assert out[2].startswith("¶2 s1 [15,63) ")
    assert main(["locate", "--passages", f"{corpus}/picture.png"]) == 2
