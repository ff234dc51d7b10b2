"""Cells of CSV that no spreadsheet runs as a formula, and the way back."""

from __future__ import annotations

from typing import TypeVar

__all__ = ["safe_cell", "unsafe_cell"]

_Value = TypeVar("_Value")

#: First characters that make a spreadsheet run a cell (OWASP, "CSV Injection"; the wide forms work in Asian locales).
_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")


def safe_cell(value: _Value) -> _Value | str:
    """A value as a cell of CSV that no spreadsheet runs; `unsafe_cell` takes the guard off again.

    >>> safe_cell("=1+1"), safe_cell(-5), safe_cell("al-Bab")
    ("'=1+1", -5, 'al-Bab')
    """
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n").replace("\r", "\n")  # csv leaves a lone CR unquoted beside LF line ends
    return f"'{text}" if text.lstrip("'").startswith(_RUN_BY_SPREADSHEETS) else text


def unsafe_cell(cell: str) -> str:
    """The text that `safe_cell` made a cell of.

    >>> unsafe_cell("'=1+1"), unsafe_cell("'al-Bab'")
    ('=1+1', "'al-Bab'")
    """
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_RUN_BY_SPREADSHEETS) else cell
