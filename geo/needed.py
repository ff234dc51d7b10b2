"""What pieces of text a pattern needs, read off the pattern without compiling it.

To compile a pattern, or to search with it, takes far longer than to see that a text lacks what every match holds; only
so are tables of hundreds of patterns affordable. Hides: as much of the syntax of patterns as that takes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, reduce
from operator import or_
from typing import Any, cast

from gazetteer.patterns import lazy_pattern

__all__ = ["Needed", "Sieve", "needed_pieces", "screened_pattern"]

#: Sets of pieces of text in lower case: each match holds at least one piece of each set.
Needed = tuple[tuple[str, ...], ...]

#: One element of a pattern: letters that are not repeated, an escape, a set of characters, the opening of a group, a
#: repetition, or one character.
_ELEMENT = re.compile(
    r"[^\\[().|^$*+?{]+(?![*+?{])|\\(?:x..|u.{4}|U.{8}|\d+|.)|\[\^?\]?(?:\\.|[^\]\\])*\]|\((?:\?(?:P<\w+>|<?[=!]|[a-zA-Z-]*:)?)?|"
    r"(?:[*+?]|\{\d*,?\d*\})[?+]?|.",
    re.S,
)
#: How repetitions begin that may be of nothing.
_MAYBE_NONE = ("*", "?", "{0", "{,")
#: Sets with a shorter piece tell too little to be searched for.
SHORTEST = 2


def needed_pieces(pattern: str) -> Needed:
    """Sets of pieces, one of each of which stands in every match in any case of letters; the most telling set first.

    Empty when nothing is needed that is known beforehand. What looks ahead or behind does not count. Raises ValueError
    for kinds of groups that are not known here.

    >>> needed_pieces("(?:car|truck) bomb(?:ing)?s?")
    ((' bomb',), ('car', 'truck'))
    """
    return _by_worth(_either(_branches(pattern)))


def _branches(pattern: str) -> list[Needed]:
    """What a match of each branch of a pattern needs; raises ValueError as `needed_pieces`."""
    outer: list[tuple[list[tuple[str, ...]], list[Needed], str]] = []  # for each open group what stands before it
    sets: list[tuple[str, ...]] = []  # of this branch so far
    branches: list[Needed] = []  # before this one, in this group
    opening = run = ""  # how this group opens; the letters that stand last
    group: Needed = ()  # what the group needs that stands last
    for element in _ELEMENT.findall(pattern):
        kind = element[0]
        if kind in "*+?{" and element != "{":
            if element.startswith(_MAYBE_NONE):
                run, group = run[:-1], ()
        elif kind not in "\\[(|).^$" or (kind == "\\" and not element[1].isalnum()):
            if group:
                sets.extend(group)
                group = ()
            run += element[1:] if kind == "\\" else element
            continue
        if run:  # here ends a run of letters
            sets.append((run.lower(),))
            run = ""
        sets.extend(group)
        group = ()
        if kind == "(":
            if element == "(?":
                raise ValueError(f"{pattern!r} has a group of a kind that is not known here")
            outer.append((sets, branches, opening))
            sets, branches, opening = [], [], element
        elif kind == "|":
            branches.append(tuple(sets))
            sets = []
        elif kind == ")":
            inner = _either([*branches, tuple(sets)]) if opening[-1] not in "=!" else ()
            sets, branches, opening = outer.pop()
            group = inner
    if run:
        sets.append((run.lower(),))
    sets.extend(group)
    return [*branches, tuple(sets)]


def _by_worth(found: Needed) -> Needed:
    return tuple(sorted((pieces for pieces in found if min(map(len, pieces)) >= SHORTEST), key=_worth, reverse=True))


def _either(branches: Sequence[Needed]) -> Needed:
    """What a match of any of the branches needs."""
    if len(branches) == 1:
        return branches[0]
    if not all(branches):
        return ()
    return (tuple(dict.fromkeys(piece for sets in branches for piece in _most_telling(sets))),)


def _most_telling(sets: Needed) -> tuple[str, ...]:
    return sets[0] if len(sets) == 1 else max(sets, key=_worth)


def _worth(pieces: tuple[str, ...]) -> tuple[int, float]:
    """How telling a set is: the letters of its shortest piece, then of all."""
    lengths = [len(piece) for piece in pieces]
    return min(lengths), sum(lengths) / len(lengths)


_LETTERS = re.compile(r"[^\W\d_]+")
#: Letters of a word by which the pieces that may stand in it are looked up.
GRAM = 3
#: Sets of a branch that are looked for word by word. On 200 articles one lets 60,000 branches through, two 15,300, three 14,800.
SETS = 2
#: Words, with the signs at them, of which a sieve remembers which patterns they let through; 200 articles have 19,000.
REMEMBERED = 50_000


class Sieve:
    """Which of many patterns a text may match, told by its words: a search with each would take a hundred times as long.

    Each branch of each pattern has one bit in each of SETS numbers of so many bits, which stand side by side in one: a word
    sets the bits of the sets that it holds a piece of, and a branch is let through that has all of its bits.

    >>> Sieve(["barrel bombs?", "(?:air|drone) ?strikes?"]).may_match("A strike from the air?")
    [1]
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        branches = [(n, _by_worth(needed)) for n, pattern in enumerate(patterns) for needed in _branches(pattern)]
        self._numbers = [number for number, _ in branches]  # of the pattern of each branch
        self._needed: list[Needed] = []  # of each branch, what is left to be looked for when the words are there
        self._asked_for_nothing = 0  # bits that are set for any text
        self._by_gram: dict[str, list[tuple[str, int]]] = {}  # first letters of words -> words and their bits
        self._of_word = _Memory(self._read)
        for at, (_, needed) in enumerate(branches):
            sets = {tuple(map(_longest_word, pieces)): pieces for pieces in needed}
            of_words = [words for words in sets if min(map(len, words)) >= GRAM][:SETS]
            for place, words in enumerate(of_words):
                for word in dict.fromkeys(words):
                    self._by_gram.setdefault(word[:GRAM], []).append((word, 1 << (place * len(branches) + at)))
            for place in range(len(of_words), SETS):
                self._asked_for_nothing |= 1 << (place * len(branches) + at)
            self._needed.append(tuple(p for words, p in sets.items() if p != words or words not in of_words))

    def may_match(self, text: str) -> list[int]:
        """The numbers of the patterns that may match in a text, in any case of letters, in order; no other does."""
        lower = text.lower()
        bits = reduce(or_, filter(None, map(self._of_word.__getitem__, lower.split())), self._asked_for_nothing)
        size = len(self._numbers)
        through = bits & (1 << size) - 1
        for _ in range(1, SETS):
            bits >>= size
            through &= bits
        found: list[int] = []
        while through:
            lowest = through & -through
            through ^= lowest
            at = lowest.bit_length() - 1
            number = self._numbers[at]
            if (not found or found[-1] != number) and _holds(lower, self._needed[at]):
                found.append(number)
        return found

    def _read(self, word: str) -> int:
        bits = 0
        for i in range(len(word) - GRAM + 1):
            for part, bit in self._by_gram.get(word[i : i + GRAM], ()):
                if word.startswith(part, i):
                    bits |= bit
        return bits


def _longest_word(piece: str) -> str:
    return max(_LETTERS.findall(piece), key=len, default="")


def _holds(text: str, needed: Needed) -> bool:
    """Whether a text holds a piece of each set; written out, since `all` and `any` take twice as long."""
    for pieces in needed:
        for piece in pieces:
            if piece in text:
                break
        else:
            return False
    return True


class _Memory(dict[str, int]):
    """What was read for a word; it forgets all when it is full."""

    def __init__(self, read: Callable[[str], int]) -> None:
        self._read = read

    def __missing__(self, word: str) -> int:
        if len(self) >= REMEMBERED:
            self.clear()
        return self.setdefault(word, self._read(word))


def screened_pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """What `re.compile` gives, but made and tried only with texts that hold what it needs.

    Pays with whole sentences, of which few match, and pieces that tell much; to look for all pieces of a set must be
    quicker than to try the pattern everywhere.

    >>> screened_pattern("(?:near|outside) the [a-z]+").search("a village near the border")
    <re.Match object; span=(10, 25), match='near the border'>
    """
    return cast("re.Pattern[str]", _Screened(source, flags))


class _Screened:
    """Stands for a pattern, and before a search asks whether the text holds what it needs."""

    def __init__(self, source: str, flags: int) -> None:
        self._pattern = lazy_pattern(source, flags)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pattern, name)

    def search(self, text: str) -> re.Match[str] | None:
        return self._pattern.search(text) if _holds(text.lower(), self._needed) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self._pattern.finditer(text) if _holds(text.lower(), self._needed) else iter(())

    @cached_property
    def _needed(self) -> Needed:
        return needed_pieces(self._pattern.pattern)
