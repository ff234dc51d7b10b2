"""Who may see what: the export profiles internal, partner and public.

Hides: what each leaves out. `internal` has all. `partner` masks the names of persons that are recognised in quotes and other
words of articles; masking misses some, and the file says so. `public` has no words of articles at all, can move points up to
a governorate, a district or a country, and can hold events back for some days.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from gazetteer import Gazetteer
from geo.actors import find_actors
from geo.event import LEVELS
from geo.recognition import find_spans
from geo.table import Row
from geo.tagger import Tagger

if TYPE_CHECKING:
    from geo.boundaries import Boundaries

__all__ = ["COARSE_LEVELS", "PROFILES", "Profile"]

PROFILES = ("internal", "partner", "public")
#: To what a point may be moved up.
COARSE_LEVELS = ("adm2", "adm1", "country")
MASK = "[name]"

#: Columns that hold words of articles.
_WORDS = ("summary", "actors", "targets", "casualty_words", "quote", "date_basis", "unlocated_reason")
#: Those that are sentences, in which the tagger can tell persons.
_SENTENCES = ("quote", "article_title")
#: How far an event is known, from near to far; one that is known no better than asked for stays as it is.
_ORDER = ("site", "settlement", "near", "adm3", "adm2", "part", "adm1", "sea_air", "country")
#: What `public` leaves empty in events, and in reports.
_NOT_PUBLIC = ("quote", "casualty_words", "date_basis", "article_ids", "family_id")
_NOT_PUBLIC_REPORT = (
    "quote quote_start quote_end casualty_words place_phrase place longitude latitude location_level actors targets article_title"
).split()


@dataclass(frozen=True, slots=True)
class Profile:
    """What an export shows. `delay_days` and `today` hold back what happened on the last days."""

    name: str = "internal"
    coarsen: str | None = None  # one of COARSE_LEVELS
    delay_days: int = 0
    today: date | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it shows all as it is."""
        return self.name == "internal" and self.coarsen is None and not self.delay_days

    @property
    def notes(self) -> tuple[str, ...]:
        """What a file made with it says."""
        lines = [f"profile {self.name}"]
        if self.name == "partner":
            lines.append("names of persons were masked by a program, which misses some: read before you pass it on")
        if self.coarsen is not None:
            lines.append(f"points stand for {_SAID[self.coarsen]}; this is weak protection where few events are")
        if self.delay_days and self.today is not None:
            lines.append(f"events up to {self.today - timedelta(days=self.delay_days)}")
        return tuple(lines)

    def apply(self, rows: Iterable[Row], gazetteer: Gazetteer, boundaries: Boundaries | None = None) -> Iterator[Row]:
        """The rows as this profile shows them. Events of the last days and those without a day are left out by a delay."""
        mask = _Mask(gazetteer) if self.name != "internal" else None
        last = (self.today - timedelta(days=self.delay_days)).isoformat() if self.delay_days and self.today else None
        for row in rows:
            if last is not None and (row["date_end"] is None or str(row["date_end"]) > last):
                continue
            shown = dict(row)
            if mask is not None:
                shown |= mask(row, _WORDS)
            if self.name == "public":
                shown |= dict.fromkeys(_NOT_PUBLIC)
                shown["unlocated_reason"] = "no place is known" if row.get("unlocated_reason") else None
            if self.coarsen is not None:
                shown = _coarser(shown, self.coarsen, gazetteer, boundaries)
            if self.name != "internal" or self.coarsen is not None:
                shown |= _unsigned(shown)
            if shown.get("provenance") is None or self.name != "internal":
                made = (str(shown.get("provenance") or ""), f"profile {self.name}")
                shown["provenance"] = "; ".join(filter(None, made))
            yield shown

    def apply_to_reports(self, rows: Iterable[Row], gazetteer: Gazetteer) -> Iterator[Row]:
        """The reports as this profile shows them: with `public` publisher, address and date only.

        A delay or a coarser level leaves them out: a report would tell what the events hide.
        """
        if self.delay_days or self.coarsen is not None:
            return
        mask = _Mask(gazetteer) if self.name != "internal" else None
        for row in rows:
            shown = dict(row)
            if mask is not None:
                shown |= mask(row, (*_WORDS, "article_title"))
            if self.name == "public":
                shown |= dict.fromkeys(_NOT_PUBLIC_REPORT)
            yield shown


_SAID = {"adm2": "districts", "adm1": "first-level divisions", "country": "countries"}


# --- names of reviewers ----------------------------------------------------------------------------------------------

#: What a person did to an event, as `provenance` and `unlocated_reason` say it (`geo.corrected`). Behind it stand what a name
#: in the text was taken for, and who signed.
_BY_HAND = r"corrected by hand|added by hand(?: without a place)?|checked|a person cleared the place"
_SIGNED = re.compile(rf"(?:^|; )(?=(?:{_BY_HAND})\b)")
_DONE = re.compile(_BY_HAND)
_PROFILES = re.compile(r"(?:; profile (?:internal|partner|public))*$")


def _unsigned(row: Row) -> Row:
    """What people did to a row, without who they are and without the names that they pinned.

    >>> _unsigned({"provenance": "conflictmap 0.1; corrected by hand: place (A. Reader, 2026-11-20); checked (B; C)"})
    {'provenance': 'conflictmap 0.1; corrected by hand; checked'}
    """
    return {name: _cut(str(row[name])) for name in ("provenance", "unlocated_reason") if row.get(name) is not None}


def _cut(text: str) -> str:
    said, profiles = text[: (at := _PROFILES.search(text).start())], text[at:]  # type: ignore[union-attr]
    first, *signed = _SIGNED.split(said)
    done = dict.fromkeys(found[0] for part in signed if (found := _DONE.match(part)))
    return "; ".join(filter(None, (first, *done))) + profiles


# --- names of persons ------------------------------------------------------------------------------------------------

_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Sheikh|Sheik|Imam|Commander|Colonel|Col|General|Gen|Captain|Capt|Major|Maj|Lieutenant|Lt|Abu|Umm)\.? "
    r"(?:[A-Z][\w'’-]+(?: (?:al|bin|ibn|el)?-?[A-Z][\w'’-]+){0,3})"
)


class _Mask:
    """Puts MASK where a person is named, as far as the tagger and a title before the name tell.

    The tagger needs a sentence: what it finds in the quote is masked in the other words of the row too. Names of known
    actors and of places stay.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._tagger = Tagger(gazetteer)

    def __call__(self, row: Row, columns: Iterable[str]) -> Row:
        """The columns of the row with masks in them."""
        words = {name: str(value) for name in columns if (value := row.get(name)) is not None}
        names: set[str] = set()
        for name, text in words.items():
            names |= {text[start:end] for start, end in self._spans(text, is_sentence=name in _SENTENCES)}
        if not names:
            return dict(words)
        pattern = re.compile("|".join(rf"\b{re.escape(name)}(?!\w)" for name in sorted(names, key=len, reverse=True)))
        return {name: pattern.sub(MASK, text) for name, text in words.items()}

    def _spans(self, text: str, *, is_sentence: bool) -> Iterator[tuple[int, int]]:
        found = [match.span() for match in _TITLED.finditer(text)]
        if is_sentence:
            found += [(span.start, span.end) for span in self._tagger.spans(text) if span.kind == "person"]
        if not found:
            return
        kept = [(actor.start, actor.end) for actor in find_actors(text)] + find_spans(text, self._gazetteer)
        for start, end in found:
            first_of = start - 3 if text[max(0, start - 3) : start].lower() in ("al-", "el-") else start
            if not any(first < end and first_of < last for first, last in kept):
                yield first_of, end


# --- coarser places --------------------------------------------------------------------------------------------------


def _coarser(row: Row, level: str, gazetteer: Gazetteer, boundaries: Boundaries | None) -> Row:
    """The row with its point moved up to a division; without a place where that division is not known."""
    if row.get("longitude") is None:
        return row
    if _ORDER.index(str(row.get("location_level") or "settlement")) >= _ORDER.index(level) and (
        row.get("location_level") not in ("part", "sea_air")
    ):
        return row | _summary(row, str(row.get("place")))
    levels = COARSE_LEVELS[COARSE_LEVELS.index(level) :]
    found = None
    for level in levels:  # noqa: PLR1704  what is not known at this level is told by the next
        if (found := _division(row, level, gazetteer, boundaries)) is not None:
            break
    geo_precision, where_prec, radius = LEVELS[level]
    cleared: Row = dict.fromkeys(
        (
            "place",
            "longitude",
            "latitude",
            "pcode",
            "place_id",
            "location_level",
            "radius_km",
            "geo_precision",
            "where_prec",
        )
    )
    deeper = {"adm1": ("admin2",), "country": ("admin1", "admin2"), "adm2": ()}[level]
    cleared |= dict.fromkeys(deeper)
    kept = {"adm2": 2, "adm1": 1, "country": 0}[level]
    for n in range(kept + 1, 4):
        cleared |= {name: None for name in (f"adm{n}_name", f"adm{n}_pcode") if name in row}
    if found is None:
        reason = "the place was left out: its division is not known"
        return row | cleared | {"unlocated_reason": reason} | _summary(row, None)
    name, lon, lat, own_radius, place_id = found
    values: Row = {
        "place": name,
        "longitude": round(lon, 5),
        "latitude": round(lat, 5),
        "place_id": place_id,
        "location_level": level,
        "radius_km": round(max(own_radius or radius, 1.0), 3),
        "geo_precision": geo_precision,
        "where_prec": where_prec,
    }
    return row | cleared | values | _summary(row, name)


def _summary(row: Row, place: str | None) -> Row:
    """A summary that names no finer place."""
    what = str(row.get("sub_event_type") or row.get("event_type") or "Event")
    return {"summary": f"{what}, {place}" if place else what, "quote": None, "date_basis": None}


def _division(
    row: Row, level: str, gazetteer: Gazetteer, boundaries: Boundaries | None
) -> tuple[str, float, float, float | None, str | None] | None:
    """Name, point, radius and id of the division that a row lies in."""
    country = str(row["country"]) if row.get("country") else None
    depth = {"adm2": 2, "adm1": 1, "country": 0}[level]
    if boundaries is not None and depth and (shape := boundaries.polygon(row, depth)) is not None:
        point = shape.representative_point()
        reach = max(abs(shape.bounds[2] - shape.bounds[0]), abs(shape.bounds[3] - shape.bounds[1])) / 2 * 111.2
        name = row.get(f"adm{depth}_name") or row.get(f"admin{depth}")
        return (str(name), point.x, point.y, reach, None) if name else None
    if country is None:
        return None
    if level == "country":
        place = gazetteer.country(country)
    else:
        named = row.get("admin1" if level == "adm1" else "admin2")
        wanted = "ADM1" if level == "adm1" else "ADM2"
        answers = gazetteer.find(str(named), country=country, limit=10) if named else []
        place = next((c.place for c in answers if c.place.feature_code == wanted), None)
    return (place.name, place.lon, place.lat, place.radius_km, place.id) if place is not None else None
