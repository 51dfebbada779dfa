// The start: reads the data, listens, and keeps picture, list, panel and address in step.
"use strict";

(() => {
  const { words, graph: g, dom, state: address, picture, details, list, search } = kg;
  const { byId, make, data } = dom;
  const page = document.documentElement;
  const given = JSON.parse(byId("data").textContent);
  words.setup(given.messages);
  const graph = g.read(given);
  let state = address.parse(location.hash, graph);

  // A choice in the address, then an earlier one, then what the file asks for, then what the browser prefers.
  const firstLanguage = () => {
    const kept = address.recall("lang");
    if (words.isLanguage(kept)) return kept;
    if (words.isLanguage(given.lang)) return given.lang;
    return (navigator.languages || [navigator.language]).map((tag) => tag.slice(0, 2)).find(words.isLanguage) || "en";
  };

  const shown = () => {
    const rings = state.focus ? g.around(graph, state.centre, state.focus) : null;
    const wanted = [...graph.nodes.values()].filter((node) => !state.hidden.has(node.group) && (!rings || rings.has(node.id)));
    const many = !rings && wanted.length > g.MANY;
    const edge = graph.byEdge.get(state.selected);
    const keep = edge ? [edge.s, edge.t] : [state.selected].filter((id) => graph.nodes.has(id));
    const nodes = new Set((many && !state.all ? g.overview(graph, wanted, keep) : wanted).map((node) => node.id));
    const edges = new Set(graph.edges.filter((edge) => nodes.has(edge.s) && nodes.has(edge.t)).map((edge) => edge.id));
    return { nodes, edges, many, rings: rings && new Map([...rings].filter(([id]) => nodes.has(id))), centre: rings ? state.centre : null, selected: state.selected };
  };

  const speak = () => {
    words.use(state.lang || firstLanguage());
    page.lang = words.current();
    document.title = words.pick(given.title, "");
    byId("title").textContent = words.pick(given.title, "");
    for (const element of document.querySelectorAll("[data-msg]")) element.textContent = words.say(element.dataset.msg);
    for (const element of document.querySelectorAll("[data-msg-label]")) {
      element.setAttribute("aria-label", words.say(element.dataset.msgLabel));
      if (element.tagName === "BUTTON") element.title = words.say(element.dataset.msgLabel);
    }
    byId("query").placeholder = words.say("search.placeholder");
    byId("language").lang = words.other();
    buildKinds();
    buildSources();
  };

  const render = (options = {}) => {
    const view = shown();
    page.dataset.view = state.view;
    byId("stage").hidden = state.view !== "network";
    byId("list").hidden = state.view !== "list";
    for (const button of document.querySelectorAll("[data-view]")) {
      if (button.tagName === "BUTTON") button.setAttribute("aria-pressed", String(button.dataset.view === state.view));
    }
    details.show(state);
    renderKinds();
    renderFocus();
    renderStatus(view);
    byId("save").hidden = state.view !== "network";
    if (state.view === "list") {
      list.show(graph, view, to);
    } else {
      picture.show(view, options);
      if (state.selected && !options.fit) picture.reveal(state.selected);
    }
    page.dataset.selected = state.selected || "";
  };

  const buildKinds = () => {
    dom.replace(byId("kinds"), [...graph.groups].map(([group, count]) => make("li", {}, make("label", {},
      make("input", { type: "checkbox", "data-group": group, on: { change: (event) => toggle(group, event.target.checked) } }),
      g.swatch(group), make("span", { class: "name" }, g.kind(graph, group)), make("span", { class: "count" }, words.number(count))))));
  };

  const renderKinds = () => {
    for (const box of byId("kinds").querySelectorAll("input")) box.checked = !state.hidden.has(box.dataset.group);
  };

  const buildSources = () => {
    const passages = new Map();
    for (const said of given.evidence) passages.set(said.document, (passages.get(said.document) || 0) + 1);
    byId("sources-count").textContent = words.number(given.documents.length);
    dom.replace(byId("sources"), given.documents.map((document_, number) => make("li", { "data-document": document_.id },
      make("p", { class: "title" }, dom.out(document_.url, data(document_.title || document_.id, document_.language)) || data(document_.title || document_.id, document_.language)),
      make("p", { class: "about" }, [words.pick(document_.publisher, ""), words.date(document_.date, true),
        words.say(passages.get(number) === 1 ? "sources.passage" : "sources.passages", { n: words.number(passages.get(number) || 0) })]
        .filter(Boolean).map((part, place) => [place ? " · " : "", data(part)])))));
  };

  const renderFocus = () => {
    const bar = byId("focus");
    bar.hidden = !state.focus;
    if (!state.focus) return;
    const steps = state.focus === 1 ? words.say("focus.step") : words.say("focus.steps", { n: state.focus });
    dom.replace(bar, make("span", {}, data(words.say("focus.around", { name: g.name(graph.nodes.get(state.centre)) }), words.current()), " · ", steps),
      make("button", { type: "button", id: "focus-all", on: { click: () => go({ focus: 0 }) } }, words.say("focus.all")));
  };

  const renderStatus = (view) => {
    const counts = { n: words.number(view.nodes.size), all: words.number(graph.nodes.size), m: words.number(view.edges.size), ties: words.number(graph.edges.length) };
    const status = byId("status");
    const missing = state.missing && words.say("status.missing", { id: state.missing.slice(0, 80) });
    const nothing = !view.nodes.size && words.say("status.nothing");
    dom.replace(status, missing && make("strong", {}, make("bdi", {}, missing)), " ", words.say("status", counts));
    byId("show-all").hidden = !view.many;
    byId("show-all").textContent = words.say(state.all ? "all.few" : "all.show");
    dom.replace(byId("note"), missing && make("p", {}, make("bdi", {}, missing)), nothing && make("p", {}, nothing));
    status.dataset.nodes = view.nodes.size;
    status.dataset.edges = view.edges.size;
    status.dataset.all = graph.nodes.size;
  };

  // A change of state: into the address, onto the page, and said aloud.
  const go = (change, options = {}) => {
    const before = state;
    state = { ...state, missing: null, ...change };
    const node = graph.nodes.get(state.selected);
    if (node) state.centre = node.id;
    // A filter never hides what was asked for by name.
    if (node && state.selected !== before.selected && state.hidden.has(node.group)) state.hidden = new Set([...state.hidden].filter((group) => group !== node.group));
    address.push(state);
    render({ fit: state.view !== before.view, ...options });
    announce(before);
  };

  const announce = (before) => {
    const node = graph.nodes.get(state.selected);
    const edge = graph.byEdge.get(state.selected);
    if (state.missing) {
      dom.say(words.say("status.missing", { id: state.missing.slice(0, 80) }));
    } else if (state.selected !== before.selected) {
      if (node) dom.say(words.say("selected", { name: g.name(node), kind: g.kind(graph, node.kind), n: node.ties }));
      else if (edge) dom.say(words.say("selected.tie", { from: g.name(graph.nodes.get(edge.s)), predicate: g.predicate(graph, edge.p), to: g.name(graph.nodes.get(edge.t)), n: words.count("evidence", edge.ev.length) }));
      else dom.say(words.say("cleared"));
    } else if (state.focus !== before.focus || state.hidden !== before.hidden || state.all !== before.all) {
      dom.say(words.say("status.live", { n: byId("status").dataset.nodes, all: byId("status").dataset.all }));
    }
  };

  const to = (id) => address.format({ ...state, selected: id, centre: graph.nodes.has(id) ? id : state.centre });
  const select = (id) => go({ selected: id });
  const toggle = (group, wanted) => {
    const hidden = new Set(state.hidden);
    if (wanted) hidden.delete(group); else hidden.add(group);
    go({ hidden });
  };

  const describe = (id) => {
    const node = graph.nodes.get(id);
    if (node) return [make("strong", {}, data(g.name(node), words.current())), make("span", {}, g.kind(graph, node.kind), node.date && ` · ${g.date(node)}`)];
    const edge = graph.byEdge.get(id);
    return [make("strong", {}, data(g.name(graph.nodes.get(edge.s)), words.current())), make("span", { class: "predicate" }, g.predicate(graph, edge.p)), make("strong", {}, data(g.name(graph.nodes.get(edge.t)), words.current()))];
  };

  const dark = () => (page.dataset.theme ? page.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
  const turnTheme = () => {
    page.dataset.theme = dark() ? "light" : "dark";
    address.remember("theme", page.dataset.theme);
    picture.repaint();
    dom.say(words.say(dark() ? "theme.dark" : "theme.light"));
  };

  const turnLanguage = () => {
    const lang = words.other();
    address.remember("lang", lang);
    state = { ...state, lang };
    speak();
    address.push(state);
    render();
    picture.repaint();
  };

  const save = async () => {
    const blob = await picture.save();
    const link = make("a", { href: URL.createObjectURL(blob), download: "rok-singapore-graph.png" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 2000);
    dom.say(words.say("saved"));
  };

  const sheet = (open) => {
    page.dataset.filters = open ? "open" : "";
    byId("open-filters").setAttribute("aria-expanded", String(open));
    (open ? byId("close-filters") : byId("open-filters")).focus();
  };

  const closeDetails = () => {
    go({ selected: null });
    byId("query").focus({ preventScroll: true });
  };

  const reset = () => {
    state = { ...address.empty(), lang: state.lang };
    address.push(state);
    render({ replace: true, fit: true });
    dom.say(words.say("status.live", { n: graph.nodes.size, all: graph.nodes.size }));
  };

  const back = () => {
    const before = state;
    state = address.parse(location.hash, graph);
    if (state.lang !== before.lang) speak();
    render({ fit: state.view !== before.view });
    announce(before);
  };

  const listen = () => {
    const press = (id, act) => byId(id).addEventListener("click", act);
    press("language", turnLanguage);
    press("theme", turnTheme);
    press("save", save);
    press("zoom-in", () => picture.zoom(1.4));
    press("zoom-out", () => picture.zoom(1 / 1.4));
    press("zoom-fit", () => picture.fit());
    press("reset", reset);
    press("show-all", () => go({ all: !state.all }));
    press("kinds-all", () => go({ hidden: new Set() }));
    press("kinds-none", () => go({ hidden: new Set(graph.groups.keys()) }));
    press("open-filters", () => sheet(page.dataset.filters !== "open"));
    press("close-filters", () => sheet(false));
    for (const button of document.querySelectorAll("button[data-view]")) button.addEventListener("click", () => go({ view: button.dataset.view }));
    addEventListener("popstate", back);
    addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      if (page.dataset.filters === "open") sheet(false);
      else if (state.selected) closeDetails();
      else if (state.focus) go({ focus: 0 });
    });
    let waiting = 0;
    let size = [innerWidth, innerHeight];
    addEventListener("resize", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        if (innerWidth === size[0] && innerHeight === size[1]) return;
        size = [innerWidth, innerHeight];
        picture.resized();
      }, 150);
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", picture.repaint);
  };

  const begin = () => {
    const theme = address.recall("theme");
    if (theme === "light" || theme === "dark") page.dataset.theme = theme;
    for (const button of document.querySelectorAll("[data-icon]")) button.append(dom.icon(button.dataset.icon));
    details.start(graph, { to, close: closeDetails, focus: (steps) => go({ focus: steps }) });
    search.start(graph, select);
    speak();
    picture.start(graph, { choose: select, describe });
    listen();
    render({ fit: true, still: true, replace: true });
    announce(state);
    page.dataset.ready = "true";
  };

  // What tests and other pages may ask; nothing here changes the page.
  window.explorer = { labels: () => picture.labels(), spot: (id) => picture.spot(id), shown: () => [...shown().nodes], ties: () => [...shown().edges] };
  begin();
})();
