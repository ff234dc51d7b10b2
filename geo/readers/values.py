"""Cells to values: days in any of the usual ways of writing, degrees, whole numbers.

Hides: how a day is told from a month. In one column 03/04/2017 is read as the other days of that column are written; where
nothing tells, it is refused and not guessed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime

from gazetteer.errors import InputError

__all__ = ["day_order", "days_of", "degrees", "parse_day", "point_of_cell", "range_of", "whole"]

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{6})?$")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ ,].*)?$")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:[ ,].*)?$")
_WORDED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3,9})\.?,?[ -](\d{4})$")
_AMERICAN = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$")
_MONTHS = {
    name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}


def parse_day(text: str, order: str | None = None) -> date:
    """The day that a cell means. Raises InputError for what is no day, and for 03/04/2017 without an order.

    >>> parse_day("23 February 2017"), parse_day("23.02.2017"), parse_day("02/23/2017")
    (datetime.date(2017, 2, 23), datetime.date(2017, 2, 23), datetime.date(2017, 2, 23))
    """
    text = " ".join(text.split())
    try:
        for pattern, parts in ((_ISO, "ymd"), (_COMPACT, "ymd"), (_DOTTED, "dmy")):
            if found := pattern.match(text):
                return _date(found, parts)
        if found := _SLASHED.match(text):
            first, second = int(found[1]), int(found[2])
            if first == second or first > 12 or second > 12:
                return _date(found, "dmy" if first > 12 else "mdy")
            if order is None:
                raise InputError(f"{text!r} may be two days; say which comes first: --dates dmy or --dates mdy")
            return _date(found, order)
        for pattern, parts in ((_WORDED, "dmy"), (_AMERICAN, "mdy")):
            if found := pattern.match(text):
                return _date(found, parts)
        return datetime.fromisoformat(text).date()
    except InputError:
        raise
    except (KeyError, ValueError):
        raise InputError(f"{text[:60]!r} is no day; write it as 2017-01-18") from None


_MONTH = re.compile(r"(?:(?P<name>[A-Za-z]{3,9})\.?,? (?P<y1>\d{4})|(?P<y2>\d{4})[-/](?P<number>\d{1,2}))$")
_YEAR = re.compile(r"(?:19|20)\d\d$")


def days_of(text: str, order: str | None = None) -> tuple[date, date]:
    """The first and the last day that a cell means: one day, or all days of a month or a year. Raises InputError as parse_day.

    >>> days_of("Feb 2017"), days_of("2017-01-18")[1]
    ((datetime.date(2017, 2, 1), datetime.date(2017, 2, 28)), datetime.date(2017, 1, 18))
    """
    text = " ".join(text.split())
    if _YEAR.match(text):
        return date(int(text), 1, 1), date(int(text), 12, 31)
    if found := _MONTH.match(text):
        month = _MONTHS.get(found["name"][:3].lower()) if found["name"] else int(found["number"])
        year = int(found["y1"] or found["y2"])
        if month is not None and 1 <= month <= 12:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    day = parse_day(text, order)
    return day, day


def _date(found: re.Match[str], parts: str) -> date:
    values = dict(zip(parts, found.groups(), strict=True))
    month = values["m"]
    return date(int(values["y"]), int(month) if month.isdigit() else _MONTHS[month[:3].lower()], int(values["d"]))


def day_order(cells: Iterable[str]) -> str | None:
    """The order in which a column writes days with slashes, None where no cell or both kinds of cells tell.

    >>> day_order(["03/04/2017", "23/02/2017"]), day_order(["03/04/2017"])
    ('dmy', None)
    """
    found = set()
    for cell in cells:
        if match := _SLASHED.match(" ".join(cell.split())):
            first, second = int(match[1]), int(match[2])
            found |= ({"dmy"} if first > 12 else set()) | ({"mdy"} if second > 12 else set())
    return found.pop() if len(found) == 1 else None


_NUMBER = re.compile(r"([+-]?\d{1,3}(?:[.,]\d+)?)\s*°?\s*([NSEWnsew])?$")


def degrees(text: str) -> float:
    """A coordinate: 36.37, 36,37 or 36.37 N. Raises InputError for anything else.

    >>> degrees("36,37"), degrees("58.5W")
    (36.37, -58.5)
    """
    found = _NUMBER.match(text.strip())
    if not found:
        raise InputError(f"{text[:60]!r} is no coordinate; write decimal degrees: 36.37")
    value = float(found[1].replace(",", "."))
    return -value if (found[2] or "").upper() in ("S", "W") else value


_PAIR = re.compile(r"\s*[(\[]?\s*(-?\d{1,3}\.\d+)\s*[,;\s]\s*(-?\d{1,3}\.\d+)\s*[)\]]?\s*$")
_WKT = re.compile(r"POINT\s*Z?\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)", re.I)


def point_of_cell(text: str) -> tuple[float, float] | None:
    """(longitude, latitude) of a cell that holds both: "36.37, 37.51" has the latitude first, WKT the longitude.

    >>> point_of_cell("36.37, 37.51"), point_of_cell("POINT (37.51 36.37)"), point_of_cell("al-Bab")
    ((37.51, 36.37), (37.51, 36.37), None)
    """
    if found := _WKT.search(text):
        return float(found[1]), float(found[2])
    if found := _PAIR.match(text):
        return float(found[2]), float(found[1])
    return None


#: What people write where a number is not known.
_UNKNOWN = frozenset(("", "-", "–", "—", "?", "n/a", "na", "nan", "none", "null", "unknown", "unk"))
_RANGE = re.compile(r"(\d[\d,]*)\s*(?:-|–|—|to)\s*(\d[\d,]*)")
_AT_LEAST = re.compile(r"(\d[\d,]*)\s*\+")


def range_of(text: str) -> tuple[int | None, int | None]:
    """The lowest and the highest number that a cell tells; both where it tells one. Raises InputError for anything else.

    >>> range_of("3"), range_of("5-7"), range_of("10+"), range_of("?")
    ((3, 3), (5, 7), (10, None), (None, None))
    """
    text = text.strip()
    if found := _AT_LEAST.fullmatch(text):
        return whole(found[1]), None
    if not (found := _RANGE.fullmatch(text)):
        return whole(text), whole(text)
    low, high = whole(found[1]), whole(found[2])
    if low is not None and high is not None and low > high:
        raise InputError(f"{text[:60]!r} falls from {low} to {high}; write the lower number first")
    return low, high


def whole(text: str) -> int | None:
    """A whole number that is not below 0, None where the cell is empty. Raises InputError for anything else.

    >>> whole("1,200"), whole("3.0"), whole("n/a")
    (1200, 3, None)
    """
    text = text.strip().replace("\u00a0", "")
    if text.casefold() in _UNKNOWN:
        return None
    if re.fullmatch(r"\d{1,3}(,\d{3})+", text):
        text = text.replace(",", "")
    if not re.fullmatch(r"\d+(?:\.0*)?", text):
        raise InputError(f"{text[:60]!r} is no whole number")
    return int(float(text))
