"""Which words of a text are names of places: spans, before anybody asks which place is meant.

Hides: two readers and how they are joined. In English a learned tagger (`geo.tagger`) tells places from people,
organisations and common words, and the gazetteer's longer names set the ends. In other languages in Latin letters a span is a name when it
starts with a capital, the gazetteer holds it, and rules on the words around do not object; lists are in `geo/data/`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import accumulate
from operator import itemgetter
from weakref import WeakKeyDictionary

from gazetteer import Gazetteer, fold_name
from gazetteer.names import TYPE_WORDS
from geo import DATA
from geo.tagger import TaggedSpan, Tagger
from geo.text import is_english

__all__ = ["COMPASS", "NAMED_PLACE", "PLACE_WORDS", "TYPE_AFTER", "find_spans", "is_strong_context", "type_before"]

#: Splits a text into what lies between the words and the words, in turn.
_TOKENS = re.compile(r"([^\W_]+)")
_HYPHENS = frozenset("-‐‑")
_APOSTROPHES = frozenset("'’ʼ‘`´ʿʾ")
#: What may stand between two words of one name.
_GAPS = _HYPHENS | _APOSTROPHES | {" ", "\u00a0", ".", ". ", "\n", " \n", "/"}
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
#: Characters that are read at once; articles are shorter by far.
PIECE = 200_000
#: Letters of an abbreviation without its last full stop: "Saudi Ar".
LONGEST_ABBREVIATION = 8

#: Word before or after a name -> what it says the place is.
PLACE_WORDS = {
    "province": "province", "provinces": "province", "governorate": "governorate", "governorates": "governorate",
    "region": "region", "regions": "region", "oblast": "oblast", "state": "state", "county": "district", "counties": "district", "district": "district",
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
_TYPE_BEFORE = re.compile(
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
#: The words that such an end may begin with.
_TAIL_BEGINS = frozenset(
    "military air naval border refugee displacement international central airbase base airport airfield camp crossing dam "
    "prison hospital river lake valley desert highway road mountain mountains heights island oil oilfield gas gasfield".split()
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
    text = (DATA / name).read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


@cache
def _calendar() -> frozenset[str]:
    """Names of days and months in all languages that dates are read in, folded."""
    lines = [
        line
        for name in ("months.tsv", "weekdays.tsv")
        for line in (DATA / name).read_text(encoding="utf-8").splitlines()[1:]
    ]
    return frozenset(fold_name(line.split("\t")[1]) for line in lines)


#: Start and end of a word; plain tuples, since a text has a thousand of them.
_Span = tuple[int, int]


def find_spans(text: str, gazetteer: Gazetteer) -> list[_Span]:
    """The spans that name places, in order and without overlap."""
    english = is_english(text)
    found: list[_Span] = []
    for begin, stop in _pieces(text):
        spans = _find_spans(text[begin:stop], gazetteer, english=english)
        found += [(begin + start, begin + end) for start, end in spans] if begin else spans
    return found


def _find_spans(text: str, gazetteer: Gazetteer, *, english: bool) -> list[_Span]:
    tagger = _tagger(gazetteer)
    known = list(_spans(_Words(text), gazetteer, tagger.has_name))
    if not english:
        return [(start, end) for start, end in known if _is_place(text, start, end, gazetteer)]
    return _joined(text, known, tagger, gazetteer)


def _pieces(text: str) -> Iterator[_Span]:
    """Parts that are read by themselves, so that a text of any length takes little memory: cut where names hardly go on."""
    begin = 0
    while len(text) - begin > PIECE:
        least, most = begin + PIECE // 2, begin + PIECE
        stop = next((at + len(mark) for mark in ("\n", ". ", " ") if (at := text.rfind(mark, least, most)) >= 0), most)
        yield begin, stop
        begin = stop
    yield begin, len(text)


_taggers: WeakKeyDictionary[Gazetteer, Tagger] = WeakKeyDictionary()


def _tagger(gazetteer: Gazetteer) -> Tagger:
    """The tagger that reads with a gazetteer; it remembers spellings, so there is one for each."""
    if gazetteer not in _taggers:
        _taggers[gazetteer] = Tagger(gazetteer)
    return _taggers[gazetteer]


def _joined(text: str, known: Sequence[_Span], tagger: Tagger, gazetteer: Gazetteer) -> list[_Span]:
    """What the tagger takes for places, with the ends of the gazetteer's names, and places of the war that it does not know."""
    found: list[_Span] = []
    claimed: set[_Span] = set()  # by names of another kind
    rest = set(known)
    first = 0
    for span in tagger.spans(text, only_places=True):
        while first < len(known) and known[first][1] <= span.start:
            first += 1
        stop = first
        while stop < len(known) and known[stop][0] < span.end:
            stop += 1
        over = known[first:stop]
        if span.kind == "demonym":
            rest.difference_update(over)
            found += [k for k in over if _is_demonym(text[k[0] : k[1]], gazetteer)]
        elif span.kind == "place":
            rest.difference_update(over)
            if not _is_of_other_name(text, span.start, span.end):
                found += _ends(text, span, over, tagger.has_name)
        else:
            claimed.update(over)
    for start, end in rest:
        before = text[max(0, start - 30) : start]
        scene = (start, end) not in claimed and _is_scene(text, start, end)
        if (
            _is_named_place(before)
            or (scene and _is_large_town(text[start:end], gazetteer))
            or (
                _is_curated(text[start:end], gazetteer)
                and _is_place(text, start, end, gazetteer)
                and ((start, end) not in claimed or _LOCATIVE.search(before))
            )
        ):
            found.append((start, end))
    unsure = sorted(rest - claimed - set(found))
    return sorted({*found, *(s for s in _listed(text, found, unsure) if _is_place(text, *s, gazetteer))})


#: "In Goma a bomb went off", "Goma fell to the rebels": a town opens the sentence.
_OPENS_WITH_IN = re.compile(r"(?:^|[.!?][\"”]?\s|\n\s*|[“\"])(?:In|At|Near|Outside)\s+$")
_GOES_ON_IN = re.compile(r",? [a-z]")
_BEFALLS = re.compile(
    r" (?:fell|has fallen|had fallen|(?:was|were|has been|had been) (?:\w+ly )?(?:captured|taken|seized|retaken|recaptured|overrun|shelled|bombed|"
    r"besieged|liberated|attacked|hit|struck|stormed|raided))\b"
)
#: A town of fewer inhabitants, and not of the war, is known by the tagger or not at all.
LARGE_TOWN = 50_000


def _is_scene(text: str, start: int, end: int) -> bool:
    """Whether a name stands where a sentence says where it happened, or what befell a town."""
    before = text[max(0, start - 12) : start]
    if _OPENS_WITH_IN.search(before) is not None:
        return _GOES_ON_IN.match(text, end) is not None
    return _BEFALLS.match(text, end) is not None and _starts_sentence(text, start)


def _is_large_town(name: str, gazetteer: Gazetteer) -> bool:
    towns = (hit.place for hit in gazetteer.lookup(name))
    known = any(p.is_settlement and ((p.population or 0) >= LARGE_TOWN or p.id.startswith("curated:")) for p in towns)
    return known and fold_name(name) not in _calendar()


#: What stands between two names of a list.
_LIST_GAP = re.compile(r"(?:, (?:and |or )?| and | or )")


def _listed(text: str, found: Sequence[_Span], unsure: Sequence[_Span]) -> Iterator[_Span]:
    """The names among `unsure` that stand in a list beside a place: "Saravena and Tame"."""
    ends, starts = {end for _, end in found}, {start for start, _ in found}
    for start, end in unsure:
        before = _GAP_BEFORE.search(text, max(0, start - 6), start)
        if before is not None and before.start() in ends:
            ends.add(end)
            yield start, end
            continue
        after = _LIST_GAP.match(text, end)
        if after is not None and after.end() in starts:
            yield start, end


_GAP_BEFORE = re.compile(_LIST_GAP.pattern + "$")


def _is_curated(name: str, gazetteer: Gazetteer) -> bool:
    return any(hit.place.id.startswith("curated:") for hit in gazetteer.lookup(name))


def _is_of_other_name(text: str, start: int, end: int) -> bool:
    """Whether a name belongs to that of a paper, a force, a treaty or a club: "Washington Post", "Islamic State of Iraq".

    Of a university, a police or a council the place is its seat, which some coders want; there the tagger decides.
    """
    before = text[max(0, start - 40) : start]
    if before.rstrip().endswith(_OTHER_ENDINGS) and _OTHER_BEFORE.search(before):
        return True
    if text[start:end] in _PARLIAMENTS and _DEFINITE.search(before):
        return True
    follower = _FOLLOWERS.match(text, end)
    words = text[start:end].split()[1:] + (follower[0].split() if follower is not None else [])
    return any(fold_name(word) in _OTHER_NAMES for word in words)


#: Parliaments that towns share their names with; a town has no article before it.
_PARLIAMENTS = frozenset(["Duma", "Rada", "Cortes", "Sejm"])
_DEFINITE = re.compile(r"\b(?:the|its|State|Verkhovna|lower house|Russian|Moscow|regional)\s+$", re.I)
#: The capitalised words that follow a name, two at most.
_FOLLOWERS = re.compile(r"(?: [A-Z][\w’'-]*){1,2}")
_OTHER_NAMES = frozenset(
    (
        "chronicle herald gazette post star sun telegraph times tribune journal magazine media monitor news newspaper radio "
        "television tv observatory shield spring storm treaty accord accords agreement convention declaration protocol united "
        "fc rovers athletic albion wanderers brigade brigades battalion battalions regiment legion festival olympics championship cup award "
        "prize symphony orchestra yard"
    ).split()
)
_OTHER_BEFORE = re.compile(
    r"\b(?:Treaty|Battle|Voice|Operation|Army|Islamic State|Islamic State (?:of|in) Iraq and|Party|Archbishop|Bishop|Duke|Duchess|Earl|Athletic|"
    r"Islamic Emirate|Lord|Brigades?|Battalions?)(?: of| for| in)?(?: the)?\s+$"
)
#: What a text ends in that the pattern above matches at its end; quicker to ask.
_OTHER_ENDINGS = (
    *(" of", " for", " in", " the", " and"),
    *"Treaty Battle Voice Operation Army State Party bishop Bishop Duke Duchess Earl Athletic Emirate Lord".split(),
    *"Brigade Brigades Battalion Battalions".split(),
)


def _is_demonym(name: str, gazetteer: Gazetteer) -> bool:
    return any(hit.kind == "demonym" for hit in gazetteer.lookup(name))


def _ends(text: str, span: TaggedSpan, known: Sequence[_Span], has_name: Callable[[str], bool]) -> list[_Span]:
    """A tagged span as the names of the gazetteer in it: one that covers it, itself, or what compass words leave."""
    start, end = span.start, span.end
    covering = [k for k in known if k[0] <= start and end <= k[1]]
    if covering:
        return covering[:1]
    name = text[start:end]
    if has_name(name):
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


class _Words:
    """The words of a text, what lies before each (and after the last), and which may begin a name."""

    def __init__(self, text: str) -> None:
        parts = _TOKENS.split(text)
        offsets = list(accumulate(map(len, parts)))
        self.text = text
        self.words: list[str] = parts[1::2]
        self.gaps: list[str] = parts[0::2]
        self.starts: list[int] = offsets[:-1:2]
        self.ends: list[int] = offsets[1::2]
        firsts = "".join(map(itemgetter(0), self.words))
        opens = {first: first.isupper() or (first.isalpha() and not first.islower()) for first in set(firsts)}
        #: Of each word 1 or 0: a capital, or a letter of a script without capitals, begins it.
        self.opening = bytes(map(opens.__getitem__, firsts))

    def is_article(self, i: int) -> bool:
        """Whether word i is a lower-case Arabic article before a name: "al-Bab", "ash-Shaykh"; the next word opens one."""
        word, gap = self.words[i], self.gaps[i + 1]
        # with a blank only "al" and "el" are articles: "at Tartus" and "as Syrian" are not
        return word in _ARTICLES and (gap in _HYPHENS or (gap == " " and word in ("al", "el")))


def _spans(words: _Words, gazetteer: Gazetteer, has_name: Callable[[str], bool]) -> Iterator[_Span]:
    """Whole-word spans that the gazetteer knows, longest first at each start; after "the village of" also unknown ones."""
    i = 0  # the first word that is still free
    while (at := words.opening.find(1, i)) >= 0:
        found = 0
        if at > i and words.is_article(at - 1):
            found = _longest(words, at - 1, has_name)
            i = at - 1
        if not found:
            found = _longest(words, at, has_name)
            i = at
        if found > 1 and words.words[i + found - 1] == "City" and _is_citys(words, i, found, gazetteer):
            found -= 1
        start, end = words.starts[i], words.ends[i + found - 1]
        if found and words.words[i + found : i + found + 1] and words.words[i + found] in _TAIL_BEGINS:
            tail = _TYPE_TAIL.match(words.text, end)
            if tail is not None and has_name(words.text[start : tail.end()]):
                yield start, tail.end()
                while i < len(words.words) and words.starts[i] < tail.end():
                    i += 1
                continue
        if not found and _is_named_place(words.text[max(0, start - 30) : start]):
            found = _capital_run(words, i)
        if found:
            yield start, _with_stop(words.text, start, words.ends[i + found - 1], gazetteer)
        i += found or 1


#: What a city has: in "Springfield City Council" the name ends before "City", in "Oklahoma City Council" behind it.
_OF_A_CITY = frozenset(
    "Attorney Auditor Clerk Commission Commissioner Council Councillor Councilman Councilwoman Hall Manager Planning Schools".split()
)


def _is_citys(words: _Words, i: int, n: int, gazetteer: Gazetteer) -> bool:
    """Whether the "City" that ends a name belongs to the word behind: no place has the name for its usual one."""
    following = words.words[i + n] if i + n < len(words.words) else ""
    name = words.text[words.starts[i] : words.ends[i + n - 1]]
    return following in _OF_A_CITY and not any(hit.kind == "main" for hit in gazetteer.lookup(name))


def _longest(words: _Words, i: int, has_name: Callable[[str], bool]) -> int:
    """How many words from word i on are a name of the gazetteer, at most; 0 for none."""
    text, start, ends, gaps = words.text, words.starts[i], words.ends, words.gaps
    for n in range(_reach(words, i), 0, -1):
        end = ends[i + n - 1]
        if n == 1 and (end - start < 2 or not words.opening[i]):
            return 0
        if n > 1 and words.words[i + n - 1] == "s" and gaps[i + n - 1] in _APOSTROPHES:
            continue  # "Cuba's" is not the town of Cubas
        if not (gaps[i + n] in _APOSTROPHES and _is_inside_word(text, end)) and has_name(text[start:end]):
            return n
    return 0


def _is_named_place(before: str) -> bool:
    """Whether a text ends in "the village of" or the like."""
    return before.rstrip()[-2:].lower() == "of" and NAMED_PLACE.search(before) is not None


def _with_stop(text: str, start: int, end: int, gazetteer: Gazetteer) -> int:
    """The end of a name with the full stop that belongs to it: "Kan.", "W. Va.", "U.S."."""
    if text[end : end + 1] != "." or end - start > LONGEST_ABBREVIATION:
        return end
    whole = text[start : end + 1]
    return end + any(hit.kind == "abbreviation" and hit.name == whole for hit in gazetteer.lookup(whole))


def _capital_run(words: _Words, i: int) -> int:
    """How many capitalised words follow each other from word i on, names of days and months left out."""
    n = 1
    while i + n < len(words.words) and n < MAX_WORDS and words.opening[i + n]:
        if words.gaps[i + n] not in (" ", "-", "'", "’") or fold_name(words.words[i + n]) in _calendar():
            break
        n += 1
    return n


def _is_inside_word(text: str, end: int) -> bool:
    """Whether a word goes on behind an apostrophe or hyphen: the "al-Fu" of "al-Fu'ah"; not the "Syria" of "Syria's"."""
    rest = text[end : end + 3]
    if not rest or rest[0] not in _APOSTROPHES or len(rest) < 2 or not rest[1].isalpha():
        return False
    return not (rest[1] in "sS" and (len(rest) < 3 or not rest[2].isalpha()))


def _reach(words: _Words, i: int) -> int:
    """How many words from word i on may belong to one name."""
    reach = 1
    for j in range(i + 1, min(i + MAX_WORDS, len(words.words))):
        gap, word = words.gaps[j], words.words[j]
        if gap not in _GAPS:
            break
        if words.opening[j] or gap in _APOSTROPHES or gap in _HYPHENS:
            if not (word == "s" and gap in _APOSTROPHES):
                reach = j - i + 1
        elif word not in _LINKS:
            break
        if gap[0] == "." and len(words.words[j - 1]) > 3:
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
    located = bool(_LOCATIVE.search(before[-24:]) or type_before(before) or TYPE_AFTER.match(after))
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


#: The last part of each word of PLACE_WORDS, as blanks and hyphens part it.
_TYPE_PARTS = frozenset(word.rpartition("-")[2] for word in PLACE_WORDS)


def type_before(before: str) -> re.Match[str] | None:
    """The word of PLACE_WORDS, as group 1, that a text ends in before a name: "the village of the ", "near lake "."""
    tail = before[-30:]
    if not tail[-1:].isspace() or _TYPE_PARTS.isdisjoint(tail.lower().replace(",", " ").replace("-", " ").split()[-3:]):
        return None
    return _TYPE_BEFORE.search(tail)


def is_strong_context(before: str, after: str) -> bool:
    """Whether the words around a name say that it is a place."""
    return bool(
        re.search(r"\b(?:in|near|at|outside|towards?|around|from)\s+$", before)
        or type_before(before)
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
