"""Recompute every locator and digest against the source texts.

Texts are found by their digest, so file names do not matter. A source whose text is not at hand is named and
left out. Exit 3 when a locator or digest differs, or when no text at all was at hand.

examples:
  kg verify --corpus ../texts
"""

from __future__ import annotations

import argparse
import sys

from kg import ontology, record, verify
from kg.cli import output
from kg.errors import EXIT_CHECKS


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--corpus", metavar="DIR", required=True, help="folder with the source texts, UTF-8")
    parser.add_argument("--record", metavar="DIR", help="the folder that holds data/ and ontology/")


def run(args: argparse.Namespace) -> int:
    home = record.find(args.record)
    done = verify.verify(home, ontology.read(home.ontology), args.corpus)
    for problem in done.problems:
        print(output.safe(problem))
    for path in done.absent:
        print(f"not at hand: the text of {path}", file=sys.stderr)
    for path in done.unclaimed if done.absent else ():
        print(f"{output.safe(path)} belongs to no document: is a krsg:sha256 mistyped?", file=sys.stderr)
    print(
        f"{done.passages} passages of {len(done.verified)} texts recomputed, {len(done.problems)} differ; "
        f"{len(done.absent)} texts not at hand, {len(done.unlocated)} sources located as documents only"
    )
    return EXIT_CHECKS if done.problems or not done.verified else 0
