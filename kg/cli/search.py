"""Find entities by name, in English or Korean.

Names and aliases in both languages; case, accents, hyphens and spacing make no difference. Parts of Korean words
count: 국방 finds 국방부. Best first: the whole name, its beginning, the beginning of a word, a part of it.

examples:
  kg search 'health sciences'
  kg search 국방
  kg search DSTA --format json
"""

from __future__ import annotations

import argparse
import sys

from kg import entity, search
from kg.cli import output, query
from kg.errors import NotFound
from kg.namespaces import KRSG, short
from kg.store import Store

_HEADER = {"en": ("entity", "name", "kind", "found by"), "ko": ("개체", "이름", "종류", "찾은 이름")}
_HOW = ("exact", "word of a name", "prefix", "word prefix", "substring", "initials")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", nargs="+", metavar="TEXT", help="a name or a part of one")
    parser.add_argument("--lang", choices=("en", "ko"), default="en", help="language of the names shown (default: en)")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--limit", type=query.count, default=20, metavar="N", help="at most N (default: %(default)s)")
    query.add_source(parser)


def run(args: argparse.Namespace) -> int:
    text = " ".join(args.text)
    with query.open_store(args) as store:
        every = search.search(store, text, limit=None)
        found = every[: args.limit]
        rows = _rows(store, found)
        if args.format == "json":
            output.write_json(rows)
        elif found:
            table = [_cells(row, args.lang) for row in rows]
            sys.stdout.write(output.table(_HEADER[args.lang], table))
        if len(every) > len(found):
            print(f"the first {len(found)} of {len(every)}; --limit shows more", file=sys.stderr)
        if not every:
            raise NotFound(f"nothing has a name like {text!r}", suggestions=search.near(store, text))
    return 0


def _rows(store: Store, found: list[search.Match]) -> list[dict[str, object]]:
    iris = [match.iri for match in found]
    terms = entity.terms_of(store)
    named, kinds = entity.names(store, iris), entity.kinds(store, iris, terms)
    return [
        {
            "curie": short(match.iri),
            "iri": match.iri,
            "kind": (kind := kinds.get(match.iri, "")),
            "kind_label": entity.label(terms, KRSG + kind) if kind else {},
            "names": named.get(match.iri, {}),
            "found_by": match.name,
            "how": _HOW[match.rank],
        }
        for match in found
    ]


def _cells(row: dict[str, object], language: str) -> tuple[str, ...]:
    names, label = row["names"], row["kind_label"]
    assert isinstance(names, dict)
    assert isinstance(label, dict)
    name = entity.in_language(names, language)
    by = str(row["found_by"])
    return str(row["curie"]), name, entity.in_language(label, language), "" if by == name else by
