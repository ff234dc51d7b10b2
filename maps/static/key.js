"use strict";
// The key on the map: what each mark means, and the switches of the layers.
globalThis.conflictmap ??= {};
{
  const { words, el, said, svg, symbol, badgeIcon } = conflictmap;

  const row = (mark, text, count) =>
    el("div", { class: "cm-row" }, mark, el("span", { class: "cm-row-text" }, text), count == null ? "" : el("span", { class: "cm-n" }, words.number(count)));

  const swatch = (colour) => svg("svg", { width: 26, height: 26, viewBox: "-13 -13 26 26", "aria-hidden": "true" }, svg("rect", { x: -9, y: -6, width: 18, height: 12, fill: colour }));

  class Key {
    /** calls: onFilter(changes), onOptions(changes), shades (what is shaded). */
    constructor(book, filter, options, calls) {
      Object.assign(this, { book, filter, options, calls });
      this.node = el("details", { class: "cm-key" });
      this.typeCounts = book.style.types.map(() => 0);
      book.typeOf.subarray(0, book.count).forEach((type) => this.typeCounts[type]++);
      this.types = new Set(book.typeOf);
      this.kinds = ["point", "near", "area", "country"].filter((kind) => book.level.some((_, i) => book.kind(i) === kind));
      this.hands = ["corrected", "checked"].filter((_, bit) => book.handOf.some((hand) => hand & (1 << bit)));
      this.hasLow = book.confidenceOf.some((_, i) => book.confidence(i) === "low");
    }

    /** What the marks mean, as pairs of a drawing and words: for the key, the picture and the print. */
    legend() {
      const { book } = this;
      const types = book.style.types.flatMap((type, t) => (this.types.has(t) ? [{ mark: symbol(type), text: words.code(type.event_type), t }] : []));
      const sample = book.style.types[5];
      const places = this.kinds.map((kind) => {
        const mark = symbol(sample, { kind });
        if (kind === "near") mark.prepend(svg("circle", { r: 14, fill: "none", stroke: "#777", "stroke-dasharray": "3 3" }));
        return { mark, text: words.kinds[kind] };
      });
      if (this.hasLow) places.push({ mark: symbol(sample, { hollow: true }), text: words.hollow });
      book.beside.forEach(({ name }, layer) => places.push({ mark: symbol(sample, { frame: book.style.frames[layer % book.style.frames.length] }), text: words.besideMark(name) }));
      const shades = (this.calls.shades.legend ?? []).map(({ colour, from, to }) => ({ mark: swatch(colour), text: words.span(from, to) }));
      const people = this.hands.map((mark) => ({ mark: badgeIcon(mark), text: words.people[mark] }));
      return { types, places, people, shades };
    }

    /** Builds everything anew, in the language of the moment. */
    build() {
      const { book, options } = this;
      const { types, places, people } = this.legend();
      if (book.flags.count) people.push({ mark: badgeIcon("flagged"), text: words.people.flagged }); // for the screen alone
      this.boxes = [];
      const typeRows = types.map(({ mark, text, t }) => {
        const names = book.subs.filter((_, s) => book.typeOfSub[s] === t);
        const box = el("input", { type: "checkbox", "data-layer": `type-${t}` });
        box.addEventListener("change", () => {
          const next = new Set(this.filter.state.offSubs);
          for (const name of names) box.checked ? next.delete(name) : next.add(name);
          this.calls.onFilter({ offSubs: next });
        });
        this.boxes.push(() => {
          const off = names.filter((name) => this.filter.state.offSubs.has(name)).length;
          box.checked = off < names.length;
          box.indeterminate = off > 0 && off < names.length;
        });
        return el("label", { class: "cm-row" }, box, mark, el("span", { class: "cm-row-text" }, text), el("span", { class: "cm-n" }, words.number(this.typeCounts[t])));
      });
      const tick = (name, count) => {
        const box = el("input", { type: "checkbox", "data-layer": name, onchange: () => this.calls.onOptions({ [name]: box.checked }) });
        this.boxes.push(() => (box.checked = options[name]));
        return el("label", { class: "cm-row" }, box, el("span", { class: "cm-row-text" }, words.layers[name]), count == null ? "" : el("span", { class: "cm-n" }, words.number(count)));
      };
      const backgrounds = book.isBackground.reduce((sum, flag) => sum + flag, 0);
      const background = el("input", { type: "checkbox", "data-layer": "background", onchange: () => this.calls.onFilter({ background: background.checked }) });
      this.boxes.push(() => (background.checked = this.filter.state.background));
      const hasPoints = this.kinds.includes("point") || this.kinds.includes("near");
      const hasDivisions = this.calls.shades.base?.divisions.size > 0;
      const switches = [
        backgrounds ? el("label", { class: "cm-row" }, background, el("span", { class: "cm-row-text" }, words.layers.background), el("span", { class: "cm-n" }, words.number(backgrounds))) : null,
        book.places.id.length ? tick("places", book.places.id.length) : null,
        this.kinds.includes("near") || this.kinds.includes("area") ? tick("doubt") : null,
        hasDivisions ? tick("divisions") : null,
        hasPoints ? tick("heat") : null,
      ].filter(Boolean);
      this.shadeChoice = el(
        "select", { id: "cm-shade", "data-layer": "shade", onchange: () => this.#shadeChosen() },
        ["none", "events", "deaths"].map((what) => el("option", { value: what }, words.shade[what])),
      );
      this.shadeLegend = el("div", { class: "cm-shade-legend" });
      const shade = hasDivisions ? [el("label", { class: "cm-row", for: "cm-shade" }, words.shadeTitle), this.shadeChoice, this.shadeLegend] : [];
      const section = (title, rows) => (rows.length ? [el("h2", {}, title), ...rows] : []);
      this.node.replaceChildren(
        el("summary", {}, words.key),
        el(
          "div", { class: "cm-key-body" }, section(words.types, typeRows), section(words.sure, places.map(({ mark, text }) => row(mark, text))),
          section(words.besideTitle, this.#layers()), section(words.people.title, people.map(({ mark, text }) => row(mark, text))), section(words.more, [...switches, ...shade]),
        ),
      );
      this.show();
    }

    /** A switch for each layer of others, with whose it is and what must not be done with it. */
    #layers() {
      const { book, filter } = this;
      return book.beside.flatMap(({ name, count, attribution, warning }) => {
        const box = el("input", { type: "checkbox", "data-layer": `beside-${name}` });
        box.addEventListener("change", () => {
          const next = new Set(filter.state.offLayers);
          box.checked ? next.delete(name) : next.add(name);
          this.calls.onFilter({ offLayers: next });
        });
        this.boxes.push(() => (box.checked = !filter.state.offLayers.has(name)));
        return [
          el("label", { class: "cm-row" }, box, said("span", name, "cm-row-text"), el("span", { class: "cm-n" }, words.number(count))),
          ...[attribution, warning].filter(Boolean).map((text) => said("p", text, "cm-soft")),
        ];
      });
    }

    #shadeChosen() {
      this.calls.onOptions({ shade: this.shadeChoice.value });
      this.shadeLegend.scrollIntoView({ block: "nearest" }); // it stands at the end of the key
    }

    /** Sets the switches as filter and options have them. */
    show() {
      for (const set of this.boxes ?? []) set();
      this.shadeChoice.value = this.options.shade;
      const { shades } = this.calls;
      const notes = shades.legend ? [words.shadeNote, shades.notCounted ? words.notCounted(shades.notCounted) : ""] : [];
      this.shadeLegend.replaceChildren(
        ...this.legend().shades.map(({ mark, text }) => row(mark, text)),
        ...notes.filter(Boolean).map((note) => el("p", { class: "cm-soft" }, note)),
        ...(shades.legend ? [el("ul", { class: "cm-unseen" }, shades.sums.map((text) => el("li", {}, text)))] : []),
      );
    }
  }

  Object.assign(conflictmap, { Key });
}
