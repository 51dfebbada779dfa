# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A tour of the graph · 그래프 둘러보기
#
# What the Republic of Korea and Singapore have agreed, done and said, as a graph in which **every fact says who says
# so, where in the text, and how independently**. This tour is for people who know pandas. RDF and SPARQL are
# explained where they first matter, which is not often.
#
# You need `pip install -e '.[notebooks]'` in a checkout, and nothing from the network.

# %%
import html
from datetime import date

import matplotlib.pyplot as plt
import networkx as nx
import pandas as pd
from IPython.display import HTML
from matplotlib import font_manager

import kg
from kg import projection, questions, render
from kg.answers import Solutions
from kg.namespaces import short
from kg.search import search

pd.set_option("display.max_colwidth", 100)

# %% [markdown]
# ## Open it
#
# `Store.open()` finds the record of this checkout and reads it into memory. Nothing you do here can change it.

# %%
store = kg.Store.open()

# %% [markdown]
# A question is written in SPARQL: patterns of *thing – property – value*, where `?name` is a blank to be filled.
# The answer is a list of rows, and a row a dictionary of RDF terms. `plain()` gives the rows as pandas wants them:
# numbers, dates and texts as Python has them, and readable keys (`org:hsa`) for things.


# %%
def frame(rows: Solutions) -> pd.DataFrame:
    """The rows of an answer as a DataFrame: keys of things, and values as Python has them."""
    return pd.DataFrame(rows.plain(), columns=rows.variables)


# %% [markdown]
# First of all: **how much is in here?** Look at this table before you read anything into a number further down.
# However many documents there are, they are a sample of what was written, not a census of what happened.

# %%
frame(
    store.query("""
SELECT ?publisher (COUNT(DISTINCT ?document) AS ?documents) (COUNT(?passage) AS ?passages) {
  ?passage krsg:inDocument ?document .
  ?document krsg:publisher/skos:prefLabel ?publisher .
  FILTER(LANG(?publisher) = "en")
} GROUP BY ?publisher ORDER BY DESC(?documents) ?publisher LIMIT 15
""")
)

# %% [markdown]
# ## One question, and the same question with its evidence
#
# A plain question needs to know nothing about evidence. Which memorandums is Singapore's Health Sciences Authority
# a side of, and who is the other side?

# %%
frame(
    store.query("""
SELECT ?memorandum ?other ?name {
  ?memorandum a krsg:MemorandumOfUnderstanding ; krsg:party org:hsa , ?other .
  ?other skos:prefLabel ?name .
  FILTER(?other != org:hsa && LANG(?name) = "en")
} ORDER BY ?memorandum
""")
)

# %% [markdown]
# **Who says so?** Each passage of a source is a small graph of its own, which holds what that passage states. Put the
# pattern into `GRAPH ?passage { … }` and the answer tells where it stands: paragraph, sentence, and the code points
# of the whole text. Here for one statement, that Singapore is a side of the Strategic Partnership.

# %%
evidence = frame(
    store.query("""
SELECT ?publisher ?paragraph ?sentence ?start ?end ?support ?origin {
  GRAPH ?passage { agr:kor-sgp-strategic-partnership krsg:party co:sgp }
  ?passage krsg:inDocument ?document ; krsg:support ?support .
  OPTIONAL { ?passage krsg:paragraph ?paragraph ; krsg:sentence ?sentence ; oa:start ?start ; oa:end ?end }
  ?document krsg:origin ?origin ; krsg:publisher/skos:prefLabel ?publisher .
  FILTER(LANG(?publisher) = "en")
} ORDER BY ?document ?start LIMIT 12
""")
)
evidence

# %% [markdown]
# **How independently?** Ten papers that print one wire story are one source. Each document therefore names the
# `origin` of its information, and what counts is the number of different origins, not of passages.

# %%
print(len(evidence), "passages,", evidence["origin"].nunique(), "independent origins")

# %% [markdown]
# ## Korean and English
#
# Every thing has a name in both languages. Where no source gave one, the name is our own translation, and the record
# says so (`ours`). Here the first twelve agreements.

# %%
frame(
    store.query("""
SELECT ?english ?korean ?ours {
  ?agreement a krsg:Agreement ; skos:prefLabel ?english , ?korean .
  FILTER(LANG(?english) = "en" && LANG(?korean) = "ko")
  BIND(EXISTS { ?agreement krsg:labelStatus code:translated } AS ?ours)
} ORDER BY ?english LIMIT 12
""")
)

# %% [markdown]
# Search takes either language, also a piece of a longer Korean word.

# %%
pd.DataFrame(
    [(match.name, short(match.iri)) for text in ("보건", "과학수사", "forensic") for match in search(store, text)],
    columns=["name", "thing"],
).drop_duplicates().head(12)

# %% [markdown]
# ## Questions that are already written
#
# The repository keeps questions that people ask, each as a file with a title in both languages. `kg questions` lists
# them at the prompt. A parameter may be a key, a name or an alias: here the Korean name of the National Forensic
# Service.

# %%
question = questions.find("mous-of-an-agency", questions.all_questions())
print(question.title["en"])
print(question.title["ko"])
frame(store.query(question.bound(store, {"agency": "국립과학수사연구원"})))[["mou", "with", "withEn", "withKo"]]

# %% [markdown]
# ## Dates are often vague, so compare their bounds
#
# One article says *May 2025*, another only *2022*. The record keeps the date as the source gives it, to be shown (in
# EDTF: `2025-11/..` is November 2025 or later), and adds the earliest and the latest day it can mean, to be compared.
# An empty bound is open.

# %%
steps = frame(
    store.query("""
SELECT ?step ?english ?korean ?date ?earliest ?latest {
  { ?step krsg:from ?date . VALUES ?kind { krsg:Agreement krsg:DiplomaticRelation } ?step a ?kind .
    OPTIONAL { ?step krsg:fromEarliest ?earliest } OPTIONAL { ?step krsg:fromLatest ?latest } }
  UNION
  { ?step a krsg:AgreementEvent ; krsg:date ?date .
    OPTIONAL { ?step krsg:earliest ?earliest } OPTIONAL { ?step krsg:latest ?latest } }
  ?step skos:prefLabel ?english , ?korean .
  FILTER(LANG(?english) = "en" && LANG(?korean) = "ko")
} ORDER BY ?earliest ?latest ?step
""")
)
steps[["date", "earliest", "latest", "english"]].tail(12)

# %% [markdown]
# What had been done **by 15 May 2025**? What had *certainly* happened is what has its latest bound on that day or
# before; what had *possibly* happened, its earliest.

# %%
day = date(2025, 5, 15)
certainly = steps["latest"].map(lambda bound: isinstance(bound, date) and bound <= day)
possibly = steps["earliest"].map(lambda bound: not isinstance(bound, date) or bound <= day)
steps.assign(by_then=certainly.map({True: "certainly", False: "possibly"}))[possibly][
    ["by_then", "date", "english"]
].tail(12)

# %% [markdown]
# The same as a picture: a bar is what the source leaves open, from the earliest day to the latest. Korean names are
# added where this machine has a font for them.

# %%
KOREAN_FONTS = ("Noto Sans CJK KR", "Noto Sans CJK JP", "NanumGothic", "Malgun Gothic", "Apple SD Gothic Neo")
installed = {font.name for font in font_manager.fontManager.ttflist}
korean = next((name for name in KOREAN_FONTS if name in installed), None)

shown = steps.dropna(subset=["earliest", "latest"]).tail(20)
labels = shown["english"] + "\n" + shown["korean"] if korean else shown["english"]
start = pd.to_datetime(shown["earliest"])
length = pd.to_datetime(shown["latest"]) - start + pd.Timedelta(days=1)

with plt.rc_context({"font.family": ["DejaVu Sans", *([korean] if korean else [])], "font.size": 8}):
    figure, axes = plt.subplots(figsize=(9, 0.6 + 0.42 * len(shown)), layout="constrained")
    axes.barh(range(len(shown)), length, left=start, height=0.5, color="#0b6e99", edgecolor="#0b6e99", linewidth=1.5)
    axes.set_yticks(range(len(shown)), labels)
    axes.invert_yaxis()
    axes.set_xlim(pd.Timestamp(start.min().year - 1, 1, 1), pd.Timestamp(start.max().year + 2, 1, 1))
    axes.grid(axis="x", color="#ddd")
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.set_title("Agreements and what became of them, by the dates their sources give", loc="left")
    plt.show()

# %% [markdown]
# ## As a network
#
# `project` makes a networkx graph: things are nodes, accepted statements are edges, and each edge carries the passages
# that state it (`ev`) and the number of independent origins behind them (`origins`).

# %%
graph = projection.project(store)
print(graph)
pd.Series(nx.get_node_attributes(graph, "group")).value_counts().rename("things").to_frame()

# %% [markdown]
# **Who takes part in most agreements and events?** The two countries are in nearly all of them, so they would only
# crowd the answer: leave countries out, and count the agreements and events each organization or person is tied to.

# %%
DEEDS, ACTORS = {"Agreement", "Event"}, {"Organization", "Person"}
group = nx.get_node_attributes(graph, "group")
ties = nx.Graph(graph.subgraph(node for node in graph if group[node] in DEEDS | ACTORS))
deeds = {node: sorted(n for n in ties[node] if group[n] in DEEDS) for node in ties if group[node] in ACTORS}
actors = sorted(deeds, key=lambda actor: (-len(deeds[actor]), actor))
pd.DataFrame(
    [(graph.nodes[a]["names"]["en"], graph.nodes[a]["names"]["ko"], len(deeds[a])) for a in actors if deeds[a]],
    columns=["english", "korean", "agreements and events"],
).head(10)

# %% [markdown]
# Mind what this measures: how often the **documents above** name somebody in an agreement or an event. An article that
# follows one visit hour by hour puts its two leaders first. So go from a number back to its passages: each tie of the
# first in the list, with where it is printed.


# %%
def cite(passage: str) -> str:
    """Where a passage stands, for people."""
    known = graph.graph["evidence"][passage]
    document = graph.graph["documents"][known["document"]]
    place = f" ¶{known['paragraph']} s{known['sentence']}" if known["paragraph"] else ""
    return f"{document['publisher']['en']}, {document['date']}{place}"


first = actors[0]
cited = [
    (graph.nodes[deed]["names"]["en"], key, "; ".join(map(cite, facts["ev"])), facts["origins"])
    for deed in deeds[first]
    for u, v in ((first, deed), (deed, first))
    if graph.has_edge(u, v)
    for key, facts in sorted(graph[u][v].items())
]
print(graph.nodes[first]["names"]["en"])
pd.DataFrame(cited, columns=["agreement or event", "as", "printed in", "origins"]).head(12)

# %% [markdown]
# ## Look around in it
#
# The explorer is one file that works offline: search, filters, Korean and English, and the passages behind each tie.
# It is the page that `kg explore` opens, here with what is one step from the first in the list.

# %%
near = render.around(graph, first, 1)
render.write(near, "../out/explorer.html")
print("Open out/explorer.html in a browser.")

# %% [markdown]
# It runs inside a notebook too, in a frame that may run its own scripts and nothing else. It adds nearly a megabyte
# and shows only in a notebook that you have run yourself, so it is not part of the file you were given: set
# `HERE = True` and run the cell.

# %%
HERE = False
sandbox = "allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox"
page = html.escape(render.page(near))
explorer = HTML(f'<div><iframe sandbox="{sandbox}" srcdoc="{page}" width="100%" height="640" style="border:0"></div>')
explorer if HERE else None

# %% [markdown]
# ## If you use rdflib
#
# `to_rdflib()` gives a real `rdflib.Graph` over the same data, without a copy and read-only; with `dataset=True`, the
# passages' own graphs too; with `copy=True`, one of your own to change.

# %%
triples = store.to_rdflib()
for row in triples.query("SELECT ?name { org:nfs skos:prefLabel|skos:altLabel ?name } ORDER BY LANG(?name) ?name"):
    print(row.name.language, row.name)

# %% [markdown]
# ## Where to go next
#
# - `kg ask`, `kg show org:hsa`, `kg search`, `kg path org:hsa org:nfs`: the same at the prompt; `kg --help` lists all.
# - [How evidence is kept](../docs/evidence.md): levels of support, origins, locators, and how to check them yourself.
# - [Contributing](../CONTRIBUTING.md): add a fact in ten minutes. What you missed here is yours to add.
# - [Architecture](../ARCHITECTURE.md): one page on what flows where.

# %%
store.close()
