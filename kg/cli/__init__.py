"""The command line: a thin door that imports a command only when it is called.

Each command is a module of this package with ``arguments(parser)``, ``run(args) -> int`` and its help in the
docstring: first line the summary, the rest (with examples) the epilogue. The table below repeats the
summaries so that ``kg --help`` imports none of them; a test holds the two together.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from typing import Any, TextIO

COMMANDS = {
    "query": "Run a SPARQL query and print the answer.",
    "ask": "Answer one of the named questions.",
    "questions": "List the named questions.",
    "show": "Show an entity: its facts, each with its evidence.",
    "search": "Find entities by name, in English or Korean.",
    "path": "Find how two entities are connected, with the evidence of each step.",
    "explore": "Write the interactive graph as one HTML file and open it.",
    "build": "Make data/triples.ttl and data/evidence.trig from the authored files.",
    "check": "Run the gates: shapes, graph rules, evidence coverage, verbatim guard.",
    "verify": "Recompute every locator and digest against the source texts.",
    "locate": "Fill in the spans and digests of passages from the source texts.",
}


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit code (see :mod:`kg.errors`)."""
    from kg.errors import EXIT_FAILURE, EXIT_INTERRUPTED, KGError

    arguments = sys.argv[1:] if argv is None else argv
    if sys.stderr is None:  # print() would take standard output for it
        sys.stderr = _nowhere()
    for stream in (sys.stdout, sys.stderr):  # names are Korean too, whatever the locale says
        if stream is not None:
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    if sys.stdout is None:  # as Python has it for a closed stream
        return _complain("standard output is closed", EXIT_FAILURE)
    try:
        try:
            return _dispatch(arguments)
        finally:  # also when argparse has printed its help and leaves
            sys.stdout.flush()
    except KGError as error:
        return _complain(str(error), error.exit_code)
    except BrokenPipeError:  # the reader (head, less) has had enough
        _drop(sys.stdout)
        return 0
    except OSError as error:  # a full disk behind standard output, and what no command expected
        _drop(sys.stdout)
        what = f"{error.filename}: " if error.filename is not None else ""
        return _complain(f"{what}{error.strerror or error}", EXIT_FAILURE)
    except KeyboardInterrupt:
        return _complain("interrupted; nothing was left half-written", EXIT_INTERRUPTED)


def _complain(text: str, code: int) -> int:
    """Say on standard error what is wrong, with nothing in it that a terminal would obey; returns the exit code."""
    from kg.cli.output import safe_lines

    try:
        print(f"kg: {safe_lines(text)}", file=sys.stderr, flush=True)
    except OSError:  # nobody can be told
        _drop(sys.stderr)
    return code


def _drop(stream: TextIO) -> None:
    """Let what is still to be written to a stream go nowhere, or the interpreter fails on it as it ends."""
    from os import dup2

    with _nowhere() as nowhere:
        dup2(nowhere.fileno(), stream.fileno())


def _nowhere() -> TextIO:
    from os import devnull

    return open(devnull, "w", encoding="utf-8")


def _dispatch(arguments: list[str]) -> int:
    if _is_plain_query(arguments):  # the commonest calls pay for no option parser (12 ms)
        from kg.cli.query import run_text

        return run_text(arguments[1], *arguments[3:])
    from importlib import import_module

    name = arguments[0] if arguments and arguments[0] in COMMANDS else None
    parser = _parser(name)
    if name is None:
        return _without_command(parser, arguments)
    command: Any = import_module(f"kg.cli.{name}")
    sub = _subparser(parser, name, command.__doc__ or "")
    command.arguments(sub)
    return int(command.run(sub.parse_args(arguments[1:])))


def _is_plain_query(arguments: list[str]) -> bool:
    """``kg query TEXT``, alone or with ``--format F``: a text that is no option, no file and no ``-``."""
    if arguments[:1] != ["query"] or len(arguments) not in (2, 4):
        return False
    return "{" in arguments[1] and arguments[2:3] in ([], ["--format"])


def _parser_class() -> type[ArgumentParser]:
    """The parser of argparse, whose complaints quote what was typed, made safe for a terminal."""
    from argparse import ArgumentParser
    from typing import NoReturn

    from kg.cli.output import safe

    class Parser(ArgumentParser):
        def error(self, message: str) -> NoReturn:
            super().error(safe(message))

    return Parser


def _parser(name: str | None) -> ArgumentParser:
    from argparse import RawDescriptionHelpFormatter

    from kg import __version__

    width = max(map(len, COMMANDS))
    listing = "\n".join(f"  {command:<{width}}  {summary}" for command, summary in COMMANDS.items())
    parser = _parser_class()(
        prog="kg" if name is None else f"kg {name}",
        usage="kg COMMAND [options]" if name is None else None,
        description="The ROK–Singapore knowledge graph: query it, explore it, check it.",
        epilog=f"commands:\n{listing}\n\n'kg COMMAND --help' tells more, with examples.",
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"kg {__version__}")
    return parser


def _subparser(parser: ArgumentParser, name: str, doc: str) -> ArgumentParser:
    from argparse import RawDescriptionHelpFormatter

    summary, _, rest = doc.partition("\n")
    return type(parser)(
        prog=parser.prog, description=summary, epilog=rest.strip(), formatter_class=RawDescriptionHelpFormatter
    )


def _without_command(parser: ArgumentParser, arguments: list[str]) -> int:
    from kg.errors import EXIT_USAGE

    if arguments and not arguments[0].startswith("-"):
        from difflib import get_close_matches

        near = get_close_matches(arguments[0], COMMANDS, n=3)
        meant = f" Did you mean: {', '.join(near)}?" if near else " 'kg --help' lists them."
        return _complain(f"no command {arguments[0]!r}.{meant}", EXIT_USAGE)
    parser.parse_args(arguments)
    parser.print_help()
    return EXIT_USAGE if arguments else 0
