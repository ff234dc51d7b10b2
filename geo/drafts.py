"""An event in the making: what the triggers and sentences of one article say of it so far.

Hides: when two places, dates, tolls or agreements of one article may be the same, and how drafts are put together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from gazetteer.place import Reason
from geo.cast import Cast
from geo.casualties import TollMention
from geo.event import Article, Claim, Evidence, Span, Toponym, When
from geo.facts import MAX_COST, Facts
from geo.locate import Site, is_inside
from geo.needed import screened_pattern
from geo.text import Sentence
from geo.triggers import BY_VICTIM, BY_WEAPON, TriggerHit

__all__ = [
    "VIOLENT",
    "Draft",
    "add_claims",
    "add_new",
    "all_figures",
    "claim_of",
    "dates_agree",
    "evidence_of",
    "figures_of",
    "is_finer",
    "is_sharper",
    "overlap",
    "place_of_toll",
    "same_kind_of_agreement",
    "share_place",
    "spans_of",
    "tolls_clash",
]

#: Between a toll and the place it is said of.
_TOLL_GAP = re.compile(
    r"^(?:\s+(?:people|others|civilians|persons|was|were|have|had|been|dead|killed|wounded|injured|died)){0,3}\s+(?:in|at|near)\s+(?:the\s+)?(?:[\w-]+\s+of\s+)?$",
    re.I,
)
MAX_TOLL_GAP = 40
#: Event types in which people are hurt.
VIOLENT = {"Battles", "Explosions/Remote violence", "Violence against civilians", "Riots"}
_NUMBER = (
    r"(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|"
    r"twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|dozens of|scores of|hundreds of|several)"
)
_FIGURE = screened_pattern(
    rf"\b(?:{_NUMBER}(?: \w+){{0,2}} and )?{_NUMBER}(?:[- ](?!people|men|women|km|kilomet|civilians|soldiers|fighters)[\w-]+){{0,2}}? "
    r"(?:targets|aircraft|planes|jets|warplanes|helicopters|drones|missiles|rockets|shells|mortars|strikes|air ?strikes|raids|sorties|buses|trucks|"
    r"vehicles|tanks|ambulances|barrel bombs|bombs|positions|villages|houses|checkpoints|mines|convoys)\b",
    re.I,
)


@dataclass(slots=True)
class Draft:
    """An event in the making: one or more triggers of one sentence, later more sentences."""

    facts: Facts
    trigger: TriggerHit
    sub: str
    hits: list[TriggerHit] = field(default_factory=list)  # the trigger and others of its sentence that mean the same
    sites: tuple[Site, ...] = ()
    own_site: bool = False
    when: When | None = None
    own_date: bool = False
    date_span: tuple[int, int] | None = None
    actors: Cast = field(default_factory=dict)
    targets: Cast = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    tolls: list[TollMention] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    also: list[Evidence] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    country: Toponym | None = None
    antecedent: bool = False  # its place is what "the city" or "it" stands for
    story: int = 0
    definite: bool = False
    background: bool = False
    described: bool = False  # what something is, "the liberated city", not what was done to it just now
    look_back: bool = False  # its sentence tells of a later day too
    likely: str = ""  # the type that the words of its sentence speak for, where its trigger says none
    status: str = "reported"
    toll_places: dict[str, str] = field(default_factory=dict)  # words of a toll -> id of the place it is said of
    no_place: str = "the article does not say where"

    def absorb(self, other: Draft) -> None:
        """Take over what another trigger of the same sentence says of the same event."""
        self.hits += other.hits
        if not self.own_site and other.own_site:
            self.sites, self.own_site = other.sites, True
        if other.own_date and (not self.own_date or is_sharper(other.when, self.when)):
            self.when, self.own_date, self.date_span = other.when, True, other.date_span
        self.add_cast(other)
        if not self.sub:
            self.sub = other.sub
        self.definite = self.definite and (
            other.definite or self.trigger.form == "verb" or other.trigger.sub_event_type in (BY_VICTIM, BY_WEAPON)
        )

    def undate(self) -> None:
        """Give up the date of its sentence, which is of something else."""
        self.when, self.own_date, self.date_span = None, False, None

    def add_cast(self, other: Draft) -> None:
        """Take over the actors and targets of another draft; nobody changes sides."""
        for name, mention in other.actors.items():
            if name not in self.targets:
                self.actors.setdefault(name, mention)
        for name, mention in other.targets.items():
            if name not in self.actors:
                self.targets.setdefault(name, mention)


def place_of_toll(toll: TollMention, facts: Facts) -> str | None:
    """The place that a toll is said of in so many words: "46 people in Homs and 83 in Damascus"."""
    for site in facts.sites:
        if 0 <= site.start - toll.end <= MAX_TOLL_GAP and _TOLL_GAP.match(facts.words(toll.end, site.start)):
            return site.location.place.id
    return None


def figures_of(facts: Facts, hits: Sequence[TriggerHit]) -> list[str]:
    """Counts of things in the clauses of some triggers, as written: "36 targets", "23 buses"."""
    figures = []
    for match in _FIGURE.finditer(facts.sentence.text):
        span = (facts.sentence.start + match.start(), facts.sentence.start + match.end())
        near = [(h.start, h.end) for h in hits if facts.same_clause((h.start, h.end), span)]
        if any(facts.cost(hit, span) <= MAX_COST for hit in near):
            figures.append(match[0])
    return figures


def all_figures(sentence: Sentence) -> list[str]:
    """Counts of things in a whole sentence, as written."""
    return [match[0] for match in _FIGURE.finditer(sentence.text)]


def claim_of(toll: TollMention, article: Article, sentence: Sentence) -> Claim:
    """A toll as a claim, with the sentence that states it."""
    return Claim(
        kind=toll.kind,
        low=toll.low,
        high=toll.high,
        words=toll.words,
        whose=toll.whose,
        evidence=evidence_of(article, sentence, (Span("number", toll.start, toll.end),)),
    )


def evidence_of(article: Article, sentence: Sentence, spans: tuple[Span, ...]) -> Evidence:
    """A sentence as evidence, with its decisive words."""
    return Evidence(article_id=article.id, start=sentence.start, end=sentence.end, quote=sentence.text, spans=spans)


def spans_of(draft: Draft) -> tuple[Span, ...]:
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


def share_place(a: Sequence[Site], b: Sequence[Site]) -> bool:
    """Whether two lists of sites hold one that is the same place, or an area that contains the other."""
    return any(
        x.location.place.id == y.location.place.id
        or is_inside(x.location, y.location)
        or is_inside(y.location, x.location)
        for x in a
        for y in b
    )


def is_finer(a: Sequence[Site], b: Sequence[Site]) -> bool:
    """Whether the places of a are all known more closely than those of b."""
    return (
        max(s.location.radius_km for s in a) < min(s.location.radius_km for s in b)
        and a[0].location.place.id != b[0].location.place.id
    )


_TRUCE = re.compile(r"truce|cease-?fire|cessation|in ?to (?:effect|force)", re.I)


def same_kind_of_agreement(a: str, b: str) -> bool:
    """Whether two words of agreement may mean one: a truce is no memorandum."""
    return bool(_TRUCE.search(a)) == bool(_TRUCE.search(b))


def is_sharper(a: When | None, b: When | None) -> bool:
    """Whether a says the time more closely than b."""
    if a is None or b is None:
        return a is not None
    return (a.end - a.start) < (b.end - b.start)


def overlap(a: When, b: When) -> bool:
    """Whether two intervals share a day."""
    return a.start <= b.end and b.start <= a.end


def dates_agree(a: When | None, b: When | None) -> bool:
    """Whether two dates, of which either may be unknown, can be one."""
    return a is None or b is None or overlap(a, b)


def tolls_clash(a: Draft, b: Draft) -> bool:
    """Whether both state a different number of dead or wounded, as two events in one article would."""
    for kind in ("killed", "wounded"):
        ours = {c.low for c in a.claims if c.kind == kind and c.low is not None}
        theirs = {c.low for c in b.claims if c.kind == kind and c.low is not None}
        if ours and theirs and not ours & theirs:
            return True
    return False


def add_new(into: list[str], new: Sequence[str]) -> None:
    """Adds the strings that are not there yet, in any case."""
    into.extend(n for n in new if n.lower() not in {i.lower() for i in into})


def add_claims(into: list[Claim], new: Sequence[Claim]) -> None:
    """Adds claims that say something else; the same number told again is one claim."""
    for claim in new:
        if not any(c.kind == claim.kind and c.low == claim.low and c.high == claim.high for c in into):
            into.append(claim)
