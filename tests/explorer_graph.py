"""A small graph in the projection's form for tests of picture and page; and one that is hostile in every field."""

from __future__ import annotations

from typing import Any

import networkx as nx

from kg.namespaces import BASE, compress, expand

#: What a label must never become.
HOSTILE = "</script><img src=x onerror=alert(1)><svg onload=alert(2)>\"'{{7*7}}\u2028\u202e<!--"

CLASSES = {
    "Country": ("country", "국가", None),
    "Organization": ("organization", "기관·단체", None),
    "Agency": ("agency", "청·공공기관", "Organization"),
    "Firm": ("firm", "기업", "Organization"),
    "Person": ("person", "인물", None),
    "Office": ("office", "직위", None),
    "Tenure": ("tenure", "재임", None),
    "Agreement": ("agreement", "합의", None),
    "PartnershipFramework": ("partnership framework", "동반자 관계", "Agreement"),
    "MemorandumOfUnderstanding": ("memorandum of understanding", "양해각서", "Agreement"),
    "Event": ("event", "사건·행사", None),
    "Visit": ("visit", "방문", "Event"),
    "Topic": ("topic", "주제", None),
    "NewsArticle": ("news article", "기사", None),
    "OfficialRelease": ("official release", "공식 발표문", None),
}
PREDICATES = {
    "party": ("party", "당사자"),
    "country": ("country", "국가"),
    "holder": ("holder", "재임자"),
    "office": ("office held", "맡은 직위"),
    "officeIn": ("office in", "소속 국가·기관"),
    "participant": ("participant", "참가자"),
    "concerns": ("concerns", "관련 대상"),
    "framework": ("under the framework of", "상위 합의"),
    "topic": ("topic", "주제"),
    "date": ("date", "날짜"),
    "gist": ("gist", "요지"),
}
#: CURIE: kind, group, English, Korean.
THINGS = {
    "co:kor": ("Country", "Country", "Republic of Korea", "대한민국"),
    "co:sgp": ("Country", "Country", "Singapore", "싱가포르"),
    "person:lee": ("Person", "Person", "Lee Jae Myung", "이재명"),
    "person:wong": ("Person", "Person", "Lawrence Wong", "로런스 웡"),
    "office:president": ("Office", "Office", "President of the Republic of Korea", "대한민국 대통령"),
    "office:pm": ("Office", "Office", "Prime Minister of Singapore", "싱가포르 총리"),
    "tenure:lee": ("Tenure", "Tenure", "Lee Jae Myung as President", "이재명 대통령 재임"),
    "tenure:wong": ("Tenure", "Tenure", "Lawrence Wong as Prime Minister", "로런스 웡 총리 재임"),
    "agr:partnership": ("PartnershipFramework", "Agreement", "Strategic Partnership", "전략적 동반자 관계"),
    "agr:shipping": (
        "MemorandumOfUnderstanding",
        "Agreement",
        "Memorandum on a shipping corridor",
        "해운 항로 양해각서",
    ),
    "agr:forensics": ("MemorandumOfUnderstanding", "Agreement", "Memorandum on forensic science", "법과학 양해각서"),
    "agr:navigation": ("Agreement", "Agreement", "Agreement on navigation by AI", "인공지능 항법 합의"),
    "org:hsa": ("Agency", "Organization", "Health Sciences Authority", "보건과학청"),
    "org:nfs": ("Agency", "Organization", "National Forensic Service", "국립과학수사연구원"),
    "org:dsta": ("Agency", "Organization", "Defence Science and Technology Agency", "국방과학기술청"),
    "org:seadronix": ("Firm", "Organization", "Séadronix", "씨드로닉스"),
    "event:visit": ("Visit", "Event", "Official visit to Seoul", "서울 공식 방문"),
    "event:upgrade": ("Event", "Event", "Upgrade of ties", "관계 격상"),
    "topic:shipping": ("Topic", "Topic", "Shipping", "해운"),
    "topic:forensics": ("Topic", "Topic", "Forensic science", "법과학"),
    "topic:lonely": ("Topic", "Topic", "Something nobody mentions", "아무도 말하지 않은 것"),
}
#: Subject, predicate, object, passages.
TIES = [
    ("agr:partnership", "party", "co:kor", ["ev:news-1", "ev:release"]),
    ("agr:partnership", "party", "co:sgp", ["ev:news-1", "ev:release"]),
    ("agr:shipping", "party", "co:kor", ["ev:news-2"]),
    ("agr:shipping", "party", "co:sgp", ["ev:news-2"]),
    ("agr:shipping", "framework", "agr:partnership", ["ev:news-2"]),
    ("agr:shipping", "topic", "topic:shipping", ["ev:news-2"]),
    ("agr:forensics", "party", "org:hsa", ["ev:news-2"]),
    ("agr:forensics", "party", "org:nfs", ["ev:news-2"]),
    ("agr:forensics", "framework", "agr:partnership", ["ev:news-2"]),
    ("agr:forensics", "topic", "topic:forensics", ["ev:news-2"]),
    ("agr:navigation", "party", "org:dsta", ["ev:said"]),
    ("agr:navigation", "party", "org:seadronix", ["ev:said"]),
    ("org:hsa", "country", "co:sgp", ["ev:news-2"]),
    ("org:dsta", "country", "co:sgp", ["ev:said"]),
    ("org:nfs", "country", "co:kor", ["ev:news-2"]),
    ("org:seadronix", "country", "co:kor", ["ev:said"]),
    ("tenure:lee", "holder", "person:lee", ["ev:news-1"]),
    ("tenure:lee", "office", "office:president", ["ev:news-1"]),
    ("office:president", "officeIn", "co:kor", ["ev:inferred"]),
    ("tenure:wong", "holder", "person:wong", ["ev:news-1"]),
    ("tenure:wong", "office", "office:pm", ["ev:news-1"]),
    ("office:pm", "officeIn", "co:sgp", ["ev:inferred"]),
    ("event:visit", "participant", "person:wong", ["ev:news-1"]),
    ("event:visit", "participant", "person:lee", ["ev:news-1"]),
    ("event:upgrade", "concerns", "agr:partnership", ["ev:news-1"]),
    ("event:upgrade", "participant", "person:wong", ["ev:news-1"]),
    ("event:upgrade", "participant", "person:lee", ["ev:news-1"]),
    ("event:upgrade", "participant", "co:kor", ["ev:news-1"]),
]


def small() -> nx.MultiDiGraph[str]:
    """Two countries, two leaders, four agreements; two documents, one of them read only in part."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for curie, (kind, group, english, korean) in THINGS.items():
        graph.add_node(_iri(curie), **_node(curie, kind, group, english, korean))
    for subject, predicate, thing, passages in TIES:
        origins = len({_evidence()[_iri(passage)]["document"] for passage in passages})
        graph.add_edge(_iri(subject), _iri(thing), key=predicate, ev=[_iri(p) for p in passages], origins=origins)
    graph.graph.update(
        title={"en": "A small graph", "ko": "작은 그래프"},
        digest="0" * 64,
        documents=_documents(),
        evidence=_evidence(),
        classes={local: {"en": en, "ko": ko, "parent": parent} for local, (en, ko, parent) in CLASSES.items()},
        predicates={local: {"en": en, "ko": ko} for local, (en, ko) in PREDICATES.items()},
    )
    return graph


def many(size: int = 1600) -> nx.MultiDiGraph[str]:
    """The small graph and so many events more, tied to one country or, the first half, to both."""
    graph = small()
    for number in range(size):
        event = _iri(f"event:{number:04}-meeting")
        graph.add_node(
            event, **_node(f"event:{number:04}-meeting", "Event", "Event", f"Meeting {number}", f"회의 {number}")
        )
        for country in ("co:kor", "co:sgp") if number < size // 2 else ("co:sgp",):
            graph.add_edge(event, _iri(country), key="participant", ev=[_iri("ev:news-1")], origins=1)
    return graph


def _iri(curie: str) -> str:
    iri = expand(curie)
    assert iri
    return iri


def _node(curie: str, kind: str, group: str, english: str, korean: str) -> dict[str, Any]:
    dated = curie in {"agr:partnership", "event:upgrade"}
    facts: list[dict[str, Any]] = []
    if dated:
        facts = [
            {"p": "date", "v": "2025-11-02", "lang": None, "ev": [_iri("ev:news-1")]},
            {"p": "gist", "v": "in a few words", "lang": "en", "ev": [_iri("ev:news-1")]},
            {"p": "gist", "v": "몇 마디로", "lang": "ko", "ev": [_iri("ev:news-1")]},
        ]
    doubted = [{"p": "date", "v": "2025-11", "lang": None, "ev": [_iri("ev:coarse")]}]
    return {
        "curie": curie,
        "kind": kind,
        "group": group,
        "names": {"en": english, "ko": korean},
        "aliases": ["SG"] if curie == "co:sgp" else [],
        "translated": ["ko"] if curie == "agr:navigation" else [],
        "date": "2025-11-02" if dated else None,
        "earliest": "2025-11-02" if dated else None,
        "latest": "2025-11-02" if dated else None,
        "facts": facts,
        **({"doubted": doubted} if curie == "event:upgrade" else {}),
    }


def _documents() -> dict[str, dict[str, Any]]:
    paper = {"en": "Harbour News", "ko": "하버 뉴스"}
    office = {"en": "The office", "ko": "공보실"}
    return {
        _iri("doc:news"): {
            "title": "Ties upgraded",
            "publisher": paper,
            "kind": "NewsArticle",
            "date": "2025-11-02",
            "language": "en",
            "url": "https://news.example/ties",
            "origin": _iri("org:paper"),
            "originName": paper,
            "wholeText": True,
        },
        _iri("doc:release"): {
            "title": "공동 발표문",
            "publisher": office,
            "kind": "OfficialRelease",
            "date": "2025-11/..",
            "language": "ko",
            "url": "https://office.example/release",
            "origin": _iri("org:office"),
            "originName": office,
            "wholeText": False,
        },
    }


def _evidence() -> dict[str, dict[str, Any]]:
    def passage(document: str, paragraph: int | None, support: str = "asserted", speaker: str | None = None) -> Any:
        start = None if paragraph is None else paragraph * 1000
        return {
            "document": _iri(document),
            "paragraph": paragraph,
            "sentence": None if paragraph is None else 1,
            "start": start,
            "end": None if start is None else start + 80,
            "sha256": None,
            "support": support,
            "speaker": speaker and _iri(speaker),
        }

    return {
        _iri("ev:news-1"): passage("doc:news", 1),
        _iri("ev:news-2"): passage("doc:news", 2),
        _iri("ev:inferred"): passage("doc:news", 1, "inferred"),
        _iri("ev:said"): passage("doc:news", 3, speaker="person:wong"),
        _iri("ev:release"): passage("doc:release", None),
        _iri("ev:coarse"): passage("doc:release", None, "coarser"),
    }


def hostile() -> nx.MultiDiGraph[str]:
    """The small graph with :data:`HOSTILE` in every text, and links that are scripts."""
    graph = small()
    names = {
        iri: BASE + "org/" + HOSTILE + str(number) if number % 2 else iri for number, iri in enumerate(sorted(graph))
    }
    nx.relabel_nodes(graph, names, copy=False)
    assert compress(next(iri for iri in graph if HOSTILE in iri)) is None
    for _, node in graph.nodes(data=True):
        node.update(
            names={"en": HOSTILE + node["names"]["en"], "ko": HOSTILE + node["names"]["ko"]},
            aliases=[HOSTILE],
            kind=HOSTILE,
            date=HOSTILE,
            facts=[{"p": HOSTILE, "v": HOSTILE, "lang": HOSTILE, "ev": [_iri("ev:news-1")]}],
        )
    for document in graph.graph["documents"].values():
        document.update(
            title=HOSTILE, publisher={"en": HOSTILE, "ko": HOSTILE}, kind=HOSTILE, date=HOSTILE, language=HOSTILE
        )
        document.update(url="javascript:alert(3)", originName={"en": HOSTILE, "ko": "__proto__"})
    for passage in graph.graph["evidence"].values():
        passage.update(support=HOSTILE, speaker=BASE + "person/" + HOSTILE)
    graph.graph["title"] = {"en": HOSTILE, "ko": HOSTILE}
    graph.graph["classes"][HOSTILE] = {"en": HOSTILE, "ko": HOSTILE, "parent": None}
    graph.graph["predicates"] = {name: {"en": HOSTILE, "ko": HOSTILE} for name in (*PREDICATES, "__proto__")}
    graph.add_edge(names[_iri("co:kor")], names[_iri("co:sgp")], key="__proto__", ev=[_iri("ev:news-1")], origins=1)
    graph.add_edge(names[_iri("co:sgp")], names[_iri("co:kor")], key=HOSTILE, ev=[_iri("ev:news-1")], origins=1)
    return graph
