"""The store: a read-only view of the record, of a file, of a database folder, or of a SPARQL endpoint.

>>> with Store.open() as store:                                            # doctest: +SKIP
...     for row in store.query("SELECT ?mou { ?mou krsg:party org:hsa }"):
...         print(row["mou"].value)

Accepted facts are in the default graph, each once; what each passage states is in the named graph of its
evidence node. The engine's union of all graphs is never used: it counts a statement once for each graph.
"""

from __future__ import annotations

import os

from pyoxigraph import DefaultGraph, NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat
from pyoxigraph import Store as Oxigraph

from kg import limits, record, sparql
from kg.errors import KGError, LimitReached, NotFound, QueryError, UsageError
from kg.namespaces import PREFIXES
from kg.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType
    from typing import Any, TypeAlias

    import rdflib
    from pyoxigraph import Quad, QueryTriples

    from kg.answers import Term
    from kg.endpoint import Endpoint

    #: What the engine returns, before it is made an answer.
    Result: TypeAlias = QuerySolutions | QueryBoolean | QueryTriples
    #: Writes an engine's result; returns a note for the reader.
    Render: TypeAlias = Callable[[Result, limits.Sink], str]

_NOT_SPARQL = "not SPARQL: "
_DATABASE_MARK = "CURRENT"  # the file that every RocksDB folder has

#: The longest query that is answered in place, in characters: a longer one could use up the stack of this process.
SHORT = 4096

#: The largest RDF file that is read, in bytes, and the seconds and bytes that a file from elsewhere may take.
MOST_FILE_BYTES = 1 << 29
READING_SECONDS = 60.0
READING_MEMORY = 4 << 30

#: How a declaration in RDF/XML begins that can make a short text stand for gigabytes.
ENTITY = b"<!ENTITY"

_DATABASE_HINT = "Load it into a database: oxigraph load --location DIR --file FILE, and ask that folder."


class Store:
    """A dataset to ask. Opened with :meth:`open`; nothing here can change it.

    :ivar source: what was opened, as a user would name it
    :ivar record: the record it is a part of, or ``None``
    """

    def __init__(self, engine: Local | Endpoint, source: str, home: Record | None = None) -> None:
        self._engine: Local | Endpoint | None = engine
        self.source = source
        self.record = home

    @classmethod
    def open(cls, source: str | os.PathLike[str] | Record | None = None) -> Store:
        """Open the default record, or whatever ``source`` names.

        :param source: a record or its folder; an RDF file (``.ttl .nt .nq .trig .jsonld .rdf``); a folder with an
            Oxigraph database; the ``http(s)`` address of a SPARQL 1.1 endpoint; ``None`` for the default record
        :raises NotFound: if there is no such file
        :raises KGError: if it cannot be read as what it is
        """
        if source is None or isinstance(source, Record):
            return _open_record(source or record.find())
        path = os.fspath(source)
        if "://" in path:
            from kg.endpoint import Endpoint

            endpoint = Endpoint(path)
            return cls(endpoint, endpoint.shown)
        if os.path.isdir(path):
            return _open_folder(path)
        _try_out(path)
        return cls(Local(_load(path), path), path)

    def query(self, text: str, *, timeout: float | None = None, memory: int | None = None) -> Any:
        """Answer a query in any of the four forms. The prefixes of :mod:`kg.namespaces` need no declaration.

        :param timeout: seconds after which it is stopped; needs a child process, so ``None`` (no limit; a minute for
            an endpoint) is faster for small questions asked often, but cannot be interrupted
        :param memory: bytes the query may take; as with ``timeout``
        :returns: :class:`~kg.answers.Solutions` for ``SELECT``, a ``bool`` for ``ASK``,
            :class:`~kg.answers.Triples` for ``CONSTRUCT`` and ``DESCRIBE``
        :raises QueryError: if it is not SPARQL, with line and column
        :raises QueryRefused: if it would leave the dataset
        :raises LimitReached: if a limit stopped it
        """
        if timeout is None and memory is None and len(text) <= SHORT and isinstance(self._open_engine(), Local):
            kind, payload = _pack(self._run(text))
        else:
            parts: list[bytes] = []
            kind = self.stream(text, _write_packed, parts.append, timeout=timeout, memory=memory)
            payload = b"".join(parts)
        return _unpack(kind, payload)

    def stream(
        self,
        text: str,
        render: Render,
        sink: limits.Sink,
        *,
        timeout: float | None = None,
        memory: int | None = None,
    ) -> str:
        """Answer a query in a child process that can be stopped, passing on what it writes as it comes.

        :param render: writes the engine's result, in the child; returns a note. The child can open no file, so
            ``render.needs`` names the modules it imports late
        :param sink: takes the bytes, here
        :returns: the note
        :raises KGError: as :meth:`query`
        """
        engine = self._open_engine()
        if isinstance(engine, Local):
            self._guard(text)
        elif not limits.can_fork():  # in place; the standard library keeps the time, more or less
            return render(engine.result(text, timeout or engine.patience), sink)
        seconds, most = timeout or engine.patience, memory or engine.memory
        job = _Job(engine, text, render)
        if limits.can_fork():
            needs = getattr(render, "needs", ())
            note = limits.run(job, sink, seconds=seconds, memory=most, seal=engine.in_memory, needs=needs)
        else:
            note = limits.run_afresh(job, sink, seconds=seconds, memory=most)
        if note.startswith(_NOT_SPARQL):
            raise sparql.explain(text, note.removeprefix(_NOT_SPARQL), _what_it_says)
        return note

    def quads(
        self,
        subject: str | Term | None = None,
        predicate: str | None = None,
        object: str | Term | None = None,
        graph: str | None = None,
    ) -> Iterator[Quad]:
        """Quads that fit a pattern; ``None`` fits anything, also any graph.

        :param graph: IRI of a named graph, or ``""`` for the default graph alone
        :raises UsageError: on an endpoint, which can only be queried
        """
        engine = self._local("quads")
        if graph != "":
            engine.load_evidence()
        name = None if graph is None else NamedNode(graph) if graph else DefaultGraph()
        return iter(
            engine.store.quads_for_pattern(
                _term(subject),  # type: ignore[arg-type]  # a literal subject just fits nothing
                None if predicate is None else NamedNode(predicate),
                _term(object),
                name,
            )
        )

    def names(self, iri: str) -> dict[str, str]:
        """The preferred names of a thing, by language; empty if it has none."""
        rows = self.query(f"SELECT ?name {{ {NamedNode(iri)} skos:prefLabel ?name }}")
        return {row["name"].language or "": row["name"].value for row in rows}

    def contains_graph(self, iri: str) -> bool:
        """Whether the dataset has a named graph of this IRI."""
        engine = self._open_engine()
        if isinstance(engine, Local):
            return engine.contains_graph(iri)
        return is_iri(iri) and bool(self.query(f"ASK {{ GRAPH {NamedNode(iri)} {{ ?s ?p ?o }} }}"))

    def dump(self, format: str = "nq") -> bytes:
        """Write all graphs as ``nq``, ``trig`` or ``jsonld``, or the default graph as ``ttl``, ``nt`` or ``rdfxml``.

        :raises UsageError: if there is no such graph format, or on an endpoint
        :raises KGError: if the format cannot say it
        """
        from kg.answers import used_prefixes, written
        from kg.media import graph_format

        chosen, engine = graph_format(format), self._local("dump")
        if chosen.dataset:
            engine.load_evidence()
        prefixes = used_prefixes(engine.store.dump(format=RdfFormat.N_QUADS) or b"")
        graph = None if chosen.dataset else DefaultGraph()
        engine_format = getattr(RdfFormat, chosen.engine)
        return written(lambda: engine.store.dump(format=engine_format, from_graph=graph, prefixes=prefixes), format)

    def to_rdflib(self, *, dataset: bool = False, copy: bool = False) -> rdflib.Graph:
        """Give a real :class:`rdflib.Graph` over the same data, see :mod:`kg.interop`.

        :param dataset: a :class:`rdflib.Dataset` with the evidence graphs instead of the default graph alone
        :param copy: a copy in rdflib's own memory, which answers with rdflib's own engine
        :raises UsageError: on an endpoint
        """
        from kg import interop

        engine = self._local("to_rdflib")
        engine.load_evidence()
        make = interop.copied if copy else interop.shared
        return make(engine.store, dataset=dataset)

    def close(self) -> None:
        """Let go of the data; asking again is an error."""
        self._engine = None

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Store({self.source!r})"

    def _run(self, text: str) -> Result:
        engine = self._local("query")
        self._guard(text)
        return engine.execute(text)

    def _guard(self, text: str) -> None:
        engine = self._local("query")
        if engine.wants_evidence(text):
            engine.load_evidence()
        sparql.check(text, engine.contains_graph)

    def _open_engine(self) -> Local | Endpoint:
        if self._engine is None:
            raise KGError(f"{self.source}: this store is closed", hint="Open it again with Store.open().")
        return self._engine

    def _local(self, what: str) -> Local:
        engine = self._open_engine()
        if not isinstance(engine, Local):
            raise UsageError(f"{what}() needs the data here, and {self.source} is an endpoint", hint="Use query().")
        return engine


class Local:
    """The embedded engine over data on this machine.

    :ivar store: the engine's store
    :ivar source: the path that was loaded, to load it again in another process
    :ivar in_memory: whether no file needs to be open any more
    :ivar patience: seconds a query may take when nobody says, ``None`` for any
    :ivar memory: bytes likewise
    :param evidence: a file of named graphs to add when a query first asks for one
    """

    patience: float | None = None
    memory: int | None = None

    def __init__(self, store: Oxigraph, source: str, *, evidence: str = "", in_memory: bool = True) -> None:
        self.store = store
        self.source = source
        self.in_memory = in_memory
        self._evidence = evidence

    def execute(self, text: str) -> Result:
        """Run a query that the guard has let through.

        :raises QueryError: if the engine does not understand it or cannot do it
        """
        try:
            return self.result(text)
        except SyntaxError as error:
            raise sparql.explain(text, str(error.msg), _what_it_says) from None

    def result(self, text: str) -> Result:
        """What the engine answers.

        :raises SyntaxError: if it does not understand the query
        :raises QueryError: if it cannot do it
        """
        try:
            return self.store.query(sparql.with_columns(text, _columns), prefixes=PREFIXES)
        except (RuntimeError, OSError, ValueError) as error:
            raise QueryError(f"the engine cannot answer this: {error}") from error

    def wants_evidence(self, text: str) -> bool:
        """Whether a query could look into a named graph; never wrongly ``False``."""
        upper = text.upper()
        return upper.count("GRAPH") > upper.count("PARAGRAPH") or upper.count("FROM") > sum(
            upper.count(mark + "FROM") for mark in ":?$"
        )

    def load_evidence(self) -> None:
        """Add the named graphs, once. The default graph, and so any other answer, stays the same.

        :raises KGError: if the file is missing or broken
        """
        if self._evidence:
            _load(self._evidence, self.store)
            self._evidence = ""

    def contains_graph(self, iri: str) -> bool:
        """Whether there is such a named graph."""
        self.load_evidence()
        return is_iri(iri) and self.store.contains_named_graph(NamedNode(iri))


class _Job:
    """A query and what to do with its answer; in a process of its own it opens the data again."""

    def __init__(self, engine: Local | Endpoint | None, text: str, render: Render, source: str = "") -> None:
        self.engine, self.text, self.render = engine, text, render
        self.source = engine.source if isinstance(engine, Local) else source

    def __call__(self, write: limits.Sink) -> str:
        engine = self.engine or _reopened(self.source)
        try:
            result = engine.result(self.text)
        except SyntaxError as error:  # explained by the parent: a sealed process can import nothing for it
            return _NOT_SPARQL + str(error.msg)
        return self.render(result, write)

    def __reduce__(self) -> tuple[object, ...]:
        return _Job, (None, self.text, self.render, self.source)


def kind(result: Result) -> str:
    """``rows``, ``truth`` or ``graph``: what sort of answer an engine's result is."""
    if isinstance(result, QuerySolutions):
        return "rows"
    return "truth" if isinstance(result, QueryBoolean) else "graph"


def write_result(result: Result, format: str, write: limits.Sink) -> None:
    """Write an engine's result straight in a format of its kind, as the engine makes it.

    :raises UsageError: if the format does not fit the result
    """
    from kg.media import graph_format, result_format

    if isinstance(result, QuerySolutions | QueryBoolean):
        chosen = getattr(QueryResultsFormat, result_format(format).engine)
        if isinstance(result, QueryBoolean):
            write(result.serialize(format=chosen) or b"")
        else:
            result.serialize(_Writer(write), chosen)  # type: ignore[arg-type]
    else:
        graph_format(format)
        write(_unpack(*_pack(result)).to(format))


class _Writer:
    """A function as the file the engine wants."""

    def __init__(self, write: limits.Sink) -> None:
        self._write = write

    def write(self, chunk: bytes) -> int:
        self._write(chunk)
        return len(chunk)

    def flush(self) -> None:
        """Nothing is held back here."""


def _pack(result: Result) -> tuple[str, bytes]:
    """A result as bytes that any process can read, and which kind it is."""
    try:
        if isinstance(result, QueryBoolean):
            return ("true" if result else "false"), b""
        if isinstance(result, QuerySolutions):
            return "rows", result.serialize(format=QueryResultsFormat.JSON) or b""
        return "triples", result.serialize(format=RdfFormat.N_TRIPLES) or b""
    except (RuntimeError, OSError, ValueError) as error:
        raise QueryError(f"the engine cannot answer this: {error}") from error


def _unpack(kind: str, payload: bytes) -> Any:
    if kind in ("true", "false"):
        return kind == "true"
    from kg.answers import Solutions, Triples

    return Solutions(payload) if kind == "rows" else Triples(payload)


def _write_packed(result: Result, write: limits.Sink) -> str:
    kind, payload = _pack(result)
    write(payload)
    return kind


def answer(result: Result) -> Any:
    """An engine's result as :meth:`Store.query` gives it."""
    return _unpack(*_pack(result))


def is_iri(text: str) -> bool:
    """Whether a text is an absolute IRI."""
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def _term(given: str | Term | None) -> Term | None:
    return NamedNode(given) if isinstance(given, str) else given


def _open_record(home: Record) -> Store:
    return Store(_record_engine(home), home.root, home)


def _record_engine(home: Record) -> Local:
    if not os.path.isfile(home.triples):
        raise KGError(f"{home.relative(home.triples)}: not built yet", hint="Run: kg build")
    return Local(_load(home.triples), home.root, evidence=home.evidence)


def _open_folder(path: str) -> Store:
    if record.is_record(path):
        return _open_record(Record(path))
    return Store(_database(path), path)


def _reopened(path: str) -> Local:
    """The engine for a path that has been opened before, with everything loaded."""
    engine = Store.open(path)._local("query")
    engine.load_evidence()
    return engine


def _database(path: str) -> Local:
    if not os.path.isfile(os.path.join(path, _DATABASE_MARK)):
        raise KGError(
            f"{path}: neither a record nor an Oxigraph database",
            hint="A record holds ontology/ and data/; a database is made by: oxigraph load --location DIR",
        )
    try:
        return Local(Oxigraph.read_only(path), path, in_memory=False)
    except OSError as error:
        raise KGError(f"{path}: the database cannot be opened: {error}") from error


def _load(path: str, into: Oxigraph | None = None) -> Oxigraph:
    """Read an RDF file; triples go to the default graph.

    :raises NotFound: if there is no such file
    :raises KGError: naming file and line, if it cannot be read
    """
    from kg.media import graph_format_of

    format_ = getattr(RdfFormat, graph_format_of(path).engine)
    store = Oxigraph() if into is None else into
    try:
        store.load(path=path, format=format_)
    except SyntaxError as error:
        raise KGError(f"{path}:{error.lineno or 1}: not valid {format_.name}: {error.msg}") from None
    except FileNotFoundError:
        raise NotFound(f"{path}: no such file") from None
    except OSError as error:
        raise KGError(f"{path}: cannot be read: {error.strerror or error}") from error
    except MemoryError:
        raise KGError(f"{path}: a part of it is larger than the parser takes, or the memory is used up") from None
    return store


def _try_out(path: str) -> None:
    """Read a file from elsewhere in a process of its own first: some can make a parser work, take or nest without end.

    :raises LimitReached: if it is too large, or takes too long or too much
    :raises KGError: as :func:`_load`, or if the process died of it
    """
    if not os.path.isfile(path):
        return
    _check_file(path)

    def read(write: limits.Sink) -> str:
        _load(path)
        return ""

    try:
        if limits.can_fork():
            limits.run(read, str, seconds=READING_SECONDS, memory=READING_MEMORY, seal=False)
    except limits.Died as error:
        raise KGError(f"{path}: cannot be read: {error.why}") from None
    except LimitReached:
        most = f"{READING_SECONDS:g} s or {READING_MEMORY >> 20} MiB"
        raise LimitReached(f"{path}: reading it takes more than {most}", hint=_DATABASE_HINT) from None


def _check_file(path: str) -> None:
    """Refuse what need not be parsed to be refused."""
    from kg.media import graph_format_of

    if os.path.getsize(path) > MOST_FILE_BYTES:
        raise LimitReached(f"{path}: larger than {MOST_FILE_BYTES >> 20} MiB", hint=_DATABASE_HINT)
    if graph_format_of(path).engine == "RDF_XML" and _holds(path, ENTITY):
        raise KGError(
            f"{path}: RDF/XML that declares entities is not read; a few of them can stand for any amount of text",
            hint="Write it again without <!ENTITY …>, or as Turtle.",
        )


def _holds(path: str, wanted: bytes) -> bool:
    from mmap import ACCESS_READ, mmap

    try:
        with open(path, "rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
            return data.find(wanted) >= 0
    except (OSError, ValueError):  # loading it will say why; an empty file cannot be mapped
        return False


def _columns(text: str) -> list[str]:
    """The columns a query has, asked of an empty store, which answers at once."""
    result = Oxigraph().query(text, prefixes=PREFIXES)
    return [variable.value for variable in result.variables] if isinstance(result, QuerySolutions) else []


def _what_it_says(text: str) -> str:
    """What the engine says about a wrong text, asked of an empty store."""
    try:
        Oxigraph().query(text, prefixes=PREFIXES)
    except SyntaxError as error:
        return str(error.msg)
    return ""
