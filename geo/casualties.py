"""The dead, wounded, missing, detained and displaced that a sentence counts.

Hides: how English news state a toll. A sentence is cut into words; groups of people ("at least 14 people", "his wife
and two children") are found first, then each verb or noun of harm looks for its group: the object of "killed", the
subject of "were killed" and "died", the neighbour of "dead", the number behind "death toll". The rules are these:

- "at least N", "more than N", "up to N" are low = high = N; `bound` and `words` keep the limit;
- "dozens", "several", "hundreds" and plurals without a number have low = high = None and their words; "a dozen" is 12;
- "casualties" are never read as deaths, and deaths from hunger, cold or illness are no toll;
- who is counted within another figure ("including three children") is marked `included`;
- a total since a date or of a whole war is marked `cumulative`;
- negated, planned and possible harm ("no one was killed", "could kill", "may have died") gives nothing.

All patterns are single passes over the words: time grows linearly with the sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import NamedTuple

from gazetteer.patterns import lazy_pattern
from geo.needed import screened_pattern

__all__ = ["TollMention", "find_tolls", "parse_number"]

KILLED, WOUNDED, MISSING, DETAINED, DISPLACED = "killed", "wounded", "missing", "detained", "displaced"

#: A number of dead from which the figure is the total of a war: the deadliest single events of the past thirty years
#: stay below it (Srebrenica, about 8,000).
WAR_TOTAL = 10_000
#: Words that may stand between a group of people and the verb whose subject it is.
MAX_GAP_WORDS = 14
#: Words of one group of people behind its number.
MAX_GROUP_WORDS = 8
#: Words of one number: "one hundred and twenty-five thousand three hundred and ten".
MAX_NUMBER_WORDS = 8
#: Characters behind "died" in which hunger, cold or illness is the cause.
NATURAL_REACH = 90
#: Words between "death toll" and its number: "from an air strike on a prison in the northern city of Saada has climbed to".
TOLL_WORDS = 24
#: Groups looked at to the left of a verb; more are a list of casualties that no sentence of news holds.
MAX_GROUPS_BACK = 8


@dataclass(frozen=True, slots=True)
class TollMention:
    """One figure or phrase of harm to people. `start`, `end` and `text` are the group counted, else the verb."""

    start: int
    end: int
    text: str
    kind: str  # killed, wounded, missing, detained or displaced
    low: int | None  # None: not a number ("dozens", "Turkish soldiers")
    high: int | None
    words: str  # the quantity as written: "at least 14", "dozens", "a"
    bound: str | None = None  # "at_least" or "at_most"
    who: str | None = None  # the group counted: "three Turkish soldiers"
    whose: str | None = None  # who says so: "the Observatory"
    cumulative: bool = False  # a total since a date, of a war, or a rate; not of one event
    included: bool = False  # part of another figure of this sentence


# --- words ----------------------------------------------------------------------------------------------------------


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TOKEN = lazy_pattern(
    r"\d{1,3}(?:,\d{3}){1,4}(?!\w|,\d)|\d+(?:\.\d+)?(?!\w)(?!-[^\W\d_])|[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]"
)

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: value for value, word in enumerate(_ONES.split())}
_SMALL |= {word: 10 * value for value, word in enumerate(_TENS.split(), start=2)}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "dozen": 12}
_VAGUE = _words(
    "dozens scores hundreds thousands tens several many numerous countless multiple few handful untold millions some"
)
#: Limits and hedges before a number; None: the number stands as it is.
_BOUNDS: dict[tuple[str, ...], str | None] = {
    tuple(words.split()): bound
    for bound, phrases in (
        (
            "at_least",
            "at least|more than|over|no fewer than|no less than|not less than|not fewer than|upwards of|at the very "
            "least|well over|just over|a minimum of|in excess of|far more than|a little over|some more than",
        ),
        (
            "at_most",
            "up to|as many as|as much as|at most|fewer than|less than|no more than|not more than|under|a maximum of|"
            "just under",
        ),
        (
            None,
            "about|around|some|nearly|almost|approximately|roughly|close to|an estimated|estimated|a total of|the "
            "estimated|only|just|an average of|an additional|a further|another|a reported|as few as|reportedly|the|a "
            "staggering|a record|other|all|her|his|their|its|these|those|both|additional|the other",
        ),
    )
    for words in phrases.split("|")
}  # fmt: skip
_BOUND_STARTS = frozenset(words[0] for words in _BOUNDS)

_PERSON_SINGULAR = _words(
    "person man woman child boy girl baby infant newborn toddler teenager youth adult civilian villager resident "
    "citizen national worker driver medic doctor nurse paramedic rescuer volunteer teacher student pupil pilgrim "
    "passenger pedestrian bystander passer-by journalist reporter cameraman photographer correspondent activist "
    "protester protestor demonstrator marcher rioter refugee migrant soldier fighter militant insurgent rebel "
    "terrorist jihadist gunman militiaman policeman policewoman officer guard bodyguard trooper serviceman "
    "servicewoman marine sailor airman pilot sniper commander general colonel major captain lieutenant sergeant "
    "brigadier leader chief emir deputy official minister mayor governor politician lawmaker mp senator councillor "
    "judge lawyer prosecutor cleric imam priest nun pastor monk sheikh elder father mother son daughter brother "
    "sister husband wife uncle aunt cousin nephew niece grandfather grandmother grandson granddaughter parent "
    "grandparent relative sibling twin farmer shepherd fisherman trader shopkeeper merchant businessman engineer "
    "employee staffer contractor peacekeeper observer monitor inspector diplomat ambassador consul envoy hostage "
    "prisoner detainee captive inmate attacker assailant bomber suspect extremist separatist guerrilla recruit "
    "conscript reservist paratrooper commando ranger agent spy informant translator interpreter guide cook herder "
    "settler tourist worshipper mourner patient victim survivor neighbour neighbor friend colleague fiancée fiance "
    "american briton israeli palestinian syrian iraqi russian turk kurd iranian afghan ukrainian german australian "
    "yemeni libyan lebanese egyptian jordanian saudi frenchman englishman canadian italian swede pakistani indian "
    "somali sudanese nigerian houthi peshmerga warlord kingpin founder spokesman spokeswoman spokesperson director "
    "technician firefighter fireman member defector deserter operative mercenary smuggler looter adviser advisor "
    "instructor orphan widow pensioner schoolboy schoolgirl schoolchild cyclist motorist ex-soldier co-pilot mujahid "
    "martyr president prime-minister royal mechanic builder baker vendor porter cleaner labourer laborer"
)
_IRREGULAR_PLURALS = _words(
    "people men women children babies gunmen militiamen policemen policewomen servicemen servicewomen airmen "
    "fishermen businessmen cameramen wives passers-by police troops personnel families family crew forces staff "
    "jihadis schoolchildren britons frenchmen persons others mujahideen guerillas dead civilians clergy kurds "
    "yazidis shias shiites sunnis christians muslims alawites druze turkmen israelis syrians iraqis russians turks "
    "iranians afghans houthis palestinians ukrainians americans israelis paramilitaries mercenaries ladies spies "
    "infantrymen tribesmen spokesmen firemen herdsmen countrymen gendarmes fighters rescuers"
)
_PERSON_PLURAL = (
    frozenset(
        form
        for noun in _PERSON_SINGULAR
        for form in (
            noun + "s",
            noun[:-1] + "ies" if noun.endswith("y") else noun + "s",
            noun + "es" if noun.endswith("s") else noun + "s",
        )
    )
    | _IRREGULAR_PLURALS
)
_COLLECTIVE = _words("family families crew group couple members member relatives staff team unit patrol convoy")
#: Parts too loose to be a figure: "many of them displaced".
_LOOSE_PARTS = _words("many some several most half few a the roughly about")
_GENERIC_GROUP = _words("people persons others civilians")

#: What a number may count that is not people.
_THINGS = _words(
    "village villages town towns city cities district districts neighbourhood neighbourhoods neighborhood "
    "neighborhoods area areas province provinces governorates country countries region regions place places site "
    "sites location locations position positions target targets facility facilities building buildings house houses "
    "home homes apartment apartments hospital hospitals clinic clinics school schools mosque mosques church churches "
    "shop shops market markets bakery bakeries camp camps base bases checkpoint checkpoints bridge bridges tunnel "
    "tunnels depot depots warehouse warehouses tank tanks vehicle vehicles car cars bus buses truck trucks lorry "
    "lorries tanker tankers ambulance ambulances motorcycle motorcycles boat boats ship ships aircraft plane planes jet jets "
    "warplane warplanes helicopter helicopters drone drones bomber bombers missile missiles rocket rockets shell "
    "shells mortar mortars mortars bomb bombs barrel barrels mine mines landmines grenades bullets rounds weapons "
    "rifles guns airstrike airstrikes strike strikes raid raids attack attacks assault bombing bombings explosion "
    "explosions blast blasts clash clashes battle battles sortie sorties operation operations incident incidents "
    "violation violations breach breaches second seconds minute minutes hour hours day days night nights week weeks "
    "month months year years decade decades century age km kilometre kilometres kilometer kilometers mile miles "
    "metre metres meter meters foot feet yard yards ton tons tonne tonnes kg kilograms litre litres acres hectares "
    "square percent per cent percentage point points degree degrees dollar dollars euro euros pound pounds lira "
    "rubles times time side sides way ways thing things part parts step steps stage phase round statement statements "
    "report reports video videos image images photo photographs article articles resolution resolutions law laws "
    "group groups faction factions brigade brigades battalion battalions division divisions organisation "
    "organisations organizations agencies agency companies company party parties states state nations nation "
    "governments government casualties casualty cases case injuries wounds shots floor floors storey storeys calls "
    "trips tents beds animals sheep goats cows cattle camels dogs trucks convoy convoys wave waves front fronts dam "
    "dams well wells plant plants station stations line lines mass graves grave reason reasons question issue "
    "problem problems others' half third quarter quarters more-or-less lot number"
)
_TIME_WORDS = _words(
    "monday tuesday wednesday thursday friday saturday sunday today yesterday tonight tomorrow january february "
    "march april may june july august september october november december overnight early late earlier later last "
    "this"
)
_MONTHS = _words(
    "january february march april may june july august september october november december jan feb mar apr jun jul "
    "aug sep sept oct nov dec"
)
_TELLS = frozenset("said says told tells added announced reported confirmed wrote claimed stated".split())
_BE = _words("was were been being is are be got get gets being's am")
_HAVE = _words("has have had having")
_MODALS = _words("could would may might can should must will shall cannot couldn't wouldn't won't")
_REPORTED = _words(
    "believed reported thought known said feared confirmed presumed understood estimated alleged reportedly believed "
    "found left declared listed pronounced remain remained remains went gone still now also all both later then "
    "since already allegedly subsequently eventually apparently instantly immediately initially either themselves "
    "have"
)
_PREPOSITIONS = _words(
    "in on at near from with by to against into after before around across inside outside between during for over "
    "under through toward towards among beside behind off onto via without within amid despite"
)
_STOP = (
    _BE
    | _HAVE
    | _MODALS
    | _PREPOSITIONS
    | _TIME_WORDS
    | _words(
        "and or but who whom whose which that where when while as because if than then so including include includes "
        "included of the a an his her its their our your my this these those he she they it we you i not no lost "
        "took suffered also only just dead aboard alongside along together plus amid when there said says told "
        "blew burst broke fell fought struck hit rang went came began ran drove flew tore swept sank spoke stood lay "
        "reported according remain remained remains still each every since until how why what"
    )
)
_CLAUSE_STARTS = _words(
    "and but while whereas when which who that after before as where because if although though until"
)
_SUBJECT_BLOCKERS = _words(
    "while when after where because that before until although though said says whereas if how killing wounding "
    "injuring"
)
_OK_PARTICIPLES = _words(
    "trapped gathered armed unarmed masked displaced injured wounded hundred based wanted married unidentified "
    "detained captured suspected related united so-called red"
)
_NEGATIONS = _words(
    "no not never nobody none neither nor without didn't wasn't weren't hasn't haven't hadn't don't doesn't"
)
_NOT_DOING = _words("avoid avoided avoiding prevent prevented preventing failed fails fail denied deny denies denying")
_NATURAL = lazy_pattern(
    r"\b(?:hunger|starvation|malnutrition|cold|hypothermia|exposure|disease|diseases|cancer|cholera|illness|thirst|"
    r"dehydration|natural causes|heart|covid|coronavirus|freezing|lack of|measles|diphtheria|old age|virus|"
    r"complications)\b"
)

# --- verbs and nouns of harm ----------------------------------------------------------------------------------------

_PAST, _BASE, _ING, _DIED, _STATE_OF = "past", "base", "ing", "died", "state"


#: Forms that are nouns more often than verbs of a toll.
_NOUNS_TOO = _words("wound wounds captures capture murder murders massacre massacres arrest arrests jails jail")


def _verb_forms(kind: str, verbs: str) -> dict[str, tuple[str, str]]:
    forms: dict[str, tuple[str, str]] = {}
    for verb in verbs.split():
        stem = verb[:-1] if verb.endswith("e") else verb
        doubled = stem + stem[-1] if verb in ("kidnap", "gun") else stem
        forms |= {
            verb: (kind, _BASE),
            verb + "s": (kind, _BASE),
            doubled + "ed": (kind, _PAST),
            doubled + "ing": (kind, _ING),
        }
    return {form: meaning for form, meaning in forms.items() if form not in _NOUNS_TOO}


_TRIGGERS: dict[str, tuple[str, str]] = (
    _verb_forms(
        KILLED, "kill murder massacre execute behead assassinate slaughter martyr lynch eliminate neutralise neutralize"
    )
    | _verb_forms(WOUNDED, "wound injure maim hospitalise hospitalize")
    | _verb_forms(DETAINED, "detain arrest capture abduct kidnap imprison jail")
    | _verb_forms(DISPLACED, "displace uproot")
    | {
        "slain": (KILLED, _PAST), "died": (KILLED, _DIED), "dies": (KILLED, _DIED), "die": (KILLED, _DIED),
        "perished": (KILLED, _DIED), "dead": (KILLED, _STATE_OF), "hurt": (WOUNDED, _PAST),
        "missing": (MISSING, _STATE_OF), "disappeared": (MISSING, _DIED), "unaccounted": (MISSING, _STATE_OF),
        "fled": (DISPLACED, _DIED),
    }
)  # fmt: skip
_COUNT_NOUNS = {"deaths": KILLED, "fatalities": KILLED, "lives": KILLED, "bodies": KILLED, "corpses": KILLED}
#: Nouns whose "of" names the dead: "the massacre of 26 tourists".
_OF_NOUNS = _words(
    "death killings massacre massacres murder murders assassination execution beheading lynching slaughter"
)
#: What is done to people "to death" or "alive"; the second kind also without "were".
_TO_DEATH = _words("beaten stabbed hacked crushed trampled bludgeoned stoned tortured clubbed battered knifed kicked")
_BY_THEMSELVES = _words("burned burnt bled choked buried")
#: "gunned down 12 villagers": with "down" alone.
_DOWNED = _words("gunned gunning mowed mowing mown")
#: Whom an army "lost".
_OWN_MEN = _words(
    "men soldiers troops fighters policemen officers servicemen marines gendarmes guards commandos own personnel"
)
#: "16 people needed treatment", "were taken to hospital", "sustained injuries".
_TREATED = screened_pattern(
    r"\b(?:need(?:ed|ing)|requir(?:ed|ing)|receiv(?:ed|ing)) (?:\w+ )?(?:treatment|hospital|stitches)|"
    r"(?:were|was|being|been) (?:\w+ly )?(?:taken|rushed|admitted|brought|flown|sent|evacuated) to (?:an? |the )?(?:\w+ )?(?:hospitals?|clinics?)\b|"
    r"(?:were|was|being|been) treated for (?:[\w-]+ ){0,3}(?:wounds|injuries|burns)|"
    r"(?:sustain(?:ed|ing)|suffer(?:ed|ing)) (?:[\w-]+ ){0,3}(?:injur(?:y|ies)|wounds|burns)|"
    r"(?:in|in a) (?:critical|serious) condition|(?:are|is|were|remain) in hospital with",
    re.I,
)
#: "put the number of the dead at 40 and that of the wounded at 200".
_NUMBER_OF = screened_pattern(
    r"\b(?:number|count|that) of (?:the )?(?:[\w-]+ ){0,2}?(?P<kind>dead|killed|deaths|fatalities|wounded|injured)\b(?P<gap>[^.;:]{0,70}?)"
    r"\b(?:to|at|reached|passed|exceeded) (?=\d|at least|more than|about|some|over|nearly)",
    re.I,
)
#: A word or three in quotation marks: "were “neutralised”".
QUOTATION_MARKS = '"“”'
_QUOTED = lazy_pattern(r"[\"“”]((?:[\w-]+ ){0,2}[\w-]+)[\"“”]")
#: "were shot and killed": what was done to them first.
_DONE_BEFORE = _words("shot ambushed abducted kidnapped captured tortured stabbed beaten attacked found")
_HELD = _words("hostage prisoner captive")
_TAKES_LIVES = _words("claim claims claimed claiming cost costs costing took take takes taking taken")
_FOUND = _words("found recovered retrieved pulled discovered returned received counted brought unearthed dug dumped")
_ANY_TRIGGER = screened_pattern(
    r"\b(?:kill|murder|massacr|execut|behead|assassinat|slaughter|martyr|slain|lynch|eliminat|wound|injur|hurt|maim|hospitali|"
    r"di(?:ed|es?)\b|dead\b|deaths?\b|deadly|fatal|perish|toll\b|lives\b|bodies|corpses|missing|disappear|unaccounted|"
    r"detain|arrest|captur|abduct|kidnap|hostage|prisoner|captive|imprison|jail|displac|uproot|fled\b|flee|to leave|"
    r"to abandon|neutrali|(?:to death|alive)\b|(?:gunn|mow)\w+ down\b|(?:burned|burnt)\b|los(?:t|ing)\b|hospital|treat(?:ed|ment)\b|"
    r"condition\b|throat)",
    re.I,
)

_SAID = (
    "said|says|reported|reports|told|announced|announces|confirmed|stated|states|added|claimed|claims|estimated|"
    "estimates|put|puts|counted|recorded|documented|tweeted|wrote|acknowledged|admitted|tallied|believes|believe|say|"
    "report"
)
_ACCORDING = lazy_pattern(r"\b(?:according to|citing|quoted|as reported by)\s+((?:[^\s,.;:]+[ ]?){1,9})")
_SPEAKER = lazy_pattern(
    r"(?:^|[,;:.–—]\s|[“\"”]\s?|\b(?:but|while|after|where|as|that)\s)"
    r"((?:[^\s,;:“”\"]+\s){1,8}?)(?:has |have |had |also |later |earlier )?"
    rf"(?:{_SAID})\b(?! to have| the lives| lives| responsibility| control|[^,;.]{{0,40}} lives\b)"
)
_TRAILING_DATE = lazy_pattern(r"\s+(?:on|in|late|early|earlier|this|last|have|has|had|also|later|today|yesterday)\b.*$")
_LEADING_LINK = lazy_pattern(
    r"^(?:.*\b(?:after|when|while|as|because|that|where|since|before)\s+|(?:but|and|meanwhile|however)\s+)", re.I
)
_ACTS_OF_HARM = _words(
    "attack attacks strike strikes airstrike airstrikes blast bombing explosion shelling fighting clashes war raid"
)
#: Between a toll with its place and the next one: " in Sarmin and ", " were killed in Sarmin, ".
_NEXT_PLACE = lazy_pattern(
    r"(?: (?:was|were|have been|had been|people|civilians|killed|dead|wounded|injured|died)){0,3} (?:in|at|near) [^,;.]{2,40}?(?:,|,? and|,? as well as) "
)
#: Characters before a figure in which "raising the toll to" stands.
RAISED_REACH = 160
_RAISED_TO = lazy_pattern(
    r"\b(?:bring|brings|bringing|brought|rais(?:e|es|ed|ing)|tak(?:e|es|ing)|took|push(?:es|ed|ing)?|lift(?:s|ed|ing))\s+(?:the\s+)?"
    r"(?:[\w-]+\s+){0,2}(?:toll|number|total|tally|count|deaths|carnage|bloodshed|killings?)\b[^.;]{0,60}?\bto\s+(?:[\w-]+\s+){0,3}$",
    re.I,
)
_ACT_OF_HARM_LAST = lazy_pattern(
    r"\b(?:attacks?|strikes?|air ?strikes?|blasts?|bombings?|explosions?|killings?|shelling|fighting|clashes|raids?|violence|bloodshed|deaths)"
    r"(?: \w+day| in (?:[a-z-]+ )?[A-Z]\w+)?\s*,?\s*$",
    re.I,
)
_PRONOUNS = _words("he she they it we i who which that those some others this you there")
#: What parts two statements on a total ("..., and 66 have been killed since August"), and what parts two sources.
_SEGMENT = lazy_pattern(r";|,\s+(?:and|but|while|whereas|when)\s|\bwhile\b|\bwhereas\b|\bbut\b")
_SOURCE_SEGMENT = lazy_pattern(r";|\bwhile\b|\bwhereas\b|\bbut\b")
_CALENDAR = (
    "January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|"
    "Thursday|Friday|Saturday|Sunday"
)
_CUMULATIVE = lazy_pattern(
    rf"\b[Ss]ince\s+(?:(?:the|then|it|they|last|early|mid|late|an?|fighting|its|his|{_CALENDAR})\b|mid-|\d|[A-Z])|"
    r"\b(?:in|during|over|throughout|toll of|toll from)\s+(?:(?:the|a|its|[\w’'-]+[’']s)\s+)?(?:[\w-]+\s+){0,3}?"
    r"(?:war|conflict|uprising|insurgency|civil war|crisis)\b(?![’'-])|"
    r"\b(?:in|over|during|for)\s+(?:the\s+)?(?:past|last|previous)\s+(?:[\w-]+\s+){0,2}?"
    r"(?:weeks|months|years?|decades?|fortnight)\b|"
    r"\b(?:weeks|months|years|decades?)\s+of\b|\bin\s+(?:[\w-]+\s+){1,2}?(?:weeks|months|years)\b|"
    r"\b(?:a|per|each|every)\s+(?:day|week|month|year)\b(?!['’])(?! (?:earlier|later|after|before|ago|of))|"
    r"\b\w+-(?:day|week|month|year)(?:-old)? (?:battle|war|conflict|offensive|siege|campaign|insurgency|fighting|uprising|operation)\b|"
    r"\b(?:war|conflict|insurgency|uprising|offensive|campaign|crackdown|siege) (?:[\w'’-]+ ){0,6}?(?:has|have) (?:already |now |so far )?"
    r"(?:killed|claimed|cost|left|wounded|injured|resulted)\b|"
    r"\bso far\b|\bto date\b|(?<!earlier )\bthis year\b|\b(?:year|month|\d{4}) alone\b|\ball told\b|\boverall\b"
)
#: Characters before "since" in which "the deadliest" makes it a comparison and no total.
SUPERLATIVE_REACH = 80
_SUPERLATIVE = lazy_pattern(
    r"\b(?:deadliest|worst|first|highest|biggest|largest|heaviest|bloodiest|most \w+)\b[^,;]{0,60}$"
)

#: Words before a number that make it a label or a date.
_LABELS = _words(
    "aged age ages section article resolution no number flight highway route room page day phase base brigade "
    "regiment division unit chapter level article paragraph version top channel act us$"
)


class _Token(NamedTuple):
    low: str
    start: int
    end: int
    capital: bool


class _Group(NamedTuple):
    """A counted group of people: tokens first..last-1, the quantity being first..number-1."""

    first: int
    number: int
    last: int
    low: int | None
    high: int | None
    bound: str | None
    head: str  # last noun, "" for a bare number
    included: bool
    partitive: bool  # "three of them"


class _Quantity(NamedTuple):
    end: int
    low: int | None
    high: int | None
    bound: str | None


# --- numbers --------------------------------------------------------------------------------------------------------


def parse_number(words: str) -> tuple[int | None, int | None] | None:
    """The lowest and highest number that a quantity states; (None, None) for "dozens"; None when it is no quantity.

    >>> parse_number("at least 14"), parse_number("between 10 and 15"), parse_number("a dozen")
    ((14, 14), (10, 15), (12, 12))
    >>> parse_number("dozens"), parse_number("blue")
    ((None, None), None)
    """
    tokens = _tokens(words)
    quantity = _quantity(tokens, 0)
    if quantity is None:
        return None
    rest = [token.low for token in tokens[quantity.end :]]
    return (quantity.low, quantity.high) if rest in ([], ["of"]) else None


def _tokens(text: str) -> list[_Token]:
    return [
        _Token((word := m[0]).lower().replace("’", "'"), *m.span(), word[0].isupper()) for m in _TOKEN.finditer(text)
    ]


def _low(tokens: list[_Token], i: int) -> str:
    return tokens[i].low if 0 <= i < len(tokens) else ""


def _quantity(tokens: list[_Token], i: int) -> _Quantity | None:
    """The quantity that begins at token i, hedges included."""
    bound: str | None = None
    hedged = False
    for _ in range(3):  # "at least another", "nearly all of the"
        if _low(tokens, i) not in _BOUND_STARTS:
            break
        for length in (4, 3, 2, 1):
            phrase = tuple(token.low for token in tokens[i : i + length])
            if len(phrase) == length and phrase in _BOUNDS and _cardinal(tokens, i) is None:
                bound, i, hedged = _BOUNDS[phrase] or bound, i + length, True
                break
        else:
            break
    if _low(tokens, i) == "between":
        a = _cardinal(tokens, i + 1)
        b = _cardinal(tokens, a[0] + 1) if a is not None and _low(tokens, a[0]) == "and" else None
        return _Quantity(b[0], a[1], b[1], None) if a is not None and b is not None and a[1] <= b[1] else None
    number = _cardinal(tokens, i)
    if number is None:
        return _vague(tokens, i)
    end, low = number
    high = low
    if _low(tokens, end) in ("-", "–", "to", "or") and (other := _cardinal(tokens, end + 1)) and low < other[1]:
        end, high = other
    if not hedged and _low(tokens, end) == "or" and _low(tokens, end + 1) == "more":
        end, bound = end + 2, "at_least"
    return _Quantity(end, low, high, bound)


def _vague(tokens: list[_Token], i: int) -> _Quantity | None:
    word = _low(tokens, i)
    if word in ("half", "most") and _low(tokens, i + 1) == "of":
        return _Quantity(i + 1, None, None, None)
    if word == "a" and _low(tokens, i + 1) in ("few", "number", "handful", "dozen", "score"):
        i, word = i + 1, "few"
    if word not in _VAGUE:
        return None
    i += 1
    if _low(tokens, i) in ("dozen", "hundred", "thousand", "score"):
        i += 1
    while _low(tokens, i) == "of" and _low(tokens, i + 1) in ("thousands", "hundreds", "millions", "dozens"):
        i += 2
    return _Quantity(i, None, None, None)


def _cardinal(tokens: list[_Token], i: int) -> tuple[int, int] | None:
    """The plain number that begins at token i, as (token after it, value)."""
    word = _low(tokens, i)
    if word == "half" and _low(tokens, i + 1) == "a" and _low(tokens, i + 2) in ("dozen", "million"):
        return i + 3, _SCALES[_low(tokens, i + 2)] // 2
    if word in ("a", "the") and _low(tokens, i + 1) in ("dozen", "hundred", "thousand", "million"):
        return _scaled(tokens, i + 1, 1.0)
    if word == "a" and _low(tokens, i + 1) == "couple":
        return i + 2, 2
    if word[:1].isdigit():
        plain = word.replace(",", "")
        return _scaled(tokens, i + 1, float(plain)) if re.fullmatch(r"\d{1,12}(?:\.\d+)?", plain) else None
    value = _small(word)
    return None if value is None else _scaled(tokens, i + 1, float(value))


def _small(word: str) -> int | None:
    """Value of a number word up to ninety-nine."""
    if word in _SMALL:
        return _SMALL[word]
    tens, dash, unit = word.partition("-")
    if dash and _SMALL.get(tens, 0) >= 20 and 0 < _SMALL.get(unit, 0) < 10:
        return _SMALL[tens] + _SMALL[unit]
    return None


def _scaled(tokens: list[_Token], i: int, value: float) -> tuple[int, int] | None:
    """A number with the scales and smaller parts behind it: "two hundred and fifty", "1.5 million"."""
    total = 0.0
    scaled = False
    for _ in range(MAX_NUMBER_WORDS):
        word = _low(tokens, i)
        if word in _SCALES:
            value, i, scaled = (value or 1) * _SCALES[word], i + 1, True
            continue
        j = i + 1 if scaled and word == "and" else i
        part = _small(_low(tokens, j)) if scaled or (20 <= value < 100 and value % 10 == 0) else None
        if part is None or part >= (100 if scaled else 10) or (not scaled and "-" in _low(tokens, j)):
            break
        if scaled and _low(tokens, j + 1) in ("thousand", "hundred"):
            total, value, i = total + value, float(part), j + 1
            continue
        value, i = value + part, j + 1
    total += value
    return (i, int(total)) if total == int(total) else None


# --- groups of people -----------------------------------------------------------------------------------------------


def _groups(tokens: list[_Token]) -> list[_Group]:
    """The counted groups of people of a sentence, in order, never overlapping."""
    groups: list[_Group] = []
    i = 0
    while i < len(tokens):
        group = _counted(tokens, i) or _single(tokens, i)
        if group is None:
            i += 1
            continue
        joined = bool(groups) and groups[-1].included and _joins(tokens, groups[-1].last, group.first)
        groups.append(group._replace(included=group.included or group.partitive or _is_included(tokens, i) or joined))
        i = group.last
    return groups


def _is_included(tokens: list[_Token], i: int) -> bool:
    before = (_low(tokens, i - 2), _low(tokens, i - 1))
    return (
        before[1] in ("including", "include", "includes", "included", "mostly")
        or before in (("among", "them"), ("among", "whom"), ("of", "whom"), ("of", "them"))
        or (before[1] == "were" and _low(tokens, i - 2) in ("dead", "them", "victims", "killed", "wounded"))
    )


def _joins(tokens: list[_Token], end: int, start: int) -> bool:
    """Whether only "and" or a comma stands between two groups."""
    between = tuple(token.low for token in tokens[end:start])
    return between in (
        ("and",),
        (",",),
        (",", "and"),
        ("as", "well", "as"),
        ("plus",),
        ("along", "with"),
        ("together", "with"),
        ("&",),
    )


def _counted(tokens: list[_Token], i: int) -> _Group | None:
    """A group with a number or a vague quantity: "at least 14 people", "dozens of Turkish soldiers"."""
    low = _low(tokens, i)
    if not (
        low[:1].isdigit()
        or low in _SMALL
        or low in _VAGUE
        or low in _BOUND_STARTS
        or "-" in low
        or low in ("a", "half", "most", "between")
    ):
        return None
    quantity = _quantity(tokens, i)
    if quantity is None:
        return None
    k = quantity.end
    partitive = False
    if _low(tokens, k) == "of":
        if _low(tokens, k + 1) in ("them", "whom", "those", "these"):
            return _Group(i, k, k + 2, quantity.low, quantity.high, quantity.bound, "", True, True)
        partitive = quantity.low is not None
        k += 1
        k += _low(tokens, k) in ("the", "his", "her", "its", "their", "these", "those", "our")
    last, nouns = _noun_words(tokens, k)
    if partitive and not nouns:
        return None
    if not nouns:
        last = quantity.end
    head = nouns[-1] if nouns else ""
    group = _Group(i, quantity.end, last, quantity.low, quantity.high, quantity.bound, head, False, False)
    return None if _is_no_people(tokens, group, nouns) else group


def _noun_words(tokens: list[_Token], k: int) -> tuple[int, list[str]]:
    """The adjectives and nouns from token k on, as (token after them, words)."""
    nouns: list[str] = []
    start = k
    while k < len(tokens) and k - start < MAX_GROUP_WORDS:
        word = tokens[k].low
        if word == "of" and nouns and nouns[-1] in _COLLECTIVE and k + 1 < len(tokens):
            j = k + 1
            while j < k + 4 and _low(tokens, j) in ("the", "a", "an", "one", "same", "his", "her", "their", "single"):
                j += 1
            of_what = _low(tokens, j)
            if of_what.isalpha() and not (of_what in _STOP or of_what in _TRIGGERS or _small(of_what) is not None):
                k = j + 1
                while (
                    k < min(len(tokens), j + MAX_GROUP_WORDS)
                    and tokens[k].low.isalpha()
                    and not (tokens[k].low in _STOP or tokens[k].low in _TRIGGERS)
                ):
                    k += 1
            break
        if not (word[0].isalpha() or word.endswith("-old")) or word in _STOP:
            break
        if word in _TRIGGERS and not (
            nouns == [] and _TRIGGERS[word][1] == _PAST and _low(tokens, k + 1) in _PERSON_PLURAL
        ):
            break
        if word.endswith("ly") and len(word) > 4 and word not in ("family", "elderly"):
            break
        if (
            word.endswith("ed")
            and nouns
            and "-" not in word
            and (nouns[-1] in _PERSON_PLURAL or word not in _OK_PARTICIPLES)
        ):
            break
        if _small(word) is not None or (nouns and (word in _HELD or nouns[-1] in _COUNT_NOUNS)):
            break
        nouns.append(word.removesuffix("'s").removesuffix("'"))
        k += 1
    return k, nouns


def _is_no_people(tokens: list[_Token], group: _Group, nouns: list[str]) -> bool:
    """Whether a number is a date, an age, a label, a measure or counts things."""
    first, count = group.first, group.number
    before, after = _low(tokens, first - 1), _low(tokens, group.last)
    is_digits = tokens[count - 1].low[:1].isdigit()
    person = any(noun in _PERSON_PLURAL or noun in _PERSON_SINGULAR for noun in nouns)
    if group.head in _COUNT_NOUNS:
        return False
    if group.head in _THINGS or (nouns and nouns[0] in _THINGS and not person):
        return True
    if (
        nouns
        and group.head not in _PERSON_PLURAL
        and group.head not in _PERSON_SINGULAR
        and group.low is None
        and not group.head.endswith("s")
    ):
        return True
    if after == "and" and _low(tokens, group.last + 1).endswith("-old"):
        return True
    if before in ("no", "$", "€", "£", "#") or after == "%" or _low(tokens, count) == "%":
        return True
    if person:
        return False
    if is_digits and (
        before in _LABELS or before in _MONTHS or _low(tokens, count) in _MONTHS or before in ("/", ".", ":")
    ):
        return True
    if is_digits and _low(tokens, count) in (":", "/", "°") and _low(tokens, count + 1)[:1].isdigit():
        return True
    if (
        is_digits
        and group.low is not None
        and 1900 <= group.low <= 2100
        and "," not in tokens[count - 1].low
        and not nouns
    ):
        return True
    if is_digits and not nouns and before in (",", "(") and after in (",", ")", ".") and tokens[first - 2].capital:
        return True  # an age: "Oliver Hall, 24, ..."
    return tokens[first].low == "one" and not nouns and after in ("of", "another", ",", "") and before not in _TRIGGERS


def _single(tokens: list[_Token], i: int) -> _Group | None:
    """One person with an article or a possessive: "a Turkish soldier", "his wife"."""
    if tokens[i].low not in ("a", "an", "his", "her", "its", "their", "another", "my", "our", "the"):
        return None
    last, nouns = _noun_words(tokens, i + 1)
    if not nouns or last == i + 1:
        return None
    if nouns[-1] == "family" and _low(tokens, last) == "of" and (number := _cardinal(tokens, last + 1)):
        return _Group(i, number[0], number[0], number[1], number[1], None, "family", False, False)
    if not (nouns[-1] in _PERSON_SINGULAR or nouns[-1].endswith("-year-old")) or nouns[0] in (
        "group",
        "number",
        "total",
        "series",
    ):
        return None
    return _Group(i, i + 1, last, 1, 1, None, nouns[-1], False, False)


# --- the reading ----------------------------------------------------------------------------------------------------


def find_tolls(sentence: str, *, offset: int = 0) -> tuple[TollMention, ...]:
    """The tolls of one sentence in order; empty when it states none.

    >>> [(t.kind, t.low, t.who) for t in find_tolls("It killed three Turkish soldiers and injured 11 others.")]
    [('killed', 3, 'three Turkish soldiers'), ('wounded', 11, '11 others')]
    >>> find_tolls("No one was killed.")
    ()
    """
    if not _ANY_TRIGGER.search(sentence):
        return ()
    return _Reading(sentence, offset).tolls()


class _Reading:
    """One sentence: its words, its groups, and what was found."""

    def __init__(self, sentence: str, offset: int) -> None:
        self.sentence, self.offset = sentence, offset
        quoted = any(mark in sentence for mark in QUOTATION_MARKS)
        self.tokens = _tokens(_QUOTED.sub(r" \1 ", sentence) if quoted else sentence)
        self.groups = _groups(self.tokens)
        self.by_first = {group.first: group for group in self.groups}
        self.by_last = {group.last: group for group in self.groups}
        self.lasts = [group.last for group in self.groups]
        self.bodies_found = not _FOUND.isdisjoint(token.low for token in self.tokens)
        self.clauses = _Clauses(sentence)
        self.found: dict[tuple[int, int, str], TollMention] = {}
        self.used: set[tuple[int, str]] = set()  # (first token of a group, kind)
        self.kind_at: list[tuple[int, str]] = []  # (token of a trigger that counted, kind)

    def tolls(self) -> tuple[TollMention, ...]:
        """All mentions, sorted by place."""
        for t, token in enumerate(self.tokens):
            if token.low in _TRIGGERS:
                self._trigger(t, *_TRIGGERS[token.low])
            elif token.low == "toll":
                self._death_toll(t)
            elif token.low in _COUNT_NOUNS:
                self._count_noun(t)
            elif token.low in _DOWNED and self._low(t + 1) == "down":
                self._verb(t, KILLED, _ING if token.low.endswith("ing") else _PAST, first=t)
            elif token.low in ("death", "alive") and self._is_to_death(t):
                self._to_death(t)
            elif token.low in _OF_NOUNS or token.low in ("throats", "throat"):
                self._of_noun(t)
            elif token.low in ("lost", "losing"):
                self._lost(t)
            elif token.low in ("forced", "forcing", "force", "driven", "forces", "prompting", "causing"):
                self._forced(t)
            elif token.low in _HELD:
                self._taken(t)
        self._treated()
        self._numbers_of()
        self._ellipses()
        self._parts()
        return tuple(sorted(self.found.values(), key=lambda toll: (toll.start, toll.end, toll.kind)))

    def _low(self, i: int) -> str:
        return self.tokens[i].low if 0 <= i < len(self.tokens) else ""

    # --- verbs

    def _trigger(self, t: int, kind: str, form: str) -> None:
        if self.tokens[t].low == "dead" and self._low(t - 1) == "shot":
            self._verb(t, kind, _PAST, first=t - 1)
        elif form == _PAST and self._low(t - 1) == "and" and self._low(t - 2) in _DONE_BEFORE:
            self._verb(t, kind, form, first=t - 2)
        elif self._low(t - 1).endswith("ly") and self._low(t - 2) == "and" and self._low(t - 3) in _DONE_BEFORE:
            self._verb(t, kind, form, first=t - 3)
        elif self.tokens[t].low == "dead" and (self._low(t - 1) == "the" or self._low(t + 1) == "sea"):
            return
        else:
            self._verb(t, kind, form, first=t)

    def _verb(self, t: int, kind: str, form: str, *, first: int) -> None:
        chain_start, chain = self._chain(first)
        if self._is_unreal(first, chain_start, chain, form):
            return
        if (
            form == _DIED
            and kind == KILLED
            and _NATURAL.search(self.sentence, self.tokens[t].end, self.tokens[t].end + NATURAL_REACH)
        ):
            return
        passive = any(word in _BE for word in chain)
        if self._is_doubled(t, kind):
            subject = self._subject(chain_start, chain, adjacent=not passive) if form == _PAST else []
            if objects := self._object(t + 3):
                self._unsplit(t, kind, objects, first=first, last=objects[-1].last)
                return
            if subject:
                self._unsplit(t, kind, subject, first=subject[0].first, last=t + 3)
                return
        if form in (_STATE_OF, _DIED) or (form == _PAST and passive):
            subject = self._subject(chain_start, chain, adjacent=form == _STATE_OF and not passive)
            self._count_subject(t, kind, form, subject, chain=chain, start=chain_start)
            return
        groups = self._object(t + 1)
        if groups:
            self._emit(t, kind, groups)
        elif form == _PAST and (group := self._left_group(chain_start)):
            self._emit(t, kind, self._coordinated_left(group))
        elif kind == KILLED:
            self._bare_object(t)

    def _is_doubled(self, t: int, kind: str) -> bool:
        """Whether two kinds of harm share their people: "killed or wounded 20", "14 were killed and injured"."""
        other = _TRIGGERS.get(self._low(t + 2))
        return (
            self._low(t + 1) in ("or", "and", ",", "/")
            and other is not None
            and other[0] != kind
            and other[1] == _TRIGGERS[self._low(t)][1]
            and (self._low(t + 1) != "and" or self.by_first.get(t + 3) is None or self.by_last.get(t) is None)
        )

    def _unsplit(self, t: int, kind: str, groups: list[_Group], *, first: int, last: int) -> None:
        """How many of each is not said: both kinds get the words and no number."""
        start, end = self.tokens[first].start, self.tokens[last - 1].end
        for which in (kind, _TRIGGERS[self._low(t + 2)][0]):
            self._add(start, end, which, who=self.sentence[start:end])
            self.used.update((group.first, which) for group in groups)

    def _chain(self, first: int) -> tuple[int, list[str]]:
        """Auxiliaries and adverbs before a verb, as (token where they begin, words)."""
        chain: list[str] = []
        i = first
        while i > 0 and first - i < 8:
            word = self._low(i - 1)
            if not (
                word in _BE
                or word in _HAVE
                or word in _MODALS
                or word in _REPORTED
                or word in ("to", "not", "n't", "did")
                or (word.endswith("ly") and word != "family")
            ):
                break
            if word == "since" and i - 1 > 0 and self._low(i - 2) not in _HAVE:
                break
            i -= 1
            chain.insert(0, word)
        while i < first and chain and chain[0] in ("left", "all", "found") and not any(w in _BE for w in chain):
            i, chain = i + 1, chain[1:]
        return i, chain

    def _is_unreal(self, first: int, chain_start: int, chain: list[str], form: str) -> bool:
        """Whether harm is negated, possible, planned or conditional."""
        if any(word in _MODALS for word in chain) or "nearly" in chain[-1:] or "almost" in chain[-1:]:
            return True
        if "to" in chain and "have" not in chain[chain.index("to") :] and "having" not in chain:
            return form != _STATE_OF
        if form == _BASE and self._low(first - 1) in ("to", "not", "would-be"):
            return True
        if "be" in chain and "to" not in chain:
            return True
        i = chain_start
        negated = any(word in _NEGATIONS for word in chain)
        while (
            i > 0
            and chain_start - i < MAX_GAP_WORDS
            and self._low(i - 1) not in _CLAUSE_STARTS
            and self._low(i - 1) not in (",", ";", ":", "–", "—", "(", ")")
        ):
            i -= 1
            hedge = self._low(i) in ("no", "not") and self._low(i + 1) in ("fewer", "less", "more")
            negated = negated or (self._low(i) in _NEGATIONS and not hedge) or self._low(i) in _NOT_DOING
        return (
            negated
            or self._low(i - 1) in ("if", "once", "whether", "unless")
            or self._low(i) in ("if", "once", "whether", "unless")
        )

    def _subject(self, chain_start: int, chain: list[str], *, adjacent: bool) -> list[_Group]:
        """The groups that are the subject of a verb whose auxiliaries begin at chain_start."""
        plural_only = any(word in ("were", "are", "have") for word in chain)
        singular = any(word in ("was", "is", "has") for word in chain) and not plural_only
        limit = chain_start - (2 if adjacent else MAX_GAP_WORDS)
        for group in self._before(chain_start):
            if group.included and not (group.last == chain_start and group.partitive):
                continue
            if group.last < limit or self._is_blocked(group.last, chain_start):
                break
            if self._is_in_phrase(group.first, abuts=group.last == chain_start):
                listed = (
                    adjacent and group.last == chain_start and self._low(group.first - 1) in ("of", "among", "with")
                )
                if not (listed and group.low is not None and self._low(chain_start) == "dead"):
                    continue  # "spoke of 700 dead" counts them
            if adjacent and group.last != chain_start:
                break
            found = self._coordinated_left(group)
            if singular and group.head not in _COLLECTIVE and (_total(found)[0] or 2) > 1:
                break
            return found
        return []

    def _before(self, i: int) -> list[_Group]:
        """The last groups that end before token i, nearest first."""
        stop = bisect_right(self.lasts, i)
        return self.groups[max(0, stop - MAX_GROUPS_BACK) : stop][::-1]

    def _is_blocked(self, start: int, end: int) -> bool:
        """Whether another clause stands between a group and its verb."""
        inside = 0
        for i in range(start, end):
            word = self._low(i)
            if word in ("who", "which", "including"):
                inside = i
            if word == ";" or word in _SUBJECT_BLOCKERS or (word in _TRIGGERS and word not in ("missing", "dead")):
                return True
            if word in _BE and not inside:
                return True
            if word == "and" and i > start and not any(g.first == i + 1 for g in self.groups):
                return True
            if (
                word.endswith("ed")
                and "-" not in word
                and not self.tokens[i].capital
                and word not in _OK_PARTICIPLES
                and not inside
            ):
                return True
        return False

    def _is_in_phrase(self, first: int, *, abuts: bool = False) -> bool:
        """Whether a group hangs on a preposition ("people from two families") and not on "after" as a conjunction."""
        before = self._low(first - 1)
        if abuts and before in ("after", "before"):
            return False
        if before == "of":
            return self._low(first - 2) not in (
                "total",
                "group",
                "number",
                "family",
                "crowd",
                "rest",
                "majority",
                "convoy",
            )
        return before in _PREPOSITIONS

    def _left_group(self, end: int) -> _Group | None:
        """The group that ends right before a participle: "three killed"."""
        group = self.by_last.get(end)
        if group is None and self._low(end - 1) in ("others", "people", "more"):
            group = self.by_last.get(end - 1)
        return group

    def _coordinated_left(self, group: _Group) -> list[_Group]:
        found = [group]
        for before in self._before(group.first):
            if (
                before.included
                or (before.head in _COUNT_NOUNS and before.head != found[0].head)  # "16 bodies and 172 wounded"
                or not _joins(self.tokens, before.last, found[0].first)
                or (self._is_in_phrase(before.first) and self._low(before.first - 1) != "with")
            ):
                break
            if _TRIGGERS.get(self._low(before.first - 1), ("", ""))[1] in (_PAST, _ING, _BASE):
                break  # it is the object of another verb
            found.insert(0, before)
        return found

    def _object(self, i: int) -> list[_Group]:
        """The groups that begin at token i and those joined to them."""
        if self._low(i) in ("of", "down", "dead"):
            i += 1
        if self._low(i) in ("himself", "herself", "themselves", "itself") and self._low(i + 1) == "and":
            i += 2
        group = self.by_first.get(i)
        if group is None or group.included:
            return []
        found = [group]
        place = bisect_left(self.lasts, group.last) + 1
        for after in self.groups[place : place + MAX_GROUPS_BACK]:
            if after.included or not _joins(self.tokens, found[-1].last, after.first):
                break
            follows = self._low(after.last)
            if follows in _BE or follows in _TRIGGERS or follows in ("others", "suffered", "lost") or follows in _HAVE:
                break
            if follows in _TELLS or (follows in ("there", "later") and self._low(after.last + 1) in _TELLS):
                break  # "injured two workers, the governor said"
            found.append(after)
        return found

    def _bare_object(self, t: int) -> None:
        """Takes a plural without a number ("killed Turkish soldiers") as words, a name ("killed Emwazi") as one."""
        i = t + 1 + (self._low(t + 1) in ("the", "some", "its", "their", "his", "other"))
        last, nouns = _noun_words(self.tokens, i)
        if not nouns or last == i:
            return
        start, end = self.tokens[i].start, self.tokens[last - 1].end
        if nouns[-1] in _PERSON_PLURAL:
            self._add(start, end, KILLED, who=self.sentence[start:end])
        elif (
            (self.tokens[i].capital or (nouns[0] in _PERSON_SINGULAR and self.tokens[last - 1].capital))
            and (self.tokens[last - 1].capital or nouns[-1] in _PERSON_SINGULAR or nouns[-1].startswith(("al-", "el-")))
            and not nouns[-1].endswith("s")
        ):
            both = self._low(last) == "and" and self._is_name_list(last + 1)
            number = 2 if both else 1
            self._add(start, end, KILLED, number=(number, number, None), who=self.sentence[start:end])

    def _is_name_list(self, i: int) -> bool:
        """Whether a second name ends a list of two: "killed Isnilon Hapilon and Omarkhayam Maute, the two leaders"."""
        j = i
        while j < len(self.tokens) and j - i < 4 and self.tokens[j].capital and self._low(j).replace("-", "").isalpha():
            j += 1
        return j - i >= 2 and self._low(j) in (",", ".", ";", "on", "in", "near", "")

    def _count_subject(
        self, t: int, kind: str, form: str, subject: list[_Group], *, chain: list[str], start: int
    ) -> None:
        with_him = self._companions(t)
        if subject and with_him and (low := _total(subject + with_him)[0]) is not None:
            first, last = self.tokens[subject[0].first].start, self.tokens[subject[-1].last - 1].end
            self._add(first, last, kind, number=(low, low, None), who=self.sentence[first:last])
            self.used.update((group.first, kind) for group in subject + with_him)
            self.kind_at.append((t, kind))
            return
        if subject:
            self._emit(t, kind, subject)
            return
        if kind in (DISPLACED, MISSING) or form == _STATE_OF or self._low(t) in ("die", "dies"):
            return
        singular = any(word in ("was", "is") for word in chain) or (form == _DIED and self._is_named(start - 1))
        singular = singular or ("has" in chain and "been" in chain)
        plural = any(word in ("were", "are") for word in chain)
        first, last = self.tokens[t].start, self.tokens[t].end
        if singular and not plural:
            if self._is_thing(start):
                return
            low, _, _ = _total(with_him) if with_him else (0, 0, None)
            if self._low(start - 1) in _COLLECTIVE - {"member", "relatives"}:
                low = None  # "their entire family was killed"
            number = None if low is None else 1 + low
            self._add(first, last, kind, number=(number, number, None))
            self.used.update((group.first, kind) for group in with_him)
            self.kind_at.append((t, kind))
        elif kind == KILLED and self._low(start - 1) in _PERSON_PLURAL:
            i = start - 1
            while i > 0 and self._low(i - 1).isalpha() and self._low(i - 1) not in _STOP and start - i < 4:
                i -= 1
            first, last = self.tokens[i].start, self.tokens[start - 1].end
            self._add(first, last, kind, who=self.sentence[first:last])
            self.kind_at.append((t, kind))

    def _companions(self, t: int) -> list[_Group]:
        """Those who share the fate: "died alongside a soldier"."""
        for j in range(t + 1, min(t + 8, len(self.tokens))):
            if not self._low(j)[0].isalnum():
                break
            length = {"alongside": 1, "along": 2, "together": 2}.get(self._low(j), 0)
            if length and (length == 1 or self._low(j + 1) == "with") and (group := self.by_first.get(j + length)):
                return [group]
        return []

    def _is_named(self, i: int) -> bool:
        word = self.tokens[i] if 0 <= i < len(self.tokens) else None
        if word is None:
            return False
        if word.low == ",":  # "Oliver Hall, 24, from Portsmouth, died"
            ages = [
                j
                for j in range(max(2, i - 12), i)
                if self._low(j)[:1].isdigit() and self._low(j - 1) == self._low(j + 1) == ","
            ]
            return any(self.tokens[j - 2].capital for j in ages)
        if word.low in ("he", "she", "who") or word.low in _PERSON_SINGULAR:
            return word.low != "who" or self._low(i - 1) not in _PERSON_PLURAL
        return word.capital and not word.low.endswith("s") and word.low not in _TIME_WORDS and word.low.isalpha()

    def _is_thing(self, start: int) -> bool:
        """Whether the subject is a city that was captured, a plane that was hit, or a number that was killed."""
        word = self._low(start - 1)
        return word in _THINGS or word in (
            "it",
            "this",
            "that",
            "which",
            "number",
            "everyone",
            "much",
            "nobody",
            "anyone",
        )

    # --- nouns

    def _death_toll(self, t: int) -> None:
        """Reads "the death toll rose from 20 to 33"."""
        best: _Quantity | None = None
        first = t
        for i in range(t + 1, min(t + TOLL_WORDS, len(self.tokens))):
            if self._low(i) in (";",) or self._low(i) in _TRIGGERS:
                break
            if self._low(i - 1) in (
                "to",
                "at",
                "of",
                "reached",
                "reaches",
                "exceeded",
                "exceeds",
                "passed",
                "is",
                "was",
                "as",
                "hit",
                ":",
            ):
                quantity = _quantity(self.tokens, i)
                if quantity is not None and not self._is_measure(quantity, i):
                    best, first = quantity, i
                    if self._low(i - 1) == "to":
                        break
        if best is None or self._low(t - 1) not in (
            "death",
            "the",
            "its",
            "overall",
            "total",
            "confirmed",
            "official",
            "latest",
        ):
            return
        start, end = self.tokens[first].start, self.tokens[best.end - 1].end
        group = self.by_first.get(first)
        stop = self.tokens[group.last - 1].end if group is not None else end
        if group is not None:
            self.used.add((group.first, KILLED))
        self._add(
            start,
            stop,
            KILLED,
            number=(best.low, best.high, best.bound),
            words=self.sentence[start:end],
            who=self.sentence[start:stop] if stop > end else None,
        )
        self.kind_at.append((t, KILLED))

    def _is_measure(self, quantity: _Quantity, i: int) -> bool:
        after = self._low(quantity.end)
        is_year = quantity.low is not None and 1900 <= quantity.low <= 2100 and "," not in self.tokens[i].low
        return after == "%" or after in _THINGS or after in _MONTHS or is_year

    def _count_noun(self, t: int) -> None:
        """Reads "12 deaths", "claimed 12 lives", "12 bodies were found", "lost their lives"."""
        noun = self._low(t)
        kind = _COUNT_NOUNS[noun]
        if noun in ("bodies", "corpses") and not self.bodies_found:
            return
        if noun == "lives" and self._low(t - 1) == "their" and self._low(t - 2) in ("lost", "lose", "losing"):
            chain_start, chain = self._chain(t - 2)
            if not self._is_unreal(t - 2, chain_start, chain, _PAST):
                subject = self._subject(chain_start, chain, adjacent=False)
                self._count_subject(t, kind, _DIED, subject, chain=["were"], start=chain_start)
            return
        takes = {self._low(t - back) for back in range(1, 8)} & _TAKES_LIVES
        if noun == "lives" and "lost" in (self._low(t + 1), self._low(t + 2), self._low(t + 3)):
            takes = {"lost"}
        if noun == "lives" and not takes:
            return
        if self._low(t + 1) == "of" and (groups := self._object(t + 2)):
            self._emit(t, kind, groups)
            return
        group = self.by_last.get(t + 1)
        if group is not None and group.head == noun and not self._is_unreal(group.first, group.first, [], _PAST):
            self._emit(t, kind, [group])

    def _of_noun(self, t: int) -> None:
        """Reads "the death of a soldier", "the massacre of 26 tourists", "slit the throats of 12 farmers"."""
        cut = {self._low(t - 1), self._low(t - 2)} & {"slit", "cut", "slitting", "cutting"}
        if self._low(t).startswith("throat") and not cut:
            return
        if "over" in (self._low(t - 1), self._low(t - 2)):
            return  # "a protest over the death of a man"
        if self._low(t + 1) == "of" and (groups := self._object(t + 2)):
            chain_start, chain = self._chain(t)
            if not self._is_unreal(t, chain_start, chain, _PAST):
                self._emit(t, KILLED, groups)

    def _is_to_death(self, t: int) -> bool:
        """Whether "death" or "alive" tells how people were killed."""
        return self._low(t - 1) == "to" if self._low(t) == "death" else self._low(t - 1) in _BY_THEMSELVES

    def _to_death(self, t: int) -> None:
        """Reads "were beaten to death", "burned to death", "stabbed two men to death", "burned alive"."""
        end = t - 1 if self._low(t) == "death" else t
        verb = self._low(end - 1)
        if verb in _TO_DEATH | _BY_THEMSELVES | {"shot"}:
            chain_start, chain = self._chain(end - 1)
            if self._is_unreal(end - 1, chain_start, chain, _PAST):
                return
            if verb in _BY_THEMSELVES or any(word in _BE for word in chain):
                subject = self._subject(chain_start, chain, adjacent=False)
                self._count_subject(t, KILLED, _PAST, subject, chain=chain, start=chain_start)
            return
        group = self.by_last.get(end)
        if group is not None and self._low(group.first - 1) in _TO_DEATH | {
            "beat",
            "shot",
            "burned",
            "burnt",
            "starved",
        }:
            self._emit(t, KILLED, [group])

    def _lost(self, t: int) -> None:
        """Reads "losing two men", "lost two of its own"; a team loses men to injury."""
        group = self.by_first.get(t + 1)
        if group is None or group.head not in _OWN_MEN or group.low is None or self._low(group.last) == "to":
            return
        chain_start, chain = self._chain(t)
        if not self._is_unreal(t, chain_start, chain, _PAST):
            self._emit(t, KILLED, [group])

    def _treated(self) -> None:
        """Reads "16 officers needed treatment", "were taken to hospital", "two in critical condition"."""
        for match in _TREATED.finditer(self.sentence):
            t = next((i for i, token in enumerate(self.tokens) if token.start >= match.start()), None)
            if t is None:
                continue
            for group in self._before(t)[:1]:
                people = group.head in _PERSON_PLURAL or group.head in _PERSON_SINGULAR or group.head == ""
                if group.last < t - 3 or not people or self._is_blocked(group.last, t):
                    break
                self._emit(t, WOUNDED, self._coordinated_left(group))

    def _numbers_of(self) -> None:
        """Reads "put the number of the dead at 40 and that of the wounded at 200"."""
        for match in _NUMBER_OF.finditer(self.sentence):
            i = next((i for i, token in enumerate(self.tokens) if token.start >= match.end()), None)
            quantity = None if i is None else _quantity(self.tokens, i)
            if i is None or quantity is None or self._is_measure(quantity, i):
                continue
            start, end = self.tokens[i].start, self.tokens[quantity.end - 1].end
            kind = WOUNDED if match["kind"].lower() in ("wounded", "injured") else KILLED
            if (group := self.by_first.get(i)) is not None:
                self.used.add((group.first, kind))
            self._add(start, end, kind, number=(quantity.low, quantity.high, quantity.bound))
            self.kind_at.append((i, kind))

    def _forced(self, t: int) -> None:
        """Reads "forced 5,000 people to flee"."""
        groups = self._object(t + 1)
        if (
            groups
            and self._low(groups[-1].last) == "to"
            and self._low(groups[-1].last + 1) in ("flee", "leave", "abandon")
        ):
            chain_start, chain = self._chain(t)
            if not self._is_unreal(t, chain_start, chain, _PAST):
                self._emit(t, DISPLACED, groups)
        elif self._low(t + 1) == "to" and self._low(t + 2) in ("flee", "leave", "abandon"):
            chain_start, chain = self._chain(t)
            if not self._is_unreal(t, chain_start, chain, _PAST) and (
                groups := self._subject(chain_start, chain, adjacent=False)
            ):
                self._emit(t, DISPLACED, groups)

    def _taken(self, t: int) -> None:
        """Reads "took 12 people hostage" and "12 were taken prisoner"."""
        if self._low(t - 1) == "taken":
            chain_start, chain = self._chain(t - 1)
            if groups := self._subject(chain_start, chain, adjacent=False):
                self._emit(t, DETAINED, groups)
        elif (group := self.by_last.get(t)) and self._low(group.first - 1) in ("took", "taking", "taken", "takes"):
            self._emit(t, DETAINED, [group])

    # --- results

    def _parts(self) -> None:
        """Groups that are part of a figure: "including three children", "six of them critically"."""
        triggers = sorted(self.kind_at)
        for group in self.groups:
            if any((group.first, kind) in self.used for kind in (KILLED, WOUNDED, MISSING, DETAINED, DISPLACED)):
                continue
            place = bisect_left(triggers, (group.first, ""))
            if group.included and triggers:
                self._emit(group.first, triggers[max(0, place - 1)][1], [group], included=True)
            elif place and self._is_elliptic(group):
                self._emit(group.first, triggers[place - 1][1], [group])

    def _is_elliptic(self, group: _Group) -> bool:
        """Whether a bare number shares the verb before it: "two were killed in Idlib and 12 in Hama"."""
        return (
            group.head in ("", "others", "people", "more", "civilians")
            and self._low(group.first - 1) in ("and", ",", ";")
            and (
                (
                    self._low(group.last) in ("in", "at", "near", "outside")
                    and self._low(group.last + 1) not in ("critical", "serious", "hospital", "custody", "a")
                )
                or self._low(group.last + 1) in _TIME_WORDS - _MONTHS
            )
            and self._low(group.last + 1) not in _MONTHS
            and not any(token.low in _SUBJECT_BLOCKERS for token in self.tokens[max(0, group.first - 4) : group.first])
        )

    def _emit(self, t: int, kind: str, groups: list[_Group], *, included: bool = False) -> None:
        groups = [group for group in groups if (group.first, kind) not in self.used]
        if not groups or (kind in (DETAINED, DISPLACED) and not _are_people(groups)):
            return
        if kind == DISPLACED and all(group.low == 1 for group in groups):
            return
        if included and all(group.low is None and self._low(group.first) in _LOOSE_PARTS for group in groups):
            return
        included = included or (groups[0].partitive and any(seen == kind for _, seen in self.kind_at[-3:]))
        self.used.update((group.first, kind) for group in groups)
        whole, parts = _breakdown(self.tokens, groups)
        for part in parts:
            self._emit_span(kind, [part], included=True)
        self._emit_span(kind, whole, included=included)
        if not included:
            self.kind_at.append((t, kind))

    def _ellipses(self) -> None:
        """Counts "killed four people in Sarmin and two in Binnish": a number of the same kind before another place."""
        for group in self.groups:
            place = self._low(group.last) in ("in", "at", "near") and group.last + 1 < len(self.tokens)
            told = [t for t in self.found.values() if t.kind in (KILLED, WOUNDED) and not t.included]
            first = self.tokens[group.first].start + self.offset
            if not place or group.low is None or group.included or not told or self.kind_at == []:
                continue
            previous = max((t for t in told if t.end <= first), key=lambda t: t.end, default=None)
            if (
                previous is None
                or not self.tokens[group.last + 1].capital
                or any(t.start <= first < t.end for t in told)
            ):
                continue
            between = self.sentence[previous.end - self.offset : first - self.offset]
            if _NEXT_PLACE.fullmatch(between):
                self._emit(group.first, previous.kind, [group])

    def _is_running_total(self, start: int) -> bool:
        """Whether a figure is what the deaths of the sentence add up to with earlier ones: "raising the toll to 60"."""
        match = _RAISED_TO.search(self.sentence, max(0, start - RAISED_REACH), start)
        if match is None:
            return False
        before = self.sentence[max(0, match.start() - RAISED_REACH) : match.start()]
        counted = any(
            t.kind == KILLED and t.low is not None and t.end - self.offset <= match.start() for t in self.found.values()
        )
        return counted or _ACT_OF_HARM_LAST.search(before) is not None

    def _emit_span(self, kind: str, groups: list[_Group], *, included: bool) -> None:
        first, last = groups[0].first, groups[-1].last
        start, end = self.tokens[first].start, self.tokens[last - 1].end
        count_end = self.tokens[groups[0].number - 1].end if len(groups) == 1 else end
        who = self.sentence[start:end] if any(group.head or group.last > group.number for group in groups) else None
        words = self.sentence[start:count_end]
        self._add(start, end, kind, number=_total(groups), words=words, who=who, included=included)

    def _add(
        self,
        start: int,
        end: int,
        kind: str,
        *,
        number: tuple[int | None, int | None, str | None] = (None, None, None),
        words: str | None = None,
        who: str | None = None,
        included: bool = False,
    ) -> None:
        """Keeps one mention; `words` are the whole span where nothing else is given."""
        low, high, bound = number
        toll = TollMention(
            start=start + self.offset,
            end=end + self.offset,
            text=self.sentence[start:end],
            kind=kind,
            low=low,
            high=high,
            words=self.sentence[start:end] if words is None else words,
            bound=bound,
            who=who,
            whose=self.clauses.source_at(start, end),
            cumulative=self.clauses.is_total(start, end)
            or (kind == KILLED and ((low or 0) >= WAR_TOTAL or self._is_running_total(start))),
            included=included,
        )
        self.found.setdefault((start, end, kind), toll)


def _are_people(groups: list[_Group]) -> bool:
    return all(group.head == "" or group.head not in _THINGS for group in groups)


def _total(groups: list[_Group]) -> tuple[int | None, int | None, str | None]:
    """Sum of several groups; None as soon as one has no number."""
    bound = next((group.bound for group in groups if group.bound), None)
    lows = [group.low for group in groups]
    highs = [group.high for group in groups]
    low = None if None in lows else sum(n for n in lows if n is not None)
    high = None if None in highs else sum(n for n in highs if n is not None)
    return low, high, bound


def _breakdown(tokens: list[_Token], groups: list[_Group]) -> tuple[list[_Group], list[_Group]]:
    """Parts the first group from those that only break it down: "12 people, two soldiers and ten civilians"."""
    if len(groups) > 1 and groups[0].head in _GENERIC_GROUP | {""} and tokens[groups[0].last].low == ",":
        return groups[:1], groups[1:]
    return groups, []


# --- sources and totals ---------------------------------------------------------------------------------------------


def _sources(sentence: str) -> list[tuple[int, str]]:
    """Who is quoted in a sentence, as (offset, words)."""
    sources: list[tuple[int, str]] = []
    for match in _ACCORDING.finditer(sentence):
        if name := _source_name(match[1]):
            sources.append((match.start(), name))
    for match in _SPEAKER.finditer(sentence):
        if name := _source_name(match[1]):
            sources.append((match.start(1), name))
    return sorted(sources)


def _source_name(words: str) -> str | None:
    name = _TRAILING_DATE.sub("", _LEADING_LINK.sub("", words.strip())).strip(" ,.”\"'")
    parts = name.lower().split()
    if parts and (parts[-1] in ("a", "an", "the") or not _ACTS_OF_HARM.isdisjoint(parts)):
        return None
    if not parts or parts[0] in _PRONOUNS or parts[-1] in _BE | _HAVE | _PREPOSITIONS:
        return None
    if any(word in _TRIGGERS or word in _BE or word[:1].isdigit() for word in parts):
        return None
    return name


class _Clauses:
    """The clauses of a sentence: who speaks in each, and which state a total."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        self.total_cuts = _cuts(_SEGMENT, sentence)
        self.source_cuts = _cuts(_SOURCE_SEGMENT, sentence)
        self.sources = _sources(sentence)
        self.totals: dict[int, bool] = {}

    def is_total(self, start: int, end: int) -> bool:
        """Whether the clause of a span counts since a date, over a war or per day."""
        left, right = _around(self.total_cuts, start, end)
        if left not in self.totals:
            matches = _CUMULATIVE.finditer(self.sentence, left, right)
            self.totals[left] = any(
                not _SUPERLATIVE.search(self.sentence, max(left, m.start() - SUPERLATIVE_REACH), m.start())
                for m in matches
            )
        return self.totals[left]

    def source_at(self, start: int, end: int) -> str | None:
        """The source in the span's own clause, the nearest one; else the last one before that clause."""
        left, right = _around(self.source_cuts, start, end)
        k = bisect_left(self.sources, (start, ""))
        near = [source for source in self.sources[max(0, k - 1) : k + 1] if left <= source[0] < right]
        if not near and k > 0:
            near = self.sources[k - 1 : k]
        return min(near, key=lambda source: abs(source[0] - start))[1] if near else None


def _cuts(boundary: re.Pattern[str], sentence: str) -> list[int]:
    return [0, *(m.start() for m in boundary.finditer(sentence)), len(sentence)]


def _around(cuts: list[int], start: int, end: int) -> tuple[int, int]:
    """The neighbouring cuts left and right of a span."""
    left = cuts[max(0, bisect_right(cuts, start) - 1)]
    return left, cuts[min(len(cuts) - 1, bisect_left(cuts, end))]
