"""Corrections applied: what people wrote by hand overrules what was read, on every run.

Hides: the order in which corrections act, how an id finds its event, and what becomes of ids. Names are pinned before the
events of an article are read, so that what happened there moves; all else acts on the finished events: splits and merges
first, then what is said of reports, then what is said of events. An event id names the event that holds the report of
this id, so that a correction finds its event also when other reports have joined it.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from gazetteer import Gazetteer
from gazetteer.names import fold_name
from gazetteer.place import Candidate, LonLat, Mention, Place, Reason, Resolution, great_circle_km
from geo.coordinates import SCHEME
from geo.corrections import Correction, Corrections
from geo.drafts import VIOLENT
from geo.event import (
    CLAIM_KINDS,
    LEVELS,
    Article,
    Claim,
    Confidence,
    Event,
    Evidence,
    Join,
    Location,
    Rejected,
    Report,
    Toponym,
    When,
    event_type_of,
)
from geo.merge import event_of, event_order, report_order

__all__ = ["Corrected", "Pinned", "correct_events", "pin_quotes", "pin_toponyms", "trigger_span", "with_first_ids"]

#: A point this far from where its event was read, whose mirror image lies within a quarter of it, is taken as swapped.
SWAPPED_KM = 1000.0
#: Reasons of a reading's doubt that no longer hold once a person gave the place or the day.
_SETTLED = {"place": ("doubtful-place", "unlocated", "area"), "date": ("undated",)}
_REMEDY = "look the id up in the events, or take the line out"


# --- names in one article ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pinned:
    """The toponyms of an article after pinning, the lines whose names occur in it, and what did not fit."""

    toponyms: tuple[Toponym, ...]
    lines: tuple[int, ...] = ()
    problems: tuple[str, ...] = ()


def pin_toponyms(
    article: Article, toponyms: tuple[Toponym, ...], corrections: Corrections, gazetteer: Gazetteer
) -> Pinned:
    """The toponyms with every pinned name at its place; the narrower scope wins: a span, an article, everywhere.

    A name that no rule takes for a place is found where it is pinned in this article, or unknown to the gazetteer.
    """
    found = list(toponyms)
    lines, problems = [], []
    for pin in corrections.name_pins:
        if pin.article_id not in (None, article.id) or pin.place is None:
            continue
        if pin.span is not None:
            here = article.text[slice(*pin.span)]
            if not here or (pin.name is not None and fold_name(here) != fold_name(pin.name)):
                problems.append(
                    f"{corrections.at(pin.line)}: {article.id} reads {here!r} at {pin.span[0]}-{pin.span[1]}"
                    + (f", not {pin.name!r}" if pin.name else "")
                    + "; mend start and end"
                )
                continue
            spans = [pin.span]
        else:
            spans = list(_spans_of(pin, article, found, gazetteer))
        if spans:
            lines.append(pin.line)
        for span in spans:
            found = _with_pin(found, span, pin, article.text)
    return Pinned(tuple(found), tuple(sorted(lines)), tuple(problems))


def _spans_of(
    pin: Correction, article: Article, toponyms: Sequence[Toponym], gazetteer: Gazetteer
) -> Iterator[tuple[int, int]]:
    """Where a pinned name stands: as a toponym, or as a whole word where the pin alone says that it is a place."""
    assert pin.name is not None
    wanted = fold_name(pin.name)
    taken = []
    for toponym in toponyms:
        if wanted in (fold_name(toponym.text), fold_name(toponym.resolution.mention.sought)):
            yield toponym.start, toponym.end
        elif len(toponym.text) >= len(pin.name):
            taken.append((toponym.start, toponym.end))
    if pin.article_id is None and gazetteer.lookup(pin.name):
        return
    for match in re.finditer(rf"(?<!\w){re.escape(pin.name)}(?!\w)", article.text):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            yield match.span()


def _with_pin(toponyms: Sequence[Toponym], span: tuple[int, int], pin: Correction, text: str) -> list[Toponym]:
    start, end = span
    apart = [t for t in toponyms if t.end <= start or end <= t.start]
    same = next((t for t in toponyms if (t.start, t.end) == span), None)
    mention = same.resolution.mention if same is not None else Mention(start=start, end=end, text=text[start:end])
    assert pin.place is not None
    chosen = Candidate(place=pin.place, score=1.0, reasons=(_pin_reason(pin, text[start:end]),))
    role = same.role if same is not None and (same.role == "dateline" or same.place == pin.place) else "mention"
    resolution = Resolution(mention=mention, candidates=(chosen,), chosen=chosen)
    apart.append(Toponym(resolution=resolution, role=role, confidence="high"))
    return sorted(apart, key=lambda t: t.start)


def _pin_reason(pin: Correction, name: str) -> Reason:
    assert pin.place is not None
    return Reason(
        "corrected", _signed(f"corrected by hand: {' '.join(name.split())!r} is {pin.place.name}", pin.signed)
    )


def _signed(text: str, signed: str) -> str:
    return f"{text} ({signed})" if signed else text


def with_first_ids(reports: Iterable[Report], first: Iterable[Report]) -> tuple[Report, ...]:
    """Reports read with pinned names, under the ids that they have without: a report's id never changes.

    Those of one deed (a family) are matched by id, then by their words for the place, then in their order.
    """
    waiting: dict[str | None, list[Report]] = defaultdict(list)
    for report in first:
        waiting[report.family].append(report)
    reports = tuple(reports)
    ids: dict[int, str] = {}
    for is_same in (_same_id, _same_phrase, lambda _a, _b: True):
        for index, report in enumerate(reports):
            rest = waiting[report.family]
            twin = next((one for one in rest if index not in ids and is_same(one, report)), None)
            if twin is not None:
                ids[index] = twin.report_id
                rest.remove(twin)
    return tuple(replace(r, report_id=ids[i]) if i in ids else r for i, r in enumerate(reports))


def _same_id(a: Report, b: Report) -> bool:
    return a.report_id == b.report_id


def _same_phrase(a: Report, b: Report) -> bool:
    return a.location is not None and b.location is not None and a.location.phrase == b.location.phrase


# --- events -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Corrected:
    """Events after all corrections, what they reject, and the lines that could not be applied."""

    events: tuple[Event, ...]
    rejected: tuple[Rejected, ...] = ()
    problems: tuple[str, ...] = ()  # each names file and line
    notes: tuple[str, ...] = ()  # names pinned everywhere that do not occur, and flags of readers


def correct_events(
    events: Sequence[Event],
    corrections: Corrections,
    *,
    pinned: Collection[int] = (),
    articles: Mapping[str, Article] | None = None,
    misfits: Iterable[str] = (),
) -> Corrected:
    """The events as the corrections have them, sorted like merged ones; without any correction, the events as given.

    `pinned` are the lines whose names were pinned when the articles were read, or in the quotes of events from a file;
    `misfits` are the problems of doing so. `articles` are those that were read and lines of the corrections name; None
    when no article was read. Lines whose target is gone and lines that contradict each other are problems, and change
    nothing.
    """
    if not corrections.items:
        return Corrected(tuple(events), problems=corrections.problems)
    work = _Work(corrections, articles, misfits)
    groups = work.regrouped([*events, *work.added(events)])
    work.miss_pins(pinned)
    work.apply(groups)
    finished = [group.finished() for group in groups]
    return Corrected(
        events=tuple(sorted((event for event in finished if event is not None), key=event_order)),
        rejected=tuple(no for group in groups for no in group.rejected),
        problems=(*corrections.problems, *work.problems),
        notes=tuple(work.notes),
    )


def pin_quotes(events: Iterable[Event], corrections: Corrections) -> tuple[list[Event], set[int]]:
    """Events of a file with names pinned where their reports quote them as the place, and the lines that met one."""
    pinned: list[Event] = []
    met: set[int] = set()
    for event in events:
        reports = list(event.reports)
        for index, report in enumerate(reports):
            for pin in corrections.name_pins:
                name = _quoted_place(report, pin) if pin.article_id in (None, report.article_id) else None
                if name is None or pin.place is None:
                    continue
                met.add(pin.line)
                if report.location is None or report.location.place.id != pin.place.id:
                    location = replace(_at(pin.place, name), reasons=(_pin_reason(pin, name),))
                    moved = replace(report, location=location, unlocated_reason=None)
                    reports[index] = replace(moved, summary=_summary(moved))
        if reports != list(event.reports):
            again = event_of(reports, joins=event.joins)
            event = replace(again, event_id=event.event_id, family_id=event.family_id)  # noqa: PLW2901
        pinned.append(event)
    return pinned, met


@dataclass(slots=True)
class _Group:
    """The reports that make one event, and what corrections have said of it so far."""

    event: Event
    reports: list[Report]
    is_rebuilt: bool = False
    out: set[int] = field(default_factory=set)  # indexes of reports that were rejected
    rejected: list[Rejected] = field(default_factory=list)
    marks: dict[str, dict[str, None]] = field(default_factory=dict)  # who signed -> fields that were corrected
    checked: list[Correction] = field(default_factory=list)
    said: dict[str, tuple[Any, Correction]] = field(default_factory=dict)  # of the event: field -> value

    def mark(self, item: Correction, *fields: str) -> None:
        self.marks.setdefault(item.signed, {}).update(dict.fromkeys(fields))

    def finished(self) -> Event | None:
        """The event as corrected; None when nothing is left of it."""
        reports = [report for r, report in enumerate(self.reports) if r not in self.out]
        if not reports:
            return None
        event = self.event
        if self.is_rebuilt:
            again = event_of(sorted(reports, key=report_order), joins=_joins(reports, event.joins))
            event = replace(again, event_id=event.event_id, family_id=event.family_id)
        event = _with_values(event, self.said) if self.said else event
        return _signed_event(event, self.marks, self.checked)


class _Work:
    """One application of a corrections file: finds targets, and keeps what could not be done."""

    def __init__(
        self, corrections: Corrections, articles: Mapping[str, Article] | None, misfits: Iterable[str]
    ) -> None:
        self.corrections = corrections
        self.articles = articles
        self.problems = list(misfits)
        self.notes: list[str] = []
        self.void: set[int] = set()  # lines that contradict others

    def _problem(self, what: str, *items: Correction) -> None:
        self.problems.append(f"{self.corrections.at(*(item.line for item in items))}: {what}")

    def _clash(self, what: str, *items: Correction) -> None:
        self._problem(f"contradict each other: {what}; none of them counts, keep one", *items)

    def _of(self, *verbs: str) -> list[Correction]:
        return [item for item in self.corrections.items if item.verb in verbs]

    # what was missed

    def added(self, events: Iterable[Event]) -> list[Event]:
        """The events that lines add; one that is there already (in a file that was corrected before) is not added again."""
        there = {report.report_id for event in events for report in event.reports}
        known = {report.article_id: report for event in events for report in event.reports}
        made: dict[str, tuple[Event, Correction]] = {}
        for item in self._of("add"):
            report = self._missed(item, known)
            if report is None or report.report_id in there:
                continue
            event = event_of([report])
            before = made.get(report.report_id)
            if before is not None and before[0] != event:
                self._clash(f"both add {report.report_id!r}", before[1], item)
                made[report.report_id] = (event, before[1])
                there.add(report.report_id)
            else:
                made[report.report_id] = (event, item)
        return [event for event, _ in made.values() if event.event_id not in there]

    def _missed(self, item: Correction, known: Mapping[str, Report]) -> Report | None:
        article = self.articles.get(item.article_id) if self.articles is not None and item.article_id else None
        if self.articles is not None and item.article_id not in (None, *self.articles, *known):
            self._problem(f"article {item.article_id!r}, in which it adds an event, is not among those read", item)
            return None
        start, end = item.span or (0, 0)
        quote = item.quote or (article.text[start:end] if article is not None else "")
        if article is not None and end > len(article.text):
            self._problem(f"{article.id} ends at {len(article.text)}, before {end}; mend start and end", item)
            return None
        values = dict(item.values)
        location = _at(item.place, item.name) if item.place is not None else None
        basis = (item.article_id, item.span, item.quote, sorted((name, str(value)) for name, value in item.values))
        identity = item.event_ids or item.report_ids or (_hash(*basis, item.place.id if item.place else ""),)
        source = known.get(item.article_id or "")
        report = Report(
            report_id=identity[0],
            article_id=item.article_id or "correction",
            evidence=Evidence(item.article_id or "correction", start, end, quote),
            sub_event_type=values["sub_event_type"],
            summary="",
            location=location,
            unlocated_reason=None if location is not None else "added by hand without a place",
            confidence=Confidence("high", 1.0, (Reason("corrected", _signed("added by hand", item.signed)),)),
            article_title=article.title if article is not None else source.article_title if source else None,
            url=article.url if article is not None else source.url if source else None,
            publisher=article.publisher if article is not None else source.publisher if source else None,
            published=article.published if article is not None else source.published if source else None,
        )
        return _with_values(report, {name: (value, item) for name, value in values.items()})

    # which reports are one event

    def regrouped(self, events: Sequence[Event]) -> list[_Group]:
        """The groups of reports after splits and merges; merges in a circle make one event.

        What one line splits and others merge stays as it was.
        """
        nodes = _Nodes(events)
        splits = {n: (item, self._split_off(item, nodes)) for n, item in enumerate(self._of("split"))}
        merges = {n: (item, self._joined(item, nodes)) for n, item in enumerate(self._of("merge"))}
        self._drop_rejected_merges(merges, nodes)
        while True:
            homes = nodes.joined([parts for _, parts in splits.values()], [ids for _, ids in merges.values()])
            clash = next((n for n, (_, parts) in splits.items() if nodes.are_together(parts, homes)), None)
            if clash is None:
                break
            item, parts = splits.pop(clash)
            root = homes[parts[0][0]]
            wrong = [n for n, (_, ids) in merges.items() if any(homes[node] == root for node in ids)]
            self._clash("one splits reports off that the others merge", item, *(merges.pop(n)[0] for n in wrong))
        return nodes.groups(homes, [*splits.values(), *((item, [ids]) for item, ids in merges.values())])

    def _split_off(self, item: Correction, nodes: _Nodes) -> list[list[int]]:
        """Sets of reports that a line makes events of: those it names together, or each one of the events it names."""
        if item.report_ids:
            return [part] if (part := self._found(item, item.report_ids, nodes.reports_of, "report")) else []
        if item.event_ids:
            return [[node] for node in self._found(item, item.event_ids, nodes.mates_of, "event")]
        part = nodes.in_span(item)
        if not part:
            self._gone(item, f"a report at {item.span} of article {item.article_id!r}")
        return [part] if part else []

    def _joined(self, item: Correction, nodes: _Nodes) -> list[int]:
        return self._found(item, item.event_ids, nodes.holders_of, "event")

    def _found(
        self, item: Correction, ids: Iterable[str], nodes_of: Callable[[str], list[int]], what: str
    ) -> list[int]:
        found: dict[int, None] = {}
        for one in ids:
            nodes = nodes_of(one)
            if not nodes:
                self._gone(item, f"{what} {one!r}")
            found.update(dict.fromkeys(nodes))
        return list(found)

    def _drop_rejected_merges(self, merges: dict[int, tuple[Correction, list[int]]], nodes: _Nodes) -> None:
        """To reject an event and to merge it contradict each other; of several it is left to the person which to keep."""
        for item in self._of("reject"):
            doomed = {nodes.event_at(node) for one in item.event_ids for node in nodes.holders_of(one)}
            wrong = [line for line, (_, ids) in merges.items() if any(nodes.event_at(node) in doomed for node in ids)]
            if wrong:
                self._clash(
                    "one rejects an event that the others merge", item, *(merges.pop(line)[0] for line in wrong)
                )
                self.void.add(item.line)

    def miss_pins(self, met: Collection[int]) -> None:
        for pin in self.corrections.name_pins:
            if pin.line in met or any(line.startswith(f"{self.corrections.at(pin.line)}: ") for line in self.problems):
                continue
            if pin.article_id is None:
                self.notes.append(f"{self.corrections.at(pin.line)}: no article names {pin.name!r}")
                continue
            what = repr(pin.name) if pin.span is None else f"a span {pin.span[0]}-{pin.span[1]}"
            self._problem(f"no article {pin.article_id!r} with {what} was read; mend the line, or take it out", pin)

    # what is said of reports and events

    def apply(self, groups: Sequence[_Group]) -> None:
        """Does what lines say of reports, then what they say of events."""
        by_report: dict[str, list[tuple[int, int]]] = defaultdict(list)
        by_event: dict[str, list[int]] = defaultdict(list)
        by_article: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for g, group in enumerate(groups):
            by_event[group.event.event_id].append(g)
            for r, report in enumerate(group.reports):
                by_report[report.report_id].append((g, r))
                by_article[report.article_id].append((g, r))
        of_events: dict[int, list[Correction]] = defaultdict(list)
        of_reports: dict[tuple[int, int], list[Correction]] = defaultdict(list)
        for item in self._of("pin", "set", "clear", "reject", "checked", "flag"):
            if item.is_name_pin or item.line in self.void:
                continue
            here = by_article.get(item.article_id or "", [])
            told = [here[n] for n in _in_span([groups[g].reports[r] for g, r in here], item)]
            alone = (
                [g for g, _ in told[:1]] if len({g for g, _ in told}) == 1 else []
            )  # else it is not known which is meant
            for event_id in item.event_ids:
                homes = [g for g, _ in by_report[event_id]] or by_event[event_id] or alone
                for g in dict.fromkeys(homes):
                    of_events[g].append(item)
                if not homes:
                    self._gone(item, f"event {event_id!r}")
            if item.event_ids:
                continue
            for report_id in item.report_ids:
                places = by_report[report_id] or (told if len(told) == 1 else [])
                for home in places:
                    of_reports[home].append(item)
                if not places:
                    self._gone(item, f"report {report_id!r}")
            if not item.report_ids:
                for home in told:
                    of_reports[home].append(item)
                if not told:
                    self._gone(item, f"a report at {item.span} of article {item.article_id!r}")
        for (g, r), items in sorted(of_reports.items()):
            self._correct_report(groups[g], r, items)
        for g, items in sorted(of_events.items()):
            self._correct_event(groups[g], items)

    def _gone(self, item: Correction, target: str) -> None:
        self._problem(f"{item.verb}: {target} is not in this run; {_REMEDY}", item)

    def _correct_report(self, group: _Group, r: int, items: Sequence[Correction]) -> None:
        report = group.reports[r]
        said, reject = self._agreed(items, f"report {report.report_id!r}", report.location)
        if reject is not None:
            group.out.add(r)
            group.rejected.append(_rejection(report, reject))
            group.is_rebuilt = True
            group.mark(reject, "reports")
            return
        if said:
            group.reports[r] = _with_values(report, said)
            group.is_rebuilt = True
            for name, (_, item) in said.items():
                group.mark(item, _shown(name))
        group.checked += [item for item in items if item.verb == "checked"]

    def _correct_event(self, group: _Group, items: Sequence[Correction]) -> None:
        event = group.event
        said, reject = self._agreed(items, f"event {event.event_id!r}", event.location)
        if reject is not None:
            kept = [r for r in range(len(group.reports)) if r not in group.out]
            group.rejected += [_rejection(group.reports[r], reject) for r in kept]
            group.out.update(kept)
            return
        group.said = said
        for name, (_, item) in said.items():
            group.mark(item, _shown(name))
        group.checked += [item for item in items if item.verb == "checked"]

    def _agreed(
        self, items: Sequence[Correction], target: str, location: Location | None
    ) -> tuple[dict[str, tuple[Any, Correction]], Correction | None]:
        """What lines say of one target: the value of each field with its line, or the line that rejects it.

        Lines that contradict each other say nothing.
        """
        self.notes += [
            f"{self.corrections.at(item.line)}: {target} is {_flagged(item)}" for item in items if item.verb == "flag"
        ]
        items = [item for item in items if item.verb != "flag"]
        rejects = [item for item in items if item.verb == "reject"]
        if rejects and len(rejects) < len(items):
            self._clash(f"{target} is rejected, and something is said of it", *items)
            return {}, None
        if rejects:
            return {}, rejects[0]
        claims: dict[str, list[tuple[Any, Correction]]] = defaultdict(list)
        for item in items:
            if item.verb == "pin" and item.place is not None and not self._is_swapped(item, location):
                claims["place"].append((item.place, item))
            for name, value in item.values:
                claims[name].append((value, item))
        wrong: set[int] = set()
        for name, given in claims.items():
            if any(value != given[0][0] for value, _ in given):
                wrong.update(item.line for _, item in given)
                shown = dict.fromkeys(_plain(value) for value, _ in given)
                self._clash(f"{name} of {target} is {' and '.join(shown)}", *(item for _, item in given))
        said = {name: given[0] for name, given in claims.items() if given[0][1].line not in wrong}
        if (
            location is None
            and "place" not in said
            and (lost := [n for n in ("location_level", "radius_km") if n in said])
        ):
            for name in lost:
                _, item = said.pop(name)
                self._problem(f"{name} of {target}: it has no place; pin one first", item)
        return said, None

    def _is_swapped(self, item: Correction, location: Location | None) -> bool:
        place = item.place
        if place is None or location is None or not place.id.startswith(SCHEME) or abs(place.lon) > 90:
            return False
        read = LonLat(lon=location.lon, lat=location.lat)
        here, there = great_circle_km(place.point, read), great_circle_km(LonLat(lon=place.lat, lat=place.lon), read)
        if here < SWAPPED_KM or there > SWAPPED_KM / 4:
            return False
        self._problem(
            f"lon {place.lon:g}, lat {place.lat:g} is {here:,.0f} km from {location.phrase!r}, but the other way round "
            f"{there:.0f} km: the columns are swapped; write lon {place.lat:g}, lat {place.lon:g}",
            item,
        )
        return True


class _Nodes:
    """The reports of all events, numbered, and which of them belong together."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.events = events
        self.of = [(e, report) for e, event in enumerate(events) for report in event.reports]
        self._at: dict[str, list[int]] = defaultdict(list)
        self._mates: list[list[int]] = [[] for _ in events]
        for node, (e, report) in enumerate(self.of):
            self._at[report.report_id].append(node)
            self._mates[e].append(node)
        self._holders: dict[str, list[int]] = defaultdict(list)
        for e, event in enumerate(events):
            self._holders[event.event_id].append(self.holder(e))

    def holder(self, e: int) -> int:
        """The report that an event is named after."""
        mates = self._mates[e]
        return next((node for node in mates if self.of[node][1].report_id == self.events[e].event_id), mates[0])

    def event_at(self, node: int) -> int:
        return self.of[node][0]

    def reports_of(self, report_id: str) -> list[int]:
        return self._at.get(report_id, [])

    def holders_of(self, event_id: str) -> list[int]:
        return self._at.get(event_id) or self._holders.get(event_id, [])

    def mates_of(self, event_id: str) -> list[int]:
        return [mate for node in self.holders_of(event_id) for mate in self._mates[self.event_at(node)]]

    def in_span(self, item: Correction) -> list[int]:
        return _in_span([report for _, report in self.of], item)

    def joined(self, splits: Iterable[Iterable[Sequence[int]]], merges: Iterable[Sequence[int]]) -> list[int]:
        """For each report the first one of its group, when splits and then merges are done."""
        parent = list(range(len(self.of)))

        def root(node: int) -> int:
            while parent[node] != node:
                parent[node] = node = parent[parent[node]]
            return node

        def join(members: Sequence[int]) -> None:
            roots = sorted({root(node) for node in members})
            for other in roots[1:]:
                parent[other] = roots[0]

        apart: dict[int, object] = {}
        for n, parts in enumerate(splits):
            for m, part in enumerate(parts):
                apart.update(dict.fromkeys(part, (n, m)))
        together: dict[tuple[int, object] | object, list[int]] = defaultdict(list)
        for node, (e, _) in enumerate(self.of):
            together[apart.get(node, ("event", e))].append(node)
        for members in (*together.values(), *merges):
            join(members)
        return [root(node) for node in range(len(self.of))]

    def are_together(self, parts: Iterable[Sequence[int]], homes: Sequence[int]) -> bool:
        """Whether reports that were split off are in one group with others of their event all the same."""
        for part in parts:
            mates = {mate for node in part for mate in self._mates[self.event_at(node)]} - set(part)
            if {homes[mate] for mate in mates} & {homes[node] for node in part}:
                return True
        return False

    def groups(self, homes: Sequence[int], done: Iterable[tuple[Correction, Sequence[Sequence[int]]]]) -> list[_Group]:
        """One group for each set of reports; an event that lost and won none stays as it is."""
        members: dict[int, list[int]] = defaultdict(list)
        for node, home in enumerate(homes):
            members[home].append(node)
        groups = {home: self._group(nodes) for home, nodes in members.items()}
        for item, parts in done:
            touched = {homes[mate] for part in parts for node in part for mate in self._mates[self.event_at(node)]}
            for home in sorted(touched):
                if groups[home].is_rebuilt:
                    groups[home].mark(item, "reports")
        return list(groups.values())

    def _group(self, nodes: list[int]) -> _Group:
        reports = [self.of[node][1] for node in nodes]
        e = self.event_at(nodes[0])
        if nodes == self._mates[e]:
            return _Group(self.events[e], reports)
        named = [node for node in nodes if self.holder(self.event_at(node)) == node]
        reports.sort(key=report_order)
        known = [join for e in dict.fromkeys(map(self.event_at, nodes)) for join in self.events[e].joins]
        event = event_of(reports, joins=_joins(reports, known))
        if named:
            first = self.events[self.event_at(min(named, key=lambda node: report_order(self.of[node][1])))]
            event = replace(event, event_id=first.event_id, family_id=first.family_id)
        return _Group(event, reports, is_rebuilt=True)


def _joins(reports: Sequence[Report], known: Iterable[Join]) -> list[Join]:
    """Why each report after the first stands with them: as it was found, else by hand."""
    found = {join.report_id: join for join in known}
    by_hand = (Reason("corrected", "merged by hand"),)
    ordered = sorted(reports, key=report_order)
    return [found.get(r.report_id) or Join(report_id=r.report_id, score=0.0, reasons=by_hand) for r in ordered[1:]]


# --- values -----------------------------------------------------------------------------------------------------------

_Subject = TypeVar("_Subject", Report, Event)
_Said = Mapping[str, tuple[Any, Correction]]


def _with_values(subject: _Subject, said: _Said) -> _Subject:
    """A report or event with fields as a person has them, and a summary that agrees."""
    changes: dict[str, Any] = {}
    if "place" in said:
        place, item = said["place"]
        changes["location"] = _at(place, None, _signed("placed by hand", item.signed)) if place is not None else None
        changes["unlocated_reason"] = None if place is not None else _signed("a person cleared the place", item.signed)
    location = changes.get("location", subject.location)
    if location is not None and ("location_level" in said or "radius_km" in said):
        level = said["location_level"][0] if "location_level" in said else location.level
        radius = said["radius_km"][0] if "radius_km" in said else LEVELS[level][2]
        changes["location"] = replace(location, level=level, radius_km=radius)
    if "date_start" in said or "date_end" in said:
        changes["when"] = _days(subject.when, said)
    for name in ("sub_event_type", "status", "prominence"):
        if name in said:
            changes[name] = said[name][0]
    for name in ("actors", "targets"):
        if name in said:
            changes[name] = tuple(sorted(said[name][0] or ()))
    if any(kind in said for kind in CLAIM_KINDS):
        is_report = isinstance(subject, Report)
        read = subject.claims if isinstance(subject, Report) else subject.casualties
        changes["claims" if is_report else "casualties"] = _claims(read, said)
    subject = replace(subject, **changes)
    return replace(subject, summary=said["summary"][0] if "summary" in said else _summary(subject))


def _claims(read: Iterable[Claim], said: _Said) -> tuple[Claim, ...]:
    """The numbers that were given, then the claims of the other kinds as they were read."""
    given = [said[kind] for kind in CLAIM_KINDS if kind in said]
    by_hand = [replace(claim, whose=item.by) for claim, item in given if claim is not None]
    return (*by_hand, *(claim for claim in read if claim.kind not in said))


def _days(old: When | None, said: _Said) -> When | None:
    """The interval with the ends that were given; the other end stays where it fits, else it is the same day."""
    start: date | None = said["date_start"][0] if "date_start" in said else None
    end: date | None = said["date_end"][0] if "date_end" in said else None
    if start is None and end is None:
        return None
    if start is None:
        assert end is not None
        start = min(old.start, end) if old is not None else end
    if end is None:
        end = max(old.end, start) if old is not None else start
    return When(start=min(start, end), end=end, basis="corrected by hand", method="stated")


def _at(place: Place, name: str | None, why: str = "placed by hand") -> Location:
    """The location of an event at a place, as far as a place of its kind is known."""
    code = place.feature_code
    if place.is_country:
        level = "country"
    elif place.is_admin1:
        level = "adm1"
    elif code.startswith("ADM"):
        level = "adm2" if code == "ADM2" else "adm3"
    elif place.feature_class in "LHRTV" and not code.startswith(("CMP", "MILB", "OILF", "GASF")):
        level = "part"
    else:
        level = "settlement" if place.is_settlement and code != "PPLX" else "site"
    is_area = level not in ("settlement", "site")
    radius = (place.radius_km if is_area else None) or LEVELS[level][2]
    return Location(
        place=place,
        lon=place.lon,
        lat=place.lat,
        level=level,
        radius_km=radius,
        phrase=name or place.name,
        reasons=(Reason("corrected", why),),
    )


def _summary(subject: Report | Event) -> str:
    """The line that says what happened, from the facts as they are now."""
    claims = subject.claims if isinstance(subject, Report) else subject.casualties
    parts = [subject.sub_event_type]
    if subject.actors:
        by = "by " if event_type_of(subject.sub_event_type) in VIOLENT else ": "
        parts.append(by + ", ".join(subject.actors))
    if subject.targets:
        parts.append("on " + ", ".join(subject.targets))
    text = " ".join(parts).replace(" :", ":")
    if subject.location is not None:
        text += f" ({subject.location.phrase})"
    tolls = dict.fromkeys(c.words if c.kind in c.words else f"{c.words} {c.kind}" for c in claims)
    details = [*tolls, *subject.figures]
    return text + ("; " + ", ".join(details) if details else "")


def _signed_event(event: Event, marks: Mapping[str, Mapping[str, None]], checked: Iterable[Correction]) -> Event:
    """The event with what people did among its reasons; one that was checked is sure."""
    placed = [r for r in (event.location.reasons if event.location is not None else ()) if r.code == "corrected"]
    by_hand = [reason for reason in placed if reason.text.startswith(_BY_HAND)]
    kept = list(event.confidence.reasons)
    for who, fields in sorted(marks.items()):
        before = [reason for reason in kept if _fields_of(reason, who)]
        kept = [reason for reason in kept if reason not in before]
        named = {*fields, *(name for reason in before for name in _fields_of(reason, who))}
        by_hand.append(Reason("corrected", _signed(f"{_BY_HAND}{', '.join(sorted(named))}", who)))
    checks = [Reason("checked", text) for text in sorted({_signed("checked", item.signed) for item in checked})]
    if not by_hand and not checks:
        return event
    fields_done = {name for done in marks.values() for name in done} | ({"place"} if placed else set())
    settled = {code for name in fields_done for code in _SETTLED.get(name, ())}
    new = (*by_hand, *checks)
    reasons = (*(reason for reason in kept if reason.code not in settled and reason not in new), *dict.fromkeys(new))
    if checks:
        return replace(event, confidence=Confidence("high", 1.0, reasons))
    return replace(event, confidence=replace(event.confidence, reasons=reasons))


_BY_HAND = "corrected by hand: "
_SHOWN = frozenset(
    ("date", "type", "place", "reports", "summary", "status", "prominence", "actors", "targets", *CLAIM_KINDS)
)


def _fields_of(reason: Reason, who: str) -> list[str]:
    """The fields that a reason says were corrected by somebody; none where it says something else."""
    end = f" ({who})" if who else ""
    if reason.code != "corrected" or not reason.text.startswith(_BY_HAND) or not reason.text.endswith(end):
        return []
    fields = reason.text[len(_BY_HAND) : len(reason.text) - len(end)].split(", ")
    return fields if _SHOWN.issuperset(fields) else []


def _rejection(report: Report, item: Correction) -> Rejected:
    start, end = trigger_span(report)
    words = report.evidence.quote[start - report.evidence.start : end - report.evidence.start]
    return Rejected(
        article_id=report.article_id,
        start=start,
        end=end,
        quote=report.evidence.quote,
        trigger=words or report.sub_event_type,
        sub_event_type=report.sub_event_type,
        reason=Reason("corrected", _signed("rejected by hand", item.signed)),
    )


def trigger_span(report: Report) -> tuple[int, int]:
    """The span of the words that tell of the event; of its sentence, where they are not marked."""
    spans = [(s.start, s.end) for s in report.evidence.spans if s.kind == "trigger"]
    return spans[0] if spans else (report.evidence.start, report.evidence.end)


def _in_span(reports: Sequence[Report], item: Correction) -> list[int]:
    """Indexes of the reports of an article whose words lie in a span; else of those whose sentence holds the span."""
    if item.span is None:
        return []
    start, end = item.span
    here = [(n, report) for n, report in enumerate(reports) if report.article_id == item.article_id]
    told = [n for n, report in here if start < trigger_span(report)[1] and trigger_span(report)[0] < end]
    return told or [n for n, report in here if report.evidence.start <= start and end <= report.evidence.end]


def _quoted_place(report: Report, pin: Correction) -> str | None:
    """The words for the place of a report, where a pin says what they mean."""
    evidence = report.evidence
    for span in evidence.spans:
        words = evidence.quote[span.start - evidence.start : span.end - evidence.start]
        if span.kind != "place" or (report.location is not None and words not in report.location.phrase):
            continue
        if pin.span is not None:
            if pin.span[0] < span.end and span.start < pin.span[1]:
                return words
        elif pin.name is not None and fold_name(words) == fold_name(pin.name):
            return words
    return None


def _shown(name: str) -> str:
    """The field as people know it."""
    if name in ("date_start", "date_end"):
        return "date"
    return {"sub_event_type": "type", "location_level": "place", "radius_km": "place"}.get(name, name)


def _flagged(item: Correction) -> str:
    """What a reader flags of an event, and why."""
    ((_, what),) = item.values
    wrong = {"duplicate": "told twice", "event": "no event"}.get(what, f"wrong in its {what}")
    note = f": {' '.join(item.note.split())!r}" if item.note else ""
    return f"flagged as {_signed(wrong, item.signed)}{note}; write what is right, or take the line out"


def _plain(value: Any) -> str:
    """A value in a message."""
    if value is None:
        return "nothing"
    if isinstance(value, Place):
        return value.id
    return value.words if isinstance(value, Claim) else "; ".join(value) if isinstance(value, tuple) else str(value)


def _hash(*parts: object) -> str:
    """An id that hangs on nothing but its parts, in the form of a report's."""
    return "e" + hashlib.sha256("\x1f".join(str(p) for p in parts).encode("utf-8", "surrogatepass")).hexdigest()[:15]
