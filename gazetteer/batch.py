"""A column of names -> the same table with the place of each: what `conflictmap places --csv` does.

Hides: how tables come (separator, byte order mark, quotes, lines in cells) and how they are written safely. Rows stream:
a table of a million lines needs no more memory than one of ten. Names that repeat are looked up once.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO

from gazetteer.errors import InputError
from gazetteer.place import Candidate, LonLat
from gazetteer.store import Gazetteer

__all__ = ["ADDED_COLUMNS", "Counts", "geocode_csv", "geocode_names"]

#: What `geocode_names` adds to a row. A column that the table has already is added as "found_country" and so on.
ADDED_COLUMNS = ("place_id", "lon", "lat", "match_name", "score", "reasons", "country", "admin1")
CLASH_PREFIX = "found_"
#: Names that one run remembers, with what was asked beside them.
REMEMBERED = 1 << 15
#: Rows between two calls of a progress callback.
PROGRESS_EVERY = 1000
#: Bytes in which the first line of a table must end.
LONGEST_HEADER = 1 << 16
#: Characters of a name or header that a message shows.
SHOWN = 60

_SEPARATORS = ",;\t|"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
#: First characters that make a spreadsheet run a cell (OWASP, "CSV Injection"; the wide forms work in Asian locales).
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_NUMBER = re.compile(r"[+-]?\d[\d.,]*(?:[eE][+-]?\d+)?")


@dataclass(frozen=True, slots=True)
class Counts:
    """How a batch went."""

    rows: int  # read, without the header
    found: int  # rows that got a place
    empty: int  # rows without a name


# --- rows -----------------------------------------------------------------------------------------------------------


def geocode_names(
    rows: Iterable[Mapping[str, str]],
    gazetteer: Gazetteer,
    *,
    name_column: str,
    country: str | None = None,
    admin1: str | None = None,
    near: LonLat | None = None,
    country_column: str | None = None,
    admin1_column: str | None = None,
) -> Iterator[dict[str, str]]:
    """The rows, one by one and in order, each with ADDED_COLUMNS; these are empty where a name is not known.

    `country`, `admin1` and `near` are as in `Gazetteer.find`; a column of countries (codes or names) or of first-level
    divisions goes before them where its cell is not empty. Degrees are WGS84; reasons are codes joined by "; ".
    """
    find = _remembering(gazetteer, near)
    for row in rows:
        name = row.get(name_column, "").strip()
        where = (row.get(country_column, "").strip() if country_column else "") or country
        division = (row.get(admin1_column, "").strip() if admin1_column else "") or admin1
        added = _added(find(name, where, division) if name else None)
        yield {**row, **{_free(column, row): value for column, value in added.items()}}


def _remembering(
    gazetteer: Gazetteer, near: LonLat | None
) -> Callable[[str, str | None, str | None], Candidate | None]:
    @lru_cache(maxsize=REMEMBERED)
    def code_of(country: str) -> str:
        """The ISO code of a country; a name that is unknown stays, so that nothing is found in another country."""
        if len(country) == 2:
            return country
        return next((h.place.country for h in gazetteer.lookup(country) if h.place.is_country), None) or country

    @lru_cache(maxsize=REMEMBERED)
    def find(name: str, country: str | None, admin1: str | None) -> Candidate | None:
        code = code_of(country) if country else None
        return next(iter(gazetteer.find(name, country=code, admin1=admin1, near=near, limit=1)), None)

    return find


def _added(candidate: Candidate | None) -> dict[str, str]:
    if candidate is None:
        return dict.fromkeys(ADDED_COLUMNS, "")
    place = candidate.place
    return {
        "place_id": place.id,
        "lon": f"{place.lon:.5f}",
        "lat": f"{place.lat:.5f}",
        "match_name": place.name,
        "score": f"{candidate.score:.3f}",
        "reasons": "; ".join(reason.code for reason in candidate.reasons),
        "country": place.country or "",
        "admin1": place.admin1_name or place.admin1 or "",
    }


def _free(column: str, taken: Mapping[str, str]) -> str:
    while column in taken:
        column = CLASH_PREFIX + column
    return column


# --- tables ---------------------------------------------------------------------------------------------------------


def geocode_csv(
    source: Path | IO[bytes],
    target: Path | IO[str],
    gazetteer: Gazetteer,
    *,
    name_column: str,
    country: str | None = None,
    admin1: str | None = None,
    near: LonLat | None = None,
    country_column: str | None = None,
    admin1_column: str | None = None,
    encoding: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> Counts:
    """Read a table of names and write it with ADDED_COLUMNS, row by row; says how many were found.

    The table is CSV with a header, separated by what its header has most of (comma, semicolon, tab, bar), in UTF-8 or UTF-16
    with or without a byte order mark, or in `encoding`. Written is UTF-8 with the same separator; a file appears when it is
    whole. A cell that a spreadsheet would run as a formula begins with an apostrophe there. `progress` gets the number of
    rows so far.

    Raises InputError with file, line and remedy for a table that cannot be read or lacks a column; nothing is then written.
    """
    shown = str(source) if isinstance(source, Path) else "-"
    if isinstance(source, Path) and isinstance(target, Path) and target.exists() and target.samefile(source):
        raise InputError(f"{target}: is the table that is read; give another file to write to")
    with _opened(source, shown) as stream, _written(target) as out:
        table = _Table(stream, shown, encoding)
        for column in filter(None, (name_column, country_column, admin1_column)):
            table.check_has(column)
        added = [_free(column, dict.fromkeys(table.header, "")) for column in ADDED_COLUMNS]
        writer = csv.writer(out, delimiter=table.separator, lineterminator="\n")
        writer.writerow(map(_safe, [*table.header, *added]))
        rows = found = empty = 0
        for row in geocode_names(
            table.rows(),
            gazetteer,
            name_column=name_column,
            country=country,
            admin1=admin1,
            near=near,
            country_column=country_column,
            admin1_column=admin1_column,
        ):
            rows += 1
            found += bool(row[added[0]])
            empty += not row[name_column].strip()
            writer.writerow(map(_safe, row.values()))
            if progress is not None and rows % PROGRESS_EVERY == 0:
                progress(rows)
    return Counts(rows=rows, found=found, empty=empty)


class _Table:
    """A CSV table: its header and its rows."""

    def __init__(self, stream: IO[bytes], shown: str, encoding: str | None) -> None:
        self.shown = shown
        head = stream.read(LONGEST_HEADER)
        if not head.strip():
            raise InputError(f"{shown}: the table is empty; a header line with the names of the columns is expected")
        self._encoding = encoding or ("utf-16" if head.startswith(_UTF16) else "utf-8-sig")
        try:
            codecs.lookup(self._encoding)
        except LookupError as exc:
            raise InputError(f"{shown}: the encoding {encoding!r} is unknown; say utf-8, cp1256, cp1251, ...") from exc
        if "\0" in head.decode("latin-1") and "16" not in self._encoding and "32" not in self._encoding:
            raise InputError(f"{shown}: this is no CSV but a binary file; export the table as CSV in UTF-8")
        self._text = io.TextIOWrapper(io.BufferedReader(_Chained(head, stream)), encoding=self._encoding, newline="")
        first = self._line()
        said = re.fullmatch(r"sep=(.)\s*", first)  # written by Excel, and read by nothing else
        if said:
            first = self._line()
        self.separator = said[1] if said else max(_SEPARATORS, key=first.count)
        self._reader = csv.reader(self._lines(first), delimiter=self.separator)
        cells = self._next() or []
        self._names = [cell.strip() for cell in cells]
        self.header = [name or f"column_{n}" for n, name in enumerate(self._names, start=1)]
        if not any(self._names):
            raise InputError(f"{shown}:1: no header ({first.strip()[:SHOWN]!r}); put the names of the columns there")
        twice = next((name for name in self.header if self.header.count(name) > 1), None)
        if twice is not None:
            raise InputError(f"{shown}:1: two columns are called {twice[:SHOWN]!r}; give each its own name")

    def check_has(self, column: str) -> None:
        if column not in self.header:
            there = ", ".join(name[:SHOWN] for name in self.header)
            raise InputError(f"{self.shown}:1: no column {column!r}; the columns are: {there}")

    def rows(self) -> Iterator[dict[str, str]]:
        while (cells := self._next()) is not None:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(self.header) and any(cells[len(self.header) :]):
                raise InputError(
                    f"{self.shown}:{self._reader.line_num}: {len(cells)} cells, the header has {len(self.header)}; put quotes "
                    f"around cells with {self.separator!r}"
                )
            cells += [""] * (len(self.header) - len(cells))
            yield dict(zip(self.header, cells, strict=False))

    def _next(self) -> list[str] | None:
        try:
            return next(self._reader, None)
        except csv.Error as exc:
            line = self._reader.line_num
            raise InputError(f"{self.shown}:{line}: this is no CSV ({exc}); export it again in UTF-8") from exc

    def _lines(self, first: str) -> Iterator[str]:
        yield first
        while line := self._line():
            yield line

    def _line(self) -> str:
        try:
            return self._text.readline()
        except UnicodeError as exc:
            byte = f"byte 0x{exc.object[exc.start]:02x}" if isinstance(exc, UnicodeDecodeError) else "cut off"
            raise InputError(
                f"{self.shown}: not {self._encoding.removesuffix('-sig').upper()} ({byte}); save it as UTF-8, or name its "
                "encoding (cp1256 for Arabic, cp1251 for Cyrillic, cp1252 for Latin letters)"
            ) from exc


class _Chained(io.RawIOBase):
    """A stream that begins with bytes read from it before."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head, self._rest = head, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # what TextIOWrapper passes
        chunk = self._head[: len(buffer)] or self._rest.read(len(buffer))
        self._head = self._head[len(chunk) :]
        buffer[: len(chunk)] = chunk
        return len(chunk)


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell) else cell


@contextlib.contextmanager
def _opened(source: Path | IO[bytes], shown: str) -> Iterator[IO[bytes]]:
    if not isinstance(source, Path):
        yield source
        return
    try:
        stream = source.open("rb")
    except FileNotFoundError:
        raise InputError(f"{shown}: there is no such file; check the path") from None
    except OSError as exc:
        raise InputError(f"{shown}: cannot be read ({exc.strerror}); check the path and the rights") from exc
    with stream:
        yield stream


@contextlib.contextmanager
def _written(target: Path | IO[str]) -> Iterator[IO[str]]:
    """A text stream; to a file by way of a temporary one beside it, which is renamed when all went well."""
    if not isinstance(target, Path):
        yield target
        return
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    except OSError as exc:
        raise InputError(f"{target}: cannot be written ({exc.strerror}); check the folder and the rights") from exc
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            yield stream
        draft.chmod(0o666 & ~_umask())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
