"use strict";
// The page's data: read at once where it is plain, inflated where it is packed (maps/columns.py writes it and says how).
globalThis.conflictmap ??= {};
{
  const NONE = Object.freeze([]);

  const MOST_UNPACKED = 40; // chunks kept; a chunk takes about a megabyte

  const DIGITS = Uint8Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));

  const ESCAPED = { a: 0, b: 13, c: 60, d: 126 };

  /** Bytes from their letters of seven bits (encode7 in maps/columns.py). */
  function decode7(text) {
    const bytes = new Uint8Array(Math.floor((text.length * 7) / 8));
    let [at, held, bits] = [0, 0, 0];
    for (let i = 0; i < text.length; i++) {
      let letter = text.charCodeAt(i);
      if (letter === 126) letter = ESCAPED[text[++i]];
      held = ((held << 7) | letter) & 0x3fff;
      bits += 7;
      if (bits >= 8) {
        bits -= 8;
        bytes[at++] = held >> bits;
      }
    }
    return bytes.subarray(0, at);
  }

  /** The bytes of a packed block of the page. */
  async function inflate(id) {
    const { readable, writable } = new DecompressionStream("deflate");
    const writer = writable.getWriter();
    const written = writer.write(decode7(document.getElementById(id).textContent)).then(() => writer.close());
    const [buffer] = await Promise.all([new Response(readable).arrayBuffer(), written]);
    return new Uint8Array(buffer);
  }

  /** Reads columns from the bytes behind the header, in the order in which the header names them. */
  class Reader {
    constructor(bytes) {
      this.bytes = bytes;
      this.at = bytes.indexOf(10) + 1;
      this.header = JSON.parse(new TextDecoder().decode(bytes.subarray(0, this.at - 1)));
    }

    numbers(count, width) {
      const { bytes } = this;
      if (width === 1) return bytes.subarray(this.at, (this.at += count));
      const found = new Uint32Array(count);
      for (let place = 0; place < width; place++, this.at += count) {
        for (let i = 0; i < count; i++) found[i] |= bytes[this.at + i] << (8 * place);
      }
      return found;
    }

    columns({ n, of }) {
      return Object.fromEntries(Object.entries(of).map(([name, node]) => [name, this.column(node, n)]));
    }

    rows(table) {
      const rows = Array.from({ length: table.n }, () => ({}));
      for (const [name, values] of Object.entries(this.columns(table))) {
        for (let i = 0; i < rows.length; i++) if (values[i] !== null && values[i].length !== 0) rows[i][name] = values[i];
      }
      return rows;
    }

    column(node, count) {
      if (node.list) return node.list;
      if (node.int) return this.#coded(node, count);
      if (node.hex) return this.#ids(node, count);
      const lengths = this.column(node.has, count);
      if (node.row) {
        const rows = this.rows(node.row);
        let next = 0;
        return lengths.map((one) => (one ? rows[next++] : null));
      }
      const held = node.rows ? this.rows(node.rows) : this.column(node.each, lengths.reduce((sum, length) => sum + length, 0));
      let end = 0;
      return lengths.map((length) => (length ? held.slice(end, (end += length)) : NONE));
    }

    #ids({ hex, begin }, count) {
      const letters = new Uint8Array(2 * hex * count);
      for (let k = 0; k < letters.length; this.at++) {
        letters[k++] = DIGITS[this.bytes[this.at] >> 4];
        letters[k++] = DIGITS[this.bytes[this.at] & 15];
      }
      const all = new TextDecoder().decode(letters); // one text, of which the ids are parts, takes a third of the time
      const found = new Array(count);
      for (let i = 0; i < count; i++) found[i] = begin + all.slice(2 * hex * i, 2 * hex * (i + 1));
      return found;
    }

    #coded({ int, values, from, by }, count) {
      const raw = this.numbers(count, int);
      const found = new Array(count);
      if (values) for (let i = 0; i < count; i++) found[i] = values[raw[i]];
      else for (let i = 0; i < count; i++) found[i] = raw[i] === 0 ? null : by === 1 ? raw[i] - 1 + from : (raw[i] - 1 + from) / by;
      return found;
    }
  }

  /** A quote cut at its marks: [text, [kinds]] pieces whose texts join to it; marks may overlap. */
  function marked({ text, marks = NONE }) {
    const cuts = [...new Set([0, text.length, ...marks.flatMap(({ start, length }) => [start, start + length])])].sort((a, b) => a - b);
    return cuts.slice(1).map((end, n) => {
      const covering = marks.filter(({ start, length }) => start <= cuts[n] && end <= start + length);
      return [text.slice(cuts[n], end), [...new Set(covering.map(({ kind }) => kind))].sort()];
    });
  }

  /** The details of single events, by chunks of neighbours; one chunk is unpacked when one of its events is opened. */
  class Chunks {
    constructor(base, size, events, where) {
      Object.assign(this, { base, size, events, where, unpacked: new Map() });
    }

    async get(i) {
      const number = Math.floor(i / this.size);
      if (!this.unpacked.has(number)) {
        if (this.unpacked.size >= MOST_UNPACKED) this.unpacked.delete(this.unpacked.keys().next().value);
        this.unpacked.set(number, this.#unpack(number));
      }
      return this.#whole(i, (await this.unpacked.get(number))[i % this.size]);
    }

    /** Calls visit(i, details) for every event in turn, keeping none; ends when `goesOn` says no. */
    async each(visit, goesOn) {
      const count = this.events.id.length;
      for (let start = 0; start < count && goesOn(); start += this.size) {
        const rows = await this.#unpack(start / this.size);
        rows.forEach((details, k) => visit(start + k, this.#whole(start + k, details)));
      }
    }

    #whole(i, details) {
      const { actors, targets, family, spot, lon } = this.events;
      const where = lon[i] === null ? {} : { ...this.where[spot[i]], ...details.where };
      return { ...details, actors: actors[i], targets: targets[i], ...(family[i] === null ? {} : { family: family[i] }), where };
    }

    async #unpack(number) {
      const reader = new Reader(await inflate(`${this.base}_details_${number}`));
      const rows = reader.rows(reader.header);
      for (const row of rows) for (const report of row.reports ?? NONE) if (report.quote) report.quote = marked(report.quote);
      return rows;
    }
  }

  /**
   * The data of a page. `events` are columns: plain arrays with one value an event, null where it is unknown.
   * `detailsOf(i)` gives what the evidence panel needs, or a promise of it; `eachDetails(visit, goesOn)` goes through all.
   */
  async function openData(dataId) {
    const data = JSON.parse(document.getElementById(dataId).textContent);
    if (!data.packed) {
      const { details, ...rest } = data;
      const each = async (visit) => details.plain.forEach((found, i) => visit(i, found));
      return { ...rest, detailsOf: (i) => details.plain[i], eachDetails: each };
    }
    const base = dataId.replace(/_data$/, "");
    const [events, spots] = await Promise.all(
      ["events", "spots"].map(async (name) => {
        const reader = new Reader(await inflate(`${base}_${name}`));
        return reader.columns(reader.header);
      }),
    );
    const { where, ...shared } = spots;
    for (const [name, values] of Object.entries(shared)) events[name] = events.spot.map((spot) => values[spot]);
    const chunks = new Chunks(base, data.packed.chunk, events, where);
    return { ...data, events, detailsOf: (i) => chunks.get(i), eachDetails: (visit, goesOn) => chunks.each(visit, goesOn) };
  }

  Object.assign(conflictmap, { openData, Reader, decode7, marked });
}
