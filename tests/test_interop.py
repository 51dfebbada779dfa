from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rdflib
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.processor import processUpdate

from kg.errors import KGError, QueryRefused
from kg.namespaces import PREFIXES
from kg.store import Store
from tests.conftest import Listener

KRSG = rdflib.Namespace(PREFIXES["krsg"])
MOU = rdflib.URIRef(PREFIXES["agr"] + "port-mou-2020")
ALL_FOUR = [(dataset, copy) for dataset in (False, True) for copy in (False, True)]


@pytest.fixture(params=ALL_FOUR, ids=lambda p: f"{'dataset' if p[0] else 'graph'}-{'copy' if p[1] else 'shared'}")
def graph(request: pytest.FixtureRequest, tiny: Store) -> rdflib.Graph:
    dataset, copy = request.param
    return tiny.to_rdflib(dataset=dataset, copy=copy)


def test_it_is_a_real_rdflib_graph_with_the_same_facts(graph: rdflib.Graph, tiny: Store) -> None:
    assert isinstance(graph, rdflib.Graph)
    signatories = set(graph.objects(MOU, KRSG.signatory))
    rows = tiny.query("SELECT ?who { agr:port-mou-2020 krsg:signatory ?who }")
    assert signatories == {rdflib.URIRef(row["who"].value) for row in rows}
    assert rdflib.Literal("해운", lang="ko") in set(graph.objects(None, rdflib.SKOS.prefLabel))


def test_prefixes_need_no_declaration(graph: rdflib.Graph) -> None:
    found: Any = graph.query("SELECT ?who { agr:port-mou-2020 krsg:signatory ?who }")
    assert len(list(found)) == 2


def test_a_graph_is_the_default_graph_alone(tiny: Store) -> None:
    for copy in (False, True):
        graph = tiny.to_rdflib(copy=copy)
        assert not isinstance(graph, rdflib.Dataset)
        assert len(graph) == len(tiny.query("CONSTRUCT WHERE { ?s ?p ?o }"))


def test_a_dataset_has_the_passages_apart(tiny: Store) -> None:
    for copy in (False, True):
        dataset = tiny.to_rdflib(dataset=True, copy=copy)
        counted: Any = dataset.query("SELECT ?who { agr:port-mou-2020 krsg:signatory ?who }")
        stated: Any = dataset.query("SELECT ?g ?who { GRAPH ?g { agr:port-mou-2020 krsg:signatory ?who } }")
        assert (len(list(counted)), len(list(stated))) == (2, 4)


def test_service_is_refused_in_texts_and_in_prepared_queries(graph: rdflib.Graph, listener: Listener) -> None:
    text = f"SELECT * {{ SERVICE <{listener.address}> {{ ?s ?p ?o }} }}"
    hidden = f"SELECT * {{ ?s ?p ?o FILTER EXISTS {{ SERVICE SILENT <{listener.address}> {{ ?s ?p ?o }} }} }}"
    for query in (text, text.encode(), hidden, prepareQuery(text), prepareQuery(hidden)):
        with pytest.raises(QueryRefused):
            list(graph.query(query))  # type: ignore[arg-type]
    assert listener.calls == []


def test_other_people_s_graphs_keep_their_service(listener: Listener, tiny: Store) -> None:
    tiny.to_rdflib()
    listener.answer = (
        200,
        {"Content-Type": "application/sparql-results+json"},
        b'{"head":{"vars":[]},"results":{"bindings":[]}}',
    )
    list(rdflib.Graph().query(f"SELECT * {{ SERVICE <{listener.address}> {{ ?s ?p ?o }} }}"))
    assert len(listener.calls) == 1


def test_from_reads_no_file_and_fetches_nothing(graph: rdflib.Graph, listener: Listener, tiny_record: Any) -> None:
    file = f"<{(tiny_record / 'data' / 'triples.ttl').as_uri()}>"
    for source in (file, f"<{listener.address}>"):
        for text in (
            f"SELECT * FROM {source} {{ ?s ?p ?o }}",
            f"SELECT * FROM NAMED {source} {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        ):
            with pytest.raises(QueryRefused):
                graph.query(text)
    assert listener.calls == []


EV_S2 = PREFIXES["ev"] + "herald-p02-s2"


@pytest.mark.parametrize("clause", [f"FROM <{EV_S2}>", f"FROM NAMED <{EV_S2}>", "FROM ev:herald-p02-s2"])
def test_from_a_graph_that_is_there_is_refused_rather_than_answered_wrongly(graph: rdflib.Graph, clause: str) -> None:
    text = f"SELECT (COUNT(*) AS ?n) {clause} {{ ?s ?p ?o }}"
    with pytest.raises(QueryRefused, match="FROM"):
        graph.query(text)
    with pytest.raises(QueryRefused, match="FROM"):
        graph.query(prepareQuery(text, initNs=PREFIXES))
    with pytest.raises(QueryRefused, match="FROM"):
        rdflib.Graph(store=graph.store).query(text)


DOORS: list[Callable[[rdflib.Graph, str], object]] = [
    lambda graph, text: graph.query(text),
    lambda graph, text: rdflib.Graph(store=graph.store).query(text),
    lambda graph, text: rdflib.Graph(store=graph.store, identifier=EV_S2).query(text),
    lambda graph, text: rdflib.Dataset(store=graph.store).query(text),
    lambda graph, text: graph.store.query(text, {}, {}, "x:g"),
    lambda graph, text: graph.query(text, use_store_provided=False),
]


@pytest.mark.parametrize("door", range(len(DOORS)))
def test_no_graph_over_our_store_leaves_the_data(graph: rdflib.Graph, listener: Listener, door: int) -> None:
    with pytest.raises(QueryRefused):
        DOORS[door](graph, f"ASK {{ SERVICE <{listener.address}> {{ ?s ?p ?o }} }}")
    assert listener.calls == []


@pytest.mark.parametrize("copy", [False, True])
def test_the_graphs_of_a_dataset_are_guarded_too(tiny: Store, listener: Listener, copy: bool) -> None:
    dataset: Any = tiny.to_rdflib(dataset=True, copy=copy)
    for graph in (dataset.default_graph, dataset.get_context(EV_S2), next(dataset.graphs())):
        with pytest.raises(QueryRefused):
            graph.query(f"ASK {{ SERVICE <{listener.address}> {{ ?s ?p ?o }} }}")
        with pytest.raises(KGError):
            graph.update(f"LOAD <{listener.address}>")
    assert listener.calls == []


def test_updates_are_refused(graph: rdflib.Graph) -> None:
    before = len(graph)
    for text in ("LOAD <file:///etc/passwd>", "CLEAR ALL", "INSERT DATA { <a:a> <b:b> <c:c> }"):
        with pytest.raises(QueryRefused):
            graph.update(text)
    assert len(graph) == before


TRIPLE = (rdflib.URIRef("a:a"), rdflib.URIRef("b:b"), rdflib.URIRef("c:c"))
CHANGES: list[Callable[[rdflib.Graph], object]] = [
    lambda graph: graph.add(TRIPLE),
    lambda graph: graph.remove((None, None, None)),
    lambda graph: graph.addN([(*TRIPLE, graph)]),
    lambda graph: graph.parse(data="<a:a> <b:b> <c:c> .", format="turtle"),
    lambda graph: graph.__iadd__([TRIPLE]),
    *(
        lambda graph, name=name: graph.parse(data="<a:a> <b:b> <c:c> .", format=name)
        for name in ("ox-ttl", "ox-nt", "ox-nq", "ox-trig")
    ),
    lambda graph: rdflib.Graph(store=graph.store).parse(data="<a:a> <b:b> <c:c> .", format="ox-ttl"),
    lambda graph: getattr(graph.store, "_inner").update("CLEAR ALL"),  # noqa: B009 - not rdflib's to know
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("dataset", [False, True])
def test_a_shared_graph_cannot_be_changed(tiny: Store, change: Callable[[rdflib.Graph], object], dataset: bool) -> None:
    with pytest.raises(KGError, match="read-only"):
        change(tiny.to_rdflib(dataset=dataset))


def test_a_copy_is_the_caller_s_to_change(tiny: Store) -> None:
    copy = tiny.to_rdflib(copy=True)
    copy.add(TRIPLE)
    assert TRIPLE in copy
    assert not tiny.query("ASK { <a:a> ?p ?o }")


def test_the_union_of_all_graphs_is_not_offered(tiny: Store) -> None:
    dataset: Any = tiny.to_rdflib(dataset=True)
    dataset.default_union = True
    with pytest.raises(KGError, match="counts statements twice"):
        dataset.query("SELECT * { ?s ?p ?o }")


def test_oxigraph_s_own_serializers_read_the_shared_graph(tiny: Store) -> None:
    text = tiny.to_rdflib().serialize(format="ox-nt")
    assert len(rdflib.Graph().parse(data=text, format="nt")) == len(tiny.to_rdflib())


def test_load_by_hand_on_a_copy_reads_nothing(tiny: Store, tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text("<a:a> <b:b> <c:c> .")
    copy: Any = tiny.to_rdflib(dataset=True, copy=True)
    processUpdate(copy, f"LOAD <{(tmp_path / 'x.ttl').as_uri()}>")
    processUpdate(copy, f"LOAD <{(tmp_path / 'x.ttl').as_uri()}> INTO GRAPH <a:g>")
    assert not list(copy.quads((TRIPLE[0], None, None, None)))


def test_a_long_query_does_not_take_this_process_with_it(tiny: Store) -> None:
    graph = tiny.to_rdflib()
    with pytest.raises(KGError, match="too deeply nested"):
        graph.query("ASK { FILTER(" + "1+" * 200_000 + "1) }")
    found: Any = graph.query("SELECT ?x { VALUES ?x {" + "1 " * 5000 + "} }")
    assert len(list(found)) == 5000
    with pytest.raises(SyntaxError):
        graph.query("SELECT ?x { VALUES ?x {" + "1 " * 5000 + "}")


def test_serialising_through_rdflib_gives_back_the_same_data(tiny: Store) -> None:
    back = rdflib.Graph().parse(data=tiny.to_rdflib().serialize(format="nt"), format="nt")
    assert len(back) == len(tiny.to_rdflib())
