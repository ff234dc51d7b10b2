"""Sentences -> event reports: what happened, where, when, by whom, to whom, with what toll, and what was not an event.

Hides: how the sentences of an article hang together. Each trigger takes the place, date, actors and tolls of its own
clause first; a sentence without a place goes on with the last place of its story, at lower confidence and saying so.
Sentences on one event are one report. The rules are told in docs/reading.md; the word lists are tables in `geo/data/`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from gazetteer import Gazetteer
from gazetteer.patterns import lazy_pattern
from gazetteer.place import Place, Reason
from geo.antecedents import find_antecedent
from geo.cast import cast, harmed_protest, sub_event_type
from geo.casualties import TollMention
from geo.dates import TimeExpression, find_expressions, resolve
from geo.drafts import (
    VIOLENT,
    Draft,
    add_claims,
    add_new,
    all_figures,
    claim_of,
    evidence_of,
    figures_of,
    is_finer,
    is_sharper,
    overlap,
    place_of_toll,
    share_place,
    spans_of,
)
from geo.event import Article, Rejected, Report, Toponym, When, event_type_of
from geo.facts import CLAUSE_COST, Facts, read_facts
from geo.locate import find_sites, stands_before_noun
from geo.needed import screened_pattern
from geo.reported import Judged, model
from geo.reports import reports_of
from geo.sameness import HAPPENED, event_meant, is_mentioned_again, one_in_sentence, same_event
from geo.storyline import CAMPAIGN_DAYS, LEAD_CHARS, NEW_STORY, Storyline
from geo.support import asserted, is_adjectival, is_facility_taken
from geo.text import Sentence, split_sentences
from geo.triggers import BY_ACTOR, BY_VICTIM, BY_WEAPON, LEARNED, TriggerHit, find_triggers, rank, taken_back

__all__ = ["Extraction", "extract"]

#: A sentence in which no trigger tells of an event is read as one from this probability on ...
LIKELY = 0.35
#: ... if its main type is so sure, and where it has no day, of its own or of its story, from this one. All are where F1 and typed
#: F1 were best on articles of which the model had not learned.
SURE_OF_TYPE, LIKELY_WITHOUT_DAY = 0.4, 0.6
#: The words that say neither how nor by whom, as "killed" and "hit", leave the type to the model where it is so sure of it.
SURE_OF_OTHER_TYPE = 0.6
#: Below this probability it reports none, whatever its triggers: most of those events were wrong.
UNLIKELY = 0.1
#: "A court in Koblenz heard on Tuesday how guards beat prisoners to death in Damascus."
_HEARD = screened_pattern(
    r"\b(?:courts?|tribunals?|inquests?|trials?|juries|jury|judges?|hearings?|jurors|prosecutors?)\b[^.;]{0,60}?"
    r"\b(?:heard|was told|were told|listened|alleged|told the (?:court|jury|tribunal|hearing|judges?))\b",
    re.I,
)
#: What comes after an event, in words that speak for one.
_CEREMONY = screened_pattern(
    r"\b(?:buried|burials?|funerals?|vigils?|mourn(?:ed|ing)|commemorat\w+|anniversar(?:y|ies)|memorials?|autops(?:y|ies)|"
    r"post-?mortems?|inquests?|pathologists?|examined the bod(?:y|ies))\b",
    re.I,
)
#: Days around the last event of a story within which another event without a place is taken to be at the same place.
STORY_DAYS = 5
#: A date before words that only point at an event belongs to them when it is this near: "Tuesday's raid".
DATE_BEFORE_CHARS = 15
#: "Two days after the talks, jets struck": words this near to the start of a sentence open it.
OPENING_CHARS = 25
#: Before a place where the same happened.
_ALSO_THERE = lazy_pattern(
    r"(?:\bas (?:was|were|did|had|has|have)|\bso (?:did|was|were|had)|\balong with|\btogether with|\bwith it,?|\bfollowed by)"
    r"(?: in)?(?: the)?(?: (?:nearby|neighbou?ring|adjacent|border|northern|southern|eastern|western))*"
    r"(?: (?:towns?|villages?|cit(?:y|ies)|ports?|bases?|camps?) of)?\s+$"
)
#: Before a further place of a list.
_LISTED = lazy_pattern(r"(?:,|\band|,? as well as)\s+(?:then\s+|later\s+)?(?:(?:in|near|at|on)\s+)?(?:the \w+ of )?$")
#: Before the name of a place where something happened, and after the name of a part of a town.
_AT_NAME = lazy_pattern(
    r"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Oo]utside|[Aa]round|(?:town|village|hamlet|camp|city)s? of) "
    r"(?P<name>(?:al-|el-)?[A-ZÀ-Þ][a-zà-ÿ'’]{2,}(?:-[\w'’]+)?(?: [A-ZÀ-Þ][\w'’-]+){0,2})"
)
_NO_PLACE = lazy_pattern(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|"
    r"\w+day|Ramadan|Eid|Easter|Christmas|Parliament|Congress|Islam|Arabic|English|French|Russian|Telegram|Twitter|Facebook|The|"
    r"Operation|State|Army|Parliament)\b"
)
_PART_OF_TOWN = lazy_pattern(
    r"['’]?s? (?:\w+ )?(?:district|neighbou?rhood|quarter|suburb|area|street|square|market|hospital|school|university|hotel|mosque|church|"
    r"prison|intersection|junction|roundabout|bridge|airport|building|compound|mall|station|road|avenue|theatre|stadium)\b",
    re.I,
)
#: Strikes from afar, and words that mean them where the story tells of them.
_FROM_AFAR = ("Air/drone strike", "Shelling/artillery/missile attack")
_FROM_AFAR_NOUN = lazy_pattern(r"\b(?:raids?|bombardments?|strikes?|bombings?|barrages?|shelling)\b", re.I)
#: A sentence without a place goes on with one that was named this near before it, where no event was told.
NAMED_BEFORE_CHARS = 300
#: Before a place where somebody came from, goes to or speaks.
_GOING = lazy_pattern(
    r"\b(?:to|towards?|from|via|for|into|said in|spoke in|based in|told|like|than|as in)\s+(?:the )?(?:[\w-]+ ){0,2}$",
    re.I,
)
#: "10.15am GMT", "14:32": the head of an entry of a live blog.
_TIME_STAMP = lazy_pattern(
    r"^\W*(?:(?:updated|posted|published)\s+(?:at\s+)?)?\d{1,2}[:.]\d{2}\s*(?:[ap]\.?m\.?)?\s*"
    r"(?:GMT|BST|UTC|CET|CEST|EST|EDT|EEST|EET|local time|$|[-–—|]|(?=[A-Z“\"]))"
)
_ANAPHOR = screened_pattern(
    r"\b(?:the|this|that|these|those|its) (?:[\w“”\"'’-]+ ){0,3}(?P<noun>operations?|offensive|attacks?|strikes?|raids?|bombings?|bombardments?|"
    r"air ?strikes?|assault|explosions?|blasts?|ambush|clashes|fighting|battles?|incident|shelling|incursion|agreement|deal|memorandum|"
    r"document|truce|cease-?fire|evacuation|protests?|demonstrations?|killings?|abductions?|massacre|deaths|unrest|bloodshed)\b",
    re.I,
)
_ANAPHOR_TYPES = {
    "agreement": {"Strategic developments"}, "deal": {"Strategic developments"}, "memorandum": {"Strategic developments"},
    "document": {"Strategic developments"}, "truce": {"Strategic developments"}, "ceasefire": {"Strategic developments"},
    "cease-fire": {"Strategic developments"}, "evacuation": {"Strategic developments"}, "protest": {"Protests", "Riots"},
    "protests": {"Protests", "Riots"}, "demonstration": {"Protests", "Riots"}, "demonstrations": {"Protests", "Riots"},
    "unrest": {"Protests", "Riots"}, "deaths": VIOLENT | {"Protests", "Riots"},
}  # fmt: skip
_DEFINITE = lazy_pattern(r"(?:\b(?:the|this|that|these|those|its|their)|['’]s)\s+(?:[\w“”\"'’-]+\s+){0,3}$", re.I)
_CLAIMED = screened_pattern(
    r"\b(?:claim(?:s|ed|ing)?|alleged(?:ly)?|purported(?:ly)?|reportedly|unconfirmed|could not be (?:independently )?verified)\b",
    re.I,
)
_CONTESTED = lazy_pattern(
    r"\b(?:den(?:y|ies|ied|ying)|reject(?:s|ed|ing)|disput(?:es|ed|ing)|dismiss(?:es|ed|ing)|contradict(?:s|ed|ing))\b"
    r"(?! (?:the )?(?:visa|entry|access|bail))",
    re.I,
)
_BACKGROUND_CUES = lazy_pattern(
    r"\b(?:since \d{4}|years? ago|months ago|last (?:month|year)|previously|in the past|at the height of|decade|earlier this (?:month|year)|"
    r"for (?:more than |over |nearly |almost |at least )?(?:\w+ )?(?:decades|years|centuries)|(?:decades?|years?)-long|"
    r"long-running|(?:is|are) (?:currently |now |still )+(?:being )?(?:held|detained|imprisoned)|"
    r"(?:began|started|begun) (?:as|with)|since the (?:\d{4}s|early|late|mid))\b",
    re.I,
)
_SINCE_IT = lazy_pattern(
    r"\W*(?:Ever )?[Ss]ince (?:the |an? )?(?!then|last|late|early|mid|this|\w+day|\d)\w+ (?:[\w'’-]+ ){0,3}\w+ed\b"
)
#: "two days after a drone strike", "hours after the talks": which side of the words the later event stands.
_COUNTED_FROM = lazy_pattern(r"\b(?P<relation>after|before)$", re.I)
#: "The assault came two days after a strike".
_CAME = lazy_pattern(
    r"\b(?:came|comes|coming|took place|occurred|happened|followed|follows)\s+(?:just |only |barely |less than |about |some |almost )*$",
    re.I,
)
#: "two weeks after the abductions", "a day after Friday's attack": the event of which the text has told.
_AFTER_TOLD = lazy_pattern(
    r"\s+(?:the|that|this|those|these|its|their)\s+(?:[\w'’-]+\s+){0,3}?(?:attacks?|strikes?|raids?|bombings?|assault|explosions?|blasts?|"
    r"killings?|abductions?|kidnappings?|massacre|shooting|clashes|offensive|battle|shelling|bombardment|ambush|truce|ceasefire|deal|agreement|"
    r"incident|air ?strikes?|capture|fall|coup)\b",
    re.I,
)
#: Who is told of again: "The bomber struck", "The jets hit".
_TOLD_SUBJECT = lazy_pattern(
    r"\W*(?:The|Both|These|Those) (?:[\w-]+ ){0,2}?(?:bombers?|attackers?|gunm[ae]n|assailants?|raiders|assassins?|jets?|planes?|"
    r"warplanes?|aircraft|drones?|missiles?|rockets?|shells?|device|vehicle|car|truck|bombs?|explosives)"
    r"(?: (?:had|was|were|then|also|first|later|reportedly))*\s+$"
)
#: Between a toll and its own verb: "200 civilians were killed".
_ITS_VERB = lazy_pattern(r",?(?: \w+)? (?:was|were|have been|had been|has been|are)(?: \w+ly)? ")
#: "a drone that entered its airspace": the land of who acts.
_ITS_LAND = lazy_pattern(r"\bits (?:own )?(?:air ?space|territory|soil|waters|skies|side of the border)\b", re.I)
#: A country's own: its interests make it a party, its north, its towns and its wars the place.
_OWNS = lazy_pattern(r"['’´]s? \w")
_OWNED_LAND = lazy_pattern(
    r"['’´]s? (?:[\w-]+ ){0,2}?(?:north|south|east|west|cent(?:er|re)|coast|border|capital|cit(?:y|ies)|towns?|provinces?|regions?|war|conflict|"
    r"uprising|revolution|territory|soil|skies|villages?|areas?|interior|countryside|deserts?|streets|prisons?)",
    re.I,
)
_WAR_OF = lazy_pattern(
    r" (?:civil war|war\b|conflict|uprising|revolution|civilians|soil|territory|border|town|city|village|desert|capital|countryside)",
    re.I,
)
#: "The first strike hit a market. The second hit a school.": parts of an event whose whole was told before.
_PART_OF_EVENT = lazy_pattern(
    r"^\W*(?:(?:The|A) (?:first|second|third|fourth|other|latter|former)\b|One (?:of (?:them|the)|strike|attack|bomb|blast)\b)"
)


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one article says happened, and what was read and rejected."""

    reports: tuple[Report, ...]
    rejected: tuple[Rejected, ...]


def extract(
    article: Article, toponyms: Sequence[Toponym], gazetteer: Gazetteer, *, published: date | None = None
) -> Extraction:
    """The event reports of an article in the order of its text, and what was rejected.

    `published` (by default the article's own) resolves relative dates; without one they stay unknown.
    """
    published = published if published is not None else article.published
    line = Storyline(article, toponyms, gazetteer, published)
    reader = _Reader(line)
    sentences = split_sentences(article.text)
    line.body_start = next((s.start for s in sentences if s.kind == "body"), 0)
    for sentence in sentences:
        if _TIME_STAMP.match(sentence.text):
            line.open_story(sentence.start)
        if sentence.kind == "body":
            reader.read(sentence)
    return reader.finish()


def _is_bare(report: Report) -> bool:
    """Whether a report tells that something happened in a country at some time, as opinions do of a war."""
    country_only = report.location is None or report.location.level == "country"
    return country_only and report.when is None and not report.claims


class _Reader:
    """Reads an article's sentences in order; the story that they tell is in `line`."""

    def __init__(self, line: Storyline) -> None:
        self.line = line

    def read(self, sentence: Sentence) -> None:
        """Reads one sentence, and keeps it for the next, which may go on with its day."""
        self._read(sentence)
        self.line.before = sentence

    def _read(self, sentence: Sentence) -> None:
        if NEW_STORY.match(sentence.text):
            self.line.open_story(sentence.start)
        hits = find_triggers(sentence.text, offset=sentence.start)
        anaphor = _ANAPHOR.search(sentence.text)
        back = {
            h.start: taken_back(sentence.text, h.start - sentence.start, h.end - sentence.start, form=h.form)
            for h in hits
        }
        judged: Judged | None = None
        told = any(r is None or r.code == "reference" for r in back.values())
        if anaphor is None and not told:
            for hit in hits:
                self.line.reject(sentence, hit, back[hit.start])
            if hits or not (self.line.is_of_conflict and self._may_be_found(sentence)):
                return
            judged = self._judge(sentence, (), {})
            if judged.probability < LIKELY:
                return
        names = self.line.names_in(sentence)
        facts = read_facts(self.line.article, sentence, names, self.line.gazetteer, home=self.line.home)
        kept = asserted(self.line, facts, hits, back)
        rejected = self.line.rejected
        codes = {h.start: rejected[h.start, h.end].reason.code for h in hits if (h.start, h.end) in rejected}
        open_to_model = (
            self.line.is_of_conflict and bool(facts.sites or facts.dates) and set(codes.values()) <= {"unsupported"}
        )
        if judged is None and (kept or open_to_model):
            judged = self._judge(sentence, hits, codes)
        if kept and judged is not None and judged.probability < UNLIKELY:
            for hit in kept:
                self.line.reject(
                    sentence, hit, Reason("unlikely", "The sentence does not read like the report of an event.")
                )
            kept = []
        elif not kept and judged is not None and judged.probability >= LIKELY:
            kept = self._found(facts, judged)
        drafts = self._drafts(facts, kept)
        if judged is not None and len(drafts) == 1 and drafts[0].trigger.sub_event_type in (BY_VICTIM, BY_WEAPON):
            kind, probability = model().kind(judged)
            if probability >= SURE_OF_OTHER_TYPE and kind != BY_ACTOR:
                drafts[0].likely = kind
        if anaphor is not None and not self._is_told(facts, anaphor, drafts):
            self._extend(facts, anaphor)
        for draft in drafts:
            self._add(draft)
        if anaphor is not None and not drafts and self.line.story.last is not None and _CONTESTED.search(sentence.text):
            self.line.story.last.status = "contested"

    def _may_be_found(self, sentence: Sentence) -> bool:
        """Whether a sentence may say where or when something was, without which nothing is found in it."""
        placed = any(t.place is not None for t in self.line.names_in(sentence)) or "the country" in sentence.text
        return placed or bool(find_expressions(sentence.text))

    def _judge(self, sentence: Sentence, hits: Sequence[TriggerHit], codes: Mapping[int, str]) -> Judged:
        """How likely a sentence reports an event, by its words, its triggers, and what takes each of them back."""
        names = [(t.start - sentence.start, t.end - sentence.start, t.role) for t in self.line.names_in(sentence)]
        return model().judge(sentence.text, names, ((hit.sub_event_type, codes.get(hit.start)) for hit in hits))

    def _found(self, facts: Facts, judged: Judged) -> list[TriggerHit]:
        """The word that speaks most for an event, as the trigger of one that no table knows, when the sentence says where or when."""
        kind, probability = model().kind(judged)
        span = model().anchor(judged, kind)
        text = facts.sentence.text
        if span is None or kind == "Agreement" or _CEREMONY.search(text) or any(t.cumulative for t in facts.tolls):
            return []
        if any(taken_back(text, *span, form=form) for form in ("verb", "noun")):
            return []
        start, end = facts.sentence.start + span[0], facts.sentence.start + span[1]
        words, likely = facts.words(start, end), judged.probability
        hit = TriggerHit(start, end, words, kind, LEARNED, frozenset(), probability=likely)
        last = self.line.story.last
        sites, dated = facts.own_sites(hit), facts.date_of((start, end)) is not None
        least = LIKELY if dated or (last is not None and last.own_date) else LIKELY_WITHOUT_DAY
        if not (sites or dated):
            return []
        if probability < SURE_OF_TYPE or likely < least:
            lack = f"No trigger is known; the words speak for an event ({likely:.0%}), but too little is sure of it."
            self.line.reject(facts.sentence, hit, Reason("unsure", lack))
            return []
        return asserted(self.line, facts, [hit], {start: None})

    def _drafts(self, facts: Facts, hits: Sequence[TriggerHit]) -> list[Draft]:
        drafts = [self._draft(facts, hit) for hit in hits]
        merged: list[Draft] = []
        for draft in sorted(drafts, key=lambda d: (rank(d.trigger.sub_event_type), d.trigger.start)):
            span = (draft.trigger.start, draft.trigger.end)
            homes = [m for m in merged if one_in_sentence(m, draft)]
            home = min(homes, key=lambda m: facts.cost((m.trigger.start, m.trigger.end), span), default=None)
            if home is None:
                merged.append(draft)
            else:
                home.absorb(draft)
                if home.sub == "Looting/property destruction" and event_type_of(draft.sub or "Other") in VIOLENT:
                    home.sub = draft.sub  # what people did who also killed
        merged.sort(key=lambda d: d.trigger.start)
        merged = [part for draft in merged for part in self._by_day(draft, merged)]
        for draft in merged:
            self._add_also_there(draft, merged)
            self._settle(draft, merged)
        dated = [d for d in merged if d.own_date and d.when is not None and d.date_span is not None]
        if len(dated) == 1 and len(merged) > 1 and dated[0].sub != "Agreement":
            for draft in merged:
                if (
                    not draft.own_date
                    and not draft.background
                    and draft.sub != "Agreement"
                    and draft.trigger.start not in self.line.pointed
                ):
                    draft.when, draft.own_date, draft.date_span = dated[0].when, True, dated[0].date_span
        self._count_days(facts, merged)
        days = [d.when.start for d in merged if d.own_date and d.when is not None]
        for draft in merged:
            since = any(e.kind == "since" and draft.date_span == (x.start, x.end) for e in facts.dates for x in e.inner)
            draft.look_back = draft.when is not None and (
                since or draft.when.start < max(days, default=draft.when.start)
            )
        return [d for d in merged if d.sub]

    def _by_day(self, draft: Draft, drafts: Sequence[Draft]) -> list[Draft]:
        """One draft for each place with a day of its own: "hit Idlib on Monday, Sarmin on Tuesday and Binnish on Wednesday"."""
        facts, parts = draft.facts, [draft]
        if (
            not draft.own_site
            or not draft.own_date
            or draft.antecedent
            or event_type_of(draft.sub or "Other") not in VIOLENT
        ):
            return parts
        taken = {s.start for d in drafts for s in d.sites}
        for site in facts.sites:
            day = next((e for e in facts.dates if 0 <= e.start - site.end <= 2), None)
            listed = _LISTED.search(facts.words(facts.sentence.start, site.start)) is not None
            if (
                site.start in taken
                or day is None
                or not listed
                or site.start < draft.trigger.end
                or draft.date_span is None
            ):
                continue
            when = resolve(day, published=self.line.published, previous=draft.when)
            if when is None or draft.date_span[0] == day.start:
                continue
            parts.append(
                replace(
                    draft, sites=(site,), when=when, date_span=(day.start, day.end), claims=[], tolls=[], figures=[],
                    also=[], toll_places={}, reasons=[], actors=dict(draft.actors), targets=dict(draft.targets),
                )
            )  # fmt: skip
        return parts

    @staticmethod
    def _add_also_there(draft: Draft, drafts: Sequence[Draft]) -> None:
        """Adds the places of which a sentence says that it happened there too: "Faizabad was overrun, as was Farah"."""
        facts, first = draft.facts, draft.sites[0] if draft.sites else None
        if first is None or draft.antecedent or not draft.own_site or draft.trigger.form == "noun":
            return
        for site in facts.sites:
            before = facts.words(facts.sentence.start, site.start)
            if (
                site.start > max(first.end, draft.trigger.end)
                and site.location.level != "country"
                and _ALSO_THERE.search(before) is not None
                and not any(share_place((site,), d.sites) for d in drafts)
            ):
                draft.sites = (*draft.sites, site)

    def _count_days(self, facts: Facts, drafts: Sequence[Draft]) -> None:
        """Dates of "two days after a strike": the event before the words from the one behind them, or the other way round."""
        for e in facts.dates:
            match = _COUNTED_FROM.search(e.text) if e.kind == "clause" else None
            if match is None:
                continue
            later, earlier = ("later", "earlier") if match["relation"].lower() == "after" else ("earlier", "later")
            opens = e.start - facts.sentence.start < OPENING_CHARS
            behind = [
                d
                for d in drafts
                if d.trigger.start >= e.end
                and (not opens or facts.same_clause((e.start, e.end), (d.trigger.start, d.trigger.end)))
            ]
            counted = next((d for d in behind if "," not in facts.words(e.end, d.trigger.start)), None)
            main = [d for d in drafts if d is not counted and (d.trigger.start < e.start or opens)]
            told = self.line.when(self.line.story.last, note=False) if self.line.story.last is not None else None
            if counted is None and not _AFTER_TOLD.match(facts.words(e.end, facts.sentence.end)):
                continue
            own = counted.when if counted is not None and counted.date_span != (e.start, e.end) else None
            if counted is None and (anaphor := _ANAPHOR.search(facts.words(e.end, facts.sentence.end))) is not None:
                meant = event_meant(self.line, facts, anaphor, _ANAPHOR_TYPES.get(anaphor["noun"].lower(), VIOLENT))
                told = self.line.when(meant, note=False) if meant is not None else told
            start = own if own is not None else told if counted is None else None
            if start is not None:
                for draft in main:
                    if draft.when is None:
                        draft.when, draft.own_date = self._counted(e, later, start), True
                continue
            before = facts.words(facts.sentence.start, e.start)
            anchor = next((d.when for d in main if d.when is not None), None)
            if anchor is None and _CAME.search(before):
                anchor = told
            if (
                anchor is None
                and main
                and counted is not None
                and self.line.is_news(main[0])
                and self.line.published is not None
            ):
                anchor = told
            if counted is not None and anchor is not None:
                counted.when, counted.own_date = self._counted(e, earlier, anchor), True

    def _counted(self, e: TimeExpression, which: str, start: When) -> When | None:
        """The days that "two days after" counts from an event of known days."""
        return resolve(replace(e, kind="anchor", which=which), published=self.line.published, previous=start)

    def _draft(self, facts: Facts, hit: TriggerHit) -> Draft:
        sites = facts.territory_sites(hit) if "object" in hit.needs else facts.own_sites(hit)
        if not sites and "object" in hit.needs and is_facility_taken(facts, hit):
            sites = facts.own_sites(hit)
        antecedent = find_antecedent(self.line, facts, hit) if all(s.location.level == "country" for s in sites) else ()
        sites = antecedent or sites
        expression = facts.date_of((hit.start, hit.end))
        when = None
        if expression is not None:
            previous = self.line.when(self.line.story.last, note=False) if self.line.story.last is not None else None
            if previous is None and expression.kind in ("anchor", "part_of_day"):
                days = (
                    resolve(e, published=self.line.published, previous=None) for e in facts.dates if e != expression
                )
                previous = next(
                    (day for day in days if day is not None), None
                )  # "On Monday, police said ... the previous night"
            if expression.kind == "anchor":
                own = (
                    e
                    for e in reversed(facts.dates)
                    if e.end <= expression.start and e.kind in ("weekday", "day", "month_day")
                )
                days = (resolve(e, published=self.line.published, previous=None) for e in own)
                previous = next((day for day in days if day is not None), previous)
            when = resolve(expression, published=self.line.published, previous=previous)
        before = facts.words(facts.sentence.start, hit.start)
        learned = f"no trigger is known; the words of the sentence, as '{hit.text}', speak for it"
        draft = Draft(
            facts=facts,
            trigger=hit,
            sub="",
            hits=[hit],
            sites=sites,
            own_site=bool(sites),
            antecedent=bool(antecedent),
            when=when,
            own_date=when is not None
            or (expression is not None and (self.line.published is None or expression.kind == "clause")),
            date_span=(expression.start, expression.end) if expression is not None else None,
            reasons=[Reason("learned", f"{learned} ({hit.probability:.0%})")] if hit.form == LEARNED else [],
            story=self.line.story.number,
            background=hit.start in self.line.pointed and expression is None,
            definite=hit.start in self.line.pointed
            or (hit.form == "noun" and _DEFINITE.search(before) is not None)
            or (hit.form == "verb" and _TOLD_SUBJECT.fullmatch(before) is not None),
        )
        if hit.start in self.line.pointed and expression is not None and hit.start - expression.end > DATE_BEFORE_CHARS:
            draft.undate()
        if is_adjectival(facts, hit):
            draft.undate()
            draft.described = draft.background = True
        if _HEARD.search(before) is not None:  # the day is that of the hearing
            draft.undate()
            draft.background = True
        if antecedent:
            draft.reasons.append(Reason("antecedent-place", f"a word that stands for {antecedent[0].location.phrase}"))
        if not draft.own_date and not draft.background and (day := self.line.day_before(facts.sentence)) is not None:
            draft.when = day
            draft.reasons.append(
                Reason(
                    "inherited-date", f"no date of its own; '{day.basis}' at the head of the sentence before is taken"
                )
            )
        draft.actors, draft.targets = cast(facts, hit, self.line.gazetteer)
        draft.sub = self._in_story(draft, sub_event_type(hit, facts, draft.actors, draft.targets, sites))
        return draft

    def _in_story(self, draft: Draft, sub: str) -> str:
        """The sub-event type that the story gives to words that leave it open: "the raids" of bombers, shops burned in a riot."""
        last = self.line.story.last
        if last is None:
            return sub
        of_protest = sub == "Attack" and not draft.actors and last.sub == "Excessive force against protesters"
        if draft.trigger.sub_event_type == BY_VICTIM and of_protest:
            return last.sub
        if draft.trigger.sub_event_type == BY_VICTIM and sub in ("Attack", "Armed clash") and last.sub in _FROM_AFAR:
            return last.sub if _FROM_AFAR_NOUN.search(draft.facts.clause(draft.trigger)) else sub
        if sub == "Looting/property destruction" and last.sub in ("Violent demonstration", "Mob violence"):
            crowd = all(a.kind in ("Civilians", "Rioters", "Protesters") for a in draft.actors.values())
            return "Violent demonstration" if crowd else sub
        return sub

    def _settle(self, draft: Draft, drafts: Sequence[Draft]) -> None:
        """Tolls, figures, place and date that the trigger does not have by itself."""
        facts = draft.facts
        self._take_tolls(draft, drafts)
        if draft.sub == "Peaceful protest" and draft.tolls:
            draft.sub = harmed_protest(draft.tolls)
        draft.figures = figures_of(facts, draft.hits)
        if len(drafts) > 1:
            self._give_back(draft, drafts)
        if not draft.own_site:
            draft.country = self._country_concerned(draft)
        if _CLAIMED.search(facts.sentence.text):
            draft.status = "claimed"
        draft.background = draft.background or (draft.when is None and self._is_past(facts.clause(draft.trigger)))

    @staticmethod
    def _is_past(clause: str) -> bool:
        """Whether a clause says of an undated event that it was long before: "years ago", "Since the army attacked, ..."."""
        return _BACKGROUND_CUES.search(clause) is not None or _SINCE_IT.match(clause) is not None

    def _take_tolls(self, draft: Draft, drafts: Sequence[Draft]) -> None:
        facts = draft.facts
        for toll in facts.tolls:
            if toll.included or (toll.cumulative and not self._is_total_of(draft)):
                continue
            span = (toll.start, toll.end)
            nearest = min(
                drafts,
                key=lambda d: (
                    d.described,
                    min(
                        0 if _ITS_VERB.fullmatch(facts.words(toll.end, h.start)) else facts.cost((h.start, h.end), span)
                        for h in d.hits
                    ),
                    d.trigger.start,
                ),
            )
            if nearest is draft:
                self._add_site_of(toll, draft, drafts)
                if toll.kind == "detained" and draft.sub not in (
                    "Arrests",
                    "Non-violent transfer of territory",
                    "Other",
                ):
                    if draft.sub != "Abduction/forced disappearance":
                        continue  # "was captured" of a town
                    # Abducted, and held by no authority.
                    draft.claims.append(claim_of(replace(toll, kind="missing"), self.line.article, facts.sentence))
                else:
                    draft.claims.append(claim_of(toll, self.line.article, facts.sentence))
                draft.tolls.append(toll)
                place = place_of_toll(toll, facts)
                if place is not None:
                    draft.toll_places[toll.words] = place

    @staticmethod
    def _add_site_of(toll: TollMention, draft: Draft, drafts: Sequence[Draft]) -> None:
        """Adds the place that a toll names for itself, where no other event of the sentence has it: "and two in Binnish"."""
        place = place_of_toll(toll, draft.facts)
        taken = {s.location.place.id for d in drafts for s in d.sites}
        if (
            place is None
            or place in taken
            or not draft.own_site
            or draft.antecedent
            or event_type_of(draft.sub or "Other") not in VIOLENT
        ):
            return
        site = next(s for s in draft.facts.sites if s.location.place.id == place)
        if site.location.level != "country" and not any(share_place((site,), d.sites) for d in drafts):
            draft.sites = (*draft.sites, site)

    @staticmethod
    def _is_total_of(draft: Draft) -> bool:
        """Whether a total since a day is the toll of the event itself, which lasted from that day on."""
        return (
            draft.own_date and draft.when is not None and 0 < (draft.when.end - draft.when.start).days <= CAMPAIGN_DAYS
        )

    def _give_back(self, draft: Draft, drafts: Sequence[Draft]) -> None:
        """A place or a date of another clause belongs to the event of another type that stands nearer to it."""
        facts = draft.facts
        others = [h for d in drafts if d is not draft and not d.described for h in d.hits]
        which = "object" in draft.trigger.needs and facts.is_taken_before(draft.trigger)
        if draft.own_site and not draft.antecedent and not which:
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
                draft.undate()

    def _country_concerned(self, draft: Draft) -> Toponym | None:
        """The country that the sentence says it is about, for agreements: not a party, "the Syrian government and rebels"."""
        parties = {
            a.country
            for a in draft.actors.values()
            if a.state or a.metonym or draft.sub != "Agreement" or a.is_country_force
        }
        own = _ITS_LAND.search(draft.facts.clause(draft.trigger)) is not None and len(parties) == 1
        for toponym in draft.facts.countries:
            after = self.line.article.text[toponym.end : toponym.end + 20]
            if toponym.role == "demonym" and draft.sub != "Agreement" and not _WAR_OF.match(after):
                continue
            if toponym.place is not None and own and toponym.place.country in parties:
                return toponym
            if toponym.role == "metonym" or toponym.place is None or toponym.place.country in parties:
                continue
            if (
                re.match(r"[-‐‑]\w|['’´]s [A-Z]", after)
                or (_OWNS.match(after) and not _OWNED_LAND.match(after))
                or (toponym.role == "demonym" and re.match(r" [A-Z]", after))
            ):
                continue
            if stands_before_noun(toponym, self.line.article.text):
                continue
            return toponym
        return None

    def _is_told(self, facts: Facts, anaphor: re.Match[str], drafts: Sequence[Draft]) -> bool:
        """Whether one of a sentence's own events stands in the clause of "the operation" and so is what it means."""
        span = (facts.sentence.start + anaphor.start(), facts.sentence.start + anaphor.end())
        return any(facts.cost((d.trigger.start, d.trigger.end), span) < CLAUSE_COST for d in drafts)

    def _extend(self, facts: Facts, anaphor: re.Match[str]) -> None:
        """A sentence without a trigger of its own that speaks of "the operation" adds to the event it means."""
        noun = anaphor["noun"].lower()
        kinds = _ANAPHOR_TYPES.get(noun, VIOLENT)
        target = event_meant(self.line, facts, anaphor, kinds)
        if target is None or taken_back(facts.sentence.text, anaphor.start(), anaphor.end(), form="noun") is not None:
            return
        if facts.sites and target.own_site and not share_place(facts.sites, target.sites):
            return
        expression = facts.date_of((facts.sentence.start + anaphor.start(), facts.sentence.start + anaphor.end()))
        span = (facts.sentence.start + anaphor.start(), facts.sentence.start + anaphor.end())
        if expression is not None and not facts.same_clause(span, (expression.start, expression.end)):
            expression = None
        when = (
            resolve(expression, published=self.line.published, previous=target.when) if expression is not None else None
        )
        if when is not None and target.when is not None and not overlap(when, target.when):
            return
        figures = all_figures(facts.sentence)
        hurts = not kinds <= {"Strategic developments"}
        tolls = [t for t in facts.tolls if hurts and not t.cumulative and not t.included]
        claims = [claim_of(t, self.line.article, facts.sentence) for t in tolls]
        unplaced = not target.own_site or all(s.location.level == "country" for s in target.sites)
        if noun in ("agreement", "deal", "memorandum") and facts.sites and not target.own_site:
            target.sites, target.own_site = facts.sites[:1], True
        elif unplaced and facts.sites and HAPPENED.match(facts.words(span[1], span[1] + 40)):
            target.sites, target.own_site = facts.sites[:1], True  # "The deaths occurred in the city of Juliaca"
        if not (figures or claims or (when is not None and target.when is None) or facts.sites):
            return
        if when is not None and target.when is None:
            target.when, target.own_date = when, True
        add_new(target.figures, figures)
        add_claims(target.claims, claims)
        target.also.append(evidence_of(self.line.article, facts.sentence, ()))

    def _add(self, draft: Draft) -> None:
        if draft.trigger.form == LEARNED and self.line.is_background(draft):
            return
        last = self.line.story.last
        part = _PART_OF_EVENT.match(draft.facts.sentence.text) is not None and not draft.own_date
        if part and last is not None and last.claims and (not draft.own_site or share_place(draft.sites, last.sites)):
            draft.claims = []  # counted in the toll of the whole
            self._join(last, draft)
            return
        home = next((d for d in reversed(self.line.drafts) if same_event(self.line, d, draft)), None)
        if home is not None:
            self._join(home, draft)
            self.line.story.last = home
            return
        if is_mentioned_again(self.line, draft):
            return
        if draft.definite and not draft.own_site and not draft.claims:
            kind = event_type_of(draft.sub)
            if any(event_type_of(d.sub) == kind for d in self.line.drafts):
                return  # "the strikes" of which the article has told already
        if draft.own_site and all(map(draft.facts.is_tellers, draft.sites)) and self._is_at_unknown(draft):
            draft.sites, draft.own_site = (), False
        if not draft.own_site and not self._is_at_unknown(draft):
            self._inherit(draft)
        if draft.trigger.form == LEARNED and all(s.location.is_area for s in draft.sites):
            return  # too little is sure of it
        if draft.likely and event_type_of(draft.likely) != event_type_of(draft.sub):
            draft.sub = draft.likely  # "shot dead" where a march was fired on
        self.line.drafts.append(draft)
        if draft.trigger.form != LEARNED or self.line.story.last is None:
            self.line.story.last = draft

    def _is_at_unknown(self, draft: Draft) -> bool:
        """Whether an event names its place and no gazetteer has it: it is not at the place of the story."""
        facts, hit = draft.facts, draft.trigger
        named = {t.start for t in self.line.toponyms if t.place is not None} | {a.start for a in facts.actors}
        for match in _AT_NAME.finditer(facts.sentence.text):
            start, end = facts.sentence.start + match.start("name"), facts.sentence.start + match.end("name")
            if start in named or _NO_PLACE.match(match["name"]) or _PART_OF_TOWN.match(facts.words(end, end + 30)):
                continue
            if facts.same_clause((hit.start, hit.end), (start, end)) and not any(
                a.start <= start < a.end for a in facts.actors
            ):
                return True
        return False

    def _inherit(self, draft: Draft) -> None:
        """The story's last place for an event that names none, unless its own date says that it was another time."""
        if draft.sub in ("Agreement", "Change to group/activity") or draft.background or self.line.is_background(draft):
            return
        told = [
            d
            for d in self.line.drafts
            if d.story == self.line.story.number and d.sites and not self.line.is_background(d)
        ]
        told = [d for d in told if d.sub != "Agreement"]
        if not told:
            self._inherit_named(draft)
            return
        last = next((d for d in reversed(told) if d.sub == draft.sub), told[-1])
        then = self.line.when(last, note=False)
        if draft.own_date and draft.when and then and abs((draft.when.start - then.start).days) > STORY_DAYS:
            return
        draft.sites = last.sites
        draft.reasons.append(
            Reason("inherited-place", "no place in its own sentence; the last place of the story is taken")
        )

    def _inherit_named(self, draft: Draft) -> None:
        """The place that the sentences right before name, where the story has told of no event yet."""
        start = draft.facts.sentence.start
        since = max(self.line.body_start, self.line.story.start, start - NAMED_BEFORE_CHARS)
        text = self.line.article.text
        named = [
            t
            for t in self.line.toponyms
            if since <= t.start < start and not _GOING.search(text[max(0, t.start - 40) : t.start])
        ]
        sites = [
            s
            for s in find_sites(text, named, self.line.gazetteer)
            if s.location.place.country and s.location.level != "country"
        ]
        if sites:
            plain = [s for s in sites if s.location.level != "near"]  # "Douma, near Damascus"
            draft.sites = ((plain or sites)[-1],)
            draft.reasons.append(
                Reason("inherited-place", "no place in its own sentence; the last place that was named is taken")
            )

    def _join(self, home: Draft, draft: Draft) -> None:
        if draft.own_site and (not home.own_site or is_finer(draft.sites, home.sites)):
            home.sites, home.own_site = draft.sites, True
        if draft.when is not None and (
            home.when is None or not home.own_date or (draft.own_date and is_sharper(draft.when, home.when))
        ):
            home.when, home.own_date = draft.when, draft.own_date
        if home.country is None:
            home.country = draft.country
        if home.trigger.sub_event_type == BY_VICTIM and home.sub == "Attack" and event_type_of(draft.sub) in VIOLENT:
            home.sub = draft.sub  # the first sentence says who died, this one how
        if draft.sub != "Non-violent transfer of territory" or home.sub == draft.sub:
            home.add_cast(draft)  # who left a place took no part in its capture
        add_new(home.figures, draft.figures)
        add_claims(home.claims, draft.claims)
        if draft.facts.sentence != home.facts.sentence:
            home.also.append(evidence_of(self.line.article, draft.facts.sentence, spans_of(draft)))

    def finish(self) -> Extraction:
        """The reports of all drafts, in the order of the text."""
        code = self.line.home or self.line.usual_country()
        home = self.line.gazetteer.country(code) if code is not None else None
        told = [d for d in self.line.drafts if not self._is_covered(d) and not self._is_vague(d, home)]
        reports = [
            report
            for draft in told
            for report in reports_of(
                draft,
                self.line.article,
                when=self.line.when(draft),
                background=self.line.is_background(draft),
                published=self.line.published,
                home=home or self._home_of_group(draft),
            )
        ]
        if self.line.published is not None and all(map(_is_bare, reports)):
            lack = Reason("vague", "The article tells of no town, no day and no toll.")
            for draft in told:
                self.line.reject(draft.facts.sentence, draft.trigger, lack)
            reports = []
        return Extraction(reports=tuple(reports), rejected=tuple(self.line.rejected.values()))

    def _home_of_group(self, draft: Draft) -> Place | None:
        """The country of the one armed group that a draft names and that has a country: where no place is told, it is there."""
        homes = {
            actor.country
            for actor in (*draft.actors.values(), *draft.targets.values())
            if actor.kind in ("Rebel group", "Political militia", "Identity militia")
        }
        country = next(iter(homes)) if len(homes) == 1 else None
        return self.line.gazetteer.country(country) if country is not None else None

    def _is_vague(self, draft: Draft, home: Place | None) -> bool:
        """Whether nothing says where, when or with what toll it was: such an event is listed as rejected.

        So is the toll of earlier times with no word on where they died: it sums up a war, and is no event of it.
        """
        if draft.sites or draft.country is not None:
            return False
        if home is not None:
            lacks = (
                "A toll of earlier times; no place is told." if draft.claims and self.line.is_background(draft) else ""
            )
        else:
            bare = not draft.own_date and not draft.claims
            deep = draft.facts.sentence.start - self.line.body_start >= LEAD_CHARS / 4
            lacks = "Neither a place nor a day nor a toll is told." if bare and deep else ""
        if lacks:
            self.line.reject(draft.facts.sentence, draft.trigger, Reason("vague", lacks))
        return bool(lacks)

    def _is_covered(self, draft: Draft) -> bool:
        """Whether an undated event of a whole country without a toll only sums up what the article tells of its towns."""
        if draft.own_date or draft.claims or draft.sub == "Agreement":
            return False
        countries = {s.location.place.country for s in draft.sites if s.location.level == "country"} or {self.line.home}
        if any(s.location.level != "country" for s in draft.sites):
            return False
        return any(
            d.sub == draft.sub
            and any(s.location.place.country in countries and s.location.level != "country" for s in d.sites)
            for d in self.line.drafts
            if d is not draft
        )
