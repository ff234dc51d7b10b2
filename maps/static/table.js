"use strict";
// The table of events: sorted by any column, walked with the arrow keys, and drawn only where one looks.
globalThis.conflictmap ??= {};
{
  const { words, el, said, badgeIcon } = conflictmap;
  const ROW = 32; // pixels, as in page.css
  const SPARE = 8; // rows drawn above and below what is seen
  const COLUMNS = ["date", "place", "type", "actors", "killed", "confidence", "publishers"];

  class Table {
    /** calls: onSelect(i). */
    constructor(root, book, calls) {
      Object.assign(this, { root, book, calls });
      this.order = new Int32Array(0); // events in the order of the rows
      this.sort = { column: "date", down: false };
      this.active = { row: 0, column: 0 }; // the cell that Tab leads to; row -1 is the head
      this.selected = null;
      this.ranks = {};
    }

    /** Builds everything anew, in the language of the moment. */
    build() {
      const { root } = this;
      this.ranks = {};
      this.head = el("div", { role: "row", class: "cm-tr cm-th", "aria-rowindex": 1 });
      this.rows = el("div", { role: "rowgroup", class: "cm-rows" });
      this.grid = el(
        "div", { role: "grid", class: "cm-grid", "aria-label": words.tableOf, "aria-colcount": COLUMNS.length },
        el("div", { role: "rowgroup", class: "cm-grid-head" }, this.head), this.rows,
      );
      this.drawn = new Map();
      root.replaceChildren(this.grid);
      this.grid.addEventListener("scroll", () => this.#draw(), { passive: true });
      this.grid.addEventListener("keydown", (event) => this.#keys(event));
      this.grid.addEventListener("focusin", (event) => this.#focused(event.target));
      this.#drawHead();
      this.show(this.shown ?? []);
    }

    get isOpen() {
      return !this.root.hidden;
    }

    /** shown: numbers of the events that pass the filter. */
    show(shown) {
      this.shown = shown;
      if (!this.isOpen || !this.grid) return;
      this.order = this.#sorted(shown);
      this.active.row = Math.min(this.active.row, this.order.length - 1);
      this.grid.setAttribute("aria-rowcount", this.order.length + 1);
      this.rows.style.height = `${this.order.length * ROW}px`;
      this.#drawAnew();
    }

    /** Draws the rows anew, where what they say has changed. */
    redraw() {
      if (this.isOpen && this.grid) this.#drawAnew();
    }

    /** Marks the row of the selected event and brings it into view. */
    select(i) {
      this.selected = i;
      if (!this.isOpen || !this.grid) return;
      if (i !== null) {
        const row = this.order.indexOf(i);
        if (row >= 0) {
          this.active.row = row;
          this.#bringIntoView(row);
        }
      }
      this.#drawAnew();
    }

    // --- order ---

    /** A rank for every event in a column; equal values share one. Blanks come last in both directions. */
    #ranksOf(column) {
      const { book } = this;
      const numberOf = {
        date: (i) => (book.isDated(i) ? book.start[i] : NaN),
        killed: (i) => Math.max(book.killedHigh[i], book.killedLow[i]) < 0 ? NaN : Math.max(book.killedHigh[i], book.killedLow[i]),
        confidence: (i) => book.confidenceOf[i],
        type: (i) => book.subOf[i],
      }[column];
      if (numberOf) return (this.ranks[column] ??= Float64Array.from({ length: book.count }, (_, i) => numberOf(i)));
      if (!this.ranks[column]) {
        const texts = Array.from({ length: book.count }, (_, i) => this.#text(i, column));
        const distinct = [...new Set(texts)].sort(new Intl.Collator(words.locale).compare);
        const rankOf = new Map(distinct.map((text, rank) => [text, text === "" ? NaN : rank]));
        this.ranks[column] = Float64Array.from(texts, (text) => rankOf.get(text));
      }
      return this.ranks[column];
    }

    #sorted(shown) {
      const { column, down } = this.sort;
      const ranks = this.#ranksOf(column);
      const filled = [];
      const blank = [];
      for (const i of shown) (Number.isNaN(ranks[i]) ? blank : filled).push(i);
      if (column !== "date") filled.sort((a, b) => ranks[a] - ranks[b] || a - b);
      if (down) filled.reverse();
      return Int32Array.from([...filled, ...blank]);
    }

    #sortBy(column) {
      this.sort = { column, down: this.sort.column === column ? !this.sort.down : column === "killed" };
      this.#drawHead();
      this.show(this.shown);
      this.grid.scrollTop = 0;
      this.#drawAnew();
    }

    // --- cells ---

    #text(i, column) {
      const { book } = this;
      switch (column) {
        case "date":
          return book.dates(i);
        case "place":
          return book.isLocated(i) ? book.where(i) : "";
        case "type":
          return words.code(book.sub(i));
        case "actors":
          return book.actors.of(i).join(", ");
        case "killed":
          return book.killed(i);
        case "confidence":
          return words.confidence[book.confidence(i)] ?? "";
        default:
          return book.publishers.of(i).join(", ");
      }
    }

    #drawHead() {
      const { column: sorted, down } = this.sort;
      this.head.replaceChildren(
        ...COLUMNS.map((column, c) => {
          const isSorted = sorted === column;
          const arrow = el("span", { "aria-hidden": "true", class: "cm-arrow" }, isSorted ? (down ? "▼" : "▲") : "");
          const button = el(
            "button", { type: "button", tabindex: this.active.row === -1 && this.active.column === c ? 0 : -1, "data-cell": `-1 ${c}`, "data-sort": column, onclick: () => this.#sortFrom(column, c) },
            words.columns[column], arrow,
          );
          return el(
            "div", { role: "columnheader", class: `cm-td cm-td-${column}`, "aria-colindex": c + 1, "aria-sort": isSorted ? (down ? "descending" : "ascending") : "none" },
            button,
          );
        }),
      );
    }

    #sortFrom(column, c) {
      this.active = { row: -1, column: c };
      this.#sortBy(column);
      this.#focusActive();
    }

    #row(row) {
      const i = this.order[row];
      const isActive = this.active.row === row;
      const cells = COLUMNS.map((column, c) => {
        const text = this.#text(i, column);
        const cell = el(
          "div", { role: "gridcell", class: `cm-td cm-td-${column}`, "aria-colindex": c + 1, tabindex: isActive && this.active.column === c ? 0 : -1, "data-cell": `${row} ${c}` },
          column === "type" ? this.calls.symbolOf(i) : "",
          column === "place" && !this.book.isLocated(i) ? el("span", { class: "cm-soft" }, words.tabs.unlocated) : said("span", text || "–"),
          column === "confidence" ? this.book.marks(i).map((mark) => el("span", { class: "cm-td-mark", title: words.hand[mark] }, badgeIcon(mark), el("span", { class: "cm-unseen" }, words.hand[mark]))) : "",
        );
        if (text) cell.title = column === "place" ? `${text}: ${this.book.events.summary[i]}` : text;
        return cell;
      });
      const chosen = i === this.selected;
      return el(
        "div", {
          role: "row", class: `cm-tr${chosen ? " cm-chosen" : ""}`, "aria-rowindex": row + 2, "aria-selected": String(chosen), "data-row": this.book.id(i),
          onclick: (event) => this.#clicked(event, row),
        },
        cells,
      );
    }

    #clicked(event, row) {
      const column = Number(event.target.closest("[data-cell]")?.dataset.cell.split(" ")[1] ?? 0);
      this.active = { row, column };
      this.calls.onSelect(this.order[row]);
      this.#focusActive();
    }

    #drawAnew() {
      const focused = this.grid.contains(document.activeElement) && document.activeElement !== this.grid;
      this.rows.replaceChildren();
      this.drawn.clear();
      this.#draw();
      if (focused) this.#focusActive();
    }

    /** The rows that are in view and a few around; the active row stays, so that the focus is not lost. */
    #draw() {
      if (!this.isOpen) return;
      const top = Math.max(0, Math.floor(this.grid.scrollTop / ROW) - SPARE);
      const bottom = Math.min(this.order.length, Math.ceil((this.grid.scrollTop + this.grid.clientHeight) / ROW) + SPARE);
      const wanted = new Set();
      for (let row = top; row < bottom; row++) wanted.add(row);
      if (this.active.row >= 0 && this.active.row < this.order.length) wanted.add(this.active.row);
      for (const [row, node] of this.drawn) {
        if (wanted.has(row)) continue;
        node.remove();
        this.drawn.delete(row);
      }
      const drawn = [...wanted].sort((a, b) => a - b);
      let before = null; // rows stand in the document in their order, for readers that follow it
      for (const row of drawn.reverse()) {
        let node = this.drawn.get(row);
        if (!node) {
          node = this.#row(row);
          node.style.top = `${row * ROW}px`;
          this.drawn.set(row, node);
          this.rows.insertBefore(node, before);
        }
        before = node;
      }
    }

    // --- keys ---

    #focused(target) {
      const cell = target.closest("[data-cell]");
      if (!cell) return;
      const [row, column] = cell.dataset.cell.split(" ").map(Number);
      if (row === this.active.row && column === this.active.column) return;
      this.grid.querySelectorAll('[tabindex="0"]').forEach((node) => (node.tabIndex = -1));
      this.active = { row, column };
      cell.tabIndex = 0;
    }

    #keys(event) {
      if (event.altKey || event.metaKey) return;
      const { row, column } = this.active;
      const page = Math.max(1, Math.floor(this.grid.clientHeight / ROW) - 2);
      const ltr = getComputedStyle(this.grid).direction !== "rtl";
      const lastRow = this.order.length - 1;
      const lastColumn = COLUMNS.length - 1;
      const to = {
        ArrowDown: [row + 1, column],
        ArrowUp: [row - 1, column],
        ArrowRight: [row, column + (ltr ? 1 : -1)],
        ArrowLeft: [row, column - (ltr ? 1 : -1)],
        PageDown: [row + page, column],
        PageUp: [Math.max(0, row - page), column],
        Home: event.ctrlKey ? [0, 0] : [row, 0],
        End: event.ctrlKey ? [lastRow, lastColumn] : [row, lastColumn],
      }[event.key];
      if (to) {
        event.preventDefault();
        this.grid.querySelectorAll('[tabindex="0"]').forEach((node) => (node.tabIndex = -1));
        this.active = { row: Math.max(-1, Math.min(lastRow, to[0])), column: Math.max(0, Math.min(lastColumn, to[1])) };
        if (this.active.row >= 0) this.#bringIntoView(this.active.row);
        this.#draw();
        this.#focusActive();
      } else if ((event.key === "Enter" || event.key === " ") && row >= 0) {
        event.preventDefault();
        this.calls.onSelect(this.order[row], { fromKeys: true });
      }
    }

    #focusActive() {
      const cell = this.grid.querySelector(`[data-cell="${this.active.row} ${this.active.column}"]`);
      if (!cell) return;
      cell.tabIndex = 0;
      cell.focus({ preventScroll: true });
    }

    /** Scrolls as far as needed; the head stays in place above the rows. */
    #bringIntoView(row) {
      const head = this.head.offsetHeight;
      const [top, bottom] = [row * ROW, (row + 1) * ROW];
      const { scrollTop, clientHeight } = this.grid;
      if (top < scrollTop) this.grid.scrollTop = top;
      else if (bottom + head > scrollTop + clientHeight) this.grid.scrollTop = bottom + head - clientHeight;
    }
  }

  Object.assign(conflictmap, { Table });
}
