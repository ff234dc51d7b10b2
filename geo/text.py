"""Text to lines and sentences with offsets, and which of them are page furniture.

Hides: where a sentence ends and what on a saved web page is not the article (menus, captions, repeated headlines). All
offsets count in the text as given: `text[s.start:s.end] == s.text`. Furniture is kept and marked, never cut out: place
names in a headline are still names, but no event is read from a caption.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["Line", "Sentence", "is_english", "split_lines", "split_sentences"]

#: Lines of a web page around an article; matched at the start of a line, in lower case. From saved news pages.
_FURNITURE = re.compile(
    r"skip to (?:main )?content|skip to navigation|join (?:the|our) mailing list|join now|follow us|share (?:this|on|via)|"
    r"sign up|subscribe(?: now| to| today|$)|log ?in$|register (?:now|here|today|for)|latest news|breaking news$|most (?:read|popular)|"
    r"read (?:more|also|next)|related(?::|$| (?:articles|stories|posts|news|topics|content))|"
    r"see also|advertisement|copyright (?:©|\d)|©|all rights reserved|terms of (?:use|service)|privacy policy|cookie|"
    r"main »|home »|home >|print this|email this|e-mail this|comments?$|tags?:|topics?:|source:|by clicking|"
    r"click here|download (?:our|the app|now)|watch:|video:|listen:|photo gallery|editing by|reporting by|writing by|additional reporting"
)
#: Words that a picture's caption carries and a sentence of an article does not.
_CAPTION = re.compile(
    r"^\W*(?:file photo|file picture|file image|photo:|picture:|image:|an? (?:image|photo|picture|handout|still|screengrab)"
    r" (?:grab |photo |image |picture )?(?:taken|released|provided|shows|showing|made available))|"
    r"\((?:L|R|C|left|right|centre|center)\)|"
    r"[(\[][^()\[\]]{0,40}\b(?:AFP|Reuters|AP|EPA|Xinhua|Getty|Anadolu|Handout|Photo|Sputnik|TASS|SANA)\b[^()\[\]]{0,30}[)\]]\W*$",
    re.I,
)
_ENDS_SENTENCE = re.compile(r"[.!?…؟。][\"'”’»)\]]*\s*$")
_BULLET = re.compile(r"\s*(?:[-*•▪–—]|\d{1,2}[.)])\s+")

#: A line shorter than this without a full stop is a headline or a sub-heading; longer ones are body text that lost its stop.
MAX_HEADING_CHARS = 140

#: The longest sentences of news have 600 characters; what is longer is a list or junk and is read in pieces.
MAX_SENTENCE_CHARS = 1000

_ABBREVIATIONS = frozenset(
    (
        "mr mrs ms dr prof gen lt col maj capt cpl sgt cmdr adm brig rev hon sen rep gov pres st ste mt ft jr sr vs "
        "etc inc ltd co corp dept no nos vol fig ed eds est pop approx al jan feb mar apr jun jul aug sep sept oct nov "
        "dec mon tue tues wed thu thur thurs fri sat sun u.s u.k u.n u.s.a e.u a.m p.m i.e e.g d.c km ca cf ph.d b.c "
        "a.d"
    ).split()
)
#: Words that open a sentence and are no part of a name.
_STARTER = re.compile(
    r"[\"“'‘(]?(?:The|He|She|It|They|We|I|In|On|At|But|And|A|An|This|That|These|Those|There|For|As|After|Before|When|While|If|Its|His|Her|"
    r"Their|Our|Some|Many|Most|Both|However|Meanwhile|Earlier|Later|No|Not|So|To|By|With|From|Since|Under|According)\b"
)
_LAST_WORD = re.compile(r"[\w.]+$")
_BOUNDARY = re.compile(r"([.!?…؟]+)([\"'”’»)\]]*)(\s+|$)")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text. `kind`: body, heading, caption or furniture."""

    start: int
    end: int
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; `line` is the number of its line, `kind` the line's kind."""

    start: int
    end: int
    text: str
    line: int
    kind: str


@lru_cache(maxsize=1)  # asked for the date of a text, then for its sentences
def split_lines(text: str) -> tuple[Line, ...]:
    r"""The non-blank lines of a text in order, each with its kind.

    >>> [line.kind for line in split_lines("Skip to main content\nTown falls\n\nRebels took the town on Monday.")]
    ['furniture', 'heading', 'body']
    """
    raw: list[tuple[int, int, str]] = []
    for match in re.finditer(r"[^\r\n]+", text):
        stripped = match[0].strip()
        if stripped:
            start = match.start() + match[0].index(stripped)
            raw.append((start, start + len(stripped), stripped))
    seen = Counter(line for _, _, line in raw)
    has_body = any(_ENDS_SENTENCE.search(line) for _, _, line in raw)
    done: set[str] = set()
    lines = []
    for start, end, line in raw:
        repeated = seen[line] > 1 and line in done
        done.add(line)
        kind = "furniture" if repeated else _kind(line, has_body)
        lines.append(Line(start=start, end=end, text=line, kind=kind))
    return tuple(lines)


def _kind(line: str, has_body: bool) -> str:
    if len(line) <= MAX_HEADING_CHARS and _FURNITURE.match(line.lower()):
        return "furniture"
    if len(line) <= 3 * MAX_HEADING_CHARS and _CAPTION.search(line):
        return "caption"
    if not has_body or _ENDS_SENTENCE.search(line) or len(line) > MAX_HEADING_CHARS or _BULLET.match(line):
        return "body"
    return "heading" if any(c.isalpha() for c in line) else "furniture"


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text in order. A sentence never crosses a line break unless the line is hard-wrapped prose.

    >>> [s.text for s in split_sentences("Gen. Ali spoke at 5 a.m. on Feb. 9. He left.")]
    ['Gen. Ali spoke at 5 a.m. on Feb. 9.', 'He left.']
    """
    sentences = []
    for number, (start, end, kind) in enumerate(_blocks(text)):
        for s, e in _cut(text, start, end):
            sentences.append(Sentence(start=s, end=e, text=text[s:e], line=number, kind=kind))
    return tuple(sentences)


def _blocks(text: str) -> list[tuple[int, int, str]]:
    """Lines, with hard-wrapped ones joined: a line that ends inside a sentence and is followed by a lower-case start."""
    blocks: list[tuple[int, int, str]] = []
    for line in split_lines(text):
        if blocks:
            start, end, kind = blocks[-1]
            gap = text[end : line.start]
            wrapped = gap.count("\n") == 1 and not _ENDS_SENTENCE.search(text[start:end]) and line.text[:1].islower()
            if wrapped and {kind, line.kind} <= {"body", "heading"}:
                blocks[-1] = (start, line.end, "body")
                continue
        blocks.append((line.start, line.end, line.kind))
    return blocks


def _cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    here = start
    for match in _BOUNDARY.finditer(text, start, end):
        stop = match.end(2)
        if match[3] and stop < end and not _is_boundary(text, match, end):
            continue
        if text[here:stop].strip():
            pieces += _bounded(text, here, stop)
        here = match.end()
    if text[here:end].strip():
        pieces += _bounded(text, here, end)
    return pieces


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence, or pieces of one that no person wrote: cut at a comma, a semicolon or a blank, so that time stays linear."""
    while end - start > MAX_SENTENCE_CHARS:
        limit = start + MAX_SENTENCE_CHARS
        cut = max(text.rfind(mark, start, limit) for mark in ("; ", ", ", "\n"))
        if cut < start + MAX_SENTENCE_CHARS // 2:
            cut = max(text.rfind(" ", start, limit), start)
        cut = cut + 1 if cut > start else limit
        yield start, cut
        start = cut
    if text[start:end].strip():
        yield start, end


def _is_boundary(text: str, match: re.Match[str], end: int) -> bool:
    following = text[match.end() : min(end, match.end() + 2)].lstrip("\"'“‘«([")
    if not following or following[0].islower():
        return False
    if match[1] != "." or match[2]:
        return True
    head = text[max(0, match.start() - 12) : match.start()]
    word = _LAST_WORD.search(head)
    if word is None:
        return True
    token = word[0].lower()
    if token in _ABBREVIATIONS:
        # "5 a.m. The ..." and "in the U.S. He ..." may end a sentence; a title or a month never does.
        if token in {"u.s", "u.k", "u.n", "e.u", "inc", "ltd", "co", "corp"}:
            return _STARTER.match(text, match.end()) is not None  # "the U.S. He left", but "the U.S. Navy"
        return token in {"a.m", "p.m", "etc", "km"} and following[0].isupper()
    return not (len(token) == 1 and token.isalpha() and word[0].isupper())


#: Share of English function words from which on a text is read as English; English news has 20-30 %.
ENGLISH_SHARE = 0.06
#: Share of words between blanks from which on no closer look is needed.
CLEARLY_ENGLISH_SHARE = 0.12
#: Texts shorter than this are headlines and notes, which leave function words out.
HEADLINE_WORDS = 40
#: Characters that the language is told from.
TELLING_CHARS = 4000
_FUNCTION_WORDS = frozenset(("the of and to in a that for on was with by said is at were from has have been").split())


@lru_cache(maxsize=1)  # asked by each step of the reading of one text
def is_english(text: str) -> bool:
    """Whether a text is in English, by its most frequent words; a headline in plain letters is."""
    lower = text[:TELLING_CHARS].lower()
    words = lower.split()
    n = sum(map(_FUNCTION_WORDS.__contains__, words))
    if n > 0 and n >= CLEARLY_ENGLISH_SHARE * len(words):  # however words are counted
        return True
    words = re.findall(r"[^\W\d_]+", lower)
    n = sum(map(_FUNCTION_WORDS.__contains__, words))
    if len(words) < HEADLINE_WORDS:
        return n > 0 or text.isascii()
    return n >= ENGLISH_SHARE * len(words)
