"use strict";
// The panel beside the map: lists of events, and the evidence for one. All text is set as text, never as HTML.
globalThis.conflictmap ??= {};
{
  const { words, el, said, link, copyButton, badgeIcon } = conflictmap;
  const PAGE = 100; // entries of a list that are shown at a time

  class Panel {
    /** calls: onSelect(i), onPlace(i), symbolOf(i), filters (the tab of filters), search (what stands above). */
    constructor(root, book, calls) {
      Object.assign(this, { root, book, calls });
      this.tab = book.total("events") || book.beside.length || !book.total("unlocated") ? "events" : "unlocated";
      this.limit = PAGE;
      this.open = null; // id of the event that is open, "" for another page, null for the lists
      this.shown = [];
    }

    /** Builds everything anew, in the language of the moment. */
    build() {
      this.root.setAttribute("aria-label", words.panel);
      this.tools = el("div", { class: "cm-tools" }, this.calls.search.build());
      this.tabs = el("div", { class: "cm-tabs", role: "tablist", "aria-label": words.panel });
      this.body = el("div", { class: "cm-body", id: "cm-body", role: "tabpanel", tabindex: "0" });
      this.root.replaceChildren(this.tabs, this.tools, this.body);
      this.tabs.addEventListener("keydown", (event) => this.#arrowKeys(event));
      this.body.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && this.open !== null) this.calls.onSelect(null);
      });
      this.showLists(this.shown);
    }

    /** shown: numbers of the events that pass the filters, in order; beside: those of others. */
    showLists(shown, beside = this.beside ?? []) {
      Object.assign(this, { shown, beside });
      const { book } = this;
      const [located, unlocated] = [[], []];
      for (const i of shown) (book.isLocated(i) ? located : unlocated).push(i);
      this.groups = {
        events: located,
        filters: null,
        unlocated,
        flags: book.flags.events(),
        places: book.places.id.map((_, i) => i),
        about: null,
      };
      this.#drawTabs();
      this.calls.search.show();
      if (this.open === null) this.#drawTab();
    }

    selectTab(name) {
      if (!(name in this.groups)) return;
      this.tab = name;
      this.limit = PAGE;
      const wasOpen = this.open !== null;
      this.open = null;
      if (wasOpen) this.calls.onSelect(null);
      this.#drawTabs();
      this.#drawTab();
      this.body.scrollTop = 0;
    }

    #drawTabs() {
      const names = Object.keys(this.groups).filter(
        (name) => ["events", "about"].includes(name) || (name === "filters" ? this.book.count > 1 : this.book.total(name) > 0),
      );
      this.tabs.replaceChildren(
        ...names.map((name) => {
          const chosen = name === this.tab;
          const count = this.groups[name] === null ? null : el("span", { class: "cm-n" }, words.number(this.groups[name].length));
          return el(
            "button",
            {
              type: "button", role: "tab", id: `cm-tab-${name}`, "aria-selected": String(chosen), "aria-controls": "cm-body", "data-tab": name,
              tabindex: chosen ? "0" : "-1", onclick: () => this.selectTab(name),
            },
            words.tabs[name], count,
          );
        }),
      );
      this.body.setAttribute("aria-labelledby", `cm-tab-${this.tab}`);
    }

    #arrowKeys(event) {
      const ahead = getComputedStyle(this.tabs).direction === "rtl" ? -1 : 1;
      const step = { ArrowRight: ahead, ArrowLeft: -ahead }[event.key];
      if (!step) return;
      const names = [...this.tabs.children].map((button) => button.dataset.tab);
      const next = names[(names.indexOf(this.tab) + step + names.length) % names.length];
      this.selectTab(next);
      this.tabs.querySelector('[aria-selected="true"]').focus();
      event.preventDefault();
    }

    #drawTab() {
      this.tools.hidden = this.book.all < 2 || !["events", "filters", "unlocated"].includes(this.tab);
      const focus = this.body.contains(document.activeElement) ? { ...document.activeElement.dataset } : {};
      const at = document.activeElement?.selectionStart;
      this.body.replaceChildren(
        ...{
          events: () => this.#eventsTab(),
          filters: () => this.calls.filters.draw(),
          unlocated: () => [el("p", { class: "cm-note" }, words.unlocatedIntro), ...this.#list(this.groups.unlocated)],
          flags: () => [...this.calls.flags.intro(), ...this.#list(this.groups.flags)],
          places: () => [el("p", { class: "cm-note" }, words.placesIntro), ...this.#placesList()],
          about: () => this.#about(),
        }[this.tab](),
      );
      for (const name of ["filter", "seek", "more"]) {
        const node = focus[name] === undefined ? null : this.body.querySelector(`[data-${name}="${CSS.escape(focus[name])}"]`);
        node?.focus();
        if (name === "seek") node?.setSelectionRange(at, at);
      }
    }

    redraw() {
      if (this.open === null) this.#drawTab();
    }

    /** After the reader put flags or took some back: their tab, and the lists. */
    showFlags() {
      this.groups.flags = this.book.flags.events();
      if (this.tab === "flags" && !this.groups.flags.length) this.tab = "events";
      this.#drawTabs();
      this.redraw();
    }

    #eventsTab() {
      const { book } = this;
      if (book.all === 0) return [el("p", { class: "cm-empty" }, words.noEvents)];
      const located = this.groups.events;
      const others = book.beside.flatMap(({ name, attribution, warning }, layer) => {
        const numbers = this.beside.filter((i) => book.layerOf[i] === layer);
        const whose = [attribution, warning].filter(Boolean).map((text) => said("p", text, "cm-note"));
        return numbers.length ? [said("h2", `${words.besideTitle}: ${name} (${words.number(numbers.length)})`, "cm-subhead"), ...whose, ...this.#list(numbers)] : [];
      });
      if (located.length === 0) return [el("p", { class: "cm-empty" }, book.total("events") || !book.count ? words.noneShown : words.unlocatedIntro), ...others];
      const [wide, close] = [[], []];
      for (const i of located) (book.kind(i) === "country" ? wide : close).push(i);
      const nodes = this.#list(close);
      if (wide.length) nodes.push(el("h2", { class: "cm-subhead" }, words.countryOnly), ...this.#list(wide));
      return [...nodes, ...others];
    }

    #list(numbers) {
      const list = el("ol", { class: "cm-list" }, numbers.slice(0, this.limit).map((i) => this.#item(i)));
      const more = el("button", { type: "button", class: "cm-button cm-more" });
      const label = () => {
        const rest = numbers.length - list.children.length;
        more.textContent = words.showMore(Math.min(PAGE, rest));
        more.hidden = rest <= 0;
      };
      more.addEventListener("click", () => {
        const at = list.children.length;
        list.append(...numbers.slice(at, at + PAGE).map((i) => this.#item(i)));
        this.limit = Math.max(this.limit, list.children.length);
        label();
        list.children[at]?.firstElementChild.focus();
      });
      label();
      return [list, more];
    }

    #item(i) {
      const { book } = this;
      const reason = book.events.reason[i];
      return el(
        "li", {},
        el(
          "button",
          { type: "button", class: "cm-item", "data-event": book.events.id[i], onclick: () => this.calls.onSelect(i) },
          el("span", { class: "cm-item-mark" }, this.calls.symbolOf(i)),
          el(
            "span", { class: "cm-item-text" },
            el("span", { class: "cm-item-top" }, el("time", {}, book.dates(i)), said("span", book.where(i), "cm-item-place")),
            said("span", book.events.summary[i], "cm-item-summary"),
            reason === null ? null : said("span", reason, "cm-item-reason"),
            book.tags(i).map((tag) => el("span", { class: "cm-tag" }, tag)),
            this.#marks(i),
          ),
        ),
      );
    }

    #marks = (i) => this.book.marks(i).map((mark) => el("span", { class: "cm-tag cm-tag-mark" }, badgeIcon(mark), words.hand[mark]));

    #placesList() {
      const { places } = this.book;
      const items = this.groups.places.slice(0, this.limit).map((i) =>
        el(
          "li", {},
          el(
            "button", { type: "button", class: "cm-item", onclick: () => this.calls.onPlace(i) },
            el(
              "span", { class: "cm-item-text" },
              said("span", [places.name[i], places.native[i]].filter(Boolean).join(" · "), "cm-item-place"),
              el("span", { class: "cm-item-summary" }, `${words.mentions(places.count[i])}, ${words.articles(places.articles[i].length)}`),
            ),
          ),
        ),
      );
      return [el("ol", { class: "cm-list" }, items)];
    }

    #about() {
      const { book } = this;
      const { stats } = book;
      return [
        el("h2", { class: "cm-subhead" }, words.how.title),
        ...words.how.lines.map((line) => el("p", { class: "cm-prose" }, line)),
        stats.skipped ? el("p", { class: "cm-prose" }, `${words.skipped(stats.skipped)}.`) : "",
        book.provenance ? el("h2", { class: "cm-subhead" }, words.made) : "",
        book.provenance ? said("p", book.provenance, "cm-prose") : "",
        el("h2", { class: "cm-subhead" }, words.sources),
        el("ul", { class: "cm-prose" }, [...words.attribution(book.outlinesSource), ...book.sourceLines()].map((line) => said("li", line))),
      ];
    }

    /** A heading with a way back to the lists, then content. */
    #page(content) {
      this.tools.hidden = true;
      const back = el("button", { type: "button", class: "cm-back", onclick: () => this.calls.onSelect(null) }, `${words.dir === "rtl" ? "→" : "←"} ${words.backTo[this.tab]}`);
      this.body.replaceChildren(back, ...content);
      this.body.scrollTop = 0;
    }

    /** Back to the lists; the focus goes to where it came from. */
    close() {
      const last = this.open;
      if (last === null) return;
      const hadFocus = this.body.contains(document.activeElement);
      this.open = null;
      this.#drawTab();
      if (hadFocus) (this.body.querySelector(`[data-event="${CSS.escape(last)}"]`) ?? this.body).focus({ preventScroll: false });
    }

    /** Many events at one spot or in one area: a list of them. */
    showTogether(numbers) {
      this.open = "";
      this.#page([el("h2", { class: "cm-title" }, words.together(numbers.length)), ...this.#list(numbers)]);
      this.body.focus({ preventScroll: true });
    }

    showPlace(i) {
      const { places } = this.book;
      this.open = "";
      this.#page([
        said("h2", places.name[i], "cm-title"),
        places.native[i] ? said("p", places.native[i], "cm-native") : "",
        el("p", { class: "cm-prose" }, `${words.mentions(places.count[i])}.`),
        el("ul", { class: "cm-prose" }, places.articles[i].map((id) => said("li", id))),
        said("p", places.id[i], "cm-code"),
      ]);
    }

    /** The evidence for one event. */
    async showEvent(i, { focus = true } = {}) {
      const { book } = this;
      const id = book.events.id[i];
      this.open = id;
      let details;
      try {
        details = await book.details(i);
      } catch {
        details = { failed: true };
      }
      if (this.open !== id) return;
      this.#page([
        el(
          "div", { class: "cm-kicker" }, this.calls.symbolOf(i),
          el("span", {}, el("span", { class: "cm-kicker-type" }, words.code(book.type(i).event_type)), book.sub(i) === book.type(i).event_type ? "" : el("span", { class: "cm-kicker-sub" }, words.code(book.sub(i)))),
        ),
        said("h2", book.events.summary[i], "cm-title"),
        ...this.#whose(i),
        details.failed ? el("p", { class: "cm-empty" }, words.failed) : "",
        this.calls.flags.box(i),
        this.#facts(i, details),
        ...this.#claims(details.claims ?? []),
        ...this.#reports(details.reports ?? []),
        this.#identity(i, details),
      ]);
      if (focus) this.body.focus({ preventScroll: true });
    }

    /** Whose an event of others is, and what must not be done with it. */
    #whose(i) {
      const layer = this.book.beside[this.book.layerOf[i]];
      if (!layer) return [];
      return [el("p", {}, said("span", layer.name, "cm-tag")), ...[layer.attribution, layer.warning].filter(Boolean).map((text) => said("p", text, "cm-how"))];
    }

    #facts(i, details) {
      const { book } = this;
      const { fields } = words;
      const where = details.where ?? {};
      const rows = [
        [fields.hand, this.#hand(i)],
        [fields.when, this.#when(i, details)],
        [fields.where, book.isLocated(i) ? this.#where(i, where) : null],
        [fields.precision, book.isLocated(i) ? [said("p", book.precision(i))] : null],
        [fields.unlocated, book.events.reason[i] === null ? null : [said("p", book.events.reason[i])]],
        [fields.reasons, lines(where.reasons)],
        [fields.rivals, (where.rivals ?? []).map((rival) => this.#rival(rival))],
        [fields.actors, names(details.actors)],
        [fields.targets, names(details.targets)],
        [fields.status, [el("p", {}, words.status[book.status(i)])]],
        [fields.prominence, book.isBackground[i] ? [el("p", {}, words.prominence.background)] : null],
        [fields.confidence, this.#confidence(i, details.confidence ?? {})],
        [fields.family, details.family ? this.#family(i, details.family) : null],
      ];
      const filled = rows.filter(([, content]) => content?.length);
      return el("dl", { class: "cm-facts" }, filled.map(([name, content]) => [el("dt", {}, name), el("dd", {}, content)]));
    }

    /** What people corrected and checked, and who they are where the data say so. */
    #hand(i) {
      const marks = this.book.marks(i).filter((mark) => mark !== "flagged");
      if (!marks.length) return null;
      const told = this.book.events.by_hand[i];
      return [el("p", {}, marks.map((mark) => [el("span", { class: "cm-tag cm-tag-mark" }, badgeIcon(mark), words.people[mark]), " "])), told ? said("p", told, "cm-how") : ""];
    }

    #when(i, { basis, method }) {
      const how = [basis ? said("q", basis) : null, basis && method ? ", " : null, words.method[method]];
      return [el("p", {}, this.book.dates(i)), basis || method ? el("p", { class: "cm-how" }, how.filter(Boolean)) : ""];
    }

    #where(i, { native, admin2, phrase, id, pcode }) {
      const { book } = this;
      const name = el("p", {}, said("strong", book.events.place[i] ?? "?"), native ? " · " : "", native ? said("span", native) : "");
      const around = [admin2, book.events.admin1[i], book.country(i)].filter((part, n, all) => part && part !== book.events.place[i] && all.indexOf(part) === n);
      return [
        name,
        around.length ? said("p", around.join(", ")) : "",
        phrase ? el("p", { class: "cm-how" }, `${words.phrase} `, said("q", phrase)) : "",
        id || pcode ? said("p", [id, pcode].filter(Boolean).join(" · "), "cm-code") : "",
      ];
    }

    #rival({ name, native, admin1, country, km, score, reasons }) {
      const around = [admin1, country].filter((part) => part && part !== name);
      return el(
        "div", { class: "cm-rival" },
        el("p", {}, said("span", [name, native].filter(Boolean).join(" · ")), around.length ? [" ", said("span", `(${around.join(", ")})`)] : ""),
        el("p", { class: "cm-how" }, km == null ? "" : words.rival(km, score)),
        lines(reasons),
      );
    }

    #confidence(i, { score, reasons }) {
      const label = words.confidence[this.book.confidence(i)];
      if (!label) return null;
      return [el("p", {}, score == null ? label : `${label} (${words.score(score)})`), ...lines(reasons?.filter((reason) => !this.book.events.by_hand[i]?.includes(reason)))];
    }

    #family(i, family) {
      const others = this.book.family(i, family);
      return others.map((j) =>
        el("button", { type: "button", class: "cm-link", onclick: () => this.calls.onSelect(j) }, said("span", `${this.book.where(j)}: ${this.book.events.summary[j]}`)),
      );
    }

    #claims(claims) {
      if (!claims.length) return [];
      const { claim: w, fields } = words;
      const sourced = claims.some((claim) => claim.whose || claim.source);
      const head = [w.kind, w.number, w.words, sourced ? w.whose : null].filter(Boolean).map((text) => el("th", { scope: "col" }, text));
      const rows = claims.map(({ kind, low, high, words: text, whose, source }) =>
        el(
          "tr", {},
          el("th", { scope: "row" }, w.kinds[kind] ?? kind),
          el("td", { class: "cm-figure" }, w.range(low, high)),
          el("td", {}, text ? said("q", text) : ""),
          sourced ? el("td", {}, [whose, source].filter(Boolean).map((name) => said("div", name))) : null,
        ),
      );
      return [el("h3", { class: "cm-subhead" }, fields.casualties), el("table", { class: "cm-claims" }, el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows))];
    }

    #reports(reports) {
      if (!reports.length) return [];
      return [el("h3", { class: "cm-subhead" }, words.quotes), ...reports.map((report) => this.#report(report))];
    }

    #report({ article, title, publisher, published, url, url_text: plainUrl, quote, status }) {
      const source = [
        publisher ? said("strong", publisher) : el("span", { class: "cm-how" }, words.unknownPublisher),
        published ? el("span", {}, `, ${words.publishedOn(words.isoDate(published))}`) : "",
      ];
      const pieces = (quote ?? []).map(([text, kinds]) =>
        kinds.length
          ? el("mark", { class: kinds.map((kind) => `cm-mark-${kind}`).join(" "), title: kinds.map((kind) => words.marks[kind] ?? kind).join(", ") }, text)
          : text,
      );
      const kinds = [...new Set((quote ?? []).flatMap(([, marked]) => marked))];
      return el(
        "article", { class: "cm-report" },
        quote ? el("blockquote", { dir: "auto" }, pieces) : el("p", { class: "cm-how" }, words.noQuote),
        kinds.length
          ? el("p", { class: "cm-marks" }, kinds.map((kind) => el("mark", { class: `cm-mark-${kind}` }, words.marks[kind] ?? kind)))
          : "",
        title ? said("p", title, "cm-report-title") : "",
        el("p", { class: "cm-report-source" }, source, status && status !== "reported" ? el("span", { class: "cm-tag" }, words[status]) : ""),
        url ? el("p", {}, link(url, words.open)) : plainUrl ? said("p", plainUrl, "cm-nolink") : "",
        article ? el("p", { class: "cm-code" }, `${words.article} `, said("span", article)) : "",
      );
    }

    #identity(i, details) {
      const { book } = this;
      const id = book.id(i);
      return el(
        "p", { class: "cm-identity" }, `${words.fields.id} `, said("code", id), " ",
        copyButton(words.copy, words.copied, () => id), " ",
        copyButton(words.cite, words.copied, () => citation(book, i, details), { "data-cite": id }),
      );
    }
  }

  /** One event as a line to cite: what, when, where, who reported it, its id, and what made the map. */
  function citation(book, i, { reports = [] }) {
    const sources = reports.map(({ publisher, published, title, url }) =>
      [publisher, title && `“${title}”`, published && words.isoDate(published), url].filter(Boolean).join(", "),
    );
    const layer = book.beside[book.layerOf[i]];
    const made = (layer ? [layer.attribution ?? layer.name, book.events.provenance[i]] : [book.title, book.provenance]).filter(Boolean).join(", ");
    const where = book.isLocated(i) ? book.where(i) : words.tabs.unlocated;
    return [`${book.events.summary[i]}. ${book.dates(i)}, ${where}.`, ...sources.map((source) => `${source}.`), `${words.fields.id} ${book.id(i)}. ${made}.`].join(" ");
  }

  const lines = (texts) => (texts?.length ? [el("ul", { class: "cm-reasons" }, texts.map((text) => said("li", text)))] : []);
  const names = (texts) => (texts ?? []).map((text) => said("p", text));

  Object.assign(conflictmap, { Panel, citation });
}
