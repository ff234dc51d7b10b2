"""Text -> spans that a learned model takes for names: places, demonyms, people, organisations, other names.

Hides: the features of a word, the weight file and how the best labels are found. The model is a linear-chain CRF over runs
of capitalised words, trained by `python -m buildtools.tagger`; this module computes its features (for training too, so
that both see the same) and reads its weights, `geo/data/tagger.bin.xz`. Word lists are in `geo/data/tagger.words.tsv`.

Speed: what a word says of itself and of its neighbours depends on its spelling alone, so its share of the scores is added
up once for each spelling and remembered. The scores of all labels lie side by side in one integer: one addition adds all.
"""

from __future__ import annotations

import json
import lzma
import re
import struct
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from gazetteer import Gazetteer, fold_name
from gazetteer.names import is_latin

__all__ = ["LABELS", "Model", "TaggedSpan", "Tagger"]

#: What the model tells apart: no name, first and further words of a place, person, organisation, other name, demonym.
LABELS = "OBIRGMD"
KIND_OF = {"B": "place", "R": "person", "G": "organisation", "M": "other", "D": "demonym"}

_TOKEN = re.compile(r"[^\W\d_](?:\.[^\W\d_])+\.?(?!\w)|[^\W_]+(?:['’ʼ][^\W_]{2,})*|\n|[^\w\s]")
#: Lower-case words inside names, between capitalised ones: "Isle of Wight", "Bab al-Hawa", "Rio de Janeiro".
_LINKS = frozenset(
    (
        "al el as ash at ad ar az an es ez de del di da do dos das du la le les los las of on upon the sur von van den der y e "
        "au aux sous en am im under and & und"
    ).split()
)
#: Lower-case words that may also open a name when a hyphen joins them to a capitalised one: "al-Bab".
_ARTICLES = frozenset("al el as ash at ad ar az an es ez ed er et ul".split())
#: Shortened words whose full stop does not end a name.
_SHORT = frozenset(
    "st ste mt ft pt dr mr mrs ms gen lt col sgt sen rep gov capt maj cpl rev prof hon pres supt det cmdr adm brig".split()
)
_SENTENCE_END = frozenset(".!?:¶")
_OPENING = frozenset("\"'“‘([«")
#: Stands for the end of a line and of the text.
_EDGE = "¶"
_HYPHENS = frozenset("-‐‑")
#: Words of one name, at most; longer runs of capitals are read piece by piece.
MAX_NAME = 6
MAX_CHAIN = 24
#: Words in capitals that follow each other make a headline from this number on; fewer may be "NATO", "US SDF".
SHOUTED = 4
#: A single line break inside hard-wrapped prose is a blank: both lines have at least this many characters.
WRAPPED_CHARS = 40
#: Spellings that one tagger remembers before it starts anew.
REMEMBERED = 1 << 16
#: Bits of one label's score in the packed sum.
_BITS = 32
_BIAS = sum(1 << (_BITS * i + _BITS - 1) for i in range(len(LABELS)))
_UNPACK = struct.Struct(f"<{len(LABELS)}I").unpack
_BYTES = len(LABELS) * _BITS // 8


@dataclass(frozen=True, slots=True)
class TaggedSpan:
    """A span that the model takes for a name of one kind. `margin`: of a place, how far that is ahead of the best reading without it."""

    start: int
    end: int
    kind: str  # place, demonym, person, organisation, other
    margin: float  # natural logarithm of the odds, not calibrated; 0 for other kinds


# Words -----------------------------------------------------------------------------------------------------------------


@cache
def word_lists() -> dict[str, str]:
    """Word -> the classes it belongs to, one letter each, sorted."""
    letters = {
        "given": "g", "surname": "s", "title": "t", "org": "o", "event": "e", "facility": "f", "areaword": "a",
        "compass": "c", "calendar": "d", "belief": "b", "group": "i",
    }  # fmt: skip
    classes: dict[str, set[str]] = {}
    table = resources.files("geo").joinpath("data", "tagger.words.tsv").read_text(encoding="utf-8")
    for line in table.splitlines()[1:]:
        name, words = line.split("\t")[:2]
        for word in words.split():
            classes.setdefault(word, set()).add(letters[name])
    return {word: "".join(sorted(found)) for word, found in classes.items()}


#: Classes of words that say in lower case, too, what stands before or after: "camps", "district", "mayor", "army".
_SAYS_KIND = frozenset("aftoe")


def _shape(word: str) -> str:
    if word.islower():
        return "x"
    if word.isupper():
        return "X" if len(word) == 1 else "X." if "." in word else "XX"
    if word[0].isupper():
        return "Xx" if word[1:].islower() else "XxX"
    return "d" if word.isdigit() else "p" if not word[0].isalnum() else "xX"


def _self_atoms(word: str, gaz: str | None, lower_known: str) -> list[str]:
    """What the spelling of a word says of itself. `gaz`: its class in the gazetteer, None inside a longer name."""
    low = word.lower()
    lists = word_lists().get(low, "")
    shape = _shape(word)
    atoms = ["", "s" + shape, "k" + lower_known, "l" + lists, "n" + str(min(len(low), 9))]
    atoms += ["L" + c for c in lists]
    if len(low) > 3:
        atoms += ["2" + low[-2:], "3" + low[-3:], "p" + low[:3]]
    if len(low) > 5:
        atoms.append("4" + low[-4:])
    if gaz is None:
        return [*atoms, "u"]
    atoms += ["g" + gaz, "gk" + gaz[0] + lower_known, "gl" + gaz[0] + lists]
    if shape == "XX":
        atoms.append("sg" + gaz[0] + str(min(len(low), 6)))
    if gaz == "-" or lists.strip("gs"):
        atoms.append("w" + low)
    return atoms


def _near_atoms(word: str, lower_known: str) -> list[str]:
    """What a word says of the one beside it."""
    low = word.lower()
    lists = word_lists().get(low, "")
    shape = _shape(word)
    atoms = ["s" + shape, "w" + low]
    if shape[0] == "X":
        atoms += ["L" + c for c in lists]
        atoms += ["l" + lists + shape, "k" + lower_known]
    elif shape == "x":
        atoms += ["Lx" + c for c in lists or word_lists().get(low[:-1], "") if c in _SAYS_KIND]
    if len(low) > 4:
        atoms.append("3" + low[-3:])
    return atoms


def _far_atoms(word: str) -> list[str]:
    """What a word says of the one two words away."""
    low = word.lower()
    shape = _shape(word)
    return ["s" + shape, "w" + low, *("L" + c for c in word_lists().get(low, "") if shape[0] == "X")]


# Tokens and runs -------------------------------------------------------------------------------------------------------


class _Text:
    """The tokens of a text and the runs of them that may hold names."""

    def __init__(self, text: str, known: frozenset[str]) -> None:
        self.text = text
        self.words: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        for match in _TOKEN.finditer(text):
            word = match[0]
            start, end = match.span()
            if word == "\n":
                if self._is_wrapped(start):
                    continue
                word = _EDGE
            self.words.append(word)
            self.starts.append(start)
            self.ends.append(end)
        self._calm(known)
        self.chains = list(self._chains())

    def _calm(self, known: frozenset[str]) -> None:
        """Reads lines in capitals as if written with small letters: words known in lower case so, others with one capital."""
        words, n = self.words, len(self.words)
        i = 0
        while i < n:
            j = i
            while j < n and words[j].isupper():
                j += 1
            if j - i >= SHOUTED and sum(len(words[k]) > 1 for k in range(i, j)) >= SHOUTED:
                for k in range(i, j):
                    low = words[k].lower()
                    words[k] = low if low in known or low in _LINKS else words[k].capitalize()
            i = j + 1

    def _is_wrapped(self, at: int) -> bool:
        text = self.text
        before = text.rfind("\n", max(0, at - 400), at)
        after = text.find("\n", at + 1, at + 400)
        after = min(len(text), at + 400) if after < 0 else after
        before = max(-1, at - 400) if before < 0 else before
        return at - before > WRAPPED_CHARS and after - at > WRAPPED_CHARS and text[at - 1] not in '.!?:"”'

    def _chains(self) -> Iterator[range]:
        """Runs of capitalised words with the hyphens, initials and small words between them."""
        words, n = self.words, len(self.words)
        i = 0
        while i < n:
            if not words[i][0].isupper() and not self._opens_with_article(i):
                i += 1
                continue
            first, last = i, i
            while last - first < MAX_CHAIN and (following := self._next(last)) > 0:
                last = following
            yield range(first, last + 1)
            i = last + 1

    def _opens_with_article(self, i: int) -> bool:
        words = self.words
        return (
            words[i] in _ARTICLES
            and i + 2 < len(words)
            and words[i + 1] in _HYPHENS
            and words[i + 2][0].isupper()
            and self.ends[i] == self.starts[i + 1]
            and self.ends[i + 1] == self.starts[i + 2]
        )

    def _next(self, i: int) -> int:
        """The next capitalised word of the run that word i belongs to, or 0."""
        words, starts, ends = self.words, self.starts, self.ends
        for j in range(i + 1, min(i + 5, len(words))):
            word = words[j]
            if word[0].isupper() or (len(word) > 3 and word[1] in "'’" and word[2].isupper()):
                return j
            if word in _HYPHENS:
                if starts[j] != ends[j - 1] or j + 1 >= len(words) or starts[j + 1] != ends[j]:
                    return 0
            elif word == ".":
                before = words[j - 1]
                if starts[j] != ends[j - 1] or not (len(before) == 1 or before.lower() in _SHORT):
                    return 0
            elif word not in _LINKS:
                return 0
        return 0


# The tagger ------------------------------------------------------------------------------------------------------------


class Model:
    """The weights: features, their scores for each label, scores of label pairs, and words known in lower case."""

    def __init__(self, raw: bytes) -> None:
        head, _, body = raw.partition(b"\n")
        meta = json.loads(head)
        self.scale: float = meta["scale"]
        size = meta["features_bytes"]
        names = body[:size].decode().split("\n")
        known = body[size : size + meta["known_bytes"]].decode().split("\n")
        weights = array("h")
        weights.frombytes(body[size + meta["known_bytes"] :])
        self.at = dict(zip(names, range(0, len(names) * len(LABELS), len(LABELS)), strict=True))
        self.weights = weights
        self.known = frozenset(known)
        self.pairs: list[list[int]] = meta["pairs"]  # [before][after]
        #: Feature -> its scores for all labels, packed in one integer; 0 for an unknown feature.
        self.packed = _Packed(self.at, weights).__getitem__


class _Packed(dict[str, int]):
    """Packs the scores of a feature when it is first asked for."""

    def __init__(self, at: dict[str, int], weights: array[int]) -> None:
        super().__init__()
        self._at, self._weights = at, weights

    def __missing__(self, feature: str) -> int:
        value = 0
        at = self._at.get(feature)
        if at is not None:
            for weight in reversed(self._weights[at : at + len(LABELS)]):
                value = (value << _BITS) + weight
        if len(self) > REMEMBERED:
            self.clear()
        self[feature] = value
        return value


@cache
def packaged_model() -> Model:
    """The model of the package, read once."""
    return Model(lzma.decompress(resources.files("geo").joinpath("data", "tagger.bin.xz").read_bytes()))


class Tagger:
    """Finds names with one gazetteer. Remembers spellings, nothing of the texts' order: same text, same spans."""

    def __init__(self, gazetteer: Gazetteer, model: Model | None = None, known: frozenset[str] | None = None) -> None:
        self._gazetteer = gazetteer
        self._model = model
        self._known = known if known is not None else model.known if model is not None else frozenset()
        self._classes: dict[str, str] = {}
        self._roles: tuple[dict[str, int], ...] = ({}, {}, {}, {}, {}, {})

    # features

    def name_class(self, name: str) -> str:
        """What the gazetteer knows under a name: "-" for nothing, else a letter for the kind of place and more."""
        try:
            return self._classes[name]
        except KeyError:
            if len(self._classes) > REMEMBERED:
                self._classes.clear()
            found = self._classes[name] = _name_class(name, self._gazetteer)
            return found

    def _lower_known(self, word: str) -> str:
        return "1" if word.lower() in self._known else "0"

    def _role_atoms(self, word: str, role: int) -> list[str]:
        if role == 0:
            return _self_atoms(word, self.name_class(word), self._lower_known(word))
        if role == _COVERED:
            return _self_atoms(word, None, self._lower_known(word))
        if role in (-1, 1):
            return _near_atoms(word, self._lower_known(word))
        return _far_atoms(word)

    def document_features(self, text: str) -> Iterator[tuple[list[tuple[int, int, str]], list[list[str]]]]:
        """For training: each run of words as its (start, end, word) and the features of each word."""
        doc = _Text(text, self._known)
        for chain, contexts in self._contexts(doc):
            rows = []
            for i, context in zip(chain, contexts, strict=True):
                row = list(context)
                for role, prefix in _ROLES:
                    at = i + role
                    word = doc.words[at] if 0 <= at < len(doc.words) else _EDGE
                    inside = role == 0 and context[0][-1] in "bie"
                    row += [prefix + atom for atom in self._role_atoms(word, _COVERED if inside else role)]
                rows.append(row)
            yield [(doc.starts[i], doc.ends[i], doc.words[i]) for i in chain], rows

    def _contexts(self, doc: _Text) -> Iterator[tuple[range, list[list[str]]]]:
        """Each run with what its words mean together and in the document."""
        covers = [self._cover(doc, chain) for chain in doc.chains]
        flags = self._flags(doc, covers)
        words, n = doc.words, len(doc.words)
        lists = word_lists()
        first_class = {chain[0]: cover[0][0] for chain, cover in zip(doc.chains, covers, strict=True)}
        last_class = {chain[-1]: cover[-1][0] for chain, cover in zip(doc.chains, covers, strict=True)}
        capitals = [0]
        for word in words:
            capitals.append(capitals[-1] + word[0].isupper())
        for chain, cover in zip(doc.chains, covers, strict=True):
            first, last = chain[0], chain[-1]
            before = words[first - 1] if first else _EDGE
            opens = before in _SENTENCE_END or (before in _OPENING and (first < 2 or words[first - 2] in _SENTENCE_END))
            low, high = max(0, first - 5), min(n, last + 6)
            dense = (capitals[high] - capitals[low]) * 4 // (high - low)
            size = len(chain)
            head, lead = lists.get(words[last].lower(), ""), lists.get(words[first].lower(), "")
            rows = []
            for k, i in enumerate(chain):
                kind, place = cover[k]
                word = words[i]
                previous = words[i - 1].lower() if i else _EDGE
                following = words[i + 1].lower() if i + 1 < n else _EDGE
                row = [
                    "G" + kind + place,
                    "p" + kind + previous,
                    "n" + kind + following,
                    f"K{k if k < 3 else 3}{min(size - k, 4)}",
                    "K" + kind + ("s" if size == 1 else "b" if k == 0 else "e" if k == size - 1 else "m"),
                    f"H{dense}",
                    f"H{dense}{kind}",
                    "S1" + kind if opens and k == 0 else "S0" + kind,
                ]
                if k == 0 and i > 1:
                    row.append("v" + words[i - 2].lower() + " " + previous)
                if k == size - 1 and i + 2 < n:
                    row.append("w" + following + " " + words[i + 2].lower())
                if size > 1:
                    row.append("h" + head + kind)
                    row.append("b" + lead + kind)
                    if k:
                        row.append("l" + lists.get(previous, "") + "|" + lists.get(word.lower(), ""))
                        row.append("q" + cover[k - 1][0] + kind)
                    if k < size - 1:
                        row.append("r" + kind + cover[k + 1][0])
                        row.append("m" + lists.get(word.lower(), "") + "|" + lists.get(following, ""))
                        row.append("o" + kind + lists.get(following, ""))
                if i == last and following == ",":
                    row.append("c" + kind + first_class.get(i + 2, "_"))
                elif i == last and following in ("and", "or"):
                    row.append("a" + kind + first_class.get(i + 2, "_"))
                if i == first and before in (",", "and", "or"):
                    row.append("C" + before + kind + last_class.get(i - 2, "_"))
                for flag in flags.get(word.lower(), ()):
                    row.append("d" + flag)
                    row.append("d" + flag + kind)
                rows.append(row)
            yield chain, rows

    def _cover(self, doc: _Text, chain: range) -> list[tuple[str, str]]:
        """For each word of a run the class of the longest name of the gazetteer that covers it, and its part of it."""
        text, words = doc.text, doc.words
        size = len(chain)
        cover = [(self.name_class(words[i])[0], "1") for i in chain]
        if size == 1:
            i = chain[0]
            if i + 1 < len(words) and words[i + 1] == "." and len(words[i]) < 6 and doc.ends[i] == doc.starts[i + 1]:
                dotted = self.name_class(words[i] + ".")[0]
                if dotted in "ac":
                    cover[0] = (dotted, ".")
            return cover
        k = 0
        while k < size - 1:
            start = doc.starts[chain[k]]
            if not words[chain[k]][0].isalpha():
                k += 1
                continue
            for last in range(min(size, k + MAX_NAME) - 1, k, -1):
                if not words[chain[last]][0].isalpha():
                    continue
                kind = self.name_class(text[start : doc.ends[chain[last]]])[0]
                if kind == "-" and last == k + 1 and words[chain[last]] in _SUPRANATIONAL:
                    kind = "D" if words[chain[k]].lower() in _PARTS else "-"
                if kind != "-":
                    cover[k] = (kind, "b")
                    for j in range(k + 1, last):
                        cover[j] = (kind, "i")
                    cover[last] = (kind, "e")
                    k = last
                    break
            k += 1
        return cover

    def _flags(self, doc: _Text, covers: Sequence[Sequence[tuple[str, str]]]) -> dict[str, set[str]]:
        """What the document says elsewhere of a spelling: stands after "in", after a given name, in lower case ..."""
        words, n = doc.words, len(doc.words)
        lists = word_lists()
        flags: dict[str, set[str]] = {}
        for chain, cover in zip(doc.chains, covers, strict=True):
            size = len(chain)
            for k, i in enumerate(chain):
                low = words[i].lower()
                seen = flags.setdefault(low, set())
                if k == 0:
                    before = words[i - 1] if i else _EDGE
                    if before in _IN:
                        seen.add("I")
                    elif before in _OF:
                        seen.add("O")
                    if size == 1:
                        seen.add("1")
                else:
                    seen.add("2")
                    kinds = lists.get(words[i - 1].lower(), "")
                    if "g" in kinds:
                        seen.add("g")
                    if "t" in kinds or (words[i - 1] == "." and k > 1 and "t" in lists.get(words[i - 2].lower(), "")):
                        seen.add("t")
                if k < size - 1:
                    kinds = lists.get(words[i + 1].lower(), "")
                    for kind in kinds:
                        if kind in "oaf":
                            seen.add("+" + kind)
                elif i + 2 < n:
                    after = words[i + 1]
                    if after == ",":
                        if self.name_class(words[i + 2])[0] in "CAac" and words[i + 2][0].isupper():
                            seen.add("C")
                    elif after in _SAYS:
                        seen.add("S")
                if cover[k][1] in "bie":
                    seen.add("M")
        if flags:
            for word in words:
                if word in flags:
                    flags[word].add("L")
        return flags

    # decoding

    def _word_score(self, word: str, role: int) -> int:
        memo = self._roles[role + 2]
        try:
            return memo[word]
        except KeyError:
            assert self._model is not None
            packed, known = self._model.packed, self._model.at
            prefix = "0" if role == _COVERED else _ROLES[role + 2][1]
            if len(memo) > REMEMBERED:
                memo.clear()
            score = memo[word] = sum(
                packed(prefix + atom) for atom in self._role_atoms(word, role) if prefix + atom in known
            )
            return score

    def spans(self, text: str, *, place_bias: float = 0.0) -> list[TaggedSpan]:
        """The names of a text in order, without overlap. `place_bias` is added to the score of a place."""
        model = self._model if self._model is not None else packaged_model()
        if self._model is None:
            self._model, self._known = model, model.known
        packed = model.packed
        doc = _Text(text, self._known)
        words, n = doc.words, len(doc.words)
        spans: list[TaggedSpan] = []
        bias = round(place_bias * model.scale)
        score = self._word_score
        scored: list[tuple[range, list[list[int]], list[str]]] = []
        ahead: dict[str, tuple[int, int]] = {}  # word -> number of its occurrences, sum of their margins
        for chain, contexts in self._contexts(doc):
            rows = []
            for i, context in zip(chain, contexts, strict=True):
                total = sum(map(packed, context)) + score(words[i], _COVERED if context[0][-1] in "bie" else 0) + _BIAS
                total += score(words[i - 1] if i > 0 else _EDGE, -1) + score(words[i - 2] if i > 1 else _EDGE, -2)
                total += score(words[i + 1] if i + 1 < n else _EDGE, 1) + score(words[i + 2] if i + 2 < n else _EDGE, 2)
                row = list(_UNPACK(total.to_bytes(_BYTES, "little")))
                rows.append(row)
                times, total = ahead.get(low := words[i].lower(), (0, 0))
                ahead[low] = (times + 1, total + _margin(row))
            scored.append((chain, rows, [context[0] for context in contexts]))
        limit, weight = round(ECHO_LIMIT * model.scale), ECHO_WEIGHT
        for chain, rows, covers in scored:
            for i, row in zip(chain, rows, strict=True):
                times, total = ahead[words[i].lower()]
                extra = bias
                if times > 1:
                    mean = (total - _margin(row)) // (times - 1)
                    extra += int(weight * max(-limit, min(limit, mean)))
                row[1] += extra
                row[2] += extra
            spans += _decode(doc, chain, rows, covers, model)
        return spans


#: Where a word stands from the one that is scored, and the letter of its features. The last is not a place of its own: the
#: word itself inside a longer name of the gazetteer, where what the gazetteer says of the single word would mislead.
_ROLES = ((-2, "A"), (-1, "B"), (0, "0"), (1, "D"), (2, "E"))
_COVERED = 3
_IN = frozenset("in at near from outside around inside across throughout".split())
_OF = frozenset("of to for with by against between".split())
_SAYS = frozenset("said says told added".split())


#: Adjectives of parts of the world and of peoples in many countries, and what may stand before them. No gazetteer has them.
_SUPRANATIONAL = frozenset(
    (
        "European Europeans African Africans Asian Asians Arab Arabs American Americans Eurasian Scandinavian Scandinavians "
        "Nordic Balkan Caucasian Eastern Kurdish Mediterranean Caribbean Andean Siberian Western Baltic Iberian Bavarian"
    ).split()
)
_PARTS = frozenset(
    "north south east west central northern southern eastern western latin middle pan- sub-saharan southeast native far".split()
)
_ADJECTIVES = frozenset(
    (
        "European Europeans African Africans Asian Asians Arab Arabs Eurasian Scandinavian Scandinavians Nordic Andean Siberian "
        "Bavarian Kurdish Balkan"
    ).split()
)


def _name_class(name: str, gazetteer: Gazetteer) -> str:
    if name in _ADJECTIVES:
        return "D1"
    folded = fold_name(name)
    if len(folded) < 2 or not gazetteer.has_name(folded, latin=is_latin(name)):
        return "-"
    hits = gazetteer.lookup(name)
    if not hits:
        return "-"
    letters: set[str] = set()
    people = -1
    for hit in hits[:40]:
        place = hit.place
        short = hit.kind == "abbreviation"
        if hit.kind == "demonym":
            letters.add("D")
        elif place.is_country:
            letters.add("c" if short else "C")
        elif place.is_admin1:
            letters.add("a" if short else "A")
        elif place.id.startswith("region:"):
            letters.add("R")
        elif place.id.startswith("curated:"):
            letters.add("X")
        elif place.feature_class == "A":
            letters.add("2")
        else:
            letters.add("P" if hit.kind == "main" else "p")
            people = max(people, place.population or 0)
    size = next((letter for least, letter in _SIZES if people >= least), "")
    best = next(letter for letter in "CDARcaXP2p" if letter in letters)
    if best in "Pp":
        best = size if best == "P" else size.lower()
    return best + size + ("1" if len(hits) == 1 else "2" if len(hits) < 4 else "4" if len(hits) < 10 else "9")


#: Least inhabitants -> letter of the size of a town.
_SIZES = ((500_000, "M"), (100_000, "L"), (30_000, "K"), (8_000, "T"), (0, "S"))


#: How much the other occurrences of a word in the document count: a share of how far they are, on average, ahead as a place.
ECHO_WEIGHT, ECHO_LIMIT = 0.4, 4.0


def _margin(row: Sequence[int]) -> int:
    """How far a place is ahead of the best other label, which may be a negative number."""
    return max(row[1], row[2]) - max(row[0], row[3], row[4], row[5], row[6])


def _decode(
    doc: _Text, chain: range, rows: list[list[int]], covers: Sequence[str], model: Model
) -> Iterator[TaggedSpan]:
    """The names of one run, from the scores of its words."""
    best, path = _best_path(rows, model.pairs)
    size = len(rows)
    k = 0
    while k < size:
        label = path[k]
        if label == 0:
            k += 1
            continue
        place = label in (1, 2)
        same = (2,) if place else (label,)
        first = k
        k += 1
        while k < size and path[k] in same:
            k += 1
        margin = 0.0
        if place:
            others = [[row[0], _NEVER, _NEVER, *row[3:]] if first <= j < k else row for j, row in enumerate(rows)]
            margin = (best - _best_path(others, model.pairs)[0]) / model.scale
        kind = KIND_OF["B" if place else LABELS[label]]
        for low, high in _pieces(doc, chain, covers, first, k) if place else [(first, k)]:
            while low < high and not doc.words[chain[low]][0].isalnum():
                low += 1  # noqa: PLW2901
            while low < high and doc.words[chain[high - 1]] in _HYPHENS:
                high -= 1  # noqa: PLW2901
            if low == high:
                continue
            dot = covers[high - 1][-1] == "."  # "Ky." with its full stop, as the gazetteer has it
            yield TaggedSpan(doc.starts[chain[low]], doc.ends[chain[high - 1]] + dot, kind, margin)


def _pieces(doc: _Text, chain: range, covers: Sequence[str], first: int, stop: int) -> Iterator[tuple[int, int]]:
    """A place name cut where two names only stand side by side: "Yemen Saudi Arabia", "Aleppo-Hama"."""
    low = first
    for k in range(first + 1, stop):
        whole, ends = covers[k][-1] in "1b", covers[k - 1]
        if whole and covers[k][1] == "C" and ends[-1] in "1e" and ends[1] in "CcAaRXML":
            yield low, k
            low = k
        elif (
            k - 2 >= low
            and doc.words[chain[k - 1]] in _HYPHENS
            and (whole and covers[k][1] != "-")
            and (covers[k - 2][-1] in "1e" and covers[k - 2][1] != "-")
        ):
            yield low, k - 1
            low = k
    yield low, stop


def _best_path(rows: Sequence[Sequence[int]], pairs: Sequence[Sequence[int]]) -> tuple[int, list[int]]:
    """The score and the labels of the best reading of a run (Viterbi), over the labels that are not hopeless for a word."""
    top = max(rows[0])
    if len(rows) == 1:
        return top, [rows[0].index(top)]
    scores = {label: score for label, score in enumerate(rows[0]) if score > top - _HOPELESS}
    back: list[dict[int, int]] = []
    for row in rows[1:]:
        least = max(row) - _HOPELESS
        reached, came = {}, {}
        for label, own in enumerate(row):
            if own > least:
                best_score, best = max([(score + pairs[before][label], before) for before, score in scores.items()])
                reached[label] = best_score + own
                came[label] = best
        scores = reached
        back.append(came)
    at = max(scores, key=scores.__getitem__)
    best_score = scores[at]
    path = [at]
    for came in reversed(back):
        at = came[at]
        path.append(at)
    return best_score, path[::-1]


#: A label this far behind the best one of its word, in the whole numbers of the scores, cannot be saved by its neighbours.
_HOPELESS = 15 * 256
_NEVER = -(1 << 40)
