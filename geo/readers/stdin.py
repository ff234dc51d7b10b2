"""Standard input as a file: what is piped in goes to a temporary folder, because tables are read twice.

Hides: which kind of file the first bytes tell.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from gazetteer.errors import InputError
from geo.readers.delimited import HEAD

__all__ = ["FORMS", "as_file"]

#: How the files of each kind begin, and the suffix of the copy.
_BEGINNINGS = (
    (b"SQLite format 3\0", ".gpkg"),
    (b"PAR1", ".parquet"),
    (b"fgb\x03", ".fgb"),
    (b"\x1f\x8b", ".gz"),
    (b"{", ".json"),
)
#: Kinds of files that a user may name, and the suffix of each.
FORMS = {
    form: f".{form}" for form in ("csv", "geojson", "geojsonl", "jsonl", "gpkg", "parquet", "fgb", "xlsx", "gz", "zip")
}


@contextmanager
def as_file(stream: BinaryIO, form: str | None = None) -> Iterator[Path]:
    """A file with what the stream holds, as long as the context lasts. `form` is a kind of file that the user names.

    Raises InputError when there is nothing in it.
    """
    head = stream.read(HEAD)
    if not head.strip():
        raise InputError("stdin: is empty; pipe a table or a file of events in")
    with tempfile.TemporaryDirectory(prefix="conflictmap-") as folder:
        path = Path(folder) / f"stdin{_suffix(head, form)}"
        with path.open("wb") as out:
            out.write(head)
            shutil.copyfileobj(stream, out)
        yield path


def _suffix(head: bytes, form: str | None) -> str:
    if form is not None:
        return FORMS[form]
    if head.startswith(b"PK\x03\x04"):
        return ".xlsx" if b"[Content_Types].xml" in head or b"xl/" in head else ".zip"
    begins = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return next((suffix for magic, suffix in _BEGINNINGS if begins.startswith(magic)), ".csv")
