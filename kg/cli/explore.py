"""Write the interactive graph as one HTML file and open it.

The page works offline and can be passed on as it is: picture, list, search and evidence in English and Korean,
all in one file. Without -o it goes to out/kg-explorer.html inside a checkout (git ignores out/), else to
kg-explorer.html in the current folder. The file's path is printed on standard output.

examples:
  kg explore                                  everything, in the reader's language
  kg explore --lang ko -o /tmp/graph.html     begin in Korean, write to a file of your own
  kg explore --around org:dsta --steps 2      only what is within two steps of the agency
  kg explore --no-open                        write it, open nothing
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from kg.cli.output import shown
from kg.errors import EXIT_OK, KGError, UsageError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

FILE = "kg-explorer.html"
MOST_STEPS = 9


def arguments(parser: ArgumentParser) -> None:
    """The options of ``kg explore``."""
    parser.add_argument("-o", "--output", metavar="FILE", help="write the page here")
    parser.add_argument(
        "--lang", choices=("auto", "en", "ko"), default="auto", help="first language (default: the reader's)"
    )
    parser.add_argument("--no-open", action="store_true", help="do not open a browser")
    parser.add_argument("--around", metavar="ENTITY", help="only the neighbourhood of this entity (name, CURIE or IRI)")
    parser.add_argument("--steps", type=int, metavar="N", help="how far --around reaches (default: 2)")
    parser.add_argument("--record", metavar="DIR", help="the folder that holds data/ and ontology/")


def run(args: Namespace) -> int:
    """Write the page and open it where there is a screen."""
    if args.steps is not None and not args.around:
        raise UsageError("--steps needs --around ENTITY")
    if args.steps is not None and not 1 <= args.steps <= MOST_STEPS:
        raise UsageError(f"--steps {args.steps}: from 1 to {MOST_STEPS}")
    from kg import ontology, projection, record, render
    from kg.search import resolve
    from kg.store import Store

    home = record.find(args.record)
    path = args.output or default_path(home.root)
    if os.path.isdir(path):  # said before the work, not after it
        raise KGError(f"could not write {path}: it is a folder", hint=f"Name a file: -o {os.path.join(path, FILE)}")
    _progress("reading the record")
    with Store.open(home) as store:
        graph = projection.project(store, ontology.read(home.ontology))
        if args.around:
            graph = render.around(graph, resolve(store, args.around), args.steps or 2)
    _progress(f"drawing {graph.number_of_nodes()} things and {graph.number_of_edges()} ties")
    render.write(graph, path, lang=args.lang)
    print(shown(os.path.abspath(path)), flush=True)
    if not args.no_open:
        _open(os.path.abspath(path))
    return EXIT_OK


def default_path(root: str) -> str:
    """Where the page goes when nobody says: ``out/`` of the checkout one is in, else the current folder."""
    root, here = os.path.realpath(root), os.path.realpath(os.getcwd())
    is_inside = here == root or here.startswith(root + os.sep)
    is_checkout = os.path.isfile(os.path.join(root, "pyproject.toml"))
    return os.path.join(root, "out", FILE) if is_inside and is_checkout else FILE


def _open(path: str) -> None:
    """Open the page in the reader's browser, if there is a screen to show it on."""
    import webbrowser
    from pathlib import Path

    if not has_screen(dict(os.environ), sys.platform) or not webbrowser.open(Path(path).as_uri()):
        _progress("no screen found; open this file")


def has_screen(environment: dict[str, str], platform: str) -> bool:
    """Whether a browser window could be seen from here: on Linux, a display; elsewhere, no remote shell."""
    if platform.startswith("linux"):
        return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
    return "SSH_CONNECTION" not in environment


def _progress(text: str) -> None:
    print(f"kg: {text}", file=sys.stderr)
