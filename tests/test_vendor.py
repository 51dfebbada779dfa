"""The vendored libraries are the ones that were reviewed, with their licences, and ask for nothing."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

import kg

ROOT = Path(__file__).resolve().parent.parent
VENDOR = Path(kg.__file__).parent / "static" / "vendor"
ENTRIES = json.loads((VENDOR / "VENDORED.json").read_text("utf-8"))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry["name"]))
def test_digest_matches(entry: dict[str, str]) -> None:
    assert hashlib.sha256((VENDOR / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry["name"]))
def test_licence_text_is_passed_on(entry: dict[str, str]) -> None:
    notices = (ROOT / "THIRD_PARTY_NOTICES.md").read_text("utf-8")
    assert f"## {entry['name']} {entry['version']}" in notices
    assert "Permission is hereby granted" in notices


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry["name"]))
def test_library_asks_for_no_source_map_and_evaluates_nothing(entry: dict[str, str]) -> None:
    code = (VENDOR / entry["file"]).read_text("utf-8")
    assert "sourceMappingURL" not in code
    assert not re.search(r"\beval\(|innerHTML|document\.write", code)


def test_every_vendored_file_is_listed() -> None:
    assert {entry["file"] for entry in ENTRIES} == {path.name for path in VENDOR.iterdir()} - {"VENDORED.json"}
