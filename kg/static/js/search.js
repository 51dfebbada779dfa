// The search box: a combobox over every name, alias and CURIE, in both languages.
"use strict";

kg.search = (() => {
  const { words, graph: g } = kg;
  const { byId, make, data, replace } = kg.dom;
  const MOST = 12;
  const AGENTS = new Set(["Person", "Organization", "Country"]);
  const SMALL = new Set(["of", "and", "the", "for", "in", "on", "to", "a", "an"]);
  const PARTICLE = /(?<=..)(?:에서|으로|[은는이가을를과와의에로도])$/;
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
      names: [node.en, node.ko, ...node.aliases].map((text, number) => {
        const folded = words.fold(text);
        const parts = folded.split(" ");
        return { text, folded, parts, alias: number > 1, solid: words.solid(folded), letters: words.letters(folded),
          initials: parts.filter((part) => !SMALL.has(part)).map((part) => part.charAt(0)).join("") };
      }),
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

  // The ranks of `kg search`, 0 the best: the whole name; a whole word of an agent's name; its beginning; the
  // beginnings of its words in any order; anywhere in it, spaces aside; its initials.
  const grade = (name, wanted, agent) => {
    const solid = words.solid(wanted);
    const parts = wanted.split(" ");
    if (name.solid === solid) return 0;
    if (agent && parts.every((part) => name.parts.includes(part))) return 1;
    if (name.solid.startsWith(solid)) return 2;
    if (parts.every((part) => name.parts.some((word) => word.startsWith(part)))) return 3;
    if (name.solid.includes(solid) && (solid.length > 3 || /[^\x00-\x7f]/.test(solid))) return 4;
    return solid.length > 1 && solid === name.initials ? 5 : 9;
  };

  // An identifier is written whole, or begun with its prefix and a colon.
  const identified = (node, written) => {
    if ([node.id, node.id.slice(node.id.indexOf(":") + 1), node.iri].some((id) => id.toLowerCase() === written)) return 0;
    return written.includes(":") && node.id.startsWith(written) ? 2 : 9;
  };

  const sought = (wanted, written, graded = grade) => {
    const hits = [];
    if (!wanted) return hits;
    for (const { node, names } of index) {
      let best = { text: node.id, grade: identified(node, written), alias: false };
      for (const name of names) {
        const found_ = graded(name, wanted, AGENTS.has(node.group));
        if (found_ < best.grade || (found_ === best.grade && best.alias && !name.alias)) best = { text: name.text, grade: found_, alias: name.alias };
      }
      if (best.grade < 9) hits.push({ node, ...best });
    }
    return hits.sort((a, b) => a.grade - b.grade || a.alias - b.alias || a.node.rank - b.node.rank);
  };

  // What is found by name; else without the Korean particle at the end; else by a syllable not yet whole.
  const matches = (query) => {
    const wanted = words.fold(query);
    const hits = sought(wanted, query.trim().toLowerCase());
    if (hits.length) return hits;
    const bare = wanted.replace(PARTICLE, "");
    const without = bare === wanted ? [] : sought(bare, bare);
    return without.length ? without : sought(words.letters(wanted), "", (name, text) => (name.letters.startsWith(text) ? 2 : name.letters.includes(text) ? 4 : 9));
  };

  const look = () => {
    const query = byId("query").value;
    const all = matches(query);
    found = all.slice(0, MOST);
    const list = byId("results");
    if (!query.trim()) return close();
    const values = { n: all.length, most: MOST, query: query.trim() };
    const more = all.length > MOST;
    const told = words.say(more ? "search.first" : found.length ? "search.count" : "search.none", values);
    replace(list, found.map(option),
      (more || !found.length) && make("li", { class: "none", role: "option", "aria-disabled": "true", "aria-selected": "false" }, told));
    list.hidden = false;
    list.scrollTop = 0;
    byId("query").setAttribute("aria-expanded", "true");
    kg.dom.say(told);
    return mark(-1);
  };

  const option = ({ node, text }, number) => {
    const also = [node.en, node.ko, node.id, node.iri].includes(text) ? null : text;
    const second = g.otherName(node);
    return make("li", { id: `result-${number}`, role: "option", "aria-selected": "false", "data-id": node.id,
      on: { pointerdown: (event) => event.preventDefault(), pointermove: () => active !== number && mark(number), click: () => pick(number) } },
    g.swatch(node.group),
    make("span", { class: "names" }, data(g.name(node), words.current(), { class: "name" }), " ",
      also ? make("span", { class: "second" }, data(also)) : second && make("span", { class: "second" }, data(second, words.other()))), " ",
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
    if (event.key === "/" && !event.target.value) event.preventDefault(); // the key that leads here, pressed here
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (Object.hasOwn(moves, event.key)) {
      event.preventDefault();
      if (!open) look();
      const from = active < 0 && event.key === "ArrowUp" ? 0 : active; // nothing is marked yet: up begins at the end
      if (found.length) mark((from + moves[event.key] + found.length) % found.length);
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      pick(Math.max(active, 0));
    } else if (event.key === "Escape" && (event.target.value || !byId("results").hidden)) {
      event.stopPropagation();
      if (byId("results").hidden) byId("query").value = "";
      close();
    }
  };

  return { start, matches };
})();
