"""Values to columns to bytes to text: how one page holds 200,000 events.

Hides: the form that static/columns.js reads. A block is deflated and written in ASCII, seven bits a letter (`encode7`);
inside are a line of JSON, the header, and then bytes. The header is a tree of columns:

    {"n": 3, "of": {"name": COLUMN, ...}}   a table of n rows, each column with n values
    COLUMN is one of
    {"list": [...]}                         the values as they are
    {"hex": w, "begin": "e"}                texts of one beginning and then w bytes, written as hexadecimal digits
    {"int": w, "from": m, "by": s}          w bytes a value, in planes (all lowest bytes first): 0 is null, k is (k - 1 + m) / s
    {"int": w, "values": [...]}             the same, and the number is an index in `values`
    {"has": COLUMN, "row": TABLE}           a row or null: 1 where there is one, and those as a table
    {"has": COLUMN, "rows": TABLE}          lists of rows: their lengths, and the rows of all as one table
    {"has": COLUMN, "each": COLUMN}         lists of numbers or texts: their lengths, and what they hold, end to end

Equal things lie together so, and that is what makes them small: rows as JSON deflate to nearly twice the size.
"""

from __future__ import annotations

import json
import re
import sys
import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

__all__ = ["compact_json", "pack_blocks", "packed_columns", "packed_rows"]

#: Of 6.8 MB of quotes and reasons level 5 makes 2.10 MB in 0.14 s, level 6 (zlib's own choice) 2.05 MB in 0.24 s, 9 no less.
LEVEL = 5
#: Decimals that are tried for a column of numbers, fewest first; the last are those of coordinates.
SCALES = (1, 10, 100, 1_000, 100_000)
#: Values a distinct one must stand for, on average, that a column is written as indexes.
REPEATED = 2
#: Whole numbers further apart than four bytes can tell stand as they are.
MOST = 2**32 - 1

Node = dict[str, Any]


def compact_json(value: Any) -> str:
    """JSON without blanks, in the letters as they are; NaN is refused."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def packed_columns(columns: Mapping[str, Sequence[Any]]) -> bytes:
    """The columns of one table: values are None, numbers, texts, lists of texts or dicts of such."""
    body = bytearray()
    count = len(next(iter(columns.values()), ()))
    return _joined({"n": count, "of": {name: _node(values, body) for name, values in columns.items()}}, body)


def packed_rows(rows: Sequence[tuple[Any, ...]]) -> bytes:
    """Rows as columns: named tuples of one class, which may hold others. None and empty lists are not kept apart."""
    body = bytearray()
    return _joined(_table(rows, body), body)


def pack_blocks(parts: Iterable[bytes]) -> list[str]:
    """The parts deflated, as ASCII text, in their order; zlib works on one while Python makes the next."""
    with ThreadPoolExecutor() as pool:
        return list(pool.map(_deflated, parts))


def _deflated(part: bytes) -> str:
    return encode7(zlib.compress(part, LEVEL)).decode("ascii")


#: What may not stand in a `<script>` (NUL and the carriage return are changed by the browser, "<" may end it), and the
#: letter that marks those: each is written as the mark and one more letter.
_ESCAPES = ((b"~", b"~d"), (b"\0", b"~a"), (b"\r", b"~b"), (b"<", b"~c"))


def encode7(data: bytes) -> bytes:
    r"""Bytes as ASCII, seven bits a letter, highest bits first; the last letter is filled up with zeros.

    18 % more than the bytes, where base64 takes 33 %: of 200,000 events 3 MB of the page.

    >>> encode7(bytes([0b0000001_0, 0b000010_00]))
    b'\x01\x02~a'
    """
    import numpy as np  # noqa: PLC0415  (folium brings it; who makes no map pays nothing)

    sevens = np.frombuffer(data + bytes(-len(data) % 7), dtype=np.uint8).reshape(-1, 7)
    eights = np.zeros((len(sevens), 8), dtype=np.uint8)
    eights[:, 1:] = sevens
    held = eights.view(">u8").astype(np.uint64)  # 56 bits a number: seven bytes, or eight letters
    letters = (held >> np.arange(49, -1, -7, dtype=np.uint64)) & np.uint64(0x7F)
    text: bytes = letters.astype(np.uint8).tobytes()[: -(-len(data) * 8 // 7)]
    for plain, escaped in _ESCAPES:
        text = text.replace(plain, escaped)
    return text


def _joined(header: Node, body: bytearray) -> bytes:
    # Lone surrogates, which UTF-8 cannot hold, go as escapes.
    text = compact_json(header)
    try:
        return text.encode("utf-8") + b"\n" + body
    except UnicodeEncodeError:
        return json.dumps(header, separators=(",", ":")).encode("ascii") + b"\n" + body


def _table(rows: Sequence[Any], body: bytearray) -> Node:
    names = rows[0]._fields if rows else ()
    columns = zip(*rows, strict=True)
    return {"n": len(rows), "of": {name: _node(column, body) for name, column in zip(names, columns, strict=True)}}


def _node(values: Sequence[Any], body: bytearray) -> Node:
    kinds = set(map(type, values))
    kinds.discard(type(None))
    if kinds <= {int, bool}:
        return _integers(values, body) if _fit(values) else {"list": list(values)}
    if kinds <= {int, float}:
        near = all(v is None or abs(v) <= MOST for v in values)  # else they would not fit, or not even round
        scale = next((s for s in SCALES if near and all(v is None or round(v * s) / s == v for v in values)), 0)
        whole = [None if v is None else round(v * scale) for v in values] if scale else ()
        return _integers(whole, body, scale=scale) if scale and _fit(whole) else {"list": list(values)}
    if _are_rows(kinds):
        has = _integers([0 if value is None else 1 for value in values], body)
        return {"has": has, "row": _table([value for value in values if value is not None], body)}
    if kinds <= {list, tuple}:
        return _lists(values, body)
    return _texts(values, body)


def _lists(values: Sequence[Any], body: bytearray) -> Node:
    held = [item for value in values if value for item in value]
    are_rows = _are_rows(set(map(type, held)))
    if not are_rows and _repeats(values):
        return _indexes(values, body)
    lengths = _integers([len(value) if value else 0 for value in values], body)
    if are_rows:
        return {"has": lengths, "rows": _table(held, body)}
    return {"has": lengths, "each": _node(held, body)}


#: A text as what it begins with and an even number of hexadecimal digits, as many as there are.
_HEX = re.compile(r"(.*?)((?:[0-9a-f]{2})*)", re.DOTALL)
_ONLY_HEX = re.compile("[0-9a-f]*")


def _are_rows(kinds: set[type]) -> bool:
    return len(kinds) == 1 and hasattr(next(iter(kinds)), "_fields")


def _texts(values: Sequence[Any], body: bytearray) -> Node:
    if _repeats(values):
        return _indexes(values, body)
    begin, digits = _HEX.fullmatch(values[0] or "").groups()  # type: ignore[union-attr]
    size = len(begin) + len(digits)
    if digits and all(value and len(value) == size and value.startswith(begin) for value in values):
        rest = "".join([value[len(begin) :] for value in values])
        if _ONLY_HEX.fullmatch(rest):
            body += bytes.fromhex(rest)
            return {"hex": len(digits) // 2, "begin": begin}
    return {"list": list(values)}


def _repeats(values: Sequence[Any]) -> bool:
    return len(set(values)) * REPEATED <= len(values)


def _indexes(values: Sequence[Any], body: bytearray) -> Node:
    distinct = {value: number for number, value in enumerate(dict.fromkeys(values))}
    return {"int": _planes([distinct[value] for value in values], body), "values": list(distinct)}


def _given(values: Sequence[int | None]) -> Sequence[int]:
    return [value for value in values if value is not None] if None in values else values  # type: ignore[return-value]


def _fit(values: Sequence[int | None]) -> bool:
    given = _given(values)
    return max(given, default=0) - min(given, default=0) < MOST


def _integers(values: Sequence[int | None], body: bytearray, *, scale: int = 1) -> Node:
    given = _given(values)
    lowest = min(given, default=0)
    shift = 1 - lowest
    if len(given) == len(values):
        width = _planes([value + shift for value in given], body)
    else:
        width = _planes([0 if value is None else value + shift for value in values], body)
    return {"int": width, "from": lowest, "by": scale}


def _planes(numbers: Sequence[int], body: bytearray) -> int:
    """Adds the numbers, none below zero, as planes of bytes; gives how many bytes each takes."""
    width = max(1, (max(numbers, default=0).bit_length() + 7) // 8)
    if width == 1:
        body += bytes(numbers)
        return 1
    held = array("I", numbers)
    assert held.itemsize == 4
    if sys.byteorder == "big":
        held.byteswap()
    plain = held.tobytes()
    for place in range(width):
        body += plain[place::4]
    return width
