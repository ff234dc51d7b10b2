"use strict";
// What is shown: one filter that map, table, histogram, lists and downloads read. Pure: no part of the document is used.
globalThis.conflictmap ??= {};
{
  // --- words as one searches for them ---

  const LETTERS = {
    ı: "i", ł: "l", ø: "o", æ: "ae", œ: "oe", đ: "d", ð: "d", þ: "th", ß: "ss", ħ: "h", ə: "a",
    أ: "ا", إ: "ا", آ: "ا", ٱ: "ا", ى: "ي", ی: "ي", ة: "ه", ؤ: "و", ئ: "ي", ک: "ك", ё: "е",
  };
  const SPECIAL = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "g");
  const ARTICLE = /(^| )(?:[ae]l|a[dnrstz]|e[dnrstz]|[ae](?:sh|dh|th)) (?=\S{2})/g;

  /**
   * A text as search compares it: lower case, no diacritics, vowel signs, apostrophes or hyphens, no Arabic article.
   * "al-Bāb" and "Al Bab" are both "bab", "الباب" is "باب".
   */
  function fold(text) {
    return text
      .normalize("NFKD")
      .replace(/[\p{Mn}\p{Cf}ـ'’‘ʿʾʼʻ`´]/gu, "")
      .toLowerCase()
      .normalize("NFC")
      .replace(/[\p{Mn}]/gu, "")
      .replace(SPECIAL, (letter) => LETTERS[letter])
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim()
      .replace(/(^| )ال(?=\S\S)/g, "$1")
      .replace(ARTICLE, "$1");
  }

  /** The folded words of a query; each must be in the text that is searched. */
  const queryWords = (query) => fold(query).split(" ").filter(Boolean);

  // --- days ---

  const DAY_MS = 864e5;
  const isoOf = (day) => new Date(day * DAY_MS).toISOString().slice(0, 10);
  const dayOf = (iso) => {
    const time = /^\d{4}-\d\d-\d\d$/.test(iso ?? "") ? Date.parse(iso) : NaN;
    return Number.isNaN(time) ? null : Math.round(time / DAY_MS);
  };

  const MOST_BARS = 100;

  /** The bars of a histogram over days first..last: unit "day", "week", "month" or "year", and the days they start on. */
  function binsOf(first, last) {
    const days = last - first + 1;
    const unit = days <= MOST_BARS ? "day" : days <= 7 * MOST_BARS ? "week" : days <= 31 * 2 * MOST_BARS ? "month" : "year";
    const starts = [];
    if (unit === "day" || unit === "week") {
      const step = unit === "day" ? 1 : 7;
      const offset = unit === "day" ? 0 : (((first + 3) % 7) + 7) % 7; // 1 January 1970 was a Thursday
      for (let day = first - offset; day <= last; day += step) starts.push(day);
    } else {
      const date = new Date(first * DAY_MS);
      let [year, month] = [date.getUTCFullYear(), unit === "year" ? 0 : date.getUTCMonth()];
      for (;;) {
        const day = Math.round(Date.UTC(year, month, 1) / DAY_MS);
        if (day > last) break;
        starts.push(day);
        if (unit === "year") year++;
        else month++;
      }
    }
    return { unit, starts, first, last };
  }

  /** Number of the bar that a day falls into; the first or last for days outside. */
  function binAt({ starts }, day) {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= day) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** How many of the events `numbers` overlap each bar; an event of several weeks counts in each of them. */
  function binCounts(bins, { start, end, isDated }, numbers) {
    const { starts } = bins;
    const steps = new Int32Array(starts.length + 1);
    const barOfDay = new Int32Array(bins.last - bins.first + 1);
    for (let b = 0, day = bins.first; day <= bins.last; day++) {
      while (b + 1 < starts.length && starts[b + 1] <= day) b++;
      barOfDay[day - bins.first] = b;
    }
    for (const i of numbers) {
      if (!isDated(i) || end[i] < bins.first || start[i] > bins.last) continue;
      steps[barOfDay[Math.max(start[i], bins.first) - bins.first]]++;
      steps[barOfDay[Math.min(end[i], bins.last) - bins.first] + 1]--;
    }
    const counts = new Int32Array(starts.length);
    for (let b = 0, sum = 0; b < counts.length; b++) counts[b] = sum += steps[b];
    return counts;
  }

  // --- the filter ---

  const FAILS = { sub: 1, confidence: 2, actor: 4, publisher: 8, date: 16, background: 32, query: 64, undated: 128 };

  const nothingSet = () => ({
    query: "", from: null, to: null, background: true, undated: true,
    offSubs: new Set(), offConfidence: new Set(), actors: new Set(), publishers: new Set(), offLayers: new Set(),
  });

  /**
   * One filter over the events of a book. Change it with `set`; `shown` holds the numbers of the user's own events that
   * pass, `beside` those of others whose layers are switched on.
   */
  class Filter {
    constructor(book) {
      this.book = book;
      this.state = nothingSet();
      this.fails = new Uint8Array(book.count);
      this.matches = null; // 1 for each event that the query finds; null without a query
      this.searching = null; // the query whose sentences are still to be searched
      this.run();
    }

    set(changes) {
      Object.assign(this.state, changes);
      if ("query" in changes) this.#search();
      this.run();
    }

    reset() {
      this.set(nothingSet());
    }

    /** Whether the sentences of the reports are still to be searched. */
    get isSearching() {
      return this.searching !== null;
    }

    get isReset() {
      const { query, from, to, background, undated, offSubs, offConfidence, actors, publishers, offLayers } = this.state;
      return !query && from === null && to === null && background && undated && ![offSubs, offConfidence, actors, publishers, offLayers].some(({ size }) => size);
    }

    /** Fills `fails` (which conditions an event fails) and `shown`. An event passes a span of days that it overlaps. */
    run() {
      const { book, state, fails, matches } = this;
      const flags = (names, set) => Uint8Array.from(names, (name) => (set.has(name) ? 1 : 0));
      const offSubs = flags(book.subs, state.offSubs);
      const offConfidence = flags(book.style.confidence, state.offConfidence);
      const actors = state.actors.size ? flags(book.actors.names, state.actors) : null;
      const publishers = state.publishers.size ? flags(book.publishers.names, state.publishers) : null;
      const from = state.from ?? -Infinity;
      const to = state.to ?? Infinity;
      const { start, end, subOf, confidenceOf, isBackground } = book;
      const failsOf = (i) => {
        let failed = 0;
        if (offSubs[subOf[i]]) failed |= FAILS.sub;
        if (offConfidence[confidenceOf[i]]) failed |= FAILS.confidence;
        if (actors && !book.actors.hasAny(i, actors)) failed |= FAILS.actor;
        if (publishers && !book.publishers.hasAny(i, publishers)) failed |= FAILS.publisher;
        if (isBackground[i] && !state.background) failed |= FAILS.background;
        if (matches && !matches[i]) failed |= FAILS.query;
        if (!book.isDated(i)) failed |= state.undated ? 0 : FAILS.undated;
        else if (end[i] < from || start[i] > to) failed |= FAILS.date;
        return failed;
      };
      const shown = new Int32Array(book.count);
      let n = 0;
      for (let i = 0; i < book.count; i++) if ((fails[i] = failsOf(i)) === 0) shown[n++] = i;
      this.shown = shown.subarray(0, n);
      this.beside = [];
      for (let i = book.count; i < book.all; i++) {
        if (!state.offLayers.has(book.beside[book.layerOf[i]].name) && failsOf(i) === 0) this.beside.push(i);
      }
    }

    /** Counts per value of one facet among the events that pass all other conditions. */
    counts(facet) {
      const { book, fails } = this;
      const [names, codesOf] = {
        sub: [book.subs, (i) => [book.subOf[i]]],
        confidence: [book.style.confidence, (i) => [book.confidenceOf[i]]],
        actor: [book.actors.names, book.actors.codesOf],
        publisher: [book.publishers.names, book.publishers.codesOf],
      }[facet];
      const counts = new Int32Array(names.length);
      for (let i = 0; i < book.count; i++) if ((fails[i] & ~FAILS[facet]) === 0) for (const code of codesOf(i)) counts[code]++;
      return counts;
    }

    /** The events that pass everything but the dates, for the histogram's pale bars. */
    withoutDates() {
      const { fails } = this;
      const numbers = [];
      for (let i = 0; i < fails.length; i++) if ((fails[i] & ~FAILS.date) === 0) numbers.push(i);
      return numbers;
    }

    #texts() {
      if (this.texts) return this.texts;
      const { book } = this;
      const folded = new Map();
      const quick = (text) => {
        if (!text) return "";
        if (!folded.has(text)) folded.set(text, fold(text));
        return folded.get(text);
      };
      const { place, native, admin1, country, summary } = book.events;
      const text = (i) => [
        quick(place[i]), quick(native[i]), quick(admin1[i]), quick(book.countries[country[i]]), ...book.actors.of(i).map(quick),
        quick(book.sub(i)), fold(summary[i]),
      ].join(" | ");
      this.texts = Array.from({ length: book.all }, (_, i) => text(i));
      return this.texts;
    }

    #search() {
      const wanted = queryWords(this.state.query);
      this.searching = null;
      if (!wanted.length) {
        this.matches = null;
        return;
      }
      const texts = this.#texts();
      this.matches = Uint8Array.from(texts, (text) => (wanted.every((word) => text.includes(word)) ? 1 : 0));
      this.searching = this.state.query;
    }

    /**
     * Goes on with the search through the sentences of the reports, which may have to be unpacked first. Gives true when
     * that found more events; false when it found none or another query came in between.
     */
    async searchQuotes() {
      const query = this.searching;
      if (query === null) return false;
      const wanted = queryWords(query);
      const texts = this.#texts();
      const matches = this.matches;
      let found = false;
      const goesOn = () => this.searching === query && this.matches === matches;
      await this.book.eachDetails((i, { reports = [], targets = [] }) => {
        if (matches[i]) return;
        const quotes = reports.map(({ quote = [], title = "" }) => `${quote.map(([piece]) => piece).join("")} ${title ?? ""}`);
        const text = `${texts[i]} | ${fold([...targets, ...quotes].join(" | "))}`;
        if (wanted.every((word) => text.includes(word))) matches[i] = found = 1;
      }, goesOn);
      if (!goesOn()) return false;
      this.searching = null;
      if (found) this.run();
      return Boolean(found);
    }

    // --- as text of a link ---

    /** Adds what is set to the parameters of a link. */
    write(parameters) {
      const { state } = this;
      if (state.query) parameters.set("q", state.query);
      if (state.from !== null) parameters.set("from", isoOf(state.from));
      if (state.to !== null) parameters.set("to", isoOf(state.to));
      if (!state.background) parameters.set("background", "0");
      if (!state.undated) parameters.set("undated", "0");
      for (const [name, set] of [["without", state.offSubs], ["doubt", state.offConfidence], ["actor", state.actors], ["source", state.publishers], ["hidden", state.offLayers]]) {
        for (const value of [...set].sort()) parameters.append(name, value);
      }
    }

    /** Sets what the parameters of a link say; what this page does not know is passed over. */
    read(parameters) {
      const { book } = this;
      const known = (name, values) => new Set(parameters.getAll(name).filter((value) => values.includes(value)));
      this.set({
        query: (parameters.get("q") ?? "").slice(0, 200),
        from: dayOf(parameters.get("from")),
        to: dayOf(parameters.get("to")),
        background: parameters.get("background") !== "0",
        undated: parameters.get("undated") !== "0",
        offSubs: known("without", book.subs),
        offConfidence: known("doubt", book.style.confidence),
        actors: known("actor", book.actors.names),
        publishers: known("source", book.publishers.names),
        offLayers: known("hidden", book.beside.map(({ name }) => name)),
      });
    }
  }

  Object.assign(conflictmap, { Filter, fold, queryWords, isoOf, dayOf, binsOf, binAt, binCounts });
}
