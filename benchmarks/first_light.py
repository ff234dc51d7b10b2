"""The figures that a user feels first: one article from process start, documents per second, sizes.

    python benchmarks/first_light.py [--shared PATH] [--runs N]

Every figure of conflictmap stands beside flashgeotext's on the same texts in the same run. It needs the development
corpora (a folder with `seeds/` and `corpora/`), which are not part of this repository.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]

#: Texts that are read before the clock starts, so that imports and compiled patterns are not measured.
WARM_UP_TEXTS = 10

#: What a plain user of flashgeotext runs, from process start; its log goes nowhere.
FLASHGEOTEXT_SCRIPT = """
import sys
from loguru import logger
logger.remove()
from flashgeotext.geotext import GeoText
GeoText().extract(input_text=open(sys.argv[1], encoding="utf-8").read())
"""

# Budgets of the project, printed beside the figures.
GEOCODE_SECONDS, GEOCODE_MB = 0.35, 120
TOPONYMS_PER_SECOND, EVENTS_PER_SECOND = 300, 100  # for texts of BUDGET_BYTES
BUDGET_BYTES = (2_000, 5_000)


@dataclass(frozen=True, slots=True)
class Run:
    """One process from start to end."""

    seconds: float
    peak_mb: float
    stdout: bytes


def main() -> int:
    parser = argparse.ArgumentParser(description="Speed, memory and sizes of conflictmap beside flashgeotext.")
    parser.add_argument("--shared", type=Path, default=ROOT / ".." / "shared", help="folder with the corpora")
    parser.add_argument("--runs", type=int, default=5, help="how often each figure is taken (default 5)")
    arguments = parser.parse_args()
    if arguments.runs < 1:
        parser.error("--runs is below 1")
    seeds: Path = arguments.shared / "seeds"
    corpus: Path = arguments.shared / "corpora" / "guardian_syria.jsonl"
    seed = next(iter(sorted(seeds.glob("002_*.txt"))), None)
    if seed is None or not corpus.is_file():
        print(f"{arguments.shared}: no seeds/002_*.txt and corpora/guardian_syria.jsonl here; give --shared PATH")
        return 1
    if find_spec("geo") is None:  # not installed: the packages of this checkout
        sys.path.insert(0, str(ROOT))
    # First the processes, while this one is small: on Linux the peak of a child counts the memory of its parent.
    with compiled_modules():
        rows = [*process_rows(seed, arguments.runs), *map_rows(seeds)]
    rows += throughput_rows(corpus, arguments.runs)
    show(rows)
    return 0


# From process start


@contextmanager
def compiled_modules() -> Iterator[None]:
    """Lets Python keep the modules that it compiles in the first, uncounted run, as pip leaves them after an installation."""
    was = {name: os.environ.pop(name, None) for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PYTHONPYCACHEPREFIX"] = folder
        try:
            yield
        finally:
            del os.environ["PYTHONPYCACHEPREFIX"]
            os.environ.update({name: value for name, value in was.items() if value is not None})


def process_rows(seed: Path, runs: int) -> Iterator[list[str]]:
    """Wall time and peak memory of `conflictmap geocode` and of flashgeotext on one article."""
    ours = measured([*conflictmap_command(), "geocode", str(seed)], runs)
    events = len(json.loads(ours[0].stdout)["features"])
    theirs = measured([sys.executable, "-c", FLASHGEOTEXT_SCRIPT, str(seed)], runs) if has_flashgeotext() else []
    size = kilobytes(seed.stat().st_size)
    yield [
        f"geocode, one article of {size} ({events} events), s",
        spread([run.seconds for run in ours], 2),
        spread([run.seconds for run in theirs], 2),
        ratio(ours, theirs, lambda run: run.seconds),
        f"{GEOCODE_SECONDS}",
    ]
    yield [
        "geocode, the same, peak MB",
        spread([run.peak_mb for run in ours], 0),
        spread([run.peak_mb for run in theirs], 0),
        ratio(ours, theirs, lambda run: run.peak_mb),
        f"{GEOCODE_MB}",
    ]


def map_rows(seeds: Path) -> Iterator[list[str]]:
    """Size of the gazetteer file, and time and size of the map of the seed articles."""
    import gazetteer

    places = Path(gazetteer.__file__).parent / "data" / "gazetteer.sqlite"
    yield ["gazetteer.sqlite, MB", f"{places.stat().st_size / 1e6:.1f}", "", "", ""]
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "seeds.html"
        run = measured([*conflictmap_command(), "map", str(seeds), "-o", str(page)], 1)[0]
        yield ["map of the seed articles, kB", f"{page.stat().st_size / 1000:.0f}", "", "", "1500"]
        yield ["map of the seed articles, s", f"{run.seconds:.2f}", "", "", ""]


def conflictmap_command() -> list[str]:
    """The command line of the very packages that this process imports, wherever it was started."""
    spec = find_spec("geo")
    assert spec is not None
    assert spec.origin is not None
    os.environ["PYTHONPATH"] = str(Path(spec.origin).parents[1])
    return [sys.executable, "-P", "-m", "geo"]


def measured(command: list[str], runs: int) -> list[Run]:
    process(command)  # fills the caches of the disk, and compiles modules; not counted
    return [process(command) for _ in range(runs)]


def process(command: list[str]) -> Run:
    """Runs a command to its end. `wait4` gives the resources of this child alone, not of all children so far."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if child.returncode != 0:
            message = err.read().decode(errors="replace").strip()
            sys.exit(f"{' '.join(command[2:])}: exit {child.returncode}: {message}")
        unit = 1e6 if sys.platform == "darwin" else 1e3  # ru_maxrss is bytes on macOS, kB elsewhere
        return Run(seconds, usage.ru_maxrss / unit, out.read())


# Documents per second


def throughput_rows(corpus: Path, runs: int) -> Iterator[list[str]]:
    """Documents per second in one process, one core, everything loaded: the whole corpus, and the sizes of the budget."""
    from geo.articles import read_articles
    from geo.event import Article

    articles = [item for item in read_articles([corpus]) if isinstance(item, Article)]
    yield from group_rows(articles, runs, budgets={"toponyms": "", "events": ""})
    sized = [article for article in articles if BUDGET_BYTES[0] <= len(article.text.encode()) <= BUDGET_BYTES[1]]
    budgets = {"toponyms": f"{TOPONYMS_PER_SECOND}", "events": f"{EVENTS_PER_SECOND}"}
    yield from group_rows(sized, runs, budgets=budgets)


def group_rows(articles: list[Any], runs: int, *, budgets: dict[str, str]) -> Iterator[list[str]]:
    timed = articles[WARM_UP_TEXTS:]
    per_text = sum(len(article.text.encode()) for article in timed) / len(timed)
    theirs: list[float] = []
    if has_flashgeotext():
        theirs = rates(flashgeotext_reader, articles, runs)
    for name, budget in budgets.items():
        ours = rates(conflictmap_readers()[name], articles, runs)
        yield [
            f"{name}, documents/s ({len(timed)} of {kilobytes(round(per_text))} each)",
            spread(ours, 0, best=max),
            spread(theirs, 0, best=max),
            f"{statistics.median(ours) / statistics.median(theirs):.3f}" if theirs else "",
            budget,
        ]


def conflictmap_readers() -> dict[str, Callable[[], Callable[[Any], object]]]:
    """What is measured: name -> a function that opens a gazetteer and gives a reader of one article.

    The one place here that knows the library. Each run opens its own gazetteer: one that had seen the texts before
    would answer from its memory.
    """
    from gazetteer import Gazetteer
    from geo.pipeline import read_article, read_toponyms

    def toponyms() -> Callable[[Any], object]:
        places = Gazetteer.open()
        return lambda article: read_toponyms(article, places)

    def events() -> Callable[[Any], object]:
        places = Gazetteer.open()
        return lambda article: read_article(article, places)

    return {"toponyms": toponyms, "events": events}


def flashgeotext_reader() -> Callable[[Any], object]:
    from flashgeotext.geotext import GeoText  # type: ignore[import-untyped]
    from loguru import logger

    logger.remove()
    finder = GeoText()
    return lambda article: finder.extract(input_text=article.text)


def has_flashgeotext() -> bool:
    return find_spec("flashgeotext") is not None


def rates(open_reader: Callable[[], Callable[[Any], object]], articles: list[Any], runs: int) -> list[float]:
    """Documents per second of each run: a new reader, a short warm-up, then the texts that it has not yet seen."""
    warm_up, timed = articles[:WARM_UP_TEXTS], articles[WARM_UP_TEXTS:]
    found = []
    for _ in range(runs):
        read = open_reader()
        for article in warm_up:
            read(article)
        start = time.perf_counter()
        for article in timed:
            read(article)
        found.append(len(timed) / (time.perf_counter() - start))
    return found


# Printing


def kilobytes(size: int) -> str:
    return f"{size / 1000:.1f} kB"


def spread(values: list[float], digits: int, *, best: Callable[[list[float]], float] = min) -> str:
    """Best and median of some runs: "0.31 / 0.33"."""
    return f"{best(values):.{digits}f} / {statistics.median(values):.{digits}f}" if values else ""


def ratio(ours: list[Run], theirs: list[Run], of: Callable[[Run], float]) -> str:
    if not theirs:
        return ""
    return f"{statistics.median(map(of, ours)) / statistics.median(map(of, theirs)):.2f}"


def show(rows: list[list[str]]) -> None:
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores")
    print("best / median of the runs; ratio: conflictmap divided by flashgeotext (medians)\n")
    table = [["", "conflictmap", "flashgeotext", "ratio", "budget"], *rows]
    widths = [max(len(row[column]) for row in table) for column in range(5)]
    for row in table:
        first, *others = (
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join([first, *others]).rstrip())
    if not has_flashgeotext():
        print("\nflashgeotext is not installed; to compare with it: pip install 'conflictmap[bench]'")


if __name__ == "__main__":
    sys.exit(main())
