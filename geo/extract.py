"""Sentences -> event reports: what happened, where, when, by whom, to whom, with what toll, and what was not an event.

Hides: how the sentences of an article hang together. Each trigger takes the place, date, actors and tolls of its own
clause first; a sentence without a place goes on with the last place of its story, at lower confidence and saying so.
Sentences on one event are one report. The rules are told in docs/reading.md; the word lists are tables in `geo/data/`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from gazetteer import Gazetteer
from gazetteer.patterns import lazy_pattern
from gazetteer.place import Place, Reason
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
from geo.facts import CLAUSE_COST, PASSIVE, SAID_BEFORE, Facts, home_country, read_facts
from geo.locate import Site, capital_site, find_sites, stands_before_noun
from geo.needed import screened_pattern
from geo.reports import reports_of
from geo.text import Sentence, split_sentences
from geo.triggers import (
    BY_ACTOR,
    BY_VICTIM,
    BY_WEAPON,
    TriggerHit,
    find_triggers,
    other_sense,
    rank,
    taken_back,
    weapon_type,
)

__all__ = ["Extraction", "extract"]

#: An event that ended longer before publication than this is background (the map is of what an article reports, not of what it recalls).
BACKGROUND_DAYS = 10
#: A span longer than this is a campaign, not an incident.
CAMPAIGN_DAYS = 31
#: Days around the last event of a story within which another event without a place is taken to be at the same place.
STORY_DAYS = 5

#: A date before words that only point at an event belongs to them when it is this near: "Tuesday's raid".
DATE_BEFORE_CHARS = 15
#: "Two days after the talks, jets struck": words this near to the start of a sentence open it.
OPENING_CHARS = 25
#: What only points at an event must name its place or day this near to be read as one.
POINTED_CHARS = 60

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
#: Before a further place of a list.
_LISTED = lazy_pattern(r"(?:,|\band|,? as well as)\s+(?:then\s+|later\s+)?(?:(?:in|near|at|on)\s+)?(?:the \w+ of )?$")
#: "..., leaving seven people dead": what came of the clause before.
_OUTCOME = lazy_pattern(r"(?:leaving|killing|wounding|injuring)\b", re.I)
#: Words for an event that say nothing of its kind.
_ANY_ATTACK = lazy_pattern(
    r"(?:the |an? )?(?:attacks?|assaults?|raids?|violence|operation|incident)(?: (?:on|against|in|at))?", re.I
)
#: Between words that point at an event and its place: "the bombing in Istanbul", "attacks on the city of Sloviansk".
_AT = lazy_pattern(
    r"\s+(?:in|at|on|near|against|of|outside|around|across|inside|targeting)\s+(?:[\w'’-]+\s+){0,5}$", re.I
)
#: Between a place and words for an event that bear its name: "the Salisbury attack", "the Douma chemical attack".
_NAMED_AFTER = lazy_pattern(r" (?:(?!and |or |in |on |at |by )[\w-]+ ){0,2}")
#: What stands for a place that was named before.
_PLACE_NOUN = screened_pattern(
    r"\b(?:[Ii]n|[Aa]t|on|[Nn]ear|[Aa]round|[Oo]utside|of|into|over|across|from|inside|entered|left|leave|leaving|fled|flee|fleeing|took|retook|recaptured|captured|seized|shelled|bombed|stormed|"
    r"overran|control of|(?:battles?|fight|fighting|push) for|hit|struck|attacked|on the outskirts of) (?:the|this|that) "
    r"(?:(?!of |in |and |or |to |which |that )[a-z-]+ ){0,2}?"
    r"(?P<noun>city|town|village|camp|settlement|enclave|province|governorate|region|district|area|territory|country|capital)\b"
    r"(?!['’-]| of [A-Z]| [A-Z]| in [A-Z]| where| that| which| under| (?:cent(?:er|re)|council|hall|centre))"
)
#: "in this southern city", "tore through the cathedral here": where the dateline says that it was written.
_HERE = screened_pattern(
    r"\bthis (?:[\w-]+ ){0,3}(?:city|town|village|camp|port|capital|resort|settlement)\b|"
    r"(?<!over )(?<!up )\bhere\b(?= (?:on|during|late|early|yesterday|today|this|Sun|Mon|Tues|Wednes|Thurs|Fri|Satur)|[,.])",
    re.I,
)
#: Before the name of a place where something happened, and after the name of a part of a town.
_AT_NAME = lazy_pattern(
    r"\b(?:in|at|near|outside|around|(?:town|village|hamlet|camp|city)s? of) "
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
#: What is taken of a town.
_FACILITY = lazy_pattern(
    r"\s+(?:back )?(?:an?|the|its|their|several|two|three|most of the|part of the|parts of the) (?:[\w'’-]+ ){0,3}"
    r"(?:towers?|buildings?|bases?|barracks|police stations?|headquarters|airport|town hall|city hall|bridges?|hills?|checkpoints?|"
    r"crossings?|port|plants?|factory|refinery|depots?|garrisons?|station|compound|suburbs?|districts?|neighbou?rhoods?|quarters?|prison)\b",
    re.I,
)
#: Strikes from afar, and words that mean them where the story tells of them.
_FROM_AFAR = ("Air/drone strike", "Shelling/artillery/missile attack")
_FROM_AFAR_NOUN = lazy_pattern(r"\b(?:raids?|bombardments?|strikes?|bombings?|barrages?|shelling)\b", re.I)
#: An article with so many words of sport reports on a match: what is bombed, attacked or blown apart there is a defence.
#: In a longer one they stand in an aside, unless there is another in each so many characters.
SPORT_WORDS, SPORT_CHARS = 6, 400
_SPORT = lazy_pattern(
    r"\b(?:goalkeepers?|strikers?|midfield|midfielders?|wingers?|defenders?|penalty|half-?time|kick-?off|referee|coach|manager|quarter-?finals?|"
    r"semi-?finals?|final|championship|league|tournament|innings|wickets?|batsm[ae]n|scored|scorer|goals?|group|play-?offs?|hat-?trick|offside|"
    r"equali[sz]er|corner|free-kick|fixture|squad|stoppage time|grand slam|podium|laps?|ball|captain|team|teammates?|season|rout|top corner)\b",
    re.I,
)
#: What people die of: a sentence on deaths may go on telling of it.
_DEADLY = frozenset((*VIOLENT, "Protests", "Riots"))
_AREA_NOUNS = frozenset(("enclave", "province", "governorate", "region", "district", "area", "territory"))
_THERE = lazy_pattern(
    r"(?<!^)(?<!from )(?<!out )(?<!over )(?<!up )\bthere\b(?! (?:is|are|was|were|has|have|had|be|will|would|may|could|can|should|"
    r"appears?|seems?|remains?|exists?|came))",
    re.I,
)
#: What was taken, and lies in the town that was told before: "it", "the police headquarters".
_IT = lazy_pattern(
    r"\s+(?:it|(?:the|its) (?:[a-z]+ ){0,2}?(?:police (?:headquarters|station)|jail|prison|airport|air ?base|barracks|courthouse|"
    r"(?:army|military|rebel|militia) (?:base|camp|headquarters)|government (?:buildings?|compound|headquarters|quarter)|"
    r"governor['’]s (?:office|compound|mansion)|"
    r"(?:railway|radio|television|TV) station|(?:city|town) (?:hall|cent(?:er|re))|citadel|old (?:city|town)|presidential palace))\b"
)
_TAKEN_NOUN = lazy_pattern(
    r"\s+(?:(?:full |complete )?control of )?(?:the|this|that) (?:\w+ )?(?:city|town|village|enclave|camp|area|province|district)\b"
)
_FELL = lazy_pattern(r"fell|(?:has|had) fallen|fell to|fallen to|changed hands", re.I)
#: A town or its like as the subject of what befell it: "the enclave finally fell", "its last redoubt, which fell".
_TERRITORY_BEFORE = lazy_pattern(
    r"\b(?:(?:when|after|before|until|since|and) it|(?:the|this|that|its|their) (?:[\w'’-]+ ){0,3}?(?:city|town|village|enclave|stronghold|"
    r"redoubt|bastion|pocket|camp|base|airport|district|province|capital))(?:,? (?:which|that))?"
    r"(?: (?:[\w'’-]+ ){0,2}(?:left behind|held|controlled))?(?: (?:was|has been|had been|were|\w+ly|then|soon|now|also))*\s+$",
    re.I,
)
_OF_A_SITE = lazy_pattern(r"\b(?:base|camp|airport|district|it)\b", re.I)
_INTO = lazy_pattern(r"\b(?:in|into|inside|across|entered|invaded|reached|throughout|left)\s+(?:the )?$", re.I)
#: An event's place this near before "the city" is it rather than another name that stands between them.
NEAR_ANTECEDENT_CHARS = 400
#: A sentence without a place goes on with one that was named this near before it, where no event was told.
NAMED_BEFORE_CHARS = 300
#: Before a place where somebody came from, goes to or speaks.
_GOING = lazy_pattern(
    r"\b(?:to|towards?|from|via|for|into|said in|spoke in|based in|told|like|than|as in)\s+(?:the )?(?:[\w-]+ ){0,2}$",
    re.I,
)
#: How many names back "the city" looks.
MAX_ANTECEDENTS = 8
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
_INCLUDED = lazy_pattern(r"\bincluding (?:at least )?(?:\w+|\d+) (?:[\w-]+ ){0,3}(?:in|when|by|at|during)\b")
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

#: A place opens the sentence: it tells of that place.
_SCENE = lazy_pattern(
    r"\W*(?:In|At|Near|Outside|Around)\s+(?!all\b|addition\b|total\b|response\b|retaliation\b|the (?:attack|assault|raid|same|past|latest))"
)
_NEW_STORY = lazy_pattern(
    r"^[\W]*(?:Meanwhile|Elsewhere|Separately|In a separate|In other|In another|Also on \w+day|In neighbou?ring|Further (?:north|south|east|west)|"
    r"In the (?:north|south|east|west)|To the (?:north|south|east|west))\b"
)
#: "10.15am GMT", "14:32": the head of an entry of a live blog.
_TIME_STAMP = lazy_pattern(
    r"^\W*(?:(?:updated|posted|published)\s+(?:at\s+)?)?\d{1,2}[:.]\d{2}\s*(?:[ap]\.?m\.?)?\s*(?:GMT|BST|UTC|CET|CEST|EST|EDT|EEST|EET|local time|$|[-–—|])"
)
_ANAPHOR = screened_pattern(
    r"\b(?:the|this|that|these|those|its) (?:[\w“”\"'’-]+ ){0,3}(?P<noun>operations?|offensive|attacks?|strikes?|raids?|bombings?|bombardments?|"
    r"air ?strikes?|assault|explosions?|blasts?|ambush|clashes|fighting|battles?|incident|shelling|incursion|agreement|deal|memorandum|"
    r"document|truce|cease-?fire|evacuation|protests?|demonstrations?|killings?|abductions?|massacre|deaths|unrest|bloodshed)\b",
    re.I,
)
#: "The assault happened in Yala province".
_HAPPENED = lazy_pattern(r"\s+(?:happened|occurred|took place|unfolded|came)\b", re.I)
_ANAPHOR_TYPES = {
    "agreement": {"Strategic developments"}, "deal": {"Strategic developments"}, "memorandum": {"Strategic developments"},
    "document": {"Strategic developments"}, "truce": {"Strategic developments"}, "ceasefire": {"Strategic developments"},
    "cease-fire": {"Strategic developments"}, "evacuation": {"Strategic developments"}, "protest": {"Protests", "Riots"},
    "protests": {"Protests", "Riots"}, "demonstration": {"Protests", "Riots"}, "demonstrations": {"Protests", "Riots"},
    "unrest": {"Protests", "Riots"}, "deaths": VIOLENT | {"Protests", "Riots"},
}  # fmt: skip
_DEFINITE = lazy_pattern(r"(?:\b(?:the|this|that|these|those|its|their)|['’]s)\s+(?:[\w“”\"'’-]+\s+){0,3}$", re.I)
_ASSERTS = lazy_pattern(
    r"\b(?:carried out|launched|conducted|hit|struck|killed|wounded|injured|targeted|destroyed|took place|reported|continued|have continued|"
    r"erupted|broke out|intensified|rocked|shook|raged|occurred|resumed|began|left|claimed|pounded|staged|held|dropped|fired|there (?:was|were)|"
    r"were also|was also|backing|rained|escalated|flared|gripped|drew|gathered|met|ended|backed|saw|swept|spread|evacuated|underway|under way)\b"
)
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


#: What is going on while it is told.
_GOING_ON = lazy_pattern(r"(?:is|are) \w+ing\b", re.I)
_HAS_SINCE = lazy_pattern(r"\b(?:has|have) since (?:\w+ )?$", re.I)
_SINCE_IT = lazy_pattern(
    r"\W*(?:Ever )?[Ss]ince (?:the |an? )?(?!then|last|late|early|mid|this|\w+day|\d)\w+ (?:[\w'’-]+ ){0,3}\w+ed\b"
)

#: Who tells what befell himself: a memoir, an interview, an opinion.
#: What ministers and envoys say of events, in the first person: "I welcome the news that", "We are concerned by reports of".
_OFFICE_SPEAKS = lazy_pattern(
    r"\b(?:I|[Ww]e)(?: \w+| have| am| are){0,3} (?:welcom|condemn|deplor|denounc|commend|applaud|congratulat|pay tribute|mourn|"
    r"(?:concerned|alarmed|appalled|shocked|horrified|saddened|relieved|outraged|dismayed|disturbed|encouraged|pleased|deeply \w+) (?:by|at|about|to|that))",
)
_FIRST_PERSON = lazy_pattern(r"\b(?:I|I['’](?:m|ve|d|ll)|me|my|myself|we|We|My|our|Our|us)\b(?!\.)")
#: "Her husband had died in a bombardment": one of a family, of whom somebody tells.
_OF_A_FAMILY = lazy_pattern(
    r"\b(?:her|his|their|whose) (?:[\w-]+ ){0,2}(?:husband|wife|father|mother|sons?|daughters?|brothers?|sisters?|parents|uncles?|aunts?|cousins?|"
    r"friends?|fianc[eé]e?|famil(?:y|ies)|boyfriend|girlfriend|child|children)\b[^,.;]{0,30}$",
    re.I,
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
#: A sentence that goes on with what the one before was about.
_GOES_ON = lazy_pattern(r"\W*(?:There|It|They|He|She|This|That|These|Those|Its|Their|His|Her|Both)\b")
#: The day that opens a sentence stands in so many of its characters.
OPENING_DAY_CHARS = 40
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
#: Who is told of again: "The bomber struck", "The jets hit".
_TOLD_SUBJECT = lazy_pattern(
    r"\W*(?:The|Both|These|Those) (?:[\w-]+ ){0,2}?(?:bombers?|attackers?|gunm[ae]n|assailants?|raiders|assassins?|jets?|planes?|"
    r"warplanes?|aircraft|drones?|missiles?|rockets?|shells?|device|vehicle|car|truck|bombs?|explosives)"
    r"(?: (?:had|was|were|then|also|first|later|reportedly))*\s+$"
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
_UNNAMED_TOWN = lazy_pattern(r"\ban? (?:[\w-]+ ){0,3}(?:town|village|city|base|airport|stronghold)\b", re.I)
#: Between a toll and its own verb: "200 civilians were killed".
_ITS_VERB = lazy_pattern(r",?(?: \w+)? (?:was|were|have been|had been|has been|are)(?: \w+ly)? ")
#: A toll that points back: "the two", "all three".
_THE_COUNTED = lazy_pattern(r"(?:(?:the|these|those|all) [\w-]|both$)", re.I)
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


@dataclass(slots=True)
class _Story:
    number: int
    last: Draft | None = None
    start: int = 0  # where its first sentence begins


def extract(
    article: Article, toponyms: Sequence[Toponym], gazetteer: Gazetteer, *, published: date | None = None
) -> Extraction:
    """The event reports of an article in the order of its text, and what was rejected.

    `published` (by default the article's own) resolves relative dates; without one they stay unknown.
    """
    published = published if published is not None else article.published
    reader = _Reader(article, toponyms, gazetteer, published)
    sentences = split_sentences(article.text)
    reader.body_start = next((s.start for s in sentences if s.kind == "body"), 0)
    for sentence in sentences:
        if _TIME_STAMP.match(sentence.text):
            reader.open_story(sentence.start)
        if sentence.kind == "body":
            reader.read(sentence)
    return reader.finish()


def _is_adjectival(facts: Facts, hit: TriggerHit) -> bool:
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


def _is_attacked(facts: Facts, hit: TriggerHit) -> bool:
    """Whether towns are told to have been attacked, by whomever: "Barkin Ladi and Riyom were attacked"."""
    said = _WERE_ATTACKED.fullmatch(
        facts.words(max((s.end for s in facts.sites if s.end <= hit.start), default=hit.end), hit.end)
    )
    return said is not None and not any(s.location.level == "country" for s in facts.own_sites(hit))


def _is_facility_hit(facts: Facts, hit: TriggerHit) -> bool:
    """Whether buildings are told to have been hit, by whatever: "Two energy facilities in Lviv were hit"."""
    before = facts.words(facts.sentence.start, hit.start)
    return _WERE_HIT.fullmatch(hit.text) is not None and _FACILITY_BEFORE.search(before) is not None


def _is_described(facts: Facts, hit: TriggerHit) -> bool:
    """Whether a participle behind its noun only says which one is meant: "foreigners detained in camps"."""
    if hit.form != "verb" or _DONE_TO.fullmatch(hit.text) is None:
        return False
    after = facts.words(hit.end, hit.end + 12)
    if re.match(r"\s(?:in|by|at|for|from|during|on|near|outside|since|under|inside|across|there)\b", after) is None:
        return False
    return _BEHIND_NOUN.search(facts.words(facts.sentence.start, hit.start)) is not None


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
        self.story = _Story(0)
        self.drafts: list[Draft] = []
        self.rejected: list[Rejected] = []
        self.body_start = 0
        words = len({word.lower() for word in _SPORT.findall(article.text)})
        self.is_sport = words >= max(SPORT_WORDS, len(article.text) / SPORT_CHARS)
        self.before: Sentence | None = None  # the sentence before
        self.pointed: set[int] = set()  # triggers that only point at an event, but say where or when it was

    # Sentences ---------------------------------------------------------------------------------------------------------

    def open_story(self, start: int) -> None:
        """What follows is told on its own: a second story, or the next entry of a live blog."""
        self.story = _Story(self.story.number + 1, start=start)

    def read(self, sentence: Sentence) -> None:
        """Reads one sentence, and keeps it for the next, which may go on with its day."""
        self._read(sentence)
        self.before = sentence

    def _read(self, sentence: Sentence) -> None:
        if _NEW_STORY.match(sentence.text):
            self.open_story(sentence.start)
        hits = find_triggers(sentence.text, offset=sentence.start)
        anaphor = _ANAPHOR.search(sentence.text)
        if not hits and anaphor is None:
            return
        back = {
            h.start: taken_back(sentence.text, h.start - sentence.start, h.end - sentence.start, form=h.form)
            for h in hits
        }
        if anaphor is None and all(r is not None and r.code != "reference" for r in back.values()):
            for hit in hits:
                self._reject(sentence, hit, back[hit.start])
            return
        facts = read_facts(self.article, sentence, self.toponyms, self.gazetteer, home=self.home)
        kept = self._asserted(facts, hits, back)
        drafts = self._drafts(facts, kept)
        if anaphor is not None and not self._is_told(facts, anaphor, drafts):
            self._extend(facts, anaphor)
        for draft in drafts:
            self._add(draft)
        if _CONTESTED.search(sentence.text) and not drafts and self.story.last is not None and anaphor is not None:
            self.story.last.status = "contested"

    # Triggers ----------------------------------------------------------------------------------------------------------

    def _asserted(self, facts: Facts, hits: Sequence[TriggerHit], back: dict[int, Reason | None]) -> list[TriggerHit]:
        """The triggers that tell of an event; what takes another one back is in `back`, by its start."""
        for hit in hits:
            reason = back[hit.start]
            if reason is not None and reason.code == "reference" and self._is_presupposed(facts, hit):
                self.pointed.add(hit.start)
                reason = None
            back[hit.start] = reason if reason is not None else self._future(facts, hit)
        alive = [hit for hit in hits if back[hit.start] is None]
        lacks = {hit.start: self._needs_more(facts, hit, alive) for hit in alive}
        told = [hit for hit in alive if lacks[hit.start] is None]
        s = facts.sentence
        asked = s.text.rstrip().endswith(("?", "?”", '?"', "?’")) and not facts.dates
        for hit in told:
            back[hit.start] = (
                Reason("hypothetical", "It is asked, not told.")
                if asked
                else other_sense(s.text, hit.start - s.start, hit.end - s.start, form=hit.form)
            )
            if back[hit.start] is None and self.is_sport and not facts.tolls:
                back[hit.start] = Reason("fiction", "The article reports on a match.")
            if back[hit.start] is None and self._is_testimony(facts, hit):
                back[hit.start] = Reason("personal", "Somebody tells of himself or his family, without a day.")
        kept = [hit for hit in told if back[hit.start] is None]
        if len(kept) < len(alive):
            lacks |= {hit.start: self._needs_more(facts, hit, kept) for hit in kept}
            kept = [hit for hit in kept if lacks[hit.start] is None]
        for hit in hits:
            lack = lacks.get(hit.start)
            self._reject(s, hit, back[hit.start] or (None if lack is None else Reason("unsupported", lack)))
        return kept

    @staticmethod
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

    @staticmethod
    def _is_testimony(facts: Facts, hit: TriggerHit) -> bool:
        """Whether a sentence in the first person tells what befell its speaker: no report, or one that others give with its day."""
        if facts.dates or hit.sub_event_type == "Agreement":
            return False
        before = facts.words(facts.sentence.start, hit.start)
        if _FIRST_PERSON.search(facts.sentence.text) is not None:
            return _OFFICE_SPEAKS.search(facts.sentence.text) is None
        return not facts.sites and _OF_A_FAMILY.search(before) is not None

    def _future(self, facts: Facts, hit: TriggerHit) -> Reason | None:
        expression = facts.date_of((hit.start, hit.end))
        if expression is None or self.published is None:
            return None
        when = resolve(expression, published=self.published, previous=None)
        if when is not None and when.start > self.published:
            return Reason("planned", f"'{expression.text}' lies after publication.")
        return None

    def _needs_more(self, facts: Facts, hit: TriggerHit, hits: Sequence[TriggerHit]) -> str | None:
        """What a trigger lacks of the support that its row or its form asks for, in words, or None when it has it."""
        before, after = facts.words(facts.sentence.start, hit.start), facts.words(hit.end, hit.end + 30)
        if hit.text.lower() == "fighting" and (
            _FIGHTING_WHOM.match(after) or (_WHO_IS_FIGHTING.search(before) and not _FIGHTING_RAGED.match(after))
        ):
            return "It says who fights, not that there was a fight."  # "while fighting Islamic State"
        if hit.form == "noun" and hit.sub_event_type == "Remote explosive/landmine/IED" and _DISPOSED.search(before):
            return "It is what was cleared or destroyed."  # "cleared mines", "destroyed a bridge and an IED"
        rescue = hit.sub_event_type == "Other" and _RESCUE.search(hit.text) is not None
        if (rescue or hit.sub_event_type in ("Arrests", "Agreement")) and not self._is_of_conflict(facts):
            return "Nothing says that it has to do with a conflict."
        if hit.text.lower() == "died" and _PEACEFUL_DEATH.match(after):
            return "It is a death without violence."
        own_site = facts.own_sites(hit)
        no_place = all(s.location.level == "country" for s in own_site)
        tolls = [t for t in facts.tolls if not t.cumulative and t.kind in ("killed", "wounded")]
        described = _is_described(facts, hit) and facts.date_of((hit.start, hit.end)) is None and not tolls
        if described and (no_place or _HELD.fullmatch(hit.text)):
            return "It says which ones are meant; neither a place nor a day is told."
        if _is_adjectival(facts, hit) and no_place:
            return "It describes somebody or something; no place is named."
        placed = "object" in hit.needs or "place" in hit.needs
        here = placed and _HERE.search(facts.clause(hit)) is not None and bool(self._dateline(hit))
        if (
            "object" in hit.needs
            and not facts.territory_sites(hit)
            and not here
            and not self._is_facility_taken(facts, hit)
            and not self._is_pronoun_taken(facts, hit)
        ):
            return "It needs a place that was taken."
        if "site" in hit.needs and not own_site:
            return "It needs a place."
        if "place" in hit.needs and no_place and not here and not self._is_place_meant(facts, hit):
            return "It needs a place in its clause."
        if "place|toll" in hit.needs and not tolls and no_place:
            return "It needs a place in its clause or a toll."
        if "toll" in hit.needs and not tolls:
            return "It needs a toll."
        if "weapon" in hit.needs and not self._is_armed(facts, hit, supported=bool(own_site or tolls)):
            return "It needs a weapon, or an armed actor with a place or a toll."
        if "victim" in hit.needs:
            shot = _SHOT.search(hit.text) is not None and (
                "stabbed" in hit.text.lower() or _SHOT_AT.match(after) or _SHOT_WHO.search(before)
            )
            if shot and not no_place and (facts.dates or self.story.last is not None):
                return None  # "a policeman was stabbed in Jerusalem": how it ended is not told
            others = any(h is not hit and h.sub_event_type != BY_VICTIM for h in hits)
            clear = self._is_clear_death(facts, hit, tolls, own_site, others=others)
            return None if clear else "It needs a number of people and a place, a date or a weapon."
        between = after.startswith(" between ")  # "clashes between"
        if hit.form == "noun" and not (
            own_site or tolls or facts.dates or between or _ASSERTS.search(facts.sentence.text)
        ):
            return "A noun needs a place, a date, a toll or a verb that asserts it."
        return None

    @staticmethod
    def _is_armed(facts: Facts, hit: TriggerHit, *, supported: bool) -> bool:
        """Whether a sentence names a weapon or, with a place or a toll, an armed actor."""
        armed = any(a.kind not in ("Civilians", "Protesters") and not a.metonym and not a.state for a in facts.actors)
        named = weapon_type(facts.clause(hit)) is not None or weapon_type(facts.sentence.text) is not None
        return (
            named or (armed and supported) or _is_attacked(facts, hit) or (supported and _is_facility_hit(facts, hit))
        )

    def _is_clear_death(
        self, facts: Facts, hit: TriggerHit, tolls: Sequence[TollMention], own_site: Sequence[Site], *, others: bool
    ) -> bool:
        """Whether a sentence on killed or wounded people says enough to be an event of its own."""
        goes_on = self.story.last is not None and event_type_of(self.story.last.sub) in _DEADLY
        armed = weapon_type(facts.sentence.text) is not None
        if hit.text.lower() == "died" and not goes_on and not armed:
            return others and bool(tolls)
        counted = any(t.low is not None for t in tolls)
        told = bool(tolls) and bool(facts.dates) and any(s.location.level != "country" for s in own_site)
        clear = (counted or told) and (goes_on or bool(own_site) or bool(facts.dates) or armed)
        return clear or (others and bool(tolls))

    def _is_of_conflict(self, facts: Facts) -> bool:
        """Whether an arrest or a deal has to do with a conflict: by its parties, its words or what the article has told."""
        parties = any(
            a.kind not in ("Civilians", "Rioters") and not (a.generic and a.name == "Police") for a in facts.actors
        )
        return (
            parties
            or _OF_CONFLICT.search(facts.sentence.text) is not None
            or any(event_type_of(d.sub) != "Strategic developments" or d.sub == "Arrests" for d in self.drafts)
        )

    def _is_place_meant(self, facts: Facts, hit: TriggerHit) -> bool:
        """Whether "the town" in a trigger's clause stands for a place that was named before."""
        return _PLACE_NOUN.search(facts.clause(hit)) is not None and bool(self._antecedent(facts, hit))

    @staticmethod
    def _is_facility_taken(facts: Facts, hit: TriggerHit) -> bool:
        """Whether a part of a town that the sentence names was taken: "In Kramatorsk troops retook a television tower"."""
        after = facts.words(hit.end, hit.end + 60)
        return _FACILITY.match(after) is not None and any(s.location.level != "country" for s in facts.own_sites(hit))

    def _is_pronoun_taken(self, facts: Facts, hit: TriggerHit) -> bool:
        """Whether what was taken is "it" or "the town", of which the text has told."""
        after = facts.words(hit.end, hit.end + 60)
        if _FELL.fullmatch(hit.text) or PASSIVE.search(facts.words(facts.sentence.start, hit.start)):
            subject = _TERRITORY_BEFORE.search(facts.words(hit.start - 60, hit.start))
            if subject is None or (not _FELL.fullmatch(hit.text) and _OF_A_SITE.search(subject[0])):
                return False
            return bool(self._antecedent(facts, hit))
        if hit.text.lower() in ("took", "cleared", "secured"):  # "took it out"
            return _TAKEN_NOUN.match(after) is not None and bool(self._antecedent(facts, hit))
        return (_IT.match(after) or _TAKEN_NOUN.match(after)) is not None and bool(self._antecedent(facts, hit))

    def _reject(self, sentence: Sentence, hit: TriggerHit, reason: Reason | None) -> None:
        if reason is None:
            return
        sub = hit.sub_event_type if hit.sub_event_type not in (BY_ACTOR, BY_VICTIM, BY_WEAPON) else "Other"
        self.rejected.append(
            Rejected(
                article_id=self.article.id,
                start=hit.start,
                end=hit.end,
                quote=sentence.text,
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
            span = (draft.trigger.start, draft.trigger.end)
            homes = [m for m in merged if self._one_in_sentence(m, draft)]
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
            self._settle(draft, merged)
        dated = [d for d in merged if d.own_date and d.when is not None and d.date_span is not None]
        if len(dated) == 1 and len(merged) > 1 and dated[0].sub != "Agreement":
            for draft in merged:
                if (
                    not draft.own_date
                    and not draft.background
                    and draft.sub != "Agreement"
                    and draft.trigger.start not in self.pointed
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
            when = resolve(day, published=self.published, previous=draft.when)
            if when is None or draft.date_span[0] == day.start:
                continue
            parts.append(
                replace(
                    draft, sites=(site,), when=when, date_span=(day.start, day.end), claims=[], tolls=[], figures=[],
                    also=[], toll_places={}, reasons=[], actors=dict(draft.actors), targets=dict(draft.targets),
                )
            )  # fmt: skip
        return parts

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
            told = self._when(self.story.last, note=False) if self.story.last is not None else None
            if counted is None and not _AFTER_TOLD.match(facts.words(e.end, facts.sentence.end)):
                continue
            own = counted.when if counted is not None and counted.date_span != (e.start, e.end) else None
            if counted is None and (anaphor := _ANAPHOR.search(facts.words(e.end, facts.sentence.end))) is not None:
                meant = self._meant(facts, anaphor, _ANAPHOR_TYPES.get(anaphor["noun"].lower(), VIOLENT))
                told = self._when(meant, note=False) if meant is not None else told
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
                and self._is_news(main[0])
                and self.published is not None
            ):
                anchor = told
            if counted is not None and anchor is not None:
                counted.when, counted.own_date = self._counted(e, earlier, anchor), True

    def _counted(self, e: TimeExpression, which: str, start: When) -> When | None:
        """The days that "two days after" counts from an event of known days."""
        return resolve(replace(e, kind="anchor", which=which), published=self.published, previous=start)

    def _draft(self, facts: Facts, hit: TriggerHit) -> Draft:
        sites = facts.territory_sites(hit) if "object" in hit.needs else facts.own_sites(hit)
        if not sites and "object" in hit.needs and self._is_facility_taken(facts, hit):
            sites = facts.own_sites(hit)
        antecedent = self._antecedent(facts, hit) if all(s.location.level == "country" for s in sites) else ()
        sites = antecedent or sites
        expression = facts.date_of((hit.start, hit.end))
        when = None
        if expression is not None:
            previous = self._when(self.story.last, note=False) if self.story.last is not None else None
            if previous is None and expression.kind in ("anchor", "part_of_day"):
                days = (resolve(e, published=self.published, previous=None) for e in facts.dates if e != expression)
                previous = next(
                    (day for day in days if day is not None), None
                )  # "On Monday, police said ... the previous night"
            if expression.kind == "anchor":
                own = (
                    e
                    for e in reversed(facts.dates)
                    if e.end <= expression.start and e.kind in ("weekday", "day", "month_day")
                )
                days = (resolve(e, published=self.published, previous=None) for e in own)
                previous = next((day for day in days if day is not None), previous)
            when = resolve(expression, published=self.published, previous=previous)
        before = facts.words(facts.sentence.start, hit.start)
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
            or (expression is not None and (self.published is None or expression.kind == "clause")),
            date_span=(expression.start, expression.end) if expression is not None else None,
            story=self.story.number,
            background=hit.start in self.pointed and expression is None,
            definite=hit.start in self.pointed
            or (hit.form == "noun" and _DEFINITE.search(before) is not None)
            or (hit.form == "verb" and _TOLD_SUBJECT.fullmatch(before) is not None),
        )
        if hit.start in self.pointed and expression is not None and hit.start - expression.end > DATE_BEFORE_CHARS:
            draft.when, draft.own_date, draft.date_span = None, False, None
        if _is_adjectival(facts, hit):
            draft.when, draft.own_date, draft.date_span = None, False, None
            draft.described = draft.background = True
        if antecedent:
            draft.reasons.append(Reason("antecedent-place", f"a word that stands for {antecedent[0].location.phrase}"))
        if not draft.own_date and not draft.background and (day := self._day_before(facts.sentence)) is not None:
            draft.when = day
            draft.reasons.append(
                Reason(
                    "inherited-date", f"no date of its own; '{day.basis}' at the head of the sentence before is taken"
                )
            )
        draft.actors, draft.targets = cast(facts, hit, self.gazetteer)
        draft.sub = self._in_story(draft, sub_event_type(hit, facts, draft.actors, draft.targets, sites))
        return draft

    def _in_story(self, draft: Draft, sub: str) -> str:
        """The sub-event type that the story gives to words that leave it open: "the raids" of bombers, shops burned in a riot."""
        last = self.story.last
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

    def _day_before(self, sentence: Sentence) -> When | None:
        """The day that opens the sentence before, where that told of no event and this one goes on: "There, troops took ..."."""
        before = self.before
        if before is None or not _GOES_ON.match(sentence.text):
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

    def _one_in_sentence(self, a: Draft, b: Draft) -> bool:
        """Whether two triggers of one sentence tell of one event."""
        if a.described != b.described:
            return False  # "killed in the liberated city": the city's capture is another event
        if self._is_part_of(a, b):
            return False
        same_place = not b.own_site or not a.own_site or share_place(a.sites, b.sites)
        outcome = _OUTCOME.match(b.trigger.text) and a.facts.words(a.facts.sentence.start, b.trigger.start).endswith(
            ", "
        )
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
                    draft.claims.append(claim_of(replace(toll, kind="missing"), self.article, facts.sentence))
                else:
                    draft.claims.append(claim_of(toll, self.article, facts.sentence))
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
                draft.when, draft.own_date, draft.date_span = None, False, None

    def _country_concerned(self, draft: Draft) -> Toponym | None:
        """The country that the sentence says it is about, for agreements: not a party, "the Syrian government and rebels"."""
        parties = {
            a.country
            for a in draft.actors.values()
            if a.state or a.metonym or draft.sub != "Agreement" or a.is_country_force
        }
        own = _ITS_LAND.search(draft.facts.clause(draft.trigger)) is not None and len(parties) == 1
        for toponym in draft.facts.countries:
            after = self.article.text[toponym.end : toponym.end + 20]
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
            if stands_before_noun(toponym, self.article.text):
                continue
            return toponym
        return None

    def _antecedent(self, facts: Facts, hit: TriggerHit) -> tuple[Site, ...]:
        """The place that "the city", "there" or "retook it" mean: the last one of that kind before them."""
        clause = facts.clause(hit)
        noun: str | None = None
        match = None
        if _HERE.search(clause) is not None and (here := self._dateline(hit)):
            return here
        if "object" in hit.needs and (
            match := _TERRITORY_BEFORE.search(facts.words(max(facts.sentence.start, hit.start - 60), hit.start))
        ):
            noun = None if re.search(r"\bit\b", match[0]) else "town"
        elif (match := _PLACE_NOUN.search(clause)) is not None:
            noun = match["noun"].lower()
        elif ((there := _THERE.search(clause)) is None or self._is_country_told(facts, hit, clause, there)) and not (
            "object" in hit.needs and _IT.match(facts.words(hit.end, hit.end + 60))
        ):
            return ()
        if noun == "capital" and match is not None:
            return self._capital(facts, hit)
        kind = (
            "any"
            if noun is None
            else "area"
            if noun in _AREA_NOUNS
            else "country"
            if noun == "country"
            else "settlement"
        )
        earlier = [t for t in self.toponyms if t.end <= hit.start and t.place is not None and t.role != "dateline"]
        told = {s.location.place.id for d in self.drafts if d.story == self.story.number for s in d.sites}
        own = [s for s in facts.sites if s.end <= hit.start and s.location.level in ("site", "settlement", "near")]
        if noun is None and own and "object" not in hit.needs:
            return (own[-1],)  # "in Qusra ..., where four were killed there the day before"
        fitting: list[Site] = []
        for toponym in reversed(earlier[-MAX_ANTECEDENTS:]):
            if re.search(
                r"\b(?:to|towards?|from|via)\s+(?:the )?$",
                self.article.text[max(0, toponym.start - 15) : toponym.start],
            ):
                continue  # where somebody came from or goes to
            for site in find_sites(self.article.text, [toponym], self.gazetteer):
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

    def _dateline(self, hit: TriggerHit) -> tuple[Site, ...]:
        """The town of the article's dateline, for "here" and "this town"."""
        told = [t for t in self.toponyms if t.role == "dateline" and t.place is not None and t.end <= hit.start]
        if not told or told[-1].place is None or not told[-1].place.is_settlement:
            return ()
        return find_sites(self.article.text, [replace(told[-1], role="mention")], self.gazetteer)

    def _capital(self, facts: Facts, hit: TriggerHit) -> tuple[Site, ...]:
        """What "the capital" means: the last capital that was named before, else that of the country the article is about."""
        named = [
            t for t in self.toponyms if t.end <= hit.start and t.place is not None and t.place.feature_code == "PPLC"
        ]
        countries = [t.place.country for t in reversed(named[-MAX_ANTECEDENTS:]) if t.place is not None]
        country = self.home if self.home is not None or not countries else countries[0]
        site = capital_site(country, self.gazetteer, start=hit.start, end=hit.end, phrase="the capital")
        return (site,) if site is not None else ()

    @staticmethod
    def _is_country_told(facts: Facts, hit: TriggerHit, clause: str, there: re.Match[str]) -> bool:
        """Whether "there" is the country that its own clause has named: "entered Syria and have been there since"."""
        start = facts.sentence.start + facts.sentence.text.index(clause)
        return any(
            start <= s.start < start + there.start() and _INTO.search(facts.words(facts.sentence.start, s.start))
            for s in facts.own_sites(hit)
        )

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
        hurts = not kinds <= {"Strategic developments"}
        tolls = [t for t in facts.tolls if hurts and not t.cumulative and not t.included]
        claims = [claim_of(t, self.article, facts.sentence) for t in tolls]
        unplaced = not target.own_site or all(s.location.level == "country" for s in target.sites)
        if noun in ("agreement", "deal", "memorandum") and facts.sites and not target.own_site:
            target.sites, target.own_site = facts.sites[:1], True
        elif unplaced and facts.sites and _HAPPENED.match(facts.words(span[1], span[1] + 40)):
            target.sites, target.own_site = facts.sites[:1], True  # "The deaths occurred in the city of Juliaca"
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
        if self._is_mentioned_again(draft):
            return
        if draft.definite and not draft.own_site and not draft.claims:
            kind = event_type_of(draft.sub)
            if any(event_type_of(d.sub) == kind for d in self.drafts):
                return  # "the strikes" of which the article has told already
        if not draft.own_site and not self._is_at_unknown(draft):
            self._inherit(draft)
        self.drafts.append(draft)
        self.story.last = draft

    def _is_at_unknown(self, draft: Draft) -> bool:
        """Whether an event names its place and no gazetteer has it: it is not at the place of the story."""
        facts, hit = draft.facts, draft.trigger
        named = {t.start for t in self.toponyms if t.place is not None} | {a.start for a in facts.actors}
        for match in _AT_NAME.finditer(facts.sentence.text):
            start, end = facts.sentence.start + match.start("name"), facts.sentence.start + match.end("name")
            if start in named or _NO_PLACE.match(match["name"]) or _PART_OF_TOWN.match(facts.words(end, end + 30)):
                continue
            if facts.same_clause((hit.start, hit.end), (start, end)) and not any(
                a.start <= start < a.end for a in facts.actors
            ):
                return True
        return False

    def _is_mentioned_again(self, draft: Draft) -> bool:
        """Whether words point at what the article has told already: "after the Salisbury attack"."""
        return (
            draft.trigger.start in self.pointed
            and not draft.own_date
            and not draft.claims
            and any(
                {event_type_of(d.sub), event_type_of(draft.sub)} <= VIOLENT and self._at_one_place(d, draft)
                for d in self.drafts
            )
        )

    def _inherit(self, draft: Draft) -> None:
        """The story's last place for an event that names none, unless its own date says that it was another time."""
        if draft.sub in ("Agreement", "Change to group/activity") or draft.background or self._is_background(draft):
            return
        told = [d for d in self.drafts if d.story == self.story.number and d.sites and not self._is_background(d)]
        told = [d for d in told if d.sub != "Agreement"]
        if not told:
            self._inherit_named(draft)
            return
        last = next((d for d in reversed(told) if d.sub == draft.sub), told[-1])
        then = self._when(last, note=False)
        if draft.own_date and draft.when and then and abs((draft.when.start - then.start).days) > STORY_DAYS:
            return
        draft.sites = last.sites
        draft.reasons.append(
            Reason("inherited-place", "no place in its own sentence; the last place of the story is taken")
        )

    def _inherit_named(self, draft: Draft) -> None:
        """The place that the sentences right before name, where the story has told of no event yet."""
        start = draft.facts.sentence.start
        since = max(self.body_start, self.story.start, start - NAMED_BEFORE_CHARS)
        text = self.article.text
        named = [
            t
            for t in self.toponyms
            if since <= t.start < start and not _GOING.search(text[max(0, t.start - 40) : t.start])
        ]
        sites = [
            s
            for s in find_sites(text, named, self.gazetteer)
            if s.location.place.country and s.location.level != "country"
        ]
        if sites:
            plain = [s for s in sites if s.location.level != "near"]  # "Douma, near Damascus"
            draft.sites = ((plain or sites)[-1],)
            draft.reasons.append(
                Reason("inherited-place", "no place in its own sentence; the last place that was named is taken")
            )

    def _same_event(self, old: Draft, new: Draft) -> bool:
        """Whether a new sentence tells of an event that the article has told already.

        Two known dates must meet, two known places be one (or one contain the other on a stated day), two known sets of
        actors share one, and numbers agree; a sentence without a place joins by its date and actors or as "the attack".
        """
        if self._is_part_of(old, new):
            return False
        kinds = (event_type_of(old.sub), event_type_of(new.sub))
        if self._is_toll_of(old, new) or self._is_retold(old, new) or self._counts_again(old, new):
            return True
        if self._is_of_other_time(old, new):
            return False
        if self._is_placed_now(old, new):
            return True
        if old.sub != new.sub:
            if self._is_blast_again(old, new):
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
            if self._is_detail(old, new):
                return True
            if self._is_named_again(old, new):
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
                and (old is not self.story.last or (new.own_date and old.own_date and new.when != old.when))
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
        if new.own_date != old.own_date and self._is_background(new if new.own_date else old):
            return False
        actors = set(old.actors) & set(new.actors)
        if old.actors and new.actors and not actors and not (set(old.actors) & set(new.targets)):
            return False
        if tolls_clash(old, new) and not new.definite:
            return False
        dated = new.own_date and old.own_date and old.when is not None and new.when is not None
        if dated and old.sub == new.sub and new.sub != "Agreement" and self._at_one_place(old, new):
            return True
        named = new.own_site and not old.own_site and not (old.claims or new.claims)
        if old.sub == new.sub != "Agreement" and named and self._at_one_place(old, new):
            return True  # now with the name of the town that the story is about
        if old.sub == new.sub and self._names_it(old, new):
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
        if old is self.story.last and old.own_site and self._is_other_count(old, new):
            return True
        return bool(dated or new.definite or actors)

    @staticmethod
    def _is_part_of(whole: Draft, part: Draft) -> bool:
        """Whether a sentence tells of one place among those of a total: "32 across Gaza, including 11 in a strike in Nuseirat"."""
        told = part.facts is whole.facts and part.own_site and whole.own_site
        return told and _INCLUDED.search(part.facts.words(whole.trigger.end, part.trigger.start)) is not None

    def _is_of_other_time(self, old: Draft, new: Draft) -> bool:
        """Whether a sentence with days of its own tells of others than those that an event took from its story."""
        if not new.own_date or new.when is None or old.own_date:
            return False
        then = self._when(old, note=False)
        if then is None:
            return False
        if then.method == "publication_date" or then.basis in old.facts.sentence.text:  # the day of a statement
            return self._is_background(new)
        return not dates_agree(then, new.when)

    def _is_toll_of(self, old: Draft, new: Draft) -> bool:
        """Whether "16 people were killed in the attack" counts the dead of the event told last; the larger count is of all."""
        if (
            new.trigger.sub_event_type != BY_VICTIM
            or old is not self.story.last
            or event_type_of(old.sub) not in VIOLENT
            or not dates_agree(self._when(old, note=False), new.when)
            or (new.own_site and old.sites and not share_place(new.sites, old.sites))
            or not _IN_THE_ATTACK.match(new.facts.words(new.trigger.end, new.facts.sentence.end))
        ):
            return False
        for claim in new.claims:
            if claim.low is not None and old.claims:
                old.claims = [c for c in old.claims if c.kind != claim.kind or c.low is None or c.low >= claim.low]
        return True

    def _is_blast_again(self, old: Draft, new: Draft) -> bool:
        """Whether a mere "explosion" or "blast" is the suicide bombing, strike or shelling of the same place and day."""
        return (
            old.story == new.story
            and old.sub in ("Suicide bomb", "Shelling/artillery/missile attack", "Air/drone strike")
            and new.sub == "Remote explosive/landmine/IED"
            and _ANY_BLAST.fullmatch(new.trigger.text) is not None
            and dates_agree(self._when(old, note=False), new.when)
            and not tolls_clash(old, new)
            and (not new.own_site or share_place(new.sites, old.sites))
            and (old.sub == "Suicide bomb" or not new.own_site or not is_finer(new.sites, old.sites))
        )

    def _is_retold(self, old: Draft, new: Draft) -> bool:
        """Whether "The bomber struck" tells more of the event told last."""
        return (
            new.definite
            and new.trigger.form == "verb"
            and old is self.story.last
            and {event_type_of(old.sub), event_type_of(new.sub)} <= VIOLENT
            and dates_agree(self._when(old, note=False), new.when)
            and not tolls_clash(old, new)
            and (not new.own_site or not old.sites or share_place(new.sites, old.sites) or self._closes_in(old, new))
        )

    @staticmethod
    def _closes_in(old: Draft, new: Draft) -> bool:
        """Whether a town is told where only a part of its country was named: the edges of "north-eastern Syria" are a guess."""
        return all(s.location.level in ("part", "country") for s in old.sites) and {
            s.location.place.country for s in new.sites
        } <= {s.location.place.country for s in old.sites}

    def _names_it(self, old: Draft, new: Draft) -> bool:
        """Whether a captured town is the one that was told without its name: "a town in the east of the country"."""
        return (
            old is self.story.last
            and "object" in old.trigger.needs
            and bool(old.sites and new.sites)
            and self._closes_in(old, new)
            and _UNNAMED_TOWN.search(old.facts.words(old.trigger.end, old.sites[0].start)) is not None
            and dates_agree(old.when, new.when)
        )

    @staticmethod
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

    @staticmethod
    def _at_one_place(old: Draft, new: Draft) -> bool:
        """Whether both are at the same town or area, told or taken from the story."""
        return any(
            s.location.place.id == t.location.place.id and s.location.level == t.location.level != "country"
            for s in new.sites
            for t in old.sites
        )

    def _is_placed_now(self, old: Draft, new: Draft) -> bool:
        """Whether "The assault happened in Yala province" says where the event told just before was."""
        if old is not self.story.last or not new.definite or event_type_of(new.sub) != event_type_of(old.sub):
            return False
        unplaced = not old.own_site or all(s.location.level == "country" for s in old.sites)
        after = new.facts.words(new.trigger.end, new.trigger.end + 40)
        return unplaced and _HAPPENED.match(after) is not None and dates_agree(old.when, new.when)

    def _is_named_again(self, old: Draft, new: Draft) -> bool:
        """Whether "Tuesday's attack" or "the raid", without a place of its own, is the event told just before, of whatever kind."""
        if (
            old is not self.story.last
            or not new.definite
            or new.own_site
            or not _ANY_ATTACK.fullmatch(new.trigger.text)
        ):
            return False
        days = (self._when(old, note=False), new.when)
        kinds = {event_type_of(old.sub), event_type_of(new.sub)}
        whole = {c.kind: c.low for c in old.claims if c.low is not None}
        part = [c for c in new.claims if c.low is not None and c.low < whole.get(c.kind, 0)]
        if kinds <= VIOLENT and dates_agree(*days) and part:
            new.claims = [c for c in new.claims if c not in part]  # counted in the toll of the whole
        return kinds <= VIOLENT and dates_agree(*days) and not tolls_clash(old, new)

    @staticmethod
    def _is_other_count(old: Draft, new: Draft) -> bool:
        """Whether the sentence before counted the dead and this one the wounded of one kind of event, or the other way round."""
        told = {c.kind for c in old.claims} & {"killed", "wounded"}
        again = {c.kind for c in new.claims} & {"killed", "wounded"}
        return old.sub == new.sub and bool(told) and bool(again) and not told & again

    def _is_detail(self, old: Draft, new: Draft) -> bool:
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
        by_victim = [
            d for d in (old, new) if d.trigger.sub_event_type == BY_VICTIM and d.sub in ("Attack", "Armed clash")
        ]
        if not by_victim or old is not self.story.last:
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
            home.also.append(evidence_of(self.article, draft.facts.sentence, spans_of(draft)))

    # Reports -----------------------------------------------------------------------------------------------------------

    def finish(self) -> Extraction:
        """The reports of all drafts, in the order of the text."""
        code = self.home or self._usual_country()
        home = self.gazetteer.country(code) if code is not None else None
        reports = [
            report
            for draft in self.drafts
            if not self._is_covered(draft) and not self._is_vague(draft, home)
            for report in reports_of(
                draft,
                self.article,
                when=self._when(draft),
                background=self._is_background(draft),
                published=self.published,
                home=home or self._home_of_group(draft),
            )
        ]
        return Extraction(reports=tuple(reports), rejected=tuple(self.rejected))

    def _home_of_group(self, draft: Draft) -> Place | None:
        """The country of the one armed group that a draft names and that has a country: where no place is told, it is there."""
        homes = {
            actor.country
            for actor in (*draft.actors.values(), *draft.targets.values())
            if actor.kind in ("Rebel group", "Political militia", "Identity militia")
        }
        country = next(iter(homes)) if len(homes) == 1 else None
        return self.gazetteer.country(country) if country is not None else None

    def _usual_country(self) -> str | None:
        """The country where at least half of the article's located events are: an event without a place is taken to be there."""
        counts = Counter(
            country
            for d in self.drafts
            for country in {s.location.place.country for s in d.sites if s.location.place.country}
        )
        country, times = max(counts.items(), key=lambda pair: pair[1], default=(None, 0))
        return country if times > 1 and 2 * times >= counts.total() else None

    def _is_vague(self, draft: Draft, home: Place | None) -> bool:
        """Whether nothing says where, when or with what toll it was: such an event is listed as rejected."""
        if draft.sites or draft.country is not None or home is not None or draft.own_date or draft.claims:
            return False
        if draft.facts.sentence.start - self.body_start < LEAD_CHARS / 4:
            return False
        self._reject(
            draft.facts.sentence, draft.trigger, Reason("vague", "Neither a place nor a day nor a toll is told.")
        )
        return True

    def _is_covered(self, draft: Draft) -> bool:
        """Whether an undated event of a whole country without a toll only sums up what the article tells of its towns."""
        if draft.own_date or draft.claims or draft.sub == "Agreement":
            return False
        countries = {s.location.place.country for s in draft.sites if s.location.level == "country"} or {self.home}
        if any(s.location.level != "country" for s in draft.sites):
            return False
        return any(
            d.sub == draft.sub
            and any(s.location.place.country in countries and s.location.level != "country" for s in d.sites)
            for d in self.drafts
            if d is not draft
        )

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
        if self.published is None or not self._is_news(draft):
            return None
        if note:
            draft.reasons.append(Reason("publication-date", "no date in the text; the day of publication is taken"))
        return When(start=self.published, end=self.published, basis="publication date", method="publication_date")

    def _is_news(self, draft: Draft) -> bool:
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
        opens_story = draft.story > 0 and _NEW_STORY.match(sentence.text) is not None
        return opens_story or sentence.start - self.body_start < LEAD_CHARS

    def _is_elsewhere(self, draft: Draft) -> bool:
        """Whether an event is in a country of which the article has told nothing else: a look elsewhere, at another time."""
        told_of = {s.location.place.country for d in self.drafts if d is not draft for s in d.sites}
        return not {s.location.place.country for s in draft.sites} & (told_of | {self.home})

    def _story_when(self, draft: Draft) -> When | None:
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
                if d.story == draft.story and d.when is not None and d.own_date and not self._is_background(d)
            ]
            if draft.own_site and self._is_elsewhere(draft):
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
