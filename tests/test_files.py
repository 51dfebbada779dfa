"""Files are written whole or not at all, all of them or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import files
from kg.errors import KGError, RecordError


def test_texts_are_put_in_place_with_their_folders(tmp_path: Path) -> None:
    one, two = tmp_path / "new" / "one.txt", tmp_path / "two.txt"
    files.replace({str(one): "한\r\n", str(two): ""})
    assert files.text(str(one)) == "한\r\n"
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == ["one.txt", "two.txt"]


def test_if_one_cannot_be_written_none_is(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "folder"
    good.write_text("old")
    bad.mkdir()
    with pytest.raises(KGError, match=r"folder.*is a folder"):
        files.replace({str(good): "new", str(bad): "new"})
    assert good.read_text() == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["folder", "good.txt"]


def test_a_link_is_followed_and_a_mode_kept(tmp_path: Path) -> None:
    private, link = tmp_path / "private.txt", tmp_path / "link.txt"
    private.write_text("old")
    private.chmod(0o600)
    link.symlink_to(private)
    files.replace({str(link): "new"})
    assert link.is_symlink()
    assert (private.read_text(), private.stat().st_mode & 0o777) == ("new", 0o600)


@pytest.mark.parametrize(("data", "reason"), [(b"one\ntw\xff", r":2: not UTF-8"), (None, "cannot be read")])
def test_what_is_no_text_is_named(tmp_path: Path, data: bytes | None, reason: str) -> None:
    path = tmp_path / "some.ttl"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(RecordError, match=reason):
        files.text(str(path))


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "some.ttl"
    path.write_bytes(b"\xef\xbb\xbfa")
    assert files.text(str(path)) == "a"


def test_holds_compares_whole_files(tmp_path: Path) -> None:
    path = tmp_path / "some.txt"
    path.write_text("a")
    assert files.holds(str(path), "a")
    assert not files.holds(str(path), "b")
    assert not files.holds(str(tmp_path), "a")
