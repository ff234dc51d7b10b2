"""Inputs to articles: files, folders and standard input, read as a stream. Nothing here opens a socket.

Hides: what each input format looks like, and how a bad input is told apart from a good one. A format is a row of
`_READERS`; a reader takes an open binary file and gives articles, and raises InputError when the file as a whole is
no use.

The text of an article is what Python's own reader gives, since all offsets count in it: the text of a `.txt` file is
what `open()` gives (every newline style becomes a line feed), a text inside JSON or a CSV cell is kept verbatim. The
two kinds of character that no output file can carry (NUL and lone surrogates) become U+FFFD, one for one, so that
offsets hold.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from gazetteer.errors import InputError
from geo.event import Article

__all__ = ["SUFFIXES", "Notice", "Skipped", "read_articles"]

#: The largest cell of a CSV file, in characters. Python's own limit (131,072) is below a long report; without any, a
#: quote that is left open would swallow a file of any size.
MAX_CELL = 10_000_000

#: What to do with files that hold articles in a form that is not read.
REFUSED = {
    ".pdf": "PDF is not read; save its text with 'pdftotext {file} {stem}.txt' and give that file",
    ".docx": "Word files are not read; save it as plain text, or run 'pandoc {file} -o {stem}.txt', and give that file",
    ".doc": "Word files are not read; save it as plain text (UTF-8) and give that file",
    ".odt": "OpenDocument is not read; save it as plain text, or run 'pandoc {file} -o {stem}.txt', and give that file",
    ".rtf": "RTF is not read; save it as plain text (UTF-8) and give that file",
}

#: What a map of our own says of its maker, and within how many bytes of its start.
OWN_PAGE, OWN_PAGE_BYTES = b'<meta name="generator" content="conflictmap"', 4096

#: The first day of the calendar, which databases write for "unknown".
NO_DAY = "0001-01-01"

#: The extra that brings trafilatura and feedparser.
WEB_EXTRA = "pip install 'conflictmap[web]'"


@dataclass(frozen=True, slots=True)
class Skipped:
    """One input that was not read. `reason` is one line for the user: file, line, value, remedy."""

    source: str  # the file, or the file and the line in it: "dump.jsonl:14"
    reason: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the user should know of an input that was read: a new id, a date that was lent to many."""

    source: str
    message: str  # one line


def read_articles(
    inputs: Iterable[str | Path],
    *,
    published: date | None = None,
    stdin: BinaryIO | None = None,
    exclude: str | Path | None = None,
) -> Iterator[Article | Notice | Skipped]:
    r"""The articles of files, folders and "-" (standard input), one at a time, in the order given.

    A folder is read with its subfolders, sorted by name; what is no article format in it, `README.*`, and names that
    start with "." or "_" are passed over. Each id is given once: a clash gets "-2", "-3" and a Notice. `published`
    serves articles that have no date of their own. `exclude` is a file that is passed over in folders: the output of the
    last run. An input that cannot be read is a Skipped in the stream, and the
    next one follows; no exception leaves for a bad input. An input that is given twice is read once.

    >>> from io import BytesIO
    >>> for item in read_articles(["-", "none.txt"], stdin=BytesIO(b"Title: A raid\n\nIt began on Monday.")):
    ...     print(item.text if isinstance(item, Article) else item)
    It began on Monday.
    Skipped(source='none.txt', reason='none.txt: there is no such file; check the name')
    """
    taken: dict[str, int] = {}
    lent = 0
    for item in _items(inputs, stdin, exclude):
        if not isinstance(item, _Found):
            yield item
            continue
        article = item.article
        count = taken.get(article.id)
        if count is None:
            taken[article.id] = 1
        else:
            while (new := f"{article.id}-{count + 1}") in taken:
                count += 1
            taken[article.id] = count + 1
            taken[new] = 1
            yield Notice(item.where, f"{item.where}: the id {article.id!r} is taken; this article is {new!r}")
            article = replace(article, id=new)
        if published is not None and article.published is None:
            article = replace(article, published=published)
            lent += 1
        yield article
    if published is not None and lent > 1:
        yield Notice(
            "published",
            f"the publication date {published} was lent to {lent} articles without a date of their own; "
            f"where it is not theirs, days like 'on Thursday' come out wrong",
        )


# --- finding inputs --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Found:
    """An article and where it stands, before its id is made unique."""

    where: str
    article: Article


@dataclass(frozen=True, slots=True)
class _Input:
    """An open input: a buffered binary file, its name for messages, and the stem that ids are made from."""

    stream: io.BufferedReader
    shown: str
    stem: str

    def error(self, problem: str, *, line: int | None = None) -> InputError:
        """The error that says what is wrong with this input, and on which line."""
        return InputError(f"{self.shown}{'' if line is None else f':{line}'}: {problem}")


def _items(
    inputs: Iterable[str | Path], stdin: BinaryIO | None, exclude: str | Path | None
) -> Iterator[_Found | Notice | Skipped]:
    seen: set[str] = set()
    for given in inputs:
        for path in _paths(str(given), exclude):
            if isinstance(path, Notice | Skipped):
                yield path
                continue
            shown = "stdin" if path == "-" else _shown(path)
            key = path if path == "-" else os.path.realpath(path)
            if key in seen:
                yield Notice(shown, f"{shown}: this input is given twice; it was read once")
                continue
            seen.add(key)
            try:
                yield from _read_stdin(stdin) if path == "-" else _read_file(path, shown)
            except InputError as exc:
                yield Skipped(shown, str(exc))
            except OSError as exc:
                yield Skipped(shown, _unreadable(shown, exc))


def _paths(given: str, exclude: str | Path | None) -> Iterator[str | Notice | Skipped]:
    """The files that an input names: itself, or what a folder holds."""
    if not os.path.isdir(given):
        yield given
        return
    errors: list[OSError] = []
    found, refused = 0, []
    for folder, subfolders, names in os.walk(given, onerror=errors.append):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith((".", "_")))
        for name in sorted(names):
            suffix = os.path.splitext(name)[1].lower()
            if name.startswith((".", "_")) or name.lower().startswith("readme."):
                continue
            if exclude is not None and os.path.realpath(os.path.join(folder, name)) == os.path.realpath(exclude):
                continue
            if suffix in _READERS and not (suffix in (".html", ".htm") and _is_own_page(os.path.join(folder, name))):
                found += 1
                yield os.path.join(folder, name)
            elif suffix in REFUSED:
                refused.append(name)
    shown = _shown(given)
    for exc in errors:
        where = _shown(str(exc.filename or given))
        yield Skipped(where, _unreadable(where, exc))
    if refused:
        yield Notice(
            shown,
            f"{shown}: PDF and word-processor files were passed over ({len(refused)}, the first is {refused[0]!r}); "
            f"save them as plain text",
        )
    if not found and not errors:
        yield Skipped(shown, f"{shown}: no article in this folder; articles are {', '.join(_READERS)} files")


def _is_own_page(path: str) -> bool:
    """Whether a file is a map that conflictmap wrote into the folder of its articles."""
    try:
        with open(path, "rb") as stream:
            return OWN_PAGE in stream.read(OWN_PAGE_BYTES)
    except OSError:
        return False


def _read_file(path: str, shown: str) -> Iterator[_Found | Skipped | Notice]:
    stem, suffix = os.path.splitext(os.path.basename(path))
    reader = _READERS.get(suffix.lower())
    if re.match(r"https?:/", path):
        raise InputError(f"{shown}: web addresses are not fetched; save the page as .html and give that file")
    if reader is None and os.path.isfile(path):
        if suffix.lower() in REFUSED:
            raise _refused(shown, suffix.lower())
        if suffix:
            raise InputError(f"{shown}: {suffix!r} files are not read; articles are {', '.join(_READERS)} files")
    with open(path, "rb") as stream:
        yield from _read(_Input(stream, shown, _clean(stem)), reader)


def _read_stdin(stdin: BinaryIO | None) -> Iterator[_Found | Skipped | Notice]:
    if stdin is None:
        stdin = sys.stdin.buffer
    stream = stdin if isinstance(stdin, io.BufferedReader) else io.BufferedReader(_Raw(stdin))
    yield from _read(_Input(stream, shown="stdin", stem="stdin"), None)


class _Raw(io.RawIOBase):
    """Any binary file as the raw end of a BufferedReader, which can look ahead and leaves the file open."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _read(file: _Input, reader: _Reader | None) -> Iterator[_Found | Skipped | Notice]:
    """The articles of an open input; without a reader its first character decides between JSON Lines and text."""
    head = file.stream.peek()
    if not head:
        raise file.error("this file is empty")
    if head.startswith(b"%PDF-"):
        raise _refused(file.shown, ".pdf")
    if b"\0" in head and not head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise file.error("a binary file, not text; give the article as UTF-8 text")
    if reader is None:
        reader = _read_jsonl if head.removeprefix(BOM_UTF8).lstrip().startswith(b"{") else _read_txt
    count = 0
    for item in reader(file):
        count += 1
        yield item
    if not count:
        raise file.error("no article in this file")


def _refused(shown: str, suffix: str) -> InputError:
    return InputError(f"{shown}: {REFUSED[suffix].format(file=shown, stem=os.path.splitext(shown)[0])}")


def _unreadable(shown: str, exc: OSError) -> str:
    if isinstance(exc, FileNotFoundError):
        return f"{shown}: there is no such file; check the name"
    return f"{shown}: cannot be read ({exc.strerror or exc}); check the file and its permissions"


# --- characters ------------------------------------------------------------------------------------------------------

_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")


def _clean(text: str) -> str:
    """The text with NUL and lone surrogates, which no output file can carry, as U+FFFD, one for one."""
    return _UNWRITABLE.sub("\ufffd", text)


def _shown(name: str) -> str:
    """A file name for a message: one line, nothing in it that a terminal would obey."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in name)


def _not_utf8(byte: int, where: str) -> str:
    return (
        f"not UTF-8 text (byte 0x{byte:02x} at {where}); save it as UTF-8, or convert it: iconv -f cp1256 -t utf-8 "
        f"(cp1251 where it is Cyrillic, cp1252 where it is Latin)"
    )


def _decoded(file: _Input, data: bytes) -> str:
    """The text of a whole file, newlines as they are. Raises InputError when it is neither UTF-8 nor marked UTF-16."""
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8").removeprefix("\ufeff")
        except UnicodeDecodeError as exc:
            raise file.error(_not_utf8(data[exc.start], f"offset {exc.start}")) from exc
        if "\0" in text:
            raise file.error("a binary file, not text; give the article as UTF-8 text")
    if not text.strip():
        raise file.error("this file is empty")
    return text


def _lines(stream: io.BufferedReader) -> Iterator[str]:
    """The lines of a file, one at a time, line feeds kept; a byte that is not UTF-8 becomes a lone surrogate."""
    if stream.peek().startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        yield from io.StringIO(stream.read().decode("utf-16", errors="replace"), newline="\n")
        return
    first = True
    for line in stream:
        yield (line.removeprefix(BOM_UTF8) if first else line).decode("utf-8", errors="surrogateescape")
        first = False


def _check_bytes(text: str) -> None:
    """Raises InputError, without file and line, when `_lines` met a byte that is not UTF-8 in this text."""
    if found := _ESCAPED_BYTE.search(text):
        raise InputError(_not_utf8(ord(found[0]) - 0xDC00, f"column {found.start() + 1}"))


# --- one record ------------------------------------------------------------------------------------------------------


def _day(value: str) -> date:
    """The day of an ISO date or date-time, or of an RFC 822 date, as written: no shift of time zones.

    Raises ValueError for anything else. A bare year or month is no day.

    >>> _day("2017-01-12T23:30:00-05:00"), _day("Thu, 12 Jan 2017 23:30:00 -0500")
    (datetime.date(2017, 1, 12), datetime.date(2017, 1, 12))
    """
    if iso := re.match(r"(\d{4})-(\d\d)-(\d\d)(?![^\sT])", value):
        return date(int(iso[1]), int(iso[2]), int(iso[3]))
    parsed = None
    if re.search(r"\d\d:\d\d", value):
        from email.utils import parsedate_tz  # noqa: PLC0415 - 10 ms, and few dates need it

        parsed = parsedate_tz(value)
    if parsed is None:
        raise ValueError(f"{value!r} is not a day like 2017-01-12")
    return date(parsed[0], parsed[1], parsed[2])


def _day_or_none(value: str | None) -> date | None:
    """The day that a web page or feed states, or None: a reader of pages cannot mend their dates."""
    try:
        return _day((value or "").strip())
    except ValueError:
        return None


def _language(value: str | None) -> str | None:
    """The two-letter code of a language tag ("en-GB" is "en"); None for what is no tag."""
    code = re.split("[-_]", (value or "").strip().lower())[0]
    return code if re.fullmatch("[a-z]{2,3}", code) else None


def _word(record: Mapping[str, Any], *keys: str) -> str | None:
    """The first of these fields that is filled, as one line of text. Raises InputError when it is no plain value."""
    for key in keys:
        value = record.get(key)
        if isinstance(value, list | dict):
            raise InputError(f"{key!r} is {_kind(value)}, not text")
        if value is not None and (text := " ".join(_clean(str(value)).split())):
            return text
    return None


def _kind(value: object) -> str:
    """What a JSON value is, for a message."""
    kinds = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")


def _article(record: Mapping[str, Any], *, default_id: str) -> Article:
    """The article of a record with the keys of JSON Lines. Raises InputError, without file and line."""
    text = record.get("text")
    if text is None or text == "":
        filled = [repr(key) for key, value in record.items() if value not in (None, "")]
        raise InputError(f"no 'text' in this record (it has {', '.join(filled[:8]) or 'nothing'})")
    if not isinstance(text, str):
        raise InputError(f"'text' is {_kind(text)}, not text")
    if not text.strip():
        raise InputError("'text' is blank")
    article_id = record.get("id")
    if article_id is None or article_id == "":
        article_id = default_id
    elif isinstance(article_id, bool | list | dict):
        raise InputError(f"'id' is {_kind(article_id)}, not text or a number")
    article_id = _clean(str(article_id))
    if ";" in article_id:
        raise InputError(f"id {article_id!r} holds ';', which separates ids in the tables; give it another one")
    day = _word(record, "published", "date")
    try:
        published = None if day is None or day.startswith(NO_DAY) else _day(day)
    except ValueError as exc:
        raise InputError(f"published: {day!r} is not a day like 2017-01-12; mend it or leave it out") from exc
    publisher, url = _word(record, "publisher", "source"), _word(record, "url")
    if publisher is not None and re.match("https?://", publisher):  # several corpora give the address as the source
        publisher, url = None, url or publisher
    return Article(
        id=article_id,
        text=_clean(text),
        title=_word(record, "title"),
        url=url,
        publisher=publisher,
        published=published,
        language=_language(_word(record, "language")),
    )


# --- the formats -----------------------------------------------------------------------------------------------------

_HEADER = re.compile(r"(title|published|url|publisher|language)[ \t]*:[ \t]*(.*)", re.IGNORECASE)


def _read_txt(file: _Input) -> Iterator[_Found]:
    """Plain text, with header lines at its start or without."""
    text = _decoded(file, file.stream.read()).replace("\r\n", "\n").replace("\r", "\n")
    header: dict[str, Any] = {}
    start = line = 0
    while found := _HEADER.match(text, start):
        line += 1
        key = found[1].lower()
        if key in header:
            break
        header[key] = found[2]
        if key == "published" and found[2].strip():
            try:
                _day(found[2].strip())
            except ValueError as exc:
                problem = f"the header line Published: {found[2].strip()!r} is not a day like 2017-01-12"
                raise file.error(f"{problem}; mend it or leave it out", line=line) from exc
        start = min(found.end() + 1, len(text))
    if header:
        start += len(text) - start - len(text[start:].lstrip("\n"))
    if not text[start:].strip():
        raise file.error("no text after the header lines")
    yield _found(file, file.shown, header | {"text": text[start:], "id": file.stem})


def _found(file: _Input, where: str, record: Mapping[str, Any], *, default_id: str | None = None) -> _Found:
    """The record's article. Raises InputError that begins with the place."""
    try:
        return _Found(file.shown, _article(record, default_id=default_id or file.stem))
    except InputError as exc:
        raise InputError(f"{where}: {exc}") from exc


def _found_or_skipped(file: _Input, where: str, record: Mapping[str, Any], *, default_id: str) -> _Found | Skipped:
    """The record's article, or why it was passed over: the other records of the file go on."""
    try:
        return _found(file, where, record, default_id=default_id)
    except InputError as exc:
        return Skipped(where, str(exc))


def _loads(text: str, *, expected: str) -> Any:
    """The value of a JSON text. Raises InputError, without file and line, for what json calls by several names."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as exc:
        line = f"line {exc.lineno}, " if exc.lineno > 1 else ""
        raise InputError(f"not JSON ({exc.msg} at {line}column {exc.colno}); {expected}") from exc
    except (RecursionError, ValueError) as exc:  # nested without end; a number of thousands of digits
        raise InputError(f"not JSON that can be read ({type(exc).__name__}); {expected}") from exc


def _check_is_article(file: _Input, record: Mapping[str, Any]) -> None:
    """Raises InputError for the files that a user is most likely to take for articles."""
    is_geojson = record.get("type") in ("FeatureCollection", "Feature")
    if "text" not in record and (is_geojson or str(record.get("schema")).startswith("conflictmap-")):
        raise file.error("holds events, not articles; 'conflictmap map' and 'conflictmap convert' take it")


def _read_jsonl(file: _Input) -> Iterator[_Found | Skipped]:
    """JSON Lines: one article a line."""
    for number, line in enumerate(_lines(file.stream), start=1):
        if not line.strip():
            continue
        where = f"{file.shown}:{number}"
        try:
            _check_bytes(line)
            record = _loads(line.rstrip("\r\n"), expected="one article a line is expected")
        except InputError as exc:
            yield Skipped(where, f"{where}: {exc}")
            continue
        if not isinstance(record, dict):
            yield Skipped(where, f'{where}: {_kind(record)}; an object with "text" is expected on each line')
            continue
        _check_is_article(file, record)
        yield _found_or_skipped(file, where, record, default_id=f"{file.stem}:{number}")


def _read_json(file: _Input) -> Iterator[_Found | Skipped]:
    """JSON: one article, or a list of them."""
    text = _decoded(file, file.stream.read())
    try:
        value = _loads(text, expected="one article or a list of them is expected (one a line: name the file .jsonl)")
    except InputError as exc:
        raise file.error(str(exc)) from exc
    if isinstance(value, dict):
        _check_is_article(file, value)
        yield _found(file, file.shown, value)
        return
    if not isinstance(value, list):
        raise file.error(f"{_kind(value)}; one article or a list of articles is expected")
    for number, record in enumerate(value, start=1):
        where = f"{file.shown}: record {number}"
        if isinstance(record, dict):
            yield _found_or_skipped(file, where, record, default_id=f"{file.stem}:{number}")
        else:
            yield Skipped(where, f'{where}: {_kind(record)}; an object with "text" is expected')


def _read_csv(file: _Input) -> Iterator[_Found | Skipped]:
    """CSV with a header row; the separator is the one that makes "text" one of its columns."""
    lines = _lines(file.stream)
    first = ""
    skipped_lines = 0
    for first in lines:
        if first.strip():
            break
        skipped_lines += 1
    delimiter = next((d for d in ",;\t|" if "text" in _header_row(first, d)), None)
    if delimiter is None:
        columns = ", ".join(map(repr, _header_row(first, "," if "," in first else "\t" if "\t" in first else ";")))
        raise file.error(f"no column is called 'text' (the columns are {columns}); name the column that holds the text")
    columns_of = _header_row(first, delimiter)
    csv.field_size_limit(max(csv.field_size_limit(), MAX_CELL))
    rows = csv.reader(chain([first], lines), delimiter=delimiter, strict=True)
    line = 1
    while True:
        number = skipped_lines + line  # a record may span lines: this is its first one
        where = f"{file.shown}:{number}"
        try:
            row = next(rows, None)
        except csv.Error as exc:
            problem = f"not CSV ({exc}); is a quote left open or a field unquoted? The rest of the file was not read"
            raise file.error(problem, line=number) from exc
        if row is None:
            return
        is_header, line = line == 1, rows.line_num + 1
        if is_header or not any(row):
            continue
        if len(row) > len(columns_of):
            problem = f"{len(row)} cells where the header has {len(columns_of)}; quote cells that hold {delimiter!r}"
            yield Skipped(where, f"{where}: {problem}")
            continue
        try:
            _check_bytes(delimiter.join(row))
        except InputError as exc:
            yield Skipped(where, f"{where}: {exc}")
            continue
        record = dict(reversed(list(zip(columns_of, row, strict=False))))  # of two columns of one name the first counts
        yield _found_or_skipped(file, where, record, default_id=f"{file.stem}:{number}")


def _header_row(line: str, delimiter: str) -> list[str]:
    try:
        return [name.strip().lower() for name in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


# --- web pages -------------------------------------------------------------------------------------------------------

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{1,40})""", re.IGNORECASE)
_URL_DAY = re.compile(r"/((?:19|20)\d\d)[/-](\d\d)[/-](\d\d)(?:[/-]|$)")

#: Where a page's head states the day of publication, best first; compared in lower case.
_META_DAYS = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "dcterms.issued",
    "dc.date.issued",
    "citation_publication_date",
    "parsely-pub-date",
    "sailthru.date",
    "publication_date",
    "publish-date",
    "publishdate",
    "pubdate",
    "dcterms.date",
    "dc.date",
    "date",
)


def _read_html(file: _Input) -> Iterator[_Found]:
    """One saved web page: the article on it, without menus and links to other articles.

    Its date is only taken where the page states one for machines. The general date finders also take dates from
    pictures' addresses and from running text, and those are often not the day of publication.
    """
    try:
        import trafilatura  # noqa: PLC0415 - an extra, and 0.2 s
        from lxml.etree import LxmlError  # type: ignore[import-untyped]  # noqa: PLC0415
    except ImportError as exc:
        raise file.error(f"web pages need one more part ({exc}); install it: {WEB_EXTRA}") from exc
    page = _decoded_page(file, file.stream.read())
    options = {"original_date": True, "extensive_search": False, "max_date": "2100-01-01"}  # its default is the clock
    day, fields = None, dict[str, Any]()
    try:
        tree = trafilatura.load_html(page)
        if tree is not None:
            day = _page_day(tree)
            document = trafilatura.bare_extraction(
                tree, include_comments=False, with_metadata=True, date_extraction_params=options
            )
            if document is not None:
                fields = document if isinstance(document, dict) else document.as_dict()
    except (LxmlError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as exc:
        # what a page written to break parsers can raise in lxml and trafilatura
        raise file.error(f"this page cannot be read ({type(exc).__name__}); save its text as .txt") from exc
    if not (fields.get("text") or "").strip():
        raise file.error("no article was found on this page; save its text as .txt and give that file")
    record = {key: fields.get(key) for key in ("text", "title", "url")} | {"publisher": fields.get("sitename")}
    found = _found(file, file.shown, record)
    yield replace(found, article=replace(found.article, published=day or _url_day(fields.get("url"))))


def _decoded_page(file: _Input, data: bytes) -> str:
    """The page as text: by its byte-order mark, else by the encoding that it declares, else as UTF-8."""
    declared = _CHARSET.search(data, 0, 4096)
    if declared is None or data.startswith((BOM_UTF8, BOM_UTF16_LE, BOM_UTF16_BE)):
        return _decoded(file, data)
    name = declared[1].decode("ascii").lower()
    if name in ("iso-8859-1", "latin1", "latin-1", "ascii", "us-ascii"):
        name = "cp1252"  # as browsers do (WHATWG Encoding, labels)
    try:
        return _clean(data.decode(name, errors="replace"))
    except LookupError:
        return _decoded(file, data)


def _page_day(tree: Any) -> date | None:
    """The day of publication that a page states for machines: in its head, in JSON-LD, or in its only <time>."""
    stated: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()
        stated.setdefault(name, meta.get("content") or "")
    for name in _META_DAYS:
        if day := _day_or_none(stated.get(name)):
            return day
    for script in tree.iter("script"):
        if script.get("type") == "application/ld+json":
            found = re.search(r'"datePublished"\s*:\s*"([^"]{10,40})"', script.text_content())
            if found and (day := _day_or_none(found[1])):
                return day
    days = {_day_or_none(time.get("datetime")) for time in tree.iter("time")} - {None}
    return days.pop() if len(days) == 1 else None


def _url_day(url: str | None) -> date | None:
    """The day in an address like example.org/2017/01/12/title, or None."""
    found = _URL_DAY.search(url or "")
    return _day_or_none("-".join(found.groups())) if found else None


# --- feeds -----------------------------------------------------------------------------------------------------------


def _read_feed(file: _Input) -> Iterator[_Found | Notice | Skipped]:
    """An RSS or Atom feed, saved as a file: one article per entry."""
    try:
        import feedparser  # noqa: PLC0415 - an extra
    except ImportError as exc:
        raise file.error(f"feeds need one more part ({exc}); install it: {WEB_EXTRA}") from exc
    from geo.fragments import without_tags  # noqa: PLC0415  html.parser is for feeds alone

    parsed = feedparser.parse(io.BytesIO(file.stream.read()))
    version = parsed.get("version")
    if not version:
        raise file.error("not an RSS or Atom feed")
    if parsed.get("bozo") and not isinstance(parsed.bozo_exception, feedparser.CharacterEncodingOverride):
        damage = _shown(str(parsed.bozo_exception))
        yield Notice(file.shown, f"{file.shown}: this feed is damaged ({damage}); {len(parsed.entries)} entries read")
    for number, entry in enumerate(parsed.entries, start=1):
        bodies = entry.get("content") or [entry.get("summary_detail") or {}]
        body = bodies[0].get("value") or entry.get("summary") or ""
        # RSS 1.0 states the day of publication as dc:date, which feedparser calls "updated"; in Atom that word means
        # what it says
        day = entry.get("published") or (entry.get("updated") if version.startswith("rss") else None)
        record = {
            "id": (entry.get("id") or entry.get("link") or "").replace(";", "%3B"),
            "text": body if bodies[0].get("type") == "text/plain" else without_tags(body),
            "title": without_tags(entry.get("title") or ""),
            "url": entry.get("link"),
            "publisher": (entry.get("source") or {}).get("title") or parsed.feed.get("title"),
            "language": parsed.feed.get("language"),
        }
        where = f"{file.shown}: entry {number}"
        found = _found_or_skipped(file, where, record, default_id=f"{file.stem}:{number}")
        if isinstance(found, _Found):
            found = replace(found, article=replace(found.article, published=_day_or_none(day)))
        yield found


_Reader = Callable[[_Input], Iterator[_Found | Notice | Skipped]]

_READERS: dict[str, _Reader] = {
    ".txt": _read_txt,
    ".html": _read_html,
    ".htm": _read_html,
    ".jsonl": _read_jsonl,
    ".ndjson": _read_jsonl,
    ".json": _read_json,
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".xml": _read_feed,
    ".rss": _read_feed,
    ".atom": _read_feed,
}

#: The suffixes of files that are read as articles.
SUFFIXES = tuple(_READERS)
