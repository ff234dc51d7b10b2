"""The options that say how plain tables are read, for every command that reads them. Nothing else is imported for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click

__all__ = ["table_options"]


def _columns(_ctx: click.Context, _param: click.Parameter, values: Sequence[str]) -> dict[str, str]:
    found = {}
    for value in values:
        ours, equals, theirs = value.partition("=")
        if not equals or not ours.strip() or not theirs.strip():
            raise click.BadParameter(f"{value!r} is no pair; write OUR_COLUMN=COLUMN_OF_THE_TABLE, as place=Location")
        found[ours.strip()] = theirs.strip()
    return found


def table_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options that say how plain tables are read: --map-column, --dates, --encoding."""
    options = (
        click.option(
            "--map-column",
            "columns",
            multiple=True,
            callback=_columns,
            metavar="OURS=THEIRS",
            help="Of a plain table: which column is which.",
        ),
        click.option(
            "--dates", type=click.Choice(["dmy", "mdy"]), help="What 03/04/2017 means, where nothing else tells."
        ),
        click.option("--encoding", help="Of tables, where it is neither UTF-8 nor UTF-16: cp1256, cp1251, ..."),
    )
    for option in reversed(options):
        command = option(command)
    return command
