"""What pieces of text a pattern needs, read off the pattern without compiling it.

To compile a pattern, or to search with it, takes far longer than to see that a text lacks what every match holds; only
so are tables of hundreds of patterns affordable. Hides: as much of the syntax of patterns as that takes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["Needed", "holds", "needed_pieces"]

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
    found = _either([*branches, tuple(sets)])
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


def holds(text: str, needed: Needed) -> bool:
    """Whether a text in lower case holds what is needed."""
    return all(any(piece in text for piece in pieces) for pieces in needed)
