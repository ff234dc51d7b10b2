"use strict";
// The map: clusters, symbols, areas and labels of the events that are shown, and which one is selected.
globalThis.conflictmap ??= {};
{
  const { words, said, svg, symbol, clusterSymbol, Clusters, Labels, meets, HeatLayer, Shades } = conflictmap;
  const MOST_TOWNS = 60; // names of towns at a time
  const ASIDE = [[0, 0], ...[[21, 20], [30, 28]].flatMap(([x, y]) => [[x, -y], [-x, -y], [x, y], [-x, y]])]; // pixels, where an area's symbol may step
  const MOST_AREAS = 40; // distinct areas or circles shaded at a time; more are a grey soup and slow

  /** Square pixels that two boxes which meet have in common. */
  const shared = (a, b) => (Math.min(a[2], b[2]) - Math.max(a[0], b[0])) * (Math.min(a[3], b[3]) - Math.max(a[1], b[1]));

  class MapView {
    /** calls: onSelect(i), onTogether(numbers), onPlace(i), onMove(). */
    constructor(map, book, options, calls) {
      Object.assign(this, { map, book, options, calls });
      this.base = map.conflictmapBase;
      this.shown = [];
      this.beside = [];
      this.selected = null;
      this.#panes();
      map.on("moveend", () => {
        this.draw();
        calls.onMove();
      });
      map.on("click", () => calls.onSelect(null));
    }

    #panes() {
      const pane = (name, zIndex, blind = true) => {
        const node = this.map.createPane(name);
        node.style.zIndex = zIndex;
        if (blind) node.style.pointerEvents = "none";
        return node;
      };
      pane("cm-shades", 300, false);
      pane("cm-heat", 340);
      pane("cm-areas", 350);
      pane("cm-places", 380, false);
      this.labels = new Labels(this.map, pane("cm-labels", 390));
      this.labels.pane.classList.add("leaflet-zoom-hide");
      this.areaRenderer = L.svg({ pane: "cm-areas", padding: 0.5 });
      this.areas = L.layerGroup().addTo(this.map);
      this.placeDots = L.layerGroup();
      this.symbols = L.layerGroup().addTo(this.map);
      this.heat = new HeatLayer(this.book);
      this.shades = new Shades(this.map, this.base, this.book);
      this.hatch = svg("defs", {});
      document.body.append(svg("svg", { width: 0, height: 0, "aria-hidden": "true", class: "cm-defs" }, this.hatch));
    }

    /** Colours by day or by night. */
    setTheme(theme) {
      this.colours = this.book.style.map[theme];
      const { area } = this.colours;
      this.hatch.replaceChildren(
        svg(
          "pattern", { id: "cm-hatch", width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
          svg("rect", { width: 7, height: 7, fill: area, "fill-opacity": 0.09 }),
          svg("line", { x1: 0, y1: 0, x2: 0, y2: 7, stroke: area, "stroke-opacity": 0.36, "stroke-width": 1.4 }),
        ),
      );
      this.base?.show(this.colours);
      this.shades.colours = this.book.style.shades[theme];
      if (this.index) this.applyOptions();
    }

    /** Shows these events, and below them those of others. `quick` is for a moment only: a slider is being dragged. */
    show(shown, { quick = false, beside = [] } = {}) {
      Object.assign(this, { shown, beside });
      const [points, areas] = this.#byKind(shown);
      this.index = [points, areas].map((numbers) => this.#index(numbers, shown.length));
      this.areaEvents = areas;
      this.besideIndex = this.book.beside.map((_, layer) => {
        const [theirPoints, theirAreas] = this.#byKind(beside.filter((i) => this.book.layerOf[i] === layer));
        this.areaEvents = [...this.areaEvents, ...theirAreas];
        return [theirPoints, theirAreas].map((numbers) => this.#index(numbers, theirPoints.length + theirAreas.length));
      });
      this.applyOptions({ quick });
    }

    /** Which of the events have a mark of their own, and which stand for an area. */
    #byKind(numbers) {
      const points = [];
      const areas = [];
      for (const i of numbers) {
        const kind = this.book.kind(i);
        if (kind === "point" || kind === "near") points.push(i);
        else if (kind === "area") areas.push(i);
      }
      return [points, areas];
    }

    #index(numbers, all) {
      const { clusterRadius, manyEvents, manyRadius, maxZoom, types } = this.book.style;
      const radius = all > manyEvents ? manyRadius : clusterRadius;
      return new Clusters(this.book.points, numbers, { radius, maxZoom, types: types.length });
    }

    /** Draws the layers that are switched on. */
    applyOptions({ quick = false } = {}) {
      const { divisions, heat, shade, places } = this.options;
      if (this.base && this.base.showDivisions !== divisions) {
        this.base.showDivisions = divisions;
        this.base.redraw();
      }
      if (!quick) this.shades.show(shade, this.shown);
      this.map.getContainer().classList.toggle("cm-shaded", heat || shade !== "none"); // names then lie on colours
      this.heat.show(this.map, heat ? this.shown : null);
      this.#drawPlaces(places);
      this.draw();
    }

    // --- drawing ---

    symbolOf(i, selected = false) {
      const { book } = this;
      const options = {
        kind: book.kind(i) ?? "point", hollow: book.confidence(i) === "low", background: Boolean(book.isBackground[i]), selected, marks: book.marks(i),
        frame: book.frame(i),
      };
      return symbol(book.type(i), options);
    }

    draw() {
      if (!this.index) return;
      const focused = document.activeElement?.dataset?.key;
      const controls = this.#controls(); // before anything changes, or the browser would lay out the page twice
      this.symbols.clearLayers();
      this.drawn = [];
      this.taken = [];
      this.towns = [];
      const bounds = this.map.getBounds().pad(0.1);
      const box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
      const zoom = Math.min(this.book.style.maxZoom, Math.max(0, Math.round(this.map.getZoom())));
      const around = [Math.max(-180, box[0]), Math.max(-90, box[1]), Math.min(180, box[2]), Math.min(90, box[3])];
      const stepsAside = this.selected !== null && ["area", "country"].includes(this.book.kind(this.selected));
      if (!this.options.heat) {
        if (!stepsAside) this.#drawSelected(false);
        this.#drawIndex(this.index[0], around, zoom, false);
      }
      if (stepsAside || this.options.heat) this.#drawSelected(stepsAside);
      if (!this.options.heat) this.#drawIndex(this.index[1], around, zoom, true);
      for (const [points, areas] of this.besideIndex) {
        this.#drawIndex(points, around, zoom, false);
        this.#drawIndex(areas, around, zoom, true);
      }
      this.#drawAreas();
      this.#drawLabels(controls);
      if (focused) this.map.getPane("markerPane").querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    }

    #drawIndex(index, box, zoom, area) {
      for (const cluster of index.within(box, zoom)) {
        const [i] = cluster.numbers;
        if (cluster.numbers.length > 1) this.#addCluster(index, cluster, area);
        else if (i !== this.selected) {
          this.#addEvent(i, { area });
          if (!area) this.drawn.push(i);
        }
      }
    }

    /** A symbol. One that stands for an area steps aside where a town's symbol is: its point is only representative. */
    #addMarker(latLng, node, { key, label, order, area = false, onClick }) {
      const size = Number(node.getAttribute("width"));
      const point = this.map.latLngToLayerPoint(latLng);
      const boxAt = ([dx, dy], half) => [point.x + dx - half, point.y + dy - half, point.x + dx + half, point.y + dy + half];
      const step = area ? this.#freest((aside) => boxAt(aside, Math.max(8, size / 2 - 9))) : ASIDE[0];
      this.taken.push(boxAt(step, Math.max(9, size / 2 - 6)));

      const icon = L.divIcon({ html: node, className: "cm-icon", iconSize: [size, size], iconAnchor: step.map((d) => size / 2 - d) });
      const marker = L.marker(latLng, { icon, keyboard: true, zIndexOffset: order, riseOnHover: true });
      marker.on("click", onClick);
      this.symbols.addLayer(marker);
      const element = marker.getElement();
      element.dataset.key = key;
      element.setAttribute("aria-label", label);
      element.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        onClick();
      });
      marker.once("mouseover", () => {
        marker.bindTooltip(said("div", label, "cm-tip"), { direction: "top", offset: [step[0], step[1] - 10], className: "cm-tooltip" });
        marker.openTooltip();
      });
    }

    /** The first of the steps aside that leads to a free box, else the one whose box is covered least. */
    #freest(boxAt) {
      let [best, least] = [ASIDE[0], Infinity];
      for (const step of ASIDE) {
        const box = boxAt(step);
        const covered = this.taken.reduce((sum, other) => sum + (meets(other, box) ? shared(other, box) : 0), 0);
        if (covered < least) [best, least] = [step, covered];
        if (covered === 0) break;
      }
      return best;
    }

    #addEvent(i, { selected = false, area = false }) {
      const { book } = this;
      this.#addMarker(book.latLng(i), this.symbolOf(i, selected), {
        key: book.id(i),
        label: [book.beside[book.layerOf[i]]?.name, book.dates(i), `${book.where(i)}: ${book.events.summary[i]}`, ...book.marks(i).map((mark) => words.hand[mark])].filter(Boolean).join(" · "),
        order: selected ? 2000 : book.layerOf[i] >= 0 ? -1500 : book.isBackground[i] ? -500 : 0,
        area: area || book.layerOf[i] >= 0,
        onClick: () => this.calls.onSelect(i),
      });
    }

    #addCluster(index, { lon, lat, numbers, counts, place }, area) {
      const total = numbers.length;
      const layer = this.book.beside[this.book.layerOf[numbers[0]]]?.name;
      const node = clusterSymbol(this.book.style.types, counts, { area, frame: this.book.frame(numbers[0]) });
      if (place && !area) this.towns.push({ text: place, lat, lon, dx: node.getAttribute("width") / 2 - 1 });
      this.#addMarker([lat, lon], node, {
        key: `cluster-${layer ?? ""}-${lat}-${lon}`,
        label: `${layer ? `${layer} · ` : ""}${place ? `${place}: ` : ""}${this.#counted(total)}. ${words.cluster}`,
        order: layer ? -1000 : 500 + Math.min(400, total),
        area: area || layer !== undefined,
        onClick: () => this.#openCluster(index, numbers, [lat, lon]),
      });
    }

    /** "2 events"; the figure that the symbol shows is in it, also where a language has a word for two. */
    #counted(total) {
      const text = words.events(total);
      return text.includes(words.number(total)) ? text : `${words.number(total)} · ${text}`;
    }

    /** Zooms to where a cluster parts; where it cannot (one spot), lists its events. */
    #openCluster(index, numbers, latLng) {
      const zoom = index.partingZoom(numbers, this.map.getZoom());
      if (zoom <= this.book.style.maxZoom) this.map.setView(latLng, zoom);
      else this.calls.onTogether(numbers.sort((a, b) => a - b));
    }

    #drawSelected(area) {
      if (this.selected === null || !this.book.isLocated(this.selected)) return;
      this.#addEvent(this.selected, { selected: true, area });
      if (!area) this.drawn.push(this.selected);
    }

    /** Circles of true size and shaded areas: how far off the symbols may be. */
    #drawAreas() {
      this.areas.clearLayers();
      const seen = new Set();
      const add = (i, strong) => {
        const { outline, key } = this.#extent(i);
        if (seen.has(key) || seen.size >= MOST_AREAS) return;
        seen.add(key);
        for (const layer of this.#shade(i, outline, strong)) this.areas.addLayer(layer);
      };
      if (this.selected !== null && this.book.isLocated(this.selected)) add(this.selected, true);
      if (!this.options.doubt) return;
      const view = this.map.getBounds().pad(0.5);
      const { unit, km } = this.book;
      const isWide = (i) => unit[i] < 0 && km[i] > this.book.style.wideKm;
      for (const i of this.areaEvents) {
        if (seen.size >= MOST_AREAS) break;
        if (!isWide(i) && view.contains(this.book.latLng(i))) add(i, false);
      }
      for (const i of this.drawn) if (this.book.kind(i) === "near") add(i, false);
    }

    /** What an event's uncertainty covers: an outline, or a circle where `outline` is null. */
    #extent(i) {
      const { unit, lon, lat, km } = this.book;
      const country = this.book.events.country[i];
      if (this.book.levelName(i) === "country") {
        const outline = this.base?.country(country);
        if (outline) return { outline, key: country };
      }
      if (unit[i] >= 0 && this.base) {
        const polygons = this.base.unitLatLngs(country, unit[i]);
        return { outline: { polygons, lines: polygons.flat() }, key: `${country}/${unit[i]}` };
      }
      return { outline: null, key: `${lon[i]} ${lat[i]} ${km[i]}` };
    }

    #shade(i, outline, strong) {
      const isNear = this.book.kind(i) === "near" || this.book.kind(i) === "point";
      const colour = isNear ? this.book.type(i).colour : this.colours.area;
      const edge = { renderer: this.areaRenderer, interactive: false, color: colour, weight: strong ? 2 : 1.1, opacity: strong ? 0.95 : 0.6, dashArray: "4 4" };
      const fill = { fillColor: isNear ? colour : "url(#cm-hatch)", fillOpacity: isNear ? (strong ? 0.12 : 0.05) : 1 };
      if (!outline) {
        const className = isNear ? "cm-circle" : "cm-circle cm-area";
        fill.fillOpacity *= isNear || strong ? 1 : 0.6;
        return [L.circle(this.book.latLng(i), { ...edge, ...fill, className, radius: this.book.km[i] * 1000 })];
      }
      return [
        L.polygon(outline.polygons, { ...edge, ...fill, stroke: false, className: "cm-area" }),
        L.polyline(outline.lines, { ...edge, fill: false, className: "cm-area-edge" }),
      ];
    }

    #drawLabels(controls) {
      const { lon, lat, events: { place } } = this.book;
      for (const i of this.drawn) {
        if (this.book.kind(i) === "point" && place[i]) this.towns.push({ text: place[i], lon: lon[i], lat: lat[i], dx: i === this.selected ? 18 : 12 });
      }
      const named = new Set();
      const towns = this.towns
        .filter(({ text }) => !named.has(text) && named.add(text))
        .slice(0, MOST_TOWNS)
        .map((town) => ({ ...town, kind: "town" }));
      const base = this.base?.labels((code, name) => words.country(code, name)) ?? [];
      const countries = base.filter(({ kind }) => kind === "country").sort((a, b) => b.degrees - a.degrees);
      const divisions = base.filter(({ kind }) => kind === "division").sort((a, b) => b.degrees - a.degrees);
      const places = base.filter(({ kind }) => kind === "place"); // the largest come first
      this.labels.show([...towns, ...countries, ...places, ...divisions], [...this.taken, ...controls]);
    }

    /** Where controls lie on the map, as boxes: no name should go on below one. */
    #controls() {
      const frame = this.map.getContainer().getBoundingClientRect();
      const corner = this.map.containerPointToLayerPoint([0, 0]);
      return [...this.map.getContainer().querySelectorAll(".leaflet-control")].map((control) => {
        const box = control.getBoundingClientRect();
        const [left, top] = [box.left - frame.left + corner.x, box.top - frame.top + corner.y];
        return [left, top, left + box.width, top + box.height];
      });
    }

    #drawPlaces(wanted) {
      const { lon, lat, name, native, count } = this.book.places;
      if (!wanted) {
        this.placeDots.remove();
        return;
      }
      if (!this.placeDots.getLayers().length) {
        const renderer = L.canvas({ pane: "cm-places", padding: 0.3 });
        lon.forEach((_, i) => {
          const dot = L.circleMarker([lat[i], lon[i]], { renderer, radius: 4, color: "#5b544a", weight: 1.4, fillColor: "#fff", fillOpacity: 0.9 });
          const label = () => said("div", `${[name[i], native[i]].filter(Boolean).join(" · ")}: ${words.mentions(count[i])}`, "cm-tip");
          dot.bindTooltip(label, { direction: "top", className: "cm-tooltip" });
          dot.on("click", (event) => {
            L.DomEvent.stopPropagation(event);
            this.calls.onPlace(i);
          });
          this.placeDots.addLayer(dot);
        });
      }
      this.placeDots.addTo(this.map);
    }

    // --- selection and view ---

    /** Marks an event as selected (null: none) and moves the map as far as needed to show it. */
    select(i, { reveal = true } = {}) {
      this.selected = i;
      if (i !== null && reveal && this.book.isLocated(i)) this.#reveal(i);
      this.draw();
    }

    /** Moves the map only as far as needed to show the event clear of the key; a country or area as a whole. */
    #reveal(i) {
      const room = this.room();
      const kind = this.book.kind(i);
      if (kind !== "country" && kind !== "area") {
        this.map.panInside(this.book.latLng(i), room);
        return;
      }
      const { outline } = this.#extent(i);
      const box = outline ? L.polygon(outline.polygons).getBounds() : L.latLng(this.book.latLng(i)).toBounds(this.book.km[i] * 2000);
      if (!this.map.getBounds().contains(box)) this.map.fitBounds(box, { maxZoom: Math.max(6, this.map.getZoom()), ...room });
    }

    /** What lies over the map's edges, as paddings for Leaflet. */
    room() {
      const wide = this.map.getContainer().clientWidth > 620;
      const right = wide ? (this.key?.open ? this.key.offsetWidth + 25 : 60) : 25;
      return { paddingTopLeft: [wide ? 60 : 25, 40], paddingBottomRight: [right, 45] };
    }

    fit(box, animate) {
      if (!box) {
        this.map.fitBounds([[-50, -130], [70, 150]], { animate: false });
        return;
      }
      this.map.fitBounds(box, { animate, maxZoom: 9, ...this.room() });
    }

    goTo(lat, lon) {
      this.map.setView([lat, lon], Math.max(8, this.map.getZoom()));
    }
  }

  Object.assign(conflictmap, { MapView });
}
