"""Sentences -> event reports: what happened, where, when, by whom, to whom, with what toll, and what was not an event.

Hides: how the sentences of an article hang together. Each trigger takes the place, date, actors and tolls of its own
clause first; a sentence without a place goes on with the last place of its story, at lower confidence and saying so.
Sentences on one event are one report. The rules are told in docs/reading.md; the word lists are tables in `geo/data/`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gazetteer import Gazetteer
from gazetteer.place import Reason
from geo.cast import cast, sub_event_type
from geo.dates import resolve
from geo.drafts import (
    VIOLENT,
    Draft,
    add_claims,
    add_new,
    all_figures,
    claim_of,
    dates_agree,
    evidence_of,
    figures_of,
    is_finer,
    is_sharper,
    overlap,
    place_of_toll,
    same_kind_of_agreement,
    share_place,
    spans_of,
    tolls_clash,
)
from geo.event import Article, Rejected, Report, Toponym, When, event_type_of
from geo.facts import CLAUSE_COST, SAID_BEFORE, Facts, home_country, read_facts
from geo.reports import reports_of
from geo.text import Sentence, split_sentences
from geo.triggers import (
    BY_ACTOR,
    BY_VICTIM,
    BY_WEAPON,
    TriggerHit,
    find_triggers,
    rank,
    taken_back,
    triggers_of,
    weapon_type,
)

__all__ = ["Extraction", "extract"]

#: An event that ended longer before publication than this is background (the map is of what an article reports, not of what it recalls).
BACKGROUND_DAYS = 10
#: A span longer than this is a campaign, not an incident.
CAMPAIGN_DAYS = 31
#: Days around the last event of a story within which another event without a place is taken to be at the same place.
STORY_DAYS = 5

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
_DEFINITE = re.compile(r"(?:\b(?:the|this|that|these|those|its|their)|['’]s)\s+(?:[\w“”\"'’-]+\s+){0,3}$", re.I)
_ASSERTS = re.compile(
    r"\b(?:carried out|launched|conducted|hit|struck|killed|wounded|injured|targeted|destroyed|took place|reported|continued|have continued|"
    r"erupted|broke out|intensified|rocked|shook|raged|occurred|resumed|began|left|claimed|pounded|staged|held|dropped|fired|there (?:was|were)|"
    r"were also|was also|backing|rained|escalated|flared|gripped|drew|gathered|met|ended|backed|saw|swept|spread|evacuated|underway|under way)\b"
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


#: "The first strike hit a market. The second hit a school.": parts of an event whose whole was told before.
_PART_OF_EVENT = re.compile(
    r"^\W*(?:(?:The|A) (?:first|second|third|fourth|other|latter|former)\b|One (?:of (?:them|the)|strike|attack|bomb|blast)\b)"
)


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one article says happened, and what was read and rejected."""

    reports: tuple[Report, ...]
    rejected: tuple[Rejected, ...]


@dataclass(slots=True)
class _Story:
    number: int
    last: Draft | None = None


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
        self.home = home_country(article, toponyms)
        self.triggers = triggers_of(article.text)
        self.story = _Story(0)
        self.drafts: list[Draft] = []
        self.rejected: list[Rejected] = []

    # Sentences ---------------------------------------------------------------------------------------------------------

    def read(self, sentence: Sentence) -> None:
        if _NEW_STORY.match(sentence.text):
            self.story = _Story(self.story.number + 1)
        hits = find_triggers(sentence.text, offset=sentence.start, among=self.triggers)
        anaphor = _ANAPHOR.search(sentence.text)
        if not hits and anaphor is None:
            return
        facts = read_facts(self.article, sentence, self.toponyms, self.gazetteer, home=self.home)
        kept = self._asserted(facts, hits)
        drafts = self._drafts(facts, kept)
        if anaphor is not None and not self._is_told(facts, anaphor, drafts):
            self._extend(facts, anaphor)
        for draft in drafts:
            self._add(draft)
        if _CONTESTED.search(sentence.text) and not drafts and self.story.last is not None and anaphor is not None:
            self.story.last.status = "contested"

    # Triggers ----------------------------------------------------------------------------------------------------------

    def _asserted(self, facts: Facts, hits: Sequence[TriggerHit]) -> list[TriggerHit]:
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

    def _future(self, facts: Facts, hit: TriggerHit) -> Reason | None:
        expression = facts.date_of((hit.start, hit.end))
        if expression is None or self.published is None:
            return None
        when = resolve(expression, published=self.published, previous=None)
        if when is not None and when.start > self.published:
            return Reason("planned", f"'{expression.text}' lies after publication.")
        return None

    def _needs_more(self, facts: Facts, hit: TriggerHit, hits: Sequence[TriggerHit]) -> bool:
        """Whether a trigger lacks what its row says it needs; such words are common and are passed over in silence."""
        if hit.text.lower() == "fighting" and re.match(
            r"\s+(?:(?:the\s+)?[A-Z]|against|alongside|for\b)", facts.words(hit.end, hit.end + 20)
        ):
            return True  # "while fighting Islamic State": not a fight that is told of
        own_site = facts.own_sites(hit)
        tolls = [t for t in facts.tolls if not t.cumulative and t.kind in ("killed", "wounded")]
        others = [h for h in hits if h is not hit and h.sub_event_type not in (BY_VICTIM,)]
        if "object" in hit.needs and not facts.territory_sites(hit):
            return True
        if "place" in hit.needs and all(s.location.level == "country" for s in own_site):
            return True
        if "toll" in hit.needs and not tolls:
            return True
        if "weapon" in hit.needs:
            clause = facts.clause(hit)
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
            goes_on = self.story.last is not None and event_type_of(self.story.last.sub) in VIOLENT
            clear = any(t.low is not None for t in tolls) and (
                goes_on or own_site or facts.dates or weapon_type(facts.sentence.text) is not None
            )
            return not (clear or (others and tolls))
        if hit.form == "noun":
            supported = bool(own_site or tolls or facts.dates or _ASSERTS.search(facts.sentence.text))
            return not supported
        return False

    def _reject(self, facts: Facts, hit: TriggerHit, reason: Reason) -> None:
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

    def _drafts(self, facts: Facts, hits: Sequence[TriggerHit]) -> list[Draft]:
        drafts = [self._draft(facts, hit) for hit in hits]
        merged: list[Draft] = []
        for draft in sorted(drafts, key=lambda d: (rank(d.trigger.sub_event_type), d.trigger.start)):
            home = next((m for m in merged if self._one_in_sentence(m, draft)), None)
            if home is None:
                merged.append(draft)
            else:
                home.absorb(draft)
        merged.sort(key=lambda d: d.trigger.start)
        for draft in merged:
            self._settle(draft, merged)
        return [d for d in merged if d.sub]

    def _draft(self, facts: Facts, hit: TriggerHit) -> Draft:
        sites = facts.territory_sites(hit) if "object" in hit.needs else facts.own_sites(hit)
        expression = facts.date_of((hit.start, hit.end))
        when = None
        if expression is not None:
            previous = self._when(self.story.last, note=False) if self.story.last is not None else None
            when = resolve(expression, published=self.published, previous=previous)
        before = facts.words(facts.sentence.start, hit.start)
        draft = Draft(
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
        draft.actors, draft.targets = cast(facts, hit, self.gazetteer)
        draft.sub = sub_event_type(hit, facts, draft.actors, draft.targets, sites)
        return draft

    def _one_in_sentence(self, a: Draft, b: Draft) -> bool:
        """Whether two triggers of one sentence tell of one event."""
        if a.own_site and b.own_site and a.sites[0].group != b.sites[0].group:
            together = a.facts.same_clause((a.trigger.start, a.trigger.end), (b.trigger.start, b.trigger.end))
            return together and b.trigger.sub_event_type in (BY_VICTIM, BY_WEAPON)
        if a.own_date and b.own_date and a.date_span != b.date_span and not dates_agree(a.when, b.when):
            return False
        if a.sub == b.sub == "Agreement" and not same_kind_of_agreement(a.trigger.text, b.trigger.text):
            return False
        loose = {BY_VICTIM, BY_WEAPON}
        if b.trigger.sub_event_type in loose or a.trigger.sub_event_type in loose or a.sub == b.sub:
            return True
        if b.sub == "Other" and event_type_of(a.sub or "Other") == "Strategic developments":
            return True
        kinds = {event_type_of(a.sub), event_type_of(b.sub)} if a.sub and b.sub else set()
        near = a.facts.cost((a.trigger.start, a.trigger.end), (b.trigger.start, b.trigger.end)) < CLAUSE_COST
        return near and kinds <= VIOLENT

    def _settle(self, draft: Draft, drafts: Sequence[Draft]) -> None:
        """Tolls, figures, place and date that the trigger does not have by itself."""
        facts = draft.facts
        self._take_tolls(draft, drafts)
        draft.figures = figures_of(facts, draft.hits)
        if len(drafts) > 1:
            self._give_back(draft, drafts)
        if not draft.own_site:
            draft.country = self._country_concerned(draft)
        if _CLAIMED.search(facts.sentence.text):
            draft.status = "claimed"
        draft.background = draft.when is None and _BACKGROUND_CUES.search(facts.clause(draft.trigger)) is not None

    def _take_tolls(self, draft: Draft, drafts: Sequence[Draft]) -> None:
        facts = draft.facts
        for toll in facts.tolls:
            if toll.cumulative or toll.included:
                continue
            span = (toll.start, toll.end)
            nearest = min(drafts, key=lambda d: (facts.cost((d.trigger.start, d.trigger.end), span), d.trigger.start))
            if nearest is draft:
                draft.tolls.append(toll)
                draft.claims.append(claim_of(toll, self.article, facts.sentence))
                place = place_of_toll(toll, facts)
                if place is not None:
                    draft.toll_places[toll.words] = place

    def _give_back(self, draft: Draft, drafts: Sequence[Draft]) -> None:
        """A place or a date of another clause belongs to the event of another type that stands nearer to it."""
        facts = draft.facts
        others = [h for d in drafts if d is not draft for h in d.hits]
        if draft.own_site:
            site = draft.sites[0]
            mine = min(facts.site_cost(hit, site) for hit in draft.hits)
            if mine >= CLAUSE_COST and any(facts.site_cost(hit, site) < mine for hit in others):
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

    def _country_concerned(self, draft: Draft) -> Toponym | None:
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

    def _is_told(self, facts: Facts, anaphor: re.Match[str], drafts: Sequence[Draft]) -> bool:
        """Whether one of a sentence's own events stands in the clause of "the operation" and so is what it means."""
        span = (facts.sentence.start + anaphor.start(), facts.sentence.start + anaphor.end())
        return any(facts.cost((d.trigger.start, d.trigger.end), span) < CLAUSE_COST for d in drafts)

    def _meant(self, facts: Facts, anaphor: re.Match[str], kinds: set[str]) -> Draft | None:
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

        def told(draft: Draft) -> int:
            words = " ".join([draft.facts.sentence.text, *(e.quote for e in draft.also)]).lower()
            return sum(word in words for word in said)

        return max(enumerate(here), key=lambda pair: (told(pair[1]), pair[0]))[1]

    def _extend(self, facts: Facts, anaphor: re.Match[str]) -> None:
        """A sentence without a trigger of its own that speaks of "the operation" adds to the event it means."""
        noun = anaphor["noun"].lower()
        kinds = _ANAPHOR_TYPES.get(noun, VIOLENT)
        target = self._meant(facts, anaphor, kinds)
        if target is None or taken_back(facts.sentence.text, anaphor.start(), anaphor.end(), form="noun") is not None:
            return
        if facts.sites and target.own_site and not share_place(facts.sites, target.sites):
            return
        expression = facts.date_of((facts.sentence.start + anaphor.start(), facts.sentence.start + anaphor.end()))
        span = (facts.sentence.start + anaphor.start(), facts.sentence.start + anaphor.end())
        if expression is not None and not facts.same_clause(span, (expression.start, expression.end)):
            expression = None
        when = resolve(expression, published=self.published, previous=target.when) if expression is not None else None
        if when is not None and target.when is not None and not overlap(when, target.when):
            return
        figures = all_figures(facts.sentence)
        claims = [claim_of(t, self.article, facts.sentence) for t in facts.tolls if not t.cumulative and not t.included]
        if noun in ("agreement", "deal", "memorandum") and facts.sites and not target.own_site:
            target.sites, target.own_site = facts.sites[:1], True
        if not (figures or claims or (when is not None and target.when is None) or facts.sites):
            return
        if when is not None and target.when is None:
            target.when, target.own_date = when, True
        add_new(target.figures, figures)
        add_claims(target.claims, claims)
        target.also.append(evidence_of(self.article, facts.sentence, ()))

    def _add(self, draft: Draft) -> None:
        last = self.story.last
        part = _PART_OF_EVENT.match(draft.facts.sentence.text) is not None and not draft.own_date
        if part and last is not None and last.claims and (not draft.own_site or share_place(draft.sites, last.sites)):
            draft.claims = []  # counted in the toll of the whole
            self._join(last, draft)
            return
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

    def _inherit(self, draft: Draft) -> None:
        """The story's last place for an event that names none, unless its own date says that it was another time."""
        if draft.sub in ("Agreement", "Change to group/activity") or draft.background or self._is_background(draft):
            return
        told = [d for d in self.drafts if d.story == self.story.number and d.sites and not self._is_background(d)]
        told = [d for d in told if d.sub != "Agreement"]
        if not told:
            return
        last = next((d for d in reversed(told) if d.sub == draft.sub), told[-1])
        then = self._when(last, note=False)
        if draft.own_date and draft.when and then and abs((draft.when.start - then.start).days) > STORY_DAYS:
            return
        draft.sites = last.sites
        draft.reasons.append(
            Reason("inherited-place", "no place in its own sentence; the last place of the story is taken")
        )

    def _same_event(self, old: Draft, new: Draft) -> bool:
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
                and set(kinds) <= VIOLENT
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
                    dates_agree(old.when, new.when)
                    and not tolls_clash(old, new)
                    and (not new.own_site or share_place(new.sites, old.sites))
                )
        if new.sub == "Agreement" and not same_kind_of_agreement(old.trigger.text, new.trigger.text):
            return False
        if new.own_date and old.own_date and not dates_agree(old.when, new.when):
            return False
        if new.own_date != old.own_date and self._is_background(new if new.own_date else old):
            return False
        actors = set(old.actors) & set(new.actors)
        if old.actors and new.actors and not actors and not (set(old.actors) & set(new.targets)):
            return False
        if tolls_clash(old, new) and not new.definite:
            return False
        dated = new.own_date and old.own_date and old.when is not None and new.when is not None
        if new.own_site and old.own_site:
            if any(
                s.location.place.id == t.location.place.id and s.location.level != "country"
                for s in new.sites
                for t in old.sites
            ):
                return True
            return bool(share_place(new.sites, old.sites) and ((dated and actors) or new.definite))
        if new.story != old.story and not (dated and actors):
            return False
        if new.sub == "Other":
            return bool(dated and actors)
        if new.sub == "Agreement":
            return True
        if new.own_site:
            return bool(dated and actors)
        if not new.own_date and not new.claims and old.sub == new.sub:
            return True  # it adds neither place nor day nor toll: another word on the same event
        return bool(dated or new.definite or actors)

    def _join(self, home: Draft, draft: Draft) -> None:
        if draft.own_site and (not home.own_site or is_finer(draft.sites, home.sites)):
            home.sites, home.own_site = draft.sites, True
        if draft.when is not None and (
            home.when is None or not home.own_date or (draft.own_date and is_sharper(draft.when, home.when))
        ):
            home.when, home.own_date = draft.when, draft.own_date
        if home.country is None:
            home.country = draft.country
        home.add_cast(draft)
        add_new(home.figures, draft.figures)
        add_claims(home.claims, draft.claims)
        if draft.facts.sentence != home.facts.sentence:
            home.also.append(evidence_of(self.article, draft.facts.sentence, spans_of(draft)))

    # Reports -----------------------------------------------------------------------------------------------------------

    def finish(self) -> Extraction:
        """The reports of all drafts, in the order of the text."""
        reports = [
            report
            for draft in self.drafts
            for report in reports_of(
                draft,
                self.article,
                when=self._when(draft),
                background=self._is_background(draft),
                published=self.published,
            )
        ]
        return Extraction(reports=tuple(reports), rejected=tuple(self.rejected))

    def _is_background(self, draft: Draft) -> bool:
        when = draft.when
        if when is None:
            country_only = bool(draft.sites) and all(s.location.level == "country" for s in draft.sites)
            running = country_only and not draft.own_date and event_type_of(draft.sub) in VIOLENT and not draft.claims
            unknown_day = draft.own_date and self.published is not None  # "a week after the talks"
            return draft.background or unknown_day or running
        if (when.end - when.start).days > CAMPAIGN_DAYS:
            return True
        return self.published is not None and (self.published - when.end).days > BACKGROUND_DAYS

    def _when(self, draft: Draft, *, note: bool = True) -> When | None:
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

    def _story_when(self, draft: Draft) -> When | None:
        """The date of the nearest earlier event or statement of the same story; one at the same place comes first."""
        if event_type_of(draft.sub) in VIOLENT:
            earlier = [
                d
                for d in self.drafts[: self.drafts.index(draft)]
                if d.story == draft.story and d.when is not None and d.own_date and not self._is_background(d)
            ]
            earlier = [d for d in earlier if event_type_of(d.sub) in VIOLENT]
            here = [d for d in earlier if draft.sites and d.sites and share_place(draft.sites, d.sites)]
            if earlier:
                return (here or earlier)[-1].when
        said = [
            when
            for e in draft.facts.dates
            if (when := resolve(e, published=self.published, previous=None)) is not None
            and SAID_BEFORE.search(draft.facts.words(draft.facts.sentence.start, e.start))
        ]
        return said[0] if said else None
