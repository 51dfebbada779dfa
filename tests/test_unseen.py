"""What nobody sees is known in one place: refused by the record, dropped by pages, escaped for terminals."""

from __future__ import annotations

import pytest

from kg.cli.output import safe
from kg.render import clean
from kg.unseen import UNSEEN, first_unseen


@pytest.mark.parametrize("character", sorted(UNSEEN), ids=lambda c: f"U+{ord(c):04X}")
def test_every_door_knows_each_character(character: str) -> None:
    text = f"한국{character}Korea"
    assert first_unseen(text) == character
    assert clean(text) == "한국Korea"
    assert character not in safe(text)


def test_what_writing_needs_stays() -> None:
    text = "한국–싱가포르\tKorea\n\u200d"
    assert first_unseen(text) is None
    assert clean(text) == text
