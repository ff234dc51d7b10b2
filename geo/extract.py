"""Sentences -> event reports: what happened, where, when, by whom, to whom, with what toll, and what was not an event.

Hides: how the parts of a sentence belong together. Each trigger takes the place, date, actors and tolls of its own clause
first; a sentence without a place goes on with the last place of its story, at lower confidence and saying so. Sentences on
one event are one report. The rules follow the coding guide; the word lists are tables in `geo/data/`.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from gazetteer import Gazetteer
from gazetteer.place import Reason
from geo.actors import ActorMention, find_actors
from geo.casualties import TollMention, find_tolls
from geo.dates import TimeExpression, find_expressions, resolve
from geo.event import (
    Article,
    Claim,
    Confidence,
    Evidence,
    Location,
    Rejected,
    Report,
    Span,
    Toponym,
    When,
    event_type_of,
)
from geo.locate import Site, find_sites, is_inside
from geo.text import Sentence, split_sentences
from geo.triggers import (
    BY_ACTOR,
    BY_VICTIM,
    BY_WEAPON,
    TriggerHit,
    clause_starts,
    find_triggers,
    rank,
    relative_clauses,
    taken_back,
    weapon_type,
)

__all__ = ["Extraction", "extract"]

#: An event that ended longer before publication than this is background (coding guide: "shortly before publication").
BACKGROUND_DAYS = 10
#: A span longer than this is a campaign, not an incident.
CAMPAIGN_DAYS = 31
#: Days around the last event of a story within which another event without a place is taken to be at the same place.
STORY_DAYS = 5
#: Characters that one clause boundary adds to the distance between a trigger and a place, date or actor.
CLAUSE_COST = 60
#: A place or date farther away than this (with boundaries counted) is not the trigger's own.
MAX_COST = 220

_NEW_STORY = re.compile(
    r"^[\W]*(?:Meanwhile|Elsewhere|Separately|In a separate|In other|In another|Also on \w+day|In neighbou?ring|Further (?:north|south|east|west)|"
    r"In the (?:north|south|east|west)|To the (?:north|south|east|west))\b"
)
_ANAPHOR = re.compile(
    r"\b(?:the|this|that|these|those|its) (?:[\w“”\"'’-]+ ){0,3}(?P<noun>operations?|offensive|attacks?|strikes?|raids?|bombings?|bombardments?|"
    r"air ?strikes?|assault|explosions?|blasts?|ambush|clashes|fighting|battles?|incident|shelling|incursion|agreement|deal|memorandum|"
    r"document|truce|cease-?fire|evacuation|protests?|demonstrations?|killings?|abductions?|massacre)\b",
    re.I,
)
_ANAPHOR_TYPES = {
    "agreement": {"Strategic developments"}, "deal": {"Strategic developments"}, "memorandum": {"Strategic developments"},
    "document": {"Strategic developments"}, "truce": {"Strategic developments"}, "ceasefire": {"Strategic developments"},
    "cease-fire": {"Strategic developments"}, "evacuation": {"Strategic developments"}, "protest": {"Protests", "Riots"},
    "protests": {"Protests", "Riots"}, "demonstration": {"Protests", "Riots"}, "demonstrations": {"Protests", "Riots"},
}  # fmt: skip
_VIOLENT = {"Battles", "Explosions/Remote violence", "Violence against civilians", "Riots"}
_DEFINITE = re.compile(r"(?:\b(?:the|this|that|these|those|its|their)|['’]s)\s+(?:[\w“”\"'’-]+\s+){0,3}$", re.I)
_ASSERTS = re.compile(
    r"\b(?:carried out|launched|conducted|hit|struck|killed|wounded|injured|targeted|destroyed|took place|reported|continued|have continued|"
    r"erupted|broke out|intensified|rocked|shook|raged|occurred|resumed|began|left|claimed|pounded|staged|held|dropped|fired|there (?:was|were)|"
    r"were also|was also|backing|rained|escalated|flared|gripped|drew|gathered|met|ended|backed|saw|swept|spread|evacuated|underway|under way)\b"
)
_SAID_BEFORE = re.compile(
    r"\b(?:said|says|told [\w ]{1,25}|announced|reported|stated|added|confirmed|tweeted|wrote|declared|statement|"
    r"report(?:ed)? (?:published|released|issued))(?: in a statement| earlier| late| here| that)*(?:,| on)?\s*$",
    re.I,
)
_SPEAKER_AFTER = re.compile(
    r"^(?:,? (?:[\w'’.-]+ ){0,5})?\s*(?:said|says|told|announced|reported|stated|added|confirmed|claims?|according|spokes|denied|tweeted)\b",
    re.I,
)
_PASSIVE = re.compile(r"\b(?:was|were|been|being|is|are|be)(?: \w+ly| also| reportedly| \w+ly and \w+ly)?\s*$", re.I)
_BY = re.compile(r"\b(?:by|of)\s+(?:(?:the|a|an|[\w-]+ed|[\w-]+) ){0,3}$", re.I)
_AGAINST = re.compile(r"\b(?:against|on|at|from|targeting|towards?|with|of)\s+(?:[\w'’-]+\s+){0,4}$", re.I)
#: Between a state and the verb that it is the subject of: "Russia has been bombing", "Moscow and Ankara jointly struck".
_DIRECTLY = re.compile(
    r"^(?:['’]s \w+)?(?:,? and(?: the)? [\w'’.-]+)?(?:\s+(?:has|have|had|is|are|was|were|also|both|been|already|then|later|again|first|\w+ly))*\s*$"
)
_TERRITORY_FILLER = re.compile(
    r"^(?:[\s,]+(?:the|town|towns|city|cities|of|village|villages|strategic|key|ancient|historic|besieged|most|much|parts?|all|half|control|entire|"
    r"whole|last|final|nearby|neighbou?ring|areas?|districts?|provinces?|quarters?|neighbou?rhoods?|northern|southern|eastern|western|central|"
    r"northeastern|northwestern|southeastern|southwestern|"
    r"airbase|air|base|military|from|and|rebel-held|militant-held|border|crossing|around|full|complete|some|several|both|two|three|four|five|six|a|an|"
    r"in|near|over|back|positions|hills?|heights|airport|camp|group's|capital|stronghold|de|facto|remaining|[A-Z][\w'’-]*))*\s*$"
)
#: What is captured where a place is named later, but is not the place.
_NO_TERRITORY = re.compile(
    r"\b(?:fighters?|soldiers?|militants?|members?|men|women|people|civilians|prisoners?|hostages?|weapons?|arms|ammunition|tanks?|vehicles?|"
    r"commanders?|leaders?|suspects?|terrorists|jihadists|journalists?|pilots?|attention|headlines?|footage|images?|photos?|video|part|place|"
    r"was|were|has|had|said|by)\b",
    re.I,
)
MAX_OBJECT_CHARS = 80
#: Words of capture whose subject is the place.
_FALLS = frozenset(("fell to", "fallen to", "changed hands", "fell", "has fallen", "had fallen"))
#: ", a few kilometres away,": an aside between a place and its verb.
_ASIDE = re.compile(r",[^,]{1,40},")
_PASSIVE_GAP = re.compile(
    r"^,?(?:\s+(?:which|that|where|province|city|town|has|had|have|was|were|been|is|now|also|fully|\w+ly|and|in|\w+day)){0,6}\s*$",
    re.I,
)
_NUMBER = (
    r"(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|"
    r"twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|dozens of|scores of|hundreds of|several)"
)
_FIGURE = re.compile(
    rf"\b(?:{_NUMBER}(?: \w+){{0,2}} and )?{_NUMBER}(?:[- ](?!people|men|women|km|kilomet|civilians|soldiers|fighters)[\w-]+){{0,2}}? "
    r"(?:targets|aircraft|planes|jets|warplanes|helicopters|drones|missiles|rockets|shells|mortars|strikes|air ?strikes|raids|sorties|buses|trucks|"
    r"vehicles|tanks|ambulances|barrel bombs|bombs|positions|villages|houses|checkpoints|mines|convoys)\b",
    re.I,
)
_CLAIMED = re.compile(
    r"\b(?:claim(?:s|ed|ing)?|alleged(?:ly)?|purported(?:ly)?|reportedly|unconfirmed|could not be (?:independently )?verified)\b",
    re.I,
)
_CONTESTED = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|reject(?:s|ed|ing)|disput(?:es|ed|ing)|dismiss(?:es|ed|ing)|contradict(?:s|ed|ing))\b"
    r"(?! (?:the )?(?:visa|entry|access|bail))",
    re.I,
)
_BACKGROUND_CUES = re.compile(
    r"\b(?:since \d{4}|years? ago|months ago|last (?:month|year)|previously|in the past|at the height of|decade|earlier this (?:month|year))\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one article says happened, and what was read and rejected."""

    reports: tuple[Report, ...]
    rejected: tuple[Rejected, ...]


@dataclass(slots=True)
class _Facts:
    """One sentence with all that was found in it."""

    sentence: Sentence
    sites: tuple[Site, ...]
    dates: tuple[TimeExpression, ...]
    actors: tuple[ActorMention, ...]
    tolls: tuple[TollMention, ...]
    countries: tuple[Toponym, ...]
    cuts: tuple[int, ...]
    relatives: tuple[tuple[int, int], ...]

    def cost(self, a: tuple[int, int], b: tuple[int, int]) -> int:
        """Distance in characters between two spans, with each clause boundary between them counted."""
        if a[0] <= b[0]:
            gap, low, high = b[0] - a[1], a[1], b[0]
        else:
            gap, low, high = a[0] - b[1], b[1], a[0]
        apart = sum(self._is_in(a, r) != self._is_in(b, r) for r in self.relatives)
        return max(0, gap) + CLAUSE_COST * (sum(low <= cut <= high for cut in self.cuts) + 2 * apart)

    @staticmethod
    def _is_in(span: tuple[int, int], relative: tuple[int, int]) -> bool:
        """Whether a span lies in a relative clause, or right before it and so is what it is said of."""
        return relative[0] - 1 <= span[1] <= relative[1] or relative[0] <= span[0] < relative[1]

    def same_clause(self, a: tuple[int, int], b: tuple[int, int]) -> bool:
        """Whether no clause begins between two spans."""
        low, high = (a[1], b[0]) if a[0] <= b[0] else (b[1], a[0])
        return not any(low <= cut <= high for cut in self.cuts)

    def words(self, start: int, end: int) -> str:
        return self.sentence.text[max(0, start - self.sentence.start) : max(0, end - self.sentence.start)]


@dataclass(slots=True)
class _Draft:
    """An event in the making: one or more triggers of one sentence, later more sentences."""

    facts: _Facts
    trigger: TriggerHit
    sub: str
    hits: list[TriggerHit] = field(default_factory=list)  # the trigger and others of its sentence that mean the same
    sites: tuple[Site, ...] = ()
    own_site: bool = False
    when: When | None = None
    own_date: bool = False
    date_span: tuple[int, int] | None = None
    actors: dict[str, ActorMention] = field(default_factory=dict)
    targets: dict[str, ActorMention] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    tolls: list[TollMention] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    also: list[Evidence] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    country: Toponym | None = None
    story: int = 0
    definite: bool = False
    background: bool = False
    status: str = "reported"
    no_place: str = "the article does not say where"


@dataclass(slots=True)
class _Story:
    number: int
    last: _Draft | None = None
    said: When | None = None


def extract(
    article: Article, toponyms: Sequence[Toponym], gazetteer: Gazetteer, *, published: date | None = None
) -> Extraction:
    """The event reports of an article in the order of its text, and what was rejected.

    `published` (by default the article's own) resolves relative dates; without one they stay unknown.
    """
    published = published if published is not None else article.published
    reader = _Reader(article, toponyms, gazetteer, published)
    for sentence in split_sentences(article.text):
        if sentence.kind == "body":
            reader.read(sentence)
    return reader.finish()


class _Reader:
    """Reads an article's sentences in order; keeps the story that they tell."""

    def __init__(
        self, article: Article, toponyms: Sequence[Toponym], gazetteer: Gazetteer, published: date | None
    ) -> None:
        self.article = article
        self.toponyms = toponyms
        self.gazetteer = gazetteer
        self.published = published
        self.home = _home(toponyms)
        self.story = _Story(0)
        self.drafts: list[_Draft] = []
        self.rejected: list[Rejected] = []

    # Sentences ---------------------------------------------------------------------------------------------------------

    def read(self, sentence: Sentence) -> None:
        if _NEW_STORY.match(sentence.text):
            self.story = _Story(self.story.number + 1)
        hits = find_triggers(sentence.text, offset=sentence.start)
        anaphor = _ANAPHOR.search(sentence.text)
        if not hits and anaphor is None:
            self._note_saying(sentence)
            return
        facts = self._facts(sentence)
        kept = self._asserted(facts, hits)
        drafts = self._drafts(facts, kept)
        if anaphor is not None and not self._is_told(facts, anaphor, drafts):
            self._extend(facts, anaphor)
        for draft in drafts:
            self._add(draft)
        self._note_saying(sentence)
        if _CONTESTED.search(sentence.text) and not drafts and self.story.last is not None and anaphor is not None:
            self.story.last.status = "contested"

    def _facts(self, sentence: Sentence) -> _Facts:
        inside = [t for t in self.toponyms if sentence.start <= t.start < sentence.end]
        actors = find_actors(sentence.text, offset=sentence.start, home=self.home)
        sites = find_sites(self.article.text, inside, self.gazetteer)
        return _Facts(
            sentence=sentence,
            sites=tuple(s for s in sites if not _is_party(s, actors, sentence)),
            dates=find_expressions(sentence.text, offset=sentence.start),
            actors=actors,
            tolls=find_tolls(sentence.text, offset=sentence.start),
            countries=tuple(t for t in inside if t.place is not None and t.place.is_country),
            cuts=tuple(sentence.start + cut for cut in clause_starts(sentence.text)),
            relatives=tuple((sentence.start + a, sentence.start + b) for a, b in relative_clauses(sentence.text)),
        )

    def _note_saying(self, sentence: Sentence) -> None:
        """Remembers the day of a statement ("said on Thursday"): the fallback date of what it reports."""
        for expression in find_expressions(sentence.text, offset=sentence.start):
            if _SAID_BEFORE.search(sentence.text[: expression.start - sentence.start]):
                when = resolve(expression, published=self.published, previous=None)
                if when is not None:
                    self.story.said = when

    # Triggers ----------------------------------------------------------------------------------------------------------

    def _asserted(self, facts: _Facts, hits: Sequence[TriggerHit]) -> list[TriggerHit]:
        kept = []
        for hit in hits:
            s = facts.sentence
            reason = taken_back(s.text, hit.start - s.start, hit.end - s.start, form=hit.form)
            if reason is None:
                reason = self._future(facts, hit)
            if reason is None and self._needs_more(facts, hit, hits):
                continue
            if reason is not None:
                self._reject(facts, hit, reason)
            else:
                kept.append(hit)
        return kept

    def _future(self, facts: _Facts, hit: TriggerHit) -> Reason | None:
        expression = self._date_of(facts, (hit.start, hit.end))
        if expression is None or self.published is None:
            return None
        when = resolve(expression, published=self.published, previous=None)
        if when is not None and when.start > self.published:
            return Reason("planned", f"'{expression.text}' lies after publication.")
        return None

    def _needs_more(self, facts: _Facts, hit: TriggerHit, hits: Sequence[TriggerHit]) -> bool:
        """Whether a trigger lacks what its row says it needs; such words are common and are passed over in silence."""
        if hit.text.lower() == "fighting" and re.match(
            r"\s+(?:(?:the\s+)?[A-Z]|against|alongside|for\b)", facts.words(hit.end, hit.end + 20)
        ):
            return True  # "while fighting Islamic State": not a fight that is told of
        own_site = self._own_sites(facts, hit)
        tolls = [t for t in facts.tolls if not t.cumulative and t.kind in ("killed", "wounded")]
        others = [h for h in hits if h is not hit and h.sub_event_type not in (BY_VICTIM,)]
        if "object" in hit.needs and not self._territory_sites(facts, hit):
            return True
        if "place" in hit.needs and all(s.location.level == "country" for s in own_site):
            return True
        if "toll" in hit.needs and not tolls:
            return True
        if "weapon" in hit.needs:
            clause = self._clause(facts, hit)
            armed = any(
                a.kind not in ("Civilians", "Protesters") and not a.metonym and not a.state for a in facts.actors
            )
            if (
                weapon_type(clause) is None
                and weapon_type(facts.sentence.text) is None
                and not (armed and (own_site or tolls))
            ):
                return True
        if "victim" in hit.needs:
            clear = any(t.low is not None for t in tolls) and (
                own_site or facts.dates or weapon_type(facts.sentence.text) is not None
            )
            return not (clear or (others and tolls))
        if hit.form == "noun":
            supported = bool(own_site or tolls or facts.dates or _ASSERTS.search(facts.sentence.text))
            return not supported
        return False

    def _clause(self, facts: _Facts, hit: TriggerHit) -> str:
        start = max((c for c in facts.cuts if c <= hit.start), default=facts.sentence.start)
        end = min((c for c in facts.cuts if c > hit.end), default=facts.sentence.end)
        return facts.words(start, end)

    def _reject(self, facts: _Facts, hit: TriggerHit, reason: Reason) -> None:
        sub = hit.sub_event_type if hit.sub_event_type not in (BY_ACTOR, BY_VICTIM, BY_WEAPON) else "Other"
        self.rejected.append(
            Rejected(
                article_id=self.article.id,
                start=hit.start,
                end=hit.end,
                quote=facts.sentence.text,
                trigger=hit.text,
                sub_event_type=sub,
                reason=reason,
            )
        )

    # Places and dates --------------------------------------------------------------------------------------------------

    def _own_sites(self, facts: _Facts, hit: TriggerHit) -> tuple[Site, ...]:
        """The nearest site or list of sites of the trigger's own clause, or () when it has none."""
        open_to = facts.sites
        if hit.sub_event_type == "Agreement":  # signed in a town; what it is on is no place of signing
            open_to = tuple(
                s
                for s in facts.sites
                if not s.location.is_area
                and re.search(
                    r"\b(?:in|at|near|outside)\s+(?:[\w'’-]+\s+){0,5}$", facts.words(facts.sentence.start, s.start)
                )
                and not re.search(r"\bon\s+(?:[\w'’-]+\s+){0,2}$", facts.words(facts.sentence.start, s.start))
            )
        ranked = sorted((self._site_cost(facts, hit, site), site.start, n) for n, site in enumerate(open_to))
        if not ranked or ranked[0][0] > MAX_COST:
            return ()
        best = open_to[ranked[0][2]]
        return tuple(s for s in facts.sites if s.group == best.group)

    def _site_cost(self, facts: _Facts, hit: TriggerHit, site: Site) -> int:
        cost = facts.cost((hit.start, hit.end), (site.start, site.end))
        if site.end <= hit.start and not _PASSIVE.search(facts.words(facts.sentence.start, hit.start)):
            cost += 25  # what happened is said before where it happened, more often than not
        if site.location.level == "country":
            cost += 60
        if site.location.place.feature_class == "H":
            cost += 40
        before = facts.words(facts.sentence.start, site.start)
        if re.search(r"\b(?:from|to)\s+(?:the )?$", before):
            cost += 60
        return cost

    def _territory_sites(self, facts: _Facts, hit: TriggerHit) -> tuple[Site, ...]:
        """The sites that a word of capture takes as its object or, in the passive, as its subject."""
        for site in facts.sites:
            if site.location.level == "country" or site.start < hit.end or hit.text.lower() in _FALLS:
                continue
            gap = facts.words(hit.end, site.start)
            clear = hit.text.lower() != "took" and len(gap) <= MAX_OBJECT_CHARS and not _NO_TERRITORY.search(gap)
            if _TERRITORY_FILLER.match(gap) or (
                clear and facts.same_clause((hit.start, hit.end), (site.start, site.end))
            ):
                return tuple(s for s in facts.sites if s.group == site.group)
        if hit.form == "verb" and not hit.text.lower().endswith(("ing", "took", "retook", "overran", "took over")):
            before = [s for s in facts.sites if s.end <= hit.start and s.location.level != "country"]
            if before and _PASSIVE.search(facts.words(facts.sentence.start, hit.start)):
                near = before[-1] if before else None
                if near is not None and _PASSIVE_GAP.match(facts.words(near.end, hit.start)):
                    return tuple(s for s in facts.sites if s.group == near.group)
        if hit.text.lower() in _FALLS:
            before = [s for s in facts.sites if s.end <= hit.start]
            if before and _PASSIVE_GAP.match(_ASIDE.sub("", facts.words(before[-1].end, hit.start))):
                return tuple(s for s in facts.sites if s.group == before[-1].group)
        return ()

    def _date_of(self, facts: _Facts, span: tuple[int, int]) -> TimeExpression | None:
        """The date that belongs to a span: the nearest that is not the day of a statement."""
        ranked = []
        for expression in facts.dates:
            if expression.kind in ("bound", "named_year"):
                continue
            if _SAID_BEFORE.search(facts.words(facts.sentence.start, expression.start)):
                continue
            cost = facts.cost(span, (expression.start, expression.end))
            if cost <= MAX_COST:
                ranked.append((cost, expression.start, expression))
        return min(ranked, key=lambda r: r[:2])[2] if ranked else None

    # Drafts ------------------------------------------------------------------------------------------------------------

    def _drafts(self, facts: _Facts, hits: Sequence[TriggerHit]) -> list[_Draft]:
        drafts = [self._draft(facts, hit) for hit in hits]
        merged: list[_Draft] = []
        for draft in sorted(drafts, key=lambda d: (rank(d.trigger.sub_event_type), d.trigger.start)):
            home = next((m for m in merged if self._one_in_sentence(m, draft)), None)
            if home is None:
                merged.append(draft)
            else:
                _absorb(home, draft)
        merged.sort(key=lambda d: d.trigger.start)
        for draft in merged:
            self._settle(draft, merged)
        return [d for d in merged if d.sub]

    def _draft(self, facts: _Facts, hit: TriggerHit) -> _Draft:
        sites = self._territory_sites(facts, hit) if "object" in hit.needs else self._own_sites(facts, hit)
        expression = self._date_of(facts, (hit.start, hit.end))
        when = None
        if expression is not None:
            previous = self._when(self.story.last, note=False) if self.story.last is not None else None
            when = resolve(expression, published=self.published, previous=previous)
        before = facts.words(facts.sentence.start, hit.start)
        draft = _Draft(
            facts=facts,
            trigger=hit,
            sub="",
            hits=[hit],
            sites=sites,
            own_site=bool(sites),
            when=when,
            own_date=when is not None
            or (expression is not None and (self.published is None or expression.kind == "clause")),
            date_span=(expression.start, expression.end) if expression is not None else None,
            story=self.story.number,
            definite=hit.form == "noun" and _DEFINITE.search(before) is not None,
        )
        self._cast(draft)
        draft.sub = self._type_of(draft)
        return draft

    def _cast(self, draft: _Draft) -> None:
        """Who did it to whom, by syntax: subject and 'by' act, object and 'against' suffer, civilians suffer."""
        facts, hit = draft.facts, draft.trigger
        before_hit = facts.words(facts.sentence.start, hit.start)
        progressive = re.match(r"\w+ing\b", hit.text) is not None
        passive = (
            hit.form == "verb"
            and not progressive
            and (
                _PASSIVE.search(before_hit) is not None or re.match(r"(?:was|were|been|being)\b", hit.text) is not None
            )
        )
        agreement = hit.sub_event_type == "Agreement"
        own_clause = [m for m in facts.actors if facts.same_clause((hit.start, hit.end), (m.start, m.end))]
        others = [m for m in facts.actors if m not in own_clause]
        clause_acts = False
        for mention in [*own_clause, *others]:
            clause_acts = clause_acts or (bool(draft.actors) and mention in own_clause)
            if mention.end > hit.start and mention.start < hit.end:
                draft.actors.setdefault(mention.name, mention)
                continue
            span = (hit.start, hit.end)
            if facts.cost(span, (mention.start, mention.end)) > MAX_COST:
                continue
            if mention in others and (passive or hit.form == "noun" or mention.start > hit.end or clause_acts):
                continue
            before = facts.words(facts.sentence.start, mention.start)
            after = facts.words(mention.end, facts.sentence.end)
            speaks = (
                _SPEAKER_AFTER.match(after) is not None or re.search(r"\baccording to(?: the)?\s+$", before) is not None
            )
            if speaks and not agreement:
                continue
            if agreement and mention.is_country_force and mention.country is not None:
                state = self.gazetteer.country(mention.country)
                mention = replace(mention, name=state.name if state is not None else mention.name)
            if mention.state or mention.metonym:
                acts = hit.form == "verb" and not passive and _DIRECTLY.match(facts.words(mention.end, hit.start))
                if agreement or (mention.end <= hit.start and acts):
                    draft.actors.setdefault(mention.name, mention)
                continue
            draft_side = self._side(
                mention, hit, before, facts.words(mention.end, hit.start), passive=passive, agreement=agreement
            )
            if draft_side == "actor":
                draft.actors.setdefault(mention.name, mention)
            elif draft_side == "target":
                draft.targets.setdefault(mention.name, mention)
        for name in list(draft.targets):
            if name in draft.actors:
                del draft.targets[name]

    def _side(
        self, mention: ActorMention, hit: TriggerHit, before: str, between: str, *, passive: bool, agreement: bool
    ) -> str | None:
        if (
            mention.kind in ("Civilians", "Protesters", "Rioters")
            and hit.form == "verb"
            and not passive
            and _DIRECTLY.match(between)
        ):
            return "actor"
        if mention.kind == "Civilians" or (mention.kind == "Protesters" and re.search(r"\bon\s+(?:the\s+)?$", before)):
            return "target"
        if agreement and re.search(
            r"\b(?:against|fighting|fight|combat(?:ing)?|excluding|excludes?|targeting|on)\s+(?:[\w'’-]+\s+){0,6}$",
            before,
        ):
            return None
        if agreement or hit.sub_event_type in ("Peaceful protest", "Violent demonstration", "Mob violence"):
            return "actor"
        if mention.end <= hit.start:
            if re.search(r"\b(?:against|targeting|killed|wounded|injured|fire on|fired on)\b[\w\s'’-]*$", before[-30:]):
                return "target"
            return "target" if passive else "actor"
        if re.search(r"\bby\s+(?:[\w'’-]+\s+){0,4}$", before) and not re.search(
            r"\w(?:ed|en)\s+(?:\w+\s+)?by\b", between
        ):
            return "actor"
        if re.search(r"\bbetween\s+(?:[\w'’-]+\s+){0,8}$", before):
            return "actor"
        if hit.form == "noun" and not _AGAINST.search(before):
            return None
        return None if passive else "target"

    def _type_of(self, draft: _Draft) -> str:
        """The codebook's sub-event type of a trigger, with its sentence; "" where the sentence does not say."""
        hit, facts = draft.trigger, draft.facts
        sub = hit.sub_event_type
        if sub == BY_ACTOR:
            home = {s.location.place.country for s in draft.sites} | {None}
            state = any(a.kind == "State forces" and a.country in home for a in draft.actors.values())
            taken_from_state = any(t.kind == "State forces" and t.country in home for t in draft.targets.values())
            other = any(a.kind != "State forces" or a.country not in home for a in draft.actors.values())
            if re.match(r"(?:re|liberat|regain)", hit.text, re.I) and not (other and not state):
                return "Government regains territory"
            if state and not taken_from_state:
                return "Government regains territory"
            return "Non-state actor overtakes territory"
        if sub in (BY_WEAPON, BY_VICTIM):
            if any(t.kind == "Protesters" for t in draft.targets.values()):
                return "Excessive force against protesters"
            kind = weapon_type(self._clause(facts, hit)) or weapon_type(facts.sentence.text)
            if kind is not None:
                return kind
            civilians = any(t.kind == "Civilians" for t in draft.targets.values())
            armed_target = any(t.kind != "Civilians" for t in draft.targets.values())
            if draft.actors and armed_target and not civilians:
                return "Armed clash"
            return "Attack" if draft.actors or civilians or draft.facts.tolls else ""
        if sub == "Armed clash" and re.search(r"\b(?:air|aerial|bombing)\b", hit.text, re.I):
            return "Air/drone strike"
        if (
            sub == "Armed clash"
            and draft.actors
            and all(a.kind in ("Civilians", "Protesters", "Rioters") for a in draft.actors.values())
        ):
            return "Violent demonstration"
        if sub == "Air/drone strike" and re.search(
            r"\b(?:suicide|car|truck|roadside)\b", facts.words(hit.start - 20, hit.start)
        ):
            return "Remote explosive/landmine/IED"
        if sub in ("Shelling/artillery/missile attack", "Air/drone strike") and re.search(
            r"\b(?:sarin|chlorine|nerve agent|chemical weapons?|(?:toxic|poison|mustard) gas)\b",
            facts.sentence.text,
            re.I,
        ):
            return (
                "Chemical weapon"
                if sub == "Air/drone strike" and not re.search(r"in (?:response|retaliation)", facts.sentence.text)
                else sub
            )
        if sub == "Peaceful protest":
            return _protest(facts.sentence.text)
        return sub

    def _one_in_sentence(self, a: _Draft, b: _Draft) -> bool:
        """Whether two triggers of one sentence tell of one event."""
        if a.own_site and b.own_site and a.sites[0].group != b.sites[0].group:
            together = a.facts.same_clause((a.trigger.start, a.trigger.end), (b.trigger.start, b.trigger.end))
            return together and b.trigger.sub_event_type in (BY_VICTIM, BY_WEAPON)
        if a.own_date and b.own_date and a.date_span != b.date_span and not _dates_agree(a.when, b.when):
            return False
        if a.sub == b.sub == "Agreement" and not _same_object(a.trigger.text, b.trigger.text):
            return False
        loose = {BY_VICTIM, BY_WEAPON}
        if b.trigger.sub_event_type in loose or a.trigger.sub_event_type in loose or a.sub == b.sub:
            return True
        if b.sub == "Other" and event_type_of(a.sub or "Other") == "Strategic developments":
            return True
        kinds = {event_type_of(a.sub), event_type_of(b.sub)} if a.sub and b.sub else set()
        near = a.facts.cost((a.trigger.start, a.trigger.end), (b.trigger.start, b.trigger.end)) < CLAUSE_COST
        return near and kinds <= _VIOLENT

    def _settle(self, draft: _Draft, drafts: Sequence[_Draft]) -> None:
        """Tolls, figures, place and date that the trigger does not have by itself."""
        facts = draft.facts
        self._take_tolls(draft, drafts)
        hits = [(h.start, h.end) for h in draft.hits]
        for match in _FIGURE.finditer(facts.sentence.text):
            span = (facts.sentence.start + match.start(), facts.sentence.start + match.end())
            if any(facts.same_clause(h, span) and facts.cost(h, span) <= MAX_COST for h in hits):
                draft.figures.append(match[0])
        if len(drafts) > 1:
            self._give_back(draft, drafts)
        if not draft.own_site:
            draft.country = self._country_concerned(draft)
        if _CLAIMED.search(facts.sentence.text):
            draft.status = "claimed"
        draft.background = (
            draft.when is None and _BACKGROUND_CUES.search(self._clause(facts, draft.trigger)) is not None
        )

    def _take_tolls(self, draft: _Draft, drafts: Sequence[_Draft]) -> None:
        facts = draft.facts
        for toll in facts.tolls:
            if toll.cumulative or toll.included:
                continue
            span = (toll.start, toll.end)
            nearest = min(drafts, key=lambda d: (facts.cost((d.trigger.start, d.trigger.end), span), d.trigger.start))
            if nearest is draft:
                draft.tolls.append(toll)
                draft.claims.append(_claim(toll, self.article, facts.sentence))

    def _give_back(self, draft: _Draft, drafts: Sequence[_Draft]) -> None:
        """A place or a date of another clause belongs to the event of another type that stands nearer to it."""
        facts = draft.facts
        others = [h for d in drafts if d is not draft for h in d.hits]
        if draft.own_site:
            site = draft.sites[0]
            mine = min(self._site_cost(facts, hit, site) for hit in draft.hits)
            if mine >= CLAUSE_COST and any(self._site_cost(facts, hit, site) < mine for hit in others):
                draft.sites, draft.own_site = (), False
                if draft.trigger.needs & {"place", "object"}:
                    draft.sub = ""
        if draft.date_span is not None:
            span = draft.date_span
            mine = min(facts.cost((hit.start, hit.end), span) for hit in draft.hits)
            low, high = min(draft.trigger.start, span[0]), max(draft.trigger.start, span[0])
            apart = (
                re.search(r"\b(?:which|who|though|although|while|whereas|but)\b|;", facts.words(low, high)) is not None
            )
            if apart and mine >= CLAUSE_COST and any(facts.cost((hit.start, hit.end), span) < mine for hit in others):
                draft.when, draft.own_date, draft.date_span = None, False, None

    def _country_concerned(self, draft: _Draft) -> Toponym | None:
        """The country that the sentence says it is about, for agreements: not a party, "the Syrian government and rebels"."""
        parties = {
            a.country
            for a in draft.actors.values()
            if a.state or a.metonym or draft.sub != "Agreement" or a.is_country_force
        }
        for toponym in draft.facts.countries:
            if toponym.role == "metonym" or toponym.place is None or toponym.place.country in parties:
                continue
            after = self.article.text[toponym.end : toponym.end + 20]
            if re.match(r"[-‐‑]\w|['’´]s [A-Z]", after) or (toponym.role == "demonym" and re.match(r" [A-Z]", after)):
                continue
            return toponym
        return None

    # Sentences on one event --------------------------------------------------------------------------------------------

    def _is_told(self, facts: _Facts, anaphor: re.Match[str], drafts: Sequence[_Draft]) -> bool:
        """Whether one of a sentence's own events stands in the clause of "the operation" and so is what it means."""
        span = (facts.sentence.start + anaphor.start(), facts.sentence.start + anaphor.end())
        return any(facts.cost((d.trigger.start, d.trigger.end), span) < CLAUSE_COST for d in drafts)

    def _meant(self, facts: _Facts, anaphor: re.Match[str], kinds: set[str]) -> _Draft | None:
        """The event of this story that "the joint operation" means: the one told with most of its words, then the last."""
        said = set(re.findall(r"\w{4,}", anaphor[0].lower())) - {"this", "that", "these", "those"}
        here = [d for d in self.drafts if event_type_of(d.sub) in kinds and d.story == self.story.number]
        if facts.sites:
            near = [
                d
                for d in here
                if d.own_site and any(s.location.place.id == t.location.place.id for s in facts.sites for t in d.sites)
            ]
            here = near or here
        if not here:
            return None

        def told(draft: _Draft) -> int:
            words = " ".join([draft.facts.sentence.text, *(e.quote for e in draft.also)]).lower()
            return sum(word in words for word in said)

        return max(enumerate(here), key=lambda pair: (told(pair[1]), pair[0]))[1]

    def _extend(self, facts: _Facts, anaphor: re.Match[str]) -> None:
        """A sentence without a trigger of its own that speaks of "the operation" adds to the event it means."""
        noun = anaphor["noun"].lower()
        kinds = _ANAPHOR_TYPES.get(noun, _VIOLENT)
        target = self._meant(facts, anaphor, kinds)
        if target is None or taken_back(facts.sentence.text, anaphor.start(), anaphor.end(), form="noun") is not None:
            return
        if facts.sites and target.own_site and not _share_place(facts.sites, target.sites):
            return
        expression = self._date_of(
            facts, (facts.sentence.start + anaphor.start(), facts.sentence.start + anaphor.end())
        )
        span = (facts.sentence.start + anaphor.start(), facts.sentence.start + anaphor.end())
        if expression is not None and not facts.same_clause(span, (expression.start, expression.end)):
            expression = None
        when = resolve(expression, published=self.published, previous=target.when) if expression is not None else None
        if when is not None and target.when is not None and not _overlap(when, target.when):
            return
        figures = [m[0] for m in _FIGURE.finditer(facts.sentence.text)]
        claims = [_claim(t, self.article, facts.sentence) for t in facts.tolls if not t.cumulative and not t.included]
        if noun in ("agreement", "deal", "memorandum") and facts.sites and not target.own_site:
            target.sites, target.own_site = facts.sites[:1], True
        if not (figures or claims or (when is not None and target.when is None) or facts.sites):
            return
        if when is not None and target.when is None:
            target.when, target.own_date = when, True
        _add_new(target.figures, figures)
        _add_claims(target.claims, claims)
        target.also.append(_evidence(self.article, facts.sentence, ()))

    def _add(self, draft: _Draft) -> None:
        home = next((d for d in reversed(self.drafts) if self._same_event(d, draft)), None)
        if home is not None:
            self._join(home, draft)
            self.story.last = home
            return
        if draft.definite and not draft.own_site and not draft.claims:
            kind = event_type_of(draft.sub)
            if any(event_type_of(d.sub) == kind for d in self.drafts):
                return  # "the strikes" of which the article has told already
        if not draft.own_site:
            self._inherit(draft)
        self.drafts.append(draft)
        self.story.last = draft

    def _inherit(self, draft: _Draft) -> None:
        """The story's last place for an event that names none, unless its own date says that it was another time."""
        if draft.sub in ("Agreement", "Change to group/activity") or draft.background or self._is_background(draft):
            return
        told = [d for d in self.drafts if d.story == self.story.number and d.sites and not self._is_background(d)]
        told = [d for d in told if d.sub != "Agreement"]
        if not told:
            return
        last = next((d for d in reversed(told) if d.sub == draft.sub), told[-1])
        then = self._when(last, note=False)
        if draft.own_date and draft.when is not None and then is not None:
            if abs((draft.when.start - then.start).days) > STORY_DAYS:
                return
        draft.sites = last.sites
        draft.reasons.append(
            Reason("inherited-place", "no place in its own sentence; the last place of the story is taken")
        )

    def _same_event(self, old: _Draft, new: _Draft) -> bool:
        """Whether a new sentence tells of an event that the article has told already.

        Two known dates must meet, two known places be one (or one contain the other on a stated day), two known sets of
        actors share one, and numbers agree; a sentence without a place joins by its date and actors or as "the attack".
        """
        kinds = (event_type_of(old.sub), event_type_of(new.sub))
        if old.sub != new.sub:
            loose = new.definite or new.trigger.sub_event_type in (BY_VICTIM, BY_WEAPON)
            victims = (
                new.trigger.sub_event_type == BY_VICTIM
                and not new.own_site
                and set(kinds) <= _VIOLENT
                and old.story == new.story
            )
            left = new.sub == "Non-violent transfer of territory" and old.sub in (
                "Government regains territory",
                "Non-state actor overtakes territory",
            )
            if not (victims or left or (loose and kinds[0] == kinds[1] and kinds[0] != "Strategic developments")):
                return False
            if (victims and not new.actors) or left:
                return (
                    _dates_agree(old.when, new.when)
                    and not _tolls_clash(old, new)
                    and (not new.own_site or _share_place(new.sites, old.sites))
                )
        if new.sub == "Agreement" and not _same_object(old.trigger.text, new.trigger.text):
            return False
        if new.own_date and old.own_date and not _dates_agree(old.when, new.when):
            return False
        if new.own_date != old.own_date and self._is_background(new if new.own_date else old):
            return False
        actors = set(old.actors) & set(new.actors)
        if old.actors and new.actors and not actors and not (set(old.actors) & set(new.targets)):
            return False
        if _tolls_clash(old, new) and not new.definite:
            return False
        dated = new.own_date and old.own_date and old.when is not None and new.when is not None
        if new.own_site and old.own_site:
            if any(
                s.location.place.id == t.location.place.id and s.location.level != "country"
                for s in new.sites
                for t in old.sites
            ):
                return True
            return bool(_share_place(new.sites, old.sites) and ((dated and actors) or new.definite))
        if new.story != old.story and not (dated and actors):
            return False
        if new.sub == "Other":
            return bool(dated and actors)
        if new.sub == "Agreement":
            return True
        if new.own_site:
            return bool(dated and actors)
        return bool(dated or new.definite or actors)

    def _join(self, home: _Draft, draft: _Draft) -> None:
        if draft.own_site and (not home.own_site or _finer(draft.sites, home.sites)):
            home.sites, home.own_site = draft.sites, True
        if draft.when is not None and (
            home.when is None or not home.own_date or (draft.own_date and _is_sharper(draft.when, home.when))
        ):
            home.when, home.own_date = draft.when, draft.own_date
        if home.country is None:
            home.country = draft.country
        for name, mention in draft.actors.items():
            if name not in home.targets:
                home.actors.setdefault(name, mention)
        for name, mention in draft.targets.items():
            if name not in home.actors:
                home.targets.setdefault(name, mention)
        _add_new(home.figures, draft.figures)
        _add_claims(home.claims, draft.claims)
        if draft.facts.sentence != home.facts.sentence:
            home.also.append(_evidence(self.article, draft.facts.sentence, _spans(draft)))

    # Reports -----------------------------------------------------------------------------------------------------------

    def finish(self) -> Extraction:
        reports = [report for draft in self.drafts for report in self._reports(draft)]
        return Extraction(reports=tuple(reports), rejected=tuple(self.rejected))

    def _is_background(self, draft: _Draft) -> bool:
        when = draft.when
        if when is None:
            country_only = bool(draft.sites) and all(s.location.level == "country" for s in draft.sites)
            running = country_only and not draft.own_date and event_type_of(draft.sub) in _VIOLENT and not draft.claims
            return draft.background or draft.own_date or running
        if (when.end - when.start).days > CAMPAIGN_DAYS:
            return True
        return self.published is not None and when.end < self.published - timedelta(days=BACKGROUND_DAYS)

    def _when(self, draft: _Draft, *, note: bool = True) -> When | None:
        """The date of a draft: its own, else its story's, else the day of publication."""
        if draft.when is not None or draft.own_date:
            return draft.when
        if draft.background:
            return None
        last = self._story_when(draft)
        if last is not None:
            if note:
                draft.reasons.append(
                    Reason("inherited-date", f"no date of its own; '{last.basis}' of the same story is taken")
                )
            return last
        if self.published is None:
            return None
        if note:
            draft.reasons.append(Reason("publication-date", "no date in the text; the day of publication is taken"))
        return When(start=self.published, end=self.published, basis="publication date", method="publication_date")

    def _story_when(self, draft: _Draft) -> When | None:
        """The date of the nearest earlier event or statement of the same story."""
        index = self.drafts.index(draft)
        for other in reversed(self.drafts[:index]):
            if event_type_of(other.sub) not in _VIOLENT or event_type_of(draft.sub) not in _VIOLENT:
                continue
            if (
                other.story == draft.story
                and other.when is not None
                and other.own_date
                and not self._is_background(other)
            ):
                return other.when
        said = [
            when
            for e in draft.facts.dates
            if (when := resolve(e, published=self.published, previous=None)) is not None
            and _SAID_BEFORE.search(draft.facts.words(draft.facts.sentence.start, e.start))
        ]
        return said[0] if said else None

    def _reports(self, draft: _Draft) -> list[Report]:
        background = self._is_background(draft)
        when = self._when(draft)
        locations: list[tuple[Site | None, Location | None]] = [(s, s.location) for s in draft.sites]
        if not locations and draft.country is not None and draft.country.place is not None:
            locations = [(None, _country_location(draft.country))]
        family = _hash(self.article.id, draft.trigger.start, draft.trigger.end, draft.sub)
        status = draft.status
        seen: set[str] = set()
        reports = []
        for site, location in locations or [(None, None)]:
            key = location.place.id + location.level if location is not None else ""
            if key in seen:
                continue
            seen.add(key)
            claims = tuple(draft.claims) if not reports else ()  # a total over several places is counted once
            confidence = _confidence(draft, site, location, when)
            reports.append(
                Report(
                    report_id=_hash(self.article.id, draft.trigger.start, draft.trigger.end, draft.sub, key),
                    article_id=self.article.id,
                    evidence=_evidence(self.article, draft.facts.sentence, _spans(draft)),
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
                    article_title=self.article.title,
                    url=self.article.url,
                    publisher=self.article.publisher,
                    published=self.published,
                )
            )
        return reports


def _home(toponyms: Sequence[Toponym]) -> str | None:
    """The country that the article is about: where most of its towns and provinces lie. It says whose "the army" is."""
    places = [t.place for t in toponyms if t.place is not None and t.role == "mention" and not t.place.is_country]
    counts = Counter(place.country for place in places if place.country is not None)
    return min(counts, key=lambda c: (-counts[c], c), default=None)


def _is_party(site: Site, actors: Sequence[ActorMention], sentence: Sentence) -> bool:
    """Whether a country stands there as one who acts ("Russia has been bombing"), not as where it happened."""
    if site.location.level != "country":
        return False
    before = sentence.text[: site.start - sentence.start]
    if re.search(
        r"\b(?:in|into|inside|within|across|over|throughout|from|near|at|of|around|on)\s+(?:the\s+|[\w-]+\s+)?$", before
    ):
        return False
    return any(a.start <= site.start < a.end or site.start <= a.start < site.end for a in actors)


def _hash(*parts: object) -> str:
    """An id that hangs on nothing but its parts; starts with a letter, so that no reader takes it for a number or a date."""
    return "e" + hashlib.sha256("\x1f".join(str(p) for p in parts).encode("utf-8", "surrogatepass")).hexdigest()[:15]


def _absorb(home: _Draft, draft: _Draft) -> None:
    home.hits += draft.hits
    if not home.own_site and draft.own_site:
        home.sites, home.own_site = draft.sites, True
    if draft.own_date and (not home.own_date or _is_sharper(draft.when, home.when)):
        home.when, home.own_date, home.date_span = draft.when, True, draft.date_span
    for name, mention in draft.actors.items():
        if name not in home.targets:
            home.actors.setdefault(name, mention)
    for name, mention in draft.targets.items():
        if name not in home.actors:
            home.targets.setdefault(name, mention)
    if not home.sub:
        home.sub = draft.sub
    home.definite = home.definite and (draft.definite or draft.trigger.sub_event_type in (BY_VICTIM, BY_WEAPON))


def _protest(sentence: str) -> str:
    if re.search(
        r"\b(?:opened fire on|fired on|shot at|live (?:fire|ammunition|rounds)|killed (?:[\w-]+ ){0,4}(?:protesters|demonstrators))\b",
        sentence,
        re.I,
    ):
        return "Excessive force against protesters"
    if re.search(
        r"\b(?:rioters|stones|rocks|petrol bombs|molotov|torched|burned tyres|set fire|stormed|clashed with)\b",
        sentence,
        re.I,
    ):
        return "Violent demonstration"
    if re.search(
        r"\b(?:dispersed|tear ?gas|water cannon|arrested|detained|rubber bullets|warning shots|beat(?:en)?)\b",
        sentence,
        re.I,
    ):
        return "Protest with intervention"
    return "Peaceful protest"


def _claim(toll: TollMention, article: Article, sentence: Sentence) -> Claim:
    return Claim(
        kind=toll.kind,
        low=toll.low,
        high=toll.high,
        words=toll.words,
        whose=toll.whose,
        evidence=_evidence(article, sentence, (Span("number", toll.start, toll.end),)),
    )


def _evidence(article: Article, sentence: Sentence, spans: tuple[Span, ...]) -> Evidence:
    return Evidence(article_id=article.id, start=sentence.start, end=sentence.end, quote=sentence.text, spans=spans)


def _spans(draft: _Draft) -> tuple[Span, ...]:
    """The decisive words of a draft's own sentence, in order, without overlap of the same kind."""
    sentence = draft.facts.sentence
    spans = {Span("trigger", draft.trigger.start, draft.trigger.end)}
    spans |= {Span("place", s.start, s.end) for s in draft.sites if sentence.start <= s.start < sentence.end}
    if draft.date_span is not None:
        spans.add(Span("date", *draft.date_span))
    spans |= {Span("actor", a.start, a.end) for a in draft.actors.values() if sentence.start <= a.start < sentence.end}
    spans |= {
        Span("target", t.start, t.end) for t in draft.targets.values() if sentence.start <= t.start < sentence.end
    }
    spans |= {Span("number", t.start, t.end) for t in draft.tolls}
    return tuple(sorted(spans, key=lambda s: (s.start, s.end, s.kind)))


def _country_location(toponym: Toponym) -> Location:
    place = toponym.place
    assert place is not None
    return Location(
        place=place,
        lon=place.lon,
        lat=place.lat,
        level="country",
        radius_km=place.radius_km or 300.0,
        phrase=toponym.text,
        reasons=(Reason("country-concerned", f"no place is named; the sentence is about {place.name}"),),
    )


def _share_place(a: Sequence[Site], b: Sequence[Site]) -> bool:
    """Whether two lists of sites hold one that is the same place, or an area that contains the other."""
    return any(
        x.location.place.id == y.location.place.id
        or is_inside(x.location, y.location)
        or is_inside(y.location, x.location)
        for x in a
        for y in b
    )


def _finer(a: Sequence[Site], b: Sequence[Site]) -> bool:
    return (
        max(s.location.radius_km for s in a) < min(s.location.radius_km for s in b)
        and a[0].location.place.id != b[0].location.place.id
    )


_TRUCE = re.compile(r"truce|cease-?fire|cessation|in ?to (?:effect|force)", re.I)


def _same_object(a: str, b: str) -> bool:
    """Whether two words of agreement may mean one: a truce is no memorandum."""
    return bool(_TRUCE.search(a)) == bool(_TRUCE.search(b))


def _is_sharper(a: When | None, b: When | None) -> bool:
    if a is None or b is None:
        return a is not None
    return (a.end - a.start) < (b.end - b.start)


def _overlap(a: When, b: When) -> bool:
    return a.start <= b.end and b.start <= a.end


def _dates_agree(a: When | None, b: When | None) -> bool:
    return a is None or b is None or _overlap(a, b)


def _tolls_clash(a: _Draft, b: _Draft) -> bool:
    """Whether both state a different number of dead or wounded, as two events in one article would."""
    for kind in ("killed", "wounded"):
        ours = {c.low for c in a.claims if c.kind == kind and c.low is not None}
        theirs = {c.low for c in b.claims if c.kind == kind and c.low is not None}
        if ours and theirs and not ours & theirs:
            return True
    return False


def _add_new(into: list[str], new: Sequence[str]) -> None:
    into.extend(n for n in new if n.lower() not in {i.lower() for i in into})


def _add_claims(into: list[Claim], new: Sequence[Claim]) -> None:
    """Adds claims that say something else; the same number told again is one claim."""
    for claim in new:
        if not any(c.kind == claim.kind and c.low == claim.low and c.high == claim.high for c in into):
            into.append(claim)


def _summary(draft: _Draft, location: Location | None) -> str:
    parts = [draft.sub]
    if draft.actors:
        parts.append(
            "by " + ", ".join(sorted(draft.actors))
            if event_type_of(draft.sub) in _VIOLENT
            else ": " + ", ".join(sorted(draft.actors))
        )
    if draft.targets:
        parts.append("on " + ", ".join(sorted(draft.targets)))
    text = " ".join(parts).replace(" :", ":")
    if location is not None:
        text += f" ({location.phrase})"
    tolls = Counter[str]()
    for claim in draft.claims:
        tolls[f"{claim.words} {claim.kind}" if claim.kind not in claim.words else claim.words] += 1
    details = [*tolls, *draft.figures]
    return text + ("; " + ", ".join(details) if details else "")


def _confidence(draft: _Draft, site: Site | None, location: Location | None, when: When | None) -> Confidence:
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
