// Pure functions of the page's scripts, without a browser: node --test tests/maps/page_scripts.test.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { runInThisContext } from "node:vm";

const read = (name) => runInThisContext(readFileSync(new URL(`../../maps/static/${name}`, import.meta.url), "utf8"), { filename: name });
["words.js", "columns.js", "mercator.js", "filter.js", "clusters.js", "symbols.js", "takeaway.js", "flags.js"].forEach(read);
const {
  fold, queryWords, binsOf, binAt, binCounts, isoOf, dayOf, Filter, TABLE, PLURALS, LANGUAGES, wordsIn, csvCell, csvParts, shortened, fileStem, geojsonParts, Flags, spanOf, FLAG_FIELDS,
  marked, decode7, project, unproject, decodeArc, Clusters, symbol, clusterSymbol,
} = globalThis.conflictmap;

test("spellings of one name fold to one text", () => {
  for (const spelling of ["al-Bāb", "Al Bab", "EL-BAB", "al-Ba'b"]) assert.equal(fold(spelling), "bab");
  for (const spelling of ["الباب", "البَاب", "البـاب"]) assert.equal(fold(spelling), "باب");
  assert.equal(fold("Ma'arrat al-Nu'man"), "maarrat numan");
  assert.equal(fold("Dayr az-Zawr"), "dayr zawr");
  assert.equal(fold("Şanlıurfa"), "sanliurfa");
  assert.equal(fold("Артём"), "артем");
  assert.deepEqual(queryWords("  "), []);
  assert.deepEqual(queryWords("al"), ["al"]);
});

test("folding twice changes nothing", () => {
  for (const text of ["al-Bab", "İstanbul", "ﷺ", "é\u0301", "ال", "ǅ"]) assert.equal(fold(fold(text)), fold(text));
});

test("days and ISO texts are one to one", () => {
  for (const day of [-100000, -1, 0, 17206, 40000]) assert.equal(dayOf(isoOf(day)), day);
  for (const text of [null, "", "yesterday", "2017-13-01", "17-1-1"]) assert.equal(dayOf(text), null);
});

test("bars cover all days without a gap", () => {
  for (const days of [1, 50, 100, 101, 699, 700, 701, 5000, 6201, 40000]) {
    const first = dayOf("2016-02-27");
    const bins = binsOf(first, first + days - 1);
    assert.ok(bins.starts[0] <= first);
    assert.ok(bins.starts.length <= 210);
    for (let k = 1; k < bins.starts.length; k++) assert.ok(bins.starts[k] > bins.starts[k - 1]);
    assert.equal(binAt(bins, first), 0);
    assert.equal(binAt(bins, first + days - 1), bins.starts.length - 1);
  }
});

test("weeks start on Mondays and months on the first", () => {
  const weeks = binsOf(dayOf("2017-01-04"), dayOf("2017-12-31"));
  assert.equal(weeks.unit, "week");
  for (const day of weeks.starts) assert.equal(new Date(day * 864e5).getUTCDay(), 1);
  const months = binsOf(dayOf("2015-01-04"), dayOf("2018-12-31"));
  assert.equal(months.unit, "month");
  for (const day of months.starts) assert.match(isoOf(day), /-01$/);
});

const small = () => {
  const events = [
    // sub, confidence, background, start, end, actors
    [0, 0, 0, 10, 12, ["A"]],
    [1, 2, 0, 12, 12, ["A", "B"]],
    [1, 0, 1, 20, 30, []],
    [0, 1, 0, null, null, ["B"]],
  ];
  const coded = (lists) => {
    const names = [...new Set(lists.flat())].sort();
    return { names, codesOf: (i) => lists[i].map((name) => names.indexOf(name)), of: (i) => lists[i], hasAny: (i, wanted) => lists[i].some((name) => wanted[names.indexOf(name)]) };
  };
  return {
    count: events.length, all: events.length, beside: [], layerOf: events.map(() => -1), subs: ["x", "y"], style: { confidence: ["high", "medium", "low"] }, countries: {},
    subOf: events.map((e) => e[0]), confidenceOf: events.map((e) => e[1]), isBackground: events.map((e) => e[2]),
    start: events.map((e) => e[3]), end: events.map((e) => e[4]), isDated: (i) => events[i][3] !== null, sub: (i) => ["x", "y"][events[i][0]],
    actors: coded(events.map((e) => e[5])), publishers: coded(events.map(() => [])),
    events: { place: ["Al Bāb", null, null, null], native: ["الباب", null, null, null], admin1: [null, null, null, null], country: [null, null, null, null], summary: ["one", "two", "three", "four"] },
    eachDetails: async (visit) => visit(2, { reports: [{ quote: [["A mar", []], ["ket.", []]] }] }),
  };
};

test("a span of days means the events that overlap it", () => {
  const filter = new Filter(small());
  for (const [from, to, shown] of [[null, null, [0, 1, 2, 3]], [12, 12, [0, 1, 3]], [13, 19, [3]], [25, null, [2, 3]], [null, 11, [0, 3]]]) {
    filter.set({ from, to });
    assert.deepEqual([...filter.shown], shown);
  }
  filter.set({ undated: false });
  assert.deepEqual([...filter.shown], [0]);
});

test("conditions of one list are alternatives, and lists add up", () => {
  const filter = new Filter(small());
  filter.set({ actors: new Set(["A", "B"]) });
  assert.deepEqual([...filter.shown], [0, 1, 3]);
  filter.set({ offSubs: new Set(["y"]) });
  assert.deepEqual([...filter.shown], [0, 3]);
  assert.deepEqual([...filter.counts("sub")], [2, 1]);
  assert.deepEqual([...filter.counts("actor")], [1, 1]);
  filter.reset();
  assert.ok(filter.isReset);
});

test("search goes through names and then through sentences", async () => {
  const filter = new Filter(small());
  filter.set({ query: "al-bab" });
  assert.deepEqual([...filter.shown], [0]);
  filter.set({ query: "market" });
  assert.deepEqual([...filter.shown], []);
  assert.equal(await filter.searchQuotes(), true);
  assert.deepEqual([...filter.shown], [2]);
});

test("a link says what is set, and nothing else", () => {
  const filter = new Filter(small());
  filter.set({ query: "al-bab", from: dayOf("2017-01-01"), background: false, offSubs: new Set(["y"]), actors: new Set(["B", "A"]) });
  const written = new URLSearchParams();
  filter.write(written);
  assert.equal(written.toString(), "q=al-bab&from=2017-01-01&background=0&without=y&actor=A&actor=B");
  const other = new Filter(small());
  other.read(written);
  assert.deepEqual(other.state, filter.state);
  const none = new URLSearchParams();
  new Filter(small()).write(none);
  assert.equal(none.toString(), "");
});

test("an event counts in every bar that it overlaps", () => {
  const book = small();
  const bins = { unit: "day", starts: [10, 15, 20, 25], first: 10, last: 30 };
  assert.deepEqual([...binCounts(bins, book, [0, 1, 2, 3])], [2, 0, 1, 1]);
  const narrow = { unit: "day", starts: [15, 20, 25], first: 15, last: 27 }; // events 0 and 1 are over before, 2 goes on
  assert.deepEqual([...binCounts(narrow, book, [0, 1, 2, 3])], [0, 1, 1]);
});

test("every text is there in every language, with the same places to fill", () => {
  const languages = Object.keys(LANGUAGES);
  for (const [key, texts] of Object.entries(TABLE)) {
    assert.equal(texts.length, languages.length, key);
    const isPlural = texts[0].includes("|");
    texts.forEach((text, n) => {
      assert.ok(text.trim(), `${key} in ${languages[n]}`);
      assert.equal(text.includes("|"), isPlural, `${key} in ${languages[n]}`);
      if (isPlural) assert.equal(text.split("|").length, PLURALS[languages[n]].length, `${key} in ${languages[n]}`);
      const slots = (string) => [...new Set(string.match(/\{\d\}/g) ?? [])].sort().join();
      assert.equal(slots(text), slots(texts[0]), `${key} in ${languages[n]}`);
    });
  }
});

test("numbers take their forms", () => {
  assert.equal(wordsIn("en").events(1), "1 event");
  assert.deepEqual([1, 3, 5, 21].map(wordsIn("ru").events), ["1 событие", "3 события", "5 событий", "21 событие"]);
  assert.deepEqual([0, 1, 2, 3, 11, 100].map(wordsIn("ar").events), ["لا أحداث", "حدث واحد", "حدثان", "3 أحداث", "11 حدثًا", "100 حدث"]);
  assert.equal(wordsIn("tr").code("Battles"), "Çatışmalar");
  assert.equal(wordsIn("fr").code("of the user's own"), "of the user's own");
});

test("cells that a spreadsheet would run are text", () => {
  for (const start of ["=", "+", "-", "@", "\t", "\n", "＝"]) assert.ok(csvCell(`${start}1`).replace('"', "").startsWith("'"));
  assert.equal(csvCell("'=1"), "''=1");
  assert.equal(csvCell("'al-Bab"), "'al-Bab");
  assert.equal(csvCell(-3), "-3");
  assert.equal(csvCell(null), "");
  assert.equal(csvCell('a "b", c'), '"a ""b"", c"');
  assert.equal(csvParts([]).length, 2);
});

test("quotes are cut at a word and file names hold letters and digits", () => {
  assert.equal(shortened("a  b\nc"), "a b c");
  const cut = shortened("word ".repeat(100));
  assert.ok(cut.length <= 300 && cut.endsWith("word…"));
  assert.equal(fileStem("../a/b: حلب?"), "a-b-حلب");
  assert.equal(fileStem("///"), "map");
});

test("an empty collection is GeoJSON too", () => {
  assert.deepEqual(JSON.parse(geojsonParts([]).join("")), { type: "FeatureCollection", features: [] });
});

// --- flags ---

const book = (ids) => ({
  id: (i) => ids[i], indexOf: (id) => (ids.includes(id) ? ids.indexOf(id) : null),
  details: async (i) => ({ reports: [{ article: `a,${i}`, start: 100, quote: [["🙂 At dawn ", []], ["jets", ["actor", "trigger"]], [" struck", ["trigger"]], [" it.", []]] }] }),
});

const store = (kept = {}) => ({ kept, getItem: (key) => kept[key] ?? null, setItem: (key, value) => (kept[key] = value) });

test("flags are kept under the name of their page, one a field, in the order of the fields", () => {
  const storage = store();
  const flags = new Flags(book(["x", "y"]), storage, "here");
  flags.add(1, ["type", "place"], { note: " two\n lines ", by: "Me", day: 20000 });
  flags.add(1, ["place"], { note: "again", by: "Me", day: 20001 });
  const again = new Flags(book(["y"]), storage, "here");
  assert.deepEqual(again.of(0), [["place", { note: "again", by: "Me", when: "2024-10-05" }], ["type", { note: "two lines", by: "Me", when: "2024-10-04" }]]);
  assert.deepEqual([again.by, again.count, again.events()], ["Me", 2, [0]]);
  assert.equal(new Flags(book(["y"]), storage, "elsewhere").count, 0);
  again.drop(0, "place");
  again.drop(0, "type");
  assert.equal(again.has(0), false);
});

test("flags of events that this page lacks stay kept, and are not counted", () => {
  const storage = store();
  new Flags(book(["gone"]), storage, "here").add(0, ["event"], { day: 0 });
  const flags = new Flags(book(["x"]), storage, "here");
  flags.add(0, ["date"], { day: 0 });
  assert.deepEqual([flags.count, flags.events()], [1, [0]]);
  flags.clear();
  assert.deepEqual([flags.count, new Flags(book(["gone"]), storage, "here").count], [0, 1]);
});

test("a second page open on the same map loses nothing", () => {
  const storage = store();
  const [one, other] = [new Flags(book(["x", "y"]), storage, "here"), new Flags(book(["x", "y"]), storage, "here")];
  one.add(0, ["date"], { day: 0 });
  other.add(1, ["date"], { day: 0 });
  one.load();
  assert.equal(one.count, 2);
});

test("without a store, or with a full one, flags last as long as the page", () => {
  const fails = () => {
    throw new Error("full");
  };
  for (const storage of [null, { getItem: fails, setItem: fails }, { getItem: () => null, setItem: fails }, store({ here: "{broken" })]) {
    const flags = new Flags(book(["x", "y"]), storage, "here");
    flags.add(0, ["date"], { day: 0 });
    flags.add(1, ["place"], { day: 0 });
    assert.equal(flags.count, 2);
  }
});

test("what others left in the store is passed over", () => {
  for (const kept of ["null", "3", '"x"', "[]", '{"flags":3}', '{"flags":{"x":null}}', '{"flags":{"x":{"place":"y","mood":{}}},"by":{}}']) {
    const flags = new Flags(book(["x"]), store({ here: kept }), "here");
    assert.ok(flags.count <= 1);
    for (const [field, flag] of flags.of(0)) assert.deepEqual([field, flag], ["place", { note: "", by: "", when: "" }]);
  }
});

test("flags become lines of a corrections file, with the span of the words that decided", async () => {
  const flags = new Flags(book(["x", "y"]), null, "here");
  flags.add(1, ["number"], { note: '=3, "or" so', by: "", day: 0 });
  flags.add(0, ["date"], { day: 0 });
  assert.equal((await flags.parts()).join(""), [
    "\ufeffverb,event_id,article_id,start,end,field,note,by,when",
    'flag,x,"a,0",110,121,date,,,1970-01-01',
    'flag,y,"a,1",110,121,number,"\'=3, ""or"" so",,1970-01-01\n',
  ].join("\n"));
  assert.deepEqual(FLAG_FIELDS, ["place", "date", "type", "number", "duplicate", "event"]);
  assert.deepEqual(spanOf({ article: "a", start: 5, quote: [["Whole.", []]] }), { article_id: "a", start: 5, end: 11 });
  for (const report of [undefined, {}, { article: "a" }, { article: "a", quote: [["x", []]] }]) assert.deepEqual(spanOf(report), {});
});

// --- places on the map ---

test("degrees and units of the page are one to one", () => {
  for (const [lon, lat] of [[0, 0], [37.16, 36.2], [-179.9, -84], [180, 85]]) {
    const [back, along] = unproject(...project(lon, lat));
    assert.ok(Math.abs(back - lat) < 1e-9 && Math.abs(along - lon) < 1e-9);
  }
  assert.deepEqual(project(0, 0), [0.5, 0.5]);
  assert.ok(project(0, 90)[1] >= 0 && project(0, -90)[1] <= 1); // the poles lie on the map's edge
});

test("an arc is decoded as maps/basemap.py decodes it", () => {
  const [x, y] = project(0.001, -0.002);
  assert.deepEqual([...decodeArc("??AB", 1000)], [0.5, 0.5, x, y]);
});

const spread = (places) => {
  const at = places.map(([lon, lat]) => project(lon, lat));
  const column = (n) => Float64Array.from(at, (point) => point[n]);
  return {
    x: column(0), y: column(1), lon: places.map(([lon]) => lon), lat: places.map(([, lat]) => lat), type: places.map((_, i) => i % 2), place: places.map((place) => place[2] ?? null),
  };
};
const WORLD = [-180, -85, 180, 85];
const clustersOf = (places) => new Clusters(spread(places), places.map((_, i) => i), { radius: 32, maxZoom: 14, types: 2 });

test("each event is in one cluster at every zoom, counted by its type", () => {
  const places = Array.from({ length: 300 }, (_, i) => [35 + ((i * 37) % 100) / 20, 33 + ((i * 53) % 100) / 25]);
  const clusters = clustersOf(places);
  for (let zoom = 0; zoom <= 14; zoom++) {
    const found = clusters.within(WORLD, zoom);
    assert.deepEqual(found.flatMap(({ numbers }) => numbers).sort((a, b) => a - b), places.map((_, i) => i));
    for (const { numbers, counts } of found) assert.deepEqual(counts, [0, 1].map((type) => numbers.filter((i) => i % 2 === type).length));
  }
});

test("moving the map does not change the clusters that stay in view", () => {
  const places = Array.from({ length: 200 }, (_, i) => [30 + ((i * 37) % 97) / 8, 30 + ((i * 53) % 89) / 8]);
  const clusters = clustersOf(places);
  const inBox = ([west, south, east, north]) => clusters.within([west, south, east, north], 7).map(({ numbers }) => [...numbers].sort((a, b) => a - b).join());
  const whole = new Set(inBox([29, 29, 44, 44]));
  for (const numbers of inBox([33, 32, 38, 37])) assert.ok(whole.has(numbers));
});

test("one spot never parts, and two towns part at a zoom where both are seen", () => {
  const clusters = clustersOf([[37, 36, "al-Bab"], [37, 36, "al-Bab"], [37.2, 36, "Aleppo"]]);
  assert.equal(clusters.partingZoom([0, 1], 3), 15);
  const zoom = clusters.partingZoom([0, 1, 2], 3);
  assert.ok(zoom > 3 && zoom < 14);
  const [first] = clusters.within(WORLD, zoom).sort((a, b) => b.numbers.length - a.numbers.length);
  assert.deepEqual([first.numbers, first.place, Math.round(first.lon * 1e9), Math.round(first.lat * 1e9)], [[0, 1], "al-Bab", 37e9, 36e9]);
  assert.equal(clusters.within(WORLD, 0)[0].place, null);
  assert.deepEqual(clustersOf([]).within(WORLD, 3), []);
});

test("a quote is cut at its marks, also where they overlap or reach into an emoji's second half", () => {
  assert.deepEqual(marked({ text: "a jet struck" }), [["a jet struck", []]]);
  const marks = [{ start: 2, length: 3, kind: "actor" }, { start: 2, length: 10, kind: "trigger" }];
  assert.deepEqual(marked({ text: "a jet struck", marks }), [["a ", []], ["jet", ["actor", "trigger"]], [" struck", ["trigger"]]]);
  assert.equal(marked({ text: "🙂!", marks: [{ start: 1, length: 1, kind: "x" }] }).map(([text]) => text).join(""), "🙂!");
});

test("letters of seven bits give bytes back", () => {
  assert.deepEqual([...decode7("\u0001\u0002~a")], [0b00000010, 0b00001000]);
  assert.equal(decode7("").length, 0);
});

// --- symbols ---

/** Elements as far as symbols.js asks for them. */
globalThis.document = {
  createElementNS: (_, tag) => {
    const node = { tag, attributes: {}, children: [] };
    node.setAttribute = (name, value) => (node.attributes[name] = String(value));
    node.append = (...children) => node.children.push(...children);
    return node;
  },
};
const all = (node) => [node, ...node.children.flatMap(all)];
const classes = (node) => all(node).map(({ attributes }) => attributes.class).filter(Boolean).join(" ");
const TYPE = { colour: "#123456", shape: "burst" };

test("an area never looks like a town, nor doubt like certainty", () => {
  const drawn = (options) => JSON.stringify(symbol(TYPE, options));
  const kinds = ["point", "area"].flatMap((kind) => [true, false].map((hollow) => drawn({ kind, hollow })));
  assert.equal(new Set(kinds).size, 4);
  assert.equal(drawn({ kind: "country" }), drawn({ kind: "area" }));
  assert.match(classes(symbol(TYPE, { kind: "area" })), /cm-symbol-area/);
  assert.doesNotMatch(classes(symbol(TYPE)), /cm-symbol-area/);
});

test("a symbol carries one mark of what people did, and the reader's flag beside it", () => {
  const badges = (marks) => classes(symbol(TYPE, { marks })).match(/cm-badge-\w+/g);
  assert.equal(badges([]), null);
  assert.deepEqual(badges(["corrected"]), ["cm-badge-corrected"]);
  assert.deepEqual(badges(["corrected", "checked", "flagged"]), ["cm-badge-checked", "cm-badge-flagged"]);
});

test("the ring of a cluster has a part for each type, as long as its share", () => {
  const node = clusterSymbol([TYPE, { colour: "#fff", shape: "disc" }, TYPE], [3, 0, 1]);
  const parts = all(node).filter(({ attributes }) => attributes["stroke-dasharray"]);
  const shares = parts.map(({ attributes }) => attributes["stroke-dasharray"].split(" ").map(Number)).map(([long, whole]) => long / whole);
  assert.deepEqual(shares, [0.75, 0.25]);
  assert.equal(all(node).find(({ tag }) => tag === "text").textContent, "4");
  assert.equal(all(clusterSymbol([TYPE], [123456])).find(({ tag }) => tag === "text").textContent, "123k");
});
