"""Which triggers tell of an event: what each needs beside itself, and what it is when that is missing.

Hides: the support that rows of `triggers.tsv` ask for (a place, a toll, a weapon, a victim, a place that was taken), and
the words that only describe, point at or dispose of something.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from gazetteer.patterns import lazy_pattern
from gazetteer.place import Reason
from geo.antecedents import HERE, IT, PLACE_NOUN, TERRITORY_BEFORE, dateline_site, find_antecedent
from geo.casualties import TollMention
from geo.dates import resolve
from geo.drafts import VIOLENT
from geo.event import event_type_of
from geo.facts import PASSIVE, Facts
from geo.locate import Site
from geo.storyline import Storyline
from geo.triggers import BY_VICTIM, TriggerHit, other_sense, weapon_type

__all__ = ["asserted", "is_adjectival", "is_facility_taken"]

#: What only points at an event must name its place or day this near to be read as one.
POINTED_CHARS = 60
#: Between words that point at an event and its place: "the bombing in Istanbul", "attacks on the city of Sloviansk".
_AT = lazy_pattern(
    r"\s+(?:in|at|on|near|against|of|outside|around|across|inside|targeting)\s+(?:[\w'’-]+\s+){0,5}$", re.I
)
#: Between a place and words for an event that bear its name: "the Salisbury attack", "the Douma chemical attack".
_NAMED_AFTER = lazy_pattern(r" (?:(?!and |or |in |on |at |by )[\w-]+ ){0,2}")
#: What is taken of a town.
_FACILITY = lazy_pattern(
    r"\s+(?:back )?(?:an?|the|its|their|several|two|three|most of the|part of the|parts of the) (?:[\w'’-]+ ){0,3}"
    r"(?:towers?|buildings?|bases?|barracks|police stations?|headquarters|airport|town hall|city hall|bridges?|hills?|checkpoints?|"
    r"crossings?|port|plants?|factory|refinery|depots?|garrisons?|station|compound|suburbs?|districts?|neighbou?rhoods?|quarters?|prison)\b",
    re.I,
)
#: What people die of: a sentence on deaths may go on telling of it.
_DEADLY = frozenset((*VIOLENT, "Protests", "Riots"))
_TAKEN_NOUN = lazy_pattern(
    r"\s+(?:(?:full |complete )?control of )?(?:the|this|that) (?:\w+ )?(?:city|town|village|enclave|camp|area|province|district)\b"
)
_FELL = lazy_pattern(r"fell|(?:has|had) fallen|fell to|fallen to|changed hands", re.I)
_OF_A_SITE = lazy_pattern(r"\b(?:base|camp|airport|district|it)\b", re.I)
_OF_CONFLICT = lazy_pattern(
    r"\b(?:truces?|cease-?fires?|cessation|peace|hostilit\w+|militants?|rebels?|insurgents?|terror\w*|separatists?|protest\w*|demonstrat\w+|activists?|"
    r"journalists?|opposition|dissidents?|coup|soldiers?|troops|army|military|fighters?|prisoners?|hostages?|evacuat\w+|withdraw\w*|de-escalation|"
    r"demilitari[sz]\w+|disarm\w+|Islamic State|Isis|ISIL|Daesh|Taliban|regime|junta|extremis\w+|jihadi\w*|"
    r"smugglers|power-sharing|warring|factions|rival (?:leaders|sides)|politic\w+|clerics?|MPs?|mayor|surrender\w*)\b",
    re.I,
)
_FIGHTING_WHOM = lazy_pattern(
    r"\s+(?:(?:the\s+)?[A-Z]|against|alongside|for\b|with\b|to\b|back\b|positions?|forces?|age|vehicles?|chance|spirit|season|capabilit|units?|men\b)"
)
_FIGHTING_RAGED = lazy_pattern(
    r"\s+(?:(?:has|have|had|also|still|then) )*"
    r"(?:rag|continu|erupt|br(?:eak|oke)|intensif|went on|goes on|resum|escalat|flar|spread|between|around|near)"
)
_WERE_HIT = lazy_pattern(r"(?:was|were|been) (?:hit|struck|targeted)")
_FACILITY_BEFORE = lazy_pattern(
    r"\b(?:hospitals?|clinics?|schools?|(?:power|energy|oil|gas|nuclear|water) (?:plants?|stations?|grid|facilit(?:y|ies)|infrastructure|terminals?)|"
    r"substations?|refiner(?:y|ies)|depots?|warehouses?|(?:apartment|residential) (?:blocks?|buildings?|areas?)|houses|homes|air(?:ports?|bases?|fields?)|"
    r"bridges?|(?:a|the) market|mosques?|churches|church|factor(?:y|ies)|buildings?|convoys?)\b[^.;,]{0,60}$",
    re.I,
)
_WERE_ATTACKED = lazy_pattern(
    r"\s+(?:was|were|has been|have been|had been) (?:also |again |both |repeatedly |then )*attacked"
)
_WHO_IS_FIGHTING = lazy_pattern(
    r"\b(?:men|women|fighters|troops|forces|soldiers|rebels|militants|nationals|citizens|volunteers|groups?|those|people|foreigners|Britons|"
    r"Russians|Americans|Kurds|militias?|factions|anyone|were|are|is|was|been|be|of|for|from|keep|stop(?:ped)?|continue[sd]?|"
    r"while|by|after|before|died|killed)\s+$"
)
_DISPOSED = lazy_pattern(
    r"\b(?:destroy|defus|clear|disarm|remov|sweep|dismantl|neutrali[sz]|search)\w*\s[^.;]{0,200}$", re.I
)
_PEACEFUL_DEATH = lazy_pattern(
    r"\s+(?:aged\b|of (?!(?:his|her|their) (?:wounds|injuries))|from (?!(?:his|her|their) (?:wounds|injuries))|"
    r"peacefully|in (?:hospital|prison|custody|exile|his sleep)|"
    r"suddenly|at the age|down\b|out\b|away\b)",
    re.I,
)
#: Words of harm that say no toll, and whom they are done to.
_SHOT = lazy_pattern(r"(?:(?:was|were|been) )?(?:shot|stabbed)", re.I)
_PEOPLE = (
    r"(?:(?:police)?m[ae]n|(?:police)?wom[ae]n|people|person|protest[eo]rs?|demonstrators?|residents?|civilians?|villagers?|worshippers?|passengers?|"
    r"officers?|students?|boys?|girls?|teenagers?|children|child|journalists?|reporters?|presenters?|activists?|lawyers?|doctors?|nurses?|medics?|teachers?|farmers?|leaders?|elders?|workers?|migrants?|"
    r"guards?|soldiers?|commanders?|lawmakers?|politicians?|mayors?|judges?|priests?|tourists?|\d+-year-olds?)"
)
_SHOT_AT = lazy_pattern(
    rf"\s+(?:at )?(?:(?:an?|the|two|three|four|five|six|several|\d+) )?(?:[\w-]+ ){{0,3}}{_PEOPLE}\b", re.I
)
_SHOT_WHO = lazy_pattern(rf"\b{_PEOPLE}(?:,[^,]{{1,40}},| [\w'’-]+(?: [\w'’-]+){{0,3}})? (?:had |has |have )?$", re.I)
#: "the liberated city", "other murdered men": what something is, not what was done just now.
_ADJECTIVAL = lazy_pattern(
    r"\b(?:the|an?|other|newly|recently|now|these|those|of|his|her|its|their|our|more|many|all)"
    r"(?: (?:now|newly|recently|once|already|still|two|three|four|five|six|seven|eight|nine|ten|\d+))?\s+$",
    re.I,
)
_ASSERTS = lazy_pattern(
    r"\b(?:carried out|launched|conducted|hit|struck|killed|wounded|injured|targeted|destroyed|took place|reported|continued|have continued|"
    r"erupted|broke out|intensified|rocked|shook|raged|occurred|resumed|began|left|claimed|pounded|staged|held|dropped|fired|there (?:was|were)|"
    r"were also|was also|backing|rained|escalated|flared|gripped|drew|gathered|met|ended|backed|saw|swept|spread|evacuated|underway|under way)\b"
)
#: What ministers and envoys say of events, in the first person: "I welcome the news that", "We are concerned by reports of".
_OFFICE_SPEAKS = lazy_pattern(
    r"\b(?:I|[Ww]e)(?: \w+| have| am| are){0,3} (?:welcom|condemn|deplor|denounc|commend|applaud|congratulat|pay tribute|mourn|"
    r"(?:concerned|alarmed|appalled|shocked|horrified|saddened|relieved|outraged|dismayed|disturbed|encouraged|pleased|deeply \w+) (?:by|at|about|to|that))",
)
#: Who tells what befell himself: a memoir, an interview, an opinion.
_FIRST_PERSON = lazy_pattern(r"\b(?:I|I['’](?:m|ve|d|ll)|me|my|myself|we|We|My|our|Our|us)\b(?!\.)")
#: "Her husband had died in a bombardment": one of a family, of whom somebody tells.
_OF_A_FAMILY = lazy_pattern(
    r"\b(?:her|his|their|whose) (?:[\w-]+ ){0,2}(?:husband|wife|father|mother|sons?|daughters?|brothers?|sisters?|parents|uncles?|aunts?|cousins?|"
    r"friends?|fianc[eé]e?|famil(?:y|ies)|boyfriend|girlfriend|child|children)\b[^,.;]{0,30}$",
    re.I,
)
#: What is done to somebody or something: such a word without "was" and without an object stands behind its noun.
_DONE_TO = lazy_pattern(
    r"(?:captured|detained|arrested|seized|looted|ransacked|destroyed|abducted|kidnapped|executed|beheaded|tortured|liberated|recaptured|retaken|"
    r"murdered|massacred|raped|freed|released|rescued|evacuated|demolished|razed|held|imprisoned|besieged|rounded up|slaughtered|mutilated)",
    re.I,
)
_HELD = lazy_pattern(r"detained|held|imprisoned", re.I)
_BEHIND_NOUN = lazy_pattern(
    r"\b(?!(?:was|were|been|being|is|are|be|has|have|had|having|get|got|gets|getting|who|which|that|they|he|she|it|we|I|you|and|or|then|later|also|"
    r"had|reportedly|allegedly|not|never|ever|just|once|since|where|when|to|the|a|an)\b)(?!\w+ly\b)[\w’'-]+\s+$",
    re.I,
)
#: "between destroyed homes", "of captured fighters".
_PARTICIPLE_AND_NOUN = lazy_pattern(
    r"(?:destroyed|captured|burned|burnt|looted|seized|detained|demolished|arrested)\s", re.I
)
_PREPOSITION = lazy_pattern(
    r"\b(?:between|among|amid|of|from|past|through|with|into|in|inside|near|for|like)\s+$", re.I
)
#: What is done for shipwrecked and besieged people alike, and what ministers do of any matter.
_RESCUE = lazy_pattern(r"\b(?:rescued|met|meeting|held talks|convened)\b", re.I)


def _is_described(facts: Facts, hit: TriggerHit) -> bool:
    """Whether a participle behind its noun only says which one is meant: "foreigners detained in camps"."""
    if hit.form != "verb" or _DONE_TO.fullmatch(hit.text) is None:
        return False
    after = facts.words(hit.end, hit.end + 12)
    if re.match(r"\s(?:in|by|at|for|from|during|on|near|outside|since|under|inside|across|there)\b", after) is None:
        return False
    return _BEHIND_NOUN.search(facts.words(facts.sentence.start, hit.start)) is not None


def _is_facility_hit(facts: Facts, hit: TriggerHit) -> bool:
    """Whether buildings are told to have been hit, by whatever: "Two energy facilities in Lviv were hit"."""
    before = facts.words(facts.sentence.start, hit.start)
    return _WERE_HIT.fullmatch(hit.text) is not None and _FACILITY_BEFORE.search(before) is not None


def _is_attacked(facts: Facts, hit: TriggerHit) -> bool:
    """Whether towns are told to have been attacked, by whomever: "Barkin Ladi and Riyom were attacked"."""
    said = _WERE_ATTACKED.fullmatch(
        facts.words(max((s.end for s in facts.sites if s.end <= hit.start), default=hit.end), hit.end)
    )
    return said is not None and not any(s.location.level == "country" for s in facts.own_sites(hit))


def is_adjectival(facts: Facts, hit: TriggerHit) -> bool:
    """Whether a participle stands before its noun: "the liberated city", "other murdered men"."""
    return (
        hit.form == "verb"
        and re.fullmatch(r"\w+(?:ed|en)", hit.text) is not None
        and _ADJECTIVAL.search(facts.words(facts.sentence.start, hit.start)) is not None
        and re.match(r"\s[\w-]+", facts.words(hit.end, hit.end + 20)) is not None
    ) or (
        hit.form == "verb"
        and _PARTICIPLE_AND_NOUN.match(hit.text) is not None
        and _PREPOSITION.search(facts.words(facts.sentence.start, hit.start)) is not None
    )


def asserted(
    line: Storyline, facts: Facts, hits: Sequence[TriggerHit], back: dict[int, Reason | None]
) -> list[TriggerHit]:
    """The triggers that tell of an event; what takes another one back is in `back`, by its start."""
    for hit in hits:
        reason = back[hit.start]
        if reason is not None and reason.code == "reference" and _is_presupposed(facts, hit):
            line.pointed.add(hit.start)
            reason = None
        back[hit.start] = reason if reason is not None else _future(line, facts, hit)
    alive = [hit for hit in hits if back[hit.start] is None]
    lacks = {hit.start: _needs_more(line, facts, hit, alive) for hit in alive}
    told = [hit for hit in alive if lacks[hit.start] is None]
    s = facts.sentence
    asked = s.text.rstrip().endswith(("?", "?”", '?"', "?’")) and not facts.dates
    for hit in told:
        back[hit.start] = (
            Reason("hypothetical", "It is asked, not told.")
            if asked
            else other_sense(s.text, hit.start - s.start, hit.end - s.start, form=hit.form)
        )
        if back[hit.start] is None and line.is_sport and not facts.tolls:
            back[hit.start] = Reason("fiction", "The article reports on a match.")
        if back[hit.start] is None and _is_testimony(facts, hit):
            back[hit.start] = Reason("personal", "Somebody tells of himself or his family, without a day.")
    kept = [hit for hit in told if back[hit.start] is None]
    if len(kept) < len(alive):
        lacks |= {hit.start: _needs_more(line, facts, hit, kept) for hit in kept}
        kept = [hit for hit in kept if lacks[hit.start] is None]
    for hit in hits:
        lack = lacks.get(hit.start)
        line.reject(s, hit, back[hit.start] or (None if lack is None else Reason("unsupported", lack)))
    return kept


def _is_presupposed(facts: Facts, hit: TriggerHit) -> bool:
    """Whether words that point at an event say where or when it was: "condemned Tuesday's bombing", "after the raid on Zuwara"."""
    span = (hit.start, hit.end)
    near = [
        s
        for s in facts.own_sites(hit)
        if s.location.level != "country"
        and (
            (s.start - hit.end <= POINTED_CHARS and _AT.match(facts.words(hit.end, s.start)))
            or (s.end <= hit.start and _NAMED_AFTER.fullmatch(facts.words(s.end, hit.start)))
        )
    ]
    expression = facts.date_of(span)
    dated = expression is not None and facts.cost(span, (expression.start, expression.end)) <= POINTED_CHARS
    return bool(near) or (dated and bool(facts.own_sites(hit)))


def _is_testimony(facts: Facts, hit: TriggerHit) -> bool:
    """Whether a sentence in the first person tells what befell its speaker: no report, or one that others give with its day."""
    if facts.dates or hit.sub_event_type == "Agreement":
        return False
    before = facts.words(facts.sentence.start, hit.start)
    if _FIRST_PERSON.search(facts.sentence.text) is not None:
        return _OFFICE_SPEAKS.search(facts.sentence.text) is None
    return not facts.sites and _OF_A_FAMILY.search(before) is not None


def _future(line: Storyline, facts: Facts, hit: TriggerHit) -> Reason | None:
    expression = facts.date_of((hit.start, hit.end))
    if expression is None or line.published is None:
        return None
    when = resolve(expression, published=line.published, previous=None)
    if when is not None and when.start > line.published:
        return Reason("planned", f"'{expression.text}' lies after publication.")
    return None


def _needs_more(line: Storyline, facts: Facts, hit: TriggerHit, hits: Sequence[TriggerHit]) -> str | None:
    """What a trigger lacks of the support that its row or its form asks for, in words, or None when it has it."""
    before, after = facts.words(facts.sentence.start, hit.start), facts.words(hit.end, hit.end + 30)
    if hit.text.lower() == "fighting" and (
        _FIGHTING_WHOM.match(after) or (_WHO_IS_FIGHTING.search(before) and not _FIGHTING_RAGED.match(after))
    ):
        return "It says who fights, not that there was a fight."  # "while fighting Islamic State"
    if hit.form == "noun" and hit.sub_event_type == "Remote explosive/landmine/IED" and _DISPOSED.search(before):
        return "It is what was cleared or destroyed."  # "cleared mines", "destroyed a bridge and an IED"
    rescue = hit.sub_event_type == "Other" and _RESCUE.search(hit.text) is not None
    if (rescue or hit.sub_event_type in ("Arrests", "Agreement")) and not _is_of_conflict(line, facts):
        return "Nothing says that it has to do with a conflict."
    if hit.text.lower() == "died" and _PEACEFUL_DEATH.match(after):
        return "It is a death without violence."
    own_site = facts.own_sites(hit)
    no_place = all(s.location.level == "country" for s in own_site)
    described = _is_described(facts, hit) and (no_place or _HELD.fullmatch(hit.text) is not None)
    if described and facts.date_of((hit.start, hit.end)) is None and not facts.harm:
        return "It says which ones are meant; neither a place nor a day is told."
    if is_adjectival(facts, hit) and no_place:
        return "It describes somebody or something; no place is named."
    placed = "object" in hit.needs or "place" in hit.needs
    here = placed and HERE.search(facts.clause(hit)) is not None and bool(dateline_site(line, hit))
    if (
        "object" in hit.needs
        and not facts.territory_sites(hit)
        and not here
        and not is_facility_taken(facts, hit)
        and not _is_pronoun_taken(line, facts, hit)
    ):
        return "It needs a place that was taken."
    if "site" in hit.needs and not own_site:
        return "It needs a place."
    if "place" in hit.needs and no_place and not here and not _is_place_meant(line, facts, hit):
        return "It needs a place in its clause."
    if "place|toll" in hit.needs and no_place and not facts.harm:
        return "It needs a place in its clause or a toll."
    if "toll" in hit.needs and not facts.harm:
        return "It needs a toll."
    if "date" in hit.needs and facts.date_of((hit.start, hit.end)) is None:
        return "It needs a day of its own."
    if "weapon" in hit.needs and not _is_armed(facts, hit, supported=bool(own_site or facts.harm)):
        return "It needs a weapon, or an armed actor with a place or a toll."
    if "victim" in hit.needs:
        shot = _SHOT.search(hit.text) is not None and (
            "stabbed" in hit.text.lower() or _SHOT_AT.match(after) or _SHOT_WHO.search(before)
        )
        if shot and not no_place and (facts.dates or line.story.last is not None):
            return None  # "a policeman was stabbed in Jerusalem": how it ended is not told
        others = any(h is not hit and h.sub_event_type != BY_VICTIM for h in hits)
        clear = _is_clear_death(line, facts, hit, facts.harm, own_site, others=others)
        return None if clear else "It needs a number of people and a place, a date or a weapon."
    between = after.startswith(" between ")  # "clashes between"
    if hit.form == "noun" and not (
        own_site or facts.dates or between or facts.harm or _ASSERTS.search(facts.sentence.text)
    ):
        return "A noun needs a place, a date, a toll or a verb that asserts it."
    return None


def _is_armed(facts: Facts, hit: TriggerHit, *, supported: bool) -> bool:
    """Whether a sentence names a weapon or, with a place or a toll, an armed actor."""
    armed = any(a.kind not in ("Civilians", "Protesters") and not a.metonym and not a.state for a in facts.actors)
    named = weapon_type(facts.clause(hit)) is not None or weapon_type(facts.sentence.text) is not None
    return named or (armed and supported) or _is_attacked(facts, hit) or (supported and _is_facility_hit(facts, hit))


def _is_clear_death(
    line: Storyline,
    facts: Facts,
    hit: TriggerHit,
    tolls: Sequence[TollMention],
    own_site: Sequence[Site],
    *,
    others: bool,
) -> bool:
    """Whether a sentence on killed or wounded people says enough to be an event of its own."""
    goes_on = line.story.last is not None and event_type_of(line.story.last.sub) in _DEADLY
    armed = weapon_type(facts.sentence.text) is not None
    if hit.text.lower() == "died" and not goes_on and not armed:
        return others and bool(tolls)
    counted = any(t.low is not None for t in tolls)
    told = bool(tolls) and bool(facts.dates) and any(s.location.level != "country" for s in own_site)
    clear = (counted or told) and (goes_on or bool(own_site) or bool(facts.dates) or armed)
    return clear or (others and bool(tolls))


def _is_of_conflict(line: Storyline, facts: Facts) -> bool:
    """Whether an arrest or a deal has to do with a conflict: by its parties, its words or what the article has told."""
    parties = any(
        a.kind not in ("Civilians", "Rioters") and not (a.generic and a.name == "Police") for a in facts.actors
    )
    return (
        parties
        or _OF_CONFLICT.search(facts.sentence.text) is not None
        or any(event_type_of(d.sub) != "Strategic developments" or d.sub == "Arrests" for d in line.drafts)
        or (line.is_of_conflict and bool(facts.dates) and any(s.location.level != "country" for s in facts.sites))
    )


def _is_place_meant(line: Storyline, facts: Facts, hit: TriggerHit) -> bool:
    """Whether "the town" in a trigger's clause stands for a place that was named before."""
    return PLACE_NOUN.search(facts.clause(hit)) is not None and bool(find_antecedent(line, facts, hit))


def is_facility_taken(facts: Facts, hit: TriggerHit) -> bool:
    """Whether a part of a town that the sentence names was taken: "In Kramatorsk troops retook a television tower"."""
    after = facts.words(hit.end, hit.end + 60)
    return _FACILITY.match(after) is not None and any(s.location.level != "country" for s in facts.own_sites(hit))


def _is_pronoun_taken(line: Storyline, facts: Facts, hit: TriggerHit) -> bool:
    """Whether what was taken is "it" or "the town", of which the text has told."""
    after = facts.words(hit.end, hit.end + 60)
    if _FELL.fullmatch(hit.text) or PASSIVE.search(facts.words(facts.sentence.start, hit.start)):
        subject = TERRITORY_BEFORE.search(facts.words(hit.start - 60, hit.start))
        if subject is None or (not _FELL.fullmatch(hit.text) and _OF_A_SITE.search(subject[0])):
            return False
        return bool(find_antecedent(line, facts, hit))
    if hit.text.lower() in ("took", "cleared", "secured"):  # "took it out"
        return _TAKEN_NOUN.match(after) is not None and bool(find_antecedent(line, facts, hit))
    return (IT.match(after) or _TAKEN_NOUN.match(after)) is not None and bool(find_antecedent(line, facts, hit))
