// The list: everything the picture shows, as two tables, for the keyboard, screen readers and sharp eyes.
"use strict";

kg.list = (() => {
  const { words, graph: g } = kg;
  const { make, data, replace, byId } = kg.dom;

  let built = "";

  // The tables are built anew only when what they hold has changed; a selection is only marked.
  const show = (graph, view, to) => {
    const key = [words.current(), to(""), ...view.nodes].join(" ");
    if (key !== built) build(graph, view, to);
    built = key;
    for (const link of byId("list").querySelectorAll("a.to")) {
      if (link.dataset.to === view.selected) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };

  const build = (graph, view, to) => {
    const order = [...graph.groups.keys()];
    const things = [...view.nodes].map((id) => graph.nodes.get(id)).sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group)
      || g.name(a).localeCompare(g.name(b), words.current()));
    const place = new Map(things.map((node, number) => [node.id, number]));
    const edges = graph.edges.filter((edge) => view.edges.has(edge.id))
      .sort((a, b) => place.get(a.s) - place.get(b.s) || a.p.localeCompare(b.p) || place.get(a.t) - place.get(b.t));
    const link = (node) => make("a", { href: to(node.id), class: "to", "data-to": node.id }, g.swatch(node.group), data(g.name(node), words.current()));
    byId("list").classList.toggle("empty", !things.length);
    replace(byId("tables"),
      table("things", words.say("list.things", { n: words.number(things.length) }), ["name", "other", "kind", "date", "count"],
        things.map((node) => make("tr", { "data-node": node.id },
          make("th", { scope: "row" }, link(node)),
          make("td", { class: "other" }, data(g.otherName(node), words.other())),
          make("td", { class: "kind" }, g.kind(graph, node.kind)),
          make("td", { class: "wide" }, node.date ? g.date(node) : "–"),
          make("td", { class: "number" }, words.number(node.ties))))),
      table("ties", words.say("list.ties", { n: words.number(edges.length) }), ["from", "tie", "to", "passages"],
        edges.map((edge) => make("tr", { "data-edge": edge.id },
          make("th", { scope: "row" }, link(graph.nodes.get(edge.s))),
          make("td", {}, make("a", { href: to(edge.id), class: "to tie", "data-to": edge.id }, g.predicate(graph, edge.p))),
          make("td", {}, link(graph.nodes.get(edge.t))),
          make("td", { class: "number wide" }, words.number(edge.ev.length))))));
  };

  const WIDE = new Set(["date", "passages"]);
  const table = (id, caption, columns, rows) => make("table", { id: `list-${id}` }, make("caption", {}, caption),
    make("thead", {}, make("tr", {}, columns.map((column) => make("th", { scope: "col",
      class: [column, WIDE.has(column) && "wide", (column === "count" || column === "passages") && "number"].filter(Boolean).join(" ") },
    words.say(`list.${column}`))))),
    make("tbody", {}, rows));

  return { show };
})();
