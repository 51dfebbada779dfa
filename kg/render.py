"""A graph as one HTML file that opens anywhere, offline: the only room that touches pyvis.

pyvis is the public way in; its page is not used, since none of its modes works offline and several of its
fields run as script. :class:`Picture` is a ``pyvis.network.Network`` with a page of our own: places computed in
Python, physics off, every script and style inline and allowed by its digest only, all data in one JSON block.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import os
import re
from typing import Any

import networkx as nx
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from pyvis.network import Network

from kg import files, layout
from kg.errors import KGError, NotFound, UsageError
from kg.namespaces import short
from kg.unseen import UNSEEN

STATIC = os.path.join(os.path.dirname(os.path.abspath(__file__)), "static")

#: The page's scripts in the order they run: the library, then our own rooms, the start last.
SCRIPTS = (
    "vendor/vis-network.min.js",
    "js/words.js",
    "js/dom.js",
    "js/graph.js",
    "js/state.js",
    "js/labels.js",
    "js/picture.js",
    "js/search.js",
    "js/details.js",
    "js/list.js",
    "js/explorer.js",
)
STYLE = "explorer.css"
LANGUAGES = ("auto", "en", "ko")

#: How much a kind of thing matters to the first look, besides its ties; what is not named counts 1.
PROMINENCE = {
    "Country": 4.0,
    "PartnershipFramework": 9.0,
    "Person": 2.6,
    "DiplomaticRelation": 1.6,
    "Agreement": 1.7,
    "Organization": 1.5,
    "Event": 1.1,
    "Project": 1.5,
    "Topic": 0.7,
    "Tenure": 0.3,
    "Remark": 0.35,
    "Observation": 0.4,
    "Indicator": 0.4,
}

_DROPPED = dict.fromkeys(map(ord, UNSEEN))


class Picture(Network):  # type: ignore[misc]
    """A pyvis network that writes our page.

    :param graph: the projection, in the form :func:`kg.projection.project` makes; it is not changed
    :param lang: the page's first language, ``en`` or ``ko``; ``auto`` leaves it to the reader's browser
    :param title: the page's title in both languages, instead of the graph's own
    :raises UsageError: if ``lang`` is none of these
    """

    def __init__(self, graph: nx.MultiDiGraph[str], *, lang: str = "auto", title: str | None = None) -> None:
        if lang not in LANGUAGES:
            raise UsageError(f"no language {lang!r}", hint=f"One of: {', '.join(LANGUAGES)}.")
        # Undirected networks of pyvis drop parallel and reverse edges.
        super().__init__(height="100%", width="100%", directed=True, cdn_resources="in_line")
        self.path = "explorer.html"
        self.templateEnv = _environment()
        self.toggle_physics(False)
        self.lang = lang
        self.about = _about(graph, title, _cited(graph))
        evidence = self.about.pop("_number")
        for row in _node_rows(graph, evidence):
            self.add_node(row["id"], label=row["en"], x=row["x"], y=row["y"], group=row["group"], kg=row)
        for row in _edge_rows(graph, evidence):
            self.add_edge(row["s"], row["t"], kg=row)

    def generate_html(self, name: str = "", local: bool = True, notebook: bool = False) -> str:
        """The whole page as text. The arguments are pyvis' own and mean nothing here."""
        scripts = [_asset(path) for path in SCRIPTS]
        style = _asset(STYLE)
        nodes, edges = [node["kg"] for node in self.nodes], [edge["kg"] for edge in self.edges]
        messages = json.loads(_asset("messages.json"))
        data = {**_plain({**self.about, "nodes": nodes, "edges": edges}), "lang": self.lang, "messages": messages}
        first = "ko" if self.lang == "ko" else "en"
        template = self.templateEnv.get_template(self.path)
        self.html = template.render(
            lang=first,
            title=data["title"][first],
            messages=messages[first],
            policy=_policy(scripts, [style]),
            scripts=[Markup(script) for script in scripts],  # noqa: S704  our own files, checked in _asset
            style=Markup(style),  # noqa: S704
            data=data,
        )
        return str(self.html)

    def write_html(self, name: str, local: bool = True, notebook: bool = False, open_browser: bool = False) -> None:
        """Write the page to ``name``: UTF-8 whatever the locale, whole or not at all, nothing beside it.

        :raises KGError: if the file cannot be written
        """
        files.replace({name: self.generate_html()})


def write(graph: nx.MultiDiGraph[str], path: str, *, lang: str = "auto", title: str | None = None) -> None:
    """Write ``graph`` as one self-contained HTML file.

    :param lang: the page's first language, ``en`` or ``ko``; ``auto`` leaves it to the reader's browser
    :param title: the page's title, instead of the graph's own
    :raises KGError: if the file cannot be written
    """
    Picture(graph, lang=lang, title=title).write_html(path)


def page(graph: nx.MultiDiGraph[str], *, lang: str = "auto", title: str | None = None) -> str:
    """The HTML that :func:`write` writes."""
    return Picture(graph, lang=lang, title=title).generate_html()


def around(graph: nx.MultiDiGraph[str], centre: str, steps: int) -> nx.MultiDiGraph[str]:
    """The part of ``graph`` within ``steps`` ties of ``centre``, whichever way they point.

    :raises NotFound: if ``centre`` is no node: a document or a code, say
    """
    if centre not in graph:
        raise NotFound(
            f"{short(centre)}: not a thing of the graph", hint="Documents, passages and codes are not drawn."
        )
    near: nx.MultiDiGraph[str] = nx.ego_graph(graph, centre, radius=steps, undirected=True)
    return near


def clean(text: str) -> str:
    """``text`` without control characters and without the marks that turn the direction of writing."""
    return text.translate(_DROPPED)


def _environment() -> Environment:
    environment = Environment(loader=FileSystemLoader(STATIC), autoescape=True, undefined=StrictUndefined)
    environment.policies["json.dumps_kwargs"] = {
        "ensure_ascii": False,  # Korean at half the bytes
        "sort_keys": True,
        "separators": (",", ":"),
        "allow_nan": False,
    }
    return environment


def _asset(path: str) -> str:
    with open(os.path.join(STATIC, *path.split("/")), encoding="utf-8") as file:
        text = file.read()
    if path.startswith("js/"):  # our reasons stay in the sources; a page is read by browsers
        text = re.sub(r"^[ \t]*//.*\n", "", text, flags=re.MULTILINE)
    if "</script" in text.lower() or "</style" in text.lower():
        raise KGError(f"kg/static/{path}: would end its own element in the page")
    return text


def _policy(scripts: list[str], styles: list[str]) -> str:
    """The page's Content-Security-Policy: only what is in it now may run, and nothing may be fetched."""
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(map(_digest, scripts)),
        "style-src": " ".join(map(_digest, styles)),
        "img-src": "data: blob:",
        "connect-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _cited(graph: nx.MultiDiGraph[str]) -> set[str]:
    """The passages on which something in this very picture rests."""
    told = [edge for *_, edge in graph.edges(data=True)]
    for _, node in graph.nodes(data=True):
        told += [*node.get("facts", ()), *node.get("doubted", ())]
    return {iri for facts in told for iri in facts.get("ev", ())}


def _about(graph: nx.MultiDiGraph[str], title: str | None, cited: set[str]) -> dict[str, Any]:
    """What the page knows beside nodes and edges. Documents and passages are numbered: edges repeat them often."""
    facts = graph.graph
    passages = sorted(cited & facts.get("evidence", {}).keys())
    documents = sorted({facts["evidence"][iri]["document"] for iri in passages} & facts.get("documents", {}).keys())
    place = {iri: number for number, iri in enumerate(documents)}
    names = {"en": title, "ko": title} if title else facts["title"]
    return {
        "title": names,
        "digest": facts.get("digest", ""),
        "classes": facts.get("classes", {}),
        "predicates": facts.get("predicates", {}),
        "documents": [_document_row(iri, facts["documents"][iri]) for iri in documents],
        "evidence": [_passage_row(iri, facts["evidence"][iri], place) for iri in passages],
        "_number": {iri: number for number, iri in enumerate(passages)},
    }


def _document_row(iri: str, document: dict[str, Any]) -> dict[str, Any]:
    row = {**document, "id": short(iri)}
    if not str(row.get("url") or "").lower().startswith(("http://", "https://")):
        row["url"] = None
    return row


def _passage_row(iri: str, passage: dict[str, Any], place: dict[str, int]) -> dict[str, Any]:
    speaker = passage.get("speaker")
    return {
        "id": short(iri),
        "document": place.get(passage["document"]),
        "support": passage.get("support", "asserted"),
        "speaker": None if speaker is None else short(speaker),
        "note": passage.get("note"),
        **{key: passage.get(key) for key in ("paragraph", "sentence", "start", "end")},
    }


def _node_rows(graph: nx.MultiDiGraph[str], evidence: dict[str, int]) -> list[dict[str, Any]]:
    places, ties = layout.positions(graph), _ties(graph)
    rows = [_node_row(iri, graph.nodes[iri], evidence) for iri in sorted(graph)]
    for row in rows:
        (row["x"], row["y"]), row["ties"] = places[row["iri"]], ties[row["iri"]]
    by_prominence = sorted(range(len(rows)), key=lambda number: (-_prominence(rows[number]), rows[number]["id"]))
    for rank, number in enumerate(by_prominence):
        rows[number]["rank"] = rank
    return rows


def _node_row(iri: str, node: dict[str, Any], evidence: dict[str, int]) -> dict[str, Any]:
    names = node.get("names", {})
    fallback = next((name for name in names.values() if name), None) or short(iri)
    return {
        "id": short(iri),
        "iri": iri,
        "kind": node.get("kind", ""),
        "group": node.get("group", ""),
        "en": names.get("en") or fallback,
        "ko": names.get("ko") or fallback,
        "aliases": list(node.get("aliases", ())),
        "translated": list(node.get("translated", ())),
        "date": node.get("date"),
        "facts": [_fact_row(fact, evidence) for fact in node.get("facts", ())],
        "doubted": [_fact_row(fact, evidence) for fact in node.get("doubted", ())],
    }


def _fact_row(fact: dict[str, Any], evidence: dict[str, int]) -> dict[str, Any]:
    return {
        "p": fact["p"],
        "v": str(fact["v"]),
        "lang": fact.get("lang"),
        "ev": _numbers(fact.get("ev", ()), evidence),
    }


def _edge_rows(graph: nx.MultiDiGraph[str], evidence: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "s": short(source),
            "t": short(target),
            "p": predicate,
            "ev": _numbers(facts.get("ev", ()), evidence),
            "origins": facts.get("origins", 0),
        }
        for source, target, predicate, facts in sorted(
            graph.edges(keys=True, data=True), key=lambda edge: (edge[0], edge[1], str(edge[2]))
        )
    ]


def _numbers(iris: Any, evidence: dict[str, int]) -> list[int]:
    return sorted(evidence[iri] for iri in iris if iri in evidence)


def _ties(graph: nx.MultiDiGraph[str]) -> dict[str, int]:
    """How many other nodes each one is tied to, either way."""
    return {node: len({*graph.successors(node), *graph.predecessors(node)} - {node}) for node in graph}


def _prominence(row: dict[str, Any]) -> float:
    weight = PROMINENCE.get(row["kind"], PROMINENCE.get(row["group"], 1.0))
    return float(weight * (1 + math.sqrt(row["ties"])))


def _plain(value: Any) -> Any:
    """``value`` with every text in it cleaned, keys too, so that what matched still matches."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(str(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
