"""A column of names -> the same table with the place of each: what `conflictmap places --csv` does.

Hides: how tables come (separator, byte order mark, quotes, lines in cells) and how they are written safely. Rows stream,
and the last REMEMBERED names are looked up once, so that a table may have any length. `import gazetteer` does not bring
this module: most who resolve names have no table.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import IO

from gazetteer.errors import InputError, MapperError
from gazetteer.place import Candidate, LonLat
from gazetteer.store import Gazetteer

__all__ = ["ADDED_COLUMNS", "UNKNOWN_COUNTRY", "Counts", "Lookup", "geocode_csv", "geocode_names"]

#: What `geocode_names` adds to a row. A column that the table has already is added as "found_country" and so on.
ADDED_COLUMNS = ("place_id", "lon", "lat", "match_name", "score", "reasons", "country", "admin1")
CLASH_PREFIX = "found_"
#: The one reason of a row without a place whose country the gazetteer does not know ("Atlantis", "SYR").
UNKNOWN_COUNTRY = "unknown-country"
#: Names that one run remembers, with what was asked beside them.
REMEMBERED = 1 << 15
#: Rows between two calls of a progress callback.
PROGRESS_EVERY = 100
#: Bytes in which the header of a table must end.
LONGEST_HEADER = 1 << 16
#: Characters of one cell. Python's own limit (131,072) is below a long report in a column beside the names; without any, a
#: quote that is left open would swallow a file of any size.
LONGEST_CELL = 10_000_000
#: Characters of a name or header that a message shows.
SHOWN = 60
#: Characters of a file's name that its draft repeats: file systems allow 255 bytes, and a character may have four.
DRAFT_NAME = 50
#: Columns that a message names.
SHOWN_COLUMNS = 12

_SEPARATORS = ",;\t|"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
#: First characters that make a spreadsheet run a cell (OWASP, "CSV Injection"; the wide forms work in Asian locales).
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
#: What begins like a formula and is none: a number, and the dash that stands for "no value".
_HARMLESS = re.compile(r"[+-]?\d[\d.,]*(?:[eE][+-]?\d+)?|-")


@dataclass(frozen=True, slots=True)
class Lookup:
    """What is looked up in each row, and where.

    A column of countries (ISO codes or names) or of first-level divisions goes before `country` and `admin1` where its cell
    is not empty; these two and `near` are as in `Gazetteer.find`.
    """

    name_column: str
    country_column: str | None = None
    admin1_column: str | None = None
    country: str | None = None
    admin1: str | None = None
    near: LonLat | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a table must have."""
        named = (self.name_column, self.country_column, self.admin1_column)
        return tuple(column for column in named if column is not None)


@dataclass(frozen=True, slots=True)
class Counts:
    """How a batch went."""

    rows: int  # read, without the header
    found: int  # rows that got a place
    empty: int  # rows without a name
    unknown_country: int = 0  # rows whose country the gazetteer does not know, and which so got none


# --- rows -----------------------------------------------------------------------------------------------------------


def geocode_names(rows: Iterable[Mapping[str, str]], gazetteer: Gazetteer, lookup: Lookup) -> Iterator[dict[str, str]]:
    """The rows, one by one and in order, each with ADDED_COLUMNS; these are empty where a name is not known.

    Degrees are WGS84; reasons are codes joined by "; ". A row of a country that is not known has UNKNOWN_COUNTRY there.
    """
    find = _remembering(gazetteer, lookup)
    for row in rows:
        name = _cell(row, lookup.name_column)
        where = _cell(row, lookup.country_column) or lookup.country
        division = _cell(row, lookup.admin1_column) or lookup.admin1
        added = find(name, where, division) if name else _NOT_FOUND
        yield {**row, **{_free(column, row): value for column, value in added.items()}}


def _cell(row: Mapping[str, str], column: str | None) -> str:
    return (row.get(column or "") or "").strip()  # of a short row csv.DictReader gives None


def _remembering(gazetteer: Gazetteer, lookup: Lookup) -> Callable[[str, str | None, str | None], Mapping[str, str]]:
    @lru_cache(maxsize=REMEMBERED)
    def code_of(country: str) -> str | None:
        """The ISO code of a country given by code or name, None where there is no such country."""
        if len(country) == 2 and gazetteer.country(country) is not None:
            return country
        return next((hit.place.country for hit in gazetteer.lookup(country) if hit.place.is_country), None)

    @lru_cache(maxsize=REMEMBERED)
    def find(name: str, country: str | None, admin1: str | None) -> Mapping[str, str]:
        code = code_of(country) if country is not None else None
        # A country that is not known stays, so that nothing is found in another one; a gazetteer of one's own may have
        # the places of a country and not the country.
        found = gazetteer.find(name, country=code or country, admin1=admin1, near=lookup.near, limit=1)
        if found:
            return _added(found[0])
        return _NO_COUNTRY if code is None and country not in (None, lookup.country) else _NOT_FOUND

    return find


_NOT_FOUND: Mapping[str, str] = dict.fromkeys(ADDED_COLUMNS, "")
_NO_COUNTRY: Mapping[str, str] = {**_NOT_FOUND, "reasons": UNKNOWN_COUNTRY}


def _added(candidate: Candidate) -> Mapping[str, str]:
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
    lookup: Lookup,
    *,
    encoding: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> Counts:
    """Read a table of names and write it with ADDED_COLUMNS, row by row; says how many were found.

    The table is CSV with a header, separated by what its header has most of (comma, semicolon, tab, bar), in UTF-8 or UTF-16
    with or without a byte order mark, or in `encoding`. Written is UTF-8 with the same separator, or tabs to a file that ends
    in .tsv; a file appears when it is whole, a stream gets its rows as they come. A cell that a spreadsheet would run as a
    formula begins with an apostrophe there. `progress` gets the number of rows so far.

    Raises InputError with file, line and remedy for a table that cannot be read or lacks a column; no file is then written.
    """
    shown = str(source) if isinstance(source, Path) else "stdin"
    if isinstance(source, Path) and isinstance(target, Path) and target.is_file() and target.samefile(source):
        raise InputError(f"{target}: is the table that is read; give another file to write to")
    with _opened(source, shown) as stream, _written(target) as out:
        table = _Table(stream, shown, encoding)
        for column in lookup.columns:
            table.check_has(column)
        added = [_free(column, dict.fromkeys(table.header, "")) for column in ADDED_COLUMNS]
        place_id, reasons = added[ADDED_COLUMNS.index("place_id")], added[ADDED_COLUMNS.index("reasons")]
        tabs = isinstance(target, Path) and target.suffix.lower() == ".tsv"
        writer = csv.writer(out, delimiter="\t" if tabs else table.separator, lineterminator="\n")
        writer.writerow(map(_safe, [*table.header, *added]))
        rows = found = empty = unknown_country = 0
        for row in geocode_names(table.rows(), gazetteer, lookup):
            rows += 1
            found += bool(row[place_id])
            empty += not row[lookup.name_column].strip()
            unknown_country += row[reasons] == UNKNOWN_COUNTRY
            writer.writerow(map(_safe, row.values()))
            if progress is not None and rows % PROGRESS_EVERY == 0:
                progress(rows)
    return Counts(rows=rows, found=found, empty=empty, unknown_country=unknown_country)


class _Table:
    """A CSV table: its header and its rows."""

    def __init__(self, stream: IO[bytes], shown: str, encoding: str | None) -> None:
        self.shown = shown
        self._encoding = encoding or "utf-8"
        try:
            head = stream.read(LONGEST_HEADER)
        except OSError as exc:
            raise self._unreadable(exc) from exc
        if not head.strip():
            raise InputError(f"{shown}: the table is empty; a header line with the names of the columns is expected")
        if head.startswith(codecs.BOM_UTF8):
            self._encoding = "utf-8-sig"
        elif head.startswith(_UTF16):
            self._encoding = "utf-16"
        if "\0" in head.decode("latin-1") and "16" not in self._encoding and "32" not in self._encoding:
            raise InputError(f"{shown}: this is no CSV but a binary file; export the table as CSV in UTF-8")
        whole = io.BufferedReader(_Chained(head, stream))
        try:
            self._text = io.TextIOWrapper(whole, encoding=self._encoding, newline="")
        except LookupError as exc:
            raise InputError(f"{shown}: the encoding {encoding!r} is unknown; say utf-8, cp1256, cp1251, ...") from exc
        header = self._line()
        said = re.fullmatch(r'sep=([^"\w\r\n])\s*', header)  # written by Excel, and read by nothing else
        self._lines_before = 1 if said else 0
        if said:
            header = self._line()
        while header.count('"') % 2 and len(header) < LONGEST_HEADER and (more := self._line()):
            header += more  # a column whose name has two lines
        self.separator = said[1] if said else max(_SEPARATORS, key=re.sub('"[^"]*"', "", header).count)
        csv.field_size_limit(max(csv.field_size_limit(), LONGEST_CELL))
        lines = chain(io.StringIO(header, newline=""), iter(self._line, ""))
        self._reader = csv.reader(lines, delimiter=self.separator, strict=True)
        names = [" ".join(cell.split()) for cell in self._next() or []]
        self.header = [name or f"column_{n}" for n, name in enumerate(names, start=1)]
        self._where = f"{shown}:{self._lines_before + 1}"  # of the header
        if not any(names):
            raise InputError(
                f"{self._where}: no header ({header.strip()[:SHOWN]!r}); put the names of the columns there"
            )
        twice = next((name for name, times in Counter(self.header).items() if times > 1), None)
        if twice is not None:
            raise InputError(f"{self._where}: two columns are called {twice[:SHOWN]!r}; give each its own name")

    def check_has(self, column: str) -> None:
        if column in self.header:
            return
        from difflib import SequenceMatcher  # noqa: PLC0415  only who mistypes needs it

        alike = SequenceMatcher(b=column.casefold(), autojunk=False)

        def unlikeness(name: str) -> float:
            alike.set_seq1(name[:SHOWN].casefold())
            return -alike.ratio()

        there = [name[:SHOWN] for name in sorted(self.header, key=unlikeness)]
        more = f" and {len(there) - SHOWN_COLUMNS} more" if len(there) > SHOWN_COLUMNS else ""
        shown = ", ".join(there[:SHOWN_COLUMNS]) + more
        raise InputError(f"{self._where}: no column {column[:SHOWN]!r}; the columns are: {shown}")

    def rows(self) -> Iterator[dict[str, str]]:
        while (cells := self._next()) is not None:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(self.header) and any(cells[len(self.header) :]):
                raise InputError(
                    f"{self.shown}:{self._row_line}: {len(cells)} cells, the header has {len(self.header)}; put quotes around cells "
                    f"with {self.separator!r}"
                )
            cells += [""] * (len(self.header) - len(cells))
            yield dict(zip(self.header, cells, strict=False))

    def _next(self) -> list[str] | None:
        self._row_line = self._lines_before + self._reader.line_num + 1  # of a row of several lines the first one
        try:
            return next(self._reader, None)
        except csv.Error as exc:
            raise InputError(
                f"{self.shown}:{self._row_line}: this row is no CSV ({exc}); is a quote left open, or one inside a cell not doubled?"
            ) from exc

    def _line(self) -> str:
        try:
            return self._text.readline()
        except UnicodeError as exc:
            byte = f"byte 0x{exc.object[exc.start]:02x}" if isinstance(exc, UnicodeDecodeError) else "cut off"
            raise InputError(
                f"{self.shown}: not {self._encoding.removesuffix('-sig').upper()} ({byte}); save it as UTF-8, or name its "
                "encoding: --encoding cp1256 (Arabic), cp1251 (Cyrillic), cp1252 (Latin letters)"
            ) from exc
        except OSError as exc:
            raise self._unreadable(exc) from exc

    def _unreadable(self, error: OSError) -> InputError:
        return InputError(f"{self.shown}: cannot be read ({error.strerror or error}); check the file and the disk")


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
    cell = cell.replace("\r\n", "\n").replace("\r", "\n")  # csv leaves a lone CR unquoted beside LF line ends
    return f"'{cell}" if cell.startswith(_FORMULA) and not _HARMLESS.fullmatch(cell) else cell


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
    """A text stream; to a file by way of a draft beside it, which takes its name when all went well.

    A link stays and its file is written; what is no regular file (a pipe, /dev/stdout) is written directly.
    """
    if not isinstance(target, Path):
        yield target
        target.flush()
        return
    is_special = target.exists() and not target.is_file()
    final = target if is_special else target.resolve()
    draft = final if is_special else final.with_name(f".{final.name[:DRAFT_NAME]}.{os.getpid()}.part")
    try:
        with (
            contextlib.ExitStack() as undo,
            draft.open("w", encoding="utf-8", errors="backslashreplace", newline="") as stream,
        ):
            if not is_special:
                undo.callback(draft.unlink, missing_ok=True)
            yield stream
            stream.close()  # what is still buffered may find no room
            if not is_special:
                draft.replace(final)
    except MapperError:
        raise
    except OSError as exc:
        raise InputError(f"{target}: cannot be written ({exc.strerror or exc}); check the folder and the disk") from exc
