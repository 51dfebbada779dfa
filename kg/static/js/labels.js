// Names in the picture: drawn in screen pixels, the weightiest first, each only where it covers nothing.
"use strict";

kg.labels = (() => {
  const widths = new Map();

  const measure = (ctx, text, font) => {
    const key = `${font}|${text}`;
    if (!widths.has(key)) { ctx.font = font; widths.set(key, ctx.measureText(text).width); }
    return widths.get(key);
  };

  // Lines no wider than `room`, at most `most` of them, the last one cut with an ellipsis.
  const wrap = (ctx, text, font, room, most) => {
    const lines = [];
    for (const word of text.split(/\s+/)) {
      const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
      if (lines.length && measure(ctx, longer, font) <= room) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    const cut = lines.length > most;
    const kept = lines.slice(0, most);
    const last = kept.length - 1;
    if (cut || measure(ctx, kept[last], font) > room * 1.25) kept[last] = shorten(ctx, kept[last] + (cut ? "…" : ""), font, room);
    return kept;
  };

  const shorten = (ctx, text, font, room) => {
    if (measure(ctx, text, font) <= room) return text;
    const letters = [...text.replace(/…$/, "")];
    while (letters.length > 1 && measure(ctx, `${letters.join("").trimEnd()}…`, font) > room) letters.pop();
    const cut = letters.join("").trimEnd();
    const words = cut.lastIndexOf(" ") > cut.length / 3 && text.charAt(cut.length) !== " " ? cut.slice(0, cut.lastIndexOf(" ")) : cut;
    return `${words}…`;
  };

  const meets = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

  // A grid of boxes, so that asking "is this free?" looks at the neighbours only.
  const ground = () => {
    const cells = new Map();
    const over = (box, act) => {
      for (let i = Math.floor(box.x / 80); i <= Math.floor((box.x + box.w) / 80); i += 1) {
        for (let j = Math.floor(box.y / 80); j <= Math.floor((box.y + box.h) / 80); j += 1) {
          const key = `${i},${j}`;
          if (act(cells.get(key) || [], key)) return true;
        }
      }
      return false;
    };
    return {
      add: (box) => { over(box, (boxes, key) => { cells.set(key, [...boxes, box]); return false; }); },
      taken: (box, but) => over(box, (boxes) => boxes.some((other) => other !== but && meets(other, box))),
    };
  };

  const spots = (at, w, h) => {
    const gap = at.r + 4;
    return [
      { x: at.x - w / 2, y: at.y + gap, align: "center" },
      { x: at.x + gap + 1, y: at.y - h / 2, align: "left" },
      { x: at.x - gap - w - 1, y: at.y - h / 2, align: "right" },
      { x: at.x - w / 2, y: at.y - gap - h, align: "center" },
      { x: at.x + gap * 0.75, y: at.y + gap * 0.6, align: "left" },
      { x: at.x - gap * 0.75 - w, y: at.y + gap * 0.6, align: "right" },
      { x: at.x + gap * 0.75, y: at.y - gap * 0.6 - h, align: "left" },
      { x: at.x - gap * 0.75 - w, y: at.y - gap * 0.6 - h, align: "right" },
    ];
  };

  // Around a centre names stand on the outer side, where no ties run.
  const outward = (wish) => (a, b) => {
    const far = (spot) => (spot.x + spot.w / 2 - wish.x) * wish.away.x + (spot.y + spot.h / 2 - wish.y) * wish.away.y;
    return far(b) - far(a);
  };

  // Of several boxes the first that covers the fewest shapes besides its own.
  const least = (boxes, shapes, id) => {
    const covered = (box) => [...shapes].filter(([other, shape]) => other !== id && meets(box, shape)).length;
    return boxes.map((box) => ({ box, n: covered(box) })).reduce((a, b) => (b.n < a.n ? b : a), { n: Infinity }).box;
  };

  // wishes: [{id, text, x, y, r, font, size, room, lines, colour, firm}], weightiest first, in screen pixels.
  // `firm` ones may cover lesser shapes when there is no free spot, never those of other firm ones, unless it `must` be named.
  // Nothing is placed outside `frame` or on a `barred` box. Returns those that found a spot.
  const place = (ctx, wishes, shapes, frame, barred) => {
    const shapeGround = ground();
    const firmGround = ground();
    const labelGround = ground();
    const firm = new Set(wishes.filter((wish) => wish.firm).map((wish) => wish.id));
    barred.forEach(labelGround.add);
    const own = new Map();
    for (const shape of shapes) {
      const box = { x: shape.x - shape.r, y: shape.y - shape.r, w: 2 * shape.r, h: 2 * shape.r };
      own.set(shape.id, box);
      shapeGround.add(box);
      if (firm.has(shape.id)) firmGround.add(box);
    }
    const placed = [];
    for (const wish of wishes) {
      const lines = wrap(ctx, wish.text, wish.font, wish.room, wish.lines);
      const w = Math.ceil(Math.max(...lines.map((line) => measure(ctx, line, wish.font)))) + 4;
      const h = Math.ceil(lines.length * wish.size * 1.2) + 2;
      const inside = (spot) => spot.x >= frame.x && spot.y >= frame.y && spot.x + w <= frame.x + frame.w && spot.y + h <= frame.y + frame.h;
      const beside = (further) => {
        const found = spots({ ...wish, r: wish.r + further }, w, h).filter(inside).map((spot) => ({ ...spot, w, h })).filter((box) => !labelGround.taken(box));
        return wish.away ? found.sort(outward(wish)) : found;
      };
      const free = (wish.must ? [0, 10, 20, 32] : [0]).flatMap(beside);
      const clear = (shapes_) => free.find((spot) => !shapes_.taken(spot, own.get(wish.id)));
      const box = clear(shapeGround) || (wish.firm && clear(firmGround)) || (wish.must && least(free, own, wish.id));
      if (box) { labelGround.add(box); placed.push({ ...wish, ...box, text: lines }); }
    }
    return placed;
  };

  const draw = (ctx, placed, halo) => {
    ctx.lineJoin = "round";
    ctx.textBaseline = "top";
    for (const label of placed) {
      ctx.font = label.font;
      ctx.textAlign = label.align;
      ctx.strokeStyle = halo;
      ctx.lineWidth = 4;
      ctx.fillStyle = label.colour;
      const x = label.align === "center" ? label.x + label.w / 2 : label.align === "left" ? label.x + 2 : label.x + label.w - 2;
      label.text.forEach((line, number) => {
        const y = label.y + 2 + number * label.size * 1.2;
        ctx.strokeText(line, x, y);
        ctx.fillText(line, x, y);
      });
    }
  };

  return { place, draw, meets, forget: () => widths.clear() };
})();
