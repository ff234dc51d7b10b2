"""The map page at every size: bytes, Python time, and what a reader waits for, each figure beside its target and two peers.

    python benchmarks/page.py [--events 50,10000,200000] [--runs N] [--no-peers] [--keep FOLDER]

conflictmap's own page comes in three forms: the flat columns without quotes, the same with one quote an event, and whole
events, each report with its quote, marks, title and address, and rival places with their reasons. The events are made up
from a fixed seed: towns, days, types and actors fall as unevenly as in real lists, and quotes, titles and addresses are as
long, and compress as badly, as those of news. The peers are folium's FastMarkerCluster (points and no words) and
folium.GeoJson (points with a tooltip of four columns), opened in the same headless Chromium without a GPU, with the files
that they link to served from this machine. It needs Playwright, Chromium on PATH, and npm for the peers.
"""

from __future__ import annotations

import argparse
import platform
import random
import re
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
if find_spec("maps") is None:  # not installed: the packages of this checkout
    sys.path.insert(0, str(ROOT))

from gazetteer import Candidate, Place, Reason  # noqa: E402
from geo.event import (  # noqa: E402
    EVENT_TYPES,
    LEVELS,
    Claim,
    Confidence,
    Event,
    Evidence,
    Location,
    Report,
    Span,
    When,
)

SEED = 2017

#: Targets of the project (DESIGN, section 8, and what a reader feels).
MB_PLAIN, MB_QUOTES, MB_FIFTY = 8.0, 25.0, 1.5
READY_S, ZOOM_S, DRAG_S, SETTLED_S, HEAP_MB, PYTHON_S = 2.0, 0.15, 0.25, 1.0, 250, 0.5
MANY = 200_000
PYTHON_EVENTS = 10_000

VIEWPORT = {"width": 1280, "height": 800}
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


# --- events -----------------------------------------------------------------------------------------------------------

#: Letters of made-up words. Sentences of English news in pieces of 70-300 kB deflate to 0.42-0.44 of their size (15,000
#: sentences of three corpora); words of these letters, drawn from VOCABULARY by a Zipf law with this exponent, to 0.43.
_ONSETS = "b c d f g h l m n p r s t th w st pr".split()
_VOWELS = "a e i o u ea".split()
_CODAS = " n r s t l d".split(" ")
VOCABULARY = 15_000
ZIPF = 0.75
QUOTE_WORDS = (25.0, 9.0)  # mean and spread: 175 characters, as the reader of articles finds
TITLE_WORDS = (9.0, 2.0)
EVENTS_PER_ARTICLE = 3.3
REPORTS_BEYOND_ONE = 0.12
RIVALS = 0.8
TOWNS = 6_000
DAYS = 2_200
FIRST_DAY = date(2012, 1, 1)
BOX = (35.8, 32.4, 42.2, 37.2)  # degrees: west, south, east, north
ADMIN1 = tuple(
    "Aleppo,Damascus,Rif Dimashq,Idlib,Homs,Hama,Latakia,Tartus,Daraa,As-Suwayda,Quneitra,Deir ez-Zor,Raqqa,Al-Hasakah".split(
        ","
    )
)
ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"


class Maker:
    """Makes the same events every time it is asked."""

    def __init__(self, seed: int = SEED) -> None:
        self.random = random.Random(seed)
        self.words = self._words(VOCABULARY)
        self.weights = list(accumulate(1 / rank**ZIPF for rank in range(1, VOCABULARY + 1)))
        self.towns = [self._town(number) for number in range(TOWNS)]
        self.town_weights = list(accumulate(1 / rank**0.8 for rank in range(1, TOWNS + 1)))
        self.actors = [tuple(name.title() for name in self.text(2).split()) for _ in range(60)]
        self.actors = [(" ".join(pair), self.text(2).title())[: 1 + (n % 4 == 0)] for n, pair in enumerate(self.actors)]
        self.publishers = [f"{self.text(1).title()} {kind}" for kind in ("Times", "News", "Agency", "Herald") * 10]
        self.subs = [sub for subs in EVENT_TYPES.values() for sub in subs]
        self.sub_weights = list(accumulate(1 / rank for rank in range(1, len(self.subs) + 1)))
        self.busy = [self.random.gammavariate(0.6, 1) for _ in range(DAYS)]

    def _words(self, count: int) -> list[str]:
        rng = self.random
        found: dict[str, None] = {}
        while len(found) < count:
            syllables = 1 if len(found) < 150 else rng.choice((1, 2, 2, 2, 3, 3))
            found["".join(rng.choice(_ONSETS) + rng.choice(_VOWELS) + rng.choice(_CODAS) for _ in range(syllables))] = (
                None
            )
        return list(found)

    def text(self, words: int) -> str:
        return " ".join(self.random.choices(self.words, cum_weights=self.weights, k=words))

    def _town(self, number: int) -> Place:
        rng = self.random
        west, south, east, north = BOX
        native = "".join(rng.choice(ARABIC) for _ in range(rng.randint(4, 9)))
        return Place(
            id=f"geonames:{170000 + 7 * number}",
            name=self.random.choice(self.words[200:]).title(),
            lon=round(rng.uniform(west, east), 5),
            lat=round(rng.uniform(south, north), 5),
            feature_class="P",
            feature_code="PPL",
            country="SY",
            admin1_name=rng.choice(ADMIN1),
            admin2=self.random.choice(self.words[200:]).title(),
            native_name=native,
        )

    def _length(self, mean: float, spread: float) -> int:
        return max(4, round(self.random.gauss(mean, spread)))

    def events(self, count: int) -> list[Event]:
        """Events in no particular order; several of one article follow each other."""
        days = self.random.choices(range(DAYS), cum_weights=list(accumulate(self.busy)), k=count)
        articles: dict[int, tuple[str, str, str, str, date]] = {}
        return [self._event(number, self._article(articles, number, days), days) for number in range(count)]

    def _article(self, known: dict[int, Any], number: int, days: list[int]) -> tuple[str, str, str, str, date]:
        group = int(number / EVENTS_PER_ARTICLE)
        if group not in known:
            known.clear()
            published = FIRST_DAY + timedelta(days=days[number] + 1)
            publisher, title = self.random.choice(self.publishers), self.text(self._length(*TITLE_WORDS)).capitalize()
            slug, site = "-".join(title.lower().split()), publisher.lower().replace(" ", "")
            url = f"https://www.{site}.example/world/{published:%Y/%m/%d}/{slug}-{self.random.randrange(10**8)}"
            known[group] = (f"{site}-{self.random.randrange(10**8)}", title, url, publisher, published)
        found: tuple[str, str, str, str, date] = known[group]
        return found

    def _event(self, number: int, article: tuple[str, str, str, str, date], days: list[int]) -> Event:
        rng = self.random
        article_id, title, url, publisher, published = article
        sub = rng.choices(self.subs, cum_weights=self.sub_weights)[0]
        town = rng.choices(self.towns, cum_weights=self.town_weights)[0]
        actors = rng.choice(self.actors)
        killed = int(rng.paretovariate(0.9)) if rng.random() < 0.35 else None
        day = published - timedelta(days=1)
        when = When(
            day, day + timedelta(days=rng.choice((0, 0, 0, 0, 1, 6))), "on " + f"{day:%A}", "relative_to_publication"
        )
        level = rng.choices(("settlement", "near", "adm2", "adm1"), (80, 10, 5, 5))[0]
        location = None if rng.random() < 0.06 else self._location(town, level)
        number_words = f"at least {killed} people" if killed else ""
        evidence = self._evidence(article_id, (when.basis, sub.lower(), town.name, number_words))
        claims = (Claim("killed", killed, None, number_words, None, evidence),) if killed else ()
        facts: dict[str, Any] = {
            "sub_event_type": sub,
            "summary": f"{sub} by {actors[0]} ({town.name})" + (f"; {killed} killed" if killed else ""),
            "when": when if rng.random() < 0.95 else None,
            "location": location,
            "unlocated_reason": None if location else "the sentence names no place that could be fixed",
            "actors": actors,
            "status": rng.choices(("reported", "claimed", "contested"), (90, 8, 2))[0],
            "prominence": "background" if rng.random() < 0.15 else "main",
            "confidence": Confidence(rng.choices(("high", "medium", "low"), (50, 35, 15))[0], round(rng.random(), 2)),
        }
        told = [(article_id, title, url, publisher, published, evidence)]
        while rng.random() < REPORTS_BEYOND_ONE:
            other = f"{article_id}-{len(told)}"
            words = (when.basis, sub.lower(), town.name, number_words)
            told.append(
                (
                    other,
                    self.text(9),
                    f"{url}-{len(told)}",
                    rng.choice(self.publishers),
                    published,
                    self._evidence(other, words),
                )
            )
        reports = tuple(
            Report(
                report_id=f"e{rng.getrandbits(60):015x}",
                article_id=name,
                evidence=said,
                article_title=headline,
                url=address,
                publisher=paper,
                published=printed,
                claims=claims,
                **facts,
            )
            for name, headline, address, paper, printed, said in told
        )
        first = reports[0].report_id
        return Event(event_id=first, family_id=first, reports=reports, casualties=claims, **facts)

    def _location(self, town: Place, level: str) -> Location:
        rng = self.random
        rivals = []
        while rng.random() < RIVALS / (1 + RIVALS):
            other = rng.choice(self.towns)
            why = (Reason("population", f"{other.name} has {rng.randrange(500, 90_000):,} inhabitants"),)
            rivals.append(Candidate(other, score=round(rng.uniform(0.2, 0.8), 2), reasons=why))
        reasons = (
            Reason("usual", f"{town.name} is the place's usual name"),
            Reason("country", "the text speaks of Syria"),
            Reason(
                "near", f"lies {rng.randrange(2, 400)} km from {rng.choice(self.towns).name}, which the text names too"
            ),
        )
        return Location(
            place=town,
            lon=town.lon,
            lat=town.lat,
            level=level,
            radius_km=LEVELS[level][2],
            phrase=town.name,
            reasons=reasons,
            rivals=tuple(rivals),
        )

    def _evidence(self, article_id: str, marked: tuple[str, str, str, str]) -> Evidence:
        """A sentence in which the words of date, trigger, place and number stand among others."""
        rest = max(2, self._length(*QUOTE_WORDS) - sum(len(words.split()) for words in marked))
        cuts = sorted(self.random.randrange(rest) for _ in range(4))
        words = self.text(rest).split()
        start = self.random.randrange(8_000)
        text, spans, last = "", [], 0
        for kind, cut, said in zip(("date", "trigger", "place", "number"), cuts, marked, strict=True):
            text += " ".join(words[last:cut]) + " "
            if said:
                spans.append(Span(kind, start + len(text), start + len(text) + len(said)))
            text += said + " "
            last = cut
        text += " ".join(words[last:]) + "."
        return Evidence(article_id, start, start + len(text), text, tuple(spans))


def flat(events: Sequence[Event]) -> Any:
    """The events as a GeoDataFrame of the flat columns, without addresses and ids of articles."""
    from geo.table import events_to_gdf

    frame = events_to_gdf(events, provenance="made up", country_names={"SY": "Syria"})
    return frame.drop(columns=["urls", "article_ids"])


# --- a browser ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Figures:
    """What was measured of one page: each list holds one value a run."""

    size_mb: float = 0.0
    python_s: float = 0.0
    ready_s: list[float] = field(default_factory=list)
    zoom_s: list[float] = field(default_factory=list)
    drag_s: list[float] = field(default_factory=list)
    settled_s: list[float] = field(default_factory=list)
    heap_mb: list[float] = field(default_factory=list)


#: Resolves when two frames have been drawn.
TWO_FRAMES = (
    "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))"
)

#: One zoom step without its animation, until two frames have been drawn; in milliseconds. folium's map is a global.
ZOOM = """async (step) => {
  const name = Object.keys(window).find((key) => /^map_/.test(key) && window[key]?.setZoom);
  const start = performance.now();
  window[name].setZoom(window[name].getZoom() + step, { animate: false });
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - start;
}"""

#: One step of the time slider as its thumb is dragged ("input", then "change" when it is let go): milliseconds until the
#: next two frames have been drawn, and until nothing of the page has changed for a tenth of a second.
DRAG = """async ([selector, share]) => {
  const field = document.querySelector(selector);
  if (!field) return null;
  const frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  let last = performance.now();
  const watch = new MutationObserver(() => (last = performance.now()));
  watch.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  const set = (value) => Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, value);
  const start = performance.now();
  if (field.type === "range") set(Number(field.min) + share * (Number(field.max) - Number(field.min)));
  else set(new Date(Date.parse(field.min) + share * (Date.parse(field.max) - Date.parse(field.min))).toISOString().slice(0, 10));
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await frames();
  const drawn = performance.now() - start;
  field.dispatchEvent(new Event("change", { bubbles: true }));
  await frames();
  while (performance.now() - last < 100) await new Promise((done) => setTimeout(done, 10));
  watch.disconnect();
  return [drawn, last - start];
}"""
SLIDER = '#cm-panel input[type="range"], input[type="range"], #cm-from'


class Browser:
    """Chromium without a screen, a GPU and a network; what the peers link to comes from `served`."""

    def __init__(self, driver: Any, program: str, served: dict[str, bytes]) -> None:
        self.chromium = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        self.served = served
        self.errors: list[str] = []

    def measure(self, page_file: Path, runs: int, *, ours: bool) -> Figures:
        """Opens the page `runs` times, each in a fresh profile."""
        found = Figures(size_mb=page_file.stat().st_size / 1e6)
        for _ in range(runs):
            self._open(page_file, found, ours=ours)
        return found

    def _open(self, page_file: Path, found: Figures, *, ours: bool) -> None:
        context = self.chromium.new_context(viewport=VIEWPORT, locale="en-GB")
        context.set_default_timeout(180_000)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(f"{page_file.name}: {error}"))
        if ours:
            context.set_offline(True)
        else:
            page.route(re.compile("^https?://"), lambda route: route.fulfill(**self._file(route.request.url)))
        page.goto(page_file.as_uri(), wait_until="load", timeout=180_000)
        if ours:
            page.wait_for_selector("html[data-ready]", state="attached")
        found.ready_s.append(page.evaluate(TWO_FRAMES) / 1000)
        found.heap_mb.append(self._heap(context, page))
        found.zoom_s.append(statistics.median(page.evaluate(ZOOM, step) / 1000 for step in (1, 1, -1, 1)))
        if ours:
            steps = [page.evaluate(DRAG, [SLIDER, share]) for share in (0.1, 0.2, 0.5, 0.3)]
            found.drag_s.append(max(drawn for drawn, _ in steps) / 1000)
            found.settled_s.append(max(settled for _, settled in steps) / 1000)
        context.close()

    def _file(self, url: str) -> dict[str, Any]:
        body = next((body for end, body in self.served.items() if url.endswith(end)), b"")
        return {"body": body, "content_type": "text/css" if url.endswith(".css") else "text/javascript"}

    def _heap(self, context: Any, page: Any) -> float:
        session = context.new_cdp_session(page)
        session.send("HeapProfiler.collectGarbage")
        usage = session.send("Runtime.getHeapUsage")
        return float(usage["usedSize"] + usage.get("backingStorageSize", 0)) / 1e6


# --- peers --------------------------------------------------------------------------------------------------------------

#: What folium 0.20 links to that its pages need to run -> npm package and the file in it. Icon fonts are left out.
PEER_FILES = {
    "dist/leaflet.js": ("leaflet@1.9.3", "dist/leaflet.js"),
    "dist/leaflet.css": ("leaflet@1.9.3", "dist/leaflet.css"),
    "jquery-3.7.1.min.js": ("jquery@3.7.1", "dist/jquery.min.js"),
    "bootstrap.bundle.min.js": ("bootstrap@5.2.2", "dist/js/bootstrap.bundle.min.js"),
    "bootstrap.min.css": ("bootstrap@5.2.2", "dist/css/bootstrap.min.css"),
    "leaflet.markercluster.js": ("leaflet.markercluster@1.1.0", "dist/leaflet.markercluster.js"),
    "MarkerCluster.css": ("leaflet.markercluster@1.1.0", "dist/MarkerCluster.css"),
    "MarkerCluster.Default.css": ("leaflet.markercluster@1.1.0", "dist/MarkerCluster.Default.css"),
}


#: What makes a marker of a row, without the icon font that folium's own function asks for.
PLAIN_MARKER = "function (row) { return L.marker(new L.LatLng(row[0], row[1])); }"


def peer_files() -> dict[str, bytes] | None:
    """End of an address -> the file, from npm; None where npm is not there or has no network."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        for package in sorted({package for package, _ in PEER_FILES.values()}):
            done = subprocess.run([npm, "pack", "--silent", package], cwd=folder, capture_output=True, check=False)
            if done.returncode != 0:
                return None
        found = {}
        for end, (package, member) in PEER_FILES.items():
            with tarfile.open(Path(folder) / f"{package.replace('@', '-')}.tgz") as tar:
                stream = tar.extractfile(f"package/{member}")
                assert stream is not None
                found[end] = stream.read()
        return found


def peer_maps(events: Sequence[Event]) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Name, and what makes the map: the points alone, and GeoJSON with a tooltip of four columns."""
    import folium
    from folium.plugins import FastMarkerCluster

    frame = flat(events)
    located = frame[frame.geometry.notna()][["event_id", "date_start", "place", "summary", "geometry"]]
    centre = [(BOX[1] + BOX[3]) / 2, (BOX[0] + BOX[2]) / 2]

    def clusters() -> Any:
        the_map = folium.Map(location=centre, zoom_start=7, tiles=None, maxZoom=18)
        points = [[point.y, point.x] for point in located.geometry]
        FastMarkerCluster(points, callback=PLAIN_MARKER).add_to(the_map)
        return the_map

    def geojson() -> Any:
        the_map = folium.Map(location=centre, zoom_start=7, tiles=None, maxZoom=18, prefer_canvas=True)
        tooltip = folium.GeoJsonTooltip(fields=["event_id", "date_start", "place", "summary"])
        text = located.assign(date_start=located["date_start"].astype(str)).to_json()
        folium.GeoJson(text, marker=folium.CircleMarker(radius=4), tooltip=tooltip).add_to(the_map)
        return the_map

    yield "FastMarkerCluster", clusters
    yield "folium.GeoJson", geojson


# --- the table ------------------------------------------------------------------------------------------------------------


def main() -> int:
    parser = argparse.ArgumentParser(description="Size and speed of the map page beside folium's own layers.")
    parser.add_argument("--events", default="50,10000,200000", help="sizes of the lists (default 50,10000,200000)")
    parser.add_argument("--runs", type=int, default=3, help="how often each page is opened (default 3)")
    parser.add_argument("--no-peers", action="store_true", help="measure conflictmap alone")
    parser.add_argument("--keep", type=Path, help="keep the pages in this folder")
    arguments = parser.parse_args()
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        print(f"no browser: none of {', '.join(PROGRAMS)} is on PATH")
        return 1
    from playwright.sync_api import sync_playwright

    served = None if arguments.no_peers else peer_files()
    if served is None and not arguments.no_peers:
        print("without the peers: npm is missing or brings nothing")
    print(
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}; best / median of {arguments.runs}"
    )
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        browser = Browser(driver, program, served or {})
        keep = arguments.keep or Path(folder)
        for count in (int(part) for part in arguments.events.split(",")):
            tables = [
                (name, figures) for name, figures in measured(browser, count, keep, arguments.runs, served is not None)
            ]
            show(count, tables)
            if browser.errors:
                print(f"these pages do not work: {'; '.join(browser.errors)}")
                return 1
        browser.chromium.close()
    return 0


def measured(browser: Browser, count: int, folder: Path, runs: int, peers: bool) -> Iterator[tuple[str, Figures]]:
    """The pages of one size, each made, opened and forgotten."""
    import maps

    maps.render([])  # imports, templates and assets, which every page pays once
    events = Maker().events(count)
    frame = flat(events)
    ours = {"without quotes": frame.drop(columns=["quote"]), "with quotes": frame, "all evidence": events}
    for name, given in ours.items():
        path = folder / f"{count}_{name.replace(' ', '_')}.html"
        start = time.perf_counter()
        text = maps.render(given)
        seconds = time.perf_counter() - start
        path.write_text(text, encoding="utf-8")
        del text
        found = browser.measure(path, runs, ours=True)
        found.python_s = min([seconds, *(timed_render(given) for _ in range(runs if count <= PYTHON_EVENTS else 0))])
        yield name, found
    for name, make in peer_maps(events) if peers else ():
        path = folder / f"{count}_{name}.html"
        start = time.perf_counter()
        make().save(path)
        seconds = time.perf_counter() - start
        found = browser.measure(path, 1 if count > PYTHON_EVENTS else runs, ours=False)
        found.python_s = seconds
        yield name, found


def timed_render(events: Any) -> float:
    import maps

    start = time.perf_counter()
    maps.render(events)
    return time.perf_counter() - start


def targets(count: int) -> dict[str, str]:
    """Target by name of the figure: those for 200,000 hold for fewer too."""
    size = f"{MB_FIFTY}" if count <= 50 else f"{MB_PLAIN:.0f}, {MB_QUOTES:.0f}" if count == MANY else ""
    python = f"{PYTHON_S}" if count <= PYTHON_EVENTS else ""
    return {
        "HTML, MB": size, "Python, s": python, "ready, s": f"{READY_S}", "zoom step, s": f"{ZOOM_S}",
        "slider repaints, s": f"{DRAG_S}", "slider settles, s": f"{SETTLED_S}", "heap, MB": f"{HEAP_MB}",
    }  # fmt: skip


def show(count: int, tables: Sequence[tuple[str, Figures]]) -> None:
    print(f"\n{count:,} events")
    print(f"{'':<20} {'target':>8}" + "".join(f" {name:>18}" for name, _ in tables))
    rows: dict[str, Callable[[Figures], str]] = {
        "HTML, MB": lambda f: f"{f.size_mb:.2f}",
        "Python, s": lambda f: f"{f.python_s:.2f}",
        "ready, s": lambda f: spread(f.ready_s),
        "zoom step, s": lambda f: spread(f.zoom_s),
        "slider repaints, s": lambda f: spread(f.drag_s),
        "slider settles, s": lambda f: spread(f.settled_s),
        "heap, MB": lambda f: spread(f.heap_mb, 0),
    }
    for what, of in rows.items():
        print(
            f"{what:<20} {targets(count)[what]:>8}" + "".join(f" {of(figures):>18}" for _, figures in tables),
            flush=True,
        )


def spread(values: Sequence[float], digits: int = 2) -> str:
    """Best and median: "0.31 / 0.33"; "" where nothing was measured."""
    return f"{min(values):.{digits}f} / {statistics.median(values):.{digits}f}" if values else ""


if __name__ == "__main__":
    sys.exit(main())
