"use strict";
// What readers take away: GeoJSON and CSV of what is shown, a picture of the view, a print, a citation.
globalThis.conflictmap ??= {};
{
  const { isoOf } = conflictmap;

  // --- rows, as the flat table has them (geo/table.py) ---

  const COLUMNS = (
    "event_id date_start date_end place longitude latitude event_type sub_event_type summary actors targets killed_low killed_high " +
    "wounded_low wounded_high casualty_words country country_name admin1 admin2 pcode place_id location_level radius_km " +
    "geo_precision where_prec time_precision date_prec date_basis date_method status prominence confidence confidence_score n_reports " +
    "n_publishers sources urls published quote article_ids family_id provenance unlocated_reason"
  ).split(" ");
  const QUOTE_LIMIT = 300;

  const oneLine = (text) => text.split(/\s+/).filter(Boolean).join(" ");
  const distinct = (items) => [...new Set(items.filter(Boolean))];
  const joined = (items) => items.map((item) => oneLine(item.replaceAll(";", ","))).join("; ") || null;

  function shortened(text) {
    const line = oneLine(text);
    const letters = [...line];
    if (letters.length <= QUOTE_LIMIT) return line;
    const head = letters.slice(0, QUOTE_LIMIT).join("");
    const cut = head.lastIndexOf(" ");
    return `${(cut > 0 ? head.slice(0, cut) : letters.slice(0, QUOTE_LIMIT - 1).join("")).replace(/[ ,;:.\-–—]+$/, "")}…`;
  }

  /** Lowest and highest number of one kind over all claims; a claim's one known end counts for both. */
  function range(claims, kind) {
    const ends = (name) => claims.filter((claim) => claim.kind === kind && claim[name] != null).map((claim) => claim[name]);
    const [lows, highs] = [ends("low"), ends("high")];
    const all = [...lows, ...highs];
    return [lows.length ? Math.min(...all) : null, highs.length ? Math.max(...all) : null];
  }

  /** ACLED time_precision and UCDP date_prec of an interval of so many days. */
  function datePrecision(days) {
    if (days === 1) return [1, 1];
    if (days <= 6) return [2, 2];
    if (days === 7) return [2, 3];
    return days <= 31 ? [3, 4] : [null, 5];
  }

  const known = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

  /** One event as a row of the flat table. */
  function rowOf(book, i, { basis, method, where = {}, actors = [], targets = [], claims = [], confidence = {}, reports = [], family }) {
    const { events } = book;
    const level = book.isLocated(i) ? book.style.levels[book.level[i]] : null;
    const isCoded = book.type(i).subs.length > 0; // the codebook has sub-types for each of its types
    const [killedLow, killedHigh] = range(claims, "killed");
    const [woundedLow, woundedHigh] = range(claims, "wounded");
    const [timePrecision, datePrec] = book.isDated(i) ? datePrecision(book.end[i] - book.start[i] + 1) : [null, null];
    const address = ({ url, url_text: text }) => url ?? text ?? "";
    const articles = reports
      .map((report) => [report.publisher ?? "", report.published ?? "", address(report)])
      .sort((a, b) => known(a[0] === "", b[0] === "") || known(a[0], b[0]) || known(a[1], b[1]) || known(a[2], b[2]))
      .filter((article, n, all) => n === 0 || article.some((part, k) => part !== all[n - 1][k]));
    const publishers = distinct(articles.map(([publisher]) => publisher));
    const quote = reports[0]?.quote?.map(([piece]) => piece).join("");
    const values = {
      event_id: book.id(i),
      date_start: book.isDated(i) ? isoOf(book.start[i]) : null,
      date_end: book.isDated(i) ? isoOf(book.end[i]) : null,
      place: events.place[i],
      longitude: level ? book.lon[i] : null,
      latitude: level ? book.lat[i] : null,
      event_type: isCoded ? book.type(i).event_type : null,
      sub_event_type: book.sub(i) === book.type(i).event_type ? null : book.sub(i),
      summary: oneLine(events.summary[i]),
      actors: joined(actors),
      targets: joined(targets),
      killed_low: killedLow,
      killed_high: killedHigh,
      wounded_low: woundedLow,
      wounded_high: woundedHigh,
      casualty_words: joined(distinct(claims.flatMap(({ kind, words }) => (kind === "words" ? words.split(/; */) : [words])))),
      country: events.country[i],
      country_name: book.countries[events.country[i]] ?? null,
      admin1: level?.level === "country" ? null : events.admin1[i],
      admin2: where.admin2,
      pcode: where.pcode,
      place_id: where.id,
      location_level: level?.level,
      radius_km: level ? Math.round(book.km[i] * 10) / 10 : null,
      geo_precision: level?.geo_precision,
      where_prec: level?.where_prec,
      time_precision: timePrecision,
      date_prec: datePrec,
      date_basis: basis && oneLine(basis),
      date_method: method,
      status: book.status(i),
      prominence: book.isBackground[i] ? "background" : "main",
      confidence: book.confidence(i) ?? null,
      confidence_score: confidence.score,
      n_reports: reports.length || null,
      n_publishers: events.voices[i],
      sources: joined(publishers),
      urls: joined(distinct(articles.map(([, , url]) => url.replaceAll(";", "%3B")))),
      published: joined(articles.map(([, day]) => day).filter(Boolean)),
      quote: quote && shortened(quote),
      article_ids: distinct(reports.map(({ article }) => article)).sort().join("; "),
      family_id: family ?? book.id(i),
      provenance: events.provenance[i] ?? ([book.provenance, events.by_hand[i] && oneLine(events.by_hand[i])].filter(Boolean).join("; ") || null),
      unlocated_reason: events.reason[i] && oneLine(events.reason[i]),
    };
    return Object.fromEntries(COLUMNS.map((name) => [name, values[name] === undefined || values[name] === "" ? null : values[name]]));
  }

  /** West, south, east, north; west is greater than east where the widest gap between points is elsewhere than at 180°. */
  function boxOf(points) {
    const lons = points.map(([lon]) => lon).sort((a, b) => a - b);
    const lats = points.map(([, lat]) => lat).sort((a, b) => a - b);
    let [west, east] = [lons[0], lons.at(-1)];
    for (let k = 1; k < lons.length; k++) if (lons[k] - lons[k - 1] > 180) [west, east] = [lons[k], lons[k - 1]];
    return [west, lats[0], east, lats.at(-1)];
  }

  /** Rows as parts of a GeoJSON FeatureCollection (RFC 7946), one feature a line. */
  function geojsonParts(rows) {
    const points = [];
    const features = rows.map(({ longitude, latitude, ...properties }, n) => {
      const geometry = longitude === null ? null : { type: "Point", coordinates: [longitude, latitude] };
      if (geometry) points.push(geometry.coordinates);
      return `${n ? ",\n" : ""}${JSON.stringify({ type: "Feature", id: properties.event_id, geometry, properties })}`;
    });
    const bbox = points.length ? `"bbox": ${JSON.stringify(boxOf(points))},\n` : "";
    return [`{\n"type": "FeatureCollection",\n${bbox}"features": [\n`, ...features, `${features.length ? "\n" : ""}]\n}\n`];
  }

  /** What a spreadsheet would run gets an apostrophe in front; what begins like such a cell too, so that readers can take it off. */
  const RUN_BY_SPREADSHEETS = /^'*[=+\-@\t\n＝＋－＠]/;

  function csvCell(value) {
    if (value === null) return "";
    if (typeof value !== "string") return String(value);
    const text = value.replace(/\r\n?/g, "\n");
    const safe = RUN_BY_SPREADSHEETS.test(text) ? `'${text}` : text;
    return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  }

  /** Rows as parts of a CSV file. The mark in front tells spreadsheets that it is UTF-8. */
  const csvParts = (rows) => ["\ufeff", `${COLUMNS.join(",")}\n`, ...rows.map((row) => `${COLUMNS.map((name) => csvCell(row[name])).join(",")}\n`)];

  async function rowsOf(book, shown) {
    const rows = [];
    for (const i of shown) rows.push(rowOf(book, i, await book.details(i)));
    return rows;
  }

  /** Gives the reader a file, made in the page. */
  function saveAs(name, parts, type) {
    const url = URL.createObjectURL(parts instanceof Blob ? parts : new Blob(parts, { type }));
    const anchor = document.createElement("a");
    anchor.href = url;
    anchor.download = name;
    document.body.append(anchor);
    anchor.click();
    anchor.remove();
    setTimeout(() => URL.revokeObjectURL(url), 30_000);
  }

  /** A name for files from the title: letters and digits of any script. */
  const fileStem = (title) => title.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "").slice(0, 60) || "map";

  const downloads = {
    geojson: async (book, shown) => saveAs(`${fileStem(book.title)}.geojson`, geojsonParts(await rowsOf(book, shown)), "application/geo+json"),
    csv: async (book, shown) => saveAs(`${fileStem(book.title)}.csv`, csvParts(await rowsOf(book, shown)), "text/csv;charset=utf-8"),
  };

  Object.assign(conflictmap, { COLUMNS, rowOf, geojsonParts, csvParts, csvCell, shortened, fileStem, saveAs, downloads });
}
