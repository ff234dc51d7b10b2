"use strict";
// The events as read from the page's data, and what can be asked of them. Events are numbers in date order.
globalThis.conflictmap ??= {};
{
  const { words } = conflictmap;
  /** Start and end of what has no date. */
  const UNDATED = -0x7fffffff;
  const HAND = ["corrected", "checked"]; // HAND_CODES of geo/corrections.py

  /** Confidence of what a table says nothing of. */
  const NO_CONFIDENCE = 255;

  /** Values as a typed array. A loop, because `from` with a function takes ten times as long. */
  function numbers(Kind, values, blank) {
    const found = new Kind(values.length);
    for (let i = 0; i < found.length; i++) {
      const value = values[i];
      found[i] = value === null ? blank : value;
    }
    return found;
  }

  /** Lists of names as codes in two arrays: those of event i are `codes` from at[i] to at[i + 1]. */
  class Coded {
    constructor(lists) {
      const distinct = new Set(lists); // equal lists are often one and the same array
      this.names = [...new Set([...distinct].flat())].sort();
      const codeOf = new Map(this.names.map((name, code) => [name, code]));
      const known = new Map([...distinct].map((list) => [list, [...new Set(list)].map((name) => codeOf.get(name))]));
      this.at = new Int32Array(lists.length + 1);
      const codes = [];
      lists.forEach((list, i) => {
        for (const code of known.get(list)) codes.push(code);
        this.at[i + 1] = codes.length;
      });
      this.codes = Int32Array.from(codes);
    }
    codesOf = (i) => this.codes.subarray(this.at[i], this.at[i + 1]);
    of = (i) => Array.from(this.codesOf(i), (code) => this.names[code]);
    /** Whether event i has one of the codes of which `wanted` holds a 1. */
    hasAny(i, wanted) {
      for (let k = this.at[i]; k < this.at[i + 1]; k++) if (wanted[this.codes[k]]) return true;
      return false;
    }
  }

  class Book {
    /** data: of openData. */
    constructor(data) {
      const { events, ...rest } = data;
      Object.assign(this, rest); // title, provenance, stats, style, countries, view, places, outlinesSource, detailsOf, eachDetails
      this.events = events; // columns: id, summary, place, native, admin1, country, reason, family, ...
      this.all = events.id.length; // `count` are the user's own, which come first; those laid beside follow, layer by layer
      this.count ??= this.all;
      this.#layers();
      this.start = numbers(Int32Array, events.start, UNDATED);
      this.end = numbers(Int32Array, events.end, UNDATED);
      this.lon = numbers(Float64Array, events.lon, NaN);
      this.lat = numbers(Float64Array, events.lat, NaN);
      this.km = numbers(Float32Array, events.km, NaN);
      this.unit = numbers(Int16Array, events.unit, -1);
      this.level = numbers(Int8Array, events.level, -1);
      this.typeOf = new Uint8Array(events.type);
      this.statusOf = new Uint8Array(events.status);
      this.isBackground = new Uint8Array(events.background);
      this.confidenceOf = numbers(Uint8Array, events.confidence, NO_CONFIDENCE);
      this.killedLow = numbers(Int32Array, events.killed, -1);
      this.killedHigh = numbers(Int32Array, events.killed_high, -1);
      this.actors = new Coded(events.actors);
      this.publishers = new Coded(events.sources);
      this.handOf = new Uint8Array(events.hand); // bits, as maps/entries.py sets them
      this.flags = { has: () => false, events: () => [], count: 0 }; // of the reader, once there are any
      this.points = this.#points();
      this.#codeSubTypes(events.sub);
    }

    /** In which layer of others each event is; -1 in none. */
    #layers() {
      this.beside ??= [];
      this.credits ??= [];
      this.layerOf = new Int8Array(this.all).fill(-1);
      let at = this.count;
      this.beside.forEach(({ count }, layer) => this.layerOf.fill(layer, at, (at += count)));
    }

    /** The colour that frames an event of others; null for the user's own. */
    frame = (i) => (this.layerOf[i] < 0 ? null : this.style.frames[this.layerOf[i] % this.style.frames.length]);

    /** What Clusters takes: points in mercator units, by event. */
    #points() {
      const x = new Float64Array(this.all).fill(NaN);
      const y = new Float64Array(this.all).fill(NaN);
      for (let i = 0; i < this.all; i++) if (this.level[i] >= 0) [x[i], y[i]] = conflictmap.project(this.lon[i], this.lat[i]);
      return { x, y, lon: this.lon, lat: this.lat, type: this.typeOf, place: this.events.place };
    }

    #codeSubTypes(subs) {
      const order = this.style.types.flatMap(({ subs: names }) => names);
      const found = new Set(subs);
      this.subs = [...order.filter((name) => found.has(name)), ...[...found].filter((name) => !order.includes(name)).sort()];
      const codes = new Map(this.subs.map((name, code) => [name, code]));
      this.subOf = new Uint8Array(subs.length);
      subs.forEach((name, i) => (this.subOf[i] = codes.get(name)));
      this.typeOfSub = new Uint8Array(this.subs.length);
      this.subOf.forEach((sub, i) => (this.typeOfSub[sub] = this.typeOf[i]));
    }

    id = (i) => this.events.id[i];
    indexOf(id) {
      this.indexes ??= new Map(this.events.id.map((known, i) => [known, i]));
      return this.indexes.get(id) ?? null;
    }
    type = (i) => this.style.types[this.typeOf[i]];
    sub = (i) => this.subs[this.subOf[i]];
    kind = (i) => (this.level[i] < 0 ? null : this.style.levels[this.level[i]].kind);
    levelName = (i) => (this.level[i] < 0 ? null : this.style.levels[this.level[i]].level);
    isLocated = (i) => this.level[i] >= 0;
    isDated = (i) => this.start[i] !== UNDATED;
    latLng = (i) => [this.lat[i], this.lon[i]];
    country = (i) => (this.events.country[i] ? words.country(this.events.country[i], this.countries[this.events.country[i]]) : null);
    status = (i) => this.style.status[this.statusOf[i]];
    confidence = (i) => this.style.confidence[this.confidenceOf[i]];

    total(tab) {
      if (tab === "places") return this.places.id.length;
      if (tab === "flags") return this.flags.count;
      this.located ??= this.level.subarray(0, this.count).reduce((sum, level) => sum + (level >= 0 ? 1 : 0), 0);
      return tab === "unlocated" ? this.count - this.located : this.located;
    }

    /** First and last day of the events that `counts` admits, or null. */
    dateRange(counts = () => true) {
      let [first, last] = [Infinity, -Infinity];
      for (let i = 0; i < this.count; i++) {
        if (!this.isDated(i) || !counts(i)) continue;
        if (this.start[i] < first) first = this.start[i];
        if (this.end[i] > last) last = this.end[i];
      }
      return first <= last ? [first, last] : null;
    }

    dates = (i) => (this.isDated(i) ? words.between(words.date(this.start[i]), words.date(this.end[i])) : words.undated);

    where(i) {
      const { place, admin1, country } = this.events;
      const isCountry = place[i] && place[i] === this.countries[country[i]]; // which has a name in every language
      const parts = [isCountry ? null : place[i], admin1[i], this.country(i)].filter(Boolean);
      return parts.filter((part, n) => parts.indexOf(part) === n).slice(0, 2).join(", ");
    }

    precision = (i) => words.precision(this.levelName(i), this.events.place[i], this.km[i]);

    /** How many were killed, in short: "14", "8–14", "dozens", "". */
    killed(i) {
      const [low, high] = [this.killedLow[i], this.killedHigh[i]];
      if (low < 0 && high < 0) return this.events.killed_words[i] ?? "";
      return words.claim.range(low < 0 ? null : low, high < 0 ? null : high);
    }

    tags(i) {
      const tags = this.layerOf[i] < 0 ? [] : [this.beside[this.layerOf[i]].name];
      if (this.isBackground[i]) tags.push(words.background);
      if (this.status(i) !== "reported") tags.push(words[this.status(i)]);
      if (this.confidence(i) === "low") tags.push(words.low);
      return tags;
    }

    /** What people did with an event: "corrected", "checked", "flagged". */
    marks = (i) => [...HAND.filter((_, bit) => this.handOf[i] & (1 << bit)), ...(this.flags.has(i) ? ["flagged"] : [])];

    /** What must be said of rows that others made: whose they are, and what must not be done with them. */
    sourceLines = () => [...new Set([...this.credits, ...this.beside.flatMap(({ attribution, warning }) => [attribution, warning])].filter(Boolean))];

    /** What the evidence panel needs. */
    details = async (i) => this.detailsOf(i);

    /** The other events of one family. */
    family(i, family) {
      this.families ??= groupBy(this.events.family, (named, j) => named ?? this.events.id[j]);
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

  Object.assign(conflictmap, { Book, UNDATED });
}
