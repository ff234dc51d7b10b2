"""What the words of a report name beyond its coded facts: things that were hit, people and sites by name, set phrases.

Hides: which words of a quote say what an event was about. Trigger, place, date, actor and source words are masked first, because
those are compared as facts, and "the Syrian Observatory for Human Rights said" is in half of all reports.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gazetteer.patterns import lazy_pattern
from geo.event import Evidence, Report

__all__ = ["RUN_WORDS", "Wording", "wording_of"]

#: Words in a row that two texts must share for the same object ("memorandum on combat flight safety").
RUN_WORDS = 4
#: A word of a run weighs 2 when it is longer than four letters and 3 when longer than five; a run needs 6 in all, which is
#: two long words or three middling ones. The others are glue ("in the north of").
_LONG, _LONGER, _ENOUGH = 4, 5, 6
#: Characters of a report's sentences that are looked at; more is a page that lost its line ends.
_LONGEST = 4000

#: Things and gatherings that are hit: what to call them -> words. The first word that fits counts.
_OBJECTS = {
    "hospital": "hospitals?|clinics?|maternity ward|medical (?:cent(?:re|er)|point)|field hospital",
    "school": "schools?|kindergarten|pupils|schoolchildren|classrooms?",
    "university": "university|college|campus",
    "market": "markets?|bazaar|souk|stalls",
    "shop": "supermarket|shopping cent(?:re|er)|shopping mall|mall",
    "bakery": "bakery|bakeries|bread queue",
    "mosque": "mosques?|shrine|prayer hall|husseiniya",
    "church": "church(?:es)?|cathedral|monastery",
    "funeral": "funeral|mourners|wake",
    "wedding": "wedding",
    "parade": "parade",
    "camp": "refugee camp|displacement camp|camp for (?:the )?displaced",
    "prison": "prison|jail|detention cent(?:re|er)",
    "airport": "airport",
    "air base": "air ?base|airfield|military airport",
    "base": "military base|army base|training base|training camp|barracks|outpost|watchtower",
    "police post": "police (?:station|post|headquarters|academy|bus)",
    "checkpoint": "checkpoints?|roadblock",
    "embassy": "embassy|consulate",
    "depot": "(?:oil|fuel|ammunition|arms|weapons) depots?|arsenal|warehouse",
    "refinery": "refinery|refineries|oil field|gas field",
    "power station": "power (?:plant|station)s?|substation|nuclear plant",
    "bridge": "bridges?",
    "station": "(?:railway|train|bus) station|bus stop",
    "port": "harbour|seaport|landing ship|warship",
    "theatre": "theat(?:re|er)|concert hall|cinema|cultural cent(?:re|er)",
    "tower": "tower",
    "housing": "blocks? of flats|apartment (?:building|block|house)s?|residential (?:building|block|tower)s?",
    "house": "house",
    "convoy": "convoy",
    "bus": "bus(?:es)?|minibus",
    "car": "car(?! ?bomb)|van|taxi|vehicle",
    "beach": "beach",
    "square": "square",
    "office": "offices|headquarters of",
    "laboratory": "research cent(?:re|er)|laboratory",
    "farm": "farmers?|field workers|shepherds",
}
_OBJECT = lazy_pattern(
    rf"\b(?:{'|'.join(f'(?P<o{n}>{words})' for n, words in enumerate(_OBJECTS.values()))})\b", re.IGNORECASE
)
_OBJECT_NAMES = tuple(_OBJECTS)

_CAPITAL = r"(?:[Aa]l-|[Ee]l-|[Aa]s?h?-)?[A-ZÀ-ÞĀ-Ž][\w'’]*(?:-[\w'’]+)*"
_NAME = lazy_pattern(rf"{_CAPITAL}(?: (?:(?:of|al|el|ibn|bin|abu|de|van|von) )?{_CAPITAL})+")
_NAMED_THING = lazy_pattern(
    rf"(?P<name>{_CAPITAL}) (?:family|clan|tribe|hospital|mosque|church|market|school|camp|street|square|bridge|compound|tower|"
    r"gas field|oil field|refinery|base|airport|airfield|air base|crossing|shrine|neighbou?rhood|district)\b"
)
#: Who only tells: names in front of a word of saying, after "according to", and the bodies that always tell.
_TELLER = lazy_pattern(
    rf"(?:{_CAPITAL}(?: (?:(?:of|for|and) )?{_CAPITAL})*,? (?=(?:said|says|told|reported|added|counted|announced|spokes)))"
    rf"|(?<=according to )(?:the )?{_CAPITAL}(?: (?:(?:of|for|and) )?{_CAPITAL})*"
    r"|(?:[Tt]he )?(?:Syrian Observatory(?: for Human Rights)?|White Helmets|Red Crescent|Human Rights Watch|Associated Press|"
    r"Agence France-Presse|Reuters|Pentagon|[A-Z]\w+ (?:Ministry|Observatory|Department|News Agency))"
    r"|\b(?:(?:health|defen[cs]e|interior|foreign|emergency) ministry|state (?:media|television|news agency)|"
    r"(?:security|government|local|city|military) (?:officials|sources?|authorities)|(?:rescue|aid) workers)(?: in \w+)?(?= (?:said|says))"
)
#: Words that begin a sentence or date it, but name nobody.
_NO_NAME = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october "
    "november december the a an at in on and but two three four five six seven eight nine ten several dozens residents activists "
    "doctors witnesses police gunmen fighters rebels militants president minister governor mayor general colonel".split()
)
_WORD = lazy_pattern(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Wording:
    """What the sentences of a report name, all in lower case."""

    objects: frozenset[str]  # "hospital", "market"
    names: frozenset[str]  # "salih al-farouq", "bakr"
    runs: frozenset[str]  # RUN_WORDS words in a row: "memorandum on combat flight"


def wording_of(report: Report) -> Wording:
    """The objects, names and runs of words in the sentences of a report."""
    sides = {w.lower() for side in (*report.actors, *report.targets) for w in _WORD.findall(side)}
    place = report.location.place.name.lower() if report.location is not None else ""
    known = sides | set(_WORD.findall(place))
    objects: set[str] = set()
    names: set[str] = set()
    runs: set[str] = set()
    for evidence in (report.evidence, *report.also):
        text = _masked(evidence)[:_LONGEST]
        objects.update(_OBJECT_NAMES[int(match.lastgroup[1:])] for match in _OBJECT.finditer(text) if match.lastgroup)
        names.update(_names(text, known))
        runs.update(_runs(text, sides))
    return Wording(objects=frozenset(objects), names=frozenset(names), runs=frozenset(runs))


def _masked(evidence: Evidence) -> str:
    """The quote with its decisive words, and with who tells it, made into bars."""
    text = evidence.quote
    for span in evidence.spans:
        if span.kind in ("place", "date", "actor", "trigger"):
            start, end = max(0, span.start - evidence.start), max(0, span.end - evidence.start)
            text = text[:start] + "|" * len(text[start:end]) + text[end:]
    return _TELLER.sub(lambda m: "|" * len(m[0]), text)


def _names(text: str, known: set[str]) -> set[str]:
    found: set[str] = set()
    for match in _NAME.finditer(text):
        words = [w for w in match[0].lower().split() if w not in _NO_NAME]
        if len(words) > 1 and not known.intersection(words):
            found.add(" ".join(words))
    for match in _NAMED_THING.finditer(text):
        name = re.sub(r"^(?:al|el|as|ash)-", "", match["name"].lower())
        if name not in _NO_NAME and name not in known:
            found.add(name)
    return found


def _runs(text: str, sides: set[str]) -> set[str]:
    """The runs of words that say something, and are not the name of a side."""
    found: set[str] = set()
    for part in text.lower().split("|"):
        words = _WORD.findall(part)
        if len(words) < RUN_WORDS:
            continue
        weights = [2 * (len(w) > _LONG) + (len(w) > _LONGER) for w in words]
        for i in range(len(words) - RUN_WORDS + 1):
            if sum(weights[i : i + RUN_WORDS]) >= _ENOUGH:
                run = words[i : i + RUN_WORDS]
                if len(sides.intersection(run)) < 2:
                    found.add(" ".join(run))
    return found
