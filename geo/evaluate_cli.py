"""The command `conflictmap evaluate`: how well places or events are read, on texts that a person labelled.

Hides: how the files are read, what is printed, and how the errors look as a table and as a map.
"""

# ruff: noqa: D301  click reads "\b" in a docstring: the lines below stay as they are

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import click

from gazetteer import Gazetteer
from gazetteer.errors import InputError
from geo.articles import Notice, Skipped, read_articles
from geo.cells import safe_cell
from geo.evaluate import (
    Document,
    Judged,
    Measures,
    Outcome,
    country_finder,
    intervals,
    judge,
    kind_of_gold,
    label_of,
    measure,
    read_documents,
    read_predictions,
)
from geo.evaluate_events import (
    TOWN_KM,
    TOWN_LEVEL,
    EventDocument,
    EventLabel,
    JudgedEvents,
    country_keys,
    distance_km,
    events_of_rows,
    judge_events,
    measure_events,
    read_event_documents,
    same_type,
)
from geo.event import ROLES
from geo.pipeline import read_toponyms
from geo.table import rows_from_geojson, write_text
from geo.terminal import say

__all__ = ["error_table", "evaluate"]

_FILE = click.Path(path_type=Path)
#: Problems of a file that are said; whoever has more has one cause.
MOST_PROBLEMS = 20
#: Characters of the text that the error list shows on each side of a name.
CONTEXT = 60


def _roles(_ctx: click.Context, _param: click.Parameter, value: str | None) -> frozenset[str] | None:
    if value is None:
        return None
    wanted = frozenset(role.strip() for role in value.split(","))
    if wrong := sorted(wanted.difference(ROLES)):
        raise click.BadParameter(f"{wrong[0]!r} is no role; the roles are {', '.join(ROLES)}")
    return wanted


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("gold", type=_FILE, metavar="GOLD.jsonl")
@click.option(
    "--predictions",
    type=_FILE,
    metavar="FILE",
    help="Score these; without it conflictmap reads the texts of GOLD itself.",
)
@click.option(
    "--roles",
    callback=_roles,
    help="Score only predictions of these roles, with commas between, where GOLD marks no others.",
)
@click.option("--errors", type=_FILE, metavar="FILE.csv", help="Write what was wrong as a table.")
@click.option("--map", "map_file", type=_FILE, metavar="FILE.html", help="Write what was wrong as a map.")
@click.option("--by-kind", is_flag=True, help="Print the labelled toponyms by their kind, too.")
@click.option(
    "--ci", "rounds", type=click.IntRange(min=0), default=0, metavar="N", help="95 % intervals from N bootstrap rounds."
)
@click.option("--json", "as_json", is_flag=True, help="All measures as JSON.")
@click.option(
    "--gazetteer", type=_FILE, help="Use this gazetteer file alone, not the one in the package and its layers."
)
def evaluate(  # noqa: PLR0917  a command takes its options as arguments
    gold: Path,
    predictions: Path | None,
    roles: frozenset[str] | None,
    errors: Path | None,
    map_file: Path | None,
    by_kind: bool,
    rounds: int,
    as_json: bool,
    gazetteer: Path | None,
) -> None:
    """Say how well place names or events are read, on texts that you have labelled.

    GOLD has one document a line: {"id", "text", "toponyms": [{"start", "end", "lat", "lon", "kind"}]}, or {"doc", "events":
    [...]}, which is scored against events that `conflictmap geocode` wrote. What the figures mean, and how to label:
    docs/evaluate.md.

    \b
    conflictmap evaluate gold.jsonl
    conflictmap evaluate gold.jsonl --errors errors.csv --map errors.html
    conflictmap evaluate gold.jsonl --predictions other.jsonl --ci 1000 --json
    conflictmap evaluate gold_events.jsonl --predictions events.geojson
    """
    inputs = [gold, *([predictions] if predictions is not None else [])]
    for output in (errors, map_file):
        _check_is_no_input(output, inputs)
    kind = kind_of_gold(_lines(gold))
    if kind == "events":
        only_names = {"--roles": roles is not None, "--by-kind": by_kind, "--ci": rounds > 0}
        if given := [option for option, is_given in only_names.items() if is_given]:
            raise InputError(f"{gold}: {given[0]} is for labelled toponyms, and these are events; leave it out")
        _evaluate_events(gold, predictions, errors, map_file, as_json=as_json, gazetteer=gazetteer)
        return
    documents = _all_good(read_documents(_lines(gold), source=str(gold)))
    if not documents:
        raise InputError(f'{gold}: no labelled document; one {{"id", "text", "toponyms": [...]}} a line is expected')
    places = Gazetteer.open(gazetteer)
    if predictions is not None:
        known = {document.id: document for document in documents}
        predicted = _all_good(read_predictions(_lines(predictions), source=str(predictions), gold=known))
    else:
        predicted = list(_read_by_us(gold, documents, places))
    labels = {document.id: document.toponyms for document in predicted}
    if roles is not None:
        labels = {key: tuple(t for t in found if t.role in roles) for key, found in labels.items()}
    judged = [judge(document, labels.get(document.id, ())) for document in documents]
    measures = measure(judged, country_of=country_finder(places))
    bounds = intervals(judged, rounds=rounds)
    if as_json:
        values = measures.as_json() | ({"interval95": bounds} if bounds else {})
        click.echo(json.dumps(values, indent=1))
    else:
        for line in _report(measures, bounds, by_kind=by_kind):
            click.echo(line)
    wrong = [o.error for part in judged for o in part.outcomes if o.error is not None]
    _write_errors(_COLUMNS, list(_rows(judged)), errors, map_file, title=f"Place names read wrongly: {gold.name}")
    say(_summary(len(judged), wrong, errors, map_file))


def _evaluate_events(
    gold: Path,
    predictions: Path | None,
    errors: Path | None,
    map_file: Path | None,
    *,
    as_json: bool,
    gazetteer: Path | None,
) -> None:
    documents = _all_good(read_event_documents(_lines(gold), source=str(gold)))
    if predictions is None:
        raise InputError(
            f"{gold}: labelled events stand without their texts; write events with 'conflictmap geocode ARTICLES -o "
            "events.geojson' and give them with --predictions"
        )
    predicted = _predicted_events(predictions, [document.id for document in documents])
    key = country_keys(Gazetteer.open(gazetteer))
    judged = [judge_events(document, predicted.get(document.id), country_key=key) for document in documents]
    measures = measure_events(judged)
    if as_json:
        click.echo(json.dumps(measures, indent=1))
    else:
        for line in _event_report(measures):
            click.echo(line)
    rows = list(_event_rows(judged))
    _write_errors(_EVENT_COLUMNS, rows, errors, map_file, title=f"Events read wrongly: {gold.name}")
    say(_summary(len(judged), [row["error"] for row in rows], errors, map_file))


def _predicted_events(path: Path, ids: Sequence[str]) -> Mapping[str, Sequence[EventLabel]]:
    """The events of GeoJSON by the labelled articles that they name, or of lines with a document each."""
    start = "".join(islice(_lines(path), 20))[:400]
    if '"FeatureCollection"' in start and not re.match(r'\s*\{\s*"doc"', start):
        return events_of_rows(rows_from_geojson("".join(_lines(path)), source=str(path)), ids)
    documents = _all_good(read_event_documents(_lines(path), source=str(path)))
    if unknown := [document.id for document in documents if document.id not in set(ids)]:
        raise InputError(f"{path}: the document {unknown[0]!r} is none of the labelled ones; take it out")
    return {document.id: document.events for document in documents}


# --- files ----------------------------------------------------------------------------------------------------------


def _lines(path: Path) -> Iterator[str]:
    """The lines of a file in UTF-8. Raises InputError, with the line, where it is none."""
    try:
        with path.open("rb") as stream:
            for number, raw in enumerate(stream, start=1):
                try:
                    yield raw.decode("utf-8-sig" if number == 1 else "utf-8")
                except UnicodeDecodeError as exc:
                    raise InputError(
                        f"{path}:{number}: not UTF-8 (byte 0x{raw[exc.start]:02x}); save the file as UTF-8"
                    ) from exc
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file; check the name") from None
    except OSError as exc:
        raise InputError(f"{path}: cannot be read ({exc.strerror}); check the file and its permissions") from exc


_Read = TypeVar("_Read", Document, EventDocument)


def _all_good(found: Iterable[_Read | Skipped]) -> list[_Read]:
    """The documents; where a line cannot be used says so for each and ends: a figure without it would mislead."""
    documents: list[_Read] = []
    problems = []
    for item in found:
        if isinstance(item, Skipped):
            problems.append(item.reason)
        else:
            documents.append(item)
    if problems:
        for problem in problems[:MOST_PROBLEMS]:
            say(problem)
        more = f" (the first {MOST_PROBLEMS} are listed)" if len(problems) > MOST_PROBLEMS else ""
        plural = "s" * (len(problems) != 1)
        say(f"nothing was scored: mend {len(problems)} line{plural}{more}")
        sys.exit(1)
    return documents


def _read_by_us(gold: Path, documents: Sequence[Document], places: Gazetteer) -> Iterator[Document]:
    """What conflictmap reads in the labelled texts: the same as `conflictmap toponyms` on the same file."""
    without = [document.id for document in documents if document.text is None]
    if without:
        raise InputError(f'{gold}: document {without[0]!r} has no "text" to read; add it, or give --predictions')
    for item in read_articles([gold]):
        if isinstance(item, Notice | Skipped):
            say(f"note: {item.message if isinstance(item, Notice) else item.reason}")
            continue
        labels = tuple(label_of(toponym) for toponym in read_toponyms(item, places))
        yield Document(id=item.id, toponyms=labels, text=item.text)


def _check_is_no_input(output: Path | None, inputs: Iterable[Path]) -> None:
    if output is not None and any(output.exists() and given.exists() and output.samefile(given) for given in inputs):
        raise InputError(f"{output}: this is an input; choose another name for the output")


# --- what is printed ------------------------------------------------------------------------------------------------


def _report(measures: Measures, bounds: Mapping[str, tuple[float, float]], *, by_kind: bool) -> Iterator[str]:
    for name, r in measures.recognition.items():
        yield (
            f"recognition {name:<8} P {r.precision:.3f}  R {r.recall:.3f}  F1 {r.f1:.3f}   "
            f"(right {r.tp}, predicted {r.predicted}, labelled {r.gold})"
        )
    for name, e in measures.resolution.items():
        yield (
            f"resolution  {name:<8} within 161 km {_figure(e.acc161)}  mean {_figure(e.mean_km, 0)} km  "
            f"median {_figure(e.median_km, 1)} km  AUC {_figure(e.auc)}   (of {e.n})"
        )
    for name, c in measures.country.items():
        yield f"same country {name:<7} {_figure(c.share)}   ({c.right} of {c.n} whose country is known)"
    e2e = measures.end_to_end
    yield (
        f"end to end           P {e2e.precision:.3f}  R {e2e.recall:.3f}  F1 {e2e.f1:.3f}   "
        f"(right {e2e.tp}, placed {e2e.predicted}, labelled {e2e.gold})"
    )
    for name, (low, high) in bounds.items():
        yield f"95 % interval over documents  {name:<23} {low:.3f} .. {high:.3f}"
    if measures.calibration:
        yield "by confidence: placed / share of placed / on a labelled one / right within 161 km"
        for level, row in measures.calibration.items():
            yield (
                f"  {level:<24} {row['placed']:6} {_figure(row['share_of_placed'])} {row['on_gold']:6} "
                f"{_figure(row['share_right'])}"
            )
    if measures.roles:
        yield "by role: predicted / on a labelled one / right within 161 km"
        for role, counts in measures.roles.items():
            yield f"  {role:<24} {counts['predicted']:6} {counts['on_gold']:6} {counts['hit']:6}"
    if by_kind:
        yield "by labelled kind: labelled / found / right within 161 km"
        for label, row in sorted(measures.by_kind.items(), key=lambda item: -item[1]["gold"]):
            yield f"  {label:<24} {row['gold']:6} {row['found']:6} {row['hit']:6}"


def _figure(value: float | None, digits: int = 3) -> str:
    return "  -  " if value is None else f"{value:.{digits}f}"


_EVENT_LINES = (
    ("documents (not predicted at all)", "docs docs_without_prediction"),
    ("labelled events: core, all; predicted", "gold_core gold_all pred"),
    ("recall of core events; of all", "recall_core recall_all"),
    ("precision; with duplicates left out", "precision precision_dup_forgiven"),
    ("F1; wrong main type not counted", "f1 f1_typed"),
    ("of the pairs: type right, sub-type right", "type_right sub_type_right"),
    ("median km: all, towns; towns within 5 km", "median_km median_km_town town_within_5km"),
    ("exact date; exact first day; inside the label's", "exact_date exact_start_date date_inside_gold_range"),
    ("killed: exact, of; invented elsewhere", "fatalities_exact n_fatalities fatalities_spurious"),
    ("wounded: exact, of; invented elsewhere", "injured_exact n_injured injured_spurious"),
    ("documents without events: false, per document", "noevent_docs noevent_false noevent_false_per_doc"),
)


def _event_report(measures: Mapping[str, float | int | None]) -> Iterator[str]:
    for what, names in _EVENT_LINES:
        values = [measures[name] for name in names.split()]
        yield f"{what:<50}" + "  ".join(f"{v:7}" if isinstance(v, int) else f"{_figure(v):>7}" for v in values)


def _summary(n_documents: int, wrong: Iterable[str], errors: Path | None, map_file: Path | None) -> str:
    counts = Counter(wrong)
    listed = ", ".join(f"{counts[kind]} {kind}" for kind in sorted(counts)) or "no error"
    written = "".join(
        f"; {what} in {path}" for what, path in (("table", errors), ("map", map_file)) if path is not None
    )
    return f"{n_documents} document{'s' * (n_documents != 1)}: {listed}{written}"


# --- the errors as a table ------------------------------------------------------------------------------------------

_COLUMNS = (
    "document,error,start,end,text,gold_longitude,gold_latitude,gold_kind,predicted_longitude,predicted_latitude,place,"
    "place_id,km,role,confidence,reasons,context"
).split(",")


_EVENT_COLUMNS = (
    "document,error,event,event_type,sub_event_type,date_start,date_end,gold_longitude,gold_latitude,predicted_longitude,"
    "predicted_latitude,place,km,label"
).split(",")


def error_table(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as CSV, one a line. A text that a spreadsheet would run as a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(safe_cell(row[column]) for column in columns)
    return out.getvalue()


def _write_errors(
    columns: Sequence[str], rows: Sequence[Mapping[str, Any]], errors: Path | None, map_file: Path | None, *, title: str
) -> None:
    if errors is not None:
        write_text(errors, error_table(columns, rows))
    if map_file is not None:
        from maps.error_page import error_map  # noqa: PLC0415  only who asks for a map pays

        write_text(map_file, error_map(rows, title=title))


def _rows(judged: Iterable[Judged]) -> Iterator[dict[str, Any]]:
    for part in judged:
        for outcome in part.outcomes:
            if outcome.error is not None:
                yield _row(part.document, outcome)


def _row(document: Document, outcome: Outcome) -> dict[str, Any]:
    gold, predicted = outcome.gold, outcome.predicted
    label = gold or predicted
    assert label is not None
    text = document.text
    around = None if text is None else " ".join(text[max(0, label.start - CONTEXT) : label.end + CONTEXT].split())
    row: dict[str, Any] = dict.fromkeys(_COLUMNS)
    row |= {
        "document": document.id,
        "error": outcome.error,
        "start": label.start,
        "end": label.end,
        "text": label.text,
        "km": round(outcome.km, 1) if outcome.km is not None else None,
        "context": around,
    }
    if gold is not None:
        row["gold_kind"] = gold.kind
        if gold.point is not None:
            row |= {"gold_longitude": gold.point.lon, "gold_latitude": gold.point.lat}
    if predicted is not None:
        row |= {"place": predicted.name, "place_id": predicted.place_id, "role": predicted.role}
        row |= {"confidence": predicted.confidence, "reasons": "; ".join(filter(None, predicted.reasons)) or None}
        if predicted.point is not None:
            row |= {"predicted_longitude": predicted.point.lon, "predicted_latitude": predicted.point.lat}
    return row


def _event_rows(judged: Iterable[JudgedEvents]) -> Iterator[dict[str, Any]]:
    """What was missed of the core, what is false or told twice, and pairs of another type or elsewhere."""
    for part in judged:
        name = part.document.id
        yield from (_event_row(name, "missed", gold, None) for gold in part.missed if gold.is_core)
        for gold, one in part.pairs:
            km = distance_km(gold, one)
            if not same_type(gold, one):
                yield _event_row(name, "wrong type", gold, one)
            elif km is not None and km > TOWN_KM and gold.precision in TOWN_LEVEL:
                yield _event_row(name, "wrong place", gold, one)
        yield from (_event_row(name, "false", None, one) for one in part.false)
        yield from (_event_row(name, "duplicate", None, one) for one in part.duplicates)


def _event_row(document: str, error: str, gold: EventLabel | None, one: EventLabel | None) -> dict[str, Any]:
    shown = one or gold
    assert shown is not None
    km = distance_km(gold, one) if gold is not None and one is not None else None
    row: dict[str, Any] = dict.fromkeys(_EVENT_COLUMNS)
    row |= {
        "document": document,
        "error": error,
        "event": gold.id if gold is not None else None,
        "event_type": shown.types[0][0],
        "sub_event_type": shown.types[0][1],
        "date_start": shown.start.isoformat() if shown.start is not None else None,
        "date_end": shown.end.isoformat() if shown.end is not None else None,
        "place": shown.place,
        "km": round(km, 1) if km is not None else None,
        "label": _label_text(gold) if gold is not None and one is not None else None,
    }
    for which, event in (("gold", gold), ("predicted", one)):
        if event is not None and event.points:
            row |= {f"{which}_longitude": event.points[0][0].lon, f"{which}_latitude": event.points[0][0].lat}
    return row


def _label_text(gold: EventLabel) -> str:
    days = " to ".join(str(day) for day in dict.fromkeys((gold.start, gold.end)) if day is not None)
    return ", ".join(filter(None, (gold.types[0][1], gold.place, days)))
