"""Whether two tellings in one article are one event.

Hides: how days, places, actors, tolls and the words themselves speak for or against it. docs/reading.md tells the rules.
"""

from __future__ import annotations

import re

from gazetteer.patterns import lazy_pattern
from geo.drafts import VIOLENT, Draft, dates_agree, is_finer, same_kind_of_agreement, share_place, tolls_clash
from geo.event import event_type_of
from geo.facts import CLAUSE_COST, Facts
from geo.storyline import GOES_ON, Storyline
from geo.triggers import BY_VICTIM, BY_WEAPON

__all__ = ["HAPPENED", "event_meant", "is_mentioned_again", "one_in_sentence", "same_event"]

#: "..., leaving seven people dead": what came of the clause before.
_OUTCOME = lazy_pattern(r"(?:leaving|killing|wounding|injuring)\b", re.I)
#: Words for an event that say nothing of its kind.
_ANY_ATTACK = lazy_pattern(
    r"(?:the |an? )?(?:attacks?|assaults?|raids?|violence|operation|incident)(?: (?:on|against|in|at))?", re.I
)
_INCLUDED = lazy_pattern(r"\bincluding (?:at least )?(?:\w+|\d+) (?:[\w-]+ ){0,3}(?:in|when|by|at|during)\b")
#: A place opens the sentence: it tells of that place.
_SCENE = lazy_pattern(
    r"\W*(?:In|At|Near|Outside|Around)\s+(?!all\b|addition\b|total\b|response\b|retaliation\b|the (?:attack|assault|raid|same|past|latest))"
)
#: "The assault happened in Yala province".
HAPPENED = lazy_pattern(r"\s+(?:happened|occurred|took place|unfolded|came)\b", re.I)
#: Behind "were killed" where the dead are those of an event that was told: "in the attack".
_IN_THE_ATTACK = lazy_pattern(
    r"\s+(?:and (?:[\w-]+ ){1,5})?(?:in|by|during|when) (?:the|that|this|those|\w+day['’]s) (?:(?!second|other|first|latter|same)[\w-]+ ){0,2}?"
    r"(?:attacks?|blasts?|bombings?|explosions?|air ?strikes?|strikes?|raids?|shootings?|clashes|fighting|assault|incident|shelling|ambush|violence|"
    r"bombardment|massacre|rampage|siege)\b(?! (?:on|in|at|of|near|against)\b)",
    re.I,
)
_ANY_BLAST = lazy_pattern(
    r"(?:explosions?|blasts?|bombings?|(?:bomb|powerful|huge) (?:blasts?|explosions?|attacks?))", re.I
)
_UNNAMED_TOWN = lazy_pattern(r"\ban? (?:[\w-]+ ){0,3}(?:town|village|city|base|airport|stronghold)\b", re.I)
#: A toll that points back: "the two", "all three".
_THE_COUNTED = lazy_pattern(r"(?:(?:the|these|those|all) [\w-]|both$)", re.I)


def one_in_sentence(a: Draft, b: Draft) -> bool:
    """Whether two triggers of one sentence tell of one event."""
    if a.described != b.described:
        return False  # "killed in the liberated city": the city's capture is another event
    if _is_part_of(a, b):
        return False
    same_place = not b.own_site or not a.own_site or share_place(a.sites, b.sites)
    outcome = _OUTCOME.match(b.trigger.text) and a.facts.words(a.facts.sentence.start, b.trigger.start).endswith(", ")
    if outcome and same_place and event_type_of(a.sub or "Other") in VIOLENT and a.trigger.start < b.trigger.start:
        between = [h for h in a.facts.dates if a.trigger.end <= h.start < b.trigger.start]
        if b.date_span is None or any((h.start, h.end) == b.date_span for h in between):
            return True
    if a.own_site and b.own_site and a.sites[0].group != b.sites[0].group:
        together = a.facts.same_clause((a.trigger.start, a.trigger.end), (b.trigger.start, b.trigger.end))
        return together and b.trigger.sub_event_type in (BY_VICTIM, BY_WEAPON)
    if a.own_date and b.own_date and a.date_span != b.date_span and not dates_agree(a.when, b.when):
        return False
    if a.sub == b.sub == "Agreement" and not same_kind_of_agreement(a.trigger.text, b.trigger.text):
        return False
    span = (a.trigger.start, a.trigger.end)
    if _ANY_ATTACK.fullmatch(b.trigger.text) and a.facts.same_clause(span, (b.trigger.start, b.trigger.end)):
        return event_type_of(a.sub or "Other") in VIOLENT  # "a bomber killed 70 in an attack on mourners"
    loose = {BY_VICTIM, BY_WEAPON}
    if b.trigger.sub_event_type in loose or a.trigger.sub_event_type in loose or a.sub == b.sub:
        return True
    if b.sub == "Looting/property destruction" and event_type_of(a.sub or "Other") in VIOLENT:
        return True  # what a strike destroyed
    if b.sub == "Other" and a.sub != "Other":
        return True  # troops that moved, prisoners that were freed: part of what the sentence tells
    kinds = {event_type_of(a.sub), event_type_of(b.sub)} if a.sub and b.sub else set()
    near = a.facts.cost((a.trigger.start, a.trigger.end), (b.trigger.start, b.trigger.end)) < CLAUSE_COST
    return near and kinds <= VIOLENT


def event_meant(line: Storyline, facts: Facts, anaphor: re.Match[str], kinds: set[str]) -> Draft | None:
    """The event of this story that "the joint operation" means: the one told with most of its words, then the last."""
    said = set(re.findall(r"\w{4,}", anaphor[0].lower())) - {"this", "that", "these", "those"}
    here = [d for d in line.drafts if event_type_of(d.sub) in kinds and d.story == line.story.number]
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


def is_mentioned_again(line: Storyline, draft: Draft) -> bool:
    """Whether words point at what the article has told already: "after the Salisbury attack"."""
    return (
        draft.trigger.start in line.pointed
        and not draft.own_date
        and not draft.claims
        and any(
            {event_type_of(d.sub), event_type_of(draft.sub)} <= VIOLENT and _at_one_place(d, draft) for d in line.drafts
        )
    )


def same_event(line: Storyline, old: Draft, new: Draft) -> bool:
    """Whether a new sentence tells of an event that the article has told already.

    Two known dates must meet, two known places be one (or one contain the other on a stated day), two known sets of
    actors share one, and numbers agree; a sentence without a place joins by its date and actors or as "the attack".
    """
    if _is_part_of(old, new):
        return False
    kinds = (event_type_of(old.sub), event_type_of(new.sub))
    if _is_toll_of(line, old, new) or _is_retold(line, old, new) or _counts_again(old, new):
        return True
    if _is_of_other_time(line, old, new):
        return False
    if _is_placed_now(line, old, new) or _goes_on(line, old, new):
        return True
    if old.sub != new.sub:
        if _is_blast_again(line, old, new):
            return True
        if old.described or new.described:
            return False
        loose = new.definite or new.trigger.sub_event_type in (BY_VICTIM, BY_WEAPON)
        victims = (
            new.trigger.sub_event_type == BY_VICTIM
            and not new.own_site
            and set(kinds) <= VIOLENT
            and old.story == new.story
        )
        if _is_detail(line, old, new):
            return True
        if _is_named_again(line, old, new):
            return True
        left = new.sub == "Non-violent transfer of territory" and old.sub in (
            "Government regains territory",
            "Non-state actor overtakes territory",
        )
        if not (victims or left or (loose and kinds[0] == kinds[1] and kinds[0] != "Strategic developments")):
            return False
        taken = old.sub in ("Government regains territory", "Non-state actor overtakes territory")
        if (
            victims
            and taken
            and (old is not line.story.last or (new.own_date and old.own_date and new.when != old.when))
        ):
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
    if new.own_date != old.own_date and line.is_background(new if new.own_date else old):
        return False
    actors = set(old.actors) & set(new.actors)
    if old.actors and new.actors and not actors and not (set(old.actors) & set(new.targets)):
        return False
    if tolls_clash(old, new) and not new.definite:
        return False
    dated = new.own_date and old.own_date and old.when is not None and new.when is not None
    if dated and old.sub == new.sub and new.sub != "Agreement" and _at_one_place(old, new):
        return True
    named = new.own_site and not old.own_site and not (old.claims or new.claims)
    if old.sub == new.sub != "Agreement" and named and _at_one_place(old, new):
        return True  # now with the name of the town that the story is about
    if old.sub == new.sub and _names_it(line, old, new):
        return True
    if new.own_site and old.own_site:
        if any(
            s.location.place.id == t.location.place.id and s.location.level != "country"
            for s in new.sites
            for t in old.sites
        ):
            return True
        if {s.location.place.id for s in new.sites} == {s.location.place.id for s in old.sites}:
            return not (new.own_date and old.own_date) or bool(dated)  # the same country
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
    if old is line.story.last and old.own_site and _is_other_count(old, new):
        return True
    return bool(dated or new.definite or actors)


def _is_part_of(whole: Draft, part: Draft) -> bool:
    """Whether a sentence tells of one place among those of a total: "32 across Gaza, including 11 in a strike in Nuseirat"."""
    told = part.facts is whole.facts and part.own_site and whole.own_site
    return told and _INCLUDED.search(part.facts.words(whole.trigger.end, part.trigger.start)) is not None


def _is_of_other_time(line: Storyline, old: Draft, new: Draft) -> bool:
    """Whether a sentence with days of its own tells of others than those that an event took from its story."""
    if not new.own_date or new.when is None or old.own_date:
        return False
    then = line.when(old, note=False)
    if then is None:
        return False
    if then.method == "publication_date" or then.basis in old.facts.sentence.text:  # the day of a statement
        return line.is_background(new)
    return not dates_agree(then, new.when)


def _is_toll_of(line: Storyline, old: Draft, new: Draft) -> bool:
    """Whether "16 people were killed in the attack" counts the dead of the event told last; the larger count is of all."""
    if (
        new.trigger.sub_event_type != BY_VICTIM
        or old is not line.story.last
        or event_type_of(old.sub) not in VIOLENT
        or not dates_agree(line.when(old, note=False), new.when)
        or (new.own_site and old.sites and not share_place(new.sites, old.sites))
        or not _IN_THE_ATTACK.match(new.facts.words(new.trigger.end, new.facts.sentence.end))
    ):
        return False
    for claim in new.claims:
        if claim.low is not None and old.claims:
            old.claims = [c for c in old.claims if c.kind != claim.kind or c.low is None or c.low >= claim.low]
    return True


def _is_blast_again(line: Storyline, old: Draft, new: Draft) -> bool:
    """Whether a mere "explosion" or "blast" is the suicide bombing, strike or shelling of the same place and day."""
    return (
        old.story == new.story
        and old.sub in ("Suicide bomb", "Shelling/artillery/missile attack", "Air/drone strike")
        and new.sub == "Remote explosive/landmine/IED"
        and _ANY_BLAST.fullmatch(new.trigger.text) is not None
        and dates_agree(line.when(old, note=False), new.when)
        and not tolls_clash(old, new)
        and (not new.own_site or share_place(new.sites, old.sites))
        and (old.sub == "Suicide bomb" or not new.own_site or not is_finer(new.sites, old.sites))
    )


def _is_retold(line: Storyline, old: Draft, new: Draft) -> bool:
    """Whether "The bomber struck" tells more of the event told last."""
    return (
        new.definite
        and new.trigger.form == "verb"
        and old is line.story.last
        and {event_type_of(old.sub), event_type_of(new.sub)} <= VIOLENT
        and dates_agree(line.when(old, note=False), new.when)
        and not tolls_clash(old, new)
        and (not new.own_site or not old.sites or share_place(new.sites, old.sites) or _closes_in(old, new))
    )


def _closes_in(old: Draft, new: Draft) -> bool:
    """Whether a town is told where only a part of its country was named: the edges of "north-eastern Syria" are a guess."""
    return all(s.location.level in ("part", "country") for s in old.sites) and {
        s.location.place.country for s in new.sites
    } <= {s.location.place.country for s in old.sites}


def _names_it(line: Storyline, old: Draft, new: Draft) -> bool:
    """Whether a captured town is the one that was told without its name: "a town in the east of the country"."""
    return (
        old is line.story.last
        and "object" in old.trigger.needs
        and bool(old.sites and new.sites)
        and _closes_in(old, new)
        and _UNNAMED_TOWN.search(old.facts.words(old.trigger.end, old.sites[0].start)) is not None
        and dates_agree(old.when, new.when)
    )


def _counts_again(old: Draft, new: Draft) -> bool:
    """Whether "the two men were captured in January" adds to the capture of two men that was told before without a day."""
    again = any(_THE_COUNTED.match(c.words) for c in new.claims)
    return (
        again
        and old.sub == new.sub
        and not old.own_date
        and old.story == new.story
        and (not new.own_site or not old.own_site or share_place(new.sites, old.sites))
    )


def _at_one_place(old: Draft, new: Draft) -> bool:
    """Whether both are at the same town or area, told or taken from the story."""
    return any(
        s.location.place.id == t.location.place.id and s.location.level == t.location.level != "country"
        for s in new.sites
        for t in old.sites
    )


def _is_placed_now(line: Storyline, old: Draft, new: Draft) -> bool:
    """Whether "The assault happened in Yala province" says where the event told just before was."""
    if old is not line.story.last or not new.definite or event_type_of(new.sub) != event_type_of(old.sub):
        return False
    unplaced = not old.own_site or all(s.location.level == "country" for s in old.sites)
    after = new.facts.words(new.trigger.end, new.trigger.end + 40)
    return unplaced and HAPPENED.match(after) is not None and dates_agree(old.when, new.when)


def _goes_on(line: Storyline, old: Draft, new: Draft) -> bool:
    """Whether "They were taken from the village of Tal" says where, in the region that was told just before."""
    return (
        old is line.story.last
        and old.sub == new.sub
        and GOES_ON.match(new.facts.sentence.text) is not None
        and bool(old.sites and new.sites)
        and _closes_in(old, new)
        and dates_agree(old.when, new.when)
        and not tolls_clash(old, new)
    )


def _is_named_again(line: Storyline, old: Draft, new: Draft) -> bool:
    """Whether "Tuesday's attack" or "the raid", without a place of its own, is the event told just before, of whatever kind."""
    if old is not line.story.last or not new.definite or new.own_site or not _ANY_ATTACK.fullmatch(new.trigger.text):
        return False
    days = (line.when(old, note=False), new.when)
    kinds = {event_type_of(old.sub), event_type_of(new.sub)}
    whole = {c.kind: c.low for c in old.claims if c.low is not None}
    part = [c for c in new.claims if c.low is not None and c.low < whole.get(c.kind, 0)]
    if kinds <= VIOLENT and dates_agree(*days) and part:
        new.claims = [c for c in new.claims if c not in part]  # counted in the toll of the whole
    return kinds <= VIOLENT and dates_agree(*days) and not tolls_clash(old, new)


def _is_other_count(old: Draft, new: Draft) -> bool:
    """Whether the sentence before counted the dead and this one the wounded of one kind of event, or the other way round."""
    told = {c.kind for c in old.claims} & {"killed", "wounded"}
    again = {c.kind for c in new.claims} & {"killed", "wounded"}
    return old.sub == new.sub and bool(told) and bool(again) and not told & again


def _is_detail(line: Storyline, old: Draft, new: Draft) -> bool:
    """Whether a sentence says how people died of whom the one before told, or adds nothing to a fight but a name for it."""
    if not {event_type_of(old.sub), event_type_of(new.sub)} <= VIOLENT or old.story != new.story:
        return False
    if not dates_agree(old.when, new.when) or tolls_clash(old, new):
        return False
    if new.own_site and not old.own_site and _SCENE.match(new.facts.sentence.text):
        return False  # "In Sarajevo, a sniper wounded a girl"
    if old.actors and new.actors and not set(old.actors) & set(new.actors):
        return False
    if not new.own_site and not new.own_date and not new.claims:
        return bool((set(old.actors) | set(old.targets)) & (set(new.actors) | set(new.targets)))
    by_victim = [d for d in (old, new) if d.trigger.sub_event_type == BY_VICTIM and d.sub in ("Attack", "Armed clash")]
    if not by_victim or old is not line.story.last:
        return False
    near = (
        not new.own_site
        or not old.own_site
        or any(
            s.location.place.id == t.location.place.id and s.location.level != "country"
            for s in new.sites
            for t in old.sites
        )
    )
    told = {(c.kind, c.low) for c in old.claims if c.low is not None}
    again = {(c.kind, c.low) for c in new.claims if c.low is not None}
    return near and (bool(told & again) or not told or not again)
