"""The gazetteer file: names to places in one read-only SQLite file, and how it is built.

Hides: SQLite, the tables, and what tells a whole gazetteer file of ours from a damaged or foreign one. The only SQL is
here and in `join`; callers get `Place`s. Places are numbered by falling population, those without one by the number of their
names (of two villages the better known one has more), so that the order of a look-up is the order of the file and costs
nothing.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import Any

from gazetteer.errors import GazetteerError
from gazetteer.find import rank_hits
from gazetteer.home import home
from gazetteer.names import (
    SOUND_KEY_FROM,
    SOUND_KEY_TO,
    fold_name,
    is_latin,
    open_digraphs,
    skeleton_key,
    soft_form,
    sound_key,
    strip_article,
)
from gazetteer.place import Candidate, LonLat, Place, great_circle_km, place_of_values

__all__ = ["KINDS", "Gazetteer", "NameHit", "SourcePlace", "build"]

#: Marks an SQLite file as a gazetteer ("cmgz"), in its header.
APPLICATION_ID = 0x636D677A
#: Raised with every change of the tables or of the folding rules, since folded names are stored.
SCHEMA_VERSION = 3
#: Bytes of the file that SQLite may read through the page cache of the system without a copy.
MMAP_BYTES = 1 << 32
#: Look-ups and places that one open gazetteer remembers.
LOOKUP_CACHE = 1 << 15
#: Side of the squares that `near` searches, in degrees.
CELL_DEGREES = 0.5
#: Length of one degree of latitude, in km; a little short, so that the box of cells holds the whole circle.
KM_PER_DEGREE = 111.1
#: Names of one skeleton key that `skeleton` looks at, at most, and letters of the soft form by which it goes on in larger
#: groups. The largest group of cities500 has 1,800 names; 2,000 take about half a millisecond.
SKELETON_GROUP = 2000
SAME_BEGINNING = 3
#: Those of them that it ranks, and what the likeness as written counts there beside the likeness of the soft forms.
SKELETON_COMPARED = 100
WRITTEN_SHARE = 0.1
SOUND_SHARE = 1.0 - WRITTEN_SHARE
#: Names of one skeleton that stand in one row, by their soft forms; a row of more would spill out of its page.
NAMES_IN_ROW = 16
SKELETON_ROWS = SKELETON_GROUP // NAMES_IN_ROW
#: Places of one name that stand beside it there; of a name with more they are looked up.
PLACES_BESIDE = 8
#: Places that one query fetches by their numbers.
PLACES_AT_ONCE = 256
#: Countries where a leading "al" or "el" of a name is the Arabic article, which writers add and leave out.
ARTICLE_COUNTRIES = frozenset(
    {"AE", "AF", "BH", "DJ", "DZ", "EG", "EH", "ER", "IL", "IQ", "IR", "JO", "KM", "KW", "LB", "LY", "MA", "ML", "MR"}
    | {"NE", "OM", "PS", "QA", "SA", "SD", "SO", "SS", "SY", "TD", "TN", "TR", "YE"}
)

#: Records that a build takes in at a time; larger batches are no faster.
STAGED_AT_ONCE = 1000

#: The gazetteer inside the package.
PACKAGED = Path(__file__).parent / "data" / "gazetteer.sqlite"
_REMEDY = "reinstall conflictmap, or build the file anew"
#: The columns of a place are the fields of `Place`, in their order; only its source is kept once for all.
COLUMNS = tuple(field.name for field in fields(Place) if field.name != "source")
_PLACE = ", ".join(f"p.{column}" for column in [*COLUMNS, "source"])
_N_COLUMNS = len(COLUMNS) + 1
#: Added to the number of a kind in the name table: where the stored form lacks the article that the name has, and where
#: the name is written in other letters than Latin and so answers only to such.
_ARTICLE_DROPPED = 8
OTHER_SCRIPT = 16
_KIND = 7

_NAMED = (
    f"SELECT {_PLACE}, n.place, n.kind, n.spelling FROM name n JOIN place p ON p.n = n.place WHERE n.folded = ? "
    "ORDER BY n.place, n.kind"
)
_HAS_NAME = "SELECT 1 FROM name WHERE folded = ? AND kind < ? LIMIT 1"
_SAME_SKELETON = "SELECT key, names FROM sound WHERE key >= ? AND key < ? ORDER BY key LIMIT ?"
_SAME_BEGINNING = (
    "SELECT key, names FROM sound WHERE key >= (SELECT max(key) FROM sound WHERE key <= ?) AND key < ? "
    "ORDER BY key LIMIT ?"
)
_BY_SOUND = f"kind & ~{OTHER_SCRIPT} < 2"  # main names and alternates have a skeleton
#: A place and the kind of its name in one number; kinds in their order.
_PLACE_AND_KIND = f"4 * place + (kind & 1) + (kind & {OTHER_SCRIPT}) / {OTHER_SCRIPT // 2}"
_PLACES_OF_NAME = f"SELECT {_PLACE_AND_KIND} FROM name WHERE folded = ? AND {_BY_SOUND}"
#: Of names of one likeness, the places of so many are ordered by size together.
LIKE_NAMED_TOGETHER = 16

_NAME = (
    "(folded TEXT NOT NULL, place INTEGER NOT NULL, kind INTEGER NOT NULL, spelling TEXT NOT NULL, "
    "PRIMARY KEY (folded, place, kind, spelling)) WITHOUT ROWID"
)
#: Names of one skeleton, NAMES_IN_ROW to a row: soft form, folded form and places of each, every one on a line.
_SOUND = "(key TEXT PRIMARY KEY, names TEXT NOT NULL) WITHOUT ROWID"
_TABLES = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE source (n INTEGER PRIMARY KEY, text TEXT NOT NULL)",
    f"CREATE TABLE place (n INTEGER PRIMARY KEY, {', '.join(COLUMNS)}, source INTEGER NOT NULL, cell INTEGER NOT NULL)",
    f"CREATE TABLE name {_NAME}",
    f"CREATE TABLE sound {_SOUND}",
    "CREATE TABLE point (place INTEGER NOT NULL, seq INTEGER NOT NULL, lon REAL NOT NULL, lat REAL NOT NULL, "
    "PRIMARY KEY (place, seq)) WITHOUT ROWID",
)
#: The records as they come, in a file of their own that is thrown away.
_STAGE_TABLES = (
    f"CREATE TABLE stage.place (n INTEGER PRIMARY KEY, {', '.join(COLUMNS)}, source, cell)",
    "CREATE TABLE stage.name (folded, place, kind, spelling)",
    "CREATE TABLE stage.point (place, seq, lon, lat)",
    f"CREATE TABLE stage.settled_name {_NAME}",
    f"CREATE TABLE stage.settled_sound {_SOUND}",
    "CREATE TABLE stage.known_sound (folded TEXT PRIMARY KEY, key TEXT NOT NULL) WITHOUT ROWID",
)
_BUILD_SETTINGS = (
    "page_size = 4096",
    "journal_mode = OFF",
    "synchronous = OFF",
    "stage.journal_mode = OFF",
    "stage.synchronous = OFF",
    f"application_id = {APPLICATION_ID}",
    f"user_version = {SCHEMA_VERSION}",
)
#: From the stage to the file, each table written in its own order: that makes it compact and the same every time.
SETTLE_PLACES = (
    "CREATE TABLE stage.known (place INTEGER PRIMARY KEY, names INTEGER NOT NULL)",
    "INSERT INTO stage.known SELECT place, count(*) FROM stage.name GROUP BY place",
    "CREATE TABLE stage.number AS SELECT p.n AS staged, row_number() OVER "
    "(ORDER BY population IS NULL, population DESC, k.names DESC, id) AS n "
    "FROM stage.place p LEFT JOIN stage.known k ON k.place = p.n",
    "CREATE UNIQUE INDEX stage.number_staged ON number (staged, n)",
    "INSERT INTO main.source SELECT row_number() OVER (ORDER BY source), source "
    "FROM (SELECT DISTINCT source FROM stage.place)",
    f"INSERT INTO main.place SELECT number.n, {', '.join(f'p.{column}' for column in COLUMNS)}, source.n, p.cell "
    "FROM stage.place p JOIN stage.number ON staged = p.n JOIN main.source ON text = p.source ORDER BY number.n",
    "INSERT INTO main.point SELECT number.n, seq, lon, lat "
    "FROM stage.point JOIN stage.number ON staged = place ORDER BY 1, 2",
)
#: A table copied whole is a tenth smaller than one filled row by row.
COPY_NAMES = "INSERT INTO main.name SELECT * FROM stage.settled_name"
_SETTLE_NAMES = (
    "INSERT INTO stage.settled_name SELECT DISTINCT folded, number.n, kind, spelling "
    "FROM stage.name JOIN stage.number ON staged = place ORDER BY 1, 2, 3, 4",
    COPY_NAMES,
)
_SOUNDS = (
    "CREATE TABLE stage.sound AS SELECT coalesce(k.key, sound_key(n.folded)) AS key, n.folded, places FROM (SELECT folded, "
    f"CASE WHEN count(*) <= {PLACES_BESIDE} THEN group_concat({_PLACE_AND_KIND}, ' ') ELSE '' END AS places "
    f"FROM main.name WHERE {_BY_SOUND} GROUP BY folded) n LEFT JOIN stage.known_sound k ON k.folded = n.folded"
)
INDEXES = (
    "CREATE UNIQUE INDEX main.place_id ON place (id)",
    "CREATE INDEX main.place_cell ON place (cell)",
)

#: Kinds of names, best first. Their numbers are stored in the file.
KINDS = ("main", "alternate", "abbreviation", "demonym")


@dataclass(frozen=True, slots=True)
class NameHit:
    """A place that a look-up found, and by which of its names."""

    place: Place
    kind: str  # one of KINDS
    name: str  # as the gazetteer spells it; of an alternate the folded form
    article_dropped: bool = False  # the name and the one looked up differ by the Arabic article
    similarity: float = 1.0  # 0..1; 1 for exact look-ups


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """A place as a source gives it: with all its names, and further points where it is a line."""

    place: Place
    alternates: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()  # found only as they are written
    demonyms: tuple[str, ...] = ()
    points: tuple[LonLat, ...] = ()


class Gazetteer:
    """An open gazetteer file. Read-only; one connection, for the thread that opened it; `with` closes it.

    Look-ups give empty results for what is unknown. Raises GazetteerError where the file is missing or damaged.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._meta = dict(self._rows("SELECT key, value FROM meta"))
        if self._meta.get("complete") != "yes":
            raise GazetteerError(f"{path}: this gazetteer file was not written to its end; {_REMEDY}")
        self._sources: dict[int, str] = dict(self._rows("SELECT n, text FROM source"))
        self.version: str = self._meta.get("version", "unknown")  # date of the data, for provenance: "2026-02"
        self._remembered = lru_cache(maxsize=LOOKUP_CACHE)(self._lookup)
        self._remembered_place = lru_cache(maxsize=LOOKUP_CACHE)(self._place)

    @classmethod
    def open(cls, path: str | Path | None = None) -> Gazetteer:
        """Open a gazetteer file; without a path the one inside the package, with the user's layers where there are any.

        Raises GazetteerError when the file is missing, empty, cut off, foreign or of another version.
        """
        if path is None and any((home() / "layers").glob("*.json")):
            from gazetteer.layers import Layers  # noqa: PLC0415  (it builds on this module)

            return Layers().open()
        file = PACKAGED if path is None else Path(path)
        _check_header(file)
        try:
            connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
            connection.execute(f"PRAGMA mmap_size = {MMAP_BYTES}")
        except sqlite3.Error as exc:
            raise GazetteerError(f"{file}: cannot be opened as a gazetteer ({exc}); {_REMEDY}") from exc
        try:
            return cls(file, connection)
        except BaseException:
            connection.close()
            raise

    def __reduce__(self) -> tuple[Any, ...]:
        """A gazetteer sent to another process is opened there anew."""
        return Gazetteer.open, (self.path,)

    def __enter__(self) -> Gazetteer:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file. Closing twice does no harm."""
        self._connection.close()

    def lookup(self, name: str) -> tuple[NameHit, ...]:
        """Every place of this name, in any case and transliteration the folding knows; one hit a place, largest first.

        A place "al-X" is also found as "X" (the hit says so), and "al-X" finds "X" where no "al-X" exists. An
        abbreviation is found only as it is written: "US", not "us". A name that the gazetteer has in Arabic, Cyrillic
        or other letters only is not found by Latin ones; `skeleton` may.
        """
        return self._remembered(name)

    def _lookup(self, name: str) -> tuple[NameHit, ...]:
        folded = fold_name(name)
        hits = self._hits_of(folded, written=name.strip())
        if not hits and (bare := strip_article(folded)) != folded:
            hits = self._hits_of(bare, written=name.strip(), article_dropped=True)
        return hits

    def _hits_of(self, folded: str, *, written: str, article_dropped: bool = False) -> tuple[NameHit, ...]:
        hits: list[NameHit] = []
        latin = is_latin(written)
        last = None
        for row in self._rows(_NAMED, (folded,)):
            n, kind_number, spelling = row[-3:]
            kind = KINDS[kind_number & _KIND]
            if n == last or (kind == "abbreviation" and spelling != written) or (latin and kind_number & OTHER_SCRIPT):
                continue
            last = n
            place = place_of_values(row[:_N_COLUMNS], self._sources)
            spelled = place.name if kind == "main" else spelling or folded
            dropped = article_dropped or kind_number & _ARTICLE_DROPPED != 0
            hits.append(NameHit(place, kind, spelled, dropped))
        return tuple(hits)

    def has_name(self, folded: str, *, latin: bool = True) -> bool:
        """Whether `lookup` may find something for a folded form. Quick, for scanning texts; abbreviations count.

        `latin` says whether the text was in Latin letters.
        """
        kinds = OTHER_SCRIPT if latin and folded.isascii() else 2 * OTHER_SCRIPT
        if self._connection.execute(_HAS_NAME, (folded, kinds)).fetchone() is not None:
            return True
        bare = strip_article(folded)
        return bare != folded and self._connection.execute(_HAS_NAME, (bare, kinds)).fetchone() is not None

    def skeleton(
        self, name: str, *, country: str | None = None, least: float = 0.5, limit: int = 50
    ) -> tuple[NameHit, ...]:
        """Places whose name has the same consonants and a `similarity` of `least`, most alike first, then largest first.

        `similarity` is RapidFuzz's ratio of the soft forms and, for a tenth, of the folded ones: 1 for one folded form.
        """
        from rapidfuzz.fuzz import ratio  # noqa: PLC0415  (0.03 s that exact look-ups need not pay)
        from rapidfuzz.process import extract  # noqa: PLC0415

        wanted = fold_name(open_digraphs(name))
        soft = soft_form(wanted)
        sounds, names, places = self._same_skeleton(skeleton_key(wanted), soft)
        cutoff = max(0.0, 100.0 * (least - WRITTEN_SHARE) / SOUND_SHARE)
        alike = []
        for _, sounding, i in extract(soft, sounds, scorer=ratio, limit=SKELETON_COMPARED, score_cutoff=cutoff):
            similarity = (SOUND_SHARE * sounding + WRITTEN_SHARE * ratio(wanted, names[i])) / 100.0
            if similarity >= least:
                alike.append((-round(similarity, 4), names[i], places[i]))
        alike.sort()
        found: dict[int, tuple[float, str, int]] = {}  # number of a place -> its likeness, name and kind of name
        for start in range(0, len(alike), LIKE_NAMED_TOGETHER):
            together = [
                (unlike, *divmod(int(number), 4), folded)
                for unlike, folded, numbers in alike[start : start + LIKE_NAMED_TOGETHER]
                for number in (numbers.split(" ") if numbers else self._places_of_name(folded))
            ]
            for unlike, n, kind, folded in sorted(together):
                found.setdefault(n, (-unlike, folded, kind & 1))
            if country is None and len(found) >= limit:
                break
        numbers = list(found)[: limit if country is None else None]
        hits = []
        for row in self._numbered(numbers, country, limit):
            place = self._place_of(row)
            likeness, folded, kind = found[row[-1]]
            hits.append(NameHit(place, KINDS[kind], folded if kind else place.name, False, likeness))
        return tuple(hits)

    def _same_skeleton(self, key: str, soft: str) -> tuple[list[str], list[str], list[str]]:
        """Soft forms, folded forms and places of the names of one skeleton."""
        if not key:
            return [], [], []
        first = key + SOUND_KEY_FROM
        rows = self._rows(_SAME_SKELETON, (first, key + SOUND_KEY_TO, SKELETON_ROWS))
        if len(rows) == SKELETON_ROWS:  # a group of tens of thousands: also what begins alike, wherever it stands
            first += soft[:SAME_BEGINNING]
            rows += [row for row in self._rows(_SAME_BEGINNING, (first, first + "~", SKELETON_ROWS)) if row > rows[-1]]
        if not rows:
            return [], [], []
        cells = "\n".join([names for _, names in rows]).split("\n")
        return cells[::3], cells[1::3], cells[2::3]

    def _places_of_name(self, folded: str) -> list[int]:
        return [number for (number,) in self._rows(_PLACES_OF_NAME, (folded,))]

    def _numbered(self, numbers: Sequence[int], country: str | None, limit: int) -> list[Any]:
        """Rows of the first places of these numbers, in their order and the number last; of one country, if given."""
        rows: list[Any] = []
        for start in range(0, len(numbers), PLACES_AT_ONCE):
            some = numbers[start : start + PLACES_AT_ONCE]
            width = 1 << (len(some) - 1).bit_length()  # few statements, which SQLite keeps prepared
            filled = (*some, *[None] * (width - len(some)))
            rows += self._rows(_numbered_query(width), (*filled, country, limit - len(rows)))
            if len(rows) >= limit:
                break
        return rows

    def find(
        self,
        name: str,
        *,
        country: str | None = None,
        admin1: str | None = None,
        near: LonLat | None = None,
        limit: int = 10,
    ) -> list[Candidate]:
        """What a name may mean, best first, each with its reasons; empty when the gazetteer knows no such name.

        `country` (ISO alpha-2) excludes; `admin1` (code or name, any spelling, with or without a type word) and `near`
        only rank. Names are tried as written, then without their type word, then by their consonants.
        """
        return rank_hits(self, name, country=country, admin1=admin1, near=near, limit=limit)

    def place(self, place_id: str) -> Place | None:
        """The place of this id, or None."""
        return self._remembered_place(place_id)

    def _place(self, place_id: str) -> Place | None:
        if not place_id.isprintable():
            return None
        rows = self._rows(f"SELECT {_PLACE} FROM place p WHERE p.id = ?", (place_id,))
        return self._place_of(rows[0]) if rows else None

    def country(self, iso2: str) -> Place | None:
        """The country of this ISO 3166 alpha-2 code, or None."""
        return self.place(f"country:{iso2.upper()}")

    def admin1(self, country: str, code: str) -> Place | None:
        """The first-level division of this country (ISO alpha-2) and GeoNames admin1 code, or None."""
        return self.place(f"admin1:{country.upper()}.{code.upper()}")

    def points(self, place_id: str) -> tuple[LonLat, ...]:
        """Further points along a river or road, in order; empty for most places."""
        rows = self._rows(
            "SELECT x.lon, x.lat FROM place p JOIN point x ON x.place = p.n WHERE p.id = ? ORDER BY x.seq", (place_id,)
        )
        return tuple(LonLat(lon=lon, lat=lat) for lon, lat in rows)

    def near(self, point: LonLat, *, radius_km: float, limit: int = 20) -> tuple[tuple[float, Place], ...]:
        """The places within radius_km of a point, each with its distance in km, nearest first."""
        found = []
        for low, high in _cell_ranges(point, radius_km):
            for row in self._rows(f"SELECT {_PLACE} FROM place p WHERE p.cell BETWEEN ? AND ?", (low, high)):
                km = great_circle_km(point, LonLat(lon=row[2], lat=row[3]))
                if km <= radius_km:
                    found.append((km, row))
        found.sort(key=lambda pair: (pair[0], pair[1][0]))
        return tuple((km, self._place_of(row)) for km, row in found[:limit])

    def info(self) -> dict[str, Any]:
        """Version, path, numbers of places (in all and by the scheme of their ids) and names, sources with licences.

        Further keys are what `build` was given as `meta`.
        """
        scheme = "substr(id, 1, instr(id, ':') - 1)"
        by_scheme = dict(self._rows(f"SELECT {scheme}, count(*) FROM place GROUP BY 1 ORDER BY 1"))
        ((names,),) = self._rows("SELECT count(*) FROM name")
        meta = {key: value for key, value in self._meta.items() if key != "complete"}
        return {
            **meta,
            "version": self.version,
            "path": str(self.path),
            "places": sum(by_scheme.values()),
            "names": names,
            "places_by_scheme": by_scheme,
            "sources": json.loads(meta.get("sources", "[]")),
            "layers": json.loads(meta.get("layers", "[]")),
        }

    def _place_of(self, row: Sequence[Any]) -> Place:
        """The place of a row that begins with the columns of `_PLACE`."""
        return place_of_values(row[:_N_COLUMNS], self._sources)

    def _rows(self, sql: str, parameters: tuple[Any, ...] = ()) -> list[Any]:
        try:
            return self._connection.execute(sql, parameters).fetchall()
        except sqlite3.ProgrammingError:
            raise
        except sqlite3.DatabaseError as exc:
            raise GazetteerError(f"{self.path}: the gazetteer file is damaged ({exc}); {_REMEDY}") from exc


@lru_cache(maxsize=16)
def _numbered_query(width: int) -> str:
    wanted = ", ".join(["(?)"] * width)
    return (
        f"WITH wanted (n) AS (VALUES {wanted}) SELECT {_PLACE}, p.n FROM wanted CROSS JOIN place p ON p.n = wanted.n "
        f"WHERE ?{width + 1} IS NULL OR p.country = ?{width + 1} LIMIT ?{width + 2}"
    )


def _check_header(file: Path) -> None:
    """Raise GazetteerError unless the first hundred bytes and the size are those of a whole gazetteer file of ours."""
    try:
        with file.open("rb") as stream:
            header = stream.read(100)
            size = stream.seek(0, os.SEEK_END)
    except FileNotFoundError:
        raise GazetteerError(f"{file}: there is no gazetteer file here; {_REMEDY}") from None
    except OSError as exc:
        raise GazetteerError(f"{file}: cannot be read ({exc.strerror}); {_REMEDY}") from exc
    if not header:
        raise GazetteerError(f"{file}: the file is empty, not a gazetteer; {_REMEDY}")
    if len(header) < 100 or not header.startswith(b"SQLite format 3\0"):
        raise GazetteerError(f"{file}: this is no gazetteer file (an SQLite file is expected); {_REMEDY}")
    number = {at: int.from_bytes(header[at : at + 4], "big") for at in (28, 60, 68)}
    if number[68] != APPLICATION_ID:
        raise GazetteerError(f"{file}: this SQLite file is not a conflictmap gazetteer; {_REMEDY}")
    if number[60] != SCHEMA_VERSION:
        raise GazetteerError(
            f"{file}: gazetteer format {number[60]}, but this conflictmap reads format {SCHEMA_VERSION}; {_REMEDY}"
        )
    page_size = int.from_bytes(header[16:18], "big")
    expected = number[28] * (65536 if page_size == 1 else page_size)
    if size < expected:
        raise GazetteerError(f"{file}: the gazetteer file is cut off ({size} of {expected} bytes); {_REMEDY}")


def _cell(lon: float, lat: float) -> int:
    columns = round(360 / CELL_DEGREES)
    return math.floor((lat + 90.0) / CELL_DEGREES) * columns + math.floor((lon + 180.0) / CELL_DEGREES) % columns


def _cell_ranges(point: LonLat, radius_km: float) -> Iterator[tuple[int, int]]:
    """First and last cell of each stretch of a row that the circle may touch, also over a pole or the antimeridian."""
    dlat = radius_km / KM_PER_DEGREE
    south, north = max(-90.0, point.lat - dlat), min(90.0, point.lat + dlat)
    cos = math.cos(math.radians(max(abs(south), abs(north))))
    dlon = 180.0 if cos * 180.0 <= dlat else dlat / cos
    west, east = point.lon - dlon, point.lon + dlon
    stretches = [(max(west, -180.0), min(east, 180.0 - CELL_DEGREES / 2))]
    if dlon >= 180.0:
        stretches = [(-180.0, 180.0 - CELL_DEGREES / 2)]
    elif west < -180.0:
        stretches.append((west + 360.0, 180.0 - CELL_DEGREES / 2))
    elif east >= 180.0:
        stretches.append((-180.0, east - 360.0))
    rows = math.floor((north - south) / CELL_DEGREES) + 2
    for row in range(rows):
        lat = min(south + row * CELL_DEGREES, 90.0)
        yield from ((_cell(first, lat), _cell(last, lat)) for first, last in stretches)
        if lat >= 90.0:
            return


# --- building -------------------------------------------------------------------------------------------------------


def build(path: Path, records: Iterable[SourcePlace], *, meta: Mapping[str, str]) -> None:
    """Write a gazetteer file with these places. Same records and SQLite, same bytes.

    `meta` holds "version" (the date of the data) and "sources", a JSON list of {name, licence, attribution}.

    The order of the records does not matter. Writes beside the target and renames at the end, so that a broken build
    leaves no file. Raises GazetteerError when two records have one id.
    """
    with drafting(path, meta=meta) as connection:
        connection.execute("BEGIN")
        _stage(connection, records)
        run_all(connection, [*SETTLE_PLACES, *_SETTLE_NAMES, *INDEXES])


@contextlib.contextmanager
def drafting(path: Path, *, meta: Mapping[str, str]) -> Iterator[sqlite3.Connection]:
    """A connection to the empty tables of a gazetteer (`main`) and of its stage; the file is put in place at the end.

    Until then an older file at `path` stays as it is. Raises GazetteerError when two places have one id or the disk is
    full; the broken draft is removed.
    """
    draft, stage = path.with_name(path.name + ".draft"), path.with_name(path.name + ".stage")
    for file in (draft, stage):
        file.unlink(missing_ok=True)
    try:
        with contextlib.closing(sqlite3.connect(draft, isolation_level=None, uri=True)) as connection:
            connection.create_function("sound_key", 1, sound_key, deterministic=True)
            connection.execute("ATTACH ? AS stage", (str(stage),))
            run_all(connection, [f"PRAGMA {setting}" for setting in _BUILD_SETTINGS])
            run_all(connection, [*_TABLES, *_STAGE_TABLES])
            yield connection
            _group_sounds(connection)
            connection.executemany("INSERT INTO meta VALUES (?, ?)", sorted({**meta, "complete": "yes"}.items()))
            if connection.in_transaction:
                connection.execute("COMMIT")
        draft.replace(path)
    except sqlite3.IntegrityError as exc:
        raise GazetteerError(f"{path}: two places share an id ({exc}); give each its own") from exc
    except sqlite3.DatabaseError as exc:
        raise GazetteerError(f"{path}: cannot be written ({exc}); free disk space or choose another folder") from exc
    finally:
        for file in (draft, stage):
            file.unlink(missing_ok=True)


def _group_sounds(connection: sqlite3.Connection) -> None:
    """Fill the table of sounds from the names: each row holds names of one skeleton, with their soft forms and places."""
    if not connection.in_transaction:
        connection.execute("BEGIN")  # else each row is a transaction
    connection.execute(_SOUNDS)
    rows = connection.execute("SELECT key, folded, places FROM stage.sound WHERE key <> '' ORDER BY 1, 2")
    connection.executemany("INSERT INTO stage.settled_sound VALUES (?, ?)", _sound_rows(rows))
    connection.execute("INSERT INTO main.sound SELECT * FROM stage.settled_sound")


def _sound_rows(sounds: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
    """Rows of names of one skeleton, from sound keys, names and places in order; each key is at most its row's first."""
    for skeleton, group in groupby(sounds, key=lambda row: row[0][: row[0].index(SOUND_KEY_FROM) + 1]):
        key = skeleton
        while some := list(islice(group, NAMES_IN_ROW)):
            names = [f"{sound[len(skeleton) :]}\n{folded}\n{places}" for sound, folded, places in some]
            yield key or f"{some[0][0]}{SOUND_KEY_FROM}{some[0][1]}", "\n".join(names)
            key = ""


def copy_sounds(connection: sqlite3.Connection, schema: str) -> None:
    """Take the sound keys of another gazetteer file over, which costs less than to find them again."""
    connection.execute("BEGIN")  # else each row is a transaction
    rows = connection.execute(f"SELECT key, names FROM {schema}.sound")
    connection.executemany("INSERT OR IGNORE INTO stage.known_sound VALUES (?, ?)", _sound_keys(rows))
    connection.execute("COMMIT")


def _sound_keys(rows: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for key, names in rows:
        skeleton, cells = key[: key.index(SOUND_KEY_FROM) + 1], names.split("\n")
        yield from zip(cells[1::3], [skeleton + soft for soft in cells[::3]], strict=True)


def run_all(connection: sqlite3.Connection, statements: Iterable[str]) -> None:
    """Execute statements one after the other."""
    for statement in statements:
        connection.execute(statement)


def _stage(connection: sqlite3.Connection, records: Iterable[SourcePlace]) -> None:
    """Take the records in as they come: places under provisional numbers, names folded."""
    add_place, add_name, add_point = (
        f"INSERT INTO stage.{table} VALUES ({', '.join('?' * width)})"
        for table, width in (("place", len(COLUMNS) + 3), ("name", 4), ("point", 4))
    )
    values = attrgetter(*COLUMNS, "source")
    numbered = enumerate(records)
    while batch := list(islice(numbered, STAGED_AT_ONCE)):
        places = [(n, *values(r.place), _cell(r.place.lon, r.place.lat)) for n, r in batch]
        names = [(folded, n, kind, spelling) for n, r in batch for folded, kind, spelling in _names_of(r)]
        points = [(n, seq, point.lon, point.lat) for n, r in batch for seq, point in enumerate(r.points)]
        connection.executemany(add_place, places)
        connection.executemany(add_name, names)
        connection.executemany(add_point, points)


def _names_of(record: SourcePlace) -> set[tuple[str, int, str]]:
    """The rows of the name table of one place: folded form, number of the kind, exact spelling where it matters."""
    place = record.place
    kinds: dict[str, int] = {}  # the best kind of each folded form: main, alternate, in other letters
    for name in (*record.alternates, place.native_name or ""):
        folded, kind = fold_name(name), 1 if is_latin(name) else 1 + OTHER_SCRIPT
        kinds[folded] = min(kind, kinds.get(folded, kind))
    kinds[fold_name(place.name)] = 0
    if place.country in ARTICLE_COUNTRIES:
        for folded, kind in list(kinds.items()):
            kinds.setdefault(strip_article(folded), kind + _ARTICLE_DROPPED)
    rows = {(folded, kind, "") for folded, kind in kinds.items()}
    for names, kind_name in ((record.abbreviations, "abbreviation"), (record.demonyms, "demonym")):
        rows.update((fold_name(name), KINDS.index(kind_name), name) for name in names)
    return {row for row in rows if len(row[0]) > 1 or (row[0] and not row[0].isascii())}  # no initials
