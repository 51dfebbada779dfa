"""Sentences are counted the same way by everyone, and a span always gives back its text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.passages import digest, find, paragraph_spans, passages


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("The S. Rajaratnam School. Next.", ["The S. Rajaratnam School.", "Next."]),
        ("Seadronix Corp. Targets it.", ["Seadronix Corp. Targets it."]),
        ("Mr. Kim and Dr. Tan met. They ate.", ["Mr. Kim and Dr. Tan met.", "They ate."]),
        ("“It works.” He left.", ["“It works.”", "He left."]),
        ("Trade rose 3.5 per cent. It fell.", ["Trade rose 3.5 per cent.", "It fell."]),
        ("양국은 합의했다. 대통령은 방문한다.", ["양국은 합의했다.", "대통령은 방문한다."]),
        ("(Nov 2) it said. 2025 was over.", ["(Nov 2) it said.", "2025 was over."]),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert [passage.text for passage in passages(text)] == sentences


def test_paragraphs_are_lines_that_are_not_blank() -> None:
    text = "\n  first \n\r\n\tsecond\n"
    assert [text[start:end] for start, end in paragraph_spans(text)] == ["first", "second"]


def test_find_by_number() -> None:
    text = "Head\nOne. Two."
    assert find(text, 2, 2) == (2, 2, 10, 14, "Two.")
    assert find(text, 2) == (2, 0, 5, 14, "One. Two.")
    assert find(text, 3) is None
    assert find(text, 0) is None
    assert find(text, 1, 2) is None


@given(st.text(alphabet="aB가. !?”\n\t ", max_size=200))
def test_spans_cover_every_visible_character_once(text: str) -> None:
    found = passages(text)
    assert all(text[p.start : p.end] == p.text for p in found)
    assert all(before.end <= after.start for before, after in zip(found, found[1:], strict=False))
    covered = "".join(p.text for p in found)
    assert "".join(covered.split()) == "".join(text.split())


def test_digest_is_of_the_utf8() -> None:
    assert digest("한") == "89233692031a62c60e6ef602b4cd9f3cb52a6dd8013fe9873c36101a7e3920e0"
