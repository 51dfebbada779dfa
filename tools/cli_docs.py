"""Write docs/cli.md from the commands themselves, so that the page cannot drift.

    python -m tools.cli_docs            write it
    python -m tools.cli_docs --check    exit 1 when the committed page is not current

Options are read from the parsers, not from ``--help``, whose layout differs between Python versions.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from inspect import cleandoc

from kg.cli import COMMANDS
from tools.pages import write_or_check

HEAD = """\
# The command line

`kg COMMAND --help` says the same at the prompt. This page is made by `python -m tools.cli_docs`.

Answers go to standard output, everything else to standard error. A table on a terminal, TSV in a pipe, `--format` for
the rest. Entities are named by CURIE (`org:hsa`), IRI, slug or name in either language. Prefixes are implied.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | failed: a file, an endpoint, a missing extra |
| 2 | the call or the query was wrong, or refused |
| 3 | a check failed, or the made files are not current |
| 4 | not found (with the nearest names) |
| 5 | stopped at a limit of time or memory |
| 130 | interrupted; nothing is left half-written |
"""


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join([HEAD, *(_section(name) for name in COMMANDS)])


def _section(name: str) -> str:
    command = import_module(f"kg.cli.{name}")
    parser = argparse.ArgumentParser(prog=f"kg {name}", add_help=False)
    command.arguments(parser)
    summary, _, rest = cleandoc(command.__doc__ or "").partition("\n")
    text, _, examples = rest.strip().partition("examples:\n")
    rows = [_row(action) for action in parser._actions if action.help != argparse.SUPPRESS]
    parts = [f"## kg {name}", "", summary, ""]
    parts += [text.strip(), ""] if text.strip() else []
    parts += ["```", cleandoc("\n" + examples), "```", ""] if examples else []
    parts += ["| argument | meaning |", "|---|---|", *rows, ""] if rows else []
    return "\n".join(parts)


def _row(action: argparse.Action) -> str:
    value = action.metavar or ("|".join(map(str, action.choices)) if action.choices else action.dest.upper())
    names = ", ".join(action.option_strings) or str(value)
    takes = f" {value}" if action.option_strings and action.nargs != 0 else ""
    meaning = (action.help or "") % {"default": action.default} if "%(" in (action.help or "") else action.help or ""
    cells = (f"`{names}{takes}`", meaning)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main() -> int:
    return write_or_check("cli.md", page(), "python -m tools.cli_docs")


if __name__ == "__main__":
    sys.exit(main())
