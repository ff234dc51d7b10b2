"use strict";
// The bar of time: how many events per day, week, month or year, a slider from-to, dates to type, and play.
globalThis.conflictmap ??= {};
{
  const { words, el, svg, binsOf, binAt, binCounts, isoOf, dayOf } = conflictmap;
  const STEP_MS = 700; // between two steps while playing: long enough to read the map
  const HEIGHT = 44; // units of the drawing

  class Timeline {
    /** calls: onChange({from, to, undated}, {quick}). */
    constructor(root, book, filter, calls) {
      Object.assign(this, { root, book, filter, calls });
      // background reaches back for years; what lies wholly outside the days of the main events is counted beside the bars
      this.range = book.dateRange((i) => !book.isBackground[i]) ?? book.dateRange();
      this.timer = null;
      if (this.range) this.bins = binsOf(...this.range);
    }

    /** Builds everything anew, in the language of the moment. */
    build() {
      this.pause();
      const { range, root } = this;
      root.setAttribute("aria-label", words.eventsOverTime);
      root.replaceChildren();
      root.hidden = this.book.count < 2; // one event leaves nothing to choose, nor does one day
      const undated = this.book.start.subarray(0, this.book.count).reduce((sum, _, i) => sum + (this.book.isDated(i) ? 0 : 1), 0);
      this.undated = el("input", { type: "checkbox", "data-layer": "undated", onchange: () => this.calls.onChange({ undated: this.undated.checked }) });
      const switchOfUndated = undated
        ? el("label", { class: "cm-undated" }, this.undated, words.layers.undated, el("span", { class: "cm-n" }, words.number(undated)))
        : "";
      if (!range) {
        root.append(el("div", { class: "cm-time-row" }, switchOfUndated));
        this.show();
        return;
      }
      const [first, last] = range;
      let outside = 0;
      for (let i = 0; i < this.book.count; i++) if (this.book.isDated(i) && (this.book.end[i] < first || this.book.start[i] > last)) outside++;
      root.hidden ||= first === last && !undated && !outside;
      const dateInput = (name, label) =>
        el("input", {
          type: "date", min: isoOf(first), max: isoOf(last), "aria-label": label, id: `cm-${name}`,
          onchange: (event) => {
            this.pause();
            this.calls.onChange({ [name]: dayOf(event.target.value) });
          },
        });
      this.dates = { from: dateInput("from", words.fromLabel), to: dateInput("to", words.toLabel) };
      this.playButton = el("button", { type: "button", class: "cm-button cm-play", onclick: () => this.#playPressed() });
      this.text = el("span", { class: "cm-unit" });
      const reset = el("button", { type: "button", class: "cm-button cm-reset", onclick: () => this.#set(null, null) }, words.reset);
      root.append(
        el(
          "div", { class: "cm-time-row" }, first === last ? "" : this.playButton,
          el("label", { for: "cm-from" }, words.from), this.dates.from, el("label", { for: "cm-to" }, words.to), this.dates.to, reset,
          switchOfUndated, outside ? el("span", { class: "cm-outside" }, words.outside(outside)) : "", this.text,
        ),
      );
      if (first !== last) root.append(this.#chart());
      this.show();
    }

    #chart() {
      const [first, last] = this.range;
      this.drawing = svg("svg", { viewBox: `0 0 1000 ${HEIGHT}`, preserveAspectRatio: "none", class: "cm-histogram", role: "img" });
      const handle = (name, label) => {
        const input = el("input", { type: "range", min: first, max: last, step: 1, "aria-label": label, class: `cm-handle cm-handle-${name}` });
        input.addEventListener("input", () => this.#dragged(name, true));
        input.addEventListener("change", () => this.#dragged(name, false));
        input.addEventListener("keydown", (event) => this.#pageKeys(event, name));
        return input;
      };
      this.handles = { from: handle("from", words.fromLabel), to: handle("to", words.toLabel) };
      this.span = el("div", { class: "cm-span" });
      const track = el("div", { class: "cm-track" }, this.span, this.handles.from, this.handles.to);
      const chart = el("div", { class: "cm-chart", dir: "ltr" }, this.drawing, track, this.#axis());
      this.#brush(this.drawing);
      return chart;
    }

    /** Years (or months) below the bars, as many as there is room for. */
    #axis() {
      const { starts, unit } = this.bins;
      const axis = el("div", { class: "cm-axis", "aria-hidden": "true" });
      const most = Math.max(2, Math.min(8, Math.floor(this.root.clientWidth / 105)));
      const step = Math.max(1, Math.ceil(starts.length / most));
      for (let b = 0; b < starts.length && this.#share(starts[b]) < 0.93; b += step) {
        const tick = el("span", {}, words.axisDate(Math.max(starts[b], this.range[0]), unit));
        tick.style.left = `${100 * this.#share(starts[b])}%`;
        axis.append(tick);
      }
      return axis;
    }

    /** Where a day lies on the chart, 0 to 1. */
    #share = (day) => Math.min(1, Math.max(0, (day - this.range[0]) / (this.range[1] - this.range[0] + 1)));

    /** Pressing on the bars and drawing chooses the days of those bars. */
    #brush(node) {
      let from = null;
      const barAt = (event) => {
        const box = node.getBoundingClientRect();
        const [first, last] = this.range;
        const share = Math.min(0.9999, Math.max(0, (event.clientX - box.left) / box.width));
        return binAt(this.bins, Math.floor(first + share * (last - first + 1)));
      };
      const choose = (event, quick) => {
        const [a, b] = [from, barAt(event)].sort((x, y) => x - y);
        const { starts } = this.bins;
        this.#set(Math.max(starts[a], this.range[0]), Math.min((starts[b + 1] ?? Infinity) - 1, this.range[1]), quick);
      };
      node.addEventListener("pointerdown", (event) => {
        this.pause();
        from = barAt(event);
        node.setPointerCapture(event.pointerId);
        choose(event, true);
      });
      node.addEventListener("pointermove", (event) => from !== null && choose(event, true));
      node.addEventListener("pointerup", (event) => {
        if (from === null) return;
        choose(event, false);
        from = null;
      });
      node.addEventListener("pointercancel", () => (from = null));
    }

    /** Tells the new span of days; the whole range is no condition. */
    #set(from, to, quick = false) {
      const [first, last] = this.range;
      this.calls.onChange({ from: from === null || from <= first ? null : from, to: to === null || to >= last ? null : to }, { quick });
    }

    #dragged(name, quick) {
      this.pause();
      const { from, to } = this.handles;
      let [a, b] = [Number(from.value), Number(to.value)];
      if (a > b) {
        if (name === "from") a = b;
        else b = a;
      }
      this.#set(a, b, quick);
    }

    /** A page is one bar: a week, a month. */
    #pageKeys(event, name) {
      const step = { PageUp: 1, PageDown: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const { starts, last } = this.bins;
      const input = this.handles[name];
      const bar = binAt(this.bins, Number(input.value)) + step;
      input.value = name === "from" ? starts[Math.max(0, Math.min(starts.length - 1, bar))] : ((starts[bar + 1] ?? last + 1) - 1);
      this.#dragged(name, false);
    }

    // --- play ---

    get isCalm() {
      return matchMedia("(prefers-reduced-motion: reduce)").matches;
    }

    #playPressed() {
      if (this.timer !== null) {
        this.pause();
        return;
      }
      const { from, to } = this.filter.state;
      if (from === null && to === null) this.window = null; // from the first day on, growing
      else this.window = { length: binAt(this.bins, to ?? this.range[1]) - binAt(this.bins, from ?? this.range[0]) };
      if (this.isCalm) {
        this.#step();
        return;
      }
      this.bar = this.window && to !== null && to < this.range[1] ? binAt(this.bins, to) : -1;
      this.timer = setInterval(() => this.#step() || this.pause(), STEP_MS);
      this.#drawPlay();
      this.#step();
    }

    /** One bar on: the window moves, or grows from the first day where all days were shown. Says whether there is more. */
    #step() {
      const { starts } = this.bins;
      const [first, last] = this.range;
      const { to } = this.filter.state;
      if (this.isCalm) this.bar = to === null ? -1 : binAt(this.bins, to);
      this.bar++;
      const end = (starts[this.bar + 1] ?? last + 1) - 1;
      const startBar = this.window ? Math.max(0, this.bar - this.window.length) : 0;
      const isLast = end >= last;
      const from = Math.max(first, starts[startBar]);
      this.calls.onChange({ from: from <= first ? null : from, to: isLast && !this.window ? null : Math.min(end, last) });
      return !isLast;
    }

    pause() {
      if (this.timer !== null) clearInterval(this.timer);
      this.timer = null;
      if (this.playButton) this.#drawPlay();
    }

    #drawPlay() {
      const playing = this.timer !== null;
      this.playButton.textContent = playing ? `❚❚ ${words.pause}` : this.isCalm ? `▶| ${words.step}` : `▶ ${words.play}`;
    }

    // --- drawing ---

    /** Draws bars, handles and dates as the filter has them. */
    show() {
      const { filter, book } = this;
      this.undated.checked = filter.state.undated;
      if (!this.range) return;
      const [first, last] = this.range;
      const { from, to } = filter.state;
      this.dates.from.value = from === null ? "" : isoOf(from);
      this.dates.to.value = to === null ? "" : isoOf(to);
      this.text.textContent = first === last ? "" : words.perUnit(this.bins.unit);
      if (!this.drawing) return;
      this.#drawPlay();
      const all = binCounts(this.bins, book, filter.withoutDates());
      const shown = binCounts(this.bins, book, filter.shown);
      const highest = Math.max(1, ...all);
      const { starts } = this.bins;
      const bars = (counts, className) => {
        let path = "";
        counts.forEach((n, b) => {
          if (!n) return;
          const height = Math.max(2, (HEIGHT * n) / highest);
          const left = 1000 * this.#share(starts[b]);
          const width = 1000 * this.#share(starts[b + 1] ?? last + 1) - left;
          path += `M${(left + 0.08 * width).toFixed(2)} ${HEIGHT}v${-height.toFixed(1)}h${(0.84 * width).toFixed(2)}v${height.toFixed(1)}z`;
        });
        return svg("path", { d: path, class: className });
      };
      const peak = shown.indexOf(Math.max(...shown));
      const label = `${words.perUnit(this.bins.unit)}. ${words.most(words.date(Math.max(first, this.bins.starts[peak])), shown[peak])}`;
      this.drawing.setAttribute("aria-label", label);
      this.drawing.replaceChildren(bars(all, "cm-bars-all"), bars(shown, "cm-bars"));
      const [low, high] = [from ?? first, to ?? last];
      for (const [name, day] of [["from", low], ["to", high]]) {
        this.handles[name].value = day;
        this.handles[name].setAttribute("aria-valuetext", words.date(day));
      }
      this.handles.from.style.zIndex = low > (first + last) / 2 ? 2 : 1;
      this.handles.to.style.zIndex = low > (first + last) / 2 ? 1 : 2;
      this.span.style.left = `${100 * this.#share(low)}%`;
      this.span.style.width = `${100 * (this.#share(high + 1) - this.#share(low))}%`;
    }
  }

  Object.assign(conflictmap, { Timeline });
}
