"""Locators against texts: recompute every span and digest, and fill them in for passages that lack them.

Texts are found by the digest of the whole document, so their file names do not matter and they never have to
be in the repository.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pyoxigraph import NamedNode, RdfFormat, parse

from kg import files, ontology
from kg.build import read_documents
from kg.checks import corpus_texts
from kg.document import Document, Evidence
from kg.errors import RecordError
from kg.namespaces import KRSG, PREFIXES, compress, short
from kg.ontology import Ontology
from kg.passages import Passage, digest, find, passages
from kg.record import Record

PARAGRAPH, CONTEXT, SENTENCE = KRSG + "paragraph", KRSG + "contextParagraph", KRSG + "sentence"
START, END, SHA256 = PREFIXES["oa"] + "start", PREFIXES["oa"] + "end", KRSG + "sha256"
CHAR_COUNT, WHOLE_TEXT = KRSG + "charCount", KRSG + "wholeText"


@dataclass
class Verification:
    """What was compared.

    :ivar passages: number of passages that were recomputed
    :ivar verified: paths of the source files whose text was at hand
    :ivar absent: source files that give a digest of a text that was not at hand
    :ivar unlocated: source files whose whole text nobody here has read; they are located as documents only
    :ivar claimed: digests of the texts that belong to a document
    :ivar unclaimed: paths of the texts that belong to none: is a digest mistyped?
    :ivar problems: one line for each difference
    """

    passages: int = 0
    verified: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    unlocated: list[str] = field(default_factory=list)
    claimed: set[str] = field(default_factory=set)
    unclaimed: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def verify(record: Record, terms: Ontology, corpus: str) -> Verification:
    """Compare every locator of the record with the texts in a folder.

    :raises RecordError: if an authored file cannot be used
    :raises KGError: if the folder holds no text
    """
    read = corpus_texts(corpus)
    texts = {digest(text): text for text in read.values()}
    found = {digest(text): path for path, text in read.items()}
    done = Verification()
    for doc in read_documents(record, terms):
        _verify(doc, texts, done, record.relative(doc.path))
    done.unclaimed = [found[key] for key in sorted(texts.keys() - done.claimed)]
    return done


def locate(path: str, doc: Document, texts: dict[str, str]) -> tuple[str, int]:
    """The authored file's text with ``oa:start``, ``oa:end`` and ``krsg:sha256`` filled in where they are missing.

    :returns: the new text, and the number of passages that were filled in
    :raises RecordError: if the document's text is not at hand, or a passage is not in it
    """
    authored = files.text(path)
    text = texts.get(doc.text(SHA256) or "")
    if text is None:
        raise RecordError("its text is not in the corpus (no file has its krsg:sha256)", path=path, term=short(doc.iri))
    filled: list[str] = []
    for evidence in doc.evidence.values():
        if evidence.number(START) is None and evidence.number(PARAGRAPH) is not None:
            if evidence.text(SHA256) or evidence.number(END) is not None:
                half = "has half a locator; remove it to have it filled in"
                raise RecordError(half, path=path, term=short(evidence.iri))
            authored = _filled(authored, evidence, _passage(text, evidence, path), path)
            filled.append(evidence.iri)
    _refuse_other_changes(path, authored, filled)
    return authored, len(filled)


def _verify(doc: Document, texts: dict[str, str], done: Verification, shown: str) -> None:
    if doc.text(WHOLE_TEXT) != "true":
        done.unlocated.append(shown)
        done.problems.extend(_located_without_text(doc, shown))
        return
    text = texts.get(doc.text(SHA256) or "")
    if text is None:
        done.absent.append(shown)
        return
    done.verified.append(shown)
    done.claimed.add(doc.text(SHA256) or "")
    if doc.text(CHAR_COUNT) != str(len(text)):
        done.problems.append(f"{shown}: krsg:charCount is {doc.text(CHAR_COUNT)}, the text has {len(text)}")
    for evidence in doc.evidence.values():
        done.passages += 1
        done.problems.extend(f"{shown}: {short(evidence.iri)}: {problem}" for problem in _differences(text, evidence))


def _located_without_text(doc: Document, shown: str) -> Iterator[str]:
    for evidence in doc.evidence.values():
        if evidence.number(PARAGRAPH) is not None or evidence.number(START) is not None:
            yield f"{shown}: {short(evidence.iri)}: has a locator, but nobody has read the whole text"


def _differences(text: str, evidence: Evidence) -> Iterator[str]:
    paragraph = evidence.number(PARAGRAPH)
    passage = find(text, paragraph, evidence.number(SENTENCE)) if paragraph is not None else None
    if passage is None:
        yield f"no paragraph {paragraph}, sentence {evidence.number(SENTENCE)} in the text"
        return
    for context in evidence.numbers(CONTEXT):
        if find(text, context) is None:
            yield f"no context paragraph {context} in the text"
    if evidence.number(START) is None:
        yield "has no locator yet: run kg locate"
        return
    if elsewhere := _elsewhere(text, evidence, passage):
        yield elsewhere
        return
    for name, written, found in (
        ("oa:start", evidence.number(START), passage.start),
        ("oa:end", evidence.number(END), passage.end),
        ("krsg:sha256", evidence.text(SHA256), digest(passage.text)),
    ):
        if written != found:
            yield f"{name} is {written}, the text gives {found}"


def _elsewhere(text: str, evidence: Evidence, passage: Passage) -> str:
    """Whether the span is right and only the numbers are another sentence's."""
    for other in passages(text):
        if (other.start, other.end) == (evidence.number(START), evidence.number(END)) != (passage.start, passage.end):
            says = f"says paragraph {passage.paragraph}, sentence {passage.sentence}"
            stands = f"its characters are paragraph {other.paragraph}, sentence {other.sentence}"
            return f"{says}, but {stands}: mend the numbers, or remove the locator and run kg locate"
    return ""


def _passage(text: str, evidence: Evidence, path: str) -> Passage:
    paragraph, sentence = evidence.number(PARAGRAPH), evidence.number(SENTENCE)
    passage = find(text, paragraph, sentence) if paragraph is not None else None
    if passage is None:
        raise RecordError(
            f"no paragraph {paragraph}, sentence {sentence} in the text", path=path, term=short(evidence.iri)
        )
    return passage


#: Where a locator goes: after the last place named in the evidence node's own block.
_PLACE = r"^{curie}(?=\s)(?!\s*\{{)[^{{}}]*?krsg:paragraph\s+\d+(?:\s*;\s*krsg:sentence\s+\d+)?"
#: Texts and comments of a TriG file; IRIs come first, for a ``#`` inside one begins no comment.
_UNREAD = re.compile(
    r"""<[^<>"{}|^`\\\s]*>|\"{3}[\s\S]*?\"{3}|"(?:[^"\\\n]|\\.)*"|'{3}[\s\S]*?'{3}|'(?:[^'\\\n]|\\.)*'|\#[^\n]*"""
)


def _filled(authored: str, evidence: Evidence, passage: Passage, path: str) -> str:
    """Write the locator into the evidence node's own block, leaving the rest of the file as it is."""
    curie = compress(evidence.iri) or evidence.iri
    place = re.compile(_PLACE.format(curie=re.escape(curie)), re.MULTILINE).search(_masked(authored))
    if place is None:
        raise RecordError(
            "its krsg:paragraph must stand in the node's own block to be filled in", path=path, term=curie
        )
    end = place.end()
    locator = f' ;\n    oa:start {passage.start} ; oa:end {passage.end} ; krsg:sha256 "{digest(passage.text)}"'
    return authored[:end] + locator + authored[end:]


def _masked(authored: str) -> str:
    """The same length of text with the inside of texts and comments blanked, so that a search sees Turtle only."""
    return _UNREAD.sub(lambda match: match[0] if match[0][0] == "<" else " " * len(match[0]), authored)


def _refuse_other_changes(path: str, text: str, filled: list[str]) -> None:
    """Hold the promise: three statements more about each passage, and all others as they were."""
    before, problem = set(ontology.read_quads(path)), "could not be filled in safely; write the locator by hand"
    try:
        after = set(parse(text, format=RdfFormat.TRIG))
    except SyntaxError as error:
        raise RecordError(problem, path=path, line=error.lineno) from error
    about = sorted(quad.subject.value for quad in after - before if isinstance(quad.subject, NamedNode))
    if not before <= after or about != sorted(filled * 3):
        raise RecordError(problem, path=path)
