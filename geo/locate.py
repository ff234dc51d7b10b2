"""The places of one sentence at which something can have happened, each with its level and radius.

Hides: how wording turns a place name into a point, a surrounding or an area ("near Palmyra", "northern Syria", "the
province of Hama", "40 km north of Aleppo", "the border with Syria"), and which names are no place of an event (who
speaks, who is "-based" or "-backed", what only says where another place lies).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path

from gazetteer import Gazetteer
from gazetteer.patterns import lazy_pattern
from gazetteer.place import Candidate, Place, Reason, bearing_degrees, destination, great_circle_km
from geo.coordinates import SCHEME
from geo.event import LEVELS, Location, Toponym
from geo.needed import screened_pattern
from geo.toponyms import KM_PER_MILE, SMALL_NUMBERS

__all__ = [
    "Site",
    "at_home_border",
    "capital_of",
    "capital_site",
    "find_sites",
    "is_inside",
    "part_of_country",
    "stands_before_noun",
]

#: "Near" is never farther than UCDP's where_prec 2 allows: about 25 km.
MAX_NEAR_KM = 25.0
#: Radius for "the countryside of" a town.
COUNTRYSIDE_KM = 15.0
#: A compass part of an area is drawn half-way to its edge, with half its radius.
PART_SHARE = 0.5

_FILLER = (
    r"(?:(?:the|an?|eastern|western|northern|southern|central|ancient|strategic|besieged|rebel-held|government-held|militant-held|"
    r"northeastern|northwestern|southeastern|southwestern|north-eastern|north-western|south-eastern|south-western|nearby|"
    r"Syrian|Iraqi|Turkish|Lebanese|Libyan|Yemeni|Ukrainian|historic|key|border|desert|coastal|flashpoint|besieged|divided|"
    r"city|town|village|province|governorate|district|area|areas|region|countryside|outskirts|suburbs?|neighbou?rhood|camp|of|around)\s+)*"
)
_NEAR = screened_pattern(
    r"\b(?P<word>near|nearby|outside|around|close to|next to|adjacent to|beside|(?:the )?outskirts of|(?:the )?edges? of|surrounding|"
    r"(?:the )?vicinity of|(?:the )?approaches to|not far from|towards?|advanc(?:ing|ed) (?:on|towards?)|"
    r"(?:just )?(?:north|south|east|west)(?:-?(?:east|west))?(?:ern)? of)\s+" + _FILLER + "$",
    re.I,
)
_OFFSET = screened_pattern(
    r"(?P<n>\d+(?:[.,]\d+)?|\b(?:"
    + "|".join(SMALL_NUMBERS)
    + r")\b)\s*(?P<unit>km|kms|kilomet(?:er|re)s?|miles?)(?: \([^)]*\))?(?: to the)?"
    r"(?: (?P<dir>(?:north|south|east|west)(?:[- ]?(?:east|west))?))?(?: of| from| outside)\s+" + _FILLER + "$",
    re.I,
)
#: Between a place and the one that says how far it lies: ", located 40 kilometres northeast of".
_DISTANCE_GAP = re.compile(
    r"^,?(?: [\w-]+){0,4} (?:\d+(?:[.,]\d+)?|" + "|".join(SMALL_NUMBERS) + r") ?(?:km|kms|kilomet(?:er|re)s?|miles?)\b",
    re.I,
)
#: Between a place and the one that an apposition says it lies in or near: ", a mixed town near", ", the capital of".
_APPOSED = re.compile(
    r",? (?:an?|the|its|their) (?:[\w'’-]+,? ){0,5}?(?:town|city|village|suburb|district|neighbou?rhood|settlement|camp|port|capital|stronghold|base|"
    r"hamlet|hub|enclave|crossing|area|resort|island)(?: [\w-]+){0,3} (?:in|of|near|outside|from|to|on|between|within)(?: [\w'’-]+){0,4}\s",
    re.I,
)
#: Countries that stand before a noun as adjectives do.
_ABBREVIATED = re.compile(r"(?:the )?(?:US|USA|UK|UAE|U\.S\.?|U\.K\.?|U\.A\.E\.?)")
_STATE_NOUN = re.compile(
    r" (?:government|military|army|air force|navy|parliament|forces|troops|officials?|police|citizens?|nationals|president|congress|senate|embassy|base|"
    r"allies|intelligence|special|soldiers?|policy|role)\b"
)
_PLACED_IN = re.compile(
    r"\b(?:in|across|inside|within|throughout|into|from|over|around|at|to|near)\s+(?:the\s+)?$", re.I
)
_TITLE_BEFORE = re.compile(r"[\"“]((?:[\w'’-]+ ){1,6})$")
#: "the east of the country", "the country's far north".
_OF_THE_COUNTRY = re.compile(
    r"\bthe (?:far )?(?P<a>(?:north|south)?[- ]?(?:east|west)|north|south)(?:ern part)? of the country\b|"
    r"\bthe country['’]s (?:far |rebel-held |restive )?(?P<b>(?:north|south)?[- ]?(?:east|west)(?:ern)?|north(?:ern)?|south(?:ern)?)\b(?! neighbou?r)",
    re.I,
)
_SEA = screened_pattern(r"\b(?:off|off the coast of|in the waters off)\s+" + _FILLER + "$", re.I)
_SPEECH_PLACE = screened_pattern(
    r"\b(?:attending|told|said|says|speaking|spoke|interviewed|briefing|conference|reporters|interview|correspondent|reporting|statement|press|"
    r"journalists|reported|monitor|court|trial|inquest|observatory|press office|based|(?<!-)born)\b[^,.;]{0,25}\b(?:in|from|at)\s+"
    + _FILLER
    + "$",
    re.I,
)
_ATTACHED = re.compile(
    r"^[-‐‑](?:based|born|backed|led|sponsored|supported|aligned|educated|bound|dominated|style|mediated|brokered)\b",
    re.I,
)
_OWNER_OF = re.compile(
    r"^['’´]s? (?:[\w-]+ )?(?:government|regime|army|military|forces?|troops|president|foreign|defen[cs]e|ministry|minister|"
    r"parliament|envoy|ambassador|war|conflict|crisis|civil|allies|airforce|air force|general|opposition|rebels|kurds|army)\b",
    re.I,
)
#: The military noun that a capital or a country owns: "Ankara's offensive" is Turkey's, wherever it was.
_OWNED_DEED = re.compile(
    r"^['’´]s? (?!(?:worst|deadliest|bloodiest|biggest|largest|heaviest|fiercest) )(?:[\w-]+ ){0,2}"
    r"(?:offensives?|operations?|campaigns?|air ?strikes?|strikes?|attacks?|raids?|intervention|invasion|incursion|"
    r"bombing|bombardment|shelling|assaults?|proxies|ally|allies|drones?|missiles?|jets|warplanes|aircraft|navy|soldiers?|police|counter-?offensive)\b",
    re.I,
)
#: What a government has done to it or by it: "on behalf of Ankara", "pressure on Moscow".
_WITH_PARTY = screened_pattern(
    r"\b(?:on behalf of|backed by|supported by|armed by|funded by|loyal to|allied (?:to|with)|all(?:y|ies) of|relations with|ties with|ties to|"
    r"accus(?:ed|ing)|blam(?:ed|ing)|told|urged|warned|sanctions (?:on|against)|pressure on|supplied by|interests of|agreement with|talks with|"
    r"deal with|friends of|according to|sworn to)\s+(?:the\s+)?$",
    re.I,
)
#: A capital that does what only a government does: "Ankara has been pounding", "Kyiv considers".
_GOVERNS = re.compile(
    r"^,?\s+(?:(?:has|have|had|is|was|also|then|later|again|already|repeatedly|been)\s+)*(?:pound(?:ing|ed)|launch(?:ing|ed|es)|wag(?:ing|ed)|"
    r"bomb(?:ing|ed)|shell(?:ing|ed)|consider(?:s|ed)|den(?:ies|ied|ying)|accus(?:es|ed|ing)|blam(?:es|ed|ing)|say(?:s|ing)|said|claim(?:s|ed)|"
    r"want(?:s|ed)|vow(?:s|ed)|threaten(?:s|ed|ing)|insist(?:s|ed)|reject(?:s|ed)|agreed|back(?:s|ed|ing)|sent|deploy(?:s|ed|ing)|invad(?:ed|es|ing)|"
    r"retaliat(?:ed|es|ing)|respond(?:ed|s|ing)|view(?:s|ed)|see(?:s)?|regard(?:s|ed)|intervened|struck|carried out|announced|confirmed|supports?|fears?)\b",
    re.I,
)
_OWNS = re.compile(r"['’´]s \w")
#: What a capital owns as a town; the rest is its government's: "Ankara's tutelage", "Moscow's terms".
_OWNED_BY_TOWN = re.compile(
    r"^['’´]s? (?:(?-i:[A-Z])|(?:[\w-]+,? ){0,3}?(?:airports?|streets?|suburbs?|outskirts|markets?|mosques?|hospitals?|squares?|districts?|"
    r"neighbou?rhoods?|cent(?:re|er)|universit(?:y|ies)|hotels?|stadiums?|stations?|ports?|harbour|prisons?|church(?:es)?|cathedral|embassy|zone|citadel|"
    r"city|quarters?|countryside|roads?|palace|parliament|residents|inhabitants|population|waterfront|bridges?|slums?|schools?|skyline|skies|"
    r"worst|deadliest|bloodiest|biggest|largest|heaviest|first|second)\b)",
    re.I,
)
#: A capital that is the subject of a verb, and what befalls a town rather than a government.
_BEFALLS = (
    r"(?!(?:been|surrender|suffer|burn|erupt|witness|endur|experienc|reel|shook|shak|brac|collaps|remain|seem|look|appear|need|bleed|starv|smoulder|"
    r"celebrat|wak|emerg)\w*)"
)
_ACTS = re.compile(
    rf"^ (?:(?:has|have|had|also|then|later|again|already|now|repeatedly|\w+ly) )*(?:(?:been|is|was) (?:\w+ly )?{_BEFALLS}[a-z]{{3,}}ing\b|"
    rf"{_BEFALLS}(?:[a-z]+ed|sent|gave|took|made|held)\b(?! (?:by|in|on|at|near|over|for|after|during|overnight|this|last)\b)|"
    r"(?:sees|says|wants|has|had)\b)"
)
#: The home town of a person: "Dean, 22, from Reading", "a farmer from Barnsley".
_HOME_TOWN = screened_pattern(
    r"(?:,|\b(?:an?|the|another|one) (?:[\w-]+ ){0,3}(?:\w+ists?|\w+ians?|\w{2,}ers?|\w+tors?|\w+men|\w+man|recruits?|nationals?|"
    r"graduates?)|\b(?:man|woman|boy|girl|m[ae]n|women|farmer|student|volunteers?|soldiers?|citizen|workers?|teacher|father|mother|family|"
    r"couple|brothers?|sisters?|nurse|doctor|engineer|teenagers?|Marine|veteran|driver|builder))\s+(?:originally\s+)?from\s+$",
)
_PLACED = re.compile(
    r"\b(?:in|at|near|around|on|over|of|from|to|outside|inside|into|towards?|across)\s+" + _FILLER + "$", re.I
)
#: A name that goes on as the name of a party or a body: "Kurdistan Workers' party", "Tigray Defence Forces".
_NAME_GOES_ON = re.compile(
    r"^ (?:Workers|Democratic|People|Peoples|Liberation|Solidarity|Freedom|National|Defen[cs]e|Revolutionary|Islamic|Patriotic|Independence|"
    r"Alliance|Foundation|Institute|University|Post|Times|News|Tribune|United|FC|City FC|Campaign)\b"
)
#: "Like Bosnia in 1995, ...": the place of a comparison.
_COMPARED = re.compile(
    r"(?:^|[.!?“\"\n]\s*)(?:Like|Unlike|As|Just as|As it did|As happened)(?: in)?\s+(?:the\s+)?(?:[\w-]+\s+){0,3}$"
)
#: "In Rome, the pope deplored the bombing": where somebody spoke.
_OPENS = re.compile(r"(?:^|[.!?\n“\"]\s*)In\s+(?:the\s+)?$")
_SPOKE_THERE = re.compile(
    r"^,? (?:[\w'’.,-]+ ){1,9}?(?:deplored|condemned|denounced|said|says|told|tells|warned|urged|called|welcomed|appealed|insisted|announced|"
    r"expressed|praised|blamed|accused|discussed|described|criticised|criticized|pledged|vowed|faced)\b"
)
#: "the defence ministry in Moscow said": where a body sits that tells of elsewhere.
_BODY = lazy_pattern(
    r"\b(?:ministry|ministries|government|embassy|headquarters|spokes(?:man|woman|person)|command|agency|diplomats?|analysts?|office) in\s+$",
    re.I,
)
_TELLS = lazy_pattern(
    r"^,?\s+(?:has |have |had |later |also )?(?:said|says|told|announced|confirmed|denied|reported|stated|added|insisted|called|put|spoke|wrote)\b"
)
#: "agreed to a ceasefire in Moscow", "signed a truce in Jeddah": a town after these is where it was done.
_SIGNED = lazy_pattern(
    r"\b(?:agreed|signed|reached|struck|brokered|concluded|sealed|announced)\b[^.;,]{0,50}"
    r"\b(?:truce|ceasefire|cease-fire|peace|settlement|process|transition) in\s+$"
)
#: After a country or its people: its capital, which no name follows.
_CAPITAL_AFTER = lazy_pattern(
    r"^(?:['’]s)?\s+(?:\w+ )?capital\b(?!,? (?:(?:city|town) )?(?:(?:of )?[A-Z]|gains|flows?|markets?|punishment|controls?|investment|spending|"
    r"expenditure|of\b|crimes?|account|letters?))(?!['’-])"
)
_CAPITAL_BEFORE = lazy_pattern(r"\b(?:capital|capital city) of\s+(?:the\s+)?$")
#: Between a place and the larger one that it is a part of: "the Jebel area of Juba", "Lido in Mogadishu".
_PART_OF = lazy_pattern(
    r"(?: (?:beach|suburb|district|quarter|neighbou?rhood|area|section|commune|market|square))?,? (?:of|in) (?:the )?(?:(?:city|town|capital)(?: of)? )?"
)
#: Between a place and the town by which it is found: "Phoenix, north of Durban".
_BESIDE = lazy_pattern(
    r",? (?:(?:just|some|about|around) )?(?:(?:\d+|\w+) (?:km|kms|kilomet(?:er|re)s?|miles?) )?(?:to the )?"
    r"(?:outside|near|(?:north|south|east|west)(?:-?(?:east|west))?(?:ern)?(?: edge)? of|from) (?:the )?(?:\w+ )?(?:(?:city|town|capital)(?: of)?,? )?"
)
#: A part of a town lies no farther from it than this, and what is found by a town than that.
PART_KM, BESIDE_KM = 60.0, 250.0
_TARGET_OF_TALK = screened_pattern(
    r"\b(?:envoy (?:for|to)|ambassador (?:for|to)|talks on|policy (?:on|in|towards?)|role in|situation in|war (?:in|on)|conflict in|"
    r"crisis in|(?:peace|truce|ceasefire|settlement|solution|process|transition|future) (?:in|of|for)|"
    r"(?:people|government|president|army|citizens|nationals|capital|map|history) of)\s+(?:the )?$",
    re.I,
)
#: The words that it ends in; quicker to ask.
_TALK_ENDS = frozenset(("for", "to", "on", "in", "toward", "towards", "of", "the"))
_TERRITORY = re.compile(
    r"^(?:['’]s)?[ -](?P<what>territory|soil|air[ -]?space|territorial waters|waters|coast|coastline|borders?|frontiers?|"
    r"side of the border|desert|countryside|mainland)\b",
    re.I,
)
_BORDER = screened_pattern(
    r"\b(?:borders?|frontier)\b(?! (?:post|crossing|guard|police|town|village|city|force|officials))", re.I
)
#: Between two members of a list of places, and what joins the last one to it.
_LIST_GAP = re.compile(
    r"(?:['’]s)?(?: (?:province|provinces|governorate|district|city|town|village|countryside))?(?:,|,? and| as well as|,? and (?:nearby|neighbou?ring))"
    r"(?: (?:in|of|near|the|nearby|neighbou?ring|surrounding|adjacent|villages?|towns?|cit(?:y|ies)|areas?|parts|provinces?|countryside|province))*\s*"
)
_LIST_AND = re.compile(r"\band\b|as well as")
#: "Diyarbakir, Van and a score of other towns".
_LIST_END = re.compile(
    r",? (?:and|as well as) (?:in )?(?:(?:an?|the|several|many|dozens|scores|hundreds|two|three|four|five|six|other|some|at least|\w+|\d+) ){1,4}?"
    r"(?:of )?(?:(?:other|smaller|lesser|nearby|neighbouring|neighboring|surrounding|further|more) )+"
    r"(?:towns?|cit(?:y|ies)|villages?|places?|districts?|provinces?|areas?|regions?|settlements?|neighbou?rhoods?|locations)\b"
)
#: No list of places in one sentence of news is longer.
MAX_LIST = 30
_BETWEEN = screened_pattern(r"\bbetween\s+" + _FILLER + "$", re.I)
#: "east Aleppo", "central Kyiv" are parts of a large city; "eastern Aleppo" is a part of the governorate.
_SIDES = frozenset(("east", "west", "north", "south", "central"))
LARGE_CITY = 200_000
_BEARINGS = {
    "north": 0.0, "northeast": 45.0, "east": 90.0, "southeast": 135.0, "south": 180.0, "southwest": 225.0, "west": 270.0,
    "northwest": 315.0, "central": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Site:
    """A place of a sentence at which an event may have happened; offsets count in the article."""

    start: int
    end: int
    location: Location
    group: int  # sites of one list share it: "al-Fu'ah and Kefraya"
    confidence: str


def is_inside(inner: Location, outer: Location) -> bool:
    """Whether the outer location is an area that contains the inner one."""
    a, b = inner.place, outer.place
    if outer.level == "country":
        return a.country == b.country
    if not outer.is_area:
        return False
    if b.is_admin1 and a.country == b.country and a.admin1 is not None and outer.level == "adm1":
        return a.admin1 == b.admin1
    km = great_circle_km(a.point, Candidate(place=b, score=0).place.point)
    return km <= outer.radius_km


def find_sites(text: str, toponyms: Sequence[Toponym], gazetteer: Gazetteer) -> tuple[Site, ...]:
    """The sites among the toponyms of one sentence, in order; `toponyms` are those that lie in it.

    Metonyms, datelines, speakers' cities, demonyms (but "Syrian territory") and areas that only say where another place
    lies are left out. Members of one list share a group.
    """
    sites: list[Site] = []
    far = _misplaced_parts(text, toponyms)
    absorbed = (_absorbed(text, toponyms) - {index + 1 for index in far}) | far
    border = _border_site(text, toponyms, gazetteer)
    if border is not None:
        sites.append(border)
    for index, toponym in enumerate(toponyms):
        if (
            index in absorbed
            or toponym.place is None
            or (border is not None and border.start <= toponym.start < border.end)
        ):
            continue
        location = _capital(text, toponym, gazetteer) or _location(text, toponym, toponyms)
        if location is not None:
            sites.append(
                Site(
                    start=toponym.start,
                    end=toponym.end,
                    location=location,
                    group=_group_of(text, index, toponyms),
                    confidence=toponym.confidence,
                )
            )
    return tuple(sorted(sites, key=lambda s: s.start))


def capital_of(country: str | None, gazetteer: Gazetteer) -> Place | None:
    """The capital of a country by its code, or None."""
    name = _capital_names().get(country or "")
    hits = gazetteer.lookup(name) if name else ()
    return next((h.place for h in hits if h.place.country == country and h.place.feature_code == "PPLC"), None)


@cache
def _capital_names() -> dict[str, str]:
    from gazetteer import sources  # noqa: PLC0415  few texts leave a capital unnamed

    return sources.read_capitals(Path(sources.__file__).parent / "data" / "countries.tsv")


def capital_site(country: str | None, gazetteer: Gazetteer, *, start: int, end: int, phrase: str) -> Site | None:
    """The capital of a country, where the text says no more than "the capital"."""
    place = capital_of(country, gazetteer)
    if place is None:
        return None
    location = Location(
        place=place, lon=place.lon, lat=place.lat, level="settlement", radius_km=LEVELS["settlement"][2], phrase=phrase,
        reasons=(Reason("wording", f"the text says the capital, which is {place.name}"),),
    )  # fmt: skip
    return Site(start=start, end=end, location=location, group=start, confidence="medium")


def _capital(text: str, toponym: Toponym, gazetteer: Gazetteer) -> Location | None:
    """The capital that "the Libyan capital", "South Sudan's capital" or "the capital of Mali" mean, when it is not named."""
    place = toponym.place
    if place is None or not place.is_country or toponym.role == "dateline":
        return None
    after = text[toponym.end : toponym.end + 40]
    if "capital" not in after and "capital" not in text[max(0, toponym.start - 20) : toponym.start]:
        return None
    match = _CAPITAL_AFTER.match(after)
    if match is None and (
        toponym.role == "demonym" or not _CAPITAL_BEFORE.search(text[max(0, toponym.start - 40) : toponym.start])
    ):
        return None
    end = toponym.end + (match.end() if match is not None else 0)
    site = capital_site(place.country, gazetteer, start=toponym.start, end=end, phrase=text[toponym.start : end])
    return site.location if site is not None else None


def _misplaced_parts(text: str, toponyms: Sequence[Toponym]) -> set[int]:
    """Names of parts of a town that were placed far from it: "the Jebel area of Juba" is not the Jebel of another country."""
    far = set()
    for index, (inner, outer) in enumerate(pairwise(toponyms)):
        if outer.start - inner.end > 60 or inner.place is None or outer.place is None or inner.role != "mention":
            continue
        if inner.place.is_country or not outer.place.is_settlement:
            continue
        gap = text[inner.end : outer.start]
        limit_km = PART_KM if _PART_OF.fullmatch(gap) else BESIDE_KM if _BESIDE.fullmatch(gap) else None
        if limit_km is not None and great_circle_km(inner.place.point, outer.place.point) > limit_km:
            far.add(index)
    return far


def at_home_border(site: Site, home: str | None, gazetteer: Gazetteer) -> Site:
    """The border of the country that an article is about, where it says "the Thai border" of one with Thailand."""
    location = site.location
    phrase = location.phrase or ""
    if location.level != "country" or home is None or location.place.country == home or not _BORDER.search(phrase):
        return site
    line = _border(location.place.country, home, gazetteer)
    if line is None:
        return site
    return replace(
        site,
        location=replace(
            location, place=line, lon=line.lon, lat=line.lat, level="part", radius_km=line.radius_km or LEVELS["part"][2],
            reasons=(Reason("wording", f"along {line.name}; the point only stands for it"),), rivals=(),
        ),
    )  # fmt: skip


def stands_before_noun(toponym: Toponym, text: str) -> bool:
    """Whether an abbreviated country says whose something is, or acts: "in a US air strike", "the UK says"."""
    before = text[max(0, toponym.start - 20) : toponym.start]
    if _ABBREVIATED.fullmatch(toponym.text) and _STATE_NOUN.match(text[toponym.end : toponym.end + 20]):
        return True
    return _ABBREVIATED.fullmatch(toponym.text) is not None and _PLACED_IN.search(before) is None


def _absorbed(text: str, toponyms: Sequence[Toponym]) -> set[int]:
    """Toponyms that only contain another one ("al-Bab in Aleppo province") or say how far it is."""
    absorbed = set()
    for index, toponym in enumerate(toponyms):
        if index == 0:
            continue
        previous = toponyms[index - 1]
        gap = text[previous.end : toponym.start]
        if previous.role in ("metonym", "dateline", "demonym") or previous.place is None or len(gap) > 80 or "." in gap:
            continue
        inside = (
            re.match(r"^(?:,| in| within| inside| of)(?: the)?(?: [\w-]+){0,4}\s*$", gap) is not None
            and previous.resolution.mention.hints.container is not None
        )
        aside = _APPOSED.fullmatch(gap) is not None  # "Lod, a mixed town near Tel Aviv"
        suburb = (
            re.fullmatch(
                r" (?:suburbs?|districts?|quarters?|neighbou?rhoods?|region|area|area just east|countryside) of ", gap
            )
            is not None
        )
        if suburb and gap == " suburb of " and toponym.place is not None and not toponym.place.is_admin1:
            absorbed.add(index - 1)  # "the Chicago suburb of Cicero"
            continue
        distance = _DISTANCE_GAP.match(gap) is not None
        place, inner = toponym.place, previous.place
        if distance and re.match(r",? which\b", text[toponym.end : toponym.end + 10]):
            continue  # what follows is said of it: "40 km from Aleppo, which was recaptured in December"
        written_after = (
            re.fullmatch(r",\s", gap) is not None
            and place is not None
            and (place.is_country or place.is_admin1)
            and not inner.is_country
            and place.country == inner.country
            and place.id != inner.id
        )  # "Sarmada, Syria"
        if (
            distance
            or aside
            or suburb
            or written_after
            or (
                inside
                and place is not None
                and (place.is_country or place.is_admin1 or place.radius_km)
                and not inner.is_country
            )
        ):
            absorbed.add(index)
    for index, toponym in enumerate(toponyms[:-1]):
        gap = text[toponym.end : toponyms[index + 1].start]
        between = _BETWEEN.search(text[max(0, toponym.start - 60) : toponym.start]) is not None
        if between and re.fullmatch(r"(?: [\w-]+){0,2} and (?:[\w-]+ ){0,3}", gap):
            absorbed.add(index + 1)
    for index, toponym in enumerate(toponyms[:-1]):
        # "Syria's al-Bab", "Idlib province's Khan Shaykhun"
        following = toponyms[index + 1]
        gap = text[toponym.end : following.start]
        if re.fullmatch(r"['’]s (?:[\w-]+ ){0,3}", gap) and following.place is not None and following.role == "mention":
            absorbed.add(index)
    return absorbed


def _group_of(text: str, index: int, toponyms: Sequence[Toponym]) -> int:
    """The start of the first member of the list that a toponym stands in; its own start outside lists."""
    first = index
    joined = any(" and " in text[a.end : b.start] for a, b in pairwise(toponyms[index : index + MAX_LIST]))
    joined = joined or any(_LIST_END.match(text, t.end) for t in toponyms[index : index + MAX_LIST])
    while first > 0:
        gap = text[toponyms[first - 1].end : toponyms[first].start]
        if len(gap) > 70 or not _LIST_GAP.fullmatch(gap):
            break
        joined = joined or _LIST_AND.search(gap) is not None
        if not joined or toponyms[first].role in ("metonym", "demonym"):
            break  # "Israel, Washington's close ally": a comma alone makes no list
        first -= 2 if _is_told_with_area(toponyms, first) else 1
    return toponyms[first].start


def _is_told_with_area(toponyms: Sequence[Toponym], index: int) -> bool:
    """Whether the list goes on behind the area of the member before: "Loikaw in Kayah State and Lashio"."""
    if index < 2:
        return False
    town, area, other = (toponym.place for toponym in toponyms[index - 2 : index + 1])
    contained = toponyms[index - 2].resolution.mention.hints.container is not None
    return (
        contained
        and town is not None
        and other is not None
        and town.is_settlement
        and other.is_settlement
        and area is not None
        and not area.is_settlement
    )


def _location(text: str, toponym: Toponym, toponyms: Sequence[Toponym]) -> Location | None:
    place = toponym.place
    assert place is not None
    before, after = text[max(0, toponym.start - 110) : toponym.start], text[toponym.end : toponym.end + 45]
    territory = _TERRITORY.match(after)
    if toponym.role == "demonym":
        if territory is None:
            return None
        return _territory(text, toponym, place, territory)
    if toponym.role in ("metonym", "dateline") or _ATTACHED.match(after) or _OWNER_OF.match(after):
        return None
    if place.is_country and re.match(r"['’´]s? (?!(?:north|south|east|west|far|centr|border|coast|interior))", after):
        return None  # "Lebanon's Hezbollah", "Turkey's state news agency"
    title = _TITLE_BEFORE.search(before)
    if (
        title is not None
        and re.match(r"[^\"“”]{0,30}[\"”]", after)
        and all(w[0].isupper() or len(w) < 4 for w in title[1].split())
    ):
        return None  # "The Road to Palmyra", a film
    if stands_before_noun(toponym, text) and territory is None:
        return None
    acts = place.is_country or place.feature_code in ("PPLC", "PPLA") or place.is_admin1
    if acts and (_OWNED_DEED.match(after) or _WITH_PARTY.search(before)):
        return None
    if place.feature_code == "PPLC" and _is_government(before, after):
        return None
    if _OPENS.search(before) and _SPOKE_THERE.match(text[toponym.end : toponym.end + 120]):
        return None
    if _NAME_GOES_ON.match(after) or (_COMPARED.search(before) and re.match(r"[^.]{0,25},", after)):
        return None
    if before.endswith("from ") and _HOME_TOWN.search(before) and re.match(r"\s*(?:[,.]|who\b|was\b)", after):
        return None
    if _SPEECH_PLACE.search(before):
        return None
    ends_in = before[-14:].split()[-1:]
    if (
        ends_in
        and ends_in[0].lower() in _TALK_ENDS
        and _TARGET_OF_TALK.search(before)
        and not (place.is_settlement and _SIGNED.search(before))
    ):
        return None
    if _TELLS.match(after) and _BODY.search(before):
        return None
    if territory is not None and place.is_country:
        return _territory(text, toponym, place, territory)
    return _worded(text, toponym, place, before, toponyms)


def _is_government(before: str, after: str) -> bool:
    """Whether a capital stands for the government that sits there: by what it owns, or by what it does."""
    if _OWNS.match(after):
        return _OWNED_BY_TOWN.match(after) is None
    return not _PLACED.search(before) and (_GOVERNS.match(after) is not None or _ACTS.match(after) is not None)


def _make(
    toponym: Toponym,
    place: Place,
    *,
    level: str,
    radius_km: float,
    phrase: str,
    reason: str,
    lon: float | None = None,
    lat: float | None = None,
) -> Location:
    chosen = toponym.resolution.chosen
    reasons = (Reason("wording", reason), *(chosen.reasons if chosen is not None else ()))
    return Location(
        place=place,
        lon=place.lon if lon is None else lon,
        lat=place.lat if lat is None else lat,
        level=level,
        radius_km=round(radius_km, 1),
        phrase=phrase,
        reasons=reasons,
        rivals=toponym.resolution.candidates[1:],
    )


def _territory(text: str, toponym: Toponym, place: Place, territory: re.Match[str]) -> Location:
    what = territory["what"].lower()
    level = "sea_air" if "air" in what or "water" in what or "coast" in what else "country"
    return _make(
        toponym,
        place,
        level=level,
        radius_km=place.radius_km or LEVELS["country"][2],
        phrase=text[toponym.start : toponym.end + territory.end()],
        reason=f"the text says '{toponym.text} {what}', which is all of {place.name}",
    )


def _worded(text: str, toponym: Toponym, place: Place, before: str, toponyms: Sequence[Toponym]) -> Location | None:
    hints = toponym.resolution.mention.hints
    name = place.name
    offset = _OFFSET.search(before)
    told_of = _is_told_of(text, toponym, toponyms)
    if offset is not None and not told_of:
        return _offset(text, toponym, place, before, offset)
    between = _between(text, toponym, place, before, toponyms)
    if between is not None:
        return between
    compass = (hints.compass or "").lower()
    if compass in ("upper", "lower"):
        compass = ""
    near = _NEAR.search(before) if offset is None else None
    start = (
        toponym.start - (len(before) - near.start()) if near else toponym.start - (len(compass) + 1 if compass else 0)
    )
    phrase = re.sub(r"\s+", " ", text[start : toponym.end] + _type_after(text, toponym))
    if place.is_settlement and (compass or hints.type_word in ("countryside", "province", "governorate")):
        area = _namesake_area(place, toponym)
        if compass in _SIDES and (place.population or 0) >= LARGE_CITY and hints.type_word is None:
            area = None
        if area is not None and (compass not in ("", "rural") or hints.type_word != "city"):
            place = area
    if compass and compass != "rural" and not place.is_settlement and (place.radius_km or 0) > 10:
        return _part(toponym, place, compass, phrase)
    if _SEA.search(before) and near is None:
        return _make(
            toponym, place, level="sea_air", radius_km=LEVELS["sea_air"][2], phrase=phrase, reason=f"off {name}, at sea"
        )
    if place.is_country:
        radius = place.radius_km or LEVELS["country"][2]
        return _make(
            toponym,
            place,
            level="country",
            radius_km=radius,
            phrase=phrase,
            reason=f"the text names only the country, {name}",
        )
    if place.is_admin1:
        radius = place.radius_km or LEVELS["adm1"][2]
        if near is not None and near["word"].lower() != "around":
            return _make(
                toponym, place, level="part", radius_km=radius, phrase=phrase, reason=f"{near['word']} {name}, an area"
            )
        return _make(
            toponym, place, level="adm1", radius_km=radius, phrase=phrase, reason=f"{name} is a first-level division"
        )
    if place.feature_code.startswith("ADM"):
        level = "adm2" if place.feature_code == "ADM2" else "adm3"
        return _make(
            toponym,
            place,
            level=level,
            radius_km=place.radius_km or LEVELS[level][2],
            phrase=phrase,
            reason=f"{name} is a district",
        )
    is_point = place.id.startswith(SCHEME) or place.feature_code.startswith(("CMP", "MILB", "OILF", "GASF"))
    if place.feature_class in "LHRTV" and not is_point:
        radius = place.radius_km or LEVELS["part"][2]
        return _make(
            toponym,
            place,
            level="part",
            radius_km=radius,
            phrase=phrase,
            reason=f"{name} is an area, a line or a water",
        )
    if near is not None:
        radius = max(LEVELS["near"][2], min(MAX_NEAR_KM, place.radius_km or 0))
        return _make(
            toponym,
            place,
            level="near",
            radius_km=radius,
            phrase=phrase,
            reason=f"the text says '{near['word']}' {name}",
        )
    if compass == "rural" or hints.type_word == "countryside":
        return _make(
            toponym, place, level="near", radius_km=COUNTRYSIDE_KM, phrase=phrase, reason=f"the countryside of {name}"
        )
    if place.is_settlement and hints.type_word == "region":
        return _make(
            toponym, place, level="part", radius_km=MAX_NEAR_KM, phrase=phrase, reason=f"the region around {name}"
        )
    if place.is_settlement and place.feature_code != "PPLX":
        return _make(
            toponym,
            place,
            level="settlement",
            radius_km=LEVELS["settlement"][2],
            phrase=phrase,
            reason=f"the text names {name}",
        )
    radius = max(LEVELS["site"][2], place.radius_km or 0)
    return _make(
        toponym,
        place,
        level="site",
        radius_km=radius,
        phrase=phrase,
        reason=f"the text names {name}, a place inside or outside a town",
    )


def _is_told_of(text: str, toponym: Toponym, toponyms: Sequence[Toponym]) -> bool:
    """Whether a name that says how far another place lies has a clause of its own: "al-Bab, 40 km from Aleppo, which fell"."""
    if re.match(r",? which\b", text[toponym.end : toponym.end + 10]) is None:
        return False
    earlier = [t for t in toponyms if t.end <= toponym.start]
    return (
        bool(earlier)
        and earlier[-1].place is not None
        and _DISTANCE_GAP.match(text[earlier[-1].end : toponym.start]) is not None
    )


def _type_after(text: str, toponym: Toponym) -> str:
    match = re.match(
        r"(?:['’]s)? (?:province|governorate|district|countryside|city|town|village|region|airbase|air base|airport|camp)\b",
        text[toponym.end : toponym.end + 20],
    )
    return match[0] if match else ""


def _namesake_area(place: Place, toponym: Toponym) -> Place | None:
    """The first-level division that bears the name of a town: "southern Idlib" is part of the governorate."""
    for candidate in toponym.resolution.candidates:
        if candidate.place.is_admin1 and candidate.place.country == place.country:
            return candidate.place
    return None


def _part(toponym: Toponym, place: Place, compass: str, phrase: str) -> Location:
    stem = re.sub(r"[- ]|ern$", "", compass.replace("-central", ""))
    stem = re.sub(r"ern$", "", stem)
    radius = place.radius_km or LEVELS["part"][2]
    bearing = _BEARINGS.get(stem)
    lon, lat = place.lon, place.lat
    if bearing is not None:
        point = destination(place.point, bearing=bearing, km=PART_SHARE * radius)
        lon, lat = round(point.lon, 5), round(point.lat, 5)
    return _make(
        toponym, place, level="part", radius_km=max(5.0, PART_SHARE * radius), phrase=phrase, lon=lon, lat=lat,
        reason=f"'{compass}' is a part of {place.name}; the point only stands for it",
    )  # fmt: skip


def _offset(text: str, toponym: Toponym, place: Place, before: str, offset: re.Match[str]) -> Location:
    km = SMALL_NUMBERS.get(offset["n"].lower()) or float(offset["n"].replace(",", "."))
    km *= KM_PER_MILE if offset["unit"].lower().startswith("mi") else 1.0
    phrase = text[toponym.start - (len(before) - offset.start()) : toponym.end]
    direction = (offset["dir"] or "").lower().replace("-", "").replace(" ", "")
    bearing = _BEARINGS.get(direction)
    if bearing is None:
        return _make(
            toponym, place, level="near", radius_km=min(MAX_NEAR_KM, max(1.0, km)), phrase=phrase,
            reason=f"{km:g} km from {place.name}, direction unknown",
        )  # fmt: skip
    point = destination(place.point, bearing=bearing, km=km)
    return _make(
        toponym, place, level="near", radius_km=min(MAX_NEAR_KM, max(2.0, 0.25 * km)), phrase=phrase,
        lon=round(point.lon, 5), lat=round(point.lat, 5), reason=f"computed {km:g} km {direction} of {place.name}",
    )  # fmt: skip


def _between(text: str, toponym: Toponym, place: Place, before: str, toponyms: Sequence[Toponym]) -> Location | None:
    match = _BETWEEN.search(before)
    if match is None or place.is_country:
        return None
    other = next((t for t in toponyms if t.start > toponym.end and t.start - toponym.end < 60), None)
    if other is None or other.place is None or other.place.is_country or " and " not in text[toponym.end : other.start]:
        return None
    km = great_circle_km(place.point, other.place.point)
    if km < 1 or km > 600:
        return None
    middle = destination(place.point, bearing=bearing_degrees(place.point, other.place.point), km=km / 2)
    return _make(
        toponym, place, level="part", radius_km=max(2.0, km / 2), phrase=text[toponym.start - (len(before) - match.start()) : other.end],
        lon=round(middle.lon, 5), lat=round(middle.lat, 5), reason=f"half-way between {place.name} and {other.place.name}",
    )  # fmt: skip


def _border_site(text: str, toponyms: Sequence[Toponym], gazetteer: Gazetteer) -> Site | None:
    """As in "Turkish air space along the border with Syria", "the Syrian-Turkish border": the line between two countries."""
    for index, toponym in enumerate(toponyms):
        if toponym.place is None or not toponym.place.is_country:
            continue
        around = text[max(0, toponym.start - 40) : toponym.end + 25]
        if not _BORDER.search(around):
            continue
        for other in toponyms[max(0, index - 2) : index + 3]:
            if other.place is None or not other.place.is_country or other.place.country == toponym.place.country:
                continue
            first, last = sorted((toponym, other), key=lambda t: t.start)
            stretch = text[first.start : last.end + 12]
            if last.start - first.end > 60 or not _BORDER.search(stretch):
                continue
            line = _border(toponym.place.country, other.place.country, gazetteer)
            if line is not None:
                location = _make(
                    toponym, line, level="part", radius_km=line.radius_km or 100.0, phrase=text[first.start : last.end],
                    reason=f"along {line.name}; the point only stands for it",
                )  # fmt: skip
                return Site(start=first.start, end=last.end, location=location, group=first.start, confidence="medium")
    return None


def part_of_country(text: str, offset: int, country: str, gazetteer: Gazetteer) -> Site | None:
    """The part of its article's country that a sentence names without a name: "in the east of the country"."""
    if "the country" not in text:
        return None
    match = _OF_THE_COUNTRY.search(text)
    place = gazetteer.country(country) if match is not None else None
    if match is None or place is None or _SPEECH_PLACE.search(text[max(0, match.start() - 110) : match.start()]):
        return None
    stem = re.sub(r"[- ]|ern$", "", (match["a"] or match["b"]).lower())
    lon, lat, radius = place.lon, place.lat, place.radius_km or LEVELS["part"][2]
    bearing = _BEARINGS.get(stem)
    if bearing is not None:
        point = destination(place.point, bearing=bearing, km=PART_SHARE * radius)
        lon, lat = round(point.lon, 5), round(point.lat, 5)
    location = Location(
        place=place,
        lon=lon,
        lat=lat,
        level="part",
        radius_km=round(max(5.0, PART_SHARE * radius), 1),
        phrase=match[0],
        reasons=(Reason("wording", f"the country is {place.name}; the point only stands for a part of it"),),
    )
    start = offset + match.start()
    return Site(start=start, end=offset + match.end(), location=location, group=start, confidence="medium")


def _border(a: str | None, b: str | None, gazetteer: Gazetteer) -> Place | None:
    if a is None or b is None:
        return None
    low, high = sorted((a.lower(), b.lower()))
    return gazetteer.place(f"region:border-{low}-{high}")
