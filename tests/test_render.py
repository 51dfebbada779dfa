"""The page: one file, whole or not at all, strict about what may run in it, the same bytes for the same graph."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from kg import render
from kg.cli import explore
from kg.cli import main as kg_main
from kg.errors import KGError, UsageError
from tests.explorer_graph import HOSTILE, THINGS, TIES, hostile, small

OWN = sorted((Path(render.STATIC) / "js").glob("*.js"))


def data_of(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


@pytest.fixture(scope="module")
def html() -> str:
    return render.page(small())


def test_the_data_block_holds_the_whole_graph(html: str) -> None:
    data = data_of(html)
    assert {node["id"] for node in data["nodes"]} == set(THINGS)
    assert sorted((edge["s"], edge["p"], edge["t"]) for edge in data["edges"]) == sorted(tie[:3] for tie in TIES)
    assert all(edge["ev"] for edge in data["edges"])


def test_only_what_is_cited_in_the_picture_is_listed_as_a_source() -> None:
    graph = small()
    part = render.around(graph, next(iri for iri in graph if iri.endswith("org/seadronix")), 1)
    data = data_of(render.page(part))
    assert [document["id"] for document in data["documents"]] == ["doc:news"]
    assert {passage["id"] for passage in data["evidence"]} == {"ev:said"}


def test_a_graph_that_knows_nothing_of_doubts_makes_a_page() -> None:
    graph = small()
    for _, node in graph.nodes(data=True):
        node.pop("doubted", None)
    assert all(node["doubted"] == [] for node in data_of(render.page(graph))["nodes"])


def test_equal_graphs_make_equal_pages(html: str) -> None:
    assert render.page(small()) == html


def test_the_graph_is_left_as_it_was() -> None:
    graph = small()
    before = json.dumps(nx.node_link_data(graph, edges="edges"), sort_keys=True)
    render.page(graph)
    assert json.dumps(nx.node_link_data(graph, edges="edges"), sort_keys=True) == before


def test_policy_allows_exactly_what_is_inside(html: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    assert policy
    rules = policy[1].replace("&#39;", "'")
    assert "default-src 'none'" in rules
    assert "connect-src 'none'" in rules
    assert "unsafe" not in rules
    inside = [
        *re.findall(r"<script>(.*?)</script>", html, re.DOTALL),
        *re.findall(r"<style>(.*?)</style>", html, re.DOTALL),
    ]
    for text in inside:
        assert base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() in rules
    assert len(inside) == len(render.SCRIPTS) + 1


def test_nothing_is_fetched_and_no_handler_is_inline(html: str) -> None:
    shell = re.sub(r"<script.*?</script>|<style>.*?</style>", "", html, flags=re.DOTALL)
    assert not re.search(r"\s(src|srcset|action|style)=", shell)
    assert not re.search(r"\son\w+=", shell)
    assert re.findall(r'href="(?!data:)', shell) == []


@pytest.mark.parametrize("script", OWN, ids=lambda path: path.name)
def test_own_scripts_make_no_markup_from_text(script: Path) -> None:
    code = script.read_text("utf-8")
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute\(\"on", code
    )


def test_own_scripts_stay_small(html: str) -> None:
    assert set(render.SCRIPTS[1:]) == {f"js/{path.name}" for path in OWN}
    shipped = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)[1:]
    assert sum(len(code.encode()) for code in shipped) <= 80 * 1024


def test_hostile_labels_stay_inside_the_data_block() -> None:
    html = render.page(hostile())
    assert "onerror" not in re.sub(r'<script type="application/json".*?</script>', "", html, flags=re.DOTALL).replace(
        "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;", ""
    )
    data = data_of(html)
    assert "\u202e" not in html
    assert "javascript:" not in json.dumps(data["documents"])
    assert any("<img src=x" in node["en"] for node in data["nodes"])


@pytest.mark.parametrize("text", ["a\u202eb", "a\u0000b", "a\u2066b\u2069", "\u200fab"])
def test_clean_takes_out_what_deceives(text: str) -> None:
    assert render.clean(text) == "ab"


def test_clean_leaves_names_alone() -> None:
    assert render.clean("한-싱가포르 · Séadronix\n") == "한-싱가포르 · Séadronix\n"


def test_title_can_be_given_and_language_chosen() -> None:
    html = render.page(small(), lang="ko", title="A <b>title</b>")
    assert '<html lang="ko">' in html
    assert "<title>A &lt;b&gt;title&lt;/b&gt;</title>" in html
    assert "이름으로 찾기" in html
    with pytest.raises(UsageError, match="no language"):
        render.page(small(), lang="fr")


def test_an_empty_graph_makes_a_page() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(title={"en": "Nothing", "ko": "없음"})
    assert data_of(render.page(graph))["nodes"] == []


def test_messages_are_complete_in_both_languages() -> None:
    messages = json.loads((Path(render.STATIC) / "messages.json").read_text("utf-8"))
    assert set(messages) == {"en", "ko"}
    assert list(messages["en"]) == list(messages["ko"])
    for key, english in messages["en"].items():
        assert messages["ko"][key].strip(), key
        assert sorted(re.findall(r"{\w+}", english)) == sorted(re.findall(r"{\w+}", messages["ko"][key])), key


def test_messages_named_in_code_exist() -> None:
    messages = json.loads((Path(render.STATIC) / "messages.json").read_text("utf-8"))["en"]
    code = "\n".join(path.read_text("utf-8") for path in OWN)
    template = (Path(render.STATIC) / "explorer.html").read_text("utf-8")
    named = {*re.findall(r'say\("([\w.]+)"', code), *re.findall(r'data-msg(?:-\w+)?="([\w.]+)"', template)}
    assert named <= set(messages)


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────


def test_write_leaves_one_file_and_nothing_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    render.write(small(), str(tmp_path / "new" / "graph.html"))
    assert list(here.iterdir()) == []
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["graph.html"]


def test_an_ascii_locale_still_writes_korean(tmp_path: Path) -> None:
    code = f"from kg import render; from tests.explorer_graph import small; render.write(small(), {str(tmp_path / 'g.html')!r})"
    environment = {**os.environ, "PYTHONUTF8": "0", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONPATH": "."}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    assert "대한민국" in (tmp_path / "g.html").read_text("utf-8")


def test_a_failed_write_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "g.html"
    path.write_text("old", "utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kg.render.os.replace", full)
    with pytest.raises(KGError, match="No space left"):
        render.write(small(), str(path))
    assert path.read_text("utf-8") == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["g.html"]


@pytest.mark.parametrize("where", ["folder", "file/graph.html"])
def test_an_impossible_path_is_said_plainly(tmp_path: Path, where: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(KGError, match="could not write"):
        render.write(small(), str(tmp_path / where))


# ── the command ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_screen_is_a_display_on_linux_and_no_remote_shell_elsewhere() -> None:
    assert explore.has_screen({"DISPLAY": ":0"}, "linux")
    assert explore.has_screen({"WAYLAND_DISPLAY": "wayland-0"}, "linux")
    assert not explore.has_screen({}, "linux")
    assert explore.has_screen({}, "darwin")
    assert not explore.has_screen({"SSH_CONNECTION": "1"}, "darwin")


def test_the_page_goes_to_out_in_a_checkout_else_to_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "data"
    inside.mkdir()
    monkeypatch.chdir(inside)
    assert explore.default_path(str(tmp_path)) == explore.FILE  # no checkout
    (tmp_path / "pyproject.toml").write_text("", "utf-8")
    monkeypatch.chdir(tmp_path.parent)
    assert explore.default_path(str(tmp_path)) == explore.FILE  # a checkout, but somewhere else
    monkeypatch.chdir(inside)
    assert explore.default_path(str(tmp_path)) == str(tmp_path / "out" / explore.FILE)


@pytest.mark.parametrize("arguments", [["--steps", "2"], ["--around", "org:hsa", "--steps", "0"]])
def test_steps_without_a_centre_or_out_of_range_are_usage_errors(arguments: list[str]) -> None:
    assert kg_main(["explore", *arguments]) == 2


def test_explore_writes_the_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    path = tmp_path / "graph.html"
    assert kg_main(["explore", "-o", str(path)]) == 0
    printed = capsys.readouterr()
    assert printed.out.strip() == str(path)
    if sys.platform.startswith("linux"):
        assert "no screen found; open this file" in printed.err
    assert len(data_of(path.read_text("utf-8"))["nodes"]) > 100


def test_explore_around_an_entity_writes_its_neighbourhood(tmp_path: Path) -> None:
    path = tmp_path / "graph.html"
    assert kg_main(["explore", "--no-open", "-o", str(path), "--around", "org:seadronix", "--steps", "1"]) == 0
    assert {node["id"] for node in data_of(path.read_text("utf-8"))["nodes"]} >= {"org:seadronix", "co:kor"}
    assert kg_main(["explore", "--no-open", "-o", str(path), "--around", "org:no-such-thing"]) == 4


def test_explore_says_when_it_cannot_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert kg_main(["explore", "--no-open", "-o", str(tmp_path)]) == 1
    assert "could not write" in capsys.readouterr().err


def test_the_hostile_text_is_hostile() -> None:
    assert "</script>" in HOSTILE
    assert "\u202e" in HOSTILE
