"""Expressions of time in a text, and the days that they mean.

Hides: how English (with the full dates of Arabic, Turkish and Russian) words a time, and which days a wording stands
for. `find_expressions` looks each word up once in a dictionary of trigger words; only at a hit does a piece of grammar
run, so its time is linear in the text. `resolve` is arithmetic on days. `article_date` reads a page's own date. Month
and weekday names are in `geo/data/`: a new name is a line there; a new wording is a trigger and a reader here; its case
is a line in `tests/geo/cases_dates.txt`.

What vague words are taken to mean (weeks run from Monday to Sunday):

- parts of a month: early 1-10, mid 11-20, late 21 to its end; start, beginning and first days 1-7; end and last days
  its last seven. Parts of a year: early January-April, mid May-August, late September-December; start January, end
  December. Parts of a week: early and start Monday-Tuesday, mid Wednesday-Thursday, late and end Friday-Sunday;
- "two days ago" is one day; a count of weeks, months or years is known to half its unit on each side ("a week ago" is
  four to ten days before publication); "a couple" is 2-3, "a few" 2-5, "several" 3-7 and a bare "days" 2-6;
- "the past week" is the seven days up to publication, "last week" the calendar week before; "recent days" are the last
  six and the day itself;
- seasons are those of the northern hemisphere, and a winter belongs to the year in which it begins;
- what has begun and is not over ends at publication, except a period whose year is stated.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from gazetteer.errors import InputError
from gazetteer.patterns import lazy_pattern
from geo import DATA
from geo.event import When
from geo.text import split_lines

__all__ = ["TimeExpression", "article_date", "find_expressions", "page_dates", "precision_codes", "resolve"]


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """Words that name a time, and what was read from them. `text` is the span as written.

    Kinds that may date an event: `day`, `month_day`, `month`, `year`, `season`, `decade`, `weekday`, `relative` ("last
    week", "two days ago"), `span` ("in the past 24 hours"), `range` and `since` (with their ends in `inner`), `by` ("by
    Friday"), `anchor` (counts from the event before: "the next day") and `part_of_day` ("before dawn": the day of the
    event before). `named_year` names something else by its year ("the 2016 ceasefire"). `future` wraps what lies after
    publication. Never resolved: `bound` ("until Friday"), `clause` ("two days after the talks"), `ambiguous`
    ("9/2/2017").
    """

    start: int
    end: int
    text: str
    kind: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None  # 0 is Monday
    unit: str | None = None  # hour, day, week, weekend, month, season, year, decade
    which: str | None = None  # this, last, next, same, previous, following, ago, earlier, later, past, coming, running
    low: int | None = None  # of a count of units
    high: int | None = None
    part: str | None = None  # a key of the tables of parts below
    inner: tuple[TimeExpression, ...] = ()


# --- Vocabulary -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Name:
    """A month or weekday name.

    `use`: `alone` it is a date by itself; `lead` after a preposition or the like; `name` the same, but it is also a
    person's name or a verb; `date` only beside a day or a year (a month) or a date (a weekday).
    """

    number: int
    language: str
    use: str


_USES = ("alone", "lead", "name", "date")


@cache
def _names(table: str, size: int) -> dict[str, _Name]:
    names: dict[str, _Name] = {}
    lines = (DATA / table).read_text(encoding="utf-8").splitlines()
    for line_number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if len(cells) != 5 or cells[0] not in map(str, range(1, size + 1)) or cells[3] not in _USES:
            raise InputError(
                f"geo/data/{table}:{line_number}: {line!r} is not a number 1-{size}, form, language, use (one of "
                f"{', '.join(_USES)}) and source with tabs between; correct the line"
            )
        names[cells[1]] = _Name(number=int(cells[0]), language=cells[2], use=cells[3])
    return names


def _months() -> dict[str, _Name]:
    return _names("months.tsv", 12)


def _weekdays() -> dict[str, _Name]:
    return _names("weekdays.tsv", 7)


#: Words for a day counted from publication -> first and last day.
_DAY_WORDS = {
    "today": (0, 0), "tonight": (0, 0), "yesterday": (-1, -1), "tomorrow": (1, 1), "overnight": (-1, 0),
    "اليوم": (0, 0), "أمس": (-1, -1), "امس": (-1, -1), "غدا": (1, 1), "غداً": (1, 1),
    "bugün": (0, 0), "dün": (-1, -1), "yarın": (1, 1),
    "сегодня": (0, 0), "вчера": (-1, -1), "позавчера": (-2, -2), "завтра": (1, 1),
}  # fmt: skip
_NUMBER_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
#: A count in words -> its lowest and highest reading.
_COUNTS = {
    **{word: (n, n) for n, word in enumerate(_NUMBER_WORDS.split(), 1)},
    **{"a": (1, 1), "an": (1, 1), "dozen": (12, 12), "thirty": (30, 30), "forty": (40, 40), "fifty": (50, 50)},
    **{"couple": (2, 3), "few": (2, 5), "several": (3, 7), "some": (3, 7)},
}
#: "days ago", "in the last weeks": a plural without a count.
_BARE_COUNTS = {"hour": (1, 23), "day": (2, 6), "week": (2, 6), "month": (2, 11), "year": (2, 9), "decade": (2, 5)}
#: "recent days", "the coming weeks": how far they reach.
_RECENT = {"hour": 24, "day": 6, "week": 6, "month": 6, "year": 5, "decade": 3}
#: Days on each side within which a count of units is known.
_SLACK_DAYS = {"hour": 0, "day": 0, "week": 3, "month": 15, "year": 182, "decade": 1826}
_ORDINAL_WORDS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_ORDINALS = {word: n for n, word in enumerate(_ORDINAL_WORDS.split(), 1)}
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}  # first month, northern hemisphere
_UNITS = {
    **dict.fromkeys(("minute", "moment", "hour"), "hour"),
    **dict.fromkeys(("day", "night", "morning", "afternoon", "evening"), "day"),
    **dict.fromkeys(("week", "fortnight"), "week"),
    **{unit: unit for unit in ("weekend", "month", "year", "decade")},
}
_TIMES_OF_DAY = ("dawn", "daybreak", "sunrise", "noon", "midday", "midnight", "dusk", "sunset", "nightfall")

# Days of a month or a week, months of a year or season: the first and the last; 0 and below count from the end.
_MONTH_PARTS = {
    "early": (1, 10), "mid": (11, 20), "late": (21, 0), "start": (1, 7), "end": (-6, 0),
    "half1": (1, 15), "half2": (16, 0),
    "week1": (1, 7), "week2": (8, 14), "week3": (15, 21), "week4": (22, 28), "week-1": (-6, 0),
}  # fmt: skip
_WEEK_PARTS = {"early": (1, 2), "mid": (3, 4), "late": (5, 0), "start": (1, 2), "end": (5, 0)}
_YEAR_PARTS = {
    "early": (1, 4), "mid": (5, 8), "late": (9, 0), "start": (1, 1), "end": (12, 0),
    "half1": (1, 6), "half2": (7, 0),
}  # fmt: skip
_SEASON_PARTS = {"early": (1, 1), "mid": (2, 2), "late": (3, 0), "start": (1, 1), "end": (3, 0)}

# --- Grammar ----------------------------------------------------------------------------------------------------------
# All patterns read the folded text: lower case, plain apostrophes, hyphens and digits, same length as the text.


def _compile(pattern: str) -> re.Pattern[str]:
    """The pattern with each of its spaces standing for the gap between two words; a blank line is none."""
    return lazy_pattern(pattern.replace(" ", r"\x20{0,2}[\x20\n]"))


def _any_of(words: Iterable[str]) -> str:
    return "(?:" + "|".join(sorted(words, key=lambda word: (-len(word), word))) + ")"


_ORDINAL_ENDING = r"(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)\d\d"
_TIME_ZONE = r"(?: (?:(?:damascus |moscow |local )?time|local|gmt|utc|est|edt|cet|cest|bst|msk|eet|eest))"
_CLOCK = r"(?:\d\d?(?:[:.]\d\d)?(?: )?[ap](?:m(?!\w)|\.m\.?)|\d\d?:\d\d(?::\d\d)?(?![\d:]))"
_TIME = (
    rf"(?:(?:{_CLOCK}|{_any_of(_TIMES_OF_DAY)})(?!\w){_TIME_ZONE}?"
    r"(?: ?\(\d\d?[:.]?\d\d(?: )?(?:gmt|utc|local time)\))?)"
)
_WORD = re.compile(r"[a-z]++(?![^\W\d_])|\d+|[^\W\d_]+")  # the first branch is for the common case and quicker
_GAP = _compile(" ")
_WITHIN_NUMBER = re.compile(r"\d[.,:/-]\Z|[$£€#+]\Z")
_ISO = _compile(
    rf"({_YEAR})([-/])(\d\d?)\2(\d\d?)(?:[t\x20]\d\d:\d\d(?::\d\d(?:\.\d{{1,9}})?)?(?:z|[+-]\d\d:?\d\d)?)?(?!\w|[-/]\d)"
)
_NUMERIC = _compile(rf"(\d\d?)([./-])(\d\d?)\2({_YEAR})(?!\w|[./-]\d)")
_DAYS = _compile(
    rf"(\d\d?){_ORDINAL_ENDING}"
    rf"(?:(?:, \d\d?{_ORDINAL_ENDING}){{0,4}}(?: ?[-/] ?|,? (?:and|or|to|until|till|through|&) )"
    rf"(?:the )?(\d\d?){_ORDINAL_ENDING})?(?: of)? (?=[^\W\d_])"
)
_DAY_AFTER = _compile(rf"\.? (?:the )?(\d\d?){_ORDINAL_ENDING}(?![\w%]|[.,:/]\d)")
_MORE_DAYS = _compile(
    rf"(?:, \d\d?{_ORDINAL_ENDING}(?![\w%]|[.,:]\d)){{0,4}}(?: ?[-/] ?|,? (?:and|or|to|through|&) )"
    rf"(\d\d?){_ORDINAL_ENDING}(?![\w%]|[.,:]\d)(?! (?:people|civilians|soldiers|fighters|others|were))"
)
#: A number before one of these is no year.
_COUNTED_THINGS = (
    r"(?:%|percent|per cent|people|persons|civilians|fighters|soldiers|troops|men|women|children|families|refugees|"
    r"victims|rebels|militants|vehicles|tonnes|tons|km|kilomet|metres|meters|miles|dollars|pounds|euros|lira|times|"
    r"prisoners|detainees|homes|houses|buildings|deaths|dead|wounded|others|residents|buses|bodies|hours|feet)"
)
_YEAR_TAIL = _compile(
    rf",? (?:(?:of|عام|سنة) )?(?:({_YEAR})(?!\w|[.,:/]\d|-\d)(?! {_COUNTED_THINGS})(?: (?:года|году|г\.|yılında))?"
    r"|(last|this|next|that|the same|the following|the previous) (?:same )?year(?!\w))"
)
_YEARS = _compile(
    rf"({_YEAR})(s)?(?:(?: ?[-/] ?| (?:and|or|to|until|through) )({_YEAR}|(?<=[-/])\d\d))?"
    rf"(?![\w%]|[.,:/]\d|-\d)(?! {_COUNTED_THINGS})( (?:году|года|год|г\.|yılında|yılı))?"
)
_UNIT = rf"({_any_of(_UNITS)})(s)?(?![\w-])"
_COUNT_WORD = rf"(?:a few|a couple(?: of)?|a dozen|couple of|\d{{1,3}}|{_any_of(_COUNTS)})"
_COUNTED = _compile(
    rf"(?:({_COUNT_WORD}) (?:(?:to|or) ({_COUNT_WORD}) )?(?:full )?(?:and a half )?)?{_UNIT}(?: and a half)?"
    r" (ago(?: today)?|earlier|later|before|after|previously|prior|beforehand|afterwards?)(?!\w)"
)
#: What follows "a day before" or "the day after" when no clause does: the end of a phrase, or one of these words.
_PHRASE_ENDS = _compile(
    r"[\x20\t]{0,3}(?:[.,;:!?)\]\"'”»\n-]|\Z)| (?:and|at|but|by|during|in|near|on|that|when|with)(?!\w)"
)
_DAY_BUT_ONE = _compile(r"day (?:before yesterday|after tomorrow)(?!\w)")
_DETERMINED = _compile(
    r"(this|current|last|past|next|coming|previous|preceding|following|recent|same|that)(?: same)? "
    rf"(?:(?:(?:a|the) )?({_COUNT_WORD}) )?{_UNIT}"
)
_ORDINAL_DAY = _compile(
    rf"(\d\d?(?=st|nd|rd|th)|{_any_of(_ORDINALS)}){_ORDINAL_ENDING}"
    r"(?: (?:consecutive|straight|successive|running|full|continuous))? (day|night|week)(?![\w-])"
    r"(?: (?:running|in a row))?"
)
_ORDINAL_LEAD = _compile(r"(?<!\w)(?:for|entered|entering|enters|into|in) (?:(?:a|an|the|its|their) )?\Z")
_THE = _compile(r"(?<!\w)the \Z")
_OF_THE = _compile(r"(?<!\w)of the \Z")
_IN_THE = _compile(r"(?<!\w)(?:in|over|within|during|for) the \Z")
_CLOCK_PREP = _compile(r"(?<!\w)(?:at|around|about|before|after) \Z")
_POSSESSIVE = _compile(r"(?:'s|s') \Z")
_OF_PERIOD = _compile(rf" of (?:the )?({_YEAR}|[^\W\d_]+)(?!\w)")
_SEASON_YEAR = _compile(rf" (?:of )?(?:({_YEAR})(?:-\d\d)?(?!\w|[.,]\d)|(last|this|next) year(?!\w))")
_NOT_TODAY = _compile(r" (?:programme|show|التالي|السابق|نفسه)(?!\w)")
_NOT_A_WEEKDAY = _compile(
    r" (?:times|telegraph|mirror|express|mail|herald|post|people|star|independent|tribune|market|league)(?!\w)"
)
_WEEKDAY_NAMED = _compile(r"(?<!\w)(?:black|bloody|good|easter|palm|holy|ash|mail on|every|each|most|sheffield) \Z")
_WEEK_TAIL = _compile(r",? (?:of )?(last|this|next) week(?!\w)")
_POLITICAL = _compile(
    r" (?:alliance|coalition|bloc|movement|brigades?|battalion|martyrs|stadium|bridge|square|street)(?!\w)"
)
_SECOND_MONTH = _compile(r" ?/ ?(?=[^\W\d_])")
_TIME_TAIL = _compile(
    r"(?: (?:(?:early|late|mid) )?(?:morning|afternoon|evening|night|overnight|lunchtime)(?!\w))?"
    rf"(?:(?:,? (?:(?:shortly|just) )?(?:at (?:around|about)|at|around|about|before|after) |,? (?:[-@] )?){_TIME})?"
)
_LEAD_PART = (
    r"so far |mid-|early-|late-|(?:early|late|mid|later|earlier)(?: (?:on|in|of))? "
    r"|(?:end|close|start|beginning|outset|onset|middle|(?:first|second|latter) half"
    r"|(?:first|second|third|fourth|last|final) week|(?:first|opening|early|last|final|closing) (?:days|weeks|months)"
    r"|(?:early|small|pre-dawn|late|first) hours|night|morning|afternoon|evening) (?:of|on) "
    r"|(?:أوائل|مطلع|بداية|منتصف|أواخر|نهاية|начале|начала|середине|конце|конца) "
)
_LEAD = _compile(
    rf"(?<![\w'-])(?:(?:(?:shortly|just|soon) )?(?:at|around|about|before|after|by|from) {_TIME},? )?"
    r"(?:(?P<bound>(?:ever )?since|(?:up )?until|till|by|prior to|ahead of|before|after|from|between|"
    r"منذ|حتى|с|до|после) )?"
    r"(?:(?:في|خلال) (?=(?:عام|سنة|شهر|يوم|مساء|صباح|فجر) ))?"
    r"(?:(?P<prep>on|in|at|during|over|within|throughout|through|for|of|"
    r"في|خلال|يوم|مساء|صباح|فجر|ليلة|شهر|عام|سنة|в|во) )?"
    r"(?:(?P<approx>about|around|nearly|almost|just|roughly|some|(?:more|less|fewer) than|over|under) )?"
    rf"(?:(?:the )?(?:very )?(?P<part>{_LEAD_PART}))?"
    r"(?P<article>(?:the|a|an|its|their|his|her|our) )?"
    r"(?:(?P<which>last|this|this coming|next|coming|previous|preceding|following|same|that|that same) )?\Z"
)
#: The longest lead, "shortly before 08:40 local time (05:40 GMT) on the last Wednesday", fits.
_LEAD_CHARS = 64
_LAST_WORD = re.compile(r"([^\W\d_]+)[.,)\x20\n-]{1,4}\Z")
#: The last words of all leads; behind any other word the pattern above need not run.
_LEAD_WORDS = frozenset(
    word
    for line in (
        "on in at during over within throughout through for of since until till by to before after from between about",
        "around nearly almost just roughly some than under far early late mid later earlier the a an its their his her",
        "our last this coming next previous preceding following same that time gmt utc am pm m dawn noon midnight",
        "منذ حتى في خلال يوم مساء صباح فجر ليلة شهر عام سنة أوائل مطلع بداية منتصف أواخر نهاية",
        "с до после начале начала середине конце конца в во",
    )
    for word in line.split()
)
_CONNECTS = _compile(r" ?- ?| (?:to|until|till|through|up to) ")
_CONNECTS_BETWEEN = _compile(r" and ")
_CONNECTS_WEEKDAYS = _compile(r" (?:and )?into (?:the )?")
_JOINS = _compile(r",? ?\(?(?:the )?|,? ")

_MONTH_PREPS = frozenset(("in", "during", "over", "throughout", "through", "within", "of", "في", "خلال", "شهر", "в"))
_SEASON_PREPS = frozenset(("in", "during", "over", "throughout", "through"))
_YEAR_PREPS = frozenset(
    ("in", "of", "during", "throughout", "through", "for", "within", "في", "خلال", "عام", "سنة", "в", "во")
)
_DAY_KINDS = frozenset(("day", "month_day", "weekday"))
_CALENDAR_KINDS = frozenset(("day", "month_day", "month", "year", "weekday", "season"))


@dataclass(slots=True)
class _Found:
    """An expression in the making: the core that a reader saw, then the words that lead to it."""

    core: int  # where the core starts; `begin` is where its lead does
    end: int
    kind: str
    use: str = "alone"  # as in _Name; besides: `part` needs a part ("the end of the week"), `prep` a preposition
    begin: int = 0
    bound: str | None = None
    prep: str | None = None
    article: bool = False
    year: int | None = None
    month: int | None = None
    month_end: int = 0  # of "March" in "March 5"
    day: int | None = None
    second: int | None = None  # the other end of "19-21 June" (a day) or "2011-2014" (a year)
    weekday: int | None = None
    unit: str | None = None
    which: str | None = None
    low: int | None = None
    high: int | None = None
    part: str | None = None
    ends: tuple[_Found, _Found] | None = None  # of a range of two expressions


def find_expressions(text: str, *, offset: int = 0) -> tuple[TimeExpression, ...]:
    """The expressions of time in a text, in order and never overlapping; empty when there are none.

    `offset` is where `text` begins in a longer one; the spans count in that.

    >>> [(e.text, e.kind) for e in find_expressions("Early on Wednesday jets may strike, as in December 2016.")]
    [('Early on Wednesday', 'weekday'), ('in December 2016', 'month')]
    """
    low = _fold(text)
    readers = _readers()
    found: list[_Found] = []
    here = 0
    for word in [word for word in _WORD.finditer(low) if word[0] in readers]:
        if word.start() < here:
            continue
        core = readers[word[0]](text, low, word.start())
        if core is not None:
            _add_lead(core, low, here)
            if _is_accepted(core, low, found):
                _add_tail(core, low)
                found.append(core)
                here = core.end
    return tuple(
        _expression(f, text, low, offset) for f in _joined(found, low) if f.use != "date" and _stands_free(f, low)
    )


#: Typographic signs -> the plain one, one character for one.
_PLAIN = {
    **dict.fromkeys(("’", "‘", "ʼ", "´"), "'"),
    **dict.fromkeys(("–", "—", "‑", "‐", "−"), "-"),
    **dict.fromkeys(("\u00a0", "\u202f", "\u2009", "\t", "\r"), " "),
}
_OTHER_DIGITS = {ord(a): str(i % 10) for i, a in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}


def _fold(text: str) -> str:
    """The text in lower case with plain signs and digits, of the same length."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(lower if len(lower := char.lower()) == 1 else char for char in text)
    if not low.isascii():
        if re.search(r"[\u0600-\u06ff]", low):
            low = low.translate(_OTHER_DIGITS)
        for sign, plain in _PLAIN.items():
            low = low.replace(sign, plain)
    else:
        low = low.replace("\t", " ").replace("\r", " ")
    return low


_Reader = Callable[[str, str, int], "_Found | None"]


@cache
def _readers() -> dict[str, _Reader]:
    """Trigger word -> the reader that runs where it stands."""
    readers: dict[str, _Reader] = {}
    readers.update((word, _read_counted) for word in (*_COUNTS, *(f"{unit}s" for unit in _UNITS)))
    readers.update(
        (word, _read_unit)
        for word in ("day", "night", "morning", "evening", "week", "weekend", "month", "year", "decade")
    )
    readers.update((word, _read_ordinal) for word in _ORDINALS)
    readers.update(
        (word, _read_determined)
        for word in (
            (
                "this",
                "current",
                "last",
                "past",
                "next",
                "coming",
                "previous",
                "preceding",
                "following",
                "recent",
                "same",
                "that",
            )
        )
    )
    readers.update((word, _read_season) for word in _SEASONS)
    readers.update((word, _read_time_of_day) for word in _TIMES_OF_DAY)
    readers.update((word, _read_day_word) for word in _DAY_WORDS)
    readers.update((form.split()[0], _read_month) for form in _months())
    readers.update((form.split()[0], _read_weekday) for form in _weekdays())
    numbers = {f"{n:0{width}}" for width in (1, 2) for n in range(1000)} | {str(year) for year in range(1900, 2100)}
    readers.update((number, _read_number) for number in numbers)
    return readers


@cache
def _name_pattern(weekdays: bool) -> re.Pattern[str]:
    forms = sorted(_weekdays() if weekdays else _months(), key=lambda form: (-len(form), form))
    return _compile("(?:" + "|".join(forms) + r")(?!\w)")


def _month_at(text: str, low: str, start: int, *, has_day: bool) -> tuple[_Name, int] | None:
    """The month name at a place, with its end; Arabic writes two names as one ("شباط/فبراير")."""
    match = _name_pattern(False).match(low, start)
    if match is None:
        return None
    name = _months()[" ".join(match[0].split())]
    if name.language == "en" and not text[start].isupper() and not (has_day and _YEAR_TAIL.match(low, match.end())):
        return None
    end = match.end()
    slash = _SECOND_MONTH.match(low, end)
    again = slash and _name_pattern(False).match(low, slash.end())
    if again and _months()[" ".join(again[0].split())].number == name.number:
        end = again.end()
    if name.use == "date" and name.language == "en" and low.startswith(".", end):
        end += 1
    return name, end


def _add_year(found: _Found, low: str) -> _Found:
    """Read the year behind a month or a day: "2016", ", 2016", "of last year"."""
    tail = _YEAR_TAIL.match(low, found.end)
    if tail is not None:
        found.end = tail.end()
        if tail[1]:
            found.year = int(tail[1])
        else:
            found.unit, found.which = "year", tail[2].split()[-1].replace("that", "same")
    if found.day is not None:
        found.kind = "day" if found.year is not None else "month_day"
    return found


def _word_at(low: str, start: int) -> str:
    match = _WORD.match(low, start)
    assert match is not None
    return match[0]


def _is_day(day: int | None, month: int, year: int | None) -> bool:
    return day is not None and 1 <= day <= monthrange(year or 2000, month)[1]


def _read_number(text: str, low: str, start: int) -> _Found | None:
    if _WITHIN_NUMBER.search(low, max(0, start - 2), start):
        return None
    iso = _ISO.match(low, start)
    if iso:
        return _full_date(start, iso.end(), int(iso[1]), int(iso[3]), int(iso[4]))
    numeric = _NUMERIC.match(low, start)
    if numeric:
        return _numeric_date(numeric)
    return (
        _read_day_month(text, low, start)
        or _read_counted(text, low, start)
        or _read_ordinal(text, low, start)
        or _read_year(low, start)
    )


def _full_date(start: int, end: int, year: int, month: int, day: int) -> _Found | None:
    if not 1 <= month <= 12 or not _is_day(day, month, year):
        return None
    return _Found(core=start, end=end, kind="day", year=year, month=month, day=day)


def _numeric_date(match: re.Match[str]) -> _Found | None:
    """Dots mean day first; with slashes or hyphens a number above 12 must tell the day."""
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if match[2] == "." or first > 12 or first == second:
        return _full_date(match.start(), match.end(), year, second, first)
    if second > 12:
        return _full_date(match.start(), match.end(), year, first, second)
    return _Found(core=match.start(), end=match.end(), kind="ambiguous") if first and second else None


def _read_day_month(text: str, low: str, start: int) -> _Found | None:
    days = _DAYS.match(low, start)
    month = days and _month_at(text, low, days.end(), has_day=True)
    if days is None or month is None:
        return None
    found = _add_year(_Found(core=start, end=month[1], kind="month_day", month=month[0].number, day=int(days[1])), low)
    return _with_second(found, days[2])


def _with_second(found: _Found, last: str | None) -> _Found | None:
    """Add the second day of "19-21 June", or reject a day that the month does not have."""
    assert found.month is not None
    if not _is_day(found.day, found.month, found.year):
        return None
    if last is not None and found.day is not None:
        if not found.day < int(last) or not _is_day(int(last), found.month, found.year):
            return None
        found.second = int(last)
    return found


def _read_month(text: str, low: str, start: int) -> _Found | None:
    month = _month_at(text, low, start, has_day=False)
    if month is None:
        return _lower_case_full_date(low, start)
    name, end = month
    found = _Found(core=start, end=end, kind="month", use=name.use, month=name.number, month_end=end)
    dated = _read_month_day(replace(found, use="alone"), low) if name.language == "en" else None
    if dated is not None:
        return dated
    _add_year(found, low)
    if found.year is not None or found.which is not None:
        found.use = "alone"
    elif name.use == "name" and low.startswith("'s", end):
        return None
    return found


def _read_month_day(found: _Found, low: str) -> _Found | None:
    """The day behind a month name: "January 12", "January 12-13", but "March 5" alone in "March 5 to 2 April"."""
    day = _DAY_AFTER.match(low, found.end)
    if day is None:
        return None
    found.day, found.end = int(day[1]), day.end()
    more = _MORE_DAYS.match(low, day.end())
    if more and not _next_word_is_month(low, more.end()):
        found.end = more.end()
        return _with_second(_add_year(found, low), more[1])
    return _with_second(_add_year(found, low), None)


def _next_word_is_month(low: str, end: int) -> bool:
    gap = _GAP.match(low, end)
    return gap is not None and _name_pattern(False).match(low, gap.end()) is not None


def _lower_case_full_date(low: str, start: int) -> _Found | None:
    """A lower-case English month is one only in a full date: "february 9, 2017"."""
    match = _name_pattern(False).match(low, start)
    day = match and _DAY_AFTER.match(low, match.end())
    year = day and _YEAR_TAIL.match(low, day.end())
    if match is None or day is None or year is None or year[1] is None:
        return None
    return _full_date(start, year.end(), int(year[1]), _months()[" ".join(match[0].split())].number, int(day[1]))


def _read_year(low: str, start: int) -> _Found | None:
    match = _YEARS.match(low, start)
    if match is None or (match[2] and match[3]):
        return None
    year = int(match[1])
    if match[2]:
        return _Found(core=start, end=match.end(), kind="decade", year=year) if year % 10 == 0 else None
    use = "alone" if match[4] else "year"
    found = _Found(core=start, end=match.end(), kind="year", year=year, use=use)
    if match[3]:
        last = int(match[3]) if len(match[3]) == 4 else year // 100 * 100 + int(match[3])
        if last <= year:
            return None
        found.second = last
    return found


def _read_weekday(text: str, low: str, start: int) -> _Found | None:
    match = _name_pattern(True).match(low, start)
    if match is None:
        return None
    name = _weekdays()[match[0]]
    if name.language == "en" and not text[start].isupper():
        return None
    if _NOT_A_WEEKDAY.match(low, match.end()) or _WEEKDAY_NAMED.search(low, max(0, start - 16), start):
        return None
    found = _Found(core=start, end=match.end(), kind="weekday", use=name.use, weekday=name.number - 1)
    if name.use == "date" and low.startswith(".", found.end):
        found.end += 1
    week = _WEEK_TAIL.match(low, found.end)
    if week:
        found.end, found.which, found.unit = week.end(), week[1], "week"
    return found


def _read_day_word(text: str, low: str, start: int) -> _Found | None:
    word = _word_at(low, start)
    end = start + len(word)
    if _NOT_TODAY.match(low, end):
        return None
    first, last = _DAY_WORDS[word]
    return _Found(core=start, end=end, kind="relative", unit="day", which="word", low=first, high=last)


def _count_of(words: str | None, unit: str) -> tuple[int, int]:
    if words is None:
        return _BARE_COUNTS[unit]
    last = words.split()[-1] if not words.endswith(" of") else words.split()[-2]
    return (int(last), int(last)) if last.isdigit() else _COUNTS[last]


def _read_counted(text: str, low: str, start: int) -> _Found | None:
    """Read "two days ago", "hours later", "a day before"; with a clause behind them they are no date."""
    match = _COUNTED.match(low, start)
    if match is None or (match[1] is None and match[4] is None):
        return None
    return _counted(match, low)


def _counted(match: re.Match[str], low: str) -> _Found | None:
    first, second, unit_word, _, relation = match.groups()
    unit = _UNITS[unit_word]
    if unit == "weekend":
        return None
    singular = first is None and match[4] is None  # "the day before"
    few, many = (1, 1) if singular else _count_of(first, unit)
    if second is not None:
        many = _count_of(second, unit)[1]
    if unit_word == "fortnight":
        few, many = 2 * few, 2 * many
    if unit_word in ("minute", "moment"):
        few, many = 0, 0
    if few > many:
        return None
    found = _Found(core=match.start(), end=match.end(), kind="anchor", unit=unit, low=few, high=many)
    if relation.startswith("ago"):
        found.kind, found.which = "relative", "ago"
        if relation != "ago":
            found.part = "exact"
    elif relation in ("before", "after", "prior") and not _PHRASE_ENDS.match(low, match.end()):
        found.kind = "clause"
    else:
        found.which = "later" if relation.startswith(("later", "after")) else "earlier"
    return found


def _read_unit(text: str, low: str, start: int) -> _Found | None:
    """A unit in the singular: "the day before", or a calendar unit that needs a part or a preposition in its lead."""
    but_one = _DAY_BUT_ONE.match(low, start)
    if but_one:
        shift = 2 if "tomorrow" in but_one[0] else -2
        return _Found(core=start, end=but_one.end(), kind="relative", unit="day", which="word", low=shift, high=shift)
    counted = _COUNTED.match(low, start) if _THE.search(low, max(0, start - 6), start) else None
    anchor = _counted(counted, low) if counted and not counted[4] and not counted[5].startswith("ago") else None
    # "the end of the year after four of war" is the end of a year.
    if anchor is not None and not (anchor.kind == "clause" and _OF_THE.search(low, max(0, start - 9), start)):
        return anchor
    word = _word_at(low, start)
    end = start + len(word)
    if word in ("night", "morning", "evening") or low.startswith("-", end):
        return None
    use = "prep" if word == "weekend" else "part"
    return _Found(core=start, end=end, kind="relative", use=use, unit=_UNITS[word], which="the")


def _names_month_or_year(low: str, end: int) -> bool:
    of = _OF_PERIOD.match(low, end)
    return of is not None and (of[1] in ("month", "year") or of[1].isdigit() or of[1] in _months())


def _read_ordinal(text: str, low: str, start: int) -> _Found | None:
    """Read "for a fifth day", "into its second week": the days since the first one, up to publication."""
    match = _ORDINAL_DAY.match(low, start)
    lead = match and _ORDINAL_LEAD.search(low, max(0, start - 24), start)
    if match is None or not lead:
        return None
    if _names_month_or_year(low, match.end()):
        return None
    count = int(match[1]) if match[1].isdigit() else _ORDINALS[match[1]]
    if count < 2:
        return None
    return _Found(
        core=lead.start(), end=match.end(), kind="span", unit=_UNITS[match[2]], which="running", low=count, high=count
    )


def _read_determined(text: str, low: str, start: int) -> _Found | None:
    """Read "last week", "this morning", "the past 24 hours", "that night", "the following day", "recent months"."""
    match = _DETERMINED.match(low, start)
    if match is None:
        return None
    which, count, word, plural = match.groups()
    unit = _UNITS[word]
    which = {"current": "this", "preceding": "previous", "that": "same"}.get(which, which)
    found = _Found(core=start, end=match.end(), kind="relative", unit=unit, which=which)
    if count is not None or plural:
        return _spanning(found, count, low)
    if which in ("past", "coming") and unit != "weekend":
        found.kind, found.low, found.high = "span", 1, 1
        return found
    if which == "recent" or (which == "this" and word == "day") or unit == "hour":
        return None
    has_article = _THE.search(low, max(0, start - 6), start) is not None
    if which == "last" and has_article and unit in ("week", "month", "year", "decade"):
        if low.startswith(" of", match.end()):
            return None  # "the last week of March" is a part of March
        found.kind, found.which, found.low, found.high = "span", "past", 1, 1
    elif which in ("same", "previous", "following"):
        found.kind = "anchor"
    elif which == "next" and (unit == "day" or (has_article and not _IN_THE.search(low, max(0, start - 14), start))):
        found.kind, found.which = "anchor", "following"
    return found


def _spanning(found: _Found, count: str | None, low: str) -> _Found | None:
    """Complete "the past three days", "recent weeks", "the next 48 hours"."""
    unit, which = found.unit or "", found.which
    if unit == "weekend" or which in ("this", "same") or (count is None and low.startswith(" of", found.end)):
        return None
    if count is None:
        if which not in ("last", "past", "recent", "coming"):
            return None
        found.low = found.high = _RECENT[unit]
    else:
        if _names_month_or_year(low, found.end):  # "the last two weeks of March"
            return None
        found.low, found.high = _count_of(count, unit)
    found.kind = "span"
    found.which = "coming" if which in ("next", "coming", "following") else "past"
    return found


def _read_season(text: str, low: str, start: int) -> _Found | None:
    word = _word_at(low, start)
    found = _Found(core=start, end=start + len(word), kind="season", use="season", month=_SEASONS[word])
    year = _SEASON_YEAR.match(low, found.end)
    if year:
        found.end, found.use = year.end(), "alone"
        if year[1]:
            found.year = int(year[1])
        else:
            found.unit, found.which = "year", year[2]
    return found


def _read_time_of_day(text: str, low: str, start: int) -> _Found | None:
    return _Found(core=start, end=start + len(_word_at(low, start)), kind="part_of_day", use="prep")


# --- What stands around a core ----------------------------------------------------------------------------------------


def _add_lead(found: _Found, low: str, floor: int) -> None:
    """Read the words before a core ("since early last ..."), no further back than `floor`."""
    found.begin = found.core
    window = max(floor, found.core - _LEAD_CHARS)
    word = _LAST_WORD.search(low, max(window, found.core - 16), found.core)
    if word is None or word[1] not in _LEAD_WORDS:
        return
    lead = _LEAD.search(low, window, found.core)
    if lead is None or (lead["which"] and found.kind not in _CALENDAR_KINDS):
        return  # in "that two days later" and "that last month" the first word is a conjunction
    found.begin = lead.start()
    bound, prep, part, which = lead["bound"], lead["prep"], lead["part"], lead["which"]
    found.bound = " ".join(bound.split()).replace("ever since", "since").replace("منذ", "since") if bound else None
    found.prep = prep
    found.article = lead["article"] is not None
    if part and found.part is None:
        found.part = _part_code(part.replace("-", " ").split())
    if which and found.which is None:
        last = which.split()[-1]
        found.which = {"that": "same", "coming": "next", "preceding": "previous"}.get(last, last)
    names_day = found.kind in ("weekday", "month_day", "month", "day") or found.which == "word"
    adjective = found.article and names_day and low[found.core].isalpha()
    if adjective and not (found.bound or found.part or found.which):
        found.begin, found.prep = found.core, None  # "during a Thursday meeting", "the overnight raids"
    if lead["approx"] and lead["approx"].startswith(("less", "fewer", "under")) and found.low == found.high:
        found.low = 0


_PART_WORDS = {
    **dict.fromkeys(("early", "أوائل", "начале", "начала"), "early"),
    **dict.fromkeys(("mid", "middle", "منتصف", "середине"), "mid"),
    **dict.fromkeys(("late", "أواخر", "конце", "конца"), "late"),
    **dict.fromkeys(("start", "beginning", "outset", "onset", "مطلع", "بداية"), "start"),
    **dict.fromkeys(("end", "close", "نهاية"), "end"),
    **{"earlier": "earlier", "so": "earlier", "later": "later"},
}
_WEEKS = {"first": "week1", "second": "week2", "third": "week3", "fourth": "week4", "last": "week-1", "final": "week-1"}


def _part_code(words: list[str]) -> str | None:
    """Return the key of a part: "early in" is early, "first half of" half1; None for a part of a day."""
    if "half" in words:
        return "half1" if words[0] == "first" else "half2"
    if "week" in words:
        return _WEEKS[words[0]]
    if "days" in words or "weeks" in words:
        return "start" if words[0] in ("first", "opening", "early") else "end"
    if "months" in words:
        return "early" if words[0] in ("first", "opening", "early") else "late"
    if "hours" in words:
        return None
    return _PART_WORDS.get(words[0])


def _is_accepted(found: _Found, low: str, earlier: list[_Found]) -> bool:
    """Whether a core with its lead is a time; settles the readings that only the lead decides."""
    leads = found.bound is not None or found.part is not None or found.which is not None
    hours = re.search(r"(?:hours|night|morning|afternoon|evening) of ", low[found.begin : found.core]) is not None
    in_month = found.kind == "month_day" and found.month_end and found.prep == "in" and not hours
    if in_month and not found.article and not found.which:
        # "In March 24 people were killed": no one writes "in March 24" for a day.
        found.kind, found.day, found.second, found.end = "month", None, None, found.month_end
    if found.kind == "month" and found.use in ("lead", "name"):
        by_verb = found.use == "name" and found.bound in ("by", "before", "after", "from", "between")
        if by_verb or not (leads or found.prep in _MONTH_PREPS):
            return _follows(found, low, earlier)
    if found.kind == "month" and found.use == "date" and found.year is None and found.which is None:
        return False
    if found.kind == "month_day" and found.prep != "on" and _POLITICAL.match(low, found.end):
        return False
    if found.kind == "weekday" and _WEEKDAY_NAMED.search(low, max(0, found.begin - 16), found.begin):
        return False
    if found.kind == "weekday" and found.use == "lead" and not (leads or found.prep):
        return False
    if found.kind == "season" and found.use == "season":
        # "the fall of Aleppo", "Arab Spring"
        return found.which in ("last", "this", "next") or (
            (found.prep in _SEASON_PREPS or found.bound == "since" or found.part is not None) and low[found.core] != "f"
        )
    if found.use == "prep":
        return found.prep is not None or found.bound is not None or _in_clock(found, low)
    if found.use == "part":
        if found.unit == "day":
            # "later in the day" is the day of the event before; "at the end of the day" is an idiom.
            found.kind, found.which = "anchor", "same"
            return found.part in ("early", "late", "earlier", "later")
        return found.part is not None
    if found.kind == "year" and found.use == "year":
        return _accept_year(found, low, earlier)
    return True


def _in_clock(found: _Found, low: str) -> bool:
    return found.kind == "part_of_day" and _CLOCK_PREP.search(low, max(0, found.core - 9), found.core) is not None


def _accept_year(found: _Found, low: str, earlier: list[_Found]) -> bool:
    if found.article or _POSSESSIVE.search(low, max(0, found.core - 6), found.core):
        # "the 2016 ceasefire", "a repeat of the 2011 famine", "Canada's 2015 election"
        found.use, found.kind, found.bound, found.begin = "alone", "named_year", None, found.core
        return True
    parenthesis = low[found.core - 1 : found.core] == "(" and low[found.end : found.end + 1] == ")"
    if found.bound is not None or found.prep in _YEAR_PREPS or found.part is not None or parenthesis:
        found.use = "alone"
        return True
    return _follows(found, low, earlier)


def _follows(found: _Found, low: str, earlier: list[_Found]) -> bool:
    """Whether a bare month or year ends a range that the expression before it begins ("March 2011 to 2014")."""
    if not earlier or not _range_gap(earlier[-1], found, low):
        return False
    found.use = "alone"
    return True


def _add_tail(found: _Found, low: str) -> None:
    """Read the time of day behind a day: "Friday night", "9 February, around 08:40 local time (05:40 GMT)"."""
    if found.kind in _DAY_KINDS or (found.kind == "relative" and found.which == "word"):
        tail = _TIME_TAIL.match(low, found.end)
        if tail:
            found.end = tail.end()
    if found.bound not in (None, "since") and low.startswith("'s", found.end):
        found.begin, found.bound = found.core, None  # "before Thursday's attacks" speaks of Thursday


def _range_gap(first: _Found, last: _Found, low: str) -> bool:
    if first.kind not in _CALENDAR_KINDS or last.kind not in _CALENDAR_KINDS or first.second or last.second:
        return False
    if first.bound not in (None, "from", "between", "since") or last.bound not in (None, "until", "till"):
        return False
    gap = low[first.end : last.begin]
    if len(gap) > 16:
        return False
    if last.bound is not None:  # "until" stands in the lead of the second
        return not gap.strip()
    if _CONNECTS.fullmatch(gap) or (first.bound == "between" and _CONNECTS_BETWEEN.fullmatch(gap)):
        return True
    return first.kind == last.kind == "weekday" and _CONNECTS_WEEKDAYS.fullmatch(gap) is not None


def _joined(found: list[_Found], low: str) -> list[_Found]:
    """Make neighbours one that are: a weekday with its date, a time of day with its day, the two ends of a range."""
    done: list[_Found] = []
    for new in found:
        last = new
        while done and _join(done[-1], last, low):
            last = done.pop()
        done.append(last)
    return done


def _join(before: _Found, this: _Found, low: str) -> bool:
    """Join `this` into `before` where they are one; `before` then holds both."""
    gap = low[before.end : this.begin]
    joins = len(gap) <= 8 and _JOINS.fullmatch(gap) is not None
    if before.kind == "weekday" and this.kind in ("day", "month_day") and this.bound is None and joins:
        end = this.end + ("(" in gap and low.startswith(")", this.end))
        _become(before, replace(this, weekday=before.weekday), end=end)
        return True
    in_apposition = joins and ("," in gap or "(" in gap) and this.begin == this.core
    if before.kind == "day" and this.kind == "weekday" and in_apposition:
        before.weekday = this.weekday
        before.end = this.end + ("(" in gap and low.startswith(")", this.end))
        return True
    is_clock = before.kind == "part_of_day" or (before.which == "word" and low.startswith("overnight", before.core))
    if is_clock and this.kind in _DAY_KINDS and this.bound is None and joins and "(" not in gap:
        _become(before, this, end=this.end)
        before.bound = before.bound if before.bound == "since" else None
        return True
    if _range_gap(before, this, low) and this.use != "date":
        before.ends = (replace(before, bound=None), replace(this, bound=None))
        before.kind, before.bound, before.end, before.use = "range", None, this.end, "alone"
        before.second = before.part = before.which = before.unit = None
        return True
    return False


def _become(target: _Found, source: _Found, *, end: int) -> None:
    """Give `target` all that `source` says, but its own beginning and what leads to it."""
    begin, bound, prep = target.begin, target.bound, target.prep
    for name in _Found.__slots__:
        setattr(target, name, getattr(source, name))
    target.begin, target.core, target.bound, target.prep, target.end = begin, begin, bound, prep, end


def _stands_free(found: _Found, low: str) -> bool:
    """Whether no hyphen ties the expression to the word before it ("post-December", "al-Sabt")."""
    before = low[max(0, found.begin - 2) : found.begin]
    return not (before.endswith("-") and before[:1].isalnum()) and not before.endswith(("@", "#", "_"))


def _expression(found: _Found, text: str, low: str, offset: int) -> TimeExpression:
    def made(kind: str, **fields: Any) -> TimeExpression:
        return TimeExpression(
            start=found.begin + offset,
            end=found.end + offset,
            text=text[found.begin : found.end],
            kind=kind,
            **fields,
        )

    core = made(
        found.kind, year=found.year, month=found.month, day=found.day, weekday=found.weekday, unit=found.unit,
        which=found.which, low=found.low, high=found.high, part=found.part,
    )  # fmt: skip
    if found.ends is not None:
        core = made("range", inner=tuple(_expression(end, text, low, offset) for end in found.ends))
    elif found.second is not None:
        last = replace(core, day=found.second) if found.day is not None else replace(core, year=found.second)
        core = made("range", inner=(core, last))
    if _is_future(found):
        core = made("future", inner=(core,))
    if found.bound == "since" and core.kind != "clause":
        return made("since", inner=(core,))
    if found.bound == "by" and core.kind not in ("clause", "part_of_day"):
        return made("by", inner=(core,))
    if found.bound not in (None, "since", "by", "from", "between") and core.kind != "part_of_day":
        return made("bound", inner=(core,))
    return core


def _is_future(found: _Found) -> bool:
    if found.kind == "span":
        return found.which == "coming"
    if found.which == "word":
        return found.low is not None and found.low > 0
    return found.which == "next" or (
        found.kind == "relative" and found.part == "later" and found.which in ("this", "the") and found.unit != "day"
    )


# --- Resolution -------------------------------------------------------------------------------------------------------


#: Periods away from the one around the reference day; all other words mean that one.
_STEPS = {"last": -1, "previous": -1, "next": 1, "following": 1}
#: "by 10 October" may lie ahead: the nearer of the latest and the coming one is meant.
_HALF_A_YEAR = timedelta(183)


@dataclass(frozen=True, slots=True)
class _Days:
    start: date
    end: date
    method: str


def resolve(expression: TimeExpression, *, published: date | None, previous: When | None = None) -> When | None:
    """The days that an expression means, or None where nothing fixes them.

    `published` is the article's own date; without it only what is fully stated, or counts from `previous` (the time of
    the event before), has an answer. A chain takes the method of `previous`, but never `publication_date`.

    >>> wednesday = find_expressions("Jets struck early on Wednesday.")[0]
    >>> resolve(wednesday, published=date(2017, 1, 20)).start
    datetime.date(2017, 1, 18)
    >>> resolve(wednesday, published=None) is None
    True
    """
    try:
        days = _days(expression, published, previous)
    except (OverflowError, ValueError):  # "999 decades ago" lies before the first day that a date can be
        return None
    if days is None or days.end < days.start:
        return None
    return When(start=days.start, end=days.end, basis=expression.text, method=days.method)


def _days(e: TimeExpression, published: date | None, previous: When | None) -> _Days | None:
    match e.kind:
        case "bound" | "clause" | "ambiguous":
            return None
        case "future":
            return _days(e.inner[0], published, previous)
        case "by":
            return _days_by(e.inner[0], published, previous)
        case "since":
            begun = _days(e.inner[0], published, previous)
            return _Days(begun.start, published, begun.method) if begun and published else None
        case "range":
            return _range_days(e.inner[0], e.inner[1], published, previous)
        case "part_of_day":
            return _chained(previous, previous.start, previous.end) if previous else None
        case "anchor":
            return _anchor_days(e, published, previous)
    if e.year is not None:
        start, end = _part_of(e, *_calendar_days(e, e.year))
        return _Days(start, end, "stated")
    if e.unit == "year" and e.which in ("same", "following", "previous"):  # "in May of the following year"
        year = previous.start.year + _STEPS.get(e.which, 0) if previous else 0
        return _chained(previous, *_part_of(e, *_calendar_days(e, year))) if previous else None
    if e.kind == "weekday" and e.which in ("same", "following", "previous") and previous is not None:
        return _weekday_after(e, previous)
    if published is None:
        return None
    start, end = _relative_days(e, published)
    return _Days(start, end, "relative_to_publication")


def _days_by(e: TimeExpression, published: date | None, previous: When | None) -> _Days | None:
    latest = _days(e, published, previous)
    yearless = e.kind in ("month_day", "month") and e.year is None and e.which is None
    if latest is None or published is None or not yearless or published - latest.end <= _HALF_A_YEAR:
        return latest
    return _days(replace(e, which="next"), published, previous)


def _chained(previous: When | None, start: date, end: date) -> _Days | None:
    if previous is None:
        return None
    method = "relative_to_publication" if previous.method == "publication_date" else previous.method
    return _Days(start, end, method)


def _calendar_days(e: TimeExpression, year: int) -> tuple[date, date]:
    """First and last day of an expression in a given year; ValueError for 29 February in most years."""
    if e.kind == "decade":
        return date(year, 1, 1), date(year + 9, 12, 31)
    if e.month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if e.day is not None:
        return date(year, e.month, e.day), date(year, e.month, e.day)
    first = date(year, e.month, 1)
    return first, _add_months(first, 3 if e.kind == "season" else 1) - timedelta(1)


def _part_of(e: TimeExpression, start: date, end: date) -> tuple[date, date]:
    """The early, middle, late, ... days of a period; the whole period where the part means nothing for it."""
    days = (end - start).days + 1
    if e.part is None or days == 1:
        return start, end
    if days <= 31:
        table = _WEEK_PARTS if days <= 7 else _MONTH_PARTS
        first, last = table.get(e.part, (1, 0))
        return start + timedelta((first - 1) if first > 0 else days + first - 1), start + timedelta((last or days) - 1)
    table = _SEASON_PARTS if days < 100 else _YEAR_PARTS
    first, last = table.get(e.part, (1, 0))
    return _add_months(start, first - 1), (_add_months(start, last) - timedelta(1)) if last and days < 400 else end


def _add_months(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _shift(day: date, unit: str, count: int) -> date:
    """A day moved by a count of units; 24 hours are a day, the rest of them is dropped."""
    if unit == "hour":
        return day + timedelta(count // 24 if count >= 0 else -(-count // 24))
    if unit in ("day", "week", "weekend"):
        return day + timedelta(count if unit == "day" else 7 * count)
    return _add_months(day, count * {"month": 1, "year": 12, "decade": 120}[unit])


def _period(unit: str, day: date) -> tuple[date, date]:
    """The calendar day, week (Monday to Sunday), weekend, month, year or decade around a day."""
    if unit in ("week", "weekend"):
        monday = day - timedelta(day.weekday())
        return (monday + timedelta(5) if unit == "weekend" else monday), monday + timedelta(6)
    if unit == "month":
        return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    if unit == "year":
        return date(day.year, 1, 1), date(day.year, 12, 31)
    if unit == "decade":
        return date(day.year // 10 * 10, 1, 1), date(day.year // 10 * 10 + 9, 12, 31)
    return day, day


def _relative_days(e: TimeExpression, published: date) -> tuple[date, date]:
    if e.kind == "month_day" and e.which is None and e.weekday is not None:
        return _weekday_agrees(e, published)
    if e.kind in ("month_day", "month", "season"):
        return _yearless_days(e, published)
    if e.kind == "weekday":
        day = _weekday(e, published)
        return day, day
    if e.kind == "span":
        return _span_days(e, published)
    assert e.unit is not None
    if e.which == "ago":
        return _counted_days(e, published, published, -1, cap=published)
    if e.which == "word":
        assert e.low is not None
        assert e.high is not None
        return published + timedelta(e.low), published + timedelta(e.high)
    return _period_days(e, e.unit, published)


def _period_days(e: TimeExpression, unit: str, published: date) -> tuple[date, date]:
    """The days of "this week", "late last year", "the end of the month", "over the weekend"."""
    if unit == "weekend" and e.which == "the":
        start, end = _period(unit, published if published.weekday() >= 5 else published - timedelta(7))
        return start, min(end, published)
    shift = _STEPS.get(e.which or "", 0)
    whole = _period(unit, _shift(published, unit, shift))
    if e.part == "later":
        return (published, whole[1]) if shift == 0 else whole
    start, end = _part_of(e, *whole)
    # What has begun is told up to publication; what has not ("this weekend", "the end of the month") keeps its days.
    return start, min(end, published) if start <= published else end


def _yearless_days(e: TimeExpression, published: date) -> tuple[date, date]:
    """The latest such day, month or season that began by publication; "last" means one that was over."""
    if e.unit == "year" or e.which == "this":
        start, end = _part_of(e, *_calendar_days(e, published.year + _STEPS.get(e.which or "", 0)))
        return start, min(end, published) if start <= published else end
    ahead = e.which == "next"
    # 29 February comes back within eight years.
    for year in (
        range(published.year, published.year + 9) if ahead else range(published.year + 1, published.year - 9, -1)
    ):
        try:
            start, end = _part_of(e, *_calendar_days(e, year))
        except ValueError:
            continue
        if ahead and start > published:
            return start, end
        if not ahead and (end < published if e.which == "last" else start <= published):
            return start, min(end, published)
    raise ValueError("no such day")


def _weekday_agrees(e: TimeExpression, published: date) -> tuple[date, date]:
    """The day of "Thursday 23 February": the latest such day, but the coming one where only that is a Thursday."""
    latest = _yearless_days(replace(e, weekday=None), published)
    coming = _yearless_days(replace(e, weekday=None, which="next"), published)
    only_coming = coming[0].weekday() == e.weekday and latest[0].weekday() != e.weekday
    return coming if only_coming else latest


def _weekday(e: TimeExpression, published: date) -> date:
    assert e.weekday is not None
    if e.unit == "week" or e.which == "this":
        shift = _STEPS.get(e.which or "", 0)
        return _period("week", published)[0] + timedelta(7 * shift + e.weekday)
    if e.which in ("next", "following"):
        return published + timedelta((e.weekday - published.weekday() - 1) % 7 + 1)
    latest = published - timedelta(1) if e.which in ("last", "previous") else published
    return latest - timedelta((latest.weekday() - e.weekday) % 7)


def _weekday_after(e: TimeExpression, previous: When) -> _Days | None:
    """The day of "the following Wednesday", "that Friday", "the previous Monday", from the event before."""
    reference = {"previous": previous.start, "following": previous.end}.get(
        e.which or "", previous.start - timedelta(1)
    )
    day = _weekday(replace(e, unit=None, which="last" if e.which == "previous" else "next"), reference)
    return _chained(previous, day, day)


def _span_days(e: TimeExpression, published: date) -> tuple[date, date]:
    assert e.unit is not None
    assert e.high is not None
    if e.which == "running":
        return _shift(published, e.unit, 1 - e.high), published
    if e.which == "coming":
        return published + timedelta(1), max(_shift(published, e.unit, e.high), published + timedelta(1))
    return _shift(published, e.unit, -e.high), published


def _counted_days(e: TimeExpression, start: date, end: date, sign: int, *, cap: date | None) -> tuple[date, date]:
    """An interval moved by a count of units, widened by what the count leaves open, and cut at `cap`."""
    assert e.unit is not None
    assert e.low is not None
    assert e.high is not None
    slack = timedelta(_SLACK_DAYS[e.unit] if e.low == e.high and e.part != "exact" else 0)
    near, far = (e.low, e.high) if sign > 0 else (e.high, e.low)
    moved = _shift(start, e.unit, sign * near) - slack, _shift(end, e.unit, sign * far) + slack
    return moved[0], min(moved[1], cap) if cap is not None and moved[0] <= cap else moved[1]


def _anchor_days(e: TimeExpression, published: date | None, previous: When | None) -> _Days | None:
    """What counts from the event before; without one, an earlier week, month or year counts from publication."""
    assert e.unit is not None
    if previous is None:
        if published is None or e.unit in ("hour", "day") or e.which not in ("earlier", "previous"):
            return None
        if e.which == "earlier":
            start, end = _counted_days(e, published, published, -1, cap=published)
        else:
            start, end = _period_days(e, e.unit, published)
        return _Days(start, end, "relative_to_publication")
    if e.which in ("earlier", "later"):
        sign = 1 if e.which == "later" else -1
        return _chained(previous, *_counted_days(e, previous.start, previous.end, sign, cap=published))
    shift = _STEPS.get(e.which or "", 0)
    start, end = _shift(previous.start, e.unit, shift), _shift(previous.end, e.unit, shift)
    start, end = _period(e.unit, start)[0], _period(e.unit, end)[1]
    return _chained(previous, *_part_of(e, start, end))


def _range_days(
    first: TimeExpression, last: TimeExpression, published: date | None, previous: When | None
) -> _Days | None:
    """From the first to the last; a year that only one end states holds for the other too."""
    if last.year is not None and first.year is None and first.kind in ("month_day", "month", "season"):
        end = _days(last, published, previous)
        start = end and _yearless_days(replace(first, which=None, unit=None), end.end)
        return _Days(start[0], end.end, end.method) if start and end else None
    begun = _days(first, published, previous)
    if begun is None:
        return None
    if last.year is None and last.kind in ("month_day", "month", "season", "weekday"):
        before = begun.start - timedelta(1)
        coming = replace(last, which="next", unit=None)
        if last.kind == "weekday":
            return _Days(begun.start, _weekday(coming, before), begun.method)
        return _Days(begun.start, _yearless_days(coming, before)[1], begun.method)
    end = _days(last, published, previous)
    return (
        _Days(begun.start, end.end, begun.method if begun.method == end.method else "relative_to_publication")
        if end
        else None
    )


def precision_codes(when: When) -> tuple[int | None, int]:
    """ACLED time_precision (None for more than a month, which ACLED does not record) and UCDP date_prec of an interval.

    >>> precision_codes(When(start=date(2017, 2, 6), end=date(2017, 2, 12), basis="last week", method="stated"))
    (2, 3)
    """
    days = (when.end - when.start).days + 1
    if days == 1:
        return 1, 1
    if days <= 6:
        return 2, 2
    if days == 7:
        return 2, 3
    return (3, 4) if days <= 31 else (None, 5)


# --- The date of the page ---------------------------------------------------------------------------------------------

#: A line that holds a date and nothing else is shorter than this.
_MAX_DATE_LINE = 120
_PAGE_WORDS = frozenset(
    word
    for line in (
        "published posted updated update last modified created date dated on at first released issued uploaded added",
        "edited publication time local gmt utc est edt bst cet cest msk eet eest ist am pm m a p article by the",
        "опубликовано дата تاريخ النشر نشر يوم tarihi tarih yayın güncelleme",
    )
    for word in line.split()
)
_SEGMENT = re.compile(r"[^|·•]+")
_UPDATED = re.compile(r"updated?|modified|edited|güncelleme")
_PUBLISHED = re.compile(r"published|publication|posted|released|issued|опубликовано|النشر|yayın|\bdated?\b")
#: Lines of a site's header; a date above one of them is the day the page was opened.
_SITE_HEADER = re.compile(
    r"\s*(?:skip to|latest news|breaking news|most read|menu$|search$|home\b|main\b.{0,3}[»›>])|.*[»›]", re.I
)
#: A first paragraph is longer than this.
_MIN_PARAGRAPH = 60
#: How many lines (headline, standfirst, by-line, two captions) may stand between the date and the first paragraph.
_MAX_LINES_BETWEEN = 5
_DATELINE = re.compile(r"[^\W\d_][^\d\n.:;]{1,48}[,(:]?\s{0,2}\Z")
_DATELINE_END = re.compile(r"\)?[,:]?\s{0,2}(?:[-–—]|\([^()\n]{2,40}\)|\|)")


def page_dates(text: str) -> tuple[TimeExpression, ...]:
    """The full dates that have a line, or a part of one between bars, to themselves: in order, with offsets in `text`.

    They are a page's furniture: the article's date, the day the page was opened, the day of an update.

    >>> [e.text for e in page_dates("Published: 2017-01-18 | The town fell on 9 February 2017.")]
    ['2017-01-18']
    """
    dates = []
    for line in re.finditer(r"[^\n]+", text):
        if len(line[0]) <= _MAX_DATE_LINE and any(char.isdigit() for char in line[0]):
            for segment in _SEGMENT.finditer(line[0]):
                dates.extend(_lone_dates(segment[0], line.start() + segment.start()))
    return tuple(dates)


def _lone_dates(segment: str, offset: int) -> list[TimeExpression]:
    found = find_expressions(segment, offset=offset)
    if not found or not all(e.kind == "day" for e in found):
        return []
    rest, here = "", 0
    for e in found:
        rest += segment[here : e.start - offset] + " "
        here = e.end - offset
    words = _WORD.findall((rest + segment[here:]).lower())
    return list(found) if all(word in _PAGE_WORDS or (word.isdigit() and len(word) <= 2) for word in words) else []


def article_date(text: str) -> date | None:
    """The article's own date as its page states it, or None when nothing fixes it.

    It is the lone date nearest above the first paragraph; a date further up, or above the site's header, is the day the
    page was opened. A line that says "published" goes before one that does not, and that before one that says
    "updated". Else the date of a dateline ("IDLIB, 9 February 2017 (Agency) -") or of the one "published" line below
    counts. A date inside a sentence or a caption never does.

    >>> page = ["Thursday, 30 March 2017", "Latest news", "", "Town falls", "11 February 2017", "",
    ...         "Rebels have taken a town in the north of the country, residents said."]
    >>> article_date(chr(10).join(page))
    datetime.date(2017, 2, 11)
    >>> article_date("Residents said on Thursday that the town was quiet.") is None
    True
    """
    lines = split_lines(text)
    dates = page_dates(text)
    dated = {n: [e for e in dates if line.start <= e.start < line.end] for n, line in enumerate(lines)}
    body = next(
        (
            n
            for n, line in enumerate(lines)
            if line.kind == "body" and len(line.text) >= _MIN_PARAGRAPH and not dated[n]
        ),
        len(lines),
    )
    above = [(n, e) for n in range(body) for e in dated[n]]
    for wanted in (_PUBLISHED, None, _UPDATED):
        for n, e in reversed(above):
            if _label(text, e) is wanted and _belongs(n, [line.text for line in lines[n + 1 : body]], dated):
                return _calendar_days(e, e.year)[0] if e.year is not None else None
    own = _dateline(text, lines[body].start) if body < len(lines) else None
    if own is not None:
        return own
    below = {
        _calendar_days(e, e.year)[0]
        for n in range(body, len(lines))
        for e in dated[n]
        if e.year and _label(text, e) is _PUBLISHED
    }
    return below.pop() if len(below) == 1 else None


def _label(text: str, e: TimeExpression) -> re.Pattern[str] | None:
    """Whether the words before a date on its line say that it is of the publication or of an update."""
    line = text.rfind("\n", 0, e.start) + 1
    words = text[max(line, e.start - 40) : e.start].lower()
    matches = [(m.start(), pattern) for pattern in (_PUBLISHED, _UPDATED) for m in pattern.finditer(words)]
    return max(matches, key=lambda match: match[0])[1] if matches else None


def _belongs(number: int, between: list[str], dated: dict[int, list[TimeExpression]]) -> bool:
    """Whether a date line stands with its article: few lines lie between, none of them the site's header."""
    others = [line for n, line in enumerate(between, number + 1) if not dated[n]]
    return len(others) <= _MAX_LINES_BETWEEN and not any(_SITE_HEADER.match(line) for line in others)


def _dateline(text: str, start: int) -> date | None:
    for e in find_expressions(text[start : start + 120], offset=start)[:1]:
        if (
            e.kind == "day"
            and e.year
            and _DATELINE.fullmatch(text[start : e.start])
            and _DATELINE_END.match(text, e.end)
        ):
            return _calendar_days(e, e.year)[0]
    return None
