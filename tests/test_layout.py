"""Places are the same on every run, Korea left and Singapore right, and nothing lies on top of another."""

from __future__ import annotations

import random
import subprocess
import sys

import networkx as nx

from kg import layout
from tests.explorer_graph import small


def test_equal_graphs_get_equal_places_whatever_the_order() -> None:
    graph = small()
    nodes, edges = list(graph.nodes(data=True)), list(graph.edges(keys=True, data=True))
    random.Random(7).shuffle(nodes)
    random.Random(8).shuffle(edges)
    shuffled: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    shuffled.add_nodes_from(nodes)
    for source, target, key, facts in edges:
        shuffled.add_edge(source, target, key=key, **facts)
    assert layout.positions(shuffled) == layout.positions(graph)


def test_another_process_with_another_hash_seed_agrees() -> None:
    code = "from kg import layout; from tests.explorer_graph import small; print(sorted(layout.positions(small()).items()))"
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] == f"{sorted(layout.positions(small()).items())}\n"


def test_korea_is_left_singapore_right_and_each_leader_on_the_own_side() -> None:
    places = {iri.rsplit("/", 1)[1]: place for iri, place in layout.positions(small()).items()}
    assert places["kor"][0] < 0 < places["sgp"][0]
    assert places["kor"][1] == places["sgp"][1] == 0
    assert places["lee"][0] < places["wong"][0]
    assert places["nfs"][0] < places["hsa"][0]
    assert places["kor"][0] < places["partnership"][0] < places["sgp"][0]


def test_nothing_lies_on_top_of_another() -> None:
    assert layout.closest(layout.positions(small())) > layout.SPACING * 0.7


def test_places_are_whole_numbers_and_near_the_middle() -> None:
    for x, y in layout.positions(small()).values():
        assert isinstance(x, int)
        assert isinstance(y, int)
        assert abs(x) < 1500
        assert abs(y) < 1500


def test_empty_single_and_unconnected_graphs_have_places_too() -> None:
    empty: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    assert layout.positions(empty) == {}
    empty.add_node("a")
    assert len(layout.positions(empty)) == 1
    empty.add_nodes_from("bcd")
    empty.add_edge("a", "a", key="itself")
    assert layout.closest(layout.positions(empty)) > layout.SPACING * 0.7


def test_two_thousand_things_are_placed_in_seconds() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    dice = random.Random(1)
    names = [layout.LEFT, layout.RIGHT, *(f"thing-{number}" for number in range(1998))]
    for number, name in enumerate(names[2:], start=2):
        graph.add_edge(name, names[dice.randrange(number)], key="near")
        graph.add_edge(name, names[dice.randrange(2)], key="party")
    places = layout.positions(graph)
    assert len(set(places.values())) == len(graph)
    assert layout.closest(places) > layout.SPACING * 0.3
