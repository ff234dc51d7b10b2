"use strict";
// The page: what is shown (filters), where (clusters, symbols, areas), and what is selected.
globalThis.conflictmap ??= {};
{
  const { words, el, said, svg, symbol, clusterSymbol, Labels, Panel, meets } = conflictmap;
  const MOST_TOWNS = 60; // names of towns at a time
  const ASIDE = [[0, 0], [21, -20], [-21, -20], [21, 20], [-21, 20]]; // pixels, where an area's symbol may step
  const MOST_AREAS = 40; // distinct areas or circles shaded at a time; more are a grey soup and slow

  /** The events as read from the page's data, and what can be asked of them. Events are numbers in date order. */
  class Book {
    constructor(data) {
      const { details, ...rest } = data;
      Object.assign(this, rest);
      this.count = data.events.id.length;
      this.packed = details;
      this.unpacked = new Map();
    }
    type = (i) => this.style.types[this.events.type[i]];
    kind = (i) => (this.events.level[i] === null ? null : this.style.levels[this.events.level[i]].kind);
    isLocated = (i) => this.events.lon[i] !== null;
    latLng = (i) => [this.events.lat[i], this.events.lon[i]];
    country = (i) => this.countries[this.events.country[i]] ?? null;
    status = (i) => this.style.status[this.events.status[i]];
    confidence = (i) => this.style.confidence[this.events.confidence[i]];

    total(tab) {
      if (tab === "places") return this.places.id.length;
      return this.events.lon.reduce((sum, lon) => sum + ((lon === null) === (tab === "unlocated") ? 1 : 0), 0);
    }

    dates(i) {
      const { start, end } = this.events;
      return start[i] === null ? words.undated : words.between(words.date(start[i]), words.date(end[i]));
    }

    where(i) {
      const { place, admin1 } = this.events;
      const parts = [place[i], admin1[i], this.country(i)].filter(Boolean);
      return parts.filter((part, n) => parts.indexOf(part) === n).slice(0, 2).join(", ");
    }

    precision(i) {
      return words.precision(this.style.levels[this.events.level[i]].level, this.events.place[i], this.events.km[i]);
    }

    tags(i) {
      const tags = [];
      if (this.events.background[i]) tags.push(words.background);
      if (this.status(i) !== "reported") tags.push(words[this.status(i)]);
      if (this.confidence(i) === "low") tags.push(words.low);
      return tags;
    }

    /** What the evidence panel needs. Beyond a few thousand events it is deflated in chunks of neighbours. */
    async details(i) {
      if (this.packed.plain) return this.packed.plain[i];
      const chunk = Math.floor(i / this.packed.chunk);
      if (!this.unpacked.has(chunk)) {
        const bytes = Uint8Array.from(atob(this.packed.deflated[chunk]), (letter) => letter.charCodeAt(0));
        const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
        this.unpacked.set(chunk, JSON.parse(await new Response(stream).text()));
      }
      return this.unpacked.get(chunk)[i % this.packed.chunk];
    }

    /** The other events of one family. */
    family(i, family) {
      this.families ??= this.packed.plain ? groupBy(this.packed.plain, (details, j) => details.family ?? this.events.id[j]) : new Map();
      return (this.families.get(family) ?? []).filter((j) => j !== i);
    }
  }

  function groupBy(values, keyOf) {
    const groups = new Map();
    values.forEach((value, i) => {
      const key = keyOf(value, i);
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(i);
    });
    return groups;
  }

  class Page {
    constructor(map, data) {
      this.map = map;
      this.base = map.conflictmapBase;
      this.book = new Book(data);
      const { types } = data.style;
      this.filter = {
        types: new Set(types.map((_, i) => i)), background: true, undated: true, doubt: true, divisions: true, places: false,
        from: null, to: null,
      };
      this.selected = null;
      this.#head();
      this.#panes();
      this.panel = new Panel(document.getElementById("cm-panel"), this.book, {
        onSelect: (i) => this.select(i),
        onPlace: (i) => this.#goToPlace(i),
        symbolOf: (i) => this.#symbolOf(i),
      });
      this.#dateTools();
      this.#controls();
      this.base?.show(data.style.map);
      this.#fit(data.view.main, false);
      map.on("moveend", () => this.#draw());
      map.on("click", () => this.selected !== null && this.panel.closeEvent());
      this.apply();
    }

    // --- frame ---

    #head() {
      const { book } = this;
      const range = this.#dateRange((i) => !book.events.background[i]) ?? this.#dateRange(() => true);
      const { articles, publishers, until } = book.stats;
      const missing = book.total("unlocated");
      const facts = [
        words.events(book.count),
        articles == null ? null : `${words.articles(articles)}${publishers ? `, ${words.publishers(publishers)}` : ""}`,
        missing ? words.notLocated(missing) : null,
        until ? words.until(words.isoDate(until)) : null,
      ];
      document.getElementById("cm-head").append(
        said("h1", book.title),
        el("p", { class: "cm-range" }, range ? words.between(...range.map(words.date)) : book.count ? words.undated : words.noEvents),
        el("p", { class: "cm-facts-line" }, facts.filter(Boolean).join(" · ")),
      );
    }

    /** First and last day of the events that `counts` admits, or null. */
    #dateRange(counts) {
      const { start, end } = this.book.events;
      let range = null;
      start.forEach((day, i) => {
        if (day !== null && counts(i)) range = range ? [Math.min(range[0], day), Math.max(range[1], end[i])] : [day, end[i]];
      });
      return range;
    }

    #panes() {
      const pane = (name, zIndex, blind = true) => {
        const node = this.map.createPane(name);
        node.style.zIndex = zIndex;
        if (blind) node.style.pointerEvents = "none";
        return node;
      };
      pane("cm-areas", 350);
      pane("cm-places", 380, false);
      this.labels = new Labels(this.map, pane("cm-labels", 390));
      this.labels.pane.classList.add("leaflet-zoom-hide");
      this.areaRenderer = L.svg({ pane: "cm-areas", padding: 0.5 });
      this.areas = L.layerGroup().addTo(this.map);
      this.placeDots = L.layerGroup();
      this.symbols = L.layerGroup().addTo(this.map);
      const { area } = this.book.style.map;
      const hatch = svg(
        "pattern", { id: "cm-hatch", width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
        svg("rect", { width: 7, height: 7, fill: area, "fill-opacity": 0.09 }),
        svg("line", { x1: 0, y1: 0, x2: 0, y2: 7, stroke: area, "stroke-opacity": 0.36, "stroke-width": 1.4 }),
      );
      document.body.append(svg("svg", { width: 0, height: 0, "aria-hidden": "true", class: "cm-defs" }, svg("defs", {}, hatch)));
    }

    #dateTools() {
      const range = this.#dateRange(() => true);
      if (!range) return;
      const [first, last] = range;
      this.histogram = el("div", { class: "cm-histogram", role: "img", "aria-label": words.eventsOverTime });
      this.histogramRange = range;
      const iso = (day) => new Date(day * 864e5).toISOString().slice(0, 10);
      const input = (name, label) => {
        const field = el("input", { type: "date", min: iso(first), max: iso(last), "aria-label": label, id: `cm-${name}` });
        field.addEventListener("change", () => {
          this.filter[name] = field.value ? Math.round(Date.parse(field.value) / 864e5) : null;
          this.apply();
        });
        return field;
      };
      const [from, to] = [input("from", words.from), input("to", words.to)];
      const reset = el("button", { type: "button", class: "cm-reset" }, words.reset);
      reset.addEventListener("click", () => {
        from.value = to.value = "";
        this.filter.from = this.filter.to = null;
        this.apply();
      });
      this.panel.tools.append(
        first === last ? "" : this.histogram,
        el("div", { class: "cm-dates" }, el("label", { for: "cm-from" }, words.from), from, el("label", { for: "cm-to" }, words.to), to, reset),
      );
    }

    #controls() {
      const control = (position, node) => {
        const made = new L.Control({ position });
        made.onAdd = () => node;
        L.DomEvent.disableClickPropagation(node);
        L.DomEvent.disableScrollPropagation(node);
        made.addTo(this.map);
      };
      const { main, all } = this.book.view;
      if (all && JSON.stringify(main) !== JSON.stringify(all)) {
        const button = (text, box) => el("button", { type: "button", onclick: () => this.#fit(box, true) }, text);
        control("topleft", el("div", { class: "cm-fit leaflet-bar" }, button(words.mainEvents, main), button(words.allEvents, all)));
      }
      if (this.book.count) {
        this.key = this.#key();
        control("topright", this.key);
      }
      const dates = this.book.outlinesSource.map((text) => /(?:about )?\d{4}/.exec(text)?.[0]).filter(Boolean).join("; ");
      control("bottomright", el("div", { class: "cm-attribution" }, words.line(dates)));
    }

    /** The key: what each mark means, how many there are, and a switch for each. */
    #key() {
      const { book, filter } = this;
      const counts = book.style.types.map(() => 0);
      book.events.type.forEach((type) => counts[type]++);
      const row = (checked, onChange, mark, text, count, name) => {
        const box = el("input", { type: "checkbox", "data-layer": name });
        box.checked = checked;
        box.addEventListener("change", () => onChange(box.checked));
        return el("label", { class: "cm-row" }, box, mark, el("span", { class: "cm-row-text" }, text), count == null ? "" : el("span", { class: "cm-n" }, words.number(count)));
      };
      const types = book.style.types.map((type, i) =>
        counts[i] === 0
          ? null
          : row(true, (on) => (on ? filter.types.add(i) : filter.types.delete(i), this.apply()), symbol(type), type.event_type, counts[i], `type-${i}`),
      );
      const sample = book.style.types[5];
      const kinds = ["point", "near", "area", "country"].filter((kind) => book.events.level.some((_, i) => book.kind(i) === kind));
      const meaning = kinds.map((kind) => {
        const mark = symbol(sample, { kind });
        if (kind === "near") mark.prepend(svg("circle", { r: 14, fill: "none", stroke: "#333", "stroke-dasharray": "3 3" }));
        return el("div", { class: "cm-row" }, mark, el("span", { class: "cm-row-text" }, words.kinds[kind]));
      });
      if (book.events.confidence.some((_, i) => book.confidence(i) === "low")) {
        meaning.push(el("div", { class: "cm-row" }, symbol(sample, { hollow: true }), el("span", { class: "cm-row-text" }, words.hollow)));
      }
      const tick = (name, count, then = () => this.apply()) =>
        row(filter[name], (on) => ((filter[name] = on), then()), "", words.layers[name], count, name);
      const backgrounds = book.events.background.reduce((sum, flag) => sum + flag, 0);
      const undated = book.events.start.filter((day) => day === null).length;
      const switches = [
        backgrounds ? tick("background", backgrounds) : null,
        undated ? tick("undated", undated) : null,
        book.places.id.length ? tick("places", book.places.id.length, () => this.#drawPlaces()) : null,
        kinds.includes("near") || kinds.includes("area") ? tick("doubt", null) : null,
        this.base?.divisions.size ? tick("divisions", null, () => this.#toggleDivisions()) : null,
      ].filter(Boolean);
      const section = (title, rows) => (rows.length ? [el("h2", {}, title), ...rows] : []);
      const key = el(
        "details", { class: "cm-key" }, el("summary", {}, words.key),
        el("div", { class: "cm-key-body" }, section(words.types, types.filter(Boolean)), section(words.sure, meaning), section(words.more, switches)),
      );
      key.open = this.map.getContainer().clientWidth > 620;
      return key;
    }

    #toggleDivisions() {
      this.base.showDivisions = this.filter.divisions;
      this.base.redraw();
      this.#draw();
    }

    #fit(box, animate) {
      if (!box) {
        this.map.fitBounds([[-50, -130], [70, 150]], { animate: false });
        return;
      }
      this.map.fitBounds(box, { animate, maxZoom: 9, ...this.#room() });
    }

    // --- what is shown ---

    #passes(i) {
      const { filter } = this;
      const { type, background, start, end } = this.book.events;
      if (!filter.types.has(type[i]) || (background[i] && !filter.background)) return false;
      if (start[i] === null) return filter.undated;
      return (filter.from === null || end[i] >= filter.from) && (filter.to === null || start[i] <= filter.to);
    }

    /** Filters, builds the index of clusters anew, and draws everything. */
    apply() {
      const { book } = this;
      this.shown = [];
      const points = [];
      const areas = [];
      for (let i = 0; i < book.count; i++) {
        if (!this.#passes(i)) continue;
        this.shown.push(i);
        const kind = book.kind(i);
        if (kind === "point" || kind === "near") points.push(this.#feature(i));
        else if (kind === "area") areas.push(this.#feature(i));
      }
      this.pointIndex = this.#index(points);
      this.areaIndex = this.#index(areas);
      this.areaEvents = areas.map((feature) => feature.properties.i);
      this.#drawHistogram();
      this.panel.showLists(this.shown);
      this.#draw();
    }

    #feature = (i) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: [this.book.events.lon[i], this.book.events.lat[i]] },
      properties: { i },
    });

    #index(features) {
      const { type: types, place } = this.book.events;
      const { clusterRadius, manyEvents, manyRadius, maxZoom } = this.book.style;
      const index = new Supercluster({
        radius: features.length > manyEvents ? manyRadius : clusterRadius, extent: 256, maxZoom,
        map: ({ i }) => ({ counts: this.book.style.types.map((_, t) => (t === types[i] ? 1 : 0)), place: place[i] }),
        reduce: (sum, part) => {
          sum.counts = sum.counts.map((n, t) => n + part.counts[t]);
          if (sum.place !== part.place) sum.place = null;
        },
      });
      return index.load(features);
    }

    #drawHistogram() {
      if (!this.histogram) return;
      const [first, last] = this.histogramRange;
      const days = last - first + 1;
      const width = Math.max(1, Math.ceil(days / 60));
      const bins = new Array(Math.ceil(days / width)).fill(0);
      const all = [...bins];
      const { start } = this.book.events;
      for (const day of start) if (day !== null) all[Math.floor((day - first) / width)]++;
      for (const i of this.shown) if (start[i] !== null) bins[Math.floor((start[i] - first) / width)]++;
      const highest = Math.max(1, ...all);
      this.histogram.replaceChildren(
        ...bins.map((n, b) => {
          const [low, high] = [first + b * width, Math.min(last, first + (b + 1) * width - 1)];
          const bar = el("span", { title: `${words.between(words.date(low), words.date(high))}: ${words.events(n)}` });
          bar.style.height = n ? `${Math.max(8, (100 * n) / highest)}%` : "1px";
          return bar;
        }),
      );
    }

    // --- drawing ---

    #symbolOf(i, selected = false) {
      const { book } = this;
      const options = {
        kind: book.kind(i) ?? "point", hollow: book.confidence(i) === "low", background: Boolean(book.events.background[i]), selected,
      };
      return symbol(book.type(i), options);
    }

    #draw() {
      if (!this.pointIndex) return;
      const focused = document.activeElement?.dataset?.key;
      this.symbols.clearLayers();
      this.drawn = [];
      this.taken = [];
      this.towns = [];
      const bounds = this.map.getBounds().pad(0.1);
      const box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
      const zoom = Math.min(this.book.style.maxZoom, Math.max(0, Math.round(this.map.getZoom())));
      const around = [Math.max(-180, box[0]), Math.max(-90, box[1]), Math.min(180, box[2]), Math.min(90, box[3])];
      const stepsAside = this.selected !== null && ["area", "country"].includes(this.book.kind(this.selected));
      if (!stepsAside) this.#drawSelected(false);
      this.#drawIndex(this.pointIndex, around, zoom, false);
      if (stepsAside) this.#drawSelected(true);
      this.#drawIndex(this.areaIndex, around, zoom, true);
      this.#drawAreas();
      this.#drawLabels();
      if (focused) this.map.getPane("markerPane").querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    }

    #drawIndex(index, box, zoom, area) {
      for (const { geometry, properties } of index.getClusters(box, zoom)) {
        const [lon, lat] = geometry.coordinates;
        if (properties.cluster) this.#addCluster(index, lat, lon, properties, area);
        else if (properties.i !== this.selected) {
          this.#addEvent(properties.i, { area });
          if (!area) this.drawn.push(properties.i);
        }
      }
    }

    /** A symbol. One that stands for an area steps aside where a town's symbol is: its point is only representative. */
    #addMarker(latLng, node, { key, label, order, area = false, onClick }) {
      const size = Number(node.getAttribute("width"));
      const point = this.map.latLngToLayerPoint(latLng);
      const boxAt = ([dx, dy], half) => [point.x + dx - half, point.y + dy - half, point.x + dx + half, point.y + dy + half];
      const isFree = (step) => !this.taken.some((box) => meets(box, boxAt(step, 8)));
      const step = area ? (ASIDE.find(isFree) ?? ASIDE[0]) : ASIDE[0];
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

    #addEvent(i, { selected = false, area = false }) {
      const { book } = this;
      this.#addMarker(book.latLng(i), this.#symbolOf(i, selected), {
        key: book.events.id[i],
        label: `${book.dates(i)} · ${book.where(i)}: ${book.events.summary[i]}`,
        order: selected ? 2000 : book.events.background[i] ? -500 : 0,
        area,
        onClick: () => this.select(i),
      });
    }

    #addCluster(index, lat, lon, { cluster_id: id, counts, place }, area) {
      const total = counts.reduce((sum, n) => sum + n, 0);
      const node = clusterSymbol(this.book.style.types, counts, { area });
      if (place && !area) this.towns.push({ text: place, lat, lon, dx: node.getAttribute("width") / 2 - 1 });
      this.#addMarker([lat, lon], node, {
        key: `cluster-${lat}-${lon}`,
        label: `${place ? `${place}: ` : ""}${words.events(total)}. ${words.cluster}`,
        order: 500 + Math.min(400, total),
        area,
        onClick: () => this.#openCluster(index, id, [lat, lon]),
      });
    }

    /** Zooms to where a cluster parts; where it cannot (one spot), lists its events. */
    #openCluster(index, id, latLng) {
      const zoom = index.getClusterExpansionZoom(id);
      if (zoom <= this.book.style.maxZoom && zoom > this.map.getZoom()) {
        this.map.setView(latLng, zoom);
        return;
      }
      const numbers = index.getLeaves(id, Infinity).map(({ properties }) => properties.i);
      this.panel.showTogether(numbers.sort((a, b) => a - b));
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
      if (!this.filter.doubt) return;
      const view = this.map.getBounds().pad(0.5);
      const { unit, km } = this.book.events;
      const isWide = (i) => unit[i] === null && km[i] > this.book.style.wideKm;
      for (const i of this.areaEvents) if (!isWide(i) && view.contains(this.book.latLng(i))) add(i, false);
      for (const i of this.drawn) if (this.book.kind(i) === "near") add(i, false);
    }

    /** What an event's uncertainty covers: an outline, or a circle where `outline` is null. */
    #extent(i) {
      const { level, country, unit, lon, lat, km } = this.book.events;
      if (this.book.style.levels[level[i]].level === "country") {
        const outline = this.base?.country(country[i]);
        if (outline) return { outline, key: country[i] };
      }
      if (unit[i] !== null) {
        const polygons = this.base.unitLatLngs(country[i], unit[i]);
        return { outline: { polygons, lines: polygons.flat() }, key: `${country[i]}/${unit[i]}` };
      }
      return { outline: null, key: `${lon[i]} ${lat[i]} ${km[i]}` };
    }

    #shade(i, outline, strong) {
      const isNear = this.book.kind(i) === "near" || this.book.kind(i) === "point";
      const colour = isNear ? this.book.type(i).colour : this.book.style.map.area;
      const edge = { renderer: this.areaRenderer, interactive: false, color: colour, weight: strong ? 2 : 1.1, opacity: strong ? 0.95 : 0.6, dashArray: "4 4" };
      const fill = { fillColor: isNear ? colour : "url(#cm-hatch)", fillOpacity: isNear ? (strong ? 0.12 : 0.05) : 1 };
      if (!outline) {
        const className = isNear ? "cm-circle" : "cm-circle cm-area";
        fill.fillOpacity *= isNear || strong ? 1 : 0.6;
        return [L.circle(this.book.latLng(i), { ...edge, ...fill, className, radius: this.book.events.km[i] * 1000 })];
      }
      return [
        L.polygon(outline.polygons, { ...edge, ...fill, stroke: false, className: "cm-area" }),
        L.polyline(outline.lines, { ...edge, fill: false, className: "cm-area-edge" }),
      ];
    }

    #drawLabels() {
      const { place, lon, lat } = this.book.events;
      for (const i of this.drawn) {
        if (this.book.kind(i) === "point" && place[i]) this.towns.push({ text: place[i], lon: lon[i], lat: lat[i], dx: i === this.selected ? 18 : 12 });
      }
      const named = new Set();
      const towns = this.towns
        .filter(({ text }) => !named.has(text) && named.add(text))
        .slice(0, MOST_TOWNS)
        .map((town) => ({ ...town, kind: "town" }));
      const base = this.base?.labels() ?? [];
      const countries = base.filter(({ kind }) => kind === "country").sort((a, b) => b.degrees - a.degrees);
      const divisions = base.filter(({ kind }) => kind === "division").sort((a, b) => b.degrees - a.degrees);
      this.labels.show([...towns, ...countries, ...divisions], this.taken);
    }

    #drawPlaces() {
      const { lon, lat, name, native, count } = this.book.places;
      if (!this.filter.places) {
        this.placeDots.remove();
        return;
      }
      if (!this.placeDots.getLayers().length) {
        const renderer = L.canvas({ pane: "cm-places", padding: 0.3 });
        lon.forEach((_, i) => {
          const dot = L.circleMarker([lat[i], lon[i]], { renderer, radius: 4, color: "#5b544a", weight: 1.4, fillColor: "#fff", fillOpacity: 0.9 });
          dot.bindTooltip(said("div", `${[name[i], native[i]].filter(Boolean).join(" · ")}: ${words.mentions(count[i])}`, "cm-tip"), { direction: "top", className: "cm-tooltip" });
          dot.on("click", (event) => {
            L.DomEvent.stopPropagation(event);
            this.panel.showPlace(i);
          });
          this.placeDots.addLayer(dot);
        });
      }
      this.placeDots.addTo(this.map);
    }

    // --- selection ---

    /** Selects an event (null: none): its evidence in the panel, its symbol and area on the map. */
    select(i) {
      this.selected = i;
      if (i === null) {
        this.#draw();
        return;
      }
      this.panel.showEvent(i);
      if (this.book.isLocated(i)) this.#reveal(i);
      this.#draw();
    }

    /** Moves the map only as far as needed to show the event clear of the key; a country or area as a whole. */
    #reveal(i) {
      const room = this.#room();
      const kind = this.book.kind(i);
      if (kind !== "country" && kind !== "area") {
        this.map.panInside(this.book.latLng(i), room);
        return;
      }
      const { outline } = this.#extent(i);
      const box = outline ? L.polygon(outline.polygons).getBounds() : L.latLng(this.book.latLng(i)).toBounds(this.book.events.km[i] * 2000);
      if (!this.map.getBounds().contains(box)) this.map.fitBounds(box, { maxZoom: Math.max(6, this.map.getZoom()), ...room });
    }

    /** What lies over the map's edges, as paddings for Leaflet. */
    #room() {
      const wide = this.map.getContainer().clientWidth > 620;
      const right = wide ? (this.key?.open ? this.key.offsetWidth + 25 : 60) : 25;
      return { paddingTopLeft: [wide ? 60 : 25, 40], paddingBottomRight: [right, 45] };
    }

    #goToPlace(i) {
      const { lon, lat } = this.book.places;
      this.panel.showPlace(i);
      this.map.setView([lat[i], lon[i]], Math.max(8, this.map.getZoom()));
    }
  }

  conflictmap.addEvents = (map, dataId) => {
    const data = JSON.parse(document.getElementById(dataId).textContent);
    map.conflictmapPage = new Page(map, data);
    document.documentElement.dataset.ready = "true";
  };
}
