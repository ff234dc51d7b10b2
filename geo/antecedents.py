"""What "the city", "there", "here", "it" and "the capital" mean: the last place of that kind which the text has named.

Hides: the words that stand for a place, and how far back each of them looks.
"""

from __future__ import annotations

import re
from dataclasses import replace

from gazetteer.patterns import lazy_pattern
from geo.facts import Facts
from geo.locate import Site, capital_site, find_sites
from geo.needed import screened_pattern
from geo.storyline import Storyline
from geo.triggers import TriggerHit

__all__ = ["HERE", "IT", "PLACE_NOUN", "TERRITORY_BEFORE", "dateline_site", "find_antecedent"]

#: What stands for a place that was named before.
PLACE_NOUN = screened_pattern(
    r"\b(?:[Ii]n|[Aa]t|on|[Nn]ear|[Aa]round|[Oo]utside|of|into|over|across|from|inside|entered|left|leave|leaving|fled|flee|fleeing|took|retook|recaptured|captured|seized|shelled|bombed|stormed|"
    r"overran|control of|(?:battles?|fight|fighting|push) for|hit|struck|attacked|on the outskirts of) (?:the|this|that) "
    r"(?:(?!of |in |and |or |to |which |that )[a-z-]+ ){0,2}?"
    r"(?P<noun>city|town|village|camp|settlement|enclave|province|governorate|region|district|area|territory|country|capital)\b"
    r"(?!['’-]| of [A-Z]| [A-Z]| in [A-Z]| where| that| which| under| (?:cent(?:er|re)|council|hall|centre))"
)
#: "in this southern city", "tore through the cathedral here": where the dateline says that it was written.
HERE = screened_pattern(
    r"\bthis (?:[\w-]+ ){0,3}(?:city|town|village|camp|port|capital|resort|settlement)\b|"
    r"(?<!over )(?<!up )\bhere\b(?= (?:on|during|late|early|yesterday|today|this|Sun|Mon|Tues|Wednes|Thurs|Fri|Satur)|[,.])",
    re.I,
)
_AREA_NOUNS = frozenset(("enclave", "province", "governorate", "region", "district", "area", "territory"))
_THERE = lazy_pattern(
    r"(?<!^)(?<!from )(?<!out )(?<!over )(?<!up )\bthere\b(?! (?:is|are|was|were|has|have|had|be|will|would|may|could|can|should|"
    r"appears?|seems?|remains?|exists?|came))",
    re.I,
)
#: What was taken, and lies in the town that was told before: "it", "the police headquarters".
IT = lazy_pattern(
    r"\s+(?:it|(?:the|its) (?:[a-z]+ ){0,2}?(?:police (?:headquarters|station)|jail|prison|airport|air ?base|barracks|courthouse|"
    r"(?:army|military|rebel|militia) (?:base|camp|headquarters)|government (?:buildings?|compound|headquarters|quarter)|"
    r"governor['’]s (?:office|compound|mansion)|"
    r"(?:railway|radio|television|TV) station|(?:city|town) (?:hall|cent(?:er|re))|citadel|old (?:city|town)|presidential palace))\b"
)
#: A town or its like as the subject of what befell it: "the enclave finally fell", "its last redoubt, which fell".
TERRITORY_BEFORE = lazy_pattern(
    r"\b(?:(?:when|after|before|until|since|and) it|(?:the|this|that|its|their) (?:[\w'’-]+ ){0,3}?(?:city|town|village|enclave|stronghold|"
    r"redoubt|bastion|pocket|camp|base|airport|district|province|capital))(?:,? (?:which|that))?"
    r"(?: (?:[\w'’-]+ ){0,2}(?:left behind|held|controlled))?(?: (?:was|has been|had been|were|\w+ly|then|soon|now|also))*\s+$",
    re.I,
)
_INTO = lazy_pattern(r"\b(?:in|into|inside|across|entered|invaded|reached|throughout|left)\s+(?:the )?$", re.I)
#: An event's place this near before "the city" is it rather than another name that stands between them.
NEAR_ANTECEDENT_CHARS = 400
#: How many names back "the city" looks.
MAX_ANTECEDENTS = 8


def find_antecedent(line: Storyline, facts: Facts, hit: TriggerHit) -> tuple[Site, ...]:
    """The place that "the city", "there" or "retook it" mean: the last one of that kind before them."""
    clause = facts.clause(hit)
    noun: str | None = None
    match = None
    if HERE.search(clause) is not None and (here := dateline_site(line, hit)):
        return here
    if "object" in hit.needs and (
        match := TERRITORY_BEFORE.search(facts.words(max(facts.sentence.start, hit.start - 60), hit.start))
    ):
        noun = None if re.search(r"\bit\b", match[0]) else "town"
    elif (match := PLACE_NOUN.search(clause)) is not None:
        noun = match["noun"].lower()
    elif ((there := _THERE.search(clause)) is None or _is_country_told(facts, hit, clause, there)) and not (
        "object" in hit.needs and IT.match(facts.words(hit.end, hit.end + 60))
    ):
        return ()
    if noun == "capital" and match is not None:
        return _capital(line, facts, hit)
    kind = (
        "any" if noun is None else "area" if noun in _AREA_NOUNS else "country" if noun == "country" else "settlement"
    )
    earlier = [t for t in line.toponyms if t.end <= hit.start and t.place is not None and t.role != "dateline_site"]
    told = {s.location.place.id for d in line.drafts if d.story == line.story.number for s in d.sites}
    own = [s for s in facts.sites if s.end <= hit.start and s.location.level in ("site", "settlement", "near")]
    if noun is None and own and "object" not in hit.needs:
        return (own[-1],)  # "in Qusra ..., where four were killed there the day before"
    fitting: list[Site] = []
    for toponym in reversed(earlier[-MAX_ANTECEDENTS:]):
        if re.search(
            r"\b(?:to|towards?|from|via)\s+(?:the )?$",
            line.article.text[max(0, toponym.start - 15) : toponym.start],
        ):
            continue  # where somebody came from or goes to
        for site in find_sites(line.article.text, [toponym], line.gazetteer):
            place = site.location.place
            settled = site.location.level in ("site", "settlement", "near")
            if kind == "any" and site.location.level == "country":
                continue
            if kind == "any" or (settled == (kind == "settlement") and (kind == "country") == place.is_country):
                fitting.append(site)
    near = [s for s in fitting if hit.start - s.end < NEAR_ANTECEDENT_CHARS]
    if noun is None and near and near[0].start >= facts.sentence.start:
        return (near[0],)  # "fled the town when it fell"
    best = next((s for s in near if s.location.place.id in told), next(iter(fitting), None))
    return (best,) if best is not None else ()


def dateline_site(line: Storyline, hit: TriggerHit) -> tuple[Site, ...]:
    """The town of the article's dateline, for "here" and "this town"."""
    told = [t for t in line.toponyms if t.role == "dateline" and t.place is not None and t.end <= hit.start]
    if not told or told[-1].place is None or not told[-1].place.is_settlement:
        return ()
    return find_sites(line.article.text, [replace(told[-1], role="mention")], line.gazetteer)


def _capital(line: Storyline, facts: Facts, hit: TriggerHit) -> tuple[Site, ...]:
    """What "the capital" means: the last capital that was named before, else that of the country the article is about."""
    named = [t for t in line.toponyms if t.end <= hit.start and t.place is not None and t.place.feature_code == "PPLC"]
    countries = [t.place.country for t in reversed(named[-MAX_ANTECEDENTS:]) if t.place is not None]
    country = line.home if line.home is not None or not countries else countries[0]
    site = capital_site(country, line.gazetteer, start=hit.start, end=hit.end, phrase="the capital")
    return (site,) if site is not None else ()


def _is_country_told(facts: Facts, hit: TriggerHit, clause: str, there: re.Match[str]) -> bool:
    """Whether "there" is the country that its own clause has named: "entered Syria and have been there since"."""
    start = facts.sentence.start + facts.sentence.text.index(clause)
    return any(
        start <= s.start < start + there.start() and _INTO.search(facts.words(facts.sentence.start, s.start))
        for s in facts.own_sites(hit)
    )
