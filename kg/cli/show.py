"""Show an entity: its facts, each with its evidence.

ENTITY is a CURIE (org:hsa), an IRI, a slug (hsa), a name or an alias, in English or Korean.
Evidence is given by document [n], paragraph (¶), sentence (s) and characters of the source's text. What is told less
exactly, contested or withdrawn stands at the end.

examples:
  kg show HSA
  kg show '대한민국' --lang ko
  kg show org:dsta --format json
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from kg import entity, search
from kg.cli import output, query
from kg.namespaces import PREFIXES, short

#: What is described rather than stated: documents, passages and codes have no passages behind them.
_DESCRIBED = (PREFIXES["doc"], PREFIXES["ev"], PREFIXES["code"])

#: The fixed words of the page.
_WORDS = {
    "en": {
        "also": "also",
        "none": "no passage: from its card",
        "one": "1 independent source",
        "many": "{} independent sources",
        "quoting": "quoting",
        "unread": "whole text not read",
        "origin": "first said by {}",
        "sources": "Sources",
        "doubted": "Not accepted: less exact than another source, contested, or withdrawn",
        "inferred": "inferred",
        "coarser": "less exact",
        "contested": "contested",
        "retracted": "withdrawn",
    },
    "ko": {
        "also": "다른 이름",
        "none": "근거 구절 없음: 카드 정보",
        "one": "독립 출처 1곳",
        "many": "독립 출처 {}곳",
        "quoting": "발언자",
        "unread": "전문 미확인",
        "origin": "최초 출처 {}",
        "sources": "출처",
        "doubted": "채택되지 않음: 덜 구체적이거나, 엇갈리거나, 철회된 진술",
        "inferred": "추론",
        "coarser": "덜 구체적",
        "contested": "엇갈림",
        "retracted": "철회",
    },
}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("entity", nargs="+", metavar="ENTITY", help="CURIE, IRI, slug, name or alias")
    parser.add_argument("--lang", choices=("en", "ko"), default="en", help="language (default: en)")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    query.add_source(parser)


def run(args: argparse.Namespace) -> int:
    with query.open_store(args) as store:
        found = entity.describe(store, search.resolve(store, " ".join(args.entity)))
    if args.format == "json":
        output.write_json(found.to_json())
    else:
        print(_page(found, args.lang), end="")
    return 0


class Sources:
    """The documents a page cites, numbered as they come, to be listed once at its end."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._numbers: dict[str, int] = {}
        self._lines: list[str] = []

    def passage(self, evidence: entity.Evidence) -> str:
        """One line for a passage: its document by number, its place in the text, support, speaker."""
        words = _WORDS[self.language]
        parts = [_locator(evidence) or ("" if evidence.whole_text else words["unread"])]
        note = entity.in_language(evidence.note, self.language)
        if evidence.support != "asserted" or note:
            parts.append(" – ".join(filter(None, (words.get(evidence.support, ""), note))))
        if evidence.speaker:
            parts.append(f"{words['quoting']} {entity.in_language(evidence.speaker, self.language)}")
        where = ", ".join(filter(None, parts))
        return output.safe(" ".join(filter(None, (f"[{self._number(evidence)}]", where))) + f"  {short(evidence.iri)}")

    def listed(self) -> list[str]:
        """The documents by number; nothing when none was cited."""
        return ["", output.bold(_WORDS[self.language]["sources"]), *self._lines] if self._lines else []

    def _number(self, evidence: entity.Evidence) -> int:
        if evidence.document not in self._numbers:
            self._numbers[evidence.document] = len(self._numbers) + 1
            self._lines.append(f"[{self._numbers[evidence.document]}] {output.safe(self._document(evidence))}")
        return self._numbers[evidence.document]

    def _document(self, evidence: entity.Evidence) -> str:
        publisher, origin = (entity.in_language(n, self.language) for n in (evidence.publisher, evidence.origin_name))
        first = _WORDS[self.language]["origin"].format(origin) if origin and origin != publisher else ""
        title = f"“{evidence.title}”" if evidence.title else short(evidence.document)
        parts = (publisher, first, title, evidence.date or "", evidence.url or "")
        return ", ".join(filter(None, parts))


def independent(number: int, language: str) -> str:
    """``2 independent sources``, in a language."""
    return _WORDS[language]["one"] if number == 1 else _WORDS[language]["many"].format(number)


def _locator(evidence: entity.Evidence) -> str:
    if evidence.paragraph is None:
        return ""
    sentence = "" if evidence.sentence is None else f" s{evidence.sentence}"
    span = "" if evidence.start is None else f" [{evidence.start}–{evidence.end}]"
    return f"¶{evidence.paragraph}{sentence}{span}"


def _page(found: entity.Entity, language: str) -> str:
    words, other = _WORDS[language], "ko" if language == "en" else "en"
    name = entity.in_language(found.names, language, short(found.iri))
    second = found.names.get(other, "")
    lines = [output.bold(output.safe(name)) + (f"  {output.safe(second)}" if second and second != name else "")]
    kind = entity.in_language(found.kind_label, language)
    lines.append(output.safe("  ".join(filter(None, (short(found.iri), kind)))))
    if found.aliases:
        lines.append(f"{words['also']}: {output.safe(', '.join(found.aliases))}")
    sources, bare = Sources(language), found.iri.startswith(_DESCRIBED)
    for fact in _told_in(found.facts, language):
        told = _fact(fact, sources)
        lines += [told[0]] if bare else ["", *told]
    if found.doubted:
        lines += ["", output.bold(words["doubted"])]
    for fact in _told_in(found.doubted, language):
        lines += ["", *_fact(fact, sources)]
    return "\n".join([*lines, *sources.listed()]) + "\n"


def _told_in(facts: Iterable[entity.Fact], language: str) -> list[entity.Fact]:
    """The facts without texts that are there in the reader's language too."""
    facts = list(facts)
    told = {fact.predicate for fact in facts if fact.language == language}
    return [fact for fact in facts if fact.language in (None, language) or fact.predicate not in told]


def _fact(fact: entity.Fact, sources: Sources) -> list[str]:
    language = sources.language
    label = fact.label.get(language, fact.label["en"])
    value = entity.in_language(fact.names, language, short(fact.value) if fact.is_iri else fact.value)
    where = f"  {short(fact.value)}" if fact.is_iri and fact.names else ""
    arrow = "→" if fact.forward else "←"
    lines = [f"{arrow} {output.bold(output.safe(label))}  {output.safe(value)}{output.safe(where)}"]
    if not fact.evidence:
        return [*lines, f"    {_WORDS[language]['none']}"]
    cited = [f"    {sources.passage(one)}" for one in fact.evidence]
    return [*lines, *cited, f"    {independent(fact.origins, language)}"]
