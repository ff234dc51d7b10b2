"use strict";
// Every word of the interface, in one place; words of articles come as data.
globalThis.conflictmap ??= {};
{
  const number = new Intl.NumberFormat("en-GB");
  const plural = (n, one, many) => `${number.format(n)} ${n === 1 ? one : many}`;
  const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  const km = (value) => `${value < 10 && value % 1 ? value.toFixed(1) : number.format(Math.round(value))} km`;

  conflictmap.words = {
    number: (n) => number.format(n),
    date: (days) => day.format(new Date(days * 864e5)),
    isoDate: (text) => (Number.isNaN(Date.parse(text)) ? text : day.format(new Date(text))),
    events: (n) => plural(n, "event", "events"),
    articles: (n) => plural(n, "article", "articles"),
    publishers: (n) => plural(n, "publisher", "publishers"),
    reports: (n) => plural(n, "report", "reports"),
    places: (n) => plural(n, "place", "places"),
    mentions: (n) => plural(n, "mention", "mentions"),
    times: (n) => (n === 1 ? "once" : `${number.format(n)} times`),
    notLocated: (n) => `${number.format(n)} not located`,
    undated: "No date",
    noDate: "no date",
    until: (date) => `reports until ${date}`,
    skipped: (n) => `${plural(n, "input was", "inputs were")} skipped because it could not be read`,
    noEvents: "No event was found in what was read.",
    noneShown: "No event matches the layers and dates chosen.",
    tabs: { events: "Events", unlocated: "Not located", places: "Places named", about: "About" },
    key: "Key and layers",
    types: "What happened",
    sure: "How well the place is known",
    more: "Also",
    layers: {
      background: "Background events",
      undated: "Events without a date",
      doubt: "Uncertainty: circles and areas",
      divisions: "First-level outlines",
      places: "Places named without an event",
    },
    kinds: {
      point: "Town or site",
      near: "Near a place: within the circle",
      area: "Somewhere in the shaded area",
      country: "Country only: listed, not drawn",
    },
    hollow: "Hollow: low confidence",
    faint: "Small and pale: background",
    cluster: "Several events; click to open",
    from: "From",
    to: "to",
    reset: "All dates",
    allEvents: "All events",
    mainEvents: "Main area",
    back: "All events",
    backTo: { events: "All events", unlocated: "Not located", places: "Places named", about: "About" },
    countryOnly: "Known only to a country",
    showMore: (n) => `Show ${number.format(n)} more`,
    together: (n) => `${plural(n, "event", "events")} at one spot`,
    background: "background",
    low: "low confidence",
    claimed: "claimed",
    contested: "contested",
    unlocatedIntro: "These events were read, but no point is drawn, because the text gives no place that could be fixed.",
    placesIntro: "Places that the articles name without an event there. Switch them on in the key to see them on the map.",
    status: {
      reported: "Reported",
      claimed: "Claimed: told by one side only",
      contested: "Contested: one side asserts it, another denies it",
    },
    prominence: { main: "Main event", background: "Background: an earlier event that the report recalls" },
    confidence: { high: "High", medium: "Medium", low: "Low" },
    score: (value) => `score ${value}`,
    method: {
      stated: "stated in the text",
      relative_to_publication: "counted from the day of publication",
      publication_date: "taken from the day of publication; the text gives none",
    },
    between: (start, end) => (start === end ? start : `${start} – ${end}`),
    fields: {
      when: "When",
      where: "Where",
      precision: "How precisely",
      actors: "Actors",
      targets: "Targets",
      casualties: "Casualties",
      status: "Status",
      prominence: "Weight",
      confidence: "Confidence",
      rivals: "Other places of that name",
      reasons: "Why this place",
      family: "Part of",
      id: "Event id",
      unlocated: "Why it is not on the map",
    },
    family: (n) => `one event at ${plural(n, "other place", "other places")} too`,
    phrase: "In the text:",
    words: "In the text:",
    precision(level, place, radius) {
      const spot = place ?? "this place";
      return {
        site: `At ${spot}, within about ${km(radius)}.`,
        settlement: `In or at ${spot}, within about ${km(radius)}.`,
        near: `Somewhere within about ${km(radius)} of the point shown, which was worked out from ${spot}.`,
        adm3: `Somewhere in the third-level division ${spot}, within about ${km(radius)}. The symbol stands for the area.`,
        adm2: `Somewhere in the district ${spot}, within about ${km(radius)}. The symbol stands for the area.`,
        adm1: `Somewhere in ${spot}, a first-level division. The symbol stands for the whole area, not for a town.`,
        part: `Somewhere in the area that the text names, within about ${km(radius)} of the point shown. The symbol stands for the area.`,
        country: `Somewhere in ${spot}; the text gives nothing closer. The symbol stands for the whole country.`,
        sea_air: `At sea, in the air or along a border, within about ${km(radius)}. The symbol stands for the area.`,
      }[level];
    },
    claim: {
      kind: "What",
      number: "Number",
      words: "In words",
      whose: "Says who",
      kinds: {
        killed: "Killed", wounded: "Wounded", missing: "Missing", detained: "Detained", displaced: "Displaced", words: "Words",
      },
      range: (low, high) => {
        if (low == null && high == null) return "not given";
        if (high == null) return `${number.format(low)} or more`;
        if (low == null) return `up to ${number.format(high)}`;
        return low === high ? number.format(low) : `${number.format(low)}–${number.format(high)}`;
      },
    },
    rival: (distance, score) => `${km(distance)} away${score == null ? "" : `, score ${score}`}`,
    quotes: "What the reports say",
    marks: { trigger: "what", place: "where", date: "when", actor: "who", target: "whom", number: "how many" },
    noQuote: "The table gives no sentence for this report.",
    open: "Open the article",
    publishedOn: (date) => `published ${date}`,
    unknownPublisher: "Publisher unknown",
    article: "Article",
    copy: "Copy id",
    copied: "Copied",
    close: "Close",
    how: {
      title: "How to read this map",
      lines: [
        "Each symbol is a claim made in a news report, not a fact that was checked. Click one to see the sentence it comes from.",
        "Solid symbols mark towns and sites. A dashed circle shows how far off the true spot may be. An open diamond with a shaded area means that only the area is known; very wide areas are shaded when selected.",
        "Places, dates and numbers were read by a program. What the text does not say is left open: no place, no point; no date, no date.",
        "Circles are true to scale. Country outlines are no statement on borders or on the status of any territory.",
      ],
    },
    made: "Made by",
    sources: "Sources and licences",
    attribution: (outlines) => [
      "Places: GeoNames (geonames.org), CC BY 4.0",
      ...outlines.map((text) => `Outlines: ${text}, public domain`),
      "Leaflet 1.9.4, BSD-2-Clause; supercluster 8.0.1, ISC",
    ],
    line: (dates) => `Places: GeoNames CC BY 4.0 · Outlines: Natural Earth (${dates}), no statement on borders · Leaflet · supercluster`,
    failed: "The details of this event cannot be unpacked by this browser.",
    eventsOverTime: "Events over time",
  };
}
