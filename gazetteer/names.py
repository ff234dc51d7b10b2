"""When two spellings are one name: pure rules from a spelling to its normal forms.

Hides: letter tables, apostrophes, diacritics, the Arabic article and its assimilated spellings, type words, and the
loose consonant key that finds other transliterations. From strict to loose:

- `fold_name`: equal for two spellings of one name in one transliteration ("Al Bāb", "el-Bab", "الباب" -> "al bab");
- `strip_article`, `strip_type_word`: a folded form without its article, or without "province", "city of", ...;
- `alternatives`: the names in one that gives several ("Tadmur/Palmyra town", "al-Rai (Choban Bey)");
- `soft_form`: what of a folded form most transliterations agree on; how alike two of them are says how alike two names;
- `skeleton_key`: equal for most transliterations of one Arabic name, and for other names too: use it to make
  candidates, then rank them by the likeness of their soft forms;
- `looser_forms`: further folded forms to try where nothing is found ("eastern x" -> "x sharqiyah").

A folded form is stored in every gazetteer file. Who changes a rule here raises `store.SCHEMA_VERSION`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = [
    "TYPE_WORDS",
    "alternatives",
    "fold_name",
    "is_latin",
    "looser_forms",
    "open_digraphs",
    "skeleton_key",
    "soft_form",
    "sound_key",
    "strip_article",
    "strip_type_word",
    "type_word_matches",
]

#: Spellings kept in the cache of `fold_name`; a news text of 5 kB has about 3,000 distinct word groups.
FOLD_CACHE = 1 << 17
#: Passes that a letter outside ASCII gets until it stays as it is: decompositions that hold other decompositions.
MAX_PASSES = 4
#: Consonants that a skeleton key needs: one ("Bab", "Fua") would meet thousands of names. The key of a shorter name is its
#: soft form from its consonant on, behind this sign and from so many letters on.
MIN_SKELETON = 2
SHORT_NAME = "~"
MIN_SHORT_NAME = 2

# --- letter tables --------------------------------------------------------------------------------------------------

#: Signs that writers put for ayn, hamza or an elision, or leave out.
_APOSTROPHES = (
    "'\"`´’‘‚‛“”„‟′″‵‶«»‹›＇＂\u02b9\u02ba\u02bb\u02bc\u02bd\u02be\u02bf\u02c0\u02c1\u02c8\u02ca\u02cb\u02ce\u02cf"
    "\u02d2\u02d3\u02ee\u055a\u05f3\u05f4\u07f4\u07f5\ua78b\ua78c\ua7af\u02d0\u02d1\u0640"  # the last: kashida
)

_ARABIC = {
    "ا": "a", "أ": "a", "إ": "a", "آ": "a", "ٱ": "a", "ٲ": "a", "ٳ": "a", "ء": "", "ؤ": "w", "ئ": "y", "ع": "",
    "ب": "b", "ت": "t", "ث": "th", "ج": "j", "ح": "h", "خ": "kh", "د": "d", "ذ": "dh", "ر": "r", "ز": "z", "س": "s",
    "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "غ": "gh", "ف": "f", "ق": "q", "ك": "k", "ل": "l", "م": "m",
    "ن": "n", "ه": "h", "و": "w", "ي": "y", "ى": "a", "ة": "a",
    # Persian, Kurdish, Urdu, Uyghur
    "پ": "p", "چ": "ch", "ژ": "zh", "گ": "g", "ک": "k", "ی": "y", "ۀ": "h", "ہ": "h", "ھ": "h", "ۂ": "h", "ۃ": "a",
    "ە": "e", "ێ": "e", "ې": "e", "ے": "e", "ۓ": "e", "ۆ": "o", "ۇ": "u", "ۈ": "u", "ۋ": "w", "ڤ": "v", "ڕ": "r",
    "ڵ": "l", "ں": "n", "ٹ": "t", "ڈ": "d", "ڑ": "r", "ڭ": "ng", "ټ": "t", "ډ": "d", "ړ": "r", "ږ": "zh", "ښ": "sh",
    "څ": "ts", "ځ": "dz", "ڼ": "n", "ګ": "g", "ۍ": "y",
}  # fmt: skip

#: Russian letters as news agencies write them; Serbian ones as Serbian writes them in Latin letters.
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
    "і": "i", "ї": "yi", "є": "ye", "ґ": "g", "ў": "u", "ѐ": "e", "ѝ": "i", "ѓ": "g", "ѕ": "dz", "ќ": "k",
    "ђ": "dj", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "џ": "dz",
    "ғ": "gh", "қ": "q", "ң": "ng", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "ә": "a", "ҳ": "h", "ҷ": "j", "ӣ": "i",
    "ӯ": "u", "җ": "j", "ҡ": "q", "ҙ": "z", "ҫ": "s", "ӏ": "", "ѣ": "e", "ѳ": "f", "ѵ": "i",
}  # fmt: skip

#: Latin letters that no decomposition takes apart. Dotless i is here: casefold leaves it alone.
_LATIN = {
    "ı": "i", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ŧ": "t", "ŋ": "ng",
    "ə": "a", "ǝ": "a", "ɓ": "b", "ɗ": "d", "ɖ": "d", "ɛ": "e", "ɔ": "o", "ƙ": "k", "ƴ": "y", "ɣ": "gh", "ʔ": "",
    "ʕ": "", "ɩ": "i", "ʉ": "u", "ɨ": "i", "ƒ": "f", "ⱨ": "h", "ⱪ": "k", "ⱬ": "z",
}  # fmt: skip

_DIGITS = {chr(base + n): str(n) for base in (0x0660, 0x06F0) for n in range(10)}

_APOSTROPHE = re.compile(f"[{re.escape(_APOSTROPHES)}]")
_TO_LATIN = str.maketrans(_ARABIC | _CYRILLIC | _LATIN | _DIGITS)
#: To look first is quicker than to translate: most names beyond ASCII have no other such letters than accented ones.
_NOT_YET_LATIN = re.compile(f"[{''.join(map(chr, _TO_LATIN))}]")

#: Marks that carry no name: those of Latin, Greek and Cyrillic. The vowel signs of Indic and other scripts stay.
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)

#: Blocks of other scripts than Latin; between them lie Latin letters, modifiers and signs.
_OTHER_SCRIPT = re.compile(
    "[\u0370-\u1cff\u1f00-\u1fff\u2c80-\ua71f\ua800-\ufb00\ufb13-\ufeff\U00010000-\U0001cfff\U00020000-\U0003ffff]"
)

#: A bare alef and lam at the start of a word, with two more letters behind it: the Arabic article.
_ARABIC_ARTICLE = re.compile(r"(?<!\w)ال(?=\w\w)")

#: ASCII to folded, for the fast path: capitals down, apostrophes out, all other signs to blanks.
_ASCII = {
    code: (chr(code).lower() if chr(code).isalnum() else None if chr(code) in "'\"`" else " ") for code in range(128)
}

#: A spelling of the article -> what the next word must begin with. "al" and "el" take any word; the others are the
#: assimilated forms and take only their own sun letter ("ash-Shaykh", "ez-Zor"), else "at" or "en" would be articles.
_ARTICLES = {
    "al": "", "el": "",
    "ad": "d", "ed": "d", "adh": "dh", "edh": "dh", "an": "n", "en": "n", "ar": "r", "er": "r", "as": "s", "es": "s",
    "ash": "sh", "esh": "sh", "ach": "ch", "ech": "ch", "at": "t", "et": "t", "ath": "th", "eth": "th", "az": "z",
    "ez": "z",
}  # fmt: skip
_ARTICLE_WORDS = frozenset(_ARTICLES)


# --- folding --------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=FOLD_CACHE)
def fold_name(name: str) -> str:
    """The normal form of a spelling: lower case, no diacritics or apostrophes, single blanks, the article as "al".

    Total (any string, also lone surrogates and bidi controls; may give "") and idempotent. Arabic, Persian, Kurdish and
    Cyrillic letters become Latin ones; other scripts stay. Arabic short vowels are not guessed.

    >>> fold_name("al-Bab"), fold_name("Al Bāb"), fold_name("الباب"), fold_name("Dayr az-Zawr"), fold_name("")
    ('al bab', 'al bab', 'al bab', 'dayr al zawr', '')
    """
    if name.isascii():
        return _join(name.translate(_ASCII))
    folded = _fold_once(name)
    for _ in range(MAX_PASSES):
        if folded.isascii() or (again := _fold_once(folded)) == folded:
            break
        folded = again
    return folded


def _fold_once(name: str) -> str:
    text = _APOSTROPHE.sub("", unicodedata.normalize("NFKC", _APOSTROPHE.sub("", name)))
    text = "".join(map(_kept, text)).casefold()
    text = _to_latin(_ARABIC_ARTICLE.sub("al ", text))
    text = _to_latin(_MARKS.sub("", unicodedata.normalize("NFKD", text)))
    return _join(unicodedata.normalize("NFC", text))


def _to_latin(text: str) -> str:
    return text.translate(_TO_LATIN) if _NOT_YET_LATIN.search(text) else text


@lru_cache(maxsize=1 << 14)
def _kept(char: str) -> str:
    """The character if it writes a name, "" if it is invisible or an Arabic or Hebrew point, else a blank."""
    category = unicodedata.category(char)
    if category == "Cf" or (category == "Mn" and "\u0591" <= char <= "\u08ff"):
        return ""
    return char if category[0] in "LMN" else " "


def _join(text: str) -> str:
    words = text.split()
    if _ARTICLE_WORDS.isdisjoint(words):
        return " ".join(words)
    for i in range(len(words) - 1):
        begins = _ARTICLES.get(words[i])
        if begins is not None and words[i + 1].startswith(begins):
            words[i] = "al"
    return " ".join(words)


def is_latin(name: str) -> bool:
    """Whether a spelling has only Latin letters (or none). Arabic loses its vowels in folding: عمان, Oman, is "man".

    >>> is_latin("Al Bāb"), is_latin("الباب"), is_latin("Дамаск")
    (True, False, False)
    """
    return name.isascii() or not _OTHER_SCRIPT.search(name)


def strip_article(folded: str) -> str:
    """A folded form without its leading article.

    >>> strip_article("al bab"), strip_article("dayr al zawr"), strip_article("al")
    ('bab', 'dayr al zawr', 'al')
    """
    return folded[3:] if folded.startswith("al ") else folded


# --- the consonant skeleton -----------------------------------------------------------------------------------------

#: Letter groups that transliterations of one Arabic, Turkish or Russian name confuse -> one letter, in this order. "kh"
#: becomes H for a moment, so that it outlives the h at the end of a word. Kurdish writes it "x".
_WITH_H = (
    ("shch", "s"), ("tch", "s"), ("sch", "s"), ("dzh", "g"), ("kh", "H"), ("gh", "g"), ("sh", "s"), ("ch", "s"), ("th", "t"),
    ("dh", "d"), ("ph", "f"), ("zh", "g"),
)  # fmt: skip
_WITHOUT_H = (("dj", "g"), ("dz", "d"), ("ts", "s"), ("ck", "k"))
_CONFUSED = str.maketrans({"q": "k", "c": "k", "j": "g", "z": "d", "p": "b", "v": "f", "x": "H"})
#: The same for a skeleton, where "k" is "g", too, and H is h again; bytes are translated several times as fast as text.
_CONFUSED_BYTES = bytes.maketrans(b"qckjzpvxH", b"ggggdbfhh")
#: The father of a name and of a tribe, in the spellings of Syria and Iraq: Abu Kamal, Albu Kamal, Abou Kamal, Bu Kamal.
_ABU = re.compile(r"\b(?:al ?b[uo]|albou|ab[uow]|abou|bou|b[uo]|ab(?:u|o|ou)l)\b")
#: The feminine ending, spoken and written as "-at" before another word, as "-a" or "-ah" elsewhere; "Beit", "Bet" stay.
_FEMININE = re.compile(r"(?<=\w\w[ae])t(?= )")
_LAST_H = re.compile(r"h\b")
#: All but the last of a run of one letter.
_REPEATED = re.compile(r"(.)(?=\1)")
_NOT_LATIN = re.compile(r"[^a-z0-9 ]")


def _merged(text: str) -> str:
    """Letter groups that are confused as one letter each."""
    if "h" in text:
        for group, letter in _WITH_H:
            text = text.replace(group, letter)
    for group, letter in _WITHOUT_H:
        text = text.replace(group, letter)
    return text


@lru_cache(maxsize=1 << 14)
def skeleton_key(folded: str) -> str:
    """A loose key of a folded form: its consonants, confusable ones merged; the soft form of a name with one or none.

    "" for names in other scripts and of two letters.

    Equal keys make candidates, never a match. Of 11,719 Arabic spellings of Syrian places (Who's On First) 88 % meet the
    Latin main name, 97 % some Latin name of the same place, and a name shares its key with 21 names of Syria on average.
    "k" and "g" are one letter here because q is spoken g in Iraq, Yemen and Sudan and Turkish
    writes j as c: of 20,000 pairs of spellings from SY, IQ, YE and LB 52 % meet then, 50 % else, at 17 names. Dropping
    every h or merging t and d brings under 1 % more at as much company.

    >>> skeleton_key("dayr al zawr") == skeleton_key("deir ezzor") == skeleton_key("dyr al zwr")
    True
    >>> skeleton_key("hama"), skeleton_key("bab"), skeleton_key("aya"), skeleton_key("北京")
    ('hm', '~bab', '', '')
    """
    text = _without_articles(folded)
    if _NOT_LATIN.search(text):
        return ""
    if "t " in text:
        text = _FEMININE.sub("", text)
    text = _merged(text)
    if "h" in text:
        text = _LAST_H.sub("", text)
    text = text.encode().translate(_CONFUSED_BYTES, delete=b"aeiouwy ").decode().replace("mb", "nb")
    key = _REPEATED.sub("", text)
    if len(key) >= MIN_SKELETON:
        return key
    soft = soft_form(folded).lstrip("aiu")  # an ayn in front is written or not
    return SHORT_NAME + soft if len(soft) >= MIN_SHORT_NAME else ""


#: Endings that are all one feminine ending: Ghazalah, Ghazaleh, Ghazale, Khirbat (Ghazalah), Khirbet.
_ENDING = re.compile(
    r"[aei](?:(?<=\w\w[ae])t|(?<=\w\w.)h|(?<=\w\we))\b"
)  # the vowel first, so that few letters are tried
_VOWELS = re.compile(r"[aeiouwy]+")


class _Sounds(dict[str, str]):
    """A run of vowels -> what transliterations agree on of it: u, i, both or a."""

    def __missing__(self, run: str) -> str:
        vowels = set(run)
        self[run] = ("u" if vowels & set("ouw") else "") + ("i" if vowels & set("eiy") else "") or "a"
        return self[run]


_SOUNDS = _Sounds({"e": "a"})


@lru_cache(maxsize=1 << 17)
def soft_form(folded: str) -> str:
    """A folded form with letters that transliterations confuse made one, vowels too; to compare, not to look up.

    Names with one skeleton key are told apart by RapidFuzz's ratio of their soft forms: at the ratio that lets 20 % of
    the pairs of two places pass (0.83), 76 % of the pairs of two spellings of one place do (12,000 each, SY, IQ, YE, LB).
    A lone "e" counts as "a" (Tell, Tall), which brings 4 % of that, one feminine ending 6 %.

    >>> soft_form("deir ezzor"), soft_form("dayr al zawr"), soft_form("soueida"), soft_form("suwayda")
    ('diradur', 'dirdur', 'suida', 'suida')
    """
    text = _merged(_ENDING.sub("a", _without_articles(folded)).replace(" ", "")).translate(_CONFUSED).lower()
    return _REPEATED.sub("", _VOWELS.sub(lambda run: _SOUNDS[run[0]], text))


def _without_articles(folded: str) -> str:
    """A folded form without its articles, and every "Abu" alike."""
    if "bu" in folded or "bo" in folded or "abw" in folded:
        folded = _ABU.sub("bu", folded)
    if "al" not in folded:
        return folded
    return " ".join([word for word in folded.split() if word != "al"])


#: Between the skeleton key and the soft form in a sound key: sorts before letters, so that the sound keys of one skeleton
#: stand together, and between these two.
SOUND_KEY_FROM, SOUND_KEY_TO = " ", "!"


def sound_key(folded: str) -> str:
    """The skeleton key and the soft form of a folded form, to be stored together; "" where there is no skeleton key.

    >>> sound_key("deir ezzor"), sound_key("aa")
    ('drdr diradur', '')
    """
    key = skeleton_key.__wrapped__(folded)  # past the caches, which millions of names would only wash through
    return f"{key}{SOUND_KEY_FROM}{soft_form.__wrapped__(folded)}" if key else ""


_FALSE_DIGRAPH = re.compile("(?<=[تسصزظدذضك])(?=[هح])|(?<=ت)(?=[شس])|(?<=د)(?=[جز])")


def open_digraphs(name: str) -> str:
    """A spelling with an alef between Arabic letters that would read as one Latin letter: تحتاني is "Tahtani", not "Thtani".

    For names whose skeleton is wanted; other scripts stay as they are.

    >>> fold_name(open_digraphs("تحتاني")), open_digraphs("Tahtani")
    ('tahtany', 'Tahtani')
    """
    return name if name.isascii() else _FALSE_DIGRAPH.sub("ا", name)


# --- type words -----------------------------------------------------------------------------------------------------

_SETTLEMENT, _DIVISION1, _DIVISION2 = ("PPL",), ("ADM1",), ("ADM2", "ADM3")

#: Type word (folded) -> the beginnings of the GeoNames feature codes that it asks for.
TYPE_WORDS: dict[str, tuple[str, ...]] = {
    "city": _SETTLEMENT,
    "town": _SETTLEMENT,
    "village": _SETTLEMENT,
    "hamlet": _SETTLEMENT,
    "settlement": _SETTLEMENT,
    "municipality": ("PPL", "ADM2", "ADM3"),
    "suburb": ("PPLX", "PPL"),
    "suburbs": ("PPLX", "PPL", "RGN"),
    "neighborhood": ("PPLX",),
    "neighbourhood": ("PPLX",),
    "quarter": ("PPLX",),
    "capital": ("PPLC", "PPLA"),
    "governorate": _DIVISION1,
    "province": _DIVISION1,
    "state": _DIVISION1,
    "oblast": _DIVISION1,
    "emirate": _DIVISION1,
    "muhafazah": _DIVISION1,
    "wilaya": _DIVISION1,
    "wilayat": _DIVISION1,
    "vilayet": _DIVISION1,
    "region": ("ADM1", "RGN"),
    "area": ("RGN", "ADM", "PPL"),
    "district": ("ADM2", "ADM3", "PPLX"),
    "county": _DIVISION2,
    "department": ("ADM1", "ADM2"),
    "prefecture": ("ADM1", "ADM2"),
    "canton": ("ADM1", "ADM2", "ADM3"),
    "raion": _DIVISION2,
    "rayon": _DIVISION2,
    "subdistrict": ("ADM3",),
    "sub district": ("ADM3",),
    "nahiya": ("ADM3",),
    "nahiyah": ("ADM3",),
    "countryside": ("RGN", "ADM1"),
    "enclave": ("RGN", "PPL"),
    "pocket": ("RGN", "PPL"),
    "camp": ("CMP", "PPLX", "PPL"),
    "refugee camp": ("CMP", "PPLX", "PPL"),
    "idp camp": ("CMP", "PPLX", "PPL"),
    "base": ("AIRB", "MILB", "INSM"),
    "airbase": ("AIRB", "AIRF", "AIRP"),
    "air base": ("AIRB", "AIRF", "AIRP"),
    "military base": ("MILB", "INSM", "AIRB"),
    "naval base": ("NVB", "INSM"),
    "airfield": ("AIRF", "AIRB", "AIRP"),
    "airport": ("AIRP", "AIRB", "AIRF"),
    "military airport": ("AIRB", "AIRP", "AIRF"),
    "military airbase": ("AIRB", "AIRP", "AIRF"),
    "international airport": ("AIRP",),
    "border crossing": ("CSTM", "PSTB"),
    "crossing": ("CSTM", "PSTB"),
    "dam": ("DAM",),
    "river": ("STM",),
    "lake": ("LK", "RSV"),
    "valley": ("VAL", "RGN"),
    "plain": ("PLN", "RGN"),
    "desert": ("DSRT", "RGN"),
    "mountain": ("MT", "HLL"),
    "mountains": ("MT", "HLLS"),
    "mount": ("MT", "HLL"),
    "island": ("ISL",),
    "islands": ("ISL", "ISLS"),
    "peninsula": ("PEN",),
    "sea": ("SEA", "OCN"),
    "hill": ("HLL", "MT"),
    "hills": ("HLL", "HLLS", "MT"),
    "mountain range": ("MTS", "MT"),
    "range": ("MTS",),
    "plains": ("PLN", "RGN"),
    "springs": ("SPNG",),
    "spring": ("SPNG",),
    "stream": ("STM",),
    "reservoir": ("RSV", "LK", "DAM"),
    "wetlands": ("WTLD", "MRSH"),
    "forest": ("FRST",),
    "ruins": ("RUIN", "ANS"),
    # divisions as the coders of conflict events write them, in all countries
    "sub prefecture": ("ADM3", "ADM2"),
    "commune": ("ADM", "PPL"),
    "township": ("ADM", "PPL"),
    "territory": ("ADM",),
    "zone": ("ADM", "RGN"),
    "division": ("ADM",),
    "agency": ("ADM2", "ADM3"),
    "tehsil": ("ADM3", "ADM2"),
    "taluk": ("ADM3",),
    "woreda": ("ADM3",),
    "cercle": ("ADM2",),
    "local government area": ("ADM2",),
    "lga": ("ADM2",),
    "locality": ("LCTY", "PPL", "ADM3"),
    "vdc": ("ADM", "PPL"),
    "barangay": ("PPL", "ADM4"),
    # what is built
    "farm": ("FRM", "PPL"),
    "farms": ("FRM", "PPL"),
    "poultry farm": ("FRM",),
    "checkpoint": ("PSTB", "CKPT", "INSM"),
    "crossroad": ("RDJCT",),
    "crossroads": ("RDJCT",),
    "junction": ("RDJCT",),
    "roundabout": ("RDJCT", "SQR"),
    "intersection": ("RDJCT",),
    "square": ("SQR",),
    "bridge": ("BDG",),
    "highway": ("RD",),
    "road": ("RD",),
    "tunnel": ("TNL",),
    "hospital": ("HSP",),
    "mosque": ("MSQE",),
    "church": ("CH",),
    "school": ("SCH",),
    "university": ("UNIV", "SCH"),
    "prison": ("PRN",),
    "prison complex": ("PRN",),
    "market": ("MKT",),
    "factory": ("MFG",),
    "mill": ("ML", "MFG"),
    "mills": ("ML", "MFG"),
    "silo": ("SILO", "MFG"),
    "silos": ("SILO", "MFG"),
    "quarry": ("MNQR",),
    "mine": ("MN",),
    "stadium": ("STDM",),
    "citadel": ("CSTL", "FT"),
    "castle": ("CSTL", "FT"),
    "port": ("PRT", "HBR"),
    "power plant": ("PS",),
    "power station": ("PS",),
    "pumping station": ("PMPO", "PMPW", "STNM"),
    "oil field": ("OILF",),
    "oil fields": ("OILF",),
    "oilfield": ("OILF",),
    "oilfields": ("OILF",),
    "gas field": ("GASF", "OILF"),
    "gas fields": ("GASF", "OILF"),
    "gas plant": ("GASF", "MFG"),
    "army base": ("MILB", "INSM"),
    "barracks": ("INSM", "MILB"),
    "army barracks": ("INSM", "MILB"),
    "complex": ("S",),
    "industrial zone": ("INDS", "MFG"),
    "industrial area": ("INDS", "MFG"),
    "housing project": ("PPLX",),
    # Arabic in Latin letters, where the last letter is spoken before a name
    "qaryat": _SETTLEMENT,
    "qaryah": _SETTLEMENT,
    "baldat": _SETTLEMENT,
    "madinat": _SETTLEMENT,
    "muhafazat": _DIVISION1,
    "mintaqat": ("ADM2",),
    "markaz": ("ADM2",),
    "qada": ("ADM2",),
    "nahiyat": ("ADM3",),
    "mazraat": ("FRM", "PPL"),
    "mazrah": ("FRM", "PPL"),
    "mukhayyam": ("CMP", "PPLX", "PPL"),
    "matar": ("AIRP", "AIRB", "AIRF"),
    # Arabic, as fold_name writes it: muhafaza, madina, balda, qarya, rif, nahiya, mantiqa, mukhayyam, matar, nahr, sadd
    fold_name("محافظة"): _DIVISION1,
    fold_name("ولاية"): _DIVISION1,
    fold_name("مدينة"): _SETTLEMENT,
    fold_name("بلدة"): _SETTLEMENT,
    fold_name("قرية"): _SETTLEMENT,
    fold_name("ريف"): ("RGN", "ADM1"),
    fold_name("ناحية"): ("ADM3",),
    fold_name("منطقة"): ("ADM2", "RGN"),
    fold_name("قضاء"): ("ADM2",),
    fold_name("حي"): ("PPLX",),
    fold_name("مخيم"): ("CMP", "PPLX", "PPL"),
    fold_name("مطار"): ("AIRP", "AIRB", "AIRF"),
    fold_name("قاعدة"): ("AIRB", "MILB", "INSM"),
    fold_name("نهر"): ("STM",),
    fold_name("سد"): ("DAM",),
    # Russian, Ukrainian, Turkish, French, German
    "gorod": _SETTLEMENT,
    "selo": _SETTLEMENT,
    "provintsiya": _DIVISION1,
    "mukhafaza": _DIVISION1,
    "ili": _DIVISION1,
    "ilcesi": _DIVISION2,
    "koyu": _SETTLEMENT,
    "gouvernorat": _DIVISION1,
    "ville": _SETTLEMENT,
    "provinz": _DIVISION1,
    "gouvernement": _DIVISION1,
}
#: Type words that do not ask for a quarter of a town.
_NOT_A_QUARTER = frozenset({"city", "village", "hamlet", "qaryat", "qaryah", "selo", "koyu"})
_LONGEST_TYPE_WORD = max(len(word.split()) for word in TYPE_WORDS)
_LINKS = frozenset({"of", "de", "d", "du"})


def strip_type_word(folded: str) -> tuple[str, str | None]:
    """A folded form without the type word before or behind it, and that word; the form itself and None without one.

    The longest type word goes; the name left over is never empty.

    >>> strip_type_word("idlib province"), strip_type_word("city of al bab"), strip_type_word("province")
    (('idlib', 'province'), ('al bab', 'city'), ('province', None))
    """
    words = folded.removeprefix("the ").split()
    for n in range(min(_LONGEST_TYPE_WORD, len(words) - 1), 0, -1):
        if (word := " ".join(words[-n:])) in TYPE_WORDS:
            return " ".join(words[:-n]), word
        if (word := " ".join(words[:n])) in TYPE_WORDS:
            rest = words[n + 1 :] if words[n] in _LINKS else words[n:]
            if rest:
                return " ".join(rest), word
    return folded, None


def type_word_matches(type_word: str, feature_code: str) -> bool:
    """Whether a place of this feature code is what the type word asks for; a word without an entry asks for nothing.

    >>> type_word_matches("province", "ADM1"), type_word_matches("town", "PPLA"), type_word_matches("town", "ADM1")
    (True, True, False)
    """
    if feature_code == "PPLX" and type_word in _NOT_A_QUARTER:
        return False
    return feature_code.startswith(TYPE_WORDS.get(type_word, ()))


# --- several names in one -------------------------------------------------------------------------------------------

_BRACKETS = re.compile(r"[(（\[]([^()（）\[\]]*)[)）\]]")
_BESIDE = re.compile(r"\s*(?:[/;]|(?<=\s)(?:or|aka|a\.k\.a\.|alias|also known as|formerly)(?=\s))\s*")


def alternatives(name: str) -> tuple[str, ...]:
    """The names in one that gives several, by "/", "or" and brackets, in order; empty where it gives one only.

    The type word at the end is said of all that have none.

    >>> alternatives("Tadmur/Palmyra town"), alternatives("al-Rai town (Choban Bey)"), alternatives("Idlib")
    (('Tadmur town', 'Palmyra town'), ('al-Rai town', 'Choban Bey town'), ())
    """
    outside = _BRACKETS.sub(" ", name)
    pieces = [
        *_BESIDE.split(outside),
        *(piece for inside in _BRACKETS.findall(name) for piece in _BESIDE.split(inside)),
    ]
    pieces = [" ".join(piece.split()) for piece in pieces if fold_name(piece) and fold_name(piece) not in TYPE_WORDS]
    if not pieces or pieces == [name.strip()]:
        return ()
    words = [strip_type_word(fold_name(piece))[1] for piece in pieces]
    shared = strip_type_word(fold_name(outside))[1] or next(filter(None, reversed(words)), None)
    return tuple(
        piece if word is not None or shared is None else f"{piece} {shared}"
        for piece, word in zip(pieces, words, strict=True)
    )


#: English words that tell villages of one name apart -> the Arabic ones, masculine; the likeness lets "-iyah" pass.
_QUALIFIERS = {
    "eastern": "sharqi", "east": "sharqi", "western": "gharbi", "west": "gharbi", "northern": "shamali",
    "north": "shamali", "southern": "janubi", "south": "janubi", "upper": "fawqani", "lower": "tahtani",
    "great": "kabir", "greater": "kabir", "big": "kabir", "large": "kabir", "little": "saghir", "small": "saghir",
    "new": "jadid", "old": "qadim", "middle": "wustani", "central": "wustani",
}  # fmt: skip
#: The same in Arabic, feminine too: "Haymar Kabir" may be meant by "Haymar", and the other way round.
_ARABIC_QUALIFIER = re.compile(
    r"(?: al)? (?:s[hy]ar[qk]i|gharbi|shamali|[jg]an[uo]u?bi|qibli|fawqani|tahtani|kabir|saghir|jadid|qadim|wus?tani)"
    r"(?:y?[ae]h?|yy?[ae]h?)?$"
)
_COMPASS_FORMS = {"north": "northern", "south": "southern", "east": "eastern", "west": "western"}
_COMPASS_FORMS |= {long: short for short, long in _COMPASS_FORMS.items()}
#: Words that newspapers shorten in names.
_SHORTENED = {"mt": "mount", "st": "saint", "ste": "sainte", "ft": "fort", "pt": "point", "dj": "djebel", "j": "jabal"}
_NUMBER_BEHIND = re.compile(r" (?:\d{1,2}|i{1,3}|iv)$")
_GLUED_ARTICLE = re.compile(r"(?<!\w)[ae]l(?=[^\Waeioul]\w{3})")


def looser_forms(folded: str) -> tuple[str, ...]:
    """Folded forms to try where a name is not found, the closest first, each once.

    Shortened words in full, compass words in their other form, Arabic words for English ones, no such word, no number, no glued article.

    >>> looser_forms("eastern ghariyah"), looser_forms("rasm ii"), looser_forms("ayn eltineh"), looser_forms("idlib")
    (('east ghariyah', 'ghariyah sharqi', 'ghariyah'), ('rasm',), ('ayn tineh',), ())
    """
    forms = []
    words = folded.split()
    if len(words) > 1:
        forms.append(" ".join(_SHORTENED.get(word, word) for word in words))
        if words[0] in _COMPASS_FORMS:
            forms.append(" ".join([_COMPASS_FORMS[words[0]], *words[1:]]))
        for qualifier, rest in ((words[0], words[1:]), (words[-1], words[:-1])):
            if qualifier in _QUALIFIERS:
                forms += [" ".join([*rest, _QUALIFIERS[qualifier]]), " ".join(rest)]
    forms += [_NUMBER_BEHIND.sub("", folded), _ARABIC_QUALIFIER.sub("", folded), _GLUED_ARTICLE.sub("", folded)]
    forms = list(dict.fromkeys(form for form in forms if form != folded))
    return tuple(forms)
