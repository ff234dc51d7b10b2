"""Articles and a gazetteer in, events out: all steps as one call.

Hides: the order of the steps, and the date that an article is read with. `read_article` reads one article;
`read_articles` reads a stream and merges; both are pure but for the gazetteer file. `geo/workers.py` reads in several processes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import gazetteer as gazetteer_package
from gazetteer import Gazetteer
from gazetteer.place import LonLat, Place
from gazetteer.resolve import Prior
from geo import DATA, __version__
from geo.articles import Notice, Skipped
from geo.dates import article_date
from geo.event import Article, Event, Rejected, Report, Toponym
from geo.extract import extract
from geo.merge import merge_reports
from geo.reprints import agency_of
from geo.text import is_english
from geo.toponyms import find_toponyms

if TYPE_CHECKING:
    from geo.corrections import Corrections

__all__ = [
    "MentionedPlace",
    "Reading",
    "Result",
    "Settings",
    "provenance",
    "read_article",
    "read_articles",
    "read_each",
    "read_toponyms",
]

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class Settings:
    """Options of a run. Hints rank candidates, they exclude none."""

    countries: frozenset[str] = frozenset()  # ISO alpha-2, a hint
    near: LonLat | None = None  # a hint
    merge: bool = True
    jobs: int = 1
    gazetteer: Path | None = None  # None: the one in the package
    published: date | None = None  # serves articles that have no date of their own, in their record or their text
    corrections: Corrections | None = None  # what people wrote by hand: it has the last word

    @property
    def prior(self) -> Prior:
        return Prior(countries=self.countries, near=self.near)


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read in one article. `note` says why no event was looked for, or None."""

    article: Article
    published: date | None  # the date that relative words were resolved against
    toponyms: tuple[Toponym, ...]
    reports: tuple[Report, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    note: str | None = None
    date_is_lent: bool = False  # `published` is the one of the settings
    pinned: tuple[int, ...] = ()  # lines of the corrections whose names stand in the article
    problems: tuple[str, ...] = ()  # corrections that do not fit the article


@dataclass(frozen=True, slots=True)
class MentionedPlace:
    """A place that articles name without an event there."""

    place: Place
    count: int
    article_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """A run over many articles."""

    events: tuple[Event, ...]
    rejected: tuple[Rejected, ...]
    mentioned: tuple[MentionedPlace, ...]
    skipped: tuple[Skipped, ...]
    n_articles: int
    publishers: tuple[str, ...]
    undated: tuple[str, ...]  # ids of articles without a date
    lent: tuple[str, ...]  # ids of articles read with the date of the settings
    notes: tuple[str, ...]
    problems: tuple[str, ...] = ()  # corrections that could not be applied, each with file and line

    @property
    def unlocated(self) -> tuple[Event, ...]:
        return tuple(e for e in self.events if e.location is None)


def read_toponyms(article: Article, gazetteer: Gazetteer, *, settings: Settings | None = None) -> tuple[Toponym, ...]:
    """The place names of an article in order, with the place that each means; no event is read."""
    return find_toponyms(article.text, gazetteer, prior=(settings or Settings()).prior)


def read_article(article: Article, gazetteer: Gazetteer, *, settings: Settings | None = None) -> Reading:
    """Toponyms, event reports and rejected triggers of one article.

    The publication date is the article's own, else the one that its text states in a line of its own, else the one of
    the settings; without any, relative dates stay unknown. Events are read in English only: other languages give toponyms and a note.
    Names that corrections pin are at their places before events are read; the reports keep the ids that they have without.
    """
    toponyms = read_toponyms(article, gazetteer, settings=settings)
    settings = settings or Settings()
    if settings.corrections is None or not settings.corrections.name_pins:
        return _read(article, toponyms, gazetteer, settings)
    from geo.corrected import pin_toponyms, with_first_ids  # noqa: PLC0415  who corrects nothing need not pay

    pinned = pin_toponyms(article, toponyms, settings.corrections, gazetteer)
    reading = _read(article, pinned.toponyms, gazetteer, settings)
    if pinned.lines:
        first = _read(article, toponyms, gazetteer, settings)
        reading = replace(reading, reports=with_first_ids(reading.reports, first.reports))
    return replace(reading, pinned=pinned.lines, problems=pinned.problems)


def _read(article: Article, toponyms: tuple[Toponym, ...], gazetteer: Gazetteer, settings: Settings) -> Reading:
    own_date = article.published or article_date(article.text)
    lent = settings.published if own_date is None else None
    published = own_date or lent
    if not is_english(article.text):
        note = f"{article.id}: not English; place names only, no events are read"
        return Reading(
            article=article, published=published, toponyms=toponyms, note=note, date_is_lent=lent is not None
        )
    extraction = extract(article, toponyms, gazetteer, published=published)
    agency = agency_of(article.text)
    reports = tuple(replace(r, agency=agency) for r in extraction.reports) if agency else extraction.reports
    return Reading(
        article=article,
        published=published,
        toponyms=_with_event_role(toponyms, reports),
        reports=reports,
        rejected=extraction.rejected,
        date_is_lent=lent is not None,
    )


def _with_event_role(toponyms: tuple[Toponym, ...], reports: Iterable[Report]) -> tuple[Toponym, ...]:
    spans = [(s.start, s.end) for r in reports for e in (r.evidence, *r.also) for s in e.spans if s.kind == "place"]
    return tuple(
        replace(t, role="event") if t.role == "mention" and any(s <= t.start and t.end <= e for s, e in spans) else t
        for t in toponyms
    )


def read_articles(
    articles: Iterable[Article | Notice | Skipped],
    *,
    gazetteer: Gazetteer | None = None,
    settings: Settings | None = None,
    progress: Callable[[Reading | Skipped], None] | None = None,
    known: Iterable[Event] = (),
) -> Result:
    """Reads a stream of articles and merges their reports into events.

    `articles` is what `geo.articles.read_articles` gives; its notices are passed on in `notes`. `progress` is called once
    an article or skipped input, in their order. With `settings.jobs` above 1 worker processes read batches;
    the answer is the same. Corrections of the settings are applied last, also to `known` events, which stand with those read.
    """
    settings = settings or Settings()
    reports: list[Report] = []
    rejected: list[Rejected] = []
    skipped: list[Skipped] = []
    undated: list[str] = []
    lent: list[str] = []
    notes: list[str] = []
    publishers: set[str] = set()
    mentions: dict[str, tuple[Place, list[str]]] = {}
    corrections = settings.corrections
    named = {item.article_id for item in corrections.items} if corrections is not None else set()
    articles_named: dict[str, Article] = {}
    pinned: set[int] = set()
    problems: list[str] = []
    n = 0
    for reading in read_each(articles, _read_article, gazetteer=gazetteer, settings=settings):
        if isinstance(reading, Notice):
            notes.append(reading.message)
            continue
        if progress is not None:
            progress(reading)
        if isinstance(reading, Skipped):
            skipped.append(reading)
            continue
        n += 1
        if reading.article.id in named:
            articles_named[reading.article.id] = reading.article
        pinned.update(reading.pinned)
        problems.extend(reading.problems)
        reports.extend(reading.reports)
        rejected.extend(reading.rejected)
        if reading.published is None:
            undated.append(reading.article.id)
        if reading.date_is_lent:
            lent.append(reading.article.id)
        if reading.note is not None:
            notes.append(reading.note)
        if reading.article.publisher:
            publishers.add(reading.article.publisher)
        for toponym in reading.toponyms:
            if toponym.role == "mention" and toponym.place is not None and not toponym.place.is_country:
                mentions.setdefault(toponym.place.id, (toponym.place, []))[1].append(reading.article.id)
    merged = merge_reports(reports, merge=settings.merge)
    if corrections is None:
        events = (*merged, *known)
    else:
        from geo.corrected import correct_events, pin_quotes  # noqa: PLC0415

        others, met = pin_quotes(known, corrections)
        corrected = correct_events(
            [*merged, *others],
            corrections,
            pinned=pinned | met,
            articles=articles_named if n or not others else None,
            misfits=problems,
        )
        events, problems = corrected.events, list(corrected.problems)
        rejected.extend(corrected.rejected)
        notes.extend(corrected.notes)
    return Result(
        events=events,
        rejected=tuple(rejected),
        mentioned=_mentioned(mentions, events),
        skipped=tuple(skipped),
        n_articles=n,
        publishers=tuple(sorted(publishers)),
        undated=tuple(undated),
        lent=tuple(lent),
        notes=tuple(notes),
        problems=tuple(problems),
    )


def _mentioned(mentions: dict[str, tuple[Place, list[str]]], events: Iterable[Event]) -> tuple[MentionedPlace, ...]:
    used = {e.location.place.id for e in events if e.location is not None}
    return tuple(
        MentionedPlace(place=place, count=len(ids), article_ids=tuple(sorted(set(ids))))
        for place_id, (place, ids) in sorted(mentions.items())
        if place_id not in used
    )


def read_each(
    articles: Iterable[Article | Notice | Skipped],
    read: Callable[[Article, Gazetteer, Settings], _Read],
    *,
    gazetteer: Gazetteer | None = None,
    settings: Settings,
) -> Iterator[_Read | Notice | Skipped]:
    """What `read` gives for each article, and all else as it came, in order.

    With `settings.jobs` above 1 worker processes call `read` on batches: it and what it gives must be fit to be pickled.
    """
    if settings.jobs <= 1:
        own = gazetteer if gazetteer is not None else Gazetteer.open(settings.gazetteer)
        for item in articles:
            yield read(item, own, settings) if isinstance(item, Article) else item
        return
    from geo.workers import read_in_processes  # noqa: PLC0415  10 ms that one process need not pay

    yield from read_in_processes(articles, read, settings=settings)


def _read_article(article: Article, gazetteer: Gazetteer, settings: Settings) -> Reading:
    return read_article(article, gazetteer, settings=settings)


@cache
def _rules_id() -> str:
    """Hash of the reading's code and tables: two runs with the same id read alike."""
    digest = hashlib.sha256()
    for root in (Path(gazetteer_package.__file__).parent, DATA.parent):
        for folder in (root, root / "data"):
            for file in sorted(folder.iterdir(), key=lambda f: f.name):
                if file.name.endswith((".py", ".tsv", ".txt")):
                    digest.update(file.name.encode() + b"\0" + file.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:6]


def provenance(gazetteer: Gazetteer) -> str:
    """How the events were derived: "conflictmap 0.1.0; rules abc123; gazetteer 2026-01"."""
    return f"conflictmap {__version__}; rules {_rules_id()}; gazetteer {gazetteer.version}"
