"""The lines of a file that a user gives: plain, .gz or .zip, checked while they stream.

Hides: containers and their limits. A file that unpacks to more than a table can hold, a broken archive, a line without end
and bytes that are not UTF-8 raise InputError with the file, the line and the way out.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from gazetteer.errors import InputError

__all__ = ["inner_name", "numbered_lines", "read_whole", "sha256_of"]

#: Bytes that a file may unpack to: allCountries.txt of GeoNames has 1.7 GB, alternateNamesV2.txt 0.8 GB.
MAX_UNPACKED = 6 << 30
#: A packed file may unpack to this many times its size, and to MIN_ALLOWED in any case. Tables of places unpack to 3 to 10
#: times their size, a zip bomb to a thousand.
MAX_RATIO = 100
MIN_ALLOWED = 64 << 20
#: Bytes of one line. The longest of GeoNames has 12,000.
MAX_LINE = 1 << 20
#: Files inside a zip of GeoNames that are no data.
_NO_DATA = frozenset({"readme.txt", "iso-languagecodes.txt"})
_TABLES = (".txt", ".csv", ".tsv", ".geojson", ".json")
_OTHER_ENCODINGS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"\x1f\x8b": "gzip", b"PK": "a zip archive"}


def inner_name(path: Path) -> str:
    """The name of the table: of the file itself, without ".gz", or of the one table inside a zip.

    Raises InputError for a file that is missing, no table, or a zip with none or several.
    """
    suffix = path.suffix.lower()
    if suffix == ".zip":
        with _opened_zip(path) as archive:
            return _member(path, archive).filename
    name = path.stem if suffix == ".gz" else path.name
    _check_exists(path)
    if PurePosixPath(name).suffix.lower() not in _TABLES:
        raise InputError(
            f"{path}: {PurePosixPath(name).suffix or 'a file without suffix'} is not read; give a GeoNames file (.zip, .txt),"
            " .csv or .geojson (a spreadsheet: save it as CSV in UTF-8; a shapefile: ogr2ogr places.geojson places.shp)"
        )
    return name


def numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The number (from 1) and the text of each line, without its end and without a byte order mark.

    Raises InputError for what is missing, broken, too large or not UTF-8; an archive's check sum is verified at its end.
    """
    number = 0
    try:
        with _opened(path) as (stream, limit):
            left = limit
            while raw := stream.readline(MAX_LINE):
                number += 1
                left -= len(raw)
                if left < 0:
                    raise _too_large(path, limit)
                if len(raw) == MAX_LINE:
                    raise InputError(
                        f"{path}:{number}: a line of more than {MAX_LINE:,} bytes; this is no table of places"
                    )
                yield number, _decoded(raw, path, number)
    except (zlib.error, EOFError, zipfile.BadZipFile, gzip.BadGzipFile) as exc:
        raise InputError(f"{path}:{number}: the archive is broken behind this line ({exc}); fetch it again") from exc
    except OSError as exc:
        raise InputError(f"{path}: cannot be read ({exc.strerror or exc}); check the file and its permissions") from exc


def read_whole(path: Path, *, limit: int) -> str:
    """The whole text of a file of at most `limit` bytes. Raises InputError like `numbered_lines`."""
    parts, size = [], 0
    for _, line in numbered_lines(path):
        size += len(line) + 1
        if size > limit:
            raise InputError(f"{path}: more than {limit >> 20} MB of text; split it into several files")
        parts.append(line)
    return "\n".join(parts)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file as it is, in hexadecimal. Raises InputError where it cannot be read."""
    _check_exists(path)
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as exc:
        raise InputError(f"{path}: cannot be read ({exc.strerror}); check its permissions") from exc


def _check_exists(path: Path) -> None:
    if path.is_dir():
        raise InputError(f"{path}: this is a folder; give the files in it")
    if not path.exists():
        raise InputError(f"{path}: there is no such file; check the path")


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[tuple[IO[bytes], int]]:
    """A stream of the unpacked bytes, and how many there may be."""
    _check_exists(path)
    suffix = path.suffix.lower()
    packed = path.stat().st_size
    limit = min(MAX_UNPACKED, max(MIN_ALLOWED, MAX_RATIO * packed)) if suffix in {".gz", ".zip"} else MAX_UNPACKED
    if suffix == ".zip":
        with _opened_zip(path) as archive:
            member = _member(path, archive)
            if member.file_size > limit:
                raise _too_large(path, limit, declared=member.file_size)
            if member.flag_bits & 1:
                raise InputError(f"{path}: {member.filename} is encrypted; unpack it first")
            try:
                stream = archive.open(member)
            except (NotImplementedError, RuntimeError) as exc:
                raise InputError(f"{path}: {member.filename} cannot be unpacked ({exc}); unpack it first") from exc
            with stream, io.BufferedReader(stream, 1 << 18) as buffered:  # type: ignore[type-var]
                yield buffered, limit
    elif suffix == ".gz":
        with gzip.open(path) as unpacked:
            yield unpacked, limit  # type: ignore[misc]
    else:
        with path.open("rb") as plain:
            yield plain, limit


def _opened_zip(path: Path) -> zipfile.ZipFile:
    _check_exists(path)
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as exc:
        raise InputError(f"{path}: this is no whole zip archive ({exc}); fetch it again") from exc


def _member(path: Path, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The one table in a zip."""
    found = [
        info
        for info in archive.infolist()
        if not info.is_dir()
        and PurePosixPath(info.filename).suffix.lower() in _TABLES
        and PurePosixPath(info.filename).name.lower() not in _NO_DATA
        and not info.filename.startswith("__MACOSX/")
    ]
    if len(found) != 1:
        names = ", ".join(info.filename for info in (found or archive.infolist())[:4]) or "nothing"
        raise InputError(
            f"{path}: one table (.txt, .csv, .geojson) is expected inside, not {names}; unpack it and give one"
        )
    return found[0]


def _too_large(path: Path, limit: int, *, declared: int | None = None) -> InputError:
    size = f"{declared:,} bytes" if declared is not None else "more"
    return InputError(
        f"{path}: unpacks to {size}, {limit:,} are allowed for its size (a zip bomb?); if it is sound, unpack it yourself"
    )


def _decoded(raw: bytes, path: Path, number: int) -> str:
    try:
        text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as exc:
        known = next((name for mark, name in _OTHER_ENCODINGS.items() if number == 1 and raw.startswith(mark)), None)
        what = f"it looks like {known}" if known else f"byte 0x{raw[exc.start]:02x} at column {exc.start + 1}"
        raise InputError(f"{path}:{number}: not UTF-8 ({what}); save it as UTF-8: iconv -f ENCODING -t UTF-8") from exc
    return text.rstrip("\r\n")
