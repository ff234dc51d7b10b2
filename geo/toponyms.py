"""Text -> toponym spans, with what the words around each say, and the role that each plays.

Hides: what the words around a name say of the place (its kind, what contains it, a distance, a list), and whether the name
stands for the place itself, a government, a people or a dateline.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from gazetteer import Gazetteer
from gazetteer.place import Hints, Mention, Place, Resolution
from gazetteer.resolve import Prior, confidence_of, resolve
from geo.coordinates import written_points
from geo.event import Toponym
from geo.languages import inflected_names, passages, with_names, without
from geo.recognition import COMPASS, PLACE_WORDS, TYPE_AFTER, find_spans, is_strong_context, type_before
from geo.text import is_english

__all__ = ["KM_PER_MILE", "SMALL_NUMBERS", "find_mentions", "find_toponyms"]

_PLURALS = "provinces|governorates|districts|counties|regions|towns|villages|cities|neighbou?rhoods|suburbs"
_PLURAL_BEFORE = re.compile(rf"\b({_PLURALS}) of\s+$", re.I)
_PLURAL_AFTER = re.compile(rf"^\s+({_PLURALS})\b", re.I)
_COMPASS_BEFORE = re.compile(r"\b(" + COMPASS + r")\s+$", re.I)
#: The last letters of the words that the pattern above finds; quicker to ask.
_COMPASS_ENDS = frozenset("rth uth ast est ern ral per wer".split())
_SPEAKS = (
    r"(?:has|have|had|is|was|were|are)?\s*(?:also|earlier|already|repeatedly|previously|has|have|had|both|meanwhile|initially|later|recently|strongly|jointly)?\s*"
    r"(?:says?|said|sees?|saw|announce[sd]?|accuse[sd]?|accusing|den(?:y|ies|ied)|agree[sd]?|want(?:s|ed)?|insist(?:s|ed)?|warn(?:s|ed)?|"
    r"back(?:s|ed)?|support(?:s|ed)?|consider(?:s|ed)?|view(?:s|ed)?|regard(?:s|ed)?|claim(?:s|ed)?|call(?:s|ed)|urge[sd]?|"
    r"demand(?:s|ed)?|reject(?:s|ed)?|broker(?:s|ed)?|maintain(?:s|ed)?|blame[sd]?|vow(?:s|ed)?|pledge[sd]?|decide[sd]?|"
    r"welcome[sd]?|condemn(?:s|ed)?|confirm(?:s|ed)?|acknowledge[sd]?|refuse[sd]?|hope[sd]?|plan(?:s|ned)?|argue[sd]?|believe[sd]?|"
    r"launch(?:ed|es)|made it clear|has (?:not )?been involved|has been having|will not|would not|intends?|promise[sd]?|"
    r"suspend(?:s|ed)?|deploy(?:s|ed)|recogni[sz]e[sd]?|respond(?:s|ed)?|is (?:ostensibly )?(?:shifting|tilting|seeking|trying)|told|considers)\b"
)
_SPEAKS_AFTER = re.compile(r"^(?:(?:, [\w'’-]+)*,? (?:and|or) [\w'’-]+)?\s+" + _SPEAKS)
_POSSESSIVE_POLICY = re.compile(
    r"^['’]s (?:[\w-]+ ){0,2}(?:refusal|demand|policy|position|stance|claim|request|support|view|decision|announcement|allies|ally|"
    r"explanation|consent|accusation|denial|response|envoy|ambassador|government|foreign|defence|defense|parliament|president)"
)
_METONYM_BEFORE = re.compile(
    r"(?:\b(?:by|between|with|against|accused|urged|told|asked|blamed|efforts by|brokered by|ties (?:between|with)|tension between|"
    r"relations? (?:between|with)|relationship between)(?: [\w'’-]+ and)?(?: both)?\s+)$"
)
_PLACED_BEFORE = re.compile(
    r"\b(?:in|at|near|around|outside|inside|across|throughout|from|into|to|over|of)(?: the)?(?: [\w'’-]+ and)?\s+$"
)
_DATELINE = re.compile(
    r"^\s*([A-ZÀ-Þ][^\n(—–:]{1,60}?)(?:,\s*[^\n(—–]{1,30})?\s*(?:\([^()\n]{2,40}\)\s*)?(?:—|–|--|-)\s+(?=[A-Z\"“'‘])"
)


_FAR_FROM_ALL = "the places of this name that are known are small and lie far from all that the text names"


def find_toponyms(text: str, gazetteer: Gazetteer, *, prior: Prior | None = None) -> tuple[Toponym, ...]:
    """The place names of a text in order, resolved together, each with its role (`event` is given later, by the reading).

    Coordinates that the text writes are among them. A name that was recognised but is in no gazetteer has no place. Offsets
    slice back: `text[t.start:t.end] == t.text`.
    """
    mentions = find_mentions(text, gazetteer)
    resolutions = resolve(mentions, gazetteer, prior=prior)
    datelines = _dateline_spans(text)
    named = _Named(resolutions)
    confidence = {id(r.candidates): confidence_of(r) for r in {id(r.candidates): r for r in resolutions}.values()}
    toponyms = []
    is_tagged: bool | None = None  # not asked yet
    for resolution in resolutions:
        toponym = Toponym(
            resolution=resolution,
            role=_role(text, resolution, datelines),
            confidence=confidence[id(resolution.candidates)],
        )
        if not _is_doubtful(text, toponym, named):
            toponyms.append(toponym)
            continue
        if is_tagged is None:
            is_tagged = is_english(text)
        if is_tagged:  # a place, but hardly this one
            nowhere = replace(resolution, chosen=None, unresolved=_FAR_FROM_ALL)
            toponyms.append(replace(toponym, resolution=nowhere, confidence="low"))
    points = tuple(written_points(text, gazetteer))
    return _merged(toponyms, points) if points else tuple(toponyms)


def _merged(toponyms: Sequence[Toponym], points: Sequence[Toponym]) -> tuple[Toponym, ...]:
    """Names and written points in order; a name inside a point gives way."""
    apart = [t for t in toponyms if not any(p.start < t.end and t.start < p.end for p in points)]
    return tuple(sorted([*apart, *points], key=lambda toponym: toponym.start))


def find_mentions(text: str, gazetteer: Gazetteer) -> list[Mention]:
    """The spans of a text that name places, in order and without overlap, with what the words around them say."""
    others = passages(text)
    english = without(text, others)
    kept = find_spans(english, gazetteer)
    if not others:
        return _with_hints(text, kept, gazetteer)
    names = inflected_names(text, gazetteer, others)
    return with_names(text, _with_hints(text, sorted([*kept, *(name[:2] for name in names)]), gazetteer), names)


def _is_doubtful(text: str, toponym: Toponym, named: _Named) -> bool:
    """Small places far from all that the text is about, named without a word that says they are places."""
    place = toponym.place
    if toponym.resolution.mention.name is not None:  # read with the rules of another language, which are stricter
        return place is None
    if place is None:
        return False
    reasons = {reason.code for reason in toponym.resolution.chosen.reasons} if toponym.resolution.chosen else set()
    is_small = (place.population or 0) < SMALL_TOWN
    clashes = "container-clash" in reasons  # the text says that it lies elsewhere
    if clashes and place.is_settlement and (is_small or place.country not in named.countries):
        return True
    if not is_small or not place.id.startswith("geonames:"):
        return False
    if toponym.confidence == "low" and named.countries and not named.supports(place):
        return True  # "targets in Gara and Metina in northern Iraq": no town of Morocco
    before, after = text[max(0, toponym.start - 60) : toponym.start], text[toponym.end : toponym.end + 40]
    if is_strong_context(before, after) or toponym.resolution.mention.hints.container is not None:
        return False
    return not ({"listed", "stated-distance", "container"} & reasons) and not named.supports(place)


#: Below this many inhabitants a bare name needs support from the text.
SMALL_TOWN = 15_000


class _Named:
    """Where the places of a text lie: which countries it names, and which places in each first-level division."""

    def __init__(self, resolutions: Iterable[Resolution]) -> None:
        self.countries: set[str | None] = set()
        self.divisions: dict[tuple[str | None, str | None], set[str]] = defaultdict(set)
        for resolution in resolutions:
            if resolution.chosen is not None:
                place = resolution.chosen.place
                if place.is_country:
                    self.countries.add(place.country)
                self.divisions[place.country, place.admin1].add(place.id)

    def supports(self, place: Place) -> bool:
        """Whether another name of the text lies in the same first-level division, or its country is named."""
        if place.country in self.countries:
            return True
        there = self.divisions[place.country, place.admin1]
        return len(there) > (place.id in there)


# What the words around say ---------------------------------------------------------------------------------------------

_INSIDE = re.compile(
    r"^(?:,(?: in| within| inside)?| in| within| inside| of)(?: the)?(?: (?:[\w-]*(?:ern|ward|neighbou?ring|rural|Syrian|Iraqi|Turkish|Lebanese|Libyan|Yemeni)"
    r"|central|besieged|rebel-held|government-held|disputed|restive|province|governorate|region|district|state|city|countryside|suburbs?|outskirts|of|the|[A-Z][a-z]+(?:ian|i|ese|ish)))*\s*$"
)
_LIST_GAP = re.compile(
    r"^(?:,|,? and| or|, as well as| and (?:nearby|neighbou?ring))(?: in| of| near| the| nearby| villages?| towns?| cit(?:y|ies)| areas?| provinces?)*\s*$"
)
#: Numbers that distances are written with in words.
SMALL_NUMBERS = {
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
}  # fmt: skip
_DISTANCE_GAP = re.compile(
    r"^,?(?: which (?:is|lies))?(?: located| situated| about| some| around| roughly| just)*\s*"
    r"(?P<n>\d+(?:[.,]\d+)?|"
    + "|".join(SMALL_NUMBERS)
    + r")\s*(?P<unit>km|kms|kilomet(?:er|re)s?|miles?)(?: \([^)]*\))?(?: to the)?"
    r"(?: (?P<dir>(?:north|south|east|west)(?:[- ]?(?:east|west))?))?(?: of| from| outside| away from)(?: the (?:city|town) of)?\s*$",
    re.I,
)
_BEARINGS = {
    "north": 0.0, "northeast": 45.0, "east": 90.0, "southeast": 135.0,
    "south": 180.0, "southwest": 225.0, "west": 270.0, "northwest": 315.0,
}  # fmt: skip
KM_PER_MILE = 1.609344
#: Characters that the words of a distance between two names may take: ", located about 40 kilometres northeast of".
MAX_DISTANCE_GAP = 90


#: Hints of a mention that lies at no stated distance from the next: near, near_km, near_bearing.
_NOTHING_NEAR: tuple[int | None, float | None, float | None] = (None, None, None)


def _with_hints(text: str, spans: Sequence[tuple[int, int]], gazetteer: Gazetteer) -> list[Mention]:
    lists = _lists(text, spans)
    mentions = []
    for i, (start, end) in enumerate(spans):
        before, after = text[max(0, start - 40) : start], text[end : end + 30]
        container, near = None, _NOTHING_NEAR
        if i + 1 < len(spans):
            gap = text[end : spans[i + 1][0]]
            if len(gap) < 60 and "." not in gap and _is_container(gap, text, (start, end), spans[i + 1], gazetteer):
                container = i + 1
            if len(gap) < MAX_DISTANCE_GAP and (match := _DISTANCE_GAP.match(gap)) is not None:
                km = SMALL_NUMBERS.get(match["n"].lower()) or float(match["n"].replace(",", "."))
                km *= KM_PER_MILE if match["unit"].lower().startswith("mi") else 1
                direction = (match["dir"] or "").lower().replace("-", "").replace(" ", "")
                near = (i + 1, km, _BEARINGS.get(direction))
        compass = _COMPASS_BEFORE.search(before[-20:]) if before[-4:-1].lower() in _COMPASS_ENDS else None
        hints = Hints(
            _type_word(before, after),
            compass[1].lower() if compass is not None else None,
            container,
            tuple([j for j in lists[i] if j != i]) if i in lists else (),
            *near,
        )
        mentions.append(Mention(start, end, text[start:end], hints))
    return _share_containers(_share_type_words(text, mentions))


def _share_type_words(text: str, mentions: list[Mention]) -> list[Mention]:
    """The "provinces" of "the provinces of Hama and Idlib" and of "Hama and Idlib provinces" is said of both."""
    shared = list(mentions)
    for i, mention in enumerate(mentions):
        group = sorted({i, *mention.hints.listed_with})
        if len(group) == 1 or group[0] != i:
            continue
        before, after = text[max(0, mention.start - 40) : mention.start], text[mentions[group[-1]].end :][:30]
        match = _PLURAL_BEFORE.search(before) or _PLURAL_AFTER.match(after)
        if match is not None:
            for j in group:
                hints = replace(mentions[j].hints, type_word=PLACE_WORDS[match[1].lower()])
                shared[j] = replace(mentions[j], hints=hints)
    return shared


def _type_word(before: str, after: str) -> str | None:
    follows = TYPE_AFTER.match(after)
    if follows is not None:
        return PLACE_WORDS[follows[1].lower()]
    precedes = type_before(before)
    if precedes is None or (precedes[1][0].isupper() and "," in precedes[0]):
        return None  # the county of "Newton County, Georgia" is no word on Georgia
    return PLACE_WORDS[precedes[1].lower()]


def _is_container(gap: str, text: str, span: tuple[int, int], other: tuple[int, int], gazetteer: Gazetteer) -> bool:
    if not _INSIDE.match(gap):
        return False
    if gap.strip() != ",":
        return True
    # "Homs, Syria" and "Lebanon, Pennsylvania" contain; "Homs, Hama and Idlib" and "Turkey, Syria" list.
    hits = gazetteer.lookup(text[other[0] : other[1]])
    if any(hit.place.is_country for hit in gazetteer.lookup(text[span[0] : span[1]])):
        hits = tuple(hit for hit in hits if hit.place.is_admin1)
    listed = re.match(r"(?:,(?: and| or)?| and| or)(?: the)?\s+[A-Z]", text[other[1] : other[1] + 15])
    return listed is None and any(hit.place.is_country or hit.place.is_admin1 for hit in hits[:3])


#: Members of one list; longer ones are read in parts, since each member points at all others.
MAX_LIST = 50


def _lists(text: str, spans: Sequence[tuple[int, int]]) -> dict[int, tuple[int, ...]]:
    """Index -> the indexes of the list that it stands in: "Hama, Homs and Idlib"."""
    members: dict[int, tuple[int, ...]] = {}
    run: list[int] = []
    for i in range(len(spans)):
        linked = (
            0 < len(run) < MAX_LIST
            and len(gap := text[spans[i - 1][1] : spans[i][0]]) < 50
            and _LIST_GAP.match(gap) is not None
        )
        if not linked:
            _close(run, text, spans, members)
            run = []
        run.append(i)
    _close(run, text, spans, members)
    return members


def _close(run: list[int], text: str, spans: Sequence[tuple[int, int]], members: dict[int, tuple[int, ...]]) -> None:
    if len(run) < 2:
        return
    words = text[spans[run[0]][1] : spans[run[-1]][0]]
    if re.search(r"\b(?:and|or|as well as)\b", words):
        for i in run:
            members[i] = tuple(run)


def _share_containers(mentions: list[Mention]) -> list[Mention]:
    """In "A and B in the province of C" what contains the last member of a list contains all of them."""
    shared = []
    for i, mention in enumerate(mentions):
        container = mention.hints.container
        if container is None and mention.hints.listed_with:
            container = next(
                (
                    c
                    for j in mention.hints.listed_with
                    if (c := mentions[j].hints.container) is not None and c != i and c not in mention.hints.listed_with
                ),
                None,
            )
        if container != mention.hints.container:
            mention = replace(mention, hints=replace(mention.hints, container=container))  # noqa: PLW2901
        shared.append(mention)
    return shared


# Roles -----------------------------------------------------------------------------------------------------------------


def _dateline_spans(text: str) -> tuple[tuple[int, int], ...]:
    spans = []
    for line in re.finditer(r"[^\n]+", text[:1500]):
        match = _DATELINE.match(line[0])
        if match is not None and len(match[1].split()) <= 4:
            spans.append((line.start() + match.start(1), line.start() + match.end(1)))
    return tuple(spans)


def _role(text: str, resolution: Resolution, datelines: Sequence[tuple[int, int]]) -> str:
    mention = resolution.mention
    if any(start <= mention.start < end for start, end in datelines):
        return "dateline"
    if resolution.chosen is None:
        return "mention"
    place = resolution.chosen.place
    if any(reason.code == "demonym" for reason in resolution.chosen.reasons):
        return "demonym"
    if (place.is_country or place.feature_code == "PPLC") and _is_metonym(text, mention):
        return "metonym"
    return "mention"


def _is_metonym(text: str, mention: Mention) -> bool:
    before, after = text[max(0, mention.start - 50) : mention.start], text[mention.end : mention.end + 90]
    if _METONYM_BEFORE.search(before):
        return True
    if _PLACED_BEFORE.search(before):
        return False
    return bool(_SPEAKS_AFTER.match(after) or _POSSESSIVE_POLICY.match(after))
