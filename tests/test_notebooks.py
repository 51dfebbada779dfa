"""Notebooks are made from reviewed sources, run without a word of complaint, and show what the record says today."""

from __future__ import annotations

import ast
import json
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jupytext
import pytest

from tools import notebooks

SOURCES = notebooks.sources()
MEGABYTE = 1_000_000

each = pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def made() -> dict[Path, Any]:
    """Every notebook, run now on this interpreter. A cell that raises an error fails all tests that use it."""
    return {source: notebooks.make(source) for source in SOURCES}


def shipped(source: Path) -> Any:
    return jupytext.read(source.with_suffix(".ipynb"))


def outputs(notebook: Any) -> Iterator[Any]:
    for cell in notebook.cells:
        yield from cell.get("outputs", [])


def test_every_notebook_has_a_source() -> None:
    assert SOURCES
    assert sorted(notebooks.FOLDER.glob("*.ipynb")) == [source.with_suffix(".ipynb") for source in SOURCES]


@each
def test_the_cells_are_those_of_the_source_and_the_kernel_is_named(source: Path) -> None:
    assert notebooks.differences(shipped(source), notebooks.read(source)) == []
    assert shipped(source).metadata.kernelspec.name == "python3"


@each
def test_it_shows_what_the_record_says_today(source: Path, made: dict[Path, Any]) -> None:
    found = notebooks.differences(shipped(source), made[source])
    assert found == [], "make it again: python -m tools.notebooks"


@each
def test_it_runs_without_a_warning(source: Path, made: dict[Path, Any]) -> None:
    assert [output.text for output in outputs(made[source]) if output.get("name") == "stderr"] == []


@each
def test_it_shows_tables_and_a_picture_that_survive_a_viewer_that_runs_nothing(
    source: Path, made: dict[Path, Any]
) -> None:
    for notebook in (shipped(source), made[source]):
        kinds = {kind for output in outputs(notebook) for kind in output.get("data", {})}
        assert kinds <= {"text/plain", "text/html", "image/png"}
        assert {"text/html", "image/png"} <= kinds
        pages = [output.data["text/html"] for output in outputs(notebook) if "text/html" in output.get("data", {})]
        assert [page for page in pages if re.search(r"<(script|iframe|svg)|\son\w+=|https?://", page)] == []


@each
def test_it_is_small_and_carries_nothing_of_the_machine(source: Path, made: dict[Path, Any]) -> None:
    for notebook in (shipped(source), made[source]):
        said = json.dumps([_without_pictures(output) for output in outputs(notebook)], ensure_ascii=False)
        assert len(json.dumps([*outputs(notebook)])) < MEGABYTE
        folders = {str(notebooks.FOLDER.parent), str(Path.home()), tempfile.gettempdir(), sys.prefix}
        assert [folder for folder in folders if folder in said] == []
        assert re.findall(r"(?:/home/|/Users/|/usr/|/var/|site-packages|[A-Z]:\\\\)[^\"]{0,40}", said) == []
        assert all(cell.get("execution_count") is None and not cell.metadata for cell in notebook.cells)
        assert all(output.get("execution_count") is None for output in outputs(notebook))


@each
def test_it_uses_public_names_only(source: Path) -> None:
    assert hidden(ast.parse(source.read_text(encoding="utf-8"))) == []


def test_hidden_names_are_seen() -> None:
    code = "import kg._a\nfrom kg.store import _load\nstore._engine\nfrom kg import projection\nx.__class__"
    assert hidden(ast.parse(code)) == ["_a", "_load", "_engine"]


def hidden(tree: ast.AST) -> list[str]:
    """Names with one underscore in front that a module imports, or reaches into something for."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            found.append(node.attr)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found += [part for alias in node.names for part in alias.name.split(".")]
            found += (node.module or "").split(".") if isinstance(node, ast.ImportFrom) else []
    return [name for name in found if name.startswith("_") and not name.startswith("__")]


@each
def test_a_changed_source_or_answer_is_noticed(source: Path, made: dict[Path, Any]) -> None:
    text = source.read_text(encoding="utf-8")
    edited = jupytext.reads(text.replace("# %%\n", "# %%\n# edited\n", 1), fmt="py:percent")
    assert notebooks.differences(edited, notebooks.read(source)) == ["the cells are not those of the source"]
    old = shipped(source)
    table = next(output for output in outputs(old) if "text/html" in output.get("data", {}))
    table.data["text/html"] += "<p>another answer</p>"
    assert len(notebooks.differences(old, made[source])) == 1
    nameless = shipped(source)
    del nameless.metadata["kernelspec"]
    assert len(notebooks.differences(nameless, notebooks.read(source))) == 1


def test_a_broken_notebook_fails_and_leaves_the_shipped_one_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.py").write_text("# %%\n1 / 0\n", encoding="utf-8")
    (tmp_path / "broken.ipynb").write_text("whole", encoding="utf-8")
    monkeypatch.setattr(notebooks, "FOLDER", tmp_path)
    assert notebooks.main([]) == 1
    assert "ZeroDivisionError" in capsys.readouterr().err
    assert (tmp_path / "broken.ipynb").read_text(encoding="utf-8") == "whole"


def test_check_says_what_is_missing_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "new.py").write_text("# %%\n1\n", encoding="utf-8")
    monkeypatch.setattr(notebooks, "FOLDER", tmp_path)
    assert notebooks.main(["--check"]) == 3
    assert "new.ipynb: is missing" in capsys.readouterr().err
    assert not (tmp_path / "new.ipynb").exists()


def _without_pictures(output: Any) -> dict[str, Any]:
    data = {kind: text for kind, text in output.get("data", {}).items() if not kind.startswith("image/")}
    return {**output, "data": data}
