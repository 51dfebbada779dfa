"""The record as a networkx graph: what becomes a node, what an edge carries, and how two things are connected."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest

from kg import build, ontology
from kg.errors import NotFound
from kg.namespaces import expand
from kg.projection import project, shortest_paths
from kg.store import Store
from tests.world import GAZETTE, authored


def iri(curie: str) -> str:
    found = expand(curie)
    assert found
    return found


@pytest.fixture
def graph(tmp_path: Path) -> nx.MultiDiGraph[str]:
    return _projected(tmp_path, GAZETTE)


def _projected(root: Path, source: str) -> nx.MultiDiGraph[str]:
    record = authored(root, source=source)
    build.write(record, build.make(record))
    with Store.open(record) as store:
        return project(store, ontology.read(record.ontology))


def test_things_are_nodes_and_evidence_is_not(graph: nx.MultiDiGraph[str]) -> None:
    groups = {data["curie"]: data["group"] for _, data in graph.nodes(data=True)}
    assert groups == {
        "agr:port-mou-2020": "Agreement",
        "co:kor": "Country",
        "co:sgp": "Country",
        "event:2020-05-05-port-signing": "Event",
        "event:2023-port-renewal": "Event",
    }
    assert graph.nodes[iri("agr:port-mou-2020")]["kind"] == "MemorandumOfUnderstanding"
    assert graph.nodes[iri("agr:port-mou-2020")]["names"] == {"en": "Port MOU (2020)", "ko": "항만 양해각서(2020)"}


def test_what_no_passage_speaks_of_is_left_out(graph: nx.MultiDiGraph[str]) -> None:
    assert iri("org:gazette") not in graph  # it printed the passages; none is about it


def test_every_edge_carries_its_passages(graph: nx.MultiDiGraph[str]) -> None:
    edges = {
        (graph.nodes[u]["curie"], key, graph.nodes[v]["curie"]): data
        for u, v, key, data in graph.edges(keys=True, data=True)
    }
    assert set(edges) == {
        ("agr:port-mou-2020", "signatory", "co:kor"),  # says more than party, which is left out
        ("agr:port-mou-2020", "signatory", "co:sgp"),
        ("event:2020-05-05-port-signing", "concerns", "agr:port-mou-2020"),
        ("event:2020-05-05-port-signing", "participant", "co:kor"),
        ("event:2020-05-05-port-signing", "participant", "co:sgp"),
        ("event:2023-port-renewal", "concerns", "agr:port-mou-2020"),
    }
    assert edges["event:2023-port-renewal", "concerns", "agr:port-mou-2020"] == {
        "ev": [iri("ev:gazette-p03-s1")],
        "origins": 1,
    }
    assert all(data["ev"] for data in edges.values())


def test_a_party_stays_where_a_passage_says_only_that(tmp_path: Path) -> None:
    more = "    agr:port-mou-2020 krsg:party co:kor .\n    event:2023-port-renewal krsg:concerns"
    graph = _projected(tmp_path, GAZETTE.replace("    event:2023-port-renewal krsg:concerns", more))
    assert set(graph[iri("agr:port-mou-2020")][iri("co:kor")]) == {"party", "signatory"}
    assert graph[iri("agr:port-mou-2020")][iri("co:kor")]["party"]["ev"] == [
        iri("ev:gazette-p02-s1"),
        iri("ev:gazette-p03-s1"),
    ]


def test_two_copies_of_one_story_are_one_origin(tmp_path: Path) -> None:
    record = authored(tmp_path)
    for name, origin in (("copy", "org:gazette"), ("other", "org:other")):
        text = (
            GAZETTE.replace("doc:gazette", f"doc:{name}")
            .replace("ev:gazette", f"ev:{name}")
            .replace("krsg:origin org:gazette", f"krsg:origin {origin}")
        )
        (Path(record.sources) / f"{name}.trig").write_text(text)
        build.write(record, build.make(record))
        with Store.open(record) as store:
            edge = project(store, ontology.read(record.ontology))[iri("event:2023-port-renewal")][
                iri("agr:port-mou-2020")
            ]["concerns"]
        assert edge["origins"] == (1 if name == "copy" else 2)
        assert len(edge["ev"]) == (2 if name == "copy" else 3)


def test_facts_and_dates_stand_on_the_node(graph: nx.MultiDiGraph[str]) -> None:
    renewal = graph.nodes[iri("event:2023-port-renewal")]
    assert (renewal["date"], renewal["earliest"], renewal["latest"]) == ("2023", "2023-01-01", "2023-12-31")
    assert renewal["facts"] == [{"p": "date", "v": "2023", "lang": None, "ev": [iri("ev:gazette-p03-s1")]}]


def test_documents_and_passages_are_described_beside_the_graph(graph: nx.MultiDiGraph[str]) -> None:
    assert graph.graph["documents"][iri("doc:gazette")]["publisher"] == {"en": "Port Gazette", "ko": "항만신문"}
    passage = graph.graph["evidence"][iri("ev:gazette-p02-s1")]
    assert (passage["paragraph"], passage["sentence"], passage["start"], passage["end"]) == (2, 1, 15, 63)
    assert graph.graph["evidence"][iri("ev:gazette-p03-s1-coarser")]["support"] == "coarser"
    assert graph.graph["predicates"]["signatory"]["ko"]


def test_what_is_not_accepted_stands_apart_on_the_node(graph: nx.MultiDiGraph[str]) -> None:
    signing = graph.nodes[iri("event:2020-05-05-port-signing")]
    assert [fact["v"] for fact in signing["facts"]] == ["2020-05-05"]
    assert signing["doubted"] == [{"p": "date", "v": "2020", "lang": None, "ev": [iri("ev:gazette-p03-s1-coarser")]}]
    assert graph.nodes[iri("event:2023-port-renewal")]["doubted"] == []


def test_projecting_twice_gives_the_same(tmp_path: Path) -> None:
    one, two = _projected(tmp_path / "a", GAZETTE), _projected(tmp_path / "b", GAZETTE)
    assert list(one.edges(keys=True, data=True)) == list(two.edges(keys=True, data=True))
    assert one.graph == two.graph


def test_a_path_shows_its_steps_and_their_direction(graph: nx.MultiDiGraph[str]) -> None:
    (path,) = shortest_paths(graph, iri("event:2020-05-05-port-signing"), iri("event:2023-port-renewal"))
    assert [(step.key, step.forward) for step in path] == [("concerns", True), ("concerns", False)]


def test_countries_are_passed_only_when_asked(graph: nx.MultiDiGraph[str]) -> None:
    graph.remove_edges_from([(u, v, k) for u, v, k in graph.edges(keys=True) if k == "concerns"])
    ends = iri("event:2020-05-05-port-signing"), iri("agr:port-mou-2020")
    with pytest.raises(NotFound, match="no path") as caught:
        shortest_paths(graph, *ends)
    assert "--through-countries" in caught.value.hint
    through = shortest_paths(graph, *ends, through_countries=True)
    assert [len(path) for path in through] == [2, 2]
    assert shortest_paths(graph, iri("co:kor"), ends[0])[0][0].forward is False
