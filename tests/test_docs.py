"""Docs that cannot drift: generated pages are current, commands are described once, public names are explained."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

import kg
from kg.cli import COMMANDS, main
from tools import cli_docs

ROOT = Path(kg.__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "ontology").glob("*.md")])


def test_the_page_of_commands_is_current() -> None:
    assert (ROOT / "docs" / "cli.md").read_text() == cli_docs.page()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_the_same_in_the_list_and_in_its_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([name, "--help"])
    assert stop.value.code == 0
    told = capsys.readouterr().out
    module = import_module(f"kg.cli.{name}")
    assert (module.__doc__ or "").splitlines()[0] == COMMANDS[name]
    assert "examples:" in told
    assert f"kg {name}" in told


def test_a_mistyped_command_gets_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["qurey"]) == 2
    assert "query" in capsys.readouterr().err


def test_no_command_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    told = capsys.readouterr().out
    assert [name for name in COMMANDS if f"  {name} " not in told] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text())
    targets += re.findall(r'(?:src|srcset)="(?!https?:)([^"]+)"', page.read_text())
    assert [target for target in targets if not (page.parent / target).exists()] == []


def public_definitions() -> list[tuple[str, ast.AST]]:
    found: list[tuple[str, ast.AST]] = []
    for path in sorted((ROOT / "kg").rglob("*.py")):
        if "_record" in path.parts:
            continue
        module = path.relative_to(ROOT).as_posix()
        tree = ast.parse(path.read_text())
        found.append((module, tree))
        found += [(f"{module}:{name}", node) for name, node in _public(tree)]
    return found


def _public(node: ast.AST, prefix: str = "") -> list[tuple[str, ast.AST]]:
    found: list[tuple[str, ast.AST]] = []
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.ClassDef) and not child.name.startswith("_"):
            found.append((prefix + child.name, child))
            if isinstance(child, ast.ClassDef):
                found += _public(child, f"{child.name}.")
    return found


def test_every_public_name_is_explained() -> None:
    """Commands follow one protocol (``arguments``, ``run``), explained in kg/cli/__init__.py."""
    silent = [
        name
        for name, node in public_definitions()
        if not ast.get_docstring(node)  # type: ignore[arg-type]
        and not (name.startswith("kg/cli/") and name.rpartition(":")[2] in ("arguments", "run"))
    ]
    assert silent == []
