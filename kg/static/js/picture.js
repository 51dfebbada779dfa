// The picture: vis-network pans, zooms and finds what was hit; shapes and names are drawn by us.
"use strict";

kg.picture = (() => {
  const { graph: g, labels } = kg;
  const stage = () => kg.dom.byId("stage");
  let graph = null;
  let network = null;
  let nodeItems = null;
  let edgeItems = null;
  let palette = {};
  let places = new Map();
  let placed = [];
  let hooks = {};
  let hovered = null;
  let turned = false;
  // What is on show: sets of ids, the selection, what it touches, and the rings of a neighbourhood.
  let view = { nodes: new Set(), edges: new Set(), selected: null, lit: null, litEdges: new Set(), rings: null, centre: null };
  let drawn = new Map();

  const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const touch = () => !matchMedia("(pointer: fine)").matches;

  const readPalette = () => {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    palette = { paper: colour("--paper"), ink: colour("--ink"), soft: colour("--ink-soft"), edge: colour("--edge"),
      faint: colour("--edge-faint"), accent: colour("--accent"), font: getComputedStyle(document.body).fontFamily };
    palette.group = (group) => colour(`--group-${group}`) || palette.soft;
    palette.groups = new Map([...graph.groups.keys()].map((group) => [group, palette.group(group)]));
  };

  // How long a screen pixel is in the picture, gently tied to the zoom so that shapes neither vanish nor bloat.
  const unit = () => {
    const zoom = network.getScale();
    return Math.min(1.35, Math.max(touch() ? 0.72 : 0.8, 0.35 + zoom * 0.65)) / zoom;
  };

  const MINOR = new Set(["Tenure", "Remark", "Observation", "Indicator", "Topic"]);
  const radius = (node) => {
    const size = (MINOR.has(node.group) ? 3.6 : 5) + Math.min(9, 1.15 * Math.sqrt(node.ties));
    if (node.group === "Country") return Math.max(9, Math.min(20, size * 1.4));
    return node.rank < 6 ? Math.max(size * 1.15, 9) : size;
  };

  // In a neighbourhood nothing is dimmed: all of it was asked for.
  const isDim = (id) => Boolean(view.lit && !(view.rings && view.selected === view.centre) && !view.lit.has(id));

  const path = (ctx, group, x, y, r) => {
    const points = g.shape(group);
    ctx.beginPath();
    if (!points) ctx.arc(x, y, r, 0, 2 * Math.PI);
    else points.forEach(([dx, dy], number) => (number ? ctx.lineTo(x + dx * r, y + dy * r) : ctx.moveTo(x + dx * r, y + dy * r)));
    ctx.closePath();
  };

  const drawShape = ({ ctx, id, x, y }) => {
    const node = graph.nodes.get(id);
    const pixel = unit();
    const r = radius(node) * pixel;
    const paint = () => {
      const colour = palette.groups.get(node.group);
      const hollow = g.isHollow(node.group);
      ctx.save();
      // A dimmed shape is still opaque to the lines beneath it.
      path(ctx, node.group, x, y, r + 1.6 * pixel);
      ctx.fillStyle = palette.paper;
      ctx.fill();
      if (isDim(id)) ctx.globalAlpha = 0.16;
      path(ctx, node.group, x, y, r);
      ctx.fillStyle = hollow ? palette.paper : colour;
      ctx.fill();
      if (hollow) { ctx.lineWidth = 1.9 * pixel; ctx.strokeStyle = colour; ctx.stroke(); }
      if (id === view.selected || id === hovered) {
        path(ctx, node.group, x, y, r + 4 * pixel);
        ctx.lineWidth = (id === view.selected ? 2.2 : 1.4) * pixel;
        ctx.strokeStyle = id === view.selected ? palette.accent : palette.soft;
        ctx.stroke();
      }
      ctx.restore();
    };
    return { drawNode: paint, nodeDimensions: { width: r * 2.2, height: r * 2.2 } };
  };

  const edgeStyle = (edge) => {
    const lit = view.litEdges.has(edge.id);
    const country = graph.nodes.get(edge.s).group === "Country" || graph.nodes.get(edge.t).group === "Country";
    const chosen = edge.id === view.selected;
    return {
      id: edge.id,
      hidden: !view.edges.has(edge.id),
      color: { color: lit ? palette.accent : country ? palette.faint : palette.edge, opacity: !lit && (isDim(edge.s) || isDim(edge.t)) ? 0.28 : 1, inherit: false },
      width: chosen ? 3.2 : lit ? 1.6 : country ? 0.8 : 1,
      arrows: { to: { enabled: lit && view.litEdges.size <= 24, scaleFactor: 0.45 } },
    };
  };

  // Ties between the same two things lie side by side.
  const bends = () => {
    const pairs = new Map();
    for (const edge of graph.edges) {
      const key = [edge.s, edge.t].sort().join("\n");
      pairs.set(key, [...(pairs.get(key) || []), edge]);
    }
    const bend = new Map();
    for (const edges of pairs.values()) {
      edges.forEach((edge, number) => {
        const roundness = (number - (edges.length - 1) / 2) * 0.16;
        // A tie the other way round curves the other way: one sign for the pair.
        bend.set(edge.id, edge.s < edge.t ? roundness : -roundness);
      });
    }
    return bend;
  };

  const smooth = (roundness, loop) => {
    if (loop || Math.abs(roundness) < 0.001) return { enabled: false };
    return { enabled: true, type: roundness > 0 ? "curvedCW" : "curvedCCW", roundness: Math.abs(roundness) };
  };

  const start = (given, events) => {
    graph = given;
    hooks = events;
    readPalette();
    const bend = bends();
    places = basePlaces();
    nodeItems = new vis.DataSet([...graph.nodes.values()].map((node) => ({ id: node.id, ...places.get(node.id), hidden: true })));
    edgeItems = new vis.DataSet(graph.edges.map((edge) => ({ id: edge.id, from: edge.s, to: edge.t, hidden: true,
      smooth: smooth(bend.get(edge.id), edge.s === edge.t) })));
    network = new vis.Network(kg.dom.byId("picture"), { nodes: nodeItems, edges: edgeItems }, {
      physics: false,
      layout: { improvedLayout: false, randomSeed: 1 },
      interaction: { hover: !touch(), selectable: false, selectConnectedEdges: false, dragNodes: !touch(), tooltipDelay: 1e9, zoomSpeed: 0.7 },
      nodes: { shape: "custom", ctxRenderer: drawShape, chosen: false, physics: false },
      edges: { chosen: false, selectionWidth: 0, hoverWidth: 0, physics: false },
    });
    network.on("afterDrawing", drawLabels);
    network.on("click", (event) => hooks.choose(hit(event.pointer.DOM)));
    network.on("dragEnd", keepDragged);
    watchPointer();
  };

  // Tall screens see the picture turned: Korea above, Singapore below.
  const isTall = () => stage().clientHeight > stage().clientWidth * 1.1;
  const basePlaces = () => {
    turned = isTall();
    const nodes = [...graph.nodes.values()];
    const reach = (axis) => Math.max(...nodes.map((node) => Math.abs(node[axis])), 1);
    const wanted = (stage().clientWidth || 1) / (stage().clientHeight || 1);
    const given = turned ? reach("y") / reach("x") : reach("x") / reach("y");
    // Drawn out a little towards the window's own proportions, never squeezed.
    const stretch = Math.min(1.4, Math.max(1 / 1.4, wanted / given));
    const [wide, high] = [Math.max(1, stretch), Math.max(1, 1 / stretch)];
    const spot = ({ x, y }) => (turned ? { x: y, y: x } : { x, y });
    return new Map(nodes.map((node) => {
      const at = spot(node);
      return [node.id, { x: Math.round(at.x * wide), y: Math.round(at.y * high) }];
    }));
  };

  // A neighbourhood in rings around its centre, in the order in which the things stand around it anyway.
  const ringPlaces = (rings, centre) => {
    const base = basePlaces();
    const middle = base.get(centre);
    const found = new Map([[centre, { x: 0, y: 0 }]]);
    let inner = 0;
    for (const step of [1, 2, 3]) {
      const ring = [...rings].filter(([, at]) => at === step).map(([id]) => id);
      const angle = (id) => Math.atan2(base.get(id).y - middle.y, base.get(id).x - middle.x);
      ring.sort((a, b) => angle(a) - angle(b) || (a < b ? -1 : 1));
      const reach = Math.max(inner + 130, (ring.length * 64) / (2 * Math.PI));
      ring.forEach((id, number) => {
        const turn = (2 * Math.PI * number) / ring.length + angle(ring[0]);
        // Every second one a little further out, so that names find room.
        const far = reach * (ring.length > 12 && number % 2 ? 1.14 : 1);
        found.set(id, { x: Math.round(far * Math.cos(turn) * 1.25), y: Math.round(far * Math.sin(turn)) });
      });
      if (ring.length) inner = reach;
    }
    return found;
  };
  const RINGED = 60;

  const show = (wanted, options = {}) => {
    const moved = wanted.centre !== view.centre || wanted.rings?.size !== view.rings?.size;
    const before = view.selected;
    view = wanted;
    light();
    if (moved || options.replace) {
      places = basePlaces();
      if (view.rings && view.rings.size <= RINGED) {
        for (const [id, at] of ringPlaces(view.rings, view.centre)) places.set(id, at);
      }
    }
    update(moved || options.replace);
    const chosen = view.selected && view.selected !== before && !matchMedia("(max-width: 820px)").matches;
    if (moved || options.fit || chosen) fit(!options.still);
    network.redraw();
  };

  // What stands out: the selection, what it is tied to, and the ties between.
  const light = () => {
    view.litEdges = new Set();
    view.lit = null;
    if (!view.selected) return;
    const edge = graph.byEdge.get(view.selected);
    if (edge) {
      view.lit = new Set([edge.s, edge.t]);
      view.litEdges.add(edge.id);
      return;
    }
    view.lit = new Set([view.selected]);
    for (const tie of [...graph.outgoing.get(view.selected), ...graph.incoming.get(view.selected)]) {
      if (!view.edges.has(tie.id)) continue;
      view.litEdges.add(tie.id);
      view.lit.add(tie.s).add(tie.t);
    }
  };

  // Only what changed is sent to vis.
  const update = (withPlaces) => {
    const changed = [];
    for (const id of graph.nodes.keys()) {
      const hidden = !view.nodes.has(id);
      if (withPlaces || drawn.get(id) !== hidden) changed.push({ id, hidden, ...places.get(id) });
      drawn.set(id, hidden);
    }
    nodeItems.update(changed);
    const ties = [];
    for (const edge of graph.edges) {
      const style = edgeStyle(edge);
      const mark = JSON.stringify(style);
      if (drawn.get(edge.id) !== mark) { drawn.set(edge.id, mark); ties.push(style); }
    }
    edgeItems.update(ties);
  };

  const repaint = () => { readPalette(); labels.forget(); update(false); network.redraw(); };

  // The part of the stage that no panel covers, in screen pixels.
  const frame = () => {
    const whole = stage().getBoundingClientRect();
    const box = { x: 0, y: 0, w: whole.width, h: whole.height };
    const [panel, chip] = [kg.dom.byId("details"), kg.dom.byId("focus")];
    if (!chip.hidden) {
      box.y = chip.getBoundingClientRect().bottom - whole.top;
      box.h -= box.y;
    }
    if (panel.hidden) return box;
    const cover = panel.getBoundingClientRect();
    if (cover.width > whole.width * 0.8) box.h = Math.max(80, cover.top - whole.top - box.y);
    else box.w = Math.max(80, cover.left - whole.left);
    return box;
  };

  // The boxes of what lies on the picture: no name goes under them.
  const controls = () => {
    const whole = stage().getBoundingClientRect();
    return [...stage().querySelectorAll(".zoom, .status, .focus")].map((element) => element.getBoundingClientRect())
      .filter((box) => box.width > 0).map((box) => ({ x: box.left - whole.left, y: box.top - whole.top, w: box.width, h: box.height }));
  };

  const look = (x, y, zoom, animate) => {
    const free = frame();
    const offset = { x: free.x + free.w / 2 - stage().clientWidth / 2, y: free.y + free.h / 2 - stage().clientHeight / 2 };
    hover(null); // what is under the pointer moves away
    network.moveTo({ position: { x, y }, scale: zoom, offset, animation: animate && !still() ? { duration: 350, easingFunction: "easeInOutQuad" } : false });
  };

  const fit = (animate = true) => {
    const points = [...(view.lit && !view.rings ? view.lit : view.nodes)].map((id) => places.get(id));
    if (!points.length || !stage().clientWidth) return;
    const [left, right] = [Math.min(...points.map((at) => at.x)), Math.max(...points.map((at) => at.x))];
    const [top, bottom] = [Math.min(...points.map((at) => at.y)), Math.max(...points.map((at) => at.y))];
    const free = frame();
    const margin = view.lit ? Math.min(130, free.w * 0.16) : Math.min(60, free.w * 0.075); // room for names
    const zoom = Math.min((free.w - 2 * margin) / Math.max(right - left, 1), (free.h - 2 * Math.min(56, free.h * 0.09)) / Math.max(bottom - top, 1), 1.5);
    look((left + right) / 2, (top + bottom) / 2, Math.max(zoom, 0.02), animate);
  };

  const zoom = (by) => {
    const free = frame();
    const middle = network.DOMtoCanvas({ x: free.x + free.w / 2, y: free.y + free.h / 2 });
    look(middle.x, middle.y, Math.min(6, Math.max(0.05, network.getScale() * by)), true);
  };

  // Bring a thing into the part that can be seen, if it is not there already.
  const reveal = (id) => {
    const edge = graph.byEdge.get(id);
    const ends = edge ? [places.get(edge.s), places.get(edge.t)] : [places.get(id)];
    const free = frame();
    const seen = ends.every((end) => {
      const at = network.canvasToDOM(end);
      return at.x > 40 && at.x < free.w - 40 && at.y > free.y + 30 && at.y < free.y + free.h - 60;
    });
    if (seen || !free.w) return;
    const middle = { x: (ends[0].x + ends[ends.length - 1].x) / 2, y: (ends[0].y + ends[ends.length - 1].y) / 2 };
    look(middle.x, middle.y, network.getScale(), true);
  };

  // What is under a point: the nearest shape within a finger's or pointer's reach, else a tie.
  const hit = (point) => {
    const reach = touch() ? 24 : 6;
    const pixel = unit() * network.getScale();
    let best = null;
    for (const id of view.nodes) {
      const at = network.canvasToDOM(places.get(id));
      const distance = Math.hypot(at.x - point.x, at.y - point.y) - radius(graph.nodes.get(id)) * pixel;
      if (distance < reach && (!best || distance < best.distance)) best = { id, distance };
    }
    if (best) return best.id;
    const label = placed.find((box) => box.node && labels.meets(box, { x: point.x, y: point.y, w: 0.1, h: 0.1 }));
    if (label) return label.id;
    const edge = network.getEdgeAt(point);
    return edge !== undefined && view.edges.has(edge) ? edge : null;
  };

  const keepDragged = () => {
    for (const [id, at] of Object.entries(network.getPositions())) if (places.has(id)) places.set(id, at);
  };

  const watchPointer = () => {
    const picture = kg.dom.byId("picture");
    picture.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "mouse" || event.buttons) return hover(null);
      const box = picture.getBoundingClientRect();
      return hover(hit({ x: event.clientX - box.left, y: event.clientY - box.top }), event.clientX - box.left, event.clientY - box.top);
    });
    picture.addEventListener("pointerleave", () => hover(null));
  };

  const hover = (id, x, y) => {
    const tip = kg.dom.byId("hover");
    kg.dom.byId("picture").classList.toggle("over", Boolean(id));
    tip.hidden = !id;
    if (id) {
      kg.dom.replace(tip, hooks.describe(id));
      const room = stage().clientWidth - tip.offsetWidth - 8;
      // Set through the object model, which the page's policy allows; a style attribute it does not.
      tip.style.left = `${Math.max(8, Math.min(x + 14, room))}px`;
      tip.style.top = `${y + tip.offsetHeight + 30 > stage().clientHeight ? y - tip.offsetHeight - 10 : y + 18}px`;
    }
    const node = graph.nodes.has(id) ? id : null;
    if (node !== hovered) { hovered = node; network.redraw(); }
  };

  const weight = (node) => {
    if (node.id === view.selected) return -2000;
    if (node.id === hovered) return -1500;
    return node.rank - (view.lit?.has(node.id) ? 1000 : 0);
  };

  const nodeWishes = (at) => {
    const near = network.getScale() > 0.95 || view.nodes.size < 60;
    // From afar the small things stay unnamed, unless much hangs on them.
    const speaks = (node) => !isDim(node.id) && (near || view.lit?.has(node.id) || !MINOR.has(node.group) || node.ties > 3);
    const wanted = [...view.nodes].map((id) => graph.nodes.get(id)).filter((node) => speaks(node) || node.id === hovered);
    wanted.sort((a, b) => weight(a) - weight(b));
    // The name of what is chosen stands on the side that its neighbours leave free, and covers none of them.
    const lit = [...(view.lit || [])].map((id) => at.get(id)).filter(Boolean);
    const mean = (axis) => lit.reduce((sum, spot) => sum + spot[axis], 0) / lit.length;
    const middle = lit.length > 1 && { x: mean("x"), y: mean("y") };
    return wanted.map((node) => {
      const chosen = node.id === view.selected;
      const great = node.rank < 5 || chosen;
      const size = great ? (node.group === "Country" ? 15 : 14) : 12;
      const spot = at.get(node.id);
      const centre = chosen ? middle : view.rings && node.id !== view.centre && at.get(view.centre);
      return { ...spot, away: centre && { x: spot.x - centre.x, y: spot.y - centre.y }, id: node.id, node: true, text: g.name(node), size, room: great ? 150 : 124, lines: great ? 3 : 2,
        font: `${great ? "600" : MINOR.has(node.group) ? "400" : "500"} ${size}px ${palette.font}`,
        colour: chosen ? palette.accent : great ? palette.ink : MINOR.has(node.group) ? palette.soft : palette.ink, firm: great || node.rank < 9 || Boolean(view.lit?.has(node.id)), must: chosen };
    });
  };

  // The ties of a selection in words, once a pair, where there are few enough to read.
  const tieWishes = (at) => {
    if (!view.selected || view.litEdges.size > 14) return [];
    const pairs = new Map();
    for (const id of view.litEdges) {
      const edge = graph.byEdge.get(id);
      const key = [edge.s, edge.t].sort().join("\n");
      const words_ = pairs.get(key)?.words || [];
      pairs.set(key, { edge, words: [...words_, g.predicate(graph, edge.p)] });
    }
    return [...pairs.values()].map(({ edge, words: said }) => {
      const [from, to] = [at.get(edge.s), at.get(edge.t)];
      return { id: edge.id, text: [...new Set(said)].join(" · "), size: 11, room: 130, lines: 1, font: `400 11px ${palette.font}`,
        colour: palette.accent, firm: false, r: -7, x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
    });
  };

  const drawLabels = (ctx) => {
    const ratio = ctx.canvas.width / ctx.canvas.clientWidth || 1;
    const pixel = unit() * network.getScale();
    const positions = network.getPositions();
    const at = new Map([...view.nodes].map((id) => {
      const spot = network.canvasToDOM(positions[id] || places.get(id));
      return [id, { id, x: spot.x, y: spot.y, r: radius(graph.nodes.get(id)) * pixel }];
    }));
    ctx.save();
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    // Dimmed shapes do not keep names from their places.
    const solid = [...at.values()].filter((shape) => !isDim(shape.id));
    const free = frame();
    const room = { x: free.x + 6, y: free.y + 6, w: free.w - 12, h: free.h - 12 };
    placed = labels.place(ctx, [...nodeWishes(at), ...tieWishes(at)], solid, room, controls());
    labels.draw(ctx, placed, palette.paper);
    ctx.restore();
  };

  const save = () => new Promise((resolve) => {
    const canvas = kg.dom.byId("picture").querySelector("canvas");
    const copy = document.createElement("canvas");
    [copy.width, copy.height] = [canvas.width, canvas.height];
    const ctx = copy.getContext("2d");
    ctx.fillStyle = palette.paper;
    ctx.fillRect(0, 0, copy.width, copy.height);
    ctx.drawImage(canvas, 0, 0);
    copy.toBlob(resolve, "image/png");
  });

  // The window changed: turn the picture if it must be turned, and fit it again.
  const resized = () => {
    if (!stage().clientWidth) return;
    const replace = isTall() !== turned;
    show({ ...view }, { replace, fit: true, still: true });
  };

  return { start, show, repaint, fit, zoom, reveal, save, resized, labels: () => placed.map(({ id, text, x, y, w, h, node }) => ({ id, text, x, y, w, h, node })),
    spot: (id) => network.canvasToDOM(places.get(id)) };
})();
