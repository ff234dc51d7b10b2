"""How well and how fast reports are merged: labelled dispatches, and synthetic reports by the hundred thousand.

    python benchmarks/merging.py [--only gold,scale] [--failures N] [--sizes 10000,100000,300000] [--seed 7]

Each measure stands beside two baselines: every report an event of its own, and one event for each place and day. The
dispatches are written for this purpose and stand in `benchmarks/gold/merging_learn.jsonl`, on which the weights were set, and
`benchmarks/gold/merging_measured.jsonl`, which only measures. A few clusters of published articles stand there by ids and
offsets; they are measured where the articles are. The synthetic reports come from a seeded generator.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
if find_spec("geo") is None:  # not installed: the packages of this checkout
    sys.path.insert(0, str(ROOT))

from gazetteer import Gazetteer, Place  # noqa: E402
from geo.event import Article, Claim, Confidence, Event, Evidence, Location, Report, Span, When  # noqa: E402
from geo.merge import merge_reports  # noqa: E402
from geo.pipeline import read_article  # noqa: E402

GOLD = ROOT / "benchmarks" / "gold"
HALVES = {"learn": "merging_learn.jsonl", "measured": "merging_measured.jsonl"}
SECTIONS = ("gold", "scale")
SECONDS_FOR_100_000 = 60.0
#: Targets of the measures.
PAIRWISE, B_CUBED = 0.80, 0.90

#: Clusters of published articles, by ids and offsets only; the texts are no part of this project.
ARTICLES, CORPUS = "merging_guardian.jsonl", "corpora/guardian_syria.jsonl"

Clustering = Mapping[str, Hashable]  # item -> its cluster
Record = dict[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(description="How well and how fast reports are merged.")
    parser.add_argument("--only", default=",".join(SECTIONS), help=f"sections, joined by commas: {', '.join(SECTIONS)}")
    parser.add_argument("--failures", type=int, default=0, metavar="N", help="list N wrong pairs of the learning half")
    parser.add_argument("--sizes", default="10000,100000,300000", help="numbers of synthetic reports")
    parser.add_argument("--shared", type=Path, default=ROOT / ".." / "shared", help="folder with the articles")
    parser.add_argument("--seed", type=int, default=7, help="seed of the synthetic reports")
    arguments = parser.parse_args()
    wanted = arguments.only.split(",")
    if unknown := [section for section in wanted if section not in SECTIONS]:
        parser.error(f"no section {unknown[0]!r}; there are {', '.join(SECTIONS)}")
    if "gold" in wanted:
        show_gold(arguments.failures, arguments.shared)
    if "scale" in wanted:
        for size in map(int, arguments.sizes.split(",")):
            show_scale(size, arguments.seed)
    return 0


# --- measures ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scores:
    """Precision, recall and their harmonic mean."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def __str__(self) -> str:
        return f"{self.f1:.3f} ({self.precision:.3f} {self.recall:.3f})"


def pairwise(gold: Clustering, found: Clustering) -> Scores:
    """Over all pairs of items: those put together rightly, by those put together and by those that belong together."""
    together = pairs(Counter((gold[i], found[i]) for i in gold))
    return Scores(
        precision=together / max(1, pairs(Counter(found[i] for i in gold))),
        recall=together / max(1, pairs(Counter(gold.values()))),
    )


def pairs(sizes: Counter[Hashable] | Counter[tuple[Hashable, Hashable]]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes.values())


def b_cubed(gold: Clustering, found: Clustering) -> Scores:
    """For each item the share of its found cluster that is right, and of its true one that was found; the means.

    Source: A. Bagga and B. Baldwin, "Entity-Based Cross-Document Coreferencing Using the Vector Space Model", COLING-ACL 1998.
    """
    both = Counter((gold[i], found[i]) for i in gold)
    found_sizes, gold_sizes = Counter(found[i] for i in gold), Counter(gold.values())
    n = len(gold)
    return Scores(
        precision=sum(both[gold[i], found[i]] / found_sizes[found[i]] for i in gold) / n,
        recall=sum(both[gold[i], found[i]] / gold_sizes[gold[i]] for i in gold) / n,
    )


def show(gold: Clustering, ways: Mapping[str, Clustering]) -> None:
    for way, found in ways.items():
        print(f"    {way:<22} pairwise F1 {pairwise(gold, found)!s:<22} B-cubed F1 {b_cubed(gold, found)}")


def same_place_same_day(items: Mapping[str, Report | None]) -> dict[str, Hashable]:
    """The baseline: one event for each place and first day; what lacks one of them stands alone."""
    return {
        item: (report.location.place.id, report.when.start)
        if report is not None and report.location is not None and report.when is not None
        else item
        for item, report in items.items()
    }


# --- labelled dispatches -----------------------------------------------------------------------------------------------


def show_gold(failures: int, shared: Path) -> None:
    gazetteer = Gazetteer.open()
    for half, name in HALVES.items():
        records = load(GOLD / name)
        reports = [report for record in records for report in read(record, gazetteer)]
        events, found, labels, items = show_half(half, records, reports)
        if half == "learn" and failures:
            list_failures(labels, found, items, failures)
        show_copies(records, events)
    corpus = shared / CORPUS
    if not corpus.is_file():
        print(f"{ARTICLES}: skipped, {corpus} is not there", file=sys.stderr)
        return
    records = load(GOLD / ARTICLES)
    wanted = {record["id"] for record in records}
    texts = [
        text | {"published": text["date"], "publisher": text["source"]} for text in load(corpus) if text["id"] in wanted
    ]
    show_half("articles", records, [report for text in texts for report in read(text, gazetteer)])


def load(path: Path) -> list[Record]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def show_half(
    name: str, records: Sequence[Record], reports: Sequence[Report]
) -> tuple[tuple[Event, ...], Clustering, Clustering, Mapping[str, Report | None]]:
    labels, items = labelled(records, reports)
    events = merge_reports(reports)
    home = {r.report_id: event.event_id for event in events for r in event.reports}
    found: Clustering = {item: home[r.report_id] if r is not None else item for item, r in items.items()}
    unread = sum(r is None for r in items.values())
    print(
        f"{name}: {len(records)} texts, {len(labels)} labelled reports of {len(set(labels.values()))} events, {unread} not read"
    )
    print(
        f"  all, those not read standing alone (targets {PAIRWISE:.2f} and {B_CUBED:.2f}; precision and recall in brackets)"
    )
    show(labels, {"conflictmap": found} | baselines(labels, items))
    if unread:
        seen = {item: label for item, label in labels.items() if items[item] is not None}
        print("  of those that were read")
        show(seen, {"conflictmap": found} | baselines(seen, items))
    return events, found, labels, items


def baselines(labels: Clustering, items: Mapping[str, Report | None]) -> dict[str, Clustering]:
    return {"all singletons": {i: i for i in labels}, "same place, same day": same_place_same_day(items)}


def read(record: Record, gazetteer: Gazetteer) -> tuple[Report, ...]:
    article = Article(
        id=str(record["id"]),
        text=str(record["text"]),
        publisher=str(record["publisher"]),
        published=date.fromisoformat(str(record["published"])),
    )
    return read_article(article, gazetteer).reports


def labelled(
    records: Iterable[Record], reports: Iterable[Report]
) -> tuple[dict[str, Hashable], dict[str, Report | None]]:
    """Each labelled report with its cluster, and with what was read: the report whose sentence holds the labelled words.

    A label without words is that of a dispatch that tells of one event: its first report.
    """
    by_article: dict[str, list[Report]] = defaultdict(list)
    for report in sorted(reports, key=lambda r: (r.evidence.start, r.report_id)):
        by_article[report.article_id].append(report)
    labels: dict[str, Hashable] = {}
    items: dict[str, Report | None] = {}
    for record in records:
        own = by_article[str(record["id"])]
        for event in record["events"]:
            item, at = f"{record['id']} {event['cluster']}", event["at"]
            labels[item] = event["cluster"]
            here = own if at is None else [r for r in own if holds(r, at)]
            items[item] = min(here, key=lambda r: distance(r, at or 0), default=None)
    return labels, items


def holds(report: Report, at: int) -> bool:
    return any(e.start <= at < e.end for e in (report.evidence, *report.also))


def distance(report: Report, at: int) -> int:
    return min((abs(s.start - at) for s in report.evidence.spans if s.kind == "trigger"), default=10_000)


def show_copies(records: Sequence[Record], events: Iterable[Event]) -> None:
    """Reprints of the labels that were recognised, and reports called reprints that are none."""
    gold = {str(r["id"]): str(r["reprint_of"]) for r in records if "reprint_of" in r}
    found = {j.report_id for e in events for j in e.joins if j.copy_of is not None}
    copies = {r.article_id for e in events for r in e.reports if r.report_id in found}
    print(
        f"  reprints: {len(copies & set(gold))} of {len(gold)} known as such, {len(copies - set(gold))} others called so"
    )


def list_failures(labels: Clustering, found: Clustering, items: Mapping[str, Report | None], n: int) -> None:
    names = sorted(labels)
    lines = []
    for i, a in enumerate(names):
        for b in names[i + 1 :]:
            if (labels[a] == labels[b]) != (found[a] == found[b]):
                kind = "apart" if labels[a] == labels[b] else "JOINED"
                lines.append(f"  {kind}: {a} [{in_short(items[a])}] / {b} [{in_short(items[b])}]")
    print("\n".join(lines[:n]), file=sys.stderr)


def in_short(report: Report | None) -> str:
    if report is None:
        return "not read"
    where = f"{report.location.place.name} {report.location.level}" if report.location is not None else "nowhere"
    when = f"{report.when.start}..{report.when.end} {report.when.method[:3]}" if report.when is not None else "undated"
    tolls = ",".join(f"{c.kind[0]}{c.low}" for c in report.claims)
    return f"{report.sub_event_type}; {where}; {when}; {'+'.join(report.actors)} on {'+'.join(report.targets)}; {tolls}; {report.figures}"


# --- synthetic reports -------------------------------------------------------------------------------------------------

#: Events of the generator: three years of 400 towns in 14 provinces, the first towns seeing the most.
FIRST_DAY, DAYS, TOWNS, PROVINCES = date(2017, 1, 1), 1095, 400, 14
#: Reports of one event -> how often. Most events are told once; a few by twenty papers.
REPORTS_OF_AN_EVENT = {1: 50, 2: 20, 3: 12, 4: 7, 6: 5, 9: 3, 14: 2, 20: 1}
KINDS = {
    "Air/drone strike": ("Russian forces", "Syrian government forces", "Turkish forces", "US forces"),
    "Shelling/artillery/missile attack": ("Syrian government forces", "Turkish forces", "Syrian Democratic Forces"),
    "Remote explosive/landmine/IED": ("Islamic State", "Militants"),
    "Armed clash": ("Islamic State", "Syrian Democratic Forces", "Hayat Tahrir al-Sham"),
    "Attack": ("Islamic State", "Unidentified armed group"),
    "Government regains territory": ("Syrian government forces",),
    "Peaceful protest": ("Protesters",),
    "Arrests": ("Syrian government forces", "Turkish forces"),
}
SIGHTS = ("hospital", "school", "market", "mosque", "bakery", "bridge", "bus station", "checkpoint", "depot", "farm")
OPENINGS = (
    "{sub} was reported in {town} on {day}, when {actor} struck a {sight}, and residents counted {toll} dead",
    "At least {toll} people were killed in {town} on {day} near a {sight}, local medics told reporters, blaming {actor}",
    "{actor} hit a {sight} in {town} on {day}, and {toll} people lost their lives according to a monitoring group",
    "Rescuers in {town} recovered {toll} bodies on {day} after {actor} attacked the area around a {sight}",
)


def synthetic(size: int, seed: int) -> tuple[list[Report], dict[str, Hashable]]:
    """Reports with their true events: other tolls, provinces for towns, days unknown or those of print, reprints."""
    dice = random.Random(seed)
    provinces = [
        Place(
            f"p:{n}",
            f"Province {n}",
            36.0 + n % 7 * 0.8,
            33.0 + n // 7 * 1.8,
            "A",
            "ADM1",
            "SY",
            f"{n:02}",
            radius_km=60.0,
        )
        for n in range(PROVINCES)
    ]
    towns = [
        Place(
            f"t:{n}",
            f"Town {n}",
            base.lon + dice.uniform(-0.4, 0.4),
            base.lat + dice.uniform(-0.7, 0.7),
            "P",
            "PPL",
            "SY",
            base.admin1,
        )
        for n in range(TOWNS)
        for base in [provinces[n % PROVINCES]]
    ]
    weights = [1 / (n + 5) for n in range(TOWNS)]
    reports: list[Report] = []
    truth: dict[str, Hashable] = {}
    number = 0
    while len(reports) < size:
        number += 1
        town = dice.choices(towns, weights)[0]
        day = FIRST_DAY + timedelta(days=dice.randrange(DAYS))
        sub = dice.choices(list(KINDS), (30, 25, 12, 15, 10, 3, 3, 2))[0]
        actor, sight = dice.choice(KINDS[sub]), dice.choice(SIGHTS)
        toll = min(int(dice.paretovariate(1.1)), 90)
        told: str | None = None
        for _ in range(dice.choices(list(REPORTS_OF_AN_EVENT), list(REPORTS_OF_AN_EVENT.values()))[0]):
            said = max(1, round(toll * dice.choice((1, 1, 1, 1.2, 1.4))))
            fresh = dice.choice(OPENINGS).format(
                sub=sub, town=town.name, day=f"{day:%A}", actor=actor, sight=sight, toll=said
            )
            told = told if told is not None and dice.random() < 0.35 else fresh
            report = one(
                dice,
                f"a{len(reports):07}",
                told,
                town=town,
                province=provinces[int(town.admin1 or 0)],
                day=day,
                sub=sub,
                actor=actor,
                toll=said,
            )
            truth[report.report_id] = number
            reports.append(report)
    dice.shuffle(reports)
    return reports[:size], {r.report_id: truth[r.report_id] for r in reports[:size]}


def one(
    dice: random.Random,
    article: str,
    quote: str,
    *,
    town: Place,
    province: Place,
    day: date,
    sub: str,
    actor: str,
    toll: int,
) -> Report:
    """One report with the gaps of news: 6 % name the province only, 4 % no place, 4 % no day, 12 % the day of print."""
    published = day + timedelta(days=dice.choice((0, 1, 1, 1, 2, 3)))
    chance = dice.random()
    place = None if chance < 0.04 else province if chance < 0.10 else town
    chance = dice.random()
    when = (
        None
        if chance < 0.04
        else When(published, published, "", "publication_date")
        if chance < 0.16
        else When(day, day, f"on {day:%A}", "relative_to_publication")
    )
    return Report(
        report_id=f"e{article}",
        article_id=article,
        evidence=Evidence(article, 0, len(quote), quote, (Span("trigger", 0, 5),)),
        sub_event_type=sub,
        summary=sub,
        when=when,
        location=Location(
            place, place.lon, place.lat, "adm1" if place.is_admin1 else "settlement", place.radius_km or 1.0, place.name
        )
        if place is not None
        else None,
        unlocated_reason=None if place is not None else "the article does not say where",
        actors=(actor,) if dice.random() < 0.85 else (),
        claims=(Claim("killed", toll, toll, str(toll)),) if dice.random() < 0.8 else (),
        confidence=Confidence("medium", 0.6),
        publisher=f"Paper {dice.randrange(60)}",
        published=published,
    )


def show_scale(size: int, seed: int) -> None:
    """Merges synthetic reports in a process of its own, so that the memory is theirs."""
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=merge_synthetic, args=(size, seed))
    process.start()
    process.join()


def merge_synthetic(size: int, seed: int) -> None:
    reports, truth = synthetic(size, seed)
    before = peak_mb()
    start = time.process_time()
    events = merge_reports(reports)
    seconds = time.process_time() - start
    target = f" (target {SECONDS_FOR_100_000:.0f})" if size == 100_000 else ""
    print(
        f"{size} synthetic reports of {len(set(truth.values()))} events: {seconds:.1f} s of one core{target}, "
        f"{1e6 * seconds / size:.0f} us a report, {len(events)} events, {peak_mb():.0f} MB at peak, {before:.0f} MB of it the reports"
    )
    found: Clustering = {r.report_id: event.event_id for event in events for r in event.reports}
    items: dict[str, Report | None] = {r.report_id: r for r in reports}
    show(
        truth,
        {
            "conflictmap": found,
            "all singletons": {i: i for i in truth},
            "same place, same day": same_place_same_day(items),
        },
    )
    sys.stdout.flush()


def peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    sys.exit(main())
