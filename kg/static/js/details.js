// The panel: what is known of a thing or a tie, and for each fact who says so and where.
"use strict";

kg.details = (() => {
  const { words, graph: g } = kg;
  const { make, data, out, icon, replace, byId } = kg.dom;
  let graph = null;
  let links = null;

  const start = (given, hooks) => { graph = given; links = hooks; };

  const show = (state) => {
    const panel = byId("details");
    const node = graph.nodes.get(state.selected);
    const edge = graph.byEdge.get(state.selected);
    panel.hidden = !node && !edge;
    if (node) replace(panel, thing(node, state));
    if (edge) replace(panel, tie(edge));
    panel.scrollTop = 0;
  };

  const closer = () => make("button", { type: "button", class: "icon close", "aria-label": words.say("close"), on: { click: links.close } }, icon("close"));
  const link = (node, text) => make("a", { href: links.to(node.id), class: "to", "data-to": node.id }, g.swatch(node.group), data(text || g.name(node), words.current()));
  const section = (title, ...content) => make("section", {}, make("h3", {}, title), content);

  const thing = (node, state) => [
    closer(),
    make("p", { class: "kind" }, g.swatch(node.group), g.kind(graph, node.kind)),
    make("h2", {}, data(g.name(node), words.current()), " ", translated(node, words.current())),
    g.otherName(node) && make("p", { class: "other" }, data(g.otherName(node), words.other()), " ", translated(node, words.other())),
    node.aliases.length > 0 && make("p", { class: "aliases" }, words.say("aliases"), ": ",
      node.aliases.map((alias, number) => [number ? ", " : "", data(alias)])),
    make("p", { class: "ids" }, node.date && make("span", { class: "date" }, g.date(node)), " ", identifier(node.id)),
    neighbourhood(node, state),
    facts(node.facts, "facts"),
    ties(graph.outgoing.get(node.id), "ties.out", (edge) => g.predicate(graph, edge.p), (edge) => edge.t),
    ties(graph.incoming.get(node.id), "ties.in", (edge) => g.inverse(graph, edge.p), (edge) => edge.s),
    facts(node.doubted, "doubted"),
  ];

  const tie = (edge) => {
    const [from, to] = [graph.nodes.get(edge.s), graph.nodes.get(edge.t)];
    return [
      closer(),
      make("p", { class: "kind" }, words.say("tie")),
      make("h2", { class: "tie" }, link(from), make("span", { class: "predicate" }, g.predicate(graph, edge.p)), link(to)),
      evidence(edge.ev, edge.origins, true),
    ];
  };

  const translated = (node, lang) => node.translated.includes(lang) && make("span", { class: "mark" }, words.say("translated"));

  const identifier = (id) => make("span", { class: "id" }, make("code", { dir: "ltr" }, id),
    make("button", { type: "button", class: "icon small", "aria-label": words.say("copy", { text: id }), on: { click: () => copy(id) } }, icon("copy")));

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      kg.dom.say(words.say("copied"));
    } catch { // no clipboard on a plain http page or in a frame: the text stands beside the button
      kg.dom.say(words.say("uncopied", { text }));
    }
  };

  const neighbourhood = (node, state) => make("div", { class: "steps", role: "group", "aria-label": words.say("neighbourhood") },
    make("span", { class: "label", "aria-hidden": "true" }, words.say("neighbourhood")),
    make("span", { class: "switch" }, [1, 2, 3].map((n) => make("button", { type: "button", "data-steps": n, "aria-pressed": String(state.focus === n && state.centre === node.id),
      on: { click: () => links.focus(state.focus === n && state.centre === node.id ? 0 : n) } }, n === 1 ? words.say("focus.step") : words.say("focus.steps", { n })))));

  // What is accepted of a thing, or, set apart at the end, what is not.
  const facts = (told, title) => {
    const inReach = (fact) => !fact.lang || fact.lang === words.current()
      || !told.some((other) => other.p === fact.p && other.lang === words.current());
    const shown = told.filter(inReach);
    if (!shown.length) return null;
    return section(words.say(title), make("ul", { class: `facts ${title}` }, shown.map((fact) => make("li", { "data-fact": fact.p },
      make("p", { class: "fact" }, make("span", { class: "predicate" }, g.predicate(graph, fact.p)), " ", value(fact)),
      evidence(fact.ev)))));
  };

  const DATES = new Set(["date", "from", "to", "due", "attestedOn", "earliest", "latest"]);
  const value = (fact) => data(DATES.has(fact.p) ? words.date(fact.v, fact.p === "date") : fact.v, fact.lang || words.current(), { class: "value" });

  const ties = (edges, title, heading, end) => {
    const shown = edges.filter((edge) => graph.nodes.has(end(edge)));
    if (!shown.length) return null;
    const groups = new Map();
    for (const edge of shown) groups.set(edge.p, [...(groups.get(edge.p) || []), edge]);
    return section(words.say(title), [...groups.values()].map((group) => [
      make("h4", {}, heading(group[0]), " ", group.length > 1 && make("span", { class: "count" }, words.number(group.length))),
      make("ul", { class: "ties" }, group.map((edge) => make("li", { "data-edge": edge.id },
        make("p", { class: "fact" }, link(graph.nodes.get(end(edge))), " ", dateOf(graph.nodes.get(end(edge)))),
        evidence(edge.ev, edge.origins)))),
    ]));
  };

  const dateOf = (node) => node.date && make("span", { class: "date" }, g.date(node));

  const evidence = (passages, independent, open = false) => {
    if (!passages.length) return make("p", { class: "bare" }, words.say("evidence.none"));
    const sources = independent || g.origins(graph, passages);
    return make("details", { class: "evidence", open }, make("summary", {},
      `${words.count("evidence", passages.length)} · ${words.count("origins", sources)}`),
    make("ul", {}, passages.map((number) => passage(graph.data.evidence[number]))));
  };

  const passage = (said) => {
    const document_ = graph.data.documents[said.document] || {};
    const speaker = graph.nodes.get(said.speaker);
    const publisher = words.pick(document_.publisher, "");
    const origin = words.pick(document_.originName, "");
    return make("li", { class: "passage", "data-passage": said.id },
      make("p", { class: "title" }, data(document_.title || document_.id || said.id, document_.language)),
      make("p", { class: "about" }, [publisher, document_.kind && g.kind(graph, document_.kind), words.date(document_.date, true),
        document_.language && words.has(`language.${document_.language}`) && words.say(`language.${document_.language}`)]
        .filter(Boolean).map((part, number) => [number ? " · " : "", data(part)])),
      make("p", { class: "where" }, where(said, document_)),
      make("p", { class: "support", "data-support": said.support }, words.say(words.has(`support.${said.support}`) ? `support.${said.support}` : "support")),
      said.note && make("p", { class: "note" }, data(words.pick(said.note, ""))),
      said.speaker && make("p", { class: "speaker" }, words.say("speaker", { name: speaker ? g.name(speaker) : said.speaker })),
      origin && origin !== publisher && make("p", { class: "origin" }, words.say("origin", { name: origin })),
      out(document_.url, words.say("open"), icon("out")));
  };

  const where = (said, document_) => {
    if (said.paragraph === null) return words.say(document_.wholeText === false ? "at.unread" : "at.document");
    return [words.say("at.paragraph", { n: said.paragraph }),
      said.sentence !== null && words.say("at.sentence", { n: said.sentence }),
      said.start !== null && said.end !== null && words.say("at.characters", { start: said.start, end: said.end })]
      .filter(Boolean).map((part, number) => [number ? " · " : "", make("span", { class: "part" }, part)]);
  };

  return { start, show };
})();
