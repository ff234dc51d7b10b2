"use strict";
// The view as a picture (PNG) and as a print: map, title, dates, filters in words, legend, sources, caveat.
globalThis.conflictmap ??= {};
{
  const { words, el, said, svg, LABEL_STYLES, saveAs, fileStem } = conflictmap;
  const SCALE = 2; // pixels of the picture for one of the screen
  const MARGIN = 24;
  const SANS = '"Helvetica Neue", Helvetica, Arial, "Noto Sans", "DejaVu Sans", sans-serif';
  const SERIF = 'Georgia, "Times New Roman", "Noto Serif", serif';
  const MOST_SIDE = 8000; // pixels; beyond it browsers give an empty canvas

  /** An SVG element as an image. It must hold all that it needs. */
  function imageOf(node) {
    return new Promise((resolve, reject) => {
      const image = new Image();
      image.onload = () => resolve(image);
      image.onerror = reject;
      image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(node))}`;
    });
  }

  /** A copy with what the style sheet would say. */
  function styled(node) {
    const copy = node.cloneNode(true);
    copy.querySelectorAll(".cm-badge-flagged").forEach((flag) => flag.remove()); // a reader's own
    copy.querySelectorAll(".cm-count").forEach((text) => {
      text.setAttribute("style", `font: 700 11.5px ${SANS.replaceAll('"', "'")}; fill: #1f2328`);
    });
    if (copy.classList.contains("cm-faded")) copy.setAttribute("opacity", "0.62");
    return copy;
  }

  /** The SVG children of some elements, put together where they stand on the map. */
  async function drawSvg(context, nodes, frame) {
    if (!nodes.length) return;
    const whole = svg("svg", { width: frame.width, height: frame.height, viewBox: `0 0 ${frame.width} ${frame.height}` });
    const defs = document.querySelector(".cm-defs defs");
    if (defs) whole.append(defs.cloneNode(true));
    for (const node of nodes) {
      const box = node.getBoundingClientRect();
      const copy = styled(node);
      copy.removeAttribute("style");
      if (node.classList.contains("cm-faded")) copy.setAttribute("opacity", "0.62");
      for (const [name, value] of Object.entries({ x: box.left - frame.left, y: box.top - frame.top, width: box.width, height: box.height })) copy.setAttribute(name, value);
      whole.append(copy);
    }
    context.drawImage(await imageOf(whole), 0, 0, frame.width, frame.height);
  }

  function drawLabels(context, root, frame, colours) {
    for (const label of root.querySelectorAll(".cm-label")) {
      const kind = Object.keys(LABEL_STYLES).find((name) => label.classList.contains(`cm-label-${name}`));
      const box = label.getBoundingClientRect();
      context.font = LABEL_STYLES[kind].font;
      context.letterSpacing = `${LABEL_STYLES[kind].spacing}px`;
      context.fillStyle = getComputedStyle(label).color;
      context.strokeStyle = colours.focus;
      context.lineWidth = 2.5;
      context.textBaseline = "middle";
      context.textAlign = "left";
      const [x, y] = [box.left - frame.left, box.top - frame.top + box.height / 2];
      if (kind === "place") context.fillRect(x - 6, y - 1.5, 3, 3); // its dot
      context.strokeText(label.textContent, x, y);
      context.fillText(label.textContent, x, y);
    }
    context.letterSpacing = "0px";
  }

  /** Lines of text no wider than `width`. A word that is too long is cut. */
  function wrap(context, text, width) {
    const lines = [""];
    for (const word of text.split(/\s+/)) {
      const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
      if (context.measureText(longer).width <= width) {
        lines[lines.length - 1] = longer;
        continue;
      }
      let rest = word;
      if (lines.at(-1)) lines.push("");
      while (rest && context.measureText(rest).width > width) {
        let n = rest.length - 1;
        while (n > 1 && context.measureText(rest.slice(0, n)).width > width) n--;
        lines[lines.length - 1] = rest.slice(0, n);
        rest = rest.slice(n);
        lines.push("");
      }
      lines[lines.length - 1] = rest;
    }
    return lines;
  }

  /** The map as it is on the screen, on a canvas of its own. */
  async function mapCanvas(map, colours) {
    const container = map.getContainer();
    const frame = container.getBoundingClientRect();
    const scale = Math.min(SCALE, MOST_SIDE / frame.width);
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [frame.width * scale, frame.height * scale];
    const context = canvas.getContext("2d");
    context.scale(scale, scale);
    context.fillStyle = colours.sea;
    context.fillRect(0, 0, frame.width, frame.height);
    const panes = [...container.querySelectorAll(".leaflet-map-pane .leaflet-pane")].sort(
      (a, b) => Number(getComputedStyle(a).zIndex) - Number(getComputedStyle(b).zIndex),
    );
    for (const pane of panes) {
      for (const node of pane.children) {
        if (node.tagName !== "CANVAS" || node.width === 0) continue;
        const box = node.getBoundingClientRect();
        context.drawImage(node, box.left - frame.left, box.top - frame.top, box.width, box.height);
      }
      await drawSvg(context, [...pane.children].filter((node) => node.tagName === "svg" && node.querySelector("path")), frame);
      if (pane.querySelector(":scope > .cm-label")) drawLabels(context, pane, frame, colours);
      const icons = [...pane.querySelectorAll(":scope > .leaflet-marker-icon")].sort((a, b) => Number(a.style.zIndex) - Number(b.style.zIndex));
      await drawSvg(context, icons.map((icon) => icon.querySelector("svg")).filter(Boolean), frame);
    }
    return { canvas, width: frame.width, height: frame.height };
  }

  /** The whole picture. `frame` holds texts: title, range, filters, sources, caveat; `legend` as Key gives it. */
  async function picture(map, colours, frame, legend) {
    const view = await mapCanvas(map, colours);
    const width = Math.max(480, view.width) + 2 * MARGIN;
    const inner = width - 2 * MARGIN;
    const scale = Math.min(SCALE, MOST_SIDE / width);
    const rtl = document.documentElement.dir === "rtl";
    const probe = document.createElement("canvas").getContext("2d");
    const blocks = [
      { text: frame.title, font: `700 24px ${SERIF}`, line: 30, colour: "#1f2328" },
      { text: frame.range, font: `16px ${SERIF}`, line: 23, colour: "#1f2328" },
      { text: frame.filters, font: `13px ${SANS}`, line: 19, colour: "#5c6068" },
      "map",
      "legend",
      ...[frame.caveat, frame.sources].map((text) => ({ text, font: `11.5px ${SANS}`, line: 16, colour: "#5c6068" })),
    ].filter((block) => typeof block === "string" || block.text);
    for (const block of blocks) {
      if (!block.text) continue;
      probe.font = block.font;
      block.lines = wrap(probe, block.text.slice(0, 1000), inner);
    }
    const items = [...legend.types, ...legend.places, ...legend.people, ...legend.shades];
    probe.font = `12.5px ${SANS}`;
    const rows = [[]];
    let x = 0;
    for (const item of items) {
      const wide = 40 + probe.measureText(item.text).width + 18;
      if (x + wide > inner && x > 0) {
        rows.push([]);
        x = 0;
      }
      rows.at(-1).push({ ...item, x, wide });
      x += wide;
    }
    const heights = blocks.map((block) => (block === "map" ? view.height + 16 : block === "legend" ? rows.length * 30 + 12 : block.lines.length * block.line));
    const height = heights.reduce((sum, h) => sum + h, 2 * MARGIN);
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width * scale, height * scale];
    const context = canvas.getContext("2d");
    context.scale(scale, scale);
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, height);
    context.direction = rtl ? "rtl" : "ltr";
    let y = MARGIN;
    for (const [n, block] of blocks.entries()) {
      if (block === "map") {
        context.drawImage(view.canvas, MARGIN, y + 6, view.width, view.height);
        context.strokeStyle = "#a29a8d";
        context.strokeRect(MARGIN, y + 6, view.width, view.height);
      } else if (block === "legend") {
        for (const [r, row] of rows.entries()) {
          for (const { mark, text, x: at, wide } of row) {
            const left = rtl ? width - MARGIN - at - wide + 18 : MARGIN + at;
            const copy = styled(mark);
            context.drawImage(await imageOf(copy), rtl ? left + wide - 52 : left, y + 2 + r * 30, 28, 28);
            context.font = `12.5px ${SANS}`;
            context.fillStyle = "#1f2328";
            context.textBaseline = "middle";
            context.textAlign = rtl ? "right" : "left";
            context.fillText(text, rtl ? left + wide - 58 : left + 34, y + 16 + r * 30);
          }
        }
      } else {
        context.font = block.font;
        context.fillStyle = block.colour;
        context.textBaseline = "top";
        context.textAlign = rtl ? "right" : "left";
        block.lines.forEach((line, k) => context.fillText(line, rtl ? width - MARGIN : MARGIN, y + 3 + k * block.line));
      }
      y += heights[n];
    }
    return canvas;
  }

  async function savePicture(map, colours, frame, legend) {
    const canvas = await picture(map, colours, frame, legend);
    const blob = await new Promise((resolve) => {
      canvas.toBlob(resolve, "image/png");
    });
    saveAs(`${fileStem(frame.title)}.png`, blob);
  }

  // --- print ---

  /** Millimetres of the page inside its margins, lying, and the map's share of them. */
  const PAPERS = { A4: [277, 190], A3: [400, 277] };
  const PIXELS_PER_MM = 96 / 25.4;

  /** Prepares the page for the printer and puts it back afterwards, also when the reader uses the browser's own menu. */
  class Print {
    /** texts() gives the frame, legend() the marks; redraw() lets the map take its new size. */
    constructor(map, { texts, legend, redraw }) {
      Object.assign(this, { map, texts, legend, redraw });
      this.paper = "A4";
      this.style = el("style");
      this.extra = el("section", { id: "cm-print", "aria-hidden": "true" });
      document.head.append(this.style);
      document.body.append(this.extra);
      this.#setPaper("A4");
      addEventListener("beforeprint", () => this.prepare());
      addEventListener("afterprint", () => this.restore());
    }

    #setPaper(paper) {
      this.paper = paper;
      this.style.textContent = `@page { size: ${paper} landscape; margin: 10mm; }`;
    }

    print(paper) {
      this.#setPaper(paper);
      globalThis.print();
    }

    prepare() {
      if (this.before) return;
      const [width, height] = PAPERS[this.paper].map((mm) => Math.floor(mm * PIXELS_PER_MM));
      const root = document.documentElement;
      this.before = { center: this.map.getCenter(), zoom: this.map.getZoom(), size: this.map.getSize() };
      root.classList.add("cm-printing");
      root.style.setProperty("--cm-print-width", `${width - 225}px`);
      root.style.setProperty("--cm-print-height", `${height - 165}px`);
      this.redraw();
      const { title, range, filters, sources, caveat, facts } = this.texts();
      const { types, places, people, shades } = this.legend();
      const list = (items) => el("ul", {}, items.map(({ mark, text }) => el("li", {}, mark, el("span", {}, text))));
      this.extra.replaceChildren(
        el("div", { class: "cm-print-head" }, said("h1", title), el("p", {}, range), el("p", {}, facts), el("p", {}, filters)),
        el("div", { class: "cm-print-legend" }, el("h2", {}, words.legend), list(types), list(places), people.length ? list(people) : "", shades.length ? list(shades) : ""),
        el("div", { class: "cm-print-foot" }, el("p", {}, caveat), el("p", {}, sources)),
      );
      this.map.invalidateSize({ animate: false, pan: false });
      const [before, after] = [this.before.size, this.map.getSize()];
      const zoom = this.before.zoom + Math.log2(Math.max(0.2, Math.min(after.x / before.x, after.y / before.y)));
      this.map.setView(this.before.center, Math.floor(zoom * 4) / 4, { animate: false });
    }

    restore() {
      if (!this.before) return;
      const { center, zoom } = this.before;
      this.before = null;
      document.documentElement.classList.remove("cm-printing");
      this.map.invalidateSize({ animate: false, pan: false });
      this.map.setView(center, zoom, { animate: false });
      this.redraw();
    }
  }

  Object.assign(conflictmap, { picture, savePicture, Print });
}
