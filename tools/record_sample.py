"""Draw facts at random, to be checked by hand against their sources.

python -m tools.record_sample                     60 facts, the seed of docs/record.md
python -m tools.record_sample --seed 7 -n 20      others

Prints a table for ``data/review/sample.tsv`` with an empty verdict (right, imprecise, wrong, not found) and note.
Kinds are left out: every thing has one. Draws from the record as it stands; the table keeps what was drawn.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path

from kg.namespaces import short
from kg.record import Record
from kg.turtle import Statement
from tools.record_doc import Holdings

ROOT = Path(__file__).resolve().parent.parent
SEED = 20261122
COLUMNS = ("statement", "document", "address", "verdict", "note")
_URL = "https://schema.org/url"


def draw(held: Holdings, seed: int, size: int) -> list[tuple[str, ...]]:
    """Rows of the table: as many facts as asked for, or all there are."""
    facts = sorted(held.facts, key=str)
    chosen = random.Random(seed).sample(facts, min(size, len(facts)))
    return [_row(held, fact) for fact in chosen]


def _row(held: Holdings, fact: Statement) -> tuple[str, ...]:
    doc = held.facts[fact][0].document
    said = f"{short(fact.subject)} {short(fact.predicate)} {short(fact.object.value)}"
    return said, short(doc.iri), doc.text(_URL) or "", "", ""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=SEED, help=f"default {SEED}")
    parser.add_argument("-n", type=int, default=60, dest="size", help="how many facts; default 60")
    options = parser.parse_args(arguments)
    rows = draw(Holdings(Record(str(ROOT))), options.seed, options.size)
    print("\n".join("\t".join(row) for row in [COLUMNS, *rows]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
