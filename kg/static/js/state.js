// What the reader has chosen, kept in the address: selection, hidden kinds, neighbourhood, view, language.
"use strict";

kg.state = (() => {
  const VIEWS = ["network", "list"];
  const empty = () => ({ selected: null, missing: null, hidden: new Set(), focus: 0, centre: null, all: false, view: "network", lang: null });

  // Everything in the address is a stranger's text: it is looked up in maps, never used as a key of an object.
  const parse = (hash, graph) => {
    const state = empty();
    const given = new URLSearchParams(hash.replace(/^#/, ""));
    const selected = given.get("sel");
    if (graph.nodes.has(selected) || graph.byEdge.has(selected)) state.selected = selected;
    else state.missing = selected;
    for (const group of (given.get("hide") || "").split(",")) if (graph.groups.has(group)) state.hidden.add(group);
    const steps = Number(given.get("focus"));
    const centre = given.get("around") || selected;
    if (graph.nodes.has(centre) && [1, 2, 3].includes(steps)) [state.focus, state.centre] = [steps, centre];
    state.all = given.get("all") === "1";
    if (VIEWS.includes(given.get("view"))) state.view = given.get("view");
    if (kg.words.isLanguage(given.get("lang"))) state.lang = given.get("lang");
    return state;
  };

  const format = (state) => {
    const given = new URLSearchParams();
    if (state.selected) given.set("sel", state.selected);
    if (state.focus) given.set("focus", String(state.focus));
    if (state.focus && state.centre !== state.selected) given.set("around", state.centre);
    if (state.hidden.size) given.set("hide", [...state.hidden].sort().join(","));
    if (state.all) given.set("all", "1");
    if (state.view !== "network") given.set("view", state.view);
    if (state.lang) given.set("lang", state.lang);
    return `#${given.toString().replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%7E", "~")}`;
  };

  const push = (state) => {
    const hash = format(state);
    if (hash === (location.hash || "#")) return;
    try {
      history.pushState(null, "", hash);
    } catch { /* a frame without an address of its own: the page works, only the address stays */ }
  };

  // Storage throws in sandboxed frames and private windows.
  const remember = (key, value) => { try { localStorage.setItem(`kg.${key}`, value); } catch { /* not kept */ } };
  const recall = (key) => { try { return localStorage.getItem(`kg.${key}`); } catch { return null; } };

  return { empty, parse, format, push, remember, recall };
})();
