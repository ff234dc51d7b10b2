"""Place names in Arabic, Russian, Ukrainian and Turkish text: found where they are inflected, given back as they are looked up.

Hides: what these languages do to a name (Arabic clitics in front, Slavic case endings, Turkish suffixes behind an apostrophe)
and which of their common words are also names of villages. A form is only believed when the gazetteer knows its base; how
much the words around must say depends on how well known the place is: a country needs nothing, a village needs "village of"
before it. Words, endings and the exonyms that the gazetteer lacks are in `geo/data/`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise, takewhile
from typing import NamedTuple

from gazetteer import Gazetteer, fold_name
from gazetteer.names import strip_article
from gazetteer.patterns import lazy_pattern
from gazetteer.place import Hints, Mention, Place
from geo import DATA

__all__ = ["InflectedName", "Passage", "inflected_names", "languages_of", "passages", "with_names", "without"]


class Passage(NamedTuple):
    """A part of a text in one of the languages read here: the words of its script in text[start:end]."""

    start: int
    end: int
    language: str  # ar, ru, uk, tr


class InflectedName(NamedTuple):
    """A name as written at text[start:end], without clitics in front, and `base`, the form that the gazetteer knows."""

    start: int
    end: int
    base: str
    language: str = ""
    type_word: str | None = None  # as in Hints
    compass: str | None = None  # as in Hints
    is_area: bool = False  # a country, division or region, which may contain other places


# Tables ----------------------------------------------------------------------------------------------------------------


def _rows(name: str) -> list[list[str]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines[1:] if line]


@cache
def _words(language: str, kind: str) -> dict[str, str]:
    """The words of one kind -> what they say; as `_plain` writes them."""
    return {
        _plain(form): value
        for tongue, of_kind, form, value, _ in _rows("language_words.tsv")
        if (tongue, of_kind) == (language, kind)
    }


@cache
def _exonyms(language: str) -> dict[str, str]:
    """Folded names that the gazetteer lacks or takes for another place -> the name that it knows."""
    return {fold_name(form): base for tongue, form, base, _ in _rows("exonyms.tsv") if tongue == language}


@cache
def _endings(language: str) -> tuple[dict[str, tuple[str, ...]], int]:
    """Ending as written -> the endings that the base may have; and the length of the longest one."""
    table: dict[str, tuple[str, ...]] = {}
    for tongue, ending, base, _ in _rows("endings.tsv"):
        if tongue == language:
            table[ending] = (*table.get(ending, ()), base)
    return table, max(map(len, table), default=0)


_TURKISH_CAPITALS = str.maketrans("İI", "iı")
_ARABIC_MARKS = lazy_pattern("[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]+")
_ARABIC_ALIKE = str.maketrans("أإآٱىةؤئکی", "ااااىهويكي") | str.maketrans("ى", "ي")


@lru_cache(maxsize=1 << 16)
def _plain(word: str) -> str:
    """A word as tables are searched: small letters, no Arabic marks, letters that writers confuse made one."""
    if word.isascii():
        return word.lower()
    if word[0] >= "\u0600":
        return _ARABIC_MARKS.sub("", word).translate(_ARABIC_ALIKE)
    return word.translate(_TURKISH_CAPITALS).lower() if word[0] < "\u0400" else word.lower()


# Which language --------------------------------------------------------------------------------------------------------

_ARABIC_LETTERS = "\u0620-\u065f\u066e-\u06d3\u06d5-\u06dc\u06fa-\u06ff\u0750-\u077f"
_CYRILLIC_LETTERS = "\u0400-\u04ff"
_TURKISH_LETTERS = "A-Za-zÇÖÜçöüğĞışİŞÂâÎîÛû\u0307"
#: A letter that makes a text worth a look: Arabic, Cyrillic, or Turkish only. English has none of them.
_OTHER = lazy_pattern(f"[ğĞışİŞ{_CYRILLIC_LETTERS}{_ARABIC_LETTERS}]")
_ARABIC, _CYRILLIC = lazy_pattern(f"[{_ARABIC_LETTERS}]"), lazy_pattern(f"[{_CYRILLIC_LETTERS}]")
_TURKISH, _TURKISH_CASE = lazy_pattern("[ğĞışİŞ]"), lazy_pattern("['’](?:n[ıiuü]n|[dt][ae]n?)\\b")
_UKRAINIAN, _RUSSIAN = lazy_pattern("[іїєґІЇЄҐ]"), lazy_pattern("[ыэъёЫЭЪЁ]")
_CYRILLIC_WORD = lazy_pattern(f"[{_CYRILLIC_LETTERS}]+(?:['’ʼ`][{_CYRILLIC_LETTERS}]+)*")
_LATIN_WORD = lazy_pattern(f"[{_TURKISH_LETTERS}]+")
_WORD = {
    "ar": lazy_pattern(f"[{_ARABIC_LETTERS}]+"),
    "ru": _CYRILLIC_WORD,
    "uk": _CYRILLIC_WORD,
    "tr": _LATIN_WORD,
}
#: A Turkish suffix behind a name: "Halep'te", "Suriye'nin"; the English "'s" is none.
_SUFFIX = lazy_pattern(
    "['’ʼ‘`´](?:[nN]?[ıiuüIİUÜ][nN]|[dtDT][aeAE][nN]?(?:[kK][iİ])?|[yYnN]?[aeAEıiuüIİUÜ]|[yY]?[lL][aeAE])\\b"
)
#: Characters of a line that its language is told from; a line that is longer is of one language.
TELLING_CHARS = 4000


def languages_of(text: str) -> tuple[str, ...]:
    """The languages among Arabic, Russian, Turkish and Ukrainian (ar, ru, tr, uk) that a text has passages in, sorted.

    >>> languages_of("Взрывы в Харькове"), languages_of("The town of Idlib")
    (('ru',), ())
    """
    return tuple(sorted({passage.language for passage in passages(text)}))


def passages(text: str) -> tuple[Passage, ...]:
    """The parts of a text, lines or more, that are in these languages; empty for texts in English, at little cost.

    The script tells Arabic and Cyrillic; such a passage has only the words of its script. A line in Latin letters is Turkish
    when more of its words are Turkish function words than English ones; a line that has neither follows the one before.
    """
    if (text.isascii() or _OTHER.search(text) is None) and _TURKISH_CASE.search(text) is None:
        return ()
    slavic = "uk" if len(_UKRAINIAN.findall(text)) > len(_RUSSIAN.findall(text)) else "ru"
    may_be_turkish = _TURKISH.search(text) is not None or _TURKISH_CASE.search(text) is not None
    found: list[Passage] = []
    start, turkish = 0, False
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end + 1
        line = text[start:end]
        if _ARABIC.search(line):
            found.append(Passage(start, end, "ar"))
        if _CYRILLIC.search(line):
            found.append(Passage(start, end, _slavic(line[:TELLING_CHARS], slavic)))
        if may_be_turkish:
            turkish = _is_turkish(line[:TELLING_CHARS], before=turkish)
            if turkish and _LATIN_WORD.search(line):
                found.append(Passage(start, end, "tr"))
        start = end
    return tuple(_joined(found))


def _joined(found: Sequence[Passage]) -> Iterator[Passage]:
    """Passages of one language that follow each other as one: what one line says counts in the next."""
    last: dict[str, Passage] = {}
    for passage in found:
        before = last.get(passage.language)
        if before is not None and before.end == passage.start:
            last[passage.language] = before._replace(end=passage.end)
            continue
        if before is not None:
            yield before
        last[passage.language] = passage
    yield from last.values()


def _slavic(line: str, otherwise: str) -> str:
    ukrainian, russian = len(_UKRAINIAN.findall(line)), len(_RUSSIAN.findall(line))
    if ukrainian == russian:
        words = [_plain(word) for word in _CYRILLIC_WORD.findall(line)]
        ukrainian = sum(word in _words("uk", "function") for word in words)
        russian = sum(word in _words("ru", "function") for word in words)
    if ukrainian == russian:
        return otherwise
    return "uk" if ukrainian > russian else "ru"


def _is_turkish(line: str, *, before: bool) -> bool:
    words = [_plain(word) for word in _LATIN_WORD.findall(line)]
    english = sum(map(_words("en", "function").__contains__, words))
    turkish = sum(map(_words("tr", "function").__contains__, words)) + len(_SUFFIX.findall(line))
    if turkish == english:
        return (before or turkish > 0) and not english if words else before
    return turkish > english


def without(text: str, found: Sequence[Passage]) -> str:
    """The text of the same length with the words of these passages blotted out, for a reader of English."""
    if not found:
        return text
    pieces, at = [], 0
    for start, end, language in sorted(found):
        begin = max(start, at)
        pieces.append(text[at:begin])
        pieces.append(_LETTERS[language].sub(lambda word: "\0" * len(word[0]), text[begin:end]))
        at = max(at, end)
    return "".join([*pieces, text[at:]])


#: Words that a passage does not leave to English. Lines of two scripts are in two passages: the later one finds its own.
_LETTERS = {
    "ar": lazy_pattern(f"[{_ARABIC_LETTERS}{_CYRILLIC_LETTERS}]+"),
    "ru": lazy_pattern(f"[{_ARABIC_LETTERS}{_CYRILLIC_LETTERS}]+"),
    "uk": lazy_pattern(f"[{_ARABIC_LETTERS}{_CYRILLIC_LETTERS}]+"),
    "tr": lazy_pattern(r"[^\s]+"),
}


# How well known a place is ---------------------------------------------------------------------------------------------

#: Countries where a language is at home, so that its texts name small places there.
_HOME = {
    "ar": frozenset("AE BH DJ DZ EG EH IL IQ IR JO KM KW LB LY MA MR OM PS QA SA SD SO SS SY TD TN TR YE".split()),
    "ru": frozenset("AF AM AZ BY EG GE IL IQ IR JO KG KZ LB LY MD PS RU SD SY TJ TM TR UA UZ YE".split()),
    "uk": frozenset("BY EG GE IL IQ IR JO LB LY MD PL PS RU SD SY TR UA YE".split()),
    "tr": frozenset("AM AZ CY GE IL IQ IR LB LY PS SD SY TR YE".split()),
}
#: Inhabitants of a town at home, and of a city elsewhere, that a text may name without a word that says it is a place.
TOWN, LARGE_TOWN, CITY = 15_000, 50_000, 200_000
#: Size from which a place is a first-level division, a capital or a country.
FAMED = 1e8
CAPITAL_SIZE, COUNTRY_SIZE = 1e9, 1e10
#: Standings. PROMINENT: countries, capitals, first-level divisions, regions, and what somebody wrote a row for.
_NOTHING, _SMALL, _KNOWN, _PROMINENT = range(4)


class _Base(NamedTuple):
    """A form that the gazetteer knows, with the best known place of that name."""

    base: str
    standing: int
    size: float  # to choose among several bases of one form
    countries: frozenset[str]  # of all places of the name that are at home
    is_area: bool

    @property
    def speaks_for(self) -> frozenset[str]:
        """The countries that a text is about which has this name; a name that is borne in many speaks for none."""
        return self.countries if len(self.countries) <= 2 else frozenset()


def _base_of(base: str, folded: str, language: str, gazetteer: Gazetteer) -> _Base | None:
    """What a form means; None where the gazetteer has no place of that name, or only ones that nobody would mean."""
    exonym = _exonyms(language).get(folded)
    if exonym is None and (
        (language != "ar" and _VOWELS.isdisjoint(folded)) or not gazetteer.has_name(folded, latin=language == "tr")
    ):
        return None
    home = _HOME[language]
    best: tuple[int, float, Place] | None = None
    countries = set()
    for hit in gazetteer.lookup(exonym or base):
        if hit.kind == "demonym" or (hit.kind == "abbreviation" and hit.name != base):
            continue
        standing, size = _standing(hit.place, home)
        if exonym is not None:
            standing = max(standing, _KNOWN)
        elif language == "ar":
            standing = _spelled(standing, base, hit.place, dropped=hit.article_dropped)
        if standing == _NOTHING:
            continue
        if hit.place.country in home:
            countries.add(hit.place.country)
        if best is None or (standing, size) > best[:2]:
            best = (standing, size, hit.place)
    if best is None:
        return None
    standing, size, place = best
    if exonym is not None:
        standing = _PROMINENT
    is_area = place.is_country or place.is_admin1 or place.feature_class == "L"
    return _Base(exonym or base, standing, size, frozenset(countries), is_area)


def _standing(place: Place, home: frozenset[str]) -> tuple[int, float]:
    people = place.population or 0
    if place.is_country:
        return _PROMINENT, COUNTRY_SIZE
    if place.feature_code == "PPLC":
        return _PROMINENT, CAPITAL_SIZE
    if place.is_admin1:
        return (_PROMINENT if place.country in home or people >= CITY else _SMALL), FAMED
    if place.id.startswith(("curated:", "region:")):
        return _PROMINENT if place.feature_code != "PPLX" else _KNOWN, max(people, 1e6)
    if place.country in home:
        return (_KNOWN if people >= TOWN else _SMALL), float(people)
    return (_KNOWN if people >= CITY else _SMALL if people >= LARGE_TOWN else _NOTHING), float(people)


#: Names of countries with the ending of adjectives.
_COUNTRIES_LIKE_ADJECTIVES = frozenset({"سوريه", "السعوديه"})
_SHORT_COUNTRIES = frozenset({"مصر", "قطر"})
#: Letters that Arabic does not write names from elsewhere with.
_OWN_LETTERS = lazy_pattern("[عحضظ]|^ال")
_IS_ARABIC = lazy_pattern("[\u0621-\u064a]")
#: Letters of a name without its article that tells it from other words, and one behind a clitic that is rare before names.
SHORT_CORE, LONG_CORE = 3, 5
_SYRIA_OR_SYRIAN = "سوريه"
#: What a name is said to have, not to be: "the airport of Aleppo".
_SITES = frozenset({"airport", "airbase", "base", "crossing", "prison", "field", "road", "dam"})
#: Vowels of folded names. A form without any is an Arabic name for the folding, and no Slavic or Turkish one.
_VOWELS = frozenset("aeiouy")


def _spelled(standing: int, base: str, place: Place, *, dropped: bool) -> int:
    """The standing of a place for an Arabic form. Folding drops ayn and doubles: سنة, "year", folds like صنعاء."""
    plain = _plain(base)
    native = place.native_name or ""
    core = plain.removeprefix("ال")
    if place.is_country:  # "Russian" folds like "Russia": روسية, روسيا
        adjective = plain.endswith("يه") and plain not in _COUNTRIES_LIKE_ADJECTIVES
        short = len(plain) <= SHORT_CORE and plain not in _SHORT_COUNTRIES
        return _NOTHING if dropped or adjective or short else standing
    if _IS_ARABIC.search(native):
        if _plain(native) == plain or (standing >= _KNOWN and _plain(native).removeprefix("ال") == core):
            return standing
        # one folded form, but other letters: another word
        if len(core) <= SHORT_CORE or dropped or strip_article(fold_name(native)) == strip_article(fold_name(base)):
            return _NOTHING
        return standing if len(core) > SHORT_CORE + 1 else min(standing, _SMALL)
    if dropped or len(core) <= SHORT_CORE or (place.country not in _HOME["ar"] and _OWN_LETTERS.search(plain)):
        return _NOTHING
    return standing if standing == _PROMINENT or (place.population or 0) >= CITY else min(standing, _SMALL)


# Reading ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Find:
    """A name in its place. One that is not sure holds where a sure name of the text lies in one of its countries."""

    name: InflectedName
    known: _Base
    sure: bool


class _Token(NamedTuple):
    start: int
    end: int
    text: str
    plain: str  # as tables have it


class _Said(NamedTuple):
    """What the words around a name say for its being a place."""

    type_word: str | None = None  # "village": it is one, whatever else the word may mean
    compass: str | None = None
    located: bool = False  # "in", "from"
    near: bool = False  # "the outskirts of", "north of", or a list with another place


@dataclass(slots=True)
class _Page:
    """A passage as words, and what the gazetteer has said of the forms that were asked for."""

    text: str
    language: str
    tokens: list[_Token]
    gazetteer: Gazetteer
    bases: dict[str, _Base | None]

    def base(self, form: str, folded: str) -> _Base | None:
        if form not in self.bases:
            self.bases[form] = _base_of(form, folded, self.language, self.gazetteer)
        return self.bases[form]

    def words(self, kind: str) -> dict[str, str]:
        return _words(self.language, kind)

    def gap(self, i: int) -> str:
        """What stands between word i - 1 and word i; a full stop where there is no such word."""
        return self.text[self.tokens[i - 1].end : self.tokens[i].start] if 0 < i < len(self.tokens) else "."

    def reach(self, i: int, gap: re.Pattern[str]) -> int:
        """How many words from word i on may be one name."""
        n = 1
        while n < MAX_WORDS and i + n < len(self.tokens) and gap.fullmatch(self.gap(i + n)):
            n += 1
        return n

    def phrase(self, i: int) -> int:
        """How many words from word i on are a fixed phrase that names no place; 0 for none."""
        phrases, starts = _phrases(self.language)
        if self.tokens[i].plain not in starts:
            return 0
        same = (n for n in (3, 2) if " ".join(token.plain for token in self.tokens[i : i + n]) in phrases)
        return next(same, 0)

    def is_quoted(self, start: int, end: int) -> bool:
        """Whether quotation marks hold this name and no more: papers, ships, battalions."""
        return start > 0 and self.text[start - 1] in _OPENING and self.text[end : end + 1] in _CLOSING


#: Words that a name has at most.
MAX_WORDS = 4
_OPENING, _CLOSING = frozenset('«“„"'), frozenset(("»", "”", "“", '"'))


@cache
def _phrases(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Phrases that name no place, and their first words."""
    forms = [form for tongue, kind, form, *_ in _rows("language_words.tsv") if (tongue, kind) == (language, "phrase")]
    phrases = frozenset(" ".join(map(_plain, form.split())) for form in forms)
    return phrases, frozenset(phrase.split()[0] for phrase in phrases)


def inflected_names(text: str, gazetteer: Gazetteer, found: Sequence[Passage] | None = None) -> list[InflectedName]:
    """The names of places in the Arabic, Russian, Ukrainian and Turkish passages of a text, in order, without overlap.

    `found` are the passages where the caller has them. Takes time in proportion to the length of the text.
    """
    finds: list[_Find] = []
    for start, end, language in passages(text) if found is None else found:
        matches = _WORD[language].finditer(text, start, end)
        tokens = [_Token(match.start(), match.end(), match[0], _plain(match[0])) for match in matches]
        page = _Page(text, language, tokens, gazetteer, {})
        finds += _read(page, _arabic_names if language == "ar" else _capital_names)
    countries = {country for find in finds if find.sure for country in find.known.speaks_for}
    return sorted(find.name for find in finds if find.sure or countries & find.known.countries)


def _read(page: _Page, names_at: Callable[[_Page, int, str], Iterator[_Find]]) -> Iterator[_Find]:
    """The names of a page from its first word to its last; of those that begin at one word the first that is given."""
    i, last = 0, None
    while i < len(page.tokens):
        if n := page.phrase(i):
            i, last = i + n, None
            continue
        listed = ""
        if last is not None and _LIST_GAP[page.language].match(page.text[last.end : page.tokens[i].start][:MAX_GAP]):
            listed = last.type_word or "list"
        find = next(names_at(page, i, listed), None)
        i += 1
        if find is None:
            continue
        yield find
        while i < len(page.tokens) and page.tokens[i].start < find.name.end:
            i += 1
        is_plural = listed not in ("", "list") or page.words("plural").keys() & {
            t.plain for t in page.tokens[max(0, i - 5) : i]
        }
        last = find.name if is_plural else find.name._replace(type_word=None)


# Arabic ----------------------------------------------------------------------------------------------------------------

_MARK = "[\u0610-\u061a\u0640\u064b-\u065f\u0670]*"
#: "and", "so" before any word; then "in", "to", "like".
_CLITICS = lazy_pattern(f"(?P<joins>[وف]{_MARK})?(?P<to>[بلك]{_MARK})?")
_ARABIC_GAP = lazy_pattern("[ \u00a0]{1,2}|-")


def _splits(word: str) -> Iterator[tuple[int, str, bool]]:
    """The ways to read a word as clitics and a name: where the name begins, the name, whether "in" or "to" stands before it.

    Behind "to" the article loses its alef, which the name gets back: للقاهرة is "to" and القاهرة.
    """
    yield 0, word, False
    match = _CLITICS.match(word)
    joins, to = (match["joins"] or "", match["to"] or "") if match else ("", "")
    cuts = [(len(joins), False)] if joins else []
    cuts += [(len(joins) + len(to), True)] if to else []
    for cut, located in cuts:
        core = word[cut:]
        least = LONG_CORE if joins[:1] == "ف" or (located and to[0] == "ك") else SHORT_CORE
        if located and to[0] == "ل" and core.startswith("ل") and len(core) > SHORT_CORE:
            yield cut, "ا" + core, True
        elif len(core.removeprefix("ال")) >= least or (len(core) >= 2 and joins == word[:cut] and joins[0] == "و"):
            yield cut, core, located


def _arabic_names(page: _Page, i: int, listed: str) -> Iterator[_Find]:
    """The names that begin at word i, the longest first."""
    token = page.tokens[i]
    if token.plain in page.words("function"):
        return
    before: _Said | None = None
    for n in range(page.reach(i, _ARABIC_GAP), 0, -1):
        rest = page.tokens[i + 1 : i + n]
        if any(other.plain in page.words("function") for other in rest):
            continue
        for cut, first, located in _splits(token.text):
            if cut and n == 1 and (token.plain in page.words("common") or len(first) < SHORT_CORE):
                break  # "صور", pictures, is no "and" with something behind
            base = " ".join([first, *(other.text for other in rest)])
            known = page.base(base, fold_name(base))
            if known is None or page.is_quoted(token.start + cut, page.tokens[i + n - 1].end):
                continue
            before = before or _before_arabic(page, i)
            if before is None:
                return
            said = before if not cut else _Said(located=located)
            if listed and not located:
                type_word = said.type_word or (listed if listed != "list" else None)
                said = said._replace(type_word=type_word, near=True)
            plain = _plain(base)
            if n == 1 and not _may_stand_alone(page, i, plain):
                continue
            sure = _is_sure_arabic(page, known, plain, said)
            if sure is None or (cut and sure is False and known.standing == _SMALL and n == 1):
                continue
            end = page.tokens[i + n - 1].end
            name = InflectedName(token.start + cut, end, known.base, "ar", said.type_word, said.compass, known.is_area)
            yield _Find(name, known, sure)


def _before_arabic(page: _Page, i: int) -> _Said | None:
    """What the word before word i says; None where it makes the name one of an organisation or a person."""
    if page.gap(i).strip():
        return _Said()
    types, compass = page.words("type"), page.words("compass")
    tables = (types, compass, page.words("near"), page.words("locative"), page.words("head"))
    word = _bare(page.tokens[i - 1].plain, tables)
    if word in page.words("head"):
        return None
    type_word = types.get(word)
    direction = compass.get(word)
    if type_word is not None and not page.gap(i - 1).strip():
        direction = compass.get(_bare(page.tokens[i - 2].plain, (compass,)))
    near = word in page.words("near") or compass.get(word) is not None
    if type_word in _SITES:
        return _Said(near=True)
    return _Said(type_word, direction, word in page.words("locative"), near)


def _bare(plain: str, tables: Sequence[dict[str, str]]) -> str:
    """A word without clitics where a table then has it: "بمدينة", "وريف"."""
    for cut in range(3):
        if any(plain[cut:] in table for table in tables) and all(letter in "وفبلك" for letter in plain[:cut]):
            return plain[cut:]
    return plain


def _may_stand_alone(page: _Page, i: int, plain: str) -> bool:
    """Whether a single word may be a whole name: no type word, no "Tell" of a village that the gazetteer lacks."""
    if any(plain in page.words(kind) for kind in ("type", "function", "compass", "near", "locative", "head")):
        return False
    return plain not in page.words("part") or not _ARABIC_GAP.fullmatch(page.gap(i + 1))


def _is_sure_arabic(page: _Page, known: _Base, plain: str, said: _Said) -> bool | None:
    """Whether a name stands for itself (True), in a text about its country (False) or not at all (None)."""
    supported = said.located or said.near
    if plain == _SYRIA_OR_SYRIAN and not (supported or said.type_word):
        return None
    if plain in page.words("common"):
        if said.type_word:
            return True
        return False if said.near and known.standing >= _KNOWN else None
    if said.type_word or known.standing == _PROMINENT:
        return True
    is_long = " " in plain or len(plain.removeprefix("ال")) > SHORT_CORE
    if known.standing == _KNOWN:
        return True if is_long or supported else None
    return False if " " in plain or (supported and is_long) else None


# Russian, Ukrainian and Turkish ----------------------------------------------------------------------------------------

_NAME_GAP = lazy_pattern("[ \u00a0]{1,2}|[-‐‑–]")
_HYPHENS = frozenset("-‐‑–")
_APOSTROPHES = frozenset("'’ʼ‘`´")
#: Letters that an inflected form shares with its base, at least.
SAME_BEGINNING = 3
#: A name of so many letters behind "in" or "near" is a place, if the gazetteer has it.
TELLING_LENGTH = 6
#: Words in capitals that are shorter are acronyms: "ОВА", "SDG".
ACRONYM = 5
_SLAVIC_VOWELS = frozenset("аеёиоуыэюяіїєь")
_ADJECTIVE_BASES = {"ru": ("ая", "яя", "ое", "ый", "ий", "ой", "ые", "ие"), "uk": ("а", "е", "ий", "і"), "tr": ()}


@lru_cache(maxsize=1 << 15)
def _forms(word: str, language: str) -> tuple[tuple[str, str], ...]:
    """The forms that a word may be inflected from, each with its folded form, the word itself first."""
    if word.isupper() and len(word) > 1:
        word = word[0] + (word[1:].translate(_TURKISH_CAPITALS) if language == "tr" else word[1:]).lower()
    table, longest = _endings(language)
    forms = {word: fold_name(word)}
    for cut in range(min(longest, len(word) - 2), 0, -1):
        stem = word[:-cut]
        for base in table.get(word[-cut:], ()):
            if base in ("", "ь") and stem[-1] in _SLAVIC_VOWELS:
                continue
            form = stem + base
            forms.setdefault(form, fold_name(form))
    return tuple(forms.items())


def _bases_of(some: Sequence[_Token], gaps: Sequence[str], language: str) -> Iterator[tuple[str, str]]:
    """What a name of several words may be inflected from: by its last word, its first one, or both (an adjective).

    The name as written is the first.
    """
    first, last = _forms(some[0].text, language), _forms(some[-1].text, language)
    if len(some) == 1:
        yield from last
        return
    inner = [(token.text, fold_name(token.text)) for token in some[1:-1]]

    def joined(one: tuple[str, str], two: tuple[str, str]) -> tuple[str, str]:
        parts = [one, *inner, two]
        spelt = "".join(gap + part[0] for gap, part in zip(["", *gaps], parts, strict=True))
        return spelt, fold_name(" ".join(part[1] for part in parts))

    for form in last:
        yield joined(first[0], form)
    for form in first[1:]:
        yield joined(form, last[0])
        if form[0].endswith(_ADJECTIVE_BASES[language]):
            for other in last[1:]:
                yield joined(form, other)


def _capital_names(page: _Page, i: int, listed: str) -> Iterator[_Find]:
    """The names that begin at word i, the longest first, in languages that write names with a capital letter."""
    token = page.tokens[i]
    if not token.text[0].isupper() and token.plain[:SAME_BEGINNING] not in _small_starts(page.language):
        return
    if page.text[token.start - 1 : token.start] in _APOSTROPHES and page.gap(i) in _APOSTROPHES:
        return  # a suffix
    finds = (_capital_name(page, i, n, listed) for n in range(_capital_reach(page, i), 0, -1))
    yield from filter(None, (_division(page, i), *finds))


def _capital_reach(page: _Page, i: int) -> int:
    """How many words from word i on may be one name: small ones only between hyphens or in the names of the table."""
    reach = page.reach(i, _NAME_GAP)
    if page.tokens[i].plain[:SAME_BEGINNING] in _spaced_starts(page.language):
        return reach
    fits = (page.tokens[i + n].text[0].isupper() or page.gap(i + n) in _HYPHENS for n in range(1, reach))
    return 1 + sum(1 for _ in takewhile(bool, fits))


def _capital_name(page: _Page, i: int, n: int, listed: str) -> _Find | None:
    some, language = page.tokens[i : i + n], page.language
    gaps = [page.gap(j) for j in range(i + 1, i + n)]
    small = any(
        not token.text[0].isupper() and gap not in _HYPHENS for token, gap in zip(some, ["", *gaps], strict=True)
    )
    best: _Base | None = None
    is_exact = False
    for number, (base, folded) in enumerate(_bases_of(some, gaps, language)):
        if (small or len(base) < SAME_BEGINNING) and folded not in _exonyms(language):
            continue
        known = page.base(base, folded)
        if known is None or (number and n > 1 and known.standing == _SMALL):
            continue
        if best is None or _is_better(known, best):
            best, is_exact = known, number == 0
    start, end = some[0].start, some[-1].end
    if best is None or page.is_quoted(start, end):
        return None
    said = _said_turkish(page, i, n) if language == "tr" else _said_slavic(page, i, best)
    if said is None:
        return None
    if listed:
        said = said._replace(type_word=said.type_word or (listed if listed != "list" else None), near=True)
    sure = _is_sure_capital(page, i, n, best, said, is_exact=is_exact)
    if sure is None:
        return None
    return _Find(InflectedName(start, end, best.base, language, said.type_word, said.compass, best.is_area), best, sure)


def _is_better(known: _Base, best: _Base) -> bool:
    """Whether a later, inflected reading beats an earlier one: by its standing, then by ten times its size."""
    if known.standing != best.standing:
        return known.standing > best.standing
    return known.size > 10 * best.size + 1000


@cache
def _small_starts(language: str) -> frozenset[str]:
    """How names begin that begin with a small letter: "сектор Газа"."""
    return frozenset(start for start in _starts(language, str.islower))


@cache
def _spaced_starts(language: str) -> frozenset[str]:
    """How names of several words begin that are in the table."""
    return frozenset(start for start in _starts(language, lambda _: True))


def _starts(language: str, fits: Callable[[str], bool]) -> Iterator[str]:
    for tongue, form, *_ in _rows("exonyms.tsv"):
        if tongue == language and " " in form and fits(form[0]):
            yield _plain(form.split()[0])[:SAME_BEGINNING]


_DIVISION_ADJECTIVE = {
    "ru": lazy_pattern("(?P<adjective>(?P<stem>.+?)[сц]к)(?:ая|ой|ую|ие|их|им|ими|ий|ого|ому|ом)$"),
    "uk": lazy_pattern("(?P<adjective>(?P<stem>.+?)(?:[сц]ь|з|с|ц)ьк)(?:а|ої|ій|у|ою|і|их|им|ий|ого|ому)$"),
}
_FEMININE = {"ru": "ая", "uk": "а"}
#: What a name of a town may end in behind the stem that its adjective shows: Курская, Харьковская, Сумская, Полтавская.
_STEM_ENDINGS = {"ru": ("ы", "а", "ь", "о", "са", ""), "uk": ("и", "а", "ь", "е", "са", "")}


def _division(page: _Page, i: int) -> _Find | None:
    """The region of "Курской области": named by an adjective, looked up as that or as its town."""
    some = page.tokens[i : i + 2]
    kind = page.words("division").get(some[1].plain) if page.gap(i + 1) == " " else None
    match = _DIVISION_ADJECTIVE[page.language].match(some[0].text.capitalize()) if kind is not None else None
    if match is None:
        return None
    adjective, stem = match["adjective"], match["stem"]
    if kind == "oblast":
        feminine = adjective + _FEMININE[page.language]
        names = [f"{feminine} область", feminine, adjective, *(stem + end for end in _STEM_ENDINGS[page.language])]
    else:
        names = [f"{adjective}ий {_DISTRICT}", f"{adjective}ий"]
    for name in names:
        known = page.base(name, fold_name(name))
        if known is None or not known.countries:
            continue
        if kind != "oblast" or (known.standing == _PROMINENT and known.is_area):
            found = InflectedName(some[0].start, some[1].end, known.base, page.language, kind, None, is_area=True)
            return _Find(found, known, sure=kind == "oblast")
    return None


_DISTRICT = "район"


def _said_slavic(page: _Page, i: int, known: _Base) -> _Said | None:
    """What the words before word i say; None where they make the name one of an organisation."""
    before = _previous(page, i)
    if before in page.words("head") and known.size < COUNTRY_SIZE:
        return None
    type_word = page.words("type").get(before)
    compass = page.words("compass").get(_previous(page, i - 1) if type_word is not None else before)
    located = before in page.words("locative")
    return _Said(None, None, located, near=True) if type_word in _SITES else _Said(type_word, compass, located)


def _previous(page: _Page, i: int) -> str:
    """The word directly before word i, in small letters; "" where there is none in the same sentence."""
    gap = page.gap(i)
    if i < 1 or (gap.strip() and not (gap.strip() == "." and len(page.tokens[i - 1].text) <= MAX_ABBREVIATION)):
        return ""
    if page.gap(i - 1) == "-":
        return page.tokens[i - 2].plain + "-" + page.tokens[i - 1].plain
    return page.tokens[i - 1].plain


#: Letters of a word that is shortened before a name: "г. Барвенково", "пос. Мирный".
MAX_ABBREVIATION = 3


def _said_turkish(page: _Page, i: int, n: int) -> _Said | None:
    """What the suffix of a name and the words behind it say; None where they make it one of an organisation."""
    if _is_organisation(page, i + n):
        return None
    end = page.tokens[i + n - 1].end
    suffix = _SUFFIX.match(page.text, end)
    j = i + n + (suffix is not None)
    after = page.tokens[j].plain if j < len(page.tokens) and not page.gap(j).strip() else ""
    compass = page.words("compass").get(page.tokens[i - 1].plain if page.gap(i) == " " else "")
    type_word = page.words("type").get(after)
    located = suffix is not None and suffix[0][1].lower() in "dt"
    near = suffix is not None or type_word in _SITES
    type_word = None if type_word in _SITES else type_word
    return _Said(type_word, compass or page.words("compass").get(after), located, near)


def _is_organisation(page: _Page, j: int) -> bool:
    """Whether the capitalised words from word j on end in one that makes an organisation: "Halep Üniversitesi"."""
    for k in range(j, min(j + 3, len(page.tokens))):
        if page.gap(k) != " " or not page.tokens[k].text[0].isupper():
            return False
        if page.tokens[k].plain in page.words("tail"):
            return True
    return False


def _is_sure_capital(page: _Page, i: int, n: int, known: _Base, said: _Said, *, is_exact: bool) -> bool | None:
    """Whether a name stands for itself (True), in a text about its country (False) or not at all (None)."""
    token = page.tokens[i]
    if said.type_word and not (n == 1 and _is_half(page, i, known)):
        return True
    if n == 1:
        if _is_half(page, i, known):
            return None
        if {token.plain, _plain(known.base)} & page.words("common").keys():
            return False if said.located and known.standing >= _KNOWN else None
        if token.text.isupper() and len(token.text) < ACRONYM and not known.is_area:
            return None
    if known.size < COUNTRY_SIZE and not said.located and _is_beside_person(page, i, known):
        return None
    if known.standing == _PROMINENT:
        is_opening = n == 1 and not is_exact and known.size < FAMED and _opens_sentence(page.text, token.start)
        return True if said.located or not is_opening else None
    if known.standing == _KNOWN:
        if is_exact or said.located or known.size >= CITY or n > 1:
            return True
        return False if said.near else None
    if said.located and len(token.text) >= TELLING_LENGTH and not known.base.endswith(_ADJECTIVE_BASES["ru"]):
        return True
    return False if said.located or said.near or n > 1 else None


def _is_half(page: _Page, i: int, known: _Base) -> bool:
    """Whether an adjective is only the first half of a name: the "Лозовая" of "Лозовая Рудка", a village not known."""
    is_adjective = known.base.endswith(_ADJECTIVE_BASES["ru"]) and known.standing < _PROMINENT
    return is_adjective and page.gap(i + 1) == " " and page.tokens[i + 1].text[0].isupper()


def _is_beside_person(page: _Page, i: int, known: _Base) -> bool:
    """Whether a given name stands directly before, or for lesser places any capitalised word that opens no sentence."""
    before = page.tokens[i - 1]
    if page.gap(i) != " " or not before.text[0].isupper() or page.tokens[i].text.isupper():
        return False
    if before.plain in page.words("common"):
        return not _opens_sentence(page.text, before.start) or known.standing < _PROMINENT
    if before.plain in page.words("compass") or _opens_sentence(page.text, before.start) or before.text.isupper():
        return False
    return known.standing < _PROMINENT or (page.language == "tr" and known.size <= FAMED)


def _opens_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 4) : start].rstrip(" \u00a0\"«“‘'([—–-")
    return not before or before[-1] in ".!?…:;\n\t"


# Hints -----------------------------------------------------------------------------------------------------------------

#: Words between a place and the area that contains it, and between the members of a list.
_INSIDE = {
    "ar": lazy_pattern(r"^،? ?(?:في|ب)(?: ?[^\W\d]+){0,3} ?(?:ال)?$"),
    "ru": lazy_pattern(r"^,? (?:в|во|на)(?: [а-яё-]+){0,4} $"),
    "uk": lazy_pattern(r"^,? (?:в|у|на)(?: [а-яіїєґ'’-]+){0,4} $"),
}
_LIST_GAP = {
    "ar": lazy_pattern(r"^(?:،|,)? ?و?(?:في |ب)?$"),
    "ru": lazy_pattern(r"^(?:,|,? и|,? а также)(?: в| во)? $"),
    "uk": lazy_pattern(r"^(?:,|,? (?:і|й|та)|,? а також)(?: в| у)? $"),
    "tr": lazy_pattern(r"^(?:['’][a-zçğıöşü]+)?(?:,| ve| ile) $"),
}
_TURKISH_INSIDE = lazy_pattern(r"^['’]n?[iıuü]n(?: [a-zçğıöşü]+){0,4} $")
MAX_GAP = 60


def with_names(text: str, mentions: Sequence[Mention], names: Sequence[InflectedName]) -> list[Mention]:
    """The mentions of a text with the form to look up, and what the words around say, where a name of ours stands."""
    by_start = {name.start: name for name in names}
    ours = [by_start.get(mention.start) for mention in mentions]
    hints = [Hints() if name is not None else mention.hints for mention, name in zip(mentions, ours, strict=True)]
    for i, name in enumerate(ours):
        if name is not None:
            hints[i] = replace(hints[i], type_word=name.type_word, compass=name.compass)
    for i, (one, two) in enumerate(pairwise(ours)):
        if one is None or two is None or one.language != two.language or not 0 < two.start - one.end < MAX_GAP:
            continue
        gap = text[one.end : two.start]
        inside = _INSIDE.get(one.language)
        if inside is not None and two.is_area and inside.match(gap):
            hints[i] = replace(hints[i], container=i + 1)
        elif inside is None and one.is_area and _TURKISH_INSIDE.match(gap):
            hints[i + 1] = replace(hints[i + 1], container=i)
        elif _LIST_GAP[one.language].match(gap):
            hints[i] = replace(hints[i], listed_with=(*hints[i].listed_with, i + 1))
            hints[i + 1] = replace(hints[i + 1], listed_with=(*hints[i + 1].listed_with, i))
    return [
        mention if name is None else replace(mention, hints=hint, name=name.base)
        for mention, name, hint in zip(mentions, ours, hints, strict=True)
    ]
