"""How well place names are read in documents that the tagger did not learn from: 5-fold cross-validation by documents.

    python benchmarks/crossval.py [--shared PATH] [--folds N]

The tagger of the package has learned from LGL and GeoVirus, so figures on them with it say little. Here each document is read by a
tagger that learned from the other folds and the other corpora (needs python-crfsuite: pip install 'conflictmap[train]'; about
half a minute a fold). Weights of the resolver are set by hand and are the same for all. Targets and published figures stand beside.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Collection, Iterator
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # buildtools is not installed

from gazetteer import Gazetteer  # noqa: E402
from geo import recognition  # noqa: E402
from geo.articles import Skipped  # noqa: E402
from geo.evaluate import (  # noqa: E402
    Document,
    Judged,
    Label,
    Measures,
    country_finder,
    judge,
    label_of,
    measure,
    read_documents,
)
from geo.event import Toponym  # noqa: E402
from geo.tagger import Model, Tagger  # noqa: E402
from geo.toponyms import find_toponyms  # noqa: E402

#: Documents that are never learned from nor measured: they are reprints of one another.
LEFT_OUT = frozenset({"lgl-41880857", "lgl-41880860"})
#: What a corpus counts as a place name: LGL has demonyms, GeoVirus has not.
ROLES = {"lgl": ("mention", "dateline", "metonym", "demonym"), "geovirus": ("mention", "dateline", "metonym")}
#: Measure -> target and the best published figure (recognition: StanfordNER; end to end: best released geoparser).
TARGETS = {
    "lgl": {"recognition F1": (0.86, 0.771), "within 161 km": (0.80, None), "same country": (0.93, None), "end-to-end F1": (0.66, 0.508)},
    "geovirus": {"recognition F1": (0.94, 0.929), "within 161 km": (0.83, None), "same country": (0.93, None), "end-to-end F1": (0.78, 0.675)},
}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description="Cross-validated figures of the reading of place names.")
    parser.add_argument("--shared", type=Path, default=ROOT / ".." / "shared", help="folder with the corpora")
    parser.add_argument("--folds", type=int, default=5)
    arguments = parser.parse_args()
    if find_spec("pycrfsuite") is None:
        print("python-crfsuite is not installed: pip install 'conflictmap[train]'", file=sys.stderr)
        return 1
    corpora = {name: arguments.shared / "corpora" / f"{name}.jsonl" for name in TARGETS}
    if missing := [path for path in corpora.values() if not path.is_file()]:
        print(f"{missing[0]}: there is no such file; give --shared PATH", file=sys.stderr)
        return 1
    gold = {name: list(labelled(path)) for name, path in corpora.items()}
    found: dict[str, list[tuple[Document, list[Toponym]]]] = defaultdict(list)
    with Gazetteer.open() as places:
        for fold in range(arguments.folds):
            held_out = {name: documents[fold :: arguments.folds] for name, documents in gold.items()}
            learn_without({d.id for documents in held_out.values() for d in documents}, arguments.shared, places)
            for name, documents in held_out.items():
                found[name] += [(d, list(find_toponyms(d.text or "", places))) for d in documents]
        country_of = country_finder(places)
        for name, read in found.items():
            for roles in dict.fromkeys([ROLES[name], ROLES["lgl"]]):
                show(name, roles, measure(list(judged(read, roles)), country_of=country_of))
    return 0


def labelled(path: Path) -> Iterator[Document]:
    with path.open(encoding="utf-8") as lines:
        for document in read_documents(lines, source=path.name):
            if isinstance(document, Skipped):
                raise SystemExit(f"{path}: {document.reason}")
            if document.id not in LEFT_OUT:
                yield document


def learn_without(ids: Collection[str], shared: Path, places: Gazetteer) -> None:
    """Reads on with a tagger that has not seen these documents."""
    from buildtools.tagger import read_corpora, train

    rest = [document for document in read_corpora(shared) if document.id not in ids]
    recognition._taggers[places] = Tagger(places, Model(train(rest, places)))


def judged(read: list[tuple[Document, list[Toponym]]], roles: Collection[str]) -> Iterator[Judged]:
    for document, toponyms in read:
        labels: list[Label] = [label_of(toponym) for toponym in toponyms if toponym.role in roles]
        yield judge(document, labels)


def show(corpus: str, roles: Collection[str], measures: Measures) -> None:
    print(f"\n{corpus}, " + ("with" if "demonym" in roles else "without") + " demonyms")
    print(f"{'measure':<18} {'target':>8} {'published':>10} {'conflictmap':>12}")
    figures = {
        "recognition F1": measures.recognition["overlap"].f1,
        "within 161 km": measures.resolution["all"].acc161,
        "same country": measures.country["all"].share,
        "end-to-end F1": measures.end_to_end.f1,
    }
    for name, figure in figures.items():
        target, published = TARGETS[corpus][name]
        print(f"{name:<18} {target:>8.2f} {'' if published is None else published:>10} {figure:>12.3f}")
    print(f"{'of those placed':<18} {'':>8} {'':>10} {measures.resolution['placed'].acc161:>12.3f} within 161 km")
    print(f"{'':<18} {'':>8} {'':>10} {measures.country['placed'].share:>12.3f} in the same country")
    print(f"{'confidence':<18} {'share':>8} {'right':>10}")
    for level, row in measures.calibration.items():
        if row["on_gold"]:
            print(f"{level:<18} {row['share_of_placed']:>8.1%} {row['share_right']:>10.1%}")


if __name__ == "__main__":
    sys.exit(main())
