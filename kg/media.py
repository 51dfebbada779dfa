"""One table of formats: name ↔ media type ↔ file suffixes ↔ the engine's own name for it.

Two kinds: ``RESULTS`` hold rows or a truth value, ``GRAPHS`` hold triples or quads. Adding a format is one row.
"""

from __future__ import annotations

from kg.errors import UsageError


class Format:
    """One row of the table.

    :ivar name: what users write after ``--format``
    :ivar media_type: what HTTP calls it
    :ivar suffixes: file endings with the dot, the usual one first
    :ivar engine: attribute of pyoxigraph's ``RdfFormat`` or ``QueryResultsFormat``
    :ivar dataset: whether it can carry named graphs
    """

    __slots__ = ("dataset", "engine", "media_type", "name", "suffixes")

    def __init__(
        self, name: str, media_type: str, suffixes: tuple[str, ...], engine: str, dataset: bool = False
    ) -> None:
        self.name, self.media_type, self.suffixes, self.engine, self.dataset = (
            name,
            media_type,
            suffixes,
            engine,
            dataset,
        )

    def __repr__(self) -> str:
        return f"Format({self.name!r})"


def _table(*rows: Format) -> dict[str, Format]:
    return {row.name: row for row in rows}


#: Rows and truth values, by name. ``table`` is for people and has no media type of its own.
RESULTS = _table(
    Format("table", "text/plain", (".txt",), ""),
    Format("json", "application/sparql-results+json", (".srj", ".json"), "JSON"),
    Format("csv", "text/csv", (".csv",), "CSV"),
    Format("tsv", "text/tab-separated-values", (".tsv",), "TSV"),
    Format("xml", "application/sparql-results+xml", (".srx", ".xml"), "XML"),
)

#: Triples and quads, by name.
GRAPHS = _table(
    Format("ttl", "text/turtle", (".ttl", ".turtle"), "TURTLE"),
    Format("nt", "application/n-triples", (".nt",), "N_TRIPLES"),
    Format("nq", "application/n-quads", (".nq",), "N_QUADS", dataset=True),
    Format("trig", "application/trig", (".trig",), "TRIG", dataset=True),
    Format("jsonld", "application/ld+json", (".jsonld",), "JSON_LD", dataset=True),
    Format("rdfxml", "application/rdf+xml", (".rdf", ".owl"), "RDF_XML"),
)


def result_format(name: str) -> Format:
    """The format of rows by its name.

    :raises UsageError: if there is none, or if the name is a graph format
    """
    if name in GRAPHS:
        raise UsageError(f"{name} is for graphs; the answer is rows", hint=f"Use one of: {', '.join(RESULTS)}.")
    return _named(name, RESULTS)


def graph_format(name: str) -> Format:
    """The format of triples by its name.

    :raises UsageError: if there is none, or if the name is a format of rows
    """
    if name in RESULTS and name not in GRAPHS:
        raise UsageError(f"{name} is for rows; the answer is a graph", hint=f"Use one of: {', '.join(GRAPHS)}.")
    return _named(name, GRAPHS)


def graph_format_of(path: str) -> Format:
    """The graph format that a file's ending stands for.

    :raises UsageError: if the ending is none of the table's
    """
    lower = path.lower()
    for row in GRAPHS.values():
        if lower.endswith(row.suffixes):
            return row
    endings = ", ".join(row.suffixes[0] for row in GRAPHS.values())
    raise UsageError(f"{path}: no RDF format has this ending", hint=f"Endings read: {endings}.")


def _named(name: str, table: dict[str, Format]) -> Format:
    if name not in table:
        raise UsageError(f"no format {name!r}", hint=f"Use one of: {', '.join(table)}.")
    return table[name]
