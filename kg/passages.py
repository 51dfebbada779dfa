"""Paragraphs, sentences and their spans in a text, counted the way the record's locators count them.

A paragraph is a line that is not blank, numbered from 1. A sentence is numbered from 1 inside its paragraph.
A span is a pair of code-point offsets ``(start, end)`` into the whole text, end exclusive, as in RFC 5147.
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

#: Abbreviations after which a full stop does not end a sentence.
ABBREVIATIONS = frozenset(
    "Mr Mrs Ms Dr Prof Gen Col Lt Sgt Adm Maj Capt Sen Rep Gov Hon St Jr Sr No Nos vs etc "
    "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Inc Ltd Co Corp Pte Bhd".split()
)

_STOP = re.compile(r"[.!?]+[\"'”’)\]]*(?=\s+[\"'“‘(\[]*[A-Z0-9가-힣])|(?<=[다요까죠])[.!?]+(?=\s)")
_LAST_WORD = re.compile(r"([^\W_]+)\.$")


class Passage(NamedTuple):
    """A sentence with its place: numbers count from 1, offsets are code points of the whole text."""

    paragraph: int
    sentence: int
    start: int
    end: int
    text: str


def digest(text: str) -> str:
    """SHA-256 of the text's UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def passages(text: str) -> list[Passage]:
    r"""Every sentence of the text, in order.

    >>> [p.text for p in passages("One. Two!\n\nThree by Mr. Kim.")]
    ['One.', 'Two!', 'Three by Mr. Kim.']
    """
    found = []
    for number, (start, end) in enumerate(paragraph_spans(text), 1):
        for count, (first, last) in enumerate(_sentence_spans(text, start, end), 1):
            found.append(Passage(number, count, first, last, text[first:last]))
    return found


def paragraph_spans(text: str) -> list[tuple[int, int]]:
    """The span of each line that is not blank, without the white space around it."""
    spans, offset = [], 0
    for line in text.splitlines(keepends=True):
        if stripped := line.strip():
            start = offset + line.index(stripped[0])
            spans.append((start, start + len(stripped)))
        offset += len(line)
    return spans


def find(text: str, paragraph: int, sentence: int | None = None) -> Passage | None:
    """The passage at a place: a sentence, or the whole paragraph when ``sentence`` is ``None``."""
    spans = paragraph_spans(text)
    if not 1 <= paragraph <= len(spans):
        return None
    start, end = spans[paragraph - 1]
    if sentence is None:
        return Passage(paragraph, 0, start, end, text[start:end])
    sentences = _sentence_spans(text, start, end)
    if not 1 <= sentence <= len(sentences):
        return None
    first, last = sentences[sentence - 1]
    return Passage(paragraph, sentence, first, last, text[first:last])


def _sentence_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans, first = [], start
    for stop in _STOP.finditer(text, start, end):
        if _is_abbreviation(text[first : stop.end()]):
            continue
        spans.append((first, stop.end()))
        first = stop.end() + len(text[stop.end() : end]) - len(text[stop.end() : end].lstrip())
    if first < end:
        spans.append((first, end))
    return spans


def _is_abbreviation(sentence: str) -> bool:
    """Whether the full stop at the end belongs to an initial (``S.``) or a known short form (``Corp.``)."""
    word = _LAST_WORD.search(sentence)
    return word is not None and (word[1] in ABBREVIATIONS or (len(word[1]) == 1 and word[1].isupper()))
