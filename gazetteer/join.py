"""Several gazetteer files as one: which of their places are one place, and what it then is called.

Hides: the rules of sameness and the SQL that unites files. The first file wins: a place keeps its id, point and main name
there, takes all further names from the others, and what it did not know (population, division, P-code). Two places of two
files are one where they have

1. one id, or one GeoNames number (in the id, or as "GeoNames 172955" in the source), or one P-code in one country;
2. else one folded name, country and feature class within SAME_PLACE_KM, the nearest such pair first, each place once. Areas
   must also be of one level (ADM2 with ADM2), and first-level divisions may lie any distance apart, for their points differ
   from source to source. Two GeoNames numbers are two places: GeoNames says so.
"""

# ruff: noqa: S608  (SQL is put together from column lists and schema names of this package, never from values)

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from gazetteer.errors import GazetteerError
from gazetteer.names import fold_name, is_latin
from gazetteer.place import LonLat, great_circle_km
from gazetteer.store import (
    COLUMNS,
    COPY_NAMES,
    INDEXES,
    KM_PER_DEGREE,
    OTHER_SCRIPT,
    SETTLE_PLACES,
    Gazetteer,
    copy_sounds,
    drafting,
    run_all,
)

__all__ = ["SAME_PLACE_KM", "join"]

#: Places of one name, country and class nearer than this are one. Coordinates of one village differ by up to 5 km from
#: source to source; at 10 km villages of one name in a plain would meet.
SAME_PLACE_KM = 5.0

_GEONAMES_NUMBER = re.compile(r"\bGeoNames (\d+)(?![\d-])")
_ATTACHED = ("part", "other")

_STAGE_MORE = (
    "CREATE TABLE stage.twin (n INTEGER PRIMARY KEY, becomes INTEGER NOT NULL)",
    "CREATE TABLE stage.division (country, admin1, name, PRIMARY KEY (country, admin1)) WITHOUT ROWID",
    "CREATE TABLE stage.renamed (country, admin1, becomes, PRIMARY KEY (country, admin1)) WITHOUT ROWID",
)
_ADD_PART = (
    f"INSERT INTO stage.place SELECT p.n + :base, {', '.join(f'p.{column}' for column in COLUMNS)}, s.text, p.cell "
    "FROM part.place p JOIN part.source s ON s.n = p.source WHERE p.n NOT IN (SELECT n FROM stage.twin)",
    "INSERT INTO stage.name SELECT folded, place + :base, kind, spelling FROM part.name "
    "WHERE place NOT IN (SELECT n FROM stage.twin)",
    # what was the main name there is a further name here; in other letters than Latin ones it answers only to such
    "INSERT INTO stage.name SELECT x.folded, t.becomes, CASE WHEN x.kind & 7 THEN x.kind WHEN is_latin(p.name) "
    f"THEN x.kind + 1 ELSE x.kind + 1 + {OTHER_SCRIPT} END, x.spelling "
    "FROM part.name x JOIN stage.twin t ON t.n = x.place JOIN part.place p ON p.n = x.place",
    "INSERT INTO stage.point SELECT place + :base, seq, lon, lat FROM part.point "
    "WHERE place NOT IN (SELECT n FROM stage.twin)",
)
#: What the winner lacks comes from its twin; "PPL" says no more than "a town" and gives way to a more exact code.
_FILLED = ("admin1_name", "admin2", "radius_km", "native_name", "pcode")
_FILL = (
    f"UPDATE stage.place SET {', '.join(f'{c} = coalesce(place.{c}, twin.{c})' for c in _FILLED)}, "
    # people of a division would speak for it against its own seat in every look-up; the package gives none
    "population = CASE WHEN place.feature_code LIKE 'ADM%' THEN place.population "
    "ELSE coalesce(place.population, twin.population) END, "
    # a country or first-level division keeps the id by which all else finds it, whoever knows its point best
    "id = CASE WHEN twin.id LIKE 'country:%' OR twin.id LIKE 'admin1:%' THEN twin.id ELSE place.id END, "
    "admin1 = CASE WHEN twin.id LIKE 'admin1:%' THEN twin.admin1 ELSE coalesce(place.admin1, twin.admin1) END, "
    "feature_code = CASE WHEN place.feature_code = 'PPL' AND twin.feature_code LIKE 'PPL%' THEN twin.feature_code "
    "ELSE place.feature_code END, "
    "source = CASE WHEN instr(place.source, twin.text) THEN place.source ELSE place.source || '; ' || twin.text END "
    "FROM (SELECT t.becomes, p.*, s.text FROM stage.twin t JOIN part.place p ON p.n = t.n "
    "JOIN part.source s ON s.n = p.source) AS twin WHERE place.n = twin.becomes"
)
_SETTLE_NAMES = (
    # of one spelling for one place, the best kind stays
    "INSERT INTO stage.settled_name SELECT folded, number.n, min(kind), spelling "
    "FROM stage.name JOIN stage.number ON staged = place GROUP BY 1, 2, 4 ORDER BY 1, 2",
    COPY_NAMES,
)
_DIVISIONS = (
    "INSERT OR IGNORE INTO stage.division SELECT country, admin1, name FROM stage.place "
    "WHERE feature_code = 'ADM1' AND id LIKE 'admin1:%' AND admin1 IS NOT NULL"
)
#: Codes of first-level divisions that are no division of the joined file: those of another scheme than GeoNames'.
_UNKNOWN_DIVISIONS = (
    "SELECT DISTINCT country, admin1, admin1_name FROM stage.place WHERE admin1 IS NOT NULL "
    "AND NOT EXISTS (SELECT 1 FROM stage.division d WHERE d.country = place.country AND d.admin1 = place.admin1) "
    "ORDER BY 1, 2, 3"
)
_ALIGN = (
    "UPDATE stage.place SET admin1 = renamed.becomes FROM stage.renamed WHERE renamed.country = place.country "
    "AND renamed.admin1 = place.admin1",
    "UPDATE stage.place SET admin1_name = division.name FROM stage.division WHERE division.country = place.country "
    "AND division.admin1 = place.admin1 AND place.admin1_name IS NOT division.name",
)


def join(path: Path, parts: Sequence[Path], *, meta: Mapping[str, str]) -> None:
    """Write one gazetteer file from several whole ones, the best first. Same parts, same bytes.

    Divisions are then known by the codes and names of the first file: a place of a later one with a P-code or a name as
    its division takes the code that the division has here. Raises GazetteerError where a part is damaged.
    """
    for part in parts:
        Gazetteer.open(part).close()  # whole, and of this format
    with drafting(path, meta=meta) as connection:
        connection.create_function("is_latin", 1, is_latin, deterministic=True)
        run_all(connection, _STAGE_MORE)
        bases: list[int] = []
        becomes: list[dict[int, int]] = []
        for k, part in enumerate(parts):
            (base,) = connection.execute("SELECT coalesce(max(n), 0) FROM stage.place").fetchone()
            twins: dict[int, int] = {}
            with _attached(connection, part, "part"):
                for j, other in enumerate(parts[:k]):
                    with _attached(connection, other, "other"):
                        for n, twin in _twins(connection, twins):
                            twins[n] = becomes[j].get(twin, bases[j] + twin)
                connection.execute("DELETE FROM stage.twin")
                connection.executemany("INSERT INTO stage.twin VALUES (?, ?)", sorted(twins.items()))
                for statement in _ADD_PART:
                    connection.execute(statement, {"base": base} if ":base" in statement else {})
                connection.execute(_FILL)
                copy_sounds(connection, "part")
            bases.append(base)
            becomes.append(twins)
        _align_divisions(connection)
        run_all(connection, [*SETTLE_PLACES, *_SETTLE_NAMES, *INDEXES])


@contextlib.contextmanager
def _attached(connection: sqlite3.Connection, file: Path, schema: str) -> Iterator[None]:
    try:
        connection.execute(f"ATTACH ? AS {schema}", (f"{file.resolve().as_uri()}?mode=ro&immutable=1",))
    except sqlite3.DatabaseError as exc:
        raise GazetteerError(f"{file}: cannot be read as a gazetteer ({exc}); add or build it anew") from exc
    try:
        yield
    finally:
        connection.execute(f"DETACH {schema}")


def _twins(connection: sqlite3.Connection, taken: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """Pairs of a place of `part` and the place of `other` that it is, by their numbers; those in `taken` are left out."""
    found: dict[int, int] = {}
    rows = connection.execute("SELECT p.n, o.n FROM part.place p CROSS JOIN other.place o ON o.id = p.id")
    found |= {n: other for n, other in rows if n not in taken}
    mine, theirs = (_named_elsewhere(connection, schema) for schema in _ATTACHED)
    for key, n in sorted(mine.items()):
        other = theirs.get(key) or _by_id(connection, "other", key)
        if other is not None and n not in taken:
            found.setdefault(n, other)
    for key, other in sorted(theirs.items()):
        mine_n = mine.get(key) or _by_id(connection, "part", key)
        if mine_n is not None and mine_n not in taken:
            found.setdefault(mine_n, other)
    used = set(found.values())
    for n, other in _namesakes(connection, _numbered(mine), _numbered(theirs)):
        if n not in taken and n not in found and other not in used:
            found[n] = other
            used.add(other)
    yield from found.items()


def _named_elsewhere(connection: sqlite3.Connection, schema: str) -> dict[str, int]:
    """GeoNames numbers in the sources ("geonames:172955") and P-codes ("SY pcode:SY02") -> number of the place."""
    found: dict[str, int] = {}
    for n, country, pcode, source in connection.execute(
        f"SELECT p.n, p.country, p.pcode, s.text FROM {schema}.place p JOIN {schema}.source s ON s.n = p.source "
        "WHERE p.pcode IS NOT NULL OR p.id NOT LIKE 'geonames:%' ORDER BY p.n"
    ):
        if pcode is not None:
            found.setdefault(f"{country} pcode:{pcode}", n)
        for number in _GEONAMES_NUMBER.findall(source):
            found.setdefault(f"geonames:{number}", n)
    return found


def _numbered(named: Mapping[str, int]) -> set[int]:
    return {n for key, n in named.items() if key.startswith("geonames:")}


def _by_id(connection: sqlite3.Connection, schema: str, place_id: str) -> int | None:
    row = connection.execute(f"SELECT n FROM {schema}.place WHERE id = ?", (place_id,)).fetchone()
    return int(row[0]) if row is not None else None


def _namesakes(connection: sqlite3.Connection, numbered: set[int], others_numbered: set[int]) -> list[tuple[int, int]]:
    """Pairs of one name, country and class that lie together, nearest first."""
    sizes = {s: connection.execute(f"SELECT max(n) FROM {s}.place").fetchone()[0] or 0 for s in _ATTACHED}
    small, large = sorted(_ATTACHED, key=lambda schema: int(sizes[schema]))
    kinds = f"(0, 1, {1 + OTHER_SCRIPT})"
    names = f"{small}.name a CROSS JOIN {large}.name b ON b.folded = a.folded AND b.kind IN {kinds}"
    p, o = ("a", "b") if small == "part" else ("b", "a")
    rows = connection.execute(
        "SELECT DISTINCT p.n, o.n, p.lon, p.lat, o.lon, o.lat, p.feature_code = 'ADM1', "
        "p.id LIKE 'geonames:%', o.id LIKE 'geonames:%' "
        f"FROM {names} CROSS JOIN part.place p ON p.n = {p}.place CROSS JOIN other.place o ON o.n = {o}.place "
        f"WHERE a.kind IN {kinds} AND p.country = o.country AND p.feature_class = o.feature_class "
        "AND (p.feature_class <> 'A' OR substr(p.feature_code, 1, 4) = substr(o.feature_code, 1, 4)) "
        "AND (p.feature_code = 'ADM1' OR abs(p.lat - o.lat) < :degrees)",
        {"degrees": SAME_PLACE_KM / KM_PER_DEGREE},
    )
    found = []
    for n, other, lon, lat, other_lon, other_lat, anywhere, in_geonames, other_in_geonames in rows:
        if (in_geonames or n in numbered) and (other_in_geonames or other in others_numbered):
            continue
        km = great_circle_km(LonLat(lon=lon, lat=lat), LonLat(lon=other_lon, lat=other_lat))
        if anywhere or km <= SAME_PLACE_KM:
            found.append((km, n, other))
    return [(n, other) for _, n, other in sorted(found)]


def _align_divisions(connection: sqlite3.Connection) -> None:
    """Give all places the codes and names that the divisions have in the joined file."""
    connection.execute(_DIVISIONS)
    known: dict[tuple[str, str], str] = {}
    for country, admin1, name, pcode in connection.execute(
        "SELECT country, admin1, name, pcode FROM stage.place WHERE feature_code = 'ADM1' AND id LIKE 'admin1:%' "
        "AND country IS NOT NULL AND admin1 IS NOT NULL ORDER BY n"
    ):
        for key in (pcode, fold_name(name)):
            if key:
                known.setdefault((country, key), admin1)
    renamed: dict[tuple[str, str], str] = {}
    for country, admin1, name in connection.execute(_UNKNOWN_DIVISIONS):
        for key in (admin1, fold_name(name or ""), fold_name(admin1)):
            if (country, key) in known:
                renamed.setdefault((country, admin1), known[country, key])
                break
    connection.executemany("INSERT INTO stage.renamed VALUES (?, ?, ?)", [(*k, v) for k, v in sorted(renamed.items())])
    run_all(connection, _ALIGN)
