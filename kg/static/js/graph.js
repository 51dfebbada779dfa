// The graph as read from the page's data block, and what can be asked of it.
"use strict";

kg.graph = (() => {
  // One shape a group, as points in a circle of radius 1; the legend and the picture draw the same ones.
  const polygon = (corners, turn = 0) => Array.from({ length: corners }, (_, corner) => {
    const angle = (2 * Math.PI * corner) / corners + turn - Math.PI / 2;
    return [Math.cos(angle), Math.sin(angle)];
  });
  const star = () => Array.from({ length: 10 }, (_, corner) => {
    const angle = (Math.PI * corner) / 5 - Math.PI / 2;
    const radius = corner % 2 ? 0.48 : 1.12;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  const box = (width, height) => [[-width, -height], [width, -height], [width, height], [-width, height]];
  const scale = (points, by) => points.map(([x, y]) => [x * by, y * by]);
  const SHAPES = {
    Country: star(),
    Organization: box(0.84, 0.84),
    Person: null,
    Office: scale(polygon(5), 1.02),
    Tenure: box(1, 0.5),
    Agreement: scale(polygon(4), 1.12),
    Event: scale(polygon(3), 1.14),
    Series: scale(polygon(3, Math.PI), 1.14),
    Intention: [[-0.75, -0.9], [0.35, -0.9], [1.05, 0], [0.35, 0.9], [-0.75, 0.9], [-0.1, 0]],
    Remark: [[-1, -0.75], [1, -0.75], [1, 0.45], [0, 0.45], [-0.5, 1], [-0.5, 0.45], [-1, 0.45]],
    DiplomaticRelation: [[-1.1, 0], [-0.45, -0.8], [0.45, -0.8], [1.1, 0], [0.45, 0.8], [-0.45, 0.8]],
    Project: scale(polygon(6), 1),
    Place: [[0, 1.15], [-0.85, -0.1], [-0.6, -0.85], [0.6, -0.85], [0.85, -0.1]],
    Topic: null,
    Observation: [[-0.85, 0.85], [-0.85, 0.1], [-0.25, 0.1], [-0.25, -0.4], [0.3, -0.4], [0.3, -0.95], [0.85, -0.95], [0.85, 0.85]],
    Indicator: [[-0.3, -1], [0.3, -1], [0.3, -0.3], [1, -0.3], [1, 0.3], [0.3, 0.3], [0.3, 1], [-0.3, 1], [-0.3, 0.3], [-1, 0.3], [-1, -0.3], [-0.3, -0.3]],
  };
  // The legend's order: who, what they agreed, what happened, what it is about.
  const ORDER = ["Country", "Organization", "Person", "Office", "Tenure", "DiplomaticRelation", "Agreement", "Project",
    "Event", "Series", "Intention", "Remark", "Place", "Topic", "Observation", "Indicator"];

  const read = (data) => {
    const nodes = new Map(data.nodes.map((node) => [node.id, node]));
    const edges = data.edges.filter((edge) => nodes.has(edge.s) && nodes.has(edge.t))
      .map((edge) => ({ ...edge, id: `${edge.s}~${edge.p}~${edge.t}` }));
    const byEdge = new Map(edges.map((edge) => [edge.id, edge]));
    const near = new Map([...nodes.keys()].map((id) => [id, new Set()]));
    const outgoing = new Map([...nodes.keys()].map((id) => [id, []]));
    const incoming = new Map([...nodes.keys()].map((id) => [id, []]));
    for (const edge of edges) {
      near.get(edge.s).add(edge.t);
      near.get(edge.t).add(edge.s);
      outgoing.get(edge.s).push(edge);
      incoming.get(edge.t).push(edge);
    }
    const groups = new Map();
    const place = (group) => (ORDER.includes(group) ? ORDER.indexOf(group) : ORDER.length);
    const sorted = [...nodes.values()].sort((a, b) => place(a.group) - place(b.group) || a.group.localeCompare(b.group));
    for (const node of sorted) groups.set(node.group, (groups.get(node.group) || 0) + 1);
    return { data, nodes, edges, byEdge, near, outgoing, incoming, groups };
  };

  // Above so many things a picture is a hairball: then those with most ties stand for the rest.
  const MANY = 1500;
  const FEW = 600;
  const overview = (graph, nodes, keep) => {
    const wanted = new Set(keep.flatMap((id) => [id, ...graph.near.get(id)]));
    const most = [...nodes].sort((a, b) => b.ties - a.ties || (a.id < b.id ? -1 : 1)).slice(0, FEW);
    for (const node of most) wanted.add(node.id);
    return nodes.filter((node) => wanted.has(node.id));
  };

  // Everything within so many steps of a node, whichever way the ties point; the number of steps for each.
  const around = (graph, id, steps) => {
    const found = new Map([[id, 0]]);
    let ring = [id];
    for (let step = 1; step <= steps; step += 1) {
      const following = [];
      for (const node of ring) {
        for (const other of graph.near.get(node)) {
          if (!found.has(other)) { found.set(other, step); following.push(other); }
        }
      }
      ring = following;
    }
    return found;
  };

  const { words } = kg;
  const name = (node) => node[words.current()];
  const otherName = (node) => (node.en === node.ko ? "" : node[words.other()]);
  // What began goes on, unless the record says when it ended; what happened, happened on one day.
  const date = (node) => words.date(node.date, !node.facts.some((fact) => fact.p === "from"));
  const label = (graph, table, key) => {
    const labels = graph.data[table];
    return words.pick(Object.hasOwn(labels, key) ? labels[key] : null, key);
  };
  // Classes are labelled in lower case; alone on a line they begin with a capital.
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  const kind = (graph, key) => capital(label(graph, "classes", key));
  const predicate = (graph, key) => label(graph, "predicates", key);
  const inverse = (graph, key) => {
    const labels = Object.hasOwn(graph.data.predicates, key) ? graph.data.predicates[key].inverse : null;
    return words.pick(labels, words.say("inverse.of", { predicate: predicate(graph, key) }));
  };

  // How many independent origins stand behind some passages.
  const origins = (graph, passages) => new Set(passages
    .map((number) => graph.data.documents[graph.data.evidence[number].document])
    .filter(Boolean).map((document) => document.origin || document.id)).size;

  const fallback = polygon(8);
  const shape = (group) => (Object.hasOwn(SHAPES, group) ? SHAPES[group] : fallback);
  const isHollow = (group) => group === "Topic" || group === "Tenure" || group === "Indicator";
  const swatch = (group) => {
    const { svg } = kg.dom;
    const points = shape(group);
    const hollow = isHollow(group) ? " hollow" : "";
    return svg("svg", { viewBox: "-1.4 -1.4 2.8 2.8", width: 15, height: 15, "aria-hidden": "true",
      class: `swatch group-${group.replace(/[^A-Za-z]/g, "")}${hollow}` },
    points ? svg("polygon", { points: points.map((point) => point.join(",")).join(" ") })
      : svg("circle", { r: 0.95 }));
  };

  return { read, around, overview, MANY, name, otherName, date, kind, predicate, inverse, origins, shape, isHollow, swatch };
})();
