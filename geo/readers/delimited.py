"""Tables as text: bytes to rows of cells, whatever program wrote them.

Hides: compression, encodings (UTF-8 and UTF-16 with or without a byte order mark, cp1256, cp1251, cp1252 guessed by what
letters come out), separators, quoted cells with line breaks, and a row of HXL tags. Rows stream; one that cannot be used is
a `Refused` with its line, and the next one is read.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from gazetteer.errors import InputError
from geo.cells import unsafe_cell

__all__ = ["Refused", "TableFile", "guess_encoding", "open_bytes"]

#: Bytes in which encoding, separator and header are recognised.
HEAD = 1 << 18
#: Characters of one cell; a quote left open would otherwise swallow the file.
LONGEST_CELL = 1_000_000
#: Characters of a value that a message shows.
SHOWN = 60

_SEPARATORS = ",;\t|"
#: The commonest letters of a language in its old encoding. A text in another encoding comes out as other letters.
_COMMON_LETTERS = {
    "cp1256": frozenset("اليمونرتبةعدسفهكحقجأ "),
    "cp1251": frozenset("оеаинтсрвлкмдпуяыьгз "),
    "cp1252": frozenset("éèàùâêîôûçëïüöäßñóíáúãõåøæ"),
}


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not taken: where it stands, and why, in one line."""

    where: str
    reason: str

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}"


def open_bytes(path: Path) -> IO[bytes]:
    """The bytes of a file; of a .gz what is in it, of a .zip the one file in it. Raises InputError."""
    try:
        if path.suffix.lower() == ".gz":
            return io.BufferedReader(gzip.GzipFile(path))
        if path.suffix.lower() == ".zip":
            archive = zipfile.ZipFile(path)
            names = [name for name in archive.namelist() if not name.endswith("/")]
            if len(names) != 1:
                raise InputError(f"{path}: holds {len(names)} files, one is expected; unpack it and give the one")
            return archive.open(names[0])
        return path.open("rb")
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file; check the name") from None
    except (OSError, zipfile.BadZipFile) as exc:
        if isinstance(exc, InputError):
            raise
        raise InputError(f"{path}: cannot be read ({exc}); check the file") from exc


def guess_encoding(head: bytes) -> str:
    """The encoding of the beginning of a text.

    >>> guess_encoding("Алеппо, провинция".encode("cp1251"))
    'cp1251'
    """
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # a letter cut off at the end is no error
        return "utf-8"
    except UnicodeDecodeError:
        pass
    if head[1:200:2].count(0) > 40:
        return "utf-16-le"
    high = bytes(byte for byte in head if byte >= 0x80)

    def share(name: str) -> float:
        text = high.decode(name, errors="replace")
        return sum(letter in _COMMON_LETTERS[name] for letter in text) / len(text)

    return max(_COMMON_LETTERS, key=share)


class TableFile:
    """A table as rows of cells. `header` is None where the first line is data."""

    def __init__(self, path: Path, *, encoding: str | None = None, header: bool | None = None) -> None:
        """Opens the file and reads its beginning. Raises InputError when it is empty or no table."""
        self.path = path
        with open_bytes(path) as stream:
            head = stream.read(HEAD)
        if not head.strip():
            raise InputError(f"{path}: is empty; a table with a header line is expected")
        self.encoding = encoding or guess_encoding(head)
        self.is_guess = encoding is None and self.encoding.startswith("cp")
        try:
            text = head.decode(self.encoding, errors="replace").removeprefix("\ufeff")
        except LookupError as exc:
            raise InputError(
                f"{path}: the encoding {encoding!r} is unknown; say utf-8, cp1256, cp1251 or cp1252"
            ) from exc
        if "\0" in text:
            raise InputError(f"{path}: this is no text but a binary file; export the table as CSV in UTF-8")
        self._lines_before = 0
        if said := re.match(r"sep=(.)\r?\n", text):  # written by Excel, and read by nothing else
            self._lines_before, text = 1, text[said.end() :]
        first = _first_record(text)
        outside = re.sub(r'"[^"]*"', "", first)
        tabbed = first.split("\t")
        self.is_gdelt = _looks_like_gdelt(tabbed)
        self.separator = "\t" if self.is_gdelt else said[1] if said else max(_SEPARATORS, key=outside.count)
        read = tabbed if self.is_gdelt else next(csv.reader([first], delimiter=self.separator))
        cells = [" ".join(unsafe_cell(cell).split()) for cell in read]
        has_header = header if header is not None else not (self.is_gdelt and cells[0][:1].isdigit())
        self.header: tuple[str, ...] | None = tuple(cells) if has_header else None
        self.width = len(cells)
        self.sample = text

    def rows(self) -> Iterator[tuple[int, list[str]] | Refused]:
        """Each row below the header with the number of its first line; empty rows and HXL tags are left out."""
        csv.field_size_limit(LONGEST_CELL)
        encoding = "utf-8-sig" if self.encoding == "utf-8" else self.encoding
        with (
            open_bytes(self.path) as raw,
            io.TextIOWrapper(raw, encoding=encoding, errors="surrogateescape", newline="") as text,
        ):
            for _ in range(self._lines_before):
                text.readline()
            quoting = csv.QUOTE_NONE if self.is_gdelt else csv.QUOTE_MINIMAL
            lines = _Lines(text)
            reader = csv.reader(lines, delimiter=self.separator, quoting=quoting)  # type: ignore[arg-type]  # a Literal
            if self.header is not None:
                next(reader)
            yield from self._checked(reader, lines)

    def _checked(self, reader: Any, lines: _Lines) -> Iterator[tuple[int, list[str]] | Refused]:
        while True:
            number = reader.line_num + self._lines_before + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as exc:
                yield Refused(f"{self.path}:{number}", f"this row is no CSV ({exc}); is a quote left open in it?")
                continue
            if lines.ended:  # inside of the row: the reader asks for another line only where a quote is open
                more = reader.line_num + self._lines_before - number
                swallowed = f", and all below it ({more} line{'s' * (more != 1)}) is in it" if more else ""
                yield Refused(
                    f"{self.path}:{number}", f"a quote that opens in this row never closes{swallowed}; close it"
                )
                return
            filled = [cell for cell in cells if cell.strip()]
            if not filled or all(cell.lstrip().startswith("#") for cell in filled):
                continue
            problem = self._problem(cells)
            yield Refused(f"{self.path}:{number}", problem) if problem else (number, cells)

    def _problem(self, cells: Sequence[str]) -> str | None:
        width = self.width
        if len(cells) > width and any(cell.strip() for cell in cells[width:]):
            return f"{len(cells)} cells, {width} are expected; put quotes around cells with {self.separator!r}"
        if bad := next((cell for cell in cells if _ESCAPED.search(cell)), None):
            shown = bad.encode(errors="backslashreplace").decode()[:SHOWN]
            return f"not {self.encoding}: {shown!r}; name the encoding: --encoding cp1256, cp1251, ..."
        return None


class _Lines:
    """Lines of a text, and whether more were asked for than there are."""

    def __init__(self, text: Iterator[str]) -> None:
        self._text = text
        self.ended = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        try:
            return next(self._text)
        except StopIteration:
            self.ended = True
            raise


_ESCAPED = re.compile("[\udc80-\udcff]")
#: Columns of GDELT's files: events 1.0 and 2.0, GKG 1.0 and 2.1.
_GDELT_WIDTHS = (57, 58, 61, 11, 27)


def _looks_like_gdelt(cells: Sequence[str]) -> bool:
    if len(cells) not in _GDELT_WIDTHS:
        return False
    first = cells[0].upper()
    return first in ("GLOBALEVENTID", "DATE", "GKGRECORDID") or re.fullmatch(r"\d{6,}(-T?\d+)?", first) is not None


def _first_record(text: str) -> str:
    """The first line with anything in it, and the next ones where a quoted name has a line break."""
    lines = io.StringIO(text, newline="")
    record = ""
    for line in lines:
        if not record and not line.strip():
            continue
        record += line
        if record.count('"') % 2 == 0 or len(record) > HEAD // 4:
            break
    return record.rstrip("\r\n")
