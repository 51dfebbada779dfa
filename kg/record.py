"""Where the record is: the folder that holds ``data/`` and ``ontology/``.

Found in this order: the folder given, ``$KG_RECORD``, the current folder or the nearest one above it that
holds a record, the checkout this package runs from, the copy inside an installed package.
"""

from __future__ import annotations

import os

from kg.errors import KGError

#: What makes a folder a record.
MARK = os.path.join("ontology", "krsg.ttl")


class Record:
    """Paths of one record. Nothing is opened here.

    :param root: the folder that holds ``data/`` and ``ontology/``
    """

    def __init__(self, root: str) -> None:
        self.root = root
        data = os.path.join(root, "data")
        self.sources = os.path.join(data, "sources")
        self.entities = os.path.join(data, "entities")
        self.triples = os.path.join(data, "triples.ttl")
        self.evidence = os.path.join(data, "evidence.trig")
        self.ontology = os.path.join(root, "ontology")

    def __repr__(self) -> str:
        return f"Record({self.root!r})"

    def relative(self, path: str) -> str:
        """``path`` as a user would name it: relative to the record when inside it."""
        inside = os.path.relpath(path, self.root)
        return path if inside.startswith(os.pardir) else inside


def find(root: str | None = None) -> Record:
    """The record at ``root``, or the default one.

    :raises KGError: if there is no record there
    """
    given = root or os.environ.get("KG_RECORD")
    if given:
        if not is_record(given):
            raise KGError(
                f"{given}: no record here ({MARK} is missing)", hint="Name a folder that holds data/ and ontology/."
            )
        return Record(given)
    for candidate in _candidates():
        if is_record(candidate):
            return Record(candidate)
    raise KGError("no record found", hint="Run this inside a checkout, or name its folder with --record DIR.")


def is_record(root: str) -> bool:
    """Whether ``root`` holds a record."""
    return os.path.isfile(os.path.join(root, MARK))


def _candidates() -> list[str]:
    here = os.getcwd()
    above = [here]
    while (parent := os.path.dirname(above[-1])) != above[-1]:
        above.append(parent)
    package = os.path.dirname(os.path.abspath(__file__))
    return [*above, os.path.dirname(package), os.path.join(package, "_record")]
