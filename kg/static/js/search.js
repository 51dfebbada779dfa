// The search box: a combobox over every name, alias and CURIE, in both languages.
"use strict";

kg.search = (() => {
  const { words, graph: g } = kg;
  const { byId, make, data, replace } = kg.dom;
  const MOST = 12;
  let graph = null;
  let index = [];
  let found = [];
  let active = -1;
  let choose = null;

  const start = (given, act) => {
    graph = given;
    choose = act;
    index = [...graph.nodes.values()].map((node) => ({
      node,
      keys: [node.en, node.ko, ...node.aliases, node.id, node.iri].map((text) => ({ text, key: words.fold(text) })),
    }));
    const box = byId("query");
    box.addEventListener("input", look);
    box.addEventListener("keydown", onKey);
    box.addEventListener("focus", () => { if (box.value.trim()) look(); });
    box.addEventListener("blur", () => setTimeout(close, 120));
    document.addEventListener("keydown", (event) => {
      const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
      if (event.key !== "/" || typing || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      box.focus();
      box.select();
    });
  };

  // 0 is best: the whole text, its beginning, the beginning of a word, anywhere.
  const grade = (key, query) => {
    if (key === query) return 0;
    if (key.startsWith(query)) return 1;
    if (key.includes(` ${query}`)) return 2;
    return key.includes(query) ? 3 : 9;
  };

  const matches = (query) => {
    const wanted = words.fold(query);
    if (!wanted) return [];
    const hits = [];
    for (const { node, keys } of index) {
      const best = keys.map(({ text, key }) => ({ text, grade: grade(key, wanted) })).reduce((a, b) => (b.grade < a.grade ? b : a));
      if (best.grade < 9) hits.push({ node, ...best });
    }
    return hits.sort((a, b) => a.grade - b.grade || a.node.rank - b.node.rank).slice(0, MOST);
  };

  const look = () => {
    const query = byId("query").value;
    found = matches(query);
    active = -1;
    const list = byId("results");
    if (!query.trim()) return close();
    replace(list, found.length ? found.map(option) : make("li", { class: "none", role: "option", "aria-disabled": "true", "aria-selected": "false" }, words.say("search.none", { query: query.trim() })));
    list.hidden = false;
    byId("query").setAttribute("aria-expanded", "true");
    kg.dom.say(found.length ? words.say("search.count", { n: found.length }) : words.say("search.none", { query: query.trim() }));
    return mark(found.length ? 0 : -1);
  };

  const option = ({ node, text }, number) => {
    const also = [node.en, node.ko, node.id, node.iri].includes(text) ? null : text;
    const second = g.otherName(node);
    return make("li", { id: `result-${number}`, role: "option", "aria-selected": "false", "data-id": node.id,
      on: { pointerdown: (event) => event.preventDefault(), click: () => pick(number) } },
    g.swatch(node.group),
    make("span", { class: "names" }, data(g.name(node), words.current(), { class: "name" }),
      also ? make("span", { class: "second" }, data(also)) : second && make("span", { class: "second" }, data(second, words.other()))),
    make("span", { class: "kind" }, g.kind(graph, node.kind)));
  };

  const mark = (number) => {
    active = number;
    const box = byId("query");
    [...byId("results").children].forEach((item, place) => item.setAttribute("aria-selected", String(place === number && found.length > 0)));
    if (number < 0) return box.removeAttribute("aria-activedescendant");
    byId(`result-${number}`).scrollIntoView({ block: "nearest" });
    return box.setAttribute("aria-activedescendant", `result-${number}`);
  };

  const close = () => {
    byId("results").hidden = true;
    byId("query").setAttribute("aria-expanded", "false");
    byId("query").removeAttribute("aria-activedescendant");
    active = -1;
  };

  const pick = (number) => {
    const hit = found[number];
    if (!hit) return;
    byId("query").value = "";
    close();
    choose(hit.node.id);
  };

  const onKey = (event) => {
    if (event.isComposing || event.keyCode === 229) return; // a Korean syllable is being put together
    const open = !byId("results").hidden && found.length > 0;
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (Object.hasOwn(moves, event.key)) {
      event.preventDefault();
      if (!open) look();
      else mark((active + moves[event.key] + found.length) % found.length);
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      pick(Math.max(active, 0));
    } else if (event.key === "Escape") {
      event.stopPropagation();
      if (byId("results").hidden) byId("query").value = "";
      close();
    }
  };

  return { start, matches };
})();
