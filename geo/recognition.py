"""Which words of a text are names of places: spans, before anybody asks which place is meant.

Hides: two readers and how they are joined. In English a learned tagger (`geo.tagger`) tells places from people,
organisations and common words, and the gazetteer's longer names set the ends. In other languages in Latin letters a span is a name when it
starts with a capital, the gazetteer holds it, and rules on the words around do not object; lists are in `geo/data/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from weakref import WeakKeyDictionary

from gazetteer import Gazetteer, fold_name
from gazetteer.names import TYPE_WORDS, is_latin
from geo.tagger import TaggedSpan, Tagger
from geo.text import is_english

__all__ = ["COMPASS", "NAMED_PLACE", "PLACE_WORDS", "TYPE_AFTER", "TYPE_BEFORE", "find_spans", "is_strong_context"]

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
PLACE_WORDS = {
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
COMPASS = r"(?:north|south|east|west)(?:[- ]?(?:east|west))?(?:ern|-central)?|central|upper|lower|rural"
TYPE_BEFORE = re.compile(
    r"\b(" + "|".join(sorted(PLACE_WORDS, key=len, reverse=True)) + r")(?: of|,)?(?: the)?\s+$", re.I
)
TYPE_AFTER = re.compile(
    r"^(?:['’]s)?[\s-]+(?:(?:military|air|naval|refugee|displacement|border|oil|gas|international|central)\s+)?("
    + "|".join(sorted(PLACE_WORDS, key=len, reverse=True))
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
NAMED_PLACE = re.compile(r"\b(?:village|town|hamlet|city|district|suburb|neighbou?rhood)s? of\s+$", re.I)
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


def find_spans(text: str, gazetteer: Gazetteer) -> list[_Span]:
    """The spans that name places, in order and without overlap."""
    known = list(_spans(text, gazetteer))
    if not is_english(text):
        return [(start, end) for start, end in known if _is_place(text, start, end, gazetteer)]
    return _joined(text, known, _tagger(gazetteer).spans(text), gazetteer)


_taggers: WeakKeyDictionary[Gazetteer, Tagger] = WeakKeyDictionary()


def _tagger(gazetteer: Gazetteer) -> Tagger:
    """The tagger that reads with a gazetteer; it remembers spellings, so there is one for each."""
    if gazetteer not in _taggers:
        _taggers[gazetteer] = Tagger(gazetteer)
    return _taggers[gazetteer]


def _joined(text: str, known: Sequence[_Span], tagged: Sequence[TaggedSpan], gazetteer: Gazetteer) -> list[_Span]:
    """What the tagger takes for places, with the ends of the gazetteer's names, and places of the war that it does not know."""
    found: list[_Span] = []
    claimed: set[_Span] = set()  # by names of another kind
    rest = set(known)
    for span in tagged:
        over = [k for k in known if k[0] < span.end and span.start < k[1]]
        if span.kind == "demonym":
            rest.difference_update(over)
            found += [k for k in over if _is_demonym(text[k[0] : k[1]], gazetteer)]
        elif span.kind == "place":
            rest.difference_update(over)
            if not _is_of_other_name(text, span.start, span.end):
                found += _ends(text, span, over, gazetteer)
        else:
            claimed.update(over)
    for start, end in rest:
        before = text[max(0, start - 30) : start]
        if NAMED_PLACE.search(before) or (
            _is_curated(text[start:end], gazetteer)
            and _is_place(text, start, end, gazetteer)
            and ((start, end) not in claimed or _LOCATIVE.search(before))
        ):
            found.append((start, end))
    return sorted(found)


def _is_curated(name: str, gazetteer: Gazetteer) -> bool:
    return any(hit.place.id.startswith("curated:") for hit in gazetteer.lookup(name))


def _is_of_other_name(text: str, start: int, end: int) -> bool:
    """Whether a name belongs to that of a paper, a force, a treaty or a club: "Washington Post", "Islamic State of Iraq".

    Of a university, a police or a council the place is its seat, which some coders want; there the tagger decides.
    """
    if _OTHER_BEFORE.search(text[max(0, start - 40) : start]):
        return True
    follower = _FOLLOWERS.match(text, end)
    words = text[start:end].split()[1:] + (follower[0].split() if follower is not None else [])
    return any(fold_name(word) in _OTHER_NAMES for word in words)


#: The capitalised words that follow a name, two at most.
_FOLLOWERS = re.compile(r"(?: [A-Z][\w’'-]*){1,2}")
_OTHER_NAMES = frozenset(
    (
        "chronicle herald gazette post star sun telegraph times tribune journal magazine media monitor news newspaper radio "
        "television tv observatory shield spring storm treaty accord accords agreement convention declaration protocol united "
        "fc rovers athletic albion wanderers brigade brigades battalion battalions regiment legion festival olympics championship cup award "
        "prize symphony orchestra"
    ).split()
)
_OTHER_BEFORE = re.compile(
    r"\b(?:Treaty|Battle|Voice|Operation|Army|Islamic State|Islamic State (?:of|in) Iraq and|Party|Archbishop|Bishop|Duke|Duchess|Earl|Athletic|"
    r"Islamic Emirate|Lord|Brigades?|Battalions?)(?: of| for| in)?(?: the)?\s+$"
)


def _is_demonym(name: str, gazetteer: Gazetteer) -> bool:
    return any(hit.kind == "demonym" for hit in gazetteer.lookup(name))


def _ends(text: str, span: TaggedSpan, known: Sequence[_Span], gazetteer: Gazetteer) -> list[_Span]:
    """A tagged span as the names of the gazetteer in it: one that covers it, itself, or what compass words leave."""
    start, end = span.start, span.end
    covering = [k for k in known if k[0] <= start and end <= k[1]]
    if covering:
        return covering[:1]
    name = text[start:end]
    if gazetteer.has_name(fold_name(name), latin=is_latin(name)):
        return [(start, end)]
    inside = [k for k in known if start <= k[0] and k[1] <= end]
    if (
        len(inside) == 1
        and _MODIFIED.fullmatch(name[: inside[0][0] - start])
        and _TYPE_REST.fullmatch(name[inside[0][1] - start :])
    ):
        return inside
    return [] if _is_full_name(text, start, end) else [(start, end)]


def _is_full_name(text: str, start: int, end: int) -> bool:
    """Whether an unknown name reads as a person's: a given name and another word, with nothing before that says where."""
    words = text[start:end].split()
    given = len(words) > 1 and fold_name(words[0]) in _words("first_names.txt")
    return given and not _LOCATIVE.search(text[max(0, start - 24) : start])


#: What may stand around a known name inside a tagged one without making it another: "Downtown Aleppo", "Idlib Province".
_MODIFIED = re.compile(rf"(?:(?:{COMPASS}|downtown|greater|inner|outer|old|metropolitan|the)[\s-]+)*", re.I)
_TYPE_REST = re.compile(r"['’]?s?|[\s-]+(?:" + "|".join(sorted(PLACE_WORDS, key=len, reverse=True)) + ")", re.I)


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
        if not found and opens and NAMED_PLACE.search(text[max(0, start - 30) : start]):
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
    located = bool(_LOCATIVE.search(before[-24:]) or TYPE_BEFORE.search(before[-30:]) or TYPE_AFTER.match(after))
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
    if leader is not None and not located and fold_name(leader) not in PLACE_WORDS:
        return False
    first = _FIRST_NAME_BEFORE.search(before)
    if first is not None and first[1][0].isupper() and fold_name(first[1]) in _words("first_names.txt"):
        return False
    if countries:
        return not _is_given_name(name, before, after)
    if all(word in _words("common_words.txt") or word in _LINKS for word in folded.split()):
        return is_strong_context(before, after) and not _starts_sentence(text, start)
    return True


def _is_given_name(name: str, before: str, after: str) -> bool:
    """Whether a country's name is a person's here: "Jordan Henderson", "Mr Chad"."""
    if fold_name(name) not in {"jordan", "chad", "georgia", "israel"}:
        return False
    surname = re.match(r" [A-Z][a-z]{2,}", after)
    return bool(_TITLE.search(before[-18:])) or (surname is not None and not _LOCATIVE.search(before[-24:]))


def is_strong_context(before: str, after: str) -> bool:
    """Whether the words around a name say that it is a place."""
    return bool(
        re.search(r"\b(?:in|near|at|outside|towards?|around|from)\s+$", before)
        or TYPE_BEFORE.search(before[-30:])
        or TYPE_AFTER.match(after)
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
    return folded in PLACE_WORDS or folded in _calendar()
