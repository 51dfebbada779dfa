"""Run the gates: shapes, graph rules, evidence coverage, verbatim guard.

Exit 0 when there is no error (warnings are shown), 3 when there is one.

examples:
  kg check
  kg check --format json
  kg check --corpus TEXTS       also compare word runs with the source texts in a folder
  kg check --without-shapes     for an install without a SHACL engine
"""

from __future__ import annotations

import argparse
import json
import sys

from kg import checks, record
from kg.cli import output
from kg.errors import EXIT_CHECKS


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--corpus", metavar="DIR", help="folder with the source texts")
    parser.add_argument("--without-shapes", action="store_true", help="leave SHACL out")
    parser.add_argument("--record", metavar="DIR", help="the folder that holds data/ and ontology/")


def run(args: argparse.Namespace) -> int:
    report = checks.run(record.find(args.record), corpus=args.corpus, shapes=not args.without_shapes)
    if args.format == "json":
        json.dump(report.to_json(), sys.stdout, ensure_ascii=False, indent=2)
        print()
    else:
        _print(report)
    return EXIT_CHECKS if report.errors else 0


def _print(report: checks.Report) -> None:
    for finding in report.findings:
        print(output.safe(f"{finding.severity:<7}  {finding.check:<20}  {finding.focus}  {finding.message}"))
    warnings = len(report.findings) - len(report.errors)
    figures = report.figures
    print(
        f"{figures['documents']} documents, {figures['evidence']} passages, {figures['facts']} facts, "
        f"{figures['coverage']:.1%} with evidence"
    )
    print(f"ran {', '.join(report.ran)}: {len(report.errors)} errors, {warnings} warnings")
    if not figures["compared"]:
        print("no texts at hand: words not compared with the sources (--corpus DIR does)")
