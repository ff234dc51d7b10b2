"""Who did it to whom in a sentence, and which sub-event type that makes of a trigger.

Hides: syntax. Subjects and "by" act, objects and "against" suffer, civilians suffer; speakers do neither. Who acts, with
what and on whom decides where the codebook has several types for one word ("took", "hit", "killed").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from gazetteer import Gazetteer
from gazetteer.patterns import lazy_pattern
from geo.actors import ActorMention
from geo.casualties import TollMention
from geo.facts import MAX_COST, PASSIVE, Facts
from geo.locate import Site
from geo.triggers import BY_ACTOR, BY_VICTIM, BY_WEAPON, TriggerHit, weapon_type

__all__ = ["Cast", "cast", "harmed_protest", "sub_event_type"]

#: Actors by canonical name.
Cast = dict[str, ActorMention]

#: Characters before "attack on" in which its weapon stands: "a suicide attack on".
WEAPON_CHARS = 9
#: Characters between a participle and the victims that it names.
VICTIM_CHARS = 40

_SPEAKER_AFTER = lazy_pattern(
    r"^(?:,? (?:[\w'’.-]+ ){0,5})?\s*(?:said|says|told|announced|reported|stated|added|confirmed|claims?|according|spokes|denied|tweeted)\b",
    re.I,
)
_AGAINST = lazy_pattern(r"\b(?:against|on|at|from|targeting|towards?|with|of)\s+(?:[\w'’-]+\s+){0,4}$", re.I)
_ARMED = lazy_pattern(
    r"\b(?:soldiers?|troops|servicem[ae]n|fighters?|militants?|rebels?|insurgents?|gunmen|policem[ae]n|police officers?|officers?|guards?|"
    r"peacekeepers?|marines?|gendarmes?|guardsm[ae]n|commandos?|paratroopers?|paramilitar(?:y|ies)|jihadists?|guerrillas?|militiam[ae]n|"
    r"blue helmets|constables?|rangers|legionnaires|terrorists?|extremists?|separatists?|combatants|policewom[ae]n|bandits|gang members?|gangsters|"
    r"(?:drug )?traffickers|hitmen)\b",
    re.I,
)
#: Before a verb that has the subject of the one before it.
_AND_ALSO = lazy_pattern(r"\band(?: (?:then|later|also|subsequently|so))?\s+$", re.I)
_DOING = lazy_pattern(r"\b(?:and|after|before|while|by|following|since)\s+$", re.I)
#: Words for an attack that leave open whether it was on people who could fight back.
_ASSAULTED = lazy_pattern(r"(?:attack|raid|assault|storm|ambush)", re.I)
#: Who was killed were at a protest.
_OF_PROTEST = lazy_pattern(r"\b(?:protest[eo]rs?|demonstrators?|marchers?)\b", re.I)
_DESTROYED = lazy_pattern(r"(?:destroy|demolish|raz|flatten)", re.I)
_CLASHES = lazy_pattern(r"(?:\w+ )?(?:clash|violence|fighting|confrontation)", re.I)
#: Whose burning and smashing is a riot.
_CROWD = lazy_pattern(
    r"\b(?:mourners|crowds?|mobs?|protest[eo]rs|demonstrators|rioters|youths|teenagers|students|supporters|residents|villagers)\s+(?:[\w-]+\s+){0,3}$",
    re.I,
)
_MOB = lazy_pattern(r"\b(?:mobs?|lynch\w*|vigilantes?|villagers|residents|locals|crowds?)\b", re.I)
_ARMED_SITE = lazy_pattern(
    r"\b(?:(?:military|army|police|security) (?:base|post|checkpoint|convoy|position|outpost|camp|headquarters|barracks|station|patrol)s?|"
    r"checkpoints?|barracks)\b",
    re.I,
)
#: What makes an assault from the air a battle on the ground as well.
_GROUND = lazy_pattern(
    r"\b(?:ground|troops|soldiers|tanks|infantry|clash(?:es|ed)?|fighting|advanc\w+|rebels|militants|fighters|militia\w*|army|captur\w+|seiz\w+)\b",
    re.I,
)
_SAID_OF_ITSELF = lazy_pattern(
    r"^ (?:said|says|claimed|announced|reported|confirmed|added)(?:(?: late| early)? on \w+day)?(?: \w+)?(?: that)? "
    r"(?:it|they|its (?:\w+ )?(?:forces|fighters|troops|men|jets)|"
    r"their (?:\w+ )?(?:forces|fighters|troops|men))\b(?: (?:had|have|has|also|were|was|\w+ly))*\s*$"
)
#: Air support of a battle on the ground.
_SUPPORT = lazy_pattern(
    r"\b(?:backed|supported|aided|assisted|helped|covered|accompanied) by (?:[\w'’-]+ ){0,4}?(?:air|drones?|jets|warplanes|helicopters|artillery)[\w ]*",
    re.I,
)
_TERRITORY_SUBJECT = lazy_pattern(
    r"\b(?:capital|cit(?:y|ies)|towns?|villages?|bases?|air ?base|airport|crossing|districts?|areas?|province|enclave|territory|bridge|hills?)\b"
    r"[^.;,]{0,60}$",
    re.I,
)
#: What somebody did or was when he was killed.
_AS_FIGHTER = lazy_pattern(
    r"\b(?:as an? (?:[\w-]+ )?(?:guerrilla|fighter|soldier|rebel|combatant|volunteer)|(?:killed|died|wounded|shot|while) fighting|in (?:battle|action|combat)|"
    r"on the front ?lines?)\b",
    re.I,
)
_SUICIDE = lazy_pattern(r"\bsuicide (?:bombers?|attackers?)\b", re.I)
_TEAR_GAS = lazy_pattern(r"\b(?:tear ?gas|water cannons?|rubber bullets|stun grenades|batons?|pepper spray)\b", re.I)
_LIVE = lazy_pattern(r"\blive (?:fire|ammunition|rounds|bullets)\b", re.I)
#: Before somebody who suffers, though the trigger comes later: "killed two soldiers in", not "were killed when soldiers".
_OBJECT_OF = lazy_pattern(
    r"\b(?:against|targeting|killed|wounded|injured|fire on|fired on)\b(?:[\s'’-]+(?!when|after|as|while|by|if|where|and|in)[\w'’-]+)*\s*$"
)
_HEARERS = lazy_pattern(r"\b(?:told|informed|asked|briefed|quoted|to)\s+(?:\w+\s+)?$", re.I)
#: Between a state and the verb that it is the subject of: "Russia has been bombing", "Moscow and Ankara jointly struck".
_DIRECTLY = lazy_pattern(
    r"^(?:['’]s \w+)?(?:,? and(?: the)? [\w'’.-]+)?(?:\s+(?:has|have|had|is|are|was|were|also|both|been|already|then|later|again|first|\w+ly))*\s*$"
)


def cast(facts: Facts, hit: TriggerHit, gazetteer: Gazetteer) -> tuple[Cast, Cast]:
    """The actors and the targets of a trigger, each by canonical name; no name is in both."""
    actors: Cast = {}
    targets: Cast = {}
    before_hit = facts.words(facts.sentence.start, hit.start)
    progressive = re.match(r"\w+ing\b", hit.text) is not None
    passive = (
        hit.form == "verb"
        and not progressive
        and (
            PASSIVE.search(before_hit) is not None
            or re.match(r"(?:(?:was|were|been|being)\b|died$)", hit.text) is not None
        )
    )
    agreement = hit.sub_event_type == "Agreement"
    if re.fullmatch(r"\w+ing", hit.text) is not None and before_hit.endswith(", "):
        return {}, _victims(facts, hit)  # ", killing 13 officers": who did it is said with the main verb
    subject = _shared_subject(facts, hit, before_hit) if hit.form == "verb" and not passive else None
    own_clause = [m for m in facts.actors if facts.same_clause((hit.start, hit.end), (m.start, m.end))]
    others = [m for m in facts.actors if m not in own_clause]
    clause_acts = False
    for mention in [*own_clause, *others]:
        if subject is not None and mention.end <= hit.start:
            if mention == subject:
                actors.setdefault(mention.name, mention)
            continue
        clause_acts = clause_acts or (bool(actors) and mention in own_clause)
        if mention.end > hit.start and mention.start < hit.end:
            inner = facts.words(hit.start, mention.start)
            if re.search(r"\bby (?:the )?(?:[\w-]+ ){0,2}$", inner) and mention.start > hit.start:
                suffers = False  # "captured by US-backed fighters"
            elif mention.start <= hit.start or agreement:
                suffers = passive or hit.text.endswith(" by") or (mention.kind == "Civilians" and hit.form == "noun")
            else:
                suffers = hit.form == "verb" or mention.kind == "Civilians"  # "drove the militia out of"
            (targets if suffers else actors).setdefault(mention.name, mention)
            continue
        span = (hit.start, hit.end)
        if facts.cost(span, (mention.start, mention.end)) > MAX_COST:
            continue
        if mention in others and (passive or hit.form == "noun" or mention.start > hit.end or clause_acts):
            continue
        before = facts.words(facts.sentence.start, mention.start)
        after = facts.words(mention.end, facts.sentence.end)
        if mention.name == "Refugees" and after.startswith((" camp", "s camp")):
            continue
        speaks = (
            _SPEAKER_AFTER.match(after) is not None or re.search(r"\baccording to(?: the)?\s+$", before) is not None
        )
        if speaks and not agreement:
            if mention.end <= hit.start and _SAID_OF_ITSELF.match(facts.words(mention.end, hit.start)):
                actors.setdefault(mention.name, mention)  # "the army said it had taken"
            continue
        if mention.state or mention.metonym or (agreement and mention.is_country_force):
            acts = hit.form == "verb" and not passive and _DIRECTLY.match(facts.words(mention.end, hit.start))
            if agreement or (mention.end <= hit.start and acts):
                party = _as_state(mention, gazetteer) if agreement else mention
                actors.setdefault(party.name, party)
            continue
        side = _side(mention, hit, before, facts.words(mention.end, hit.start), passive=passive, agreement=agreement)
        if side == "actor":
            actors.setdefault(mention.name, mention)
        elif side == "target":
            targets.setdefault(mention.name, mention)
    if hit.sub_event_type == "Arrests" and re.search(r"surrender|themselves up", hit.text, re.I):
        taker = facts.words(hit.end, hit.end + 12).lstrip().startswith("to ") or hit.text.lower().endswith(" to")
        actors, targets = (targets if taker else {}), actors  # who surrenders is taken
    return actors, {name: mention for name, mention in targets.items() if name not in actors}


def _shared_subject(facts: Facts, hit: TriggerHit, before: str) -> ActorMention | None:
    """Who does this too: "The rebels routed the troops and took Rutshuru", "days after seizing the garrison"."""
    links = _AND_ALSO if not re.match(r"\w+ing\b", hit.text) else _DOING
    if not links.search(before):
        return None
    return next((m for m in facts.actors if m.end <= hit.start and not (m.state or m.metonym)), None)


def _victims(facts: Facts, hit: TriggerHit) -> Cast:
    """Who stands right behind a participle: "killing 13 officers"."""
    near = [m for m in facts.actors if m.start >= hit.end and facts.same_clause((hit.start, hit.end), (m.start, m.end))]
    return {m.name: m for m in near[:1] if not (m.state or m.metonym) and m.start - hit.end < VICTIM_CHARS}


def _side(
    mention: ActorMention, hit: TriggerHit, before: str, between: str, *, passive: bool, agreement: bool
) -> str | None:
    if (
        mention.kind in ("Civilians", "Protesters", "Rioters")
        and hit.form == "verb"
        and not passive
        and mention.end <= hit.start
        and _DIRECTLY.match(between)
    ):
        return "actor"
    if mention.kind == "Civilians" and _HEARERS.search(before):
        return None  # "told reporters"
    if mention.kind == "Civilians" or (mention.kind == "Protesters" and re.search(r"\bon\s+(?:the\s+)?$", before)):
        return "target"
    if agreement and re.search(
        r"\b(?:against|fighting|fight|combat(?:ing)?|excluding|excludes?|targeting|on)\s+(?:[\w'’-]+\s+){0,6}$",
        before,
    ):
        return None
    if re.search(r"\bagainst\s+(?:[\w'’-]+\s+){0,2}$", before) and not agreement:
        return "target"
    if agreement or hit.sub_event_type in ("Peaceful protest", "Violent demonstration", "Mob violence"):
        thrown_at = re.search(r"\b(?:at|on|with|against)\s+(?:the\s+|riot\s+)?$", before) is not None
        thrown_at = thrown_at or (hit.form == "verb" and mention.kind not in ("Civilians", "Protesters", "Rioters"))
        return "target" if thrown_at and mention.start > hit.start and not agreement else "actor"
    if mention.end <= hit.start:
        if _OBJECT_OF.search(before[-30:]):
            return "target"
        return "target" if passive else "actor"
    if re.search(r"\bby\s+(?:[\w'’-]+\s+){0,4}$", before) and not re.search(r"\w(?:ed|en)\s+(?:\w+\s+)?by\b", between):
        return "actor"
    if re.search(r"\bbetween\s+(?:[\w'’-]+\s+){0,8}$", before):
        return "actor"
    if hit.form == "noun" and not _AGAINST.search(before):
        return None
    return None if passive else "target"


def _as_state(mention: ActorMention, gazetteer: Gazetteer) -> ActorMention:
    """A state's forces as the state itself: the party of an agreement that its officers sign."""
    state = gazetteer.country(mention.country) if mention.is_country_force and mention.country is not None else None
    return mention if state is None else replace(mention, name=state.name)


def _is_exact(sites: Sequence[Site]) -> bool:
    return any(site.location.level != "country" for site in sites)


def sub_event_type(hit: TriggerHit, facts: Facts, actors: Cast, targets: Cast, sites: Sequence[Site]) -> str:
    """The codebook's sub-event type of a trigger, with its sentence; "" where the sentence does not say."""
    sub = hit.sub_event_type
    if (
        sub == "Arrests"
        and hit.text.lower() == "captured"
        and (facts.territory_sites(hit) or _TERRITORY_SUBJECT.search(facts.words(facts.sentence.start, hit.start)))
    ):
        sub = BY_ACTOR  # a town, not a man
    if sub == BY_ACTOR:
        home = {s.location.place.country for s in sites} | {None}
        state = any(a.kind == "State forces" and a.country in home for a in actors.values())
        taken_from_state = any(t.kind == "State forces" and t.country in home for t in targets.values())
        other = any(
            a.kind not in ("State forces", "External/Other forces") for a in actors.values()
        )  # who helps a state retakes for it
        if re.match(r"(?:re|liberat|regain)", hit.text, re.I) and not (other and not state):
            return "Government regains territory"
        if state and not taken_from_state:
            return "Government regains territory"
        return "Non-state actor overtakes territory"
    if sub in (BY_WEAPON, BY_VICTIM):
        if any(t.kind == "Protesters" for t in targets.values()):
            gas = _TEAR_GAS.search(facts.sentence.text) is not None and not _is_lethal(facts)
            return "Protest with intervention" if gas else "Excessive force against protesters"
        if _SUICIDE.search(facts.words(hit.start - 40, hit.end)):
            return "Suicide bomb"
        kind = weapon_type(_SUPPORT.sub("", facts.clause(hit)))
        if kind is None and not (facts.cuts and _has_own_actor(facts, hit, actors)):
            kind = weapon_type(_SUPPORT.sub("", facts.sentence.text))
        if kind is not None:
            return kind
        civilians = any(t.kind == "Civilians" for t in targets.values())
        victims = " ".join(toll.who or "" for toll in facts.tolls)
        armed_target = any(t.kind != "Civilians" for t in targets.values()) or bool(
            _ARMED.search(victims) or _ARMED_SITE.search(facts.clause(hit)) or _AS_FIGHTER.search(facts.clause(hit))
        )
        if armed_target and not civilians and (actors or not targets or _ASSAULTED.search(hit.text)):
            return "Armed clash"
        if _OF_PROTEST.search(victims):
            return "Excessive force against protesters"
        told = actors or civilians or facts.tolls or re.search(r"attack|shot|stabbed", hit.text, re.I)
        if told:
            return "Attack"
        # buildings that were hit, by what nobody says: most often by what comes from afar
        return "Shelling/artillery/missile attack" if sub == BY_WEAPON and _is_exact(sites) else ""
    if sub in ("Attack", "Armed clash") and any(
        _OF_PROTEST.search(t.who or "") for t in facts.tolls if t.kind == "killed"
    ):
        return "Excessive force against protesters"
    if (
        sub == "Looting/property destruction"
        and _DESTROYED.match(hit.text)
        and (kind := weapon_type(facts.clause(hit)))
    ):
        return kind  # "aircraft destroyed a bridge"
    if sub == "Looting/property destruction" and _CROWD.search(facts.words(facts.sentence.start, hit.start)):
        return "Violent demonstration"
    if sub == "Armed clash" and (
        re.search(r"\b(?:air|aerial|bombing)\b", hit.text, re.I)
        or (
            re.search(r"(?:offensive|assault|attack|campaign)s?$", hit.text, re.I)
            and weapon_type(_SUPPORT.sub("", facts.clause(hit))) == "Air/drone strike"
            and not _GROUND.search(facts.sentence.text)
        )
    ):
        return "Air/drone strike"
    if sub in ("Armed clash", "Attack") and _ASSAULTED.match(hit.text) is not None:
        kind = weapon_type(facts.words(hit.start - WEAPON_CHARS, hit.start) + "attack")
        if kind is not None and facts.words(hit.start - 1, hit.start) == " ":
            return kind  # "a suicide attack on a base"
    if sub == "Attack":
        return _attack(hit, facts, actors, targets)
    if sub == "Armed clash" and re.search(r"attacks?$", hit.text, re.I) and (kind := weapon_type(hit.text)) is not None:
        return kind  # "launched a drone attack"
    sides = [*actors.values(), *targets.values()]
    if sub == "Armed clash" and _CLASHES.match(hit.text) and any(a.kind in ("Protesters", "Rioters") for a in sides):
        killed = any(t.kind == "killed" and not t.cumulative for t in facts.tolls)
        return "Excessive force against protesters" if killed else "Violent demonstration"
    if (
        sub == "Armed clash"
        and actors
        and all(a.kind in ("Civilians", "Protesters", "Rioters") for a in actors.values())
    ):
        return "Violent demonstration"
    if sub == "Air/drone strike" and re.search(
        r"\b(?:suicide|car|truck|roadside)\b", facts.words(hit.start - 20, hit.start)
    ):
        return "Remote explosive/landmine/IED"
    if sub in ("Shelling/artillery/missile attack", "Air/drone strike") and re.search(
        r"\b(?:sarin|chlorine|nerve agent|chemical weapons?|(?:toxic|poison|mustard) gas)\b(?! (?:gas )?(?:attacks?|strikes?))",
        facts.sentence.text,
        re.I,
    ):
        return (
            "Chemical weapon"
            if sub == "Air/drone strike" and not re.search(r"in (?:response|retaliation)", facts.sentence.text)
            else sub
        )
    if sub == "Excessive force against protesters" and _TEAR_GAS.search(facts.sentence.text) and not _is_lethal(facts):
        return "Protest with intervention"
    if sub == "Protest with intervention" and _is_lethal(facts):
        return "Excessive force against protesters"
    if sub == "Peaceful protest":
        return _protest(facts.sentence.text)
    return sub


def _has_own_actor(facts: Facts, hit: TriggerHit, actors: Cast) -> bool:
    """Whether the clause of a trigger says who did it: "..., when gunmen killed 40": not the rockets of another clause."""
    return any(
        a.end <= hit.start
        and a.kind == "Political militia"
        and facts.same_clause((a.start, a.end), (hit.start, hit.end))
        for a in actors.values()
    )


def _attack(hit: TriggerHit, facts: Facts, actors: Cast, targets: Cast) -> str:
    """An attack on civilians, unless fighters were its victims, a state's forces stormed a building, or a crowd did it."""
    if any(t.kind == "Protesters" for t in targets.values()):
        return "Excessive force against protesters"
    victims = " ".join(toll.who or "" for toll in facts.tolls)
    civilians = any(t.kind == "Civilians" for t in targets.values())
    forces = bool(actors) and all(a.kind == "State forces" for a in actors.values())
    if _ASSAULTED.search(hit.text) and not civilians:
        if victims and len(_ARMED.findall(victims)) >= len([t for t in facts.tolls if t.who]):
            return "Armed clash"
        if forces and re.match(r"storm", hit.text, re.I):
            return "Armed clash"
    crowd = bool(actors) and all(a.kind in ("Rioters", "Protesters", "Civilians") for a in actors.values())
    if crowd and (
        _MOB.search(facts.words(facts.sentence.start, hit.start)) or any(a.kind == "Rioters" for a in actors.values())
    ):
        return "Mob violence"
    return "Attack"


def harmed_protest(tolls: Sequence[TollMention]) -> str:
    """What a protest was at which people came to harm: by whom they are."""
    hurt = " ".join(t.who or "" for t in tolls if t.kind in ("killed", "wounded"))
    if _OF_PROTEST.search(hurt):
        return "Excessive force against protesters"
    return "Violent demonstration" if _ARMED.search(hurt) else "Peaceful protest"


def _is_lethal(facts: Facts) -> bool:
    """Whether people were killed, or shot at with live rounds."""
    return _LIVE.search(facts.sentence.text) is not None or any(
        t.kind == "killed" and not t.cumulative for t in facts.tolls
    )


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
