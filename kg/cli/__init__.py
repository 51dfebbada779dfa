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
    from typing import Any

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
    from kg.errors import EXIT_INTERRUPTED, KGError

    arguments = sys.argv[1:] if argv is None else argv
    for stream in (sys.stdout, sys.stderr):  # names are Korean too, whatever the locale says
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        code = _dispatch(arguments)
        sys.stdout.flush()
        return code
    except KGError as error:
        print(f"kg: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:  # the reader (head, less) has had enough
        import os

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("kg: interrupted; nothing was left half-written", file=sys.stderr)
        return EXIT_INTERRUPTED


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


def _parser(name: str | None) -> ArgumentParser:
    from argparse import ArgumentParser, RawDescriptionHelpFormatter

    from kg import __version__

    width = max(map(len, COMMANDS))
    listing = "\n".join(f"  {command:<{width}}  {summary}" for command, summary in COMMANDS.items())
    parser = ArgumentParser(
        prog="kg" if name is None else f"kg {name}",
        usage="kg COMMAND [options]" if name is None else None,
        description="The ROK–Singapore knowledge graph: query it, explore it, check it.",
        epilog=f"commands:\n{listing}\n\n'kg COMMAND --help' tells more, with examples.",
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"kg {__version__}")
    return parser


def _subparser(parser: ArgumentParser, name: str, doc: str) -> ArgumentParser:
    from argparse import ArgumentParser, RawDescriptionHelpFormatter

    summary, _, rest = doc.partition("\n")
    return ArgumentParser(
        prog=parser.prog, description=summary, epilog=rest.strip(), formatter_class=RawDescriptionHelpFormatter
    )


def _without_command(parser: ArgumentParser, arguments: list[str]) -> int:
    from kg.errors import EXIT_USAGE

    if arguments and not arguments[0].startswith("-"):
        from difflib import get_close_matches

        near = get_close_matches(arguments[0], COMMANDS, n=3)
        meant = f" Did you mean: {', '.join(near)}?" if near else " 'kg --help' lists them."
        print(f"kg: no command {arguments[0]!r}.{meant}", file=sys.stderr)
        return EXIT_USAGE
    parser.parse_args(arguments)
    parser.print_help()
    return EXIT_USAGE if arguments else 0
