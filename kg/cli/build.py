"""Make data/triples.ttl and data/evidence.trig from the authored files.

Authored: data/sources/*.trig (what each source states, passage by passage) and data/entities/*.ttl (names and
identifiers). A build that fails or is killed leaves the old files whole.

examples:
  kg build                 make both files
  kg build --check         write nothing; exit 3 when the committed files are not current
  kg build --record DIR    another record
"""

from __future__ import annotations

import argparse
import sys

from kg import build, record


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="only say whether the made files are current")
    parser.add_argument("--record", metavar="DIR", help="the folder that holds data/ and ontology/")
    parser.add_argument("-q", "--quiet", action="store_true", help="say nothing when all is well")


def run(args: argparse.Namespace) -> int:
    home = record.find(args.record)
    made = build.make(home)
    if args.check:
        build.check_current(home, made)
        changed = []
    else:
        changed = build.write(home, made)
    if not args.quiet:
        print(_summary(made.counts), file=sys.stderr)
        print(f"wrote {', '.join(map(home.relative, changed))}" if changed else "current", file=sys.stderr)
    return 0


def _summary(counts: dict[str, int]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in counts.items())
