"""Fill in the spans and digests of passages from the source texts.

Write krsg:paragraph and krsg:sentence by hand; this adds oa:start, oa:end and krsg:sha256 after them, in the
authored file, and changes nothing else. Passages that have them already are left alone; 'kg verify' checks those.

examples:
  kg locate data/sources/2025-11-02-cna-strategic-partnership.trig --corpus ../texts
  kg locate --passages ../texts/article.txt      print the paragraphs and sentences with their numbers
"""

from __future__ import annotations

import argparse
import sys

from kg import document, files, ontology, record, verify
from kg.checks import corpus_texts
from kg.cli import output
from kg.errors import UsageError
from kg.passages import digest, passages


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="*", metavar="FILE", help="authored source files (.trig)")
    parser.add_argument("--corpus", metavar="DIR", help="folder with the source texts, UTF-8")
    parser.add_argument("--passages", metavar="TEXT", help="number the passages of a text instead")
    parser.add_argument("--record", metavar="DIR", help="the folder that holds data/ and ontology/")


def run(args: argparse.Namespace) -> int:
    if args.passages:
        return _number(args.passages)
    if not args.files or not args.corpus:
        raise UsageError("name the authored files and --corpus DIR", hint="Or number a text with --passages TEXT.")
    terms = ontology.read(record.find(args.record).ontology)
    texts = {digest(text): text for text in corpus_texts(args.corpus).values()}
    for path in args.files:
        filled, count = verify.locate(path, document.read(path, terms), texts)
        if count:
            files.replace({path: filled})
        print(f"{path}: {count} passages located", file=sys.stderr)
    return 0


def _number(path: str) -> int:
    try:
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read as UTF-8 text: {error}") from error
    print(f'krsg:sha256 "{digest(text)}" ; krsg:charCount {len(text)}')
    for passage in passages(text):
        place = f"¶{passage.paragraph} s{passage.sentence} [{passage.start},{passage.end})"
        print(f"{place} {output.safe(passage.text)}")
    return 0
