"""What an article has told so far: its stories, its events, and when each of them was.

Hides: how an event without a day of its own gets one, and what makes it background.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from gazetteer import Gazetteer
from gazetteer.patterns import lazy_pattern
from gazetteer.place import Reason, great_circle_km
from geo.dates import find_expressions, resolve
from geo.drafts import VIOLENT, Draft, share_place
from geo.event import Article, Rejected, Toponym, When, event_type_of
from geo.facts import SAID_BEFORE, home_country
from geo.text import Sentence
from geo.triggers import BY_ACTOR, BY_VICTIM, BY_WEAPON, TriggerHit

__all__ = ["CAMPAIGN_DAYS", "GOES_ON", "LEAD_CHARS", "NEW_STORY", "Storyline"]

#: An event that ended longer before publication than this is background (the map is of what an article reports, not of what it recalls).
BACKGROUND_DAYS = 10
#: A span longer than this is a campaign, not an incident.
CAMPAIGN_DAYS = 31
#: An undated event elsewhere takes the day of the story's last event only where that was told so near before it.
DATE_REACH_CHARS = 1500
#: An undated event is taken to be of the day of publication only in this first part of an article: what stands later and
#: has no date is as often an account of earlier years.
LEAD_CHARS = 1200
#: "had been abducted", "used to": before the time that the text is about.
_EARLIER = lazy_pattern(
    r"\b(?:had(?: \w+ly| also| already| long)*|used to)\s+(?:been\s+)?(?:[\w-]+ ?){0,2}$|\bhad been \w+$", re.I
)
#: "The military said it had retaken": the past of what is said, not of what is told.
_SAID_HAD = lazy_pattern(
    r"\b(?:said|says|announced|claimed|reported|confirmed|added)(?: on \w+day)?(?: that)?(?: (?:it|they|he|she|its|their|the|his)(?: [\w-]+){0,3})?"
    r" had\b",
    re.I,
)
NEW_STORY = lazy_pattern(
    r"^[\W]*(?:Meanwhile|Elsewhere|Separately|In a separate|In other|In another|Also on \w+day|In neighbou?ring|Further (?:north|south|east|west)|"
    r"In the (?:north|south|east|west)|To the (?:north|south|east|west))\b"
)
#: What is going on while it is told.
_GOING_ON = lazy_pattern(r"(?:is|are) \w+ing\b", re.I)
_HAS_SINCE = lazy_pattern(r"\b(?:has|have) since (?:\w+ )?$", re.I)
#: A sentence that goes on with what the one before was about.
GOES_ON = lazy_pattern(r"\W*(?:There|It|They|He|She|This|That|These|Those|Its|Their|His|Her|Both)\b")
#: The day that opens a sentence stands in so many of its characters.
OPENING_DAY_CHARS = 40
#: An article with so many words of sport reports on a match: what is bombed, attacked or blown apart there is a defence.
#: In a longer one they stand in an aside, unless there is another in each so many characters.
SPORT_WORDS, SPORT_CHARS = 6, 400
_SPORT_WORDS = tuple(
    "goalkeeper|goalkeepers|striker|strikers|midfield|midfielder|midfielders|winger|wingers|defender|defenders|penalty|half-time|halftime|"
    "kick-off|kickoff|referee|coach|manager|quarter-final|quarter-finals|quarterfinal|quarterfinals|semi-final|semi-finals|semifinal|"
    "semifinals|final|championship|league|tournament|innings|wicket|wickets|batsman|batsmen|scored|scorer|goal|goals|group|play-off|play-offs|"
    "playoff|playoffs|hat-trick|hattrick|offside|equaliser|equalizer|corner|free-kick|fixture|squad|stoppage time|grand slam|podium|lap|laps|"
    "ball|captain|team|teammate|teammates|season|rout|top corner".split("|")
)
_SPORT = lazy_pattern(rf"\b(?:{'|'.join(_SPORT_WORDS)})\b", re.I)
#: How many words of sport there are by their longest run of letters: a quick look tells that a text has few of them.
_SPORT_SIGNS = Counter(max(re.findall("[a-z]+", word), key=len) for word in _SPORT_WORDS)


#: An article with so many words of war or unrest is of a conflict; a short one with two, and one more for each so many characters.
CONFLICT_WORDS, CONFLICT_CHARS = 4, 400
_CONFLICT = lazy_pattern(
    r"\b(?:"
    r"troops|soldiers?|army|military|militants?|militias?|militiam[ae]n|rebels?|insurgen\w+|guerrillas?|jihad\w*|"
    r"paramilitar\w+|gunm[ae]n|warplanes?|jets|helicopters?|drones?|air ?strikes?|air raids?|missiles?|rockets?|shells|"
    r"shelling|shelled|katyushas?|artillery|mortars?|bombs?|bombed|bombings?|bombardments?|explosives?|mines|landmines?|grenades?|"
    r"snipers?|checkpoints?|cease-?fires?|truces?|offensive|siege|besieged|war|civil war|front ?line|battles?|clashes|"
    r"clashed|fighting|fighters?|ambush\w*|hostages?|kidnap\w*|abduct\w*|massacre\w*|beheaded|coup|junta|regime|opposition|"
    r"separatis\w+|protest[eo]rs?|protests?|demonstrat\w+|riots?|rioters|tear gas|curfew|curfews|activists?|refugees|"
    r"displaced|humanitarian|peacekeepers?|Islamic State|Isis|Taliban|Hamas|Hezbollah|Boko Haram|al-Shabaab|al-Qa\w+|Daesh|"
    r"ISIL|terroris\w+|extremis\w+|cartels?|gangs?|invasion|invaded|withdrawal|defected|peace (?:talks|deal|process|plan)|"
    r"genocide|war crimes|sectarian|sanctions|uprising|revolt|rebellion|conflict"
    r")\b",
    re.I,
)
#: A town of so many inhabitants is meant although nothing else of its country is told; a smaller one where so few names are of
#: countries that are told.
STRAY_POPULATION, STRAY_NAMES = 100_000, 6
#: What is no farther from a place that is told of may be where a war spills over.
STRAY_KM = 200


@dataclass(slots=True)
class Story:
    """A story of the article: which one, and the event that it told last."""

    number: int
    last: Draft | None = None
    start: int = 0  # where its first sentence begins


def _without_strays(toponyms: Sequence[Toponym]) -> Sequence[Toponym]:
    """The names of an article, small places of countries of which it says nothing else left without a place.

    "The Panorama road" of a town in Syria is no village in Greece: better the story's town than a pin abroad.
    """
    told: set[str | None] = set()
    names: dict[str | None, set[str]] = {}
    for t in toponyms:
        if t.place is None or t.role == "dateline":
            continue
        names.setdefault(t.place.country, set()).add(t.text)
        if t.place.feature_class != "P" or (t.place.population or 0) >= STRAY_POPULATION:
            told.add(t.place.country)
    alone = {country for country, of_country in names.items() if len(of_country) == 1} - told
    if not alone or sum(t.place is not None and t.place.country in told for t in toponyms) < STRAY_NAMES:
        return toponyms
    known = [t.place for t in toponyms if t.place is not None and t.place.country in told and not t.place.is_country]
    strays = {
        t.start
        for t in toponyms
        if t.place is not None
        and t.place.country in alone
        and t.role != "dateline"
        and all(great_circle_km(t.place, place) > STRAY_KM for place in known)
    }
    return tuple(
        replace(t, resolution=replace(t.resolution, chosen=None)) if t.start in strays else t for t in toponyms
    )


def _is_sport(text: str) -> bool:
    """Whether a text reports on a match, by how many different words of sport it has."""
    least = max(SPORT_WORDS, len(text) / SPORT_CHARS)
    signs = _SPORT_SIGNS.keys() & re.findall("[a-z]+", text.lower())
    if sum([_SPORT_SIGNS[sign] for sign in signs]) < least:
        return False
    return len({word.lower() for word in _SPORT.findall(text)}) >= least


def _is_of_conflict(text: str) -> bool:
    """Whether a text is of a conflict: it is read until enough different words say so."""
    least = min(CONFLICT_WORDS, 2 + len(text) // CONFLICT_CHARS)
    words: set[str] = set()
    for match in _CONFLICT.finditer(text):
        words.add(match[0].lower())
        if len(words) >= least:
            return True
    return False


class Storyline:
    """The events of one article in the order in which they are told, and what each of them goes on with."""

    def __init__(
        self, article: Article, toponyms: Sequence[Toponym], gazetteer: Gazetteer, published: date | None
    ) -> None:
        self.article = article
        self.toponyms = _without_strays(toponyms)
        self._starts = [t.start for t in toponyms]
        self.gazetteer = gazetteer
        self.published = published
        self.home = home_country(article, toponyms)
        self.story = Story(0)
        self.drafts: list[Draft] = []
        self.rejected: dict[tuple[int, int], Rejected] = {}  # by the span of the trigger: the first reason stands
        self.body_start = 0
        self.is_of_conflict = _is_of_conflict(article.text)
        self.is_sport = _is_sport(article.text)
        self.before: Sentence | None = None  # the sentence before
        self.pointed: set[int] = set()  # triggers that only point at an event, but say where or when it was

    def names_in(self, sentence: Sentence) -> Sequence[Toponym]:
        """The place names of a sentence."""
        low = bisect_left(self._starts, sentence.start)
        return self.toponyms[low : bisect_left(self._starts, sentence.end)]

    def open_story(self, start: int) -> None:
        """What follows is told on its own: a second story, or the next entry of a live blog."""
        self.story = Story(self.story.number + 1, start=start)

    def reject(self, sentence: Sentence, hit: TriggerHit, reason: Reason | None) -> None:
        """Lists a trigger as rejected, if there is a reason and it is not listed yet."""
        if reason is None:
            return
        sub = hit.sub_event_type if hit.sub_event_type not in (BY_ACTOR, BY_VICTIM, BY_WEAPON) else "Other"
        self.rejected.setdefault(
            (hit.start, hit.end),
            Rejected(
                article_id=self.article.id,
                start=hit.start,
                end=hit.end,
                quote=sentence.text,
                trigger=hit.text,
                sub_event_type=sub,
                reason=reason,
            ),
        )

    def day_before(self, sentence: Sentence) -> When | None:
        """The day that opens the sentence before, where that told of no event and this one goes on: "There, troops took ..."."""
        before = self.before
        if before is None or not GOES_ON.match(sentence.text):
            return None
        if any(d.facts.sentence == before for d in self.drafts):
            return None
        opening = [
            e for e in find_expressions(before.text[:OPENING_DAY_CHARS]) if e.kind in ("weekday", "day", "month_day")
        ]
        if (
            len(opening) != 1
            or re.fullmatch(r"\W*(?:On |Early on |Late on )?", before.text[: opening[0].start]) is None
        ):
            return None
        return resolve(opening[0], published=self.published, previous=None)

    def usual_country(self) -> str | None:
        """The country where at least half of the article's located events are: an event without a place is taken to be there."""
        counts = Counter(
            country
            for d in self.drafts
            for country in {s.location.place.country for s in d.sites if s.location.place.country}
        )
        country, times = max(counts.items(), key=lambda pair: pair[1], default=(None, 0))
        return country if times > 1 and 2 * times >= counts.total() else None

    def is_background(self, draft: Draft) -> bool:
        when = draft.when
        if when is None:
            country_only = bool(draft.sites) and all(s.location.level == "country" for s in draft.sites)
            running = country_only and not draft.own_date and event_type_of(draft.sub) in VIOLENT and not draft.claims
            unknown_day = draft.own_date and self.published is not None  # "a week after the talks"
            return draft.background or unknown_day or running
        if (when.end - when.start).days > CAMPAIGN_DAYS:
            return True
        return self.published is not None and (self.published - when.end).days > BACKGROUND_DAYS

    def when(self, draft: Draft, *, note: bool = True) -> When | None:
        """The date of a draft: its own, else its story's, else the day of publication."""
        if draft.when is not None or draft.own_date:
            return draft.when
        if draft.background:
            return None
        last = self.story_when(draft)
        if last is not None:
            if note:
                draft.reasons.append(
                    Reason("inherited-date", f"no date of its own; '{last.basis}' of the same story is taken")
                )
            return last
        if self.published is None or not self.is_news(draft):
            return None
        if note:
            draft.reasons.append(Reason("publication-date", "no date in the text; the day of publication is taken"))
        return When(start=self.published, end=self.published, basis="publication date", method="publication_date")

    def is_news(self, draft: Draft) -> bool:
        """Whether an event without any date may be taken to be of the day: it opens its article or a story of its own."""
        sentence = draft.facts.sentence
        if draft.trigger.start in self.pointed or _HAS_SINCE.search(
            draft.facts.words(draft.facts.sentence.start, draft.trigger.start)
        ):
            return False  # it was before what the sentence tells, or at some time since
        before = draft.facts.words(sentence.start, draft.trigger.end)
        if _EARLIER.search(before) is not None and _SAID_HAD.search(before) is None:
            return False
        if _GOING_ON.match(draft.trigger.text):
            return True  # "are meeting"
        opens_story = draft.story > 0 and NEW_STORY.match(sentence.text) is not None
        return opens_story or sentence.start - self.body_start < LEAD_CHARS

    def is_elsewhere(self, draft: Draft) -> bool:
        """Whether an event is in a country of which the article has told nothing else: a look elsewhere, at another time."""
        told_of = {s.location.place.country for d in self.drafts if d is not draft for s in d.sites}
        return not {s.location.place.country for s in draft.sites} & (told_of | {self.home})

    def story_when(self, draft: Draft) -> When | None:
        """The date of the nearest earlier event or statement of the same story; one at the same place comes first."""
        said = [
            when
            for e in draft.facts.dates
            if (when := resolve(e, published=self.published, previous=None)) is not None
            and SAID_BEFORE.search(draft.facts.words(draft.facts.sentence.start, e.start))
        ]
        if draft.sub != "Agreement":
            earlier = [
                d
                for d in self.drafts[: self.drafts.index(draft)]
                if d.story == draft.story and d.when is not None and d.own_date and not self.is_background(d)
            ]
            if draft.own_site and self.is_elsewhere(draft):
                earlier = []
            earlier = [d for d in earlier if not d.look_back] or earlier
            if said:  # what was told on Saturday did not happen on the Wednesday after it
                earlier = [d for d in earlier if d.when is not None and d.when.start <= said[0].end]
            here = [d for d in earlier if draft.sites and d.sites and share_place(draft.sites, d.sites)]
            hurts = event_type_of(draft.sub) in VIOLENT or draft.sub == "Excessive force against protesters"
            since = draft.facts.sentence.start - DATE_REACH_CHARS
            violent = [d for d in earlier if event_type_of(d.sub) in VIOLENT and d.facts.sentence.start > since]
            told = here or (violent if hurts else [])
            if here:  # of several days in one sentence the last, not that of a look back
                together = [d for d in here if d.facts.sentence == here[-1].facts.sentence]
                return max(together, key=lambda d: d.when.start if d.when is not None else date.min).when
            if told:  # elsewhere: not that of a look back, where the story has told of a later day just before it
                return max(told[-2:], key=lambda d: d.when.start if d.when is not None else date.min).when
        return said[0] if said else None
