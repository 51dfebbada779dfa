"""Find how two entities are connected, with the evidence of each step.

All shortest paths, whichever way the statements run. Nearly everything meets in the two countries, so paths do
not pass through a country unless asked. Entities by CURIE, IRI, slug, name or alias.

examples:
  kg path HSA NFS
  kg path 'Lawrence Wong' org:dsta --through-countries
  kg path dsta seadronix --lang ko --format json
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from kg import entity, search
from kg.cli import output, query, show
from kg.errors import UsageError
from kg.namespaces import short

if TYPE_CHECKING:
    from typing import TypeAlias

    import networkx as nx

    from kg.projection import Step

    Graph: TypeAlias = nx.MultiDiGraph[str]

_WORDS = {
    "en": {"steps": "{} steps", "step": "1 step", "way": "path {} of {}"},
    "ko": {"steps": "{}단계", "step": "1단계", "way": "경로 {}/{}"},
}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("a", metavar="A", help="one entity")
    parser.add_argument("b", metavar="B", help="the other")
    parser.add_argument("--through-countries", action="store_true", help="let a path pass through a country")
    parser.add_argument("--lang", choices=("en", "ko"), default="en", help="language (default: en)")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    query.add_source(parser)


def run(args: argparse.Namespace) -> int:
    from kg import projection

    with query.open_store(args) as store:
        a, b = search.resolve(store, args.a), search.resolve(store, args.b)
        if a == b:
            raise UsageError(f"{short(a)} is both ends of the path", hint="Name two different entities.")
        terms = entity.terms_of(store)
        graph = projection.project(store, terms)
        for iri in (a, b):
            if iri not in graph:
                raise UsageError(f"{short(iri)} is no part of the graph", hint="Documents, evidence and codes are not.")
        paths = projection.shortest_paths(graph, a, b, through_countries=args.through_countries)
        cited = {key for path in paths for step in path for key in _statement(graph, step)["ev"]}
        known = entity.passages(store, cited, terms)
    if args.format == "json":
        output.write_json([[_json(graph, step, known) for step in path] for path in paths])
    else:
        print("\n".join(_lines(graph, paths, known, args.lang)))
    return 0


def _statement(graph: Graph, step: Step) -> dict[str, list[str]]:
    """The attributes of the edge that a step walks."""
    ends = (step.u, step.v) if step.forward else (step.v, step.u)
    found: dict[str, list[str]] = graph.edges[(*ends, step.key)]
    return found


def _lines(graph: Graph, paths: list[list[Step]], known: dict[str, entity.Evidence], language: str) -> list[str]:
    words, lines, sources = _WORDS[language], [], show.Sources(language)
    for number, path in enumerate(paths, 1):
        length = words["step"] if len(path) == 1 else words["steps"].format(len(path))
        lines += ["", f"{words['way'].format(number, len(paths))}, {length}"]
        lines.append(output.bold(_name(graph, path[0].u, language)))
        for step in path:
            lines += _step(graph, step, known, sources)
    return [*lines[1:], *sources.listed()]


def _step(graph: Graph, step: Step, known: dict[str, entity.Evidence], sources: show.Sources) -> list[str]:
    language = sources.language
    label = output.safe(graph.graph["predicates"].get(step.key, {}).get(language, step.key))
    arrow = f"─ {label} →" if step.forward else f"← {label} ─"
    evidence = [known[key] for key in _statement(graph, step)["ev"] if key in known]
    return [
        f"  {arrow} {output.bold(_name(graph, step.v, language))}",
        *(f"      {sources.passage(one)}" for one in evidence),
        f"      {show.independent(len({one.origin or one.document for one in evidence}), language)}",
    ]


def _name(graph: Graph, iri: str, language: str) -> str:
    return output.safe(f"{graph.nodes[iri]['names'][language]} ({short(iri)})")


def _json(graph: Graph, step: Step, known: dict[str, entity.Evidence]) -> dict[str, object]:
    statement = _statement(graph, step)
    return {
        "from": short(step.u),
        "to": short(step.v),
        "predicate": step.key,
        "forward": step.forward,
        "evidence": [asdict(known[key]) for key in statement["ev"] if key in known],
    }
