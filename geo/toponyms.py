"""Text -> toponym spans, with what the words around each say, and the role that each plays.

Hides: which words of a text are names of places. A span is a candidate when it starts with a capital letter (or stands in a
script without capitals) and the gazetteer holds it as a whole-word name; the words around it decide whether it is a
person, an organisation or a common word instead. Word lists are in `geo/data/`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources

from gazetteer import Gazetteer, fold_name
from gazetteer.names import TYPE_WORDS, is_latin
from gazetteer.place import Hints, Mention, Place, Resolution
from gazetteer.resolve import Prior, confidence_of, resolve
from geo.event import Toponym
from geo.languages import inflected_names, passages, with_names, without

__all__ = ["KM_PER_MILE", "SMALL_NUMBERS", "find_mentions", "find_toponyms"]

_TOKEN = re.compile(r"[^\W_]+")
#: What may stand between two words of one name.
_GAP = re.compile(r"[ \u00a0]|[-‐‑'’ʼ‘`´ʿʾ]|\. ?| ?\n|/")
_APOSTROPHES = frozenset("'’ʼ‘`´ʿʾ")
#: Lower-case words inside names: "Rostov on Don", "Bab al-Hawa", "Rio de Janeiro".
_LINKS = frozenset(
    (
        "al el as ash at ad ar az an es ez de del di da do dos das du la le les los las of on upon the sur von van "
        "bin den der und y e"
    ).split()
)
#: Words that a text in capitals makes look like names: the towns of Of, In, As.
_SMALL_WORDS = frozenset(
    "of in on at the and or to by is it as an no so we he me be do go if my up am are was had has his her its for".split()
)
_ARTICLES = frozenset(["al", "el", "as", "ash", "at", "ad", "ar", "az", "an", "es", "ez", "ed", "er", "et"])
MAX_WORDS = 6
#: Letters of an abbreviation without its last full stop: "Saudi Ar".
LONGEST_ABBREVIATION = 8

#: Word before or after a name -> what it says the place is.
_TYPE_WORDS = {
    "province": "province", "provinces": "province", "governorate": "governorate", "governorates": "governorate",
    "region": "region", "oblast": "oblast", "state": "state", "county": "district", "district": "district",
    "districts": "district", "subdistrict": "district", "sub-district": "district", "countryside": "countryside",
    "city": "city", "cities": "city", "town": "town", "towns": "town", "village": "village", "villages": "village",
    "hamlet": "village", "capital": "capital", "stronghold": "city", "neighbourhood": "neighbourhood",
    "neighborhood": "neighbourhood", "neighbourhoods": "neighbourhood", "neighborhoods": "neighbourhood",
    "quarter": "neighbourhood", "suburb": "suburb", "suburbs": "suburb", "enclave": "region", "pocket": "region",
    "river": "river", "lake": "lake", "dam": "dam", "sea": "sea", "gulf": "gulf", "strait": "strait", "canal": "canal",
    "mount": "mountain", "mountain": "mountain", "mountains": "mountain", "desert": "desert", "valley": "valley",
    "plain": "plain", "plains": "plain", "heights": "heights", "airbase": "airbase", "airport": "airport", "base": "base",
    "airfield": "airbase", "camp": "camp", "crossing": "crossing", "highway": "highway", "road": "road",
    "island": "island", "prison": "prison", "field": "field", "oilfield": "field",
}  # fmt: skip
_COMPASS = r"(?:north|south|east|west)(?:[- ]?(?:east|west))?(?:ern|-central)?|central|upper|lower|rural"
_TYPE_BEFORE = re.compile(
    r"\b(" + "|".join(sorted(_TYPE_WORDS, key=len, reverse=True)) + r")(?: of|,)?(?: the)?\s+$", re.I
)
_TYPE_AFTER = re.compile(
    r"^(?:['’]s)?[\s-]+(?:(?:military|air|naval|refugee|displacement|border|oil|gas|international|central)\s+)?("
    + "|".join(sorted(_TYPE_WORDS, key=len, reverse=True))
    + r")\b",
    re.I,
)
_FIRST_NAME_BEFORE = re.compile(r"\b([^\W\d_]+) $")
#: A word of its kind that belongs to a name although it has no capital: "Shayrat air base", "Bab al-Hawa crossing".
_TYPE_TAIL = re.compile(
    r"\s(?:(?:military|air|naval|border|refugee|displacement|international|central)\s)?(?:airbase|base|airport|airfield|camp|"
    r"crossing|dam|prison|hospital|river|lake|valley|desert|highway|road|mountains?|heights|island|oil ?field|gas ?field)\b"
)
#: Words after which a capitalised word is a place, whether the gazetteer has it or not.
_NAMED_PLACE = re.compile(r"\b(?:village|town|hamlet|city|district|suburb|neighbou?rhood)s? of\s+$", re.I)
_PLURALS = "provinces|governorates|districts|towns|villages|cities|neighbou?rhoods|suburbs"
_PLURAL_BEFORE = re.compile(rf"\b({_PLURALS}) of\s+$", re.I)
_PLURAL_AFTER = re.compile(rf"^\s+({_PLURALS})\b", re.I)
_COMPASS_BEFORE = re.compile(r"\b(" + _COMPASS + r")\s+$", re.I)
_LOCATIVE = re.compile(
    r"\b(?:in|at|near|around|outside|inside|within|across|throughout|through|from|to|into|onto|towards?|between|over|off|of|"
    r"via|reach(?:ed|ing)?|enter(?:ed|ing)?|left|leaving|leave|captured?|seized?|retook|took|overran|besieged|bombed|shelled|"
    r"hit|struck|pounded|attacked|visited|visiting|for|on|north|south|east|west|northern|southern|eastern|western)"
    r"(?: the)?\s+$",
    re.I,
)
_TITLE = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sir|Lord|Lady|Dame|Prof|Professor|President|Chancellor|Premier|Minister|Secretary|Senator|Sen|"
    r"Rep|Gov|Governor|Judge|Justice|King|Queen|Prince|Princess|Pope|Bishop|Sheikh|Sheik|Imam|Ayatollah|General|Gen|"
    r"Lieutenant|Lt|Colonel|Col|Major|Maj|Captain|Capt|Sergeant|Sgt|Corporal|Private|Admiral|Commander|Brigadier|"
    r"Spokesman|spokesman|spokeswoman|spokesperson|envoy|ambassador|coach|striker|midfielder|actor|actress|singer|author)\.?\s+$"
)
_ORGANISATION = frozenset(
    (
        "academy agency airlines alliance army assembly association authority bank battalion board brigade "
        "broadcasting bureau chamber championship chronicle church city-based club coalition college commission "
        "committee company conference congress corporation corps council county-based court cup daily department "
        "division embassy federation fc festival foundation front fund gazette group guard herald hospital hotel inc "
        "institute institution journal league legion ltd magazine media militia ministry mosque movement museum news "
        "newspaper observatory office olympics open organisation organization orchestra party police post press "
        "process programme radio regiment republican school senate society squad star street sun syndicate symphony "
        "team telegraph television temple theatre times treaty tribune trust tv union united university wanderers zoo "
        "accord accords agreement convention declaration protocol shield branch spring storm treaty rovers athletic "
        "albion award prize museum library monitor centre center"
    ).split()
)
_COUNTRY_CODES_AS_FIRST_NAMES = frozenset({"JO", "TD", "GE", "IL"})
_ORG_BEFORE = re.compile(
    r"(?:\b(?:University|Bank|Council|Ministry|Battle|Treaty|Republic|Voice|Operation|Institute|College|Front|Army|Islamic State|"
    r"Islamic State (?:of|in) Iraq and|Islamic State in|Party|Archbishop|Bishop|Duke|Duchess|Earl|Lord|Mayor|Foundation|League|Brigade|Battalion|Radio|Hotel)"
    r"(?: of| for)?(?: the)?\s+(?:of\s+)?)$"
)
_SPEAKS = (
    r"(?:has|have|had|is|was|were|are)?\s*(?:also|earlier|already|repeatedly|previously|has|have|had|both|meanwhile|initially|later|recently|strongly|jointly)?\s*"
    r"(?:says?|said|sees?|saw|announce[sd]?|accuse[sd]?|accusing|den(?:y|ies|ied)|agree[sd]?|want(?:s|ed)?|insist(?:s|ed)?|warn(?:s|ed)?|"
    r"back(?:s|ed)?|support(?:s|ed)?|consider(?:s|ed)?|view(?:s|ed)?|regard(?:s|ed)?|claim(?:s|ed)?|call(?:s|ed)|urge[sd]?|"
    r"demand(?:s|ed)?|reject(?:s|ed)?|broker(?:s|ed)?|maintain(?:s|ed)?|blame[sd]?|vow(?:s|ed)?|pledge[sd]?|decide[sd]?|"
    r"welcome[sd]?|condemn(?:s|ed)?|confirm(?:s|ed)?|acknowledge[sd]?|refuse[sd]?|hope[sd]?|plan(?:s|ned)?|argue[sd]?|believe[sd]?|"
    r"launch(?:ed|es)|made it clear|has (?:not )?been involved|has been having|will not|would not|intends?|promise[sd]?|"
    r"suspend(?:s|ed)?|deploy(?:s|ed)|recogni[sz]e[sd]?|respond(?:s|ed)?|is (?:ostensibly )?(?:shifting|tilting|seeking|trying)|told|considers)\b"
)
_SPEAKS_AFTER = re.compile(r"^(?:(?:, [\w'’-]+)*,? (?:and|or) [\w'’-]+)?\s+" + _SPEAKS)
_POSSESSIVE_POLICY = re.compile(
    r"^['’]s (?:[\w-]+ ){0,2}(?:refusal|demand|policy|position|stance|claim|request|support|view|decision|announcement|allies|ally|"
    r"explanation|consent|accusation|denial|response|envoy|ambassador|government|foreign|defence|defense|parliament|president)"
)
_METONYM_BEFORE = re.compile(
    r"(?:\b(?:by|between|with|against|accused|urged|told|asked|blamed|efforts by|brokered by|ties (?:between|with)|tension between|"
    r"relations? (?:between|with)|relationship between)(?: [\w'’-]+ and)?(?: both)?\s+)$"
)
_DATELINE = re.compile(
    r"^\s*([A-ZÀ-Þ][^\n(—–:]{1,60}?)(?:,\s*[^\n(—–]{1,30})?\s*(?:\([^()\n]{2,40}\)\s*)?(?:—|–|--|-)\s+(?=[A-Z\"“'‘])"
)


@cache
def _words(name: str) -> frozenset[str]:
    text = resources.files("geo").joinpath("data", name).read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


@cache
def _calendar() -> frozenset[str]:
    """Names of days and months in all languages that dates are read in, folded."""
    lines = [
        line
        for name in ("months.tsv", "weekdays.tsv")
        for line in resources.files("geo").joinpath("data", name).read_text(encoding="utf-8").splitlines()[1:]
    ]
    return frozenset(fold_name(line.split("\t")[1]) for line in lines)


#: Start and end of a word; plain tuples, since a text has a thousand of them.
_Span = tuple[int, int]


def find_toponyms(text: str, gazetteer: Gazetteer, *, prior: Prior | None = None) -> tuple[Toponym, ...]:
    """The place names of a text in order, resolved together, each with its role (`event` is given later, by the reading).

    A name that was recognised but is in no gazetteer has no place. Offsets slice back: `text[t.start:t.end] == t.text`.
    """
    mentions = find_mentions(text, gazetteer)
    resolutions = resolve(mentions, gazetteer, prior=prior)
    datelines = _dateline_spans(text)
    named = _Named(resolutions)
    confidence = {id(r.candidates): confidence_of(r) for r in {id(r.candidates): r for r in resolutions}.values()}
    toponyms = []
    for resolution in resolutions:
        toponym = Toponym(
            resolution=resolution,
            role=_role(text, resolution, datelines, gazetteer),
            confidence=confidence[id(resolution.candidates)],
        )
        if not _is_doubtful(text, toponym, named):
            toponyms.append(toponym)
    return tuple(toponyms)


def find_mentions(text: str, gazetteer: Gazetteer) -> list[Mention]:
    """The spans of a text that name places, in order and without overlap, with what the words around them say."""
    others = passages(text)
    english = without(text, others)
    kept = [(s, e) for s, e in _spans(english, gazetteer) if _is_place(english, s, e, gazetteer)]
    if not others:
        return _with_hints(text, kept, gazetteer)
    names = inflected_names(text, gazetteer, others)
    return with_names(text, _with_hints(text, sorted([*kept, *(name[:2] for name in names)]), gazetteer), names)


# Spans -----------------------------------------------------------------------------------------------------------------


def _opens(text: str, token: _Span) -> bool:
    """Whether a word may start a name: a capital, or a letter of a script without capitals."""
    first = text[token[0]]
    return first.isupper() or (first.isalpha() and not first.islower())


def _spans(text: str, gazetteer: Gazetteer) -> Iterator[_Span]:
    """Whole-word spans that the gazetteer knows, longest first at each start; after "the village of" also unknown ones."""
    tokens = [match.span() for match in _TOKEN.finditer(text)]
    i = 0
    while i < len(tokens):
        start, end = tokens[i]
        opens = _opens(text, tokens[i])
        if not opens and not (end - start == 2 and _is_article(text, tokens, i)):
            i += 1
            continue
        reach = _reach(text, tokens, i)
        found = next((n for n in range(reach, 0, -1) if _is_name(text, tokens, i, n, gazetteer)), 0)
        if found and (tail := _TYPE_TAIL.match(text, tokens[i + found - 1][1])) is not None:
            whole = text[start : tail.end()]
            if gazetteer.has_name(fold_name(whole), latin=is_latin(whole)):
                yield start, tail.end()
                while i < len(tokens) and tokens[i][0] < tail.end():
                    i += 1
                continue
        if not found and opens and _NAMED_PLACE.search(text[max(0, start - 30) : start]):
            found = _capital_run(text, tokens, i)
        if found:
            yield start, _with_stop(text, start, tokens[i + found - 1][1], gazetteer)
        i += found or 1


def _with_stop(text: str, start: int, end: int, gazetteer: Gazetteer) -> int:
    """The end of a name with the full stop that belongs to it: "Kan.", "W. Va.", "U.S."."""
    if text[end : end + 1] != "." or end - start > LONGEST_ABBREVIATION:
        return end
    whole = text[start : end + 1]
    return end + any(hit.kind == "abbreviation" and hit.name == whole for hit in gazetteer.lookup(whole))


def _capital_run(text: str, tokens: Sequence[_Span], i: int) -> int:
    """How many capitalised words follow each other from word i on, names of days and months left out."""
    n = 1
    while i + n < len(tokens) and n < MAX_WORDS and _opens(text, tokens[i + n]):
        gap, word = text[tokens[i + n - 1][1] : tokens[i + n][0]], text[tokens[i + n][0] : tokens[i + n][1]]
        if gap not in (" ", "-", "'", "’") or fold_name(word) in _calendar():
            break
        n += 1
    return n


def _is_name(text: str, tokens: Sequence[_Span], i: int, n: int, gazetteer: Gazetteer) -> bool:
    """Whether n words from word i on are a name of the gazetteer."""
    start, end = tokens[i][0], tokens[i + n - 1][1]
    if (n == 1 and (end - start < 2 or not _opens(text, tokens[i]))) or _is_inside_word(text, end):
        return False
    span = text[start:end]
    return gazetteer.has_name(fold_name(span), latin=is_latin(span))


def _is_inside_word(text: str, end: int) -> bool:
    """Whether a word goes on behind an apostrophe or hyphen: the "al-Fu" of "al-Fu'ah"; not the "Syria" of "Syria's"."""
    rest = text[end : end + 3]
    if not rest or rest[0] not in _APOSTROPHES or len(rest) < 2 or not rest[1].isalpha():
        return False
    return not (rest[1] in "sS" and (len(rest) < 3 or not rest[2].isalpha()))


def _is_article(text: str, tokens: Sequence[_Span], i: int) -> bool:
    """Whether word i is a lower-case Arabic article before a name: "al-Bab", "ash-Shaykh"."""
    word = text[tokens[i][0] : tokens[i][1]]
    if word not in _ARTICLES or i + 1 >= len(tokens):
        return False
    gap = text[tokens[i][1] : tokens[i + 1][0]]
    # with a blank only "al" and "el" are articles: "at Tartus" and "as Syrian" are not
    return _opens(text, tokens[i + 1]) and (gap in ("-", "‐", "‑") or (gap == " " and word in ("al", "el")))


def _reach(text: str, tokens: Sequence[_Span], i: int) -> int:
    """How many words from word i on may belong to one name."""
    reach = 1
    for j in range(i + 1, min(i + MAX_WORDS, len(tokens))):
        before, word = tokens[j - 1], text[tokens[j][0] : tokens[j][1]]
        gap = text[before[1] : tokens[j][0]]
        if not _GAP.fullmatch(gap):
            break
        if gap in _APOSTROPHES or gap in "-‐‑" or _opens(text, tokens[j]):
            if not (gap in _APOSTROPHES and word == "s"):
                reach = j - i + 1
        elif word not in _LINKS:
            break
        if gap.startswith(".") and before[1] - before[0] > 3:
            return j - i  # a full stop after a long word ends the sentence
    return reach


# Place or not ----------------------------------------------------------------------------------------------------------


def _is_place(text: str, start: int, end: int, gazetteer: Gazetteer) -> bool:
    name = text[start:end]
    hits = gazetteer.lookup(name)
    if not hits or any(hit.kind == "demonym" for hit in hits):
        return True
    if all(hit.kind == "abbreviation" for hit in hits):
        return any(hit.name == name for hit in hits)
    before, after = text[max(0, start - 40) : start], text[end : end + 40]
    single = " " not in name and "-" not in name
    folded = fold_name(name)
    if folded in _calendar() or folded in TYPE_WORDS or (name.isupper() and folded in _LINKS | _SMALL_WORDS):
        return False
    countries = [h for h in hits if h.place.is_country]
    located = bool(_LOCATIVE.search(before[-24:]) or _TYPE_BEFORE.search(before[-30:]) or _TYPE_AFTER.match(after))
    if _ORG_BEFORE.search(before[-34:]) and not before.rstrip().endswith(("Mayor of", "Front of")):
        return False
    if countries and not any((h.place.country in _COUNTRY_CODES_AS_FIRST_NAMES) for h in countries):
        return not _is_given_name(name, before, after)
    if _TITLE.search(before[-18:]):
        return False
    follower = _adjacent_capital(text, end)
    if follower is not None and not _continues_as_place(follower):
        organisation = fold_name(follower) in _ORGANISATION
        if organisation or not located or (single and folded in _words("first_names.txt")):
            return False
    leader = _leading_capital(text, start)
    if leader is not None and not located and fold_name(leader) not in _TYPE_WORDS:
        return False
    first = _FIRST_NAME_BEFORE.search(before)
    if first is not None and first[1][0].isupper() and fold_name(first[1]) in _words("first_names.txt"):
        return False
    if countries:
        return not _is_given_name(name, before, after)
    if all(word in _words("common_words.txt") or word in _LINKS for word in folded.split()):
        return _is_strong_context(before, after) and not _starts_sentence(text, start)
    return True


def _is_given_name(name: str, before: str, after: str) -> bool:
    """Whether a country's name is a person's here: "Jordan Henderson", "Mr Chad"."""
    if fold_name(name) not in {"jordan", "chad", "georgia", "israel"}:
        return False
    surname = re.match(r" [A-Z][a-z]{2,}", after)
    return bool(_TITLE.search(before[-18:])) or (surname is not None and not _LOCATIVE.search(before[-24:]))


def _is_strong_context(before: str, after: str) -> bool:
    return bool(
        re.search(r"\b(?:in|near|at|outside|towards?|around|from)\s+$", before)
        or _TYPE_BEFORE.search(before[-30:])
        or _TYPE_AFTER.match(after)
    )


def _starts_sentence(text: str, start: int) -> bool:
    i = start
    while i > 0 and text[i - 1] in " \"“‘'([":
        i -= 1
    return i == 0 or text[i - 1] in ".!?:\n"


def _adjacent_capital(text: str, end: int) -> str | None:
    """The capitalised word that directly follows, after one space."""
    match = re.match(r" ([^\W\d_][\w’'-]*)", text[end : end + 40])
    return match[1] if match and match[1][0].isupper() else None


def _leading_capital(text: str, start: int) -> str | None:
    """The capitalised word that directly precedes in the same phrase, unless it opens the sentence."""
    match = re.search(r"([^\W\d_][\w’'-]*) $", text[max(0, start - 40) : start])
    if match is None or not match[1][0].isupper():
        return None
    at = start - 1 - len(match[1])
    return None if _starts_sentence(text, at) else match[1]


def _continues_as_place(follower: str) -> bool:
    """Whether the capitalised follower leaves the name a place: "Idlib Province", "Damascus Friday", "Homs (M5) ..."."""
    folded = fold_name(follower)
    return folded in _TYPE_WORDS or folded in _calendar()


def _is_doubtful(text: str, toponym: Toponym, named: _Named) -> bool:
    """Small places far from all that the text is about, named without a word that says they are places."""
    place = toponym.place
    if toponym.resolution.mention.name is not None:  # read with the rules of another language, which are stricter
        return place is None
    if place is None:
        return not _NAMED_PLACE.search(text[max(0, toponym.start - 30) : toponym.start])
    if not place.id.startswith("geonames:") or (place.population or 0) >= SMALL_TOWN:
        return False
    before, after = text[max(0, toponym.start - 60) : toponym.start], text[toponym.end : toponym.end + 40]
    if _is_strong_context(before, after) or toponym.resolution.mention.hints.container is not None:
        return False
    reasons = {reason.code for reason in toponym.resolution.chosen.reasons} if toponym.resolution.chosen else set()
    return not ({"listed", "stated-distance", "container"} & reasons) and not named.supports(place)


#: Below this many inhabitants a bare name needs support from the text.
SMALL_TOWN = 15_000


class _Named:
    """Where the places of a text lie: which countries it names, and which places in each first-level division."""

    def __init__(self, resolutions: Iterable[Resolution]) -> None:
        self.countries: set[str | None] = set()
        self.divisions: dict[tuple[str | None, str | None], set[str]] = defaultdict(set)
        for resolution in resolutions:
            if resolution.chosen is not None:
                place = resolution.chosen.place
                if place.is_country:
                    self.countries.add(place.country)
                self.divisions[place.country, place.admin1].add(place.id)

    def supports(self, place: Place) -> bool:
        """Whether another name of the text lies in the same first-level division, or its country is named."""
        if place.country in self.countries:
            return True
        there = self.divisions[place.country, place.admin1]
        return len(there) > (place.id in there)


# What the words around say ---------------------------------------------------------------------------------------------

_INSIDE = re.compile(
    r"^(?:,| in| within| inside| of)(?: the)?(?: (?:[\w-]*(?:ern|ward|neighbou?ring|rural|Syrian|Iraqi|Turkish|Lebanese|Libyan|Yemeni)"
    r"|central|besieged|rebel-held|government-held|disputed|restive|province|governorate|region|district|state|city|countryside|suburbs?|outskirts|of|the|[A-Z][a-z]+(?:ian|i|ese|ish)))*\s*$"
)
_LIST_GAP = re.compile(
    r"^(?:,|,? and| or|, as well as| and (?:nearby|neighbou?ring))(?: in| of| near| the| nearby| villages?| towns?| cit(?:y|ies)| areas?| provinces?)*\s*$"
)
#: Numbers that distances are written with in words.
SMALL_NUMBERS = {
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
}  # fmt: skip
_DISTANCE_GAP = re.compile(
    r"^,?(?: which (?:is|lies))?(?: located| situated| about| some| around| roughly| just)*\s*"
    r"(?P<n>\d+(?:[.,]\d+)?|"
    + "|".join(SMALL_NUMBERS)
    + r")\s*(?P<unit>km|kms|kilomet(?:er|re)s?|miles?)(?: \([^)]*\))?(?: to the)?"
    r"(?: (?P<dir>(?:north|south|east|west)(?:[- ]?(?:east|west))?))?(?: of| from| outside| away from)(?: the (?:city|town) of)?\s*$",
    re.I,
)
_BEARINGS = {
    "north": 0.0, "northeast": 45.0, "east": 90.0, "southeast": 135.0,
    "south": 180.0, "southwest": 225.0, "west": 270.0, "northwest": 315.0,
}  # fmt: skip
KM_PER_MILE = 1.609344
#: Characters that the words of a distance between two names may take: ", located about 40 kilometres northeast of".
MAX_DISTANCE_GAP = 90


def _with_hints(text: str, spans: Sequence[tuple[int, int]], gazetteer: Gazetteer) -> list[Mention]:
    lists = _lists(text, spans)
    mentions = []
    for i, (start, end) in enumerate(spans):
        before, after = text[max(0, start - 40) : start], text[end : end + 30]
        hints = Hints(
            type_word=_type_word(before, after),
            compass=match[1].lower() if (match := _COMPASS_BEFORE.search(before[-20:])) else None,
            listed_with=tuple(j for j in lists.get(i, ()) if j != i),
        )
        if i + 1 < len(spans):
            gap = text[end : spans[i + 1][0]]
            if len(gap) < 60 and "." not in gap and _is_container(gap, text, (start, end), spans[i + 1], gazetteer):
                hints = replace(hints, container=i + 1)
            if len(gap) < MAX_DISTANCE_GAP and (match := _DISTANCE_GAP.match(gap)) is not None:
                km = SMALL_NUMBERS.get(match["n"].lower()) or float(match["n"].replace(",", "."))
                km *= KM_PER_MILE if match["unit"].lower().startswith("mi") else 1
                direction = (match["dir"] or "").lower().replace("-", "").replace(" ", "")
                hints = replace(hints, near=i + 1, near_km=km, near_bearing=_BEARINGS.get(direction))
        mentions.append(Mention(start=start, end=end, text=text[start:end], hints=hints))
    return _share_containers(_share_type_words(text, mentions))


def _share_type_words(text: str, mentions: list[Mention]) -> list[Mention]:
    """The "provinces" of "the provinces of Hama and Idlib" and of "Hama and Idlib provinces" is said of both."""
    shared = list(mentions)
    for i, mention in enumerate(mentions):
        group = sorted({i, *mention.hints.listed_with})
        if len(group) == 1 or group[0] != i:
            continue
        before, after = text[max(0, mention.start - 40) : mention.start], text[mentions[group[-1]].end :][:30]
        match = _PLURAL_BEFORE.search(before) or _PLURAL_AFTER.match(after)
        if match is not None:
            for j in group:
                hints = replace(mentions[j].hints, type_word=_TYPE_WORDS[match[1].lower()])
                shared[j] = replace(mentions[j], hints=hints)
    return shared


def _type_word(before: str, after: str) -> str | None:
    follows = _TYPE_AFTER.match(after)
    if follows is not None:
        return _TYPE_WORDS[follows[1].lower()]
    precedes = _TYPE_BEFORE.search(before[-30:])
    return _TYPE_WORDS[precedes[1].lower()] if precedes is not None else None


def _is_container(gap: str, text: str, span: tuple[int, int], other: tuple[int, int], gazetteer: Gazetteer) -> bool:
    if not _INSIDE.match(gap):
        return False
    if gap.strip() != ",":
        return True
    # "Homs, Syria" and "Lebanon, Pennsylvania" contain; "Homs, Hama and Idlib" and "Turkey, Syria" list.
    hits = gazetteer.lookup(text[other[0] : other[1]])
    if any(hit.place.is_country for hit in gazetteer.lookup(text[span[0] : span[1]])):
        hits = tuple(hit for hit in hits if hit.place.is_admin1)
    listed = re.match(r"(?:,(?: and| or)?| and| or)(?: the)?\s+[A-Z]", text[other[1] : other[1] + 15])
    return listed is None and any(hit.place.is_country or hit.place.is_admin1 for hit in hits[:3])


def _lists(text: str, spans: Sequence[tuple[int, int]]) -> dict[int, tuple[int, ...]]:
    """Index -> the indexes of the list that it stands in: "Hama, Homs and Idlib"."""
    members: dict[int, tuple[int, ...]] = {}
    run: list[int] = []
    for i in range(len(spans)):
        linked = bool(run) and len(gap := text[spans[i - 1][1] : spans[i][0]]) < 50 and _LIST_GAP.match(gap) is not None
        if not linked:
            _close(run, text, spans, members)
            run = []
        run.append(i)
    _close(run, text, spans, members)
    return members


def _close(run: list[int], text: str, spans: Sequence[tuple[int, int]], members: dict[int, tuple[int, ...]]) -> None:
    if len(run) < 2:
        return
    words = text[spans[run[0]][1] : spans[run[-1]][0]]
    if re.search(r"\b(?:and|or|as well as)\b", words):
        for i in run:
            members[i] = tuple(run)


def _share_containers(mentions: list[Mention]) -> list[Mention]:
    """In "A and B in the province of C" what contains the last member of a list contains all of them."""
    shared = []
    for i, mention in enumerate(mentions):
        container = mention.hints.container
        if container is None and mention.hints.listed_with:
            container = next(
                (
                    c
                    for j in mention.hints.listed_with
                    if (c := mentions[j].hints.container) is not None and c != i and c not in mention.hints.listed_with
                ),
                None,
            )
        shared.append(
            mention if container is None else replace(mention, hints=replace(mention.hints, container=container))
        )
    return shared


# Roles -----------------------------------------------------------------------------------------------------------------


def _dateline_spans(text: str) -> tuple[tuple[int, int], ...]:
    spans = []
    for line in re.finditer(r"[^\n]+", text[:1500]):
        match = _DATELINE.match(line[0])
        if match is not None and len(match[1].split()) <= 4:
            spans.append((line.start() + match.start(1), line.start() + match.end(1)))
    return tuple(spans)


def _role(text: str, resolution: Resolution, datelines: Sequence[tuple[int, int]], gazetteer: Gazetteer) -> str:
    mention = resolution.mention
    place = resolution.chosen.place if resolution.chosen is not None else None
    if any(start <= mention.start < end for start, end in datelines):
        return "dateline"
    if place is None:
        return "mention"
    if any(h.kind == "demonym" for h in gazetteer.lookup(mention.text) if h.place.id == place.id):
        return "demonym"
    if (place.is_country or place.feature_code == "PPLC") and _is_metonym(text, mention):
        return "metonym"
    return "mention"


def _is_metonym(text: str, mention: Mention) -> bool:
    before, after = text[max(0, mention.start - 50) : mention.start], text[mention.end : mention.end + 90]
    if _METONYM_BEFORE.search(before):
        return True
    if re.search(
        r"\b(?:in|at|near|around|outside|inside|across|throughout|from|into|to|over|of)(?: the)?(?: [\w'’-]+ and)?\s+$",
        before,
    ):
        return False
    return bool(_SPEAKS_AFTER.match(after) or _POSSESSIVE_POLICY.match(after))
