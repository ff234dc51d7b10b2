"""The command `conflictmap compare`: what two tables of events share, and what each has alone.

Hides: what is printed, and how the comparison looks as a table and as a map.
"""

# ruff: noqa: D301  click reads "\b" in a docstring: the lines below stay as they are

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import click

from gazetteer import Gazetteer
from gazetteer.errors import InputError
from geo import __version__
from geo.cells import safe_cell
from geo.convert_cli import say_credits, say_refused
from geo.table import Row, write_text

__all__ = ["compare"]

_FILE = click.Path(path_type=Path)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("ours", type=_FILE, metavar="OURS")
@click.argument("theirs", type=_FILE, metavar="THEIRS")
@click.option(
    "--km",
    type=click.FloatRange(min=0.1, max=1000.0),
    default=25.0,
    show_default=True,
    help="How far apart they may be.",
)
@click.option("--days", type=click.IntRange(min=0), default=1, show_default=True, help="Days between them at most.")
@click.option("--any-type", is_flag=True, help="Pair events of different families of types, too.")
@click.option("--table", type=_FILE, metavar="FILE.csv", help="Write pairs and what each has alone as a table.")
@click.option("--map", "map_file", type=_FILE, metavar="FILE.html", help="Write the same as a map.")
@click.option("--json", "as_json", is_flag=True, help="The figures as JSON.")
@click.option("--encoding", help="Of tables, where it is neither UTF-8 nor UTF-16: cp1256, cp1251, ...")
@click.option("--lenient", is_flag=True, help="Exit 0 also when rows were refused.")
@click.option("--gazetteer", type=_FILE, help="Use this gazetteer file alone, not the one in the package.")
def compare(  # noqa: PLR0917  a command takes its options as arguments
    ours: Path,
    theirs: Path,
    km: float,
    days: int,
    any_type: bool,
    table: Path | None,
    map_file: Path | None,
    as_json: bool,
    encoding: str | None,
    lenient: bool,
    gazetteer: Path | None,
) -> None:
    """Match two tables of events, and say what each has alone.

    Two events are one when they lie within --km of each other and within --days, and are of one family of types: violence,
    demonstrations, developments. Each is paired with one other at most, the nearest in time and space first. Files may be of
    any kind that `conflictmap convert` reads.

    \b
    conflictmap compare events.geojson GEDEvent.csv
    conflictmap compare events.geojson acled.csv --km 10 --days 0 --table audit.csv --map audit.html
    """
    from geo.compare import Limits, compare_events, comparison_rows  # noqa: PLC0415
    from geo.readers import ReadOptions  # noqa: PLC0415

    for output in (table, map_file):
        if output is not None and any(
            output.exists() and given.exists() and output.samefile(given) for given in (ours, theirs)
        ):
            raise InputError(f"{output}: this is an input; choose another name for the output")
    places = cache(lambda: Gazetteer.open(gazetteer))
    options = ReadOptions(encoding=encoding, version=__version__)
    refused: list[str] = []
    (mine, our_origin), (others, their_origin) = (_rows(path, places, options, refused) for path in (ours, theirs))
    found = compare_events(mine, others, Limits(km, days, any_type))
    figures = {
        "both": len(found.pairs),
        "only_ours": len(found.only_ours),
        "only_theirs": len(found.only_theirs),
        "share_of_ours": _share(len(found.pairs), len(found.only_ours)),
        "share_of_theirs": _share(len(found.pairs), len(found.only_theirs)),
        "not_comparable": found.not_comparable,
        "km": km,
        "days": days,
    }
    rows = list(comparison_rows(found))
    if as_json:
        click.echo(json.dumps(figures, indent=1))
    else:
        click.echo(f"in both           {figures['both']:7}")
        click.echo(
            f"only in ours      {figures['only_ours']:7}   of ours {_percent(figures['share_of_ours'])} are in theirs"
        )
        click.echo(
            f"only in theirs    {figures['only_theirs']:7}   of theirs {_percent(figures['share_of_theirs'])} are in ours"
        )
        click.echo(
            f"not comparable    {figures['not_comparable']:7}   without a day or a place, or known only as a country"
        )
    if table is not None:
        write_text(table, _csv(rows))
    if map_file is not None:
        write_text(map_file, _page(found, (ours, our_origin), (theirs, their_origin)))
    say_refused(refused)
    if refused and not lenient:
        sys.exit(1)


def _share(both: int, alone: int) -> float | None:
    return round(both / (both + alone), 4) if both + alone else None


def _percent(share: Any) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"


def _rows(path: Path, places: Callable[[], Gazetteer], options: Any, refused: list[str]) -> tuple[list[Row], Any]:
    from geo.readers import Refused, open_events  # noqa: PLC0415

    file = open_events(path, places, options)
    origin = file.origin
    say_credits(list(filter(None, [origin.attribution])), list(filter(None, [origin.warning])))
    rows = []
    for item in file.rows:
        if isinstance(item, Refused):
            refused.append(str(item))
        else:
            rows.append(item)
    return rows, origin


def _csv(rows: Iterable[Row]) -> str:
    from geo.compare import COMPARE_COLUMNS  # noqa: PLC0415

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(column.name for column in COMPARE_COLUMNS)
    writer.writerows([safe_cell(row.get(column.name)) for column in COMPARE_COLUMNS] for row in rows)
    return out.getvalue()


def _page(found: Any, ours: tuple[Path, Any], theirs: tuple[Path, Any]) -> str:
    """A map of ours with theirs beside them: each says in its summary whether the other table has it."""
    import maps  # noqa: PLC0415  only who asks for a map pays

    (our_file, our_origin), (their_file, their_origin) = ours, theirs
    mine = [
        (pair.ours, f"in both (theirs: {pair.theirs['event_id']}, {pair.km:.1f} km, {pair.days} days)")
        for pair in found.pairs
    ] + [(row, f"only in {our_file.name}") for row in found.only_ours]
    others = [(pair.theirs, f"in both (ours: {pair.ours['event_id']})") for pair in found.pairs] + [
        (row, f"only in {their_file.name}") for row in found.only_theirs
    ]
    layer = maps.Beside(their_file.name, _told(others), their_origin.attribution, their_origin.warning)
    return maps.render(
        _told(mine),
        title=f"{our_file.name} beside {their_file.name}",
        credits=[line for line in (our_origin.attribution, our_origin.warning) if line],
        beside=[layer],
    )


def _told(rows: Iterable[tuple[Row, str]]) -> list[Row]:
    return [row | {"summary": f"{said}: {row.get('summary') or row.get('place')}"} for row, said in rows]
