"""Which reports only pass on what another one says: agency credits, and near-copies by shared shingles.

Hides: how agency text and reprints are told from own reporting. Near-copies are looked for among the reports of one event
only, whose few texts an exact index of shingles compares in linear time. MinHash estimates the same for collections where
any two texts may match; its libraries bring numpy and scipy into a reading that does without.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from geo.event import Report

__all__ = ["agency_of", "copies_of", "voices"]

#: Words in a row that count as one shingle of a telling.
SHINGLE_WORDS = 3
#: Shingles that a telling needs before it can be called a copy: two short sentences are alike by chance.
MIN_SHINGLES = 12
#: Share of the shingles of the shorter telling that a copy has in common with the original.
COPY_SHARE = 0.7
#: Tellings remembered for one shingle; a phrase that more of them share says nothing of copying.
MAX_HOLDERS = 50

#: How articles credit an agency -> what it is called here.
_AGENCIES = {
    "Reuters": "Reuters",
    "AFP": "AFP",
    "Agence France-Presse": "AFP",
    "Agence France Presse": "AFP",
    "AP": "AP",
    "Associated Press": "AP",
    "The Associated Press": "AP",
    "dpa": "dpa",
    "DPA": "dpa",
    "EFE": "EFE",
    "PA": "PA",
    "PA Media": "PA",
    "Press Association": "PA",
    "UPI": "UPI",
    "Xinhua": "Xinhua",
    "TASS": "TASS",
    "Interfax": "Interfax",
    "Interfax-Ukraine": "Interfax",
    "Anadolu Agency": "Anadolu",
    "AA": "Anadolu",
}
_ANY = "|".join(sorted(map(re.escape, _AGENCIES), key=len, reverse=True))
#: Characters at the head and at the tail of an article in which an agency is credited.
_HEAD, _TAIL = 400, 300
#: "BEIRUT (Reuters) - ", "KYIV, May 3 (AFP)"; a whole line "Reuters", "By Agence France-Presse", "AP in Beirut".
_CREDIT_AT_HEAD = re.compile(
    rf"^[^()\n]{{0,80}}\((?P<dateline>{_ANY})\)"
    rf"|^(?:by |from |source: ?)?(?:[\w .'-]{{3,40}}, )?(?P<line>(?-i:{_ANY}))(?: in [\w' -]{{2,30}})?\s*$",
    re.MULTILINE | re.IGNORECASE,
)
#: "— AFP", "(Reporting by ...; Editing by ...)", "Source: Reuters", "With reporting from AP" does not count: the text is own.
_CREDIT_AT_TAIL = re.compile(
    rf"(?:[-–—/(]|\bsource: ?)\s*(?P<agency>(?-i:{_ANY}))\)?[.\s]*$|\((?P<desk>reporting by [^()]{{3,200}}editing by [^()]{{3,80}})\)",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")


def agency_of(text: str) -> str | None:
    """The agency that an article credits its text to, or None. Articles that only quote an agency are own text.

    >>> agency_of("BEIRUT (Reuters) - Jets struck the town on Monday.")
    'Reuters'
    >>> agency_of("Jets struck the town on Monday, Reuters reported.")
    """
    if match := _CREDIT_AT_HEAD.search(text[:_HEAD]):
        return _named(match["dateline"] or match["line"])
    if match := _CREDIT_AT_TAIL.search(text[-_TAIL:]):
        return "Reuters" if match["desk"] else _named(match["agency"])
    return None


def _named(credit: str) -> str | None:
    return next((name for words, name in _AGENCIES.items() if words.lower() == credit.lower()), None)


def copies_of(reports: Sequence[Report]) -> dict[str, str]:
    """The reports of one event that copy an earlier one: their id -> the id of the one that they copy.

    The reports stand in order of publication. Only the sentences that tell of the event are compared. No copy is named as an
    original.
    """
    copies: dict[str, str] = {}
    sizes: dict[str, int] = {}
    holders: dict[str, list[str]] = defaultdict(list)
    for report in reports:
        shingles = _shingles(report)
        if len(shingles) < MIN_SHINGLES:
            continue
        shared = Counter(original for s in shingles for original in holders.get(s, ()))
        near = [
            (n, original) for original, n in shared.items() if n >= COPY_SHARE * min(len(shingles), sizes[original])
        ]
        if near:
            most = max(n for n, _ in near)
            copies[report.report_id] = next(original for n, original in near if n == most)
            continue
        sizes[report.report_id] = len(shingles)
        for shingle in shingles:
            if len(holders[shingle]) < MAX_HOLDERS:
                holders[shingle].append(report.report_id)
    return copies


def _shingles(report: Report) -> list[str]:
    """The shingles of a telling, in their order, each once."""
    found: dict[str, None] = {}
    for evidence in (report.evidence, *report.also):
        words = _WORD.findall(evidence.quote.lower())
        found.update(
            dict.fromkeys(" ".join(words[i : i + SHINGLE_WORDS]) for i in range(len(words) - SHINGLE_WORDS + 1))
        )
    return list(found)


def voices(reports: Sequence[Report], copies: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Who tells of an event by own account, sorted: publishers, with all prints of one agency's text as that agency.

    A publisher counts once however many articles and feeds it has; reports without a known publisher or agency do not
    count. The reports stand in order of publication; `copies` is what `copies_of` says of them, where it is known already.
    """
    if copies is None:
        copies = copies_of(reports) if len(reports) > 1 else {}
    prints: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        prints[copies.get(report.report_id, report.report_id)].append(report)
    names: dict[str, str] = {}
    for group in prints.values():
        name = _first(r.agency for r in group) or _first(r.publisher for r in group)
        if name is not None:
            names.setdefault(_publisher_key(name), name)
    return tuple(sorted(names.values()))


def _first(names: Iterable[str | None]) -> str | None:
    return next((name for name in names if name), None)


def _publisher_key(name: str) -> str:
    """What the feeds and spellings of one publisher have in common.

    "The Guardian | World news", "theguardian.com" and "Guardian" are one.
    """
    name = _named(name) or name
    head = re.split(r"\s+(?:[|>»·–—-]|RSS\b)|:\s", name.strip(), maxsplit=1)[0].lower()
    head = re.sub(r"^(?:https?://)?(?:www\.)?|\.(?:com|org|net|co\.uk|info|news)(?:/.*)?$", "", head)
    return re.sub(r"^the|\W+", "", head) or name.lower()
