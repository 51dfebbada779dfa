"""List the named questions.

examples:
  kg questions
  kg questions --lang ko
  kg questions --format json
"""

from __future__ import annotations

import argparse
import sys

from kg import questions
from kg.cli import output


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lang", choices=("en", "ko"), default="en", help="language of the titles (default: en)")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(args: argparse.Namespace) -> int:
    found = questions.all_questions()
    if args.format == "json":
        output.write_json([_json(question) for question in found])
        return 0
    rows = [(q.number, q.slug, q.title[args.lang], _parameters(q)) for q in found]
    header = ("", "name", "question", "parameters") if args.lang == "en" else ("", "이름", "질문", "매개변수")
    sys.stdout.write(output.table(header, rows, widest=90))
    return 0


def _parameters(question: questions.Question) -> str:
    return ", ".join(f"{parameter.name}={parameter.default}" for parameter in question.parameters)


def _json(question: questions.Question) -> dict[str, object]:
    return question._asdict() | {"parameters": [parameter._asdict() for parameter in question.parameters]}
