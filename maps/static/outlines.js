"use strict";
// The base map: arcs decoded once to web-mercator units (0..1) and drawn on one canvas; names as quiet labels.
globalThis.conflictmap ??= {};
{
  const { decodeArc, project, unproject } = conflictmap;
  const WORLD = 256; // pixels of the world at zoom 0

  /** Decoded outlines: arcs, entries with a box for each polygon, and who uses each arc. */
  function decode(outlines, entries) {
    const arcs = outlines.arcs.map((text) => decodeArc(text, outlines.scale));
    const users = arcs.map(() => []);
    entries.forEach((entry, number) => {
      for (const rings of entry.polygons) for (const ring of rings) for (const i of ring) users[i < 0 ? ~i : i].push(number);
      entry.boxes = entry.polygons.map((rings) => boxOf(arcs, rings[0]));
    });
    return { arcs, users, boxes: arcs.map((_, i) => boxOf(arcs, [i])), entries };
  }

  function boxOf(arcs, ring) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    walk(arcs, ring, (x, y) => {
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    });
    return box;
  }

  const within = (a, b) => a[0] >= b[0] && a[1] >= b[1] && a[2] <= b[2] && a[3] <= b[3];

  const meets = (a, b) => a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1];

  /**
   * Calls visit(x, y, first) along a ring of arcs. Where it crosses the 180th meridian x runs on beyond 0..1; a ring
   * around the pole (Antarctica) is closed along the map's edge.
   */
  function walk(arcs, ring, visit) {
    let first = true;
    let lap = 0;
    let start = 0;
    let lastX = 0;
    for (const index of ring) {
      const arc = arcs[index < 0 ? ~index : index];
      const last = arc.length - 2;
      for (let k = first ? 0 : 2; k <= last; k += 2) {
        const i = index < 0 ? last - k : k;
        let x = arc[i] + lap;
        if (first) start = x;
        else if (x - lastX > 0.5) lap--;
        else if (x - lastX < -0.5) lap++;
        x = arc[i] + lap;
        visit(x, arc[i + 1], first);
        lastX = x;
        first = false;
      }
    }
    if (Math.abs(lastX - start) > 0.9) {
      visit(lastX, 1.01, false);
      visit(start, 1.01, false);
    }
  }

  /** How many worlds to the left or right something is drawn too, so that both edges of the map show it. */
  const shifts = (box) => (box[2] > 1 ? [0, -1] : box[0] < 0 ? [0, 1] : [0]);

  const shifted = ([west, north, east, south], shift) => [west - shift, north, east - shift, south];

  /** The polygons of an entry as Leaflet has them: nested [lat, lon]. */
  function latLngs({ arcs }, entry) {
    entry.latLngs ??= entry.polygons.map((rings) => rings.map((ring) => line(arcs, ring)));
    return entry.latLngs;
  }

  function line(arcs, ring) {
    const points = [];
    walk(arcs, ring, (x, y) => points.push(unproject(x, y)));
    return points;
  }

  const Canvas = L.Renderer.extend({
    initialize(base, options) {
      L.setOptions(this, { pane: "cm-base", padding: 0.3, ...options });
      L.stamp(this);
      this._layers = {}; // L.Renderer asks for the paths that it holds; there are none
      this._base = base;
    },
    _initContainer() {
      this._container = document.createElement("canvas");
      this._container.className = "cm-basemap";
    },
    _destroyContainer() {
      this._container.remove();
      delete this._container;
    },
    _updatePaths() {},
    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const size = this._bounds.getSize();
      const ratio = Math.min(2, globalThis.devicePixelRatio || 1);
      L.DomUtil.setPosition(this._container, this._bounds.min);
      this._container.width = ratio * size.x;
      this._container.height = ratio * size.y;
      this._container.style.width = `${size.x}px`;
      this._container.style.height = `${size.y}px`;
      const context = this._container.getContext("2d");
      context.scale(ratio, ratio);
      this._base.draw(context, size, this._origin());
      this.fire("update");
    },
    /** Where the world's corner lies from the canvas's corner, in pixels, and the world's width. */
    _origin() {
      const pixel = this._map.getPixelOrigin().add(this._bounds.min);
      return { x: pixel.x, y: pixel.y, world: WORLD * 2 ** this._zoom };
    },
  });

  class Base {
    constructor({ world, divisions, focus, names, disputed, towns }) {
      this.names = names;
      this.disputed = disputed.flat().map((degrees) => Float64Array.from(degrees.flatMap((_, i) => (i % 2 ? [] : project(degrees[i], degrees[i + 1])))));
      this.towns = towns.map(([text, native, lon, lat, thousands]) => ({
        text, long: native ? `${text} · ${native}` : null, kind: "place", lon, lat, dx: 5, zoom: TOWN_ZOOMS.find(([from]) => thousands >= from)[1],
      }));
      this.focus = new Set(focus);
      this.world = decode(world, world.countries);
      this.divisions = new Map(
        Object.entries(divisions).map(([code, outlines]) => [code, decode(outlines, outlines.units)]),
      );
      this.colours = null; // set by addEvents, which has the style
      this.showDivisions = true;
      this.#sortLines();
    }

    /** Which arcs are drawn as which kind of line. Countries that came with divisions are drawn from those alone. */
    #sortLines() {
      const codes = this.world.entries.map((entry) => entry.code);
      const own = this.world.users.map(
        (users) =>
          !users.some((user) => this.divisions.has(codes[user])) && (users.length === 1 || users[0] !== users[1]),
      );
      this.borders = [[this.world, own.flatMap((draw, i) => (draw ? [i] : []))]];
      this.inner = [];
      for (const [code, part] of this.divisions) {
        const named = (user) => part.entries[user].name !== null;
        const inner = (users) => users.length > 1 && users[0] !== users[1] && users.every(named);
        this.borders.push([part, part.users.flatMap((users, i) => (users.length === 1 ? [i] : []))]);
        if (this.focus.has(code)) this.inner.push([part, part.users.flatMap((users, i) => (inner(users) ? [i] : []))]);
      }
    }

    draw(context, size, origin) {
      const view = [origin.x, origin.y, origin.x + size.x, origin.y + size.y].map((value) => value / origin.world);
      const { land, focus, border, division } = this.colours;
      this.#fill(context, origin, view, this.world, land);
      for (const [code, part] of this.divisions) this.#fill(context, origin, view, part, this.focus.has(code) ? focus : land);
      context.lineJoin = "round";
      if (this.showDivisions) {
        context.setLineDash([4, 3]);
        this.#stroke(context, origin, view, this.inner, division, 1.1);
        context.setLineDash([]);
      }
      this.#stroke(context, origin, view, this.borders, border, 1);
      this.#strokeDisputed(context, origin);
    }

    /** Lines in dispute: dashes, with the border below them, if there is one, wiped out. */
    #strokeDisputed(context, origin) {
      const { land, border } = this.colours;
      for (const [colour, width, dashes] of [[land, 3, []], [border, 1.4, [5, 4]]]) {
        context.beginPath();
        for (const points of this.disputed) {
          trace(context, origin, 0, (visit) => {
            for (let k = 0; k < points.length; k += 2) visit(points[k], points[k + 1], k === 0);
          });
        }
        context.setLineDash(dashes);
        context.strokeStyle = colour;
        context.lineWidth = width;
        context.stroke();
      }
      context.setLineDash([]);
    }

    #fill(context, origin, view, { arcs, entries }, colour) {
      context.beginPath();
      for (const entry of entries) {
        entry.polygons.forEach((rings, i) => {
          for (const shift of shifts(entry.boxes[i])) {
            if (!meets(entry.boxes[i], shifted(view, shift))) continue;
            for (const ring of rings) {
              trace(context, origin, shift, (visit) => walk(arcs, ring, visit));
              context.closePath();
            }
          }
        });
      }
      context.fillStyle = colour;
      context.fill("evenodd");
    }

    #stroke(context, origin, view, groups, colour, width) {
      context.beginPath();
      for (const [part, numbers] of groups) {
        for (const i of numbers) {
          for (const shift of shifts(part.boxes[i])) {
            if (meets(part.boxes[i], shifted(view, shift))) trace(context, origin, shift, (visit) => walk(part.arcs, [i], visit));
          }
        }
      }
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.stroke();
    }

    /**
     * Names with the width in degrees that they have: countries, and divisions where they are drawn. `countryName` gives
     * the name of a country in the reader's language.
     */
    labels(countryName = (_, name) => name) {
      const of = (entries, kind) =>
        entries.flatMap(({ name, label, code }) => {
          if (!label) return [];
          const text = code ? countryName(code, name) : name;
          const native = code ? this.names[code] : null;
          const long = native && native !== text ? `${text} · ${native}` : null;
          return [{ text, long, kind, lon: label[0], lat: label[1], degrees: label[2] }];
        });
      const divisions = [...this.focus].flatMap((code) => of(this.divisions.get(code).entries, "division"));
      return [...of(this.world.entries, "country"), ...(this.showDivisions ? divisions : []), ...this.towns];
    }

    /** A country's polygons and its outer lines, as Leaflet has them; null when it has no outline. */
    country(code) {
      const part = this.divisions.get(code);
      const entry = this.world.entries.find((country) => country.code === code);
      if (!part && !entry) return null;
      if (!part) return { polygons: latLngs(this.world, entry), lines: latLngs(this.world, entry).flat() };
      const outer = part.users.flatMap((users, i) => (users.length === 1 ? [i] : []));
      return {
        polygons: part.entries.flatMap((unit) => latLngs(part, unit)),
        lines: outer.map((i) => line(part.arcs, [i])),
      };
    }

    /** Number of the division of a country that a point lies in; null when it lies in none that has a name. */
    unitAt(code, lon, lat) {
      const part = this.divisions.get(code);
      if (!part) return null;
      const [x, y] = project(lon, lat);
      const found = part.entries.findIndex(
        ({ name, polygons, boxes }) =>
          name !== null && polygons.some((rings, i) => meets(boxes[i], [x, y, x, y]) && isInside(part.arcs, rings, x, y)),
      );
      return found < 0 ? null : found;
    }

    unitLatLngs(code, unit) {
      const part = this.divisions.get(code);
      return part ? latLngs(part, part.entries[unit]) : null;
    }
  }

  /** Whether a point lies in a polygon: an odd number of its edges lie to the east. */
  function isInside(arcs, rings, x, y) {
    let odd = false;
    for (const ring of rings) {
      let [lastX, lastY] = [0, 0];
      walk(arcs, ring, (px, py, first) => {
        if (!first && py > y !== lastY > y && x < ((lastX - px) * (y - py)) / (lastY - py) + px) odd = !odd;
        [lastX, lastY] = [px, py];
      });
    }
    return odd;
  }

  /** Draws a line, leaving out points that fall on the last one's pixel. */
  function trace(context, origin, shift, walkAlong) {
    let lastX = Infinity;
    let lastY = Infinity;
    walkAlong((x, y, first) => {
      const px = (x + shift) * origin.world - origin.x;
      const py = y * origin.world - origin.y;
      if (first) context.moveTo(px, py);
      else if (Math.abs(px - lastX) + Math.abs(py - lastY) < 0.8) return;
      else context.lineTo(px, py);
      lastX = px;
      lastY = py;
    });
  }

  /** Labels that do not touch: placed in the order given, each only where there is room. */
  class Labels {
    constructor(map, pane) {
      this.map = map;
      this.pane = pane;
      this.measure = document.createElement("canvas").getContext("2d");
      this.sizes = new Map();
    }

    width(text, font) {
      const key = `${font}|${text}`;
      if (!this.sizes.has(key)) {
        this.measure.font = font;
        this.sizes.set(key, this.measure.measureText(text).width);
      }
      return this.sizes.get(key);
    }

    /**
     * labels: {text, long?, kind, lon, lat, degrees?, dx?, zoom?}; `long` is tried before `text`. taken: boxes in pixels
     * that must stay free. A larger town that has a label as the place of an event gets no second one.
     */
    show(labels, taken) {
      this.pane.replaceChildren();
      const bounds = this.map.getBounds().pad(0.05);
      const zoom = this.map.getZoom();
      const corner = this.map.containerPointToLayerPoint([0, 0]);
      this.view = [corner.x, corner.y, corner.x + this.map.getSize().x, corner.y + this.map.getSize().y];
      const boxes = [...taken];
      const named = new Set(labels.filter(({ kind }) => kind === "town").map(({ text }) => text));
      for (const label of labels) {
        if (zoom < (label.zoom ?? LABEL_STYLES[label.kind].zoom) || !bounds.contains([label.lat, label.lon])) continue;
        if (label.kind === "place" && named.has(label.text)) continue;
        if (!label.long || !this.#place(label, label.long, zoom, boxes)) this.#place(label, label.text, zoom, boxes);
      }
    }

    /** Adds a label with these words where there is room for them; says whether there was. */
    #place(label, words, zoom, boxes) {
      const style = LABEL_STYLES[label.kind];
      const text = style.upper ? words.toLocaleUpperCase(document.documentElement.lang || "en") : words;
      const width = this.width(text, style.font) + text.length * style.spacing + 4;
      const room = label.degrees == null ? Infinity : (label.degrees / 360) * WORLD * 2 ** zoom;
      if (width > room * 1.05) return false;
      const point = this.map.latLngToLayerPoint([label.lat, label.lon]);
      const left = label.dx == null ? point.x - width / 2 : point.x + label.dx;
      const box = [label.kind === "place" ? left - 8 : left, point.y - style.height / 2, left + width, point.y + style.height / 2];
      if (!within(box, this.view) || boxes.some((other) => meets(box, other))) return false;
      boxes.push(box);
      const node = document.createElement("div");
      node.className = `cm-label cm-label-${label.kind}`;
      node.dir = "auto";
      node.textContent = text;
      L.DomUtil.setPosition(node, L.point(Math.round(left), Math.round(box[1])));
      this.pane.append(node);
      return true;
    }
  }

  /** Thousands of inhabitants from which a town is named, by zoom. */
  const TOWN_ZOOMS = [[5000, 4], [1000, 5], [300, 6], [100, 7], [30, 8], [0, 9]];

  const LABEL_STYLES = {
    country: { font: "600 12px Helvetica, Arial, sans-serif", spacing: 1.5, height: 16, zoom: 2.5, upper: true },
    division: { font: "italic 11.5px Georgia, serif", spacing: 0.3, height: 14, zoom: 6, upper: false },
    town: { font: "600 11.5px Helvetica, Arial, sans-serif", spacing: 0, height: 14, zoom: 5, upper: false },
    place: { font: "11px Helvetica, Arial, sans-serif", spacing: 0, height: 14, zoom: 4, upper: false },
  };

  conflictmap.addBaseMap = (map, dataId) => {
    const base = new Base(JSON.parse(document.getElementById(dataId).textContent));
    const pane = map.createPane("cm-base");
    pane.style.zIndex = 150;
    pane.style.pointerEvents = "none";
    map.conflictmapBase = base;
    base.renderer = new Canvas(base);
    base.show = (colours) => {
      base.colours = colours;
      map.getContainer().style.backgroundColor = colours.sea;
      if (map.hasLayer(base.renderer)) base.redraw();
      else base.renderer.addTo(map);
    };
    base.redraw = () => base.renderer._update();
  };

  Object.assign(conflictmap, { Labels, LABEL_STYLES, meets });
}
