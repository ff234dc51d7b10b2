"""XLSX for people who live in spreadsheets: the sheets events, reports and codebook.

Hides: how a text that begins like a formula stays a text, and what makes the file the same for the same rows.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from gazetteer.errors import InputError
from geo.event import EVENT_TYPES, LEVELS
from geo.formats.export import REPORT_COLUMNS, Export
from geo.table import Column, Row, Value, writing

__all__ = ["write_xlsx"]

#: Rows that a sheet can hold, its header included, and characters of a cell (Excel's limits).
MOST_ROWS = 1_048_576
LONGEST_CELL = 32_767

_MOMENT = datetime(2000, 1, 1)
#: Widths of columns in characters; the others have 14.
_WIDTHS = {"summary": 48, "quote": 80, "actors": 28, "targets": 28, "place": 24, "event_type": 24, "meaning": 90}


def write_xlsx(path: Path, export: Export) -> list[str]:
    """A workbook with a filter and a fixed header on each table; days are days, and no cell can be a formula."""
    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook(write_only=True)
    book.properties.creator, book.properties.title = "conflictmap", export.title
    book.properties.description = export.description
    book.properties.created = _MOMENT
    with writing(path) as draft:
        try:
            events = _sheet(book, path, "events", export.table_columns, export.rows)
            _sheet(book, path, "reports", REPORT_COLUMNS, export.reports)
            _codebook(book, path, export)
        except Exception:
            for sheet in book.worksheets:  # what is half written complains when it is thrown away
                sheet.close()
            raise
        book.save(draft)
        _without_clock(draft)
    return [f"{events} texts of more than {LONGEST_CELL} characters were cut"] * bool(events)


def _sheet(book: Any, path: Path, name: str, columns: Sequence[Column], rows: Iterable[Row]) -> int:
    """Writes a table; the number of texts that had to be cut."""
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(column.name, 14)
    bold = Font(bold=True)
    head = [_cell(sheet, column.name, column) for column in columns]
    for cell in head:
        cell.font = bold
    sheet.append(head)
    cut, last = 0, 1
    for last, row in enumerate(rows, start=2):
        if last > MOST_ROWS:
            raise InputError(f"{path}: a sheet holds {MOST_ROWS - 1:,} rows, and there are more; write .csv or .gpkg")
        values = [row.get(column.name) for column in columns]
        cut += sum(isinstance(value, str) and len(value) > LONGEST_CELL for value in values)
        sheet.append([_cell(sheet, value, column) for value, column in zip(values, columns, strict=True)])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{last}"
    return cut


def _cell(sheet: Any, value: Value, column: Column) -> Any:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415

    if value is None:
        return None if column.type else WriteOnlyCell(sheet)
    if not isinstance(value, str):
        return value
    if column.type == "date" and re.fullmatch(r"\d{4}-\d\d-\d\d", value) and value >= "1900-03-01":
        cell = WriteOnlyCell(sheet, datetime.fromisoformat(value))
        cell.number_format = "yyyy-mm-dd"
        return cell
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)[:LONGEST_CELL])
    cell.data_type = "s"  # also of "=1+1", which would be a formula
    if value.startswith(tuple("=+-@\t")):
        cell.quotePrefix = True  # it stays a text when someone edits it
    return cell


_BOOK = (
    Column("sheet", "text", "", ""),
    Column("name", "text", "", ""),
    Column("type", "text", "", ""),
    Column("unit", "text", "", ""),
    Column("meaning", "text", "", ""),
)


def _codebook(book: Any, path: Path, export: Export) -> None:
    def entry(sheet: str, name: str, kind: str = "", unit: str = "", meaning: str = "") -> Row:
        return {"sheet": sheet, "name": name, "type": kind, "unit": unit, "meaning": meaning.replace("`", "")}

    rows = [entry("about", "title", meaning=export.title)]
    rows += [entry("about", "note", meaning=note) for note in export.notes]
    for sheet, columns in (("events", export.table_columns), ("reports", REPORT_COLUMNS)):
        rows += [entry(sheet, c.name, c.type, c.unit, c.meaning) for c in columns]
    for kind, subs in EVENT_TYPES.items():
        rows += [entry("event types", sub, kind) for sub in subs]
    for level, (acled, ucdp, km) in LEVELS.items():
        rows.append(entry("location levels", level, "", f"{km:g} km", f"geo_precision {acled}, where_prec {ucdp}"))
    _sheet(book, path, "codebook", _BOOK, rows)


def _without_clock(draft: Path) -> None:
    """Writes the archive anew with one moment everywhere; XLSX notes when each part was made."""
    again = draft.with_name(draft.name + ".again")
    try:
        with zipfile.ZipFile(draft) as old, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new:
            for item in old.infolist():
                entry = zipfile.ZipInfo(item.filename, _MOMENT.timetuple()[:6])
                entry.compress_type = zipfile.ZIP_DEFLATED
                if item.filename == "docProps/core.xml":
                    text = old.read(item).decode("utf-8")
                    new.writestr(entry, re.sub(r"\d{4}-\d\d-\d\dT[\d:]+Z", f"{_MOMENT.isoformat()}Z", text))
                    continue
                with old.open(item) as source, new.open(entry, "w") as target:
                    while chunk := source.read(1 << 20):
                        target.write(chunk)
        again.replace(draft)
    finally:
        again.unlink(missing_ok=True)
