"""The door to rdflib: a real ``rdflib.Graph`` over the same Oxigraph data, or a copy of it.

:func:`shared` answers with Oxigraph through oxrdflib and costs nothing to make; it is read-only. :func:`copied`
holds rdflib's own terms in rdflib's own memory and answers with rdflib's own engine; it is the caller's, to add to
and remove from. Neither lets a query leave the data: ``SERVICE`` is refused, and importing this module sets
``rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS`` to false, so that ``FROM <file:…>`` reads nothing. ``FROM`` of a graph
that is there is refused too: rdflib hands no dataset clause on as it is meant (``GRAPH ?g { … }`` does the same, and
:meth:`kg.store.Store.query` takes both). The setting also keeps ``LOAD`` from reading where rdflib's ``processUpdate``
is called by hand on a copy; whoever sets it again, or calls ``parse()``, reads what is named.

rdflib writes numbers and dates its own way (``01.50`` → ``1.50``, ``007`` → ``7``) unless
``rdflib.NORMALIZE_LITERALS`` is false. That setting is the process's and is left alone here; what must stay as the
source gives it is an ``xsd:string`` in the record.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

import pyoxigraph
import rdflib
from oxrdflib import OxigraphStore
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.plugins import sparql as rdflib_sparql
from rdflib.plugins.stores.memory import Memory

from kg import limits, sparql
from kg.errors import KGError, QueryRefused
from kg.namespaces import PREFIXES
from kg.store import SHORT

if TYPE_CHECKING:
    from rdflib.plugins.sparql.sparql import QueryContext
    from rdflib.query import Result

rdflib_sparql.SPARQL_LOAD_GRAPHS = False

_READ_ONLY = "this graph is a read-only view of the record"
_COPY_HINT = "For one to change: store.to_rdflib(copy=True)."


def shared(store: pyoxigraph.Store, *, dataset: bool = False) -> rdflib.Graph:
    """A read-only graph over an engine's store, without copying.

    :param dataset: a :class:`rdflib.Dataset` with the named graphs, its default graph apart from them
    """
    return _graph(_ReadOnly(store), dataset)


def copied(store: pyoxigraph.Store, *, dataset: bool = False) -> rdflib.Graph:
    """A graph in rdflib's own memory with the same statements.

    :param dataset: a :class:`rdflib.Dataset` with the named graphs, its default graph apart from them
    """
    copy = _graph(_OwnMemory(), dataset)
    if isinstance(copy, rdflib.Dataset):
        copy.parse(data=store.dump(format=pyoxigraph.RdfFormat.N_QUADS), format="nquads")
    else:
        default = pyoxigraph.DefaultGraph()
        copy.parse(data=store.dump(format=pyoxigraph.RdfFormat.N_TRIPLES, from_graph=default), format="nt")
    return copy


class _View:
    """What reading needs of an engine's store, and nothing that changes it; queries pass the guard here.

    oxrdflib, its parsers and its serializers all reach the engine through this one object.
    """

    def __init__(self, engine: pyoxigraph.Store) -> None:
        self.quads_for_pattern = engine.quads_for_pattern
        self.named_graphs = engine.named_graphs
        self.dump = engine.dump
        self._ask = engine.query

    def query(self, query: str, **kwargs: Any) -> Any:
        """As :meth:`pyoxigraph.Store.query`, within the data.

        :raises QueryRefused: if the query would leave it
        """
        sparql.check(query, _no_from)
        if len(query) > SHORT and limits.can_fork():
            _try_out(query, kwargs.get("prefixes"))
        return self._ask(query, **kwargs)

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise KGError(_READ_ONLY, hint=_COPY_HINT)

    add = extend = remove = load = bulk_load = bulk_extend = update = clear = _refuse
    add_graph = clear_graph = remove_graph = optimize = backup = flush = _refuse


class _Asked:
    """What a graph of ours adds to rdflib's: the guard also where a caller asks rdflib's engine, past the store."""

    def query(self, query_object: Any, *args: Any, **kwargs: Any) -> Result:
        """As :meth:`rdflib.Graph.query`, within the data.

        :raises QueryRefused: if the query would leave it
        """
        _guard(query_object)
        result: Result = super().query(query_object, *args, **kwargs)  # type: ignore[misc]
        return result

    def update(self, update_object: Any, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: ``LOAD`` would fetch, and rdflib's updates of a dataset can empty it.

        :raises QueryRefused: always
        """
        raise QueryRefused("SPARQL updates are refused here", hint="A copy can be changed by add() and remove().")


class _Graph(_Asked, rdflib.Graph):
    """One graph of ours."""


class _Dataset(_Asked, rdflib.Dataset):
    """A dataset of ours."""


class _Guarded:
    """Our stores: rdflib asks the store first, from whichever graph over it, and so each query passes here.

    Also a mark: ``SERVICE`` is refused where rdflib evaluates a query itself.
    """

    def update(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused, as on the graph."""
        raise QueryRefused("SPARQL updates are refused here", hint="A copy can be changed by add() and remove().")


class _OwnMemory(_Guarded, Memory):
    """rdflib's own store."""

    def query(self, query: Any, *args: Any, **kwargs: Any) -> Result:
        """Guard the query, then leave it to rdflib's engine."""
        _guard(query)
        raise NotImplementedError


class _ReadOnly(_Guarded, OxigraphStore):
    """oxrdflib's store without its writing half."""

    def __init__(self, engine: pyoxigraph.Store) -> None:
        super().__init__(store=_View(engine))  # type: ignore[arg-type]  # all that oxrdflib asks of one

    def query(
        self,
        query: Any,
        initNs: Mapping[str, Any],  # noqa: N803 - rdflib's names
        initBindings: Mapping[str, Any],  # noqa: N803
        queryGraph: str,  # noqa: N803
        **kwargs: Any,
    ) -> Result:
        """Asked by rdflib for every query text; the union of all graphs, which would count twice, is not offered."""
        _guard(query)
        if queryGraph == "__UNION__":
            raise KGError("the union of all graphs counts statements twice", hint="Use GRAPH ?g { … }.")
        result: Result = super().query(_text(query), initNs, initBindings, queryGraph, **kwargs)
        return result

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise KGError(_READ_ONLY, hint=_COPY_HINT)

    add = addN = remove = add_graph = remove_graph = destroy = open = _refuse  # noqa: N815 - rdflib's names


def _try_out(text: str, prefixes: dict[str, str] | None) -> None:
    """Read a long query in a process of its own first: one that is nested too deep takes its process with it.

    :raises KGError: if it did
    """

    def read(write: limits.Sink) -> str:
        with suppress(SyntaxError, ValueError, OSError, RuntimeError):  # the engine will say so itself
            bool(pyoxigraph.Store().query(text, prefixes=prefixes))
        return ""

    limits.run(read, str)


def _guard(query: Any) -> None:
    """Refuse a query, as a text or prepared, that would leave the data or that rdflib would answer wrongly."""
    if isinstance(query, str | bytes):
        sparql.check(_text(query), _no_from)
    elif getattr(getattr(query, "algebra", None), "datasetClause", None):
        _no_from("")


def _text(query: Any) -> Any:
    return query.decode() if isinstance(query, bytes) else query


def _no_from(iri: str) -> NoReturn:
    raise QueryRefused(
        "FROM: rdflib would answer from other graphs than those", hint="Use GRAPH <…> { … }, or Store.query()."
    )


def _graph(store: Any, dataset: bool) -> rdflib.Graph:
    graph: rdflib.Graph = _Dataset(store=store) if dataset else _Graph(store=store, identifier=DATASET_DEFAULT_GRAPH_ID)
    for prefix, iri in PREFIXES.items():
        graph.bind(prefix, iri, override=True, replace=True)
    return graph


def _no_service(context: QueryContext, part: Any) -> NoReturn:
    """The hook of rdflib for each part of a query it evaluates itself; other people's graphs are left alone."""
    if part.name == "ServiceGraphPattern" and isinstance(getattr(context.graph, "store", None), _Guarded):
        raise QueryRefused("SERVICE asks another server, and queries stay on this data")
    raise NotImplementedError


rdflib_sparql.CUSTOM_EVALS["kg-no-service"] = _no_service
