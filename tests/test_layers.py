"""The floor plan: which room may open which, and which outside door each room holds. This test is the plan.

A room may import rooms of lower floors, and neighbours named beside it. Outside libraries each have their doors.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import kg

PACKAGE = Path(kg.__file__).parent

#: Floors from the ground up; ``room: neighbours`` it may open on its own floor.
FLOORS: list[dict[str, set[str]]] = [
    {
        "errors": set(),
        "namespaces": set(),
        "media": {"errors"},
        "dates": set(),
        "passages": set(),
        "record": {"errors"},
        "limits": {"errors"},
        "files": {"errors"},
        "unseen": set(),
    },
    {
        "turtle": set(),
        "ontology": {"turtle"},
        "document": {"ontology", "turtle"},
        "build": {"document", "ontology", "turtle"},
        "shapes": set(),
        "checks": {"build", "document", "ontology", "turtle", "shapes"},
        "verify": {"build", "checks", "document", "ontology"},
    },
    {
        "sparql": set(),
        "answers": set(),
        "endpoint": {"sparql", "store"},
        "store": {"answers", "endpoint", "interop", "sparql"},
        "interop": {"sparql", "store"},
        "search": {"entity", "store"},
        "entity": {"store", "sparql"},
        "questions": {"store", "sparql", "search"},
    },
    {"projection": set(), "layout": set(), "render": {"layout", "projection"}},
    {"cli": set()},
]

#: Outside library → the rooms that may import it.
DOORS = {
    "pyoxigraph": {
        "turtle",
        "ontology",
        "document",
        "build",
        "checks",
        "verify",
        "answers",
        "endpoint",
        "store",
        "interop",
        "search",
        "entity",
        "questions",
        "projection",
    },
    "rdflib": {"interop", "shapes"},
    "oxrdflib": {"interop"},
    "shacl": {"shapes"},
    "pyshacl": {"shapes"},
    "edtf": {"dates"},
    "networkx": {"projection", "layout", "render"},
    "pyvis": {"render"},
    "jinja2": {"render"},
    "markupsafe": {"render"},
}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def files() -> list[Path]:
    return sorted(p for p in PACKAGE.rglob("*.py") if "_record" not in p.parts)


def imports(path: Path) -> set[str]:
    """Dotted names a file imports anywhere, inside functions too; imports for the type checker only are left out."""
    found: set[str] = set()
    for node in _without_type_checking(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def _without_type_checking(tree: ast.AST) -> list[ast.AST]:
    kept: list[ast.AST] = []
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            continue
        kept.append(node)
        waiting.extend(ast.iter_child_nodes(node))
    return kept


def allowed(room: str) -> set[str]:
    for floor, rooms in enumerate(FLOORS):
        if room in rooms:
            below = {name for lower in FLOORS[:floor] for name in lower}
            return below | rooms[room] | {room}
    raise AssertionError(f"kg/{room} is not in the floor plan: give it a floor here and in ARCHITECTURE.md")


@pytest.mark.parametrize("path", files(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_down(path: Path) -> None:
    room = room_of(path)
    if room in ("__init__", "__main__"):
        return
    opened = {name.split(".")[1] for name in imports(path) if name.startswith("kg.")}
    rooms = {name for floor in FLOORS for name in floor}
    assert opened & rooms <= allowed(room)


@pytest.mark.parametrize("library", DOORS)
def test_each_library_has_its_doors(library: str) -> None:
    users = {room_of(path) for path in files() if any(name.split(".")[0] == library for name in imports(path))}
    assert users <= DOORS[library]


def test_every_room_of_the_plan_stands() -> None:
    standing = {room_of(path) for path in files()} - {"__init__", "__main__"}
    assert standing == {name for floor in FLOORS for name in floor}


def test_importing_the_package_opens_nothing() -> None:
    script = "import sys; before = set(sys.modules); import kg; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["kg"]
