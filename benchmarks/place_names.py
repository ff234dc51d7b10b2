"""How well and how fast the gazetteer finds names: the figures of the project, each beside its target and a peer.

    python benchmarks/place_names.py [--shared PATH] [--only ucdp,gold,...] [--failures N]
    python benchmarks/place_names.py --scale 1000000

The peer does what a plain script would do with the same data: exact look-up of folded names, most populous first, and where it
says so RapidFuzz at a ratio of 80. It runs in the same process on the same texts. The data (names that conflict coders
wrote, labelled news, a country dump) are development sets, which are not part of this repository. The file is not called
gazetteer.py because Python would then import it in place of the package.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if find_spec("gazetteer") is None:  # not installed: the packages of this checkout
    sys.path.insert(0, str(ROOT))

from gazetteer import Candidate, Gazetteer, LonLat, Place, SourcePlace, fold_name, great_circle_km  # noqa: E402
from gazetteer.layers import Layers  # noqa: E402
from gazetteer.names import (  # noqa: E402
    is_latin,
    open_digraphs,
    skeleton_key,
    soft_form,
    strip_article,
    strip_type_word,
)
from gazetteer.sources import DATA, cities500  # noqa: E402
from gazetteer.store import build  # noqa: E402

#: A name is found where its place lies this near to what the coders say; news corpora are judged at 100 miles.
EXACT_KM, NEWS_KM = 10.0, 161.0
#: A coarser answer is right within this distance of the coders' point for an area.
AREA_KM = 60.0
#: Likeness (0..100) at which a plain fuzzy search takes a name.
PEER_RATIO = 80
#: Names of a generated place: 2.3 on average, as in allCountries with its alternate names.
NAMES_PER_PLACE = 2.3
SECTIONS = ("counts", "ucdp", "dump", "choice", "gold", "pairs", "speed")

Row = tuple[str, str, str, str]  # what, target, conflictmap, peer


@dataclass(frozen=True, slots=True)
class Coded:
    """A place name as a coder of conflict events wrote it."""

    name: str
    point: LonLat
    precision: str  # UCDP where_prec
    admin1: str
    admin2: str
    events: int


def count_rows(shared: Path, failures: int) -> Iterator[Row]:
    """How many places the gazetteer of the package holds, by the scheme of their ids."""
    with Gazetteer.open() as places:
        info = places.info()
    yield ("places", "", f"{info['places']:,}", "")
    yield from ((f"   {scheme}", "", f"{number:,}", "") for scheme, number in info["places_by_scheme"].items())


def main() -> int:
    parser = argparse.ArgumentParser(description="How well and how fast the gazetteer finds names.")
    parser.add_argument("--shared", type=Path, default=ROOT / ".." / "shared", help="folder with the data")
    parser.add_argument("--only", default=",".join(SECTIONS), help=f"sections, joined by commas: {', '.join(SECTIONS)}")
    parser.add_argument("--failures", type=int, default=0, metavar="N", help="list N names that failed, per section")
    parser.add_argument("--scale", type=int, metavar="N", help="build and try a gazetteer of N made-up places instead")
    parser.add_argument("--build", type=Path, help=argparse.SUPPRESS)  # the child process of --scale
    arguments = parser.parse_args()
    if arguments.build is not None:
        return build_generated(arguments.build, arguments.scale)
    if arguments.scale is not None:
        show(scale_rows(arguments.scale))
        return 0
    wanted = arguments.only.split(",")
    if unknown := [section for section in wanted if section not in SECTIONS]:
        parser.error(f"no section {unknown[0]!r}; there are {', '.join(SECTIONS)}")
    needed = ["data/geonames/ucdp_syria_places.tsv", "corpora/lgl.jsonl"]
    if missing := [file for file in needed if not (arguments.shared / file).is_file()]:
        print(f"{arguments.shared}: no {missing[0]} here; give --shared PATH", file=sys.stderr)
        return 1
    sections: dict[str, Callable[[Path, int], Iterable[Row]]] = {
        "counts": count_rows, "ucdp": ucdp_rows, "dump": dump_rows, "choice": choice_rows, "gold": gold_rows, "pairs": pair_rows,
        "speed": speed_rows,
    }  # fmt: skip
    show(itertools.chain.from_iterable(sections[name](arguments.shared, arguments.failures) for name in wanted))
    return 0


def show(rows: Iterable[Row]) -> None:
    """Prints rows as they come, and failures above them on stderr."""
    print(f"{'what':<74} {'target':>15} {'conflictmap':>19} {'peer':>15}")
    for what, target, ours, peer in rows:
        print(f"{what:<74} {target:>15} {ours:>19} {peer:>15}", flush=True)


def list_failures(failures: Sequence[str], n: int) -> None:
    for line in failures[:n]:
        print("   ", line, file=sys.stderr)


# --- names of conflict coders ---------------------------------------------------------------------------------------


@cache
def coded_names(shared: Path) -> tuple[Coded, ...]:
    with (shared / "data/geonames/ucdp_syria_places.tsv").open(encoding="utf-8", newline="") as stream:
        return tuple(
            Coded(
                name=row["where_coordinates"],
                point=LonLat(lon=float(row["longitude"]), lat=float(row["latitude"])),
                precision=row["where_prec"],
                admin1=row["adm_1"],
                admin2=row["adm_2"],
                events=int(row["events"]),
            )
            for row in csv.DictReader(stream, delimiter="\t")
        )


@cache
def placed_by_coders() -> frozenset[str]:
    """The ids of the curated table whose position comes from the coders themselves: finding these proves nothing."""
    with (DATA / "curated.tsv").open(encoding="utf-8") as stream:
        rows = [line.rstrip("\n").split("\t") for line in stream if not line.startswith("#")]
    return frozenset(f"curated:{row[0]}" for row in rows if "UCDP" in row[-1])


class Score:
    """Shares of places and of events, over all rows and over those that the curated table did not take from the coders."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def add(self, coded: Coded, *, first: bool, among: bool, answered: bool, borrowed: bool) -> None:
        for scope in ("all", "own") if not borrowed else ("all",):
            self.counts += Counter({
                f"{scope} places": 1, f"{scope} events": coded.events, f"{scope} first": first,
                f"{scope} first events": coded.events * first, f"{scope} among": among,
                f"{scope} among events": coded.events * among, f"{scope} wrong": answered and not first,
            })  # fmt: skip

    def shares(self, what: str, scope: str) -> str:
        c = self.counts
        events, places = c[f"{scope} {what} events"] / c[f"{scope} events"], c[f"{scope} {what}"] / c[f"{scope} places"]
        return f"{events:.1%} / {places:.1%}"

    def wrong(self, scope: str) -> str:
        return f"{self.counts[f'{scope} wrong'] / self.counts[f'{scope} places']:.1%}"


def scored(places: Gazetteer, shared: Path, failures: int) -> Score:
    score, failed = Score(), []
    for coded in (c for c in coded_names(shared) if c.precision == "1"):
        found = places.find(coded.name, country="SY", admin1=coded.admin1, limit=50)
        near = [great_circle_km(coded.point, candidate.place.point) <= EXACT_KM for candidate in found]
        first = bool(near) and near[0]
        borrowed = first and found[0].place.id in placed_by_coders()
        score.add(coded, first=first, among=any(near), answered=bool(found), borrowed=borrowed)
        if not first:
            failed.append(described(coded, found, near))
    list_failures(failed, failures)
    return score


def described(coded: Coded, found: Sequence[Candidate], near: Sequence[bool]) -> str:
    if not found:
        return f"{coded.name} ({coded.admin1}, {coded.events} events): nothing"
    place = found[0].place
    rank = f"; right one at {near.index(True) + 1}" if any(near) else ""
    km = great_circle_km(coded.point, place.point)
    return f"{coded.name} ({coded.admin1}, {coded.events} events): {place.name} [{place.id}], {km:.0f} km off{rank}"


class Plain:
    """What a plain script does: folded names in a dictionary, the most populous place first; perhaps RapidFuzz behind it."""

    def __init__(self, places: Iterable[SourcePlace]) -> None:
        self.names: dict[str, dict[str, Place]] = defaultdict(dict)
        for record in places:
            for name in (record.place.name, *record.alternates):
                self.names[fold_name(name)][record.place.id] = record.place
        self.spellings = list(self.names)

    def find(self, name: str, *, fuzzy: bool = False) -> list[Place]:
        bare = strip_type_word(fold_name(name))[0]
        found = dict(self.names.get(bare, {}))
        if not found and fuzzy:
            from rapidfuzz.fuzz import ratio
            from rapidfuzz.process import extract

            for spelling, _, _ in extract(bare, self.spellings, scorer=ratio, score_cutoff=PEER_RATIO, limit=20):
                found |= self.names[spelling]
        return sorted(found.values(), key=lambda place: -(place.population or 0))


def scored_plain(plain: Plain, shared: Path, *, fuzzy: bool) -> Score:
    score = Score()
    for coded in (c for c in coded_names(shared) if c.precision == "1"):
        found = plain.find(coded.name, fuzzy=fuzzy)
        near = [great_circle_km(coded.point, place.point) <= EXACT_KM for place in found]
        score.add(coded, first=bool(near) and near[0], among=any(near), answered=bool(found), borrowed=False)
    return score


def ucdp_rows(shared: Path, failures: int) -> Iterator[Row]:
    with Gazetteer.open() as places:
        ours = scored(places, shared, failures)
    plain = scored_plain(Plain(c for c in cities500() if c.place.country == "SY"), shared, fuzzy=False)
    yield from score_rows("Syrian names of UCDP, default gazetteer", ours, plain, "78% / 25%", "")


def dump_rows(shared: Path, failures: int) -> Iterator[Row]:
    with with_dump(shared) as places:
        ours = scored(places, shared, failures)
    plain = scored_plain(Plain(dump_records(shared)), shared, fuzzy=True)
    yield from score_rows("the same, SY dump added", ours, plain, "94% / 78%", "91% / 70%")


def score_rows(what: str, ours: Score, plain: Score, first: str, among: str) -> Iterator[Row]:
    yield (f"{what}: first answer, events / places", first, ours.shares("first", "all"), plain.shares("first", "all"))
    without = ours.counts["all places"] - ours.counts["own places"]
    yield (f"   without the {without} that the curated table has from UCDP", first, ours.shares("first", "own"), "")
    yield ("   among all candidates", among, ours.shares("among", "all"), plain.shares("among", "all"))
    yield ("   first answer wrong (else right or none), places", "", ours.wrong("all"), plain.wrong("all"))


@cache
def layers_folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()


def with_dump(shared: Path) -> Gazetteer:
    """The default gazetteer with the Syrian dump as a layer."""
    layers = Layers(Path(layers_folder().name))
    layers.add([shared / "data/geonames/rebuilt/SY.txt.gz"])
    return layers.open()


def dump_records(shared: Path) -> Iterator[SourcePlace]:
    populations = {c.place.id: c.place.population for c in cities500() if c.place.country == "SY"}
    with gzip.open(shared / "data/geonames/rebuilt/SY.txt.gz", "rt", encoding="utf-8") as stream:
        for cells in (line.rstrip("\n").split("\t") for line in stream):
            place_id = f"geonames:{cells[0]}"
            place = Place(
                id=place_id, name=cells[1], lat=float(cells[4]), lon=float(cells[5]), feature_class=cells[6],
                feature_code=cells[7], population=populations.get(place_id),
            )  # fmt: skip
            yield SourcePlace(place, alternates=tuple(filter(None, cells[3].split(","))))


# --- the town or its governorate ------------------------------------------------------------------------------------

_TOWNS = frozenset({"town", "city"})
_AREAS = frozenset({"governorate", "district", "province"})
_COMPASS = frozenset("northern southern eastern western northeastern northwestern southeastern southwestern".split())


def choice_rows(shared: Path, failures: int) -> Iterator[Row]:
    """Names that a town and a division share, where the wording says which is meant."""
    rows = coded_names(shared)
    divisions = {core(name) for row in rows for name in (row.admin1, row.admin2) if name}
    towns = {core(row.name) for row in rows if strip_type_word(fold_name(row.name))[1] in _TOWNS}
    for what, places in (("default gazetteer", Gazetteer.open()), ("SY dump added", with_dump(shared))):
        right = populous = n = 0
        failed = []
        for row in rows:
            word = strip_type_word(fold_name(row.name))[1]
            if core(row.name) not in divisions & towns or word not in _TOWNS | _AREAS:
                continue
            n += 1
            found = places.find(row.name, country="SY", admin1=row.admin1 or None, limit=1)
            good = bool(found) and is_kind(found[0].place, row, word or "")
            right += good
            bare = strip_type_word(fold_name(row.name))[0]
            named = [candidate.place for candidate in places.find(bare, country="SY", limit=50)]
            populous += bool(named) and is_kind(max(named, key=lambda p: p.population or 0), row, word or "")
            if not good:
                failed.append(described(row, found, []))
        list_failures(failed, failures)
        places.close()
        yield (f"town or governorate, {n} names of both, {what}", "98%", f"{right / n:.1%}", f"{populous / n:.1%}")


def core(name: str) -> str:
    """A name without type and compass words, to tell which names towns and divisions share."""
    words = fold_name(name)
    while (bare := strip_type_word(words)[0]) != words or words.split()[0] in _COMPASS:
        words = bare if bare != words else words.split(" ", 1)[-1]
        if " " not in words:
            break
    return soft_form(strip_article(words))


def is_kind(place: Place, row: Coded, word: str) -> bool:
    km = great_circle_km(place.point, row.point)
    if word in _TOWNS:
        return place.is_settlement and km <= EXACT_KM
    return not place.is_settlement and km <= max(AREA_KM, place.radius_km or 0.0)


# --- labelled news --------------------------------------------------------------------------------------------------


def gold_rows(shared: Path, failures: int) -> Iterator[Row]:
    plain = Plain(cities500())
    with Gazetteer.open() as places:
        for corpus, target in (("lgl", "90%"), ("geovirus", "85%")):
            n = found = looked_up = theirs = 0
            missed: Counter[str] = Counter()
            for text, point, number in gold_mentions(shared / "corpora" / f"{corpus}.jsonl"):
                n += 1
                exact = [hit.place for hit in places.lookup(text)]
                good = is_gold(exact, point, number)
                looked_up += good
                good = good or is_gold([c.place for c in places.find(text, limit=50)], point, number)
                found += good
                theirs += is_gold(plain.names.get(fold_name(text), {}).values(), point, number)
                missed[text] += not good
            list_failures([f"{count} {name}" for name, count in missed.most_common() if count], failures)
            yield (
                f"gold mentions of {corpus} with a right candidate, look-up and find",
                target,
                f"{found / n:.1%}",
                "",
            )
            yield ("   by look-up alone", "", f"{looked_up / n:.1%}", f"{theirs / n:.1%}")


def gold_mentions(file: Path) -> Iterator[tuple[str, LonLat, int | None]]:
    with file.open(encoding="utf-8") as stream:
        for line in stream:
            for toponym in json.loads(line)["toponyms"]:
                if toponym["lat"] is not None:
                    yield toponym["text"], LonLat(lon=toponym["lon"], lat=toponym["lat"]), toponym.get("geonameid")


def is_gold(places: Iterable[Place], point: LonLat, number: int | None) -> bool:
    # countries and divisions of our tables name the entry of GeoNames that they are in `source`
    ids = {f"geonames:{number}", f"GeoNames {number}"}
    return any(p.id in ids or p.source in ids or great_circle_km(p.point, point) <= NEWS_KM for p in places)


# --- Arabic spellings and Latin ones --------------------------------------------------------------------------------


def pair_rows(shared: Path, failures: int) -> Iterator[Row]:
    """How many Arabic spellings meet the Latin ones of the same place by the skeleton alone, and why the others do not."""
    met = met_main = n = 0
    causes: Counter[str] = Counter()
    failed = []
    with (shared / "data/geonames/ar_latin_pairs_sy.tsv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
            latin = [fold_name(name) for name in (row["latin"], *row["other_latin"].split("|")) if name]
            for arabic in row["arabic"].split("|"):
                n += 1
                key = skeleton_key(fold_name(open_digraphs(arabic)))
                met_main += bool(key) and key == skeleton_key(latin[0])
                if key and key in {skeleton_key(name) for name in latin}:
                    met += 1
                    continue
                cause = cause_of(arabic, key, latin)
                causes[cause] += 1
                failed.append(f"{cause}: {arabic} ({key}) and {', '.join(latin[:3])}")
    list_failures(sorted(failed), failures)
    yield (f"{n:,} Arabic spellings whose skeleton meets a Latin name of the place", "", f"{met / n:.1%}", "")
    yield ("   the Latin main name", "", f"{met_main / n:.1%}", "")
    for cause, count in causes.most_common():
        yield (f"   not met: {cause}", "", f"{count} ({count / n:.1%})", "")


def cause_of(arabic: str, key: str, latin: Sequence[str]) -> str:
    """Why an Arabic spelling meets none of the Latin names, as far as their letters say."""
    from rapidfuzz.distance import Levenshtein

    if not is_latin(arabic) and strip_type_word(fold_name(arabic))[1] is not None:
        return "a type word in it (محافظة, مركز)"
    keys = [skeleton_key(name) for name in latin]
    if not key or not any(keys):
        return "fewer than two consonants, so no key"
    if key.startswith("~") or all(other.startswith("~") or not other for other in keys):
        return "one consonant, and the vowels differ"
    if any(skeleton_key(name.replace("h", "")) == skeleton_key(fold_name(arabic).replace("h", "")) for name in latin):
        return "an h that Latin letters leave out or read as sh, kh, zh"
    if any(key in other or other in key for other in keys if other):
        return "a word more or less (Fawqani, Khan, Abu)"
    if min(Levenshtein.distance(key, other) for other in keys if other) == 1:
        return "one consonant differs (a slip, or j and h confused)"
    return "another name"


# --- speed ----------------------------------------------------------------------------------------------------------


def speed_rows(shared: Path, failures: int) -> Iterator[Row]:
    names = [city.place.name for city in itertools.islice(cities500(), 0, None, 11)]
    random.Random(3).shuffle(names)
    with Gazetteer.open() as places:
        yield from open_rows(places.path, "50 ms")
        yield from rate_rows(places, names, with_find=True)
        with (shared / "data/geonames/ar_latin_pairs_sy.tsv").open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
        latin = [row["latin"] for row in rows]
        random.Random(3).shuffle(latin)
        spellings = list(Plain(cities500()).names)
        peer = scan_rate([fold_name(name) for name in latin[:10]], spellings)
        yield ("skeleton of Syrian names, country given, /s", "5,000", rate(
            lambda name: places.skeleton(name, country="SY", least=0.77), latin[:3000]), peer)  # fmt: skip
        yield ("skeleton of names of the world, /s", "5,000", rate(places.skeleton, names[:2000]), "")
        yield ("find of names that are mostly unknown, country given, /s", "", rate(
            lambda name: places.find(name, country="SY"), latin[3000:5000]), "")  # fmt: skip


#: Peak memory of this process since it started its program; what `resource` says may be that of the parent (Linux).
_PEAK = """
def peak_mb():
    try:
        lines = open("/proc/self/status", encoding="ascii").read().splitlines()
        return next(int(line.split()[1]) / 1e3 for line in lines if line.startswith("VmHWM"))
    except OSError:
        import resource, sys
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
"""
_OPEN = (
    _PEAK
    + """
import sys, time
from pathlib import Path
from gazetteer import Gazetteer
before, start = peak_mb(), time.perf_counter()
places = Gazetteer.open(Path(sys.argv[1]))
places.lookup("Aleppo")
opened = time.perf_counter() - start
for n in range(1000):
    places.lookup(f"Aleppo {n}")
print(opened * 1000, peak_mb(), peak_mb() - before)
"""
)


def open_rows(file: Path, target: str) -> Iterator[Row]:
    """Opening in a new process: the time of the call, and the memory of the process after a thousand look-ups."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-P", "-c", _OPEN, str(file)]
    output = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    opened, memory, more = map(float, output.split())
    yield ("open and first look-up in a new process, ms", target, f"{opened:.1f}", "")
    yield (
        "   memory of that process after 1,000 look-ups, MB (of it the gazetteer's)", "", f"{memory:.0f} ({more:.0f})", ""
    )  # fmt: skip


def rate_rows(places: Gazetteer, names: Sequence[str], *, with_find: bool) -> Iterator[Row]:
    folded = [fold_name(name) for name in names]
    half = len(names) // 2
    yield ("membership (has_name of folded names), /s", "150,000", rate(places.has_name, folded), "")
    yield ("look-ups that return Places, each name once, /s", "50,000", rate(places.lookup, names[:half]), "")
    if with_find:
        yield ("find of exact names, each once, /s", "20,000", rate(places.find, names[half:]), "")


def rate(call: Callable[[str], object], names: Sequence[str]) -> str:
    """Calls a second of processor time: other work on the machine does not count."""
    start = time.process_time()
    for name in names:
        call(name)
    return f"{len(names) / (time.process_time() - start):,.0f}"


def scan_rate(names: Sequence[str], spellings: Sequence[str]) -> str:
    from rapidfuzz.fuzz import ratio
    from rapidfuzz.process import extract

    return rate(lambda name: extract(name, spellings, scorer=ratio, score_cutoff=PEER_RATIO, limit=10), names)


# --- a gazetteer of any size ----------------------------------------------------------------------------------------

_ENDINGS = (
    "al Kabir", "as Saghir", "ash Sharqi", "al Gharbi", "Fawqani", "Tahtani", "Novo", "Staraya", "San", "Santa", "Dar", "Bayt",
    "Mazra", "Wad", "Kota", "Pura", "Nagar", "Ville", "Ford", "Stein", "Lake", "Hill", "Bridge", "Cove", "Point", "Creek",
)  # fmt: skip


def generated(n: int) -> Iterator[SourcePlace]:
    """Places with names like real ones: those of cities500 first, then these with one or two endings drawn by lot.

    Same n, same places. Points are spread around the real ones; a place has 2.3 names on average, as folded.
    """
    chance = random.Random(5)
    cities = [(c.place, several_spellings(c)) for c in cities500()]
    for i in range(n):
        place, alternates = cities[i % len(cities)]
        turn = i // len(cities)
        ending = "" if turn == 0 else "".join(f" {chance.choice(_ENDINGS)}" for _ in range(1 + turn % 2))
        made = Place(
            id=f"made:{i}",
            name=place.name + ending,
            lon=max(-180.0, min(180.0, round(place.lon + chance.uniform(-0.5, 0.5), 5))),
            lat=max(-90.0, min(90.0, round(place.lat + chance.uniform(-0.5, 0.5), 5))),
            feature_class="P",
            feature_code="PPL",
            country=place.country,
            admin1=place.admin1,
            population=place.population if turn == 0 else None,
            source="made up",
        )
        more = 1 + (chance.random() < NAMES_PER_PLACE - 2.0)
        yield SourcePlace(made, alternates=tuple(name + ending for name in alternates[:more]))


def several_spellings(record: SourcePlace) -> tuple[str, ...]:
    """Two names beside the main one that fold to something else."""
    name = record.place.name
    others = (*record.alternates, misspelt(name), name[:3] + name[2:], f"{name} Town")
    folded = {fold_name(other): other for other in reversed(others) if fold_name(other) != fold_name(name)}
    return tuple(reversed(folded.values()))[:2]


def misspelt(name: str) -> str:
    """Another spelling, with other vowels."""
    return name.translate(str.maketrans("aeiou", "eaoui"))


def build_generated(file: Path, n: int) -> int:
    start, spent = time.perf_counter(), time.process_time()
    build(file, generated(n), meta={"version": "made up", "sources": "[]"})
    scope: dict[str, Callable[[], float]] = {}
    exec(_PEAK, scope)  # the same measure as in the other child processes
    print(time.perf_counter() - start, time.process_time() - spent, scope["peak_mb"]())
    return 0


def scale_rows(n: int) -> Iterator[Row]:
    big = n >= 10_000_000
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "generated.sqlite"
        command = [sys.executable, str(Path(__file__).resolve()), "--scale", str(n), "--build", str(file)]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        seconds, spent, peak = map(float, output.split())
        with Gazetteer.open(file) as places:
            counts = places.info()
            yield (
                f"{counts['places']:,} places, {counts['names']:,} names: build, s (of the processor)",
                "1,500" if big else "",
                f"{seconds:.0f} ({spent:.0f})",
                "",
            )
            yield ("   peak memory of the build, MB", "1,000", f"{peak:.0f}", "")
            size = file.stat().st_size
            yield (
                "   size, MB (bytes a name)",
                "4,000" if big else "",
                f"{size / 1e6:.0f} ({size / counts['names']:.0f})",
                "",
            )
            yield from open_rows(file, "50 ms")
            step = max(1, n // 40_000)
            names = [record.place.name for record in itertools.islice(generated(n), 0, None, step)]
            random.Random(3).shuffle(names)
            yield from rate_rows(places, names, with_find=True)
            wrong = [misspelt(name) for name in names[:3000]]
            yield (
                "fuzzy (skeleton of misspelt names), /s",
                "5,000",
                rate(lambda x: places.skeleton(x, least=0.77), wrong),
                "",
            )
            group = statistics.mean(len(places.skeleton(name, least=0.77)) for name in wrong[:500])
            yield ("   places that one such query gives", "", f"{group:.1f}", "")


if __name__ == "__main__":
    sys.exit(main())
