"""Answer one of the named questions.

NAME is its number, its slug, or the beginning of its slug; 'kg questions' lists them. A parameter takes a CURIE,
an IRI, a slug or a name where it stands for a thing.

examples:
  kg ask 1
  kg ask mous-of-an-agency --set agency=HSA
  kg ask 12 --format csv > answer.csv
  kg ask 1 --lang ko --format table
  kg ask 12 --show             print the SPARQL instead
"""

from __future__ import annotations

import argparse
import sys

from kg import questions
from kg.cli import output, query
from kg.errors import UsageError


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="number, slug, or beginning of a slug")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="set a parameter")
    parser.add_argument("--show", action="store_true", help="print the SPARQL, with the parameters set")
    parser.add_argument("--lang", choices=("en", "ko"), help="in tables, leave the other language's columns out")
    query.add_options(parser)


def run(args: argparse.Namespace) -> int:
    question = questions.find(args.name, questions.all_questions())
    settings = dict(map(_setting, args.set))
    if args.show and not settings:
        print(output.shown(question.text), end="")
        return 0
    with query.open_store(args) as store:
        text = question.bound(store, settings)
        if args.show:
            print(output.shown(text), end="")
            return 0
        return query.answer_with(args, store, text, language=args.lang, when_empty=lambda: _note(question))


def _note(question: questions.Question) -> None:
    """Say what an empty answer means, where the question's author did: not that there is nothing in the world."""
    if question.note:
        print(output.safe(f"note: {question.note}"), file=sys.stderr)


def _setting(given: str) -> tuple[str, str]:
    name, equals, value = given.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise UsageError(f"--set {given}: expected NAME=VALUE")
    return name.strip().lstrip("?"), value.strip()
