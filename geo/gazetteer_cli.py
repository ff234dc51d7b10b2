"""The commands of `conflictmap gazetteer`: what is in the gazetteer, and more of it."""

# ruff: noqa: D301  click reads "\b" in a docstring: the lines below stay as they are

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gazetteer import Gazetteer
from gazetteer.home import home
from geo.terminal import say

if TYPE_CHECKING:
    from gazetteer.layers import Added

__all__ = ["gazetteer_group"]

_FILE = click.Path(path_type=Path)
_HELP = {"help_option_names": ["-h", "--help"]}


def _country(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not (len(value) == 2 and value.isascii() and value.isalpha()):
        raise click.BadParameter(f"{value!r} is no ISO 3166 alpha-2 code; write it as SY")
    return value.upper() if value is not None else None


_COUNTRY = click.option(
    "--country",
    callback=_country,
    metavar="CODE",
    help="ISO code: only this country's rows of a dump; the country of a table that names none.",
)
_NAME = click.option("--name", help="Name of the layer; without it each dump or table makes one, named after its file.")
_PRIORITY = click.option(
    "--priority",
    type=click.IntRange(0, 1000),
    help="Of two layers that know one place, the higher one gives its point and name.  "
    "[default: 50; the package has 100]",
)


@click.group("gazetteer", context_settings=_HELP)
def gazetteer_group() -> None:
    """What is in the gazetteer, and more of it.

    \b
    conflictmap gazetteer info                     counts, layers, sources and licences
    conflictmap gazetteer download SY --add        every village of Syria, from GeoNames
    conflictmap gazetteer add places.csv           your own places
    """


@gazetteer_group.command("info", context_settings=_HELP)
@click.option(
    "--gazetteer", type=_FILE, help="Use this gazetteer file alone, not the one in the package and its layers."
)
def gazetteer_info(gazetteer: Path | None) -> None:
    """Say what the gazetteer holds, of which layers, from which sources and under which licences.

    \b
    conflictmap gazetteer info
    """
    with Gazetteer.open(gazetteer) as store:
        click.echo(json.dumps(store.info(), ensure_ascii=False, indent=2, default=str))


@gazetteer_group.command("add", context_settings=_HELP)
@click.argument("files", nargs=-1, required=True, type=_FILE, metavar="FILE...")
@_NAME
@_PRIORITY
@_COUNTRY
@click.option("--licence", help="Licence of the data, for tables that state none.")
def gazetteer_add(
    files: tuple[Path, ...], name: str | None, priority: int | None, country: str | None, licence: str | None
) -> None:
    """Add the places of files as layers of your own; the package stays as it is.

    GeoNames dumps (.zip, .txt, .gz; with admin1CodesASCII, admin2Codes, alternateNamesV2, hierarchy and countryInfo, when
    given), CSV, GeoJSON and P-code tables (COD-AB). Adding the same files again changes nothing.

    \b
    conflictmap gazetteer add SY.zip
    conflictmap gazetteer add LB.zip admin1CodesASCII.txt admin2Codes.txt
    conflictmap gazetteer add syr_admin1.geojson syr_admin2.csv --name ocha-syria --priority 80
    """
    from gazetteer.layers import Layers  # noqa: PLC0415  (15 ms that other commands need not pay)

    with _counter() as count:
        added = Layers().add(
            list(files), name=name, priority=priority, country=country, licence=licence, progress=count
        )
    for entry in added:
        say(_described(entry))


@gazetteer_group.command("remove", context_settings=_HELP)
@click.argument("name")
def gazetteer_remove(name: str) -> None:
    """Take a layer of your own away.

    \b
    conflictmap gazetteer remove sy
    """
    from gazetteer.layers import Layers  # noqa: PLC0415

    layer = Layers().remove(name)
    say(f"removed layer {layer.name} ({layer.places:,} places)")


@gazetteer_group.command("build", context_settings=_HELP)
@click.option("-o", "--output", type=_FILE, required=True, help="Write the gazetteer to this file.")
@click.argument("inputs", nargs=-1, type=_FILE, metavar="[INPUT]...")
@_COUNTRY
@click.option("--with-package", is_flag=True, help="Join the inputs with the places of the package.")
def gazetteer_build(output: Path, inputs: tuple[Path, ...], country: str | None, with_package: bool) -> None:
    """Make one gazetteer file, for --gazetteer FILE: of the inputs alone, without inputs of package and layers.

    \b
    conflictmap gazetteer build -o syria.sqlite SY.zip
    conflictmap gazetteer build -o all.sqlite
    """
    from gazetteer.layers import build_file  # noqa: PLC0415

    with _counter() as count:
        info = build_file(output, list(inputs), country=country, with_package=with_package, progress=count)
    say(f"{info['places']:,} places, {info['names']:,} names in {output}")


@gazetteer_group.command("download", context_settings=_HELP)
@click.argument("code")
@click.option("--url", help="Folder of a mirror, instead of GeoNames' own.")
@click.option("--add", "add_it", is_flag=True, help="Add it as a layer.")
def gazetteer_download(code: str, url: str | None, add_it: bool) -> None:
    """Fetch a country's dump from GeoNames over the network: SY, or allCountries, alternateNamesV2, admin2Codes, ...

    Stopped half-way, the next call goes on where it ended. The path of the file is written to stdout.

    \b
    conflictmap gazetteer download SY --add
    """
    from gazetteer.download import GEONAMES, download  # noqa: PLC0415  (urllib, for who asks for the network)
    from gazetteer.layers import Layers  # noqa: PLC0415

    with _bar(code) as progress:
        file = download(code, home() / "downloads", url=url or GEONAMES, progress=progress)
    click.echo(str(file))
    if add_it:
        with _counter() as count:
            added = Layers().add([file], progress=count)
        for entry in added:
            say(_described(entry))


def _described(entry: Added) -> str:
    layer = entry.layer
    if entry.change == "unchanged":
        return f"layer {layer.name} holds these files already; nothing changed"
    dated = f", data of {layer.date}" if layer.date else ""
    return (
        f"{entry.change} layer {layer.name}: {layer.places:,} places, {layer.names:,} names, priority {layer.priority}"
        f"{dated}; {layer.licence} ({layer.attribution})"
    )


@contextlib.contextmanager
def _counter() -> Iterator[Callable[[int], None]]:
    """Called with the number of places read so far; shows it where stderr is a terminal."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress, SpinnerColumn, TextColumn  # noqa: PLC0415

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} places read"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("reading")
        yield lambda n: bar.update(task, completed=n)


@contextlib.contextmanager
def _bar(label: str) -> Iterator[Callable[[int, int | None], None]]:
    """Called with the bytes that are there and their number in all; shows a bar where stderr is a terminal."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn  # noqa: PLC0415

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
