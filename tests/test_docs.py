"""Docs that cannot drift: generated pages are current, commands are described once, public names are explained."""

from __future__ import annotations

import ast
import json
import re
import shlex
import shutil
from importlib import import_module
from pathlib import Path

import pytest

import kg
from kg import build, checks
from kg.cli import COMMANDS, main
from kg.record import Record
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


README = (ROOT / "README.md").read_text()


def test_the_query_of_the_readme_gives_the_answer_of_the_readme(capsys: pytest.CaptureFixture[str]) -> None:
    block = re.search(r"^\$ kg query '(.*?)'\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    assert block
    assert main(["query", block[1], "--format", "table"]) == 0
    assert _cells(capsys.readouterr().out) == _cells(block[2])


def _cells(table: str) -> list[list[str]]:
    """The cells of each line, rules and spacing left aside; a last line that only counts rows too."""
    lines = [
        line
        for line in table.strip().splitlines()
        if not set(line) <= {"─", " "} and not re.fullmatch(r"\d+ rows?", line)
    ]
    return [re.split(r"\s{2,}", line.strip()) for line in lines]


def test_the_python_of_the_readme_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    block = re.search(r"^```python\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    assert block
    exec(compile(block[1], "README.md", "exec"), {})
    said = re.findall(r"print\(.*?\)  # (.+)", block[1])
    assert said
    assert capsys.readouterr().out.split() == said


@pytest.mark.parametrize("command", re.findall(r"`kg ((?:show|search|path|ask|questions) [^`…]+|questions)`", README))
def test_the_commands_of_the_readme_work(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(shlex.split(command)) == 0
    assert capsys.readouterr().out.strip()


def test_the_readme_does_not_boast(capsys: pytest.CaptureFixture[str]) -> None:
    """It says "more than", so that one more article changes nothing; but not much more than that."""
    assert main(["check", "--without-shapes", "--format", "json"]) == 0
    figures = json.loads(capsys.readouterr().out)["figures"]
    told = re.search(r"more than ([\d,]+) things and ([\d,]+) facts .* more than ([\d,]+) documents", README)
    assert told
    for name, number in zip(("entities", "facts", "documents"), told.groups(), strict=True):
        assert int(number.replace(",", "")) <= figures[name] <= 1.5 * int(number.replace(",", "")), name


def test_the_example_of_contributing_builds_and_has_all_its_cards(tmp_path: Path) -> None:
    source, cards = re.findall(
        r"^```turtle\n(.*?)^```", (ROOT / "CONTRIBUTING.md").read_text(), re.DOTALL | re.MULTILINE
    )
    for folder in ("data", "ontology"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "data" / "sources" / "2025-05-08-harbour-news-mou.trig").write_text(source + cards)
    record = Record(str(tmp_path))
    made = build.make(record)
    assert "agr:dsta-harbour-institute-mou-2025" in made.triples
    found = checks.run(record, shapes=False).errors
    assert {finding.check for finding in found} <= {"current", "gate evidence-locator"}
