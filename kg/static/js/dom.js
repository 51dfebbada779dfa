// Elements made from text nodes only: nothing a label holds can become markup.
"use strict";

kg.dom = (() => {
  const SVG = "http://www.w3.org/2000/svg";
  const byId = (id) => document.getElementById(id);

  const fill = (element, properties, children) => {
    for (const [name, value] of Object.entries(properties || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name === "on") for (const [type, act] of Object.entries(value)) element.addEventListener(type, act);
      else element.setAttribute(name, value === true ? "" : String(value));
    }
    append(element, children);
    return element;
  };

  const append = (element, children) => {
    for (const child of children.flat(9)) {
      if (child === null || child === undefined || child === false || child === "") continue;
      element.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
  };

  const make = (tag, properties, ...children) => fill(document.createElement(tag), properties, children);
  const svg = (tag, properties, ...children) => fill(document.createElementNS(SVG, tag), properties, children);
  const replace = (element, ...children) => { element.replaceChildren(); append(element, children); };

  // Text of the record: isolated, so that its direction of writing ends where it ends.
  const data = (text, lang, properties) => make("bdi", { lang, "data-text": true, ...properties }, text);

  const web = (address) => {
    try {
      const url = new URL(address);
      return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
    } catch {
      return null;
    }
  };

  // A link out of the page, or plain children where the address is no web address.
  const out = (address, ...children) => {
    const href = address ? web(address) : null;
    return href ? make("a", { href, rel: "noopener noreferrer", target: "_blank", class: "out" }, ...children) : null;
  };

  const ICONS = {
    save: ["M8 2v8", "M4.5 7 8 10.5 11.5 7", "M2.5 13.5h11"],
    theme: ["M8 2.5a5.5 5.5 0 1 0 0 11z", "M8 2.5a5.5 5.5 0 0 1 0 11"],
    close: ["m4 4 8 8", "m12 4-8 8"],
    plus: ["M8 3v10", "M3 8h10"],
    minus: ["M3 8h10"],
    fit: ["M3 6V3h3", "M10 3h3v3", "M13 10v3h-3", "M6 13H3v-3"],
    reset: ["M3.5 8a4.5 4.5 0 1 0 1.4-3.2", "M3 2.5v3h3"],
    copy: ["M5.5 5.5h7v7h-7z", "M10.5 5.5v-2h-7v7h2"],
    out: ["M9 3h4v4", "M13 3 7.5 8.5", "M11 9v4H3V5h4"],
  };
  const icon = (name) => svg("svg", { viewBox: "0 0 16 16", width: 16, height: 16, class: "glyph", "aria-hidden": "true" },
    ICONS[name].map((path) => svg("path", { d: path })));

  const say = (text) => { byId("live").textContent = text; };

  return { byId, make, svg, replace, data, out, icon, say };
})();
