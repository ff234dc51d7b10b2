"""How well, how fast and how small conflictmap reads place names, beside other offline geoparsers on the same documents.

    python benchmarks/geoparsers.py [--shared PATH] [--only accuracy,startup,hostile,jobs] [--runs N]

Each tool runs in a fresh process of its own. The peers, flashgeotext and geotext, are optional: pip install
'conflictmap[bench]' geotext. They find names and do not place them; here each of their names is put at the most populous
place of that name in GeoNames cities500, a country at its GeoNames point, which costs them neither time nor memory. The
labelled corpora (LGL, GeoVirus) are development sets, which are not part of this repository.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]

#: Nothing is imported from the packages up here: this file is also what the process of a peer runs.
TOOLS = ("conflictmap", "flashgeotext", "geotext")
SECTIONS = ("accuracy", "startup", "hostile", "jobs")
CORPORA = {"LGL": "lgl", "GeoVirus": "geovirus"}

#: Published figures for the same corpora by the same measures: recognition F1 (overlap) and end-to-end F1 (found, and placed
#: within 161 km), LGL and GeoVirus. None where nothing was published.
PUBLISHED: tuple[tuple[str, tuple[float | None, float | None], tuple[float | None, float | None]], ...] = (
    ("StanfordNER (best recognition)", (0.771, None), (0.929, None)),
    ("best released geoparser", (None, 0.508), (None, 0.675)),
    ("best composite of released parts", (None, 0.605), (None, 0.766)),
    ("gold spans, most populous candidate", (None, 0.640), (None, 0.742)),
    ("flashgeotext", (None, 0.278), (None, 0.431)),
    ("geotext", (None, 0.338), (None, 0.489)),
)

WARM_UP = 10  # documents that are read before the clock starts
BUDGET_BYTES = (2_000, 5_000)  # size of the documents that the promised speed is for
SHORT_TEXT = "Shells fell on Homs on Monday."
LIMIT_SECONDS = 300  # for one hostile text
JOB_TURNS = 9  # of some 800 documents; two workers take a second to start and to fill their caches


def main() -> int:
    parser = argparse.ArgumentParser(description="conflictmap beside other offline geoparsers.")
    parser.add_argument("--shared", type=Path, default=ROOT / ".." / "shared", help="folder with the corpora")
    parser.add_argument("--only", default=",".join(SECTIONS), help=f"sections, joined by commas: {', '.join(SECTIONS)}")
    parser.add_argument("--runs", type=int, default=3, help="processes started for the start-up time (default 3)")
    parser.add_argument("--child", nargs=2, metavar=("TOOL", "FILE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        return child(*arguments.child)
    wanted = arguments.only.split(",")
    if unknown := [section for section in wanted if section not in SECTIONS]:
        parser.error(f"no section {unknown[0]!r}; there are {', '.join(SECTIONS)}")
    if find_spec("geo") is None:  # not installed: the packages of this checkout
        sys.path.insert(0, str(ROOT))
    corpora = {name: arguments.shared / "corpora" / f"{file}.jsonl" for name, file in CORPORA.items()}
    missing = [file for file in corpora.values() if not file.is_file()]
    if missing and {"accuracy", "jobs"} & set(wanted):
        print(f"{missing[0]}: there is no such file; give --shared PATH, or --only startup,hostile", file=sys.stderr)
        return 1
    for tool in TOOLS[1:]:
        if find_spec(tool) is None:
            print(f"{tool} is not installed and is left out; to compare with it: pip install {tool}\n")
    installed = [tool for tool in TOOLS if tool == "conflictmap" or find_spec(tool) is not None]
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for section in wanted:
            if section == "accuracy":
                for name, corpus in corpora.items():
                    show_corpus(name, corpus, installed)
            elif section == "startup":
                show_startup(installed, arguments.runs, work)
            elif section == "hostile":
                show_hostile(work)
            else:
                show_jobs(list(corpora.values()), work)
    return 0


# --- in the process of one tool -------------------------------------------------------------------------------------


def child(tool: str, file: str) -> int:
    """Reads the documents of a JSON Lines file with one tool: a line of spans each, then a line of figures."""
    read = READERS[tool]()
    with open(file, encoding="utf-8") as stream:
        documents = [(record["id"], record["text"]) for record in map(json.loads, stream)]
    for _, text in documents[:WARM_UP] if len(documents) > WARM_UP else ():
        read(text)
    sized = [0.0, 0]
    start = time.process_time()
    for document_id, text in documents:
        before = time.process_time()
        spans = read(text)
        if BUDGET_BYTES[0] <= len(text.encode(errors="replace")) <= BUDGET_BYTES[1]:
            sized = [sized[0] + time.process_time() - before, sized[1] + 1]
        print(json.dumps({"id": document_id, "toponyms": spans}))
    seconds = time.process_time() - start
    print(json.dumps({"seconds": seconds, "sized": sized, "peak_mb": peak_mb()}))
    return 0


def conflictmap_reader() -> Callable[[str], list[dict[str, Any]]]:
    if find_spec("geo") is None:
        sys.path.insert(0, str(ROOT))
    from gazetteer import Gazetteer
    from geo.event import Article
    from geo.pipeline import read_toponyms

    places = Gazetteer.open()

    def read(text: str) -> list[dict[str, Any]]:
        found = []
        for t in read_toponyms(Article(id="1", text=text), places):
            assert text[t.start : t.end] == t.text
            place = t.place
            found.append(
                {
                    "start": t.start, "end": t.end, "role": t.role, "confidence": t.confidence,
                    "lat": place.lat if place else None, "lon": place.lon if place else None,
                    "country": place.country if place else None,
                }
            )  # fmt: skip
        return found

    return read


def flashgeotext_reader() -> Callable[[str], list[dict[str, Any]]]:
    from flashgeotext.geotext import GeoText  # type: ignore[import-untyped]
    from loguru import logger

    logger.remove()
    finder = GeoText()

    def read(text: str) -> list[dict[str, Any]]:
        found = finder.extract(input_text=text)
        return [
            {"start": start, "end": end, "name": name, "is_country": what == "countries", "code": None}
            for what in ("cities", "countries")
            for name, meta in found[what].items()
            for start, end in meta["span_info"]
        ]

    return read


def geotext_reader() -> Callable[[str], list[dict[str, Any]]]:
    from geotext import GeoText  # type: ignore[import-untyped]

    def read(text: str) -> list[dict[str, Any]]:
        found = GeoText(text)
        spans = []
        for what in ("cities", "countries", "nationalities"):
            at = 0
            for word in getattr(found, what):  # in the order of the text, without offsets
                start = text.find(word, at)
                at = start + len(word)
                code = None if what == "cities" else getattr(GeoText.index, what)[word.lower()]
                spans.append({"start": start, "end": at, "name": word, "is_country": code is not None, "code": code})
        return spans

    return read


READERS = {"conflictmap": conflictmap_reader, "flashgeotext": flashgeotext_reader, "geotext": geotext_reader}


def peak_mb() -> float:
    """Peak memory of this process since it started its program; what `resource` says may be that of the parent (Linux)."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) / 1e3 for line in lines if line.startswith("VmHWM"))
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def run(tool: str, file: Path) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The predictions of a tool for a file of documents, and its figures with the wall time of the process."""
    start = time.perf_counter()
    command = [sys.executable, "-P", str(Path(__file__).resolve()), "--child", tool, str(file)]
    done = subprocess.run(
        command, check=False, env=environment(), capture_output=True, text=True, timeout=LIMIT_SECONDS
    )
    wall = time.perf_counter() - start
    if done.returncode != 0:
        raise SystemExit(f"{tool} failed on {file.name}: {done.stderr.strip().splitlines()[-1]}")
    *documents, figures = map(json.loads, done.stdout.splitlines())
    return documents, {**figures, "wall": wall}


def environment() -> dict[str, str]:
    """The variables of a child: it imports the very packages that this process imports."""
    spec = find_spec("geo")
    assert spec is not None
    assert spec.origin is not None
    return {**os.environ, "PYTHONPATH": str(Path(spec.origin).parents[1])}


# --- accuracy and speed ---------------------------------------------------------------------------------------------


def show_corpus(name: str, corpus: Path, tools: Sequence[str]) -> None:
    from geo.evaluate import Document, read_documents

    with corpus.open(encoding="utf-8") as stream:
        gold = [item for item in read_documents(stream, source=str(corpus)) if isinstance(item, Document)]
    print(f"{name}: {len(gold)} documents, {sum(len(d.text or '') for d in gold) / 1e6:.2f} M characters")
    print(
        f"  {'':<38} {'recognition':>11} {'161 km':>7} {'country':>7} {'end to':>7} {'docs':>7} {'2-5 kB':>7} {'peak':>5}"
    )
    print(f"  {'':<38} {'F1':>11} {'acc.':>7} {'acc.':>7} {'end F1':>7} {'/s':>7} {'docs/s':>7} {'MB':>5}")
    for tool in tools:
        documents, figures = run(tool, corpus)
        speed = f"{len(gold) / figures['seconds']:7.0f} {rate_of(*figures['sized']):>7} {figures['peak_mb']:5.0f}"
        print(f"  {tool:<38} {accuracy(gold, documents)} {speed}", flush=True)
        if tool == "conflictmap":
            without = [{**d, "toponyms": [t for t in d["toponyms"] if t["role"] != "demonym"]} for d in documents]
            print(f"  {'   without words like Syrian':<38} {accuracy(gold, without)}")
    at = list(CORPORA).index(name)
    for who, *figures_of in PUBLISHED:
        recognition, end_to_end = figures_of[at]
        print(f"  {'published: ' + who:<46} {shown(recognition):>3} {'':15} {shown(end_to_end):>7}")
    print()


def rate_of(seconds: float, n: int) -> str:
    return f"{n / seconds:.0f}" if seconds else ""


def accuracy(gold: Sequence[Any], predictions: Iterable[dict[str, Any]]) -> str:
    from geo.evaluate import country_finder, judge, measure

    found = {record["id"]: [label(toponym) for toponym in record["toponyms"]] for record in predictions}
    judged = [judge(document, found.get(document.id, [])) for document in gold]
    m = measure(judged, country_of=country_finder(gazetteer()))
    values = (m.recognition["overlap"].f1, m.resolution["all"].acc161, m.country["all"].share, m.end_to_end.f1)
    return "{:>11} {:>7} {:>7} {:>7}".format(*map(shown, values))


def shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def label(toponym: dict[str, Any]) -> Any:
    from gazetteer import LonLat
    from geo.evaluate import Label

    if "name" in toponym:
        toponym = {**toponym, **(placed(toponym["name"], toponym["is_country"], toponym["code"]) or {})}
    point = LonLat(lon=toponym["lon"], lat=toponym["lat"]) if toponym.get("lat") is not None else None
    return Label(toponym["start"], toponym["end"], point, country=toponym.get("country"))


@cache
def gazetteer() -> Any:
    from gazetteer import Gazetteer

    return Gazetteer.open()


@cache
def cities() -> dict[str, Any]:
    """Folded name -> the most populous place of that name in cities500: main names before others."""
    from gazetteer import fold_name
    from gazetteer.sources import cities500

    best: dict[str, tuple[tuple[bool, int], Any]] = {}
    for record in cities500():
        for spelling, is_main in ((record.place.name, True), *((other, False) for other in record.alternates)):
            rank, folded = (is_main, record.place.population or 0), fold_name(spelling)
            if folded not in best or rank > best[folded][0]:
                best[folded] = (rank, record.place)
    return {folded: place for folded, (_, place) in best.items()}


@cache
def placed(name: str, is_country: bool, code: str | None) -> dict[str, Any] | None:
    """Where a name that a peer found lies, or None; `code` is that of the country, where the peer gives one."""
    from gazetteer import fold_name

    if code is not None:
        place = gazetteer().country(code)
    elif is_country:
        place = next((hit.place for hit in gazetteer().lookup(name) if hit.place.is_country), None)
    else:
        place = cities().get(fold_name(name))
    return {"lat": place.lat, "lon": place.lon, "country": place.country} if place is not None else None


# --- start-up -------------------------------------------------------------------------------------------------------


def show_startup(tools: Sequence[str], runs: int, work: Path) -> None:
    """From the start of a process to the names of one short text, best of some runs."""
    file = work / "short.jsonl"
    file.write_text(json.dumps({"id": "1", "text": SHORT_TEXT}) + "\n", encoding="utf-8")
    print("one text of 30 characters, from the start of the process to its end")
    for tool in tools:
        run(tool, file)  # fills the caches of the disk; not counted
        figures = [run(tool, file)[1] for _ in range(runs)]
        print(
            f"  {tool:<38} {min(f['wall'] for f in figures):6.2f} s {min(f['peak_mb'] for f in figures):6.0f} MB",
            flush=True,
        )
    print()


# --- hostile texts --------------------------------------------------------------------------------------------------

_NAMES = "Aleppo Homs Hama Idlib Raqqa Mosul Kyiv Kharkiv Gao Goma Kabul Paris Texas Georgia Jordan".split()
_WORDS = "the and of in near towards shells fell forces said residents convoy reported after before road bridge".split()


def prose(n: int) -> str:
    chance = random.Random(7)
    text: list[str] = []
    size = 0
    while size < n:
        words = [chance.choice(_NAMES if chance.random() < 0.08 else _WORDS) for _ in range(chance.randint(6, 25))]
        sentence = words[0].capitalize() + " " + " ".join(words[1:]) + (". " if chance.random() < 0.8 else ".\n\n")
        text.append(sentence)
        size += len(sentence)
    return "".join(text)[:n]


#: What is read -> its size at 4x in characters, and how a text of n characters is made.
HOSTILE: dict[str, tuple[int, Callable[[int], str]]] = {
    "prose, 5 MB": (5_000_000, prose),
    "one line without a full stop, 1 MB": (1_000_000, lambda n: prose(n).replace(".", "").replace("\n", " ")),
    "only capitals, 1 MB": (1_000_000, lambda n: prose(n).upper()),
    "capitals without a space, 1 MB": (1_000_000, lambda n: "ALEPPO" * (n // 6)),
    "only digits, 1 MB": (1_000_000, lambda n: "0123456789" * (n // 10)),
    "one name 100,000 times": (700_000, lambda n: "Aleppo " * (n // 7)),
    "a list of 100,000 names": (700_000, lambda n: ", ".join(_NAMES * (n // 105))[:n]),
    "a list of 100,000 names with an 'and'": (700_000, lambda n: " and ".join(_NAMES * (n // 150))[:n]),
    "distances between names, 1 MB": (1_000_000, lambda n: "Aleppo, 40 km north of Homs. " * (n // 29)),
    "initial capitals only, 1 MB": (1_000_000, lambda n: prose(n).title()),
    "mixed scripts in a word, 1 MB": (1_000_000, lambda n: "Аleppo حلbab Ηоms Идlib " * (n // 24)),
    "bidi controls between letters, 1 MB": (1_000_000, lambda n: "\u202eA\u2066l\u2069e\u200fp\u202cpo " * (n // 12)),
    "lone surrogates, 1 MB": (1_000_000, lambda n: "Al\ud800eppo Homs\udfff " * (n // 14)),
    "open brackets and quotes, 1 MB": (1_000_000, lambda n: '("Homs [' * (n // 8)),
    "hyphens and apostrophes, 1 MB": (1_000_000, lambda n: "al-'Bab-al-" * (n // 11)),
    "line breaks in names, 1 MB": (1_000_000, lambda n: "New\nYork\nSan\nJose\n" * (n // 18)),
}


def show_hostile(work: Path) -> None:
    """Seconds for a text at 1x, 2x and 4x, each in a process of its own; 4x is the size named. Linear is 4."""
    print(
        f"{'hostile texts: processor seconds at':<38} {'1x':>7} {'2x':>7} {'4x':>7} {'4x/1x':>7} {'peak MB':>8} {'names':>8}"
    )
    for what, (size, make) in HOSTILE.items():
        seconds, peak, names = [], 0.0, 0
        for part in (4, 2, 1):
            file = work / "hostile.jsonl"
            file.write_text(json.dumps({"id": "1", "text": make(size // part)}) + "\n", encoding="utf-8")
            try:
                documents, figures = run("conflictmap", file)
            except subprocess.TimeoutExpired:
                break
            seconds.append(figures["seconds"])
            peak, names = figures["peak_mb"], len(documents[0]["toponyms"])
        cells = [f"{s:7.2f}" for s in seconds] + [f"{f'>{LIMIT_SECONDS}':>7}"] * (3 - len(seconds))
        growth = f"{seconds[2] / seconds[0]:7.1f}" if len(seconds) == 3 else f"{'':7}"
        print(f"  {what:<36} {' '.join(cells)} {growth} {peak:8.0f} {names:8,}", flush=True)
    print()


# --- two processes --------------------------------------------------------------------------------------------------


def show_jobs(corpora: Sequence[Path], work: Path) -> None:
    """Wall time of the command with one and with two workers, on all documents of the corpora, JOB_TURNS times over."""
    from geo.cli import cli

    file = work / "all.jsonl"
    with file.open("w", encoding="utf-8") as out:
        for turn in range(JOB_TURNS):
            for corpus in corpora:
                for record in map(json.loads, filter(None, corpus.read_text(encoding="utf-8").split("\n"))):
                    out.write(json.dumps({"id": f"{turn}-{record['id']}", "text": record["text"]}) + "\n")
    name = "toponyms" if any(p.name == "jobs" for p in cli.commands["toponyms"].params) else "geocode"
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else math.nan
    seconds = []
    for jobs in ("1", "2"):
        command = [sys.executable, "-P", "-m", "geo", name, str(file), "-o", str(work / "out.jsonl"), "--jobs", jobs]
        start = time.perf_counter()
        subprocess.run(command, env=environment(), check=True, capture_output=True)
        seconds.append(time.perf_counter() - start)
    one, two = seconds
    print(f"conflictmap {name} --jobs 2: {one / two:.2f} times --jobs 1 ({one:.1f} s, {two:.1f} s)")
    print(f"  (load of the {os.cpu_count()} cores before: {load:.1f}; above 0.2 the ratio says little)\n")


if __name__ == "__main__":
    sys.exit(main())
