"""Make the notebooks that are shipped, ``notebooks/*.ipynb``, from their reviewed sources, ``notebooks/*.py``.

    python -m tools.notebooks            run every source and write its notebook, outputs included
    python -m tools.notebooks --check    exit 3 when a shipped notebook is not what its source gives today

The same record gives the same notebook: cell ids come from the cells' text, and execution counts, times and
version numbers are left out. Pictures are not compared, since they depend on the fonts of a machine.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import jupytext
import matplotlib.font_manager  # noqa: F401  builds its font cache here, where it may say so, and not in a notebook
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"

#: A notebook without a kernel makes JupyterLab ask for one; without a version number every Python will do.
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"},
}
#: What a run must not take from the surroundings: another record, another way of drawing.
_SURROUNDINGS = ("KG_RECORD", "MPLBACKEND", "MATPLOTLIBRC")
_SECONDS = 60


def sources() -> list[Path]:
    """The sources, in the order of their names."""
    return sorted(FOLDER.glob("*.py"))


def read(source: Path) -> NotebookNode:
    """The notebook of a source, not run: cells, ids and kernel, no outputs."""
    notebook: NotebookNode = jupytext.read(source, fmt="py:percent")
    _name_kernel(notebook)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for cell in notebook.cells:
        cell.id = hashlib.sha256(cell.source.encode()).hexdigest()[:12]
        cell.metadata.clear()
    return notebook


def run(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Run a notebook on this interpreter in ``folder``, and fill its outputs in.

    :raises CellExecutionError: if a cell raises an error
    """
    # Without folders to look in, the manager has one kernel: this interpreter's, whatever a user has installed.
    kernels = KernelSpecManager(kernel_dirs=[])
    manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=kernels)
    if os.name == "posix":  # no port is opened, where the system can do without
        manager.transport, manager.connection_file = "ipc", str(folder.parent / "kernel.json")
    client = NotebookClient(notebook, km=manager, timeout=_SECONDS, resources={"metadata": {"path": str(folder)}})
    client.execute(env=_environment(folder), cleanup_kc=True)
    _name_kernel(notebook)  # a run adds the version of Python
    for cell in notebook.cells:
        cell.metadata.clear()  # when each cell ran
        if cell.cell_type == "code":
            cell.execution_count = None
            cell.outputs = [_without_count(output) for output in cell.outputs]
    return notebook


def make(source: Path) -> NotebookNode:
    """The notebook of a source, run in a folder of its own, so that what it writes is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        inner = Path(folder) / "notebooks"
        inner.mkdir()
        return run(read(source), inner)


def write(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook: Korean as it is, one line feed at the end."""
    path.write_text(jupytext.writes(notebook, fmt="ipynb").rstrip("\n") + "\n", encoding="utf-8", newline="\n")


def differences(shipped: NotebookNode, fresh: NotebookNode) -> list[str]:
    """Why a shipped notebook is not a fresh one, a line for each cell; empty when it is.

    :param fresh: a notebook from :func:`read` to compare the cells alone, or from :func:`make` for outputs too
    """
    if [_source(cell) for cell in shipped.cells] != [_source(cell) for cell in fresh.cells]:
        return ["the cells are not those of the source"]
    if shipped.metadata != fresh.metadata:
        return ["the kernel or the language is not named as it should be"]
    if not any(cell.get("outputs") for cell in fresh.cells):
        return []
    return [
        f"cell {number}: the answer is another one today: {cell.source.splitlines()[0]}"
        for number, (old, cell) in enumerate(zip(shipped.cells, fresh.cells, strict=True), 1)
        if _words(old) != _words(cell)
    ]


def main(arguments: list[str] | None = None) -> int:
    """Make or check all notebooks; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.notebooks", description="Make the shipped notebooks.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 3 when one is not current")
    check = parser.parse_args(arguments).check
    return max((_check if check else _make)(source) for source in sources())


def _make(source: Path) -> int:
    try:
        write(make(source), source.with_suffix(".ipynb"))
    except CellExecutionError as error:
        print(f"{source.name}: {error}", file=sys.stderr)
        return 1
    return 0


def _check(source: Path) -> int:
    shipped = source.with_suffix(".ipynb")
    if not shipped.exists():
        reasons = ["is missing"]
    else:
        old = jupytext.read(shipped)
        try:
            reasons = differences(old, read(source)) or differences(old, make(source))
        except CellExecutionError as error:
            reasons = [str(error)]
    for reason in reasons:
        print(f"{shipped.name}: {reason}", file=sys.stderr)
    if reasons:
        print("Make it again: python -m tools.notebooks", file=sys.stderr)
    return 3 if reasons else 0


def _name_kernel(notebook: NotebookNode) -> None:
    notebook.metadata.clear()
    notebook.metadata.update(METADATA)


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _SURROUNDINGS}
    return kept | {"IPYTHONDIR": str(folder.parent / "ipython")}  # nobody's startup files


def _without_count(output: NotebookNode) -> NotebookNode:
    if "execution_count" in output:
        output.execution_count = None
    return output


def _source(cell: NotebookNode) -> tuple[str, str, str]:
    return cell.cell_type, cell.id, cell.source


def _words(cell: NotebookNode) -> list[Any]:
    """What a cell put out, pictures left aside."""
    return [
        output.get("text") or {kind: text for kind, text in output.get("data", {}).items() if kind.startswith("text/")}
        for output in cell.get("outputs", [])
    ]


if __name__ == "__main__":
    raise SystemExit(main())
