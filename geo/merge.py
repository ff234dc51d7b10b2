"""When two reports tell of one event, and the event that they make.

Hides: the decision and its weights. It rests on extracted facts (place and level, interval, type, actors, numbers, the
words of a named object), never on headlines. Reports are compared only inside blocks that share a type and a country or
an actor pair, so that cost does not grow with the square of their number.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from gazetteer.place import LonLat, Reason, great_circle_km
from geo.event import Claim, Confidence, Event, Location, Report
from geo.locate import is_inside
from geo.triggers import rank

__all__ = ["evidence_that_one", "merge_reports"]

# Weights of evidence that two reports tell of one event; hand-set so that no single fact is enough (a town sees two
# strikes on one day) and that same place + same day + same actor is.
SAME_DAY = 2.0
DATES_MEET = 1.0
SAME_PLACE = 2.0
PLACE_INSIDE = 0.5
SHARED_ACTOR = 1.0
SHARED_TOLL = 1.5
SHARED_FIGURE = 1.0
SHARED_OBJECT = 1.5
SAME_KIND_OF_AGREEMENT = 0.75
TOLL_CLASH = -1.0
ACTOR_CLASH = -2.5
ENOUGH = 3.5
#: Words in a row that two texts must share for the same object ("memorandum on combat flight safety").
OBJECT_WORDS = 4
#: Days of one bucket of the blocking; reports of neighbouring buckets meet too.
BUCKET_DAYS = 7
#: Two places closer than this are one for reports of the same day.
SAME_PLACE_KM = 5.0


def merge_reports(reports: Iterable[Report], *, merge: bool = True) -> tuple[Event, ...]:
    """Events made of reports, ordered by date, place and id; each lists its reports, the first one naming it.

    With `merge=False` each report is an event of its own. The answer does not depend on the order of the reports.
    """
    ordered = sorted(reports, key=_order)
    groups: list[list[Report]] = []
    home: dict[int, int] = {}
    if merge:
        blocks = _blocks(ordered)
        for index, report in enumerate(ordered):
            rivals = sorted({j for key in _keys(report) for j in blocks[key] if j < index})
            scored = [
                (s, -j) for j in rivals if (s := evidence_that_one(ordered[j], report)) is not None and s >= ENOUGH
            ]
            homes = (home[-j] for _, j in sorted(scored, reverse=True))
            fitting = next((n for n in homes if _fits(report, groups[n])), None)
            if fitting is None:
                fitting = len(groups)
                groups.append([])
            home[index] = fitting
            groups[fitting].append(report)
    else:
        groups = [[report] for report in ordered]
    return tuple(sorted((_event(group) for group in groups), key=_event_order))


def _fits(report: Report, group: Sequence[Report]) -> bool:
    """Whether no report of a group denies another one, so that a chain never joins what its ends exclude."""
    return all(
        member.article_id != report.article_id
        and _place_evidence(member, report) is not None
        and _date_evidence(member, report) is not None
        for member in group
    )


def _order(report: Report) -> tuple[date, str, int, str]:
    return (report.published or date.max, report.article_id, report.evidence.start, report.report_id)


def _event_order(event: Event) -> tuple[date, str, str, str]:
    start = event.when.start if event.when is not None else date.max
    return (
        start,
        event.location.place.name if event.location is not None else "",
        event.sub_event_type,
        event.event_id,
    )


def _blocks(reports: Sequence[Report]) -> dict[tuple[object, ...], list[int]]:
    blocks: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for index, report in enumerate(reports):
        for key in _keys(report):
            blocks[key].append(index)
    return blocks


def _keys(report: Report) -> Iterator[tuple[object, ...]]:
    """Blocks of a report: type, country and week; type and actors for those that lack a date or a place."""
    country = report.location.place.country if report.location is not None else None
    if report.when is not None and country is not None:
        first, last = report.when.start.toordinal() // BUCKET_DAYS, report.when.end.toordinal() // BUCKET_DAYS
        for bucket in sorted({first - 1, first, last, last + 1}):
            yield ("when", report.event_type, country, bucket)
    if report.actors:
        yield ("who", report.sub_event_type, report.actors[:3])
        if len(report.actors) > 1:
            yield ("pair", report.sub_event_type, report.actors[0], report.actors[-1])


def evidence_that_one(a: Report, b: Report) -> float | None:
    """Weight of the evidence that two reports tell of one event; None when a fact excludes it.

    An unknown date, or a place that contains the other, excludes nothing and proves nothing.
    """
    if a.article_id == b.article_id or a.event_type != b.event_type:
        return None
    if a.family is not None and a.family == b.family:
        return None
    score = 0.0
    if a.sub_event_type != b.sub_event_type:
        if a.event_type == "Strategic developments":
            return None
        score -= 1.0
    place = _place_evidence(a, b)
    when = _date_evidence(a, b)
    if place is None or when is None:
        return None
    score += place + when
    actors = set(a.actors) & set(b.actors)
    if actors:
        score += SHARED_ACTOR + 0.5 * (len(actors) > 1)
    elif a.actors and b.actors and not (set(a.actors) & set(b.targets)):
        score += ACTOR_CLASH
    if a.sub_event_type == "Agreement":
        if _is_truce(a) != _is_truce(b):
            return None
        score += SAME_KIND_OF_AGREEMENT
    score += _toll_evidence(a.claims, b.claims)
    if {f.lower() for f in a.figures} & {f.lower() for f in b.figures}:
        score += SHARED_FIGURE
    shared_object = bool(_shingles(_words(a)) & _shingles(_words(b)))
    if shared_object:
        score += SHARED_OBJECT
    if (place < SAME_PLACE or when < SAME_DAY) and not (a.sub_event_type == b.sub_event_type and actors):
        return None
    if (place <= 0 or when <= 0) and not shared_object:
        return None
    return score


def _place_evidence(a: Report, b: Report) -> float | None:
    if a.location is None or b.location is None:
        return 0.0
    if _is_guess(a.location) or _is_guess(b.location):
        return PLACE_INSIDE if a.location.place.country == b.location.place.country else 0.0
    if a.location.place.id == b.location.place.id:
        return DATES_MEET if a.location.level == "country" else SAME_PLACE
    if is_inside(a.location, b.location) or is_inside(b.location, a.location):
        return PLACE_INSIDE
    points = LonLat(lon=a.location.lon, lat=a.location.lat), LonLat(lon=b.location.lon, lat=b.location.lat)
    return SAME_PLACE if great_circle_km(*points) <= SAME_PLACE_KM else None


def _is_guess(location: Location) -> bool:
    """Whether no place was named, and the country that the sentence is about stands in for it."""
    return any(reason.code == "country-concerned" for reason in location.reasons)


def _date_evidence(a: Report, b: Report) -> float | None:
    if a.when is None or b.when is None:
        return 0.0
    if a.when.start > b.when.end or b.when.start > a.when.end:
        return None
    days = max((a.when.end - a.when.start).days, (b.when.end - b.when.start).days)
    return SAME_DAY if days == 0 else DATES_MEET


def _is_truce(report: Report) -> bool:
    """Whether an agreement is a truce; a truce is no memorandum."""
    words = [
        report.evidence.quote[s.start - report.evidence.start : s.end - report.evidence.start]
        for s in report.evidence.spans
        if s.kind == "trigger"
    ]
    return re.search(r"truce|cease-?fire|cessation|in ?to (?:effect|force)", " ".join(words), re.I) is not None


def _toll_evidence(a: Sequence[Claim], b: Sequence[Claim]) -> float:
    score = 0.0
    for kind in ("killed", "wounded"):
        ours = {c.low for c in a if c.kind == kind and c.low is not None}
        theirs = {c.low for c in b if c.kind == kind and c.low is not None}
        if ours & theirs:
            score += SHARED_TOLL / (1 if kind == "killed" else 2)
        elif ours and theirs:
            low, high = sorted((max(ours), max(theirs)))
            score += TOLL_CLASH if high > 3 * low else 0.0
    return score


def _words(report: Report) -> str:
    return " ".join([report.evidence.quote, *(e.quote for e in report.also)])


@lru_cache(maxsize=4096)
def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"[^\W\d_]+", text.lower())
    grams = (tuple(words[i : i + OBJECT_WORDS]) for i in range(len(words) - OBJECT_WORDS + 1))
    return frozenset(gram for gram in grams if sum(len(w) > 4 for w in gram) >= OBJECT_WORDS - 1)


def _event(reports: Sequence[Report]) -> Event:
    first = reports[0]
    placed = [r for r in reports if r.location is not None]
    best = min(placed, key=lambda r: (r.location.radius_km if r.location else 0, _order(r)), default=None)
    dated = [r for r in reports if r.when is not None]
    when = min(
        (r.when for r in dated if r.when is not None),
        key=lambda w: (w.method == "publication_date", (w.end - w.start).days, w.start, w.basis),
        default=None,
    )
    claims: list[Claim] = []
    for report in reports:
        for claim in report.claims:
            said = replace(claim, whose=claim.whose or report.publisher) if len(reports) > 1 else claim
            if said not in claims:
                claims.append(said)
    richest = max(reports, key=lambda r: (len(r.claims) + len(r.figures) + len(r.actors), r is first))
    located = best if best is not None else first
    return Event(
        event_id=first.report_id,
        family_id=first.family or first.report_id,
        sub_event_type=min((r.sub_event_type for r in reports), key=rank),
        summary=richest.summary,
        reports=tuple(reports),
        when=when,
        location=located.location,
        unlocated_reason=located.unlocated_reason,
        actors=tuple(sorted({actor for r in reports for actor in r.actors})),
        targets=tuple(sorted({t for r in reports for t in r.targets} - {a for r in reports for a in r.actors})),
        casualties=tuple(claims),
        figures=tuple(dict.fromkeys(f for r in reports for f in r.figures)),
        status=_status(reports),
        prominence="main" if any(r.prominence == "main" for r in reports) else "background",
        confidence=_confidence(reports),
    )


def _status(reports: Sequence[Report]) -> str:
    statuses = {r.status for r in reports}
    if "contested" in statuses:
        return "contested"
    return "claimed" if statuses == {"claimed"} else "reported"


def _confidence(reports: Sequence[Report]) -> Confidence:
    best = max(reports, key=lambda r: (r.confidence.score, r.report_id)).confidence
    publishers = {r.publisher for r in reports if r.publisher}
    if len(publishers) < 2:
        return best
    score = round(min(0.99, best.score + 0.05 * (len(publishers) - 1)), 2)
    label = "high" if score >= 0.75 else best.label
    return Confidence(
        label=label,
        score=score,
        reasons=(*best.reasons, Reason("publishers", f"{len(publishers)} publishers report it")),
    )
