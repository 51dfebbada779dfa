"""Run a SPARQL query and print the answer.

All four forms: SELECT, ASK, CONSTRUCT, DESCRIBE. The record's prefixes (krsg: org: agr: event: …) are known
without declaring them. Accepted facts are in the default graph; GRAPH ?ev { … } asks what each passage states.
Without --format: a table on a terminal, TSV into a pipe, Turtle for graphs.

examples:
  kg query 'SELECT ?mou { ?mou a krsg:MemorandumOfUnderstanding ; krsg:party co:kor , co:sgp }'
  kg query question.rq --format csv > answer.csv
  echo 'DESCRIBE org:hsa' | kg query -
  kg query 'SELECT ?ev { GRAPH ?ev { ?agreement krsg:party org:hsa } }' --format json
  kg query --data https://query.example.org/sparql 'SELECT * { ?s ?p ?o } LIMIT 5'
"""

from __future__ import annotations

import sys

from kg.sparql import UPDATES, form
from kg.store import Store, kind, write_result

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from typing import Any

    from pyoxigraph import QuerySolutions

    from kg import limits
    from kg.answers import Solutions
    from kg.store import Result

#: Seconds a query may take unless told otherwise.
TIMEOUT = 30.0

#: MiB a query may take beyond the data itself unless told otherwise.
MEMORY = 4096

_SMALL = 1024  # an answer longer than this is not empty
_EMPTY_ENDS = (
    b'"bindings":[]}}',
    b'"boolean":false}',
    b"<results></results></sparql>",
    b"<boolean>false</boolean></sparql>",
    b"0 rows",
    b"false",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("query", metavar="TEXT|FILE|-", help="the query, a file with it, or - for standard input")
    add_options(parser)


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that ``kg query`` and ``kg ask`` share."""
    from kg.media import GRAPHS, RESULTS

    add_source(parser)
    parser.add_argument(
        "--format", choices=[*RESULTS, *GRAPHS], metavar="FORMAT", help=f"{', '.join([*RESULTS, *GRAPHS])}"
    )
    parser.add_argument("--limit", type=count, metavar="N", help="print at most N rows")
    parser.add_argument(
        "--timeout", type=amount, default=TIMEOUT, metavar="S", help="seconds, 0 for no limit (default: %(default)g)"
    )
    parser.add_argument(
        "--memory",
        type=amount,
        default=MEMORY,
        metavar="MIB",
        help="MiB for the query, 0 for no limit (default: %(default)s)",
    )


def add_source(parser: argparse.ArgumentParser) -> None:
    """The options that say which data to ask."""
    parser.add_argument("--record", metavar="DIR", help="the folder that holds data/ and ontology/")
    parser.add_argument(
        "--data", metavar="SOURCE", help="instead: an RDF file, a database folder, or an endpoint's address"
    )


def open_store(args: argparse.Namespace) -> Store:
    """The store that ``--data`` or ``--record`` names, or the default record."""
    from kg import record

    return Store.open(args.data if args.data is not None else record.find(args.record))


def run(args: argparse.Namespace) -> int:
    text = read_query(args.query)
    with open_store(args) as store:
        return answer_with(args, store, text, when_empty=lambda: warn_of_unknown(store, text))


def run_text(text: str, format: str | None = None) -> int:
    """``kg query TEXT [--format F]``, for which no option parser is loaded."""
    with Store.open() as store:
        return answer(store, text, format, when_empty=lambda: warn_of_unknown(store, text))


def answer_with(args: argparse.Namespace, store: Store, text: str, **more: Any) -> int:
    """:func:`answer` with the options that :func:`add_options` reads."""
    limits_ = {"limit": args.limit, "timeout": args.timeout, "memory": args.memory}
    return answer(store, text, args.format, **limits_, **more)


def answer(
    store: Store,
    text: str,
    format: str | None = None,
    *,
    limit: int | None = None,
    timeout: float = TIMEOUT,
    memory: float = MEMORY,
    language: str | None = None,
    when_empty: Callable[[], None] | None = None,
) -> int:
    """Ask, print, and return the exit code.

    :param timeout: seconds, 0 for no limit
    :param memory: MiB, 0 for no limit
    :param language: leave the other language's columns out of a table
    :param when_empty: what to do after an answer of no rows, no triples, or ``false``
    """
    render = _Printer(text, format, sys.stdout.isatty(), limit, language)
    head = bytearray()  # of what is printed: enough to see an empty answer

    def sink(chunk: bytes) -> None:
        if len(head) < _SMALL:
            head.extend(chunk)
        sys.stdout.buffer.write(chunk)

    note = store.stream(text, render, sink, timeout=timeout or None, memory=int(memory * 2**20) if memory else None)
    sys.stdout.flush()
    if note:
        print(note, file=sys.stderr)
    if when_empty and says_nothing(bytes(head)):
        when_empty()
    return 0


def says_nothing(printed: bytes) -> bool:
    """Whether an answer, as printed in any format, has no rows and no triples, or is ``false``."""
    text = printed.rstrip()
    if len(printed) >= _SMALL or text == b"true":
        return False
    is_header = b"\n" not in text and text[:1] not in (b"{", b"<", b"@", b"[")
    return is_header or text.endswith(_EMPTY_ENDS)


def warn_of_unknown(store: Store, text: str) -> None:
    """Say which terms of a query nobody knows, once it has answered nothing."""
    from kg import search
    from kg.cli import output

    for term, near in search.unknown_terms(store, text):
        meant = f" Did you mean: {', '.join(near)}?" if near else ""
        print(output.safe(f"note: nothing is called {term} here.{meant}"), file=sys.stderr)


def read_query(given: str) -> str:
    """The text of a query given as such, as a file, or as ``-``.

    :raises NotFound: if it looks like a file and there is none
    :raises UsageError: if the file is not UTF-8 text
    """
    from kg.errors import KGError, NotFound, UsageError

    if given == "-":
        return _decoded(_standard_input(), "standard input")
    if "{" in given or given.lstrip()[:8].upper() == "DESCRIBE":
        return given
    try:
        with open(given, "rb") as file:
            return _decoded(file.read(), given)
    except (FileNotFoundError, ValueError):
        if _is_prose(given) and form(given) in UPDATES:
            return given  # to be refused as what it is
        if not given.strip() or _is_prose(given):
            raise UsageError(
                "this is neither a query nor a file", hint="Try: kg query 'SELECT ?s { ?s a krsg:Country }'"
            ) from None
        raise NotFound(f"{given}: no such file") from None
    except OSError as error:
        raise KGError(f"{given}: cannot be read: {error.strerror}") from error


def _is_prose(given: str) -> bool:
    return any(mark in given.strip() for mark in " \t\n<")


def _standard_input() -> bytes:
    from kg.errors import UsageError

    if sys.stdin is None:  # as Python has it for a closed stream
        raise UsageError("standard input is closed")
    return sys.stdin.buffer.read()


class _Printer:
    """Writes a result in the format asked for; works in the query's own process.

    :param text: the query, to know what to import
    :param format: a name from :mod:`kg.media`, or ``None`` for what suits the result
    :param terminal: whether people read it
    :param limit: how many rows at most
    :param language: whose columns to show in a table where there are two; ``None`` for both
    """

    def __init__(
        self, text: str, format: str | None, terminal: bool, limit: int | None, language: str | None = None
    ) -> None:
        upper = text.upper()
        self.format, self.terminal, self.limit, self.language = format, terminal, limit, language
        self.needs: tuple[str, ...] = ("kg.media",)
        if limit is not None or terminal or format == "table" or "CONSTRUCT" in upper or "DESCRIBE" in upper:
            self.needs = ("kg.media", "kg.answers", "kg.cli.output", "json", "unicodedata", "itertools", "codecs")

    def __call__(self, result: Result, write: limits.Sink) -> str:
        sort = kind(result)
        format = self._format(sort)
        if format == "table":  # made safe cell by cell
            return self._table(result, sort, write)
        if self.terminal:
            from kg.cli.output import safely

            write = safely(write)
        note = self._plain(result, format, write)
        if self.terminal and format != "ttl":
            write(b"\n")
        return note

    def _format(self, sort: str) -> str:
        """The format asked for, or what suits the result and the reader."""
        if self.format == "json" and sort == "graph":
            return "jsonld"
        return self.format or {"rows": "table" if self.terminal else "tsv", "truth": "table", "graph": "ttl"}[sort]

    def _plain(self, result: Result, format: str, write: limits.Sink) -> str:
        if self.limit is None or kind(result) != "rows":
            write_result(result, format, write)
            return ""
        solutions, note = _first(result, self.limit)  # type: ignore[arg-type]
        write(solutions.to(format))
        return note

    def _table(self, result: Result, sort: str, write: limits.Sink) -> str:
        if sort == "truth":
            write(b"true\n" if result else b"false\n")
            return ""
        if sort == "graph":
            write(_table_of_triples(result))
            return ""
        solutions, note = _first(result, self.limit)  # type: ignore[arg-type]
        write(_table_of_rows(solutions, self.language))
        return note


def _first(result: QuerySolutions, limit: int | None) -> tuple[Solutions, str]:
    """The first rows, and a note if there were more; the engine is not asked for the rest."""
    from itertools import islice

    from kg.answers import Solutions

    names = [variable.value for variable in result.variables]
    rows = list(islice(result, None if limit is None else limit + 1))
    more = limit is not None and len(rows) > limit
    first = "row" if limit == 1 else f"{limit} rows"
    return Solutions.of(names, rows[:limit]), f"only the first {first}; there are more" if more else ""


def _table_of_rows(solutions: Solutions, language: str | None) -> bytes:
    from kg.answers import show
    from kg.cli.output import table

    names = _columns(solutions.variables, language)
    rows = [[show(row[name]) if name in row else "" for name in names] for row in solutions.rows]
    total = f"{len(rows)} row{'' if len(rows) == 1 else 's'}\n"
    return (table(names, rows) if names else "").encode() + total.encode()


def _columns(names: list[str], language: str | None) -> list[str]:
    """The columns without those whose twin is in the language asked for: ``nameEn`` beside ``nameKo``."""
    own, other = {"en": ("En", "Ko"), "ko": ("Ko", "En")}.get(language or "", ("", ""))
    return [n for n in names if not (other and n.endswith(other) and n.removesuffix(other) + own in names)]


def _table_of_triples(result: Result) -> bytes:
    from kg.answers import show
    from kg.cli.output import table
    from kg.store import answer as answered

    rows = [[show(term) for term in triple] for triple in answered(result)]
    return table(["subject", "predicate", "object"], rows).encode()


def _decoded(raw: bytes, where: str) -> str:
    from kg.errors import UsageError

    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{where}: not UTF-8 text (byte {error.start})", hint="Save it as UTF-8.") from None


def amount(text: str) -> float:
    """A number that is not negative, for argparse."""
    value = float(text)
    if not 0 <= value < float("inf"):
        raise ValueError
    return value


def count(text: str) -> int:
    """A whole number that is not negative, for argparse."""
    if (value := int(text)) < 0:
        raise ValueError
    return value
