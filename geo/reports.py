"""A draft becomes the reports of an article: one for each place, with summary, confidence and evidence.

Hides: how ids are made, how a report is put into words, and what makes it more or less sure.
"""

from __future__ import annotations

import hashlib
from datetime import date

from gazetteer.place import Place, Reason
from geo.drafts import VIOLENT, Draft, evidence_of, spans_of
from geo.event import Article, Confidence, Location, Report, When, event_type_of
from geo.locate import Site
from geo.triggers import LEARNED

__all__ = ["reports_of"]

#: What only the model has found is of high confidence only where place, day, sides and toll are all told.
LEARNED_COST = 0.2


def reports_of(
    draft: Draft,
    article: Article,
    *,
    when: When | None,
    background: bool,
    published: date | None,
    home: Place | None = None,
) -> list[Report]:
    """One report for each place of a draft; they share a family. A toll over several places is counted with the first.

    `home` is the country where the article's events are: it stands in for a place that is not named.
    """
    locations: list[tuple[Site | None, Location | None]] = [(s, s.location) for s in draft.sites]
    if not locations and draft.country is not None and draft.country.place is not None:
        locations = [(None, _country_location(draft.country.place, draft.country.text))]
    elif not locations and home is not None:
        locations = [(None, _country_location(home, home.name))]
    family = _hash(article.id, draft.trigger.start, draft.trigger.end, draft.sub)
    status = draft.status
    seen: set[str] = set()
    reports: list[Report] = []
    for site, location in locations or [(None, None)]:
        key = location.place.id + location.level if location is not None else ""
        if key in seen:
            continue
        seen.add(key)
        here = location.place.id if location is not None else None
        claims = tuple(c for c in draft.claims if draft.toll_places.get(c.words, here if not reports else None) == here)
        confidence = _confidence(draft, site, location, when)
        reports.append(
            Report(
                report_id=_hash(article.id, draft.trigger.start, draft.trigger.end, draft.sub, key),
                article_id=article.id,
                evidence=evidence_of(article, draft.facts.sentence, spans_of(draft)),
                sub_event_type=draft.sub,
                summary=_summary(draft, location),
                when=when,
                location=location,
                unlocated_reason=None if location is not None else draft.no_place,
                actors=tuple(sorted(draft.actors)),
                targets=tuple(sorted(draft.targets)),
                claims=claims,
                status=status,
                prominence="background" if background else "main",
                confidence=confidence,
                family=family,
                also=tuple(draft.also),
                figures=tuple(draft.figures),
                article_title=article.title,
                url=article.url,
                publisher=article.publisher,
                published=published,
            )
        )
    return reports


def _hash(*parts: object) -> str:
    """An id that hangs on nothing but its parts; starts with a letter, so that no reader takes it for a number or a date."""
    return "e" + hashlib.sha256("\x1f".join(str(p) for p in parts).encode("utf-8", "surrogatepass")).hexdigest()[:15]


def _country_location(place: Place, phrase: str) -> Location:
    return Location(
        place=place,
        lon=place.lon,
        lat=place.lat,
        level="country",
        radius_km=place.radius_km or 300.0,
        phrase=phrase,
        reasons=(Reason("country-concerned", f"no place is named; the text is about {place.name}"),),
    )


def _summary(draft: Draft, location: Location | None) -> str:
    parts = [draft.sub]
    if draft.actors:
        parts.append(
            "by " + ", ".join(sorted(draft.actors))
            if event_type_of(draft.sub) in VIOLENT
            else ": " + ", ".join(sorted(draft.actors))
        )
    if draft.targets:
        parts.append("on " + ", ".join(sorted(draft.targets)))
    text = " ".join(parts).replace(" :", ":")
    if location is not None:
        text += f" ({location.phrase})"
    tolls = dict.fromkeys(f"{c.words} {c.kind}" if c.kind not in c.words else c.words for c in draft.claims)
    details = [*tolls, *draft.figures]
    return text + ("; " + ", ".join(details) if details else "")


def _confidence(draft: Draft, site: Site | None, location: Location | None, when: When | None) -> Confidence:
    """A sum of small steps; each that lowers it is a reason that people can read."""
    score = 0.5
    reasons = list(draft.reasons)
    if location is not None and draft.own_site:
        score += 0.15
        if site is not None and site.confidence == "high":
            score += 0.1
        elif site is not None and site.confidence == "low":
            score -= 0.15
            reasons.append(Reason("doubtful-place", f"'{location.phrase}' may mean another place"))
        if location.is_area:
            score -= 0.05
            reasons.append(Reason("area", f"only an area is named: {location.phrase}"))
    elif location is None:
        score -= 0.15
        reasons.append(Reason("unlocated", draft.no_place))
    else:
        score -= 0.1
    if when is None:
        score -= 0.1
        reasons.append(Reason("undated", "no date can be fixed"))
    elif when.method != "publication_date":
        score += 0.1
    if draft.trigger.form == "verb":
        score += 0.05
    elif draft.trigger.form == LEARNED:
        score -= LEARNED_COST
    if draft.actors or draft.targets:
        score += 0.05
    if draft.claims:
        score += 0.05
    if draft.status != "reported":
        score -= 0.1
        reasons.append(Reason(draft.status, "the text itself marks it as a claim"))
    score = round(min(max(score, 0.05), 0.95), 2)
    label = "high" if score >= 0.75 else "medium" if score >= 0.5 else "low"
    return Confidence(label=label, score=score, reasons=tuple(reasons))
