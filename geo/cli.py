"""The command line: parse, call one library function, write.

Data goes to stdout or `-o FILE`, messages to stderr. Exit 0 when done, 1 when an input was skipped (the rest is written) or
something failed in one line, 2 for wrong usage. What not every run needs is imported where it is needed: pandas, folium, and
the commands that stand in modules of their own.
"""

# ruff: noqa: D301  click reads "\b" in a docstring: the lines below stay as they are
from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import re
import sys
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from gazetteer import Candidate, Gazetteer, LonLat, MapperError, great_circle_km
from gazetteer.errors import InputError
from geo import __version__
from geo.articles import SUFFIXES, Notice, Skipped, read_articles
from geo.event import ROLES, Article, Event, Toponym
from geo.formats import FORMATS, Export, format_of, report_rows, write_export
from geo.pipeline import Reading, Result, Settings, provenance, read_article, read_each, read_toponyms
from geo.pipeline import read_articles as read_all
from geo.table import (
    Row,
    event_row,
    events_to_csv,
    events_to_geojson,
    events_to_jsonl,
    write_text,
)
from geo.table_options import table_options
from geo.terminal import CONTROL, one_line, say

if TYPE_CHECKING:
    from gazetteer.batch import Lookup
    from geo.corrections import Corrections

__all__ = ["cli", "main"]

#: From this many articles on a bar is worth its place on the terminal.
PROGRESS_FROM = 5
#: Characters of an id that a message shows.
SHOWN_ID = 40

#: What tells files that conflictmap wrote from articles: a page, the nested form, GeoJSON, a table, toponyms.
_OURS = re.compile(
    r'<header id="cm-head">|"schema"\s*:\s*"conflictmap-|"type"\s*:\s*"FeatureCollection"|^event_id,|"toponyms": \['
)


#: Commands that stand in modules of their own; a run imports only the one that it asks for.
_ELSEWHERE = {
    "compare": ("geo.compare_cli", "compare"),
    "convert": ("geo.convert_cli", "convert"),
    "evaluate": ("geo.evaluate_cli", "evaluate"),
    "gazetteer": ("geo.gazetteer_cli", "gazetteer_group"),
    "review": ("geo.review_cli", "review"),
}


class _Cli(click.Group):
    """A group that imports commands when asked, and turns errors of the library and of the system into one line and exit 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *_ELSEWHERE})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        is_known = cmd_name in self.list_commands(ctx)
        for name in [cmd_name] if is_known else _ELSEWHERE:  # all of them, so that click can say which one may be meant
            if name not in self.commands:
                module, attribute = _ELSEWHERE[name]
                self.add_command(getattr(import_module(module), attribute))
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # the reader of a pipe went away: click ends without a word
            raise
        except MapperError as error:
            raise click.ClickException(one_line(str(error))) from error
        except OSError as error:
            name = error.filename or "stdout"
            raise click.ClickException(
                one_line(f"{name}: {error.strerror or error}; check the file or disk")
            ) from error


@click.group(cls=_Cli, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="conflictmap")
def cli() -> None:
    """News articles about armed conflict in, a map that can be cited out.

    \b
    conflictmap map articles/ -o map.html          one HTML page that opens without a network
    conflictmap geocode article.txt                the events as GeoJSON
    conflictmap toponyms article.txt               every place name, with its offsets
    conflictmap places "al-Bab" Idlib              look names up, also a column of a table
    """


def main() -> None:
    """Entry point of the `conflictmap` command."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    atexit.register(gc.freeze)  # the system takes all memory back at once: to look for what is unused takes 20 ms
    cli()


# Options that several commands share ------------------------------------------------------------------------------------


def _day(_ctx: click.Context, _param: click.Parameter, value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is no date; write it as 2017-01-18") from None


def _country(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch("[A-Za-z]{2}", value):
        raise click.BadParameter(f"{value!r} is no ISO 3166 alpha-2 code; write it as SY")
    return value and value.upper()


def _countries(ctx: click.Context, param: click.Parameter, values: Sequence[str]) -> frozenset[str]:
    return frozenset(code for value in values if (code := _country(ctx, param, value)) is not None)


def _roles(_ctx: click.Context, _param: click.Parameter, value: str | None) -> frozenset[str] | None:
    if value is None:
        return None
    wanted = frozenset(role.strip() for role in value.split(","))
    if wrong := sorted(wanted.difference(ROLES)):
        raise click.BadParameter(f"{wrong[0]!r} is no role; the roles are {', '.join(ROLES)}")
    return wanted


def _file(_ctx: click.Context, _param: click.Parameter, value: str | None) -> Path | None:
    return None if value is None or value == "-" else Path(value)


def _point(_ctx: click.Context, _param: click.Parameter, value: str | None) -> LonLat | None:
    if value is None:
        return None
    try:
        lon, lat = (float(part) for part in value.split(","))
        return LonLat(lon=lon, lat=lat)
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is no point ({error}); write longitude,latitude: 37.52,36.37") from None


def _stdin() -> BinaryIO:
    if sys.stdin is None:
        raise InputError("stdin: it is closed; give a file, or pipe the input in")
    return sys.stdin.buffer


_INPUTS = click.argument("inputs", nargs=-1, required=True, metavar="ARTICLE...")
_OUTPUT = click.option("-o", "--output", metavar="FILE", callback=_file, help="Write to this file; - is stdout.")
_LENIENT = click.option("--lenient", is_flag=True, help="Exit 0 also when inputs were skipped.")
_GAZETTEER = click.option(
    "--gazetteer", type=click.Path(path_type=Path), help="Use this gazetteer file alone, not the one in the package."
)
_COUNTRY_HINT = click.option(
    "--country",
    "countries",
    multiple=True,
    callback=_countries,
    help="ISO code of a country that the articles are about: a hint, repeatable.",
)
_NEAR_HINT = click.option(
    "--near", callback=_point, metavar="LON,LAT", help="A point that the articles are about: a hint."
)
_PUBLISHED = click.option(
    "--published", callback=_day, metavar="DATE", help="Date of publication for articles that have none of their own."
)
_CORRECTIONS = click.option(
    "--corrections",
    "corrections_file",
    metavar="FILE",
    help="Apply what people wrote by hand (CSV or YAML, see docs/corrections.md), after all that is read.",
)
_JOBS = click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Worker processes.")


def _json_line(record: object) -> str:
    """The record as one line of JSON, also for readers that break lines at other characters than line feeds."""
    line = json.dumps(record, ensure_ascii=False)
    return json.dumps(record) if CONTROL.search(line) else line


def _open_gazetteer(path: Path | None, countries: Iterable[str]) -> Gazetteer:
    """The gazetteer; a country that the one in the package lacks is a slip of the pen (UK for GB)."""
    places = Gazetteer.open(path)
    for code in sorted(countries):
        if path is None and places.country(code) is None:
            raise click.BadParameter(f"{code!r} is no country of ISO 3166 (alpha-2)", param_hint="'--country'")
    return places


def _settings(
    gazetteer: Path | None,
    countries: frozenset[str],
    near: LonLat | None,
    published: date | None,
    *,
    merge: bool = True,
    jobs: int = 1,
    corrections: Corrections | None = None,
) -> Settings:
    return Settings(
        countries=countries,
        near=near,
        merge=merge,
        jobs=jobs,
        gazetteer=gazetteer,
        published=published,
        corrections=corrections,
    )


def _corrections(file: str | None, gazetteer: Gazetteer) -> Corrections | None:
    if file is None:
        return None
    from geo.corrections import read_corrections  # noqa: PLC0415

    return read_corrections(file, gazetteer)


def _articles(inputs: Sequence[str], output: Path | None) -> Iterator[Article | Skipped]:
    """The articles of the inputs; notices are said as they come."""
    stdin = _stdin() if "-" in inputs else None
    for item in read_articles(inputs, stdin=stdin, exclude=output):
        if isinstance(item, Notice):
            say(f"note: {item.message}")
        else:
            yield item


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[Reading | Skipped], None]]:
    """Calls back once an article: says what was skipped, and shows a bar on a terminal when the work is long."""
    if not sys.stderr.isatty():
        yield lambda item: say(f"skipped: {item.reason}") if isinstance(item, Skipped) else None
        return
    from rich.console import Console  # noqa: PLC0415  only a terminal needs it
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn  # noqa: PLC0415

    columns = (
        SpinnerColumn(),
        TextColumn("reading"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[now]}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None, now="", visible=False)
        done = 0

        def step(item: Reading | Skipped) -> None:
            nonlocal done
            done += 1
            if isinstance(item, Skipped):
                bar.console.print(one_line(f"skipped: {item.reason}"), markup=False, highlight=False, soft_wrap=True)
                return
            bar.update(task, advance=1, visible=done >= PROGRESS_FROM, now=one_line(item.article.id[:SHOWN_ID]))

        yield step


def _run(
    inputs: Sequence[str],
    output: Path | None,
    settings: Settings,
    gazetteer: Gazetteer,
    explain: Callable[[Reading], None] | None = None,
    known: Iterable[Event] = (),
) -> Result:
    with _progress() as step:

        def each(item: Reading | Skipped) -> None:
            step(item)
            if explain is not None and isinstance(item, Reading):
                explain(item)

        stream = _articles(inputs, output)
        result = read_all(stream, gazetteer=gazetteer, settings=settings, progress=each, known=known)
    for note in result.notes:
        say(f"note: {note}")
    for problem in result.problems:
        say(problem)
    if result.undated:
        shown = ", ".join(i[:SHOWN_ID] for i in result.undated[:5]) + (", ..." if len(result.undated) > 5 else "")
        say(
            f"note: {len(result.undated)} of {result.n_articles} articles have no date ({shown}); days like 'on Thursday' stay "
            "unknown there; give --published DATE"
        )
    if len(result.lent) > 1:
        say(
            f"note: {len(result.lent)} articles without a date of their own were read as of {settings.published}; where that is "
            "not their day, days like 'on Thursday' come out wrong"
        )
    return result


def _summary(result: Result, output: str | None, refused: int = 0) -> str:
    background = sum(e.prominence == "background" for e in result.events)
    parts = [
        f"{result.n_articles} article{'s' * (result.n_articles != 1)}",
        f"{len(result.events)} event{'s' * (len(result.events) != 1)} ({background} background, {len(result.unlocated)} unlocated)",
    ]
    if result.skipped:
        parts.append(f"{len(result.skipped)} skipped")
    if refused:
        parts.append(_refused(refused))
    if result.problems:
        parts.append(f"{len(result.problems)} problem{'s' * (len(result.problems) != 1)} with corrections")
    return ", ".join(parts) + (f"; {output}" if output else "")


def _deliver(
    result: Result,
    output: Path | None,
    what: str,
    make: Callable[[], str | None],
    *,
    lenient: bool,
    open_it: bool = False,
    refused: int = 0,
) -> None:
    """Writes what a run gave, says its counts, and exits 1 where something was skipped or not corrected. `make` may write itself: None.

    `refused` are rows of tables of events that could not be used. When no input at all could be read, a file from an earlier run is left as it is.
    """
    failed = bool(result.skipped or result.problems or refused) and not lenient
    if failed and result.skipped and not result.n_articles and output is not None:
        say(_summary(result, f"{output} was not written"))
        sys.exit(1)
    if (text := make()) is not None:
        _write(output, text)
    say(_summary(result, f"{what} in {output}" if output is not None else None, refused))
    if open_it and output is not None:
        _open_in_browser(output)
    if failed:
        sys.exit(1)


def _open_in_browser(page: Path) -> None:
    import webbrowser  # noqa: PLC0415  10 ms, for those who ask for it

    webbrowser.open(page.resolve().as_uri())


def _refused(rows: int) -> str:
    return f"{rows} row{'s' * (rows != 1)} refused"


def _write(output: Path | None, text: str) -> None:
    if output is None:
        click.echo(text, nl=False)
    else:
        write_text(output, text)


def _country_names(gazetteer: Gazetteer, events: Iterable[Event]) -> dict[str, str]:
    codes = {e.location.place.country for e in events if e.location is not None and e.location.place.country}
    return {code: place.name for code in sorted(codes) if (place := gazetteer.country(code)) is not None}


def _check_output(output: Path | None, inputs: Iterable[str], *, refused: Container[str] = ()) -> None:
    """Raises InputError, before anything is read, where the output cannot be written or would destroy an input.

    `refused` are suffixes of other kinds of files: `map -o *.txt` names an article as the output.
    """
    if output is None:
        return
    if output.is_dir():
        raise InputError(f"{output}: is a folder; give the name of a file in it")
    if not output.parent.is_dir():
        raise InputError(f"{output}: there is no folder {str(output.parent)!r}; make it, or write elsewhere")
    if output.exists() and not os.access(output, os.W_OK):
        raise InputError(f"{output}: this file is write-protected; write elsewhere with -o")
    is_special = output.exists() and not output.is_file()
    if not is_special and not os.access(output.resolve().parent, os.W_OK):
        raise InputError(f"{output}: the folder {str(output.parent)!r} is write-protected; write elsewhere with -o")
    if any(given != "-" and _is_input(output, Path(given)) for given in inputs):
        raise InputError(f"{output}: this is an input; choose another name for the output")
    if output.suffix.lower() in refused:
        raise InputError(f"{output}: {output.suffix} is for other files; choose another name for the output")


def _is_input(output: Path, given: Path) -> bool:
    """Whether an existing file is the input, or an article in a folder that is one."""
    if not output.is_file() or not given.exists():
        return False
    if output.samefile(given):
        return True
    inside = given.is_dir() and output.resolve().is_relative_to(given.resolve())
    return inside and output.suffix.lower() in SUFFIXES and not _is_ours(output)


def _is_ours(path: Path) -> bool:
    """Whether conflictmap wrote this file."""
    return _OURS.search(path.read_text(encoding="utf-8", errors="replace")) is not None


# Commands --------------------------------------------------------------------------------------------------------------


@cli.command()
@_INPUTS
@_OUTPUT
@click.option(
    "--format",
    "form",
    type=click.Choice([*dict.fromkeys(FORMATS.values()), "csv-acled", "csv-ucdp"]),
    help="Overrides the suffix of the output.",
)
@_PUBLISHED
@_COUNTRY_HINT
@_NEAR_HINT
@click.option("--no-merge", is_flag=True, help="One event for each report.")
@click.option("--explain", is_flag=True, help="Say on stderr what was read and rejected in each sentence, and why.")
@_CORRECTIONS
@_JOBS
@_GAZETTEER
@_LENIENT
def geocode(
    inputs: tuple[str, ...],
    output: Path | None,
    form: str | None,
    published: date | None,
    countries: frozenset[str],
    near: LonLat | None,
    no_merge: bool,
    explain: bool,
    corrections_file: str | None,
    jobs: int,
    gazetteer: Path | None,
    lenient: bool,
) -> None:
    """Articles in, events out: GeoJSON on stdout, or in a file whose suffix names the format.

    ARTICLE is a file (.txt, .html, .jsonl, .csv, .xml), a folder, or - for stdin. `.jsonl` is the full nested form; .gpkg,
    .parquet, .fgb, .kml, .shp, .xlsx and .geojsonl go to a file only. What each holds: docs/formats.md.

    \b
    conflictmap geocode article.txt
    conflictmap geocode articles/ -o events.geojson
    conflictmap geocode articles/ -o events.gpkg
    conflictmap geocode dump.jsonl --jobs 2 -o events.csv
    conflictmap geocode articles/ --corrections corrections.csv -o events.jsonl
    """
    _check_output(output, [*inputs, *filter(None, [corrections_file])])
    form = form or (format_of(output) if output is not None else "geojson")
    if output is None and form not in _WRITERS:
        raise InputError(f"stdout: {form} is written to a file only; give one with -o")
    places = _open_gazetteer(gazetteer, countries)
    by_hand = _corrections(corrections_file, places)
    settings = _settings(gazetteer, countries, near, published, merge=not no_merge, jobs=jobs, corrections=by_hand)
    result = _run(inputs, output, settings, places, _explain if explain else None)
    if explain:
        _explain_joins(result.events)

    def text() -> str | None:
        names = _country_names(places, result.events)
        if form in _WRITERS:
            return _WRITERS[form](result.events, provenance=provenance(places), country_names=names)
        assert output is not None
        rows = (event_row(e, provenance=provenance(places), country_names=names) for e in result.events)
        export = Export(rows, reports=report_rows(result.events), notes=(provenance(places),))
        for line in write_export(output, export, form):
            say(f"note: {line}")
        return None

    _deliver(result, output, "events", text, lenient=lenient)


_WRITERS: dict[str, Callable[..., str]] = {"geojson": events_to_geojson, "jsonl": events_to_jsonl, "csv": events_to_csv}


def _explain(reading: Reading) -> None:
    """One article sentence by sentence: events read and triggers rejected, each with the reason."""
    say(f"== {reading.article.id} (published {reading.published or 'unknown'})")
    lines: dict[tuple[int, str], list[str]] = {}
    for report in reading.reports:
        where = (
            f"{report.location.phrase} [{report.location.level}]"
            if report.location is not None
            else f"nowhere: {report.unlocated_reason}"
        )
        when = f"{report.when.start}..{report.when.end} ({report.when.basis})" if report.when is not None else "no date"
        entry = lines.setdefault((report.evidence.start, report.evidence.quote), [])
        entry.append(
            f"   + {report.sub_event_type}; {where}; {when}; {report.confidence.label} {report.confidence.score:.2f}"
        )
        sides = " -> ".join(", ".join(side) or "nobody named" for side in (report.actors, report.targets))
        tolls = [f"{claim.kind} {claim.words}" for claim in report.claims]
        entry.append(f"       {'; '.join([sides, *tolls])}; {report.prominence}, {report.status}")
        reasons = [*report.confidence.reasons, *(report.location.reasons[:3] if report.location is not None else ())]
        entry.extend(f"       {reason.code}: {reason.text}" for reason in reasons)
        for more in report.also:
            joined = lines.setdefault((more.start, more.quote), [])
            joined.append(f"   = adds to {report.sub_event_type}; {where}")
    for no in reading.rejected:
        start = reading.article.text.find(no.quote)
        lines.setdefault((start, no.quote), []).append(f"   - '{no.trigger}' {no.reason.code}: {no.reason.text}")
    for (_, quote), remarks in sorted(lines.items()):
        say(" " + " ".join(quote.split()))
        for remark in remarks:
            say(remark)


def _explain_joins(events: Iterable[Event]) -> None:
    """The events of several reports: which facts joined each report, and which only reprint another one."""
    merged = [event for event in events if event.joins]
    for event in merged:
        articles = {r.report_id: r.article_id for r in event.reports}
        say(f"== event {event.event_id}, {len(event.reports)} reports: {event.summary}")
        say(f"   {articles.get(event.reports[0].report_id)} reports it first")
        for join in event.joins:
            facts = "; ".join(f"{reason.code}: {reason.text}" for reason in join.reasons)
            copied = f" [a reprint of {articles.get(join.copy_of, join.copy_of)}]" if join.copy_of is not None else ""
            say(f"   + {articles.get(join.report_id, join.report_id)} {join.score:.2f}{copied}: {facts}")


@cli.command("map")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    callback=_file,
    default="map.html",
    show_default=True,
    help="Write the page here; - is stdout.",
)
@click.option("--title", help="Title of the page.")
@click.option(
    "--beside",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Lay events of others beside yours, in a layer of their own: rows of the same days. Repeatable.",
)
@table_options
@click.option(
    "--tiles",
    metavar="URL",
    help="Online base map, as https://tiles.example.org/{z}/{x}/{y}.png: the one host that the page may ask. None by default.",
)
@click.option(
    "--attribution", metavar="TEXT", help="The credit that the makers of the tiles ask for; goes with --tiles."
)
@_PUBLISHED
@_COUNTRY_HINT
@_NEAR_HINT
@click.option("--open", "open_it", is_flag=True, help="Open the page in the browser.")
@click.option(
    "--review",
    "review_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Print on the page what share a review found right: the answers that 'conflictmap review' kept.",
)
@_CORRECTIONS
@_JOBS
@_GAZETTEER
@_LENIENT
def map_(
    inputs: tuple[str, ...],
    output: Path,
    title: str | None,
    beside: tuple[Path, ...],
    columns: dict[str, str],
    dates: str | None,
    encoding: str | None,
    tiles: str | None,
    attribution: str | None,
    published: date | None,
    countries: frozenset[str],
    near: LonLat | None,
    open_it: bool,
    review_file: Path | None,
    corrections_file: str | None,
    jobs: int,
    gazetteer: Path | None,
    lenient: bool,
) -> None:
    """Articles or event files in, one HTML page out that opens without a network.

    INPUT is an article, a folder of articles, - for stdin, or a file of events of any kind that `conflictmap convert` reads:
    ours, of whose columns a subset will do, exports of ACLED, UCDP GED and GDELT, any table with places or coordinates.
    Several at once, of each kind, go on one page. Rows that cannot be used are listed, and the exit code is 1.

    \b
    conflictmap map examples -o map.html
    conflictmap map events.geojson --title "Northern Syria, January 2017" --open
    conflictmap map news/ older.geojson coded.xlsx -o map.html
    conflictmap map events.jsonl --beside GEDEvent.csv -o audit.html
    conflictmap map events.jsonl --corrections corrections.csv --review events.review.jsonl
    """
    _check_output(
        output,
        [*inputs, *(str(given) for given in (*beside, corrections_file, review_file) if given)],
        refused={*SUFFIXES, *FORMATS} - {".html", ".htm"},
    )
    if (tiles is None) != (attribution is None):
        raise click.UsageError("--tiles and --attribution go together")
    from geo.convert_cli import say_refused  # noqa: PLC0415
    from geo.map_inputs import (  # noqa: PLC0415
        beside_layers,
        credits_of,
        is_event_file,
        made_by,
        read_event_file,
        say_origins,
        span_of,
    )
    from geo.readers import ReadOptions  # noqa: PLC0415

    event_files = [given for given in inputs if is_event_file(given, columns)]
    articles = [given for given in inputs if given not in event_files]
    opened = cache(lambda: _open_gazetteer(gazetteer, countries))
    one_country = next(iter(countries)) if len(countries) == 1 else None
    options = ReadOptions(encoding, columns, dates, one_country, __version__)
    given_files, others = (
        [read_event_file(Path(p), opened, options) for p in files] for files in (event_files, beside)
    )
    say_origins([*given_files, *others])
    known = [event for file in given_files for event in file.events]
    rows_refused = [row for file in (*given_files, *others) for row in file.refused]
    say_refused(rows_refused)
    look: dict[str, Any] = {
        "title": title, "tiles": tiles, "attribution": attribution, "credits": credits_of(given_files)
    }  # fmt: skip
    if corrections_file is not None and not all(isinstance(event, Event) for event in known):
        raise InputError(
            f"{corrections_file}: corrections need whole events; write them with 'conflictmap geocode ... -o events.jsonl'"
        )
    reviewed = None
    if review_file is not None:
        from geo.review import summary_of  # noqa: PLC0415
        from geo.review_cli import answers_of_file  # noqa: PLC0415

        reviewed = summary_of(answers_of_file(review_file))

    def page(events: Sequence[Event | Row], **more: Any) -> str:
        import maps  # noqa: PLC0415  folium takes most of a second

        layers, left_out = beside_layers(others, span_of(events), maps.Beside)
        for note in left_out:
            say(f"note: {note}")
        return maps.render(events, beside=layers, **look, **more)

    if not articles and corrections_file is None:
        import maps  # noqa: PLC0415

        events = _distinct(known)
        failed = bool(rows_refused) and not lenient
        said = [
            f"{len(events)} event{'s' * (len(events) != 1)}",
            *([_refused(len(rows_refused))] if rows_refused else []),
        ]
        if failed and not events and output is not None:
            say(f"{', '.join(said)}; {output} was not written")
            sys.exit(1)
        _write(output, page(events, stats=maps.PageStats(review=reviewed), provenance=made_by(given_files)))
        say(", ".join(said) + (f"; map in {output}" if output is not None else ""))
        if open_it and output is not None:
            _open_in_browser(output)
        if failed:
            sys.exit(1)
        return
    places = opened()
    by_hand = _corrections(corrections_file, places)
    settings = _settings(gazetteer, countries, near, published, jobs=jobs, corrections=by_hand)
    whole = [event for event in known if isinstance(event, Event)] if by_hand is not None else []
    result = _run(articles, output, settings, places, known=whole)

    def whole_page() -> str:
        import maps  # noqa: PLC0415

        mentioned = [
            maps.MentionedPlace(
                name=m.place.name,
                lon=m.place.lon,
                lat=m.place.lat,
                place_id=m.place.id,
                count=m.count,
                article_ids=m.article_ids,
                native_name=m.place.native_name,
            )
            for m in result.mentioned
        ]
        stats = maps.PageStats(
            articles=None if known else result.n_articles,  # with events from files, as many as their reports show
            publishers=None if known else len(result.publishers) or None,
            skipped=len(result.skipped),
            rejected=len(result.rejected),
            review=reviewed,
        )
        events = _distinct([*result.events, *(known if by_hand is None else ())])
        return page(events, toponyms=mentioned, stats=stats, provenance=made_by(given_files, provenance(places)))

    _deliver(result, output, "map", whole_page, lenient=lenient, open_it=open_it, refused=len(rows_refused))


def _distinct(events: Iterable[Event | Row]) -> list[Event | Row]:
    """Each event once: the first of its id, a whole event before a row. Rows without an id are all kept."""
    found: dict[object, Event | Row] = {}
    for event in sorted(events, key=lambda each: not isinstance(each, Event)):
        event_id = event.event_id if isinstance(event, Event) else event["event_id"]
        found.setdefault(event_id or id(event), event)
    return list(found.values())


@cli.command()
@_INPUTS
@_OUTPUT
@click.option(
    "--roles",
    callback=_roles,
    help="Only these roles, with commas between: mention, dateline, metonym, demonym, event (which reads the events too).",
)
@click.option("--explain", is_flag=True, help="Say on stderr the rivals of each name and the reasons.")
@_PUBLISHED
@_COUNTRY_HINT
@_NEAR_HINT
@_GAZETTEER
@_LENIENT
@_JOBS
def toponyms(
    inputs: tuple[str, ...],
    output: Path | None,
    roles: frozenset[str] | None,
    explain: bool,
    published: date | None,
    countries: frozenset[str],
    near: LonLat | None,
    gazetteer: Path | None,
    lenient: bool,
    jobs: int,
) -> None:
    """Every place name of each article with its offsets and the place it means, as JSON Lines.

    \b
    conflictmap toponyms article.txt
    conflictmap toponyms articles/ --roles mention,event -o toponyms.jsonl
    """
    _check_output(output, inputs, refused={*SUFFIXES, ".geojson"} - {".jsonl", ".ndjson", ".json"})
    settings = _settings(gazetteer, countries, near, published, jobs=jobs)
    places = _open_gazetteer(gazetteer, countries)
    lines: list[str] = []
    n_articles = n_names = n_placed = n_skipped = 0
    articles = read_articles(inputs, stdin=_stdin() if "-" in inputs else None, exclude=output)
    named = partial(_named_places, roles=roles, explain=explain)
    for item in read_each(articles, named, gazetteer=places, settings=settings):
        if isinstance(item, Notice):
            say(f"note: {item.message}")
            continue
        if isinstance(item, Skipped):
            n_skipped += 1
            say(f"skipped: {item.reason}")
            continue
        n_articles += 1
        n_names += item.n_names
        n_placed += item.n_placed
        if explain:
            _explain_toponyms(item.article_id, item.toponyms)
        if output is None:
            click.echo(item.line)
        else:
            lines.append(item.line + "\n")
    failed = bool(n_skipped) and not lenient
    written = output is not None and (n_articles or not failed)
    if output is not None and written:
        write_text(output, "".join(lines))
    say(
        f"{n_articles} article{'s' * (n_articles != 1)}, {n_names} names ({n_names - n_placed} not placed)"
        + (f", {n_skipped} skipped" if n_skipped else "")
        + (f"; toponyms in {output}" if written else f"; {output} was not written" if output is not None else "")
    )
    if failed:
        sys.exit(1)


@dataclass(frozen=True, slots=True)
class _NamedPlaces:
    """The place names of one article, ready to be written: workers hand over little."""

    article_id: str
    line: str
    n_names: int
    n_placed: int
    toponyms: tuple[Toponym, ...]  # only if they are to be explained


def _named_places(
    article: Article, gazetteer: Gazetteer, settings: Settings, *, roles: frozenset[str] | None, explain: bool
) -> _NamedPlaces:
    if roles is not None and "event" in roles:
        named = read_article(article, gazetteer, settings=settings).toponyms
    else:
        named = read_toponyms(article, gazetteer, settings=settings)
    found = tuple(t for t in named if roles is None or t.role in roles)
    line = _json_line({"id": article.id, "toponyms": [_toponym(t) for t in found]})
    n_placed = sum(t.place is not None for t in found)
    return _NamedPlaces(article.id, line, len(found), n_placed, found if explain else ())


def _toponym(toponym: Toponym) -> dict[str, object]:
    place = toponym.place
    return {
        "start": toponym.start,
        "end": toponym.end,
        "text": toponym.text,
        "lat": place.lat if place is not None else None,
        "lon": place.lon if place is not None else None,
        "place_id": place.id if place is not None else None,
        "name": place.name if place is not None else None,
        "country": place.country if place is not None else None,
        "feature": f"{place.feature_class}.{place.feature_code}" if place is not None else None,
        "role": toponym.role,
        "confidence": toponym.confidence,
    }


def _explain_toponyms(article_id: str, found: Sequence[Toponym]) -> None:
    say(f"== {article_id}")
    for toponym in found:
        say(f" {toponym.start}-{toponym.end} {toponym.text} ({toponym.role}, {toponym.confidence})")
        _explain_candidates(toponym.resolution.candidates, "   ")


def _explain_candidates(candidates: Sequence[Candidate], indent: str) -> None:
    for rank, candidate in enumerate(candidates):
        place = candidate.place
        away = f", {great_circle_km(place.point, candidates[0].place.point):,.0f} km away" if rank else ""
        say(f"{indent}{'*' if rank == 0 else '-'} {_described(candidate)}  score {candidate.score:.3f}{away}")
        for reason in candidate.reasons:
            say(f"{indent}    {reason.code}: {reason.text}")


def _described(candidate: Candidate) -> str:
    place = candidate.place
    parts = [
        place.name,
        place.native_name,
        place.admin1_name if not place.is_admin1 else None,
        place.country,
        place.feature_code,
    ]
    return ", ".join(part for part in parts if part)


@cli.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--csv", "table", metavar="FILE", help="Look up a column of this table instead; - is stdin.")
@click.option("--name-column", metavar="COLUMN", help="Of the table: the column that holds the names.")
@click.option("--country", callback=_country, help="Only this country (ISO code).")
@click.option("--country-column", metavar="COLUMN", help="Of the table: the country of each row, by ISO code or name.")
@click.option("--admin1", help="Rank places of this first-level division higher (code or name).")
@click.option("--admin1-column", metavar="COLUMN", help="Of the table: the first-level division of each row.")
@click.option("--near", callback=_point, metavar="LON,LAT", help="Rank places near this point higher.")
@click.option("--encoding", help="Of the table, where it is neither UTF-8 nor UTF-16: cp1256, cp1251, ...")
@click.option(
    "-o", "--output", metavar="FILE", callback=_file, help="Of the table: write it to this file; - is stdout."
)
@click.option("--limit", type=click.IntRange(min=1), default=3, show_default=True, help="Answers for each name.")
@click.option("--json", "as_json", is_flag=True, help="JSON also on a terminal.")
@click.option("--explain", is_flag=True, help="Say on stderr the rivals of each name and the reasons.")
@click.option(
    "--online",
    type=click.Choice(["nominatim"]),
    help="Ask this service, over the network, for names that are not found.",
)
@_GAZETTEER
@click.pass_context
def places(
    ctx: click.Context,
    names: tuple[str, ...],
    table: str | None,
    name_column: str | None,
    country: str | None,
    country_column: str | None,
    admin1: str | None,
    admin1_column: str | None,
    near: LonLat | None,
    encoding: str | None,
    output: Path | None,
    limit: int,
    as_json: bool,
    explain: bool,
    online: str | None,
    gazetteer: Path | None,
) -> None:
    """Look names up in the gazetteer: a table on a terminal, JSON Lines else.

    With --csv each row of a table comes back with the best answer for its name, in columns behind its own: place_id, lon,
    lat, match_name, score, reasons, country and admin1. One that the table has already comes as found_country and so on.

    \b
    conflictmap places "al-Bab" Idlib "al-Fu'ah" --country SY
    conflictmap places "Idlib province" --explain
    conflictmap places --csv names.csv --name-column place --country SY -o out.csv
    """
    _check_places_usage(ctx, names, table, name_column)
    if table is not None:
        _check_output(output, [table], refused=_NO_TABLE)
    store = _open_gazetteer(gazetteer, [country] if country else [])
    if table is not None and name_column is not None:
        from gazetteer.batch import Lookup  # noqa: PLC0415  (7 ms that other commands need not pay)

        lookup = Lookup(name_column, country_column, admin1_column, country, admin1, near)
        _look_up_table(table, output, store, lookup, encoding)
        return
    answers = []
    for name in names:
        found = store.find(name, country=country, admin1=admin1, near=near, limit=limit)
        if not found and online:
            from gazetteer.online import nominatim  # noqa: PLC0415

            found = nominatim(name, country=country)[:limit]
        answers.append((name, found))
        if explain:
            say(name)
            _explain_candidates(found, "  ")
    if sys.stdout.isatty() and not as_json:
        _print_places(answers)
        return
    for name, found in answers:
        record = {"name": name, "candidates": [_candidate(c) for c in found]}
        click.echo(_json_line(record))


_OF_TABLE = ("name_column", "country_column", "admin1_column", "encoding", "output")
_OF_NAMES = ("limit", "as_json", "explain", "online")
#: Suffixes of files that are no CSV.
_NO_TABLE = {*SUFFIXES, *FORMATS, ".xlsx", ".xls", ".ods"} - {".csv", ".tsv", ".txt"}


def _check_places_usage(ctx: click.Context, names: Sequence[str], table: str | None, name_column: str | None) -> None:
    """Raises UsageError unless either names or a table are given, and with it only what belongs to it."""
    if bool(names) == (table is not None):
        raise click.UsageError("give either names, or a table with --csv FILE --name-column COLUMN")
    foreign, of = (_OF_TABLE, "--csv") if table is None else (_OF_NAMES, "names, not with --csv")
    for parameter in ctx.command.params:
        given = ctx.get_parameter_source(parameter.name or "") is click.core.ParameterSource.COMMANDLINE
        if parameter.name in foreign and given:
            raise click.UsageError(f"{parameter.opts[-1]} goes with {of}")
    if table is not None and name_column is None:
        raise click.UsageError("--csv needs --name-column COLUMN, the column that holds the names")


def _look_up_table(table: str, output: Path | None, store: Gazetteer, lookup: Lookup, encoding: str | None) -> None:
    from gazetteer.batch import geocode_csv  # noqa: PLC0415

    if output is None and sys.stdout is None:
        raise InputError("stdout: it is closed; write to a file with -o")
    source, target = (_stdin() if table == "-" else Path(table)), output or sys.stdout
    with _row_counter(output) as progress:
        counts = geocode_csv(source, target, store, lookup, encoding=encoding, progress=progress)
    if unknown := counts.unknown_country:
        say(
            f"note: the country of {unknown} row{'s' * (unknown != 1)} is not known (unknown-country in the column of "
            "reasons); give ISO codes of two letters, or names"
        )
    missed = counts.rows - counts.found - counts.empty
    say(
        f"{counts.rows} row{'s' * (counts.rows != 1)}, {counts.found} found, {missed} not found, "
        f"{counts.empty} without a name" + (f"; table in {output}" if output is not None else "")
    )


@contextlib.contextmanager
def _row_counter(output: Path | None) -> Iterator[Callable[[int], None] | None]:
    """Called with the number of rows so far; shows it where stderr is a terminal that does not show the rows already."""
    if not sys.stderr.isatty() or (output is None and sys.stdout.isatty()):
        yield None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress, SpinnerColumn, TextColumn  # noqa: PLC0415

    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} rows looked up"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("looking up", total=None)
        yield lambda rows: bar.update(task, completed=rows)


def _candidate(candidate: Candidate) -> dict[str, object]:
    place = candidate.place
    return {
        "place_id": place.id,
        "name": place.name,
        "native_name": place.native_name,
        "lon": place.lon,
        "lat": place.lat,
        "feature": f"{place.feature_class}.{place.feature_code}",
        "country": place.country,
        "admin1": place.admin1_name,
        "population": place.population,
        "radius_km": place.radius_km,
        "score": candidate.score,
        "reasons": [{"code": r.code, "text": r.text} for r in candidate.reasons],
        "source": place.source,
    }


def _print_places(answers: Sequence[tuple[str, Sequence[Candidate]]]) -> None:
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table("name", "place", "native", "type", "admin1", "country", "lon", "lat", "score", box=None)
    for name, found in answers:
        if not found:
            table.add_row(Text(one_line(name)), "not found")
        for i, candidate in enumerate(found):
            p = candidate.place
            cells = (
                name if i == 0 else "", p.name, p.native_name or "", p.feature_code, p.admin1_name or "", p.country or "",
                f"{p.lon:.4f}", f"{p.lat:.4f}", f"{candidate.score:.2f}",
            )  # fmt: skip
            table.add_row(*(Text(one_line(cell)) for cell in cells))
    Console().print(table)


@cli.command()
def doctor() -> None:
    """Say what is missing or stale, and the command that mends it.

    \b
    conflictmap doctor
    """
    checks = [_check_gazetteer(), _check_assets(), *_check_extras()]
    for good, line in checks:
        click.echo(("ok    " if good else "MEND  ") + line)
    if not all(good for good, _ in checks):
        sys.exit(1)


_REINSTALL = "reinstall: pip install --force-reinstall --no-deps conflictmap"


def _check_gazetteer() -> tuple[bool, str]:
    try:
        with Gazetteer.open() as store:
            found = store.find("Damascus", country="SY", limit=1)
            info = store.info()
    except MapperError as error:
        return False, f"gazetteer: {error}"
    if not found:
        return False, f"gazetteer: it opens but does not know Damascus; {_REINSTALL}"
    return True, f"gazetteer {info.get('version')}: {info.get('places'):,} places"


def _check_assets() -> tuple[bool, str]:
    import maps  # noqa: PLC0415

    try:
        size = len(maps.render([]))
    except MapperError as error:
        return False, f"page: {error}"
    return True, f"page: assets are complete, an empty map has {size / 1e6:.1f} MB"


#: What each extra of the package serves, and the modules that it brings.
_EXTRAS = {
    "web": ("web pages and feeds", ("trafilatura", "feedparser", "lxml_html_clean")),
    "gis": ("GeoPackage, GeoParquet, FlatGeobuf, Shapefile and XLSX", ("openpyxl", "pyarrow")),
    "yaml": ("corrections as YAML", ("yaml",)),
}


def _check_extras() -> list[tuple[bool, str]]:
    """A line for each extra. One that is missing is no fault: not everyone needs it."""
    from importlib.util import find_spec  # noqa: PLC0415

    lines = []
    for extra, (what, modules) in _EXTRAS.items():
        missing = [name for name in modules if find_spec(name) is None]
        mend = f"not installed ({', '.join(missing)}); who needs it: pip install 'conflictmap[{extra}]'"
        lines.append((True, f"{what}: {mend if missing else 'ready'}"))
    return lines


if __name__ == "__main__":
    main()
