"""Files are written whole or not at all, all of them or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import files
from kg.errors import KGError


def test_texts_are_put_in_place_with_their_folders(tmp_path: Path) -> None:
    one, two = tmp_path / "new" / "one.txt", tmp_path / "two.txt"
    files.replace({str(one): "한\r\n", str(two): ""})
    assert files.read(str(one)) == "한\r\n"
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == ["one.txt", "two.txt"]


def test_if_one_cannot_be_written_none_is(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "folder"
    good.write_text("old")
    bad.mkdir()
    with pytest.raises(KGError, match=r"folder.*is a folder"):
        files.replace({str(good): "new", str(bad): "new"})
    assert good.read_text() == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["folder", "good.txt"]


def test_what_is_not_there_reads_as_none(tmp_path: Path) -> None:
    assert files.read(str(tmp_path / "none")) is None
