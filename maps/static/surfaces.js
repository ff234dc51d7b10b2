"use strict";
// Two layers that count instead of pointing: density (heat), and governorates shaded by events or by deaths.
globalThis.conflictmap ??= {};
{
  const { words, said } = conflictmap;

  // --- density ---

  const CELL = 5; // pixels of a square that is counted
  const BLUR = 4; // squares of a box blur; three of them are close to a Gaussian of 27 pixels
  const HEAT_RAMP = [[255, 237, 160, 0], [254, 200, 90, 120], [253, 141, 60, 170], [227, 60, 30, 200], [150, 0, 50, 225]];

  /** A box blur of `values` along rows or columns, `reach` squares to each side. */
  function blur(values, width, height, reach, alongRows) {
    const [lines, length, line, step] = alongRows ? [height, width, width, 1] : [width, height, 1, width];
    const result = new Float32Array(values.length);
    for (let a = 0; a < lines; a++) {
      let sum = 0;
      for (let b = -reach; b < length; b++) {
        if (b + reach < length) sum += values[a * line + (b + reach) * step];
        if (b - reach - 1 >= 0) sum -= values[a * line + (b - reach - 1) * step];
        if (b >= 0) result[a * line + b * step] = sum / (2 * reach + 1);
      }
    }
    return result;
  }

  /** Colour of a density from 0 to 1: red, green, blue, opacity (0..255). */
  function heatColour(share) {
    const at = Math.min(0.9999, Math.max(0, share)) * (HEAT_RAMP.length - 1);
    const [low, part] = [Math.floor(at), at % 1];
    return HEAT_RAMP[low].map((value, c) => value + (HEAT_RAMP[low + 1][c] - value) * part);
  }

  /** Density of the events whose place is known as a town or site or near one. */
  const HeatLayer = L.Layer.extend({
    initialize(book) {
      this.book = book;
    },
    /** numbers: the events that are shown; null takes the layer off. */
    show(map, numbers) {
      this.numbers = numbers;
      if (numbers === null) this.remove();
      else if (this._map) this._update();
      else this.addTo(map);
    },
    getEvents() {
      return { moveend: this._update };
    },
    onAdd(map) {
      this.canvas = document.createElement("canvas");
      this.canvas.className = "cm-heat leaflet-zoom-hide";
      map.getPane("cm-heat").append(this.canvas);
      this._update();
    },
    onRemove() {
      this.canvas.remove();
    },
    _update() {
      const size = this._map.getSize();
      const [width, height] = [Math.ceil(size.x / CELL), Math.ceil(size.y / CELL)];
      const margin = 3 * BLUR;
      const [w, h] = [width + 2 * margin, height + 2 * margin];
      let values = new Float32Array(w * h);
      const { lon, lat } = this.book;
      const world = 256 * 2 ** this._map.getZoom();
      const corner = this._map.getPixelBounds().min;
      for (const i of this.numbers) {
        const kind = this.book.kind(i);
        if (kind !== "point" && kind !== "near") continue;
        const [mx, my] = conflictmap.project(lon[i], lat[i]);
        const x = Math.floor((mx * world - corner.x) / CELL) + margin;
        const y = Math.floor((my * world - corner.y) / CELL) + margin;
        if (x >= 0 && x < w && y >= 0 && y < h) values[y * w + x]++;
      }
      for (let pass = 0; pass < 3; pass++) values = blur(blur(values, w, h, BLUR, true), w, h, BLUR, false);
      let most = 0;
      for (const value of values) if (value > most) most = value;
      const image = new ImageData(width, height);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const share = most ? Math.sqrt(values[(y + margin) * w + x + margin] / most) : 0;
          image.data.set(heatColour(share < 0.05 ? 0 : share), 4 * (y * width + x));
        }
      }
      [this.canvas.width, this.canvas.height] = [width, height];
      this.canvas.style.width = `${width * CELL}px`;
      this.canvas.style.height = `${height * CELL}px`;
      this.canvas.getContext("2d").putImageData(image, 0, 0);
      L.DomUtil.setPosition(this.canvas, this._map.containerPointToLayerPoint([0, 0]));
    },
  });

  // --- governorates ---

  const STEPS = 5;

  /** Round limits between the steps of a scale: [1, 2, 5, 10, 20] and the like; a value belongs to the last limit below it. */
  function limitsOf(highest) {
    if (highest <= STEPS) return Array.from({ length: Math.max(1, highest) }, (_, k) => k + 1);
    const limits = [1];
    for (let k = 1; k < STEPS; k++) {
      const raw = highest ** (k / STEPS);
      const power = 10 ** Math.floor(Math.log10(raw));
      const nice = [1, 2, 3, 5, 10].map((n) => n * power).reduce((a, b) => (Math.abs(b - raw) < Math.abs(a - raw) ? b : a));
      if (nice > limits.at(-1)) limits.push(nice);
      else limits.push(limits.at(-1) + 1);
    }
    return limits;
  }

  class Shades {
    constructor(map, base, book) {
      Object.assign(this, { map, base, book });
      this.layer = L.layerGroup().addTo(map);
      this.legend = null; // [{colour, from, to}] while shown
      this.notCounted = 0;
    }

    /** what: "none", "events" or "deaths". Counts the events known at least to a first-level division. */
    show(what, numbers) {
      this.layer.clearLayers();
      this.legend = null;
      if (!this.base || what === "none") return;
      const sums = new Map();
      this.notCounted = 0;
      for (const i of numbers) {
        const unit = this.#unitOf(i);
        if (unit === null) {
          if (this.book.isLocated(i)) this.notCounted++;
          continue;
        }
        const value = what === "events" ? 1 : Math.max(0, this.book.killedLow[i]);
        sums.set(unit, (sums.get(unit) ?? 0) + value);
      }
      const highest = Math.max(0, ...sums.values());
      if (highest === 0) {
        this.legend = [];
        return;
      }
      const limits = limitsOf(highest);
      const colours = limits.map((_, k) => this.colours[Math.round((k * (STEPS - 1)) / Math.max(1, limits.length - 1))]);
      this.legend = limits.map((from, k) => ({ colour: colours[k], from, to: (limits[k + 1] ?? highest + 1) - 1 }));
      this.sums = [];
      for (const [key, value] of [...sums].sort()) {
        if (value === 0) continue;
        const [code, unit] = key.split("/");
        const entry = this.base.divisions.get(code).entries[unit];
        const step = limits.findLastIndex((limit) => value >= limit);
        const text = `${entry.name}: ${what === "events" ? words.events(value) : words.killedAtLeast(value)}`;
        this.sums.push(text);
        const polygon = L.polygon(this.base.unitLatLngs(code, unit), {
          pane: "cm-shades", renderer: (this.renderer ??= L.svg({ pane: "cm-shades", padding: 0.3 })), weight: 0.8, color: "#fff", opacity: 0.6,
          fillColor: colours[step], fillOpacity: 0.82, className: "cm-shade",
        });
        polygon.bindTooltip(() => said("div", text, "cm-tip"), { sticky: true, className: "cm-tooltip" });
        this.layer.addLayer(polygon);
      }
    }

    /** "SY/3" for the division that an event surely lies in; null where it is not known that closely. */
    #unitOf(i) {
      const { book, base } = this;
      const level = book.levelName(i);
      if (level === null || level === "country" || level === "part" || level === "sea_air") return null;
      const code = book.events.country[i];
      if (!base.divisions.has(code)) return null;
      if (book.unit[i] >= 0) return `${code}/${book.unit[i]}`;
      this.known ??= new Map();
      const key = `${book.lon[i]} ${book.lat[i]} ${code}`;
      if (!this.known.has(key)) {
        const unit = base.unitAt(code, book.lon[i], book.lat[i]);
        this.known.set(key, unit === null ? null : `${code}/${unit}`);
      }
      return this.known.get(key);
    }
  }

  Object.assign(conflictmap, { HeatLayer, Shades, limitsOf, heatColour, blur });
}
