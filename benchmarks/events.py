"""How well and how fast events are read: the measures of the labelled halves, which triggers earn their keep, what each step adds.

    python benchmarks/events.py [--shared PATH] [--gold FILE ...] [--only measures,triggers,steps,speed] [--wrong N]

The labels stand in benchmarks/gold: `*learn*.jsonl` were looked at while rules were written and the model was learned from them,
`*measured*.jsonl` never were; the tables of triggers and steps are made on the first alone. The
texts of the dispatches stand with their labels; those of the others are news and press releases, which are not part of this
repository: without them the dispatches alone are measured. A step is measured by leaving it out. docs/evaluate.md says what
the measures mean.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
if find_spec("geo") is None:  # not installed: the packages of this checkout
    sys.path.insert(0, str(ROOT))

from gazetteer import Gazetteer  # noqa: E402
from geo import extract as reader  # noqa: E402
from geo import support, triggers  # noqa: E402
from geo.evaluate_events import (  # noqa: E402
    EventDocument,
    JudgedEvents,
    country_keys,
    events_of_rows,
    judge_events,
    measure_events,
    read_event_documents,
)
from geo.event import Article, Event  # noqa: E402
from geo.pipeline import read_article, read_articles  # noqa: E402
from geo.reported import SILENT  # noqa: E402
from geo.storyline import Storyline  # noqa: E402
from geo.table import event_row  # noqa: E402
from geo.triggers import TriggerHit, find_triggers  # noqa: E402

GOLD = ROOT / "benchmarks" / "gold"
NEWS = tuple(GOLD / f"{name}.jsonl" for name in ("learn", "learn2", "learn3", "measured"))
DISPATCHES = tuple(GOLD / f"dispatches_{name}.jsonl" for name in ("learn", "learn2", "learn3", "measured", "measured2"))
SECTIONS = ("measures", "triggers", "steps", "speed")
#: Texts of this many characters are what speed is told for.
SPEED_CHARS = (2_000, 5_000)
#: Measure, what it is to reach, and the name that it has in the report.
TARGETS = (
    ("recall_core", 0.65, "recall of core events"),
    ("precision", 0.65, "precision"),
    ("f1", 0.65, "F1"),
    ("f1_typed", 0.58, "F1, wrong main type not counted"),
    ("recall_all", None, "recall of core and background events"),
    ("type_right", 0.90, "right main type, of the pairs"),
    ("sub_type_right", 0.80, "right sub-type, of the pairs"),
    ("exact_date", 0.75, "exact date, of the pairs"),
    ("town_within_5km", 0.85, "town-level pairs within 5 km"),
    ("fatalities_exact", 0.80, "killed exact, where labelled"),
    ("injured_exact", None, "wounded exact, where labelled"),
    ("noevent_false_per_doc", 0.5, "false events on a text without any (at most)"),
)


@dataclass(frozen=True, slots=True)
class Half:
    """A file of labels with the texts that they are of."""

    name: str
    documents: tuple[EventDocument, ...]
    articles: tuple[Article, ...]


def main() -> int:
    parser = argparse.ArgumentParser(description="How well and how fast events are read.")
    parser.add_argument("--shared", type=Path, default=ROOT / ".." / "shared", help="folder with the texts")
    parser.add_argument("--gold", type=Path, action="append", help="labels (default: all whose texts are at hand)")
    parser.add_argument("--only", default=",".join(SECTIONS), help=f"sections, joined by commas: {', '.join(SECTIONS)}")
    parser.add_argument("--wrong", type=int, default=0, metavar="N", help="show N false events of each trigger")
    args = parser.parse_args()
    corpora = args.shared / "corpora"
    texts = _texts(corpora) if corpora.is_dir() else {}
    if not texts:
        print(f"{corpora}: there is no such folder (--shared names another); the dispatches alone are measured")
    gazetteer = Gazetteer.open()
    wanted = args.only.split(",")
    gold = args.gold or [*(NEWS if texts else ()), *DISPATCHES]
    halves = [_half(path, texts) for path in gold]
    if "measures" in wanted:
        _say(_measures(halves, gazetteer))
    learn = halves[0]
    if "triggers" in wanted:
        _say(_trigger_table(learn, gazetteer, wrong=args.wrong))
    if "steps" in wanted:
        _say(_step_table(learn, gazetteer))
    if "speed" in wanted:
        _say(_speed(texts or _own_texts(halves), gazetteer))
    return 0


def _say(lines: Iterator[str]) -> None:
    for line in lines:
        print(line)
    print()


def _texts(corpora: Path) -> dict[str, tuple[str, str | None, str]]:
    """Document id -> text, day of publication, publisher."""
    texts: dict[str, tuple[str, str | None, str]] = {}
    for record in _records(corpora / "guardian_syria.jsonl"):
        texts[f"guardian:{record['id']}"] = (record["text"], record["date"], "The Guardian")
    for publisher in ("centcom", "uk_government"):
        for record in _records(corpora / "ner" / f"re3d_{publisher}.jsonl"):
            texts[f"re3d:{record['id']}"] = (record["text"], None, publisher)
    return texts


def _own_texts(halves: Sequence[Half]) -> dict[str, tuple[str, str | None, str]]:
    """The texts of dispatches, in the form of `_texts`."""
    return {
        a.id: (a.text, a.published.isoformat() if a.published else None, a.publisher or "")
        for half in halves
        for a in half.articles
    }


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _half(path: Path, texts: Mapping[str, tuple[str, str | None, str]]) -> Half:
    with path.open(encoding="utf-8") as lines:
        written = list(lines)
    records = {record["doc"]: record for record in map(json.loads, written)}
    documents = tuple(d for d in read_event_documents(written, source=str(path)) if isinstance(d, EventDocument))
    articles = []
    for document in documents:
        record = records[document.id]
        if "text" in record:  # a dispatch
            text, day, publisher = record["text"], None, record["publisher"]
        elif document.id in texts:
            text, day, publisher = texts[document.id]
        else:
            raise SystemExit(f"{path}: the text of {document.id} is not at hand; name its folder with --shared")
        published = record.get("published") or day
        articles.append(
            Article(
                id=document.id,
                text=text,
                published=date.fromisoformat(published) if published else None,
                publisher=publisher,
            )
        )
    return Half(name=path.stem, documents=documents, articles=tuple(articles))


def _judged(half: Half, gazetteer: Gazetteer) -> list[tuple[JudgedEvents, dict[int, Event]]]:
    """Each document with its pairs, and the event that each prediction was made of, by the identity of the prediction."""
    key = country_keys(gazetteer)
    events = read_articles(half.articles, gazetteer=gazetteer).events
    judged = []
    for document in half.documents:
        own = [event for event in events if any(r.article_id == document.id for r in event.reports)]
        rows = [event_row(event, provenance="", country_names={}) for event in own]
        predicted = events_of_rows(rows, [document.id])[document.id]
        made = {id(one): event for one, event in zip(predicted, own, strict=True)}
        judged.append((judge_events(document, predicted, country_key=key), made))
    return judged


def _measures(halves: Sequence[Half], gazetteer: Gazetteer) -> Iterator[str]:
    found = [measure_events([part for part, _ in _judged(half, gazetteer)]) for half in halves]
    width = max(10, *(len(half.name) + 2 for half in halves))
    yield f"{'':<48}{'to reach':>9}" + "".join(f"{half.name:>{width}}" for half in halves)
    counted = (("docs", "documents"), ("gold_core", "labelled core events"), ("gold_all", "all"), ("pred", "read"))
    for name, what in counted:
        yield f"{what:<48}{'':>9}" + "".join(f"{measures[name]!s:>{width}}" for measures in found)
    for name, target, what in TARGETS:
        goal = "" if target is None else f"{target:.2f}"
        yield f"{what:<48}{goal:>9}" + "".join(f"{_figure(measures[name]):>{width}}" for measures in found)


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _trigger_table(half: Half, gazetteer: Gazetteer, *, wrong: int) -> Iterator[str]:
    """Right and read events for each row of triggers.tsv; an event counts for the row of its first report's trigger."""
    right: dict[int, list[bool]] = defaultdict(list)
    shown: dict[int, list[str]] = defaultdict(list)
    for part, made in _judged(half, gazetteer):
        paired = {id(one) for _, one in part.pairs}
        for identity, event in made.items():
            row = _row(event)
            right[row].append(identity in paired)
            if identity not in paired:
                shown[row].append(f"{part.document.id}: {' '.join(event.reports[0].evidence.quote.split())[:200]}")
    patterns = ["", "", *(row["pattern"] for row in triggers.table())]
    yield f"triggers on the half {half.name}: precision, right of read, row of geo/data/triggers.tsv"
    for row, hits in sorted(right.items(), key=lambda item: (-len(item[1]), item[0])):
        yield f"  {sum(hits) / len(hits):5.2f} {sum(hits):4} of {len(hits):3}  {row:4}  {patterns[row][:90]}"
        for quote in shown[row][:wrong]:
            yield f"            - {quote}"
    silent = len(patterns) - 2 - len(right)
    yield f"  {silent} rows made no event of this half; the cases of tests/geo show what they are for"


def _row(event: Event) -> int:
    """The line in triggers.tsv of an event's first trigger; 1 where it cannot be told."""
    evidence = event.reports[0].evidence
    starts = {span.start for span in evidence.spans if span.kind == "trigger"}
    hits = [hit for hit in find_triggers(evidence.quote, offset=evidence.start) if hit.start in starts]
    return hits[0].row if hits else 1


# --- steps --------------------------------------------------------------------------------------------------------------


def _nothing(*_args: object, **_named: object) -> None:
    return None


def _no(*_args: object, **_named: object) -> bool:
    return False


def _yes(*_args: object, **_named: object) -> bool:
    return True


def _empty(*_args: object, **_named: object) -> tuple[()]:
    return ()


def _all_hits(_line: object, _facts: object, hits: Sequence[TriggerHit], _back: object) -> list[TriggerHit]:
    return list(hits)


_Reader = reader._Reader
#: What is left out, where it stands, and what stands there instead.
STEPS: tuple[tuple[str, object, str, Callable[..., Any]], ...] = (
    ("nothing taken back (plans, denials, metaphors), no needs", reader, "asserted", _all_hits),
    ("no plans, threats, denials, habits", reader, "taken_back", _nothing),
    ("no figures of speech, films, disasters", support, "other_sense", _nothing),
    ("no needs of triggers (place, toll, weapon)", support, "_needs_more", _nothing),
    ("no learned model", reader, "model", lambda: SILENT),
    ("no events that are only pointed at", support, "_is_presupposed", _no),
    ("no antecedents (the city, there, it)", reader, "find_antecedent", _empty),
    ("no place from the story before", _Reader, "_inherit", _nothing),
    ("day of publication for every undated event", Storyline, "is_news", _yes),
    ("no joining of sentences on one event", reader, "same_event", _no),
    ("no joining of triggers in one sentence", reader, "one_in_sentence", _no),
    ("sums of a country kept beside its towns", _Reader, "_is_covered", _no),
    ("events without place, day and toll kept", _Reader, "_is_vague", _no),
)


@contextmanager
def _without(owner: object, name: str, instead: Callable[..., Any]) -> Iterator[None]:
    """Leaves a step out, and puts it back as it was (a static method stays one)."""
    before = vars(owner)[name]
    setattr(owner, name, instead)
    try:
        yield
    finally:
        setattr(owner, name, before)


def _step_table(half: Half, gazetteer: Gazetteer) -> Iterator[str]:
    yield f"steps left out one by one, on the half {half.name}"
    yield f"  {'':<58}{'core':>7}{'prec.':>7}{'F1':>7}{'typed':>7}{'read':>6}"
    yield _step_line("all steps", half, gazetteer)
    for what, owner, name, instead in STEPS:
        with _without(owner, name, instead):
            yield _step_line(what, half, gazetteer)


def _step_line(what: str, half: Half, gazetteer: Gazetteer) -> str:
    m = measure_events([part for part, _ in _judged(half, gazetteer)])
    figures = "".join(f"{_figure(m[name]):>7}" for name in ("recall_core", "precision", "f1", "f1_typed"))
    return f"  {what:<58}{figures}{m['pred']!s:>6}"


# --- speed --------------------------------------------------------------------------------------------------------------


def _speed(texts: Mapping[str, tuple[str, str | None, str]], gazetteer: Gazetteer) -> Iterator[str]:
    low, high = SPEED_CHARS
    articles = [
        Article(id=name, text=text, published=date.fromisoformat(day) if day else None)
        for name, (text, day, _) in sorted(texts.items())
        if low <= len(text) <= high
    ]
    for article in articles:
        read_article(article, gazetteer)  # warm
    start = time.process_time()
    for article in articles:
        read_article(article, gazetteer)
    seconds = time.process_time() - start
    yield f"speed: {len(articles) / seconds:.0f} documents/s on one core, {len(articles)} texts of {low} to {high} characters"


if __name__ == "__main__":
    sys.exit(main())
