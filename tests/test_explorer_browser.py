"""The page in a real browser, with no network: every promise the explorer makes, tried by keyboard, pointer and eye.

Needs Chromium (Debian's will do, or ``$KG_CHROMIUM``). Without it these tests skip, and fail instead where
``$CI`` or ``$KG_REQUIRE_BROWSER`` is set.
"""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect, sync_playwright

from kg import projection, render, search
from kg.namespaces import short
from kg.store import Store
from tests.explorer_graph import HOSTILE, many, small
from tests.explorer_graph import hostile as hostile_graph
from tests.test_render import data_of
from tests.world import read_whole

pytestmark = pytest.mark.browser

READY = "html[data-ready=true]"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]
NOISE = re.compile(r"\b(null|undefined|NaN)\b|\[object")


def chromium() -> str | None:
    """The browser to use: the one named, else the first one found."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("KG_CHROMIUM") or next((path for name in names if (path := shutil.which(name))), None)


MISSING = "no Chromium found: install it or set KG_CHROMIUM"
if chromium() is None and not (os.environ.get("CI") or os.environ.get("KG_REQUIRE_BROWSER")):
    pytest.skip(MISSING, allow_module_level=True)  # one line for all of them


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.fail(MISSING)
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> nx.MultiDiGraph[str]:
    """What the articles state that were read whole."""
    with Store.open(read_whole(tmp_path_factory.mktemp("record"))) as store:
        return projection.project(store)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, graph: nx.MultiDiGraph[str]) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    found = {"record": graph, "small": small(), "many": many(), "hostile": hostile_graph()}
    for name, world in found.items():
        render.write(world, str(folder / f"{name}.html"))
    return {name: folder / f"{name}.html" for name in found}


@pytest.fixture(scope="module")
def data(pages: dict[str, Path]) -> dict[str, Any]:
    """What the page of the real record holds."""
    return data_of(pages["record"].read_text("utf-8"))


class Visit:
    """One open page that notes what a page must never do."""

    def __init__(self, context: BrowserContext, path: Path) -> None:
        self.context, self.address = context, path.as_uri()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.dialogs: list[str] = []
        context.route(re.compile(r"^https?:"), lambda route: route.abort())
        self.page = context.new_page()
        self.page.on("request", lambda request: self._note(request.url))
        self.page.on("console", lambda message: self._complain(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", self._refuse)

    def _note(self, url: str) -> None:
        if not url.startswith(("file:", "data:", "blob:")):
            self.requests.append(url)

    def _refuse(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _complain(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)

    def open(self, hash_: str = "") -> Page:
        self.page.goto("about:blank")
        self.page.goto(self.address + hash_)
        self.page.wait_for_selector(READY, timeout=8000)
        return self.page

    def leave(self) -> None:
        """Close, and hold the page to its promises."""
        visible = "" if self.page.is_closed() else self.page.locator("body").inner_text()
        self.context.close()
        assert self.requests == []
        assert self.complaints == []
        assert self.dialogs == []
        assert not NOISE.search(visible), NOISE.search(visible)


Opener = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser, pages: dict[str, Path]) -> Iterator[Opener]:
    """Opens a page of a name with any context options; afterwards every visit is held to the promises."""
    visits: list[Visit] = []

    def start(name: str = "record", **options: Any) -> Visit:
        defaults: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "locale": "en-US"}
        found = Visit(browser.new_context(**{**defaults, **options}), pages[name])
        visits.append(found)
        return found

    yield start
    for found in visits:
        found.leave()


PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def shown(page: Page) -> set[str]:
    return set(page.evaluate("() => explorer.shown()"))


def labels(page: Page) -> list[dict[str, Any]]:
    page.wait_for_timeout(100)
    return list(page.evaluate("() => explorer.labels()"))


def choose(page: Page, text: str, *, downs: int = 0) -> str:
    """Find and open something by keyboard alone; returns what is selected then."""
    page.keyboard.press("/")
    page.keyboard.type(text)
    expect(page.locator("#results li").first).to_be_visible()
    for _ in range(downs):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    return selected(page)


def selected(page: Page) -> str:
    return page.locator("html").get_attribute("data-selected") or ""


# ── first view ───────────────────────────────────────────────────────────────────────────────────────────


def names_in_first_view(page: Page) -> set[str]:
    return {label["id"] for label in labels(page) if label["node"]}


def test_first_view_names_the_story_and_no_two_names_meet(visit: Opener, data: dict[str, Any]) -> None:
    page = visit().open()
    partnership = next(node["id"] for node in data["nodes"] if node["kind"] == "PartnershipFramework")
    assert {"co:kor", "co:sgp", partnership, "person:lee-jae-myung", "person:lawrence-wong"} <= names_in_first_view(
        page
    )
    boxes = labels(page)
    assert len(boxes) >= 25
    for number, a in enumerate(boxes):
        for b in boxes[number + 1 :]:
            apart = (
                a["x"] + a["w"] <= b["x"]
                or b["x"] + b["w"] <= a["x"]
                or a["y"] + a["h"] <= b["y"]
                or b["y"] + b["h"] <= a["y"]
            )
            assert apart, (a, b)


def test_first_view_shows_everything_inside_the_frame(visit: Opener, data: dict[str, Any]) -> None:
    page = visit().open()
    box = page.locator("#stage").bounding_box()
    assert box
    for node in data["nodes"]:
        spot = page.evaluate("id => explorer.spot(id)", node["id"])
        assert 0 < spot["x"] < box["width"]
        assert 0 < spot["y"] < box["height"]
    expect(page.locator("#status")).to_have_text(
        f"Showing {len(data['nodes'])} of {len(data['nodes'])} things, {len(data['edges'])} of {len(data['edges'])} ties"
    )


def test_the_same_picture_twice(visit: Opener) -> None:
    pictures = [visit().open().locator("#stage").screenshot() for _ in range(2)]
    assert pictures[0] == pictures[1]


def test_phone_names_both_countries_and_does_not_scroll_sideways(visit: Opener) -> None:
    page = visit(**PHONE).open()
    assert {"co:kor", "co:sgp"} <= names_in_first_view(page)
    for hash_ in ("", "#sel=co:sgp", "#view=list"):
        page = visit(**PHONE).open(hash_)
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate("() => document.querySelector('#list').scrollWidth <= innerWidth")
        small_ones = page.evaluate(
            """() => [...document.querySelectorAll("button")].map(b => [b.id || b.textContent, b.getBoundingClientRect()])
                .filter(([, r]) => r.width > 0 && (r.height < 40 || r.width < 24)).map(([name]) => name)"""
        )
        assert small_ones == []


def test_phone_tap_opens_a_sheet_and_the_thing_stays_above_it(visit: Opener) -> None:
    page = visit(**PHONE).open()
    spot = page.evaluate("() => explorer.spot('person:lawrence-wong')")
    box = page.locator("#stage").bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + spot["x"], box["y"] + spot["y"])
    expect(page.locator("#details")).to_be_visible()
    assert selected(page) == "person:lawrence-wong"
    page.wait_for_timeout(450)
    sheet = page.locator("#details").bounding_box()
    moved = page.evaluate("() => explorer.spot('person:lawrence-wong')")
    assert sheet
    assert box["y"] + moved["y"] < sheet["y"]


def test_phone_filters_open_and_close(visit: Opener) -> None:
    page = visit(**PHONE).open()
    expect(page.locator("#filters")).not_to_be_in_viewport()
    page.locator("#open-filters").tap()
    expect(page.locator("#close-filters")).to_be_focused()
    page.wait_for_timeout(250)
    page.locator('#kinds input[data-group="Topic"]').tap()
    page.locator("#close-filters").tap()
    expect(page.locator("#open-filters")).to_be_focused()
    assert page.locator("#status").get_attribute("data-nodes") != page.locator("#status").get_attribute("data-all")


# ── hostile input ────────────────────────────────────────────────────────────────────────────────────────


def test_hostile_labels_run_nothing_anywhere(visit: Opener, pages: dict[str, Path]) -> None:
    opened = visit("hostile")
    nodes = data_of(pages["hostile"].read_text("utf-8"))["nodes"]
    page = opened.open()
    for hash_ in ("", "#view=list"):
        page = opened.open(hash_)
        for lang in ("en", "ko"):
            page.locator("#language").click()
            assert page.locator("html").get_attribute("lang") in ("en", "ko"), lang
        assert page.locator("img").count() == 0
    # Every thing's panel, opened through the list.
    rows = page.locator("#list-things tbody tr")
    assert rows.count() == len(nodes)
    for row in rows.all():
        row.locator("a").first.click()
        assert page.locator("#details").is_visible()
        assert page.locator("img, a[href^=javascript]").count() == 0
    assert page.locator("a[href^=http]").count() == 0
    page.locator("#list-ties tbody a.tie").first.click()
    expect(page.locator("#details .passage").first).to_be_visible()
    choose(page, "img src")
    assert "\u202e" not in page.content()
    assert len(HOSTILE) > 50


def test_a_strange_address_leaves_the_page_ready(visit: Opener) -> None:
    opened = visit("small")
    for hash_ in (
        "#sel=__proto__&lang=__proto__&view=constructor&focus=__proto__&hide=__proto__,constructor",
        "#sel=toString&lang=hasOwnProperty&focus=-1",
        "#%E0%A4%A&sel=%00&focus=99999999999",
        "#<script>alert(1)</script>",
        "#sel=co:kor&sel=co:sgp&focus=2.5&hide=,,,",
    ):
        status = opened.open(hash_).locator("#status")
        assert status.get_attribute("data-nodes") == status.get_attribute("data-all"), hash_


def test_the_policy_refuses_an_injected_handler(visit: Opener) -> None:
    opened = visit("small")
    page = opened.open()
    page.evaluate(
        "() => { const p = document.createElement('p'); p.setAttribute('onclick', 'alert(1)'); document.body.append(p); p.click(); }"
    )
    assert any("Content Security Policy" in text for text in opened.complaints)
    opened.complaints.clear()


# ── search ───────────────────────────────────────────────────────────────────────────────────────────────


def test_search_finds_by_any_name(visit: Opener) -> None:
    page = visit("small").open()
    for text, found in {
        "singapore": "co:sgp",
        "보건과학청": "org:hsa",
        "SG": "co:sgp",
        "org:hsa": "org:hsa",
        "https://w3id.org/krsg/org/nfs": "org:nfs",
        "seadronix": "org:seadronix",
        "과학수사": "org:nfs",
        "보건 과학청": "org:hsa",
        "로런스웡": "person:wong",
        "해운 항로양해 각서": "agr:shipping",
        "Wong Lawrence": "person:wong",
        "전략적동반자": "agr:partnership",
        "healthsciences": "org:hsa",
        "wong": "person:wong",
        "웡": "person:wong",
        "국립과학수사연구원과": "org:nfs",
        "국립과학수산": "org:nfs",
        "nfs": "org:nfs",
    }.items():
        assert choose(page, text) == found
        assert page.locator("#details h2").is_visible()


def test_search_is_walked_by_keyboard(visit: Opener) -> None:
    page = visit("small").open()
    box = page.locator("#query")
    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.type("memorandum")
    expect(page.locator("#result-0")).to_be_visible()
    assert page.locator("#results [aria-selected=true]").count() == 0
    second = page.locator("#result-1").get_attribute("data-id")
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "result-0")
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "result-1")
    expect(page.locator("#result-1")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    expect(box).to_have_attribute("aria-activedescendant", "result-0")
    page.keyboard.press("Escape")
    expect(page.locator("#results")).to_be_hidden()
    expect(box).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert selected(page) == second


def test_the_first_down_marks_the_first_match(visit: Opener) -> None:
    page = visit("small").open()
    page.keyboard.press("/")
    page.keyboard.type("memorandum")
    first = page.locator("#result-0").get_attribute("data-id")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#results [aria-selected=true]")).to_have_attribute("data-id", first or "")
    page.keyboard.press("Enter")
    assert selected(page) == first


@pytest.mark.parametrize(("locale", "told"), [("en-US", r"First 12 of \d+ matches"), ("ko-KR", "가운데 처음 12개")])
def test_search_says_how_many_it_leaves_out(visit: Opener, locale: str, told: str) -> None:
    page = visit(locale=locale).open()
    page.keyboard.press("/")
    page.keyboard.type("싱가포르")
    expect(page.locator("#results li").last).to_have_text(re.compile(told))
    assert page.locator("#results li[data-id]").count() == 12


def test_search_finds_what_kg_search_finds(visit: Opener, data: dict[str, Any]) -> None:
    page = visit().open()
    drawn = {node["id"] for node in data["nodes"]}
    first = {
        "보건 과학청": "org:hsa",
        "로렌스웡": "person:lawrence-wong",
        "Wong Lawrence": "person:lawrence-wong",
        "healthsciences": "org:hsa",
        "Wong": "person:lawrence-wong",
        "웡": "person:lawrence-wong",
        "국립과학수사연구원과": "org:nfs",
    }
    with Store.open() as store:
        for text in (*first, "양해 각서", "전략적동반자", "mou", "dsta", "이재명 대통령은", "co:kor", "zzzz"):
            found = page.evaluate("text => kg.search.matches(text).map(hit => hit.node.id)", text)
            told = [short(match.iri) for match in search.search(store, text, limit=None)]
            assert set(found) == drawn.intersection(told), text
            assert text not in first or found[0] == first[text], text


def test_search_waits_while_a_syllable_is_put_together(visit: Opener) -> None:
    page = visit("small").open()
    page.keyboard.press("/")
    page.keyboard.insert_text("싱가포르")
    expect(page.locator("#result-0")).to_be_visible()
    page.evaluate(
        """() => document.querySelector("#query").dispatchEvent(
            new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true }))"""
    )
    assert selected(page) == ""
    page.keyboard.press("Enter")
    assert selected(page) == "co:sgp"


def test_search_says_when_there_is_nothing(visit: Opener) -> None:
    page = visit("small").open()
    page.keyboard.press("/")
    page.keyboard.type("zzzz")
    expect(page.locator("#results")).to_have_text("No match for “zzzz”")
    expect(page.locator("#live")).to_have_text("No match for “zzzz”")


def test_search_overrides_a_filter(visit: Opener) -> None:
    page = visit("small").open("#hide=Organization")
    assert "org:hsa" not in shown(page)
    choose(page, "Health Sciences")
    assert "org:hsa" in shown(page)


# ── filters ──────────────────────────────────────────────────────────────────────────────────────────────


def test_kinds_count_what_the_data_holds_and_filter_it(visit: Opener, data: dict[str, Any]) -> None:
    page = visit().open()
    groups = Counter(node["group"] for node in data["nodes"])
    rows = page.locator("#kinds li")
    counted = {
        row.locator("input").get_attribute("data-group"): int(row.locator(".count").inner_text()) for row in rows.all()
    }
    assert counted == dict(groups)
    assert page.locator("#kinds svg.swatch").count() == len(groups)
    page.locator('#kinds input[data-group="Topic"]').uncheck()
    assert len(shown(page)) == len(data["nodes"]) - groups["Topic"]
    expect(page.locator('#kinds input[data-group="Topic"]')).to_be_focused()
    page.locator("#kinds-none").click()
    assert shown(page) == set()
    page.locator("#kinds-all").click()
    assert len(shown(page)) == len(data["nodes"])


def test_reset_restores_everything(visit: Opener, data: dict[str, Any]) -> None:
    page = visit().open("#sel=co:sgp&focus=1&hide=Topic")
    assert len(shown(page)) < len(data["nodes"])
    page.locator("#reset").click()
    assert len(shown(page)) == len(data["nodes"])
    assert selected(page) == ""


# ── details and evidence ─────────────────────────────────────────────────────────────────────────────────


READ_EVERY_PANEL = """async ids => {
    const read = [];
    for (const id of ids) {
        location.hash = `sel=${id}&view=list`;
        while (document.documentElement.dataset.selected !== id) await new Promise(go => setTimeout(go, 1));
        const panel = document.querySelector("#details");
        read.push({ id, text: panel.innerText, ties: [...panel.querySelectorAll("[data-edge]")].map(item => ({
            edge: item.dataset.edge, passages: [...item.querySelectorAll(".passage")].map(p => ({ id: p.dataset.passage,
                title: p.querySelector(".title").textContent, where: p.querySelector(".where").textContent,
                support: p.querySelector(".support").textContent, link: p.querySelector("a.out")?.rel })) })) });
    }
    return read;
}"""
WHERE = re.compile(r"paragraph \d+ · sentence \d+ · characters [\d,]+–[\d,]+|whole document")


def test_every_tie_of_every_thing_shows_its_evidence(visit: Opener, data: dict[str, Any]) -> None:
    page = visit().open("#view=list")
    passages = {
        f"{edge['s']}~{edge['p']}~{edge['t']}": [data["evidence"][n]["id"] for n in edge["ev"]]
        for edge in data["edges"]
    }
    panels = page.evaluate(READ_EVERY_PANEL, [node["id"] for node in data["nodes"]])
    seen = set()
    for panel in panels:
        expected = {edge for edge in passages if panel["id"] in (edge.split("~")[0], edge.split("~")[2])}
        assert {tie["edge"] for tie in panel["ties"]} == expected
        assert not NOISE.search(panel["text"]), panel["text"]
        seen |= expected
        for tie in panel["ties"]:
            assert [passage["id"] for passage in tie["passages"]] == passages[tie["edge"]]
            for passage in tie["passages"]:
                assert passage["title"]
                assert WHERE.search(passage["where"])
                assert passage["support"] in ("stated by the source", "follows from what the source states")
                assert passage["link"] == "noopener noreferrer"
    assert seen == set(passages)


def test_evidence_says_who_where_and_how_independently(visit: Opener) -> None:
    page = visit("small").open("#sel=agr:partnership")
    tie = page.locator('[data-edge="agr:partnership~party~co:kor"]')
    expect(tie.locator("summary")).to_have_text("2 passages · 2 independent sources")
    tie.locator("summary").click()
    text = tie.inner_text()
    for part in (
        "Ties upgraded",
        "Harbour News · News article · 2 November 2025",
        "paragraph 1 · sentence 1 · characters 1000–1080",
        "whole document; its full text was not read",
        "stated by the source",
    ):
        assert part in text
    assert tie.locator("a.out").first.get_attribute("href") == "https://news.example/ties"
    page = visit("small").open("#sel=org:dsta")
    page.locator("summary").first.click()
    assert "In the words of Lawrence Wong" in page.locator("#details").inner_text()


def test_details_show_both_names_kind_and_a_curie_to_copy(visit: Opener) -> None:
    opened = visit("small")
    opened.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = opened.open("#sel=agr:navigation")
    text = page.locator("#details").inner_text()
    assert "Agreement on navigation by AI" in text
    assert page.locator("#details .other").text_content() == "인공지능 항법 합의 our own name"
    assert "agr:navigation" in text
    page.locator("#details button[aria-label='Copy agr:navigation']").click()
    expect(page.locator("#live")).to_have_text(re.compile("Copied|did not allow copying"))


def test_facts_are_shown_in_the_readers_language(visit: Opener) -> None:
    page = visit("small").open("#sel=agr:partnership")
    assert "in a few words" in page.locator(".facts").inner_text()
    assert "2 November 2025" in page.locator(".facts").inner_text()
    page.locator("#language").click()
    assert "몇 마디로" in page.locator(".facts").inner_text()
    assert "2025년 11월 2일" in page.locator(".facts").inner_text()
    assert "in a few words" not in page.locator(".facts").inner_text()


@pytest.mark.parametrize(
    ("locale", "head", "told"),
    [
        ("en-US", "Not accepted: less exact, contested or withdrawn", "November 2025"),
        ("ko-KR", "채택되지 않음: 덜 구체적이거나, 엇갈리거나, 철회된 진술", "2025년 11월"),
    ],
)
def test_what_is_not_accepted_stands_last_and_apart(visit: Opener, locale: str, head: str, told: str) -> None:
    page = visit("small", locale=locale).open("#sel=event:upgrade")
    last = page.locator("#details section").last
    expect(last.locator("h3")).to_have_text(head)
    assert told in last.inner_text()
    last.locator("summary").click()
    expect(last.locator(".passage .support")).to_have_attribute("data-support", "coarser")
    expect(page.locator("#details .facts:not(.doubted) [data-fact=date] .value")).not_to_have_text(told)
    page = visit("small", locale=locale).open("#sel=org:hsa")
    expect(page.locator("#details .doubted")).to_have_count(0)


@pytest.mark.parametrize(("locale", "told"), [("en-US", "November 2025 or later"), ("ko-KR", "2025년 11월 이후")])
def test_the_open_date_of_a_document_is_a_day_not_known(visit: Opener, locale: str, told: str) -> None:
    page = visit("small", locale=locale).open()
    expect(page.locator('#sources [data-document="doc:release"]')).to_contain_text(told)


def test_the_list_breaks_no_word(visit: Opener) -> None:
    page = visit().open("#view=list&sel=co:sgp")
    assert page.evaluate(
        "() => document.querySelector('#list').scrollWidth <= document.querySelector('#list').clientWidth"
    )
    expect(page.locator("#list-things th.other")).to_be_hidden()
    broken = page.evaluate(
        """() => [...document.querySelectorAll("#list td, #list th")].filter(cell => {
            const range = document.createRange(), text = cell.innerText;
            range.selectNodeContents(cell);
            const height = parseFloat(getComputedStyle(cell).lineHeight);
            return !/\\s/.test(text.trim()) && range.getBoundingClientRect().height > 1.8 * height;
        }).map(cell => cell.innerText)"""
    )
    assert broken == []


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
@pytest.mark.parametrize("chosen", ["Lawrence Wong", "Health Sciences Authority", "Thomas Lim"])
def test_choosing_brings_a_thing_and_its_neighbours_beside_the_panel(
    visit: Opener, data: dict[str, Any], chosen: str, motion: str
) -> None:
    page = visit(reduced_motion=motion).open()
    thing = choose(page, chosen)
    page.wait_for_timeout(50 if motion == "reduce" else 600)
    panel, stage = page.locator("#details").bounding_box(), page.locator("#stage").bounding_box()
    assert panel
    assert stage
    near = {edge[end] for edge in data["edges"] for end in "st" if thing in (edge["s"], edge["t"])}
    for other in near:
        spot = page.evaluate("id => explorer.spot(id)", other)
        assert 0 < spot["x"] < panel["x"] - stage["x"], other
        assert 0 < spot["y"] < stage["height"], other
    own = next(label for label in labels(page) if label["id"] == thing)
    for other in near - {thing}:
        spot = page.evaluate("id => explorer.spot(id)", other)
        inside = own["x"] < spot["x"] < own["x"] + own["w"] and own["y"] < spot["y"] < own["y"] + own["h"]
        assert not inside, other


def test_escape_leaves_the_thing_then_the_neighbourhood(visit: Opener, data: dict[str, Any]) -> None:
    page = visit().open("#sel=org:hsa&focus=1")
    near = shown(page)
    page.keyboard.press("Escape")
    assert selected(page) == ""
    expect(page.locator("#details")).to_be_hidden()
    expect(page.locator("#focus")).to_contain_text("Around Health Sciences Authority")
    assert shown(page) == near
    again = visit().open("#" + page.url.partition("#")[2])
    assert (selected(again), shown(again)) == ("", near)
    page.keyboard.press("Escape")
    expect(page.locator("#focus")).to_be_hidden()
    assert len(shown(page)) == len(data["nodes"])


def test_a_link_to_what_is_not_there_says_so(visit: Opener) -> None:
    page = visit("small").open("#sel=org:nope")
    expect(page.locator("#status")).to_contain_text("There is no “org:nope” in this picture.")
    expect(page.locator("#live")).to_contain_text("org:nope")
    choose(page, "Health Sciences")
    expect(page.locator("#status")).not_to_contain_text("nope")
    page = visit("small", locale="ko-KR").open("#sel=org:nope&view=list")
    expect(page.locator("#note")).to_contain_text("‘org:nope’ 항목이 없습니다")


def test_the_list_says_when_it_is_empty(visit: Opener) -> None:
    page = visit("small").open("#view=list")
    page.locator("#kinds-none").click()
    expect(page.locator("#note")).to_contain_text("Nothing is shown")
    expect(page.locator("#list-things")).to_be_hidden()
    page.locator("#kinds-all").click()
    expect(page.locator("#note")).to_be_empty()
    expect(page.locator("#list-things")).to_be_visible()


def test_phone_chip_covers_nothing(visit: Opener) -> None:
    page = visit(**PHONE).open("#sel=agr:kor-sgp-strategic-partnership&focus=1")
    chip, stage = page.locator("#focus").bounding_box(), page.locator("#stage").bounding_box()
    assert chip
    assert stage
    foot = chip["y"] + chip["height"] - stage["y"]
    assert all(page.evaluate("id => explorer.spot(id).y", thing) > foot for thing in shown(page))
    assert all(label["y"] >= foot for label in labels(page))


def test_a_tie_can_be_chosen_in_the_picture(visit: Opener) -> None:
    page = visit("small").open()
    ends = [page.evaluate("id => explorer.spot(id)", end) for end in ("org:hsa", "co:sgp")]
    box = page.locator("#stage").bounding_box()
    assert box
    for part in (0.5, 0.4, 0.6, 0.3, 0.7):
        x = ends[0]["x"] + (ends[1]["x"] - ends[0]["x"]) * part
        y = ends[0]["y"] + (ends[1]["y"] - ends[0]["y"]) * part
        page.mouse.click(box["x"] + x, box["y"] + y)
        if "~" in selected(page):
            break
    assert selected(page).count("~") == 2
    expect(page.locator("#details .passage").first).to_be_visible()


def test_a_shape_can_be_chosen_and_left_again(visit: Opener) -> None:
    page = visit().open()
    spot = page.evaluate("() => explorer.spot('co:kor')")
    box = page.locator("#stage").bounding_box()
    assert box
    page.mouse.move(box["x"] + spot["x"], box["y"] + spot["y"])
    expect(page.locator("#hover")).to_contain_text("Republic of Korea")
    page.mouse.click(box["x"] + spot["x"], box["y"] + spot["y"])
    assert selected(page) == "co:kor"
    expect(page.locator("#live")).to_contain_text("Republic of Korea, Country")
    page.keyboard.press("Escape")
    assert selected(page) == ""
    expect(page.locator("#details")).to_be_hidden()


# ── language ─────────────────────────────────────────────────────────────────────────────────────────────


def english_left(page: Page, english: list[str]) -> list[str]:
    """Texts of the page that are English messages; data in English is marked as such and passed over."""
    texts = page.evaluate(
        """() => {
            const found = [document.querySelector("#query").placeholder];
            const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (walk.nextNode()) {
                const parent = walk.currentNode.parentElement;
                if (!parent.closest("script, noscript, bdi, code, #language")) found.push(walk.currentNode.textContent.trim());
            }
            for (const e of document.querySelectorAll("[aria-label], [title]")) if (!e.closest("#language")) found.push(e.ariaLabel || e.title);
            return found.filter(Boolean);
        }"""
    )
    patterns = [re.compile(re.sub(r"\\{\w+\\}", r"\\S+", re.escape(text))) for text in english]
    return [text for text in texts if any(pattern.fullmatch(text) for pattern in patterns)]


def test_korean_view_has_no_english_left(visit: Opener, data: dict[str, Any]) -> None:
    messages = data["messages"]
    english = [
        text for key, text in messages["en"].items() if text != messages["ko"][key] and re.search("[A-Za-z]{2}", text)
    ]
    labels_ = [
        label["en"]
        for table in ("classes", "predicates")
        for label in data[table].values()
        if label["en"] != label["ko"]
    ]
    page = visit(locale="ko-KR").open()
    assert page.locator("html").get_attribute("lang") == "ko"
    assert page.title() == data["title"]["ko"]
    for hash_ in (
        "#sel=agr:kor-sgp-strategic-partnership",
        "#sel=co:sgp&focus=1",
        "#view=list&sel=person:lawrence-wong",
    ):
        page.evaluate("hash => { location.hash = hash; }", hash_)
        page.wait_for_timeout(150)
        left = english_left(page, [*english, *labels_, *(label.capitalize() for label in labels_)])
        assert left == []


def test_language_switch_is_kept_in_the_address(visit: Opener) -> None:
    opened = visit("small")
    page = opened.open()
    assert page.locator("html").get_attribute("lang") == "en"
    page.locator("#language").click()
    assert page.locator("html").get_attribute("lang") == "ko"
    assert "lang=ko" in page.url
    expect(page.locator("#language")).to_have_text("English")
    page.locator("#language").click()
    assert page.locator("html").get_attribute("lang") == "en"


# ── neighbourhood ────────────────────────────────────────────────────────────────────────────────────────


def test_neighbourhood_equals_networkx(visit: Opener, graph: nx.MultiDiGraph[str]) -> None:
    page = visit().open()
    curie = {iri: node["curie"] for iri, node in graph.nodes(data=True)}
    chosen = [
        iri for iri, name in curie.items() if name in ("org:seadronix", "org:hsa", "person:lee-jae-myung", "co:tha")
    ]
    assert len(chosen) == 4
    for iri in chosen:
        for steps in (1, 2, 3):
            page.evaluate("hash => { location.hash = hash; }", f"sel={curie[iri]}&focus={steps}")
            expect(page.locator(f'#details button[data-steps="{steps}"]')).to_have_attribute("aria-pressed", "true")
            near: nx.MultiDiGraph[str] = nx.ego_graph(graph, iri, radius=steps, undirected=True)
            assert shown(page) == {curie[other] for other in near}
            assert page.locator("#status").get_attribute("data-edges") == str(near.number_of_edges())
    page.locator("#focus-all").click()
    assert len(shown(page)) == len(graph)


# ── address ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "hash_",
    [
        "#sel=agr:partnership",
        "#sel=org:hsa&focus=2",
        "#hide=Tenure,Topic",
        "#sel=agr:partnership~party~co:kor",
        "#sel=co:sgp&focus=1&hide=Office&view=list&lang=ko",
    ],
)
def test_an_address_brings_back_its_view(visit: Opener, hash_: str) -> None:
    opened = visit("small")
    page = opened.open(hash_)
    first = (
        page.locator("#status").inner_text(),
        page.locator("#details").inner_text(),
        selected(page),
        sorted(shown(page)),
    )
    page.locator("#theme").click()  # no part of the address
    page = opened.open(hash_)
    again = (
        page.locator("#status").inner_text(),
        page.locator("#details").inner_text(),
        selected(page),
        sorted(shown(page)),
    )
    assert first == again
    page.locator("#language").click()
    page.locator("#language").click()
    kept = page.url.partition("#")[2]
    assert set(hash_[1:].replace("lang=ko", "").split("&")) - {""} <= set(kept.split("&"))


def test_back_and_forward_step_through_selections(visit: Opener) -> None:
    page = visit("small").open()
    choose(page, "Health Sciences")
    choose(page, "National Forensic")
    page.locator('#details button[data-steps="1"]').click()
    page.go_back()
    assert (selected(page), page.locator("#focus").is_visible()) == ("org:nfs", False)
    page.go_back()
    assert selected(page) == "org:hsa"
    page.go_back()
    assert selected(page) == ""
    page.go_forward()
    assert selected(page) == "org:hsa"
    page.locator("#details a.to").first.click()
    assert selected(page) not in ("", "org:hsa")


# ── list, export, access ─────────────────────────────────────────────────────────────────────────────────


def test_list_holds_what_the_picture_shows(visit: Opener) -> None:
    page = visit("small").open("#hide=Topic")
    page.locator('button[data-view="list"]').click()
    rows = page.locator("#list-things tbody tr")
    assert {row.get_attribute("data-node") for row in rows.all()} == shown(page)
    ties = page.locator("#list-ties tbody tr")
    assert {row.get_attribute("data-edge") for row in ties.all()} == set(page.evaluate("() => explorer.ties()"))
    page.locator("#list-things a.to").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#details")).to_be_visible()


def test_picture_is_saved_as_png(visit: Opener, tmp_path: Path) -> None:
    page = visit().open()
    with page.expect_download() as waiting:
        page.locator("#save").click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert path.suffix == ".png"
    assert path.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert path.stat().st_size > 20_000


def test_theme_follows_the_system_and_the_button(visit: Opener) -> None:
    page = visit("small", color_scheme="dark").open()
    paper = "() => getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(paper)
    page.locator("#theme").click()
    assert page.evaluate(paper) != dark
    page.locator("#theme").click()
    assert page.evaluate(paper) == dark


def test_zoom_buttons_move_the_picture(visit: Opener) -> None:
    page = visit("small", reduced_motion="reduce").open()
    before = page.evaluate("() => explorer.spot('co:sgp').x")
    page.locator("#zoom-in").click()
    page.wait_for_timeout(50)
    assert page.evaluate("() => explorer.spot('co:sgp').x") > before
    page.locator("#zoom-fit").click()
    page.wait_for_timeout(50)
    assert abs(page.evaluate("() => explorer.spot('co:sgp').x") - before) < 1


@pytest.mark.parametrize(
    ("hash_", "options"),
    [
        ("", {"name": "record"}),
        ("#sel=agr:kor-sgp-strategic-partnership", {"name": "record", "color_scheme": "dark"}),
        ("#sel=co:sgp&focus=1", {"locale": "ko-KR"}),
        ("#view=list&sel=person:wong", {}),
        ("#view=list", {"color_scheme": "dark"}),
        ("#sel=co:sgp", PHONE),
    ],
    ids=["light", "dark-details", "ko-focus", "list", "dark-list", "phone"],
)
def test_axe_finds_nothing(visit: Opener, hash_: str, options: dict[str, Any]) -> None:
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    page = visit(**{"name": "small", **options}).open(hash_)
    if page.locator("#details summary").count():
        page.locator("#details summary").first.click()
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}}).response["violations"]
    assert [(rule["id"], [node["target"] for node in rule["nodes"]][:3]) for rule in found] == []


def test_small_window_at_double_zoom_is_usable(visit: Opener) -> None:
    page = visit(viewport={"width": 640, "height": 400}).open()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert choose(page, "Seadronix") == "org:seadronix"
    expect(page.locator("#details h2")).to_be_in_viewport()


# ── Many things ──


def test_of_many_things_those_with_most_ties_come_first(visit: Opener) -> None:
    page = visit("many").open()
    assert 600 <= len(shown(page)) < 800
    page.locator("#show-all").click()
    assert len(shown(page)) == int(page.locator("#status").get_attribute("data-all") or 0) > 1600
    assert "all=1" in page.url
    page.go_back()
    assert 600 <= len(shown(page)) < 800


def test_what_is_asked_for_by_name_is_shown_with_its_neighbours(visit: Opener) -> None:
    page = visit("many").open("#sel=event:1599-meeting")
    before = shown(page)
    expect(page.locator("#details h2")).to_contain_text("Meeting 1599")
    page.locator("button[data-view=list]").click()
    expect(page.locator("#tables")).to_contain_text("Meeting 1599")
    assert shown(page) == before


def test_few_things_need_no_overview(visit: Opener) -> None:
    page = visit("small").open()
    expect(page.locator("#show-all")).to_be_hidden()
    page = visit("many").open("#hide=Event")
    expect(page.locator("#show-all")).to_be_hidden()
    page = visit("many").open("#sel=co:kor&focus=1")
    expect(page.locator("#show-all")).to_be_hidden()
    assert len(shown(page)) > 800


def test_the_whole_record_opens_and_leads_to_a_source(browser: Browser, tmp_path: Path) -> None:
    """The newcomer's errand on the real thing: find an agreement by name, and read who says so."""
    with Store.open() as store:
        render.write(projection.project(store), str(tmp_path / "whole.html"))
    visit = Visit(browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US"), tmp_path / "whole.html")
    page = visit.open()
    assert 600 <= len(shown(page)) < 700
    choose(page, "seadronix ai")
    expect(page.locator("#details h2")).to_contain_text("Seadronix")
    page.locator("#details details summary").first.click()
    expect(page.locator("#details .passage").first).to_be_visible()
    expect(page.locator("#details .passage").first).to_contain_text("Indo-Pacific")
    visit.leave()
