"use strict";
// The controls of the filter: search, types and sub-types, confidence, actors, publishers.
globalThis.conflictmap ??= {};
{
  const { words, el, said, fold, queryWords, symbol } = conflictmap;
  const SHORT = 8; // values of a long list that are shown before "more"
  const MOST = 300; // beyond which a list is searched, not read
  const TYPING_MS = 180;
  const MOST_PLACES = 6;

  const checkbox = (attributes, isOn, onChange) => {
    const box = el("input", { type: "checkbox", ...attributes, onchange: () => onChange(box.checked) });
    box.checked = isOn;
    return box;
  };

  /** The field for words, what it finds on the map, how many events are shown, and the way back to all. */
  class Search {
    /** calls: onChange(changes), onReset(), onGoTo(lat, lon). */
    constructor(book, filter, calls) {
      Object.assign(this, { book, filter, calls });
      this.places = this.#placesOf();
    }

    build() {
      this.field = el("input", {
        type: "search", id: "cm-search", placeholder: words.searchHint, "aria-label": words.search, autocomplete: "off", spellcheck: "false", dir: "auto",
      });
      this.field.addEventListener("input", () => {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.calls.onChange({ query: this.field.value.trim() }), TYPING_MS);
      });
      this.status = el("span", { class: "cm-count-line", role: "status" });
      this.reset = el("button", { type: "button", class: "cm-button cm-reset-all", onclick: () => this.calls.onReset() }, words.resetAll);
      this.hits = el("div", { class: "cm-hits" });
      this.node = el("div", { class: "cm-search", role: "search" }, this.field, this.hits, el("div", { class: "cm-count-row" }, this.status, this.reset));
      this.show();
      return this.node;
    }

    show() {
      const { state, shown } = this.filter;
      if (document.activeElement !== this.field) this.field.value = state.query;
      const count = shown.length === this.book.count ? words.events(shown.length) : words.ofEvents(shown.length, this.book.count);
      this.status.textContent = this.filter.isSearching ? `${count} · ${words.searching}` : count;
      this.reset.hidden = this.filter.isReset;
      this.hits.replaceChildren(...this.#hits(state.query));
    }

    /** Every place by its folded names, those of events and those only mentioned. */
    #placesOf() {
      const places = new Map();
      const { place, native } = this.book.events;
      const add = (name, other, lat, lon) => {
        if (!name || places.has(name)) return;
        places.set(name, { name, native: other, lat, lon });
      };
      for (let i = 0; i < this.book.count; i++) {
        if (!place[i] || places.has(place[i]) || !this.book.isLocated(i)) continue;
        add(place[i], native[i], this.book.lat[i], this.book.lon[i]);
      }
      const { places: named } = this.book;
      named.name.forEach((name, i) => add(name, named.native[i], named.lat[i], named.lon[i]));
      return [...places.values()];
    }

    #hits(query) {
      const wanted = queryWords(query);
      if (!wanted.length || fold(query).length < 2) return [];
      const found = [];
      for (const place of this.places) {
        place.folded ??= `${fold(place.name)} | ${fold(place.native ?? "")}`;
        if (wanted.every((word) => place.folded.includes(word))) found.push(place);
        if (found.length === MOST_PLACES) break;
      }
      return found.map(({ name, native, lat, lon }) =>
        el("button", { type: "button", class: "cm-hit", onclick: () => this.calls.onGoTo(lat, lon) }, "⌖ ", said("span", [name, native].filter(Boolean).join(" · "))),
      );
    }
  }

  /** The tab of filters. Counts are of the events that pass all other conditions. */
  class Filters {
    /** calls: onChange(changes). */
    constructor(book, filter, calls) {
      Object.assign(this, { book, filter, calls });
      this.long = new Set(); // lists that are shown whole
      this.sought = { actor: "", publisher: "" };
    }

    draw() {
      const { book, filter } = this;
      const nodes = [this.#types(), this.#confidence()];
      if (book.actors.names.length) nodes.push(this.#many("actor", words.fields.actors, book.actors.names, filter.state.actors));
      if (book.publishers.names.length) nodes.push(this.#many("publisher", words.publishersTitle, book.publishers.names, filter.state.publishers));
      return nodes;
    }

    #group(title, ...rows) {
      return el("fieldset", { class: "cm-filter" }, el("legend", {}, title), rows);
    }

    #types() {
      const { book, filter } = this;
      const counts = filter.counts("sub");
      const { offSubs } = filter.state;
      const rows = book.style.types.flatMap((type, t) => {
        const subs = book.subs.map((name, s) => ({ name, s })).filter(({ s }) => book.typeOfSub[s] === t);
        if (!subs.length) return [];
        const off = subs.filter(({ name }) => offSubs.has(name)).length;
        const change = (names, on) => {
          const next = new Set(offSubs);
          for (const name of names) on ? next.delete(name) : next.add(name);
          this.calls.onChange({ offSubs: next });
        };
        const whole = checkbox({ "data-filter": `type-${t}` }, off < subs.length, (on) => change(subs.map(({ name }) => name), on));
        whole.indeterminate = off > 0 && off < subs.length;
        const sum = subs.reduce((all, { s }) => all + counts[s], 0);
        return [
          el("label", { class: "cm-row" }, whole, symbol(type), el("span", { class: "cm-row-text" }, words.code(type.event_type)), el("span", { class: "cm-n" }, words.number(sum))),
          ...subs.map(({ name, s }) =>
            el(
              "label", { class: "cm-row cm-row-sub" }, checkbox({ "data-filter": `sub-${name}` }, !offSubs.has(name), (on) => change([name], on)),
              el("span", { class: "cm-row-text" }, words.code(name)), el("span", { class: "cm-n" }, words.number(counts[s])),
            ),
          ),
        ];
      });
      return this.#group(words.types, rows);
    }

    #confidence() {
      const { book, filter } = this;
      const counts = filter.counts("confidence");
      const { offConfidence } = filter.state;
      const rows = book.style.confidence.map((name, c) => {
        const change = (on) => {
          const next = new Set(offConfidence);
          on ? next.delete(name) : next.add(name);
          this.calls.onChange({ offConfidence: next });
        };
        return el(
          "label", { class: "cm-row" }, checkbox({ "data-filter": `confidence-${name}` }, !offConfidence.has(name), change),
          el("span", { class: "cm-row-text" }, words.confidence[name]), el("span", { class: "cm-n" }, words.number(counts[c])),
        );
      });
      return this.#group(words.fields.confidence, rows);
    }

    /** Names of which any may be chosen; none chosen is no condition. Most frequent first. */
    #many(facet, title, names, chosen) {
      const counts = this.filter.counts(facet);
      const wanted = queryWords(this.sought[facet]);
      const order = names.map((_, n) => n).filter((n) => chosen.has(names[n]) || !wanted.length || wanted.every((word) => fold(names[n]).includes(word)));
      order.sort((a, b) => chosen.has(names[b]) - chosen.has(names[a]) || counts[b] - counts[a] || (names[a] < names[b] ? -1 : 1));
      const limit = this.long.has(facet) || wanted.length ? MOST : SHORT;
      const rows = order.slice(0, limit).map((n) => {
        const change = (on) => {
          const next = new Set(chosen);
          on ? next.add(names[n]) : next.delete(names[n]);
          this.calls.onChange({ [`${facet}s`]: next });
        };
        return el(
          "label", { class: "cm-row" }, checkbox({ "data-filter": `${facet}-${names[n]}` }, chosen.has(names[n]), change),
          said("span", names[n], "cm-row-text"), el("span", { class: "cm-n" }, words.number(counts[n])),
        );
      });
      const showAll = () => {
        this.long.add(facet);
        this.calls.onRedraw();
      };
      const more = order.length > limit && limit === SHORT
        ? el("button", { type: "button", class: "cm-button cm-more-values", "data-more": facet, onclick: showAll }, words.showMore(Math.min(MOST, order.length) - limit))
        : "";
      const field = names.length > SHORT ? this.#seek(facet, title) : "";
      return this.#group(title, el("p", { class: "cm-soft" }, chosen.size ? "" : words.anyOf), field, rows, more);
    }

    #seek(facet, title) {
      const field = el("input", { type: "search", class: "cm-seek", "aria-label": `${words.search}: ${title}`, "data-seek": facet, autocomplete: "off", dir: "auto", placeholder: words.search });
      field.value = this.sought[facet];
      field.addEventListener("input", () => {
        this.sought[facet] = field.value;
        this.calls.onRedraw();
      });
      return field;
    }
  }

  Object.assign(conflictmap, { Search, Filters });
}
