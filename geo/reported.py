"""How likely a sentence reports an event of a conflict, and of which type: weights learned from labelled sentences.

The tables of triggers know what they know; newsrooms find new words every day. A linear model over the words of a sentence
says of the others whether they tell of an event, and of the triggers' own whether they do. Hides: what a word is to the
model (its stem; a name, a number and a day are one word each), and how the weights are stored. They are made by
`python -m buildtools.reported`, which also writes `geo/data/reported.md` with the data and the scores.
"""

from __future__ import annotations

import lzma
import math
import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from geo import DATA
from geo.event import event_type_of
from geo.triggers import BY_ACTOR

__all__ = ["SCALE", "SILENT", "Judged", "Model", "Word", "features", "main_type", "model", "signs_of", "words_of"]

#: Weights are stored as whole numbers of 1/SCALE; none is larger than 127/SCALE.
SCALE = 24

#: A word of the model with its span in the sentence.
Word = tuple[str, int, int]
#: The classes of a word; before the first one there is _NO_KIND.
_Kinds = tuple[str, ...]
_NO_KIND: _Kinds = ("",)

#: A number or a word; the first branch is for the common case and quicker.
_WORD = re.compile(r"[A-Za-z]++(?![^\W\d_]|['’-])|\d[\d,.]*|[^\W\d_]+(?:['’-][^\W\d_]+)*")
_OPENS = re.compile(r"(?:^|[.!?:]|[“\"‘'(])[\s“\"‘'(]*$")
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_MONTHS = frozenset("january february march april may june july august september october november december".split())
_NUMBERS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve dozen dozens scores hundreds thousands".split()
)
#: Endings that say nothing of the kind of an event; a stem keeps at least STEM_LETTERS letters.
_ENDINGS = ("ings", "ing", "ies", "ied", "ers", "ed", "es", "er", "s", "e")
STEM_LETTERS = 4
#: Words of which it is remembered what they are; news of a war has some 20,000.
REMEMBERED = 50_000


def _stem(word: str) -> str:
    word = word.lower().replace("’", "'").removesuffix("'s")
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= STEM_LETTERS:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > STEM_LETTERS and word[-1] == word[-2] else word


def words_of(sentence: str, names: Iterable[tuple[int, int, str]] = ()) -> list[Word]:
    """The words of a sentence as the model knows them; `names` are the spans of place names with their role.

    >>> [word for word, _, _ in words_of("Two villages near Homs were shelled on Friday", [(18, 22, "mention")])]
    ['<n>', 'villag', 'near', '<mention>', 'were', 'shel', 'on', '<d>']
    """
    spans = sorted(names)
    spans.append((len(sentence), len(sentence), ""))
    words: list[Word] = []
    ahead = iter(spans)
    first, last, role = next(ahead)
    before = ""
    for match in _WORD.finditer(sentence):
        start, end = match.span()
        while last <= start:
            first, last, role = next(ahead)
        if first <= start:
            word = f"<{role}>"
        else:
            text = match[0]
            word = _alone(text)
            if word == "<name>" and _OPENS.search(sentence[max(0, start - 4) : start]):
                word = _opening(text)
        if word == before and word[0] == "<":
            words[-1] = (word, words[-1][1], end)
        else:
            words.append((word, start, end))
            before = word
    return words


@lru_cache(maxsize=REMEMBERED)
def _alone(text: str) -> str:
    """What a word is to the model where it opens no sentence."""
    if text[0].isdigit():
        return "<n>"
    if text[0].isupper():
        lower = text.lower()
        return "<d>" if lower in _DAYS or lower in _MONTHS else "<name>"
    return "<n>" if text in _NUMBERS else _stem(text)


@lru_cache(maxsize=REMEMBERED)
def _opening(text: str) -> str:
    """What a capitalised word is that opens a sentence, and need be no name."""
    return "<n>" if text.lower() in _NUMBERS else _stem(text)


@cache
def _classes() -> dict[str, tuple[str, ...]]:
    """Stem -> the classes of `reported.words.tsv` that it is in."""
    classes: dict[str, list[str]] = {}
    for line in (DATA / "reported.words.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        name, words, _ = line.split("\t")
        for word in words.split():
            of_word = classes.setdefault(_stem(word), [])
            if name not in of_word:
                of_word.append(name)
    return {stem: tuple(names) for stem, names in classes.items()}


def features(words: Sequence[Word], signs: Iterable[str] = ()) -> list[tuple[str, int]]:
    """What the model weighs: the words and their neighbours with the index of the last word, and signs (-1), each once.

    `Model.judge` finds the same, of those that the model knows.
    """
    found: dict[str, int] = {}
    before, kinds_before = "", _NO_KIND
    for i, (word, _, _) in enumerate(words):
        found.setdefault(word, i)
        found.setdefault(f"{before} {word}", i)
        before = word
        kinds = _kinds(word)
        if kinds is not None:
            for feature in _of_classes(kinds_before, kinds):
                found.setdefault(feature, i)
            kinds_before = kinds
    return [*found.items(), *((sign, -1) for sign in dict.fromkeys(signs))]


def _kinds(word: str) -> _Kinds | None:
    """The classes of a word, or None; a name, a number and a day are classes by themselves."""
    return (word,) if word[0] == "<" else _classes().get(word)


def _of_classes(before: _Kinds, kinds: _Kinds) -> Iterator[str]:
    for kind in kinds:
        yield f"{{{kind}}}"
        for other in before:
            yield f"{{{other} {kind}}}"


def signs_of(triggers: Iterable[tuple[str, str | None]]) -> list[str]:
    """What the tables say of a sentence: the type of each of its triggers, and the code of what takes it back.

    >>> signs_of([("Armed clash", None), ("Attack", "planned")])
    ['!Armed clash', '!Armed clash told', '!Attack', '!planned']
    """
    signs = []
    for sub_event_type, code in triggers:
        signs += [f"!{sub_event_type}", f"!{code}" if code is not None else f"!{sub_event_type} told"]
    return signs


@dataclass(frozen=True, slots=True)
class Judged:
    """What the model says of a sentence, its words, and the features that it knows: row, index of the word or -1."""

    probability: float
    words: Sequence[Word]
    found: Mapping[int, int]


def main_type(kind: str) -> str:
    """The main type of a kind of event that the model knows."""
    return "Battles" if kind == BY_ACTOR else event_type_of(kind)


class _Index:
    """The rows of features by the words that they are of: most are found without being spelled out."""

    def __init__(self, rows: Mapping[str, int]) -> None:
        self._rows = rows
        pairs: dict[str, dict[str, int]] = {word: {} for word in _classes()}
        for feature, row in rows.items():
            before, blank, word = feature.rpartition(" ")
            if feature[:1] not in ("{", "!"):
                of_word = pairs.setdefault(word, {})
                if blank:
                    of_word[before] = row
        #: Word -> its row, the rows of it and the word before, its classes.
        self._words = {word: (rows.get(word), of_word, _kinds(word)) for word, of_word in pairs.items()}
        self._of_classes = _ClassRows(rows)

    def find(self, words: Iterable[Word], signs: Iterable[str]) -> dict[int, int]:
        """The rows of the features of words and signs, with the index of the last word of each where it stands first."""
        found: dict[int, int] = {}
        known, of_classes = self._words.get, self._of_classes
        before, kinds_before = "", _NO_KIND
        for i, (word, _, _) in enumerate(words):
            of_word = known(word)
            if of_word is None:
                if word[0] != "<":
                    before = word
                    continue
                of_word = (None, {}, _kinds(word))
            row, pairs, kinds = of_word
            if row is not None and row not in found:
                found[row] = i
            row = pairs.get(before)
            if row is not None and row not in found:
                found[row] = i
            before = word
            if kinds is not None:
                for row in of_classes[kinds_before, kinds]:
                    if row not in found:
                        found[row] = i
                kinds_before = kinds
        for sign in signs:
            if sign in self._rows:
                found[self._rows[sign]] = -1
        return found


class _ClassRows(dict[tuple[_Kinds, _Kinds], tuple[int, ...]]):
    """The classes before and those of a word -> the rows of their features, made when they are first asked for."""

    def __init__(self, rows: Mapping[str, int]) -> None:
        super().__init__()
        self._rows = rows

    def __missing__(self, key: tuple[_Kinds, _Kinds]) -> tuple[int, ...]:
        rows = self._rows
        return self.setdefault(key, tuple(rows[feature] for feature in _of_classes(*key) if feature in rows))


@dataclass(frozen=True, slots=True)
class Model:
    """Weights in 1/SCALE: of each feature for an event, and one for each type of event."""

    rows: Mapping[str, int]
    event: Sequence[int]
    types: Sequence[int]  # one row of len(kinds) for each feature
    kinds: tuple[str, ...]
    bias: int
    biases: tuple[int, ...]  # of the types
    _index: _Index = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", _Index(self.rows))

    def judge(
        self, sentence: str, names: Iterable[tuple[int, int, str]], triggers: Iterable[tuple[str, str | None]]
    ) -> Judged:
        """How likely a sentence reports an event; `triggers` are the types of its triggers and what takes each back."""
        words = words_of(sentence, names)
        found = self._index.find(words, signs_of(triggers))
        total = self.bias + sum(map(self.event.__getitem__, found))
        return Judged(1 / (1 + math.exp(-total / SCALE)), words, found)

    def kind(self, judged: Judged) -> tuple[str, float]:
        """The type of event that a sentence speaks of, a sub-event type or BY_ACTOR, and how likely its main type is right."""
        count = len(self.kinds)
        weights = [self.types[row * count : (row + 1) * count] for row in judged.found]
        totals = list(map(sum, zip(self.biases, *weights, strict=True)))
        top = max(totals)
        odds = [math.exp((total - top) / SCALE) for total in totals]
        mains: dict[str, float] = {}
        for kind, odd in zip(self.kinds, odds, strict=True):
            mains[main_type(kind)] = mains.get(main_type(kind), 0.0) + odd
        main = max(mains, key=mains.__getitem__)
        best = max((odd, kind) for kind, odd in zip(self.kinds, odds, strict=True) if main_type(kind) == main)
        return best[1], mains[main] / sum(odds)

    def anchor(self, judged: Judged, kind: str) -> tuple[int, int] | None:
        """The word that speaks most for an event of a type, as a span of the sentence; names, numbers and short words do not."""
        column, count = self.kinds.index(kind), len(self.kinds)
        spoken = [0] * len(judged.words)
        for row, at in judged.found.items():
            if at >= 0:
                spoken[at] += self.event[row] + self.types[row * count + column]
        telling = [i for i, (word, a, b) in enumerate(judged.words) if word[0] != "<" and b - a >= STEM_LETTERS]
        best = max(telling, key=spoken.__getitem__, default=None)
        return judged.words[best][1:] if best is not None else None

    def dump(self) -> bytes:
        """The bytes of a file of weights."""
        head = "\t".join((*self.kinds,)), "\t".join(map(str, (self.bias, *self.biases))), "\n".join(self.rows)
        text = "\n".join((str(len(self.rows)), *head)).encode()
        return lzma.compress(
            len(text).to_bytes(4, "big") + text + array("b", self.event).tobytes() + array("b", self.types).tobytes(),
            preset=9,
        )

    @classmethod
    def load(cls, data: bytes) -> Model:
        """The weights that `dump` has written."""
        data = lzma.decompress(data)
        size = int.from_bytes(data[:4], "big")
        count, kinds, biases, *names = data[4 : 4 + size].decode().split("\n")
        bias, *of_types = map(int, biases.split("\t"))
        event, types = array("b"), array("b")
        event.frombytes(data[4 + size : 4 + size + int(count)])
        types.frombytes(data[4 + size + int(count) :])
        rows = {name: i for i, name in enumerate(names)}
        return cls(rows, event, types, tuple(kinds.split("\t")), bias, tuple(of_types))


#: Finds no sentence likely and none unlikely: what the rules read alone.
SILENT = Model(rows={}, event=(), types=(), kinds=("Other",), bias=-SCALE, biases=(0,))


@cache
def model() -> Model:
    """The weights of the package."""
    return Model.load((DATA / "reported.bin.xz").read_bytes())
