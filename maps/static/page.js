"use strict";
// The page: puts the views together, and keeps filter, selection, language and link in step.
globalThis.conflictmap ??= {};
{
  const { words, useLanguage, LANGUAGES, el, said, copyButton, Book, Filter, MapView, Timeline, Table, Search, Filters, Panel, Key, Print, downloads, savePicture, flagsOf, FlagViews } = conflictmap;
  const SETTLE_MS = 220; // after the last move of a slider everything is drawn in full
  const LINK_MS = 300;
  const MANY = 5000; // events beyond which lists wait until a slider rests
  const SHADES = ["none", "events", "deaths"];

  class Page {
    constructor(map, data) {
      this.map = map;
      this.book = new Book(data);
      this.book.flags = flagsOf(this.book);
      this.filter = new Filter(this.book);
      this.options = { doubt: true, divisions: true, places: false, heat: false, shade: "none" };
      this.selected = null;
      this.theme = null; // "light" or "dark" once the reader has chosen
      const onChange = (changes, options) => this.change(changes, options);
      const onSelect = (i, options) => this.select(i, options);
      const at = (id) => document.getElementById(id);

      this.view = new MapView(map, this.book, this.options, {
        onSelect, onTogether: (numbers) => this.#together(numbers), onPlace: (i) => this.#place(i, false), onMove: () => this.#linkLater(),
      });
      const symbolOf = (i) => this.view.symbolOf(i);
      this.key = new Key(this.book, this.filter, this.options, { onFilter: onChange, onOptions: (changes) => this.setOptions(changes), shades: this.view.shades });
      this.search = new Search(this.book, this.filter, { onChange, onReset: () => this.resetFilter(), onGoTo: (lat, lon) => this.view.goTo(lat, lon) });
      this.filters = new Filters(this.book, this.filter, { onChange, onRedraw: () => this.panel.redraw() });
      this.flagViews = new FlagViews(this.book, { onChange: () => this.#showFlags() });
      this.panel = new Panel(at("cm-panel"), this.book, { onSelect, onPlace: (i) => this.#place(i, true), symbolOf, filters: this.filters, search: this.search, flags: this.flagViews });
      this.timeline = new Timeline(at("cm-time"), this.book, this.filter, { onChange });
      this.table = new Table(at("cm-table"), this.book, { onSelect: (i, options) => this.select(i, { fromTable: true, ...options }), symbolOf });
      this.print = new Print(map, { texts: () => this.#texts(), legend: () => this.key.legend(), redraw: () => this.#setTheme() });
      this.#controls();

      this.panel.shown = this.table.shown = this.filter.shown;
      this.#restore();
      this.isReady = true;
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#setTheme());
      matchMedia("(prefers-reduced-motion: reduce)").addEventListener("change", () => this.timeline.build());
      addEventListener("hashchange", () => location.hash.slice(1) !== this.link && this.#restore());
      addEventListener("pointerdown", ({ target }) => !this.menu.contains(target) && (this.menu.open = false));
      addEventListener("storage", ({ key }) => {
        if (key !== this.book.flags.name) return;
        this.book.flags.load();
        this.#showFlags();
      });
      new ResizeObserver(() => this.#resize()).observe(map.getContainer());
    }

    /** Lets the map take its new size. A view that the reader has not moved stays one that a link need not tell. */
    #resize() {
      const isStart = this.#viewText() === this.startView;
      this.map.invalidateSize({ animate: false, pan: false });
      if (isStart) this.startView = this.#viewText();
    }

    // --- frame ---

    #buildAll() {
      const root = document.documentElement;
      root.lang = words.language;
      root.dir = words.dir;
      const container = this.map.getContainer();
      container.dir = "ltr"; // the map itself has no other direction; what lies on it does
      container.setAttribute("role", "main");
      container.setAttribute("aria-label", words.map);
      for (const [name, label] of [["in", words.zoomIn], ["out", words.zoomOut]]) {
        const button = container.querySelector(`.leaflet-control-zoom-${name}`);
        button?.setAttribute("title", label);
        button?.setAttribute("aria-label", label);
      }
      this.#head();
      this.key.build();
      this.key.node.dir = words.dir;
      this.#drawControls();
      this.timeline.build();
      this.panel.build();
      this.table.build();
      document.getElementById("cm-table").setAttribute("aria-label", words.tableOf);
    }

    #texts() {
      const { book } = this;
      const range = book.dateRange((i) => !book.isBackground[i]) ?? book.dateRange();
      const { articles, publishers, until } = book.stats;
      const missing = book.total("unlocated");
      const facts = [
        words.events(book.count),
        ...book.beside.map(({ name, count }) => words.besideCount(name, count)),
        articles == null ? null : `${words.articles(articles)}${publishers ? `, ${words.publishers(publishers)}` : ""}`,
        missing ? words.notLocated(missing) : null,
        until ? words.until(words.isoDate(until)) : null,
        book.stats.review,
      ];
      const filters = this.#filterTexts();
      return {
        title: book.title,
        range: range ? words.between(...range.map(words.date)) : book.count ? words.undated : words.noEvents,
        facts: facts.filter(Boolean).join(" · "),
        filters: filters.length
          ? `${words.filtersSet(filters.join("; "))} (${words.ofEvents(this.filter.shown.length, book.count)})`
          : words.noFilters,
        caveat: this.book.handOf.some((hand) => hand & 2) ? words.caveatChecked : words.caveat,
        sources: [this.#attribution(), book.provenance].filter(Boolean).join(" · "),
      };
    }

    /** What is set in the filter, in words. */
    #filterTexts() {
      const { query, from, to, background, undated, offSubs, offConfidence, actors, publishers } = this.filter.state;
      const list = (set, name = (value) => value) => [...set].map(name).join(", ");
      const types = this.book.style.types.flatMap(({ event_type: type }, t) => {
        const subs = this.book.subs.filter((_, s) => this.book.typeOfSub[s] === t);
        if (subs.length && subs.every((name) => offSubs.has(name))) return [words.code(type)];
        return subs.filter((name) => offSubs.has(name)).map(words.code);
      });
      const without = [...types, background ? null : words.layers.background, undated ? null : words.layers.undated].filter(Boolean);
      return [
        query ? words.said.query(query) : null,
        from !== null && to !== null ? words.said.dates(words.between(words.date(from), words.date(to))) : null,
        from !== null && to === null ? words.said.since(words.date(from)) : null,
        from === null && to !== null ? words.said.until(words.date(to)) : null,
        actors.size ? words.said.actors(list(actors)) : null,
        publishers.size ? words.said.publishers(list(publishers)) : null,
        offConfidence.size ? words.said.confidence(list(offConfidence, (name) => words.confidence[name])) : null,
        without.length ? words.said.without(without.join(", ")) : null,
      ].filter(Boolean);
    }

    #attribution() {
      const dates = this.book.outlinesSource.map((text) => /(?:about )?\d{4}/.exec(text)?.[0]).filter(Boolean).join("; ");
      const own = this.view.base ? words.line(dates) : words.source.places;
      return [own, this.book.attribution, ...this.book.sourceLines()].filter(Boolean).join(" · ");
    }

    #head() {
      const { title, range, facts } = this.#texts();
      const button = (text, onclick, attributes = {}) => el("button", { type: "button", class: "cm-button", onclick, ...attributes }, text);
      this.tableButton = button(words.table, () => this.showTable(!this.table.isOpen), { "aria-expanded": String(this.table.isOpen), "aria-controls": "cm-table", "data-do": "table" });
      this.flagsButton = button("", () => this.#takeAway(() => this.flagViews.download()), { "data-do": "flags" });
      this.#countFlags();
      const menu = el(
        "details", { class: "cm-menu" }, el("summary", { class: "cm-button" }, words.download),
        el(
          "div", { class: "cm-menu-body" },
          button(words.downloadGeojson, () => this.#takeAway(() => downloads.geojson(this.book, this.filter.shown)), { "data-do": "geojson" }),
          button(words.downloadCsv, () => this.#takeAway(() => downloads.csv(this.book, this.filter.shown)), { "data-do": "csv" }),
          button(words.downloadPng, () => this.#takeAway(() => savePicture(this.map, this.view.colours, this.#texts(), this.key.legend())), { "data-do": "png" }),
          this.flagsButton,
          ["A4", "A3"].map((paper) => button(words.printOn(paper), () => this.#takeAway(() => this.print.print(paper)), { "data-do": `print-${paper}` })),
        ),
      );
      menu.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || !menu.open) return;
        menu.open = false;
        menu.firstElementChild.focus();
      });
      menu.addEventListener("focusout", (event) => {
        if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
      });
      this.menu = menu;
      const language = el(
        "select", { class: "cm-button", "aria-label": words.languageLabel, "data-do": "language", onchange: () => this.setLanguage(language.value) },
        Object.entries(LANGUAGES).map(([code, name]) => el("option", { value: code, lang: code }, name)),
      );
      language.value = words.language;
      this.themeButton = button("◐", () => this.toggleTheme(), { "aria-label": words.dark, title: words.dark, "data-do": "theme" });
      const tools = this.book.count
        ? [this.tableButton, copyButton(words.copyLink, words.linkCopied, () => this.#linkNow(), { "data-do": "link" }), menu, language, this.themeButton]
        : [language, this.themeButton];
      document.getElementById("cm-head").replaceChildren(
        said("h1", title), el("p", { class: "cm-range" }, range), el("div", { class: "cm-head-tools" }, tools), el("p", { class: "cm-facts-line" }, facts),
      );
    }

    #countFlags() {
      const { count } = this.book.flags;
      this.flagsButton.hidden = count === 0;
      this.flagsButton.textContent = words.flag.download(count);
    }

    /** After the reader put flags or took some back. */
    #showFlags() {
      this.#countFlags();
      this.key.build();
      this.view.draw();
      this.table.redraw();
      this.panel.showFlags();
    }

    async #takeAway(make) {
      this.menu.open = false;
      this.menu.firstElementChild.focus();
      await make();
    }

    #controls() {
      const control = (position, node) => {
        const made = new L.Control({ position });
        made.onAdd = () => node;
        L.DomEvent.disableClickPropagation(node);
        L.DomEvent.disableScrollPropagation(node);
        made.addTo(this.map);
        return node;
      };
      const { main, all } = this.book.view;
      if (all && JSON.stringify(main) !== JSON.stringify(all)) this.fitNode = control("topleft", el("div", { class: "cm-fit leaflet-bar" }));
      if (this.book.all) {
        control("topright", this.key.node);
        this.key.node.open = this.map.getContainer().clientWidth > 620;
        this.view.key = this.key.node;
      }
      this.attributionNode = control("bottomright", el("div", { class: "cm-attribution" }));
    }

    #drawControls() {
      const { main, all } = this.book.view;
      const button = (text, box) => el("button", { type: "button", onclick: () => this.view.fit(box, true) }, text);
      this.fitNode?.replaceChildren(button(words.mainEvents, main), button(words.allEvents, all));
      this.attributionNode.replaceChildren(this.#attribution());
      this.attributionNode.dir = words.dir;
    }

    // --- changes ---

    /** Changes the filter. `quick`: more changes follow at once, as from a slider. */
    change(changes, { quick = false } = {}) {
      this.pending = { ...this.pending, ...changes };
      if (!quick) {
        this.#apply(false);
        return;
      }
      this.frame ??= requestAnimationFrame(() => this.#apply(true));
    }

    #apply(quick) {
      cancelAnimationFrame(this.frame);
      this.frame = undefined;
      clearTimeout(this.settling);
      const changes = this.pending ?? {};
      this.pending = undefined;
      this.filter.set(changes);
      const brief = quick && this.book.count > MANY;
      this.#show(brief);
      if (brief) this.settling = setTimeout(() => this.#show(false), SETTLE_MS);
      if ("query" in changes) this.#searchOn();
    }

    /** Goes on with the search in the sentences, which takes seconds where there are many. */
    async #searchOn() {
      if (await this.filter.searchQuotes()) this.#show(false);
      else this.search.show();
    }

    /** Draws what the filter lets through, in every view. */
    #show(brief) {
      const { shown, beside } = this.filter;
      this.view.show(shown, { quick: brief, beside });
      this.timeline.show();
      if (brief) {
        this.search.show();
        return;
      }
      this.key.show();
      this.table.show(shown);
      this.panel.showLists(shown, beside);
      this.#linkLater();
    }

    resetFilter() {
      this.timeline.pause();
      this.filter.reset();
      this.#show(false);
      this.search.field.focus();
    }

    setOptions(changes) {
      Object.assign(this.options, changes);
      this.view.applyOptions();
      this.key.show();
      this.#linkLater();
    }

    /** Selects an event (null: none): its evidence, its row, its symbol and area. */
    select(i, { fromTable = false } = {}) {
      if (i === null && this.panel.open === null && this.selected === null) return;
      this.selected = i;
      if (i === null) this.panel.close();
      else this.panel.showEvent(i, { focus: !fromTable });
      this.view.select(i);
      this.table.select(i);
      this.#linkLater();
    }

    #together(numbers) {
      this.#drop();
      this.panel.showTogether(numbers);
    }

    #place(i, go) {
      this.#drop();
      this.panel.showPlace(i);
      if (go) this.view.goTo(this.book.places.lat[i], this.book.places.lon[i]);
    }

    #drop() {
      this.selected = null;
      this.view.select(null);
      this.table.select(null);
    }

    showTable(open) {
      const root = document.getElementById("cm-table");
      root.hidden = !open;
      document.body.classList.toggle("cm-with-table", open);
      this.tableButton.setAttribute("aria-expanded", String(open));
      this.#resize();
      if (open) {
        this.table.show(this.filter.shown);
        this.table.select(this.selected);
      }
      this.#linkLater();
    }

    setLanguage(language) {
      useLanguage(language);
      this.#rebuild();
      this.#linkLater();
      document.querySelector('[data-do="language"]').focus();
    }

    #rebuild() {
      this.#buildAll();
      this.#setTheme();
      if (this.selected !== null) this.panel.showEvent(this.selected, { focus: false });
    }

    toggleTheme() {
      this.theme = this.#themeNow() === "dark" ? "light" : "dark";
      this.#setTheme();
      this.#linkLater();
    }

    #themeNow = () => this.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

    /** Colours of the moment; paper is always light. */
    #setTheme() {
      const theme = document.documentElement.classList.contains("cm-printing") ? "light" : this.#themeNow();
      document.documentElement.dataset.theme = theme;
      this.themeButton?.setAttribute("aria-pressed", String(theme === "dark"));
      this.view.setTheme(theme);
    }

    // --- the link ---

    #viewText() {
      const { lat, lng } = this.map.getCenter();
      return `${lat.toFixed(3)},${lng.toFixed(3)},${this.map.getZoom().toFixed(2)}`;
    }

    #linkLater() {
      if (!this.isReady) return;
      clearTimeout(this.linking);
      this.linking = setTimeout(() => this.#linkNow(), LINK_MS);
    }

    /** Writes filter, layers, view and selection into the address; gives the address. */
    #linkNow() {
      clearTimeout(this.linking);
      const parameters = new URLSearchParams();
      this.filter.write(parameters);
      const { doubt, divisions, places, heat, shade } = this.options;
      const layers = [doubt ? null : "-doubt", divisions ? null : "-divisions", places ? "places" : null, heat ? "heat" : null].filter(Boolean);
      if (layers.length) parameters.set("layers", layers.join(" "));
      if (shade !== "none") parameters.set("shade", shade);
      if (this.table.isOpen) parameters.set("table", "1");
      const view = this.#viewText();
      if (view !== this.startView) parameters.set("map", view);
      if (this.selected !== null) parameters.set("event", this.book.id(this.selected));
      if (words.language !== "en") parameters.set("lang", words.language);
      if (this.theme) parameters.set("theme", this.theme);
      this.link = parameters.toString();
      const address = `${location.href.split("#")[0]}${this.link ? `#${this.link}` : ""}`;
      history.replaceState(null, "", address);
      return address;
    }

    /** Sets everything as the address says. */
    #restore() {
      const parameters = new URLSearchParams(location.hash.slice(1));
      this.link = location.hash.slice(1);
      const own = navigator.language?.slice(0, 2);
      const language = parameters.get("lang") ?? (own in LANGUAGES && !this.link ? own : "en");
      useLanguage(language in LANGUAGES ? language : "en");
      const theme = parameters.get("theme");
      this.theme = theme === "dark" || theme === "light" ? theme : null;
      const layers = (parameters.get("layers") ?? "").split(" ");
      const shade = parameters.get("shade");
      Object.assign(this.options, {
        doubt: !layers.includes("-doubt"), divisions: !layers.includes("-divisions"), places: layers.includes("places"), heat: layers.includes("heat"),
        shade: SHADES.includes(shade) ? shade : "none",
      });
      document.getElementById("cm-table").hidden = parameters.get("table") !== "1";
      document.body.classList.toggle("cm-with-table", this.table.isOpen);
      this.filter.read(parameters);
      this.#buildAll();
      this.map.invalidateSize({ animate: false, pan: false });
      const [lat, lon, zoom] = (parameters.get("map") ?? "").split(",").map(Number);
      const hasView = [lat, lon, zoom].every(Number.isFinite) && Math.abs(lat) <= 90 && Math.abs(lon) <= 360;
      if (hasView) this.map.setView([lat, lon], zoom, { animate: false });
      else if (!this.isReady) this.view.fit(this.book.view.main, false);
      this.startView = hasView ? null : this.#viewText();
      this.view.selected = null;
      this.#setTheme(); // once the view is there: the base map is drawn with it
      this.#show(false);
      this.#searchOn();
      this.selected = null;
      this.panel.close();
      const event = parameters.has("event") ? this.book.indexOf(parameters.get("event")) : null;
      if (event !== null) {
        this.selected = event;
        this.panel.showEvent(event, { focus: false });
        this.view.select(event, { reveal: !hasView });
        this.table.select(event);
      }
    }
  }

  conflictmap.addEvents = async (map, dataId) => {
    map.conflictmapPage = new Page(map, await conflictmap.openData(dataId));
    document.documentElement.dataset.ready = "true";
  };
}
