"""The command `conflictmap convert`: events of any kind of file into any other.

Hides: in which order rows go through boundaries and profile, what is said of refused rows, and what stands beside a CSV.
"""

# ruff: noqa: D301  click reads "\b" in a docstring: the lines below stay as they are

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gazetteer import Gazetteer
from gazetteer.errors import InputError
from geo import __version__
from geo.formats import FORMATS, Export, format_of, report_rows, write_export
from geo.readers.stdin import FORMS, as_file
from geo.table import DIVISION_COLUMNS, Row, events_to_jsonl, write_text, writing
from geo.table_options import table_options
from geo.terminal import say

if TYPE_CHECKING:
    from geo.profiles import Profile
    from geo.readers import ReadOptions

__all__ = ["convert", "say_credits", "say_refused"]

_FILE = click.Path(path_type=Path)
#: Refused rows that are listed; whoever has more has one cause.
MOST_REFUSED = 20
#: Disagreements of name and polygon that are listed.
MOST_DISAGREEMENTS = 10
#: Formats of the flat columns that a command line may ask for.
_FORMS = [*dict.fromkeys(FORMATS.values()), "csv-acled", "csv-ucdp"]


def _country(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    from geo.codes import country_by_iso2  # noqa: PLC0415  only who asks pays

    if value is None:
        return None
    if country_by_iso2(value) is None:
        raise click.BadParameter(f"{value!r} is no ISO 3166 alpha-2 code; write it as SY")
    return value.upper()


def _day(_ctx: click.Context, _param: click.Parameter, value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value is not None else None
    except ValueError:
        raise click.BadParameter(f"{value!r} is no date; write it as 2017-01-18") from None


def say_refused(found: Sequence[object]) -> None:
    """Lists rows that were not taken, the first of many."""
    for item in found[:MOST_REFUSED]:
        say(f"refused: {item}")
    if len(found) > MOST_REFUSED:
        say(f"refused: {len(found) - MOST_REFUSED} more rows")


def say_credits(lines: Sequence[str], warnings: Sequence[str]) -> None:
    """Says whose rows were read, and what must not be done with them."""
    for line in (*lines, *(f"WARNING: {warning}" for warning in warnings)):
        say(line)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("inputs", nargs=-1, required=True, type=_FILE, metavar="IN...")
@click.option(
    "-o", "--output", type=_FILE, required=True, metavar="FILE", help="Write here; the suffix names the format."
)
@click.option("--format", "form", type=click.Choice(_FORMS), help="Overrides the suffix of the output.")
@click.option(
    "--boundaries",
    multiple=True,
    type=_FILE,
    metavar="FILE",
    help="Add names and codes of the divisions that each point lies in, from this file; repeatable, for several levels.",
)
@click.option(
    "--geometry",
    type=click.Choice(["point", "area"]),
    default="point",
    show_default=True,
    help="Points, or the areas within which the events lie: polygons of --boundaries, else circles.",
)
@click.option(
    "--profile",
    "profile_name",
    type=click.Choice(["internal", "partner", "public"]),
    default="internal",
    show_default=True,
    help="internal has all, partner masks names of persons, public has no words of articles.",
)
@click.option("--coarsen", type=click.Choice(["adm2", "adm1", "country"]), help="Move points up to this level.")
@click.option("--delay", type=click.IntRange(min=0), default=0, metavar="DAYS", help="Hold back the last days.")
@click.option("--as-of", callback=_day, metavar="DATE", help="The day that --delay counts from; today by default.")
@click.option(
    "--from",
    "form_in",
    type=click.Choice(list(FORMS)),
    help="Of - (stdin): its format, where the content does not tell.",
)
@table_options
@click.option("--country", callback=_country, help="ISO code of the country of rows that name none.")
@click.option("--title", help="Title in the file.")
@click.option("--hxl", is_flag=True, help="Of a CSV: a row of HXL tags under the header.")
@click.option("--datapackage", "package", is_flag=True, help="Beside a CSV: its description, datapackage.json.")
@click.option("--lenient", is_flag=True, help="Exit 0 also when rows were refused.")
@click.option("--gazetteer", type=_FILE, help="Use this gazetteer file alone, not the one in the package.")
def convert(  # noqa: PLR0917  a command takes its options as arguments
    inputs: tuple[Path, ...],
    output: Path,
    form: str | None,
    boundaries: tuple[Path, ...],
    geometry: str,
    profile_name: str,
    coarsen: str | None,
    delay: int,
    as_of: date | None,
    form_in: str | None,
    columns: dict[str, str],
    dates: str | None,
    country: str | None,
    encoding: str | None,
    title: str | None,
    hxl: bool,
    package: bool,
    lenient: bool,
    gazetteer: Path | None,
) -> None:
    """Events from one kind of file to another, those of other projects included.

    IN is a file, or - for stdin: what conflictmap wrote (.geojson, .geojsonl, .jsonl, .gpkg, .parquet, .fgb, .xlsx, .csv), an export of ACLED, UCDP
    GED, GDELT or its GKG, or any table with places or coordinates; names of places are looked up. Rows that cannot be used
    are listed and left out, and the exit code is 1. docs/formats.md says what each format holds.

    \b
    conflictmap convert events.jsonl -o events.gpkg
    conflictmap convert events.geojson -o public.csv --profile public --coarsen adm1 --delay 14 --hxl
    conflictmap convert incidents.csv -o incidents.geojson --map-column place=Location --country SY
    conflictmap convert GEDEvent.csv -o ged.parquet --boundaries syr_admin2.geojson
    curl https://example.org/events.csv | conflictmap convert - -o events.gpkg
    """
    from geo.profiles import Profile  # noqa: PLC0415
    from geo.readers import ReadOptions  # noqa: PLC0415

    form = form or format_of(output)
    _check_usage(form, inputs, output, hxl=hxl, package=package, delay=delay, as_of=as_of)
    if form_in is not None and Path("-") not in inputs:
        raise click.UsageError("--from goes with -, the standard input")
    profile = Profile(profile_name, coarsen, delay, as_of or date.today() if delay else None)
    task = _Task(
        output,
        form,
        ReadOptions(encoding, columns, dates, country, __version__),
        profile,
        cache(lambda: Gazetteer.open(gazetteer)),
        boundaries,
        geometry,
        title or output.stem,
        hxl=hxl,
        package=package,
    )
    with _stdin_as_file(inputs, form_in) as (paths, shown):
        counts = _Counts(shown)
        try:
            _convert(task, paths, counts, shown)
        except InputError as error:
            raise InputError(shown(str(error))) from error
    counts.say(output)
    if counts.refused and not lenient:
        sys.exit(1)


@dataclass(frozen=True, slots=True)
class _Task:
    """What a command line asks for."""

    output: Path
    form: str
    options: ReadOptions
    profile: Profile
    places: Callable[[], Gazetteer]
    boundaries: tuple[Path, ...]
    geometry: str
    title: str
    hxl: bool
    package: bool


Shown = Callable[[str], str]


@contextmanager
def _stdin_as_file(inputs: Sequence[Path], form: str | None) -> Iterator[tuple[list[Path], Shown]]:
    """The inputs with a copy in place of "-", and what makes "stdin" of its name in a message."""
    if Path("-") not in inputs:
        yield list(inputs), lambda text: text
        return
    if sys.stdin is None:
        raise InputError("stdin: it is closed; give a file, or pipe the input in")
    with as_file(sys.stdin.buffer, form) as copy:
        yield [copy if path == Path("-") else path for path in inputs], lambda text: text.replace(str(copy), "stdin")


def _convert(task: _Task, paths: Sequence[Path], counts: _Counts, shown: Shown) -> None:
    from geo.readers import SeenIds, open_events  # noqa: PLC0415

    output, form, profile, places, boundaries = task.output, task.form, task.profile, task.places, task.boundaries
    seen = SeenIds()
    files = [open_events(path, places, task.options, seen=seen) for path in paths]
    for note in chain.from_iterable(file.notes for file in files):
        say(f"note: {shown(note)}")
    is_plain = profile.is_plain
    if form == "jsonl":
        _check_nested([file.kind for file in files], output, is_plain=is_plain and not boundaries)
        _write_nested(output, files, counts, places)
        return
    rows: Iterator[Row] = counts.good(chain.from_iterable(file.rows for file in files))
    extra = DIVISION_COLUMNS if boundaries or any(file.extra_columns for file in files) else ()
    shapes = None
    disagreements: list[Any] = []
    if boundaries:
        from geo.boundaries import read_boundaries  # noqa: PLC0415

        shapes = read_boundaries(boundaries)
        rows = shapes.attach(rows, disagreements)
    if not is_plain:
        rows = profile.apply(rows, places(), shapes)
    reports: Iterable[Row] = report_rows(event for file in files for event, _ in file.events())
    if not is_plain:
        reports = profile.apply_to_reports(reports, places())
    origins = {file.origin.name: file.origin for file in files}.values()
    credits = [origin.attribution for origin in origins if origin.attribution]
    warnings = [origin.warning for origin in origins if origin.warning]
    notes = (f"conflictmap {__version__}", *profile.notes, *credits, *warnings)
    export = Export(
        counts.written(rows),
        extra,
        reports,
        task.title,
        notes,
        task.geometry,
        shapes.area if shapes is not None else None,
        task.hxl,
    )
    for line in write_export(output, export, form):
        say(f"note: {line}")
    if task.package:
        write_text(output.with_name("datapackage.json"), _datapackage(output, export, form))
    say_credits(credits, warnings)
    _say_disagreements(disagreements)


def _datapackage(output: Path, export: Export, form: str) -> str:
    from geo.formats.tables import datapackage  # noqa: PLC0415

    return datapackage(output.name, export, form)


class _Counts:
    """How a conversion went, said row by row where a row was refused."""

    def __init__(self, shown_as: Shown) -> None:
        self._shown_as = shown_as
        self.read = self.refused = self.shown = 0

    def good(self, found: Iterable[Any]) -> Iterator[Any]:
        from geo.readers import Refused  # noqa: PLC0415

        for item in found:
            if isinstance(item, Refused):
                self.refused += 1
                if self.refused <= MOST_REFUSED:
                    say(f"refused: {self._shown_as(str(item))}")
                continue
            self.read += 1
            yield item

    def written(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            self.shown += 1
            yield row

    def say(self, output: Path) -> None:
        held = self.read - self.shown
        if self.refused > MOST_REFUSED:
            say(f"refused: {self.refused - MOST_REFUSED} more rows")
        say(
            f"{self.shown} event{'s' * (self.shown != 1)}"
            + (f", {held} held back" if held > 0 else "")
            + (f", {self.refused} row{'s' * (self.refused != 1)} refused" if self.refused else "")
            + f"; events in {output}"
        )


def _check_usage(
    form: str,
    inputs: Sequence[Path],
    output: Path,
    *,
    hxl: bool,
    package: bool,
    delay: int,
    as_of: date | None,
) -> None:
    if hxl and form != "csv":
        raise click.UsageError("--hxl goes with our own CSV columns: -o FILE.csv")
    if package and not form.startswith("csv"):
        raise click.UsageError("--datapackage goes with CSV: -o FILE.csv")
    if as_of is not None and not delay:
        raise click.UsageError("--as-of goes with --delay")
    beside = output.with_name("datapackage.json")
    if (
        package
        and beside.exists()
        and '"tabular-data-package"' not in beside.read_text(encoding="utf-8", errors="replace")
    ):
        raise InputError(f"{beside}: another file of this name is there; write to another folder")
    if list(inputs).count(Path("-")) > 1:
        raise click.UsageError("- is the standard input, and there is one")
    for given in inputs:
        if given == Path("-"):
            continue
        if not given.is_file():
            raise InputError(
                f"{given}: {'is a folder; give files' if given.is_dir() else 'there is no such file; check the name'}"
            )
        if output.exists() and output.samefile(given):
            raise InputError(f"{output}: this is an input; choose another name for the output")


def _check_nested(kinds: Sequence[str], output: Path, *, is_plain: bool) -> None:
    if any(kind != "nested" for kind in kinds):
        raise InputError(
            f"{output}: the nested form needs the reports behind the events, and a flat file has none; write .geojsonl, one flat "
            "event a line"
        )
    if not is_plain:
        raise InputError(
            f"{output}: the nested form holds whole sentences and exact points, and takes no profile and no boundaries; write "
            ".geojsonl"
        )


def _write_nested(output: Path, files: Sequence[Any], counts: _Counts, places: Callable[[], Gazetteer]) -> None:
    from geo.readers import nested_records  # noqa: PLC0415

    with writing(output) as draft, draft.open("w", encoding="utf-8", newline="\n") as out:
        for file in files:
            for event, provenance in counts.good(nested_records(file.path)):
                code = event.location.place.country if event.location is not None else None
                place = places().country(code) if code is not None else None
                names = {code: place.name} if code is not None and place is not None else {}
                out.write(events_to_jsonl([event], provenance=provenance, country_names=names))
                counts.shown += 1


def _say_disagreements(found: Sequence[Any]) -> None:
    for line in found[:MOST_DISAGREEMENTS]:
        say(f"warning: {line}")
    if len(found) > MOST_DISAGREEMENTS:
        say(f"warning: name and polygon disagree for {len(found) - MOST_DISAGREEMENTS} more events")
