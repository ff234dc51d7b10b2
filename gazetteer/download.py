"""Fetches files of GeoNames for the user who asks: the one module, beside `online`, that opens a connection.

Hides: HTTP, and how a broken transfer is taken up again. A file grows beside its place as NAME.part, with what the server
said of it in NAME.part.json, and takes its place only when it is whole: an older good file stays until then.
"""

from __future__ import annotations

import errno
import http.client
import json
import re
import urllib.error
import urllib.parse
import urllib.request
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gazetteer.errors import InputError

__all__ = ["GEONAMES", "download"]

GEONAMES = "https://download.geonames.org/export/dump/"
TIMEOUT_S = 30.0
CHUNK = 1 << 16
#: Bytes that a file may have: allCountries.zip has 0.4 GB.
MAX_BYTES = 4 << 30
USER_AGENT = "conflictmap (gazetteer download)"

#: What can be asked for beside the code of a country -> file.
_FILES = {
    **{name.lower(): f"{name}.zip" for name in ("allCountries", "alternateNamesV2", "hierarchy", "no-country")},
    **{f"cities{n}": f"cities{n}.zip" for n in (500, 1000, 5000, 15000)},
    **{name.lower(): f"{name}.txt" for name in ("admin1CodesASCII", "admin2Codes", "countryInfo")},
}

_DISK_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})

Progress = Callable[[int, int | None], None]


def download(
    code: str, folder: Path, *, url: str = GEONAMES, timeout: float = TIMEOUT_S, progress: Progress | None = None
) -> Path:
    """Fetch the dump of a country (ISO alpha-2) or another file of GeoNames into a folder; the path of the whole file.

    Goes on where an earlier call was cut off, if the server still has the same file. `progress` is called with the bytes that
    are there and the number in all, or None where the server does not tell.

    Raises InputError when the server cannot be reached in `timeout` seconds, lacks the file, sends another number of bytes
    than it said, or a zip whose check sums are wrong; an older file in the folder is then as it was.
    """
    name = _file_name(code)
    address = urllib.parse.urljoin(url if url.endswith("/") else url + "/", name)
    if not address.startswith(("https://", "http://")):
        raise InputError(f"{url}: the address of a mirror begins with https:// or http://")
    target, part = folder / name, folder / f"{name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _fetch(address, part, timeout=timeout, progress=progress)
        _check(part, address)
        part.replace(target)
        _note(part).unlink(missing_ok=True)
    except OSError as exc:
        raise InputError(f"{exc.filename or part}: cannot be written ({exc.strerror or exc}); free disk space") from exc
    return target


def _file_name(code: str) -> str:
    wanted = code.strip()
    if re.fullmatch("[A-Za-z]{2}", wanted):
        return f"{wanted.upper()}.zip"
    name = _FILES.get(re.sub(r"\.(zip|txt)$", "", wanted.lower()))
    if name is None:
        raise InputError(
            f"{code!r} is no file of GeoNames; give the ISO code of a country (SY), or: {', '.join(_FILES)}"
        )
    return name


def _note(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _fetch(address: str, part: Path, *, timeout: float, progress: Progress | None) -> None:
    """Bring `part` to its full length, from where it is if the server still has the file that it was begun with."""
    begun = _begun(part, address)
    have = part.stat().st_size if begun is not None else 0
    headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
    if begun is not None:
        headers |= {"Range": f"bytes={have}-", "If-Range": begun["mark"]}
    request = urllib.request.Request(address, headers=headers)  # noqa: S310  (http or https, see download)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310
            resumed = answer.status == http.HTTPStatus.PARTIAL_CONTENT
            if resumed and not (answer.headers.get("Content-Range") or "").startswith(f"bytes {have}-"):
                _start_over(part)
                raise InputError(f"{address}: the server sent another part than asked for; call again to start over")
            have = have if resumed else 0
            length = answer.headers.get("Content-Length")
            total = have + int(length) if length is not None and length.isdigit() else None
            if (total or 0) > MAX_BYTES:
                raise InputError(
                    f"{address}: {total:,} bytes are more than a file of GeoNames can have ({MAX_BYTES:,})"
                )
            _write_note(part, address, answer.headers)
            with part.open("ab" if resumed else "wb") as stream:
                while chunk := answer.read(CHUNK):
                    stream.write(chunk)
                    have += len(chunk)
                    if have > MAX_BYTES:
                        raise InputError(f"{address}: more than {MAX_BYTES:,} bytes came; this is no file of GeoNames")
                    if progress is not None:
                        progress(have, total)
    except urllib.error.HTTPError as exc:
        with exc:
            if exc.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and begun is not None:
                _start_over(part)
                return _fetch(address, part, timeout=timeout, progress=progress)
            raise InputError(
                f"{address}: the server says {exc.code} {exc.reason}; {_REMEDIES.get(exc.code, _LATER)}"
            ) from exc
    except (OSError, http.client.HTTPException) as exc:
        if isinstance(exc, OSError) and (exc.filename is not None or exc.errno in _DISK_ERRORS):
            raise
        reason = getattr(exc, "reason", None) or exc
        if isinstance(reason, TimeoutError):
            reason = f"no answer within {timeout:g} s"
        raise InputError(
            f"{address}: cannot be fetched ({reason}); call again to go on, or give a mirror with --url"
        ) from exc
    if total is not None and have != total:
        raise InputError(f"{address}: {have:,} of {total:,} bytes came; call again to go on")
    return None


_LATER = "try again later, or give a mirror with --url"
_REMEDIES = {404: "check the code of the country, and the mirror if you gave one", 403: "give a mirror with --url"}


def _begun(part: Path, address: str) -> dict[str, str] | None:
    """What is known of a file that was begun: None where there is none, or the server did not say how to tell it again."""
    try:
        note: Any = json.loads(_note(part).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    usable = isinstance(note, dict) and note.get("address") == address and note.get("mark") and part.exists()
    return {"address": address, "mark": str(note["mark"])} if usable and part.stat().st_size else None


def _write_note(part: Path, address: str, headers: http.client.HTTPMessage) -> None:
    """Keep the mark of this version of the file: its strong entity tag, else its date."""
    tag = headers.get("ETag") or ""
    mark = tag if tag and not tag.startswith("W/") else headers.get("Last-Modified")
    _note(part).write_text(json.dumps({"address": address, "mark": mark}), encoding="utf-8")


def _start_over(part: Path) -> None:
    part.unlink(missing_ok=True)
    _note(part).unlink(missing_ok=True)


def _check(part: Path, address: str) -> None:
    """Raise InputError, and throw the file away, unless it is what its name says."""
    if not address.endswith(".zip"):
        with part.open("rb") as stream:
            head = stream.read(512).lstrip().lower()
        if not head or head.startswith((b"<!doctype", b"<html")):
            _start_over(part)
            raise InputError(
                f"{address}: {'a web page' if head else 'nothing'} came instead of a table; check the address"
            )
        return
    try:
        with zipfile.ZipFile(part) as archive:
            broken = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as exc:
        _start_over(part)
        raise InputError(f"{address}: what came is no whole zip archive ({exc}); call again, or give a mirror") from exc
    if broken is not None:
        _start_over(part)
        raise InputError(f"{address}: {broken} in it has a wrong check sum; call again, or give a mirror with --url")
