"""One sentence with all that was found in it, and which of it belongs to which of its triggers.

Hides: nearness. What stands in the clause of a trigger is its own; each clause boundary between them counts as distance,
a relative clause twice. A word of capture asks for a place as its object or, in the passive, as its subject.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from gazetteer import Gazetteer
from gazetteer.patterns import lazy_pattern
from geo.actors import ActorMention, find_actors
from geo.casualties import TollMention, find_tolls
from geo.dates import TimeExpression, find_expressions
from geo.event import Article, Toponym
from geo.locate import Site, at_home_border, find_sites, part_of_country
from geo.needed import screened_pattern
from geo.text import Sentence
from geo.triggers import TriggerHit, clause_starts, relative_clauses

__all__ = ["CLAUSE_COST", "MAX_COST", "PASSIVE", "SAID_BEFORE", "Facts", "home_country", "read_facts"]

#: Share of an article's places that must lie in one country before "the rebels" are that country's.
HOME_SHARE = 0.6
#: Characters that one clause boundary adds to the distance between a trigger and a place, date or actor.
CLAUSE_COST = 60
#: "Across the Iraqi border" is in Iraq.
_BEYOND = lazy_pattern(r"\b(?:across|over|beyond|behind)\s+(?:the\s+)?$", re.I)
_PROTESTS = ("Peaceful protest", "Violent demonstration", "Protest with intervention")
_PROTESTED = lazy_pattern(r"\s+(?:over|about|against|at)\s")
_ANNOUNCED = lazy_pattern(
    r",?\s+(?:[\w'’.-]+\s+){1,6}?(?:announced|said|reported|confirmed|claimed|acknowledged|admitted)\b(?! responsib)"
)
#: The distance of a place that opens the sentence: what stands nearer to a trigger is its own.
SCENE_COST = 45
#: "On the outskirts of the besieged northern town of": no longer are the words before a place that opens a sentence.
SCENE_CHARS = 60
_SCENE = lazy_pattern(r"\W*(?:Also )?(?:In|At|Near|Outside|Around|On the outskirts of)\s+(?:[\w'’-]+\s+){0,5}")
#: A place or date farther away than this (with boundaries counted) is not the trigger's own.
MAX_COST = 220

#: "the ministry said Monday's raids": the day of the raids, not of what was said.
_POSSESSED = lazy_pattern(r"['’]s?\b")
SAID_BEFORE = screened_pattern(
    r"\b(?:footage|videos?|images?|photos?|photographs|data|figures|maps?|clips?|report) (?:published|posted|released|shared|dated|taken)(?: on)?\s*$|"
    r"\b(?:said|says|told [\w ]{1,25}|announced|reported|stated|added|confirmed|claimed|tweeted|wrote|declared|statement|"
    r"report(?:ed)? (?:published|released|issued))(?: in a statement| earlier| late| here| that)*(?:,| on)?\s*$",
    re.I,
)
#: "claimed last week that", "its report on Monday that": the day of what follows "that" is told there.
_SAID_THAT = lazy_pattern(
    r"\b(?:claim|statement|report|warning|announcement|allegation|revelation|news|confirmation|admission|estimate|assessment|accusation|emerged|"
    r"claimed|warned|alleged|revealed|admitted|insisted|concluded|estimated|acknowledged|learned|found|argued|suggested)s?(?: by [\w ]{1,30})?"
    r"(?: on| earlier| late)?\s*$",
    re.I,
)
_THAT = lazy_pattern(r" (?:that|suggesting|saying|claiming|indicating|came|comes|followed|follows)\b")
#: "talks that are due to resume on": a day of what lies ahead.
_TO_COME = lazy_pattern(
    r"\b(?:due|scheduled|set|expected|planned|slated) (?:to|for)\b(?:(?!\b(?:after|when|but|and)\b)[^,;:.]){0,40}$",
    re.I,
)
#: "the biggest challenge in recent years", "the worst attack in a decade": a measure of rank, and no date.
_SUPERLATIVE = lazy_pattern(
    r"\b(?:\w{3,}est|worst|most|first|only|rare(?:st)?|least|unprecedented|unseen)\b[^.;:]{0,90}$", re.I
)
_WORST_SINCE = lazy_pattern(
    r"\b(?:deadliest|bloodiest|worst|largest|biggest|heaviest|highest|most \w+|first)\b[^.;]{0,60}\bsince (?:an?|the|that|\d{4})\b[^.;]*$",
    re.I,
)
_RANKED_OVER = lazy_pattern(
    r"(?:in|for|since|of|over) (?:the )?(?:(?:recent|past|last|many|several|more than|\w+) ){0,3}(?:years?|decades?|months?|weeks?|centur\w+)$",
    re.I,
)
PASSIVE = lazy_pattern(r"\b(?:was|were|been|being|is|are|be)(?: \w+ly| also| reportedly| \w+ly and \w+ly)?\s*$", re.I)
_TERRITORY_FILLER = lazy_pattern(
    r"^(?:[\s,]+(?:the|town|towns|city|cities|of|village|villages|strategic|key|ancient|historic|besieged|most|much|parts?|all|half|control|entire|"
    r"whole|last|final|nearby|neighbou?ring|areas?|districts?|provinces?|quarters?|neighbou?rhoods?|northern|southern|eastern|western|central|"
    r"northeastern|northwestern|southeastern|southwestern|"
    r"airbase|air|base|military|from|and|rebel-held|militant-held|border|crossing|around|full|complete|some|several|both|two|three|four|five|six|a|an|"
    r"in|near|over|back|positions|hills?|heights|airport|camp|group's|capital|stronghold|de|facto|remaining|their|its|his|former|[A-Z][\w'’-]*))*\s*$"
)
#: What is captured where a place is named later, but is not the place.
_NO_TERRITORY = lazy_pattern(
    r"\b(?:fighters?|soldiers?|militants?|members?|men|women|people|civilians|prisoners?|hostages?|weapons?|arms|ammunition|tanks?|vehicles?|"
    r"commanders?|leaders?|suspects?|terrorists|jihadists|journalists?|pilots?|attention|headlines?|footage|images?|photos?|video|part|place|"
    r"was|were|has|had|said|by)\b",
    re.I,
)
_PLACING = frozenset(
    ("in", "In", "at", "At", "near", "Near", "around", "across", "Across", "inside", "Inside", "over", "of", "outside")
)
MAX_OBJECT_CHARS = 80
#: Before the place where somebody ended up: "arrested and extradited to", "taken to the stronghold of".
_BROUGHT_TO = lazy_pattern(
    r"\b(?:extradited|deported|transferred|flown|repatriated|exiled|relocated|escaped|fled|flee|fleeing|"
    r"return(?:ed|ing)|taken|brought|rushed|airlifted|handed over)"
    r"(?: (?!to\b)\w+){0,2} to (?:the )?(?:[\w-]+ (?:[\w-]+ )?of )?$",
    re.I,
)
#: What has not happened in the clause that names a place: "because it will open a road into".
_MAY_BE = lazy_pattern(r"\b(?:will|would|could|might|(?-i:may))\b", re.I)
_ATTACK_NOUN = lazy_pattern(
    r"\s(?:[\w-]+ ){0,2}?(?:air ?strikes?|strikes?|attacks?|bombings?|raids?|battle|clash(?:es)?|offensive|assault|ambush|explosion|siege|massacre)\b",
    re.I,
)
#: Before a place that a protest is about, not where it is.
_PROTESTED_ABOUT = lazy_pattern(
    r"\b(?:against|over|about|awareness of|attention to|solidarity with|support (?:of|for)|supporting|condemning|denouncing|to stop|to end|"
    r"attacks? on|assault on|invasion of|bombing of)\b(?:(?! (?:in|at|outside|near|across) )[^,.;]){0,60}$",
    re.I,
)
#: The clause in which a trigger stands begins with "where".
_WHERE = lazy_pattern(r"\bwhere\b(?:(?!\b(?:which|while|but|and then)\b)[^;:]){0,100}$")
_WHEN = lazy_pattern(r"\bwhen\b(?:(?!\b(?:which|while|but|and then)\b)[^;:]){0,80}$")
#: Before a country or town from which somebody fires: "under assault from Turkey", "rocket fire from Gaza".
_FIRED_FROM = lazy_pattern(
    r"\b(?:assaults?|attacks?|fire|bombardment|shelling|strikes?|raids?|pressure|threats?|rockets?|missiles?|incursions?|drones?|shells?|mortars?|"
    r"projectiles?|barrages?|salvos?) (?:[\w-]+ ){0,2}from\s+(?:the )?(?:[\w-]+ern )?$",
    re.I,
)
_FINER = lazy_pattern(r",? (?:in|at|near|around|outside)(?: the (?:\w+ )?(?:town|city|village|camp)s? of)? ")
#: Before a place where something is said to have happened.
_STATED = lazy_pattern(
    r"\b(?<!not )(?:in|at|near|on|around|outside|inside|into|reached|entered|came to|hit|struck|attacked|shelled|bombed)"
    r"(?: (?:the|a|an|its|their))?(?: (?:[\w'’-]+ ){0,3}of)?\s+$"
)
_TELLS = lazy_pattern(r",?\s+(?:said|says|told|reported|confirmed|recounted|recalled)\b")
_WHERE_TAKEN = lazy_pattern(r"\s+(?:alive )?(?:in|near|at|around|outside)\b", re.I)
_LEFT_OF = lazy_pattern(r"\bwhat (?:was|is|remained|remains)(?: left)? (?:of )?", re.I)
#: Words of capture whose subject is the place.
_FALLS = frozenset(("fell to", "fallen to", "changed hands", "fell", "has fallen", "had fallen"))
_WHICH_THEY = lazy_pattern(
    r",? (?:which|that) (?:the )?(?:\w+ )?"
    r"(?:they|rebels|militants|insurgents|troops|forces|jihadists|fighters|it|army)(?: had| have)? $"
)
_FALLS_INTO = lazy_pattern(r"f(?:ell|alls?|allen) into", re.I)
_TAKEN = lazy_pattern(r"(?:re-?)?(?:captured|seized|taken|conquered|overrun|liberated|secured|cleared)", re.I)
#: ", a few kilometres away,": an aside between a place and its verb.
_ASIDE = lazy_pattern(r",[^,]{1,40},")
#: "QUETTA, Pakistan (AFP) -": where it was written.
_DATELINE = lazy_pattern(
    r"[A-Z][^.;:!?\n]{0,60}?\((?:[A-Z]{2,9}|Reuters|Interfax|Xinhua)\)\s*(?:[-–—:]|--)|"
    r"[A-ZÀ-Þ][A-ZÀ-Þ.'’-]+(?: [A-ZÀ-Þ.'’-]+){0,3}(?:, [^:;!?\n–—]{2,45}?)?(?: \([^()\n]{2,30}\))?(?:: | (?:-|–|—|--) )"
)
#: A clause that says from when or until when something is counted.
_SINCE_CLAUSE = lazy_pattern(r"\b(?:since|until) (?:[\w'’-]+ ){1,7}$", re.I)
#: Before "weeks after a summit" where that is said on the side.
_ASIDE_BEFORE = lazy_pattern(r"(?:[,–—-]|\bjust|\bonly|\bbarely|\bless than)\s*(?:\w+ )?$")
_ASIDE_MARKS = (", which", ", who", ", where", "(", " – ", " — ")
_SAID_ASIDE = lazy_pattern(
    r", (?:which|who|whose|where)\b[^,;–—]{3,160}(?=,(?! [^,;.]{1,40},? and\b))|\([^()]{2,160}\)|\s[–—]\s[^–—;]{3,160}\s[–—](?=\s)"
)
_PASSIVE_GAP = lazy_pattern(
    r"^(?:,? in (?:(?:north|south|east|west|central)[\w-]* )?(?:[A-Z][\w'’-]+ ?){1,3}(?:province|state|region|district)?)?,?"
    r"(?:\s*\b(?:which|that|where|province|city|town|has|had|have|was|were|been|is|now|also|fully|\w+ly|and|in|\w+day)){0,6}\s*$",
    re.I,
)


@dataclass
class Facts:
    """One sentence with all that was found in it."""

    sentence: Sentence
    home: str | None  # the country that says whose "the army" is
    sites: tuple[Site, ...]
    dates: tuple[TimeExpression, ...]
    countries: tuple[Toponym, ...]
    # What `own_sites` and `date_of` gave: each is asked several times for one trigger.
    _own_sites: dict[tuple[int, int, str], tuple[Site, ...]] = field(default_factory=dict, init=False, repr=False)
    _dates_of: dict[tuple[int, int], TimeExpression | None] = field(default_factory=dict, init=False, repr=False)

    # What follows is found when it is asked for, since of many sentences it never is.

    @cached_property
    def actors(self) -> tuple[ActorMention, ...]:
        """The actors of the sentence."""
        return find_actors(self.sentence.text, offset=self.sentence.start, home=self.home)

    @cached_property
    def tolls(self) -> tuple[TollMention, ...]:
        """The tolls of the sentence, but for those of earlier events that it is compared with."""
        s = self.sentence
        return tuple(t for t in find_tolls(s.text, offset=s.start) if not _is_compared(t, s))

    @cached_property
    def harm(self) -> tuple[TollMention, ...]:
        """The killed and wounded of the sentence, totals left out."""
        return tuple(t for t in self.tolls if not t.cumulative and t.kind in ("killed", "wounded"))

    @cached_property
    def cuts(self) -> tuple[int, ...]:
        """Where the clauses of the sentence begin, its own start left out."""
        return tuple(self.sentence.start + cut for cut in clause_starts(self.sentence.text))

    @cached_property
    def relatives(self) -> tuple[tuple[int, int], ...]:
        """The relative clauses of the sentence as spans."""
        start = self.sentence.start
        return tuple((start + a, start + b) for a, b in relative_clauses(self.sentence.text))

    @cached_property
    def asides(self) -> tuple[tuple[int, int], ...]:
        """What the sentence says on the side, as spans."""
        return _asides(self.sentence)

    def cost(self, a: tuple[int, int], b: tuple[int, int]) -> int:
        """Distance in characters between two spans, with each clause boundary between them counted."""
        if a[0] <= b[0]:
            gap, low, high = b[0] - a[1], a[1], b[0]
        else:
            gap, low, high = a[0] - b[1], b[1], a[0]
        apart = sum(self._parts(a, b, relative) for relative in self.relatives)
        cuts = [cut for cut in self.cuts if low <= cut <= high]
        for start, end in self.asides:
            if low <= start and end <= high:
                gap -= end - start
                cuts = [cut for cut in cuts if not start <= cut <= end + 2]
        return max(0, gap) + CLAUSE_COST * (len(cuts) + 2 * apart)

    @staticmethod
    def _parts(a: tuple[int, int], b: tuple[int, int], relative: tuple[int, int]) -> bool:
        """Whether one span lies in a relative clause and the other neither there nor right before it, as what it is said of."""
        inside = [relative[0] <= span[0] < relative[1] for span in (a, b)]
        if inside[0] == inside[1]:
            return False
        outer = b if inside[0] else a
        return not relative[0] - 1 <= outer[1] <= relative[0] + 1

    def same_clause(self, a: tuple[int, int], b: tuple[int, int]) -> bool:
        """Whether no clause begins between two spans."""
        low, high = (a[1], b[0]) if a[0] <= b[0] else (b[1], a[0])
        return not any(low <= cut <= high for cut in self.cuts)

    def words(self, start: int, end: int) -> str:
        """The text between two offsets, cut to the sentence."""
        return self.sentence.text[max(0, start - self.sentence.start) : max(0, end - self.sentence.start)]

    def clause(self, hit: TriggerHit) -> str:
        start = max((c for c in self.cuts if c <= hit.start), default=self.sentence.start)
        end = min((c for c in self.cuts if c > hit.end), default=self.sentence.end)
        return self.words(start, end)

    def own_sites(self, hit: TriggerHit) -> tuple[Site, ...]:
        """The nearest site or list of sites of the trigger's own clause, or () when it has none."""
        key = (hit.start, hit.end, hit.sub_event_type)
        if key not in self._own_sites:
            self._own_sites[key] = self._find_own_sites(hit)
        return self._own_sites[key]

    def _find_own_sites(self, hit: TriggerHit) -> tuple[Site, ...]:
        open_to = self.sites
        if hit.sub_event_type == "Agreement":  # signed in a town; what it is on is no place of signing
            open_to = tuple(
                s
                for s in self.sites
                if not s.location.is_area
                and re.search(
                    r"\b(?:in|at|near|outside)\s+(?:[\w'’-]+\s+){0,5}$", self.words(self.sentence.start, s.start)
                )
                and not re.search(r"\bon\s+(?:[\w'’-]+\s+){0,2}$", self.words(self.sentence.start, s.start))
            )
        open_to = tuple(s for s in open_to if not self._is_fired_from(s))
        where = self._site_of_where(hit)
        if where is not None and where in open_to:
            return tuple(s for s in self.sites if s.group == where.group)
        if hit.sub_event_type == "Peaceful protest":
            open_to = tuple(s for s in open_to if not _PROTESTED_ABOUT.search(self.words(hit.end, s.start)))
        ranked = sorted((self.site_cost(hit, site), site.start, n) for n, site in enumerate(open_to))
        if not ranked or ranked[0][0] > MAX_COST:
            return ()
        best = self._finer(hit, open_to[ranked[0][2]], open_to)
        listed = tuple(s for s in self.sites if s.group == best.group)
        return tuple(s for s in listed if not _holds_another(s, listed))

    def _finer(self, hit: TriggerHit, site: Site, others: Sequence[Site]) -> Site:
        """The place that says where in an area: Chifra for "in Afar near Chifra", Rafah for "In Sinai, a bomb went off at Rafah"."""
        if not site.location.is_area:
            return site
        for finer in others:
            same = site.location.place.country in (None, finer.location.place.country)
            if finer.start < site.end or finer.location.is_area or not same:
                continue
            stated = _STATED.search(self.words(self.sentence.start, finer.start)) is not None
            beside = _FINER.fullmatch(self.words(site.end, finer.start)) is not None
            part = "including" in self.words(hit.end, finer.start)  # "32 in Gaza, including 11 in Nuseirat"
            if beside or (stated and not part and self.same_clause((hit.start, hit.end), (finer.start, finer.end))):
                return finer
        return site

    def _is_fired_from(self, site: Site) -> bool:
        """Whether somebody fires from there: "under assault from Turkey"."""
        before = self.words(site.start - 60, site.start)
        return "from" in before[-24:] and _FIRED_FROM.search(before) is not None

    def _site_of_where(self, hit: TriggerHit) -> Site | None:
        """The place of which "where" is said: "in the town of Suruç, just across the border, where 33 were killed"."""
        before_hit = self.words(self.sentence.start, hit.start)
        match = _WHERE.search(before_hit) if "where" in before_hit else None
        if match is None:
            return None
        where = self.sentence.start + match.start()
        before = [s for s in self.sites if s.end <= where]
        named = any(
            where <= s.start and s.end <= hit.end + MAX_OBJECT_CHARS and s.location.level != "country"
            for s in self.sites
        )
        return before[-1] if before and not named and where - before[-1].end <= MAX_OBJECT_CHARS else None

    def site_cost(self, hit: TriggerHit, site: Site) -> int:
        cost = self.cost((hit.start, hit.end), (site.start, site.end))
        if site.end <= hit.start and not PASSIVE.search(self.words(self.sentence.start, hit.start)):
            cost += 25  # what happened is said before where it happened, more often than not
        if site.location.level != "country" and cost > SCENE_COST and self._is_scene(site, hit):
            return SCENE_COST
        if site.location.level == "country":
            cost += 60 if re.search(r"\binto (?:the )?$", self.words(hit.end, site.start)) is None else 20
        if site.location.place.feature_class == "H":
            cost += 40
        if self.is_tellers(site):
            cost += CLAUSE_COST
        if hit.sub_event_type in _PROTESTS and _PROTESTED.match(self.words(hit.end, site.start)):
            cost += CLAUSE_COST  # "a protest over the death of a man in Minneapolis"
        before = self.words(self.sentence.start, site.start)
        if re.search(r"\b(?:from|to)\s+(?:the )?$", before):
            cost += 60
            if _BROUGHT_TO.search(before):
                cost += MAX_COST
        if site.start > hit.end and not self.same_clause((hit.start, hit.end), (site.start, site.end)):
            cost += MAX_COST * (_MAY_BE.search(self.words(hit.end, site.start)) is not None)
        return cost

    def is_tellers(self, site: Site) -> bool:
        """Whether somebody tells of it there, which need not be where it happened: "a priest in Kandi said"."""
        return _TELLS.match(self.words(site.end, site.end + 20)) is not None

    def _is_scene(self, site: Site, hit: TriggerHit) -> bool:
        """Whether a place opens the sentence, and so is where all that it tells happened: "In Gao, gunmen ..."."""
        if (
            site.end > hit.start
            or site.start - self.sentence.start > SCENE_CHARS
            or not _SCENE.fullmatch(self.words(self.sentence.start, site.start))
        ):
            return False
        between = self.words(site.end, hit.start)
        finer = any(s.start > site.end and not s.location.is_area for s in self.sites) and site.location.is_area
        return not finer and ";" not in between

    def is_taken_before(self, hit: TriggerHit) -> bool:
        """Whether what was taken stands before its verb: "Aleppo, which they overran on Friday"."""
        return _WHICH_THEY.search(self.words(self.sentence.start, hit.start)) is not None

    def territory_sites(self, hit: TriggerHit) -> tuple[Site, ...]:
        """The sites that a word of capture takes as its object or, in the passive, as its subject."""
        falls = hit.text.lower() in _FALLS or _FALLS_INTO.match(hit.text) is not None
        passive = PASSIVE.search(self.words(self.sentence.start, hit.start)) is not None
        for site in self.sites:
            if site.location.level == "country" or site.start < hit.end or falls:
                continue
            if passive and (_TAKEN.fullmatch(hit.text) or _WHERE_TAKEN.match(self.words(hit.end, site.start))):
                continue  # "the leader was captured in Jolo"
            gap = _LEFT_OF.sub(" ", self.words(hit.end, site.start))
            clear = hit.text.lower() != "took" and len(gap) <= MAX_OBJECT_CHARS and not _NO_TERRITORY.search(gap)
            if _TERRITORY_FILLER.match(gap) or (
                clear and self.same_clause((hit.start, hit.end), (site.start, site.end))
            ):
                return tuple(s for s in self.sites if s.group == site.group)
        if hit.form == "verb" and not hit.text.lower().endswith(("ing", "took", "retook", "overran", "took over")):
            before = [s for s in self.sites if s.end <= hit.start and s.location.level != "country"]
            if before and passive:
                near = before[-1]
                if _PASSIVE_GAP.match(self.words(near.end, hit.start)):
                    return tuple(s for s in self.sites if s.group == near.group)
        which = _WHICH_THEY.search(self.words(self.sentence.start, hit.start))
        if which is not None:  # "Aleppo, which they overran on Friday"
            end = self.sentence.start + which.start()
            return tuple(s for s in self.sites if s.location.level != "country" and 0 <= end - s.end <= 1)
        if falls:
            before = [s for s in self.sites if s.end <= hit.start]
            if before and _PASSIVE_GAP.match(_ASIDE.sub("", self.words(before[-1].end, hit.start))):
                return tuple(s for s in self.sites if s.group == before[-1].group)
        return ()

    def date_of(self, span: tuple[int, int]) -> TimeExpression | None:
        """The date that belongs to a span: the nearest that is not the day of a statement."""
        if span not in self._dates_of:
            self._dates_of[span] = self._find_date_of(span)
        return self._dates_of[span]

    def _find_date_of(self, span: tuple[int, int]) -> TimeExpression | None:
        if not self.dates:
            return None
        ranked = []
        dated = any(e.kind not in ("bound", "named_year", "clause", "ambiguous") for e in self.dates)
        if (dated_when := self._date_of_when(span)) is not None:
            return dated_when
        for expression in self.dates:
            if expression.kind == "bound" or (
                expression.kind == "named_year" and not self._is_named_by(expression, span)
            ):
                continue
            if expression.kind == "since" and expression.inner and self._is_when_clause(expression, span):
                ranked.append(
                    (self.cost(span, (expression.start, expression.end)), expression.start, expression.inner[0])
                )
                continue
            if expression.kind == "clause" and expression.unit == "hour":
                continue
            if expression.kind == "clause" and span[0] < expression.start:
                aside = expression.unit == "hour" or _ASIDE_BEFORE.search(
                    self.words(self.sentence.start, expression.start)
                )
                if dated or aside:
                    continue  # "shot down two jets on Wednesday, a day after ...", "has killed four, just weeks after ..."
            if self._dates_no_event(expression):
                continue
            if len(self.dates) > 1 and self._is_of_announcement(expression):
                continue
            before = self.words(self.sentence.start, expression.start)
            since = _SINCE_CLAUSE.search(before)
            if since is not None and span[0] < self.sentence.start + since.start():
                continue  # "the third since the war began on October 7"
            cost = self.cost(span, (expression.start, expression.end))
            if cost <= MAX_COST:
                ranked.append((cost, expression.start, expression))
        if ranked:
            return self._sharpest(min(ranked, key=lambda r: r[:2])[2])
        return self._opening_date()

    def _is_of_announcement(self, expression: TimeExpression) -> bool:
        """Whether a date that opens the sentence is that of saying: "Earlier this week the army announced that on Sunday"."""
        if self.words(self.sentence.start, expression.start).strip():
            return False
        return _ANNOUNCED.match(self.words(expression.end, expression.end + 80)) is not None

    def _is_when_clause(self, since: TimeExpression, span: tuple[int, int]) -> bool:
        """Whether a span stands in the clause that tells of the day itself: "since Saturday, when gunmen burst in"."""
        when = re.match(r",? when\b", self.words(since.end, since.end + 8))
        return (
            when is not None
            and span[0] > since.end
            and not any(since.end + 2 < cut <= span[0] and cut > since.end + 8 for cut in self.cuts)
        )

    def _sharpest(self, expression: TimeExpression) -> TimeExpression:
        """The day that stands right behind a running span: "for a third night on Monday"."""
        if expression.which != "running":
            return expression
        return next((e for e in self.dates if e.kind == "weekday" and 0 < e.start - expression.end <= 2), expression)

    def _date_of_when(self, span: tuple[int, int]) -> TimeExpression | None:
        """The day of which "when" is said: "since early 2014, when it was driven out"."""
        before_span = self.words(self.sentence.start, span[0])
        match = _WHEN.search(before_span) if self.dates and "when" in before_span else None
        if match is None:
            return None
        when = self.sentence.start + match.start()
        for expression in self.dates:
            gap = self.words(expression.end, when)
            if (
                expression.kind not in ("clause", "ambiguous")
                and expression.end <= when
                and re.fullmatch(r",?\s+", gap)
            ):
                inside = any(when <= e.start and self.same_clause(span, (e.start, e.end)) for e in self.dates)
                opened = expression.inner[0] if expression.kind == "since" and expression.inner else expression
                return None if inside else opened
        return None

    def _is_named_by(self, year: TimeExpression, span: tuple[int, int]) -> bool:
        """Whether a year stands right before the words of an event: "a 2015 airstrike", "killed in a 2015 airstrike"."""
        if year.end < span[0]:
            return re.fullmatch(r"\s(?:[\w-]+\s){0,2}", self.words(year.end, span[0])) is not None
        named = _ATTACK_NOUN.match(self.words(year.end, year.end + 40)) is not None
        return (
            named and re.fullmatch(r"\s+(?:in|by|during) (?:an?|the)\s+", self.words(span[1], year.start)) is not None
        )

    def _dates_no_event(self, expression: TimeExpression) -> bool:
        """Whether a time is that of a statement, or only ranks something: "the worst attack in years"."""
        before = self.words(self.sentence.start, expression.start)
        if SAID_BEFORE.search(before) and not _POSSESSED.match(self.words(expression.end, expression.end + 3)):
            return True
        if _TO_COME.search(before[-80:]):
            return True
        if _THAT.match(self.words(expression.end, expression.end + 12)) and _SAID_THAT.search(before):
            return True
        return _RANKED_OVER.match(expression.text) is not None and _SUPERLATIVE.search(before) is not None

    def _opening_date(self) -> TimeExpression | None:
        """The one date of a sentence that stands at its head: it holds for all that the sentence tells."""
        named = [e for e in self.dates if e.kind not in ("bound", "named_year")]
        if len(named) != 1 or named[0].kind in ("clause", "ambiguous"):
            return None
        head = self.words(self.sentence.start, named[0].start)
        return named[0] if re.fullmatch(r"[\W]*(?:Also|And|But|Then|Later|On|In)?,?\s*", head) else None


def read_facts(
    article: Article, sentence: Sentence, toponyms: Sequence[Toponym], gazetteer: Gazetteer, *, home: str | None
) -> Facts:
    """All that was found in a sentence, given its toponyms in order; `home` says whose "the army" is."""
    dateline = _DATELINE.match(sentence.text)
    told_from = sentence.start + (dateline.end() if dateline is not None else 0)
    sites = [
        s if _BEYOND.search(article.text[max(0, s.start - 20) : s.start]) else at_home_border(s, home, gazetteer)
        for s in find_sites(article.text, toponyms, gazetteer)
        if s.start >= told_from
    ]
    if home is not None and (part := part_of_country(sentence.text, sentence.start, home, gazetteer)) is not None:
        sites.append(part)
        sites.sort(key=lambda s: s.start)
    facts = Facts(
        sentence=sentence,
        home=home,
        sites=tuple(sites),
        dates=tuple(e for e in find_expressions(sentence.text, offset=sentence.start) if e.start >= told_from),
        countries=tuple(t for t in toponyms if t.place is not None and t.place.is_country and t.start >= told_from),
    )
    facts.sites = tuple(site for site in facts.sites if not _is_party(site, facts))
    return facts


def _asides(sentence: Sentence) -> tuple[tuple[int, int], ...]:
    """What a sentence says on the side, without overlap: ", which has suffered much,", "(known as ...)", "– once a resort –"."""
    text = sentence.text
    if not any(mark in text for mark in _ASIDE_MARKS):
        return ()
    found: list[tuple[int, int]] = []
    for match in _SAID_ASIDE.finditer(text):
        if not found or match.start() >= found[-1][1]:
            found.append((match.start(), match.end()))
    return tuple((sentence.start + a, sentence.start + b) for a, b in found)


def home_country(article: Article, toponyms: Sequence[Toponym]) -> str | None:
    """The country where the article's events are, if one clearly leads: it says whose "the army" or "rebels" are."""
    counts = Counter[str]()
    for toponym in toponyms:
        country = toponym.place.country if toponym.place is not None and toponym.role == "mention" else None
        if country is not None and _is_placing(article.text[max(0, toponym.start - 40) : toponym.start]):
            counts[country] += 1
    total = sum(counts.values())
    return next((c for c, n in counts.items() if n >= HOME_SHARE * total and n > 1), None)


def _holds_another(site: Site, listed: Sequence[Site]) -> bool:
    """Whether a division of a list contains the towns behind it: "in Plateau, Barkin Ladi and Riyom were attacked"."""
    area = site.location.place
    return area.is_admin1 and any(
        not s.location.is_area
        and s.start > site.start
        and (s.location.place.country, s.location.place.admin1) == (area.country, area.admin1)
        for s in listed
    )


def _is_compared(toll: TollMention, sentence: Sentence) -> bool:
    """Whether a toll is that of an earlier event which only says how bad this one was: "the deadliest since a raid killed 147"."""
    return _WORST_SINCE.search(sentence.text[: toll.start - sentence.start]) is not None


def _is_placing(before: str) -> bool:
    """Whether one of the last four words before a name is a preposition of place, with no stop between."""
    for word in before.split()[:-5:-1]:
        if word in _PLACING:
            return True
        if not word.replace("-", "").isalnum():
            return False
    return False


def _is_party(site: Site, facts: Facts) -> bool:
    """Whether a country stands there as one who acts ("Russia has been bombing"), not as where it happened."""
    if site.location.level != "country":
        return False
    before = facts.words(facts.sentence.start, site.start)
    if re.search(
        r"\b(?:in|into|inside|within|across|over|throughout|from|near|at|of|around|on)\s+(?:the\s+|[\w-]+\s+)?$",
        before,
    ):
        return False
    return any(a.start <= site.start < a.end or site.start <= a.start < site.end for a in facts.actors)
