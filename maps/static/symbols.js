"use strict";
// The marks: one shape a type, an open diamond for what is only an area, a ring of shares for several events.
globalThis.conflictmap ??= {};
{
  const SVG = "http://www.w3.org/2000/svg";

  function svg(tag, attributes = {}, ...children) {
    const node = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  }

  const polygon = (points) => `M${points.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`).join("L")}Z`;

  const turned = (n, radius, start = -90) =>
    Array.from({ length: n }, (_, i) => {
      const angle = ((start + (360 / n) * i) * Math.PI) / 180;
      const r = typeof radius === "function" ? radius(i) : radius;
      return [r * Math.cos(angle), r * Math.sin(angle)];
    });

  const disc = (r) => `M${-r} 0A${r} ${r} 0 1 1 ${r} 0A${r} ${r} 0 1 1 ${-r} 0Z`;

  /** Outlines of the shapes that maps/style.py names, for a symbol of about radius r. */
  const SHAPES = {
    disc: (r) => disc(0.82 * r),
    square: (r) => polygon(turned(4, 1.08 * r, -135)),
    triangle: (r) => polygon(turned(3, 1.15 * r).map(([x, y]) => [x, y + 0.2 * r])),
    wedge: (r) => polygon(turned(3, 1.15 * r, 90).map(([x, y]) => [x, y - 0.2 * r])),
    hexagon: (r) => polygon(turned(6, r)),
    burst: (r) => polygon(turned(16, (i) => (i % 2 ? 0.58 * r : 1.16 * r))),
    cross: (r) => {
      const [long, short] = [1.02 * r, 0.36 * r];
      const plus = [
        [-short, -long], [short, -long], [short, -short], [long, -short], [long, short], [short, short],
        [short, long], [-short, long], [-short, short], [-long, short], [-long, -short], [-short, -short],
      ];
      return polygon(plus.map(([x, y]) => [(x - y) * Math.SQRT1_2, (x + y) * Math.SQRT1_2]));
    },
  };

  function mark(type, radius, hollow) {
    const path = SHAPES[type.shape](radius);
    const halo = svg("path", { d: path, fill: "none", stroke: "#fff", "stroke-width": 3.2, "stroke-linejoin": "round" });
    const body = svg("path", {
      d: path,
      fill: hollow ? "#fff" : type.colour,
      stroke: hollow ? type.colour : "#fff",
      "stroke-width": hollow ? 2 : 0.8,
      "stroke-linejoin": "round",
    });
    return [halo, body];
  }

  function canvas(size, className, ...children) {
    const half = size / 2;
    const box = { width: size, height: size, viewBox: `${-half} ${-half} ${size} ${size}` };
    return svg("svg", { ...box, class: className, "aria-hidden": "true", focusable: "false" }, ...children);
  }

  const diamond = (r) => polygon(turned(4, r));

  /** Small marks of what people did: a tick, a pencil, a flag; each is drawn around its own middle, 10 pixels wide. */
  const BADGES = {
    checked: () => [svg("path", { d: "M-2.3 .2L-.7 1.9L2.4 -1.9", fill: "none", stroke: "#1f2328", "stroke-width": 1.5, "stroke-linecap": "round", "stroke-linejoin": "round" })],
    corrected: () => [svg("path", { d: "M-2.4 2.4L-1.9 .7L1.3 -2.5L2.5 -1.3L-.7 1.9Z", fill: "#1f2328" })],
  };
  const plate = () => svg("circle", { r: 4.6, fill: "#fff", stroke: "#1f2328", "stroke-width": 0.9 });

  function badge(kind, x, y) {
    const parts = kind === "flagged"
      ? [svg("path", { d: "M-2.6 5V-5L4.6 -2.4L-2.6 .2", fill: "#a3123a", stroke: "#fff", "stroke-width": 3, "paint-order": "stroke", "stroke-linejoin": "round" }), svg("path", { d: "M-2.6 5V-5", stroke: "#a3123a", "stroke-width": 1.6 })]
      : [plate(), ...BADGES[kind]()];
    return svg("g", { class: `cm-badge cm-badge-${kind}`, transform: `translate(${x} ${y})` }, ...parts);
  }

  /** The mark alone, for lists, tables and the key. */
  const badgeIcon = (kind) => svg("svg", { width: 14, height: 14, viewBox: "-7 -7 14 14", class: "cm-badge-icon", "aria-hidden": "true", focusable: "false" }, badge(kind, 0, 0));

  /** The frame around events of others: broken where their place is only an area. */
  const framed = (half, frame, area) =>
    svg("rect", {
      x: -half, y: -half, width: 2 * half, height: 2 * half, rx: 3, fill: "#fff", "fill-opacity": 0.9, stroke: frame, "stroke-width": 1.6,
      ...(area ? { "stroke-dasharray": "3 2" } : {}),
    });

  /**
   * The symbol of one event. options: kind (point, near, area, country), hollow, background, selected, marks (what people
   * did), and frame: the colour of the layer of others that it is in.
   */
  function symbol(type, { kind = "point", hollow = false, background = false, selected = false, marks = [], frame = null } = {}) {
    const area = kind === "area" || kind === "country";
    const scale = background ? 0.76 : 1;
    const parts = [];
    if (selected) parts.push(svg("circle", { r: 15, fill: "#fff", "fill-opacity": 0.75, stroke: "#111", "stroke-width": 2 }));
    if (frame) parts.push(framed(8, frame, area), ...mark(type, 4.6, area).slice(1));
    else if (area) {
      parts.push(
        svg("path", {
          d: diamond(12 * scale), fill: "#fff", "fill-opacity": 0.82, stroke: type.colour, "stroke-width": 1.6,
          "stroke-dasharray": "3 2", "stroke-linejoin": "round",
        }),
      );
      const [, inner] = mark(type, 4.2 * scale, true);
      inner.setAttribute("stroke-width", 1.5);
      parts.push(inner);
    } else {
      parts.push(...mark(type, 8 * scale, hollow));
    }
    if (marks.includes("checked") || marks.includes("corrected")) parts.push(badge(marks.includes("checked") ? "checked" : "corrected", 8.5, 8));
    if (marks.includes("flagged")) parts.push(badge("flagged", 9.5, -9));
    const faded = background || (area && hollow);
    const name = area ? "cm-symbol cm-symbol-area" : "cm-symbol cm-symbol-town";
    return canvas(34, faded && !selected ? `${name} cm-faded` : name, ...parts);
  }

  /** The symbol of several events: how many, and the share of each type in a ring (or in a diamond for areas). */
  function clusterSymbol(types, counts, { area = false, frame = null } = {}) {
    const total = counts.reduce((sum, n) => sum + n, 0);
    const radius = Math.min(24, 12 + 2.6 * Math.log10(total) * 2);
    const ring = radius - 2.5;
    const parts = [];
    if (frame) parts.push(framed(radius - 2.5, frame, area));
    else if (area) {
      parts.push(svg("path", {
        d: diamond(radius + 3), fill: "#fff", "fill-opacity": 0.9, stroke: "#6f5f86", "stroke-width": 1.8,
        "stroke-dasharray": "4 2.5",
      }));
    } else {
      parts.push(svg("circle", { r: radius, fill: "#fff", stroke: "#fff", "stroke-width": 1.5 }));
      const length = 2 * Math.PI * ring;
      let done = 0;
      counts.forEach((n, i) => {
        if (!n) return;
        parts.push(svg("circle", {
          r: ring, fill: "none", stroke: types[i].colour, "stroke-width": 4, transform: "rotate(-90)",
          "stroke-dasharray": `${(length * n) / total} ${length}`, "stroke-dashoffset": (-length * done) / total,
        }));
        done += n;
      });
    }
    const text = svg("text", { "text-anchor": "middle", dy: "0.36em", class: "cm-count" });
    text.textContent = total < 10000 ? String(total) : `${Math.round(total / 1000)}k`;
    parts.push(text);
    const name = area ? "cm-cluster cm-symbol-area" : "cm-cluster";
    return canvas(2 * Math.ceil(radius + 5), name, ...parts);
  }

  Object.assign(conflictmap, { svg, symbol, clusterSymbol, badgeIcon });
}
