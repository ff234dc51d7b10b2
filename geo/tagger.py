"""Text -> spans that a learned model takes for names: places, demonyms, people, organisations, other names.

Hides: the features of a word, the weight file and how the best labels are found. The model is a linear-chain CRF over runs
of capitalised words, trained by `python -m buildtools.tagger`; this module computes its features (for training too, so
that both see the same) and reads its weights, `geo/data/tagger.bin.xz`. Word lists are in `geo/data/tagger.words.tsv`.

Speed: what a word says of itself and of its neighbours depends on its spelling alone, so its share of the scores is added
up once for each spelling and remembered. The scores of all labels lie side by side in one integer: one addition adds all.
What asks something of every word of a text is done by functions of C over whole lists; Python looks at capitals only.
"""

from __future__ import annotations

import json
import lzma
import re
import struct
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import accumulate, compress
from operator import itemgetter
from typing import Any

from gazetteer import Gazetteer, fold_name
from gazetteer.names import is_latin
from gazetteer.store import NameHit
from geo import DATA

__all__ = ["LABELS", "Model", "TaggedSpan", "Tagger"]

#: What the model tells apart: no name, first and further words of a place, person, organisation, other name, demonym.
LABELS = "OBIRGMD"
KIND_OF = {"B": "place", "R": "person", "G": "organisation", "M": "other", "D": "demonym"}

#: Splits a text into what lies between the tokens and the tokens, in turn.
#: The first form is the commonest word, for speed alone.
_TOKENS = re.compile(
    r"([A-Za-z]{2,}+(?![^\W_]|['’ʼ])|[^\W\d_](?:\.[^\W\d_])+\.?(?!\w)|[^\W_]+(?:['’ʼ][^\W_]{2,})*|\n|[^\w\s])"
)
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
_HYPHEN = re.compile("[-‐‑]")
#: What may stand between two capitalised words of one run.
_JOINTS = _LINKS | _HYPHENS | {"."}
#: Words of one name, at most; longer runs of capitals are read piece by piece.
MAX_NAME = 6
MAX_CHAIN = 24
#: Words in capitals that follow each other make a headline from this number on; fewer may be "NATO", "US SDF".
SHOUTED = 4
_SHOUT = b"\1" * SHOUTED
#: A single line break inside hard-wrapped prose is a blank: both lines have at least this many characters.
WRAPPED_CHARS = 40
#: Spellings that one tagger remembers in each role before it starts anew; all take 40 MB at most.
REMEMBERED = 1 << 15
#: Bits of one label's score in the packed sum.
_BITS = 32
_BIAS = sum(1 << (_BITS * i + _BITS - 1) for i in range(len(LABELS)))
_UNPACK = struct.Struct(f"<{len(LABELS)}I").unpack
_BYTES = len(LABELS) * _BITS // 8


@dataclass(frozen=True, slots=True)
class TaggedSpan:
    """A span that the model takes for a name of one kind."""

    start: int
    end: int
    kind: str  # place, demonym, person, organisation, other


# Words -----------------------------------------------------------------------------------------------------------------


@cache
def word_lists() -> dict[str, str]:
    """Word -> the classes it belongs to, one letter each, sorted."""
    letters = {
        "given": "g", "surname": "s", "title": "t", "org": "o", "event": "e", "facility": "f", "areaword": "a",
        "compass": "c", "calendar": "d", "belief": "b", "group": "i",
    }  # fmt: skip
    classes: dict[str, set[str]] = {}
    table = (DATA / "tagger.words.tsv").read_text(encoding="utf-8")
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
        parts = _TOKENS.split(text)
        offsets = list(accumulate(map(len, parts)))
        self.words: list[str] = parts[1::2]
        self.starts: list[int] = offsets[:-1:2]
        self.ends: list[int] = offsets[1::2]
        self._mark_lines()
        self._calm(known)
        #: Of each word: in small letters; whether it begins with a capital, 1 or 0.
        self.lows = list(map(str.lower, self.words))
        firsts = "".join(map(itemgetter(0), self.words))
        self.capital = bytes(map(str.isupper, firsts))
        self.chains = list(self._chains(firsts))

    def _mark_lines(self) -> None:
        """Makes each line break the edge of a line; those inside hard-wrapped prose are no words."""
        words, i = self.words, -1
        kept = bytearray(b"\1") * len(words)
        for _ in range(words.count("\n")):
            i = words.index("\n", i + 1)
            words[i] = _EDGE
            kept[i] = not self._is_wrapped(self.starts[i])
        if 0 in kept:
            self.words, self.starts, self.ends = (
                list(compress(words, kept)),
                list(compress(self.starts, kept)),
                list(compress(self.ends, kept)),
            )

    def _calm(self, known: frozenset[str]) -> None:
        """Reads lines in capitals as if written with small letters: words known in lower case so, others with one capital."""
        words = self.words
        loud = bytes(map(str.isupper, words)) + b"\0"
        i = loud.find(_SHOUT)
        while i >= 0:
            j = loud.index(0, i)
            if sum(len(words[k]) > 1 for k in range(i, j)) >= SHOUTED:
                for k in range(i, j):
                    low = words[k].lower()
                    words[k] = low if low in known or low in _LINKS else words[k].capitalize()
            i = loud.find(_SHOUT, j)

    def _is_wrapped(self, at: int) -> bool:
        text = self.text
        before = text.rfind("\n", max(0, at - 400), at)
        after = text.find("\n", at + 1, at + 400)
        after = min(len(text), at + 400) if after < 0 else after
        before = max(-1, at - 400) if before < 0 else before
        return at - before > WRAPPED_CHARS and after - at > WRAPPED_CHARS and text[at - 1] not in '.!?:"”'

    def _chains(self, firsts: str) -> Iterator[range]:
        """Runs of capitalised words with the hyphens, initials and small words between them."""
        opening = bytearray(self.capital)
        for hyphen in _HYPHEN.finditer(firsts):
            i = hyphen.start() - 1
            if i >= 0 and self._opens_with_article(i):
                opening[i] = 1
        first = opening.find(1)
        while first >= 0:
            last = first
            while last - first < MAX_CHAIN and (following := self._next(last)) > 0:
                last = following
            yield range(first, last + 1)
            first = opening.find(1, last + 1)

    def _opens_with_article(self, i: int) -> bool:
        """Whether an article and the hyphen behind it stand at a capitalised word."""
        return (
            self.words[i] in _ARTICLES
            and i + 2 < len(self.words)
            and self.capital[i + 2] == 1
            and self.ends[i] == self.starts[i + 1]
            and self.ends[i + 1] == self.starts[i + 2]
        )

    def _next(self, i: int) -> int:
        """The next capitalised word of the run that word i belongs to, or 0."""
        words, starts, ends = self.words, self.starts, self.ends
        for j in range(i + 1, i + 5 if i + 5 < len(words) else len(words)):
            word = words[j]
            if self.capital[j]:
                return j
            if word not in _JOINTS:
                return j if len(word) > 3 and word[1] in "'’" and word[2].isupper() else 0
            if word in _HYPHENS:
                if starts[j] != ends[j - 1] or j + 1 >= len(words) or starts[j + 1] != ends[j]:
                    return 0
            elif word == ".":
                before = words[j - 1]
                if starts[j] != ends[j - 1] or not (len(before) == 1 or before.lower() in _SHORT):
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
        #: Whether the model has a feature.
        self.knows = self.at.__contains__
        #: Fact about a word -> its scores for all labels, packed in one integer.
        self.packed: Callable[[_Fact], int] = _Packed(self.at, weights).__getitem__


class _Packed(dict[Any, int]):
    """Packs the scores of a fact when it is first asked for; what the model does not know scores 0 and is not kept."""

    def __init__(self, at: dict[str, int], weights: array[int]) -> None:
        super().__init__()
        self._at, self._weights = at, weights

    def __missing__(self, fact: _Fact) -> int:
        value = 0
        if isinstance(fact, str):
            at = self._at.get(fact)
            if at is None:
                return 0
            for weight in reversed(self._weights[at : at + len(LABELS)]):
                value = (value << _BITS) + weight
        else:
            value = sum([self[feature] for feature in _features_of(fact)])
        if len(self) >= REMEMBERED:
            self.clear()
        self[fact] = value
        return value


class _Memo(dict[Any, Any]):
    """What a function gave for each argument; a look-up costs no call. Starts anew when it is full."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, key: Any) -> Any:
        value = self._function(key)
        if len(self) >= REMEMBERED:
            self.clear()
        self[key] = value
        return value


@cache
def packaged_model() -> Model:
    """The model of the package, read once."""
    return Model(lzma.decompress((DATA / "tagger.bin.xz").read_bytes()))


class Tagger:
    """Finds names with one gazetteer. Remembers spellings, nothing of the texts' order: same text, same spans."""

    def __init__(self, gazetteer: Gazetteer, model: Model | None = None, known: frozenset[str] | None = None) -> None:
        self._model = model
        self._known = known if known is not None else model.known if model is not None else frozenset()
        self._gazetteer = gazetteer
        #: Whether the gazetteer may know a name, as written in a text.
        self.has_name: Callable[[str], bool] = _Memo(
            lambda name: gazetteer.has_name(fold_name(name), latin=is_latin(name))
        ).__getitem__
        self._classes: dict[str, str] = _Memo(self._class_of)
        #: What each word adds to the scores of labels, by its role.
        self._roles = {role: _Memo(partial(self._word_score, role)) for role in (*(r for r, _ in _ROLES), _COVERED)}

    # names

    def name_class(self, name: str) -> str:
        """What the gazetteer knows under a name: "-" for nothing, else a letter for the kind of place and more."""
        return self._classes[name]

    def _class_of(self, name: str) -> str:
        if name in _ADJECTIVES:
            return "D1"
        is_known = len(fold_name(name)) > 1 and self.has_name(name)
        return _class_of_hits(self._gazetteer.lookup(name)) if is_known else "-"

    # features

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
        runs = [(chain, self._cover(doc, chain)) for chain in doc.chains]
        for (chain, _), contexts in zip(runs, self._contexts(doc, runs, runs), strict=True):
            rows = []
            for i, (place, context) in zip(chain, contexts, strict=True):
                row = [feature for fact in (place, *context) for feature in _features_of(fact)]
                for role, prefix in _ROLES:
                    at = i + role
                    word = doc.words[at] if 0 <= at < len(doc.words) else _EDGE
                    inside = role == 0 and place[1] in "bie"
                    row += [prefix + atom for atom in self._role_atoms(word, _COVERED if inside else role)]
                rows.append(row)
            yield [(doc.starts[i], doc.ends[i], doc.words[i]) for i in chain], rows

    def _contexts(
        self, doc: _Text, runs: Sequence[_Run], kept: Sequence[_Run]
    ) -> Iterator[list[tuple[_Standing, list[_Fact]]]]:
        """What the words of each run that is kept mean together and in the document: where each stands, and more."""
        flags = self._flags(doc, runs)
        words, lows, n = doc.words, doc.lows, len(doc.words)
        capital = doc.capital
        lists = word_lists()
        first_class = {chain[0]: cover[0][0] for chain, cover in runs}
        last_class = {chain[-1]: cover[-1][0] for chain, cover in runs}
        for chain, cover in kept:
            first, last = chain[0], chain[-1]
            before = words[first - 1] if first else _EDGE
            opens = before in _SENTENCE_END or (before in _OPENING and (first < 2 or words[first - 2] in _SENTENCE_END))
            low, high = max(0, first - 5), min(n, last + 6)
            dense = capital.count(1, low, high) * 4 // (high - low)
            size = len(chain)
            if size > 1:
                head, lead = lists.get(lows[last], ""), lists.get(lows[first], "")
            rows = []
            for k, i in enumerate(chain):
                kind, part = cover[k]
                previous = lows[i - 1] if i else _EDGE
                following = lows[i + 1] if i + 1 < n else _EDGE
                rest = size - k
                standing = (kind, part, k if k < 3 else 3, rest if rest < 4 else 4, dense, opens and k == 0)
                row: list[_Fact] = ["p" + kind + previous, "n" + kind + following]
                if k == 0 and i > 1:
                    row.append("v" + lows[i - 2] + " " + previous)
                if rest == 1 and i + 2 < n:
                    row.append("w" + following + " " + lows[i + 2])
                if size > 1:
                    row.append("h" + head + kind)
                    row.append("b" + lead + kind)
                    if k:
                        row.append("l" + lists.get(previous, "") + "|" + lists.get(lows[i], ""))
                        row.append("q" + cover[k - 1][0] + kind)
                    if rest > 1:
                        row.append("r" + kind + cover[k + 1][0])
                        row.append("m" + lists.get(lows[i], "") + "|" + lists.get(following, ""))
                        row.append("o" + kind + lists.get(following, ""))
                if rest == 1 and following in _BETWEEN:
                    row.append(("c" if following == "," else "a") + kind + first_class.get(i + 2, "_"))
                if k == 0 and before in _BETWEEN:
                    row.append("C" + before + kind + last_class.get(i - 2, "_"))
                if seen := flags[lows[i]]:
                    row.append((kind, seen))
                rows.append((standing, row))
            yield rows

    def _cover(self, doc: _Text, chain: range) -> list[_Cover]:
        """For each word of a run the class of the longest name of the gazetteer that covers it, and its part of it."""
        text, words = doc.text, doc.words
        size = len(chain)
        classes = self._classes
        cover = [(classes[words[i]][0], "1") for i in chain]
        if size == 1:
            i = chain[0]
            if i + 1 < len(words) and words[i + 1] == "." and len(words[i]) < 6 and doc.ends[i] == doc.starts[i + 1]:
                dotted = classes[words[i] + "."][0]
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
                kind = classes[text[start : doc.ends[chain[last]]]][0]
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

    def _flags(self, doc: _Text, runs: Sequence[_Run]) -> dict[str, int]:
        """What the document says elsewhere of a spelling, as bits: stands after "in", after a given name, in lower case ..."""
        words, lows, n = doc.words, doc.lows, len(doc.words)
        lists = word_lists()
        flags: dict[str, int] = {}
        for chain, cover in runs:
            size = len(chain)
            for k, i in enumerate(chain):
                seen = flags.get(lows[i], 0)
                if k == 0:
                    before = words[i - 1] if i else _EDGE
                    if before in _IN:
                        seen |= _FLAG["I"]
                    elif before in _OF:
                        seen |= _FLAG["O"]
                    if size == 1:
                        seen |= _FLAG["1"]
                else:
                    seen |= _FLAG["2"]
                    kinds = lists.get(lows[i - 1], "")
                    if "g" in kinds:
                        seen |= _FLAG["g"]
                    if "t" in kinds or (words[i - 1] == "." and k > 1 and "t" in lists.get(lows[i - 2], "")):
                        seen |= _FLAG["t"]
                if k < size - 1:
                    for kind in lists.get(lows[i + 1], ""):
                        if kind in "oaf":
                            seen |= _FLAG["+" + kind]
                elif i + 2 < n:
                    after = words[i + 1]
                    if after == ",":
                        if doc.capital[i + 2] and self._classes[words[i + 2]][0] in "CAac":
                            seen |= _FLAG["C"]
                    elif after in _SAYS:
                        seen |= _FLAG["S"]
                if cover[k][1] in "bie":
                    seen |= _FLAG["M"]
                flags[lows[i]] = seen
        for word in flags.keys() & set(words):
            flags[word] |= _FLAG["L"]
        return flags

    # decoding

    def _word_score(self, role: int, word: str) -> int:
        assert self._model is not None
        prefix = "0" if role == _COVERED else _ROLES[role + 2][1]
        features = [prefix + atom for atom in self._role_atoms(word, role)]
        return sum(map(self._model.packed, filter(self._model.knows, features)))

    def spans(self, text: str, *, place_bias: float = 0.0, only_places: bool = False) -> list[TaggedSpan]:
        """The names of a text in order, without overlap. `place_bias` is added to the score of a place.

        `only_places` passes over runs of unknown words that hardly name one: quicker, and names of people are missing.
        """
        model = self._model if self._model is not None else packaged_model()
        if self._model is None:
            self._model, self._known = model, model.known
        doc = _Text(text, self._known)
        scored = list(self._scored(doc, model, only_places=only_places))
        self._echo(doc, scored, model.scale)
        bias = round(place_bias * model.scale)
        spans: list[TaggedSpan] = []
        for chain, rows, covers in scored:
            for row in rows if bias else ():
                row[1] += bias
                row[2] += bias
            if len(rows) > 1:
                path = _best_path(rows, model.pairs)[1]
            elif rows[0][0] == (top := max(rows[0])):
                continue
            else:
                path = [rows[0].index(top)]
            spans += _names(doc, chain, path, covers)
        return spans

    @staticmethod
    def _echo(doc: _Text, scored: Sequence[_Scored], scale: float) -> None:
        """Adds to the scores of each word what the others of its spelling say, on average."""
        lows = doc.lows
        times = Counter([lows[i] for chain in doc.chains for i in chain])
        ahead: dict[str, int] = dict.fromkeys(times, 0)  # the sum of the margins of a spelling
        repeated = []
        for chain, rows, _ in scored:
            for i, row in zip(chain, rows, strict=True):
                if times[low := lows[i]] > 1:
                    # how far a place is ahead of the best other label, which may be a negative number
                    margin = max(row[1], row[2]) - max(row[0], row[3], row[4], row[5], row[6])
                    ahead[low] += margin
                    repeated.append((low, row, margin))
        limit = round(ECHO_LIMIT * scale)
        for low, row, margin in repeated:
            mean = (ahead[low] - margin) // (times[low] - 1)
            extra = int(ECHO_WEIGHT * max(-limit, min(limit, mean)))
            row[1] += extra
            row[2] += extra

    def _scored(self, doc: _Text, model: Model, *, only_places: bool) -> Iterator[_Scored]:
        """Each run with the scores of the labels of its words, and what of the gazetteer covers each."""
        two_before, before, own, after, two_after = (self._roles[role] for role, _ in _ROLES)
        covered = self._roles[_COVERED]
        packed = model.packed
        least = round(HOPELESS_PLACE * model.scale)
        words = [_EDGE, _EDGE, *doc.words, _EDGE, _EDGE]  # word i stands at i + 2
        runs = [(chain, self._cover(doc, chain)) for chain in doc.chains]
        kept: list[_Run] = []
        spelled: list[list[int]] = []
        for run in runs:
            sums = [
                _BIAS
                + (covered if part in "bie" else own)[words[i + 2]]
                + two_before[words[i]]
                + before[words[i + 1]]
                + after[words[i + 3]]
                + two_after[words[i + 4]]
                for i, (_, part) in zip(*run, strict=True)
            ]
            if not (only_places and _is_hopeless(run[1], sums, least)):
                kept.append(run)
                spelled.append(sums)
        for (chain, cover), sums, contexts in zip(kept, spelled, self._contexts(doc, runs, kept), strict=True):
            rows = [
                list(_UNPACK((total + packed(standing) + sum(map(packed, context))).to_bytes(_BYTES, "little")))
                for total, (standing, context) in zip(sums, contexts, strict=True)
            ]
            yield chain, rows, cover


def _is_hopeless(cover: Sequence[_Cover], sums: Sequence[int], least: int) -> bool:
    """Whether no word of a run is in the gazetteer and none looks like a place by its spelling and its neighbours."""
    for kind, _ in cover:
        if kind != "-":
            return False
    for total in sums:
        none, begins, goes_on, person, organisation, other, demonym = _UNPACK(total.to_bytes(_BYTES, "little"))
        if max(begins, goes_on, demonym) > max(none, person, organisation, other) + least:
            return False
    return True


#: The class of the name of the gazetteer that covers a word, and the word's part of it: whole, beginning, inside, end.
_Cover = tuple[str, str]
#: A run of words by their indexes, and what covers each.
_Run = tuple[range, list[_Cover]]
#: How far a place or demonym may lie behind the best other label by the spellings of a word and its neighbours before an
#: unknown word is passed over. On Guardian, LGL and GeoVirus, 22,000 of 71,000 words lie further behind; what they mean in
#: their run and document makes three of them a place, all three streets or inns. At 0 it would lose five, at 0.5 thirteen.
HOPELESS_PLACE = -0.5
#: A run, the scores of the labels of each of its words, and what covers each.
_Scored = tuple[range, list[list[int]], list[_Cover]]
#: Where a word stands: its cover, how many words of the run are before it and from it on, how dense capitals are around,
#: whether it opens a sentence.
_Standing = tuple[str, str, int, int, int, bool]
#: What is true of a word in its run, for which the model has one feature or more: the feature itself, where it stands, or what
#: the document says of its spelling, as the class of the word and the bits of `_flags`.
_Fact = str | _Standing | tuple[str, int]
_FLAGS = ("I", "O", "1", "2", "g", "t", "+o", "+a", "+f", "C", "S", "M", "L")
_FLAG = {flag: 1 << n for n, flag in enumerate(_FLAGS)}


def _features_of(fact: _Fact) -> list[str]:
    """The features that a fact stands for."""
    if isinstance(fact, str):
        return [fact]
    if len(fact) == 2:
        kind, seen = fact
        return [feature for flag in _FLAGS if seen & _FLAG[flag] for feature in ("d" + flag, "d" + flag + kind)]
    kind, part, k, rest, dense, opens = fact
    edge = ("s" if rest == 1 else "b") if k == 0 else "e" if rest == 1 else "m"
    features = ["G" + kind + part, f"K{k}{rest}", "K" + kind + edge, f"H{dense}", f"H{dense}{kind}"]
    return [*features, "S1" + kind if opens else "S0" + kind]


#: Where a word stands from the one that is scored, and the letter of its features. The last is not a place of its own: the
#: word itself inside a longer name of the gazetteer, where what the gazetteer says of the single word would mislead.
_ROLES = ((-2, "A"), (-1, "B"), (0, "0"), (1, "D"), (2, "E"))
_COVERED = 3
_BETWEEN = frozenset([",", "and", "or"])
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


def _class_of_hits(hits: Sequence[NameHit]) -> str:
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


def _names(doc: _Text, chain: range, path: Sequence[int], covers: Sequence[_Cover]) -> Iterator[TaggedSpan]:
    """The names of one run, from the labels of its words."""
    size = len(path)
    k = 0
    while k < size:
        label = path[k]
        if label == 0:
            k += 1
            continue
        place = label in (1, 2)
        same = 2 if place else label
        first = k
        k += 1
        while k < size and path[k] == same:
            k += 1
        kind = KIND_OF["B" if place else LABELS[label]]
        for low, high in _pieces(doc, chain, covers, first, k) if place else [(first, k)]:
            while low < high and not doc.words[chain[low]][0].isalnum():
                low += 1  # noqa: PLW2901
            while low < high and doc.words[chain[high - 1]] in _HYPHENS:
                high -= 1  # noqa: PLW2901
            if low == high:
                continue
            dot = covers[high - 1][1] == "."  # "Ky." with its full stop, as the gazetteer has it
            yield TaggedSpan(doc.starts[chain[low]], doc.ends[chain[high - 1]] + dot, kind)


def _pieces(doc: _Text, chain: range, covers: Sequence[_Cover], first: int, stop: int) -> Iterator[tuple[int, int]]:
    """A place name cut where two names only stand side by side: "Yemen Saudi Arabia", "Aleppo-Hama"."""
    low = first
    for k in range(first + 1, stop):
        (kind, part), (kind_before, part_before) = covers[k], covers[k - 1]
        whole = part in "1b"
        if whole and kind == "C" and part_before in "1e" and kind_before in "CcAaRXML":
            yield low, k
            low = k
        elif (
            k - 2 >= low
            and doc.words[chain[k - 1]] in _HYPHENS
            and (whole and kind != "-")
            and (covers[k - 2][1] in "1e" and covers[k - 2][0] != "-")
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
        reached: dict[int, int] = {}
        came: dict[int, int] = {}
        for label, own in enumerate(row):
            if own > least:
                best = _NEVER
                for before, score in scores.items():
                    total = score + pairs[before][label]
                    if total >= best:
                        best, came[label] = total, before
                reached[label] = best + own
        scores = reached
        back.append(came)
    at = max(scores, key=scores.__getitem__)
    path, best = [at], scores[at]
    for came in reversed(back):
        at = came[at]
        path.append(at)
    return best, path[::-1]


#: A label this far behind the best one of its word, in the whole numbers of the scores, cannot be saved by its neighbours.
_HOPELESS = 15 * 256
_NEVER = -(1 << 40)
