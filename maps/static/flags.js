"use strict";
// Flags: what a reader finds wrong with an event. They stay with the reader, and leave the page as a corrections file.
globalThis.conflictmap ??= {};
{
  const { words, el, said, badgeIcon, csvCell, fileStem, saveAs, isoOf } = conflictmap;
  const FIELDS = ["place", "date", "type", "number", "duplicate", "event"]; // as geo/corrections.py has them
  const COLUMNS = ["verb", "event_id", "article_id", "start", "end", "field", "note", "by", "when"];
  const MOST_NOTE = 500; // letters
  const MOST_NAME = 80;
  const DAY_MS = 864e5;

  const line = (text, most) => String(text ?? "").split(/\s+/).filter(Boolean).join(" ").slice(0, most);
  const isDay = (text) => /^\d{4}-\d\d-\d\d$/.test(text);

  /** The flags of one reader on the events of one page; kept in the browser where it lets us, else until the page closes. */
  class Flags {
    /** storage: like localStorage, or null; name: what the flags of this page are kept under. */
    constructor(book, storage, name) {
      Object.assign(this, { book, storage, name });
      this.byId = new Map(); // event id -> Map of field -> {note, by, when}
      this.by = ""; // the name that the reader gave last
      this.load();
    }

    /** Takes what is kept; what does not look like flags is passed over, because other pages may write there too. */
    load() {
      let kept;
      try {
        kept = JSON.parse(this.storage?.getItem(this.name) ?? "null");
      } catch {
        this.storage = null;
      }
      if (kept === null || typeof kept !== "object") return;
      this.by = line(kept.by, MOST_NAME);
      this.byId = new Map();
      for (const [id, flags] of Object.entries(kept.flags ?? {})) {
        const read = FIELDS.filter((field) => flags?.[field]).map((field) => {
          const { note, by, when } = flags[field];
          return [field, { note: line(note, MOST_NOTE), by: line(by, MOST_NAME), when: isDay(when) ? when : "" }];
        });
        if (read.length) this.byId.set(id, new Map(read));
      }
    }

    #change(edit) {
      this.load(); // the page may be open twice
      edit();
      const flags = Object.fromEntries([...this.byId].map(([id, fields]) => [id, Object.fromEntries(fields)]));
      try {
        this.storage?.setItem(this.name, JSON.stringify({ by: this.by, flags }));
      } catch {
        this.storage = null; // full, or forbidden: from here on they last as long as the page
      }
    }

    /** Flags an event as wrong in some fields; one flag a field. `day` counts from 1970. */
    add(i, fields, { note = "", by = "", day }) {
      this.#change(() => {
        this.by = line(by, MOST_NAME);
        const id = this.book.id(i);
        const flag = { note: line(note, MOST_NOTE), by: this.by, when: isoOf(day) };
        if (!this.byId.has(id)) this.byId.set(id, new Map());
        for (const field of fields) this.byId.get(id).set(field, flag);
      });
    }

    drop(i, field) {
      this.#change(() => {
        const flags = this.byId.get(this.book.id(i));
        flags?.delete(field);
        if (!flags?.size) this.byId.delete(this.book.id(i));
      });
    }

    /** Takes back all flags on events of this page. */
    clear() {
      this.#change(() => this.events().forEach((i) => this.byId.delete(this.book.id(i))));
    }

    has = (i) => this.byId.has(this.book.id(i));
    /** [field, {note, by, when}] of an event, in the order of FIELDS. */
    of = (i) => FIELDS.filter((field) => this.byId.get(this.book.id(i))?.has(field)).map((field) => [field, this.byId.get(this.book.id(i)).get(field)]);
    /** Numbers of the flagged events of this page, in order. */
    events = () => [...this.byId.keys()].map((id) => this.book.indexOf(id)).filter((i) => i !== null).sort((a, b) => a - b);
    get count() {
      return this.events().reduce((sum, i) => sum + this.of(i).length, 0);
    }

    /** The flags as lines of a corrections file, in parts of its text. */
    async parts() {
      const lines = [];
      for (const i of this.events()) {
        const { reports = [] } = await this.book.details(i);
        const target = { verb: "flag", event_id: this.book.id(i), ...spanOf(reports[0]) };
        for (const [field, flag] of this.of(i)) lines.push({ ...target, field, ...flag });
      }
      return ["\ufeff", `${COLUMNS.join(",")}\n`, ...lines.map((row) => `${COLUMNS.map((name) => csvCell(row[name] ?? null)).join(",")}\n`)];
    }
  }

  /** Where a report tells of its event: article and offsets of the first decisive words, counted in letters as Python does. */
  function spanOf({ article, start, quote } = {}) {
    if (!article || start == null || !quote?.length) return {};
    const length = (pieces) => pieces.reduce((sum, [text]) => sum + [...text].length, 0);
    const isTrigger = ([, kinds]) => kinds.includes("trigger");
    const first = quote.findIndex(isTrigger);
    const after = quote.findIndex((piece, n) => n > first && !isTrigger(piece));
    const told = first < 0 ? quote : quote.slice(first, after < 0 ? quote.length : after);
    const from = start + (first < 0 ? 0 : length(quote.slice(0, first)));
    return { article_id: article, start: from, end: from + length(told) };
  }

  /** The browser's own store for this page; null where it has none, as in a frame of a notebook. */
  function ownStorage() {
    try {
      return globalThis.localStorage ?? null;
    } catch {
      return null;
    }
  }

  const flagsOf = (book) => new Flags(book, ownStorage(), `conflictmap flags: ${location.pathname} ${book.title}`);

  /** Today where the reader is, as days since 1970. */
  function today() {
    const now = new Date();
    return Math.floor(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) / DAY_MS);
  }

  /** What the panel shows of flags: a box with each event, and the list of all. */
  class FlagViews {
    /** calls: onChange(), after flags were put or taken back. */
    constructor(book, calls) {
      Object.assign(this, { book, flags: book.flags, calls });
    }

    /** The flags of an event, each with its way back, and a form for more. */
    box(i) {
      if (i >= this.book.count) return "";
      const box = el("section", { class: "cm-flags", "aria-label": words.tabs.flags });
      const status = el("p", { class: "cm-soft", role: "status" });
      const draw = (text = "", { form = false } = {}) => {
        status.textContent = text;
        const open = el(
          "button", { type: "button", class: "cm-button cm-flag-open", "aria-expanded": String(form), "data-do": "flag", onclick: () => draw("", { form: !form }) },
          badgeIcon("flagged"), words.flag.open,
        );
        box.replaceChildren(open, this.#list(i, draw), form ? this.#form(i, draw, status) : "", status);
        if (box.isConnected) box.querySelector(form ? "input" : "[data-do]").focus({ preventScroll: !form });
      };
      draw();
      return box;
    }

    #list(i, draw) {
      const flags = this.flags.of(i);
      if (!flags.length) return "";
      const items = flags.map(([field, { note }]) =>
        el(
          "li", {}, el("span", {}, words.flag[field], note ? ": " : ""), note ? said("q", note) : "", " ",
          el("button", {
            type: "button", class: "cm-link", "data-take-back": field, "aria-label": `${words.flag.takeBack}: ${words.flag[field]}`,
            onclick: () => {
              this.flags.drop(i, field);
              this.calls.onChange();
              draw(words.flag.taken);
            },
          }, words.flag.takeBack),
        ),
      );
      return el("ul", { class: "cm-flag-list" }, items);
    }

    #form(i, draw, status) {
      const boxes = FIELDS.map((field) => el("input", { type: "checkbox", "data-flag": field }));
      const rows = boxes.map((box, n) => el("label", { class: "cm-row" }, box, el("span", { class: "cm-row-text" }, words.flag[FIELDS[n]])));
      const note = el("textarea", { rows: 2, maxlength: MOST_NOTE, dir: "auto", "data-flag": "note" });
      const by = el("input", { type: "text", maxlength: MOST_NAME, dir: "auto", autocomplete: "name", "data-flag": "by" });
      by.value = this.flags.by;
      const save = () => {
        const fields = FIELDS.filter((_, n) => boxes[n].checked);
        if (!fields.length) {
          status.textContent = words.flag.choose;
          boxes[0].focus();
          return;
        }
        this.flags.add(i, fields, { note: note.value, by: by.value, day: today() });
        this.calls.onChange();
        draw(words.flag.saved);
      };
      by.addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault(); // the button that gets the focus would take the key too
        save();
      });
      const button = (name, onclick) => el("button", { type: "button", class: "cm-button", "data-flag": name, onclick }, words.flag[name]);
      // no <form>: frames of notebooks forbid to send one, and with it to press its button
      const form = el(
        "div", { class: "cm-flag-form", role: "group", "aria-label": words.flag.open },
        el("fieldset", {}, el("legend", {}, words.flag.what), el("div", { class: "cm-flag-fields" }, rows)),
        el("label", {}, words.flag.note, note), el("label", {}, words.flag.by, by), el("div", { class: "cm-flag-buttons" }, button("save", save), button("cancel", () => draw())),
      );
      form.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        draw();
      });
      return form;
    }

    /** What stands above the list of flagged events. */
    intro() {
      const all = el("button", { type: "button", class: "cm-button", "data-do": "take-all-back" }, words.flag.takeAllBack);
      all.addEventListener("click", () => {
        if (all.dataset.asked) {
          this.flags.clear();
          this.calls.onChange();
          return;
        }
        all.dataset.asked = "yes";
        all.textContent = words.flag.really;
      });
      const take = el("button", { type: "button", class: "cm-button", "data-do": "download-flags", onclick: () => this.download() }, words.flag.download(this.flags.count));
      return [el("p", { class: "cm-note" }, words.flag.intro), el("div", { class: "cm-flag-buttons cm-flag-all" }, take, all)];
    }

    async download() {
      saveAs(`${fileStem(this.book.title)}.corrections.csv`, await this.flags.parts(), "text/csv;charset=utf-8");
    }
  }

  Object.assign(conflictmap, { Flags, FlagViews, flagsOf, spanOf, FLAG_FIELDS: FIELDS, FLAG_COLUMNS: COLUMNS });
}
